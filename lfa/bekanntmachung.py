"""The announcement of a year by the Finanzministerium Baden-Württemberg: its text becomes parameters.

``data/bw/<year>/bekanntmachung.txt`` is the text as it was read; ``errata.csv`` beside it, if there is one, mends what
was misread. ``data/bw/bekanntmachung.yaml`` says by which words each number is known. Every number of the text must be
the number of one key, or a mark of an enumeration, or part of a reference such as § 17: nothing is skipped in silence.
"""

import datetime
import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from functools import cache
from pathlib import Path
from string import ascii_uppercase
from typing import NamedTuple

from lfa.errors import DataError, Problem
from lfa.files import DATA, check_once, load_csv, load_yaml, read_text, shown

FOLDER = DATA / "bw"
REGISTRY = FOLDER / "bekanntmachung.yaml"

# --- The words of the text --------------------------------------------------------------------------------------------

HEADING = re.compile(r"\s*(?:- )?(I{1,3}|[A-Z])\. +\S")
PARAGRAPH = re.compile(r"§ ([0-9]+)(?: ?([a-z])(?=[ )]))?(?: Absatz ([0-9]+))?")
REFERENCES = re.compile(
    rf"{PARAGRAPH.pattern}|Absatz [0-9]+|Nr\. [0-9]+|Anlage [0-9]+|Klassen [0-9]+ bis [0-9]+", re.ASCII
)
"""Numbers that point to something; none of them is a parameter."""
MONTHS = (
    *("Januar", "Februar", "März", "April", "Mai", "Juni"),
    *("Juli", "August", "September", "Oktober", "November", "Dezember"),
)
TITLE = re.compile(rf"Finanzausgleichsgesetz [0-9]{{4}}|[0-9]{{1,2}}\. (?:{'|'.join(MONTHS)}) [0-9]{{4}}|Az\.: \S+")
"""Numbers of the title: the year once more, the day and the file number."""
CONJUNCTIONS = ("und", "oder", "bzw.")
"""After these a hyphen stands for a common part of two words, and no line was broken."""
ITEM = re.compile(r"(?<!\S)([0-9]{1,2})\.(?= )", re.ASCII)
LETTER = re.compile(r"(?<!\S)([a-z])\)(?= )")
UNNAMED = ("Finanzausgleichsumlage",)
"""Sections that hold no number of their own."""

Span = tuple[int, int]


class Section(NamedTuple):
    """One section, its words with one space between them, and by the place of each word its row in the file.

    The title above the first heading is a section without label and name.
    """

    label: str
    name: str
    text: str
    places: tuple[int, ...]
    rows: tuple[int, ...]

    def row(self, place: int) -> str:
        """The row of the file in which the word at a place stands."""
        return str(self.rows[bisect_right(self.places, place) - 1])

    @property
    def title(self) -> str:
        """How a message names the section."""
        return f"{self.label}. {self.name}" if self.label else "title"


def sections(text: str) -> list[Section]:
    """The sections in the order of the text; a section is known by the first paragraph of its heading, or its name."""
    parts: list[tuple[str, list[tuple[int, str]]]] = [("", [])]
    for row, line in enumerate(text.split("\n"), 1):
        if match := HEADING.match(line):
            parts.append((match[1], []))
        parts[-1][1].append((row, line))
    return [_section(label, lines) for label, lines in parts]


def _section(label: str, lines: Iterable[tuple[int, str]]) -> Section:
    words = list(_words(lines))
    places, length = [], 0
    for _, word in words:
        places.append(length)
        length += len(word) + 1
    text = " ".join(word for _, word in words)
    return Section(label, _name(text) if label else "", text, tuple(places), tuple(row for row, _ in words))


