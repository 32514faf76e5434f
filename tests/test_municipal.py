"""The command line on the municipal equalisation, as scripts rely on it."""

import csv
import io
import json
import shutil

import pytest
from click.testing import CliRunner
from test_bekanntmachung import with_other_numbers

import lfa.__main__ as cli
from lfa import bekanntmachung
from lfa.files import DATA
from lfa.results import sources

HEADER = ["year", "section", "paragraph", "key", "value", "unit", "printed"]


def run(*arguments):
    return CliRunner().invoke(cli.main, ["municipal", *arguments])


def rows(text):
    return list(csv.DictReader(io.StringIO(text)))


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """The announcements in a place of their own."""
    target = shutil.copytree(bekanntmachung.FOLDER, tmp_path / "bw")
    monkeypatch.setattr(bekanntmachung, "FOLDER", target)
    return target


@pytest.mark.parametrize("year", ["2013", "2023"])
def test_parameters_csv(year):
    result = run("parameters", year, "--format", "csv")
    assert result.exit_code == 0 and result.stderr == ""
    found = rows(result.stdout)
    assert list(found[0]) == HEADER
    assert {row["year"] for row in found} == {year}
    keys = [row["key"] for row in found]
    assert len(set(keys)) == len(keys) == {"2013": 71, "2023": 74}[year]
    assert {row["key"]: row["value"] for row in found}["mehrzuweisung"] == {"2013": "30.21", "2023": "29.93"}[year]
    assert all(row["value"] and row["unit"] and row["printed"] for row in found)


def test_json_and_csv_say_the_same():
    by_csv = rows(run("parameters", "2013", "--format", "csv").stdout)
    by_json = json.loads(run("parameters", "2013", "--format", "json").stdout)
    assert by_csv == [{**row, "year": str(row["year"])} for row in by_json]


def test_table_is_the_default():
    lines = run("parameters", "2023").stdout.splitlines()
    assert lines[0].split() == HEADER and len(lines) == 75


def test_an_unknown_year():
    result = run("parameters", "2014")
    assert result.exit_code == 2 and result.stdout == ""
    assert result.stderr == "data/bw/2014/bekanntmachung.txt, found: no such announcement, expected: one of 2013 2023\n"


@pytest.mark.parametrize("arguments", [["parameters"], ["parameters", "x"], ["parameters", "2023", "--format", "xml"]])
def test_bad_usage(arguments):
    assert run(*arguments).exit_code == 2


@pytest.mark.parametrize("year", [2013, 2023])
def test_a_new_announcement_is_a_text_and_one_command(year, folder):
    """As the README says: its text into a folder of its own, and every number is found back."""
    text, printed = with_other_numbers(year, 2024, seed=1)
    (folder / "2024").mkdir()
    (folder / "2024" / "bekanntmachung.txt").write_text(text, encoding="utf-8")
    result = run("parameters", "2024", "--format", "csv")
    assert result.exit_code == 0, result.stderr
    assert {row["key"]: row["printed"] for row in rows(result.stdout)} == printed


def test_damaged_text_is_told_at_once(folder):
    path = folder / "2023" / "bekanntmachung.txt"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("29,93 %", "").replace("8,52 Euro", "8,52 Euro und 4 Euro"), encoding="utf-8")
    result = run("parameters", "2023")
    assert result.exit_code == 2 and result.stdout == ""
    first, second = result.stderr.splitlines()
    assert "A. Schlüsselzuweisungen: mehrzuweisung, found: no such words, expected: one number in: # %" in first
    assert "row: 90, quantity: I. § 27 Absatz 1: number left over" in second


@pytest.mark.parametrize("name", ["bekanntmachung-bw-2013", "bekanntmachung-bw-2023", "bw-schuelerbefoerderung"])
def test_every_file_has_a_source(name):
    for file in sources()[name]["files"]:
        assert (bekanntmachung.DATA / file).is_file()
    assert ("ohne Datum" in sources()[name]["title"]) == (name == "bw-schuelerbefoerderung")


# --- What a body gets -------------------------------------------------------------------------------------------------

MUSTER = str(DATA / "bw" / "2023" / "muster.csv")
COLUMNS = ["year", "body", "kind", "item", "paragraph", "label", "basis", "basis_unit", "rate", "rate_unit", "amount"]


