"""Bodies of Baden-Württemberg - Gemeinden, Kreise, Schulträger - and what the FAG BW gives them in a year.

A file has a row per body and a column per quantity; which quantities a body must give follows from asking the rules in
``lfa.law.fag_bw``. Lines that begin with ``#`` explain the columns and are not read.
"""

import csv
import datetime
import io
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from lfa import bekanntmachung
from lfa.errors import DataError, Problem
from lfa.files import DATA, check_once, load_yaml, read_table, shown
from lfa.law import fag_bw
from lfa.parameters import as_floats, entries, parameters

LAW = "fag_bw"
KINDS = {
    "gemeinde": ("gemeinde",),
    "grosse_kreisstadt": ("gemeinde", "grosse_kreisstadt"),
    "stadtkreis": ("stadtkreis",),
    "landkreis": ("landkreis",),
    "verwaltungsgemeinschaft": ("verwaltungsgemeinschaft",),
    "schultraeger": ("schultraeger",),
}
"""Kinds of bodies, and whose rules hold for each. Every body may be Schulträger as well: ``gemeinde schultraeger``."""
NAME, KIND = "koerperschaft", "art"

Amounts = np.ndarray[Any, np.dtype[np.float64]]

# --- What there is to know --------------------------------------------------------------------------------------------


class Quantity(NamedTuple):
    """What a body gives, or a line computed from it."""

    key: str
    paragraph: str
    unit: str
    evidence: str
    label: str
    published: str = ""
    formula: str = ""
    land: bool = False
    """One number for the whole Land."""
    whole: bool = False
    minimum: float = 0
    maximum: float | None = None
    may_be_given: bool = False
    """A body may give this line itself; then it is not computed."""
    reading: str = ""
    item: Mapping[str, Sequence[str]] | Sequence[str] = ()
    """Basis and rate of an entitlement, by kind of body where they differ."""
    paid_by_the_body: bool = False

    def product(self, bodies: Iterable[str]) -> tuple[str, ...]:
        """Basis and rate of the entitlement for a body under these rules; nothing if the line is none."""
        if isinstance(self.item, Mapping):
            return tuple(next((self.item[body] for body in bodies if body in self.item), ()))
        return tuple(self.item)


@cache
def registry() -> Mapping[str, Quantity]:
    """Every quantity by key: in the order of the statute, what is given before what is computed from it."""
    path = DATA / "lines" / f"{LAW}.yaml"
    content = load_yaml(path, "bw_lines")
    check_once(path, content, "key")
    return {entry["key"]: Quantity(**entry) for entry in content}


class Reading(NamedTuple):
    """An open point of the law in a year, and the answer taken unless told otherwise."""

    name: str
    description: str
    taken: int


@cache
def open_points(year: int) -> tuple[Reading, ...]:
    """The questions that the wording leaves open in a year, in the order of the statute."""
    values = parameters(LAW, _last_day(year))
    result = []
    for entry in entries(LAW):
        if entry["unit"] == "ja/nein" and entry["name"] in values:
            start = max(day for day in entry["values"] if day <= _last_day(year).isoformat())
            if entry["values"][start].get("evidence", entry["evidence"]) == "R":
                result.append(Reading(entry["name"], entry["description"], int(values[entry["name"]])))
    return tuple(result)


def _last_day(year: int) -> datetime.date:
    return datetime.date(year, 12, 31)


@cache
def exact_values(year: int) -> Mapping[str, Any]:
    """What the statute fixes and what is announced for a year, exact, by key. Raises DataError without announcement."""
    announced = {key: number.amount for key, number in bekanntmachung.load(year).items() if number.amount is not None}
    return {**parameters(LAW, _last_day(year)), **announced}


def values(year: int, readings: Mapping[str, int] | None = None) -> dict[str, Any]:
    """The parameters of a year as floats, with other answers to open points. Raises DataError for one unknown."""
    known = [point.name for point in open_points(year)]
    if wrong := [name for name in readings or {} if name not in known]:
        raise DataError(Problem("--reading", "", "", name, name, "one of " + " ".join(known)) for name in wrong)
    return as_floats({**exact_values(year), **{name: Fraction(value) for name, value in (readings or {}).items()}})


@cache
def rate_units(year: int) -> Mapping[str, str]:
    """The unit of every rate: as announced, as the statute has it, or as the line is."""
    announced = {
        key: number.unit.removeprefix(bekanntmachung.MILLIONS) for key, number in bekanntmachung.load(year).items()
    }
    statutory = {entry["name"]: entry["unit"] for entry in entries(LAW)}
    return {**{key: quantity.unit for key, quantity in registry().items()}, **statutory, **announced}


