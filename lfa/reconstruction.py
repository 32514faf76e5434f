"""From published results back to Finanzkraft, for years whose inputs nobody published in full.

Whoever knows what a Land paid or received knows its Finanzkraft relative to the average: the tariff, run backwards. The
level of the average does not follow from that, since all surpluses and shortfalls add up to zero at any level. It comes
from the published allgemeine BEZ: one of them fixes it, and the others are then predictions. How the average splits
into taxes of the Länder and of the Gemeinden hardly matters and cannot be told; it is varied, never a result.
"""

from collections.abc import Callable, Collection, Mapping
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from lfa.errors import DataError, Problem
from lfa.law import fag2005
from lfa.lines import Line, registry
from lfa.parameters import as_floats
from lfa.results import Result, by_land, preferred
from lfa.states import CODES, INSGESAMT
from lfa.years import Year

Array = NDArray[np.float64]

SPLITS = np.array([0.0, 0.1, 0.2, 0.3, 0.4])[:, None]
"""Parts of the average that may come from taxes of the Gemeinden: all that fits the published figures."""
MIDDLE = np.array([0.2])[:, None]
LEVELS = (500.0, 20_000.0)
"""Euro per weighted inhabitant between which the average is looked for."""
STEPS = 50
"""Halvings of an interval; each gains a binary digit."""
REFINEMENTS = 8
"""Grids within grids; each is fifty times finer."""


class Reconstruction(NamedTuple):
    """A year worked back from its results: lines over the 16 Länder by key, in euro.

    ``level`` is the average per weighted inhabitant, between the smallest and the largest that fit; ``published`` are
    the allgemeine BEZ that it comes from; ``misfit`` is how far the farthest of them is off at the level and split that
    suit them best.
    """

    lines: Mapping[str, Array]
    level: tuple[float, float, float]
    published: Mapping[str, Result]
    misfit: float

    def residuals(self) -> dict[str, float]:
        """Reconstructed less published allgemeine BEZ, in euro, by Land."""
        computed = dict(zip(CODES, self.lines["allgemeine_bez"], strict=True))
        return {land: float(computed[land]) - float(result.value) for land, result in self.published.items()}

    def to_long(self, jahr: int) -> pd.DataFrame:
        """Tidy rows of every line: year, stage, line (empty), quantity, land, value, unit."""
        rows = [
            (jahr, line.stage, "", key, land, value, line.unit)
            for key, line in registry("rekonstruktion").items()
            for land, value in self._columns(line)
        ]
        return pd.DataFrame(rows, columns=["year", "stage", "line", "quantity", "land", "value", "unit"])

    def _columns(self, line: Line) -> list[tuple[str, float]]:
        values = self.lines[line.key]
        columns = list(zip(CODES, map(float, values), strict=True))
        kind, *of = line.insgesamt.split()
        match kind:
            case "only":
                return [(INSGESAMT, float(values[0]))]
            case "sum":
                return [*columns, (INSGESAMT, float(values.sum()))]
            case "positive":
                return [*columns, (INSGESAMT, float(np.maximum(values, 0).sum()))]
            case "quotient100":
                return [*columns, (INSGESAMT, float(100 * self.lines[of[0]].sum() / self.lines[of[1]].sum()))]
        return columns


