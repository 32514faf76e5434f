"""Years worked back: predictions hold, false figures are noticed, and the pictures can be drawn."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest
from drawn import check_drawn

from lfa import reconstruction, results
from lfa.pictures import rekonstruktion as pictures
from lfa.states import CODES
from lfa.years import load

CHARTS: dict[str, Callable[[], Any]] = {
    "curve": lambda: pictures.backwards_curve(2015, ("SN", "BY")),
    "foretold": lambda: pictures.deviations(pictures.foretold(2007)),
    "fitted": lambda: pictures.deviations(pictures.fitted(2017), named=1.2),
    "forecast": lambda: pictures.forecast_bars(pictures.forecast(2024)),
    "heat": lambda: pictures.heat(
        pictures.relations(), unit="v.H.", middle=100, short=pictures.short_years(pictures.relations())
    ),
}


@pytest.mark.parametrize("name", CHARTS)
def test_a_picture_is_drawn_and_the_same_every_time(name: str) -> None:
    check_drawn(CHARTS[name])


def test_every_year_that_can_be_worked_back_has_one_place() -> None:
    groups = (pictures.settled_years(), pictures.provisional_years(), pictures.forecast_years())
    assert sorted(year for group in groups for year in group) == pictures.possible_years()


@pytest.mark.parametrize("jahr", pictures.settled_years())
def test_one_land_foretells_the_others(jahr: int) -> None:
    frame = pictures.foretold(jahr)
    assert "BE" not in set(frame["land"])
    assert len(frame) >= 10
    assert frame["passt"].all()
    assert ((frame["mindestens"] <= frame["gerechnet"]) & (frame["gerechnet"] <= frame["hoechstens"])).all()


@pytest.mark.parametrize("jahr", pictures.settled_years())
def test_no_split_of_the_average_can_be_told(jahr: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """The chapter says that several splits fit the published BEZ of every year."""
    splits, fitting = reconstruction.SPLITS, 0
    for split in splits:
        monkeypatch.setattr(reconstruction, "SPLITS", split[None, :])
        fitting += reconstruction.reconstruct(load(jahr)).misfit <= 500_000
    assert fitting > 1


def test_a_false_amount_is_noticed() -> None:
    year = pictures.with_bez(load(2015), "BE", 5_000_000)
    assert reconstruction.reconstruct(year).misfit > 500_000
    changed = [result for result, old in zip(year.results, load(2015).results, strict=True) if result != old]
    assert [(result.quantity, result.land) for result in changed] == [("allgemeine_bez", "BE")]


def test_provisional_years_do_not_fit() -> None:
    assert all(not pictures.fitted(jahr)["passt"].all() for jahr in pictures.provisional_years())
    assert all(pictures.fitted(jahr)["passt"].all() for jahr in pictures.settled_years())


def test_the_published_bez_of_a_forecast_is_its_own() -> None:
    frame = pictures.forecast(2024).set_index("land")
    assert list(frame.index[frame["bekannt"]]) == ["NI"]
    assert frame.loc["NI", "gerechnet"] == pytest.approx(633, abs=0.5)


def test_relations_keep_two_laws_apart() -> None:
    frame = pictures.relations()
    assert list(frame.columns)[-2:] == [pictures.GAP, "2024"]
    assert frame[pictures.GAP].isna().all()
    after = pictures.relations(after=True)
    assert ((after - 100).abs() <= (frame - 100).abs() + 1e-9)["2015"].all()


def test_near_neighbours_share_a_label() -> None:
    points = pd.DataFrame({"land": ["SN", "ST", "HH"], "vorher": [88.0, 89.0, 101.0], "ausgleich": [7.0, 6.0, -0.4]})
    assert [row["text"] for row in pictures._labels(points)] == ["SN ST", "HH"]


@pytest.mark.parametrize(("low", "high", "text"), [(9.8, 10.0, "10,0 ± 0,2"), (9.99, 10.02, "10,0 ± 0,1")])
def test_the_margin_is_rounded_up(low: float, high: float, text: str) -> None:
    assert pictures.plus_minus({"mindestens": low, "gerechnet": 10.0, "hoechstens": high}) == text


def test_curve_points_are_the_published_amounts() -> None:
    points = pictures.curve_points(2015)
    lines = pictures.found_of(2015).lines
    assert list(points["land"]) == list(CODES)
    assert np.all(np.diff(points.sort_values("vorher")["ausgleich"]) < 1e-9), "the tariff falls everywhere"
    assert points["vorher"].to_numpy() == pytest.approx(lines["finanzkraft_in_vh"])


def test_a_phone_keeps_every_other_year_and_all_behind_the_gap() -> None:
    years = ["2015", "2016", "2017", "2018"]
    assert pictures.every_other(years) == ["2016", "2018"]
    assert pictures.every_other([*years, pictures.GAP, "2024"]) == ["2016", "2018", pictures.GAP, "2024"]


def test_three_levels_differ_in_the_bez_and_in_nothing_else() -> None:
    frame = pictures.heights(2015, 100_000_000)
    assert list(frame["be"].diff().dropna().round(6)) == [100, 100]
    assert frame["hoehe"].is_monotonic_increasing and frame["sn"].is_monotonic_increasing
    assert (frame["summe"].abs() < 1).all()
    assert frame["hoehe"][1] == pictures.found_of(2015, ("BE",)).level[1]
    html = pictures.heights_table(frame, "Drei Höhen", "").html
    assert html.count("<tr>") == 4 and "−0" not in html


def test_coarser_print_makes_the_level_less_sure_in_proportion() -> None:
    year = load(2015)
    fine, coarse = (reconstruction.reconstruct(pictures.coarser(year, factor), ("BE",)) for factor in (1, 10))
    assert fine.level == pictures.found_of(2015, ("BE",)).level
    assert pictures.level_range(coarse) == pytest.approx(10 * pictures.level_range(fine), rel=1e-3)


def test_tables_have_a_row_per_year_and_per_land() -> None:
    proof = pd.concat([pictures.foretold(jahr) for jahr in (2005, 2007)])
    assert pictures.proof_table(proof).html.count("<tr>") == 3
    forecasts = pictures.forecast_table([2012, 2016]).html
    assert "±" in forecasts and "Bayern" not in forecasts


def test_some_years_of_every_land_are_told() -> None:
    words = pictures.some_years(pictures.relations(), (2005, 2018))
    assert words.count(";") == 15 and words.startswith("Nordrhein-Westfalen 2005 ")


@pytest.mark.parametrize("jahr", [2015, 2024])
def test_the_law_leads_forwards_to_what_was_published(jahr: int) -> None:
    computed, limited = pictures.forwards(jahr)
    assert list(computed) == list(CODES) and not limited
    assert sum(computed.values()) == pytest.approx(0, abs=16 * 500)
    published = results.preferred(load(jahr).results)["ausgleich"]
    assert computed["BY"] == pytest.approx(float(published["BY"].value), abs=10_000_000)
