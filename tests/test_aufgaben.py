"""Every chapter ends with exercises; each solution is behind a click, computed and asserted."""

import ast
import json
import re
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from lfa.pictures import fragen

BOOK = Path(__file__).parents[1] / "book"
WITHOUT = {
    "index": "the cover",
    "jahr": "a page of results per year",
    "glossar": "a list",
    "english": "a door for readers without German",
    "geschichte": "a list",
}
"""What is no chapter, or asks nothing."""
EXERCISE = re.compile(
    r"### Aufgabe (?P<number>\d): (?P<title>[^\n]+)\n\n(?P<question>.+?)\n\n"
    r'<details class="lfa-loesung"><summary>Lösung</summary>\n\n(?P<solution>.+?)\n\n</details>',
    re.DOTALL,
)
GLUE = re.compile(r"\{glue:text\}`([^`]+)`")
TYPED = re.compile(r"\d[\d.,]*[\s\u00a0](?:€|Euro|Cent|Mio|Mrd|Tsd|v\.H\.|Prozent|%)")
CALCULATOR = re.compile(r"\]\((selbst_rechnen(?:_gemeinde)?\.html#[^)]*)\)")


class Exercise(NamedTuple):
    """An exercise, and the code cells that compute its solution."""

    chapter: str
    number: int
    question: str
    solution: str
    code: str


@cache
def cells(chapter: str) -> list[dict[str, Any]]:
    loaded: list[dict[str, Any]] = json.loads((BOOK / f"{chapter}.ipynb").read_text(encoding="utf-8"))["cells"]
    return [cell | {"source": "".join(cell["source"])} for cell in loaded]


@cache
def exercises(chapter: str) -> list[Exercise]:
    """The exercises of a chapter in the order of the page."""
    found = []
    for place, cell in enumerate(cells(chapter)):
        if cell["cell_type"] != "markdown" or "### Aufgabe " not in cell["source"]:
            continue
        one = EXERCISE.fullmatch(cell["source"].removeprefix("## Aufgaben\n\n"))
        assert one, f"{chapter}: an exercise is a heading, a question and a folded solution, in one cell"
        code = []
        for following in cells(chapter)[place + 1 :]:
            if following["cell_type"] != "code":
                break
            assert not following["outputs"], f"{chapter}: what a solution needs stands in the fold"
            code.append(following["source"])
        found.append(Exercise(chapter, int(one["number"]), one["question"], one["solution"], "\n".join(code)))
    return found


CHAPTERS = sorted(path.stem for path in BOOK.glob("*.ipynb") if path.stem not in WITHOUT)


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_a_chapter_ends_with_two_to_four_exercises(chapter: str) -> None:
    assert [one.number for one in exercises(chapter)] in ([1, 2], [1, 2, 3], [1, 2, 3, 4])
    prose = [cell["source"] for cell in cells(chapter) if cell["cell_type"] == "markdown"]
    sections = re.findall(r"^## (.+)$", "\n".join(prose), re.MULTILINE)
    at = sections.index("Aufgaben")
    assert sections[at + 1 :] in (["Prüfung"], []), "nothing but the check comes after the exercises"


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_every_solution_is_computed_and_asserted(chapter: str) -> None:
    for one in exercises(chapter):
        where = f"{chapter}, Aufgabe {one.number}"
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
        for address in CALCULATOR.findall(one.question + one.solution):
            assert f'"{address}"' in one.code, f"{chapter}, Aufgabe {one.number}: the cell computes something else"
            if address.startswith(fragen.PAGE):
                assert fragen.address(fragen.read(address)) == address


def test_there_are_exercises_of_each_kind() -> None:
    every = [one for chapter in CHAPTERS for one in exercises(chapter)]
    assert len(every) >= 2 * len(CHAPTERS)
    assert sum(bool(CALCULATOR.search(one.question)) for one in every) >= 10
