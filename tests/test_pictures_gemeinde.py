"""The invented Gemeinden under the FAG BW: the numbers the page shows, by hand and by the law in fractions."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction as F
from typing import Any

import pytest
from drawn import check_drawn

from lfa.koerperschaften import effects, registry
from lfa.pictures import gemeinde as pictures
from lfa.tables import unbroken

YEARS = (2013, 2023)
PICTURES: dict[str, Callable[[int], Any]] = {
    "weg": lambda year: pictures.way_picture(pictures.page(year)),
    "posten": lambda year: pictures.items_picture(pictures.page(year)),
    "einwohner": lambda year: pictures.people_picture(pictures.page(year)),
}


@pytest.mark.parametrize("year", YEARS)
@pytest.mark.parametrize("name", PICTURES)
def test_a_picture_is_drawn_and_the_same_every_time(name: str, year: int) -> None:
    check_drawn(lambda: PICTURES[name](year))


def test_area_has_a_picture_where_it_counts() -> None:
    assert pictures.area_picture(pictures.page(2013)) is None
    check_drawn(lambda: pictures.area_picture(pictures.page(2023)))


@pytest.mark.parametrize("year", YEARS)
def test_every_amount_is_that_of_the_law_in_fractions(year: int) -> None:
    assert pictures.deviations(pictures.page(year)) == []


@pytest.mark.parametrize("item", ["kindergarten", "saldo", "teilzahlung_q1"])
def test_a_cent_too_much_is_noticed(item: str) -> None:
    page = pictures.page(2023)
    rows = [row._replace(amount=row.amount + 0.01) if row.item == item else row for row in page.rows[pictures.POOR]]
    found = pictures.deviations(page._replace(rows={**page.rows, pictures.POOR: rows}))
    assert any(item in line for line in found)


@pytest.mark.parametrize(("year", "floor"), [(2013, F("0.87916")), (2023, F("0.88028"))])
def test_below_the_sockel_all_come_to_the_same_part_of_their_needs(year: int, floor: F) -> None:
    page = pictures.page(year)
    after, promised = pictures.lifted(page, pictures.POOR)
    assert after == promised == floor * pictures.exact(page, pictures.POOR).lines["bedarfsmesszahl"]


@pytest.mark.parametrize("year", YEARS)
@pytest.mark.parametrize("name", pictures.NAMES)
def test_the_parts_of_the_steuerkraft_add_up(name: str, year: int) -> None:
    page = pictures.page(year)
    parts = sum(amount for *_, amount in pictures.strength_parts(page, name))
    assert parts == pytest.approx(page.lines[name]["steuerkraftmesszahl"], abs=0.001)


@pytest.mark.parametrize("year", YEARS)
@pytest.mark.parametrize("name", pictures.NAMES)
def test_short_names_lose_no_item(name: str, year: int) -> None:
    page = pictures.page(year)
    assert sum(pictures.short_items(page, name).values()) == pytest.approx(page.amounts(name)["saldo"], abs=0.001)


@pytest.mark.parametrize("year", YEARS)
def test_the_three_stand_for_three_cases(year: int) -> None:
    lines = pictures.page(year).lines
    assert lines[pictures.POOR]["steuerkraft_in_vh"] < 60 < lines[pictures.MAIN]["steuerkraft_in_vh"] < 100
    assert lines[pictures.RICH]["umlagesatz"] == pytest.approx(32)
    assert lines[pictures.RICH]["schluesselzuweisung"] == 0 < lines[pictures.POOR]["mehrzuweisung"]


def test_the_way_by_hand() -> None:
    way = pictures.way(pictures.page(2013)).loc[pictures.POOR]
    assert way["eigen"] + way["zuweisung"] == pytest.approx(87.916)
    assert way["umlage"] == pytest.approx(100 * 0.221 * (way["eigen"] / 100 * 2_400_000 + 930_000) / 2_400_000)
    assert way["danach"] == pytest.approx(87.916 - way["umlage"])


def test_the_curves_pass_through_the_tables_of_paragraph_7() -> None:
    page = pictures.page(2023)
    people = pictures.curve(page, "kopfbetrag", [100, 3000, 10_000, 12_000, 600_000, 900_000])
    assert people == pytest.approx([1500, 1500, 1650, 1671, 2790, 2790])
    area = pictures.curve(page, "kopfbetrag_flaeche", [0, 4000, 5000, 15_000, 30_000, 90_000])
    assert area == pytest.approx([75, 75, 76.3, 90, 135, 135])


@pytest.mark.parametrize("year", YEARS)
def test_every_row_of_the_account_is_shown(year: int) -> None:
    page = pictures.page(year)
    text = repr(pictures.account_table(page))
    for row in page.rows[pictures.MAIN]:
        assert (row.label in text) == (row.item in pictures.SUMMARY or bool(row.amount)), row.item
    assert ("Pädagogische Leitungszeit" in text) == (year == 2023)


def test_a_product_is_written_as_a_reader_computes_it() -> None:
    written = {
        row.item: pictures._product(row).replace("\u00a0", " ")
        for row in pictures.items(pictures.page(2023), pictures.MAIN)
    }
    assert written["zuweisung_nach_schluesselzahl"] == "6.165.163,49 € × 70,07 %"
    assert written["investitionspauschale"] == "13.800 gewichtete Einwohner × 111,59 €"
    assert written["gemeindestrassen_zuweisung_verbindung"] == "34,5 km × 2.500 €"
    assert written["familienleistungsausgleich"] == "0,00107 × 603.295.466 €"


@pytest.mark.parametrize("year", YEARS)
def test_open_points_are_all_told(year: int) -> None:
    page = pictures.page(year)
    shown, others = pictures.open_tables(page)
    for effect in effects(year, page.bodies):
        moved = any(effect.changes[name] for name in pictures.NAMES)
        assert (unbroken(effect.reading.description) in shown.text) == moved
        assert (unbroken(effect.reading.description) in others.text) != moved


def test_what_is_left_by_zone_and_by_head() -> None:
    page = pictures.page(2023)
    assert pictures.kept_texts(page) == ["0 Cent", "16,6 bis 18 Cent", "54,5 bis 69,5 Cent", "68 Cent"]
    text = pictures.per_head_text(page)
    assert "bleiben je Kopf: Mustergemeinde 538 € und Musterdorf 851 €" in text
    assert text.endswith("zahlen je Kopf: Musterreich 1.135 €.")


def test_the_long_tables_are_folded() -> None:
    page = pictures.page(2023)
    for folded in (pictures.account_table(page), pictures.per_head_table(page)):
        assert folded.html.startswith("<details")


def test_what_a_year_lacks_is_told() -> None:
    old, new = pictures.page(2013), pictures.page(2023)
    assert "noch keine Rolle" in pictures.area_text(old) and "Seit 2021" in pictures.area_text(new)
    assert "gab es 2013 nicht" in pictures.care_text(old) and "gab es" not in pictures.care_text(new)
    assert "wissen wir nicht" in pictures.weights_text(old) and "294,2" in pictures.weights_text(new)
    assert "wahrscheinlich" in pictures.rates_text(old) and "wahrscheinlich" not in pictures.rates_text(new)


@pytest.mark.parametrize("year", YEARS)
def test_every_source_says_that_the_bodies_are_invented(year: int) -> None:
    page = pictures.page(year)
    drawn = [pictures.way_picture(page), pictures.items_picture(page), pictures.people_picture(page)]
    drawn += filter(None, [pictures.area_picture(page)])
    for chart in drawn:
        assert "erfunden" in chart.to_dict()["usermeta"]["lfa"]["source"]


@pytest.mark.parametrize("year", YEARS)
def test_what_is_assumed_is_listed(year: int) -> None:
    page = pictures.page(year)
    text = repr(pictures.assumed_table(page))
    inputs = page.body(pictures.MAIN).inputs
    assert all((quantity.label in text) == quantity.land for key, quantity in registry().items() if key in inputs)


def test_the_commands_are_those_of_the_programme() -> None:
    text = pictures.commands(2023).html
    assert "municipal template 2023 --kind gemeinde" in text
    assert "municipal compute 2023 gemeinde.csv" in text


def test_a_low_hebesatz_is_no_reason_for_more_and_fewer_taxes_are() -> None:
    page = pictures.page(2023)
    before = pictures.exact(page, pictures.MAIN).lines
    rate = pictures.varied(page, pictures.MAIN, gewerbesteuer=3_800_000, hebesatz_gewerbesteuer=180).lines
    fewer = pictures.varied(page, pictures.MAIN, gewerbesteuer=3_800_000).lines
    assert rate["schluesselzuweisung"] == before["schluesselzuweisung"] < fewer["schluesselzuweisung"]
    assert before["steuerkraftmesszahl"] - fewer["steuerkraftmesszahl"] == F(3_800_000 * 290, 360)


def test_needs_of_invented_gemeinden() -> None:
    assert pictures.needs(pictures.page(2013), [10_000, 20_000], 1000) == [11_000_000, 23_400_000]


@pytest.mark.parametrize("year", YEARS)
def test_the_calculator_keeps_nothing_below_the_sockel_and_68_cents_at_the_highest_rate(year: int) -> None:
    page = pictures.page(year)
    assert pictures.kept_by_calculator(page, pictures.POOR) == pytest.approx(0, abs=1e-6)
    assert pictures.kept_by_calculator(page, pictures.RICH) == pytest.approx(68)
