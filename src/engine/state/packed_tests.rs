//! States packed and unpacked.

use proptest::prelude::*;

use super::packed::*;
use super::*;

/// Numbers of all sizes, few of them often.
fn number() -> impl Strategy<Value = u64> {
    prop_oneof![4 => 0..4_u64, 1 => any::<u64>(), 1 => Just(u64::MAX)]
}

prop_compose! {
    fn state()(words in proptest::array::uniform4(number()), claim in 0..3_u64, large in any::<bool>(),
        numbers in proptest::array::uniform2(number()), steps in proptest::array::uniform2(any::<bool>()),
        marks in number(), policy in 0..3_u16, waiver in 0..2_u16) -> (LineState, [bool; 2]) {
        let [duplicate, other, units, findings] = words;
        let units = if units == 1 { Decimal::ONE } else { Decimal::from_ten_thousandths(units.cast_signed()) };
        let [line_number, row] = numbers.map(super::low);
        let claim = if large { claim } else { other };
        let findings = FindingSet::from_bits(findings);
        let (policy, waiver) = (PolicyRef(policy), Waiver(waiver));
        let procedure = super::low(marks.rotate_left(24));
        (LineState { duplicate, claim, units, findings, line_number, row, procedure, policy, waiver }, steps)
    }
}

fn states() -> impl Strategy<Value = Vec<LineState>> {
    proptest::collection::vec(state(), 0..150).prop_map(|drawn| {
        let mut lines: Vec<LineState> = Vec::new();
        for (mut line, [numbered, placed]) in drawn {
            if let Some(last) = lines.last() {
                line.line_number = if numbered { last.line_number.wrapping_add(1) } else { line.line_number };
                line.row = if placed { last.row.wrapping_add(1) } else { line.row };
            }
            lines.push(line);
        }
        lines
    })
}

proptest! {
    #[test]
    fn what_is_packed_comes_back(lines in states(), others in states(), marked in any::<prop::sample::Index>()) {
        let mut packer = StatePacker::default();
        for mut lines in [lines, others] {
            let mut packed = packer.pack(&lines);
            prop_assert_eq!((packed.len(), packed.is_empty()), (lines.len(), lines.is_empty()));
            prop_assert_eq!(&packed.from(0).collect::<Vec<_>>(), &lines);
            for place in 0..lines.len() + 70 {
                let rest = lines.get(place..).unwrap_or_default();
                prop_assert!(packed.from(place).eq(rest.iter().copied()), "{place}");
            }
            if !lines.is_empty() {
                let place = marked.index(lines.len());
                packed.supersede(place);
                lines[place].supersede();
                prop_assert_eq!(&packed.from(0).collect::<Vec<_>>(), &lines);
            }
            packed.supersede(lines.len());
            prop_assert_eq!(packed.from(0).collect::<Vec<_>>(), lines);
        }
    }
}

#[test]
fn more_kinds_than_two_bytes_can_tell_apart_are_kept() {
    let line = |place: u32| LineState {
        duplicate: 1,
        claim: 2,
        units: Decimal::ONE,
        findings: FindingSet::from_bits(u64::from(place / 2)),
        line_number: place + 1,
        row: place + 1,
        procedure: 5,
        policy: PolicyRef(0),
        waiver: Waiver::NONE,
    };
    let lines: Vec<LineState> = (0..150_000).map(line).collect();
    let packed = StatePacker::default().pack(&lines);
    assert!(packed.bytes() > 16 * 75_000);
    assert_eq!(packed.from(0).collect::<Vec<_>>(), lines);
    assert_eq!(packed.from(140_001).next(), lines.get(140_001).copied());
}

#[test]
fn usual_lines_take_20_bytes() {
    let line = |place: u32| LineState {
        duplicate: u64::from(place) << 32 | 1,
        claim: u64::from(place / 3) << 32 | 1,
        units: Decimal::ONE,
        findings: FindingSet::from_bits(1 << (place % 5)),
        line_number: place % 3 + 1,
        row: place + 1,
        procedure: 5 + place % 7,
        policy: PolicyRef(1),
        waiver: Waiver::NONE,
    };
    let lines: Vec<LineState> = (0..3_000).map(line).collect();
    assert!(StatePacker::default().pack(&lines).bytes() < lines.len() * 20);
}
