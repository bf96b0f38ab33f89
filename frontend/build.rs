//! Reads the rules when psem is built, so that psem need not do it each time it starts.
//!
//! Two files result: the list of the chapters with their texts, and the image of the module that
//! they make.

#[expect(unreachable_pub, reason = "the library shares this module")]
#[path = "src/semantics/directory.rs"]
mod directory;

use std::error::Error;
use std::path::{Path, PathBuf};

use directory::from_directory;
use rewriter::load::load;
use rewriter::source::Source;

fn main() -> Result<(), Box<dyn Error>> {
    let semantics = Path::new(env!("CARGO_MANIFEST_DIR")).join("../semantics");
    println!("cargo::rerun-if-changed={}", semantics.display());
    // Where the linker can be told: an executable at a fixed address starts sooner, and fewer of its pages
    // are its own, because nothing in it is moved.
    if std::env::var("CARGO_CFG_TARGET_ENV").is_ok_and(|env| env == "gnu")
        && std::env::var("CARGO_CFG_TARGET_OS").is_ok_and(|os| os == "linux")
    {
        println!("cargo::rustc-link-arg-bin=psem=-no-pie");
    }
    let output = PathBuf::from(std::env::var("OUT_DIR")?);
    let chapters = from_directory(&semantics)?;
    let list: String = (chapters.iter())
        .map(|chapter| {
            let path = semantics.join(&chapter.name);
            format!("({:?}, include_str!({path:?})),\n", chapter.name)
        })
        .collect();
    std::fs::write(output.join("chapters.rs"), format!("&[\n{list}]"))?;
    let sources: Vec<Source> = (chapters.into_iter())
        .map(|chapter| Source::new(chapter.name, chapter.text))
        .collect();
    let loaded = load(&sources).map_err(|rejected| rejected.plain())?;
    std::fs::write(output.join("semantics.image"), loaded.current().to_image()?)?;
    Ok(())
}
