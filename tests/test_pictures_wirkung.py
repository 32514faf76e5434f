"""What the equalisation changed: nothing gets lost on the way, and the pictures can be drawn."""

from collections.abc import Callable
from fractions import Fraction
from functools import cache
from typing import Any

import numpy as np
import pandas as pd
import pytest
from drawn import check_drawn, year_2003

from lfa.pictures import wirkung as pictures
from lfa.states import CODES

MILLION = 1_000_000.0


@cache
def effects() -> dict[str, Any]:
    return pictures.one_more(year_2003(), MILLION)


CHARTS: dict[str, Callable[[], Any]] = {
    "slopes": lambda: pictures.slopes(pictures.stages(year_2003())),
    "bars": lambda: pictures.euro_bars(pictures.where_it_goes(effects())),
    "heat": lambda: pictures.euro_heat(pictures.who_gets_it(effects())),
}


@pytest.mark.parametrize("name", CHARTS)
def test_a_picture_is_drawn_and_the_same_every_time(name: str) -> None:
    check_drawn(CHARTS[name])


def test_labels_keep_their_distance_and_their_order() -> None:
    def row(value: float) -> dict[str, Any]:
        return {"wert": value}

    placed = pictures._apart([row(value) for value in (3.0, 1.0, 1.1, 1.2, 9.0)], 1.0)
    places = [place for _, place in placed]
    assert [row["wert"] for row, _ in placed] == [1.0, 1.1, 1.2, 3.0, 9.0]
    assert (np.diff(places) >= 1 - 1e-9).all()
    assert places[-1] == 9.0


def test_spread_counts_every_inhabitant_once() -> None:
    frame = pd.DataFrame({"vorher": [1.0, 3.0]}, index=["SN", "HH"])
    result = pictures.spread(frame, np.array([3.0, 1.0]))
    assert list(result.loc["vorher", ["tief", "hoch", "mal", "abstand"]]) == [1.0, 3.0, 3.0, 0.75]
    assert list(result.loc["vorher", ["tief_land", "hoch_land"]]) == ["Sachsen", "Hamburg"]


def test_one_more_euro_is_one_more_euro() -> None:
    assert pictures.who_gets_it(effects()).sum(axis=1).to_numpy() == pytest.approx(100)
    assert pictures.where_it_goes(effects()).sum(axis=1).to_numpy() == pytest.approx(100)
    kept = np.diag(pictures.who_gets_it(effects()))
    assert pictures.where_it_goes(effects())["bleibt"].to_numpy() == pytest.approx(kept)


@pytest.mark.parametrize("land", ["NW", "HH"])
def test_fractions_say_the_same(land: str) -> None:
    exactly = pictures.one_more_exactly(year_2003(), land, Fraction(1))
    for key, change in exactly.items():
        assert sum(change) == 0
        row = effects()[key][CODES.index(land)]
        assert [float(value) for value in change] == pytest.approx(row, abs=1e-4)
