#!/usr/bin/env python3
"""An independent oracle for `adjudicate run`: slow, obvious, standard library only.

It was written from the contract (contract.md, domain.md) alone and shares
nothing with the program: neither code nor data. Whatever the two disagree
about is a mistake in one of them, or a gap in the contract.

    python3 scripts/oracle.py --icd10 TABLE.csv --out-decisions D.csv \\
        --out-rejects R.csv [--totals T.json] [--unlisted-diagnosis pend] \\
        [--clinical deny] [--require-clinical] [--strict-programs] \\
        [--policy-date YYYY-MM-DD] INPUT...

TABLE.csv holds `code,valid_from,valid_to` (YYYYMMDD, blank = still valid).
Inputs are CSV (plain or .gz) in the `native` layout. Section numbers in the
comments ("contract 4.5e") are those of the contract.
"""

import argparse
import bisect
import csv
import datetime
import gzip
import json
import os
import re
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal, getcontext
from functools import lru_cache

getcontext().prec = 4000  # amounts are compared exactly, whatever their length

Date = datetime.date

# ---------------------------------------------------------------------------
# The policy's facts (domain.md), as plain data.
# ---------------------------------------------------------------------------

POLICY_ID = "02-20000-18"

# domain 2: first and last day on which each procedure code was active.
PROCEDURE_DATES = {
    "0200T": ("2009-07-01", None),
    "0201T": ("2009-07-01", None),
    "22510": ("2015-01-01", None),
    "22511": ("2015-01-01", None),
    "22512": ("2015-01-01", None),
    "22513": ("2015-01-01", None),
    "22514": ("2015-01-01", None),
    "22515": ("2015-01-01", None),
    "22520": ("2001-01-01", "2014-12-31"),
    "22521": ("2001-01-01", "2014-12-31"),
    "22522": ("2001-01-01", "2014-12-31"),
    "22523": ("2006-01-01", "2014-12-31"),
    "22524": ("2006-01-01", "2014-12-31"),
    "22525": ("2006-01-01", "2014-12-31"),
    "72291": ("2007-01-01", "2014-12-31"),
    "72292": ("2007-01-01", "2014-12-31"),
    "76012": ("2001-01-01", "2006-12-31"),
    "76013": ("2001-01-01", "2006-12-31"),
    "S2360": ("2002-01-01", "2015-12-31"),
    "S2361": ("2002-01-01", "2015-12-31"),
    "S2362": ("2004-01-01", "2006-03-31"),
    "S2363": ("2004-01-01", "2006-03-31"),
}

VERTEBROPLASTY = {"22510", "22511", "22512"}
AUGMENTATION = {"22513", "22514", "22515"}

UNITS_LIMIT = {"22510": 1, "22511": 1, "22512": 3, "22513": 1, "22514": 1, "22515": 4}
ADD_ON_PRIMARIES = {"22512": {"22510", "22511"}, "22515": {"22513", "22514"}}
# second of an exclusive pair -> the first of it (LIN006)
EXCLUDED_BY = {"22511": "22510", "22514": "22513"}
UNILATERAL_OR_BILATERAL = VERTEBROPLASTY | AUGMENTATION
# site digits of M48.5x that a procedure treats (REV002); 22512 treats any
REGIONS = {
    "22510": set("12345"),
    "22511": set("5678"),
    "22512": set("12345678"),
    "22513": set("345"),
    "22514": set("567"),
    "22515": set("34567"),
}
BORDERS_THE_SACRUM = {"22511", "22512", "22514", "22515"}  # REV001

# domain 3: the supporting list, (first code, last code, etiology).
SUPPORTING = [
    ("C412", "C412", "none"),
    ("C7951", "C7952", "neoplastic"),
    ("C9000", "C9002", "neoplastic"),
    ("D1809", "D1809", "none"),
    ("D47Z9", "D47Z9", "none"),
    ("M4850XA", "M4858XS", "not told"),
    ("M8008XA", "M8008XS", "osteoporotic"),
    ("M8448XA", "M8448XS", "not told"),
    ("M8458XA", "M8458XS", "neoplastic"),
    ("M8468XA", "M8468XS", "not told"),
]
SUPPORTING_COUNT = 68  # contract 3: the ten entries hold exactly 68 codes
WITHOUT_INDICATION = {"C412", "D1809", "D47Z9"}  # REV003

# domain 1: review lists, (first, last, 7th characters or None, etiology).
REVIEW_2018 = [("M8088XA", "M8088XS", None, "osteoporotic")]
REVIEW_2020 = REVIEW_2018 + [
    ("S12000A", "S12691S", "AB", "traumatic"),
    ("S22000A", "S22089S", "AB", "traumatic"),
    ("S32000A", "S32059S", "AB", "traumatic"),
]

