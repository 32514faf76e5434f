"""Bodies of Baden-Württemberg: what they must give, what they get item by item, and every way to give it wrongly."""

import csv
import io
import time
from fractions import Fraction as F
from itertools import product
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lfa import bekanntmachung
from lfa import koerperschaften as bodies_of
from lfa.errors import DataError
from lfa.files import DATA
from lfa.koerperschaften import (
    KINDS,
    Body,
    effects,
    entitlements,
    invented,
    needed,
    open_points,
    read,
    registry,
    settle,
)
from lfa.law import fag_bw
from lfa.law.arrays_lists import Vector
from lfa.parameters import as_vectors

YEARS = (2013, 2023)
COMBINATIONS = [*((kind,) for kind in KINDS), ("gemeinde", "schultraeger"), ("landkreis", "schultraeger")]
NOT_COMPUTED_FOR_ONE_BODY = {
    *("schluesselmasse", "ausschuettungsquote", "schluesselzahl_vorjahr", "teilzahlung_q2_folgejahr"),
    *("zahlung_q2_folgejahr", "kreisstrassen_grundbetrag", "gemeindestrassen_grundbetrag"),
    *(f"kreisstrassen_betrag_{art}" for art in ("stufe_1", "stufe_2", "stufe_3", "abgestuft")),
    *(f"gemeindestrassen_betrag_{art}" for art in ("verbindung", "ortsdurchfahrt", "kreisstrasse", "abgestuft")),
}
"""What only the whole of the Land, another reading or the next year asks for."""


def muster(year):
    return list(invented(year).values())


def rows_of(year, name, **readings):
    return {row.item: row for row in entitlements(year, muster(year), readings) if row.body == name}


def lines_of(year, name):
    """The lines of one body, as floats."""
    (settled,) = settle(year, [body for body in muster(year) if body.name == name])
    return {key: float(settled.array(value)[0]) for key, value in settled.lines.items()}


# --- The registry and the law say the same ----------------------------------------------------------------------------


def test_every_line_is_in_the_registry_and_every_entry_is_a_line():
    found = set()
    for year, kinds in product(YEARS, COMBINATIONS):
        asked = needed(year, kinds)
        body = Body("Muster", kinds, {quantity.key: 1.0 for quantity in asked})
        lines = settle(year, [body])[0].lines
        assert set(lines) <= set(registry())
        assert all(registry()[key].formula for key in lines if key not in body.inputs)
        assert all(quantity.published for quantity in asked)
        found |= set(lines)
    assert set(registry()) - found == NOT_COMPUTED_FOR_ONE_BODY


def test_every_open_point_of_the_registry_is_one_of_the_law():
    named = {quantity.reading for quantity in registry().values() if quantity.reading}
    assert named <= {point.name for year in YEARS for point in open_points(year)}


def test_what_a_gemeinde_must_give():
    before, after = ({quantity.key for quantity in needed(year, ("gemeinde",))} for year in YEARS)
    assert before - after == {"umgerechnete_kinder"}, "the weights of 2013 are not known"
    assert after - before == {"umgerechnete_gruppen", *fag_bw.KINDER}
    with_needs = needed(2023, ("gemeinde",), frozenset({"bedarfsmesszahl"}))
    assert after - {quantity.key for quantity in with_needs} == {"grundbetrag", "zuschlag_personen"}
    with_another_reading = needed(2023, ("gemeinde",), readings=frozenset({("schluesselzahl_des_vorjahres", 1)}))
    assert {quantity.key for quantity in with_another_reading} - after == {"schluesselzahl_vorjahr"}


def test_the_open_points_of_both_years():
    before, after = ({point.name for point in open_points(year)} for year in YEARS)
    assert after - before == {"bedarf_zuschlag_gilt", "kopfbetrag_flaeche_letzte_stufe_steigt"}
    assert before < after and len(before) == 5


