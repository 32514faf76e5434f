"""Pictures and tables of the Fonds „Deutsche Einheit“ and of the Abschlusszahlungen, from a settlement."""

import json
from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction
from itertools import accumulate
from typing import Any, NamedTuple

import altair as alt
import pandas as pd

from lfa.charts import NEUTRAL, PAYER, RECEIVER, data_of, land_axis
from lfa.evidence import proof_links
from lfa.settlement import Settlement
from lfa.sources import Cell
from lfa.states import CODES, INSGESAMT, NAMES
from lfa.tables import Table, number, table

Drawing = alt.LayerChart | alt.FacetChart

MILLION = 1_000_000
TOTAL, SECOND_TOTAL = "Insgesamt", "zweite Summe"
BERLIN_WEST = "Berlin (West)"
COLUMNS = {
    "1": "nach Einwohnern",
    "2": "nach Finanzkraft nach dem LFA",
    "3": "Umschichtung",
    "4": "zusammen (1 bis 3)",
    "5": "bezahlt durch Einbehalt",
    "6": "Zwischen\u00adabrechnungen",
    "7": "zusammen (5 + 6)",
    "8": "auszugleichen (7 − 4)",
}
"""The columns of Anlage 3 with short headings."""
PARTS = (
    ("fonds_nach_einwohnern", "nach Einwohnern"),
    ("fonds_nach_finanzkraft", "nach Finanzkraft"),
    ("fonds_umschichtung", "Umschichtung"),
)
"""What a Land's share consists of: the line and its name."""


class Step(NamedTuple):
    """One step of a cascade: its label in lines, and the amount in euro."""

    label: tuple[str, ...]
    amount: float


def name_of(code: str) -> str:
    """The name of a Land; of Berlin only the West contributes."""
    return BERLIN_WEST if code == "BE" else NAMES[code]


def contributors(settlement: Settlement) -> list[str]:
    """The Länder that contribute to the Fonds, in the order of the Anlage."""
    return [code for code, share in zip(CODES, settlement.lines["fondsanteil"], strict=True) if share]


def anlage_3(settlement: Settlement, columns: Iterable[str], *, caption: str) -> Table:
    """Columns of Anlage 3 as printed and corrected, in euro; corrected cells lead to their proof."""
    chosen = list(columns)
    rows = [(name_of(code), code, "") for code in contributors(settlement)]
    rows += [(TOTAL, INSGESAMT, ""), (SECOND_TOTAL, INSGESAMT, "_minus")]
    cells = {
        (name, column): Cell("anlage3", f"spalte_{column}{suffix}", land)
        for name, land, suffix in rows
        for column in chosen
    }
    figures = settlement.year.figures
    frame = pd.DataFrame(
        [[_amount(figures.get(cells[name, column])) for column in chosen] for name, _, _ in rows],
        columns=chosen,
        index=pd.Index([name for name, _, _ in rows], name="Land"),
        dtype="Float64",
    )
    if frame.loc[SECOND_TOTAL].isna().all():
        frame = frame.drop(SECOND_TOTAL)
    proofs = proof_links(settlement.year)
    return table(
        frame,
        caption=caption,
        columns={column: f"Sp. {column} {COLUMNS[column]}" for column in chosen},
        units="€",
        marks={place: proofs[cell] for place, cell in cells.items() if cell in proofs and place[0] in frame.index},
        total=TOTAL,
    )


def _amount(value: Decimal | None) -> float | None:
    return float(value) if value else None


def per_head(settlement: Settlement) -> pd.DataFrame:
    """Each share of the Länderbeitrag in euro per inhabitant, highest first; in Berlin the West's inhabitants count."""
    einwohner = dict(zip(CODES, settlement.lines["einwohner"], strict=True))
    einwohner["BE"] = float(settlement.insgesamt["einwohner_berlin_west"] or 0)
    places = {code: CODES.index(code) for code in contributors(settlement)}
    frame = pd.DataFrame(
        {
            "land": list(places),
            "name": [name_of(code) for code in places],
            "einwohner": [einwohner[code] for code in places],
            "anteil": [float(settlement.lines["fondsanteil"][place]) for place in places.values()],
        }
    )
    return frame.assign(je_kopf=frame["anteil"] / frame["einwohner"]).sort_values("je_kopf", ascending=False)


