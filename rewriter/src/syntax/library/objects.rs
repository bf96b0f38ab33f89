//! Completion of object patterns: what a statement of an object-oriented module leaves out.
//!
//! The one idea: a pattern `< O : C | a : X >` speaks of every object of class `C` or below, with
//! whatever other attributes it has. So the class becomes a variable, the attributes get one for
//! the rest, and what the right side does not mention stays as it is.
//!
//! Source: Maude manual 3.3, "Object-oriented modules".

use crate::name::Name;
use crate::pattern::{Pattern, PatternId, PatternNode, Variable, VariableId};
use crate::signature::{OpId, Signature, SortId};
use crate::statement::{Body, Statement};

/// What objects are made of in a signature.
pub(super) struct Objects<'s> {
    signature: &'s Signature,
    /// `<_:_|_>`
    object: OpId,
    /// `_,_` for attributes, and `none`.
    join: OpId,
    none: OpId,
    attributes: SortId,
    classes: SortId,
}

/// An object in a pattern whose class is told.
struct Found {
    node: PatternId,
    /// Its name, as a list of nodes.
    name: Vec<PatternNode>,
    class: OpId,
    attributes: Vec<PatternId>,
}

/// What an object of the left side is completed with.
struct Completion {
    class: VariableId,
    /// Attributes that only the right side mentions, with a variable for the value of each.
    extra: Vec<(OpId, VariableId)>,
    rest: Option<VariableId>,
}

impl<'s> Objects<'s> {
    /// The objects of a signature; none if it lacks what objects are made of.
    pub(super) fn new(signature: &'s Signature) -> Option<Objects<'s>> {
        let sort = |name: &str| signature.sort_named(Name::new(name));
        let (attributes, classes) = (sort("AttributeSet")?, sort("Cid")?);
        let kind = signature.kind_of(attributes);
        let operator = |name: &str, arity: usize| {
            let named = signature.operators_named(Name::new(name), arity).iter();
            named
                .copied()
                .find(|&op| signature.operator(op).range == kind)
        };
        Some(Objects {
            signature,
            object: *signature.operators_named(Name::new("<_:_|_>"), 3).first()?,
            join: operator("_`,_", 2)?,
            none: operator("none", 0)?,
            attributes,
            classes,
        })
    }

    /// Completes the objects of a statement.
    pub(super) fn complete(&self, statement: &mut Statement) {
        let Statement {
            variables, body, ..
        } = statement;
        let (left, right) = match body {
            Body::Equation { left, right } | Body::Rule { left, right } => (left, Some(right)),
            Body::Membership { pattern, .. } => (pattern, None),
        };
        let on_left = self.objects(left, variables);
        let on_right = right
            .as_ref()
            .map_or(Vec::new(), |right| self.objects(right, variables));
        let same = |object: &Found, other: &Found| {
            object.name == other.name && object.class == other.class
        };
        let mut completions = Vec::with_capacity(on_left.len());
        for object in &on_left {
            let class = self.signature.operator(object.class).declarations[0].range;
            let known = self.attribute_operators(left, object);
            let mut extra: Vec<(OpId, VariableId)> = Vec::new();
            for other in on_right.iter().filter(|other| same(object, other)) {
                let Some(right) = &right else { continue };
                for op in self.attribute_operators(right, other) {
                    if !known.contains(&op) && !extra.iter().any(|&(done, _)| done == op) {
                        let kind = self.signature.operator(op).domain[0];
                        let sort = self.signature.error_sort(kind);
                        extra.push((op, fresh(variables, "A", sort)));
                    }
                }
            }
            let class = fresh(variables, "V", class);
            let is_open = (object.attributes.iter())
                .any(|&id| matches!(left.node(id), PatternNode::Variable(_)));
            let rest = (!is_open).then(|| fresh(variables, "Atts", self.attributes));
            completions.push(Completion { class, extra, rest });
        }
        if let Some(right) = right {
            *right = self.rebuilt(right, &on_right, |builder, object| {
                let index = on_left.iter().position(|other| same(object, other))?;
                let mentioned = self.attribute_operators(builder.source, object);
                let mut attributes = builder.mapped(&object.attributes);
                for &id in &on_left[index].attributes {
                    match left.node(id) {
                        PatternNode::Application { op, .. } if !mentioned.contains(op) => {
                            attributes.push(copy(left, id, &mut builder.target));
                        }
                        _ => {}
                    }
                }
                Some(self.object(builder, object, attributes, &completions[index], false))
            });
        }
        *left = self.rebuilt(left, &on_left, |builder, object| {
            let index = on_left.iter().position(|other| other.node == object.node)?;
            let attributes = builder.mapped(&object.attributes);
            Some(self.object(builder, object, attributes, &completions[index], true))
        });
    }

    /// The objects in a pattern whose class is a constant.
    fn objects(&self, pattern: &Pattern, variables: &[Variable]) -> Vec<Found> {
        let mut found = Vec::new();
        for index in 0..pattern.nodes().len() {
            let node = pattern.id(index);
            let PatternNode::Application { op, arguments } = pattern.node(node) else {
                continue;
            };
            let [name, class, attributes] = **arguments else {
                continue;
            };
            if *op == self.object
                && let Some(class) = self.class(pattern, class)
                && let Some(attributes) = self.attribute_set(pattern, attributes, variables)
            {
                found.push(Found {
                    node,
                    name: flat(pattern, name),
                    class,
                    attributes,
                });
            }
        }
        found
    }

    /// The constant of a class.
    fn class(&self, pattern: &Pattern, id: PatternId) -> Option<OpId> {
        match pattern.node(id) {
            PatternNode::Application { op, arguments } if arguments.is_empty() => {
                let declaration = self.signature.operator(*op).declarations.first()?;
                let is_class = self.signature.kind_of(declaration.range)
                    == self.signature.kind_of(self.classes)
                    && self.signature.leq(declaration.range, self.classes);
                is_class.then_some(*op)
            }
            _ => None,
        }
    }

    /// The attributes and variables that a set of attributes is written as; nothing if it is
    /// something else.
    fn attribute_set(
        &self,
        pattern: &Pattern,
        root: PatternId,
        variables: &[Variable],
    ) -> Option<Vec<PatternId>> {
        let mut found = Vec::new();
        let mut pending = vec![root];
        while let Some(id) = pending.pop() {
            match pattern.node(id) {
                PatternNode::Application { op, arguments } if *op == self.join => {
                    pending.extend(arguments.iter().rev());
                }
                PatternNode::Application { op, .. } if *op == self.none => {}
                PatternNode::Application { arguments, .. } if arguments.len() == 1 => {
                    found.push(id)
                }
                PatternNode::Variable(variable)
                    if variables[variable.index()].sort == self.attributes =>
                {
                    found.push(id);
                }
                _ => return None,
            }
        }
        Some(found)
    }

    fn attribute_operators(&self, pattern: &Pattern, object: &Found) -> Vec<OpId> {
        let operators = object.attributes.iter().map(|&id| match pattern.node(id) {
            PatternNode::Application { op, .. } => Some(*op),
            _ => None,
        });
        operators.flatten().collect()
    }

    /// A pattern, in which some objects are made anew.
    fn rebuilt(
        &self,
        source: &Pattern,
        objects: &[Found],
        mut make: impl FnMut(&mut Builder<'_>, &Found) -> Option<PatternId>,
    ) -> Pattern {
        let mut builder = Builder {
            source,
            target: Pattern::new(),
            ids: Vec::with_capacity(source.nodes().len()),
        };
        for index in 0..source.nodes().len() {
            let node = source.id(index);
            let made = (objects.iter())
                .find(|object| object.node == node)
                .and_then(|object| make(&mut builder, object));
            let id = made.unwrap_or_else(|| builder.copy_node(node));
            builder.ids.push(id);
        }
        let root = builder.ids[source.root().index()];
        builder.target.set_root(root);
        builder.target
    }

    fn object(
        &self,
        builder: &mut Builder<'_>,
        object: &Found,
        mut attributes: Vec<PatternId>,
        completion: &Completion,
        is_left: bool,
    ) -> PatternId {
        let PatternNode::Application { arguments, .. } = builder.source.node(object.node) else {
            unreachable!("objects are applications");
        };
        let name = builder.ids[arguments[0].index()];
        let target = &mut builder.target;
        if is_left {
            for &(op, value) in &completion.extra {
                let value = target.variable(value);
                attributes.push(target.apply(op, &[value]));
            }
        }
        attributes.extend(completion.rest.map(|rest| target.variable(rest)));
        let attributes = match *attributes.as_slice() {
            [] => target.apply(self.none, &[]),
            [only] => only,
            _ => target.apply(self.join, &attributes),
        };
        let class = target.variable(completion.class);
        target.apply(self.object, &[name, class, attributes])
    }
}

/// A pattern that is made from another, node by node.
struct Builder<'p> {
    source: &'p Pattern,
    target: Pattern,
    /// Where each node went.
    ids: Vec<PatternId>,
}

impl Builder<'_> {
    fn mapped(&self, ids: &[PatternId]) -> Vec<PatternId> {
        ids.iter().map(|id| self.ids[id.index()]).collect()
    }

