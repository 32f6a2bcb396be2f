//! What can only be seen from inside: a test program can't call an attribute as a function.

mod attack;
mod cases;
mod cost;
mod extend;
mod nonsense;
mod others;
mod paths;
mod same_words;
