"""The pictures of the first against the last announcement of Baden-Württemberg: nominal changes, what came and went."""

from collections.abc import Sequence
from fractions import Fraction
from math import ceil
from statistics import median
from typing import Any

import altair as alt
import pandas as pd

from lfa.bekanntmachung import load, registry, sections, years
from lfa.charts import ACCENT, data_of, publish
from lfa.pictures.bekanntmachung import (
    GROUPS,
    ROADS,
    SAID,
    SCHOOLS,
    TOTALS,
    amounts,
    base,
    by_law,
    euro,
    group_of,
    mio,
    pair_dots,
    plain,
    printed,
    row_of,
    texts,
    ticks,
    unit_of,
    with_unit,
)
from lfa.pictures.jahre import folded
from lfa.pictures.parts import BLUE, MILLION, Drawing
from lfa.pictures.tarif_2005 import in_force
from lfa.tables import Table, number, table

POINTS = ("%", "v.H.")
REFORM = ("verwaltungsreform_absatz_4", "verwaltungsreform_absatz_5")
CHILDREN = ("kindergarten", "kleinkinder")
ADMINISTRATION = "verwaltungsbehoerde_"
ROUNDING = Fraction(1, 200)
"""Half a cent, by which a printed amount may lie beside the exact one."""
SHORT = {
    "schluessel": "Schlüsselzuweisungen",
    "verwaltung": "Verwaltung",
    "schulen": "Schulen",
    "urlaub": "Urlaubsorte",
    "strassen": "Straßen",
    "verkehr": "Fläche, Nahverkehr",
    "ausbildung": "Ausbildung, Familien",
    "kinder": "Kinder",
    "erstattungen": "Erstattungen",
}
"""The stops of the tour as the labels of a chart."""


def ends() -> tuple[int, int]:
    """The first and the last year with an announcement."""
    listed = years()
    return listed[0], listed[-1]


def source(first: int, last: int) -> str:
    """The source line of a chart."""
    return f"Bekanntmachungen des Finanzministeriums Baden-Württemberg für {first} und {last}; eigene Berechnung"


def is_money(unit: str) -> bool:
    """Tell euro from all else that is printed."""
    return "Euro" in unit


def compared(first: int, last: int) -> pd.DataFrame:
    """Every number known in both years: key, group, both values and the change in %; only euro and quotas change.

    A group is a key of ``GROUPS``; ``alt`` and ``neu`` are in euro where they are money, and exact.
    """
    one, other = load(first), load(last)
    old, new, group = amounts(first), amounts(last), group_of()
    rows = []
    for key, found in one.items():
        if key not in other:
            continue
        before, after = old.get(key), new.get(key)
        money = is_money(found.unit)
        change = 100 * (after / before - 1) if money and before is not None and after is not None else None
        rows.append((key, group[key], plain(found.label), unit_of(found), money, before, after, change))
    return pd.DataFrame(rows, columns=["key", "gruppe", "was", "einheit", "geld", "alt", "neu", "prozent"])


def reform(year: int) -> Fraction:
    """The sums of § 11 Abs. 4 and 5, of which a year may have one or both."""
    found = amounts(year)
    return sum((found[key] for key in REFORM if key in found), Fraction(0))


def reform_moved(first: int, last: int) -> bool:
    """Whether only one of the years has § 11 Abs. 5, so that Abs. 4 alone cannot be compared."""
    return (REFORM[1] in load(first)) != (REFORM[1] in load(last))


def money(first: int, last: int) -> pd.DataFrame:
    """The amounts of euro known in both years; § 11 Abs. 4 and 5 as one where they were put together."""
    frame = compared(first, last)
    frame = frame[frame["geld"]].reset_index(drop=True)
    if reform_moved(first, last):
        before, after = reform(first), reform(last)
        place = frame.index[frame["key"] == REFORM[0]][0]
        frame.loc[place, "was"] = "Ausgleich der Verwaltungsreformen, Abs. 4 und 5 zusammen"
        for column, value in (("alt", before), ("neu", after), ("prozent", 100 * (after / before - 1))):
            frame.at[place, column] = value
    return frame


def change(value: Fraction) -> str:
    """A change in %, with its sign; none at all is said in a word."""
    return "gleich" if value == 0 else f"{number(value, 1, sign=True)} %"


