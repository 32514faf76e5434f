"""FAG 2001 and FAG 2020 rule by rule, in exact fractions: by hand, and against tables worked out from the statutes."""

from decimal import Decimal
from fractions import Fraction as F

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from synthetic import YEARS, statute_lists

from lfa.law import fag2005, fag2020
from lfa.law.arrays import total
from lfa.law.arrays_lists import Vector
from lfa.settlement import LAWS
from lfa.states import CODES

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


# --- The parameters are those of the statute --------------------------------------------------------------------------


def test_the_tariffs_of_the_statutes_hold_in_every_year():
    for year in YEARS["fag2005"]:
        values = statute_lists("fag2005", year)
        assert {key: values[key] for key in TARIF} == TARIF
    for year in YEARS["fag2020"]:
        values = statute_lists("fag2020", year)
        amount = 400_000_000 if 2026 <= year <= 2029 else 0
        assert {key: values[key] for key in SEIT_2020} == {**SEIT_2020, "sonderregel_betrag": amount}


def agrees(value, printed):
    """Whether a value rounds to what is printed: half a unit of its last digit."""
    return abs(value - F(printed)) <= F(1, 2) * F(10) ** Decimal(printed).as_tuple().exponent


def by_relation(relations):
    """Lines of 16 Länder with 100 as Ausgleichsmesszahl; those not named stand at it."""
    kraft = Vector([*map(F, relations), *[F(100)] * (16 - len(relations))])
    messzahl = Vector([F(100)] * 16)
    return {"finanzkraftmesszahl": kraft, "ausgleichsmesszahl": messzahl, "ueberschuss": kraft - messzahl}


TABLE_2005 = (
    *(("60", "0.284150", "88.4150", "97.0059"), ("70", "0.209150", "90.9150", "97.5684")),
    *(("80", "0.134150", "93.4150", "98.1309"), ("90", "0.061073", "96.1073", "98.7366")),
    *(("93", "0.039900", "96.9900", "98.93525"), ("95", "0.026643", "97.6643", "99.0870")),
    ("98", "0.009543", "98.9543", "99.3772"),
)
"""§ 10 FAG 2001: Finanzkraft in v.H., factor, after the Zuweisung, after allgemeine BEZ."""


def test_recipients_of_2005_reach_what_the_table_says():
    values = statute_lists("fag2005", 2012)
    lines = by_relation([row[0] for row in TABLE_2005])
    lines.update(fag2005.ausgleichszuweisungen(lines, values))
    # Nobody pays here, so nothing is above the limit of Abs. 3.
    lines["ausgleichszuweisung"] = lines["ausgleichszuweisung_abs_1"]
    lines.update(fag2005.bundesergaenzungszuweisungen(lines, values))
    for place, (vh, faktor, after, filled) in enumerate(TABLE_2005):
        zuweisung, bez = lines["ausgleichszuweisung"].values[place], lines["allgemeine_bez"].values[place]
        assert agrees(zuweisung / 100, faktor), vh
        assert agrees(F(vh) + zuweisung, after), vh
        assert agrees(F(vh) + zuweisung + bez, filled), vh


@pytest.mark.parametrize(
    ("vh", "faktor", "rate"),
    [
        *(("101", "0.004586", "45.86"), ("105", "0.026643", "53.29"), ("107", "0.039900", "57.00")),
        *(("110", "0.061073", "61.07"), ("120", "0.134150", "67.075"), ("130", "0.209150", "69.72")),
        ("150", "0.359150", "71.83"),
    ],
)
def test_payers_of_2005_pay_what_the_table_says(vh, faktor, rate):
    # The recipient takes exactly what the tariff of the payer yields: the Aufbringung is 100.
    lines = by_relation([vh, str(200 - int(vh))])
    values = statute_lists("fag2005", 2012)
    lines.update(fag2005.ausgleichszuweisungen(lines, values))
    lines.update(fag2005.ausgleichsbeitraege(lines, values))
    assert lines["aufbringung_in_vh"] == 100
    beitrag = lines["ausgleichsbeitrag_abs_2"].values[0]
    assert agrees(beitrag / 100, faktor) and agrees(100 * beitrag / (F(vh) - 100), rate)


def test_recipients_since_2020_reach_what_the_table_says():
    table = {
        **{60: ("85.20", "96.84"), 70: ("88.90", "97.58"), 80: ("92.60", "98.32"), 90: ("96.30", "99.06")},
        **{93: ("97.41", "99.282"), 95: ("98.15", "99.430"), 98: ("99.26", "99.652"), 99: ("99.63", "99.726")},
    }
    values = {**statute_lists("fag2020", 2024)}
    nothing = Vector([F(0)] * 16)
    lines = by_relation(table) | {"einwohner": Vector([F(1)] * 16)}
    lines |= {"gemeindesteuern_ungekuerzt": nothing, "forschungsnettozufluss": nothing}
    lines.update(fag2020.zuschlaege_und_abschlaege(lines, values))
    lines.update(fag2020.bundesergaenzungszuweisungen(lines, values))
    for place, (vh, (after, filled)) in enumerate(table.items()):
        zuschlag, bez = lines["zuschlag"].values[place], lines["allgemeine_bez"].values[place]
        assert vh + zuschlag == F(after) and vh + zuschlag + bez == F(filled), vh


