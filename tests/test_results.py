"""Published results: which source counts, where sources disagree, what a printed figure is worth."""

import re
from fractions import Fraction

import pytest

from lfa.files import DATA, load_csv
from lfa.lines import registry
from lfa.results import (
    BEYOND_THE_LAW,
    UNITS,
    Result,
    by_land,
    contradictions,
    preferred,
    read_results,
    scaled,
    sources,
)
from lfa.states import CODES
from lfa.years import load, years

WIKIPEDIA, PANEL, INFO = "finanzvolumen-wikipedia", "panel-2005-2018", "laenderfinanzausgleichinfo"
MILLION = 1_000_000
HEADING = "quantity,land,value,unit,status,kind,source\n"


def result(quantity, land, value, precedence=1, half=0, status="endgueltig", kind="official"):
    return Result(quantity, land, Fraction(value), Fraction(half), status, kind, f"source-{precedence}", precedence)


# --- A printed figure -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "unit", "value", "half"),
    [
        ("1234.56", "EUR", Fraction("1234.56"), Fraction(1, 200)),
        ("1234.50", "EUR", Fraction("1234.5"), Fraction(1, 200)),
        ("1234", "EUR", 1234, Fraction(1, 2)),
        ("-7", "1000 EUR", -7000, 500),
        ("12.345", "Mio EUR", 12_345_000, 500),
        ("12", "Mio EUR", 12 * MILLION, MILLION // 2),
        ("83019213", "Einwohner", 83_019_213, 0),
        ("61.5", "EUR je Einwohner", Fraction("61.5"), Fraction(1, 20)),
        ("1.95583", "DM", 1, Fraction(1, 200_000) / Fraction("1.95583")),
        ("1955830", "1000 DM", 1_000_000_000, Fraction(500 * 100_000, 195_583)),
    ],
)
def test_a_printed_decimal_in_euro_and_half_its_last_digit(text, unit, value, half):
    assert scaled(text, unit) == (value, half)


def test_trailing_noughts_count_as_printed_digits():
    assert scaled("5", "Mio EUR")[0] == scaled("5.000", "Mio EUR")[0]
    assert scaled("5", "Mio EUR")[1] == 1000 * scaled("5.000", "Mio EUR")[1]


def test_dm_are_converted_exactly():
    shares = {result.land: result for result in load(1997).results if result.quantity == "umsatzsteueranteil"}
    # BGBl. I 1999 S. 993 prints 22 553 003 000 DM for Nordrhein-Westfalen.
    assert shares["NW"].value * Fraction("1.95583") == 22_553_003_000
    assert shares["NW"].half * Fraction("1.95583") == 500
    assert {row["unit"] for row in load_csv(DATA / "1997" / "ergebnisse.csv", "ergebnisse")} == {
        "1000 DM",
        "DM",
        "Mio EUR",
    }


@pytest.mark.parametrize("jahr", [1997, 1998, 1999])
def test_fixed_shares_of_the_fund_are_in_dm_too(jahr):
    for found in preferred(load(jahr).results)["fondsanteil"].values():
        cents = found.value * Fraction("1.95583") * 100
        assert cents.denominator == 1, "a whole number of Pfennig"


# --- Which source counts ----------------------------------------------------------------------------------------------


def test_the_source_that_comes_first_counts_whatever_the_order():
    given = [result("bez", "NW", value, precedence) for precedence, value in ((3, 30), (1, 10), (2, 20))]
    for order in (given, given[::-1], given[1:] + given[:1]):
        assert preferred(order)["bez"]["NW"].value == 10
    assert preferred(given[:1] + given[2:])["bez"]["NW"].value == 20


def test_a_land_missing_in_the_first_source_comes_from_the_next():
    best = preferred([result("bez", "NW", 10, 1), result("bez", "BY", 21, 2), result("bez", "NW", 20, 2)])
    assert {land: (found.value, found.precedence) for land, found in best["bez"].items()} == {
        "NW": (10, 1),
        "BY": (21, 2),
    }


