"""What a story does with its browser: open pages, look at them, ask axe."""

import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Browser, BrowserContext, Error, Page, Playwright

REPOSITORY = Path(__file__).resolve().parents[2]
LOOKS = Path(os.environ.get("REGULARS_LOOKS", REPOSITORY / "var" / "looks"))
# Pictures are for eyes: whoever runs a story by itself wants them, a run of everything only where it is said.
ARE_PICTURES_KEPT = "REGULARS_LOOKS" in os.environ or "PYTEST_XDIST_WORKER" not in os.environ
# What a theme may change of what axe looks at; its other rules have been asked in the light.
ABOUT_COLOURS = ("color-contrast", "link-in-text-block")
WIDE, PHONE, NARROWEST = (1280, 860), (390, 844), (320, 700)
HOW_TO_INSTALL = "there is no Chromium here; install it (Debian: apt-get install chromium) and run the tests again"


def chromium() -> str:
    """The system's Chromium; without one the story is skipped, and says how to get it."""
    names = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
    found = os.environ.get("REGULARS_CHROMIUM") or next(filter(None, map(shutil.which, names)), None)
    if not found:
        pytest.skip(HOW_TO_INSTALL)
    return found


@contextmanager
def launched(playwright: Playwright) -> Iterator[Browser]:
    """A browser with a profile of its own, which goes with it."""
    # No page of a story lives long enough to earn back what its scripts would cost to optimise.
    arguments = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--js-flags=--no-opt"]
    browser = playwright.chromium.launch(executable_path=chromium(), args=arguments)
    try:
        yield browser
    finally:
        browser.close()


def watched(context: BrowserContext) -> list[str]:
    """What goes wrong in any page of the context: errors of scripts, violations of the content policy."""
    wrong: list[str] = []
    context.on("weberror", lambda error: wrong.append(str(error.error)))
    context.on("console", lambda message: wrong.append(message.text) if _is_wrong(message.type, message.text) else None)
    return wrong


def _is_wrong(kind: str, text: str) -> bool:
    """A refused request is logged as an error too, and one whose page is left; that is the story's business."""
    is_left = text.startswith(("htmx:sendAbort", "htmx:afterRequest"))  # one that cannot be sent says htmx:sendError
    return kind == "error" and not is_left and "status of 4" not in text and "Response Status Error Code 4" not in text


def check_access(page: Page, *, rules: Sequence[str] = ()) -> None:
    """Fail on anything axe calls serious or critical, naming the element and the rule; it asks all rules, or some."""
    options = {"resultTypes": ["violations"]} | ({"runOnly": list(rules)} if rules else {})
    try:
        found = _violations(page, options)
    except Error:  # a click just before leads to another page: that one is meant
        page.wait_for_load_state()
        found = _violations(page, options)
    grave = [one for one in found if one["impact"] in ("serious", "critical")]
    told = [
        f"{one['id']}: {one['help']} at {node['html'][:160]} {node.get('failureSummary', '')[:200]}"
        for one in grave
        for node in one["nodes"]
    ]
    assert not told, f"{page.url}\n" + "\n".join(told)


def _violations(page: Page, options: dict[str, Any]) -> list[dict[str, Any]]:
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)  # once for each document: what was run already runs several times as fast
    return page.evaluate("options => axe.run(options).then(found => found.violations)", options)


def take_axe_along(page: Page) -> None:
    """For who goes from page to page: a browser compiles what comes with each document once, not each time."""
    page.context.add_init_script(AXE_SCRIPT)


def check_width(page: Page) -> None:
    """Fail where a page must be scrolled sideways."""
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0, f"{page.url} is {wide} px wider than a screen of {page.viewport_size}; {_widest(page)}"


def _widest(page: Page) -> str:
    return page.evaluate(
        "[...document.querySelectorAll('body *')].filter(e => e.getBoundingClientRect().right > innerWidth + 1"
        " && !e.closest('.table-scroll *, details:not([open]) *'))"
        ".slice(0, 5).map(e => e.outerHTML.slice(0, 120)).join(' | ')"
    )


def look(page: Page, name: str) -> None:
    """Check a page by axe and for width, and keep pictures of it: light, dark, phone."""
    before = page.viewport_size
    sized(page, WIDE, "light")
    check_access(page)
    keep_picture(page, f"{name}-light")
    sized(page, WIDE, "dark")
    check_access(page, rules=ABOUT_COLOURS)
    keep_picture(page, f"{name}-dark")
    sized(page, NARROWEST, "dark")
    check_access(page)
    check_width(page)
    if ARE_PICTURES_KEPT:
        sized(page, PHONE, "light")
        keep_picture(page, f"{name}-phone")
    page.emulate_media(color_scheme="light")
    if before:
        page.set_viewport_size(before)


def keep_picture(page: Page, name: str, *, whole: bool = True) -> None:
    """Keep a picture of the page, where pictures are kept."""
    if ARE_PICTURES_KEPT:
        LOOKS.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=LOOKS / f"{name}.png", full_page=whole)


def sized(page: Page, size: tuple[int, int], theme: Literal["light", "dark"]) -> None:
    """Give the page a size and a theme, and wait until it has drawn itself anew."""
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.emulate_media(color_scheme=theme, reduced_motion="reduce")
    try:
        page.evaluate(_SETTLED)
    except Error:  # a click just before leads to another page: that one is meant
        page.wait_for_load_state()
        page.evaluate(_SETTLED)


# Two frames, and then until nothing was written into the page for a moment: a chart is drawn anew after a theme
# changed. A page that never rests is looked at as it is.
_SETTLED = """() => new Promise((settled) => {
  const rest = () => {
    let quiet = setTimeout(settled, 60);
    const watch = new MutationObserver(() => { clearTimeout(quiet); quiet = setTimeout(settled, 60); });
    watch.observe(document, { subtree: true, childList: true, attributes: true, characterData: true });
    setTimeout(settled, 2000);
  };
  requestAnimationFrame(() => requestAnimationFrame(rest));
})"""
