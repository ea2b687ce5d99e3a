"""The page of `compare --html` in a real browser: what it shows, does, and does not do.

    python3 tests/browser/test_comparison.py

Needs chromium, the packages of requirements.txt, and a release build.
"""

import csv
import json
import re
import unittest

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

import runs
from pages import Pages
from test_report import dollars


class Comparison:
    """Two runs compared: the page, and what the other answers say."""

    def __init__(self, place, name, a, b):
        self.page = place / f"compared-{name}.html"
        changes = place / f"compared-{name}.csv"
        told = runs.adjudicate("compare", a.folder, b.folder, "--json", "--html", self.page, "--changes", changes,
                               status=(0,))
        self.told = json.loads(told)
        with open(changes, newline="", encoding="utf-8") as file:
            self.changes = list(csv.DictReader(file))
        self.url = self.page.as_uri()


def compared(place):
    """The same claims under other options, other claims, nothing, and claims that mean harm."""
    pend = ["--unlisted-diagnosis", "pend"]
    samples = runs.samples(place)
    generated = runs.generated(place)
    other = runs.run(place, "generated-pend", place / "generated.csv", *pend)
    empty, hostile = runs.empty(place), runs.hostile(place)
    harm = runs.run(place, "<b>hostile&'", place / "a<b>&\"'c.csv", "--strict-programs")
    return {
        "options": Comparison(place, "options", generated, other),
        "claims": Comparison(place, "claims", samples, generated),
        "same": Comparison(place, "same", samples, samples),
        "empty": Comparison(place, "empty", empty, empty),
        "hostile": Comparison(place, "hostile", hostile, harm),
    }


class Comparisons(Pages):
    @classmethod
    def make(cls, place):
        cls.all = compared(place)

    def test_nothing_is_said_or_asked_for(self):
        for name, one in self.all.items():
            with self.subTest(name):
                page = self.open(one)
                page.wait_for_timeout(200)
                self.assertEqual(self.noise, [])
                self.assertTrue(page.title().startswith("Two runs compared, "), page.title())
                self.assertLess(one.page.stat().st_size, 2_000_000)
                self.assertEqual(one.page.stat().st_mode & 0o777, 0o600)

    def test_what_a_claim_smuggles_does_not_run(self):
        one = self.all["hostile"]
        page = self.open(one)
        self.assertEqual(page.locator("script").count(), 1)
        self.assertEqual(page.locator("img, iframe, object, embed, link, base").count(), 0)
        self.assertEqual(page.locator("h1").all_inner_texts(), ["Two runs compared"])
        self.assertEqual(page.locator("[onerror], [onload], [onclick], [style]").count(), 0)
        text = one.page.read_text()
        self.assertNotIn(runs.MEMBER, text)
        self.assertNotIn("\u202e", text)
        self.assertGreater(len(one.changes), 300)
        self.assertIn("<script>document.title='run'</script>", page.locator("#changes").inner_text())

    def test_figures_are_those_of_the_json(self):
        for name, one in self.all.items():
            with self.subTest(name):
                page, told = self.open(one), one.told
                total = told["total"]
                tiles = page.locator(".tiles dd:not(.says)").all_inner_texts()
                self.assertEqual(tiles[:4], [dollars(total["exposure_a"]), dollars(total["exposure_b"]),
                                             dollars(total["difference"]), f"{total['changed']:,} lines"])
                sides = ["allow", "deny", "pend", "refer"]
                down = sides + ([None] if total["only_in_b"] else [])
                across = sides + ([None] if total["only_in_a"] else [])
                moved = {(cell["a"], cell["b"]): cell["lines"] for cell in told["by_disposition"]}
                shown = [row[1:-1] for row in self.rows(page, "t-moved-lines")]
                self.assertEqual(shown, [[f"{moved[a, b]:,}" if moved.get((a, b)) else "–" for b in across]
                                         for a in down])
                if name != "hostile":
                    for table, groups in [("t-month", "by_service_month"), ("t-procedure", "by_procedure"),
                                          ("t-provider", "by_provider")]:
                        found = [(row[0], row[2], row[7]) for row in self.rows(page, table)]
                        self.assertEqual(found, [(group["key"] or "(not given)", f"{group['changed']:,}",
                                                  dollars(group["difference"])) for group in told[groups]], table)
                checks = self.rows(page, "t-checks")
                self.assertGreater(len(checks), 20)
                self.assertEqual({row[3] for row in checks}, {"ties"})

    def test_the_lines_paid_most_are_here(self):
        one = self.all["options"]
        page = self.open(one)
        found = self.rows(page, "t-changed")
        self.assertEqual(len(found), 300)
        self.assertGreater(len(one.changes), 300)
        paid = lambda row: float(row["paid_amount"]) if row["paid_amount"] else float("-inf")
        wanted = sorted(one.changes, key=lambda row: -paid(row))[:300]
        self.assertEqual([(row[0], row[1]) for row in found], [(row["claim_id"], row["line_number"]) for row in wanted])
        text = page.locator("#changed").inner_text()
        self.assertIn(f"{len(one.changes) - 300:,} are not shown", text)
        self.assertIn("options.csv has all of them", text)

    def test_tables_sort_and_the_keyboard_is_enough(self):
        page = self.open(self.all["options"])
        page.keyboard.press("Tab")
        self.assertEqual(page.evaluate("document.activeElement.textContent"), "Skip to the report")
        page.keyboard.press("Enter")
        expect(page).to_have_url(re.compile("#short$"))
        head = page.locator("#changes > thead th").nth(0)
        head.locator("button").focus()
        page.keyboard.press("Enter")
        self.assertEqual(head.get_attribute("aria-sort"), "ascending")
        claims = [row[0] for row in self.rows(page, "t-changed")]
        self.assertEqual(claims, sorted(claims))

    def test_nobody_is_shut_out(self):
        axe = Axe()
        for scheme in ["light", "dark"]:
            for name in ["options", "claims", "empty"]:
                with self.subTest(f"{name}, {scheme}"):
                    page = self.open(self.all[name], color_scheme=scheme)
                    page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true; })")
                    found = axe.run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa",
                                                               "best-practice"]})
                    told = [(one["id"], [node["html"][:160] for node in one["nodes"]][:3])
                            for one in found.response["violations"]]
                    self.assertEqual(told, [])

    def test_a_phone_the_dark_and_paper_are_enough(self):
        for name in ["options", "claims", "hostile"]:
            page = self.open(self.all[name], viewport={"width": 360, "height": 740}, color_scheme="dark")
            wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
            self.assertEqual(wide, 0, name)
            self.assertEqual(page.evaluate("getComputedStyle(document.body).backgroundColor"), "rgb(15, 20, 25)")
        page = self.open(self.all["options"])
        page.emulate_media(media="print", color_scheme="dark")
        self.assertEqual(page.evaluate("getComputedStyle(document.body).backgroundColor"), "rgb(255, 255, 255)")
        self.assertFalse(page.locator("nav").is_visible())
        self.assertTrue(page.locator(".digests li").first.is_visible())
        pages = page.pdf(prefer_css_page_size=True).count(b"/Type /Page\n")
        self.assertTrue(4 <= pages <= 40, pages)

    def test_without_a_script_everything_is_there(self):
        page = self.open(self.all["options"], java_script_enabled=False)
        self.assertTrue(page.locator("#changes > tbody > tr").last.is_visible())
        self.assertGreater(page.locator("figure svg").count(), 3)


if __name__ == "__main__":
    unittest.main(verbosity=2)