INVESTIGATIONAL = {"0200T", "0201T"}

# domain 1: the versions, by first day. "tests" = procedures whose diagnoses
# the version tests, with the indications of the procedure's service.
VERSIONS = [
    {
        "from": Date(2009, 7, 15),
        "investigational": INVESTIGATIONAL,
        "tests": {},
        "review": [],
    },
    {
        "from": Date(2018, 10, 1),
        "investigational": INVESTIGATIONAL,
        "tests": {p: ["V1", "V2", "V3"] for p in VERTEBROPLASTY}
        | {p: ["K1", "K2"] for p in AUGMENTATION},
        "review": REVIEW_2018,
    },
    {
        "from": Date(2020, 6, 15),
        "investigational": INVESTIGATIONAL,
        "tests": {p: ["V1", "V2", "V3", "V4"] for p in VERTEBROPLASTY}
        | {p: ["K1", "K2", "K3"] for p in AUGMENTATION},
        "review": REVIEW_2020,
    },
    {
        "from": Date(2026, 2, 15),
        "investigational": INVESTIGATIONAL,
        "tests": {p: ["V1", "V2", "V3", "V4"] for p in VERTEBROPLASTY}
        | {p: ["K1", "K2", "K3"] for p in AUGMENTATION},
        "review": REVIEW_2020,
    },
]

# contract 4.1: names of programs; case, blanks, "-" and "_" do not matter.
PROGRAMS = {name: "commercial" for name in (
    "", "commercial", "hmo", "ppo", "epo", "pos", "exchange", "aca", "aso",
    "individual", "group", "selffunded", "fullyinsured")}
PROGRAMS |= {"fep": "fep", "federalemployeeprogram": "fep"}
PROGRAMS |= {"sao": "sao", "stateaccountorganization": "sao"}
PROGRAMS |= {"ma": "medicare", "medicareadvantage": "medicare", "medicare": "medicare"}
REFERRED = {"fep": "PGM001", "sao": "PGM002", "medicare": "PGM003"}

# contract 5: the catalogue, in its order: rule -> (weight, CARC, RARC).
CATALOGUE = {
    "PGM001": ("refer", "", ""),
    "PGM002": ("refer", "", ""),
    "PGM003": ("refer", "", ""),
    "COD001": ("deny", "181", "N56"),
    "POL001": ("pend", "", ""),
    "COV001": ("deny", "55", "N623"),
    "COV006": ("deny", "55", "N623"),
    "COV007": ("deny", "114", ""),
    "LIN004": ("deny", "18", ""),
    "COD004": ("deny", "16", "M76"),
    "COD006": ("pend", "16", "M76"),
    "COD003": ("deny", "16", "M81"),
    "COD002": ("deny", "16", "M76"),  # or 146 without RARC: see adjustment_codes
    "COV002": ("deny", "11", "N130"),
    "COV003": ("pend", "252", "N706"),
    "COV004": ("pend", "50", "N661"),
    "COV005": ("pend", "252", "N706"),
    "LIN001": ("deny", "107", "N122"),
    "LIN002": ("deny", "B15", "N674"),
    "LIN005": ("pend", "B15", "N674"),
    "LIN003": ("deny", "151", "N362"),
    "LIN006": ("pend", "236", ""),
    "REV001": ("pend", "252", "N706"),
    "REV002": ("pend", "11", ""),
    "REV004": ("pend", "4", ""),
    "PGM004": ("advice", "", ""),
    "LIN007": ("advice", "", ""),
    "REV003": ("advice", "", ""),
    "REV005": ("advice", "", ""),
    "COD005": ("advice", "", ""),
}

# ---------------------------------------------------------------------------
# The ICD-10-CM table (contract 3).
# ---------------------------------------------------------------------------


