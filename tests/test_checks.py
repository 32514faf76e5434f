"""What is checked about published results: every year holds, and every check can fail."""

import datetime
from collections import Counter
from fractions import Fraction
from functools import cache

import pytest
from synthetic import inputs, statute

from lfa.checks import (
    DEPTHS,
    FIXED_BEZ,
    checks,
    depth,
    implied_umsatzsteuer,
    lowest_per_head,
    statutory_bez,
)
from lfa.parameters import parameters
from lfa.results import Result, preferred
from lfa.settlement import LAWS
from lfa.states import CODES
from lfa.years import load, years

MILLION, THOUSAND = 1_000_000, 1000
SUM, CLOSING = "summe_ausgleich", "summe_abschlusszahlungen"
SHARES = ("umsatzsteuer_ohne_ergaenzungsanteil", "umsatzsteuer_vorwegausgleich")
FIXED = tuple(FIXED_BEZ)


@cache
def found(jahr):
    return {check.name: check for check in checks(load(jahr))}


def expected(jahr):
    """The checks that the data of a year allow, in the order of the law."""
    names = [SUM]
    if jahr in (2001, 2003):
        names += [CLOSING]
    if 2005 <= jahr <= 2018:
        names = [*SHARES, SUM, *([] if jahr in (2005, 2009) else [CLOSING]), *FIXED]
        if jahr not in (2012, 2014, 2016):
            names += ["bez"] + (["rekonstruktion_bez"] if jahr not in (2008, 2009) else [])
    if jahr == 2019:
        names += [CLOSING]
    if jahr == 2024:
        names = ["umsatzsteuer_nach_einwohnern", SUM]
    return names


PROVISIONAL = {2017: {*SHARES, "rekonstruktion_bez"}, 2018: {SHARES[1], "rekonstruktion_bez"}}
"""What fails only because inhabitants and BEZ are those of the provisional settlement."""


@pytest.mark.parametrize("jahr", range(1995, 2025))
def test_every_check_of_every_year(jahr):
    assert list(found(jahr)) == expected(jahr)
    provisional = {name for name, check in found(jahr).items() if check.kind == "provisional"}
    assert provisional == PROVISIONAL.get(jahr, set())
    assert {check.kind for name, check in found(jahr).items() if name not in provisional} == {"holds"}


def test_years_are_the_thirty_since_1995():
    assert years() == tuple(range(1995, 2025))


def test_a_check_counts_its_figures_and_knows_their_rounding():
    check = found(2010)[SUM]
    assert (check.figures, check.tolerance) == (16, 0.08) and 0 <= check.off < 0.01
    # In the table of Wikipedia every balance is in whole millions.
    assert found(1996)[SUM].tolerance == 8 * MILLION and found(1996)[SUM].off == MILLION
    # 2008: four Beiträge to the cent, twelve balances of the panel in whole millions.
    assert found(2008)[SUM].tolerance == pytest.approx(12 * MILLION / 2 + 4 * 0.005)
    assert found(2010)["bez"].figures == 80 and found(2010)["bez"].tolerance == 5 * MILLION / 2


# --- Every check can fail ---------------------------------------------------------------------------------------------


def final(year):
    return year._replace(results=tuple(result._replace(status="endgueltig") for result in year.results))


def changed(year, quantity, land, by, status=None):
    """A year in which the source that counts prints another value."""
    counts = preferred(year.results)[quantity][land]
    other = counts._replace(value=counts.value + Fraction(by), status=status or counts.status)
    return year._replace(results=tuple(other if result is counts else result for result in year.results))


def kinds(year):
    return {check.name: check.kind for check in checks(year) if check.kind != "holds"}


