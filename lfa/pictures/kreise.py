"""The pictures of Stadtkreis, Landkreis and Schulträger: invented bodies, and what Baden-Württemberg pays them."""

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from functools import cache
from itertools import accumulate
from typing import Any, NamedTuple

import altair as alt
import numpy as np
import pandas as pd

from lfa.charts import ACCENT, NEUTRAL, PAYER, RECEIVER, data_of, ink_on, publish
from lfa.files import DATA, load_csv
from lfa.koerperschaften import KINDS as BODIES
from lfa.koerperschaften import (
    Body,
    Effect,
    Row,
    effects,
    entitlements,
    exact_values,
    invented,
    needed,
    registry,
    settle,
)
from lfa.law import fag_bw
from lfa.law.arrays_lists import Vector
from lfa.parameters import as_vectors
from lfa.pictures.bekanntmachung import GENERAL, SCHOOL_COLOURS, SCHOOLS, SPECIAL, VOCATIONAL, amounts, bars
from lfa.pictures.jahre import folded
from lfa.pictures.parts import BLUE, MILLION, Drawing, Rows, top_legend
from lfa.tables import Table, number, table, unbroken

CITY, DISTRICT, TOWN, COMMUNITY = "Musterburg", "Musterkreis", "Musterstadt", "Mustertal"
WHO = {
    CITY: "Stadtkreis",
    DISTRICT: "Landkreis",
    TOWN: "Große Kreisstadt",
    COMMUNITY: "Verwaltungsgemeinschaft nach § 17 LVG",
}
"""The invented bodies of the chapter, and what each is."""
SCHOOL_BODIES = (CITY, DISTRICT, TOWN)
LANDKREIS, GROSSE_KREISSTADT, GEMEINSCHAFT, STADTKREIS = (
    "Landkreis",
    "Große Kreisstadt",
    "Verwaltungsgemeinschaft",
    "Stadtkreis",
)
SHARING = {
    "Landkreis allein": ((LANDKREIS, "landkreis_uebrige"),),
    "Gemeinde in Gemeinschaft": (
        (LANDKREIS, "landkreis_grosse_kreisstaedte"),
        (GEMEINSCHAFT, "verwaltungsgemeinschaft"),
    ),
    "Große Kreisstadt in Gemeinschaft": (
        (LANDKREIS, "landkreis_grosse_kreisstaedte"),
        (GROSSE_KREISSTADT, "grosse_kreisstadt_mit_vg"),
        (GEMEINSCHAFT, "verwaltungsgemeinschaft"),
    ),
    "Große Kreisstadt ohne Gemeinschaft": (
        (LANDKREIS, "landkreis_grosse_kreisstaedte"),
        (GROSSE_KREISSTADT, "grosse_kreisstadt_ohne_vg"),
    ),
    "Stadtkreis": ((STADTKREIS, "stadtkreis"),),
}
"""Who does the work of the untere Verwaltungsbehörde: the case, and who is paid for each inhabitant (§ 11 Abs. 1)."""
SHARING_COLOURS = {LANDKREIS: BLUE, GROSSE_KREISSTADT: ACCENT, GEMEINSCHAFT: RECEIVER, STADTKREIS: PAYER}
NEED, LEVY, LAND_TAX, GRANT, OPEN = "Bedarf", "Kreisumlage", "Grunderwerbsteuer", "Zuweisung", "bleibt offen"
NEED_COLOURS = {NEED: NEUTRAL, LEVY: BLUE, LAND_TAX: PAYER, GRANT: RECEIVER, OPEN: "#c8c8c8"}
BANDS = {
    "stufe_1": ("erste", BLUE),
    "stufe_2": ("weitere", RECEIVER),
    "ortsdurchfahrten": ("Ortsdurchfahrten", "#8cc4b6"),
    "stufe_3": ("jeder weitere", ACCENT),
    "abgestuft": ("früher Landesstraße", PAYER),
}
"""Kinds of Kreisstraßen kilometres in § 25, in the order of the picture; Ortsdurchfahrten are paid as the second."""
OUTSIDE, ROUNDED = "kreisstrassen_ortsdurchfahrten_in_stufe_2", "kreisstrassen_einwohner_gerundet"
BY_PEOPLE, BY_AREA = "nach Einwohnern", "nach Fläche"
AS_GEMEINDE, AS_KREIS, ONLY_CITY, AS_SCHOOL = "als Gemeinde", "als Kreis", "nur als Stadtkreis", "als Schulträger"
ROLE_COLOURS = {AS_GEMEINDE: ACCENT, AS_KREIS: BLUE, ONLY_CITY: PAYER, AS_SCHOOL: RECEIVER}
ROLES = {
    **dict.fromkeys(
        ("§ 8", "§ 11 Abs. 1", "§ 11 Abs. 1 Nr. 2", "§ 11 Abs. 2", "§ 11 Abs. 4", "§ 11 Abs. 5", "§ 18 Abs. 3"),
        AS_KREIS,
    ),
    **dict.fromkeys(("§ 25", "§ 28", "§ 29d"), AS_KREIS),
    "§ 7a": ONLY_CITY,
    "§ 17": AS_SCHOOL,
}
"""In which role a body is paid, by paragraph; all others as Gemeinde."""
SHORT = {
    "§ 4": "Investitionspauschale",
    "§ 5 Abs. 2": "Schlüsselzuweisung",
    "§ 5 Abs. 3": "Mehrzuweisung",
    "§ 7a": "Schlüsselzuweisung, § 7a",
    "§ 8": "Schlüsselzuweisung",
    "§ 11 Abs. 1": "Untere Verwaltung",
    "§ 11 Abs. 1 Nr. 2": "Untere Verwaltung",
    "§ 11 Abs. 2": "Grunderwerbsteuer",
    "§ 11 Abs. 4": "Verwaltungsreform, Abs. 4",
    "§ 11 Abs. 5": "Verwaltungsreform, Abs. 5",
    "§ 17": "Sachkostenbeiträge",
    "§ 18 Abs. 3": "Schülerbeförderung",
    "§ 20": "Fremdenverkehr",
    "§ 25": "Kreisstraßen",
    "§ 26": "Gemeindestraßen",
    "§ 27 Abs. 1": "Fläche",
    "§ 28": "Nahverkehr",
    "§ 29 Abs. 1": "Ausbildung",
    "§ 29a": "Familienleistung",
    "§ 29b": "Kindergärten",
    "§ 29c": "Kleinkinder",
    "§ 29d": "Unbegl. Minderjährige",
    "§ 29e": "Leitung der Kitas",
}
"""What a paragraph pays for, in a word or two."""
UNITS = {"EUR": "€", "Euro": "€", "v.H.": "%"}
PLACES = {"€": 2, "Anteil": 7, "%": 4}
PERCENT = ("%", "v.H.")
CENT = 0.005

