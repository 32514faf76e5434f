"""What can be checked about a year of which only results are published: sums, shares, statutory amounts, BEZ."""

from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from typing import Any, NamedTuple

from lfa.law import fag2005, fag2020
from lfa.law.arrays_lists import Vector
from lfa.parameters import as_vectors
from lfa.reconstruction import reconstruct
from lfa.results import Result, by_land, preferred
from lfa.settlement import LAWS
from lfa.states import CODES
from lfa.years import Year

MILLION = 1_000_000


class Check(NamedTuple):
    """One statement about a year's published results.

    ``off`` is how far they are from it at most, ``tolerance`` what their rounding allows, both in euro. ``kind`` is
    ``holds``, ``fails``, or ``provisional`` where it fails between values of which one is not final.
    """

    name: str
    paragraph: str
    statement: str
    figures: int
    off: float
    tolerance: float
    kind: str


Values = Mapping[str, Result]


def checks(year: Year) -> list[Check]:
    """Every check that the published results of a year allow, in the order of the law."""
    results = preferred(year.results)
    rules = (_per_head, _same_per_head, _before_and_after, _balance, _settled, _fixed, _total_bez, _predicted)
    return [check for rule in rules for check in rule(year, results)]


def _check(
    name: str,
    paragraph: str,
    statement: str,
    used: Iterable[Result],
    off: Fraction | float,
    tolerance: Fraction | float,
) -> Check:
    used = list(used)
    good = float(off) <= float(tolerance) * (1 + 1e-9)
    final = all(result.status == "endgueltig" for result in used)
    kind = "holds" if good else "fails" if final else "provisional"
    return Check(name, paragraph, statement, len(used), float(off), float(tolerance), kind)


def _all_16(results: Mapping[str, Values], *keys: str) -> bool:
    return all(set(results.get(key, ())) == set(CODES) for key in keys)


def _per_head(year: Year, results: Mapping[str, Values]) -> Iterator[Check]:
    """§ 2 since 2020: the Umsatzsteuer by inhabitants."""
    if not _all_16(results, "umsatzsteuer_nach_einwohnern", "einwohner"):
        return
    shares, people = results["umsatzsteuer_nach_einwohnern"], results["einwohner"]
    per_head = _sum(shares) / _sum(people)
    yield _check(
        "umsatzsteuer_nach_einwohnern",
        "§ 2",
        "Die Umsatzsteuer ist nach Einwohnern verteilt",
        shares.values(),
        max(abs(shares[code].value - per_head * people[code].value) for code in CODES),
        # The total is a sum of 16 rounded values: a Land's share of it may be off by as much again.
        2 * max(result.half for result in shares.values()),
    )


def _same_per_head(year: Year, results: Mapping[str, Values]) -> Iterator[Check]:
    """§ 2 FAG 2001: Länder without Ergänzungsanteil have the same Umsatzsteuer per inhabitant, the smallest of all."""
    if year.law != "fag2005" or not _all_16(results, "umsatzsteueranteil", "einwohner"):
        return
    shares, people = results["umsatzsteueranteil"], results["einwohner"]
    land, per_head = lowest_per_head(year)
    # Of the two Länder with the smallest amounts one at least must be proven right by the other.
    ordered = sorted(abs(shares[code].value - per_head * people[code].value) for code in CODES if code != land)
    tolerance = max(shares[code].half * (1 + people[code].value / people[land].value) for code in CODES)
    same = sum(value <= tolerance for value in ordered) + 1
    yield _check(
        "umsatzsteuer_ohne_ergaenzungsanteil",
        "§ 2",
        f"{same} Länder ohne Ergänzungsanteil haben auf den Cent gleich viel Umsatzsteuer je Einwohner"
        if same > 1
        else "Länder ohne Ergänzungsanteil haben gleich viel Umsatzsteuer je Einwohner",
        [*shares.values(), *people.values()],
        ordered[0],
        tolerance,
    )


