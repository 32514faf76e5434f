"""An invented Gemeinde and two invented neighbours under the FAG BW: every step, the account, and what stays open."""

import json
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from html import escape
from typing import Any, NamedTuple

import altair as alt
import numpy as np
import pandas as pd

from lfa import koerperschaften, scenario
from lfa.charts import ACCENT, NEUTRAL, PAYER, RECEIVER, data_of, publish
from lfa.koerperschaften import Body, Effect, Row, registry
from lfa.law import fag_bw
from lfa.law.arrays_lists import Vector
from lfa.parameters import as_vectors, entries
from lfa.pictures import anreiz
from lfa.pictures.anreiz import joined
from lfa.pictures.jahre import folded
from lfa.pictures.parts import BLUE, MILLION, PER_CHARACTER, PINK, Rows, right_column, top_legend
from lfa.pictures.words import trimmed
from lfa.tables import Html, Table, badge, code_listing, number, table, unbroken

MAIN, POOR, RICH = "Mustergemeinde", "Musterdorf", "Musterreich"
NAMES = (MAIN, POOR, RICH)
COLOURS = (BLUE, ACCENT, PINK)
SHORT = {
    "zuweisung_nach_schluesselzahl": "Schlüsselzuweisung",
    "mehrzuweisung": "Mehrzuweisung",
    "investitionspauschale": "Investitionspauschale",
    "sachkostenbeitrag": "Schulen",
    "fremdenverkehr": "Fremdenverkehr",
    "gemeindestrassen_zuweisung": "Straßen",
    "investitionen_nach_flaeche": "Fläche",
    "ausbildung": "Ausbildung",
    "familienleistungsausgleich": "Familienausgleich",
    "kindergarten": "Kindergarten",
    "kleinkinder": "Kleinkinder",
    "leitungszeit": "Leitung der Kitas",
    "finanzausgleichsumlage": "Umlage an das Land",
}
"""Short names of the items; kinds of schools and of roads go together by the beginning of their keys."""
COUNTED = {
    "investitionspauschale": "gewichtete Einwohner",
    "fremdenverkehr": "gewichtete Übernachtungen",
    "kindergarten": "umgerechnete Kinder",
    "kleinkinder": "umgerechnete Kinder",
    "leitungszeit": "umgerechnete Gruppen",
    "familienleistungsausgleich": "",
}
"""What is counted, where the unit of the basis does not say it."""
OWN = "Steuerkraft"
SUMMARY = ("total", *fag_bw.TEILZAHLUNGEN, "rest", "saldo")
TAXES = {"grundsteuer_a": "Grundsteuer A", "grundsteuer_b": "Grundsteuer B", "gewerbesteuer": "Gewerbesteuer"}
ROUNDED = "Gezeigt ist gerundet, gerechnet wird mit allen Stellen."
NOT_ALL = "Posten, bei denen eine Gemeinde nichts bekommt, fehlen."


class Seite(NamedTuple):
    """The three invented bodies of a year: their lines and rows by name, and the year their numbers were made for."""

    year: int
    origin: int
    bodies: tuple[Body, ...]
    lines: Mapping[str, Mapping[str, float]]
    rows: Mapping[str, Sequence[Row]]

    def amounts(self, name: str) -> dict[str, float]:
        """The amount of every row of a body, by item."""
        return {row.item: float(row.amount) for row in self.rows[name]}

    def body(self, name: str) -> Body:
        """The body of that name."""
        return next(body for body in self.bodies if body.name == name)


def page(year: int) -> Seite:
    """Compute the three bodies."""
    bodies = [koerperschaften.invented(year)[name] for name in NAMES]
    lines = {
        body.name: {
            key: float(settled.array(value)[place])
            for key, value in settled.lines.items()
            if np.ndim(value) == 0 or len(value) == len(settled.bodies)
        }
        for settled in koerperschaften.settle(year, bodies)
        for place, body in enumerate(settled.bodies)
    }
    rows: dict[str, list[Row]] = {body.name: [] for body in bodies}
    for row in koerperschaften.entitlements(year, bodies):
        rows[row.body].append(row)
    return Seite(year, koerperschaften.origin(year), tuple(bodies), lines, rows)


# --- Words ------------------------------------------------------------------------------------------------------------


def announcement(year: int) -> Table:
    """The way to the page on the announcement of the year."""
    words = f"Was in der Bekanntmachung für {year} steht"
    return Table(f'<p class="lfa-klappe"><a href="../bekanntmachung/{year}.html">{words}</a></p>', words)


def euro(value: Any, decimals: int = 0) -> str:
    """An amount in euro."""
    return f"{number(value, decimals)} €"


def percent(value: Any, decimals: int = 1) -> str:
    """A number of v.H. with its sign for it, a whole one without decimals."""
    return f"{trimmed(value, decimals)} %"


def origin_text(page: Seite) -> str:
    """For which year the numbers were invented."""
    if page.origin == page.year:
        return f"Ihre Zahlen sind für {page.year} ausgedacht und gerundet."
    return f"Ihre Zahlen sind für {page.origin} ausgedacht und gerundet; für {page.year} gibt es keine eigenen."


def source(page: Seite, *paragraphs: str) -> str:
    """The source line: rules, announcement, and that the bodies are invented."""
    rules = f"{'§§' if len(paragraphs) > 1 else '§'} {joined(paragraphs)} FAG BW; " if paragraphs else ""
    return f"{rules}Bekanntmachung {page.year}; erfundene Gemeinden, Landeswerte angenommen; eigene Berechnung"


def value(page: Seite, name: str) -> Any:
    """A number of the statute or the announcement, exact."""
    return koerperschaften.exact_values(page.year)[name]


def evidence(name: str, year: int) -> str:
    """The evidence of a statutory value in a year."""
    entry = next(entry for entry in entries("fag_bw") if entry["name"] == name)
    start = max(day for day in entry["values"] if day <= f"{year}-12-31")
    return str(entry["values"][start].get("evidence", entry["evidence"]))


