"""Years worked back from their results: the tariff read backwards, BEZ foretold, and Finanzkraft by Land and year."""

import json
from collections.abc import Collection, Mapping, Sequence
from fractions import Fraction
from functools import cache
from math import ceil

import altair as alt
import numpy as np
import pandas as pd

from lfa.charts import ACCENT, DIVERGING, PAYER, RECEIVER, data_of, ink_on, land_axis
from lfa.law import fag2005, fag2020
from lfa.parameters import as_floats
from lfa.pictures.parts import MILLION, Drawing, Rows, right_column, top_legend
from lfa.reconstruction import SPLITS, Reconstruction, reconstruct
from lfa.results import Result, preferred
from lfa.states import CODES, NAMES
from lfa.tables import Table, number, table
from lfa.years import Year, load, sound_years

BEZ = "allgemeine_bez"
LAND_OF_THE_PROOF = "BE"
"""The Land whose published BEZ alone foretells the others."""
NEAR = 2.2
"""Länder whose Finanzkraft differs by less, in v.H., share a label."""
GAP = " "
"""The heading of a column without cells, which keeps groups of columns apart."""
PLAIN_ZERO = "datum.value === 0 ? '0' : datum.label"
NARROW = "containerSize()[0] < 480"
PHONE = 295
"""Room for the columns of a chart on a phone, in pixels."""


# --- What is worked back ----------------------------------------------------------------------------------------------


def possible_years() -> list[int]:
    """The years whose published results allow to work back."""
    return [jahr for jahr in sound_years() if "rekonstruktion" in load(jahr).stages]


def settled_years() -> list[int]:
    """Of these the years in which the BEZ of several Länder are published, all of them final."""
    return [
        jahr
        for jahr in possible_years()
        if len(bez := published(jahr)) > 1 and all(result.status == "endgueltig" for result in bez.values())
    ]


def provisional_years() -> list[int]:
    """The years in which the BEZ of several Länder are published, but not as final."""
    return [jahr for jahr in possible_years() if len(published(jahr)) > 1 and jahr not in settled_years()]


def forecast_years() -> list[int]:
    """The years in which the BEZ of only one Land is published."""
    return [jahr for jahr in possible_years() if len(published(jahr)) == 1]


@cache
def found_of(jahr: int, using: tuple[str, ...] = CODES) -> Reconstruction:
    """A year worked back, from the published BEZ of these Länder."""
    return reconstruct(load(jahr), using)


def published(jahr: int) -> Mapping[str, Result]:
    """The published allgemeine BEZ of a year, by Land."""
    return preferred(load(jahr).results).get(BEZ, {})


def with_bez(year: Year, land: str, change: int) -> Year:
    """The year as if the published allgemeine BEZ of a Land were higher by ``change`` euro."""
    results = tuple(
        result._replace(value=result.value + change) if (result.quantity, result.land) == (BEZ, land) else result
        for result in year.results
    )
    return year._replace(results=results)


def foretold(jahr: int, using: Collection[str] = (LAND_OF_THE_PROOF,)) -> pd.DataFrame:
    """Published and worked-back BEZ of the Länder that were not used, in Mio. €; without Länder that get none.

    ``off`` is published less worked back; ``erlaubt`` what the rounding of the print and the interval allow there.
    """
    found = found_of(jahr, tuple(using))
    rows = []
    for place, land in enumerate(CODES):
        low, value, high = (float(found.lines[key][place]) for key in (f"{BEZ}_mindestens", BEZ, f"{BEZ}_hoechstens"))
        result = preferred(load(jahr).results)[BEZ].get(land)
        if result is None or (land in using and len(using) < len(CODES)) or not (result.value or high):
            continue
        off = float(result.value) - value
        room = float(result.half) + (high - value if off > 0 else value - low)
        rows.append((jahr, land, float(result.value), value, low, high, off, room, float(result.half)))
    names = ["jahr", "land", "amtlich", "gerechnet", "mindestens", "hoechstens", "off", "erlaubt", "rundung"]
    frame = pd.DataFrame(rows, columns=names)
    frame[names[2:]] /= MILLION
    return frame.assign(passt=frame["off"].abs() <= frame["erlaubt"] * (1 + 1e-9))