class Icd10:
    """Every billable code with the days on which it was valid."""

    def __init__(self, path):
        self.intervals = {}
        with open(path, newline="", encoding="utf-8") as f:
            for row in csv.DictReader(f):
                first = compact_date(row["valid_from"])
                last = compact_date(row["valid_to"]) if row["valid_to"] else Date.max
                self.intervals.setdefault(row["code"], []).append((first, last))
        self.codes = sorted(self.intervals)
        self.first_day = min(i[0] for spans in self.intervals.values() for i in spans)
        # remembered answers; without them 100,000 lines take minutes
        self.status = lru_cache(maxsize=None)(self._status)
        self.completions = lru_cache(maxsize=None)(self._completions)

    def billable(self, code, day):
        return any(a <= day <= b for a, b in self.intervals.get(code, ()))

    def _completions(self, code, day):
        """The codes billable on the day of which `code` is the beginning."""
        found = []
        for i in range(bisect.bisect_right(self.codes, code), len(self.codes)):
            longer = self.codes[i]
            if not longer.startswith(code):
                break
            if self.billable(longer, day):
                found.append(longer)
        return found

    def _status(self, code, day):
        """contract 3: "billable", "incomplete", "not valid", or "unknown"."""
        if self.billable(code, day):
            return "billable"
        if len(code) >= 3 and self.completions(code, day):
            return "incomplete"
        if code in self.intervals:
            return "not valid"
        return "unknown"

    def range(self, first, last):
        """Every code c of the table with first <= c <= last, bytewise."""
        assert first in self.intervals and last in self.intervals and first <= last
        return [c for c in self.codes if first <= c <= last]


def compact_date(text):
    return Date(int(text[:4]), int(text[4:6]), int(text[6:8]))


def expand_lists(icd10):
    """Code -> etiology, for the supporting list and each version's review list."""
    supporting = {}
    for first, last, etiology in SUPPORTING:
        for code in icd10.range(first, last):
            supporting[code] = etiology
    assert len(supporting) == SUPPORTING_COUNT, len(supporting)
    for version in VERSIONS:
        version["supporting"] = supporting if version["tests"] else {}
        version["review codes"] = {}
        for first, last, sevenths, etiology in version["review"]:
            for code in icd10.range(first, last):
                if sevenths is None or (len(code) == 7 and code[6] in sevenths):
                    version["review codes"][code] = etiology


# ---------------------------------------------------------------------------
# Reading CSV (contract 2), as the Rust crate `csv` does.
# ---------------------------------------------------------------------------


def read_bytes(path):
    opener = gzip.open if path.endswith(".gz") else open
    with opener(path, "rb") as f:
        data = f.read()
    return data[3:] if data.startswith(b"\xef\xbb\xbf") else data


def detect_delimiter(data):
    """The most frequent of , | tab ; in the header line, outside quotes."""
    counts = {b: 0 for b in b",|\t;"}
    quoted = False
    started = False
    for byte in data:
        if byte in b"\r\n" and not quoted:
            if started:
                break
            continue
        started = True
        if byte == ord('"'):
            quoted = not quoted
        elif byte in counts and not quoted:
            counts[byte] += 1
    return max(counts, key=lambda b: counts[b])  # a tie: the first of the four


def read_records(data, delimiter):
    """Records as lists of bytes. `delimiter` is a byte's number.

    A quote opens a quoted field only as the field's first byte; doubled, it
    stands for itself; what follows a closing quote belongs to the field as it
    is. A record ends with \\n, \\r or \\r\\n; empty lines are no records.
    """
    end_of_text = re.compile(b"[" + re.escape(bytes([delimiter])) + b"\r\n]")
    i, n = 0, len(data)
    while True:
        while i < n and data[i] in b"\r\n":  # empty lines, and the \n of \r\n
            i += 1
        if i == n:
            return
        record = []
        while True:  # one field a turn
            value = b""
            if i < n and data[i] == ord('"'):
                i += 1
                while True:
                    quote = data.find(b'"', i)
                    if quote < 0:  # the file ends inside the quotes
                        value += data[i:]
                        i = n
                        break
                    value += data[i:quote]
                    i = quote + 1
                    if i < n and data[i] == ord('"'):
                        value += b'"'
                        i += 1
                    else:
                        break
            match = end_of_text.search(data, i)
            end = match.start() if match else n
            value += data[i:end]
            i = end
            record.append(value)
            if i < n and data[i] == delimiter:
                i += 1
            else:
                break
        yield record


# ---------------------------------------------------------------------------
# Reading one field (contract 2).
# ---------------------------------------------------------------------------

# Unicode's White_Space property, spelled out.
WHITE = ("\t\n\v\f\r \x85\xa0\u1680" + "".join(map(chr, range(0x2000, 0x200B)))
         + "\u2028\u2029\u202f\u205f\u3000")
LIST_SEPARATORS = re.compile("[" + re.escape(WHITE + ";|,^:") + "]+")
PROCEDURE_SEPARATORS = re.compile("[" + re.escape(WHITE + ":-") + "]")

MONTHS = {m: i + 1 for i, m in enumerate(
    "jan feb mar apr may jun jul aug sep oct nov dec".split())}


ASCII_UPPER = {c: c - 32 for c in range(ord("a"), ord("z") + 1)}


class Unreadable(Exception):
    pass


def upper(text):
    """ASCII upper case (codes are ASCII)."""
    return text.translate(ASCII_UPPER)


