"""The prose stays easy: a short first paragraph, and no sentence that has to be read twice."""

import pytest

from lfa.lesbarkeit import AIM, LIMIT, Ease, chapters, ease, prose

EASY = {one.chapter: one for one in chapters()}


@pytest.mark.parametrize("one", EASY.values(), ids=EASY)
def test_anybody_understands_the_first_paragraph(one: Ease) -> None:
    assert one.first < AIM


@pytest.mark.parametrize("one", EASY.values(), ids=EASY)
def test_no_sentence_is_too_long(one: Ease) -> None:
    assert not one.over


def test_only_what_is_read_as_prose_counts() -> None:
    cells = [
        "# Titel des Kapitels über vieles",
        '<details class="lfa-klappe" lang="en"><summary>In English</summary>\n<p>This is not counted.</p>\n</details>',
        "Ein Land zahlt nach § 10 Abs. 1 rund {glue:text}`betrag`. Das ist viel.\n\n> Der Wortlaut zählt nicht mit.",
        '<details class="lfa-loesung"><summary>Lösung</summary>\n\nEine Lösung wird gelesen.\n\n</details>',
    ]
    assert prose(cells) == [
        "Ein Land zahlt nach Paragraf 10 Absatz 1 rund 12. Das ist viel.",
        "Eine Lösung wird gelesen.",
    ]


def test_a_colon_ends_no_sentence() -> None:
    half = " ".join(["Wort"] * 13)
    assert ease("x", [f"{half}: {half}."]).longest == 26 > LIMIT
    assert len(ease("x", [f"{half}: {half}."]).over) == 1
    assert not ease("x", [f"{half}. {half}."]).over
