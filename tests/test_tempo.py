"""What makes pages light: nothing a reader sees is lost, and what can wait is gone from the page."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "book" / "_ext"))
import lfa_tempo

from lfa import charts

FIGURE = (
    '<figure class="lfa-schaubild" id="bild-{0}"><div class="lfa-flaeche"><svg></svg></div>'
    '<script type="application/json">{{"titel":"{0} \\u003c/script>"}}</script></figure>'
)


def test_specifications_leave_the_page_and_come_out_whole() -> None:
    page, found = lfa_tempo.lighten(f"<p>{FIGURE.format('a')}</p><p>{FIGURE.format('b')}</p>")
    assert "application/json" not in page
    assert page.count("<svg></svg></div></figure>") == 2
    assert {key: json.loads(text) for key, text in found.items()} == {
        "bild-a": {"titel": "a </script>"},
        "bild-b": {"titel": "b </script>"},
    }


def test_the_figure_of_a_notebook_is_understood() -> None:
    charts.enable()
    picture = charts.zero_line().properties(description="Linie")
    _, found = lfa_tempo.lighten(charts.render(picture.to_dict())["text/html"])
    assert [json.loads(text)["description"] for text in found.values()] == ["Linie"]


def test_json_of_others_stays() -> None:
    page = '<div><script type="application/json">{}</script></div>'
    assert lfa_tempo.lighten(page) == (page, {})


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('<script src="a.js"></script>', '<script defer src="a.js"></script>'),
        ('<script defer src="a.js"></script>', '<script defer src="a.js"></script>'),
        ('<script data-x="1" src="a.js"></script>', '<script defer data-x="1" src="a.js"></script>'),
        ("<script>let a = 1;</script>", "<script>let a = 1;</script>"),
        ('<script src="../_static/searchtools.js"></script>\n', ""),
        ('<script defer src="_static/scripts/fontawesome.js?digest=1"></script>\n', ""),
        ("<script>DOCUMENTATION_OPTIONS.pagename = 'jahre/2003';</script>", ""),
        ('<link rel="preload" as="script" href="_static/scripts/bootstrap.js" />', ""),
        (
            '<span class="n">satz</span><span class="o">=</span><span class="mi">3</span>',
            'satz=<span class="mi">3</span>',
        ),
    ],
)
def test_what_can_wait(before: str, after: str) -> None:
    assert lfa_tempo.lighten(before)[0] == after


def test_style_sheets_become_one_in_their_order(tmp_path: Path) -> None:
    (tmp_path / "styles").mkdir()
    (tmp_path / "basic.css").write_text("b{background:url(file.png)}")
    (tmp_path / "styles" / "theme.css").write_text(
        '@charset "UTF-8";@import "../basic.css";i{src:url(../fonts/a.woff2)}'
        '.fa-sun:before{content:"\\f185"}j{background:url(data:image/png;base64,AAAA)}'
    )
    icon = '<link rel="icon" href="data:,">'
    page = f'<link rel="stylesheet" href="x.css?v=1" />\n{icon}\n<link href="y.css" rel="stylesheet">'
    asked: list[str] = []
    page, css = lfa_tempo.one_style_sheet(page, lambda name: asked.append(name) or f"/* {name} */")
    assert (asked, css) == (["x.css", "y.css"], "/* x.css */\n/* y.css */")
    assert page.count("stylesheet") == 1 and 'href="{}"' in page and icon in page
    assert lfa_tempo.bundled(tmp_path / "styles" / "theme.css", tmp_path) == (
        "b{background:url(file.png)}i{src:url(fonts/a.woff2)}j{background:url(data:image/png;base64,AAAA)}"
    )


def test_icons_are_drawn_from_the_solid_set() -> None:
    source = (
        'x={sun:[512,512,[1],"f185","REGULAR"],"cloud-sun":[9,9,[],"f1","CLOUD"]};y={sun:[640,512,[1],"f185","M1 2"]}'
    )
    css = lfa_tempo.icons(["sun", "lg"], source)
    assert "M1%202" in css and "1.25em" in css
    assert "REGULAR" not in css and "CLOUD" not in css and "fa-lg" not in css