# --- The invented bodies ----------------------------------------------------------------------------------------------


def muster(year: int) -> list[Body]:
    """The invented bodies of the chapter as they are in a year, or in the last year before that has some."""
    return [invented(year)[name] for name in WHO]


def inputs(year: int, name: str) -> Mapping[str, float]:
    """What one of the bodies gives."""
    return next(body.inputs for body in muster(year) if body.name == name)


def lines(year: int, name: str, readings: Mapping[str, int] | None = None) -> dict[str, float]:
    """Every line of one of the bodies."""
    body = next(body for body in muster(year) if body.name == name)
    (settled,) = settle(year, [body], readings)
    return {key: float(np.ravel(value)[0]) for key, value in settled.lines.items()}


@cache
def rows(year: int) -> tuple[Row, ...]:
    """The account of all of them."""
    return tuple(entitlements(year, muster(year)))


def amount(year: int, name: str, item: str) -> float:
    """One amount of the account of a body."""
    return next(row.amount for row in rows(year) if row.body == name and row.item == item)


def source(year: int, *, bodies: bool = True) -> str:
    """The source line of a chart; says that the bodies are invented."""
    invented = "Muster-Körperschaften und ihre Zahlen erfunden, Landeswerte angenommen; " if bodies else ""
    return f"{invented}Bekanntmachung des Finanzministeriums Baden-Württemberg für {year}, FAG BW; eigene Berechnung"


def euro(value: Any, decimals: int = 2) -> str:
    """An amount of euro."""
    return f"{number(value, decimals)} €"


def mio(value: Any, decimals: int = 2) -> str:
    """An amount in millions of euro."""
    return f"{number(float(value) / MILLION, decimals)} Mio. €"


def bodies_table(year: int) -> Table:
    """Who is who: the bodies, what each is, inhabitants and area, and whether it keeps schools."""
    found = {body.name: body for body in muster(year)}
    frame = pd.DataFrame(
        [
            (name, what, body.inputs.get("einwohner"), body.inputs.get("flaeche"), _yes("schultraeger" in body.kinds))
            for name, what in WHO.items()
            for body in [found[name]]
        ],
        columns=["name", "art", "einwohner", "flaeche", "schulen"],
    )
    return table(
        frame,
        caption="Vier erfundene Körperschaften",
        columns={"name": "Name", "art": "Art", "einwohner": "Einwohner", "flaeche": "Fläche", "schulen": "Schulträger"},
        units={"flaeche": "ha"},
        note="Alle Namen und Zahlen sind erfunden. Wo keine Fläche steht, braucht die Rechnung keine.",
    )


def _yes(value: bool) -> str:
    return "ja" if value else "nein"


# --- Bars under their headings ----------------------------------------------------------------------------------------


class Bar(NamedTuple):
    """A bar of several parts: its heading, the text of its sum, and the parts by name."""

    head: str
    total: str
    parts: tuple[tuple[str, float], ...]


def headed_bars(listed: Sequence[Bar], colours: Mapping[str, str], unit: str, decimals: int = 2) -> Drawing:
    """Stacked bars, each below its heading, so that long names have room on a phone as well."""
    high = max(sum(value for _, value in bar.parts) for bar in listed)
    parts: Rows = []
    heads: Rows = []
    for place, bar in enumerate(listed):
        heads.append({"mitte": place - 0.17, "name": bar.head, "text": bar.total})
        ends = list(accumulate((value for _, value in bar.parts), initial=0.0))
        for (name, value), left, right in zip(bar.parts, ends, ends[1:], strict=False):
            text = number(value, decimals)
            parts.append({"balken": bar.head, "teil": name, "von": left, "bis": right, "text": text})
            parts[-1] |= {"oben": place, "unten": place + 0.5, "zeile": place + 0.25, "breite": (right - left) / high}
            parts[-1] |= {"stelle": (left + right) / 2}
    parts = [row for row in parts if row["breite"] > 0]
    shown = [name for name in colours if any(row["teil"] == name for row in parts)]
    x = alt.X("von:Q", axis=None, scale=alt.Scale(domain=[0, high], nice=False))
    scale = alt.Scale(domain=[-0.42, len(listed) - 0.4], reverse=True, nice=False, zero=False)
    y = alt.Y("oben:Q", axis=None, scale=scale)
    colour = alt.Color(
        "teil:N",
        scale=alt.Scale(domain=shown, range=[colours[name] for name in shown]),
        legend=top_legend(shown),
    )
    tooltip = [alt.Tooltip("balken:N", title="Wo"), alt.Tooltip("teil:N", title="Teil")]
    titles = alt.Chart(data_of(heads)).encode(alt.Y("mitte:Q"))
    return alt.layer(
        alt.Chart(data_of(parts))
        .mark_rect(stroke="currentColor", strokeWidth=0.4)
        .encode(
            x, alt.X2("bis:Q"), y, alt.Y2("unten:Q"), colour, tooltip=[*tooltip, alt.Tooltip("text:N", title=unit)]
        ),
        alt.Chart(data_of(parts))
        .transform_filter("datum.breite * width > 8 * length(datum.text)")
        .mark_text(baseline="middle", aria=False)
        .encode(alt.X("stelle:Q"), alt.Y("zeile:Q"), text="text:N", color=ink_on("teil")),
        titles.mark_text(align="left", baseline="middle", fontWeight="bold", aria=False).encode(
            x=alt.value(0), text="name:N"
        ),
        titles.mark_text(align="right", baseline="middle", aria=False).encode(x=alt.value("width"), text="text:N"),
        width="container",
        height=58 * len(listed),
    )


def described(listed: Iterable[Bar], decimals: int = 2) -> str:
    """The bars in words."""
    return "; ".join(
        f"{bar.head}: " + ", ".join(f"{name} {number(value, decimals)}" for name, value in bar.parts) for bar in listed
    )


# --- § 11: who does the work of the untere Verwaltungsbehörde ---------------------------------------------------------


def sharing(year: int) -> pd.DataFrame:
    """Euro for each inhabitant, exact, by case and by who is paid."""
    found = amounts(year)
    cells = {case: {who: found[f"verwaltungsbehoerde_{key}"] for who, key in parts} for case, parts in SHARING.items()}
    return pd.DataFrame([{who: cells[case].get(who) for who in SHARING_COLOURS} for case in cells], index=list(cells))


