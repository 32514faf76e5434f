"""The words of the book: what each means, where the law has it, and where in a text it is used for the first time."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from html import escape
from itertools import combinations, groupby
from pathlib import Path
from typing import Any

from lfa.errors import DataError, Problem
from lfa.files import DATA, check_once, load_yaml, shown, yaml_row
from lfa.tables import Table, badge

BOOK = DATA.parent / "book"
FILE = DATA / "glossar.yaml"
PAGE = "glossar"
NOT_LINKED = frozenset({PAGE, "english"})
"""The page of the entries itself, and the one whose prose is English."""

FOLD = r'<details class="lfa-klappe".*?</details>'
"""The summary in English at the head of a chapter."""

LONGEST = 24
"""Words of the longest sentence."""

OF_A_YEAR = {"jahre": "jahr"}
"""Folders of pages whose notebook has another name: jahre/2003 is made from jahr.ipynb."""

LONG_TITLES = {"jahre": "Die Jahre seit 1995"}
"""Names of chapters whose heading is filled in only when they run."""


@dataclass(frozen=True)
class Entry:
    """A word of the glossary; ``where`` are pages of the book, ``only`` and ``but`` chapters."""

    term: str
    slug: str
    forms: tuple[str, ...]
    law: str
    sentence: str
    where: tuple[str, ...]
    see: tuple[str, ...] = ()
    evidence: str = ""
    only: frozenset[str] = frozenset()
    but: frozenset[str] = frozenset()

    @property
    def anchor(self) -> str:
        """The id of the entry on its page."""
        return f"begriff-{self.slug}"

    def means_in(self, chapter: str) -> bool:
        """Whether the forms have this meaning in the chapter."""
        return (not self.only or chapter in self.only) and chapter not in self.but


# --- Loading ----------------------------------------------------------------------------------------------------------


@cache
def load(path: Path = FILE) -> tuple[Entry, ...]:
    """All entries in the order of the alphabet. Raises DataError for a defect that needs no look into the book."""
    rows = load_yaml(path, "glossar")
    check_once(path, rows, "slug")
    check_once(path, rows, "term")
    entries = [_entry(row) for row in rows]
    if problems := [
        Problem(shown(path), yaml_row(path, index, key), "", entry.slug, found, expected)
        for index, entry in enumerate(entries)
        for key, found, expected in _defects(entry, entries)
    ]:
        raise DataError(problems)
    return tuple(sorted(entries, key=lambda entry: _sorted_as(entry.term)))


def _entry(row: dict[str, Any]) -> Entry:
    fields: dict[str, Any] = {key: row[key] for key in ("term", "slug", "law", "sentence")}
    fields |= {key: tuple(row.get(key, ())) for key in ("forms", "where", "see")}
    fields |= {"only": frozenset(row.get("only", ())), "but": frozenset(row.get("except", ()))}
    return Entry(evidence=row.get("evidence", ""), **fields)


def _defects(entry: Entry, entries: Sequence[Entry]) -> Iterator[tuple[str, str, str]]:
    """Key, what stands there, what should."""
    if (words := len(entry.sentence.split())) > LONGEST:
        yield "sentence", f"{words} words", f"at most {LONGEST}"
    slugs = {other.slug for other in entries} - {entry.slug}
    for slug in entry.see:
        if slug not in slugs:
            yield "see", slug, "the slug of another entry"
    for other in entries:
        if other.slug > entry.slug and (chapters := _both(entry, other)):
            forms = " ".join(sorted(set(entry.forms) & set(other.forms)))
            yield "forms", forms, f"one meaning in each chapter, not {other.slug} as well in {' '.join(chapters)}"


def _both(one: Entry, other: Entry) -> list[str]:
    """Chapters where a form would mean both; one that neither names stands for all the others."""
    if not set(one.forms) & set(other.forms):
        return []
    chapters = [*sorted(one.only | one.but | other.only | other.but), "any other chapter"]
    return [chapter for chapter in chapters if one.means_in(chapter) and other.means_in(chapter)]


def _sorted_as(term: str) -> str:
    letters = unicodedata.normalize("NFKD", term.replace("ß", "ss")).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9 ]", "", letters.lower())


# --- Finding words in a text ------------------------------------------------------------------------------------------


def chapter_of(page: str) -> str:
    """The notebook that a page is made from: gemeinde/2023 from gemeinde, jahre/2003 from jahr."""
    folder, year, _ = page.partition("/")
    return OF_A_YEAR.get(folder, folder) if year else page


def find(text: str, chapter: str) -> Iterator[tuple[int, int, Entry]]:
    """Every word of the glossary in a text: beginning, end, entry. Whole words, and of several the longest."""
    pattern, meanings = _vocabulary(chapter)
    for match in pattern.finditer(text):
        form = " ".join(match[0].split())
        yield match.start(), match.end(), meanings.get(form) or meanings[form[0].lower() + form[1:]]


@cache
def _vocabulary(chapter: str) -> tuple[re.Pattern[str], dict[str, Entry]]:
    meanings = {form: entry for entry in load() if entry.means_in(chapter) for form in entry.forms}
    forms = "|".join(_pattern(form) for form in sorted(meanings, key=len, reverse=True))
    # Part of a compound with a hyphen is no whole word either.
    return re.compile(rf"(?<!\w)(?<!\w-)(?:{forms})(?!\w|-\w)"), meanings


def _pattern(form: str) -> str:
    """A form in lower case may begin a sentence; between its words stands any white space."""
    first = f"[{form[0]}{form[0].upper()}]" if form[0].islower() else re.escape(form[0])
    return first + re.sub(r"(\\ )+", r"\\s+", re.escape(form[1:]))


# --- Looking into the book --------------------------------------------------------------------------------------------


def chapters(book: Path = BOOK) -> list[str]:
    """The names of all notebooks."""
    return sorted(path.stem for path in book.glob("*.ipynb"))


@cache
def markdown(chapter: str, book: Path = BOOK) -> str:
    """The Markdown cells of a notebook without what is fenced: programs and directives' first lines."""
    cells = json.loads((book / f"{chapter}.ipynb").read_text(encoding="utf-8"))["cells"]
    texts = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown"]
    text = "\n\n".join(texts)
    text = re.sub(r"^```\{admonition\}[^\n]*\n(?::\w+:[^\n]*\n)*(.*?)^```$", r"\1", text, flags=re.S | re.M)
    return re.sub(r"^(`{3,}|~{3,}).*?^\1$", "", text, flags=re.S | re.M)


