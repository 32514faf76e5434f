"""Bad input: every kind of damage to the files of a year ends in one DataError that names what is wrong, and where."""

import codecs
import datetime
import random
import shutil
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, NamedTuple
from unittest.mock import ANY

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from lfa import years
from lfa.errors import DataError, Problem
from lfa.files import DATA, load_yaml
from lfa.identities import zweite_verordnung
from lfa.inputs import read_given, template
from lfa.parameters import parameters
from lfa.results import read_results
from lfa.sources import german, german_number

YEAR = DATA / "2003"
V, E, OPEN, J, R = FILES = ("verordnung.txt", "errata.csv", "open.csv", "jahr.yaml", "ergebnisse.csv")
TEXTS = {name: (YEAR / name).read_text(encoding="utf-8") for name in FILES}
IDENTITIES = {rule.name: rule.text for rule in zweite_verordnung(years.load(2003).parameters)}
LAENDER = "NW BY BW NI HE SN RP ST SH TH BB MV SL BE HH HB"
COLUMNS = "table,line,land,printed,corrected,kind,group,proof"
NUMBER = "a number in German notation"
POSITIVE = "a number that is not negative"
EUROS = "an amount in euro, rounded to 1000 euro"
ITEM = "für, von or an, the name of a Land, a tab, an amount in Euro"
ONE_LINE = "a record of CSV on one line"
UNCLOSED = "a quotation mark that nothing closes"

Change = Callable[[str], str | bytes]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the year's files."""
    return Path(shutil.copytree(YEAR, tmp_path / "2003"))


# --- Damage, as functions on the text of a file -----------------------------------------------------------------------


def row(file: str, start: str, offset: int = 0) -> str:
    """The row of the only line that begins with these words, and so many rows further."""
    rows = [number for number, line in enumerate(TEXTS[file].split("\n"), 1) if line.startswith(start)]
    assert len(rows) == 1, (start, rows)
    return str(rows[0] + offset)


def swap(old: str, new: str) -> Change:
    """The first occurrence of a text replaced."""

    def change(text: str) -> str:
        assert old in text
        return text.replace(old, new, 1)

    return change


def edit(start: str, change: Change) -> Change:
    """The only line that begins with these words changed; nothing in its stead takes it out."""

    def whole(text: str) -> str:
        lines = text.split("\n")
        (index,) = [index for index, line in enumerate(lines) if line.startswith(start)]
        lines[index : index + 1] = str(change(lines[index])).split("\n") if change(lines[index]) else []
        return "\n".join(lines)

    return whole


def within(start: str, old: str, new: str) -> Change:
    return edit(start, swap(old, new))


def without(start: str) -> Change:
    return edit(start, lambda line: "")


def twice(start: str) -> Change:
    return edit(start, lambda line: f"{line}\n{line}")


def both(*changes: Change) -> Change:
    def whole(text: str) -> str:
        for change in changes:
            text = str(change(text))
        return text

    return whole


def cells(start: str, change: Callable[[list[str]], list[str]]) -> Change:
    """The cells of a row of the source changed, its label being the first."""
    return edit(start, lambda line: "\t".join(change(str(line).split("\t"))))


def exchanged(one: int, other: int) -> Callable[[list[str]], list[str]]:
    def change(items: list[str]) -> list[str]:
        items = list(items)
        items[one], items[other] = items[other], items[one]
        return items

    return change


def lines_exchanged(one: str, other: str) -> Change:
    def whole(text: str) -> str:
        lines = text.split("\n")
        first, second = (next(i for i, line in enumerate(lines) if line.startswith(start)) for start in (one, other))
        return "\n".join(exchanged(first, second)(lines))

    return whole


def columns(change: Callable[[list[str]], list[str]], separator: str = ",") -> Change:
    """The fields of every row of a CSV file changed, as far as none of them is quoted."""
    return lambda text: "\n".join(separator.join(change(line.split(","))) for line in text.split("\n") if line)


def header(text: str) -> str:
    return text.split("\n")[0] + "\n"


def breach(land: str, identity: str, off: str = ANY) -> Problem:
    found = f"off by {off} beyond rounding, in the unit of the source" if off is not ANY else ANY
    return Problem(V, "", land, identity, found, IDENTITIES[identity])


class Case(NamedTuple):
    """A file, what happens to it, and what must be told: exactly these problems, or these among other identities."""

    file: str
    change: Change
    problems: tuple[Problem, ...]
    among: bool = False


def case(name: str, file: str, change: Change, *problems: tuple[str, ...] | Problem, among: bool = False) -> Any:
    told = tuple(problem if isinstance(problem, Problem) else Problem(file, *problem) for problem in problems)
    return pytest.param(Case(file, change, told, among), id=name)


def check(folder: Path, expected: Iterable[Problem], among: bool = False) -> None:
    """Reading fails with these problems and nothing else; the message has a line for each."""
    with pytest.raises(DataError) as caught:
        years.read(folder)
    found = [problem._replace(file=Path(problem.file).name) for problem in caught.value.problems]
    assert str(caught.value).split("\n") == [str(problem) for problem in caught.value.problems]
    if among:
        assert [problem for problem in expected if problem not in found] == []
        assert {problem.file for problem in found} <= {V, OPEN}
        assert {problem.quantity for problem in found if problem.file == V} <= set(IDENTITIES)
    else:
        assert found == list(expected)


# --- The ordinance ----------------------------------------------------------------------------------------------------

BAYERN = "für Bayern\t8 203"
HEAD_1 = "Für das Ausgleichsjahr 2003 werden als Länderanteile an"
HEAD_2 = "Für das Ausgleichsjahr 2003 werden als Länderanteile am"
HEAD_3, HEAD_4 = "Für das Ausgleichsjahr 2003 wird der", "Zum Ausgleich der Unterschiede"
BISHER = "Umsatzsteuerverteilung und Länderfinanzausgleich (vgl"
KOPF = "\t".join(["", *LAENDER.split(), "Insgesamt"])
TITEL = "Der Finanzausgleich unter den Ländern für die Zeit vom"
KASSE, GEMEINDEN = "Kassenmäßige Abrechnung des Beitrags", "Zahl der Gemeinden, Einwohnerzahl"
HAMBURG, ANHALT = "HH\t379", "ST\t7.379"