def rates_text(page: Seite) -> str:
    """At which rates taxes count, and how well that is known for the year."""
    rates = joined([f"{word} {number(value(page, 'anrechnung_' + tax))} %" for tax, word in TAXES.items()])
    sales = percent(value(page, "anrechnung_umsatzsteuer"))
    known = (
        "So steht es im Gesetz."
        if evidence("anrechnung_grundsteuer_a", page.year) == "V"
        else f"Gelesen haben wir das nur in einer späteren Fassung; für {page.year} ist es wahrscheinlich."
    )
    return f"Die einheitlichen Sätze: {rates}. Vom Anteil an der Umsatzsteuer zählen {sales}. {known}"


def sockel_text(page: Seite, name: str) -> str:
    """What § 5 gives to a body, in a sentence."""
    lines = page.lines[name]
    in_vh, sockel = lines["steuerkraft_in_vh"], value(page, "mehrzuweisung_sockel")
    whose = f"Die {name} deckt {percent(in_vh)} ihres" if name == MAIN else f"{name} deckt {percent(in_vh)} seines"
    begin = f"{whose} Bedarfs selbst"
    if lines["schluesselzahl"] == 0:
        return f"{begin}. Eine Schlüsselzuweisung gibt es nicht."
    if lines["luecke_zum_sockel"] > 0:
        return f"{begin}, weniger als {percent(sockel)}. Dafür gibt es zusätzlich die Mehrzuweisung."
    return f"{begin}, also mehr als {percent(sockel)}. Eine Mehrzuweisung gibt es nicht."


def area_text(page: Seite) -> str:
    """Whether area counts in the year, and how."""
    share = value(page, "kopfbetrag_flaeche_anteil")
    if not share:
        return f"Die Fläche spielte {page.year} für den Bedarf noch keine Rolle."
    where = page.lines[MAIN]["flaeche_je_einwohner"]
    amount = page.lines[MAIN]["kopfbetrag_flaeche"]
    return (
        f"Seit {_since('kopfbetrag_flaeche_anteil')} zählt auch die Fläche: Wo wenige Menschen auf viel Land leben, "
        "steigt der Bedarf. Dafür gibt es einen zweiten Kopfbetrag. "
        f"Er geht von {percent(share)} des Grundbetrags aus. "
        f"In der Mustergemeinde kommen {number(where)} m² auf einen Menschen, das ergibt {euro(amount, 2)}."
    )


def _since(name: str) -> str:
    """The year from which a statutory value is not nothing."""
    entry = next(entry for entry in entries("fag_bw") if entry["name"] == name)
    return str(min(day for day, found in entry["values"].items() if found["value"]))[:4]


def nights_text(page: Seite) -> str:
    """How nights become weighted ones."""
    lines = page.lines[MAIN]
    kinds = {"heilbad": "fremdenverkehr_gewicht_heilbad", "kurort": "fremdenverkehr_gewicht_kurort"}
    parts = [
        f"{number(lines['uebernachtungen_' + kind])} × {trimmed(value(page, weight))}"
        for kind, weight in kinds.items()
        if lines["uebernachtungen_" + kind]
    ]
    parts.append(number(lines["uebernachtungen_uebrige"]))
    return f"{' + '.join(parts)} = {number(lines['gewichtete_uebernachtungen'])} gewichtete Übernachtungen"


def lump_text(page: Seite) -> str:
    """How inhabitants are weighted for § 4."""
    lines = page.lines[MAIN]
    weight = 100 * lines["gewichtete_einwohner"] / lines["einwohner"]
    weights = value(page, "investitionspauschale_gewichte")
    return (
        f"Es gibt {number(len(weights))} Klassen: In den schwächsten Gemeinden zählt ein Mensch "
        f"{percent(max(weights))}, in den stärksten {percent(min(weights))}. Die Mustergemeinde hat "
        f"{percent(lines['steuerkraftsumme_in_vh'])} des angenommenen Durchschnitts. Bei ihr zählt jeder Mensch "
        f"{percent(weight)}."
    )


def weights_text(page: Seite) -> str:
    """How children are weighted in the year."""
    if "kindergarten_gewichte" not in koerperschaften.exact_values(page.year):
        return f"Wie Kinder {page.year} umgerechnet wurden, wissen wir nicht. Wir nehmen fertige Zahlen an."
    low, *_, high = value(page, "kindergarten_gewichte")
    return (
        f"Je länger ein Kind im Kindergarten ist, desto mehr zählt es: von {trimmed(low)} bis {trimmed(high)}. "
        f"In der Mustergemeinde werden so aus {number(sum(_children(page)))} Kindern "
        f"{trimmed(page.lines[MAIN]['umgerechnete_kinder'], 1)} umgerechnete."
    )


def _children(page: Seite) -> list[float]:
    return [page.lines[MAIN][group] for group in fag_bw.KINDER]


def care_text(page: Seite) -> str:
    """What there is for those who lead a Tageseinrichtung."""
    if "leitungszeit" in page.lines[MAIN]:
        return (
            "Dazu kommt Geld für die Zeit, in der jemand die Einrichtung leitet (§ 29e). Von diesem Paragrafen kennen "
            "wir nur, was die Bekanntmachung sagt."
        )
    return f"Geld für die Leitung der Einrichtungen (§ 29e) gab es {page.year} nicht."


def rest_text(page: Seite) -> str:
    """Whether the bodies get the rest or give it back, and when."""
    values, rest = koerperschaften.exact_values(page.year), page.lines[MAIN]["abrechnung"]
    when = f"mit der Teilzahlung für das {number(values['abrechnung_quartal'])}. Vierteljahr "
    when += str(int(values["abrechnung_quartal_jahr"]))
    side = "bekommt die Mustergemeinde noch" if rest >= 0 else "muss die Mustergemeinde zurückgeben"
    return f"Am Ende {side}: {euro(abs(rest), 2)}. Abgewickelt wird das {when}."


