"""The whole book as one PDF: the built pages in one document, printed by Chromium, with contents and bookmarks.

One document instead of many merged ones, so that links between chapters stay links, and every font is embedded once.
No script runs: the charts are the drawings made at build time, as vectors.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from html import escape
from pathlib import Path, PurePosixPath
from posixpath import normpath
from typing import Any

import click
import yaml
from bs4 import BeautifulSoup, Tag
from pypdf import PdfReader, PdfWriter
from pypdf.generic import ArrayObject, ByteStringObject, Fit, NameObject, TextStringObject

ROOT = Path(__file__).parents[1]
CONTENTS = ROOT / "book" / "_toc.yml"
CITATION = ROOT / "CITATION.cff"
YEARS = "jahre/"
APPENDIX = "Anhang: jedes Jahr"
"""Thirty pages alike, which would stand between the chapters of a reader who turns pages."""
NEEDLESS = (
    "script, link, noscript, .headerlink, .above-input, .toctree-wrapper, .lfa-weiter, .lfa-rechner, button, input, "
    '.lfa-laden, .lfa-zitat, details[lang="en"]'
)
"""What does nothing on paper; the program text of the cells is on the site and in the notebooks."""
NAMED_IN_ATTRIBUTES = ("aria-describedby", "aria-labelledby", "aria-controls", "for", "headers")
PATIENCE = 600_000
"""Milliseconds for one step of Chromium on the whole book."""

RUNNING_HEAD = 'font: 8pt "Liberation Sans", Arial, sans-serif; color: #555; white-space: nowrap;'
STYLE = """
html { --pst-font-family-base: "Liberation Sans", Arial, sans-serif; }
html { --pst-font-family-heading: var(--pst-font-family-base); }
.bd-main .bd-content .bd-article h1:first-of-type { display: block; margin: 0 0 7mm; }
.bd-main, .bd-content, .bd-article-container, .bd-article { display: block !important; }
.bd-main, .bd-content, .bd-article-container, .bd-article { max-width: none !important; width: auto !important; }
.bd-main .bd-content .bd-article { font-size: 9.5pt; line-height: 1.4; }
.lfa-kapitel .lfa-flaeche svg { max-height: 88mm; }
.lfa-loesung:not([open]) { display: block; }
.lfa-loesung::details-content { content-visibility: visible; block-size: auto; }
.lfa-kapitel h1 { font-size: 20pt; }
.lfa-kapitel h2 { font-size: 14pt; }
.lfa-kapitel h3 { font-size: 11pt; }
@page { size: A4; margin: 18mm 17mm 20mm;
  @top-left { content: ""; } @top-right { content: ""; } @bottom-right { content: ""; }
  @bottom-center { content: counter(page); font: 9pt "Liberation Sans", Arial, sans-serif; color: #444; } }
@page titel { @bottom-center { content: ""; } }
.lfa-buchtitel { page: titel; padding-top: 75mm; }
.lfa-buchtitel h1 { font-size: 34pt !important; margin: 0 0 6mm; }
.lfa-buchtitel .lfa-untertitel { font-size: 15pt; margin: 0 0 14mm; }
.lfa-verzeichnis { page: verzeichnis; }
.lfa-verzeichnis h2 { font-size: 11pt; margin: 4.2mm 0 1mm; }
.lfa-verzeichnis ol { list-style: none; margin: 0; padding: 0; }
.lfa-verzeichnis li { margin: 0; break-inside: avoid; }
.lfa-verzeichnis li a { display: flex; align-items: baseline; gap: 2mm; text-decoration: none; }
.lfa-verzeichnis li a::before { content: ""; order: 2; flex: 1; border-bottom: 1px dotted #888; }
.lfa-verzeichnis li a span { order: 3; min-width: 2.2em; text-align: right; font-variant-numeric: tabular-nums; }
.lfa-verzeichnis .lfa-jahre { columns: 3; column-gap: 10mm; }
.lfa-sprungziele { display: none; }
"""


@dataclass(frozen=True)
class Chapter:
    """One page of the site, as it stands in the book."""

    key: str
    """Its path without ending, with "-" for "/": the prefix of all its names in the document."""
    path: str
    part: str
    title: str
    body: Tag
    sections: tuple[tuple[str, str], ...]
    """Name and title of every section below the chapter."""


def chapter_paths(contents: Mapping[str, Any], site: Path) -> Iterator[tuple[str, str]]:
    """Part and path of every page, in the order of the book; "" for the page before all parts."""
    yield "", f"{contents['root']}.html"

    def pages(entries: Sequence[Mapping[str, Any]]) -> Iterator[str]:
        for entry in entries:
            if "file" in entry:
                yield f"{entry['file']}.html"
            else:
                yield from sorted(page.relative_to(site).as_posix() for page in site.glob(f"{entry['glob']}.html"))
            yield from pages(entry.get("sections", []))

    appendix = []
    for part in contents["parts"]:
        for path in pages(part["chapters"]):
            if path.startswith(YEARS):
                appendix.append((APPENDIX, path))
            else:
                yield part["caption"], path
    yield from appendix


def key_of(path: str) -> str:
    """The prefix of all names of a page: jahre/2003.html → jahre-2003."""
    return path.removesuffix(".html").replace("/", "-")


def text_of(tag: Tag) -> str:
    """The words of a heading."""
    return re.sub(r"\s+", " ", tag.get_text()).strip()


def read_chapter(part: str, path: str, site: Path, keys: Mapping[str, str]) -> Chapter:
    """The article of a page with names that are unique in the book, and links that stay in it."""
    page = BeautifulSoup((site / path).read_text(encoding="utf-8"), "html.parser")
    article = page.find("article")
    if not isinstance(article, Tag):
        raise click.ClickException(f"{site / path} has no article")
    key = keys[path]
    for calculator in article.select(".lfa-rechner"):
        calculator.insert_before(_note(page))
    for needless in article.select(NEEDLESS):
        needless.decompose()
    for fold in article.find_all("details"):
        fold["open"] = ""
    for tag in article.find_all(True):
        _rename(tag, key)
    for link in article.find_all("a", href=True):
        target = target_of(str(link["href"]), path, keys)
        if target:
            link["href"] = target
        else:
            link.unwrap()
    for image in article.find_all("img", src=True):
        source = str(image["src"])
        if not source.startswith("data:"):
            image["src"] = (site / PurePosixPath(path).parent / source).resolve().as_uri()
    heading = article.find("h1")
    if not isinstance(heading, Tag):
        raise click.ClickException(f"{site / path} has no title")
    article.name = "section"
    article["id"] = key
    article["class"] = "lfa-kapitel"
    sections = tuple(
        (str(section["id"]), text_of(title))
        for title in article.find_all("h2")
        if isinstance(section := title.find_parent("section", id=True), Tag) and section is not article
    )
    return Chapter(key, path, part, text_of(heading), article, sections)


def _note(page: BeautifulSoup) -> Tag:
    note = page.new_tag("p")
    note.string = (
        "Hier steht auf der Seite des Buchs ein Rechner. Er braucht einen Browser und fehlt deshalb auf Papier."
    )
    return note


def _rename(tag: Tag, key: str) -> None:
    """Prefix every name that a tag carries or refers to."""
    for attribute, value in list(tag.attrs.items()):
        text = " ".join(value) if isinstance(value, list) else str(value)
        if attribute == "id":
            tag[attribute] = f"{key}--{text}"
        elif attribute in NAMED_IN_ATTRIBUTES:
            tag[attribute] = " ".join(f"{key}--{name}" for name in text.split())
        elif attribute == "xlink:href" and text.startswith("#"):
            tag[attribute] = f"#{key}--{text[1:]}"
        elif "url(" in text:
            tag[attribute] = re.sub(r"url\((['\"]?)#", rf"url(\1#{key}--", text)


def target_of(link: str, path: str, keys: Mapping[str, str]) -> str:
    """Where a link of a page leads in the book; "" for a file that only the site has."""
    if re.match(r"[a-z]+:", link):
        return link
    file, _, name = link.partition("#")
    target = normpath(str(PurePosixPath(path).parent / file)) if file else path
    if target not in keys:
        return ""
    return f"#{keys[target]}--{name}" if name else f"#{keys[target]}"


def without_dead_links(chapters: Sequence[Chapter]) -> None:
    """A link to a name that no chapter has leads to the chapter itself, as a browser would go there."""
    names = {str(tag["id"]) for chapter in chapters for tag in chapter.body.find_all(id=True)}
    names |= {chapter.key for chapter in chapters}
    for chapter in chapters:
        for link in chapter.body.find_all("a", href=re.compile("^#")):
            if str(link["href"])[1:] not in names:
                link["href"] = "#" + str(link["href"])[1:].split("--")[0]


def css_text(text: str) -> str:
    """A string for CSS."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def document(chapters: Sequence[Chapter], site: Path, about: Mapping[str, str], pages: Mapping[str, int]) -> str:
    """The book as one HTML document; ``pages`` holds the page of every chapter, where known."""
    front = BeautifulSoup((site / "index.html").read_text(encoding="utf-8"), "html.parser")
    sheets = "".join(
        f'<link rel="stylesheet" href="{(site / str(link["href"]).split("?")[0]).resolve().as_uri()}">'
        for link in front.select("head link[rel~=stylesheet]")
    )
    # A named page for each chapter: it starts on a new page and carries its title at the top.
    heads = "".join(
        f"@page k{number} {{ @top-left {{ content: {css_text(chapter.part)}; {RUNNING_HEAD} }} "
        f"@top-right {{ content: {css_text(chapter.title)}; {RUNNING_HEAD} }} }} "
        f"#{chapter.key} {{ page: k{number}; }}\n"
        for number, chapter in enumerate(chapters)
    )
    bodies = "".join(str(chapter.body) for chapter in chapters)
    # Chromium gives a place in the PDF only to names that some link leads to.
    places = "".join(f'<a href="#{name}"></a>' for chapter in chapters for name, _ in chapter.sections)
    return (
        f'<!DOCTYPE html><html lang="de" data-theme="light" data-mode="light"><head><meta charset="utf-8">'
        f"<title>{escape(about['title'])}</title>{sheets}<style>{STYLE}{heads}</style></head><body>"
        f'<main class="bd-main"><div class="bd-content"><div class="bd-article-container"><article class="bd-article">'
        f'<section class="lfa-buchtitel"><h1>{escape(about["title"])}</h1><p class="lfa-untertitel">'
        f"{escape(about['subtitle'])}</p><p>{escape(about['author'])}</p><p>{escape(about['imprint'])}</p></section>"
        f'<section class="lfa-verzeichnis"><h1>Inhalt</h1>{contents(chapters, pages)}</section>'
        f'{bodies}</article></div></div></main><div class="lfa-sprungziele">{places}</div></body></html>'
    )


def contents(chapters: Sequence[Chapter], pages: Mapping[str, int]) -> str:
    """The table of contents; three digits stand for a page that is not yet known."""
    parts: dict[str, list[Chapter]] = {}
    for chapter in chapters:
        parts.setdefault(chapter.part, []).append(chapter)
    lines = []
    for part, members in parts.items():
        heading = f"<h2>{escape(part)}</h2>" if part else ""
        entries = "".join(
            f'<li><a href="#{chapter.key}">{escape(chapter.title)}<span>{pages.get(chapter.key, 888)}</span></a></li>'
            for chapter in members
        )
        columns = ' class="lfa-jahre"' if part == APPENDIX else ""
        lines.append(f"{heading}<ol{columns}>{entries}</ol>")
    return "".join(lines)


def print_to_pdf(html: str, folder: Path) -> Path:
    """One run of Chromium over the document, with scripts off."""
    from playwright.sync_api import sync_playwright

    source, target = folder / "buch.html", folder / "buch.pdf"
    source.write_text(html, encoding="utf-8")
    chromium = os.environ.get("CHROMIUM") or shutil.which("chromium") or "/usr/bin/chromium"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_context(java_script_enabled=False, color_scheme="light", offline=True).new_page()
        page.set_default_timeout(PATIENCE)
        page.goto(source.as_uri(), wait_until="load")
        page.pdf(path=target, prefer_css_page_size=True, print_background=True, tagged=True)
        browser.close()
    return target


def pages_of(reader: PdfReader) -> dict[str, int]:
    """The page on which each name stands, counted from 1 as printed."""
    numbers = {page.indirect_reference.idnum: n for n, page in enumerate(reader.pages, 1) if page.indirect_reference}
    return {
        name.removeprefix("/"): numbers[place.page.idnum]  # type: ignore[union-attr]
        for name, place in reader.named_destinations.items()
    }


def finish(printed: Path, chapters: Sequence[Chapter], about: Mapping[str, str], when: datetime, output: Path) -> int:
    """Add bookmarks and what the book says about itself; nothing depends on the moment. Returns the number of pages."""
    reader = PdfReader(printed)
    places = {name.removeprefix("/"): place for name, place in reader.named_destinations.items()}
    pages = pages_of(reader)
    writer = PdfWriter(clone_from=reader)
    writer.pdf_header = reader.pdf_header
    parts: dict[str, Any] = {}

    def bookmark(title: str, name: str, parent: Any) -> Any:
        place = Fit.xyz(left=0, top=float(places[name].top or 0) + 12)
        return writer.add_outline_item(
            title=title, page_number=pages[name] - 1, parent=parent, is_open=False, fit=place
        )

    for chapter in chapters:
        if chapter.part and chapter.part not in parts:
            parts[chapter.part] = bookmark(chapter.part, chapter.key, None)
        entry = bookmark(chapter.title, chapter.key, parts.get(chapter.part))
        for name, title in chapter.sections:
            if name in places:
                bookmark(title, name, entry)
    writer.page_mode = "/UseOutlines"
    writer.root_object[NameObject("/Lang")] = TextStringObject("de")
    stamp = when.strftime("D:%Y%m%d%H%M%S+00'00'")
    writer.metadata = None
    writer.add_metadata(
        {
            "/Title": about["title"],
            "/Subject": about["subtitle"],
            "/Author": about["author"],
            "/CreationDate": stamp,
            "/ModDate": stamp,
        }
    )
    # pypdf itself would draw the identifier by lot.
    identifier = ByteStringObject(hashlib.md5(f"{about} {stamp}".encode(), usedforsecurity=False).digest())
    writer._ID = ArrayObject((identifier, identifier))
    writer.write(output)
    output.write_bytes(renumbered(output.read_bytes()))
    return len(reader.pages)


def renumbered(document: bytes) -> bytes:
    """The document with the elements of its structure numbered from one, in their order and as long as before.

    Chromium counts what it has made on the way, which depends on how busy the machine was.
    """
    numbers = sorted(set(re.findall(rb"\(node(\d{8})\)", document)))
    places = {number: b"(node%08d)" % place for place, number in enumerate(numbers, start=1)}
    return re.sub(rb"\(node(\d{8})\)", lambda found: places[found[1]], document)


def moment() -> datetime:
    """When the book was made: SOURCE_DATE_EPOCH, or the date of the commit, so that one commit gives one PDF."""
    epoch = os.environ.get("SOURCE_DATE_EPOCH")
    if not epoch:
        git = subprocess.run(
            ["git", "log", "-1", "--format=%ct"], cwd=ROOT, capture_output=True, text=True, check=False
        )
        epoch = git.stdout.strip()
    if not epoch:
        released = yaml.safe_load(CITATION.read_text(encoding="utf-8"))["date-released"]
        return datetime.fromisoformat(f"{released}T00:00:00+00:00")
    return datetime.fromtimestamp(int(epoch), UTC)


def about_the_book(site: Path) -> dict[str, str]:
    """Title, authors, and the line of the footer with version, date and licences."""
    front = BeautifulSoup((site / "index.html").read_text(encoding="utf-8"), "html.parser")
    imprint = front.select_one(".lfa-fuss")
    citation = yaml.safe_load(CITATION.read_text(encoding="utf-8"))
    return {
        "title": "Länderfinanzausgleich",
        "subtitle": "Nachgerechnet von den amtlichen Zahlen bis zur letzten gedruckten Stelle",
        "author": ", ".join(
            person.get("name") or f"{person['given-names']} {person['family-names']}" for person in citation["authors"]
        ),
        "imprint": text_of(imprint) if imprint else "",
    }


def read_book(site: Path, toc: Mapping[str, Any]) -> list[Chapter]:
    """Every page that the table of contents names, in its order."""
    paths = list(chapter_paths(toc, site))
    keys = {path: key_of(path) for _, path in paths}
    if missing := [path for path in keys if not (site / path).exists()]:
        raise click.ClickException(f"not built: {' '.join(missing)}")
    chapters = [read_chapter(part, path, site, keys) for part, path in paths]
    without_dead_links(chapters)
    return chapters


def make(site: Path, output: Path, toc: Mapping[str, Any]) -> int:
    """Write the PDF of a built site; returns the number of pages."""
    started = time.monotonic()

    def say(text: str) -> None:
        click.echo(f"{time.monotonic() - started:4.0f} s  {text}", err=True)

    say("reading the pages")
    chapters = read_book(site, toc)
    about = about_the_book(site)
    pages: dict[str, int] = {}
    known: dict[str, int] = {}
    with tempfile.TemporaryDirectory() as name:
        # The first pass tells the page of each chapter, the second prints it into the contents.
        for attempt in (1, 2):
            say(f"printing {len(chapters)} chapters, pass {attempt} of 2")
            printed = print_to_pdf(document(chapters, site, about, pages), Path(name))
            known, pages = pages, pages_of(PdfReader(printed))
        if wrong := [chapter.title for chapter in chapters if known[chapter.key] != pages[chapter.key]]:
            raise click.ClickException(f"the contents name another page than the chapter has: {', '.join(wrong)}")
        say("adding the bookmarks")
        count = finish(printed, chapters, about, moment(), output)
    say(f"{output}: {count} pages, {output.stat().st_size / 1e6:.1f} MB")
    return count


@click.command()
@click.argument("site", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.argument("output", type=click.Path(dir_okay=False, path_type=Path))
def main(site: Path, output: Path) -> None:
    """Print the built SITE as one PDF to OUTPUT."""
    make(site, output, yaml.safe_load(CONTENTS.read_text(encoding="utf-8")))


if __name__ == "__main__":
    main()
