"""What the pictures of several chapters share: legends, figures beside the marks, and three kinds of charts."""

import json
from collections.abc import Iterable, Mapping, Sequence
from itertools import accumulate
from math import ceil, floor, log10
from typing import Any, NamedTuple

import altair as alt
import pandas as pd

from lfa.charts import ACCENT, CATEGORIES, NEUTRAL, data_of, land_axis, zero_line
from lfa.states import NAMES
from lfa.tables import number

Rows = list[dict[str, Any]]
Drawing = alt.LayerChart | alt.FacetChart

MILLION = 1_000_000
BLUE, PINK = CATEGORIES[3], CATEGORIES[5]
ONE_LINE = 80
"""Characters of a legend that stand in one line above a chart of the full width."""
PER_CHARACTER = 7
"""Room for one character of the right column, in pixels."""
EDGE = 0.4
"""Width of the line around the parts of a bar, in pixels."""


class Step(NamedTuple):
    """One step of a cascade: its label in lines, and the amount in euro."""

    label: tuple[str, ...]
    amount: float


def top_legend(names: Sequence[str], **options: Any) -> alt.Legend:
    """A legend above the chart in one line, or two if it is long; on a phone two columns, or one if names are long."""
    wide = len(names) if sum(len(name) + 4 for name in names) <= ONE_LINE else (len(names) + 1) // 2
    narrow = 2 if max(map(len, names), default=0) < 15 else 1
    columns = alt.ExprRef(expr=f"containerSize()[0] < 480 ? {narrow} : {wide}")
    return alt.Legend(title=None, orient="top", columns=columns, labelLimit=300, **options)


def right_column(rows: Rows, y: alt.Y) -> alt.Chart:
    """Texts at the right edge, where no mark crosses them."""
    base: alt.Chart = alt.Chart(data_of(rows)).mark_text(align="right", aria=False)
    return base.encode(y, x=alt.value("width"), text="text:N")


def levels(rows: Rows, x: alt.X) -> list[alt.Chart]:
    """Dashed lines from top to bottom at ``wert``, each with its ``text`` at the foot."""
    base = alt.Chart(data_of(rows)).encode(x)
    return [
        base.mark_rule(strokeDash=[4, 3], strokeWidth=1.3, opacity=0.8),
        base.mark_text(baseline="top", dy=5, aria=False).encode(y=alt.value("height"), text="text:N"),
    ]


def level(value: float | None, x: alt.X) -> list[alt.Chart]:
    """The dashed line at one value, if there is one."""
    return [] if value is None else levels([{"wert": value, "text": number(value)}], x)


def _scale(low: float, high: float, text: Sequence[str]) -> alt.Scale:
    """From ``low`` to ``high``, and beyond it room for the right column, whatever the width of the chart."""
    room = 12 + PER_CHARACTER * max(map(len, text))
    end = alt.ExprRef(expr=f"{high} + {high - low} * {room} / max(width - {room}, 1)")
    return alt.Scale(domainMin=low, domainMax=end, nice=False, zero=False)


def _ticks(low: float, high: float) -> list[float]:
    """Three to six round values from ``low`` to ``high``."""
    rough = (high - low) / 3
    power = 10.0 ** floor(log10(rough))
    step = max(factor * power for factor in (1, 2, 5) if factor * power <= rough)
    return [step * place for place in range(ceil(low / step), floor(high / step) + 1)]


