"""The pictures of § 7 FAG 1993: what the taxes of the Länder consist of; from a settlement to an Altair chart."""

import altair as alt
import pandas as pd

from lfa.charts import ACCENT, NEUTRAL, PAYER, RECEIVER, data_of, land_axis
from lfa.parameters import DM_PER_EURO
from lfa.pictures.parts import MILLION, Drawing, Rows, dumbbell, stacked
from lfa.pictures.sheets import anlage
from lfa.pictures.umsatzsteuer import HALF
from lfa.settlement import Settlement
from lfa.states import CODES, NAMES
from lfa.tables import Table, number

PARTS = (
    ("steuereinnahmen", "eigene Steuern", NEUTRAL),
    ("umsatzsteueranteil", "Umsatzsteuer", RECEIVER),
    ("foerderabgabe", "Förderabgabe", ACCENT),
    ("abzug_hafenlasten", "Abzug für Hafenlasten", PAYER),
)
"""What Zeile 41 consists of: line, name, colour."""


def parts_per_head(settlement: Settlement) -> pd.DataFrame:
    """The parts of Zeile 41 per inhabitant, in euro: a row per Land, a column per part, and their sum."""
    people = settlement.lines["einwohner"]
    frame = pd.DataFrame({name: settlement.lines[key] / people for key, name, _ in PARTS}, index=pd.Index(CODES))
    return frame.assign(zusammen=settlement.lines["laendersteuern"] / people)


def part_bars(settlement: Settlement) -> Drawing:
    """The parts of Zeile 41 per inhabitant, stacked; what is taken off stands left of zero."""
    frame = parts_per_head(settlement).sort_values("zusammen", ascending=False)
    return stacked(
        frame.drop(columns="zusammen"),
        [colour for *_, colour in PARTS],
        unit="€ je Kopf",
        text=[number(amount) for amount in frame["zusammen"]],
    )


def relations(settlement: Settlement) -> pd.DataFrame:
    """Taxes of the Länder per head in v.H. of the average: by inhabitants (vorher), by weighted ones (nachher)."""
    lines = settlement.lines
    taxes, people = lines["laendersteuern"], lines["einwohner"]
    weighted = lines["gewertete_einwohner_laendersteuern"]
    return pd.DataFrame(
        {
            "land": CODES,
            "vorher": 100 * taxes / people / (taxes.sum() / people.sum()),
            "nachher": 100 * taxes / weighted / (taxes.sum() / weighted.sum()),
        }
    )


def relation_dumbbell(settlement: Settlement) -> Drawing:
    """What the weight of the inhabitants does to the taxes per head, in v.H. of the average."""
    return dumbbell(
        relations(settlement).sort_values("vorher", ascending=False),
        {"vorher": "jeder Mensch einfach", "nachher": "mit Einwohnerwertung"},
        unit="v.H. des Durchschnitts",
        decimals=1,
        mark=100,
    )


def harbours(settlement: Settlement) -> pd.DataFrame:
    """Hafenlasten, largest first: million DM of the law, exact euro, printed euro, and the DM the print allows."""
    printed = dict(zip(CODES, settlement.as_printed().lines["abzug_hafenlasten"], strict=True))
    rows = [
        {
            "land": land,
            "mio_dm": euro * DM_PER_EURO / MILLION,
            "euro": euro,
            "gedruckt": -int(printed[land]),
            "mio_dm_von": (-int(printed[land]) - HALF) * DM_PER_EURO / MILLION,
            "mio_dm_bis": (-int(printed[land]) + HALF) * DM_PER_EURO / MILLION,
        }
        for land, euro in settlement.year.parameters["hafenlasten"].items()
    ]
    return pd.DataFrame(rows).sort_values("gedruckt", ascending=False, ignore_index=True)


def harbour_bars(settlement: Settlement) -> Drawing:
    """One bar per Land with Hafenlasten, its amount in DM on the bar's end and below it in euro."""
    frame = harbours(settlement)
    rows: Rows = [
        {
            "land": row.land,
            "name": NAMES[row.land],
            "betrag": float(row.mio_dm),
            "dm": f"{number(row.mio_dm)} Mio. DM",
            "eur": f"= {number(row.gedruckt / 1000)} Tsd. €",
        }
        for row in frame.itertuples()
    ]
    base = alt.Chart(data_of(rows)).encode(
        alt.Y("land:N", sort=[row["land"] for row in rows], axis=land_axis()),
        alt.X(
            "betrag:Q",
            axis=None,
            scale=alt.Scale(domain=[0, 2 * max(row["betrag"] for row in rows)], nice=False),
        ),
    )
    return alt.layer(
        base.mark_bar(height={"band": 0.6}, color=PAYER).encode(
            tooltip=[
                alt.Tooltip("name:N", title="Land"),
                alt.Tooltip("dm:N", title="Betrag in D-Mark"),
                alt.Tooltip("eur:N", title="gedruckt"),
            ]
        ),
        base.mark_text(align="left", dx=6, dy=-8, fontWeight="bold", aria=False).encode(text="dm:N"),
        base.mark_text(align="left", dx=6, dy=8, aria=False).encode(text="eur:N"),
        width="container",
        height=alt.Step(48),
    )


def sheet(settlement: Settlement, *, caption: str) -> Table:
    """The parts of Zeile 41 and their sum, a row per Land, as printed and corrected; the first column is derived."""
    headings = {
        "steuereinnahmen": "eigene, abgeleitet",
        "umsatzsteueranteil": "§ 1: Umsatzsteuer",
        "foerderabgabe": "Förderabgabe",
        "abzug_hafenlasten": "Hafenlasten",
        "laendersteuern": "Steuern im LFA",
    }
    return anlage(settlement, headings, caption=caption, note="Minus: Der Betrag wird abgezogen.")