Readings = frozenset[tuple[str, int]]
"""Other answers to open points, by name."""


@cache
def needed(
    year: int, kinds: tuple[str, ...], given: frozenset[str] = frozenset(), readings: Readings = frozenset()
) -> tuple[Quantity, ...]:
    """What bodies of these kinds must give in a year besides the lines they give themselves: what the rules ask for.

    ``kinds`` are keys of ``KINDS``; in the order of the registry, the Teilzahlungen last.
    """
    asked = dict.fromkeys(given, np.ones(1))
    while True:
        try:
            _settle(asked, year, kinds, dict(readings))
            break
        except KeyError as missing:
            (key,) = missing.args
            if key not in registry():
                raise
            asked[key] = np.ones(1)
    return tuple(quantity for key, quantity in registry().items() if key in asked and key not in given)


@cache
def _useful(year: int, kinds: tuple[str, ...], given: frozenset[str]) -> frozenset[str]:
    """What the rules ask for under some answer to the open points."""
    other = (frozenset([(point.name, 1 - point.taken)]) for point in open_points(year))
    return frozenset(quantity.key for readings in other for quantity in needed(year, kinds, given, readings))


def _bodies(kinds: Sequence[str]) -> list[str]:
    return [body for kind in kinds for body in KINDS[kind]]


def _settle(
    lines: Mapping[str, Any], year: int, kinds: Sequence[str], readings: Mapping[str, int] | None = None
) -> dict[str, Any]:
    """Every line of bodies of the same kinds, the sum of what they get and Abschnitt III included."""
    factors = values(year, readings)
    result = dict(lines)
    for body in _bodies(kinds):
        result = fag_bw.settle(result, factors, body)
    amounts = [result[quantity.key] for quantity, _ in _items(result, kinds) if not quantity.paid_by_the_body]
    result["leistungen"] = sum(amounts)
    result.update(fag_bw.settle(result, factors, "abrechnung", ("abrechnung",)))
    return result


def _items(lines: Iterable[str], kinds: Sequence[str]) -> list[tuple[Quantity, tuple[str, ...]]]:
    """The entitlements among the lines, with their basis and rate."""
    bodies = _bodies(kinds)
    found = ((registry()[key], registry()[key].product(bodies)) for key in registry() if key in lines)
    return [(quantity, product) for quantity, product in found if product]


# --- A file of bodies -------------------------------------------------------------------------------------------------


class Body(NamedTuple):
    """One body as its file gives it."""

    name: str
    kinds: tuple[str, ...]
    inputs: Mapping[str, float]


def template(year: int, kinds: Sequence[str]) -> str:
    """The file to fill in for bodies of these kinds: the columns, their units and meaning, and a row to fill.

    Raises ValueError for kinds that do not go together.
    """
    kinds = combined(" ".join(kinds))
    if not kinds:
        raise ValueError("kinds that do not go together")
    quantities = needed(year, kinds)
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow([NAME, KIND, *(quantity.key for quantity in quantities)])
    writer.writerow(["# Einheit", "", *(_unit(quantity) for quantity in quantities)])
    writer.writerow(["# Paragraf", "", *(quantity.paragraph for quantity in quantities)])
    writer.writerow(["# Bedeutung", "Art der Körperschaft", *(_meaning(quantity) for quantity in quantities)])
    writer.writerow(["# Fundstelle", "", *(quantity.published for quantity in quantities)])
    writer.writerow(["", " ".join(kinds), *("" for _ in quantities)])
    return buffer.getvalue()


def _unit(quantity: Quantity) -> str:
    return "Anteil von 0 bis 1" if quantity.unit == "Anteil" else quantity.unit


def _meaning(quantity: Quantity) -> str:
    return f"{quantity.label} (in jeder Zeile gleich)" if quantity.land else quantity.label


