//! Modules as bytes, so that a program need not read its texts each time it starts.
//!
//! The one idea: an image holds what is left of the texts when they are read, namely the
//! signature with its tables, the statements, and the variables by name; what is made from those,
//! such as the grammar and the code, is made again. Bytes are those of
//! [postcard](https://postcard.jamesmunns.com); an image is read by the program that it was made
//! for, so there is no version in it.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::load::LoadedModule;
use crate::module::ModuleBuilder;
use crate::name::Name;
use crate::pattern::Pattern;
use crate::signature::{Signature, SortId};
use crate::statement::Statement;
use crate::syntax::ast::ModuleKind;
use crate::syntax::grammar::generate::Variables;
use crate::syntax::library::Elaborated;

/// What an image holds.
#[derive(Serialize, Deserialize)]
struct Image {
    name: Name,
    kind: ModuleKind,
    signature: Signature,
    identities: Vec<Option<Pattern>>,
    statements: Vec<Statement>,
    /// Sorted by name.
    variables: Vec<(Name, SortId)>,
    variable_sorts: Vec<SortId>,
}

/// Why bytes are no image of a module.
#[derive(Clone, PartialEq, Eq, Debug, Error)]
#[non_exhaustive]
pub enum ImageError {
    /// They cannot be read, or written.
    #[error("these bytes are no image of a module: {0}")]
    Bytes(#[from] postcard::Error),
    /// What they say is no module.
    #[error("the image of module `{module}` is damaged")]
    Module {
        /// Its name.
        module: Name,
    },
}

impl LoadedModule {
    /// The module as bytes, which depend on nothing but its texts.
    ///
    /// ```
    /// use rewriter::load::{LoadedModule, load};
    /// use rewriter::source::Source;
    /// let text = "fmod M is protecting NAT . op f : Nat -> Nat . endfm";
    /// let image = load(&[Source::new("m.maude", text)]).unwrap().current().to_image().unwrap();
    /// let module = LoadedModule::from_image(&image).unwrap();
    /// assert!(module.parse_term("f(1 + 2)").is_ok());
    /// ```
    ///
    /// # Errors
    /// If it cannot be written; nothing known makes that happen.
    pub fn to_image(&self) -> Result<Vec<u8>, ImageError> {
        let (elaborated, module) = self.parts();
        let signature = module.signature();
        let identities = signature.operators().map(|op| module.identity(op).cloned());
        let mut variables: Vec<(Name, SortId)> = (elaborated.variables.iter())
            .map(|(&name, &sort)| (name, sort))
            .collect();
        variables.sort_unstable_by_key(|(name, _)| name.as_str());
        let image = Image {
            name: module.name(),
            kind: elaborated.kind,
            signature: Signature::clone(signature),
            identities: identities.collect(),
            statements: module.statements().to_vec(),
            variables,
            variable_sorts: elaborated.variable_sorts().to_vec(),
        };
        Ok(postcard::to_stdvec(&image)?)
    }

    /// The module that the bytes were made from. It reads, prints and runs as before, but no other
    /// module can import it.
    ///
    /// # Errors
    /// If the bytes are no image.
    pub fn from_image(bytes: &[u8]) -> Result<LoadedModule, ImageError> {
        let mut image: Image = postcard::from_bytes(bytes)?;
        image.signature.index_names();
        let damaged = ImageError::Module { module: image.name };
        let signature = Arc::new(image.signature);
        if image.identities.len() != signature.operators().count() {
            return Err(damaged);
        }
        let mut builder = ModuleBuilder::new(image.name, Arc::clone(&signature));
        for (op, identity) in signature.operators().zip(image.identities) {
            if let Some(identity) = identity {
                builder.set_identity(op, identity);
            }
        }
        for statement in image.statements {
            builder.add_statement(statement);
        }
        let module = builder.finish().map_err(|_| damaged)?;
        let variables: Variables = image.variables.into_iter().collect();
        let elaborated = Elaborated::of_image(&module, image.kind, variables, image.variable_sorts);
        Ok(LoadedModule::new(Arc::new(elaborated), Arc::new(module)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::load::load;
    use crate::source::Source;

    const TEXT: &str = r#"
        mod M is
          protecting LIST{Nat} * (op __ to _;_) . protecting STRING . protecting RAT .
          sort S . op [_|_] : List{Nat} String -> S [ctor format (d d s d d d)] .
          op _,_ : S S -> S [assoc comm id: [nil | ""] prec 70] .
          vars L L' : List{Nat} . var T : String .
          crl [drop] : [L ; 18446744073709551617 ; L' | T] => [L ; L' | T + "x"]
            if N:Nat := size(L) /\ N:Nat < 2/3 + 5 [metadata "m"] .
        endm"#;

    #[test]
    fn an_image_is_the_module() {
        let loaded = load(&[Source::new("m.maude", TEXT)]).unwrap();
        let before = loaded.current();
        let image = before.to_image().unwrap();
        let after = LoadedModule::from_image(&image).unwrap();
        assert_eq!(after.to_image().unwrap(), image);
        let statements = |module: &LoadedModule| -> Vec<String> {
            let statements = module.module().statements().iter();
            let mut printer = module.printer();
            statements
                .map(|statement| printer.statement(statement))
                .collect()
        };
        assert_eq!(statements(&after), statements(before));
        for text in ["[L ; 3 | T] , X:S", "size(1 ; 2)"] {
            let shown = |module: &LoadedModule| {
                let (pattern, variables) = module.parse_pattern(text).unwrap();
                module.print_pattern(&pattern, &variables)
            };
            assert_eq!(shown(&after), shown(before));
        }
    }

    #[test]
    fn what_is_no_image_is_refused() {
        let image = load(&[Source::new("m.maude", TEXT)])
            .unwrap()
            .current()
            .to_image()
            .unwrap();
        assert!(LoadedModule::from_image(&image[..image.len() / 2]).is_err());
        assert!(LoadedModule::from_image(&[]).is_err());
    }
}
