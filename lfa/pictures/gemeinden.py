"""The pictures of §§ 8 and 9 FAG 1993: inhabitants by slices and their weights, taxes of the municipalities."""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any, Literal

import altair as alt
import numpy as np
import pandas as pd

from lfa.charts import ACCENT, NEUTRAL, PAYER, RECEIVER, data_of, land_axis
from lfa.evidence import open_last_digits, proof_links
from lfa.law import fag1993
from lfa.parameters import as_floats
from lfa.pictures.parts import BLUE, MILLION, Drawing, Rows, dumbbell, levels, right_column, stacked
from lfa.pictures.sheets import WHOLE, Places, anlage, missed
from lfa.settlement import Settlement
from lfa.sources import Cell
from lfa.states import CODES, INSGESAMT, NAMES
from lfa.tables import Table, number
from lfa.years import Year

SLICES = {
    "bis_5": "bis 5.000",
    "5_20": "5.001 bis 20.000",
    "20_100": "20.001 bis 100.000",
    "100_500": "100.001 bis 500.000",
    "500_1000": "500.001 bis 1 Mio.",
    "ueber_1000": "über 1 Mio.",
}
"""The slices of inhabitants in which § 9 Abs. 3 cuts a municipality, as readers call them."""
SLICE_COLOURS = ("#cfe8e4", "#8cc7bc", "#45a094", "#b493da", "#8d65bd", "#5c3490")
DENSITIES = {
    "1500_2000": "1.500 bis 2.000",
    "2000_3000": "2.000 bis 3.000",
    "ueber_3000": "über 3.000",
}
"""The density classes of § 9 Abs. 3, in inhabitants per square kilometre."""
CITIES = {
    "BY": "München",
    "BW": "Stuttgart",
    "NI": "Hannover",
    "HE": "Frankfurt",
    "BE": "Berlin",
    "HH": "Hamburg",
    "HB": "Bremen",
}
"""The only city of more than 500 000 inhabitants of a Land; Nordrhein-Westfalen has five, printed as one sum."""
TAXES = (
    ("einkommensteuer", "Einkommensteuer", PAYER),
    ("umsatzsteuer", "Umsatzsteuer", BLUE),
    ("grundsteuer_a", "Grundsteuer A", ACCENT),
    ("grundsteuer_b", "Grundsteuer B", "#d9a066"),
    ("gewerbesteuer", "Gewerbesteuer", RECEIVER),
    ("gewerbesteuerumlage", "Gewerbesteuerumlage (Abzug)", NEUTRAL),
)
"""What counts of the municipalities' taxes: the end of ``angerechnete_…``, its name and colour."""


BEFORE = {
    "gemeindeanteil_einkommensteuer": "Anteil an der Einkommensteuer",
    "gemeindeanteil_umsatzsteuer": "Umsatzsteuer",
    "steuerkraft_grundsteuer_a": "Grundsteuer A",
    "steuerkraft_grundsteuer_b": "Grundsteuer B",
    "steuerkraft_gewerbesteuer": "Gewerbesteuer",
    "realsteuerkraft": "Realsteuerkraft",
    "abzug_gewerbesteuerumlage": "Gewerbesteuerumlage",
}
"""Zeilen 42 to 49, with their headings."""
COUNTED = {
    **{f"angerechnete_{key}": f"{name.removesuffix(' (Abzug)')}, zur Hälfte" for key, name, _ in TAXES},
    "gemeindesteuern": "Steuern der Gemeinden",
}
"""Zeilen 50 to 57, with their headings."""
BASES = {
    "grundsteuer_a_grundbetraege": "Grundsteuer A: Grundbeträge",
    "grundsteuer_b_grundbetraege_1": "Grundsteuer B: 1. Stufe",
    "grundsteuer_b_grundbetraege_2": "2. Stufe",
    "grundsteuer_b_grundbetraege_3": "3. Stufe",
    "grundsteuer_b_grundbetraege_4": "4. Stufe",
    "grundsteuer_b_grundbetraege": "Grundsteuer B: zusammen",
    "gewerbesteuer_grundbetraege": "Gewerbesteuer: Grundbeträge",
}
"""The Grundbeträge of the Anlage zu § 8, with their headings."""
POWER = {
    "steuerkraft_grundsteuer_a": "Grundsteuer A: Steuerkraft",
    "grundsteuer_b_steuerkraft_1": "Grundsteuer B: 1. Stufe",
    "grundsteuer_b_steuerkraft_2": "2. Stufe",
    "grundsteuer_b_steuerkraft_3": "3. Stufe",
    "grundsteuer_b_steuerkraft_4": "4. Stufe",
    "steuerkraft_grundsteuer_b": "Grundsteuer B: zusammen",
    "steuerkraft_gewerbesteuer": "Gewerbesteuer: Steuerkraft",
    "realsteuerkraft": "Realsteuerkraft",
}
"""The Steuerkraft of the Anlage zu § 8, with its headings."""
REALSTEUERN = {"Grundsteuer A": "grundsteuer_a", "Grundsteuer B": "grundsteuer_b", "Gewerbesteuer": "gewerbesteuer"}


