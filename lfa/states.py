"""The 16 Länder, in the order in which the ordinances print them."""

from typing import NamedTuple


class Land(NamedTuple):
    """One Land: two-letter code, name, Stadtstaat or not, tile position."""

    code: str
    name: str
    stadtstaat: bool
    tile: tuple[int, int]
    """Column and row on the tile map, which keeps city states visible."""


LAENDER = (
    Land("NW", "Nordrhein-Westfalen", False, (0, 3)),
    Land("BY", "Bayern", False, (2, 4)),
    Land("BW", "Baden-Württemberg", False, (1, 4)),
    Land("NI", "Niedersachsen", False, (1, 2)),
    Land("HE", "Hessen", False, (1, 3)),
    Land("SN", "Sachsen", False, (3, 3)),
    Land("RP", "Rheinland-Pfalz", False, (0, 4)),
    Land("ST", "Sachsen-Anhalt", False, (2, 2)),
    Land("SH", "Schleswig-Holstein", False, (2, 0)),
    Land("TH", "Thüringen", False, (2, 3)),
    Land("BB", "Brandenburg", False, (4, 2)),
    Land("MV", "Mecklenburg-Vorpommern", False, (3, 1)),
    Land("SL", "Saarland", False, (0, 5)),
    Land("BE", "Berlin", True, (3, 2)),
    Land("HH", "Hamburg", True, (2, 1)),
    Land("HB", "Bremen", True, (1, 1)),
)
CODES = tuple(land.code for land in LAENDER)
NAMES = {land.code: land.name for land in LAENDER}
INSGESAMT = "INSGESAMT"
