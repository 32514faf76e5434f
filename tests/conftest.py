"""What many tests start from: the settled year 2003, its exact twin and the parameters of its law."""

import pytest

import lfa
from lfa.parameters import as_floats
from lfa.settlement import settle_exactly
from lfa.years import load


@pytest.fixture(scope="session")
def year():
    return load(2003)


@pytest.fixture(scope="session")
def settlement():
    return lfa.settle(2003)


@pytest.fixture(scope="session")
def exact(year):
    return settle_exactly(year)


@pytest.fixture(scope="session")
def values(year):
    return as_floats(year.parameters)
