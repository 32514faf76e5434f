"""The commands on the municipal equalisation of Baden-Württemberg: ``python -m lfa municipal``."""

import json
from collections.abc import Sequence
from pathlib import Path

import click

from lfa import koerperschaften
from lfa.bekanntmachung import load
from lfa.console import columns, csv_text, data_errors_exit_2
from lfa.koerperschaften import KINDS, Effect, Row

COLUMNS = ("year", "section", "paragraph", "key", "value", "unit", "printed")


@click.group()
def municipal() -> None:
    """Municipal equalisation of Baden-Württemberg: what is announced every year, and what a body gets."""


@municipal.command()
@click.argument("jahr", metavar="YEAR", type=int)
@click.option("--format", "form", type=click.Choice(["csv", "json", "table"]), default="table", show_default=True)
@data_errors_exit_2
def parameters(jahr: int, form: str) -> None:
    """Every number that the announcement of a YEAR prints, in its order; values in the printed unit."""
    rows = [
        {name: str(jahr) if name == "year" else getattr(parameter, name) for name in COLUMNS}
        for parameter in load(jahr).values()
    ]
    if form == "csv":
        click.echo(csv_text(rows, COLUMNS), nl=False)
    elif form == "json":
        click.echo(json.dumps([{**row, "year": jahr} for row in rows], ensure_ascii=False, indent=0))
    else:
        click.echo(columns([COLUMNS, *(list(row.values()) for row in rows)]), nl=False)


@municipal.command()
@click.argument("jahr", metavar="YEAR", type=int)
@click.option(
    "--kind", "kinds", type=click.Choice(list(KINDS)), multiple=True, required=True,
    help="Kind of body; a second time for schultraeger, which any body may be as well.",
)  # fmt: skip
@data_errors_exit_2
def template(jahr: int, kinds: Sequence[str]) -> None:
    """Write the table to fill in for bodies of a kind: a row per body, the columns with unit, paragraph, meaning."""
    load(jahr)
    if not koerperschaften.combined(" ".join(kinds)):
        raise click.UsageError(f"{' and '.join(kinds)} do not go together; only schultraeger goes with another kind")
    click.echo(koerperschaften.template(jahr, kinds), nl=False)


def _readings(context: click.Context, parameter: click.Parameter, given: Sequence[str]) -> dict[str, int]:
    result = {}
    for text in given:
        name, _, answer = text.partition("=")
        if answer not in ("0", "1"):
            raise click.BadParameter(f"{text!r} is not NAME=0 or NAME=1")
        result[name] = int(answer)
    return result


@municipal.command()
@click.argument("jahr", metavar="YEAR", type=int)
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--format", "form", type=click.Choice(["csv", "json", "table"]), default="table", show_default=True)
@click.option(
    "--reading", "readings", metavar="NAME=0|1", multiple=True, callback=_readings,
    help="Another answer to a question that the law leaves open; may be repeated.",
)  # fmt: skip
@data_errors_exit_2
def compute(jahr: int, file: Path, form: str, readings: dict[str, int]) -> None:
    """What the bodies of a FILE get and pay in a YEAR, item by item in EUR; what flows from the body is negative.

    Begin with: python -m lfa municipal template YEAR --kind gemeinde > FILE. Which open points of the law matter, and
    by how much, is told on stderr.
    """
    bodies = koerperschaften.read(file, jahr, readings)
    rows = koerperschaften.entitlements(jahr, bodies, readings)
    if form == "csv":
        click.echo(csv_text([_written(row) for row in rows], Row._fields), nl=False)
    elif form == "json":
        click.echo(json.dumps([row._asdict() for row in rows], ensure_ascii=False, indent=0))
    else:
        click.echo(_table(rows), nl=False)
    for effect in koerperschaften.effects(jahr, bodies, readings):
        if told := _effect(effect):
            click.echo(told, err=True)


def _written(row: Row) -> dict[str, object]:
    """Amounts to the cent, basis and rate as they are; nothing where there is none."""
    numbers = {
        name: "" if value is None else f"{value:.12g}" for name, value in (("basis", row.basis), ("rate", row.rate))
    }
    return {**row._asdict(), **numbers, "amount": _cents(row.amount)}


def _cents(amount: float) -> str:
    return f"{round(amount, 2) + 0.0:.2f}"


def _table(rows: Sequence[Row]) -> str:
    """A line per row, without the codes of the items."""
    lines = [["body", "paragraph", "label", "basis", "", "rate", "", "amount EUR"]]
    for row in rows:
        basis, rate = ("" if value is None else f"{value:,.12g}" for value in (row.basis, row.rate))
        amount = f"{round(row.amount, 2):,.2f}"
        lines.append([row.body, row.paragraph, row.label, basis, row.basis_unit, rate, row.rate_unit, amount])
    return columns(lines)


def _effect(effect: Effect) -> str:
    """What the other answer to an open point changes, or nothing if it changes nothing."""
    reading = effect.reading
    other = f"{reading.name}={1 - reading.taken}"
    if not effect.changes:
        return f"open point: {reading.description}: {other} needs more columns"
    moved = {name: change for name, change in effect.changes.items() if abs(change) >= 0.005}
    if not moved:
        return ""
    most = max(moved, key=lambda name: abs(moved[name]))
    bodies = "1 body" if len(moved) == 1 else f"{len(moved)} bodies"
    return f"open point: {reading.description}: {other} changes {bodies}, most {most}: {moved[most]:+,.2f} EUR"
