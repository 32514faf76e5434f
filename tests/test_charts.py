"""Charts: the same bytes every time, nothing from outside, readable for everyone."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any
from xml.etree import ElementTree

import altair as alt
import pandas as pd
import pytest
import vl_convert

from lfa import charts
from lfa.states import CODES, LAENDER, NAMES

FRAME = pd.DataFrame({"land": CODES, "name": NAMES.values(), "betrag": [(i - 5) * 137.5 for i in range(len(CODES))]})
WORDS = {
    "title": 'Wer <b>"zahlt"</b> & wer erhält',
    "description": "Fünf Länder zahlen </script>",
    "source": "Verordnung 2003",
}
KINDS = [charts.laender_map, charts.tile_map, charts.bars]


@pytest.fixture(autouse=True)
def _enabled() -> None:
    charts.enable()


def shown(chart: Any) -> dict[str, Any]:
    return charts.render(chart.to_dict())


def drawn(html: str) -> str:
    return re.sub(r"<script.*</script>", "", html, flags=re.DOTALL)


@pytest.mark.parametrize("kind", KINDS)
def test_a_chart_is_the_same_every_time(kind: Callable[..., Any]) -> None:
    first, second = (shown(charts.publish(kind(FRAME, "betrag", label="Mio. €"), **WORDS)) for _ in range(2))
    charts.static_svg.cache_clear()
    third = shown(charts.publish(kind(FRAME, "betrag", label="Mio. €"), **WORDS))
    assert first == second == third


@pytest.mark.parametrize("kind", KINDS)
def test_a_chart_carries_its_data_and_its_drawing(kind: Callable[..., Any]) -> None:
    bundle = shown(charts.publish(kind(FRAME, "betrag", label="Mio. €"), **WORDS))
    html = bundle["text/html"]
    spec = re.search(r'<script type="application/json">(.*?)</script>', html, re.DOTALL)
    assert spec is not None
    assert '"url"' not in spec[1]
    assert json.loads(spec[1])["description"] == WORDS["description"]
    svg = re.search(r"<svg.*</svg>", html, re.DOTALL)
    assert svg is not None
    assert "currentColor" in svg[0]
    assert not re.search(r'(href|src)="?http', html)
    assert "−688" in svg[0] or kind is charts.laender_map


def test_words_are_escaped_and_complete() -> None:
    html = shown(charts.publish(charts.bars(FRAME, "betrag", label="Mio. €"), **WORDS, subtitle="1 < 2"))["text/html"]
    assert "Wer &lt;b&gt;&quot;zahlt&quot;&lt;/b&gt; &amp; wer erhält" in html
    assert "1 &lt; 2" in html
    assert "Quelle: Verordnung 2003" in html
    assert html.count("</script>") == 1
    assert 'role="img" aria-label="Fünf Länder zahlen &lt;/script&gt;"' in html


def test_ids_of_two_drawings_do_not_meet() -> None:
    ids = [
        set(
            re.findall(r'\bid="([^"]+)"', shown(charts.publish(kind(FRAME, "betrag", label="€"), **WORDS))["text/html"])
        )
        for kind in KINDS
    ]
    assert len(set.union(*ids)) == sum(map(len, ids))


def test_the_notebook_shows_title_and_source_too() -> None:
    bundle = shown(charts.publish(charts.bars(FRAME, "betrag", label="€"), **WORDS))
    title = bundle["application/vnd.vegalite.v6+json"]["title"]
    assert title == {"text": WORDS["title"], "subtitle": ["Quelle: Verordnung 2003"]}
    assert "usermeta" not in bundle["application/vnd.vegalite.v6+json"]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("values", [[1.0] * 16, [0.0] * 16, [-1.0] * 16, [None, *[2.0] * 15]])
def test_awkward_values_are_drawn(kind: Callable[..., Any], values: list[float | None]) -> None:
    frame = FRAME.assign(betrag=pd.array(values, dtype="Float64"))
    assert "NaN" not in drawn(shown(kind(frame, "betrag", label="€"))["text/html"])


@pytest.mark.parametrize("kind", KINDS)
def test_insgesamt_is_no_land(kind: Callable[..., Any]) -> None:
    total = pd.concat([FRAME, pd.DataFrame({"land": ["INSGESAMT"], "betrag": [1e9]})])
    assert kind(total, "betrag", label="€").to_dict() == kind(FRAME, "betrag", label="€").to_dict()


def test_bars_run_from_the_largest_to_the_smallest() -> None:
    spec = charts.bars(FRAME.sample(frac=1, random_state=1), "betrag", label="€").to_dict()
    assert spec["layer"][0]["encoding"]["y"]["sort"] == list(reversed(CODES))


def test_the_map_shows_exactly_the_sixteen_laender() -> None:
    topology = json.loads((charts.DATA / "laender.topo.json").read_text(encoding="utf-8"))
    assert {shape["id"] for shape in topology["objects"]["laender"]["geometries"]} == set(CODES)
    assert len({land.tile for land in LAENDER}) == len(LAENDER)


def luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("colour", charts.CATEGORIES)
@pytest.mark.parametrize("page", ["#ffffff", "#121212"])
def test_colours_stand_out_in_light_and_dark(colour: str, page: str) -> None:
    assert contrast(colour, page) >= 3


@pytest.mark.parametrize("level", range(0, 256, 5))
def test_text_on_a_colour_can_be_read(level: int) -> None:
    ground = f"#{level:02x}{level:02x}{level:02x}"
    ink = "#ffffff" if luminance(ground) < charts.WHITE_BELOW else "#000000"
    assert contrast(ground, ink) >= 4.5


def test_own_charts_get_the_theme() -> None:
    frame = pd.DataFrame({"x": [1, 2], "y": [10_000, 20_000]})
    html = shown(alt.Chart(frame, width="container", height=100).mark_line().encode(x="x:O", y="y:Q"))["text/html"]
    assert ">20.000<" in html


INHERITED = (
    "fill",
    "stroke",
    "stroke-width",
    "stroke-opacity",
    "font-size",
    "font-family",
    "font-weight",
    "text-anchor",
)


def marks(svg: str) -> list[dict[str, str]]:
    """Every mark as it is painted: where it stands, and what it has from itself or from what it lies in."""
    found = []

    def walk(element: Any, passed: dict[str, str], x: float, y: float) -> None:
        moved = re.fullmatch(r"translate\(([-\d.]+),\s*([-\d.]+)\)", element.get("transform", ""))
        x += float(moved[1]) if moved else 0
        y += float(moved[2]) if moved else 0
        own = passed | {key: charts._hex(element.get(key)) for key in INHERITED if element.get(key)}
        kind = element.tag.split("}")[1]
        drawn = any(own.get(key, "none") != "none" for key in ("fill", "stroke"))
        word = "".join(element.itertext()) if kind == "text" else element.get("d", "")
        if (kind in ("path", "line", "text") and drawn and word not in ("", "M0,0h0v0h0Z")) or kind == "line":
            if kind == "text":
                x, y = x + float(element.get("x", 0)), y + float(element.get("y", 0))
            found.append(own | {"kind": kind, "what": charts._rounded(word), "opacity": element.get("opacity", "1")})
            found[-1] |= {"x": x, "y": y}
        if kind not in ("text", "defs"):
            for child in element:
                walk(child, own, x, y)

    walk(ElementTree.fromstring(svg), {}, 0, 0)
    return found


@pytest.mark.parametrize("kind", KINDS)
def test_the_slim_drawing_shows_the_same(kind: Callable[..., Any]) -> None:
    spec = kind(FRAME, "betrag", label="Mio. €").to_dict()
    if spec.get("width") == "container":
        spec["width"] = charts.STATIC_WIDTH
    full = vl_convert.vegalite_to_svg(spec, vl_version=charts.VEGA_LITE)
    slim = charts.slim(full)
    assert len(slim) < 0.75 * len(full)
    before, after = marks(full), marks(slim)
    assert len(before) == len(after) > 16
    for one, other in zip(before, after, strict=True):
        # A tenth of a pixel for each group that a mark lies in.
        assert abs(one.pop("x") - other.pop("x")) < 0.3 and abs(one.pop("y") - other.pop("y")) < 0.3
        assert one == other


def test_nothing_inside_a_drawing_is_read_out() -> None:
    html = shown(charts.publish(charts.bars(FRAME, "betrag", label="Mio. €"), **WORDS))["text/html"]
    svg = re.search(r"<svg.*</svg>", html, re.DOTALL)
    assert svg is not None
    assert re.findall(r'\b(?:role|aria-[a-z]+)="', svg[0]) == ['role="', 'aria-label="']
