"""What was published about a year: amounts by quantity, Land and source; which one counts, where sources disagree."""

import re
from collections.abc import Iterable, Mapping
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from lfa.errors import DataError, Problem
from lfa.files import DATA, check_once, load_csv, load_yaml, shown
from lfa.lines import registry
from lfa.parameters import DM_PER_EURO
from lfa.states import CODES

UNITS = {
    "EUR": Fraction(1),
    "1000 EUR": Fraction(1000),
    "Mio EUR": Fraction(1_000_000),
    "DM": 1 / DM_PER_EURO,
    "1000 DM": 1000 / DM_PER_EURO,
    "EUR je Einwohner": Fraction(1),
    "Einwohner": Fraction(1),
}
"""What one unit of a file is worth in the unit of the computation: euro, or inhabitants."""
BEYOND_THE_LAW = {
    "ausgleichsbeitrag": "Ausgleichsbeitrag",
    "ausgleichszuweisung": "Ausgleichszuweisung",
    "abschlusszahlung": "Abschlusszahlung",
    "umsatzsteuer_vorwegausgleich": "Umsatzsteuer über oder unter dem Anteil nach Einwohnern",
}
"""Published quantities that are no line of every law, with their German names."""
NEVER_NEGATIVE = ("einwohner", "umsatzsteueranteil", "ausgleichsbeitrag", "ausgleichszuweisung", "abschlag", "zuschlag")


class Result(NamedTuple):
    """A published amount in euro, or a number of inhabitants; ``half`` is half of its last printed digit."""

    quantity: str
    land: str
    value: Fraction
    half: Fraction
    status: str
    kind: str
    source: str
    precedence: int


@cache
def sources() -> Mapping[str, Mapping[str, Any]]:
    """Every source of the data, by id."""
    path = DATA / "sources.yaml"
    entries = load_yaml(path, "sources")
    check_once(path, entries, "id")
    return {entry["id"]: entry for entry in entries}


def read_results(path: Path, law: str) -> tuple[Result, ...]:
    """The published results of a year. Raises DataError with every row that cannot be meant."""
    rows = load_csv(path, "ergebnisse")
    # A figure of the Federation alone is no Land's.
    lines = {key: line.unit for key, line in registry(law).items() if line.insgesamt != "only"}
    known = lines | dict.fromkeys(BEYOND_THE_LAW, "EUR")
    problems = []
    seen: dict[tuple[str, str, str], int] = {}
    for number, row in enumerate(rows, 2):
        quantity = row["quantity"]
        people = known.get(quantity) == "Einwohner"
        first = seen.setdefault((quantity, row["land"], row["source"]), number)
        checks = (
            (quantity in known, quantity, "a line of the law by Land, or " + " ".join(BEYOND_THE_LAW)),
            (known.get(quantity, "EUR") in ("EUR", "Einwohner"), quantity, "a quantity in euro or inhabitants"),
            (
                not people or re.fullmatch("-.*|0*[1-9][0-9]*", row["value"]) is not None,
                row["value"],
                "a whole number above 0",
            ),
            ((row["unit"] == "Einwohner") == people, row["unit"], "Einwohner" if people else "an amount of money"),
            (
                sources().get(row["source"], {}).get("precedence") is not None,
                f"source {row['source']}",
                "a source of sources.yaml with a precedence",
            ),
            (
                quantity not in NEVER_NEGATIVE or not row["value"].startswith("-"),
                row["value"],
                "an amount without minus",
            ),
            (first == number, "the same value again", f"every value of a source once; the first is row {first}"),
        )
        problems += [
            Problem(shown(path), str(number), row["land"], quantity, found, expected)
            for good, found, expected in checks
            if not good
        ]
    if problems:
        raise DataError(problems)
    return tuple(_result(row) for row in rows)


def _result(row: Mapping[str, str]) -> Result:
    value, half = scaled(row["value"], row["unit"])
    source = row["source"]
    precedence = sources()[source]["precedence"]
    return Result(row["quantity"], row["land"], value, half, row["status"], row["kind"], source, precedence)


def scaled(text: str, unit: str) -> tuple[Fraction, Fraction]:
    """A printed decimal in the unit of the computation, and half of its last digit (0 for counts)."""
    unit_value = UNITS[unit]
    decimals = len(text.partition(".")[2])
    half = Fraction(0) if unit == "Einwohner" else unit_value / 10**decimals / 2
    return Fraction(text) * unit_value, half


def preferred(results: Iterable[Result]) -> dict[str, dict[str, Result]]:
    """By quantity and Land the value of the source that comes first; the balance of a Land is one quantity.

    ``ausgleich`` comes from Beitrag and Zuweisung, or Abschlag and Zuschlag, where a source gives them.
    """
    best: dict[str, dict[str, Result]] = {}
    for result in sorted(_with_balance(results), key=lambda result: result.precedence):
        best.setdefault(result.quantity, {}).setdefault(result.land, result)
    return best


BALANCE = {"ausgleichsbeitrag": -1, "ausgleichszuweisung": 1, "abschlag": -1, "zuschlag": 1}
"""Quantities that are the balance of a Land under another name, with the sign they have in it."""


def _with_balance(results: Iterable[Result]) -> list[Result]:
    """The results, and what each source says of a balance: a Zuweisung beside which it prints a Beitrag of 0 is one."""
    given = list(results)
    parts: dict[tuple[str, str], list[Result]] = {}
    for result in given:
        if result.quantity in BALANCE:
            parts.setdefault((result.source, result.land), []).append(result)
    return given + [
        max(found, key=lambda result: abs(result.value))._replace(
            quantity="ausgleich", value=sum((BALANCE[result.quantity] * result.value for result in found), Fraction(0))
        )
        for found in parts.values()
    ]


class Contradiction(NamedTuple):
    """Two sources that disagree beyond the rounding of both; ``chosen`` is the one that counts."""

    quantity: str
    land: str
    chosen: Result
    other: Result


def contradictions(results: Iterable[Result]) -> list[Contradiction]:
    """Every published value that disagrees with the one that counts, beyond the rounding of both."""
    given = _with_balance(results)
    best = preferred(results)
    return [
        Contradiction(result.quantity, result.land, chosen, result)
        for result in given
        if (chosen := best[result.quantity][result.land]) is not result
        and abs(chosen.value - result.value) > chosen.half + result.half
    ]


def by_land(results: Mapping[str, Result]) -> dict[str, Fraction] | None:
    """The values of all 16 Länder, or None where one is missing."""
    return {code: results[code].value for code in CODES} if set(results) == set(CODES) else None
