//! Tokens cut into pieces, so that each piece can be wrong on its own.

use proc_macro2::{Delimiter, TokenStream, TokenTree};

use crate::report::Report;

/// The pieces between commas; the last comma may stand for nothing.
pub(crate) fn at_commas(tokens: TokenStream, report: &mut Report) -> Vec<TokenStream> {
    let mut pieces = Vec::new();
    let mut piece = TokenStream::new();
    for token in bare(tokens) {
        match token {
            TokenTree::Punct(comma) if comma.as_char() == ',' => {
                if piece.is_empty() {
                    report.error(comma.span(), "a comma with nothing before it", "remove it");
                } else {
                    pieces.push(std::mem::take(&mut piece));
                }
            }
            token => piece.extend([token]),
        }
    }
    if !piece.is_empty() {
        pieces.push(piece);
    }
    pieces
}

/// What a `macro_rules!` macro passes on, such as `$settings:meta`, comes in a group without
/// delimiters, which means nothing and must hide nothing.
pub(crate) fn bare(tokens: TokenStream) -> Vec<TokenTree> {
    let mut all = Vec::new();
    for token in tokens {
        match token {
            TokenTree::Group(group) if group.delimiter() == Delimiter::None => {
                all.extend(bare(group.stream()));
            }
            token => all.push(token),
        }
    }
    all
}

/// The pieces that end with a pair of braces, and with it a semicolon if one follows.
pub(crate) fn behind_braces(tokens: TokenStream) -> Vec<TokenStream> {
    let mut pieces = Vec::new();
    let mut piece = TokenStream::new();
    let mut tokens = bare(tokens).into_iter().peekable();
    while let Some(token) = tokens.next() {
        let is_end = matches!(&token, TokenTree::Group(it) if it.delimiter() == Delimiter::Brace);
        piece.extend([token]);
        if is_end {
            piece.extend(
                tokens.next_if(
                    |next| matches!(next, TokenTree::Punct(mark) if mark.as_char() == ';'),
                ),
            );
            pieces.push(std::mem::take(&mut piece));
        }
    }
    if !piece.is_empty() {
        pieces.push(piece);
    }
    pieces
}
