"""A source document: its text becomes a table of printed figures, and errata correct it.

The *Zweite Verordnung* exists only as text with recognition errors. It is parsed as it stands; nothing is mended here.
A printed figure is a ``Decimal`` with the decimals of the print, in the unit of its line.
"""

import re
from collections.abc import Sequence
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import NamedTuple

from lfa.errors import DataError, Problem
from lfa.files import load_csv, read_text, shown
from lfa.states import CODES, INSGESAMT, LAENDER

OLD_LAENDER = ("NW", "BY", "BW", "NI", "HE", "RP", "SH", "SL", "BE", "HH", "HB")
"""Länder that share in the Fonds „Deutsche Einheit“, in the order of Anlage 3; of Berlin only the western part."""


class Cell(NamedTuple):
    """Where a figure is printed: ``line`` is the Zeile, or a slug of the row in tables without numbers."""

    table: str
    line: str
    land: str


Figures = dict[Cell, Decimal]

NUMBER = re.compile(r"(?:± ?)?(-?(?:\d{1,3}(?:([. ])\d{3}(?:\2\d{3})*)|\d+)(?:,\d+)?)", re.ASCII)
LIST_ITEM = re.compile(r"(?:für|von|an) (?:das |dem )?(?P<name>[^\t]+)\t(?P<amount>[^\t]*)")
LIST_AMOUNT = re.compile(r"(?P<number>.*\S.*) Euro[.,]?")
UNSEPARATED = re.compile(r"(?:für|von|an) .*\d.* Euro[.,]?")
LAND_BY_NAME = {land.name: land.code for land in LAENDER} | {"Berlin (West)": "BE"}
TABLE_HEAD = (*CODES, "Insgesamt")

LISTS = (
    # Opening words, table, line, Länder that must be in it (the lists of a pair share the 16 Länder)
    (r"werden als Länderanteile an der Umsatzsteuer festgestellt:", "paragraf_1", ("laenderanteil",), CODES),
    (r"werden als Länderanteile am Länderbeitrag zum Fonds", "paragraf_2", ("fondsanteil",), OLD_LAENDER),
    (r"wird der Finanzausgleich unter den Ländern wie folgt", "paragraf_3", ("beitrag", "zuweisung"), CODES),
    (r"mit dem Inkrafttreten dieser Verordnung fällig:", "paragraf_4", ("ueberweisung", "zahlung"), CODES),
    (r"Umsatzsteuerverteilung und Länderfinanzausgleich \(vgl", "begruendung", ("bisher_ust_lfa",), CODES),
    (r"Länderbeitrag zum Fonds „Deutsche Einheit“ \(vgl", "begruendung", ("bisher_fonds",), OLD_LAENDER),
)
AMOUNTS = (
    (r"Diese Abschlusszahlungen für \d+ belaufen sich auf (\S.*?) Euro", "vorblatt", "abschlusszahlungen"),
    (r"zuzüglich eines Betrages von (\S.*?) Euro", "begruendung", "fonds_zuzueglich"),
    (r"vermindert sich der Länderbeitrag im Jahr \d+ um (\S.*?) Euro", "begruendung", "fonds_minderung"),
    (r"für das Jahr \d+ auf insgesamt (\S.*?) Euro", "begruendung", "fonds_laenderbeitrag"),
    (r"zwischen den Ländern auf insgesamt (\S.*?) Euro", "begruendung", "volumen"),
    (r"zugrundegelegte Einwohner für Berlin: (\S.*?) \(", "anlage3", "einwohner_berlin_west"),
)
ANLAGE_1_TITLE = "Der Finanzausgleich unter den Ländern für die Zeit vom"
ANLAGE_1_LINES = tuple(str(zeile) for zeile in range(39, 127))
HEADINGS_WITH_FIGURES = ("ueberschrift_korrektur_paragraf_10_iv_2_a",)
"""Headings of Anlage 1 that carry figures in the source, by mistake; no other may."""
ANLAGE_3_HEAD = ("1", "2", "2_wiederholt", "3", "3_wiederholt", "4", "5", "6", "7", "8")
"""The ten columns that carry figures: Sp. 2 and 3 are set twice in the source."""