def umlage_text(page: Seite) -> str:
    """The rates of the three bodies."""
    rates = [f"{name} {percent(page.lines[name]['umlagesatz'], 2)}" for name in NAMES]
    top = [name for name in NAMES if page.lines[name]["umlagesatz"] >= value(page, "umlage_hoechstens") - 1e-9]
    return f"Es zahlen: {joined(rates)}. " + (f"Den Höchstsatz zahlt {joined(top)}." if top else "")


def kept_texts(page: Seite) -> list[str]:
    """The cents that are kept of one more euro, from zone to zone."""
    return [anreiz.kept(zone) for zone in anreiz.zones(page.year).to_dict("records")]


def step_text(page: Seite) -> str:
    """What the euro costs that reaches a whole per cent, and the one after."""
    found = anreiz.stufe(page.year)
    return (
        f"Eine erfundene Gemeinde mit einem Bedarf von {number(found.bedarfsmesszahl / 1_000_000)} Mio. € erreicht "
        f"genau {found.in_vh} %. Der eine Euro, der sie dorthin bringt, hebt den Satz von "
        f"{number(found.satz_vorher, 2)} % auf {number(found.satz_nachher, 2)} %. "
        f"Das kostet allein {euro(found.kosten, 2)}, denn der höhere Satz trifft die ganze Steuerkraftsumme."
    )


def open_text(page: Seite) -> str:
    """How many open points there are, and how many change something here."""
    found = koerperschaften.effects(page.year, page.bodies)
    moved = sum(map(_moves, found))
    largest = max(abs(change) for effect in found for change in effect.changes.values())
    return (
        f"Für {page.year} gibt es {len(found)} solche Fragen. Bei {moved} davon ändert die andere Antwort für unsere "
        f"drei Gemeinden etwas, im größten Fall {euro(largest)}."
    )


def _moves(effect: Effect) -> bool:
    return any(round(change, 2) for change in effect.changes.values())


def per_head_text(page: Seite) -> str:
    """What is left for each inhabitant of the three bodies."""
    amounts = {name: page.amounts(name)["saldo"] / page.lines[name]["einwohner"] for name in NAMES}
    gets = [f"{name} {euro(amount)}" for name, amount in amounts.items() if amount >= 0]
    pays = [f"{name} {euro(-amount)}" for name, amount in amounts.items() if amount < 0]
    sentences = []
    if gets:
        sentences.append(f"Zieht man ab, was die Gemeinden zahlen, bleiben je Kopf: {joined(gets)}.")
    if pays:
        sentences.append(f"Mehr, als sie bekommen, zahlen je Kopf: {joined(pays)}.")
    return " ".join(sentences)


# --- Tables -----------------------------------------------------------------------------------------------------------


def assumed_table(page: Seite) -> Table:
    """What is assumed for the whole Land."""
    inputs = page.body(MAIN).inputs
    rows = [
        (quantity.label, _assumed(inputs[key], quantity.unit))
        for key, quantity in registry().items()
        if quantity.land and key in inputs
    ]
    return table(
        pd.DataFrame(rows, columns=["Größe", "Annahme"]),
        caption=f"{page.year}: Zahlen des Landes, die wir annehmen",
        note="Keine dieser Zahlen steht in der Bekanntmachung. Sie sind nicht amtlich.",
    )


def _assumed(value: float, unit: str) -> str:
    if value >= MILLION:
        return f"{trimmed(value / MILLION)} Mio. {_unit(unit)}"
    return f"{trimmed(value)} {_unit(unit)}"


def bodies_table(
    page: Seite,
    columns: Mapping[str, str],
    caption: str,
    *,
    units: str | Mapping[str, str] = "€",
    decimals: int | Mapping[str, int] = 0,
    note: str = "",
) -> Table:
    """A row for each of the three bodies, a column for each line that the year has."""
    shown = {key: heading for key, heading in columns.items() if key in page.lines[MAIN]}
    rows = [{"gemeinde": name, **{key: page.lines[name][key] for key in shown}} for name in NAMES]
    return table(
        pd.DataFrame(rows),
        caption=f"{page.year}: {caption}",
        columns={"gemeinde": "Gemeinde", **shown},
        units=units,
        decimals=decimals,
        note=note,
    )


def income_table(page: Seite) -> Table:
    """What the three bodies take in, as it was paid, with the Hebesätze."""
    rows = []
    for name in NAMES:
        inputs = page.lines[name]
        row = {"gemeinde": name, "einwohner": inputs["einwohner"]}
        row |= {tax: inputs[tax] / 1000 for tax in TAXES}
        row["anteile"] = (inputs["steuerkraft_einkommensteuer"] + inputs["umsatzsteueranteil"]) / 1000
        rows.append(row)
    return table(
        pd.DataFrame(rows),
        caption=f"{page.year - 2}: Was in die Kassen kam (erfunden)",
        columns={
            "gemeinde": "Gemeinde",
            "einwohner": "Menschen",
            "grundsteuer_a": "Grund\u00adsteuer\u00a0A",
            "grundsteuer_b": "Grund\u00adsteuer\u00a0B",
            "gewerbesteuer": "Gewerbe\u00adsteuer",
            "anteile": "Steuer\u00adanteile",
        },
        units={tax: "Tsd. €" for tax in (*TAXES, "anteile")},
        note="Hebesätze für Grundsteuer A, Grundsteuer B und Gewerbesteuer: "
        + "; ".join(
            f"{name} " + ", ".join(f"{number(page.lines[name]['hebesatz_' + tax])} %" for tax in TAXES)
            for name in NAMES
        )
        + ". Steueranteile: an Einkommen- und Umsatzsteuer, mit Familienleistungsausgleich.",
    )


