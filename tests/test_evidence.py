"""What the pages on source and proof show."""

import re

import pytest

from lfa.evidence import (
    FIXED_BY_ORDINANCE,
    TABLES,
    corrected_text,
    data_dictionary,
    differences,
    differences_table,
    errata_table,
    evidence_counts,
    identity_counts,
    open_findings,
    open_last_digits,
    place_name,
    readings,
    results_frame,
    rules_by_evidence,
    seal,
    sources,
)
from lfa.identities import breaches, zweite_verordnung
from lfa.lines import registry
from lfa.parameters import entries
from lfa.sources import Cell, Erratum


def test_the_seal_counts_results_only(settlement):
    figures = settlement.compare()
    results = figures[~figures.kind.isin(["input", "reprint"])]
    found = results[results.kind.str.startswith("reproduced")]
    text = repr(seal(settlement)).replace(".", "")
    assert text.startswith(f"{len(found)} von {len(results)} amtlichen Zahlen des Jahres 2003 nachgerechnet")
    assert len(results) < len(figures)


def test_every_erratum_is_shown_with_a_proof(year):
    pages = "".join(errata_table(year, name).html for name in TABLES)
    groups = {erratum.group for erratum in year.errata}
    assert pages.count("<tr") == len(year.errata) + len(groups) + len(TABLES)
    for group in groups:
        assert pages.count(f'id="e-{group}"') == 1
    assert len(re.findall(r"Sonst verletzt: [\w§]", pages)) == len(groups), "a group without proof"
    for slug in ("_ohne_spaltenkopf", "gemeinden_", "spalte_", "grundsteuer_"):
        assert slug not in pages, "readers see words, not slugs"


def test_markup_in_data_is_escaped(year):
    cell = year.errata[0].cell
    planted = year._replace(errata=(Erratum(cell, "<b>1</b>", None, "digit", "001", ("summe_40",)),))
    html = errata_table(planted, "anlage1").html
    assert "<b>" not in html and "&lt;b&gt;" in html


def test_places_have_names(year):
    assert place_name("anlage1", "40") == "Zeile 40"
    assert place_name("anlage3", "spalte_7_minus") == "Sp. 7, Summe der Minusbeträge"
    assert (
        place_name("einwohner", "gemeinden_bis_5_ohne_spaltenkopf") == "Zahl der Gemeinden bis 5.000 (Spalte ohne Kopf)"
    )
    assert not [name for name in (place_name(*erratum.cell[:2]) for erratum in year.errata) if "_" in name]


def test_corrected_figures_are_printed_in_german(year):
    texts = {(*erratum.cell,): corrected_text(erratum) for erratum in year.errata}
    assert texts["anlage1", "40", "MV"] == "−25.565"
    assert texts["anlage1", "119", "HH"] == "105,7732"


def test_identities_before_and_after(year):
    before, after = identity_counts(year).itertuples()
    assert after.verletzt == 1 < before.verletzt <= before.regeln == after.regeln


@pytest.mark.parametrize("evidence", ["V", "N", "R"])
def test_rules_by_evidence_are_complete(year, evidence):
    lines = registry("fag1993").values()
    rules = sum(line.evidence == evidence and line.stage != "quelle" and line.unit != "Lesart" for line in lines)
    values = sum(entry["evidence"] == evidence and entry["name"] in year.parameters for entry in entries("fag1993"))
    assert list(evidence_counts(year).loc[evidence, ["regeln", "werte"]]) == [rules, values]
    shown = rules_by_evidence(year, evidence)
    assert len(shown) >= rules + values and (evidence == "R") == (len(shown) > rules + values)


def test_values_are_those_of_the_year(year):
    shown = rules_by_evidence(year, "V").set_index("was").regel
    assert shown.filter(like="Vorabanteil").iloc[0] == "5,63 v.H."
    assert shown.filter(like="vermindert").iloc[0].startswith("1.294.591.043,19 €. Ebenso")
    assert shown.filter(like="Anteil der Gemeinden").iloc[0] == "2,2 v.H."
    assert not shown.str.endswith("€.").any()


def test_readings_say_where_they_bind(settlement):
    shown = readings(settlement).set_index("auslegung").greift
    assert sorted(shown[shown != "nein"]) == ["Bremen", "Hamburg", "alle Länder"]
    assert len(shown) == sum(line.unit == "Lesart" for line in registry("fag1993").values())


def test_open_findings_are_told(year):
    html = open_findings(year).html
    assert html.count("Brandenburg") >= len(year.open) and "126" in html


def test_results_are_the_fixed_amounts(settlement):
    frame = results_frame(settlement).set_index("land")
    assert frame.betrag["HH"] == -655_979_000 and frame.betrag.sum() == 0
    assert frame.nachgerechnet["HH"] == pytest.approx(-655_979, abs=1)


def test_a_last_digit_that_rounding_leaves_open_is_told(year):
    loose = open_last_digits(year)
    cell = Cell("realsteuerkraft", "grundsteuer_b_grundbetraege_1", "BW")
    assert year.figures[cell] == 56805 and loose[cell] == [56804]
    rules = zweite_verordnung(year.parameters)
    for place, others in loose.items():
        for value in others:
            assert abs(value - year.figures[place]) == 1
            assert breaches({**year.figures, place: value}, rules) == breaches(year.figures, rules)
    assert "Auch 56.804 erfüllt alle Regeln" in errata_table(year, "realsteuerkraft").html


def test_the_data_dictionary_speaks_german_and_knows_what_the_ordinance_fixes():
    frame = data_dictionary("fag1993").set_index("key")
    assert not frame.zeile.str.contains("_").any()
    fixed = frame.loc[list(FIXED_BY_ORDINANCE)]
    assert set(fixed.art) == {"amtlich"} and list(fixed.zeile) == ["§ 1", "§ 3", "§ 2", "§ 1"]
    assert frame.zeile["fonds_nach_finanzkraft"] == "Anlage 3, Sp. 2; Anlage 3, Sp. 2 (wiederholt)"
    assert frame.zeile["einwohner_berlin_west"] == "Anlage 3, Einwohner von Berlin (West)"


def test_sources_have_dates_as_readers_write_them():
    frame = sources().set_index("id")
    assert frame.stand["verordnung-2003"] == "25.1.2005" and frame.dateien["verordnung-2003"] == "verordnung"


def test_differences_are_tabled_by_line_with_their_proofs(settlement):
    rows = differences(settlement).query("table == 'anlage1' and line in ['46', '42', '116']")
    rows = rows.assign(stelle=rows.line + " " + rows.land, einheiten=rows.units.astype(int))
    lines = differences_table(settlement, rows, "Probe", "Tsd. €").text.splitlines()
    assert lines[0] == "Probe, 2003" and lines[2].startswith("42 INSGESAMT") and "21.564.617*" in lines[2]
