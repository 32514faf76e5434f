"""What readers take away: tables, the data of charts, notebooks, and references."""

from __future__ import annotations

import csv
import io
import json
import re
import sys
import zipfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import nbformat
import pandas as pd
import papermill
import pytest
from browsing import PAGES, SITE, barriers, visit
from playwright.sync_api import Browser, Page

from lfa.tables import Html, table

sys.path.insert(0, str(Path(__file__).parents[1] / "book" / "_ext"))

import lfa_laden

FILES = SITE / "_static" / lfa_laden.FOLDER
WITH_TEXT = [page for page in PAGES if page not in ("search.html", "genindex.html")]
DAY = date(2026, 11, 22)
XML = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"

# --- Without a browser ------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def example() -> str:
    frame = pd.DataFrame(
        {
            "land": ["Bayern", "=1+1", "Insgesamt"],
            "betrag": [-1234567.5, 0.25, None],
            "anteil": [12, 3, 15],
            "wort": [Html("<b>a;b</b>"), '"c"', "+d"],
        }
    )
    return table(
        frame,
        caption="Beträge & mehr",
        units={"betrag": "Tsd. €", "anteil": "v.H."},
        decimals={"betrag": 1},
        marks={("Bayern", "betrag"): "quelle.html"},
        sign=["anteil"],
        note="Vorläufig",
    ).html


def files(html: str, page: str = "jahre/2003") -> tuple[str, dict[str, bytes]]:
    written: dict[str, bytes] = {}
    return lfa_laden.with_links(html, page, "Hier.", DAY, written.__setitem__), written


def cells(xlsx: bytes) -> dict[str, Any]:
    """Values of a sheet by place: numbers as numbers."""
    with zipfile.ZipFile(io.BytesIO(xlsx)) as archive:
        strings = ["".join(item.itertext()) for item in ElementTree.fromstring(archive.read("xl/sharedStrings.xml"))]
        sheet = ElementTree.fromstring(archive.read("xl/worksheets/sheet1.xml"))
    assert not list(sheet.iter(f"{XML}f")), "a formula"
    return {
        cell.attrib["r"]: strings[int(value.text or "")] if cell.get("t") == "s" else float(value.text or "")
        for cell in sheet.iter(f"{XML}c")
        if (value := cell.find(f"{XML}v")) is not None
    }


def test_csv_has_plain_numbers_for_german_spreadsheets_and_no_formulas(example: str) -> None:
    text = files(example)[1]["jahre-2003-tabelle-1.csv"].decode("utf-8-sig")
    assert text.splitlines() == [
        "land;betrag (Tsd. €);anteil (v.H.);wort",
        'Bayern;-1234567,5;12;"a;b"',
        '\'=1+1;0,3;3;"""c"""',
        "Insgesamt;;15;'+d",
    ]
    assert pd.read_csv(io.StringIO(text), sep=";", decimal=",")["betrag (Tsd. €)"].iloc[0] == -1234567.5


def test_xlsx_has_numbers_units_note_and_reference(example: str) -> None:
    found = cells(files(example)[1]["jahre-2003-tabelle-1.xlsx"])
    assert found["A1"] == "Beträge & mehr"
    assert [found[place] for place in ("A3", "B3", "C3", "D3")] == ["land", "betrag", "anteil", "wort"]
    assert [found[place] for place in ("B4", "C4")] == ["Tsd. €", "v.H."]
    assert [found[place] for place in ("A5", "B5", "C5", "D5")] == ["Bayern", -1234567.5, 12, "a;b"]
    assert found["A6"] == "=1+1"
    assert "B7" not in found
    assert [found[f"A{row}"] for row in (9, 10, 11)] == [
        "Vorläufig",
        "Farbig unterlegt: berichtigt, die Seite sagt warum.",
        "Aus: Hier.",
    ]


def test_the_same_table_gives_the_same_bytes(example: str) -> None:
    first, second = files(example), files(example)
    assert first == second
    for member in zipfile.ZipFile(io.BytesIO(first[1]["jahre-2003-tabelle-1.xlsx"])).infolist():
        assert member.date_time == (1980, 1, 1, 0, 0, 0)


def test_links_lead_from_the_page_to_the_files(example: str) -> None:
    html, written = files(f"<main>{example}<p>und</p>{example}</main>")
    links = re.findall(r'href="\.\./_static/tabellen/([^"]+)" download', html)
    assert links == list(written) == [f"jahre-2003-tabelle-{n}.{kind}" for n in (1, 2) for kind in ("csv", "xlsx")]
    assert "Tabelle „Beträge &amp; mehr“ als CSV laden" in html
    without = re.sub(r'<p class="lfa-laden.*?</p>', "", html)
    assert without == f"<main>{example}<p>und</p>{example}</main>"


