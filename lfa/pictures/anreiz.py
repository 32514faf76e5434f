"""The incentive of §§ 5 and 1a FAG BW: what a Gemeinde keeps of one more euro of Steuerkraft, in cents.

The law itself computes: the rules of ``fag_bw`` for an invented Gemeinde, once as it is and once with one euro more, in
fractions. The euro comes in every year, so that the Schlüsselzuweisung of the Vorvorjahr in the Steuerkraftsumme has
changed as well. The rate of the Umlage rises in proportion (umlage_ganze_prozent 0) but for what the steps of whole per
cent do. The Gemeinde levies its taxes at the rates that § 5 Abs. 3 asks for. The quotas of the year stay: one Gemeinde
alone does not move them.

Left out: the Kreisumlage, which takes a part of the Steuerkraftsumme; the Investitionspauschale of § 4, which falls in
seven classes of it; and that one euro of Gewerbesteuer raises the Steuerkraft by less than a euro where the Hebesatz
exceeds the rate at which § 6 counts it. A Stadtkreis keeps the same: what it gets besides does not depend on its taxes.
"""

import datetime
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from itertools import pairwise
from typing import Any, NamedTuple

import altair as alt
import pandas as pd

from lfa.bekanntmachung import load, years
from lfa.charts import ACCENT, NEUTRAL, RECEIVER, data_of, publish
from lfa.law import fag_bw
from lfa.law.arrays_lists import Vector
from lfa.parameters import as_vectors, parameters
from lfa.pictures.jahre import folded
from lfa.pictures.parts import EDGE, top_legend
from lfa.tables import Table, number, table

FAR = 260
"""How far the pictures reach: Steuerkraftmesszahl in v.H. of the Bedarfsmesszahl."""
MEASURED = (30, 60, 80, 100, 150, 225, 250)
NEEDS = 10_000_000
"""Bedarfsmesszahl of the invented Gemeinde, in euro: large, so that one euro more is little."""
PARTS = {"behalten": "bleibt", "mehr_umlage": "mehr Umlage", "weniger_zuweisung": "weniger Zuweisung"}
"""Where the euro goes, from below: column and words."""
LEFT_OUT = "ohne Kreisumlage, Investitions\u00adpauschale und eigenen Hebesatz"
"""What the subtitles say."""


class Stufe(NamedTuple):
    """A whole per cent at which the rate of the Umlage rises by a step: what the euro costs that reaches it."""

    in_vh: int
    bedarfsmesszahl: Fraction
    steuerkraftsumme: Fraction
    satz_vorher: Fraction
    satz_nachher: Fraction
    weniger_zuweisung: Fraction
    mehr_umlage: Fraction
    behalten: Fraction

    @property
    def kosten(self) -> Fraction:
        """What the step alone takes: its points of the Steuerkraftsumme."""
        return (self.satz_nachher - self.satz_vorher) / 100 * self.steuerkraftsumme


def in_force(year: int, *, ganze_prozent: bool = False) -> dict[str, Any]:
    """The parameters of a year with an announcement: those of the statute, and those announced."""
    announced = {key: value.amount for key, value in load(year).items() if value.amount is not None}
    statute = parameters("fag_bw", datetime.date(year, 12, 31))
    return as_vectors({**statute, **announced, "umlage_ganze_prozent": Fraction(int(ganze_prozent))})


def steady(
    steuerkraft: Iterable[Any], p: dict[str, Any], *, bedarf: int = NEEDS, body: str = "gemeinde"
) -> dict[str, Any]:
    """Schlüsselzuweisung, Steuerkraftsumme and Umlage of bodies whose Steuerkraft, in euro, is the same every year."""
    kraft = Vector([Fraction(euro) for euro in steuerkraft])
    lines: dict[str, Any] = {"steuerkraftmesszahl": kraft, "bedarfsmesszahl": 0 * kraft + bedarf}
    for tax in ("grundsteuer_a", "grundsteuer_b", "gewerbesteuer"):
        lines[f"hebesatz_{tax}_vorjahr"] = 0 * kraft + p[f"anrechnung_{tax}"]
    lines = fag_bw.settle(lines, p, body, ("schluesselzahl", "schluesselzuweisung"))
    lines["schluesselzuweisung_vorvorjahr"] = lines["schluesselzuweisung"]
    if body == "stadtkreis":
        constant = ("schluesselzuweisung_stadtkreis_vorvorjahr", "grunderwerbsteuer_vorvorjahr")
        lines |= dict.fromkeys(constant, 0 * kraft + Fraction(bedarf, 10))
    lines = fag_bw.settle(lines, p, body, ("umlagesatz", "steuerkraftsumme", "finanzausgleichsumlage"))
    return lines


