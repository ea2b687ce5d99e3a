#!/usr/bin/env python3
"""Writes the files of sample_data/: synthetic claims, each line with a reason.

    python3 scripts/make_samples.py [--out sample_data] [--csv-only]

The same script writes the same bytes. Nobody in it exists: members are called
SYN-MEMBER, and no provider's number begins with 9. claims.parquet needs polars
(scripts/requirements.txt); --csv-only leaves it out.

claims.csv and claims.parquet hold the same claims, so even the rows that are
rejected have values that a typed column can hold.
"""

import argparse
import csv
import datetime
from pathlib import Path

COLUMNS = [
    "claim_id", "line_number", "member_id", "provider_npi", "line_of_business",
    "service_date", "place_of_service", "procedure_code", "modifiers", "units",
    "billed_amount", "paid_amount", "diagnosis_codes", "diagnosis_pointers",
    "etiology", "technique", "symptomatic", "severe_pain", "hospitalized",
    "ambulation_prevented", "fda_cleared_device", "conservative_weeks",
    "fracture_age_weeks", "note",
]
INTEGERS = ["line_number"]
FLOATS = ["units", "billed_amount", "paid_amount", "conservative_weeks",
          "fracture_age_weeks"]
ANSWERS = ["symptomatic", "severe_pain", "hospitalized", "ambulation_prevented",
           "fda_cleared_device"]

# What a line of each procedure usually costs: billed, paid.
PRICES = {"22510": (2900, 1450), "22511": (2850, 1425), "22512": (1400, 700),
          "22513": (7900, 3950), "22514": (7850, 3925), "22515": (4100, 2050),
          "0200T": (5200, 2600), "0201T": (6900, 3450)}


def member(number):
    return f"SYN-MEMBER-{number:03d}"


def provider(number):
    return f"9990000{number:03d}"


def line(claim, number, who, by, day, procedure, diagnoses, note, **more):
    """One claim line; `more` holds the columns that are not plain."""
    billed, paid = PRICES.get(procedure[:5], (180, 90))
    row = dict.fromkeys(COLUMNS, "")
    row.update(
        claim_id=f"SYN{claim:04d}", line_number=str(number), member_id=member(who),
        provider_npi=provider(by), line_of_business="commercial", service_date=day,
        place_of_service="22", procedure_code=procedure, units="1",
        billed_amount=f"{billed}.00", paid_amount=f"{paid}.00",
        diagnosis_codes=diagnoses, note=note)
    unknown = set(more) - set(COLUMNS)
    assert not unknown, unknown
    row.update(more)
    return row


