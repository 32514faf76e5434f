"""FAG of Baden-Württemberg rule by rule: what the statute and the announcements say, on all kinds of numbers."""

import datetime
import time
import tokenize
from fractions import Fraction as F
from functools import cache
from itertools import pairwise, product
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lfa.bekanntmachung import load
from lfa.files import DATA, load_csv
from lfa.law import fag_bw
from lfa.law.arrays_lists import Vector
from lfa.parameters import as_floats, as_vectors, change_dates, entries, parameters

YEARS = (2013, 2023)
READINGS = {entry["name"]: entry for entry in entries("fag_bw") if entry["unit"] == "ja/nein"}


@cache
def announced(year):
    return {key: number.amount for key, number in load(year).items() if number.amount is not None}


@cache
def statutory(year):
    return parameters("fag_bw", datetime.date(year, 12, 31))


def exact(year, **readings):
    """The parameters of a year as fractions: the statute's, those announced, and other readings."""
    amounts = announced(year) if year in YEARS else {}
    assert not set(statutory(year)) & set(amounts) and set(readings) <= set(READINGS)
    return {**statutory(year), **amounts, **readings}


def floats(year, **readings):
    return as_floats(exact(year, **readings))


def lists(year, **readings):
    return as_vectors(exact(year, **readings))


def vector(*numbers):
    return Vector([F(number) for number in numbers])


def only(values):
    """The value of the one body."""
    (value,) = values
    return value


# --- Invented bodies --------------------------------------------------------------------------------------------------

LAND = {
    "einwohner_land": 11_000_000,
    "flaeche_land": 3_575_000,
    "steuerkraftsumme_je_einwohner_land": 1500,
    "einkommensteuer_land": 5_000_000_000,
    "familienleistungsausgleich_land_vorvorjahr": 400_000_000,
    "grundbetrag": 1170,
    "kopfbetrag_landkreise": 600,
    "kreisumlage_landesdurchschnitt": 31,
}
"""Invented numbers of the whole Land, as few of which are known as of the bodies."""
PER_HEAD = {
    "flaeche": (0.03, 4),
    "grundsteuer_a": (0, 20),
    "grundsteuer_b": (80, 200),
    "gewerbesteuer": (50, 2500),
    "gewerbesteuerumlage": (10, 90),
    "umsatzsteueranteil": (20, 90),
    "schluesselzuweisung_vorvorjahr": (0, 700),
    "schluesselzuweisung_stadtkreis_vorvorjahr": (90, 170),
    "schluesselzuweisung_landkreis_vorvorjahr": (100, 200),
    "grunderwerbsteuer_vorvorjahr": (40, 150),
    "grunderwerbsteuer_aufkommen": (100, 300),
    "steuerkraftsummen_der_gemeinden": (900, 2000),
    "einwohner_grosse_kreisstaedte_und_vg": (0.1, 0.7),
    "zuschlag_personen": (0, 0.2),
}
"""Inputs that grow with the inhabitants, and their range."""
COUNTS = {
    "hebesatz_grundsteuer_a": (170, 450),
    "hebesatz_grundsteuer_b": (180, 600),
    "hebesatz_gewerbesteuer": (265, 450),
    "hebesatz_grundsteuer_a_vorjahr": (185, 450),
    "hebesatz_grundsteuer_b_vorjahr": (180, 600),
    "hebesatz_gewerbesteuer_vorjahr": (285, 450),
    "verwaltungsreform_absatz_4_anteil": (1, 5),
    "verwaltungsreform_absatz_5_anteil": (1, 5),
    "schuelerbefoerderung_anteil": (1, 5),
    "in_verwaltungsgemeinschaft": (0, 2),
    **dict.fromkeys(("uebernachtungen_heilbad", "uebernachtungen_kurort", "uebernachtungen_uebrige"), (0, 60_000)),
    **dict.fromkeys(("kreisstrassen_kilometer", "kreisstrassen_ortsdurchfahrten"), (10, 400)),
    **dict.fromkeys(("kreisstrassen_abgestufte", "gemeindeverbindungsstrassen", "ortsdurchfahrten"), (0, 60)),
    **dict.fromkeys(("kreisstrassen_der_gemeinde", "abgestufte_kreisstrassen_der_gemeinde"), (0, 20)),
    **dict.fromkeys(("auszubildende", "umgerechnete_kleinkinder", "umgerechnete_gruppen", *fag_bw.KINDER), (0, 300)),
    **dict.fromkeys([f"schueler_{art}" for art in fag_bw.SCHULARTEN], (0, 900)),
    **dict.fromkeys([f"personen_{gruppe}" for gruppe in fag_bw.ERSTATTUNGEN], (0, 9)),
    **dict.fromkeys(("leistungen", *fag_bw.TEILZAHLUNGEN, "teilzahlung_q2_folgejahr"), (1_000, 900_000)),
    "kreisstrassen_grundbetrag": (7_000, 8_000),
    "gemeindestrassen_grundbetrag": (2_000, 3_000),
}


def drawn(count, seed=1, largest=700_000):
    """Inputs of invented bodies of all sizes, in whole numbers, so that fractions start from the same."""
    random = np.random.default_rng(seed)
    einwohner = np.floor(np.exp(random.uniform(np.log(200), np.log(largest), count)))
    lines = {key: np.floor(einwohner * random.uniform(*span, count)) for key, span in PER_HEAD.items()}
    lines |= {key: random.integers(*span, count).astype(float) for key, span in COUNTS.items()}
    lines["einkommensteuer_schluesselzahl"] = einwohner / 2**24
    return {**lines, "einwohner": einwohner, "schluesselmasse": 2_000_000_000.0, **LAND}


