"""The pictures and quotations of the chapters on who computes and on the procedure, from the ordinance itself."""

import datetime
import re
from collections.abc import Mapping
from fractions import Fraction
from functools import cache

import altair as alt
import pandas as pd

from lfa.charts import ACCENT, PAYER, RECEIVER, data_of
from lfa.files import DATA, load_yaml, read_text
from lfa.law import fag1993
from lfa.law.arrays_lists import Vector
from lfa.pictures.fonds import payment_steps
from lfa.pictures.parts import MILLION, Drawing, Rows, dumbbell, top_legend
from lfa.settlement import Settlement
from lfa.sources import Cell
from lfa.states import CODES
from lfa.tables import Table, number, table
from lfa.years import Year

MONTHS = (
    *("Januar", "Februar", "März", "April", "Mai", "Juni"),
    *("Juli", "August", "September", "Oktober", "November", "Dezember"),
)
FUND = ("fonds_einbehalt", "fonds_zwischenabrechnung", "festgestellter_fondsanteil")
FIXED, WINDOW = "steht fest", "irgendwann in dieser Zeit"
PATHS = (
    (
        "Länderfinanzausgleich",
        RECEIVER,
        (
            ("Statistisches Bundesamt", "und Länder liefern Zahlen"),
            ("Bundesfinanzministerium", "rechnet und verordnet"),
            ("Bundesrat", "stimmt zu"),
            ("16 Länder", "zahlen oder bekommen"),
        ),
    ),
    (
        "Lastenausgleich",
        PAYER,
        (
            ("Bundesausgleichsamt", "beaufsichtigt"),
            ("Landesausgleichsämter", "beaufsichtigen"),
            ("Ausgleichsämter", "in Stadt- und Landkreisen"),
            ("Einzelne Menschen", "mit Schäden und Verlusten"),
        ),
    ),
)
"""Who hands on to whom: the heading, its colour, and from above who does what."""


# --- Wording ----------------------------------------------------------------------------------------------------------


@cache
def statute(name: str) -> Mapping[str, str]:
    """The verbatim excerpts of ``data/recht/<name>.yaml``: the wording by its place in the statute."""
    content = load_yaml(DATA / "recht" / f"{name}.yaml", "recht")
    return {entry["stelle"]: entry["text"] for entry in content["auszuege"]}


def ordinance(year: Year) -> str:
    """The words of the year's ordinance, every white space a single blank."""
    folder = DATA / str(year.year)
    text = read_text(folder / load_yaml(folder / "jahr.yaml", "jahr")["document"])
    return " ".join(text.split())


def quoted(text: str, words: str) -> str:
    """The words in German quotation marks. Raises ValueError if they do not stand in the text."""
    if words not in text:
        raise ValueError(f"not in the text: {words!r}")
    inner = words.replace("„", "‚").replace("“", "‘")
    return f"„{inner}“"


def dates(year: Year) -> dict[str, datetime.date]:
    """The days that the ordinance names: the period, the count of inhabitants, the version of the law, the draft."""
    text = ordinance(year)
    return {
        "beginn": _day(text, r"für die Zeit vom (\d\d)\.(\d\d)\.(\d{4}) - "),
        "ende": _day(text, r"für die Zeit vom [\d.]+ - (\d\d)\.(\d\d)\.(\d{4})"),
        "einwohner": _day(text, r"Einwohnerzahl der Länder am (\d\d)\.(\d\d)\.(\d{4})"),
        "fassung": _day(text, r"in der am (\d+)\. (\w+) (\d{4}) geltenden Fassung"),
        "entwurf": _day(text, r"Berlin, den (\d+)\. (\w+) (\d{4})"),
    }


def _day(text: str, pattern: str) -> datetime.date:
    found = re.search(pattern, text)
    if not found:
        raise ValueError(f"the ordinance names no such day: {pattern}")
    day, month, year = found.groups()
    return datetime.date(int(year), int(month) if month.isdigit() else MONTHS.index(month) + 1, int(day))


# --- What was paid before ---------------------------------------------------------------------------------------------


