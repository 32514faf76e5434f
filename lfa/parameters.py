"""Statutory values by law and date, from ``data/parameters/*.yaml``; exact until the moment of computing."""

import datetime
from collections.abc import Callable, Mapping
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from lfa.files import DATA, check_once, load_yaml
from lfa.law.arrays_lists import Vector
from lfa.states import CODES

DM_PER_EURO = Fraction("1.95583")
"""Conversion rate of Council Regulation (EC) No 2866/98."""


def entries(law: str) -> list[dict[str, Any]]:
    """Every statutory value of a law with its history, as the file holds it."""
    return _read(DATA / "parameters" / f"{law}.yaml")


@cache
def _read(path: Path) -> list[dict[str, Any]]:
    content: list[dict[str, Any]] = load_yaml(path, "parameters")
    check_once(path, content, "name")
    return content


def change_dates(law: str) -> list[datetime.date]:
    """Every date on which a parameter of the law changes, in order."""
    return sorted({datetime.date.fromisoformat(day) for entry in entries(law) for day in entry["values"]})


def parameters(law: str, day: datetime.date) -> dict[str, Any]:
    """The values that hold on a day, as exact fractions: numbers, lists, and values by Land as dictionaries.

    Money in EUR. A parameter that nothing at hand documents for the day is absent.
    """
    result: dict[str, Any] = {"laender": CODES}
    for entry in entries(law):
        versions = [(start, version) for start, version in entry["values"].items() if start <= day.isoformat()]
        if versions and (value := max(versions, key=lambda version: version[0])[1]["value"]) is not None:
            result[entry["name"]] = _exact(value, entry["unit"])
    return result


def _exact(value: Any, unit: str) -> Any:
    if isinstance(value, str) and "/" not in value:
        return value
    if isinstance(value, Mapping):
        return {key: _exact(part, unit if key in CODES else "") for key, part in value.items()}
    if isinstance(value, list):
        return [_exact(part, unit) for part in value]
    return Fraction(str(value)) / (DM_PER_EURO if unit == "DM" else 1)


def as_floats(values: Mapping[str, Any]) -> dict[str, Any]:
    """The parameters for numpy: floats, and arrays of the 16 Länder."""
    return _converted(values, float, lambda row: np.array(row, dtype=float))


def as_vectors(values: Mapping[str, Any], number: Callable[[Fraction], Any] = Fraction) -> dict[str, Any]:
    """The parameters for plain lists: numbers of one kind (fractions, or floats), and Vectors of the 16 Länder."""
    return _converted(values, number, Vector)


def _converted(
    values: Mapping[str, Any], number: Callable[[Any], Any], by_land: Callable[[list[Any]], Any]
) -> dict[str, Any]:
    def convert(value: Any) -> Any:
        match value:
            case Fraction():
                return number(value)
            case dict() if set(value) <= set(CODES):
                return by_land([number(value.get(code, Fraction(0))) for code in CODES])
            case dict():
                return {key: convert(part) for key, part in value.items()}
            case list():
                return [convert(part) for part in value]
            case _:
                return value

    return {name: convert(value) for name, value in values.items()}
