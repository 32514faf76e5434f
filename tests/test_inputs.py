"""A new year: the file to fill in, what is wrong with it, what is implausible about it, and its check."""

import csv
import datetime
import errno
import io
import os
import shutil
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner
from synthetic import YEARS, inputs, statute

import lfa.__main__ as cli
from lfa import years
from lfa.errors import DataError
from lfa.files import DATA
from lfa.inputs import COLUMNS, doubts, needed, read_given, read_inputs, template
from lfa.lines import registry
from lfa.parameters import parameters
from lfa.settlement import LAWS, comparison, known_of, settle_year
from lfa.states import CODES, INSGESAMT

PANEL = "panel-2005-2018"
LAND_TAXES = "landessteuern"
REALSTEUERN = ("grundsteuer_a", "grundsteuer_b", "gewerbesteuer")


def law_of(jahr):
    return "fag2005" if jahr < 2020 else "fag2020"


def exact(jahr):
    return parameters(law_of(jahr), datetime.date(jahr, 12, 31))


def plausible(jahr, growth=1.0):
    """The invented year with one figure that no reader would doubt: Berlin has hardly any Grundsteuer A."""
    lines = dict(inputs(law_of(jahr)))
    berlin = np.array(CODES) == "BE"
    key = "grundsteuer_a_grundbetraege"
    lines[key] = np.where(berlin, lines["festgestellte_einwohner"], lines[key])
    people = {key for key in lines if registry(law_of(jahr))[key].unit == "Einwohner"}
    return {key: value if key in people else np.rint(growth * value) for key, value in lines.items()}


def filled(jahr, lines, unit="EUR", decimals=0):
    """The template with the values of a year, money in a unit with so many decimals."""
    worth = {"EUR": 1, "1000 EUR": 1000, "Mio EUR": 1_000_000}[unit]
    rows = rows_of(template(law_of(jahr), jahr))
    for row in rows:
        value = lines[row["quantity"]]
        value = value[CODES.index(row["land"])] if value.shape == (16,) else value[0]
        if row["unit"] == "EUR":
            row["value"], row["unit"] = f"{value / worth:.{decimals}f}", unit
        else:
            row["value"] = f"{value:.0f}"
    return text_of(rows)


def rows_of(text):
    return list(csv.DictReader(io.StringIO(text)))


