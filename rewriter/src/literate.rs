//! Literate Maude: chapters, sections and labelled statements of a source text.
//!
//! A chapter begins with `*** # Title`, a section with `*** ## name`; the comment
//! lines below a heading are its prose. A statement belongs to the section above it
//! and is found by its label, `eq [label] : ...`. The text is read line by line, so
//! that it comes out as it was written; what it means is the business of
//! [`syntax`](crate::syntax).

/// One file of rules, read as a chapter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chapter {
    /// The words behind `*** #`; empty if there is no such line.
    pub title: String,
    /// The comment lines below the title, without their stars.
    pub prose: Vec<String>,
    /// The sections, in the order of the text.
    pub sections: Vec<Section>,
}

/// What stands below one `*** ##` heading.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Section {
    /// The words behind `*** ##`.
    pub name: String,
    /// The comment lines below the heading, without their stars.
    pub prose: Vec<String>,
    /// All lines of the section behind its prose, as they stand.
    pub lines: Vec<String>,
    /// The labelled statements.
    pub statements: Vec<LabelledStatement>,
}

/// An equation or rule with a label, as it stands in the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LabelledStatement {
    /// The label.
    pub label: String,
    /// The keyword: `eq`, `ceq`, `rl` or `crl`.
    pub keyword: String,
    /// The lines of the statement, with their indentation, up to the final period.
    pub text: String,
    /// The line on which it begins, from 1.
    pub line: usize,
}

const KEYWORDS: [&str; 6] = ["eq", "ceq", "rl", "crl", "mb", "cmb"];

impl Chapter {
    /// Reads one source text. Nothing is an error: a text without headings is a chapter
    /// without sections.
    #[must_use]
    pub fn read(text: &str) -> Chapter {
        let mut chapter = Chapter {
            title: String::new(),
            prose: Vec::new(),
            sections: Vec::new(),
        };
        let mut in_prose = false;
        let mut open: Option<LabelledStatement> = None;
        for (index, line) in text.lines().enumerate() {
            if let Some(mut statement) = open.take() {
                statement.text.push('\n');
                statement.text.push_str(line);
                if let Some(section) = chapter.sections.last_mut() {
                    section.lines.push(line.to_owned());
                }
                open = chapter.close(statement);
                continue;
            }
            if let Some(title) = line.strip_prefix("*** # ") {
                title.clone_into(&mut chapter.title);
                in_prose = true;
            } else if let Some(name) = line.strip_prefix("*** ## ") {
                chapter.sections.push(Section {
                    name: name.trim().to_owned(),
                    prose: Vec::new(),
                    lines: Vec::new(),
                    statements: Vec::new(),
                });
                in_prose = true;
            } else if in_prose && line.starts_with("***") {
                let prose = line.trim_start_matches('*').trim_start().to_owned();
                match chapter.sections.last_mut() {
                    Some(section) => section.prose.push(prose),
                    None => chapter.prose.push(prose),
                }
            } else if let Some(section) = chapter.sections.last_mut() {
                in_prose = false;
                section.lines.push(line.to_owned());
                if let Some(statement) = statement_head(line, index + 1) {
                    open = chapter.close(statement);
                }
            }
        }
        chapter
    }

    /// All labelled statements with the names of their sections, in the order of the text.
    pub fn statements(&self) -> impl Iterator<Item = (&Section, &LabelledStatement)> {
        self.sections.iter().flat_map(|section| {
            section
                .statements
                .iter()
                .map(move |statement| (section, statement))
        })
    }

    /// Files the statement if its text is complete, else gives it back.
    fn close(&mut self, statement: LabelledStatement) -> Option<LabelledStatement> {
        let complete = statement
            .text
            .lines()
            .last()
            .is_some_and(|line| line.trim_end().ends_with(" ."));
        if !complete {
            return Some(statement);
        }
        if let Some(section) = self.sections.last_mut() {
            section.statements.push(statement);
        }
        None
    }
}

fn statement_head(line: &str, number: usize) -> Option<LabelledStatement> {
    let (keyword, rest) = line.trim_start().split_once(' ')?;
    if !KEYWORDS.contains(&keyword) {
        return None;
    }
    let (label, _) = rest.trim_start().strip_prefix('[')?.split_once(']')?;
    Some(LabelledStatement {
        label: label.trim().to_owned(),
        keyword: keyword.to_owned(),
        text: line.to_owned(),
        line: number,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "*** # 6 Talk\n***\n*** About talking.\n\nmod TALK is\n*** ## send\n***\n\
        *** It is sent.\n\n  op x : -> X .\n  rl [send] :\n     a\n  => b .\n  eq [send-self] : a = b .\nendm\n";

    #[test]
    fn sections_hold_their_statements_as_written() {
        let chapter = Chapter::read(TEXT);
        assert_eq!(chapter.title, "6 Talk");
        assert_eq!(chapter.prose, ["", "About talking."]);
        let labels: Vec<_> = chapter
            .statements()
            .map(|(section, statement)| (section.name.as_str(), statement.label.as_str()))
            .collect();
        assert_eq!(labels, [("send", "send"), ("send", "send-self")]);
        let section = &chapter.sections[0];
        assert_eq!(section.prose, ["", "It is sent."]);
        assert_eq!(
            section.statements[0].text,
            "  rl [send] :\n     a\n  => b ."
        );
        assert_eq!(section.statements[0].line, 11);
    }
}
