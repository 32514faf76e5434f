"""The command line as scripts rely on it: formats, columns, streams, exit codes."""

import csv
import io
import json
import os
import subprocess
import sys

import pytest
from click.testing import CliRunner

import lfa.__main__ as cli
from lfa.checks import Check
from lfa.settlement import Figure
from lfa.states import CODES, INSGESAMT


def run(*arguments):
    return CliRunner().invoke(cli.main, arguments)


def rows(text):
    return list(csv.DictReader(io.StringIO(text)))


def test_years():
    result = run("years")
    assert result.exit_code == 0
    lines = result.stdout.splitlines()
    assert "2003  law fag1993  endgueltig  official  vollständig nachgerechnet" in lines
    assert "2024  law fag2020  vorlaeufig  secondary  zurückgerechnet" in lines
    assert [line[:4] for line in lines if line[0] != " "] == [str(year) for year in range(1995, 2025)]
    assert "tarif" in result.stdout and "without bez" in result.stdout


def test_compute_csv():
    result = run("compute", "2003", "--format", "csv")
    assert result.exit_code == 0
    found = rows(result.stdout)
    assert list(found[0]) == ["year", "stage", "line", "quantity", "land", "value", "unit"]
    assert {row["land"] for row in found} == {*CODES, INSGESAMT}
    final = {row["land"]: float(row["value"]) for row in found if row["line"] == "126"}
    assert final["BY"] == pytest.approx(-1_859_163_000, abs=500)
    assert sum(final[code] for code in CODES) == pytest.approx(0, abs=0.1)
    assert all("e" not in row["value"].lower() and row["value"] != "-0.00" for row in found)
    assert not [row for row in found if row["unit"] == "Lesart"]


def test_compute_json_and_csv_say_the_same():
    by_csv, by_json = (
        rows(run("compute", "2003", "--format", "csv").stdout),
        json.loads(run("compute", "2003", "--format", "json").stdout),
    )
    assert [(row["quantity"], row["land"], float(row["value"])) for row in by_csv] == [
        (row["quantity"], row["land"], row["value"]) for row in by_json
    ]


def test_compute_tells_which_reconstructed_readings_bind_on_stderr():
    result = run("compute", "2003", "--format", "csv")
    assert result.stderr.count("reconstructed reading binds") == 3 and "HB" in result.stderr


def test_compute_table():
    lines = run("compute", "2003").stdout.splitlines()
    assert lines[0].split()[:5] == ["Zeile", "quantity", "unit", "NW", "BY"]
    assert any(line.startswith("126") for line in lines)


def test_check():
    result = run("check", "2003")
    lines = result.stdout.strip().splitlines()
    assert result.exit_code == 0
    found, of = lines[-1].removesuffix(" official figures reproduced").split(" of ")
    assert int(of) - int(found) == 1
    groups = [line for line in lines if line.startswith(("§ ", "Anlage", "Vorblatt", "Begründung"))]
    assert [line.split("  ")[0] for line in groups[1:4]] == ["§ 2", "§ 3", "§ 4"]
    assert "consistency only" in groups[0]
    zeilen = [int(line.split()[3]) for line in groups if line.startswith("Anlage 1, Zeile")]
    assert zeilen == list(range(39, 127))


def test_check_all_is_every_year(monkeypatch):
    monkeypatch.setattr(cli, "years", lambda: (1996, 2003))
    assert run("check", "--all").stdout == run("check", "1996").stdout + run("check", "2003").stdout


def test_check_fails_with_exit_code_1_when_a_figure_deviates(monkeypatch):
    def one_wrong(settlement):
        return [
            Figure("paragraf_1", "laenderanteil", "NW", "umsatzsteueranteil", 1.0, 2.0, 1.0, 0.5, False, "deviating")
        ]

    monkeypatch.setattr(cli, "comparison", one_wrong)
    result = run("check", "2003")
    assert result.exit_code == 1
    assert "deviating: § 1" in result.stdout and result.stdout.strip().endswith("0 of 1 official figures reproduced")


@pytest.mark.parametrize(
    ("kinds", "exit_code", "line"),
    [
        (("holds", "holds"), 0, "2 of 2 checks of published results hold"),
        (("holds", "provisional"), 0, "1 of 2 checks of published results hold"),
        (("fails", "provisional"), 1, "0 of 2 checks of published results hold"),
    ],
)
def test_check_of_results_fails_only_for_final_values(monkeypatch, kinds, exit_code, line):
    made = [Check(f"check_{kind}", "§ 2", "Es stimmt", 16, 2, 1, kind) for kind in kinds]
    monkeypatch.setattr(cli, "checks", lambda year: made)
    result = run("check", "2015")
    assert result.exit_code == exit_code
    assert result.stdout.splitlines()[-1] == line
    assert all(f"check_{kind}" in result.stdout for kind in kinds)


