"""Runs the law on a year: named lines, Insgesamt, comparison with the official print, rounding to the printed unit."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from types import ModuleType
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from lfa.errors import DataError
from lfa.law import fag1993, fag2005, fag2020
from lfa.lines import Line, Place, registry
from lfa.parameters import as_floats, as_vectors
from lfa.results import preferred
from lfa.sources import Cell
from lfa.states import CODES, INSGESAMT
from lfa.years import (
    NATIONAL,
    Year,
    derived_inputs,
    direct_inputs,
    half_unit,
    load,
    official,
    printed_inputs,
    rounding_of,
    scale,
    years,
)

LAWS: Mapping[str, ModuleType] = {"fag1993": fag1993, "fag2005": fag2005, "fag2020": fag2020}
BLOCK = 512
"""Scenarios computed at a time: a block of all lines in work stays in the cache of one core."""
DECIMALS = {"EUR": 2, "EUR je Einwohner": 4, "Anteil": 8, "v.H.": 6}
"""Decimals shown in tidy rows; counts and ranks are whole."""

Array = NDArray[np.float64]


class Settlement(NamedTuple):
    """A settled year: every line over the 16 Länder, its Insgesamt, and which reconstructed readings bound where."""

    year: Year
    lines: Mapping[str, Array]
    insgesamt: Mapping[str, float | None]
    readings: Mapping[str, tuple[str, ...]]

    def to_frame(self) -> pd.DataFrame:
        """The wide table of the Anlage: a row per line; Zeile, kind, label, unit, the 16 Länder, Insgesamt."""
        rows = {
            key: {
                "zeile": " ".join(line.zeilen),
                "kind": line.kind,
                "label": line.label,
                "unit": line.unit,
                **dict(zip(CODES, _by_land(self.lines[key]), strict=True)),
                INSGESAMT: self.insgesamt[key],
            }
            for key, line in _shown(self.year.law, self.lines).items()
        }
        return pd.DataFrame.from_dict(rows, orient="index")

    def to_long(self) -> pd.DataFrame:
        """Tidy rows: year, stage, line (printed Zeile or empty), quantity, land, value, unit."""
        rows = [
            (self.year.year, line.stage, zeile, key, land, value, line.unit)
            for key, line in _shown(self.year.law, self.lines).items()
            for zeile in line.zeilen or ("",)
            for land, value in zip((*CODES, INSGESAMT), (*_by_land(self.lines[key]), self.insgesamt[key]), strict=True)
            if value is not None
        ]
        return pd.DataFrame(rows, columns=["year", "stage", "line", "quantity", "land", "value", "unit"])

    def as_printed(self) -> "Settlement":
        """The same settlement with every figure as the source prints it, corrected; computed where it prints none."""
        lines, insgesamt = dict(self.lines), dict(self.insgesamt)
        for key in self.lines.keys() & registry(self.year.law).keys():
            figures = {land: float(value) for land, value in official(self.year, key).items()}
            if lines[key].shape == (16,):
                pairs = zip(CODES, lines[key], strict=True)
                lines[key] = np.array([figures.get(code, float(value)) for code, value in pairs])
            if INSGESAMT in figures:
                insgesamt[key] = figures[INSGESAMT]
        return self._replace(lines=lines, insgesamt=insgesamt)

    def compare(self) -> pd.DataFrame:
        """Computed against official, a row per official figure with the columns of ``Figure``."""
        return pd.DataFrame(comparison(self), columns=list(Figure._fields))


def _shown(law: str, lines: Mapping[str, Any]) -> dict[str, Line]:
    """The lines of a settlement that are amounts, in the order of the registry; readings are told apart."""
    return {key: line for key, line in registry(law).items() if key in lines and line.unit != "Lesart"}


def _by_land(values: Array) -> list[float | None]:
    return [float(value) for value in values] if values.shape == (16,) else [None] * 16


def settle(jahr: int) -> Settlement:
    """Settle an Ausgleichsjahr from its official inputs. Raises DataError for a year without usable data."""
    return settle_year(load(jahr))


def settle_year(year: Year) -> Settlement:
    """Settle a year that is already read."""
    values = as_floats(year.parameters)
    inputs, from_print = derived_inputs(as_floats(printed_inputs(year)), values, year.law)
    lines = {key: np.asarray(value, dtype=float) for key, value in run(year, inputs, from_print, values).items()}
    totals = {
        key: None if (total := _insgesamt(line, lines)) is None else float(total)
        for key, line in registry(year.law).items()
        if key in lines
    }
    readings = {
        key: tuple(code for code, bound in zip(CODES, lines[key], strict=True) if bound)
        for key, line in registry(year.law).items()
        if line.unit == "Lesart" and key in lines
    }
    return Settlement(year, lines, totals, {key: laender for key, laender in readings.items() if laender})


def known_of(jahr: int) -> dict[str, dict[str, float]]:
    """What is known of a year, by key and Land: all lines where it can be settled, else what was published."""
    if jahr not in years():
        return {}
    try:
        year = load(jahr)
    except DataError:
        # A bad year before is told where it is checked itself.
        return {}
    known = {
        key: {land: float(result.value) for land, result in by_land.items()}
        for key, by_land in preferred(year.results).items()
    }
    if year.inputs:
        for key, values in settle_year(year).lines.items():
            columns = CODES if values.shape == (16,) else (INSGESAMT,)
            known[key] = dict(zip(columns, map(float, np.ravel(values)), strict=True))
    # Inhabitants are known as established, or as § 12a mixes them: near enough to compare with.
    return {"festgestellte_einwohner": known["einwohner"], **known} if "einwohner" in known else known


def settle_exactly(year: Year) -> dict[str, Any]:
    """Settle a year by the same law on lists of fractions: every line without any rounding."""
    values = as_vectors(year.parameters)
    inputs, from_print = derived_inputs(as_vectors(printed_inputs(year)), values, year.law)
    return run(year, inputs, from_print, values)


def run(
    year: Year, inputs: Mapping[str, Any], from_print: Mapping[str, Any], values: Mapping[str, Any]
) -> dict[str, Any]:
    """The lines of every stage the year allows; a stage starts from the print where the earlier one is printed."""
    law = LAWS[year.law]
    known = dict(inputs)
    result = dict(inputs)
    for stage, _ in law.STAGES:
        if stage in year.stages:
            after = law.settle(known, values, (stage,))
            added = {key: value for key, value in after.items() if key not in known}
            result.update(added)
            known.update(added)
            known.update({key: from_print[key] for key in added if key in from_print})
    return result


def scenarios(
    law: str, inputs: Mapping[str, Any], values: Mapping[str, Any], keys: Sequence[str], stages: Sequence[str]
) -> dict[str, Array]:
    """Settle many scenarios at once: chosen lines for inputs and parameters with axes before the Länder.

    ``inputs`` are numpy arrays whose last axis is the 16 Länder (or 1 for the Federation); the axes before it must
    broadcast against each other. Works in blocks of scenarios, the Länder outermost in memory.
    """
    arrays = {key: np.asarray(value, dtype=float) for key, value in inputs.items()}
    leading = np.broadcast_shapes(*(array.shape[:-1] for array in arrays.values() if array.ndim))
    count = int(np.prod(leading))
    varying = {
        key: np.broadcast_to(array, (*leading, array.shape[-1])).reshape(count, array.shape[-1])
        for key, array in arrays.items()
        if array.ndim > 1
    }
    constant = {key: array for key, array in arrays.items() if array.ndim <= 1}
    result = {key: np.empty((count, 16)) for key in keys}
    for start in range(0, count, BLOCK):
        block = slice(start, min(start + BLOCK, count))
        lines = LAWS[law].settle(
            {**constant, **{key: np.asfortranarray(array[block]) for key, array in varying.items()}}, values, stages
        )
        for key in keys:
            result[key][block] = lines[key]
    return {key: array.reshape(*leading, 16) for key, array in result.items()}


def _insgesamt(line: Line, lines: Mapping[str, Array]) -> Array | None:
    """The column Insgesamt of a line, formed as the registry says; over the axes before the Länder."""
    kind, *of = line.insgesamt.split()
    match kind:
        case "none":
            return None
        case "positive" | "parts":
            return np.asarray(np.maximum(lines[line.key], 0).sum(axis=-1))
        case "quotient" | "quotient100":
            quotient = lines[of[0]].sum(axis=-1) / lines[of[1]].sum(axis=-1)
            return np.asarray(100 * quotient if kind == "quotient100" else quotient)
        case _:
            return np.asarray(lines[line.key].sum(axis=-1))


def rounded(value: float | Fraction, half: Fraction) -> Decimal:
    """A value rounded to the printed unit, which is twice ``half``: commercially, a half away from zero.

    The ordinances do not state their rounding; this is the one that reproduces them.
    """
    unit = Fraction(2) * half
    exact = Fraction(value) / unit
    whole = Decimal(exact.numerator) / Decimal(exact.denominator)
    return whole.quantize(Decimal(1), ROUND_HALF_UP) * Decimal(unit.numerator) / Decimal(unit.denominator)


# --- Computed against official ----------------------------------------------------------------------------------------

COLUMNS = (*CODES, INSGESAMT)
CLASSES = ("input", "reprint", "reproduced", "reproduced_after_erratum", "open", "deviating")
ROUNDED_TO_SUM = ("anlage3", "spalte_1")
CIRCULAR = ("laendersteuern", "umsatzsteueranteil")
"""Lines whose print the derived tax receipts start from: that they come out again is consistency, no result."""
NOISE = 1e-6
"""Relative and absolute noise of floating point, in euro far below a cent."""


class Figure(NamedTuple):
    """One official figure beside the computed one; amounts in the line's unit.

    ``tolerance`` is half the printed unit, plus what the rounding of the printed inputs can move the computed value.
    ``exact`` says whether both agree after rounding to the printed unit. ``kind`` is one of CLASSES.
    """

    table: str
    line: str
    land: str
    quantity: str
    official: float
    computed: float
    difference: float
    tolerance: float
    exact: bool = False
    kind: str = "reproduced"


def comparison(settlement: Settlement) -> list[Figure]:
    """Every official figure of the year against the computed one, in the order of the registry."""
    spread = rounding_spread(settlement)
    compare_line = _compare_results if settlement.year.inputs else _compare_line
    return [figure for line in _official_lines(settlement) for figure in compare_line(settlement, line, spread)]


def counted(figures: Iterable[Figure]) -> list[Figure]:
    """The official figures that are results: neither inputs nor reprints."""
    return [figure for figure in figures if figure.kind not in ("input", "reprint")]


def reproduced(figures: Iterable[Figure]) -> list[Figure]:
    """The results that the computation reproduces within the rounding of the print."""
    return [figure for figure in counted(figures) if figure.kind.startswith("reproduced")]


def to_the_last_digit(figures: Iterable[Figure]) -> list[Figure]:
    """The reproduced figures that agree after rounding; corrected ones do not count, their last digit may be open."""
    return [figure for figure in figures if figure.exact and figure.kind == "reproduced"]


def _official_lines(settlement: Settlement) -> list[Line]:
    published = preferred(settlement.year.results) if settlement.year.inputs else {}
    lines = registry(settlement.year.law).items()
    return [line for key, line in lines if key in settlement.lines and (line.printed or key in published)]


def _compare_line(settlement: Settlement, line: Line, spread: Mapping[str, Array]) -> list[Figure]:
    year = settlement.year
    corrected = {erratum.cell for erratum in year.errata if erratum.corrected is not None}
    doubtful = {finding.cell for finding in year.open}
    seen: set[str] = set()
    result = []
    for place, column, computed in _places(settlement, line):
        cell = Cell(place.table, place.line, column)
        if cell not in year.figures:
            continue
        half = half_unit(line, place, year.figures, column)
        printed = Fraction(year.figures[cell]) * (
            scale(line, place) if column != INSGESAMT else abs(scale(line, place))
        )
        difference = computed - float(printed)
        tolerance = float(half) * _units(year, line, place, column) + float(spread[line.key][COLUMNS.index(column)])
        if cell in doubtful and column not in seen:
            kind = "open"
        elif cell not in doubtful and abs(difference) > tolerance * (1 + NOISE) + NOISE:
            kind = "deviating"
        elif _is_input(line, column, year.law):
            kind = "input"
        elif column in seen:
            kind = "reprint"
        else:
            kind = "reproduced_after_erratum" if cell in corrected else "reproduced"
        seen.add(column)
        exact = rounded(computed, half) == rounded(printed, half)
        result.append(Figure(*cell, line.key, float(printed), computed, difference, tolerance, exact, kind))
    return result


def _compare_results(settlement: Settlement, line: Line, spread: Mapping[str, Array]) -> list[Figure]:
    """The published results of a year with a file of inputs; a provisional one that differs is no error."""
    found = []
    for land, result in preferred(settlement.year.results).get(line.key, {}).items():
        column = COLUMNS.index(land)
        computed = float(settlement.lines[line.key][column])
        difference = computed - float(result.value)
        tolerance = float(result.half) + float(spread[line.key][column])
        agrees = abs(difference) <= tolerance * (1 + NOISE) + NOISE
        kind = "reproduced" if agrees else "deviating" if result.status == "endgueltig" else "open"
        exact = abs(difference) <= result.half
        figure = Figure("ergebnisse", line.key, land, line.key, float(result.value), computed, difference, tolerance)
        found.append(figure._replace(exact=exact, kind=kind))
    return found


def _units(year: Year, line: Line, place: Place, column: str) -> int:
    """How many half units the print itself may be off: one, but more where it makes cells and their total agree.

    An Insgesamt that is added up from rounded cells carries the rounding of each; Zeile 40 and Sp. 3 and 4 of Anlage 3
    prove that totals are so formed. Sp. 1 of Anlage 3 is rounded to add up: two cells are rounded up from below a half.
    """
    if column == INSGESAMT and line.insgesamt in ("sum", "positive", "parts"):
        cells = (Cell(place.table, place.line.removesuffix("_minus"), code) for code in CODES)
        return max(1, sum(cell in year.figures for cell in cells))
    return 2 if (place.table, place.line) == ROUNDED_TO_SUM else 1


def _places(settlement: Settlement, line: Line) -> Iterator[tuple[Place, str, float]]:
    """Where a line can be printed, and what is computed for there."""
    values, total = settlement.lines[line.key], settlement.insgesamt[line.key]
    for place in line.printed:
        if values.shape == (16,):
            yield from ((place, code, float(value)) for code, value in zip(CODES, values, strict=True))
        if total is not None:
            yield place, INSGESAMT, total
        if line.insgesamt == "parts":
            yield place._replace(line=place.line + "_minus"), INSGESAMT, float(np.minimum(values, 0).sum())


def _is_input(line: Line, column: str, law: str) -> bool:
    """Whether the computation starts from this figure, or from another print of it."""
    if column == INSGESAMT:
        return line.key in NATIONAL.values() or (line.insgesamt == "only" and line.stage == "quelle")
    return line.key in direct_inputs(law) or line.key in CIRCULAR


def moved_inputs(year: Year) -> dict[str, Array]:
    """The printed inputs in variants: in each, one that is printed rounded is moved by half a printed unit.

    Two neighbours are the same input moved up and down; an input that is 0 stays.
    """
    printed = as_floats(printed_inputs(year))
    moves = [
        (key, column, sign * half)
        for key, halves in as_floats(rounding_of(year)).items()
        for column, half in enumerate(np.broadcast_to(halves, np.shape(np.atleast_1d(printed[key]))))
        if np.ravel(printed[key])[column] and half
        for sign in (1, -1)
    ]
    moved = {
        key: np.array(np.broadcast_to(np.atleast_1d(value), (len(moves), np.size(value))))
        for key, value in printed.items()
    }
    for variant, (key, column, step) in enumerate(moves):
        moved[key][variant, column] += step
    return moved


def rounding_spread(settlement: Settlement) -> dict[str, Array]:
    """How far the rounding of the printed inputs can move each line: 17 columns, in the line's unit.

    Every printed input that is rounded is moved up and down by half a printed unit, all others held, and the effects
    are added up: the most they can do together, since the law is linear between its kinks.
    """
    year = settlement.year
    values = as_floats(year.parameters)
    moved = moved_inputs(year)
    variants = len(next(iter(moved.values())))
    inputs, from_print = derived_inputs(moved, values, year.law)
    lines = {key: np.asarray(value, dtype=float) for key, value in run(year, inputs, from_print, values).items()}
    result = {}
    for line in _official_lines(settlement):
        effects = np.zeros((variants, 17))
        effects[:, :16] = np.abs(lines[line.key] - settlement.lines[line.key])
        totals, total = _insgesamt(line, lines), settlement.insgesamt[line.key]
        # The total of inputs is off by the rounding of its cells, which ``_units`` counts.
        read = line.key in direct_inputs(year.law)
        effects[:, 16] = 0 if totals is None or total is None or read else np.abs(totals - total)
        result[line.key] = effects.reshape(-1, 2, 17).max(axis=1).sum(axis=0) if line.unit != "Rang" else np.zeros(17)
    return result
