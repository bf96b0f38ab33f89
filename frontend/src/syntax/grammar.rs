//! The parser that pest makes of `p.pest`.

#![allow(missing_docs, reason = "pest writes the enum of rules")]

use pest::Parser;
use pest::error::Error;
use pest::iterators::Pairs;
use pest_derive::Parser;

#[derive(Parser)]
#[grammar = "syntax/p.pest"]
struct Grammar;

/// Parses one file.
pub(super) fn parse(text: &str) -> Result<Pairs<'_, Rule>, Box<Error<Rule>>> {
    Grammar::parse(Rule::program, text).map_err(Box::new)
}

/// Whether the rule is a keyword or a symbol: the grammar lists them together, last.
pub(super) fn is_token(rule: Rule) -> bool {
    rule >= Rule::keyword_announce
}

/// Whether a word is a keyword, and so cannot be a name.
pub(super) fn is_reserved(word: &str) -> bool {
    Grammar::parse(Rule::identifier, word).is_err()
}

/// How a rule is called in an error: a token as it is written, the rest in words.
pub(super) fn words(rule: Rule) -> &'static [&'static str] {
    match rule {
        Rule::EOI => &["the end of the file"],
        Rule::identifier | Rule::identifiers => &["a name"],
        Rule::event_name | Rule::event_names | Rule::trigger | Rule::triggers => &["an event"],
        Rule::enum_element => &["an element"],
        Rule::integer => &["a number"],
        Rule::string_literal => &["a string"],
        Rule::expression | Rule::primary | Rule::expressions | Rule::tuple_or_group => {
            &["an expression"]
        }
        Rule::type_expression | Rule::field_types | Rule::tuple_types => &["a type"],
        Rule::statement => &["a statement"],
        Rule::declaration | Rule::program => &["a declaration"],
        Rule::module_expression
        | Rule::module_primary
        | Rule::module_prefix
        | Rule::module_operator => &["a module"],
        Rule::machine_item => &["`var`", "`fun`", "`state`"],
        Rule::machine_body | Rule::body | Rule::block => &["`{`"],
        Rule::state_item => &["`entry`", "`exit`", "`on`", "`defer`", "`ignore`"],
        Rule::variable_declaration => &["`var`"],
        Rule::infix_operator | Rule::postfix_operator | Rule::prefix_operator => &["an operator"],
        Rule::parameter | Rule::test_parameter => &["a parameter"],
        Rule::handler | Rule::plain_handler | Rule::named_handler => &["a function"],
        Rule::temperature => &["`hot`", "`cold`"],
        Rule::start_mark => &["`start`"],
        Rule::permission_clause | Rule::permission_kind => &["`receives`", "`sends`"],
        Rule::test_value => &["a number", "`true`", "`false`"],
        Rule::binding => &["a machine"],
        Rule::keyword_init_condition => &["`init-condition`"],
        Rule::open_brace => &["`{`"],
        Rule::close_brace => &["`}`"],
        Rule::open_bracket | Rule::main_machine => &["`[`"],
        Rule::close_bracket => &["`]`"],
        Rule::open_paren | Rule::arguments | Rule::parameters | Rule::condition => &["`(`"],
        Rule::close_paren => &["`)`"],
        Rule::semicolon | Rule::empty_statement | Rule::foreign_end => &["`;`"],
        Rule::comma | Rule::tuple_mark | Rule::module_comma => &["`,`"],
        Rule::dot => &["`.`"],
        Rule::colon | Rule::result_type => &["`:`"],
        Rule::assign => &["`=`"],
        Rule::insert => &["`+=`"],
        Rule::remove => &["`-=`"],
        Rule::arrow => &["`->`"],
        Rule::star => &["`*`"],
        Rule::minus => &["`-`"],
        Rule::do_reaction => &["`do`"],
        Rule::goto_reaction => &["`goto`"],
        Rule::refinement => &["`refines`"],
        _ => &[],
    }
}

/// A keyword's text, from the name of its rule.
pub(super) fn keyword(rule: Rule) -> Option<String> {
    format!("{rule:?}")
        .strip_prefix("keyword_")
        .map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_stand_together_at_the_end() {
        let all = Rule::all_rules();
        let first = all.iter().position(|rule| is_token(*rule)).unwrap();
        assert_eq!(all[first], Rule::keyword_announce);
        assert!(all[first..].iter().all(|rule| is_token(*rule)));
        assert_eq!(*all.last().unwrap(), Rule::percent);
        let keyword = |rule: &Rule| format!("{rule:?}").starts_with("keyword_");
        assert!(!all[..first].iter().any(keyword));
    }
}
