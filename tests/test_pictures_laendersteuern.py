"""The pictures of § 7: they show what the settlement says."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from drawn import check_drawn

import lfa
from lfa.pictures import laendersteuern as pictures
from lfa.pictures.parts import dumbbell
from lfa.settlement import Settlement

CHARTS: dict[str, Callable[[Settlement], Any]] = {
    "part_bars": pictures.part_bars,
    "harbour_bars": pictures.harbour_bars,
    "relations": lambda settlement: dumbbell(
        pictures.relations(settlement), {"vorher": "einfach", "nachher": "gewertet"}, unit="v.H."
    ),
}


@pytest.mark.parametrize("name", CHARTS)
def test_a_picture_is_drawn_and_the_same_every_time(name: str) -> None:
    check_drawn(lambda: CHARTS[name](lfa.settle(2003)))


def test_the_parts_are_the_whole() -> None:
    frame = pictures.parts_per_head(lfa.settle(2003))
    assert np.allclose(frame.drop(columns="zusammen").sum(axis=1), frame["zusammen"])


def test_weights_bring_only_the_city_states_down() -> None:
    frame = pictures.relations(lfa.settle(2003))
    assert set(frame.loc[frame["nachher"] < frame["vorher"], "land"]) == {"BE", "HB", "HH"}


def test_the_print_allows_the_amount_in_dm() -> None:
    frame = pictures.harbours(lfa.settle(2003))
    assert [int(amount) for amount in frame["mio_dm"]] == [142, 90, 50, 18]
    assert ((frame["mio_dm_von"] <= frame["mio_dm"]) & (frame["mio_dm"] < frame["mio_dm_bis"])).all()
