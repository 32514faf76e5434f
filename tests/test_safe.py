"""Nothing of a data file reaches a page as markup, and no page hands itself to another site."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from html import unescape
from pathlib import Path

import nbformat
import pytest

from lfa import charts
from lfa.charts import publish
from lfa.pictures.parts import Drawing

ROOT = Path(__file__).parents[1]
MARKUP = '<img src=x onerror="alert(1)"></script><script>alert(2)</script>'


def planted(folder: Path) -> Path:
    """A copy of programme and data in which every source and every note of a year holds markup."""
    for name in ("lfa", "data", "book"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__", "_ext"))
    sources = folder / "data" / "sources.yaml"
    text = sources.read_text(encoding="utf-8")
    quoted = MARKUP.replace("'", "''")
    text, count = re.subn(r"^  title: .*(\n {4,}.*)*$", f"  title: '{quoted}'", text, flags=re.MULTILINE)
    assert count > 10
    text = re.sub(r"^  note: .*(\n {4,}.*)*$", f"  note: '{quoted}'", text, flags=re.MULTILINE)
    sources.write_text(text, encoding="utf-8")
    year = folder / "data" / "2015" / "jahr.yaml"
    text = year.read_text(encoding="utf-8")
    year.write_text(
        re.sub(r"^notes:\n(?:  .*\n)+", f"notes:\n  - '{quoted}'\n", text, flags=re.MULTILINE), encoding="utf-8"
    )
    return folder


@pytest.mark.parametrize(("name", "year"), [("jahr", 2015), ("daten", 2003)])
def test_markup_planted_in_data_stays_text(name: str, year: int, tmp_path: Path) -> None:
    folder = planted(tmp_path)
    target = folder / "ziel.ipynb"
    command = [
        sys.executable,
        "-m",
        "lfa.book",
        "execute",
        f"book/{name}.ipynb",
        "--jahr",
        str(year),
        "--output",
        str(target),
    ]
    environment = {**os.environ, "PYTHONPATH": str(folder)}
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-2000:]
    notebook = nbformat.read(target, as_version=4)  # type: ignore[no-untyped-call]
    pieces = [
        output["data"]["text/html"]
        for cell in notebook.cells
        if cell.cell_type == "code"
        for output in cell.outputs
        if "text/html" in output.get("data", {})
    ]
    assert pieces and not [piece for piece in pieces if "<img src=x" in piece or "<script>alert" in piece]
    assert any("<img src=x" in unescape(piece) for piece in pieces), "the plant is nowhere to be seen"


def test_markup_in_a_chart_stays_text() -> None:
    import altair as alt

    charts.enable()

    drawing: Drawing = alt.Chart(alt.Data(values=[{"a": MARKUP, "b": 1}])).mark_bar().encode(x="b:Q", y="a:N")
    html = publish(drawing, title=MARKUP, subtitle=MARKUP, description=MARKUP, source=MARKUP)._repr_mimebundle_()
    (text,) = (value for kind, value in html.items() if kind == "text/html")
    assert "<img src=x" not in text and "<script>alert" not in text
