"""Which law governs which Ausgleichsjahr, and how its values changed: from ``data/gesetze.yaml`` and the parameters.

When a value came into the law follows from its reference alone. An act gives its day. A consolidated text says that
the value stood there on its day at the latest, and the value after it came later. Where that is not enough to tell
whether a change came before or after its year had begun, it stays open.
"""

import datetime
import re
from collections.abc import Mapping
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from lfa.errors import DataError, Problem
from lfa.files import DATA, check_once, load_yaml, shown, yaml_row
from lfa.parameters import entries

ACT = re.compile(r"(?P<text>\w+ i\.d\.F\. |\w+ vor )?(?:Art\. \d+ )?G\. v\. (?P<day>[\d.]{10}) (?P<print>.*)\.")
STATE = re.compile(r"FAG Stand (?P<day>[\d.]{10})\.")
PAPER = re.compile(r"(?P<text>FAG vor )?(?P<print>BR-Drs\. \d+/(?P<year>\d\d))\.")

BEFORE, DURING, AFTER = "vor dem Jahr", "im laufenden Jahr", "nach dem Jahr"
BEGUN, UNKNOWN = "nach Jahresbeginn", "nicht bekannt"
"""When the last change of a value came, seen from its Ausgleichsjahr."""


class Gesetz(NamedTuple):
    """One law, the Ausgleichsjahre it governs, and why; ``last`` is None where the end is open."""

    law: str
    title: str
    short: str
    first: int
    last: int | None
    known_until: int
    reference: str
    rule: str
    reason: str
    source: str

    @property
    def years(self) -> range:
        """The Ausgleichsjahre for which its values are known."""
        return range(self.first, self.known_until + 1)


class Version(NamedTuple):
    """A value that stood in the law for an Ausgleichsjahr; ``order`` counts from 1, and the last is not superseded."""

    ausgleichsjahr: int
    value: Any
    reference: str
    note: str
    superseded: bool
    order: int
    since: datetime.date | None
    """It came into the law not before this day."""
    until: datetime.date | None
    """It stood there on this day at the latest."""

    @property
    def retroactive(self) -> bool:
        """Whether it came into the law when its year had begun, as far as the references tell."""
        return self.since is not None and self.since >= datetime.date(self.ausgleichsjahr, 1, 1)

    @property
    def when(self) -> str:
        """When it came into the law: before, during or after its year, or not known."""
        start, end = datetime.date(self.ausgleichsjahr, 1, 1), datetime.date(self.ausgleichsjahr, 12, 31)
        if self.since is not None and self.since > end:
            return AFTER
        if self.retroactive:
            return DURING if self.until is not None and self.until <= end else BEGUN
        return BEFORE if self.until is not None and self.until < start else UNKNOWN


class _Found(NamedTuple):
    """What a reference tells: the document's earliest and latest day, and whether it is what made the value."""

    first: datetime.date | None
    last: datetime.date | None
    made: bool


@cache
def gesetze() -> tuple[Gesetz, ...]:
    """The laws in the order of their years. Raises DataError where a year would have no law, or two."""
    return read(DATA / "gesetze.yaml")


def read(path: Path) -> tuple[Gesetz, ...]:
    """The laws of a file: every Ausgleichsjahr from the first on belongs to exactly one, only the last is open."""
    content: list[dict[str, Any]] = load_yaml(path, "gesetze")
    check_once(path, content, "law")
    problems = []
    for place, entry in enumerate(content):
        found = content[place + 1]["from"] - 1 if place + 1 < len(content) else None
        if entry["to"] != found:
            expected = "null: the last law has no end" if found is None else f"{found}: the next law starts after it"
            problems.append(
                Problem(shown(path), yaml_row(path, place, "to"), "", entry["law"], str(entry["to"]), expected)
            )
        low, high = entry["from"], entry["to"]
        if entry["known_until"] < low or (high is not None and entry["known_until"] != high):
            row = yaml_row(path, place, "known_until")
            expected = f"a year from {low} on" if high is None else str(high)
            problems.append(Problem(shown(path), row, "", entry["law"], str(entry["known_until"]), expected))
    if problems:
        raise DataError(problems)
    return tuple(
        Gesetz(
            **{
                **{key: entry[key] for key in entry if key not in ("from", "to")},
                "first": entry["from"],
                "last": entry["to"],
            }
        )
        for entry in content
    )


def gesetz(law: str) -> Gesetz:
    """A law by its key."""
    return next(entry for entry in gesetze() if entry.law == law)


