"""Printed figures in the chapters: tables of the Anlagen, what is reproduced, and what other rules would miss."""

from collections.abc import Mapping, Sequence
from typing import Any

import altair as alt
import pandas as pd

from lfa.charts import CATEGORIES, data_of
from lfa.evidence import KINDS as SLIPS
from lfa.evidence import TABLES, proof_links
from lfa.lines import Line, Place, registry
from lfa.pictures.parts import Drawing, top_legend
from lfa.settlement import Settlement, settle_year
from lfa.states import CODES, INSGESAMT, NAMES
from lfa.tables import Table, number, table
from lfa.years import Year
from lfa.zahlen import cell

Places = Mapping[str, range | tuple[str, ...]]
"""Where figures are printed: tables of the source, each with its Zeilen or the beginnings of its lines."""

TOTAL = "Insgesamt"
WHOLE = ("",)
"""Every line of a table."""
SHOWN_AS = {
    "EUR": ("Tsd. €", 1 / 1000),
    "EUR je Einwohner": ("Tsd. €", 1 / 1000),
    "v.H.": ("v.H.", 1.0),
}
"""How the Anlagen show a unit of the registry: its name and the factor to it. Others have no name of their own."""
KINDS = {
    "reproduced": "gleich, im Rahmen der Rundung",
    "reproduced_after_erratum": "gleich, nach bewiesener Berichtigung",
    "reprint": "Wiederholung einer früheren Zahl",
    "input": "Ausgangszahl der Rechnung",
    "open": "offen: der Druck widerspricht sich",
    "deviating": "abweichend",
}
"""The classes of official figures, in a reader's words."""


def anlage(
    settlement: Settlement,
    keys: Mapping[str, str] | Sequence[str],
    lands: Sequence[str] = CODES,
    *,
    name: str = "anlage1",
    caption: str,
    note: str = "",
) -> Table:
    """Lines of a table of the source as columns, a row per Land, as printed and corrected; 0 stays blank.

    A mapping gives shorter headings than the labels of the registry; a Zeile stands before them. A line that the
    table does not print is shown as computed. Corrected cells lead to their proof.
    """
    settlement = settlement.as_printed()
    lines = registry(settlement.year.law)
    places = {key: _place(lines[key], name) for key in keys}
    headings = {key: keys[key] if isinstance(keys, Mapping) else lines[key].label for key in keys}
    units = {key: SHOWN_AS.get(lines[key].unit, ("", 1.0)) for key in keys}
    names = {code: NAMES[code] for code in lands} | ({INSGESAMT: TOTAL} if len(lands) == len(CODES) else {})
    frame = pd.DataFrame(index=pd.Index(names.values(), name="Land"))
    for key in keys:
        values = {
            **dict(zip(CODES, map(float, settlement.lines[key]), strict=True)),
            INSGESAMT: settlement.insgesamt[key],
        }
        shown = [value * units[key][1] if (value := values[code]) else None for code in names]
        frame[key] = pd.Series(shown, index=frame.index, dtype="Float64")
    marks = corrected_cells(settlement, list(keys), name)
    signs = "Vorzeichen wie im Druck." if (frame < 0).any(axis=None) else ""
    return table(
        frame,
        caption=caption,
        columns={
            key: f"{place.line} {headings[key]}" if place and place.line.isdigit() else headings[key]
            for key, place in places.items()
        },
        # A heading that says its unit does not say it twice.
        units={key: "" if unit in headings[key] else unit for key, (unit, _) in units.items()},
        decimals={key: _decimals(settlement, place) for key, place in places.items()},
        marks={cell: proof for cell, proof in marks.items() if cell[0] in frame.index},
        total=TOTAL,
        note=note or signs,
        cells={(row, key): cell(settlement.year.year, key, code) for code, row in names.items() for key in keys},
    )


def corrected_cells(settlement: Settlement, keys: Sequence[str], name: str = "anlage1") -> dict[tuple[str, str], str]:
    """The cells of ``anlage`` whose print is corrected by a proven erratum, and the page that proves it."""
    lines = registry(settlement.year.law)
    by_line = {place.line: key for key in keys if (place := _place(lines[key], name))}
    names = NAMES | {INSGESAMT: TOTAL}
    return {
        (names[cell.land], by_line[cell.line]): proof
        for cell, proof in proof_links(settlement.year).items()
        if cell.table == name and cell.line in by_line
    }


def _place(line: Line, name: str) -> Place | None:
    """Where a table of the source prints a line first."""
    return next((place for place in line.printed if place.table == name), None)


