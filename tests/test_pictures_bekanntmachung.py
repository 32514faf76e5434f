"""The pictures of an announcement: drawn, the same every time, every number in one table, patterns that can fail."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import pytest
from drawn import check_drawn

from lfa.bekanntmachung import Parameter, load, registry
from lfa.charts import enable
from lfa.law import fag_bw
from lfa.pictures import bekanntmachung as pictures
from lfa.pictures.tarif_2005 import in_force

YEARS = (2013, 2023)
each_year = pytest.mark.parametrize("year", YEARS)

CHARTS: dict[str, Callable[[int], Any]] = {
    "totals": pictures.totals_bars,
    "lift": pictures.lift_chart,
    "schools": pictures.schools_bars,
    "kreisstrassen": lambda year: pictures.base_chart(year, "§ 25"),
    "gemeindestrassen": lambda year: pictures.base_chart(year, "§ 26"),
}


@each_year
@pytest.mark.parametrize("name", CHARTS)
def test_a_picture_is_drawn_and_the_same_every_time(name: str, year: int) -> None:
    check_drawn(lambda: CHARTS[name](year))


@each_year
def test_every_picture_says_what_it_shows(year: int) -> None:
    enable()
    for picture in (pictures.totals_picture(year), pictures.lift_picture(year), pictures.schools_picture(year)):
        spec = picture.to_dict()
        assert spec["usermeta"]["lfa"]["title"] and len(spec["description"]) > 60
        assert str(year) in spec["usermeta"]["lfa"]["source"]


def test_every_key_has_its_stop_and_every_school_its_name() -> None:
    keys = [entry.key for entry in registry()]
    assert set(pictures.group_of()) == set(keys)
    assert set(pictures.group_of().values()) == set(pictures.GROUPS)
    assert list(pictures.SCHOOLS) == [key for key in keys if key.startswith("sachkosten_")]
    sums = {entry.key for entry in registry() if entry.unit == "Euro"}
    assert set(pictures.TOTALS) == sums


@each_year
def test_the_tables_show_every_number_once(year: int) -> None:
    shown = sum(pictures.group_table(year, group).html.count('<th scope="row">') for group in pictures.GROUPS)
    assert shown == len(load(year)) == pictures.all_table(year).html.count('<th scope="row">')


def test_labels_say_nothing_of_single_years() -> None:
    assert not [entry.label for entry in registry() if "20" in pictures.plain(entry.label)]
    assert pictures.plain("Förderung (nur im Aufbau von 2023)") == "Förderung"
    assert pictures.plain("Stufe (ohne Ort)") == "Stufe (ohne Ort)"
    assert pictures.plain("Kosten (2013: je Kopf)", 2013) == "Kosten (je Kopf)"
    assert pictures.plain("Kosten (2013: je Kopf)", 2023) == "Kosten"
    assert pictures.plain("Gymnasien (2023 auch Klasse 11)", 2023) == "Gymnasien (auch Klasse 11)"
    assert pictures.row_of("untere Behörde: Stadt (2013: alt)") == "Stadt"


def test_a_unit_stands_beside_its_number_once() -> None:
    assert pictures.with_unit("2018", "Jahr") == "2018"
    assert pictures.with_unit("0,17", "Euro je Nacht") == "0,17\u00a0Euro je Nacht"
    assert "1.312\u00a0Euro je Kind" in pictures.group_table(2023, "schulen").text
    assert "FAG BW" not in pictures.group_table(2023, "abrechnung").text
    assert "(je Dienstanfänger)" in pictures.group_table(2013, "ausbildung").text


def test_the_ways_to_other_pages() -> None:
    pages = [*pictures.pages_of(2023), *pictures.announcements(YEARS)]
    shown = pictures.links(pages)
    assert 'href="../kreise/2023.html"' in shown.html and 'href="bekanntmachung/2013.html"' in shown.html
    assert shown.text.count("\n") == len(pages) - 1


@each_year
def test_the_line_of_paragraph_5_is_what_the_law_says(year: int) -> None:
    found = pictures.amounts(year)
    values = {**in_force("fag_bw", year), **found, "schluesselzahl_des_vorjahres": 0}
    quotas = (found["schluesselzahlen_gemeinden"], found["mehrzuweisung"], found["mehrzuweisung_sockel"])
    for kraft in map(Fraction, range(0, 101, 4)):
        gap = max(found["mehrzuweisung_sockel"] - kraft, Fraction(0))
        lines = {"schluesselzahl": 100 - kraft, "luecke_zum_sockel": gap}
        paid = fag_bw.schluesselzuweisung(lines, values)["schluesselzuweisung"]
        assert pictures.lifted(kraft, *quotas) == kraft + paid
    assert pictures.lifted(Fraction(130), *quotas) == 130


@pytest.mark.parametrize(("year", "level"), [(2013, "87.916"), (2023, "88.028")])
def test_who_lies_below_the_sockel_ends_up_at_one_level(year: int, level: str) -> None:
    assert pictures.floor_of(year) == Fraction(level)


@pytest.mark.parametrize(
    ("year", "paragraph", "low", "high"),
    [
        (2013, "§ 25", Fraction(23000, 3), 7680),
        (2023, "§ 26", Fraction(31000, 12), 2600),
    ],
)
def test_the_common_base(year: int, paragraph: str, low: Fraction, high: Fraction) -> None:
    assert pictures.base(year, paragraph) == (low, high)


@each_year
def test_all_patterns_hold(year: int) -> None:
    assert len(pictures.patterns(year)) == 9
    assert all(each.holds for each in pictures.patterns(year))


DAMAGE = {
    "mehrzuweisung": 0,
    "verwaltungsbehoerde_verwaltungsgemeinschaft": 1,
    "kreisstrassen_stufe_2": 2,
    "gemeindestrassen_abgestuft": 3,
    "nahverkehr_anteil_flaeche": 4,
    "erstattung_mittlerer_dienst_ruhestand": 5,
    "erstattung_gehobener_dienst_hinterbliebene": 8,
}


@each_year
@pytest.mark.parametrize("key", DAMAGE)
def test_a_pattern_fails_when_a_number_changes(key: str, year: int, monkeypatch: pytest.MonkeyPatch) -> None:
    changed: dict[str, Parameter] = dict(load(year))
    value = changed[key].exact
    assert value is not None
    changed[key] = changed[key]._replace(value=str(value * Fraction(11, 10)))
    monkeypatch.setattr(pictures, "load", lambda _: changed)
    failing = [place for place, each in enumerate(pictures.patterns(year)) if not each.holds]
    assert failing == [DAMAGE[key]]
    assert "✗" in pictures.pattern_table(year).html
    assert pictures.checks(year).loc["Muster, die nicht stimmen", "anzahl"] == 1


def test_the_words_follow_the_numbers() -> None:
    assert "§ 29d und § 29e steht in der Bekanntmachung für 2013 nichts" in pictures.children_text(2013)
    assert "55.597,25 €" in pictures.children_text(2023)
    assert "liegen uns nicht vor" in pictures.child_weights_text(2013)
    assert "0,4; 0,6; 0,8; 0,9 oder 1" in pictures.child_weights_text(2023)
    assert "für die Kleinkinder liegen uns nicht vor" in pictures.child_weights_text(2023)
    assert "frühere Jahre" in pictures.children_text(2023)
    assert "Jahr 2012" in pictures.slip_text(2013)
    assert "Jahres 2023" in pictures.slip_text(2023)
    assert "Abs. 5" in pictures.reform_text(2013)
    assert "Abs. 5" not in pictures.reform_text(2023)
    assert pictures.town_text(2013) == "3,53 € + 5,06 € = 8,59 €"
    assert pictures.weights_text(2023, "§ 25") == "1; 1,25; 1,5 und 1,7"


def test_errata_are_shown_where_there_are_any(monkeypatch: pytest.MonkeyPatch) -> None:
    assert pictures.damage(2013) is None and pictures.damage_text(2013) == ""
    damage = pictures.damage(2023)
    assert damage is not None and "Schulkin-6.415" in damage.html and "\nb) mit Förderschwerpunkt" in damage.html
    for year in YEARS:
        shown = pictures.errata_table(year)
        assert shown is not None
        assert shown.html.count('<th scope="row">') == len(pictures.errata(year))
        assert pictures.changed_figures(year) == []
    monkeypatch.setattr(pictures, "errata", lambda _: ())
    assert pictures.errata_table(2023) is None
    assert pictures.errata_text(2023) == "In diesem Text war nichts zu berichtigen."


@pytest.mark.parametrize(("sockel", "quota", "after"), [(60, 70, ["88", "94", "97"]), (70, 65, ["89.5", "93", "96.5"])])
def test_a_higher_sockel_is_paid_by_the_other_gemeinden(sockel: int, quota: int, after: list[str]) -> None:
    found = pictures.quota_of(2023, [40, 80, 90], 100, 69, Fraction(sockel))
    changed = {"schluesselzahlen_gemeinden": found, "mehrzuweisung": 100 - found}
    got = pictures.grants(2023, [40, 80, 90], 100, **changed, mehrzuweisung_sockel=Fraction(sockel))
    assert found == quota
    assert [own + more for own, more in zip((40, 80, 90), got, strict=True)] == [Fraction(one) for one in after]


def test_bodies_by_the_law_and_numbers_in_a_row() -> None:
    given = {"einwohner": [150_000], "einwohner_land": 600_000, "flaeche": [1], "flaeche_land": 3}
    found = pictures.by_law(2023, "landkreis", ("nahverkehr",), given, nahverkehr=Fraction(36))
    assert found["nahverkehr"] == [Fraction(36, 12) + Fraction(36 * 2, 9)]
    assert pictures.listed([1, 2, 3000], "€") == "1, 2 und 3.000 €"
    assert pictures.listed([1, 2, 3], "%", 1) == "1,0; 2,0 und 3,0 %"
