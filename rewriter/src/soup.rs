//! The compiled engine for states that are collections: local work is done once.
//!
//! The one idea: in a soup of elements a rule looks at a few of them and replaces these. So a state is
//! kept as a vector of numbers, one for each *leaf* (an element of the soup, or an argument beside
//! it), and what a rule makes of a tuple of leaves is computed once, by the machine of
//! [`reduction`](crate::reduction), and remembered. A step of a state is then a lookup and the
//! exchange of a few words; the state as a term is made only when somebody asks for it.
//!
//! Where leaves may stand is the [`Layout`](layout::Layout), found when a search starts. A rule or
//! equation that looks at collections which the layout opens is a [`Join`](join::Join) of patterns;
//! all others work inside a leaf. What does not fit (see [`Soup::new`]) is left to the general
//! engine, [`transition`](crate::transition), which gives the same answers in the same order.

mod choice;
mod close;
mod config;
mod expand;
mod factor;
mod few;
mod goal;
mod join;
mod layout;
mod leaf;
mod learn;
mod observe;
mod outcome;
mod plan;
mod results;
mod space;
mod tuples;

pub(crate) use learn::{Findings, Mark, News, Untold};
pub(crate) use outcome::SlotChange;
pub(crate) use space::{Hands, Soup, SoupTarget, Unfit};
