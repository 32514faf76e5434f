"""The pictures of § 6 FAG 1993: Finanzkraft beside Bedarf, and what the weight of the city states does."""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

import altair as alt
import pandas as pd

from lfa.charts import ACCENT, PAYER, data_of, land_axis
from lfa.parameters import as_vectors
from lfa.settlement import LAWS, Settlement, settle_year
from lfa.states import CODES, NAMES
from lfa.tables import number
from lfa.years import derived_inputs, printed_inputs

STAGES = ("einwohner", "umsatzsteuer", "laendersteuern", "gemeindesteuern", "finanzkraft", "ausgleichsmesszahl")
"""The law up to the surplus, without the print in between."""


def relation(settlement: Settlement) -> pd.DataFrame:
    """Finanzkraft and Ausgleichsmesszahl of each Land: in euro, per head, and their relation in v.H."""
    lines = settlement.lines
    frame = pd.DataFrame(
        {
            "land": CODES,
            "finanzkraft": lines["finanzkraftmesszahl"],
            "messzahl": lines["ausgleichsmesszahl"],
            "einwohner": lines["einwohner"],
        }
    )
    return frame.assign(
        je_kopf=frame["finanzkraft"] / frame["einwohner"],
        bedarf_je_kopf=frame["messzahl"] / frame["einwohner"],
        vh=100 * frame["finanzkraft"] / frame["messzahl"],
    )


def all_people_equal(settlement: Settlement) -> Settlement:
    """A thought experiment: the same year, each person counted once for the Ländersteuern, city states too."""
    year = settlement.year
    weights = {"einwohnerwertung_laendersteuern": dict.fromkeys(CODES, Fraction(100))}
    return settle_year(year._replace(parameters={**year.parameters, **weights}))


def by_land(settlement: Settlement, land: str) -> pd.DataFrame:
    """The Ausgleichsmesszahl by hand for one Land: for each kind of tax total, people counted, and what that makes."""
    place = CODES.index(land)
    rows = []
    for name, tax, people in (
        ("Ländersteuern", "laendersteuern", "gewertete_einwohner_laendersteuern"),
        ("Gemeindesteuern", "gemeindesteuern", "gewertete_einwohner_gemeindesteuern"),
    ):
        average = float(settlement.lines[tax].sum() / settlement.lines[people].sum())
        counted = float(settlement.lines[people][place])
        rows.append((name, average, counted, average * counted))
    return pd.DataFrame(rows, columns=["steuern", "durchschnitt", "gewertet", "messzahl"])


def exact_lines(settlement: Settlement) -> dict[str, Any]:
    """The law from the first input to the surplus on fractions, with no figure of the print in between."""
    year = settlement.year
    values = as_vectors(year.parameters)
    inputs, _ = derived_inputs(as_vectors(printed_inputs(year)), values, year.law)
    lines: dict[str, Any] = LAWS[year.law].settle(inputs, values, STAGES)
    return lines


def dumbbell(
    frame: pd.DataFrame,
    stages: Mapping[str, str],
    *,
    unit: str,
    text: Sequence[str],
    decimals: int = 0,
    mark: float | None = None,
    room: float = 0.5,
) -> alt.LayerChart | alt.FacetChart:
    """Two points per Land and the line between them; ``stages`` are two columns with their names in the legend.

    The rows keep their order; ``text`` stands at the right edge of each, a line crosses the chart at ``mark``.
    Right of the points ``room`` times their width is left for the text.
    """
    (first, _), (second, _) = stages.items()
    rows = [
        {"land": row["land"], "name": NAMES[row["land"]], "wert": float(row[key])}
        | {"stand": name, "text": number(row[key], decimals)}
        for row in frame.to_dict("records")
        for key, name in stages.items()
    ]
    spans = [
        {"land": row["land"], "wert": float(row[first]), "bis": float(row[second]), "text": words}
        for row, words in zip(frame.to_dict("records"), text, strict=True)
    ]
    values = [row["wert"] for row in rows]
    low, high = min(values), max(values)
    domain = [low - 0.03 * (high - low), high + room * (high - low)]
    x = alt.X("wert:Q", axis=None, scale=alt.Scale(domain=domain, nice=False, zero=False))
    y = alt.Y("land:N", sort=list(frame["land"]), axis=land_axis())
    names = list(stages.values())
    columns = alt.ExprRef(expr="containerSize()[0] < 480 ? 1 : 2")
    colour = alt.Color(
        "stand:N",
        scale=alt.Scale(domain=names, range=[ACCENT, PAYER]),
        legend=alt.Legend(title=None, orient="top", columns=columns, labelLimit=320),
    )
    tooltip = [
        alt.Tooltip("name:N", title="Land"),
        alt.Tooltip("stand:N", title="Größe"),
        alt.Tooltip("text:N", title=unit),
    ]
    span = alt.Chart(data_of(spans))
    layers: list[alt.Chart] = [
        span.mark_rule(strokeWidth=3, opacity=0.4).encode(x, alt.X2("bis:Q"), y),
        alt.Chart(data_of(rows))
        .mark_point(filled=True, size=85, opacity=1)
        .encode(x, y, color=colour, tooltip=tooltip),
        span.mark_text(align="right", aria=False).encode(y, x=alt.value("width"), text="text:N"),
    ]
    if mark is not None:
        edge = alt.Chart(data_of([{"wert": mark, "text": number(mark)}])).encode(x)
        layers = [
            edge.mark_rule(strokeDash=[3, 3], opacity=0.8),
            edge.mark_text(baseline="top", dy=5, aria=False).encode(y=alt.value("height"), text="text:N"),
            *layers,
        ]
    return alt.layer(*layers, width="container", height=alt.Step(23))