def _words(lines: Iterable[tuple[int, str]]) -> Iterator[tuple[int, str]]:
    """Words with their rows; a word broken at the end of a line is put together, bullets go."""
    first, pending, ends_line = 0, "", False
    for row, line in lines:
        words = line.split()
        words = words[1:] if words[:1] == ["-"] else words
        for word in words:
            broken = len(pending) > 1 and pending.endswith("-")
            if broken and word[0].islower() and word not in CONJUNCTIONS:
                pending = pending[:-1] + word
            elif broken and ends_line and word[0].isupper():
                pending += word
            else:
                if pending:
                    yield first, pending
                first, pending = row, word
            ends_line = False
        ends_line = ends_line or bool(words)
    if pending:
        yield first, pending


def _name(text: str) -> str:
    """``§ 11 Absatz 1`` from a heading that names it, or the first word of one that does not."""
    first = text.split()[1]
    named = {entry.section for entry in registry() if "§" not in entry.section} | {*UNNAMED}
    match = PARAGRAPH.search(text)
    if first in named or not match:
        return first
    number, letter, absatz = match.groups()
    return f"§ {number}{letter or ''}" + (f" Absatz {absatz}" if absatz else "")


# --- Its keys and numbers ---------------------------------------------------------------------------------------------


class Entry(NamedTuple):
    """How a number of the announcement is known: its section and the words around it."""

    key: str
    section: str
    paragraph: str
    unit: str
    label: str
    anchors: tuple[str, ...]
    optional: bool = False


@cache
def registry() -> tuple[Entry, ...]:
    """Every key, in the order of the text."""
    entries = load_yaml(REGISTRY, "bw_bekanntmachung")
    check_once(REGISTRY, entries, "key")
    return tuple(Entry(**{**entry, "anchors": tuple(entry["anchors"])}) for entry in entries)


class Parameter(NamedTuple):
    """One printed number: ``value`` is a plain decimal in the printed unit, a fraction (``1/3``) or a day.

    A day is written ``1983-12-31``, one of any year ``06-30``.
    """

    section: str
    paragraph: str
    key: str
    value: str
    unit: str
    printed: str
    label: str

    @property
    def exact(self) -> Fraction | None:
        """The number in the printed unit; None of a day."""
        return None if self.unit in DAYS else Fraction(self.value)

    @property
    def amount(self) -> Fraction | None:
        """The number in the unit without millions: euro of an amount printed as 190 Mio. Euro."""
        return self.exact * 1_000_000 if self.exact is not None and self.unit.startswith(MILLIONS) else self.exact


DAYS = ("Datum", "Tag")
MILLIONS = "Mio. "
NUMERATORS = {"einem": 1, "zwei": 2, "drei": 3, "vier": 4}
DENOMINATORS = {"Drittel": 3, "Dritteln": 3, "Viertel": 4, "Vierteln": 4, "Fünftel": 5, "Fünfteln": 5}
POWERS = {"Hundert": 100, "Tausend": 1000}
DIGITS = (
    r"(?<![0-9.,])(?![0-9]{1,2}\. )(?:[0-9]{1,3}(?:\.[0-9]{3})+|[0-9]{1,3}(?: [0-9]{3})+|[0-9]+)(?:,[0-9]+)?"
    r"(?![0-9]|[.,][0-9])(?: Mio\.)?"
)
"""A number in German notation, but not a mark such as 2. of an enumeration."""
FORMS = {
    "Jahr": "[0-9]{4}(?![0-9])",
    "Quartal": "[0-9]",
    "Datum": r"[0-9]{2}\.[0-9]{2}\.[0-9]{4}(?![0-9])",
    "Tag": rf"[0-9]{{1,2}}\. (?:{'|'.join(MONTHS)})",
    "Anteil": rf"(?:{'|'.join(NUMERATORS)}) (?:{'|'.join(DENOMINATORS)})\b",
    "Einwohner je km": rf"(?:{'|'.join(POWERS)})\b|{DIGITS}",
}
"""How a number of a unit is printed, where it is not in digits alone."""
NUMBERS_IN_WORDS = re.compile(rf"\b(?:(?:{'|'.join(NUMERATORS)}) )?(?:{'|'.join((*DENOMINATORS, *POWERS))})\b")
WORD = re.compile(r"[0-9]{1,3}(?: [0-9]{3})+\S*|\S+")
GAP = r"(?:Klassen [0-9]+ bis [0-9]+\b|(?! [a-z]\) |Klassen [0-9])[^0-9])*?"
"""Any words without a number or a letter of an enumeration; the Klassen of a school are part of its name."""