def strength_parts(page: Seite, name: str) -> list[tuple[str, str, float]]:
    """The Steuerkraftmesszahl in parts: what it is, how it is computed, and the amount."""
    lines = page.lines[name]
    parts = []
    for tax, word in TAXES.items():
        rate, own = value(page, "anrechnung_" + tax), lines["hebesatz_" + tax]
        how = f"{euro(lines[tax])} ÷\u00a0{number(own)} % ×\u00a0{number(rate)} %"
        parts.append((word, how, lines[tax] / own * float(rate)))
    parts.append(("ab: Gewerbesteuerumlage", "an Bund und Land", -lines["gewerbesteuerumlage"]))
    key = lines["einkommensteuer_schluesselzahl"]
    for word, line in (
        ("Einkommensteuer", "einkommensteuer_land"),
        ("Familienleistungsausgleich", "familienleistungsausgleich_land_vorvorjahr"),
    ):
        parts.append((word, f"{trimmed(key)} ×\u00a0{number(lines[line] / 1e6)} Mio. €", key * lines[line]))
    share = value(page, "anrechnung_umsatzsteuer")
    own = lines["umsatzsteueranteil"]
    parts.append(("Umsatzsteuer", f"{euro(own)} × {number(share)} %", own * float(share) / 100))
    return parts


def strength_table(page: Seite) -> Table:
    """``strength_parts`` of the Mustergemeinde and their sum."""
    parts = strength_parts(page, MAIN)
    total = ("Steuerkraftmesszahl", "Summe", sum(amount for *_, amount in parts))
    return table(
        pd.DataFrame([*parts, total], columns=["Steuer", "Rechnung", "Betrag"]),
        caption=f"{page.year}: Die Steuerkraft der Mustergemeinde (§ 6)",
        columns=["Steuer", "Betrag", "Rechnung"],
        units="€",
        total="Steuerkraftmesszahl",
    )


def needs_table(page: Seite) -> Table:
    """The needs of the three bodies: inhabitants times Kopfbetrag, and area where the year has it."""
    columns = {
        "einwohner": "Menschen",
        "kopfbetrag": "Kopfbetrag",
        "flaeche_je_einwohner": "Fläche je Kopf",
        "kopfbetrag_flaeche": "Kopfbetrag Fläche",
        "bedarfsmesszahl": "Bedarf",
    }
    units = {"kopfbetrag": "€", "flaeche_je_einwohner": "m²", "kopfbetrag_flaeche": "€", "bedarfsmesszahl": "€"}
    decimals = {"kopfbetrag": 2, "kopfbetrag_flaeche": 2}
    note = f"Grundbetrag: {euro(page.lines[MAIN]['grundbetrag'])}, angenommen."
    return bodies_table(page, columns, "Der Bedarf (§ 7)", units=units, decimals=decimals, note=note)


def items(page: Seite, name: str, keys: Iterable[str] | None = None) -> list[Row]:
    """The items of a body that are not nothing, by the beginnings of their keys."""
    starts = tuple(keys) if keys is not None else ("",)
    return [row for row in page.rows[name] if row.item not in SUMMARY and row.item.startswith(starts) and row.amount]


def item_table(page: Seite, caption: str, keys: Iterable[str], *, every: bool = False) -> Table:
    """Basis × rate = amount for items of the Mustergemeinde, or folded of every body."""
    names = NAMES if every else (MAIN,)
    rows = [row for name in names for row in items(page, name, keys)]
    frame = pd.DataFrame(
        {
            "Posten": [f"{row.body}: {row.label}" if every else row.label for row in rows],
            "Betrag": [float(row.amount) for row in rows],
            "Rechnung": [_product(row) for row in rows],
        }
    )
    note = f"{ROUNDED} {NOT_ALL}" if every else ROUNDED
    inner = table(frame, caption=f"{page.year}: {caption}", units="€", decimals=2, note=note)
    return folded(inner, f"{caption} auf den Cent") if every else inner


def _unit(unit: str) -> str:
    return unit.replace("EUR", "€").replace("Euro", "€").replace("v.H.", "%")


def _product(row: Row) -> str:
    """Basis × rate, as a reader writes it."""
    counted = COUNTED.get(row.item, _unit(row.basis_unit))
    basis = euro(row.basis, 2) if row.basis_unit == "EUR" else f"{trimmed(row.basis)} {counted}".strip()
    if _unit(row.rate_unit) == "%":
        return f"{basis} ×\u00a0{percent(row.rate, 2)}"
    return f"{basis} ×\u00a0{euro(row.rate, 0 if float(row.rate or 0).is_integer() else 2)}"


def account_table(page: Seite) -> Table:
    """Every row of the Mustergemeinde: items, total, Teilzahlungen, rest, Umlage, balance; folded."""
    rows = []
    for row in page.rows[MAIN]:
        if row.item in SUMMARY:
            rows.append((row.label, "", float(row.amount), Html("")))
        elif row.amount:
            proof = Html(f"{escape(unbroken(row.paragraph))} {badge(registry()[row.item].evidence)}")
            rows.append((row.label, _product(row), float(row.amount), proof))
    inner = table(
        pd.DataFrame(rows, columns=["Posten", "Rechnung", "Betrag", "Beleg"]),
        caption=f"{page.year}: Die Abrechnung der Mustergemeinde (erfunden)",
        columns=["Posten", "Betrag", "Rechnung", "Beleg"],
        units="€",
        decimals=2,
        total="Leistungen",
        note=f"Minus: Was die Gemeinde zahlt, oder was sie schon bekommen hat. {ROUNDED} {NOT_ALL}",
    )
    return folded(inner, "Die Abrechnung, Posten für Posten mit Beleg")


def short_items(page: Seite, name: str) -> dict[str, float]:
    """The items of a body under short names, kinds of schools and of roads together."""
    result: dict[str, float] = {}
    for row in items(page, name):
        word = next(word for key, word in SHORT.items() if row.item.startswith(key))
        result[word] = result.get(word, 0.0) + float(row.amount)
    return result


