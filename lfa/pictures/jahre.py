"""The pictures of the overview of all years: how deep each can be checked, who paid and received, and contradictions.

How firm a value is can be seen on every mark: full where it is official and final, pale where it comes second hand,
hollow where it is provisional. The page of a single year uses the same marks and words.
"""

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from html import escape
from typing import Any, NamedTuple

import altair as alt
import pandas as pd

from lfa.charts import DIVERGING, NEUTRAL, PAYER, RECEIVER, data_of, land_axis
from lfa.checks import DEPTHS, Check, checks, depth
from lfa.gesetze import gesetz, gesetze
from lfa.lines import registry
from lfa.pictures.parts import MILLION, Drawing, Rows
from lfa.results import BEYOND_THE_LAW, Contradiction, contradictions, preferred, sources
from lfa.series import COLUMNS, balances
from lfa.settlement import settle_year
from lfa.states import CODES, NAMES
from lfa.tables import Html, Table, number
from lfa.years import load, sound_years
from lfa.zahlen import KIND, STATUS

FIRM, SECOND_HAND, PROVISIONAL = "amtlich und endgültig", "aus zweiter Hand", "vorläufig"
FILL = {FIRM: 1.0, SECOND_HAND: 0.4, PROVISIONAL: 0.0}
"""How firm a value is, and how full its mark."""
SIZE = {FIRM: 0.94, SECOND_HAND: 0.66, PROVISIONAL: 0.4}
"""How much of its cell a value fills in the heat map."""
EXAMPLES = ("BY", "NW", "HH", "HB", "BE", "SN")
"""The Länder that are drawn one by one."""
CHAPTERS = {
    "fag1993": (("tarif", "Der Tarif"),),
    "fag2005": (("tarif_2005", "Der Tarif seit 2005"),),
    "fag2020": (("seit_2020", "Seit 2020"),),
}
"""Where the book explains each law."""
CHECKS = {"holds": "✓\u00a0stimmt", "provisional": "○\u00a0vorläufig", "fails": "✗\u00a0stimmt nicht"}


class Panel(NamedTuple):
    """One of several small charts, one below the other on the same scale: its Land, and where its zero line lies."""

    land: str
    zero: float
    top: float
    bottom: float


# --- Words ------------------------------------------------------------------------------------------------------------


def firmness(status: str, kind: str) -> str:
    """How firm a value is, as the legends name it; provisional before second hand."""
    if status == "vorlaeufig":
        return PROVISIONAL
    return FIRM if kind == "official" and status == "endgueltig" else SECOND_HAND


def quantity_name(key: str, law: str) -> str:
    """A published quantity in a reader's words."""
    lines = registry(law)
    return lines[key].label if key in lines else BEYOND_THE_LAW.get(key, key)


ORDINANCE = "Zweite Verordnung"
SHORT_SOURCES = {
    "panel-2005-2018": "Datensatz 2005–2018",
    "finanzvolumen-wikipedia": "Wikipedia-Tabelle",
    "laenderfinanzausgleichinfo": "Liste 1950–2024",
    "abrechnung-2024": "Vorläufige Abrechnung 2024",
}


def source_name(source: str) -> str:
    """A source in a few words."""
    name, _, year = source.partition("-")
    return f"{ORDINANCE} {year}" if name == "verordnung" else SHORT_SOURCES.get(source, str(sources()[source]["title"]))


def link(text: str, target: str) -> Html:
    """A link for a cell of a table."""
    return Html(f'<a href="{escape(target)}">{escape(text)}</a>')


def folded(inner: Table, summary: str) -> Table:
    """A table that opens when its heading is clicked."""
    html = f'<details class="lfa-klappe"><summary>{escape(summary)}</summary>{inner.html}</details>'
    return Table(html, inner.text)


# --- How deep ---------------------------------------------------------------------------------------------------------


@cache
def all_checks() -> Mapping[int, tuple[Check, ...]]:
    """Every check of every year's published results."""
    return {jahr: tuple(checks(load(jahr))) for jahr in sound_years()}