def sharing_bars(year: int) -> list[Bar]:
    """``sharing`` as bars."""
    frame = sharing(year)
    result = []
    for case, found in frame.iterrows():
        parts = tuple((str(who), float(value)) for who, value in found.items() if pd.notna(value))
        result.append(Bar(str(case), euro(sum(value for _, value in parts)), parts))
    return result


def sharing_chart(year: int) -> Drawing:
    """The same inhabitants in every case: who is paid for them."""
    return headed_bars(sharing_bars(year), SHARING_COLOURS, "€ je Einwohner")


def less_for_the_landkreis(year: int) -> Fraction:
    """By what a Landkreis is paid less for an inhabitant where others do the work."""
    found = amounts(year)
    whole, part = (found[f"verwaltungsbehoerde_landkreis_{key}"] for key in ("uebrige", "grosse_kreisstaedte"))
    return whole - part


def sharing_picture(year: int) -> Any:
    """Who is paid for the same inhabitants."""
    town = amounts(year)["verwaltungsbehoerde_grosse_kreisstadt_ohne_vg"]
    return publish(
        sharing_chart(year),
        title=f"Eine Große Kreisstadt bekommt {euro(town)} je Kopf, "
        f"der Landkreis dafür {euro(less_for_the_landkreis(year))} weniger",
        subtitle=f"€ je Einwohner {year}; Gemeinschaft: Verwaltungsgemeinschaft nach § 17 LVG",
        description=f"€ je Einwohner. {described(sharing_bars(year))}",
        source=source(year, bodies=False),
    )


def town_case(year: int) -> str:
    """The case of Musterstadt."""
    together = inputs(year, TOWN)["in_verwaltungsgemeinschaft"]
    return f"Große Kreisstadt {'in' if together else 'ohne'} Gemeinschaft"


def in_the_community(year: int) -> bool:
    """Whether the numbers of the bodies say that Musterstadt belongs to Mustertal, and both to Musterkreis."""
    people = inputs(year, COMMUNITY)["einwohner"]
    within = inputs(year, DISTRICT)["einwohner_grosse_kreisstaedte_und_vg"]
    return "in" in town_case(year).split() and inputs(year, TOWN)["einwohner"] < people == within


def sharing_table(year: int) -> Table:
    """The same for as many inhabitants as Musterstadt has, in euro."""
    people = Fraction(inputs(year, TOWN)["einwohner"])
    frame = sharing(year).drop(index="Stadtkreis", columns=STADTKREIS).rename(columns={GEMEINSCHAFT: "Gemeinschaft"})
    frame = frame.map(lambda value: None if pd.isna(value) else value * people)
    frame["zusammen"] = frame.apply(lambda row: sum(value for value in row if value is not None), axis=1)
    return table(
        frame.rename_axis("Wer erledigt die Aufgaben?"),
        caption=f"Dieselben {number(people)} Menschen, verschieden aufgeteilt, {year}",
        units="€",
        note=f"So viele Menschen leben in der erfundenen {TOWN}."
        + (f" Sie gehört zur erfundenen Gemeinschaft {COMMUNITY}." if in_the_community(year) else ""),
    )


# --- §§ 8 to 10: the Landkreis ----------------------------------------------------------------------------------------


def need_bars(year: int) -> list[Bar]:
    """What Musterkreis needs, and what covers it, in Mio. €."""
    found = lines(year, DISTRICT)
    need, land_tax = found["bedarfsmesszahl_landkreis"], found["grunderwerbsteuer_vorvorjahr"]
    levy, grant = found["steuerkraftmesszahl_landkreis"] - land_tax, found["schluesselzuweisung_landkreis"]
    left = found["schluesselzahl_landkreis"] - grant
    covering = ((LEVY, levy), (LAND_TAX, land_tax), (GRANT, grant), (OPEN, left))
    head = f"{number(found['einwohner'])} Menschen × {euro(found['kopfbetrag_landkreise'], 0)}"
    return [
        Bar(head, mio(need, 1), ((NEED, need / MILLION),)),
        Bar("Was diesen Bedarf deckt", "", tuple((name, value / MILLION) for name, value in covering)),
    ]


def need_chart(year: int) -> Drawing:
    """Need and cover of Musterkreis."""
    return headed_bars(need_bars(year), NEED_COLOURS, "Mio. €", 1)


def need_picture(year: int) -> Any:
    """Need and cover, and what the Zuweisung is."""
    grant = amount(year, DISTRICT, "schluesselzuweisung_landkreis")
    return publish(
        need_chart(year),
        title=f"Das Land schließt die Lücke des Musterkreises nicht ganz: {mio(grant, 1)} Schlüsselzuweisung",
        subtitle="Erfundener Landkreis, Mio. €: Bedarfsmesszahl oben, darunter was sie deckt",
        description=f"Mio. €. {described(need_bars(year), 1)}",
        source=source(year),
    )


def need_steps(year: int) -> Table:
    """§§ 8 to 10 for Musterkreis, step by step."""
    found = lines(year, DISTRICT)
    quota, rate = amounts(year)["schluesselzahlen_landkreise"], found["kreisumlage_landesdurchschnitt"]
    steps = [
        ("Steuerkraftsummen der Gemeinden", "§ 38 Abs. 1", found["steuerkraftsummen_der_gemeinden"]),
        (
            f"davon {number(rate, 2)} % (Kreisumlage im Landesdurchschnitt)",
            "§ 9",
            found["steuerkraftmesszahl_landkreis"] - found["grunderwerbsteuer_vorvorjahr"],
        ),
        ("Anteil an der Grunderwerbsteuer, Vorvorjahr", "§ 9", found["grunderwerbsteuer_vorvorjahr"]),
        ("Steuerkraftmesszahl", "§ 9", found["steuerkraftmesszahl_landkreis"]),
        ("Bedarfsmesszahl: Einwohner × Kopfbetrag", "§ 10", found["bedarfsmesszahl_landkreis"]),
        ("Schlüsselzahl: Bedarf − Steuerkraft", "§ 8", found["schluesselzahl_landkreis"]),
        (f"davon {number(quota, 2)} %: Schlüsselzuweisung", "§ 8", found["schluesselzuweisung_landkreis"]),
    ]
    return table(
        pd.DataFrame(_unbroken(steps), columns=["Schritt", "FAG BW", "Betrag"]),
        caption=f"Die Schlüsselzuweisung des erfundenen Musterkreises, {year}",
        units={"Betrag": "€"},
        note="Kreisumlage, Kopfbetrag und Steuerkraftsummen sind angenommen. Die echten Werte stehen nicht in der "
        "Bekanntmachung.",
    )


