"""The search in a real browser, from disk: what a reader types, and the chapter that should come first."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from browsing import SITE, barriers, listen
from playwright.sync_api import Browser, Page

sys.path.insert(0, str(Path(__file__).parents[1] / "book" / "_ext"))
import lfa_suche

CHAPTERS = "#search-results > ul.search > li > a"
YEARS = "#search-results > details"


def ask(browser: Browser, query: str) -> Page:
    page = browser.new_page()
    troubles = listen(page)
    page.goto(f"{(SITE / 'search.html').as_uri()}?q={query}")
    page.wait_for_selector("#search-results [role=status]", timeout=10_000)
    assert troubles == []
    return page


def chapters(page: Page) -> list[str]:
    return page.locator(CHAPTERS).evaluate_all("links => links.map(link => link.getAttribute('href'))")


@pytest.mark.parametrize(
    ("query", "among", "expected"),
    [
        ("Stadtstaaten", 3, "einwohner.html"),
        ("Einwohnerwertung", 1, "einwohner.html"),
        ("Hafenlasten", 1, "laendersteuern.html"),
        ("Umsatzsteuer", 1, "umsatzsteuer.html"),
        ("umsatzsteuern", 1, "umsatzsteuer.html"),
        ("Gewerbesteuerumlage", 1, "gemeindesteuern.html"),
        ("Fehlbetraege", 1, "finanzkraft.html"),
        ("Ländersteuern", 1, "laendersteuern.html"),
        ("Fonds Deutsche Einheit", 1, "fonds.html"),
        ("Garantien", 1, "garantien.html"),
        # Not in the book as they stand: their parts are.
        ("Hafenlastenabgeltung", 1, "laendersteuern.html"),
        ("Stadtstaatenprivileg", 3, "einwohner.html"),
    ],
)
def test_the_chapter_comes_first(browser: Browser, query: str, among: int, expected: str) -> None:
    page = ask(browser, query)
    assert expected in chapters(page)[:among]
    assert page.locator(f"{CHAPTERS} ~ .context mark").count() >= 1
    page.close()


@pytest.mark.parametrize("typed", ["Pruefung", "Prufung", "prüfung"])
def test_umlauts_may_be_typed_in_every_way(browser: Browser, typed: str) -> None:
    asked, umlaut = ask(browser, typed), ask(browser, "Prüfung")
    assert chapters(asked) == chapters(umlaut) != []
    asked.close()
    umlaut.close()


def test_years_stay_folded_behind_the_chapters(browser: Browser) -> None:
    page = ask(browser, "Grunderwerbsteuer")
    assert all("/" not in address for address in chapters(page))
    assert page.locator(YEARS).get_attribute("open") is None
    assert page.locator(f"{YEARS} li").count() > 5
    assert barriers(page) == []
    page.close()


def test_a_year_that_is_asked_for_is_shown(browser: Browser) -> None:
    page = ask(browser, "Ausgleichsjahr 2015")
    assert page.locator(YEARS).get_attribute("open") is not None
    assert page.locator(f"{YEARS} li > a").first.get_attribute("href") == "jahre/2015.html"
    page.close()


@pytest.mark.parametrize("query", ["Maastricht", "%3Cimg src=x onerror=alert(1)%3E", "%5B(", "der"])
def test_nothing_found_is_said(browser: Browser, query: str) -> None:
    page = ask(browser, query)
    assert "Nichts gefunden" in page.inner_text("[role=status]")
    assert page.locator("#search-results img").count() == 0
    page.close()


def test_the_search_field_of_a_chapter_leads_there(browser: Browser) -> None:
    page = browser.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto((SITE / "tarif.html").as_uri())
    assert not [url for url in asked if "suche/" in url or "searchindex" in url]
    page.locator("button.search-button-field").first.click()
    page.keyboard.type("Einwohnerwertung")
    page.keyboard.press("Enter")
    page.wait_for_selector("#search-results [role=status]")
    assert chapters(page)[0] == "einwohner.html"
    page.locator(CHAPTERS).first.click()
    page.wait_for_url("**/einwohner.html")
    page.close()


def test_a_page_is_read_section_by_section() -> None:
    page = """<nav>Inhalt</nav><article>
    <section id="titel"><h1>Der Ta\u00adrif<a class="headerlink">#</a></h1><p>Anfang§\u00a07 .</p>
    <details class="hide above-input"><summary>Programmtext</summary><pre>code</pre></details>
    <section id="zwei"><h2>Zwei</h2><table><td>1.234</td><td>Bremen 7</td></table><svg><text>Bild</text></svg></section>
    </section></article>"""
    assert lfa_suche.sections(page) == (
        "Der Tarif",
        [("titel", "Der Tarif", "Anfang§ 7."), ("zwei", "Zwei", "Bremen 7")],
    )
