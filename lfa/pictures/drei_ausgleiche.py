"""Three things that are called Ausgleich: who pays whom, by which law, and how they hang together."""

import datetime
from collections.abc import Mapping, Sequence
from fractions import Fraction
from types import ModuleType
from typing import Any, NamedTuple

import altair as alt
import pandas as pd

from lfa import bekanntmachung
from lfa.charts import ACCENT, PAYER, RECEIVER, data_of
from lfa.gesetze import gesetze
from lfa.law import fag1993, fag2005, fag2020
from lfa.law.arrays_lists import Vector
from lfa.parameters import as_vectors, parameters
from lfa.pictures.parts import Drawing, Rows
from lfa.pictures.verfahren import ordinance, statute
from lfa.pictures.wer_rechnet import CONSTITUTION, LAW_2012, LAW_2026, PURPOSE, Quote, cite
from lfa.series import balances
from lfa.tables import Table, table
from lfa.years import Year

YEARS = (2003, 2013, 2023)
"""One year of each law; the last two have an announcement of Baden-Württemberg as well."""
HOME = "BW"
LAENDER, KOMMUNAL, LASTEN = "Länderfinanzausgleich", "Kommunaler Finanzausgleich", "Lastenausgleich"
COLOURS = {LAENDER: RECEIVER, KOMMUNAL: ACCENT, LASTEN: PAYER}
LAWS: Mapping[str, ModuleType] = {"fag1993": fag1993, "fag2005": fag2005, "fag2020": fag2020}
WORDS = ("Länderfinanzausgleich", "Lastenausgleich", "Ausgleichsamt", "Schlüsselzahlen", "Bundesrat")
"""The words that are counted; as part of a longer word they count too."""
HEAD, BOX, BETWEEN = 0.6, 0.85, 0.75
"""Heights in a band of the picture, and the room below it."""


class Band(NamedTuple):
    """One Ausgleich in the picture: who gives, what goes there and back, who gets, and what leads to the next band."""

    name: str
    law: str
    giver: tuple[str, str]
    there: str
    back: str
    taker: tuple[str, str]
    below: str


class _Ones(dict[str, Any]):
    """Lines of two Länder in which everything that is not named is one."""

    def __missing__(self, key: str) -> Vector:
        return Vector([Fraction(1), Fraction(1)])


def counted() -> pd.DataFrame:
    """What one more euro of the taxes of its Gemeinden adds to the Finanzkraft of a Land, by law: the law computes."""
    rows = []
    for entry in gesetze():
        p = as_vectors(parameters(entry.law, datetime.date(entry.first, 12, 31)))
        rule = LAWS[entry.law].gemeindesteuern
        more = _Ones(gemeindeanteil_einkommensteuer=Vector([Fraction(2), Fraction(1)]))
        before, after = (list(rule(lines, p)["gemeindesteuern"]) for lines in (_Ones(), more))
        if before[1] != after[1]:
            raise ValueError(f"{entry.law}: the euro counts for the other Land")
        rows.append((entry.short, entry.first, after[0] - before[0]))
    return pd.DataFrame(rows, columns=["gesetz", "ab", "anteil"])


def moved(years: Sequence[int] = YEARS) -> pd.DataFrame:
    """Between the Länder: the sum in euro, how many paid and got, what Baden-Württemberg paid, how firm; by year."""
    frame = balances()
    rows = []
    for year in years:
        part = frame[frame["year"] == year]
        value, home = part["value"], part.loc[part["land"] == HOME, "value"]
        paid, got = -value[value < 0].sum(), value[value > 0].sum()
        rows.append((year, paid, got, (value < 0).sum(), (value > 0).sum(), -home.sum(), set(part["status"])))
    columns = ["jahr", "gezahlt", "erhalten", "zahler", "empfaenger", "bw", "stand"]
    return pd.DataFrame(rows, columns=columns).set_index("jahr")


def printed_sums(year: int) -> dict[str, Fraction]:
    """The numbers of an announcement that are the sum of a whole Zuweisung, in euro, by their paragraph."""
    found: dict[str, Fraction] = {}
    for number in bekanntmachung.load(year).values():
        if number.unit in ("Euro", "Mio. Euro") and number.amount is not None:
            found[number.paragraph] = found.get(number.paragraph, Fraction(0)) + number.amount
    return found