def mio(euro: float | Fraction) -> str:
    """An amount in millions of euro, without its sign."""
    return f"{number(abs(float(euro)) / MILLION, 1)} Mio. €"


def mrd(euro: float | Fraction) -> str:
    """An amount in thousand millions of euro, without its sign."""
    return f"{number(abs(float(euro)) / 1e9, 1)} Mrd. €"


def vh(value: float | Fraction, decimals: int = 1) -> str:
    """A Vomhundertsatz, with decimals only where it has any."""
    return f"{number(value, 0 if value == round(value) else decimals)} v.H."


Origins = Mapping[tuple[str, str], tuple[str, str]]
"""Row and column of a table, and the line and the Land of the Anlage from which its figure comes."""


def with_rate(classes: Sequence[Any], place: int, step: int) -> list[Any]:
    """A list of classes, or of bare rates, in which one Vomhundertsatz is ``step`` points higher."""
    result = list(classes)
    old = result[place]
    result[place] = {**old, "vomhundertsatz": old["vomhundertsatz"] + step} if isinstance(old, Mapping) else old + step
    return result


# --- § 9: inhabitants -------------------------------------------------------------------------------------------------


def weigh(year: Year, inhabitants: Sequence[int], density: str = "") -> dict[str, Any]:
    """§ 9 Abs. 3 for municipalities of these sizes, each for itself: the law's own lines, a place per municipality.

    ``density`` is the density class of those above 500 000 inhabitants, if they have one.
    """
    sizes = np.asarray(inhabitants, dtype=float)
    parameters = as_floats(year.parameters)
    lines: dict[str, Any] = {}
    for place in parameters["einwohner_klassen"]:
        name, above = place["klasse"], place["ueber"]
        member = (sizes > above) & (sizes <= above + place.get("breite", np.inf))
        lines |= {f"gemeinden_{name}": member * 1.0, f"einwohner_{name}": member * sizes}
    for name in DENSITIES:
        member = (sizes > 500_000) & (name == density)
        lines |= {f"dichte_gemeinden_{name}": member * 1.0, f"dichte_einwohner_{name}": member * sizes}
    # Abs. 2 is about Länder, not municipalities.
    weighted: dict[str, Any] = fag1993.einwohnerwertung(lines, {**parameters, "einwohnerwertung_laendersteuern": 100.0})
    return weighted


def city_sheet(settlement: Settlement, land: str, cities: Mapping[str, int]) -> pd.DataFrame:
    """The inhabitants of all municipalities of a Land slice by slice; what the Land has, rate, weighted as printed."""
    parameters = settlement.year.parameters
    printed = settlement.as_printed().lines
    place = CODES.index(land)
    own = weigh(settlement.year, list(cities.values()))
    rows = [
        {
            "schicht": SLICES[part["klasse"]],
            **{city: own[f"schicht_{part['klasse']}"][i] for i, city in enumerate(cities)},
            "land": printed[f"schicht_{part['klasse']}"][place],
            "satz": float(part["vomhundertsatz"]),
            "wertung": printed[f"wertung_{part['klasse']}"][place],
        }
        for part in parameters["einwohner_klassen"]
    ]
    for part in parameters["dichte_klassen"]:
        if people := printed[f"dichte_einwohner_{part['klasse']}"][place]:
            extra = {
                "schicht": "Zuschlag für Dichte",
                **{city: size if size > 500_000 else 0 for city, size in cities.items()},
                "land": people,
                "satz": float(part["vomhundertsatz"]),
                "wertung": printed[f"zuschlag_{part['klasse']}"][place],
            }
            rows.append(extra)
    frame = pd.DataFrame([row for row in rows if row["land"]])
    total = {"schicht": "zusammen", "land": printed["einwohner"][place], "wertung": frame["wertung"].sum(), **cities}
    return pd.concat([frame, pd.DataFrame([total])], ignore_index=True)