def per_head_table(page: Seite) -> Table:
    """What the three bodies get and pay for each inhabitant, folded."""
    found = {name: short_items(page, name) for name in NAMES}
    rows = []
    for word in SHORT.values():
        if any(word in amounts for amounts in found.values()):
            rows.append([word, *(found[name].get(word, 0.0) / page.lines[name]["einwohner"] for name in NAMES)])
    rows.append(["Saldo", *(page.amounts(name)["saldo"] / page.lines[name]["einwohner"] for name in NAMES)])
    inner = table(
        pd.DataFrame(rows, columns=["Posten", *NAMES]),
        caption=f"{page.year}: Was je Kopf fließt, drei erfundene Gemeinden",
        units="€ je Kopf",
        decimals=1,
        total="Saldo",
        note="Saldo: was eine Gemeinde bekommt, weniger was sie zahlt. Bei einem Minus zahlt sie mehr.",
    )
    return folded(inner, "Alle Posten je Kopf, drei Gemeinden im Vergleich")


def settled_table(page: Seite) -> Table:
    """Abschnitt III for the three bodies."""
    columns = {"total": "Leistungen", "teilzahlungen": "vier Teilzahlungen", "rest": "Rest"}
    rows = []
    for name in NAMES:
        amounts = page.amounts(name)
        paid = sum(amounts[quarter] for quarter in fag_bw.TEILZAHLUNGEN)
        rows.append({"gemeinde": name, "total": amounts["total"], "teilzahlungen": paid, "rest": amounts["rest"]})
    return table(
        pd.DataFrame(rows),
        caption=f"{page.year}: Leistungen, Teilzahlungen, Rest",
        columns={"gemeinde": "Gemeinde", **columns},
        units="€",
        note="Die drei Gemeinden und ihre Teilzahlungen sind erfunden. Gezeigt ist auf ganze Euro gerundet.",
    )


def open_tables(page: Seite) -> list[Table]:
    """The open points that change something here with what the other answer changes, and folded the others."""
    found = koerperschaften.effects(page.year, page.bodies)
    moved = [
        [_question(effect), _taken(effect), *(effect.changes.get(name) for name in NAMES)]
        for effect in found
        if _moves(effect)
    ]
    quiet = [[_question(effect), _taken(effect)] for effect in found if not _moves(effect)]
    shown = table(
        pd.DataFrame(moved, columns=["Frage", "unsere Antwort", *NAMES]),
        caption=f"{page.year}: Was die andere Antwort am Saldo ändert",
        units=dict.fromkeys(NAMES, "€"),
        sign=NAMES,
        note="Drei erfundene Gemeinden; auf ganze Euro gerundet. Saldo: was eine Gemeinde bekommt, weniger was sie "
        "zahlt.",
    )
    others = table(
        pd.DataFrame(quiet, columns=["Frage", "unsere Antwort"]), caption=f"{page.year}: Fragen, die hier nichts ändern"
    )
    folds = [folded(others, f"{len(quiet)} weitere Fragen, hier ohne Folgen")] if quiet else []
    return [shown] * bool(moved) + folds


def _question(effect: Effect) -> str:
    return unbroken(effect.reading.description)


def _taken(effect: Effect) -> str:
    return "ja" if effect.reading.taken else "nein"


def commands(year: int) -> Table:
    """How a reader computes an own Gemeinde."""
    first = f"python -m lfa municipal template {year} --kind gemeinde > gemeinde.csv"
    second = f"python -m lfa municipal compute {year} gemeinde.csv"
    return code_listing([("1. Leere Tabelle holen", first), ("2. Nach dem Ausfüllen rechnen", second)])


def inputs_table(year: int) -> Table:
    """What a reader must know, folded."""
    rows = [
        (quantity.label, _unit(quantity.unit), quantity.published)
        for quantity in koerperschaften.needed(year, ("gemeinde",))
    ]
    listed = table(
        pd.DataFrame(rows, columns=["Angabe", "Einheit", "Woher"]),
        caption=f"{year}: Was eine Gemeinde von sich wissen muss",
    )
    return folded(listed, f"Alle {len(rows)} Angaben und woher man sie bekommt")


# --- Pictures ---------------------------------------------------------------------------------------------------------


def way(page: Seite) -> pd.DataFrame:
    """From Steuerkraft to what is left, in % of the needs: a row per body."""
    rows = []
    for name in NAMES:
        lines = page.lines[name]
        own, got, paid = (
            100 * lines[key] / lines["bedarfsmesszahl"]
            for key in ("steuerkraftmesszahl", "schluesselzuweisung", "finanzausgleichsumlage")
        )
        rows.append({"gemeinde": name, "eigen": own, "zuweisung": got, "umlage": paid, "danach": own + got - paid})
    return pd.DataFrame(rows).set_index("gemeinde")