def test_a_row_that_explains_becomes_a_column() -> None:
    html = (
        '<div class="lfa-table" aria-label="x"><table><thead><tr><th>Jahr</th><th>Zahl</th></tr></thead><tbody>'
        '<tr><th>2003</th><td class="lfa-zahl">−1.000</td></tr><tr><td colspan="2">weil</td></tr>'
        '<tr><th>001</th><td class="lfa-zahl">unklar</td></tr></tbody></table></div>'
    )
    found = lfa_laden.read_table(html)
    assert found.headings == ["Jahr", "Zahl", "Erläuterung"]
    assert [[cell.text for cell in row] for row in found.rows] == [["2003", "−1.000", "weil"], ["001", "unklar", ""]]
    assert [[cell.value for cell in row[:2]] for row in found.rows] == [[2003, -1000], [None, None]]


def test_references_know_version_date_and_licence() -> None:
    text = lfa_laden.citation("Der Tarif")
    known = lfa_laden.reference()
    assert f"Version {known['version']}, " in text
    assert f"{known['date-released']:%d}".lstrip("0") in text
    assert str(known["date-released"].year) in text
    assert text.endswith("Lizenz CC BY 4.0.")
    assert known["authors"] == [{"name": "The contributors of the Länderfinanzausgleich book"}], (
        "CITATION.cff names other authors: tell lfa_laden.AUTHORS"
    )
    assert lfa_laden.citation(lfa_laden.BOOK).count(f"{lfa_laden.BOOK}. In:") == 0
    entry = lfa_laden.bibtex("A & B_c", "jahre/2003")
    assert entry.startswith("@incollection{lfa-jahre-2003,\n")
    assert r"title = {{A \& B\_c}}," in entry
    assert entry.count("{") - entry.count(r"\{") == entry.count("}")


# --- The built site ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", WITH_TEXT)
def test_every_table_of_a_page_has_its_files_and_every_chart_its_button(name: str) -> None:
    html = (SITE / name).read_text(encoding="utf-8")
    body = re.sub(r"<script\b.*?</script>", "", html, flags=re.S)
    tables = body.count('<div class="lfa-table"')
    links = re.findall(r'<a href="([^"]*_static/tabellen/[^"]+)" download', html)
    assert len(links) == 2 * tables
    for link in links:
        assert ((SITE / name).parent / link).resolve().stat().st_size
    assert html.count('<p class="lfa-laden lfa-laden-bild">') == html.count('<figure class="lfa-schaubild"')
    assert html.count("So zitieren Sie diese Seite") == 1
    assert re.search(r'<a href="[^"]*_sources/[^"]+\.ipynb" download="[^"]+\.ipynb"', html)


def test_every_file_can_be_read() -> None:
    names = sorted(FILES.iterdir())
    assert names
    for file in names:
        if file.suffix == ".csv":
            rows = list(csv.reader(io.StringIO(file.read_text(encoding="utf-8-sig")), delimiter=";"))
            assert len({len(row) for row in rows}) == 1, file.name
            assert len(rows) > 1, file.name
        else:
            assert cells(file.read_bytes())["A1"], file.name


@pytest.mark.parametrize("name", ["tarif", "jahre/2023"])
def test_a_downloaded_notebook_runs_as_it_is(name: str, tmp_path: Path) -> None:
    source = nbformat.read(SITE / "_sources" / f"{name}.ipynb", as_version=4)
    assert any(cell.get("outputs") for cell in source.cells), "not executed"
    nbformat.write(source, tmp_path / "in.ipynb")
    papermill.execute_notebook(tmp_path / "in.ipynb", tmp_path / "out.ipynb", cwd=tmp_path, progress_bar=False)
    again = nbformat.read(tmp_path / "out.ipynb", as_version=4)
    shown = [[texts(cell) for cell in book.cells if texts(cell)] for book in (source, again)]
    assert shown[0] == shown[1]


def texts(cell: Any) -> list[str]:
    return [
        output["data"]["text/plain"] for output in cell.get("outputs", []) if "text/plain" in output.get("data", {})
    ]


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(
        viewport={"width": 1200, "height": 900}, permissions=["clipboard-read", "clipboard-write"]
    )
    page, troubles = visit(context, "tarif.html")
    yield page
    # A download ends the loading of a page, which the browser counts as failed.
    assert not [trouble for trouble in troubles if "THEBE" not in trouble and lfa_laden.FOLDER not in trouble]
    context.close()


def opacity(page: Page, selector: str) -> float:
    page.wait_for_timeout(300)
    return float(page.locator(selector).first.evaluate("e => getComputedStyle(e).opacity"))


def test_links_of_a_table_show_on_hover_and_by_keyboard_and_not_on_paper(page: Page) -> None:
    links = ".lfa-laden-tabelle"
    assert opacity(page, links) == 0
    page.locator(".lfa-table").first.hover()
    assert opacity(page, links) == 1
    page.mouse.move(0, 0)
    assert opacity(page, links) == 0
    page.locator(f"{links} a").first.focus()
    assert opacity(page, links) == 1
    page.emulate_media(media="print")
    assert not page.locator(links).first.is_visible()
    assert not page.locator(".lfa-kopieren").first.is_visible()
    assert page.locator("#lfa-zitat-text").is_visible()


