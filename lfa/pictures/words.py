"""Amounts and names as the prose of several chapters writes them."""

from collections.abc import Iterable
from typing import Any

import pandas as pd

from lfa.states import NAMES
from lfa.tables import number

NOBODY = "kein Land"


def tsd(euro: Any) -> str:
    """An amount in thousands of euro, without its sign."""
    return f"{number(abs(float(euro)) / 1000)} Tsd. €"


def mio(euro: Any) -> str:
    """An amount in millions of euro, without its sign."""
    return f"{number(abs(float(euro)) / 1e6, 1)} Mio. €"


def mrd(euro: Any, decimals: int = 1) -> str:
    """An amount in billions of euro."""
    return f"{number(float(euro) / 1e9, decimals)} Mrd. €"


def listed(laender: Iterable[str]) -> str:
    """The names of Länder with commas."""
    return ", ".join(NAMES[land] for land in laender) or NOBODY


def names(laender: Iterable[str]) -> str:
    """The names of Länder with commas, and „und“ before the last."""
    *first, last = [NAMES[land] for land in laender] or [NOBODY]
    return ", ".join(first) + (" und " if first else "") + last


def vh(value: Any, decimals: int = 1) -> str:
    """A number of v.H.; a whole one without decimals."""
    return f"{number(float(value), 0 if value == round(value) else decimals)} v.H."


def share(part: Any, decimals: int = 1) -> str:
    """A part of one, written in v.H."""
    return vh(100 * float(part), decimals)


def trimmed(value: Any, decimals: int = 5) -> str:
    """A number with as many decimals as it needs, at most ``decimals``."""
    text = number(value, decimals)
    return text.rstrip("0").rstrip(",") if "," in text else text


def percent(part: Any, decimals: int = 1) -> str:
    """A part of one in per cent, with as many decimals as it needs: the lessons do without v.H."""
    return f"{trimmed(100 * part, decimals)} %"


def pairs(frame: pd.DataFrame, one: str, other: str, decimals: int = 1) -> str:
    """Two columns of a frame with a row per Land, as a text alternative."""
    return ", ".join(
        f"{NAMES[str(land)]} {number(first, decimals)} und {number(second, decimals)}"
        for land, first, second in frame[["land", one, other]].itertuples(index=False)
    )
