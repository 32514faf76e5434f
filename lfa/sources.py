"""A source document: its text becomes a table of printed figures, and errata correct it.

The *Zweite Verordnung* exists only as text with recognition errors. It is parsed as it stands; nothing is mended here.
A printed figure is a ``Decimal`` with the decimals of the print, in the unit of its line.
"""

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
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

NUMBER = re.compile(r"(?:± ?)?(-?(?:\d{1,3}(?:[. ]\d{3})+|\d+)(?:,\d+)?)")
LIST_ITEM = re.compile(r"(?:für|von|an) (?:das |dem )?(?P<name>[^\t]+)\t(?P<amount>.*?) Euro[.,]?")
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
    (r"Diese Abschlusszahlungen für \d+ belaufen sich auf (.+?) Euro", "vorblatt", "abschlusszahlungen"),
    (r"zuzüglich eines Betrages von (.+?) Euro", "begruendung", "fonds_zuzueglich"),
    (r"vermindert sich der Länderbeitrag im Jahr \d+ um (.+?) Euro", "begruendung", "fonds_minderung"),
    (r"für das Jahr \d+ auf insgesamt (.+?) Euro", "begruendung", "fonds_laenderbeitrag"),
    (r"zwischen den Ländern auf insgesamt (.+?) Euro", "begruendung", "volumen"),
    (r"zugrundegelegte Einwohner für Berlin: (.+?) \(", "anlage3", "einwohner_berlin_west"),
)
ANLAGE_1_LINES = tuple(str(zeile) for zeile in range(39, 127))
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


def german_number(printed: str) -> Decimal | None:
    """The number of a German print (``33.531.100``, ``1,8523``, ``± 0``), or None if it is none."""
    match = NUMBER.fullmatch(printed.strip())
    return Decimal(re.sub(r"[. ]", "", match[1]).replace(",", ".")) if match else None


