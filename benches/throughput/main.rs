//! Throughput of the hot parts, by subject, and of a whole run.
//!
//! `cargo bench --bench throughput` measures all of them, with `splitting` behind it
//! those of that subject. `cargo test --bench throughput` goes through each once,
//! over few lines, to see that it still works: that is what `.ci/run` does. How fast
//! a run is on real files is for `adjudicate bench` to say.

mod claims;
mod codes;
mod deciding;
mod parquet;
mod splitting;
mod whole_run;
mod writing;

fn main() {
    divan::main();
}