@pytest.mark.parametrize(
    ("quantity", "sign"), [("ausgleichsbeitrag", -1), ("ausgleichszuweisung", 1), ("abschlag", -1), ("zuschlag", 1)]
)
def test_the_balance_is_what_a_land_gets_less_what_it_pays(quantity, sign):
    best = preferred([result(quantity, "SL", "12.34", half=Fraction(1, 200))])
    assert best[quantity]["SL"].value == Fraction("12.34")
    assert best["ausgleich"]["SL"] == best[quantity]["SL"]._replace(
        quantity="ausgleich", value=sign * Fraction("12.34")
    )


@pytest.mark.parametrize("first", [0, 1])
def test_a_source_may_print_a_nought_for_what_a_land_does_not_pay(first):
    given = [result("abschlag", "SL", 0, half=500), result("zuschlag", "SL", 12_000, half=500)]
    given += [result("abschlag", "BY", 7_000, half=500), result("zuschlag", "BY", 0, half=500)]
    best = preferred(given[first:] + given[:first])["ausgleich"]
    assert {land: (found.value, found.half) for land, found in best.items()} == {
        "SL": (12_000, 500),
        "BY": (-7_000, 500),
    }
    assert contradictions(given) == []


def test_an_official_contribution_counts_before_a_copied_balance():
    best = preferred([result("ausgleich", "BY", -3, 2), result("ausgleichsbeitrag", "BY", 5, 1)])
    assert best["ausgleich"]["BY"].value == -5 and best["ausgleich"]["BY"].precedence == 1


def test_every_source_of_results_has_a_precedence_and_names_its_files():
    for jahr in years():
        for found in load(jahr).results:
            source = sources()[found.source]
            assert found.precedence == source.get("precedence", 1)
            assert source["title"] and source["publisher"] and source["licence"]
    for path in DATA.glob("*/ergebnisse.csv"):
        for row in load_csv(path, "ergebnisse"):
            assert f"{path.parent.name}/ergebnisse.csv" in sources()[row["source"]]["files"]


def test_official_values_come_first_then_the_panel_then_the_rest():
    assert sources()[PANEL]["precedence"] == sources()["abrechnung-2024"]["precedence"] == 2
    assert sources()[WIKIPEDIA]["precedence"] == sources()[INFO]["precedence"] == 3
    decrees = [entry for name, entry in sources().items() if name.startswith("verordnung-") and "precedence" in entry]
    assert len(decrees) == 22 and {entry["precedence"] for entry in decrees} == {1}
    for jahr in years():
        for found in load(jahr).results:
            assert (found.kind == "official") == (found.precedence == 1), found


@pytest.mark.parametrize("jahr", range(2004, 2020))
def test_contributions_and_allocations_of_an_ordinance_are_the_balance(jahr):
    official = {
        found.land for found in load(jahr).results if found.quantity in ("ausgleichsbeitrag", "ausgleichszuweisung")
    }
    # BGBl. I 2009 S. 3844 and 2010 S. 1399 are at hand in part only: the panel fills in the other Länder.
    assert len(official) == {2008: 4, 2009: 11}.get(jahr, 16)
    balance = preferred(load(jahr).results)["ausgleich"]
    assert {land for land, found in balance.items() if found.source == f"verordnung-{jahr}"} == official
    assert set(balance) == set(CODES)


def test_2003_comes_from_its_ordinance():
    best = preferred(load(2003).results)
    assert set(best) == {"einwohner", "umsatzsteueranteil", "fondsanteil", "ausgleich", "abschlusszahlung"}
    assert {found.source for values in best.values() for found in values.values()} == {"verordnung-2003"}
    # § 3 of the ordinance prints euro, rounded to 1000 euro.
    assert best["ausgleich"]["BY"].value == -1_859_163_000 and best["ausgleich"]["BY"].half == 500
    assert best["einwohner"]["NW"].value == 18_073_296
    assert len(best["fondsanteil"]) == 11
    assert sum(found.value for found in best["ausgleich"].values()) == 0


# --- Where sources disagree -------------------------------------------------------------------------------------------

WRONG = {
    2003: ("MV", "NI"),
    2005: ("MV",),
    2011: tuple(code for code in CODES if code != "SL"),
    2014: ("NW", "BY", "BW", "NI", "HE", "SN", "RP", "ST", "SH", "TH", "HH"),
    2015: CODES,
    2016: CODES,
}
"""The Länder where the table of Wikipedia contradicts the ordinance of a year."""


def disagreeing(jahr):
    found = {}
    for other in contradictions(load(jahr).results):
        assert other.quantity == "ausgleich" and other.chosen.source == f"verordnung-{jahr}"
        found.setdefault(other.other.source, set()).add(other.land)
    return found