def supplements(settlement: Settlement) -> pd.DataFrame:
    """The supplements for density: class, rate, and in how many municipalities for how many people they hold."""
    whole = settlement.as_printed().insgesamt
    rows = [
        {
            "dichte": DENSITIES[part["klasse"]],
            "satz": float(part["vomhundertsatz"]),
            "gemeinden": int(whole[f"dichte_gemeinden_{part['klasse']}"] or 0),
            "einwohner": int(whole[f"dichte_einwohner_{part['klasse']}"] or 0),
        }
        for part in settlement.year.parameters["dichte_klassen"]
    ]
    return pd.DataFrame(rows)


def supplement_cells() -> Origins:
    """Where the figures of ``supplements`` stand in the Anlage."""
    return {
        (label, column): (f"dichte_{column}_{name}", INSGESAMT)
        for name, label in DENSITIES.items()
        for column in ("gemeinden", "einwohner")
    }


def bremen_cells() -> Origins:
    """Where the figures of the ``city_sheet`` of Bremen stand in the Anlage."""
    kinds = (("schicht", "land"), ("wertung", "wertung"))
    cells = {(label, column): f"{kind}_{name}" for name, label in SLICES.items() for kind, column in kinds}
    cells |= {
        ("Zuschlag für Dichte", "land"): "dichte_einwohner_1500_2000",
        ("Zuschlag für Dichte", "wertung"): "zuschlag_1500_2000",
        ("zusammen", "wertung"): "gewertete_einwohner",
        ("zusammen", "Bremen"): "einwohner_500_1000",
        ("zusammen", "Bremerhaven"): "einwohner_100_500",
    }
    return {place: (line, "HB") for place, line in cells.items()}


def marks(settlement: Settlement, places: Origins, name: str = "einwohner") -> dict[tuple[str, str], str]:
    """The proofs of those places of a table whose figures in a table of the source were corrected."""
    links = proof_links(settlement.year)
    cells = {place: Cell(name, line, land) for place, (line, land) in places.items()}
    return {place: links[cell] for place, cell in cells.items() if cell in links}


def known_cities(settlement: Settlement) -> pd.DataFrame:
    """Cities whose inhabitants the Anlage shows singly: size, weight by slices, and weight with the supplement."""
    printed = settlement.as_printed().lines
    rows = []
    for land, city in CITIES.items():
        place = CODES.index(land)
        density = [name for name in DENSITIES if printed[f"dichte_gemeinden_{name}"][place]]
        size = sum(printed[f"einwohner_{name}"][place] for name in ("500_1000", "ueber_1000"))
        if len(density) == 1 and printed["dichte_gemeinden"][place] == 1 and size:
            plain, dense = (weigh(settlement.year, [size], name) for name in ("", density[0]))
            key = "gewertete_einwohner_in_vh"
            rows.append((land, city, float(size), float(plain[key][0]), float(dense[key][0])))
    return pd.DataFrame(rows, columns=["land", "stadt", "einwohner", "schichten", "gewertet"])