def fitted(jahr: int) -> pd.DataFrame:
    """Published less worked-back BEZ of every Land that gets any, when all of them fix the level; in Mio. €."""
    found = found_of(jahr)
    halves = {land: float(result.half) / MILLION for land, result in found.published.items()}
    rows = [
        {"jahr": jahr, "land": land, "off": -off / MILLION, "rundung": halves[land], "passt": True}
        for land, off in found.residuals().items()
        if off or float(found.published[land].value)
    ]
    frame = pd.DataFrame(rows)
    return frame.assign(passt=frame["off"].abs() <= frame["rundung"] * (1 + 1e-9))


def forecast(jahr: int) -> pd.DataFrame:
    """BEZ worked back with their interval, in Mio. €, a row per Land that gets any, the largest first."""
    found = found_of(jahr)
    keys = {"gerechnet": BEZ, "mindestens": f"{BEZ}_mindestens", "hoechstens": f"{BEZ}_hoechstens"}
    frame = pd.DataFrame({name: found.lines[key] / MILLION for name, key in keys.items()})
    frame.insert(0, "land", list(CODES))
    frame["bekannt"] = [land in found.published for land in CODES]
    return frame[frame["hoechstens"] > 0].sort_values("gerechnet", ascending=False, ignore_index=True)


def relation(jahr: int, after: bool = False) -> pd.Series:
    """Finanzkraft before or after the Ausgleich, in v.H. of the Ausgleichsmesszahl; by Land."""
    lines = found_of(jahr).lines
    kraft = lines["finanzkraft_nach_ausgleich" if after else "finanzkraftmesszahl"]
    return pd.Series(100 * kraft / lines["ausgleichsmesszahl"], index=list(CODES), name=str(jahr))


def relations(after: bool = False) -> pd.DataFrame:
    """The same for every year that can be worked back; a column per year, and an empty one between two laws."""
    columns: dict[str, pd.Series | float] = {}
    last = ""
    for jahr in possible_years():
        law = load(jahr).law
        if last and law != last:
            columns[GAP] = float("nan")
        columns[str(jahr)] = relation(jahr, after)
        last = law
    return pd.DataFrame(columns, index=pd.Index(CODES, name="land"))


def value(found: Reconstruction, line: str, land: str) -> float:
    """What a line has for a Land."""
    return float(found.lines[line][CODES.index(land)])


def coarser(year: Year, factor: int) -> Year:
    """The year as if its published allgemeine BEZ were rounded to a place ``factor`` times as coarse."""
    results = tuple(
        result._replace(half=factor * result.half) if result.quantity == BEZ else result for result in year.results
    )
    return year._replace(results=results)


def forwards(jahr: int) -> tuple[dict[str, float], bool]:
    """What the law makes of the Finanzkraft worked back: the Ausgleich by Land, and whether § 10 Abs. 3 limits it."""
    year, worked_back = load(jahr), found_of(jahr).lines
    values = as_floats(year.parameters)
    lines = {key: worked_back[key] for key in ("ausgleichsmesszahl", "ueberschuss", "finanzkraftmesszahl")}
    if year.law == "fag2020":
        lines |= fag2020.zuschlaege_und_abschlaege(lines, values)
        return dict(zip(CODES, map(float, lines["zuschlag"] - lines["abschlag"]), strict=True)), False
    lines |= fag2005.ausgleichszuweisungen(lines, values)
    lines |= fag2005.ausgleichsbeitraege(lines, values)
    lines |= fag2005.obergrenze(lines, values)
    return dict(zip(CODES, map(float, lines["ausgleich"]), strict=True)), bool(lines["uebersteigender_betrag"].any())


