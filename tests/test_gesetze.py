"""Which law governs which year, and how its values changed: no gap, no doubt hidden, and the amounts of § 1."""

from __future__ import annotations

import datetime
from fractions import Fraction
from typing import Any

import pytest
from drawn import check_drawn

from lfa import gesetze as statutes
from lfa.errors import DataError
from lfa.evidence import data_dictionary, dictionary_table, law_source
from lfa.files import DATA, load_yaml
from lfa.gesetze import (
    AFTER,
    BEFORE,
    BEGUN,
    DURING,
    UNKNOWN,
    act_in_words,
    final,
    gesetz,
    gesetze,
    identified,
    law_of,
    versions,
)
from lfa.lines import registry
from lfa.parameters import entries
from lfa.pictures import gesetz as listings
from lfa.pictures import zeitleiste as pictures
from lfa.settlement import LAWS
from lfa.tables import Table

YEARS = range(1995, 2031)
LAENDER_2020 = {
    2020: 16_851_934_915,
    2021: 15_178_074_350,
    2022: 15_228_349_257,
    2023: 13_043_074_350,
    2024: 11_840_074_350,
    2025: 11_338_206_850,
    2026: 10_846_074_350,
    2027: 9_102_074_350,
    2028: 9_456_574_350,
    2029: 9_735_074_350,
    2030: 9_130_074_350,
}
"""§ 1 Abs. 2, 2a, 5 and 6 of today: what the Länder get, added by hand."""
BUND_2001 = {
    **dict.fromkeys((2005, 2006), 2_322_712_000),
    **dict.fromkeys((2007, 2008), 2_262_712_000),
    2009: 933_712_000,
    2010: -234_288_000,
    2011: 1_005_378_666,
    2012: 81_212_000,
    2013: 21_462_000,
    2014: 189_212_000,
    2015: -2_099_788_000,
    2016: -8_291_216_248,
    2017: -5_262_788_000,
    2018: -7_436_743_992,
    2019: -9_199_858_166,
}
"""§ 1 FAG 2001, Satz 5 and later: what the Bund gets, added by hand."""


@pytest.mark.parametrize("year", YEARS)
def test_every_year_has_exactly_one_law(year: int) -> None:
    assert [entry.law for entry in gesetze() if entry.first <= year <= (entry.last or year)] == [law_of(year)]
    assert year in gesetz(law_of(year)).years


def test_the_laws_are_those_that_can_be_computed() -> None:
    assert [entry.law for entry in gesetze()] == list(LAWS)
    assert [law_of(year) for year in (1995, 2004, 2005, 2019, 2020, 2050)] == [
        *("fag1993", "fag1993", "fag2005", "fag2005", "fag2020", "fag2020")
    ]
    sources = {source["id"] for source in load_yaml(DATA / "sources.yaml", "sources")}
    assert {entry.source for entry in gesetze()} <= sources


def test_a_year_before_the_first_law_is_refused() -> None:
    with pytest.raises(DataError, match=r"data/gesetze.yaml, quantity: law, found: 1994, expected: .* from 1995 on"):
        law_of(1994)


@pytest.mark.parametrize("path", sorted(DATA.glob("[12][0-9][0-9][0-9]/jahr.yaml")), ids=lambda path: path.parent.name)
def test_a_year_with_data_names_its_law(path: Any) -> None:
    about = load_yaml(path, "jahr")
    assert about["law"] == law_of(about["jahr"])


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("to: 2004", "to: 2003", "2004: the next law starts after it"),
        ("to: 2004", "to: null", "2004: the next law starts after it"),
        ("from: 2005", "from: 2004", "2003: the next law starts after it"),
        ("  to: null", "  to: 2030", "null: the last law has no end"),
        ("known_until: 2019", "known_until: 2018", "2019"),
        ("known_until: 2030", "known_until: 2019", "a year from 2020 on"),
        ("law: fag2005", "law: fag1993", "fag1993"),
        ("  short: FAG 2001\n", "", "the key short"),
    ],
)
def test_a_wrong_file_is_refused(tmp_path: Any, old: str, new: str, expected: str) -> None:
    text = (DATA / "gesetze.yaml").read_text(encoding="utf-8")
    assert old in text
    (tmp_path / "gesetze.yaml").write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(DataError) as caught:
        statutes.read(tmp_path / "gesetze.yaml")
    assert expected in str(caught.value)


