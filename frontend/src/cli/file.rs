//! Files that commands read and write besides programs, and what is said where that fails.

use std::path::Path;

use super::{Console, Status};
use crate::source::why_not;

/// Reads a file that must be text.
pub(super) fn read(path: &Path, console: &mut Console<'_>) -> Result<String, Status> {
    std::fs::read_to_string(path).map_err(|error| {
        let message = format!("cannot read {}: {}", path.display(), why_not(&error));
        console.refuse(&message, None)
    })
}

/// Writes a file.
pub(super) fn write(path: &Path, text: &str, console: &mut Console<'_>) -> Result<(), Status> {
    std::fs::write(path, text).map_err(|error| {
        let message = format!("cannot write {}: {}", path.display(), why_not(&error));
        console.refuse(&message, None)
    })
}

/// Makes a directory, with all that it lies in.
pub(super) fn make_directory(path: &Path, console: &mut Console<'_>) -> Result<(), Status> {
    std::fs::create_dir_all(path).map_err(|error| {
        let message = format!("cannot write {}: {}", path.display(), why_not(&error));
        console.refuse(&message, None)
    })
}

/// Refuses a file that could not be written in the end, before the work is done.
pub(super) fn may_write(path: &Path, console: &mut Console<'_>) -> Result<(), Status> {
    let parent = path
        .parent()
        .filter(|parent| !parent.as_os_str().is_empty());
    let reason = match parent {
        _ if path.is_dir() => "it is a directory".to_owned(),
        Some(parent) if !parent.is_dir() => format!("there is no directory {}", parent.display()),
        _ => return Ok(()),
    };
    let message = format!("cannot write {}: {reason}", path.display());
    Err(console.refuse(&message, None))
}

/// Refuses a directory that could not be made in the end, before the work is done.
pub(super) fn may_make_directory(path: &Path, console: &mut Console<'_>) -> Result<(), Status> {
    let there = path.ancestors().find(|path| path.exists());
    match there.filter(|there| !there.is_dir()) {
        None => Ok(()),
        Some(there) => {
            let (path, there) = (path.display(), there.display());
            let message = format!("cannot write {path}: {there} is no directory");
            Err(console.refuse(&message, None))
        }
    }
}