class _Reader:
    """Collects figures and problems of one text, so that all problems are told at once."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.figures: Figures = {}
        self.problems: list[Problem] = []

    def problem(self, row: int, quantity: str, found: str, expected: str, land: str = "") -> None:
        self.problems.append(Problem(self.file, str(row), land, quantity, found, expected))

    def add(self, cell: Cell, printed: str, row: int) -> None:
        """Keep a printed figure; blanks stay away."""
        if not printed.strip():
            return
        value = german_number(printed)
        quantity = f"{cell.table} {cell.line}"
        if value is None:
            self.problem(row, quantity, repr(printed), "a number in German notation", cell.land)
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
    if len(found) != 1:
        reader.problem(found[1] + 1 if found else 0, "", f"{len(found)} times /{opening}/", "exactly once")
    return found[0] if len(found) == 1 else None


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
            match = LIST_ITEM.fullmatch(line)
            code = LAND_BY_NAME.get(match["name"]) if match else None
            if not match or not code:
                reader.problem(row, f"{table} {slug}", repr(line), "für/von/an LAND <tab> AMOUNT Euro")
            elif code in seen:
                reader.problem(row, f"{table} {slug}", "the Land twice", "every Land once", code)
            else:
                reader.add(Cell(table, slug, code), match["amount"], row)
                seen.append(code)
        elif line.startswith("2. ") and remaining:
            slug = remaining.pop(0)
        elif line.strip() and seen:
            break
    for code in expected:
        if code not in seen:
            reader.problem(start + 1, table, "nothing", "a line for this Land", code)


def _parse_amount(reader: _Reader, lines: Sequence[str], pattern: str, table: str, line: str) -> None:
    start = _find(reader, lines, pattern)
    if start is not None:
        match = re.search(pattern, lines[start])
        assert match
        reader.add(Cell(table, line, INSGESAMT), match[1], start + 1)


def _table(
    reader: _Reader, lines: Sequence[str], table: str, opening: str, closing: str
) -> Iterator[tuple[int, list[str]]]:
    """Rows of the table between two lines of the text: row number in the file and cells."""
    start, end = _find(reader, lines, opening), _find(reader, lines, closing) if closing else len(lines)
    if start is not None and end is not None:
        for row, line in enumerate(lines[start:end], start + 1):
            if "\t" in line:
                yield row, line.split("\t")


def _check_head(reader: _Reader, table: str, row: int, cells: Sequence[str], columns: int) -> None:
    """The heading names every Land once, in the order of the Anlage."""
    if tuple(cells[1:18]) != TABLE_HEAD or len(cells) != columns + 1:
        reader.problem(row, f"{table} heading", " ".join(cells[1:]), " ".join(TABLE_HEAD))


def _heading_slug(label: str) -> str:
    words = label.lower().replace("§", "paragraf ").replace("ä", "ae").replace("ö", "oe").replace("ü", "ue")
    return "ueberschrift_" + "_".join(re.findall(r"[a-z0-9]+", words))


def _parse_anlage_1(reader: _Reader, lines: Sequence[str]) -> None:
    """Lines 39 to 126; a heading that carries figures becomes a line of its own."""
    first_heading = next((i for i, line in enumerate(lines) if line.startswith("\tNW\t")), 0)
    seen: list[str] = []
    closing = "^Kassenmäßige Abrechnung des Beitrags"
    end = _find(reader, lines, closing)
    for row, line in enumerate(lines[first_heading:end], first_heading + 1):
        if "\t" not in line:
            continue
        cells = line.split("\t")
        label = cells[0].strip()
        if not label:
            _check_head(reader, "anlage1", row, cells, 17)
            continue
        match = re.match(r"(\d+) ", label)
        slug = match[1] if match else _heading_slug(label)
        if len(cells) != 18:
            reader.problem(row, f"anlage1 {slug}", f"{len(cells) - 1} cells", "17 cells")
            continue
        if match and slug in seen:
            reader.problem(row, f"anlage1 {slug}", "the Zeile twice", "every Zeile once")
            continue
        seen.append(slug)
        for code, printed in zip((*CODES, INSGESAMT), cells[1:], strict=True):
            reader.add(Cell("anlage1", slug, code), printed, row)
    found = tuple(slug for slug in seen if slug.isdigit())
    for zeile in ANLAGE_1_LINES:
        if zeile not in found:
            reader.problem(first_heading + 1, f"anlage1 {zeile}", "nothing", "this Zeile")
    for zeile in found:
        if zeile not in ANLAGE_1_LINES:
            reader.problem(first_heading + 1, f"anlage1 {zeile}", "an unknown Zeile", "Zeilen 39 to 126")


def _parse_anlage_3(reader: _Reader, lines: Sequence[str]) -> None:
    """Sp. 1 to 8 of the Anlage on the Fonds; a second row below the totals adds up the negative amounts."""
    rows = list(_table(reader, lines, "anlage3", "^Kassenmäßige Abrechnung des Beitrags", "^zugrundegelegte Einwohner"))
    labels = [cells[0] for _, cells in rows]
    expected = ["", "", *OLD_LAENDER, "Insgesamt", ""]
    if labels != expected:
        row = rows[0][0] if rows else 0
        reader.problem(row, "anlage3 rows", " ".join(labels), " ".join(expected))
        return
    for (row, cells), label in list(zip(rows, labels, strict=True))[2:]:
        suffix, code = ("", label) if label in CODES else ("" if label else "_minus", INSGESAMT)
        figures = cells[1:]
        width = len(ANLAGE_3_HEAD)
        if label and any(cell.strip() for cell in figures[width:]):
            reader.problem(row, "anlage3", f"more than {width} figures", f"{width} figures", code)
            continue
        for column, printed in zip(ANLAGE_3_HEAD, figures, strict=False):
            reader.add(Cell("anlage3", f"spalte_{column}{suffix}", code), printed, row)


def _parse_einwohner(reader: _Reader, lines: Sequence[str]) -> None:
    """Municipalities and inhabitants by size class; several figures share a cell, in the order of the classes."""
    rows = list(
        _table(reader, lines, "einwohner", "^Zahl der Gemeinden, Einwohnerzahl", "^Realsteuerkraft der Länder im")
    )
    if len(rows) != len(EINWOHNER_ROWS) + 1:
        row = rows[0][0] if rows else 0
        reader.problem(row, "einwohner", f"{len(rows)} rows", f"{len(EINWOHNER_ROWS) + 1} rows")
        return
    _check_head(reader, "einwohner", *rows[0], columns=18)
    for (row, cells), (label, slugs) in zip(rows[1:], EINWOHNER_ROWS, strict=True):
        if not cells[0].startswith(label):
            reader.problem(row, f"einwohner {slugs[0]}", repr(cells[0]), f"{label} …")
            continue
        if len(cells) != 19:
            reader.problem(row, f"einwohner {slugs[0]}", f"{len(cells) - 1} cells", "18 cells")
            continue
        for code, suffix, cell in zip((*CODES, INSGESAMT, INSGESAMT), ("",) * 17 + (UNNAMED,), cells[1:], strict=True):
            figures = cell.split()
            if len(figures) > len(slugs):
                reader.problem(
                    row, f"einwohner {slugs[0]}", f"{len(figures)} figures", f"at most {len(slugs)} figures", code
                )
                continue
            for slug, printed in zip(slugs, figures, strict=False):
                if printed.startswith("-"):
                    reader.problem(row, f"einwohner {slug}", printed, "a number that is not negative", code)
                reader.add(Cell("einwohner", slug + suffix, code), printed, row)


def _parse_realsteuerkraft(reader: _Reader, lines: Sequence[str]) -> None:
    """Grundbeträge and Steuerkraftzahlen; here the Länder are the rows."""
    rows = list(_table(reader, lines, "realsteuerkraft", "^Realsteuerkraft der Länder im", ""))[3:]
    labels = [cells[0] for _, cells in rows]
    if labels != list(TABLE_HEAD):
        reader.problem(rows[0][0] if rows else 0, "realsteuerkraft rows", " ".join(labels), " ".join(TABLE_HEAD))
        return
    for (row, cells), code in zip(rows, (*CODES, INSGESAMT), strict=True):
        figures = [cell for cell in cells[1:] if cell.strip()]
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
        quantity = f"{erratum.cell.table} {erratum.cell.line}"
        if erratum.cell in seen:
            problems.append(
                Problem(shown(path), str(number), erratum.cell.land, quantity, "the cell again", "every cell once")
            )
        seen.setdefault(erratum.cell, number)
        if erratum.corrected == (german_number(erratum.printed) if erratum.printed else None):
            problems.append(Problem(shown(path), str(number), erratum.cell.land, quantity, "no change", "a correction"))
    if problems:
        raise DataError(problems)
    return errata


def correct(figures: Figures, errata: Sequence[Erratum], file: str) -> Figures:
    """The figures with errata applied. Raises DataError where an erratum does not find the print it corrects."""
    problems = []
    corrected = dict(figures)
    for number, erratum in enumerate(errata, 2):
        found = figures.get(erratum.cell)
        expected = german_number(erratum.printed) if erratum.printed else None
        if found != expected:
            quantity = f"{erratum.cell.table} {erratum.cell.line}"
            problems.append(
                Problem(file, str(number), erratum.cell.land, quantity, _print(found), f"{_print(expected)} as printed")
            )
        if erratum.corrected is None:
            corrected.pop(erratum.cell, None)
        else:
            corrected[erratum.cell] = erratum.corrected
    if problems:
        raise DataError(problems)
    return corrected


def _print(value: Decimal | None) -> str:
    return "a blank cell" if value is None else str(value)
