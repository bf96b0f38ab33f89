//! The rule files: built into the binary, or read from a directory.
//!
//! Chapters are read in the order of their numbers. A directory given with
//! `--semantics` replaces the built-in ones, so that a changed rule runs without a build. The
//! built-in ones are read when psem is built, and are here as texts and as an image.

mod directory;

pub use directory::{Chapter, from_directory};

/// The module that the built-in chapters make, as bytes.
pub(crate) const IMAGE: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/semantics.image"));

/// The chapters as they were when psem was built, in reading order.
const BUILT_IN: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/chapters.rs"));

/// The chapters that are built into this binary.
#[must_use]
pub fn built_in() -> Vec<Chapter> {
    BUILT_IN
        .iter()
        .map(|(name, text)| Chapter {
            name: (*name).to_owned(),
            text: (*text).to_owned(),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use rewriter::load::load;
    use rewriter::source::Source;

    use super::*;

    #[test]
    fn the_built_in_chapters_are_those_of_the_directory() {
        let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("../semantics");
        assert_eq!(built_in(), from_directory(&directory).unwrap());
    }

    #[test]
    fn the_image_is_that_of_the_chapters() {
        let sources: Vec<Source> = built_in()
            .into_iter()
            .map(|chapter| Source::new(chapter.name, chapter.text))
            .collect();
        let loaded = load(&sources).unwrap();
        assert!(loaded.current().to_image().unwrap() == IMAGE);
    }
}