def group_table(first: int, last: int, group: str) -> Table:
    """All numbers of one stop of the tour in both years, as printed, folded."""
    one, other = load(first), load(last)
    frame = compared(first, last).set_index("key")
    rows = []
    for entry in registry():
        if group_of()[entry.key] != group or (entry.key not in one and entry.key not in other):
            continue
        both = entry.key in one and entry.key in other
        shown = [printed(found[entry.key]) if entry.key in found else "–" for found in (one, other)]
        known = (one if entry.key in one else other)[entry.key]
        word = "entfallen" if entry.key in one else "neu"
        if both:
            word = _word(entry.key, first, last, frame.loc[entry.key, "prozent"])
        unit = unit_of(known)
        rows.append((row_of(entry.label) + ("" if unit in SAID else f" ({unit})"), *shown, word))
    if group == group_of()[REFORM[0]] and reform_moved(first, last):
        both_sums = [reform(first), reform(last)]
        word = change(100 * (both_sums[1] / both_sums[0] - 1))
        rows.append(("Verwaltungsreformen, Abs. 4 und 5 zusammen (Euro)", *map(number, both_sums), word))
    inner = table(
        pd.DataFrame(rows, columns=["was", "alt", "neu", "aenderung"]),
        caption=f"{GROUPS[group][0]}: {first} und {last}",
        columns={
            "was": "Wofür",
            "alt": str(first),
            "neu": str(last),
            "aenderung": "Änderung, nominal",
        },
    )
    return folded(inner, f"{GROUPS[group][0]} ({len(rows)} Zahlen)")


def _word(key: str, first: int, last: int, value: Any) -> str:
    """The change of one number as the table says it: in % for money, in points for quotas."""
    one, other = load(first)[key], load(last)[key]
    if key == REFORM[0] and reform_moved(first, last):
        return "nicht vergleichbar"
    if isinstance(value, Fraction):
        return change(value)
    if one.value == other.value:
        return "gleich"
    if one.unit in POINTS and one.exact is not None and other.exact is not None:
        return f"{number(other.exact - one.exact, 2, sign=True)} Punkte"
    return "anders"


# --- All changes ------------------------------------------------------------------------------------------------------


def changes_chart(first: int, last: int) -> Drawing:
    """A point per amount by group on one scale of change in %, and a tick for the middle of each group."""
    frame = money(first, last)
    groups = [group for group in SHORT if group in set(frame["gruppe"])]
    middles = {group: median(frame.loc[frame["gruppe"] == group, "prozent"]) for group in groups}
    groups.sort(key=lambda group: -middles[group])
    order = [SHORT[group] for group in groups]
    rows = [
        {
            "gruppe": SHORT[row.gruppe],
            "was": row.was,
            "wert": float(row.prozent),
            "text": change(row.prozent),
            "lage": _place(frame, row.gruppe, row.Index),
        }
        for row in frame.itertuples()
    ]
    marks = [
        {"gruppe": SHORT[group], "wert": float(middles[group]), "text": f"Mitte {change(middles[group])}"}
        for group in groups
    ]
    marks_at = ticks(max(row["wert"] for row in rows))
    reach = 1 + max(abs(row["lage"]) for row in rows)
    axis = alt.Axis(title="Änderung in %, nominal", titleAnchor="start", domain=False, ticks=False, values=marks_at)
    x = alt.X("wert:Q", axis=axis, scale=alt.Scale(nice=False, padding=12))
    labels = alt.Axis(title=None, domain=False, ticks=False, labelLimit=170, labelPadding=6, grid=True)
    y = alt.Y("gruppe:N", sort=order, axis=labels)
    zero = alt.Chart(data_of([{"wert": 0}])).mark_rule(strokeDash=[4, 3], opacity=0.8).encode(x)
    return alt.layer(
        zero,
        alt.Chart(data_of(rows))
        .mark_point(filled=True, size=65, opacity=0.75, color=BLUE)
        .encode(
            x,
            y,
            alt.YOffset("lage:Q", scale=alt.Scale(domain=[-reach, reach])),
            tooltip=[
                alt.Tooltip("gruppe:N", title="Gruppe"),
                alt.Tooltip("was:N", title="Wofür"),
                alt.Tooltip("text:N", title="Änderung"),
            ],
        ),
        alt.Chart(data_of(marks))
        .mark_tick(thickness=3, size=26, color=ACCENT)
        .encode(x, y, tooltip=[alt.Tooltip("gruppe:N", title="Gruppe"), alt.Tooltip("text:N", title="Mitte")]),
        width="container",
        height=alt.Step(42),
    )