def closing(settlement: Settlement) -> pd.DataFrame:
    """What each Land is due of the Umsatzsteuer and at the end, in euro; what it had received before, in ‰."""
    lines = settlement.lines
    final = lines["festgestellter_umsatzsteueranteil"] + lines["festgestellter_ausgleich"]
    before = lines["bisher_umsatzsteuer_und_ausgleich"]
    net_final, net_before = final - lines["festgestellter_fondsanteil"], before - lines["fonds_gezahlt"]
    return pd.DataFrame(
        {
            "land": CODES,
            "umsatzsteuer": lines["festgestellter_umsatzsteueranteil"],
            "abschluss": lines["abschlusszahlung"],
            "promille": 1000 * net_before / net_final,
        }
    )


def closing_sheet(settlement: Settlement, land: str, *, caption: str) -> Table:
    """The Abschlusszahlung of a Land by hand: the fixed amounts, what was paid before, and what is left."""
    steps = {" ".join(step.label): step.amount for step in payment_steps(settlement, land)}
    steps["Abschlusszahlung"] = sum(steps.values())
    return table(
        pd.DataFrame({"betrag": steps}).rename_axis("Schritt"),
        caption=caption,
        columns={"betrag": "zugunsten (+) oder zulasten (−) des Landes"},
        units="€",
        sign=["betrag"],
        total="Abschlusszahlung",
    )


def fund_gaps(settlement: Settlement) -> pd.DataFrame:
    """By how much the payments to the fund missed the final share, in euro: withheld only, and after the accounts."""
    lines = settlement.lines
    gaps = pd.DataFrame(
        {
            "land": CODES,
            "einbehalt": lines["fonds_einbehalt"] - lines["festgestellter_fondsanteil"],
            "zwischen": lines["fonds_auszugleichen"],
        }
    )
    return gaps[lines["festgestellter_fondsanteil"] != 0].reset_index(drop=True)


def exact_closing(year: Year, leave_out: str = "") -> dict[str, Fraction]:
    """The Abschlusszahlungen from the printed euro of the ordinance alone, exactly; ``leave_out`` drops one part."""
    parts = (
        ("§ 1", 1, "paragraf_1", "laenderanteil"),
        ("§ 2", -1, "paragraf_2", "fondsanteil"),
        ("§ 3", -1, "paragraf_3", "beitrag"),
        ("§ 3", 1, "paragraf_3", "zuweisung"),
        ("bisher: Umsatzsteuer und Ausgleich", -1, "begruendung", "bisher_ust_lfa"),
        ("bisher: Fonds", 1, "begruendung", "bisher_fonds"),
    )
    return {
        code: sum(
            (
                sign * Fraction(year.figures.get(Cell(table, line, code), 0))
                for name, sign, table, line in parts
                if name != leave_out
            ),
            Fraction(0),
        )
        for code in CODES
    }


def printed_closing(year: Year) -> dict[str, Fraction]:
    """The Abschlusszahlungen as § 4 prints them; minus where the Land pays."""
    return {
        code: Fraction(year.figures.get(Cell("paragraf_4", "zahlung", code), 0))
        - Fraction(year.figures.get(Cell("paragraf_4", "ueberweisung", code), 0))
        for code in CODES
    }


def mistyped(year: Year, **mistakes: int) -> Year:
    """The year with mistakes, in euro by Land, in what the Länder had received before; for exercises."""
    cells = {Cell("begruendung", "bisher_ust_lfa", land): wrong for land, wrong in mistakes.items()}
    return year._replace(figures={**year.figures, **{cell: year.figures[cell] + cells[cell] for cell in cells}})


def two_laender() -> tuple[dict[str, int], dict[str, list[Fraction]]]:
    """Two invented Länder, one that receives and one that pays: what is given, and what the law makes of it.

    In Mio. €: the claim, what was paid before, and the Abschlusszahlung; in ‰: what was paid before of the claim.
    """
    given = {"umsatzsteuer": 1000, "zuweisung": 200, "beitrag": 900}
    before = Vector([Fraction(1210), Fraction(110)])
    lines = {
        "festgestellter_umsatzsteueranteil": Vector([Fraction(given["umsatzsteuer"])] * 2),
        "festgestellter_ausgleich": Vector([Fraction(given["zuweisung"]), Fraction(-given["beitrag"])]),
        "bisher_umsatzsteuer_und_ausgleich": before,
        **{key: Vector([Fraction(0)] * 2) for key in FUND},
    }
    claim = lines["festgestellter_umsatzsteueranteil"] + lines["festgestellter_ausgleich"]
    left = fag1993.abschlusszahlungen(lines, {})["abschlusszahlung"]
    found = {"anspruch": claim, "vorher": before, "rest": left, "promille": 1000 * before / claim}
    return given, {name: list(values) for name, values in found.items()}


