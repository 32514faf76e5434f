"""What every figure is: nothing without its rule, no formula that names a Zeile nobody knows, no erratum lost."""

import json
import re

import pytest
from test_pictures_jahr import invented

from lfa import zahlen
from lfa.evidence import proof_links
from lfa.lines import registry
from lfa.results import preferred
from lfa.settlement import settle
from lfa.states import CODES, INSGESAMT
from lfa.tables import number
from lfa.years import load, years

DATA = {year: zahlen.year_data(load(year)) for year in (2003, 2015, 2024)}


def test_every_line_of_the_settlement_is_told():
    lines = DATA[2003]["zeilen"]
    expected = {key for key, line in registry("fag1993").items() if line.unit != "Lesart"}
    assert set(lines) == {key for key in expected if key in settle(2003).lines}
    for key, line in lines.items():
        assert line["paragraf"].startswith("§") and line["beleg"] in "VNR" and line["regel"], key
        assert set(line["eingaben"]) <= set(lines) | {key}, key


def test_formulas_name_only_zeilen_that_are_known():
    numbers = DATA[2003]["nummern"]
    named = {zeile for line in DATA[2003]["zeilen"].values() for zeile in re.findall(r"Zeile (\d+)", line["regel"])}
    assert len(named) > 40
    # Zeilen 1 to 38 are missing from the source.
    assert {zeile for zeile in named if zeile not in numbers} <= {str(zeile) for zeile in range(1, 39)}


def test_values_are_as_printed():
    printed = settle(2003).as_printed()
    for key in ("ausgleich_abs_2", "finanzkraftmesszahl", "laendersteuern"):
        values = DATA[2003]["zeilen"][key]["werte"]
        for code, value in zip(CODES, printed.lines[key], strict=True):
            assert values[code] == number(value / 1000), (key, code)
        assert values[INSGESAMT] == number(printed.insgesamt[key] / 1000)


def test_every_corrected_figure_leads_to_its_proof():
    year = load(2003)
    places = {(p.table, p.line): key for key, line in registry("fag1993").items() for p in line.printed}
    found = 0
    for cell, target in proof_links(year).items():
        if key := places.get((cell.table, cell.line)):
            assert DATA[2003]["zeilen"][key]["beweise"][cell.land].count(target) == 1
            found += 1
    assert found > 200


def test_the_judgement_is_that_of_the_comparison():
    frame = settle(2003).compare()
    for row in frame[frame["kind"] == "open"].itertuples():
        line = DATA[2003]["zeilen"][row.quantity]
        assert line["urteil_anders"].get(row.land, line["urteil"]) == zahlen.JUDGED["open"]
    line = DATA[2003]["zeilen"]["ausgleich_abs_2"]
    assert line["urteil"] == zahlen.JUDGED["reproduced"]


@pytest.mark.parametrize("year", [2015, 2024])
def test_published_figures_carry_source_status_and_kind(year):
    results = preferred(load(year).results)
    assert set(DATA[year]["zeilen"]) == set(results)
    for key, line in DATA[year]["zeilen"].items():
        assert line["quelle"] and line["urteil"].startswith("veröffentlicht, ")
        assert set(line["werte"]) == set(results[key])
        for land, result in results[key].items():
            told = line["urteil_anders"].get(land, line["urteil"])
            assert zahlen.STATUS[result.status] in told and zahlen.KIND[result.kind] in told


def test_every_year_can_be_told():
    for year in years():
        data = zahlen.year_data(load(year))
        assert data["jahr"] == year and json.loads(json.dumps(data, allow_nan=False)) == data


@pytest.mark.parametrize(("law", "jahr"), [("fag2005", 2019), ("fag2020", 2025)])
def test_a_year_with_a_file_of_inputs_is_told_line_by_line(law, jahr):
    """Its lines are computed and nowhere printed."""
    year = invented(law, jahr).year
    data = zahlen.year_data(year)
    assert len(data["zeilen"]) > 40 and data["zeilen"]["ausgleich"]["urteil"] == zahlen.COMPUTED
    assert all(line["paragraf"].startswith("§") for line in data["zeilen"].values())
    assert set(data["zeilen"]["ausgleich"]["werte"]) >= set(CODES)
