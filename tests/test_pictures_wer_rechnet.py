"""Who computes: every quotation stands in its text, and every input has its drawer."""

import pytest

from lfa.pictures import wer_rechnet as pictures
from lfa.years import load


def test_every_quotation_stands_in_its_text() -> None:
    quotes = [quote for *_, quote in pictures.roles(load(2003))] + list(pictures.offices().values())
    for quote in quotes:
        assert quote.place in quote.shown()
    with pytest.raises(ValueError, match="not in the text"):
        quotes[0]._replace(words="Das Landesausgleichsamt verteilt Geld.").shown()


def test_every_input_has_one_drawer(monkeypatch: pytest.MonkeyPatch) -> None:
    year = load(2003)
    pictures.input_table(year)
    monkeypatch.delitem(pictures.DRAWERS, "Förderabgabe")
    with pytest.raises(ValueError, match="foerderabgabe"):
        pictures.input_table(year)


def test_each_kind_of_ausgleich_answers_every_question() -> None:
    frame = pictures.kinds(load(2003), 11)
    assert len(frame.columns) == 4 and (frame != "").all(axis=None)
    assert all(name in pictures.three_kinds(load(2003), 11).html for name in frame.columns)
