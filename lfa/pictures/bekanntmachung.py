"""The pictures of an announcement of Baden-Württemberg: its numbers by section, who is paid, patterns, and errata."""

import re
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from functools import cache
from math import floor, log10
from typing import Any, NamedTuple

import altair as alt
import pandas as pd

from lfa import bekanntmachung
from lfa.bekanntmachung import FOLDER, Parameter, corrected, load, read_errata, sections
from lfa.charts import ACCENT, NEUTRAL, PAYER, data_of, publish
from lfa.files import read_text
from lfa.koerperschaften import exact_values
from lfa.law import fag_bw
from lfa.law.arrays_lists import Vector
from lfa.parameters import as_vectors
from lfa.pictures.jahre import folded, link
from lfa.pictures.parts import BLUE, MILLION, PER_CHARACTER, Drawing, Rows, right_column, top_legend
from lfa.pictures.tarif_2005 import in_force
from lfa.pictures.words import mrd
from lfa.tables import Html, Table, badge, code_listing, number, table

GROUPS = {
    "schluessel": ("Schlüsselzuweisungen und Investitionspauschale", ("Schlüsselzuweisungen",)),
    "verwaltung": ("Aufgaben der Verwaltung", ("§ 11 Absatz 1", "§ 11 Absatz 4", "§ 11 Absatz 5")),
    "schulen": ("Schulen und Schulweg", ("§ 17", "§ 18 Absatz 3")),
    "urlaub": ("Urlaubsorte", ("§ 20",)),
    "strassen": ("Straßen", ("§ 25", "§ 26")),
    "verkehr": ("Fläche, Busse und Bahnen", ("§ 27 Absatz 1", "§ 28")),
    "ausbildung": ("Ausbildung und Familien", ("§ 29 Absatz 1", "§ 29a")),
    "kinder": ("Kinder und Jugendliche", ("§ 29b", "§ 29c", "§ 29d", "§ 29e")),
    "erstattungen": ("Was die Landkreise erstatten", ("§ 39 Absatz 18",)),
    "abrechnung": ("Jahr und Abrechnung", ("Ausschüttungsquoten", "Abrechnung")),
}
"""The stops of the tour: a heading, and the sections by their names, which stay when letters shift."""
CHILDREN, TRAFFIC, OTHER = "Kinder", "Verkehr", "Übriges"
TOTALS = {
    "verwaltungsreform_absatz_4": ("Verwaltungsreform, Abs. 4", "§ 11 Abs. 4", OTHER),
    "verwaltungsreform_absatz_5": ("Verwaltungsreform, Abs. 5", "§ 11 Abs. 5", OTHER),
    "schuelerbefoerderung": ("Schülerbeförderung", "§ 18 Abs. 3", TRAFFIC),
    "nahverkehr": ("Nahverkehr", "§ 28", TRAFFIC),
    "familienleistungsausgleich": ("Familienleistungsausgleich", "§ 29a", OTHER),
    "kindergarten": ("Kindergärten", "§ 29b", CHILDREN),
    "kleinkinder": ("Kleinkinder", "§ 29c", CHILDREN),
    "minderjaehrige_auslaender": ("Unbegleitete Minderjährige", "§ 29d", CHILDREN),
    "leitungszeit": ("Leitung der Kitas", "§ 29e", CHILDREN),
}
"""The numbers that are a whole sum: what for in short, where, and the group of the picture."""
GENERAL, VOCATIONAL, SPECIAL = "allgemeinbildend", "beruflich", "Förderung"
SCHOOLS = {
    "sachkosten_hauptschule": ("Haupt-/Werkrealschule", GENERAL),
    "sachkosten_realschule": ("Realschule", GENERAL),
    "sachkosten_gymnasium": ("Gymnasium", GENERAL),
    "sachkosten_progymnasium": ("Progymnasium", GENERAL),
    "sachkosten_schule_besonderer_art": ("Schule besonderer Art", GENERAL),
    "sachkosten_berufsschule_teilzeit": ("Berufliche, Teilzeit", VOCATIONAL),
    "sachkosten_berufsschule_vollzeit": ("Berufliche, Vollzeit", VOCATIONAL),
    "sachkosten_grundschulfoerderklasse": ("Grundschulförderklasse", SPECIAL),
    "sachkosten_lernen": ("Lernen", SPECIAL),
    "sachkosten_geistige_entwicklung": ("Geistige Entwicklung", SPECIAL),
    "sachkosten_sehen": ("Sehen", SPECIAL),
    "sachkosten_hoeren": ("Hören", SPECIAL),
    "sachkosten_sprache": ("Sprache", SPECIAL),
    "sachkosten_koerperliche_entwicklung": ("Körper und Bewegung", SPECIAL),
    "sachkosten_soziale_entwicklung": ("Soziales, Gefühle", SPECIAL),
    "sachkosten_krankenhaus": ("Im Krankenhaus", SPECIAL),
}
"""The Sachkostenbeiträge: the kind of school in short, and its group."""
ROADS = {
    "§ 25": (
        "kreisstrassen",
        {
            "kreisstrassen_stufe_1": "erste Kilometer",
            "kreisstrassen_stufe_2": "weitere, Ortsdurchfahrt",
            "kreisstrassen_stufe_3": "jeder weitere",
            "kreisstrassen_abgestuft": "früher Landesstraße",
        },
    ),
    "§ 26": (
        "gemeindestrassen",
        {
            "gemeindestrassen_verbindung": "Gemeindeverbindung",
            "gemeindestrassen_ortsdurchfahrt": "Ortsdurchfahrt",
            "gemeindestrassen_kreisstrasse": "Kreisstraße",
            "gemeindestrassen_abgestuft": "früher Landesstraße",
        },
    ),
}
"""The amounts per kilometre in the order of their weights: the name of these in the law's parameters, and the keys."""
TOWNS = ("grosse_kreisstadt_mit_vg", "verwaltungsgemeinschaft", "grosse_kreisstadt_ohne_vg")
"""The Große Kreisstadt in a community, the community, and a Große Kreisstadt by itself, in § 11 Abs. 1."""
SERVICES = {"mittlerer": "mittlerer Dienst", "gehobener": "gehobener Dienst"}
AFTER_SERVICE = {"ruhestand": ("Ruhestand", Fraction("0.73")), "hinterbliebene": ("Hinterbliebene", Fraction("0.44"))}
ROUNDED_TO = 10
SHORTER = {"Euro je Schüler bzw. Kind": "Euro je Kind"}
"""Units that are shorter in a table."""
SAID = ("Jahr", "Quartal", "Datum", "Tag", "Anteil")
"""Units that the label of a number says already."""
COLOURS = {CHILDREN: ACCENT, TRAFFIC: BLUE, OTHER: NEUTRAL}
SCHOOL_COLOURS = {GENERAL: BLUE, VOCATIONAL: PAYER, SPECIAL: ACCENT}
PROOFS = {
    "zwischenraum": "nur ein Leerzeichen fällt weg",
    "wort": "das Wort steht auch anderswo im Text, die gelesene Form nirgends",
    "andere_bekanntmachung": "die Stelle steht so in der anderen Bekanntmachung",
    "zeichen": "die Umschrift nennt den Buchstaben selbst",
    "aufzaehlung": "ohne sie fehlt ein Buchstabe der Aufzählung",
    "abschnitt": "ohne sie ist der Paragraf des Abschnitts nicht zu lesen",
    "schluessel": "ohne sie hat eine Zahl keine Worte",
    "rest": "ohne sie bleibt eine Zahl übrig",
    "wiederholung": "das Ende der Zeile davor steht noch einmal da",
    "abrundung": "Gewichte und Abrundung lassen nur diesen Betrag zu",
    "druckfolge": "folgt der Reihenfolge, in der gelesen wurde",
}
"""What each proof of an erratum says; that it holds is tested for every one."""
KINDS = {
    "space": "Leerzeichen",
    "letters": "Buchstaben",
    "escape": "Umschrift",
    "dropped": "fehlt",
    "shifted": "verrutscht",
    "spurious": "zu viel",
}