# --- Versions ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("law", LAWS)
def test_every_value_is_known_from_the_first_year_on_or_says_that_it_is_not(law: str) -> None:
    for entry in entries(law):
        found = final(law, entry["name"])
        assert list(found) == list(gesetz(law).years), entry["name"]
        assert all(version.value is not None or version.note for version in found.values()), entry["name"]


@pytest.mark.parametrize("law", LAWS)
def test_the_last_version_alone_counts_and_is_the_one_computed_with(law: str) -> None:
    for entry in entries(law):
        by_year: dict[int, list[statutes.Version]] = {}
        for version in versions(law, entry["name"]):
            by_year.setdefault(version.ausgleichsjahr, []).append(version)
        for year, found in by_year.items():
            assert [version.order for version in found] == list(range(1, len(found) + 1))
            assert [version.superseded for version in found] == [True] * (len(found) - 1) + [False]
            days = [version.since for version in found if version.since]
            assert days == sorted(days)
            start = max(day for day in entry["values"] if day <= f"{year}-12-31")
            value = entry["values"][start]["value"]
            assert found[-1].value == (Fraction(str(value)) if isinstance(value, int | float | str) else value)


def test_an_unknown_parameter_is_an_error() -> None:
    with pytest.raises(KeyError, match="fag2020 has no parameter hafenlasten"):
        versions("fag2020", "hafenlasten")


@pytest.mark.parametrize(
    ("law", "parameter", "year", "when"),
    [
        ("fag2020", "umsatzsteuer_laender_betrag", 2022, DURING),
        ("fag2020", "umsatzsteuer_laender_betrag", 2026, BEFORE),
        # Known only from a text of April 2021: before or during 2020 cannot be told.
        ("fag2020", "umsatzsteuer_laender_betrag", 2020, UNKNOWN),
        # It still stood otherwise in the text before the act of 17 December 2018, and as now after that of 19 December.
        ("fag2005", "umsatzsteuer_betrag_satz_5", 2018, DURING),
        # A bill of 2019, whose act has no date here.
        ("fag2005", "umsatzsteuer_betrag_satz_5", 2019, BEGUN),
        ("fag2005", "umsatzsteuer_betrag_satz_5", 2013, UNKNOWN),
        # § 12a does not stand in the text of mid 2012.
        ("fag2005", "zensus_anteil", 2011, AFTER),
        ("fag2005", "zensus_anteil", 2012, BEGUN),
        ("fag2020", "zensus_anteil", 2022, DURING),
        ("fag2020", "zensus_anteil", 2023, BEFORE),
        ("fag1993", "fonds_minderung", 1998, DURING),
        ("fag1993", "fonds_minderung", 2001, BEFORE),
        # Read in later laws, which did not make these values.
        ("fag1993", "fonds_minderung", 2002, UNKNOWN),
        ("fag1993", "umsatzsteuer_laender", 1996, UNKNOWN),
        ("fag1993", "umsatzsteuer_laender", 2003, BEFORE),
    ],
)
def test_when_a_value_came_follows_from_its_reference(law: str, parameter: str, year: int, when: str) -> None:
    version = final(law, parameter)[year]
    assert version.when == when
    assert version.retroactive == (when in (DURING, BEGUN, AFTER))


def test_an_act_dated_after_the_first_of_january_of_its_year_is_retroactive() -> None:
    found = [
        (law, version)
        for law in LAWS
        for entry in entries(law)
        for version in final(law, entry["name"]).values()
        if identified(law, version.reference) and statutes.ACT.fullmatch(version.reference)
    ]
    assert found
    for law, version in found:
        act = datetime.date(*map(int, reversed(statutes.ACT.fullmatch(version.reference)["day"].split("."))))
        assert version.retroactive == (act >= datetime.date(version.ausgleichsjahr, 1, 1)), (law, version)
        assert version.since == version.until == act


def test_acts_in_words() -> None:
    amounts = final("fag2020", "umsatzsteuer_laender_betrag")
    assert act_in_words("fag2020", amounts[2024]) == "Gesetz vom 30.7.2024 (BGBl. 2024 I Nr. 254)"
    assert act_in_words("fag2020", amounts[2020]) == "nicht bekannt, zwischen 1.1.2019 und 28.4.2021"
    amounts = final("fag2005", "umsatzsteuer_betrag_satz_5")
    assert act_in_words("fag2005", amounts[2019]) == "Gesetz nach BR-Drs. 599/19"
    assert statutes.day_in_words("fag2005", amounts[2019]) == "BR-Drs. 599/19"
    assert statutes.day_in_words("fag2005", amounts[2018]) == "zwischen 17.12.2018 und 19.12.2018"
    assert act_in_words("fag2005", amounts[2005]) == "nicht bekannt, spätestens 29.6.2012"
    assert act_in_words("fag1993", final("fag1993", "fonds_minderung")[2003]).startswith("Zweite VO 2003")


