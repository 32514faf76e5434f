"""Everything on a page can be taken away: tables as CSV and XLSX, the data of charts, and how to cite the page.

The files of the tables are made from the built pages, so that they say what the page says, also without JavaScript.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cache
from html import escape, unescape
from importlib.metadata import version
from pathlib import Path
from typing import Any, NamedTuple

import xlsxwriter
import yaml
from babel.dates import format_date
from bs4 import BeautifulSoup, Tag
from sphinx.application import Sphinx

FOLDER = "tabellen"
"""Where the files lie, below ``_static``."""

TABLE = re.compile(
    r'(?:<p class="lfa-tabellentitel"[^>]*>(?:(?!</p>).)*</p>\s*)?'
    r'<div class="lfa-table"(?:(?!</?(?:table|div)\b).)*<table\b(?:(?!</?table\b).)*</table>\s*</div>',
    re.S,
)
NOTE = re.compile(r'\s*<p class="lfa-anmerkung">.*?</p>', re.S)
NOTEBOOK = re.compile(r'<a href="[^"]*_sources/[^"]*\.ipynb"')
CHART = re.compile(r'(<figure class="lfa-schaubild"(?:(?!</figure>).)*)</figure>', re.S)
GERMAN_NUMBER = re.compile(r"[+−-]?\d{1,3}(\.\d{3})*(,\d+)?|[+−-]?\d+(,\d+)?")
PLAIN_NUMBER = re.compile(r"0|[1-9]\d{0,3}")
"""A year or a Zeile, which heads a row; with a leading zero it is a name."""

EXPLANATION = "Erläuterung"
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")

# Spreadsheets set to German open this with a double click. With decimal points they would take 1.852 for 1852 without
# a word; programs that expect points fail loudly instead, and are told: read_csv(…, sep=";", decimal=",").
CSV_DIALECT: dict[str, Any] = {"delimiter": ";", "lineterminator": "\r\n"}
CSV_ENCODING = "utf-8-sig"
CSV_HINT = "Semikolon zwischen den Spalten, Dezimalkomma, UTF-8"

# --- What a table on a page says --------------------------------------------------------------------------------------


class Cell(NamedTuple):
    text: str
    value: Decimal | None = None
    decimals: int = 0
    grouped: bool = False
    corrected: bool = False


class PageTable(NamedTuple):
    caption: str
    headings: list[str]
    units: list[str]
    rows: list[list[Cell]]
    totals: set[int]
    """Rows that are set apart."""
    note: str


def read_table(html: str, note: str = "") -> PageTable:
    """Read a table from the HTML that ``lfa.tables`` writes; a row that explains the one above becomes a column."""
    area = BeautifulSoup(html, "html.parser").select_one(".lfa-table")
    assert area is not None
    for hidden in area.select("tbody .lfa-unsichtbar, template"):
        hidden.decompose()
    units = []
    for heading in area.select("thead th"):
        unit = heading.select_one(".lfa-einheit")
        units.append(_text(unit.extract()) if unit else "")
    headings = [_text(heading) for heading in area.select("thead th")]
    rows: list[list[Cell]] = []
    totals = set()
    explanations: dict[int, str] = {}
    for row in area.select("tbody tr"):
        cells = row.find_all(["th", "td"], recursive=False)
        if len(cells) == 1 < len(headings):
            explanations[len(rows) - 1] = _text(cells[0])
            continue
        if "lfa-summe" in row.get_attribute_list("class"):
            totals.add(len(rows))
        rows.append([_cell(cell) for cell in cells])
    if explanations:
        headings, units = [*headings, EXPLANATION], [*units, ""]
        rows = [[*row, Cell(explanations.get(i, ""))] for i, row in enumerate(rows)]
    if bad := [row for row in rows if len(row) != len(headings)]:
        raise ValueError(f"{area.get('aria-label')}: {len(headings)} headings, but a row of {len(bad[0])} cells")
    note = _text(BeautifulSoup(note, "html.parser"))
    return PageTable(str(area["aria-label"]), headings, units, rows, totals, note)


def _text(tag: Tag) -> str:
    return re.sub(r"\s+", " ", tag.get_text().replace("\u00ad", "")).strip()


def _cell(tag: Tag) -> Cell:
    text, classes = _text(tag), tag.get_attribute_list("class")
    corrected = "lfa-berichtigt" in classes
    if tag.name == "th" and PLAIN_NUMBER.fullmatch(text):
        return Cell(text, Decimal(text))
    if "lfa-zahl" in classes and GERMAN_NUMBER.fullmatch(text):
        plain = text.replace(".", "").replace("−", "-").replace(",", ".")
        return Cell(text, Decimal(plain), len(plain.partition(".")[2]), True, corrected)
    return Cell(text, corrected=corrected)


# --- The files --------------------------------------------------------------------------------------------------------


def as_csv(table: PageTable) -> bytes:
    """A row of headings with their units, then the rows; nothing else, so that programs can read it."""
    target = io.StringIO()
    writer = csv.writer(target, **CSV_DIALECT)
    writer.writerow(f"{h} ({u})" if u else h for h, u in zip(table.headings, table.units, strict=True))
    writer.writerows([_in_csv(cell) for cell in row] for row in table.rows)
    return target.getvalue().encode(CSV_ENCODING)


def _in_csv(cell: Cell) -> str:
    if cell.value is not None:
        return f"{cell.value:f}".replace(".", ",")
    # Text that a spreadsheet would take for a formula.
    return f"'{cell.text}" if cell.text.startswith(FORMULA_STARTS) else cell.text


def as_xlsx(table: PageTable, source: str, made: date) -> bytes:
    """A sheet with title, headings, units, numbers as numbers, and below them the note and how to cite the page."""
    target = io.BytesIO()
    # What begins with "=" or "http" is text here like everything else.
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    book = xlsxwriter.Workbook(target, options)
    # The only date in the file that would otherwise be the time of the build.
    book.set_properties({"title": table.caption, "created": datetime(made.year, made.month, made.day, tzinfo=UTC)})
    sheet = book.add_worksheet("Tabelle")

    @cache
    def style(**settings: Any) -> Any:
        return book.add_format({"valign": "top", **settings})

    sheet.write_string(0, 0, table.caption, style(bold=True, font_size=13))
    numeric = [any(row[i].grouped for row in table.rows) for i in range(len(table.headings))]
    first = 4 if any(table.units) else 3
    for column, (heading, unit) in enumerate(zip(table.headings, table.units, strict=True)):
        align = "right" if numeric[column] else "left"
        line = {} if any(table.units) else {"bottom": 1}
        sheet.write_string(2, column, heading, style(bold=True, text_wrap=True, align=align, **line))
        if any(table.units):
            sheet.write_string(3, column, unit, style(italic=True, bottom=1, align=align))
        longest = max((len(row[column].text) for row in table.rows), default=0)
        sheet.set_column(column, column, min(60, max(12, longest + 2, len(unit) + 2)))
    for number, row in enumerate(table.rows):
        for column, cell in enumerate(row):
            settings: dict[str, Any] = {"bold": True, "top": 1} if number in table.totals else {}
            if cell.corrected:
                settings["bg_color"] = "#F2DCC8"
            if not cell.text:
                sheet.write_blank(first + number, column, None, style(**settings))
                continue
            if cell.value is None:
                # A long text is read in lines, a short one stays beside its number.
                wrap = {"text_wrap": True} if len(cell.text) > 60 else {}
                sheet.write_string(first + number, column, cell.text, style(**settings, **wrap))
                continue
            # "#,##0" is how the file names the thousands separator of the reader's own language.
            digits = ("#,##0" if cell.grouped else "0") + ("." + "0" * cell.decimals if cell.decimals else "")
            signed = {"num_format": f"+{digits};-{digits};0"} if cell.text.startswith("+") else {"num_format": digits}
            sheet.write_number(first + number, column, float(cell.value), style(**settings, **signed))
    sheet.freeze_panes(first, 1)
    marked = any(cell.corrected for row in table.rows for cell in row)
    below = [table.note, "Farbig unterlegt: berichtigt, die Seite sagt warum." if marked else "", f"Aus: {source}"]
    for line, text in enumerate((text for text in below if text), first + 1 + len(table.rows)):
        sheet.write_string(line, 0, text, style(font_color="#555555"))
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(2, first - 1)
    book.close()
    return target.getvalue()


def with_links(html: str, page: str, source: str, made: date, write: Callable[[str, bytes], None]) -> str:
    """The page with links at each table and a button below each chart; the files of the tables go to ``write``."""
    up = "../" * page.count("/")
    pieces: list[str] = []
    end = 0
    for count, found in enumerate(TABLE.finditer(html), 1):
        note = NOTE.match(html, found.end())
        table = read_table(found[0], note[0] if note else "")
        name = f"{page.replace('/', '-')}-tabelle-{count}"
        write(f"{name}.csv", as_csv(table))
        write(f"{name}.xlsx", as_xlsx(table, source, made))
        label = escape(f"Tabelle „{table.caption}“")
        links = " · ".join(
            f'<a href="{up}_static/{FOLDER}/{name}.{kind.lower()}" download aria-label="{label} als {kind} laden"'
            f' title="{hint}">{kind}</a>'
            for kind, hint in (("CSV", CSV_HINT), ("XLSX", "für Tabellenprogramme"))
        )
        # Before the title, so that it can stand beside it and a long table does not hide it.
        pieces += [html[end : found.start()], f'<p class="lfa-laden lfa-laden-tabelle">{links}</p>', found[0]]
        end = found.end()
    html = "".join([*pieces, html[end:]])
    button = f'<button type="button" title="{CSV_HINT}">Daten als CSV</button>'
    html = CHART.sub(rf'\1<p class="lfa-laden lfa-laden-bild">{button}</p></figure>', html)
    # Many servers and browsers would show a notebook as bare text; from a folder some still do, in a tab of its own.
    return NOTEBOOK.sub(rf'\g<0> download="{page.replace("/", "-")}.ipynb"', html)


def take_away(app: Sphinx, exception: Exception | None) -> None:
    """Write the files of all tables, and lead to them."""
    if exception or app.builder.name != "html":
        return
    site = Path(app.outdir)
    folder = site / "_static" / FOLDER
    folder.mkdir()
    for page, path in _pages(app, site):
        html = path.read_text(encoding="utf-8")
        source = citation(_plain_title(app, page))

        def write(name: str, content: bytes) -> None:
            (folder / name).write_bytes(content)

        complete = with_links(html, page, source, reference()["date-released"], write)
        if complete != html:
            path.write_text(complete, encoding="utf-8")


def _pages(app: Sphinx, site: Path) -> Iterator[tuple[str, Path]]:
    for page in sorted(app.env.found_docs):
        if (path := site / f"{page}.html").exists():
            yield page, path


# --- How to cite ------------------------------------------------------------------------------------------------------

BOOK = "Länderfinanzausgleich"
AUTHORS = "Die Mitwirkenden am Buch „Länderfinanzausgleich“"
"""CITATION.cff names them in English, for those who find the program."""
LICENCE = "CC BY 4.0"


@cache
def reference() -> dict[str, Any]:
    """CITATION.cff, which knows version and date; a date as a date."""
    content: dict[str, Any] = yaml.safe_load((Path(__file__).parents[2] / "CITATION.cff").read_text(encoding="utf-8"))
    content["date-released"] = date.fromisoformat(str(content["date-released"]))
    if content["version"] != version("lfa"):
        raise ValueError(f"CITATION.cff: version {content['version']}, but the program is {version('lfa')}")
    return content


def citation(title: str) -> str:
    """A reference to the page, or with the title of the book to the book, as German journals print it."""
    known = reference()
    of = "" if title == BOOK else f" In: {BOOK}."
    released = format_date(known["date-released"], "long", locale="de")
    stop = "" if title.endswith(("?", "!", ".")) else "."
    return f"{AUTHORS}: {title}{stop}{of} Version {known['version']}, {released}. Lizenz {LICENCE}."


def bibtex(title: str, page: str) -> str:
    """The reference for bibliography programs; double braces keep German capitals and the name of a group."""
    known = reference()
    whole = title == BOOK
    fields = {
        "author": f"{{{AUTHORS}}}",
        "title": f"{{{_tex(title)}}}",
        **({} if whole else {"booktitle": f"{{{BOOK}}}"}),
        "year": str(known["date-released"].year),
        "date": known["date-released"].isoformat(),
        "version": known["version"],
        "note": f"Version {known['version']}, Lizenz {LICENCE}",
    }
    key = "lfa" if whole else f"lfa-{page.replace('/', '-')}"
    lines = "".join(f"  {name} = {{{value}}},\n" for name, value in fields.items())
    return f"@{'book' if whole else 'incollection'}{{{key},\n{lines}}}"


def _tex(text: str) -> str:
    return re.sub(r"([&%$#_])", r"\\\1", text)


def citation_box(title: str, page: str) -> str:
    """The foot of a page. The address is known only where the page is read: the script adds it."""
    return (
        '<section class="lfa-zitat" lang="de" aria-labelledby="lfa-zitat-kopf">'
        '<h2 id="lfa-zitat-kopf" class="no-toc">So zitieren Sie diese Seite</h2>'
        f'<p id="lfa-zitat-text">{escape(citation(title))}</p>'
        '<p class="lfa-nur-mit-skript"><button type="button" class="lfa-kopieren" data-von="lfa-zitat-text">'
        "Kopieren</button></p>"
        '<details><summary>BibTeX</summary><pre id="lfa-zitat-bibtex" tabindex="0">'
        f"{escape(bibtex(title, page))}</pre>"
        '<p class="lfa-nur-mit-skript"><button type="button" class="lfa-kopieren" data-von="lfa-zitat-bibtex">'
        "BibTeX kopieren</button></p></details>"
        '<p class="lfa-unsichtbar" role="status" id="lfa-zitat-meldung"></p></section>'
    )


def add_citation(app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: Any) -> None:
    """Put the box at the foot of every page that has text of its own."""
    if doctree is not None and app.builder.name == "html":
        context["body"] += citation_box(_plain_title(app, page), page)


def _plain_title(app: Sphinx, page: str) -> str:
    if page == app.config.root_doc:
        return BOOK
    return re.sub(r"\s+", " ", unescape(app.env.titles[page].astext())).strip()


def setup(app: Sphinx) -> dict[str, Any]:
    """Connect to Sphinx."""
    app.connect("html-page-context", add_citation)
    app.connect("build-finished", take_away)
    # Only what the build knows is read while pages are written; files are made when all of them stand.
    return {"parallel_read_safe": True, "parallel_write_safe": True}
