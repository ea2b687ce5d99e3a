"""Runs whose reports are looked at: ordinary ones, and ones that mean harm."""

import csv
import json
import os
import subprocess
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
PROGRAM = Path(os.environ.get("ADJUDICATE", REPOSITORY / "target/release/adjudicate"))

# What must not run, break the page, or turn it around.
HOSTILE = [
    "<script>document.title='run'</script>",
    "\"><img src=x onerror=document.title='run'>",
    "</table></section></main><h1>another page</h1>",
    "{{ summary }}{% raw %}",
    "javascript:alert(1)",
    "\u202etxt.exe\u202c",
    "=HYPERLINK(\"http://example.invalid\")",
    "a" * 5000,
    "'\"<>&/" * 20,
    "\u202e" * 100,
]
MEMBER = "MEMBER-MARK-7731"


class Run:
    """A finished run, and what its files say."""

    def __init__(self, folder):
        self.folder = Path(folder)
        self.page = self.folder / "report.html"
        self.summary = json.loads((self.folder / "summary.json").read_text())
        with open(self.folder / "sample.csv", newline="", encoding="utf-8") as file:
            self.sample = list(csv.DictReader(file))

    @property
    def url(self):
        return self.page.as_uri()


def adjudicate(*arguments, status=(0, 3)):
    """Runs the program; its standard output."""
    done = subprocess.run([PROGRAM, *map(str, arguments)], capture_output=True, text=True, check=False)
    if done.returncode not in status:
        raise AssertionError(f"{arguments}: status {done.returncode}: {done.stderr}")
    return done.stdout


def run(place, name, *arguments):
    place.mkdir(exist_ok=True)
    folder = place / name
    adjudicate("run", *arguments, "--out", folder, "--quiet", "--no-sync")
    return Run(folder)


def samples(place):
    """The repository's own sample: every rule fires."""
    return run(place, "samples", REPOSITORY / "sample_data/claims.csv")


def generated(place):
    """Claims of three years, most of them in order."""
    claims = place / "generated.csv"
    adjudicate("generate", "--lines", 60000, "--seed", 5, "--in-scope", 1, "--out", claims)
    return run(place, "generated-run", claims, "--sample", 500)


def all_sampled(place):
    """Every flagged line is in the sample, and that has more than a page."""
    claims = place / "all-sampled.csv"
    adjudicate("generate", "--lines", 60000, "--seed", 5, "--in-scope", 1, "--out", claims)
    return run(place, "all-sampled-run", claims, "--sample", 20000)


def empty(place):
    """Nothing in scope."""
    claims = place / "empty.csv"
    claims.write_text("claim_id,line_number,service_date,procedure_code,diagnosis_codes\nC1,1,2026-03-01,99213,M54.5\n")
    return run(place, "empty-run", claims)


def hostile(place):
    """Every text that a claim may hold holds what means harm, and all takes much room."""
    claims = place / "a<b>&\"'c.csv"
    names = ["claim_id", "line_number", "service_date", "procedure_code", "diagnosis_codes", "member_id",
             "provider_npi", "line_of_business", "units", "billed_amount", "paid_amount"]
    with open(claims, "w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(names)
        for number, text in enumerate(HOSTILE * 400):
            writer.writerow([text, number + 1, "2026-03-01", ["22513", "0200T", "22511"][number % 3],
                             text if number % 2 else "M54.5", MEMBER, text, text, 1, 500, -3 if number % 5 else 250])
    return run(place, "hostile-run", claims, "--sample", 20000)


def flagged(place, lines):
    """So many lines, every one of them flagged."""
    claims = place / "flagged.csv"
    adjudicate("generate", "--lines", lines, "--seed", 9, "--in-scope", 1, "--out", claims)
    made = run(place, "flagged-run", claims, "--require-clinical", "--select", "flagged")
    claims.unlink()
    return made


def outliers(place):
    """Three years in which six providers misbehave, and who they are."""
    claims, truth = place / "three-years.parquet", place / "truth.csv"
    adjudicate("generate", "--lines", 1_000_000, "--seed", 1, "--in-scope", 1, "--from", "2023-07-01", "--to",
               "2026-06-30", "--outliers", 6, "--truth", truth, "--out", claims)
    with open(truth, newline="", encoding="utf-8") as file:
        return run(place, "three-years", claims), list(csv.DictReader(file))
