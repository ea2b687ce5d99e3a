#!/usr/bin/env python3
"""Writes a folder of synthetic coverage policies, to measure many of them at once.

    python3 scripts/make_policies.py --policies 1000 --procedures 100 \\
        --diagnoses 1000 --adjudicate target/release/adjudicate --out FOLDER

The same numbers and the same diagnosis table give the same bytes. The policies
say nothing about anybody: their procedures are five letters (XAAAA, XAAAB, and
so on), which no CPT or HCPCS code is, since those have digits in the middle. No
two policies share one. Diagnoses are codes of the program's own table that are
billable on one day; each policy lists as many as asked for, half of them by
themselves and half in ranges, all different. Each file passes `policy lint`
without a doubt.

--procedures-csv writes the procedures with their policies, for those who make
claims of them.
"""

import argparse
import csv
import itertools
import json
import random
import string
import subprocess
import sys
from pathlib import Path

# The day on which every listed code is billable, and from which policies hold.
DAY = "2025-10-01"
# The table's codes from A to Z: all of them.
WHOLE_TABLE = "A00.0 - Z99.89"
SERVICES = 4
REGIONS = 3
# Codes of a range, at least and at most.
RANGE = (2, 24)
# What a published document says beside its codes, about as long.
LIMITATIONS = [
    "This policy is invented to measure how many policies load, and decides nothing about anybody.",
    "Pain, weeks of conservative care and hospital stay are not on a claim.",
]


def billable_codes(adjudicate):
    """Every code of the table that is billable on the day, in order, in runs
    without a code between them that is not."""
    asked = [adjudicate, "icd10", WHOLE_TABLE, "--date", DAY, "--json"]
    answer = subprocess.run(asked, check=True, stdout=subprocess.PIPE)
    codes = [code for entry in json.loads(answer.stdout) for code in entry["codes"]]
    runs = itertools.groupby(codes, key=lambda code: code["status"] == "billable")
    return [[code["code"] for code in run] for billable, run in runs if billable]


def procedure_code(number):
    """XAAAA, XAAAB, … by number."""
    letters = ""
    for _ in range(4):
        number, letter = divmod(number, 26)
        letters = string.ascii_uppercase[letter] + letters
    if number:
        sys.exit("make_policies.py: more procedures than there are made-up codes (456,976)")
    return f"X{letters}"


def ranges_and_codes(table, count, rng):
    """`count` codes of all the table, about half in ranges: (entry, its codes)."""
    entries, taken, left = [], set(), count
    in_ranges = count // 2
    while left > 0:
        run, place = table[rng.randrange(len(table))]
        length = min(rng.randint(*RANGE), left, in_ranges) if in_ranges > 1 else 1
        codes = run[place:place + length]
        if len(codes) < length or not taken.isdisjoint(codes):
            continue
        taken.update(codes)
        left -= length
        in_ranges -= length if length > 1 else 0
        entries.append((codes[0] if length == 1 else f"{codes[0]} – {codes[-1]}", codes))
    return sorted(entries, key=lambda entry: entry[1])


def quoted(texts, indent="    "):
    """A TOML array of strings, several to a line."""
    lines, line = [], indent
    for text in texts:
        item = json.dumps(text, ensure_ascii=False) + ","
        if line != indent and len(line) + len(item) > 96:
            lines.append(line.rstrip())
            line = indent
        line += item + " "
    return "[\n" + "\n".join([*lines, line.rstrip()]) + "\n]"