# --- § 2 FAG 2001 -----------------------------------------------------------------------------------------------------


def ergaenzungsanteile(shortfalls, laenderanteil=10**9):
    """§ 2 for 16 Länder of one inhabitant, average 100: some short of it, the last with as much more."""
    steuern = [100 * (1 - x) for x in shortfalls]
    steuern += [F(100)] * (15 - len(steuern)) + [100 + 100 * sum(shortfalls)]
    lines = {
        "einwohner": Vector([F(1)] * 16),
        "steuereinnahmen": Vector(steuern),
        "umsatzsteuer_laenderanteil": F(laenderanteil),
    }
    return fag2005.umsatzsteuerverteilung(lines, statute_lists("fag2005", 2012))


def test_ergaenzungsanteile_have_neither_step_nor_kink_at_97_per_cent():
    h = F(1, 10**9)
    limit = F(3, 100)
    start, below, at, above, deep = ergaenzungsanteile([h, limit - h, limit, limit + h, F(1, 2)])[
        "ergaenzungsanteil_faktor"
    ].values[:5]
    assert at == F(93, 4000) == F("0.02325")
    assert abs((at - below) / h - F(19, 20)) < 10 * h and (above - at) / h == F(19, 20)
    assert abs(start / h - F(3, 5)) < 10 * h
    # Half the average, by hand: 19/20 of 50 v.H. less 21/4000.
    assert deep == F("0.475") - F("0.00525")


def test_an_ergaenzungsanteil_by_hand_and_the_rest_by_inhabitants():
    # 40 below the average of 100: 0,95 × 0,4 − 0,00525 = 0,37475 of the average; the rest goes to all alike.
    lines = ergaenzungsanteile([F(4, 10)], 1600)
    assert list(lines["ergaenzungsanteil"]) == [F("37.475")] + [0] * 15
    assert list(lines["umsatzsteueranteil"])[:2] == [F("37.475") + (1600 - F("37.475")) / 16, (1600 - F("37.475")) / 16]


def test_ergaenzungsanteile_are_at_most_a_quarter():
    shortfalls = [F(4, 10), F(2, 10), F(1, 100)]
    free, cut = ergaenzungsanteile(shortfalls), ergaenzungsanteile(shortfalls, 100)
    asked = total(free["ergaenzungsanteil"])
    assert asked > 25 and total(cut["ergaenzungsanteil"]) == 25
    assert list(cut["ergaenzungsanteil"] * asked) == list(free["ergaenzungsanteil"] * 25)
    assert total(cut["umsatzsteueranteil"]) == 100
    # At exactly the limit nothing is cut, with a little less all are.
    assert total(ergaenzungsanteile(shortfalls, 4 * asked)["ergaenzungsanteil"]) == asked
    assert total(ergaenzungsanteile(shortfalls, 4 * asked - 4)["ergaenzungsanteil"]) == asked - 1


# --- §§ 7 to 9, 12a ---------------------------------------------------------------------------------------------------

BOTH = pytest.mark.parametrize("law", list(YEARS))


def of(*first, rest):
    """Values of the first Länder and, alike, of all others."""
    return Vector([*map(F, first), *[F(rest)] * (16 - len(first))])


@BOTH
def test_the_kuerzung_by_hand(law):
    # Every Land had 1000 euro for each of 1000 inhabitants. All together now have 1040: 4 v.H. more. The first grew by
    # 12 v.H. and shrank to 500 inhabitants: 12 v.H. of 80 euro more than usual, for 500. The second grew by less.
    einwohner = of(500, 1000, rest=1000)
    lines = {
        "einwohner": einwohner,
        "einwohner_vorjahr": of(rest=1000),
        "steuereinnahmen": einwohner * of(1120, 1000, rest=1040),
        "steuereinnahmen_vorjahr": of(rest=1_000_000),
    }
    result = LAWS[law].kuerzung(lines, statute_lists(law, YEARS[law][0]))
    assert result["veraenderungsrate_laendergesamtheit"] == 4
    assert list(result["veraenderungsrate"])[:3] == [12, 0, 4]
    assert list(result["kuerzung"]) == [F(12, 100) * 80 * 500] + [0] * 15