def _place(frame: pd.DataFrame, group: str, index: Any) -> int:
    """How far a point is moved up or down, so that equal ones of a group lie side by side."""
    row = frame.loc[index]
    near = frame[(frame["gruppe"] == group) & ((frame["prozent"] - row["prozent"]).abs() < 4)]
    place = list(near.index).index(index)
    return (place + 1) // 2 * (1 if place % 2 else -1)


def changes_picture(first: int, last: int) -> Any:
    """All changes at one sight: from which to which they reach."""
    frame = money(first, last).sort_values("prozent", kind="stable")
    low, high = frame.iloc[0], frame.iloc[-1]
    listed = "; ".join(f"{row.was} {change(row.prozent)}" for row in frame.iloc[::-1].itertuples())
    return publish(
        changes_chart(first, last),
        title=f"Von {change(low['prozent'])} bis {change(high['prozent'])}: kein gemeinsamer Takt",
        subtitle=f"Jeder Punkt ist ein Euro-Betrag, Änderung von {first} bis {last}; orange: die Mitte der Gruppe",
        description=f"Punkte je Gruppe, von der größten zur kleinsten Änderung: {listed}",
        source=source(first, last),
    )


def extremes(first: int, last: int) -> tuple[str, str]:
    """The largest growth and the largest fall in words."""
    frame = money(first, last).sort_values("prozent", kind="stable")
    words = []
    for row in (frame.iloc[-1], frame.iloc[0]):
        words.append(f"{row['was'].replace(': ', ', ')}: {change(row['prozent'])}")
    return words[0], words[1]


# --- Schools ----------------------------------------------------------------------------------------------------------


def schools(first: int, last: int) -> pd.DataFrame:
    """The Sachkostenbeiträge of both years, the largest growth first."""
    old, new = amounts(first), amounts(last)
    rows = [
        (key, name, old[key], new[key], 100 * (new[key] / old[key] - 1))
        for key, (name, _) in SCHOOLS.items()
        if key in old and key in new
    ]
    frame = pd.DataFrame(rows, columns=["key", "schule", "alt", "neu", "prozent"])
    return frame.sort_values("prozent", ascending=False, kind="stable", ignore_index=True)


def schools_chart(first: int, last: int) -> Drawing:
    """Two points per kind of school, in euro."""
    rows = [
        {
            "name": row.schule,
            "alt": float(row.alt),
            "neu": float(row.neu),
            "alt_text": number(row.alt),
            "neu_text": number(row.neu),
            "text": "gleich" if row.prozent == 0 else f"{number(row.prozent, sign=True)} %",
        }
        for row in schools(first, last).itertuples()
    ]
    return pair_dots(rows, (str(first), str(last)), "Euro")


def schools_picture(first: int, last: int) -> Any:
    """The Sachkostenbeiträge: how far apart their growth is."""
    frame = schools(first, last)
    top, end = frame.iloc[0], frame.iloc[-1]
    listed = "; ".join(f"{row.schule} {number(row.alt)} und {number(row.neu)}" for row in frame.itertuples())
    return publish(
        schools_chart(first, last),
        title=f"Beiträge für Schulen: Änderungen von {number(end['prozent'], 0, sign=True)} % "
        f"bis {number(top['prozent'], 0, sign=True)} %",
        subtitle=f"Sachkostenbeitrag je Kind {first} und {last}, Euro; rechts die Änderung, nominal",
        description=f"Zwei Punkte je Schulart, in Euro: {listed}",
        source=source(first, last),
    )


# --- Sums -------------------------------------------------------------------------------------------------------------


def sums(first: int, last: int) -> pd.DataFrame:
    """The printed sums of both years in euro, the two of § 11 as one; None where a year has none."""
    old, new = amounts(first), amounts(last)
    rows: list[tuple[str, str, Fraction | None, Fraction | None]] = [
        ("Verwaltungsreform", "§ 11 Abs. 4 und 5", reform(first), reform(last))
    ]
    for key, (name, where, _) in TOTALS.items():
        if key not in REFORM and (key in old or key in new):
            rows.append((name, where, old.get(key), new.get(key)))
    frame = pd.DataFrame(rows, columns=["was", "paragraf", "alt", "neu"]).astype({"alt": object, "neu": object})
    frame = frame.where(frame.notna(), None)
    size = [max(row.alt or 0, row.neu or 0) for row in frame.itertuples()]
    return frame.assign(size=size).sort_values("size", ascending=False, kind="stable", ignore_index=True)