def claims():
    rows = []

    def add(*args, **more):
        rows.append(line(*args, **more))

    # Plainly allowed, by program and version.
    add(1, 1, 1, 1, "2026-03-02", "22513", "M80.08XA",
        "allowed: a listed diagnosis and nothing against it")
    add(1, 2, 1, 1, "2026-03-02", "22515", "M80.08XA",
        "allowed: a further level beside its primary", units="2",
        billed_amount="8200.00", paid_amount="4100.00")
    add(2, 1, 2, 2, "2026-03-03", "22510", "C79.51",
        "allowed: metastasis", line_of_business="HMO")
    add(3, 1, 3, 2, "2019-05-06", "22514", "C90.00",
        "allowed under the version of 2018-10-01", line_of_business="ppo")
    add(4, 1, 4, 3, "2021-07-08", "22511", "M48.56XA",
        "allowed under the version of 2020-06-15; the line of business is blank",
        line_of_business="")
    add(5, 1, 5, 3, "2026-03-04", "22514", "M54.50;M80.08XA",
        "allowed: the pointer leads to the second diagnosis", diagnosis_pointers="B",
        line_of_business="Self-Funded")
    add(6, 1, 6, 4, "2026-02-14", "22513", "M84.58XA",
        "allowed: the last day before the current revision")
    add(7, 1, 7, 4, "2026-02-15", "22513", "M84.58XA",
        "allowed: the first day of the current revision", paid_amount="")

    # Out of scope: counted and no more.
    add(8, 1, 8, 5, "2026-03-02", "99213", "M54.50", "out of scope: an office visit")
    add(8, 2, 8, 5, "2026-03-02", "72148", "M54.50", "out of scope: imaging")
    add(9, 1, 9, 5, "2026-03-02", "", "M54.50", "out of scope: no procedure")

    # Programs.
    add(10, 1, 10, 6, "2026-03-05", "22513", "M80.08XA",
        "PGM001: the federal program has guidelines of its own", line_of_business="FEP")
    add(11, 1, 11, 6, "2026-03-05", "22514", "M80.08XA",
        "PGM002: state accounts have guidelines of their own",
        line_of_business="State Account Organization")
    add(12, 1, 12, 6, "2026-03-05", "22510", "M80.08XA",
        "PGM003: an LCD applies", line_of_business="Medicare Advantage")
    add(13, 1, 13, 6, "2026-03-05", "22511", "M80.08XA",
        "PGM004: an unknown name is judged as commercial", line_of_business="Plan 7")

    # Dates of codes and versions.
    add(14, 1, 14, 7, "2026-03-06", "22523", "M80.08XA",
        "COD001: the code ended in 2014; its successor is named")
    add(15, 1, 15, 7, "2014-12-31", "22514", "M80.08XA",
        "COD001: a day before the code began")
    add(16, 1, 16, 7, "2017-09-12", "22513", "M80.08XA",
        "POL001: what the guideline listed then is not known")
    add(17, 1, 17, 7, "2010-04-20", "22521", "733.13",
        "POL001: an old code on a date when it was active")

    # Investigational.
    add(18, 1, 18, 8, "2026-03-09", "0200T", "M48.58XA",
        "COV001: sacroplasty is investigational")
    add(19, 1, 19, 8, "2012-03-09", "0201T", "733.13",
        "COV001: and was so in 2012")
    add(20, 1, 20, 8, "2026-03-09", "22513", "M80.08XA",
        "COV006: radiofrequency is investigational", technique="radiofrequency")
    add(21, 1, 21, 8, "2026-03-09", "22514", "M80.08XA",
        "COV007: the device is not cleared", fda_cleared_device="no", technique="balloon")

    # Diagnoses.
    add(22, 1, 22, 9, "2026-03-10", "22513", "", "COD004: no diagnosis")
    add(23, 1, 23, 9, "2026-03-10", "22513", "M80.08XA;M54.50",
        "COD006: the pointer points behind the last diagnosis", diagnosis_pointers="C")
    add(24, 1, 24, 9, "2026-03-10", "22514", "M80.08",
        "COD003: characters are missing; the message lists every completion")
    add(25, 1, 25, 9, "2026-03-10", "22514", "M54.5",
        "COD002: the code was split in 2021 (CARC 146)")
    add(26, 1, 26, 9, "2026-03-10", "22514", "ZZZ99",
        "COD002: no such code (CARC 16)")
    add(27, 1, 27, 10, "2026-03-11", "22513", "M54.50;M47.816",
        "COV002: valid diagnoses that support nothing")
    add(28, 1, 28, 10, "2026-03-11", "22514", "S32.010A",
        "COV003: trauma is covered in words and not listed")
    add(29, 1, 29, 10, "2020-06-14", "22514", "S32.010A",
        "COV002: trauma a day before it was covered")
    add(30, 1, 30, 10, "2020-06-15", "22514", "S32.010A",
        "COV003: trauma on the day when it was")
    add(31, 1, 31, 10, "2026-03-11", "22513", "M80.08XA;ZZZ99",
        "COD005: advice about the second diagnosis; the first one supports")
    add(32, 1, 32, 10, "2026-03-11", "22510", "M80.88XA",
        "COV003: other osteoporosis is not on the list either")

    # Clinical facts, from an authorization or a chart review.
    add(33, 1, 33, 11, "2026-03-12", "22510", "M80.08XA",
        "allowed under indication V1: six weeks of care that failed",
        symptomatic="yes", conservative_weeks="6")
    add(34, 1, 34, 11, "2026-03-12", "22511", "M80.08XA",
        "allowed under indication V2: recent and in hospital", symptomatic="yes",
        hospitalized="yes", fracture_age_weeks="2.5", conservative_weeks="1")
    add(35, 1, 35, 11, "2026-03-12", "22510", "C90.00",
        "allowed under indication V3: severe pain of myeloma", severe_pain="yes")
    add(36, 1, 36, 11, "2026-03-12", "22511", "S32.020A",
        "allowed under indication V4: two weeks settle the review",
        conservative_weeks="2")
    add(37, 1, 37, 11, "2026-03-12", "22513", "M48.54XA",
        "allowed under indication K1: the column tells the cause",
        etiology="osteoporotic", symptomatic="yes", conservative_weeks="8",
        fda_cleared_device="yes", technique="mechanical")
    add(38, 1, 38, 11, "2026-03-12", "22514", "C79.52",
        "allowed under indication K2", severe_pain="yes")
    add(39, 1, 39, 11, "2026-03-12", "22514", "S32.030A",
        "allowed under indication K3", conservative_weeks="3")
    add(40, 1, 40, 12, "2026-03-13", "22513", "M80.08XA",
        "COV004: two weeks of care where six are asked for", symptomatic="yes",
        conservative_weeks="2")
    add(41, 1, 41, 12, "2026-03-13", "22513", "M80.08XA",
        "COV005: the weeks of care are not told", symptomatic="yes")
    add(42, 1, 42, 12, "2026-03-13", "22514", "M84.48XA",
        "COV005: neither code nor column tells the cause", symptomatic="yes",
        severe_pain="yes", conservative_weeks="8")

    # Lines among lines. Some of these sessions end far below.
    add(43, 1, 43, 13, "2026-03-16", "22515", "M80.08XA",
        "LIN001: a further level without a first one")
    add(44, 1, 44, 13, "2026-03-16", "22514", "M54.50", "COV002: this primary is denied")
    add(44, 2, 44, 13, "2026-03-16", "22515", "M80.08XA",
        "LIN002: and takes its add-on with it")
    add(45, 1, 45, 13, "2026-03-16", "22513", "S22.080A",
        "COV003: this primary waits for a person")
    add(45, 2, 45, 13, "2026-03-16", "22515", "M80.08XA", "LIN005: so its add-on waits")
    add(46, 1, 46, 13, "2026-03-16", "22514", "M80.08XA",
        "LIN003: two units of a code for one vertebra", units="2",
        billed_amount="15700.00", paid_amount="7850.00")
    add(47, 1, 47, 14, "2026-03-17", "22510", "M80.08XA", "allowed: an original")
    add(48, 1, 47, 14, "2026-03-17", "22510", "M80.08XA",
        "LIN004: the same service on another claim")
    add(49, 1, 49, 14, "2026-03-17", "22514", "M80.08XA",
        "LIN006: the second of two primaries; the first stands far below")
    add(50, 1, 50, 14, "2026-03-17", "22511", "M80.08XA",
        "allowed: a primary whose reversal and correction stand far below")
    add(51, 1, 51, 14, "2026-03-17", "22510", "M80.08XA",
        "allowed: a primary whose add-on stands far below on another claim")
    add(52, 1, 52, 14, "2026-03-17", "22514", "M80.08XA",
        "allowed: its claim and line number stand again far below")

    # Flags for review.
    add(53, 1, 53, 15, "2026-03-18", "22511", "M48.58XA",
        "REV001: sacral only; possibly a sacroplasty")
    add(54, 1, 54, 15, "2026-03-18", "22513", "M48.56XA",
        "REV002: a lumbar diagnosis on a thoracic procedure")
    add(55, 1, 55, 15, "2026-03-18", "22513", "D18.09",
        "REV003: on the list but in no indication; allowed")
    add(56, 1, 56, 15, "2026-03-18", "22514", "M80.08XA",
        "REV004: one vertebra has no two sides", modifiers="50")
    add(57, 1, 57, 15, "2026-03-18", "22514", "M80.08XD",
        "REV005: a later encounter; allowed", modifiers="LT")
    add(58, 1, 58, 15, "2026-03-18", "22514", "C41.2;M54.50",
        "REV003 and REV004: a flag and advice; the modifier stands behind the code",
        procedure_code="22514-50")

    # Rows that cannot be read.
    add(59, 1, 59, 16, "2026-03-19", "22513", "M80.08XA",
        "rejected: no claim id", claim_id="")
    add(60, 0, 60, 16, "2026-03-19", "22513", "M80.08XA",
        "rejected: lines count from 1")
    add(61, 1, 61, 16, "2026-03-19", "22513", "M80.08XA",
        "rejected: a fracture cannot be that new", symptomatic="yes",
        fracture_age_weeks="-3")

    # The far ends of sessions above.
    add(49, 2, 49, 14, "2026-03-17", "22513", "M80.08XA",
        "allowed: the first of two primaries")
    add(50, 2, 50, 14, "2026-03-17", "22511", "M80.08XA",
        "allowed: a reversal", units="-1", billed_amount="-2850.00",
        paid_amount="-1425.00")
    add(50, 3, 50, 14, "2026-03-17", "22511", "M80.08XA",
        "allowed: the corrected line; the units of the day come to one",
        billed_amount="2800.00", paid_amount="1400.00")
    add(62, 1, 51, 14, "2026-03-17", "22512", "M80.08XA",
        "allowed: the add-on of a primary on another claim", units="3",
        billed_amount="4200.00", paid_amount="2100.00")
    add(52, 1, 62, 17, "2026-03-20", "22513", "M80.08XA",
        "LIN007: a claim and line number that stood above; allowed")
    add(63, 1, 63, 17, "2035-03-20", "22514", "M80.08XA",
        "allowed: years after the diagnosis table's last day, which is counted")
    return rows


