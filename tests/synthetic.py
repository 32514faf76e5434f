"""A complete year of invented figures for the FAG 2001 and the FAG 2020, for tests alone.

None of it was ever published and nothing of it may be shown as real: figures of 2003 are split, shifted and spread so
that every rule of both laws has a case - payers and recipients, Ergänzungsanteile below and above 97 per cent, a
Kürzung, leistungsschwache Länder, grants of § 11 Abs. 5 and 6. ``noise`` and ``seed`` make as many further years.
"""

import datetime
from fractions import Fraction
from functools import cache
from itertools import cycle, islice
from typing import Any

import numpy as np
from numpy.typing import NDArray

import lfa
from lfa.law.arrays_lists import Vector
from lfa.lines import registry
from lfa.parameters import as_floats, as_vectors, parameters
from lfa.states import CODES

Lines = dict[str, NDArray[np.float64]]

YEARS = {"fag2005": range(2005, 2020), "fag2020": range(2020, 2031)}
"""The Ausgleichsjahre of each law whose amounts are known."""
TAXES = {
    "einkommensteuer_koerperschaftsteuer": 0.80,
    "gewerbesteuerumlage_laender": 0.03,
    "landessteuern": 0.08,
    "kraftfahrzeugsteuer_kompensation": 0.05,
    "grunderwerbsteuer": 0.04,
}
"""Invented parts of the receipts of each Land."""


def by_land(*numbers: float) -> NDArray[np.float64]:
    """The numbers over and over, until each of the 16 Länder has one."""
    return np.array(list(islice(cycle(numbers), len(CODES))), dtype=float)


@cache
def _base() -> Lines:
    """Every input of both laws, in euro and inhabitants: whole numbers, so that fractions start from the same."""
    known = lfa.settle(2003).lines
    einwohner = known["einwohner"]
    # In 2003 no Land stood between 97 and 100 per cent of the average receipts; a little more lifts Rheinland-Pfalz.
    steuern = known["steuereinnahmen"] * np.where(np.array(CODES) == "RP", 1.07, 1)
    grunderwerbsteuer = TAXES["grunderwerbsteuer"] * steuern
    messbetraege = by_land(0.4, 0.6, 0.5, 0.3, 0.5)
    result = {
        "festgestellte_einwohner": einwohner,
        "zensus_unterschied": einwohner * by_land(-0.02, 0.01, -0.01, 0.005, 0),
        "einwohner_vorjahr": einwohner * by_land(1.004, 0.997, 1),
        "umsatzsteuer_insgesamt": np.array([200e9]),
        **{tax: part * steuern for tax, part in TAXES.items()},
        "grunderwerbsteuer_bemessungsgrundlage": grunderwerbsteuer / by_land(0.05, 0.035, 0.065),
        "steuereinnahmen_vorjahr": steuern * by_land(0.97, 0.9, 0.94, 1.01),
        "foerderabgabe": np.select([np.array(CODES) == "NI", np.array(CODES) == "SH"], [600e6, 90e6], 2e6),
        **{
            f"aufkommen_{tax}": np.ravel(known[f"aufkommen_{tax}"])
            for tax in ("grundsteuer_a", "grundsteuer_b", "gewerbesteuer")
        },
        **{
            f"{tax}_grundbetraege": known[f"{tax}_grundbetraege"]
            for tax in ("grundsteuer_a", "grundsteuer_b", "gewerbesteuer")
        },
        **{
            f"{tax}_messbetraege": messbetraege * known[f"{tax}_grundbetraege"]
            for tax in ("grundsteuer_a", "grundsteuer_b")
        },
        "gemeindeanteil_einkommensteuer": known["gemeindeanteil_einkommensteuer"],
        "gemeindeanteil_umsatzsteuer": known["gemeindeanteil_umsatzsteuer"],
        "geleistete_gewerbesteuerumlage": -known["abzug_gewerbesteuerumlage"],
        "forschungsnettozufluss": by_land(140, 80, 100, 60, 110),
    }
    return {key: np.rint(value) for key, value in result.items()}


def inputs(law: str, noise: float = 0, seed: int = 0, count: int | None = None) -> Lines:
    """Every ``quelle`` line of a law; money of each Land times 1 + noise × a normal draw, ``count`` variants or one."""
    random = np.random.default_rng(seed)
    shape = (16,) if count is None else (count, 16)
    result = {}
    for key in quellen(law):
        value = _base()[key]
        if value.shape == (16,) and registry(law)[key].unit != "Einwohner":
            value = np.rint(value * np.maximum(1 + noise * random.standard_normal(shape), 0.01))
        result[key] = value
    return result


def quellen(law: str) -> list[str]:
    """The keys of the inputs of a law."""
    return [key for key, line in registry(law).items() if line.stage == "quelle"]


def as_lists(lines: Lines, number: Any = Fraction) -> dict[str, Any]:
    """The same inputs for plain lists: a Vector by Land, a number for the Federation; exact by default."""
    return {
        key: Vector([number(float(x)) for x in value]) if value.shape == (16,) else number(float(value[0]))
        for key, value in lines.items()
    }


@cache
def _exact(law: str, year: int) -> dict[str, Any]:
    return parameters(law, datetime.date(year, 12, 31))


def statute(law: str, year: int) -> dict[str, Any]:
    """The parameters of an Ausgleichsjahr as numpy needs them."""
    return as_floats(_exact(law, year))


def statute_lists(law: str, year: int, number: Any = Fraction) -> dict[str, Any]:
    """The parameters of an Ausgleichsjahr for plain lists; exact by default."""
    return as_vectors(_exact(law, year), number)
