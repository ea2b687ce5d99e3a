#!/usr/bin/env python3
"""Times `adjudicate run` against DuckDB and Polars, on the same claim files.

    pip install -r scripts/requirements-peers.txt
    python3 scripts/compare_peers.py [--adjudicate PATH] [--lines 10000000]
        [--rounds 5] [--seed 7] [--folder DIR] [--markdown FILE] [--json FILE]
        [--extras [--many-policies DIR]] [--check-only] [--self-test]

Linux only, Python 3.10 or newer, 5 GB of disk for 10,000,000 lines (10 GB with
--extras). Four workloads, made by `adjudicate generate`: mix (1% of the lines in
scope) and dense (all of them), each as CSV and as Parquet. Files in --folder are
used again if they were made with the same parameters.

What is timed, and against what. The peers' queries come in two styles: plain, as an
analyst writes them down, which is what the goals speak of; and tuned, as somebody
writes them who has timed many ways. Ours: the whole process, from before its start to after its exit,
every rule on, every file of the run folder written, not synced. A peer: one query
in a fresh process, without start-up and imports, on all cores; it does less: it
keeps the lines of eight procedures and says of each whether it is
investigational, has no listed diagnosis, or is an add-on without its primary, and
writes them with these answers in the workload's own format. The codes are asked
of the program. The three take turns, never side by side, on a warm cache; the
ratio is of medians, to the faster peer.

What is compared. Before anything is timed, on each workload, the decisions are
compared with each peer's result by claim id, line number and procedure (as
numbers of lines where several share these three):

- in scope: every line of a peer's result is decided or rejected by ours, and
  every line that ours decided is in it. Left out: deleted procedures, which the
  peers do not look for.
- investigational: COV001. Left out: lines that ended before that question
  (referred to another program, procedure not active on the date, no version in
  force), which a peer does not know of.
- no listed diagnosis: COD004, COD003, COD002, COV002 or COV003; the last because
  a diagnosis on the review list is not on the list of those that support. Left
  out: the same lines, investigational ones, and pointers that point at nothing.
- add-on alone: LIN001, on add-ons only, whatever the diagnosis. Left out: the
  same lines but for the pointers, and sessions of which ours rejected a primary,
  which the peers take into account.

Rejected lines are left out everywhere, and so are lines that share claim id, line
number and procedure with one left out. On 500,000 dense lines (seed 7): 498,828
compared in scope (134 rejected, 1,038 of deleted procedures); 423,616 for
investigational (74,982 referred, 230 without a version); 420,260 for diagnoses
(3,356 investigational besides); 222,635 add-ons (39,501 referred, 36 with a
rejected primary). The tables say it of every run.

Exit status: 0; 1 the programs disagree (counts and row numbers are printed, and
nothing is timed); 2 a program could not be run. --check-only stops after the comparison.
--self-test breaks the peers' codes in several ways, and fails if the comparison
does not notice one.
"""

import argparse
import dataclasses
import datetime
import json
import platform
import subprocess
import sys
import tempfile
from pathlib import Path

from peers import report
from peers.code_sets import CodeSets, ask_code_sets
from peers.machine import machine, program_version
from peers.process import CannotRunError
from peers.programs import PEERS, PLAIN, TUNED, Bench
from peers.requirements import measure_requirements
from peers.rounds import in_figures, in_turn, median
from peers.workloads import Workload, make_workload, make_workloads, warm

# As a ratio to the faster peer: what is meant, and below what the work is not done.
GOALS = {"mix CSV": (5, 3), "mix Parquet": (1.2, 0.9), "dense CSV": (5, 2.5), "dense Parquet": (5, 3)}
MEMORY_BOUNDS = {"mix": 512 << 20, "dense": 1 << 30}
SELF_TEST_LINES = 20_000


