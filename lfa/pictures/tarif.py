"""The pictures of § 10 FAG 1993: tariff, zones, guarantees step by step; from a settlement to an Altair chart."""

import json
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import altair as alt
import numpy as np
import pandas as pd

from lfa.charts import ACCENT, NEUTRAL, PAYER, RECEIVER, bar_ends, data_of, land_axis, zero_line
from lfa.law import fag1993
from lfa.parameters import as_floats
from lfa.pictures.parts import (
    BLUE,
    MILLION,
    PINK,
    Drawing,
    Rows,
    Step,
    cascade,
    dumbbell,
    levels,
    right_column,
    stacked,
    top_legend,
)
from lfa.settlement import Settlement
from lfa.states import CODES, NAMES
from lfa.tables import Table, number, table

ZONES = (
    ("fehlbetrag_bis_92", "unter 92 v.H.", "#13857a"),
    ("fehlbetrag_92_bis_100", "92 bis 100 v.H.", "#9ad1c8"),
    ("ueberschuss_100_bis_101", "100 bis 101 v.H.", "#e6dbf3"),
    ("ueberschuss_101_bis_110", "101 bis 110 v.H.", "#b493da"),
    ("ueberschuss_ueber_110", "über 110 v.H.", "#6a3f9c"),
)
"""The zones of the tariff from below: the line with what lies in the zone, its name and colour."""
STEPS = (
    ("Abs. 3 Satz 1", "Erhöhung", "erhoehung_der_zuweisung", 1),
    ("Abs. 3 Satz 1", "Übernahme", "uebernahme_abs_3_satz_1", -1),
    ("Abs. 3 Satz 2", "Hebung", "hebung_abs_3", 1),
    ("Abs. 3 Satz 3", "Finanzierung", "finanzierung_abs_3", -1),
    ("Abs. 4 Satz 1", "Hebung", "ueberabschoepfung", 1),
    ("Abs. 4 Satz 2a", "Finanzierung", "finanzierung_abs_4_satz_2a", 1),
    ("Abs. 4 Satz 2b", "Finanzierung", "finanzierung_abs_4_satz_2b", 1),
    ("Abs. 4 Satz 3", "Finanzierung", "finanzierung_abs_4_satz_3", 1),
    ("Abs. 5", "Erhöhung", "erhoehung_beitrag", 1),
    ("Abs. 5", "Senkung", "senkung_beitrag", 1),
)
"""What § 10 Abs. 3 to 5 do after the tariff: clause, what happens, line, and its sign (plus is good for the Land)."""
BURDENS = (
    ("Abs. 3 Satz 1", ACCENT),
    ("Abs. 3 Satz 3", BLUE),
    ("Abs. 4 Satz 2a", PINK),
    ("Abs. 4 Satz 2b", NEUTRAL),
    ("Abs. 4 Satz 3", RECEIVER),
    ("Abs. 5", PAYER),
)
"""The clauses that someone pays for, each with its colour."""


def payers(settlement: Settlement) -> list[str]:
    """The Länder above their Ausgleichsmesszahl, the strongest by Finanzkraft first."""
    relation = dict(zip(CODES, _relation(settlement), strict=True))
    return sorted((code for code in CODES if relation[code] > 100), key=lambda code: -relation[code])


def tariff_at(relation: Any, parameters: Any, factor: Any) -> Any:
    """Finanzkraft after § 10 Abs. 2, in v.H. of the Ausgleichsmesszahl, for Finanzkraft of ``relation`` v.H. before.

    The law itself computes: on numpy arrays, or exactly on a Vector of fractions.
    """
    lines = {"ausgleichsmesszahl": 0 * relation + 100, "ueberschuss": relation - 100}
    lines.update(fag1993.ausgleichszuweisungen(lines, parameters))
    lines.update(fag1993.ausgleichsbeitraege(lines, parameters))
    return relation + lines["ausgleichszuweisung"] - factor * lines["gewichteter_ueberschuss"]


def tariff_points(settlement: Settlement) -> pd.DataFrame:
    """Where the Länder stand on the tariff: Finanzkraft before and after § 10 Abs. 2, in v.H."""
    return pd.DataFrame(
        {
            "land": CODES,
            "vorher": _relation(settlement),
            "nachher": _relation(settlement, settlement.lines["ausgleich_abs_2"]),
        }
    )