# --- Items ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("year", YEARS)
def test_an_amount_is_basis_times_rate(year):
    for row in entitlements(year, muster(year)):
        if row.basis is None:
            continue
        in_hundred = [unit in ("v.H.", "%") for unit in (row.basis_unit, row.rate_unit)]
        sign = -1 if registry()[row.item].paid_by_the_body else 1
        assert row.amount == pytest.approx(sign * row.basis * row.rate / 100 ** sum(in_hundred), abs=1e-6), row


SUMS = {
    "Mustergemeinde": {
        *("schluesselzuweisung", "investitionspauschale", "fremdenverkehr", "gemeindestrassen", "ausbildung"),
        *("investitionen_nach_flaeche", "familienleistungsausgleich", "kindergarten", "kleinkinder", "leitungszeit"),
        "sachkostenbeitrag",
    },
    "Musterkreis": {
        *("schluesselzuweisung_landkreis", "verwaltungsbehoerde", "kreisstrassen", "ausbildung", "grunderwerbsteuer"),
        *("verwaltungsreform_absatz_4", "verwaltungsreform_absatz_5", "schuelerbefoerderung", "nahverkehr"),
        *("minderjaehrige_auslaender", "sachkostenbeitrag"),
    },
}
SUMS["Musterburg"] = (
    SUMS["Mustergemeinde"]
    | (SUMS["Musterkreis"] - {"schluesselzuweisung_landkreis", "kreisstrassen"})
    | {"schluesselzuweisung_stadtkreis"}
)


@pytest.mark.parametrize(("year", "name"), list(product(YEARS, SUMS)))
def test_the_items_are_all_there_is(year, name):
    """The total by items is the sum of the results of the rules, each of which has a paragraph of its own."""
    lines, rows = lines_of(year, name), rows_of(year, name)
    assert rows["total"].amount == pytest.approx(sum(lines.get(key, 0) for key in SUMS[name]))
    paid = lines["finanzausgleichsumlage"] + lines.get("erstattung", 0)
    assert rows["saldo"].amount == pytest.approx(rows["total"].amount - paid)
    instalments = [-lines[key] for key in fag_bw.TEILZAHLUNGEN]
    assert [rows[key].amount for key in fag_bw.TEILZAHLUNGEN] == instalments
    assert rows["rest"].amount == pytest.approx(rows["total"].amount + sum(instalments))
    assert str(year + 1) in rows["rest"].label


@pytest.mark.parametrize("year", YEARS)
def test_floats_agree_with_fractions_to_the_cent(year):
    for body in muster(year):
        exact = {key: F(repr(value)) for key, value in body.inputs.items()}
        exact = {key: value if registry()[key].land else Vector([value]) for key, value in exact.items()}
        for rules in bodies_of._bodies(body.kinds):
            exact = fag_bw.settle(exact, as_vectors(bodies_of.exact_values(year)), rules)
        for row in entitlements(year, [body]):
            if row.basis is not None:
                sign = -1 if registry()[row.item].paid_by_the_body else 1
                assert row.amount == pytest.approx(sign * float(next(iter(exact[row.item]))), abs=0.0005), row


def test_bodies_of_all_kinds_keep_their_order():
    rows = entitlements(2023, muster(2023))
    assert list(dict.fromkeys(row.body for row in rows)) == [body.name for body in muster(2023)]
    assert {kind for body in muster(2023) for kind in body.kinds} == set(KINDS)
    alone = [row for body in muster(2023) for row in entitlements(2023, [body])]
    assert [row._replace(amount=0, basis=0, rate=0) for row in alone] == [
        row._replace(amount=0, basis=0, rate=0) for row in rows
    ]
    assert [row.amount for row in alone] == pytest.approx([row.amount for row in rows])


def test_what_a_body_gives_itself_is_not_computed():
    (body,) = [body for body in muster(2023) if body.name == "Musterdorf"]
    needs = lines_of(2023, "Musterdorf")["bedarfsmesszahl"]
    kept = {key: value for key, value in body.inputs.items() if key not in ("grundbetrag", "zuschlag_personen")}
    given = body._replace(inputs={**kept, "bedarfsmesszahl": needs})
    assert [row.amount for row in entitlements(2023, [given])] == pytest.approx(
        [row.amount for row in entitlements(2023, [body])]
    )


