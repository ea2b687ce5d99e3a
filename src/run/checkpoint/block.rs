//! What became of a batch, as bytes that it can be made of again.
//!
//! States, held lines and notes on versions have a stored form already. The numbers of
//! combinations of overrides depend on the order in which lines met them, so each is
//! stored with the places of its overrides, and numbered anew.

use super::bytes::{Bytes, put, put_bytes};
use super::lines::{Waivers, put_counts, put_lines, take_counts, take_lines};
use crate::claim::Decimal;
use crate::engine::{EditNote, LineState, VersionNote};
use crate::input::Column;
use crate::overrides::{Overrides, Waiver};
use crate::rules::{CATALOGUE, Evidence, RuleId};
use crate::run::lane::{LaneOutcome, Lanes};
use crate::run::shadow::ShadowBatch;
use crate::run::worker::{BatchOutcome, RejectedRow};

/// A batch's bytes.
pub(super) fn encode(outcome: &BatchOutcome, overrides: &Overrides) -> Vec<u8> {
    let lane = &outcome.lanes.own;
    let states = &lane.lines.states;
    let mut out = Vec::with_capacity(states.len() * (LineState::STORED + 16) + lane.held.len() + 256);
    put_counts(&mut out, &lane.counts);

    let shadow = outcome.lanes.shadow.as_ref();
    let states = states.from(0).chain(shadow.into_iter().flat_map(|shadow| shadow.states().from(0)));
    let mut waivers: Vec<Waiver> = states.map(|line| line.waiver).filter(|waiver| !waiver.is_none()).collect();
    waivers.sort_unstable_by_key(|waiver| waiver.0);
    waivers.dedup();
    put(&mut out, waivers.len() as u64);
    for waiver in waivers {
        put(&mut out, waiver.0.into());
        let met: Vec<usize> = overrides.met(waiver).collect();
        put(&mut out, met.len() as u64);
        for place in met {
            put(&mut out, place as u64);
        }
    }

    put_lines(&mut out, &lane.lines);
    put(&mut out, lane.notes.len() as u64);
    for EditNote { line, rule, evidence } in &lane.notes {
        put(&mut out, u64::from(*line));
        out.push(*rule as u8);
        put(&mut out, evidence.other.map_or(u64::MAX, u64::from));
        put(&mut out, evidence.units.ten_thousandths().cast_unsigned());
        put(&mut out, evidence.limit.into());
    }
    put_bytes(&mut out, &lane.held);
    put(&mut out, lane.payments.len() as u64);
    for payment in &lane.payments {
        put(&mut out, *payment);
    }

    put(&mut out, outcome.versions.len() as u64);
    for note in &outcome.versions {
        out.extend_from_slice(&note.to_bytes());
    }
    put(&mut out, outcome.rejects.len() as u64);
    for RejectedRow { row, column, reason, text } in &outcome.rejects {
        put(&mut out, *row);
        put_bytes(&mut out, column.map(|column| column.to_string()).unwrap_or_default().as_bytes());
        put_bytes(&mut out, reason.as_bytes());
        put_bytes(&mut out, text);
    }
    out.push(u8::from(shadow.is_some()));
    if let Some(shadow) = shadow {
        shadow.put(&mut out);
    }
    out
}

/// The batch of an input, by its place among the inputs, that these bytes hold: of a run with a
/// shadow, or without.
pub(super) fn decode(bytes: &[u8], file: usize, overrides: &Overrides, has_shadow: bool) -> Option<BatchOutcome> {
    let bytes = &mut Bytes(bytes);
    let counts = take_counts(bytes)?;
    let waivers = bytes.all(|bytes| {
        let stored: u16 = bytes.small()?;
        let met = bytes.all(Bytes::small::<u32>)?;
        Some((stored, overrides.number(&met)?))
    })?;
    let waivers: Waivers = waivers.into_iter().collect();

    let lines = take_lines(bytes, &waivers)?;
    let notes = bytes.all(note)?;
    let held = bytes.bytes()?.to_vec();
    let payments = bytes.all(Bytes::number)?;
    let own = LaneOutcome { counts, lines, notes, held, payments };

    let versions = bytes.all(|bytes| bytes.array().map(|note| VersionNote::from_bytes(&note)))?;
    let rejects = bytes.all(rejected)?;
    let shadow = match bytes.array()? {
        [0] if !has_shadow => None,
        [1] if has_shadow => Some(ShadowBatch::take(bytes, &waivers, own.lines.states.len())?),
        _ => return None,
    };
    bytes.0.is_empty().then_some(BatchOutcome { file, lanes: Lanes { own, shadow }, rejects, versions })
}

fn note(bytes: &mut Bytes<'_>) -> Option<EditNote> {
    let line = bytes.small()?;
    let rule = rule(bytes.array()?)?;
    let other = bytes.number()?;
    let other = if other == u64::MAX { None } else { Some(u32::try_from(other).ok()?) };
    let units = Decimal::from_ten_thousandths(bytes.number()?.cast_signed());
    Some(EditNote { line, rule, evidence: Evidence { other, units, limit: bytes.small()? } })
}

fn rule([place]: [u8; 1]) -> Option<RuleId> {
    CATALOGUE.get(usize::from(place)).map(|rule| rule.id)
}