def corners(p: dict[str, Any]) -> list[Fraction]:
    """Where the line bends, in v.H.: Sockel and threshold of the Umlage, all needs met, the highest rate reached."""
    steepest = p["umlage_schwelle"] + (p["umlage_hoechstens"] - p["umlage"]) / p["umlage_steigerung"]
    return sorted({p["mehrzuweisung_sockel"], p["umlage_schwelle"], Fraction(100), steepest})


def behalten(
    year: int, in_vh: Sequence[Any] | None = None, *, ganze_prozent: bool = False, body: str = "gemeinde"
) -> pd.DataFrame:
    """Where the next euro goes, in cents, exact; a row per Steuerkraftmesszahl in v.H. of the Bedarfsmesszahl.

    Without ``in_vh`` a grid of whole per cent, with one row more just below each corner: one euro.
    """
    p = in_force(year, ganze_prozent=ganze_prozent)
    if in_vh is None:
        below = [edge - Fraction(100, NEEDS) for edge in corners(p) if edge < FAR]
        in_vh = sorted({*(Fraction(whole) for whole in range(FAR + 1)), *corners(p), *below})
    kraft = [Fraction(str(x)) / 100 * NEEDS for x in in_vh]
    count = len(kraft)
    lines = steady([*kraft, *(euro + 1 for euro in kraft)], p, body=body)
    zuweisung, umlage = (list(lines[key]) for key in ("schluesselzuweisung", "finanzausgleichsumlage"))
    frame = pd.DataFrame({"in_vh": [Fraction(str(x)) for x in in_vh]})
    frame["weniger_zuweisung"] = [100 * (zuweisung[i] - zuweisung[i + count]) for i in range(count)]
    frame["mehr_umlage"] = [100 * (umlage[i + count] - umlage[i]) for i in range(count)]
    frame["behalten"] = 100 - frame["weniger_zuweisung"] - frame["mehr_umlage"]
    return frame


def zones(year: int) -> pd.DataFrame:
    """From corner to corner the least and the most cents that are kept of the next euro."""
    p = in_force(year)
    frame = behalten(year)
    edges = [Fraction(0), *corners(p), Fraction(FAR)]
    rows = []
    for low, high in pairwise(edges):
        kept = frame.loc[(frame["in_vh"] >= low) & (frame["in_vh"] < high), "behalten"]
        rows.append({"von": low, "bis": high, "wenigstens": kept.min(), "hoechstens": kept.max()})
    return pd.DataFrame(rows)


def stufe(year: int, in_vh: int = 80, bedarfsmesszahl: int = NEEDS) -> Stufe:
    """The euro that reaches a whole per cent, if the rate of the Umlage rises with whole per cent only."""
    p = in_force(year, ganze_prozent=True)
    at = Fraction(in_vh, 100) * bedarfsmesszahl
    lines = steady([at - 1, at], p, bedarf=bedarfsmesszahl)
    zuweisung, umlage, saetze, summen = (
        list(lines[key]) for key in ("schluesselzuweisung", "finanzausgleichsumlage", "umlagesatz", "steuerkraftsumme")
    )
    less, more = zuweisung[0] - zuweisung[1], umlage[1] - umlage[0]
    below, above = saetze
    return Stufe(in_vh, Fraction(bedarfsmesszahl), summen[1], below, above, less, more, 1 - less - more)


def messpunkte(year: int) -> Table:
    """What is kept of the next euro at seven points, and where the rest goes; folded."""
    frame = behalten(year, MEASURED)
    *edges, last = [number(edge) for edge in corners(in_force(year)) if edge in MEASURED]
    inner = table(
        frame.assign(in_vh=[f"{number(x)} %" for x in frame["in_vh"]]),
        caption=f"{year}: Wohin der nächste Euro Steuerkraft geht",
        columns={
            "in_vh": "Steuerkraft zu Bedarf",
            "weniger_zuweisung": "weniger Zuweisung",
            "mehr_umlage": "mehr Umlage",
            "behalten": "bleibt",
        },
        units="Cent",
        decimals=1,
        note=f"Bei {', '.join(edges)} und {last} % zählt der nächste Euro darüber.",
    )
    return folded(inner, "Die Werte an einzelnen Stellen")


