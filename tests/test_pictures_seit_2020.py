"""The pictures of the FAG since 2020: drawn, the same every time, and what they show is what the law says."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction as F
from typing import Any

import pytest
from drawn import check_drawn

from lfa.law.arrays_lists import Vector
from lfa.parameters import as_vectors
from lfa.pictures import seit_2020 as pictures
from lfa.pictures.tarif_2005 import in_force

OLD, NEW = in_force("fag2005", 2019), in_force("fag2020", 2026)

CHARTS: dict[str, Callable[[], Any]] = {
    "both_tariffs": lambda: pictures.both_tariffs(OLD, NEW, ("alt", "neu")),
    "flow": lambda: pictures.flow(pictures.effects(*pictures.with_and_without())),
    "fixed_bez_columns": lambda: pictures.fixed_bez_columns(pictures.fixed_bez()),
}


@pytest.mark.parametrize("name", CHARTS)
def test_a_picture_is_drawn_and_the_same_every_time(name: str) -> None:
    check_drawn(CHARTS[name])


def test_the_example_is_balanced() -> None:
    lines = pictures.example()
    assert sum(lines["ueberschuss"]) == 0
    assert len(pictures.EXAMPLE) == 16
    assert any(F(147, 148) < kraft / messzahl < 1 for kraft, messzahl in _pairs(lines)), "one between 147/148 and 1"


def _pairs(lines: dict[str, Vector]) -> list[tuple[F, F]]:
    return list(zip(lines["finanzkraftmesszahl"], lines["ausgleichsmesszahl"], strict=True))


def test_the_special_rule_moves_its_amount_from_the_bund_to_the_payers() -> None:
    before, after = pictures.with_and_without()
    frame = pictures.effects(before, after)
    amount = NEW["sonderregel_betrag"]
    assert list(frame.sum()) == [-amount, amount, amount, amount]
    receiving = [gap < 0 for gap in before["ueberschuss"]]
    assert (frame.loc[receiving, "zusammen"] == 0).all()
    assert sum(after["umsatzsteueranteil"]) == sum(before["umsatzsteueranteil"])


def test_the_flow_has_three_bars_of_one_length() -> None:
    frame = pictures.effects(*pictures.with_and_without())
    data = pictures.flow(frame).to_dict()["layer"][2]["data"]["values"]
    ends = {who: max(row["bis"] for row in data if row["wer"] == who) for who in ("Bund", "Empfänger", "Zahler")}
    assert list(ends.values()) == pytest.approx([400] * 3)


def test_both_laws_fill_the_same_at_the_crossing() -> None:
    gap = F(pictures.crossing(OLD, NEW)) / 100
    (share,) = pictures.share_filled(Vector([gap]), as_vectors(OLD))
    assert float(share) == pytest.approx(0.63)
    near, far = pictures.share_filled(Vector([gap / 2, 2 * gap]), as_vectors(OLD))
    assert near < F(63, 100) < far


def test_without_the_special_rule_nothing_is_left_but_37_cents() -> None:
    assert {cents for _, cents in pictures.left_of_a_euro(NEW)} == {F(37)}


def test_the_amounts_by_period() -> None:
    frame = pictures.fixed_bez()
    assert list(frame.index) == list(pictures.YEARS)
    assert list(frame.loc[2020]) == [268_000_000, 642_386_000, 0]
    assert list(frame.loc[2026]) == [36_000_000, 767_644_000, 249_999_999]
    table = pictures.periods(frame)
    assert list(table.columns) == ["2020 bis 2022", "2023 bis 2024", "2025", "2026 bis 2029", "ab 2030"]
    assert (table.iloc[:-1].sum() == table.loc["zusammen"]).all()
