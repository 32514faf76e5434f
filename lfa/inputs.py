"""What the law starts from where no document holds it: a file to fill in, read, compared with the year before."""

import csv
import datetime
import io
import re
import statistics
from collections.abc import Iterator, Mapping
from fractions import Fraction
from pathlib import Path
from typing import Any, NamedTuple

from lfa.errors import DataError, Problem
from lfa.files import load_csv, shown
from lfa.lines import Line, registry
from lfa.parameters import parameters
from lfa.results import UNITS, scaled
from lfa.states import CODES, INSGESAMT

COLUMNS = ("quantity", "land", "value", "unit", "paragraph", "label", "published")


def needed(law: str, values: Mapping[str, Any]) -> tuple[Line, ...]:
    """The inputs that a law needs under the parameters of a day, in the order of the registry."""
    quelle = (line for line in registry(law).values() if line.stage == "quelle")
    return tuple(line for line in quelle if not line.only_if or values[line.only_if])


def laender_of(line: Line) -> tuple[str, ...]:
    """For which Länder an input has a row: all 16, or one row for the Federation."""
    return (INSGESAMT,) if line.insgesamt == "only" else CODES


def template(law: str, year: int) -> str:
    """The file to fill in: a row per input and Land, with unit, paragraph and where the figure is published."""
    values = parameters(law, datetime.date(year, 12, 31))
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows(
        (line.key, land, "", line.unit, line.paragraph, line.label, line.published)
        for line in needed(law, values)
        for land in laender_of(line)
    )
    return buffer.getvalue()


Given = dict[str, dict[str, tuple[Fraction, Fraction]]]
"""By input and Land the value, and half of its last printed digit."""


def read_given(path: Path, law: str, values: Mapping[str, Any]) -> tuple[Given, list[Problem]]:
    """What the file gives so far, and all that is wrong with it or missing. Raises DataError if it is no table."""
    rows = load_csv(path, "eingaben", spreadsheet=True)
    wanted = {line.key: line for line in needed(law, values)}
    problems = list(_row_problems(path, rows, wanted))
    given: Given = {key: {} for key in wanted}
    for row in rows:
        line = wanted.get(row["quantity"])
        if line and row["value"] and _kind(row["unit"]) == _kind(line.unit) and row["land"] in laender_of(line):
            given[line.key].setdefault(row["land"], scaled(row["value"], row["unit"]))
    return given, [*problems, *_gaps(path, rows, given, wanted)]


