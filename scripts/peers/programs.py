"""The three programs, each as something that can be run on a workload."""

import json
import shutil
from dataclasses import dataclass
from pathlib import Path

from .process import Measurement, run_adjudicate, run_python
from .workloads import Workload

# What the goals speak of: queries as an analyst writes them down.
PLAIN = {"duckdb": "DuckDB", "polars": "Polars"}
# The same questions, asked by somebody who has timed many ways to ask them.
TUNED = {"duckdb-tuned": "DuckDB, tuned", "polars-tuned": "Polars, tuned"}
PEERS = PLAIN | TUNED


@dataclass(frozen=True)
class Bench:
    """Where things are: the program, the peers' codes, a folder for results."""

    binary: str
    codes: Path
    results: Path

    def ours(self, workload: Workload, *options: str, out: str = "run") -> Measurement:
        """Our run folder stays until the next run, or until `clear`."""
        folder = self.results / out
        shutil.rmtree(folder, ignore_errors=True)
        return run_adjudicate(self.binary, workload.path, folder, *options)

    def ours_once(self, workload: Workload, *options: str) -> Measurement:
        measured = self.ours(workload, *options)
        self.clear()
        return measured

    def peer_result(self, peer: str, workload: Workload) -> Path:
        return self.results / f"{peer}.{workload.suffix}"

    def peer(self, peer: str, workload: Workload) -> dict:
        """seconds, peak_bytes and version; the result file stays until `clear`."""
        result = self.peer_result(peer, workload)
        name, _, style = peer.partition("-")
        return run_python(f"{name}_query", workload.path, result, self.codes, style or "plain")

    def peer_once(self, peer: str, workload: Workload) -> Measurement:
        answer = self.peer(peer, workload)
        self.clear()
        return Measurement(answer["seconds"], answer["peak_bytes"])

    def compare(self, peer: str, workload: Workload) -> dict:
        """Our run folder against the peer's result."""
        return run_python("agreement", workload.path, self.results / "run",
                          self.peer_result(peer, workload), self.codes)

    def counts(self) -> dict[str, int]:
        """Of the run folder: rows, out of scope, decided, rejected."""
        manifest = (self.results / "run" / "manifest.json").read_text(encoding="utf-8")
        return json.loads(manifest)["counts"]

    def clear(self) -> None:
        for path in self.results.iterdir():
            shutil.rmtree(path) if path.is_dir() else path.unlink()