def write_csv(path, header, rows, delimiter=","):
    with open(path, "w", newline="", encoding="utf-8") as f:
        writer = csv.writer(f, delimiter=delimiter, lineterminator="\n")
        writer.writerow(header)
        writer.writerows([row.get(name, "") for name in header] for row in rows)


def write_parquet(path, rows):
    import polars

    def values(name):
        texts = [row[name] or None for row in rows]
        if name in INTEGERS:
            return polars.Series(name, [t and int(t) for t in texts], polars.Int64)
        if name in FLOATS:
            return polars.Series(name, [t and float(t) for t in texts], polars.Float64)
        if name in ANSWERS:
            return polars.Series(name, [t and t == "yes" for t in texts], polars.Boolean)
        if name == "service_date":
            days = [datetime.date.fromisoformat(t) for t in texts]
            return polars.Series(name, days, polars.Date)
        return polars.Series(name, texts, polars.String)

    frame = polars.DataFrame([values(name) for name in COLUMNS])
    frame.write_parquet(path, compression="zstd", row_group_size=32, statistics=True)


# ---------------------------------------------------------------------------
# The CMS Research Identifiable File of carrier claims: its column names, our rows.
# ---------------------------------------------------------------------------

RIF_COLUMNS = [
    "BENE_ID", "CLM_ID", "NCH_NEAR_LINE_REC_IDENT_CD", "NCH_CLM_TYPE_CD", "CLM_FROM_DT",
    "CLM_THRU_DT", "CARR_CLM_PMT_DNL_CD", "CLM_PMT_AMT", "PRNCPAL_DGNS_CD",
    "PRNCPAL_DGNS_VRSN_CD",
    *(name for n in range(1, 13) for name in (f"ICD_DGNS_CD{n}", f"ICD_DGNS_VRSN_CD{n}")),
    "LINE_NUM", "PRF_PHYSN_NPI", "ORG_NPI_NUM", "PRVDR_SPCLTY", "LINE_SRVC_CNT",
    "LINE_CMS_TYPE_SRVC_CD", "LINE_PLACE_OF_SRVC_CD", "LINE_1ST_EXPNS_DT",
    "LINE_LAST_EXPNS_DT", "HCPCS_CD", "HCPCS_1ST_MDFR_CD", "HCPCS_2ND_MDFR_CD",
    "LINE_NCH_PMT_AMT", "LINE_SBMTD_CHRG_AMT", "LINE_ALOWD_CHRG_AMT", "LINE_ICD_DGNS_CD",
    "LINE_ICD_DGNS_VRSN_CD",
]


