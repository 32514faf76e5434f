"""The pictures of the chapter on the laws and their years: which law, which values changed, and when they came."""

import datetime
import re
from collections.abc import Iterable, Mapping
from fractions import Fraction

import altair as alt
import pandas as pd

from lfa.charts import ACCENT, NEUTRAL, PAYER, RECEIVER, data_of
from lfa.gesetze import (
    AFTER,
    BEFORE,
    BEGUN,
    DURING,
    UNKNOWN,
    Version,
    act_in_words,
    day_in_words,
    final,
    gesetz,
    gesetze,
    law_of,
    versions,
)
from lfa.law.arrays_lists import Vector
from lfa.parameters import as_vectors, entries, parameters
from lfa.pictures.parts import BLUE, Drawing, Rows, top_legend
from lfa.pictures.verfahren import statute
from lfa.settlement import LAWS
from lfa.states import CODES
from lfa.tables import number

AMOUNT: Mapping[str, tuple[str, int]] = {
    "fag2005": ("umsatzsteuer_betrag_satz_5", -1),
    "fag2020": ("umsatzsteuer_laender_betrag", 1),
}
"""The fixed amount of § 1 that shifts Umsatzsteuer between Bund and Länder; -1 where a plus goes to the Bund."""
FURTHER: Mapping[str, Mapping[str, int]] = {
    "fag2005": {
        "umsatzsteuer_betrag_kindergeld_2009": -1,
        "umsatzsteuer_betrag_konsolidierungshilfen": -1,
        "umsatzsteuer_betrag_kindergeld_2010": -1,
        "umsatzsteuer_betrag_kinderbetreuung": -1,
    },
    "fag2020": {
        "umsatzsteuer_hochwasser": -1,
        "umsatzsteuer_kinderbetreuung": 1,
        "umsatzsteuer_aufholen_nach_corona": 1,
    },
}
"""Further amounts of § 1 with the same effect, each with its sign."""
GROUPS = (
    ("§ 1: Umsatzsteuer von Bund und Ländern", ("1",)),
    ("§§ 2 bis 8: Verteilung und Finanzkraft", ("2", "3", "4", "5", "6", "7", "8")),
    ("§§ 9 und 12a: Einwohner", ("9", "12a")),
    ("§ 10: Tarif", ("10",)),
    ("§ 11: Zuweisungen des Bundes", ("11",)),
)
"""What the paragraphs are about: the name of a row, and the paragraphs in it."""
TARIFF, SPLIT = GROUPS[3][0], GROUPS[0][0]
EARLY, LATE = "vor dem Jahr beschlossen", "erst im Jahr oder danach"
KNOWN_AS = {BEFORE: EARLY, DURING: LATE, AFTER: LATE, BEGUN: LATE, UNKNOWN: UNKNOWN}
COLOURS = {EARLY: BLUE, LATE: ACCENT, UNKNOWN: NEUTRAL}
"""When the last version came, as the legends name it, and its colour."""
MIO, MRD = 10**6, 10**9
CENSUS = {"fag2005": "Zensus 2011", "fag2020": "Zensus 2022"}


# --- What changed -----------------------------------------------------------------------------------------------------


def group_of(description: str) -> str:
    """The row to which a statutory value belongs, by the paragraph in brackets at the end of its description."""
    paragraph = re.findall(r"\(§ (\d+[a-z]?)", description)[-1]
    return next(name for name, paragraphs in GROUPS if paragraph in paragraphs)


def changes() -> pd.DataFrame:
    """Every value that differs from the year before under the same law: law, year, row, what it is, when it came."""
    rows = [
        (entry.law, year, group_of(value["description"]), value["description"], version)
        for entry in gesetze()
        for value in entries(entry.law)
        for listed in [final(entry.law, value["name"])]
        for year, version in listed.items()
        if year - 1 in listed and None not in (version.value, listed[year - 1].value)
        if version.value != listed[year - 1].value
    ]
    frame = pd.DataFrame(rows, columns=["law", "jahr", "gruppe", "was", "version"])
    return frame.assign(stand=[KNOWN_AS[version.when] for version in frame["version"]])


def years_of_change(group: str, first: int) -> list[int]:
    """The years after ``first`` in which something of a row changed, a new law included."""
    found = changes()
    starts = {entry.first for entry in gesetze()}
    return sorted(year for year in starts | set(found["jahr"][found["gruppe"] == group]) if year > first)


