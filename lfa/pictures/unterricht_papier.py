"""A lesson on paper: three invented Länder that learners settle by hand, and what the law itself gives.

The worksheet has a row per step and a column per Land; the same function prints it empty for the learners and filled
for the teacher. Money in Mio. €, inhabitants in millions, exact fractions throughout.
"""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

import pandas as pd

from lfa.parameters import parameters
from lfa.pictures import miniatur
from lfa.pictures.miniatur import NAMES, Mini, Step
from lfa.pictures.parts import MILLION
from lfa.pictures.words import percent
from lfa.tables import Html, Table, number, table

CLASS = Mini((4, 4, 2), (11_600, 9_800, 3_600), (9_600, 7_200, 3_200), 11_000)
"""The figures of the lesson: others than those of the chapter, and round at every step under the law of 2020."""
LAW, OLD = "fag2020", "fag1993"
MORE = 100
"""Mio. € of taxes that a Land takes in more."""
TOGETHER = "zusammen"

PAPER = (
    Step("umsatzsteuer_nach_einwohnern", "1 Umsatzsteuer", ("11.000 · 4/10", "11.000 · 4/10", "11.000 · 2/10")),
    Step("gemeindesteuern", "2 Gemeindesteuern", ("75 % · 9.600", "75 % · 7.200", "75 % · 3.200")),
    Step(
        "finanzkraftmesszahl",
        "3 Finanzkraft",
        ("11.600 + 4.400 + 7.200", "9.800 + 4.400 + 5.400", "3.600 + 2.200 + 2.400"),
    ),
    Step("ausgleichsmesszahl", "5 Maßstab", ("5.100 · 4", "5.100 · 4", "5.100 · 2")),
    Step("ueberschuss", "6 Abstand", ("23.200 − 20.400", "19.600 − 20.400", "8.200 − 10.200")),
    Step("ausgleich", "7 Ausgleich", ("−63 % · 2.800", "63 % · 800", "63 % · 2.000")),
    Step("umsatzsteueranteil", "8 Umsatzsteuer am Ende", ("4.400 − 1.764", "4.400 + 504", "2.200 + 1.260")),
)
"""The lesson as sums on paper; the rows per head follow from them."""
PAPER_OLD = (
    Step("ergaenzungsanteil", "Ergänzungsanteil", ("0", "0", "92 % · 25.000 · 2/10 − 3.600")),
    Step(
        "umsatzsteueranteil",
        "Umsatzsteuer",
        ("(11.000 − 1.000) · 4/10", "(11.000 − 1.000) · 4/10", "1.000 + (11.000 − 1.000) · 2/10"),
    ),
    Step(
        "finanzkraftmesszahl",
        "Finanzkraft",
        ("11.600 + 4.000 + 50 % · 9.600", "9.800 + 4.000 + 50 % · 7.200", "3.600 + 3.000 + 50 % · 3.200"),
    ),
    Step("ausgleichsmesszahl", "Maßstab", ("46.000 · 4/10", "46.000 · 4/10", "46.000 · 2/10")),
    Step("ueberschuss", "Abstand", ("20.400 − 18.400", "17.400 − 18.400", "8.200 − 9.200")),
    Step("ausgleichszuweisung", "Zuweisung", ("0", "37,5 % · 1.000", "(1.000 − 8 % · 9.200) + 37,5 % · 8 % · 9.200")),
    Step("ausgleich", "Ausgleich", ("−(Mittelland + Armland)", "Mittelland", "Armland")),
)
"""The same Länder under the law of 1993."""

Rows = list[tuple[str, list[Fraction], Fraction]]


def rate(law: str, name: str) -> Fraction:
    """A part of one that a law fixes."""
    return Fraction(parameters(law, miniatur.DAYS[law])[name])


def millions(values: Sequence[Any]) -> list[Fraction]:
    """Euro as Mio. €, exact."""
    return [Fraction(value) / MILLION for value in values]


def known(mini: Mini = CLASS) -> list[tuple[Any, ...]]:
    """What is known of the three Länder: a name, a figure for each, and their sum."""
    rows = [("Menschen (Mio.)", mini.einwohner), ("Steuern des Landes", mini.steuern)]
    rows.append(("Steuern seiner Gemeinden", mini.gemeindesteuern))
    return [(name, *values, sum(values)) for name, values in rows]


def given_table(mini: Mini = CLASS) -> Table:
    """``known`` as a table."""
    return table(
        pd.DataFrame(known(mini), columns=["was", *NAMES, TOGETHER]),
        caption="Drei erfundene Länder, Geld in Mio. €",
        columns={"was": "Bekannt"} | {name: name for name in (*NAMES, TOGETHER)},
        row_header="was",
    )


def rows_of(lines: Mapping[str, Any], mini: Mini = CLASS) -> Rows:
    """The rows of the worksheet by the law of 2020: heading, the three Länder, all together (per head: the average)."""
    heads = mini.einwohner

    def money(name: str, key: str) -> tuple[str, list[Fraction], Fraction]:
        values = millions(lines[key])
        return name, values, sum(values, Fraction(0))

    def per_head(name: str, key: str) -> tuple[str, list[Fraction], Fraction]:
        values = millions(lines[key])
        each = [value / part for value, part in zip(values, heads, strict=True)]
        return name, each, sum(values, Fraction(0)) / sum(heads)

    return [
        money("1 Umsatzsteuer: vom Topf nach Menschen", "umsatzsteuer_nach_einwohnern"),
        money(f"2 Gemeindesteuern: davon zählen {percent(rate(LAW, 'gemeindesteuern_anrechnung'))}", "gemeindesteuern"),
        money("3 Finanzkraft: Steuern des Landes + Zeilen 1 und 2", "finanzkraftmesszahl"),
        per_head("4 Finanzkraft je Kopf, in €", "finanzkraftmesszahl"),
        money("5 Maßstab: Durchschnitt je Kopf × Menschen", "ausgleichsmesszahl"),
        money("6 Abstand: Zeile 3 − Zeile 5", "ueberschuss"),
        money(f"7 Ausgleich: {percent(rate(LAW, 'ausgleichssatz'))} von Zeile 6, Vorzeichen drehen", "ausgleich"),
        money("8 Umsatzsteuer am Ende: Zeile 1 + Zeile 7", "umsatzsteueranteil"),
        per_head("9 Finanzkraft danach je Kopf, in €", "finanzkraft_nach_ausgleich"),
    ]


