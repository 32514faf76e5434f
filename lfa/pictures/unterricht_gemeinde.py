"""A lesson: the invented Mustergemeinde under the FAG BW, on paper and in the calculator, and what a million leaves.

The worksheets print empty for the learners and filled for the teacher, from the same lines. A question to the
calculator is its address, as ``gemeinde.js`` reads it; what is computed is read from that address.
"""

import json
from collections.abc import Mapping
from fractions import Fraction
from functools import cache
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, urlencode

import pandas as pd

from lfa import calculator, scenario
from lfa.pictures import gemeinde
from lfa.pictures.gemeinde import MAIN, TAXES, Seite, euro, percent, strength_parts, value
from lfa.pictures.miniatur import worked
from lfa.pictures.unterricht_papier import blank
from lfa.pictures.words import trimmed
from lfa.tables import Table, number, table

YEAR = 2023
PAGE = "selbst_rechnen_gemeinde.html"
MORE = 1_000_000
"""Euro of Gewerbesteuer that the new business brings every year."""
ROUND = 1_000
"""The Gewerbesteuerumlage of the Mustergemeinde is invented and round; what the business adds to it is too."""
GRANT = "zuweisung_nach_schluesselzahl"
LEVY = "finanzausgleichsumlage"
LUMP = "investitionspauschale"


class Sum(NamedTuple):
    """A line of the lesson as a sum on paper; a name in it is the line of that name above. Euro, or v.H."""

    name: str
    text: str
    key: str = ""
    """The line of the law it must equal; nothing for a part of one."""


PAPER = (
    Sum("GrundsteuerA", "30.000 / 350 · 195"),
    Sum("GrundsteuerB", "1.900.000 / 380 · 185"),
    Sum("Gewerbesteuer", "7.600.000 / 360 · 290"),
    Sum("Realsteuern", "GrundsteuerA + GrundsteuerB + Gewerbesteuer − 739.000", "steuerkraft_realsteuern"),
    Sum("Einkommensteuer", "0,00107 · 7.250.000.000", "steuerkraft_einkommensteuer"),
    Sum("Umsatzsteuer", "80 % · 900.000", "steuerkraft_umsatzsteuer"),
    Sum("Steuerkraft", "Realsteuern + Einkommensteuer + Umsatzsteuer", "steuerkraftmesszahl"),
    Sum("Kopfbetrag", "1.650 + (1.755 − 1.650) · 2.000/10.000", "kopfbetrag"),
    Sum("Bedarf", "12.000 · (Kopfbetrag + 76,30)", "bedarfsmesszahl"),
    Sum("Schlüsselzahl", "Bedarf − Steuerkraft", "schluesselzahl"),
    Sum("Schlüsselzuweisung", "70,07 % · Schlüsselzahl", "schluesselzuweisung"),
    Sum("Umlagesatz", "22,10 + 0,06 · 10", "umlagesatz"),
    Sum("Steuerkraftsumme", "Steuerkraft + 2.900.000", "steuerkraftsumme"),
    Sum("Umlage", "Umlagesatz/100 · Steuerkraftsumme", "finanzausgleichsumlage"),
    Sum("Investitionspauschale", "111,59 · 115 % · 12.000", "investitionspauschale"),
    Sum("Kindergarten", "3.771,43 · 294,2", "kindergarten"),
    Sum("Fläche", "8,52 · 6.000", "investitionen_nach_flaeche"),
)
"""The Mustergemeinde of 2023 on paper."""

SPACED = {r"Grundsteuer([AB])": r"Grundsteuer \1"}
"""Names with a space, which a sum cannot hold."""

# --- On paper ---------------------------------------------------------------------------------------------------------


def paper(page: Seite) -> pd.DataFrame:
    """Each sum on paper beside the law on fractions. Raises AssertionError where the two differ at all."""
    lines = gemeinde.exact(page, MAIN).lines
    known: dict[str, Fraction] = {}
    for one in PAPER:
        known[one.name] = worked(one.text, known)
        if one.key and known[one.name] != lines[one.key]:
            raise AssertionError(f"Papier und Programm unterscheiden sich: {one.name}")
    rows = [(one.name, one.text, known[one.name], lines[one.key] if one.key else None) for one in PAPER]
    return pd.DataFrame(rows, columns=["zeile", "rechnung", "papier", "programm"])


def paper_table(page: Seite) -> Table:
    """``paper`` as a table."""
    frame = paper(page).replace({"zeile": SPACED, "rechnung": SPACED}, regex=True)
    return table(
        frame,
        caption=f"{page.year}: Papier und Programm",
        columns={"zeile": "Zeile", "rechnung": "Rechnung", "papier": "Papier", "programm": "Programm"},
        decimals=2,
        row_header="zeile",
        note="In Euro, der Umlagesatz in %. Verglichen wird in Brüchen, gezeigt ist gerundet.",
    )