LISTS = [
    case("§ 1: Land missing", V, without(BAYERN),
         (row(V, HEAD_1), "BY", "paragraf_1 laenderanteil", "nothing", "a line for this Land")),
    case("§ 2: Land missing", V, without("für Berlin (West)"),
         (row(V, HEAD_2), "BE", "paragraf_2 fondsanteil", "nothing", "a line for this Land")),
    case("§ 3: Land missing", V, without("an Thüringen\t499"),
         (row(V, HEAD_3), "TH", "paragraf_3 beitrag zuweisung", "nothing", "a line for this Land")),
    case("Begründung: Land missing", V, without("an Sachsen\t6 566"),
         (row(V, BISHER), "SN", "begruendung bisher_ust_lfa", "nothing", "a line for this Land")),
    case("§ 1: Land doubled", V, twice(BAYERN),
         (row(V, BAYERN, 1), "BY", "paragraf_1 laenderanteil", "a second line for this Land", "every Land once")),
    case("§ 3: Land in both lists", V, edit("an Bremen\t346", lambda line: f"{line}\nan Bayern\t1 000 Euro"),
         (row(V, "an Bremen\t346", 1), "BY", "paragraf_3 zuweisung", "a second line for this Land", "every Land once")),
    case("Begründung: Land doubled", V, twice("von dem Saarland\t21"),
         (row(V, "von dem Saarland", 1), "SL", "begruendung bisher_fonds", "a second line for this Land",
          "every Land once")),
    case("§ 1: unknown Land", V, within(BAYERN, "Bayern", "Bajern"),
         (row(V, BAYERN), "", "paragraf_1 laenderanteil", r"'für Bajern\t8 203 010 000 Euro'", ITEM),
         (row(V, HEAD_1), "BY", "paragraf_1 laenderanteil", "nothing", "a line for this Land")),
    case("§ 2: a Land without a share", V, within("für Hessen\t217", "Hessen", "Sachsen"),
         (row(V, "für Hessen\t217"), "SN", "paragraf_2 fondsanteil", "a line for this Land",
          "only NW BY BW NI HE RP SH SL BE HH HB"),
         (row(V, HEAD_2), "HE", "paragraf_2 fondsanteil", "nothing", "a line for this Land")),
    case("§ 1: letters in a number", V, within(BAYERN, "8 203 010 000", "acht Milliarden"),
         (row(V, BAYERN), "BY", "paragraf_1 laenderanteil", "'acht Milliarden'", NUMBER)),
    case("§ 1: English thousands", V, within(BAYERN, "8 203 010 000", "8,203,010,000"),
         (row(V, BAYERN), "BY", "paragraf_1 laenderanteil", "'8,203,010,000'", NUMBER)),
    case("§ 1: two signs between thousands", V, within(BAYERN, "8 203 010", "8 203.010"),
         (row(V, BAYERN), "BY", "paragraf_1 laenderanteil", "'8 203.010 000'", NUMBER)),
    case("§ 1: non-breaking spaces in a number", V, within(BAYERN, "8 203 010 000", "8\xa0203\xa0010\xa0000"),
         (row(V, BAYERN), "BY", "paragraf_1 laenderanteil", r"'8\xa0203\xa0010\xa0000'", NUMBER)),
    case("§ 1: number empty", V, within(BAYERN, "8 203 010 000", ""),
         (row(V, BAYERN), "BY", "paragraf_1 laenderanteil", "' Euro'", "an amount in Euro")),
    case("§ 1: 1000 euro for euro", V, within(BAYERN, "8 203 010 000", "8 203 010"),
         (row(V, BAYERN), "BY", "paragraf_1 laenderanteil", "8 203 010", EUROS)),
    case("§ 3: 1000 euro for euro", V, within("von Hamburg\t655", "655 979 000", "655 979"),
         (row(V, "von Hamburg\t655"), "HH", "paragraf_3 beitrag", "655 979", EUROS)),
    case("Begründung: volume in 1000 euro", V, swap("auf insgesamt 6 609 802 000", "auf insgesamt 6 609 802"),
         (row(V, "Die Berechnung des Finanzausgleichs"), "INSGESAMT", "begruendung volumen", "6 609 802", EUROS)),
    case("§ 2: 1000 euro for euro breaks an identity", V, within("für Hamburg\t71 ", "71 240 704", "71 241"),
         breach("HH", "paragraf_2_anlage_3", "71,169,463"), breach("HH", "paragraf_4", "71,169,463"),
         breach("INSGESAMT", "fonds_summe"), among=True),
    case("§ 1: unknown unit", V, within(BAYERN, "Euro", "TEUR"),
         (row(V, BAYERN), "BY", "paragraf_1 laenderanteil", "'8 203 010 000 TEUR'", "an amount in Euro")),
    case("§ 1: unit in thousands", V, within(BAYERN, "Euro", "Tsd. Euro"),
         (row(V, BAYERN), "BY", "paragraf_1 laenderanteil", "'8 203 010 000 Tsd.'", NUMBER)),
    case("§ 1: too large by a thousand", V, within(BAYERN, "000 Euro", "000 000 Euro"),
         (row(V, BAYERN), "BY", "paragraf_1 laenderanteil", "8 203 010 000 000", "a figure below 1.000.000.000.000")),
    case("§ 1: tab missing", V, within(BAYERN, "\t", " "),
         (row(V, BAYERN), "", "paragraf_1 laenderanteil", "'für Bayern 8 203 010 000 Euro'",
          "a tab between the Land and its amount"),
         (row(V, HEAD_1), "BY", "paragraf_1 laenderanteil", "nothing", "a line for this Land")),
    case("§ 4: two tabs", V, within("an Berlin\t2 198", "\t", "\t\t"),
         (row(V, "an Berlin\t2 198"), "", "paragraf_4 zahlung", r"'an Berlin\t\t2 198 000 Euro'", ITEM),
         (row(V, HEAD_4), "BE", "paragraf_4 ueberweisung zahlung", "nothing", "a line for this Land")),
    case("§ 3: negative amount", V, within("von Hamburg\t655", "655", "-655"),
         (row(V, "von Hamburg\t655"), "HH", "paragraf_3 beitrag", "-655 979 000", POSITIVE)),
    case("§ 1: heading missing", V, without(HEAD_1),
         ("", "", "heading", "no such line",
          "one line with: werden als Länderanteile an der Umsatzsteuer festgestellt:")),
    case("§ 4: heading missing", V, without(HEAD_4),
         ("", "", "heading", "no such line", "one line with: mit dem Inkrafttreten dieser Verordnung fällig:")),
    case("§ 1: heading twice", V, twice(HEAD_1),
         (row(V, HEAD_1, 1), "", "heading", "a second such line",
          "one line with: werden als Länderanteile an der Umsatzsteuer festgestellt:")),
    case("§ 3: second list without its heading", V, without("2. Endgültige Ausgleichszuweisungen"),
         (row(V, HEAD_3), "", "paragraf_3 zuweisung", "no list of its own", "a second heading, with “2. ”")),
    case("Vorblatt: amount missing", V, swap("Diese Abschlusszahlungen für 2003 belaufen", "Sie belaufen"),
         ("", "", "heading", "no such line",
          "one line with: Diese Abschlusszahlungen für … belaufen sich auf … Euro")),
    case("Begründung: amount with a decimal point", V, swap("1 073 712 950,51", "1 073 712 950.51"),
         (row(V, "Nach § 1 Abs. 2 des Gesetzes erhält"), "INSGESAMT", "begruendung fonds_zuzueglich",
          "'1 073 712 950.51'", NUMBER)),
    case("Begründung: inhabitants of Berlin with letters", V, swap("2.105.136 (West", "2.1O5.136 (West"),
         (row(V, "zugrundegelegte Einwohner"), "INSGESAMT", "anlage3 einwohner_berlin_west", "'2.1O5.136'", NUMBER)),
]  # fmt: skip