@cache
def all_contradictions() -> Mapping[int, tuple[Contradiction, ...]]:
    """Every contradiction between sources, by year; the balance of a Land counts once."""
    return {jahr: tuple(contradictions(load(jahr).results)) for jahr in sound_years()}


def depths() -> pd.DataFrame:
    """A row per year: its law, how deep it can be checked, status and kind, values, checks, contradictions."""
    rows = []
    for jahr in sound_years():
        year, found = load(jahr), all_checks()[jahr]
        holding = sum(check.kind == "holds" for check in found)
        rows.append(
            {
                "jahr": jahr,
                "gesetz": gesetz(year.law).short.replace(" ", "\u00a0"),
                "tiefe": DEPTHS[depth(year)],
                "seite": link(DEPTHS[depth(year)], f"jahre/{jahr}.html"),
                "stand": ", ".join(
                    words.replace(" ", "\u00a0")
                    for words in (STATUS[year.status], KIND[year.kind].replace("aus zweiter", "zweite"))
                ),
                "werte": len(year.results),
                "pruefungen": f"{holding}\u00a0von\u00a0{len(found)}",
                "widersprueche": len(all_contradictions()[jahr]),
            }
        )
    return pd.DataFrame(rows)


def depth_strip(frame: pd.DataFrame) -> Drawing:
    """A column of squares per year, one for every step that its data allow; the four steps from below."""
    steps = list(reversed(DEPTHS.values()))
    reached = {name: place for place, name in enumerate(steps)}
    rows = [
        {"jahr": int(row.jahr), "stufe": step, "erreicht": place <= reached[row.tiefe], "tiefe": row.tiefe}
        for row in frame.itertuples()
        for place, step in enumerate(steps)
    ]
    base = alt.Chart(data_of(rows)).encode(
        alt.X("jahr:O", axis=year_axis([int(jahr) for jahr in frame["jahr"]]), scale=alt.Scale(paddingInner=0)),
        alt.Y("stufe:N", sort=list(DEPTHS.values()), axis=alt.Axis(title=None, domain=False, ticks=False)),
    )
    size = {"width": {"band": 0.86}, "height": {"band": 0.86}}
    return alt.layer(
        base.transform_filter("!datum.erreicht").mark_rect(
            fill=NEUTRAL,
            fillOpacity=0.12,
            aria=False,
            **size,  # type: ignore[arg-type]
        ),
        base.transform_filter("datum.erreicht")
        .mark_rect(color=RECEIVER, **size)  # type: ignore[arg-type]
        .encode(tooltip=[alt.Tooltip("jahr:O", title="Jahr"), alt.Tooltip("tiefe:N", title="Tiefe")]),
        width="container",
        height=alt.Step(26),
    )


def year_axis(shown: Iterable[int]) -> alt.Axis:
    """An axis of years that names every fifth."""
    values = [jahr for jahr in shown if jahr % 5 == 0]
    return alt.Axis(
        values=values,
        title=None,
        labelAngle=0,
        domain=False,
        ticks=False,
        labelPadding=6,
        grid=False,
        labelOverlap="greedy",
    )


# --- The long series --------------------------------------------------------------------------------------------------


def series() -> pd.DataFrame:
    """Balance of every Land and year in Mio. € and per head in €, and how firm it is.

    A year that has inputs but no published balance is computed from them.
    """
    frame = pd.concat(
        [balances(), *(_computed(jahr) for jahr in sound_years() if load(jahr).inputs)], ignore_index=True
    )
    frame = frame.drop_duplicates(["year", "land"])
    return frame.assign(
        mio=frame["value"] / MILLION,
        festigkeit=[firmness(status, kind) for status, kind in zip(frame["status"], frame["kind"], strict=True)],
    )


