"""Pictures and tables of the Fonds „Deutsche Einheit“ and of the Abschlusszahlungen, from a settlement."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

import altair as alt
import pandas as pd

from lfa.charts import PAYER, RECEIVER, bar_ends, data_of, land_axis, zero_line
from lfa.evidence import SECOND_TOTAL, proof_links
from lfa.law import fag1993
from lfa.parameters import DM_PER_EURO, as_floats
from lfa.pictures.parts import MILLION, Drawing, Step, levels, top_legend
from lfa.pictures.sheets import TOTAL
from lfa.settlement import Settlement
from lfa.sources import Cell
from lfa.states import CODES, INSGESAMT, NAMES
from lfa.tables import Table, number, table

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


def name_of(code: str) -> str:
    """The name of a Land; of Berlin only the West contributes."""
    return BERLIN_WEST if code == "BE" else NAMES[code]


def mio(euro: float | Fraction, decimals: int = 1) -> str:
    """An amount in millions of euro."""
    return f"{number(euro / MILLION, decimals)}\u00a0Mio.\u00a0€"


def contribution(parameters: Mapping[str, Any]) -> pd.DataFrame:
    """What makes the Länderbeitrag: in euro, as the ordinance prints it, and the round millions of DM behind it."""
    parts = {
        "Hälfte des Schuldendienstes": parameters["fonds_schuldendienst"] / 2,
        "fester Betrag": parameters["fonds_zuzueglich"],
        "Minderung": -parameters["fonds_minderung"],
    }
    parts["Länderbeitrag"] = sum(parts.values())
    mark = {name: amount * DM_PER_EURO / MILLION for name, amount in parts.items()}
    return pd.DataFrame({"euro": parts, "mark": mark}).rename_axis("Posten")


def shifts(settlement: Settlement) -> pd.DataFrame:
    """The Umschichtung of each Land: in full and what holds of it in millions of DM, and as printed in euro."""
    p, printed = settlement.year.parameters, settlement.as_printed().lines["fonds_umschichtung"]
    full = {land: amount * DM_PER_EURO / MILLION for land, amount in p["umschichtung"].items()}
    return pd.DataFrame(
        {
            "voll": full,
            "gekuerzt": {land: p["umschichtung_anteil"] * amount for land, amount in full.items()},
            "euro": {land: printed[CODES.index(land)] for land in full},
        }
    ).rename_axis("Land")


def other_rules(settlement: Settlement) -> pd.DataFrame:
    """How far the rule of the law and others miss the shares of § 2 at most, in euro."""
    lines, p = settlement.lines, as_floats(settlement.year.parameters)
    whole_berlin = p["fonds_laender"] + p["fonds_nur_nach_einwohnern"]
    rules: dict[str, dict[str, Any]] = {
        "wie im Gesetz": {},
        "Finanzkraft vor dem LFA": {"finanzkraft_nach_ausgleich": lines["finanzkraftmesszahl"]},
        "nur nach Einwohnern": {"finanzkraft_nach_ausgleich": lines["einwohner"]},
        "Stadtstaaten-Einwohner höher gewertet": {"einwohner": lines["gewertete_einwohner_laendersteuern"]},
        "Umschichtung zu 31 v.H.": {"umschichtung_anteil": 0.31},
        "ganz Berlin wie die anderen": {"fonds_nur_nach_einwohnern": 0 * whole_berlin, "fonds_laender": whole_berlin},
    }
    printed = settlement.as_printed().lines["fondsanteil"]
    shares = {name: fag1993.fonds({**lines, **rule}, {**p, **rule})["fondsanteil"] for name, rule in rules.items()}
    distance = {name: max(abs(share - printed)) for name, share in shares.items()}
    return pd.DataFrame({"abstand": distance}).rename_axis("Regel")


def contributors(settlement: Settlement) -> list[str]:
    """The Länder that contribute to the Fonds, in the order of the Anlage."""
    return [code for code, share in zip(CODES, settlement.lines["fondsanteil"], strict=True) if share]


def anlage_3(settlement: Settlement, columns: Iterable[str], *, caption: str, note: str = "") -> Table:
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
        note=note,
    )


def _amount(value: Decimal | None) -> float | None:
    return None if value is None else float(value)


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
    return alt.layer(
        base.mark_bar(height={"band": 0.72}, color=PAYER).encode(tooltip=_tooltip("€ je Kopf")),
        *levels([{"wert": average, "text": f"Durchschnitt {number(average, 2)}"}], x),
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
    colour = alt.Color("seite:N", scale=alt.Scale(domain=domain, range=colours), legend=top_legend(domain))
    return alt.layer(
        base.mark_bar(height={"band": 0.72}).encode(color=colour, tooltip=_tooltip("Mio. €")),
        zero_line(),
        *bar_ends(base),
        width="container",
        height=alt.Step(26),
    )


def share_steps(settlement: Settlement, land: str) -> list[Step]:
    """How the share of a Land adds up; parts that are 0 are left out."""
    place = CODES.index(land)
    steps = [Step((name,), float(settlement.lines[key][place])) for key, name in PARTS]
    return [step for step in steps if step.amount]


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


def _tooltip(label: str) -> list[alt.Tooltip]:
    return [alt.Tooltip("name:N", title="Land"), alt.Tooltip("text:N", title=label)]


def _axis() -> alt.Axis:
    """The axis of Länder, with Berlin named as the West."""
    axis = land_axis()
    axis.labelExpr = f"datum.label === 'BE' ? '{BERLIN_WEST}' : {axis.labelExpr}"
    return axis
