"""The DuckDB peer: finds investigational lines, unlisted diagnoses, lone add-ons.

    python3 -m peers.duckdb_query INPUT RESULT CODES.json plain|tuned

A process of its own, run by compare_peers.py. Only the query is timed, not
start-up and imports; seconds and peak memory go to standard output as JSON.

`plain` is what an analyst writes down first: the list split and compared, a window
over the session, lines in their order. `tuned` is written for speed, of what was
tried on files of 500,000 lines (time in the order of the list, the fastest first):

- diagnoses: one regular expression over the list, then `string_split` with
  `list_has_any` (1.5 times the processor time of the whole query), then a lambda;
- add-ons: NOT EXISTS on lines kept once, a join with the primaries or with an
  aggregate (much alike), then a window (1.3 times);
- CSV: columns named as text, then `all_varchar` (which looks at the file twice),
  then types as detected, which would fail at the first unreadable date.
"""

import json
import sys
import time

import duckdb

from .code_sets import CodeSets, Family, read_code_sets
from .process import peak_memory

COLUMNS = ("claim_id, line_number, member_id, provider_npi, service_date,"
           " procedure_code, diagnosis_codes")


def text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"


def texts(values: list[str]) -> str:
    return "(" + ", ".join(text(v) for v in values) + ")" if values else "(NULL)"


def source(path: str) -> str:
    if path.endswith(".parquet"):
        return f"read_parquet({text(path)})"
    with open(path, encoding="utf-8") as f:
        header = f.readline().strip().split(",")
    columns = ", ".join(f"{text(name)}: 'VARCHAR'" for name in header)
    return (f"read_csv({text(path)}, auto_detect=false, header=true, delim=',',"
            f" quote='\"', escape='\"', columns={{{columns}}})")


def listed(diagnoses: list[str]) -> str:
    codes = "|".join(code.replace(".", "") for code in diagnoses)
    return (f"regexp_matches(replace(upper(diagnosis_codes), '.', ''),"
            f" '(?:^|;)(?:{codes})(?:;|$)')")


def alone(family: Family) -> str:
    return f"""(procedure_code in {texts(family.add_ons)} and not exists (
        select 1 from line p where p.procedure_code in {texts(family.primaries)}
        and p.member_id = line.member_id and p.provider_npi = line.provider_npi
        and p.service_date = line.service_date))"""


def plain_source(path: str) -> str:
    if path.endswith(".parquet"):
        return f"read_parquet({text(path)})"
    return f"read_csv({text(path)}, all_varchar=true)"


def plain_query(path: str, codes: CodeSets) -> str:
    listed = ", ".join(text(code.replace(".", "")) for code in codes.diagnoses)
    families = " or ".join(
        f"""(procedure_code in {texts(family.add_ons)} and not bool_or(
            procedure_code in {texts(family.primaries)}) over session)""" for family in codes.families)
    return f"""
        select {COLUMNS},
            coalesce(procedure_code in {texts(codes.investigational)}, false) investigational,
            not coalesce(list_has_any(
                string_split(replace(upper(diagnosis_codes), '.', ''), ';'), [{listed}]), false)
                no_listed_diagnosis,
            {families or "false"} add_on_alone
        from {plain_source(path)}
        where procedure_code in {texts(codes.procedures)}
        window session as (partition by member_id, provider_npi, service_date)"""


def query(path: str, codes: CodeSets) -> str:
    return f"""
        with line as materialized (
            select {COLUMNS} from {source(path)}
            where procedure_code in {texts(codes.procedures)})
        select {COLUMNS},
            coalesce(procedure_code in {texts(codes.investigational)}, false) investigational,
            not coalesce({listed(codes.diagnoses)}, false) no_listed_diagnosis,
            {" or ".join(alone(family) for family in codes.families) or "false"} add_on_alone
        from line"""


def main() -> None:
    path, result, codes_file, style = sys.argv[1:]
    codes = read_code_sets(codes_file)
    form = "format parquet, compression zstd" if result.endswith(".parquet") else "format csv, header"
    connection = duckdb.connect()
    start = time.perf_counter()
    if style == "tuned":
        connection.execute("set preserve_insertion_order = false")
    statement = (query if style == "tuned" else plain_query)(path, codes)
    connection.execute(f"copy ({statement}) to {text(result)} ({form})")
    seconds = time.perf_counter() - start
    print(json.dumps({"seconds": seconds, "peak_bytes": peak_memory(),
                      "version": duckdb.__version__}))


if __name__ == "__main__":
    main()
