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
pub(super) fn name(rule: Rule) -> String {
    let symbol = match rule {
        Rule::EOI => return "the end of the file".to_owned(),
        Rule::identifier | Rule::event_name | Rule::trigger | Rule::enum_element => {
            return "a name".to_owned();
        }
        Rule::integer => return "a number".to_owned(),
        Rule::string_literal => return "a string".to_owned(),
        Rule::expression | Rule::primary | Rule::expressions => {
            return "an expression".to_owned();
        }
        Rule::type_expression => return "a type".to_owned(),
        Rule::statement => return "a statement".to_owned(),
        Rule::declaration => return "a declaration".to_owned(),
        Rule::module_expression | Rule::module_primary => return "a module".to_owned(),
        Rule::machine_item => return "`var`, `fun` or `state`".to_owned(),
        Rule::state_item => return "`entry`, `exit`, `on`, `defer` or `ignore`".to_owned(),
        Rule::variable_declaration => return "`var`".to_owned(),
        Rule::infix_operator | Rule::postfix_operator => return "an operator".to_owned(),
        Rule::parameter | Rule::test_parameter => return "a parameter".to_owned(),
        Rule::temperature => return "`hot` or `cold`".to_owned(),
        Rule::keyword_init_condition => "init-condition",
        Rule::open_brace => "{",
        Rule::close_brace => "}",
        Rule::open_bracket => "[",
        Rule::close_bracket => "]",
        Rule::open_paren => "(",
        Rule::close_paren => ")",
        Rule::semicolon | Rule::empty_statement => ";",
        Rule::comma | Rule::tuple_mark => ",",
        Rule::dot => ".",
        Rule::colon => ":",
        Rule::assign => "=",
        Rule::insert => "+=",
        Rule::remove => "-=",
        Rule::arrow => "->",
        Rule::star => "*",
        Rule::minus => "-",
        _ => {
            let name = format!("{rule:?}");
            return match name.strip_prefix("keyword_") {
                Some(word) => format!("`{word}`"),
                None => name.replace('_', " "),
            };
        }
    };
    format!("`{symbol}`")
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
