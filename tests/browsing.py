"""Opening pages of the built site in a real browser, and what goes wrong there."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Page

SITE = Path(__file__).parents[1] / "_build" / "html"
PAGES = sorted(str(page.relative_to(SITE)) for page in SITE.rglob("*.html") if "_static" not in page.parts)
CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or "/usr/bin/chromium"
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
LOCAL = ("file:", "data:", "blob:", "about:")


def listen(page: Page) -> list[str]:
    """Everything that goes wrong while the page lives."""
    troubles: list[str] = []
    page.on("request", lambda r: None if r.url.startswith(LOCAL) else troubles.append(f"asks another host: {r.url}"))
    page.on("requestfailed", lambda r: troubles.append(f"cannot load: {r.url}"))
    page.on("pageerror", lambda error: troubles.append(f"script error: {error}"))
    page.on("console", lambda m: troubles.append(f"console: {m.text}") if m.type == "error" else None)
    return troubles


def visit(context: BrowserContext, name: str) -> tuple[Page, list[str]]:
    page = context.new_page()
    troubles = listen(page)
    page.goto((SITE / name).as_uri(), wait_until="load")
    return page, troubles


def draw_all(page: Page) -> int:
    """Bring every chart into view, one after the other, and wait until it is drawn; how many there are."""
    figures = page.locator(".lfa-schaubild").all()
    for figure in figures:
        figure.scroll_into_view_if_needed()
        page.wait_for_function("figure => figure.dataset.fertig", arg=figure.element_handle(), timeout=60_000)
    return len(figures)


def barriers(page: Page) -> list[str]:
    """What axe-core finds of serious or critical impact, with the element that causes it."""
    # Without preloading, which would fetch the style sheets again and is forbidden from file://.
    found = Axe().run(page, options={"resultTypes": ["violations"], "preload": False}).response["violations"]
    return [
        f"{rule['id']}: {rule['help']}: {node['html'][:200]}"
        for rule in found
        if rule["impact"] in ("serious", "critical")
        for node in rule["nodes"]
    ]
