"""Altair charts for the book: one theme, one deterministic renderer, maps and bars of the 16 Länder.

A chart reaches the page twice: as an SVG drawn now (print, PDF, readers without JavaScript) and as its
specification, from which ``_static/lfa-schaubild.js`` draws the interactive version. Text and lines are
``currentColor``, so both follow the page from light to dark and onto paper.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from functools import cache
from html import escape
from pathlib import Path
from typing import Any
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

import altair as alt
import pandas as pd

from lfa.states import LAENDER, NAMES
from lfa.tables import number, unbroken

PAYER = "#8a63b8"
RECEIVER = "#13857a"
NEUTRAL = "#808080"
ACCENT = "#b5651d"
MISSING = "#c8c8c8"
DIVERGING = ("#5b2a86", "#f4f2f0", "#0b5c52")
SEQUENTIAL = ("#eef5f3", "#0b5c52")
CATEGORIES = (PAYER, RECEIVER, ACCENT, "#4a7fc1", NEUTRAL, "#b0478a")

WHITE_BELOW = 0.179
"""The luminance below which white can be read better than black."""

VEGA_LITE = "6.4"
DATA = Path(__file__).parents[1] / "data"
STATIC_WIDTH = 680
SHORT_NAMES = {
    "NW": "Nordrhein-Westf.",
    "BW": "Baden-Württ.",
    "SH": "Schleswig-Holst.",
    "MV": "Meckl.-Vorp.",
}


def enable() -> None:
    """Draw every chart from now on in the book's theme and with the book's renderer."""
    alt.theme.register("lfa", enable=True)(_theme)
    alt.renderers.register("lfa", render)
    alt.renderers.enable("lfa")


def publish(chart: Any, *, title: str, description: str, source: str, subtitle: str = "") -> Any:
    """Give a chart what a reader needs: a title that states the finding, a text alternative, and its source."""
    words = {"title": title, "subtitle": subtitle, "source": source}
    return chart.properties(description=description, usermeta={"lfa": words})


def laender_map(
    frame: pd.DataFrame,
    value: str,
    *,
    label: str,
    domain_mid: float | None = 0,
    decimals: int = 0,
) -> alt.Chart:
    """Map of the Länder, coloured by ``value``; purple and green on either side of ``domain_mid``, if there is one."""
    topology = json.loads((DATA / "laender.topo.json").read_text(encoding="utf-8"))
    shapes = data_of(topology, format=alt.TopoDataFormat(type="topojson", feature="laender"))
    rows = _rows(frame, value, decimals)
    chart: alt.Chart = (
        alt.Chart(shapes, width=330, height=430)
        .mark_geoshape(stroke="#444444", strokeWidth=0.7)
        .transform_lookup(lookup="id", from_=alt.LookupData(data_of(rows), "land", ["name", "wert", "text"]))
        .encode(color=_colour(rows, label, domain_mid, decimals), tooltip=_tooltip(label))
        .project(type="identity", reflectY=True)
    )
    return chart


def tile_map(
    frame: pd.DataFrame,
    value: str,
    *,
    label: str,
    domain_mid: float | None = 0,
    decimals: int = 0,
) -> alt.LayerChart | alt.FacetChart:
    """One tile of equal size per Land with its value, so that the city states can be seen and read."""
    tiles = {land.code: land.tile for land in LAENDER}
    rows = [
        row | {"spalte": tiles[row["land"]][0], "zeile": tiles[row["land"]][1]} for row in _rows(frame, value, decimals)
    ]
    columns = 1 + max(column for column, _ in tiles.values())
    lines = 1 + max(line for _, line in tiles.values())
    colour = _colour(rows, label, domain_mid, decimals)
    ink = ink_on("wert")
    longest = max(len(row["text"]) for row in rows)
    base = alt.Chart(data_of(rows), width=64 * columns, height=56 * lines).encode(
        alt.X("spalte:O", axis=None, scale=alt.Scale(paddingInner=0.05, paddingOuter=0.02)),
        alt.Y("zeile:O", axis=None, scale=alt.Scale(paddingInner=0.05, paddingOuter=0.02)),
        tooltip=_tooltip(label),
    )
    return alt.layer(
        base.mark_rect(cornerRadius=3, stroke="currentColor", strokeWidth=0.3).encode(color=colour),
        base.mark_text(fontSize=14, fontWeight="bold", dy=-8, aria=False).encode(text="land:N", color=ink),
        base.mark_text(fontSize=11 if longest < 9 else 9.5, dy=10, aria=False).encode(text="text:N", color=ink),
    )


def bars(
    frame: pd.DataFrame,
    value: str,
    *,
    label: str,
    decimals: int = 0,
    negative: str = "zahlt",
    positive: str = "erhält",
) -> alt.LayerChart | alt.FacetChart:
    """Horizontal bars, largest value first; ``negative`` and ``positive`` say in the legend what the two sides are."""
    rows = [row | {"seite": negative if (row["wert"] or 0) < 0 else positive} for row in _rows(frame, value, decimals)]
    order = [row["land"] for row in sorted(rows, key=lambda row: -(row["wert"] or 0))]
    room = 10 + 7.2 * max(len(row["text"]) for row in rows)
    values = [row["wert"] for row in rows if row["wert"] is not None]
    ends: dict[str, Any] = {"domainMin": 0} if min(values) >= 0 else {"domainMax": 0} if max(values) <= 0 else {}
    one_colour = min(values) >= 0 or max(values) <= 0
    base = alt.Chart(data_of(rows), width="container", height=alt.Step(24)).encode(
        alt.Y("land:N", sort=order, axis=land_axis()),
        alt.X("wert:Q", axis=None, scale=alt.Scale(padding=room, nice=False, zero=True, **ends)),
        tooltip=_tooltip(label),
    )
    colour = alt.Color(
        "seite:N",
        scale=alt.Scale(domain=[negative, positive], range=[PAYER, RECEIVER]),
        legend=None if one_colour else alt.Legend(title=None, orient="top"),
    )
    return alt.layer(
        base.mark_bar(height={"band": 0.72}).encode(color=colour),
        zero_line(),
        *bar_ends(base),
    )


def zero_line() -> alt.Chart:
    """The line at zero from which bars start to either side."""
    line: alt.Chart = alt.Chart(data_of([{}])).mark_rule(color="currentColor").encode(alt.XDatum(0, axis=None))
    return line


def bar_ends(base: alt.Chart) -> list[alt.Chart]:
    """The ``text`` of each row of ``base`` at the end of its bar, left of it where ``wert`` is negative."""
    return [
        base.transform_filter("datum.wert >= 0").mark_text(align="left", dx=4, aria=False).encode(text="text:N"),
        base.transform_filter("datum.wert < 0").mark_text(align="right", dx=-4, aria=False).encode(text="text:N"),
    ]


def _rows(frame: pd.DataFrame, value: str, decimals: int) -> list[dict[str, Any]]:
    return [
        {
            "land": land,
            "name": NAMES[land],
            "wert": None if pd.isna(amount) else float(amount),
            "text": number(amount, decimals) or "–",
        }
        for land, amount in zip(frame["land"], frame[value], strict=True)
        if land in NAMES
    ]


def ink_on(field: str) -> Any:
    """Black or white for text on the colour of ``field``, whichever can be read: a contrast of 4.5 at the least."""
    dark = f"isValid(datum.{field}) && luminance(scale('color', datum.{field})) < {WHITE_BELOW}"
    return alt.condition(dark, alt.value("#ffffff"), alt.value("#000000"))


def data_of(values: Any, **options: Any) -> Any:
    """Rows as they stand in the specification: no data frame whose column order or types could vary."""
    return alt.Data(values=values, **options)  # type: ignore[no-untyped-call]


def _colour(rows: list[dict[str, Any]], label: str, middle: float | None, decimals: int) -> Any:
    values = [row["wert"] for row in rows if row["wert"] is not None]
    low, high = min(values), max(values)
    if middle is None:
        domain, colours = [low, high], list(SEQUENTIAL)
    else:
        # Both arms equally long: the same distance from the middle must look equally strong.
        reach = max(high - middle, middle - low) or 1.0
        domain, colours = [middle - reach, middle, middle + reach], list(DIVERGING)
    longest = max(len(row["text"]) for row in rows)
    legend = alt.Legend(
        title=label,
        orient="bottom",
        direction="horizontal",
        # Wide numbers stick out of both ends of the bar.
        gradientLength=280,
        padding=6 + 3 * max(0, longest - 5),
        gradientThickness=10,
        tickCount=4 if longest < 8 else 2,
        titleLimit=320,
        format=f",.{decimals}f",
        labelOverlap="greedy",
    )
    colour = alt.Color("wert:Q", scale=alt.Scale(domain=domain, range=colours, interpolate="lab"), legend=legend)
    return alt.condition("isValid(datum.wert)", colour, alt.value(MISSING))


def _tooltip(label: str) -> list[alt.Tooltip]:
    return [alt.Tooltip("name:N", title="Land"), alt.Tooltip("text:N", title=label)]


def land_axis() -> alt.Axis:
    """An axis of Länder: full names, and short ones where the chart is narrow."""
    full = json.dumps(NAMES, ensure_ascii=False)
    short = json.dumps(NAMES | SHORT_NAMES, ensure_ascii=False)
    return alt.Axis(
        title=None,
        domain=False,
        ticks=False,
        labelLimit=220,
        labelPadding=6,
        labelExpr=f"(containerSize()[0] < 480 ? {short} : {full})[datum.label]",
    )


def _theme() -> alt.theme.ThemeConfig:
    line = {"domainColor": "currentColor", "tickColor": "currentColor", "gridColor": "currentColor"}
    text = {"labelColor": "currentColor", "titleColor": "currentColor", "labelFontSize": 12, "titleFontSize": 12}
    config: Any = {
        "background": "transparent",
        "padding": {"left": 0, "right": 2, "top": 4, "bottom": 2},
        # A real font: text is measured with it, and "inherit" would cut long names.
        "font": "Liberation Sans, Arial, sans-serif",
        "locale": {
            "number": {"decimal": ",", "thousands": ".", "grouping": [3], "currency": ["", "\u00a0€"], "minus": "−"}
        },
        "axis": line | text | {"gridOpacity": 0.15, "domainOpacity": 0.6, "tickOpacity": 0.6, "titleFontWeight": 400},
        "legend": text | {"titleFontWeight": 400, "symbolType": "square"},
        "header": text,
        "title": {"color": "currentColor", "subtitleColor": "currentColor", "anchor": "start", "fontSize": 15},
        "text": {"color": "currentColor", "fontSize": 12},
        # Rules guide the eye; what they mark is said by the points and bars beside them.
        "rule": {"color": "currentColor", "aria": False},
        "bar": {"color": RECEIVER},
        "line": {"color": PAYER, "strokeWidth": 2.2},
        "point": {"color": PAYER, "filled": True, "size": 50},
        "range": {"category": list(CATEGORIES), "diverging": list(DIVERGING), "ramp": list(SEQUENTIAL)},
        "view": {"stroke": None},
    }
    return {"config": config}


def render(spec: dict[str, Any], **_: Any) -> dict[str, Any]:
    """Make the MIME bundle of a chart; the same specification always gives the same bytes."""
    spec = json.loads(json.dumps(spec))
    words = (spec.pop("usermeta", None) or {}).get("lfa", {})
    if spec.get("width") == "container":
        spec.setdefault("autosize", {"type": "fit-x", "contains": "padding"})
    text = json.dumps(spec, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    name = "bild-" + hashlib.sha256((text + json.dumps(words, sort_keys=True)).encode()).hexdigest()[:10]
    description = spec.get("description") or words.get("title") or "Schaubild"
    return {
        "text/html": _figure(name, text, words, description),
        "application/vnd.vegalite.v6+json": spec | _titled(words),
        "text/plain": f"<Schaubild: {words.get('title') or description}>",
    }


def _titled(words: Mapping[str, str]) -> dict[str, Any]:
    if not words:
        return {}
    below = [line for line in (words["subtitle"], words["source"] and f"Quelle: {words['source']}") if line]
    return {"title": {"text": words["title"], "subtitle": below}}


def _figure(name: str, spec: str, words: Mapping[str, str], description: str) -> str:
    caption = "".join(
        f'<span class="lfa-{kind}">{escape(unbroken(words[key]))}</span>'
        for key, kind in (("title", "titel"), ("subtitle", "untertitel"))
        if words.get(key)
    )
    source = f'<p class="lfa-quelle">Quelle: {escape(unbroken(words["source"]))}</p>' if words.get("source") else ""
    safe = spec.replace("<", "\\u003c")
    return (
        f'<figure class="lfa-schaubild" id="{name}" aria-describedby="{name}-text">'
        + (f"<figcaption>{caption}</figcaption>" if caption else "")
        + f'<div class="lfa-flaeche">{static_svg(spec, name, description)}</div>'
        + f'<p class="lfa-unsichtbar" id="{name}-text">{escape(description)}</p>{source}'
        + f'<script type="application/json">{safe}</script></figure>'
    )


@cache
def static_svg(spec: str, name: str, description: str) -> str:
    """Draw a specification now; its ids begin with ``name`` so that several drawings can share a page."""
    import vl_convert  # heavy: starts a JavaScript engine

    fixed = json.loads(spec)
    if fixed.get("width") == "container":
        fixed["width"] = STATIC_WIDTH
    svg = slim(vl_convert.vegalite_to_svg(fixed, vl_version=VEGA_LITE))
    # vl-convert counts ids through all drawings of a process; here they start again in each.
    for position, old in enumerate(re.findall(r'\bid="([^"]+)"', svg)):
        svg = re.sub(rf'(\bid="|url\(#){re.escape(old)}(?=["\)])', rf"\g<1>{name}-{position}", svg)
    return re.sub(r"^<svg\b", f'<svg role="img" aria-label="{escape(description)}"', svg, count=1)


SVG = "http://www.w3.org/2000/svg"
GROUP, TEXT = f"{{{SVG}}}g", f"{{{SVG}}}text"
INHERITED = (
    *("fill", "fill-opacity", "stroke", "stroke-opacity", "stroke-width", "stroke-dasharray", "stroke-linecap"),
    *("font-family", "font-size", "font-weight", "font-style", "text-anchor"),
)
NUMBERS = {"d", "transform", "x", "y", "x1", "x2", "y1", "y2", "dy", "width", "height", "rx", "ry", "r", "cx", "cy"}
NO_EFFECT = {"transform": "translate(0,0)", "x2": "0", "y2": "0"} | {
    key: "1" for key in ("opacity", "fill-opacity", "stroke-opacity")
}


def slim(svg: str) -> str:
    """The same picture in a third of the bytes: what Vega writes on every mark is written once, or not at all."""
    ElementTree.register_namespace("", SVG)
    root = ElementTree.fromstring(svg)
    for name in ("class", "version"):
        root.attrib.pop(name, None)
    for element in root:
        _slim(element)
    # In text and attributes ">" is escaped.
    return ElementTree.tostring(root, encoding="unicode").replace(" />", "/>")


def _slim(element: Element) -> None:
    # The picture as a whole is one image with one text alternative; what lies in it is not read out.
    kept = {
        key: _rounded(value) if key in NUMBERS else _hex(value)
        for key, value in element.attrib.items()
        if not key.startswith("aria-") and key not in ("class", "role", "pointer-events")
    }
    element.attrib.clear()
    element.attrib.update({key: value for key, value in kept.items() if NO_EFFECT.get(key) != value})
    if element.tag == TEXT and not len(element):
        _place(element)
    if element.tag != GROUP:
        return
    children = [child for child in element if not _unseen(child)]
    for child in children:
        _slim(child)
    for key in INHERITED:
        values = {child.get(key) for child in children}
        if len(values) == 1 and None not in values:
            element.set(key, str(values.pop()))
            for child in children:
                del child.attrib[key]
    element[:] = [part for child in children for part in _opened(child)]


def _unseen(element: Element) -> bool:
    """Frames and backgrounds that are not drawn, and labels left out for want of room."""
    if element.tag == TEXT:
        return not element.text and not len(element)
    frame = element.get("class") in ("background", "foreground") and not {"fill", "stroke"} & set(element.attrib)
    return frame or element.get("display") == "none" or element.get("d") in ("", "M0,0h0v0h0Z")


def _opened(element: Element) -> list[Element]:
    """What a group holds, where the group itself says nothing."""
    if element.tag != GROUP or (element.attrib and len(element)):
        return [element]
    return list(element)


def _place(text: Element) -> None:
    """A text that is only moved, and not turned, says so in fewer words."""
    moved = re.fullmatch(r"translate\(([-\d.]+),([-\d.]+)\)", text.get("transform", ""))
    if moved:
        del text.attrib["transform"]
        text.attrib.update(x=moved[1], y=moved[2])


def _rounded(numbers: str) -> str:
    """A tenth of a pixel is plenty."""
    # Plus zero: no "-0".
    return re.sub(r"-?\d+\.\d+", lambda found: f"{round(float(found[0]), 1) + 0:g}", numbers)


def _hex(colour: str) -> str:
    parts = re.fullmatch(r"rgb\((\d+), (\d+), (\d+)\)", colour)
    return "#" + "".join(f"{int(part):02x}" for part in parts.groups()) if parts else colour