@cache
def _pattern(anchor: str, form: str) -> re.Pattern[str]:
    parts = {"#": f"({form})", "…": GAP}
    return re.compile(r"(?<!\w)" + "".join(parts.get(part, re.escape(part)) for part in re.split("([#…])", anchor)))


def _spans(entry: Entry, text: str, form: str) -> list[Span]:
    """Where the words of an entry stand around something of this form."""
    matches = (match for anchor in entry.anchors for match in _pattern(anchor, form).finditer(text))
    return sorted({match.span(1) for match in matches})


def _value(printed: str, unit: str) -> str:
    match unit:
        case "Datum":
            return "-".join(reversed(printed.split(".")))
        case "Tag":
            day, month = printed.split(". ")
            return f"{MONTHS.index(month) + 1:02}-{int(day):02}"
        case "Anteil":
            numerator, denominator = printed.split()
            return f"{NUMERATORS[numerator]}/{DENOMINATORS[denominator]}"
    if printed in POWERS:
        return str(POWERS[printed])
    return re.sub(r"[. ]|Mio\.", "", printed).replace(",", ".")


def _range(parameter: Parameter, year: int) -> str:
    """What the number must be and is not, or nothing."""
    match parameter.unit:
        case "Datum" | "Tag":
            day = parameter.value if parameter.unit == "Datum" else f"2000-{parameter.value}"
            try:
                datetime.date.fromisoformat(day)
            except ValueError:
                return "a day of the calendar"
            return ""
        case "Jahr" if parameter.key == "ausgleichsjahr":
            return "" if parameter.value == str(year) else f"{year}, the year of the folder"
        case "Jahr":
            return "" if year - 10 <= int(parameter.value) <= year + 1 else f"a year from {year - 10} to {year + 1}"
        case "Quartal":
            return "" if parameter.value in ("1", "2", "3", "4") else "a quarter, 1 to 4"
        case "%" | "v.H.":
            return "" if 0 < Fraction(parameter.value) <= 100 else "a percentage above 0, up to 100"
    return "" if Fraction(parameter.value) > 0 else "a number above 0"


class _Found(NamedTuple):
    entry: Entry
    section: Section
    span: Span

    @property
    def printed(self) -> str:
        return self.section.text[slice(*self.span)]

    def parameter(self) -> Parameter:
        entry = self.entry
        unit = MILLIONS + entry.unit if self.printed.endswith(MILLIONS.strip()) else entry.unit
        value = _value(self.printed, entry.unit)
        return Parameter(self.section.label, entry.paragraph, entry.key, value, unit, self.printed, entry.label)


def _find(parts: Sequence[Section]) -> list[_Found]:
    """Where each number stands; a key that is found twice is there twice."""
    return [
        _Found(entry, section, span)
        for entry in registry()
        for section in parts
        if section.name == entry.section
        for span in _spans(entry, section.text, FORMS.get(entry.unit, DIGITS))
    ]


# --- What is left over ------------------------------------------------------------------------------------------------


def left_over(text: str) -> list[str]:
    """Every printed number that is no key's, no mark of an enumeration, no part of a reference or of the title."""
    parts = sections(text)
    found = _find(parts)
    return [section.text[start:end] for section in parts for start, end in _left(section, found)]


def _left(section: Section, found: Iterable[_Found]) -> list[Span]:
    text = section.text
    keys = [number.span for number in found if number.section is section]
    used = [*keys, *(match.span() for match in (REFERENCES if section.label else TITLE).finditer(text))]
    used += _marks(text, keys, used)
    taken = {place for start, end in used for place in range(start, end)}
    loose = {place for place, character in enumerate(text) if character.isnumeric()} - taken
    spans = [match.span() for match in WORD.finditer(text) if not loose.isdisjoint(range(*match.span()))]
    words = (match.span() for match in NUMBERS_IN_WORDS.finditer(text))
    return sorted([*spans, *(span for span in words if span[0] not in taken)])


