"""What the equalisation changed: Finanzkraft stage by stage, and what one more euro of tax leaves each Land."""

from typing import Any

import altair as alt
import numpy as np
import pandas as pd

from lfa.charts import ACCENT, NEUTRAL, PAYER, RECEIVER, data_of, ink_on
from lfa.law.arrays_lists import Vector
from lfa.lines import STAGES
from lfa.parameters import as_floats, as_vectors
from lfa.pictures.parts import BLUE, PINK, Drawing, Rows, stacked
from lfa.settlement import LAWS, Array, Settlement, moved_inputs, scenarios
from lfa.states import CODES, NAMES
from lfa.tables import number
from lfa.years import derived_inputs, printed_inputs

LAW_STAGES = STAGES[STAGES.index("einwohner") : STAGES.index("fonds")]
"""The law up to § 10 Abs. 5, in one go: no figure of the print in between."""
MOMENTS = (
    "vor der Umsatzsteuer",
    "nach der Umsatzsteuer",
    "nach dem Tarif",
    "nach den Garantien",
)
CLAUSES = (
    ("Umsatzsteuer", None, "umsatzsteueranteil", BLUE),
    ("Tarif", None, "ausgleich_abs_2", PAYER),
    ("Abs. 3", "ausgleich_abs_2", "ausgleich_abs_3", ACCENT),
    ("Abs. 4", "ausgleich_abs_3", "ausgleich_abs_4", PINK),
    ("Abs. 5", "ausgleich_abs_4", "ausgleich", NEUTRAL),
)
"""Where a euro can go: name, the lines before and after the clause, colour."""
KEPT = "bleibt"
RESULTS = ("umsatzsteueranteil", "ausgleich_abs_2", "ausgleich_abs_3", "ausgleich_abs_4", "ausgleich")
SHOWN = ("NW", "HH", "HB", "BE", "SN")
"""The Länder that the chapters follow, each with a colour of its own."""
COLOURS = dict(zip(SHOWN, (PAYER, ACCENT, PINK, BLUE, RECEIVER), strict=True))


def stages(settlement: Settlement) -> pd.DataFrame:
    """Finanzkraft of each Land at four moments, in euro per head; a row per Land."""
    lines = settlement.lines
    before = lines["finanzkraftmesszahl"] - lines["umsatzsteueranteil"]
    amounts = (
        before,
        lines["finanzkraftmesszahl"],
        lines["finanzkraftmesszahl"] + lines["ausgleich_abs_2"],
        lines["finanzkraftmesszahl"] + lines["ausgleich"],
    )
    columns = {name: amount / lines["einwohner"] for name, amount in zip(MOMENTS, amounts, strict=True)}
    return pd.DataFrame(columns, index=pd.Index(CODES, name="land"))


def spread(frame: pd.DataFrame, people: Array) -> pd.DataFrame:
    """How far the Länder lie apart at each moment: lowest, highest, their ratio, and the mean distance from the mean.

    The mean distance counts every inhabitant once.
    """
    mean = frame.mul(people, axis=0).sum() / people.sum()
    away = (frame - mean).abs().mul(people, axis=0).sum() / people.sum()
    low, high = frame.min(), frame.max()
    return pd.DataFrame(
        {
            "tief": low,
            "tief_land": [NAMES[str(land)] for land in frame.idxmin()],
            "hoch": high,
            "hoch_land": [NAMES[str(land)] for land in frame.idxmax()],
            "mal": high / low,
            "abstand": away,
        }
    )


def ranks(frame: pd.DataFrame) -> pd.DataFrame:
    """The place of each Land at each moment, the richest first."""
    return frame.rank(ascending=False).astype(int)


def law_inputs(settlement: Settlement) -> tuple[dict[str, Any], dict[str, Any]]:
    """The inputs and the parameters from which the law's own chain starts, as arrays."""
    year = settlement.year
    values = as_floats(year.parameters)
    inputs, _ = derived_inputs(as_floats(printed_inputs(year)), values, year.law)
    return inputs, values


def room_for_rounding(settlement: Settlement, key: str) -> Array:
    """How far the rounding of the printed inputs can move a line when the law runs in one go; by Land.

    As ``rounding_spread``: every input printed to 1000 euro is moved by half of that, and the effects are added up.
    """
    year = settlement.year
    values = as_floats(year.parameters)
    base, _ = law_inputs(settlement)
    inputs, _ = derived_inputs(moved_inputs(year), values, year.law)
    law = LAWS[year.law]
    effects = np.abs(law.settle(inputs, values, LAW_STAGES)[key] - law.settle(base, values, LAW_STAGES)[key])
    return np.asarray(effects.reshape(-1, 2, len(CODES)).max(axis=1).sum(axis=0))