def weight_curve(settlement: Settlement) -> Drawing:
    """The average weight of an inhabitant by the size of the municipality, and the large cities with supplements."""
    # The curve bends where a slice ends: with these points among them, fewer others do.
    bounds = [float(part["ueber"]) for part in settlement.year.parameters["einwohner_klassen"][1:]]
    sizes = np.unique(np.round(np.concatenate([np.geomspace(2000, 5_000_000, 90), bounds])))
    weights = weigh(settlement.year, sizes.tolist())["gewertete_einwohner_in_vh"]
    curve = [{"x": float(x), "y": float(y)} for x, y in zip(sizes, weights, strict=True)]
    cities = known_cities(settlement)
    high = max(float(cities["gewertet"].max()), float(max(weights))) + 2.5
    x = alt.X(
        "x:Q",
        scale=alt.Scale(type="log", domain=[2000, 5_000_000], nice=False),
        title="Einwohner der Gemeinde",
        axis=alt.Axis(
            values=[5000, 20000, 100_000, 500_000, 1_000_000],
            labelExpr="datum.value >= 1e6 ? '1 Mio.' : datum.value / 1000 + ' Tsd.'",
            labelOverlap="greedy",
            grid=True,
            gridDash=[2, 3],
        ),
    )
    y = alt.Y(
        "y:Q",
        scale=alt.Scale(domain=[99, high], nice=False, zero=False),
        title="Wertung je Einwohner, v.H.",
        axis=alt.Axis(tickCount=6, grid=False),
    )
    rows = _city_labels(cities)
    points = alt.Chart(data_of(rows)).encode(x, y)
    labels = alt.Chart(data_of(rows)).encode(alt.X("text_x:Q"), alt.Y("text_y:Q"), text="stadt:N")
    return alt.layer(
        alt.Chart(data_of(curve)).mark_area(color=PAYER, opacity=0.15, line=False).encode(x, y, alt.Y2Datum(100)),
        alt.Chart(data_of(curve)).mark_line(color=PAYER, strokeWidth=2.6).encode(x, y),
        alt.Chart(data_of(rows)).mark_rule(color=ACCENT, strokeWidth=2.5).encode(x, y, alt.Y2("ohne:Q")),
        points.mark_point(filled=True, size=85, opacity=1, color=ACCENT).encode(
            tooltip=[
                alt.Tooltip("stadt:N", title="Stadt"),
                alt.Tooltip("menschen:N", title="Einwohner"),
                alt.Tooltip("text:N", title="v.H."),
            ]
        ),
        points.transform_filter("!datum.oben")
        .mark_rule(strokeWidth=0.7, opacity=0.7)
        .encode(x2="text_x:Q", y2="text_y:Q"),
        labels.transform_filter("!datum.oben").mark_text(align="right", dx=-4, aria=False),
        # Above and to the left: further right, the next city's line would cross the name.
        labels.transform_filter("datum.oben").mark_text(align="right", dx=9, dy=-14, aria=False),
        width="container",
        height=360,
    )


def _city_labels(cities: pd.DataFrame) -> Rows:
    """The cities and where their names stand: up to a million stacked on the left, above that beside the point."""
    rows: Rows = []
    for row in cities.sort_values(["gewertet", "einwohner"]).itertuples():
        small = row.einwohner <= MILLION
        below = max((other["text_y"] for other in rows if other["klein"] and small), default=0.0)
        rows.append(
            {
                "x": row.einwohner,
                "y": row.gewertet,
                "ohne": row.schichten,
                "stadt": row.stadt,
                "klein": small,
                "oben": False,
                "text_x": 430_000.0,
                "text_y": max(row.gewertet, below + 1.7) if small else row.gewertet,
                "menschen": number(row.einwohner),
                "text": number(row.gewertet, 1),
            }
        )
    large = sorted((row for row in rows if not row["klein"]), key=lambda row: row["x"])
    for row in large:
        # Of two at the same height the left one is named on its left, the right one above it.
        twins = [other for other in large if abs(other["y"] - row["y"]) < 1.7]
        row["oben"] = row is not twins[0]
        row["text_x"] = row["x"] if row["oben"] else row["x"] * 0.85
    return rows


def slice_shares(settlement: Settlement) -> pd.DataFrame:
    """How the inhabitants of each Land lie in the slices, in v.H.: a row per Land, a column per slice."""
    lines = settlement.as_printed().lines
    parts = {label: 100 * lines[f"schicht_{name}"] / lines["einwohner"] for name, label in SLICES.items()}
    return pd.DataFrame(parts, index=pd.Index(CODES, name="land"))


def slice_bars(settlement: Settlement) -> Drawing:
    """The inhabitants of each Land cut into slices, as shares of 100; the weighted v.H. (Abs. 3) at the right."""
    weighted = pd.Series(settlement.as_printed().lines["gewertete_einwohner_in_vh"], CODES)
    weighted = weighted.sort_values(ascending=False, kind="stable")
    return stacked(
        slice_shares(settlement).loc[weighted.index],
        SLICE_COLOURS,
        unit="v.H. der Einwohner",
        text=[number(value, 1) for value in weighted],
    )


def weightings(settlement: Settlement) -> pd.DataFrame:
    """Weighted in v.H. of actual inhabitants, for Ländersteuern and for Gemeindesteuern."""
    lines = settlement.as_printed().lines
    return pd.DataFrame(
        {
            "Ländersteuern": 100 * lines["gewertete_einwohner_laendersteuern"] / lines["einwohner"],
            "Gemeindesteuern": lines["gewertete_einwohner_in_vh"],
        },
        index=pd.Index(CODES, name="land"),
    )


