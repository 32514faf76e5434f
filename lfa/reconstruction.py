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

SPLITS = np.linspace(0, 0.4, 41)[:, None]
"""Parts of the average that may come from taxes of the Gemeinden: all that fits the published figures."""
MIDDLE = 0.2
LEVELS = (500.0, 20_000.0)
"""Euro per weighted inhabitant between which the average is looked for."""
STEPS = 50
"""Halvings of an interval; each gains a binary digit."""
REFINEMENTS = 8
"""Grids within grids; each is fifty times finer."""
REACH = np.array([0.9, 1.1])
"""How far from the best level the others are looked for; published BEZ that fit beyond it do not fix the level."""
NOISE = 1e-4
"""Noise of floating point, in euro: how far an amount may seem beyond the rounding that it just keeps."""


class Reconstruction(NamedTuple):
    """A year worked back from its results: lines over the 16 Länder by key, in euro.

    ``level`` is the average per weighted inhabitant, between the smallest and the largest that fit; ``published`` are
    the allgemeine BEZ that it comes from; ``misfit`` is how far the farthest of them is off at the level and split that
    suit them best, ``allowed`` how far it may be: its own rounding, and what that of its Land's balance moves.
    """

    lines: Mapping[str, Array]
    level: tuple[float, float, float]
    published: Mapping[str, Result]
    misfit: float
    allowed: float

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
    columns = [CODES.index(land) for land in published]
    target, half = (np.array([float(getattr(bez[land], part)) for land in published]) for part in ("value", "half"))

    def off(level: Array, split: Array) -> Array:
        """By how much the BEZ at a level and split miss the published ones."""
        messzahl = _messzahl(level, split, einwohner, values)
        return np.asarray(_bez(messzahl, ausgleich, values)[..., columns] - target)

    def beyond(messzahl: Array, rounding: Array) -> Array:
        """How far each published BEZ is beyond its own rounding, with a balance that is off by ``rounding`` at most."""
        low, high = (_bez(messzahl, ausgleich + sign * rounding, values)[..., columns] for sign in (-1, 1))
        return np.asarray(np.maximum(low - target, target - high) - half)

    misfit = _smallest(lambda level, split: np.abs(off(level, split)).max(axis=-1), SPLITS)[1].min()
    centre, _ = _smallest(lambda level, split: np.square(off(level, split)).sum(axis=-1), SPLITS)
    # The level that is shown fits the balances as published, if any does; the interval allows for their rounding.
    for rounding in (0 * halves, halves):

        def farthest(level: Array, split: Array, rounding: Array = rounding) -> Array:
            return np.asarray(beyond(_messzahl(level, split, einwohner, values), rounding).max(axis=-1))

        closest, rest = _smallest(farthest, SPLITS)
        fitting = rest <= NOISE
        if fitting.any():
            break
    nearest = [int(np.argmin(np.abs(SPLITS[:, 0] - MIDDLE) + (fitting.any() & ~fitting)))]
    split = SPLITS[nearest]
    # Where the published figures do not fit each other, the interval reaches as far as the best of all fits is off.
    start = (closest if fitting.any() else centre)[nearest]
    slack = max(float(farthest(start, split)[0]), 0) + NOISE
    messzahl = _messzahl(start, split, einwohner, values)[0]

    def edges(rounding: Array) -> Array:
        """By Land with a published BEZ, the smallest and largest part of its Ausgleichsmesszahl that fits it."""

        def fits(factors: Array) -> NDArray[np.bool]:
            everywhere = np.ones((2, 16))
            everywhere[:, columns] = factors
            return np.asarray(beyond(messzahl * everywhere, rounding) <= slack)

        return _edge(fits, np.ones((2, len(columns))), np.repeat(REACH[:, None], len(columns), axis=1))

    low, high = edges(rounding)
    level = np.clip(centre[nearest], start * low.max(), start * high.min())
    low, high = edges(halves)
    if low.max() < REACH[0] + 1e-6 or high.min() > REACH[1] - 1e-6:
        names = " ".join(published)
        raise DataError([_problem(year, "allgemeine_bez", f"values of {names} alone", "values that fix the level")])
    per_average = _per_average(einwohner, values)
    averages = start[0, 0] * _corners(per_average[columns] * start / messzahl[columns, None], low, high)
    levels = averages.sum(axis=-1)
    lines = {
        key: np.array(np.broadcast_to(value, (1, 16))[0])
        for key, value in _backwards(level, split, ausgleich, einwohner, values).items()
    }
    messzahlen = averages @ per_average.T
    # Also in between: where a Land gets little, its BEZ grow with the level at first and then fall (FAG 2001).
    between = np.linspace(messzahlen.min(axis=0), messzahlen.max(axis=0), 101)
    least = _bez(between, ausgleich - halves, values).min(axis=0)
    most = _bez(between, ausgleich + halves, values).max(axis=0)
    if fitting.any():
        least[columns] = np.maximum(least[columns], target - half)
        most[columns] = np.minimum(most[columns], target + half)
    lines["allgemeine_bez_mindestens"] = np.minimum(least, lines["allgemeine_bez"])
    lines["allgemeine_bez_hoechstens"] = np.maximum(most, lines["allgemeine_bez"])
    bounds = (float(levels.min()), float(level[0, 0]), float(levels.max()))
    moved = (_bez(messzahl, ausgleich + halves, values) - _bez(messzahl, ausgleich, values))[columns]
    return Reconstruction(lines, bounds, published, float(misfit), float((half + moved).max()))