def amounts(years: Sequence[int] = YEARS) -> Table:
    """What is at hand of sums, in Mrd. €; a dash where nothing is."""
    between = moved(years)
    announced = set(bekanntmachung.years())
    columns = {"was": ["Zwischen den Ländern", "davon aus Baden-Württemberg", "Kommunal, gedruckte Summen", LASTEN]}
    for year in years:
        inside = sum(printed_sums(year).values()) if year in announced else None
        values = [between.loc[year, "gezahlt"], between.loc[year, "bw"], inside, None]
        columns[str(year)] = [None if value is None else float(value) / 1e9 for value in values]  # type: ignore[misc]
    provisional = [str(year) for year in years if "vorlaeufig" in between.loc[year, "stand"]]
    return table(
        pd.DataFrame(columns),
        caption="Wie viel Geld? Was davon vorliegt",
        columns={"was": "Summe", **{str(year): str(year) for year in years}},
        units="Mrd. €",
        decimals=1,
        row_header="was",
        note="Leer: liegt uns nicht vor." + (f" Vorläufig: {', '.join(provisional)}." if provisional else ""),
    )


def quotes() -> dict[str, Quote]:
    """What the statutes say of the three, by a short name."""
    duty = (
        "Durch Bundesgesetz, das der Zustimmung des Bundesrates bedarf, ist sicherzustellen, dass die unterschiedliche "
        "Finanzkraft der Länder angemessen ausgeglichen wird; hierbei sind die Finanzkraft und der Finanzbedarf der "
        "Gemeinden (Gemeindeverbände) zu berücksichtigen."
    )
    return {
        "gg-107": cite("gg", "Art. 107 Abs. 2 Satz 1", duty, name=CONSTITUTION),
        "gg-107-heute": cite("gg", "Art. 107 Abs. 2 Satz 2", name=CONSTITUTION),
        "fag-12-frueher": cite("fag-2012", "§ 12", name=LAW_2012),
        "fag-12-heute": cite("fag-2026", "§ 12", name=LAW_2026),
        "lag-1": cite("lag", "§ 1", PURPOSE, name="LAG"),
        "lag-305": cite("lag", "§ 305 Abs. 1", name="LAG"),
    }


def texts(year: Year) -> dict[str, str]:
    """The texts in which words are counted: a year's ordinance, the last announcement, excerpts of the LAG."""
    last = bekanntmachung.years()[-1]
    announcement = (bekanntmachung.FOLDER / str(last) / "bekanntmachung.txt").read_text(encoding="utf-8")
    return {
        f"Verordnung {year.year}": ordinance(year),
        f"Bekanntmachung {last}": " ".join(announcement.split()),
        "LAG": " ".join(statute("lag").values()),
    }


def word_counts(year: Year) -> pd.DataFrame:
    """How often each of WORDS stands in each text; capitals do not matter."""
    return pd.DataFrame(
        {name: [text.lower().count(word.lower()) for word in WORDS] for name, text in texts(year).items()},
        index=pd.Index(WORDS, name="wort"),
    )


def four_questions() -> Table:
    """Who pays, who gets, which law, who computes, and whether it is still alive; with sources."""
    columns = {
        "Frage": (
            *("Wer zahlt?", "Wer bekommt?", "Welches Gesetz?", "Wer rechnet?"),
            *("Was wird gemessen?", "Lebt er noch?", "Quelle"),
        ),
        LAENDER: (
            "bis 2019 starke Länder; seit 2020 bekommen sie weniger Umsatzsteuer",
            "schwache Länder",
            "Art. 107 Abs. 2 GG, FAG des Bundes",
            "Bundesministerium der Finanzen, der Bundesrat stimmt zu",
            "Steuern der Länder und ein Teil der Steuern ihrer Gemeinden",
            "ja, seit 2020 als Zuschlag und Abschlag",
            "Art. 107 GG; §§ 4, 10, 12 FAG",
        ),
        KOMMUNAL: (
            "das Land; die Gemeinden und Kreise mit der Umlage",
            "Gemeinden, Stadt- und Landkreise",
            "FAG des Landes",
            "bekannt gibt es das Finanz\u00administerium des Landes",
            "Steuerkraft und Bedarf der Gemeinden, dazu Kinder, Straßen, Schulen",
            "ja, jedes Jahr",
            "§§ 1, 1a, 5, 8 FAG BW; Bekanntmachungen",
        ),
        LASTEN: (
            "der Staat, aus Mitteln, die nach dem LAG aufgebracht werden",
            "einzelne Menschen",
            "Art. 120a GG, LAG",
            "Ausgleichsämter, Landes\u00adausgleichs\u00adämter, Bundesausgleichsamt",
            "Schäden und Verluste durch Krieg und Vertreibung",
            "das Gesetz gilt, manches ist zum Bund gewandert",
            "§§ 1, 305 bis 313 LAG; Art. 120a GG",
        ),
    }
    return table(
        pd.DataFrame(columns),
        caption="Drei Ausgleiche, Frage für Frage",
        columns=list(columns),
        row_header="Frage",
    )


