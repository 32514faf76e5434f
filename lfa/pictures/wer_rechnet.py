"""The tables and quotations of the chapter on who computes: what is said of the offices, and where it stands."""

from collections.abc import Iterable
from typing import NamedTuple

import pandas as pd

from lfa.pictures.verfahren import ordinance, quoted, statute
from lfa.tables import Table, table
from lfa.years import Year, direct_inputs

LAW_2012, LAW_2026, CONSTITUTION = "FAG 2001, Stand 2012", "FAG 2020, Stand 2026", "GG, Stand 2026"
MINISTRY = (
    "stellt das Bundesministerium der Finanzen mit Zustimmung des Bundesrates durch Rechtsverordnung nach Ablauf des "
    "Ausgleichsjahres die endgültige Höhe der Länderanteile an der Umsatzsteuer und die endgültige Höhe der "
    "Ausgleichsbeiträge und Ausgleichszuweisungen im Länderfinanzausgleich fest (§ 12 des Gesetzes vom 23. Juni 1993)."
)
REPORT = (
    "Die zuständigen Landesbehörden sind verpflichtet, dem Bundesministerium der Finanzen alle "
    "zur Durchführung dieses Gesetzes angeforderten Auskünfte zu erteilen."
)
CONFIRM = (
    "Die oberste Rechnungsprüfungsbehörde des Landes hat die sachliche Richtigkeit "
    "der zur Feststellung der Finanzkraft des Landes erforderlichen Angaben zu bestätigen."
)
PAY = (
    "Die empfangsberechtigten Länder erhalten die an sie zu überweisenden Beträge "
    "nach Eingang der von den zahlungspflichtigen Ländern zu leistenden Beträge."
)
PURPOSE = (
    "Die Abgeltung von Schäden und Verlusten, die sich infolge der Vertreibungen und Zerstörungen "
    "der Kriegs- und Nachkriegszeit"
)
LOCAL_OFFICE = (
    "Für jeden Landkreis und jeden Stadtkreis wird innerhalb der allgemeinen Verwaltung "
    "oder einer anderen bestehenden Behörde ein Ausgleichsamt eingerichtet"
)
DIRECTIONS = (
    "seine Weisungen sind, abgesehen von den Fällen der Dringlichkeit, "
    "an die obersten Landesbehörden (Landesausgleichsämter) zu richten."
)
CLAIMS = (
    (
        "Landes\u00adausgleichs\u00adämter sind zentrale Stellen für den Ausgleich zwischen den Ländern.",
        "Es sind Landesbehörden für den Lastenausgleich. Das Gesetz sieht je Land eine vor.",
        "§§ 305, 306, 311 LAG",
    ),
    (
        "Dieser Ausgleich heißt „Landes\u00adausgleich“.",
        "Die Verordnung nennt ihn „Länder\u00adfinanz\u00adausgleich“. Das andere Wort kommt in ihr nicht vor.",
        "Verordnung {year}",
    ),
    (
        "Die Ämter berechnen und verteilen das Geld.",
        "Das Bundesministerium der Finanzen legt die Beträge fest, der Bundesrat stimmt zu.",
        "Verordnung {year}, Vorblatt und Begründung",
    ),
    (
        "Wirtschafts\u00adleistung und soziale Lage zählen mit.",
        "Gerechnet wird mit Steuern, Einwohnern und der Förderabgabe auf Bodenschätze. Abgezogen werden Hafenlasten.",
        "Verordnung {year}, Anlagen",
    ),
    (
        "Die Ämter vermitteln zwischen den Ländern und machen Vorschläge.",
        "Die Länder sprechen im Bundesrat mit. Das Landes\u00adausgleichsamt beaufsichtigt Ausgleichsämter.",
        "Verordnung {year}, Anschreiben; § 311 Abs. 3 LAG",
    ),
    (
        "Sie fördern Projekte, Straßen und Schulen in schwachen Gegenden.",
        "Die Verordnung kennt nur Beiträge von Ländern und Zuweisungen an Länder, keine Projekte.",
        "Verordnung {year}, § 3",
    ),
)
"""What an encyclopedia says in our words, what is right, and where it stands. Soft hyphens help on a phone."""
DRAWERS = {
    "Einwohner und Gemeindegrößen": ("einwohner", "gemeinden", "dichte"),
    "Steuern der Gemeinden": (
        *("gemeindeanteil", "sonstige", "abzug_gewerbesteuerumlage"),
        *("grundsteuer", "gewerbesteuer"),
    ),
    "Förderabgabe": ("foerderabgabe",),
    "Fonds „Deutsche Einheit“ und frühere Zahlungen": ("fonds", "bisher"),
}
"""Of what the inputs of the computation consist: the beginnings of their names."""


class Quote(NamedTuple):
    """Words that stand in a text, and the place where."""

    words: str
    place: str
    text: str

    def shown(self) -> str:
        """The words in quotation marks and their place. Raises ValueError if they do not stand in the text."""
        return f"{quoted(self.text, self.words)} ({self.place})"


def cite(law: str, place: str, words: str = "", *, name: str) -> Quote:
    """Words of a paragraph, by default all of them."""
    text = statute(law)[place]
    return Quote(words or text, f"{place} {name}", text)


