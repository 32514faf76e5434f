"""Executes one notebook of the book for one Ausgleichsjahr, and carries figures into its prose."""

from __future__ import annotations

import os
import re
import sys
import tempfile
from collections.abc import Sequence
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from nbformat import NotebookNode

KEPT_AS_THEY_ARE = {"remove-cell", "remove-input", "hide-cell", "hide-input", "show-input"}
BAD_DATA = 2
SOLUTION = re.compile(r"(### Aufgabe (\d): .*?<summary>Lösung)(?=</summary>)", re.DOTALL)
"""Who hears the page instead of seeing it must know whose solution opens."""
FIGURE_AND_STOP = re.compile(r"(\{glue:text\}`([^`]+)`\**)\.(?!\w)")


class NotExecutedError(Exception):
    """A notebook cannot be shown for a year; the message is meant for people."""

    def __init__(self, message: str, exit_code: int) -> None:
        super().__init__(message)
        self.exit_code = exit_code


def in_prose(name: str, text: str) -> None:
    """Store ``text`` for the role ``{glue:text}`` under ``name``; a number and its unit stay on one line."""
    from IPython.display import publish_display_data

    from lfa.tables import unbroken

    # What myst_nb.glue stores, without importing Sphinx into every kernel. Wrapped in quotes of its own, because the
    # role reads the text as a Python literal: a bare 1_000 or "12" would come back changed.
    publish_display_data(  # type: ignore[no-untyped-call]
        {"application/papermill.record/text/plain": repr(unbroken(text))},
        metadata={"scrapbook": {"name": name, "mime_prefix": "application/papermill.record/"}},
    )


def require(notebook: NotebookNode, name: str, year: int) -> None:
    """Refuse a year without data, and a notebook whose stages the data of the year do not allow."""
    from lfa.bekanntmachung import load
    from lfa.errors import DataError
    from lfa.years import available

    about = notebook.metadata.get("lfa", {})
    try:
        if about.get("bekanntmachung"):
            load(year)
            return
        possible = available(year)
    except DataError as error:
        raise NotExecutedError(str(error), BAD_DATA) from None
    if missing := [stage for stage in about.get("stages", []) if stage not in possible]:
        raise NotExecutedError(
            f"Für {year} kann {name} nicht berechnet werden: Es fehlen die Stufen {', '.join(missing)}.", BAD_DATA
        )


def execute(source: Path, year: int) -> NotebookNode:
    """Run a notebook for a year and return it the way the book shows it; the same input gives the same bytes."""
    import logging

    import papermill
    from papermill.exceptions import PapermillExecutionError

    notebook = _read(source)
    require(notebook, source.name, year)
    os.environ.setdefault("PYTHONHASHSEED", "0")
    logging.getLogger("papermill").setLevel(logging.ERROR)
    try:
        notebook = papermill.execute_notebook(
            str(source),
            None,
            parameters={"jahr": year},
            cwd=str(source.parent),
            progress_bar=False,
            coalesce_streams=True,
            extra_arguments=["--log-level=CRITICAL"],
        )
    except PapermillExecutionError as error:
        raise NotExecutedError(_failure(source, year, error), 1) from None
    return finish(notebook, year)


def finish(notebook: NotebookNode, year: int) -> NotebookNode:
    """Drop what differs from run to run, hide what only programmers want, tell Markdown the year."""
    notebook.metadata.pop("papermill", None)
    notebook.metadata["myst"] = {"substitutions": {"jahr": year}}
    if address := notebook.metadata.get("lfa", {}).get("rechner"):
        notebook.cells.append(_link_to_calculator(address.format(jahr=year)))
    ending = _ending_in_a_stop(notebook)
    for position, cell in enumerate(notebook.cells):
        cell["id"] = f"zelle-{position}"
        if cell.cell_type == "markdown":
            cell.source = SOLUTION.sub(r'\1<span class="lfa-unsichtbar"> zu Aufgabe \2</span>', cell.source)
            cell.source = FIGURE_AND_STOP.sub(lambda found: found[1] + "." * (found[2] not in ending), cell.source)
        cell.metadata.pop("execution", None)
        cell.metadata.pop("papermill", None)
        if cell.cell_type == "code":
            cell.metadata["tags"] = _tags(cell.metadata.get("tags", []))
    return notebook