def _computed(jahr: int) -> pd.DataFrame:
    """The balances of a year from its inputs, with the columns of ``balances``."""
    year = load(jahr)
    lines = settle_year(year).lines
    values = [float(value) for value in lines["ausgleich"]]
    heads = [value / float(people) for value, people in zip(values, lines["einwohner"], strict=True)]
    rows = [
        (jahr, land, value, per_head, year.status, "derived", "")
        for land, value, per_head in zip(CODES, values, heads, strict=True)
    ]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def heat(frame: pd.DataFrame) -> Drawing:
    """A cell per Land and year, coloured by Mio. €; the firmer the value, the fuller its cell."""
    order = list(frame.groupby("land")["mio"].sum().sort_values().index)
    rows = [
        {
            "jahr": int(row.year),
            "land": row.land,
            "name": NAMES[row.land],
            "wert": round(row.mio, 1),
            "text": number(row.mio),
            "stand": row.festigkeit,
        }
        for row in frame.itertuples()
    ]
    reach = float(frame["mio"].abs().max())
    # The root keeps the small amounts apart: without it only two or three Länder would have a colour.
    scale = alt.Scale(type="pow", exponent=0.5, domain=[-reach, 0, reach], range=list(DIVERGING), interpolate="lab")
    colour = alt.Color(
        "wert:Q",
        scale=scale,
        legend=alt.Legend(
            title="Mio. €",
            orient="bottom",
            direction="horizontal",
            gradientLength=190,
            gradientThickness=10,
            values=[-8000, -2000, 0, 2000, 8000],
            format=",.0f",
            padding=12,
            labelOverlap="greedy",
        ),
    )
    base = alt.Chart().encode(
        alt.X("jahr:O", axis=year_axis(sorted(frame["year"].unique())), scale=alt.Scale(paddingInner=0)),
        alt.Y("land:N", sort=order, axis=land_axis()),
        colour,
        tooltip=[
            alt.Tooltip("name:N", title="Land"),
            alt.Tooltip("jahr:O", title="Jahr"),
            alt.Tooltip("text:N", title="Mio. €"),
            alt.Tooltip("stand:N", title="Stand"),
        ],
    )
    cells = [
        base.transform_filter(f"datum.stand === '{name}'").mark_rect(
            width={"band": size}, height={"band": size}, aria=False, stroke="currentColor", strokeWidth=0.25
        )
        for name, size in SIZE.items()
        if (frame["festigkeit"] == name).any()
    ]
    return alt.layer(*cells, data=data_of(rows), width="container", height=alt.Step(22))


def firm_fill(frame: pd.DataFrame) -> alt.FillOpacity:
    """How full a mark is by how firm its value is."""
    names = _occurring(frame)
    # Ordinal in so many words: Vega-Lite would space the names evenly between the first two.
    scale = alt.Scale(type="ordinal", domain=names, range=[FILL[name] for name in names])
    return alt.FillOpacity("stand:N", scale=scale, legend=None)


def firm_legend(frame: pd.DataFrame, narrow: int = 2) -> alt.Chart:
    """Nothing but the legend of full, pale and hollow marks, as a layer whose ``fill`` is resolved by itself.

    On a phone it has ``narrow`` columns.
    """
    names = _occurring(frame)
    # Vega-Lite draws no legend for a fill opacity.
    colours = [f"rgba(128,128,128,{FILL[name]})" for name in names]
    legend = alt.Legend(
        title=None,
        orient="top",
        columns=alt.ExprRef(expr=f"containerSize()[0] < 420 ? {narrow} : 3"),
        symbolType="square",
        symbolSize=100,
        symbolStrokeColor=NEUTRAL,
        symbolStrokeWidth=1.5,
        labelLimit=200,
    )
    chart: alt.Chart = (
        alt.Chart(data_of([{"stand": name} for name in names]))
        .mark_square(size=0, aria=False)
        .encode(
            x=alt.value(0),
            y=alt.value(0),
            fill=alt.Fill("stand:N", scale=alt.Scale(domain=names, range=colours), legend=legend),
        )
    )
    return chart


def _occurring(frame: pd.DataFrame) -> list[str]:
    return [name for name in FILL if (frame["festigkeit"] == name).any()]


