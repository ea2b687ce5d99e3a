#!/usr/bin/env python3
"""Seeded adversarial claim lines in the native CSV layout of `adjudicate`.

    python3 scripts/adversarial.py --icd10 TABLE.csv --lines N --seed S --out FILE
        [--delimiter ,] [--numbered-diagnoses] [--numbered-modifiers]

The same arguments give the same bytes. Lines come in small episodes (one
member, provider and day; several procedures), some kept together and most
scattered over the file, so that sessions, duplicates and repeated lines lie far
apart. A canonical line is drawn first and spelled afterwards, each time in
another of the ways the contract (sections 2 and 3) tolerates; a share of the
fields is then spoiled. Files of different seeds share members, providers, days
and a handful of popular lines, so that they also collide with one another.
`--out` may end in .gz.
"""

import argparse
import bisect
import csv
import datetime
import gzip
import random

Date = datetime.date
DAY = datetime.timedelta(days=1)

COLUMNS = [
    "claim_id", "line_number", "service_date", "procedure_code",
    "diagnosis_pointers", "line_of_business", "member_id", "provider_npi",
    "place_of_service", "units", "billed_amount", "paid_amount", "etiology",
    "technique", "symptomatic", "severe_pain", "hospitalized",
    "ambulation_prevented", "fda_cleared_device", "conservative_weeks",
    "fracture_age_weeks",
]
BOOLEANS = ["symptomatic", "severe_pain", "hospitalized", "ambulation_prevented"]
WEEKS = ["conservative_weeks", "fracture_age_weeks"]
EXTRA_COLUMN = "Remarks (ignored)"

VERTEBROPLASTY = ["22510", "22511", "22512"]
AUGMENTATION = ["22513", "22514", "22515"]
CURRENT = VERTEBROPLASTY + AUGMENTATION
SACRAL = ["0200T", "0201T"]
DELETED = ["22520", "22521", "22522", "22523", "22524", "22525", "72291", "72292",
           "76012", "76013", "S2360", "S2361", "S2362", "S2363"]
ELSEWHERE = ["99213", "72148", "J3490", "2251", "225133", "22516", "22509", "0202T",
             "S2364", "62323", "G0289", "X", "022513", "22513X", "(22513)", "22513.0"]

SUPPORTING_RANGES = [
    ("C412", "C412"), ("C7951", "C7952"), ("C9000", "C9002"), ("D1809", "D1809"),
    ("D47Z9", "D47Z9"), ("M4850XA", "M4858XS"), ("M8008XA", "M8008XS"),
    ("M8448XA", "M8448XS"), ("M8458XA", "M8458XS"), ("M8468XA", "M8468XS"),
]
REVIEW_RANGES = [("M8088XA", "M8088XS")]
TRAUMA_RANGES = [("S12000A", "S12691S"), ("S22000A", "S22089S"), ("S32000A", "S32059S")]
JUST_OUTSIDE = ["C410", "C414", "C7949", "C7950", "C7960", "C9010", "C9011", "D1808",
                "D1810", "D47Z1", "D47Z2", "M8008XB", "M4850XK", "M8000XA", "M8018XA",
                "M80811A", "M8080XA", "M8451XA", "M8450XA", "M8440XA", "M84411A",
                "M8460XA", "M8488XA", "M84550A", "S12000D", "S12001G", "S1290XA",
                "S129XXA", "S22080S", "S2220XA", "S32059K", "S3210XA", "S32110A",
                "S32592A", "M4840XA", "M4848XA", "G8929", "M545", "M5450", "M5459"]
INCOMPLETE_LISTED = ["M48", "M485", "M4850", "M4855X", "M4858", "M4858X", "M80", "M800",
                     "M8008", "M8008X", "M84", "M844", "M8448X", "M845", "M8458",
                     "M8468X", "C79", "C795", "C90", "C900", "C41", "D18", "D180", "D47",
                     "D47Z", "M808", "M8088", "M8088X"]
INCOMPLETE_TRAUMA = ["S12", "S120", "S1200", "S12000", "S1201X", "S22", "S220", "S2208",
                     "S22080", "S32", "S320", "S32059", "S3200", "S32001"]
INCOMPLETE_OTHER = ["E11", "E113", "J45", "S72", "S7200", "C50", "M544", "C901", "M8080",
                    "M4840X", "S129", "S2220", "S3210", "S321", "M840"]
UNKNOWN = ["ZZZ99", "12345", "M48.5.9", "M4859XA", "M9", "C9", "X", "M8008XX", "QQQ",
           "S12000Z", "22513", "M48 5", "N/A", "NONE", "C41.2.", "C4120", "D18.099",
           "M80.08XAA", "M80-08XA"]