def weighting_dots(settlement: Settlement) -> Drawing:
    """Both weightings of each Land as two dots, beside the 100 v.H. of a person who counts once."""
    frame = weightings(settlement).sort_values("Gemeindesteuern", ascending=False).reset_index()
    return dumbbell(
        frame,
        {"Ländersteuern": "für Ländersteuern", "Gemeindesteuern": "für Gemeindesteuern"},
        unit="v.H.",
        decimals=1,
        text=[f"{number(row.Ländersteuern)} | {number(row.Gemeindesteuern, 1)}" for row in frame.itertuples()],
        mark=100,
    )


def unrounded(settlement: Settlement, land: str) -> Fraction:
    """The weighted inhabitants of a Land by § 9 Abs. 3 if nothing were rounded."""
    printed, p = settlement.as_printed().lines, settlement.year.parameters
    place = CODES.index(land)
    parts = [(f"schicht_{part['klasse']}", part) for part in p["einwohner_klassen"]]
    parts += [(f"dichte_einwohner_{part['klasse']}", part) for part in p["dichte_klassen"]]
    return sum(
        (Fraction(int(printed[key][place])) * Fraction(part["vomhundertsatz"]) / 100 for key, part in parts),
        Fraction(0),
    )


SUMMED_BEFORE = ("einwohner", "wertung")
"""Parts of the Anlage zu § 9 whose sum by Land stands in the table of results already."""


def by_class(settlement: Settlement, key: str, *, caption: str) -> Table:
    """A part of the Anlage zu § 9, as printed and corrected: a row per Land, a column per class, and their sum."""
    headings = {f"{key}_{name}": label for name, label in SLICES.items()}
    if key in SUMMED_BEFORE:
        note = "Die Summen stehen in der ersten Tabelle."
    else:
        headings, note = headings | {key: "zusammen"}, ""
    return anlage(settlement, headings, name="einwohner", caption=caption, note=note)


def rates(settlement: Settlement) -> pd.DataFrame:
    """The slices of § 9 Abs. 3: name, how many people fit in, and the rate in v.H."""
    classes = settlement.year.parameters["einwohner_klassen"]
    rows = [
        (SLICES[part["klasse"]], int(part["breite"]) if "breite" in part else None, float(part["vomhundertsatz"]))
        for part in classes
    ]
    return pd.DataFrame(rows, columns=["schicht", "breite", "satz"]).astype({"breite": "Int64"})


def slice_by_hand(settlement: Settlement, land: str, name: str) -> dict[str, int]:
    """What fills a slice of a Land by the print: people of its own class above its bound, and larger municipalities."""
    printed, place = settlement.as_printed().lines, CODES.index(land)
    names = list(SLICES)
    bounds = settlement.year.parameters["einwohner_klassen"][names.index(name)]
    municipalities, people = (int(printed[f"{key}_{name}"][place]) for key in ("gemeinden", "einwohner"))
    larger = sum(int(printed[f"gemeinden_{other}"][place]) for other in names[names.index(name) + 1 :])
    own, width = people - int(bounds["ueber"]) * municipalities, int(bounds["breite"])
    parts = {"gemeinden": municipalities, "einwohner": people, "grenze": int(bounds["ueber"]), "eigene": own}
    return parts | {"groessere": larger, "breite": width, "schicht": own + larger * width}


def other_weights(settlement: Settlement) -> pd.DataFrame:
    """How many printed figures are missed when a rate of § 9 Abs. 3 is a point lower or higher."""
    kinds = {"einwohner_klassen": ("Schicht", SLICES), "dichte_klassen": ("Zuschlag bei", DENSITIES)}
    rows = []
    for key, (words, labels) in kinds.items():
        for place, label in enumerate(labels.values()):
            changed = ({key: with_rate(settlement.year.parameters[key], place, step)} for step in (-1, 0, 1))
            counts = (missed(settlement, {"einwohner": WHOLE}, **values) for values in changed)
            rows.append((f"{words} {label}", *counts))
    return pd.DataFrame(rows, columns=["Satz", "ein Punkt weniger", "wie angesetzt", "ein Punkt mehr"])


def other_city_weights(settlement: Settlement, places: Places) -> list[int]:
    """How many printed figures are missed when people in city states weigh a point less, as they do, a point more."""
    weights = settlement.year.parameters["einwohnerwertung_laendersteuern"]
    changed = ({land: rate + step * (rate > 100) for land, rate in weights.items()} for step in (-1, 0, 1))
    return [missed(settlement, places, einwohnerwertung_laendersteuern=other) for other in changed]


