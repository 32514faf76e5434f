"""The pictures of the FAG 2001: its tariff as a curve, what a euro leaves, and the Sonderbedarfs-BEZ by year."""

import datetime
import json
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from itertools import pairwise
from typing import Any, NamedTuple

import altair as alt
import numpy as np
import pandas as pd

from lfa.charts import ACCENT, CATEGORIES, NEUTRAL, RECEIVER, data_of
from lfa.files import DATA, load_yaml
from lfa.law import fag2005
from lfa.law.arrays_lists import Vector
from lfa.parameters import as_floats, as_vectors, parameters
from lfa.pictures.parts import EDGE, MILLION, Drawing, right_column, top_legend
from lfa.pictures.words import trimmed
from lfa.states import CODES, NAMES
from lfa.tables import number

YEARS = range(2005, 2020)
FAR = 40
"""How far from the average the pictures reach, in v.H."""
NO_SPECIAL_NEEDS = dict.fromkeys(
    ("teilungslasten", "teilungslasten_vomhundertsatz", "arbeitslosigkeit", "arbeitslosigkeit_minderung"), 0
) | {"politische_fuehrung": 0}
"""§ 11 without its fixed amounts by Land: what a Land at a given Finanzkraft gets in any case."""
STAGES = {"vorher": "vor dem Ausgleich", "tarif": "nach § 10", "bez": "nach den allgemeinen BEZ"}
LIMIT_EXAMPLE = (("ein schwaches Land", 1, 40), ("zehn Länder", 10, 102), ("vier Länder", 4, 100), ("ein Land", 1, 140))
"""A made-up case in which § 10 Abs. 3 binds, all with the same Ausgleichsmesszahl: who, how many, and v.H. of it."""
QUOTES = {
    "satz-1": "§ 10 Abs. 1 Satz 1",
    "nr-1": "§ 10 Abs. 1 Nr. 1",
    "nr-2": "§ 10 Abs. 1 Nr. 2",
    "nr-3": "§ 10 Abs. 1 Nr. 3",
    "dabei": "§ 10 Abs. 1 am Ende",
    "aufbringung": "§ 10 Abs. 2 Satz 2",
    "obergrenze": "§ 10 Abs. 3 Satz 1 und 2",
    "ergaenzung": "§ 2 Abs. 1 Satz 1",
    "kuerzung": "§ 7 Abs. 3 Satz 1",
    "bez": "§ 11 Abs. 2 Satz 2 und 3",
    "teilung": "§ 11 Abs. 3 Satz 1",
}
"""What the chapter quotes: a short name, and the place in ``data/recht/fag-2012.yaml``."""
EASTERN = ("SN", "BE", "ST", "BB", "TH", "MV")
"""The Länder of § 11 Abs. 3, the largest share first."""


class Piece(NamedTuple):
    """One piece of a tariff: F = quadratic · X² + linear · X + constant."""

    quadratic: Fraction
    linear: Fraction
    constant: Fraction

    def value(self, x: Fraction) -> Fraction:
        """F at X."""
        return (self.quadratic * x + self.linear) * x + self.constant

    def slope(self, x: Fraction) -> Fraction:
        """The marginal rate at X."""
        return 2 * self.quadratic * x + self.linear


def in_force(law: str, year: int) -> dict[str, Any]:
    """The values of a law on the last day of an Ausgleichsjahr, as fractions."""
    return parameters(law, datetime.date(year, 12, 31))


def quoted(statute: str, places: Mapping[str, str]) -> dict[str, str]:
    """The words of a statute in quotation marks, by the short names of ``places``."""
    excerpts = load_yaml(DATA / "recht" / f"{statute}.yaml", "recht")["auszuege"]
    words = {excerpt["stelle"]: excerpt["text"] for excerpt in excerpts}
    return {name: f"„{words[place]}“" for name, place in places.items()}


def percent(part: Any, decimals: int = 2, unit: str = "v.H.") -> str:
    """A part of one in hundredths, without zeros at the end."""
    return f"{trimmed(100 * Fraction(part), decimals)} {unit}"


def fraction(value: Fraction) -> str:
    """A fraction as a reader writes it; a whole number without a bar."""
    if value.denominator == 1:
        return number(value)
    return f"{number(value.numerator)}/{number(value.denominator)}"