def dumbbell(
    frame: pd.DataFrame,
    stages: Mapping[str, str],
    *,
    unit: str,
    decimals: int = 0,
    text: Sequence[str] | None = None,
    mark: float | None = None,
) -> Drawing:
    """Two points per Land and the line between them; ``stages`` are two columns with their names in the legend.

    The rows keep their order. At the right edge of each stands its ``text``, by default both values; a dashed line
    crosses the chart at ``mark``.
    """
    laender = [str(land) for land in frame["land"]]
    pairs = [(float(one), float(other)) for one, other in frame[list(stages)].itertuples(index=False)]
    words = text or [f"{number(one, decimals)} → {number(other, decimals)}" for one, other in pairs]
    names = list(stages.values())
    points = [
        {"land": land, "name": NAMES[land], "wert": value, "stand": name, "text": number(value, decimals)}
        for land, pair in zip(laender, pairs, strict=True)
        for name, value in zip(names, pair, strict=True)
    ]
    spans = [
        {"land": land, "wert": one, "bis": other, "text": word}
        for land, (one, other), word in zip(laender, pairs, words, strict=True)
    ]
    values = [value for pair in pairs for value in pair] + ([] if mark is None else [mark])
    low, high = min(values), max(values)
    # Without a dashed line nothing else says how far apart the points are.
    axis = alt.Axis(values=_ticks(low, high), title=unit, titleAnchor="start", domain=False, ticks=False)
    scale = _scale(low - 0.03 * (high - low), high, words)
    x = alt.X("wert:Q", axis=axis if mark is None else None, scale=scale)
    y = alt.Y("land:N", sort=laender, axis=land_axis())
    return alt.layer(
        *level(mark, x),
        alt.Chart(data_of(spans)).mark_rule(strokeWidth=3, opacity=0.45).encode(x, alt.X2("bis:Q"), y),
        alt.Chart(data_of(points))
        .mark_point(filled=True, size=85, opacity=1)
        .encode(
            x,
            y,
            alt.Color("stand:N", scale=alt.Scale(domain=names, range=[ACCENT, BLUE]), legend=top_legend(names)),
            tooltip=[
                alt.Tooltip("name:N", title="Land"),
                alt.Tooltip("stand:N", title="Stand"),
                alt.Tooltip("text:N", title=unit),
            ],
        ),
        right_column(spans, y),
        width="container",
        height=alt.Step(24),
    )


def stacked(
    frame: pd.DataFrame,
    colours: Sequence[str],
    *,
    unit: str,
    text: Sequence[str],
    decimals: int = 1,
    mark: float | None = None,
) -> Drawing:
    """A bar per Land, the index of ``frame``, stacked from its columns; what is negative lies left of zero.

    The rows keep their order. At the right edge of each stands its ``text``; a dashed line crosses the chart at
    ``mark``.
    """
    laender, names = [str(land) for land in frame.index], [str(name) for name in frame.columns]
    rows = [
        {
            "land": land,
            "name": NAMES[land],
            "teil": name,
            "folge": place,
            "wert": float(value),
            "text": number(value, decimals),
        }
        for land, values in zip(laender, frame.to_numpy(), strict=True)
        for place, (name, value) in enumerate(zip(names, values, strict=True))
        if value
    ]
    low, high = float(frame.clip(upper=0).sum(axis=1).min()), float(frame.clip(lower=0).sum(axis=1).max())
    scale = _scale(low, high, text)
    y = alt.Y("land:N", sort=laender, axis=land_axis())
    legend = top_legend(names, symbolStrokeWidth=EDGE)
    return alt.layer(
        alt.Chart(data_of(rows))
        # A thin edge, for the palest and the darkest parts would vanish on a page of their own lightness.
        .mark_bar(height={"band": 0.74}, stroke="currentColor", strokeWidth=EDGE, strokeOpacity=0.5)
        .encode(
            y,
            alt.X("sum(wert):Q", stack="zero", axis=None, scale=scale),
            alt.Color("teil:N", scale=alt.Scale(domain=names, range=list(colours)), legend=legend),
            order=alt.Order("folge:Q"),
            tooltip=[
                alt.Tooltip("name:N", title="Land"),
                alt.Tooltip("teil:N", title="Teil"),
                alt.Tooltip("text:N", title=unit),
            ],
        ),
        zero_line(),
        right_column([{"land": land, "text": word} for land, word in zip(laender, text, strict=True)], y),
        *level(mark, alt.X("wert:Q", axis=None, scale=scale)),
        width="container",
        height=alt.Step(24),
    )


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
    after = list(accumulate((step.amount for step in listed), initial=0.0))
    parts = [
        (step.label, end - step.amount, end, plus[0] if step.amount > 0 else minus[0], step.amount)
        for step, end in zip(listed, after[1:], strict=True)
    ]
    rows: Rows = []
    for place, (label, start, end, side, amount) in enumerate([*parts, (last, 0, after[-1], last[0], after[-1])]):
        left = end <= 0 and min(start, end) < 0
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
    colour_scale = alt.Scale(domain=shown, range=[sides[side] for side in shown])
    room = 14 + 7 * max(len(row["text"]) for row in rows)
    return alt.layer(
        zero_line(),
        base.mark_rect().encode(
            alt.X("von:Q", axis=None, scale=alt.Scale(padding=room, nice=False)),
            alt.X2("bis:Q"),
            alt.Y("oben:Q", scale=scale, axis=axis),
            alt.Y2("unten:Q"),
            alt.Color("seite:N", scale=colour_scale, legend=top_legend(shown)),
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
