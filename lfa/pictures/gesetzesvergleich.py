"""One year under every law: what the Länder get and keep, and the tariffs on years that are worked back."""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from functools import partial
from typing import Any

import altair as alt
import numpy as np
import pandas as pd

from lfa.charts import ACCENT, NEUTRAL, RECEIVER, data_of, land_axis
from lfa.law import fag2005, fag2020
from lfa.law.arrays import total
from lfa.parameters import as_floats, as_vectors
from lfa.pictures.parts import BLUE, Drawing, Rows, dumbbell, top_legend
from lfa.pictures.rekonstruktion import GAP, PLAIN_ZERO, found_of, heat, short_years
from lfa.reconstruction import Reconstruction
from lfa.results import preferred
from lfa.settlement import LAWS, Array, Settlement, scenarios
from lfa.states import CODES, NAMES
from lfa.tables import number
from lfa.versions import BEZ, LAW_STAGES, OWN, UST, VERSIONS, Version, inputs_under, received, start, under
from lfa.years import load

TARIFFS = VERSIONS[1:]
COLOURS = dict(zip((version.name for version in VERSIONS), (NEUTRAL, ACCENT, BLUE, RECEIVER), strict=True))
# --- The same year under every law ------------------------------------------------------------------------------------


def compare(settlement: Settlement) -> dict[str, dict[str, Any]]:
    """The lines of the year under every version, by its name."""
    return {version.name: under(settlement, version) for version in VERSIONS}


def per_head(results: Mapping[str, Mapping[str, Any]]) -> pd.DataFrame:
    """What every Land gets of Umsatzsteuer and Ausgleich, in euro per inhabitant; a column per version."""
    laws = {version.name: version.law for version in VERSIONS}
    columns = {name: received(lines, laws[name]) / lines["einwohner"] for name, lines in results.items()}
    return pd.DataFrame(columns, index=pd.Index(CODES, name="land"))


def relations(results: Mapping[str, Mapping[str, Any]], after: bool = True) -> pd.DataFrame:
    """Finanzkraft before or after the Ausgleich in v.H. of the Ausgleichsmesszahl, each as its own law counts."""
    columns = {
        name: 100 + 100 * (lines["ueberschuss"] + after * lines["ausgleich"]) / lines["ausgleichsmesszahl"]
        for name, lines in results.items()
    }
    return pd.DataFrame(columns, index=pd.Index(CODES, name="land"))


def bez_per_head(results: Mapping[str, Mapping[str, Any]]) -> pd.DataFrame:
    """Allgemeine BEZ in euro per inhabitant under the versions that are at hand in full."""
    columns = {name: lines[BEZ] / lines["einwohner"] for name, lines in results.items() if BEZ in lines}
    return pd.DataFrame(columns, index=pd.Index(CODES, name="land"))


# --- One more euro ----------------------------------------------------------------------------------------------------


def kept(settlement: Settlement, version: Version, step: float = 1000.0, lasting: bool = True) -> pd.DataFrame:
    """What one more euro of tax leaves each Land, in cents: without and, where the law is at hand, with allgemeine BEZ.

    ``step`` euro more, one Land at a time, all variants at once. A ``lasting`` euro came in the year before, too;
    otherwise § 7 Abs. 3 since 2005 leaves a part of it out.
    """
    known, einwohner = start(settlement, exactly=False)
    inputs, values = inputs_under(version.law, known, einwohner), as_floats(version.parameters)
    more = step * np.eye(len(CODES))
    varied = {OWN[version.law]: np.asarray(inputs[OWN[version.law]]) + more}
    if lasting and version.law != "fag1993":
        varied["steuereinnahmen_vorjahr"] = np.asarray(inputs["steuereinnahmen_vorjahr"]) + more
    keys = [UST[version.law], "ausgleich", *([] if version.law == "fag1993" else [BEZ])]
    stages = LAW_STAGES[version.law]
    after = scenarios(version.law, {**inputs, **varied}, values, keys, stages)
    before = LAWS[version.law].settle(inputs, values, stages)
    change = {key: np.diag(after[key] - before[key]) / step for key in keys}
    without = 100 * (1 + change[keys[0]] + change["ausgleich"])
    with_bez = without + 100 * change[BEZ] if BEZ in change else np.full(len(CODES), np.nan)
    return pd.DataFrame({"ohne": without, "mit": with_bez}, index=pd.Index(CODES, name="land"))


