#!/usr/bin/env bash
# Stands before rustc. The parts of Polars that no target reaches are built without
# instruments: with them they take most of an hour and 7 GB. The program itself has no
# `unsafe`, so nothing looks over its memory: that costs half the speed. The Parquet library
# is built without debug assertions, as in the program: they would hide what comes after.
set -euo pipefail
name=""
previous=""
for argument in "$@"; do
    [ "$previous" = --crate-name ] && name=$argument
    previous=$argument
done
case $name in
    polars | polars_core | polars_io | polars_ops | polars_row | polars_time | charts_rs | rust_xlsxwriter)
        without="-Cpasses=sancov-module|-Cllvm-args=-sanitizer-coverage*|-Zsanitizer=*"
        ;;
    adjudicate) without="-Zsanitizer=*" ;;
    polars_arrow | polars_buffer | polars_compute | polars_parquet | polars_utils) without="-Cdebug-assertions" ;;
    *) exec "$@" ;;
esac
kept=()
shopt -s extglob
for argument in "$@"; do
    # shellcheck disable=SC2254 # They are patterns.
    case $argument in
        @($without)) ;;
        *) kept+=("$argument") ;;
    esac
done
exec "${kept[@]}"