def as_lists(lines, number):
    return {
        key: Vector([number(float(x)) for x in value]) if isinstance(value, np.ndarray) else number(value)
        for key, value in lines.items()
    }


def known(body, year, lines):
    """Inputs of a body; those that take the place of rules which nothing at hand documents for the year included."""
    if body == "alle_gemeinden":
        keys = ["steuerkraftmesszahl", "bedarfsmesszahl"]
        computed = fag_bw.settle(lines, floats(year), "gemeinde", keys)
        lines = {**lines, **{key: computed[key] for key in keys}}
    if year == 2013 and body in ("gemeinde", "stadtkreis"):
        lines = {**lines, "umgerechnete_kinder": lines["umgerechnete_kleinkinder"]}
    return lines


@pytest.mark.parametrize(("body", "year"), list(product(fag_bw.BODIES, YEARS)))
def test_three_kinds_of_numbers_agree(body, year):
    lines = known(body, year, drawn(40))
    found = fag_bw.settle(lines, floats(year), body)
    kinds = [(number, as_vectors(exact(year), number)) for number in (float, F)]
    for number, values in kinds:
        other = fag_bw.settle(as_lists(lines, number), values, body)
        assert set(other) == set(found)
        for key, expected in found.items():
            got = [float(x) for x in other[key]] if isinstance(other[key], Vector) else float(other[key])
            np.testing.assert_allclose(got, np.ravel(expected), rtol=1e-9, atol=1e-6, err_msg=key)
            if number is F and isinstance(other[key], Vector):
                assert all(isinstance(x, F | int) for x in other[key]), key


@pytest.mark.parametrize("year", YEARS)
def test_axes_before_the_bodies(year):
    lines = known("gemeinde", year, drawn(60))
    folded = {key: x.reshape(3, 4, 5) if isinstance(x, np.ndarray) else x for key, x in lines.items()}
    flat, cube = (fag_bw.settle(given, floats(year), "gemeinde") for given in (lines, folded))
    for key, value in flat.items():
        np.testing.assert_array_equal(np.ravel(cube[key]), np.ravel(value), err_msg=key)


def test_all_gemeinden_at_once_are_quick():
    lines, values = drawn(1_101), floats(2023)
    start = time.perf_counter()
    found = fag_bw.settle(lines, values, "gemeinde")
    assert time.perf_counter() - start < 0.5
    assert found["schluesselzuweisung"].shape == (1_101,) and np.isfinite(found["finanzausgleichsumlage"]).all()


def test_what_a_body_knows_is_not_computed():
    lines = {"steuerkraftmesszahl": vector(900), "bedarfsmesszahl": vector(1000)}
    found = fag_bw.settle(lines, lists(2023), "gemeinde", ("steuerkraftmesszahl", "bedarfsmesszahl", "umlagesatz"))
    assert found["steuerkraftmesszahl"] is lines["steuerkraftmesszahl"] and "umlagesatz" in found
    with pytest.raises(KeyError, match="grundbetrag"):
        fag_bw.settle({"einwohner": vector(1)}, lists(2023), "gemeinde", ("bedarfsmesszahl",))


def test_what_only_one_year_knows():
    lines = drawn(3)
    before, after = (fag_bw.settle(known("stadtkreis", year, lines), floats(year), "stadtkreis") for year in YEARS)
    assert "verwaltungsreform_absatz_5" in before and "verwaltungsreform_absatz_5" not in after
    assert {"leitungszeit", "minderjaehrige_auslaender"} & set(before) == set()
    assert {"leitungszeit", "minderjaehrige_auslaender"} <= set(after)
    assert not before["bedarfsmesszahl_b"].any() and after["bedarfsmesszahl_b"].all()
    with pytest.raises(KeyError, match="umgerechnete_kinder"):
        fag_bw.settle(lines, floats(2013), "gemeinde")


# --- § 1a -------------------------------------------------------------------------------------------------------------


def umlagesatz(in_vh, **readings):
    lines = {"steuerkraftmesszahl": vector(*in_vh) * F(12_345), "bedarfsmesszahl": vector(*[1_234_500] * len(in_vh))}
    return list(fag_bw.umlagesatz(lines, lists(2023, **readings))["umlagesatz"])


@pytest.mark.parametrize("ganze", [0, 1])
def test_the_rate_of_the_umlage(ganze):
    found = umlagesatz([0, 30, 60, 61, 100, 225, 226, 500], umlage_ganze_prozent=ganze)
    assert found == [F(x) for x in ("22.1", "22.1", "22.1", "22.16", "24.5", "32", "32", "32")]


def test_whole_per_cent_or_pro_rata():
    assert umlagesatz([F("224.9"), F("60.99")]) == [F("31.94"), F("22.1")]
    assert umlagesatz([F("224.9"), F("60.99")], umlage_ganze_prozent=0) == [F("31.994"), F("22.1594")]


def test_whole_per_cent_on_floats_stand_against_noise():
    whole = np.arange(60, 231)
    for messzahl in (1_000_000.0, 7_777_777.77, 123_456.7, 3e9 / 7):
        lines = {"steuerkraftmesszahl": whole / 100 * messzahl, "bedarfsmesszahl": np.full(whole.shape, messzahl)}
        found = fag_bw.umlagesatz(lines, floats(2023))
        np.testing.assert_allclose(found["umlagesatz"], np.minimum(22.1 + 0.06 * (whole - 60), 32), atol=1e-9)
        cent_less = {**lines, "steuerkraftmesszahl": lines["steuerkraftmesszahl"] - 0.01}
        found = fag_bw.umlagesatz(cent_less, floats(2023))
        np.testing.assert_allclose(found["umlagesatz"][1:166], 22.1 + 0.06 * np.arange(165), atol=1e-9)
        assert found["lesart_umlage_ganze_prozent"][1:166].all()