def heights(jahr: int, change: int) -> pd.DataFrame:
    """The year with the BEZ of Berlin lower by ``change``, as it is, and higher.

    A row each: the BEZ of Berlin and of Sachsen in Mio. €, the level and the sum of all surpluses and shortfalls in €.
    """
    rows = []
    for more in (-change, 0, change):
        found = reconstruct(with_bez(load(jahr), LAND_OF_THE_PROOF, more), (LAND_OF_THE_PROOF,))
        known = float(found.published[LAND_OF_THE_PROOF].value) / MILLION
        total = float(found.lines["ueberschuss"].sum())
        rows.append((known, found.level[1], total, value(found, BEZ, "SN") / MILLION))
    return pd.DataFrame(rows, columns=["be", "hoehe", "summe", "sn"])


# --- Tables and words -------------------------------------------------------------------------------------------------


def heights_table(frame: pd.DataFrame, caption: str, note: str) -> Table:
    """The table of three levels, ``frame`` as of ``heights``; what is less than a cent is nothing."""
    return table(
        frame.assign(be=[f"{number(be)} Mio. €" for be in frame["be"]], summe=frame["summe"].round(2) + 0.0),
        caption=caption,
        columns={
            "be": "BEZ Berlins",
            "hoehe": "Durchschnitt je gewerteten Einwohner",
            "summe": "Überschüsse − Fehlbeträge",
            "sn": "BEZ Sachsens",
        },
        units={"hoehe": "€", "summe": "€", "sn": "Mio. €"},
        decimals={"hoehe": 1, "sn": 1},
        note=note,
    )


def proof_table(frame: pd.DataFrame) -> Table:
    """Sums of published and foretold BEZ by year, and the largest deviation; ``frame`` as of ``foretold``."""
    years = frame.groupby("jahr").agg(
        laender=("land", "count"),
        amtlich=("amtlich", "sum"),
        gerechnet=("gerechnet", "sum"),
        weit=("off", lambda off: off.abs().max()),
    )
    return table(
        years.rename_axis("jahr").reset_index().assign(jahr=lambda years: years["jahr"].astype(str)),
        caption="BEZ ohne Berlin: veröffentlicht und aus Berlin vorhergesagt",
        columns={
            "jahr": "Jahr",
            "laender": "Länder",
            "amtlich": "veröffentlicht",
            "gerechnet": "vorhergesagt",
            "weit": "größte Abweichung",
        },
        units={"amtlich": "Mio. €", "gerechnet": "Mio. €", "weit": "Mio. €"},
        decimals={"gerechnet": 1, "weit": 2},
        note="Summen über die Länder, die BEZ bekamen, ohne Berlin.",
    )


def forecast_table(years: Sequence[int]) -> Table:
    """Worked-back BEZ with their interval, a row per Land that gets any in one of the years."""
    columns = {jahr: forecast(jahr).set_index("land") for jahr in years}
    laender = sorted(set().union(*(frame.index for frame in columns.values())), key=CODES.index)
    cells = {
        str(jahr): [plus_minus(frame.loc[land]) if land in frame.index else "–" for land in laender]
        for jahr, frame in columns.items()
    }
    return table(
        pd.DataFrame({"land": [NAMES[land] for land in laender], **cells}),
        caption="Allgemeine BEZ, zurückgerechnet, in Mio. €",
        columns={"land": "Land", **{name: name for name in cells}},
        note="± größte Abweichung nach Rundung und Aufteilung. Berlin: veröffentlicht. –: keine BEZ.",
    )


def curve_words(points: pd.DataFrame) -> str:
    """Finanzkraft and Ausgleich of every Land, the weakest first; ``points`` as of ``curve_points``, by Land."""
    return "; ".join(
        f"{NAMES[str(land)]} {number(row['vorher'], 1)} und {number(row['ausgleich'], 1, sign=True)}"
        for land, row in points.sort_values("vorher").iterrows()
    )


def some_years(frame: pd.DataFrame, years: Sequence[int] = (2005, 2018, 2024)) -> str:
    """Finanzkraft of every Land in some years, ``frame`` as of ``relations``, as a text alternative."""
    return "; ".join(
        NAMES[str(land)] + " " + ", ".join(f"{jahr} {number(row[str(jahr)], 1)}" for jahr in years)
        for land, row in frame.iterrows()
    )