def split_list(text):
    return [t for t in LIST_SEPARATORS.split(text) if t]


def read_date(text):
    if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
        year, month, day = text.split("-")
    elif re.fullmatch(r"[0-9]{8}", text):
        year, month, day = text[:4], text[4:6], text[6:]
    elif re.fullmatch(r"[0-9]{1,2}/[0-9]{1,2}/[0-9]{4}", text):
        month, day, year = text.split("/")
    elif re.fullmatch(r"[0-9]{1,2}-[A-Za-z]{3}-[0-9]{4}", text):
        day, month, year = text.split("-")
        month = MONTHS.get(month.lower())
        if month is None:
            raise Unreadable
    else:
        raise Unreadable
    if int(year) < 1900:
        raise Unreadable
    try:
        return Date(int(year), int(month), int(day))
    except ValueError:
        raise Unreadable


def read_line_number(text):
    """An integer from 1 to 4294967295; `1.0` is 1."""
    if not re.fullmatch(r"\+?[0-9]+(\.0*)?", text):
        raise Unreadable
    number = int(text.split(".")[0])
    if not 1 <= number <= 4294967295:
        raise Unreadable
    return number


def decimal_value(digits):
    if not re.fullmatch(r"[0-9]+\.?[0-9]*|\.[0-9]+", digits):
        raise Unreadable
    value = Decimal(digits).quantize(Decimal("0.0001"), rounding=ROUND_HALF_UP)
    if value > 900_000_000_000:
        raise Unreadable
    return value


def read_decimal(text):
    """Plain notation: an optional sign, digits, an optional fraction."""
    sign = -1 if text.startswith("-") else 1
    if text[:1] in ("-", "+"):
        text = text[1:]
    return sign * decimal_value(text)


def read_number(text):
    """A number >= 0 (weeks)."""
    value = read_decimal(text)
    if value < 0:
        raise Unreadable
    return value


def read_amount(text):
    """Dollars: one sign, before or after an optional `$`; thousands commas."""
    match = re.fullmatch(r"(?:([+-]?)\$?|\$([+-]))([0-9.,]+)", text)
    if not match:
        raise Unreadable
    digits = match.group(3)
    if "," in digits:
        if not re.fullmatch(r"[0-9]{1,3}(,[0-9]{3})+(\.[0-9]*)?", digits):
            raise Unreadable
        digits = digits.replace(",", "")
    negative = "-" in (match.group(1), match.group(2))
    return (-1 if negative else 1) * decimal_value(digits)


def read_boolean(text):
    word = text.lower()
    if word in ("true", "yes", "y", "1"):
        return True
    if word in ("false", "no", "n", "0"):
        return False
    raise Unreadable


def read_pointers(text):
    """Tokens; each is a list of letters' numbers, or a number's digits."""
    tokens = []
    for token in split_list(text):
        if re.fullmatch(r"[A-Ya-y]+", token):
            tokens.append([ord(c) - ord("A") + 1 for c in upper(token)])
        elif re.fullmatch(r"[0-9]+", token):
            tokens.append(token)
        else:
            raise Unreadable
    return tokens


# contract 2, the table's order: what can be unreadable, and how it is read
READERS = {
    "line_number": read_line_number,
    "service_date": read_date,
    "diagnosis_pointers": read_pointers,
    "units": read_decimal,
    "billed_amount": read_amount,
    "paid_amount": read_amount,
    "symptomatic": read_boolean,
    "severe_pain": read_boolean,
    "hospitalized": read_boolean,
    "ambulation_prevented": read_boolean,
    "fda_cleared_device": read_boolean,
    "conservative_weeks": read_number,
    "fracture_age_weeks": read_number,
}
DIAGNOSIS_COLUMNS = [f"diagnosis_{n}" for n in range(1, 26)]
MODIFIER_COLUMNS = [f"modifier_{n}" for n in range(1, 5)]
RECOGNISED = {
    "claim_id", "procedure_code", "diagnosis_codes", "line_of_business",
    "member_id", "provider_npi", "place_of_service", "modifiers", "etiology",
    "technique", *DIAGNOSIS_COLUMNS, *MODIFIER_COLUMNS, *READERS,
}

ETIOLOGIES = {
    "osteoporotic": "osteoporotic", "osteoporosis": "osteoporotic",
    "neoplastic": "neoplastic", "metastatic": "neoplastic",
    "metastasis": "neoplastic", "myeloma": "neoplastic", "osteolytic": "neoplastic",
    "traumatic": "traumatic", "trauma": "traumatic",
}
TECHNIQUES = {
    "balloon": "balloon", "mechanical": "mechanical",
    "radiofrequency": "radiofrequency",
    "radiofrequency kyphoplasty": "radiofrequency", "rfk": "radiofrequency",
}