def breaks(shown: Sequence[int]) -> Rows:
    """Where one law follows another, with the name of the law that begins there."""
    return [
        {"jahr": entry.first - 0.5, "text": entry.short} for entry in gesetze() if shown[0] < entry.first <= shown[-1]
    ]


def _years_along(shown: Sequence[int], field: str = "jahr:Q") -> alt.X:
    axis = alt.Axis(
        values=[jahr for jahr in shown if jahr % 5 == 0],
        format="d",
        title=None,
        grid=False,
        domain=False,
        ticks=False,
        labelPadding=6,
    )
    return alt.X(field, scale=alt.Scale(domain=[shown[0] - 0.7, shown[-1] + 0.7], nice=False, zero=False), axis=axis)


def volume_frame(frame: pd.DataFrame) -> pd.DataFrame:
    """What all Länder together paid in each year, in Mrd. €; as firm as the weakest value."""
    weakest = list(FILL)
    rows = [
        (jahr, -part["mio"].clip(upper=0).sum() / 1000, max(part["festigkeit"], key=weakest.index))
        for jahr, part in frame.groupby("year")
    ]
    return pd.DataFrame(rows, columns=["year", "mrd", "festigkeit"])


def volume_bars(frame: pd.DataFrame) -> Drawing:
    """A bar per year, full, pale or hollow, with the amount above every one that begins or ends a law."""
    shown = [int(year) for year in frame["year"]]
    # Neighbours on either side of a new law are named away from each other.
    first = {entry.first for entry in gesetze()} | {shown[0]}
    last = {entry.first - 1 for entry in gesetze()} | {shown[-1]}
    rows = [
        {
            "jahr": int(row.year),
            "von": row.year - 0.4,
            "bis": row.year + 0.4,
            "wert": round(row.mrd, 3),
            "text": number(row.mrd, 1),
            "stand": row.festigkeit,
        }
        for row in frame.itertuples()
    ]
    top = 1.16 * float(frame["mrd"].max())
    y = alt.Y("wert:Q", scale=alt.Scale(domain=[0, top], nice=False), axis=None)
    above: Any = {"baseline": "bottom", "dy": -3, "fontSize": 11, "aria": False}
    laws = alt.Chart(data_of(breaks(shown))).encode(_years_along(shown))
    chart: Drawing = alt.layer(
        laws.mark_rule(strokeDash=[4, 3], strokeWidth=1.2, opacity=0.8),
        laws.mark_text(align="left", baseline="top", dx=4, aria=False).encode(y=alt.value(0), text="text:N"),
        alt.Chart(data_of(rows))
        .mark_rect(fill=PAYER, stroke=PAYER, strokeWidth=1.3, aria=False)
        .encode(
            x=_years_along(shown, "von:Q"),
            x2="bis:Q",
            y=y,
            y2=alt.datum(0),
            fillOpacity=firm_fill(frame),
            tooltip=[
                alt.Tooltip("jahr:Q", title="Jahr", format="d"),
                alt.Tooltip("text:N", title="Mrd. €"),
                alt.Tooltip("stand:N", title="Stand"),
            ],
        ),
        _named(rows, first).mark_text(align="left", **above).encode(_years_along(shown, "von:Q"), y),
        _named(rows, last).mark_text(align="right", **above).encode(_years_along(shown, "bis:Q"), y),
        alt.Chart(data_of([{}])).mark_rule().encode(y=alt.datum(0)),
        firm_legend(frame),
        width="container",
        height=260,
    ).resolve_scale(fill="independent")
    return chart


def _named(rows: Rows, shown: set[int]) -> alt.Chart:
    """The amounts of some years as texts."""
    chart: alt.Chart = alt.Chart(data_of([row for row in rows if row["jahr"] in shown])).encode(text="text:N")
    return chart


