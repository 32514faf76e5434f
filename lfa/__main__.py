"""The command line: ``python -m lfa``. Results go to stdout; exit 0 fine, 1 a check failed, 2 bad usage or bad data."""

import json
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from decimal import Decimal

import click
import pandas as pd

from lfa import settlement as settling
from lfa.checks import DEPTHS, checks, depth, implied_umsatzsteuer
from lfa.console import columns, csv_text, data_errors_exit_2
from lfa.errors import DataError, Problem
from lfa.evidence import identity_counts
from lfa.files import shown
from lfa.inputs import doubts
from lfa.lines import registry
from lfa.municipal import municipal
from lfa.reconstruction import reconstruct
from lfa.results import contradictions
from lfa.settlement import DECIMALS, Figure, Settlement, comparison, counted, reproduced, to_the_last_digit
from lfa.states import CODES, INSGESAMT
from lfa.years import Year, create, load, read_draft, readable, years

GROUPS = {
    "paragraf_1": "§ 1",
    "paragraf_2": "§ 2",
    "paragraf_3": "§ 3",
    "paragraf_4": "§ 4",
    "vorblatt": "Vorblatt",
    "begruendung": "Begründung",
    "anlage1": "Anlage 1, Zeile",
    "anlage3": "Anlage 3,",
    "einwohner": "Anlage Einwohner,",
    "realsteuerkraft": "Anlage Realsteuerkraft,",
    "ergebnisse": "published,",
}
"""Official groups in the order of the document, as a check names them."""
REMARKS = {"paragraf_1": " (consistency only: the tax receipts derive from it and Zeile 41)"}
WHOLE_GROUPS = ("paragraf_1", "paragraf_2", "paragraf_3", "paragraf_4", "vorblatt")


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """Recomputes Germany's Länderfinanzausgleich from official inputs to the last printed figure."""


main.add_command(municipal)


@main.command("years")
@data_errors_exit_2
def show_years() -> None:
    """Years with data: law, status and kind of the data, stages they allow, and what is missing."""
    good, bad = readable()
    for year in good:
        click.echo(f"{year.year}  law {year.law}  {year.status}  {year.kind}  {DEPTHS[depth(year)]}")
        click.echo(f"      stages: {' '.join(year.stages) or 'none; published results only'}")
        for stage, reason in year.missing.items():
            click.echo(f"      without {stage}: {reason}")
        for note in year.notes:
            click.echo(f"      note: {note}")
    for jahr in bad:
        click.echo(f"{jahr}  cannot be read; see: python -m lfa check {jahr}")


@main.command()
@click.argument("jahr", metavar="YEAR", type=int)
@click.option("--format", "form", type=click.Choice(["csv", "json", "table"]), default="table", show_default=True)
@data_errors_exit_2
def compute(jahr: int, form: str) -> None:
    """Settle a YEAR: tidy rows of every line, Land and Insgesamt. Money in EUR.

    A year of which only results are published is worked back from them: stage rekonstruktion.
    """
    year = load(jahr)
    if depth(year) != "inputs":
        _compute_backwards(year, form)
        return
    settlement = settling.settle_year(year)
    if form == "table":
        click.echo(_wide(settlement))
    else:
        _tidy(settlement.to_long(), form)
    for key, laender in settlement.readings.items():
        click.echo(f"reconstructed reading binds: {_reading(settlement.year, key, laender)}", err=True)


def _tidy(frame: pd.DataFrame, form: str) -> None:
    rows = [{**row, "value": _plain(row["value"], row["unit"])} for row in frame.to_dict(orient="records")]
    if form == "csv":
        click.echo(csv_text(rows, list(frame)), nl=False)
    else:
        click.echo(json.dumps([{**row, "value": float(row["value"])} for row in rows], ensure_ascii=False, indent=0))