class Pattern(NamedTuple):
    """What ties printed numbers together: the statement, the sum behind it, its evidence, and whether it holds."""

    statement: str
    sum: str
    evidence: str
    holds: bool


# --- Words ------------------------------------------------------------------------------------------------------------


def source(year: int) -> str:
    """The source line of a chart."""
    return f"Bekanntmachung des Finanzministeriums Baden-Württemberg für {year}; eigene Berechnung"


def amounts(year: int) -> dict[str, Fraction]:
    """Every printed number but days, in euro where it is euro."""
    return {key: found.amount for key, found in load(year).items() if found.amount is not None}


def plain(label: str, year: int | None = None) -> str:
    """A label without what it says about single years, but with what it says about this one."""
    own = re.sub(rf"\({year}:? ", "(", label) if year else label
    return re.sub(r" \([^()]*[0-9]{4}[^()]*\)", "", own)


def row_of(label: str, year: int | None = None) -> str:
    """A label as the row of a table whose caption says what it is about."""
    return _first_upper(re.sub(r"^[^:()]*: ", "", plain(label, year)))


def _first_upper(text: str) -> str:
    return text[:1].upper() + text[1:]


def printed(parameter: Parameter) -> Html:
    """A number as it was printed, on one line."""
    return Html(parameter.printed.replace(" ", "\u00a0"))


def unit_of(parameter: Parameter) -> str:
    """The unit beside the printed number, which says by itself when it counts in millions."""
    return SHORTER.get(parameter.unit, parameter.unit.removeprefix(bekanntmachung.MILLIONS))


def with_unit(text: str, unit: str) -> Html:
    """A number with its unit, unless the unit says what the label says."""
    return Html(text if unit in SAID else f"{text}\u00a0{unit}")


def links(pages: Sequence[tuple[str, str]]) -> Table:
    """The way to other pages: what a link says and where it leads."""
    shown = "<br>".join(link(text, target) for text, target in pages)
    return Table(f'<p class="lfa-table">{shown}</p>', "\n".join(text for text, _ in pages))


def pages_of(year: int) -> list[tuple[str, str]]:
    """The pages of the same year on who gets the money, seen from the page of its announcement."""
    return [
        (f"Eine Gemeinde rechnet: {year}", f"../gemeinde/{year}.html"),
        (f"Stadtkreis, Landkreis, Schulträger {year}", f"../kreise/{year}.html"),
    ]


def announcements(years: Iterable[int]) -> list[tuple[str, str]]:
    """The pages of the announcements, seen from a chapter."""
    return [(f"Was der Finanzminister für {year} bekannt macht", f"bekanntmachung/{year}.html") for year in years]


def euro(value: Fraction, decimals: int | None = None) -> str:
    """An amount of euro, with cents where there are any."""
    places = (0 if value.denominator == 1 else 2) if decimals is None else decimals
    return f"{number(value, places)} €"


def mio(value: Fraction) -> str:
    """An amount in millions of euro, a whole one without decimals."""
    millions = value / MILLION
    return f"{number(millions, 0 if millions.denominator == 1 else 1)} Mio. €"


