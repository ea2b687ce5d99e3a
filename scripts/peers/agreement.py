"""Compares our decisions with a peer's result, line by line.

    python3 -m peers.agreement INPUT RUN_FOLDER PEER_RESULT CODES.json

A process of its own, run by compare_peers.py, which explains what is compared
and what is left out. Prints what was found as JSON. DuckDB is only the means
here: of the rows it joins, one side is ours and the other the peer's.
"""

import csv
import json
import sys
from pathlib import Path

import duckdb

from .code_sets import CodeSets, read_code_sets
from .duckdb_query import text, texts

SHOWN = 5  # rows named for each kind of disagreement

# Findings that end a line before the step, or leave the peer's question open.
REFERRED = ["PGM001", "PGM002", "PGM003"]
BEFORE_INVESTIGATIONAL = [*REFERRED, "COD001", "POL001"]
BEFORE_DIAGNOSIS = [*BEFORE_INVESTIGATIONAL, "COV001", "COV006", "COV007"]
NO_LISTED = ["COD004", "COD003", "COD002", "COV002", "COV003"]
POINTED_AT_NOTHING = ["COD006"]

# kind: findings that say so in ours, findings that leave the line out
KINDS = {
    "investigational": (["COV001"], BEFORE_INVESTIGATIONAL),
    "no_listed_diagnosis": (NO_LISTED, BEFORE_DIAGNOSIS + POINTED_AT_NOTHING),
    "add_on_alone": (["LIN001"], BEFORE_DIAGNOSIS),
}
REASONS = {
    "referred": REFERRED,
    "procedure not active on the date": ["COD001"],
    "no version in force": ["POL001"],
    "investigational, so not looked at further": ["COV001", "COV006", "COV007"],
    "pointers point at nothing": POINTED_AT_NOTHING,
}


def table(path: str) -> str:
    if path.endswith(".parquet"):
        return f"read_parquet({text(path)})"
    return f"read_csv({text(path)}, all_varchar=true, header=true, delim=',', quote='\"', escape='\"')"


def columns_of(path: str) -> list[str]:
    described = duckdb.sql(f"describe select * from {table(path)}")
    return [row[0] for row in described.fetchall()]


def any_of(rules: list[str]) -> str:
    return " or ".join(f"contains(rules, {text(rule)})" for rule in rules)


def number(column: str) -> str:
    """As text, the same whether it was read as text or as a number."""
    return f"coalesce(try_cast({column} as bigint)::varchar, {column}::varchar)"


def rejected_rows(source: str, run: Path) -> list[list[str]]:
    """claim_id, line_number, member_id, provider_npi, service_date, procedure_code."""
    header = columns_of(source)
    wanted = ["claim_id", "line_number", "member_id", "provider_npi", "service_date",
              "procedure_code"]
    places = [header.index(name) for name in wanted]
    with open(run / "rejects.csv", newline="", encoding="utf-8") as f:
        rows = [next(csv.reader([reject["row"]])) for reject in csv.DictReader(f)]
    return [[row[place].strip() for place in places] for row in rows]


def load_rejected(db: duckdb.DuckDBPyConnection, rows: list[list[str]], codes: CodeSets) -> None:
    primaries = [code for family in codes.families for code in family.primaries]
    db.execute("create table reject (claim_id varchar, line_number varchar, member_id varchar,"
               " provider_npi varchar, service_date varchar, procedure_code varchar)")
    if rows:
        db.executemany("insert into reject values (?, ?, ?, ?, ?, ?)", rows)
    db.execute(f"""create table rejected as
        select claim_id, {number('line_number')} line_number, procedure_code, count(*) lines
        from reject where procedure_code in {texts(codes.procedures)} group by all""")
    db.execute(f"""create table doubtful_session as
        select distinct member_id, provider_npi, service_date from reject
        where procedure_code in {texts(primaries)}""")


def load_ours(db: duckdb.DuckDBPyConnection, decisions: str, codes: CodeSets) -> None:
    """One row for each claim id, line number and procedure, with how many lines say what."""
    db.execute(f"""create table decision as
        select claim_id, {number('line_number')} line_number, procedure_code,
            source_row::bigint source_row, coalesce(rules, '') rules
        from {table(decisions)}""")
    meanings = ", ".join(f"({any_of(says)}) {kind}, ({any_of(out)}) {kind}_out"
                         for kind, (says, out) in KINDS.items())
    counts = ", ".join(f"count_if({kind} and not {kind}_out) {kind}, count_if({kind}_out) {kind}_out"
                       for kind in KINDS)
    db.execute(f"""create table ours as
        with meaning as (select rules, {meanings} from (select distinct rules from decision))
        select claim_id, line_number, procedure_code, count(*) lines, min(source_row) source_row,
            {counts}
        from decision join meaning using (rules)
        where procedure_code in {texts(codes.procedures)} group by all""")