def _relation(settlement: Settlement, amount: Any = 0) -> Any:
    """Finanzkraft in v.H., from the surplus with which the law computes (the sum of Zeilen 58 and 59 is rounded)."""
    return 100 + 100 * (settlement.lines["ueberschuss"] + amount) / settlement.lines["ausgleichsmesszahl"]


def rates(settlement: Settlement) -> pd.DataFrame:
    """What the tariff does to one more euro in each zone, in v.H.: taken or filled, and left to the Land."""
    p = settlement.year.parameters
    factor = settlement.insgesamt["beitragsfaktor"] or 0.0
    names = [name for _, name, _ in ZONES]
    paid = [float(p[key]) for key in ("beitrag_zone_1", "beitrag_zone_2", "beitrag_zone_3")]
    rows = [
        ("erhält", float(100 * p["zuweisung_unten"]), None),
        ("erhält", float(100 * p["zuweisung_oben"]), None),
        *(("zahlt", 100 * rate, 100 * rate * factor) for rate in paid),
    ]
    frame = pd.DataFrame(rows, columns=["seite", "satz", "mit_faktor"], index=pd.Index(names, name="zone"))
    return frame.assign(bleibt=100 - frame["mit_faktor"].fillna(frame["satz"]))


def tariff_curve(settlement: Settlement) -> Drawing:
    """Finanzkraft before on x, after § 10 Abs. 2 on y; the area between curve and diagonal is what flows."""
    p = as_floats(settlement.year.parameters)
    points = tariff_points(settlement)
    low, high = np.floor(points["vorher"].min() - 4), np.ceil(points["vorher"].max() + 3)
    keys = ("zuweisung_auffuellung_ab", "beitrag_zone_1_bis", "beitrag_zone_2_bis")
    edges = np.array([low, *sorted([100.0, *(100 * p[key] for key in keys)]), high])
    curve = pd.DataFrame({"x": edges, "y": tariff_at(edges, p, settlement.insgesamt["beitragsfaktor"])})
    scale = alt.Scale(domain=[low, high], nice=False, zero=False)
    x = alt.X("x:Q", scale=scale, title="vorher, in v.H. der Ausgleichsmesszahl", axis=_vh_axis())
    y = alt.Y("y:Q", scale=scale, title="nachher, in v.H.", axis=_vh_axis())
    layers: list[alt.Chart] = [
        alt.Chart(data_of([{"x": edge} for edge in edges[1:-1]])).mark_rule(strokeDash=[2, 3], opacity=0.55).encode(x),
        alt.Chart(data_of([{"x": low, "y": low}, {"x": high, "y": high}]))
        .mark_line(color="currentColor", strokeWidth=1, strokeDash=[6, 4])
        .encode(x, y),
    ]
    for colour, side in ((RECEIVER, curve["x"] <= 100), (PAYER, curve["x"] >= 100)):
        base = alt.Chart(data_of(curve[side].to_dict("records")))
        layers += [
            base.mark_area(color=colour, opacity=0.22, line=False).encode(x, y, alt.Y2("x:Q")),
            base.mark_line(color=colour, strokeWidth=2.4).encode(x, y),
        ]
    return alt.layer(
        *layers, *_tariff_words(settlement, edges), *_tariff_marks(points, x, y), width="container", height=400
    )


def _vh_axis() -> alt.Axis:
    return alt.Axis(tickCount=6, grid=False, titlePadding=6)