def panels(frame: pd.DataFrame, value: str, land_codes: Sequence[str] = EXAMPLES, *, unit: str) -> Drawing:
    """Small charts one below the other, all on one scale: bars up for what a Land received, down for what it paid.

    One chart, so that it fits any width; each panel is as high as its Land needs.
    """
    known = frame[frame["land"].isin(land_codes) & frame[value].notna()]
    shown = list(range(int(frame["year"].min()), int(frame["year"].max()) + 1))
    extent = {
        land: (float(part[value].clip(lower=0).max()), float(part[value].clip(upper=0).min()))
        for land, part in known.groupby("land")
    }
    whole = sum(high - low for high, low in extent.values())
    header = 0.075 * whole
    listed: list[Panel] = []
    edge = 0.0
    for land in land_codes:
        high, low = extent[land]
        listed.append(Panel(land, edge - header - high, edge, edge - header - high + low))
        edge = listed[-1].bottom
    zero = {panel.land: panel.zero for panel in listed}
    rows: Rows = [
        {
            "jahr": int(row["year"]),
            "von": row["year"] - 0.4,
            "bis": row["year"] + 0.4,
            "null": round(zero[row["land"]], 2),
            "ende": round(zero[row["land"]] + row[value], 2),
            "name": NAMES[row["land"]],
            "text": number(row[value]),
            "seite": "zahlt" if row[value] < 0 else "bekommt",
            "stand": row["festigkeit"],
        }
        for row in known.to_dict(orient="records")
    ]
    heads = []
    for panel in listed:
        part = known[known["land"] == panel.land].sort_values("year")
        first, last = part.iloc[0], part.iloc[-1]
        words = f"{first['year']}: {number(first[value])} · {last['year']}: {number(last[value])}"
        heads.append({"y": panel.top - 0.72 * header, "name": NAMES[panel.land], "text": words})
    ends = alt.Scale(domain=[edge - 0.02 * whole, 0], nice=False, zero=False)
    # Between the headings, which they would cross.
    rules = [row | {"oben": panel.top - header, "unten": panel.bottom} for row in breaks(shown) for panel in listed]
    names, colours = ["zahlt", "bekommt"], [PAYER, RECEIVER]
    sides = alt.Scale(domain=names, range=colours)
    head = alt.Chart(data_of(heads)).encode(alt.Y("y:Q", scale=ends, axis=None))
    chart: Drawing = alt.layer(
        alt.Chart(data_of(rules))
        .mark_rule(strokeDash=[4, 3], strokeWidth=1.2, opacity=0.8)
        .encode(_years_along(shown), alt.Y("oben:Q", scale=ends, axis=None), alt.Y2("unten:Q")),
        alt.Chart(data_of(rows))
        .mark_rect(strokeWidth=1, aria=False)
        .encode(
            x=_years_along(shown, "von:Q"),
            x2="bis:Q",
            y=alt.Y("null:Q", scale=ends, axis=None),
            y2="ende:Q",
            fill=alt.Fill("seite:N", scale=sides, legend=None),
            stroke=alt.Stroke("seite:N", scale=sides, legend=None),
            fillOpacity=firm_fill(known),
            tooltip=[
                alt.Tooltip("name:N", title="Land"),
                alt.Tooltip("jahr:Q", title="Jahr", format="d"),
                alt.Tooltip("text:N", title=unit),
                alt.Tooltip("stand:N", title="Stand"),
            ],
        ),
        alt.Chart(data_of([{"y": panel.zero} for panel in listed]))
        .mark_rule(strokeWidth=0.8)
        .encode(alt.Y("y:Q", scale=ends, axis=None)),
        head.mark_text(align="left", fontWeight="bold", aria=False).encode(x=alt.value(0), text="name:N"),
        head.mark_text(align="right", fontSize=11, aria=False).encode(x=alt.value("width"), text="text:N"),
        firm_legend(known),
        width="container",
        height=620,
    ).resolve_scale(fill="independent")
    return chart


# --- Contradictions ---------------------------------------------------------------------------------------------------


def shown_amount(key: str, value: Any) -> str:
    """An amount in Mio. €, or inhabitants as they are."""
    return number(value) if key == "einwohner" else number(float(value) / MILLION, 3)


