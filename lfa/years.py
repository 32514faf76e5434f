"""One Ausgleichsjahr: what is officially known of it, validated, and what the law can start from."""

import datetime
from collections.abc import Container, Iterable, Mapping
from fractions import Fraction
from functools import cache, partial
from pathlib import Path
from typing import Any, NamedTuple

from lfa.errors import DataError, Problem
from lfa.files import DATA, check_once, load_csv, load_yaml, shown, yaml_row
from lfa.identities import breaches, zweite_verordnung
from lfa.law.arrays import total
from lfa.lines import Line, Place, registry
from lfa.parameters import parameters
from lfa.sources import (
    FIXED_IN_THOUSANDS,
    Cell,
    Erratum,
    Figures,
    correct,
    parse_verordnung,
    place_of,
    read_errata,
)
from lfa.states import CODES, INSGESAMT

THOUSAND = 1000
SCALES = {"anlage1": THOUSAND, "realsteuerkraft": THOUSAND}
"""Euro in one printed unit of the tables that print 1000 euro."""
MONEY = ("EUR", "EUR je Einwohner")


class OpenFinding(NamedTuple):
    """A printed figure that contradicts another, with no proof of either."""

    cell: Cell
    identity: str
    finding: str


class Year(NamedTuple):
    """An Ausgleichsjahr as its data describe it; ``printed`` is the source as it stands, ``figures`` corrected."""

    year: int
    law: str
    status: str
    kind: str
    source: str
    stages: tuple[str, ...]
    missing: Mapping[str, str]
    notes: tuple[str, ...]
    printed: Figures
    figures: Figures
    errata: tuple[Erratum, ...]
    open: tuple[OpenFinding, ...]
    parameters: Mapping[str, Any]


def years() -> tuple[int, ...]:
    """The Ausgleichsjahre for which there are data."""
    return tuple(sorted(int(path.parent.name) for path in DATA.glob("[12][0-9][0-9][0-9]/jahr.yaml")))


def available(jahr: int) -> set[str]:
    """The stages that the data of a year allow. Raises DataError for a year without data."""
    return set(load(jahr).stages)


@cache
def load(jahr: int) -> Year:
    """The Ausgleichsjahr from ``data/<jahr>``. Raises DataError with every defect of its files."""
    if jahr not in years():
        known = ", ".join(str(year) for year in years())
        raise DataError([Problem(f"data/{jahr}", found="no data for this year", expected=f"one of {known}")])
    return read(DATA / str(jahr))


def read(folder: Path) -> Year:
    """The Ausgleichsjahr from a folder. Raises DataError with every defect of the first file that has any."""
    about = _read_about(folder)
    document, errata_csv, open_csv = folder / about["document"], folder / "errata.csv", folder / "open.csv"
    printed = parse_verordnung(document)
    errata = read_errata(errata_csv)
    figures = correct(printed, errata, shown(errata_csv))
    law_parameters = parameters(about["law"], datetime.date(about["jahr"], 12, 31))
    rules = {rule.name: rule for rule in zweite_verordnung(law_parameters)}
    _check_proofs(errata_csv, errata, rules)
    findings = _read_open(open_csv, figures, rules)
    failing = breaches(figures, rules.values())
    known = {(finding.identity, finding.cell.land) for finding in findings}
    problems = [
        Problem(
            shown(document),
            land=breach.land,
            quantity=breach.identity,
            found=f"off by {_amount(breach.excess)} beyond rounding, in the unit of the source",
            expected=rules[breach.identity].text,
        )
        for breach in failing
        if (breach.identity, breach.land) not in known
    ]
    problems += _stale(open_csv, findings, {(breach.identity, breach.land) for breach in failing})
    if problems:
        raise DataError(problems)
    return Year(
        about["jahr"],
        about["law"],
        about["status"],
        about["kind"],
        about["source"],
        tuple(about["stages"]),
        about.get("missing", {}),
        tuple(about.get("notes", ())),
        printed,
        figures,
        errata,
        findings,
        law_parameters,
    )