def test_the_umlage_of_each_kind():
    lines = {
        "umlagesatz": vector(25),
        "steuerkraftmesszahl": vector(1000),
        "schluesselzuweisung_vorvorjahr": vector(200),
        "schluesselzuweisung_stadtkreis_vorvorjahr": vector(70),
        "schluesselzuweisung_landkreis_vorvorjahr": vector(300),
        "grunderwerbsteuer_vorvorjahr": vector(30),
        "steuerkraftsummen_der_gemeinden": vector(5000),
    }
    found = {}
    for body in ("gemeinde", "stadtkreis", "landkreis"):
        given = {**lines, "umlagesatz": vector(25)}
        result = fag_bw.settle(given, lists(2013), body, ("steuerkraftsumme", "finanzausgleichsumlage"))
        found[body] = [*result["steuerkraftsumme"], *result["finanzausgleichsumlage"]]
    assert found["gemeinde"] == [1200, 300]
    assert found["stadtkreis"] == [1300, F("0.221") * 1300 + F("0.029") * 1200]
    assert found["landkreis"] == [5330, F("0.221") * 330], "without the sums of its Gemeinden"


# --- § 4 --------------------------------------------------------------------------------------------------------------

CLASSES = {"74.999": 125, "75": 115, "84.999": 115, "85": 105, "95": 100, "104.999": 100, "105": 95, "115": 85}
CLASSES |= {"124.999": 85, "125": 75, "400": 75, "0": 125}


def test_edges_of_the_classes_belong_to_the_upper_class():
    for year, amount in ((2013, F("50.22")), (2023, F("111.59"))):
        lines = {
            "einwohner": vector(*[2000] * len(CLASSES)),
            "steuerkraftsumme": vector(*CLASSES) * F(2000 * 1234, 100),
            "steuerkraftsumme_je_einwohner_land": F(1234),
        }
        found = fag_bw.investitionspauschale(lines, lists(year))
        assert list(found["gewichtete_einwohner"]) == [20 * weight for weight in CLASSES.values()]
        assert list(found["investitionspauschale"]) == [20 * weight * amount for weight in CLASSES.values()]


def test_edges_of_the_classes_stand_against_noise():
    einwohner = np.arange(101.0, 4_101.0)
    for edge, weight in ((75, 115), (85, 105), (95, 100), (105, 95), (115, 85), (125, 75)):
        lines = {"einwohner": einwohner, "steuerkraftsumme": edge / 100 * 1333.33 * einwohner}
        lines["steuerkraftsumme_je_einwohner_land"] = 1333.33
        found = fag_bw.investitionspauschale(lines, floats(2013))["gewichtete_einwohner"]
        np.testing.assert_allclose(found, weight / 100 * einwohner)


# --- § 5 --------------------------------------------------------------------------------------------------------------

LEVIED = {f"hebesatz_{steuer}_vorjahr": 400 for steuer in ("grundsteuer_a", "grundsteuer_b", "gewerbesteuer")}


def zuweisung(kraft, messzahl, year, levied=LEVIED, **readings):
    lines = {"steuerkraftmesszahl": kraft, "bedarfsmesszahl": messzahl}
    lines |= {key: value + 0 * messzahl for key, value in levied.items()}
    values = lists(year, **readings) if isinstance(kraft, Vector) else floats(year, **readings)
    return fag_bw.settle(lines, values, "gemeinde", ("schluesselzahl", "schluesselzuweisung"))


@settings(max_examples=200, deadline=None)
@given(kraft=st.integers(-100, 599_999), messzahl=st.integers(1_000_000, 10_000_000), year=st.sampled_from(YEARS))
def test_below_the_sockel_all_reach_the_same_part_of_their_needs(kraft, messzahl, year):
    q = announced(year)["schluesselzahlen_gemeinden"] / 100
    found = zuweisung(vector(kraft), vector(messzahl), year)
    assert list(found["schluesselzuweisung"] + kraft) == [F(60, 100) * messzahl + q * F(40, 100) * messzahl]


def test_that_part_is_88_per_cent():
    parts = [only(zuweisung(vector(0), vector(1), year)["schluesselzuweisung"]) for year in YEARS]
    assert parts == [F("0.87916"), F("0.88028")]


@pytest.mark.parametrize("year", YEARS)
def test_the_zuweisung_is_continuous_and_ends_at_the_needs(year):
    h = F(1, 10**9)
    messzahl = vector(*[100] * 7)
    kraft = vector(60 - h, 60, 60 + h, 100 - h, 100, 100 + h, 180)
    below, at, above, near, *none = zuweisung(kraft, messzahl, year)["schluesselzuweisung"]
    q = announced(year)["schluesselzahlen_gemeinden"] / 100
    assert at == 40 * q and below - at == h and at - above == q * h
    assert near == q * h and none == [0, 0, 0]


@pytest.mark.parametrize(
    ("levied", "full"),
    [((195, 185, 290), True), ((194, 185, 290), False), ((195, 184, 290), False), ((195, 185, 289), False)],
)
def test_the_mehrzuweisung_needs_the_rates(levied, full):
    found = zuweisung(vector(300), vector(1000), 2013, dict(zip(LEVIED, levied, strict=True)))
    assert list(found["zuweisung_nach_schluesselzahl"]) == [F("0.6979") * 700]
    assert list(found["mehrzuweisung"]) == [F("0.3021") * 300 if full else 0]


def test_schluesselzahlen_of_the_vorjahr():
    lines = {
        "schluesselzahl": vector(700),
        "schluesselzahl_vorjahr": vector(650),
        "luecke_zum_sockel": vector(0),
    }
    amounts = [
        list(
            fag_bw.schluesselzuweisung(lines, lists(2013, schluesselzahl_des_vorjahres=reading))["schluesselzuweisung"]
        )
        for reading in (0, 1)
    ]
    assert amounts == [[F("0.6979") * 700], [F("0.6979") * 650]]


