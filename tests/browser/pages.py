"""A browser for tests, and what a page of ours is asked for in every one of them."""

import os
import shutil
import tempfile
import unittest
from pathlib import Path

from playwright.sync_api import sync_playwright

CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")


class Pages(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.place = Path(tempfile.mkdtemp(prefix="pages-"))
        cls.make(cls.place)
        cls.playwright = sync_playwright().start()
        # A container has no user namespaces for the browser's own sandbox.
        cls.browser = cls.playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])

    @classmethod
    def tearDownClass(cls):
        cls.browser.close()
        cls.playwright.stop()
        shutil.rmtree(cls.place)

    def open(self, one, **options):
        """Opens a page; whatever it says or asks for is kept in `self.noise`."""
        context = self.browser.new_context(**options)
        self.addCleanup(context.close)
        page = context.new_page()
        self.noise = []
        page.on("console", lambda said: self.noise.append(f"console: {said.text}"))
        page.on("pageerror", lambda error: self.noise.append(f"error: {error}"))
        page.on("dialog", lambda dialog: (self.noise.append("dialog"), dialog.dismiss()))
        page.on("request", lambda asked: asked.url == one.url or self.noise.append(f"request: {asked.url}"))
        page.goto(one.url)
        return page

    def rows(self, page, table, part="tbody"):
        """The rows of a table by its caption's id, as texts."""
        return page.eval_on_selector_all(
            f"table:has(> caption#{table}) > {part} > tr",
            "rows => rows.map(row => [...row.cells].map(cell => cell.textContent.trim()))")