def test_effects_are_the_difference_of_two_computations():
    for year in YEARS:
        found = {effect.reading.name: effect.changes for effect in effects(year, muster(year))}
        assert set(found) == {point.name for point in open_points(year)}
        assert all(changes for changes in found.values()), "the invented bodies know what every reading asks for"
        for point in open_points(year):
            other = entitlements(year, muster(year), {point.name: 1 - point.taken})
            usual = entitlements(year, muster(year))
            for after, before in zip(other, usual, strict=True):
                if after.item == "saldo":
                    assert found[point.name][after.body] == pytest.approx(after.amount - before.amount, abs=0.001)
        moved = [name for name, changes in found.items() if any(abs(change) > 1 for change in changes.values())]
        assert set(moved) >= {point.name for point in open_points(2013)}, (
            "every open point of 2013 matters to some body"
        )


def test_the_effect_of_a_reading_that_asks_for_more_is_unknown():
    bodies = [
        body._replace(inputs={key: value for key, value in body.inputs.items() if key != "schluesselzahl_vorjahr"})
        for body in muster(2013)
    ]
    (effect,) = [e for e in effects(2013, bodies) if e.reading.name == "schluesselzahl_des_vorjahres"]
    assert effect.changes == {}


def test_an_unknown_reading():
    with pytest.raises(DataError, match="umlage_ganze_prozent schluesselzahl_des_vorjahres"):
        settle(2013, muster(2013), {"kopfbetrag_flaeche_letzte_stufe_steigt": 0})


@settings(max_examples=60, deadline=None)
@given(st.floats(0, 3), st.floats(0, 3), st.sampled_from(YEARS))
def test_more_steuerkraft_never_leaves_less_before_the_umlage(lower, more, year):
    """§ 5: Steuerkraft and Schlüsselzuweisungen together never fall when the Steuerkraft rises."""
    (body,) = [body for body in muster(year) if body.name == "Mustergemeinde"]
    kept = {key: value for key, value in body.inputs.items() if "steuer" not in key or "je_einwohner" in key}
    keys = {quantity.key for quantity in needed(year, body.kinds, frozenset({"steuerkraftmesszahl"}))}
    inputs = {**kept, **{key: value for key, value in body.inputs.items() if key in keys}}
    needs = lines_of(year, "Mustergemeinde")["bedarfsmesszahl"]
    pair = [
        body._replace(name=name, inputs={**inputs, "steuerkraftmesszahl": part * needs})
        for name, part in (("arm", lower), ("reich", lower + more))
    ]
    (settled,) = settle(year, pair)
    before, after = settled.lines["steuerkraftmesszahl"] + settled.lines["schluesselzuweisung"]
    assert after >= before - 1e-6


def test_1101_gemeinden_take_well_under_a_second(tmp_path):
    (body,) = [body for body in muster(2023) if body.name == "Musterdorf"]
    path = tmp_path / "alle.csv"
    keys = list(body.inputs)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["koerperschaft", "art", *keys])
        writer.writerows(
            [f"Musterdorf {number}", "gemeinde", *(f"{body.inputs[key]:.10g}" for key in keys)]
            for number in range(1101)
        )
    entitlements(2023, muster(2023))
    start = time.perf_counter()
    rows = entitlements(2023, read(path, 2023))
    assert time.perf_counter() - start < 0.9
    assert len({row.body for row in rows}) == 1101 and np.isfinite([row.amount for row in rows]).all()


