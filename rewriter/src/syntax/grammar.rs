//! Context-free grammars with precedence, and the tables a parser needs of them.
//!
//! The one idea: a production has a precedence, and a nonterminal on a right side says how great
//! a precedence it accepts. Nothing is ever empty, so a nonterminal that a production begins with
//! (its left corner) need not be predicted: it is enough to know which productions could continue
//! it. The grammar of a module is made in [`generate`].

pub mod generate;

use hashbrown::HashMap;
use rustc_hash::FxBuildHasher;

/// A terminal: a token text or a class of tokens.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct Terminal(pub u32);

/// A nonterminal.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct Nonterminal(pub u16);

/// A production, by number.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct ProductionId(pub u32);

/// A symbol on the right side of a production.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Symbol {
    /// A token.
    Terminal(Terminal),
    /// A phrase of at most this precedence.
    Nonterminal(Nonterminal, u8),
}

#[derive(Clone, Debug)]
struct Production {
    left: Nonterminal,
    precedence: u8,
    start: u32,
    end: u32,
}

/// A set of terminals.
#[derive(Clone, Default, Debug)]
pub(crate) struct TerminalSet(Vec<u64>);

impl TerminalSet {
    fn insert(&mut self, terminal: Terminal) -> bool {
        let word = terminal.0 as usize / 64;
        if self.0.len() <= word {
            self.0.resize(word + 1, 0);
        }
        let bit = 1u64 << (terminal.0 % 64);
        let is_new = self.0[word] & bit == 0;
        self.0[word] |= bit;
        is_new
    }

    fn union(&mut self, other: &TerminalSet) -> bool {
        if self.0.len() < other.0.len() {
            self.0.resize(other.0.len(), 0);
        }
        let mut changed = false;
        for (word, more) in self.0.iter_mut().zip(&other.0) {
            changed |= *word | more != *word;
            *word |= more;
        }
        changed
    }

    pub(crate) fn contains(&self, terminal: Terminal) -> bool {
        self.0
            .get(terminal.0 as usize / 64)
            .is_some_and(|word| word >> (terminal.0 % 64) & 1 == 1)
    }
}

/// Productions that begin with a nonterminal, by what follows it.
#[derive(Clone, Default, Debug)]
pub(crate) struct LeftCorner {
    pub(crate) before_terminal: HashMap<Terminal, Vec<ProductionId>, FxBuildHasher>,
    /// In order, all productions of `before_terminal`.
    pub(crate) all_before_terminal: Vec<ProductionId>,
    pub(crate) before_nonterminal: Vec<ProductionId>,
    pub(crate) alone: Vec<ProductionId>,
}

/// A grammar. Productions are added first; [`Grammar::finish`] makes the tables.
#[derive(Clone, Default, Debug)]
pub struct Grammar {
    productions: Vec<Production>,
    symbols: Vec<Symbol>,
    n_nonterminals: usize,
    by_first_terminal: HashMap<Terminal, Vec<ProductionId>, FxBuildHasher>,
    left_corners: Vec<LeftCorner>,
    first: Vec<TerminalSet>,
    /// For each nonterminal, the calls at the left corner of its productions.
    corner_calls: Vec<Vec<(u8, Nonterminal, u8)>>,
}

impl Grammar {
    /// A grammar over nonterminals `0 .. n_nonterminals`, without productions.
    pub fn new(n_nonterminals: usize) -> Grammar {
        Grammar {
            n_nonterminals,
            ..Grammar::default()
        }
    }

    /// Adds a production; its right side must not be empty.
    pub fn add(&mut self, left: Nonterminal, precedence: u8, right: &[Symbol]) -> ProductionId {
        debug_assert!(!right.is_empty());
        let start = self.symbols.len() as u32;
        self.symbols.extend_from_slice(right);
        let end = self.symbols.len() as u32;
        self.productions.push(Production {
            left,
            precedence,
            start,
            end,
        });
        ProductionId(self.productions.len() as u32 - 1)
    }