def load_theirs(db: duckdb.DuckDBPyConnection, result: str) -> None:
    counts = ", ".join(f"count_if({kind}::boolean) {kind}" for kind in KINDS)
    db.execute(f"""create table theirs as
        select r.claim_id, {number('r.line_number')} line_number, r.procedure_code,
            count(*) lines, bool_or(s.member_id is not null) doubtful, {counts}
        from {table(result)} r left join doubtful_session s
        on s.member_id = r.member_id and s.provider_npi = r.provider_npi
            and s.service_date = r.service_date::varchar
        group by all""")


def join(db: duckdb.DuckDBPyConnection, codes: CodeSets) -> None:
    """`paired`: the keys of which both sides have the same number of lines."""
    sides = ", ".join(f"o.{kind} ours_{kind}, t.{kind} theirs_{kind}, o.{kind}_out" for kind in KINDS)
    db.execute(f"""create table key as
        select claim_id, line_number, procedure_code, o.source_row, coalesce(o.lines, 0) ours,
            coalesce(t.lines, 0) theirs, coalesce(r.lines, 0) rejected, t.doubtful,
            procedure_code in {texts(codes.add_ons)} add_on, {sides}
        from ours o full join theirs t using (claim_id, line_number, procedure_code)
        full join rejected r using (claim_id, line_number, procedure_code)""")
    db.execute("""create view paired as select * from key
        where ours > 0 and ours + rejected = theirs""")


def presence(db: duckdb.DuckDBPyConnection, codes: CodeSets) -> dict:
    """Lines that one has and the other has not."""
    unknown = db.execute(f"""select count(*) from decision
        where procedure_code not in {texts(codes.procedures)}""").fetchone()[0]
    compared, rejected = db.execute("select sum(ours)::bigint, sum(rejected)::bigint from key").fetchone()
    differ = db.execute("""select sum(abs(ours + rejected - theirs))::bigint,
        min(source_row, ?) from key where ours + rejected <> theirs""", [SHOWN]).fetchone()
    return {"compared": compared or 0, "disagree": differ[0] or 0, "rows": differ[1] or [],
            "left_out": {"procedure that only ours knows": unknown, "rejected by ours": rejected or 0}}


def scope(kind: str) -> str:
    """The keys that the kind is about."""
    return "add_on" if kind == "add_on_alone" else "true"


def comparable(kind: str) -> str:
    doubt = " and not doubtful" if kind == "add_on_alone" else ""
    return f"{scope(kind)} and rejected = 0 and {kind}_out = 0{doubt}"


def left_out(db: duckdb.DuckDBPyConnection, kind: str) -> dict[str, int]:
    """Lines of ours that were not compared, by the first reason that holds."""
    reasons = [(reason, any_of(rules)) for reason, rules in REASONS.items()
               if set(rules) & set(KINDS[kind][1])]
    cases = " ".join(f"when {condition} then {text(reason)}" for reason, condition in reasons)
    rows = db.execute(f"""
        select case {cases}
            when rejected > 0 or {kind}_out > 0 then 'same claim and line number as one left out'
            else 'a primary of the session was rejected' end reason, count(*)
        from paired join decision using (claim_id, line_number, procedure_code)
        where {scope(kind)} and not ({comparable(kind)}) group by 1 order by 2 desc""")
    return dict(rows.fetchall())


def agreement(db: duckdb.DuckDBPyConnection, kind: str) -> dict:
    compared, ours, theirs, differ, rows = db.execute(f"""
        select sum(ours)::bigint, sum(ours_{kind})::bigint, sum(theirs_{kind})::bigint,
            sum(abs(ours_{kind} - theirs_{kind}))::bigint,
            min(paired.source_row, ?) filter (ours_{kind} <> theirs_{kind})
        from paired where {comparable(kind)}""", [SHOWN]).fetchone()
    return {"compared": compared or 0, "ours": ours or 0, "theirs": theirs or 0,
            "disagree": differ or 0, "rows": rows or [], "left_out": left_out(db, kind)}


def main() -> None:
    source, run, result, codes_file = sys.argv[1:]
    codes = read_code_sets(codes_file)
    suffix = Path(result).suffix
    db = duckdb.connect()
    db.execute("set preserve_insertion_order = false")
    load_rejected(db, rejected_rows(source, Path(run)), codes)
    load_ours(db, f"{run}/decisions{suffix}", codes)
    load_theirs(db, result)
    join(db, codes)
    found = {"in_scope": presence(db, codes)}
    found.update((kind, agreement(db, kind)) for kind in KINDS)
    print(json.dumps(found))


if __name__ == "__main__":
    main()