def otherwise_rounded(settlement: Settlement) -> pd.DataFrame:
    """The weighted inhabitants of each Land as printed, if nothing were rounded, and if only the sum were."""
    printed = settlement.as_printed().lines["gewertete_einwohner_gemeindesteuern"]
    exact = [unrounded(settlement, land) for land in CODES]
    parts = {"druck": printed.astype(int), "ohne": exact, "am_ende": [int(value + Fraction(1, 2)) for value in exact]}
    return pd.DataFrame(parts, index=pd.Index(CODES, name="land"))


# --- § 8: taxes of the municipalities ---------------------------------------------------------------------------------


def tax_power(settlement: Settlement, land: str) -> pd.DataFrame:
    """Grundbeträge × uniform rate = Steuerkraft for one Land, as printed; in euro."""
    printed, p = settlement.as_printed().lines, settlement.year.parameters
    place = CODES.index(land)
    steps = ("erste 51,1 Tsd. €", "weitere 102,3 Tsd. €", "weitere 255,6 Tsd. €", "über 409,0 Tsd. €")
    lines = [
        (
            "Grundsteuer A",
            "grundsteuer_a_grundbetraege",
            p["grundsteuer_a_vomhundertsatz"],
            "steuerkraft_grundsteuer_a",
        ),
        *(
            (f"Grundsteuer B, {step}", f"grundsteuer_b_grundbetraege_{i}", rate, f"grundsteuer_b_steuerkraft_{i}")
            for i, (step, rate) in enumerate(zip(steps, p["grundsteuer_b_vomhundertsaetze"], strict=True), 1)
        ),
        (
            "Gewerbesteuer",
            "gewerbesteuer_grundbetraege",
            p["gewerbesteuer_vomhundertsatz"],
            "steuerkraft_gewerbesteuer",
        ),
    ]
    return pd.DataFrame(
        [(name, printed[base][place], float(rate), printed[power][place]) for name, base, rate, power in lines],
        columns=["steuer", "grundbetrag", "satz", "steuerkraft"],
    )


def counted_per_hundred(settlement: Settlement, lands: Sequence[str]) -> pd.DataFrame:
    """What is counted of each Realsteuer for 100 euro of Steuerkraft, a row per Land."""
    printed = settlement.as_printed().lines
    frame = pd.DataFrame(
        {
            name: 100 * printed[f"angerechnete_{key}"] / printed[f"steuerkraft_{key}"]
            for name, key in REALSTEUERN.items()
        },
        index=pd.Index([NAMES[code] for code in CODES], name="Land"),
    )
    return frame.loc[[NAMES[code] for code in lands]]


def other_rates(settlement: Settlement, places: Places) -> pd.DataFrame:
    """How many printed figures are missed when a rate of § 8 is a point lower or higher, and the half half a point."""
    p, steps = settlement.year.parameters, (-1, 0, 1)
    names = {"grundsteuer_a_vomhundertsatz": "Grundsteuer A", "gewerbesteuer_vomhundertsatz": "Gewerbesteuer"}
    by_step, half = "grundsteuer_b_vomhundertsaetze", "gemeindesteuern_anrechnung"
    changed = {name: [{key: p[key] + step} for step in steps] for key, name in names.items()}
    for place in range(len(p[by_step])):
        changed[f"Grundsteuer B, {place + 1}. Stufe"] = [
            {by_step: with_rate(p[by_step], place, step)} for step in steps
        ]
    changed["Hälfte"] = [{half: p[half] + Fraction(step, 200)} for step in steps]
    rows = [(name, *(missed(settlement, places, **values) for values in three)) for name, three in changed.items()]
    return pd.DataFrame(rows, columns=["Satz", "weniger", "wie angesetzt", "mehr"])


def mean_rate(settlement: Settlement) -> pd.DataFrame:
    """The rate that the Grundsteuer B of a Land bears on average, in v.H."""
    printed = settlement.as_printed().lines
    rate = 100 * printed["steuerkraft_grundsteuer_b"] / printed["grundsteuer_b_grundbetraege"]
    return pd.DataFrame({"land": CODES, "satz": rate})