def rif_day(day):
    return datetime.date.fromisoformat(day).strftime("%d-%b-%Y")


def rif(claim, number, who, by, day, procedure, line_diagnosis, header, **more):
    billed, paid = PRICES.get(procedure, (150, 75))
    row = {
        "BENE_ID": member(who), "CLM_ID": f"SYN-RIF-{claim:03d}",
        "NCH_NEAR_LINE_REC_IDENT_CD": "O", "NCH_CLM_TYPE_CD": "71",
        "CLM_FROM_DT": rif_day(day), "CLM_THRU_DT": rif_day(day),
        "CARR_CLM_PMT_DNL_CD": "1", "PRNCPAL_DGNS_CD": header[0] if header else "",
        "PRNCPAL_DGNS_VRSN_CD": "0", "LINE_NUM": str(number),
        "PRF_PHYSN_NPI": provider(by), "PRVDR_SPCLTY": "13", "LINE_SRVC_CNT": "1",
        "LINE_CMS_TYPE_SRVC_CD": "2", "LINE_PLACE_OF_SRVC_CD": "22",
        "LINE_1ST_EXPNS_DT": rif_day(day), "LINE_LAST_EXPNS_DT": rif_day(day),
        "HCPCS_CD": procedure, "LINE_NCH_PMT_AMT": f"{paid}.00",
        "LINE_SBMTD_CHRG_AMT": f"{billed}.00", "LINE_ALOWD_CHRG_AMT": f"{paid}.00",
        "CLM_PMT_AMT": f"{paid}.00", "LINE_ICD_DGNS_CD": line_diagnosis,
        "LINE_ICD_DGNS_VRSN_CD": "0" if line_diagnosis else "",
    }
    for n, code in enumerate(header, start=1):
        row[f"ICD_DGNS_CD{n}"] = code
        row[f"ICD_DGNS_VRSN_CD{n}"] = "0"
    assert not set(more) - set(RIF_COLUMNS)
    row.update(more)
    return row


