"""The long series since 1995: a value per Land and year, and how certain it is."""

import pytest

from lfa import series
from lfa.errors import DataError
from lfa.results import Result
from lfa.series import balances, volumes
from lfa.states import CODES
from lfa.years import load

KNOWN_PEOPLE = {2003, *range(2005, 2019), 2024}


@pytest.fixture(scope="module")
def frame():
    return balances()


@pytest.fixture(scope="module")
def by_year():
    return volumes().set_index("year")


def test_thirty_years_of_sixteen_laender(frame):
    assert list(frame) == ["year", "land", "value", "per_head", "status", "kind", "source"]
    assert list(zip(frame["year"], frame["land"], strict=True)) == [
        (jahr, land) for jahr in range(1995, 2025) for land in CODES
    ]


def test_payments_of_a_year_add_up_to_zero(frame):
    for jahr, part in frame.groupby("year"):
        # To the cent, to 1000 euro, or in whole millions: half of that for each Land.
        unit = 0.01 if set(part["source"]) == {f"verordnung-{jahr}"} and jahr > 2004 else 1_000_000
        assert abs(part["value"].sum()) <= 16 * unit / 2 + 1e-6, jahr


def test_known_values(frame):
    value = frame.set_index(["year", "land"])["value"]
    assert value[2003, "BY"] == -1_859_163_000
    assert value[2003, "MV"] == 393_059_000 and value[2003, "NI"] == 392_440_000
    assert value[2005, "BW"] == pytest.approx(-2_234_800_000, abs=5000)
    assert value[2024, "BY"] == -9_773_933_000
    assert value[1995, "NW"] == -1_763_000_000


def test_per_head_only_where_inhabitants_are_known(frame):
    known = frame[frame["per_head"].notna()]
    assert set(known["year"]) == KNOWN_PEOPLE and len(known) == 16 * len(KNOWN_PEOPLE)
    row = frame.set_index(["year", "land"]).loc[(2003, "NW")]
    assert row["per_head"] == pytest.approx(row["value"] / 18_073_296)
    # Until 2019 the most per inhabitant goes to one of two city states.
    most = known.loc[known.groupby("year")["per_head"].idxmax()].set_index("year")["land"]
    assert set(most[most.index < 2020]) <= {"BE", "HB"}


def test_volumes(by_year):
    assert list(by_year.index) == list(range(1995, 2025))
    assert by_year["value"][2003] == 6_609_802_000
    assert by_year["value"][2004] == 6_804_838_000
    assert by_year["value"][1995] == 5_724_000_000
    assert by_year["value"][2024] == pytest.approx(18_654_000_000, abs=1_000_000)
    assert by_year["value"].min() > 5e9


def test_a_year_is_as_certain_as_its_weakest_value(frame, by_year):
    assert set(by_year.index[by_year["status"] == "endgueltig"]) == {*range(2003, 2020)}
    assert set(by_year.index[by_year["status"] == "vorlaeufig"]) == {*range(2020, 2025)}
    # Of 2008 and 2009 the ordinances are at hand in part: official and copied values in one year.
    mixed = frame[frame["year"] == 2009]
    assert set(mixed["kind"]) == {"official", "secondary"}
    assert set(by_year.index[by_year["kind"] == "official"]) == {*range(2003, 2020)} - {2008, 2009}


@pytest.mark.parametrize(
    ("status", "kind"),
    [("vorlaeufig", "official"), ("gemischt", "secondary"), ("endgueltig", "derived"), ("vorlaeufig", "derived")],
)
def test_one_weak_value_weakens_its_year(monkeypatch, status, kind):
    """The weak value is the smallest payment: what matters is not how much it is."""
    strong = {code: Result("ausgleich", code, 100, 0, "endgueltig", "official", "", 1) for code in CODES}
    strong["SL"] = strong["SL"]._replace(value=-1, status=status, kind=kind)
    year = load(2015)._replace(results=tuple(strong.values()))
    monkeypatch.setattr(series, "readable", lambda: ([year], {}))
    (row,) = volumes().to_dict(orient="records")
    assert row == {"year": 2015, "value": 1, "status": status, "kind": kind}


def test_status_is_weakest_in_this_order(monkeypatch):
    values = [("endgueltig", "official"), ("gemischt", "secondary"), ("vorlaeufig", "official")]
    results = tuple(Result("ausgleich", code, -1, 0, *pair, "", 1) for code, pair in zip(CODES, values, strict=False))
    monkeypatch.setattr(series, "readable", lambda: ([load(2015)._replace(results=results)], {}))
    assert volumes().loc[0, ["status", "kind"]].to_list() == ["vorlaeufig", "secondary"]
    assert len(balances()) == 3, "a Land without a value has no row"


def test_a_year_that_cannot_be_read_is_left_out(monkeypatch):
    monkeypatch.setattr(series, "readable", lambda: ([load(2014), load(2016)], {2015: DataError([])}))
    assert set(balances()["year"]) == set(volumes()["year"]) == {2014, 2016}
