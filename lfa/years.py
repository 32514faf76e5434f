"""One Ausgleichsjahr: what is officially known of it, validated, and what the law can start from."""

import datetime
import os
import shutil
import tempfile
from collections.abc import Container, Iterable, Iterator, Mapping
from fractions import Fraction
from functools import cache, partial
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple

from lfa.errors import DataError, Problem
from lfa.files import DATA, load_csv, load_yaml, shown, yaml_row
from lfa.gesetze import law_of
from lfa.identities import breaches, zweite_verordnung
from lfa.inputs import Given, read_given, read_inputs, template
from lfa.law.arrays import total
from lfa.lines import Line, Place, registry
from lfa.parameters import parameters
from lfa.results import Result, read_results, sources
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
LAST_YEAR = 2100
"""The last year that ``jahr.yaml`` may name."""
SCALES = {"anlage1": THOUSAND, "realsteuerkraft": THOUSAND}
"""Euro in one printed unit of the tables that print 1000 euro."""
MONEY = ("EUR", "EUR je Einwohner")


class OpenFinding(NamedTuple):
    """A printed figure that contradicts another, with no proof of either."""

    cell: Cell
    identity: str
    finding: str


class Year(NamedTuple):
    """An Ausgleichsjahr as its data describe it; each part may be empty, but not all of them.

    ``printed`` is a source document as it stands, ``figures`` the same corrected; ``results`` is what was published
    elsewhere; ``inputs`` is what the law starts from where no document holds it, ``halves`` half its printed digits.
    """

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
    results: tuple[Result, ...] = ()
    inputs: Mapping[str, Any] = MappingProxyType({})
    halves: Mapping[str, Any] = MappingProxyType({})


def years() -> tuple[int, ...]:
    """The Ausgleichsjahre for which there are data."""
    return tuple(sorted(int(path.parent.name) for path in DATA.glob("[12][0-9][0-9][0-9]/jahr.yaml")))


def readable() -> tuple[list[Year], dict[int, DataError]]:
    """Every year whose data are complete and sound, and the others with what is wrong: one must not stop all."""
    good, bad = [], {}
    for jahr in years():
        try:
            good.append(load(jahr))
        except DataError as error:
            bad[jahr] = error
    return good, bad


def sound_years() -> tuple[int, ...]:
    """The years whose data can be read."""
    return tuple(year.year for year in readable()[0])


def available(jahr: int) -> set[str]:
    """The stages that the data of a year allow. Raises DataError for a year without data."""
    return set(load(jahr).stages)


@cache
def load(jahr: int) -> Year:
    """The Ausgleichsjahr from ``data/<jahr>``. Raises DataError with every defect of its files."""
    if jahr not in years():
        expected = f"a year from {years()[0]} to {years()[-1]}; see: python -m lfa years"
        raise DataError([Problem(f"data/{jahr}", found="no data for this year", expected=expected)])
    return read(DATA / str(jahr))


def read(folder: Path) -> Year:
    """The Ausgleichsjahr from a folder. Raises DataError with every defect of the first file that has any."""
    about = _read_about(folder)
    law = about["law"]
    law_parameters = parameters(law, datetime.date(about["jahr"], 12, 31))
    year = Year(
        about["jahr"],
        law,
        about["status"],
        about["kind"],
        about.get("source", ""),
        tuple(about["stages"]),
        about.get("missing", {}),
        tuple(about.get("notes", ())),
        {},
        {},
        (),
        (),
        law_parameters,
    )
    results, inputs = folder / "ergebnisse.csv", folder / "eingaben.csv"
    if "document" in about:
        year = _with_document(year, folder / about["document"])
    if inputs.exists():
        values, halves = read_inputs(inputs, law, law_parameters)
        # Complete inputs allow every stage of the law.
        stages = dict.fromkeys((*(line.stage for line in registry(law).values()), *year.stages))
        year = year._replace(inputs=values, halves=halves, stages=tuple(stages))
    if results.exists():
        year = year._replace(results=(*year.results, *read_results(results, law)))
    if not (year.figures or year.inputs or year.results):
        found, expected = "no data", "eingaben.csv, ergebnisse.csv or a document beside it"
        raise DataError([Problem(shown(folder / "jahr.yaml"), found=found, expected=expected)])
    return year


def read_draft(jahr: int) -> tuple[str, Given, list[Problem]] | None:
    """Law, what ``eingaben.csv`` gives so far, and what it lacks; None for a year without this file."""
    folder = DATA / str(jahr)
    if not (folder / "eingaben.csv").exists():
        return None
    law = _read_about(folder)["law"]
    given, problems = read_given(folder / "eingaben.csv", law, parameters(law, datetime.date(jahr, 12, 31)))
    return law, given, problems