def text_of(rows):
    buffer = io.StringIO()
    writer = csv.DictWriter(buffer, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return buffer.getvalue()


def cell(text, quantity, land, /, **changes):
    """The file with another value or unit in the row of an input and Land."""
    rows = rows_of(text)
    (row,) = [row for row in rows if (row["quantity"], row["land"]) == (quantity, land)]
    row.update(changes)
    return text_of(rows)


@pytest.fixture
def data(tmp_path, monkeypatch):
    """An empty folder of years in place of the data; sources, laws and lines stay."""
    inputs("fag2020")
    monkeypatch.setattr(years, "DATA", tmp_path)
    years.load.cache_clear()
    yield tmp_path
    years.load.cache_clear()


def run(*arguments):
    years.load.cache_clear()
    return CliRunner().invoke(cli.main, arguments)


def new_year(data, jahr, text=None):
    """A year as ``new-year`` makes it, then filled in."""
    assert run("new-year", str(jahr)).exit_code == 0
    if text is not None:
        (data / str(jahr) / "eingaben.csv").write_text(text, encoding="utf-8")


def publish(data, jahr, *rows, status="endgueltig"):
    lines = [f"{quantity},{land},{value},{unit},{status},secondary,{PANEL}\n" for quantity, land, value, unit in rows]
    text = "quantity,land,value,unit,status,kind,source\n" + "".join(lines)
    (data / str(jahr) / "ergebnisse.csv").write_text(text, encoding="utf-8")


# --- The file to fill in ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("jahr", [*YEARS["fag2005"], *YEARS["fag2020"]])
def test_the_template_has_a_row_per_land_and_input(jahr):
    law = law_of(jahr)
    text = template(law, jahr)
    rows = rows_of(text)
    assert text.startswith("quantity,land,value,unit,paragraph,label,published\n") and text.endswith("\n")
    laender = {}
    for row in rows:
        laender.setdefault(row["quantity"], []).append(row["land"])
        assert row["value"] == "" and row["paragraph"].startswith("§ ") and len(row["label"]) > 3
        assert row["published"] and row["unit"] in ("EUR", "Einwohner", "EUR je Einwohner")
    national = {"umsatzsteuer_insgesamt", *(f"aufkommen_{tax}" for tax in REALSTEUERN)}
    assert {key for key, lands in laender.items() if lands == [INSGESAMT]} == national
    assert all(lands == list(CODES) for key, lands in laender.items() if key not in national)
    quellen = {key for key, line in registry(law).items() if line.stage == "quelle"}
    assert quellen - set(laender) == unneeded(jahr)


def unneeded(jahr):
    """What the statute does not ask for in a year: § 12a, § 7 Abs. 1 Satz 2, § 8 Abs. 2 and 5."""
    never = set()
    if jahr not in (2011, 2012, 2022, 2023):
        never.add("zensus_unterschied")
    if jahr < 2007:
        never.add("grunderwerbsteuer_bemessungsgrundlage")
    if 2020 <= jahr < 2028:
        never |= {"grundsteuer_a_messbetraege", "grundsteuer_b_messbetraege"}
    return never


def test_the_template_is_read_as_a_file_without_values(tmp_path):
    path = tmp_path / "eingaben.csv"
    path.write_text(template("fag2020", 2024), encoding="utf-8")
    given, problems = read_given(path, "fag2020", exact(2024))
    assert all(values == {} for values in given.values())
    assert [(problem.quantity, problem.row) for problem in problems[:3]] == [
        ("festgestellte_einwohner", "2-17"),
        ("einwohner_vorjahr", "18-33"),
        ("umsatzsteuer_insgesamt", "34"),
    ]
    assert [problem.quantity for problem in problems] == [line.key for line in needed("fag2020", exact(2024))]
    assert {(problem.land, problem.found) for problem in problems} == {
        ("all 16", "no value for 16 Länder"),
        (INSGESAMT, "no value"),
    }
    for problem in problems:
        line = registry("fag2020")[problem.quantity]
        assert problem.expected == f"{line.label} ({line.paragraph}), from: {line.published}"


# --- Filled in --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("jahr", [2006, 2012, 2019, 2022, 2024, 2026, 2028])
def test_a_filled_template_settles_as_the_law_does(data, jahr):
    law = law_of(jahr)
    new_year(data, jahr, filled(jahr, inputs(law)))
    year = years.load(jahr)
    settled = settle_year(year)
    expected = LAWS[law].settle(inputs(law), statute(law, jahr))
    assert set(settled.lines) == set(expected)
    for key, value in expected.items():
        if key in unneeded(jahr):
            assert not settled.lines[key].any()
        else:
            assert np.array_equal(np.ravel(settled.lines[key]), np.ravel(value)), key
    assert {line.stage for line in registry(law).values()} == set(year.stages)


def test_units_are_scaled_and_halves_follow_the_last_digit(tmp_path):
    path = tmp_path / "eingaben.csv"
    text = filled(2024, inputs("fag2020"), "Mio EUR", 3)
    text = cell(text, LAND_TAXES, "NW", value="1234.5")
    text = cell(text, LAND_TAXES, "BY", value="1234567", unit="1000 EUR")
    text = cell(text, LAND_TAXES, "BW", value="1234567890.12", unit="EUR")
    path.write_text(text, encoding="utf-8")
    values, halves = read_inputs(path, "fag2020", exact(2024))
    taxes = [(values[LAND_TAXES][land], halves[LAND_TAXES][land]) for land in ("NW", "BY", "BW", "SL")]
    assert taxes[:3] == [
        (1_234_500_000, 50_000),
        (1_234_567_000, 500),
        (Fraction("1234567890.12"), Fraction(1, 200)),
    ]
    assert taxes[3][1] == 500
    assert set(halves["festgestellte_einwohner"].values()) == {0}
    assert values["umsatzsteuer_insgesamt"] == 200_000_000_000 and halves["umsatzsteuer_insgesamt"] == 500
    assert set(values["zensus_unterschied"].values()) == {0} and "zensus_unterschied" not in halves


@pytest.mark.parametrize(
    ("jahr", "unit", "decimals"), [(2012, "Mio EUR", 0), (2024, "Mio EUR", 1), (2028, "1000 EUR", 0)]
)
def test_rounded_inputs_widen_the_tolerance_by_what_they_can_move(data, jahr, unit, decimals):
    law = law_of(jahr)
    true = LAWS[law].settle(plausible(jahr), statute(law, jahr))
    new_year(data, jahr, filled(jahr, plausible(jahr), unit, decimals))
    publish(
        data,
        jahr,
        *(
            (key, code, f"{value:.2f}", "EUR")
            for key in ("ausgleich", "umsatzsteueranteil")
            for code, value in zip(CODES, true[key], strict=True)
        ),
    )
    years.load.cache_clear()
    figures = comparison(settle_year(years.load(jahr)))
    assert len(figures) == 32 and {figure.kind for figure in figures} == {"reproduced"}
    # Without the rounding of the inputs most would deviate, and with it none has room without end.
    off = [abs(figure.difference) for figure in figures]
    assert max(off) > 100 * 0.005
    assert all(0.005 < figure.tolerance < 10_000 * max(off) for figure in figures)


def test_exact_inputs_leave_the_rounding_of_the_print_alone(data):
    true = LAWS["fag2020"].settle(plausible(2024), statute("fag2020", 2024))
    text = filled(2024, plausible(2024), decimals=12)
    new_year(data, 2024, text)
    publish(
        data,
        2024,
        *(("allgemeine_bez", code, f"{true['allgemeine_bez'][CODES.index(code)]:.0f}", "EUR") for code in ("SN", "TH")),
    )
    years.load.cache_clear()
    for figure in comparison(settle_year(years.load(2024))):
        assert figure.tolerance == pytest.approx(0.5, abs=1e-3) and figure.exact


# --- Defects ----------------------------------------------------------------------------------------------------------

ROWS = {(row["quantity"], row["land"]): number for number, row in enumerate(rows_of(template("fag2020", 2024)), 2)}
PLACE = {key: f"{ROWS[key, CODES[0]]}-{ROWS[key, CODES[-1]]}" for key in ("festgestellte_einwohner", LAND_TAXES)}
NEEDED = "an input of this year's law: " + " ".join(line.key for line in needed("fag2020", exact(2024)))
ABRECHNUNG = "from: Abrechnung des Ausgleichsjahres, Bundesministerium der Finanzen"
NO_VALUE = ("no value", f"Landessteuern ohne Grunderwerbsteuer (§ 7 Abs. 1 Nr. 3), {ABRECHNUNG}")
NO_NATIONAL = ("no value", f"Aufkommen der Umsatzsteuer (§ 1), {ABRECHNUNG}")
HEADING = ",".join(COLUMNS)
MONEY = "EUR or 1000 EUR or Mio EUR"
PLAIN = "a plain decimal such as 1234.5, or nothing yet"
NW, SL, UST = str(ROWS[LAND_TAXES, "NW"]), str(ROWS[LAND_TAXES, "SL"]), str(ROWS["umsatzsteuer_insgesamt", INSGESAMT])


def change(land="NW", quantity=LAND_TAXES, **changes):
    return lambda text: cell(text, quantity, land, **changes)


def removed(text):
    return text_of(row for row in rows_of(text) if (row["quantity"], row["land"]) != (LAND_TAXES, "HB"))


def repeated(text):
    rows = rows_of(text)
    return text_of([*rows, rows[int(NW) - 2]])


def added(text):
    return text + "zensus_unterschied,NW,5,Einwohner,§ 12a,Zensus,irgendwo\n"


LAST = str(len(ROWS) + 2)
DEFECTS = {
    "value missing": (change(value=""), [(PLACE[LAND_TAXES], "NW", LAND_TAXES, *NO_VALUE)]),
    "row missing": (
        removed,
        [(f"{NW}-{ROWS[LAND_TAXES, 'HH']}", "HB", LAND_TAXES, *NO_VALUE)],
    ),
    "row twice": (
        repeated,
        [(LAST, "NW", LAND_TAXES, "the row again", f"every input of a Land once; the first is row {NW}")],
    ),
    "unknown input": (
        lambda text: added(text).replace("zensus_unterschied", "x1"),
        [(LAST, "NW", "x1", "x1", NEEDED)],
    ),
    "input of another year": (added, [(LAST, "NW", "zensus_unterschied", "zensus_unterschied", NEEDED)]),
    "people for euro": (
        change(unit="Einwohner"),
        [(NW, "NW", LAND_TAXES, "Einwohner", MONEY), (PLACE[LAND_TAXES], "NW", LAND_TAXES, *NO_VALUE)],
    ),
    "euro per head for euro": (
        change(unit="EUR je Einwohner"),
        [(NW, "NW", LAND_TAXES, "EUR je Einwohner", MONEY), (PLACE[LAND_TAXES], "NW", LAND_TAXES, *NO_VALUE)],
    ),
    "minus": (change(value="-5"), [(NW, "NW", LAND_TAXES, "-5", "a number without minus")]),
    "negative inhabitants": (
        change(quantity="festgestellte_einwohner", value="-5"),
        [("2", "NW", "festgestellte_einwohner", "-5", "a number without minus")],
    ),
    "German number": (change(value="1.234,5"), [(NW, "NW", "value", "'1.234,5'", PLAIN)]),
    "exponent": (change(value="1e9"), [(NW, "NW", "value", "'1e9'", PLAIN)]),
    "thousands": (change(value="1 000"), [(NW, "NW", "value", "'1 000'", PLAIN)]),
    "unknown unit": (
        change(unit="TEUR"),
        [(NW, "NW", "unit", "'TEUR'", "one of EUR 1000 EUR Mio EUR Einwohner EUR je Einwohner")],
    ),
    "unknown Land": (
        lambda text: cell(text, LAND_TAXES, "NW", land="XX"),
        [(NW, "", "land", "'XX'", f"one of {' '.join(CODES)} INSGESAMT")],
    ),
    "INSGESAMT for a Land": (
        lambda text: cell(text, LAND_TAXES, "NW", land=INSGESAMT),
        [(NW, INSGESAMT, LAND_TAXES, INSGESAMT, " ".join(CODES)), (PLACE[LAND_TAXES], "NW", LAND_TAXES, *NO_VALUE)],
    ),
    "a Land for INSGESAMT": (
        lambda text: cell(text, "umsatzsteuer_insgesamt", INSGESAMT, land="NW"),
        [
            (UST, "NW", "umsatzsteuer_insgesamt", "NW", INSGESAMT),
            (UST, INSGESAMT, "umsatzsteuer_insgesamt", *NO_NATIONAL),
        ],
    ),
    "column missing": (
        lambda text: text.replace(",unit,", ",einheit,", 1),
        [("1", "", "unit", "no such column", HEADING), ("1", "", "einheit", "an unknown column", HEADING)],
    ),
    "all at once": (
        lambda text: added(cell(cell(cell(text, LAND_TAXES, "NW", value="-5"), LAND_TAXES, "SL", unit="Einwohner"),
                                "umsatzsteuer_insgesamt", INSGESAMT, value="")),
        [
            (NW, "NW", LAND_TAXES, "-5", "a number without minus"),
            (SL, "SL", LAND_TAXES, "Einwohner", MONEY),
            (LAST, "NW", "zensus_unterschied", "zensus_unterschied", NEEDED),
            (UST, INSGESAMT, "umsatzsteuer_insgesamt", *NO_NATIONAL),
            (PLACE[LAND_TAXES], "SL", LAND_TAXES, *NO_VALUE),
        ],
    ),
    "all that is no number at once": (
        lambda text: cell(cell(text, LAND_TAXES, "NW", value="1,5"), LAND_TAXES, "SL", value="x"),
        [(NW, "NW", "value", "'1,5'", PLAIN), (SL, "SL", "value", "'x'", PLAIN)],
    ),
}  # fmt: skip


@pytest.mark.parametrize(("damage", "told"), DEFECTS.values(), ids=DEFECTS)
def test_defects_are_told_in_full(tmp_path, damage, told):
    path = tmp_path / "eingaben.csv"
    path.write_text(damage(filled(2024, plausible(2024))), encoding="utf-8")
    with pytest.raises(DataError) as caught:
        read_inputs(path, "fag2020", exact(2024))
    assert [tuple(problem) for problem in caught.value.problems] == [(str(path), *problem) for problem in told]


@pytest.mark.parametrize("key", ["zensus_unterschied", "forschungsnettozufluss", "einkommensteuer_koerperschaftsteuer"])
def test_some_inputs_may_be_negative(tmp_path, key):
    path = tmp_path / "eingaben.csv"
    path.write_text(cell(filled(2023, inputs("fag2020")), key, "NW", value="-5"), encoding="utf-8")
    values, _ = read_inputs(path, "fag2020", exact(2023))
    assert values[key]["NW"] == -5


@pytest.mark.parametrize("value", ["0", "1000000.5"])
def test_inhabitants_are_whole_and_more_than_none(tmp_path, value):
    path = tmp_path / "eingaben.csv"
    text = cell(filled(2024, plausible(2024)), "festgestellte_einwohner", "HB", value=value)
    path.write_text(text, encoding="utf-8")
    with pytest.raises(DataError) as caught:
        read_inputs(path, "fag2020", exact(2024))
    assert [(problem.land, problem.found) for problem in caught.value.problems] == [("HB", value)]


@pytest.mark.parametrize("text", [f"{HEADING}\n", ",,,,,,\n"], ids=["heading", "empty cells"])
def test_a_file_without_rows_is_told(tmp_path, text):
    path = tmp_path / "eingaben.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(DataError):
        read_given(path, "fag2020", exact(2024))


def german(text, number):
    """A file as a German spreadsheet saves it: semicolons, numbers with decimal commas, empty rows at the end."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, delimiter=";", lineterminator="\r\n")
    writer.writerow(COLUMNS)
    writer.writerows([*({**row, "value": number(row["value"])}.values() for row in rows_of(text)), 7 * [""], 7 * [""]])
    return b"\xef\xbb\xbf" + buffer.getvalue().encode()


@pytest.mark.parametrize(
    "number",
    [
        lambda text: text.replace(".", ","),
        # Points between thousands as well: 12.345,678
        lambda text: f"{float(text):,.3f}".translate(str.maketrans(",.", ".,")) if "." in text else text,
    ],
    ids=["decimal commas", "points between thousands"],
)
def test_a_german_spreadsheet_is_read_as_it_is_meant(tmp_path, number):
    path = tmp_path / "eingaben.csv"
    text = filled(2024, plausible(2024), "Mio EUR", 3)
    path.write_text(text, encoding="utf-8")
    expected = read_inputs(path, "fag2020", exact(2024))
    path.write_bytes(german(text, number))
    assert read_inputs(path, "fag2020", exact(2024)) == expected


def test_defects_of_a_german_spreadsheet_name_their_rows(tmp_path):
    path = tmp_path / "eingaben.csv"
    path.write_bytes(german(cell(filled(2024, plausible(2024)), LAND_TAXES, "NW", value="12 345"), str))
    with pytest.raises(DataError) as caught:
        read_inputs(path, "fag2020", exact(2024))
    assert [tuple(problem[1:]) for problem in caught.value.problems] == [(NW, "NW", "value", "'12 345'", PLAIN)]


# --- Implausible ------------------------------------------------------------------------------------------------------


def given_of(lines, jahr=2024):
    """The inputs as they are read from a file."""
    result = {}
    for line in needed(law_of(jahr), exact(jahr)):
        values = lines[line.key]
        laender = CODES if values.shape == (16,) else (INSGESAMT,)
        result[line.key] = {
            land: (Fraction(float(value)), Fraction(0)) for land, value in zip(laender, values, strict=True)
        }
    return result


def known_from(lines, jahr=2023):
    """All lines of the year before, settled from its inputs."""
    settled = LAWS[law_of(jahr)].settle(lines, statute(law_of(jahr), jahr))
    return {
        key: dict(zip(CODES if values.size == 16 else (INSGESAMT,), map(float, np.ravel(values)), strict=True))
        for key, values in settled.items()
    }


def year_after(growth, people=1.0):
    """A year and what is known of the one before: receipts times ``growth``, inhabitants times ``people``."""
    before = known_from(plausible(2024), 2024)
    after = plausible(2024, growth)
    after["festgestellte_einwohner"] = np.rint(people * after["festgestellte_einwohner"])
    for key, of in (("einwohner_vorjahr", "einwohner"), ("steuereinnahmen_vorjahr", "steuereinnahmen")):
        after[key] = np.array([before[of][code] for code in CODES])
    return given_of(after), before


def moved(given, key, land, factor):
    value, half = given[key][land]
    return {**given, key: {**given[key], land: (value * Fraction(factor), half)}}


@pytest.mark.parametrize("law", YEARS)
def test_the_invented_year_is_plausible_in_itself(law):
    for jahr in YEARS[law]:
        assert doubts(law, given_of(plausible(jahr), jahr), {}) == []


@pytest.mark.parametrize("law", YEARS)
def test_the_real_grundbetraege_of_2003_are_plausible(law):
    jahr = YEARS[law][4]
    assert doubts(law, given_of(inputs(law), jahr), {}) == []


@pytest.mark.parametrize(("growth", "people"), [(1.03, 1.005), (0.93, 0.995), (1.0, 1.0), (1.2, 1.02)])
def test_a_year_like_the_one_before_is_plausible(growth, people):
    given, before = year_after(growth, people)
    assert doubts("fag2020", given, before) == []
    assert doubts("fag2020", given, {"festgestellte_einwohner": before["festgestellte_einwohner"]}) == []


@pytest.mark.parametrize("factor", [1000, Fraction(1, 1000)])
@pytest.mark.parametrize(
    "key", ["einkommensteuer_koerperschaftsteuer", LAND_TAXES, "gewerbesteuer_grundbetraege", "steuereinnahmen_vorjahr"]
)
def test_a_value_in_another_unit_is_implausible_even_alone(key, factor):
    given = moved(given_of(plausible(2024)), key, "TH", factor)
    (doubt,) = doubts("fag2020", given, {})
    assert (doubt.quantity, doubt.land) == (key, "TH")
    assert doubt.found.endswith(" per inhabitant") and doubt.expected.startswith("nearer to the median of ")


@pytest.mark.parametrize(
    ("key", "land", "factor", "expected"),
    [
        ("festgestellte_einwohner", "SN", Fraction(11, 10), "0.97 to 1.03 times as much as"),
        ("festgestellte_einwohner", "SN", Fraction(9, 10), "0.97 to 1.03 times as much as"),
        ("einwohner_vorjahr", "SN", Fraction(1001, 1000), "as much as"),
        ("steuereinnahmen_vorjahr", "SN", Fraction(999, 1000), "as much as"),
        ("grunderwerbsteuer", "SN", 2, "0.67 to 1.50 times as much as"),
        ("grunderwerbsteuer", "SN", Fraction(1, 2), "0.67 to 1.50 times as much as"),
        ("umsatzsteuer_insgesamt", INSGESAMT, 2, "0.67 to 1.50 times as much as"),
    ],
)
def test_a_change_against_the_year_before_is_implausible(key, land, factor, expected):
    given, before = year_after(1.03, 1.005)
    given = moved(given, key, land, factor)
    (doubt,) = doubts("fag2020", given, before)
    assert (doubt.quantity, doubt.land) == (key, land)
    of = {"einwohner_vorjahr": "einwohner", "steuereinnahmen_vorjahr": "steuereinnahmen"}.get(key, key)
    assert doubt.found == f"{float(given[key][land][0]):,.2f}".removesuffix(".00")
    assert doubt.expected == f"{expected} the year before has: {before[of][land]:,.2f}".removesuffix(".00")


def test_last_years_inhabitants_by_mistake():
    """Einwohner of the year itself where those of the year before belong."""
    given, before = year_after(1.03, 1.01)
    given["einwohner_vorjahr"] = given["festgestellte_einwohner"]
    assert {(doubt.quantity, doubt.land) for doubt in doubts("fag2020", given, before)} == {
        ("einwohner_vorjahr", code) for code in CODES
    }


def test_an_empty_file_is_not_implausible(tmp_path):
    path = tmp_path / "eingaben.csv"
    path.write_text(template("fag2020", 2025), encoding="utf-8")
    given, _ = read_given(path, "fag2020", exact(2025))
    assert doubts("fag2020", given, known_from(plausible(2024), 2024)) == []


def test_what_is_known_of_a_year():
    assert known_of(1899) == {}
    people = known_of(2024)
    assert people["festgestellte_einwohner"] == people["einwohner"] and people["einwohner"]["NI"] == 8_009_945
    assert "festgestellte_einwohner" not in known_of(2020)
    assert known_of(2015)["ausgleich"]["BY"] < 0


def test_what_is_known_of_a_year_with_inputs_is_every_line(data):
    new_year(data, 2023, filled(2023, plausible(2023)))
    expected = known_from(plausible(2023))
    known = known_of(2023)
    for key in ("einwohner", "steuereinnahmen", "umsatzsteuer_insgesamt", "festgestellte_einwohner", "zuschlag"):
        assert known[key] == expected[key]


# --- new-year ---------------------------------------------------------------------------------------------------------


def test_new_year_writes_two_files_that_can_be_filled_in(data):
    result = run("new-year", "2025")
    assert result.exit_code == 0
    assert result.stdout.split("\n")[:2] == [str(data / "2025" / name) for name in ("jahr.yaml", "eingaben.csv")]
    assert result.stderr == "Fill in the values, then: python -m lfa check 2025\n"
    assert sorted(path.name for path in data.rglob("*")) == ["2025", "eingaben.csv", "jahr.yaml"]
    assert (data / "2025/eingaben.csv").read_text(encoding="utf-8") == template("fag2020", 2025)
    assert os.stat(data / "2025").st_mode & 0o777 == 0o755
    half = run("check", "2025")
    assert half.exit_code == 2 and half.stderr.count("no value for 16 Länder") == 17 and half.stdout == ""


@pytest.mark.parametrize(("jahr", "told"), [(2004, "a year before 2005"), (1995, "a year before 2005"), (1949, "1949")])
def test_new_year_refuses_years_before_2005(data, jahr, told):
    result = run("new-year", str(jahr))
    assert result.exit_code == 2 and result.stdout == "" and f"found: {told}" in result.stderr
    assert list(data.iterdir()) == []


def test_new_year_refuses_inputs_that_are_there(data):
    new_year(data, 2025, "half a year's work")
    result = run("new-year", "2025")
    assert result.exit_code == 2 and "found: eingaben.csv, which is there already" in result.stderr
    assert (data / "2025/eingaben.csv").read_text(encoding="utf-8") == "half a year's work"


def test_new_year_adds_inputs_beside_published_results(data):
    shutil.copytree(DATA / "2024", data / "2024")
    before = {path.name: path.read_bytes() for path in (data / "2024").iterdir()}
    result = run("new-year", "2024")
    assert result.exit_code == 0 and result.stdout == f"{data / '2024' / 'eingaben.csv'}\n"
    after = {path.name: path.read_bytes() for path in (data / "2024").iterdir()}
    assert after == {**before, "eingaben.csv": template("fag2020", 2024).encode()}


FULL = OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


@pytest.mark.parametrize("fails", [("replace", 1), ("replace", 2), ("write_text", 1), ("write_text", 2), ("rename", 1)])
def test_a_full_disk_leaves_no_year(data, monkeypatch, fails):
    name, at = fails
    owner = years.os if name == "replace" else Path
    real, calls = getattr(owner, name), []

    def failing(*arguments, **options):
        calls.append(arguments)
        if len(calls) == at:
            raise FULL
        return real(*arguments, **options)

    monkeypatch.setattr(owner, name, failing)
    result = run("new-year", "2025")
    assert len(calls) == at
    assert result.exit_code == 2 and result.stderr == f"cannot write the result: {FULL.strerror}\n"
    assert list(data.iterdir()) == []


def test_a_full_disk_leaves_a_year_with_results_as_it_is(data, monkeypatch):
    shutil.copytree(DATA / "2024", data / "2024")

    def failing(*arguments):
        raise FULL

    monkeypatch.setattr(years.os, "replace", failing)
    assert run("new-year", "2024").exit_code == 2
    assert sorted(path.name for path in (data / "2024").iterdir()) == ["ergebnisse.csv", "jahr.yaml"]


@pytest.mark.parametrize("jahr", ["2101", "20250"])
def test_new_year_refuses_years_beyond_all_sense(data, jahr):
    result = run("new-year", jahr)
    assert result.exit_code == 2 and jahr in result.stderr
    assert list(data.iterdir()) == []


def test_new_year_fills_an_empty_folder(data):
    (data / "2025").mkdir()
    assert run("new-year", "2025").exit_code == 0
    assert sorted(path.name for path in (data / "2025").iterdir()) == ["eingaben.csv", "jahr.yaml"]


# --- check of a new year ----------------------------------------------------------------------------------------------


def bez(jahr=2024):
    lines = LAWS[law_of(jahr)].settle(plausible(jahr), statute(law_of(jahr), jahr))
    return dict(zip(CODES, lines["allgemeine_bez"], strict=True))


def test_a_half_filled_file_is_checked_in_one_pass(data):
    """What is missing, what is wrong and what is hardly meant, all told at once."""
    text = cell(filled(2024, plausible(2024)), LAND_TAXES, "TH", value="")
    text = cell(text, LAND_TAXES, "NW", value="-5")
    text = cell(text, "gewerbesteuer_grundbetraege", "SN", value="1000")
    new_year(data, 2024, text)
    result = run("check", "2024")
    assert result.exit_code == 2
    assert "implausible: gewerbesteuer_grundbetraege, SN" in result.stdout
    told = result.stderr.splitlines()
    assert ["Land: NW" in told[0] and "found: -5" in told[0], "Land: TH" in told[1] and "no value" in told[1]] == [
        True,
        True,
    ]
    assert len(told) == 2 and "Traceback" not in result.output


def test_a_complete_but_implausible_year_ends_in_1(data):
    new_year(data, 2024, cell(filled(2024, plausible(2024)), LAND_TAXES, "TH", value="12345"))
    result = run("check", "2024")
    assert result.exit_code == 1 and result.stderr == ""
    assert result.stdout.count("implausible: ") == 1 and "0 of 0 official figures reproduced" in result.stdout


def test_inhabitants_are_compared_with_those_published_for_the_year_before(data):
    shutil.copytree(DATA / "2018", data / "2018")
    new_year(data, 2019, filled(2019, plausible(2019)))
    result = run("check", "2019")
    # The invented year has the inhabitants of 2003: Berlin has grown by 8 per cent until 2018, Sachsen-Anhalt shrunk.
    assert result.exit_code == 1
    assert "implausible: festgestellte_einwohner, BE: 3," in result.stdout
    assert "implausible: festgestellte_einwohner, ST:" in result.stdout
    assert "implausible: festgestellte_einwohner, NW:" not in result.stdout


def test_a_plausible_year_with_results_that_agree_ends_in_0(data):
    new_year(data, 2024, filled(2024, plausible(2024)))
    publish(data, 2024, *(("allgemeine_bez", code, f"{value / 1e6:.0f}", "Mio EUR") for code, value in bez().items()))
    result = run("check", "2024")
    assert result.exit_code == 0 and result.stderr == ""
    assert "2024, fag2020, vorlaeufig, official, vollständig nachgerechnet" in result.stdout
    assert "published, allgemeine_bez" in result.stdout
    assert result.stdout.endswith("16 of 16 official figures reproduced\n")


@pytest.mark.parametrize(
    ("status", "exit_code", "kind"),
    [("endgueltig", 1, "deviating"), ("vorlaeufig", 0, "open"), ("gemischt", 0, "open")],
)
def test_results_that_deviate(data, status, exit_code, kind):
    new_year(data, 2024, filled(2024, plausible(2024)))
    amounts = bez()
    publish(
        data,
        2024,
        ("allgemeine_bez", "SN", f"{amounts['SN'] / 1e6 + 3:.0f}", "Mio EUR"),
        ("allgemeine_bez", "TH", f"{amounts['TH'] / 1e6:.0f}", "Mio EUR"),
        status=status,
    )
    result = run("check", "2024")
    assert result.exit_code == exit_code
    (line,) = [line for line in result.stdout.splitlines() if line.startswith(f"{kind}: ")]
    assert line.startswith(f"{kind}: published, allgemeine_bez, SN: -")
    assert result.stdout.endswith("1 of 2 official figures reproduced\n")


def test_compute_of_a_new_year(data):
    new_year(data, 2024, filled(2024, plausible(2024)))
    found = rows_of(run("compute", "2024", "--format", "csv").stdout)
    expected = LAWS["fag2020"].settle(plausible(2024), statute("fag2020", 2024))
    for row in found:
        if row["quantity"] == "ausgleich" and row["land"] != INSGESAMT:
            assert float(row["value"]) == pytest.approx(expected["ausgleich"][CODES.index(row["land"])], abs=0.006)
    assert {row["stage"] for row in found} >= {"quelle", "umsatzsteuer", "tarif", "bez"}


def test_a_bad_year_does_not_stop_the_others(data):
    new_year(data, 2023)
    new_year(data, 2019, filled(2019, plausible(2019)))
    shutil.copytree(DATA / "2010", data / "2010")
    (data / "2010/jahr.yaml").write_text("jahr: 2010\n", encoding="utf-8")
    shutil.copytree(DATA / "2015", data / "2015")
    result = run("check", "--all")
    assert result.exit_code == 2
    heads = [line.split(",")[0] for line in result.stdout.splitlines() if line[:2] == "20"]
    assert heads == ["2015", "2019"]
    assert "2010/jahr.yaml" in result.stderr and "2023/eingaben.csv" in result.stderr
    assert "Traceback" not in result.output


def test_a_bad_year_does_not_stop_the_year_after(data):
    new_year(data, 2023)
    new_year(data, 2024, filled(2024, plausible(2024)))
    result = run("check", "2024")
    assert result.exit_code == 0 and "vollständig nachgerechnet" in result.stdout


def test_a_year_that_claims_too_much_does_not_stop_the_others(data):
    shutil.copytree(DATA / "2020", data / "2020")
    about = (data / "2020/jahr.yaml").read_text(encoding="utf-8")
    (data / "2020/jahr.yaml").write_text(about.replace("stages: []", "stages: [rekonstruktion]"), encoding="utf-8")
    shutil.copytree(DATA / "2022", data / "2022")
    result = run("check", "--all")
    assert result.exit_code == 2 and "2022, fag2020" in result.stdout and "2020/ergebnisse.csv" in result.stderr
