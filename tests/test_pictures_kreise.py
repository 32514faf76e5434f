"""The pictures of Stadtkreis, Landkreis and Schulträger: drawn, and true to the announcements of every year."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction as F
from typing import Any

import pytest
from drawn import check_drawn

from lfa.pictures import kreise as pictures

YEARS = (2013, 2023)
CHARTS: dict[str, Callable[[int], Any]] = {
    "sharing": pictures.sharing_picture,
    "need": pictures.need_picture,
    "transport": pictures.transport_picture,
    "roads": pictures.roads_picture,
    "traffic": pictures.traffic_picture,
    "schools": pictures.schools_picture,
    "city": lambda year: pictures.paid_picture(year, pictures.CITY),
    "district": lambda year: pictures.paid_picture(year, pictures.DISTRICT),
}


@pytest.mark.parametrize("year", YEARS)
@pytest.mark.parametrize("name", CHARTS)
def test_a_picture_is_drawn_and_says_what_is_invented_or_undated(name: str, year: int) -> None:
    check_drawn(lambda: CHARTS[name](year))
    words = CHARTS[name](year).usermeta["lfa"]
    if name == "transport":
        assert "undatiert" in words["subtitle"] and f"für {year} nicht nachgewiesen" in words["subtitle"]
    elif name != "sharing":
        assert "erfunden" in words["source"]


@pytest.mark.parametrize(("year", "alone", "parts"), [(2013, "8.59", "3.53 5.06"), (2023, "11.41", "4.69 6.72")])
def test_a_community_shares_what_a_town_alone_is_paid(year: int, alone: str, parts: str) -> None:
    frame = pictures.sharing(year)
    assert frame.loc["Große Kreisstadt ohne Gemeinschaft", pictures.GROSSE_KREISSTADT] == F(alone)
    shared = frame.loc["Große Kreisstadt in Gemeinschaft"]
    assert [shared[who] for who in (pictures.GROSSE_KREISSTADT, pictures.GEMEINSCHAFT)] == [F(x) for x in parts.split()]
    assert sum(F(x) for x in parts.split()) == F(alone)


def test_the_shares_are_44_and_sum_to_100() -> None:
    frame = pictures.transport_shares()
    assert len(frame) == len(set(frame["kreis"])) == 44
    assert sum(frame["anteil"]) == 100
    assert (pictures.count_of(pictures.STADTKREIS), pictures.count_of(pictures.LANDKREIS)) == (9, 35)


@pytest.mark.parametrize("year", YEARS)
def test_fractions_and_floats_agree_and_every_item_is_a_product(year: int) -> None:
    assert pictures.missing_inputs(year) == [] == pictures.wrong_products(year)
    assert max(pictures.differences(year).values()) < pictures.CENT
    assert len(pictures.differences(year)) == sum(pictures.checked(year)["posten"])


@pytest.mark.parametrize("year", YEARS)
def test_the_whole_land_is_paid_the_whole_amount(year: int) -> None:
    kreise = pictures.forty_four()
    assert len(set(kreise["einwohner"])) == len(set(kreise["flaeche"])) == 44
    assert sum(pictures.traffic_of_all(year, kreise)) == 15_000_000


@pytest.mark.parametrize("year", YEARS)
def test_the_readings_of_the_roads(year: int) -> None:
    assert pictures.road_example(year) == (4_735_000, 4_895_000)
    for inside in (0, 1):
        listed = pictures.roads(year, inside=inside)
        assert sum(road.kilometres for road in listed) == pytest.approx(402.5 + 78 + 16.5)
        found = pictures.lines(year, pictures.DISTRICT, {pictures.OUTSIDE: inside})["kreisstrassen"]
        assert pictures.road_total(year, inside=inside) == pytest.approx(found)


@pytest.mark.parametrize("year", YEARS)
def test_the_parts_of_the_pictures_add_up(year: int) -> None:
    need, cover = pictures.need_bars(year)
    assert sum(value for _, value in need.parts) == pytest.approx(sum(value for _, value in cover.parts))
    for bar, name in zip(pictures.traffic_bars(year), (pictures.CITY, pictures.DISTRICT), strict=True):
        assert 1000 * sum(value for _, value in bar.parts) == pytest.approx(pictures.amount(year, name, "nahverkehr"))
    for name in (pictures.CITY, pictures.DISTRICT):
        assert pictures.paid(year, name)["amount"].sum() == pytest.approx(pictures.amount(year, name, "total"))
    for bar, name in zip(pictures.schools_bars(year), pictures.SCHOOL_BODIES, strict=True):
        paid = pictures.lines(year, name)["sachkostenbeitrag"]
        assert 1e6 * sum(value for _, value in bar.parts) == pytest.approx(paid)


@pytest.mark.parametrize("year", YEARS)
def test_every_paragraph_has_a_short_name_and_the_account_its_sum(year: int) -> None:
    items = [row for row in pictures.rows(year) if row.basis is not None]
    assert {row.paragraph for row in items} - set(pictures.SHORT) == {"§ 1a Abs. 2", "§ 39 Abs. 18"}
    for name in pictures.WHO:
        balance = pictures.amount(year, name, "saldo")
        assert pictures.account(year, name)["betrag"].sum() == pytest.approx(balance)


@pytest.mark.parametrize("year", YEARS)
def test_who_belongs_to_whom_follows_from_the_numbers(year: int, monkeypatch: pytest.MonkeyPatch) -> None:
    assert pictures.town_case(year) == "Große Kreisstadt in Gemeinschaft"
    assert pictures.in_the_community(year) and "gehört zur" in repr(pictures.sharing_table(year))
    alone = {name: pictures.inputs(year, name) for name in pictures.WHO}
    alone[pictures.TOWN] = {**alone[pictures.TOWN], "in_verwaltungsgemeinschaft": 0}
    monkeypatch.setattr(pictures, "inputs", lambda _year, name: alone[name])
    assert pictures.town_case(year) == "Große Kreisstadt ohne Gemeinschaft"
    assert not pictures.in_the_community(year) and "gehört zur" not in repr(pictures.sharing_table(year))


@pytest.mark.parametrize("year", YEARS)
def test_area_counts_twice(year: int) -> None:
    assert pictures.area_counts(year) == "doppelt"
    assert pictures.road_rates(year)["stufe_1"] == "7.600 €"


@pytest.mark.parametrize("year", YEARS)
@pytest.mark.parametrize("name", CHARTS)
def test_per_cent_is_written_in_one_way(name: str, year: int) -> None:
    chart = CHARTS[name](year)
    assert "v.H." not in " ".join([*chart.usermeta["lfa"].values(), chart.description])


def test_a_year_without_a_sum_says_so() -> None:
    assert "kommt diese Leistung nicht vor" in pictures.young_refugees_text(2013)
    assert "11 Mio. €" in pictures.young_refugees_text(2023)
    assert "Abs. 5" in pictures.reform_text(2013) and "Abs. 5" not in pictures.reform_text(2023)


def test_units_of_an_account() -> None:
    assert pictures._with_unit(52_783_999.999999985, "EUR") == "52.784.000 €"
    assert pictures._with_unit(0.05999999999999872, "v.H.") == "0,06 %"
    assert pictures._with_unit(1.0, "Personen") == "1 Person"
    assert pictures._with_unit(1119.0, "Euro je Schüler bzw. Kind") == "1.119 € je Schüler"
