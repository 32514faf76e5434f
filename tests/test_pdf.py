"""The book on paper: some pages of the built site as one PDF, read back and looked at. Needs the built book."""

from __future__ import annotations

import io
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from browsing import SITE
from playwright.sync_api import Browser
from pypdf import PdfReader
from pypdf.generic import IndirectObject

from lfa import pdf

TOC = {
    "root": "index",
    "parts": [
        {"caption": "Was ein Land einnimmt", "chapters": [{"file": "gemeindesteuern"}, {"file": "tarif"}]},
        {"caption": "Alle Jahre", "chapters": [{"file": "jahre", "sections": [{"glob": "jahre/2003"}]}]},
        {"caption": "Zum Nachprüfen", "chapters": [{"file": "selbst_rechnen"}, {"file": "daten"}]},
    ],
}
"""A page of each kind: charts, the widest tables, long tables, a calculator, a year."""
SHORT = {"root": "index", "parts": [{"caption": "Worum es geht", "chapters": [{"file": "wer_rechnet"}]}]}
A4 = (595, 842)


def words(text: str) -> str:
    """Text without spaces and breaks, which a PDF keeps only by chance."""
    return re.sub(r"[\s\u00ad\u200b]", "", text)


def make(output: Path, site: Path, toc: Mapping[str, Any], **environment: str) -> None:
    """In a process of its own: Playwright runs once in each, and the browser of the tests is running."""
    command = "import json, sys; from pathlib import Path; from lfa import pdf; site, output, toc = sys.argv[1:]; "
    command += "pdf.make(Path(site), Path(output), json.loads(toc))"
    arguments = [sys.executable, "-c", command, str(site), str(output), json.dumps(toc)]
    subprocess.run(arguments, cwd=pdf.ROOT, env=os.environ | environment, check=True)


@pytest.fixture(scope="module")
def chapters() -> list[pdf.Chapter]:
    return pdf.read_book(SITE, TOC)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> PdfReader:
    output = tmp_path_factory.mktemp("pdf") / "buch.pdf"
    make(output, SITE, TOC)
    return PdfReader(io.BytesIO(output.read_bytes()))


@pytest.fixture(scope="module")
def texts(made: PdfReader) -> list[str]:
    return [words(page.extract_text()) for page in made.pages]


def test_chapters_stand_where_the_contents_say(made: PdfReader, texts: list[str], chapters: list[pdf.Chapter]) -> None:
    contents = texts[1]
    assert "Inhalt" in contents[:10]
    pages = pdf.pages_of(made)
    for chapter in chapters:
        number = pages[chapter.key]
        assert f"{words(chapter.title)}{number}" in contents, chapter.title
        # The running head, the number of the page, the title.
        head = f"{words(chapter.part)}{words(chapter.title)}{number}{words(chapter.title)}"
        assert texts[number - 1].startswith(head), chapter.title
    starts = [pages[chapter.key] for chapter in chapters]
    assert starts == sorted(starts)
    assert starts[0] == 3


def test_years_stand_last(chapters: list[pdf.Chapter]) -> None:
    assert [chapter.part for chapter in chapters][-2:] == ["Zum Nachprüfen", pdf.APPENDIX]


def test_bookmarks_follow_parts_and_chapters(made: PdfReader, chapters: list[pdf.Chapter]) -> None:
    def tree(entries: list[object], depth: int) -> list[tuple[int, str, int]]:
        found: list[tuple[int, str, int]] = []
        for entry in entries:
            if isinstance(entry, list):
                found += tree(entry, depth + 1)
            else:
                found.append((depth, entry.title, made.get_destination_page_number(entry) + 1))  # type: ignore[attr-defined]
        return found

    marks = tree(made.outline, 0)
    pages = pdf.pages_of(made)
    parts = list(dict.fromkeys(chapter.part for chapter in chapters if chapter.part))
    assert [title for depth, title, _ in marks if depth == 0] == [chapters[0].title, *parts]
    for chapter in chapters[1:]:
        assert (1, chapter.title, pages[chapter.key]) in marks
        for name, title in chapter.sections:
            assert (2, title, pages[name]) in marks


def test_pages_are_a4_and_none_is_empty(made: PdfReader, texts: list[str]) -> None:
    for number, (page, text) in enumerate(zip(made.pages, texts, strict=True), 1):
        assert tuple(round(float(side)) for side in page.mediabox[2:]) == A4
        assert len(text) > 60, f"page {number} is nearly empty: {text}"


def test_every_table_is_there_to_its_last_column(texts: list[str], chapters: list[pdf.Chapter]) -> None:
    book = "".join(texts)
    for chapter in chapters:
        for table in chapter.body.find_all("table"):
            for column in table.select("thead th"):
                # Hyphenated where the browser likes; the first word of the heading is enough.
                assert words(column.get_text())[:4] in book, f"{chapter.path}: {column.get_text()}"
            last = table.find_all("tr")[-1].find_all(["td", "th"])[-1]
            assert words(last.get_text())[:12] in book, f"{chapter.path}: {last.get_text()}"