def roles(year: Year) -> list[tuple[str, str, Quote]]:
    """Who does what in the Länderfinanzausgleich: the task, who does it, and the words that say so."""
    own, place = ordinance(year), f"Verordnung {year.year}"
    rules = "Durch Bundesgesetz, das der Zustimmung des Bundesrates bedarf"
    count = "die das Statistische Bundesamt zum 30. Juni des Ausgleichsjahres festgestellt hat"
    return [
        (
            "Regeln beschließen",
            "Bund, mit Zustimmung des Bundesrats",
            cite("gg", "Art. 107 Abs. 2 Satz 1", rules, name=CONSTITUTION),
        ),
        ("Menschen zählen", "Statistisches Bundesamt", cite("fag-2012", "§ 9 Abs. 1", count, name=LAW_2012)),
        ("Steuerdaten melden", "Länder", cite("fag-2026", "§ 18 Abs. 2", REPORT, name=LAW_2026)),
        (
            "Angaben bestätigen",
            "Rechnungsprüfung des Landes",
            cite("fag-2026", "§ 18 Abs. 2", CONFIRM, name=LAW_2026),
        ),
        ("Beträge festlegen", "Bundesministerium der Finanzen", Quote(MINISTRY, place, own)),
        ("Zustimmen", "Bundesrat", Quote("Der Bundesrat hat zugestimmt.", place, own)),
        ("Zahlen", "Länder", Quote(PAY, place, own)),
    ]


def role_table(listed: Iterable[tuple[str, str, Quote]]) -> Table:
    """``roles`` as a table of two columns."""
    rows = [(f"{task}: {who}", quote.shown()) for task, who, quote in listed]
    return table(
        pd.DataFrame(rows, columns=["Wer tut was?", "So steht es da"]),
        caption="Wer tut was im Länderfinanzausgleich?",
    )


def offices() -> dict[str, Quote]:
    """What the Lastenausgleichsgesetz and the Grundgesetz say of the offices, by the name of the quotation."""
    single = "Für jedes Land wird ein Landesausgleichsamt eingerichtet"
    return {
        "lag-1": cite("lag", "§ 1", PURPOSE, name="LAG"),
        "lag-307": cite("lag", "§ 307", name="LAG"),
        "lag-311": cite("lag", "§ 311 Abs. 1 Satz 1 und 2", single, name="LAG"),
        "lag-308": cite("lag", "§ 308 Abs. 1 Satz 1", LOCAL_OFFICE, name="LAG"),
        "lag-aufsicht": cite("lag", "§ 311 Abs. 3", name="LAG"),
        "gg-120a": cite("gg", "Art. 120a Abs. 1", DIRECTIONS, name=CONSTITUTION),
    }


def claim_table(year: Year) -> Table:
    """Statement by statement: what is said, what is right, and where it stands."""
    rows = [(claim, f"{right} ({place.format(year=year.year)})") for claim, right, place in CLAIMS]
    return table(
        pd.DataFrame(rows, columns=["Aussage, mit unseren Worten", "Was stimmt und wo es steht"]),
        caption="Aussage für Aussage",
    )


def kinds(year: Year, receivers: int) -> pd.DataFrame:
    """Three things that are called Ausgleich, side by side: a row per question, a column per kind."""
    columns = {
        "Frage": (
            *("Wer ist beteiligt?", "Was wird ausgeglichen?", "Welches Gesetz?"),
            *("Wer führt es aus?", "Wer bekommt das Geld?"),
        ),
        "Länderfinanzausgleich": (
            *("Länder untereinander", "unterschiedliche Finanzkraft", "FAG des Bundes"),
            *("Bundesministerium der Finanzen", f"{receivers} Länder (im Jahr {year.year})"),
        ),
        "Lastenausgleich": (
            *("Staat und einzelne Menschen", "Schäden durch Krieg und Vertreibung", "LAG"),
            *("Behörden von Bund und Ländern", "einzelne Menschen"),
        ),
        "Kommunaler Finanzausgleich": (
            *("ein Land und seine Gemeinden", "Steuerkraft der Gemeinden"),
            *("FAG des Landes (Beispiel Baden-Württemberg)", "Finanzministerium des Landes"),
            "Gemeinden, Stadt- und Landkreise",
        ),
    }
    return pd.DataFrame(columns)


def three_kinds(year: Year, receivers: int) -> Table:
    """``kinds`` as a table."""
    frame = kinds(year, receivers)
    return table(frame, caption="Drei Dinge, die Ausgleich heißen", columns=list(frame.columns))


def input_table(year: Year) -> Table:
    """How many inputs of the computation come from each of DRAWERS. Raises ValueError if one fits none or two."""
    counts = dict.fromkeys(DRAWERS, 0)
    for key in direct_inputs(year.law):
        fitting = [name for name, starts in DRAWERS.items() if key.startswith(starts)]
        if len(fitting) != 1:
            raise ValueError(f"{key} fits {fitting}")
        counts[fitting[0]] += 1
    return table(pd.DataFrame(counts.items(), columns=["Woraus", "Zeilen"]), caption="Die Ausgangszahlen der Rechnung")