ANLAGEN = [
    case("Zeile missing", V, without("60 Finanz"),
         (row(V, "59 Steuern"), "", "anlage1 60", "nothing", "Zeile 60 below this row")),
    case("Zeile doubled", V, twice("60 Finanz"),
         (row(V, "60 Finanz", 1), "", "anlage1 60", "the Zeile twice",
          f"every Zeile once; the first is row {row(V, '60 Finanz')}")),
    case("unknown Zeile", V, edit("126 Bei", lambda line: f"{line}\n{str(line).replace('126', '127', 1)}"),
         (row(V, "126 Bei", 1), "", "anlage1 127", "an unknown Zeile", "Zeilen 39 to 126")),
    case("letter in the number of a Zeile", V, within("60 Finanz", "60", "6O"),
         (row(V, "60 Finanz"), "", "anlage1 heading", "figures behind '6O Finanzkraftmaßzahl'",
          "a Zeile, 39 to 126, or no figures"),
         (row(V, "59 Steuern"), "", "anlage1 60", "nothing", "Zeile 60 below this row")),
    case("figures in a heading", V, within("Gemeindesteuern\t", "\t", "\t5"),
         (row(V, "Gemeindesteuern\t"), "", "anlage1 heading", "figures behind 'Gemeindesteuern'",
          "a Zeile, 39 to 126, or no figures")),
    case("a cell too many", V, within("60 Finanz", "\t", "\t\t"),
         (row(V, "60 Finanz"), "", "anlage1 60", "18 cells", "17 cells")),
    case("a cell too few", V, within("60 Finanz", "\t39.787.040", ""),
         (row(V, "60 Finanz"), "", "anlage1 60", "16 cells", "17 cells")),
    case("two columns exchanged in the heading", V, swap("\tNW\tBY", "\tBY\tNW"),
         (row(V, "39 För", -1), "NW", "anlage1 heading, column 1", "'BY'", "NW"),
         (row(V, "39 För", -1), "BY", "anlage1 heading, column 2", "'NW'", "BY")),
    case("unknown Land in the heading", V, swap("\tNW\tBY", "\tNW\tBX"),
         (row(V, "39 För", -1), "BY", "anlage1 heading, column 2", "'BX'", "BY")),
    case("Land missing in the heading", V, swap("\tNW\tBY", "\tNW"),
         (row(V, "39 För", -1), "", "anlage1 heading", "16 columns", "17 columns")),
    case("Anlage 1: no heading", V, swap(KOPF + "\nGarantie", "Garantie"),
         (row(V, "Garantieklauseln", -1), "", "anlage1 heading", "no heading above this row", ANY)),
    case("Anlage 1: no title", V, lambda text: text.replace(TITEL, "Der Ausgleich"),
         ("", "", "heading", "no such line", f"a line with: {TITEL}")),
    case("letter O for a nought", V, within("60 Finanz", "39.787.040", "39.787.O40"),
         (row(V, "60 Finanz"), "NW", "anlage1 60", "'39.787.O40'", NUMBER)),
    case("broken groups of thousands", V, within("41 Steuern", "33.531.100", "33.531.10"),
         (row(V, "41 Steuern"), "NW", "anlage1 41", "'33.531.10'", NUMBER)),
    case("decimal point for a comma", V, within("81 je Einwohner", "1,8523", "1.8523"),
         (row(V, "81 je Einwohner"), "NW", "anlage1 81", "'1.8523'", NUMBER)),
    case("decimal point that reads as thousands", V, within("94 in vH", "100,1", "100.100"),
         breach("NW", "zeile_94", ANY)),
    case("euro for 1000 euro", V, within("41 Steuern", "33.531.100", "33.531.100.000"),
         (row(V, "41 Steuern"), "NW", "anlage1 41", "33.531.100.000", "a figure below 1.000.000.000")),
    case("million euro for 1000 euro", V, within("41 Steuern", "33.531.100", "33.531"),
         breach("INSGESAMT", "summe_41"), breach("NW", "zeile_58_wie_41", "33,497,569"), breach("NW", "zeile_80"),
         among=True),
    case("a figure off by one digit", V, within("60 Finanz", "39.787.040", "39.787.140"),
         breach("INSGESAMT", "summe_60"), breach("NW", "zeile_60"), breach("NW", "zeile_64"),
         among=True),
    case("broken total", V, within("57 Steuern", "26.600.904", "26.600.940"),
         breach("INSGESAMT", "summe_57"), breach("INSGESAMT", "zeile_59_wie_57", "36"), among=True),
    case("sign changed", V, within("126 Bei", "-49.555", "49.555"),
         breach("NW", "paragraf_3_anlage_1", "99,110,000"), breach("INSGESAMT", "summe_126"),
         breach("NW", "zeile_126"), among=True),
    case("Einwohner: negative population", V, within("Einwohner der Gemeinden", "13.694 ", "-13.694 "),
         (row(V, "Einwohner der Gemeinden"), "NW", "einwohner einwohner_bis_5", "-13.694", POSITIVE)),
    case("Einwohner: half an inhabitant", V, within("Einwohner der Gemeinden", "13.694 ", "13.694,5 "),
         (row(V, "Einwohner der Gemeinden"), "NW", "einwohner einwohner_bis_5", "13.694,5", "a whole number")),
    case("Einwohner: more than live in Germany", V, swap("Zusammen\t18.073", "Zusammen\t518.073"),
         (row(V, "Einwohner der Gemeinden", 1), "NW", "einwohner einwohner_zusammen", "518.073.296",
          "a figure below 100.000.000")),
    case("Einwohner: text in a number", V, within("Einwohner der Gemeinden", "13.694 ", "13.694(1) "),
         (row(V, "Einwohner der Gemeinden"), "NW", "einwohner einwohner_bis_5", "'13.694(1)'", NUMBER)),
    case("Einwohner: too many figures in a cell", V, within("Zahl der Gemeinden nach", "\t3 177", "\t1 2 3 177"),
         (row(V, "Zahl der Gemeinden nach"), "NW", "einwohner gemeinden_bis_5", "7 figures", "at most 6 figures")),
    case("Einwohner: a column too many", V, within("Gewertete Einwohnerzahl in", "\t", "\t\t"),
         (row(V, "Gewertete Einwohnerzahl in"), "", "einwohner gewertete_einwohner", "19 cells", "18 cells")),
    case("Einwohner: row missing", V, without("Einwohnerwertung nach"),
         (row(V, "Einwohnerwertung nach"), "", "einwohner rows", "'Zusammen'", "a row Einwohnerwertung …")),
    case("Einwohner: last row missing", V, without("Gewertete Einwohnerzahl in"),
         (row(V, "Zuslag"), "", "einwohner rows", "no further row", "a row Gewertete Einwohnerzahl …")),
    case("Einwohner: label unknown", V, within("Einwohnerschichtung", "Einwohner", "Bürger"),
         (row(V, "Einwohnerschichtung"), "", "einwohner rows", ANY, "a row Einwohnerschichtung …")),
    case("Einwohner: broken sum", V, swap("82.517.958", "82.517.985"),
         breach("INSGESAMT", "teile_einwohner_zusammen", "27"), breach("INSGESAMT", "summe_einwohner_zusammen", "27"),
         breach("INSGESAMT", "einwohner_schicht", "27"), among=True),
    case("Einwohner: title missing", V, without(GEMEINDEN),
         ("", "", "heading", "no such line", f"one line with: {GEMEINDEN}")),
    case("Realsteuerkraft: column missing", V, cells(ANHALT, lambda row: row[:8] + row[9:]),
         (row(V, ANHALT), "ST", "realsteuerkraft", "13 figures", "14 figures")),
    case("Realsteuerkraft: row missing", V, without(HAMBURG),
         (row(V, HAMBURG), "HH", "realsteuerkraft rows", "'HB'", "a row HH …")),
    case("Realsteuerkraft: rows in another order", V, lines_exchanged("SL\t537", "BE\t57"),
         (row(V, "SL\t537"), "SL", "realsteuerkraft rows", "'BE'", "a row SL …"),
         (row(V, "BE\t57"), "BE", "realsteuerkraft rows", "'SL'", "a row BE …")),
    case("Realsteuerkraft: heading missing", V, without("\tGrundsteuer A"),
         (row(V, "NW\t16.772", -1), "", "realsteuerkraft rows", "'NW'", "a heading")),
    case("Realsteuerkraft: negative", V, within(HAMBURG, "379", "-379"),
         (row(V, HAMBURG), "HH", "realsteuerkraft grundsteuer_a_grundbetraege", "-379", POSITIVE)),
    case("Realsteuerkraft: title missing", V, without("Realsteuerkraft der Länder im"),
         ("", "", "heading", "no such line", "one line with: Realsteuerkraft der Länder im")),
    case("Anlage 3: row missing", V, without("SL\t17.337.698"),
         (row(V, "SL\t17.337.698"), "SL", "anlage3 rows", "'BE'", "a row SL …")),
    case("Anlage 3: a column too many", V, cells("SL\t17.337.698", lambda row: [*row[:5], "1", *row[5:]]),
         (row(V, "SL\t17.337.698"), "SL", "anlage3", "11 figures", "10 figures")),
    case("Anlage 3: a figure beyond the last column", V,
         cells("SL\t17.337.698", lambda row: [*row[:11], "1", *row[12:]]),
         (row(V, "SL\t17.337.698"), "SL", "anlage3", "more figures", "10 figures")),
    case("Anlage 3: title twice", V, twice(KASSE),
         (row(V, KASSE, 1), "", "heading", "a second such line", f"one line with: {KASSE}")),
]  # fmt: skip

