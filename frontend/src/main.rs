//! The command `psem`.

fn main() -> std::process::ExitCode {
    frontend::cli::main()
}
