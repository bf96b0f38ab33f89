//! What a `.pproj` file says.

use roxmltree::{Document, ParsingOptions};

/// The parts of a project that decide what its program is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Description {
    /// The files and directories of `PFile`, in order.
    pub(super) files: Vec<String>,
    /// The projects of `IncludeProject`, in order.
    pub(super) includes: Vec<String>,
}

/// Why a text is no project, with its place.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{line}:{column}: {message}")]
pub(super) struct DescriptionError {
    line: u32,
    column: u32,
    message: String,
}

impl Description {
    /// Reads the XML of a project. Elements that decide other things are passed over.
    pub(super) fn read(text: &str) -> Result<Self, DescriptionError> {
        // A byte order mark is common in files of .NET projects.
        let text = text.trim_start_matches('\u{FEFF}');
        let options = ParsingOptions {
            nodes_limit: 100_000,
            ..ParsingOptions::default()
        };
        let document = Document::parse_with_options(text, options).map_err(|error| {
            let place = error.pos();
            DescriptionError {
                line: place.row,
                column: place.col,
                message: error.to_string(),
            }
        })?;
        let root = document.root_element();
        if root.tag_name().name() != "Project" {
            let place = document.text_pos_at(root.range().start);
            return Err(DescriptionError {
                line: place.row,
                column: place.col,
                message: format!("expected <Project>, found <{}>", root.tag_name().name()),
            });
        }
        let mut description = Description::default();
        let mut is_named = false;
        for node in root.descendants().filter(roxmltree::Node::is_element) {
            let text = node.text().unwrap_or_default().trim();
            match node.tag_name().name() {
                "ProjectName" if is_name(text) => is_named = true,
                "ProjectName" => {
                    let place = document.text_pos_at(node.range().start);
                    return Err(DescriptionError {
                        line: place.row,
                        column: place.col,
                        message: "<ProjectName> needs a name of letters, digits and `_`".to_owned(),
                    });
                }
                "PFile" if !text.is_empty() => description.files.push(text.to_owned()),
                "IncludeProject" if !text.is_empty() => description.includes.push(text.to_owned()),
                _ => {}
            }
        }
        if !is_named {
            let place = document.text_pos_at(root.range().start);
            return Err(DescriptionError {
                line: place.row,
                column: place.col,
                message: "the project has no <ProjectName>".to_owned(),
            });
        }
        Ok(description)
    }
}

fn is_name(text: &str) -> bool {
    text.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_')
        && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_files_and_includes() {
        let description = Description::read(
            "<Project><ProjectName>X</ProjectName><InputFiles><PFile> ./PSrc/ </PFile>\
             <PFile>a.p</PFile></InputFiles><IncludeProject>../B.pproj</IncludeProject></Project>",
        )
        .unwrap();
        assert_eq!(description.files, ["./PSrc/", "a.p"]);
        assert_eq!(description.includes, ["../B.pproj"]);
    }

    #[test]
    fn says_where_the_text_is_no_project() {
        assert!(
            Description::read("<Project>")
                .unwrap_err()
                .to_string()
                .starts_with("1:")
        );
        let unnamed = Description::read("<Project></Project>").unwrap_err();
        assert_eq!(unnamed.to_string(), "1:1: the project has no <ProjectName>");
        let odd = Description::read("<Project><ProjectName>a b</ProjectName></Project>");
        assert!(
            odd.unwrap_err()
                .to_string()
                .starts_with("1:10: <ProjectName>")
        );
        let error = Description::read("\n<Solution/>").unwrap_err();
        assert_eq!(
            error.to_string(),
            "2:1: expected <Project>, found <Solution>"
        );
    }
}