def one_more(settlement: Settlement, step: float) -> dict[str, Array]:
    """What ``step`` euro more own tax receipts change, one Land at a time, per euro.

    Each result is 16 × 16: the row is the Land with more receipts, the column the Land whose amount changes.
    """
    inputs, values = law_inputs(settlement)
    law = settlement.year.law
    taxes = np.asarray(inputs["steuereinnahmen"]) + step * np.eye(len(CODES))
    after = scenarios(law, {**inputs, "steuereinnahmen": taxes}, values, RESULTS, LAW_STAGES)
    base = LAWS[law].settle(inputs, values, LAW_STAGES)
    return {key: (after[key] - base[key]) / step for key in RESULTS}


def one_more_exactly(settlement: Settlement, land: str, step: Any) -> dict[str, list[Any]]:
    """The same for one Land on fractions: the change of each result per euro, by Land."""
    year = settlement.year
    values = as_vectors(year.parameters)
    inputs, _ = derived_inputs(as_vectors(printed_inputs(year)), values, year.law)
    more = Vector([step if code == land else 0 * step for code in CODES])
    base = LAWS[year.law].settle(inputs, values, LAW_STAGES)
    after = LAWS[year.law].settle({**inputs, "steuereinnahmen": inputs["steuereinnahmen"] + more}, values, LAW_STAGES)
    return {key: list((after[key] - base[key]) / step) for key in RESULTS}


def where_it_goes(effects: dict[str, Array]) -> pd.DataFrame:
    """For each Land, in cents of one more euro: what remains, and what each clause takes (minus: adds)."""
    frame = pd.DataFrame(index=pd.Index(CODES, name="land"))
    for name, before, after, _ in CLAUSES:
        change = effects[after] - (effects[before] if before else 0)
        frame[name] = -100 * np.diag(change)
    frame.insert(0, KEPT, 100 - frame.sum(axis=1))
    return frame


def who_gets_it(effects: dict[str, Array]) -> pd.DataFrame:
    """In cents: the row is the Land with one euro more, the column what each Land then has more or less."""
    cents = 100 * (np.eye(len(CODES)) + effects["umsatzsteueranteil"] + effects["ausgleich"])
    return pd.DataFrame(cents, index=pd.Index(CODES, name="land"), columns=list(CODES))


def slopes(frame: pd.DataFrame) -> Drawing:
    """Finanzkraft per head at the moments of ``stages``, a line per Land; the Länder of SHOWN in colour."""
    moments = list(frame.columns)
    rows = [
        {
            "land": str(land),
            "name": NAMES[str(land)],
            "stand": moment,
            "wert": float(value),
            "text": number(value),
            "vorn": land in SHOWN,
        }
        for land, values in frame.iterrows()
        for moment, value in values.items()
    ]
    low, high = float(frame.min().min()), float(frame.max().max())
    height = 520
    gap = 13.5 * (high - low) / height
    ends = [
        row | {"ort": place}
        for moment in (moments[0], moments[-1])
        for row, place in _apart([row for row in rows if row["stand"] == moment], gap)
    ]
    x = alt.X(
        "stand:N",
        sort=moments,
        scale=alt.Scale(padding=0.62),
        axis=alt.Axis(
            title=None,
            orient="top",
            labelAngle=0,
            domain=False,
            ticks=False,
            grid=True,
            labelExpr="split(containerSize()[0] < 480 ? replace(datum.label, 'Umsatzsteuer', 'USt.') "
            ": datum.label, ' ')",
        ),
    )
    room = 0.05 * (high - low)
    scale = alt.Scale(domain=[low - room, high + 2 * room], nice=False, zero=False)
    y = alt.Y("wert:Q", scale=scale, axis=None)
    colour = alt.Color(
        "land:N",
        scale=alt.Scale(domain=list(CODES), range=[COLOURS.get(code, NEUTRAL) for code in CODES]),
        legend=None,
    )
    tooltip = [
        alt.Tooltip("name:N", title="Land"),
        alt.Tooltip("stand:N", title="Stand"),
        alt.Tooltip("text:N", title="€ je Kopf"),
    ]
    base = alt.Chart(data_of(rows)).encode(x, y, color=colour, detail="land:N")
    label = alt.Chart(data_of(ends)).encode(x, alt.Y("ort:Q", scale=scale, axis=None), text="wort:N")
    first, last = (label.transform_filter(f"datum.stand === '{moment}'") for moment in (moments[0], moments[-1]))
    weight = alt.ExprRef(expr="datum.vorn ? 'bold' : 'normal'")
    left = first.transform_calculate(wort="datum.land + ' ' + datum.text")
    right = last.transform_calculate(wort="datum.text + ' ' + datum.land")
    return alt.layer(
        base.transform_filter("!datum.vorn").mark_line(strokeWidth=1.3, opacity=0.7),
        base.transform_filter("datum.vorn").mark_line(strokeWidth=3),
        base.mark_point(filled=True, size=38, opacity=1).encode(tooltip=tooltip),
        left.mark_text(align="right", dx=-9, fontSize=11, fontWeight=weight, aria=False),
        right.mark_text(align="left", dx=9, fontSize=11, fontWeight=weight, aria=False),
        width="container",
        height=height,
    )