def formula(piece: Piece) -> str:
    """One of the law's formulas: 5/26 · X² + 35/52 · X − 2.121/260.000."""
    parts = zip(piece, (" · X²", " · X", ""), strict=True)
    text = " ".join(f"{'−' if value < 0 else '+'} {fraction(abs(value))}{power}" for value, power in parts if value)
    return text.removeprefix("+ ")


def pieces(p: Mapping[str, Any]) -> dict[str, Piece]:
    """The three formulas of § 10 Abs. 1, as the images of the Bundesgesetzblatt show them."""
    return {
        "Nr. 3": Piece(p["tarif_nr_3_quadratisch"], p["tarif_nr_3_linear"], Fraction(0)),
        "Nr. 2": Piece(p["tarif_nr_2_quadratisch"], p["tarif_nr_2_linear"], -p["tarif_nr_2_abzug"]),
        "Nr. 1": Piece(Fraction(0), p["tarif_nr_1_linear"], -p["tarif_nr_1_abzug"]),
    }


def supplements(p: Mapping[str, Any]) -> dict[str, Piece]:
    """The two formulas of § 2 Abs. 1, as the images of the Bundesgesetzblatt show them."""
    return {
        "Nr. 2": Piece(p["ergaenzungsanteil_nr_2_quadratisch"], p["ergaenzungsanteil_nr_2_linear"], Fraction(0)),
        "Nr. 1": Piece(Fraction(0), p["ergaenzungsanteil_nr_1_linear"], -p["ergaenzungsanteil_nr_1_abzug"]),
    }


def through_three_points(function: Callable[[Any], Any], left: Fraction, right: Fraction) -> Piece:
    """The parabola through three values of a function on Vectors, all between ``left`` and ``right``."""
    x = [left + (right - left) * Fraction(part, 4) for part in (1, 2, 3)]
    y = list(function(Vector(x)))
    first, second = ((y[i + 1] - y[i]) / (x[i + 1] - x[i]) for i in (0, 1))
    quadratic = (second - first) / (x[2] - x[0])
    linear = first - quadratic * (x[0] + x[1])
    return Piece(quadratic, linear, y[0] - (quadratic * x[0] + linear) * x[0])


def amount_at(relation: Any, p: Mapping[str, Any]) -> Any:
    """Zuweisung, or minus the Beitrag before the Aufbringung, at a Finanzkraft; both in v.H. of the Ausgleichsmesszahl.

    The law itself computes: on numpy arrays, or exactly on a Vector of fractions.
    """
    lines = _lines(relation)
    lines.update(fag2005.ausgleichszuweisungen(lines, p))
    lines.update(fag2005.ausgleichsbeitraege(lines, p))
    return lines["ausgleichszuweisung_abs_1"] - lines["ausgleichsbeitrag_vor_aufbringung"]


def after_bez(relation: Any, p: Mapping[str, Any]) -> tuple[Any, Any]:
    """Finanzkraft of receiving Länder after § 10 and after the allgemeine BEZ, in v.H. of the Ausgleichsmesszahl."""
    lines = _lines(relation) | {"ausgleichszuweisung": amount_at(relation, p)}
    bez = fag2005.bundesergaenzungszuweisungen(lines, {**p, **NO_SPECIAL_NEEDS})
    after = relation + lines["ausgleichszuweisung"]
    return after, after + bez["allgemeine_bez"]


def _lines(relation: Any) -> dict[str, Any]:
    messzahl = 0 * relation + 100
    return {"finanzkraftmesszahl": relation, "ausgleichsmesszahl": messzahl, "ueberschuss": relation - messzahl}


def supplement_at(x: Any, p: Mapping[str, Any]) -> Vector:
    """F of § 2 Abs. 1 by the law, for each X: a Land whose receipts per head lie by X below the average of two."""

    def factor(gap: Fraction) -> Any:
        one = Vector([Fraction(1), Fraction(1)])
        lines = {"einwohner": one, "umsatzsteuer_laenderanteil": Fraction(100)}
        lines |= {"steuereinnahmen": Vector([1 - gap, 1 + gap])}
        return next(iter(fag2005.umsatzsteuerverteilung(lines, p)["ergaenzungsanteil_faktor"]))

    return Vector([factor(gap) for gap in x])


