"""How easy the chapters are to read: LIX of each chapter and of its first paragraph.

LIX adds the words of an average sentence and the percentage of words with more than six letters. German newspapers lie
about 50, children's books below 35.
"""

import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import click

from lfa.console import columns
from lfa.glossar import FOLD

BOOK = Path(__file__).parents[1] / "book"
AIM = 45
"""What the first paragraph of a chapter should stay below."""
LIMIT = 25
"""No sentence has more words."""
SPOKEN = {
    "Abs.": "Absatz",
    "Art.": "Artikel",
    "Nr.": "Nummer",
    "v.H.": "Prozent",
    "Mio.": "Millionen",
    "Mrd.": "Milliarden",
}
SPOKEN |= {
    "Tsd.": "Tausend",
    "z. B.": "zum Beispiel",
    "d. h.": "das heißt",
    "€": "Euro",
    "§§": "Paragrafen",
    "§": "Paragraf",
}
"""Abbreviations whose full stop ends no sentence, as one says them."""


class Ease(NamedTuple):
    """How easy a chapter is: its words, LIX of all and of the first paragraph, the longest sentence, those too long."""

    chapter: str
    words: int
    lix: float
    first: float
    longest: int
    over: tuple[str, ...]


def prose(cells: Sequence[str]) -> list[str]:
    """The paragraphs that a reader reads, as plain sentences: no headings, quotations, tables, code or English."""
    text = re.sub(FOLD, "", "\n\n".join(cells), flags=re.DOTALL)
    text = re.sub(r"<summary>.*?</summary>", "", text)
    text = re.sub(r"<(table|script|style)\b.*?</\1>", "", text, flags=re.DOTALL)
    text = re.sub(r"^```.*?^```|^\$\$.*?^\$\$|^:::.*?$", "", text, flags=re.DOTALL | re.MULTILINE)
    result = []
    for block in re.split(r"\n\s*\n", text):
        lines = [line for line in block.splitlines() if not re.match(r"\s*(#|>|\||%|\{)", line)]
        items = re.split(r"\n\s*(?:[-*]|\d+\.)\s+", "\n" + "\n".join(lines))
        result += [plain for item in items if (plain := _plain(item))]
    return result


def _plain(text: str) -> str:
    """One paragraph without markup; a computed figure reads as a number."""
    text = re.sub(r"\{glue:text\}`[^`]*`", "12", text)
    text = re.sub(r"\{beleg\}`[^`]*`|\{[\w:]+\}`[^`]*`", "", text)
    text = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", text)
    text = re.sub(r"<[^>]*>|[*_`$]|\\[a-z]+", "", text)
    for short, spoken in SPOKEN.items():
        text = text.replace(short, spoken)
    text = " ".join(text.split())
    return text if len(text.split()) > 3 else ""


def ease(chapter: str, paragraphs: Sequence[str]) -> Ease:
    """How easy these paragraphs are; each ends a sentence, a colon does not."""
    import textstat

    sentences = [one for paragraph in paragraphs for one in re.split(r"(?<=[.!?])\s+", paragraph)]
    text = " ".join(paragraph if paragraph[-1] in ".!?" else paragraph + "." for paragraph in paragraphs)
    longest = max(len(sentence.split()) for sentence in sentences)
    over = tuple(sentence for sentence in sentences if len(sentence.split()) > LIMIT)
    return Ease(chapter, len(text.split()), textstat.lix(text), textstat.lix(paragraphs[0]), longest, over)


def chapters() -> list[Ease]:
    """Every chapter of the book in German, the hardest first."""
    found = []
    for path in sorted(BOOK.glob("*.ipynb")):
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        paragraphs = prose(["".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown"])
        if path.stem != "english" and paragraphs:
            found.append(ease(path.stem, paragraphs))
    return sorted(found, key=lambda one: -one.lix)


@click.command()
def main() -> None:
    """Print how easy each chapter is to read; exit 1 if a first paragraph misses the aim or a sentence is too long."""
    table = [["chapter", "words", "LIX", "LIX of the first paragraph", "longest sentence", f"over {LIMIT} words"]]
    found = chapters()
    for one in found:
        over = " !" * (one.first >= AIM)
        figures = (f"{one.lix:.0f}", f"{one.first:.0f}{over}", str(one.longest), str(len(one.over)))
        table.append([one.chapter, str(one.words), *figures])
    click.echo(columns(table), nl=False)
    for one in found:
        for sentence in one.over:
            click.echo(f"{one.chapter}: {sentence}")
    if any(one.first >= AIM or one.over for one in found):
        raise SystemExit(1)


if __name__ == "__main__":
    main(prog_name="python -m lfa.lesbarkeit")