def per_head_bars(settlement: Settlement) -> Drawing:
    """What each contributing Land pays per head, against the average of all."""
    frame = per_head(settlement)
    average = frame["anteil"].sum() / frame["einwohner"].sum()
    rows = [
        {"land": row.land, "name": row.name, "wert": row.je_kopf, "text": number(row.je_kopf, 2)}
        for row in frame.itertuples(index=False)
    ]
    y = alt.Y("land:N", sort=[str(land) for land in frame["land"]], axis=_axis())
    scale = alt.Scale(domain=[0, 1.12 * float(frame["je_kopf"].max())], nice=False)
    x = alt.X("wert:Q", axis=None, scale=scale)
    base = alt.Chart(data_of(rows)).encode(y, x)
    edge = alt.Chart(data_of([{"wert": average, "text": f"Durchschnitt {number(average, 2)}"}])).encode(x)
    return alt.layer(
        base.mark_bar(height={"band": 0.72}, color=PAYER).encode(tooltip=_tooltip("€ je Kopf")),
        edge.mark_rule(strokeDash=[4, 3], strokeWidth=1.4),
        edge.mark_text(baseline="top", dy=5, aria=False).encode(y=alt.value("height"), text="text:N"),
        base.mark_text(align="left", dx=7, color="#ffffff", fontWeight="bold", aria=False).encode(
            x=alt.value(0), text="text:N"
        ),
        width="container",
        height=alt.Step(26),
    )


def shift_bars(settlement: Settlement) -> Drawing:
    """The Umschichtung: what a Land pays more (to the right) or less (to the left), in Mio. €."""
    amounts = dict(zip(CODES, settlement.lines["fonds_umschichtung"] / MILLION, strict=True))
    domain, colours = ["zahlt mehr", "zahlt weniger"], [PAYER, RECEIVER]
    rows = [
        {
            "land": code,
            "name": NAMES[code],
            "wert": float(amount),
            "seite": domain[int(amount < 0)],
            "text": number(amount, 1, sign=True),
        }
        for code, amount in sorted(amounts.items(), key=lambda pair: -pair[1])
        if amount
    ]
    y = alt.Y("land:N", sort=[str(row["land"]) for row in rows], axis=_axis())
    base = alt.Chart(data_of(rows)).encode(y, alt.X("wert:Q", axis=None, scale=alt.Scale(padding=52, nice=False)))
    colour = alt.Color("seite:N", scale=alt.Scale(domain=domain, range=colours), legend=_legend())
    return alt.layer(
        base.mark_bar(height={"band": 0.72}).encode(color=colour, tooltip=_tooltip("Mio. €")),
        alt.Chart(data_of([{}])).mark_rule(color="currentColor").encode(alt.XDatum(0, axis=None)),
        base.transform_filter("datum.wert >= 0").mark_text(align="left", dx=4, aria=False).encode(text="text:N"),
        base.transform_filter("datum.wert < 0").mark_text(align="right", dx=-4, aria=False).encode(text="text:N"),
        width="container",
        height=alt.Step(26),
    )


def share_steps(settlement: Settlement, land: str) -> list[Step]:
    """How the share of a Land adds up; parts that are 0 are left out."""
    place = CODES.index(land)
    steps = [Step((name,), float(settlement.lines[key][place])) for key, name in PARTS]
    return [step for step in steps if step.amount]


def cascade(
    steps: Iterable[Step],
    *,
    total: str,
    plus: tuple[str, str],
    minus: tuple[str, str],
    decimals: int = 1,
    unit: tuple[str, float] = ("Mio. €", MILLION),
) -> Drawing:
    """Steps one after the other from zero, and their sum, whose label may have a second line.

    ``plus`` and ``minus`` are the words and colours of the two sides. Labels have one line, or all have two.
    """
    listed, last = list(steps), tuple(total.split("\n"))
    after = list(accumulate(step.amount for step in listed))
    parts = [
        (step.label, end - step.amount, end, plus[0] if step.amount > 0 else minus[0], step.amount)
        for step, end in zip(listed, after, strict=True)
    ]
    rows: list[dict[str, Any]] = []
    for place, (label, start, end, side, amount) in enumerate([*parts, (last, 0, after[-1], last[0], after[-1])]):
        left = min(start, end) < 0 or (max(start, end) == 0 and amount < 0)
        rows.append(
            {
                "schritt": " ".join(label),
                "zeilen": list(label),
                "von": start / unit[1],
                "bis": end / unit[1],
                "am_rand": (min if left else max)(start, end) / unit[1],
                "links": left,
                "seite": side,
                "text": number(amount / unit[1], decimals, sign=True),
                "oben": place - 0.36,
                "unten": place + 0.36,
                "mitte": place,
                "naechste": place + 1.36,
            }
        )
    sides = {plus[0]: plus[1], minus[0]: minus[1], last[0]: NEUTRAL}
    shown = [side for side in sides if any(row["seite"] == side for row in rows)]
    scale = alt.Scale(domain=[-0.6, len(rows) - 0.4], reverse=True, nice=False, zero=False)
    names = json.dumps([row["zeilen"] for row in rows], ensure_ascii=False)
    axis = alt.Axis(
        values=list(range(len(rows))),
        labelExpr=f"{names}[datum.value]",
        labelOverlap=False,
        labelBaseline="middle",
        labelOffset=-7 * (len(last) - 1),
        title=None,
        domain=False,
        ticks=False,
        grid=False,
        labelLimit=220,
    )
    ends = (alt.X("am_rand:Q"), alt.Y("mitte:Q"), alt.Text("text:N"))
    base = alt.Chart(data_of(rows))
    colour = alt.Color(
        "seite:N", scale=alt.Scale(domain=shown, range=[sides[side] for side in shown]), legend=_legend()
    )
    room = 14 + 7 * max(len(row["text"]) for row in rows)
    return alt.layer(
        alt.Chart(data_of([{}])).mark_rule(color="currentColor").encode(alt.XDatum(0, axis=None)),
        base.mark_rect().encode(
            alt.X("von:Q", axis=None, scale=alt.Scale(padding=room, nice=False)),
            alt.X2("bis:Q"),
            alt.Y("oben:Q", scale=scale, axis=axis),
            alt.Y2("unten:Q"),
            colour,
            tooltip=[alt.Tooltip("schritt:N", title="Schritt"), alt.Tooltip("text:N", title=unit[0])],
        ),
        alt.Chart(data_of(rows[:-1]))
        .mark_rule(strokeWidth=0.8, opacity=0.7)
        .encode(alt.X("bis:Q"), alt.Y("unten:Q"), alt.Y2("naechste:Q")),
        base.transform_filter("!datum.links").mark_text(align="left", dx=5, aria=False).encode(*ends),
        base.transform_filter("datum.links").mark_text(align="right", dx=-5, aria=False).encode(*ends),
        width="container",
        height=40 * len(rows),
    )


