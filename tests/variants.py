"""Random variants of the year 2003, and the part of the law that they are settled by."""

import numpy as np

from lfa.lines import STAGES as ALL_STAGES
from lfa.years import ROUNDED_INPUTS, direct_inputs

STAGES = ALL_STAGES[ALL_STAGES.index("umsatzsteuer") : ALL_STAGES.index("fonds")]
TAXES = ("steuereinnahmen", *(key for key in ROUNDED_INPUTS if key in direct_inputs("fag1993")))
"""Inputs that vary from Land to Land."""
NATIONAL = (
    "umsatzsteuer_laenderanteil",
    "sonstige_gemeindesteuern",
    "aufkommen_grundsteuer_a",
    "aufkommen_grundsteuer_b",
    "aufkommen_gewerbesteuer",
)
PEOPLE = ("einwohner", "gewertete_einwohner_laendersteuern", "gewertete_einwohner_gemeindesteuern")


def inputs(settlement, noise, seed=0, count=None):
    """The inputs of 2003, each tax of each Land multiplied by 1 + noise × a normal draw; ``count`` variants or one."""
    random = np.random.default_rng(seed)
    shape = (16,) if count is None else (count, 16)
    varied = {key: settlement.lines[key] * np.maximum(1 + noise * random.standard_normal(shape), 0.01) for key in TAXES}
    return {**{key: settlement.lines[key] for key in (*NATIONAL, *PEOPLE)}, **varied}