def contradiction_rows(jahr: int, found: Iterable[Contradiction], law: str) -> list[dict[str, Any]]:
    """Rows for readers: year, Land, quantity, the value that counts and the other, each with its source."""
    return [
        {
            "jahr": str(jahr),
            "land": NAMES[entry.land],
            "groesse": quantity_name(entry.quantity, law).removesuffix(" (endgültig)"),
            "gilt": shown_amount(entry.quantity, entry.chosen.value),
            "quelle": source_name(entry.chosen.source),
            "anders": shown_amount(entry.quantity, entry.other.value),
            "andere": source_name(entry.other.source),
            "abstand": abs(float(entry.other.value - entry.chosen.value)) / MILLION,
        }
        for entry in found
    ]


def contradiction_frame() -> pd.DataFrame:
    """Every contradiction of every year."""
    return pd.DataFrame(
        [row for jahr, found in all_contradictions().items() for row in contradiction_rows(jahr, found, load(jahr).law)]
    )


def contradiction_summary(frame: pd.DataFrame) -> pd.DataFrame:
    """How often two sources disagree, in which years, and by how much at most, in Mio. €; the most frequent first."""
    rows = [
        {
            "paar": f"{counts} statt {other}",
            "zahl": len(part),
            "jahre": ", ".join(sorted(set(part["jahr"]))),
            "hoechstens": part["abstand"].max(),
            "wo": f"{part.loc[part['abstand'].idxmax(), 'land']} {part.loc[part['abstand'].idxmax(), 'jahr']}",
        }
        for (counts, other), part in frame.assign(
            gilt_quelle=[ORDINANCE if name.startswith(ORDINANCE) else name for name in frame["quelle"]]
        ).groupby(["gilt_quelle", "andere"])
    ]
    return pd.DataFrame(rows).sort_values("zahl", ascending=False, kind="stable").reset_index(drop=True)


def missing_heads(frame: pd.DataFrame) -> list[int]:
    """The years without inhabitants of all 16 Länder."""
    known = frame[frame["per_head"].notna()].groupby("year").size()
    return [jahr for jahr in sorted(frame["year"].unique()) if known.get(jahr, 0) < len(CODES)]


def year_ranges(shown: Sequence[int]) -> str:
    """Years in words: 1995 bis 2002, 2004."""
    runs: list[list[int]] = []
    for jahr in shown:
        if runs and runs[-1][-1] == jahr - 1:
            runs[-1].append(jahr)
        else:
            runs.append([jahr])
    words = [f"{run[0]} bis {run[-1]}" if len(run) > 2 else " und ".join(map(str, run)) for run in runs]
    return ", ".join(words) or "keine"


def moved_before() -> pd.Series:
    """What the Umsatzsteuer of the FAG 2001 moved away from a distribution by inhabitants, in Mrd. €, by year."""
    found = {}
    for jahr in sound_years():
        moved = preferred(load(jahr).results).get("umsatzsteuer_vorwegausgleich", {})
        if set(moved) == set(CODES):
            found[jahr] = float(sum(result.value for result in moved.values() if result.value > 0)) / 1000 / MILLION
    return pd.Series(found, dtype=float)


def reversed_precedence(shown: Iterable[int]) -> pd.DataFrame:
    """By law, how many balances of some years would be others if the source that comes last counted."""
    rows = []
    for jahr in shown:
        year = load(jahr)
        other = preferred(result._replace(precedence=-result.precedence) for result in year.results)
        pairs = [
            (result, other["ausgleich"][land]) for land, result in preferred(year.results).get("ausgleich", {}).items()
        ]
        changed = sum(abs(one.value - two.value) > one.half + two.half for one, two in pairs)
        rows.append((gesetz(year.law).short, len(pairs), changed))
    frame = pd.DataFrame(rows, columns=["gesetz", "werte", "anders"])
    return frame.groupby("gesetz", as_index=False, sort=False).sum()