def _unbroken(steps: Iterable[tuple[str, str, float]]) -> list[tuple[str, str, float]]:
    return [(unbroken(words), place, value) for words, place, value in steps]


def reform_text(year: int) -> str:
    """What § 11 Abs. 4, and Abs. 5 where there is one, give all Kreise, and what to Musterkreis."""
    found = amounts(year)
    clauses = [clause for clause in (4, 5) if f"verwaltungsreform_absatz_{clause}" in found]
    listed = " und ".join(f"{mio(found[f'verwaltungsreform_absatz_{n}'], 1)} nach Abs. {n}" for n in clauses)
    own = sum(amount(year, DISTRICT, f"verwaltungsreform_absatz_{n}") for n in clauses)
    shares = " und ".join(
        f"{number(inputs(year, DISTRICT)[f'verwaltungsreform_absatz_{n}_anteil'], 1)} %" for n in clauses
    )
    return (
        f"Für {year} sind es {listed}, für alle Stadt- und Landkreise zusammen. Mit angenommenen {shares} "
        f"bekäme der Musterkreis {mio(own)}."
    )


def young_refugees_text(year: int) -> str:
    """What § 29d pays in a year, if the announcement has it."""
    total = amounts(year).get("minderjaehrige_auslaender")
    if total is None:
        return f"In der Bekanntmachung für {year} kommt diese Leistung nicht vor."
    own = amount(year, DISTRICT, "minderjaehrige_auslaender")
    return (
        f"Für {year} sind es {mio(total, 0)}, verteilt nach Einwohnern der Stadt- und Landkreise. "
        f"Auf den Musterkreis entfallen {euro(own, 0)}."
    )


def refunds(year: int) -> pd.DataFrame:
    """What Musterkreis pays the Land for people in its service: who, how many, euro for each, euro."""
    cells = [
        (row.label.split(": ")[-1], row.basis, row.rate, -row.amount)
        for row in rows(year)
        if row.body == DISTRICT and row.paragraph == "§ 39 Abs. 18" and row.amount
    ]
    return pd.DataFrame(cells, columns=["wer", "personen", "je", "betrag"])


def refund_table(year: int) -> Table:
    """``refunds`` with their sum."""
    frame = refunds(year)
    frame.loc[len(frame)] = ["Insgesamt", frame["personen"].sum(), None, frame["betrag"].sum()]
    return table(
        frame,
        caption=f"Was der erfundene Musterkreis dem Land {year} erstattet",
        columns={"wer": "Für", "personen": "Personen", "je": "je Person", "betrag": "Betrag"},
        units={"je": "€", "betrag": "€"},
    )


def refund_text(year: int) -> str:
    """What Musterkreis pays in all."""
    frame = refunds(year)
    return f"Beim Musterkreis sind es {euro(frame['betrag'].sum(), 0)} für {number(frame['personen'].sum())} Personen."


# --- § 18: Schülerbeförderung -----------------------------------------------------------------------------------------


@cache
def transport_shares() -> pd.DataFrame:
    """The 44 shares of an undated copy, in v.H. and exact, largest first: name in short, kind, share."""
    found = load_csv(DATA / "bw" / "schuelerbefoerderung.csv", "bw_schuelerbefoerderung")
    names = [str(row["kreis"]).split(", ") for row in found]
    twice = {name[0] for name in names if sum(other[0] == name[0] for other in names) > 1}
    listed = []
    for parts, row in zip(names, found, strict=True):
        name, kind = parts[0], STADTKREIS if parts[-1] == STADTKREIS else LANDKREIS
        town = " (Stadt)" if kind == STADTKREIS else " (Land)"
        listed.append((name + town * (name in twice), kind, Fraction(str(row["anteil_prozent"]))))
    frame = pd.DataFrame(listed, columns=["kreis", "art", "anteil"])
    return frame.sort_values("anteil", ascending=False, kind="stable", ignore_index=True)


COPY = "undatierte Abschrift der Anlage 1 zu § 18, etwa 2016 bis 2018"


def transport_chart() -> Drawing:
    """The shares, largest first."""
    listed = [
        {"name": row.kreis, "gruppe": row.art, "wert": float(row.anteil), "text": number(row.anteil, 3)}
        for row in transport_shares().itertuples()
    ]
    return bars(listed, {LANDKREIS: BLUE, STADTKREIS: PAYER}, "%", 19)


def transport_picture(year: int) -> Any:
    """The shares: how far apart they are. Says that the copy has no date."""
    frame = transport_shares()
    first, last = frame.iloc[0], frame.iloc[-1]
    listed = "; ".join(f"{row.kreis} {number(row.anteil, 3)}" for row in frame.itertuples())
    return publish(
        transport_chart(),
        title=f"Schulweg: {first['kreis']} hat mit {number(first['anteil'], 3)} % den größten Anteil, "
        f"{last['kreis']} mit {number(last['anteil'], 3)} % den kleinsten",
        subtitle=f"Anteile in %, {COPY}; für {year} nicht nachgewiesen",
        description=f"Balken, Anteile in % nach einer Abschrift ohne Datum: {listed}",
        source=f"FAG BW, {COPY}",
    )


def transport_table(year: int) -> Table:
    """The shares and what they would come to in a year."""
    total = amounts(year)["schuelerbefoerderung"]
    frame = transport_shares().assign(betrag=lambda found: found["anteil"] * total / 100)
    frame.loc[len(frame)] = ["Insgesamt", "", sum(frame["anteil"]), sum(frame["betrag"])]
    inner = table(
        frame,
        caption=f"Die {len(frame) - 1} Anteile, nicht für {year} nachgewiesen",
        columns={"kreis": "Kreis", "art": "Art", "anteil": "Anteil", "betrag": f"gälte er {year}"},
        decimals={"anteil": 3, "betrag": 0},
        units={"anteil": "%", "betrag": "€"},
        note=f"Anteile: {COPY}. Ob sie {year} galten, ist nicht nachgewiesen.",
    )
    return folded(inner, f"Alle {len(frame) - 1} Anteile als Tabelle ({COPY})")