def rif_rows():
    return [
        rif(1, 1, 101, 21, "2026-03-02", "99214", "I10", ["I10", "M8008XA"]),
        # In scope, and Medicare's: referred, unless a policy of its own is loaded.
        rif(2, 1, 102, 21, "2026-03-03", "22513", "M8008XA", ["M8008XA", "I10"]),
        rif(2, 2, 102, 21, "2026-03-03", "22515", "M8008XA", ["M8008XA", "I10"]),
        # The line's diagnosis comes before the header's.
        rif(3, 1, 103, 22, "2026-03-04", "22514", "C7951", ["M545", "M8458XA"],
            HCPCS_1ST_MDFR_CD="59"),
        # No day of its own: the claim's first day is taken. Nor a provider: the
        # organisation's number is.
        rif(4, 1, 104, 22, "2026-03-05", "22510", "", ["M8088XA"], LINE_1ST_EXPNS_DT="",
            PRF_PHYSN_NPI="", ORG_NPI_NUM=provider(99)),
        rif(5, 1, 105, 22, "2026-03-06", "", "E119", ["E119"]),
        # A reversal.
        rif(2, 3, 102, 21, "2026-03-03", "22515", "M8008XA", ["M8008XA"],
            LINE_SRVC_CNT="-1", LINE_NCH_PMT_AMT="-2050.00",
            LINE_SBMTD_CHRG_AMT="-4100.00"),
        # A day that cannot be read.
        rif(6, 1, 106, 23, "2026-03-09", "22511", "M8008XA", ["M8008XA"],
            LINE_1ST_EXPNS_DT="31-Feb-2026"),
    ]


