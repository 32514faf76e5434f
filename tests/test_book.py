"""Executing one notebook: reproducible, hidden where it should be, and clear when it fails."""

from __future__ import annotations

from pathlib import Path

import nbformat
import pytest
from click.testing import CliRunner, Result

import lfa.years
from lfa import book
from lfa.errors import DataError, Problem

new = nbformat.v4


@pytest.fixture(autouse=True)
def _data(monkeypatch: pytest.MonkeyPatch) -> None:
    def available(year: int) -> set[str]:
        if year == 1899:
            raise DataError([Problem("data/1899", found="no data for this year")])
        return {"finanzkraft"}

    monkeypatch.setattr(lfa.years, "available", available)


def notebook(folder: Path, *cells: str, stages: tuple[str, ...] = ()) -> Path:
    first = new.new_code_cell("jahr = 2003", metadata={"tags": ["parameters"]})
    made = new.new_notebook(cells=[first, *map(new.new_code_cell, cells)])
    made.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
    made.metadata["lfa"] = {"stages": list(stages)}
    path = folder / "kapitel.ipynb"
    nbformat.write(made, path)
    return path


def run(source: Path, target: Path, year: int = 2005) -> Result:
    return CliRunner().invoke(book.main, ["execute", str(source), "--jahr", str(year), "--output", str(target)])


def test_two_runs_give_the_same_bytes_and_hide_the_program(tmp_path: Path) -> None:
    source = notebook(
        tmp_path,
        "print(jahr); print({'a', 'b', 'c'})",
        "from lfa.book import in_prose\nin_prose('volumen', '6.609.802 Tsd. €')",
    )
    targets = [tmp_path / "neu" / "eins.ipynb", tmp_path / "neu" / "zwei.ipynb"]
    assert [run(source, target).exit_code for target in targets] == [0, 0]
    assert targets[0].read_bytes() == targets[1].read_bytes()

    made = nbformat.read(targets[0], as_version=4)
    nbformat.validate(made)
    assert [cell.metadata["tags"][-1] for cell in made.cells] == [
        "remove-cell",
        "remove-cell",
        "hide-input",
        "hide-input",
    ]
    assert made.metadata["myst"] == {"substitutions": {"jahr": 2005}}
    assert "papermill" not in made.metadata
    assert made.cells[2].outputs[0].text.startswith("2005\n")
    assert made.cells[3].outputs[0].data == {
        "application/papermill.record/text/plain": repr("6.609.802\u00a0Tsd.\u00a0€")
    }
    assert sorted(tmp_path.joinpath("neu").iterdir()) == targets


def test_a_failing_cell_is_named_and_leaves_nothing(tmp_path: Path) -> None:
    target = tmp_path / "neu" / "kapitel.ipynb"
    result = run(notebook(tmp_path, "x = 1", "summe = 2\nassert summe == 3, 'Summe geht nicht auf'"), target)
    assert result.exit_code == 1
    assert "kapitel.ipynb scheitert im Jahr 2005 in Zelle [4] bei „assert summe == 3, 'Summe geht nicht auf'“" in (
        result.stderr
    )
    assert result.stderr.rstrip().endswith("AssertionError: Summe geht nicht auf")
    assert "Traceback" not in result.output
    assert not target.exists()


def test_missing_stages_are_named(tmp_path: Path) -> None:
    result = run(notebook(tmp_path, stages=("finanzkraft", "tarif", "bez")), tmp_path / "neu.ipynb")
    assert result.exit_code == 2
    assert result.stderr == (
        "Fehler: Für 2005 kann kapitel.ipynb nicht berechnet werden: Es fehlen die Stufen tarif, bez.\n"
    )


def test_a_year_without_data_is_refused_once_for_all_notebooks(tmp_path: Path) -> None:
    source = str(notebook(tmp_path))
    result = CliRunner().invoke(book.main, ["check", "--jahr", "1899", source, source])
    assert (result.exit_code, result.stderr) == (2, "Fehler: data/1899, found: no data for this year\n")


def test_writing_leaves_the_old_file_when_it_fails(tmp_path: Path) -> None:
    target = tmp_path / "alt.ipynb"
    target.write_text("alt")
    with pytest.raises(AttributeError):
        book.write(None, target)  # type: ignore[arg-type]
    assert target.read_text() == "alt"
    assert list(tmp_path.iterdir()) == [target]


@pytest.mark.parametrize("tag", ["show-input", "remove-input", "remove-cell"])
def test_an_author_may_decide_what_is_shown(tag: str) -> None:
    made = book.finish(new.new_notebook(cells=[new.new_code_cell("1", metadata={"tags": [tag]})]), 2003)
    assert made.cells[0].metadata["tags"] == [tag]


def test_a_chapter_leads_to_the_calculator_at_its_stage(tmp_path: Path) -> None:
    source = notebook(tmp_path, "jahr")
    text = nbformat.read(source, as_version=4)
    text.metadata["lfa"]["rechner"] = "../selbst_rechnen.html#jahr={jahr}&zeile=<b>"
    nbformat.write(text, source)
    assert run(source, tmp_path / "ziel.ipynb").exit_code == 0
    last = nbformat.read(tmp_path / "ziel.ipynb", as_version=4).cells[-1]
    assert last.cell_type == "markdown" and "#jahr=2005&amp;zeile=&lt;b&gt;" in last.source


def test_a_page_about_an_announcement_needs_one(tmp_path: Path) -> None:
    source = notebook(tmp_path, "jahr")
    text = nbformat.read(source, as_version=4)
    text.metadata["lfa"] = {"bekanntmachung": True}
    nbformat.write(text, source)
    assert run(source, tmp_path / "ziel.ipynb", 2023).exit_code == 0
    result = run(source, tmp_path / "keins.ipynb", 2014)
    assert result.exit_code == 2 and "no such announcement" in result.output
    assert not (tmp_path / "keins.ipynb").exists()


def test_a_figure_that_ends_with_a_stop_ends_the_sentence() -> None:
    glued = [
        new.new_output(
            "display_data",
            {"application/papermill.record/text/plain": repr(text)},
            metadata={"scrapbook": {"name": name, "mime_prefix": "application/papermill.record/"}},
        )
        for name, text in {"satz": "5\u00a0v.H.", "zahl": "16"}.items()
    ]
    prose = (
        "Es sind {glue:text}`satz`. Das gilt für {glue:text}`zahl`. Nur **{glue:text}`satz`**. {glue:text}`satz`, ja."
    )
    cells = [new.new_code_cell("1", outputs=glued), new.new_markdown_cell(prose)]
    made = book.finish(new.new_notebook(cells=cells), 2003)
    assert made.cells[1].source == (
        "Es sind {glue:text}`satz` Das gilt für {glue:text}`zahl`. Nur **{glue:text}`satz`** {glue:text}`satz`, ja."
    )


def test_a_solution_is_named_for_those_who_hear_the_page() -> None:
    cell = (
        '### Aufgabe 2: Titel\n\nFrage?\n\n<details class="lfa-loesung"><summary>Lösung</summary>\n\nJa.\n\n</details>'
    )
    made = book.finish(new.new_notebook(cells=[new.new_markdown_cell(cell)]), 2003)
    assert '<summary>Lösung<span class="lfa-unsichtbar"> zu Aufgabe 2</span></summary>' in made.cells[0].source
