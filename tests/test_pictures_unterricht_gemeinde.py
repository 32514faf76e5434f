"""The lesson on a Gemeinde: paper, law and calculator agree, and the million is followed through the years."""

import pytest

from lfa import koerperschaften
from lfa.pictures import gemeinde
from lfa.pictures import unterricht_gemeinde as pictures
from lfa.pictures.gemeinde import MAIN, Seite
from lfa.pictures.unterricht_gemeinde import GRANT, LEVY, LUMP, MORE, YEAR


@pytest.fixture(scope="module")
def page() -> Seite:
    return gemeinde.page(YEAR)


def test_paper_and_law_agree(page: Seite) -> None:
    frame = pictures.paper(page).dropna()
    assert len(frame) > 10 and (frame["papier"] == frame["programm"]).all()


def test_a_wrong_sum_is_noticed(page: Seite, monkeypatch: pytest.MonkeyPatch) -> None:
    wrong = [
        one._replace(text="12.000 · (Kopfbetrag + 76,20)") if one.name == "Bedarf" else one for one in pictures.PAPER
    ]
    monkeypatch.setattr(pictures, "PAPER", wrong)
    with pytest.raises(AssertionError, match="Bedarf"):
        pictures.paper(page)


def test_the_calculator_starts_at_the_mustergemeinde(page: Seite) -> None:
    lines = pictures.computed({})
    for key in ("steuerkraftmesszahl", "bedarfsmesszahl", GRANT, LEVY, LUMP):
        assert lines[key] == pytest.approx(page.lines[MAIN][key], abs=0.005)


def test_an_address_is_read_as_it_was_written(page: Seite) -> None:
    for changes in ({}, pictures.business(page), pictures.lasting(page)):
        assert pictures.read(pictures.address(changes)) == changes


@pytest.mark.parametrize("changes", [{"gewerbesteuer": -1}, {"unbekannt": 1}, {"einwohner": 0.5}])
def test_an_address_the_page_would_not_read_is_refused(changes: dict[str, float]) -> None:
    with pytest.raises(ValueError, match="does not know"):
        pictures.address(changes)


def test_the_million_year_by_year(page: Seite) -> None:
    """The same by six years of the law, one after the other: the business comes in the first of them."""
    body, before = page.body(MAIN), page.amounts(MAIN)
    lost: list[float] = []
    kept = []
    for year in range(6):
        inputs = dict(body.inputs)
        if year >= 2:
            inputs |= pictures.business(page)
            inputs["schluesselzuweisung_vorvorjahr"] -= lost[year - 2]
        (settled,) = koerperschaften.settle(YEAR, [body._replace(inputs=inputs)])
        (rows,) = settled.rows()
        after = {row.item: float(row.amount) for row in rows}
        lost.append(before[GRANT] - after[GRANT])
        levy = pictures.business(page)["gewerbesteuerumlage"] - body.inputs["gewerbesteuerumlage"]
        kept.append(MORE - levy + after["saldo"] - before["saldo"])
    left = pictures.remains(page).loc["bleibt"]
    assert kept == pytest.approx([left[name] for name in ("sofort", "zuerst", "dauernd") for _ in range(2)], abs=1)


def test_an_empty_sheet_holds_no_answer(page: Seite) -> None:
    for sheet in (pictures.strength_sheet, pictures.steps_sheet):
        filled, empty = sheet(page), sheet(page, filled=False)
        assert "lfa-luecke" in empty.html and "lfa-luecke" not in filled.html
        for answer in ("14.802.437", "20.967.600", "4.319.930", "1.539.942"):
            assert answer not in empty.html
    assert "4.018.453" in pictures.steps_sheet(page).text