def late() -> pd.DataFrame:
    """Every last version that came into the law when its year had begun: year, law, what, and the act in words."""
    rows = [
        (
            version.ausgleichsjahr,
            entry.short,
            value["description"],
            value["unit"],
            version.value,
            version.when,
            act_in_words(entry.law, version),
            version.note,
        )
        for entry in gesetze()
        for value in entries(entry.law)
        for version in final(entry.law, value["name"]).values()
        if version.retroactive
    ]
    names = ["jahr", "gesetz", "was", "einheit", "wert", "wann", "akt", "bemerkung"]
    return pd.DataFrame(rows, columns=names).sort_values("jahr", kind="stable").reset_index(drop=True)


# --- The amounts of § 1 -----------------------------------------------------------------------------------------------


def amounts() -> pd.DataFrame:
    """Every known version of the Länder amount: year, law, order, euro (plus for the Länder), and when it came."""
    rows = [
        (version.ausgleichsjahr, law, version.order, sign * version.value, version)
        for law, (name, sign) in AMOUNT.items()
        for version in versions(law, name)
    ]
    return pd.DataFrame(rows, columns=["jahr", "law", "folge", "betrag", "version"])


def effective(year: int) -> Fraction:
    """What all fixed amounts of § 1 together give the Länder, in euro; minus where they lose."""
    law = law_of(year)
    values = parameters(law, datetime.date(year, 12, 31))
    name, sign = AMOUNT[law]
    further = sum((side * values[key] for key, side in FURTHER[law].items()), Fraction(0))
    return Fraction(sign * values[name] + further)


def by_the_law(year: int) -> Fraction:
    """The same by § 1 as programme: what the Länder get where no Umsatzsteuer comes in, in exact fractions.

    Without the amount of the Gemeinden, of which the Länder bear their part by the rule of 2005 to 2019.
    """
    law = law_of(year)
    values = as_vectors(parameters(law, datetime.date(year, 12, 31))) | {"umsatzsteuer_gemeinden_betrag": Fraction(0)}
    zero = Vector([Fraction(0)] * len(CODES))
    lines = LAWS[law].vertikale_verteilung({"umsatzsteuer_insgesamt": Fraction(0), "einwohner": zero}, values)
    return Fraction(lines["umsatzsteuer_laenderanteil"])


def by_year() -> pd.DataFrame:
    """A row per year with a fixed amount: law, known versions, last amount, all amounts, the day of the act, when."""
    frame = amounts()
    last = frame.groupby("jahr").tail(1)
    return pd.DataFrame(
        {
            "jahr": [str(year) for year in last["jahr"]],
            "gesetz": [_unbroken(gesetz(law).short) for law in last["law"]],
            "fassungen": [int(order) for order in last["folge"]],
            "betrag": [float(amount / MIO) for amount in last["betrag"]],
            "alle": [float(effective(year) / MIO) for year in last["jahr"]],
            "akt": [day_in_words(law, version) for law, version in zip(last["law"], last["version"], strict=True)],
            "wann": [_unbroken(version.when) for version in last["version"]],
            "stand": [KNOWN_AS[version.when] for version in last["version"]],
        }
    )


def _unbroken(text: str) -> str:
    return text.replace(" ", "\u00a0")


def printed_amounts() -> dict[int, tuple[int, int, int]]:
    """§ 1 Abs. 2 of today as it is worded: by year the amounts of Bund, Länder and Gemeinden, in euro."""
    euro = r"((?:\d{1,3} )+)Euro"
    rows = re.findall(rf"(\d{{4}}) minus {euro} {euro} {euro}", statute("fag-2026")["§ 1 Abs. 2"])
    return {int(year): (-_whole(bund), _whole(laender), _whole(rest)) for year, bund, laender, rest in rows}


def printed_in_2012() -> dict[int, int]:
    """§ 1 Satz 5 as it was worded in mid 2012: by year the amount that goes to the Bund, in euro."""
    pattern = r"(im Jahr|in den Jahren|ab dem Jahr) (\d{4})(?: und (\d{4}))? ((?:\d{1,3} )+)Euro"
    result: dict[int, int] = {}
    for words, first, other, euro in re.findall(pattern, statute("fag-2012")["§ 1 Satz 5"]):
        last = gesetz("fag2005").known_until if words.startswith("ab") else int(other or first)
        result |= dict.fromkeys(range(int(first), last + 1), _whole(euro))
    return result


def _whole(text: str) -> int:
    return int(text.replace(" ", ""))


# --- Einwohner after a census -----------------------------------------------------------------------------------------


