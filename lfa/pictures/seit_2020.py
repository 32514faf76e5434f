"""The pictures of the FAG as it applies since 2020: its straight line, the special rule 2026 to 2029, the BEZ."""

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import accumulate
from typing import Any

import altair as alt
import numpy as np
import pandas as pd

from lfa.charts import ACCENT, PAYER, RECEIVER, data_of
from lfa.law import fag2005, fag2020
from lfa.law.arrays_lists import Vector
from lfa.parameters import as_floats, as_vectors
from lfa.pictures.parts import BLUE, MILLION, Drawing, Rows, top_legend
from lfa.pictures.tarif_2005 import FAR, in_force, ladder_frame, percent, year_columns
from lfa.tables import number

YEARS = range(2020, 2031)
SPECIAL_RULE = range(2026, 2030)
FIXED = {
    "arbeitslosigkeit": ("Abs. 3", "strukturelle Arbeitslosigkeit"),
    "politische_fuehrung": ("Abs. 4", "Kosten politischer Führung"),
    "liquiditaetskredite": ("Abs. 4a", "kommunale Liquiditätskredite"),
}
"""The BEZ whose amounts by Land stand in § 11: parameter, clause, and what for."""
QUOTES = {
    "ausgleich": "§ 4",
    "zuschlag": "§ 10 Abs. 1 Satz 1",
    "abschlag": "§ 10 Abs. 2 Satz 1",
    "aufbringen": "§ 10 Abs. 2 Satz 4",
    "bez": "§ 11 Abs. 2 Satz 2 und 3",
    "fuehrung": "§ 11 Abs. 4 Satz 1",
    "k": "§ 10 Abs. 1 Satz 3 bis 5",
    "p": "§ 10 Abs. 2 Satz 3",
    "z": "§ 11 Abs. 2 Satz 4 und 5",
    "verordnung": "§ 12",
}
"""What the chapter quotes: a short name, and the place in ``data/recht/fag-2026.yaml``."""
CHANGED = {
    "gemeindesteuern_anrechnung": "Steuern der Gemeinden, die zählen",
    "foerderabgabe_anrechnung": "Förderabgabe, die zählt",
    "bez_auffuellung": "Der Bund füllt auf bis",
    "bez_anteil": "Teil, den der Bund davon füllt",
}
"""Values that changed in 2020: parameter, and what it is. Until then the whole Förderabgabe counted."""
EXAMPLE: dict[str, tuple[int, int | Fraction]] = {
    "A": (90_000, 104),
    "B": (72_000, 98),
    "C": (62_000, 112),
    "D": (38_000, 97),
    "E": (34_000, 106),
    "F": (20_000, 94),
    "G": (19_000, 88),
    "H": (16_000, 95),
    "I": (14_000, Fraction("99.6")),
    "J": (12_000, 87),
    "K": (12_000, 87),
    "L": (10_000, 86),
    "M": (9_000, 85),
    "N": (6_000, 92),
    "O": (5_000, 80),
    "P": (14_825, 108),
}
"""Sixteen invented Länder: Ausgleichsmesszahl in Mio. €, Finanzkraft in v.H. of it; the surpluses equal the gaps."""
PER_HEAD = 5_000
TAXES_PER_HEAD, RESEARCH_PER_HEAD = 1_500, 50
HEAD, BETWEEN = 0.6, 0.8
"""Heights of the words above a bar of ``flow`` and of the band below it; a bar is 1 high."""


def example() -> dict[str, Vector]:
    """The lines of the invented Länder before § 10, in euro; inhabitants, so that § 11 can run as a whole."""
    messzahl = Vector([Fraction(amount * MILLION) for amount, _ in EXAMPLE.values()])
    kraft = Vector([Fraction(amount * MILLION) * Fraction(vh) / 100 for amount, vh in EXAMPLE.values()])
    einwohner = messzahl / PER_HEAD
    return {
        "finanzkraftmesszahl": kraft,
        "ausgleichsmesszahl": messzahl,
        "ueberschuss": kraft - messzahl,
        "einwohner": einwohner,
        "umsatzsteuer_nach_einwohnern": einwohner * TAXES_PER_HEAD,
        "gemeindesteuern_ungekuerzt": einwohner * TAXES_PER_HEAD,
        "forschungsnettozufluss": 0 * einwohner + RESEARCH_PER_HEAD,
    }


