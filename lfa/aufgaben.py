"""The exercises of the book: where they stand, what they ask, and the code that computes their solutions."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import cache
from html import escape
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from lfa import bekanntmachung
from lfa.glossar import BOOK, chapter_of, headings, title
from lfa.tables import Table

EXERCISE = re.compile(
    r"### Aufgabe (?P<number>\d): (?P<title>[^\n]+)\n\n(?P<question>.+?)\n\n"
    r'<details class="lfa-loesung"><summary>Lösung</summary>\n\n(?P<solution>.+?)\n\n</details>',
    re.DOTALL,
)
CALCULATOR = re.compile(r"\]\(((?:\.\./)?selbst_rechnen(?:_gemeinde)?\.html[^)]*)\)")


class Exercise(NamedTuple):
    """An exercise, and the code cells that compute its solution."""

    chapter: str
    number: int
    title: str
    question: str
    solution: str
    code: str
    shown: bool
    """Whether a cell that computes it shows something, which would give the solution away."""

    @property
    def addresses(self) -> list[str]:
        """Where its question and solution open a calculator."""
        return CALCULATOR.findall(self.question + self.solution)


@cache
def exercises(chapter: str, book: Path = BOOK) -> tuple[Exercise, ...]:
    """The exercises of a chapter in the order of the page.

    Raises ValueError for a cell that is none: heading, question and folded solution, and nothing else.
    """
    cells = json.loads((book / f"{chapter}.ipynb").read_text(encoding="utf-8"))["cells"]
    found = []
    for place, cell in enumerate(cells):
        text = "".join(cell["source"])
        if cell["cell_type"] != "markdown" or "### Aufgabe " not in text:
            continue
        one = EXERCISE.fullmatch(text.removeprefix("## Aufgaben\n\n"))
        if not one:
            raise ValueError(f"{chapter}: no exercise: {text[:80]!r}")
        behind = list(_code(cells[place + 1 :]))
        code = "\n".join("".join(cell["source"]) for cell in behind)
        shown = any(cell["outputs"] for cell in behind)
        found.append(Exercise(chapter, int(one["number"]), one["title"], one["question"], one["solution"], code, shown))
    return tuple(found)


def _code(cells: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for cell in cells:
        if cell["cell_type"] != "code":
            return
        yield cell


def parts(book: Path = BOOK) -> dict[str, list[str]]:
    """The pages of each part of the book, in its order; of pages per year the last."""
    contents = yaml.safe_load((book / "_toc.yml").read_text(encoding="utf-8"))
    last = str(bekanntmachung.years()[-1])
    return {
        part["caption"]: [entry.get("file") or entry["glob"].replace("*", last) for entry in part["chapters"]]
        for part in contents["parts"]
    }


def listed(book: Path = BOOK) -> Table:
    """All exercises by part and chapter, each with a link to where it stands."""
    html, text = [], []
    for part, pages in parts(book).items():
        rows = [(page, found) for page in pages if (found := exercises(chapter_of(page), book))]
        if rows:
            html.append(f"<h3>{escape(part)}</h3>\n<ul>{''.join(_row(page, found, book) for page, found in rows)}</ul>")
            text += [f"{page}: {', '.join(one.title for one in found)}" for page, found in rows]
    return Table('<div class="lfa-aufgaben">' + "\n".join(html) + "</div>", "\n".join(text))


def _row(page: str, found: tuple[Exercise, ...], book: Path) -> str:
    anchors = {heading: anchor for anchor, heading in headings(chapter_of(page), book).items()}
    links = [
        f'<a href="{page}.html#{anchors[f"Aufgabe {one.number}: {one.title}"]}">{escape(one.title)}</a>'
        + " (mit\u00a0Rechner)" * bool(one.addresses)
        for one in found
    ]
    return f"<li><strong>{escape(title(page, book))}</strong>: " + "\u00a0· ".join(links) + "</li>"
