"""What the figures were taken on and with: machine and versions."""

import os
import platform
import subprocess
from pathlib import Path


def first_line(path: str, key: str) -> str:
    """The value of a `key : value` line of a file of /proc."""
    try:
        for line in Path(path).read_text(encoding="utf-8").splitlines():
            if line.startswith(key):
                return line.split(":", 1)[1].strip()
    except OSError:
        pass
    return "not known"


def machine() -> dict:
    memory = first_line("/proc/meminfo", "MemTotal").removesuffix(" kB")
    return {"cpu": first_line("/proc/cpuinfo", "model name"),
            "cores": len(os.sched_getaffinity(0)),
            "memory_bytes": int(memory) * 1024 if memory.isdecimal() else None,
            "kernel": f"{platform.system()} {platform.release()}"}


def program_version(binary: str) -> str:
    done = subprocess.run([binary, "--version"], check=True, stdout=subprocess.PIPE, text=True)
    return done.stdout.split()[-1]
