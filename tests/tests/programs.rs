//! Every program below `tests/programs`, with what psem and Maude say of it.

use libtest_mimic::{Arguments, Failed, Trial};

fn main() {
    let arguments = Arguments::from_args();
    let directory = tests::root().join("tests/programs");
    let cases = tests::case::cases(&directory).expect("the programs can be read");
    let trials = cases
        .into_iter()
        .map(|case| {
            Trial::test(case.name.clone(), move || {
                case.check().map_err(Failed::from)
            })
        })
        .collect();
    libtest_mimic::run(&arguments, trials).exit();
}
