"""The tables, in Markdown, from what compare_peers.py found (which is the JSON)."""

from collections.abc import Callable, Iterable

from .programs import PEERS

NAMES = {"adjudicate": "adjudicate", **PEERS}
KINDS = {
    "in_scope": "in scope",
    "investigational": "investigational",
    "no_listed_diagnosis": "no listed diagnosis",
    "add_on_alone": "add-on alone",
}
MIB = 1 << 20


def table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    lines = ["| " + " | ".join(head) + " |"]
    lines.append("|---" * (lines[0].count(" | ") + 1) + "|")
    lines += ["| " + " | ".join(row) + " |" for row in rows]
    return "\n".join(lines)


def seconds(value: float) -> str:
    return f"{value:.3f}" if value < 1 else f"{value:.2f}" if value < 10 else f"{value:.1f}"


def times(value: float) -> str:
    """A ratio; rounded down, so that it never meets a bound by rounding."""
    return f"{int(value * 100) / 100:.2f}×"


def by_program(result: dict, cell: Callable[[dict, dict], str]) -> list[list[str]]:
    workloads = result["workloads"].values()
    return [[label, *(cell(w, w["programs"][name]) for w in workloads)]
            for name, label in NAMES.items()]


def heading(result: dict) -> str:
    machine, versions = result["machine"], result["versions"]
    memory = f"{machine['memory_bytes'] / 1e9:.0f} GB" if machine["memory_bytes"] else "memory not known"
    return (f"{result['date'][:10]}, {machine['cpu']}, {machine['cores']} cores, {memory}, "
            f"{machine['kernel']}. adjudicate {versions['adjudicate']}, DuckDB {versions['duckdb']}, "
            f"Polars {versions['polars']}, Python {versions['python']}. "
            f"{result['lines']:,} lines in each file, seed {result['seed']}, "
            f"{result['rounds']} rounds, warm cache.")


def time_table(result: dict) -> str:
    rows = by_program(result, lambda _, p: f"{seconds(p['best'])} / {seconds(p['median'])}")
    return table(["seconds, best / median", *result["workloads"]], rows)


def throughput_table(result: dict) -> str:
    rows = by_program(result, lambda w, p: f"{w['bytes'] / 1e6 / p['median']:,.0f} / "
                                           f"{w['lines'] / 1e6 / p['median']:.2f}")
    return table(["MB/s / million lines/s, of the median", *result["workloads"]], rows)


def memory_table(result: dict) -> str:
    rows = by_program(result, lambda _, p: f"{p['peak_bytes'] / MIB:,.0f}")
    bounds = ["most allowed to adjudicate",
              *(f"{w['memory_bound'] / MIB:,.0f}" for w in result["workloads"].values())]
    return table(["peak memory, MiB", *result["workloads"]], [*rows, bounds])


def verdict(workload: dict) -> str:
    if workload["ratio"] >= workload["goal"]:
        return "goal met"
    return "floor met" if workload["ratio"] >= workload["floor"] else "**below the floor**"


def ratio_table(result: dict) -> str:
    workloads = result["workloads"].values()
    rows = [
        ["faster peer", *(NAMES[w["faster_peer"]] for w in workloads)],
        ["adjudicate against it, by medians", *(times(w["ratio"]) for w in workloads)],
        ["goal", *(f"{w['goal']}×" for w in workloads)],
        ["floor", *(f"{w['floor']}×" for w in workloads)],
        ["verdict", *(verdict(w) for w in workloads)],
        ["against the faster tuned peer", *(times(w["tuned_ratio"]) for w in workloads)],
    ]
    return table(["", *result["workloads"]], rows)


def winners(result: dict) -> str:
    """Where a peer is the faster one."""
    lost = [f"{NAMES[peer]} on {name} ({seconds(w['programs'][peer]['median'])} s against "
            f"{seconds(w['programs']['adjudicate']['median'])} s)"
            for name, w in result["workloads"].items() for peer in PEERS
            if w["programs"][peer]["median"] < w["programs"]["adjudicate"]["median"]]
    if not lost:
        return "No peer is faster than adjudicate on any of the workloads."
    return "A peer is faster than adjudicate here: " + "; ".join(lost) + "."


def agreement_table(result: dict) -> str:
    def row(name: str, agreement: dict) -> list[str]:
        found = agreement["duckdb"]
        flagged = [f"{found[kind]['ours']:,} of {found[kind]['compared']:,}"
                   for kind in KINDS if kind != "in_scope"]
        disagree = (f"{sum(kind['disagree'] for kind in found.values()):,}"
                    for found in agreement.values())
        return [name, f"{found['in_scope']['compared']:,}", *flagged, *disagree]

    head = ["lines compared", *KINDS.values(), *(f"disagreements with {name}" for name in PEERS.values())]
    return table(head, (row(name, w["agreement"]) for name, w in result["workloads"].items()))


def left_out_table(result: dict) -> str:
    found = [w["agreement"]["duckdb"] for w in result["workloads"].values()]
    rows = []
    for kind, label in KINDS.items():
        reasons = dict.fromkeys(reason for f in found for reason in f[kind]["left_out"])
        rows += [[f"{label}: {reason}", *(f"{f[kind]['left_out'].get(reason, 0):,}" for f in found)]
                 for reason in reasons]
    return table(["lines left out", *result["workloads"]], rows)


def required(measured: dict) -> tuple[str, str]:
    """The bound, and whether it holds."""
    if "at_least" in measured:
        held = measured["ratio"] >= measured["at_least"]
        return f"at least {measured['at_least']}×", "met" if held else "**not met**"
    if "at_most" in measured:
        held = measured["ratio"] <= measured["at_most"]
        return f"at most {measured['at_most']}×", "met" if held else "**not met**"
    return "to be said", ""


def requirement_table(result: dict) -> str:
    def row(measured: dict) -> list[str]:
        plain, other = (measured["figures"][measured[side]] for side in ("plain", "other"))
        return [f"{measured['what']}, {measured['workload']}",
                f"{measured['plain']}: {seconds(plain['median'])} s, {plain['peak_bytes'] / MIB:,.0f} MiB",
                f"{measured['other']}: {seconds(other['median'])} s, {other['peak_bytes'] / MIB:,.0f} MiB",
                f"{measured['ratio']:.3f}×", *required(measured)]

    head = ["adjudicate alone, medians", "one way", "the other way", "ratio", "required", ""]
    return table(head, map(row, result["requirements"]))


def agreement_page(result: dict) -> str:
    return "\n\n".join([agreement_table(result), left_out_table(result)]) + "\n"


def page(result: dict) -> str:
    parts = [heading(result), time_table(result), ratio_table(result), winners(result),
             throughput_table(result), memory_table(result)]
    if result["requirements"]:
        parts.append(requirement_table(result))
    return "\n\n".join(parts) + "\n\n" + agreement_page(result)