def _tariff_marks(points: pd.DataFrame, x: alt.X, y: alt.Y) -> list[alt.Chart]:
    rows = [
        {
            "x": row.vorher,
            "y": row.nachher,
            "name": NAMES[row.land],
            "vorher": number(row.vorher, 1),
            "nachher": number(row.nachher, 1),
            "seite": row.vorher > 100,
        }
        for row in points.itertuples()
    ]
    labels = data_of(
        [
            *_labels(points[points["vorher"] <= 100], 1),
            *_labels(points[points["vorher"] > 100], -1),
        ]
    )
    colour = alt.Color("seite:N", scale=alt.Scale(domain=[False, True], range=[RECEIVER, PAYER]), legend=None)
    tooltip = [
        alt.Tooltip("name:N", title="Land"),
        alt.Tooltip("vorher:N", title="vorher, v.H."),
        alt.Tooltip("nachher:N", title="nachher, v.H."),
    ]
    return [
        alt.Chart(labels).mark_rule(strokeWidth=0.7, opacity=0.7).encode(x, y, alt.Y2("ende:Q")),
        alt.Chart(data_of(rows))
        .mark_point(filled=True, size=60, opacity=1, stroke="currentColor", strokeWidth=0.8)
        .encode(x, y, color=colour, tooltip=tooltip),
        alt.Chart(labels).mark_text(fontWeight="bold", aria=False).encode(x, alt.Y("text_y:Q"), text="text:N"),
    ]


def _labels(points: pd.DataFrame, side: int) -> Rows:
    """Labels above (1) or below (-1) the points; near neighbours share one, and labels that would touch are stacked.

    Widths are those of a phone, where one v.H. is about five pixels.
    """
    groups: list[list[Any]] = []
    for row in points.sort_values("vorher").itertuples():
        if groups and row.vorher - groups[-1][-1].vorher < 2.2:
            groups[-1].append(row)
        else:
            groups.append([row])
    rows: Rows = []
    for group in groups:
        text = " ".join(row.land for row in group)
        middle = sum(row.vorher for row in group) / len(group)
        base = side * max(side * row.nachher for row in group)
        height = base + side * 3.3
        while any(_touch(middle, height, text, row) for row in rows):
            height += side * 0.5
        rows.append({"x": middle, "y": base, "ende": height - side * 1.5, "text_y": height, "text": text})
    return rows


def _touch(x: float, y: float, text: str, row: dict[str, Any]) -> bool:
    wide = 0.85 * (len(text) + len(row["text"]))
    return bool(abs(y - row["text_y"]) < 2.8 and abs(x - row["x"]) < wide)


def _tariff_words(settlement: Settlement, edges: Any) -> list[alt.Chart]:
    """The rate of each zone along the top, and what the two lines are."""
    low, high = float(edges[0]), float(edges[-1])
    shown = rates(settlement)
    middle = [(a + b) / 2 for a, b in pairwise(edges)]
    zone = [
        {"x": x, "y": high - 1.2 - 3.2 * (i == 2), "text": number(row.satz, 0 if row.satz == int(row.satz) else 1)}
        for i, (x, row) in enumerate(zip(middle, shown.itertuples(), strict=True))
    ]
    # The outermost zone is crossed by the diagonal at its right end.
    zone[-1]["x"] = float(edges[-2]) + (high - float(edges[-2])) * 0.32
    words = [
        {"x": low + 8, "y": low + 5.2, "text": "ohne Ausgleich"},
        {"x": low + 1, "y": 92.8, "text": "mit Ausgleich"},
    ]
    x, y = alt.X("x:Q"), alt.Y("y:Q")
    return [
        alt.Chart(data_of(zone)).mark_text(fontStyle="italic", aria=False).encode(x, y, text="text:N"),
        alt.Chart(data_of(words)).mark_text(align="left", aria=False).encode(x, y, text="text:N"),
    ]


def zone_amounts(settlement: Settlement) -> pd.DataFrame:
    """What § 10 Abs. 1 and 2 give (plus) or take (minus) in each zone, in Mio. €, a row per Land and zone."""
    p = as_floats(settlement.year.parameters)
    factor = settlement.insgesamt["beitragsfaktor"] or 0.0
    weights = (
        p["zuweisung_unten"],
        p["zuweisung_oben"],
        *(-factor * p[key] for key in ("beitrag_zone_1", "beitrag_zone_2", "beitrag_zone_3")),
    )
    return pd.DataFrame(
        [
            {"land": code, "zone": name, "betrag": weight * amount / MILLION}
            for (key, name, _), weight in zip(ZONES, weights, strict=True)
            for code, amount in zip(CODES, settlement.lines[key], strict=True)
        ]
    )


