#!/usr/bin/env python3
"""Compares `adjudicate run` with scripts/oracle.py on adversarial lines.

    python3 scripts/compare_oracle.py --program PATH --icd10 TABLE.csv
        [--lines 100000] [--seed 1] [--show 5] [--keep DIR] [--only RUN]
        [--oracle-only]

Several runs, of several files each: every delimiter, diagnoses as a list and
numbered, plain and .gz, and the options that change decisions. The common
columns of decisions.csv and rejects.csv are compared line by line. The closing
line says how many lines were compared and how often each rule fired. Exit
status 1 on any difference, 2 when the program produced nothing.

--oracle-only leaves the program out: it checks that the generator makes every
rule of the catalogue fire.
"""

import argparse
import collections
import csv
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import oracle

HERE = Path(__file__).resolve().parent
DECISION_COLUMNS = oracle.DECISION_COLUMNS
REJECT_COLUMNS = ["source_file", "source_row", "column"]

# name, delimiter, numbered diagnoses, file names, options. The names are given
# to the program in this order, which is not the byte order it must bring them in.
RUNS = [
    ("plain", ",", False, ["b.csv", "a.csv"], []),
    ("numbered", "|", True, ["n.csv", "N.csv.gz"], []),
    ("tab", "tab", False, ["t-1.csv", "t.csv"], []),
    ("clinical", ",", True, ["c.csv"], ["--clinical", "deny", "--require-clinical"]),
    ("unlisted", ";", False, ["u.csv"], ["--unlisted-diagnosis", "pend"]),
    ("strict", "|", False, ["s.csv"], ["--strict-programs"]),
    ("policy-2019", "tab", True, ["p.csv"], ["--policy-date", "2019-01-01"]),
    ("policy-2008", ",", False, ["q.csv"], ["--policy-date", "2008-06-30"]),
    ("everything", ";", True, ["e2.csv", "e1.csv"],
     ["--policy-date", "2026-02-15", "--clinical", "deny", "--unlisted-diagnosis",
      "pend", "--strict-programs", "--require-clinical"]),
]
SHARES = {"plain": 5, "policy-2008": 1}  # of the lines; 2 for the others


def make_inputs(run, options, lines, seed, folder):
    name, delimiter, numbered, files, _ = run
    paths = []
    for i, file in enumerate(files):
        path = str(folder / file)
        command = [sys.executable, str(HERE / "adversarial.py"), "--icd10", options.icd10,
                   "--lines", str(lines // len(files)), "--seed", str(seed + i),
                   "--out", path, "--delimiter", delimiter]
        if numbered:
            command.append("--numbered-diagnoses")
        subprocess.run(command, check=True)
        paths.append(path)
    return paths


def run_oracle(run, options, paths, folder):
    command = [sys.executable, str(HERE / "oracle.py"), "--icd10", options.icd10,
               "--out-decisions", str(folder / "oracle_decisions.csv"),
               "--out-rejects", str(folder / "oracle_rejects.csv"),
               "--totals", str(folder / "oracle_totals.json"), *run[4], *paths]
    subprocess.run(command, check=True)


def run_program(run, options, paths, folder):
    out = folder / "run"
    command = [options.program, "run", *paths, "--out", str(out), "--no-progress",
               "--quiet", "--format", "csv", *run[4]]
    done = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
                          text=True, errors="replace")
    if done.returncode not in (0, 1, 3):
        print(f"{run[0]}: the program ended with status {done.returncode}:")
        print(" ", " ".join(command))
        print(done.stderr[-3000:])
        return None
    return out


def read_table(path, columns):
    """Rows as tuples of the given columns, in the file's order."""
    csv.field_size_limit(2**31 - 1)
    with open(path, newline="", encoding="utf-8", errors="surrogateescape") as f:
        reader = csv.reader(f)
        header = next(reader)
        missing = [c for c in columns if c not in header]
        if missing:
            raise SystemExit(f"{path}: no column {', '.join(missing)}")
        places = [header.index(c) for c in columns]
        return [tuple(row[p] for p in places) for row in reader]


def source_row(path, number):
    """A row as the oracle reads it: column=value of what is filled in."""
    data = oracle.read_bytes(path)
    records = oracle.read_records(data, oracle.detect_delimiter(data))
    header = [h.decode("utf-8", "replace").strip() for h in next(records)]
    for i, record in enumerate(records, start=1):
        if i == int(number):
            if len(record) != len(header):
                return f"{len(record)} fields instead of {len(header)}: {record}"
            return "  ".join(f"{h}={v.decode('utf-8', 'backslashreplace')!r}"
                             for h, v in zip(header, record) if v)
    return "(no such row)"