def read(path: Path, year: int, readings: Mapping[str, int] | None = None) -> list[Body]:
    """The bodies of a file, in its order. Raises DataError with everything that is wrong with it, by row and column."""
    values(year, readings)
    other = frozenset((readings or {}).items())
    heading, *rows = read_table(path)
    file = shown(path)
    numbered = [(str(number), row) for number, row in enumerate(rows, 2) if not row[0].startswith("#")]
    problems = [*_column_problems(file, heading), *_length_problems(file, numbered, len(heading))]
    if not numbered:
        problems.append(Problem(file, found="no row of a body", expected="a row per body"))
    if problems:
        raise DataError(problems)
    records = [(number, dict(zip(heading, row, strict=True))) for number, row in numbered]
    problems = [
        *_name_problems(file, records),
        *_missing_columns(file, records, heading, year, other),
        *(problem for number, record in records for problem in _cell_problems(file, number, record, year, other)),
        *_land_problems(file, records),
    ]
    if problems:
        raise DataError(sorted(problems, key=lambda problem: int(problem.row)))
    return [
        Body(record[NAME], kinds, {key: float(record[key]) for key in _used(record, kinds, year)})
        for _, record in records
        if (kinds := combined(record[KIND]))
    ]


def combined(text: str) -> tuple[str, ...]:
    """Kinds of a body from its cell; none if they do not go together."""
    kinds = tuple(text.split())
    known = set(kinds) <= set(KINDS) and len(set(kinds)) == len(kinds)
    return kinds if known and len(set(kinds) - {"schultraeger"}) <= 1 else ()


def _given(record: Mapping[str, str]) -> frozenset[str]:
    return frozenset(key for key, text in record.items() if text and key in registry() and registry()[key].may_be_given)


def _must_give(record: Mapping[str, str], kinds: tuple[str, ...], year: int, other: Readings) -> dict[str, Quantity]:
    """The columns that a record must fill: what the rules ask for, given the lines it gives itself."""
    return {quantity.key: quantity for quantity in needed(year, kinds, _given(record), other)}


def _used(record: Mapping[str, str], kinds: tuple[str, ...], year: int) -> list[str]:
    """The columns that count, those only another reading would ask for included."""
    given = _given(record)
    may = _useful(year, kinds, given) | given
    return [key for key in registry() if key in may and record.get(key)]


def _column_problems(file: str, heading: Sequence[str]) -> Iterator[Problem]:
    for column in (NAME, KIND):
        if column not in heading:
            yield Problem(file, "1", "", column, "no such column", "a row per body with its name and kind")
    for column, count in Counter(heading).items():
        quantity = registry().get(column)
        if column not in (NAME, KIND) and not (quantity and (quantity.published or quantity.may_be_given)):
            yield Problem(file, "1", "", column, "an unknown column", "a column of: python -m lfa municipal template")
        elif count > 1:
            yield Problem(file, "1", "", column, f"the column {count} times", "every column once")


def _length_problems(file: str, rows: Iterable[tuple[str, Sequence[str]]], columns: int) -> Iterator[Problem]:
    for number, row in rows:
        if len(row) != columns:
            yield Problem(file, number, found=f"{len(row)} fields", expected=f"{columns} fields between commas")


def _name_problems(file: str, records: Iterable[tuple[str, Mapping[str, str]]]) -> Iterator[Problem]:
    first: dict[str, str] = {}
    for number, record in records:
        name = record[NAME]
        if not name:
            yield Problem(file, number, "", NAME, "nothing", "the name of the body")
        elif name in first:
            yield Problem(file, number, "", NAME, f"{name} again", f"every body once; the first is row {first[name]}")
        first.setdefault(name, number)


def _missing_columns(
    file: str, records: Iterable[tuple[str, Mapping[str, str]]], heading: Sequence[str], year: int, other: Readings
) -> Iterator[Problem]:
    missing = {
        key: quantity
        for _, record in records
        if (kinds := combined(record[KIND]))
        for key, quantity in _must_give(record, kinds, year, other).items()
        if key not in heading
    }
    for key, quantity in missing.items():
        yield Problem(file, "1", "", key, "no such column", _expected(quantity))


def _cell_problems(file: str, number: str, record: Mapping[str, str], year: int, other: Readings) -> Iterator[Problem]:
    kinds = combined(record[KIND])
    if not kinds:
        yield Problem(file, number, "", KIND, record[KIND] or "nothing", f"one of {' '.join(KINDS)}, and schultraeger")
        return
    wanted = _must_give(record, kinds, year, other)
    counted = set(_used(record, kinds, year))
    numbers: dict[str, float] = {}
    for key, text in record.items():
        if key in (NAME, KIND):
            continue
        quantity = registry()[key]
        if key in wanted or key in counted:
            if wrong := _wrong(quantity, text):
                yield Problem(file, number, "", key, text or "nothing", wrong)
            else:
                numbers[key] = float(text)
        elif text not in ("", "0") and not quantity.land:
            expected = f"nothing: not needed in {year} for {record[KIND]}"
            if given := _given(record):
                expected += f", where {' '.join(sorted(given))} is given"
            yield Problem(file, number, "", key, text, expected)
    yield from _contradictions(file, number, numbers)


