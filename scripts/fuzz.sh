#!/usr/bin/env bash
# Fuzzes every target, or those named, for so many seconds each (600), one after the
# other, and puts a part of what they found worth keeping among the seeds.
#
#   scripts/fuzz.sh [SECONDS [TARGET...]]
#
# Installs what is missing. Ends with 1 at the first finding: the input stands in
# fuzz/artifacts. What was run stands in fuzz/artifacts/runs.txt.
set -euo pipefail
cd "$(dirname "$0")/.."

seconds=${1:-600}
shift || true
command -v c++ >/dev/null || { apt-get update -qq && apt-get install -y -qq g++; }
rustup run nightly rustc --version >/dev/null 2>&1 || rustup toolchain install nightly --profile minimal
command -v cargo-fuzz >/dev/null || cargo install cargo-fuzz --locked

export RUSTC_WRAPPER=$PWD/fuzz/rustc.sh
# As .cargo/config.toml has it: the readers of the tests, not others.
[ "$(uname -m)" = x86_64 ] && grep -qw avx2 /proc/cpuinfo && export RUSTFLAGS="-C target-cpu=x86-64-v3"
cargo +nightly fuzz build

if [ $# -eq 0 ]; then
    for file in fuzz/fuzz_targets/*.rs; do set -- "$@" "$(basename "$file" .rs)"; done
fi

# How many bytes of seeds a target is given by its fuzzer.
room=20000

mkdir -p fuzz/artifacts
for target in "$@"; do
    case $target in
        csv_records | csv_lines) words=csv length=4096 ;;
        policy | layout | overrides) words=$target length=8192 ;;
        run_folder) words=run_folder length=16384 ;;
        parquet_rows) words="" length=8192 ;;
        history) words="" length=4096 ;;
        *) words=values length=1024 ;;
    esac
    corpus=fuzz/corpus/$target seeds=fuzz/seeds/$target log=fuzz/artifacts/$target.log
    mkdir -p "$corpus" "fuzz/artifacts/$target"
    options=(-timeout=10 -rss_limit_mb=2048 "-max_len=$length")
    [ -n "$words" ] && options+=("-dict=fuzz/dictionaries/$words.dict")
    fuzzer=(fuzz/target/*/release/"$target")
    # The threads of a run may still be ending when leaks are looked for.
    export ASAN_OPTIONS=detect_odr_violation=0:detect_leaks=0
    if ! "${fuzzer[0]}" "$corpus" "$seeds" "${options[@]}" "-max_total_time=$seconds" -print_final_stats=1 \
        "-artifact_prefix=fuzz/artifacts/$target/" >"$log" 2>&1; then
        tail -n 40 "$log"
        echo "$target: a finding; see fuzz/artifacts/$target" >&2
        exit 1
    fi
    executions=$(sed -n 's/^stat::number_of_executed_units: *//p' "$log")
    peak=$(sed -n 's/^stat::peak_rss_mb: *//p' "$log")
    echo "$target: $executions executions in $seconds s, at most $peak MB" | tee -a fuzz/artifacts/runs.txt

    # The fewest inputs that reach all that was reached; of them so many of every length
    # as there is room for, under their hashes, in the place of those of the last time.
    fewest=$(mktemp -d)
    "${fuzzer[0]}" -set_cover_merge=1 "${options[@]}" "$fewest" "$seeds" "$corpus" >/dev/null 2>&1
    find "$seeds" -type f -regextype egrep -regex '.*/[0-9a-f]{40}' -delete
    made=$(sha1sum "$seeds"/*)
    step=$(find "$fewest" -type f -printf '%s\n' | awk -v room=$room '{ sum += $1 } END { print int(sum / room) + 1 }')
    while read -r name; do
        case $made in *"$name"*) continue ;; esac
        cp "$fewest/$name" "$seeds/$name"
    done < <(find "$fewest" -type f -printf '%s %f\n' | sort -n | awk -v step="$step" 'NR % step == 0 { print $2 }')
    rm -r "$fewest"
done
