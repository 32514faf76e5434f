"""§ 6 FAG 1993: Finanzkraft beside Bedarf, and what the weight of the city states does."""

from fractions import Fraction
from typing import Any

import pandas as pd

from lfa.lines import STAGES
from lfa.parameters import as_vectors
from lfa.pictures.parts import Drawing, dumbbell
from lfa.settlement import LAWS, Settlement, settle_year
from lfa.states import CODES
from lfa.tables import number
from lfa.years import derived_inputs, printed_inputs

LAW_STAGES = STAGES[STAGES.index("einwohner") : STAGES.index("tarif")]
"""The law up to the surplus, without the print in between."""


def relation(settlement: Settlement) -> pd.DataFrame:
    """Finanzkraft and Ausgleichsmesszahl of each Land: in euro, per head, and their relation in v.H."""
    lines = settlement.lines
    frame = pd.DataFrame(
        {
            "land": CODES,
            "finanzkraft": lines["finanzkraftmesszahl"],
            "messzahl": lines["ausgleichsmesszahl"],
            "einwohner": lines["einwohner"],
        }
    )
    return frame.assign(
        je_kopf=frame["finanzkraft"] / frame["einwohner"],
        bedarf_je_kopf=frame["messzahl"] / frame["einwohner"],
        vh=100 * frame["finanzkraft"] / frame["messzahl"],
    )


def need_dumbbell(frame: pd.DataFrame) -> Drawing:
    """Finanzkraft and need per head of each Land, as of ``relation``, and at the right their relation."""
    return dumbbell(
        frame,
        {"je_kopf": "Finanzkraftmesszahl", "bedarf_je_kopf": "Ausgleichsmesszahl"},
        unit="€ je Kopf",
        text=[f"{number(value, 1)} v.H." for value in frame["vh"]],
    )


def weight_dumbbell(frame: pd.DataFrame) -> Drawing:
    """The relation of ``relation`` beside the one (``ohne``) in which each person counts once."""
    stages = {"vh": "wie im Gesetz", "ohne": "jeder Mensch zählt gleich"}
    return dumbbell(frame, stages, unit="v.H.", decimals=1, mark=100)


def all_people_equal(settlement: Settlement) -> Settlement:
    """A thought experiment: the same year, each person counted once for the Ländersteuern, city states too."""
    year = settlement.year
    weights = {"einwohnerwertung_laendersteuern": dict.fromkeys(CODES, Fraction(100))}
    return settle_year(year._replace(parameters={**year.parameters, **weights}))


def by_land(settlement: Settlement, land: str) -> pd.DataFrame:
    """The Ausgleichsmesszahl by hand for one Land: for each kind of tax total, people counted, and what that makes."""
    place = CODES.index(land)
    rows = []
    for name, tax, people in (
        ("Ländersteuern", "laendersteuern", "gewertete_einwohner_laendersteuern"),
        ("Gemeindesteuern", "gemeindesteuern", "gewertete_einwohner_gemeindesteuern"),
    ):
        average = float(settlement.lines[tax].sum() / settlement.lines[people].sum())
        counted = float(settlement.lines[people][place])
        rows.append((name, average, counted, average * counted))
    return pd.DataFrame(rows, columns=["steuern", "durchschnitt", "gewertet", "messzahl"])


def exact_lines(settlement: Settlement) -> dict[str, Any]:
    """The law from the first input to the surplus on fractions, with no figure of the print in between."""
    year = settlement.year
    values = as_vectors(year.parameters)
    inputs, _ = derived_inputs(as_vectors(printed_inputs(year)), values, year.law)
    lines: dict[str, Any] = LAWS[year.law].settle(inputs, values, LAW_STAGES)
    return lines