def strength_sheet(page: Seite, *, filled: bool = True) -> Table:
    """The worksheet of the Steuerkraft, filled or with blank cells."""
    lines = page.lines[MAIN]
    amounts = [amount for *_, amount in strength_parts(page, MAIN)]
    key = trimmed(lines["einkommensteuer_schluesselzahl"])
    shared = (lines["einkommensteuer_land"] + lines["familienleistungsausgleich_land_vorvorjahr"]) / 1e6
    rows = [
        (word, euro(lines[tax]), percent(lines[f"hebesatz_{tax}"]), percent(value(page, f"anrechnung_{tax}")), amount)
        for (tax, word), amount in zip(TAXES.items(), amounts, strict=False)
    ]
    rows += [
        ("ab: Gewerbesteuerumlage", euro(lines["gewerbesteuerumlage"]), "", "", amounts[3]),
        (
            "Einkommensteuer",
            f"{key} von {number(shared)} Mio. €",
            "",
            "ganz",
            amounts[4] + amounts[5],
        ),
        (
            "Anteil an der Umsatzsteuer",
            euro(lines["umsatzsteueranteil"]),
            "",
            percent(value(page, "anrechnung_umsatzsteuer")),
            amounts[6],
        ),
        ("Steuerkraft", "", "", "", sum(amounts)),
    ]
    return table(
        pd.DataFrame(
            [(*row[:4], row[4] if filled else blank(wide=True)) for row in rows],
            columns=["steuer", "einnahme", "hebesatz", "einheitlich", "zaehlt"],
        ),
        caption=f"A. Die Steuerkraft der Mustergemeinde (§ 6), Einnahmen von {page.year - 2}",
        columns={
            "steuer": "Steuer",
            "einnahme": "Einnahme",
            "hebesatz": "eigener Hebesatz",
            "einheitlich": "gezählt mit",
            "zaehlt": "Steuerkraft" if filled else "Steuerkraft, €",
        },
        units={"zaehlt": "€"} if filled else "",
        row_header="steuer",
        total="Steuerkraft",
    )


def steps_sheet(page: Seite, *, filled: bool = True) -> Table:
    """The worksheet from the needs to what is left, filled or with blank cells."""
    lines = page.lines[MAIN]
    (fewer, low), (more, high) = _neighbours(page)
    head = f"bei {number(fewer)} Menschen {euro(low)}, bei {number(more)} Menschen {euro(high)}"
    area, earlier = euro(lines["kopfbetrag_flaeche"], 2), euro(lines["schluesselzuweisung_vorvorjahr"])
    quota, rate = percent(value(page, "schluesselzahlen_gemeinden"), 2), percent(value(page, "umlage"))
    points, threshold = trimmed(value(page, "umlage_steigerung")), number(value(page, "umlage_schwelle"))
    rows = [
        (f"1 Kopfbetrag: {head}", "kopfbetrag"),
        (f"2 Bedarf: Menschen × (Zeile 1 + {area} für die Fläche)", "bedarfsmesszahl"),
        ("3 Schlüsselzahl: Zeile 2 − Steuerkraft", "schluesselzahl"),
        (f"4 Schlüsselzuweisung: {quota} von Zeile 3", "schluesselzuweisung"),
        ("5 Steuerkraft in Prozent des Bedarfs", "steuerkraft_in_vh"),
        (f"6 Satz der Umlage: {rate}, dazu {points} Punkte je volles Prozent über {threshold}", "umlagesatz"),
        (f"7 Steuerkraftsumme: Steuerkraft + {earlier} Zuweisung von {page.year - 2}", "steuerkraftsumme"),
        ("8 Umlage an das Land: Zeile 6 × Zeile 7", LEVY),
    ]
    shares = ("steuerkraft_in_vh", "umlagesatz")
    shown = [(words, percent(lines[key]) if key in shares else euro(lines[key])) for words, key in rows]
    shown.append(("9 Unterm Strich: Zeile 4 − Zeile 8", euro(lines["schluesselzuweisung"] - lines[LEVY])))
    shown += _announced(page)
    # A column of its own for the unit, so that no number breaks on a phone.
    cells = [(words, *result.split(" ")) for words, result in shown]
    return table(
        pd.DataFrame(
            [(words, amount if filled else blank(wide=True), unit) for words, amount, unit in cells],
            columns=["zeile", "ergebnis", "einheit"],
        ),
        caption=f"B. Bedarf, Zuweisung, Umlage und drei weitere Beträge, {page.year}",
        columns={"zeile": "Zeile", "ergebnis": "Ergebnis", "einheit": "Einheit"},
        row_header="zeile",
        note="Zeilen 1 und 2: § 7, Zeilen 3 und 4: § 5, Zeilen 6 und 8: § 1a, Zeile 7: § 38." if filled else "",
    )


def _announced(page: Seite) -> list[tuple[str, str]]:
    """Three announced amounts times what the Mustergemeinde has."""
    lines = page.lines[MAIN]
    items = {
        ("Investitionspauschale", LUMP, LUMP): f"{number(lines['gewichtete_einwohner'])} gewichtete Menschen (§ 4)",
        ("Kindergarten", "kindergarten_je_kind", "kindergarten"): (
            f"{trimmed(lines['umgerechnete_kinder'])} umgerechnete Kinder (§ 29b)"
        ),
        (
            "Fläche",
            "investitionen_je_hektar",
            "investitionen_nach_flaeche",
        ): f"{number(lines['flaeche'])} Hektar (§ 27)",
    }
    return [
        (f"{place} {word}: {euro(value(page, rate), 2)} × {counted}", euro(lines[key]))
        for place, ((word, rate, key), counted) in enumerate(items.items(), 10)
    ]


