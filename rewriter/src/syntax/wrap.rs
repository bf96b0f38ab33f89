//! Lines no longer than a terminal is wide.
//!
//! The one idea: text after a place where a line may be broken waits until the next such place;
//! only then is it known whether it still fits. A line may be broken before a blank, which is
//! then dropped, and after a comma or an opening bracket, but not in strings. Columns are bytes,
//! as in Maude.

use std::io::{self, Write};

/// How many columns there are.
const WIDTH: usize = 80;
/// The last one stays free.
const LAST: usize = WIDTH - 1;
/// How far a continued line is indented.
const INDENT: usize = 4;

/// Breaks the lines of what is written through it as Maude does.
///
/// ```
/// use std::io::Write;
/// use rewriter::syntax::wrap::Wrapped;
/// let mut text = Vec::new();
/// let mut wrapped = Wrapped::new(&mut text);
/// writeln!(wrapped, "{}", "seven, ".repeat(12)).unwrap();
/// let lines: Vec<usize> = text.split(|&byte| byte == b'\n').map(<[u8]>::len).collect();
/// assert_eq!(lines, [76, 11, 0]);
/// ```
pub struct Wrapped<'o> {
    output: &'o mut dyn Write,
    /// What stands after the last place for a break; nothing if there was none in this line, or
    /// none that would help.
    pending: Option<Vec<u8>>,
    /// Where the next character stands if the line is not broken.
    column: usize,
    after_backquote: bool,
    after_backslash: bool,
    in_string: bool,
    in_escape: bool,
}

impl<'o> Wrapped<'o> {
    /// Writes to `output`.
    pub fn new(output: &'o mut dyn Write) -> Wrapped<'o> {
        Wrapped {
            output,
            pending: None,
            column: 0,
            after_backquote: false,
            after_backslash: false,
            in_string: false,
            in_escape: false,
        }
    }

    /// A byte that takes no room, such as those that switch a color.
    fn put(&mut self, byte: u8) -> io::Result<()> {
        match &mut self.pending {
            Some(pending) => pending.push(byte),
            None => self.output.write_all(&[byte])?,
        }
        Ok(())
    }

    fn put_visible(&mut self, byte: u8) -> io::Result<()> {
        self.put(byte)?;
        self.column += 1;
        if self
            .pending
            .as_ref()
            .is_some_and(|pending| pending.len() > LAST - INDENT)
        {
            // It fits on no line.
            self.release()?;
        }
        Ok(())
    }

    fn release(&mut self) -> io::Result<()> {
        match self.pending.take() {
            Some(pending) => self.output.write_all(&pending),
            None => Ok(()),
        }
    }

    /// Writes what waits, on a line of its own if there is no room for it.
    fn decide(&mut self) -> io::Result<()> {
        if self.column <= LAST {
            return self.release();
        }
        if let Some(pending) = self.pending.take() {
            let rest = pending.strip_prefix(b" ").unwrap_or(&pending);
            write!(self.output, "\n{:INDENT$}", "")?;
            self.output.write_all(rest)?;
            self.column = INDENT + rest.len();
        }
        Ok(())
    }

    /// The line may be broken here.
    fn allow(&mut self) -> io::Result<()> {
        self.decide()?;
        self.pending = Some(Vec::new());
        self.column %= WIDTH;
        Ok(())
    }

    fn byte(&mut self, byte: u8) -> io::Result<()> {
        if self.in_escape {
            self.in_escape = byte != b'm';
            return self.put(byte);
        }
        self.in_string &= byte == b' ' || byte.is_ascii_graphic();
        let is_plain = self.in_string || self.after_backquote;
        match byte {
            0x1b => {
                self.in_escape = true;
                self.put(byte)?;
            }
            b'\n' => {
                self.decide()?;
                self.output.write_all(b"\n")?;
                self.column = 0;
            }
            b' ' if !self.in_string => {
                self.allow()?;
                self.put_visible(byte)?;
            }
            b',' | b'(' | b'[' | b'{' if !is_plain => {
                self.put_visible(byte)?;
                self.allow()?;
            }
            _ => {
                if byte == b'"' && !self.after_backslash {
                    self.in_string = !self.in_string;
                }
                self.put_visible(byte)?;
            }
        }
        self.after_backquote = byte == b'`';
        self.after_backslash = self.in_string && !self.after_backslash && byte == b'\\';
        Ok(())
    }
}

impl Write for Wrapped<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        for &byte in bytes {
            self.byte(byte)?;
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.decide()?;
        self.output.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wrapped(text: &str) -> String {
        let mut output = Vec::new();
        Wrapped::new(&mut output)
            .write_all(text.as_bytes())
            .unwrap();
        String::from_utf8(output).unwrap()
    }

    #[test]
    fn strings_and_long_words_are_not_broken() {
        let string = format!("{} \"{}\"\n", "a".repeat(70), "b c ".repeat(4));
        let broken = format!("{}\n    \"{}\"\n", "a".repeat(70), "b c ".repeat(4));
        assert_eq!(wrapped(&string), broken);
        let long = format!("x {}\n", "a".repeat(100));
        assert_eq!(wrapped(&long), long);
    }

    #[test]
    fn brackets_and_commas_end_lines() {
        let text = format!("{}(b, c)\n", "a".repeat(77));
        assert_eq!(wrapped(&text), format!("{}(\n    b, c)\n", "a".repeat(77)));
        let quoted = format!("{}`(b ccc\n", "a".repeat(74));
        assert_eq!(
            wrapped(&quoted),
            format!("{}`(b\n    ccc\n", "a".repeat(74))
        );
    }
}