def grunderwerbsteuer(law, year):
    """16 Länder with 100 euro each, the first at twice the rate of the others: half the base."""
    zero = of(rest=0)
    others = ("einkommensteuer_koerperschaftsteuer", "gewerbesteuerumlage_laender", "landessteuern")
    lines = {key: zero for key in (*others, "kraftfahrzeugsteuer_kompensation")}
    lines |= {"grunderwerbsteuer": of(rest=100), "grunderwerbsteuer_bemessungsgrundlage": of(1000, rest=2000)}
    return LAWS[law].steuereinnahmen(lines, statute_lists(law, year))["steuereinnahmen"]


def test_the_grunderwerbsteuer_counts_by_its_base_since_2007():
    for year in (2005, 2006):
        assert set(grunderwerbsteuer("fag2005", year)) == {100}
    for law, year in (("fag2005", 2007), ("fag2005", 2019), ("fag2020", 2020), ("fag2020", 2030)):
        # 1600 euro of all, 31000 of base: the first has 1000 of it.
        assert list(grunderwerbsteuer(law, year))[:2] == [F(1600, 31), F(3200, 31)]


def test_the_foerderabgabe_counts_whole_and_since_2020_by_a_third():
    lines = {"steuereinnahmen": of(rest=1000), "kuerzung": of(rest=10), "foerderabgabe": of(100, rest=0)}
    before = fag2005.laendersteuern(lines | {"umsatzsteueranteil": of(rest=500)}, statute_lists("fag2005", 2019))
    since = fag2020.laendersteuern(
        lines | {"umsatzsteuer_nach_einwohnern": of(rest=500)}, statute_lists("fag2020", 2020)
    )
    assert list(before["laendersteuern"])[:2] == [1590, 1490]
    assert list(since["laendersteuern"])[:2] == [1523, 1490]


MUNICIPAL = {
    "aufkommen_grundsteuer_a": F(170),
    "aufkommen_grundsteuer_b": F(1700),
    "aufkommen_gewerbesteuer": F(17000),
    "grundsteuer_a_grundbetraege": of(2, rest=1),
    "grundsteuer_b_grundbetraege": of(2, rest=1),
    "gewerbesteuer_grundbetraege": of(2, rest=1),
    # By the new amounts the first Land is no better off than the others.
    "grundsteuer_a_messbetraege": of(rest=1),
    "grundsteuer_b_messbetraege": of(rest=1),
    "gemeindeanteil_einkommensteuer": of(rest=400),
    "gemeindeanteil_umsatzsteuer": of(rest=70),
    "geleistete_gewerbesteuerumlage": of(500, rest=250),
}


@pytest.mark.parametrize(("law", "year", "part"), [("fag2005", 2012, F(64, 100)), ("fag2020", 2024, F(75, 100))])
def test_municipal_taxes_by_hand(law, year, part):
    # 2/17 of each of the three: 20 + 200 + 2000; with 400 + 70 and less 500.
    lines = LAWS[law].gemeindesteuern(MUNICIPAL, statute_lists(law, year))
    assert list(lines["gemeindesteuern_ungekuerzt"])[:2] == [2190, 10 + 100 + 1000 + 400 + 70 - 250]
    assert list(lines["gemeindesteuern"])[:2] == [2190 * part, 1330 * part]


@pytest.mark.parametrize(
    ("year", "new"), [(2020, 0), (2025, 0), (2027, 0), (2028, F(33, 100)), (2029, F(67, 100)), (2030, 1)]
)
def test_the_grundsteuer_passes_to_messbetraege_step_by_step(year, new):
    lines = fag2020.gemeindesteuern(MUNICIPAL, statute_lists("fag2020", year))
    assert lines["steuerkraftzahl_grundsteuer_b"].values[0] == 1700 * (2 - F(new)) / (17 - F(new))
    assert lines["steuerkraftzahl_gewerbesteuer"].values[0] == 2000


@BOTH
def test_inhabitants_are_weighted(law):
    for year in YEARS[law]:
        lines = LAWS[law].einwohnerwertung({"einwohner": of(rest=1000)}, statute_lists(law, year))
        laender = dict(zip(CODES, lines["gewertete_einwohner_laendersteuern"], strict=True))
        gemeinden = dict(zip(CODES, lines["gewertete_einwohner_gemeindesteuern"], strict=True))
        states = dict.fromkeys(("BE", "HB", "HH"), 1350)
        assert laender == dict.fromkeys(CODES, 1000) | states
        assert gemeinden == dict.fromkeys(CODES, 1000) | states | {"MV": 1050, "BB": 1030, "ST": 1020}


