"""Common errors about the Finanzausgleich, and the small computations that show them."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from lfa.law import fag2020
from lfa.pictures import fragen, wirkung
from lfa.pictures.fragen import Scenario
from lfa.pictures.parts import Drawing, dumbbell
from lfa.results import preferred
from lfa.settlement import Array, Settlement
from lfa.states import CODES, NAMES
from lfa.tables import number
from lfa.years import load

PROVISIONAL_SOURCES = {2017: "panel-2005-2018", 2018: "panel-2005-2018", 2019: "laenderfinanzausgleichinfo"}
"""Years whose provisional and final amounts are both at hand, with the source of the provisional ones."""
NO_MATTER = 1e-3
"""v.H. below which two Länder count as equal: more than the printed digits of the figures leave open."""


# --- Who pays whom ----------------------------------------------------------------------------------------------------


def possible(paid: float, got: float, everything: float) -> tuple[float, float]:
    """The least and the most that can have gone from one payer to one recipient, when only the sums are known."""
    return max(paid + got - everything, 0), min(paid, got)


def allocation(paid: Sequence[float], got: Sequence[float], first: tuple[int, int], *, as_much: bool) -> Array:
    """One of the many tables of who pays whom that fit the sums: as much, or as little, as can be from ``first``."""
    table = np.zeros((len(paid), len(got)))
    left, open_ = np.array(paid, dtype=float), np.array(got, dtype=float)
    cells = [(a, b) for a in range(len(paid)) for b in range(len(got)) if (a, b) != first]
    # Filling the other cells of the row and the column first leaves as little as possible for the one that matters.
    beside = [cell for cell in cells if cell[0] == first[0] or cell[1] == first[1]]
    others = [cell for cell in cells if cell not in beside]
    for a, b in [first, *beside, *others] if as_much else [*beside, first, *others]:
        amount = min(left[a], open_[b])
        table[a, b] += amount
        left[a] -= amount
        open_[b] -= amount
    return table


def since_2020(year: int) -> pd.DataFrame:
    """The Umsatzsteuer of each Land before and after § 4 FAG 2020, in euro, as published for a year."""
    known = preferred(load(year).results)

    def line(key: str) -> Array:
        return np.array([float(known[key][land].value) if land in known[key] else 0.0 for land in CODES])

    lines = {key: line(key) for key in ("umsatzsteuer_nach_einwohnern", "zuschlag", "abschlag")}
    after = fag2020.finanzkraftausgleich({**lines, "finanzkraftmesszahl": 0 * lines["zuschlag"]}, {})
    columns = {
        "zuerst": lines["umsatzsteuer_nach_einwohnern"],
        "ausgleich": after["ausgleich"],
        "am_ende": after["umsatzsteueranteil"],
        "aufzubringen": after["aufzubringen"],
    }
    return pd.DataFrame(columns, index=pd.Index(CODES, name="land"))


# --- Per head ---------------------------------------------------------------------------------------------------------


def two_measures(lines: Mapping[str, Array]) -> pd.DataFrame:
    """Finanzkraft after the Ausgleich: in euro per head, and in v.H. of the average, per head and by need."""
    money, people = lines["finanzkraft_nach_ausgleich"], lines["einwohner"]
    per_head = money / people
    frame = pd.DataFrame(
        {
            "land": CODES,
            "je_kopf": per_head,
            "kopf": 100 * per_head / (money.sum() / people.sum()),
            "bedarf": 100 * money / lines["ausgleichsmesszahl"],
        }
    )
    return frame.sort_values("kopf", ascending=False, ignore_index=True)


def measures_picture(frame: pd.DataFrame) -> Drawing:
    """Both measures of each Land, in v.H. of the average."""
    names = {"kopf": "jeder Mensch zählt gleich", "bedarf": "am Maßstab des Gesetzes"}
    words = [f"{number(row.kopf)} → {number(row.bedarf)}" for row in frame.itertuples()]
    return dumbbell(frame, names, unit="v.H. des Durchschnitts", text=words, mark=100)


# --- The last euro ----------------------------------------------------------------------------------------------------


def burdens(settlement: Settlement, step: float = 1000.0) -> pd.DataFrame:
    """Of every payer: Beitrag in v.H. of its surplus and of its Finanzkraft, and what is left of one more euro."""
    lines = settlement.lines
    paying = lines["ausgleich"] < 0
    left = wirkung.where_it_goes(wirkung.one_more(settlement, step))[wirkung.KEPT]
    frame = pd.DataFrame(
        {
            "kraft": 100 * lines["finanzkraftmesszahl"] / lines["ausgleichsmesszahl"],
            "vom_ueberschuss": -100 * lines["ausgleich"] / np.where(paying, lines["ueberschuss"], 1),
            "von_der_kraft": -100 * lines["ausgleich"] / lines["finanzkraftmesszahl"],
            "bleibt": left.to_numpy(),
        },
        index=pd.Index(CODES, name="land"),
    )
    return frame[paying].sort_values("kraft", ascending=False)


# --- Volumes ----------------------------------------------------------------------------------------------------------


def volumes(versions: Mapping[str, str]) -> pd.DataFrame:
    """What each law moves on the same figures of 2003, in euro; ``versions`` are the calculator's, by name.

    Moved is what the Länder that gain have more than with Umsatzsteuer by inhabitants alone: by the distribution of
    the Umsatzsteuer, by the Ausgleich, and by both together.
    """
    rows = {}
    for name, version in versions.items():
        shift, ausgleich = shifts(version)
        rows[name] = (_gains(shift), _gains(ausgleich), _gains(shift + ausgleich))
    return pd.DataFrame.from_dict(rows, orient="index", columns=["ust", "ausgleich", "zusammen"]).rename_axis("gesetz")


def shifts(version: str) -> tuple[Array, Array]:
    """What the Umsatzsteuer shifts against a distribution by inhabitants, and what the Ausgleich shifts, by Land."""
    lines = fragen.before(Scenario(version))
    ausgleich = np.asarray(lines["ausgleich"], dtype=float)
    # Since 2020 the Ausgleich is part of the Umsatzsteuer: it is taken out, so that nothing counts twice.
    received = np.asarray(lines["umsatzsteueranteil"], dtype=float) - (ausgleich if "abschlag" in lines else 0)
    people = np.asarray(lines["einwohner"], dtype=float)
    return received - received.sum() * people / people.sum(), ausgleich


def _gains(values: Array) -> float:
    return float(np.maximum(values, 0).sum())


# --- Order ------------------------------------------------------------------------------------------------------------


def overtaken(before: Sequence[Any], after: Sequence[Any]) -> list[tuple[str, str]]:
    """The pairs of Länder that change places: who stood below, and who stood above."""
    pairs = [(a, b) for a in range(len(CODES)) for b in range(len(CODES))]
    return [
        (CODES[a], CODES[b]) for a, b in pairs if before[a] < before[b] - NO_MATTER and after[a] > after[b] + NO_MATTER
    ]


def relations(lines: Mapping[str, Any]) -> tuple[list[Any], list[Any]]:
    """Finanzkraft in v.H. of the Ausgleichsmesszahl, before and after the Ausgleich."""
    force, need, ausgleich = (list(lines[key]) for key in ("finanzkraftmesszahl", "ausgleichsmesszahl", "ausgleich"))
    before = [100 * a / b for a, b in zip(force, need, strict=True)]
    after = [100 * (a + c) / b for a, b, c in zip(force, need, ausgleich, strict=True)]
    return before, after


# --- Provisional and final --------------------------------------------------------------------------------------------


def first_and_final(year: int) -> pd.DataFrame:
    """The provisional and the final Ausgleich of each Land in euro, and half of the last provisional digit."""
    amounts: dict[str, dict[str, float]] = {}
    for result in load(year).results:
        if result.quantity == "ausgleich" and result.source == PROVISIONAL_SOURCES[year]:
            amounts.setdefault("vorlaeufig", {})[result.land] = float(result.value)
        elif result.status == "endgueltig" and result.quantity in ("ausgleichsbeitrag", "ausgleichszuweisung"):
            sign = -1 if result.quantity == "ausgleichsbeitrag" else 1
            final = amounts.setdefault("endgueltig", {})
            final[result.land] = final.get(result.land, 0.0) + sign * float(result.value)
    frame = pd.DataFrame(amounts).reindex(list(CODES)).rename_axis("land")
    return frame.assign(unterschied=frame["endgueltig"] - frame["vorlaeufig"])


def corrections(years: Iterable[int]) -> pd.DataFrame:
    """By year: the sum of all Beiträge, provisional and final, and the largest correction with its Land; in euro."""
    rows = []
    for year in years:
        frame = first_and_final(year)
        largest = str(frame["unterschied"].abs().idxmax())
        sums = [-frame[state].clip(upper=0).sum() for state in ("vorlaeufig", "endgueltig")]
        rows.append((str(year), *sums, NAMES[largest], frame.loc[largest, "unterschied"]))
    return pd.DataFrame(rows, columns=["jahr", "vorlaeufig", "endgueltig", "land", "unterschied"])