def test_links_always_show_where_nothing_hovers(browser: Browser) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 800}, has_touch=True, is_mobile=True)
    page, _ = visit(context, "tarif.html")
    assert opacity(page, ".lfa-laden-tabelle") == opacity(page, ".lfa-laden-bild") == 1
    assert page.locator(".lfa-laden-tabelle a").first.bounding_box()["height"] >= 24  # type: ignore[index]
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    context.close()


@pytest.mark.parametrize("kind", ["CSV", "XLSX"])
def test_a_table_downloads_from_a_folder(page: Page, kind: str) -> None:
    page.locator(".lfa-table").first.hover()
    with page.expect_download() as download:
        page.locator(".lfa-laden-tabelle a", has_text=kind).first.click()
    assert download.value.suggested_filename == f"tarif-tabelle-1.{kind.lower()}"


def test_the_data_of_a_chart_download_before_it_is_drawn(browser: Browser) -> None:
    context = browser.new_context()
    context.route("**/vega-buendel.js*", lambda route: route.abort())
    page, _ = visit(context, "wirkung.html")
    figure = page.locator(".lfa-schaubild").first
    spec = figure.evaluate("figure => lfaSchaubild.angaben(figure)")
    figure.hover()
    with page.expect_download() as download:
        figure.locator(".lfa-laden button").click()
    text = Path(download.value.path()).read_text(encoding="utf-8-sig")
    frame = pd.read_csv(io.StringIO(text), sep=";", decimal=",")
    in_spec = {json.dumps(row, sort_keys=True) for rows in lists(spec) for row in rows}
    assert len(frame) >= len(in_spec) > 10
    values = sorted({row["wert"] for rows in lists(spec) for row in rows if row.get("wert") is not None})
    assert sorted(frame["wert"].dropna().unique()) == pytest.approx(values)
    context.close()


def lists(part: Any) -> Iterator[list[dict[str, Any]]]:
    if isinstance(part, dict):
        if isinstance(part.get("values"), list):
            yield [row for row in part["values"] if isinstance(row, dict) and row]
        for value in part.values():
            yield from lists(value)
    elif isinstance(part, list):
        for value in part:
            yield from lists(value)


def test_every_chart_gives_a_table(browser: Browser) -> None:
    """The maps among them: their outlines are no data."""
    context = browser.new_context()
    names = [name for name in WITH_TEXT if '<figure class="lfa-schaubild"' in (SITE / name).read_text(encoding="utf-8")]
    for name in names[:: max(1, len(names) // 8)]:
        page, _ = visit(context, name)
        for figure in page.locator(".lfa-schaubild").all():
            if not figure.is_visible():
                continue  # folded away
            with page.expect_download() as download:
                figure.locator(".lfa-laden button").evaluate("button => button.click()")
            text = Path(download.value.path()).read_text(encoding="utf-8-sig")
            rows = list(csv.reader(io.StringIO(text), delimiter=";"))
            assert len(rows) > 1, name
            assert len({len(row) for row in rows}) == 1, name
            assert not [field for row in rows for field in row if "arcs" in field], name
        page.close()
    context.close()


def test_the_reference_can_be_copied(page: Page) -> None:
    page.locator(".lfa-kopieren").first.click()
    page.wait_for_timeout(200)
    assert page.locator("#lfa-zitat-meldung").text_content() == "Kopiert"
    assert page.evaluate("navigator.clipboard.readText()") == lfa_laden.citation("Der Tarif")
    page.locator(".lfa-zitat summary").click()
    page.locator(".lfa-kopieren").last.click()
    page.wait_for_timeout(200)
    assert page.evaluate("navigator.clipboard.readText()") == lfa_laden.bibtex("Der Tarif", "tarif")


def test_on_a_server_the_reference_names_the_address(browser: Browser) -> None:
    context = browser.new_context()
    address = "http://buch.example/tarif.html"

    def serve(route: Any) -> None:
        path = SITE / route.request.url.removeprefix("http://buch.example/").partition("?")[0]
        route.fulfill(path=path) if path.is_file() else route.abort()

    context.route("**/*", serve)
    page = context.new_page()
    page.goto(f"{address}#pruefung")
    assert f"CC BY 4.0. {address} (abgerufen am " in (page.locator("#lfa-zitat-text").text_content() or "")
    entry = page.locator("#lfa-zitat-bibtex").text_content() or ""
    assert f"url = {{{address}}}," in entry
    assert re.search(r"urldate = \{\d{4}-\d\d-\d\d\},\n\}$", entry)
    context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_here_is_a_barrier(browser: Browser, scheme: Any) -> None:
    context = browser.new_context(color_scheme=scheme, has_touch=True, is_mobile=True)
    page, _ = visit(context, "tarif.html")
    page.locator(".lfa-zitat summary").click()
    ours = ("lfa-laden", "lfa-zitat", "lfa-kopieren", "_static/tabellen")
    assert not [finding for finding in barriers(page) if any(word in finding for word in ours)]
    context.close()