@BOTH
def test_the_zensus_counts_by_thirds_in_two_years_alone(law):
    thirds = {"fag2005": {2011: 1, 2012: 2}, "fag2020": {2022: 1, 2023: 2}}[law]
    for year in YEARS[law]:
        given = {"festgestellte_einwohner": of(rest=1000), "zensus_unterschied": of(-30, rest=6)}
        found = LAWS[law].einwohnerzahl(given, statute_lists(law, year))["einwohner"]
        assert list(found)[:2] == [1000 - 10 * thirds.get(year, 0), 1000 + 2 * thirds.get(year, 0)]


@BOTH
def test_the_ausgleichsmesszahl_by_hand(law):
    # 17 weighted inhabitants for the taxes of the Länder, 20 for those of the Gemeinden; all together have 170 and 40.
    laender, gemeinden = of(40, rest=F(130, 15)), of(10, rest=2)
    lines = {
        "laendersteuern": laender,
        "gemeindesteuern": gemeinden,
        "gewertete_einwohner_laendersteuern": of(2, rest=1),
        "gewertete_einwohner_gemeindesteuern": of(5, rest=1),
    }
    lines.update(LAWS[law].finanzkraftmesszahl(lines, {}))
    lines.update(LAWS[law].ausgleichsmesszahl(lines, {}))
    assert list(lines["finanzkraftmesszahl"])[:2] == [50, F(32, 3)]
    assert list(lines["ausgleichsmesszahl"])[:2] == [20 + 10, 10 + 2]
    assert list(lines["ueberschuss"])[:2] == [20, F(-4, 3)]
    assert lines["finanzkraft_in_vh"].values[0] == F(500, 3)
    assert total(lines["ueberschuss"]) == 0


# --- § 11 FAG 2001 ----------------------------------------------------------------------------------------------------


def test_the_gap_of_2005_is_what_is_left_after_the_limit():
    # 80 of 100, a Zuweisung of 13,415 that the limit of § 10 Abs. 3 has cut to 12: 7,5 are missing at 99,5.
    lines = by_relation(["80"]) | {"ausgleichszuweisung_abs_1": of("13.415", rest=0)}
    lines["ausgleichszuweisung"] = of(12, rest=0)
    found = fag2005.bundesergaenzungszuweisungen(lines, statute_lists("fag2005", 2012))
    assert list(found["allgemeine_bez"]) == [F("0.775") * F("7.5")] + [0] * 15


# --- § 11 FAG 2020 ----------------------------------------------------------------------------------------------------


def grants(year, kraft, steuerkraft, zufluss):
    """§ 11 for Länder with an Ausgleichsmesszahl of 100: the first weak or strong, and poor beside all others."""
    lines = {
        "einwohner": of(10, rest=10),
        "ausgleichsmesszahl": of(rest=100),
        "finanzkraftmesszahl": of(kraft, rest=100),
        "zuschlag": of(rest=0),
        "prozentsatz_k": F(0),
        "gemeindesteuern_ungekuerzt": of(steuerkraft, rest=1000),
        "forschungsnettozufluss": of(zufluss, rest=100),
    }
    return fag2020.bundesergaenzungszuweisungen(lines, statute_lists("fag2020", year))


def test_grants_for_municipal_strength_and_research_by_hand():
    # 52 euro each in the Gemeinden of the first Land, 100 elsewhere: 97 on average, of which 80 v.H. are 77,60; 53,5
    # v.H. of 25,60 for 10 inhabitants. Research the same way: 95 v.H. of 97 are 92,15; 35 v.H. of 40,15.
    lines = grants(2024, 99, 520, 52)
    assert list(lines["bez_gemeindesteuerkraft"]) == [F("0.535") * F("25.6") * 10] + [0] * 15
    assert list(lines["bez_forschungsfoerderung"]) == [F("0.35") * F("40.15") * 10] + [0] * 15
    assert list(lines["allgemeine_bez"]) == [F("0.8") * F("0.75")] + [0] * 15


def test_only_weak_laender_get_them():
    # At exactly 99,75 v.H. nothing is missing.
    for kraft in ("99.75", "120"):
        lines = grants(2024, kraft, 520, 52)
        assert set(lines["bez_gemeindesteuerkraft"]) == set(lines["bez_forschungsfoerderung"]) == {0}
    assert grants(2024, "99.74", 520, 52)["bez_forschungsfoerderung"].values[0] > 0


def test_no_grant_at_or_above_the_limits():
    # A Land at 80 v.H. of the average of all: x = 0,8 (x + 15) ÷ 16 × 100, so x = 12 ÷ 15,2 of the others.
    for steuerkraft, zufluss in ((F(1000) * 12 / F("15.2"), F(100) * F("14.25") / F("15.05")), (1000, 100)):
        lines = grants(2024, 99, steuerkraft, zufluss)
        assert set(lines["bez_gemeindesteuerkraft"]) == set(lines["bez_forschungsfoerderung"]) == {0}