PLAIN = re.compile(r"-?[0-9]+(\.[0-9]+)?")


def _wrong(quantity: Quantity, text: str) -> str:
    """What was expected in the place of the text, or nothing if it can be meant."""
    if not text:
        return _expected(quantity)
    if not PLAIN.fullmatch(text):
        return f"a number such as {'1234' if quantity.whole else '1234.5'} ({quantity.unit})"
    number = float(text)
    if quantity.whole and not number.is_integer():
        return f"a whole number ({quantity.unit})"
    if number < quantity.minimum or number > (quantity.maximum or LARGEST):
        span = f"from {quantity.minimum:,} to {quantity.maximum or LARGEST:,}"
        return f"a number {span} ({quantity.unit})"
    return ""


LARGEST = 10**12
"""No amount of Baden-Württemberg is larger, in euro."""


def _expected(quantity: Quantity) -> str:
    return f"{quantity.label} ({quantity.paragraph}, {quantity.unit}), from: {quantity.published}"


def _contradictions(file: str, number: str, numbers: Mapping[str, float]) -> Iterator[Problem]:
    """Numbers of one body that exclude each other."""
    for tax in ("grundsteuer_a", "grundsteuer_b", "gewerbesteuer"):
        if numbers.get(tax) and numbers.get("hebesatz_" + tax) == 0:
            yield Problem(file, number, "", "hebesatz_" + tax, "0", f"above 0, since there is {tax}")
    for part, whole in (
        ("einwohner_grosse_kreisstaedte_und_vg", "einwohner"),
        ("einwohner", "einwohner_land"),
        ("flaeche", "flaeche_land"),
        ("familienleistungsausgleich_land_vorvorjahr", "einkommensteuer_land"),
    ):
        if part in numbers and numbers[part] > numbers.get(whole, LARGEST):
            yield Problem(file, number, "", part, f"{numbers[part]:.12g}", f"at most {whole}, {numbers[whole]:.12g}")


def _land_problems(file: str, records: Sequence[tuple[str, Mapping[str, str]]]) -> Iterator[Problem]:
    """Numbers of the whole Land that are not the same in every row."""
    for key in records[0][1]:
        if key in registry() and registry()[key].land:
            filled = [(number, record[key]) for number, record in records if record[key]]
            for number, text in filled:
                if text != filled[0][1]:
                    expected = f"the same in every row, it is for the whole Land: {filled[0][1]} in row {filled[0][0]}"
                    yield Problem(file, number, "", key, text, expected)


def origin(year: int) -> int:
    """The last year up to this one for which bodies were invented. Raises DataError if there is none."""
    found = [int(path.parent.name) for path in bekanntmachung.FOLDER.glob("[0-9]*/muster.csv")]
    if not (before := [made for made in found if made <= year]):
        raise DataError([Problem(f"data/bw/{year}/muster.csv", found="no such file", expected="invented bodies")])
    return max(before)


@cache
def invented(year: int) -> Mapping[str, Body]:
    """The invented bodies of a year by name, with the numbers of the last year that has its own."""
    bodies = read(bekanntmachung.FOLDER / str(origin(year)) / "muster.csv", year)
    return {body.name: body for body in bodies}


# --- Entitlements -----------------------------------------------------------------------------------------------------


class Row(NamedTuple):
    """One row of the result. What flows from the body is negative; ``amount`` is basis times rate."""

    year: int
    body: str
    kind: str
    item: str
    paragraph: str
    label: str
    basis: float | None
    basis_unit: str
    rate: float | None
    rate_unit: str
    amount: float