def kept_exactly(settlement: Settlement, version: Version, land: str, step: Fraction = Fraction(1)) -> Fraction:
    """The same for one Land on fractions, a lasting euro without BEZ: what remains of it, in cents."""
    known, einwohner = start(settlement, exactly=True)
    values = as_vectors(version.parameters)
    inputs = inputs_under(version.law, known, einwohner)
    place = CODES.index(land)
    more = as_vectors({"more": {land: step}})["more"]
    keys = [OWN[version.law], *([] if version.law == "fag1993" else ["steuereinnahmen_vorjahr"])]
    settle = partial(LAWS[version.law].settle, parameters=values, stages=LAW_STAGES[version.law])
    after, before = (
        list(received(settle(given), version.law))[place]
        for given in ({**inputs, **{key: inputs[key] + more for key in keys}}, inputs)
    )
    return 100 * (1 + Fraction(after - before) / step)


def kept_under_all(settlement: Settlement) -> pd.DataFrame:
    """What remains of one more lasting euro, in cents: a row per version and Land, without and with BEZ."""
    frames = [kept(settlement, version).assign(version=version.name) for version in VERSIONS]
    return pd.concat(frames).reset_index()


# --- The tariffs on years that are worked back ------------------------------------------------------------------------


def tariff_on(found: Reconstruction, version: Version) -> Array:
    """§ 10 alone, on the Finanzkraft and Ausgleichsmesszahl of a year that is worked back: the Ausgleich in euro."""
    lines: dict[str, Any] = {key: found.lines[key] for key in ("finanzkraftmesszahl", "ausgleichsmesszahl")}
    lines["ueberschuss"] = found.lines["ueberschuss"]
    values = as_floats(version.parameters)
    if version.law == "fag2020":
        lines.update(fag2020.zuschlaege_und_abschlaege(lines, values))
        return np.asarray(lines["zuschlag"] - lines["abschlag"])
    rules: Any = (fag2005.ausgleichszuweisungen, fag2005.ausgleichsbeitraege, fag2005.obergrenze)
    for rule in rules:
        lines.update(rule(lines, values))
    return np.asarray(lines["ausgleich"])


def grants(lines: Mapping[str, Any], version: Version) -> list[Any]:
    """§ 10 alone on Finanzkraft and Ausgleichsmesszahl as Vectors, exact: what each Land below the average receives."""
    values = as_vectors(version.parameters)
    if version.law == "fag2020":
        return list(fag2020.zuschlaege_und_abschlaege(lines, values)["zuschlag"])
    key = {"fag1993": "ausgleichszuweisung", "fag2005": "ausgleichszuweisung_abs_1"}[version.law]
    return list(LAWS[version.law].ausgleichszuweisungen(lines, values)[key])


def volume(amounts: Array) -> float:
    """What flows in all: the sum of the amounts that Länder receive, in euro."""
    return float(total(np.maximum(amounts, 0))[0])


# --- Pictures ---------------------------------------------------------------------------------------------------------