def _compute_backwards(year: Year, form: str) -> None:
    """What follows from the published results of a year; nothing is computed forwards."""
    if "rekonstruktion" not in year.stages:
        place = f"data/{year.year}"
        found, expected = "published results, which do not suffice to work back from them", "inputs, or more results"
        raise DataError([Problem(place, found=found, expected=expected)])
    frame = reconstruct(year).to_long(year.year)
    if form != "table":
        _tidy(frame, form)
        return
    wide = frame.pivot(index=["quantity", "unit"], columns="land", values="value")
    wide = wide.reindex([(line.key, line.unit) for line in registry("rekonstruktion").values()])
    rows = [["quantity", "unit", *CODES, INSGESAMT]]
    for (key, unit), values in wide.iterrows():
        decimals = 0 if unit == "EUR" else DECIMALS[unit]
        rows.append([key, unit, *("" if value != value else f"{value:,.{decimals}f}" for value in values[rows[0][2:]])])
    click.echo(columns(rows), nl=False)


@main.command()
@click.argument("jahre", metavar="[YEAR ...]", type=int, nargs=-1)
@click.option("--all", "every", is_flag=True, help="Every year with data.")
@data_errors_exit_2
def check(jahre: Sequence[int], every: bool) -> None:
    """Compare computed with official figures, a line per official group. Exit 1 if one deviates."""
    if bool(jahre) == every:
        raise click.UsageError("name the years to check, or --all")
    for jahr in jahre:
        if jahr not in years():
            load(jahr)
    outcomes = [_check(jahr) for jahr in (years() if every else jahre)]
    if worst := max(outcomes):
        sys.exit(worst)


@main.command("new-year")
@click.argument("jahr", metavar="YEAR", type=int)
@data_errors_exit_2
def new_year(jahr: int) -> None:
    """Write the files of a new YEAR to fill in: every input its law needs, with unit, paragraph and where published."""
    for path in create(jahr):
        click.echo(shown(path))
    click.echo(f"Fill in the values, then: python -m lfa check {jahr}", err=True)


@main.command()
@click.argument("jahr", metavar="YEAR", type=int)
@click.option("--format", "form", type=click.Choice(["csv", "table"]), default="table", show_default=True)
@data_errors_exit_2
def errata(jahr: int, form: str) -> None:
    """Every corrected cell of a YEAR's source, with its proof."""
    names = ("table", "line", "land", "printed", "corrected", "kind", "group", "proof")
    rows = [
        {
            **erratum.cell._asdict(),
            "printed": erratum.printed,
            "corrected": "" if erratum.corrected is None else f"{erratum.corrected:f}",
            "kind": erratum.kind,
            "group": erratum.group,
            "proof": " ".join(erratum.proof),
        }
        for erratum in load(jahr).errata
    ]
    click.echo(
        csv_text(rows, names) if form == "csv" else columns([names, *(list(row.values()) for row in rows)]), nl=False
    )


def _check(jahr: int) -> int:
    """Print the check of one year: 0 if nothing deviates, 1 if a figure does or is implausible, 2 if data are bad."""
    plausible = True
    try:
        if draft := read_draft(jahr):
            law, given, problems = draft
            found = doubts(law, given, settling.known_of(jahr - 1))
            for doubt in found:
                click.echo(f"implausible: {doubt.quantity}, {doubt.land}: {doubt.found}, expected {doubt.expected}")
            plausible = not found
            if problems:
                raise DataError(problems)
        year = load(jahr)
    except DataError as error:
        click.echo(str(error), err=True)
        return 2
    click.echo(f"{year.year}, {year.law}, {year.status}, {year.kind}, {DEPTHS[depth(year)]}")
    try:
        good = _check_results(year)
    except DataError as error:
        click.echo(str(error), err=True)
        return 2
    settled = _check_settlement(settling.settle_year(year)) if depth(year) == "inputs" else True
    return 0 if good and settled and plausible else 1