# --- Pictures ---------------------------------------------------------------------------------------------------------


def curve_points(jahr: int) -> pd.DataFrame:
    """Finanzkraft worked back and the published Ausgleich, both in v.H. of the Ausgleichsmesszahl; a row per Land."""
    lines = found_of(jahr).lines
    flow = lines["finanzkraft_nach_ausgleich"] - lines["finanzkraftmesszahl"]
    return pd.DataFrame(
        {"land": CODES, "vorher": lines["finanzkraft_in_vh"], "ausgleich": 100 * flow / lines["ausgleichsmesszahl"]}
    )


def backwards_curve(jahr: int, guides: Sequence[str]) -> Drawing:
    """The tariff of § 10 with the Länder on it; lines lead from the published amount of ``guides`` to Finanzkraft."""
    values, points = as_floats(load(jahr).parameters), curve_points(jahr)
    factor = float(found_of(jahr).lines["aufbringung_in_vh"][0]) / 100
    low, high = float(np.floor(points["vorher"].min() - 3)), float(np.ceil(points["vorher"].max() + 5))
    # Both sides meet at the average: one point belongs to each.
    at = np.concatenate([np.linspace(low, 100, 60), np.linspace(100, high, 60)])
    gap = at / 100 - 1
    flow = 100 * np.where(
        gap < 0, fag2005.tariffaktor(np.maximum(-gap, 0), values), -factor * fag2005.tariffaktor(abs(gap), values)
    )
    bottom, top = float(flow.min()), float(flow.max())
    x = alt.X(
        "x:Q",
        scale=alt.Scale(domain=[low, high], nice=False),
        title="Finanzkraft vorher, v.H.",
        axis=alt.Axis(tickCount=6, grid=False),
    )
    y = alt.Y(
        "y:Q",
        scale=alt.Scale(domain=[bottom, top], nice=False),
        title="bekommt (+), zahlt (−), v.H.",
        axis=alt.Axis(tickCount=6, grid=False, format="+,.0f", labelExpr=PLAIN_ZERO),
    )
    known = points.set_index("land")
    legs: Rows = []
    for number_of, land in enumerate(guides):
        place = (float(known.loc[land, "vorher"]), float(known.loc[land, "ausgleich"]))
        corners = [(low, place[1]), place, (place[0], bottom)]
        legs += [{"zug": number_of, "folge": i, "x": a, "y": b} for i, (a, b) in enumerate(corners)]
    rows: Rows = [
        {
            "x": float(row.vorher),
            "y": float(row.ausgleich),
            "name": NAMES[str(row.land)],
            "vorher": number(row.vorher, 1),
            "ausgleich": number(row.ausgleich, 1, sign=True),
            "seite": bool(row.ausgleich < 0),
        }
        for row in points.itertuples()
    ]
    side = alt.Color("seite:N", scale=alt.Scale(domain=[False, True], range=[RECEIVER, PAYER]), legend=None)
    lines = [
        {"x": float(a), "y": float(b), "seite": i >= len(at) / 2, "folge": i}
        for i, (a, b) in enumerate(zip(at, flow, strict=True))
    ]
    return alt.layer(
        alt.Chart(data_of([{"y": 0}])).mark_rule(opacity=0.6).encode(y),
        alt.Chart(data_of(lines)).mark_line(strokeWidth=2.6).encode(x, y, side, order="folge:Q"),
        alt.Chart(data_of(legs))
        .mark_line(color="currentColor", strokeWidth=1.2, strokeDash=[5, 4])
        .encode(x, y, detail="zug:N", order="folge:Q"),
        alt.Chart(data_of(rows))
        .mark_point(filled=True, size=65, opacity=1, stroke="currentColor", strokeWidth=0.8)
        .encode(
            x,
            y,
            side,
            tooltip=[
                alt.Tooltip("name:N", title="Land"),
                alt.Tooltip("vorher:N", title="Finanzkraft, v.H."),
                alt.Tooltip("ausgleich:N", title="Ausgleich, v.H."),
            ],
        ),
        alt.Chart(data_of(_labels(points)))
        .mark_text(align="left", dx=8, dy=-7, fontWeight="bold", aria=False)
        .encode(x, y, text="text:N"),
        width="container",
        height=380,
    )


