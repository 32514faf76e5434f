"""The built site in a real browser, opened from disk as a reader would from a USB stick."""

from __future__ import annotations

import re
from functools import partial
from html import unescape
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from posixpath import dirname, join, normpath
from threading import Thread
from typing import Any

import pytest
from browsing import PAGES, SITE, barriers, draw_all, visit
from playwright.sync_api import Browser
from pypdf import PdfReader


def test_the_site_was_built() -> None:
    assert "index.html" in PAGES, "run `make book` first"


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 360)])
def test_page_is_complete_in_itself(browser: Browser, name: str, scheme: Any, width: int) -> None:
    context = browser.new_context(color_scheme=scheme, viewport={"width": width, "height": 900})
    page, troubles = visit(context, name)
    draw_all(page)
    # Two frames: what the last chart changed has been laid out, and what it asked for has been reported.
    page.evaluate("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
    assert page.evaluate("document.documentElement.dataset.theme") == scheme
    wide = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    assert wide <= 0, f"{name} scrolls sideways by {wide} px at {width} px"
    cut = page.evaluate(
        """[...document.querySelectorAll('.lfa-schaubild .lfa-flaeche svg')]
            .filter(svg => svg.getBoundingClientRect().right > window.innerWidth + 1)
            .map(svg => svg.closest('figure').id)"""
    )
    assert cut == [], f"charts wider than the page at {width} px"
    assert barriers(page) == []
    assert troubles == []
    context.close()


def test_charts_follow_the_window(browser: Browser) -> None:
    page, _ = visit(browser.new_context(viewport={"width": 1280, "height": 900}), "tarif.html")
    draw_all(page)
    fits = """() => { const drawn = [...document.querySelectorAll('.lfa-flaeche .chart-wrapper > svg')];
        return drawn.length > 0 && drawn.every(svg =>
            Math.abs(svg.getAttribute('width') - svg.closest('.lfa-flaeche').clientWidth) <= 1); }"""
    for width in (360, 1280):
        page.set_viewport_size({"width": width, "height": 900})
        page.wait_for_timeout(1000)
        page.wait_for_function(fits, timeout=5_000)
    page.context.close()


def test_a_chart_is_drawn_when_it_comes_into_view(browser: Browser) -> None:
    page = browser.new_context(viewport={"width": 412, "height": 823}).new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url.rsplit("/_static/")[-1]))
    page.goto((SITE / "umsatzsteuer.html").as_uri(), wait_until="load")
    page.wait_for_timeout(1000)
    below = page.locator(".lfa-schaubild").last
    assert below.get_attribute("data-fertig") is None
    assert below.locator(".lfa-flaeche > svg").is_visible()
    assert not [name for name in asked if name.startswith(("vega", "schaubild/", "suche/"))]
    below.scroll_into_view_if_needed()
    page.wait_for_selector(".lfa-schaubild[data-fertig]")
    assert f"schaubild/{below.get_attribute('id')}.js" in asked
    assert below.locator(".vega-embed svg.marks").is_visible()
    assert not below.locator(".lfa-flaeche > svg").is_visible()
    # What other scripts may build on.
    spec = page.evaluate("figure => lfaSchaubild.angaben(figure)", below.element_handle())
    assert "vega-lite" in spec["$schema"]
    page.emulate_media(media="print")
    assert below.locator(".lfa-flaeche > svg").is_visible()
    assert not below.locator(".vega-embed").is_visible()
    page.context.close()


@pytest.mark.parametrize("name", PAGES)
def test_page_is_light(name: str) -> None:
    html = (SITE / name).read_text(encoding="utf-8")
    assert len(html.encode()) < 200_000
    before = html.split("<article")[0]
    assert not re.findall(r"<script(?=[^>]* src=)(?![^>]* defer)[^>]*>", before), "a script holds the page up"
    assert before.count('rel="stylesheet"') == 1
    figures = re.findall(r'class="lfa-schaubild" id="([^"]+)"', html)
    assert [figure for figure in figures if not (SITE / "_static" / "schaubild" / f"{figure}.js").exists()] == []
    assert ('src="_static/suche/' in html) == (name == "search.html")


