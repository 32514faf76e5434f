"""The long series: what every Land paid or received, year by year, each value with its status, kind and source."""

import pandas as pd

from lfa.results import preferred
from lfa.states import CODES
from lfa.years import readable

COLUMNS = ("year", "land", "value", "per_head", "status", "kind", "source")


def balances() -> pd.DataFrame:
    """Beitrag (negative) or Zuweisung of every Land and year in euro, and per inhabitant where those are known.

    One row per year and Land, with the value that counts; status and kind are those of its source. A year whose data
    cannot be read is left out.
    """
    rows = []
    for year in readable()[0]:
        results = preferred(year.results)
        people = results.get("einwohner", {})
        for land in CODES:
            result = results.get("ausgleich", {}).get(land)
            if result is not None:
                value = float(result.value)
                per_head = value / float(people[land].value) if land in people else None
                rows.append((year.year, land, value, per_head, result.status, result.kind, result.source))
    return pd.DataFrame(rows, columns=list(COLUMNS))


def volumes() -> pd.DataFrame:
    """What was moved between the Länder in each year: the sum of all Beiträge or Abschläge, in euro.

    Status and kind are the weakest of the year's values: provisional before final, secondary before official.
    """
    frame = balances()
    rows = [
        (
            jahr,
            -float(part.loc[part["value"] < 0, "value"].sum()),
            next(status for status in ("vorlaeufig", "gemischt", "endgueltig") if (part["status"] == status).any()),
            next(kind for kind in ("derived", "secondary", "official") if (part["kind"] == kind).any()),
        )
        for jahr, part in frame.groupby("year")
    ]
    return pd.DataFrame(rows, columns=["year", "value", "status", "kind"])