def rate_dots(settlement: Settlement) -> Drawing:
    """The average rate of the Grundsteuer B of each Land between the lowest and the highest rate of the law."""
    frame = mean_rate(settlement).sort_values("satz", ascending=False)
    rates = [float(rate) for rate in settlement.year.parameters["grundsteuer_b_vomhundertsaetze"]]
    low, high = min(rates), max(rates)
    rows = [
        {"land": row.land, "name": NAMES[row.land], "wert": row.satz, "von": low, "text": number(row.satz, 1)}
        for row in frame.itertuples()
    ]
    y = alt.Y("land:N", sort=list(frame["land"]), axis=land_axis())
    x = alt.X("wert:Q", axis=None, scale=alt.Scale(domain=[low, high + 0.45 * (high - low)], nice=False, zero=False))
    base = alt.Chart(data_of(rows)).encode(x, y)
    return alt.layer(
        *levels([{"wert": rate, "text": number(rate)} for rate in rates], x),
        base.mark_rule(strokeWidth=3, opacity=0.35, color=ACCENT).encode(x2="von:Q"),
        base.mark_point(filled=True, size=85, opacity=1, color=ACCENT).encode(
            tooltip=[alt.Tooltip("name:N", title="Land"), alt.Tooltip("text:N", title="v.H.")]
        ),
        right_column(rows, y),
        width="container",
        height=alt.Step(22),
    )


def counted_taxes(settlement: Settlement) -> pd.DataFrame:
    """What counts of each tax, in euro per inhabitant: a row per Land, a column per tax, the Umlage negative."""
    printed = settlement.as_printed().lines
    parts = {label: printed[f"angerechnete_{key}"] / printed["einwohner"] for key, label, _ in TAXES}
    return pd.DataFrame(parts, index=pd.Index(CODES, name="land"))


def taxes_in_words(settlement: Settlement) -> str:
    """The counted taxes of the municipalities per inhabitant as a text alternative, the highest sum first."""
    frame = counted_taxes(settlement)
    rows = frame.loc[frame.sum(axis=1).sort_values(ascending=False).index]
    return "; ".join(
        f"{NAMES[row[0]]} {number(sum(row[1:]))}, davon "
        + ", ".join(f"{tax} {number(euro, 1)}" for tax, euro in zip(frame.columns, row[1:], strict=True))
        for row in rows.itertuples()
    )


def tax_bars(settlement: Settlement) -> Drawing:
    """The counted taxes of the municipalities per inhabitant, stacked by tax; in euro."""
    frame = counted_taxes(settlement)
    total = frame.sum(axis=1).sort_values(ascending=False)
    return stacked(
        frame.loc[total.index],
        [colour for *_, colour in TAXES],
        unit="€ je Einwohner",
        text=[number(amount) for amount in total],
    )


def flows(settlement: Settlement, land: str) -> pd.DataFrame:
    """Where each tax of a Land's municipalities goes, in euro: deducted as Umlage, counted, or not counted.

    The Realsteuern are what the spread national receipts give the Land. The Umlage is taken out of the Gewerbesteuer.
    """
    printed, share = settlement.as_printed().lines, float(settlement.year.parameters["gemeindesteuern_anrechnung"])
    place = CODES.index(land)
    umlage = -float(printed["abzug_gewerbesteuerumlage"][place])
    rows = []
    for key, label, _ in TAXES[:-1]:
        counts = float(printed[f"angerechnete_{key}"][place])
        whole = counts / share
        if key == "gewerbesteuer":
            counts += float(printed["angerechnete_gewerbesteuerumlage"][place])
            rows.append((label, "Umlage", umlage))
            whole -= umlage
        rows += [(label, "zählt", counts), (label, "zählt nicht", whole - counts)]
    return pd.DataFrame(rows, columns=["steuer", "ziel", "betrag"])