def anreiz(year: int) -> Any:
    """Where the next euro goes, as stacked areas; what is left out says the subtitle."""
    frame, p = behalten(year), in_force(year)
    names = list(PARTS.values())
    rows = [
        {"x": float(row["in_vh"]), "teil": name, "folge": place, "y": float(row[key])}
        for row in frame.to_dict("records")
        for place, (key, name) in enumerate(PARTS.items())
    ]
    points = behalten(year, MEASURED)
    marks = [
        {
            "x": float(row["in_vh"]),
            "y": float(row["behalten"]),
            "wo": f"{number(row['in_vh'])} %",
            **{key: f"{number(row[key], 1)} Cent" for key in PARTS},
        }
        for row in points.to_dict("records")
    ]
    drawing = alt.layer(
        alt.Chart(data_of(rows))
        .mark_area(line=False, stroke="currentColor", strokeWidth=EDGE, strokeOpacity=0.6)
        .encode(
            _x(p),
            alt.Y("y:Q", stack="zero", scale=_Y, title="Cent", axis=alt.Axis(tickCount=5)),
            alt.Color(
                "teil:N",
                scale=alt.Scale(domain=names, range=[RECEIVER, ACCENT, NEUTRAL]),
                legend=top_legend(names),
            ),
            order="folge:Q",
        ),
        _corner_rules(p),
        alt.Chart(data_of(marks))
        .mark_point(filled=True, size=55, opacity=1, color="#ffffff", stroke="#000000", strokeWidth=1)
        .encode(
            _x(p),
            alt.Y("y:Q"),
            tooltip=[
                alt.Tooltip("wo:N", title="Steuerkraft zu Bedarf"),
                *(alt.Tooltip(f"{key}:N", title=name) for key, name in PARTS.items()),
            ],
        ),
        width="container",
        height=320,
    )
    return publish(
        drawing,
        title=f"{year}: {_finding(year)}",
        subtitle=f"Wohin ein Euro mehr Steuerkraft geht, in Cent; {LEFT_OUT}",
        description="Gestapelte Flächen über der Steuerkraftmesszahl in % der Bedarfsmesszahl. "
        + "; ".join(
            f"bei {number(row['in_vh'])} % "
            + ", ".join(f"{name} {number(row[key], 1)} Cent" for key, name in PARTS.items())
            for row in points.to_dict("records")
        ),
        source=_source(year),
    )


def difference_text(shown: Sequence[int] | None = None) -> str:
    """What differs between two years, by default the first and the last that were announced."""
    listed = list(dict.fromkeys(shown or (years()[0], years()[-1])))
    if len(listed) == 1:
        return f"Uns liegt nur die Bekanntmachung für {listed[0]} vor."
    told = joined([str(year) for year in listed])
    quotas = joined([f"{number(in_force(year)['schluesselzahlen_gemeinden'], 2)} % ({year})" for year in listed])
    by_year = [zones(year).to_dict("records") for year in listed]
    if len({tuple((zone["von"], zone["bis"]) for zone in found) for found in by_year}) > 1:
        return f"Zwischen {told} haben sich die Grenzen der Abschnitte verschoben. Die Quote: {quotas}."
    changed = [found for found in zip(*by_year, strict=True) if len({kept(zone) for zone in found}) > 1]
    if not changed:
        return f"Zwischen {told} hat sich daran nichts geändert."
    parts = "; ".join(
        f"von {number(found[0]['von'])} bis {number(found[0]['bis'])} % bleiben "
        + joined([f"{kept(zone)} ({year})" for zone, year in zip(found, listed, strict=True)])
        for found in changed
    )
    rest = " In den anderen Abschnitten bleibt gleich viel." if len(changed) < len(by_year[0]) else ""
    return f"Zwischen {told} hat sich wenig geändert: {parts}. Die Quote war {quotas}.{rest}"


def kept(zone: Mapping[str, Any]) -> str:
    """The cents that are kept in a zone."""
    return f"{_range([zone])} Cent"


def joined(words: Sequence[str]) -> str:
    """Words with commas, and „und“ before the last."""
    *first, last = words
    return ", ".join(first) + (" und " if first else "") + last


