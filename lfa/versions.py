"""One year under every law: the inputs of a year of the FAG 1993 as every other law asks for them."""

import datetime
from collections.abc import Mapping
from typing import Any, NamedTuple

from lfa.lines import STAGES
from lfa.parameters import as_floats, as_vectors, parameters
from lfa.settlement import LAWS, Settlement
from lfa.years import derived_inputs, printed_inputs


class Version(NamedTuple):
    """A law on the last day of a year, as the book calls it."""

    name: str
    law: str
    day: datetime.date

    @property
    def parameters(self) -> dict[str, Any]:
        """The statutory values of the day, as fractions."""
        return parameters(self.law, self.day)


VERSIONS = (
    Version("FAG 1993", "fag1993", datetime.date(2003, 12, 31)),
    Version("FAG 2001", "fag2005", datetime.date(2010, 12, 31)),
    Version("FAG 2020", "fag2020", datetime.date(2020, 12, 31)),
    Version("Sonderregel 2026", "fag2020", datetime.date(2026, 12, 31)),
)
LAW_STAGES = {
    "fag1993": tuple(STAGES[STAGES.index("einwohner") : STAGES.index("fonds")]),
    **{law: tuple(name for name, _ in LAWS[law].STAGES if name != "vertikal") for law in ("fag2005", "fag2020")},
}
"""From the inhabitants to the Ausgleich, without § 1: every law distributes the same Umsatzsteuer."""
UST = {"fag1993": "umsatzsteueranteil", "fag2005": "umsatzsteueranteil", "fag2020": "umsatzsteuer_nach_einwohnern"}
"""The line of the Umsatzsteuer before any Zuschlag or Abschlag."""
BEZ = "allgemeine_bez"
OWN = {"fag1993": "steuereinnahmen", "fag2005": "landessteuern", "fag2020": "landessteuern"}
"""The input that holds the tax receipts of a Land."""
SLICES = range(1, 5)
"""The slices in which the FAG 1993 counts the Grundsteuer B."""


def inputs_under(law: str, known: Mapping[str, Any], einwohner: Any) -> dict[str, Any]:
    """The inputs of a law from those of a year of the FAG 1993; on numpy arrays, or exactly on Vectors.

    All receipts stand in ``landessteuern``, for their kinds are not known; the year before is the same, so that § 7
    Abs. 3 cuts nothing. What the law asks for and the year does not tell is zero: § 11 Abs. 5 and 6 are left out.
    """
    if law == "fag1993":
        return dict(known)
    nothing = 0 * einwohner
    grundsteuer_b = sum((known[f"grundsteuer_b_grundbetraege_{part}"] for part in SLICES), nothing)
    same = (
        "umsatzsteuer_laenderanteil",
        "foerderabgabe",
        "aufkommen_grundsteuer_a",
        "aufkommen_grundsteuer_b",
        "aufkommen_gewerbesteuer",
        "grundsteuer_a_grundbetraege",
        "gewerbesteuer_grundbetraege",
        "gemeindeanteil_einkommensteuer",
        "gemeindeanteil_umsatzsteuer",
    )
    empty = (
        "zensus_unterschied",
        "einkommensteuer_koerperschaftsteuer",
        "gewerbesteuerumlage_laender",
        "kraftfahrzeugsteuer_kompensation",
        "grunderwerbsteuer",
        "grunderwerbsteuer_bemessungsgrundlage",
        "grundsteuer_a_messbetraege",
        "grundsteuer_b_messbetraege",
        "forschungsnettozufluss",
    )
    return {
        **dict.fromkeys(empty, nothing),
        **{key: known[key] for key in same},
        "festgestellte_einwohner": einwohner,
        "einwohner_vorjahr": einwohner,
        "landessteuern": known["steuereinnahmen"],
        "steuereinnahmen_vorjahr": known["steuereinnahmen"],
        "grundsteuer_b_grundbetraege": grundsteuer_b,
        "geleistete_gewerbesteuerumlage": -known["abzug_gewerbesteuerumlage"],
    }


def start(settlement: Settlement, exactly: bool) -> tuple[dict[str, Any], Any]:
    """Inputs and inhabitants of a settled year of the FAG 1993, as arrays or as Vectors of fractions."""
    year, convert = settlement.year, as_vectors if exactly else as_floats
    known, _ = derived_inputs(convert(printed_inputs(year)), convert(year.parameters), year.law)
    law = LAWS[year.law]
    return known, law.settle(known, convert(year.parameters), ("einwohner",))["einwohner"]


def under(settlement: Settlement, version: Version, exactly: bool = False) -> dict[str, Any]:
    """Every line of the year under a version of the law, in one go; on request on fractions."""
    known, einwohner = start(settlement, exactly)
    values = (as_vectors if exactly else as_floats)(version.parameters)
    return dict(LAWS[version.law].settle(inputs_under(version.law, known, einwohner), values, LAW_STAGES[version.law]))


def received(lines: Mapping[str, Any], law: str) -> Any:
    """Umsatzsteuer and Ausgleich of each Land, in euro: all that the distribution among the Länder decides."""
    return lines[UST[law]] + lines["ausgleich"]
