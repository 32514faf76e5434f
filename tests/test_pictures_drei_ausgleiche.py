"""Three things called Ausgleich: what the chapter shows follows from the data, and the words stand in the texts."""

from __future__ import annotations

from fractions import Fraction as F

import pytest
from drawn import check_drawn

from lfa.bekanntmachung import load, years
from lfa.pictures import drei_ausgleiche as pictures
from lfa.years import load as load_year

BANDS = pictures.bands("1,0 Mrd. €", "über 2,0 Mrd. €", "50 → 64 → 75 v.H.")


def test_the_picture_is_drawn_and_the_same_every_time() -> None:
    check_drawn(lambda: pictures.flows(BANDS))


def test_the_law_counts_a_part_of_the_taxes_of_the_gemeinden() -> None:
    frame = pictures.counted()
    assert list(frame["ab"]) == [1995, 2005, 2020]
    assert list(frame["anteil"]) == [F(1, 2), F(64, 100), F(3, 4)]


def test_a_rule_that_counts_the_euro_elsewhere_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    class Wrong:
        @staticmethod
        def gemeindesteuern(lines: pictures._Ones, p: object) -> dict[str, list[F]]:
            return {"gemeindesteuern": list(reversed(list(lines["gemeindeanteil_einkommensteuer"])))}

    monkeypatch.setattr(pictures, "LAWS", dict.fromkeys(pictures.LAWS, Wrong))
    with pytest.raises(ValueError, match="other Land"):
        pictures.counted()


def test_what_is_moved_between_the_laender() -> None:
    frame = pictures.moved()
    assert list(frame.index) == [2003, 2013, 2023]
    assert frame.loc[2003, "gezahlt"] == frame.loc[2003, "erhalten"] == 6_609_802_000
    assert (frame["zahler"] + frame["empfaenger"] <= 16).all()
    assert frame.loc[2023, "stand"] == {"vorlaeufig"}


@pytest.mark.parametrize("year", years())
def test_printed_sums_are_the_whole_amounts(year: int) -> None:
    found = pictures.printed_sums(year)
    assert sum(found.values()) == sum(
        number.amount or 0 for number in load(year).values() if number.unit in ("Euro", "Mio. Euro")
    )
    assert min(found.values()) > 1_000_000 and found["§ 28"] == 15_000_000


def test_the_quotations_stand_in_the_texts() -> None:
    for quote in pictures.quotes().values():
        assert quote.shown().startswith("„")


def test_no_text_names_another_ausgleich() -> None:
    counts = pictures.word_counts(load_year(2003))
    ordinance, announcement, lag = (counts[name] for name in counts)
    assert ordinance["Länderfinanzausgleich"] and lag["Ausgleichsamt"] and announcement["Schlüsselzahlen"]
    assert not ordinance["Lastenausgleich"] and not lag["Länderfinanzausgleich"]
    assert not announcement["Länderfinanzausgleich"] and not announcement["Ausgleichsamt"]


def test_the_tables() -> None:
    text = pictures.four_questions().text
    assert all(name in text for name in pictures.COLOURS)
    assert all(question in text for question in ("Wer zahlt?", "Wer bekommt?", "Welches Gesetz?", "Wer rechnet?"))
    amounts = pictures.amounts().text
    assert "6,6 " in amounts and "Vorläufig: 2023." in amounts
