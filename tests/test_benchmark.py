"""How many settlements a second: ``pytest --benchmark-enable tests/test_benchmark.py``; no test depends on time."""

import numpy as np
import pytest
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
    assert abs(result["ausgleich_abs_4"].sum(axis=-1)).max() < 0.01


def test_whole_law_from_taxes_to_abs_5(benchmark, variants, values):
    result = benchmark(scenarios, "fag1993", variants, values, ("ausgleich",), STAGES)
    assert abs(result["ausgleich"].sum(axis=-1)).max() < 0.01


def test_yardstick_250_passes_over_whole_arrays(benchmark, variants):
    array = variants["steuereinnahmen"]

    def passes():
        for _ in range(PASSES):
            result = np.maximum(array, 0)
        return result

    assert benchmark(passes).shape == array.shape