def _read_about(folder: Path) -> dict[str, Any]:
    """The year's ``jahr.yaml``, which names its folder, a known source and a document beside it."""
    path = folder / "jahr.yaml"
    about: dict[str, Any] = load_yaml(path, "jahr")
    entries = load_yaml(DATA / "sources.yaml", "sources")
    check_once(DATA / "sources.yaml", entries, "id")
    sources = [source["id"] for source in entries]
    checks = (
        ("jahr", str(about["jahr"]), str(about["jahr"]) == folder.name, f"{folder.name}, as the folder is called"),
        ("source", repr(about["source"]), about["source"] in sources, "one of " + " ".join(sources)),
        ("document", repr(about["document"]), (folder / about["document"]).exists(), "a file beside this one"),
    )
    if problems := [
        Problem(shown(path), yaml_row(path, key), "", key, found, expected)
        for key, found, good, expected in checks
        if not good
    ]:
        raise DataError(problems)
    return about


def _amount(value: float) -> str:
    """A difference in plain digits, as precise as it is small."""
    return f"{value:,.4f}".rstrip("0").rstrip(".") if value >= 1 else f"{value:.4g}"


def _read_open(path: Path, figures: Figures, identities: Container[str]) -> tuple[OpenFinding, ...]:
    """The open findings: each about a printed figure, with the name of an identity or none, and given once."""
    rows = load_csv(path, "open")
    findings = tuple(
        OpenFinding(Cell(row["table"], row["line"], row["land"]), row["identity"], row["finding"]) for row in rows
    )
    problems = []
    seen: dict[tuple[Cell, str], int] = {}
    for number, finding in enumerate(findings, 2):
        problem = partial(Problem, shown(path), str(number), finding.cell.land, place_of(finding.cell))
        if finding.cell not in figures:
            problems.append(problem("a blank cell", "a printed figure"))
        if finding.identity and finding.identity not in identities:
            problems.append(problem(f"identity {finding.identity}", "the name of an identity, or nothing"))
        first = seen.setdefault((finding.cell, finding.identity), number)
        if first != number:
            problems.append(problem("the same finding again", f"every finding once; the first is row {first}"))
    if problems:
        raise DataError(problems)
    return findings


def _stale(path: Path, findings: Iterable[OpenFinding], failing: Container[tuple[str, str]]) -> list[Problem]:
    """Findings whose identity holds: nothing is open there any more."""
    return [
        Problem(
            shown(path),
            str(number),
            finding.cell.land,
            place_of(finding.cell),
            f"identity {finding.identity}, which holds",
            "an identity that fails for this Land",
        )
        for number, finding in enumerate(findings, 2)
        if finding.identity and (finding.identity, finding.cell.land) not in failing
    ]


def _check_proofs(path: Path, errata: Iterable[Erratum], identities: Container[str]) -> None:
    if problems := [
        Problem(
            shown(path),
            str(number),
            erratum.cell.land,
            f"{place_of(erratum.cell)} proof",
            name,
            "names of identities",
        )
        for number, erratum in enumerate(errata, 2)
        for name in erratum.proof
        if name not in identities
    ]:
        raise DataError(problems)


def scale(line: Line, place: Place) -> int:
    """What one printed unit of a line is worth in the line's own unit, with the sign of the place."""
    return place.sign * (SCALES.get(place.table, 1) if line.unit in MONEY else 1)


def half_unit(line: Line, place: Place, figures: Figures, land: str) -> Fraction:
    """Half of the last printed digit, in the line's unit: how far the print may be from the unrounded value."""
    if (place.table, place.line) in FIXED_IN_THOUSANDS:
        return Fraction(THOUSAND, 2)
    exponent = int(figures[Cell(place.table, place.line, land)].as_tuple().exponent)
    return Fraction(10) ** exponent / 2 * abs(scale(line, place))


def official(year: Year, key: str) -> dict[str, Fraction]:
    """The official values of a line by Land and INSGESAMT, from its first print of each, in the line's unit."""
    line = registry(year.law)[key]
    result: dict[str, Fraction] = {}
    for place in line.printed:
        for land in (*CODES, INSGESAMT):
            value = year.figures.get(Cell(place.table, place.line, land))
            if value is not None and land not in result:
                result[land] = Fraction(value) * (scale(line, place) if land != INSGESAMT else abs(scale(line, place)))
    return result


