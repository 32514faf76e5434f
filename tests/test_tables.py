"""German numbers and tables: exact, escaped, the same every time."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from html.parser import HTMLParser

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lfa.tables import MINUS, badge, number, table


@pytest.mark.parametrize(
    ("value", "decimals", "text"),
    [
        (6609802, 0, "6.609.802"),
        (-8573.4, 1, "−8.573,4"),
        (0.285, 2, "0,29"),
        (2.675, 2, "2,68"),
        (0.5, 0, "1"),
        (-0.5, 0, "−1"),
        (-0.4, 0, "0"),
        (Fraction(1, 3), 4, "0,3333"),
        (Fraction(-7, 2), 0, "−4"),
        (Decimal("1234.565"), 2, "1.234,57"),
        (np.float64(1234.5), 0, "1.235"),
        (np.int64(-1000), 0, "−1.000"),
        (10**30 + 1, 0, "1." + "000." * 9 + "001"),
        (1e-7, 2, "0,00"),
        (1e22, 0, "10.000.000.000.000.000.000.000"),
        (None, 2, ""),
        (float("nan"), 2, ""),
        (np.float64("nan"), 2, ""),
        (pd.NA, 0, ""),
    ],
)
def test_number(value: object, decimals: int, text: str) -> None:
    assert number(value, decimals) == text


def test_number_shows_a_sign_on_request() -> None:
    assert [number(v, sign=True) for v in (5, 0, -5)] == ["+5", "0", "−5"]


@given(st.fractions() | st.integers() | st.decimals(allow_nan=False, allow_infinity=False, places=4), st.integers(0, 6))
def test_number_is_within_half_a_unit(value: Fraction | int | Decimal, decimals: int) -> None:
    back = Fraction(number(value, decimals).replace(".", "").replace(",", ".").replace(MINUS, "-"))
    assert abs(back - Fraction(value)) <= Fraction(1, 2 * 10**decimals)


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_number_of_the_opposite_differs_only_in_its_sign(value: float) -> None:
    assert number(-value, 2).removeprefix(MINUS) == number(value, 2).removeprefix(MINUS)


FRAME = pd.DataFrame({"land": ["Bayern", "Insgesamt"], "betrag": [-1234.5, 1e6], "beleg": [badge("R"), "a < b & c"]})


class Tags(HTMLParser):
    """Collects start tags, and complains about any that are not closed in order."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.open.append(tag)
        self.seen.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def parse(html: str) -> list[tuple[str, dict[str, str | None]]]:
    tags = Tags()
    tags.feed(html)
    assert tags.open == []
    return tags.seen


def test_table_is_well_formed_and_accessible() -> None:
    seen = parse(table(FRAME, caption="Ausgleich", units={"betrag": "Tsd. €"}).html)
    region = next(attributes for tag, attributes in seen if tag == "div")
    assert (region["role"], region["tabindex"], region["aria-label"]) == ("region", "0", "Ausgleich")
    assert [a["scope"] for tag, a in seen if tag == "th"] == ["col"] * 3 + ["row"] * 2
    assert [a.get("class") for tag, a in seen if tag == "tr"] == [None, None, "lfa-summe"]


def test_table_escapes_everything_but_html_made_here() -> None:
    evil = '<script>"&'
    frame = pd.DataFrame({evil: [evil], "x": [evil]})
    html = table(frame, caption=evil, note=evil, units={"x": evil}, marks={(evil, "x"): evil}).html
    parse(html)
    assert "<script" not in html
    assert '<abbr class="lfa-badge lfa-badge-r"' in table(FRAME, caption="c").html
    assert "a &lt; b &amp; c" in table(FRAME, caption="c").html


def test_table_marks_corrected_cells_for_eye_and_ear() -> None:
    html = table(FRAME, caption="c", marks={("Bayern", "betrag"): "errata.html#bayern"}).html
    assert html.count("lfa-berichtigt") == 1
    assert '<a href="errata.html#bayern">−1.235<span class="lfa-unsichtbar"> (berichtigt)</span></a>' in html
    with pytest.raises(KeyError, match="Hessen"):
        table(FRAME, caption="c", marks={("Hessen", "betrag")})


def test_table_renames_orders_and_rounds_columns() -> None:
    made = table(FRAME, caption="c", columns={"land": "Land", "betrag": "Betrag"}, decimals={"betrag": 1})
    assert repr(made) == "c\nLand            Betrag\nBayern        −1.234,5\nInsgesamt  1.000.000,0"


def test_table_takes_its_row_headings_from_a_named_index() -> None:
    indexed = FRAME.set_index("land")
    assert table(indexed, caption="c").html == table(FRAME, caption="c").html


def test_table_leaves_missing_numbers_empty() -> None:
    frame = pd.DataFrame({"land": ["Bayern", "Hessen"], "betrag": [1.0, None]})
    assert '<th scope="row">Hessen</th><td class="lfa-zahl"></td>' in table(frame, caption="c").html


def test_plain_text_names_marks_and_drops_markup() -> None:
    text = repr(table(FRAME, caption="c", marks={("Bayern", "betrag")}))
    assert "−1.235*" in text
    assert text.endswith("* berichtigt")
    assert "<abbr" not in text