def law_of(year: int) -> str:
    """The key of the law that governs an Ausgleichsjahr. Raises DataError for a year before the first law."""
    for entry in gesetze():
        if entry.first <= year and (entry.last is None or year <= entry.last):
            return entry.law
    expected = f"an Ausgleichsjahr from {gesetze()[0].first} on"
    raise DataError([Problem(shown(DATA / "gesetze.yaml"), quantity="law", found=str(year), expected=expected)])


def entry_of(law: str, parameter: str) -> dict[str, Any]:
    """One statutory value with its history. Raises KeyError for a name that the law's file does not hold."""
    for entry in entries(law):
        if entry["name"] == parameter:
            return entry
    raise KeyError(f"{law} has no parameter {parameter}")


@cache
def versions(law: str, parameter: str) -> tuple[Version, ...]:
    """Every value that stood in the law for each of its years, the oldest first; years without any are left out.

    Numbers are exact, in the unit of the file; a value that nothing documents is None.
    """
    values: Mapping[str, Any] = entry_of(law, parameter)["values"]
    result: list[Version] = []
    for year in gesetz(law).years:
        starts = [day for day in values if day <= f"{year}-12-31"]
        if starts:
            final = values[max(starts)]
            result += _of_one_year(law, year, [*final.get("earlier", ()), final])
    return tuple(result)


def _of_one_year(law: str, year: int, listed: list[dict[str, Any]]) -> list[Version]:
    found = [_tells(law, version["reference"]) for version in listed]
    since: list[datetime.date | None] = []
    for place, own in enumerate(found):
        earlier = [since[-1], found[place - 1].first] if place else []
        days = [day for day in (*earlier, own.first if own.made else None) if day]
        since.append(max(days, default=None))
    until: list[datetime.date | None] = []
    for own in reversed(found):
        days = [day for day in (own.last, until[-1] if until else None) if day]
        until.append(min(days, default=None))
    until.reverse()
    return [
        Version(
            year,
            _number(version["value"]),
            version["reference"],
            version.get("note", ""),
            place + 1 < len(listed),
            place + 1,
            since[place],
            until[place],
        )
        for place, version in enumerate(listed)
    ]


def final(law: str, parameter: str) -> dict[int, Version]:
    """The last version for each year."""
    return {version.ausgleichsjahr: version for version in versions(law, parameter) if not version.superseded}


def _tells(law: str, reference: str) -> _Found:
    if match := ACT.fullmatch(reference):
        day = _day(match["day"])
        # A later law that repeats the value is where it was read, not what made it.
        another = reference in {entry.reference for entry in gesetze() if entry.law != law}
        return _Found(day, day, not match["text"] and not another)
    if match := STATE.fullmatch(reference):
        day = _day(match["day"])
        return _Found(day, day, False)
    if match := PAPER.fullmatch(reference):
        year = 2000 + int(match["year"])
        # The act came in the paper's year at the earliest; a text "before" the paper stood there in that year.
        return _Found(
            datetime.date(year, 1, 1), datetime.date(year, 12, 31) if match["text"] else None, not match["text"]
        )
    return _Found(None, None, False)


def _day(text: str) -> datetime.date:
    return datetime.datetime.strptime(text, "%d.%m.%Y").date()


def _number(value: Any) -> Any:
    """A number, or a fraction written as text, exactly; anything else as it is."""
    return Fraction(str(value)) if isinstance(value, (int, float, str)) else value


def identified(law: str, reference: str) -> bool:
    """Whether the reference names the act that made the value, or the paper of its bill."""
    return _tells(law, reference).made


def act_in_words(law: str, version: Version) -> str:
    """The act that made a version, with its print; where it is not known, between which days it came."""
    match = ACT.fullmatch(version.reference)
    if match and identified(law, version.reference):
        return f"Gesetz vom {in_figures(_day(match['day']))} ({match['print']})"
    day = day_in_words(law, version)
    if identified(law, version.reference):
        return f"Gesetz nach {day}"
    return f"nicht bekannt, {day}" if version.until else day


def day_in_words(law: str, version: Version) -> str:
    """The day of the act that made a version, or the paper of its bill; else the days between which it came."""
    if identified(law, version.reference):
        paper = PAPER.fullmatch(version.reference)
        return paper["print"] if paper else in_figures(version.until)
    if version.since and version.until:
        return f"zwischen {in_figures(version.since)} und {in_figures(version.until)}"
    return f"spätestens {in_figures(version.until)}" if version.until else version.reference


def in_figures(day: datetime.date | None) -> str:
    """A day as in 16.7.2021."""
    return f"{day.day}.{day.month}.{day.year}" if day else ""
