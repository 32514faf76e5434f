"""Every chapter ends with exercises; each solution is behind a click, computed and asserted."""

import ast
import re
from html import escape
from pathlib import Path

import nbformat
import nbformat.v4 as new
import pytest

from lfa.aufgaben import exercises, listed, parts
from lfa.glossar import chapter_of, chapters, markdown
from lfa.pictures import fragen

WITHOUT = {
    "index": "the cover",
    "jahr": "a page of results per year",
    "glossar": "a list",
    "english": "a door for readers without German",
    "unterricht": "the list of the exercises",
}
"""What is no chapter, or asks nothing."""
LESSONS = ("stunde_", "blatt_")
GLUE = re.compile(r"\{glue:text\}`([^`]+)`")
TYPED = re.compile(r"\d[\d.,]*[\s\u00a0](?:€|Euro|Cent|Mio|Mrd|Tsd|v\.H\.|Prozent|%)")
CHAPTERS = [name for name in chapters() if name not in WITHOUT and not name.startswith(LESSONS)]


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_a_chapter_ends_with_two_to_four_exercises(chapter: str) -> None:
    assert [one.number for one in exercises(chapter)] in ([1, 2], [1, 2, 3], [1, 2, 3, 4])
    sections = re.findall(r"^## (.+)$", markdown(chapter), re.MULTILINE)
    at = sections.index("Aufgaben")
    assert sections[at + 1 :] in (["Prüfung"], []), "nothing but the check comes after the exercises"


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_every_solution_is_computed_and_asserted(chapter: str) -> None:
    for one in exercises(chapter):
        where = f"{chapter}, Aufgabe {one.number}"
        assert not one.shown, f"{where}: what a solution needs stands in the fold"
        checks = [node for node in ast.walk(ast.parse(one.code)) if isinstance(node, ast.Assert)]
        assert checks, f"{where}: nothing is asserted"
        assert not any(isinstance(check.test, ast.Constant) for check in checks), where
        assert any(name.startswith(f"a{one.number}-") for name in GLUE.findall(one.solution)), f"{where}: no figure"
        assert f"a{one.number}-" in one.code, f"{where}: its figures are computed elsewhere"
        typed = TYPED.findall(re.sub(r"100[\s\u00a0]v\.H\.", "", GLUE.sub("", one.solution)))
        assert not typed, f"{where}: typed, not computed: {typed}"


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_the_calculator_opens_at_what_the_cell_computes(chapter: str) -> None:
    for one in exercises(chapter):
        for address in filter(lambda address: "#" in address, one.addresses):
            assert f'"{address}"' in one.code, f"{chapter}, Aufgabe {one.number}: the cell computes something else"
            if address.startswith(fragen.PAGE):
                assert fragen.address(fragen.read(address)) == address


def test_every_exercise_is_in_the_list() -> None:
    html = listed().html
    every = [one for chapter in CHAPTERS for one in exercises(chapter)]
    assert all(escape(one.title) in html for one in every)
    pages = [page for part in parts().values() for page in part]
    assert {chapter_of(page) for page in pages} >= set(CHAPTERS), "a chapter that the book does not show"


def test_there_are_many_and_of_each_kind(capsys: pytest.CaptureFixture[str]) -> None:
    every = [one for chapter in CHAPTERS for one in exercises(chapter)]
    with_calculator = sum(bool(one.addresses) for one in every)
    with capsys.disabled():
        print(f"\n{len(every)} exercises in {len(CHAPTERS)} chapters, {with_calculator} with the calculator")
    assert len(every) >= 2 * len(CHAPTERS) and with_calculator >= 10


def test_a_cell_that_is_no_exercise_is_named(tmp_path: Path) -> None:
    cell = new.new_markdown_cell("## Aufgaben\n\n### Aufgabe 1: Ohne Lösung\n\nWie viel ist das?")
    nbformat.write(new.new_notebook(cells=[cell]), tmp_path / "kapitel.ipynb")
    with pytest.raises(ValueError, match=r"kapitel: no exercise: .*Aufgabe 1: Ohne"):
        exercises("kapitel", tmp_path)
