"""Questions put to „Selbst rechnen“: a link says what is computed, fractions agree, and the pictures can be drawn."""

from collections.abc import Callable
from fractions import Fraction
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pandas as pd
import pytest
from drawn import check_drawn

from lfa import calculator
from lfa.pictures import fragen
from lfa.pictures.fragen import Scenario
from lfa.states import CODES

BREMEN = CODES.index("HB")
MILLIARD = {"BY.steuern": 1000.0}
SCENARIOS = [
    *(Scenario(version, MILLIARD) for version in calculator.IDS),
    *(Scenario(version, {"r.stadtstaaten": 100.0}) for version in calculator.IDS),
    Scenario("2020", {"r.gemeindesteuern_anrechnung": 100.0, "HB.einwohner": -0.5, "NW.gemeinden": 12.25}),
    Scenario("1993", {"r.garantien": 0.0, "HB.einwohner": 662.731}),
]


@pytest.mark.parametrize("asked", SCENARIOS)
def test_an_address_is_read_back_as_it_was_meant(asked: Scenario) -> None:
    assert fragen.read(fragen.address(asked)) == asked


def test_the_link_holds_what_is_computed() -> None:
    asked = Scenario("2020", {"r.ausgleichssatz": 80, "BY.steuern": 1000})
    html = fragen.links({"Bayern & mehr": asked}).html
    assert (
        'href="selbst_rechnen.html#gesetz=2020&amp;basis=2003&amp;zeile=ausgleich&amp;BY.steuern=1000'
        '&amp;r.ausgleichssatz=80"' in html
    )
    assert "Bayern &amp; mehr" in html
    expected = {"land": {"1": {"steuern": 1e9}}, "regeln": {"ausgleichssatz": 80.0}}
    assert fragen.change(fragen.address(asked)) == expected
    parts = parse_qs(urlsplit(fragen.address(asked)).fragment)
    assert parts == {
        "gesetz": ["2020"],
        "basis": ["2003"],
        "zeile": ["ausgleich"],
        "BY.steuern": ["1000"],
        "r.ausgleichssatz": ["80"],
    }


@pytest.mark.parametrize(
    "asked",
    [
        Scenario("2019"),
        Scenario("2020", base="2019"),
        Scenario("1993", base="2018"),
        Scenario("1993", line="allgemeine_bez"),
        Scenario("2020", {"XX.steuern": 1.0}),
        Scenario("2020", {"BY.taxes": 1.0}),
        Scenario("2020", {"BY": 1.0}),
        Scenario("2020", {"BY.steuern": float("nan")}),
        Scenario("2020", {"BY.steuern": -1e6}),
        Scenario("2020", {"r.ausgleichssatz": 101.0}),
        Scenario("2020", {"r.garantien": 0.0}),
        Scenario("1993", {"r.garantien": 0.5}),
        Scenario("2020", {"r.gemeindesteuern_anrechnung": 50.0}, base="2018"),
    ],
)
def test_what_the_page_would_leave_out_is_refused(asked: Scenario) -> None:
    with pytest.raises(ValueError, match="does not know"):
        fragen.address(asked)


@pytest.mark.parametrize("asked", SCENARIOS)
def test_fractions_agree_and_lose_nothing(asked: Scenario) -> None:
    for exact, lines in zip(fragen.exactly(asked), (fragen.before(asked), fragen.after(asked)), strict=True):
        assert sum(exact["ausgleich"]) == 0
        assert all(isinstance(value, (Fraction, int)) for value in exact["ausgleich"])
        assert list(map(float, exact["ausgleich"])) == pytest.approx(list(lines["ausgleich"]), abs=0.01)


@pytest.mark.parametrize("version", calculator.IDS)
def test_a_milliard_is_shared_out_whole(version: str) -> None:
    shares = fragen.whose(Scenario(version, MILLIARD), "BY")
    assert shares.sum() == pytest.approx(1e9, abs=1)
    assert 0 < shares["BY"] < 1e9


@pytest.mark.parametrize("version", calculator.IDS)
def test_newcomers_bring_what_others_pay(version: str) -> None:
    asked = Scenario(version, {"HB.einwohner": 100.0})
    parts = fragen.per_newcomer(asked, "HB")
    assert parts["ust"] + parts["ausgleich"] == pytest.approx(parts["laender"], abs=0.01)
    if "bez" in parts:
        assert parts["bez"] == pytest.approx(parts["bund"] + parts["bez_der_anderen"], abs=0.01)
    before, after = fragen.wealth(fragen.before(asked)), fragen.wealth(fragen.after(asked))
    assert 0 < after[BREMEN] < before[BREMEN]


def test_equal_laender_fall_into_groups_by_their_weights() -> None:
    groups = fragen.alike(Scenario("2020", {"r.stadtstaaten": 100.0}, "gleich"))
    assert sorted(land for group in groups["laender"] for land in group) == sorted(CODES)
    assert set(groups["laender"][0]) == {"BE", "HH", "HB"}
    assert not groups[["laendersteuern", "gemeindesteuern"]].duplicated().any()
    heads = groups["laender"].map(len)
    assert (heads * groups["vorher"]).sum() == pytest.approx(0, abs=0.1)
    assert groups["nachher"].abs().max() < groups["vorher"].abs().min()


def test_more_that_counts_makes_more_flow() -> None:
    flows = [fragen.flows(Scenario("2020", {"r.gemeindesteuern_anrechnung": part})) for part in (50, 75, 100)]
    assert flows == sorted(flows)
    assert flows[1] == pytest.approx(fragen.flows(Scenario("2020")))


def _gains() -> Any:
    asked = Scenario("2020", {"r.stadtstaaten": 100.0})
    per_head = fragen.effects(asked).div(fragen.people(asked), axis=0)
    return fragen.gains(per_head, CODES, {"ausgleich": "Ausgleich", "bez": "BEZ"})


CHARTS: dict[str, Callable[[], Any]] = {
    "whose": lambda: fragen.whose_heat(
        pd.DataFrame({version: fragen.whose(Scenario(version, MILLIARD), "BY") for version in calculator.IDS})
    ),
    "gains": _gains,
    "steps": lambda: fragen.steps_of(fragen.per_newcomer(Scenario("2020", {"HB.einwohner": 100.0}), "HB")),
}


@pytest.mark.parametrize("name", CHARTS)
def test_a_picture_is_drawn_and_the_same_every_time(name: str) -> None:
    check_drawn(CHARTS[name])
