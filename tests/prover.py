"""Proves errata: no other plausible reading of a corrected cell satisfies the identities of its source."""

from collections.abc import Iterable, Sequence
from decimal import Decimal

import numpy as np

from lfa.identities import COLUMNS, Identity, Row, breaches, holds, sheet
from lfa.sources import LAYOUT, OLD_LAENDER, UNNAMED, Cell, Erratum, Figures
from lfa.states import INSGESAMT

NOTHING = Row(np.zeros(17), np.zeros(17))
Place = tuple[str, str]


def one_edit(value: Decimal) -> set[Decimal]:
    """Every number that differs from a printed one by one digit changed, lost or added, or by its sign.

    A line is printed with the same decimals throughout, and so is every reading of its cells.
    """
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


def columns_of(table: str) -> list[tuple[str, str]]:
    """The columns of a table in the order of the page, as suffix of the line and Land."""
    laender = (*OLD_LAENDER, INSGESAMT) if table == "anlage3" else COLUMNS
    return [("", land) for land in laender] + ([(UNNAMED, INSGESAMT)] if table == "einwohner" else [])


def adjacent(cell: Cell, *tables: Figures) -> set[Decimal]:
    """The values around the cell on the page, as printed and as corrected.

    Left, right, above, below and the four corners, and every figure that shares a cell of the source with it. (In two
    Anlagen the Länder are the rows; what is around a cell is the same.)
    """
    columns = columns_of(cell.table)
    suffix = UNNAMED if cell.line.endswith(UNNAMED) else ""
    column = columns.index((suffix, cell.land))
    rows = [line for row in LAYOUT[cell.table] for line in row]
    row = rows.index(cell.line.removesuffix(suffix))
    around = {
        (rows[y], columns[x])
        for y in range(max(row - 1, 0), min(row + 2, len(rows)))
        for x in range(max(column - 1, 0), min(column + 2, len(columns)))
    }
    around |= {(line, columns[column]) for shared in LAYOUT[cell.table] if rows[row] in shared for line in shared}
    others = {Cell(cell.table, line + suffix, land) for line, (suffix, land) in around} - {cell}
    return {figures[other] for figures in tables for other in others if other in figures}


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