PROGRAMS = {
    "commercial": ["", "", "", "commercial", "Commercial", "COMMERCIAL", "HMO", "hmo",
                   "Ppo", "EPO", "pos", "P-O-S", "exchange", "Ex change", "ACA", "aso",
                   "A_S_O", "individual", "GROUP", "self funded", "Self-Funded",
                   "SELF_FUNDED", "selffunded", "fully insured", "Fully-Insured",
                   "fully  insured"],
    "fep": ["fep", "FEP", "F E P", "federal employee program", "Federal-Employee_Program",
            "FEDERALEMPLOYEEPROGRAM"],
    "sao": ["sao", "SAO", "State Account Organization", "state_account_organization",
            "s-a-o"],
    "medicare": ["ma", "MA", "M A", "medicare advantage", "Medicare-Advantage",
                 "MEDICARE_ADVANTAGE", "medicare", "Medicare"],
    "unknown": ["Medicaid", "TRICARE", "Workers' Comp, state", "fepp", "commercial hmo",
                "Medicare Part B", "M.A.", "\u00c9tat", "Tri \"care\"", "unknown", "n/a",
                "0"],
}
ETIOLOGIES = ["osteoporotic", "Osteoporosis", "NEOPLASTIC", "metastatic", "Metastasis",
              "myeloma", "osteolytic", "traumatic", "TRAUMA", "Traumatic"]
OTHER_ETIOLOGIES = ["unknown", "osteoporotic fracture", "tumour", "n/a", "fall, stairs"]
TECHNIQUES = ["balloon", "Mechanical", "radiofrequency", "RFK", "rfk",
              "Radiofrequency Kyphoplasty", "RADIOFREQUENCY", "laser", "unknown", "kiva"]
MODIFIERS = ["50", "59", "RT", "LT", "XS", "26", "TC", "76", "GA", "22"]
TRUE = ["true", "TRUE", "True", "yes", "Yes", "y", "Y", "1"]
FALSE = ["false", "FALSE", "False", "no", "No", "n", "N", "0"]

BAD = {
    "claim_id": ["", " ", "\u00a0"],
    "line_number": ["", "0", "-1", "1.5", "abc", "4294967296", "99999999999999999999",
                    "1e1", "1,000", "1.01", "\u0661", "one", "1 1", "0.0"],
    "service_date": ["", "2023-02-30", "2021-02-29", "13/01/2022", "2/30/2022",
                     "31-Feb-2020", "20231301", "20220431", "1/2/20", "2022/01/05",
                     "05-March-2021", "01-Xyz-2021", "abc", "0000-00-00", "1899-12-31",
                     "18991231", "12/31/1899", "2022-13-01", "202201", "2022-01-0\u0661",
                     "0/1/2022", "00-Jan-2022", "1/0/2022", "45123", "2022-1-05 x"],
    "diagnosis_pointers": ["Z", "AZ", "A1", "1A", "-1", "1.0", "?", "+2", "1/2", "A&B",
                           "\u00c4", "\u0661", "1-2", "1 x z", "1,Z", "(1)"],
    "units": ["abc", "1,000", "1e0", "NaN", "inf", "$1", ".", "-", "--1", "1.2.3", "1 1",
              "1_0", "\uff11", "0x1", "900000000001", "-900000000001", "one", "1-", "+-1",
              "Infinity"],
    "billed_amount": ["abc", "1,23", "12,34.00", "1234,567", "1,2345", "1e3", "NaN",
                      "inf", "$", ".", "1.2.3", "(5.00)", "5-", "--5", "-$-5", "$$5",
                      "5$", "1 000", "1_000", "1000000000000", "-900000000000.01",
                      "900,000,000,001", ",100", "1,,000", "\uff15", "0x10", "USD 5",
                      "1,234,56.00"],
    "symptomatic": ["maybe", "2", "t", "unknown", "-", "yes!", "10", "tr ue"],
    "conservative_weeks": ["-1", "abc", "six", "1e1", "NaN", "6 weeks", "$6", "1,000", ".",
                           "-0.5", ">6"],
}
BAD["paid_amount"] = BAD["billed_amount"]
BAD["fracture_age_weeks"] = BAD["conservative_weeks"]
for _column in BOOLEANS + ["fda_cleared_device"]:
    BAD[_column] = BAD["symptomatic"]