def test_the_quota_pays_out_the_schluesselmasse():
    lines = as_lists(known("alle_gemeinden", 2023, drawn(60)), F)
    mangel = sum(max(m - k, F(0)) for m, k in zip(lines["bedarfsmesszahl"], lines["steuerkraftmesszahl"], strict=True))
    assert mangel > 0
    lines["schluesselmasse"] = mangel * F(7, 10)
    found = fag_bw.settle(lines, lists(2023), "alle_gemeinden")
    q = found["ausschuettungsquote"]
    assert 0 < q < 100
    values = {**lists(2023), "schluesselzahlen_gemeinden": q, "mehrzuweisung": 100 - q}
    paid = fag_bw.schluesselzuweisung(found, values)["schluesselzuweisung"]
    assert sum(paid) == lines["schluesselmasse"]


@pytest.mark.parametrize("year", YEARS)
def test_the_printed_percentages_are_complements(year):
    assert announced(year)["schluesselzahlen_gemeinden"] + announced(year)["mehrzuweisung"] == 100


# --- § 6 --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("year", YEARS)
def test_the_steuerkraftmesszahl_by_hand(year):
    lines = {
        "grundsteuer_a": vector(3_200),
        "hebesatz_grundsteuer_a": vector(320),
        "grundsteuer_b": vector(360_000),
        "hebesatz_grundsteuer_b": vector(360),
        "gewerbesteuer": vector(1_400_000),
        "hebesatz_gewerbesteuer": vector(350),
        "gewerbesteuerumlage": vector(140_000),
        "einkommensteuer_schluesselzahl": vector(F(1, 1000)),
        "einkommensteuer_land": F(5_000_000_000),
        "familienleistungsausgleich_land_vorvorjahr": F(400_000_000),
        "umsatzsteueranteil": vector(100_000),
    }
    found = fag_bw.steuerkraftmesszahl(lines, lists(year))
    assert list(found["steuerkraft_realsteuern"]) == [1_950 + 185_000 + 1_160_000 - 140_000]
    assert list(found["steuerkraft_einkommensteuer"]) == [5_400_000]
    assert list(found["steuerkraft_umsatzsteuer"]) == [80_000]
    assert list(found["steuerkraftmesszahl"]) == [1_206_950 + 5_480_000]
    none = {**lines, "hebesatz_grundsteuer_a": vector(0)}
    assert list(fag_bw.steuerkraftmesszahl(none, lists(year))["steuerkraftmesszahl"]) == [6_686_950 - 1_950]


# --- § 7 --------------------------------------------------------------------------------------------------------------

TABLE = {3_000: 100, 10_000: 110, 20_000: 117, 50_000: 125, 100_000: 135, 200_000: 155, 500_000: 179, 600_000: 186}
AREAS = {4_000: 100, 10_000: 110, 15_000: 120, 20_000: 140, 25_000: 160, 30_000: 180}


def bedarf(year, grundbetrag, einwohner, hektar=None, personen=None, **readings):
    lines = {"einwohner": einwohner, "grundbetrag": grundbetrag}
    lines["flaeche"] = 0 * einwohner if hektar is None else hektar
    lines["zuschlag_personen"] = 0 * einwohner if personen is None else personen
    values = lists(year, **readings) if isinstance(einwohner, Vector) else floats(year, **readings)
    return fag_bw.bedarfsmesszahl(lines, values)


@pytest.mark.parametrize("grundbetrag", [F(1000), F("1149.35"), F("987.01")])
def test_the_kopfbetrag_at_and_between_the_steps_of_the_table(grundbetrag):
    found = bedarf(2013, grundbetrag, vector(1, *TABLE, 900_000))["kopfbetrag"]
    assert list(found) == [F(rate, 100) * grundbetrag for rate in (100, *TABLE.values(), 186)], "exact at the steps"
    between = vector(*[people + 1234 for people in TABLE][:-1])
    for amount in bedarf(2013, grundbetrag, between)["kopfbetrag"]:
        assert (10 * amount).denominator == 1