# --- Files ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("year", "kinds"), list(product(YEARS, COMBINATIONS)))
def test_a_template_filled_in_is_read(year, kinds, tmp_path):
    heading, *explained, empty = list(csv.reader(io.StringIO(bodies_of.template(year, kinds))))
    assert [row[0] for row in explained] == ["# Einheit", "# Paragraf", "# Bedeutung", "# Fundstelle"]
    assert all(all(row[2:]) for row in explained) and empty[:2] == ["", " ".join(kinds)]
    numbers = [_plausible(registry()[key]) for key in heading[2:]]
    path = tmp_path / "datei.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([heading, *explained, ["Musterort", " ".join(kinds), *numbers]])
    (body,) = read(path, year)
    assert body == Body("Musterort", kinds, dict(zip(heading[2:], map(float, numbers), strict=True)))
    assert rows_of_file(path, year)


def rows_of_file(path, year):
    return entitlements(year, read(path, year))


def _plausible(quantity):
    highest = quantity.maximum or 10**8
    return str(int(highest if quantity.land else min(max(quantity.minimum, 1), highest)))


def broken(tmp_path: Path, change, year=2023, **options):
    """What is wrong with the invented bodies after a change to their table, as (row, column, found, expected)."""
    table = list(csv.reader(io.StringIO((DATA / "bw" / str(year) / "muster.csv").read_text(encoding="utf-8"))))
    changed = change(table)
    path = tmp_path / "datei.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, **options).writerows(table if changed is None else changed)
    with pytest.raises(DataError) as error:
        read(path, year)
    return [(problem.row, problem.quantity, problem.found, problem.expected) for problem in error.value.problems]


GEMEINDE, DORF, KREIS = 4, 5, 10
"""Rows of the invented bodies in their table, counted from 0."""


def cell(row, column, text):
    def change(table):
        table[row][table[0].index(column)] = text

    return change


@pytest.mark.parametrize(
    ("row", "column", "text", "expected"),
    [
        (
            GEMEINDE,
            "einwohner",
            "",
            "Einwohner am 30. Juni des Vorjahres (§ 30 Abs. 1, Einwohner), from: Statistisches",
        ),
        (GEMEINDE, "einwohner", "zwölf", "a number such as 1234 (Einwohner)"),
        (GEMEINDE, "einwohner", "12.000,5", "a number such as 1234 (Einwohner)"),
        (GEMEINDE, "einwohner", "12000.5", "a whole number (Einwohner)"),
        (GEMEINDE, "einwohner", "0", "a number from 1 to 2,000,000 (Einwohner)"),
        (GEMEINDE, "einwohner", "1e4", "a number such as 1234 (Einwohner)"),
        (GEMEINDE, "einwohner", "nan", "a number such as 1234 (Einwohner)"),
        (GEMEINDE, "flaeche", "-1", "a number from 1 to 400,000 (ha)"),
        (GEMEINDE, "gewerbesteuer", "1000000000000000000", "a number from 0 to 1,000,000,000,000 (EUR)"),
        (GEMEINDE, "einkommensteuer_schluesselzahl", "1.07", "a number from 0 to 1 (Anteil)"),
        (GEMEINDE, "hebesatz_gewerbesteuer", "0", "above 0, since there is gewerbesteuer"),
        (GEMEINDE, "kreisstrassen_kilometer", "3", "nothing: not needed in 2023 for gemeinde schultraeger"),
        (GEMEINDE, "art", "gemeinde stadtkreis", "one of gemeinde grosse_kreisstadt stadtkreis landkreis"),
        (GEMEINDE, "art", "", "one of gemeinde grosse_kreisstadt stadtkreis landkreis"),
        (GEMEINDE, "koerperschaft", "", "the name of the body"),
        (DORF, "koerperschaft", "Mustergemeinde", "every body once; the first is row 5"),
        (DORF, "grundbetrag", "1499", "the same in every row, it is for the whole Land: 1500 in row 5"),
        (KREIS, "einwohner_grosse_kreisstaedte_und_vg", "999999", "at most einwohner, 210480"),
        (KREIS, "schuelerbefoerderung_anteil", "101", "a number from 0 to 100 (v.H.)"),
    ],
)
def test_a_cell_that_cannot_be_meant(row, column, text, expected, tmp_path):
    (problem,) = broken(tmp_path, cell(row, column, text))
    assert problem[:2] == (str(row + 1), column)
    assert problem[3].startswith(expected), problem
    assert problem[2] in (text, "nothing", f"{text} again")


