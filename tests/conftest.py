"""What many tests start from: the settled year 2003, its exact twin and the parameters of its law."""

import os

import pytest
from hypothesis import settings

import lfa
from lfa.parameters import as_floats
from lfa.settlement import settle_exactly
from lfa.years import load

# In CI the same examples every time: a merge must not depend on luck; at the desk hypothesis keeps searching.
settings.register_profile("ci", derandomize=True)
if os.environ.get("CI"):
    settings.load_profile("ci")

SPEEDS: list[tuple[str, int, float]] = []
"""What the benchmarks measured: rule, number of variants, settlements per second."""


def pytest_terminal_summary(terminalreporter):
    for what, variants, speed in SPEEDS:
        terminalreporter.write_line(f"{what}: {variants:,} variants, {speed:,.0f} settlements per second")


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


@pytest.fixture(scope="session")
def browser():
    """Headless Chromium, one for all tests of the site that a process runs."""
    from browsing import CHROMIUM, QUIET
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield chromium
        chromium.close()
