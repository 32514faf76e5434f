"""The pictures of the FAG 2001: drawn, the same every time, and what they show is what the law says."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction as F
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from drawn import check_drawn

from lfa.law import fag2005
from lfa.law.arrays_lists import Vector
from lfa.parameters import as_floats, as_vectors
from lfa.pictures import tarif_2005 as pictures

P = pictures.in_force("fag2005", 2010)
EXACT = as_vectors(P)
OLD = pictures.in_force("fag1993", 2003)
LADDER = pictures.ladder_frame([60, 70, 80, 90, 93, 95, 98], P)

CHARTS: dict[str, Callable[[], Any]] = {
    "tariff_curve": lambda: pictures.tariff_curve(P),
    "euro_lines": lambda: pictures.euro_lines(
        {"neu": pictures.left_of_a_euro(P), "alt": pictures.left_of_a_euro_1993(OLD)}, ["#b5651d", "#808080"]
    ),
    "ladder": lambda: pictures.ladder(LADDER),
    "teilungslasten_columns": lambda: pictures.teilungslasten_columns(pictures.teilungslasten()),
}


@pytest.mark.parametrize("name", CHARTS)
def test_a_picture_is_drawn_and_the_same_every_time(name: str) -> None:
    check_drawn(CHARTS[name])


def test_the_pieces_are_what_the_law_computes() -> None:
    law = {
        "Nr. 3": (F(0), F(7, 100)),
        "Nr. 2": (F(7, 100), F(1, 5)),
        "Nr. 1": (F(1, 5), F(1)),
    }
    for name, (left, right) in law.items():
        found = pictures.through_three_points(lambda x: fag2005.tariffaktor(x, EXACT), left, right)
        assert found == pictures.pieces(P)[name]
    for name, (left, right) in {"Nr. 2": (F(0), F(3, 100)), "Nr. 1": (F(3, 100), F(1))}.items():
        found = pictures.through_three_points(lambda x: pictures.supplement_at(x, EXACT), left, right)
        assert found == pictures.supplements(P)[name]


def test_what_is_left_of_a_euro_is_the_slope_of_the_law() -> None:
    for (left, cents), (right, more) in pairwise(pictures.left_of_a_euro(P)):
        middle, step = (left + right) / 2, F(1, 10**6)
        below, above = pictures.amount_at(Vector([middle - step, middle + step]), EXACT)
        # Linear in between, and a parabola's slope over an interval is its slope in the middle.
        assert 100 + 100 * (above - below) / (2 * step) == (cents + more) / 2


def test_what_is_left_of_a_euro_under_the_steps_of_1993() -> None:
    corners = pictures.left_of_a_euro_1993(OLD)
    assert [float(cents) for _, cents in corners[::2]] == [0, 62.5, 85, 34, 20]
    assert [float(x) for x, _ in corners[::2]] == [60, 92, 100, 101, 110]


def test_the_ladder_is_that_of_the_specification() -> None:
    known = [(60, "88.4150", "97.0059"), (80, "93.4150", "98.1309"), (95, "97.6643", "99.0870")]
    frame = LADDER.set_index("vorher")
    for before, after, bez in known:
        assert round(frame.loc[before, "tarif"], 4) == F(after)
        assert round(frame.loc[before, "bez"], 4) == F(bez)


def test_the_law_on_numpy_gives_the_same_ladder() -> None:
    after, bez = pictures.after_bez(np.array([60.0, 70, 80, 90, 93, 95, 98]), as_floats(P))
    np.testing.assert_allclose(after, LADDER["tarif"].astype(float))
    np.testing.assert_allclose(bez, LADDER["bez"].astype(float))


def test_teilungslasten_add_up_but_for_the_rounding() -> None:
    frame = pictures.teilungslasten()
    totals = [pictures.in_force("fag2005", year)["teilungslasten"] for year in pictures.YEARS]
    assert sum(totals) == 105_326_129_000
    assert list(frame.index) == list(pictures.YEARS)
    assert all(abs(found - total) <= 1000 for found, total in zip(frame.sum(axis=1), totals, strict=True))
    assert frame.loc[2005, "SN"] == 2_746_430_000
    assert list(frame.loc[2005]) == sorted(frame.loc[2005], reverse=True)


def test_the_example_of_the_limit_shows_that_it_is_none() -> None:
    lines = pictures.limit_example(EXACT)
    frame = pictures.limit_frame(lines, P)
    assert sum(lines["ueberschuss"]) == sum(lines["ausgleich"]) == 0
    assert sum(count for _, count, _ in pictures.LIMIT_EXAMPLE) == 16
    rich = frame.iloc[-1]
    assert rich["vorher"] < rich["nachher"] < rich["grenze"] < 0
    poor = frame.iloc[0]
    assert 0 < poor["nachher"] < poor["vorher"]