def percent(value: Fraction, decimals: int = 2) -> str:
    """A printed quota."""
    return f"{number(value, decimals)} %"


@cache
def texts(year: int) -> tuple[str, str]:
    """The text as it was read, and with its errata."""
    raw = read_text(FOLDER / str(year) / "bekanntmachung.txt")
    return raw, corrected(raw, errata(year))


def errata(year: int) -> tuple[bekanntmachung.Erratum, ...]:
    """The errata of a year."""
    return read_errata(FOLDER / str(year) / "errata.csv")


def quoted(year: int, section: str, pattern: str) -> str:
    """A passage of a section in quotation marks, its words as corrected."""
    text = next(part.text for part in sections(texts(year)[1]) if part.name == section)
    match = re.search(pattern, text)
    assert match, (year, section, pattern)
    return f"„{match[0]}“"


def group_of() -> dict[str, str]:
    """The stop of the tour of every key of the registry."""
    stops = {section: stop for stop, (_, names) in GROUPS.items() for section in names}
    return {entry.key: stops[entry.section] for entry in bekanntmachung.registry()}


def when_text(year: int) -> str:
    """When the rest is settled, by the words of the announcement."""
    found = load(year)
    quarter = found["abrechnung_quartal"].printed
    return (
        f"Endgültig abgerechnet wird erst danach, für {year} mit der Rate für das {quarter}. Vierteljahr "
        f"{found['abrechnung_quartal_jahr'].printed}."
    )


def town_text(year: int) -> str:
    """The sum that gives the amount of a Große Kreisstadt by itself, or that it does not."""
    p = amounts(year)
    town, community, alone = (p[f"verwaltungsbehoerde_{who}"] for who in TOWNS)
    sign = "=" if town + community == alone else "statt"
    return f"{number(town, 2)} € + {number(community, 2)} € {sign} {number(alone, 2)} €"


def reform_text(year: int) -> str:
    """The sums of the reforms of the administration, by clause."""
    found = amounts(year)
    sums = [f"{mio(found[key])} nach {TOTALS[key][1]}" for key in TOTALS if "reform" in key and key in found]
    return f"{year} sind es {' und '.join(sums)}."


def weights_text(year: int, paragraph: str) -> str:
    """The weights of the amounts per kilometre."""
    shown = [_weight(weight) for weight in intervals(year, paragraph)["gewicht"]]
    return f"{'; '.join(shown[:-1])} und {shown[-1]}"


def _weight(weight: Fraction) -> str:
    text = number(weight, 2)
    return text.rstrip("0").rstrip(",")


def shares_text(year: int) -> str:
    """Whether the shares of § 39 hold in all cases of the year."""
    cases = [each.holds for each in patterns(year) if "§ 39" in each.statement]
    if all(cases):
        return f"Das stimmt in allen {len(cases)} Fällen."
    return f"Das stimmt in {sum(cases)} von {len(cases)} Fällen."


# --- The numbers ------------------------------------------------------------------------------------------------------


def group_table(year: int, group: str) -> Table:
    """The printed numbers of one stop of the tour."""
    chosen = [found for key, found in load(year).items() if group_of()[key] == group]
    rows = [(row_of(found.label, year), with_unit(printed(found), unit_of(found)), found.paragraph) for found in chosen]
    columns = {"was": "Wofür", "gedruckt": "gedruckte Zahl", "paragraf": "FAG BW"}
    if not any(found.paragraph for found in chosen):
        del columns["paragraf"]
    return table(
        pd.DataFrame(rows, columns=["was", "gedruckt", "paragraf"]),
        caption=f"{GROUPS[group][0]} {year}: die gedruckten Zahlen",
        columns=columns,
    )


def all_table(year: int) -> Table:
    """Every printed number in the order of the text, folded."""
    rows = [
        (found.key.replace("_", "_\u200b"), found.section, found.paragraph or "–", printed(found), unit_of(found))
        for found in load(year).values()
    ]
    inner = table(
        pd.DataFrame(rows, columns=["name", "abschnitt", "paragraf", "gedruckt", "einheit"]),
        caption=f"Alle {len(rows)} Zahlen der Bekanntmachung für {year}, in der Reihenfolge des Textes",
        columns={
            "name": "Name im Programm",
            "abschnitt": "Abschnitt",
            "paragraf": "FAG BW",
            "gedruckt": "gedruckt",
            "einheit": "Einheit",
        },
    )
    return folded(inner, f"Alle {len(rows)} Zahlen mit ihren Namen im Programm")


def totals(year: int) -> pd.DataFrame:
    """The sums that are printed, in euro, largest first: what for, where, group."""
    found = amounts(year)
    rows = [(key, *words, found[key]) for key, words in TOTALS.items() if key in found]
    frame = pd.DataFrame(rows, columns=["key", "was", "paragraf", "gruppe", "euro"])
    return frame.sort_values("euro", ascending=False, kind="stable", ignore_index=True)


def _end(high: float, room: int) -> Any:
    """The end of a scale from 0 to ``high`` that leaves ``room`` pixels behind it, whatever the width."""
    return alt.ExprRef(expr=f"{high} * (1 + {room} / max(width - {room}, 1))")


