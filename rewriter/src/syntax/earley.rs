//! A parser for any [`Grammar`], linear on the grammars that people write.
//!
//! The one idea: Earley's algorithm without predicted items. A set keeps only items that have
//! seen something; what could begin there is known from the calls of these items. Right
//! recursion, as in long lists, is cut short as Leo showed: where only one item waits for a
//! phrase and is complete after it, the parser goes at once to the top of the chain, and the
//! chain is restored only in the final tree. Nothing recurses on the Rust stack.
//!
//! Sources: Earley, CACM 13(2), 1970; Leo, Theoretical Computer Science 82, 1991.

mod tree;

use hashbrown::HashMap;
use rustc_hash::FxBuildHasher;
use smallvec::SmallVec;

use crate::syntax::grammar::{Grammar, Nonterminal, ProductionId, Symbol, Terminal};

pub use tree::{Node, NodeId, Tree};

/// The terminals that a token can be taken for.
pub type Lexeme = SmallVec<[Terminal; 4]>;

/// The reading of a text.
#[derive(Clone, Debug)]
pub enum Reading {
    /// There is exactly one.
    One(Tree),
    /// There are several; these are two of them.
    Several(Tree, Tree),
}

/// Why a text has no reading.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct NoReading {
    /// The first token that nothing can make sense of; the number of tokens if the end came too
    /// early.
    pub token: usize,
    /// What could have stood there.
    pub expected: Vec<Terminal>,
    /// Phrases that could have begun there.
    pub phrases: Vec<Nonterminal>,
}

/// Reads tokens as a phrase of a nonterminal. Only productions for which `admitted` says so are
/// used; all if it is `None`. A workspace is for one grammar and one such choice.
///
/// # Errors
/// The furthest token reached and what was expected there.
pub fn parse<'a>(
    grammar: &'a Grammar,
    goal: Nonterminal,
    tokens: &'a [Lexeme],
    admitted: Option<&'a [bool]>,
    work: &'a mut Workspace,
) -> Result<Reading, NoReading> {
    work.clear();
    let mut parser = Parser {
        grammar,
        tokens,
        goal,
        work,
        collecting: false,
        admitted,
    };
    parser.run()?;
    Ok(parser.reading())
}

const NONE: u32 = u32::MAX;
/// In sets of up to so many items, looking at each is faster than hashing.
const SMALL_SET: usize = 16;

/// A production with its first `dot` symbols seen since token `origin`. Production `NONE` is the
/// goal. The derivation says what was seen last.
#[derive(Clone, Copy, Debug)]
struct Item {
    production: u32,
    dot: u16,
    derivation: Derivation,
    origin: u32,
    /// Index of a second derivation.
    alternative: u32,
}

/// How an item came about: from the item before it and what was seen since.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct Derivation {
    /// `NONE` if the dot was at the start.
    previous: u32,
    /// A complete item; `NONE` for a token.
    child: u32,
    /// The child is at the bottom of a chain whose top the item is.
    is_chain: bool,
}

#[derive(Clone, Copy, Debug)]
struct Waiting {
    nonterminal: Nonterminal,
    accepts: u8,
    item: u32,
}

#[derive(Clone, Copy, Default, Debug)]
struct Set {
    first_item: u32,
    first_waiting: u32,
    end_waiting: u32,
    wanted: u32,
}

/// The top of a chain of items that complete each other.
#[derive(Clone, Copy, Debug)]
struct Chain {
    production: u32,
    origin: u32,
    length: u32,
    /// Bits of the terminals that could continue the chain somewhere in the middle.
    breaks: u64,
}

/// What else than waiting items could use a phrase where certain phrases are wanted.
#[derive(Clone, Copy, Debug)]
struct Corner {
    breaks: u64,
    blocked: bool,
}

/// A phrase of a precedence that begins at a token.
type Call = (u32, Nonterminal, u8);

type Map<K, V> = HashMap<K, V, FxBuildHasher>;

/// What a parser works with. Kept from one text to the next it saves most of the work, as long as
/// the grammar and the admitted productions stay the same.
#[derive(Debug, Default)]
pub struct Workspace {
    items: Vec<Item>,
    /// Where the current set begins.
    first_item: usize,
    alternatives: Vec<Derivation>,
    waiting: Vec<Waiting>,
    sets: Vec<Set>,
    scanned: Vec<Item>,
    /// Items of the current set, by what they are; filled only in large sets.
    present: Map<(u32, u16, u32), u32>,
    chains: Map<Call, Option<Chain>>,
    // What follows is about the grammar and stays.
    corners: Map<(u32, Nonterminal, u8), Corner>,
    wanted: Vec<Vec<u8>>,
    wanted_of_calls: Map<Vec<(Nonterminal, u8)>, u32>,
    predicted: Map<(u32, Terminal), Vec<ProductionId>>,
}

