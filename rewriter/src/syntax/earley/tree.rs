//! The tree of a reading.
//!
//! The one idea: nodes are made from the goal downwards with a list of what is still to do, so
//! that depth costs no stack. Chains that the parser skipped are restored here.

use super::{Derivation, Item, NONE, Parser, Reading};
use crate::syntax::grammar::ProductionId;

/// A node of a [`Tree`].
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct NodeId(pub u32);

/// An application of a production.
#[derive(Clone, Copy, Debug)]
pub struct Node {
    /// The production.
    pub production: ProductionId,
    /// The first token.
    pub start: u32,
    /// The token after the last.
    pub end: u32,
    first_child: u32,
    n_children: u32,
}

/// A tree of productions; the children of a node are the nonterminals of its right side.
#[derive(Clone, Debug, Default)]
pub struct Tree {
    nodes: Vec<Node>,
}

impl Tree {
    /// The root.
    pub fn root(&self) -> NodeId {
        NodeId(0)
    }

    /// A node.
    pub fn node(&self, id: NodeId) -> &Node {
        &self.nodes[id.0 as usize]
    }

    /// The children of a node, from left to right.
    pub fn children(&self, id: NodeId) -> std::iter::Map<std::ops::Range<u32>, fn(u32) -> NodeId> {
        let node = self.node(id);
        (node.first_child..node.first_child + node.n_children).map(NodeId as fn(u32) -> NodeId)
    }

    /// How many nodes there are.
    pub fn n_nodes(&self) -> usize {
        self.nodes.len()
    }

    /// Every node, children before parents, from left to right.
    pub fn postorder(&self) -> Vec<NodeId> {
        self.postorder_from(self.root())
    }

    /// Every node at or below another, children before parents, from left to right.
    pub fn postorder_from(&self, root: NodeId) -> Vec<NodeId> {
        // A preorder from right to left, backwards.
        let mut order = Vec::new();
        let mut pending = vec![root];
        while let Some(id) = pending.pop() {
            order.push(id);
            pending.extend(self.children(id));
        }
        order.reverse();
        order
    }
}

/// A phrase that is to become a node.
#[derive(Clone, Copy, Debug)]
enum Phrase {
    /// A complete item that ends before a token.
    Item { item: u32, end: u32 },
    /// A link of a chain that was skipped.
    Link(u32),
}

/// An item that is complete after a last phrase, though the parser never made it so.
#[derive(Clone, Copy, Debug)]
struct Link {
    waiting: u32,
    /// Where the last phrase begins.
    middle: u32,
    last: Phrase,
    end: u32,
}

/// Turns the items of a parser into a tree.
struct Restorer<'p, 'g> {
    parser: &'p Parser<'g>,
    links: Vec<Link>,
    /// The item whose second derivation is to be taken.
    deviate_at: Option<u32>,
    /// The first item found to have a second derivation.
    ambiguous: Option<u32>,
}

impl Parser<'_> {
    /// The reading found by [`Parser::run`].
    pub(super) fn reading(&self) -> Reading {
        let mut restorer = Restorer {
            parser: self,
            links: Vec::new(),
            deviate_at: None,
            ambiguous: None,
        };
        let tree = restorer.tree();
        let Some(ambiguous) = restorer.ambiguous else {
            return Reading::One(tree);
        };
        let mut restorer = Restorer {
            parser: self,
            links: Vec::new(),
            deviate_at: Some(ambiguous),
            ambiguous: None,
        };
        let other = restorer.tree();
        Reading::Several(tree, other)
    }
}