def way_picture(page: Seite) -> Any:
    """The way of the three bodies, one below the other, as small cascades."""
    frame = way(page)
    order = list(frame.sort_values("eigen").index)
    sides = {
        OWN: NEUTRAL,
        "Zuweisung": RECEIVER,
        "Umlage": PAYER,
        "danach": BLUE,
    }
    rows: Rows = []
    heads: Rows = []
    place = 0.0
    for name in order:
        own, got, paid, left = frame.loc[name, ["eigen", "zuweisung", "umlage", "danach"]].tolist()
        heads.append({"mitte": place, "text": name, "wert": 0})
        for word, low, high, text in (
            (OWN, 0, own, f"{number(own, 1)} %"),
            ("Zuweisung", own, own + got, number(got, 1, sign=True)),
            ("Umlage", own + got, own + got - paid, number(-paid, 1, sign=True)),
            ("danach", 0, left, f"{number(left, 1)} %"),
        ):
            place += 1
            rows.append(
                {"gemeinde": name, "seite": word, "von": low, "bis": high, "text": text}
                | {"oben": place - 0.38, "unten": place + 0.38, "mitte": place}
            )
        place += 1.4
    last = place - 0.8
    scale = alt.Scale(domain=[-0.6, last], reverse=True, nice=False, zero=False)
    top = max(row[end] for row in rows for end in ("von", "bis"))
    x_scale = _from_zero(top, [row["text"] for row in rows])
    axis = alt.Axis(
        values=[row["mitte"] for row in rows],
        labelExpr=f"{json.dumps(_by_place(rows), ensure_ascii=False)}[round(10 * datum.value)]",
        labelOverlap=False,
        title=None,
        domain=False,
        ticks=False,
        grid=False,
        labelLimit=200,
        labelPadding=6,
    )
    y = alt.Y("mitte:Q", scale=scale, axis=axis)
    levels = (float(value(page, "mehrzuweisung_sockel")), 100.0)
    # Each body has lines of its own, so that none crosses a heading.
    marks = [
        {"wert": mark, "oben": head["mitte"] + 0.5, "unten": head["mitte"] + 4.5} for head in heads for mark in levels
    ]
    ticks = [0, *levels, 200]
    x_axis = alt.Axis(values=ticks, title="% des Bedarfs", domain=False, ticks=False, grid=False)
    base = alt.Chart(data_of(rows))
    drawing = alt.layer(
        alt.Chart(data_of(marks))
        .mark_rule(strokeDash=[4, 3], opacity=0.6)
        .encode(
            alt.X("wert:Q", scale=x_scale, axis=x_axis),
            alt.Y("oben:Q", scale=scale, axis=axis),
            alt.Y2("unten:Q"),
        ),
        base.mark_rect().encode(
            alt.X("von:Q", scale=x_scale, axis=x_axis),
            alt.X2("bis:Q"),
            alt.Y("oben:Q", scale=scale, axis=axis),
            alt.Y2("unten:Q"),
            alt.Color(
                "seite:N",
                scale=alt.Scale(domain=list(sides), range=list(sides.values())),
                legend=None,
            ),
            tooltip=[
                alt.Tooltip("gemeinde:N", title="Gemeinde"),
                alt.Tooltip("seite:N", title="Schritt"),
                alt.Tooltip("text:N", title="% des Bedarfs"),
            ],
        ),
        right_column(rows, y),
        alt.Chart(data_of(heads))
        .mark_text(align="left", fontWeight="bold", fontSize=13, aria=False)
        .encode(alt.X("wert:Q", scale=x_scale, axis=x_axis), y, text="text:N"),
        width="container",
        height=int(23 * last),
    )
    return publish(
        drawing,
        title=_way_title(page, frame),
        subtitle="Von der eigenen Steuerkraft zu dem, was nach Zuweisung und Umlage bleibt, in % des Bedarfs",
        description="Balken je Gemeinde, in Prozent des Bedarfs. "
        + "; ".join(
            f"{name}: {OWN} {number(own, 1)}, Zuweisung {number(got, 1)}, "
            f"Umlage {number(paid, 1)}, danach {number(left, 1)}"
            for name, (own, got, paid, left) in zip(order, frame.loc[order].to_numpy().tolist(), strict=True)
        ),
        source=source(page, "1a", "5", "6", "7"),
    )


def _by_place(rows: Rows) -> dict[str, str]:
    return {str(round(10 * row["mitte"])): row["seite"] for row in rows}


def _way_title(page: Seite, frame: pd.DataFrame) -> str:
    before, after = (frame.loc[RICH, key] / frame.loc[POOR, key] for key in ("eigen", "danach"))
    return f"{page.year}: Vom {number(before, 1)}-Fachen zum {number(after, 1)}-Fachen: so weit liegt {RICH} vor {POOR}"


def _from_zero(high: float, texts: Iterable[str]) -> alt.Scale:
    """From zero to ``high``, and beyond it room for the longest text, whatever the width of the chart."""
    room = 12 + PER_CHARACTER * max(map(len, texts))
    end = alt.ExprRef(expr=f"{high} * (1 + {room} / max(width - {room}, 1))")
    return alt.Scale(domainMin=0, domainMax=end, nice=False, zero=True)


def items_picture(page: Seite) -> Any:
    """The items of the Mustergemeinde by size, what it gets and what it pays."""
    ordered = sorted(short_items(page, MAIN).items(), key=lambda pair: -abs(pair[1]))
    sides = {"bekommt": RECEIVER, "zahlt": PAYER}
    rows: Rows = [
        {
            "posten": word,
            "wert": abs(amount) / 1000,
            "text": number(amount / 1000),
            "seite": "zahlt" if amount < 0 else "bekommt",
        }
        for word, amount in ordered
    ]
    largest, amount = max(ordered, key=lambda pair: pair[1])
    scale = _from_zero(max(row["wert"] for row in rows), [row["text"] for row in rows])
    base = alt.Chart(data_of(rows), width="container", height=alt.Step(24)).encode(
        alt.Y(
            "posten:N",
            sort=[row["posten"] for row in rows],
            axis=alt.Axis(title=None, domain=False, ticks=False, labelLimit=200, labelPadding=6),
        ),
        alt.X("wert:Q", axis=None, scale=scale),
        tooltip=[alt.Tooltip("posten:N", title="Posten"), alt.Tooltip("text:N", title="Tsd. €")],
    )
    drawing = alt.layer(
        base.mark_bar(height={"band": 0.72}).encode(
            alt.Color(
                "seite:N",
                scale=alt.Scale(domain=list(sides), range=list(sides.values())),
                legend=top_legend(list(sides)),
            )
        ),
        base.mark_text(align="left", dx=4, aria=False).encode(text="text:N"),
    )
    share = 100 * amount / page.lines[MAIN]["leistungen"]
    return publish(
        drawing,
        title=f"{page.year}: Der größte Posten der Mustergemeinde: {largest}, {percent(share, 0)} ihrer Leistungen",
        subtitle="Was die erfundene Mustergemeinde bekommt und zahlt, in Tsd. €",
        description="Balken in Tsd. €. " + ", ".join(f"{row['posten']} {row['text']}" for row in rows),
        source=source(page),
    )