def census() -> pd.DataFrame:
    """The years in which inhabitants are a mixture: parts of the old and the new census, and when the rule came."""
    rows = [
        (str(year), CENSUS[law], _vulgar(1 - version.value), _vulgar(version.value), version.when, version.note)
        for law in CENSUS
        for year, version in final(law, "zensus_anteil").items()
        if version.value
    ]
    return pd.DataFrame(rows, columns=["jahr", "zensus", "alt", "neu", "wann", "bemerkung"])


def _vulgar(value: Fraction) -> str:
    return f"{value.numerator}/{value.denominator}"


# --- Charts -----------------------------------------------------------------------------------------------------------


def _when_colour(shown: Iterable[str]) -> alt.Color:
    present = set(shown)
    names = [name for name in COLOURS if name in present]
    scale = alt.Scale(domain=names, range=[COLOURS[name] for name in names])
    return alt.Color("stand:N", scale=scale, legend=top_legend(names, symbolType="circle"))


def timeline() -> Drawing:
    """The laws as bands over the years; a dot for every year in which a value of a paragraph changed under a law."""
    last = max(entry.known_until for entry in gesetze())
    first = min(entry.first for entry in gesetze())
    bands: Rows = [
        {
            "von": entry.first - 0.5,
            "bis": entry.known_until + 0.5,
            "mitte": (entry.first + entry.known_until) / 2,
            "text": entry.short + ("" if entry.last else " …"),
            "lang": f"{entry.title}, {entry.first} bis {entry.last or 'heute'}",
            "farbe": colour,
            "oben": -0.42,
            "unten": 0.25,
        }
        for entry, colour in zip(gesetze(), (PAYER, RECEIVER, BLUE), strict=True)
    ]
    dots: Rows = []
    for place, (name, _) in enumerate(GROUPS, 1):
        for year, found in changes().query("gruppe == @name").groupby("jahr"):
            stands = set(found["stand"])
            stand = next(stand for stand in (LATE, UNKNOWN, EARLY) if stand in stands)
            what = "; ".join(dict.fromkeys(text.rsplit(" (", 1)[0] for text in found["was"]))
            dots.append({"jahr": int(str(year)), "zeile": place, "stand": stand, "was": what, "gruppe": name})
    heads: Rows = [
        {"jahr": first - 0.5, "zeile": place - 0.36, "text": name} for place, (name, _) in enumerate(GROUPS, 1)
    ]
    scale = alt.Scale(domain=[first - 0.6, last + 0.6], nice=False, zero=False)
    axis = alt.Axis(values=list(range(first, last + 1, 5)), format="d", title=None, grid=False)
    down = alt.Scale(domain=[-0.45, len(GROUPS) + 0.35], nice=False, reverse=True)

    def x(field: str) -> alt.X:
        return alt.X(f"{field}:Q", scale=scale, axis=axis)

    def y(field: str) -> alt.Y:
        return alt.Y(f"{field}:Q", scale=down, axis=None)

    band = alt.Chart(data_of(bands))
    # Between the names of the rows, so that no line crosses a word.
    borders: Rows = [
        {"von": row["von"], "oben": top, "unten": bottom}
        for row in bands[1:]
        for top, bottom in [(-0.42, 0.4), *((place - 0.17, place + 0.4) for place in range(1, len(GROUPS) + 1))]
    ]
    border = alt.Chart(data_of(borders))
    return alt.layer(
        band.mark_rect(opacity=0.22, cornerRadius=3).encode(
            x("von"),
            alt.X2("bis:Q"),
            y("oben"),
            alt.Y2("unten:Q"),
            fill=alt.Fill("farbe:N", scale=None),
            tooltip=[alt.Tooltip("lang:N", title="Gesetz")],
        ),
        band.mark_text(fontWeight="bold", fontSize=13, dy=1, aria=False).encode(
            x("mitte"), alt.YDatum(-0.085, axis=None, scale=down), text="text:N"
        ),
        border.mark_rule(strokeDash=[4, 3], opacity=0.6).encode(x("von"), y("oben"), alt.Y2("unten:Q")),
        alt.Chart(data_of(heads)).mark_text(align="left", aria=False).encode(x("jahr"), y("zeile"), text="text:N"),
        alt.Chart(data_of(dots))
        .mark_point(filled=True, size=alt.ExprRef(expr="width < 400 ? 24 : 75"), opacity=1)
        .encode(
            x("jahr"),
            y("zeile"),
            _when_colour(row["stand"] for row in dots),
            tooltip=[
                alt.Tooltip("jahr:Q", title="Jahr", format="d"),
                alt.Tooltip("was:N", title="geändert"),
                alt.Tooltip("stand:N", title="zuletzt"),
            ],
        ),
        width="container",
        height=58 * (len(GROUPS) + 1),
    )


