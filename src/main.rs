//! The `adjudicate` command. Everything it does is in the library; what is here
//! talks to the terminal.

mod cli;

fn main() -> std::process::ExitCode {
    cli::main()
}