def bars(rows: Rows, colours: Mapping[str, str], unit: str, height: int = 26) -> Drawing:
    """A bar per row with its ``name``, ``gruppe``, ``wert`` and ``text``, in the order of the rows."""
    order = [row["name"] for row in rows]
    high = max(row["wert"] for row in rows)
    room = 10 + PER_CHARACTER * max(len(row["text"]) for row in rows)
    shown = [name for name in colours if any(row["gruppe"] == name for row in rows)]
    axis = alt.Axis(title=None, domain=False, ticks=False, labelLimit=200, labelPadding=6)
    y = alt.Y("name:N", sort=order, axis=axis)
    scale = alt.Scale(domainMin=0, domainMax=_end(high, room), nice=False)
    base = alt.Chart(data_of(rows), width="container", height=alt.Step(height)).encode(
        y,
        alt.X("wert:Q", axis=None, scale=scale),
        tooltip=[alt.Tooltip("name:N", title="Wofür"), alt.Tooltip("text:N", title=unit)],
    )
    colour_scale = alt.Scale(domain=shown, range=[colours[name] for name in shown])
    return alt.layer(
        base.mark_bar(height={"band": 0.72}).encode(
            color=alt.Color("gruppe:N", scale=colour_scale, legend=top_legend(shown))
        ),
        base.mark_text(align="left", dx=5, aria=False).encode(text="text:N"),
    )


def totals_bars(year: int) -> Drawing:
    """The printed sums as bars, in Mio. €."""
    rows = [
        {"name": row.was, "gruppe": row.gruppe, "wert": float(row.euro) / MILLION, "text": number(row.euro / MILLION)}
        for row in totals(year).itertuples()
    ]
    return bars(rows, COLOURS, "Mio. €")


def totals_picture(year: int) -> Any:
    """The printed sums: what the children's part of them is."""
    frame = totals(year)
    part = sum(frame.loc[frame["gruppe"] == CHILDREN, "euro"], Fraction(0))
    whole = sum(frame["euro"], Fraction(0))
    listed = "; ".join(f"{row.was} {number(row.euro / MILLION, 1)}" for row in frame.itertuples())
    return publish(
        totals_bars(year),
        title=f"{number(100 * part / whole)} % der bekannt gemachten Summen sind für die Betreuung junger Menschen",
        subtitle=f"Was {year} als Summe im Text steht, Mio. €; die Schlüsselzuweisungen gehören nicht dazu",
        description=f"Balken, in Mio. €: {listed}",
        source=source(year),
    )


def totals_text(year: int) -> str:
    """How many sums are printed, and what they come to."""
    frame = totals(year)
    whole = sum(frame["euro"], Fraction(0))
    largest = frame.iloc[0]
    return (
        f"{len(frame)} Leistungen stehen mit ihrer ganzen Summe im Text. Zusammen sind das {mrd(whole, 2)}. "
        f"Die größte Summe: {largest['was']} ({largest['paragraf']}), {mio(largest['euro'])}."
    )


# --- § 5: two quotas --------------------------------------------------------------------------------------------------


def lifted(kraft: Fraction, quota: Fraction, extra: Fraction, socket: Fraction) -> Fraction:
    """What a Gemeinde has after § 5, in v.H. of its Bedarfsmesszahl, from its Steuerkraft in the same unit."""
    return kraft + quota / 100 * max(100 - kraft, Fraction(0)) + extra / 100 * max(socket - kraft, Fraction(0))


def floor_of(year: int) -> Fraction:
    """Where all end up that lie below the Sockel, in v.H. of the Bedarfsmesszahl."""
    found = amounts(year)
    socket = found["mehrzuweisung_sockel"]
    return socket + found["schluesselzahlen_gemeinden"] / 100 * (100 - socket)


def lift(year: int) -> list[tuple[Fraction, Fraction]]:
    """The corners of the line: Steuerkraft before and after, in v.H. of the Bedarfsmesszahl."""
    found = amounts(year)
    socket = found["mehrzuweisung_sockel"]
    quotas = (found["schluesselzahlen_gemeinden"], found["mehrzuweisung"], socket)
    return [(x, lifted(x, *quotas)) for x in (Fraction(20), socket, Fraction(100), Fraction(120))]


def lift_chart(year: int) -> Drawing:
    """Steuerkraft before and after § 5, in v.H. of the Bedarfsmesszahl."""
    corners = [(float(x), float(y)) for x, y in lift(year)]
    names = ("vorher", "nachher")
    rows = [{"x": x, "y": x, "stand": names[0]} for x, _ in corners] + [
        {"x": x, "y": y, "stand": names[1]} for x, y in corners
    ]
    between = [{"x": x, "y": x, "oben": y} for x, y in corners]
    socket, after = corners[1]
    point = [{"x": socket, "y": after, "text": number(floor_of(year), 1)}]
    x = alt.X(
        "x:Q",
        scale=alt.Scale(domain=[corners[0][0], corners[-1][0]], nice=False, zero=False),
        title="eigene Steuerkraft, v.H. des Bedarfs",
        axis=alt.Axis(tickCount=5, grid=False, titlePadding=6),
    )
    y = alt.Y(
        "y:Q",
        scale=alt.Scale(domain=[corners[0][0], corners[-1][0]], nice=False, zero=False),
        title="v.H. des Bedarfs",
        axis=alt.Axis(tickCount=5),
    )
    colour = alt.Color("stand:N", scale=alt.Scale(domain=names, range=[ACCENT, BLUE]), legend=top_legend(names))
    return alt.layer(
        alt.Chart(data_of(between)).mark_area(color=BLUE, opacity=0.2, line=False).encode(x, y, alt.Y2("oben:Q")),
        alt.Chart(data_of(rows)).mark_line(strokeWidth=2.8).encode(x, y, colour),
        alt.Chart(data_of(point)).mark_point(filled=True, size=80, opacity=1, color="currentColor").encode(x, y),
        alt.Chart(data_of(point)).mark_text(align="left", dx=2, dy=-12, aria=False).encode(x, y, text="text:N"),
        width="container",
        height=320,
    )


