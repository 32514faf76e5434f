"""The computations behind the common errors, on small cases and on the settled year."""

import numpy as np
import pytest
from drawn import check_drawn, year_2003

from lfa.pictures import irrtuemer as pictures
from lfa.states import CODES


@pytest.mark.parametrize(
    ("paid", "got", "everything", "expected"),
    [(3, 4, 10, (0, 3)), (8, 4, 10, (2, 4)), (10, 10, 10, (10, 10)), (1, 1, 2, (0, 1))],
)
def test_what_the_sums_leave_open(paid: float, got: float, everything: float, expected: tuple[float, float]) -> None:
    assert pictures.possible(paid, got, everything) == expected


@pytest.mark.parametrize("as_much", [True, False])
@pytest.mark.parametrize("first", [(0, 0), (1, 2), (2, 1)])
def test_an_allocation_fits_the_sums_and_reaches_the_bound(first: tuple[int, int], as_much: bool) -> None:
    paid, got = [6.0, 3.0, 1.0], [2.0, 7.0, 1.0]
    table = pictures.allocation(paid, got, first, as_much=as_much)
    least, most = pictures.possible(paid[first[0]], got[first[1]], 10)
    assert table[first] == (most if as_much else least)
    assert (table >= 0).all()
    assert list(table.sum(axis=1)) == paid
    assert list(table.sum(axis=0)) == got


def test_nobody_pays_since_2020() -> None:
    frame = pictures.since_2020(2024)
    assert list(frame.index) == list(CODES)
    assert (frame["aufzubringen"] == 0).all()
    assert abs(frame["ausgleich"].sum()) < 1e5
    assert np.allclose(frame["am_ende"], frame["zuerst"] + frame["ausgleich"])


def test_overtaking_counts_pairs_and_not_ties() -> None:
    before = [float(place) for place in range(16)]
    after = list(before)
    assert pictures.overtaken(before, after) == []
    after[0], after[1] = 1.5, 1.0
    assert pictures.overtaken(before, after) == [(CODES[0], CODES[1])]
    after[0] = after[1]
    assert pictures.overtaken(before, after) == []


def test_volumes_count_nothing_twice() -> None:
    frame = pictures.volumes({"alt": "1993", "neu": "2020"})
    assert abs(frame.loc["neu", "ust"]) < 1
    assert abs(frame.loc["neu", "zusammen"] - frame.loc["neu", "ausgleich"]) < 1
    assert frame.loc["alt", "zusammen"] <= frame.loc["alt", "ust"] + frame.loc["alt", "ausgleich"]
    lines = year_2003().lines
    assert abs(frame.loc["alt", "ausgleich"] - np.maximum(lines["ausgleich"], 0).sum()) < 1e4


def test_only_payers_are_burdened() -> None:
    settlement = year_2003()
    frame = pictures.burdens(settlement)
    paying = {code for code, value in zip(CODES, settlement.lines["ausgleich"], strict=True) if value < 0}
    assert set(frame.index) == paying
    assert frame["kraft"].is_monotonic_decreasing
    assert (frame["von_der_kraft"] < frame["vom_ueberschuss"]).all()


def test_two_measures_agree_on_average() -> None:
    lines = year_2003().lines
    frame = pictures.two_measures(lines).set_index("land").loc[list(CODES)]
    assert abs((frame["kopf"] * lines["einwohner"]).sum() / lines["einwohner"].sum() - 100) < 1e-9
    need = lines["ausgleichsmesszahl"]
    assert abs((frame["bedarf"] * need).sum() / need.sum() - 100) < 1e-3


def test_provisional_and_final_are_both_complete() -> None:
    for year in pictures.PROVISIONAL_SOURCES:
        frame = pictures.first_and_final(year)
        assert frame.notna().all(axis=None)
        assert abs(frame["endgueltig"].sum()) < 1
    summary = pictures.corrections(pictures.PROVISIONAL_SOURCES)
    assert list(summary["jahr"]) == [str(year) for year in pictures.PROVISIONAL_SOURCES]


def test_the_picture_is_drawn_and_the_same_every_time() -> None:
    check_drawn(lambda: pictures.measures_picture(pictures.two_measures(year_2003().lines)))