def test_compute_csv_and_json_say_the_same():
    result = run("compute", "2023", MUSTER, "--format", "csv")
    assert result.exit_code == 0
    by_csv, by_json = rows(result.stdout), json.loads(run("compute", "2023", MUSTER, "--format", "json").stdout)
    assert list(by_csv[0]) == COLUMNS == list(by_json[0])
    for written, plain in zip(by_csv, by_json, strict=True):
        assert [written[name] for name in ("body", "item", "label")] == [
            plain[name] for name in ("body", "item", "label")
        ]
        assert float(written["amount"]) == pytest.approx(plain["amount"], abs=0.0051)
        assert written["amount"] != "-0.00" and written["amount"][-3] == "."
        assert (written["basis"] == "") == (plain["basis"] is None)
    items = [row["item"] for row in by_csv if row["body"] == "Mustergemeinde"]
    summary = ["total", "teilzahlung_q1", "teilzahlung_q2", "teilzahlung_q3", "teilzahlung_q4", "rest"]
    place = items.index("total")
    assert items[place : place + 6] == summary and items[-1] == "saldo"


def test_compute_as_a_table():
    lines = run("compute", "2013", str(DATA / "bw" / "2013" / "muster.csv")).stdout.splitlines()
    assert lines[0].split() == ["body", "paragraph", "label", "basis", "rate", "amount", "EUR"]
    (line,) = [line for line in lines if line.startswith("Musterdorf") and "Investitionspauschale" in line]
    # 2400 inhabitants below 75 v.H. of the Land count 125 v.H., at 50,22 euro.
    assert line.split()[-1] == "150,660.00" and "50.22" in line


def test_open_points_are_told_beside_the_result():
    told = run("compute", "2023", MUSTER).stderr.splitlines()
    assert all(line.startswith("open point: ") for line in told)
    assert any("umlage_ganze_prozent=0 changes 3 bodies, most Musterburg: -" in line for line in told)
    other = run("compute", "2023", MUSTER, "--reading", "umlage_ganze_prozent=0")
    assert any(
        "umlage_ganze_prozent=1 changes 3 bodies, most Musterburg: +" in line for line in other.stderr.splitlines()
    )
    assert other.stdout != run("compute", "2023", MUSTER).stdout


@pytest.mark.parametrize("reading", ["umlage_ganze_prozent", "umlage_ganze_prozent=2", "=1", "nichts=1"])
def test_a_reading_that_is_none(reading):
    result = run("compute", "2023", MUSTER, "--reading", reading)
    assert result.exit_code == 2 and result.stdout == "" and "reading" in result.stderr


def test_a_bad_file_writes_nothing(tmp_path):
    path = tmp_path / "leer.csv"
    empty = run("template", "2023", "--kind", "gemeinde").stdout
    path.write_text(empty, encoding="utf-8")
    result = run("compute", "2023", str(path))
    assert result.exit_code == 2 and result.stdout == ""
    told = result.stderr.splitlines()
    columns = len(empty.splitlines()[0].split(",")) - 1
    assert len(told) == columns and all(f"{path}, row: 6, quantity: " in line for line in told)
    result = run("compute", "2023", str(tmp_path / "nichts.csv"))
    assert result.exit_code == 2 and "no such file" in result.stderr


def test_template():
    result = run("template", "2013", "--kind", "landkreis", "--kind", "schultraeger")
    assert result.exit_code == 0 and result.stderr == ""
    heading, *_, empty = csv.reader(io.StringIO(result.stdout))
    assert {"kreisstrassen_kilometer", "schueler_sehen", "verwaltungsreform_absatz_5_anteil"} <= set(heading)
    assert empty[1] == "landkreis schultraeger" and len(empty) == len(heading)


@pytest.mark.parametrize(
    "arguments", [["2023"], ["2023", "--kind", "dorf"], ["2023", "--kind", "gemeinde", "--kind", "landkreis"]]
)
def test_a_template_of_nothing(arguments):
    result = run("template", *arguments)
    assert result.exit_code == 2 and result.stdout == "" and "kind" in result.stderr


def test_a_template_of_an_unknown_year():
    result = run("template", "2014", "--kind", "gemeinde")
    assert result.exit_code == 2 and "no such announcement" in result.stderr
