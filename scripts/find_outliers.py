#!/usr/bin/env python3
"""How well a run finds providers that misbehave: extracts with hidden outliers, and
what `summary.json` tells of them against the truth.

    python3 scripts/find_outliers.py --program target/release/adjudicate --seeds 8
"""

import argparse
import csv
import json
import subprocess
import tempfile
from pathlib import Path


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--program", default="target/release/adjudicate")
    parser.add_argument("--seeds", type=int, default=8, help="extracts, of the seeds from 1 on")
    parser.add_argument("--lines", type=int, default=1_000_000)
    parser.add_argument("--outliers", type=int, default=6)
    given = parser.parse_args()
    found = missed = others = told = 0
    for seed in range(1, given.seeds + 1):
        with tempfile.TemporaryDirectory() as place:
            hidden, summary = extract(given, seed, Path(place))
        unlike = {one["provider"] for one in summary["peers"]["farthest"]}
        found += len(unlike & set(hidden))
        missed += len(set(hidden) - unlike)
        told += len(unlike - set(hidden))
        others += summary["peers"]["providers"] - len(hidden)
        not_found = ", ".join(hidden[one] for one in sorted(set(hidden) - unlike)) or "none"
        print(f"seed {seed}: {len(unlike & set(hidden))} of {len(hidden)} found; missed: {not_found}; "
              f"others told: {len(unlike - set(hidden))}")
    print(f"in all: {found} of {found + missed} hidden providers found; {told} of {others} others told")


def extract(given, seed, place):
    """Who was hidden, by scheme, and the summary of a run."""
    claims, truth, out = place / "claims.parquet", place / "truth.csv", place / "run"
    call(given.program, "generate", "--lines", given.lines, "--seed", seed, "--in-scope", 1, "--from", "2023-07-01",
         "--to", "2026-06-30", "--outliers", given.outliers, "--truth", truth, "--out", claims)
    call(given.program, "run", claims, "--out", out, "--quiet", "--no-sync")
    with open(truth, newline="", encoding="utf-8") as file:
        hidden = {row["provider_npi"]: row["scheme"] for row in csv.DictReader(file)}
    return hidden, json.loads((out / "summary.json").read_text())


def call(program, *arguments):
    done = subprocess.run([program, *map(str, arguments)], capture_output=True, text=True, check=False)
    # 3: complete, but rows were rejected; generated claims hold some on purpose.
    if done.returncode not in (0, 3):
        raise SystemExit(done.stderr)


if __name__ == "__main__":
    main()
