"""What is kept of one more euro under §§ 5 and 1a FAG BW: by the engine, and as the words of the statute say."""

from __future__ import annotations

import json
from collections.abc import Callable
from fractions import Fraction as F
from typing import Any

import pytest
from drawn import check_drawn

from lfa.bekanntmachung import load, years
from lfa.pictures import anreiz as pictures

YEARS = (2013, 2023)
PICTURES: dict[str, Callable[[], Any]] = {f"anreiz-{year}": lambda year=year: pictures.anreiz(year) for year in YEARS}


@pytest.mark.parametrize("name", PICTURES)
def test_a_picture_is_drawn_and_the_same_every_time(name: str) -> None:
    check_drawn(PICTURES[name])


def by_hand(x: F, quote: F) -> F:
    """The slope of S + Z − U in cents, by the numbers of the statute; right of a corner."""
    zuweisung = F(-1) if x < 60 else -quote if x < 100 else F(0)
    erhalten = F(88) if x < 60 else max(quote * (100 - x), F(0))
    summe = x + (60 - x + quote * 40 if x < 60 else erhalten)
    steigt = 60 <= x < 225
    satz = min(F("0.221") + F("0.0006") * max(x - 60, 0), F("0.32"))
    return 100 * (1 + zuweisung - satz * (1 + zuweisung) - (F("0.0006") * summe if steigt else 0))


@pytest.mark.parametrize("year", YEARS)
def test_what_is_kept_is_the_slope(year: int) -> None:
    frame = pictures.behalten(year)
    quote = load(year)["schluesselzahlen_gemeinden"].amount
    assert quote is not None
    for x, kept in zip(frame["in_vh"], frame["behalten"], strict=True):
        assert kept == pytest.approx(by_hand(x, quote / 100), abs=1e-5), x
    assert (frame[["weniger_zuweisung", "mehr_umlage", "behalten"]].sum(axis=1) == 100).all()
    assert set(pictures.MEASURED) <= set(frame["in_vh"])


@pytest.mark.parametrize("year", YEARS)
def test_the_four_parts_of_the_line(year: int) -> None:
    zones = pictures.zones(year)
    assert list(zones["von"]) == [0, 60, 100, 225] == [0, *pictures.corners(pictures.in_force(year))]
    assert zones["hoechstens"][0] == 0
    assert 15 < zones["wenigstens"][1] < zones["hoechstens"][1] < 20
    assert [round(float(zones[key][2]), 3) for key in ("wenigstens", "hoechstens")] == [54.5, 69.5]
    assert zones["wenigstens"][3] == zones["hoechstens"][3] == 68


@pytest.mark.parametrize("year", YEARS)
def test_a_stadtkreis_keeps_the_same(year: int) -> None:
    gemeinde, stadtkreis = (pictures.behalten(year, body=body) for body in ("gemeinde", "stadtkreis"))
    assert gemeinde.equals(stadtkreis)


@pytest.mark.parametrize("year", YEARS)
def test_a_step_costs_its_part_of_the_steuerkraftsumme(year: int) -> None:
    for in_vh in (61, 80, 100, 130, 225):
        stufe = pictures.stufe(year, in_vh)
        assert stufe.satz_nachher - stufe.satz_vorher == F("0.06")
        assert stufe.kosten == F("0.0006") * stufe.steuerkraftsumme
        assert stufe.kosten <= stufe.mehr_umlage < stufe.kosten + 1
        assert stufe.behalten < -5000
    assert pictures.stufe(year, 60).kosten == pictures.stufe(year, 226).kosten == 0
    half = pictures.stufe(year, 80, 5_000_000)
    assert 2 * half.kosten == pictures.stufe(year, 80).kosten


@pytest.mark.parametrize("year", YEARS)
def test_steps_and_pro_rata_agree_from_one_whole_per_cent_to_the_next(year: int) -> None:
    frame = pictures.stufen(year)
    step, between, smooth, in_steps, pro_rata = frame["behalten"]
    assert step < 0 < smooth < between
    assert in_steps == pro_rata > 0


def test_the_umlage_alone_is_that_of_the_law() -> None:
    p = pictures.in_force(2023)
    lines = pictures.steady([10_000_000, 22_500_000, 30_000_000], p)
    assert list(lines["umlagesatz"]) == [F("24.5"), 32, 32]
    assert list(lines["finanzausgleichsumlage"]) == [2_450_000, 7_200_000, 9_600_000]
    assert list(lines["schluesselzuweisung"]) == [0, 0, 0]


@pytest.mark.parametrize("year", YEARS)
def test_the_words_of_the_picture(year: int) -> None:
    chart = pictures.anreiz(year).to_dict()
    words = chart["usermeta"]["lfa"]
    assert words["title"] == f"{year}: Unter 60 % bleibt vom Euro nichts, ab 100 % 54,5 bis 69,5 Cent"
    assert "ohne Kreisumlage" in words["subtitle"] and "Hebesatz" in words["subtitle"]
    assert "erfundene Gemeinde" in words["source"]
    assert "bei 250 %" in chart["description"] and "v.H." not in json.dumps(chart, ensure_ascii=False)


def test_the_years_are_compared_in_words() -> None:
    text = pictures.difference_text()
    assert text == pictures.difference_text([years()[0], years()[-1]])
    both = pictures.difference_text([2013, 2023])
    assert "von 60 bis 100 % bleiben 16,8 bis 18,3 Cent (2013) und 16,6 bis 18 Cent (2023)" in both
    assert "69,79 % (2013) und 70,07 % (2023)" in both and "In den anderen Abschnitten bleibt gleich viel." in both
    assert pictures.difference_text([2013]) == "Uns liegt nur die Bekanntmachung für 2013 vor."


def test_years_that_agree_say_so(monkeypatch: pytest.MonkeyPatch) -> None:
    zones = pictures.zones(2023)
    monkeypatch.setattr(pictures, "zones", lambda year: zones)
    assert pictures.difference_text([2013, 2023]) == "Zwischen 2013 und 2023 hat sich daran nichts geändert."


def test_the_tables() -> None:
    text = pictures.messpunkte(2013).text
    assert [line.split()[0] for line in text.splitlines()[2:9]] == [str(x) for x in pictures.MEASURED]
    assert "−5.640,61" in pictures.stufen_tabelle(2023).text
    for folded in (pictures.messpunkte(2013), pictures.stufen_tabelle(2023)):
        assert folded.html.startswith("<details") and "v.H." not in folded.html