# ---------------------------------------------------------------------------
# From a record to a line, a reject, or neither (contract 2).
# ---------------------------------------------------------------------------


@dataclass
class Line:
    source_file: str
    source_row: int
    claim_id: str
    line_number: int
    service_date: Date
    procedure: str
    modifiers: frozenset
    slots: dict  # number of the slot -> its codes
    pointers: list
    program_as_read: str
    member: str
    provider: str
    units: Decimal
    billed: object  # Decimal, or None
    etiology: str
    technique: str
    facts: dict
    # what the steps find
    program: str = ""
    examined: list = field(default_factory=list)
    version: object = None
    findings: dict = field(default_factory=dict)  # rule -> weight
    reached_step_5: bool = False
    passed_5c: bool = False
    held_5d: bool = False
    denied_by_5_or_6: bool = False
    all_in_table: bool = False
    indication: str = ""

    def find(self, rule, weight=None):
        self.findings[rule] = weight or CATALOGUE[rule][0]

    def session(self):
        """contract 1: member, provider and date; else claim and date."""
        if self.member and self.provider:
            return ("member", self.member, self.provider, self.service_date)
        return ("claim", self.claim_id, self.service_date)

    def disposition(self):
        """contract 4, last paragraph."""
        for weight in ("refer", "deny", "pend"):
            if weight in self.findings.values():
                return weight
        return "allow"


class Reject(Exception):
    """A row that cannot be decided; the argument names the column."""


def procedure_and_modifiers(text):
    """`22513-59`, `22513 59`, `22513:59`: the code, and modifiers."""
    first, *rest = PROCEDURE_SEPARATORS.split(upper(text))
    return first, [m for m in rest if m]


def procedure_in_scope(columns, record):
    """The row's procedure code if a policy speaks about it, else None."""
    try:
        text = record[columns["procedure_code"]].decode("utf-8").strip(WHITE)
    except UnicodeDecodeError:
        return None
    code, _ = procedure_and_modifiers(text)
    return code if code in PROCEDURE_DATES else None


def diagnosis_slots(values):
    """Slot number -> codes, upper-cased and without dots."""
    slots = {}
    if "diagnosis_codes" in values:
        codes = diagnosis_tokens(values["diagnosis_codes"])
        slots = {n: [code] for n, code in enumerate(codes, start=1)}
    else:
        for n, column in enumerate(DIAGNOSIS_COLUMNS, start=1):
            codes = diagnosis_tokens(values.get(column, ""))
            if codes:
                slots[n] = codes
    return slots


def diagnosis_tokens(text):
    tokens = [upper(t) for t in split_list(text)]
    tokens = [t for t in tokens if t not in ("ABK", "ABF", "BK", "BF")]
    return [t.replace(".", "") for t in tokens]


def make_line(source_file, source_row, columns, record):
    """An in-scope record as a Line; raises Reject with the column's name."""
    values = {}
    for column in sorted(columns, key=columns.get):  # the file's order
        try:
            values[column] = record[columns[column]].decode("utf-8").strip(WHITE)
        except UnicodeDecodeError:
            raise Reject(column)

    if not values["claim_id"]:
        raise Reject("claim_id")
    read = {}
    for column, reader in READERS.items():
        text = values.get(column, "")
        if not text:
            if column in ("line_number", "service_date"):
                raise Reject(column)
            read[column] = None
            continue
        try:
            read[column] = reader(text)
        except Unreadable:
            raise Reject(column)

    procedure, glued = procedure_and_modifiers(values["procedure_code"])
    modifiers = glued + split_list(upper(values.get("modifiers", "")))
    for column in MODIFIER_COLUMNS:
        modifiers += split_list(upper(values.get(column, "")))

    etiology = values.get("etiology", "").lower()
    return Line(
        source_file=source_file,
        source_row=source_row,
        claim_id=values["claim_id"],
        line_number=read["line_number"],
        service_date=read["service_date"],
        procedure=procedure,
        modifiers=frozenset(modifiers),
        slots=diagnosis_slots(values),
        pointers=read["diagnosis_pointers"] or [],
        program_as_read=values.get("line_of_business", ""),
        member=values.get("member_id", ""),
        provider=values.get("provider_npi", ""),
        units=Decimal(1) if read["units"] is None else read["units"],
        billed=read["billed_amount"],
        etiology=ETIOLOGIES.get(etiology, "not known") if etiology else "",
        technique=TECHNIQUES.get(values.get("technique", "").lower(), ""),
        facts={c: read[c] for c in list(READERS)[6:]},
    )