def zone_bars(settlement: Settlement) -> Drawing:
    """Beiträge and Zuweisungen by zones of the tariff, stacked by Land; in Mio. €."""
    frame = zone_amounts(settlement)
    total = frame.groupby("land")["betrag"].sum()
    order = list(total.sort_values(ascending=False).index)
    names = [name for _, name, _ in ZONES]
    rows = [
        {
            **row,
            "name": NAMES[row["land"]],
            "folge": names.index(row["zone"]),
            "seite": row["betrag"] > 0,
            "text": number(row["betrag"], 1),
        }
        for row in frame[frame["betrag"] != 0].to_dict("records")
    ]
    ends = [{"land": land, "wert": float(total[land]), "text": number(total[land])} for land in order]
    y = alt.Y("land:N", sort=order, axis=land_axis())
    scale = alt.Scale(padding=52, nice=False)
    bar = (
        alt.Chart(data_of(rows))
        .mark_bar(height={"band": 0.72}, strokeWidth=0.8)
        .encode(
            y,
            alt.X("sum(betrag):Q", stack="zero", axis=None, scale=scale),
            alt.Color(
                "zone:N",
                scale=alt.Scale(domain=names, range=[zone[2] for zone in ZONES]),
                legend=top_legend(names, symbolStrokeColor="currentColor", symbolStrokeWidth=0.6),
            ),
            stroke=alt.Stroke("seite:N", scale=alt.Scale(domain=[False, True], range=[PAYER, RECEIVER]), legend=None),
            # From the middle outwards, in the order in which a surplus or a shortfall grows.
            order=alt.Order("weite:Q"),
            tooltip=[
                alt.Tooltip("name:N", title="Land"),
                alt.Tooltip("zone:N", title="Zone"),
                alt.Tooltip("text:N", title="Mio. €"),
            ],
        )
        .transform_calculate(weite="abs(datum.folge - 1.5)")
    )
    base = alt.Chart(data_of(ends)).encode(y, alt.X("wert:Q", scale=scale, axis=None))
    return alt.layer(bar, zero_line(), *bar_ends(base), width="container", height=alt.Step(24))


def zone_sheet(settlement: Settlement, land: str) -> pd.DataFrame:
    """The tariff by hand for one Land: part of its gap in each zone, rate, and what that makes; in euro."""
    place = CODES.index(land)
    frame = rates(settlement).assign(
        abstand=[float(settlement.lines[key][place]) for key, _, _ in ZONES],
    )
    frame = frame[frame["abstand"] > 0]
    return frame.assign(betrag=frame["abstand"] * frame["satz"] / 100)[["abstand", "satz", "betrag"]]


def steps(settlement: Settlement, land: str) -> pd.DataFrame:
    """What § 10 Abs. 3 to 5 add to (plus) or take from (minus) a Land after the tariff, in euro; without zeros."""
    place = CODES.index(land)
    rows = [
        {"absatz": clause, "was": what, "betrag": sign * float(settlement.lines[key][place])}
        for clause, what, key, sign in STEPS
    ]
    return pd.DataFrame([row for row in rows if row["betrag"]], columns=["absatz", "was", "betrag"])


def waterfall(frame: pd.DataFrame) -> Drawing:
    """Steps one after the other from zero to their sum; ``frame`` as of ``steps``, drawn in Mio. €."""
    return cascade(
        [Step((row.absatz, row.was), row.betrag) for row in frame.itertuples()],
        total="zusammen\nAbs. 3 bis 5",
        plus=("entlastet", RECEIVER),
        minus=("belastet", PAYER),
        decimals=2,
    )