# --- Charts -----------------------------------------------------------------------------------------------------------


def timeline_words(year: Year) -> str:
    """The timeline as a text alternative."""
    days = {name: german(day) for name, day in dates(year).items()}
    return (
        f"Zeitleiste. Ausgleichsjahr mit laufenden Zahlungen {days['beginn']} bis {days['ende']}; "
        f"Einwohner gezählt {days['einwohner']}; Zwischenabrechnungen ohne genannten Tag; "
        f"Entwurf an den Bundesrat {days['entwurf']}; "
        f"danach, noch {dates(year)['entwurf'].year}, Inkrafttreten und Abschlusszahlungen."
    )


def paths_drawing() -> Drawing:
    """Two columns of offices with arrows downwards: Länderfinanzausgleich and Lastenausgleich side by side."""
    nodes: Rows = []
    arrows: Rows = []
    heads: Rows = []
    for column, (heading, shade, steps) in enumerate(PATHS):
        middle = 1 + 2 * column
        heads.append({"x": middle, "y": 0.12, "text": heading})
        for row, (who, what) in enumerate(steps):
            last = row == len(steps) - 1
            nodes.append(
                {
                    "x": middle - 0.94,
                    "x2": middle + 0.94,
                    "mitte": middle,
                    "y": row + 0.42,
                    "y2": row + 1.1,
                    "wer_y": row + 0.64,
                    "was_y": row + 0.89,
                    "wer": who,
                    "was": what,
                    "farbe": shade,
                    "fuellung": 0.3 if last else 0.1,
                }
            )
            if not last:
                arrows.append({"x": middle, "y": row + 1.1, "y2": row + 1.34, "spitze": row + 1.36, "farbe": shade})
    across = alt.Scale(domain=[0, 4], nice=False)
    down = alt.Scale(domain=[0, 4.2], nice=False, reverse=True)
    colour = alt.Color("farbe:N", scale=None)
    size = alt.ExprRef(expr="containerSize()[0] < 480 ? 10 : 13")
    head = alt.ExprRef(expr="containerSize()[0] < 480 ? 12 : 15")
    small = alt.ExprRef(expr="containerSize()[0] < 480 ? 10 : 12")

    def at(x: str, y: str) -> tuple[alt.X, alt.Y]:
        return alt.X(f"{x}:Q", axis=None, scale=across), alt.Y(f"{y}:Q", axis=None, scale=down)

    boxes, lines = alt.Chart(data_of(nodes)), alt.Chart(data_of(arrows))
    return alt.layer(
        boxes.mark_rect(cornerRadius=4, strokeWidth=1.4).encode(
            *at("x", "y"),
            alt.X2("x2:Q"),
            alt.Y2("y2:Q"),
            alt.Fill("farbe:N", scale=None),
            alt.Stroke("farbe:N", scale=None),
            alt.FillOpacity("fuellung:Q", scale=None),
        ),
        lines.mark_rule(strokeWidth=2).encode(*at("x", "y"), alt.Y2("y2:Q"), colour),
        lines.mark_point(shape="triangle-down", filled=True, size=80, opacity=1).encode(*at("x", "spitze"), colour),
        boxes.mark_text(fontWeight="bold", fontSize=size, aria=False).encode(*at("mitte", "wer_y"), text="wer:N"),
        boxes.mark_text(fontSize=small, aria=False).encode(*at("mitte", "was_y"), text="was:N"),
        alt.Chart(data_of(heads))
        .mark_text(fontSize=head, fontWeight="bold", aria=False)
        .encode(*at("x", "y"), text="text:N"),
        width="container",
        height=370,
    )