def lift_picture(year: int) -> Any:
    """§ 5 as a picture: who lies below the Sockel ends up at one level."""
    socket = amounts(year)["mehrzuweisung_sockel"]
    corners = ", ".join(f"von {number(x)} auf {number(y, 1)}" for x, y in lift(year))
    return publish(
        lift_chart(year),
        title=f"Wer weniger als {number(socket)} v.H. seines Bedarfs deckt, kommt auf {number(floor_of(year), 1)} v.H.",
        subtitle="Steuerkraftmesszahl vor und nach § 5 FAG BW; blau unterlegt ist die Zuweisung",
        description=f"Eine Gerade für vorher, eine Linie mit Knicken für nachher. In v.H. des Bedarfs: {corners}",
        source=source(year),
    )


def slip_text(year: int) -> str:
    """What to make of it when another year is printed beside the Schlüsselzahlen."""
    found = load(year)
    meant, landkreise = (found[f"schluesselzahlen_{who}_jahr"].printed for who in ("gemeinden", "landkreise"))
    if meant == landkreise == str(year):
        return f"Gemeint sind bei Gemeinden und Landkreisen die Schlüsselzahlen des Jahres {year}."
    return (
        f"Gedruckt ist bei den Gemeinden das Jahr {meant}, bei den Landkreisen {landkreise}. Das Gesetz kennt nur die "
        f"Schlüsselzahl des laufenden Jahres. Wir lesen deshalb überall {year}. Beweisen lässt sich das nicht, darum "
        "bleibt die gedruckte Zahl in der Tabelle stehen."
    )


# --- Schools ----------------------------------------------------------------------------------------------------------


def schools(year: int) -> pd.DataFrame:
    """The Sachkostenbeiträge in euro, largest first: key, school, group."""
    found = amounts(year)
    rows = [(key, *words, found[key]) for key, words in SCHOOLS.items() if key in found]
    frame = pd.DataFrame(rows, columns=["key", "schule", "gruppe", "euro"])
    return frame.sort_values("euro", ascending=False, kind="stable", ignore_index=True)


def schools_bars(year: int) -> Drawing:
    """The Sachkostenbeiträge as bars, in euro."""
    rows = [
        {"name": row.schule, "gruppe": row.gruppe, "wert": float(row.euro), "text": number(row.euro)}
        for row in schools(year).itertuples()
    ]
    return bars(rows, SCHOOL_COLOURS, "Euro", 24)


def schools_picture(year: int) -> Any:
    """The Sachkostenbeiträge: the highest against that of the Realschule."""
    frame = schools(year)
    first = frame.iloc[0]
    times = first["euro"] / amounts(year)["sachkosten_realschule"]
    listed = "; ".join(f"{row.schule} {number(row.euro)}" for row in frame.itertuples())
    return publish(
        schools_bars(year),
        title=f"„{first['schule']}“: {number(times, 1)}-mal so viel je Kind wie an der Realschule",
        subtitle=f"Sachkostenbeitrag je Schülerin, Schüler oder Kind {year}, Euro",
        description=f"Balken, in Euro: {listed}",
        source=source(year),
    )


# --- Roads ------------------------------------------------------------------------------------------------------------


def intervals(year: int, paragraph: str) -> pd.DataFrame:
    """For each amount per kilometre the bases that, times its weight and rounded down, give what is printed."""
    name, keys = ROADS[paragraph]
    values, found = in_force("fag_bw", year), amounts(year)
    step = values["kilometerbetrag_abrundung"]
    rows = [
        (label, weight, found[key], found[key] / weight, (found[key] + step) / weight)
        for (key, label), weight in zip(keys.items(), values[f"{name}_gewichte"], strict=True)
    ]
    return pd.DataFrame(rows, columns=["was", "gewicht", "euro", "von", "unter"])


def base(year: int, paragraph: str) -> tuple[Fraction, Fraction]:
    """From and below which a common base lies; there is none if the first is not less."""
    frame = intervals(year, paragraph)
    return max(frame["von"]), min(frame["unter"])


def base_chart(year: int, paragraph: str) -> Drawing:
    """The bases that each amount allows as bars, and those that all allow as a band."""
    frame = intervals(year, paragraph)
    low, high = base(year, paragraph)
    rows = [
        {
            "name": row.was,
            "von": float(row.von),
            "unter": float(row.unter),
            "text": f"{number(row.euro)} : {_weight(row.gewicht)}",
        }
        for row in frame.itertuples()
    ]
    room = 10 + PER_CHARACTER * max(len(row["text"]) for row in rows)
    left, right = min(row["von"] for row in rows), max(row["unter"] for row in rows)
    end = alt.ExprRef(expr=f"{right} + {right - left} * {room} / max(width - {room}, 1)")
    scale = alt.Scale(domainMin=left, domainMax=end, nice=False, zero=False)
    marks = [place for place in range(0, int(right) + 50, 50) if left <= place <= right]
    axis = alt.Axis(values=marks, title="Grundbetrag, Euro je km", titleAnchor="start", domain=False)
    x = alt.X("von:Q", axis=axis, scale=scale)
    y = alt.Y(
        "name:N",
        sort=[row["name"] for row in rows],
        axis=alt.Axis(title=None, domain=False, ticks=False, labelLimit=200, labelPadding=6),
    )
    band = [{"von": float(low), "unter": float(high)}] if low < high else []
    return alt.layer(
        alt.Chart(data_of(rows)).mark_bar(height={"band": 0.5}, color=BLUE).encode(x, alt.X2("unter:Q"), y),
        alt.Chart(data_of(band)).mark_rect(color=ACCENT, opacity=0.45).encode(x, alt.X2("unter:Q")),
        right_column(rows, y),
        width="container",
        height=alt.Step(30),
    )


