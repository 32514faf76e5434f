"""Three invented Länder with round numbers, through every stage of the three laws: on paper, and by the law itself.

A sum on paper is text as a reader writes it, ``92 % · 2.000 · 5 − 6.000``; ``worked`` computes it in fractions. The law
runs on vectors of three fractions. Money is in Mio. € on paper and in euro in the law; inhabitants likewise.
"""

import ast
import datetime
import operator
import re
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from numbers import Rational
from typing import Any, NamedTuple

import altair as alt
import pandas as pd

from lfa.charts import ACCENT, PAYER, RECEIVER, data_of
from lfa.law.arrays_lists import Vector
from lfa.parameters import parameters
from lfa.pictures.parts import MILLION, Drawing, levels, top_legend
from lfa.settlement import LAWS
from lfa.states import CODES
from lfa.tables import Table, number, table

NAMES = ("Reichland", "Mittelland", "Armland")
DAYS = {
    "fag1993": datetime.date(2003, 12, 31),
    "fag2005": datetime.date(2019, 12, 31),
    "fag2020": datetime.date(2025, 12, 31),
}
"""The day whose rules are computed with, by law."""
FLAECHENLAND, STADTSTAAT = "HE", "HH"
"""The real Länder whose weights of inhabitants an invented one takes."""
LEFT_OUT = {"vertikal", "fonds", "abschluss"}
"""The Länderanteil is given; the fund and the payments need figures of real Länder."""
COLOURS = (PAYER, ACCENT, RECEIVER)


class Mini(NamedTuple):
    """The figures of the three Länder: inhabitants in millions, money in Mio. €."""

    einwohner: Sequence[int]
    steuern: Sequence[int]
    gemeindesteuern: Sequence[int]
    umsatzsteuer: int


ROUND = Mini((10, 5, 5), (24_000, 10_000, 6_000), (12_000, 5_000, 3_000), 20_000)
"""The miniature of the book."""


class Step(NamedTuple):
    """A line of the law, its name, and a sum on paper for each of the three Länder."""

    key: str
    name: str
    sums: tuple[str, str, str]


# --- The law ----------------------------------------------------------------------------------------------------------


def three(values: Mapping[str, Any], models: Sequence[str]) -> dict[str, Any]:
    """The parameters of a law for three Länder: their weights are those of ``models``, amounts of real Länder zero."""
    result: dict[str, Any] = {}
    for name, value in values.items():
        if isinstance(value, dict) and set(value) <= set(CODES):
            weights = name.startswith("einwohnerwertung_")
            result[name] = Vector([value[land] if weights else Fraction(0) for land in models])
        else:
            result[name] = value
    return {**result, "laender": NAMES}


def inputs(law: str, mini: Mini) -> dict[str, Any]:
    """What a law asks of the three Länder, in euro and inhabitants; everything the miniature does without is zero.

    The receipts of the Gemeinden are all Einkommensteuer, those of the Land all Einkommen- and Körperschaftsteuer; the
    year before was the same. For the FAG 1993 all inhabitants live in Gemeinden of 5000, which weigh 100 v.H.
    """
    heads, own, local = (
        Vector([Fraction(part * MILLION) for part in parts])
        for parts in (mini.einwohner, mini.steuern, mini.gemeindesteuern)
    )
    none = 0 * heads
    known = {
        "steuereinnahmen": own,
        "gemeindeanteil_einkommensteuer": local,
        "umsatzsteuer_laenderanteil": Fraction(mini.umsatzsteuer * MILLION),
        "foerderabgabe": none,
    }
    realsteuern = ("grundsteuer_a", "grundsteuer_b", "gewerbesteuer")
    empty = ["gemeindeanteil_umsatzsteuer", *(f"{tax}_grundbetraege" for tax in realsteuern)]
    zero = {f"aufkommen_{tax}": Fraction(0) for tax in realsteuern}
    if law == "fag1993":
        classes = ("bis_5", "5_20", "20_100", "100_500", "500_1000", "ueber_1000")
        known |= {"einwohner_bis_5": heads, "gemeinden_bis_5": heads / 5000}
        empty += [f"{what}_{size}" for size in classes[1:] for what in ("einwohner", "gemeinden")]
        dense = ("1500_2000", "2000_3000", "ueber_3000")
        empty += [f"dichte_{what}_{size}" for size in dense for what in ("einwohner", "gemeinden")]
        empty += [f"grundsteuer_b_grundbetraege_{place}" for place in (1, 2, 3, 4)]
        empty += ["sonstige_gemeindesteuern", "abzug_gewerbesteuerumlage"]
    else:
        known |= {"festgestellte_einwohner": heads, "einwohner_vorjahr": heads}
        known |= {"einkommensteuer_koerperschaftsteuer": own, "steuereinnahmen_vorjahr": own}
        empty += ["zensus_unterschied", "gewerbesteuerumlage_laender", "landessteuern", "grunderwerbsteuer"]
        empty += ["kraftfahrzeugsteuer_kompensation", "grunderwerbsteuer_bemessungsgrundlage"]
        empty += ["geleistete_gewerbesteuerumlage", "forschungsnettozufluss"]
        empty += ["grundsteuer_a_messbetraege", "grundsteuer_b_messbetraege"]
    return dict.fromkeys(empty, none) | zero | known