def settled(lines: Mapping[str, Any], p: Mapping[str, Any]) -> dict[str, Any]:
    """§§ 4, 10 and 11 on lines of Vectors, exactly."""
    result, values = dict(lines), as_vectors(p)
    rules: Any = (
        fag2020.zuschlaege_und_abschlaege,
        fag2020.finanzkraftausgleich,
        fag2020.bundesergaenzungszuweisungen,
    )
    for rule in rules:
        result.update(rule(result, values))
    return result


def with_and_without(year: int = 2026) -> tuple[dict[str, Any], dict[str, Any]]:
    """The invented Länder settled without the special rule, and with it; all else as in that year."""
    p = in_force("fag2020", year)
    lines = example()
    return settled(lines, {**p, "sonderregel_betrag": Fraction(0)}), settled(lines, p)


def effects(before: Mapping[str, Any], after: Mapping[str, Any]) -> pd.DataFrame:
    """What the special rule changes for each invented Land, in euro, exact: Zuschlag, Abschlag (less is plus), BEZ."""
    change = {
        "zuschlag": after["zuschlag"] - before["zuschlag"],
        "abschlag": before["abschlag"] - after["abschlag"],
        "bez": after["allgemeine_bez"] - before["allgemeine_bez"],
    }
    frame = pd.DataFrame({key: list(vector) for key, vector in change.items()}, index=pd.Index(EXAMPLE, name="land"))
    return frame.assign(zusammen=frame.sum(axis=1))


def cash_example(p: Mapping[str, Any]) -> dict[str, Vector]:
    """Two made-up Länder of the same size, the Abschlag of one above its Umsatzsteuer; by the law, in euro."""
    kraft, messzahl, ust = (
        Vector([Fraction(amount * MILLION) for amount in amounts])
        for amounts in ((14_000, 6_000), (10_000, 10_000), (2_000, 2_000))
    )
    lines: dict[str, Any] = {"finanzkraftmesszahl": kraft, "ausgleichsmesszahl": messzahl}
    lines |= {"ueberschuss": kraft - messzahl, "umsatzsteuer_nach_einwohnern": ust}
    rules: Any = (fag2020.zuschlaege_und_abschlaege, fag2020.finanzkraftausgleich)
    for rule in rules:
        lines |= rule(lines, as_vectors({**p, "sonderregel_betrag": Fraction(0)}))
    return {key: value for key, value in lines.items() if isinstance(value, Vector)}


def both_stages(relations: Sequence[int], p_2005: Mapping[str, Any], p_2020: Mapping[str, Any]) -> pd.DataFrame:
    """Finanzkraft before, after § 10 and after the allgemeine BEZ under both laws, exact; without the special rule."""
    before = Vector([Fraction(relation) for relation in relations])
    one = 0 * before + 1
    lines = {"finanzkraftmesszahl": before, "ausgleichsmesszahl": 100 * one, "ueberschuss": before - 100}
    lines |= {"umsatzsteuer_nach_einwohnern": 100 * one, "einwohner": one}
    lines |= {"gemeindesteuern_ungekuerzt": one, "forschungsnettozufluss": one}
    found = settled(lines, {**p_2020, "sonderregel_betrag": Fraction(0), **dict.fromkeys(FIXED, Fraction(0))})
    after = before + found["zuschlag"]
    old = ladder_frame(relations, p_2005).rename(columns={"tarif": "alt_tarif", "bez": "alt_bez"})
    return old.assign(neu_tarif=list(after), neu_bez=list(after + found["allgemeine_bez"]))


def changes(p_2005: Mapping[str, Any], p_2020: Mapping[str, Any]) -> pd.DataFrame:
    """What changed in 2020 beside the tariff, in a reader's words: rule, until 2019, since 2020."""
    rows = [("Umsatzsteuer vor dem Ausgleich", "nach Einwohnern und Ergänzungsanteilen", "nur nach Einwohnern")]
    for key, what in CHANGED.items():
        old, new = (percent(p.get(key, Fraction(1)), unit="Prozent") for p in (p_2005, p_2020))
        rows.append((what, old, new))
    return pd.DataFrame(rows, columns=["was", "alt", "neu"])


def share_filled(gap: Any, p_2005: Mapping[str, Any]) -> Any:
    """How much of a gap of ``gap`` times the Ausgleichsmesszahl § 10 FAG 2001 fills."""
    return fag2005.tariffaktor(gap, p_2005) / gap


