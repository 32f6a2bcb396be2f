//! A serialised origin, taken apart once for all wildcards that it is compared with.

use std::cell::OnceCell;

use super::wildcard::{Port, cut_port, default_port, read_port, whole_labels};

/// The longest host that DNS knows, in bytes.
pub(crate) const LONGEST_HOST: usize = 253;

/// The origin of a request.
#[derive(Debug)]
pub(crate) struct Serialised<'a> {
    pub(crate) scheme: &'a [u8],
    pub(crate) host: &'a [u8],
    /// The default port, or a number.
    port: Port,
    /// Whether the number is that of the default port, which no browser writes.
    is_spelt_out: bool,
    /// How many bytes of the host are whole labels, once something behind them is known to be none.
    labels: OnceCell<usize>,
}

impl<'a> Serialised<'a> {
    /// Takes `scheme://host[:port]` apart.
    pub(crate) fn read(origin: &'a [u8]) -> Option<Self> {
        let colon = origin.iter().position(|byte| *byte == b':')?;
        let (scheme, rest) = origin.split_at_checked(colon)?;
        let (host, digits) = cut_port(rest.strip_prefix(b"://")?)?;
        let number = match digits {
            None => None,
            Some(digits) => Some(read_port(digits)?),
        };
        let own = || std::str::from_utf8(scheme).ok().and_then(default_port);
        Some(Self {
            scheme,
            host,
            port: number.map_or(Port::Default, Port::Number),
            is_spelt_out: number.is_some() && number == own(),
            labels: OnceCell::new(),
        })
    }

    /// The ports of wildcards that stand for the port of this origin.
    pub(crate) fn ports(&self) -> impl Iterator<Item = Port> {
        let any = if self.is_spelt_out { None } else { Some(Port::Any) };
        [self.port].into_iter().chain(any)
    }

    /// Whether so many bytes of the host, with the dot behind them, may stand for the `*.` of a wildcard.
    pub(crate) fn starts_with_labels(&self, length: usize) -> bool {
        if length == 0 || self.host.len() > LONGEST_HOST {
            return false;
        }
        if let Some(labels) = self.labels.get() {
            return length <= *labels;
        }
        let labels = self.host.get(..length).map_or(0, whole_labels);
        if labels < length {
            self.labels.get_or_init(|| labels);
        }
        labels == length
    }
}
