"""What changed in the law since 1949: the entries of ``data/geschichte.yaml``, each with what its sources say."""

import datetime
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from lfa.errors import DataError, Problem
from lfa.files import DATA, check_once, load_yaml, shown, yaml_row
from lfa.gesetze import gesetze
from lfa.parameters import entries
from lfa.results import sources
from lfa.settlement import LAWS

BOOK = DATA.parent / "book"
OFFICIAL, SECONDARY = "official", "secondary"


class Fundstelle(NamedTuple):
    """Where something can be read: an id of ``sources.yaml`` or an address; ``quote`` only of an official work."""

    title: str
    where: str
    source: str
    official: bool
    says: str
    quote: str


class Ereignis(NamedTuple):
    """One change: its day, month or year, what and why, and where that can be read."""

    id: str
    date: str
    kind: str
    title: str
    what: str
    why: str
    applies_from: int | None
    law: str
    reference: str
    evidence: str
    chapter: str
    sources: tuple[Fundstelle, ...]

    @property
    def year(self) -> int:
        """The year of the change."""
        return int(self.date[:4])

    @property
    def when(self) -> float:
        """The moment on a line of years; the middle of a year or month where the day is not known."""
        month, day = (int(part) for part in (*self.date.split("-")[1:], "0", "0")[:2])
        return self.year + ((month - 1 + (day - 1 if day else 15) / 31) / 12 if month else 0.5)


@cache
def history() -> tuple[Ereignis, ...]:
    """All entries, the oldest first."""
    return read(DATA / "geschichte.yaml")


def read(path: Path) -> tuple[Ereignis, ...]:
    """The entries of a file. Raises DataError for one out of order, without a source, or at odds with other data."""
    content: list[dict[str, Any]] = load_yaml(path, "geschichte")
    check_once(path, content, "id")
    problems = [
        Problem(shown(path), yaml_row(path, place, *trail), "", entry["id"], found, expected)
        for place, entry in enumerate(content)
        for trail, found, expected in _defects(entry, content[place - 1] if place else None)
    ]
    if problems:
        raise DataError(problems)
    return tuple(_entry(entry) for entry in content)


def _defects(
    entry: Mapping[str, Any], previous: Mapping[str, Any] | None
) -> Iterator[tuple[tuple[str | int, ...], str, str]]:
    """The keys that lead to a value, what stands there, what should."""
    if not _is_date(entry["date"]):
        yield ("date",), entry["date"], "a date such as 2003-12-31, or its year or month"
    elif previous and entry["date"] < previous["date"]:
        yield ("date",), entry["date"], f"{previous['date']} or later: the entries in the order of time"
    if entry.get("applies_from", 9999) < int(entry["date"][:4]):
        yield ("applies_from",), str(entry["applies_from"]), f"{entry['date'][:4]} or later"
    if "chapter" in entry and not (BOOK / f"{entry['chapter']}.ipynb").is_file():
        yield ("chapter",), entry["chapter"], "a notebook of the book"
    yield from _at_odds_with_the_laws(entry)
    if entry["evidence"] == OFFICIAL and not any(source["official"] for source in entry["sources"]):
        yield ("evidence",), OFFICIAL, f"{SECONDARY}: none of the sources is official"
    for number, source in enumerate(entry["sources"]):
        place = ("sources", number)
        if ("source" in source) == ("where" in source):
            found = "both" if "source" in source else "neither"
            yield place, found, "a source of sources.yaml, or a title and where to read it"
        elif "source" in source and source["source"] not in sources():
            yield (*place, "source"), source["source"], "an id of sources.yaml"
        elif "where" in source and "title" not in source:
            yield place, "no title", "a title beside where to read it"
        if "quote" in source and not source["official"]:
            yield (*place, "quote"), "the words of a source that is not official", "what it says in our words"


def _is_date(text: str) -> bool:
    try:
        datetime.date(*(int(part) for part in (*text.split("-"), "1", "1")[:3]))
    except ValueError:
        return False
    return True


def _at_odds_with_the_laws(entry: Mapping[str, Any]) -> Iterator[tuple[tuple[str | int, ...], str, str]]:
    if "law" in entry:
        law = next(known for known in gesetze() if known.law == entry["law"])
        if entry.get("applies_from") != law.first:
            yield ("law",), f"applies_from {entry.get('applies_from', 'missing')}", f"{law.first}, as gesetze.yaml says"
        if entry.get("reference") != law.reference:
            yield ("law",), f"reference {entry.get('reference', 'missing')}", f"{law.reference} as in gesetze.yaml"
    if "reference" in entry:
        year, month, day = (*entry["date"].split("-"), "", "")[:3]
        if entry["reference"] not in references():
            yield ("reference",), entry["reference"], "a citation of gesetze.yaml or the parameters"
        elif f" v. {day}.{month}.{year} " not in entry["reference"]:
            yield ("reference",), entry["reference"], f"an act of {entry['date']}"


@cache
def references() -> frozenset[str]:
    """Every citation of ``gesetze.yaml`` and of the parameters."""
    values = (version for law in LAWS for entry in entries(law) for version in entry["values"].values())
    return frozenset({entry.reference for entry in gesetze()} | {version["reference"] for version in values})


def _entry(row: dict[str, Any]) -> Ereignis:
    return Ereignis(
        **{key: row[key] for key in ("id", "date", "kind", "title", "what", "evidence")},
        **{key: row.get(key, "") for key in ("why", "law", "reference", "chapter")},
        applies_from=row.get("applies_from"),
        sources=tuple(_source(source) for source in row["sources"]),
    )


def _source(row: dict[str, Any]) -> Fundstelle:
    known = sources()[row["source"]] if "source" in row else {}
    return Fundstelle(
        title=row.get("title") or known["title"],
        where=row.get("where", ""),
        source=row.get("source", ""),
        official=row["official"],
        says=row["says"],
        quote=row.get("quote", ""),
    )


def of_years(first: int, last: int) -> tuple[Ereignis, ...]:
    """The entries from the first year to the last."""
    return tuple(entry for entry in history() if first <= entry.year <= last)