def curve(page: Seite, key: str, along: Sequence[float]) -> list[float]:
    """The Kopfbetrag by inhabitants (``kopfbetrag``) or by area for each (``kopfbetrag_flaeche``)."""
    people = np.array(along, dtype=float) if key == "kopfbetrag" else np.full(len(along), 10_000.0)
    area = np.zeros(len(along)) if key == "kopfbetrag" else np.array(along, dtype=float)
    lines = {
        "einwohner": people,
        "flaeche": area * people / 10_000,
        "grundbetrag": page.lines[MAIN]["grundbetrag"],
        "zuschlag_personen": 0 * people,
    }
    found = fag_bw.bedarfsmesszahl(lines, koerperschaften.values(page.year))
    return [float(amount) for amount in found[key]]


def people_picture(page: Seite) -> Any:
    """The Kopfbetrag by inhabitants, with the three bodies."""
    stops = [float(stop) for stop in value(page, "kopfbetrag_einwohner")]
    grid = sorted({1000.0, 1_000_000.0, *stops, *(round(10 ** (3 + step / 40)) * 1.0 for step in range(121))})
    low, high = curve(page, "kopfbetrag", [stops[0], stops[-1]])
    x = alt.X(
        "x:Q",
        scale=alt.Scale(type="log", domain=[1000, 1_000_000], nice=False),
        title="Menschen, je Strich das Zehnfache",
        axis=alt.Axis(
            values=[1000, 10_000, 100_000, 1_000_000],
            labelExpr="datum.value < 1e6 ? datum.value / 1000 + ' Tsd.' : datum.value / 1e6 + ' Mio.'",
            labelFlush=True,
        ),
    )
    return _curve_picture(
        page,
        "kopfbetrag",
        grid,
        stops,
        x,
        "einwohner",
        title=f"{page.year}: Je größer die Gemeinde, desto mehr zählt jeder Mensch, von {euro(low)} bis {euro(high)}",
        subtitle=f"Kopfbetrag in €, bei angenommenem Grundbetrag von {euro(page.lines[MAIN]['grundbetrag'])}",
        unit="Menschen",
    )


def area_picture(page: Seite) -> Any:
    """The Kopfbetrag by area for each inhabitant, with the three bodies; None in a year without it."""
    if not value(page, "kopfbetrag_flaeche_anteil"):
        return None
    stops = [float(stop) for stop in value(page, "kopfbetrag_flaeche")]
    grid = [250.0 * step for step in range(161)]
    low, high = curve(page, "kopfbetrag_flaeche", [stops[0], stops[-1]])
    x = alt.X(
        "x:Q",
        scale=alt.Scale(domain=[0, 40_000], nice=False),
        title="m² Gemeindefläche je Mensch",
        axis=alt.Axis(values=[0, 10_000, 20_000, 30_000, 40_000], format=",.0f", labelFlush=True),
    )
    return _curve_picture(
        page,
        "kopfbetrag_flaeche",
        grid,
        stops,
        x,
        "flaeche_je_einwohner",
        title=f"{page.year}: Viel Land je Kopf bringt ein wenig mehr Bedarf, von {euro(low)} bis {euro(high)}",
        subtitle="Zweiter Kopfbetrag in €, nach der Fläche; Grundbetrag angenommen",
        unit="m² je Mensch",
    )


def _curve_picture(
    page: Seite,
    key: str,
    grid: Sequence[float],
    stops: Sequence[float],
    x: alt.X,
    basis: str,
    *,
    title: str,
    subtitle: str,
    unit: str,
) -> Any:
    rows = [{"x": at, "y": amount} for at, amount in zip(grid, curve(page, key, grid), strict=True)]
    fixed = [{"x": at, "y": amount} for at, amount in zip(stops, curve(page, key, stops), strict=True)]
    points = [
        {"x": page.lines[name][basis], "y": page.lines[name][key], "gemeinde": name}
        | {"wo": f"{number(page.lines[name][basis])} {unit}", "text": euro(page.lines[name][key], 2)}
        for name in NAMES
    ]
    values = [row["y"] for row in rows]
    margin = 0.12 * (max(values) - min(values))
    y = alt.Y(
        "y:Q",
        title="€ je Mensch",
        scale=alt.Scale(domain=[min(values) - margin, max(values) + margin], nice=False, zero=False),
        axis=alt.Axis(tickCount=5, format=",.0f"),
    )
    drawing = alt.layer(
        alt.Chart(data_of(rows)).mark_line(color=NEUTRAL, strokeWidth=2.5).encode(x, y),
        alt.Chart(data_of(fixed)).mark_point(filled=True, size=30, opacity=1, color=NEUTRAL).encode(x, y),
        alt.Chart(data_of(points))
        .mark_point(filled=True, size=130, opacity=1, stroke="#ffffff", strokeWidth=1)
        .encode(
            x,
            y,
            alt.Color(
                "gemeinde:N",
                scale=alt.Scale(domain=list(NAMES), range=list(COLOURS)),
                legend=top_legend(NAMES, symbolType="circle"),
            ),
            tooltip=[
                alt.Tooltip("gemeinde:N", title="Gemeinde"),
                alt.Tooltip("wo:N", title="Lage"),
                alt.Tooltip("text:N", title="Kopfbetrag"),
            ],
        ),
        width="container",
        height=280,
    )
    return publish(
        drawing,
        title=title,
        subtitle=subtitle,
        description="Linie mit den Stufen des Gesetzes: "
        + ", ".join(f"{number(row['x'])} {unit} {euro(row['y'], 2)}" for row in fixed)
        + ". Gemeinden: "
        + ", ".join(f"{point['gemeinde']} {point['wo']} {point['text']}" for point in points),
        source=source(page, "7"),
    )