def reconstruct(year: Year, using: Collection[str] = CODES) -> Reconstruction:
    """§§ 6, 10 and 11 Abs. 2 backwards: from Beiträge and Zuweisungen to Finanzkraft and allgemeine BEZ of a year.

    ``using`` names the Länder whose published allgemeine BEZ fix the level. Raises DataError where the year lacks the
    balance or the inhabitants of a Land, or any such BEZ.
    """
    results = preferred(year.results)
    ausgleich, einwohner = (_complete(year, results.get(key, {}), key) for key in ("ausgleich", "einwohner"))
    bez = results.get("allgemeine_bez", {})
    published = {land: bez[land] for land in CODES if land in bez and land in using}
    if not published:
        raise DataError([_problem(year, "allgemeine_bez", "no published value", "one at least, to fix the level")])
    values = as_floats(year.parameters)
    if values.get("sonderregel_betrag"):
        raise DataError([_problem(year, "zuschlag", "the special rule of 2026 to 2029", "a year without it")])
    halves = np.array([float(results["ausgleich"][code].half) for code in CODES])

    def lines_at(level: Array, split: Array) -> dict[str, Array]:
        return _backwards(level, split, ausgleich, einwohner, values)

    def misfit(level: Array, split: Array) -> Array:
        columns = [CODES.index(land) for land in published]
        target = np.array([float(result.value) for result in published.values()])
        return np.asarray(lines_at(level, split)["allgemeine_bez"][:, columns] - target)

    def largest(level: Array, split: Array) -> Array:
        return np.asarray(np.abs(misfit(level, split)).max(axis=-1, keepdims=True))

    closest = _best_level(largest, SPLITS)
    off = largest(closest, SPLITS)[:, 0]
    centre = _best_level(lambda level, split: np.square(misfit(level, split)).sum(axis=-1, keepdims=True), SPLITS)
    slack = float(max(result.half for result in published.values()))
    inside = np.where(off <= slack)[0]
    if not inside.size:
        # The published figures do not fit each other: the interval reaches as far as the best of all fits is off.
        closest, inside = centre, np.array([int(np.argmin(np.abs(SPLITS - MIDDLE)))])
        slack = float(largest(centre, SPLITS)[inside[0], 0])
    splits, start = SPLITS[inside], closest[inside]

    def fits(level: Array) -> NDArray[np.bool]:
        return np.asarray(largest(level, splits) <= slack * (1 + 1e-9))

    lowest, highest = (_edge(fits, start, factor * start) for factor in (0.9, 1.1))
    ends = [lines_at(level, splits)["allgemeine_bez"] for level in (lowest, highest)]
    nearest = int(np.argmin(np.abs(splits - MIDDLE)))
    level = np.clip(centre[inside][nearest], lowest[nearest], highest[nearest])[:, None]
    lines = {
        key: np.array(np.broadcast_to(value, (1, 16))[0]) for key, value in lines_at(level, splits[[nearest]]).items()
    }
    own_rounding = np.where(lines["allgemeine_bez"] > 0, values["bez_anteil"] * halves, 0)
    lines["allgemeine_bez_mindestens"] = np.maximum(np.minimum(*ends).min(axis=0) - own_rounding, 0)
    lines["allgemeine_bez_hoechstens"] = np.maximum(*ends).max(axis=0) + own_rounding
    bounds = (float(lowest.min()), float(level[0, 0]), float(highest.max()))
    return Reconstruction(lines, bounds, published, float(off.min()))


def _complete(year: Year, results: Mapping[str, Result], key: str) -> Array:
    values = by_land(results)
    if values is None:
        missing = " ".join(code for code in CODES if code not in results)
        raise DataError([_problem(year, key, f"no value for {missing}", "a value for every Land")])
    return np.array([float(values[code]) for code in CODES])


def _problem(year: Year, quantity: str, found: str, expected: str) -> Problem:
    return Problem(f"data/{year.year}/ergebnisse.csv", quantity=quantity, found=found, expected=expected)