    /// Makes the tables, after the last production was added.
    pub fn finish(&mut self) {
        self.left_corners = vec![LeftCorner::default(); self.n_nonterminals];
        self.first = vec![TerminalSet::default(); self.n_nonterminals];
        self.corner_calls = vec![Vec::new(); self.n_nonterminals];
        for index in 0..self.productions.len() {
            let id = ProductionId(index as u32);
            let left = self.left(id);
            let precedence = self.precedence(id);
            let right = &self.symbols
                [self.productions[index].start as usize..self.productions[index].end as usize];
            match *right {
                [Symbol::Terminal(terminal), ..] => {
                    self.by_first_terminal.entry(terminal).or_default().push(id);
                    self.first[left.0 as usize].insert(terminal);
                }
                [Symbol::Nonterminal(corner, accepts), ref rest @ ..] => {
                    let call = (precedence, corner, accepts);
                    let calls = &mut self.corner_calls[left.0 as usize];
                    if !calls.contains(&call) {
                        calls.push(call);
                    }
                    let table = &mut self.left_corners[corner.0 as usize];
                    match rest.first() {
                        Some(Symbol::Terminal(terminal)) => {
                            table.before_terminal.entry(*terminal).or_default().push(id);
                            table.all_before_terminal.push(id);
                        }
                        Some(Symbol::Nonterminal(..)) => table.before_nonterminal.push(id),
                        None => table.alone.push(id),
                    }
                }
                [] => unreachable!("a production has a right side"),
            }
        }
        self.close_first_sets();
    }

    fn close_first_sets(&mut self) {
        let mut changed = true;
        while changed {
            changed = false;
            for left in 0..self.n_nonterminals {
                for index in 0..self.corner_calls[left].len() {
                    let corner = self.corner_calls[left][index].1.0 as usize;
                    if corner != left {
                        let more = std::mem::take(&mut self.first[corner]);
                        changed |= self.first[left].union(&more);
                        self.first[corner] = more;
                    }
                }
            }
        }
    }

    /// The right side of a production.
    #[inline]
    pub fn right(&self, id: ProductionId) -> &[Symbol] {
        let production = &self.productions[id.0 as usize];
        &self.symbols[production.start as usize..production.end as usize]
    }

    /// What a production makes.
    #[inline]
    pub fn left(&self, id: ProductionId) -> Nonterminal {
        self.productions[id.0 as usize].left
    }

    /// The precedence of what a production makes.
    #[inline]
    pub fn precedence(&self, id: ProductionId) -> u8 {
        self.productions[id.0 as usize].precedence
    }

    /// How many nonterminals there are.
    pub fn n_nonterminals(&self) -> usize {
        self.n_nonterminals
    }

    /// How many productions there are.
    pub fn n_productions(&self) -> usize {
        self.productions.len()
    }

    pub(crate) fn beginning_with(&self, terminal: Terminal) -> &[ProductionId] {
        self.by_first_terminal
            .get(&terminal)
            .map_or(&[], Vec::as_slice)
    }

    /// Every terminal that a production begins with, in order.
    pub(crate) fn first_terminals(&self) -> Vec<Terminal> {
        let mut terminals: Vec<Terminal> = self.by_first_terminal.keys().copied().collect();
        terminals.sort_unstable();
        terminals
    }

    #[inline]
    pub(crate) fn first(&self, nonterminal: Nonterminal) -> &TerminalSet {
        &self.first[nonterminal.0 as usize]
    }

    #[inline]
    pub(crate) fn left_corner(&self, nonterminal: Nonterminal) -> &LeftCorner {
        &self.left_corners[nonterminal.0 as usize]
    }

    /// For each nonterminal the greatest precedence wanted (plus one; 0 is not at all) where
    /// these calls are.
    pub(crate) fn wanted(&self, calls: &[(Nonterminal, u8)]) -> Vec<u8> {
        let mut wanted = vec![0u8; self.n_nonterminals];
        let mut pending = calls.to_vec();
        while let Some((nonterminal, accepts)) = pending.pop() {
            let slot = &mut wanted[nonterminal.0 as usize];
            if *slot > accepts {
                continue;
            }
            *slot = accepts + 1;
            for &(precedence, corner, corner_accepts) in &self.corner_calls[nonterminal.0 as usize]
            {
                if precedence <= accepts {
                    pending.push((corner, corner_accepts));
                }
            }
        }
        wanted
    }
}