@pytest.mark.parametrize("name", PAGES)
def test_page_is_readable_without_scripts(browser: Browser, name: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page, troubles = visit(context, name)
    assert page.locator("main h1").count() >= 1
    for figure in page.locator(".lfa-schaubild").all():
        assert figure.locator(".lfa-flaeche svg").bounding_box()["height"] > 50  # type: ignore[index]
        assert figure.locator("svg[role=img]").get_attribute("aria-label")
    # A browser without scripts reports every script as not loaded; only other hosts matter here.
    assert [trouble for trouble in troubles if "another host" in trouble] == []
    context.close()


@pytest.mark.parametrize("name", PAGES)
def test_page_forbids_other_hosts(name: str) -> None:
    head = (SITE / name).read_text(encoding="utf-8").split("</head>")[0]
    policy, script = head.find("Content-Security-Policy"), head.find("<script")
    assert policy > 0, "no Content-Security-Policy"
    assert policy < script, "a script stands before the Content-Security-Policy"


def test_nothing_needless_is_delivered() -> None:
    assert not list(SITE.rglob("*.map"))
    assert not list(SITE.rglob("*thebe*"))
    assert not list(SITE.rglob("fontawesome.js*"))
    assert not list(SITE.rglob("searchindex.js"))


@pytest.mark.parametrize("name", ["index.html", "tarif.html", "jahre/2015.html", "selbst_rechnen.html", "search.html"])
def test_nothing_is_asked_of_other_hosts_over_http(browser: Browser, name: str) -> None:
    """The same as from disk: served by a plain web server, every request goes to it."""
    handler = partial(SimpleHTTPRequestHandler, directory=str(SITE))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        handler.func.log_message = lambda *_: None  # type: ignore[method-assign,assignment]
        Thread(target=server.serve_forever, daemon=True).start()
        home = f"http://127.0.0.1:{server.server_port}/"
        context = browser.new_context(viewport={"width": 1280, "height": 900})
        page = context.new_page()
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        page.goto(home + name, wait_until="load")
        draw_all(page)
        assert asked and not [url for url in asked if not url.startswith((home, "data:", "blob:"))]
        context.close()
        server.shutdown()


SHEETS = [name for name in PAGES if name.startswith("blatt_")]


@pytest.mark.parametrize("name", SHEETS)
def test_a_sheet_is_one_page_of_paper(browser: Browser, name: str) -> None:
    page, _ = visit(browser.new_context(), name)
    printed = PdfReader(BytesIO(page.pdf(prefer_css_page_size=True)))
    assert len(printed.pages) == 1
    text = printed.pages[0].extract_text()
    assert "Arbeitsblatt" in text and "Programmtext" not in text and "In English" not in text
    page.context.close()


def test_a_solution_waits_for_a_click(browser: Browser) -> None:
    page, troubles = visit(browser.new_context(viewport={"width": 360, "height": 800}), "tarif.html")
    fold = page.locator(".lfa-loesung").first
    solution = fold.locator("p").first
    assert not solution.is_visible()
    fold.locator("summary").focus()
    page.keyboard.press("Enter")
    assert solution.is_visible() and "Waagrecht" in solution.inner_text()
    # On paper stands what is open, and the exercise alone where it is not.
    page.emulate_media(media="print")
    assert solution.is_visible() and not page.locator(".lfa-loesung").last.is_visible()
    assert page.locator("#aufgaben h3").last.is_visible()
    assert troubles == []
    page.context.close()


def test_every_link_inside_the_book_has_its_target() -> None:
    """Files and anchors; what follows # on a calculator is a scenario, which ``test_rechner`` opens."""
    texts = {name: (SITE / name).read_text(encoding="utf-8") for name in PAGES}
    anchors = {name: set(re.findall(r'\bid="([^"]+)"', text)) for name, text in texts.items()}
    dead = []
    for name, text in texts.items():
        for link in set(re.findall(r'<a\b[^>]*?\bhref="([^"]*)"', text)):
            address, _, anchor = unescape(link).partition("#")
            if re.match(r"[a-z]+:|//", address):
                continue
            target = normpath(join(dirname(name), address.partition("?")[0])) if address else name
            named = anchor and target in anchors and not target.startswith("selbst_rechnen")
            if not (SITE / target).exists() or (named and anchor not in anchors[target]):
                dead.append(f"{name}: {link}")
    assert dead == []
    assert sum(len(found) for found in anchors.values()) > 1000