def _decimals(settlement: Settlement, place: Place | None) -> int:
    """The decimals with which the source prints a line."""
    exponents = [
        int(value.as_tuple().exponent)
        for cell, value in settlement.year.figures.items()
        if place and cell[:2] == (place.table, place.line)
    ]
    return -min(exponents, default=0)


def zeilen(first: int, last: int) -> Places:
    """The Zeilen ``first`` to ``last`` of Anlage 1."""
    return {"anlage1": range(first, last + 1)}


def _among(places: Places, name: str, line: str) -> bool:
    lines = places.get(name, ())
    return line.isdigit() and int(line) in lines if isinstance(lines, range) else line.startswith(lines)


def figures(settlement: Settlement, places: Places) -> pd.DataFrame:
    """Computed against official at these places; the column ``zeile`` is the line as a number, where it is one."""
    frame = settlement.compare()
    chosen = [_among(places, name, line) for name, line in zip(frame["table"], frame["line"], strict=True)]
    return frame[chosen].assign(zeile=lambda rows: pd.to_numeric(rows["line"], errors="coerce"))


def printed_cells(settlement: Settlement, places: Places) -> int:
    """How many figures the source prints at these places."""
    return sum(_among(places, cell.table, cell.line) for cell in settlement.year.figures)


def missed(settlement: Settlement, places: Places, **changed: Any) -> int:
    """How many figures at these places would deviate if the law had other values; for counter-checks."""
    year = settlement.year._replace(parameters={**settlement.year.parameters, **changed})
    return int((figures(settle_year(year), places)["kind"] == "deviating").sum())


def counted(figures: pd.DataFrame, *, caption: str) -> Table:
    """How many figures fall into each class, one row per class that occurs."""
    counts = figures["kind"].value_counts()
    frame = pd.DataFrame(
        [(name, int(counts[kind])) for kind, name in KINDS.items() if kind in counts] + [(TOTAL, len(figures))],
        columns=["klasse", "anzahl"],
    )
    return table(frame, caption=caption, columns={"klasse": "Die gerechnete Zahl ist …", "anzahl": "Zahlen"})


def affected(settlement: Settlement, key: str) -> list[str]:
    """The Länder for which a line is not 0, in the order of the Anlage."""
    return [code for code, value in zip(CODES, settlement.lines[key], strict=True) if value]


def slips(year: Year) -> pd.DataFrame:
    """How many corrected cells each table has of each kind of slip: a row per kind, the most frequent first."""
    names = {name: words.split(":")[0] for name, words in TABLES.items()}
    found = pd.DataFrame(
        [(SLIPS[erratum.kind], names[erratum.cell.table]) for erratum in year.errata], columns=["art", "tabelle"]
    )
    counts = found.value_counts().unstack(fill_value=0)[list(names.values())]
    return counts.loc[counts.sum(axis=1).sort_values(ascending=False, kind="stable").index]


def slip_bars(year: Year) -> Drawing:
    """The corrected cells by kind of slip, stacked by table, and their number at the end of each bar."""
    counts = slips(year)
    kinds, tables = list(counts.index), list(counts.columns)
    rows = [
        {"art": kind, "tabelle": name, "folge": place, "stellen": int(counts.loc[kind, name])}
        for kind in kinds
        for place, name in enumerate(tables)
    ]
    sums = {kind: int(counts.loc[kind].sum()) for kind in kinds}
    ends = [{"art": kind, "wert": total, "text": number(total)} for kind, total in sums.items()]
    # Beyond the longest bar there is room for its number.
    scale = alt.Scale(domain=[0, 1.12 * max(sums.values(), default=1)], nice=False)
    y = alt.Y("art:N", sort=kinds, axis=alt.Axis(title=None, domain=False, ticks=False, labelLimit=220))
    bars = alt.Chart(data_of(rows)).mark_bar(height={"band": 0.74})
    return alt.layer(
        bars.encode(
            y,
            alt.X("sum(stellen):Q", stack="zero", axis=None, scale=scale),
            alt.Color(
                "tabelle:N",
                scale=alt.Scale(domain=tables, range=list(CATEGORIES[: len(tables)])),
                legend=top_legend(tables),
            ),
            order=alt.Order("folge:Q"),
            tooltip=[
                alt.Tooltip("art:N", title="Fehler"),
                alt.Tooltip("tabelle:N", title="Tabelle"),
                alt.Tooltip("stellen:Q", title="Stellen"),
            ],
        ),
        alt.Chart(data_of(ends)).mark_text(align="left", dx=5, aria=False).encode(y, alt.X("wert:Q"), text="text:N"),
        width="container",
        height=alt.Step(30),
    )