def read_file(path, totals, rejects):
    """The lines of one file; counts and rejects on the way."""
    data = read_bytes(path)
    delimiter = detect_delimiter(data)
    records = read_records(data, delimiter)
    columns = {}
    header = next(records)
    for i, name in enumerate(header):
        name = name.decode("utf-8", "replace").strip(WHITE).lower()
        if name in RECOGNISED:
            columns.setdefault(name, i)
    for needed in ("claim_id", "line_number", "service_date", "procedure_code"):
        if needed not in columns:
            raise SystemExit(f"oracle: {path}: column {needed} is missing")
    for number, record in enumerate(records, start=1):
        totals["rows"] += 1
        if len(record) != len(header):
            totals["rejected"] += 1
            rejects.append((path, number, ""))
        elif procedure_in_scope(columns, record) is None:
            totals["out_of_scope"] += 1
        else:
            try:
                line = make_line(path, number, columns, record)
            except Reject as reject:
                totals["rejected"] += 1
                rejects.append((path, number, str(reject)))
                continue
            totals["decided"] += 1
            yield line


# ---------------------------------------------------------------------------
# Steps 1 to 6 and 8: one line by itself (contract 4).
# ---------------------------------------------------------------------------


def examined_codes(line):
    """contract 3, pointers: the pointed codes, each slot once; without pointers all."""
    if not line.pointers:
        return [code for n in sorted(line.slots) for code in line.slots[n]]
    order = []
    for token in line.pointers:
        if isinstance(token, list):  # letters
            wanted = token
        elif int(token) in line.slots:  # a number with a diagnosis
            wanted = [int(token)]
        elif all(int(d) in line.slots for d in token):  # digits, each with one
            wanted = [int(d) for d in token]
        else:
            wanted = []
        for slot in wanted:
            if slot in line.slots and slot not in order:
                order.append(slot)
    return [code for slot in order for code in line.slots[slot]]


def step_1_program(line, options):
    """-> True to go on."""
    name = "".join(c for c in line.program_as_read.lower() if c not in WHITE + "-_")
    if name in PROGRAMS:
        line.program = PROGRAMS[name]
        if line.program in REFERRED:
            line.find(REFERRED[line.program])
            return False
        return True
    line.program = line.program_as_read
    line.find("PGM004", "pend" if options.strict_programs else None)
    return not options.strict_programs


def step_2_code_dates(line):
    first, last = PROCEDURE_DATES[line.procedure]
    day = line.service_date.isoformat()
    if day < first or (last is not None and day > last):
        line.find("COD001")
        return False
    return True


def step_3_version(line, options, icd10):
    day = options.policy_date or line.service_date
    version = None
    for candidate in VERSIONS:
        if candidate["from"] <= day:
            version = candidate
    if version is not None:
        tested = line.procedure in version["tests"]
        if tested and line.service_date < icd10.first_day:
            version = None
        elif not tested and line.procedure not in version["investigational"]:
            version = None
    if version is None:
        line.find("POL001")
        return False
    line.version = version
    return True


def step_4_investigational(line):
    if line.procedure in line.version["investigational"]:
        line.find("COV001")
        return False
    if line.procedure in AUGMENTATION and line.technique == "radiofrequency":
        line.find("COV006")
        return False
    if line.procedure in AUGMENTATION and line.facts["fda_cleared_device"] is False:
        line.find("COV007")
        return False
    return True


def step_5_diagnosis(line, options, icd10):
    line.reached_step_5 = True
    day = line.service_date
    supporting, review = line.version["supporting"], line.version["review codes"]
    status = {code: icd10.status(code, day) for code in line.examined}

    def on(codes, listed):  # counts only while billable (contract 3)
        return [c for c in codes if c in listed and icd10.billable(c, day)]

    def completes_to_listed(code):
        longer = icd10.completions(code, day)
        return bool(on(longer, supporting) or on(longer, review))

    some_not_billable = any(s != "billable" for s in status.values())
    if not line.slots:
        line.find("COD004")  # a
    elif not line.examined:
        line.find("COD006")  # b
    elif on(line.examined, supporting):  # c
        line.passed_5c = True
        if some_not_billable:
            line.find("COD005")
    elif on(line.examined, review):  # d
        line.held_5d = True
        line.find("COV003")
        if some_not_billable:
            line.find("COD005")
    elif any(s == "incomplete" and completes_to_listed(c) for c, s in status.items()):
        line.find("COD003")  # e
    elif all(s != "billable" for s in status.values()):
        line.find("COD002")  # f
        line.all_in_table = all(c in icd10.intervals for c in line.examined)
    else:
        line.find("COV002", options.unlisted_diagnosis)  # g
        if some_not_billable:
            line.find("COD005")