# --- Errata, open findings, the year itself ---------------------------------------------------------------------------

BW43 = "anlage1,43,BW"
B43 = "anlage1 43"

ERRATA = [
    case("errata: column missing", E, columns(lambda row: row[:5] + row[6:]),
         ("1", "", "kind", "no such column", COLUMNS)),
    case("errata: column too many", E, swap(COLUMNS, COLUMNS + ",note"),
         ("1", "", "note", "an unknown column", COLUMNS)),
    case("errata: column called otherwise", E, swap("printed", "gedruckt"),
         ("1", "", "printed", "no such column", COLUMNS), ("1", "", "gedruckt", "an unknown column", COLUMNS)),
    case("errata: columns in another order", E, columns(exchanged(0, 1)),
         ("1", "", "heading", "line,table,land,printed,corrected,kind,group,proof", COLUMNS)),
    case("errata: a column twice", E, swap("kind,group", "kind,kind"),
         ("1", "", "group", "no such column", COLUMNS)),
    case("errata: semicolons", E, lambda text: text.replace(",", ";"),
         ("1", "", "heading", COLUMNS.replace(",", ";"), COLUMNS)),
    case("errata: no heading", E, lambda text: text.partition("\n")[2],
         ("1", "", "heading", ANY, COLUMNS)),
    case("errata: a field too few", E, within(BW43, ",digit", ""),
         (row(E, BW43), "", "", "7 fields", "8 fields between commas")),
    case("errata: a row with semicolons", E, edit(BW43, lambda line: str(line).replace(",", ";")),
         (row(E, BW43), "", "", "1 field", "8 fields between commas")),
    case("errata: an empty line", E, edit(BW43, lambda line: f"{line}\n\n"),
         (row(E, BW43, 1), "", "", "an empty line", "8 fields between commas"),
         (row(E, BW43, 2), "", "", "an empty line", "8 fields between commas")),
    case("errata: unknown Land", E, within(BW43, "BW", "XX"),
         (row(E, BW43), "", f"{B43} land", "'XX'", f"one of {LAENDER} INSGESAMT")),
    case("errata: unknown table", E, within(BW43, "anlage1", "anlage9"),
         (row(E, BW43), "BW", "anlage9 43 table", "'anlage9'", ANY)),
    case("errata: unknown line", E, within(BW43, "43", "430"),
         (row(E, BW43), "BW", "anlage1 430", "an unknown line", "a line of anlage1")),
    case("errata: unknown kind", E, within(BW43, "digit", "typo"),
         (row(E, BW43), "BW", f"{B43} kind", "'typo'", "one of digit sign dropped spurious shifted label")),
    case("errata: print other than the source's", E, within(BW43, "396.382", "396.832"),
         (row(E, BW43), "BW", B43, "printed: 396.832", "396.382, as the source prints it")),
    case("errata: print of a blank cell", E, within("anlage1,67,HE", ",,132032", ",1.000,132032"),
         (row(E, "anlage1,67,HE"), "HE", "anlage1 67", "printed: 1.000", "a blank cell, as the source prints it")),
    case("errata: print forgotten", E, within(BW43, "396.382", ""),
         (row(E, BW43), "BW", B43, "printed: a blank cell", "396.382, as the source prints it")),
    case("errata: correction equal to the print", E, within(BW43, "386382", "396382"),
         (row(E, BW43), "BW", B43, "no change", "a correction that differs from the print")),
    case("errata: nothing printed and nothing corrected", E, within("anlage1,67,HE", "132032", ""),
         (row(E, "anlage1,67,HE"), "HE", "anlage1 67", "no change", "a correction that differs from the print")),
    case("errata: cell twice", E, twice(BW43),
         (row(E, BW43, 1), "BW", B43, "a second row for this cell", f"every cell once; the first is {row(E, BW43)}")),
    case("errata: corrected with a decimal comma", E, within("anlage1,81,HE", "1.8685", '"1,8685"'),
         (row(E, "anlage1,81,HE"), "HE", "anlage1 81 corrected", "'1,8685'",
          "a plain decimal, such as 1275946 or 1.8523, or nothing")),
    case("errata: printed with a decimal point", E, within("anlage1,81,HE", '"1,8885"', "1.8885"),
         (row(E, "anlage1,81,HE"), "HE", "anlage1 81 printed", "'1.8885'",
          "a figure as printed, such as 1.275.946 or 1,8523, or nothing")),
    case("errata: corrected in euro", E, within(BW43, "386382", "386382000000"),
         (row(E, BW43), "BW", B43, "corrected 386382000000", "a figure below 1.000.000.000")),
    case("errata: group of two digits", E, within(BW43, ",003,", ",03,"),
         (row(E, BW43), "BW", f"{B43} group", "'03'", "a number of three digits")),
    case("errata: unknown identity in a proof", E, within(BW43, "zeile_51", "zeile_511"),
         (row(E, BW43), "BW", f"{B43} proof", "zeile_511", "names of identities")),
    case("errata: no proof", E, within(BW43, "summe_43 zeile_51", ""),
         (row(E, BW43), "BW", f"{B43} proof", "nothing", "names of identities, with a space between")),
    case("errata: quotation mark not closed", E, within(BW43, "396.382", '"396.382'),
         (row(E, BW43), "", "", UNCLOSED, ONE_LINE)),
    case("errata: line break in a field", E, within(BW43, "digit", '"di\ngit"'),
         (row(E, BW43), "", "", "a field with a line break, or a quotation mark that nothing closes", ONE_LINE)),
    case("errata: text behind a quotation mark", E, within("anlage1,81,HE", '"1,8885"', '"1,8885"x'),
         (row(E, "anlage1,81,HE"), "", "", """',' expected after '"'""", ONE_LINE)),
    case("errata: an erratum taken out", E, without(BW43),
         breach("INSGESAMT", "summe_43"), breach("BW", "zeile_51")),
    case("errata: another correction", E, within(BW43, "386382", "386328"),
         breach("INSGESAMT", "summe_43"), breach("BW", "zeile_51"), among=True),
    case("errata: heading only", E, header,
         breach("INSGESAMT", "summe_43"), breach("BW", "zeile_51"), among=True),
]  # fmt: skip

