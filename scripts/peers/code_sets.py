"""The codes that the peers' queries test, asked of the program itself.

No code is written down here: procedures, add-ons and diagnoses come from
`adjudicate policy show` and `adjudicate policy expand`, of the last version of
the one embedded policy.
"""

import json
import subprocess
from dataclasses import asdict, dataclass
from pathlib import Path

from .process import CannotRunError


@dataclass(frozen=True)
class Family:
    """Add-ons with the same primaries."""

    add_ons: list[str]
    primaries: list[str]


@dataclass(frozen=True)
class CodeSets:
    """What a peer must know of the policy."""

    policy: str
    version: str
    procedures: list[str]  # all that the version speaks of; deleted codes are not
    investigational: list[str]
    families: list[Family]
    diagnoses: list[str]  # that support, with the dot

    @property
    def add_ons(self) -> list[str]:
        return [code for family in self.families for code in family.add_ons]

    def write(self, path: Path) -> None:
        path.write_text(json.dumps(asdict(self), indent=1), encoding="utf-8")


def read_code_sets(path: str | Path) -> CodeSets:
    fields = json.loads(Path(path).read_text(encoding="utf-8"))
    fields["families"] = [Family(**family) for family in fields["families"]]
    return CodeSets(**fields)


def ask(binary: str, *arguments: str) -> list | dict:
    """One question to the program, answered in JSON."""
    done = subprocess.run([binary, *arguments, "--json"], check=True,
                          stdout=subprocess.PIPE, text=True)
    return json.loads(done.stdout)


def the_policy(binary: str) -> str:
    ids = [policy["id"] for policy in ask(binary, "policy", "list")]
    if len(ids) != 1:
        raise CannotRunError(f"one embedded policy was expected, not {len(ids)}: {' '.join(ids)}")
    return ids[0]


def add_on_families(procedures: list[dict]) -> list[Family]:
    """The add-ons by their primaries, in the policy's order."""
    by_primaries: dict[tuple[str, ...], list[str]] = {}
    for procedure in procedures:
        if procedure["add_on_to"]:
            by_primaries.setdefault(tuple(procedure["add_on_to"]), []).append(procedure["code"])
    primaries = [code for family in by_primaries for code in family]
    if len(primaries) != len(set(primaries)):
        raise CannotRunError("a primary of two families of add-ons: the peers' queries do not know it")
    return [Family(add_ons, list(codes)) for codes, add_ons in by_primaries.items()]


def supporting_diagnoses(binary: str, policy: str, date: str) -> list[str]:
    rows = ask(binary, "policy", "expand", policy, "--date", date)
    supporting = [row for row in rows if row["standing"] == "supporting"]
    if any(row["together_with"] for row in supporting):
        raise CannotRunError("a diagnosis counts beside another one only: the peers' queries do not know it")
    return sorted({row["code"] for row in supporting})


def ask_code_sets(binary: str) -> CodeSets:
    policy = the_policy(binary)
    shown = ask(binary, "policy", "show", policy)
    version = shown["versions"][-1]
    coverage = {c["service"]: c for c in version["coverage"]}
    lists = {tuple(c["diagnosis_lists"]) for c in coverage.values() if not c["investigational"]}
    if len(lists) != 1:
        raise CannotRunError("services with lists of their own: the peers' queries do not know them")
    procedures = [p for p in shown["procedures"] if p["service"] in coverage]
    return CodeSets(
        policy=policy,
        version=version["version"],
        procedures=[p["code"] for p in procedures],
        investigational=[p["code"] for p in procedures
                         if coverage[p["service"]]["investigational"]],
        families=add_on_families(procedures),
        diagnoses=supporting_diagnoses(binary, policy, version["from"]),
    )