def _apart(rows: Rows, gap: float) -> list[tuple[dict[str, Any], float]]:
    """Places for labels that keep at least ``gap`` between them and stay as near to their points as that allows."""
    ordered = sorted(rows, key=lambda row: row["wert"])
    groups: list[Rows] = []
    for row in ordered:
        groups.append([row])
        while len(groups) > 1 and _first(groups[-1], gap) - _last(groups[-2], gap) < gap:
            last = groups.pop()
            groups[-1].extend(last)
    return [(row, _first(group, gap) + gap * place) for group in groups for place, row in enumerate(group)]


def _first(group: Rows, gap: float) -> float:
    return float(np.mean([row["wert"] for row in group])) - gap * (len(group) - 1) / 2


def _last(group: Rows, gap: float) -> float:
    return _first(group, gap) + gap * (len(group) - 1)


def euro_bars(frame: pd.DataFrame) -> Drawing:
    """Where one more euro goes, stacked; ``frame`` as of ``where_it_goes``, the Land that keeps most first."""
    ordered = frame.sort_values(KEPT, ascending=False)
    colours = [RECEIVER, *(colour for *_, colour in CLAUSES)]
    return stacked(ordered, colours, unit="Cent", text=[number(cents, 1) for cents in ordered[KEPT]])


def euro_heat(frame: pd.DataFrame) -> Drawing:
    """Who has how much more when one Land takes one more euro; ``frame`` as of ``who_gets_it``.

    The darker the more; the Land itself is the diagonal, and the scale ends where the others end.
    """
    rows = [
        {
            "von": str(land),
            "an": code,
            "wer": NAMES[str(land)],
            "wem": NAMES[code],
            "cent": float(value),
            "text": number(value, 1),
            "kurz": number(value),
            "selbst": land == code,
        }
        for land, values in frame.iterrows()
        for code, value in values.items()
    ]
    most = max(abs(row["cent"]) for row in rows if not row["selbst"])
    x = alt.X(
        "an:N",
        sort=list(CODES),
        axis=alt.Axis(title=None, domain=False, ticks=False, orient="bottom", labelAngle=0, labelFontSize=10),
    )
    y = alt.Y("von:N", sort=list(CODES), axis=alt.Axis(title=None, domain=False, ticks=False, labelFontSize=10))
    domain = [-most, 0, most]
    colour = alt.Color(
        "cent:Q",
        scale=alt.Scale(domain=domain, range=["#5b2a86", "#f4f2f0", "#0b5c52"], interpolate="lab", clamp=True),
        legend=None,
    )
    base = alt.Chart(data_of(rows)).encode(x, y)
    own = base.transform_filter("datum.selbst")
    tooltip = [
        alt.Tooltip("wer:N", title="1 € mehr für"),
        alt.Tooltip("wem:N", title="ändert sich für"),
        alt.Tooltip("text:N", title="Cent"),
    ]
    return alt.layer(
        base.mark_rect(stroke="currentColor", strokeOpacity=0.25, strokeWidth=0.4).encode(
            color=colour, tooltip=tooltip
        ),
        # Black and white, so that the frame stands out from pale and from dark cells, on every page.
        own.mark_rect(fillOpacity=0, stroke="#000000", strokeWidth=4),
        own.mark_rect(fillOpacity=0, stroke="#ffffff", strokeWidth=1.5),
        base.mark_text(fontSize=9.5, aria=False).encode(text="kurz:N", color=ink_on("cent")),
        width="container",
        height=alt.Step(24),
    )