def bands(between: str, inside: str, shares: str) -> tuple[Band, Band, Band]:
    """The three bands of the picture; the amounts over the arrows, and the shares of the taxes that count above."""
    return (
        Band(
            LAENDER,
            "FAG des Bundes",
            ("Starke Länder", "geben ab"),
            between,
            "",
            ("Schwache Länder", "erhalten"),
            f"▲ Gemeindesteuern zählen oben mit: {shares}",
        ),
        Band(
            KOMMUNAL,
            "FAG des Landes",
            ("Ein Land", "hier: Baden-Württ."),
            inside,
            "Umlage",
            ("Gemeinden", "und Kreise"),
            "keine Verbindung",
        ),
        Band(
            LASTEN,
            "LAG",
            ("Staat", "entschädigt"),
            "",
            "",
            ("Menschen", "mit Verlusten"),
            "",
        ),
    )


def flows(shown: Sequence[Band]) -> Drawing:
    """Three bands from above: who gives, an arrow there (and back), who gets; and what leads from one to the next."""
    boxes: Rows = []
    heads: Rows = []
    arrows: Rows = []
    links: Rows = []
    for place, band in enumerate(shown):
        top = place * (HEAD + BOX + BETWEEN)
        shade, upper, lower = COLOURS[band.name], top + HEAD, top + HEAD + BOX
        heads.append({"x": 0, "y": top + 0.3, "name": f"{band.name}: {band.law}", "farbe": shade})
        for left, right, (who, what), full in ((0, 3.6, band.giver, 0.12), (6.4, 10, band.taker, 0.3)):
            boxes.append(
                {
                    "x": left,
                    "x2": right,
                    "mitte": (left + right) / 2,
                    "y": upper,
                    "y2": lower,
                    "wer_y": upper + 0.3,
                    "was_y": upper + 0.6,
                    "wer": who,
                    "was": what,
                    "farbe": shade,
                    "fuellung": full,
                }
            )
        height = upper + (0.3 if band.back else 0.45)
        arrows.append(_arrow(3.75, 6.1, height, band.there, -0.12, shade, 90))
        if band.back:
            arrows.append(_arrow(6.25, 3.9, upper + 0.6, band.back, 0.18, shade, -90))
        if band.below:
            links.append({"x": 5, "y": lower + 0.6 * BETWEEN, "text": band.below})
    total = len(shown) * (HEAD + BOX + BETWEEN) - BETWEEN
    across = alt.Scale(domain=[0, 10], nice=False)
    down = alt.Scale(domain=[0, total + 0.05], nice=False, reverse=True)
    size = alt.ExprRef(expr="containerSize()[0] < 480 ? 11 : 14")
    small = alt.ExprRef(expr="containerSize()[0] < 480 ? 10 : 12")

    def at(x: str, y: str) -> tuple[alt.X, alt.Y]:
        return alt.X(f"{x}:Q", axis=None, scale=across), alt.Y(f"{y}:Q", axis=None, scale=down)

    box, arrow = alt.Chart(data_of(boxes)), alt.Chart(data_of(arrows))
    colour = alt.Color("farbe:N", scale=None)
    return alt.layer(
        box.mark_rect(cornerRadius=4, strokeWidth=1.4).encode(
            *at("x", "y"),
            alt.X2("x2:Q"),
            alt.Y2("y2:Q"),
            alt.Fill("farbe:N", scale=None),
            alt.Stroke("farbe:N", scale=None),
            alt.FillOpacity("fuellung:Q", scale=None),
        ),
        arrow.mark_rule(strokeWidth=3).encode(*at("x", "y"), alt.X2("x2:Q"), colour),
        arrow.mark_point(shape="triangle", filled=True, size=130, opacity=1).encode(
            *at("x2", "y"), colour, angle=alt.Angle("winkel:Q", scale=None)
        ),
        arrow.mark_text(fontSize=small, aria=False).encode(*at("mitte", "text_y"), text="text:N"),
        box.mark_text(fontWeight="bold", fontSize=size, aria=False).encode(*at("mitte", "wer_y"), text="wer:N"),
        box.mark_text(fontSize=small, aria=False).encode(*at("mitte", "was_y"), text="was:N"),
        alt.Chart(data_of(heads))
        .mark_text(align="left", fontWeight="bold", fontSize=size, aria=False)
        .encode(*at("x", "y"), text="name:N"),
        alt.Chart(data_of(links))
        .mark_text(fontStyle="italic", fontSize=small, aria=False)
        .encode(*at("x", "y"), text="text:N"),
        width="container",
        height=420,
    )


def _arrow(start: float, end: float, y: float, text: str, above: float, shade: str, angle: int) -> dict[str, Any]:
    middle = (start + end) / 2
    return {
        "x": start,
        "x2": end,
        "y": y,
        "mitte": middle,
        "text_y": y + above,
        "text": text,
        "farbe": shade,
        "winkel": angle,
    }