    fn copy_node(&mut self, node: PatternId) -> PatternId {
        let ids = &self.ids;
        self.target
            .push_copy(self.source.node(node), |id| ids[id.index()])
    }
}

/// Copies a subpattern into another pattern.
fn copy(source: &Pattern, root: PatternId, target: &mut Pattern) -> PatternId {
    let mut wanted = vec![false; root.index() + 1];
    wanted[root.index()] = true;
    for index in (0..=root.index()).rev() {
        if wanted[index] {
            for &argument in source.node(source.id(index)).arguments() {
                wanted[argument.index()] = true;
            }
        }
    }
    let mut ids: Vec<PatternId> = vec![root; root.index() + 1];
    for index in (0..=root.index()).filter(|&index| wanted[index]) {
        let copied = target.push_copy(source.node(source.id(index)), |id| ids[id.index()]);
        ids[index] = copied;
    }
    ids[root.index()]
}

/// A subpattern as a list of nodes, parents first, without the numbers of their arguments.
fn flat(pattern: &Pattern, root: PatternId) -> Vec<PatternNode> {
    let mut nodes = Vec::new();
    let mut pending = vec![root];
    while let Some(id) = pending.pop() {
        let node = pattern.node(id);
        pending.extend(node.arguments());
        let mut bare = Pattern::new();
        let anything = pattern.id(0);
        let id = bare.push_copy(node, |_| anything);
        nodes.push(bare.node(id).clone());
    }
    nodes
}

/// A new variable: `V`, `V2`, `V3`, ...
fn fresh(variables: &mut Vec<Variable>, stem: &str, sort: SortId) -> VariableId {
    let name = (1usize..).find_map(|number| {
        let name = match number {
            1 => Name::new(stem),
            _ => Name::new(&format!("{stem}{number}")),
        };
        let is_new = !variables.iter().any(|variable| variable.name == name);
        is_new.then_some(name)
    });
    let id = VariableId(variables.len() as u16);
    variables.extend(name.map(|name| Variable { name, sort }));
    id
}