impl Workspace {
    /// Forgets the last text.
    fn clear(&mut self) {
        self.items.clear();
        self.alternatives.clear();
        self.waiting.clear();
        self.sets.clear();
        self.scanned.clear();
        self.chains.clear();
    }

    /// Where an item of the current set is, or would be added.
    fn position(&mut self, item: &Item) -> u32 {
        let key = |item: &Item| (item.production, item.dot, item.origin);
        let next = self.items.len();
        let known = &self.items[self.first_item..];
        if known.len() <= SMALL_SET {
            let found = known.iter().position(|known| key(known) == key(item));
            return found.map_or(next, |found| self.first_item + found) as u32;
        }
        if self.present.is_empty() {
            let keys = known.iter().map(key);
            self.present.extend(keys.zip(self.first_item as u32..));
        }
        *self.present.entry(key(item)).or_insert(next as u32)
    }
}

struct Parser<'a> {
    grammar: &'a Grammar,
    tokens: &'a [Lexeme],
    goal: Nonterminal,
    work: &'a mut Workspace,
    /// Set while collecting what could have come next: then nothing is ruled out by the next token.
    collecting: bool,
    admitted: Option<&'a [bool]>,
}

impl Parser<'_> {
    fn is_admitted(&self, production: ProductionId) -> bool {
        self.admitted
            .is_none_or(|admitted| admitted[production.0 as usize])
    }

    fn run(&mut self) -> Result<(), NoReading> {
        let goal = Derivation {
            previous: NONE,
            child: NONE,
            is_chain: false,
        };
        self.work.scanned.push(Item {
            production: NONE,
            dot: 0,
            derivation: goal,
            origin: 0,
            alternative: NONE,
        });
        for position in 0..=self.tokens.len() {
            if self.work.scanned.is_empty() {
                return Err(self.no_reading(position - 1));
            }
            self.set(position);
        }
        if self.goal_item().is_none() {
            Err(self.no_reading(self.tokens.len()))
        } else {
            Ok(())
        }
    }

    /// The item that says that everything was read.
    fn goal_item(&self) -> Option<u32> {
        let first = self.work.sets[self.tokens.len()].first_item as usize;
        (first..self.work.items.len())
            .find(|&index| {
                self.work.items[index].production == NONE && self.work.items[index].dot == 1
            })
            .map(|index| index as u32)
    }

    /// Makes the set after `position` tokens from the items that the last token led to.
    fn set(&mut self, position: usize) {
        self.work.present.clear();
        self.work.first_item = self.work.items.len();
        let first_item = self.work.first_item as u32;
        let first_waiting = self.work.waiting.len() as u32;
        for item in std::mem::take(&mut self.work.scanned) {
            self.add(item);
        }
        let mut index = first_item as usize;
        while index < self.work.items.len() {
            let item = self.work.items[index];
            match self.next_symbol(&item) {
                None => self.complete(position, index as u32),
                Some(Symbol::Terminal(terminal)) => {
                    if self.is_next(position, terminal) && !self.collecting {
                        self.work.scanned.push(Item {
                            dot: item.dot + 1,
                            derivation: Derivation {
                                previous: index as u32,
                                child: NONE,
                                is_chain: false,
                            },
                            alternative: NONE,
                            ..item
                        });
                    }
                }
                Some(Symbol::Nonterminal(nonterminal, accepts)) => {
                    self.work.waiting.push(Waiting {
                        nonterminal,
                        accepts,
                        item: index as u32,
                    });
                }
            }
            index += 1;
        }
        let wanted = self.wanted_of(first_waiting as usize);
        let end_waiting = self.work.waiting.len() as u32;
        self.work.sets.push(Set {
            first_item,
            first_waiting,
            end_waiting,
            wanted,
        });
        if !self.collecting && position < self.tokens.len() {
            self.predict(position, wanted);
        }
    }

    fn next_symbol(&self, item: &Item) -> Option<Symbol> {
        if item.production == NONE {
            return (item.dot == 0).then_some(Symbol::Nonterminal(self.goal, u8::MAX - 1));
        }
        self.grammar
            .right(ProductionId(item.production))
            .get(item.dot as usize)
            .copied()
    }

    fn is_next(&self, position: usize, terminal: Terminal) -> bool {
        self.tokens
            .get(position)
            .is_some_and(|token| token.contains(&terminal))
    }

    /// Whether an item with this next symbol has a future, as far as the next token shows.
    fn has_future(&self, position: usize, next: Option<Symbol>) -> bool {
        if self.collecting {
            return true;
        }
        match next {
            None => true,
            Some(Symbol::Terminal(terminal)) => self.is_next(position, terminal),
            Some(Symbol::Nonterminal(nonterminal, _)) => {
                let first = self.grammar.first(nonterminal);
                let token = self.tokens.get(position);
                token.is_some_and(|token| token.iter().any(|&terminal| first.contains(terminal)))
            }
        }
    }

    fn add(&mut self, item: Item) {
        let next = self.work.items.len() as u32;
        let index = self.work.position(&item);
        if index == next {
            self.work.items.push(item);
            return;
        }
        let known = self.work.items[index as usize];
        if known.alternative != NONE || known.derivation == item.derivation {
            return;
        }
        // Like Maude, take the reading first that nests to the left.
        let start = |derivation: Derivation| match derivation {
            Derivation {
                is_chain: false,
                child,
                ..
            } if child != NONE => self.work.items[child as usize].origin,
            _ => 0,
        };
        let nests_left = match item.derivation.is_chain && known.derivation.is_chain {
            true => {
                let (new, old) = (self.chain_starts(&item), self.chain_starts(&known));
                let mut pairs = new.iter().zip(&old);
                pairs.find(|(a, b)| a != b).is_some_and(|(a, b)| a > b)
            }
            false => start(item.derivation) > start(known.derivation),
        };
        let (first, second) = if nests_left {
            (item.derivation, known.derivation)
        } else {
            (known.derivation, item.derivation)
        };
        let known = &mut self.work.items[index as usize];
        known.derivation = first;
        known.alternative = self.work.alternatives.len() as u32;
        self.work.alternatives.push(second);
    }

    /// Where the last phrases of the links of a chain begin, from an item that it leads to down to
    /// the phrase below the links.
    fn chain_starts(&self, top: &Item) -> Vec<u32> {
        let child = self.work.items[top.derivation.child as usize];
        let inner = child.derivation;
        let mut starts = Vec::new();
        if !inner.is_chain && inner.child != NONE {
            starts.push(self.work.items[inner.child as usize].origin);
        }
        let (mut nonterminal, mut precedence) = self.made(child.production);
        let mut middle = child.origin;
        loop {
            starts.push(middle);
            let set = self.work.sets[middle as usize];
            let waiting = self.work.waiting[set.first_waiting as usize..set.end_waiting as usize]
                .iter()
                .find(|waiting| {
                    waiting.nonterminal == nonterminal && waiting.accepts >= precedence
                });
            let Some(waiting) = waiting else { break };
            let Item {
                production, origin, ..
            } = self.work.items[waiting.item as usize];
            if (production, origin) == (top.production, top.origin) || production == NONE {
                break;
            }
            (nonterminal, precedence) = self.made(production);
            middle = origin;
        }
        starts.reverse();
        starts
    }

    /// The left side of a production and its precedence.
    fn made(&self, production: u32) -> (Nonterminal, u8) {
        let id = ProductionId(production);
        (self.grammar.left(id), self.grammar.precedence(id))
    }

    /// Hands a complete item to whatever waits for it.
    fn complete(&mut self, position: usize, child: u32) {
        let item = self.work.items[child as usize];
        if item.production == NONE {
            return;
        }
        let (nonterminal, precedence) = self.made(item.production);
        let origin = item.origin;
        if !self.collecting
            && let Some(chain) = self.chain(origin, nonterminal, precedence)
            && chain.length > 1
            && chain.breaks & self.next_bits(position) == 0
        {
            let dot = match chain.production {
                NONE => 1,
                production => self.grammar.right(ProductionId(production)).len() as u16,
            };
            self.add(Item {
                production: chain.production,
                dot,
                derivation: Derivation {
                    previous: NONE,
                    child,
                    is_chain: true,
                },
                origin: chain.origin,
                alternative: NONE,
            });
            return;
        }
        let set = self.work.sets[origin as usize];
        for index in set.first_waiting..set.end_waiting {
            let waiting = self.work.waiting[index as usize];
            if waiting.nonterminal == nonterminal && waiting.accepts >= precedence {
                let mut advanced = self.work.items[waiting.item as usize];
                advanced.dot += 1;
                advanced.derivation = Derivation {
                    previous: waiting.item,
                    child,
                    is_chain: false,
                };
                advanced.alternative = NONE;
                if self.has_future(position, self.next_symbol(&advanced)) {
                    self.add(advanced);
                }
            }
        }
        self.begin_with(position, child, nonterminal, precedence);
    }

    /// Starts the productions whose left corner is the complete item `child`.
    fn begin_with(&mut self, position: usize, child: u32, corner: Nonterminal, precedence: u8) {
        let grammar = self.grammar;
        let origin = self.work.items[child as usize].origin;
        let wanted = self.work.sets[origin as usize].wanted as usize;
        let table = grammar.left_corner(corner);
        let tokens = self.tokens;
        let token = tokens.get(position).map_or(&[][..], SmallVec::as_slice);
        if self.collecting {
            for &production in &table.all_before_terminal {
                self.begin(position, child, precedence, wanted, production);
            }
        } else {
            for terminal in token {
                if let Some(productions) = table.before_terminal.get(terminal) {
                    for &production in productions {
                        self.begin(position, child, precedence, wanted, production);
                    }
                }
            }
        }
        for &production in table.before_nonterminal.iter().chain(&table.alone) {
            self.begin(position, child, precedence, wanted, production);
        }
    }

    fn begin(
        &mut self,
        position: usize,
        child: u32,
        precedence: u8,
        wanted: usize,
        production: ProductionId,
    ) {
        if !self.may_begin(precedence, wanted, production) {
            return;
        }
        let next = self.grammar.right(production).get(1).copied();
        if self.has_future(position, next) {
            self.add(Item {
                production: production.0,
                dot: 1,
                derivation: Derivation {
                    previous: NONE,
                    child,
                    is_chain: false,
                },
                origin: self.work.items[child as usize].origin,
                alternative: NONE,
            });
        }
    }

    /// Whether a production is wanted and accepts a phrase of this precedence as its left corner.
    fn may_begin(&self, precedence: u8, wanted: usize, production: ProductionId) -> bool {
        let Some(Symbol::Nonterminal(_, accepts)) = self.grammar.right(production).first() else {
            return false;
        };
        let (left, own) = self.made(production.0);
        *accepts >= precedence
            && self.work.wanted[wanted][left.0 as usize] > own
            && self.is_admitted(production)
    }

    /// One bit for each terminal that the next token can be, modulo 64.
    fn next_bits(&self, position: usize) -> u64 {
        let token = self
            .tokens
            .get(position)
            .map_or(&[][..], SmallVec::as_slice);
        token
            .iter()
            .fold(0, |bits, terminal| bits | 1 << (terminal.0 % 64))
    }

    /// The chain above a phrase that begins at `origin`, if only one item waits for it there.
    fn chain(&mut self, origin: u32, nonterminal: Nonterminal, precedence: u8) -> Option<Chain> {
        let mut links: Vec<(Call, u32, u32, u64)> = Vec::new();
        let mut key = (origin, nonterminal, precedence);
        let mut above = loop {
            if let Some(known) = self.work.chains.get(&key) {
                break *known;
            }
            let Some((item, breaks)) = self.only_waiting(key) else {
                self.work.chains.insert(key, None);
                break None;
            };
            let Item {
                production, origin, ..
            } = self.work.items[item as usize];
            links.push((key, production, origin, breaks));
            if production == NONE {
                break None;
            }
            let (left, own) = self.made(production);
            key = (origin, left, own);
        };
        while let Some((key, production, origin, breaks)) = links.pop() {
            let chain = match above {
                Some(chain) => Chain {
                    length: chain.length + 1,
                    breaks: chain.breaks | breaks,
                    ..chain
                },
                None => Chain {
                    production,
                    origin,
                    length: 1,
                    breaks,
                },
            };
            above = Some(chain);
            self.work.chains.insert(key, above);
        }
        above
    }

    /// The only item that could use a phrase, if it is complete after it; with the terminals
    /// that would let something else begin with the phrase.
    fn only_waiting(&mut self, key: Call) -> Option<(u32, u64)> {
        let (origin, nonterminal, precedence) = key;
        let set = self.work.sets[origin as usize];
        let mut found = None;
        for index in set.first_waiting..set.end_waiting {
            let waiting = self.work.waiting[index as usize];
            if waiting.nonterminal == nonterminal && waiting.accepts >= precedence {
                if found.is_some() {
                    return None;
                }
                found = Some(waiting.item);
            }
        }
        let mut advanced = self.work.items[found? as usize];
        advanced.dot += 1;
        if self.next_symbol(&advanced).is_some() {
            return None;
        }
        let corner = self.corner(set.wanted, nonterminal, precedence);
        if corner.blocked {
            None
        } else {
            Some((found?, corner.breaks))
        }
    }

    fn corner(&mut self, wanted: u32, nonterminal: Nonterminal, precedence: u8) -> Corner {
        let key = (wanted, nonterminal, precedence);
        if let Some(corner) = self.work.corners.get(&key) {
            return *corner;
        }
        let table = self.grammar.left_corner(nonterminal);
        let begins =
            |&&production: &&ProductionId| self.may_begin(precedence, wanted as usize, production);
        let blocked = table
            .before_nonterminal
            .iter()
            .chain(&table.alone)
            .any(|id| begins(&id));
        let breaks = table
            .all_before_terminal
            .iter()
            .filter(begins)
            .filter_map(|&production| match self.grammar.right(production).get(1) {
                Some(Symbol::Terminal(terminal)) => Some(1u64 << (terminal.0 % 64)),
                _ => None,
            })
            .fold(0, |bits, bit| bits | bit);
        let corner = Corner { breaks, blocked };
        self.work.corners.insert(key, corner);
        corner
    }

    /// The number of the table of what is wanted by the items that wait since `first_waiting`.
    fn wanted_of(&mut self, first_waiting: usize) -> u32 {
        let mut calls: Vec<(Nonterminal, u8)> = self.work.waiting[first_waiting..]
            .iter()
            .map(|waiting| (waiting.nonterminal, waiting.accepts))
            .collect();
        calls.sort_unstable();
        calls.dedup_by(|later, earlier| {
            let same = later.0 == earlier.0;
            if same {
                earlier.1 = later.1;
            }
            same
        });
        if let Some(&known) = self.work.wanted_of_calls.get(&calls) {
            return known;
        }
        self.work.wanted.push(self.grammar.wanted(&calls));
        let number = self.work.wanted.len() as u32 - 1;
        self.work.wanted_of_calls.insert(calls, number);
        number
    }

    /// Scans the first token of every production that is wanted and begins with it.
    fn predict(&mut self, position: usize, wanted: u32) {
        let tokens = self.tokens;
        for &terminal in &tokens[position] {
            let key = (wanted, terminal);
            if !self.work.predicted.contains_key(&key) {
                let table = &self.work.wanted[wanted as usize];
                let productions = self.grammar.beginning_with(terminal).iter().copied();
                let productions = productions.filter(|production| {
                    let (left, own) = self.made(production.0);
                    table[left.0 as usize] > own && self.is_admitted(*production)
                });
                let productions = productions.collect();
                self.work.predicted.insert(key, productions);
            }
            let scanned = &mut self.work.scanned;
            if let Some(productions) = self.work.predicted.get(&key) {
                scanned.extend(productions.iter().map(|production| Item {
                    production: production.0,
                    dot: 1,
                    derivation: Derivation {
                        previous: NONE,
                        child: NONE,
                        is_chain: false,
                    },
                    origin: position as u32,
                    alternative: NONE,
                }));
            }
        }
    }

    /// Makes the set at `position` again without looking at the next token, to see what could
    /// have come.
    fn no_reading(&mut self, position: usize) -> NoReading {
        let set = self.work.sets[position];
        let items = self.work.items.split_off(set.first_item as usize);
        self.work.waiting.truncate(set.first_waiting as usize);
        self.work.sets.truncate(position);
        self.work.scanned = items
            .into_iter()
            .filter(|item| {
                item.derivation.child == NONE && !item.derivation.is_chain
                    || item.production == NONE && item.dot == 0
            })
            .collect();
        self.collecting = true;
        self.set(position);
        let mut expected: Vec<Terminal> = Vec::new();
        for item in &self.work.items[set.first_item as usize..] {
            if let Some(Symbol::Terminal(terminal)) = self.next_symbol(item) {
                expected.push(terminal);
            }
        }
        let wanted = &self.work.wanted[self.work.sets[position].wanted as usize];
        for terminal in self.grammar.first_terminals() {
            let mut productions = self.grammar.beginning_with(terminal).iter();
            if productions.any(|id| {
                let (left, own) = self.made(id.0);
                wanted[left.0 as usize] > own && self.is_admitted(*id)
            }) {
                expected.push(terminal);
            }
        }
        expected.sort_unstable();
        expected.dedup();
        let mut phrases: Vec<Nonterminal> = self.work.waiting[set.first_waiting as usize..]
            .iter()
            .map(|waiting| waiting.nonterminal)
            .collect();
        phrases.sort_unstable();
        phrases.dedup();
        NoReading {
            token: position,
            expected,
            phrases,
        }
    }
}

#[cfg(test)]
mod tests;
