"""Fonds and Abschlusszahlungen: the pictures show what the settlement says, and can be drawn for every Land."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from functools import cache
from typing import Any

import pytest
from drawn import check_drawn, year_2003

from lfa import charts
from lfa.charts import PAYER, RECEIVER
from lfa.pictures import fonds as bilder
from lfa.pictures.parts import cascade
from lfa.settlement import Settlement, settle_year
from lfa.states import CODES

SIDES: dict[str, Any] = {"plus": ("mehr", RECEIVER), "minus": ("weniger", PAYER)}


@cache
def without_shift() -> Settlement:
    year = year_2003().year
    return settle_year(year._replace(parameters={**year.parameters, "umschichtung_anteil": Fraction(0)}))


CHARTS: dict[str, Callable[[Settlement], Any]] = {
    "per_head_bars": bilder.per_head_bars,
    "share": lambda settlement: cascade(bilder.share_steps(settlement, "HB"), total="Anteil", **SIDES),
    "payment": lambda settlement: cascade(bilder.payment_steps(settlement, "SN"), total="Ende", **SIDES),
    "last": lambda settlement: cascade(bilder.last_steps(settlement, "NW"), total="Ende", **SIDES),
}


@pytest.mark.parametrize("name", CHARTS)
@pytest.mark.parametrize("settled", [year_2003, without_shift])
def test_a_picture_is_drawn_and_the_same_every_time(name: str, settled: Callable[[], Settlement]) -> None:
    check_drawn(lambda: CHARTS[name](settled()))


def test_the_shift_is_drawn() -> None:
    charts.enable()
    drawing = charts.render(bilder.shift_bars(year_2003()).to_dict())["text/html"]
    assert "−81,6" in drawing and "+48,6" in drawing and "NaN" not in drawing.split("<script")[0]


def test_only_old_laender_contribute() -> None:
    assert set(CODES) - set(bilder.contributors(year_2003())) == {"SN", "ST", "TH", "BB", "MV"}


@pytest.mark.parametrize("land", CODES)
def test_steps_add_up(land: str) -> None:
    settlement, place = year_2003(), CODES.index(land)
    for steps, key in ((bilder.share_steps, "fondsanteil"), (bilder.payment_steps, "abschlusszahlung")):
        total = sum(step.amount for step in steps(settlement, land))
        assert total == pytest.approx(float(settlement.lines[key][place]), abs=0.01)
    assert (
        sum(step.amount for step in bilder.last_steps(settlement, land)) == settlement.lines["abschlusszahlung"][place]
    )


def test_berlin_pays_the_average_per_head() -> None:
    frame = bilder.per_head(year_2003()).set_index("land")
    assert frame.loc["BE", "je_kopf"] == pytest.approx(frame["anteil"].sum() / frame["einwohner"].sum())
    assert frame.loc["BE", "name"] == "Berlin (West)"


def test_the_table_marks_what_was_corrected() -> None:
    shown = bilder.anlage_3(year_2003(), "78", caption="Anlage 3")
    assert shown.html.count("quelle.html#e-237") == 1
    assert "Berlin (West)" in shown.text and "634.751.293" in shown.text


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (["1.4", "1.4", "1.2"], [2, 1, 1]),
        (["2", "3"], [2, 3]),
        (["0.5", "0.5"], [1, 0]),
        (["-1.5", "2.25"], [-1, 2]),
    ],
)
def test_rounding_to_the_total(values: list[str], expected: list[int]) -> None:
    assert bilder.rounded_to_total(Fraction(value) for value in values) == expected


def test_the_contribution_adds_up_to_what_the_ordinance_prints() -> None:
    parts = bilder.contribution(year_2003().year.parameters)
    assert bilder.mio(parts.loc["Länderbeitrag", "euro"], 2).replace("\u00a0", " ") == "2.207,76 Mio. €"
    assert list(parts["mark"]) == [4750, 2100, -2532, 4318]


def test_the_shifts_cancel_out() -> None:
    shifts = bilder.shifts(year_2003())
    assert shifts["voll"].sum() == shifts["gekuerzt"].sum() == 0
    assert abs(shifts["euro"].sum()) <= 1


def test_only_the_rule_of_the_law_meets_the_print() -> None:
    distances = bilder.other_rules(year_2003())["abstand"]
    assert distances.iloc[0] < 5 and distances.iloc[1:].min() > 1e6


def test_the_table_says_how_to_read_it() -> None:
    assert bilder.anlage_3(year_2003(), "8", caption="Anlage 3", note="Probe.").text.rstrip().endswith("Probe.")
