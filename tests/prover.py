"""Proves errata: no other plausible reading of a corrected cell satisfies the identities of its source."""

from collections.abc import Iterable, Sequence
from decimal import Decimal

import numpy as np

from lfa.identities import COLUMNS, Identity, Row, breaches, holds, sheet
from lfa.sources import Cell, Erratum, Figures

NOTHING = Row(np.zeros(17), np.zeros(17))
Place = tuple[str, str]


def one_edit(value: Decimal) -> set[Decimal]:
    """Every number that differs from a printed one by one digit changed, lost or added, or by its sign."""
    sign, digits = ("-" if value < 0 else ""), str(abs(value))
    texts = {("" if sign else "-") + digits}
    for position, character in enumerate(digits):
        rest = digits[position + 1 :]
        if character.isdigit():
            texts |= {sign + digits[:position] + other + rest for other in "0123456789"}
            texts.add(sign + digits[:position] + rest)
        texts |= {sign + digits[:position] + other + character + rest for other in "0123456789"}
    texts |= {sign + digits + other for other in "0123456789"}
    decimals = value.as_tuple().exponent
    readings = {Decimal(text) for text in texts if any(character.isdigit() for character in text)}
    return {reading for reading in readings if reading.as_tuple().exponent == decimals} - {value}


def adjacent(cell: Cell, *tables: Figures) -> set[Decimal]:
    """The values of the cells left, right, above and below, as printed and as corrected."""
    column = COLUMNS.index(cell.land)
    result = set()
    for figures in tables:
        lines = list(dict.fromkeys(other.line for other in figures if other.table == cell.table))
        row = lines.index(cell.line) if cell.line in lines else -1
        neighbours = [cell._replace(land=COLUMNS[other]) for other in (column - 1, column + 1) if 0 <= other < 17]
        neighbours += [cell._replace(line=lines[other]) for other in (row - 1, row + 1) if 0 <= other < len(lines)]
        result |= {figures[other] for other in neighbours if other in figures}
    return result


def readings(erratum: Erratum, printed: Figures, corrected: Figures) -> list[Decimal]:
    """Every plausible reading of the cell but the corrected one: the print itself, one edit away, or a neighbour."""
    found = printed.get(erratum.cell)
    values = adjacent(erratum.cell, printed, corrected) | {Decimal(0)}
    if found is not None:
        values |= one_edit(found) | {found}
    return sorted(values - {erratum.corrected if erratum.corrected is not None else Decimal(0)})


def touched(rules: Iterable[Identity], corrected: Figures) -> dict[Place, list[Identity]]:
    """The identities that read each line."""
    rows = sheet(corrected)
    result: dict[Place, list[Identity]] = {}
    for rule in rules:
        used: set[Place] = set()

        def look_up(table: str, line: str, used: set[Place] = used) -> Row:
            used.add((table, line))
            return rows.get((table, line), NOTHING)

        rule.difference(look_up)
        for place in used:
            result.setdefault(place, []).append(rule)
    return result


def surviving(
    erratum: Erratum,
    others: Sequence[Decimal],
    corrected: Figures,
    rules: Sequence[Identity],
    known: set[tuple[str, str]],
) -> list[Decimal]:
    """The readings with which no identity fails but the known open ones."""
    rows = sheet(corrected)
    place = (erratum.cell.table, erratum.cell.line)
    column = COLUMNS.index(erratum.cell.land)
    base = rows.get(place, NOTHING)
    low, high = (np.array(np.broadcast_to(bound, (len(others), 17))) for bound in (base.low, base.high))
    for number, value in enumerate(others):
        row = sheet({erratum.cell: value})[place] if value else NOTHING
        low[number, column], high[number, column] = row.low[column], row.high[column]
    variant = {**rows, place: Row(low, high)}
    alive = np.ones(len(others), dtype=bool)
    for rule in rules:
        fine = np.broadcast_to(
            holds(rule.difference(lambda table, line: variant.get((table, line), NOTHING))), (len(others), 17)
        )
        allowed = np.array([(rule.name, land) in known for land in COLUMNS])
        alive &= (fine | allowed).all(axis=1)
    return [value for value, lives in zip(others, alive, strict=True) if lives]


def without_group(group: str, printed: Figures, errata: Iterable[Erratum]) -> Figures:
    """The corrected figures with one group of errata left out."""
    figures = dict(printed)
    for erratum in errata:
        if erratum.group != group:
            if erratum.corrected is None:
                figures.pop(erratum.cell, None)
            else:
                figures[erratum.cell] = erratum.corrected
    return figures


def failing(figures: Figures, rules: Iterable[Identity], known: set[tuple[str, str]]) -> list[str]:
    """Names of the identities that fail, without the known open ones."""
    found = (breach for breach in breaches(figures, rules) if (breach.identity, breach.land) not in known)
    return list(dict.fromkeys(breach.identity for breach in found))
