"""Statutory values by date, and the registries that describe the data."""

import datetime
from fractions import Fraction
from itertools import pairwise

import numpy as np
import pytest

from lfa import lines as registries
from lfa import parameters as statute
from lfa.errors import DataError
from lfa.files import DATA, load_yaml
from lfa.law.arrays_lists import Vector
from lfa.lines import STAGES, registry
from lfa.parameters import DM_PER_EURO, as_floats, as_vectors, entries, parameters
from lfa.settlement import LAWS
from lfa.states import CODES, LAENDER


def at(year):
    return parameters("fag1993", datetime.date(year, 12, 31))


def test_the_value_of_the_day_is_the_latest_before_it():
    assert [at(year)["umsatzsteuer_laender"] for year in (1995, 1996, 1999, 2000, 2003)] == [
        Fraction(text) for text in ("0.44", "0.495", "0.495", "0.4975", "0.504")
    ]
    first = datetime.date(2002, 1, 1)
    assert parameters("fag1993", first)["umsatzsteuer_laender"] == Fraction("0.504")
    day_before = first - datetime.timedelta(days=1)
    assert parameters("fag1993", day_before)["umsatzsteuer_laender"] == Fraction("0.4975")


def test_marks_are_converted_exactly():
    assert at(2003)["hafenlasten"]["HH"] * DM_PER_EURO == 142_000_000
    assert at(2003)["fonds_zuzueglich"] == Fraction(2_100_000_000) / Fraction("1.95583")
    assert sum(at(2003)["hafenlasten"].values()) * DM_PER_EURO == 300_000_000
    assert sum(at(2003)["umschichtung"].values()) == 0


def test_values_by_land_become_vectors_of_sixteen():
    floats, exact = as_floats(at(2003)), as_vectors(at(2003))
    assert floats["hafenlasten"].shape == (16,) and np.count_nonzero(floats["hafenlasten"]) == 4
    assert isinstance(exact["hafenlasten"], Vector) and len(exact["hafenlasten"]) == 16
    assert list(exact["hafenlasten"])[CODES.index("MV")] == at(2003)["hafenlasten"]["MV"]
    assert floats["einwohner_klassen"][1] == {"klasse": "5_20", "ueber": 5000, "breite": 15000, "vomhundertsatz": 110}


def test_slices_of_municipalities_join_without_gap():
    slices = at(2003)["einwohner_klassen"]
    for lower, upper in pairwise(slices):
        assert lower["ueber"] + lower["breite"] == upper["ueber"]
    assert "breite" not in slices[-1]


@pytest.mark.parametrize("law", [*LAWS, "fag_bw"])
def test_every_value_says_where_it_comes_from(law):
    for entry in entries(law):
        assert entry["last_checked"] <= datetime.date.today().isoformat()
        assert list(entry["values"]) == sorted(entry["values"])
        if entry["evidence"] == "R":
            assert any("note" in version for version in entry["values"].values()), entry["name"]
        for start, version in entry["values"].items():
            assert version["reference"].endswith("."), (entry["name"], start)


@pytest.mark.parametrize(("law", "first"), [("fag2005", "2005-01-01"), ("fag2020", "2020-01-01")])
def test_a_law_since_2005_is_complete_from_its_first_year(law, first):
    for entry in entries(law):
        assert next(iter(entry["values"])) == first, entry["name"]
        assert all(start.endswith("-01-01") for start in entry["values"]), "amounts hold for Ausgleichsjahre"
        assert all(version["value"] is not None for version in entry["values"].values()), entry["name"]


@pytest.mark.parametrize("law", [*LAWS, "fag_bw"])
def test_a_value_changes_only_where_it_changes(law):
    for entry in entries(law):
        for (_, before), (start, after) in pairwise(entry["values"].items()):
            same = before["value"] == after["value"] and "earlier" not in before and "earlier" not in after
            sources = [(version["reference"], version.get("evidence")) for version in (before, after)]
            assert not same or sources[0] != sources[1], (entry["name"], start)


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("  unit: Anteil\n", "  unit: Prozent\n", "one of Anteil"),
        ("  evidence: V\n", "", "expected: the key evidence"),
        ("value: 0.0364", "value: viel", "a fraction such as 13/7"),
        (
            "reference: G. v. 16.06.1998 BGBl. I S. 1290.",
            "reference: BGBl",
            "a citation such as Art. 5 G. v. 20.12.2001 BGBl. I S. 3955.",
        ),
        ("(§ 1 Abs. 1)", "", "German words with the paragraph in brackets"),
        ("1998-01-01:", "irgendwann:", "a date such as 2003-12-31"),
        ("{HH: 142000000", "{XX: 142000000", "values by Land"),
        ("- name: umsatzsteuer_gemeinden", "- name: Umsatzsteuer Gemeinden", "a name in a-z, 0-9 and _"),
    ],
)
def test_a_wrong_parameter_file_is_refused(tmp_path, monkeypatch, old, new, expected):
    text = (DATA / "parameters/fag1993.yaml").read_text(encoding="utf-8")
    assert old in text
    (tmp_path / "parameters").mkdir()
    (tmp_path / "parameters/fag1993.yaml").write_text(text.replace(old, new, 1), encoding="utf-8")
    monkeypatch.setattr(statute, "DATA", tmp_path)
    with pytest.raises(DataError) as caught:
        entries("fag1993")
    assert expected in str(caught.value) and "fag1993.yaml" in str(caught.value)


def test_registry():
    lines = registry("fag1993")
    zeilen = [zeile for line in lines.values() for zeile in line.zeilen]
    assert sorted(map(int, zeilen)) == list(range(39, 127)), "every Zeile once"
    assert lines["laendersteuern"].zeilen == ("41", "58", "78", "90")


@pytest.mark.parametrize("law", LAWS)
def test_the_registry_of_every_law_is_in_the_order_of_the_stages(law):
    order = [STAGES.index(line.stage) for line in registry(law).values()]
    stages = {line.stage for line in registry(law).values()}
    assert {name for name, _ in LAWS[law].STAGES} <= stages
    assert order == sorted(order)
    names = {entry["name"] for entry in entries(law)}
    assert {line.only_if for line in registry(law).values() if line.only_if} <= names


def test_a_wrong_registry_is_refused(tmp_path, monkeypatch):
    text = (DATA / "lines/fag1993.yaml").read_text(encoding="utf-8")
    (tmp_path / "lines").mkdir()
    (tmp_path / "lines/fag1993.yaml").write_text(text.replace("stage: tarif", "stage: tariff", 1), encoding="utf-8")
    monkeypatch.setattr(registries, "DATA", tmp_path)
    registry.cache_clear()
    try:
        with pytest.raises(DataError, match="fehlbetrag_92_bis_100"):
            registry("fag1993")
    finally:
        monkeypatch.undo()
        registry.cache_clear()


def test_sources_name_files_that_exist():
    for source in load_yaml(DATA / "sources.yaml", "sources"):
        for name in source["files"]:
            assert (DATA / name).is_file(), name


def test_laender():
    assert len(LAENDER) == 16 and len({land.tile for land in LAENDER}) == 16
    assert [land.code for land in LAENDER if land.stadtstaat] == ["BE", "HH", "HB"]