def amount_dots() -> Drawing:
    """A row per year: every known version of the Länder amount as a dot, the last one large, joined by a line."""
    frame = amounts()
    starts = {law: int(frame["jahr"][frame["law"] == law].min()) for law in AMOUNT}
    shift = {law: place for place, law in enumerate(AMOUNT)}
    rows: Rows = []
    for row in frame.itertuples():
        version: Version = row.version
        rows.append(
            {
                "jahr": int(row.jahr),
                "zeile": int(row.jahr) + shift[str(row.law)],
                "wert": float(row.betrag / MRD),
                "text": number(row.betrag / MIO, 1),
                "stand": KNOWN_AS[version.when],
                "akt": act_in_words(str(row.law), version),
                "folge": int(row.folge),
                "letzte": not version.superseded,
            }
        )
    lines: Rows = [
        {"zeile": place, "von": min(values), "bis": max(values), "text": str(len(values))}
        for place in dict.fromkeys(row["zeile"] for row in rows)
        for values in [[row["wert"] for row in rows if row["zeile"] == place]]
    ]
    heads: Rows = [
        {"zeile": starts[law] + shift[law] - 1, "text": gesetz(law).short, "rechts": "Fassungen"} for law in AMOUNT
    ]
    zeros: Rows = [
        {"null": 0, "von": min(places) - 0.5, "bis": max(places) + 0.5}
        for law in AMOUNT
        for places in [[row["zeile"] for row in rows if law_of(row["jahr"]) == law]]
    ]
    labels = {row["zeile"]: str(row["jahr"]) for row in rows} | {row["zeile"]: "" for row in heads}
    low, high = min(row["wert"] for row in rows), max(row["wert"] for row in rows)
    room = 74
    end = alt.ExprRef(expr=f"{high} + {high - low} * {room} / max(width - {room}, 1)")
    scale = alt.Scale(domainMin=low - 0.8, domainMax=end, nice=False, zero=False)
    ticks = [value for value in range(-5, 21, 5) if low <= value <= high]
    axis = alt.Axis(
        values=ticks,
        title="Mrd. €, rechts von 0 an die Länder",
        titleAnchor="start",
        domain=False,
        ticks=False,
        labelExpr="format(datum.value, 'd')",
    )
    x = alt.X("wert:Q", scale=scale, axis=axis)
    down = alt.Scale(domain=[min(labels) - 0.6, max(labels) + 0.6], reverse=True, nice=False, zero=False)
    years = "{" + ",".join(f"'{place}':'{text}'" for place, text in labels.items()) + "}"
    year_axis = alt.Axis(
        values=list(labels),
        labelExpr=f"({years})[datum.value]",
        labelOverlap=False,
        title=None,
        domain=False,
        ticks=False,
        grid=False,
    )
    y = alt.Y("zeile:Q", scale=down, axis=year_axis)
    tooltip = [
        alt.Tooltip("jahr:Q", title="Jahr", format="d"),
        alt.Tooltip("folge:Q", title="Fassung"),
        alt.Tooltip("text:N", title="Mio. €"),
        alt.Tooltip("akt:N", title="Gesetz"),
    ]
    head, line = alt.Chart(data_of(heads)), alt.Chart(data_of(lines))
    return alt.layer(
        alt.Chart(data_of(zeros))
        .mark_rule(opacity=0.7)
        .encode(alt.X("null:Q", scale=scale, axis=axis), alt.Y("von:Q", scale=down, axis=year_axis), alt.Y2("bis:Q")),
        line.mark_rule(strokeWidth=2.5, opacity=0.4).encode(alt.X("von:Q", scale=scale, axis=axis), alt.X2("bis:Q"), y),
        alt.Chart(data_of([row for row in rows if not row["letzte"]]))
        .mark_point(filled=True, size=32, opacity=1, color=NEUTRAL)
        .encode(x, y, tooltip=tooltip),
        alt.Chart(data_of([row for row in rows if row["letzte"]]))
        .mark_point(filled=True, size=120, opacity=1)
        .encode(x, y, _when_colour(row["stand"] for row in rows if row["letzte"]), tooltip=tooltip),
        head.mark_text(align="left", fontWeight="bold", aria=False).encode(y, x=alt.value(0), text="text:N"),
        head.mark_text(align="right", aria=False).encode(y, x=alt.value("width"), text="rechts:N"),
        line.mark_text(align="right", aria=False).encode(y, x=alt.value("width"), text="text:N"),
        width="container",
        height=21 * len(labels),
    )