def _ending_in_a_stop(notebook: NotebookNode) -> set[str]:
    """Figures whose text ends with a full stop of its own (5 v.H.): a sentence that ends there needs no other."""
    glued = [
        (output.metadata["scrapbook"]["name"], output.data["application/papermill.record/text/plain"])
        for cell in notebook.cells
        if cell.cell_type == "code"
        for output in cell.outputs
        if "scrapbook" in output.get("metadata", {})
    ]
    return {name for name, text in glued if text.endswith((".'", '."'))}


def _link_to_calculator(address: str) -> NotebookNode:
    """The last cell of a chapter: the calculator, opened at what the chapter is about."""
    import nbformat

    text = (
        f'<p class="lfa-weiter"><a href="{escape(address)}">Selbst rechnen: ändern und sehen, was daraus wird</a></p>'
    )
    cell: NotebookNode = nbformat.v4.new_markdown_cell(text)  # type: ignore[no-untyped-call]
    return cell


def write(notebook: NotebookNode, target: Path) -> None:
    """Write in one step: a killed run leaves either the old file or none."""
    import nbformat

    target.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
    os.close(handle)
    try:
        nbformat.write(notebook, temporary)  # type: ignore[no-untyped-call]
        os.chmod(temporary, 0o644)
        os.replace(temporary, target)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def _read(source: Path) -> NotebookNode:
    import nbformat

    notebook: NotebookNode = nbformat.read(source, as_version=4)  # type: ignore[no-untyped-call]
    return notebook


def _tags(tags: Sequence[str]) -> list[str]:
    if {"parameters", "injected-parameters"} & set(tags):
        return list(dict.fromkeys([*tags, "remove-cell"]))
    return list(tags) if KEPT_AS_THEY_ARE & set(tags) else [*tags, "hide-input"]


def _failure(source: Path, year: int, error: Any) -> str:
    """Name notebook, year, cell and error; the line that failed stands in the traceback's arrow."""
    trace = re.sub(r"\x1b\[[0-9;]*m", "", "\n".join(error.traceback))
    arrow = re.search(r"^-+> +\d+ (.*)$", trace, re.MULTILINE)
    line = arrow[1].strip() if arrow else str(error.source).strip().splitlines()[0]
    what = f"{error.ename}: {error.evalue}" if error.evalue else error.ename
    return f"{source} scheitert im Jahr {year} in Zelle [{error.exec_count}] bei „{line}“: {what}"


def _stop(error: NotExecutedError) -> None:
    click.echo(f"Fehler: {error}", err=True)
    sys.exit(error.exit_code)


@click.group()
def main() -> None:
    """Notebooks des Buchs ausführen."""


@main.command("execute")
@click.argument("notebook", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--jahr", "year", type=int, required=True, help="Ausgleichsjahr")
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), required=True, help="Ziel")
def execute_command(notebook: Path, year: int, output: Path) -> None:
    """Ein Notebook für ein Jahr ausführen."""
    try:
        write(execute(notebook, year), output)
    except NotExecutedError as error:
        _stop(error)


@main.command("check")
@click.argument("notebooks", nargs=-1, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--jahr", "year", type=int, required=True, help="Ausgleichsjahr")
def check_command(notebooks: Sequence[Path], year: int) -> None:
    """Prüfen, ob die Daten eines Jahres für alle Notebooks reichen, ohne eines auszuführen."""
    problems: list[str] = []
    for notebook in notebooks:
        try:
            require(_read(notebook), notebook.name, year)
        except NotExecutedError as error:
            problems.append(str(error))
    if problems:
        _stop(NotExecutedError("\n".join(dict.fromkeys(problems)), BAD_DATA))


if __name__ == "__main__":
    main()
