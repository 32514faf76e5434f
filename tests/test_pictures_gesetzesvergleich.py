"""One year under every law: nothing gets lost, fractions agree with floats, and the pictures can be drawn."""

from collections.abc import Callable
from fractions import Fraction
from functools import cache
from typing import Any

import numpy as np
import pandas as pd
import pytest
from drawn import check_drawn, year_2003

from lfa import versions
from lfa.law.arrays_lists import Vector
from lfa.pictures import gesetzesvergleich as pictures
from lfa.pictures.rekonstruktion import found_of
from lfa.states import CODES

BY_NAME = {version.name: version for version in pictures.VERSIONS}


@cache
def results() -> dict[str, dict[str, Any]]:
    return pictures.compare(year_2003())


@cache
def kept() -> pd.DataFrame:
    return pictures.kept_under_all(year_2003())


CHARTS: dict[str, Callable[[], Any]] = {
    "differences": lambda: pictures.differences(pictures.per_head(results()), CODES),
    "dumbbell": lambda: pictures.one_year_two_laws(
        pictures.per_head(results()), pictures.bez_per_head(results()), ("FAG 2001", "FAG 2020")
    ),
    "kept": lambda: pictures.kept_heat(kept()),
    "tariffs": lambda: pictures.tariff_heat(pictures.tariff_difference((2015, 2024), pictures.TARIFFS[:2])),
}


@pytest.mark.parametrize("name", CHARTS)
def test_a_picture_is_drawn_and_the_same_every_time(name: str) -> None:
    check_drawn(CHARTS[name])


@pytest.mark.parametrize("name", BY_NAME)
def test_every_law_distributes_the_same_money(name: str) -> None:
    exact = pictures.under(year_2003(), BY_NAME[name], exactly=True)
    lines, law = results()[name], BY_NAME[name].law
    assert sum(exact["ausgleich"]) == 0
    share = Fraction(float(results()["FAG 1993"]["umsatzsteuer_laenderanteil"].sum()))
    assert sum(pictures.received(exact, law)) == share
    assert list(map(float, exact["ausgleich"])) == pytest.approx(list(lines["ausgleich"]), abs=0.01)


def test_the_law_of_the_year_gives_its_print() -> None:
    settlement = year_2003()
    assert results()["FAG 1993"]["ausgleich"] == pytest.approx(settlement.lines["ausgleich"], abs=5000)


def test_nothing_is_cut_when_the_year_before_was_the_same() -> None:
    assert all(not results()[name]["kuerzung"].any() for name in BY_NAME if name != "FAG 1993")


def test_all_receipts_of_the_year_count_once() -> None:
    taxes = results()["FAG 1993"]["steuereinnahmen"]
    assert all(results()[name]["steuereinnahmen"] == pytest.approx(taxes) for name in BY_NAME)
    grundsteuer = sum(results()["FAG 1993"][f"grundsteuer_b_grundbetraege_{part}"].sum() for part in versions.SLICES)
    assert results()["FAG 2020"]["grundsteuer_b_grundbetraege"].sum() == pytest.approx(grundsteuer)


@pytest.mark.parametrize("name", BY_NAME)
@pytest.mark.parametrize("land", ["NW", "HB", "SN"])
def test_a_euro_on_fractions(name: str, land: str) -> None:
    exact = pictures.kept_exactly(year_2003(), BY_NAME[name], land)
    row = kept()[(kept()["version"] == name) & (kept()["land"] == land)].iloc[0]
    assert float(exact) == pytest.approx(row["ohne"], abs=0.01)


def test_bez_only_where_the_law_is_at_hand() -> None:
    assert list(pictures.bez_per_head(results()).columns) == list(BY_NAME)[1:]
    missing = kept()[kept()["mit"].isna()]
    assert set(missing["version"]) == {"FAG 1993"}


def test_a_lasting_euro_is_no_growth() -> None:
    version = BY_NAME["FAG 2001"]
    lasting, once = (pictures.kept(year_2003(), version, lasting=flag)["ohne"] for flag in (True, False))
    assert (once > lasting).all()


@pytest.mark.parametrize("jahr", [2005, 2015, 2024])
def test_a_tariff_moves_money_and_makes_none(jahr: int) -> None:
    for version in pictures.TARIFFS:
        amounts = pictures.tariff_on(found_of(jahr), version)
        assert abs(amounts.sum()) < 10_000
        assert pictures.volume(amounts) == pytest.approx(np.maximum(amounts, 0).sum())


def test_the_special_rule_moves_400_million_less() -> None:
    volumes = pictures.volumes((2015,)).loc["2015"]
    assert volumes["FAG 2020"] - volumes["Sonderregel 2026"] == pytest.approx(0.4)


def test_the_same_gap_under_each_tariff() -> None:
    messzahl = Vector([Fraction(1000)] * 4)
    kraft = Vector([Fraction(amount) for amount in (800, 920, 980, 1100)])
    lines = {"ausgleichsmesszahl": messzahl, "finanzkraftmesszahl": kraft, "ueberschuss": kraft - messzahl}
    found = {name: pictures.grants(lines, version) for name, version in BY_NAME.items()}
    assert found["FAG 1993"] == [150, 30, Fraction("7.5"), 0]
    assert found["FAG 2001"][0] == 150 - Fraction(317, 20)
    assert found["FAG 2020"] == [126, Fraction("50.4"), Fraction("12.6"), 0]
