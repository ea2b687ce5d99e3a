#!/usr/bin/env bash
# The same bytes whatever the threads, batches, memory and files, on a million lines (or as
# many as are given), in a release build. CI has a small form of it: tests/same_bytes.rs.
#
#   scripts/same_bytes.sh [LINES]
set -euo pipefail
cd "$(dirname "$0")/.."
ADJUDICATE_LINES=${1:-1000000} cargo test --release --test same_bytes -- --nocapture --test-threads 1