def guarantee_gaps(settlement: Settlement) -> Drawing:
    """Ländersteuern after the tariff, in v.H. of the average; a line leads from a Land below its guarantee to it."""
    p = as_floats(settlement.year.parameters)
    values = settlement.lines["laendersteuern_in_vh_nach_abs_2"]
    paying = payers(settlement)
    domain, colours = ["erhält", "zahlt"], [RECEIVER, PAYER]
    rows = [
        {
            "land": code,
            "name": NAMES[code],
            "wert": float(value),
            "text": number(value, 1),
            "seite": domain[code in paying],
            "garantie": 100 * (p["garantie_zahler"] if code in paying else p["garantie_empfaenger"]),
        }
        for code, value in zip(CODES, values, strict=True)
    ]
    order = [row["land"] for row in sorted(rows, key=lambda row: -row["wert"])]
    y = alt.Y("land:N", sort=order, axis=land_axis())
    low, high = min(row["wert"] for row in rows), max(row["wert"] for row in rows)
    x = alt.X(
        "wert:Q", axis=None, scale=alt.Scale(domain=[low - 0.3, high + 0.3 * (high - low)], nice=False, zero=False)
    )
    marks = [100 * p[key] for key in ("garantie_empfaenger", "garantie_zahler")]
    return alt.layer(
        *levels([{"wert": mark, "text": number(mark)} for mark in marks], x),
        alt.Chart(data_of([row for row in rows if row["wert"] < row["garantie"]]))
        .mark_rule(strokeWidth=4, color=ACCENT)
        .encode(x, alt.X2("garantie:Q"), y),
        alt.Chart(data_of(rows))
        .mark_point(filled=True, size=80, opacity=1)
        .encode(
            x,
            y,
            alt.Color("seite:N", scale=alt.Scale(domain=domain, range=colours), legend=top_legend(domain)),
            tooltip=[alt.Tooltip("name:N", title="Land"), alt.Tooltip("text:N", title="v.H. des Durchschnitts")],
        ),
        right_column(rows, y),
        width="container",
        height=alt.Step(22),
    )


def filled_in_part(settlement: Settlement, laender: Sequence[str], before: str, plus: str = "") -> str:
    """A sentence on how far a guarantee reaches: the Ländersteuern after it, in v.H. of the average."""
    lines = settlement.lines
    people = lines["gewertete_einwohner_laendersteuern"]
    average = lines["laendersteuern"].sum() / people.sum()
    per_head = (lines[before] + (lines[plus] if plus else 0)) / people
    reached = dict(zip(CODES, 100 * per_head / average, strict=True))
    sentences = [f"{NAMES[land]} kommt auf {number(reached[land], 1)} v.H." for land in laender]
    return " ".join(["Die Lücke schließt sich damit nur zum Teil:", *sentences]) if sentences else ""


def limit_use(settlement: Settlement) -> pd.DataFrame:
    """Beiträge before and after § 10 Abs. 4, in v.H. of the Belastungsobergrenze, a row per paying Land."""
    limit = settlement.lines["belastungsobergrenze"]
    places = [CODES.index(code) for code in payers(settlement)]
    return pd.DataFrame(
        {
            "land": [CODES[place] for place in places],
            "vorher": [-100 * settlement.lines["ausgleich_abs_3"][place] / limit[place] for place in places],
            "nachher": [-100 * settlement.lines["ausgleich_abs_4"][place] / limit[place] for place in places],
        }
    )


def limit_dumbbell(settlement: Settlement) -> Drawing:
    """How far each paying Land uses its Belastungsobergrenze, before and after § 10 Abs. 4."""
    return dumbbell(
        limit_use(settlement).sort_values("vorher", ascending=False),
        {"vorher": "vor Abs. 4", "nachher": "nach Abs. 4"},
        unit="v.H. der Obergrenze",
        decimals=1,
        mark=100,
    )


def order_of_payers(settlement: Settlement) -> pd.DataFrame:
    """Finanzkraftrelation and rank of the paying Länder before § 10 Abs. 2, after Abs. 4 and after Abs. 5."""
    stages = (("vor Abs. 2", "vor_abs_2"), ("nach Abs. 4", "nach_abs_4"), ("nach Abs. 5", "nach_abs_5"))
    return pd.DataFrame(
        [
            {
                "land": code,
                "stand": stand,
                "relation": float(settlement.lines[f"finanzkraftrelation_{key}"][CODES.index(code)]),
                "rang": int(settlement.lines[f"reihenfolge_{key}"][CODES.index(code)]),
            }
            for stand, key in stages
            for code in payers(settlement)
        ]
    )


