//! Header values and the names of the headers that the CORS protocol reads and writes.

pub(crate) mod texts;
pub(crate) mod value;