def crossing(p_2005: Mapping[str, Any], p_2020: Mapping[str, Any]) -> float:
    """The gap of which both laws fill the same part, in v.H. of the Ausgleichsmesszahl."""
    values = as_floats(p_2005)
    low, high = float(values["tarif_grenze_nr_2"]), float(values["tarif_grenze_nr_1"])
    for _ in range(60):
        middle = (low + high) / 2
        below = float(share_filled(np.array([middle]), values)[0]) < p_2020["ausgleichssatz"]
        low, high = (middle, high) if below else (low, middle)
    return 100 * low


def both_tariffs(p_2005: Mapping[str, Any], p_2020: Mapping[str, Any], names: tuple[str, str]) -> Drawing:
    """How much of a gap is filled: the curve of 2005 against the line of 2020; between them who gains by the change."""
    gaps = np.linspace(0.05, FAR, 200)
    curve = 100 * share_filled(gaps / 100, as_floats(p_2005))
    line = 100 * float(p_2020["ausgleichssatz"])
    cross = crossing(p_2005, p_2020)
    x = alt.X(
        "x:Q",
        scale=alt.Scale(domain=[0, FAR], nice=False),
        title="Abstand, v.H. der Ausgleichsmesszahl",
        axis=alt.Axis(tickCount=5, grid=False, titlePadding=6),
    )
    y = alt.Y(
        "y:Q",
        scale=alt.Scale(domain=[40, 80], nice=False, zero=False),
        title="v.H. des Abstands",
        axis=alt.Axis(tickCount=5),
    )
    between = [{"x": float(a), "y": float(b), "linie": line} for a, b in zip(gaps, curve, strict=True)]
    rows = [{**row, "tarif": names[0]} for row in between] + [
        {"x": float(a), "y": line, "tarif": names[1]} for a in (0, FAR)
    ]
    point = [{"x": cross, "y": line, "text": f"gleich bei {number(cross, 1)}"}]
    sides = [
        {"x": 0.6, "y": 67, "text": "seit 2020 mehr"},
        {"x": 0.55 * FAR, "y": 74, "text": "seit 2020 weniger"},
    ]
    area = alt.Chart(data_of(between)).encode(x, y, alt.Y2("linie:Q"))
    colour = alt.Color("tarif:N", scale=alt.Scale(domain=names, range=[ACCENT, BLUE]), legend=top_legend(names))
    return alt.layer(
        area.transform_filter(f"datum.x <= {cross}").mark_area(color=BLUE, opacity=0.25, line=False),
        area.transform_filter(f"datum.x >= {cross}").mark_area(color=ACCENT, opacity=0.25, line=False),
        alt.Chart(data_of(rows)).mark_line(strokeWidth=2.8).encode(x, y, colour),
        alt.Chart(data_of(sides)).mark_text(align="left", aria=False).encode(x, y, text="text:N"),
        alt.Chart(data_of(point)).mark_point(filled=True, size=80, opacity=1, color="currentColor").encode(x, y),
        alt.Chart(data_of(point)).mark_text(align="left", dx=6, dy=14, aria=False).encode(x, y, text="text:N"),
        width="container",
        height=320,
    )


def left_of_a_euro(p: Mapping[str, Any]) -> list[tuple[Fraction, Fraction]]:
    """What one more euro leaves a Land, in cents: the same at every Finanzkraft."""
    cents = 100 - 100 * p["ausgleichssatz"]
    return [(Fraction(100 - FAR), cents), (Fraction(100 + FAR), cents)]


