"""Quotations are verbatim or refused; the procedure's figures are those of the ordinance; the charts can be drawn."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from functools import cache
from typing import Any

import pytest
from drawn import check_drawn

import lfa
from lfa.files import DATA
from lfa.pictures import verfahren as pictures
from lfa.settlement import Settlement
from lfa.states import CODES


@cache
def settled() -> Settlement:
    return lfa.settle(2003)


CHARTS: dict[str, Callable[[], Any]] = {
    "paths_drawing": pictures.paths_drawing,
    "timeline": lambda: pictures.timeline(settled().year),
    "closing_dumbbell": lambda: pictures.closing_dumbbell(settled()),
    "fund_dumbbell": lambda: pictures.fund_dumbbell(settled()),
}


@pytest.mark.parametrize("name", CHARTS)
def test_a_picture_is_drawn_and_the_same_every_time(name: str) -> None:
    check_drawn(lambda: CHARTS[name]())


def test_a_quotation_that_does_not_stand_in_the_text_is_refused() -> None:
    assert pictures.quoted("Er nannte es „Erste“ Verordnung.", "„Erste“ Verordnung") == "„‚Erste‘ Verordnung“"
    with pytest.raises(ValueError, match="not in the text"):
        pictures.quoted("Im Bereich der Länder", "im Bereich der Länder")


@pytest.mark.parametrize("path", sorted((DATA / "recht").glob("*.yaml")), ids=lambda path: path.stem)
def test_every_excerpt_of_a_statute_is_a_sentence_or_its_part_on_one_line(path: Any) -> None:
    excerpts = pictures.statute(path.stem)
    assert excerpts
    for place, text in excerpts.items():
        assert place.startswith(("§ ", "Art. ")) and text == " ".join(text.split()), place
        assert text.endswith((".", ":")) or " Nr. " in place, place


def test_the_days_are_those_of_the_ordinance() -> None:
    assert pictures.dates(settled().year) == {
        "beginn": datetime.date(2003, 1, 1),
        "ende": datetime.date(2003, 12, 31),
        "einwohner": datetime.date(2003, 6, 30),
        "fassung": datetime.date(2003, 12, 31),
        "entwurf": datetime.date(2005, 1, 25),
    }


def test_the_closing_payments_follow_from_the_printed_euro() -> None:
    year = settled().year
    assert pictures.exact_closing(year) == pictures.printed_closing(year)
    assert sum(pictures.exact_closing(year).values()) == 0
    assert pictures.exact_closing(year, "§ 2") != pictures.printed_closing(year)
    frame = pictures.closing(settled()).set_index("land")
    assert {code: frame.loc[code, "abschluss"] for code in CODES} == pictures.printed_closing(year)
    over = frame["promille"] > 1000
    assert set(frame.index[over]) == {code for code, euro in pictures.printed_closing(year).items() if euro < 0}


def test_the_fund_is_paid_by_the_old_laender_and_its_gaps_cancel() -> None:
    gaps = pictures.fund_gaps(settled())
    assert len(gaps) == 11
    assert abs(gaps["einbehalt"].sum()) <= 1 and abs(gaps["zwischen"].sum()) <= 1


def test_a_mistake_in_what_was_paid_before_shows_in_the_sum_alone() -> None:
    year = settled().year
    wrong = pictures.exact_closing(pictures.mistyped(year, HB=1_000_000))
    assert [code for code, right in pictures.exact_closing(year).items() if wrong[code] != right] == ["HB"]
    assert sum(wrong.values()) == -1_000_000
    assert sum(pictures.exact_closing(year).values()) == 0, "the year itself is untouched"


def test_the_same_mistake_weighs_more_where_less_is_left() -> None:
    given, found = pictures.two_laender()
    assert found["anspruch"] == [given["umsatzsteuer"] + given["zuweisung"], given["umsatzsteuer"] - given["beitrag"]]
    assert found["rest"] == [-10, -10]
    assert found["promille"][0] < found["promille"][1] == 1100
