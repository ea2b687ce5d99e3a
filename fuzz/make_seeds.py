"""Makes the seeds that the fuzzers begin with, but for those of a run, which are made
by `cargo test --test fuzz_corpus seeds_of_a_run -- --ignored`. Needs pyarrow: of
Parquet there are small files of every encoding, type and compression that a warehouse
may write. All of it is made up.

    python3 fuzz/make_seeds.py
"""

import datetime
import decimal
import gzip
import io
import pathlib

import pyarrow as pa
import pyarrow.parquet as pq

REPOSITORY = pathlib.Path(__file__).parent.parent
SEEDS = REPOSITORY / "fuzz" / "seeds"
PLACE = SEEDS / "parquet_rows"
DAY = datetime.date(2026, 3, 1)


def claims(count, **other):
    """The needed columns, but for those given."""
    columns = {
        "claim_id": [f"C{n}" for n in range(count)],
        "line_number": pa.array([n % 3 + 1 for n in range(count)], pa.int64()),
        "service_date": [DAY + datetime.timedelta(n) if n % 5 else None for n in range(count)],
        "procedure_code": [["99213", " 99214-59", None, "12345"][n % 4] for n in range(count)],
        "diagnosis_codes": [["M80.08XA;I10", "C41.2", None][n % 3] for n in range(count)],
    }
    columns.update(other)
    return pa.table(columns)


def write(name, table, **options):
    out = io.BytesIO()
    settings = {"compression": "NONE", "write_statistics": False, "store_schema": False}
    settings.update(options)
    pq.write_table(table, out, **settings)
    (PLACE / name).write_bytes(out.getvalue())


PLACE.mkdir(parents=True, exist_ok=True)
write("plain", claims(6), use_dictionary=False)
write("dictionary", claims(12))
write("second_version", claims(9), data_page_version="2.0")
for compression in ["snappy", "gzip", "zstd", "lz4", "brotli"]:
    write(compression, claims(5), compression=compression)
write("zstd_second_version", claims(9), compression="zstd", data_page_version="2.0")
write("pages", claims(40), data_page_size=64, write_batch_size=8)
write("groups", claims(6), row_group_size=2)
write("statistics", claims(4), write_statistics=True)
write("none", claims(0))
delta = {
    "claim_id": "DELTA_BYTE_ARRAY",
    "line_number": "DELTA_BINARY_PACKED",
    "service_date": "DELTA_BINARY_PACKED",
    "procedure_code": "DELTA_LENGTH_BYTE_ARRAY",
    "diagnosis_codes": "DELTA_BYTE_ARRAY",
}
write("delta", claims(20), use_dictionary=False, column_encoding=delta)
write("delta_second_version", claims(150), use_dictionary=False, column_encoding=delta, data_page_version="2.0")
split = {"paid_amount": "BYTE_STREAM_SPLIT", "line_number": "BYTE_STREAM_SPLIT"}
amounts = [1.25, None, 0.1 + 0.2, float("nan"), 1e300, -3.0]
write("split", claims(6, paid_amount=amounts), use_dictionary=False, column_encoding=split)
write(
    "lists",
    claims(
        4,
        diagnosis_codes=[["M80.08XA", None, "I10"], [], None, ["C41.2"]],
        diagnosis_pointers=pa.array([[1, 2], None, [3], []], pa.list_(pa.int32())),
        modifiers=[["LT"], ["59", "RT"], None, []],
    ),
)
ten = decimal.Decimal
write(
    "decimals",
    claims(
        3,
        units=pa.array([ten("1.500000"), None, ten("-2.000050")], pa.decimal128(12, 6)),
        paid_amount=pa.array([ten("12345678901234567890.12"), ten("1.00"), None], pa.decimal128(38, 2)),
        place_of_service=pa.array([ten("21"), ten("11"), None], pa.decimal128(9, 0)),
    ),
    store_decimal_as_integer=True,
)
write("wide_decimals", claims(2, paid_amount=pa.array([ten("1.50"), None], pa.decimal128(30, 2))))
moment = datetime.datetime(2026, 3, 1, 23, 59, 59)
for unit in ["ms", "us", "ns"]:
    moments = pa.array([moment, None, moment], pa.timestamp(unit, tz="UTC"))
    write(f"moments_{unit}", claims(3, service_date=moments))
write(
    "int96",
    claims(2, service_date=pa.array([moment, None], pa.timestamp("ns"))),
    use_deprecated_int96_timestamps=True,
)
write(
    "numbers",
    claims(
        3,
        claim_id=pa.array([12, 2**63, None], pa.uint64()),
        line_number=pa.array([1.0, 2.0, None], pa.float64()),
        service_date=pa.array([20260301, None, -1], pa.int32()),
        procedure_code=pa.array([99213, 99214, 12345], pa.int32()),
        provider_npi=pa.array([1000000001.0, None, float("nan")], pa.float64()),
        units=pa.array([1, None, -3], pa.int8()),
        billed_amount=pa.array([1234.56, None, 0.1], pa.float32()),
        symptomatic=[True, None, False],
        severe_pain=pa.array([0, None, 1], pa.int8()),
    ),
)
write(
    "versions",
    claims(
        4,
        claim_frequency=["1", "7", "8", None],
        original_claim_id=[None, "C0", "C1", None],
        claim_status=["paid", "denied", None, "?"],
    ),
)
write("not_text", claims(3, claim_id=pa.array([b"C1", b"\xff", b"C3"], pa.binary())))
write("unused", claims(2, other=[{"a": 1}, None], more=[[{"b": [1]}], []]))


