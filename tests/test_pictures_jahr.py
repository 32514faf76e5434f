"""The page of one year: every depth gives pictures or a sentence, never neither."""

import datetime
from functools import cache
from typing import Any

import pytest
import synthetic
from drawn import check_drawn

from lfa.charts import render
from lfa.inputs import needed
from lfa.lines import registry
from lfa.parameters import parameters
from lfa.pictures import jahr as pictures
from lfa.states import CODES, INSGESAMT
from lfa.years import load, years

DEEP = (1996, 2003, 2008, 2015, 2017, 2019, 2022, 2024)
"""A balance alone, the document, too coarse, worked back, provisional, without BEZ, without shares, one grant."""
SECTIONS = {
    "umsatzsteuer_text": "umsatzsteuer_table",
    "bez_text": "bez_table",
    "steps_text": "steps_picture",
    "relations_text": "relations_picture",
    "settled_text": "settled_table",
    "inputs_text": "inputs_outcome",
}


@cache
def made(jahr: int) -> pictures.Outcome:
    return pictures.outcome(load(jahr))


@cache
def invented(law: str, jahr: int) -> pictures.Outcome:
    """A year with complete inputs, all invented, and no published results."""
    values = parameters(law, datetime.date(jahr, 12, 31))
    lines = synthetic.inputs(law)
    given: dict[str, Any] = {
        key: int(value[0]) if value.shape == (1,) else dict(zip(CODES, map(int, value), strict=True))
        for key, value in lines.items()
    }
    halves = {line.key: 0 if line.insgesamt == "only" else dict.fromkeys(CODES, 0) for line in needed(law, values)}
    stages = tuple(dict.fromkeys(line.stage for line in registry(law).values()))
    year = load(2015)._replace(
        year=jahr,
        law=law,
        status="vorlaeufig",
        kind="official",
        stages=stages,
        results=(),
        notes=(),
        parameters=values,
        inputs=given,
        halves=halves,
    )
    return pictures.outcome(year)


@pytest.mark.parametrize("jahr", DEEP)
def test_every_section_says_something(jahr: int) -> None:
    page = made(jahr)
    for text, output in SECTIONS.items():
        words, shown = getattr(pictures, text)(page), getattr(pictures, output)(page)
        assert words.endswith("."), text
        assert shown is not None or any(word in words for word in ("nicht", "fehlen", "nur ein")), (text, words)
    for words in (pictures.summary(page), pictures.per_head_text(page), pictures.limits(page)):
        assert words.endswith(".") and "None" not in words and "nan" not in words


@pytest.mark.parametrize("jahr", DEEP)
def test_the_top_tells_depth_status_and_kind(jahr: int) -> None:
    year = load(jahr)
    html = pictures.badge(year).html
    assert pictures.STATUS[year.status] in html and pictures.KIND[year.kind] in html
    assert all(f"../{page}.html" in html for page, _ in pictures.CHAPTERS[year.law])


@pytest.mark.parametrize("jahr", [2009, 2015, 2024])
def test_pictures_are_drawn(jahr: int) -> None:
    for draw in (pictures.balance_picture, pictures.steps_picture, pictures.relations_picture):
        if draw(made(jahr)) is not None:
            check_drawn(lambda draw=draw: draw(made(jahr)))  # type: ignore[misc]


@pytest.mark.parametrize("jahr", years())
def test_every_year_has_its_balance(jahr: int) -> None:
    page = pictures.Outcome(load(jahr), pictures.preferred(load(jahr).results), None, None)
    frame = pictures.balance(page)
    assert frame is not None and set(frame["land"]) == set(CODES)
    assert frame["mio"].is_monotonic_decreasing


def test_sources_that_disagree_stand_beside_the_value_that_counts() -> None:
    table = pictures.balance_table(made(2003))
    assert table is not None
    assert "anders: Wikipedia-Tabelle" in table.html
    assert table.html.count("<td") == 16 * 3


def test_published_grants_and_their_sum_agree() -> None:
    frame = pictures.bez(made(2015))
    assert frame is not None
    totals = made(2015).results["bez"]
    assert frame.sum(axis=1).to_dict() == pytest.approx(
        {land: float(value.value) / 1e6 for land, value in totals.items() if value.value}, abs=3
    )


def test_a_fit_that_fails_says_so() -> None:
    assert "Kein Durchschnitt" in pictures.predictions(made(2017)).text  # type: ignore[union-attr]
    assert "Ein einziger Durchschnitt" in pictures.predictions(made(2015)).text  # type: ignore[union-attr]
    assert "Vorhersagen" in pictures.predictions(made(2024)).text  # type: ignore[union-attr]


@pytest.mark.parametrize(("law", "jahr"), [("fag2005", 2015), ("fag2020", 2025)])
def test_complete_inputs_give_the_whole_chain(law: str, jahr: int) -> None:
    page = invented(law, jahr)
    assert page.settlement is not None
    chain = pictures.inputs_outcome(page)
    assert chain is not None and chain.html.count("<tr>") == 17
    assert pictures.missing_lines(page.year) == []
    steps = pictures.steps(page)
    assert steps is not None
    assert steps["Ausgleich der Länder"].sum() == pytest.approx(0, abs=1e-6)
    for picture in (pictures.balance_picture(page), pictures.waterfall(page), pictures.relations_picture(page)):
        assert "NaN" not in render(picture.to_dict())["text/html"]
    assert "vorläufig" in render(pictures.balance_picture(page).to_dict())["text/html"]


def test_missing_inputs_are_those_a_line_starts_from() -> None:
    keys = [line.key for line in pictures.missing_lines(load(2022), ["umsatzsteuer_nach_einwohnern"])]
    assert keys == ["festgestellte_einwohner", "zensus_unterschied", "umsatzsteuer_insgesamt"]
    assert INSGESAMT not in keys
    assert all(line.published for line in pictures.missing_lines(load(2022)))
