"""Makes the built site complete in itself: no page asks another host for anything.

It writes the Vega bundle and the calculators, renders formulas to MathML, lays down a Content-Security-Policy, puts
version, date and licences into the footer, lets Markdown links open a calculator, and adds the role ``beleg`` for the
evidence behind a rule.
"""

from __future__ import annotations

import os
import re
from datetime import UTC, datetime
from functools import cache
from html import escape
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from babel.dates import format_date
from docutils import nodes
from sphinx.addnodes import pending_xref
from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.util import logging
from sphinx.util.math import get_node_equation_number

from lfa import calculator
from lfa.charts import VEGA_LITE
from lfa.tables import badge, unbroken

# Vega compiles expressions (eval); everything else comes from the site itself.
POLICY = "default-src 'self' 'unsafe-inline' 'unsafe-eval' data: blob:"
LICENCES = "Text und Abbildungen: CC BY 4.0 · Programm: MIT"

UNNAMED_TOGGLE = re.compile(r"(reference internal[^>]*>((?:(?!</a>).)*)</a><details[^>]*>)<summary>")
"""What the theme puts beside a chapter with pages below it: an arrow without words."""

SCENARIO = re.compile(r"(?:\.\./)?selbst_rechnen(?:_gemeinde)?\.html(?:#|$)")
"""Where a Markdown link opens a calculator: a scenario follows, which MyST would look for among the labels."""

OTHER_SITE = re.compile(r'<a\b[^>]*\bhref="(?:https?:)?//[^>]*>')

logger = logging.getLogger(__name__)


def footer() -> str:
    """One line for every page: version, date, licences; reproducible with SOURCE_DATE_EPOCH."""
    try:
        release = version("lfa")
    except PackageNotFoundError:
        release = ""
    epoch = os.environ.get("SOURCE_DATE_EPOCH")
    built = datetime.fromtimestamp(int(epoch), UTC) if epoch else datetime.now()
    parts = [f"Version {release}"] * bool(release) + [f"Stand: {format_date(built, 'long', locale='de')}", LICENCES]
    return f'<p class="lfa-fuss">{escape(" · ".join(parts))}</p>'


def set_footer(app: Sphinx, config: Config) -> None:
    config.html_theme_options["extra_footer"] = footer()


def set_policy(app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: Any) -> None:
    # "metatags" is the first thing in the head that a page can fill, before any script.
    meta = f'\n<meta http-equiv="Content-Security-Policy" content="{POLICY}" />'
    context["metatags"] = meta + (context.get("metatags") or "")


def set_language(app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: Any) -> None:
    """Voices and hyphenation follow the language of the text; everything around it stays German."""
    if page == "english":
        context["body"] = f'<div lang="en">{context["body"]}</div>'


def complete(app: Sphinx, exception: Exception | None) -> None:
    """Add the Vega bundle, take out the source maps (a third of the site), name what folds the sidebar open."""
    if exception or app.builder.format != "html":
        return
    import vl_convert

    static = Path(app.outdir) / "_static"
    # The bundle declares "_" at top level, and so does Sphinx's doctools.js; hence the function around it.
    bundle = vl_convert.javascript_bundle(vl_version=VEGA_LITE)
    (static / "vega-buendel.js").write_text("(function(){" + bundle + "\n})();\n", encoding="utf-8")
    calculator.write(static / "rechner")
    for source_map in Path(app.outdir).rglob("*.map"):
        source_map.unlink()
    for page in Path(app.outdir).rglob("*.html"):
        text = page.read_text(encoding="utf-8")
        # An English name that would hide the German words of the button from those who listen.
        text = text.replace(' aria-label="Toggle hidden content"', "")
        text = UNNAMED_TOGGLE.sub(_named, text)
        page.write_text(OTHER_SITE.sub(_without_opener, text), encoding="utf-8")


def _without_opener(link: re.Match[str]) -> str:
    """A link to another site, which cannot reach back to this page."""
    tag = re.sub(r' rel="[^"]*"', "", link[0])
    return f'{tag[:-1]} rel="noopener">'


def _named(toggle: re.Match[str]) -> str:
    """The arrow with the title of its chapter for those who listen."""
    title = re.sub("<[^>]*>", "", toggle[2]).strip()
    return f'{toggle[1]}<summary aria-label="Unterseiten: {title}">'