def count_of(kind: str) -> int:
    """How many Stadt- or Landkreise there are."""
    return int((transport_shares()["art"] == kind).sum())


# --- § 25: Kreisstraßen -----------------------------------------------------------------------------------------------


class Road(NamedTuple):
    """Kilometres of one kind and what is paid for each of them."""

    key: str
    kilometres: float
    rate: float

    @property
    def amount(self) -> float:
        """What is paid for all of them."""
        return self.kilometres * self.rate


def roads(year: int, *, inside: int = 0, rounded: int = 0) -> list[Road]:
    """The Kreisstraßen of Musterkreis by kind, under one answer to both open questions."""
    found = lines(year, DISTRICT, {OUTSIDE: inside, ROUNDED: rounded})
    towns = found["kreisstrassen_ortsdurchfahrten"]
    kilometres = {key: found.get(f"kreisstrassen_kilometer_{key}", towns) for key in BANDS}
    kilometres["stufe_2"] -= towns
    rates = {key: float(amounts(year).get(f"kreisstrassen_{key}", 0)) for key in BANDS}
    rates["ortsdurchfahrten"] = rates["stufe_2"]
    return [Road(key, kilometres[key], rates[key]) for key in BANDS]


def road_total(year: int, *, inside: int = 0, rounded: int = 0) -> float:
    """What Musterkreis is paid for its Kreisstraßen."""
    return sum(road.amount for road in roads(year, inside=inside, rounded=rounded))


def roads_chart(year: int) -> Drawing:
    """Kilometres to the right, euro for each of them upwards: the area is the money; one panel per reading."""
    readings = ((0, "Ortsdurchfahrten extra"), (1, "Ortsdurchfahrten in Stufe zwei"))
    high = max(road.rate for road in roads(year))
    panel = 1.45
    parts: Rows = []
    heads: Rows = []
    for place, (inside, words) in enumerate(readings):
        floor_at = (1 - place) * panel
        heads.append(
            {
                "mitte": floor_at + 1.25,
                "name": words,
                "text": euro(road_total(year, inside=inside), 0),
                "null": floor_at,
            }
        )
        listed = roads(year, inside=inside)
        ends = list(accumulate((road.kilometres for road in listed), initial=0.0))
        for road, left, right in zip(listed, ends, ends[1:], strict=False):
            top = floor_at + road.rate / high
            parts.append({"teil": _road_name(road), "von": left, "bis": right, "null": floor_at, "oben": top})
            parts[-1] |= {
                "stelle": (left + right) / 2,
                "zeile": (floor_at + top) / 2,
                "breite": (right - left) / ends[-1],
            }
            parts[-1] |= {"km": f"{_short(road.kilometres, 2)} km", "text": euro(road.amount, 0), "lesart": words}
    parts = [row for row in parts if row["breite"] > 0]
    names = [_road_name(road) for road in roads(year)]
    colour_scale = alt.Scale(domain=names, range=[colour for _, colour in BANDS.values()])
    total = max(row["bis"] for row in parts)
    x = alt.X("von:Q", axis=None, scale=alt.Scale(domain=[0, total], nice=False))
    scale = alt.Scale(domain=[-0.02, panel + 1.4], nice=False, zero=False)
    titles = alt.Chart(data_of(heads)).encode(alt.Y("mitte:Q"))
    labels = alt.Chart(data_of(parts)).transform_filter("datum.breite * width > 7.5 * length(datum.km)")
    return alt.layer(
        alt.Chart(data_of(parts))
        .mark_rect(stroke="currentColor", strokeWidth=0.4)
        .encode(
            x,
            alt.X2("bis:Q"),
            alt.Y("null:Q", axis=None, scale=scale),
            alt.Y2("oben:Q"),
            alt.Color("teil:N", scale=colour_scale, legend=top_legend(names)),
            tooltip=[
                alt.Tooltip("lesart:N", title="Lesart"),
                alt.Tooltip("teil:N", title="Straße"),
                alt.Tooltip("km:N", title="Länge"),
                alt.Tooltip("text:N", title="Betrag"),
            ],
        ),
        labels.mark_text(baseline="middle", aria=False).encode(
            alt.X("stelle:Q"), alt.Y("zeile:Q"), text="km:N", color=ink_on("teil")
        ),
        titles.mark_text(align="left", baseline="middle", fontWeight="bold", aria=False).encode(
            x=alt.value(0), text="name:N"
        ),
        titles.mark_text(align="right", baseline="middle", aria=False).encode(x=alt.value("width"), text="text:N"),
        width="container",
        height=330,
    )


def _road_name(road: Road) -> str:
    return f"{BANDS[road.key][0]}: {euro(road.rate, 0)}"


def road_rates(year: int) -> dict[str, str]:
    """What is announced for a kilometre, by kind, as text."""
    return {road.key: euro(road.rate, 0) for road in roads(year)}


def roads_picture(year: int) -> Any:
    """The two readings, and what lies between them."""
    apart = abs(road_total(year, inside=1) - road_total(year))
    listed = "; ".join(
        f"{words}: "
        + ", ".join(f"{_road_name(road)} {_short(road.kilometres, 2)} km" for road in roads(year, inside=n))
        for n, words in ((0, "Ortsdurchfahrten extra"), (1, "in Stufe zwei"))
    )
    return publish(
        roads_chart(year),
        title=f"Wie Ortsdurchfahrten zählen, macht beim Musterkreis {euro(apart, 0)} aus",
        subtitle="Erfundener Landkreis; Breite: Kilometer, Höhe: € je Kilometer, Fläche: Betrag",
        description=f"Zwei Lesarten, je eine Reihe von Flächen. {listed}",
        source=source(year),
    )


def roads_table(year: int) -> Table:
    """What Musterkreis is paid under each answer to both open questions."""
    asked = [(inside, rounded) for inside in (0, 1) for rounded in (0, 1)]
    frame = pd.DataFrame(
        [
            (
                "ja" if inside else "nein",
                "ja" if rounded else "nein",
                road_total(year, inside=inside, rounded=rounded),
                road_total(year, inside=inside, rounded=rounded) - road_total(year),
            )
            for inside, rounded in asked
        ],
        columns=["innen", "gerundet", "betrag", "unterschied"],
    )
    frame.insert(0, "fall", [str(place) for place in range(1, len(frame) + 1)])
    return table(
        frame,
        caption="§ 25 beim erfundenen Musterkreis: vier Antworten auf zwei Fragen",
        columns={
            "fall": "Lesart",
            "innen": "Ortsdurchfahrten in der zweiten Stufe",
            "gerundet": "erste Stufe auf ganze km gerundet",
            "betrag": "Betrag",
            "unterschied": "gegenüber Lesart 1",
        },
        units={"betrag": "€", "unterschied": "€"},
        sign=("unterschied",),
        note="Wir rechnen mit Lesart 1.",
    )