def test_check_of_a_year_with_results_alone():
    result = run("check", "2019")
    lines = result.stdout.splitlines()
    assert result.exit_code == 0 and result.stderr == ""
    assert lines[0] == "2019, fag2005, endgueltig, official, Ergebnisse geprüft"
    assert lines[1].split() == ["check", "figures", "off", "result", "statement"]
    assert "implied by § 1: national Umsatzsteuer of 243,255,526,154 EUR (derived)" in lines
    assert sum(line.startswith("sources disagree: ausgleich, ") for line in lines) == 15
    assert lines[-1] == "2 of 2 checks of published results hold"


def test_check_shows_which_source_counts():
    lines = run("check", "2003").stdout.splitlines()
    assert [line for line in lines if line.startswith("sources disagree")] == [
        "sources disagree: ausgleich, NI: 392,440,000 EUR (verordnung-2003) counts, "
        "not 393,000,000 EUR (finanzvolumen-wikipedia)",
        "sources disagree: ausgleich, MV: 393,059,000 EUR (verordnung-2003) counts, "
        "not 392,000,000 EUR (finanzvolumen-wikipedia)",
    ]


def test_compute_backwards():
    found = rows(run("compute", "2024", "--format", "csv").stdout)
    assert list(found[0]) == ["year", "stage", "line", "quantity", "land", "value", "unit"]
    assert {(row["year"], row["stage"], row["line"]) for row in found} == {("2024", "rekonstruktion", "")}
    bez = {row["land"]: row["value"] for row in found if row["quantity"] == "allgemeine_bez"}
    assert bez["NI"] == "633000000.00" and bez["BY"] == "0.00" and set(bez) == {*CODES, INSGESAMT}
    assert not any("e" in row["value"].lower() or row["value"].startswith("-0.0") for row in found)
    by_json = json.loads(run("compute", "2024", "--format", "json").stdout)
    assert [row["value"] for row in by_json] == [float(row["value"]) for row in found]
    table = run("compute", "2024").stdout.splitlines()
    assert table[0].split() == ["quantity", "unit", *CODES, INSGESAMT]
    assert len(table) == 10 and "633,000,000" in table[7]


@pytest.mark.parametrize("jahr", ["1995", "2008", "2019", "2023"])
def test_compute_of_a_year_that_cannot_be_worked_back(jahr):
    result = run("compute", jahr)
    assert result.exit_code == 2 and result.stdout == ""
    assert result.stderr.startswith(f"data/{jahr}, found: published results, which do not suffice")


def test_errata_csv_is_the_file():
    from lfa.files import DATA

    assert run("errata", "2003", "--format", "csv").stdout == (DATA / "2003/errata.csv").read_text(encoding="utf-8")
    assert run("errata", "2015", "--format", "csv").stdout == "table,line,land,printed,corrected,kind,group,proof\n"
    assert run("errata", "2003").stdout.splitlines()[0].split() == [
        "table",
        "line",
        "land",
        "printed",
        "corrected",
        "kind",
        "group",
        "proof",
    ]


def test_a_reader_that_stops_early_is_no_failure():
    command = f"{sys.executable} -m lfa compute 2003 --format csv 2>/dev/null | head -1; echo ${{PIPESTATUS[0]}}"
    result = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=True)
    assert result.stdout == "year,stage,line,quantity,land,value,unit\n0\n" and result.stderr == ""


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="needs a full device")
def test_an_output_that_takes_nothing_is_told():
    command = f"{sys.executable} -m lfa compute 2003 --format csv > /dev/full"
    result = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=False)
    assert result.returncode == 2 and "cannot write the result" in result.stderr and "Traceback" not in result.stderr


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("compute", "1899"), "data/1899, found: no data for this year, expected: a year from 1995 to 2024"),
        (("check", "1899"), "no data for this year"),
        (("check", "2003", "1899"), "no data for this year"),
        (("errata", "1899"), "no data for this year"),
        (("compute", "zweitausenddrei"), "is not a valid integer"),
        (("compute", "2003", "--format", "xml"), "'xml' is not one of"),
        (("compute",), "Missing argument"),
        (("check",), "name the years to check, or --all"),
        (("check", "2003", "--all"), "name the years to check, or --all"),
        (("new-year",), "Missing argument"),
        (("new-year", "2004"), "data/2004, found: a year before 2005, expected: a year since 2005 without inputs"),
        (("new-year", "1994"), "found: 1994, expected: an Ausgleichsjahr from 1995 on"),
        (("nonsense",), "No such command"),
    ],
)
def test_bad_usage_ends_with_a_message_and_exit_code_2(arguments, message):
    result = run(*arguments)
    assert result.exit_code == 2
    assert message in result.stderr and "Traceback" not in result.output
    assert result.stdout == ""
