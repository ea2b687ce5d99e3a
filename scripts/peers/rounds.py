"""Timing several programs in turn: one after the other, never side by side."""

import os
import statistics
import sys
from collections.abc import Callable, Mapping

from .process import Measurement


def in_turn(contenders: Mapping[str, Callable[[], Measurement]], rounds: int,
            title: str) -> dict[str, list[Measurement]]:
    """Each round runs every contender once; each round begins with another one."""
    measured: dict[str, list[Measurement]] = {name: [] for name in contenders}
    names = list(contenders)
    for i in range(rounds):
        for name in names[i % len(names):] + names[:i % len(names)]:
            os.sync()  # what the one before has written does not burden this one
            measured[name].append(contenders[name]())
        said = ", ".join(f"{name} {measured[name][-1].seconds:.3f} s" for name in names)
        print(f"{title}, round {i + 1}: {said}", file=sys.stderr, flush=True)
    return measured


def median(measured: list[Measurement]) -> float:
    return statistics.median(m.seconds for m in measured)


def in_figures(measured: list[Measurement]) -> dict:
    seconds = [m.seconds for m in measured]
    return {"seconds": [round(s, 4) for s in seconds], "best": round(min(seconds), 4),
            "median": round(statistics.median(seconds), 4),
            "peak_bytes": max(m.peak_bytes for m in measured)}
