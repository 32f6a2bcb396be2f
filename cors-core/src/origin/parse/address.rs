//! Internet addresses as the host of an origin.

use std::fmt::Write as _;
use std::net::{Ipv4Addr, Ipv6Addr};

/// Whether browsers read a host as an IPv4 address: its last label is a number.
///
/// <https://url.spec.whatwg.org/#ends-in-a-number-checker>
pub(crate) fn ends_in_number(host: &str) -> bool {
    let host = host.strip_suffix('.').unwrap_or(host);
    let last = host.rsplit('.').next().unwrap_or(host);
    match last.strip_prefix("0x").or_else(|| last.strip_prefix("0X")) {
        Some(digits) => digits.bytes().all(|b| b.is_ascii_hexdigit()),
        None => !last.is_empty() && last.bytes().all(|b| b.is_ascii_digit()),
    }
}

/// The address that browsers read a host as, in dotted-quad form.
///
/// <https://url.spec.whatwg.org/#concept-ipv4-parser>
pub(crate) fn canonical_ipv4(host: &str) -> Option<String> {
    let host = host.strip_suffix('.').unwrap_or(host);
    let mut address = 0_u32;
    let mut parts = host.split('.').peekable();
    let mut count = 0_u32;
    while let Some(part) = parts.next() {
        let value = number(part)?;
        count += 1;
        if count > 4 {
            return None;
        }
        if parts.peek().is_some() {
            let byte = u8::try_from(value).ok()?;
            address |= u32::from(byte) << (8 * (4 - count));
        } else {
            let free_bits = 8 * (5 - count);
            if u64::from(value) >= 1_u64 << free_bits {
                return None;
            }
            address |= value;
        }
    }
    Some(Ipv4Addr::from(address).to_string())
}

/// A decimal, octal (`0…`) or hexadecimal (`0x…`) number.
fn number(text: &str) -> Option<u32> {
    let (digits, radix) = match text.strip_prefix("0x").or_else(|| text.strip_prefix("0X")) {
        Some("") => return Some(0),
        Some(digits) => (digits, 16),
        None if text.starts_with('0') => (text, 8),
        None => (text, 10),
    };
    if !digits.chars().all(|c| c.is_digit(radix)) {
        return None;
    }
    u32::from_str_radix(digits, radix).ok()
}

/// The text between the brackets of an IPv6 host, in compressed form.
pub(crate) fn canonical_ipv6(text: &str) -> Option<String> {
    text.parse::<Ipv6Addr>().ok().map(compress)
}

/// The form with the longest run of zeros left out, and never with dots: `Display` of the
/// standard library writes `::ffff:1.2.3.4`, browsers write `::ffff:102:304`.
///
/// <https://url.spec.whatwg.org/#concept-ipv6-serializer>
fn compress(address: Ipv6Addr) -> String {
    let pieces = address.segments();
    let (mut best, mut best_len) = (0, 1);
    let (mut run, mut run_len) = (0, 0);
    for (index, piece) in pieces.iter().enumerate() {
        if *piece == 0 {
            if run_len == 0 {
                run = index;
            }
            run_len += 1;
            if run_len > best_len {
                (best, best_len) = (run, run_len);
            }
        } else {
            run_len = 0;
        }
    }

    let mut out = String::new();
    let compressed = if best_len > 1 { best..best + best_len } else { 8..8 };
    for (index, piece) in pieces.iter().enumerate() {
        if index == compressed.start {
            out.push_str(if index == 0 { "::" } else { ":" });
        }
        if !compressed.contains(&index) {
            // Writing to a string can't fail.
            let _ = write!(out, "{piece:x}");
            if index < 7 {
                out.push(':');
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::{canonical_ipv4, canonical_ipv6, ends_in_number};

    #[track_caller]
    fn ipv6(text: &str, expected: &str) {
        assert_eq!(canonical_ipv6(text).as_deref(), Some(expected), "{text}");
    }

    #[track_caller]
    fn ipv4(text: &str, expected: Option<&str>) {
        assert!(ends_in_number(text), "{text}");
        assert_eq!(canonical_ipv4(text).as_deref(), expected, "{text}");
    }

    #[test]
    fn ipv6_is_compressed() {
        ipv6("::", "::");
        ipv6("0:0::1", "::1");
        ipv6("::1", "::1");
        ipv6("1::", "1::");
        ipv6("2001:DB8::1", "2001:db8::1");
        ipv6("2001:db8:0:0:0:0:0:1", "2001:db8::1");
        ipv6("1:0:0:2:0:0:0:3", "1:0:0:2::3");
        ipv6("1:0:0:2:0:0:3:4", "1::2:0:0:3:4");
        ipv6("1:0:2:3:4:5:6:7", "1:0:2:3:4:5:6:7");
        ipv6("1:2:3:4:5:6:0:0", "1:2:3:4:5:6::");
        ipv6("::ffff:1.2.3.4", "::ffff:102:304");
        ipv6("0001::00ff", "1::ff");
    }

    #[test]
    fn ipv6_that_cannot_be_read() {
        for text in ["", ":", "1", ":::", "1::2::3", "1:2:3:4:5:6:7:8:9", "::12345", "fe80::1%eth0"]
        {
            assert_eq!(canonical_ipv6(text), None, "{text}");
        }
    }

    #[test]
    fn ipv4_is_dotted() {
        ipv4("127.0.0.1", Some("127.0.0.1"));
        ipv4("0x7f.1", Some("127.0.0.1"));
        ipv4("0X7F.1", Some("127.0.0.1"));
        ipv4("1.2.3", Some("1.2.0.3"));
        ipv4("1.2.65535", Some("1.2.255.255"));
        ipv4("1.16777215", Some("1.255.255.255"));
        ipv4("0", Some("0.0.0.0"));
        ipv4("2130706433", Some("127.0.0.1"));
        ipv4("0177.0.0.01", Some("127.0.0.1"));
        ipv4("1.2.3.4.", Some("1.2.3.4"));
        ipv4("0x", Some("0.0.0.0"));
        ipv4("256.1.1.1", None);
        ipv4("1.2.3.256", None);
        ipv4("1.2.3.4.5", None);
        ipv4("1.2.65536", None);
        ipv4("1.16777216", None);
        ipv4("4294967296", None);
        ipv4("0x100000000", None);
        ipv4("1..2", None);
        ipv4("example.com.08", None);
        assert!(!ends_in_number("example.com"));
        assert!(!ends_in_number("1.2.3.4a"));
        assert!(!ends_in_number("0xg"));
    }
}