def _labels(points: pd.DataFrame) -> Rows:
    """Codes at the upper right of the points; near neighbours share a label at the last of them."""
    groups: list[list[tuple[str, float, float]]] = []
    ordered = points.sort_values("vorher")
    for land, before, flow in zip(ordered["land"], ordered["vorher"], ordered["ausgleich"], strict=True):
        if groups and before - groups[-1][-1][1] < NEAR:
            groups[-1].append((str(land), float(before), float(flow)))
        else:
            groups.append([(str(land), float(before), float(flow))])
    return [
        {
            "text": " ".join(land for land, _, _ in group),
            "x": float(np.mean([before for _, before, _ in group])),
            "y": float(np.mean([flow for _, _, flow in group])),
        }
        for group in groups
    ]


def deviations(frame: pd.DataFrame, *, named: float | None = None) -> Drawing:
    """Published less worked-back BEZ, a point per Land and a row per year; shaded is the rounding of the print.

    ``frame`` as of ``foretold``, with the interval as a line through each point beyond the rounding, or of ``fitted``.
    Points farther off than ``named`` Mio. € bear the code of their Land.
    """
    interval = "mindestens" in frame
    rows: Rows = [
        {
            "jahr": str(row.jahr),
            "land": str(row.land),
            "name": NAMES[str(row.land)],
            "wert": float(row.off),
            "von": float(row.amtlich - row.hoechstens if interval else row.off),
            "bis": float(row.amtlich - row.mindestens if interval else row.off),
            "text": number(row.off, 2, sign=True),
            "passt": bool(row.passt),
        }
        for row in frame.itertuples()
    ]
    order = [str(jahr) for jahr in sorted(set(frame["jahr"]))]
    half = float(frame["rundung"].max())
    beyond = [row for row in rows if abs(row["wert"]) > half] if interval else []
    ends = [abs(row[end]) for row in beyond for end in ("von", "bis")]
    reach = 1.08 * max(half, float(frame["off"].abs().max()), *ends)
    x = alt.X(
        "wert:Q",
        scale=alt.Scale(domain=[-reach, reach], nice=False),
        axis=alt.Axis(
            title="veröffentlicht minus zurückgerechnet, Mio. €",
            tickCount=5,
            format="+,.1~f",
            labelExpr=PLAIN_ZERO,
        ),
    )
    y = alt.Y("jahr:N", sort=order, axis=alt.Axis(title=None, domain=False, ticks=False, labelPadding=6))
    shown = _named([row for row in rows if named is not None and abs(row["wert"]) > named], 0.12 * reach)
    colour = alt.Color("passt:N", scale=alt.Scale(domain=[True, False], range=[RECEIVER, ACCENT]), legend=None)
    shape = alt.Shape("passt:N", scale=alt.Scale(domain=[True, False], range=["circle", "diamond"]), legend=None)
    return alt.layer(
        alt.Chart(data_of([{"von": -half, "bis": half}]))
        .mark_rect(color=RECEIVER, opacity=0.16)
        .encode(alt.X("von:Q"), alt.X2("bis:Q"), tooltip=alt.value(None)),
        alt.Chart(data_of([{"wert": 0}])).mark_rule(opacity=0.7).encode(x),
        alt.Chart(data_of(beyond)).mark_rule(strokeWidth=1.5).encode(alt.X("von:Q"), alt.X2("bis:Q"), y),
        alt.Chart(data_of(rows))
        .mark_point(filled=True, size=60, fillOpacity=0.75, opacity=1)
        .encode(
            x,
            y,
            colour,
            shape,
            tooltip=[
                alt.Tooltip("name:N", title="Land"),
                alt.Tooltip("jahr:N", title="Jahr"),
                alt.Tooltip("text:N", title="Mio. €"),
            ],
        ),
        alt.Chart(data_of(shown)).mark_text(dy=-10, fontSize=11, aria=False).encode(x, y, text="land:N"),
        width="container",
        height=alt.Step(30),
    )