def ratio(before: Fraction | None, after: Fraction | None) -> str:
    """A change in %, or that there was or is nothing."""
    if before is None:
        return "neu"
    return "entfallen" if after is None else change(100 * (after / before - 1))


def sums_chart(first: int, last: int) -> Drawing:
    """Two points per sum, in Mio. €."""

    def millions(value: Fraction | None) -> float | None:
        return None if value is None else float(value) / MILLION

    rows = [
        {
            "name": row.was,
            "alt": millions(row.alt),
            "neu": millions(row.neu),
            "alt_text": "" if row.alt is None else number(row.alt / MILLION, 1),
            "neu_text": "" if row.neu is None else number(row.neu / MILLION, 1),
            "text": ratio(row.alt, row.neu),
        }
        for row in sums(first, last).itertuples()
    ]
    return pair_dots(rows, (str(first), str(last)), "Mio. €", 28)


def children(year: int) -> Fraction:
    """The sums of §§ 29b and 29c together."""
    found = amounts(year)
    return sum((found[key] for key in CHILDREN), Fraction(0))


def sums_picture(first: int, last: int) -> Any:
    """The printed sums: how much more there is for the care of children."""
    before, after = children(first), children(last)
    listed = "; ".join(
        f"{row.was}: "
        + " und ".join("nichts" if value is None else number(value / MILLION, 1) for value in (row.alt, row.neu))
        for row in sums(first, last).itertuples()
    )
    return publish(
        sums_chart(first, last),
        title=f"Für Kindergärten und Kleinkinder gibt es {number(after / before, 2)}-mal so viel wie {first}",
        subtitle=f"Was {first} und {last} als Summe im Text steht, Mio. €; rechts die Änderung, nominal",
        description=f"Zwei Punkte je Leistung, {first} und {last} in Mio. €: {listed}",
        source=source(first, last),
    )


def per_child_text(first: int, last: int) -> str:
    """Sums and amounts per child: how much of the growth is the number of children as it counts."""
    old, new = amounts(first), amounts(last)
    parts = []
    for key, who in (("kindergarten", "Bei den Kindergärten"), ("kleinkinder", "Bei den Kleinkindern")):
        each = f"{key}_je_kind"
        heads = (new[key] / new[each]) / (old[key] / old[each])
        parts.append(
            f"{who} änderte sich der Betrag je umgerechnetem Kind um {change(100 * (new[each] / old[each] - 1))}, "
            f"die Zahl dieser Kinder um {change(100 * (heads - 1))}."
        )
    return " ".join(parts)


# --- What came, went and stayed ---------------------------------------------------------------------------------------


def layout(first: int, last: int) -> pd.DataFrame:
    """The sections by their names, with the letter of each in both years; None where a year lacks it."""
    letters = [{part.name: part.label for part in sections(texts(year)[1]) if part.label} for year in (first, last)]
    names = list(letters[1]) + [name for name in letters[0] if name not in letters[1]]
    rows = [(name, letters[0].get(name, "–"), letters[1].get(name, "–")) for name in names]
    frame = pd.DataFrame(rows, columns=["abschnitt", "alt", "neu"])
    word = [
        "neu" if row.alt == "–" else "entfallen" if row.neu == "–" else "gleich" if row.alt == row.neu else "verschoben"
        for row in frame.itertuples()
    ]
    return frame.assign(was=word)


def layout_table(first: int, last: int) -> Table:
    """The letters of the sections in both years."""
    frame = layout(first, last)
    frame["abschnitt"] = [
        name.replace("ungs", "ungs\u00ad").replace("ausgl", "\u00adausgl") for name in frame["abschnitt"]
    ]
    return table(
        frame,
        caption=f"Die Abschnitte der Bekanntmachung {first} und {last}",
        columns={"abschnitt": "Abschnitt", "alt": str(first), "neu": str(last), "was": ""},
        row_header="abschnitt",
    )


def came_and_went(first: int, last: int) -> tuple[list[str], list[str]]:
    """The keys that only the last and only the first announcement has."""
    one, other = load(first), load(last)
    return [key for key in other if key not in one], [key for key in one if key not in other]


