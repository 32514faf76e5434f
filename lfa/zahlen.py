"""What every figure of a settlement is: its line, paragraph, rule, formula, inputs, source and status, ready for pages.

Generated from the line registry, never written per figure. ``cell`` names a figure in a table, ``year_data`` holds what
a page tells about it; the built site ties both together.
"""

from collections import Counter
from collections.abc import Mapping
from typing import Any

from lfa.evidence import place_name, proof_links
from lfa.lines import Line, registry
from lfa.results import BEYOND_THE_LAW, Result, preferred, sources
from lfa.settlement import Figure, Settlement, comparison, settle_year
from lfa.states import CODES, INSGESAMT, NAMES
from lfa.tables import number
from lfa.years import Year

STATUS = {"endgueltig": "endgültig", "gemischt": "teils vorläufig", "vorlaeufig": "vorläufig"}
KIND = {"official": "amtlich", "secondary": "aus zweiter Hand", "derived": "abgeleitet"}
JUDGED = {
    "reproduced": "amtlich gedruckt und nachgerechnet",
    "reproduced_after_erratum": "amtlich gedruckt, in der Quelle verlesen, berichtigt und nachgerechnet",
    "reprint": "amtlich gedruckt, Wiederholung",
    "input": "amtlich gedruckt, Ausgangszahl der Rechnung",
    "open": "offen: Der Druck widerspricht sich",
    "deviating": "amtlich gedruckt, weicht von der Rechnung ab",
}
COMPUTED = "gerechnet, in der Quelle nicht gedruckt"
UNITS = {
    "EUR": ("Tsd. €", 1000, 0),
    "EUR je Einwohner": ("€", 1, 2),
    "v.H.": ("v.H.", 1, 2),
    "Anteil": ("", 1, 6),
}
"""How a unit of the registry is shown: its name, what one is worth, decimals. Others are counts."""


def cell(year: int, key: str, land: str) -> str:
    """The name of a figure in a table; ``land`` is a code or INSGESAMT."""
    return f"{year} {key} {land}"


def year_data(year: Year) -> dict[str, Any]:
    """Every figure of a year by line and Land, with what is to be told about it; plain JSON."""
    if year.inputs or year.figures:
        return _settled(settle_year(year))
    return _published(year)


def _head(year: Year, source: str) -> dict[str, Any]:
    return {
        "jahr": year.year,
        "stand": STATUS[year.status],
        "herkunft": KIND[year.kind],
        "quelle": source,
        "laender": {**NAMES, INSGESAMT: "Insgesamt"},
    }


def _line(line: Line) -> dict[str, Any]:
    return {
        "name": line.label,
        "orte": [place_name(place.table, place.line) for place in line.printed],
        "paragraf": line.paragraph,
        "beleg": line.evidence,
        "regel": line.formula,
        "eingaben": list(line.inputs),
        "einheit": UNITS.get(line.unit, ("", 1, 0))[0],
    }


def _settled(settlement: Settlement) -> dict[str, Any]:
    """A year computed from its inputs: figures as printed, else as computed."""
    year, printed = settlement.year, settlement.as_printed()
    lines = {key: line for key, line in registry(year.law).items() if key in printed.lines and line.unit != "Lesart"}
    judged: dict[tuple[str, str], Figure] = {}
    for figure in comparison(settlement):
        judged.setdefault((figure.quantity, figure.land), figure)
    proofs = {(place.table, place.line): key for key, line in lines.items() for place in line.printed}
    errata: dict[str, dict[str, list[str]]] = {}
    for found, target in proof_links(year).items():
        if key := proofs.get((found.table, found.line)):
            errata.setdefault(key, {}).setdefault(found.land, []).append(target)
    kinds = {
        key: {code: JUDGED[judged[key, code].kind] for code in (*CODES, INSGESAMT) if (key, code) in judged}
        for key in lines
    }
    return {
        **_head(year, _source(year)),
        "zeilen": {
            key: {
                **_line(line),
                "werte": (values := _values(printed, line)),
                **_mostly("urteil", {land: kinds[key].get(land, COMPUTED) for land in values}),
                "beweise": errata.get(key, {}),
            }
            for key, line in lines.items()
        },
        "nummern": {zeile: key for key, line in lines.items() for zeile in line.zeilen},
    }


def _source(year: Year) -> str:
    files = [f"{year.year}/verordnung.txt", f"{year.year}/eingaben.csv"]
    titles = [str(entry["title"]) for entry in sources().values() if set(entry.get("files", [])) & set(files)]
    return titles[0] if titles else ""


def _values(printed: Settlement, line: Line) -> dict[str, str]:
    """The values of a line in the unit it is shown in, by Land."""
    _, worth, decimals = UNITS.get(line.unit, ("", 1, 0))
    values = printed.lines[line.key]
    found: dict[str, float] = {}
    if values.shape == (16,):
        found = dict(zip(CODES, map(float, values), strict=True))
    total = printed.insgesamt[line.key]
    if total is not None:
        found[INSGESAMT] = total
    return {land: number(value / worth, decimals) for land, value in found.items()}


def _published(year: Year) -> dict[str, Any]:
    """A year of which results were published: each with the source that counts."""
    lines = registry(year.law)
    entries = {}
    for key, by_land in preferred(year.results).items():
        line = lines.get(key)
        about = _line(line) if line else {"name": BEYOND_THE_LAW[key], "orte": [], "paragraf": "", "eingaben": []}
        people = line is not None and line.unit == "Einwohner"
        entries[key] = {
            **about,
            # The formula of the registry starts from lines that such a year does not have.
            "eingaben": [other for other in about["eingaben"] if other in preferred(year.results)],
            "einheit": "" if people else "€",
            "werte": {land: number(result.value) for land, result in by_land.items()},
            **_mostly("urteil", {land: _told(result) for land, result in by_land.items()}),
            **_mostly("quelle", {land: str(sources()[result.source]["title"]) for land, result in by_land.items()}),
            "beweise": {},
        }
    return {**_head(year, ""), "zeilen": entries, "nummern": {}}


def _mostly(name: str, by_land: Mapping[str, str]) -> dict[str, Any]:
    """What holds for most Länder once, and for the others by Land."""
    most = Counter(by_land.values()).most_common(1)[0][0] if by_land else ""
    others = {land: text for land, text in by_land.items() if text != most}
    return {name: most, f"{name}_anders": others}


def _told(result: Result) -> str:
    return f"veröffentlicht, {KIND[result.kind]}, {STATUS[result.status]}"
