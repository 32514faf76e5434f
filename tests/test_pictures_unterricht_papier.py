"""The lesson on paper: its figures stay round, and every sum on paper is what the law gives."""

from fractions import Fraction

import pytest

from lfa.pictures import miniatur
from lfa.pictures import unterricht_papier as pictures
from lfa.pictures.unterricht_papier import CLASS, LAW, OLD


@pytest.mark.parametrize(("law", "steps"), [(LAW, pictures.PAPER), (OLD, pictures.PAPER_OLD)])
def test_paper_and_law_agree(law: str, steps: tuple[miniatur.Step, ...]) -> None:
    frame = miniatur.side_by_side(steps, miniatur.settle(law, CLASS))
    assert (frame["papier"] == frame["programm"]).all()


def test_learners_meet_whole_numbers_only_and_sums_of_zero() -> None:
    rows = pictures.rows_of(miniatur.settle(LAW, CLASS))
    assert all(value.denominator == 1 for _, each, together in rows for value in (*each, together))
    assert [together for name, _, together in rows if name.startswith(("6", "7"))] == [0, 0]


def test_the_chapter_does_not_give_the_answers_away() -> None:
    theirs, ours = (miniatur.settle(LAW, mini) for mini in (miniatur.ROUND, CLASS))
    for key in ("finanzkraftmesszahl", "ausgleichsmesszahl", "ausgleich"):
        assert set(theirs[key]).isdisjoint(ours[key])


@pytest.mark.parametrize("place", range(3))
def test_a_land_keeps_the_more_the_larger_it_is(place: int) -> None:
    part = Fraction(CLASS.einwohner[place], sum(CLASS.einwohner))
    assert pictures.kept(LAW, place) == 1 - Fraction(63, 100) * (1 - part)
    assert pictures.kept(LAW, place, more=1) == pictures.kept(LAW, place)


@pytest.mark.parametrize("law", [LAW, OLD])
def test_what_a_law_moves_comes_from_the_others(law: str) -> None:
    assert sum(pictures.moved(law, miniatur.settle(law, CLASS))) == 0


def test_the_steps_of_1993_fill_the_far_gap_whole() -> None:
    lines = miniatur.settle(OLD, CLASS)
    text = pictures.old_worksheet(lines).text
    assert "264" in text and "540" in text and "375" in text
    _, gap, far = pictures.millions(lines["ueberschuss"])
    assert gap == far == -1000


def test_an_empty_worksheet_shows_what_is_known_and_no_answer() -> None:
    lines = miniatur.settle(LAW, CLASS)
    empty, filled = pictures.worksheet(lines, filled=False), pictures.worksheet(lines)
    assert "11.600" in empty.text and empty.html.count("lfa-luecke") == 9 * 4
    for answer in ("5.100", "1.764", "20.400"):
        assert answer in filled.text and answer not in empty.html
    old = pictures.old_worksheet(miniatur.settle(OLD, CLASS), filled=False)
    assert "18.400" in old.text and "540" not in old.html