def equal(first: int, last: int) -> pd.DataFrame:
    """The amounts of euro that did not change."""
    frame = money(first, last)
    return frame[frame["prozent"] == 0].reset_index(drop=True)


def equal_table(first: int, last: int) -> Table:
    """What stayed equal to the cent."""
    frame = equal(first, last)
    one = load(first)
    rows = [
        (
            row.was,
            with_unit(number(row.alt, 0 if row.alt.denominator == 1 else 2), row.einheit),
            one[row.key].paragraph,
        )
        for row in frame.itertuples()
    ]
    return table(
        pd.DataFrame(rows, columns=["was", "betrag", "paragraf"]),
        caption=f"Auf den Cent gleich: {first} und {last}",
        columns={"was": "Wofür", "betrag": "Betrag", "paragraf": "FAG BW"},
    )


def equal_text(first: int, last: int) -> str:
    """In which paragraphs amounts stayed equal, and the plainest of them."""
    frame = equal(first, last)
    keys, one = set(frame["key"]), load(first)
    if not keys:
        return ""
    listed = list(dict.fromkeys(one[key].paragraph.removeprefix("§ ") for key in frame["key"]))
    places = f"§ {listed[0]}" if len(listed) == 1 else f"§§ {', '.join(listed[:-1])} und {listed[-1]}"
    known = []
    if set(ROADS["§ 25"][1]) <= keys:
        known.append("alle Beträge, die die Landkreise je Kilometer Kreisstraße bekommen")
    if "fremdenverkehr" in keys:
        known.append(f"die {euro(amounts(last)['fremdenverkehr'])} je Übernachtung für Urlaubsorte")
    return f"Sie gehören zu {places}." + (f" Darunter sind {', und '.join(known)}." if known else "")


def news_text(first: int, last: int) -> tuple[str, str]:
    """The sums that only the last announcement has, and those that only the first has."""
    came, went = came_and_went(first, last)

    def shown(keys: Sequence[str], year: int) -> str:
        found = [f"{TOTALS[key][0]} ({TOTALS[key][1]}), {mio(amounts(year)[key])}" for key in keys if key in TOTALS]
        return "; ".join(found) or "keine Summe"

    return shown(came, last), shown(went, first)


def area_text(first: int, last: int) -> str:
    """What part of the Grundbetrag goes by area in both years."""
    shown = [
        f"{year} mindestens {number(part, 1 if part.denominator > 1 else 0)} %" if part else f"{year} noch nichts"
        for year, part in ((year, area_part(year)) for year in (first, last))
    ]
    return (
        f"Für die Fläche zählen {' und '.join(shown)} des Grundbetrags. Das ist der Betrag je Mensch, von dem die "
        "Rechnung des Bedarfs ausgeht."
    )


def area_part(year: int) -> Fraction:
    """The part of the Grundbetrag by which the area counts in § 7, in v.H."""
    return Fraction(in_force("fag_bw", year)["kopfbetrag_flaeche_anteil"])


# --- § 11 Abs. 1: one factor ------------------------------------------------------------------------------------------


def factors(first: int, last: int) -> pd.DataFrame:
    """For each amount of § 11 Abs. 1 the factors that, rounded to the cent, lead from the first year to the last."""
    old, new = amounts(first), amounts(last)
    one = load(first)
    rows = [
        (
            plain(one[key].label).removeprefix("untere Verwaltungsbehörde: "),
            old[key],
            new[key],
            (new[key] - ROUNDING) / old[key],
            (new[key] + ROUNDING) / old[key],
        )
        for key in old
        if key.startswith(ADMINISTRATION) and key in new
    ]
    return pd.DataFrame(rows, columns=["was", "alt", "neu", "von", "bis"])


def common_factor(first: int, last: int) -> tuple[Fraction, Fraction]:
    """Between which factors all of § 11 Abs. 1 agree; none if the first is not less."""
    frame = factors(first, last)
    return max(frame["von"]), min(frame["bis"])


FACTOR_NAMES: Sequence[str] = (
    "Stadtkreis",
    "Landkreis: Große Kreisstädte",
    "Landkreis: übrige",
    "Große Kreisstadt allein",
    "Große Kreisstadt in VG",
    "Verwaltungsgemeinschaft (VG)",
)
"""The amounts of § 11 Abs. 1 in short, in their order."""


