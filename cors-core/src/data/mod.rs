//! Policies and routes as bytes: the macro writes them into a program, and they are read once, when a
//! handler is registered.
//!
//! To the compiler a byte string is one token and one expression, however much it says. The same as an
//! expression of nested structs costs a program of many handlers more than all that is judged and proved
//! of its policies.
//!
//! ```text
//! Policy ──write──▶ b"..." in the program ──read──▶ Policy
//! ```

mod policy;
mod route;
#[cfg(test)]
mod tests;

pub use self::route::Mounted;

/// Writes bytes, which the core reads in the program.
#[derive(Debug, Default)]
pub struct Writer(Vec<u8>);

impl Writer {
    /// What was written.
    #[must_use]
    pub fn into_bytes(self) -> Vec<u8> {
        self.0
    }

    fn byte(&mut self, byte: u8) {
        self.0.push(byte);
    }

    fn flag(&mut self, flag: bool) {
        self.byte(flag.into());
    }

    /// Seven bits a byte, the low ones first; all bytes but the last have the eighth bit (LEB128).
    fn number(&mut self, mut number: usize) {
        while number >= 0x80 {
            self.byte(0x80 | low_bits(number));
            number >>= 7;
        }
        self.byte(low_bits(number));
    }

    fn bytes(&mut self, bytes: &[u8]) {
        self.number(bytes.len());
        self.0.extend_from_slice(bytes);
    }

    /// A text.
    pub fn text(&mut self, text: &str) {
        self.bytes(text.as_bytes());
    }

    fn list<T>(&mut self, items: impl ExactSizeIterator<Item = T>, write: impl Fn(&mut Self, T)) {
        self.number(items.len());
        items.for_each(|item| write(self, item));
    }

    fn option<T>(&mut self, item: Option<T>, write: impl Fn(&mut Self, T)) {
        self.list(item.into_iter(), write);
    }
}

#[expect(clippy::cast_possible_truncation, reason = "seven bits are left")]
const fn low_bits(number: usize) -> u8 {
    (number & 0x7f) as u8
}

/// Bytes that are not what a [`Writer`] of this version writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Malformed;

/// Reads what a [`Writer`] has written; nothing else is read as anything.
#[derive(Debug)]
pub(crate) struct Reader(&'static [u8]);

impl Reader {
    /// Reads from the start.
    pub(crate) const fn new(bytes: &'static [u8]) -> Self {
        Self(bytes)
    }

    /// An error if something is left.
    pub(crate) const fn end(self) -> Result<(), Malformed> {
        if self.0.is_empty() { Ok(()) } else { Err(Malformed) }
    }

    fn byte(&mut self) -> Result<u8, Malformed> {
        let (byte, rest) = self.0.split_first().ok_or(Malformed)?;
        self.0 = rest;
        Ok(*byte)
    }

    fn flag(&mut self) -> Result<bool, Malformed> {
        match self.byte()? {
            0 => Ok(false),
            1 => Ok(true),
            _ => Err(Malformed),
        }
    }

    fn number(&mut self) -> Result<usize, Malformed> {
        let mut number = 0;
        for shift in (0..usize::BITS).step_by(7) {
            let byte = self.byte()?;
            number |= usize::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                return Ok(number);
            }
        }
        Err(Malformed)
    }

    fn short(&mut self) -> Result<u16, Malformed> {
        u16::try_from(self.number()?).map_err(|_| Malformed)
    }

    fn bytes(&mut self) -> Result<&'static [u8], Malformed> {
        let length = self.number()?;
        let (bytes, rest) = self.0.split_at_checked(length).ok_or(Malformed)?;
        self.0 = rest;
        Ok(bytes)
    }

    /// A text.
    pub(crate) fn text(&mut self) -> Result<&'static str, Malformed> {
        std::str::from_utf8(self.bytes()?).map_err(|_| Malformed)
    }

    fn list<T>(
        &mut self,
        read: impl Fn(&mut Self) -> Result<T, Malformed>,
    ) -> Result<Vec<T>, Malformed> {
        // No item is less than a byte, so no list is longer than what is left.
        let length = self.number()?;
        if length > self.0.len() {
            return Err(Malformed);
        }
        (0..length).map(|_| read(self)).collect()
    }

    fn option<T>(
        &mut self,
        read: impl Fn(&mut Self) -> Result<T, Malformed>,
    ) -> Result<Option<T>, Malformed> {
        if self.flag()? { read(self).map(Some) } else { Ok(None) }
    }
}