@pytest.mark.parametrize("jahr", range(1995, 2025))
def test_sources_disagree_exactly_where_it_is_known(jahr):
    expected = {WIKIPEDIA: set(WRONG[jahr])} if jahr in WRONG else {}
    if jahr == 2017:
        expected = {WIKIPEDIA: set(CODES), PANEL: set(CODES) - {"NI"}}
    if jahr == 2018:
        # The provisional settlement of 2018 hit the final one within a million for the other seven Länder.
        settled = {"NW", "BY", "BW", "HE", "SN", "SH", "TH", "BB", "BE"}
        expected = {WIKIPEDIA: settled, PANEL: settled}
    if jahr == 2019:
        expected = {INFO: set(CODES) - {"RP"}}
    assert disagreeing(jahr) == expected


def test_mecklenburg_vorpommern_and_niedersachsen_are_swapped_in_2003():
    swapped = {other.land: other for other in contradictions(load(2003).results)}
    assert set(swapped) == {"MV", "NI"}
    for land, true in (("MV", "NI"), ("NI", "MV")):
        assert abs(swapped[land].other.value - swapped[true].chosen.value) <= swapped[land].other.half


def test_a_contradiction_exceeds_the_rounding_of_both():
    for half, expected in ((Fraction(5), 0), (Fraction(49, 10), 1)):
        given = [result("bez", "NW", 100, 1, half=half), result("bez", "NW", 110, 2, half=5)]
        assert len(contradictions(given)) == expected
    (found,) = contradictions(given)
    assert (found.chosen.value, found.other.value) == (100, 110)


def test_a_source_does_not_contradict_itself():
    assert contradictions([result("ausgleichsbeitrag", "NW", 5), result("ausgleichszuweisung", "BY", 5)]) == []


def test_a_balance_contradicts_a_contribution_of_another_sign():
    given = [result("ausgleichsbeitrag", "NW", 5), result("ausgleich", "NW", 5, 2)]
    (found,) = contradictions(given)
    assert (found.quantity, found.chosen.value, found.other.value) == ("ausgleich", -5, 5)


# --- All Länder or none -----------------------------------------------------------------------------------------------


def test_values_of_all_16_laender_or_none():
    complete = {code: result("bez", code, number) for number, code in enumerate(CODES)}
    assert by_land(complete) == {code: number for number, code in enumerate(CODES)}
    assert by_land({code: complete[code] for code in CODES[1:]}) is None


# --- The files --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("jahr", years())
def test_every_value_of_a_file_arrives_once(jahr):
    rows = load_csv(DATA / str(jahr) / "ergebnisse.csv", "ergebnisse")
    found = [one for one in load(jahr).results if jahr != 2003 or one.source != "verordnung-2003"]
    assert [(one.quantity, one.land, one.source, one.status, one.kind) for one in found] == [
        (row["quantity"], row["land"], row["source"], row["status"], row["kind"]) for row in rows
    ]
    for one, row in zip(found, rows, strict=True):
        assert one.value == Fraction(row["value"]) * UNITS[row["unit"]]


def test_inhabitants_are_at_hand_for_16_years():
    complete = {jahr for jahr in years() if by_land(preferred(load(jahr).results).get("einwohner", {}))}
    assert complete == {2003, *range(2005, 2019), 2024}


def test_money_of_every_line_by_land_may_be_published(tmp_path):
    for law in ("fag1993", "fag2005", "fag2020"):
        keys = [key for key, line in registry(law).items() if line.unit == "EUR" and line.insgesamt != "only"]
        keys += [key for key in BEYOND_THE_LAW if key not in keys]
        path = tmp_path / f"{law}.csv"
        path.write_text(
            HEADING + "".join(f"{key},SL,1.5,Mio EUR,vorlaeufig,secondary,{PANEL}\n" for key in keys), encoding="utf-8"
        )
        found = read_results(path, law)
        assert [one.quantity for one in found] == keys and {one.value for one in found} == {1_500_000}


def test_names_of_quantities_beyond_the_law_are_german_words():
    assert all(re.fullmatch(r"[A-ZÄÖÜ][\wäöüß ]+", name) for name in BEYOND_THE_LAW.values())