# Three-valued logic: True, False, None (unknown).


def and3(*values):
    if False in values:
        return False
    return None if None in values else True


def or3(*values):
    if True in values:
        return True
    return None if None in values else False


def compare3(value, test):
    return None if value is None else test(value)


def etiology_is(line, wanted, icd10):
    """domain 3: is the etiology `wanted`?"""
    if line.etiology == "not known":
        return None
    if line.etiology:
        return line.etiology == wanted
    known = line.version["supporting"] | line.version["review codes"]
    etiologies = {known[c] for c in line.examined
                  if c in known and icd10.billable(c, line.service_date)}
    if wanted in etiologies:
        return True
    return None if etiologies & {"none", "not told"} else False


def indication_holds(line, name, icd10):
    """domain 3: V1 to V4, K1 to K3."""
    facts = line.facts

    def etiology(wanted):
        return etiology_is(line, wanted, icd10)

    if name in ("V1", "K1"):
        return and3(etiology("osteoporotic"), facts["symptomatic"],
                    compare3(facts["conservative_weeks"], lambda w: w >= 6))
    if name == "V2":
        return and3(etiology("osteoporotic"), facts["symptomatic"],
                    compare3(facts["fracture_age_weeks"], lambda w: w < 6),
                    or3(facts["hospitalized"], facts["ambulation_prevented"]))
    if name in ("V3", "K2"):
        return and3(etiology("neoplastic"), facts["severe_pain"])
    if name in ("V4", "K3"):
        return and3(etiology("traumatic"),
                    compare3(facts["conservative_weeks"], lambda w: w >= 2))
    raise AssertionError(name)


def step_6_clinical_facts(line, options, icd10):
    if not (line.passed_5c or line.held_5d):
        return
    given = [v for c, v in line.facts.items()
             if c != "fda_cleared_device" and v is not None]
    if not given:
        if options.require_clinical:
            line.find("COV005")
        return
    results = {n: indication_holds(line, n, icd10)
               for n in line.version["tests"][line.procedure]}
    met = [n for n, result in results.items() if result is True]
    if met:
        line.indication = met[0]
        line.findings.pop("COV003", None)
    elif all(result is False for result in results.values()):
        line.find("COV004", options.clinical)
    else:
        line.find("COV005")


def step_8_review_flags(line, icd10):
    if not line.passed_5c:
        return
    supporting = [c for c in line.examined if c in line.version["supporting"]
                  and icd10.billable(c, line.service_date)]

    def site(code):
        """The site digit of M48.5x; None where the code names no region."""
        return code[4] if code.startswith("M485") and code[4] != "0" else None

    def names_another_region(code):
        return site(code) is not None and site(code) not in REGIONS[line.procedure]

    if line.procedure in BORDERS_THE_SACRUM and all(site(c) == "8" for c in supporting):
        line.find("REV001")
    elif all(names_another_region(c) for c in supporting):
        line.find("REV002")
    if all(c in WITHOUT_INDICATION for c in supporting):
        line.find("REV003")
    if "50" in line.modifiers and line.procedure in UNILATERAL_OR_BILATERAL:
        line.find("REV004")
    if all(len(c) == 7 and c[6] != "A" for c in supporting):
        line.find("REV005")


def judge(line, options, icd10):
    line.examined = examined_codes(line)
    if not step_1_program(line, options):
        return
    if not step_2_code_dates(line):
        return
    if not step_3_version(line, options, icd10):
        return
    if not step_4_investigational(line):
        return
    step_5_diagnosis(line, options, icd10)
    step_6_clinical_facts(line, options, icd10)
    line.denied_by_5_or_6 = "deny" in line.findings.values()
    step_8_review_flags(line, icd10)


# ---------------------------------------------------------------------------
# Step 7 and LIN007: lines among lines (contract 4.7, 4.8).
# ---------------------------------------------------------------------------


def edit_repeated_lines(lines):
    """LIN007: claim id and line number stood on an earlier decided line."""
    seen = set()
    for line in lines:
        key = (line.claim_id, line.line_number)
        if key in seen:
            line.find("LIN007")
        seen.add(key)


def edit_duplicates(lines):
    """LIN004."""
    earlier = {}  # what must be equal -> (claim id, line number) of earlier lines
    for line in lines:
        if not line.reached_step_5:
            continue
        if not line.member or not line.provider or line.billed is None or line.units <= 0:
            continue
        key = (line.member, line.provider, line.service_date, line.procedure,
               line.modifiers, line.units, line.billed)
        others = earlier.setdefault(key, set())
        if any(claim != line.claim_id or number == line.line_number
               for claim, number in others):
            line.find("LIN004")
        elif not line.denied_by_5_or_6:
            others.add((line.claim_id, line.line_number))