FINDING = "anlage1,126,BB"

FINDINGS = [
    case("open: column missing", OPEN, swap("identity,", ""),
         ("1", "", "identity", "no such column", "table,line,land,identity,finding")),
    case("open: unknown column", OPEN, swap("finding", "note"),
         ("1", "", "finding", "no such column", "table,line,land,identity,finding"),
         ("1", "", "note", "an unknown column", "table,line,land,identity,finding")),
    case("open: blank cell named", OPEN, within(FINDING, "126,BB", "123,BB"),
         (row(OPEN, FINDING), "BB", "anlage1 123", "a blank cell", "a printed figure")),
    case("open: short finding", OPEN, lambda text: header(text) + "anlage1,126,BB,zeile_126_empfaenger,offen\n",
         ("2", "BB", "anlage1 126 finding", "'offen'", "a text of at least 20 characters")),
    case("open: unknown Land", OPEN, within(FINDING, "BB", "Bb"),
         (row(OPEN, FINDING), "", "anlage1 126 land", "'Bb'", f"one of {LAENDER} INSGESAMT")),
    case("open: unknown identity", OPEN, within(FINDING, "zeile_126_empfaenger", "zeile_126_geber"),
         (row(OPEN, FINDING), "BB", "anlage1 126", "identity zeile_126_geber", "the name of an identity, or nothing")),
    case("open: a finding twice", OPEN, twice(FINDING),
         (row(OPEN, FINDING, 1), "BB", "anlage1 126", "the same finding again",
          f"every finding once; the first is row {row(OPEN, FINDING)}")),
    case("open: identity that holds", OPEN,
         edit(FINDING, lambda line: f"{line}\n{str(line).replace('_empfaenger', '')}"),
         (row(OPEN, FINDING, 1), "BB", "anlage1 126", "identity zeile_126, which holds",
          "an identity that fails for this Land")),
    case("open: a finding taken out", OPEN, without(FINDING),
         breach("BB", "zeile_126_empfaenger", "1")),
    case("open: heading only", OPEN, header,
         breach("BB", "zeile_126_empfaenger", "1")),
]  # fmt: skip

KEYS = "one of jahr law status kind source document stages missing notes"
NO_TEXT = "which is no text without quotes"

JAHR = [
    case("jahr: not YAML", J, swap("law: fag1993", "law: [fag1993"),
         (row(J, "status"), "", "", ANY, "valid YAML")),
    case("jahr: a list", J, lambda text: "- jahr: 2003\n- law: fag1993\n",
         ("", "", "", "a list of 2", "keys with values, such as jahr: 2003")),
    case("jahr: comments only", J, lambda text: "# jahr: 2003\n",
         ("", "", "", "nothing", "keys with values, such as jahr: 2003")),
    case("jahr: key missing", J, without("law"), ("", "", "law", "nothing", "the key law")),
    case("jahr: two keys missing", J, both(without("law"), without("kind")),
         ("", "", "law", "nothing", "the key law"), ("", "", "kind", "nothing", "the key kind")),
    case("jahr: unknown key", J, swap("status:", "stand:"),
         ("", "", "status", "nothing", "the key status"), (row(J, "status"), "", "stand", "an unknown key", KEYS)),
    case("jahr: key twice", J, twice("law"), (row(J, "law", 1), "", "", "the key 'law' twice", "valid YAML")),
    case("jahr: another year than the folder's", J, swap("jahr: 2003", "jahr: 2004"),
         (row(J, "jahr"), "", "jahr", "2004", "2003, as the folder is called")),
    case("jahr: year before the law", J, swap("jahr: 2003", "jahr: 1903"),
         (row(J, "jahr"), "", "jahr", "1903", "a year from 1995, as a plain number")),
    case("jahr: year as a text", J, swap("jahr: 2003", 'jahr: "2003"'),
         (row(J, "jahr"), "", "jahr", "'2003'", "a year from 1995, as a plain number")),
    case("jahr: year with decimals", J, swap("jahr: 2003", "jahr: 2003.0"),
         (row(J, "jahr"), "", "jahr", "2003.0", "2003, as the folder is called")),
    case("jahr: a truth value for the year", J, swap("jahr: 2003", "jahr: yes"),
         (row(J, "jahr"), "", "jahr", "the truth value true", "a year from 1995, as a plain number")),
    case("jahr: a truth value for a stage", J, swap("[quelle", "[no, quelle"),
         (row(J, "stages"), "", "stages", "the truth value false", ANY)),
    case("jahr: a truth value for a key", J, swap("status:", "on:"),
         (row(J, "status"), "", "", f"the key 'on', {NO_TEXT}", "valid YAML")),
    case("jahr: a number for a key", J, swap("bez:", "2003:"),
         (row(J, "missing", 1), "", "", f"the key '2003', {NO_TEXT}", "valid YAML")),
    case("jahr: unknown law", J, swap("fag1993", "fag1969"),
         (row(J, "law"), "", "law", "'fag1969'", ANY)),
    case("jahr: unknown status", J, swap("endgueltig", "sicher"),
         (row(J, "status"), "", "status", "'sicher'", "one of endgueltig vorlaeufig gemischt")),
    case("jahr: unknown stage", J, swap("tarif", "tariff"),
         (row(J, "stages"), "", "stages", "'tariff'", ANY)),
    case("jahr: stage twice", J, swap("tarif", "tarif, tarif"),
         (row(J, "stages"), "", "stages", "'tarif' twice", "every entry once")),
    case("jahr: no stage", J, edit("stages", lambda line: "stages: []"),
         (row(J, "stages"), "", "stages", "a list of 0", "at least one entry")),
    case("jahr: unknown stage missing", J, swap("bez:", "bezz:"),
         (row(J, "missing"), "", "missing", "'bezz'", ANY)),
    case("jahr: unknown source", J, swap("verordnung-2003", "verordnung-2033"),
         (row(J, "source"), "", "source", "'verordnung-2033'", ANY)),
    case("jahr: no source", J, swap("source: verordnung-2003", "source:"),
         (row(J, "source"), "", "source", "nothing", "an id of sources.yaml")),
    case("jahr: document that does not exist", J, swap("verordnung.txt", "verordnnug.txt"),
         (row(J, "document"), "", "document", "'verordnnug.txt'", "a file beside this one")),
    case("jahr: document outside the folder", J, swap("verordnung.txt", "../verordnung.txt"),
         (row(J, "document"), "", "document", "'../verordnung.txt'", "the name of a file beside this one")),
    case("jahr: the folder above as document", J, swap("verordnung.txt", ".."),
         (row(J, "document"), "", "document", "'..'", "the name of a file beside this one")),
    case("jahr: a tab", J, swap("missing:\n  bez", "missing:\n\tbez"),
         (row(J, "missing", 1), "", "", r"found character '\t' that cannot start any token", "valid YAML")),
    case("jahr: two documents", J, lambda text: f"{text}---\n{text}",
         (str(len(TEXTS[J].split("\n"))), "", "", "but found another document", "valid YAML")),
    case("jahr: an alias", J, both(swap("[quelle", "[&a [quelle]"), swap("tarif", "*a")),
         (row(J, "stages"), "", "", "the alias *a", "valid YAML")),
    case("jahr: a tag that does not fit", J, swap("jahr: 2003", "jahr: !!int MMIII"),
         ("", "", "", ANY, "valid YAML")),
    case("jahr: a number that is none", J, swap("jahr: 2003", "jahr: 0x_"),
         ("", "", "", ANY, "valid YAML")),
    case("jahr: an unknown tag", J, swap("jahr: 2003", "jahr: !year 2003"),
         (row(J, "jahr"), "", "", "could not determine a constructor for the tag '!year'", "valid YAML")),
    case("jahr: lists without end", J, lambda text: "a: " + 5000 * "[",
         ("", "", "", "lists within lists without end", "valid YAML")),
]  # fmt: skip

