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
/// How many columns a tab goes on to a multiple of.
const TAB: usize = 8;
/// Bytes that are kept back before they are written.
const MOST_BUFFERED: usize = 1 << 15;

/// Breaks the lines of what is written through it as Maude does.
///
/// ```
/// use std::io::Write;
/// use rewriter::syntax::wrap::Wrapped;
/// let mut text = Vec::new();
/// let mut wrapped = Wrapped::new(&mut text);
/// writeln!(wrapped, "{}", "seven, ".repeat(12)).unwrap();
/// wrapped.flush().unwrap();
/// let lines: Vec<usize> = text.split(|&byte| byte == b'\n').map(<[u8]>::len).collect();
/// assert_eq!(lines, [76, 11, 0]);
/// ```
pub struct Wrapped<'o> {
    output: &'o mut dyn Write,
    /// Text that is not written yet.
    buffer: Vec<u8>,
    /// Where the last place for a break is in the buffer; nothing if there was none in this line,
    /// or none that would help.
    pending: Option<usize>,
    /// How many columns the text after it takes; a tab at its start takes none.
    n_waiting: usize,
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
            buffer: Vec::with_capacity(MOST_BUFFERED),
            pending: None,
            n_waiting: 0,
            column: 0,
            after_backquote: false,
            after_backslash: false,
            in_string: false,
            in_escape: false,
        }
    }

    fn put_visible(&mut self, byte: u8) {
        self.buffer.push(byte);
        self.column += 1;
        self.n_waiting += 1;
        if self.n_waiting > LAST - INDENT {
            // It fits on no line.
            self.pending = None;
        }
    }

    /// Puts what waits on a line of its own if there is no room for it.
    fn decide(&mut self) {
        let Some(start) = self.pending.take() else {
            return;
        };
        if self.column > LAST {
            let first = self.buffer.get(start).copied();
            let blank = usize::from(first == Some(b' '));
            let line = [&b"\n"[..], &[b' '; INDENT]].concat();
            self.buffer.splice(start..start + blank, line);
            let indent = if first == Some(b'\t') {
                next_tab(INDENT)
            } else {
                INDENT
            };
            self.column = indent + self.n_waiting - blank;
        }
    }

    /// The line may be broken here.
    fn allow(&mut self) {
        self.decide();
        self.pending = Some(self.buffer.len());
        self.n_waiting = 0;
        self.column %= WIDTH;
    }

    fn byte(&mut self, byte: u8) {
        if self.in_escape {
            // What switches a color takes no room.
            self.in_escape = byte != b'm';
            self.buffer.push(byte);
            return;
        }
        self.in_string &= byte == b' ' || byte.is_ascii_graphic();
        let is_plain = self.in_string || self.after_backquote;
        match byte {
            0x1b => {
                self.in_escape = true;
                self.buffer.push(byte);
            }
            b'\n' => {
                self.decide();
                self.buffer.push(b'\n');
                self.column = 0;
            }
            b'\t' => {
                self.allow();
                self.buffer.push(byte);
                self.column = next_tab(self.column);
            }
            b' ' if !self.in_string => {
                self.allow();
                self.put_visible(byte);
            }
            b',' | b'(' | b'[' | b'{' if !is_plain => {
                self.put_visible(byte);
                self.allow();
            }
            _ => {
                if byte == b'"' && !self.after_backslash {
                    self.in_string = !self.in_string;
                }
                self.put_visible(byte);
            }
        }
        self.after_backquote = byte == b'`';
        self.after_backslash = self.in_string && !self.after_backslash && byte == b'\\';
    }
}

/// The column after a tab.
fn next_tab(column: usize) -> usize {
    (column / TAB + 1) * TAB
}

impl Write for Wrapped<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        for &byte in bytes {
            self.byte(byte);
        }
        if self.buffer.len() > MOST_BUFFERED {
            let n_decided = self.pending.unwrap_or(self.buffer.len());
            self.output.write_all(&self.buffer[..n_decided])?;
            self.buffer.drain(..n_decided);
            self.pending = self.pending.map(|_| 0);
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.decide();
        self.output.write_all(&self.buffer)?;
        self.buffer.clear();
        self.output.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wrapped(text: &str) -> String {
        let mut output = Vec::new();
        let mut wrapped = Wrapped::new(&mut output);
        wrapped.write_all(text.as_bytes()).unwrap();
        wrapped.flush().unwrap();
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
