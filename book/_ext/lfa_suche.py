"""The search of the book: German words and parts of compounds, chapters before the pages of single years.

Sphinx's own search knows stems, not words inside words, nothing of how often a page speaks of something, and cannot
show where from disk (it fetches pages for that). Here the text of every section is written into one script, which only
the search page loads, and ``suche/suche.js`` looks through it: a few hundred kilobytes need no index. A library with an
index (lunr, MiniSearch) finds beginnings of words only, and pagefind asks for a web server.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from bs4 import BeautifulSoup, SoupStrainer, Tag
from sphinx.application import Sphinx

HERE = Path(__file__).parent / "suche"
NOT_TEXT = (
    "svg, script, style, math, nav, noscript, .headerlink, .lfa-unsichtbar, .lfa-weiter, "
    ".cell_input, details.above-input, details.hide > summary, .lfa-loesung, details[lang=en]"
)
SCRIPTS = ("suche.js", "texte.js")
OF_SPHINX = (
    *("searchindex.js", "_static/searchtools.js", "_static/language_data.js"),
    *("_static/base-stemmer.js", "_static/german-stemmer.js"),
)


def sections(page: str) -> tuple[str, list[tuple[str, str, str]]]:
    """Title of a page; anchor, heading and text of its sections."""
    article = BeautifulSoup(page, "html.parser", parse_only=SoupStrainer("article"))
    for part in article.select(NOT_TEXT):
        part.decompose()
    # Amounts can be read in the tables; as words to search for they would only drown the others.
    for cell in article.select("td"):
        if not re.search(r"[^\W\d_]{2}", cell.get_text()):
            cell.decompose()
    found = []
    for section in article.select("section[id]"):
        own = [part for part in section.children if not (isinstance(part, Tag) and part.name == "section")]
        heading = next((part for part in own if isinstance(part, Tag) and re.fullmatch("h[1-6]", part.name)), None)
        if heading is not None:
            text = _plain(" ".join(part.get_text(" ") for part in own if part is not heading))
            found.append((str(section["id"]), _plain(heading.get_text()), text))
    return (found[0][1] if found else ""), found


def _plain(text: str) -> str:
    text = re.sub("[\u00ad\u200b\u2060]", "", text)
    return re.sub(r"\s+([,.;:)])", r"\1", re.sub(r"\s+", " ", text)).strip()


def finish(app: Sphinx, exception: Exception | None) -> None:
    if not exception and app.builder.format == "html":
        rewrite(Path(app.outdir))


def rewrite(site: Path) -> None:
    pages = [page for page in sorted(site.rglob("*.html")) if "_static" not in page.parts]
    entries = []
    for page in pages:
        title, found = sections(page.read_text(encoding="utf-8"))
        name = page.relative_to(site)
        if found and name.name not in ("search.html", "genindex.html"):
            entries.append([name.as_posix(), title, found])
    static = site / "_static" / "suche"
    static.mkdir(exist_ok=True)
    text = json.dumps(entries, ensure_ascii=False, separators=(",", ":"))
    (static / "texte.js").write_text(f"lfaSuche.texte({text});\n", encoding="utf-8")
    (static / "suche.js").write_bytes((HERE / "suche.js").read_bytes())
    search = site / "search.html"
    tags = "".join(f'<script defer src="_static/suche/{name}"></script>\n' for name in SCRIPTS)
    search.write_text(search.read_text(encoding="utf-8").replace("</head>", tags + "</head>", 1), encoding="utf-8")
    for name in OF_SPHINX:
        (site / name).unlink(missing_ok=True)


def setup(app: Sphinx) -> dict[str, Any]:
    app.connect("build-finished", finish)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
