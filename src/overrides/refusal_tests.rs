use super::*;

fn refused(text: &str, format: OverrideFormat) -> String {
    let as_of = Day::parse_iso("2026-06-30").unwrap();
    let refused = Overrides::parse("o", text, format, as_of).unwrap_err().to_string();
    assert!(!refused.contains("SECRET"), "{refused}");
    refused
}

/// What is said of a good entry with one line changed or added.
fn entry(change: &str) -> String {
    let key = change.split(' ').next().unwrap();
    let good = [
        "id = \"A\"",
        "owner = \"Appeals\"",
        "reason = \"upheld\"",
        "expires = 2026-12-31",
        "rules = \"COV004\"",
        "member_id = \"M-SECRET\"",
    ];
    let kept = good.into_iter().filter(|line| line.split(' ').next() != Some(key));
    let lines: Vec<&str> = kept.chain((!change.ends_with(" =")).then_some(change)).collect();
    let told = refused(&format!("# overrides\n[[override]]\n{}\n", lines.join("\n")), OverrideFormat::Toml);
    told.strip_prefix("o, entry 1 (line 2): ").unwrap_or_else(|| panic!("{told}")).to_owned()
}

#[test]
fn an_entry_says_who_why_until_when_and_what() {
    for key in ["id", "owner", "reason", "expires"] {
        assert_eq!(entry(&format!("{key} =")), format!("`{key}`: it is needed"));
    }
    for key in ["id", "owner", "reason"] {
        assert_eq!(entry(&format!("{key} = \" \"")), format!("`{key}`: it is needed"));
        assert!(entry(&format!("{key} = 7")).contains("text in quotes"));
        assert!(entry(&format!("{key} = \"a\\u001b[31m\"")).contains("can be printed"));
        assert!(entry(&format!("{key} = \"for m-secret\"")).contains("it is printed"));
    }
    assert!(entry("rules =").starts_with("`rules`: it is needed"));
    assert!(entry("rules = []").starts_with("`rules`: it is needed"));
    for rules in ["\"SECRET\"", "[\"COV004\", \"SECRET\"]", "[\"COV004\", \"all\"]"] {
        assert!(entry(&format!("rules = {rules}")).contains("not an id of the catalogue"));
    }
    assert!(entry("rules = [4]").contains("text in quotes"));
    assert!(entry("id = \"A;B\"").contains("semicolon"));
    assert!(entry("id = \"=1+1\"").contains("begins with a letter"));
    assert!(entry("expires = 2026-02-01T10:00:00Z").starts_with("`expires`: not a date"));
}

#[test]
fn a_condition_is_narrow_and_can_hold() {
    assert!(entry("member_id =").starts_with("it would hold for every line"));
    let text = "[[override]]\nid = \"A\"\nowner = \"o\"\nreason = \"r\"\nexpires = 2026-12-31\nrules = \"all\"\n\
                from = 2026-01-01\nto = 2026-12-31\n";
    assert!(refused(text, OverrideFormat::Toml).contains("it would hold for every line"));
    assert!(entry("member_id = \"\"").contains("blank"));
    assert!(entry("line_number = 2").contains("name the `claim_id` too"));
    assert!(entry("line_number = 0").contains("not a line number"));
    assert!(entry("line_number = -1").contains("not a line number"));
    assert!(entry("procedure = 22513").contains("text in quotes"));
    assert!(entry("procedure = \"SECRET-1\"").contains("not a procedure code"));
    assert!(entry("from = \"2026-02-30\"").starts_with("`from`: not a date"));
    assert!(entry("from = 2026-02-02\nto = 2026-02-01").contains("before `from`"));
    assert!(entry("member = \"SECRET\"").contains("not known; there are: id, owner"));
}

#[test]
fn a_file_is_of_its_format() {
    for text in ["a\nSECRET = ", "\n[[override]]\nid = SECRET", "\n[override]\nid = \"SECRET\"", "\nSECRET = 1"] {
        assert_eq!(
            refused(text, OverrideFormat::Toml).split(": ").last(),
            Some("this is not TOML, or it is something else than [[override]] tables of keys and values"),
        );
    }
    assert!(refused("\n\n[[override]]\nid = SECRET\n", OverrideFormat::Toml).starts_with("o, line 4"));
    let header = "id,owner,reason,expires,rules,member_id";
    let cases = [
        ("", "column 1 of the header: `id` is missing"),
        ("A,SECRET,c,d,e,f", "column 1 of the header: none that is known"),
        (&format!("{header},SECRET\n"), "column 7 of the header: none that is known"),
        (&format!("{header},Id\n"), "column 7 of the header: `id` stands there twice"),
        ("id,owner,expires,rules,member_id\n", "`reason` is missing"),
        (&format!("{header}\nA,o,r,2026-12-31,all,SECRET,x\n"), "row 2: it has more or fewer columns"),
        (&format!("{header}\n\nA,o,r,2026-12-31,all,SECRET\n,o,r,2026-12-31,all,SECRET\n"), "`id`: it is needed"),
        (
            &format!("{header}\nA,o,r,2026-12-31,all,SECRET\nB,o,r,2026-12-31,all,M\nA,o,r,2026-12-31,all,N\n"),
            "row 4: `id`: it is that of row 2 too",
        ),
    ];
    for (text, wanted) in cases {
        let told = refused(text, OverrideFormat::Csv);
        assert!(told.contains(wanted), "{told}");
    }
}
