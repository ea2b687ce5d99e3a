//! A run that is killed, at moments all over it: it leaves no run folder or a complete
//! one, and the next run into the same place works and cleans up. What a signal does,
//! and who may read what is written.
//!
//! `ADJUDICATE_KILLS` asks for more kills of each kind and signal than the few of every
//! day; `scripts/reliability.sh` does.
#![cfg(target_os = "linux")]

#[path = "../common/mod.rs"]
mod common;

mod all_over;
mod child;
mod modes;
mod told_to_stop;