def read_options(argv: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--adjudicate", default="target/release/adjudicate", help="the program")
    parser.add_argument("--lines", type=int, default=10_000_000, help="of each workload")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--folder", type=Path, help="keeps the claim files; else a temporary one")
    parser.add_argument("--markdown", type=Path, help="also write the tables here")
    parser.add_argument("--json", type=Path, help="write all figures here")
    parser.add_argument("--extras", action="store_true",
                        help="also threads, twice the lines, syncing, many policies (ours alone)")
    parser.add_argument("--many-policies", type=Path, metavar="DIR",
                        help="where --extras writes its policies; else in --folder")
    parser.add_argument("--check-only", action="store_true", help="compare, and time nothing")
    parser.add_argument("--self-test", action="store_true", help="test the comparison itself")
    options = parser.parse_args(argv)
    if options.lines < 1 or options.rounds < 1:
        parser.error("--lines and --rounds are 1 or more")
    return options


def show_disagreements(workload: Workload, peer: str, found: dict) -> int:
    """Counts and row numbers: no member, no claim."""
    for kind, answer in found.items():
        if answer["disagree"]:
            rows = ", ".join(map(str, answer["rows"])) or "of the peer only"
            print(f"{workload.name}: {PEERS[peer]} and adjudicate disagree on {answer['disagree']:,} "
                  f"of {answer['compared']:,} lines ({report.KINDS[kind]}); rows: {rows}",
                  file=sys.stderr)
    return sum(answer["disagree"] for answer in found.values())


def check(bench: Bench, workload: Workload) -> dict:
    """Runs all three once, and compares."""
    bench.clear()
    bench.ours(workload, "--no-sync")
    agreement, versions = {}, {}
    for peer in PEERS:
        versions[peer] = bench.peer(peer, workload)["version"]
        agreement[peer] = bench.compare(peer, workload)
    counts = bench.counts()
    bench.clear()
    return {"bytes": workload.bytes, **counts, "lines": workload.lines,
            "agreement": agreement, "versions": versions}


def time_all(bench: Bench, workload: Workload, rounds: int) -> dict:
    contenders = {"adjudicate": lambda: bench.ours_once(workload, "--no-sync")}
    contenders.update((peer, lambda peer=peer: bench.peer_once(peer, workload)) for peer in PEERS)
    warm(workload.path)
    measured = in_turn(contenders, rounds, workload.name)
    faster, tuned = (min(peers, key=lambda peer: median(measured[peer])) for peers in (PLAIN, TUNED))
    goal, floor = GOALS[workload.name]
    ours = median(measured["adjudicate"])
    return {"programs": {name: in_figures(m) for name, m in measured.items()},
            "faster_peer": faster, "goal": goal, "floor": floor,
            "ratio": round(median(measured[faster]) / ours, 4),
            "faster_tuned_peer": tuned, "tuned_ratio": round(median(measured[tuned]) / ours, 4),
            "memory_bound": MEMORY_BOUNDS[workload.kind]}


def describe(options: argparse.Namespace, codes: CodeSets, checked: dict[str, dict]) -> dict:
    """The JSON, as far as it is known before anything is timed."""
    peers = next(iter(checked.values()))["versions"]
    return {
        "date": datetime.datetime.now(datetime.timezone.utc).isoformat(timespec="seconds"),
        "machine": machine(),
        "versions": {"adjudicate": program_version(options.adjudicate), **peers,
                     "python": platform.python_version()},
        "lines": options.lines, "seed": options.seed, "rounds": options.rounds,
        "policy": codes.policy, "policy_version": codes.version,
        "workloads": checked, "requirements": [],
    }


def write_results(options: argparse.Namespace, result: dict, page: str) -> None:
    print(page, end="")
    if options.markdown:
        options.markdown.write_text(page, encoding="utf-8")
    if options.json:
        options.json.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")


def broken(codes: CodeSets) -> dict[str, CodeSets]:
    """Codes that are wrong in one way each; keyed by the kind that must disagree."""
    families = [dataclasses.replace(f, primaries=f.primaries[:1]) for f in codes.families]
    return {
        "in_scope": dataclasses.replace(codes, procedures=codes.procedures[:-1]),
        "investigational": dataclasses.replace(codes, investigational=codes.investigational[1:]),
        "no_listed_diagnosis": dataclasses.replace(codes, diagnoses=codes.diagnoses[::2]),
        "add_on_alone": dataclasses.replace(codes, families=families),
    }


def self_test(options: argparse.Namespace, folder: Path, bench: Bench, codes: CodeSets) -> int:
    """Each way of being wrong must be noticed, for each peer, in its own kind only."""
    unnoticed = 0
    for form in ("CSV", "Parquet"):
        workload = make_workload(options.adjudicate, folder, program_version(options.adjudicate),
                                 "dense", form, SELF_TEST_LINES, options.seed)
        bench.ours(workload, "--no-sync")
        for kind, wrong in broken(codes).items():
            for peer in PEERS:
                wrong.write(bench.codes)
                bench.peer(peer, workload)
                codes.write(bench.codes)
                found = bench.compare(peer, workload)
                disagreeing = [k for k, answer in found.items() if answer["disagree"]]
                noticed = disagreeing == [kind]
                unnoticed += not noticed
                print(f"{workload.name}, {PEERS[peer]} wrong about {report.KINDS[kind]}: "
                      + ("noticed" if noticed else f"NOT noticed as such: {disagreeing}"))
    return 1 if unnoticed else 0


def measure(options: argparse.Namespace, folder: Path, bench: Bench, codes: CodeSets) -> int:
    version = program_version(options.adjudicate)
    workloads = make_workloads(options.adjudicate, folder, version, options.lines, options.seed)
    checked = {w.name: check(bench, w) for w in workloads}
    disagreements = sum(show_disagreements(w, peer, checked[w.name]["agreement"][peer])
                        for w in workloads for peer in PEERS)
    result = describe(options, codes, checked)
    if disagreements or options.check_only:
        write_results(options, result, report.agreement_page(result))
        return 1 if disagreements else 0
    for workload in workloads:
        checked[workload.name].update(time_all(bench, workload, options.rounds))
    if options.extras:
        policy_folder = options.many_policies or folder / "many-policies"
        result["requirements"] = measure_requirements(
            bench, options.rounds, version, codes.policy, options.seed, workloads, folder,
            policy_folder)
    write_results(options, result, report.page(result))
    return 0


def main(argv: list[str] | None = None) -> int:
    options = read_options(argv)
    options.adjudicate = str(Path(options.adjudicate).resolve())
    if options.folder:
        options.folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="adjudicate-peers-") as temporary:
        folder = (options.folder or Path(temporary)).resolve()
        with tempfile.TemporaryDirectory(prefix="results-", dir=folder) as results:
            (Path(results) / "files").mkdir()
            bench = Bench(options.adjudicate, Path(results) / "codes.json", Path(results) / "files")
            codes = ask_code_sets(options.adjudicate)
            codes.write(bench.codes)
            act = self_test if options.self_test else measure
            return act(options, folder, bench, codes)


if __name__ == "__main__":
    try:
        sys.exit(main())
    except (CannotRunError, OSError, subprocess.CalledProcessError) as error:
        print(error, file=sys.stderr)
        sys.exit(2)
