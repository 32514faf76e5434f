"""Leads the first use of a word of the glossary in each chapter to its entry, with its plain sentence as tooltip.

Only in prose: not in headings, links, code, formulas, tables, quotations or what a cell shows, and not where the words
are part of markup of their own. Which words mean what in which chapter is told by ``lfa.glossar``.
"""

from __future__ import annotations

import re
from typing import Any

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx

from lfa.glossar import NOT_LINKED, PAGE, Entry, chapter_of, find

NOT_PROSE = (
    *(nodes.title, nodes.subtitle, nodes.rubric, nodes.caption, nodes.figure, nodes.image, nodes.table),
    *(nodes.reference, nodes.target, nodes.footnote_reference, nodes.block_quote, nodes.attribution),
    *(nodes.literal, nodes.literal_block, nodes.doctest_block, nodes.math, nodes.math_block),
    *(nodes.comment, nodes.system_message, nodes.problematic, nodes.substitution_definition),
    *(addnodes.pending_xref, addnodes.toctree, addnodes.download_reference, addnodes.index),
)
CELL = {"cell", "cell_input", "cell_output"}
"""Classes of what MyST-NB makes of a code cell."""

# An element of raw HTML within a line: what stands before its end is no plain prose.
INLINE = re.compile(r"<(/?)(a|abbr|b|button|cite|code|em|i|kbd|label|q|s|small|span|strong|sub|summary|sup|u)\b[^>]*?>")


def link_first_uses(doctree: nodes.Node, chapter: str, address: str) -> list[str]:
    """Turn the first use of each word into a link to ``address``; returns the slugs in the order of their use."""
    seen: dict[str, None] = {}
    _walk(doctree, chapter, address, seen)
    return list(seen)


def _walk(node: nodes.Node, chapter: str, address: str, seen: dict[str, None]) -> None:
    within = 0
    for child in list(node.children):
        if isinstance(child, nodes.raw):
            within += sum(-1 if end else 1 for end, _ in INLINE.findall(child.astext()))
        elif within > 0 or isinstance(child, NOT_PROSE):
            continue
        elif isinstance(child, nodes.Text):
            if (pieces := _pieces(child.astext(), chapter, address, seen)) is not None:
                child.parent.replace(child, pieces)
        elif not CELL & set(child.get("classes", ())):
            _walk(child, chapter, address, seen)


def _pieces(text: str, chapter: str, address: str, seen: dict[str, None]) -> list[nodes.Node] | None:
    """The text with links in it, or nothing where no word is used for the first time."""
    pieces: list[nodes.Node] = []
    done = 0
    for start, end, entry in find(text, chapter):
        if entry.slug in seen:
            continue
        seen[entry.slug] = None
        pieces += [nodes.Text(text[done:start])] * (start > done)
        pieces.append(_link(text[start:end], entry, address))
        done = end
    return [*pieces, *[nodes.Text(text[done:])] * (done < len(text))] if pieces else None


def _link(word: str, entry: Entry, address: str) -> nodes.reference:
    return nodes.reference(
        "",
        word,
        internal=True,
        refuri=f"{address}#{entry.anchor}",
        reftitle=f"{entry.term}: {entry.sentence}",
        classes=["lfa-begriff"],
    )


def link_page(app: Sphinx, doctree: nodes.document, page: str) -> None:
    if app.builder.format == "html" and page not in NOT_LINKED and PAGE in app.env.found_docs:
        link_first_uses(doctree, chapter_of(page), app.builder.get_relative_uri(page, PAGE))


def setup(app: Sphinx) -> dict[str, Any]:
    app.connect("doctree-resolved", link_page)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