def ladder_frame(relations: Sequence[int], p: Mapping[str, Any]) -> pd.DataFrame:
    """Finanzkraft before, after § 10 and after the allgemeine BEZ, exact; a row per Finanzkraft before."""
    before = Vector([Fraction(relation) for relation in relations])
    after, bez = after_bez(before, as_vectors(p))
    return pd.DataFrame({"vorher": list(before), "tarif": list(after), "bez": list(bez)})


def teilungslasten() -> pd.DataFrame:
    """The Sonderbedarfs-BEZ of § 11 Abs. 3 by Ausgleichsjahr and Land, in euro, rounded as the law says."""
    nobody = Vector([Fraction(0)] * len(CODES))
    lines = {"finanzkraftmesszahl": nobody, "ausgleichszuweisung": nobody, "ausgleichsmesszahl": nobody}
    rows = {
        year: dict(
            zip(
                CODES,
                fag2005.bundesergaenzungszuweisungen(lines, as_vectors(in_force("fag2005", year)))[
                    "sonderbedarfs_bez_teilungslasten"
                ],
                strict=True,
            )
        )
        for year in YEARS
    }
    return pd.DataFrame(rows).T[list(EASTERN)]


def tariff_curve(p: Mapping[str, Any]) -> Drawing:
    """The gap on x, what is filled on y, both in v.H. of the Ausgleichsmesszahl; what remains lies above the curve."""
    values = as_floats(p)
    edges = [0.0, 100 * values["tarif_grenze_nr_2"], 100 * values["tarif_grenze_nr_1"], float(FAR)]
    x_scale = alt.Scale(domain=[0, FAR], nice=False)
    x = alt.X("x:Q", scale=x_scale, title="Abstand, v.H. der Ausgleichsmesszahl", axis=_plain_axis())
    y = alt.Y("y:Q", scale=alt.Scale(domain=[0, FAR], nice=False), title="davon ausgeglichen", axis=_plain_axis())
    areas = []
    for place, (left, right) in enumerate(pairwise(edges)):
        at = np.linspace(left, right, 25)
        filled = 100 * fag2005.tariffaktor(at / 100, values)
        rows = [{"x": float(a), "y": float(b)} for a, b in zip(at, filled, strict=True)]
        base = alt.Chart(data_of(rows)).encode(x, y)
        areas += [
            base.mark_area(color=RECEIVER, opacity=(0.5, 0.34, 0.2)[place], line=False),
            base.mark_line(color=RECEIVER, strokeWidth=2.6),
        ]
    names = [
        {"x": (left + right) / 2, "name": name, "satz": _range_of(piece, left, right)}
        for (name, piece), left, right in zip(pieces(p).items(), edges[:-1], edges[1:], strict=True)
    ]
    words = alt.Chart(data_of(names)).encode(alt.X("x:Q", scale=x_scale))
    marks = [
        {"x": float(100 * gap), "y": float(100 * piece.value(gap)), "text": f"{number(100 * gap)} → {filled}"}
        for gap, piece, filled in (
            (gap, piece, number(100 * piece.value(gap), 3).rstrip("0"))
            for gap, piece in zip((p["tarif_grenze_nr_2"], p["tarif_grenze_nr_1"]), pieces(p).values(), strict=False)
        )
    ]
    points = alt.Chart(data_of(marks)).encode(x, y)
    labels = [{"x": 30, "y": 33, "text": "ganz ausgeglichen"}, {"x": 35.5, "y": 10, "text": "ausgeglichen"}]
    return alt.layer(
        *areas,
        alt.Chart(data_of([{"x": 0, "y": 0}, {"x": FAR, "y": FAR}]))
        .mark_line(color="currentColor", strokeWidth=1, strokeDash=[6, 4])
        .encode(x, y),
        alt.Chart(data_of([{"x": edge} for edge in edges[1:-1]])).mark_rule(strokeDash=[2, 3], opacity=0.6).encode(x),
        words.mark_text(fontWeight="bold", baseline="top", dy=4, aria=False).encode(
            y=alt.value(0), text=alt.Text("name:N")
        ),
        words.mark_text(baseline="top", dy=20, aria=False).encode(y=alt.value(0), text=alt.Text("satz:N")),
        alt.Chart(data_of(labels[:1])).mark_text(align="right", aria=False).encode(x, y, text="text:N"),
        alt.Chart(data_of(labels[1:])).mark_text(align="right", aria=False).encode(x, y, text="text:N"),
        points.mark_point(filled=True, size=70, opacity=1, color=RECEIVER, stroke="currentColor").encode(
            tooltip=[alt.Tooltip("text:N", title="Abstand → ausgeglichen, v.H.")]
        ),
        points.mark_text(align="left", dx=8, dy=10, aria=False).encode(text="text:N"),
        width="container",
        height=380,
    )