def stufen(year: int, in_vh: int = 80, bedarfsmesszahl: int = NEEDS) -> pd.DataFrame:
    """What whole per cent do, in euro: the euro at a step, one between steps, and the whole way between two steps."""
    whole, smooth = in_force(year, ganze_prozent=True), in_force(year)
    middle = (Fraction(in_vh) + Fraction(1, 2)) / 100 * bedarfsmesszahl
    at, way = Fraction(in_vh, 100) * bedarfsmesszahl, Fraction(bedarfsmesszahl, 100)
    more_euro = f"{number(way)} € mehr"
    spans = {
        f"der Euro, der {number(in_vh)} % erreicht": (at - 1, at, whole),
        "ein Euro danach": (middle, middle + 1, whole),
        "derselbe Euro, stufenlos": (middle, middle + 1, smooth),
        f"{more_euro}, in Stufen": (at, at + way, whole),
        f"{more_euro}, stufenlos": (at, at + way, smooth),
    }
    rows = {}
    for name, (low, high, p) in spans.items():
        lines = steady([low, high], p, bedarf=bedarfsmesszahl)
        zuweisung, umlage = (list(lines[key]) for key in ("schluesselzuweisung", "finanzausgleichsumlage"))
        less, more = zuweisung[0] - zuweisung[1], umlage[1] - umlage[0]
        rows[name] = [high - low, less, more, high - low - less - more]
    columns = ["mehr_steuerkraft", "weniger_zuweisung", "mehr_umlage", "behalten"]
    return pd.DataFrame.from_dict(rows, orient="index", columns=columns).rename_axis("schritt")


def stufen_tabelle(year: int, in_vh: int = 80, bedarfsmesszahl: int = NEEDS) -> Table:
    """``stufen`` as a table, folded."""
    inner = table(
        stufen(year, in_vh, bedarfsmesszahl),
        caption=f"{year}: was ganze Prozent bewirken, eine erfundene Gemeinde bei {number(in_vh)} %",
        columns={
            "schritt": "Schritt",
            "weniger_zuweisung": "weniger Zuweisung",
            "mehr_umlage": "mehr Umlage",
            "behalten": "bleibt",
        },
        units="€",
        decimals=2,
        note=f"Beispielzahl: Bedarfsmesszahl {number(Fraction(bedarfsmesszahl, 1_000_000))} Mio. €.",
    )
    return folded(inner, f"Stufen und Rampe bei {number(in_vh)} %, in Euro")


_Y = alt.Scale(domain=[0, 100], nice=False)


def _x(p: dict[str, Any]) -> alt.X:
    values = [0, *(float(edge) for edge in corners(p)), 150.0]
    return alt.X(
        "x:Q",
        scale=alt.Scale(domain=[0, FAR], nice=False),
        title="Steuerkraft in % des Bedarfs",
        axis=alt.Axis(values=sorted(values), format=",.0f", grid=False, titlePadding=6, labelOverlap=False),
    )


def _corner_rules(p: dict[str, Any]) -> alt.Chart:
    rows = [{"x": float(edge)} for edge in corners(p)]
    rule: alt.Chart = alt.Chart(data_of(rows)).mark_rule(strokeDash=[4, 3], opacity=0.7).encode(_x(p))
    return rule


def _range(found: Sequence[Mapping[str, Any]]) -> str:
    """The least and the most cents of zones; one number where they are the same."""
    low, high = min(row["wenigstens"] for row in found), max(row["hoechstens"] for row in found)
    return " bis ".join(dict.fromkeys((_cents(low), _cents(high))))


def _cents(value: Fraction) -> str:
    # A euro below a corner is no cent less, and a half must not fall on it.
    return number(round(value, 3), 1).removesuffix(",0")


def _finding(year: int) -> str:
    """What the line says first: how little is kept below the lowest corner, and how much from all needs met."""
    rows = zones(year).to_dict("records")
    poor = _range([row for row in rows if row["von"] == 0])
    rich = _range([row for row in rows if row["von"] >= 100])
    words = "nichts" if poor == "0" else f"{poor} Cent"
    return f"Unter {number(rows[0]['bis'])} % bleibt vom Euro {words}, ab 100 % {rich} Cent"


def _source(year: int) -> str:
    return f"§§ 1a, 5 und 38 FAG BW; Bekanntmachung {year}; erfundene Gemeinde; eigene Berechnung"