def _marks(text: str, keys: Sequence[Span], used: Sequence[Span]) -> list[Span]:
    """The marks 1. 2. 3. … of an enumeration without a gap; each item holds the number of a key."""
    marks: list[Span] = []
    for match in ITEM.finditer(text):
        inside = any(start <= match.start() < end for start, end in used)
        if not inside and int(match[1]) == len(marks) + 1:
            marks.append(match.span())
    ends = [start for start, _ in marks[1:]] + [len(text)]
    return [mark for mark, end in zip(marks, ends, strict=False) if any(mark[1] < start < end for start, _ in keys)]


# --- Errata -----------------------------------------------------------------------------------------------------------


class Erratum(NamedTuple):
    """A corrected passage of one line; the passages of a group belong together."""

    line: int
    printed: str
    corrected: str
    kind: str
    group: str
    proof: tuple[str, ...]


def read_errata(path: Path) -> tuple[Erratum, ...]:
    """The errata of an announcement; none where there is no such file."""
    if not path.exists():
        return ()
    return tuple(
        Erratum(
            int(row["line"]), row["printed"], row["corrected"], row["kind"], row["group"], tuple(row["proof"].split())
        )
        for row in load_csv(path, "bw_errata")
    )


def corrected(text: str, errata: Sequence[Erratum], file: str = "errata.csv") -> str:
    """The text with its errata, white space within a corrected line being one space.

    Raises DataError for a passage that its line does not hold exactly once.
    """
    lines = text.split("\n")
    problems = []
    for row, erratum in enumerate(errata, 2):
        index = erratum.line - 1
        line = " ".join(lines[index].split()) if index < len(lines) else ""
        if (count := line.count(erratum.printed)) != 1:
            found, expected = f"{count} times in line {erratum.line}", "a passage that its line holds once"
            problems.append(Problem(file, str(row), "", repr(erratum.printed), found, expected))
        else:
            lines[index] = line.replace(erratum.printed, erratum.corrected)
    if problems:
        raise DataError(problems)
    return "\n".join(lines)


# --- A year -----------------------------------------------------------------------------------------------------------


def years() -> list[int]:
    """The years with an announcement."""
    return sorted(int(path.parent.name) for path in FOLDER.glob("[0-9][0-9][0-9][0-9]/bekanntmachung.txt"))


def load(year: int) -> Mapping[str, Parameter]:
    """The parameters of a year by key, in the order of the text. Raises DataError with all that is wrong with it."""
    return _load(year, FOLDER)


@cache
def _load(year: int, folder: Path) -> Mapping[str, Parameter]:
    if year not in years():
        found, expected = "no such announcement", "one of " + " ".join(map(str, years()))
        raise DataError([Problem(shown(folder / str(year) / "bekanntmachung.txt"), found=found, expected=expected)])
    return read(folder / str(year), year)


def read(folder: Path, year: int) -> dict[str, Parameter]:
    """The parameters of the announcement in a folder. Raises DataError with all that is wrong with it, at once."""
    path, errata = folder / "bekanntmachung.txt", folder / "errata.csv"
    text = corrected(read_text(path), read_errata(errata), shown(errata))
    parts = sections(text)
    found = _find(parts)
    file = shown(path)
    problems = [
        *_heading_problems(file, parts),
        *_key_problems(file, parts, found, year),
        *_letter_problems(file, parts),
        *_left_problems(file, parts, found),
    ]
    if problems:
        raise DataError(problems)
    return {number.entry.key: number.parameter() for number in found}


