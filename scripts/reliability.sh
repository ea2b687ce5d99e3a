#!/usr/bin/env bash
# The long form of the tests that try to break a run. CI has the short one of each.
#
#   scripts/reliability.sh [PART]...     all parts where none is named
#
# Each part is a function below, `part_NAME`; add yours.
set -euo pipefail
cd "$(dirname "$0")/.."

step() { printf '\n== %s (%s s)\n' "$1" "$SECONDS"; }

# Kills all over a run, in a release build: ADJUDICATE_KILLS of each of five kinds of run
# and each of three signals (25 where not given: 375 kills).
part_killed() {
    ADJUDICATE_KILLS=${ADJUDICATE_KILLS:-25} cargo test --release --test killed -- --nocapture
}

# A kill at every call that makes, syncs, renames or removes a file of a run: what moments
# chosen by the clock seldom meet. Needs strace, and is left out where there is none.
part_killed_at_calls() {
    command -v strace >/dev/null || { echo "no strace: left out"; return 0; }
    local program=${ADJUDICATE:-target/release/adjudicate} place kills=0 mode call number status beside names
    [ -x "$program" ] || cargo build --release
    place=$(mktemp -d)
    beside=$place/out/.run.adjudicate-checkpoint
    mkdir "$place/in"
    cp sample_data/claims.csv "$place/in/a.csv"
    cp sample_data/claims.csv "$place/in/b.csv"
    run() { "$@" run "$place/in" --quiet --xlsx --keep-history --out "$place/out/run" $mode; }
    is_whole() { for name in decisions.csv rejects.csv sample.csv summary.json history.bin; do cmp "$place/whole/$name" "$place/out/run/$name" || return 1; done; }
    # What a run leaves that nobody disturbs, and what its checkpoint calls its parts.
    mode=--resume status=0; run strace -f -qq -o "$place/calls" -e trace=renameat "$program" 2>/dev/null || status=$?
    [ "$status" -eq 3 ] && mv "$place/out/run" "$place/whole"
    names="fingerprint.json fingerprint.partial partial complete $(grep -o '[0-9a-f]\{64\}\.part' "$place/calls" | sort -u)"
    for mode in "" --overwrite --resume; do
        for call in mkdir flock openat fchmod chmod fsync renameat renameat2 unlink unlinkat rmdir; do
            for number in $(seq 1 200); do
                [ "$mode" = --overwrite ] || rm -rf "$place/out/run" "$beside"
                [ "$mode" != --overwrite ] || [ -d "$place/out/run" ] || run "$program" || [ $? -eq 3 ]
                status=0
                run strace -f -qq -o /dev/null -P "$place/out/run" -P "$place/out" -P "$place/out/.run.adjudicate-lock" \
                    -P "$place/out/.run.adjudicate-partial" $(printf -- "-P $place/out/.run.adjudicate-partial/%s " \
                    rejects.csv decisions.csv sample.csv history.bin superseded.csv summary.json report.html report.xlsx \
                    manifest.json) -P "$beside" $(printf -- "-P $beside/%s " $names) \
                    -e "trace=$call" -e "inject=$call:signal=KILL:when=$number" "$program" 2>/dev/null || status=$?
                if [ "$status" -ne 137 ]; then
                    [ "$status" -eq 3 ] || { echo "status $status at $call $number"; return 1; }
                    break
                fi
                kills=$((kills + 1))
                if [ -e "$place/out/run" ]; then
                    "$program" verify "$place/out/run" >/dev/null || { echo "half a run at $call $number"; return 1; }
                else
                    [ "$mode" != --overwrite ] || { echo "the old run is gone at $call $number"; return 1; }
                fi
                [ "$mode" = --resume ] || continue
                # The same command goes on, or finds it done and takes away what the run went on from.
                status=0; run "$program" 2>/dev/null || status=$?
                [ "$status" -eq 3 ] || { [ "$status" -eq 2 ] && [ -e "$place/out/run" ]; } || { echo "status $status after $call $number"; return 1; }
                is_whole && [ ! -e "$beside" ] || { echo "left after $call $number: $(ls -A "$place/out")"; return 1; }
                [ "$status" -eq 2 ] || [ "$(ls -A "$place/out")" = run ] || { echo "left after $call $number: $(ls -A "$place/out")"; return 1; }
            done
            echo "$call${mode:+ with $mode}: $((number - 1)) kills"
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