def prose(chapter: str, book: Path = BOOK) -> str:
    """What ``lfa_glossar`` looks through: no headings, links, code, formulas, tables, quotations, marked-up text."""
    text = re.sub(FOLD, "", markdown(chapter, book), flags=re.S)
    text = re.sub(r"<(div|script)\b.*?</\1>", "", text, flags=re.S)
    text = re.sub(r"\$\$.*?\$\$", "", text, flags=re.S)
    text = re.sub(r"^(#|>|\||\([\w-]+\)=).*$", "", text, flags=re.M)
    text = re.sub(r"<(\w+)\b[^>]*>.*?</\1>|<[^>]*>|\{\w[\w:]*\}`[^`]*`|`[^`]*`|\$[^$\n]*\$", " · ", text)
    text = re.sub(r"!?\[[^\]]*\]\([^)]*\)", " · ", text)
    # Emphasis ends a piece of text: no word of the glossary is found across it.
    return re.sub(r"[*_]{1,3}", "·", text)


def headings(chapter: str, book: Path = BOOK) -> dict[str, str]:
    """The anchors of a chapter, as Sphinx makes them, with the words of their headings; the title comes first."""
    found: dict[str, str] = {}
    for match in re.finditer(r"^(?:\(([\w-]+)\)=\n)?#+ +(.+)$", markdown(chapter, book), flags=re.M):
        text = re.sub(r"[*_`]", "", match[2]).strip()
        for anchor in filter(None, (_anchor(text), match[1])):
            found.setdefault(anchor, text)
    return found


def title(page: str, book: Path = BOOK) -> str:
    """The title of a page, with its year if it has one."""
    return LONG_TITLES.get(page) or next(iter(headings(chapter_of(page), book).values())).replace(
        "{{ jahr }}", page.partition("/")[2]
    )


def _anchor(heading: str) -> str:
    """What ``docutils.nodes.make_id`` makes of a heading in German."""
    plain = unicodedata.normalize("NFKD", heading.lower().replace("ß", "sz")).encode("ascii", "ignore").decode()
    return re.sub(r"^[-0-9]+|-+$", "", re.sub(r"[^a-z0-9]+", "-", plain))


