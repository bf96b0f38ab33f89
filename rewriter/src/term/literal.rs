//! Numbers, strings, quoted identifiers and floats as nodes.
//!
//! The one idea: their values are words of the node itself, so literals are shared, compared,
//! moved and freed like any other node. A natural number is the successor operator iterated over
//! zero; a negative one is `-_` of a natural number.

use hashbrown::HashMap;
use rustc_hash::FxBuildHasher;

use super::{HEADER, Store, TRANSIENT, TermId, Theory};
use crate::builtin::Hook;
use crate::integer::Int;
use crate::pattern::{Literal, Pattern, PatternId};
use crate::signature::{OpId, SortId};

impl Store {
    /// Interns `op` applied `count` times; zero times is the argument itself.
    pub fn make_iterated(&mut self, op: OpId, count: &Int, argument: TermId) -> TermId {
        if count.is_zero() {
            return argument;
        }
        let limbs = count.limbs();
        let mut words: Vec<TermId> = Vec::with_capacity(limbs.len() + 1);
        if self.op(argument) == op {
            let payload = self.payload(argument);
            let inner: Vec<u32> = payload[1..].iter().map(|word| word.bits()).collect();
            words.push(payload[0]);
            let sum = Int::from_limbs(false, &inner).to_big() + count.to_big();
            words.extend(Int::from(sum).limbs().into_iter().map(TermId::word));
        } else {
            words.push(argument);
            words.extend(limbs.into_iter().map(TermId::word));
        }
        self.intern(op, &words)
    }

    /// How often the operator at the top of an iterated term is applied; `None` if it is not one.
    pub fn iterations(&self, id: TermId) -> Option<Int> {
        if self.theory(self.op(id)) != Theory::Iterated {
            return None;
        }
        let limbs: Vec<u32> = self.payload(id)[1..]
            .iter()
            .map(|word| word.bits())
            .collect();
        Some(Int::from_limbs(false, &limbs))
    }

    /// How often an operator is iterated on a term of a sort, as far as that is one digit; never if the
    /// term is of another form.
    pub(crate) fn count_iterations(&self, op: OpId, id: TermId, sort: SortId) -> usize {
        match *self.payload(id) {
            [argument, count] if self.op(id) == op && self.has_sort(argument, sort) => {
                count.bits() as usize
            }
            _ => 0,
        }
    }

    /// A term as a pattern, which can be put into another store.
    pub fn pattern_of(&self, term: TermId) -> Pattern {
        let mut pattern = Pattern::new();
        let root = self.add_to_pattern(term, &mut pattern, &mut HashMap::default());
        pattern.set_root(root);
        pattern
    }

    /// Adds a term to a pattern; `ids` are the subterms that are there already.
    pub(crate) fn add_to_pattern(
        &self,
        term: TermId,
        pattern: &mut Pattern,
        ids: &mut HashMap<TermId, PatternId, FxBuildHasher>,
    ) -> PatternId {
        let mut pending = vec![(term, false)];
        while let Some((term, are_arguments_done)) = pending.pop() {
            if ids.contains_key(&term) {
                continue;
            }
            let arguments = self.arguments(term);
            if !are_arguments_done {
                pending.push((term, true));
                pending.extend(arguments.iter().map(|&argument| (argument, false)));
                continue;
            }
            let op = self.op(term);
            let parts: Vec<PatternId> = arguments.iter().map(|argument| ids[argument]).collect();
            let id = match (self.literal(term), self.iterations(term)) {
                (Some(value), _) => pattern.literal(op, value),
                (None, Some(count)) => pattern.iterate(op, count, parts[0]),
                (None, None) => pattern.apply(op, &parts),
            };
            ids.insert(term, id);
        }
        ids[&term]
    }

    /// Interns a literal.
    pub fn make_literal(&mut self, op: OpId, value: &Literal) -> TermId {
        let words = literal_words(value);
        self.intern(op, &words)
    }

    /// A literal as a transient node.
    pub(crate) fn transient_literal(&mut self, op: OpId, value: &Literal) -> TermId {
        let words = literal_words(value);
        let id = self.transient(op, &words);
        self.set_normal(id);
        id
    }

    /// The value of a literal; `None` if the term is not one.
    pub fn literal(&self, id: TermId) -> Option<Literal> {
        let payload = self.payload(id);
        match self.literal_hooks[self.op(id).index()] {
            Some(Hook::Strings) => Some(Literal::String(text_of(payload))),
            Some(Hook::QuotedIds) => Some(Literal::QuotedId(text_of(payload))),
            Some(Hook::Floats) => {
                let bits = u64::from(payload[0].bits()) | u64::from(payload[1].bits()) << 32;
                Some(Literal::Float(f64::from_bits(bits)))
            }
            _ => None,
        }
    }

    /// The integer that a term stands for, if it is one: `0`, `s_^n(0)`, `-_(s_^n(0))`.
    pub fn integer(&self, id: TermId) -> Option<Int> {
        if let Some(small) = self.small_integer(id) {
            return Some(Int::Small(small));
        }
        let numbers = self.numbers?;
        let node = self.node(id);
        let op = OpId(node[0].bits());
        let (natural, negative) = match numbers.minus {
            Some(minus) if op == minus => (node[HEADER], true),
            _ => (id, false),
        };
        let node = self.node(natural);
        if node[0].bits() != numbers.successor.0 || !self.is_zero(node[HEADER]) {
            return None;
        }
        let payload = self.payload(natural);
        let limbs: Vec<u32> = payload[1..].iter().map(|word| word.bits()).collect();
        Some(Int::from_limbs(negative, &limbs))
    }