def differences(frame: pd.DataFrame, order: Sequence[str]) -> Drawing:
    """Points per Land, one per version, at the difference to the first column of ``frame``, in euro per head."""
    first, *others = (str(name) for name in frame.columns)
    rows: Rows = [
        {
            "land": land,
            "name": NAMES[land],
            "recht": name,
            "wert": float(frame.loc[land, name] - frame.loc[land, first]),
            "text": number(frame.loc[land, name] - frame.loc[land, first], sign=True),
        }
        for land in order
        for name in others
    ]
    spans = [
        {"land": land, "von": min(values), "bis": max(values)}
        for land in order
        if (values := [0.0, *(row["wert"] for row in rows if row["land"] == land)])
    ]
    y = alt.Y("land:N", sort=list(order), axis=land_axis())
    x = alt.X(
        "wert:Q",
        scale=alt.Scale(nice=False, padding=12),
        axis=alt.Axis(
            title=f"€ je Kopf gegenüber dem {first}",
            tickCount=5,
            format="+,.0f",
            labelExpr=PLAIN_ZERO,
            labelBound=True,
        ),
    )
    colour = alt.Scale(domain=others, range=[COLOURS[name] for name in others])
    shape = alt.Scale(domain=others, range=["square", "circle", "diamond"][: len(others)])
    zero = alt.Chart(data_of([{"wert": 0}])).mark_rule(strokeWidth=1.2).encode(x)
    legend = top_legend(others, symbolStrokeWidth=0)
    return alt.layer(
        zero,
        alt.Chart(data_of(spans)).mark_rule(strokeWidth=2.5, opacity=0.35).encode(alt.X("von:Q"), alt.X2("bis:Q"), y),
        alt.Chart(data_of(rows))
        .mark_point(filled=True, size=80, opacity=1)
        .encode(
            x,
            y,
            alt.Color("recht:N", scale=colour, legend=legend),
            alt.Shape("recht:N", scale=shape, legend=legend),
            tooltip=[
                alt.Tooltip("name:N", title="Land"),
                alt.Tooltip("recht:N", title="Recht"),
                alt.Tooltip("text:N", title="€ je Kopf"),
            ],
        ),
        width="container",
        height=alt.Step(25),
    )


def kept_heat(frame: pd.DataFrame) -> Drawing:
    """What remains of one more euro, in cents; ``frame`` as of ``kept_under_all``, the most under the first law on top.

    Left without, right with allgemeine BEZ, where the law is at hand.
    """
    columns: dict[str, pd.Series | float] = {}
    short: dict[str, str] = {}
    for kind, words in (("ohne", "ohne BEZ"), ("mit", "mit BEZ")):
        wide = frame.pivot(index="land", columns="version", values=kind).dropna(axis=1)
        if columns:
            columns[GAP] = float("nan")
        for version in VERSIONS:
            if version.name in wide:
                first, year = version.name.split()
                heading = f"{first}|{year}|{words}"
                columns[heading] = wide[version.name]
                short[heading] = f"{year}|{words.split()[0]}|BEZ"
    ordered = pd.DataFrame(columns).sort_values(next(iter(columns)), ascending=False)
    return heat(ordered, unit="Cent", middle=50, reach=50, short=short, over="Recht")


def one_year_two_laws(before: pd.DataFrame, bez: pd.DataFrame, names: tuple[str, str]) -> Drawing:
    """Umsatzsteuer, Ausgleich and allgemeine BEZ per head under two versions, a dumbbell per Land."""
    both = before + bez
    one, other = names
    frame = both[list(names)].reset_index().sort_values(one, ascending=False)
    text = [number(b - a, sign=True) for a, b in zip(frame[one], frame[other], strict=True)]
    return dumbbell(frame, {one: one, other: other}, unit="€ je Kopf", text=text)


def tariff_heat(frame: pd.DataFrame) -> Drawing:
    """Differences between two tariffs in euro per head; a column per year."""
    return heat(frame, unit="€ je Kopf", middle=0, sign=True, short=short_years(frame), fewer=True)


def volumes(years: Sequence[int]) -> pd.DataFrame:
    """What flows by § 10 under each tariff, in Mrd. €; a row per year that is worked back."""
    rows = {
        str(year): {version.name: volume(tariff_on(found_of(year), version)) / 1e9 for version in TARIFFS}
        for year in years
    }
    return pd.DataFrame.from_dict(rows, orient="index")


def tariff_difference(years: Sequence[int], versions: tuple[Version, Version]) -> pd.DataFrame:
    """What the second tariff gives more than the first, in euro per head; a row per Land, a column per year."""
    one, other = versions
    columns: dict[str, Any] = {}
    last = ""
    for year in years:
        law = load(year).law
        if last and law != last:
            columns[GAP] = float("nan")
        last = law
        people = np.array([float(preferred(load(year).results)["einwohner"][code].value) for code in CODES])
        columns[str(year)] = (tariff_on(found_of(year), other) - tariff_on(found_of(year), one)) / people
    return pd.DataFrame(columns, index=pd.Index(CODES, name="land"))
