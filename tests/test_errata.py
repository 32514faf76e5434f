"""Every erratum of 2003 is proven: all identities hold with it, one fails without it, and no other reading will do."""

from collections import Counter
from decimal import Decimal

import numpy as np
import pytest
from prover import NOTHING, failing, one_edit, readings, surviving, touched, without_group

from lfa.identities import Identity, Row, breaches, holds, sheet, zweite_verordnung
from lfa.sources import Cell
from lfa.states import INSGESAMT


@pytest.fixture(scope="module")
def rules(year):
    return zweite_verordnung(year.parameters)


@pytest.fixture(scope="module")
def known(year):
    return {(finding.identity, finding.cell.land) for finding in year.open if finding.identity}


@pytest.fixture(scope="module")
def by_line(year, rules):
    return touched(rules, year.figures)


def rules_of(by_line, errata) -> list[Identity]:
    places = {(erratum.cell.table, erratum.cell.line) for erratum in errata}
    return list({rule.name: rule for place in places for rule in by_line.get(place, ())}.values())


def test_with_all_errata_every_identity_holds_but_the_open_ones(year, rules, known):
    assert {(breach.identity, breach.land) for breach in breaches(year.figures, rules)} == known


def test_the_source_as_printed_fails_many_identities(year, rules):
    found = breaches(year.printed, rules)
    assert len({breach.identity for breach in found}) > len(rules) / 2
    assert len(found) > len({erratum.group for erratum in year.errata})


def test_without_any_one_group_the_identities_it_names_fail(year, rules, known, by_line):
    for group in {erratum.group for erratum in year.errata}:
        members = [erratum for erratum in year.errata if erratum.group == group]
        figures = without_group(group, year.printed, year.errata)
        found = failing(figures, rules_of(by_line, members), known)
        assert found, members
        for erratum in members:
            assert set(erratum.proof) == set(found), erratum


def test_no_other_plausible_reading_satisfies_the_identities(year, rules, known, by_line):
    for erratum in year.errata:
        others = readings(erratum, year.printed, year.figures)
        assert others, erratum
        assert surviving(erratum, others, year.figures, rules_of(by_line, [erratum]), known) == [], erratum


def test_the_prover_lets_the_right_reading_through(year, rules, known, by_line):
    # The search for other readings would be empty if it rejected everything.
    for erratum in year.errata:
        if erratum.corrected is not None:
            alive = surviving(erratum, [erratum.corrected], year.figures, rules_of(by_line, [erratum]), known)
            assert alive == [erratum.corrected], erratum


def test_one_edit_finds_every_kind_of_slip():
    found = one_edit(Decimal("-12"))
    assert {Decimal("-13"), Decimal("-1"), Decimal("-2"), Decimal("-123"), Decimal("-912"), Decimal("12")} <= found
    assert Decimal("-12") not in found and Decimal("-34") not in found
    assert all(reading.as_tuple().exponent == -1 for reading in one_edit(Decimal("96.2")))


def test_a_moved_value_is_found_again_in_its_group(year):
    for group in {erratum.group for erratum in year.errata if erratum.kind == "shifted"}:
        members = [erratum for erratum in year.errata if erratum.group == group]
        printed = [year.printed.get(erratum.cell) for erratum in members]
        assert len(members) > 1, members
        assert any(erratum.corrected is not None and erratum.corrected in printed for erratum in members), members


SEVERAL_DIGITS = (Cell("anlage1", "56", INSGESAMT), Cell("anlage1", "79", "BW"))
"""Misread in more than one digit."""


def test_kinds_say_what_happened(year):
    for erratum in year.errata:
        blank = erratum.cell not in year.printed or year.printed[erratum.cell] == 0
        match erratum.kind:
            case "dropped":
                assert blank and erratum.corrected is not None, erratum
            case "spurious":
                assert not blank and erratum.corrected is None, erratum
            case "sign":
                assert year.printed[erratum.cell] == -(erratum.corrected or 0), erratum
            case "digit" if erratum.cell not in SEVERAL_DIGITS:
                assert erratum.corrected in one_edit(year.printed[erratum.cell]), erratum
            case "digit":
                assert not blank and erratum.corrected is not None, erratum


def test_about_a_hundred_land_cells_of_the_settlement_deviate(year):
    lines = [erratum.cell for erratum in year.errata if erratum.cell.table == "anlage1"]
    assert 90 <= sum(cell.land != INSGESAMT for cell in lines) <= 130
    assert set(Counter(erratum.kind for erratum in year.errata)) <= {"digit", "sign", "dropped", "spurious", "shifted"}


def test_every_identity_notices_one_wrong_cell(year, rules):
    """No identity is true by construction: one cell off by just more than its tolerance breaks it."""
    rows = sheet(year.figures)
    for rule in rules:
        used: dict[tuple[str, str], None] = {}
        rule.difference(
            lambda table, line, used=used: (used.update({(table, line): None}), looked(rows, table, line))[1]
        )
        cells = ((place, column, sign) for place in used for column in range(17) for sign in (1, -1))
        assert any(notices(rule, rows, *cell) for cell in cells), rule.name


def looked(rows, table, line):
    return rows.get((table, line), NOTHING)


def moved(rows, place, column, step):
    row = looked(rows, *place)
    shift = np.where(np.arange(17) == column, step, 0.0)
    return {**rows, place: Row(row.low + shift, row.high + shift)}


def notices(rule, rows, place, column, sign):
    """Whether the identity breaks when the cell moves by its tolerance, in units of the cell, and one unit more."""

    def difference(step):
        variant = moved(rows, place, column, step)
        result = rule.difference(lambda table, line: looked(variant, table, line))
        return np.broadcast_to(result.low, 17), np.broadcast_to(result.high, 17)

    (low, high), (_, bumped) = difference(0), difference(sign)
    effect = np.nan_to_num(np.abs(bumped - high))
    where = int(effect.argmax())
    if effect[where] < 1e-9:
        return False
    tolerance = high[where] - low[where] if np.isfinite(low[where]) else high[where]
    after = difference(sign * (tolerance / effect[where] + 1))
    return not holds(Row(*after)).all()


def test_the_known_open_finding_is_brandenburg(year):
    assert {finding.cell for finding in year.open} == {
        Cell("anlage1", "126", "BB"),
        Cell("paragraf_3", "zuweisung", "BB"),
    }
    assert year.figures[Cell("anlage1", "126", "BB")] - year.figures[Cell("anlage1", "115", "BB")] == 1