# --- Published results ------------------------------------------------------------------------------------------------

NW50 = "ausgleich,NW,-50,Mio EUR"
RESULT_COLUMNS = "quantity,land,value,unit,status,kind,source"
BEYOND = (
    "a line of the law by Land, or ausgleichsbeitrag ausgleichszuweisung abschlusszahlung umsatzsteuer_vorwegausgleich"
)
DECIMAL = "a plain decimal such as 1234.5"
LAST = str(TEXTS[R].count("\n") + 1)


def result(start: str) -> Change:
    """One more row at the end, of the same source."""
    return lambda text: f"{text}{start},gemischt,secondary,finanzvolumen-wikipedia\n"


RESULTS = [
    case("results: unknown quantity", R, within(NW50, "ausgleich", "ausgleihc"),
         (row(R, NW50), "NW", "ausgleihc", "ausgleihc", BEYOND)),
    case("results: quantity of another law", R, result("allgemeine_bez,NW,50,Mio EUR"),
         (LAST, "NW", "allgemeine_bez", "allgemeine_bez", BEYOND)),
    case("results: quantity with a capital letter", R, within(NW50, "ausgleich", "Ausgleich"),
         (row(R, NW50), "NW", "quantity", "'Ausgleich'", "a name in a-z, 0-9 and _")),
    case("results: a figure of the Federation", R, result("umsatzsteuer_laenderanteil,NW,50,Mio EUR"),
         (LAST, "NW", "umsatzsteuer_laenderanteil", "umsatzsteuer_laenderanteil", BEYOND)),
    case("results: inhabitants for money", R, within(NW50, "Mio EUR", "Einwohner"),
         (row(R, NW50), "NW", "ausgleich", "Einwohner", "an amount of money")),
    case("results: money for inhabitants", R, result("einwohner,NW,50,EUR"),
         (LAST, "NW", "einwohner", "EUR", "Einwohner")),
    case("results: unknown unit", R, within(NW50, "Mio EUR", "TEUR"),
         (row(R, NW50), "NW", "unit", "'TEUR'", "one of EUR 1000 EUR Mio EUR DM 1000 DM Einwohner")),
    case("results: unknown source", R, within(NW50, "finanzvolumen-wikipedia", "finanzvolumen"),
         (row(R, NW50), "NW", "ausgleich", "source finanzvolumen", "a source of sources.yaml with a precedence")),
    case("results: source without precedence", R, within(NW50, "finanzvolumen-wikipedia", "verordnung-2003"),
         (row(R, NW50), "NW", "ausgleich", "source verordnung-2003", "a source of sources.yaml with a precedence")),
    case("results: negative Beitrag", R, result("ausgleichsbeitrag,NW,-50,Mio EUR"),
         (LAST, "NW", "ausgleichsbeitrag", "-50", "an amount without minus")),
    case("results: negative share", R, result("umsatzsteueranteil,NW,-0.01,EUR"),
         (LAST, "NW", "umsatzsteueranteil", "-0.01", "an amount without minus")),
    case("results: negative inhabitants", R, result("einwohner,NW,-1,Einwohner"),
         (LAST, "NW", "einwohner", "-1", "an amount without minus")),
    case("results: value twice", R, twice(NW50),
         (row(R, NW50, 1), "NW", "ausgleich", "the same value again",
          f"every value of a source once; the first is row {row(R, NW50)}")),
    case("results: another value of the same source", R, result("ausgleich,NW,-51,Mio EUR"),
         (LAST, "NW", "ausgleich", "the same value again",
          f"every value of a source once; the first is row {row(R, NW50)}")),
    case("results: decimal comma", R, within(NW50, "-50", '"-50,5"'),
         (row(R, NW50), "NW", "value", "'-50,5'", DECIMAL)),
    case("results: decimal comma without quotation marks", R, within(NW50, "-50", "-50,5"),
         (row(R, NW50), "", "", "8 fields", "7 fields between commas")),
    case("results: German thousands", R, within(NW50, "-50", "-1.050.000"),
         (row(R, NW50), "NW", "value", "'-1.050.000'", DECIMAL)),
    case("results: exponent", R, within(NW50, "-50", "-5e1"), (row(R, NW50), "NW", "value", "'-5e1'", DECIMAL)),
    case("results: typographic minus", R, within(NW50, "-50", "−50"), (row(R, NW50), "NW", "value", "'−50'", DECIMAL)),
    case("results: plus", R, within(NW50, "-50", "+50"), (row(R, NW50), "NW", "value", "'+50'", DECIMAL)),
    case("results: space behind a value", R, within(NW50, "-50", "-50 "),
         (row(R, NW50), "NW", "value", "'-50 '", DECIMAL)),
    case("results: no value", R, within(NW50, "-50", ""), (row(R, NW50), "NW", "value", "nothing", DECIMAL)),
    case("results: unknown Land", R, within(NW50, "NW", "XX"),
         (row(R, NW50), "", "land", "'XX'", f"one of {LAENDER}")),
    case("results: INSGESAMT", R, within(NW50, "NW", "INSGESAMT"),
         (row(R, NW50), "", "land", "'INSGESAMT'", f"one of {LAENDER}")),
    case("results: unknown status", R, within(NW50, "gemischt", "sicher"),
         (row(R, NW50), "NW", "status", "'sicher'", "one of endgueltig vorlaeufig gemischt")),
    case("results: unknown kind", R, within(NW50, "secondary", "wikipedia"),
         (row(R, NW50), "NW", "kind", "'wikipedia'", "one of official secondary derived")),
    case("results: column missing", R, columns(lambda row: row[:2] + row[3:]),
         ("1", "", "value", "no such column", RESULT_COLUMNS)),
    case("results: column too many", R, swap(RESULT_COLUMNS, RESULT_COLUMNS + ",note"),
         ("1", "", "note", "an unknown column", RESULT_COLUMNS)),
    case("results: columns in another order", R, columns(exchanged(0, 1)),
         ("1", "", "heading", "land,quantity,value,unit,status,kind,source", RESULT_COLUMNS)),
    case("results: semicolons", R, lambda text: text.replace(",", ";"),
         ("1", "", "heading", RESULT_COLUMNS.replace(",", ";"), RESULT_COLUMNS)),
    case("results: an empty line", R, edit(NW50, lambda line: f"{line}\n"),
         (row(R, NW50, 1), "", "", "an empty line", "7 fields between commas")),
    case("results: all defects of a row and of the others at once", R,
         both(within(NW50, "ausgleich,NW,-50,Mio EUR", "abschlag,NW,-50,Einwohner"), twice("ausgleich,BY")),
         (row(R, NW50), "NW", "abschlag", "abschlag", BEYOND),
         (row(R, NW50), "NW", "abschlag", "Einwohner", "an amount of money"),
         (row(R, NW50), "NW", "abschlag", "-50", "an amount without minus"),
         (row(R, "ausgleich,BY", 1), "BY", "ausgleich", "the same value again",
          f"every value of a source once; the first is row {row(R, 'ausgleich,BY')}")),
    case("results: heading only", R, header, ("", "", "", "a list of 0", "at least one entry")),
    case("results: a percentage as money", R, result("gewertete_einwohner_in_vh,NW,100,EUR"),
         (LAST, "NW", "gewertete_einwohner_in_vh", ANY, ANY)),
    case("results: weighted inhabitants as money", R, result("gewertete_einwohner_laendersteuern,NW,100,EUR"),
         (LAST, "NW", "gewertete_einwohner_laendersteuern", "EUR", "Einwohner")),
    case("results: half an inhabitant", R, result("einwohner,NW,100.5,Einwohner"),
         (LAST, "NW", "einwohner", "100.5", ANY)),
    case("results: nobody", R, result("einwohner,NW,0,Einwohner"), (LAST, "NW", "einwohner", "0", ANY)),
]  # fmt: skip