def _check_results(year: Year) -> bool:
    """Print what can be checked about the published results of a year; whether nothing final fails."""
    found = checks(year)
    rows = [["check", "figures", "off", "result", "statement"]]
    rows += [
        [
            check.name,
            str(check.figures),
            f"{check.off:.6g} (tolerance {check.tolerance:.6g})",
            check.kind,
            f"{check.paragraph}: {check.statement}",
        ]
        for check in found
    ]
    if found:
        click.echo(columns(rows), nl=False)
    if implied := implied_umsatzsteuer(year):
        click.echo(f"implied by § 1: national Umsatzsteuer of {float(implied[0]):,.0f} EUR (derived)")
    for other in contradictions(year.results):
        values = (f"{float(result.value):,.0f} EUR ({result.source})" for result in (other.chosen, other.other))
        click.echo(f"sources disagree: {other.quantity}, {other.land}: " + " counts, not ".join(values))
    good = [check for check in found if check.kind == "holds"]
    click.echo(f"{len(good)} of {len(found)} checks of published results hold")
    return all(check.kind != "fails" for check in found)


def _check_settlement(settlement: Settlement) -> bool:
    """Print computed against official; whether nothing deviates."""
    year = settlement.year
    figures = comparison(settlement)
    groups: dict[str, list[Figure]] = {}
    for figure in sorted(figures, key=_order):
        groups.setdefault(_group(figure), []).append(figure)
    rows = [["official group", "figures", "largest difference", "classes"]]
    rows += [[name, str(len(members)), _largest(members), _classes(members)] for name, members in groups.items()]
    click.echo(columns(rows), nl=False)
    for figure in figures:
        if figure.kind in ("deviating", "open"):
            click.echo(f"{figure.kind}: {_group(figure)}, {figure.land}: {_difference(figure)}")
    for finding in year.open:
        click.echo(f"open: {finding.cell.table} {finding.cell.line} {finding.cell.land}: {finding.finding}")
    for key, laender in settlement.readings.items():
        click.echo(f"reconstructed reading binds: {_reading(year, key, laender)}")
    if year.figures:
        before, after = identity_counts(year).itertuples()
        click.echo(
            f"{before.regeln} identities: {before.verletzt} fail in the source as read, {after.verletzt} after errata"
        )
    results, found, exact = counted(figures), reproduced(figures), to_the_last_digit(figures)
    click.echo(f"{len(exact)} figures agree to the last printed digit, the others within rounding or after errata")
    click.echo(f"{len(found)} of {len(results)} official figures reproduced")
    return all(figure.kind != "deviating" for figure in figures)


def _order(figure: Figure) -> tuple[int, int]:
    """Groups in the order of the document, Zeilen by number."""
    return list(GROUPS).index(figure.table), int(figure.line) if figure.line.isdigit() else 0


def _group(figure: Figure) -> str:
    name = GROUPS[figure.table]
    if figure.table in WHOLE_GROUPS:
        return name + REMARKS.get(figure.table, "")
    return f"{name} {figure.line.replace('spalte_', 'Sp. ')}"


def _classes(figures: Iterable[Figure]) -> str:
    return ", ".join(f"{count} {kind}" for kind, count in Counter(figure.kind for figure in figures).items())


def _largest(figures: Iterable[Figure]) -> str:
    return _difference(max(figures, key=lambda figure: abs(figure.difference)))


def _difference(figure: Figure) -> str:
    return f"{figure.difference:.6g} (tolerance {figure.tolerance:.6g})" if abs(figure.difference) >= 1e-6 else "0"


def _reading(year: Year, key: str, laender: Sequence[str]) -> str:
    line = registry(year.law)[key]
    return f"{line.paragraph}, {' '.join(laender)}: {line.label}"


def _plain(value: float, unit: str) -> str:
    """A plain decimal in the unit of the line, without exponent."""
    text = f"{Decimal(value):.{DECIMALS.get(unit, 0)}f}"
    return text.removeprefix("-") if not text.strip("-0.") else text


def _wide(settlement: Settlement) -> str:
    """The table of the Anlage, amounts in EUR without cents."""
    frame = settlement.to_frame()
    head = ["Zeile", "quantity", "unit", *CODES, INSGESAMT]
    rows = [
        [row["zeile"], key, row["unit"]]
        + [
            "" if value != value else f"{value:,.{0 if row['unit'] == 'EUR' else DECIMALS.get(row['unit'], 0)}f}"
            for value in row[[*CODES, INSGESAMT]]
        ]
        for key, row in frame.iterrows()
    ]
    return columns([head, *rows]).rstrip("\n")


if __name__ == "__main__":
    main(prog_name="python -m lfa")