def _named(rows: Rows, near: float) -> Rows:
    """Points with the code of their Land; of one year near neighbours share a label."""
    result: Rows = []
    for row in sorted(rows, key=lambda row: (row["jahr"], row["wert"])):
        if result and result[-1]["jahr"] == row["jahr"] and row["wert"] - result[-1]["wert"] < near:
            result[-1] = {**row, "land": f"{result[-1]['land']} {row['land']}"}
        else:
            result.append(row)
    return result


def plus_minus(row: Mapping[str, float]) -> str:
    """A worked-back amount and how far it can be off, in Mio. €; this is rounded up to a tenth."""
    low, middle, high = (float(row[name]) for name in ("mindestens", "gerechnet", "hoechstens"))
    tenths = ceil(10 * max(high - middle, middle - low) - 0.01)
    return f"{number(middle, 1)} ± {number(tenths / 10, 1)}"


def forecast_bars(frame: pd.DataFrame) -> Drawing:
    """Worked-back BEZ as bars, ``frame`` as of ``forecast``; the published one that fixes the level in another colour.

    The interval is drawn at the end of each bar and written at the right edge.
    """
    laender = [str(land) for land in frame["land"]]
    rows: Rows = [
        {
            "land": str(row["land"]),
            "name": NAMES[str(row["land"])],
            "wert": float(row["gerechnet"]),
            "von": float(row["mindestens"]),
            "bis": float(row["hoechstens"]),
            "art": "veröffentlicht" if row["bekannt"] else "zurückgerechnet",
            "text": plus_minus(row),
        }
        for row in frame.to_dict("records")
    ]
    room = 14 + 7 * max(len(row["text"]) for row in rows)
    high = max(row["bis"] for row in rows)
    end = alt.ExprRef(expr=f"{high} * (1 + {room} / max(width - {room}, 1))")
    y = alt.Y("land:N", sort=laender, axis=land_axis())
    scale = alt.Scale(domainMin=0, domainMax=end, nice=False)
    names = ["zurückgerechnet", "veröffentlicht"]
    return alt.layer(
        alt.Chart(data_of(rows))
        .mark_bar(height={"band": 0.7})
        .encode(
            y,
            alt.X("wert:Q", axis=None, scale=scale),
            alt.Color(
                "art:N",
                scale=alt.Scale(domain=names, range=[RECEIVER, ACCENT]),
                legend=top_legend(names),
            ),
            tooltip=[
                alt.Tooltip("name:N", title="Land"),
                alt.Tooltip("art:N", title="Art"),
                alt.Tooltip("text:N", title="Mio. €"),
            ],
        ),
        alt.Chart(data_of(rows))
        .mark_rule(strokeWidth=3)
        .encode(y, alt.X("von:Q", axis=None, scale=scale), alt.X2("bis:Q")),
        right_column([{"land": row["land"], "text": row["text"]} for row in rows], y),
        width="container",
        height=alt.Step(24),
    )