@pytest.mark.parametrize(
    ("jahr", "quantity", "land", "by", "fails"),
    [
        (2024, "umsatzsteuer_nach_einwohnern", "SL", 2000, "umsatzsteuer_nach_einwohnern"),
        (2024, "einwohner", "SL", 10, "umsatzsteuer_nach_einwohnern"),
        (2024, "zuschlag", "SN", 10_000, SUM),
        (2024, "abschlag", "BY", 10_000, SUM),
        (2008, "umsatzsteueranteil", "NW", -10, SHARES[0]),
        (2008, "umsatzsteuer_vorwegausgleich", "SL", MILLION, SHARES[1]),
        (2019, "ausgleichsbeitrag", "BY", "0.10", SUM),
        (2019, "ausgleichszuweisung", "BE", "-0.10", SUM),
        (1998, "ausgleich", "NW", 10 * MILLION, SUM),
        (2019, "abschlusszahlung", "HB", "-0.10", CLOSING),
        (2003, "abschlusszahlung", "BE", 9, CLOSING),
        (2008, FIXED[0], "BE", MILLION, FIXED[0]),
        (2008, FIXED[1], "SN", -MILLION, FIXED[1]),
        (2008, FIXED[2], "SH", MILLION, FIXED[2]),
        (2008, FIXED[2], "NW", MILLION, FIXED[2]),
        (2008, "bez", "TH", 5 * MILLION, "bez"),
        (2015, "allgemeine_bez", "BB", -MILLION, "rekonstruktion_bez"),
        (2015, "allgemeine_bez", "BY", MILLION, "rekonstruktion_bez"),
    ],
)
def test_each_check_can_fail(jahr, quantity, land, by, fails):
    year = final(load(jahr))
    assert kinds(year) == {}
    assert kinds(changed(year, quantity, land, by)) == {fails: "fails"}


def test_a_failure_with_a_provisional_value_is_provisional():
    year = final(load(2008))
    assert kinds(changed(year, "bez", "TH", 5 * MILLION, "vorlaeufig")) == {"bez": "provisional"}
    assert kinds(changed(year, "bez", "TH", 5 * MILLION, "gemischt")) == {"bez": "provisional"}
    # Another value of the year that is not final does not excuse it.
    excuse = changed(year, "abschlusszahlung", "TH", 0, "vorlaeufig")
    assert kinds(changed(excuse, "bez", "TH", 5 * MILLION)) == {"bez": "fails"}


def test_rounding_is_allowed_and_no_more():
    year = load(2019)
    off = sum(result.value for result in preferred(year.results)["ausgleich"].values())
    room = Fraction(8, 100) - off
    assert kinds(changed(year, "ausgleichszuweisung", "BE", room)) == {}
    assert kinds(changed(year, "ausgleichszuweisung", "BE", room + Fraction(1, 100))) == {SUM: "fails"}
    assert kinds(changed(year, "ausgleichszuweisung", "BE", -room - 2 * off - Fraction(1, 100))) == {SUM: "fails"}


def test_a_land_missing_leaves_the_check_out():
    year = load(2008)
    cut = [result for result in year.results if (result.quantity, result.land) != ("bez", "SL")]
    assert {check.name for check in checks(year._replace(results=tuple(cut)))} == set(expected(2008)) - {"bez"}
    assert checks(year._replace(results=())) == []


# --- § 2: who has no Ergänzungsanteil ---------------------------------------------------------------------------------


@pytest.mark.parametrize("jahr", [jahr for jahr in range(2005, 2019) if jahr != 2017])
def test_laender_without_ergaenzungsanteil_have_the_smallest_share_per_head(jahr):
    year = load(jahr)
    results = preferred(year.results)
    land, per_head = lowest_per_head(year)
    amounts = {
        code: results["umsatzsteueranteil"][code].value - per_head * results["einwohner"][code].value for code in CODES
    }
    same = {code for code, amount in amounts.items() if abs(amount) < 0.02}
    assert land in same and {"BW", "HE", "BY", "HH"} <= same
    # The next Land has more by far: nothing depends on the tolerance.
    assert min(amount for code, amount in amounts.items() if code not in same) > MILLION
    assert found(jahr)[SHARES[0]].statement.startswith(f"{len(same)} Länder")


# --- § 1 backwards ----------------------------------------------------------------------------------------------------

CASH = {
    2010: 180_042,
    2011: 190_033,
    2012: 194_635,
    2013: 196_843,
    2014: 203_110,
    2015: 209_921,
    2016: 217_090,
    2017: 226_355,
    2018: 234_800,
    2019: 243_256,
}
"""Receipts of the Umsatzsteuer in million euro, as the Ministry of Finance published them."""


@pytest.mark.parametrize("jahr", CASH)
def test_the_shares_imply_the_published_umsatzsteuer(jahr):
    value, half = implied_umsatzsteuer(load(jahr))
    assert abs(value - CASH[jahr] * MILLION) <= MILLION / 2 + half
    assert 0 < half < 1