def timeline(year: Year) -> Drawing:
    """What happened when, as far as the ordinance tells; light bars where it names no day."""
    days = dates(year)
    draft, end_of_payment = days["entwurf"], datetime.date(days["entwurf"].year, 12, 31)
    events = (
        ("Ausgleichsjahr mit laufenden Zahlungen", days["beginn"], days["ende"], FIXED),
        ("Einwohner gezählt", days["einwohner"], days["einwohner"], FIXED),
        ("Zwischenabrechnungen", days["beginn"], draft, WINDOW),
        ("Zweite Verordnung geht an den Bundesrat", draft, draft, FIXED),
        ("Inkrafttreten, Abschlusszahlungen", draft, end_of_payment, WINDOW),
    )
    first, last = year.year, end_of_payment.year + 1
    rows: Rows = [
        {
            "zeile": place,
            "text_y": place - 0.34,
            "von": _decimal(start),
            "bis": _decimal(end) + 1 / 366,
            "was": what,
            "art": kind,
            "wann": german(start) if start == end else f"{german(start)} bis {german(end)}",
        }
        for place, (what, start, end, kind) in enumerate(events)
    ]
    scale = alt.Scale(domain=[first, last], nice=False)
    axis = alt.Axis(values=list(range(first, last + 1)), format="d", title=None, grid=True)
    x = alt.X("von:Q", scale=scale, axis=axis)
    y = alt.Y("zeile:Q", axis=None, scale=alt.Scale(domain=[-0.7, len(events) - 0.5], nice=False, reverse=True))
    over = alt.Y("text_y:Q", axis=None)
    colour = alt.Color(
        "art:N",
        scale=alt.Scale(domain=[FIXED, WINDOW], range=[RECEIVER, f"{ACCENT}80"]),
        legend=top_legend([FIXED, WINDOW]),
    )
    tooltip = [alt.Tooltip("was:N", title="Was"), alt.Tooltip("wann:N", title="Wann")]
    spans = alt.Chart(data_of([row for row in rows if row["bis"] - row["von"] > 0.1]))
    points = alt.Chart(data_of([row for row in rows if row["bis"] - row["von"] <= 0.1]))
    early = [row for row in rows if row["von"] < first + 1]
    late = [row for row in rows if row["von"] >= first + 1]
    return alt.layer(
        spans.mark_bar(height=12, cornerRadius=3).encode(x, alt.X2("bis:Q"), y, color=colour, tooltip=tooltip),
        points.mark_point(filled=True, size=110, opacity=1, shape="diamond").encode(
            x, y, color=colour, tooltip=tooltip
        ),
        alt.Chart(data_of(early)).mark_text(align="left", aria=False).encode(x, over, text="was:N"),
        alt.Chart(data_of(late)).mark_text(align="right", aria=False).encode(over, x=alt.value("width"), text="was:N"),
        width="container",
        height=54 * len(events),
    )


def _decimal(day: datetime.date) -> float:
    """A day as a year with decimals, so that no time zone can move it."""
    start = datetime.date(day.year, 1, 1)
    return day.year + (day - start).days / (datetime.date(day.year + 1, 1, 1) - start).days


def german(day: datetime.date) -> str:
    """A day as a German reader writes it."""
    return f"{day.day}. {MONTHS[day.month - 1]} {day.year}"


def closing_dumbbell(settlement: Settlement) -> Drawing:
    """What each Land had received before, in ‰ of what it is finally due."""
    frame = closing(settlement).sort_values("promille", ascending=False)
    return dumbbell(
        frame.assign(anspruch=1000.0),
        {"promille": "vorher gezahlt", "anspruch": "endgültig"},
        unit="‰ des endgültigen Anspruchs",
        decimals=1,
        text=[number(value, 1) for value in frame["promille"]],
        mark=1000,
    )


def fund_dumbbell(settlement: Settlement) -> Drawing:
    """By how many Mio. € the payments to the fund missed the final share, before and after the interim accounts."""
    frame = fund_gaps(settlement).sort_values("einbehalt", ascending=False).set_index("land") / MILLION
    return dumbbell(
        frame.reset_index(),
        {"einbehalt": "nach dem Einbehalt", "zwischen": "nach den Zwischenabrechnungen"},
        unit="Mio. € zu viel (+) oder zu wenig (−) gezahlt",
        decimals=2,
        text=[
            f"{number(row.einbehalt, 2, sign=True)} → {number(row.zwischen, 2, sign=True)}"
            for row in frame.itertuples()
        ],
        mark=0,
    )
