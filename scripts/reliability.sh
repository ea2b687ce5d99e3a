#!/usr/bin/env bash
# The long form of the tests that try to break a run. CI has the short one of each.
#
#   scripts/reliability.sh [PART]...     all parts where none is named
#
# Each part is a function below, `part_NAME`; add yours.
set -euo pipefail
cd "$(dirname "$0")/.."

step() { printf '\n== %s (%s s)\n' "$1" "$SECONDS"; }

# Kills all over a run, in a release build: ADJUDICATE_KILLS of each of four kinds of run
# and each of three signals (25 where not given: 300 kills).
part_killed() {
    ADJUDICATE_KILLS=${ADJUDICATE_KILLS:-25} cargo test --release --test killed -- --nocapture
}

# A kill at every call that makes, syncs, renames or removes a file of a run: what moments
# chosen by the clock seldom meet. Needs strace, and is left out where there is none.
part_killed_at_calls() {
    command -v strace >/dev/null || { echo "no strace: left out"; return 0; }
    local program=${ADJUDICATE:-target/release/adjudicate} place kills=0 replace call number status
    [ -x "$program" ] || cargo build --release
    place=$(mktemp -d)
    run() { "$@" run sample_data/claims.csv --quiet --xlsx --keep-history --out "$place/out/run" $replace; }
    for replace in "" "--overwrite"; do
        for call in mkdir flock openat fchmod fsync renameat2 unlink unlinkat rmdir; do
            for number in $(seq 1 200); do
                [ -z "$replace" ] && rm -rf "$place/out/run"
                [ -z "$replace" ] || [ -d "$place/out/run" ] || run "$program" || [ $? -eq 3 ]
                status=0
                run strace -f -qq -o /dev/null -P "$place/out/run" -P "$place/out" -P "$place/out/.run.adjudicate-lock" \
                    -P "$place/out/.run.adjudicate-partial" $(printf -- "-P $place/out/.run.adjudicate-partial/%s " \
                    rejects.csv decisions.csv sample.csv history.bin superseded.csv summary.json report.html report.xlsx \
                    manifest.json) -e "trace=$call" -e "inject=$call:signal=KILL:when=$number" "$program" \
                    2>/dev/null || status=$?
                if [ "$status" -ne 137 ]; then
                    [ "$status" -eq 3 ] || { echo "status $status at $call $number"; return 1; }
                    break
                fi
                kills=$((kills + 1))
                if [ -e "$place/out/run" ]; then
                    "$program" verify "$place/out/run" >/dev/null || { echo "half a run at $call $number"; return 1; }
                else
                    [ -z "$replace" ] || { echo "the old run is gone at $call $number"; return 1; }
                fi
            done
            echo "$call${replace:+ with $replace}: $((number - 1)) kills"
            # The next run cleans up.
            rm -rf "$place/out/run"
            status=0; run "$program" 2>/dev/null || status=$?
            [ "$status" -eq 3 ] && [ "$(ls -A "$place/out")" = run ] || { echo "left after $call: $(ls -A "$place/out")"; return 1; }
        done
    done
    rm -rf "$place"
    echo "$kills kills, each at a call"
}

# Full disks, changing inputs, closed pipes.
part_failing_disk() {
    cargo test --release --test failing_disk
}

# Runs that go on where they were killed, five times as many rounds.
part_resumed() {
    ADJUDICATE_KILLS=${ADJUDICATE_KILLS:-25} cargo test --release --test resumed -- --nocapture
}

# Input that is made to do harm.
part_hostile() {
    cargo test --release --test hostile
}

# A million lines, under all combinations of threads, batches, memory and files.
part_same_bytes() {
    scripts/same_bytes.sh
}

# Ten minutes for each fuzz target. Needs a nightly toolchain.
part_fuzz() {
    scripts/fuzz.sh
}

parts=("$@")
[ ${#parts[@]} -gt 0 ] || mapfile -t parts < <(declare -F | sed -n 's/^declare -f part_//p')
for part in "${parts[@]}"; do
    step "$part"
    "part_$part"
done
step "done"
