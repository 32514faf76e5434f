"""Every figure of a settlement table tells what it is, in a real browser: on hover, by keyboard and on tap."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

import pytest
from browsing import SITE, barriers, listen
from playwright.sync_api import Browser, BrowserContext, Page

BAVARIA = '[data-zahl="2003 ausgleich_abs_2 BY"]'


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    made = browser.new_context(viewport={"width": 1280, "height": 900}, locale="de-DE")
    made.set_offline(True)
    yield made
    made.close()


def opened(context: BrowserContext, name: str = "tarif.html") -> tuple[Page, list[str]]:
    page = context.new_page()
    troubles = listen(page)
    page.goto((SITE / name).as_uri())
    page.eval_on_selector_all("main details", "all => all.forEach((one) => { one.open = true; })")
    return page, troubles


def box(page: Page) -> str:
    """What the box says, once it is there: what is known of a year is loaded when it is asked for."""
    page.wait_for_selector("#lfa-zahl-kasten:not([hidden])")
    return page.inner_text("#lfa-zahl-kasten")


def told(year: str) -> dict[str, object]:
    text = (SITE / "_static" / "zahlen" / f"{year}.js").read_text(encoding="utf-8")
    data: dict[str, object] = json.loads(
        text.partition("=")[2].partition(")[")[2].partition("]=")[2].rstrip().rstrip(";")
    )
    return data


def test_a_tap_tells_rule_formula_inputs_source_and_status(context: BrowserContext) -> None:
    page, troubles = opened(context)
    page.locator(BAVARIA).first.click()
    text = box(page).replace("\u00a0", " ")
    for part in (
        "Bayern: Beitrag (−) oder Zuweisung nach § 10 Abs. 2",
        "−1.852.222 Tsd. €",
        "Zeile 77",
        "Zeile 72 − Beitragsfaktor × Zeile 76",
        "rechnerisch bewiesen",
        "1,035206 × 1.789.230 Tsd. €",
        "amtlich gedruckt und nachgerechnet",
        "Zweite Verordnung",
        "endgültig",
    ):
        assert part in text, part
    page.locator("#lfa-zahl-kasten a", has_text="1.789.230").first.click()
    assert "#z-2003-gewichteter_ueberschuss-BY" in page.url or "#z-2003" in page.url
    assert troubles == []


def test_hover_shows_and_goes(context: BrowserContext) -> None:
    page, troubles = opened(context)
    page.locator(BAVARIA).first.hover()
    page.wait_for_selector("#lfa-zahl-kasten:not([hidden])")
    page.locator("main h1").last.hover()
    page.wait_for_selector("#lfa-zahl-kasten", state="hidden")
    assert troubles == []


def test_by_keyboard(context: BrowserContext) -> None:
    page, _ = opened(context)
    table = page.locator(".lfa-table:has(td[data-zahl])").first
    table.focus()
    page.keyboard.press("Enter")
    first = page.evaluate("document.activeElement.dataset.zahl")
    assert first
    page.keyboard.press("ArrowDown")
    second = page.evaluate("document.activeElement.dataset.zahl")
    assert second and second != first
    page.keyboard.press("Enter")
    page.wait_for_selector("#lfa-zahl-kasten:not([hidden])")
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.dataset.zahl") == second
    assert page.is_hidden("#lfa-zahl-kasten")


def test_a_corrected_figure_leads_to_its_proof(context: BrowserContext) -> None:
    page, _ = opened(context)
    cell = page.locator("td.lfa-berichtigt[data-zahl]").first
    cell.hover()
    page.wait_for_selector("#lfa-zahl-kasten:not([hidden])")
    target = page.locator("#lfa-zahl-kasten a", has_text="Beweis").get_attribute("href") or ""
    name, _, anchor = target.removeprefix("./").partition("#")
    assert f'id="{anchor}"' in (SITE / name).read_text(encoding="utf-8")


@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 360)])
def test_the_box_keeps_nobody_out(browser: Browser, scheme: str, width: int) -> None:
    made = browser.new_context(viewport={"width": width, "height": 800}, color_scheme=scheme)  # type: ignore[arg-type]
    page, troubles = opened(made)
    page.locator(BAVARIA).first.click()
    page.wait_for_selector("#lfa-zahl-kasten:not([hidden])")
    assert barriers(page) == [] and troubles == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    made.close()


def test_a_published_figure_of_another_year(context: BrowserContext) -> None:
    page, troubles = opened(context, "jahre/2015.html")
    page.locator('[data-zahl="2015 ausgleich BY"]').first.click()
    page.wait_for_selector("#lfa-zahl-kasten:not([hidden])")
    text = box(page)
    assert "veröffentlicht, amtlich, endgültig" in text and "Verordnung" in text
    assert troubles == []


def test_markup_in_what_is_known_stays_text(context: BrowserContext) -> None:
    """Nothing of a data file reaches the page unescaped."""
    page, troubles = opened(context)
    page.locator(BAVARIA).first.click()
    page.wait_for_selector("#lfa-zahl-kasten:not([hidden])")
    page.evaluate("""() => {
        const line = LFA_ZAHLEN[2003].zeilen.ausgleich_abs_2;
        for (const key of ["name", "regel", "urteil", "paragraf"]) line[key] = "<img src=x onerror=alert(1)> Zeile 76";
        LFA_ZAHLEN[2003].quelle = "<script>alert(1)</script>";
    }""")
    page.keyboard.press("Escape")
    page.locator(BAVARIA).first.click()
    text = box(page)
    assert "<img src=x" in text and "<script>" in text
    assert page.locator("#lfa-zahl-kasten img, #lfa-zahl-kasten script").count() == 0
    assert troubles == []


def test_every_named_figure_is_known_and_every_place_exists() -> None:
    known: dict[str, dict[str, object]] = {}
    ids: dict[str, set[str]] = {}
    count = 0
    for page in SITE.rglob("*.html"):
        text = page.read_text(encoding="utf-8")
        name = str(page.relative_to(SITE))
        ids[name] = set(re.findall(r'id="(z-[^"]+)"', text))
        for year, key, land in re.findall(r'data-zahl="(\d{4}) (\w+) (\w+)"', text):
            data = known.setdefault(year, told(year))
            assert land in data["zeilen"][key]["werte"], (name, year, key, land)  # type: ignore[index]
            count += 1
    assert count > 1500
    for year, data in known.items():
        for key, name in data["seiten"].items():  # type: ignore[attr-defined]
            assert any(one.startswith(f"z-{year}-{key}-") for one in ids[name]), (year, key, name)
