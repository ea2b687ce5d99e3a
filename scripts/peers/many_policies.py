"""A folder of synthetic policies, to see what loading many of them costs.

    python3 -m peers.many_policies PROGRAM FOLDER SEED

A process of its own, because the table of codes would make compare_peers.py larger,
and the least memory that it can see of a program is what it holds itself.

A thousand policies of a hundred procedures and a thousand diagnosis codes each.
The diagnoses are codes of the program's own table, as ranges of ten neighbours,
which is how policies print them; the procedures have the shape of HCPCS codes
under letters that the synthetic claims do not use, so that the decisions stay the
same. They decide nothing about anybody.
"""

import json
import random
import sys
from pathlib import Path

from .code_sets import ask

POLICIES = 1000
PROCEDURES = 100  # of each policy
DIAGNOSES = 1000
RANGE = 10  # codes
LETTERS = "DFINOUWXYZ"  # 10,000 codes each
WHOLE_TABLE = "A00.0 - Z99.89"
FIRST_DAY = "2016-01-01"

HEAD = """schema = 1

[policy]
id = "MANY-{number:04}"
title = "Synthetic policy {number}"
publisher = "Nobody"
source = "Made by scripts/peers/many_policies.py"
programs = ["commercial"]
initial_encounter = "A"

[[service]]
id = "service"

[[diagnosis_list]]
id = "supporting"
standing = "supporting"
cite = "Invented"
entries = [
{entries}
]

[[version]]
from = {first_day}
note = "Invented."

[[version.coverage]]
service = "service"
diagnoses = ["supporting"]
cite = "Invented"
"""
PROCEDURE = """
[[procedure]]
code = "{code}"
label = "synthetic"
service = "service"
from = {first_day}
limit = 1
cite = "Invented"
edits_source = "Invented"
"""


def table_codes(binary: str) -> list[str]:
    answer = ask(binary, "icd10", WHOLE_TABLE, "--date", FIRST_DAY)
    return [code["code"] for code in answer[0]["codes"]]


def procedure_code(index: int) -> str:
    return f"{LETTERS[index // 10_000]}{index % 10_000:04}"


def policy_text(number: int, codes: list[str], chance: random.Random) -> str:
    firsts = sorted(chance.sample(range(len(codes) // RANGE), DIAGNOSES // RANGE))
    entries = "\n".join(f'    "{codes[i * RANGE]} - {codes[i * RANGE + RANGE - 1]}",'
                        for i in firsts)
    procedures = range(number * PROCEDURES, (number + 1) * PROCEDURES)
    return HEAD.format(number=number, entries=entries, first_day=FIRST_DAY) + "".join(
        PROCEDURE.format(code=procedure_code(i), first_day=FIRST_DAY) for i in procedures)


def make_many_policies(binary: str, folder: Path, seed: int) -> None:
    """Files of an earlier call are written again: they are made in a second."""
    folder.mkdir(parents=True, exist_ok=True)
    codes = table_codes(binary)
    chance = random.Random(seed)
    for number in range(POLICIES):
        text = policy_text(number, codes, chance)
        (folder / f"many-{number:04}.toml").write_text(text, encoding="utf-8")


def main() -> None:
    binary, folder, seed = sys.argv[1:]
    make_many_policies(binary, Path(folder), int(seed))
    print(json.dumps({"policies": POLICIES}))


if __name__ == "__main__":
    main()