def flow_chart(settlement: Settlement, land: str) -> Drawing:
    """From each tax (left) to what counts of it (right), bands as thick as the amounts; in Mio. €."""
    frame = flows(settlement, land)
    frame = frame[frame["betrag"] > 0].assign(betrag=frame["betrag"] / MILLION)
    whole = float(frame["betrag"].sum())
    targets = ["zählt", "zählt nicht", "Umlage"]
    taxes = [label for _, label, _ in TAXES[:-1] if label in set(frame["steuer"])]
    left, left_words = _stack(frame, "steuer", taxes, 0.045 * whole)
    right, right_words = _stack(frame, "ziel", targets, 0.09 * whole)
    start, end = _edges(frame, left, "steuer", "ziel", targets), _edges(frame, right, "ziel", "steuer", taxes)
    bands: Rows = []
    for row in frame.itertuples():
        key = (row.steuer, row.ziel)
        for t in np.linspace(0, 1, 13):
            bend = float(t * t * (3 - 2 * t))
            top = start[key] + (end[key] - start[key]) * bend
            words = {"steuer": row.steuer, "ziel": row.ziel, "band": f"{row.steuer} {row.ziel}"}
            amount = {"betrag": number(row.betrag, 1), "deckung": 0.85 if row.ziel == "zählt" else 0.3}
            bands.append({"x": float(t), "y": top, "y2": top + row.betrag} | words | amount)
    height = max(word["unten"] for word in (*left_words, *right_words))
    x = alt.X("x:Q", axis=None, scale=alt.Scale(domain=[-0.62, 1.5], nice=False, zero=False))
    y = alt.Y("y:Q", axis=None, scale=alt.Scale(domain=[0, height], reverse=True, nice=False))
    base = alt.Chart(data_of(bands))
    colours = {label: colour for _, label, colour in TAXES}
    layers: list[alt.Chart] = [
        base.mark_area(line=False).encode(
            x,
            y,
            alt.Y2("y2:Q"),
            alt.Color("steuer:N", scale=alt.Scale(domain=taxes, range=[colours[tax] for tax in taxes]), legend=None),
            alt.Opacity("deckung:Q", scale=None),
            detail="band:N",
            tooltip=[
                alt.Tooltip("steuer:N", title="Steuer"),
                alt.Tooltip("ziel:N", title="davon"),
                alt.Tooltip("betrag:N", title="Mio. €"),
            ],
        )
    ]
    layers += [*_side(left_words, 0, x, left=True), *_side(right_words, 1, x, left=False)]
    return alt.layer(*layers, width="container", height=380)


def _side(words: Rows, place: int, x: alt.X, *, left: bool) -> list[alt.Chart]:
    """Name and amount of each block, outside the bands."""
    text = alt.Chart(data_of([word | {"x": place} for word in words])).encode(x, alt.Y("mitte:Q"))
    align: Literal["left", "right"] = "right" if left else "left"
    dx = -6 if left else 6
    return [
        text.mark_text(align=align, dx=dx, dy=-7, aria=False).encode(text="name:N"),
        text.mark_text(align=align, dx=dx, dy=8, fontWeight="bold", aria=False).encode(text="text:N"),
    ]


def _stack(frame: pd.DataFrame, by: str, order: Sequence[str], gap: float) -> tuple[dict[str, float], Rows]:
    """Where each block of a side begins, from above, and its label; blocks are ``gap`` apart, labels get room."""
    begin: dict[str, float] = {}
    words: Rows = []
    sums = frame.groupby(by)["betrag"].sum()
    at = gap / 2
    for name in order:
        if name not in sums:
            continue
        # A thin block still needs the room of its two lines of text.
        room = max(0.0, 1.6 * gap - sums[name]) / 2 if by == "steuer" else 0.0
        begin[name] = at + room
        middle = begin[name] + sums[name] / 2
        at = begin[name] + sums[name] + room + gap
        words.append({"name": name, "text": number(sums[name]), "mitte": middle, "unten": at - gap / 2})
    return begin, words


def _edges(
    frame: pd.DataFrame, begin: Mapping[str, float], block: str, other: str, order: Sequence[str]
) -> dict[tuple[str, str], float]:
    """Where each band touches its block: the bands of a block lie in the order of the other side."""
    at = dict(begin)
    result: dict[tuple[str, str], float] = {}
    rows = sorted(frame.to_dict("records"), key=lambda row: order.index(row[other]))
    for row in rows:
        result[row["steuer"], row["ziel"]] = at[row[block]]
        at[row[block]] += row["betrag"]
    return result


def full_first_steps(settlement: Settlement, step: Fraction) -> list[str]:
    """Länder in which every municipality fills the first step of the Grundsteuer B (``step`` euro each)."""
    printed = settlement.as_printed().lines
    return [
        code
        for code, amount, count in zip(
            CODES, printed["grundsteuer_b_grundbetraege_1"], printed["gemeinden"], strict=True
        )
        if abs(Fraction(int(amount)) - int(count) * step) <= 500
    ]


def open_first_step(settlement: Settlement, land: str) -> tuple[int, int, int]:
    """The first step of the Grundsteuer B where its last digit is open, in thousands of euro.

    The figure put in, the only other one that meets every rule, and what the printed sum of the steps leaves for it.
    """
    figures, steps = settlement.year.figures, "grundsteuer_b_grundbetraege"
    first, *others, total = (
        Cell("realsteuerkraft", f"{steps}_{end}", land) for end in ("1", "2", "3", "4", "zusammen")
    )
    [other] = open_last_digits(settlement.year)[first]
    return int(figures[first]), int(other), int(figures[total] - sum(figures[cell] for cell in others))