CASES = [*LISTS, *ANLAGEN, *ERRATA, *FINDINGS, *JAHR, *RESULTS]


@pytest.mark.parametrize("damage", CASES)
def test_damage_is_told_in_full(folder: Path, damage: Case) -> None:
    changed = damage.change(TEXTS[damage.file])
    assert changed != TEXTS[damage.file]
    (folder / damage.file).write_text(str(changed), encoding="utf-8", newline="\n")
    check(folder, damage.problems, damage.among)


# --- Whole files ------------------------------------------------------------------------------------------------------

UTF8, UTF16 = "text in UTF-8", "text in UTF-16"
WHOLE = [
    pytest.param(lambda text: b"", Problem("", found="an empty file", expected="data"), id="empty"),
    pytest.param(lambda text: b" \n\t\n", Problem("", found="an empty file", expected="data"), id="white space only"),
    pytest.param(lambda text: codecs.BOM_UTF8 + text.encode(),
                 Problem("", "1", found="a byte order mark", expected="text in UTF-8 without one"), id="BOM"),
    pytest.param(lambda text: text.encode("utf-16"), Problem("", "1", found=UTF16, expected=UTF8), id="UTF-16"),
    pytest.param(lambda text: text.encode("utf-16-le"), Problem("", "1", found=UTF16, expected=UTF8), id="UTF-16LE"),
    pytest.param(lambda text: text.encode("utf-16-be"), Problem("", "1", found=UTF16, expected=UTF8), id="UTF-16BE"),
    pytest.param(lambda text: f"{text}ä".encode("latin-1", "replace"),
                 Problem("", ANY, found=ANY, expected=UTF8), id="Latin-1"),
    pytest.param(lambda text: text.replace("\n", "\n\0\n", 1).encode(),
                 Problem("", "2", found="the invisible character U+0000", expected="text"), id="NUL"),
    pytest.param(lambda text: ("\rx" + text).encode(),
                 Problem("", "1", found="the invisible character U+000D", expected="text"), id="carriage return"),
    pytest.param(lambda text: random.Random(0).randbytes(3000),
                 Problem("", ANY, found=ANY, expected=UTF8), id="no text"),
]  # fmt: skip


@pytest.mark.parametrize("file", FILES)
@pytest.mark.parametrize(("change", "problem"), WHOLE)
def test_whole_file(folder: Path, file: str, change: Callable[[str], bytes], problem: Problem) -> None:
    (folder / file).write_bytes(change(TEXTS[file]))
    check(folder, [problem._replace(file=file)])


@pytest.mark.parametrize("file", [E, OPEN, J])
def test_missing_file(folder: Path, file: str) -> None:
    (folder / file).unlink()
    check(folder, [Problem(file, found="no such file", expected="a text file")])


def test_missing_document(folder: Path) -> None:
    (folder / V).unlink()
    check(folder, [Problem(J, row(J, "document"), "", "document", f"'{V}'", "a file beside this one")])


@pytest.mark.parametrize("file", FILES)
def test_directory_instead_of_a_file(folder: Path, file: str) -> None:
    (folder / file).unlink()
    (folder / file).mkdir()
    check(folder, [Problem(file, found="a directory", expected="a text file")])


def test_a_year_needs_no_published_results_beside_its_document(folder: Path) -> None:
    (folder / R).unlink()
    year = years.read(folder)
    assert year == years.load(2003)._replace(results=year.results)
    assert {result.source for result in year.results} == {"verordnung-2003"}


def test_a_year_needs_data(folder: Path) -> None:
    for file in (V, E, OPEN, R):
        (folder / file).unlink()
    path = folder / J
    lines = TEXTS[J].split("\n")
    path.write_text("\n".join(line for line in lines if not line.startswith(("document", "source"))), encoding="utf-8")
    check(folder, [Problem(J, found="no data", expected="eingaben.csv, ergebnisse.csv or a document beside it")])


def test_missing_folder(tmp_path: Path) -> None:
    check(tmp_path / "2003", [Problem(J, found="no such file", expected="a text file")])


def test_year_without_data() -> None:
    with pytest.raises(DataError) as caught:
        years.load(1899)
    assert caught.value.problems[0].file == "data/1899"