    /// The same when it fits 64 bits.
    #[inline]
    pub(crate) fn small_integer(&self, id: TermId) -> Option<i64> {
        let numbers = self.numbers.as_ref()?;
        if id == numbers.zero {
            return Some(0);
        }
        let mut node = self.node(id);
        let negative = numbers.minus.is_some_and(|minus| node[0].bits() == minus.0);
        if negative {
            node = self.node(node[HEADER]);
        }
        if node[0].bits() != numbers.successor.0 {
            return (!negative && self.is_zero(id)).then_some(0);
        }
        if !self.is_zero(node[HEADER]) {
            return None;
        }
        let magnitude = match node[1].bits() {
            2 => i64::from(node[HEADER + 1].bits()),
            3 if node[HEADER + 2].bits() < TRANSIENT => {
                i64::from(node[HEADER + 1].bits()) | i64::from(node[HEADER + 2].bits()) << 32
            }
            _ => return None,
        };
        Some(if negative { -magnitude } else { magnitude })
    }

    /// Whether a term is zero, also one that a membership axiom was tried on and that is not interned.
    #[inline]
    fn is_zero(&self, id: TermId) -> bool {
        let zero = self
            .numbers
            .as_ref()
            .map_or(TermId::NONE, |numbers| numbers.zero);
        id == zero || self.op(id) == self.op(zero)
    }

    /// Interns an integer; `None` if the module has no such numbers.
    pub fn make_integer(&mut self, value: &Int) -> Option<TermId> {
        let id = self.transient_integer(value)?;
        Some(self.promote(id))
    }

    /// An integer as a transient node.
    pub(crate) fn transient_integer(&mut self, value: &Int) -> Option<TermId> {
        if let Int::Small(small) = *value {
            return self.transient_small(small);
        }
        let numbers = self.numbers?;
        let mut words = vec![numbers.zero];
        words.extend(value.limbs().into_iter().map(TermId::word));
        let natural = self.transient(numbers.successor, &words);
        self.set_normal(natural);
        self.negated(natural, value.is_negative())
    }

    /// A small integer as a transient node.
    #[inline]
    pub(crate) fn transient_small(&mut self, value: i64) -> Option<TermId> {
        let numbers = self.numbers?;
        if value == 0 {
            return Some(numbers.zero);
        }
        let magnitude = value.unsigned_abs();
        let (low, high) = (magnitude as u32, (magnitude >> 32) as u32);
        let words = [numbers.zero, TermId::word(low), TermId::word(high)];
        let used = if high == 0 { 2 } else { 3 };
        let natural = self.transient(numbers.successor, &words[..used]);
        self.set_normal(natural);
        self.negated(natural, value < 0)
    }

    fn negated(&mut self, natural: TermId, negative: bool) -> Option<TermId> {
        if !negative {
            return Some(natural);
        }
        let minus = self.numbers.and_then(|numbers| numbers.minus)?;
        let id = self.transient(minus, &[natural]);
        self.set_normal(id);
        Some(id)
    }

    /// An iterated node with some repetitions fewer, as matching `s_^count(X)` leaves for `X`;
    /// `None` if there are not that many.
    pub(crate) fn strip_iterations(&mut self, id: TermId, count: &[u32]) -> Option<TermId> {
        let payload = self.payload(id);
        let argument = payload[0];
        if let ([have], [want]) = (&payload[1..], count) {
            let rest = have.bits().checked_sub(*want)?;
            if rest == 0 {
                return Some(argument);
            }
            let op = self.op(id);
            let normal = self.is_normal(id);
            let stripped = self.transient(op, &[argument, TermId::word(rest)]);
            if normal {
                self.set_normal(stripped);
            }
            return Some(stripped);
        }
        let limbs: Vec<u32> = payload[1..].iter().map(|word| word.bits()).collect();
        let have = Int::from_limbs(false, &limbs).to_big();
        let rest = Int::from(have - Int::from_limbs(false, count).to_big());
        if rest.is_negative() {
            return None;
        }
        if rest.is_zero() {
            return Some(argument);
        }
        let mut words = vec![argument];
        words.extend(rest.limbs().into_iter().map(TermId::word));
        let (op, normal) = (self.op(id), self.is_normal(id));
        let stripped = self.transient(op, &words);
        if normal {
            self.set_normal(stripped);
        }
        Some(stripped)
    }
}

fn literal_words(value: &Literal) -> Vec<TermId> {
    match value {
        Literal::String(text) | Literal::QuotedId(text) => {
            let bytes = text.as_bytes();
            let mut words = vec![TermId::word(bytes.len() as u32)];
            words.extend(bytes.chunks(4).map(|chunk| {
                let mut word = [0; 4];
                word[..chunk.len()].copy_from_slice(chunk);
                TermId::word(u32::from_be_bytes(word))
            }));
            words
        }
        Literal::Float(float) => {
            let bits = float.to_bits();
            vec![TermId::word(bits as u32), TermId::word((bits >> 32) as u32)]
        }
    }
}

fn text_of(payload: &[TermId]) -> String {
    let length = payload[0].bits() as usize;
    let mut bytes: Vec<u8> = Vec::with_capacity(length + 3);
    for word in &payload[1..] {
        bytes.extend_from_slice(&word.bits().to_be_bytes());
    }
    bytes.truncate(length);
    String::from_utf8_lossy(&bytes).into_owned()
}
