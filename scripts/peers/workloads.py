"""The claim files that all programs read, made by `adjudicate generate`."""

import json
import subprocess
import sys
from dataclasses import asdict, dataclass
from pathlib import Path

SHARES = {"mix": 0.01, "dense": 1.0}
FORMATS = {"CSV": "csv", "Parquet": "parquet"}


@dataclass(frozen=True)
class Workload:
    kind: str  # mix or dense
    format: str  # CSV or Parquet
    lines: int
    path: Path

    @property
    def name(self) -> str:
        return f"{self.kind} {self.format}"

    @property
    def suffix(self) -> str:
        return FORMATS[self.format]

    @property
    def bytes(self) -> int:
        return self.path.stat().st_size


@dataclass(frozen=True)
class Parameters:
    """What must be the same for a file to be used again."""

    program: str
    lines: int
    seed: int
    in_scope: float


def made_before(path: Path, note: Path, parameters: Parameters) -> bool:
    try:
        known = json.loads(note.read_text(encoding="utf-8"))
        return known == {**asdict(parameters), "bytes": path.stat().st_size}
    except (OSError, ValueError):
        return False


def generate(binary: str, path: Path, parameters: Parameters) -> None:
    """Makes the file, then the note beside it: without a note it is made again."""
    note = path.with_name(path.name + ".json")
    if made_before(path, note, parameters):
        return
    print(f"making {path}", file=sys.stderr)
    note.unlink(missing_ok=True)
    subprocess.run([binary, "generate", "--lines", str(parameters.lines), "--seed",
                    str(parameters.seed), "--in-scope", str(parameters.in_scope),
                    "--out", str(path), "--overwrite", "--quiet"], check=True)
    note.write_text(json.dumps({**asdict(parameters), "bytes": path.stat().st_size}),
                    encoding="utf-8")


def make_workload(binary: str, folder: Path, version: str, kind: str, form: str,
                  lines: int, seed: int) -> Workload:
    path = folder / f"{kind}-{lines}.{FORMATS[form]}"
    generate(binary, path, Parameters(version, lines, seed, SHARES[kind]))
    return Workload(kind, form, lines, path)


def make_workloads(binary: str, folder: Path, version: str, lines: int,
                   seed: int) -> list[Workload]:
    return [make_workload(binary, folder, version, kind, form, lines, seed)
            for kind in SHARES for form in FORMATS]


def warm(path: Path) -> None:
    """Reads the file once, so that every program finds it in memory."""
    with open(path, "rb", buffering=0) as f:
        while f.read(1 << 20):
            pass