def lowest_per_head(year: Year) -> tuple[str, Fraction]:
    """§ 2 FAG 2001: the smallest Umsatzsteuer per inhabitant of all Länder, and one Land that has it."""
    results = preferred(year.results)
    shares, people = results["umsatzsteueranteil"], results["einwohner"]
    # Of Länder that are equal but for rounding the largest gives the amount most exactly.
    smallest = min(shares[code].value / people[code].value for code in CODES)
    near = [code for code in CODES if shares[code].value / people[code].value < smallest * (1 + Fraction(1, 10**6))]
    land = max(near, key=lambda code: people[code].value)
    return land, shares[land].value / people[land].value


def _before_and_after(year: Year, results: Mapping[str, Values]) -> Iterator[Check]:
    """§ 2 FAG 2001: what the Umsatzsteuer of a Land is above or below its part by inhabitants."""
    key = "umsatzsteuer_vorwegausgleich"
    if not _all_16(results, key, "umsatzsteueranteil", "einwohner"):
        return
    shares, people, moved = results["umsatzsteueranteil"], results["einwohner"], results[key]
    per_head = _sum(shares) / _sum(people)
    yield _check(
        key,
        "§ 2",
        "Zwei Quellen nennen dieselbe Abweichung von der Verteilung nach Einwohnern",
        [*moved.values(), *shares.values()],
        max(abs(shares[code].value - per_head * people[code].value - moved[code].value) for code in CODES),
        max(moved[code].half + 17 * shares[code].half for code in CODES),
    )


def _balance(year: Year, results: Mapping[str, Values]) -> Iterator[Check]:
    if _all_16(results, "ausgleich"):
        values = results["ausgleich"]
        what = "Zuschläge und Abschläge" if year.law == "fag2020" else "Beiträge und Zuweisungen"
        yield _check(
            "summe_ausgleich",
            "§ 10",
            f"{what} heben sich auf",
            values.values(),
            abs(_sum(values)),
            sum(result.half for result in values.values()),
        )


def _settled(year: Year, results: Mapping[str, Values]) -> Iterator[Check]:
    if _all_16(results, "abschlusszahlung"):
        values = results["abschlusszahlung"]
        yield _check(
            "summe_abschlusszahlungen",
            "§ 15",
            "Abschlusszahlungen heben sich auf",
            values.values(),
            abs(_sum(values)),
            sum(result.half for result in values.values()),
        )


FIXED_BEZ = {
    "sonderbedarfs_bez_teilungslasten": "Teilungslasten",
    "sonderbedarfs_bez_arbeitslosigkeit": "Arbeitslosigkeit",
    "sonderbedarfs_bez_politische_fuehrung": "Kosten politischer Führung",
}
"""BEZ that the statute fixes in euro, with what they are for."""


def _fixed(year: Year, results: Mapping[str, Values]) -> Iterator[Check]:
    """§ 11: the amounts that the statute fixes against those paid."""
    published = [key for key in FIXED_BEZ if _all_16(results, key)]
    if not published:
        return
    statute = statutory_bez(year)
    for key in (key for key in published if key in statute):
        values = results[key]
        yield _check(
            key,
            "§ 11",
            f"{FIXED_BEZ[key]}: gezahlt ist, was das Gesetz festlegt",
            values.values(),
            max(abs(values[code].value - amount) for code, amount in zip(CODES, statute[key], strict=True)),
            max(result.half for result in values.values()),
        )


