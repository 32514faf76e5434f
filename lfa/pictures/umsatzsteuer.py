"""The pictures of §§ 1 and 2 FAG 1993: who gets how much Umsatzsteuer; from a settlement to an Altair chart."""

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import altair as alt
import pandas as pd

from lfa.charts import ACCENT, NEUTRAL, PAYER, RECEIVER, data_of
from lfa.law import fag1993
from lfa.parameters import as_floats
from lfa.pictures.parts import Drawing, Rows, dumbbell, stacked, top_legend
from lfa.settlement import Settlement
from lfa.states import CODES
from lfa.tables import number

Interval = tuple[Fraction, Fraction]

BILLION = 1_000_000_000
HALF = 500
"""Half of the printed 1000 euro."""
PARTS = (
    ("steuern", "eigene Steuern", NEUTRAL),
    ("ergaenzung", "Ergänzungsanteil", ACCENT),
    ("rest", "Umsatzsteuer nach Einwohnern", RECEIVER),
)
"""What a Land has per head after § 2, from below: column of ``per_head``, name, colour."""


def split(settlement: Settlement) -> pd.DataFrame:
    """§ 1 Abs. 1 step by step: who takes which piece of the whole tax; euro, and v.H. of the whole."""
    p = as_floats(settlement.year.parameters)
    whole, laender = (float(settlement.lines[key].sum()) for key in ("umsatzsteuer_insgesamt", "umsatzsteuer_laender"))
    vorab = p["umsatzsteuer_vorab_bund"] * whole
    gemeinden = p["umsatzsteuer_gemeinden"] * (whole - vorab)
    pieces = [
        ("Bund vorab", vorab, "Bund"),
        ("Gemeinden", gemeinden, "Gemeinden"),
        ("Bund", whole - vorab - gemeinden - laender, "Bund"),
        ("Länder", laender, "Länder"),
    ]
    frame = pd.DataFrame(pieces, columns=["schritt", "euro", "an"])
    return frame.assign(anteil=100 * frame["euro"] / whole, bis=frame["euro"].cumsum())


def split_steps(settlement: Settlement) -> Drawing:
    """The whole tax on top; below it, each piece is cut off and the pale rest is passed on."""
    frame = split(settlement)
    whole = float(frame["euro"].sum())
    rows: Rows = [
        {"schritt": "das Ganze", "von": 0.0, "bis": whole, "an": "noch zu verteilen", "text": _billions(whole, 100.0)}
    ]
    for row in frame.itertuples():
        rows.append(
            {
                "schritt": row.schritt,
                "von": float(row.bis - row.euro),
                "bis": float(row.bis),
                "an": row.an,
                "text": _billions(row.euro, row.anteil),
            }
        )
        if row.bis < whole * (1 - 1e-9):
            rows.append(
                {"schritt": row.schritt, "von": float(row.bis), "bis": whole, "an": "noch zu verteilen", "text": ""}
            )
    order = ["das Ganze", *frame["schritt"]]
    names = ["Bund", "Gemeinden", "Länder", "noch zu verteilen"]
    y = alt.Y(
        "schritt:N", sort=order, axis=alt.Axis(title=None, domain=False, ticks=False, labelPadding=6, labelLimit=120)
    )
    base = alt.Chart(data_of(rows))
    return alt.layer(
        base.mark_bar(height={"band": 0.5}, yOffset=6).encode(
            alt.X("von:Q", axis=None, scale=alt.Scale(domain=[0, whole], nice=False)),
            alt.X2("bis:Q"),
            y,
            alt.Color(
                "an:N",
                scale=alt.Scale(domain=names, range=[PAYER, ACCENT, RECEIVER, "#80808055"]),
                legend=top_legend(names),
            ),
            tooltip=[alt.Tooltip("schritt:N", title="Schritt"), alt.Tooltip("text:N", title="Betrag")],
        ),
        base.transform_filter("datum.text !== ''")
        .mark_text(align="right", baseline="bottom", dy=-7, aria=False)
        .encode(y, x=alt.value("width"), text="text:N"),
        width="container",
        height=alt.Step(46),
    )


def _billions(euro: float, share: float) -> str:
    return f"{number(euro / BILLION, 1)} Mrd. € = {number(share, 1)} v.H."