def settle(law: str, mini: Mini = ROUND, models: Sequence[str] = (FLAECHENLAND,) * 3) -> dict[str, Any]:
    """Every line of the three Länder under a law, by the same functions as for the 16: exact fractions."""
    module = LAWS[law]
    stages = [name for name, _ in module.STAGES if name not in LEFT_OUT]
    lines: dict[str, Any] = module.settle(inputs(law, mini), three(parameters(law, DAYS[law]), models), stages)
    return lines


# --- On paper ---------------------------------------------------------------------------------------------------------

OPERATORS: Mapping[type[ast.operator], Callable[[Fraction, Fraction], Fraction]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
}
NUMBER = re.compile(r"\d{1,3}(?:\.\d{3})+(?:,\d+)?|\d+(?:,\d+)?")


def worked(text: str, names: Mapping[str, Fraction] | None = None) -> Fraction:
    """What a sum on paper comes to: German numbers, + − · / % ² and brackets, and names of Länder for known values.

    Raises ValueError for anything else.
    """
    if set(text) & set(".,*'\"") - {".", ","}:
        raise ValueError(f"not a sum on paper: {text}")
    plain = NUMBER.sub(lambda found: found[0].replace(".", "").replace(",", "_"), text)
    plain = re.sub(r"\d+(?:_\d+)?", _exact, plain)
    for sign, meaning in (("−", "-"), ("·", "*"), ("%", "/100"), ("²", "**2")):
        plain = plain.replace(sign, meaning)
    try:
        return _value(ast.parse(plain.strip(), mode="eval").body, names or {})
    except (SyntaxError, KeyError):
        raise ValueError(f"not a sum on paper: {text}") from None


def _exact(found: re.Match[str]) -> str:
    whole, _, rest = found[0].partition("_")
    return f"({int(whole + rest)}/{10 ** len(rest)})" if rest else str(int(whole))


def _value(node: ast.expr, names: Mapping[str, Fraction]) -> Fraction:
    match node:
        case ast.Constant(value=int() as whole):
            return Fraction(whole)
        case ast.Name(id=name):
            return names[name]
        case ast.UnaryOp(op=ast.USub(), operand=inner):
            return -_value(inner, names)
        case ast.BinOp(left=left, op=ast.Pow(), right=ast.Constant(value=2)):
            return _value(left, names) ** 2
        case ast.BinOp(left=left, op=sign, right=right) if type(sign) in OPERATORS:
            return OPERATORS[type(sign)](_value(left, names), _value(right, names))
    raise SyntaxError


def side_by_side(steps: Sequence[Step], lines: Mapping[str, Any], carried: str = "") -> pd.DataFrame:
    """Each sum on paper beside what the law gives, in Mio. €; a Land's name stands for its value in the step before.

    Before the first step it stands for the line ``carried`` over from the table above.
    """
    rows = []
    known = dict(zip(NAMES, _in_millions(lines[carried]), strict=True)) if carried else {}
    for step in steps:
        paper = [worked(text, known) for text in step.sums]
        engine = _in_millions(lines[step.key])
        rows += [
            (step.key, f"{step.name}: {land}", text, mine, law)
            for land, text, mine, law in zip(NAMES, step.sums, paper, engine, strict=True)
        ]
        known = dict(zip(NAMES, paper, strict=True))
    return pd.DataFrame(rows, columns=["key", "zeile", "rechnung", "papier", "programm"])


def _in_millions(values: Sequence[Rational]) -> list[Fraction]:
    """Euro as Mio. €. Some zeros are plain whole numbers; a float is not exact and is refused."""
    if any(isinstance(value, float) for value in values):
        raise TypeError("not exact")
    return [Fraction(value) / MILLION for value in values]


def decimals(values: Sequence[Fraction], most: int = 3) -> int:
    """How many decimals show every value exactly, at most ``most``."""
    return next(
        (places for places in range(most) if all((value * 10**places).denominator == 1 for value in values)), most
    )