SIZES = ("bis_5", "5_20", "20_100", "100_500", "500_1000", "ueber_1000")
"""Size classes of municipalities, in thousand inhabitants."""
DENSITIES = ("1500_2000", "2000_3000", "ueber_3000", "zusammen")
"""Density classes of municipalities with more than 500 000 inhabitants, in inhabitants per square kilometre."""
EINWOHNER_ROWS = (
    # Opening words of the row's label, slugs of the figures that share one cell of the source
    ("Zahl der Gemeinden nach", tuple(f"gemeinden_{size}" for size in SIZES)),
    ("Zusammen", ("gemeinden_zusammen",)),
    ("Einwohner der Gemeinden", tuple(f"einwohner_{size}" for size in SIZES)),
    ("Zusammen", ("einwohner_zusammen",)),
    ("Einwohnerschichtung", tuple(f"schicht_{size}" for size in SIZES)),
    ("Zusammen", ("schicht_zusammen",)),
    # The source lacks the first class of this row: its first figure is the second class, as the weights show.
    ("Einwohnerwertung", tuple(f"wertung_{size}" for size in SIZES[1:])),
    ("Zusammen", ("wertung_zusammen",)),
    ("Zahl der Gemeinden mit mehr", tuple(f"dichte_gemeinden_{density}" for density in DENSITIES)),
    ("Einwohner in Gemeinden mit mehr", tuple(f"dichte_einwohner_{density}" for density in DENSITIES)),
    ("Zuslag bei der Einwohnerwertung", tuple(f"zuschlag_{density}" for density in DENSITIES)),
    ("Gewertete Einwohnerzahl", ("gewertete_einwohner", "gewertete_einwohner_vh")),
)
UNNAMED = "_ohne_spaltenkopf"
"""Suffix of the lines for the eighteenth column of the Einwohner table, which has no heading."""
REALSTEUER_COLUMNS = (
    "grundsteuer_a_grundbetraege",
    "grundsteuer_b_grundbetraege_1",
    "grundsteuer_b_grundbetraege_2",
    "grundsteuer_b_grundbetraege_3",
    "grundsteuer_b_grundbetraege_4",
    "grundsteuer_b_grundbetraege_zusammen",
    "grundsteuer_b_steuerkraft_1",
    "grundsteuer_b_steuerkraft_2",
    "grundsteuer_b_steuerkraft_3",
    "grundsteuer_b_steuerkraft_4",
    "grundsteuer_b_steuerkraft_zusammen",
    "gewerbesteuer_grundbetraege",
    "gewerbesteuer_steuerkraft",
    "realsteuerkraft",
)
"""The fourteen columns of figures: the source lacks the Steuerkraft of Grundsteuer A, Zeile 45 of Anlage 1."""

LAYOUT: dict[str, tuple[tuple[str, ...], ...]] = {
    # The heading that carries figures by mistake stands above Zeile 108.
    "anlage1": tuple((line,) for line in (*ANLAGE_1_LINES[:69], *HEADINGS_WITH_FIGURES, *ANLAGE_1_LINES[69:])),
    "einwohner": (
        *(slugs for _, slugs in EINWOHNER_ROWS[:6]),
        tuple(f"wertung_{size}" for size in SIZES),
        *(slugs for _, slugs in EINWOHNER_ROWS[7:]),
    ),
    "realsteuerkraft": tuple(
        (line,) for line in (REALSTEUER_COLUMNS[0], "grundsteuer_a_steuerkraft", *REALSTEUER_COLUMNS[1:])
    ),
    "anlage3": tuple((f"spalte_{column}{suffix}",) for suffix in ("", "_minus") for column in ANLAGE_3_HEAD),
}
"""The lines of each Anlage in the order of the page, those that the source lacks included; lines that share one cell of
the source stand together."""
KNOWN_LINES = frozenset(
    (table, slug + suffix)
    for table, rows in LAYOUT.items()
    for row in rows
    for slug in row
    for suffix in (("", UNNAMED) if table == "einwohner" else ("",))
)
"""Lines that the source has or ought to have: an erratum may fill one of which no figure is printed."""

# --- What a printed figure may be -------------------------------------------------------------------------------------

