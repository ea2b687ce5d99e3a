//! Texts by their spans, however they are found.

use super::*;

/// `count` words of 40 bytes each, and keys that look for them up and down.
fn words(count: u32) -> (Vec<u8>, Plain, Vec<u32>) {
    let words = (0..count).flat_map(|at| [40_u32.to_le_bytes().to_vec(), format!("{at:040}").into_bytes()].concat());
    let bytes: Vec<u8> = words.collect();
    let mut plain = Plain::default();
    plain.find(&bytes, count as usize).unwrap();
    let keys = (0..3 * count).map(|row| if row % 5 == 0 { GAP } else { row / 2 * 7 % count });
    (bytes, plain, keys.collect())
}

#[test]
fn texts_are_the_same_however_they_are_found() {
    for (count, is_near) in [(10, true), (5_000, false)] {
        let (bytes, plain, keys) = words(count);
        let mut found = Spans::default();
        found.push_found(&keys, &plain, &bytes, &mut Vec::new()).unwrap();
        let words = || Words::new(bytes.clone(), plain.clone()).unwrap();
        assert_eq!(Words::are_near(&bytes), is_near);
        let mut put = Spans::default();
        put.push_words(&keys, &words()).unwrap();
        let mut near = Spans::of_words(words());
        // What was there before does not show.
        near.push_keys(&keys[3..]).unwrap();
        near.push_found(&keys[..7], &plain, &bytes, &mut b"before".to_vec()).unwrap();
        near.clear();
        near.push_keys(&keys).unwrap();
        assert_eq!((near.len(), near.get(0)), (keys.len(), None));
        assert_eq!(near.get(4).map(str::len), Some(40));
        assert!((0..keys.len() + 2).all(|row| near.get(row) == found.get(row) && near.get(row) == put.get(row)));
        // What is wanted is found in any.
        let wanted = |text: &str| text.ends_with('3');
        let expected: Vec<usize> = (11..keys.len()).filter(|row| near.get(*row).is_some_and(wanted)).collect();
        for spans in [&mut near, &mut put] {
            let mut kept = Vec::new();
            spans.retain(11, &mut Vec::new(), wanted, |row| kept.push(row + 11));
            assert!(!kept.is_empty() && kept == expected);
            assert!((0..11).chain(kept).enumerate().all(|(at, row)| spans.get(at) == found.get(row)));
        }
    }
}

#[test]
fn a_page_of_its_own_texts_says_nothing_of_the_dictionary_behind_it() {
    let (bytes, plain, _) = words(5_000);
    let dictionary = Words::new(bytes, plain).unwrap();
    let text = b"\x04\x00\x00\x00else";
    let mut one = Plain::default();
    one.find(text, 1).unwrap();
    let mut spans = Spans::default();
    spans.push_words(&[0], &dictionary).unwrap();
    spans.push_found(&[0], &one, text, &mut Vec::new()).unwrap();
    spans.push_words(&[0], &dictionary).unwrap();
    assert_eq!((spans.get(1), spans.get(2)), (Some("else"), spans.get(0)));
}

#[test]
fn one_long_word_is_not_put_together_without_end() {
    let mut bytes = vec![b'a'; MOST_TEXT / 4 + 4];
    bytes[..4].copy_from_slice(&u32::try_from(MOST_TEXT / 4).unwrap().to_le_bytes());
    bytes.extend([1, 0, 0, 0, b'a', 0, 0, 0, 0]);
    let mut plain = Plain::default();
    plain.find(&bytes, 3).unwrap();
    let (mut spans, mut letters) = (Spans::default(), Vec::new());
    for _ in 0..4 {
        assert_eq!(spans.push_found(&[0], &plain, &bytes, &mut letters), Some(()));
    }
    assert_eq!(spans.push_found(&[1], &plain, &bytes, &mut letters), None);
    assert_eq!(spans.push_found(&[2], &plain, &bytes, &mut letters), Some(()));
    assert_eq!(Spans::default().push_found(&[0, 1, 0, 1, 0, 1, 0], &plain, &bytes, &mut letters), None);
}

#[test]
fn texts_that_are_not_utf8_are_refused() {
    let mut plain = Plain::default();
    // Two halves of a letter are no letter, nor are they beside one another.
    let halves = [&[1, 0, 0, 0, 0xc3][..], &[1, 0, 0, 0, 0xa4]].concat();
    plain.find(&halves, 2).unwrap();
    let found = |keys: &[u32], plain: &Plain, bytes: &[u8]| {
        Spans::default().push_found(keys, plain, bytes, &mut Vec::new()).is_some()
    };
    assert!(!found(&[0], &plain, &halves) && !found(&[0, 1], &plain, &halves));
    assert!(Words::new(halves, plain.clone()).is_none());
    let letters = [&[2, 0, 0, 0, 0xc3, 0xa4][..], &[0, 0, 0, 0], &[1, 0, 0, 0, b'a']].concat();
    plain.find(&letters, 3).unwrap();
    assert!(found(&[0, 1, GAP, 2, 0], &plain, &letters));
    // Nor are a length and a text.
    let length = [&[0xc3, 0, 0, 0][..], &[b'a'; 0xc3]].concat();
    plain.find(&length, 1).unwrap();
    assert!(Words::new(length, plain.clone()).is_some());
    assert_eq!(plain.find(&[5, 0, 0, 0, 1], 1), None);
}