# --- The amounts of § 1 -----------------------------------------------------------------------------------------------


def test_the_amounts_of_paragraph_1_add_up_as_by_hand() -> None:
    assert {year: pictures.effective(year) for year in LAENDER_2020} == LAENDER_2020
    assert {year: -pictures.effective(year) for year in BUND_2001} == BUND_2001


@pytest.mark.parametrize("year", range(2005, 2031))
def test_the_law_gives_the_same_where_no_tax_comes_in(year: int) -> None:
    assert pictures.by_the_law(year) == pictures.effective(year)


def test_the_wording_of_today_adds_up_to_nothing_and_holds_the_values() -> None:
    printed = pictures.printed_amounts()
    assert list(printed) == list(gesetz("fag2020").years)
    for year, (bund, laender, gemeinden) in printed.items():
        assert bund + laender + gemeinden == 0
        assert final("fag2020", "umsatzsteuer_laender_betrag")[year].value == laender
        assert final("fag2020", "umsatzsteuer_gemeinden_betrag")[year].value == gemeinden


def test_the_wording_of_2012_holds_the_first_versions() -> None:
    first = {v.ausgleichsjahr: v.value for v in versions("fag2005", "umsatzsteuer_betrag_satz_5") if v.order == 1}
    assert first == pictures.printed_in_2012()


def test_every_value_belongs_to_a_row_of_the_timeline() -> None:
    for law in LAWS:
        for entry in entries(law):
            assert pictures.group_of(entry["description"])
    assert pictures.years_of_change(pictures.TARIFF, 2005) == [2020, 2026, 2030]


def test_the_census_mixtures() -> None:
    frame = pictures.census()
    assert list(frame["jahr"]) == ["2011", "2012", "2022", "2023"]
    assert list(frame["neu"]) == ["1/3", "2/3"] * 2


@pytest.mark.parametrize("draw", [pictures.timeline, pictures.amount_dots])
def test_a_picture_is_drawn_and_the_same_every_time(draw: Any) -> None:
    check_drawn(draw)


# --- The three laws on the page ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("law", LAWS)
def test_every_rule_of_a_law_is_shown_in_the_order_of_its_paragraphs(law: str) -> None:
    shown = {text.removeprefix("def ").partition("(")[0]: paragraph for paragraph, _, text in law_source(law)}
    assert {rule.__name__ for _, rules in LAWS[law].STAGES for rule in rules} <= set(shown)
    assert set(shown) == set(listings.TITLES[law])
    numbers = [int(paragraph.split()[1].rstrip("a")) for paragraph in shown.values() if paragraph.startswith("§")]
    assert numbers == sorted(numbers)
    assert isinstance(listings.listing(law), Table)


def test_rules_that_a_law_takes_from_another_say_so() -> None:
    assert sorted(listings.borrowed("fag2020")) == [
        *("ausgleichsmesszahl", "einwohnerwertung", "finanzkraftmesszahl", "kuerzung")
    ]
    assert not listings.borrowed("fag1993") and not listings.borrowed("fag2005")
    assert listings.listing("fag2020").text.count("unverändert aus dem FAG 2001") == 4


def test_rates_are_written_as_in_the_law() -> None:
    frame = listings.rates("fag2020", 2020, 2030).set_index("was")
    assert "45,19007254 v.H." in set(frame["anfang"])
    assert "147/148" in set(frame["anfang"])
    assert "13/7" in set(listings.rates("fag2005", 2005, 2019)["ende"])


@pytest.mark.parametrize("law", LAWS)
def test_the_data_dictionary_of_every_law(law: str) -> None:
    frame = data_dictionary(law)
    assert list(frame.key) == list(registry(law))
    inputs = frame.art[[line.stage == "quelle" for line in registry(law).values()]]
    assert law == "fag1993" or set(inputs) == {"Eingabe"}
    folded = dictionary_table(law, "Gesetz", unfolded=False).html
    assert folded.startswith('<details class="lfa-klappe"><summary>Gesetz: ') and folded.endswith("</details>")
    assert folded.count("<tr>") == len(frame) + 1