def base_text(year: int, paragraph: str) -> str:
    """The common base in words."""
    low, high = base(year, paragraph)
    if low >= high:
        return "keinen gemeinsamen Grundbetrag"
    return f"einen Grundbetrag von {number(low, 2)} € bis unter {number(high, 2)} €"


def base_picture(year: int, paragraph: str) -> Any:
    """The proof that the amounts per kilometre have one base."""
    low, high = base(year, paragraph)
    listed = "; ".join(
        f"{row.was}: {number(row.von, 2)} bis {number(row.unter, 2)}" for row in intervals(year, paragraph).itertuples()
    )
    finding = (
        f"Alle vier Beträge des {paragraph} passen zu einem Grundbetrag um {number((low + high) / 2)} €"
        if low < high
        else f"Die vier Beträge des {paragraph} passen zu keinem gemeinsamen Grundbetrag"
    )
    return publish(
        base_chart(year, paragraph),
        title=finding,
        subtitle="Welcher Grundbetrag zu jedem Betrag passt (blau) und zu allen (orange); rechts: Betrag : Gewicht",
        description=f"Balken je Betrag, in Euro je km: {listed}. Gemeinsam: {base_text(year, paragraph)}",
        source=source(year),
    )


# --- Children ---------------------------------------------------------------------------------------------------------


def child_weights_text(year: int) -> str:
    """How a child counts in § 29b, where the weights of the year are known."""
    weights = in_force("fag_bw", year).get("kindergarten_gewichte")
    if weights is None:
        return f"Die Gewichte, die {year} in den Kindergärten und bei den Kleinkindern galten, liegen uns nicht vor."
    shown = [_weight(weight) for weight in weights]
    return (
        "In den Kindergärten kommt es auf die Stunden in der Woche an. "
        f"Je nach Dauer zählt ein Kind {'; '.join(shown[:-1])} oder {shown[-1]}. "
        "Die Gewichte für die Kleinkinder liegen uns nicht vor."
    )


def children_text(year: int) -> str:
    """What sums and amounts per child tell about the number of children, and what there is beside §§ 29b and 29c."""
    found = amounts(year)
    counted = [
        f"{who} rund {number(found[key] / found[f'{key}_je_kind'])}"
        for key, who in (("kindergarten", "In den Kindergärten sind es"), ("kleinkinder", "bei den Kleinkindern"))
    ]
    text = (
        f"Teilt man die Summe durch den Betrag je Kind, kommt man auf eine Zahl umgerechneter Kinder. "
        f"{counted[0]}, {counted[1]}."
    )
    if any("Vorjahre" in part.text for part in sections(texts(year)[1]) if part.name in ("§ 29b", "§ 29c")):
        text += " Genau ist das nicht, denn in den Summen stecken auch Abrechnungen für frühere Jahre."
    if "leitungszeit" in found and "leitungszeit_gruppen" in found:
        each = found["leitungszeit"] / found["leitungszeit_gruppen"]
        text += (
            f" Für die Leitung der Kitas gibt es {mio(found['leitungszeit'])}. Geteilt durch "
            f"{number(found['leitungszeit_gruppen'], 2)} umgerechnete Einrichtungen und Gruppen sind das je "
            f"{number(each, 2)} €."
        )
    if "minderjaehrige_auslaender" in found:
        text += (
            f" Für ausländische Minderjährige ohne Begleitung gibt es {mio(found['minderjaehrige_auslaender'])}. "
            "Verteilt wird nach Einwohnern."
        )
    lacking = [where for key, (_, where, _) in TOTALS.items() if where in ("§ 29d", "§ 29e") and key not in found]
    if lacking:
        text += f" Zu {' und '.join(lacking)} steht in der Bekanntmachung für {year} nichts."
    return text


# --- Patterns ---------------------------------------------------------------------------------------------------------


def patterns(year: int) -> list[Pattern]:
    """What ties the printed numbers of a year together, and whether it holds."""
    p = amounts(year)
    quota, extra = p["schluesselzahlen_gemeinden"], p["mehrzuweisung"]
    town, community, alone = (p[f"verwaltungsbehoerde_{who}"] for who in TOWNS)
    people, area = p["nahverkehr_anteil_einwohner"], p["nahverkehr_anteil_flaeche"]
    found = [
        Pattern(
            "Die beiden Sätze des § 5 ergänzen sich zu 100 %.",
            f"{number(quota, 2)} + {number(extra, 2)} = {number(quota + extra, 2)}",
            "V",
            quota + extra == 100,
        ),
        Pattern(
            "Eine Große Kreisstadt allein erhält, was Stadt und Gemeinschaft zusammen erhalten (§ 11 Abs. 1).",
            f"{number(town, 2)} + {number(community, 2)} = {number(town + community, 2)}; gedruckt {number(alone, 2)}",
            "R",
            town + community == alone,
        ),
    ]
    for paragraph in ROADS:
        low, high = base(year, paragraph)
        found.append(
            Pattern(
                f"Ein Grundbetrag, mit Gewichten malgenommen und auf 100 € abgerundet, ergibt alle vier Beträge "
                f"({paragraph}).",
                f"{number(low, 2)} bis unter {number(high, 2)} €",
                "V",
                low < high,
            )
        )
    found.append(
        Pattern(
            "Die Anteile des § 28 sind zusammen ein Ganzes.",
            f"{people} + {area} = {people + area}",
            "V",
            people + area == 1,
        )
    )
    for service, name in SERVICES.items():
        active = p[f"erstattung_{service}_dienst"]
        for whom, (word, share) in AFTER_SERVICE.items():
            value = p[f"erstattung_{service}_dienst_{whom}"]
            found.append(
                Pattern(
                    f"{word}, {name}: {number(100 * share)} % des Betrags im Dienst, auf {ROUNDED_TO} € gerundet "
                    "(§ 39 Abs. 18).",
                    f"{number(share, 2)} · {number(active)} = {number(share * active, 1)}; gedruckt {number(value)}",
                    "R",
                    abs(value - share * active) <= Fraction(ROUNDED_TO, 2),
                )
            )
    return found


