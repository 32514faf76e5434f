"""The accounting identities of the Zweite Verordnung 2003, and running them on its printed figures.

A printed figure stands for the interval that its rounding leaves open, and every identity is evaluated on intervals:
the tolerance is exactly what rounding of print allows, and nowhere stated by hand. A blank cell is zero. Figures that
the ordinance fixes by law (§§ 1 to 4) and lines that are printed twice have no tolerance at all.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from lfa.parameters import as_floats
from lfa.sources import DENSITIES, REALSTEUER_COLUMNS, SIZES, UNNAMED, Cell, Figures
from lfa.states import CODES, INSGESAMT

COLUMNS = (*CODES, INSGESAMT)
LAENDER = slice(0, 16)
SLACK = 1e-6
"""Noise of floating point, in units of the line: far below the last digit of any print."""

Array = NDArray[np.float64]


class Row:
    """One line of the source over the 16 Länder and Insgesamt, as lower and upper bounds."""

    def __init__(self, low: Any, high: Any) -> None:
        self.low = np.asarray(low, dtype=float)
        self.high = np.asarray(high, dtype=float)

    def __add__(self, other: "Row | Array | float") -> "Row":
        other = _row(other)
        return Row(self.low + other.low, self.high + other.high)

    __radd__ = __add__

    def __neg__(self) -> "Row":
        return Row(-self.high, -self.low)

    def __sub__(self, other: "Row | Array | float") -> "Row":
        return self + -_row(other)

    def __rsub__(self, other: "Array | float") -> "Row":
        return _row(other) - self

    def __mul__(self, other: "Row | Array | float") -> "Row":
        other = _row(other)
        corners = [a * b for a in (self.low, self.high) for b in (other.low, other.high)]
        return Row(np.minimum.reduce(corners), np.maximum.reduce(corners))

    __rmul__ = __mul__

    def __truediv__(self, other: "Row | Array | float") -> "Row":
        """By a row that is positive, or zero where the dividend is zero too."""
        other = _row(other)
        with np.errstate(divide="ignore", invalid="ignore"):
            corners = [a / b for a in (self.low, self.high) for b in (other.low, other.high)]
        low, high = np.minimum.reduce(corners), np.maximum.reduce(corners)
        return Row(np.where(np.isfinite(low), low, 0), np.where(np.isfinite(high), high, 0))

    __array_ufunc__ = None

    @property
    def printed(self) -> "Row":
        """The figure as printed, without the interval of its rounding."""
        middle = (self.low + self.high) / 2
        return Row(middle, middle)

    @property
    def insgesamt(self) -> "Row":
        """The printed total, for every column."""
        return Row(self.low[..., 16:], self.high[..., 16:])

    @property
    def total(self) -> "Row":
        """The sum of the 16 Länder, for every column."""
        return Row(
            self.low[..., LAENDER].sum(axis=-1, keepdims=True), self.high[..., LAENDER].sum(axis=-1, keepdims=True)
        )

    @property
    def laender(self) -> "Row":
        """The Länder only: no statement about Insgesamt."""
        return self.where(np.arange(17) < 16)

    @property
    def only_insgesamt(self) -> "Row":
        """Insgesamt only: no statement about the Länder."""
        return self.where(np.arange(17) == 16)

    def where(self, mask: Any) -> "Row":
        """Zero outside the mask."""
        return Row(np.where(mask, self.low, 0), np.where(mask, self.high, 0))


def _row(value: "Row | Array | float") -> Row:
    return value if isinstance(value, Row) else Row(value, value)


def smaller(a: Row, b: "Row | float") -> Row:
    """The smaller of two, column by column."""
    b = _row(b)
    return Row(np.minimum(a.low, b.low), np.minimum(a.high, b.high))


def larger(a: Row, b: "Row | float") -> Row:
    """The larger of two, column by column."""
    b = _row(b)
    return Row(np.maximum(a.low, b.low), np.maximum(a.high, b.high))


def at_least(a: Row, b: Row) -> Row:
    """Satisfied where a can be b or more."""
    return Row(np.full_like(a.high - b.low, -np.inf), a.high - b.low)


Sheet = Callable[[str, str], Row]
"""Looks a line of the source up by table and line."""


class Identity(NamedTuple):
    """One identity: what must hold, and the difference that must contain zero in every column."""

    name: str
    text: str
    difference: Callable[[Sheet], Row]


class Breach(NamedTuple):
    """An identity that fails in one column, by at least ``excess`` units of the line."""

    identity: str
    land: str
    excess: float


FIXED = ("paragraf_1", "paragraf_2", "paragraf_3", "paragraf_4", "begruendung", "vorblatt")
"""Tables whose figures are fixed amounts, not roundings of unknown ones."""


def sheet(figures: Figures) -> dict[tuple[str, str], Row]:
    """Every line of the source as a Row."""
    lines: dict[tuple[str, str], tuple[list[float], list[float]]] = {}
    for cell, value in figures.items():
        low, high = lines.setdefault((cell.table, cell.line), ([0.0] * 17, [0.0] * 17))
        half = 0.0 if cell.table in FIXED or _counted(cell) else float(10 ** int(value.as_tuple().exponent)) / 2
        column = COLUMNS.index(cell.land)
        low[column], high[column] = float(value) - half, float(value) + half
    return {place: Row(low, high) for place, (low, high) in lines.items()}


def _counted(cell: Cell) -> bool:
    """Whether the figure is a number of inhabitants or municipalities, or a rank: exact as printed."""
    if cell.table == "anlage1":
        return cell.line in ("118", "120", "125")
    return (cell.table == "einwohner" and not cell.line.endswith("_vh")) or cell.line == "einwohner_berlin_west"


def holds(difference: Row) -> NDArray[np.bool_]:
    """Whether the difference can be zero, column by column."""
    return (difference.low <= SLACK) & (difference.high >= -SLACK)


def breaches(figures: Figures, rules: Iterable[Identity]) -> list[Breach]:
    """Every identity and column that the figures do not satisfy."""
    found = sheet(figures)
    nothing = Row(np.zeros(17), np.zeros(17))
    return list(_breaches(lambda table, line: found.get((table, line), nothing), rules))


def _breaches(look_up: Sheet, rules: Iterable[Identity]) -> Iterator[Breach]:
    for rule in rules:
        difference = rule.difference(look_up)
        for column in np.flatnonzero(~np.broadcast_to(holds(difference), 17)):
            low = float(np.broadcast_to(difference.low, 17)[column])
            high = float(np.broadcast_to(difference.high, 17)[column])
            yield Breach(rule.name, COLUMNS[column], max(low, -high))


# --- The identities ---------------------------------------------------------------------------------------------------

POSITIVE_TOTAL = ("64", "77", "79", "88", "89", "91", "100", "101", "112", "115", "126")
"""Zeilen whose Insgesamt is marked ±: the sum of what flows, not of all cells."""
NO_TOTAL = ("81", "82", "93", "94", "116", "117", "118", "119", "120", "124", "125")
"""Zeilen of ratios and ranks."""
REPRINTS = (("58", "41"), ("78", "41"), ("90", "41"), ("59", "57"), ("79", "77"), ("91", "89"))
GUARANTEES = (
    # Zeilen of one guarantee: before, taxes after, per head, in v.H.
    ("79", "80", "81", "82"),
    ("91", "92", "93", "94"),
)
REALSTEUER_STUFEN = ("1", "2", "3", "4")


def zweite_verordnung(exact: Mapping[str, Any]) -> tuple[Identity, ...]:
    """All identities of the Zweite Verordnung, with the parameters of its law."""
    parameters = as_floats(exact)
    return tuple(Identity(*named) for part in PARTS for named in part(parameters))


Named = Iterator[tuple[str, str, Callable[[Sheet], Row]]]


def _zeile(look_up: Sheet, zeile: int | str) -> Row:
    return look_up("anlage1", str(zeile))


def _pays(look_up: Sheet) -> NDArray[np.bool_]:
    """Which Länder pay: the sign of Zeile 64 as printed."""
    return _zeile(look_up, 64).printed.low > 0


def _receives(look_up: Sheet) -> NDArray[np.bool_]:
    return _zeile(look_up, 64).printed.low < 0


def _same(
    name: str, text: str, one: tuple[str, str], other: tuple[str, str]
) -> tuple[str, str, Callable[[Sheet], Row]]:
    """A line printed twice: equal to the last digit."""
    return name, text, lambda t: t(*one).printed - t(*other).printed


def _sum(zeile: str, *parts: str, laender: bool = False) -> tuple[str, str, Callable[[Sheet], Row]]:
    """A Zeile that is the sum of others, a minus before those it subtracts; Insgesamt, too, or the Länder only."""
    text = " + ".join(f"Zeile {part}" for part in parts).replace("+ Zeile -", "− Zeile ")

    def gap(t: Sheet) -> Row:
        left = _zeile(t, zeile)
        for part in parts:
            left = left + _zeile(t, part[1:]) if part.startswith("-") else left - _zeile(t, part)
        return left.laender if laender else left

    return f"zeile_{zeile}", f"Zeile {zeile} = {text}", gap


def _texts(p: Mapping[str, Any]) -> Named:
    """§§ 1 to 4 against each other, the Anlagen, Vorblatt and Begründung: fixed amounts, equal to the euro."""
    ausgleich = lambda t: t("paragraf_3", "zuweisung") - t("paragraf_3", "beitrag")  # noqa: E731
    schluss = lambda t: t("paragraf_4", "zahlung") - t("paragraf_4", "ueberweisung")  # noqa: E731

    yield (
        "paragraf_3_anlage_1",
        "§ 3 = Zeile 126",
        lambda t: (ausgleich(t) - 1000 * _zeile(t, 126).printed).laender,
    )
    yield (
        "paragraf_2_anlage_3",
        "§ 2 = Anlage 3, Sp. 4",
        lambda t: (t("paragraf_2", "fondsanteil") - t("anlage3", "spalte_4").printed).laender,
    )
    yield (
        "begruendung_anlage_3",
        "Begründung zu § 4, Fonds = Anlage 3, Sp. 7",
        lambda t: (t("begruendung", "bisher_fonds") - t("anlage3", "spalte_7").printed).laender,
    )
    yield (
        "paragraf_4",
        "§ 4 = § 1 + § 3 − bisherige Leistungen − § 2 + bisherige Zahlungen an den Fonds",
        lambda t: (
            (
                t("paragraf_1", "laenderanteil")
                + ausgleich(t)
                - t("begruendung", "bisher_ust_lfa")
                - t("paragraf_2", "fondsanteil")
                + t("begruendung", "bisher_fonds")
                - schluss(t)
            ).laender
        ),
    )
    yield (
        "vorblatt_ueberweisungen",
        "Vorblatt: Abschlusszahlungen = Summe der Überweisungen des § 4",
        lambda t: (t("vorblatt", "abschlusszahlungen") - t("paragraf_4", "ueberweisung").total).only_insgesamt,
    )
    yield (
        "vorblatt_zahlungen",
        "Vorblatt: Abschlusszahlungen = Summe der Zahlungen des § 4",
        lambda t: (t("vorblatt", "abschlusszahlungen") - t("paragraf_4", "zahlung").total).only_insgesamt,
    )
    yield (
        "volumen_beitraege",
        "Begründung zu § 3: Volumen = Summe der Beiträge des § 3",
        lambda t: (t("begruendung", "volumen") - t("paragraf_3", "beitrag").total).only_insgesamt,
    )
    yield (
        "volumen_zuweisungen",
        "Begründung zu § 3: Volumen = Summe der Zuweisungen des § 3",
        lambda t: (t("begruendung", "volumen") - t("paragraf_3", "zuweisung").total).only_insgesamt,
    )
    cent, euro = Row(-0.005, 0.005), Row(-0.5, 0.5)
    yield (
        "fonds_zuzueglich",
        "Begründung zu § 2: Betrag zuzüglich = 2.100 Mio. DM",
        lambda t: (t("begruendung", "fonds_zuzueglich") + cent - p["fonds_zuzueglich"]).only_insgesamt,
    )
    yield (
        "fonds_minderung",
        "Begründung zu § 2: Minderung = 2.532 Mio. DM",
        lambda t: (t("begruendung", "fonds_minderung") + cent - p["fonds_minderung"]).only_insgesamt,
    )
    yield (
        "fonds_laenderbeitrag",
        "Begründung zu § 2: Länderbeitrag = ½ × 9.500 Mio. DM + Betrag zuzüglich − Minderung",
        lambda t: (
            (
                t("begruendung", "fonds_laenderbeitrag")
                + cent
                - p["fonds_schuldendienst"] / 2
                - (t("begruendung", "fonds_zuzueglich") + cent)
                + (t("begruendung", "fonds_minderung") + cent)
            ).only_insgesamt
        ),
    )
    yield (
        "fonds_summe",
        "Begründung zu § 2: Länderbeitrag = Summe der Anteile des § 2",
        lambda t: (
            (
                t("begruendung", "fonds_laenderbeitrag")
                + cent
                - (t("paragraf_2", "fondsanteil") + euro.where(t("paragraf_2", "fondsanteil").low > 0)).total
            ).only_insgesamt
        ),
    )
    yield (
        "vertikal",
        "§ 1 Abs. 1: Summe der Länderanteile = 50,4 v.H. × 97,8 v.H. ÷ 2,2 v.H. × Zeile 43 Insgesamt",
        lambda t: (
            (
                (t("paragraf_1", "laenderanteil") + Row(-500, 500)).total
                - _zeile(t, 43).insgesamt
                * (1000 * p["umsatzsteuer_laender"] * (1 - p["umsatzsteuer_gemeinden"]) / p["umsatzsteuer_gemeinden"])
            ).only_insgesamt
        ),
    )
    yield (
        "paragraf_1",
        "§ 1 = Verteilung nach § 2 FAG aus den Steuereinnahmen, die Zeile 41 enthält (Prüfung auf Stimmigkeit)",
        lambda t: _umsatzsteuer(t, p),
    )


def _umsatzsteuer(t: Sheet, p: Mapping[str, Any]) -> Row:
    anteile = t("paragraf_1", "laenderanteil") + Row(-500, 500)
    einwohner = t("einwohner", "einwohner_zusammen")
    steuern = 1000 * (_zeile(t, 41) - _zeile(t, 39) - _zeile(t, 40)) - anteile
    durchschnitt = steuern.total / einwohner.total
    luecke = larger(p["ergaenzungsanteile_auffuellung"] * durchschnitt * einwohner - steuern, 0).laender
    return (anteile - luecke - (anteile.total - luecke.total) * (einwohner / einwohner.total)).laender


def _summen(p: Mapping[str, Any]) -> Named:
    """Insgesamt of every Zeile; Zeilen printed twice."""
    for zeile in map(str, range(39, 127)):
        if zeile in POSITIVE_TOTAL:
            yield (
                f"summe_{zeile}",
                f"Zeile {zeile}: Insgesamt = Summe der positiven Beträge",
                lambda t, z=zeile: (_zeile(t, z).insgesamt - larger(_zeile(t, z), 0).total).only_insgesamt,
            )
            yield (
                f"saldo_{zeile}",
                f"Zeile {zeile}: Insgesamt = Summe der negativen Beträge ohne Vorzeichen",
                lambda t, z=zeile: (_zeile(t, z).insgesamt - larger(-_zeile(t, z), 0).total).only_insgesamt,
            )
        elif zeile not in NO_TOTAL:
            yield (
                f"summe_{zeile}",
                f"Zeile {zeile}: Insgesamt = Summe der Länder",
                lambda t, z=zeile: (_zeile(t, z).insgesamt - _zeile(t, z).total).only_insgesamt,
            )
    for reprint, first in REPRINTS:
        yield _same(
            f"zeile_{reprint}_wie_{first}", f"Zeile {reprint} = Zeile {first}", ("anlage1", reprint), ("anlage1", first)
        )
    yield (
        "zeile_40",
        "Zeile 40 = Hafenlasten in vollen Millionen DM",
        lambda t: (_zeile(t, 40) + np.append(p["hafenlasten"], 0.0) / 1000).laender,
    )


def _gemeindesteuern(p: Mapping[str, Any]) -> Named:
    """§ 8: Zeilen 42 to 57."""
    half = p["gemeindesteuern_anrechnung"]
    for counted, full in (("50", "42"), ("51", "43"), ("52", "44"), ("56", "49")):
        yield (
            f"zeile_{counted}",
            f"Zeile {counted} = Zeile {full} × 50 v.H.",
            lambda t, c=counted, f=full: _zeile(t, c) - half * _zeile(t, f),
        )
    for counted, kraft in (("53", "45"), ("54", "46"), ("55", "47")):
        yield (
            f"zeile_{counted}",
            f"Zeile {counted} ÷ Zeile {kraft} ist für alle Länder gleich",
            lambda t, c=counted, k=kraft: (
                (_zeile(t, c) - _zeile(t, c).insgesamt * (_zeile(t, k) / _zeile(t, k).insgesamt)).laender
            ),
        )
    yield _sum("48", "45", "46", "47")
    yield (
        "zeile_57",
        "Zeile 57 = Summe der Zeilen 50 bis 56",
        lambda t: _zeile(t, 57) - sum((_zeile(t, z) for z in range(51, 57)), _zeile(t, 50)),
    )


def _messzahlen(p: Mapping[str, Any]) -> Named:
    """§ 6: Zeilen 60 to 64."""
    yield _sum("60", "58", "59")
    yield (
        "zeile_61",
        "Zeile 61 = Zeile 58 Insgesamt im Verhältnis der gewerteten Einwohner (§ 9 Abs. 2)",
        lambda t: (_zeile(t, 61) - _zeile(t, 58).insgesamt * (_gewertet(t, p) / _gewertet(t, p).total)).laender,
    )
    yield (
        "zeile_62",
        "Zeile 62 = Zeile 59 Insgesamt im Verhältnis der gewerteten Einwohner (§ 9 Abs. 3)",
        lambda t: (
            (
                _zeile(t, 62)
                - _zeile(t, 59).insgesamt
                * (t("einwohner", "gewertete_einwohner") / t("einwohner", "gewertete_einwohner").total)
            ).laender
        ),
    )
    yield _sum("63", "61", "62")
    yield (
        "zeile_63_insgesamt",
        "Zeile 63 Insgesamt = Zeile 60 Insgesamt",
        lambda t: (_zeile(t, 63) - _zeile(t, 60)).only_insgesamt,
    )
    yield _sum("64", "60", "-63", laender=True)


def _gewertet(t: Sheet, p: Mapping[str, Any]) -> Row:
    """Weighted inhabitants of § 9 Abs. 2, the missing Zeile 2."""
    weighted = t("einwohner", "einwohner_zusammen").laender * np.append(p["einwohnerwertung_laendersteuern"] / 100, 0.0)
    return weighted + weighted.total.where(np.arange(17) == 16)


def _tarif(p: Mapping[str, Any]) -> Named:
    """§ 10 Abs. 1 and 2: Zeilen 65 to 77."""
    zone = 1 - p["zuweisung_auffuellung_ab"]
    erste, zweite = p["beitrag_zone_1_bis"] - 1, p["beitrag_zone_2_bis"] - 1

    def surplus(t: Sheet) -> Row:
        return larger(_zeile(t, 64), 0)

    def shortfall(t: Sheet) -> Row:
        return larger(-_zeile(t, 64), 0)

    yield (
        "zeile_65",
        "Zeile 65 = Fehlbetrag bis 8 v.H. der Zeile 63",
        lambda t: (_zeile(t, 65) - smaller(shortfall(t), zone * _zeile(t, 63))).laender,
    )
    yield (
        "zeile_66",
        "Zeile 66 = Fehlbetrag über 8 v.H. der Zeile 63",
        lambda t: (_zeile(t, 66) - larger(shortfall(t) - zone * _zeile(t, 63), 0)).laender,
    )
    yield (
        "zeile_67",
        "Zeile 67 = Überschuss bis 1 v.H. der Zeile 63",
        lambda t: (_zeile(t, 67) - smaller(surplus(t), erste * _zeile(t, 63))).laender,
    )
    yield (
        "zeile_68",
        "Zeile 68 = Überschuss von 1 bis 10 v.H. der Zeile 63",
        lambda t: (
            (
                _zeile(t, 68) - smaller(larger(surplus(t) - erste * _zeile(t, 63), 0), (zweite - erste) * _zeile(t, 63))
            ).laender
        ),
    )
    yield (
        "zeile_69",
        "Zeile 69 = Überschuss über 10 v.H. der Zeile 63",
        lambda t: (_zeile(t, 69) - larger(surplus(t) - zweite * _zeile(t, 63), 0)).laender,
    )
    yield (
        "zeilen_65_66",
        "Zeile 65 + Zeile 66 = Fehlbetrag der Zeile 64",
        lambda t: (
            (_zeile(t, 65) + _zeile(t, 66) - shortfall(t)).laender
            + (_zeile(t, 65) + _zeile(t, 66) - _zeile(t, 64)).only_insgesamt
        ),
    )
    yield (
        "zeilen_67_69",
        "Zeile 67 + Zeile 68 + Zeile 69 = Überschuss der Zeile 64",
        lambda t: _zeile(t, 67) + _zeile(t, 68) + _zeile(t, 69) - surplus(t),
    )
    for weighted, plain, rate in (
        ("70", "65", p["zuweisung_oben"]),
        ("71", "66", p["zuweisung_unten"]),
        ("73", "67", p["beitrag_zone_1"]),
        ("74", "68", p["beitrag_zone_2"]),
        ("75", "69", p["beitrag_zone_3"]),
    ):
        yield (
            f"zeile_{weighted}",
            f"Zeile {weighted} = Zeile {plain} × {100 * rate:g} v.H.".replace(".5 ", ",5 "),
            lambda t, w=weighted, q=plain, r=rate: _zeile(t, w) - r * _zeile(t, q),
        )
    yield _sum("72", "70", "71")
    yield _sum("76", "73", "74", "75")
    yield (
        "zeile_77",
        "Zeile 77 = Zeile 72 − Zeile 76 × Zeile 72 Insgesamt ÷ Zeile 76 Insgesamt",
        lambda t: (
            (
                _zeile(t, 77) - _zeile(t, 72) + _zeile(t, 76) * (_zeile(t, 72).insgesamt / _zeile(t, 76).insgesamt)
            ).laender
        ),
    )


def _garantien(p: Mapping[str, Any]) -> Named:
    """§ 10 Abs. 3: Zeilen 80 to 101."""
    for before, after, per_head, in_vh in GUARANTEES:
        yield (
            f"zeile_{after}",
            f"Zeile {after} = Zeile 41 + Zeile {before}",
            lambda t, a=after, b=before: (
                (_zeile(t, a) - _zeile(t, 41) - _zeile(t, b)).laender + (_zeile(t, a) - _zeile(t, 41)).only_insgesamt
            ),
        )
        yield (
            f"zeile_{per_head}",
            f"Zeile {per_head} = Zeile {after} ÷ gewertete Einwohner (§ 9 Abs. 2; die gedruckte Zeile 2 fehlt)",
            lambda t, h=per_head, a=after: _zeile(t, h) - _zeile(t, a) / _gewertet(t, p),
        )
        yield (
            f"zeile_{in_vh}",
            f"Zeile {in_vh} = Zeile {after} je Einwohner in v.H. des Durchschnitts",
            lambda t, v=in_vh, a=after: (
                _zeile(t, v)
                - 100 * (_zeile(t, a) / _gewertet(t, p)) / (_zeile(t, a).insgesamt / _gewertet(t, p).insgesamt)
            ),
        )

    def target(t: Sheet) -> Row:
        return _zeile(t, 41).insgesamt * (_gewertet(t, p) / _gewertet(t, p).total)

    yield (
        "zeile_83",
        "Zeile 83 = 95 v.H. des Durchschnitts − Zeile 80 (ausgleichsberechtigte Länder)",
        lambda t: (
            (
                _zeile(t, 83) - larger(p["garantie_empfaenger"] * target(t) - _zeile(t, 80), 0).where(_receives(t))
            ).laender
        ),
    )
    yield (
        "zeile_84",
        "Zeile 84 = Zeile 83 × ½",
        lambda t: _zeile(t, 84) - p["garantie_empfaenger_ausgleich"] * _zeile(t, 83),
    )
    yield (
        "zeile_95",
        "Zeile 95 = Durchschnitt − Zeile 92 (ausgleichspflichtige Länder)",
        lambda t: (_zeile(t, 95) - larger(p["garantie_zahler"] * target(t) - _zeile(t, 92), 0).where(_pays(t))).laender,
    )
    yield (
        "zeile_96",
        "Zeile 96 = Zeile 95 × ¼",
        lambda t: _zeile(t, 96) - p["garantie_zahler_ausgleich"] * _zeile(t, 95),
    )
    for rest, before, lift in (("85", "79", None), ("97", "91", "96")):
        yield (
            f"zeile_{rest}",
            f"Zeile {rest} = Zeile 64 + Zeile {before}{' + Zeile 96' if lift else ''} (ausgleichspflichtige Länder)",
            lambda t, r=rest, b=before, h=lift: (
                (
                    _zeile(t, r) - larger(_zeile(t, 64) + _zeile(t, b) + (_zeile(t, h) if h else 0), 0).where(_pays(t))
                ).laender
            ),
        )
    for factor, rest, financed, lift, correction in (("86", "85", "87", "84", "88"), ("98", "97", "99", "96", "100")):
        yield (
            f"zeile_{factor}",
            f"Zeile {factor} = Zeile {rest} ÷ Zeile {rest} Insgesamt",
            lambda t, f=factor, r=rest: _zeile(t, f) - _zeile(t, r) / _zeile(t, r).insgesamt,
        )
        yield (
            f"zeile_{financed}",
            f"Zeile {financed} = Zeile {lift} Insgesamt im Verhältnis der Zeile {rest}",
            lambda t, n=financed, h=lift, r=rest: (
                _zeile(t, n) - _zeile(t, h).insgesamt * (_zeile(t, r) / _zeile(t, r).insgesamt)
            ),
        )
        yield _sum(correction, lift, f"-{financed}", laender=True)
    yield _sum("89", "79", "88", laender=True)
    yield _sum("101", "91", "100", laender=True)


def _obergrenze(p: Mapping[str, Any]) -> Named:
    """§ 10 Abs. 4: Zeilen 102 to 116; headings that carry figures by mistake must be empty."""
    yield (
        "zeile_102",
        "Zeile 102 = Zeile 101 (ausgleichspflichtige Länder)",
        lambda t: (_zeile(t, 102).printed - _zeile(t, 101).printed.where(_pays(t))).laender,
    )
    yield (
        "zeile_103",
        "Zeile 103 = Zeile 67 × 15 v.H.",
        lambda t: _zeile(t, 103) - p["obergrenze_zone_1"] * _zeile(t, 67),
    )
    yield (
        "zeile_104",
        "Zeile 104 = (Zeile 68 + Zeile 69) × 80 v.H.",
        lambda t: _zeile(t, 104) - p["obergrenze_darueber"] * (_zeile(t, 68) + _zeile(t, 69)),
    )
    yield _sum("105", "103", "104")
    yield (
        "zeile_106",
        "Zeile 106 = Beitrag der Zeile 102 über Zeile 105",
        lambda t: (_zeile(t, 106) - larger(-_zeile(t, 102) - _zeile(t, 105), 0)).laender,
    )
    yield (
        "zeile_107",
        "Zeile 107 = Zeile 105 über dem Beitrag der Zeile 102",
        lambda t: (_zeile(t, 107) - larger(_zeile(t, 105) + _zeile(t, 102), 0)).laender,
    )
    yield (
        "ueberschrift_10_iv_2_a",
        "Eine Überschrift trägt keine Beträge",
        lambda t: t("anlage1", "ueberschrift_korrektur_paragraf_10_iv_2_a").printed,
    )
    yield (
        "zeile_108",
        "Zeile 108 = Zeile 64 + Zeile 101 (Länder unter ihrer Obergrenze)",
        lambda t: (
            (_zeile(t, 108) - larger(_zeile(t, 64) + _zeile(t, 101), 0).where(_zeile(t, 107).printed.low > 0)).laender
        ),
    )
    yield (
        "zeile_110",
        "Zeile 110 = Zeile 64 + Zeile 101 + Zeile 106 (ausgleichspflichtige Länder)",
        lambda t: (_zeile(t, 110) - larger(_zeile(t, 64) + _zeile(t, 101) + _zeile(t, 106), 0).where(_pays(t))).laender,
    )
    for financed, rest in (("109", "108"), ("111", "110")):
        yield (
            f"zeile_{financed}",
            f"Zeile {financed} = ½ × Zeile 106 Insgesamt im Verhältnis der Zeile {rest}",
            lambda t, n=financed, r=rest: (
                _zeile(t, n) + _zeile(t, 106).insgesamt * 0.5 * (_zeile(t, r) / _zeile(t, r).insgesamt)
            ),
        )
    yield _sum("112", "106", "109", "111", laender=True)
    yield (
        "zeile_113",
        "Zeile 113 = Zeile 60 + Zeile 101 + Zeile 112",
        lambda t: (
            (_zeile(t, 113) - _zeile(t, 60) - _zeile(t, 101) - _zeile(t, 112)).laender
            + (_zeile(t, 113) - _zeile(t, 60)).only_insgesamt
        ),
    )
    yield (
        "zeile_114",
        "Zeile 114 = 0, denn Zeile 109 und Zeile 111 decken Zeile 106",
        lambda t: _zeile(t, 114).printed,
    )
    yield _sum("115", "101", "112", "114", laender=True)
    for zeile in ("116", "119"):
        yield (
            f"zeile_{zeile}",
            f"Zeile {zeile} = (Zeile 60 + Zeile 115) ÷ Zeile 63 × 100",
            lambda t, z=zeile: _relation(t, z, "115"),
        )


def _relation(t: Sheet, zeile: str, ausgleich: str | None, among: Any = True) -> Row:
    """Finanzkraft in v.H. of the Ausgleichsmesszahl; over all Länder 100."""
    after = _zeile(t, 60) + (_zeile(t, ausgleich).laender if ausgleich else 0)
    return _zeile(t, zeile) - (100 * after / _zeile(t, 63)).where(among)


def _rangfolge(p: Mapping[str, Any]) -> Named:
    """§ 10 Abs. 5: Zeilen 117 to 126."""
    yield (
        "zeile_117",
        "Zeile 117 = Zeile 60 ÷ Zeile 63 × 100",
        lambda t: _relation(t, "117", None),
    )
    for rank, relation in (("118", "117"), ("120", "119"), ("125", "124")):
        yield (
            f"zeile_{rank}",
            f"Zeile {rank} = Rang der ausgleichspflichtigen Länder nach Zeile {relation}",
            lambda t, r=rank, q=relation: _zeile(t, r) - _ranks(_zeile(t, q), _pays(t)),
        )

    def lowered(t: Sheet) -> NDArray[np.bool_]:
        return _zeile(t, 121).printed.low < 0

    yield (
        "zeile_121",
        "Zeile 121 = (Relation des überholten Landes − eigene Relation) × Zeile 63 nach § 10 Abs. 5",
        lambda t: _zeile(t, 121).laender - _overtaken(t),
    )
    yield (
        "zeile_122",
        "Zeile 122 = Zeile 64 + Zeile 115 (ausgleichspflichtige Länder)",
        lambda t: (_zeile(t, 122) - larger(_zeile(t, 64) + _zeile(t, 115), 0).where(_pays(t))).laender,
    )
    yield (
        "zeile_123",
        "Zeile 123 = Zeile 121 Insgesamt im Verhältnis der Zeile 122 der übrigen Länder",
        lambda t: (
            (
                _zeile(t, 123)
                + _zeile(t, 121).insgesamt
                * (_zeile(t, 122).where(~lowered(t)) / _zeile(t, 122).where(~lowered(t)).total)
            ).laender
        ),
    )
    yield (
        "zeile_124",
        "Zeile 124 = (Zeile 60 + Zeile 126) ÷ Zeile 63 × 100 (ausgleichspflichtige Länder)",
        lambda t: _relation(t, "124", "126", _pays(t) & (np.arange(17) < 16)),
    )
    yield (
        "zeile_126",
        "Zeile 126 = Zeile 115 + Zeile 121 + Zeile 123 (ausgleichspflichtige Länder)",
        lambda t: (_zeile(t, 126) - _zeile(t, 115) - _zeile(t, 121) - _zeile(t, 123)).where(_pays(t)).laender,
    )
    yield (
        "zeile_126_empfaenger",
        "Zeile 126 = Zeile 115 (ausgleichsberechtigte Länder, die § 10 Abs. 5 nicht berührt)",
        lambda t: (_zeile(t, 126).printed - _zeile(t, 115).printed).where(_receives(t)).laender,
    )


def _ranks(relation: Row, pays: NDArray[np.bool_]) -> Row:
    """Rank among the paying Länder, 1 the highest; none for the others."""
    values = relation.printed.low
    counts = pays & (np.arange(17) < 16)
    above = (values[..., None, :] > values[..., :, None]) & counts[..., None, :]
    rank = np.where(counts, 1 + above.sum(axis=-1), 0)
    return Row(rank, rank)


def _overtaken(t: Sheet) -> Row:
    """What § 10 Abs. 5 takes from each payer: its relation falls to the smallest of those above it before Abs. 2."""
    before, after = _zeile(t, 117).printed.low, _zeile(t, 119)
    counts = _pays(t) & (np.arange(17) < 16)
    above = (before[..., None, :] > before[..., :, None]) & counts[..., None, :] & counts[..., :, None]
    low = np.where(above, after.low[..., None, :], np.inf).min(axis=-1)
    high = np.where(above, after.high[..., None, :], np.inf).min(axis=-1)
    # Zeile 119 is printed to four decimals: exact enough only together with the Beitrag and Zeile 63.
    gap = Row(np.minimum(low - after.high, 0), np.minimum(high - after.low, 0))
    return (gap * _zeile(t, 63) * 0.01).laender


def _fonds(p: Mapping[str, Any]) -> Named:
    """§ 1 Abs. 2 and 3: the columns of Anlage 3."""
    column = lambda t, c: t("anlage3", f"spalte_{c}")  # noqa: E731
    # Sp. 1 is rounded so that its cells add up to the rounded total: two cells are rounded up from below one half.
    rounded_to_sum = Row(-0.5, 0.5)
    laender = np.append(p["fonds_laender"], 0.0)
    berlin = np.append(p["fonds_nur_nach_einwohnern"], 0.0)
    beitrag = p["fonds_schuldendienst"] / 2 + p["fonds_zuzueglich"] - p["fonds_minderung"]
    for c in ("1", "2", "3", "4", "5", "6", "7", "8"):
        yield (
            f"summe_spalte_{c}",
            f"Anlage 3, Sp. {c}: Insgesamt = Summe der positiven Beträge",
            lambda t, c=c: (column(t, c).insgesamt - larger(column(t, c), 0).total).only_insgesamt,
        )
        yield (
            f"summe_spalte_{c}_minus",
            f"Anlage 3, Sp. {c}: Summe der Minusbeträge = alle Minusbeträge zusammen",
            lambda t, c=c: (
                (t("anlage3", f"spalte_{c}_minus").insgesamt - smaller(column(t, c), 0).total).only_insgesamt
            ),
        )
    for c in ("2", "3"):
        yield _same(
            f"spalte_{c}_zweimal",
            f"Anlage 3: Sp. {c} ist in der Quelle zweimal gesetzt",
            ("anlage3", f"spalte_{c}_wiederholt"),
            ("anlage3", f"spalte_{c}"),
        )
        yield _same(
            f"spalte_{c}_minus_zweimal",
            f"Anlage 3: Die Summe der Minusbeträge der Sp. {c} ist in der Quelle zweimal gesetzt",
            ("anlage3", f"spalte_{c}_wiederholt_minus"),
            ("anlage3", f"spalte_{c}_minus"),
        )

    def old(t: Sheet) -> Row:
        return t("einwohner", "einwohner_zusammen") * laender

    def west(t: Sheet) -> Row:
        return t("anlage3", "einwohner_berlin_west").insgesamt

    def rest(t: Sheet) -> Row:
        return beitrag - beitrag * (west(t) / (old(t).total + west(t)))

    yield (
        "spalte_1",
        "Anlage 3, Sp. 1: Berlin (West) nach Einwohnern, die übrigen die Hälfte des Rests nach Einwohnern",
        lambda t: (
            (
                column(t, "1")
                + rounded_to_sum
                - beitrag * (west(t) / (old(t).total + west(t))) * berlin
                - 0.5 * rest(t) * (old(t) / old(t).total)
            ).laender
        ),
    )
    yield (
        "spalte_2",
        "Anlage 3, Sp. 2: die andere Hälfte nach Zeile 60 + Zeile 126",
        lambda t: (
            (
                column(t, "2")
                - 0.5
                * rest(t)
                * (((_zeile(t, 60) + _zeile(t, 126)) * laender) / ((_zeile(t, 60) + _zeile(t, 126)) * laender).total)
            ).laender
        ),
    )
    yield (
        "spalte_3",
        "Anlage 3, Sp. 3 = 30 v.H. voller Millionen DM",
        lambda t: (column(t, "3") - p["umschichtung_anteil"] * np.append(p["umschichtung"], 0.0)).laender,
    )
    yield (
        "spalte_4",
        "Anlage 3, Sp. 4 = Sp. 1 + Sp. 2 + Sp. 3",
        lambda t: (column(t, "4") - column(t, "1") - column(t, "2") - column(t, "3")).laender,
    )
    yield (
        "spalte_7",
        "Anlage 3, Sp. 7 = Sp. 5 + Sp. 6",
        lambda t: (column(t, "7").printed - column(t, "5").printed - column(t, "6").printed).laender,
    )
    yield (
        "spalte_8",
        "Anlage 3, Sp. 8 = Sp. 7 − Sp. 4",
        lambda t: (column(t, "8").printed - column(t, "7").printed + column(t, "4").printed).laender,
    )


SIZE_NAMES = {
    "bis_5": "bis 5.000",
    "5_20": "5.001 bis 20.000",
    "20_100": "20.001 bis 100.000",
    "100_500": "100.001 bis 500.000",
    "500_1000": "500.001 bis 1.000.000",
    "ueber_1000": "über 1.000.000",
    "1500_2000": "1.500 bis 2.000 je km²",
    "2000_3000": "2.000 bis 3.000 je km²",
    "ueber_3000": "über 3.000 je km²",
    "zusammen": "zusammen",
}
ROW_NAMES = {
    "dichte_gemeinden": "Zahl der dichten Gemeinden",
    "dichte_einwohner": "Einwohner der dichten Gemeinden",
    "gemeinden": "Zahl der Gemeinden",
    "einwohner": "Einwohner der Gemeinden",
    "schicht": "Einwohnerschicht",
    "wertung": "gewertete Schicht",
    "zuschlag": "Zuschlag",
}


def row_name(slug: str) -> str:
    """German name of a row of the Einwohner table."""
    for prefix, name in ROW_NAMES.items():
        size = slug.removeprefix(f"{prefix}_")
        if size in SIZE_NAMES:
            return f"{name} {SIZE_NAMES[size]}"
    return {"gewertete_einwohner": "gewertete Einwohnerzahl"}.get(slug, slug)


def _einwohner(p: Mapping[str, Any]) -> Named:
    """§ 9 Abs. 3: municipalities, inhabitants, slices, weights and supplements; counts are exact."""

    def line(t: Sheet, slug: str) -> Row:
        return t("einwohner", slug)

    parts = {
        "gemeinden_zusammen": [f"gemeinden_{size}" for size in SIZES],
        "einwohner_zusammen": [f"einwohner_{size}" for size in SIZES],
        "schicht_zusammen": [f"schicht_{size}" for size in SIZES],
        "wertung_zusammen": [f"wertung_{size}" for size in SIZES],
        "dichte_gemeinden_zusammen": [f"dichte_gemeinden_{density}" for density in DENSITIES[:3]],
        "dichte_einwohner_zusammen": [f"dichte_einwohner_{density}" for density in DENSITIES[:3]],
        "zuschlag_zusammen": [f"zuschlag_{density}" for density in DENSITIES[:3]],
        "gewertete_einwohner": ["wertung_zusammen", "zuschlag_zusammen"],
    }
    for whole, summands in parts.items():
        yield (
            f"teile_{whole}",
            f"{row_name(whole)} = {' + '.join(map(row_name, summands)) if len(summands) < 3 else 'Summe der Klassen'}",
            lambda t, w=whole, s=summands: line(t, w) - sum((line(t, x) for x in s[1:]), line(t, s[0])),
        )
    for slug in dict.fromkeys([*parts, *(part for summands in parts.values() for part in summands)]):
        yield (
            f"summe_{slug}",
            f"{row_name(slug)}: Insgesamt = Summe der Länder",
            lambda t, s=slug: (line(t, s).insgesamt - line(t, s).total).only_insgesamt,
        )
        yield (
            f"ohne_kopf_{slug}",
            f"{row_name(slug)}: Eine Spalte ohne Überschrift trägt keine Zahlen",
            lambda t, s=slug: line(t, s + UNNAMED).printed,
        )
    classes = p["einwohner_klassen"]
    for number, size in enumerate(classes):
        name, larger_classes = size["klasse"], classes[number + 1 :]
        yield (
            f"schicht_{name}",
            f"{row_name(f'schicht_{name}')} = Einwohner über der unteren Grenze + volle Schicht je größerer Gemeinde",
            lambda t, n=name, k=size, g=larger_classes: (
                line(t, f"schicht_{n}")
                - line(t, f"einwohner_{n}")
                + k["ueber"] * line(t, f"gemeinden_{n}")
                - sum((k["breite"] * line(t, f"gemeinden_{x['klasse']}") for x in g), Row(0, 0))
            ),
        )
        yield (
            f"wertung_{name}",
            f"{row_name(f'wertung_{name}')} = Schicht × {size['vomhundertsatz']:g} v.H., kaufmännisch gerundet",
            lambda t, n=name, k=size: (
                (line(t, f"wertung_{n}") - _whole(k["vomhundertsatz"], line(t, f"schicht_{n}"))).laender
            ),
        )
        yield (
            f"mindestens_{name}",
            f"Gemeinden {SIZE_NAMES[name]} haben wenigstens so viele Einwohner wie ihre untere Grenze",
            lambda t, n=name, k=size: at_least(line(t, f"einwohner_{n}"), k["ueber"] * line(t, f"gemeinden_{n}")),
        )
        if larger_classes:
            yield (
                f"hoechstens_{name}",
                f"Gemeinden {SIZE_NAMES[name]} haben höchstens so viele Einwohner wie ihre obere Grenze",
                lambda t, n=name, k=size: at_least(
                    (k["ueber"] + k["breite"]) * line(t, f"gemeinden_{n}"), line(t, f"einwohner_{n}")
                ),
            )
    for density in p["dichte_klassen"]:
        name = density["klasse"]
        yield (
            f"zuschlag_{name}",
            f"{row_name(f'zuschlag_{name}')} = {density['vomhundertsatz']:g} v.H. der Einwohner, kaufmännisch gerundet",
            lambda t, n=name, k=density: (
                (line(t, f"zuschlag_{n}") - _whole(k["vomhundertsatz"], line(t, f"dichte_einwohner_{n}"))).laender
            ),
        )
        yield (
            f"dichte_mindestens_{name}",
            "Jede dieser Gemeinden hat mehr als 500.000 Einwohner",
            lambda t, n=name: at_least(line(t, f"dichte_einwohner_{n}"), 500_001 * line(t, f"dichte_gemeinden_{n}")),
        )
    for of in ("gemeinden", "einwohner"):
        yield (
            f"dichte_{of}",
            f"{ROW_NAMES[f'dichte_{of}']} = {ROW_NAMES[of]} über 500.000",
            lambda t, o=of: line(t, f"dichte_{o}_zusammen") - line(t, f"{o}_500_1000") - line(t, f"{o}_ueber_1000"),
        )
    yield (
        "einwohner_schicht",
        "Einwohner zusammen = Einwohnerschichtung zusammen",
        lambda t: line(t, "einwohner_zusammen") - line(t, "schicht_zusammen"),
    )
    yield (
        "gewertete_einwohner_vh",
        "Gewertete in v.H. der tatsächlichen Einwohner",
        lambda t: (
            line(t, "gewertete_einwohner_vh") - 100 * line(t, "gewertete_einwohner") / line(t, "einwohner_zusammen")
        ),
    )


def _whole(percent: float, row: Row) -> Row:
    """A percentage of whole inhabitants, a half rounded upwards."""
    return Row(np.floor(percent * row.low / 100 + 0.5), np.floor(percent * row.high / 100 + 0.5))


def column_name(slug: str) -> str:
    """German name of a column of the Anlage on the Realsteuerkraft."""
    words = {
        "a": "A",
        "b": "B",
        "grundbetraege": "Grundbeträge",
        "zusammen": "zusammen",
        "realsteuerkraft": "insgesamt",
    }
    words |= {stufe: f"Stufe {stufe}" for stufe in REALSTEUER_STUFEN}
    return " ".join(words.get(word, word.capitalize()) for word in slug.split("_"))


def _realsteuerkraft(p: Mapping[str, Any]) -> Named:
    """§ 8: Grundbeträge and Steuerkraft by Land."""

    def column(t: Sheet, slug: str) -> Row:
        return t("realsteuerkraft", slug)

    b = "grundsteuer_b"
    for slug in (*REALSTEUER_COLUMNS, "grundsteuer_a_steuerkraft"):
        yield (
            f"summe_{slug}",
            f"Realsteuerkraft, {column_name(slug)}: Insgesamt = Summe der Länder",
            lambda t, s=slug: (column(t, s).insgesamt - column(t, s).total).only_insgesamt,
        )
    rates = [
        ("grundsteuer_a", "", p["grundsteuer_a_vomhundertsatz"]),
        ("gewerbesteuer", "", p["gewerbesteuer_vomhundertsatz"]),
        *((b, f"_{n}", rate) for n, rate in zip(REALSTEUER_STUFEN, p["grundsteuer_b_vomhundertsaetze"], strict=True)),
    ]
    for tax, stufe, rate in rates:
        yield (
            f"{tax}_steuerkraft{stufe}",
            f"{column_name(f'{tax}_steuerkraft{stufe}')} = Grundbeträge × {rate:g} v.H.",
            lambda t, x=tax, n=stufe, r=rate: (
                (column(t, f"{x}_steuerkraft{n}") - r / 100 * column(t, f"{x}_grundbetraege{n}")).laender
            ),
        )
    for what in ("grundbetraege", "steuerkraft"):
        yield (
            f"{b}_{what}_zusammen",
            f"{column_name(f'{b}_{what}_zusammen')} = Summe der vier Stufen",
            lambda t, w=what: (
                column(t, f"{b}_{w}_zusammen")
                - sum((column(t, f"{b}_{w}_{n}") for n in REALSTEUER_STUFEN[1:]), column(t, f"{b}_{w}_1"))
            ),
        )
    yield (
        "realsteuerkraft",
        "Realsteuerkraft = Steuerkraft der drei Steuern",
        lambda t: (
            column(t, "realsteuerkraft")
            - column(t, "grundsteuer_a_steuerkraft")
            - column(t, f"{b}_steuerkraft_zusammen")
            - column(t, "gewerbesteuer_steuerkraft")
        ),
    )
    for zeile, slug in (
        ("45", "grundsteuer_a_steuerkraft"),
        ("46", f"{b}_steuerkraft_zusammen"),
        ("47", "gewerbesteuer_steuerkraft"),
        ("48", "realsteuerkraft"),
    ):
        yield _same(
            f"zeile_{zeile}_realsteuerkraft",
            f"Zeile {zeile} = Realsteuerkraft, {column_name(slug)}",
            ("anlage1", zeile),
            ("realsteuerkraft", slug),
        )


PARTS = (
    _texts,
    _summen,
    _gemeindesteuern,
    _messzahlen,
    _tarif,
    _garantien,
    _obergrenze,
    _rangfolge,
    _fonds,
    _einwohner,
    _realsteuerkraft,
)