# --- What the law starts from -----------------------------------------------------------------------------------------

FROM_PRINT = ("laendersteuern", "gemeindesteuern", "finanzkraftmesszahl")
"""Lines from whose print the next stage starts, so that the roundings of 1000 euro do not add up along the way."""
NATIONAL = {
    "aufkommen_grundsteuer_a": "angerechnete_grundsteuer_a",
    "aufkommen_grundsteuer_b": "angerechnete_grundsteuer_b",
    "aufkommen_gewerbesteuer": "angerechnete_gewerbesteuer",
}
"""National receipts of the Realsteuern, derived: the Anlage prints the part of them that counts."""
FIXED = {
    "festgestellter_umsatzsteueranteil": "umsatzsteueranteil",
    "festgestellter_ausgleich": "ausgleich",
    "festgestellter_fondsanteil": "fondsanteil",
}
"""What the ordinance fixes in §§ 1 to 3 and its § 4 starts from."""
FIXED_TABLES = {"umsatzsteueranteil": "paragraf_1", "ausgleich": "paragraf_3", "fondsanteil": "paragraf_2"}


ROUNDED_INPUTS = (
    "foerderabgabe",
    "abzug_hafenlasten",
    "umsatzsteueranteil",
    "gemeindeanteil_einkommensteuer",
    "gemeindeanteil_umsatzsteuer",
    "abzug_gewerbesteuerumlage",
    "grundsteuer_a_grundbetraege",
    "grundsteuer_b_grundbetraege_1",
    "grundsteuer_b_grundbetraege_2",
    "grundsteuer_b_grundbetraege_3",
    "grundsteuer_b_grundbetraege_4",
    "gewerbesteuer_grundbetraege",
    *NATIONAL,
    *FROM_PRINT,
)
"""Inputs that the source prints rounded to 1000 euro."""


def direct_inputs(law: str) -> tuple[str, ...]:
    """Keys of the lines that are read from the source as they stand."""
    return tuple(line.key for line in registry(law).values() if line.stage == "quelle" and line.printed)


def printed_inputs(year: Year) -> dict[str, Any]:
    """Every official line that the inputs derive from: by key, values of the 16 Länder, or one for the Federation."""
    lines = registry(year.law)
    result: dict[str, Any] = {}
    for key in (*direct_inputs(year.law), *FROM_PRINT, "abzug_hafenlasten", "umsatzsteueranteil"):
        values = official(year, key)
        only = lines[key].insgesamt == "only"
        result[key] = values[INSGESAMT] if only else {code: values.get(code, Fraction(0)) for code in CODES}
    for key, counted in NATIONAL.items():
        result[key] = official(year, counted)[INSGESAMT]
    for key, fixed in FIXED.items():
        result[key] = {code: _fixed(year, fixed, code) for code in CODES}
    return result


def _fixed(year: Year, key: str, code: str) -> Fraction:
    """The amount that §§ 1 to 3 of the ordinance fix for a Land."""
    line = registry(year.law)[key]
    amounts = (
        Fraction(year.figures.get(Cell(place.table, place.line, code), 0)) * scale(line, place)
        for place in line.printed
        if place.table == FIXED_TABLES[key]
    )
    return sum(amounts, Fraction(0))


def derived_inputs(
    printed: Mapping[str, Any], values: Mapping[str, Any], law: str
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Inputs of the law, and the printed lines from which later stages start; both arguments as arrays.

    The tax receipts behind Zeilen 1 to 38 are missing; their sum by Land is derived from Zeile 41, which contains it.
    """
    inputs = {key: printed[key] for key in (*direct_inputs(law), *FIXED)}
    inputs["steuereinnahmen"] = (
        printed["laendersteuern"]
        - printed["umsatzsteueranteil"]
        - printed["foerderabgabe"]
        - printed["abzug_hafenlasten"]
    )
    inputs["umsatzsteuer_laenderanteil"] = total(printed["umsatzsteueranteil"])
    for key in NATIONAL:
        inputs[key] = printed[key] / values["gemeindesteuern_anrechnung"]
    return inputs, {key: printed[key] for key in FROM_PRINT}