def rank_slopes(settlement: Settlement) -> Drawing:
    """The order of the paying Länder at three moments; a Land whose rank changes stands out."""
    frame = order_of_payers(settlement)
    moved = {land for land, ranks in frame.groupby("land")["rang"] if ranks.nunique() > 1}
    colours = dict(zip(sorted(moved), (PAYER, ACCENT, RECEIVER, BLUE, PINK), strict=False))
    lands = list(dict.fromkeys(frame["land"]))
    start = frame.drop_duplicates("land").set_index("land")["rang"]
    rows = [
        row
        | {
            "name": NAMES[row["land"]],
            "text": number(row["relation"], 2),
            "unten": bool(row["rang"] > start[row["land"]]),
        }
        for row in frame.to_dict("records")
    ]
    stages = list(dict.fromkeys(frame["stand"]))
    x = alt.X(
        "stand:N",
        sort=stages,
        scale=alt.Scale(padding=0.75),
        axis=alt.Axis(title=None, orient="top", labelAngle=0, domain=False, ticks=False, grid=True),
    )
    y = alt.Y("rang:Q", scale=alt.Scale(domain=[0.5, len(lands) + 0.6], reverse=True, nice=False), axis=None)
    colour = alt.Color(
        "land:N",
        scale=alt.Scale(domain=lands, range=[colours.get(land, NEUTRAL) for land in lands]),
        legend=None,
    )
    base = alt.Chart(data_of(rows)).encode(x, y)
    first, last = (base.transform_filter(f"datum.stand === '{stage}'") for stage in (stages[0], stages[-1]))
    between = base.transform_filter(f"indexof({json.dumps(stages[1:-1])}, datum.stand) >= 0")
    return alt.layer(
        base.mark_line(strokeWidth=3).encode(color=colour, detail="land:N"),
        base.mark_point(filled=True, size=110, opacity=1).encode(
            color=colour,
            tooltip=[
                alt.Tooltip("name:N", title="Land"),
                alt.Tooltip("stand:N", title="Stand"),
                alt.Tooltip("rang:Q", title="Rang"),
                alt.Tooltip("text:N", title="Finanzkraftrelation, v.H."),
            ],
        ),
        between.transform_filter("!datum.unten").mark_text(dy=-14, aria=False).encode(text="text:N"),
        between.transform_filter("datum.unten").mark_text(dy=15, aria=False).encode(text="text:N"),
        first.transform_calculate(wort="datum.land + '  ' + datum.text")
        .mark_text(align="right", dx=-10, aria=False)
        .encode(text="wort:N"),
        last.transform_calculate(wort="datum.text + '  ' + datum.land")
        .mark_text(align="left", dx=10, aria=False)
        .encode(text="wort:N"),
        width="container",
        height=54 * len(lands),
    )


def burdens(settlement: Settlement, lands: Sequence[str] | None = None) -> pd.DataFrame:
    """Who pays for each clause, in euro: a row per Land, a column per clause that costs anything."""
    chosen = list(lands or CODES)
    frame = pd.DataFrame(0.0, index=pd.Index(chosen, name="land"), columns=[clause for clause, _ in BURDENS])
    for land in chosen:
        for row in steps(settlement, land).itertuples():
            if row.betrag < 0:
                frame.loc[land, row.absatz] -= row.betrag
    return frame.loc[:, frame.any()]


def burden_bars(settlement: Settlement) -> Drawing:
    """What each paying Land bears for each clause, stacked; in Mio. €."""
    frame = burdens(settlement, payers(settlement)) / MILLION
    total = frame.sum(axis=1).sort_values(ascending=False)
    colours = dict(BURDENS)
    return stacked(
        frame.loc[total.index],
        [colours[str(clause)] for clause in frame.columns],
        unit="Mio. €",
        text=[number(amount, 1) for amount in total],
        decimals=2,
    )


def by_hand(frame: pd.DataFrame, *, caption: str) -> Table:
    """A ``zone_sheet`` as a table in Tsd. €, with its sum."""
    rows = [
        {"zone": zone, "abstand": row.abstand / 1000, "satz": row.satz, "betrag": row.betrag / 1000}
        for zone, row in zip(frame.index, frame.itertuples(), strict=True)
    ]
    summe = {"zone": "zusammen", "satz": None} | {key: frame[key].sum() / 1000 for key in ("abstand", "betrag")}
    return table(
        pd.DataFrame([*rows, summe]),
        caption=caption,
        columns={"zone": "Zone", "abstand": "Abstand", "satz": "Satz", "betrag": "ergibt"},
        units={"abstand": "Tsd. €", "satz": "v.H.", "betrag": "Tsd. €"},
        decimals={"satz": 1},
        total="zusammen",
    )
