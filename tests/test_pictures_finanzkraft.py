"""The pictures of § 6: what they show is what the settlement says."""

import pytest
from drawn import year_2003

from lfa import charts, pictures_finanzkraft
from lfa.states import CODES


def test_the_picture_is_drawn_and_the_same_every_time() -> None:
    charts.enable()
    frame = pictures_finanzkraft.relation(year_2003())
    stages = {"je_kopf": "hat", "bedarf_je_kopf": "hätte"}

    def draw() -> str:
        chart = pictures_finanzkraft.dumbbell(frame, stages, unit="€", text=["–"] * 16, mark=2000)
        html: str = charts.render(chart.to_dict())["text/html"]
        return html

    first = draw()
    assert first == draw()
    assert "NaN" not in first.split("<script")[0]


def test_the_relation_is_that_of_the_anlage() -> None:
    frame = pictures_finanzkraft.relation(year_2003()).set_index("land")
    assert frame.loc["HE", "vh"] == pytest.approx(119.4993, abs=1e-4)
    assert frame.loc["HH", "vh"] == pytest.approx(118.4297, abs=1e-4)


@pytest.mark.parametrize("land", CODES)
def test_by_hand_gives_the_ausgleichsmesszahl(land: str) -> None:
    by_hand = pictures_finanzkraft.by_land(year_2003(), land)["messzahl"].sum()
    assert by_hand == pytest.approx(year_2003().lines["ausgleichsmesszahl"][CODES.index(land)], abs=2000)


def test_without_the_weight_only_the_city_states_stand_higher() -> None:
    before = pictures_finanzkraft.relation(year_2003()).set_index("land")["vh"]
    after = pictures_finanzkraft.relation(pictures_finanzkraft.all_people_equal(year_2003())).set_index("land")["vh"]
    assert set(after.index[after > before]) == {"BE", "HH", "HB"}


def test_surpluses_and_shortfalls_cancel_exactly() -> None:
    assert sum(pictures_finanzkraft.exact_lines(year_2003())["ueberschuss"]) == 0
