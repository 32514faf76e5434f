"""The pictures of § 10: what they show is what the settlement says, and they can be drawn in awkward years too."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from functools import cache
from typing import Any

import pytest
from drawn import check_drawn, year_2003

from lfa.law.arrays_lists import Vector
from lfa.parameters import as_floats, as_vectors
from lfa.pictures import tarif as pictures
from lfa.pictures.parts import MILLION
from lfa.settlement import Settlement, settle_year
from lfa.states import CODES

ONE_CENT = 0.01


@cache
def without_guarantees() -> Settlement:
    """A year in which no clause of Abs. 3 to 5 has anything to do."""
    year = year_2003().year
    nothing = {"garantie_empfaenger": Fraction(0), "garantie_zahler": Fraction(0), "obergrenze_zone_1": Fraction(1)}
    return settle_year(year._replace(parameters={**year.parameters, **nothing, "obergrenze_darueber": Fraction(1)}))


CHARTS: dict[str, Callable[[Settlement], Any]] = {
    "tariff_curve": pictures.tariff_curve,
    "zone_bars": pictures.zone_bars,
    "waterfall": lambda settlement: pictures.waterfall(pictures.steps(settlement, "HH")),
    "guarantee_gaps": pictures.guarantee_gaps,
    "limit_dumbbell": pictures.limit_dumbbell,
    "rank_slopes": pictures.rank_slopes,
    "burden_bars": pictures.burden_bars,
}


@pytest.mark.parametrize("name", CHARTS)
@pytest.mark.parametrize("settled", [year_2003, without_guarantees])
def test_a_picture_is_drawn_and_the_same_every_time(name: str, settled: Callable[[], Settlement]) -> None:
    check_drawn(lambda: CHARTS[name](settled()))


def test_the_counter_case_is_one() -> None:
    assert pictures.steps(without_guarantees(), "HH").empty
    assert pictures.burdens(without_guarantees()).empty


def test_every_land_lies_on_the_tariff() -> None:
    points = pictures.tariff_points(year_2003())
    parameters = as_floats(year_2003().year.parameters)
    curve = pictures.tariff_at(points["vorher"].to_numpy(), parameters, year_2003().insgesamt["beitragsfaktor"])
    assert curve == pytest.approx(points["nachher"].to_numpy(), abs=1e-9)
    assert list(points["land"]) == list(CODES)


def test_the_tariff_is_exact_on_fractions() -> None:
    parameters = as_vectors(year_2003().year.parameters)
    after = pictures.tariff_at(Vector([Fraction(50), Fraction(96), Fraction(102)]), parameters, Fraction(1))
    assert list(after) == [Fraction(95), Fraction("97.5"), Fraction("101.19")]


def test_zones_add_up_to_what_flows() -> None:
    flows = pictures.zone_amounts(year_2003()).groupby("land")["betrag"].sum()
    for code, amount in zip(CODES, year_2003().lines["ausgleich_abs_2"], strict=True):
        assert flows[code] * MILLION == pytest.approx(amount, abs=ONE_CENT), code


def test_by_hand_gives_the_zuweisung() -> None:
    sheet = pictures.zone_sheet(year_2003(), "SN")
    assert list(sheet.index) == ["unter 92 v.H.", "92 bis 100 v.H."]
    assert sheet["betrag"].sum() == pytest.approx(year_2003().lines["ausgleich_abs_2"][CODES.index("SN")])


def test_rates_take_and_leave_the_whole_euro() -> None:
    frame = pictures.rates(year_2003())
    assert list(frame["satz"]) == [100, 37.5, 15, 66, 80]
    assert list(frame["mit_faktor"].isna()) == [True, True, False, False, False]
    assert (frame["mit_faktor"].fillna(frame["satz"]) + frame["bleibt"] == 100).all()


@pytest.mark.parametrize("land", CODES)
def test_steps_lead_from_the_tariff_to_the_end(land: str) -> None:
    lines, place = year_2003().lines, CODES.index(land)
    change = lines["ausgleich"][place] - lines["ausgleich_abs_2"][place]
    assert pictures.steps(year_2003(), land)["betrag"].sum() == pytest.approx(change, abs=ONE_CENT)


def test_what_someone_pays_someone_gets() -> None:
    gains = sum(
        step.betrag for land in CODES for step in pictures.steps(year_2003(), land).itertuples() if step.betrag > 0
    )
    assert pictures.burdens(year_2003()).sum().sum() == pytest.approx(gains, abs=ONE_CENT)


def test_the_order_of_the_payers() -> None:
    assert pictures.payers(year_2003()) == ["HE", "HH", "BW", "BY", "NW"]
    ranks = pictures.order_of_payers(year_2003()).pivot(index="land", columns="stand", values="rang")
    assert list(ranks.loc["HE"]) == [2, 1, 1]  # nach Abs. 4, nach Abs. 5, vor Abs. 2
    assert list(ranks.loc["HH"]) == [1, 2, 2]


def test_labels_keep_clear_of_each_other() -> None:
    points = pictures.tariff_points(year_2003())
    for side in (1, -1):
        rows = pictures._labels(points, side)
        assert " ".join(row["text"] for row in rows).split() == list(points.sort_values("vorher")["land"])
        for place, row in enumerate(rows):
            assert not any(pictures._touch(row["x"], row["text_y"], row["text"], other) for other in rows[:place])
