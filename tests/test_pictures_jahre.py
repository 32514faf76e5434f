"""The overview of all years: nothing is lost on the way to the pictures, and every value shows how firm it is."""

from collections.abc import Callable
from functools import cache
from itertools import pairwise
from typing import Any

import pandas as pd
import pytest
from drawn import check_drawn

from lfa.pictures import jahre as pictures
from lfa.series import volumes
from lfa.states import CODES
from lfa.years import load, years


@cache
def series() -> pd.DataFrame:
    return pictures.series()


CHARTS: dict[str, Callable[[], Any]] = {
    "heat": lambda: pictures.heat(series()),
    "volume": lambda: pictures.volume_bars(pictures.volume_frame(series())),
    "panels": lambda: pictures.panels(series(), "mio", unit="Mio. €"),
    "per_head": lambda: pictures.panels(series(), "per_head", unit="€"),
}


@pytest.mark.parametrize("name", CHARTS)
def test_a_picture_is_drawn_and_the_same_every_time(name: str) -> None:
    check_drawn(CHARTS[name])


@pytest.mark.parametrize(
    ("status", "kind", "firm"),
    [
        ("endgueltig", "official", pictures.FIRM),
        ("endgueltig", "secondary", pictures.SECOND_HAND),
        ("gemischt", "secondary", pictures.SECOND_HAND),
        ("gemischt", "official", pictures.SECOND_HAND),
        ("vorlaeufig", "official", pictures.PROVISIONAL),
        ("vorlaeufig", "secondary", pictures.PROVISIONAL),
    ],
)
def test_only_what_is_official_and_final_looks_firm(status: str, kind: str, firm: str) -> None:
    assert pictures.firmness(status, kind) == firm


def test_firm_and_other_values_are_drawn_differently() -> None:
    assert len(set(pictures.FILL.values())) == len(set(pictures.SIZE.values())) == len(pictures.FILL) == 3
    drawn = pictures.panels(series(), "mio", unit="Mio. €").to_dict()
    marks = [row for layer in drawn["layer"] for row in layer["data"].get("values", []) if "stand" in row]
    assert {row["stand"] for row in marks if row.get("jahr") == 2024} == {pictures.PROVISIONAL}
    assert {row["stand"] for row in marks if row.get("jahr") == 2015} == {pictures.FIRM}
    assert {row["stand"] for row in marks if row.get("jahr") == 1996} == {pictures.SECOND_HAND}


def test_every_land_and_year_is_in_the_series() -> None:
    assert len(series()) == len(CODES) * len(years())
    official = volumes().set_index("year")["value"] / 1e9
    assert pictures.volume_frame(series()).set_index("year")["mrd"].to_numpy() == pytest.approx(official.to_numpy())


def test_panels_have_one_scale_and_do_not_overlap() -> None:
    drawn = pictures.panels(series(), "mio", unit="Mio. €").to_dict()
    bars = [row for layer in drawn["layer"] for row in layer["data"].get("values", []) if "ende" in row]
    known = series().set_index(["year", "land"])["mio"]
    for row in bars:
        land = next(code for code in CODES if pictures.NAMES[code] == row["name"])
        assert row["ende"] - row["null"] == pytest.approx(known[row["jahr"], land], abs=0.02)
    bounds = {name: _bounds(bars, name) for name in {row["name"] for row in bars}}
    ordered = sorted(bounds.values())
    assert all(one[1] < two[0] for one, two in pairwise(ordered))


def _bounds(rows: list[dict[str, Any]], name: str) -> tuple[float, float]:
    ends = [row[key] for row in rows if row["name"] == name for key in ("null", "ende")]
    return min(ends), max(ends)


@pytest.mark.parametrize(
    ("shown", "words"),
    [
        ([], "keine"),
        ([2004], "2004"),
        ([1995, 1996], "1995 und 1996"),
        ([1995, 1996, 1997, 2004, 2019, 2020, 2021], "1995 bis 1997, 2004, 2019 bis 2021"),
    ],
)
def test_years_in_words(shown: list[int], words: str) -> None:
    assert pictures.year_ranges(shown) == words


def test_contradictions_name_both_sources_and_the_summary_counts_all() -> None:
    frame = pictures.contradiction_frame()
    assert (frame["quelle"] != frame["andere"]).all()
    assert frame["quelle"].str.startswith("Zweite Verordnung").all()
    summary = pictures.contradiction_summary(frame)
    assert summary["zahl"].sum() == len(frame)
    assert summary["hoechstens"].max() == frame["abstand"].max()


def test_reversed_precedence_changes_only_years_with_contradictions() -> None:
    assert pictures.reversed_precedence([1996])["anders"].sum() == 0
    assert pictures.reversed_precedence([2003])["anders"].sum() == 2


def test_every_source_has_a_short_name() -> None:
    assert pictures.source_name("verordnung-2015") == "Zweite Verordnung 2015"
    used = {result.source for jahr in years() for result in load(jahr).results}
    assert all(len(pictures.source_name(source)) < 30 for source in used)