def cascade_words(steps: Iterable[Step], *, decimals: int = 1, unit: tuple[str, float] = ("Mio. €", MILLION)) -> str:
    """The values of a cascade as a text alternative."""
    return ", ".join(
        f"{' '.join(step.label)} {number(step.amount / unit[1], decimals, sign=True)} {unit[0]}" for step in steps
    )


def rounded_to_total(values: Iterable[Fraction]) -> list[int]:
    """Whole euro that add up to the rounded total: all rounded down, then the largest remainders up."""
    exact = list(values)
    whole = [value.numerator // value.denominator for value in exact]
    missing = int(sum(exact) + Fraction(1, 2)) - sum(whole)
    by_remainder = sorted(range(len(exact)), key=lambda place: whole[place] - exact[place])
    for place in by_remainder[:missing]:
        whole[place] += 1
    return whole


def payment_steps(settlement: Settlement, land: str) -> list[Step]:
    """From the fixed amounts of a Land to its Abschlusszahlung: plus is in favour of the Land."""
    place = CODES.index(land)
    lines = settlement.lines
    steps = [
        Step(("Umsatzsteuer", "endgültig (§ 1)"), float(lines["festgestellter_umsatzsteueranteil"][place])),
        Step(("Finanzausgleich", "endgültig (§ 3)"), float(lines["festgestellter_ausgleich"][place])),
        Step(("beides zusammen,", "bisher erhalten"), -float(lines["bisher_umsatzsteuer_und_ausgleich"][place])),
        Step(("Fonds", "(Anlage 3, Sp. 8)"), float(lines["fonds_auszugleichen"][place])),
    ]
    return [step for step in steps if step.amount]


def last_steps(settlement: Settlement, land: str) -> list[Step]:
    """The two differences that make the Abschlusszahlung of a Land: tax and equalisation, and the Fonds."""
    place = CODES.index(land)
    fonds = float(settlement.lines["fonds_auszugleichen"][place])
    rest = float(settlement.lines["abschlusszahlung"][place]) - fonds
    steps = [Step(("Umsatzsteuer und", "Finanzausgleich"), rest), Step(("Fonds", "(Anlage 3, Sp. 8)"), fonds)]
    return [step for step in steps if step.amount]


def figures_of(settlement: Settlement, places: dict[str, tuple[str, ...]]) -> pd.DataFrame:
    """Computed against official for tables of the source and the beginnings of their lines."""
    frame = settlement.compare()
    wanted = [
        name in places and line.startswith(places[name])
        for name, line in zip(frame["table"], frame["line"], strict=True)
    ]
    return frame[wanted]


def printed_cells(settlement: Settlement, places: dict[str, tuple[str, ...]]) -> int:
    """How many figures the source prints at these places."""
    return sum(cell.table in places and cell.line.startswith(places[cell.table]) for cell in settlement.year.figures)


def _tooltip(label: str) -> list[alt.Tooltip]:
    return [alt.Tooltip("name:N", title="Land"), alt.Tooltip("text:N", title=label)]


def _legend() -> alt.Legend:
    wide = alt.ExprRef(expr="containerSize()[0] < 480 ? 1 : 3")
    return alt.Legend(title=None, orient="top", columns=wide)


def _axis() -> alt.Axis:
    """The axis of Länder, with Berlin named as the West."""
    axis = land_axis()
    axis.labelExpr = f"datum.label === 'BE' ? '{BERLIN_WEST}' : {axis.labelExpr}"
    return axis