def kopfbetraege(einwohner, cents):
    """Tenths of a euro between two steps of the table, by whole numbers alone; None stands for a step itself."""
    result = np.full(einwohner.shape, -1)
    steps = list(TABLE.items())
    for (low, low_rate), (high, high_rate) in pairwise(steps):
        here = (einwohner > low) & (einwohner < high)
        above = cents * (low_rate * (high - low) + (einwohner - low) * (high_rate - low_rate))
        result = np.where(here, -(-above // (1000 * (high - low))), result)
    return result


@pytest.mark.parametrize("cents", [100_000, 102_000, 114_935, 98_701, 117_050, 123_456, 139_990])
def test_every_kopfbetrag_is_rounded_up_and_never_by_noise(cents):
    einwohner = np.arange(1, 650_001)
    expected = kopfbetraege(einwohner, cents)
    found = bedarf(2013, cents / 100, einwohner.astype(float))["kopfbetrag"]
    between = expected >= 0
    np.testing.assert_array_equal(np.rint(found[between] * 10), expected[between])
    assert np.abs(found[between] - expected[between] / 10).max() < 1e-9
    # A step is not rounded: where its amount is no full 0,10 euro, it may lie a little below its neighbour.
    assert np.diff(found).min() >= (-1e-9 if cents % 1000 == 0 else -0.1)


def test_ten_twenty_stays_ten_twenty():
    amounts = [10.2, 0.1 * 3 * 34, 10.21, 10.299999, 10.3, 1.1 * 3, 1020.2, 4.35 * 100]
    expected = [10.2, 10.2, 10.3, 10.3, 10.3, 3.3, 1020.2, 435.0]
    assert list(fag_bw._aufgerundet(np.array(amounts), 0.1)) == expected
    assert list(fag_bw._aufgerundet(Vector(amounts), 0.1)) == expected
    exact_amounts = vector("10.2", "10.20000000001", "10.3")
    assert list(fag_bw._aufgerundet(exact_amounts, F(1, 10))) == [F("10.2"), F("10.3"), F("10.3")]


def test_the_area_from_2021():
    einwohner = vector(*[1_000] * 9)
    hektar = vector(*[F(area, 10) for area in (0, *AREAS, 7_000, 90_000)])
    rates = [100, *AREAS.values(), 105, 180]
    assert not any(bedarf(2013, F(1200), einwohner, hektar)["bedarfsmesszahl_b"])
    assert list(bedarf(2021, F(1200), einwohner, hektar)["kopfbetrag_flaeche"]) == [F(rate, 100) * 30 for rate in rates]
    found = bedarf(2022, F(1200), einwohner, hektar)
    assert list(found["kopfbetrag_flaeche"]) == [F(rate, 100) * 60 for rate in rates]
    assert list(found["bedarfsmesszahl"]) == [F(1000) * 1200 + F(rate, 100) * 60_000 for rate in rates]


def test_steps_of_the_area_stand_against_noise():
    einwohner = np.arange(501.0, 3_001.0)
    for area, rate in AREAS.items():
        found = bedarf(2023, 1149.35, einwohner, area / 10_000 * einwohner)["kopfbetrag_flaeche"]
        np.testing.assert_allclose(found, rate / 100 * 0.05 * 1149.35, rtol=1e-12)


def test_the_last_step_of_the_area():
    einwohner, hektar = vector(*[1_000] * 5), vector(2_500, 2_750, 3_000, F("3000.1"), 2_400)
    rises, jumps = (
        list(
            bedarf(2023, F(1000), einwohner, hektar, kopfbetrag_flaeche_letzte_stufe_steigt=reading)[
                "kopfbetrag_flaeche"
            ]
        )
        for reading in (1, 0)
    )
    assert rises == [80, 85, 90, 90, 78] and jumps == [80, 80, 80, 90, 78]
    found = bedarf(2023, F(1000), einwohner, hektar)
    assert list(found["lesart_letzte_stufe_der_flaeche"]) == [0, 1, 1, 0, 0]


@pytest.mark.parametrize("year", YEARS)
def test_students_raise_the_needs(year):
    with_students, without = (
        bedarf(year, F(1000), vector(20_000), vector(2_000), vector(4_000), bedarf_zuschlag_gilt=reading)
        for reading in (1, 0)
    )
    assert list(with_students["bedarfsmesszahl"] - without["bedarfsmesszahl"]) == [F(15, 100) * 1170 * 4_000]


# --- §§ 7a to 18 ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("year", "rate"), [(2013, F("0.7148")), (2023, F("0.7120"))])
def test_landkreise(year, rate):
    lines = {
        "einwohner": vector(200_000, 200_000),
        "kopfbetrag_landkreise": F(615),
        "kreisumlage_landesdurchschnitt": F("31.48"),
        "steuerkraftsummen_der_gemeinden": vector(250_000_000, 500_000_000),
        "grunderwerbsteuer_vorvorjahr": vector(15_000_000, 15_000_000),
    }
    found = fag_bw.settle(lines, lists(year), "landkreis", [key for key, _ in fag_bw.BODIES["landkreis"]][:3])
    kraft = F("0.3148") * 250_000_000 + 15_000_000
    assert list(found["schluesselzuweisung_landkreis"]) == [rate * (200_000 * 615 - kraft), 0]


@pytest.mark.parametrize(("year", "per_head"), [(2013, "107.14"), (2023, "178.54")])
def test_stadtkreise(year, per_head):
    found = fag_bw.schluesselzuweisung_stadtkreis({"einwohner": vector(100_000)}, lists(year))
    assert list(found["schluesselzuweisung_stadtkreis"]) == [100_000 * F(per_head)]


@pytest.mark.parametrize("year", YEARS)
def test_what_a_grosse_kreisstadt_gets_alone_it_shares_in_a_verwaltungsgemeinschaft(year):
    def amount(body, **lines):
        given = {key: vector(value) for key, value in lines.items()}
        return only(fag_bw.settle(given, lists(year), body, ("verwaltungsbehoerde",))["verwaltungsbehoerde"])

    alone = amount("grosse_kreisstadt", einwohner=30_000, in_verwaltungsgemeinschaft=0)
    inside = amount("grosse_kreisstadt", einwohner=30_000, in_verwaltungsgemeinschaft=1)
    assert alone == inside + amount("verwaltungsgemeinschaft", einwohner=30_000)
    landkreis = amount("landkreis", einwohner=100_000, einwohner_grosse_kreisstaedte_und_vg=40_000)
    assert (
        landkreis
        == {2013: 40_000 * F("8.30") + 60_000 * F("13.92"), 2023: 40_000 * F("11.02") + 60_000 * F("18.49")}[year]
    )
    assert amount("stadtkreis", einwohner=1_000) == {2013: 18_530, 2023: 24_610}[year]


@pytest.mark.parametrize("year", YEARS)
def test_shares_of_all_kreise_pay_out_the_amount(year):
    shares = [
        F(row["anteil_prozent"]) for row in load_csv(DATA / "bw/schuelerbefoerderung.csv", "bw_schuelerbefoerderung")
    ]
    assert len(shares) == 44
    lines = {
        "schuelerbefoerderung_anteil": Vector(shares),
        "verwaltungsreform_absatz_4_anteil": Vector(shares),
        "verwaltungsreform_absatz_5_anteil": Vector(shares),
    }
    keys = {2013: ("verwaltungsreform_absatz_4", "verwaltungsreform_absatz_5"), 2023: ("verwaltungsreform_absatz_4",)}
    found = fag_bw.settle(lines, lists(year), "landkreis", ("schuelerbefoerderung", *keys[year]))
    for key in ("schuelerbefoerderung", *keys[year]):
        assert sum(found[key]) == announced(year)[key]


def test_grunderwerbsteuer():
    found = fag_bw.grunderwerbsteuer({"grunderwerbsteuer_aufkommen": vector(1_000_000)}, lists(2013))
    assert list(found["grunderwerbsteuer"]) == [388_500]


@pytest.mark.parametrize(("year", "amount"), [(2013, 300 * 1_119 + 10 * 599), (2023, 300 * 1_312 + 10 * 1_156)])
def test_a_schultraeger(year, amount):
    lines = {f"schueler_{art}": vector(0) for art in fag_bw.SCHULARTEN}
    lines |= {"schueler_hauptschule": vector(300), "schueler_gymnasium": vector(10)}
    found = fag_bw.settle(lines, lists(year), "schultraeger")
    assert list(found["sachkostenbeitrag"]) == [amount]
    assert list(found["sachkostenbeitrag_hauptschule"] + found["sachkostenbeitrag_gymnasium"]) == [amount]


def test_every_kind_of_school_and_of_person_announced_is_counted():
    for year in YEARS:
        assert {key for key in announced(year) if key.startswith("sachkosten_")} == {
            f"sachkosten_{art}" for art in fag_bw.SCHULARTEN
        }
        assert {key for key in announced(year) if key.startswith("erstattung_")} == {
            f"erstattung_{gruppe}" for gruppe in fag_bw.ERSTATTUNGEN
        }


# --- § 20 -------------------------------------------------------------------------------------------------------------


def naechte(heilbad, kurort, uebrige, **readings):
    lines = {"uebernachtungen_heilbad": vector(heilbad), "uebernachtungen_kurort": vector(kurort)}
    found = fag_bw.fremdenverkehr({**lines, "uebernachtungen_uebrige": vector(uebrige)}, lists(2023, **readings))
    return only(found["fremdenverkehr"])


def test_fremdenverkehr_begins_above_50_000_nights():
    assert naechte(0, 0, 50_000) == naechte(50_000, 0, 0) == 0, "nights count, not their weight"
    assert naechte(0, 0, 50_001) == F("0.17") * 50_001
    assert naechte(20_000, 20_000, 20_000) == F("0.17") * 90_000
    assert naechte(20_000, 20_000, 20_000, fremdenverkehr_gewichtet=0) == F("0.17") * 60_000


# --- §§ 25 to 28 ------------------------------------------------------------------------------------------------------


def strassen(einwohner, kilometer, ortsdurchfahrten, abgestufte, year=2023, **readings):
    lines = {"einwohner": vector(einwohner), "kreisstrassen_kilometer": vector(kilometer)}
    lines |= {
        "kreisstrassen_ortsdurchfahrten": vector(ortsdurchfahrten),
        "kreisstrassen_abgestufte": vector(abgestufte),
    }
    return fag_bw.kreisstrassen(lines, lists(year, **readings))


@pytest.mark.parametrize("year", YEARS)
def test_kreisstrassen_with_ortsdurchfahrten_inside_or_outside_the_second_band(year):
    outside = strassen(150_000, 400, 80, 20, year)
    assert list(outside["kreisstrassen"]) == [4_735_000]
    assert list(outside["lesart_ortsdurchfahrten_in_stufe_2"]) == [1] and list(
        outside["lesart_einwohner_gerundet"]
    ) == [0]
    inside = strassen(150_000, 400, 80, 20, year, kreisstrassen_ortsdurchfahrten_in_stufe_2=1)
    assert list(inside["kreisstrassen"]) == [4_895_000]
    assert list(inside["lesart_ortsdurchfahrten_in_stufe_2"]) == [1]
    for reading in (0, 1):
        roomy = strassen(150_000, 200, 60, 20, year, kreisstrassen_ortsdurchfahrten_in_stufe_2=reading)
        assert list(roomy["lesart_ortsdurchfahrten_in_stufe_2"]) == [0]


def test_rounding_the_inhabitants_by_thousand():
    precise = strassen(150_400, 400, 80, 0)
    rounded = strassen(150_400, 400, 80, 0, kreisstrassen_einwohner_gerundet=1)
    assert list(precise["lesart_einwohner_gerundet"]) == [1]
    # 0.4 km leave each of the first two bands for the third.
    assert list(rounded["kreisstrassen"] - precise["kreisstrassen"]) == [F("0.4") * (3_900 + 2_000)]


@settings(max_examples=200, deadline=None)
@given(
    einwohner=st.integers(1, 600_000),
    kilometer=st.integers(0, 900),
    orte=st.integers(0, 400),
    inside=st.sampled_from([0, 1]),
)
def test_every_kilometre_is_in_one_band(einwohner, kilometer, orte, inside):
    found = strassen(einwohner, kilometer, orte, 0, kreisstrassen_ortsdurchfahrten_in_stufe_2=inside)
    bands = [only(found[f"kreisstrassen_kilometer_stufe_{number}"]) for number in (1, 2, 3)]
    assert sum(bands) == kilometer + orte and min(bands) >= 0 and bands[1] >= orte
    assert only(found["kreisstrassen"]) >= only(strassen(einwohner, kilometer, orte, 0)["kreisstrassen"])


@pytest.mark.parametrize(
    ("year", "roads", "lowest", "highest"),
    [
        (2013, "kreisstrassen", F(7_666_67, 100), F(7_679_99, 100)),
        (2023, "kreisstrassen", F(7_666_67, 100), F(7_679_99, 100)),
        (2013, "gemeindestrassen", F(2_625), F(2_642_85, 100)),
        (2023, "gemeindestrassen", F(2_583_34, 100), F(2_599_99, 100)),
    ],
)
def test_amounts_for_a_kilometre_come_from_one_base(year, roads, lowest, highest):
    cent = F(1, 100)
    rule = getattr(fag_bw, f"{roads}betraege")
    found = rule({f"{roads}_grundbetrag": vector(lowest - cent, lowest, highest, highest + cent)}, lists(year))
    announced_too = [
        all(list(found[key])[number] == announced(year)[key.replace("_betrag", "")] for key in found)
        for number in range(4)
    ]
    assert announced_too == [False, True, True, False] and len(found) == 4


def test_gemeindestrassen_and_area():
    lines = {
        "gemeindeverbindungsstrassen": vector(10),
        "ortsdurchfahrten": vector(5),
        "kreisstrassen_der_gemeinde": vector(2),
        "abgestufte_kreisstrassen_der_gemeinde": vector(1),
        "flaeche": vector(3_000),
    }
    found = fag_bw.settle(lines, lists(2013), "gemeinde", ("gemeindestrassen", "investitionen_nach_flaeche"))
    assert list(found["gemeindestrassen"]) == [26_000 + 31_500 + 7_200 + 6_800]
    assert list(found["investitionen_nach_flaeche"]) == [24_900]


@pytest.mark.parametrize("year", YEARS)
def test_nahverkehr_of_44_kreise_is_15_million(year):
    lines = as_lists(drawn(44, largest=600_000), F)
    lines |= {f"{name}_land": sum(lines[name]) for name in ("einwohner", "flaeche")}
    assert sum(fag_bw.nahverkehr(lines, lists(year))["nahverkehr"]) == 15_000_000
    young = fag_bw.minderjaehrige_auslaender(lines, lists(year))
    assert young == {} if year == 2013 else sum(young["minderjaehrige_auslaender"]) == 11_000_000


# --- §§ 29 to 39, settlement ------------------------------------------------------------------------------------------


def test_children():
    lines = {gruppe: vector(10) for gruppe in fag_bw.KINDER}
    found = fag_bw.settle(lines, lists(2023), "gemeinde", ("umgerechnete_kinder", "kindergarten"))
    assert list(found["umgerechnete_kinder"]) == [37]
    assert list(found["kindergarten"]) == [37 * F("3771.43")]
    found = fag_bw.kleinkinder({"umgerechnete_kleinkinder": vector(2)}, lists(2013))
    assert list(found["kleinkinder"]) == [2 * F("12822.87")]
    found = fag_bw.leitungszeit({"umgerechnete_gruppen": vector("2877.84", 1)}, lists(2023))
    assert [round(float(amount), 2) for amount in found["leitungszeit"]] == [160_000_000, 55_597.25]


@pytest.mark.parametrize(("year", "amount", "once"), [(2013, "413996.383", 5_043), (2023, "603295.466", 6_867)])
def test_familienleistungsausgleich_and_ausbildung(year, amount, once):
    lines = {"einkommensteuer_schluesselzahl": vector(F(1, 1000)), "auszubildende": vector(2)}
    found = fag_bw.settle(lines, lists(year), "gemeinde", ("familienleistungsausgleich", "ausbildung"))
    assert list(found["familienleistungsausgleich"]) == [F(amount)] and list(found["ausbildung"]) == [2 * once]


@pytest.mark.parametrize("year", YEARS)
def test_erstattungen_of_retired_and_bereaved_are_73_and_44_per_cent(year):
    lines = {f"personen_{gruppe}": vector(0) for gruppe in fag_bw.ERSTATTUNGEN}

    def amount(gruppe):
        return only(fag_bw.erstattung({**lines, f"personen_{gruppe}": vector(1)}, lists(year))["erstattung"])

    for dienst in ("mittlerer_dienst", "gehobener_dienst"):
        active = amount(dienst)
        assert abs(F(73, 100) * active - amount(f"{dienst}_ruhestand")) <= 5
        assert abs(F(44, 100) * active - amount(f"{dienst}_hinterbliebene")) <= 5


def test_teilzahlungen_are_deducted_and_the_rest_is_paid_next_year():
    lines = {key: vector(250, 300) for key in fag_bw.TEILZAHLUNGEN}
    lines |= {"leistungen": vector(1_100, 1_100), "teilzahlung_q2_folgejahr": vector(260, 60)}
    found = fag_bw.settle(lines, lists(2023), "abrechnung")
    assert list(found["nachzahlung"]) == [100, 0] and list(found["rueckforderung"]) == [0, 100]
    assert list(found["zahlung_q2_folgejahr"]) == [360, -40]


# --- What a Gemeinde keeps --------------------------------------------------------------------------------------------

MESSZAHL = 10_000_000


def netto(kraft, year, **readings):
    """Taxes, Zuweisung and Umlage of a Gemeinde whose taxes are the same in every year."""
    messzahl = vector(*[MESSZAHL] * len(kraft))
    lines = zuweisung(Vector(kraft), messzahl, year)
    lines["schluesselzuweisung_vorvorjahr"] = lines["schluesselzuweisung"]
    keys = ("umlagesatz", "steuerkraftsumme", "finanzausgleichsumlage")
    lines = fag_bw.settle(lines, lists(year, **readings), "gemeinde", keys)
    return list(lines["steuerkraftmesszahl"] + lines["schluesselzuweisung"] - lines["finanzausgleichsumlage"])


@pytest.mark.parametrize("year", YEARS)
def test_one_more_euro_leaves_between_nothing_and_one(year):
    kraft = [F(MESSZAHL, 1000) * promille for promille in range(10, 4_000, 7)]
    more = netto([x + 1 for x in kraft], year, umlage_ganze_prozent=0)
    kept = [b - a for a, b in zip(netto(kraft, year, umlage_ganze_prozent=0), more, strict=True)]
    assert all(0 <= x < 1 for x in kept)
    below, between, above, capped = (
        [x for x, k in zip(kept, kraft, strict=True) if low * MESSZAHL < k <= high * MESSZAHL - 1]
        for low, high in ((0, F(6, 10)), (F(6, 10), 1), (1, F(225, 100)), (F(225, 100), 4))
    )
    assert set(below) == {0}, "below the Sockel all of it is gone"
    assert F(15, 100) < min(between) and max(between) < F(20, 100)
    assert F(54, 100) < min(above) and max(above) < F(70, 100)
    assert set(capped) == {F(68, 100)}


@pytest.mark.parametrize("year", YEARS)
def test_a_euro_that_reaches_a_whole_per_cent_costs_thousands(year):
    before, after = netto([F(MESSZAHL) - 1, F(MESSZAHL)], year)
    assert before - after == pytest.approx(0.0006 * MESSZAHL, abs=1)


def test_below_the_sockel_the_umlage_follows_two_years_later():
    # In the year itself the Zuweisung falls by the euro and the Umlage takes 22,10 cents of it; two years later the
    # smaller Zuweisung lowers the Umlage by as much.
    values = lists(2023)
    lines = zuweisung(vector(4_000_000, 4_000_001), vector(MESSZAHL, MESSZAHL), 2023)
    lines["schluesselzuweisung_vorvorjahr"] = vector(1_000_000, 1_000_000)
    lines = fag_bw.settle(lines, values, "gemeinde", ("umlagesatz", "steuerkraftsumme", "finanzausgleichsumlage"))
    first, second = lines["finanzausgleichsumlage"]
    assert second - first == F("0.221")
    lines["schluesselzuweisung_vorvorjahr"] = lines["schluesselzuweisung"]
    first, second = fag_bw.umlage_gemeinde({**lines, **fag_bw.steuerkraftsumme_gemeinde(lines, values)}, values)[
        "finanzausgleichsumlage"
    ]
    assert first == second


# --- The statute's values and the form of the module ------------------------------------------------------------------


def test_statutory_values():
    values = statutory(2023)
    assert dict(zip(values["kopfbetrag_einwohner"], values["kopfbetrag_saetze"], strict=True)) == TABLE
    assert dict(zip(values["kopfbetrag_flaeche"], values["kopfbetrag_flaeche_saetze"], strict=True)) == AREAS
    assert [statutory(year)["kopfbetrag_flaeche_anteil"] for year in range(2020, 2024)] == [0, F("2.5"), 5, 5]
    assert {day.year for day in change_dates("fag_bw")} == {2013, 2018, 2021, 2022, 2023}


def test_what_is_uncertain_says_why():
    for entry in entries("fag_bw"):
        for start, version in entry["values"].items():
            if version.get("evidence", entry["evidence"]) == "R":
                assert "note" in version, (entry["name"], start)


def test_readings_taken_unless_told_otherwise():
    taken = {
        "umlage_ganze_prozent": 1,
        "schluesselzahl_des_vorjahres": 0,
        "bedarf_zuschlag_gilt": 1,
        "fremdenverkehr_gewichtet": 1,
        "kreisstrassen_ortsdurchfahrten_in_stufe_2": 0,
        "kreisstrassen_einwohner_gerundet": 0,
    }
    assert {name: value for name, value in statutory(2013).items() if name in READINGS} == taken
    taken["kopfbetrag_flaeche_letzte_stufe_steigt"] = 1
    assert {name: value for name, value in statutory(2023).items() if name in READINGS} == taken
    assert set(READINGS) == set(taken)


class Asked(dict):
    """Parameters that remember which of them were asked for."""

    def __init__(self, values):
        super().__init__(values)
        self.names = set()

    def __getitem__(self, name):
        self.names.add(name)
        return super().__getitem__(name)


@pytest.mark.parametrize("year", YEARS)
def test_every_parameter_is_used(year):
    asked = Asked(floats(year))
    for body in fag_bw.BODIES:
        fag_bw.settle(known(body, year, drawn(3)), asked, body)
    assert set(statutory(year)) - {"laender"} - asked.names == set()
    # Totals of sections are paid out child by child; years, days and quarters are no amounts.
    amounts = {key for key, number in load(year).items() if number.unit.startswith(("Euro", "Mio", "%", "Anteil"))}
    assert amounts - asked.names <= {"kindergarten", "kleinkinder"}


def test_every_function_is_a_rule_of_a_body():
    rules = {rule for body in fag_bw.BODIES.values() for _, rule in body}
    functions = {
        value
        for name, value in vars(fag_bw).items()
        if callable(value) and value.__module__ == fag_bw.__name__ and not name.startswith("_")
    }
    assert functions - rules == {fag_bw.settle}
    for rule in rules:
        first = rule.__doc__.splitlines()[0]
        assert first.startswith(("§ ", "Abschnitt III")) and " FAG BW: " in first, rule.__name__
        assert "[V" in rule.__doc__ or "[R" in rule.__doc__, rule.__name__


def test_the_module_holds_no_number_but_trivial_ones():
    text = Path(fag_bw.__file__).read_text(encoding="utf-8")
    tokens = tokenize.generate_tokens(iter(text.splitlines(keepends=True)).__next__)
    assert {token.string for token in tokens if token.type == tokenize.NUMBER} <= {"0", "1", "100"}
