"""FAG 2001 and FAG 2020 in exact fractions: the tariff of § 10, its limit, and the special rule 2026 to 2029."""

from fractions import Fraction as F

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lfa.law import fag2005, fag2020
from lfa.law.arrays import total
from lfa.law.arrays_lists import Vector

TARIF = {
    "tarif_grenze_nr_1": F(1, 5),
    "tarif_grenze_nr_2": F(7, 100),
    "tarif_nr_1_linear": F(3, 4),
    "tarif_nr_1_abzug": F(317, 20_000),
    "tarif_nr_2_quadratisch": F(5, 26),
    "tarif_nr_2_linear": F(35, 52),
    "tarif_nr_2_abzug": F(2_121, 260_000),
    "tarif_nr_3_quadratisch": F(13, 7),
    "tarif_nr_3_linear": F(11, 25),
    "beitrag_hoechstens": F(725, 1000),
}
"""§ 10 FAG 2001, read from the images of the Bundesgesetzblatt."""
SEIT_2020 = {
    "ausgleichssatz": F(63, 100),
    "sonderregel_betrag": F(0),
    "sonderregel_grenze": F(147, 148),
    "bez_auffuellung": F(9975, 10_000),
    "bez_anteil": F(8, 10),
    "bez_z_zaehler": F(2, 10),
    "bez_z_nenner": F(37, 100),
}
MESSZAHL = [F(value) for value in (52, 61, 54, 38, 30, 20, 19, 13, 12, 11, 10, 9, 5, 20, 12, 4)]
AMOUNTS = st.lists(st.integers(60, 140), min_size=16, max_size=16)


def factors(*relations):
    return list(fag2005.tariffaktor(Vector([abs(1 - F(vh) / 100) for vh in relations]), TARIF))


@pytest.mark.parametrize(
    ("vh", "faktor"),
    [
        *((60, "0.28415"), (70, "0.20915"), (80, "0.13415"), (93, "0.0399"), (100, "0")),
        *((107, "0.0399"), (120, "0.13415"), (130, "0.20915"), (150, "0.35915")),
    ],
)
def test_the_factor_of_the_tariff(vh, faktor):
    assert factors(vh) == [F(faktor)]


@pytest.mark.parametrize(("x", "slope"), [(F(7, 100), F(7, 10)), (F(1, 5), F(3, 4))])
def test_the_tariff_has_neither_step_nor_kink(x, slope):
    # A parabola's slope between x - h and x + h is its slope at x; the pieces differ by less than h on either side.
    h = F(1, 10**9)
    below, at, above = fag2005.tariffaktor(Vector([x - h, x, x + h]), TARIF)
    assert abs((at - below) / h - slope) < 10 * h
    assert abs((above - at) / h - slope) < 10 * h


def test_the_marginal_rates():
    h = F(1, 10**9)
    start, zero = fag2005.tariffaktor(Vector([h, F(0)]), TARIF)
    assert zero == 0 and abs(start / h - F(44, 100)) < 10 * h
    top, higher = fag2005.tariffaktor(Vector([F(1, 2), F(1, 2) + h]), TARIF)
    assert (higher - top) / h == F(3, 4)


def balanced(percentages):
    """Lines of § 6 whose surpluses add up to zero: Finanzkraft at these relations, scaled to the sum of Messzahlen."""
    kraft = [F(vh) * messzahl for vh, messzahl in zip(percentages, MESSZAHL, strict=True)]
    scale = sum(MESSZAHL) / sum(kraft)
    kraft, messzahl = Vector([value * scale for value in kraft]), Vector(MESSZAHL)
    return {"finanzkraftmesszahl": kraft, "ausgleichsmesszahl": messzahl, "ueberschuss": kraft - messzahl}


def settled_2005(lines, parameters):
    for rule in (fag2005.ausgleichszuweisungen, fag2005.ausgleichsbeitraege, fag2005.obergrenze):
        lines = {**lines, **rule(lines, parameters)}
    return lines


