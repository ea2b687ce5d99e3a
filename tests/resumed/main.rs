//! `run --resume`: a run that was killed, and goes on from the inputs that it had finished,
//! leaves the bytes of one that nobody disturbed.
#![cfg(target_os = "linux")]

#[path = "../killed/child.rs"]
#[allow(dead_code)] // Here a part of it is used.
mod child;
#[path = "../common/mod.rs"]
mod common;

mod fits;
mod killed;
mod stopped;
mod works;