@pytest.mark.parametrize("file", FILES)
def test_lines_may_end_in_crlf(folder: Path, file: str) -> None:
    (folder / file).write_bytes(TEXTS[file].replace("\n", "\r\n").encode())
    assert years.read(folder) == years.load(2003)


# --- Everything at once, one line each --------------------------------------------------------------------------------


def test_defects_of_a_file_are_told_together(folder: Path) -> None:
    change = both(without(BAYERN), within("60 Finanz", "39.787.040", "39.787.O40"), without(HAMBURG))
    (folder / V).write_text(str(change(TEXTS[V])), encoding="utf-8")
    check(
        folder,
        [
            Problem(V, row(V, HEAD_1), "BY", "paragraf_1 laenderanteil", "nothing", "a line for this Land"),
            Problem(V, row(V, "60 Finanz", -1), "NW", "anlage1 60", "'39.787.O40'", NUMBER),
            Problem(V, row(V, HAMBURG, -1), "HH", "realsteuerkraft rows", "'HB'", "a row HH …"),
        ],
    )


def test_rows_of_a_table_are_told_together_and_in_order(folder: Path) -> None:
    change = both(within(BW43, "digit", "typo"), within("anlage3,spalte_7_minus", ",shifted,237,", ",shifted,x,"))
    (folder / E).write_text(str(change(TEXTS[E])), encoding="utf-8")
    check(
        folder,
        [
            Problem(E, row(E, BW43), "BW", f"{B43} kind", "'typo'", ANY),
            Problem(E, row(E, "anlage3,spalte_7_minus"), "INSGESAMT", "anlage3 spalte_7_minus group", "'x'", ANY),
        ],
    )


def test_message_has_one_line_per_problem(folder: Path) -> None:
    (folder / V).write_text(str(both(without(BAYERN), without(HAMBURG))(TEXTS[V])), encoding="utf-8")
    with pytest.raises(DataError) as caught:
        years.read(folder)
    first, second = str(caught.value).split("\n")
    assert first == (
        f"{folder / V}, row: {row(V, HEAD_1)}, Land: BY, quantity: paragraf_1 laenderanteil, "
        "found: nothing, expected: a line for this Land"
    )
    assert second.startswith(f"{folder / V}, row: {row(V, HAMBURG, -1)}, Land: HH")


def test_a_name_given_twice_in_a_list_of_the_data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from lfa import files, parameters

    path = tmp_path / "parameters" / "fag1993.yaml"
    path.parent.mkdir()
    text = (DATA / "parameters" / "fag1993.yaml").read_text(encoding="utf-8")
    path.write_text(f"{text}{text}", encoding="utf-8")
    monkeypatch.setattr(parameters, "DATA", tmp_path)
    with pytest.raises(DataError) as caught:
        parameters.entries("fag1993")
    names = [entry["name"] for entry in files.load_yaml(DATA / "parameters" / "fag1993.yaml", "parameters")]
    assert [(problem.quantity, problem.found) for problem in caught.value.problems] == [
        (name, "the name twice") for name in names
    ]
    assert int(caught.value.problems[0].row) > text.count("\n")


def test_keys_of_parameters_are_dates(tmp_path: Path) -> None:
    (tmp_path / "p.yaml").write_text(
        "- name: satz\n  description: Satz (§ 1)\n  unit: Anteil\n  evidence: V\n  last_checked: 2003-02-30\n"
        "  values:\n    2003-13-01: {value: 1/0, reference: G. v. 23.06.1993 BGBl. I S. 944.}\n",
        encoding="utf-8",
    )
    with pytest.raises(DataError) as caught:
        load_yaml(tmp_path / "p.yaml", "parameters")
    assert [problem[1:] for problem in caught.value.problems] == [
        ("5", "", "satz last_checked", "'2003-02-30'", "a date such as 2003-12-31"),
        ("6", "", "satz values", "'2003-13-01'", "a date such as 2003-12-31"),
        ("7", "", "satz values.2003-13-01.value", "'1/0'",
         "a number, a fraction such as 13/7, a list, values by Land, or null"),
    ]  # fmt: skip


@given(st.decimals(-(10**9), 10**9, places=2))
def test_german_numbers_are_read_as_they_are_printed(value: Any) -> None:
    assert german_number(german(value)) == value


# --- Damage of any kind -----------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def damaged(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return Path(shutil.copytree(YEAR, tmp_path_factory.mktemp("damaged") / "2003"))


CHARACTERS = st.sampled_from("0123456789.,-± \t\n\r\";'xOÄ§€\xa0\u2028\x85\ufeff٣²−")


@settings(max_examples=150, deadline=None)
@given(
    file=st.sampled_from([V, E]),
    place=st.floats(0, 1, exclude_max=True),
    length=st.integers(0, 1),
    new=CHARACTERS | st.characters(exclude_categories=["Cs"]) | st.just(""),
)
@example(file=E, place=0.0, length=0, new='"')
@example(file=V, place=0.999999, length=1, new="")
def test_one_damaged_character_never_escapes(damaged: Path, file: str, place: float, length: int, new: str) -> None:
    """Deleted, replaced or inserted anywhere: the year is read, or a DataError says why not."""
    text = TEXTS[file]
    at = int(place * len(text))
    path = damaged / file
    path.write_text(text[:at] + new + text[at + length :], encoding="utf-8", newline="\n")
    try:
        years.read(damaged)
    except DataError as error:
        assert error.problems
        assert len(str(error).splitlines()) == len(error.problems)
        assert all(problem.file and problem.found and problem.expected for problem in error.problems)
    finally:
        path.write_text(text, encoding="utf-8", newline="\n")


@pytest.fixture(scope="module")
def tables(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[Path, str, Callable[[Path], Any]]]:
    """A small file of results and one of inputs, and what reads each."""
    folder = tmp_path_factory.mktemp("tables")
    values = parameters("fag2020", datetime.date(2024, 12, 31))
    inputs = template("fag2020", 2024).split("\n")[:40]
    return {
        "results": (folder / R, TEXTS[R], lambda path: read_results(path, "fag1993")),
        "inputs": (
            folder / "eingaben.csv",
            "\n".join([inputs[0], *(line.replace(",,", ",1234.5,", 1) for line in inputs[1:]), ""]),
            lambda path: read_given(path, "fag2020", values),
        ),
    }


@settings(max_examples=150, deadline=None)
@given(
    table=st.sampled_from(["results", "inputs"]),
    place=st.floats(0, 1, exclude_max=True),
    length=st.integers(0, 1),
    new=CHARACTERS | st.characters(exclude_categories=["Cs"]) | st.just(""),
)
def test_one_damaged_character_of_a_table_never_escapes(
    tables: dict[str, tuple[Path, str, Callable[[Path], Any]]], table: str, place: float, length: int, new: str
) -> None:
    path, text, read = tables[table]
    at = int(place * len(text))
    path.write_text(text[:at] + new + text[at + length :], encoding="utf-8", newline="\n")
    try:
        read(path)
    except DataError as error:
        assert len(str(error).splitlines()) == len(error.problems) > 0
        assert all(problem.file and problem.found and problem.expected for problem in error.problems)