def read_inputs(path: Path, law: str, values: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """The inputs of a year, and half the last printed digit of each; by key, values by Land or one for the Federation.

    Raises DataError with everything that is missing, given twice, unknown or in a unit of another kind. An input that
    the year's law does not need is 0.
    """
    given, problems = read_given(path, law, values)
    if problems:
        raise DataError(problems)
    unneeded = (line.key for line in registry(law).values() if line.stage == "quelle" and line.key not in given)
    inputs: dict[str, Any] = {key: dict.fromkeys(CODES, Fraction(0)) for key in unneeded}
    halves: dict[str, Any] = {}
    for key, by_land in given.items():
        for part, target in enumerate((inputs, halves)):
            numbers = {land: pair[part] for land, pair in by_land.items()}
            target[key] = numbers.get(INSGESAMT, numbers)
    return inputs, halves


def _row_problems(path: Path, rows: list[dict[str, str]], wanted: Mapping[str, Line]) -> Iterator[Problem]:
    seen: dict[tuple[str, str], int] = {}
    for number, row in enumerate(rows, 2):
        key, land, unit = row["quantity"], row["land"], row["unit"]

        def problem(found: str, expected: str, number: int = number, key: str = key, land: str = land) -> Problem:
            return Problem(shown(path), str(number), land, key, found, expected)

        line = wanted.get(key)
        if line is None:
            yield problem(key, "an input of this year's law: " + " ".join(wanted))
            continue
        if land not in laender_of(line):
            yield problem(land, " ".join(laender_of(line)))
        if _kind(unit) != _kind(line.unit):
            yield problem(unit, " or ".join(other for other in FILE_UNITS if _kind(other) == _kind(line.unit)))
        if row["value"].startswith("-") and line.key not in MAY_BE_NEGATIVE:
            yield problem(row["value"], "a number without minus")
        elif key in INHABITANTS and not INHABITANTS_WRITTEN.fullmatch(row["value"]):
            yield problem(row["value"], "a whole number above 0")
        first = seen.setdefault((key, land), number)
        if first != number:
            yield problem("the row again", f"every input of a Land once; the first is row {first}")


INHABITANTS = ("festgestellte_einwohner", "einwohner_vorjahr")
INHABITANTS_WRITTEN = re.compile(r"|0*[1-9][0-9]*")
FILE_UNITS = tuple(unit for unit in UNITS if "DM" not in unit)
MAY_BE_NEGATIVE = ("zensus_unterschied", "forschungsnettozufluss", "einkommensteuer_koerperschaftsteuer")


def _kind(unit: str) -> str:
    return unit if unit in ("Einwohner", "EUR je Einwohner") else "EUR"


def _gaps(path: Path, rows: list[dict[str, str]], given: Given, wanted: Mapping[str, Line]) -> Iterator[Problem]:
    """One problem per input that lacks values, naming its Länder and where the figures are published."""
    places: dict[str, list[int]] = {}
    for number, row in enumerate(rows, 2):
        places.setdefault(row["quantity"], []).append(number)
    for key, line in wanted.items():
        missing = [land for land in laender_of(line) if land not in given[key]]
        if missing:
            numbers = places.get(key, [])
            place = f"{numbers[0]}-{numbers[-1]}" if len(numbers) > 1 else "".join(map(str, numbers))
            laender = "all 16" if len(missing) == len(CODES) else " ".join(missing)
            found = "no value" if len(missing) == 1 else f"no value for {len(missing)} Länder"
            expected = f"{line.label} ({line.paragraph}), from: {line.published}"
            yield Problem(shown(path), place, laender, key, found, expected)


# --- Compared with the year before ------------------------------------------------------------------------------------


class Doubt(NamedTuple):
    """A figure that is hardly meant, with what it was compared with."""

    quantity: str
    land: str
    found: str
    expected: str


RANGES = {"Einwohner": (Fraction("0.97"), Fraction("1.03")), "EUR": (Fraction(2, 3), Fraction(3, 2))}
"""How an input may have changed in a year: inhabitants by 3 per cent, receipts by half. Wide enough for a crisis."""
PER_HEAD = (Fraction(1, 150), Fraction(150))
"""How far a Land's receipts per inhabitant may be from the median of the Länder; a wrong unit is a factor of 1000."""


def doubts(law: str, given: Given, before: Mapping[str, Mapping[str, float]]) -> list[Doubt]:
    """What is implausible about the inputs given so far, in itself and against the year before.

    ``before`` holds what is known of the year before, by key and Land: all its lines, or at least its inhabitants.
    """
    return [*_against(law, given, before), *_in_itself(law, given)]


THE_YEAR_BEFORE = {"einwohner_vorjahr": "einwohner", "steuereinnahmen_vorjahr": "steuereinnahmen"}
"""Inputs that repeat what the year before has itself, so that they must agree."""
DIFFERENCES = ("zensus_unterschied", "forschungsnettozufluss")
"""Inputs that are balances: they may change their sign from year to year."""
SAME = (Fraction(9999, 10000), Fraction(10001, 10000))


def _against(law: str, given: Given, before: Mapping[str, Mapping[str, float]]) -> Iterator[Doubt]:
    lines = registry(law)
    for key, values in given.items():
        if key in DIFFERENCES:
            continue
        same = key in THE_YEAR_BEFORE
        last = before.get(THE_YEAR_BEFORE.get(key, key)) or {}
        low, high = SAME if same else RANGES.get(lines[key].unit, RANGES["EUR"])
        for land, (value, _) in values.items():
            known = last.get(land)
            if known and not low <= value / Fraction(known) <= high:
                wanted = "as much as" if same else f"{float(low):.2f} to {float(high):.2f} times as much as"
                yield Doubt(key, land, _plain(value), f"{wanted} the year before has: {_plain(known)}")


def _in_itself(law: str, given: Given) -> Iterator[Doubt]:
    people = given["festgestellte_einwohner"]
    for key, values in given.items():
        if registry(law)[key].unit != "EUR" or INSGESAMT in values:
            continue
        per_head = {
            land: abs(value) / people[land][0]
            for land, (value, _) in values.items()
            if land in people and people[land][0] > 0
        }
        middle = statistics.median(per_head.values()) if per_head else 0
        # Some receipts are nobody's, or a few Länder's (Förderabgabe): what is looked for is a unit taken for another.
        for land, amount in per_head.items():
            if middle > 1 and amount and not PER_HEAD[0] <= amount / middle <= PER_HEAD[1]:
                yield Doubt(key, land, f"{_plain(amount)} per inhabitant", f"nearer to the median of {_plain(middle)}")


def _plain(value: Fraction | float) -> str:
    return f"{float(value):,.2f}".removesuffix(".00")
