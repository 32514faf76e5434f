"""The line registry: one description of every line of a settlement, from ``data/lines/*.yaml``."""

from functools import cache
from types import MappingProxyType
from typing import Any, NamedTuple

from lfa.files import DATA, check_once, load_yaml

STAGES = (
    "quelle",
    "einwohner",
    "vertikal",
    "umsatzsteuer",
    "laendersteuern",
    "gemeindesteuern",
    "finanzkraft",
    "ausgleichsmesszahl",
    "tarif",
    "laendersteuergarantie",
    "belastungsobergrenze",
    "rangfolge",
    "fonds",
    "bez",
    "abschluss",
    "rekonstruktion",
)
"""The stages of a settlement, in the order of the computation."""


class Place(NamedTuple):
    """Where a line is printed; ``sign`` is -1 where a list prints payments without their minus."""

    table: str
    line: str
    sign: int


class Line(NamedTuple):
    """One line of a settlement: what it is, which rule makes it, from what, and how well that is proven."""

    key: str
    printed: tuple[Place, ...]
    stage: str
    paragraph: str
    unit: str
    insgesamt: str
    evidence: str
    label: str
    formula: str
    inputs: tuple[str, ...]
    kind: str = "official"
    """``derived`` where no source prints the line and it is worked out backwards from others."""
    published: str = ""
    """Where the figures of an input appear."""
    only_if: str = ""
    """The parameter without which an input does not count in a year."""

    @property
    def zeilen(self) -> tuple[str, ...]:
        """The Zeilen of Anlage 1 on which the line is printed, the first print first."""
        return tuple(place.line for place in self.printed if place.table == "anlage1" and place.line.isdigit())


@cache
def registry(law: str) -> MappingProxyType[str, Line]:
    """The lines of a law by key, in the order of the computation."""
    path = DATA / "lines" / f"{law}.yaml"
    entries = load_yaml(path, "lines")
    check_once(path, entries, "key")
    return MappingProxyType({entry["key"]: _line(entry) for entry in entries})


def _line(entry: dict[str, Any]) -> Line:
    printed = tuple(_place(text) for text in entry.get("printed", ()))
    return Line(**{**entry, "printed": printed, "inputs": tuple(entry.get("inputs", ()))})


def _place(text: str) -> Place:
    table, line = text.removeprefix("-").split(" ")
    return Place(table, line, -1 if text.startswith("-") else 1)