def per_head(settlement: Settlement) -> pd.DataFrame:
    """Per inhabitant in euro, a row per Land: own taxes, Ergänzungsanteil, rest of the Umsatzsteuer; and in v.H."""
    lines = settlement.lines
    people = lines["einwohner"]
    frame = pd.DataFrame(
        {
            "land": CODES,
            "steuern": lines["steuereinnahmen"] / people,
            "ergaenzung": lines["ergaenzungsanteil"] / people,
            "rest": (lines["umsatzsteueranteil"] - lines["ergaenzungsanteil"]) / people,
            "umsatzsteuer": lines["umsatzsteueranteil"] / people,
            "vorher": lines["steuereinnahmen_in_vh"],
        }
    )
    frame["zusammen"] = frame["steuern"] + frame["umsatzsteuer"]
    mean = (lines["steuereinnahmen"] + lines["umsatzsteueranteil"]).sum() / people.sum()
    return frame.assign(nachher=100 * frame["zusammen"] / mean)


def relation_dumbbell(settlement: Settlement) -> Drawing:
    """What the Umsatzsteuer does to the receipts per head, in v.H. of the average."""
    return dumbbell(
        per_head(settlement).sort_values("vorher", ascending=False),
        {"vorher": "eigene Steuern", "nachher": "mit Umsatzsteuer"},
        unit="v.H. des Durchschnitts",
        decimals=1,
        mark=100,
    )


def filled_level(settlement: Settlement) -> float:
    """The receipts per inhabitant, in euro, up to which Ergänzungsanteile fill."""
    p = as_floats(settlement.year.parameters)
    mean = settlement.lines["steuereinnahmen"].sum() / settlement.lines["einwohner"].sum()
    return float(p["ergaenzungsanteile_auffuellung"] * mean)


def fill_bars(settlement: Settlement) -> Drawing:
    """Own taxes per head, filled up to the dashed line, and the equal rest on top."""
    frame = per_head(settlement).set_index("land").sort_values("steuern", ascending=False)
    return stacked(
        frame[[key for key, *_ in PARTS]].rename(columns={key: name for key, name, _ in PARTS}),
        [colour for *_, colour in PARTS],
        unit="€ je Kopf",
        text=[number(amount) for amount in frame["zusammen"]],
        decimals=0,
        mark=filled_level(settlement),
    )


# --- Counter-checks ---------------------------------------------------------------------------------------------------


def missed_with(settlement: Settlement, extra: Any) -> int:
    """How many amounts of § 1 would be missed if ``extra`` counted as receipts under § 2, too."""
    lines = {**settlement.lines, "steuereinnahmen": settlement.lines["steuereinnahmen"] + extra}
    shares = fag1993.umsatzsteuerverteilung(lines, as_floats(settlement.year.parameters))["umsatzsteueranteil"]
    figures = settlement.compare()
    fixed = figures[figures["table"] == "paragraf_1"].set_index("land").loc[list(CODES)]
    return int((abs(shares - fixed["official"].to_numpy()) > fixed["tolerance"].to_numpy()).sum())


def levels_from_print(settlement: Settlement) -> tuple[Interval, Interval, Interval]:
    """What the print says by itself, without derived receipts of single Länder: three intervals, exact.

    First the Umsatzsteuer per head of the Länder without Ergänzungsanteil, from § 1 of the ordinance alone. Then taxes
    and Umsatzsteuer per head of those with one, from Zeilen 39 to 41 alone. Each is the common part of what the
    rounding of the print leaves open for each Land; where it is empty, lower exceeds upper. Third, their difference in
    v.H. of the average receipts: the level to which Ergänzungsanteile fill.
    """
    printed = settlement.as_printed().lines
    people = [Fraction(int(value)) for value in printed["einwohner"]]
    share = [Fraction(int(value)) for value in printed["umsatzsteueranteil"]]
    both = [
        Fraction(int(laender)) - int(foerder) - int(hafen)
        for laender, foerder, hafen in zip(
            printed["laendersteuern"], printed["foerderabgabe"], printed["abzug_hafenlasten"], strict=True
        )
    ]
    filled = [bool(value) for value in settlement.lines["ergaenzungsanteil"]]
    equal = _common([(share[i], people[i], HALF) for i in range(16) if not filled[i]])
    lifted = _common([(both[i], people[i], 3 * HALF) for i in range(16) if filled[i]])
    mean = (sum(both, Fraction(0)) - sum(share)) / sum(people, Fraction(0))
    # Both sums are rounded as well: 16 times what is left open for one Land.
    error = Fraction(16 * (3 * HALF + HALF)) / sum(people, Fraction(0))
    rate = (100 * (lifted[0] - equal[1]) / (mean + error), 100 * (lifted[1] - equal[0]) / (mean - error))
    return equal, lifted, rate


def _common(amounts: Sequence[tuple[Fraction, Fraction, int]]) -> Interval:
    """The common part of what amount ± error leaves open for amount per head."""
    return (
        max((amount - error) / heads for amount, heads, error in amounts),
        min((amount + error) / heads for amount, heads, error in amounts),
    )