def edit_units(session):
    """LIN003."""
    sums = {}
    for line in session:
        if not line.reached_step_5 or "LIN004" in line.findings:
            continue
        sums[line.procedure] = sums.get(line.procedure, 0) + line.units
        limit = UNITS_LIMIT[line.procedure]
        if line.units >= 0 and sums[line.procedure] > limit:
            line.find("LIN003")


def edit_second_primary(session):
    """LIN006."""
    present = {x.procedure for x in session if "LIN004" not in x.findings}
    for line in session:
        if line.reached_step_5 and EXCLUDED_BY.get(line.procedure) in present:
            line.find("LIN006")


def edit_add_ons(session):
    """LIN001, LIN002, LIN005: after every other finding of the primaries."""
    for line in session:
        if not line.reached_step_5 or line.procedure not in ADD_ON_PRIMARIES:
            continue
        primaries = [x.disposition() for x in session if "LIN004" not in x.findings
                     and x.procedure in ADD_ON_PRIMARIES[line.procedure]]
        if not primaries:
            line.find("LIN001")
        elif all(d == "deny" for d in primaries):
            line.find("LIN002")
        elif "allow" in primaries or "refer" in primaries:
            pass
        else:
            line.find("LIN005")


def edit_lines(lines):
    edit_repeated_lines(lines)
    edit_duplicates(lines)
    sessions = {}
    for line in lines:
        sessions.setdefault(line.session(), []).append(line)
    for session in sessions.values():
        edit_units(session)
        edit_second_primary(session)
    for session in sessions.values():
        edit_add_ons(session)


# ---------------------------------------------------------------------------
# Output (contract 6), as far as the oracle goes.
# ---------------------------------------------------------------------------

DECISION_COLUMNS = [
    "source_file", "source_row", "claim_id", "line_number", "service_date",
    "procedure_code", "diagnosis_codes", "line_of_business", "disposition", "rule",
    "rules", "carc", "rarc", "policy_id", "policy_version", "indication",
]


def dotted(code):
    return code if len(code) <= 3 else code[:3] + "." + code[3:]


def decision_row(line):
    disposition = line.disposition()
    rules = [r for r in CATALOGUE if r in line.findings]
    rule, carc, rarc = "", "", ""
    if disposition != "allow":
        rule = next(r for r in rules if line.findings[r] == disposition)
        _, carc, rarc = CATALOGUE[rule]
        if rule == "COD002" and line.all_in_table:
            carc, rarc = "146", ""
    return [
        line.source_file, line.source_row, line.claim_id, line.line_number,
        line.service_date.isoformat(), line.procedure,
        ";".join(dotted(c) for c in line.examined), line.program, disposition, rule,
        ";".join(rules), carc, rarc, POLICY_ID,
        line.version["from"].isoformat() if line.version else "", line.indication,
    ]


def write_csv(path, header, rows):
    with open(path, "w", newline="", encoding="utf-8") as f:
        writer = csv.writer(f, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)


def parse_arguments(argv=None):
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--icd10", required=True)
    parser.add_argument("--out-decisions", required=True)
    parser.add_argument("--out-rejects", required=True)
    parser.add_argument("--totals")
    parser.add_argument("--unlisted-diagnosis", choices=["deny", "pend"], default="deny")
    parser.add_argument("--clinical", choices=["pend", "deny"], default="pend")
    parser.add_argument("--require-clinical", action="store_true")
    parser.add_argument("--strict-programs", action="store_true")
    parser.add_argument("--policy-date", type=Date.fromisoformat)
    parser.add_argument("inputs", nargs="+")
    return parser.parse_args(argv)


def main(argv=None):
    options = parse_arguments(argv)
    icd10 = Icd10(options.icd10)
    expand_lists(icd10)
    totals = {"rows": 0, "out_of_scope": 0, "decided": 0, "rejected": 0}
    lines, rejects = [], []
    for path in sorted(options.inputs, key=os.fsencode):
        for line in read_file(path, totals, rejects):
            judge(line, options, icd10)
            lines.append(line)
    edit_lines(lines)
    assert totals["rows"] == sum(totals.values()) - totals["rows"]
    write_csv(options.out_decisions, DECISION_COLUMNS, map(decision_row, lines))
    write_csv(options.out_rejects, ["source_file", "source_row", "column"], rejects)
    if options.totals:
        with open(options.totals, "w", encoding="utf-8") as f:
            json.dump(totals, f)
            f.write("\n")


if __name__ == "__main__":
    main()