def factor_text(first: int, last: int) -> str:
    """The common factor in words."""
    low, high = common_factor(first, last)
    return f"Faktoren von {number(low, 5)} bis {number(high, 5)}, also rund {number((low + high) / 2, 3)}"


def reform_change_text(first: int, last: int) -> str:
    """How § 11 Abs. 4 and 5 grew together."""
    before, after = reform(first), reform(last)
    return (
        f"Nicht derselbe Faktor gilt für den Ausgleich der Verwaltungsreformen (§ 11 Abs. 4 und 5). {first} waren es "
        f"zusammen {mio(before)}, {last} sind es {mio(after)}. Das ist das {number(after / before, 3)}-Fache."
    )


def factors_chart(first: int, last: int) -> Drawing:
    """The factors that each amount allows, and the band that all allow."""
    frame = factors(first, last)
    low, high = common_factor(first, last)
    rows = [
        {
            "name": name,
            "von": float(row.von),
            "bis": float(row.bis),
            "text": f"{number(row.von, 4)} bis {number(row.bis, 4)}",
        }
        for name, row in zip(FACTOR_NAMES, frame.itertuples(), strict=True)
    ]
    axis = alt.Axis(title="Faktor", titleAnchor="start", domain=False, tickCount=4, format=".4f", labelFlush=True)
    x = alt.X("von:Q", axis=axis, scale=alt.Scale(nice=False, zero=False, padding=16))
    labels = alt.Axis(title=None, domain=False, ticks=False, labelLimit=200, labelPadding=6)
    y = alt.Y("name:N", sort=list(FACTOR_NAMES), axis=labels)
    band = [{"von": float(low), "bis": float(high)}] if low < high else []
    tooltip = [alt.Tooltip("name:N", title="Wer"), alt.Tooltip("text:N", title="Faktor")]
    return alt.layer(
        alt.Chart(data_of(rows))
        .mark_bar(height={"band": 0.5}, color=BLUE)
        .encode(x, alt.X2("bis:Q"), y, tooltip=tooltip),
        alt.Chart(data_of(band)).mark_rect(color=ACCENT, opacity=0.5).encode(x, alt.X2("bis:Q")),
        width="container",
        height=alt.Step(30),
    )


def factors_picture(first: int, last: int) -> Any:
    """That one factor explains the whole of § 11 Abs. 1."""
    low, high = common_factor(first, last)
    frame = factors(first, last)
    listed = "; ".join(
        f"{name}: {number(row.von, 4)} bis {number(row.bis, 4)}"
        for name, row in zip(FACTOR_NAMES, frame.itertuples(), strict=True)
    )
    return publish(
        factors_chart(first, last),
        title=f"Alle {len(frame)} Beträge passen zum Faktor {number((low + high) / 2, 3)}"
        if low < high
        else f"Die {len(frame)} Beträge haben keinen gemeinsamen Faktor",
        subtitle=f"§ 11 Abs. 1: Welche Faktoren von {first} nach {last} führen (blau), und welche allen gemein sind",
        description=f"Balken je Betrag: {listed}. Gemeinsam: {number(low, 5)} bis {number(high, 5)}",
        source=source(first, last),
    )


def counted(first: int, last: int) -> pd.DataFrame:
    """How many numbers rose, fell, stayed, came and went."""
    frame = money(first, last)
    came, went = came_and_went(first, last)
    rows = {
        "gestiegen": int((frame["prozent"] > 0).sum()),
        "gesunken": int((frame["prozent"] < 0).sum()),
        "gleich": int((frame["prozent"] == 0).sum()),
        "nur in der letzten": len(came),
        "nur in der ersten": len(went),
    }
    return pd.DataFrame({"anzahl": rows}).rename_axis("Zahlen")


def road_steps(first: int, last: int) -> list[tuple[Fraction, list[Fraction], list[Fraction]]]:
    """§ 26 in both years: a round base that fits, the amounts the law makes of it, and those printed."""
    result = []
    for year in (first, last):
        low, high = base(year, "§ 26")
        grund = Fraction(10 * ceil(low / 10))
        assert low <= grund < high, (year, grund)
        given = {"gemeindestrassen_grundbetrag": [grund]}
        found = by_law(year, "strassen", ("gemeindestrassenbetraege",), given)
        name, keys = ROADS["§ 26"]
        law = [found[key.replace(name, f"{name}_betrag")][0] for key in keys]
        result.append((grund, law, [amounts(year)[key] for key in keys]))
    return result
