"""The commands on the municipal equalisation of Baden-Württemberg: ``python -m lfa municipal``."""

import json

import click

from lfa.bekanntmachung import load
from lfa.console import columns, csv_text, data_errors_exit_2

COLUMNS = ("year", "section", "paragraph", "key", "value", "unit", "printed")


@click.group()
def municipal() -> None:
    """Municipal equalisation of Baden-Württemberg: what the Finanzministerium announces every year."""


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