def test_years_without_all_shares_imply_nothing():
    assert {jahr for jahr in years() if implied_umsatzsteuer(load(jahr))} == {*range(2005, 2020), 2024}


@pytest.mark.parametrize(
    ("law", "jahr"),
    [*(("fag2005", jahr) for jahr in range(2005, 2020)), *(("fag2020", jahr) for jahr in range(2020, 2031))],
)
def test_paragraf_1_forwards_and_backwards(law, jahr):
    lines = LAWS[law].settle(inputs(law), statute(law, jahr))
    key = "umsatzsteuer_nach_einwohnern" if law == "fag2020" else "umsatzsteueranteil"
    shares = [
        Result(key, code, Fraction(float(value)), Fraction(1, 200), "endgueltig", "official", "", 1)
        for code, value in zip(CODES, lines[key], strict=True)
    ]
    exact = parameters(law, datetime.date(jahr, 12, 31))
    value, half = implied_umsatzsteuer(load(2024)._replace(year=jahr, law=law, results=tuple(shares), parameters=exact))
    assert float(value) == pytest.approx(float(inputs(law)["umsatzsteuer_insgesamt"][0]), abs=0.01)
    # Of one more euro the Länder get a little less than half.
    assert 0.44 < 0.08 / float(half) < 0.51


# --- § 11 -------------------------------------------------------------------------------------------------------------

TEILUNGSLASTEN = {
    2005: 10_532_613,
    2006: 10_481_484,
    2007: 10_379_225,
    2008: 10_225_838,
    2009: 9_510_029,
    2010: 8_743_091,
    2011: 8_027_283,
    2012: 7_260_345,
    2013: 6_544_536,
    2014: 5_777_598,
    2015: 5_061_790,
    2016: 4_294_852,
    2017: 3_579_043,
    2018: 2_812_105,
    2019: 2_096_297,
}


@pytest.mark.parametrize("jahr", range(2005, 2025))
def test_sums_of_what_the_statute_fixes(jahr):
    sums = {key: sum(values) / THOUSAND for key, values in statutory_bez(load(jahr)).items()}
    assert sums.pop(FIXED[1]) == next(
        amount
        for until, amount in ((2011, 1_000_000), (2013, 710_500), (2016, 777_000), (2019, 504_000), (2022, 268_000),
                              (2025, 82_000))
        if jahr <= until
    )  # fmt: skip
    assert sums.pop(FIXED[2]) == (516_916 if jahr < 2020 else 642_386)
    if jahr < 2020:
        # Each of the six amounts is rounded to 1000 euro.
        assert abs(sums.pop(FIXED[0]) - TEILUNGSLASTEN[jahr]) <= 1
    assert sums == {}


def test_amounts_of_a_land():
    fixed = {key: dict(zip(CODES, values, strict=True)) for key, values in statutory_bez(load(2012)).items()}
    assert fixed[FIXED[0]]["BE"] == 1_380_962_000 and fixed[FIXED[1]]["SN"] == 226_649_500
    assert fixed[FIXED[2]]["HB"] == 60_332_000 and fixed[FIXED[2]]["NW"] == 0


def test_grants_that_depend_on_weakness_are_not_fixed():
    later = parameters("fag2020", datetime.date(2025, 12, 31))
    fixed = statutory_bez(load(2024)._replace(year=2025, parameters=later))
    assert set(fixed) == {FIXED[1]} and sum(fixed[FIXED[1]]) == 82_000_000


# --- How deep ---------------------------------------------------------------------------------------------------------


def test_depth_of_each_year():
    by_depth = {key: {jahr for jahr in years() if depth(load(jahr)) == key} for key in DEPTHS}
    assert by_depth == {
        "inputs": {2003},
        "rekonstruktion": {2005, 2006, 2007, *range(2010, 2019), 2024},
        "results": {*range(1997, 2003), 2004, 2008, 2009, 2019},
        "balance": {1995, 1996, *range(2020, 2024)},
    }
    assert Counter(jahr for found in by_depth.values() for jahr in found) == Counter(years())


def test_inputs_are_the_deepest():
    year = load(2024)
    assert depth(year._replace(inputs={"einwohner": 1})) == "inputs"
    assert depth(year._replace(stages=())) == "balance"
    assert depth(load(2015)._replace(stages=())) == "results"