def _range_of(piece: Piece, left: float, right: float) -> str:
    """The marginal rates of a piece from one end to the other, in v.H."""
    rates = [number(100 * piece.slope(Fraction(edge) / 100)) for edge in (left, right)]
    return "–".join(dict.fromkeys(rates))


def _plain_axis() -> alt.Axis:
    return alt.Axis(tickCount=5, grid=False, titlePadding=6)


def left_of_a_euro(p: Mapping[str, Any]) -> list[tuple[Fraction, Fraction]]:
    """What one more euro leaves a Land at a Finanzkraft in v.H., in cents, before the Aufbringung; corners of the line.

    The marginal rates are linear in between, and the same on either side of 100.
    """
    three = pieces(p)
    near, far = p["tarif_grenze_nr_2"], p["tarif_grenze_nr_1"]
    gaps = (
        (Fraction(FAR, 100), three["Nr. 1"]),
        (far, three["Nr. 2"]),
        (near, three["Nr. 3"]),
        (Fraction(0), three["Nr. 3"]),
    )
    below = [(100 - 100 * gap, 100 - 100 * piece.slope(gap)) for gap, piece in gaps]
    return below + [(200 - relation, cents) for relation, cents in reversed(below[:-1])]


def left_of_a_euro_1993(p: Mapping[str, Any]) -> list[tuple[Fraction, Fraction]]:
    """The same under § 10 Abs. 1 and 2 FAG 1993, without its factor: steps, drawn with two corners each."""
    edges = (
        Fraction(100 - FAR),
        *(100 * p["zuweisung_auffuellung_ab"], Fraction(100)),
        *(100 * p["beitrag_zone_1_bis"], 100 * p["beitrag_zone_2_bis"]),
        Fraction(100 + FAR),
    )
    keys = ("zuweisung_unten", "zuweisung_oben", "beitrag_zone_1", "beitrag_zone_2", "beitrag_zone_3")
    return [
        (edge, 100 - 100 * p[key])
        for key, left, right in zip(keys, edges[:-1], edges[1:], strict=True)
        for edge in (left, right)
    ]


def euro_lines(lines: Mapping[str, Sequence[tuple[Fraction, Fraction]]], colours: Sequence[str]) -> Drawing:
    """What one more euro leaves, in cents, over the Finanzkraft; a line per tariff, the first one solid."""
    names = list(lines)
    rows = [
        {"x": float(x), "y": float(y), "tarif": name, "folge": place}
        for name, corners in lines.items()
        for place, (x, y) in enumerate(corners)
    ]
    marks = [
        {"x": float(x), "y": float(y), "tarif": name, "text": f"{number(y, _decimals(y))} Cent bei {number(x)} v.H."}
        for name, corners in lines.items()
        for x, y in corners
    ]
    x = alt.X(
        "x:Q",
        scale=alt.Scale(domain=[100 - FAR, 100 + FAR], nice=False, zero=False),
        title="Finanzkraft, v.H. der Ausgleichsmesszahl",
        axis=_plain_axis(),
    )
    y = alt.Y("y:Q", scale=alt.Scale(domain=[0, 100], nice=False), title="Cent", axis=alt.Axis(tickCount=5))
    colour = alt.Color(
        "tarif:N", scale=alt.Scale(domain=names, range=list(colours)), legend=top_legend(names, symbolType="stroke")
    )
    dash = alt.StrokeDash(
        "tarif:N", scale=alt.Scale(domain=names, range=[[1, 0], [6, 3], [2, 2]][: len(names)]), legend=None
    )
    return alt.layer(
        alt.Chart(data_of([{"x": 100}])).mark_rule(strokeDash=[2, 3], opacity=0.6).encode(x),
        alt.Chart(data_of(rows)).mark_line(strokeWidth=2.8).encode(x, y, colour, dash, order="folge:Q"),
        alt.Chart(data_of(marks))
        .mark_point(filled=True, size=34, opacity=1)
        .encode(
            x, y, colour, tooltip=[alt.Tooltip("tarif:N", title="Tarif"), alt.Tooltip("text:N", title="es bleiben")]
        ),
        width="container",
        height=320,
    )