def create(jahr: int) -> list[Path]:
    """Write the files for a new year to fill in, all or none; what exists stays. Raises DataError if nothing is new.

    A year that has only published results gets the file of inputs beside them.
    """
    law, folder = law_of(jahr), DATA / str(jahr)
    if jahr > LAST_YEAR:
        raise DataError([Problem(shown(folder), found=str(jahr), expected=f"an Ausgleichsjahr up to {LAST_YEAR}")])
    if law == "fag1993" or (folder / "eingaben.csv").exists():
        found = "a year before 2005" if law == "fag1993" else "eingaben.csv, which is there already"
        raise DataError([Problem(shown(folder), found=found, expected="a year since 2005 without inputs")])
    inputs = template(law, jahr)
    if (folder / "jahr.yaml").exists():
        return [_write(folder / "eingaben.csv", inputs)]
    stages = ", ".join(dict.fromkeys(line.stage for line in registry(law).values()))
    about = (
        f"# What is known of the Ausgleichsjahr {jahr}; status vorlaeufig or endgueltig, kind official or secondary.\n"
        f"jahr: {jahr}\nlaw: {law}\nstatus: vorlaeufig\nkind: official\nstages: [{stages}]\n"
    )
    draft = Path(tempfile.mkdtemp(dir=DATA, prefix=".neu-"))
    try:
        draft.chmod(0o755)
        _write(draft / "jahr.yaml", about)
        _write(draft / "eingaben.csv", inputs)
        draft.rename(folder)
    except BaseException:
        shutil.rmtree(draft)
        raise
    return [folder / "jahr.yaml", folder / "eingaben.csv"]


def _write(path: Path, text: str) -> Path:
    """Write in one step: a killed run leaves either the old file or none."""
    temporary = path.with_name(f".{path.name}.neu")
    try:
        temporary.write_text(text, encoding="utf-8")
        os.replace(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)
    return path


def _with_document(year: Year, document: Path) -> Year:
    """The year with its source document, the errata applied and the identities of the document checked."""
    errata_csv, open_csv = document.parent / "errata.csv", document.parent / "open.csv"
    printed = parse_verordnung(document)
    errata = read_errata(errata_csv)
    figures = correct(printed, errata, shown(errata_csv))
    rules = {rule.name: rule for rule in zweite_verordnung(year.parameters)}
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
    year = year._replace(printed=printed, figures=figures, errata=errata, open=findings)
    return year._replace(results=tuple(_printed_results(year)))


RESULTS_OF_THE_DOCUMENT = ("einwohner", "umsatzsteueranteil", "fondsanteil", "ausgleich", "abschlusszahlung")


def _printed_results(year: Year) -> Iterator[Result]:
    """The results that the document of the year prints, first print first."""
    lines = registry(year.law)
    for key in RESULTS_OF_THE_DOCUMENT:
        for land, value in official(year, key).items():
            place = next(p for p in lines[key].printed if Cell(p.table, p.line, land) in year.figures)
            half = Fraction(0) if lines[key].unit == "Einwohner" else half_unit(lines[key], place, year.figures, land)
            if land != INSGESAMT:
                yield Result(key, land, value, half, year.status, year.kind, year.source, 1)


def _read_about(folder: Path) -> dict[str, Any]:
    """The year's ``jahr.yaml``, which names its folder, and a known source with the document beside it."""
    path = folder / "jahr.yaml"
    about: dict[str, Any] = load_yaml(path, "jahr")
    checks = [
        ("jahr", str(about["jahr"]), str(about["jahr"]) == folder.name, f"{folder.name}, as the folder is called"),
        ("law", about["law"], about["law"] == law_of(about["jahr"]), f"{law_of(about['jahr'])}, the law of this year"),
    ]
    if {"document", "source"} & set(about):
        source, document = about.get("source", ""), about.get("document", "")
        checks += [
            ("source", repr(source), source in sources(), "one of " + " ".join(sources())),
            ("document", repr(document), bool(document) and (folder / document).exists(), "a file beside this one"),
        ]
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


def rounding_of(year: Year) -> Mapping[str, Any]:
    """Half the last printed digit of every input that the source prints rounded, by key."""
    return year.halves if year.inputs else dict.fromkeys(ROUNDED_INPUTS, Fraction(THOUSAND, 2))


def direct_inputs(law: str) -> tuple[str, ...]:
    """Keys of the lines that are read from the source as they stand."""
    return tuple(line.key for line in registry(law).values() if line.stage == "quelle" and line.printed)


def printed_inputs(year: Year) -> dict[str, Any]:
    """Every official line that the inputs derive from: by key, values of the 16 Länder, or one for the Federation.

    Raises DataError for a year of which only results are published.
    """
    if year.inputs:
        return dict(year.inputs)
    if not year.figures:
        place, found = f"data/{year.year}", "published results, but nothing that the law could start from"
        raise DataError([Problem(place, found=found, expected="eingaben.csv; see: python -m lfa new-year")])
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

    A year with a file of inputs starts from them alone. Of the ordinance of 2003 the tax receipts behind Zeilen 1 to 38
    are missing; their sum by Land is derived from Zeile 41, which contains it.
    """
    if law != "fag1993":
        return dict(printed), {}
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