def statutory_bez(year: Year) -> dict[str, Any]:
    """§ 11: the BEZ that the statute fixes in euro, exactly, by key; of a law since 2005."""
    nothing = Vector([Fraction(0)] * 16)
    law = {"fag2005": fag2005, "fag2020": fag2020}[year.law]
    known = ("finanzkraftmesszahl", "ausgleichszuweisung", "zuschlag", "ausgleichsmesszahl", "einwohner")
    more = ("gemeindesteuern_ungekuerzt", "forschungsnettozufluss", "prozentsatz_k")
    lines = dict.fromkeys((*known, *more), nothing)
    paid: dict[str, Any] = law.bundesergaenzungszuweisungen(lines, as_vectors(year.parameters))
    # Since 2025 only weak Länder get it (§ 11 Abs. 4): of a year that is not settled nobody knows which.
    unknown = "politische_fuehrung" if year.parameters.get("politische_fuehrung_nur_leistungsschwach") else None
    return {key: paid[key] for key in FIXED_BEZ if key in paid and key != f"sonderbedarfs_bez_{unknown}"}


def _total_bez(year: Year, results: Mapping[str, Values]) -> Iterator[Check]:
    parts = ("allgemeine_bez", *FIXED_BEZ)
    if not _all_16(results, "bez", *parts):
        return
    totals = results["bez"]
    used = [totals, *(results[key] for key in parts)]
    yield _check(
        "bez",
        "§ 11",
        "Bundesergänzungszuweisungen sind die Summe ihrer Teile",
        [values[code] for values in used for code in CODES],
        max(abs(totals[code].value - sum(results[key][code].value for key in parts)) for code in CODES),
        max(sum(values[code].half for values in used) for code in CODES),
    )


def _predicted(year: Year, results: Mapping[str, Values]) -> Iterator[Check]:
    """§§ 6, 10, 11 backwards: one level of the average fits every published allgemeine BEZ."""
    if "rekonstruktion" not in year.stages:
        return
    found = reconstruct(year)
    if len(found.published) > 1:
        yield _check(
            "rekonstruktion_bez",
            "§ 11 Abs. 2",
            "Ein einziger Durchschnitt erklärt alle veröffentlichten allgemeinen BEZ",
            [*found.published.values(), *results["einwohner"].values()],
            found.misfit,
            found.allowed,
        )


def _sum(values: Values) -> Fraction:
    return sum((result.value for result in values.values()), Fraction(0))


# --- What the published results imply ---------------------------------------------------------------------------------


def implied_umsatzsteuer(year: Year) -> tuple[Fraction, Fraction] | None:
    """§ 1 since 2005 backwards: the national Umsatzsteuer that the published shares imply, and half of its rounding.

    None before 2005, and where the shares are not all published.
    """
    if year.law == "fag1993":
        return None
    results = preferred(year.results)
    key = "umsatzsteuer_nach_einwohnern" if year.law == "fag2020" else "umsatzsteueranteil"
    shares = results.get(key, {})
    if by_land(shares) is None:
        return None
    values = as_vectors(year.parameters)
    rule = LAWS[year.law].vertikale_verteilung

    def laenderanteil(umsatzsteuer: int) -> Fraction:
        # Two points fix the straight line that § 1 is.
        lines = {"umsatzsteuer_insgesamt": Vector([Fraction(umsatzsteuer)]), "einwohner": Vector([Fraction(1)])}
        share: Fraction = rule(lines, values)["umsatzsteuer_laenderanteil"].values[0]
        return share

    nothing, slope = laenderanteil(0), laenderanteil(1) - laenderanteil(0)
    half = sum((result.half for result in shares.values()), Fraction(0))
    return (_sum(shares) - nothing) / slope, half / slope


DEPTHS = {
    "inputs": "vollständig nachgerechnet",
    "rekonstruktion": "zurückgerechnet",
    "results": "Ergebnisse geprüft",
    "balance": "nur Summe geprüft",
}
"""How deep a year can be checked, from the deepest: the whole law, the tariff backwards, shares and sums, one sum."""


def depth(year: Year) -> str:
    """Which of ``DEPTHS`` the data of a year allow."""
    if year.figures or year.inputs:
        return "inputs"
    if "rekonstruktion" in year.stages:
        return "rekonstruktion"
    return "results" if any(result.kind == "official" for result in year.results) else "balance"