def _mark(holds: bool) -> Html:
    sign, word = ("✓", "ja") if holds else ("✗", "nein")
    return Html(f'{sign}<span class="lfa-unsichtbar"> {word}</span>')


def pattern_table(year: int) -> Table:
    """The patterns with their sums."""
    rows = [(each.statement, each.sum, badge(each.evidence), _mark(each.holds)) for each in patterns(year)]
    return table(
        pd.DataFrame(rows, columns=["aussage", "rechnung", "beleg", "ergebnis"]),
        caption=f"Was die Zahlen von {year} miteinander verbindet",
        columns={"aussage": "Aussage", "rechnung": "Rechnung", "beleg": "Beleg", "ergebnis": "stimmt"},
    )


# --- Errata -----------------------------------------------------------------------------------------------------------


def errata_text(year: int) -> str:
    """How much of the text had to be mended, and whether a figure was."""
    found = errata(year)
    if not found:
        return "In diesem Text war nichts zu berichtigen."
    groups = {erratum.group for erratum in found}
    left = bekanntmachung.left_over(texts(year)[0])
    return (
        f"{len(found)} Stellen sind berichtigt, in {len(groups)} Gruppen. Keine davon ändert eine Ziffer, die wir "
        f"übernehmen: Jede Zahl steht schon im ungebesserten Text so da. Ohne die Berichtigungen bleiben {len(left)} "
        "gedruckte Zahlen übrig, die das Programm nicht zuordnen kann. Mit ihnen bleibt keine."
    )


def errata_table(year: int) -> Table | None:
    """The errata with their proofs; None if there are none."""
    found = errata(year)
    if not found:
        return None
    rows = [
        (
            f"{erratum.group} (Zeile {erratum.line})",
            f"„{erratum.printed.strip()}“ → " + (f"„{erratum.corrected.strip()}“" if erratum.corrected else "entfällt"),
            f"{KINDS[erratum.kind]}: " + "; ".join(PROOFS[proof] for proof in erratum.proof),
        )
        for erratum in found
    ]
    inner = table(
        pd.DataFrame(rows, columns=["gruppe", "gelesen", "beweis"]),
        caption=f"Berichtigungen im Text für {year}",
        columns={
            "gruppe": "Gruppe",
            "gelesen": "gelesen → berichtigt",
            "beweis": "Art und Beweis",
        },
    )
    return folded(inner, f"Alle {len(rows)} Berichtigungen mit ihrem Beweis")


MANY = 3
"""From so many errata on, a line is shown as it was read and as it is mended."""


def damaged_line(year: int) -> int | None:
    """The line with the most errata, if it has many."""
    lines = [erratum.line for erratum in errata(year)]
    worst = max(lines, key=lines.count, default=None)
    return worst if worst is not None and lines.count(worst) >= MANY else None


def damage(year: int) -> Table | None:
    """The most damaged line as it was read, and mended with each item on a line of its own; None if none is so."""
    line = damaged_line(year)
    if line is None:
        return None
    raw, mended = (" ".join(text.split("\n")[line - 1].split()) for text in texts(year))
    items = re.sub(r" (?=[a-z]\) )", "\n", mended)
    return code_listing(
        [(f"Zeile {line}, wie sie gelesen wurde", _wrapped(raw)), (f"Zeile {line}, berichtigt", _wrapped(items))]
    )


def _wrapped(text: str, width: int = 48) -> str:
    """The text with lines of at most ``width`` characters, broken between words."""
    lines = []
    for paragraph in text.split("\n"):
        line = ""
        for word in paragraph.split():
            if line and len(line) + 1 + len(word) > width:
                lines.append(line)
                line = word
            else:
                line = f"{line} {word}".strip()
        lines.append(line)
    return "\n".join(lines)


def damage_text(year: int) -> str:
    """What is not proven about the errata, if anything is not."""
    if not any("druckfolge" in erratum.proof for erratum in errata(year)):
        return ""
    return (
        "In der am schlimmsten beschädigten Zeile sind die Buchstaben der Aufzählung verrutscht. Welcher Betrag zu "
        "welchem Buchstaben gehört, sagt dort allein die Reihenfolge: Auf jeden Buchstaben folgt genau ein Betrag. "
        "Das ist der schwächste Beweis auf dieser Seite, denn eine Probe mit anderen Zahlen gibt es nicht."
    )


def left_over_counts(year: int) -> pd.DataFrame:
    """How many printed numbers no key explains, in the text as read and as mended."""
    raw, mended = texts(year)
    counts = {"wie gelesen": len(bekanntmachung.left_over(raw)), "berichtigt": len(bekanntmachung.left_over(mended))}
    return pd.DataFrame({"uebrig": counts}).rename_axis("Text")


def checks(year: int) -> pd.DataFrame:
    """What the page proves, in a row each with how many cases there are."""
    made = patterns(year)
    rows = {
        "gedruckte Zahlen, zugeordnet": len(load(year)),
        "gedruckte Zahlen, übrig": int(left_over_counts(year).loc["berichtigt", "uebrig"]),
        "Zahlen, deren Ziffern eine Berichtigung ändert": len(changed_figures(year)),
        "Muster, die stimmen": sum(each.holds for each in made),
        "Muster, die nicht stimmen": sum(not each.holds for each in made),
    }
    return pd.DataFrame({"anzahl": rows}).rename_axis("Probe")