# ---------------------------------------------------------------------------
# The Tuva input layer's table medical_claim: its column names, our rows.
# ---------------------------------------------------------------------------

TUVA_COLUMNS = [
    "claim_id", "claim_line_number", "claim_type", "person_id", "member_id", "payer",
    "plan", "claim_start_date", "claim_end_date", "claim_line_start_date",
    "claim_line_end_date", "place_of_service_code", "service_unit_quantity",
    "hcpcs_code", *(f"hcpcs_modifier_{n}" for n in range(1, 6)), "rendering_npi",
    "billing_npi", "paid_date", "paid_amount", "allowed_amount", "charge_amount",
    "diagnosis_code_type", *(f"diagnosis_code_{n}" for n in range(1, 26)), "data_source",
]


def tuva(claim, number, who, by, day, procedure, diagnoses, **more):
    billed, paid = PRICES.get(procedure, (150, 75))
    row = {
        "claim_id": f"SYN-TUVA-{claim:03d}", "claim_line_number": str(number),
        "claim_type": "professional", "person_id": f"SYN-PERSON-{who:03d}",
        "member_id": member(who), "payer": "Synthetic Payer", "plan": "Synthetic Plan",
        "claim_start_date": day, "claim_end_date": day, "claim_line_start_date": day,
        "claim_line_end_date": day, "place_of_service_code": "22",
        "service_unit_quantity": "1", "hcpcs_code": procedure,
        "rendering_npi": provider(by), "billing_npi": provider(90),
        "paid_date": day, "paid_amount": f"{paid}.00", "allowed_amount": f"{paid}.00",
        "charge_amount": f"{billed}.00", "diagnosis_code_type": "icd-10-cm",
        "data_source": "synthetic",
    }
    for n, code in enumerate(diagnoses, start=1):
        row[f"diagnosis_code_{n}"] = code
    assert not set(more) - set(TUVA_COLUMNS)
    row.update(more)
    return row


def tuva_rows():
    return [
        tuva(1, 1, 201, 31, "2026-03-02", "99213", ["M5450"]),
        tuva(2, 1, 202, 31, "2026-03-03", "22513", ["M8008XA", "I10"]),
        tuva(2, 2, 202, 31, "2026-03-03", "22515", ["M8008XA", "I10"],
             service_unit_quantity="2"),
        # An add-on far from its primary in the file, on another claim.
        tuva(3, 1, 203, 32, "2026-03-04", "22512", ["C7951"]),
        tuva(4, 1, 204, 32, "2026-03-05", "22514", ["M5450"]),
        tuva(5, 1, 205, 32, "2026-03-06", "0200T", ["M4858XA"]),
        tuva(6, 1, 206, 33, "2026-03-09", "22511", ["S32010A"]),
        tuva(7, 1, 207, 33, "2026-03-10", "22514", ["M8008XA"], hcpcs_modifier_2="50"),
        # Neither a day nor a rendering provider of its own.
        tuva(8, 1, 208, 33, "2026-03-11", "22510", ["C9000"], claim_line_start_date="",
             rendering_npi=""),
        tuva(9, 1, 203, 32, "2026-03-04", "22510", ["C7951"]),
        tuva(10, 1, 210, 33, "2026-03-12", "22513", []),
    ]


def main(argv=None):
    here = Path(__file__).resolve().parent
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--out", default=here.parent / "sample_data", type=Path)
    parser.add_argument("--csv-only", action="store_true")
    options = parser.parse_args(argv)
    options.out.mkdir(parents=True, exist_ok=True)
    rows = claims()
    write_csv(options.out / "claims.csv", COLUMNS, rows)
    write_csv(options.out / "rif-carrier.csv", RIF_COLUMNS, rif_rows(), "|")
    write_csv(options.out / "tuva_medical_claim.csv", TUVA_COLUMNS, tuva_rows())
    if not options.csv_only:
        write_parquet(options.out / "claims.parquet", rows)


if __name__ == "__main__":
    main()
