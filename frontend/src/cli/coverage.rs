//! `psem coverage`: what several checks of a program have covered together.

use serde_json::Value;

use super::arguments::{CoverageArguments, Format};
use super::file::read;
use super::{Console, Status};
use crate::report::{Coverage, coverage_text};

/// Merges the files.
pub(super) fn coverage(
    arguments: &CoverageArguments,
    console: &mut Console<'_>,
) -> Result<Status, Status> {
    let mut merged = Coverage::default();
    for file in &arguments.files {
        let name = file.display();
        let text = read(file, console)?;
        let value: Value = serde_json::from_str(&text)
            .map_err(|error| console.refuse(&format!("{name} is not JSON: {error}"), None))?;
        // The report of a check has it as one member, and it is one by itself.
        let value = value.get("coverage").cloned().unwrap_or(value);
        let reached: Coverage = serde_json::from_value(value).map_err(|error| {
            let help = "psem check PATH --coverage --format json > FILE";
            console.refuse(&format!("{name} holds no coverage: {error}"), Some(help))
        })?;
        merged.merge(&reached);
    }
    match arguments.format {
        Format::Text => console.print(&coverage_text(&merged)),
        Format::Json => match serde_json::to_string_pretty(&merged) {
            Ok(text) => console.print(&format!("{text}\n")),
            Err(error) => {
                return Err(console.refuse(&format!("the coverage is not JSON: {error}"), None));
            }
        },
    }
    Ok(Status::Done)
}