# --- Proof ------------------------------------------------------------------------------------------------------------


class Exact(NamedTuple):
    """A body in fractions: its lines, and the amounts of its rows by item."""

    lines: Mapping[str, Fraction]
    amounts: Mapping[str, Fraction]


def exact(page: Seite, name: str) -> Exact:
    """Compute a body by the law itself in fractions, without ``koerperschaften.settle``."""
    body = page.body(name)
    values = as_vectors(koerperschaften.exact_values(page.year))
    given = {key: Fraction(repr(number)) for key, number in body.inputs.items()}
    lines: dict[str, Any] = {key: one if registry()[key].land else Vector([one]) for key, one in given.items()}
    rules = [kind for kinds in body.kinds for kind in koerperschaften.KINDS[kinds]]
    for kind in rules:
        lines = fag_bw.settle(lines, values, kind)
    products = [row for row in page.rows[name] if row.item not in SUMMARY]
    signs = {row.item: -1 if registry()[row.item].paid_by_the_body else 1 for row in products}
    amounts = {item: sign * _one(lines[item]) for item, sign in signs.items()}
    lines["leistungen"] = Vector([sum(amounts[item] for item, sign in signs.items() if sign > 0)])
    lines = fag_bw.settle(lines, values, "abrechnung", ("abrechnung",))
    amounts["total"] = _one(lines["leistungen"])
    amounts |= {quarter: -given[quarter] for quarter in fag_bw.TEILZAHLUNGEN}
    amounts["rest"] = _one(lines["abrechnung"])
    amounts["saldo"] = sum((amounts[item] for item in signs), Fraction(0))
    return Exact({key: _one(one) for key, one in lines.items()}, amounts)


def _one(value: Any) -> Fraction:
    return Fraction(next(iter(value)) if isinstance(value, Vector) else value)


def product(row: Row) -> float | None:
    """Basis times rate of a row, with the sign of its amount; nothing for a sum."""
    if row.basis is None or row.rate is None:
        return None
    sign = -1 if registry()[row.item].paid_by_the_body else 1
    return sign * float(row.basis) * float(row.rate) / (100 if row.rate_unit in ("%", "v.H.") else 1)


def deviations(page: Seite) -> list[str]:
    """Rows whose amount is not that of the fractions to the cent, or not basis times rate."""
    wrong = []
    for name in NAMES:
        amounts = exact(page, name).amounts
        for row in page.rows[name]:
            if number(row.amount, 2) != number(amounts[row.item], 2):
                wrong.append(f"{name} {row.item}: {row.amount}")
            if (again := product(row)) is not None and abs(again - row.amount) > 0.001:
                wrong.append(f"{name} {row.item}: {again}")
    return wrong


def lifted(page: Seite, name: str) -> tuple[Fraction, Fraction]:
    """Steuerkraft and Schlüsselzuweisung together, and what they come to below the Sockel, in fractions."""
    lines = exact(page, name).lines
    sockel, quota = value(page, "mehrzuweisung_sockel") / 100, value(page, "schluesselzahlen_gemeinden") / 100
    needs = lines["bedarfsmesszahl"]
    return lines["steuerkraftmesszahl"] + lines["schluesselzuweisung"], needs * (sockel + quota * (1 - sockel))


def checks(page: Seite) -> pd.DataFrame:
    """How much was computed twice, by body."""
    rows = []
    for name in NAMES:
        amounts = exact(page, name).amounts
        products = [row for row in page.rows[name] if product(row) is not None]
        rows.append(
            {
                "gemeinde": name,
                "betraege": len(amounts),
                "produkte": len(products),
                "leistungen": amounts["total"],
                "saldo": amounts["saldo"],
            }
        )
    return pd.DataFrame(rows)


def checks_table(page: Seite) -> Table:
    """``checks`` as a table."""
    return table(
        checks(page),
        caption=f"{page.year}: nachgerechnet in genauen Brüchen",
        columns={
            "gemeinde": "Gemeinde",
            "betraege": "Beträge",
            "produkte": "davon Produkte",
            "leistungen": "Leistungen",
            "saldo": "Saldo",
        },
        units={"leistungen": "€", "saldo": "€"},
        decimals={"leistungen": 2, "saldo": 2},
    )


# --- Exercises --------------------------------------------------------------------------------------------------------


def varied(page: Seite, name: str, **inputs: float) -> Exact:
    """``exact`` for a body of which some inputs are others."""
    body = page.body(name)
    return exact(page._replace(bodies=(body._replace(inputs={**body.inputs, **inputs}),)), name)


def kept_by_calculator(page: Seite, name: str) -> float:
    """What the page „Selbst rechnen“ says that a body keeps of one more euro of Steuerkraft, in cents."""
    given = page.body(name).inputs
    inputs = {key: one if registry()[key].land else np.array([one]) for key, one in given.items()}
    return float(100 * scenario.kept_by_gemeinde(inputs, koerperschaften.values(page.year))[0])


def needs(page: Seite, people: Sequence[int], grundbetrag: int) -> list[Fraction]:
    """Bedarfsmesszahl without area of invented Gemeinden of so many inhabitants, by the law itself in fractions."""
    einwohner = Vector([Fraction(one) for one in people])
    lines = {"einwohner": einwohner, "flaeche": 0 * einwohner, "zuschlag_personen": 0 * einwohner}
    found = fag_bw.bedarfsmesszahl(
        {**lines, "grundbetrag": Fraction(grundbetrag)}, as_vectors(koerperschaften.exact_values(page.year))
    )
    return list(found["bedarfsmesszahl_a"])