# --- § 28: Nahverkehr -------------------------------------------------------------------------------------------------


def traffic_bars(year: int) -> list[Bar]:
    """§ 28 for the Stadtkreis and the Landkreis, in Tsd. €."""
    found = amounts(year)
    result = []
    for name in (CITY, DISTRICT):
        own = inputs(year, name)
        by_people = found["nahverkehr_anteil_einwohner"] * Fraction(own["einwohner"]) / Fraction(own["einwohner_land"])
        by_area = found["nahverkehr_anteil_flaeche"] * Fraction(own["flaeche"]) / Fraction(own["flaeche_land"])
        parts = [(BY_PEOPLE, by_people), (BY_AREA, by_area)]
        shown = tuple((what, float(found["nahverkehr"] * share) / 1000) for what, share in parts)
        result.append(Bar(name, f"{number(sum(value for _, value in shown), 1)} Tsd. €", shown))
    return result


def traffic_chart(year: int) -> Drawing:
    """§ 28 for the Stadtkreis and the Landkreis."""
    return headed_bars(traffic_bars(year), {BY_PEOPLE: BLUE, BY_AREA: ACCENT}, "Tsd. €", 1)


def traffic_picture(year: int) -> Any:
    """Area counts twice as much as people."""
    times = amount(year, DISTRICT, "nahverkehr") / amount(year, CITY, "nahverkehr")
    people = inputs(year, DISTRICT)["einwohner"] / inputs(year, CITY)["einwohner"]
    return publish(
        traffic_chart(year),
        title=f"Nahverkehr: {number(people, 1)}-mal so viele Menschen wie Musterburg, aber "
        f"{number(times, 1)}-mal so viel Geld für den Musterkreis",
        subtitle=f"Erfundener Stadtkreis und Landkreis, Tsd. € nach § 28, {year}",
        description=f"Tsd. €. {described(traffic_bars(year), 1)}",
        source=source(year),
    )


def area_counts(year: int) -> str:
    """How many times as much as people area counts in § 28."""
    found = amounts(year)
    times = found["nahverkehr_anteil_flaeche"] / found["nahverkehr_anteil_einwohner"]
    return "doppelt" if times == 2 else f"{number(times, 0 if times.denominator == 1 else 1)}-mal"


def forty_four(count: int = 44) -> dict[str, Vector]:
    """Inhabitants and area of invented Kreise, all different, exact."""
    people = [Fraction(40_000 + 7_919 * place) for place in range(count)]
    area = [Fraction(10_000 + 4_001 * ((17 * place) % count)) for place in range(count)]
    return {"einwohner": Vector(people), "flaeche": Vector(area)}


def traffic_of_all(year: int, kreise: Mapping[str, Vector]) -> list[Fraction]:
    """§ 28 for Kreise that are the whole Land, exact."""
    whole = {f"{key}_land": sum(values) for key, values in kreise.items()}
    found = fag_bw.settle({**kreise, **whole}, as_vectors(exact_values(year)), "landkreis", ("nahverkehr",))
    return list(found["nahverkehr"])


# --- The Stadtkreis and the Landkreis as a whole ----------------------------------------------------------------------


def paid(year: int, name: str) -> pd.DataFrame:
    """What a body is paid by paragraph, largest first: what for, role, euro."""
    frame = pd.DataFrame([row for row in rows(year) if row.body == name and row.basis is not None and row.amount > 0])
    frame = frame.groupby("paragraph", sort=False)["amount"].sum().reset_index()
    frame["was"] = [SHORT.get(paragraph, paragraph) for paragraph in frame["paragraph"]]
    gemeinde = AS_KREIS if name == DISTRICT else AS_GEMEINDE
    frame["rolle"] = [ROLES.get(paragraph, gemeinde) for paragraph in frame["paragraph"]]
    frame = frame.groupby(["was", "rolle"], sort=False)["amount"].sum().reset_index()
    return frame.sort_values("amount", ascending=False, kind="stable", ignore_index=True)


def paid_chart(year: int, name: str) -> Drawing:
    """What a body is paid, largest first."""
    listed = [
        {
            "name": row.was,
            "gruppe": row.rolle,
            "wert": float(row.amount) / MILLION,
            "text": number(row.amount / MILLION, 2),
        }
        for row in paid(year, name).itertuples()
    ]
    return bars(listed, ROLE_COLOURS, "Mio. €", 22)


def paid_picture(year: int, name: str) -> Any:
    """What a body is paid: which role brings most, or for a Landkreis, which Leistung."""
    frame = paid(year, name)
    whole = frame["amount"].sum()
    listed = "; ".join(f"{row.was} {number(row.amount / MILLION, 2)}" for row in frame.itertuples())
    if name == CITY:
        parts = frame.groupby("rolle")["amount"].sum()
        title = f"{CITY} bekommt {number(100 * parts[AS_GEMEINDE] / whole)} % der Leistungen als Gemeinde, " + (
            f"{number(100 * parts[AS_KREIS] / whole)} % als Kreis"
        )
    else:
        first = frame.iloc[0]
        title = f"{name}: {first['was']} ist mit {number(100 * first['amount'] / whole)} % die größte Leistung"
    return publish(
        paid_chart(year, name),
        title=title,
        subtitle=f"Erfundener {WHO[name]}, Mio. €, {year}",
        description=f"Balken, Mio. €: {listed}",
        source=source(year),
    )


