"""The miniature: sums on paper, the law on three Länder as on 16, and the picture."""

from fractions import Fraction as F
from typing import Any

import pytest
from drawn import check_drawn

from lfa.pictures import miniatur as pictures
from lfa.pictures.miniatur import DAYS, FLAECHENLAND, ROUND, STADTSTAAT, Step

SETTLED = {law: pictures.settle(law) for law in DAYS}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("0", F(0)),
        ("92 % · 2.000 · 5 − 6.000", F(3200)),
        ("1.234,5", F(2469, 2)),
        ("0,00525", F(525, 100_000)),
        ("(20.000 − 3.200) · 5/20", F(4200)),
        ("10 · (1/2)²", F(5, 2)),
        ("−(1 + 2)", F(-3)),
        ("5 · 135 %/21,75", F(675, 2175)),
        ("2.121/260.000", F(2121, 260_000)),
    ],
)
def test_a_sum_on_paper(text: str, value: F) -> None:
    assert pictures.worked(text) == value


@pytest.mark.parametrize("text", ["", "1 +", "__import__('os')", "1 ** 3", "2³", "Bayern", "1; 2", "max(1, 2)", "1.5"])
def test_what_is_no_sum_on_paper(text: str) -> None:
    with pytest.raises(ValueError, match="not a sum on paper"):
        pictures.worked(text)


def test_a_name_stands_for_a_known_value() -> None:
    assert pictures.worked("−63 % · Armland", {"Armland": F(-100)}) == 63


@pytest.mark.parametrize("law", DAYS)
def test_everything_is_exact_and_nothing_is_lost(law: str) -> None:
    lines = SETTLED[law]
    assert all(isinstance(value, F | int) for value in lines["ausgleich"])
    assert sum(lines["ausgleich"]) == 0 == sum(lines["ueberschuss"])
    assert sum(lines["umsatzsteueranteil"]) == ROUND.umsatzsteuer * 1_000_000


@pytest.mark.parametrize("law", DAYS)
def test_round_numbers(law: str) -> None:
    poor = {"fag1993": F(1725), "fag2020": F(3465)}
    got = list(SETTLED[law]["ausgleich"])[2] / 1_000_000
    assert got == poor[law] if law in poor else F(1500) < got < F(1600)


def test_a_wrong_sum_is_found() -> None:
    right = Step("ausgleich", "Ausgleich", ("−3.465", "0", "3.465"))
    pictures.sheet([right], SETTLED["fag2020"], "richtig")
    with pytest.raises(AssertionError, match="Mittelland"):
        pictures.sheet([right._replace(sums=("−3.465", "1", "3.465"))], SETTLED["fag2020"], "falsch")


def test_a_float_is_refused() -> None:
    with pytest.raises(TypeError, match="not exact"):
        pictures.side_by_side([Step("ausgleich", "", ("0", "0", "0"))], {"ausgleich": [0.0, 0.0, 0.0]})


def test_a_line_is_carried_over_from_the_table_above() -> None:
    step = Step("allgemeine_bez", "BEZ", ("0", "0", "80 % · (99,75 % · 18.750 − 13.250 − Armland)"))
    frame = pictures.side_by_side([step], SETTLED["fag2020"], "ausgleich")
    assert (frame["papier"] == frame["programm"]).all()


def test_weights_come_from_the_model_and_amounts_of_real_laender_are_left_out() -> None:
    from lfa.parameters import parameters

    values = parameters("fag2020", DAYS["fag2020"])
    assert values["politische_fuehrung"]
    small = pictures.three(values, (FLAECHENLAND, STADTSTAAT, FLAECHENLAND))
    assert list(small["einwohnerwertung_laendersteuern"]) == [100, 135, 100]
    assert list(small["politische_fuehrung"]) == [0, 0, 0]
    assert small["ausgleichssatz"] == F(63, 100)


def test_a_city_state_of_average_means_receives() -> None:
    city: dict[str, Any] = pictures.settle("fag2020", models=(FLAECHENLAND, STADTSTAAT, FLAECHENLAND))
    assert list(SETTLED["fag2020"]["ausgleich"])[1] == 0 < list(city["ausgleich"])[1]


def test_per_head_starts_from_everything_there_is() -> None:
    frame = pictures.per_head(ROUND, SETTLED)
    everything = sum(ROUND.steuern) + sum(ROUND.gemeindesteuern) + ROUND.umsatzsteuer
    for name, row in frame.iterrows():
        total = sum(a * b for a, b in zip(row, ROUND.einwohner, strict=True))
        assert total > everything if str(name).endswith("BEZ") else total == everything


def test_the_picture_is_drawn_and_the_same_every_time() -> None:
    check_drawn(lambda: pictures.ladder(pictures.per_head(ROUND, SETTLED), F(4000)))


def test_decimals_show_round_values_in_full() -> None:
    assert pictures.decimals([F(1), F(5)]) == 0
    assert pictures.decimals([F(1, 8)]) == 3
    assert pictures.decimals([F(1, 3)]) == 3