fn rejected(bytes: &mut Bytes<'_>) -> Option<RejectedRow> {
    let row = bytes.number()?;
    let column = bytes.text()?;
    let column = if column.is_empty() { None } else { Some(Column::from_name(&column)?) };
    Some(RejectedRow { row, column, reason: bytes.text()?, text: bytes.bytes()?.to_vec() })
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::claim::{ClaimFrequency, Day, PayerRecord};
    use crate::engine::{EditBatch, SessionKey, StatePacker};
    use crate::overrides::OverrideFormat;
    use crate::rules::FindingSet;
    use crate::run::RowCounts;

    const OVERRIDES: &str = "id,owner,reason,expires,rules,claim_id,provider_npi\n\
        ONE,Pharmacy,exemption,2026-12-31,COV002,,1\n\
        TWO,Network,carve-out,2026-12-31,LIN002,,1\n\
        THREE,Appeals,upheld,2026-12-31,COV002,C3,\n";

    fn overrides() -> Arc<Overrides> {
        let as_of = Day::parse_iso("2026-06-30").unwrap();
        Arc::new(Overrides::parse("overrides.csv", OVERRIDES, OverrideFormat::Csv, as_of).unwrap())
    }

    fn outcome(waivers: [Waiver; 2]) -> BatchOutcome {
        let mut lines = EditBatch::default();
        let state = |claim: u8, waiver: Waiver| {
            let mut bytes = [claim; LineState::STORED];
            // No mark of another line's session or claim.
            bytes[44..].fill(0);
            LineState::from_bytes(&bytes).waiving(waiver)
        };
        for (session, claim, waiver) in
            [(7, 1, waivers[0]), (7, 1, Waiver::NONE), (u128::MAX, 1, waivers[1]), (7, 2, waivers[0])]
        {
            lines.push(SessionKey(session), state(claim, waiver));
        }
        let evidence = |other| Evidence { other, units: Decimal::from_ten_thousandths(-3), limit: 4 };
        let notes = vec![
            EditNote { line: 0, rule: RuleId::Lin004, evidence: evidence(None) },
            EditNote { line: 3, rule: RuleId::Cod005, evidence: evidence(Some(u32::MAX - 1)) },
        ];
        let counts = RowCounts { rows: 9, out_of_scope: 3, superseded: 0, decided: 4, rejected: 2 };
        let lines = lines.packed(&mut StatePacker::default());
        let own = LaneOutcome { counts, lines, notes, held: b"held".to_vec(), payments: vec![1, 0, 3, 4] };
        let payer = PayerRecord { frequency: ClaimFrequency::Void, ..PayerRecord::default() };
        let reject =
            |column, text: &[u8]| RejectedRow { row: 8, column, reason: "no \"day\"".into(), text: text.into() };
        BatchOutcome {
            file: 5,
            lanes: Lanes { own, shadow: None },
            rejects: vec![reject(None, b"\xff,\n"), reject(Some(Column::Diagnosis(3)), b"")],
            versions: vec![VersionNote::new("C1", &payer, 6)],
        }
    }

    #[test]
    fn a_stored_batch_is_the_same_under_numbers_of_its_own() {
        let (first, again) = (overrides(), overrides());
        let [both, third] = [&[0, 1][..], &[2]].map(|met| first.number(met).unwrap());
        // Met the other way round, they have other numbers.
        let [third_again, both_again] = [&[2][..], &[0, 1]].map(|met| again.number(met).unwrap());
        assert_eq!([third_again, both_again], [both, third]);
        let bytes = encode(&outcome([both, third]), &first);
        let read = decode(&bytes, 5, &again, false).unwrap();
        assert_eq!(format!("{read:?}"), format!("{:?}", outcome([both_again, third_again])));
        assert_eq!(encode(&read, &again).len(), bytes.len());
        // With a shadow, and not without.
        let mut beside = outcome([both, third]);
        beside.lanes.shadow = Some(ShadowBatch::default());
        for (outcome, has_shadow) in [(read, false), (beside, true)] {
            let bytes = encode(&outcome, &again);
            assert!(
                decode(&bytes, 5, &again, has_shadow).is_some() && decode(&bytes, 5, &again, !has_shadow).is_none()
            );
        }
    }

    #[test]
    fn what_is_no_batch_is_none() {
        let overrides = overrides();
        let bytes = encode(&outcome([overrides.number(&[0]).unwrap(), Waiver::NONE]), &overrides);
        for length in 0..bytes.len() {
            assert!(decode(&bytes[..length], 0, &overrides, false).is_none(), "{length}");
        }
        assert!(decode(&[&bytes[..], b"\0"].concat(), 0, &overrides, false).is_none());
        // Whatever a byte is, nothing panics.
        for place in 0..bytes.len() {
            let mut other = bytes.clone();
            other[place] ^= 0xff;
            let _ = decode(&other, 0, &overrides, false);
        }
        assert!(overrides.number(&[3]).is_none() && overrides.number(&[1, 0]).is_none());
        assert_eq!(overrides.number(&[]), Some(Waiver::NONE));
        let none = FindingSet::default();
        assert_eq!(overrides.waived(Waiver::NONE), none);
    }
}