class Differences:
    """Counts differences and prints the first of each table."""

    def __init__(self, show):
        self.show = show
        self.count = 0
        self.shown = 0

    def add(self, where, lines, source):
        self.count += 1
        self.shown += 1
        if self.shown > self.show:
            return
        print(f"--- {where}: {os.path.basename(source[0])}, row {source[1]}")
        for line in lines:
            print(f"    {line}")
        print(f"    source: {source_row(*source)}")

    def compare(self, where, columns, ours, theirs):
        """ours: the oracle's; theirs: the program's. The first two columns are the key."""
        self.shown = 0
        ours_by_key = {row[:2]: row for row in ours}
        theirs_by_key = {row[:2]: row for row in theirs}
        for row in ours:
            if row[:2] not in theirs_by_key:
                self.add(where, [f"oracle only: {describe(columns, row)}"], row[:2])
        for row in theirs:
            if row[:2] not in ours_by_key:
                self.add(where, [f"program only: {describe(columns, row)}"], row[:2])
        for row in ours:
            other = theirs_by_key.get(row[:2])
            if other is not None and other != row:
                lines = [f"{c}: oracle {a!r}, program {b!r}"
                         for c, a, b in zip(columns, row, other) if a != b]
                self.add(where, lines, row[:2])
        common = [row[:2] for row in theirs if row[:2] in ours_by_key]
        if common != [row[:2] for row in ours if row[:2] in theirs_by_key]:
            self.count += 1
            print(f"--- {where}: the rows stand in another order, or twice")


def describe(columns, row):
    return "  ".join(f"{c}={v}" for c, v in zip(columns[2:], row[2:]) if v) or "(blank)"


def find_totals(value):
    """The object of summary.json that holds the four counts, wherever it is."""
    wanted = ("rows", "out_of_scope", "decided", "rejected")
    if isinstance(value, dict):
        if all(isinstance(value.get(k), int) for k in wanted):
            return {k: value[k] for k in wanted}
        value = list(value.values())
    if isinstance(value, list):
        for part in value:
            found = find_totals(part)
            if found:
                return found
    return None


def compare_totals(where, ours, out, differences):
    with open(out / "summary.json", encoding="utf-8") as f:
        theirs = find_totals(json.load(f))
    if theirs is None:
        print(f"{where}: summary.json holds no counts that this script knows; not compared")
    elif theirs != ours:
        differences.count += 1
        print(f"--- {where}: counts: oracle {ours}, program {theirs}")


def one_run(run, options, lines, seed, folder, fired, differences):
    """-> (lines the oracle decided, rejects), or None when nothing was produced."""
    name = run[0]
    paths = make_inputs(run, options, lines, seed, folder)
    run_oracle(run, options, paths, folder)
    ours = read_table(folder / "oracle_decisions.csv", DECISION_COLUMNS)
    our_rejects = read_table(folder / "oracle_rejects.csv", REJECT_COLUMNS)
    with open(folder / "oracle_totals.json", encoding="utf-8") as f:
        totals = json.load(f)
    rules = DECISION_COLUMNS.index("rules")
    for row in ours:
        fired.update(r for r in row[rules].split(";") if r)
    before = differences.count
    if not options.oracle_only:
        out = run_program(run, options, paths, folder)
        if out is None:
            return None
        theirs = read_table(out / "decisions.csv", DECISION_COLUMNS)
        their_rejects = read_table(out / "rejects.csv", REJECT_COLUMNS)
        differences.compare(f"{name}, decisions", DECISION_COLUMNS, ours, theirs)
        differences.compare(f"{name}, rejects", REJECT_COLUMNS, our_rejects, their_rejects)
        compare_totals(name, totals, out, differences)
    print(f"{name}: {totals['rows']} rows, {totals['out_of_scope']} out of scope, "
          f"{totals['decided']} decided, {totals['rejected']} rejected"
          + ("" if options.oracle_only
             else f"; {differences.count - before} differences"), flush=True)
    return totals


def main(argv=None):
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--program", help="the adjudicate binary")
    parser.add_argument("--icd10", required=True, help="code,valid_from,valid_to")
    parser.add_argument("--lines", type=int, default=100_000, help="in all runs together")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--show", type=int, default=5, help="differences shown per table")
    parser.add_argument("--keep", help="a new folder for the files; else a temporary one")
    parser.add_argument("--only", choices=[r[0] for r in RUNS], action="append")
    parser.add_argument("--oracle-only", action="store_true")
    options = parser.parse_args(argv)
    if not options.program and not options.oracle_only:
        parser.error("--program is needed (or --oracle-only)")

    runs = [r for r in RUNS if not options.only or r[0] in options.only]
    shares = sum(SHARES.get(r[0], 2) for r in runs)
    fired = collections.Counter()
    differences = Differences(options.show)
    counts = collections.Counter()
    failed = False
    with tempfile.TemporaryDirectory(prefix="adjudicate-oracle-") as temporary:
        base = Path(options.keep or temporary)
        for run in runs:
            folder = base / run[0]
            folder.mkdir(parents=True)
            lines = options.lines * SHARES.get(run[0], 2) // shares
            seed = options.seed * 1000 + RUNS.index(run) * 10
            totals = one_run(run, options, lines, seed, folder, fired, differences)
            if totals is None:
                failed = True
            else:
                counts.update(totals)

    never = [r for r in oracle.CATALOGUE if r not in fired]
    if never:
        print(f"rules that never fired: {' '.join(never)}")
    verb = "made" if options.oracle_only else "compared"
    print(f"{counts['rows']} lines {verb} ({counts['decided']} decisions, "
          f"{counts['rejected']} rejects), {differences.count} differences; fired: "
          + " ".join(f"{r} {fired[r]}" for r in oracle.CATALOGUE))
    if failed:
        return 2
    return 1 if differences.count or (options.oracle_only and never) else 0


if __name__ == "__main__":
    sys.exit(main())
