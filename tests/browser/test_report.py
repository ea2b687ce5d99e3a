"""report.html in a real browser: what it shows, does, and does not do.

    python3 tests/browser/test_report.py

Needs chromium, the packages of requirements.txt, and a release build.
"""

import os
import re
import time
import unittest

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

import runs
from pages import Pages

# The report of a run of so many flagged lines opens at once.
MANY = int(os.environ.get("FLAGGED_LINES", 5_000_000))


def dollars(value):
    return ("−" if round(value, 2) < 0 else "") + f"${abs(value):,.2f}"


def paid(group):
    known = not group["lines"] or group["paid_unknown"] < group["lines"]
    return dollars(group["paid"]) if known else "not known"


def number(text):
    plain = re.sub(r"[$,%]", "", text).replace("−", "-").strip()
    return None if plain in ("", "–") else float(plain)


class Reports(Pages):
    @classmethod
    def make(cls, place):
        cls.runs = {name: getattr(runs, name)(place) for name in
                    ["samples", "generated", "empty", "hostile", "all_sampled"]}

    def head(self, page, table, name):
        """The place of a column."""
        return page.locator(f"table:has(> caption#{table}) > thead th").all_inner_texts().index(name)

    def shown(self, page, column):
        return page.eval_on_selector_all(
            "#flagged > tbody > tr:not([hidden])",
            "(rows, column) => rows.map(row => row.cells[column].textContent.trim())", column)

    def test_nothing_is_said_or_asked_for(self):
        for name, run in self.runs.items():
            with self.subTest(name):
                page = self.open(run)
                page.wait_for_timeout(200)
                self.assertEqual(self.noise, [])
                self.assertTrue(page.title().startswith("Audit report, "), page.title())
                self.assertLess(run.page.stat().st_size, 2_000_000)

    def test_what_a_claim_smuggles_does_not_run(self):
        run = self.runs["hostile"]
        page = self.open(run)
        self.assertEqual(page.locator("script").count(), 1)
        self.assertEqual(page.locator("img, iframe, object, embed, link, base").count(), 0)
        self.assertEqual(page.locator("h1").all_inner_texts(), ["Audit report"])
        self.assertEqual(page.locator("[onerror], [onload], [onclick], [style]").count(), 0)
        text = run.page.read_text()
        self.assertNotIn(runs.MEMBER, text)
        self.assertNotIn("\u202e", text)
        # What was smuggled is there to be read.
        self.assertIn("<script>document.title='run'</script>", page.locator("#flagged").inner_text())
        # And what is put into the page later does not run either.
        page.evaluate("""() => { const one = document.createElement('script');
            one.textContent = "document.title = 'run'"; document.body.append(one); }""")
        page.evaluate("() => { document.body.insertAdjacentHTML('beforeend', '<img src=x onerror=\"document.title=1\">') }")
        page.wait_for_timeout(100)
        self.assertTrue(page.title().startswith("Audit report"))
        self.assertTrue(any("Content Security Policy" in one for one in self.noise), self.noise)

    def test_figures_are_those_of_the_summary(self):
        for name, run in self.runs.items():
            with self.subTest(name):
                page, summary = self.open(run), run.summary
                tiles = page.locator(".tiles dd:not(.says)").all_inner_texts()
                by = {one["key"]: one for one in summary["by_disposition"]}
                self.assertEqual(tiles, [
                    paid(by["deny"]), paid(by["pend"]), paid(summary["stopped"]["fixable"]), paid(by["refer"]),
                    f"{summary['total']['paid_unknown']:,} lines", f"{summary['clinical_not_examined']['lines']:,} lines"])
                rules = {row[0].split()[0]: row for row in self.rows(page, "t-rule")}
                self.assertEqual(list(rules), [one["rule"] for one in summary["by_rule"]])
                for one in summary["by_rule"]:
                    row = rules[one["rule"]]
                    self.assertEqual((row[3], row[4], row[5], row[8]), (
                        f"{one['lines']:,}", dollars(one["billed"]), dollars(one["paid"]),
                        f"{one['lines_with_finding']:,}"))
                for table, groups in [("t-month", "by_service_month"), ("t-procedure", "by_procedure"),
                                      ("t-program", "by_program")]:
                    found = [(row[0], number(row[1]), number(row[3]), row[8]) for row in self.rows(page, table)]
                    self.assertEqual(found, [(one["key"], one["lines"], one["deny"], dollars(one["exposure"]))
                                             for one in summary[groups]][:120], table)
                exposure = self.head(page, "t-provider", "Exposure")
                providers = [(row[0], number(row[1]), row[exposure]) for row in self.rows(page, "t-provider")]
                if name != "hostile":
                    self.assertEqual(providers, [(one["key"] or "(not given)", one["lines"], dollars(one["exposure"]))
                                                 for one in summary["by_provider"][:100]])
                checks = self.rows(page, "t-checks")
                self.assertGreater(len(checks), 8)
                self.assertEqual({row[3] for row in checks}, {"ties"})

    def test_filters_and_search_do_what_they_say(self):
        run = self.runs["generated"]
        page, sample = self.open(run), run.sample
        status = lambda: page.locator("#shown").inner_text()
        self.assertEqual(len(self.shown(page, 0)), 50)
        self.assertIn(f"of {len(sample):,} lines", status())
        rule = sample[0]["rule"]
        page.select_option("#f-rule", rule)
        wanted = [row for row in sample if row["rule"] == rule]
        self.assertEqual(set(self.shown(page, 0)), {rule})
        self.assertIn(f"of {len(wanted):,} found", status())
        procedure = wanted[0]["procedure_code"]
        page.select_option("#f-procedure", procedure)
        wanted = [row for row in wanted if row["procedure_code"] == procedure]
        self.assertEqual(sorted(self.shown(page, 2)), sorted(row["claim_id"] for row in wanted)[:50])
        page.fill("#search", wanted[0]["claim_id"].lower())
        self.assertEqual(set(self.shown(page, 2)), {wanted[0]["claim_id"]})
        page.fill("#search", "no such words here")
        self.assertEqual((self.shown(page, 0), status()), ([], f"No line of {len(sample):,} fits."))
        page.click("#filters button[type=reset]")
        expect(page.locator("#flagged > tbody > tr:not([hidden])")).to_have_count(50)
        # Every line is on some page, once.
        seen = self.shown(page, 16)
        while page.locator("#after").is_enabled():
            page.click("#after")
            seen += self.shown(page, 16)
        self.assertEqual(sorted(seen), sorted(f"{cut(row['source_file'])}:{row['source_row']}" for row in sample))
        page.click("#before")
        self.assertEqual(len(self.shown(page, 0)), 50)

    def test_of_a_large_sample_the_first_lines_of_each_rule_are_here(self):
        for name in ["hostile", "all_sampled"]:
            with self.subTest(name):
                run = self.runs[name]
                page, sample = self.open(run), run.sample
                found = page.eval_on_selector_all(
                    "#flagged > tbody > tr", "rows => rows.map(row => [0, 15, 16].map(at => row.cells[at].textContent))")
                told = f"{len(found):,} of the {len(sample):,} sampled lines are here"
                self.assertIn(told, page.locator("#lines").inner_text())
                self.assertTrue(100 < len(found) < len(sample))
                # Of no rule one line more is here than of another that has as many.
                here = {rule: [row for row in found if row[0] == rule] for rule in {row[0] for row in found}}
                strata = {one["rule"]: one for one in run.summary["sample"]["strata"]}
                most = max(map(len, here.values()))
                for rule, rows in here.items():
                    self.assertGreaterEqual(len(rows), min(strata[rule]["sampled"], most - 1))
                    self.assertEqual({number(row[1]) for row in rows}, {round(strata[rule]["weight"], 2)})
                    first = [row for row in sample if row["rule"] == rule][:len(rows)]
                    self.assertEqual([row[2].rsplit(":", 1)[1] for row in rows], [row["source_row"] for row in first])
                self.assertEqual(set(here), set(strata))

    def test_tables_sort_by_value(self):
        page = self.open(self.runs["generated"])
        for table, column in [("#flagged", 11), ("#flagged", 10), ("table:has(#t-provider)", 14), ("table:has(#t-rule)", 3)]:
            head = page.locator(f"{table} > thead th").nth(column)
            for order, direction in [("ascending", 1), ("descending", -1)]:
                head.locator("button").click()
                self.assertEqual(head.get_attribute("aria-sort"), order)
                texts = page.eval_on_selector_all(
                    f"{table} > tbody > tr", "(rows, column) => rows.map(row => row.cells[column].textContent)", column)
                values = [value for value in map(number, texts) if value is not None]
                self.assertEqual(values, sorted(values, reverse=direction < 0), f"{table} {column} {order}")
        self.assertEqual(page.locator("#flagged > thead th[aria-sort]").count(), 1)

    def test_the_keyboard_is_enough(self):
        page = self.open(self.runs["generated"])
        page.keyboard.press("Tab")
        self.assertEqual(page.evaluate("document.activeElement.textContent"), "Skip to the report")
        page.keyboard.press("Enter")
        expect(page).to_have_url(re.compile("#short$"))
        head = page.locator("#flagged > thead th").nth(11)
        head.locator("button").focus()
        page.keyboard.press("Enter")
        self.assertEqual(head.get_attribute("aria-sort"), "ascending")
        page.locator("#f-disposition").focus()
        page.keyboard.type("pend")
        page.keyboard.press("Enter")
        self.assertEqual(set(self.shown(page, 1)), {"pend"})
        # A link to a rule opens it.
        rule = page.locator("table:has(#t-rule) > tbody a").first
        rule.focus()
        page.keyboard.press("Enter")
        self.assertTrue(page.locator(rule.get_attribute("href")).evaluate("one => one.open"))

    def test_whatever_scrolls_can_be_reached(self):
        for name in ["samples", "generated"]:
            page = self.open(self.runs[name], viewport={"width": 360, "height": 740})
            page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true; })")
            # What it is called, whether the keyboard comes to it, and whether it is a chart.
            scroll = page.evaluate("""() => [...document.body.querySelectorAll('*')]
                .filter(one => one.scrollWidth > one.clientWidth && /auto|scroll/.test(getComputedStyle(one).overflowX))
                .map(one => [document.getElementById(one.getAttribute('aria-labelledby'))?.textContent,
                             one.tabIndex === 0 && one.hasAttribute('role'), one.querySelector('svg') !== null])""")
            self.assertGreater(len(scroll), 10)
            self.assertGreater(len([one for one in scroll if one[2]]), 3)
            self.assertEqual([one for one in scroll if not (one[0] and one[1])], [])
            box = page.locator("figure .wide").first
            box.focus()
            page.keyboard.press("ArrowRight")
            page.wait_for_function("box => box.scrollLeft > 0", arg=box.element_handle())

    def test_nobody_is_shut_out(self):
        axe = Axe()
        for scheme in ["light", "dark"]:
            for name in ["samples", "generated", "empty"]:
                with self.subTest(f"{name}, {scheme}"):
                    page = self.open(self.runs[name], color_scheme=scheme)
                    page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true; })")
                    found = axe.run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"]})
                    told = [(one["id"], [node["html"][:160] for node in one["nodes"]][:3])
                            for one in found.response["violations"]]
                    self.assertEqual(told, [])

    def test_dark_is_dark_and_charts_follow(self):
        colour = "one => getComputedStyle(one).fill"
        bar = "figure svg rect[data-value]"
        page = self.open(self.runs["generated"], color_scheme="light")
        light = (page.evaluate("getComputedStyle(document.body).backgroundColor"), page.eval_on_selector(bar, colour))
        page = self.open(self.runs["generated"], color_scheme="dark")
        dark = (page.evaluate("getComputedStyle(document.body).backgroundColor"), page.eval_on_selector(bar, colour))
        self.assertEqual((light[0], dark[0]), ("rgb(255, 255, 255)", "rgb(15, 20, 25)"))
        self.assertNotEqual(light[1], dark[1])
        # No colour of a chart is one that the page does not know.
        known = page.evaluate("""() => [...document.querySelectorAll('figure svg [fill], figure svg [stroke]')]
            .filter(one => one.tagName !== 'text' && one.tagName !== 'svg')
            .flatMap(one => ['fill', 'stroke'].map(name => one.getAttribute(name)))
            .filter(value => value && value !== 'none')""")
        self.assertLessEqual(set(known), {"#1F5FA8", "#C2570C", "#2E7D5B", "#8A4FA3", "#7A7A7A", "#E0E6F2", "#6E7079"})

    def test_a_phone_and_paper_are_enough(self):
        for name in ["generated", "hostile"]:
            page = self.open(self.runs[name], viewport={"width": 360, "height": 740})
            wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
            self.assertEqual(wide, 0, name)
        page = self.open(self.runs["generated"])
        page.emulate_media(media="print", color_scheme="dark")
        self.assertEqual(page.evaluate("getComputedStyle(document.body).backgroundColor"), "rgb(255, 255, 255)")
        self.assertFalse(page.locator("nav").is_visible() or page.locator("#filters").is_visible())
        self.assertIn(f"sample.csv, beside the report, has all {len(self.runs['generated'].sample):,} sampled lines",
                      page.locator("#lines").inner_text())
        pages = page.pdf(prefer_css_page_size=True).count(b"/Type /Page\n")
        self.assertTrue(5 <= pages <= 60, pages)

    def test_paper_has_what_is_folded(self):
        folded = ["details[id^=rule-] > p", "table:has(#t-strata)", ".digests li"]
        opened = "document.querySelectorAll('details[open]').length"
        for script in [True, False]:
            page = self.open(self.runs["generated"], java_script_enabled=script)
            seen = lambda: [page.locator(one).first.is_visible() for one in folded]
            if script:
                # One that the reader has opened stays open.
                page.locator("details[id^=rule-] > summary").nth(1).click()
            self.assertEqual(seen(), [False] * 3)
            self.assertFalse(page.locator(".paper").is_visible())
            page.emulate_media(media="print")
            if script:
                page.evaluate("dispatchEvent(new Event('beforeprint'))")
                self.assertEqual(page.locator("details:not([open])").count(), 0)
            self.assertEqual(seen(), [True] * 3, f"script: {script}")
            self.assertTrue(page.locator(".paper").is_visible())
            page.emulate_media(media="screen")
            if script:
                page.evaluate("dispatchEvent(new Event('afterprint'))")
                self.assertEqual(page.evaluate(opened), 1)
            self.assertEqual(seen(), [False] * 3)

    def test_without_a_script_everything_is_there(self):
        run = self.runs["generated"]
        page = self.open(run, java_script_enabled=False)
        self.assertEqual(page.locator("#flagged > tbody > tr").count(), len(run.sample))
        self.assertTrue(page.locator("#flagged > tbody > tr").last.is_visible())
        self.assertFalse(page.locator("#filters").is_visible())

    def test_the_report_of_a_chart_review_says_what_it_found(self):
        run = runs.samples(self.place / "reviewed")
        verdicts = self.place / "verdicts.csv"
        with open(verdicts, "w", newline="", encoding="utf-8") as file:
            writer = runs.csv.DictWriter(file, run.sample[0].keys())
            writer.writeheader()
            writer.writerows({**row, "verdict": "confirmed", "note": "<b>" + runs.MEMBER} for row in run.sample)
        before = run.page.read_text()
        runs.adjudicate("report", run.folder, "--reviews", verdicts)
        runs.adjudicate("verify", run.folder, status=(0,))
        page = self.open(run)
        self.assertEqual(self.noise, [])
        # All lines were reviewed and confirmed: the exposure is exact.
        self.assertIn(f"at least {dollars(run.summary['exposure'])} of the", page.locator("#reviews").inner_text())
        self.assertEqual({row[8] for row in self.rows(page, "t-reviews")}, {"exact"})
        self.assertNotIn(runs.MEMBER, run.page.read_text())
        self.assertNotIn('id="reviews"', before)

    def test_who_was_hidden_is_found(self):
        run, truth = runs.outliers(self.place)
        page = self.open(run)
        told = {row[0]: row[1] for row in self.rows(page, "t-unlike")}
        self.assertEqual(set(told), {one["provider_npi"] for one in truth})
        for one in truth:
            self.assertIn(one["rule"], told[one["provider_npi"]])

    def test_a_large_run_opens_at_once(self):
        run = runs.flagged(self.place, MANY)
        many = run.summary["decided"]
        self.assertEqual(run.summary["sample"]["flagged"], many)
        # Some generated rows cannot be read.
        self.assertTrue(MANY * 0.99 < many <= MANY, many)
        self.assertEqual(sum(round(one["weight"] * one["sampled"]) for one in run.summary["sample"]["strata"]), many)
        self.assertLess(run.page.stat().st_size, 2_000_000)
        begun = time.monotonic()
        page = self.open(run)
        self.assertEqual(len(self.shown(page, 0)), 50)
        took = time.monotonic() - begun
        # Parsing, styling, and the script: a second or so here; CI may be busy.
        self.assertLess(took, 5)
        print(f"\n{many:,} flagged lines: {run.page.stat().st_size:,} bytes, open in {took:.2f} s")
        self.assertEqual(self.noise, [])


def cut(text):
    return text if len(text) <= 60 else text[:60] + "…"


if __name__ == "__main__":
    unittest.main(verbosity=2)
