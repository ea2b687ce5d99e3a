"""The Polars peer: finds investigational lines, unlisted diagnoses, lone add-ons.

    python3 -m peers.polars_query INPUT RESULT CODES.json plain|tuned

A process of its own, run by compare_peers.py. Only the query is timed, not
start-up and imports; seconds and peak memory go to standard output as JSON.

Lazy, on the streaming engine. `plain` is what an analyst writes down first: the
list split and compared, an expression over the session, lines in their order.
`tuned` is written for speed, of what was tried on files of 500,000 lines (the
fastest first):

- diagnoses: one regular expression over the list, `contains_any`, then
  `str.split` with `list.eval(is_in)` (1.15 times the processor time of the whole);
- add-ons: a left join with the sessions that hold a primary, an aggregate, then
  `over` (1.3 times on dense CSV, 1.5 on dense Parquet);
- written by a sink, then the in-memory engine (1.15 times); types read as text
  or detected, which makes no difference.
"""

import json
import sys
import time

import polars as pl

from .code_sets import CodeSets, Family, read_code_sets
from .process import peak_memory

SESSION = ["member_id", "provider_npi", "service_date"]
COLUMNS = ["claim_id", "line_number", *SESSION, "procedure_code", "diagnosis_codes"]
PROCEDURE = pl.col("procedure_code")


def source(path: str) -> pl.LazyFrame:
    if path.endswith(".parquet"):
        return pl.scan_parquet(path)
    return pl.scan_csv(path, infer_schema=False)


def listed(diagnoses: list[str]) -> pl.Expr:
    codes = "|".join(code.replace(".", r"\.?") for code in diagnoses)
    return pl.col("diagnosis_codes").str.contains(f"(?i)(?:^|;)(?:{codes})(?:;|$)").fill_null(False)


def family_number(families: list[Family]) -> pl.Expr:
    """Which family a procedure belongs to, as add-on or primary; null for none."""
    number = pl.lit(None, dtype=pl.Int8)
    for i, family in enumerate(families):
        number = (pl.when(PROCEDURE.is_in(family.add_ons + family.primaries))
                  .then(pl.lit(i, dtype=pl.Int8)).otherwise(number))
    return number


def plain_query(path: str, codes: CodeSets) -> pl.LazyFrame:
    listed = [code.replace(".", "") for code in codes.diagnoses]
    diagnoses = pl.col("diagnosis_codes").str.to_uppercase().str.replace_all(".", "", literal=True)
    alone = pl.lit(False)
    for family in codes.families:
        primary = PROCEDURE.is_in(family.primaries).any().over(SESSION)
        alone = alone | (PROCEDURE.is_in(family.add_ons) & ~primary)
    return (source(path).select(COLUMNS).filter(PROCEDURE.is_in(codes.procedures))
            .with_columns(
                investigational=PROCEDURE.is_in(codes.investigational),
                no_listed_diagnosis=~diagnoses.str.split(";").list.eval(
                    pl.element().is_in(listed)).list.any().fill_null(False),
                add_on_alone=alone))


def query(path: str, codes: CodeSets) -> pl.LazyFrame:
    key = [*SESSION, "family"]
    primaries = [code for family in codes.families for code in family.primaries]
    lines = (source(path).select(COLUMNS).filter(PROCEDURE.is_in(codes.procedures))
             .with_columns(family=family_number(codes.families)))
    with_primary = (lines.filter(PROCEDURE.is_in(primaries)).select(key).unique()
                    .with_columns(has_primary=pl.lit(True)))
    return (lines.with_columns(
                investigational=PROCEDURE.is_in(codes.investigational),
                no_listed_diagnosis=~listed(codes.diagnoses))
            .join(with_primary, on=key, how="left")
            .with_columns(
                add_on_alone=PROCEDURE.is_in(codes.add_ons) & pl.col("has_primary").is_null())
            .drop("family", "has_primary"))


def main() -> None:
    path, result, codes_file, style = sys.argv[1:]
    codes = read_code_sets(codes_file)
    start = time.perf_counter()
    tuned = style == "tuned"
    lines = (query if tuned else plain_query)(path, codes)
    if result.endswith(".parquet"):
        lines.sink_parquet(result, compression="zstd", maintain_order=not tuned)
    else:
        lines.sink_csv(result, maintain_order=not tuned)
    seconds = time.perf_counter() - start
    print(json.dumps({"seconds": seconds, "peak_bytes": peak_memory(),
                      "version": pl.__version__}))


if __name__ == "__main__":
    main()
