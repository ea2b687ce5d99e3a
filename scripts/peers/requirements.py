"""What else is required of `adjudicate` alone: threads, linear time, many policies.

Each measurement is of two ways to run it, in turn, and their ratio. What syncing
and what loading policies alone cost has no bound: it is only said.
"""

import sys
from dataclasses import dataclass
from pathlib import Path

from .many_policies import POLICIES
from .process import CannotRunError, run_python
from .programs import Bench
from .rounds import in_figures, in_turn, median
from .workloads import Workload, make_workload, warm

TWO_THREADS_AT_LEAST = 1.7
TWICE_THE_LINES_AT_MOST = 2.1
MANY_POLICIES_AT_MOST = 1.2


@dataclass(frozen=True)
class Variant:
    """A way to run the program on a workload."""

    name: str
    workload: Workload
    options: tuple[str, ...]


def compare(bench: Bench, rounds: int, what: str, plain: Variant, other: Variant) -> dict:
    """The ratio is the other's median by the plain one's."""
    contenders = {v.name: lambda v=v: bench.ours_once(v.workload, *v.options)
                  for v in (plain, other)}
    for workload in {plain.workload.path, other.workload.path}:
        warm(workload)
    measured = in_turn(contenders, rounds, f"{what}, {plain.workload.name}")
    return {"what": what, "workload": plain.workload.name, "plain": plain.name,
            "other": other.name,
            "ratio": round(median(measured[other.name]) / median(measured[plain.name]), 3),
            "figures": {name: in_figures(m) for name, m in measured.items()}}


def threads(bench: Bench, rounds: int, workload: Workload) -> dict:
    two = Variant("2 threads", workload, ("--no-sync", "--threads", "2"))
    one = Variant("1 thread", workload, ("--no-sync", "--threads", "1"))
    return {**compare(bench, rounds, "one thread against two", two, one),
            "at_least": TWO_THREADS_AT_LEAST}


def linear(bench: Bench, rounds: int, once: Workload, twice: Workload) -> dict:
    plain = Variant(f"{once.lines:,} lines", once, ("--no-sync",))
    other = Variant(f"{twice.lines:,} lines", twice, ("--no-sync",))
    return {**compare(bench, rounds, "twice the lines", plain, other),
            "at_most": TWICE_THE_LINES_AT_MOST}


def synced(bench: Bench, rounds: int, workload: Workload) -> dict:
    return compare(bench, rounds, "synced to disk", Variant("--no-sync", workload, ("--no-sync",)),
                   Variant("synced", workload, ()))


def many_policies(bench: Bench, rounds: int, workload: Workload, policies: tuple[str, ...]) -> dict:
    """The bound is of a workload; a file without lines tells what loading takes."""
    one = Variant("1 policy", workload, ("--no-sync",))
    many = Variant(f"{POLICIES:,} more", workload, ("--no-sync", *policies))
    found = compare(bench, rounds, f"{POLICIES:,} policies more", one, many)
    return {**found, "at_most": MANY_POLICIES_AT_MOST} if workload.lines else found


def without_lines(workload: Workload, folder: Path) -> Workload:
    """A CSV file of a workload's header alone."""
    path = folder / "no-lines.csv"
    with open(workload.path, encoding="utf-8") as f:
        path.write_text(f.readline(), encoding="utf-8")
    return Workload("no lines,", workload.format, 0, path)


def check_same_decisions(bench: Bench, workload: Workload, policies: tuple[str, ...]) -> None:
    """The many policies must not speak about any line of the workload."""
    decided = []
    for options in ((), policies):
        bench.ours(workload, "--no-sync", *options)
        decided.append(bench.counts())
    bench.clear()
    if decided[0] != decided[1]:
        raise CannotRunError(f"{workload.name}: the policies put other lines in scope: {decided}")


def measure_requirements(bench: Bench, rounds: int, version: str, policy: str, seed: int,
                         workloads: list[Workload], folder: Path, policy_folder: Path) -> list[dict]:
    mix = [w for w in workloads if w.kind == "mix"]
    dense = [w for w in workloads if w.kind == "dense"]
    found = [threads(bench, rounds, w) for w in dense]
    for once in (w for w in workloads if w.format == "CSV"):
        twice = make_workload(bench.binary, folder, version, once.kind, once.format,
                              2 * once.lines, seed)
        found.append(linear(bench, rounds, once, twice))
    found += [synced(bench, rounds, w) for w in dense]
    print(f"making {POLICIES} policies in {policy_folder}", file=sys.stderr)
    run_python("many_policies", bench.binary, policy_folder.resolve(), seed)
    options = ("--policy", policy, "--policy", str(policy_folder))
    for workload in mix:
        check_same_decisions(bench, workload, options)
        found.append(many_policies(bench, rounds, workload, options))
    empty = without_lines(next(w for w in mix if w.format == "CSV"), folder)
    return [*found, many_policies(bench, rounds, empty, options)]
