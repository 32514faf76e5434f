"""Lessons: who pays and who receives; the Länder at the table, what a proposal brings them, and who votes for it."""

from collections.abc import Mapping
from typing import NamedTuple

import pandas as pd

from lfa.charts import PAYER, RECEIVER
from lfa.pictures import fragen
from lfa.pictures.fragen import Scenario
from lfa.pictures.parts import Drawing, stacked
from lfa.results import preferred
from lfa.states import CODES, NAMES
from lfa.tables import Table, number, table
from lfa.years import load

TABLE = "2024"
"""The year whose figures lie on the table."""
ROUNDED = 16 * 1000
"""Euro that the published results may miss a sum of zero by: each is printed in thousands."""
LAW = "2020"
LEVERS = {"satz": "r.ausgleichssatz", "gewicht": "r.stadtstaaten", "bund": "r.bez_anteil"}
"""What is negotiated: Ausgleichssatz, weight of the city states, and the part of the gap that the Bund fills."""
STEP = 10
"""Points by which a role card moves each of them."""
FELT = 0.5
"""Euro per inhabitant below which a Land does not care; the cards print whole euro."""
MAJORITY = 9
"""Länder that must agree, by the rules of the game."""


# --- Who pays, who receives -------------------------------------------------------------------------------------------


def published() -> pd.DataFrame:
    """What each Land pays (negative) or receives by the published results, in euro and in euro per inhabitant."""
    results = preferred(load(int(TABLE)).results)
    people = [float(results["einwohner"][code].value) for code in CODES]
    euro = [float(results["ausgleich"][code].value) for code in CODES]
    frame = pd.DataFrame({"euro": euro, "einwohner": people}, index=pd.Index(CODES, name="land"))
    return frame.assign(kopf=frame["euro"] / frame["einwohner"]).sort_values("kopf")


def per_head_bars(frame: pd.DataFrame) -> Drawing:
    """A bar per Land, in whole euro per inhabitant: left of zero who pays, right of it who receives."""
    sides = pd.DataFrame({"zahlt": frame["kopf"].clip(upper=0), "bekommt": frame["kopf"].clip(lower=0)})
    words = [number(value, sign=True) for value in frame["kopf"]]
    return stacked(sides, (PAYER, RECEIVER), unit="€ je Kopf", text=words, decimals=0)


# --- 16 Länder negotiate ----------------------------------------------------------------------------------------------


class Vote(NamedTuple):
    """How the Länder would vote on a proposal if each looked only at its own money, and what the Bund pays more."""

    gaining: tuple[str, ...]
    losing: tuple[str, ...]
    people: float
    """Part of all inhabitants who live in the Länder that gain."""
    bund: float
    """Euro that the Bund pays more."""

    @property
    def carried(self) -> bool:
        """Nine Länder with more than half of the inhabitants gain; the Bund is not asked here."""
        return len(self.gaining) >= MAJORITY and self.people > 0.5


def load_of_the_bund(satz: float, bund: float) -> float:
    """What the Bund fills of a gap, up to a factor: the larger, the more it pays, as long as the weight stays."""
    return (100 - satz) * bund


def proposal(**values: float) -> Scenario:
    """A proposal by the values of its levers, as the calculator opens it."""
    return Scenario(LAW, {LEVERS[name]: value for name, value in values.items()}, TABLE)


def today(lever: str) -> float:
    """The value of a lever in the law, in per cent."""
    value: float = fragen.version_of(proposal())["regeln"][LEVERS[lever].removeprefix("r.")]["wert"]
    return value


def gains(asked: Scenario) -> pd.Series:
    """What a proposal brings each Land, in euro per inhabitant: Ausgleich and allgemeine BEZ."""
    return fragen.effects(asked).sum(axis=1) / fragen.people(asked)


def vote(asked: Scenario) -> Vote:
    """Who gains, who loses, and what the Bund pays."""
    each, people = gains(asked), fragen.people(asked)
    gaining, losing = each.index[each >= FELT], each.index[each <= -FELT]
    part = people[gaining].sum() / people.sum()
    return Vote(tuple(gaining), tuple(losing), float(part), float(fragen.effects(asked)["bez"].sum()))


def cards() -> pd.DataFrame:
    """A role card per Land: inhabitants (millions), Finanzkraft before and after (v.H.), and euro per inhabitant.

    ``heute`` is what the Land pays or gets; ``satz``, ``gewicht``, ``bund`` what ten points more of each lever bring.
    """
    lines, people = fragen.before(proposal()), fragen.people(proposal())
    frame = pd.DataFrame(
        {
            "land": CODES,
            "einwohner": people / 1e6,
            "vorher": 100 * lines["finanzkraftmesszahl"] / lines["ausgleichsmesszahl"],
            "nachher": 100 * lines["finanzkraft_nach_ausgleich"] / lines["ausgleichsmesszahl"],
            "heute": lines["ausgleich"] / people,
        },
        index=people.index,
    )
    for lever in LEVERS:
        frame[lever] = gains(proposal(**{lever: today(lever) + STEP}))
    return frame.sort_values("vorher", ascending=False)


def card_table(frame: pd.DataFrame) -> Table:
    """The role cards as a table, a row per Land."""
    points = f"+{STEP} Punkte"
    return table(
        frame.assign(land=[NAMES[code] for code in frame["land"]]),
        caption=f"Die Länder am Tisch, {TABLE}",
        columns={
            "land": "Land",
            "einwohner": "Menschen",
            "vorher": "Finanzkraft vorher",
            "heute": "zahlt (−), bekommt (+)",
            "satz": f"Satz {points}",
            "gewicht": f"Gewicht {points}",
            "bund": f"Bund {points}",
        },
        units={"einwohner": "Mio.", "vorher": "%"} | dict.fromkeys(("heute", "satz", "gewicht", "bund"), "€ je Kopf"),
        decimals={"einwohner": 1, "vorher": 1},
        sign=("heute", "satz", "gewicht", "bund"),
        row_header="land",
        note="Finanzkraft: was ein Land je Kopf hat, Durchschnitt = 100 %. "
        f"Zahlen von {TABLE}, vorläufig, zurückgerechnet.",
    )


def votes(proposals: Mapping[str, Scenario]) -> Table:
    """How many Länder would vote for each proposal, and what it costs the Bund."""
    found = {words: vote(asked) for words, asked in proposals.items()}
    rows = [
        (words, len(one.gaining), len(one.losing), 100 * one.people, one.bund / 1e9, "ja" if one.carried else "nein")
        for words, one in found.items()
    ]
    return table(
        pd.DataFrame(rows, columns=["antrag", "gewinnen", "verlieren", "menschen", "bund", "mehrheit"]),
        caption="Wer gewinnt, wer verliert",
        columns={
            "antrag": "Antrag",
            "gewinnen": "Länder gewinnen",
            "verlieren": "verlieren",
            "menschen": "Menschen in den Ländern, die gewinnen",
            "bund": "der Bund zahlt mehr",
            "mehrheit": "Mehrheit der Länder",
        },
        units={"menschen": "%", "bund": "Mrd. €"},
        decimals={"bund": 1},
        sign=("bund",),
        row_header="antrag",
    )