impl Restorer<'_, '_> {
    fn tree(&mut self) -> Tree {
        let end = self.parser.tokens.len() as u32;
        let Some(goal) = self.parser.goal_item() else {
            unreachable!("a tree is made only after everything was read")
        };
        let mut phrases = Vec::new();
        self.children(Phrase::Item { item: goal, end }, &mut phrases);
        let mut tree = Tree::default();
        let mut pending = Vec::new();
        let Some(&root) = phrases.first() else {
            unreachable!("the goal item has seen one phrase")
        };
        tree.nodes.push(self.node(root));
        pending.push((0usize, root));
        while let Some((index, phrase)) = pending.pop() {
            phrases.clear();
            self.children(phrase, &mut phrases);
            let first_child = tree.nodes.len();
            tree.nodes[index].first_child = first_child as u32;
            tree.nodes[index].n_children = phrases.len() as u32;
            for (offset, &child) in phrases.iter().enumerate() {
                tree.nodes.push(self.node(child));
                pending.push((first_child + offset, child));
            }
        }
        tree
    }

    fn item(&self, index: u32) -> &Item {
        &self.parser.work.items[index as usize]
    }

    fn node(&self, phrase: Phrase) -> Node {
        let (production, start, end) = match phrase {
            Phrase::Item { item, end } => {
                let item = self.item(item);
                (item.production, item.origin, end)
            }
            Phrase::Link(link) => {
                let Link { waiting, end, .. } = self.links[link as usize];
                let item = self.item(waiting);
                (item.production, item.origin, end)
            }
        };
        Node {
            production: ProductionId(production),
            start,
            end,
            first_child: 0,
            n_children: 0,
        }
    }

    /// The phrases inside a phrase, from left to right.
    fn children(&mut self, phrase: Phrase, phrases: &mut Vec<Phrase>) {
        let (mut index, mut end) = match phrase {
            Phrase::Item { item, end } => {
                let derivation = self.derivation(item);
                if !derivation.is_chain {
                    (item, end)
                } else {
                    let link = self.unfold(item, derivation, end);
                    phrases.push(link.last);
                    (link.waiting, link.middle)
                }
            }
            Phrase::Link(link) => {
                let Link {
                    waiting,
                    middle,
                    last,
                    ..
                } = self.links[link as usize];
                phrases.push(last);
                (waiting, middle)
            }
        };
        while index != NONE && self.item(index).dot > 0 {
            let derivation = self.derivation(index);
            if derivation.child == NONE {
                end -= 1;
            } else {
                phrases.push(Phrase::Item {
                    item: derivation.child,
                    end,
                });
                end = self.item(derivation.child).origin;
            }
            index = derivation.previous;
        }
        phrases.reverse();
    }

    fn derivation(&mut self, index: u32) -> Derivation {
        let item = self.parser.work.items[index as usize];
        if item.alternative != NONE {
            if self.deviate_at == Some(index) {
                return self.parser.work.alternatives[item.alternative as usize];
            }
            self.ambiguous = self.ambiguous.or(Some(index));
        }
        item.derivation
    }

    /// Restores the chain from the child of a derivation up to the item `top`; the last link is
    /// the one that takes the place of `top` itself.
    fn unfold(&mut self, top: u32, derivation: Derivation, end: u32) -> Link {
        let Item {
            production: top_production,
            origin: top_origin,
            ..
        } = *self.item(top);
        let mut last = Phrase::Item {
            item: derivation.child,
            end,
        };
        let child = *self.item(derivation.child);
        let (mut nonterminal, mut precedence) = self.parser.made(child.production);
        let mut middle = child.origin;
        loop {
            let set = self.parser.work.sets[middle as usize];
            let waiting = (set.first_waiting..set.end_waiting)
                .map(|index| self.parser.work.waiting[index as usize])
                .find(|waiting| {
                    waiting.nonterminal == nonterminal && waiting.accepts >= precedence
                });
            let Some(waiting) = waiting.map(|waiting| waiting.item) else {
                unreachable!("a chain is made of items that wait")
            };
            let link = Link {
                waiting,
                middle,
                last,
                end,
            };
            let Item {
                production, origin, ..
            } = *self.item(waiting);
            if (production, origin) == (top_production, top_origin) {
                return link;
            }
            self.links.push(link);
            last = Phrase::Link(self.links.len() as u32 - 1);
            (nonterminal, precedence) = self.parser.made(production);
            middle = origin;
        }
    }
}
