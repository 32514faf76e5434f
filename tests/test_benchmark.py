"""How many settlements a second: ``pytest --benchmark-enable tests/test_benchmark.py``; no test depends on time."""

import numpy as np
import pytest
from conftest import SPEEDS
from variants import STAGES, inputs

from lfa.law import fag1993
from lfa.settlement import scenarios

TARIFF = ("tarif", "laendersteuergarantie", "belastungsobergrenze")
NEEDED = (
    "laendersteuern",
    "finanzkraftmesszahl",
    "ausgleichsmesszahl",
    "ueberschuss",
    "gewertete_einwohner_laendersteuern",
)
PASSES = 250


@pytest.fixture(scope="module", params=[1, 1_000, 100_000])
def variants(request, settlement):
    return inputs(settlement, 0.05, count=request.param)


def test_paragraf_10_abs_1_to_4(benchmark, variants, values):
    lines = fag1993.settle(variants, values, STAGES[:5])
    known = {key: lines[key] for key in NEEDED}
    result = benchmark(scenarios, "fag1993", known, values, ("ausgleich_abs_4",), TARIFF)
    report(benchmark, "§ 10 Abs. 1 to 4, in blocks", result["ausgleich_abs_4"])
    assert abs(result["ausgleich_abs_4"].sum(axis=-1)).max() < 0.01


def test_whole_law_from_taxes_to_abs_5(benchmark, variants, values):
    result = benchmark(scenarios, "fag1993", variants, values, ("ausgleich",), STAGES)
    report(benchmark, "whole law, taxes to Abs. 5, in blocks", result["ausgleich"])
    assert abs(result["ausgleich"].sum(axis=-1)).max() < 0.01


def test_yardstick_the_same_law_on_whole_arrays(benchmark, variants, values):
    lines = fag1993.settle(variants, values, STAGES[:5])
    known = {key: lines[key] for key in NEEDED}
    result = benchmark(fag1993.settle, known, values, TARIFF)
    report(benchmark, "§ 10 Abs. 1 to 4, whole arrays", result["ausgleich_abs_4"])


def test_yardstick_250_passes_over_whole_arrays(benchmark, variants):
    array = variants["steuereinnahmen"]

    def passes():
        for _ in range(PASSES):
            result = np.maximum(array, 0)
        return result

    result = benchmark(passes)
    report(benchmark, f"{PASSES} bare passes over a whole array", result)
    assert result.shape == array.shape


def report(benchmark, what, result):
    """Settlements per second, shown in the summary of the run."""
    if benchmark.enabled:
        SPEEDS.append((what, len(result), len(result) / benchmark.stats.stats.min))
