"""„Selbst rechnen“: the data of the page, and the same law on both backends for what readers may enter."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scenarios import DATA, changes, deviation

from lfa import calculator, koerperschaften, scenario, settle
from lfa.law.arrays_lists import Vector
from lfa.parameters import as_floats
from lfa.pictures import anreiz
from lfa.states import CODES
from lfa.versions import UST, under

LISTS = scenario.decoded(DATA)
ARRAYS = scenario.decoded(DATA, np.array)
VARIANTS = 1000
"""Random variants per law."""


def both(version: str, base: str, change: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any], list[str]]:
    one, other = LISTS["fassungen"][version], ARRAYS["fassungen"][version]
    lists = scenario.settle(one, one["basen"][base], change)
    arrays = scenario.settle(other, other["basen"][base], change, np.array)
    return lists, arrays, one["basen"][base]["zeilen"]


@pytest.mark.parametrize("version", calculator.IDS)
def test_a_thousand_variants_agree_between_the_backends(version: str) -> None:
    draw = random.Random(int(version))
    moved = 0
    for _ in range(VARIANTS):
        base = draw.choice(list(LISTS["fassungen"][version]["basen"]))
        lists, arrays, lines = both(version, base, changes(draw, version, base))
        worst = max(deviation(list(lists[key]), arrays[key]) for key in lines)
        assert worst < 1e-9
        moved += bool(np.abs(arrays["ausgleich"]).max() > 1)
        assert abs(arrays["ausgleich"].sum()) < 1
    assert moved == VARIANTS


@pytest.mark.parametrize("version", calculator.IDS)
def test_without_changes_it_is_the_settlement_of_the_book(version: str) -> None:
    known = under(settle(2003), calculator.IDS[version])
    _, arrays, lines = both(version, "2003", {})
    for key in lines:
        assert deviation(arrays[key], np.asarray(known[key])) < 1e-9, key


@pytest.mark.parametrize("version", calculator.IDS)
def test_every_rule_and_every_field_moves_something(version: str) -> None:
    data = LISTS["fassungen"][version]
    law = data["modul"]
    # So far apart that the limit of § 10 Abs. 3 FAG 2001 binds, which it does for no Land as it is.
    poor = [CODES.index(code) for code in ("SN", "ST", "TH", "BB", "MV", "BE", "NI")]
    stock = data["basen"]["2003"]["bestand"]["steuern"].values
    apart = {"land": {str(place): {"steuern": -0.95 * stock[place]} for place in poor}}
    keys = [UST[law], "ausgleich", *(["allgemeine_bez"] if law != "fag1993" else [])]

    def moves(change: dict[str, Any], start: dict[str, Any]) -> bool:
        before, after = (both(version, "2003", {**start, **more})[1] for more in ({}, change))
        return any(np.abs(after[key] - before[key]).max() > 1 for key in keys)

    for key, rule in data["regeln"].items():
        start = apart if (law, key) == ("fag2005", "garantien") else {}
        other = 0 if rule.get("schalter") else rule["wert"] / 2
        assert moves({"regeln": {key: other}}, start), key
        assert not moves({"regeln": {key: rule["wert"]}}, start), f"{key}: its own value changes something"
    for field in calculator.FIELDS:
        assert moves({"land": {"0": {field.key: 100_000.0}}}, {}), field.key


def test_a_switch_turned_off_takes_the_guarantees_away() -> None:
    after = both("1993", "2003", {"regeln": {"garantien": 0}})[1]
    for key in ("korrektur_abs_3_satz_1", "korrektur_abs_3_satz_3", "korrektur_abs_4_satz_2", "erhoehung_beitrag"):
        assert not np.abs(after[key]).any(), key
    assert np.abs(both("1993", "2003", {})[1]["korrektur_abs_3_satz_3"]).any()


def test_city_states_weigh_like_others() -> None:
    change = {"regeln": {"stadtstaaten": 100.0}}
    for version in ("2005", "2020"):
        lines = both(version, "gleich", change)[1]
        kinds = ("gewertete_einwohner_laendersteuern",)
        for kind in kinds:
            assert np.ptp(lines[kind] / lines["einwohner"]) < 1e-12
    doubled = both("1993", "2003", {"land": {"15": {"einwohner": both("1993", "2003", {})[1]["einwohner"][15]}}})[1]
    assert doubled["einwohner"][15] == pytest.approx(2 * both("1993", "2003", {})[1]["einwohner"][15])


def test_sixteen_equal_laender_differ_by_rules_alone() -> None:
    for version in calculator.IDS:
        base = ARRAYS["fassungen"][version]["basen"]["gleich"]
        assert all(np.ptp(value) == 0 for value in base["eingaben"].values() if isinstance(value, np.ndarray))
        lines = both(version, "gleich", {})[1]
        flat = [CODES.index(code) for code in ("NW", "BY", "BW", "HE", "SN", "RP", "TH")]
        assert np.ptp(lines["ausgleich"][flat]) < 1e-3
        assert (lines["ausgleich"][[CODES.index(code) for code in ("BE", "HH", "HB")]] > 0).all()


@pytest.mark.parametrize("version", calculator.IDS)
def test_one_more_euro_is_the_one_of_the_book(version: str) -> None:
    """The page counts on lists, the book by its own function on numpy."""
    from lfa.pictures import gesetzesvergleich

    table = gesetzesvergleich.kept(settle(2003), calculator.IDS[version], step=1.0)
    known = (table["ohne"] if version == "1993" else table["mit"]).to_numpy()
    data = LISTS["fassungen"][version]
    base = data["basen"]["2003"]
    lines = scenario.settle(data, base, {})
    found = [100 * scenario.kept(data, base, {}, lines, place) for place in range(16)]
    assert found == pytest.approx(list(known), abs=0.01)


def test_presets_are_possible_and_change_something() -> None:
    names = {rule.key for rules in calculator.RULES.values() for rule in rules}
    for preset in calculator.PRESETS:
        for key in preset.changes:
            place, name = key.split(".")
            assert name in names if place == "r" else place in CODES and name in {f.key for f in calculator.FIELDS}
        assert set(preset.versions) <= set(calculator.IDS)


def test_the_page_gets_the_files_of_the_package(tmp_path: Path) -> None:
    calculator.write(tmp_path)
    found = calculator.delivered(tmp_path)
    assert set(found) == set(calculator.PYTHON)
    package = Path(scenario.__file__).parent
    assert all(text == (package / name).read_text(encoding="utf-8") for name, text in found.items())


def test_another_law_on_the_page_stops_the_build(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files = calculator.python_files()
    files["law/fag2020.py"] = files["law/fag2020.py"].replace("satz * ", "1.01 * satz * ", 1)
    assert files != calculator.python_files()
    stale = calculator._assigned("LFA_DATEIEN", files)
    monkeypatch.setattr(calculator, "scripts", lambda: {"laufzeit.js": "globalThis.LFA_WASM='';\n" + stale})
    with pytest.raises(ValueError, match="fag2020"):
        calculator.write(tmp_path)


def test_another_release_of_micropython_is_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("micropython.mjs", "micropython.wasm", "LICENSE"):
        (tmp_path / name).write_bytes((calculator.MICROPYTHON / name).read_bytes().replace(b'import("fs")', b""))
    monkeypatch.setattr(calculator, "MICROPYTHON", tmp_path)
    with pytest.raises(ValueError, match="3 times"):
        calculator.micropython()


def test_data_are_plain_json() -> None:
    for data in (calculator.data(), calculator.gemeinde_data()):
        assert json.loads(json.dumps(data, allow_nan=False)) == data


# --- A Gemeinde -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("year", ["2013", "2023"])
@pytest.mark.parametrize("in_vh", [30, 75, 95, 130, 240])
def test_a_gemeinde_keeps_what_the_chapter_draws(year: str, in_vh: int) -> None:
    """§§ 5 and 1a on floats, for the invented Gemeinde at several strengths, against the exact rule of the chapter."""
    stand = scenario.decoded(calculator.gemeinde_data())["jahre"][year]
    inputs = {field["key"]: field["wert"] for field in stand["felder"]}
    inputs = {key: value if key in stand["land"] else Vector([value]) for key, value in inputs.items()}
    inputs["bedarfsmesszahl"] = Vector([20_000_000.0])
    inputs["steuerkraftmesszahl"] = Vector([in_vh * 200_000.0])
    steady = scenario.fag_bw.settle(inputs, stand["parameter"], "gemeinde", ("schluesselzahl", "schluesselzuweisung"))
    inputs["schluesselzuweisung_vorvorjahr"] = steady["schluesselzuweisung"]
    kept = 100 * scenario.kept_by_gemeinde(inputs, stand["parameter"]).values[0]
    table = anreiz.behalten(int(year), [in_vh])
    assert kept == pytest.approx(float(table["behalten"].iloc[0]), abs=0.02)


def test_a_gemeinde_answers_as_the_command_line() -> None:
    data = scenario.decoded(calculator.gemeinde_data())
    for year, stand in data["jahre"].items():
        given = {field["key"]: field["wert"] for field in stand["felder"]}
        given["gewerbesteuer"] *= 1.5
        given["einwohner"] += 1234
        question = {"jahr": year, "eingaben": given, "lesarten": {"umlage_ganze_prozent": 0}}
        answer = json.loads(scenario.gemeinde(data, json.dumps(question)))
        body = koerperschaften.invented(int(year))[stand["muster"]]
        instalments = {key: value for key, value in body.inputs.items() if key.startswith("teilzahlung")}
        body = body._replace(kinds=("gemeinde",), inputs={**given, **instalments})
        rows = koerperschaften.entitlements(int(year), [body], {"umlage_ganze_prozent": 0})
        found = {row.item: abs(row.amount) for row in rows}
        for item in stand["posten"]:
            assert answer[item["key"]] == pytest.approx(found[item["key"]], abs=0.005)
            assert item["satz"] in stand["parameter"] or item["satz"] in answer


def test_floats_and_page_parameters_are_the_same() -> None:
    for version, known in calculator.IDS.items():
        values = as_floats(known.parameters)
        for key, value in ARRAYS["fassungen"][version]["parameter"].items():
            if isinstance(value, float):
                assert value == values[key], key
