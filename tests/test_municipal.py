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