def test_nothing_reaches_beyond_the_paper(browser: Browser, chapters: list[pdf.Chapter], tmp_path: Path) -> None:
    source = tmp_path / "buch.html"
    source.write_text(pdf.document(chapters, SITE, pdf.about_the_book(SITE), {}), encoding="utf-8")
    # As wide as what A4 leaves between the margins of the book.
    context = browser.new_context(viewport={"width": 665, "height": 900})
    page = context.new_page()
    page.emulate_media(media="print")
    page.goto(source.as_uri())
    beyond = page.evaluate(
        """() => [...document.querySelectorAll('table, pre, figure, .lfa-flaeche > svg, math, p, li')]
            .filter(part => part.checkVisibility() && !part.closest('.lfa-unsichtbar'))
            .filter(part => part.getBoundingClientRect().right > innerWidth + 1 || part.scrollWidth > innerWidth + 1)
            .map(part => part.closest('.lfa-kapitel')?.id + ': ' + part.textContent.trim().slice(0, 60))"""
    )
    context.close()
    assert beyond == []


def test_fonts_are_embedded_and_charts_are_vectors(made: PdfReader) -> None:
    fonts, pictures = set(), []
    for number, page in enumerate(made.pages, 1):
        for font in page["/Resources"].get("/Font", {}).values():  # type: ignore[attr-defined]
            inner = font.get_object().get("/DescendantFonts", [font])[0].get_object()
            about = inner.get("/FontDescriptor", {})
            about = about.get_object() if isinstance(about, IndirectObject) else about
            fonts.add((inner["/BaseFont"], any(key.startswith("/FontFile") for key in about)))
        pictures += [(number, image.name) for image in page.images]
    assert fonts
    assert [font for font, embedded in fonts if not embedded] == []
    assert pictures == []


def test_only_what_works_on_paper(texts: list[str], made: PdfReader) -> None:
    book = "".join(texts)
    assert "Programmtextverbergen" not in book
    assert "DerRechnerlädt" not in book
    assert "HierstehtaufderSeitedesBuchseinRechner" in book
    links = [
        action["/URI"]
        for page in made.pages
        for note in page.get("/Annots", [])
        if (action := note.get_object().get("/A", {})) and "/URI" in action
    ]
    assert [link for link in links if not str(link).startswith("http")] == []


def test_says_what_it_is(made: PdfReader) -> None:
    assert made.metadata is not None
    assert made.metadata.title == "Länderfinanzausgleich"
    assert made.metadata.author == "The contributors of the Länderfinanzausgleich book"
    assert made.root_object["/Lang"] == "de"


def test_the_same_site_gives_the_same_bytes(tmp_path: Path) -> None:
    elsewhere = tmp_path / "anderswo" / "html"
    shutil.copytree(SITE, elsewhere, ignore=shutil.ignore_patterns("jahre", "_sources"))
    make(tmp_path / "a.pdf", SITE, SHORT, SOURCE_DATE_EPOCH="1700000000")
    make(tmp_path / "b.pdf", elsewhere, SHORT, SOURCE_DATE_EPOCH="1700000000")
    assert (tmp_path / "a.pdf").read_bytes() == (tmp_path / "b.pdf").read_bytes()
    metadata = PdfReader(tmp_path / "a.pdf").metadata
    assert metadata is not None
    assert metadata.creation_date == metadata.modification_date == datetime.fromtimestamp(1700000000, UTC)


def test_elements_are_numbered_by_their_order() -> None:
    quiet, busy = (
        b"/ID (node000003%02d) [ (node000003%02d) (node00000%d) ]" % one for one in ((1, 3, 310), (2, 4, 311))
    )
    assert pdf.renumbered(quiet) == pdf.renumbered(busy) == b"/ID (node00000001) [ (node00000002) (node00000003) ]"
    assert pdf.renumbered(b"(nodes) (node123)") == b"(nodes) (node123)"


@pytest.mark.parametrize(
    ("link", "target"),
    [
        ("#regel", "#jahre-2003--regel"),
        ("../tarif.html", "#tarif"),
        ("../tarif.html#zonen", "#tarif--zonen"),
        ("2004.html", ""),
        ("../_sources/tarif.ipynb", ""),
        ("https://example.org/a.html", "https://example.org/a.html"),
    ],
)
def test_links_stay_in_the_book(link: str, target: str) -> None:
    assert pdf.target_of(link, "jahre/2003.html", {"tarif.html": "tarif", "jahre/2003.html": "jahre-2003"}) == target
