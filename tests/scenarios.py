"""Random changes as readers may make them, and how far two computations of a line are apart."""

from __future__ import annotations

import json
import random
from typing import Any

import numpy as np

from lfa import calculator

DATA: dict[str, Any] = json.loads(json.dumps(calculator.data()))
"""What the page knows, as it reads it."""


def changes(draw: random.Random, version: str, base: str) -> dict[str, Any]:
    """A few Länder and rules changed, within what the page allows."""
    data = DATA["fassungen"][version]
    stock = data["basen"][base]["bestand"]
    land: dict[str, dict[str, float]] = {}
    for place in draw.sample(range(16), draw.randint(0, 4)):
        fields = {}
        for field in draw.sample(list(stock), draw.randint(1, 3)):
            there = stock[field]["v"][place]
            fields[field] = round(draw.uniform(-0.9, 2) * there, 2) if there else round(draw.uniform(0, 1e9), 2)
        land[str(place)] = fields
    open_rules = {key: rule for key, rule in data["regeln"].items() if key not in data["basen"][base]["ohneRegeln"]}
    rules: dict[str, float] = {}
    for key in draw.sample(list(open_rules), draw.randint(0, 3)):
        rule = open_rules[key]
        rules[key] = 0 if rule.get("schalter") else round(draw.uniform(rule["von"], rule["bis"]), 1)
    return {"land": land, "regeln": rules}


def deviation(found: Any, expected: Any) -> float:
    """The largest difference by the line's largest absolute value."""
    found, expected = np.asarray(found, dtype=float), np.asarray(expected, dtype=float)
    assert np.isfinite(found).all() and np.isfinite(expected).all()
    return float(np.abs(found - expected).max() / max(np.abs(expected).max(), 1))
