"""Amounts and names as the chapters write them."""

from fractions import Fraction
from typing import Any

import pandas as pd
import pytest

from lfa.pictures import words


def test_amounts() -> None:
    assert words.tsd(Fraction(-1_234_567)) == "1.235 Tsd. €"
    assert words.mio(-1_260_000) == "1,3 Mio. €"
    assert words.mrd(6_609_802_000, 2) == "6,61 Mrd. €"
    assert (words.vh(95.0), words.vh(95.52), words.share(Fraction(3, 8))) == ("95 v.H.", "95,5 v.H.", "37,5 v.H.")


def test_names() -> None:
    assert words.names(["HB", "HH", "BE"]) == "Bremen, Hamburg und Berlin"
    assert words.listed(["HB", "HH"]) == "Bremen, Hamburg"
    assert words.names([]) == words.listed([]) == "kein Land"


def test_pairs() -> None:
    frame = pd.DataFrame({"land": ["HB", "HH"], "vorher": [1.0, 2.0], "nachher": [1.5, 2.5]})
    assert words.pairs(frame, "vorher", "nachher") == "Bremen 1,0 und 1,5, Hamburg 2,0 und 2,5"


@pytest.mark.parametrize(
    ("part", "decimals", "shown"),
    [(Fraction(3, 8), 1, "37,5 %"), (0.57, 1, "57 %"), (0.9975, 2, "99,75 %"), (1.2, 0, "120 %"), (0.6099, 0, "61 %")],
)
def test_per_cent_has_the_decimals_it_needs(part: Any, decimals: int, shown: str) -> None:
    assert words.percent(part, decimals) == shown