@cache
def mathml(latex: str, display: str) -> str:
    """One formula as MathML that browsers lay out without any script."""
    from latex2mathml.converter import convert

    # Sphinx numbers the formula as a whole; and the converter knows an alignment only under this name.
    latex = re.sub(r"\\(begin|end)\{(aligned|align|split|gathered|gather|equation)\*?\}", r"\\\1{align*}", latex)
    if display == "block" and re.search(r"\\\\|(?<!\\)&", latex) and r"\begin" not in latex:
        latex = rf"\begin{{align*}}{latex}\end{{align*}}"
    markup: str = convert(latex, display=display)
    # A decimal comma belongs to its number, for the eye and for a screen reader.
    markup = re.sub(r"<mn>([\d.]+)</mn><mrow><mo>&#x0002C;</mo></mrow><mn>(\d+)</mn>", r"<mn>\1,\2</mn>", markup)
    # Names of functions are words, not operators with space on both sides.
    markup = re.sub(r"<mo>([a-z]{2,})</mo>", r"<mi>\1</mi>", markup)
    # Browsers know alignment in a formula only as CSS.
    markup = re.sub(r'columnalign="(left|right|center)"', r'style="text-align:\1"', markup)
    if "\\" in markup:
        logger.warning("formula not understood: %s", latex, type="lfa", subtype="math")
    return markup


def visit_inline_math(writer: Any, node: nodes.math) -> None:
    writer.body.append(mathml(node.astext(), "inline"))
    raise nodes.SkipNode


def visit_block_math(writer: Any, node: nodes.math_block) -> None:
    number = ""
    if node["number"]:
        number = f'<span class="eqno">({get_node_equation_number(writer, node)})</span>'
    ids = f' id="{node["ids"][0]}"' if node["ids"] else ""
    writer.body.append(f'<div class="lfa-formel"{ids} tabindex="0">{mathml(node.astext(), "block")}{number}</div>\n')
    raise nodes.SkipNode


def evidence_role(name: str, raw: str, text: str, line: int, inliner: Any, *_: Any) -> tuple[list[Any], list[Any]]:
    """Turn {beleg}`R` into the badge that tables show."""
    if text not in ("V", "N", "R"):
        message = inliner.reporter.error(f"beleg: expected V, N or R, found {text!r}", line=line)
        return [inliner.problematic(raw, raw, message)], [message]
    return [nodes.raw(raw, str(badge(text)), format="html")], []


def keep_together(app: Sphinx, doctree: nodes.document, page: str) -> None:
    """No line of prose ends with "§" or between a number and its unit."""
    for text in list(doctree.findall(nodes.Text)):
        if not isinstance(text.parent, nodes.literal | nodes.literal_block | nodes.raw | nodes.math):
            text.parent.replace(text, nodes.Text(unbroken(text.astext())))


def mend_links(app: Sphinx, doctree: nodes.document) -> None:
    """Markdown links lead where they say: to a scenario of a calculator, and to addresses with more than one part."""
    for link in list(doctree.findall(pending_xref)):
        if SCENARIO.match(link["reftarget"]):
            words = [child.deepcopy() for child in link.children]
            link.replace_self(nodes.reference("", "", *words, internal=True, refuri=link["reftarget"]))
    for reference in doctree.findall(nodes.reference):
        # MyST escapes what the writer of the page escapes once more.
        if "&amp;" in reference.get("refuri", ""):
            reference["refuri"] = reference["refuri"].replace("&amp;", "&")


def setup(app: Sphinx) -> dict[str, Any]:
    app.add_html_math_renderer("mathml", (visit_inline_math, None), (visit_block_math, None))
    # Jupyter Book always sets this option of an extension that _config.yml leaves out.
    app.add_config_value("comments_config", {}, "")
    app.add_role("beleg", evidence_role)
    app.connect("config-inited", set_footer)
    app.connect("html-page-context", set_policy)
    app.connect("html-page-context", set_language)
    app.connect("doctree-read", mend_links)
    app.connect("doctree-resolved", keep_together)
    app.connect("build-finished", complete)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
