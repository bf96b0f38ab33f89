//! The rules as a text: labels, sections, and real Maude loading them.

use std::collections::BTreeMap;

use frontend::semantics;
use rewriter::literate::Chapter;

fn chapters() -> Vec<(String, Chapter)> {
    semantics::built_in()
        .iter()
        .map(|file| (file.name.clone(), Chapter::read(&file.text)))
        .collect()
}

#[test]
fn every_statement_has_a_label_that_begins_with_its_section() {
    let mut wrong = Vec::new();
    for (file, chapter) in chapters() {
        for (section, statement) in chapter.statements() {
            let fits = statement.label == section.name
                || statement.label.starts_with(&format!("{}-", section.name));
            if !fits {
                wrong.push(format!("{file}:{} [{}]", statement.line, statement.label));
            }
        }
    }
    assert_eq!(wrong, Vec::<String>::new());
}

#[test]
fn no_statement_is_without_a_label() {
    let mut wrong = Vec::new();
    for file in semantics::built_in() {
        for (index, line) in file.text.lines().enumerate() {
            let mut words = line.split_whitespace();
            let keyword = words.next().unwrap_or_default();
            let next = words.next().unwrap_or_default();
            if matches!(keyword, "eq" | "ceq" | "rl" | "crl") && !next.starts_with('[') {
                wrong.push(format!("{}:{}", file.name, index + 1));
            }
        }
    }
    assert_eq!(wrong, Vec::<String>::new());
}

#[test]
fn labels_and_sections_are_unique() {
    let mut places: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (file, chapter) in chapters() {
        for section in &chapter.sections {
            let place = format!("{file} section");
            places
                .entry(format!("section {}", section.name))
                .or_default()
                .push(place);
            for statement in &section.statements {
                let place = format!("{file}:{}", statement.line);
                places
                    .entry(format!("label {}", statement.label))
                    .or_default()
                    .push(place);
            }
        }
    }
    places.retain(|_, places| places.len() > 1);
    assert_eq!(places, BTreeMap::new());
}

#[test]
fn every_owise_is_explained() {
    let mut wrong = Vec::new();
    for file in semantics::built_in() {
        let lines: Vec<&str> = file.text.lines().collect();
        for (index, line) in lines.iter().enumerate() {
            if !line.trim_end().ends_with("[owise] .") {
                continue;
            }
            let explained = lines[..index]
                .iter()
                .rev()
                .take(8)
                .take_while(|line| !line.trim_end().ends_with(" .") || line.contains("***"))
                .any(|line| line.trim_start().starts_with("***"));
            if !explained {
                wrong.push(format!("{}:{}", file.name, index + 1));
            }
        }
    }
    assert_eq!(wrong, Vec::<String>::new());
}

#[test]
fn every_directory_of_programs_is_a_section() {
    let sections: Vec<String> = chapters()
        .iter()
        .flat_map(|(_, chapter)| chapter.sections.iter().map(|section| section.name.clone()))
        .collect();
    let mut strange = Vec::new();
    for entry in std::fs::read_dir(tests::root().join("tests/programs")).unwrap() {
        let name = entry.unwrap().file_name().to_string_lossy().into_owned();
        if !sections.contains(&name) {
            strange.push(name);
        }
    }
    assert_eq!(strange, Vec::<String>::new());
}

#[test]
fn maude_loads_the_rules_without_a_warning() {
    let Some(maude) = tests::maude::command() else {
        return;
    };
    let text: String = semantics::built_in()
        .iter()
        .map(|file| file.text.clone() + "\n")
        .collect();
    let output = tests::maude::run(&maude, &format!("{text}red in P : wrap(1) .\nquit .\n"));
    assert!(
        output
            .as_ref()
            .is_ok_and(|text| text.contains("result NzNat: 1")),
        "{output:?}"
    );
}

/// The points at which P's tools disagree, D1 to D68: a program says which side is taken.
#[test]
fn every_point_of_difference_has_a_case() {
    let mut texts = String::new();
    for directory in ["tests/programs", "frontend/tests/cases"] {
        for case in tests::case::cases(&tests::root().join(directory)).unwrap() {
            texts.push_str(&std::fs::read_to_string(&case.path).unwrap());
            texts.push('\n');
        }
    }
    let words: std::collections::BTreeSet<&str> = texts
        .split(|character: char| !character.is_ascii_alphanumeric())
        .collect();
    let missing: Vec<String> = (1..=68)
        .map(|number| format!("D{number}"))
        .filter(|point| !words.contains(point.as_str()))
        .collect();
    assert_eq!(missing, Vec::<String>::new());
}