def _decimals(value: Fraction) -> int:
    return 0 if value == int(value) else 1


def ladder(frame: pd.DataFrame) -> Drawing:
    """Three points per Finanzkraft before the Ausgleich, and the way between them; ``frame`` as of ``ladder_frame``."""
    order = [f"{number(value)} v.H." for value in frame["vorher"]]
    names = list(STAGES.values())
    points, spans, words = [], [], []
    for label, row in zip(order, frame.to_dict("records"), strict=True):
        values = [float(row[key]) for key in STAGES]
        text = " → ".join(number(row[key], 1) for key in ("tarif", "bez"))
        words.append({"zeile": label, "text": text})
        spans += [
            {"zeile": label, "von": left, "bis": right, "stufe": name}
            for left, right, name in zip(values[:-1], values[1:], names[1:], strict=True)
        ]
        points += [
            {"zeile": label, "wert": value, "stufe": name, "text": number(value, 2)}
            for value, name in zip(values, names, strict=True)
        ]
    low = float(frame["vorher"].min())
    room = 12 + 7 * max(len(row["text"]) for row in words)
    end = alt.ExprRef(expr=f"100 + {100 - low} * {room} / max(width - {room}, 1)")
    x = alt.X(
        "wert:Q",
        scale=alt.Scale(domainMin=low - 1, domainMax=end, nice=False, zero=False),
        axis=alt.Axis(values=list(range(int(low), 101, 10)), title=None, domain=False, ticks=False),
    )
    y = alt.Y("zeile:N", sort=order, axis=alt.Axis(title=None, domain=False, ticks=False, labelPadding=6))
    scale = alt.Scale(domain=names, range=[NEUTRAL, RECEIVER, ACCENT])
    return alt.layer(
        alt.Chart(data_of(spans))
        .mark_rule(strokeWidth=5, opacity=0.5)
        .encode(alt.X("von:Q"), alt.X2("bis:Q"), y, alt.Color("stufe:N", scale=scale, legend=top_legend(names))),
        alt.Chart(data_of(points))
        .mark_point(filled=True, size=80, opacity=1)
        .encode(
            x,
            y,
            alt.Color("stufe:N", scale=scale, legend=top_legend(names)),
            tooltip=[
                alt.Tooltip("zeile:N", title="vorher"),
                alt.Tooltip("stufe:N", title="Stand"),
                alt.Tooltip("text:N", title="v.H."),
            ],
        ),
        right_column(words, y),
        width="container",
        height=alt.Step(30),
    )