def test_everything_wrong_is_told_at_once(tmp_path):
    def change(table):
        cell(GEMEINDE, "einwohner", "")(table)
        cell(DORF, "flaeche", "x")(table)
        cell(KREIS, "auszubildende", "-2")(table)
        drop(table, "umsatzsteueranteil")

    found = broken(tmp_path, change)
    assert [problem[:2] for problem in found] == [
        ("1", "umsatzsteueranteil"),
        ("5", "einwohner"),
        ("6", "flaeche"),
        ("11", "auszubildende"),
    ]


def drop(table, column):
    place = table[0].index(column)
    for row in table:
        del row[place]


def add(column, text):
    def change(table):
        for number, row in enumerate(table):
            row.append(column if number == 0 else text if number == GEMEINDE else "")

    return change


@pytest.mark.parametrize(
    ("column", "text", "found", "expected"),
    [
        ("einwohnr", "1", "an unknown column", "municipal template"),
        ("schluesselzuweisung", "1", "an unknown column", "municipal template"),
        ("art", "gemeinde", "the column 2 times", "every column once"),
        ("einwohner", "1", "the column 2 times", "every column once"),
    ],
)
def test_a_column_that_is_none(column, text, found, expected, tmp_path):
    (problem,) = broken(tmp_path, add(column, text))
    assert problem[:3] == ("1", column, found) and expected in problem[3]


def test_a_line_given_and_its_inputs_too(tmp_path):
    found = broken(tmp_path, add("steuerkraftmesszahl", "9000000"))
    assert {problem[1] for problem in found} >= {"grundsteuer_a", "hebesatz_gewerbesteuer", "umsatzsteueranteil"}
    assert all(problem[3].endswith("where steuerkraftmesszahl is given") for problem in found)


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (lambda table: table[:4], ("", "", "no row of a body", "a row per body")),
        (
            lambda table: [row[:-1] if n == 5 else row for n, row in enumerate(table)],
            ("6", "", "80 fields", "81 fields"),
        ),
        (lambda table: [["name", *row[1:]] if n == 0 else row for n, row in enumerate(table)], ("1", "koerperschaft")),
    ],
)
def test_no_table_of_bodies(change, expected, tmp_path):
    problem = broken(tmp_path, change)[0]
    for found, part in zip(problem, expected, strict=False):
        assert found.startswith(part)


def test_a_german_spreadsheet_is_read_as_meant(tmp_path):
    text = (DATA / "bw" / "2023" / "muster.csv").read_text(encoding="utf-8")
    table = [
        [field.replace(".", ",") if not row[0].startswith("#") else field for field in row]
        for row in csv.reader(io.StringIO(text))
    ]
    path = tmp_path / "muster.csv"
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file, delimiter=";", lineterminator="\r\n").writerows([*table, [""] * len(table[0])])
    assert read(path, 2023) == muster(2023)


def test_a_year_without_announcement(tmp_path):
    with pytest.raises(DataError, match="no such announcement"):
        read(DATA / "bw" / "2023" / "muster.csv", 2014)


def test_a_year_without_bodies_of_its_own_takes_the_last_before():
    assert [bodies_of.origin(year) for year in (2013, 2014, 2022, 2023, 2030)] == [2013, 2013, 2013, 2023, 2023]
    with pytest.raises(DataError, match="invented bodies"):
        bodies_of.origin(2012)


def test_invented_bodies_are_visibly_invented():
    for year in bekanntmachung.years():
        for body in muster(year):
            assert body.name.startswith("Muster")
        assert "erfunden" in (DATA / "bw" / str(year) / "muster.csv").read_text(encoding="utf-8")
