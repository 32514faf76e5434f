"""The pictures of two announcements: drawn, the same every time, nothing left out, and one factor for § 11."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import pytest
from drawn import check_drawn

from lfa.bekanntmachung import load
from lfa.pictures import bekanntmachung
from lfa.pictures import bw_vergleich as pictures

ENDS = (2013, 2023)

CHARTS: dict[str, Callable[[], Any]] = {
    "changes": lambda: pictures.changes_chart(*ENDS),
    "schools": lambda: pictures.schools_chart(*ENDS),
    "sums": lambda: pictures.sums_chart(*ENDS),
    "factors": lambda: pictures.factors_chart(*ENDS),
}


@pytest.mark.parametrize("name", CHARTS)
def test_a_picture_is_drawn_and_the_same_every_time(name: str) -> None:
    check_drawn(CHARTS[name])


def test_the_first_and_the_last_year() -> None:
    assert pictures.ends() == ENDS


def test_every_number_stands_in_one_table() -> None:
    shown = sum(pictures.group_table(*ENDS, group).html.count('<th scope="row">') for group in bekanntmachung.GROUPS)
    both_sums = 1
    assert shown == len(set(load(2013)) | set(load(2023))) + both_sums


def test_the_sums_of_the_reform_are_compared_as_one() -> None:
    frame = pictures.money(*ENDS).set_index("key")
    assert frame.loc["verwaltungsreform_absatz_4", "alt"] == 112_300_000 + 288_052_778
    assert frame.loc["verwaltungsreform_absatz_4", "neu"] == 551_414_100
    text = pictures.group_table(*ENDS, "verwaltung").text
    assert "nicht vergleichbar" in text and "+37,7 %" in text and "entfallen" in text
    assert not pictures.reform_moved(2023, 2023)


def test_what_rose_fell_and_stayed() -> None:
    assert list(pictures.counted(*ENDS)["anzahl"]) == [39, 3, 8, 4, 1]
    assert set(pictures.equal(*ENDS)["key"]) == {
        "sachkosten_grundschulfoerderklasse",
        "fremdenverkehr",
        "kreisstrassen_stufe_1",
        "kreisstrassen_stufe_2",
        "kreisstrassen_stufe_3",
        "kreisstrassen_abgestuft",
        "gemeindestrassen_kreisstrasse",
        "nahverkehr",
    }


def test_changes_in_words() -> None:
    assert pictures.change(Fraction(0)) == "gleich"
    assert pictures.change(Fraction("-3.84")) == "−3,8 %"
    assert pictures.ratio(None, Fraction(1)) == "neu"
    assert pictures.ratio(Fraction(1), None) == "entfallen"
    assert pictures.extremes(*ENDS)[1] == "Gemeindeverbindungsstraßen: −3,8 %"
    assert "+0,28 Punkte" in pictures.group_table(*ENDS, "schluessel").text


def test_one_factor_for_paragraph_11() -> None:
    low, high = pictures.common_factor(*ENDS)
    assert Fraction("1.3279") < low < Fraction("1.328") < high < Fraction("1.3284")
    assert not low < pictures.reform(2023) / pictures.reform(2013) < high


def test_a_wrong_number_leaves_no_common_factor(monkeypatch: pytest.MonkeyPatch) -> None:
    right = bekanntmachung.amounts

    def wrong(year: int) -> dict[str, Fraction]:
        found = right(year)
        if year == 2023:
            found["verwaltungsbehoerde_stadtkreis"] += Fraction("0.02")
        return found

    monkeypatch.setattr(pictures, "amounts", wrong)
    low, high = pictures.common_factor(*ENDS)
    assert low >= high
    assert "keinen gemeinsamen" in pictures.factors_picture(*ENDS).to_dict()["usermeta"]["lfa"]["title"]


def test_letters_shift_and_sections_come_and_go() -> None:
    frame = pictures.layout(*ENDS).set_index("abschnitt")
    assert list(frame.loc["§ 29d"]) == ["–", "O", "neu"]
    assert list(frame.loc["§ 11 Absatz 5"]) == ["D", "–", "entfallen"]
    assert list(frame.loc["§ 17"]) == ["E", "D", "verschoben"]
    assert list(frame.loc["§ 28"]) == ["K", "J", "verschoben"]


def test_the_area_counts_since_2021() -> None:
    assert (pictures.area_part(2013), pictures.area_part(2023)) == (0, 5)
    assert "2013 noch nichts und 2023 mindestens 5 %" in pictures.area_text(*ENDS)


def test_what_is_said_of_news_and_of_the_same_follows_from_the_texts() -> None:
    came, went = pictures.news_text(*ENDS)
    assert "§ 29e" in came and "11 Mio. €" in came and went.startswith("Verwaltungsreform, Abs. 5")
    assert pictures.news_text(2023, 2023) == ("keine Summe", "keine Summe")
    text = pictures.equal_text(*ENDS)
    assert "§§ 17, 20, 25, 26 und 28" in text and "Kreisstraße" in text and "0,17 €" in text


def test_sums_and_children() -> None:
    frame = pictures.sums(*ENDS)
    assert list(frame["paragraf"][:2]) == ["§ 29c", "§ 29b"]
    assert pictures.children(2023) == 990_203_252 + 1_171_750_979
    assert [row.was for row in frame.itertuples() if row.alt is None] == [
        "Leitung der Kitas",
        "Unbegleitete Minderjährige",
    ]


def test_one_base_and_four_amounts_for_roads() -> None:
    (old, before, printed_before), (new, after, printed_after) = pictures.road_steps(2013, 2023)
    assert [int(old), int(new)] == [2630, 2590]
    assert before == printed_before == [2600, 6300, 3600, 6800]
    assert after == printed_after == [2500, 6200, 3600, 6700]