def dead_links(entries: Iterable[Entry], book: Path = BOOK) -> list[str]:
    """Places that the book does not have, each with the entry that names it."""
    known = set(chapters(book))
    dead = []
    for entry in entries:
        for place in entry.where:
            page, _, anchor = place.partition("#")
            chapter = chapter_of(page)
            if chapter not in known or (anchor and anchor not in headings(chapter, book)):
                dead.append(f"{entry.slug}: {place}")
    return dead


def unused(entries: Iterable[Entry], book: Path = BOOK) -> list[str]:
    """Entries whose forms occur in no chapter's prose, and chapters named by an entry that do not exist."""
    names = chapters(book)
    texts = {chapter: prose(chapter, book) for chapter in names if chapter not in NOT_LINKED}
    used = {entry.slug for chapter, text in texts.items() for _, _, entry in find(text, chapter)}
    every = list(entries)
    dead = [entry.slug for entry in every if entry.slug not in used]
    return dead + [f"{entry.slug}: {name}" for entry in every for name in sorted((entry.only | entry.but) - set(names))]


# --- The page ---------------------------------------------------------------------------------------------------------


def page(entries: Sequence[Entry] | None = None) -> Table:
    """All entries by letter, each with an anchor, its paragraph, and links to where the book explains it."""
    entries = load() if entries is None else entries
    terms = {entry.slug: entry.term for entry in entries}
    letters = [(letter, list(group)) for letter, group in groupby(entries, key=lambda entry: _letter(entry.term))]
    jumps = "".join(f'<li><a href="#buchstabe-{letter.lower()}">{letter}</a></li>' for letter, _ in letters)
    parts = [f'<nav class="lfa-glossar-sprung" aria-label="Anfangsbuchstaben"><ul>{jumps}</ul></nav>']
    for letter, group in letters:
        rows = "".join(_html(entry, terms) for entry in group)
        parts.append(f'<h3 id="buchstabe-{letter.lower()}">{letter}</h3>\n<dl>{rows}</dl>')
    text = "\n".join(f"{entry.term} ({entry.law}): {entry.sentence}" for entry in entries)
    return Table('<div class="lfa-glossar">' + "\n".join(parts) + "</div>", text)


def _letter(term: str) -> str:
    return _sorted_as(term)[0].upper()


def _html(entry: Entry, terms: dict[str, str]) -> str:
    known = f" {badge(entry.evidence)}" if entry.evidence else ""
    places = " · ".join(_link(place) for place in entry.where)
    rows = [
        f"<dd>{escape(entry.sentence)}{known}</dd>",
        f'<dd class="lfa-glossar-naeher">{escape(unbroken_law(entry.law))}</dd>',
        f'<dd class="lfa-glossar-naeher">Im Buch: {places}</dd>',
    ]
    if entry.see:
        others = ", ".join(f'<a href="#begriff-{slug}">{escape(terms[slug])}</a>' for slug in entry.see)
        rows.append(f'<dd class="lfa-glossar-naeher">Siehe auch: {others}</dd>')
    return f'\n<div class="lfa-glossar-eintrag"><dt id="{entry.anchor}">{escape(entry.term)}</dt>{"".join(rows)}</div>'


def unbroken_law(law: str) -> str:
    """A citation that no line break tears apart between § and its number, or a law and its year."""
    return re.sub(r"(?<=§) |(?<=Abs\.) |(?<=Art\.) |(?<=Satz) |(?<=FAG) ", "\u00a0", law)


def _link(place: str) -> str:
    page, _, anchor = place.partition("#")
    name = title(page)
    if anchor:
        name = f"{name}, „{headings(chapter_of(page))[anchor]}“"
    address = f"{page}.html" + (f"#{anchor}" if anchor else "")
    return f'<a href="{escape(address)}">{escape(name)}</a>'


def summary(entries: Sequence[Entry] | None = None) -> dict[str, int]:
    """How many entries, forms and links there are."""
    entries = load() if entries is None else entries
    return {
        "Begriffe": len(entries),
        "davon mit Paragraf": sum("§" in entry.law or "Art." in entry.law for entry in entries),
        "davon Wörter dieses Buchs": sum(entry.law == "Wort dieses Buchs" for entry in entries),
        "Wortformen": len({form for entry in entries for form in entry.forms}),
        "Wortformen mit zwei Bedeutungen": len(_double(entries)),
        "Verweise ins Buch": sum(len(entry.where) for entry in entries),
        "Verweise auf andere Begriffe": sum(len(entry.see) for entry in entries),
    }


def _double(entries: Sequence[Entry]) -> set[str]:
    return {form for one, other in combinations(entries, 2) for form in set(one.forms) & set(other.forms)}