def levy_table(year: int) -> Table:
    """The Finanzausgleichsumlage of Musterburg in its two parts."""
    found = lines(year, CITY)
    base = amounts_of_law(year)["umlage"]
    steps = [
        ("Steuerkraftmesszahl", "§ 6", found["steuerkraftmesszahl"]),
        ("Zuweisungen nach § 5 im Vorvorjahr", "§ 38 Abs. 3", found["schluesselzuweisung_vorvorjahr"]),
        ("Zwischensumme: Musterburg als Gemeinde", "§ 1a Abs. 2", found["steuerkraftsumme_als_gemeinde"]),
        ("Zuweisung nach § 7a im Vorvorjahr", "§ 38 Abs. 3", found["schluesselzuweisung_stadtkreis_vorvorjahr"]),
        ("Anteil an der Grunderwerbsteuer im Vorvorjahr", "§ 38 Abs. 3", found["grunderwerbsteuer_vorvorjahr"]),
        ("Steuerkraftsumme des Stadtkreises", "§ 38 Abs. 3", found["steuerkraftsumme"]),
        (f"{number(base, 2)} % der Steuerkraftsumme", "§ 1a Abs. 2", found["umlage_grundsatz"]),
        (
            f"weitere {number(round(found['umlagesatz_mehr'], 6), 2)} % der Zwischensumme",
            "§ 1a Abs. 2",
            found["umlage_mehr"],
        ),
        ("Umlage", "§ 1a Abs. 2", found["finanzausgleichsumlage"]),
    ]
    return table(
        pd.DataFrame(_unbroken(steps), columns=["Schritt", "FAG BW", "Betrag"]),
        caption=f"Die Finanzausgleichsumlage der erfundenen Musterburg, {year}",
        units={"Betrag": "€"},
        total="Umlage",
    )


def amounts_of_law(year: int) -> Mapping[str, Any]:
    """What the statute fixes and what is announced, exact."""
    return exact_values(year)


# --- Schulträger ------------------------------------------------------------------------------------------------------


def schools(year: int) -> pd.DataFrame:
    """Every kind of school that one of the bodies keeps: amount for a pupil, and pupils of each body."""
    found = amounts(year)
    cells = []
    for key, (what, group) in SCHOOLS.items():
        pupils = [inputs(year, name)[key.replace("sachkosten_", "schueler_")] for name in SCHOOL_BODIES]
        if any(pupils):
            cells.append((what, group, found[key], *pupils))
    return pd.DataFrame(cells, columns=["schulart", "gruppe", "betrag", *SCHOOL_BODIES])


def schools_bars(year: int) -> list[Bar]:
    """What each body is paid for its schools, by group, in Mio. €."""
    frame = schools(year)
    result = []
    for name in SCHOOL_BODIES:
        sums = (frame["betrag"].astype(float) * frame[name]).groupby(frame["gruppe"]).sum() / MILLION
        parts = tuple((group, float(sums.get(group, 0))) for group in (GENERAL, VOCATIONAL, SPECIAL))
        result.append(Bar(f"{name} ({WHO[name]})", mio(MILLION * sum(value for _, value in parts)), parts))
    return result


def schools_chart(year: int) -> Drawing:
    """What each body is paid for its schools."""
    return headed_bars(schools_bars(year), SCHOOL_COLOURS, "Mio. €")


def schools_picture(year: int) -> Any:
    """Which body is paid for which schools."""
    listed = schools_bars(year)
    district = next(dict(bar.parts) for bar in listed if bar.head.startswith(DISTRICT))
    share = 100 * district[VOCATIONAL] / sum(district.values())
    return publish(
        schools_chart(year),
        title=f"Beim Musterkreis sind {number(share)} % der Sachkostenbeiträge für berufliche Schulen",
        subtitle=f"Erfundene Schulträger, Mio. € nach § 17, {year}",
        description=f"Mio. €. {described(listed)}",
        source=source(year),
    )


def schools_table(year: int) -> Table:
    """Pupils and amounts by kind of school."""
    return table(
        schools(year),
        caption=f"Erfundene Schulträger: Kinder je Schulart, Betrag je Kind {year}",
        columns={"schulart": "Schulart", "betrag": "je Kind", **{name: name for name in SCHOOL_BODIES}},
        units={"betrag": "€"},
        note="Schularten ohne Kinder bei diesen drei Trägern fehlen. Gezählt ist im Vorjahr.",
    )


# --- The accounts -----------------------------------------------------------------------------------------------------


def _short(value: Any, decimals: int) -> str:
    """A number with at most so many decimals, and none that is a zero at the end."""
    text = number(round(float(value), decimals), decimals)
    return text.rstrip("0").rstrip(",") if "," in text else text


def _with_unit(value: float, unit: str) -> str:
    """A basis or a rate with its unit in short."""
    words = UNITS.get(unit, unit.replace("Euro je", "€ je").replace("EUR je", "€ je"))
    words = words.replace(" bzw. Kind", "")
    value = round(float(value), 6)
    if words.startswith("€"):
        return f"{number(value, 0 if value.is_integer() else 2)} {words}"
    if value == 1:
        words = words.replace("Personen", "Person")
    return f"{_short(value, PLACES.get(words, 4))} {words}"


def account(year: int, name: str) -> pd.DataFrame:
    """Every entitlement of a body that is not zero: label, paragraph, basis, rate, euro."""
    return pd.DataFrame(
        [
            (
                row.label,
                row.paragraph,
                _with_unit(row.basis, row.basis_unit),
                _with_unit(row.rate, row.rate_unit),
                row.amount,
            )
            for row in rows(year)
            if row.body == name and row.basis is not None and row.rate is not None and row.amount
        ],
        columns=["wofuer", "paragraf", "grundlage", "satz", "betrag"],
    )


def account_table(year: int, name: str) -> Table:
    """The account of a body, folded."""
    found = account(year, name)
    zero = sum(row.body == name and row.basis is not None and not row.amount for row in rows(year))
    balance = amount(year, name, "saldo")
    frame = pd.DataFrame(
        {
            "wofuer": [
                unbroken(f"{what} ({place})") for what, place in zip(found["wofuer"], found["paragraf"], strict=True)
            ],
            "betrag": found["betrag"],
            "rechnung": found["grundlage"] + " × " + found["satz"],
        }
    )
    frame.loc[len(frame)] = ["Leistungen weniger Zahlungen", balance, ""]
    rest = f" {number(zero)} weitere Posten sind null und fehlen hier." if zero else ""
    inner = table(
        frame,
        caption=f"{name} (erfunden): alle Posten {year}",
        columns={"wofuer": "Wofür (FAG BW)", "betrag": "Betrag", "rechnung": "Rechnung"},
        decimals=2,
        units={"betrag": "€"},
        total="Leistungen weniger Zahlungen",
        note=f"Ein Minus zahlt {name} an das Land. Gerechnet wird mit ungerundeten Zahlen.{rest}",
    )
    return folded(inner, f"{name}, {WHO[name]}: {number(len(frame) - 1)} Posten, zusammen {mio(balance)}")