class Settled(NamedTuple):
    """Bodies of the same kinds with every line of theirs, on one axis."""

    year: int
    bodies: tuple[Body, ...]
    kinds: tuple[str, ...]
    lines: Mapping[str, Any]
    values: Mapping[str, Any]

    def rows(self) -> list[list[Row]]:
        """For each body what it gets, the total, the Teilzahlungen, the rest, what it pays, and the balance."""
        entitlements = [self._item(quantity, product) for quantity, product in _items(self.lines, self.kinds)]
        got = [columns for paid, columns in entitlements if not paid]
        paid = [columns for paid, columns in entitlements if paid]
        summary = [self._sum("total", "leistungen", "Leistungen")]
        for quarter in fag_bw.TEILZAHLUNGEN:
            summary.append(self._sum(quarter, quarter, registry()[quarter].label, -1))
        settled_with = self.values["abrechnung_quartal"], self.values["abrechnung_quartal_jahr"]
        rest = "Rest, abzuwickeln mit der Teilzahlung für das {:.0f}. Vierteljahr {:.0f}".format(*settled_with)
        summary.append(self._sum("rest", "abrechnung", rest))
        balance = self.array(self.lines["leistungen"]) + sum(columns[-1] for columns in paid)
        summary_of_all = ("saldo", "", "Leistungen weniger Zahlungen an das Land", None, "", None, "", balance)
        result = []
        for index, body in enumerate(self.bodies):
            head = (self.year, body.name, " ".join(self.kinds))
            result.append(
                [
                    Row(*head, *(part[index] if isinstance(part, np.ndarray) else part for part in columns))
                    for columns in (*got, *summary, *paid, summary_of_all)
                ]
            )
        return result

    def array(self, value: Any) -> Amounts:
        """A value by body, also where it is one number for all."""
        return np.broadcast_to(np.asarray(value, dtype=float), (len(self.bodies),))

    def _item(self, quantity: Quantity, product: tuple[str, ...]) -> tuple[bool, tuple[Any, ...]]:
        basis, rate = product
        sign = -1 if quantity.paid_by_the_body else 1
        amount = sign * self.array(self.lines[quantity.key]) + 0.0
        # Some lines bear the name of the rate announced for them.
        rates = self.array(self.values[rate] if rate in self.values else self.lines[rate])
        units = rate_units(self.year)
        columns = (self.array(self.lines[basis]), registry()[basis].unit, rates, units[rate], amount)
        return quantity.paid_by_the_body, (quantity.key, quantity.paragraph, quantity.label, *columns)

    def _sum(self, item: str, line: str, label: str, sign: int = 1) -> tuple[Any, ...]:
        return item, "Abschnitt III", label, None, "", None, "", sign * self.array(self.lines[line]) + 0.0


def settle(year: int, bodies: Sequence[Body], readings: Mapping[str, int] | None = None) -> list[Settled]:
    """FAG BW: what bodies get and pay in a year; those of the same kinds, that give the same lines, together.

    Raises DataError for a year without announcement and for unknown readings, KeyError for bodies that lack inputs.
    """
    groups: dict[tuple[tuple[str, ...], frozenset[str]], list[Body]] = {}
    for body in bodies:
        groups.setdefault((body.kinds, frozenset(body.inputs)), []).append(body)
    factors = values(year, readings)
    return [
        Settled(year, tuple(members), kinds, _settle(_columns(members, keys), year, kinds, readings), factors)
        for (kinds, keys), members in groups.items()
    ]


def _columns(bodies: Sequence[Body], keys: Iterable[str]) -> dict[str, Any]:
    """The inputs with the bodies on the last axis; what is one number for the whole Land stays one."""
    return {
        key: bodies[0].inputs[key] if registry()[key].land else np.array([body.inputs[key] for body in bodies])
        for key in keys
    }


def entitlements(year: int, bodies: Sequence[Body], readings: Mapping[str, int] | None = None) -> list[Row]:
    """The rows of all bodies, in their order."""
    by_name = {rows[0].body: rows for settled in settle(year, bodies, readings) for rows in settled.rows()}
    return [row for body in bodies for row in by_name[body.name]]


class Effect(NamedTuple):
    """What the other answer to an open point changes for each body, in euro of its balance."""

    reading: Reading
    changes: Mapping[str, float]


def effects(year: int, bodies: Sequence[Body], readings: Mapping[str, int] | None = None) -> list[Effect]:
    """For every open point the change of the balances under the other answer; none where that asks for more inputs."""
    taken = dict(readings or {})
    before = _balances(year, bodies, taken)
    result = []
    for point in open_points(year):
        answer = taken.get(point.name, point.taken)
        try:
            after = _balances(year, bodies, {**taken, point.name: 1 - answer})
        except KeyError:
            after = {}
        result.append(Effect(point._replace(taken=answer), {name: after[name] - before[name] for name in after}))
    return result


def _balances(year: int, bodies: Sequence[Body], readings: Mapping[str, int]) -> dict[str, float]:
    return {row.body: row.amount for row in entitlements(year, bodies, readings) if row.item == "saldo"}