def _heading_problems(file: str, parts: Sequence[Section]) -> Iterator[Problem]:
    """Sections lost, doubled, out of order, or known to no key."""
    headed = parts[1:]
    labels = [section.label for section in headed]
    # The letter I follows H; the numeral I comes first.
    letters = [label for label in labels[1:] if label not in ("II", "III")]
    expected = ["I", *ascii_uppercase[: ascii_uppercase.index(max(letters)) + 1 if letters else 0], "II", "III"]
    order = f"I., A. to {max(letters, default='A')}., II. and III. in this order"
    for label in expected:
        if labels.count(label) < expected.count(label):
            yield Problem(file, "", "", f"section {label}.", "no such heading", order)
    if Counter(labels) == Counter(expected) and labels != expected:
        yield Problem(file, "", "", "sections", " ".join(labels), order)
    known = {entry.section for entry in registry()} | {*UNNAMED}
    first: dict[str, str] = {}
    for section in headed:
        row = section.row(0)
        if section.name not in known:
            yield Problem(file, row, "", f"section {section.title}", "a section of no key", "a section of the registry")
        elif section.name in first:
            expected_once = f"every section once; the first is row {first[section.name]}"
            yield Problem(file, row, "", f"section {section.title}", "the section twice", expected_once)
        first.setdefault(section.name, row)


def _key_problems(file: str, parts: Sequence[Section], found: Sequence[_Found], year: int) -> Iterator[Problem]:
    """Keys that are not found, found twice, or whose number cannot be meant; numbers that two keys claim."""
    by_name = {section.name: section for section in reversed(parts)}
    lost: dict[str, list[str]] = {}
    for entry in registry():
        numbers = [number for number in found if number.entry.key == entry.key]
        section = by_name.get(entry.section)
        if section is None:
            if not entry.optional:
                lost.setdefault(entry.section, []).append(entry.key)
        elif len(numbers) > 1 or (not numbers and _expected(entry, section)):
            row = numbers[1].section.row(numbers[1].span[0]) if numbers else section.row(0)
            instead = "a second number: " + numbers[1].printed if numbers else _instead(entry, section)
            expected = f"one number in: {' or: '.join(entry.anchors)}"
            yield Problem(file, row, "", f"{section.title}: {entry.key}", instead, expected)
    for name, keys in lost.items():
        yield Problem(file, "", "", f"section {name}", "no such section", "a section with: " + " ".join(keys))
    claimed: dict[tuple[str, int], str] = {}
    for number in found:
        section, start = number.section, number.span[0]
        quantity = f"{section.title}: {number.entry.key}"
        other = claimed.setdefault((section.row(0), start), number.entry.key)
        if other != number.entry.key:
            expected = f"every number for one key; it is that of {other}"
            yield Problem(file, section.row(start), "", quantity, number.printed, expected)
        elif expected := _range(number.parameter(), year):
            yield Problem(file, section.row(start), "", quantity, number.printed, expected)


def _expected(entry: Entry, section: Section) -> bool:
    """Whether the number must be in its section, which is there: only a sentence of its own may be lacking."""
    alone = all(other.optional for other in registry() if other.section == entry.section)
    spoken_of = (max(re.split("[#…]", anchor), key=len).strip() in section.text for anchor in entry.anchors)
    return not entry.optional or alone or any(spoken_of)


def _instead(entry: Entry, section: Section) -> str:
    """What stands where the number should."""
    spans = _spans(entry, section.text, r"\S{1,20}")
    return repr(section.text[slice(*spans[0])]) if spans else "no such words"


def _letter_problems(file: str, parts: Sequence[Section]) -> Iterator[Problem]:
    """Letters a) b) c) … that do not follow on one another within their item."""
    for section in parts:
        last = 0
        for match in LETTER.finditer(section.text):
            place = ord(match[1]) - ord("a")
            if place not in (0, last):
                expected = f"{chr(ord('a') + last)}) before it"
                yield Problem(file, section.row(match.start()), "", f"{section.title}: enumeration", match[0], expected)
            last = place + 1


def _left_problems(file: str, parts: Sequence[Section], found: Sequence[_Found]) -> Iterator[Problem]:
    for section in parts:
        for start, end in _left(section, found):
            text = section.text
            around = f"{text[start:end]!r} in: {text[max(start - 30, 0) : end + 20]}"
            expected = "a number that a key, an enumeration or a reference explains"
            yield Problem(file, section.row(start), "", f"{section.title}: number left over", around, expected)