def policy(number, codes, table, diagnoses, rng):
    """The text of one policy."""
    entries = ranges_and_codes(table, diagnoses, rng)
    # Three lists: most support, some are for review, some tell the cause.
    review, cause = len(entries) // 10, len(entries) // 5
    lists = [
        ("for review", "review", entries[:review], ""),
        ("injuries", "supporting", entries[review:review + cause], 'etiology = "traumatic"\n'),
        ("supporting", "supporting", entries[review + cause:], ""),
    ]
    lists = [one for one in lists if one[2]]
    regions = [entry[0] for entry in lists[-1][2][:REGIONS]]
    used = min(SERVICES, len(codes))
    out = [f"""# SYNTHETIC, made by scripts/make_policies.py: it decides nothing about anybody.
schema = 1

[policy]
id = "SYN-{number:05d}"
title = "Synthetic policy {number}"
publisher = "Nobody"
source = "scripts/make_policies.py"
programs = ["commercial"]
initial_encounter = "A"
limitations = {quoted(LIMITATIONS)}

[[referral]]
program = "fep"
to = "the Federal Employee Program's own guidelines"
"""]
    out += [f'[[service]]\nid = "service {place}"\n' for place in range(used)]
    out += [f'[[region]]\nid = "region {place}"\ndiagnoses = ["{text}"]\n' for place, text in enumerate(regions)]
    for name, standing, entries, more in lists:
        out.append(f'[[diagnosis_list]]\nid = "{name}"\nstanding = "{standing}"\ncite = "Section D"\n{more}'
                   f"entries = {quoted([text for text, _ in entries])}\n")
    out.append("""[[indication]]
id = "I1"
label = "after six weeks of failed conservative care"
cite = "Section I, first indication"
when = { all = [{ fact = "symptomatic" }, { fact = "conservative_weeks", at_least = 6 }] }

[[indication]]
id = "I2"
label = "injury that led to hospital or prevents walking"
cite = "Section I, second indication"
when = { all = [
    { etiology = "traumatic" },
    { any = [{ fact = "hospitalized" }, { fact = "ambulation_prevented" }] },
] }
""")
    for place, code in enumerate(codes):
        more = ""
        if place % 5 == 3:
            more = f'add_on_to = ["{codes[place - 3]}", "{codes[place - 2]}"]\n'
        elif place % 5 == 1:
            more = f'second_to = ["{codes[place - 1]}"]\n'
        if place < len(regions):
            more += f'treats = ["region {place}"]\n'
        out.append(f'[[procedure]]\ncode = "{code}"\nlabel = "synthetic procedure {place}"\n'
                   f'service = "service {place % used}"\nfrom = 2015-01-01\nlimit = {1 + place % 3}\n{more}'
                   'cite = "Section P"\nedits_source = "Section P"\n')
    for lesser, start in ((True, "2016-01-01"), (False, DAY)):
        out.append(f'[[version]]\nfrom = {start}\nnote = "A version."\n')
        for place in range(used):
            names = [one[0] for one in lists if one[1] == "supporting" or not lesser]
            out.append(f'[[version.coverage]]\nservice = "service {place}"\ndiagnoses = {json.dumps(names)}\n'
                       'indications = ["I1", "I2"]\ncite = "Section C"\n')
    return "\n".join(out)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--policies", type=int, default=1000, metavar="N")
    parser.add_argument("--procedures", type=int, default=100, metavar="P", help="of each policy")
    parser.add_argument("--diagnoses", type=int, default=1000, metavar="D", help="of each policy")
    parser.add_argument("--adjudicate", default="target/release/adjudicate", metavar="PATH", help="the program")
    parser.add_argument("--procedures-csv", metavar="FILE", help="policy_id,procedure_code of every procedure")
    parser.add_argument("--out", required=True, metavar="FOLDER")
    arguments = parser.parse_args()
    if min(arguments.policies, arguments.procedures, arguments.diagnoses) < 1:
        parser.error("each number is one or more")
    table = [(run, place) for run in billable_codes(arguments.adjudicate) for place in range(len(run))]
    if arguments.diagnoses > len(table) // 2:
        parser.error("--diagnoses: more than half of the table")
    folder = Path(arguments.out)
    folder.mkdir(parents=True, exist_ok=True)
    procedures = []
    for number in range(arguments.policies):
        first = number * arguments.procedures
        codes = [procedure_code(first + place) for place in range(arguments.procedures)]
        procedures += [(f"SYN-{number:05d}", code) for code in codes]
        rng = random.Random(number)
        text = policy(number, codes, table, arguments.diagnoses, rng)
        (folder / f"syn-{number:05d}.toml").write_text(text, encoding="utf-8")
    if arguments.procedures_csv:
        with open(arguments.procedures_csv, "w", newline="", encoding="utf-8") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(["policy_id", "procedure_code"])
            writer.writerows(procedures)


if __name__ == "__main__":
    main()
