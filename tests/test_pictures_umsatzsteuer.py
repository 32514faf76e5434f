"""The pictures of §§ 1 and 2: they show what the settlement says, and the counter-checks can fail."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from functools import cache
from typing import Any

import numpy as np
import pytest
from drawn import check_drawn, year_2003

from lfa.pictures import sheets
from lfa.pictures import umsatzsteuer as pictures
from lfa.pictures.parts import dumbbell
from lfa.settlement import Settlement, settle_year


@cache
def without_filling() -> Settlement:
    """A year in which no Land gets an Ergänzungsanteil."""
    year = year_2003().year
    return settle_year(year._replace(parameters={**year.parameters, "ergaenzungsanteile_auffuellung": Fraction(0)}))


CHARTS: dict[str, Callable[[Settlement], Any]] = {
    "split_steps": pictures.split_steps,
    "fill_bars": pictures.fill_bars,
    "dumbbell": lambda settlement: dumbbell(
        pictures.per_head(settlement), {"vorher": "vorher", "nachher": "nachher"}, unit="v.H.", mark=100
    ),
}


@pytest.mark.parametrize("name", CHARTS)
@pytest.mark.parametrize("settled", [year_2003, without_filling])
def test_a_picture_is_drawn_and_the_same_every_time(name: str, settled: Callable[[], Settlement]) -> None:
    check_drawn(lambda: CHARTS[name](settled()))


def test_the_pieces_are_the_whole() -> None:
    frame = pictures.split(year_2003())
    assert frame["anteil"].sum() == pytest.approx(100)
    assert frame["euro"].sum() == pytest.approx(float(year_2003().lines["umsatzsteuer_insgesamt"].sum()))
    bund = frame.loc[frame["an"] == "Bund", "euro"].sum()
    assert bund == pytest.approx(float(year_2003().lines["umsatzsteuer_bund"].sum()))


def test_filled_bars_reach_the_level_and_no_further() -> None:
    frame = pictures.per_head(year_2003())
    filled = frame[frame["ergaenzung"] > 0]
    level = pictures.filled_level(year_2003())
    assert np.allclose(filled["steuern"] + filled["ergaenzung"], level)
    assert (frame.loc[frame["ergaenzung"] == 0, "steuern"] >= level).all()
    assert np.ptp(frame["rest"]) < 1e-6


def test_other_rules_miss_the_ordinance() -> None:
    settlement, places = year_2003(), {"paragraf_1": sheets.WHOLE}
    assert sheets.missed(settlement, places) == 0
    assert sheets.missed(settlement, places, ergaenzungsanteile_auffuellung=Fraction(93, 100)) == 16
    assert pictures.missed_with(settlement, 0) == 0
    assert pictures.missed_with(settlement, settlement.lines["foerderabgabe"]) > 0


def test_the_print_alone_gives_the_level() -> None:
    for low, high in pictures.levels_from_print(year_2003()):
        assert low <= high
    low, high = pictures.levels_from_print(year_2003())[2]
    assert low <= 92 <= high and high - low < Fraction(1, 1000)
