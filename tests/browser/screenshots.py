"""Makes the pictures of docs/audit-report.md from a run folder.

    python3 tests/browser/screenshots.py RUN
"""

import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

from pages import CHROMIUM

IMAGES = Path(__file__).resolve().parents[2] / "docs/images"


def main(run):
    url = (Path(run) / "report.html").resolve().as_uri()
    IMAGES.mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])

        def page(**options):
            opened = browser.new_page(viewport={"width": 1200, "height": 1000}, **options)
            opened.goto(url)
            return opened

        page(color_scheme="light").screenshot(path=IMAGES / "audit-report-light.png")
        dark = page(color_scheme="dark")
        dark.evaluate("document.getElementById('providers').scrollIntoView({ behavior: 'instant' })")
        dark.screenshot(path=IMAGES / "audit-report-providers-dark.png")
        # Paper: A4, landscape, at 96 dots an inch less the margins.
        paper = browser.new_page(viewport={"width": 1032, "height": 703})
        paper.goto(url)
        paper.emulate_media(media="print")
        paper.evaluate("document.getElementById('exposure').scrollIntoView({ behavior: 'instant' })")
        paper.screenshot(path=IMAGES / "audit-report-print.png")
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1])