def sheet(steps: Sequence[Step], lines: Mapping[str, Any], caption: str, note: str = "", carried: str = "") -> Table:
    """The table of a stage, paper and law side by side. Raises AssertionError where the two differ at all."""
    frame = side_by_side(steps, lines, carried)
    if different := list(frame.loc[frame["papier"] != frame["programm"], "zeile"]):
        raise AssertionError(f"Papier und Programm unterscheiden sich: {', '.join(different)}")
    places = decimals([*frame["papier"], *frame["programm"]])
    return table(
        frame,
        caption=caption,
        columns={"zeile": "Zeile", "rechnung": "Rechnung", "papier": "Papier", "programm": "Programm"},
        row_header="zeile",
        units="Mio. €",
        decimals=places,
        note=note,
    )


# --- Before and after -------------------------------------------------------------------------------------------------

LAW_NAMES = {"fag1993": "FAG 1993", "fag2005": "FAG 2001", "fag2020": "FAG 2020"}


def per_head(mini: Mini, settled: Mapping[str, Mapping[str, Any]]) -> pd.DataFrame:
    """What Land and Gemeinden have per inhabitant, in euro: a row per moment, a column per Land.

    Before: own taxes and Umsatzsteuer by inhabitants. After: by each law, without and with the Bund where it gives.
    """
    heads = [Fraction(part) for part in mini.einwohner]
    own = [Fraction(a + b) for a, b in zip(mini.steuern, mini.gemeindesteuern, strict=True)]
    by_heads = [mini.umsatzsteuer * part / sum(heads) for part in heads]
    moments: dict[str, list[Fraction]] = {"vorher": [a + b for a, b in zip(own, by_heads, strict=True)]}
    for law, lines in settled.items():
        received = lines["umsatzsteueranteil"] + (0 if law == "fag2020" else lines["ausgleich"])
        moments[LAW_NAMES[law]] = [a + b for a, b in zip(own, _in_millions(received), strict=True)]
        if "bez" in lines:
            pairs = zip(moments[LAW_NAMES[law]], _in_millions(lines["bez"]), strict=True)
            moments[f"{LAW_NAMES[law]} mit BEZ"] = [a + b for a, b in pairs]
    rows = {name: [a / b for a, b in zip(values, heads, strict=True)] for name, values in moments.items()}
    return pd.DataFrame.from_dict(rows, orient="index", columns=list(NAMES)).rename_axis("Zeitpunkt")


def ladder(frame: pd.DataFrame, average: Fraction) -> Drawing:
    """A row per moment, a point per Land, the ends with their figures; a dashed line at the average."""
    points = [
        {"stand": str(row), "land": str(land), "wert": float(value), "text": number(value)}
        for row, values in frame.iterrows()
        for land, value in values.items()
    ]
    spans = [
        {"stand": str(row), "wert": float(values.min()), "bis": float(values.max())} for row, values in frame.iterrows()
    ]
    low = [{"stand": row["stand"], "wert": row["wert"], "text": number(row["wert"])} for row in spans]
    high = [{"stand": row["stand"], "wert": row["bis"], "text": number(row["bis"])} for row in spans]
    order = [str(row) for row in frame.index]
    x = alt.X("wert:Q", axis=None, scale=alt.Scale(zero=False, nice=False, padding=52))
    # With the Bund follows directly below the same law without it: a short name leaves a phone room for the points.
    short = "indexof(datum.label, ' mit BEZ') > 0 ? '… mit BEZ' : datum.label"
    axis = alt.Axis(title=None, domain=False, ticks=False, grid=False, labelExpr=short)
    y = alt.Y("stand:N", sort=order, axis=axis)
    colour = alt.Color("land:N", scale=alt.Scale(domain=list(NAMES), range=list(COLOURS)), legend=top_legend(NAMES))
    return alt.layer(
        *levels([{"wert": float(average), "text": f"Durchschnitt {number(average)}"}], x),
        alt.Chart(data_of(spans)).mark_rule(strokeWidth=3, opacity=0.4).encode(x, alt.X2("bis:Q"), y),
        alt.Chart(data_of(points))
        .mark_point(filled=True, size=110, opacity=1)
        .encode(
            x,
            y,
            colour,
            tooltip=[
                alt.Tooltip("land:N", title="Land"),
                alt.Tooltip("stand:N", title="Stand"),
                alt.Tooltip("text:N", title="€ je Kopf"),
            ],
        ),
        alt.Chart(data_of(low)).mark_text(align="right", dx=-9, aria=False).encode(x, y, text="text:N"),
        alt.Chart(data_of(high)).mark_text(align="left", dx=9, aria=False).encode(x, y, text="text:N"),
        width="container",
        height=alt.Step(34),
    )
