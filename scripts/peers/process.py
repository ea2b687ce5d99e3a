"""Running a program once: how long it took, and the most memory it held."""

import json
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

SCRIPTS = Path(__file__).resolve().parent.parent
COMPLETE = (0, 3)  # 3: complete, with rejects


class CannotRunError(Exception):
    """A program that has to run did not, or said something unexpected."""


@dataclass(frozen=True)
class Measurement:
    seconds: float
    peak_bytes: int


def peak_memory() -> int:
    """Of this process, since it began: VmHWM (ru_maxrss would count its parent's)."""
    with open("/proc/self/status", encoding="ascii") as f:
        for line in f:
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) * 1024
    raise CannotRunError("no VmHWM in /proc/self/status")


def plain_environment() -> dict[str, str]:
    """Without options for the program: what is measured is what the command says."""
    return {k: v for k, v in os.environ.items() if not k.startswith("ADJUDICATE_")}


def run_adjudicate(binary: str, source: Path, out: Path, *options: str) -> Measurement:
    """`adjudicate run`, from before its start to after its exit."""
    command = [binary, "run", str(source), "--out", str(out), "--no-progress", "--quiet", *options]
    with tempfile.TemporaryFile() as messages:
        start = time.perf_counter()
        child = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                                 stderr=messages, env=plain_environment())
        _, status, usage = os.wait4(child.pid, 0)
        seconds = time.perf_counter() - start
        child.returncode = os.waitstatus_to_exitcode(status)
        if child.returncode not in COMPLETE:
            messages.seek(0)
            said = messages.read().decode(errors="replace")[-3000:]
            raise CannotRunError(f"status {child.returncode}: {' '.join(command)}\n{said}")
    # Never less than this script held when it started the child, some 20 MB.
    return Measurement(seconds, usage.ru_maxrss * 1024)


def run_python(module: str, *arguments: str | int | Path) -> dict:
    """A module of this package in a fresh process -> what it printed, from JSON."""
    done = subprocess.run([sys.executable, "-m", f"peers.{module}", *map(str, arguments)],
                          cwd=SCRIPTS, stdout=subprocess.PIPE, text=True)
    if done.returncode != 0:
        raise CannotRunError(f"peers.{module} ended with status {done.returncode}")
    return json.loads(done.stdout)