@settings(max_examples=200, deadline=None)
@given(percentages=AMOUNTS)
def test_2005_pays_out_what_it_takes(percentages):
    lines = settled_2005(balanced(percentages), TARIF)
    assert total(lines["ausgleich"]) == 0
    assert total(lines["ausgleichsbeitrag_abs_2"]) == total(lines["ausgleichszuweisung_abs_1"])


def test_the_limit_of_2005_is_no_ceiling():
    # One very poor Land and many a little above the average: the Aufbringung lifts the rate of the richest beyond 72,5.
    lines = settled_2005(balanced([20] + [110] * 14 + [200]), TARIF)
    assert lines["aufbringung_in_vh"] > 100
    bound = list(lines["lesart_auch_das_begrenzte_land_traegt"])
    assert bound[15] == 1
    limit = TARIF["beitrag_hoechstens"] * list(lines["ueberschuss"])[15]
    assert list(lines["ausgleichsbeitrag_abs_2"])[15] > list(lines["ausgleichsbeitrag"])[15] > limit
    assert lines["ausgleichszuweisung"].values[0] < lines["ausgleichszuweisung_abs_1"].values[0]
    assert total(lines["ausgleich"]) == 0


def test_2005_on_numpy_equals_lists():
    lines = balanced([90, 120, 130, 95, 70, 85, 99, 75, 100, 65, 80, 101, 107, 93, 60, 140])
    exact = settled_2005(lines, TARIF)
    numbers = {key: np.array([float(value) for value in vector]) for key, vector in lines.items()}
    found = settled_2005(numbers, {key: float(value) for key, value in TARIF.items()})
    for key in ("ausgleich", "ausgleichsbeitrag_abs_2", "finanzkraft_nach_ausgleich"):
        np.testing.assert_allclose(found[key], [float(value) for value in exact[key]], atol=1e-12)


def settled_2020(lines, betrag):
    parameters = {**SEIT_2020, "sonderregel_betrag": betrag}
    lines = {**lines, **fag2020.zuschlaege_und_abschlaege(lines, parameters)}
    kraft = lines["finanzkraftmesszahl"] + lines["zuschlag"]
    k = lines["prozentsatz_k"] / 100
    z = parameters["bez_z_zaehler"] * k / (parameters["bez_z_nenner"] + k)
    gap = [max(F("0.9975") * m - f, 0) for m, f in zip(lines["ausgleichsmesszahl"], kraft, strict=True)]
    return lines, Vector([(parameters["bez_anteil"] + z) * value for value in gap])


@settings(max_examples=200, deadline=None)
@given(percentages=AMOUNTS)
def test_the_special_rule_of_2026_costs_recipients_nothing(percentages):
    lines = balanced(percentages)
    before, bez_before = settled_2020(lines, F(0))
    possible = F(63, 100) * min(
        total(before["fehlbetrag_an_sonderregel_grenze"]), sum(max(value, 0) for value in lines["ueberschuss"])
    )
    amount = possible / 7
    after, bez_after = settled_2020(lines, amount)
    assert list(before["zuschlag"] + bez_before) == list(after["zuschlag"] + bez_after)
    assert total(before["abschlag"]) - total(after["abschlag"]) == amount
    assert total(bez_after) - total(bez_before) == amount
    assert total(after["zuschlag"]) == total(after["abschlag"])


def test_without_enough_shortfall_the_special_rule_still_balances():
    lines = balanced([100] * 14 + [99, 101])
    after, _ = settled_2020(lines, F(400))
    assert total(after["zuschlag"]) == total(after["abschlag"])
    assert set(after["lesart_sonderregel_gekuerzt"]) == {1}


def test_an_abschlag_above_the_share_is_raised_in_cash():
    lines = balanced([60] * 15 + [2000])
    lines |= {"umsatzsteuer_nach_einwohnern": Vector([F(1)] * 16)}
    lines |= fag2020.zuschlaege_und_abschlaege(lines, SEIT_2020)
    lines |= fag2020.finanzkraftausgleich(lines, SEIT_2020)
    assert list(lines["umsatzsteueranteil"])[15] == 0 and list(lines["aufzubringen"])[15] > 0
    assert total(lines["umsatzsteueranteil"] - lines["aufzubringen"]) == 16