INVALID_UTF8 = [b"\xff", b"caf\xe9", b"\xc3(", b"\xed\xa0\x80", b"\xf0\x9f\x92", b"\xc0\xaf",
                b"\x80", b"M\xf6ller"]
TEXTS = ["plain text", "with, comma", "with; semicolon", "pipe | and tab \t here",
         "two\nlines", "three\r\nlines\r\nhere", 'some "quoted" words', '""', "  ",
         "\u00e9t\u00e9 \u2603", "", "", "a'b", "# no comment", "\u200b"]


class Codes:
    """The ICD-10-CM table, sorted into what makes trouble."""

    def __init__(self, path):
        self.valid = {}
        with open(path, newline="", encoding="utf-8") as f:
            for row in csv.DictReader(f):
                self.valid[row["code"]] = (row["valid_from"], row["valid_to"])
        self.all = sorted(self.valid)
        self.supporting = self.ranges(SUPPORTING_RANGES)
        self.review = self.ranges(REVIEW_RANGES)
        self.trauma = self.ranges(TRAUMA_RANGES)
        self.trauma_initial = [c for c in self.trauma if c[6:] in ("A", "B")]
        self.dated = [c for c, (a, b) in self.valid.items()
                      if b or a > "20181001"]
        # once billable, and today the beginning of longer codes
        self.split = [c for c in self.dated if self.valid[c][1]
                      and self.all[(bisect.bisect(self.all, c)) % len(self.all)].startswith(c)]
        self.steady = [c for c in self.all[::97]
                       if self.valid[c] == ("20151001", "") and c not in self.supporting]

    def ranges(self, pairs):
        return [c for c in self.all if any(a <= c <= b for a, b in pairs)]

    def boundaries(self, code):
        """The first and last days of a code, and their neighbours."""
        first, last = self.valid[code]
        days = [compact(first), compact(first) - DAY]
        if last:
            days += [compact(last), compact(last) + DAY]
        return days


def compact(text):
    return Date(int(text[:4]), int(text[4:6]), int(text[6:]))


BOUNDARY_DAYS = [Date(2001, 1, 1), Date(2002, 1, 1), Date(2004, 1, 1), Date(2006, 1, 1),
                 Date(2006, 4, 1), Date(2007, 1, 1), Date(2009, 7, 1), Date(2009, 7, 15),
                 Date(2015, 1, 1), Date(2015, 10, 1), Date(2016, 1, 1), Date(2016, 10, 1),
                 Date(2018, 10, 1), Date(2020, 6, 15), Date(2026, 2, 15),
                 Date(2026, 10, 1), Date(2027, 10, 1)]
FAR_DAYS = [Date(1900, 1, 1), Date(1999, 12, 31), Date(2000, 2, 29), Date(2100, 3, 1),
            Date(9999, 12, 31), Date(2031, 5, 5)]


# ---------------------------------------------------------------------------
# Canonical lines: dictionaries of plain values.
# ---------------------------------------------------------------------------


