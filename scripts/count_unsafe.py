#!/usr/bin/env python3
"""Counts `unsafe` in the crates that are part of the program.

    python3 scripts/count_unsafe.py            # every crate that has any, most first
    python3 scripts/count_unsafe.py memchr csv # these alone

It reads the sources that cargo has fetched (no network), of crates that are linked on
this platform, not of build scripts and macros. Counted are the blocks, functions,
impls and externs that say `unsafe` outside of comments: a size, not a verdict. Which of
them see bytes of an input, and why each is trusted, is in SECURITY.md.
"""

import json
import re
import subprocess
import sys
from pathlib import Path


def cargo(*arguments):
    command = ["cargo", *arguments, "--locked", "--offline"]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def linked():
    """The crates that are linked, by name and version."""
    tree = cargo("tree", "--edges", "normal,no-proc-macro", "--prefix", "none", "--format", "{p}")
    names = (line.split() for line in tree.splitlines() if line.strip())
    return {(name, version.lstrip("v")) for name, version, *_ in names}


def count(source):
    # Comments are no part of the program.
    source = re.sub(r"//[^\n]*|/\*.*?\*/", "", source, flags=re.DOTALL)
    return len(re.findall(r"\bunsafe\s*(?:\{|fn\b|impl\b|extern\b)", source))


def main(wanted):
    inside = linked()
    packages = json.loads(cargo("metadata", "--format-version", "1"))["packages"]
    rows = []
    for package in packages:
        name, version = package["name"], package["version"]
        if (name, version) not in inside or (wanted and name not in wanted):
            continue
        sources = sorted((Path(package["manifest_path"]).parent / "src").rglob("*.rs"))
        counts = [count(path.read_text(errors="replace")) for path in sources]
        rows.append((sum(counts), f"{name} {version}"))
    rows.sort(key=lambda row: (-row[0], row[1]))
    for number, name in rows:
        if number or wanted:
            print(f"{number:6}  {name}")
    without = sum(1 for number, _ in rows if number == 0)
    print(f"{len(rows)} crates, {without} of them without any", file=sys.stderr)


if __name__ == "__main__":
    main(set(sys.argv[1:]))