def blank(*, wide: bool = False) -> Html:
    """A box to write in, as a cell of a worksheet."""
    return Html(f'<span class="lfa-luecke lfa-kasten{" lfa-kasten-breit" * wide}"></span>')


def worksheet(lines: Mapping[str, Any], *, filled: bool = True, mini: Mini = CLASS) -> Table:
    """The worksheet, filled by the law; or what is known of the three Länder, and boxes for the rest."""
    rows = [(name, *each, together) for name, each, together in rows_of(lines, mini)]
    if not filled:
        given = [(name, *(number(value) for value in values)) for name, *values in known(mini)]
        rows = [*given, *((name, *[blank()] * len(values)) for name, *values in rows)]
    return table(
        pd.DataFrame(rows, columns=["zeile", *NAMES, TOGETHER]),
        caption="Der Ausgleich nach den Regeln von 2020, in Mio. €",
        columns={"zeile": "Zeile"} | {name: name for name in (*NAMES, TOGETHER)},
        row_header="zeile",
    )


def old_worksheet(lines: Mapping[str, Any], *, filled: bool = True) -> Table:
    """The two Länder that receive under the law of 1993: what is known, and what is to be found, filled or blank."""
    norms, gaps, grants = (millions(lines[key]) for key in ("ausgleichsmesszahl", "ueberschuss", "ausgleichszuweisung"))
    rows = []
    for name, norm, gap, grant in list(zip(NAMES, norms, gaps, grants, strict=True))[1:]:
        asked = [_far(norm, -gap), grant]
        cells = [norm, -gap, *asked] if filled else [number(norm), number(-gap), *(blank() for _ in asked)]
        rows.append((name, *cells))
    far = f"davon unter {percent(rate(OLD, 'zuweisung_auffuellung_ab'))} des Maßstabs"
    return table(
        pd.DataFrame(rows, columns=["land", "massstab", "luecke", "weit", "zuweisung"]),
        caption="Die Stufen von 1993, in Mio. €",
        columns={"land": "Land", "massstab": "Maßstab", "luecke": "es fehlen", "weit": far, "zuweisung": "Zuweisung"},
        row_header="land",
    )


def _far(norm: Fraction, gap: Fraction) -> Fraction:
    """What of a gap lies so far below the norm that the law of 1993 replaces all of it."""
    return max(Fraction(0), gap - norm * (1 - rate(OLD, "zuweisung_auffuellung_ab")))


def received(law: str, lines: Mapping[str, Any]) -> list[Fraction]:
    """What each Land gets of Umsatzsteuer and Ausgleich together, in Mio. €; under the law of 2020 they are one."""
    ust = millions(lines["umsatzsteueranteil"])
    return ust if law == LAW else [a + b for a, b in zip(ust, millions(lines["ausgleich"]), strict=True)]


def moved(law: str, lines: Mapping[str, Any], mini: Mini = CLASS) -> list[Fraction]:
    """What a law changes against Umsatzsteuer by inhabitants alone, in Mio. €."""
    by_heads = [Fraction(mini.umsatzsteuer * part, sum(mini.einwohner)) for part in mini.einwohner]
    return [a - b for a, b in zip(received(law, lines), by_heads, strict=True)]


def kept(law: str, place: int, mini: Mini = CLASS, more: int = MORE) -> Fraction:
    """The part that a Land keeps of ``more`` Mio. € of own taxes, before what the Bund gives."""
    taxes = [value + more * (land == place) for land, value in enumerate(mini.steuern)]
    before, after = (
        received(law, miniatur.settle(law, one))[place] for one in (mini, mini._replace(steuern=tuple(taxes)))
    )
    return 1 + (after - before) / more


def comparison(laws: Mapping[str, Mapping[str, Any]]) -> Table:
    """Per law and Land: what it moves, and what is left of one euro more, in cents."""
    frame = pd.DataFrame({"land": NAMES})
    columns, units, decimals = {"land": "Land"}, dict[str, str](), dict[str, int]()
    for law, lines in laws.items():
        name = miniatur.LAW_NAMES[law]
        frame[f"{law}_moved"] = moved(law, lines)
        frame[f"{law}_kept"] = [100 * kept(law, place) for place in range(len(NAMES))]
        columns |= {f"{law}_moved": f"{name}: mehr oder weniger", f"{law}_kept": "bleibt vom Euro"}
        units |= {f"{law}_moved": "Mio. €", f"{law}_kept": "Cent"}
        decimals[f"{law}_kept"] = 1
    return table(
        frame,
        caption="Was die beiden Gesetze verschieben",
        columns=columns,
        units=units,
        decimals=decimals,
        sign=[f"{law}_moved" for law in laws],
        row_header="land",
        note="Verglichen mit einer Umsatzsteuer, die allein nach Menschen verteilt wird. Ohne das Geld des Bundes.",
    )
