//! README's example is a test: its program, its command, its output.

use tests::psem::psem;

fn blocks() -> Vec<String> {
    let text =
        std::fs::read_to_string(tests::root().join("README.md")).expect("README can be read");
    text.split("```")
        .skip(1)
        .step_by(2)
        .map(|block| block.trim_start_matches('\n').to_owned())
        .collect()
}

#[test]
fn the_program_is_the_file() {
    let file = tests::root().join("tests/programs/unhandled/lock-server.p");
    let text = std::fs::read_to_string(file).unwrap();
    let program: String = text
        .lines()
        .filter(|line| !line.starts_with("// psem:"))
        .map(|line| format!("{line}\n"))
        .collect();
    assert_eq!(blocks()[0], program);
}

#[test]
fn the_output_is_what_psem_says() {
    let blocks = blocks();
    let (command, output) = (&blocks[1], &blocks[2]);
    assert_eq!(
        command.trim(),
        "cargo run --release -- search tests/programs/unhandled/lock-server.p \"=>* violation\""
    );
    let file = tests::root().join("tests/programs/unhandled/lock-server.p");
    let arguments = ["search", &file.display().to_string(), "=>* violation"];
    let answer = psem(&arguments.map(str::to_owned));
    assert_eq!(answer.code, 1);
    assert_eq!(&answer.out, output);
}
