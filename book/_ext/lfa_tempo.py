"""Makes the built pages light: what a reader sees first comes first, everything else waits.

Once the site is written, it takes each page and

- moves the specifications of the charts into files of their own, which ``_static/lfa-schaubild.js`` loads when a chart
  comes into view (a script that hands its data over, because a page opened from disk may not fetch anything),
- lets no script hold up the page, and loads none that only the search page needs,
- draws the icons that occur with a few lines of CSS instead of Font Awesome's script (1.5 MB),
- joins the style sheets into one, and leaves colour off the names and commas in programs, half of their markup.
"""

from __future__ import annotations

import hashlib
import posixpath
import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote

from sphinx.application import Sphinx

SPECIFICATION = re.compile(
    r'(<figure class="lfa-schaubild" id="([\w-]+)"(?:(?!</figure>).)*?)<script type="application/json">(.*?)</script>',
    re.DOTALL,
)
PLAIN_CODE = re.compile(r'<span class="(?:n|p|o|w)">([^<]*)</span>')
BLOCKING = re.compile(r"<script(?=[^>]* src=)(?![^>]* (?:defer|async|type=\"module\"))")
STYLE_SHEETS = re.compile(r'[ \t]*<link\b(?=[^>]* rel="stylesheet")[^>]* href="([^":]+)"[^>]*>\n?')
NEEDLESS = re.compile(
    r'[ \t]*(?:<link rel="preload" as="script"[^>]*>'
    r'|<script[^>]* src="[^"]*(?:scripts/fontawesome|searchtools|language_data|searchindex)\.js[^"]*"></script>'
    # Only a list of versions and a search as you type would ask for these; and they cannot wait for what they set.
    r"|<script>DOCUMENTATION_OPTIONS\.\w+ = [^<]*</script>)\n?"
)
ICON = re.compile(r'class="[^"]*\bfa[sbr-][^"]*"')


def lighten(page: str) -> tuple[str, dict[str, str]]:
    """A page without what can wait, and the specifications of its charts by the id of their figure."""
    specifications = {found[2]: found[3] for found in SPECIFICATION.finditer(page)}
    page = SPECIFICATION.sub(r"\1", page)
    page = NEEDLESS.sub("", page)
    page = BLOCKING.sub("<script defer", page)
    # Browsers ask for an icon of the site, and log that there is none.
    page = page.replace("</title>", '</title>\n    <link rel="icon" href="data:," />', 1)
    return PLAIN_CODE.sub(r"\1", page), specifications


def one_style_sheet(page: str, read: Any) -> tuple[str, str]:
    """The page with a single link in place of all its style sheets, ``{}`` for its address, and their joint text."""
    names = [found.split("?")[0] for found in STYLE_SHEETS.findall(page)]
    link = '    <link rel="stylesheet" type="text/css" href="{}" />\n'
    first = STYLE_SHEETS.search(page)
    if first is None:
        return page, ""
    rest = STYLE_SHEETS.sub("", page[first.end() :])
    return page[: first.start()] + link + rest, "\n".join(read(name) for name in names)


def icons(names: Iterable[str], source: str) -> str:
    """Style rules that draw the named icons of Font Awesome's script ``source``, in the colour of the text."""
    rules = [
        "/* Font Awesome Free 6 by @fontawesome, https://fontawesome.com, icons: CC BY 4.0 */",
        ':is(i, span):is(.fas, .fa-solid)::before { content: ""; display: inline-block; height: 1em;'
        " vertical-align: -.125em; background: currentColor; -webkit-mask: var(--zeichen) center / contain no-repeat;"
        " mask: var(--zeichen) center / contain no-repeat; }",
        # The theme moves the letter of the font, but not the drawing that its script put in place of it.
        ".bd-search i.fa-solid.fa-magnifying-glass { position: static; }",
    ]
    for name in sorted(names):
        # The solid set comes last.
        drawn = re.findall(rf'[{{,]"?{re.escape(name)}"?:\[(\d+),(\d+),\[[^\]]*\],"\w+","([^"]*)"', source)
        if drawn:
            width, height, path = drawn[-1]
            svg = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}"><path d="{path}"/></svg>'
            url = f"data:image/svg+xml,{quote(svg)}"
            ratio = int(width) / int(height)
            rules.append(
                f":is(i, span).fa-{name}::before {{ --zeichen: url('{url}'); content: \"\"; width: {ratio:.4g}em; }}"
            )
    return "\n".join(rules) + "\n"


def bundled(path: Path, folder: Path) -> str:
    """A style sheet with what it imports, its addresses seen from ``folder``, without the thousands of icons."""
    path = path.resolve()
    css = path.read_text(encoding="utf-8").replace('@charset "UTF-8";', "")
    base = path.parent.relative_to(folder).as_posix()
    css = re.sub(
        r"url\(([\"']?)(?!data:|#|[\"'])([^)\"']+)\1\)",
        lambda found: f"url({posixpath.normpath(posixpath.join(base, found[2]))})",
        css,
    )
    css = re.sub(r'(?:\.fa-[\w-]+:{1,2}before,?)+\{content:"[^"]*"\}', "", css)
    css = re.sub(r"/\*# sourceMappingURL=.*?\*/", "", css)
    return re.sub(r'@import "([^"]+)";', lambda found: bundled(path.parent / found[1], folder), css)


def finish(app: Sphinx, exception: Exception | None) -> None:
    if not exception and app.builder.format == "html":
        rewrite(Path(app.outdir))


def rewrite(site: Path) -> None:
    site = site.resolve()
    static = site / "_static"
    pages = [page for page in sorted(site.rglob("*.html")) if static not in page.parents]
    texts = {page: page.read_text(encoding="utf-8") for page in pages}
    classes = {name for text in texts.values() for found in ICON.findall(text) for name in found[7:-1].split()}
    script = static / "scripts" / "fontawesome.js"
    source = script.read_text(encoding="utf-8") if script.exists() else ""
    drawn = icons({name[3:] for name in classes if name.startswith("fa-")}, source)
    (static / "schaubild").mkdir(exist_ok=True)

    @cache
    def read(path: Path) -> str:
        return bundled(path, static)

    for page, text in texts.items():
        text, specifications = lighten(text)
        for figure, specification in specifications.items():
            file = static / "schaubild" / f"{figure}.js"
            file.write_text(f'lfaSchaubild.bekannt("{figure}", {specification});\n', encoding="utf-8")
        text, css = one_style_sheet(text, lambda name, page=page: read((page.parent / name).resolve()))
        css += drawn
        name = f"stil-{hashlib.sha256(css.encode()).hexdigest()[:10]}.css"
        (static / name).write_text(css, encoding="utf-8")
        root = "../" * len(page.relative_to(site).parent.parts)
        page.write_text(text.replace('href="{}"', f'href="{root}_static/{name}"', 1), encoding="utf-8")
    script.unlink(missing_ok=True)
    script.with_suffix(".js.LICENSE.txt").unlink(missing_ok=True)


def setup(app: Sphinx) -> dict[str, Any]:
    # After the theme, which writes the colours of programs at the same moment.
    app.connect("build-finished", finish, priority=900)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