def heat(
    frame: pd.DataFrame,
    *,
    unit: str,
    middle: float,
    decimals: int = 0,
    sign: bool = False,
    reach: float | None = None,
    short: Mapping[str, str] | None = None,
    over: str = "Jahr",
    fewer: bool = False,
) -> Drawing:
    """A cell per Land and column of ``frame``, purple below ``middle`` and green above; missing cells stay empty.

    Colours end ``reach`` away from the middle, or where the values end. On a phone columns bear their ``short`` names
    and rows the codes of the Länder; a line of a heading ends at ``|``. Where the figures of all columns have no room
    on a phone, ``fewer`` leaves out every other column there.
    """
    laender, columns = [str(land) for land in frame.index], [str(name) for name in frame.columns]
    rows: Rows = [
        {
            "land": land,
            "name": NAMES[land],
            "spalte": column,
            "lang": column.replace("|", " "),
            "wert": float(value),
            "text": number(value, max(decimals, 1), sign),
            "kurz": number(value, decimals, sign),
        }
        for land, values in zip(laender, frame.to_numpy(dtype=float), strict=True)
        for column, value in zip(columns, values, strict=True)
        if not np.isnan(value)
    ]
    few = every_other(columns) if fewer else columns
    small = min(11.0, (PHONE / len(few) - 3) / (0.64 * max(len(row["kurz"]) for row in rows)) // 0.5 / 2)
    on_a_phone = json.dumps(few)
    far = reach or max(abs(row["wert"] - middle) for row in rows)
    headings = json.dumps({column: column.split("|") for column in columns}, ensure_ascii=False)
    narrow = json.dumps(
        {column: ((short or {}).get(column, column)).split("|") for column in columns}, ensure_ascii=False
    )
    names = json.dumps({land: NAMES[land] for land in laender}, ensure_ascii=False)
    x = alt.X(
        "spalte:N",
        sort=columns,
        # What is left out on a phone must not keep its place, so that the values themselves tell the columns.
        scale=alt.Scale(paddingInner=0.04) if fewer else alt.Scale(domain=columns, paddingInner=0.04),
        axis=alt.Axis(
            title=None,
            domain=False,
            ticks=False,
            orient="top",
            labelAngle=0,
            labelFontSize=11,
            labelPadding=4 + 13 * max(column.count("|") for column in columns),
            labelOverlap=False,
            labelExpr=f"({NARROW} ? {narrow} : {headings})[datum.label]",
        ),
    )
    y = alt.Y(
        "land:N",
        sort=laender,
        scale=alt.Scale(paddingInner=0.04),
        axis=alt.Axis(
            title=None,
            domain=False,
            ticks=False,
            labelLimit=220,
            labelPadding=6,
            labelExpr=f"{NARROW} ? datum.label : {names}[datum.label]",
        ),
    )
    scale = alt.Scale(domain=[middle - far, middle, middle + far], range=list(DIVERGING), interpolate="lab", clamp=True)
    if fewer and GAP in columns:
        rows.append({"land": laender[0], "spalte": GAP, "wert": None, "kurz": ""})
    base = alt.Chart(data_of(rows)).encode(x, y)
    if fewer:
        base = base.transform_filter(f"!({NARROW}) || indexof({on_a_phone}, datum.spalte) >= 0")
    return alt.layer(
        base.transform_filter("isValid(datum.wert)")
        .mark_rect(stroke="currentColor", strokeOpacity=0.25, strokeWidth=0.4)
        .encode(
            color=alt.Color("wert:Q", scale=scale, legend=None),
            tooltip=[
                alt.Tooltip("name:N", title="Land"),
                alt.Tooltip("lang:N", title=over),
                alt.Tooltip("text:N", title=unit),
            ],
        ),
        base.mark_text(fontSize=alt.ExprRef(expr=f"{NARROW} ? {small} : 11"), aria=False).encode(
            text="kurz:N", color=ink_on("wert")
        ),
        width="container",
        height=alt.Step(24),
    )


def every_other(columns: Sequence[str]) -> list[str]:
    """Every other column, counted from the last before the gap, and all behind it."""
    gap = columns.index(GAP) if GAP in columns else len(columns)
    return [name for place, name in enumerate(columns) if place >= gap or (gap - place) % 2]


def short_years(frame: pd.DataFrame) -> dict[str, str]:
    """Two digits of each year, for headings on a phone."""
    return {str(column): str(column)[-2:] for column in frame.columns}


def splits_in_vh() -> tuple[Fraction, Fraction]:
    """The smallest and the largest part of the Gemeinden that is tried, in v.H."""
    return Fraction(str(100 * SPLITS.min())), Fraction(str(100 * SPLITS.max()))


def level_range(found: Reconstruction) -> float:
    """How far the level can be off to either side, in v.H. of it."""
    low, middle, high = found.level
    return 100 * max(high - middle, middle - low) / middle