def closing_table(year: int) -> Table:
    """Abschnitt III for all bodies: Leistungen, Teilzahlungen, and the rest; then what they pay."""
    names = list(WHO)
    cells: dict[str, list[float]] = {"Leistungen": [amount(year, name, "total") for name in names]}
    for place, quarter in enumerate(fag_bw.TEILZAHLUNGEN, 1):
        cells[f"Teilzahlung {place}. Vierteljahr"] = [amount(year, name, quarter) for name in names]
    cells["Rest"] = [amount(year, name, "rest") for name in names]
    return table(
        pd.DataFrame.from_dict(cells, orient="index", columns=names).rename_axis(""),
        caption=f"Abschnitt III der Bekanntmachung: die Abrechnung {year}",
        units="€",
        total="Rest",
        note="Alle vier Körperschaften und ihre Teilzahlungen sind erfunden. Ein Rest mit Minus ist zurückzuzahlen.",
    )


def closing_text(year: int) -> str:
    """Who gets something and who gives something back."""
    rest = {name: amount(year, name, "rest") for name in WHO}
    gets = [f"{name} {euro(value, 0)}" for name, value in rest.items() if value > 0]
    gives = [f"{name} {euro(-value, 0)}" for name, value in rest.items() if value < 0]
    sentences = [
        f"{words}: {', '.join(listed)}."
        for words, listed in (("Nachzahlung", gets), ("Rückforderung", gives))
        if listed
    ]
    return " ".join(sentences)


# --- Open points ------------------------------------------------------------------------------------------------------


@cache
def open_effects(year: int) -> tuple[Effect, ...]:
    """What the other answer to every open point changes for the bodies."""
    return tuple(effects(year, muster(year)))


def effects_table(year: int) -> Table:
    """The open points that matter to one of the bodies, in euro of the balance."""
    matter = [effect for effect in open_effects(year) if _matters(effect)]
    names = [name for name in WHO if any(abs(effect.changes.get(name, 0)) >= CENT for effect in matter)]
    frame = pd.DataFrame(
        [
            (
                unbroken(effect.reading.description),
                _yes(bool(effect.reading.taken)),
                *(float(effect.changes.get(name, 0)) for name in names),
            )
            for effect in matter
        ],
        columns=["frage", "antwort", *names],
    )
    left_out = [name for name in WHO if name not in names]
    rest = f" Nicht betroffen: {', '.join(left_out)}." if left_out else ""
    return table(
        frame,
        caption=f"Was die jeweils andere Antwort ändert, {year}",
        columns={"frage": "Offene Frage", "antwort": "angenommen", **{name: name for name in names}},
        units={name: "€" for name in names},
        sign=names,
        note="Körperschaften erfunden. Veränderung der Leistungen weniger Zahlungen, jede Frage für sich allein."
        + rest,
    )


def _matters(effect: Effect) -> bool:
    return any(abs(change) >= CENT for change in effect.changes.values())


def effects_text(year: int) -> str:
    """How many open points matter here, and which matters most."""
    found = open_effects(year)
    matter = [effect for effect in found if _matters(effect)]
    if not matter:
        return f"Von {number(len(found))} offenen Fragen ändert keine etwas an diesen vier Rechnungen."
    most, name = max(
        ((abs(change), name) for effect in matter for name, change in effect.changes.items()), key=lambda pair: pair[0]
    )
    return (
        f"Von {number(len(found))} offenen Fragen ändern {number(len(matter))} etwas an diesen vier Rechnungen. "
        f"Am meisten macht eine bei {name} aus: {mio(most)}."
    )


# --- Checks -----------------------------------------------------------------------------------------------------------


def _exact(value: float) -> Fraction:
    return Fraction(repr(float(value)))


@cache
def exact_lines(year: int) -> Mapping[str, Mapping[str, Fraction]]:
    """Every line of the bodies in fractions."""
    values = as_vectors(exact_values(year))
    result = {}
    for body in muster(year):
        found: dict[str, Any] = {
            key: _exact(value) if registry()[key].land else Vector([_exact(value)])
            for key, value in body.inputs.items()
        }
        for kind in body.kinds:
            for rules in BODIES[kind]:
                found = fag_bw.settle(found, values, rules)
        result[body.name] = {
            key: value.values[0] if isinstance(value, Vector) else value for key, value in found.items()
        }
    return result


def differences(year: int) -> dict[tuple[str, str], float]:
    """By how many euro an entitlement in floats differs from that in fractions, by body and item."""
    return {
        (row.body, row.item): float(abs(_exact(abs(row.amount)) - exact_lines(year)[row.body][row.item]))
        for row in rows(year)
        if row.basis is not None
    }


def wrong_products(year: int) -> list[tuple[str, str]]:
    """The items in which basis times rate is not the amount, to the cent."""
    result = []
    for row in rows(year):
        if row.basis is None or row.rate is None:
            continue
        hundredth = sum(unit in PERCENT for unit in (row.basis_unit, row.rate_unit))
        if abs(row.basis * row.rate / 100**hundredth - abs(row.amount)) >= CENT:
            result.append((row.body, row.item))
    return result


def checked(year: int) -> pd.DataFrame:
    """By body how many items there are, their sum in fractions, and the largest difference of the floats in cents."""
    apart = differences(year)
    cells = []
    for name in WHO:
        items = [item for body, item in apart if body == name]
        got = [item for item in items if not registry()[item].paid_by_the_body]
        whole = sum((exact_lines(year)[name][item] for item in got), Fraction(0))
        worst = max(100 * apart[name, item] for item in items)
        cells.append((name, len(items), whole, worst))
    return pd.DataFrame(cells, columns=["name", "posten", "summe", "cent"])


def missing_inputs(year: int) -> list[str]:
    """What the bodies should give and do not."""
    return [
        f"{body.name}: {quantity.key}"
        for body in muster(year)
        for quantity in needed(year, body.kinds)
        if quantity.key not in body.inputs
    ]


def road_example(year: int) -> tuple[Fraction, Fraction]:
    """§ 25 for an invented Landkreis of 150,000 inhabitants with more roads than band 2 holds, in both readings."""
    given = {"einwohner": 150_000, "kreisstrassen_kilometer": 400, "kreisstrassen_ortsdurchfahrten": 80}
    given["kreisstrassen_abgestufte"] = 20
    found = []
    for inside in (0, 1):
        values = as_vectors({**exact_values(year), OUTSIDE: Fraction(inside)})
        kreis = {key: Vector([Fraction(value)]) for key, value in given.items()}
        (paid_for,) = fag_bw.settle(kreis, values, "landkreis", ("kreisstrassen",))["kreisstrassen"]
        found.append(paid_for)
    return found[0], found[1]
