#!/usr/bin/env bash
# Makes the profile anew that releases are optimised by (.cargo/rustc_with_profile.sh):
# builds the program so that it counts which ways it takes, lets it do on synthetic claims
# what it is for, and keeps the counts. Worth it before a release, and after a change of a
# hot part: what has changed since is compiled without. Takes ten minutes and 1 GB of disk,
# and needs `rustup component add llvm-tools`.
set -euo pipefail
cd "$(dirname "$0")/.."

tools=$(rustc --print sysroot)/lib/rustlib/$(rustc -vV | sed -n 's/^host: //p')/bin
[ -x "$tools/llvm-profdata" ] || { echo "there is no llvm-profdata: rustup component add llvm-tools" >&2; exit 1; }
llvm=$(rustc -vV | sed -n 's/^LLVM version: \([0-9]*\).*/\1/p')
place=$(mktemp -d)
# Cargo does not know that the program is another one, before as after.
repository=$PWD
clean() { (cd "$repository" && cargo clean --quiet --release --package adjudicate); }
trap 'rm -rf "$place"; clean' EXIT

clean
ADJUDICATE_PROFILE_INTO="$place/counts" cargo build --locked --release
program=$place/adjudicate
mv "${CARGO_TARGET_DIR:-target}/release/adjudicate" "$program"

# What runs meet, none of it what scripts/compare_peers.py measures: other seeds, fewer lines.
cd "$place"
generate() { "$program" generate --quiet "$@"; }
generate --lines 400000 --seed 11 --in-scope 1 --out dense.csv
generate --lines 400000 --seed 12 --in-scope 1 --out dense.parquet
generate --lines 2000000 --seed 13 --in-scope 0.01 --out mix.csv
generate --lines 2000000 --seed 14 --in-scope 0.01 --out mix.parquet
generate --lines 100000 --seed 15 --in-scope 0.5 --clinical --out clinical.csv.gz
generate --lines 100000 --seed 16 --history --out extract
run() {
    local status=0
    "$program" run "$@" --overwrite --no-sync --quiet || status=$?
    # 3: complete, but rows were rejected.
    [ "$status" -eq 0 ] || [ "$status" -eq 3 ]
}
for input in dense.csv dense.parquet mix.csv mix.parquet clinical.csv.gz; do
    run "$input" --out "run-$input"
    "$program" verify "run-$input" >/dev/null
done
run clinical.csv.gz --out one-thread --threads 1 --spreadsheet-safe --digest sha256
run extract --out history --look-back 12 --as-of 2026-06-30 --keep-history --format parquet
"$program" compare run-dense.csv run-dense.parquet >/dev/null || true

cd "$repository"
"$tools/llvm-profdata" merge --sparse --output "$place/profdata" "$place/counts"
rm -f .cargo/release.llvm*.profdata
mv "$place/profdata" ".cargo/release.llvm$llvm.profdata"
ls -l .cargo/release.llvm*.profdata