def changed_figures(year: int) -> list[str]:
    """The keys whose printed form does not stand in the text as it was read."""
    plain_text = " ".join(texts(year)[0].split())
    return [key for key, found in load(year).items() if found.printed not in plain_text]


def ticks(high: float) -> list[float]:
    """Zero and two to five round values up to ``high``."""
    power = 10.0 ** floor(log10(high / 2))
    step = max(factor * power for factor in (1, 2, 5) if factor * power <= high / 2)
    return [step * place for place in range(int(high / step) + 1)]


# --- Two years --------------------------------------------------------------------------------------------------------


def pair_dots(rows: Sequence[Mapping[str, Any]], names: tuple[str, str], unit: str, height: int = 24) -> Drawing:
    """Two points per row, ``alt`` and ``neu``, and the line between them; ``text`` stands at the right edge."""
    order = [row["name"] for row in rows]
    points = [
        {"name": row["name"], "wert": row[column], "stand": stand, "text": row[f"{column}_text"]}
        for row in rows
        for column, stand in zip(("alt", "neu"), names, strict=True)
        if row[column] is not None
    ]
    spans = [dict(row) for row in rows]
    room = 14 + PER_CHARACTER * max(len(row["text"]) for row in rows)
    high = max(point["wert"] for point in points)
    scale = alt.Scale(domainMin=0, domainMax=_end(1.02 * high, room), nice=False)
    axis = alt.Axis(title=unit, titleAnchor="start", domain=False, ticks=False, values=ticks(high), format=",.0f")
    x = alt.X("wert:Q", axis=axis, scale=scale)
    y = alt.Y(
        "name:N",
        sort=order,
        axis=alt.Axis(title=None, domain=False, ticks=False, labelLimit=200, labelPadding=6),
    )
    both = [row for row in spans if row["alt"] is not None and row["neu"] is not None]
    colour = alt.Color("stand:N", scale=alt.Scale(domain=names, range=[ACCENT, BLUE]), legend=top_legend(names))
    return alt.layer(
        alt.Chart(data_of(both))
        .mark_rule(strokeWidth=3, opacity=0.45)
        .encode(alt.X("alt:Q", axis=axis, scale=scale), alt.X2("neu:Q"), y),
        alt.Chart(data_of(points))
        .mark_point(filled=True, size=85, opacity=1)
        .encode(
            x,
            y,
            colour,
            tooltip=[
                alt.Tooltip("name:N", title="Wofür"),
                alt.Tooltip("stand:N", title="Jahr"),
                alt.Tooltip("text:N", title=unit),
            ],
        ),
        right_column(spans, y),
        width="container",
        height=alt.Step(height),
    )


# --- Exercises --------------------------------------------------------------------------------------------------------


def by_law(
    year: int, kind: str, keys: Sequence[str], given: Mapping[str, Any], **changed: Fraction
) -> dict[str, list[Fraction]]:
    """Lines of invented bodies by the law itself, in fractions, under the numbers of a year or other ones.

    ``given`` has a list with a value per body, or one value for the whole Land; ``keys`` are keys of
    ``fag_bw.BODIES[kind]``.
    """
    lines: dict[str, Any] = {
        key: Vector([Fraction(one) for one in value]) if isinstance(value, list) else Fraction(value)
        for key, value in given.items()
    }
    found = fag_bw.settle(lines, as_vectors({**exact_values(year), **changed}), kind, tuple(keys))
    return {key: list(value) for key, value in found.items() if isinstance(value, Vector)}


def listed(values: Sequence[Any], unit: str, decimals: int = 0) -> str:
    """Numbers of one unit with commas, and „und“ before the last."""
    *first, last = [number(value, decimals) for value in values]
    return f"{'; '.join(first) if decimals else ', '.join(first)} und {last} {unit}"


def grants(year: int, steuerkraft: Sequence[Any], bedarf: Any, **changed: Fraction) -> list[Fraction]:
    """§ 5 for invented Gemeinden that all levy enough: their Schlüsselzuweisungen."""
    found = by_law(
        year, "gemeinde", ("schluesselzahl", "schluesselzuweisung"), _own(year, steuerkraft, bedarf), **changed
    )
    return found["schluesselzuweisung"]


def quota_of(year: int, steuerkraft: Sequence[Any], bedarf: Any, masse: Any, sockel: Fraction) -> Fraction:
    """The quota that spends the Schlüsselmasse on invented Gemeinden, which are the whole Land, under some Sockel."""
    values = as_vectors({**exact_values(year), "mehrzuweisung_sockel": sockel})
    own = {key: Vector(value) for key, value in _own(year, steuerkraft, bedarf).items()}
    found = fag_bw.settle({**own, "schluesselmasse": Fraction(masse)}, values, "alle_gemeinden")
    return Fraction(found["ausschuettungsquote"])


def _own(year: int, steuerkraft: Sequence[Any], bedarf: Any) -> dict[str, list[Fraction]]:
    values = exact_values(year)
    given = {"steuerkraftmesszahl": [Fraction(one) for one in steuerkraft]}
    given["bedarfsmesszahl"] = [Fraction(bedarf)] * len(steuerkraft)
    for tax in ("grundsteuer_a", "grundsteuer_b", "gewerbesteuer"):
        given[f"hebesatz_{tax}_vorjahr"] = [Fraction(values[f"anrechnung_{tax}"])] * len(steuerkraft)
    return given