class Maker:
    def __init__(self, rng, codes, episodes):
        self.rng = rng
        self.codes = codes
        self.members = [f"M{n:04d}" for n in range(max(8, episodes // 6))]
        self.members += ["O'Neil, A", 'Q"12', "\u00c5se", "m0001", "two\nlined"]
        self.providers = ["1003000126", "1679576722", "1234567893", "0099887766",
                          "npi-X", "NPI-X"]
        self.days = [Date(2018, 10, 1) + DAY * (n * 61) for n in range(54)]
        self.hot = self.members[:3] + self.members[-3:]  # whose sessions collide
        self.claims = [f"C{n:05d}" for n in range(max(20, episodes * 3))]
        self.claims += ["c00001", "C,1", 'C"2', "C;3|4", "two\nlines", "\u00dc-\u65e5", "C 5"]

    def one_of(self, *weighted):
        """one_of((weight, function), ...): the result of one of the functions."""
        total = self.rng.random() * sum(w for w, _ in weighted)
        for weight, function in weighted:
            total -= weight
            if total < 0:
                return function()
        return weighted[-1][1]()

    def day(self):
        rng = self.rng
        return self.one_of(
            (70, lambda: rng.choice(self.days)),
            (11, lambda: rng.choice(BOUNDARY_DAYS) + DAY * rng.choice([-1, -1, 0, 0, 1])),
            (6, lambda: Date(2018, 10, 1) + DAY * rng.randrange(3300)),
            (4, lambda: Date(2001, 1, 1) + DAY * rng.randrange(6400)),
            (1, lambda: rng.choice(FAR_DAYS)))

    def diagnosis(self):
        rng, codes = self.rng, self.codes
        return self.one_of(
            (46, lambda: rng.choice(codes.supporting)),
            (4, lambda: rng.choice(["C412", "D1809", "D47Z9"])),
            (5, lambda: "M4858X" + rng.choice("ADGS")),
            (10, lambda: rng.choice(codes.review)),
            (8, lambda: rng.choice(codes.trauma_initial)),
            (2, lambda: rng.choice(codes.trauma)),
            (5, lambda: rng.choice(JUST_OUTSIDE)),
            (10, lambda: rng.choice(codes.steady)),
            (6, lambda: rng.choice(INCOMPLETE_LISTED)),
            (3, lambda: rng.choice(INCOMPLETE_TRAUMA)),
            (3, lambda: rng.choice(INCOMPLETE_OTHER)),
            (6, lambda: rng.choice(codes.dated)),
            (2, lambda: rng.choice(codes.split)),
            (5, lambda: rng.choice(UNKNOWN)))

    def diagnoses(self):
        rng = self.rng
        count = self.one_of(
            (4, lambda: 0), (50, lambda: 1), (22, lambda: 2), (12, lambda: 3),
            (8, lambda: 4), (4, lambda: rng.randint(5, 13)), (1, lambda: rng.randint(14, 30)))
        found = [self.diagnosis() for _ in range(count)]
        if found and rng.random() < 0.05:
            found.append(found[0])
        return found

    def supporting_diagnoses(self):
        pool = [c for c in self.codes.supporting]
        return [self.rng.choice(pool) for _ in range(self.rng.choice([1, 1, 1, 2]))]

    def pointers(self, count):
        """Pointer text; mostly none, mostly pointing at something."""
        rng = self.rng
        if rng.random() < 0.62:
            return ""
        kinds = []
        for _ in range(rng.choice([1, 1, 1, 2, 3])):
            n = rng.randint(1, max(1, count + 1))
            digits = "".join(str(rng.randint(1, max(1, min(9, count + 1))))
                             for _ in range(rng.randint(2, 4)))
            letters = "".join(chr(64 + rng.randint(1, min(25, count + 2)))
                              for _ in range(rng.randint(1, 4)))
            kinds.append(rng.choice([
                str(n), str(n), chr(64 + n) if n <= 25 else "Y", digits, letters,
                letters.lower(), rng.choice(["0", "10", "12", "21", "99", "Y", "25", "26",
                                             "01", "002", "123456789", "1" * 25, "11"])]))
        return rng.choice([" ", ",", ";", ":", "|", "^", ", "]).join(kinds)

    def facts(self, line):
        """The clinical facts: none, any, or those of one indication."""
        rng = self.rng
        weeks = ["0", "1.9999", "2", "2.0", "5.9999", "6", "6.0", "06", ".5", "5.", "12",
                 "6.0001", "1.99", "3", "+6"]

        def anything():
            for column in BOOLEANS:
                line[column] = rng.choice([None, True, False])
            for column in WEEKS:
                line[column] = rng.choice(weeks) if rng.random() < 0.6 else ""

        def first_kind():
            line.update(symptomatic=True, conservative_weeks=rng.choice(["6", "6.0", "12"]))

        def second_kind():
            line.update(symptomatic=True, fracture_age_weeks=rng.choice(["5.9999", "2", "0"]))
            line[rng.choice(["hospitalized", "ambulation_prevented"])] = True
            line["conservative_weeks"] = rng.choice(["", "1", "2"])

        def pain():
            line.update(severe_pain=True)

        def acute():
            line.update(conservative_weeks=rng.choice(["2", "2.0", "3", "1.9999"]))

        def nothing_holds():
            line.update(dict.fromkeys(BOOLEANS, False))
            line.update(conservative_weeks="0", fracture_age_weeks=rng.choice(["6", "52"]))

        self.one_of((60, lambda: None), (14, anything), (7, first_kind), (6, second_kind),
                    (6, pain), (5, acute), (6, nothing_holds))
        if line.get("symptomatic") is True and rng.random() < 0.1:
            line[rng.choice(BOOLEANS)] = rng.choice([None, True, False])

    def amount(self):
        rng = self.rng
        return rng.choice(["100", "1234.5", "2500", "0", "12500.25", "1234567.89", "0.5",
                           "-100", "-1234.56", "99.9999", "0.00005", "0.00004",
                           "899999999999.99"]) if rng.random() < 0.7 \
            else str(rng.randint(1, 400) * 25)

    def line(self, episode, number, procedure):
        rng = self.rng
        line = {
            "claim_id": episode["claim_id"], "line_number": number,
            "service_date": episode["day"], "procedure": procedure,
            "member_id": episode["member"], "provider_npi": episode["provider"],
            "program": episode["program"], "diagnoses": self.diagnoses(),
            "modifiers": [], "units": "", "billed": "", "paid": "", "etiology": "",
            "technique": "", "fda": None, "bad": None,
        }
        if rng.random() < 0.3:
            line["diagnoses"] = self.supporting_diagnoses()
        line["pointers"] = self.pointers(len(line["diagnoses"]))
        if rng.random() < 0.25:
            line["modifiers"] = rng.sample(MODIFIERS, rng.choice([1, 1, 2, 3]))
        if rng.random() < 0.5:
            line["units"] = rng.choice(["1", "1", "1", "1.0", "1", "2", "3", "4", "5", "0",
                                        "-1", "-2", "0.5", "1.5", "0.00005", "0.00004",
                                        "-0.00004", "1.00004", "1.00005", "3.5", "2.25"])
        if rng.random() < 0.8:
            line["billed"] = self.amount()
        if rng.random() < 0.7:
            line["paid"] = self.amount()
        self.facts(line)
        if rng.random() < 0.25:
            line["etiology"] = rng.choice(ETIOLOGIES * 2 + OTHER_ETIOLOGIES)
        if rng.random() < 0.25:
            line["technique"] = rng.choice(TECHNIQUES)
        if rng.random() < 0.25:
            line["fda"] = rng.choice([True, True, False])
        # a diagnosis with dates of its own, judged around them
        if rng.random() < 0.05:
            code = rng.choice(self.codes.dated + self.codes.split * 3)
            line["diagnoses"] = [code] + line["diagnoses"][:rng.choice([0, 0, 1])]
            line["pointers"] = ""
            line["service_date"] = rng.choice(self.codes.boundaries(code))
        return line

    def episode(self):
        """Lines of one member, provider and day; mostly of one claim."""
        rng = self.rng
        episode = {
            "member": self.one_of((80, lambda: rng.choice(self.members)),
                                  (14, lambda: rng.choice(self.hot)), (6, lambda: "")),
            "provider": rng.choice(self.providers) if rng.random() < 0.93 else "",
            "day": self.day(),
            "claim_id": rng.choice(self.claims[:40] + self.claims[-7:])
            if rng.random() < 0.1 else rng.choice(self.claims),
            "program": self.one_of(
                (76, lambda: "commercial"), (5, lambda: "fep"), (4, lambda: "sao"),
                (6, lambda: "medicare"), (9, lambda: "unknown")),
        }
        wanted = self.one_of(
            (22, lambda: [rng.choice(CURRENT)]),
            (10, lambda: ["22510", "22512"]), (10, lambda: ["22511", "22512"]),
            (6, lambda: ["22510", "22511"]), (4, lambda: ["22511", "22510", "22512"]),
            (10, lambda: ["22513", "22515"]), (10, lambda: ["22514", "22515"]),
            (6, lambda: ["22513", "22514"]), (4, lambda: ["22513", "22514", "22515"]),
            (5, lambda: [rng.choice(CURRENT)] * 2),
            (4, lambda: [rng.choice(["22512", "22515"])] * 3),
            (4, lambda: [rng.choice(["22512", "22515"])]),
            (4, lambda: rng.choices(CURRENT, k=5)),
            (4, lambda: [rng.choice(SACRAL)]),
            (6, lambda: [rng.choice(DELETED)]))
        lines = []
        for number, procedure in enumerate(wanted, start=1):
            line = self.line(episode, number, procedure)
            if rng.random() < 0.04:
                line["line_number"] = rng.choice([1, 2, 4294967295, 100])
            if rng.random() < 0.05:  # one session, another claim
                line["claim_id"] = rng.choice(self.claims)
            if rng.random() < 0.03:  # one claim and line, another program
                line["program"] = rng.choice(list(PROGRAMS))
            lines.append(line)
        # a good primary, so that review flags and add-ons meet allowed lines
        if rng.random() < 0.5:
            for line in lines:
                if rng.random() < 0.7:
                    line.update(diagnoses=self.supporting_diagnoses(), pointers="",
                                units=rng.choice(["", "1"]), technique="", fda=None)
        rng.shuffle(lines)
        return lines

    def again(self, line):
        """A line once more: a duplicate, or almost one."""
        rng = self.rng
        copy = dict(line)
        if not copy["billed"] and rng.random() < 0.5:
            copy["billed"] = "100"
        self.one_of(
            (30, lambda: None),  # the same claim and line
            (30, lambda: copy.update(claim_id=rng.choice(self.claims))),
            (12, lambda: copy.update(line_number=copy["line_number"] % 90 + 1)),
            (4, lambda: copy.update(provider_npi=rng.choice(self.providers))),
            (4, lambda: copy.update(modifiers=copy["modifiers"] + ["59"])),
            (4, lambda: copy.update(modifiers=copy["modifiers"][::-1] * 2)),
            (3, lambda: copy.update(units="2")),
            (3, lambda: copy.update(billed=self.amount())),
            (3, lambda: copy.update(diagnoses=self.diagnoses(), pointers="")),
            (3, lambda: copy.update(member_id=copy["member_id"].lower())),
            (2, lambda: copy.update(procedure=rng.choice(CURRENT))),
            (2, lambda: copy.update(service_date=min(copy["service_date"],
                                                     Date.max - DAY) + DAY)))
        return copy

    def elsewhere(self):
        """A line out of scope; whatever else it holds must not matter."""
        rng = self.rng
        line = self.line(
            {"claim_id": rng.choice(self.claims), "day": self.day(), "program": "unknown",
             "member": rng.choice(self.members), "provider": rng.choice(self.providers)},
            rng.randint(1, 9), rng.choice(ELSEWHERE + ["", "", " "]))
        if rng.random() < 0.3:
            line["bad"] = "any"
        return line


# ---------------------------------------------------------------------------
# Spelling: one canonical line in one of the tolerated ways.
# ---------------------------------------------------------------------------


class Speller:
    def __init__(self, rng, numbered_diagnoses, numbered_modifiers):
        self.rng = rng
        self.numbered_diagnoses = numbered_diagnoses
        self.numbered_modifiers = numbered_modifiers

    def any_case(self, text):
        return self.rng.choice([text, text, text.upper(), text.lower()])

    def date(self, day):
        rng = self.rng
        month = day.strftime("%b")
        return rng.choice([
            day.isoformat(), day.isoformat(), f"{day.year:04d}{day.month:02d}{day.day:02d}",
            f"{day.month}/{day.day}/{day.year}", f"{day.month:02d}/{day.day:02d}/{day.year}",
            f"{day.day:02d}-{month}-{day.year}", f"{day.day:02d}-{month.upper()}-{day.year}",
            f"{day.day}-{month.lower()}-{day.year}"])

    def number(self, text):
        """A plain decimal in another spelling of the same value."""
        rng = self.rng
        if not text or rng.random() < 0.6:
            return text
        if "." not in text:
            text = rng.choice([text + ".", text + ".0", text + ".000000", text])
        else:
            text = text + rng.choice(["", "0", "00"])
        if text.startswith("0.") and len(text) > 2 and rng.random() < 0.5:
            text = text[1:]
        if not text.startswith("-") and rng.random() < 0.15:
            text = "+" + text
        elif text[:1].isdigit() and rng.random() < 0.1:
            text = "00" + text
        return text

    def dollars(self, text):
        rng = self.rng
        if not text:
            return text
        sign = "-" if text.startswith("-") else ""
        digits = text.lstrip("-")
        if rng.random() < 0.5:
            digits = self.number(digits).lstrip("+")
        whole, dot, fraction = digits.partition(".")
        if rng.random() < 0.35 and whole and not whole.startswith("0"):
            whole = f"{int(whole):,}"
        digits = whole + dot + fraction
        return rng.choice([sign + digits, sign + digits, sign + "$" + digits,
                           "$" + sign + digits, (sign or "+") + digits])

    def boolean(self, value):
        if value is None:
            return ""
        return self.rng.choice(TRUE if value else FALSE)

    def diagnosis(self, code):
        rng = self.rng
        if rng.random() < 0.55 and "." not in code and len(code) > 3:
            code = code[:3] + "." + code[3:]
        elif rng.random() < 0.05 and len(code) == 3:
            code += "."
        if rng.random() < 0.2:
            code = code.lower()
        if rng.random() < 0.06:
            code = rng.choice(["ABK:", "BK:", "abf ", "Abk^", "BF|", "ABF;"]) + code
        return code

    def list_of(self, tokens):
        rng = self.rng
        separator = rng.choice([";", ";", ",", "|", "^", ":", " ", "  ", "\t", ", ", ";;",
                                " ; ", "|,", "\n", "\u00a0"])
        text = separator.join(tokens)
        if tokens and rng.random() < 0.06:
            text = rng.choice([separator + text, text + separator])
        return text

    def procedure(self, line, fields):
        """The code, and here or there its modifiers."""
        rng = self.rng
        code = self.any_case(line["procedure"])
        modifiers = [self.any_case(m) for m in line["modifiers"]]
        rng.shuffle(modifiers)
        glued = rng.randint(0, len(modifiers)) if rng.random() < 0.4 and code.strip() else 0
        for modifier in modifiers[:glued]:
            code += rng.choice(["-", ":", " ", "-", " - ", "::", "  ", "\u00a0"]) + modifier
        if line["procedure"].strip() and rng.random() < 0.02:
            code += rng.choice(["-", ":", " -"])
        rest = modifiers[glued:]
        if self.numbered_modifiers:
            columns = [[] for _ in range(4)]
            for modifier in rest:
                rng.choice(columns).append(modifier)
            for n, tokens in enumerate(columns, start=1):
                fields[f"modifier_{n}"] = self.list_of(tokens)
        else:
            fields["modifiers"] = self.list_of(rest)
        fields["procedure_code"] = code

    def diagnoses(self, line, fields):
        rng = self.rng
        tokens = [self.diagnosis(c) for c in line["diagnoses"]]
        if self.numbered_diagnoses:
            tokens = tokens[:25]
        if not self.numbered_diagnoses:
            fields["diagnosis_codes"] = self.list_of(tokens)
            if not tokens and rng.random() < 0.2:
                fields["diagnosis_codes"] = rng.choice([";", " , ", "ABK", "bf:"])
            return
        slots = list(range(1, 26))
        if rng.random() < 0.25:  # empty slots between
            slots = sorted(rng.sample(slots, max(len(tokens), 1)))
        columns = {}
        for n, token in zip(slots, tokens):
            if columns and rng.random() < 0.05:  # two codes in one column
                n = rng.choice(list(columns))
            columns[n] = columns.get(n, []) + [token]
        for n in range(1, 26):
            fields[f"diagnosis_{n}"] = self.list_of(columns.get(n, []))

    def spell(self, line):
        rng = self.rng
        fields = {
            "claim_id": line["claim_id"],
            "line_number": rng.choice([str(line["line_number"])] * 4 + [
                f"{line['line_number']}.0", f"{line['line_number']}.000",
                f"0{line['line_number']}"]),
            "service_date": self.date(line["service_date"]),
            "diagnosis_pointers": line["pointers"],
            "line_of_business": rng.choice(PROGRAMS[line["program"]]),
            "member_id": line["member_id"],
            "provider_npi": line["provider_npi"],
            "place_of_service": rng.choice(["", "11", "21", "22", "24", "Office, main"]),
            "units": self.number(line["units"]) or rng.choice(["", "", "1"]),
            "billed_amount": self.dollars(line["billed"]),
            "paid_amount": self.dollars(line["paid"]),
            "etiology": self.any_case(line["etiology"]),
            "technique": self.any_case(line["technique"]),
            "fda_cleared_device": self.boolean(line["fda"]),
            EXTRA_COLUMN: rng.choice(TEXTS),
        }
        for column in BOOLEANS:
            fields[column] = self.boolean(line.get(column))
        for column in WEEKS:
            fields[column] = line.get(column, "")
        self.procedure(line, fields)
        self.diagnoses(line, fields)
        for column in fields:
            if column != EXTRA_COLUMN and rng.random() < 0.025:
                edge = rng.choice([" ", "  ", "\t", "\u00a0", "\u2003", "\u3000", "\n"])
                fields[column] = rng.choice([edge, ""]) + fields[column] + edge
        return fields

    def spoil(self, line, fields):
        """Bad values; -> (column, bytes) that no text can hold, or None."""
        rng = self.rng
        for _ in range(rng.choice([1, 1, 1, 2, 3])):
            column = rng.choice(list(BAD))
            fields[column] = rng.choice(BAD[column])
        if rng.random() < 0.25:
            column = rng.choice(list(fields))
            if column == "procedure_code" and rng.random() < 0.5:
                column = "member_id"
            return column, rng.choice(INVALID_UTF8)
        return None


# ---------------------------------------------------------------------------
# Writing: bytes, with every liberty that CSV allows.
# ---------------------------------------------------------------------------


class Writer:
    def __init__(self, rng, delimiter):
        self.rng = rng
        self.delimiter = delimiter.encode()

    def field(self, value):
        rng = self.rng
        special = value.startswith(b'"') or any(
            c in value for c in (self.delimiter, b"\n", b"\r"))
        if special or rng.random() < 0.06:
            quoted = b'"' + value.replace(b'"', b'""') + b'"'
            # the end of a value may stand behind the closing quote
            if rng.random() < 0.08 and value[-1:].isalnum():
                quoted = b'"' + value[:-1].replace(b'"', b'""') + b'"' + value[-1:]
            return quoted
        return value

    def record(self, values):
        return self.delimiter.join(self.field(v) for v in values)

    def end(self):
        return self.rng.choice([b"\n"] * 14 + [b"\r\n"] * 5 + [b"\r"] + [
            self.rng.choice([b"\n\n", b"\r\n\r\n", b"\n\r\n\n", b"\r\r", b"\n\r"])])


def make_header(rng, columns):
    names = []
    for column in columns:
        name = rng.choice([column, column, column.upper(), column.title()])
        names.append(rng.choice([name] * 5 + [f" {name} "]).encode())
    return names


def build(options):
    rng = random.Random(f"adversarial {options.seed} {options.numbered_diagnoses}")
    codes = Codes(options.icd10)
    maker = Maker(rng, codes, options.lines // 4)

    # popular lines: the same in every file, whatever its seed
    common = Maker(random.Random("popular"), codes, 40)
    popular = [line for _ in range(25) for line in common.episode()]

    # episodes, scattered: each line gets a place, kept close or anywhere
    lines = []
    while len(lines) < options.lines:
        if rng.random() < 0.52:
            place = rng.random()
            near = rng.random() < 0.4
            for line in maker.episode():
                lines.append((place if near else rng.random(), line))
                while rng.random() < 0.13:
                    lines.append((rng.random(), maker.again(line)))
        else:
            lines.append((rng.random(), maker.elsewhere()))
        if rng.random() < 0.03:
            lines.append((rng.random(), maker.again(rng.choice(popular))))
    lines = lines[:options.lines]
    lines.sort(key=lambda pair: pair[0])

    numbered_modifiers = options.numbered_modifiers or rng.random() < 0.3
    speller = Speller(rng, options.numbered_diagnoses, numbered_modifiers)
    writer = Writer(rng, options.delimiter)
    columns = COLUMNS + [EXTRA_COLUMN]
    columns += ([f"diagnosis_{n}" for n in range(1, 26)] if options.numbered_diagnoses
                else ["diagnosis_codes"])
    columns += ([f"modifier_{n}" for n in range(1, 5)] if numbered_modifiers
                else ["modifiers"])
    rng.shuffle(columns)

    out = [b"\xef\xbb\xbf"] if rng.random() < 0.3 else []
    if rng.random() < 0.2:
        out.append(rng.choice([b"\n", b"\r\n\n"]))
    out += [writer.record(make_header(rng, columns)), rng.choice([b"\n", b"\r\n"])]
    for _, line in lines:
        fields = speller.spell(line)
        raw = None
        if line["bad"] or rng.random() < 0.05:
            raw = speller.spoil(line, fields)
        values = [fields[c].encode() for c in columns]
        if raw:
            values[columns.index(raw[0])] = raw[1]
        if rng.random() < 0.03:
            values[columns.index(EXTRA_COLUMN)] = rng.choice(INVALID_UTF8)
        if rng.random() < 0.004:  # a quote inside a field, or behind a blank, is a letter
            i = columns.index("claim_id")
            values[i] = rng.choice([b'Q"7', b'A""B', b'x"', b' "x"'])
        text = writer.record(values)
        if rng.random() < 0.012:  # ragged
            text = rng.choice([
                text + writer.delimiter, text + writer.delimiter + b"x",
                writer.record(values[:-1]), writer.record(values[:2]), b'""', b" ",
                writer.delimiter, writer.record(values + values)])
        out += [text, writer.end()]
    if rng.random() < 0.3:
        out.pop()  # no line end at the end of the file
    return b"".join(out)


def main(argv=None):
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--icd10", required=True)
    parser.add_argument("--lines", type=int, required=True)
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--out", required=True)
    parser.add_argument("--delimiter", default=",", help=", | ; or tab")
    parser.add_argument("--numbered-diagnoses", action="store_true")
    parser.add_argument("--numbered-modifiers", action="store_true")
    options = parser.parse_args(argv)
    if options.delimiter in ("tab", "\\t"):
        options.delimiter = "\t"
    data = build(options)
    if options.out.endswith(".gz"):
        data = gzip.compress(data, mtime=0)
    with open(options.out, "wb") as f:
        f.write(data)


if __name__ == "__main__":
    main()
