//! The words that may be typed at the prompt.

use std::collections::BTreeSet;

use rewriter::syntax::script::Session;

/// Words of Maude's commands and modules.
const KEYWORDS: &[&str] = &[
    "attribute",
    "ceq",
    "class",
    "cmb",
    "command",
    "continue",
    "crl",
    "endfm",
    "endfth",
    "endm",
    "endom",
    "endth",
    "endv",
    "extending",
    "fmod",
    "frewrite",
    "fth",
    "graph",
    "idem",
    "include",
    "including",
    "labels",
    "load",
    "match",
    "mixfix",
    "module",
    "modules",
    "omod",
    "owise",
    "parse",
    "path",
    "print",
    "profile",
    "protecting",
    "quit",
    "reduce",
    "rewrite",
    "search",
    "select",
    "show",
    "sort",
    "sorts",
    "such that",
    "timing",
    "trace",
    "view",
    "views",
    "xmatch",
];

/// Every word that a session knows: those of commands, the names of modules, and the sorts and
/// the parts of operators of the current module; sorted.
pub(super) fn words(session: &mut Session) -> Vec<String> {
    let library = &mut session.library;
    let mut words: BTreeSet<String> = KEYWORDS.iter().map(|&word| word.to_owned()).collect();
    words.extend(library.module_names().iter().map(ToString::to_string));
    if let Some(current) = library.current() {
        let elaborated = library.elaborate(current);
        let signature = &elaborated.signature;
        let sorts = signature
            .sorts()
            .filter(|&sort| !signature.is_error_sort(sort));
        words.extend(sorts.map(|sort| signature.sort(sort).name.to_string()));
        for op in signature.operators() {
            let name = signature.operator(op).name.as_str();
            let parts = name.split(['_', '`', '(', ')', '[', ']', '{', '}', ',', ' ']);
            words.extend(parts.filter(|part| part.len() > 1).map(str::to_owned));
        }
    }
    words.into_iter().collect()
}
