"""Ties the figures of the tables to what is known about them: a file per year, and for each figure where it stands.

A cell carries ``data-zahl="2003 ausgleich BY"`` (``lfa.tables``). Its first place on a page gets an id, so that
formulas can lead to it.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx

from lfa.years import load
from lfa.zahlen import year_data

CELL = re.compile(r'<td class="([^"]*)" ((?:title="[^"]*" )?)data-zahl="(\d{4}) (\w+) (\w+)"')


def complete(app: Sphinx, exception: Exception | None) -> None:
    """Give figures their ids, and write what is known of them into ``_static/zahlen``."""
    if exception or app.builder.format != "html":
        return
    folder = Path(app.outdir)
    places: dict[str, dict[str, str]] = {}
    for name in _in_reading_order(app):
        page = folder / f"{name}.html"
        text = page.read_text(encoding="utf-8")
        marked, found = _with_ids(text)
        if found:
            page.write_text(marked, encoding="utf-8")
        for year, key in found:
            places.setdefault(year, {}).setdefault(key, f"{name}.html")
    target = folder / "_static" / "zahlen"
    target.mkdir(parents=True, exist_ok=True)
    for year, pages in sorted(places.items()):
        data = {**year_data(load(int(year))), "seiten": pages}
        text = json.dumps(data, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
        (target / f"{year}.js").write_text(f"(globalThis.LFA_ZAHLEN??={{}})[{year}]={text};\n", encoding="utf-8")


def _in_reading_order(app: Sphinx) -> list[str]:
    """The pages as the table of contents has them: a chapter that explains a line comes before one that repeats it."""
    known = app.env.found_docs
    order = [name for name in app.env.toctree_includes.get(app.config.root_doc, ())]
    for name in list(order):
        order += app.env.toctree_includes.get(name, ())
    return [app.config.root_doc, *dict.fromkeys(name for name in order if name in known)]


def _with_ids(text: str) -> tuple[str, list[tuple[str, str]]]:
    """The page with an id at the first cell of each figure, and the year and line of every figure in it."""
    seen: dict[tuple[str, str, str], None] = {}

    def cell(match: re.Match[str]) -> str:
        figure = match[3], match[4], match[5]
        if figure in seen:
            return match[0]
        seen[figure] = None
        return f'{match[0]} id="z-{"-".join(figure)}"'

    marked = CELL.sub(cell, text)
    return marked, list(dict.fromkeys((year, key) for year, key, _ in seen))


def setup(app: Sphinx) -> dict[str, Any]:
    app.connect("build-finished", complete)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