def flow(frame: pd.DataFrame) -> Drawing:
    """The way of the money of the special rule, from the Bund over the recipients to the payers, in Mio. €.

    ``frame`` as of ``effects``: three bars of the same length, cut into the parts of the invented Länder.
    """
    bars = [
        ("Bund", ACCENT, "zahlt mehr allgemeine BEZ", pd.Series({"": float(frame["bez"].sum())})),
        ("Empfänger", RECEIVER, "weniger Zuschlag, mehr BEZ", -frame.loc[frame["zuschlag"] < 0, "zuschlag"]),
        ("Zahler", PAYER, "behalten mehr Umsatzsteuer", frame.loc[frame["abschlag"] > 0, "abschlag"]),
    ]
    total = float(frame["abschlag"].sum()) / MILLION
    parts: Rows = []
    heads: Rows = []
    for place, (who, colour, what, amounts) in enumerate(bars):
        top = place * (1 + HEAD + BETWEEN) + HEAD
        heads.append({"x": 0, "y": top - 0.12, "wer": who, "text": f"{who}: {what}", "farbe": colour})
        parts += list(_parts(who, amounts.sort_values(ascending=False), top))
    step = 1 + HEAD + BETWEEN
    scale = alt.Scale(domain=[0, 2 * step + HEAD + 1.05], reverse=True, nice=False, zero=False)
    x = alt.X("von:Q", axis=None, scale=alt.Scale(domain=[0, total], nice=False))
    y = alt.Y("oben:Q", axis=None, scale=scale)
    names = [who for who, *_ in bars]
    colour_scale = alt.Scale(domain=names, range=[colour for _, colour, *_ in bars])
    bands = [{"von": 0, "bis": total, "oben": place * step + HEAD + 1, "unten": (place + 1) * step} for place in (0, 1)]
    arrows = [{"von": total * part, "oben": band["oben"] + BETWEEN / 2} for band in bands for part in (0.1, 0.5, 0.9)]
    return alt.layer(
        alt.Chart(data_of(bands))
        .mark_rect(color=ACCENT, opacity=0.16)
        .encode(x, alt.X2("bis:Q"), y, alt.Y2("unten:Q")),
        alt.Chart(data_of(arrows)).mark_text(text="▼", fontSize=14, color=ACCENT, aria=False).encode(x, y),
        alt.Chart(data_of(parts))
        .mark_rect(stroke="#ffffff", strokeWidth=0.8)
        .encode(
            x,
            alt.X2("bis:Q"),
            y,
            alt.Y2("unten:Q"),
            alt.Color("wer:N", scale=colour_scale, legend=None),
            tooltip=[
                alt.Tooltip("wer:N", title="Wer"),
                alt.Tooltip("land:N", title="Beispielland"),
                alt.Tooltip("text:N", title="Mio. €"),
            ],
        ),
        alt.Chart(data_of([row for row in parts if row["breit"]]))
        .mark_text(fontWeight="bold", aria=False)
        .encode(alt.X("mitte:Q"), alt.Y("zeile:Q"), text="schild:N", color=alt.Color("tinte:N", scale=None)),
        alt.Chart(data_of(heads))
        .mark_text(align="left", baseline="bottom", fontWeight="bold", aria=False)
        .encode(alt.X("x:Q"), alt.Y("y:Q"), text="text:N"),
        width="container",
        height=330,
    )


def _parts(who: str, amounts: "pd.Series[Any]", top: float) -> Iterator[dict[str, Any]]:
    """The parts of one bar from left to right, in Mio. €."""
    values = [float(amount) / MILLION for amount in amounts]
    ends = list(accumulate(values, initial=0.0))
    for land, value, left, right in zip(amounts.index, values, ends[:-1], ends[1:], strict=True):
        yield {
            "wer": who,
            "land": land or "–",
            "tinte": "#ffffff" if land else "#000000",
            "schild": land or f"{number(value)} Mio. €",
            "von": left,
            "bis": right,
            "mitte": (left + right) / 2,
            "oben": top,
            "unten": top + 1,
            "zeile": top + 0.5,
            "breit": value > 0.035 * ends[-1],
            "text": number(value, 1),
        }


def fixed_bez() -> pd.DataFrame:
    """The BEZ with amounts in the law, in euro and exact, by Ausgleichsjahr; those of Abs. 4 at most, since 2025."""
    rows = {year: {key: sum(in_force("fag2020", year)[key].values(), Fraction(0)) for key in FIXED} for year in YEARS}
    return pd.DataFrame.from_dict(rows, orient="index")


def periods(frame: pd.DataFrame) -> pd.DataFrame:
    """The same by periods in which nothing changes, a column per period and a row per clause, with the sum."""
    changed = (frame != frame.shift()).any(axis=1)
    starts = [int(year) for year, new in changed.items() if new]
    columns = {}
    for start, following in zip(starts, [*starts[1:], None], strict=True):
        end = None if following is None else following - 1
        name = f"ab {start}" if end is None else str(start) if end == start else f"{start} bis {end}"
        columns[name] = frame.loc[start]
    result = pd.DataFrame(columns)
    result.index = pd.Index([f"{clause}: {what}" for clause, what in FIXED.values()])
    result.loc["zusammen"] = result.sum()
    return result


def fixed_bez_columns(frame: pd.DataFrame) -> Drawing:
    """The BEZ with amounts in the law by year; ``frame`` in euro, drawn in Mio. €."""
    named = frame.astype(float) / MILLION
    named.columns = pd.Index([what for _, what in FIXED.values()])
    return year_columns(named, (PAYER, RECEIVER, ACCENT), unit="Mio. €")