def _neighbours(page: Seite) -> tuple[tuple[Any, Any], tuple[Any, Any]]:
    """The steps of § 7 below and above the Mustergemeinde: inhabitants, and the Kopfbetrag there in euro."""
    people, base = page.lines[MAIN]["einwohner"], page.lines[MAIN]["grundbetrag"]
    steps = list(zip(value(page, "kopfbetrag_einwohner"), value(page, "kopfbetrag_saetze"), strict=True))
    found = [(heads, rate / 100 * Fraction(base)) for heads, rate in steps]
    below = [one for one in found if one[0] <= people][-1]
    return below, next(one for one in found if one[0] > people)


# --- In the calculator ------------------------------------------------------------------------------------------------


@cache
def known() -> Mapping[str, Any]:
    """What the page of the calculator knows of the year."""
    data: Mapping[str, Any] = scenario.decoded(json.loads(json.dumps(calculator.gemeinde_data())))
    return data


def address(changes: Mapping[str, float], year: int = YEAR) -> str:
    """The address that opens the calculator with other numbers. Raises ValueError for what the page would leave out."""
    fields = {field["key"]: field for field in known()["jahre"][str(year)]["felder"]}
    for key, given in changes.items():
        field = fields.get(key)
        if not field or not field["von"] <= given <= field["bis"] or (field["ganz"] and given != int(given)):
            raise ValueError(f"the page does not know: {key}={given}")
    ordered = {
        key: f"{changes[key]:g}" if changes[key] % 1 else str(int(changes[key])) for key in fields if key in changes
    }
    return f"{PAGE}#{urlencode({'jahr': year} | ordered)}"


def read(text: str) -> dict[str, float]:
    """The numbers that an address changes."""
    parts = dict(parse_qsl(text.partition("#")[2]))
    parts.pop("jahr")
    return {key: float(given) for key, given in parts.items()}


def computed(changes: Mapping[str, float], year: int = YEAR) -> dict[str, float]:
    """Every line of the Mustergemeinde with other numbers, asked as the browser asks."""
    given = {field["key"]: field["wert"] for field in known()["jahre"][str(year)]["felder"]}
    question = {"jahr": str(year), "eingaben": given | dict(changes), "lesarten": {}}
    lines: dict[str, float] = json.loads(scenario.gemeinde(known(), json.dumps(question)))
    return lines


def business(page: Seite) -> dict[str, float]:
    """What the new business changes where it counts first: Gewerbesteuer, and the Gewerbesteuerumlage in proportion."""
    lines = page.lines[MAIN]
    tax, levy = lines["gewerbesteuer"], lines["gewerbesteuerumlage"]
    return {
        "gewerbesteuer": tax + MORE,
        "gewerbesteuerumlage": float(ROUND * round(levy * (tax + MORE) / tax / ROUND)),
    }


def lasting(page: Seite) -> dict[str, float]:
    """``business`` once the Schlüsselzuweisung that is lost is missing in the Steuerkraftsumme as well."""
    lost = page.lines[MAIN][GRANT] - computed(business(page))[GRANT]
    return business(page) | {
        "schluesselzuweisung_vorvorjahr": float(round(page.lines[MAIN]["schluesselzuweisung_vorvorjahr"] - lost))
    }


def remains(page: Seite) -> pd.DataFrame:
    """What becomes of the million in a year, in euro: a row per item and the rest, a column per stretch of years.

    From the first year the business pays; two years later its taxes count; again two years later the lost
    Schlüsselzuweisung counts as well. Rates and everything else stay as they are.
    """
    before = computed({})
    columns = {}
    for name, changes in {"sofort": {}, "zuerst": business(page), "dauernd": lasting(page)}.items():
        after = computed(changes)
        parts = {
            "Gewerbesteuer": float(MORE),
            "Gewerbesteuerumlage": before["gewerbesteuerumlage"] - business(page)["gewerbesteuerumlage"],
            "Schlüsselzuweisung": after[GRANT] - before[GRANT],
            "Investitionspauschale": after[LUMP] - before[LUMP],
            "Umlage an das Land": before[LEVY] - after[LEVY],
        }
        columns[name] = parts | {"bleibt": sum(parts.values())}
    return pd.DataFrame(columns)


def remains_table(page: Seite) -> Table:
    """``remains`` as a table."""
    return table(
        remains(page).rename_axis("posten"),
        caption="Was aus der Million wird",
        columns={
            "posten": "Posten",
            "sofort": "1. und 2. Jahr",
            "zuerst": "3. und 4. Jahr",
            "dauernd": "ab dem 5. Jahr",
        },
        units="€",
        sign=("sofort", "zuerst", "dauernd"),
        total="bleibt",
        note=f"Erfundene Gemeinde, Sätze von {page.year} in allen Jahren, vor der Kreisumlage.",
    )
