//! The language of origins: every value of the `Origin` header that a browser can send.
//!
//! A pattern is judged, and later runs, as what it matches *among these*. So nothing here has to be
//! feared for being left out: what is not in the language is refused whatever a pattern says. The
//! language has to be wide enough for every origin that someone means to allow.
//!
//! - `https://host` and `http://host`, with a port unless it is the scheme's own. The host is made of
//!   the characters that the URL standard lets through, which are more than letters, digits and
//!   hyphens (`https://example.com_.evil.net` is real). Labels are not empty, one dot may follow the
//!   last. A last label that is a number makes an address of the host, which has one spelling only.
//!   A port is a number from 1 to 65535 without leading zeros. An IPv6 address is compressed in the one
//!   way in which the standard writes it.
//! - `null`, and `file://`, which some webviews send.
//! - `scheme://host` or `scheme://host:port` of any other scheme, as apps and extensions send it, unless
//!   no page has the scheme. What such an origin looks like is said by no standard: the host is what
//!   a literal may have, in lower case, in which the engines write it.
//!
//! The language is not exact in two places, in both of which it is too wide, and so on the safe side: a
//! label that starts with `xn--` need not encode anything, and labels and hosts may be longer than
//! the DNS carries. A pattern that matches one text alone is judged as the literal that it is, which
//! knows both.
//!
//! The automaton is shipped as a table, since building it takes longer than most proofs. Its source
//! is the list of definitions in the tests below, which check that the table is the one they give.

#[rustfmt::skip]
mod table;

/// The bits of an output that say what kind of origin ends here; none do if nothing ends here.
pub(super) const ACCEPTS: u16 = 0b111;

/// `http` or `https`, a named host.
pub(super) const DOMAIN: u16 = 1;
/// `http` or `https`, an IPv4 address.
pub(super) const ADDRESS_4: u16 = 2;
/// `http` or `https`, an IPv6 address.
pub(super) const ADDRESS_6: u16 = 3;
/// `null`.
pub(super) const NULL: u16 = 4;
/// Any other scheme.
pub(super) const CUSTOM: u16 = 5;
/// `file://`.
pub(super) const FILE: u16 = 6;

/// Set beside the kind: the scheme is `http` and the host is not the browser's own machine.
pub(super) const INSECURE: u16 = 0b1000;

/// The bits of an output that say in which part of an origin a state is.
const PART: u16 = 0b11_0000;
const HOST_START: u16 = 0b01_0000;
const HOST: u16 = 0b10_0000;
const PORT: u16 = 0b11_0000;

/// The state before the first byte; state 0 is dead.
pub(super) const START: usize = 1;

/// Whether the host may start here.
pub(super) fn at_host_start(output: u16) -> bool {
    output & PART == HOST_START
}

/// Whether a byte of the host has just been read.
pub(super) fn in_host(output: u16) -> bool {
    output & PART == HOST
}

/// Whether the colon before the port has been read.
pub(super) fn in_port(output: u16) -> bool {
    output & PART == PORT
}

/// How many states there are.
pub(super) fn states() -> usize {
    table::OUTPUTS.len()
}

/// The class of a byte; class 0 occurs in no origin.
pub(super) fn class(byte: u8) -> u8 {
    table::CLASSES.get(usize::from(byte)).copied().unwrap_or(0)
}

/// Whether any origin contains this byte.
pub(super) fn reads(byte: u8) -> bool {
    class(byte) != 0
}

/// The state after a byte.
pub(super) fn step(state: usize, byte: u8) -> usize {
    let index = state * table::STRIDE + usize::from(class(byte));
    table::ROWS.get(index).copied().map_or(0, usize::from)
}

/// Whether a text is one of the origins.
#[cfg(test)]
pub(crate) fn is_origin(text: &str) -> bool {
    output(text.bytes().fold(START, step)) & ACCEPTS != 0
}

/// What ends in a state, and in which part of an origin the state is.
pub(super) fn output(state: usize) -> u16 {
    table::OUTPUTS.get(state).copied().map_or(0, u16::from)
}

#[cfg(test)]
mod tests;