FIXED_IN_THOUSANDS = (
    ("paragraf_1", "laenderanteil"),
    ("paragraf_3", "beitrag"),
    ("paragraf_3", "zuweisung"),
    ("begruendung", "bisher_ust_lfa"),
    ("begruendung", "volumen"),
)
"""Amounts printed in euro but rounded to 1000 euro."""
SIGNED = ("anlage1", "anlage3")
"""Tables with negative figures."""
TOO_MUCH = {"anlage1": 10**9, "realsteuerkraft": 10**9, "einwohner": 10**8}
"""What no figure of a table reaches in the unit of its print; in the other tables it is a million million euro."""


def german_number(printed: str) -> Decimal | None:
    """The number of a German print (``33.531.100``, ``1,8523``, ``± 0``), or None if it is none."""
    match = NUMBER.fullmatch(printed.strip(" "))
    return Decimal(re.sub(r"[. ]", "", match[1]).replace(",", ".")) if match else None


def german(value: Decimal | None) -> str:
    """A figure as the sources print it; none is a blank cell."""
    return "a blank cell" if value is None else f"{value:,f}".translate(str.maketrans(",.", ".,"))


def range_of(cell: Cell, value: Decimal) -> str:
    """What the figure of a cell must be and this value is not, or nothing: a wrong unit, a sign, a part of a person."""
    limit = Decimal(TOO_MUCH.get(cell.table, 10**12))
    if abs(value) >= limit:
        return f"a figure below {german(limit)}"
    if value < 0 and cell.table not in SIGNED:
        return "a number that is not negative"
    if (cell.table, cell.line) in FIXED_IN_THOUSANDS and value % 1000:
        return "an amount in euro, rounded to 1000 euro"
    if cell.table == "einwohner" and "_vh" not in cell.line and value % 1:
        return "a whole number"
    return ""


