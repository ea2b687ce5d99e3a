#![no_main]
//! See `adjudicate_fuzz::TARGETS`.

libfuzzer_sys::fuzz_target!(init: adjudicate_fuzz::watch_panics(), |data: &[u8]| adjudicate_fuzz::check("layout", data));