def seed(target, name, content):
    place = SEEDS / target
    place.mkdir(parents=True, exist_ok=True)
    (place / name).write_bytes(content if isinstance(content, bytes) else content.encode())


def repository(path):
    return (REPOSITORY / path).read_text()


RECORDS = {
    "plain": "a,22513,c\nd,99213,f\r\ng,22513,\n",
    "quoted": '"a","22513","x\ny"\n"b ""c""",22513,\n5" pipe,22513,z\n',
    "ragged": "a,22513\n,,,\n\n\r\na,22513,c,d\n",
    "returns": "a,22513,c\rb,22513,d\r\re,22513,f",
    "open": 'a,22513,c\nb,22513,"d\ne,22513,f\n',
    "marks": "\ufeffa,22513,c\n\ufeff\"b\",22513,d\n",
}
for name, text in RECORDS.items():
    seed("csv_records", name, b"\0\0" + text.encode())
    seed("csv_records", name + "_constant", b"\x81\0" + text.replace(",", "|").encode())
    seed("csv_records", name + "_file", b"\0\x08" + text.encode())
    seed("csv_records", name + "_constant_file", b"\x82\x2b" + text.replace(",", "\t").encode())
bytes_of_no_text = b"a,22513,\xff\xfe\nb\xff,22513,c\n"
seed("csv_records", "bytes", b"\0\0" + bytes_of_no_text)
seed("csv_records", "bytes_file", b"\0\x40" + bytes_of_no_text)

lines = repository("sample_data/claims.csv").split("\n")
native = "\n".join(lines[:8]) + "\n"
seed("csv_lines", "native", b"\0" + native.encode())
seed("csv_lines", "comma", b"\x04" + native.encode())
seed("csv_lines", "gzip", b"\0" + gzip.compress(native.encode(), mtime=0))
seed("csv_lines", "rif", b"\x01" + "\n".join(repository("sample_data/rif-carrier.csv").split("\n")[:3]).encode())
tuva = repository("sample_data/tuva_medical_claim.csv").split("\n")
seed("csv_lines", "tuva", b"\x02" + "\n".join(tuva[:3]).encode())
short = "claim_id;line_number;service_date;procedure_code;diagnosis_codes\nC1;1;3/1/2026;22513-59;M80.08XA I10\n"
seed("csv_lines", "semicolons", b"\0" + short.encode())
header = "claim_id,line_number,service_date,procedure_code,diagnosis_codes"
seed("csv_lines", "quote_of_another_delimiter", b"\0" + f'{header},x;"y\nC1,1,2026-03-01,22513,I10,z\n'.encode() + b'"\n')
seed("csv_lines", "quotes", b"\0" + short.replace("C1", '"C""1"').replace("I10", '"I10\n').encode())

row = (
    "C1 1 2026-03-01 22513-59:LT M80.08XA;I10 AB commercial S1 1000000001 RT;59 1.5 $1,800.00 -$5 osteoporotic "
    "balloon yes 6.5 7 C0 paid 03/05/2026 1,700.00"
).split(" ")
seed("values", "row", "\2" + "\n".join(row))
seed("values", "rows", "\2" + "\n".join(row + ["C2", "2.0", "20260301", "0200T", "", "1 2"]))
other = "C1 1 1-mar-2026 22513 ABK:M8008XA^BF:I10 1;2 MA S1 0 22 +7. .5 0.30000000000000004 traumatic ? n 0 08 NULL x"
seed("values", "other", "\2" + "\n".join(other.split(" ")))

for number, text in enumerate(
    "M80.08XA|c41|22513-59|0200T|2026-03-01|0000-01-01|2024-02-29|1234.5678|-$1,234.56|.5|0.30000000000000004|"
    "900000000000|paid|denied|RT|a rather long modifier|99999999999999999999|$ 5|+7.".split("|")
):
    seed("values", f"value_{number}", "\0" + text)

for number, text in enumerate(
    [
        "M80.08XA – M80.08XS\nA, D",
        "M80.08XA-S",
        "C41.2",
        "m48.52xa through M48.52XS\nAS",
        "I10 to I16",
        "A00–Z99\nA",
        "M80 - M81",
        "- C41.2",
        "M80.0 – M80.08XA – M81",
    ]
):
    seed("values", f"range_{number}", "\1" + text)

for name in ["small", "second"]:
    seed("policy", name, repository(f"tests/policies/{name}.toml"))
seed("policy", "example", repository("policies/examples/A56572-example.toml"))
programs = 'schema = 1\n[[program]]\nprogram = "commercial"\nnames = ["hmo", "ppo"]\n'
seed("policy", "programs", programs)
seed("policy", "not_plain", programs + "# 'x'\n[policy]\nid = 'P'\n")

for name in ["native", "rif-carrier", "tuva"]:
    seed("layout", name, repository(f"layouts/{name}.toml"))
seed(
    "layout",
    "constants",
    'name = "l"\ndelimiter = "|"\n[columns]\nclaim_id = ["A", "B"]\nline_number = "A"\nservice_date = "D"\n'
    'diagnosis_codes = "E"\n[constants]\nprocedure_code = "22513"\n',
)

seed("overrides", "toml", b"\0" + repository("sample_data/overrides.toml").encode())
table = repository("sample_data/overrides.csv")
seed("overrides", "csv", b"\x01" + table.encode())
seed("overrides", "semicolons", b"\x01\xef\xbb\xbf" + table.replace(";", "+").replace(",", ";").encode())
seed("overrides", "tabs", b"\x01" + table.replace(",", "\t").replace('"', "").encode())