class _Reader:
    """Collects figures and problems of one text, so that all problems are told at once."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.figures: Figures = {}
        self.problems: list[Problem] = []

    def problem(self, row: int, quantity: str, found: str, expected: str, land: str = "") -> None:
        problem = Problem(self.file, str(row or ""), land, quantity, found, expected)
        if problem not in self.problems:
            self.problems.append(problem)

    def add(self, cell: Cell, printed: str, row: int) -> None:
        """Keep a printed figure; blanks stay away."""
        if not printed.strip(" "):
            return
        value = german_number(printed)
        quantity = place_of(cell)
        if value is None:
            self.problem(row, quantity, repr(printed), "a number in German notation", cell.land)
        elif expected := range_of(cell, value):
            self.problem(row, quantity, printed.strip(), expected, cell.land)
        elif cell in self.figures:
            self.problem(row, quantity, "a second figure", "every figure once", cell.land)
        else:
            self.figures[cell] = value


def parse_verordnung(path: Path) -> Figures:
    """Parse the *Zweite Verordnung* with its Vorblatt, Begründung and Anlagen 1 and 3.

    Returns every printed figure by table, line and Land, as printed. Raises DataError with all defects of form: a Land
    missing or twice, a cell that is no number, a row or column too many. Whether figures are *right* is for identities.
    """
    lines = read_text(path).split("\n")
    reader = _Reader(shown(path))
    for opening, table, slugs, expected in LISTS:
        _parse_lists(reader, lines, opening, table, slugs, expected)
    for pattern, table, line in AMOUNTS:
        _parse_amount(reader, lines, pattern, table, line)
    _parse_anlage_1(reader, lines)
    _parse_anlage_3(reader, lines)
    _parse_einwohner(reader, lines)
    _parse_realsteuerkraft(reader, lines)
    if reader.problems:
        raise DataError(reader.problems)
    return reader.figures


def _find(reader: _Reader, lines: Sequence[str], opening: str) -> int | None:
    """Index of the only line that holds the opening words."""
    found = [index for index, line in enumerate(lines) if re.search(opening, line)]
    if len(found) == 1:
        return found[0]
    words = re.sub(r"\(\\S\.\*\?\)|\\d\+", "…", opening).replace("\\", "").removeprefix("^")
    row = found[1] + 1 if found else 0
    reader.problem(row, "heading", "a second such line" if found else "no such line", f"one line with: {words}")
    return None


def _parse_lists(
    reader: _Reader, lines: Sequence[str], opening: str, table: str, slugs: Sequence[str], expected: Sequence[str]
) -> None:
    start = _find(reader, lines, opening)
    if start is None:
        return
    seen: list[str] = []
    remaining = list(slugs)
    slug = remaining.pop(0)
    for row, line in enumerate(lines[start + 1 :], start + 2):
        if "\t" in line:
            _parse_item(reader, row, line, Cell(table, slug, ""), seen, expected)
        elif UNSEPARATED.fullmatch(line):
            reader.problem(row, f"{table} {slug}", repr(line), "a tab between the Land and its amount")
        elif line.startswith("2. ") and remaining:
            slug = remaining.pop(0)
        elif line.strip() and seen:
            break
    if remaining:
        reader.problem(start + 1, f"{table} {remaining[0]}", "no list of its own", "a second heading, with “2. ”")
        return
    for code in expected:
        if code not in seen:
            reader.problem(start + 1, " ".join([table, *slugs]), "nothing", "a line for this Land", code)


def _parse_item(reader: _Reader, row: int, line: str, place: Cell, seen: list[str], expected: Sequence[str]) -> None:
    """One line of a list: a Land and its amount. Adds the Land to those seen."""
    quantity = f"{place.table} {place.line}"
    match = LIST_ITEM.fullmatch(line)
    code = LAND_BY_NAME.get(match["name"]) if match else None
    if not match or not code:
        reader.problem(row, quantity, repr(line), "für, von or an, the name of a Land, a tab, an amount in Euro")
    elif code not in expected:
        reader.problem(row, quantity, "a line for this Land", "only " + " ".join(expected), code)
    elif code in seen:
        reader.problem(row, quantity, "a second line for this Land", "every Land once", code)
    else:
        seen.append(code)
        if amount := LIST_AMOUNT.fullmatch(match["amount"]):
            reader.add(place._replace(land=code), amount["number"], row)
        else:
            reader.problem(row, quantity, repr(match["amount"]), "an amount in Euro", code)


def _parse_amount(reader: _Reader, lines: Sequence[str], pattern: str, table: str, line: str) -> None:
    start = _find(reader, lines, pattern)
    if start is not None:
        match = re.search(pattern, lines[start])
        assert match
        reader.add(Cell(table, line, INSGESAMT), match[1], start + 1)


def _table(reader: _Reader, lines: Sequence[str], opening: str, closing: str) -> list[tuple[int, list[str]]] | None:
    """Rows of the table between two lines of the text: row number in the file and cells. None without these lines."""
    start, end = _find(reader, lines, opening), _find(reader, lines, closing) if closing else len(lines)
    if start is None or end is None:
        return None
    return [(row, line.split("\t")) for row, line in enumerate(lines[start:end], start + 1) if "\t" in line]


def _check_head(reader: _Reader, table: str, row: int, cells: Sequence[str], columns: int) -> None:
    """The heading names every Land once, in the order of the Anlage."""
    if len(cells) != columns + 1:
        reader.problem(row, f"{table} heading", f"{len(cells) - 1} columns", f"{columns} columns")
        return
    for number, (found, expected) in enumerate(zip(cells[1:], TABLE_HEAD, strict=False), 1):
        if found != expected:
            land = expected if expected in CODES else INSGESAMT
            reader.problem(row, f"{table} heading, column {number}", repr(found), expected, land)


def _check_labels(reader: _Reader, table: str, rows: Sequence[tuple[int, list[str]]], expected: Sequence[str]) -> bool:
    """Whether every row begins as expected; where rows are missing or too many, the first that does not is told."""
    wrong = [
        (row, repr(cells[0]), label)
        for (row, cells), label in zip(rows, expected, strict=False)
        if not (cells[0] == label if label in ("", *TABLE_HEAD) else cells[0].startswith(label))
    ]
    if len(rows) != len(expected):
        row = rows[-1][0] if rows else 0
        rest = expected[len(rows) :]
        wrong = wrong[:1] or [(row, "no further row" if rest else "a row too many", rest[0] if rest else "the end")]
    for row, found, label in wrong:
        land = label if label in CODES else INSGESAMT if label == TABLE_HEAD[-1] else ""
        reader.problem(row, f"{table} rows", found, f"a row {label} …" if label else "a heading", land)
    return not wrong


def _heading_slug(label: str) -> str:
    words = label.lower().replace("§", "paragraf ").replace("ä", "ae").replace("ö", "oe").replace("ü", "ue")
    return "ueberschrift_" + "_".join(re.findall(r"[a-z0-9]+", words))


def _parse_anlage_1(reader: _Reader, lines: Sequence[str]) -> None:
    """Lines 39 to 126; a heading that carries figures becomes a line of its own."""
    start = next((index for index, line in enumerate(lines) if line.startswith(ANLAGE_1_TITLE)), None)
    end = _find(reader, lines, "^Kassenmäßige Abrechnung des Beitrags")
    if start is None:
        reader.problem(0, "heading", "no such line", f"a line with: {ANLAGE_1_TITLE}")
    if start is None or end is None:
        return
    seen: dict[str, int] = {}
    headed = False
    for row, line in enumerate(lines[start:end], start + 1):
        if line.startswith(ANLAGE_1_TITLE):
            headed = False
        if "\t" not in line:
            continue
        cells = line.split("\t")
        label = cells[0].strip()
        if not label:
            _check_head(reader, "anlage1", row, cells, 17)
            headed = True
            continue
        if not headed:
            reader.problem(row, "anlage1 heading", "no heading above this row", " ".join(TABLE_HEAD))
            headed = True
        _parse_zeile(reader, row, label, cells[1:], seen)
    above = start + 1
    for zeile in ANLAGE_1_LINES:
        if zeile not in seen:
            reader.problem(above, f"anlage1 {zeile}", "nothing", f"Zeile {zeile} below this row")
        above = seen.get(zeile, above)


def _parse_zeile(reader: _Reader, row: int, label: str, cells: Sequence[str], seen: dict[str, int]) -> None:
    """One row of Anlage 1. Adds its Zeile to those seen."""
    match = re.match(r"([0-9]+) ", label)
    slug = match[1] if match else _heading_slug(label)
    if match and slug in seen:
        reader.problem(row, f"anlage1 {slug}", "the Zeile twice", f"every Zeile once; the first is row {seen[slug]}")
        return
    seen[slug] = row
    if match and slug not in ANLAGE_1_LINES:
        reader.problem(row, f"anlage1 {slug}", "an unknown Zeile", "Zeilen 39 to 126")
    elif len(cells) != len(TABLE_HEAD):
        reader.problem(row, f"anlage1 {slug}", f"{len(cells)} cells", f"{len(TABLE_HEAD)} cells")
    elif not match and slug not in HEADINGS_WITH_FIGURES:
        if any(cell.strip() for cell in cells):
            reader.problem(row, "anlage1 heading", f"figures behind {label!r}", "a Zeile, 39 to 126, or no figures")
    else:
        for code, printed in zip((*CODES, INSGESAMT), cells, strict=True):
            reader.add(Cell("anlage1", slug, code), printed, row)


def _parse_anlage_3(reader: _Reader, lines: Sequence[str]) -> None:
    """Sp. 1 to 8 of the Anlage on the Fonds; a second row below the totals adds up the negative amounts."""
    rows = _table(reader, lines, "^Kassenmäßige Abrechnung des Beitrags", "^zugrundegelegte Einwohner")
    if rows is None or not _check_labels(reader, "anlage3", rows, ["", "", *OLD_LAENDER, "Insgesamt", ""]):
        return
    columns = len(rows[1][1]) - 1
    for row, cells in rows[2:]:
        label, figures = cells[0], cells[1:]
        suffix, code = ("", label) if label in CODES else ("" if label else "_minus", INSGESAMT)
        width = len(ANLAGE_3_HEAD)
        if len(figures) != columns or any(cell.strip() for cell in figures[width:]):
            found = max(len(figures) - columns, 0) + width if len(figures) != columns else "more"
            reader.problem(row, "anlage3", f"{found} figures", f"{width} figures", code)
            continue
        for column, printed in zip(ANLAGE_3_HEAD, figures, strict=False):
            reader.add(Cell("anlage3", f"spalte_{column}{suffix}", code), printed, row)


def _parse_einwohner(reader: _Reader, lines: Sequence[str]) -> None:
    """Municipalities and inhabitants by size class; several figures share a cell, in the order of the classes."""
    rows = _table(reader, lines, "^Zahl der Gemeinden, Einwohnerzahl", "^Realsteuerkraft der Länder im")
    if rows is None or not _check_labels(reader, "einwohner", rows, ["", *(label for label, _ in EINWOHNER_ROWS)]):
        return
    _check_head(reader, "einwohner", *rows[0], columns=18)
    for (row, cells), (_, slugs) in zip(rows[1:], EINWOHNER_ROWS, strict=True):
        if len(cells) != 19:
            reader.problem(row, f"einwohner {slugs[0]}", f"{len(cells) - 1} cells", "18 cells")
            continue
        for code, suffix, cell in zip((*CODES, INSGESAMT, INSGESAMT), ("",) * 17 + (UNNAMED,), cells[1:], strict=True):
            figures = [figure for figure in cell.split(" ") if figure]
            if len(figures) > len(slugs):
                reader.problem(
                    row, f"einwohner {slugs[0]}", f"{len(figures)} figures", f"at most {len(slugs)} figures", code
                )
                continue
            for slug, printed in zip(slugs, figures, strict=False):
                reader.add(Cell("einwohner", slug + suffix, code), printed, row)


def _parse_realsteuerkraft(reader: _Reader, lines: Sequence[str]) -> None:
    """Grundbeträge and Steuerkraftzahlen; here the Länder are the rows."""
    rows = _table(reader, lines, "^Realsteuerkraft der Länder im", "")
    if rows is None or not _check_labels(reader, "realsteuerkraft", rows, ["", "", "", *TABLE_HEAD]):
        return
    for (row, cells), code in zip(rows[3:], (*CODES, INSGESAMT), strict=True):
        figures = [cell for cell in cells[1:] if cell.strip(" ")]
        if len(figures) != len(REALSTEUER_COLUMNS):
            reader.problem(
                row, "realsteuerkraft", f"{len(figures)} figures", f"{len(REALSTEUER_COLUMNS)} figures", code
            )
            continue
        for column, printed in zip(REALSTEUER_COLUMNS, figures, strict=True):
            reader.add(Cell("realsteuerkraft", column, code), printed, row)


class Erratum(NamedTuple):
    """One corrected cell; a value that moved is two or more rows of one group."""

    cell: Cell
    printed: str
    corrected: Decimal | None
    kind: str
    group: str
    proof: tuple[str, ...]


def read_errata(path: Path) -> tuple[Erratum, ...]:
    """The errata of a source. Raises DataError for rows that are malformed or name a cell twice."""
    rows = load_csv(path, "errata")
    errata = tuple(
        Erratum(
            Cell(row["table"], row["line"], row["land"]),
            row["printed"],
            Decimal(row["corrected"]) if row["corrected"] else None,
            row["kind"],
            row["group"],
            tuple(row["proof"].split()),
        )
        for row in rows
    )
    problems = []
    seen: dict[Cell, int] = {}
    for number, erratum in enumerate(errata, 2):
        problem = partial(Problem, shown(path), str(number), erratum.cell.land, place_of(erratum.cell))
        if erratum.cell in seen:
            problems.append(
                problem("a second row for this cell", f"every cell once; the first is {seen[erratum.cell]}")
            )
        seen.setdefault(erratum.cell, number)
        if erratum.corrected == (german_number(erratum.printed) if erratum.printed else None):
            problems.append(problem("no change", "a correction that differs from the print"))
        if erratum.corrected is not None and (expected := range_of(erratum.cell, erratum.corrected)):
            problems.append(problem(f"corrected {erratum.corrected}", expected))
    if problems:
        raise DataError(problems)
    return errata


def place_of(cell: Cell) -> str:
    """A cell's table and line, as messages name them beside its Land."""
    return f"{cell.table} {cell.line}"


def correct(figures: Figures, errata: Sequence[Erratum], file: str) -> Figures:
    """The figures with errata applied. Raises DataError where an erratum does not find the print it corrects."""
    problems = []
    corrected = dict(figures)
    lines = KNOWN_LINES | {(cell.table, cell.line) for cell in figures}
    for number, erratum in enumerate(errata, 2):
        problem = partial(Problem, file, str(number), erratum.cell.land, place_of(erratum.cell))
        found = figures.get(erratum.cell)
        printed = german_number(erratum.printed) if erratum.printed else None
        if (erratum.cell.table, erratum.cell.line) not in lines:
            problems.append(problem("an unknown line", f"a line of {erratum.cell.table}"))
        elif found != printed:
            problems.append(problem(f"printed: {german(printed)}", f"{german(found)}, as the source prints it"))
        if erratum.corrected is None:
            corrected.pop(erratum.cell, None)
        else:
            corrected[erratum.cell] = erratum.corrected
    if problems:
        raise DataError(problems)
    return corrected