def year_columns(frame: pd.DataFrame, colours: Sequence[str], *, unit: str, decimals: int = 0) -> Drawing:
    """A column per year, the index of ``frame``, stacked from its columns; on top the sum, on a phone every other."""
    years, names = [int(year) for year in frame.index], [str(name) for name in frame.columns]
    rows = [
        {
            "jahr": str(year),
            "teil": name,
            "folge": place,
            "wert": float(value),
            "text": number(value, max(decimals, 1)),
        }
        for year, values in zip(years, frame.to_numpy(), strict=True)
        for place, (name, value) in enumerate(zip(names, values, strict=True))
        if value
    ]
    sums = [
        {"jahr": str(year), "wert": float(value), "text": number(value, decimals), "platz": place}
        for place, (year, value) in enumerate(zip(years, frame.sum(axis=1), strict=True))
    ]
    short = json.dumps({str(year): str(year)[2:] for year in years})
    axis = alt.Axis(
        title=None,
        labelAngle=0,
        domain=False,
        ticks=False,
        labelOverlap=False,
        labelExpr=f"containerSize()[0] < 480 ? {short}[datum.label] : datum.label",
    )
    top = 1.07 * float(frame.sum(axis=1).max())
    x = alt.X("jahr:O", axis=axis, scale=alt.Scale(paddingInner=0.22, paddingOuter=0.1))
    ends = alt.Chart(data_of(sums)).encode(x, alt.Y("wert:Q"), text="text:N")
    return alt.layer(
        alt.Chart(data_of(rows))
        .mark_bar(stroke="currentColor", strokeWidth=EDGE)
        .encode(
            x,
            alt.Y("sum(wert):Q", stack="zero", axis=None, scale=alt.Scale(domain=[0, top], nice=False)),
            alt.Color("teil:N", scale=alt.Scale(domain=names, range=list(colours)), legend=top_legend(names)),
            order=alt.Order("folge:Q"),
            tooltip=[
                alt.Tooltip("jahr:N", title="Jahr"),
                alt.Tooltip("teil:N", title="Teil"),
                alt.Tooltip("text:N", title=unit),
            ],
        ),
        ends.transform_filter("datum.platz % 2 === 0").mark_text(dy=-8, aria=False),
        ends.transform_filter("datum.platz % 2 === 1").mark_text(
            dy=-8, aria=False, fontSize=alt.ExprRef(expr="containerSize()[0] < 480 ? 0 : 12")
        ),
        width="container",
        height=300,
    )


def teilungslasten_columns(frame: pd.DataFrame) -> Drawing:
    """The Sonderbedarfs-BEZ of § 11 Abs. 3 by year and Land; ``frame`` in euro, drawn in Mrd. €."""
    named = (frame.astype(float) / (1000 * MILLION)).rename(columns=NAMES)
    return year_columns(named, CATEGORIES, unit="Mrd. €", decimals=1)


def limit_example(p: Mapping[str, Any], messzahl: int = 1000 * MILLION) -> dict[str, Vector]:
    """The made-up case settled by the law, exactly; lines over its 16 invented Länder."""
    kraft = [Fraction(messzahl * vh, 100) for _, count, vh in LIMIT_EXAMPLE for _ in range(count)]
    lines = {
        "finanzkraftmesszahl": Vector(kraft),
        "ausgleichsmesszahl": Vector([Fraction(messzahl)] * len(kraft)),
        "ueberschuss": Vector([amount - messzahl for amount in kraft]),
    }
    rules: Any = (fag2005.ausgleichszuweisungen, fag2005.ausgleichsbeitraege, fag2005.obergrenze)
    for rule in rules:
        lines.update(rule(lines, p))
    return lines


def growth_example(p: Mapping[str, Any], before: int = 3_000) -> dict[str, Any]:
    """A made-up case of § 7 Abs. 3, by the law: a Land grows by 8 v.H. per head, all together by 3 v.H.; in euro."""
    people, own, all_together = Vector([Fraction(1), Fraction(4)]), Fraction(108, 100), Fraction(103, 100)
    lines: dict[str, Any] = {"einwohner": people, "einwohner_vorjahr": people}
    lines["steuereinnahmen_vorjahr"] = before * people
    lines["steuereinnahmen"] = before * Vector([own, 5 * all_together - own])
    rule: Any = fag2005.kuerzung
    found = {key: next(iter(value)) if isinstance(value, Vector) else value for key, value in rule(lines, p).items()}
    return found | {"vorher": before, "vorsprung": before * (own - all_together)}


def limit_frame(lines: Mapping[str, Any], p: Mapping[str, Any]) -> pd.DataFrame:
    """One row per group of the made-up case, amounts in euro: surplus, payment before, limit, and payment after."""
    rows, place = [], 0
    for name, count, vh in LIMIT_EXAMPLE:
        values = {key: list(vector)[place] for key, vector in lines.items() if isinstance(vector, Vector)}
        rows.append(
            {
                "wer": f"{name} mit {vh} v.H.",
                "abstand": values["ueberschuss"],
                "vorher": values["ausgleichszuweisung_abs_1"] - values["ausgleichsbeitrag_abs_2"],
                "grenze": -p["beitrag_hoechstens"] * values["ueberschuss"] if values["ueberschuss"] > 0 else None,
                "nachher": values["ausgleich"],
            }
        )
        place += count
    return pd.DataFrame(rows)