def _complete(year: Year, results: Mapping[str, Result], key: str) -> Array:
    values = by_land(results)
    if values is None:
        missing = " ".join(code for code in CODES if code not in results)
        raise DataError([_problem(year, key, f"no value for {missing}", "a value for every Land")])
    return np.array([float(values[code]) for code in CODES])


def _problem(year: Year, quantity: str, found: str, expected: str) -> Problem:
    return Problem(f"data/{year.year}/ergebnisse.csv", quantity=quantity, found=found, expected=expected)


def _per_average(einwohner: Array, values: Mapping[str, Any]) -> Array:
    """§ 6 Abs. 2 and § 9: what one euro of either average per weighted inhabitant adds to each Ausgleichsmesszahl.

    A row per Land; the averages are those of the Länder and of the Gemeinden.
    """
    weights = values["einwohnerwertung_laendersteuern"], values["einwohnerwertung_gemeindesteuern"]
    return np.stack([einwohner * weight / 100 for weight in weights], axis=-1)


def _messzahl(level: Array, split: Array, einwohner: Array, values: Mapping[str, Any]) -> Array:
    """The Ausgleichsmesszahlen at an average per weighted inhabitant and a split of it, with an axis for the Länder."""
    return np.asarray(level * (np.concatenate([1 - split, split], axis=-1) @ _per_average(einwohner, values).T))


def _bez(messzahl: Array, ausgleich: Array, values: Mapping[str, Any]) -> Array:
    """§ 10 backwards and § 11 Abs. 2: allgemeine BEZ of each Land by its Ausgleichsmesszahl and its balance.

    A Land that pays has none: its Finanzkraft is above average.
    """
    zuweisung = np.maximum(ausgleich, 0)
    if "ausgleichssatz" in values:
        luecke = zuweisung / values["ausgleichssatz"]
    else:
        luecke = messzahl * tariff_backwards(zuweisung / messzahl, values)
    kraft = messzahl - luecke + zuweisung
    return np.asarray(values["bez_anteil"] * np.maximum(values["bez_auffuellung"] * messzahl - kraft, 0))


def _backwards(
    level: Array, split: Array, ausgleich: Array, einwohner: Array, values: Mapping[str, Any]
) -> dict[str, Array]:
    """The year at an average per weighted inhabitant and a split of it; both with an axis before the Länder."""
    messzahl = _messzahl(level, split, einwohner, values)
    if "ausgleichssatz" in values:
        ueberschuss, aufbringung = -ausgleich / values["ausgleichssatz"] + 0 * messzahl, np.ones_like(level)
    else:
        ueberschuss, aufbringung = _tarif_backwards(ausgleich, messzahl, values)
    kraft = messzahl + ueberschuss
    return {
        "ausgleichsmesszahl": messzahl,
        "ueberschuss": ueberschuss,
        "finanzkraftmesszahl": kraft,
        "finanzkraft_in_vh": 100 * kraft / messzahl,
        "aufbringung_in_vh": 100 * aufbringung,
        "finanzkraft_nach_ausgleich": kraft + ausgleich,
        "allgemeine_bez": _bez(messzahl, ausgleich, values),
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


def _smallest(loss: Callable[[Array, Array], Array], splits: Array) -> tuple[Array, Array]:
    """For each split the level with the smallest loss, by ever finer grids, and that loss."""
    low, high = (np.full((len(splits), 1), end) for end in LEVELS)
    for _ in range(REFINEMENTS):
        grid = np.linspace(low[:, 0], high[:, 0], 101, axis=-1)
        best = loss(grid[..., None], splits[:, None]).argmin(axis=-1)[:, None]
        low, high = (np.take_along_axis(grid, np.clip(best + step, 0, 100), axis=-1) for step in (-1, 1))
    level = (low + high) / 2
    return level, loss(level, splits)


def _edge(fits: Callable[[Array], NDArray[np.bool]], inside: Array, outside: Array) -> Array:
    """The factors farthest from ``inside`` towards ``outside`` that still fit."""
    for _ in range(STEPS):
        middle = (inside + outside) / 2
        good = fits(middle)
        inside, outside = np.where(good, middle, inside), np.where(good, outside, middle)
    return inside


def _corners(weights: Array, low: Array, high: Array) -> Array:
    """The corners of all pairs of averages, of Länder and Gemeinden, that keep every bound and a split of SPLITS.

    ``weights`` has a row per bound: the average that ``low`` and ``high`` limit. What fits is a convex polygon, whose
    corners lie where two of its bounds meet; everything linear in the averages is largest and smallest there.
    """
    fewest, most = float(SPLITS.min()), float(SPLITS.max())
    rows = np.concatenate([weights, -weights, [[-most, 1 - most], [fewest, fewest - 1]]])
    limits = np.concatenate([high, -low, [0, 0]])
    first, second = np.triu_indices(len(rows), 1)
    pairs = np.stack([rows[first], rows[second]], axis=1)
    meet = np.abs(np.linalg.det(pairs)) > 1e-9
    points = np.linalg.solve(pairs[meet], np.stack([limits[first], limits[second]], axis=1)[meet][..., None])[..., 0]
    return np.asarray(points[(points @ rows.T <= limits + 1e-11).all(axis=-1)])
