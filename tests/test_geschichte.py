"""What changed since 1949: every entry in order and with a source, at one with the other data; both chapters' rules."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from drawn import check_drawn, year_2003

from lfa import geschichte
from lfa.errors import DataError
from lfa.files import DATA
from lfa.geschichte import OFFICIAL, history, of_years
from lfa.gesetze import gesetze
from lfa.pictures import fragen
from lfa.pictures import geschichte as pictures
from lfa.pictures.fragen import Scenario
from lfa.pictures.verfahren import statute
from lfa.results import sources

FILE = DATA / "geschichte.yaml"


def test_the_entries_lead_from_1949_to_2029() -> None:
    entries = history()
    assert [entry.date for entry in entries] == sorted(entry.date for entry in entries)
    assert (entries[0].year, entries[-1].year) == (1949, 2029)
    assert [entry.when for entry in entries] == sorted(entry.when for entry in entries)
    assert of_years(1999, 2001) == tuple(entry for entry in entries if 1999 <= entry.year <= 2001)
    assert not of_years(1800, 1900)


def test_every_entry_has_a_source_and_official_ones_an_official_source() -> None:
    for entry in history():
        assert entry.sources
        assert entry.evidence != OFFICIAL or any(source.official for source in entry.sources), entry.id
        for source in entry.sources:
            assert source.title and bool(source.where) != bool(source.source)
            assert source.official or not source.quote
            assert not source.source or source.source in sources()


def test_words_of_a_statute_of_the_book_are_verbatim() -> None:
    found = [(source.source, source.quote) for entry in history() for source in entry.sources if source.source]
    assert found
    for name, quote in found:
        if quote:
            words = " ".join(" ".join(statute(name.removeprefix("recht-")).values()).split())
            assert quote in words, quote


def test_the_laws_are_those_of_the_other_file() -> None:
    named = {entry.law: (entry.applies_from, entry.reference) for entry in history() if entry.law}
    assert named == {law.law: (law.first, law.reference) for law in gesetze()}


def replaced(tmp_path: Path, old: str, new: str) -> Path:
    text = FILE.read_text(encoding="utf-8")
    assert old in text
    path = tmp_path / "geschichte.yaml"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ('date: "1949-05-23"', 'date: "1949-05-32"', "found: 1949-05-32, expected: a date such as 2003-12-31"),
        ('date: "1949-05-23"', "date: 1949-13", "found: 1949-13, expected: a date such as 2003-12-31"),
        ('date: "1952"', "date: 1952", "found: 1952, expected: a date such as 2003-12-31"),
        (
            'date: "1952"',
            'date: "1948"',
            "found: 1948, expected: 1949-05-23 or later: the entries in the order of time",
        ),
        ("id: urteil-1952", "id: grundgesetz-1949", "found: the name twice"),
        ("kind: Urteil", "kind: Beschluss", "found: 'Beschluss', expected: one of Grundgesetz Gesetz Urteil"),
        ("  kind: Urteil\n", "", "found: nothing, expected: the key kind"),
        (
            "title: Die Frist wird verschoben",
            "title: Die Frist wird ein weiteres Mal verschoben",
            "10 to 41 characters",
        ),
        ("applies_from: 1970", "applies_from: 1968", "found: 1968, expected: 1969 or later"),
        ("chapter: gemeindesteuern", "chapter: gemeindesteuer", "gemeindesteuer, expected: a notebook of the book"),
        ("source: recht-defg", "source: recht-fonds", "found: recht-fonds, expected: an id of sources.yaml"),
        ("source: recht-defg", "title: Der Fonds", "found: neither, expected: a source of sources.yaml, or a title"),
        ("source: recht-defg", "source: recht-defg\n      where: https://a.de", "found: both"),
        ("title: Wikipedia, „Länderfinanzausgleich“\n      where", "where", "found: no title"),
        ("official: false", "official: nein", "found: 'nein', expected: true or false"),
        (
            'where: "https://lexetius.com/GG/107,7"',
            "where: lexetius.com",
            "found: 'lexetius.com', expected: an address",
        ),
        ("applies_from: 1995", "applies_from: 1996", "found: applies_from 1996, expected: 1995, as gesetze.yaml says"),
        ("reference: G. v. 23.06.1993", "reference: G. v. 24.06.1993", "expected: G. v. 23.06.1993 BGBl. I S. 944."),
        ('date: "2025-10-27"', 'date: "2025-10-28"', "expected: an act of 2025-10-28"),
        ("2025 I Nr. 255.\n", "2025 I Nr. 256.\n", "expected: a citation of gesetze.yaml or the parameters"),
        ("  what: >-\n", "  sagt: ja\n  what: >-\n", "found: an unknown key"),
    ],
)
def test_a_wrong_file_is_refused(tmp_path: Path, old: str, new: str, expected: str) -> None:
    with pytest.raises(DataError) as caught:
        geschichte.read(replaced(tmp_path, old, new))
    assert re.search(r"geschichte.yaml, row: \d+", str(caught.value))
    assert expected in str(caught.value)


def test_what_is_second_hand_is_neither_official_nor_quoted(tmp_path: Path) -> None:
    one = "title: taz, „Vor Gericht“"
    with pytest.raises(DataError, match=r"urteil-1992, found: the words of a source that is not official"):
        geschichte.read(replaced(tmp_path, one, f"quote: Die Worte einer Zeitung, ganz genau.\n      {one}"))
    text = FILE.read_text(encoding="utf-8")
    entry = text[text.index("- id: urteil-1992") : text.index("- id: solidarpakt-1993")]
    path = replaced(tmp_path, entry, entry.replace("evidence: secondary", "evidence: official"))
    with pytest.raises(DataError, match=r"urteil-1992, found: official, expected: secondary: none of the sources"):
        geschichte.read(path)


# --- The pictures -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("draw", [pictures.timeline, lambda: pictures.shares_picture(pictures.shares(2024))])
def test_a_picture_is_drawn_and_the_same_every_time(draw: Any) -> None:
    check_drawn(draw)


def test_days_in_words() -> None:
    dates = ("1952", "2001-06", "1999-11-11")
    assert [pictures.day_in_words(date) for date in dates] == ["1952", "Juni 2001", "11. November 1999"]


def test_the_list_leads_to_every_address_and_escapes_it() -> None:
    html = pictures.listed(history()).html
    for entry in history():
        assert f'id="ereignis-{entry.id}"' in html
    assert 'href="https://lexetius.com/GG/107,7"' in html
    assert (
        'href="https://github.com/c3e/grundgesetz"' in html
        and 'title="Dateien 106.md und 107.md, Stand 098f4fd4"' in html
    )
    assert "&amp;Name=bv001117" in html and "&Name" not in html
    assert html.count("<dt ") == len(history())


def test_the_entries_are_counted() -> None:
    frame = pictures.counts(history())
    assert frame["zahl"].sum() == len(history())
    assert (frame["amtlich"] <= frame["zahl"]).all()


def test_taxes_as_article_106_has_them() -> None:
    frame = pictures.taxes().set_index("steuer")["wem"]
    assert frame.value_counts().to_dict() == {"Bund": 7, "Länder": 5, "Gemeinden": 3}
    assert (frame["Zölle"], frame["Biersteuer"], frame["Gewerbesteuer"]) == ("Bund", "Länder", "Gemeinden")
    assert "Abgabe von Spielbanken" in str(pictures.taxes_by_owner())


def test_shares_add_up() -> None:
    for _, row in pictures.shares(2024).iterrows():
        assert sum(row) == 100


def test_the_standards_hold_since_2005_and_not_before() -> None:
    versions = {"FAG 1993": "1993", "FAG 2001": "2005", "FAG 2020": "2020"}
    frame = pictures.standards(year_2003(), versions)
    assert list(frame["paare"]) == [7, 0, 0]
    assert list(frame["abstand"] > 1e-6) == [False, True, True]
    assert (frame["bleibt"] > 0).all() and (frame["bleibt_bez"].dropna() > 0).all()
    assert pictures.overtakers("1993") == ["HB"] and not pictures.overtakers("2020")


def test_a_gap_that_is_closed_is_none() -> None:
    assert pictures.smallest_gap([3.0, 1.0, 1.0]) == 0
    lines = fragen.before(Scenario("2020"))
    assert pictures.smallest_gap(pictures.after_bez(lines)) > 0


def test_the_quotations_of_the_chapter_are_found() -> None:
    found = pictures.quotations("grundgesetz")
    assert found and all(text in pictures.words_of("gg", "massstg") for text in found)
    assert pictures.quotations("geschichte") == []
