"""The pictures of §§ 8 and 9: what they show is what the settlement says, drawn in awkward years too."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from functools import cache
from typing import Any

import numpy as np
import pytest
from drawn import check_drawn, year_2003

from lfa.pictures import gemeinden as pictures
from lfa.pictures import sheets
from lfa.settlement import Settlement, settle_year
from lfa.states import CODES, NAMES

WEIGHTED = "gewertete_einwohner_gemeindesteuern"


@cache
def without_weights() -> Settlement:
    """A year in which every inhabitant counts once and every rate is the same."""
    year = year_2003().year
    p = year.parameters
    flat = {
        "einwohner_klassen": [{**part, "vomhundertsatz": Fraction(100)} for part in p["einwohner_klassen"]],
        "dichte_klassen": [{**part, "vomhundertsatz": Fraction(0)} for part in p["dichte_klassen"]],
        "einwohnerwertung_laendersteuern": dict.fromkeys(CODES, Fraction(100)),
    }
    return settle_year(year._replace(parameters={**p, **flat}))


CHARTS: dict[str, Callable[[Settlement], Any]] = {
    "weight_curve": pictures.weight_curve,
    "slice_bars": pictures.slice_bars,
    "weighting_dots": pictures.weighting_dots,
    "rate_dots": pictures.rate_dots,
    "tax_bars": pictures.tax_bars,
    "flow_chart": lambda settlement: pictures.flow_chart(settlement, "NW"),
    "flow_chart of a city": lambda settlement: pictures.flow_chart(settlement, "HB"),
}


@pytest.mark.parametrize("name", CHARTS)
@pytest.mark.parametrize("settled", [year_2003, without_weights])
def test_a_picture_is_drawn_and_the_same_every_time(name: str, settled: Callable[[], Settlement]) -> None:
    check_drawn(lambda: CHARTS[name](settled()))


@pytest.mark.parametrize(
    ("inhabitants", "weighted"),
    [
        (1, 1),
        (5_000, 5_000),
        (20_000, 5_000 + 16_500),
        (20_001, 5_000 + 16_500 + 1),
        (100_000, 5_000 + 16_500 + 92_000),
        (500_000, 5_000 + 16_500 + 92_000 + 480_000),
        (1_000_000, 5_000 + 16_500 + 92_000 + 480_000 + 625_000),
        (2_000_000, 5_000 + 16_500 + 92_000 + 480_000 + 625_000 + 1_300_000),
    ],
)
def test_a_municipality_is_weighed_slice_by_slice(inhabitants: int, weighted: int) -> None:
    assert pictures.weigh(year_2003().year, [inhabitants])[WEIGHTED][0] == weighted


def test_the_supplement_is_for_large_cities_only() -> None:
    weigh = pictures.weigh(year_2003().year, [500_000, 500_001], "ueber_3000")
    assert list(weigh["zuschlag"]) == [0, 30_000]


def test_every_weight_grows_with_the_municipality() -> None:
    sizes = np.arange(1, 3_000_000, 977)
    assert (np.diff(pictures.weigh(year_2003().year, sizes.tolist())[WEIGHTED]) > 0).all()


def test_a_city_that_is_a_land_counts_as_the_anlage_says() -> None:
    cities = pictures.known_cities(year_2003()).set_index("land")
    printed = year_2003().as_printed().lines["gewertete_einwohner_in_vh"]
    for land in ("BE", "HH"):
        assert cities.loc[land, "gewertet"] == pytest.approx(printed[CODES.index(land)], abs=0.05)


def test_the_sheet_of_bremen_adds_up() -> None:
    sheet = pictures.city_sheet(year_2003(), "HB", {"Bremen": 543_745, "Bremerhaven": 118_986})
    assert sheet["wertung"].iloc[-1] == 795_339
    slices = sheet[~sheet["schicht"].isin(["Zuschlag für Dichte", "zusammen"])]
    assert (slices["Bremen"] + slices["Bremerhaven"] == slices["land"]).all()


def test_unrounded_is_near_the_print_and_not_the_same() -> None:
    printed = year_2003().as_printed().lines[WEIGHTED]
    gaps = [abs(pictures.unrounded(year_2003(), land) - int(printed[i])) for i, land in enumerate(CODES)]
    assert 1 < max(gaps) < 2


def test_shares_of_slices_are_a_whole() -> None:
    assert pictures.slice_shares(year_2003()).sum(axis=1).to_numpy() == pytest.approx(100)


@pytest.mark.parametrize("land", CODES)
def test_flows_end_in_what_counts(land: str) -> None:
    flows = pictures.flows(year_2003(), land).groupby("ziel")["betrag"].sum()
    printed = year_2003().as_printed().lines
    assert flows["zählt"] == pytest.approx(printed["gemeindesteuern"][CODES.index(land)], abs=4000)
    assert flows["Umlage"] == pytest.approx(-printed["abzug_gewerbesteuerumlage"][CODES.index(land)])
    assert flows["zählt nicht"] == pytest.approx(flows["zählt"], abs=1000)


def test_another_rate_misses_printed_figures() -> None:
    settlement, places = year_2003(), {"einwohner": sheets.WHOLE}
    classes = settlement.year.parameters["einwohner_klassen"]
    assert sheets.missed(settlement, places) == 0
    assert sheets.missed(settlement, places, einwohner_klassen=pictures.with_rate(classes, 1, 1)) > 0
    assert pictures.with_rate([180, 200], 1, 1) == [180, 201]


def test_every_rate_of_the_taxes_has_a_counter_check() -> None:
    counts = pictures.other_rates(year_2003(), {"realsteuerkraft": sheets.WHOLE, **sheets.zeilen(42, 57)})
    assert len(counts) == 7 and (counts["wie angesetzt"] == 0).all()
    assert (counts[["weniger", "mehr"]] > 0).all(axis=None)


def test_the_key_is_the_same_for_every_land() -> None:
    ratios = pictures.counted_per_hundred(year_2003(), ["NW", "SN"])
    assert list(ratios.index) == ["Nordrhein-Westfalen", "Sachsen"]
    assert (ratios.round(2).nunique() == 1).all()


def test_amounts_and_rates_in_words() -> None:
    assert pictures.mrd(-24_138_562_000) == "24,1 Mrd. €" and pictures.mio(-1_250_000) == "1,3 Mio. €"
    assert pictures.vh(Fraction(50)) == "50 v.H." and pictures.vh(22.49, 2) == "22,49 v.H."


@pytest.mark.parametrize("land", CODES)
@pytest.mark.parametrize("name", pictures.SLICES)
def test_a_slice_by_hand_is_the_printed_one(land: str, name: str) -> None:
    if name != "ueber_1000":  # the last slice has no width that larger municipalities could fill
        by_hand = pictures.slice_by_hand(year_2003(), land, name)["schicht"]
        assert by_hand == year_2003().as_printed().lines[f"schicht_{name}"][CODES.index(land)]


def test_rates_are_those_of_the_law() -> None:
    rates = pictures.rates(year_2003())
    assert list(rates["satz"]) == [100, 110, 115, 120, 125, 130]
    assert rates["breite"].sum() == 1_000_000 and rates["breite"].isna().sum() == 1


def test_every_weight_has_a_counter_check() -> None:
    counts = pictures.other_weights(year_2003())
    assert len(counts) == 9 and (counts["wie angesetzt"] == 0).all()
    assert (counts[["ein Punkt weniger", "ein Punkt mehr"]] > 0).all(axis=None)
    less, same, more = pictures.other_city_weights(year_2003(), sheets.zeilen(61, 61))
    assert same == 0 and less > 0 and more > 0


def test_rounding_the_sum_alone_is_not_what_is_printed() -> None:
    otherwise = pictures.otherwise_rounded(year_2003())
    assert (otherwise["druck"] != otherwise["am_ende"]).any()
    assert (otherwise["ohne"] - otherwise["am_ende"]).abs().max() <= Fraction(1, 2)


def test_sums_of_a_class_are_shown_once() -> None:
    shown = {key: pictures.by_class(year_2003(), key, caption="Probe").html for key in ("einwohner", "gemeinden")}
    assert "zusammen" in shown["gemeinden"] and "zusammen" not in shown["einwohner"]
    assert "Die Summen stehen in der ersten Tabelle." in shown["einwohner"]


def test_the_open_step_has_one_alternative() -> None:
    put_in, other, left = pictures.open_first_step(year_2003(), "BW")
    assert put_in != other == left


def test_corrected_cells_of_another_table_are_marked() -> None:
    place = {("Grundsteuer A", "steuerkraft"): ("grundsteuer_a_steuerkraft", "NW")}
    assert list(pictures.marks(year_2003(), place, "realsteuerkraft")) == list(place)
    assert pictures.marks(year_2003(), place) == {}


def test_taxes_in_words_begin_with_the_highest() -> None:
    taxes = pictures.counted_taxes(year_2003()).sum(axis=1)
    words = pictures.taxes_in_words(year_2003()).split("; ")
    assert len(words) == 16 and words[0].startswith(NAMES[str(taxes.idxmax())])