def _backwards(
    level: Array, split: Array, ausgleich: Array, einwohner: Array, values: Mapping[str, Any]
) -> dict[str, Array]:
    """The year at an average per weighted inhabitant and a split of it; both with an axis before the Länder."""
    laender, gemeinden = values["einwohnerwertung_laendersteuern"], values["einwohnerwertung_gemeindesteuern"]
    messzahl = einwohner * level * ((1 - split) * laender + split * gemeinden) / 100
    if "ausgleichssatz" in values:
        ueberschuss, aufbringung = -ausgleich / values["ausgleichssatz"] + 0 * messzahl, np.ones_like(level)
    else:
        ueberschuss, aufbringung = _tarif_backwards(ausgleich, messzahl, values)
    kraft = messzahl + ueberschuss
    nach_zuweisung = kraft + np.maximum(ausgleich, 0)
    fehlbetrag = np.maximum(values["bez_auffuellung"] * messzahl - nach_zuweisung, 0)
    return {
        "ausgleichsmesszahl": messzahl,
        "ueberschuss": ueberschuss,
        "finanzkraftmesszahl": kraft,
        "finanzkraft_in_vh": 100 * kraft / messzahl,
        "aufbringung_in_vh": 100 * aufbringung,
        "finanzkraft_nach_ausgleich": kraft + ausgleich,
        "allgemeine_bez": values["bez_anteil"] * fehlbetrag,
    }


def _tarif_backwards(ausgleich: Array, messzahl: Array, values: Mapping[str, Any]) -> tuple[Array, Array]:
    """§ 10 Abs. 1 and 2 FAG 2001 backwards: surpluses, and the factor of the Beiträge at which they add up to zero."""
    zuweisung, beitrag = np.maximum(ausgleich, 0), np.maximum(-ausgleich, 0)
    fehlbetrag = messzahl * tariff_backwards(zuweisung / messzahl, values)

    def surplus(factor: Array) -> Array:
        return np.asarray(messzahl * tariff_backwards(beitrag / messzahl / factor, values))

    low, high = np.full((len(messzahl), 1), 0.2), np.full((len(messzahl), 1), 5.0)
    for _ in range(STEPS):
        factor = (low + high) / 2
        too_small = surplus(factor).sum(axis=-1, keepdims=True) > fehlbetrag.sum(axis=-1, keepdims=True)
        low, high = np.where(too_small, factor, low), np.where(too_small, high, factor)
    return surplus(low) - fehlbetrag, low


def tariff_backwards(factor: Array, values: Mapping[str, Any]) -> Array:
    """§ 10 Abs. 1 and 2 FAG 2001: the shortfall or surplus x whose factor F is given; each piece solved for x."""
    edges = [np.asarray(values[name]) for name in ("tarif_grenze_nr_2", "tarif_grenze_nr_1")]
    nr_3 = _root(values["tarif_nr_3_quadratisch"], values["tarif_nr_3_linear"], factor)
    nr_2 = _root(values["tarif_nr_2_quadratisch"], values["tarif_nr_2_linear"], factor + values["tarif_nr_2_abzug"])
    nr_1 = (factor + values["tarif_nr_1_abzug"]) / values["tarif_nr_1_linear"]
    lower, upper = (fag2005.tariffaktor(edge, values) for edge in edges)
    return np.where(factor <= lower, nr_3, np.where(factor <= upper, nr_2, nr_1))


def _root(quadratic: float, linear: float, result: Array) -> Array:
    """The positive x with ``quadratic * x² + linear * x = result``."""
    return np.asarray((np.sqrt(linear**2 + 4 * quadratic * result) - linear) / (2 * quadratic))


def _best_level(loss: Callable[[Array, Array], Array], splits: Array) -> Array:
    """For each split the level with the smallest loss, by ever finer grids."""
    found = []
    for split in splits:
        low, high = LEVELS
        for _ in range(REFINEMENTS):
            grid = np.linspace(low, high, 101)[:, None]
            best = int(loss(grid, np.broadcast_to(split, grid.shape))[:, 0].argmin())
            low, high = float(grid[max(best - 1, 0), 0]), float(grid[min(best + 1, 100), 0])
        found.append((low + high) / 2)
    return np.array(found)[:, None]


def _edge(fits: Callable[[Array], NDArray[np.bool]], inside: Array, outside: Array) -> Array:
    """The level farthest from ``inside`` towards ``outside`` that still fits."""
    for _ in range(STEPS):
        middle = (inside + outside) / 2
        good = fits(middle)
        inside, outside = np.where(good, middle, inside), np.where(good, outside, middle)
    return inside
