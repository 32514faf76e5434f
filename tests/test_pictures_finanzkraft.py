"""The pictures of § 6: what they show is what the settlement says."""

import pytest
from drawn import check_drawn, year_2003

from lfa.pictures import finanzkraft as pictures
from lfa.pictures.parts import dumbbell
from lfa.states import CODES


def test_the_picture_is_drawn_and_the_same_every_time() -> None:
    stages = {"je_kopf": "hat", "bedarf_je_kopf": "hätte"}
    check_drawn(lambda: dumbbell(pictures.relation(year_2003()), stages, unit="€", text=["–"] * 16, mark=2000))


def test_the_relation_is_that_of_the_anlage() -> None:
    frame = pictures.relation(year_2003()).set_index("land")
    assert frame.loc["HE", "vh"] == pytest.approx(119.4993, abs=1e-4)
    assert frame.loc["HH", "vh"] == pytest.approx(118.4297, abs=1e-4)


@pytest.mark.parametrize("land", CODES)
def test_by_hand_gives_the_ausgleichsmesszahl(land: str) -> None:
    by_hand = pictures.by_land(year_2003(), land)["messzahl"].sum()
    assert by_hand == pytest.approx(year_2003().lines["ausgleichsmesszahl"][CODES.index(land)], abs=2000)


def test_without_the_weight_only_the_city_states_stand_higher() -> None:
    before = pictures.relation(year_2003()).set_index("land")["vh"]
    after = pictures.relation(pictures.all_people_equal(year_2003())).set_index("land")["vh"]
    assert set(after.index[after > before]) == {"BE", "HH", "HB"}


def test_surpluses_and_shortfalls_cancel_exactly() -> None:
    assert sum(pictures.exact_lines(year_2003())["ueberschuss"]) == 0
