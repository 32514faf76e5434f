"""The headings of the functions of each law and its values, as the chapter on the law as a programme shows them."""

import inspect
import re
from collections.abc import Mapping
from fractions import Fraction

import pandas as pd

from lfa.evidence import law_source
from lfa.gesetze import final, gesetz
from lfa.parameters import entries
from lfa.settlement import LAWS
from lfa.tables import Table, code_listing, number

TITLES: Mapping[str, Mapping[str, str]] = {
    "fag1993": {
        "vertikale_verteilung": "Anteile von Bund, Ländern und Gemeinden an der Umsatzsteuer",
        "fonds": "Beiträge der alten Länder zum Fonds „Deutsche Einheit“",
        "umsatzsteuerverteilung": "Umsatzsteuer: Ergänzungsanteile, der Rest nach Einwohnern",
        "finanzkraftmesszahl": "Finanzkraft: Steuern des Landes und seiner Gemeinden",
        "ausgleichsmesszahl": "Bedarf: was das Land im Durchschnitt je gewerteten Einwohner hätte",
        "laendersteuern": "Steuern der Länder, mit Förderabgabe, ohne Hafenlasten",
        "gemeindesteuern": "Steuern der Gemeinden, zur Hälfte gezählt",
        "einwohnerwertung": "Wertung der Einwohner",
        "ausgleichszuweisungen": "Tarif: Was bekommen die schwachen Länder?",
        "ausgleichsbeitraege": "Tarif: Was zahlen die starken Länder?",
        "_restueberschuss": "Überschuss, der einem zahlenden Land bleibt",
        "_garantierte_laendersteuern": "Ländersteuern im Durchschnitt und im einzelnen Land",
        "laendersteuergarantie_empfaenger": "Garantie für die Ländersteuern der Empfänger",
        "laendersteuergarantie_zahler": "Garantie für die Ländersteuern der Zahler",
        "belastungsobergrenze": "Obergrenze der Belastung",
        "rangfolge": "Rangfolge der zahlenden Länder",
        "abschlusszahlungen": "Abschlusszahlungen",
    },
    "fag2005": {
        "vertikale_verteilung": "Anteile von Bund, Ländern und Gemeinden an der Umsatzsteuer",
        "umsatzsteuerverteilung": "Umsatzsteuer: Ergänzungsanteile, der Rest nach Einwohnern",
        "finanzkraftmesszahl": "Finanzkraft: Steuern des Landes und seiner Gemeinden",
        "ausgleichsmesszahl": "Bedarf: was das Land im Durchschnitt je gewerteten Einwohner hätte",
        "steuereinnahmen": "Steuern des Landes ohne Umsatzsteuer",
        "laendersteuern": "Steuern der Länder, mit Umsatzsteuer und Förderabgabe",
        "kuerzung": "Abzug, wo die Steuern schneller wachsen als im Durchschnitt",
        "gemeindesteuern": "Steuern der Gemeinden, zu 64 v.H. gezählt",
        "einwohnerwertung": "Wertung der Einwohner",
        "tariffaktor": "Tarif: der Faktor F",
        "ausgleichszuweisungen": "Tarif: Was bekommen die schwachen Länder?",
        "ausgleichsbeitraege": "Tarif: Was zahlen die starken Länder?",
        "obergrenze": "Obergrenze der Beiträge",
        "bundesergaenzungszuweisungen": "Bundesergänzungszuweisungen",
        "einwohnerzahl": "Einwohner nach dem Zensus 2011",
    },
    "fag2020": {
        "vertikale_verteilung": "Anteile von Bund, Ländern und Gemeinden an der Umsatzsteuer",
        "umsatzsteuerverteilung": "Umsatzsteuer: zunächst nach Einwohnern",
        "finanzkraftausgleich": "Umsatzsteuer mit Zuschlag oder Abschlag",
        "finanzkraftmesszahl": "Finanzkraft: Steuern des Landes und seiner Gemeinden",
        "ausgleichsmesszahl": "Bedarf: was das Land im Durchschnitt je gewerteten Einwohner hätte",
        "steuereinnahmen": "Steuern des Landes ohne Umsatzsteuer",
        "laendersteuern": "Steuern der Länder, mit Umsatzsteuer und einem Teil der Förderabgabe",
        "kuerzung": "Abzug, wo die Steuern schneller wachsen als im Durchschnitt",
        "gemeindesteuern": "Steuern der Gemeinden, zu 75 v.H. gezählt",
        "einwohnerwertung": "Wertung der Einwohner",
        "zuschlaege_und_abschlaege": "Tarif: Zuschläge und Abschläge",
        "bundesergaenzungszuweisungen": "Bundesergänzungszuweisungen",
        "_luecke": "Was einem Land bis zu einem Teil des Durchschnitts fehlt",
        "_verschieden": "Ob zwei Auslegungen verschiedene Beträge ergeben",
        "einwohnerzahl": "Einwohner nach dem Zensus 2022",
    },
}
"""What each function of a law computes, by its name."""


def heading(law: str, paragraph: str, what: str, text: str) -> str:
    """The heading of a function: its paragraph, what it computes, and how its rules are known."""
    evidence = ", ".join(dict.fromkeys(re.findall(r"\b[VNR]\b", what.rpartition("[")[2]))) if "[" in what else ""
    name = text.removeprefix("def ").partition("(")[0]
    taken = ", unverändert aus dem FAG 2001" if name in borrowed(law) else ""
    return f"{paragraph}: {TITLES[law][name]}{taken}" + (f" [{evidence}]" if evidence else "")


def borrowed(law: str) -> list[str]:
    """The rules of a law that are functions of an earlier one, because both read the same."""
    module = LAWS[law]
    names = [name for name, value in vars(module).items() if inspect.isfunction(value) and name in TITLES[law]]
    return [name for name in names if getattr(module, name).__module__ != module.__name__]


def listing(law: str) -> Table:
    """The whole law as programme text, each rule under its heading."""
    return code_listing([(heading(law, *rule), rule[2]) for rule in law_source(law)])


def rates(law: str, first: int, last: int) -> pd.DataFrame:
    """The rates of a law in two years: what, paragraph, evidence, and the rate as the law writes it."""
    rows = [
        {
            "was": entry["description"].rsplit(" (", 1)[0],
            "paragraf": entry["description"].rsplit(" (", 1)[1].removesuffix(")"),
            "anfang": _rate(values.get(first), entry["unit"]),
            "ende": _rate(values.get(last), entry["unit"]),
            "beleg": entry["evidence"],
        }
        for entry in entries(law)
        if entry["unit"] in ("Anteil", "v.H.")
        for values in [{year: version.value for year, version in final(law, entry["name"]).items()}]
        if any(isinstance(values.get(year), Fraction) for year in (first, last))
    ]
    return pd.DataFrame(rows)


def _rate(value: object, unit: str) -> str:
    """A rate in v.H.; a fraction that no decimals write exactly stays a fraction."""
    if not isinstance(value, Fraction):
        return "–"
    percent = value * (100 if unit == "Anteil" else 1)
    text = number(percent, 8)
    if Fraction(text.replace(".", "").replace(",", ".")) != percent:
        return f"{number(value.numerator)}/{number(value.denominator)}"
    return f"{text.rstrip('0').rstrip(',')} v.H." if "," in text else f"{text} v.H."


def years_shown(law: str) -> tuple[int, int]:
    """The first and the last year for which the values of a law are known."""
    return gesetz(law).first, gesetz(law).known_until
