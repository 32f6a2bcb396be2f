//! Labels that start with `xn--`, and whether they encode anything.

use super::punycode;

/// The longest label that the DNS can carry; what is longer is reported as such.
const LONGEST: usize = 63;

/// Whether browsers may take a label: it is an ordinary one, or `xn--` and what encodes a label
/// with letters outside ASCII in the only way that there is.
///
/// Browsers also look each letter up in the tables of UTS 46, which are not here: a label that
/// encodes a letter that these tables forbid counts as sound.
///
/// <https://www.unicode.org/reports/tr46/#Validity_Criteria>
pub(crate) fn is_sound(label: &str) -> bool {
    let lower = label.to_ascii_lowercase();
    let Some(encoded) = lower.strip_prefix("xn--") else {
        return true;
    };
    if label.len() > LONGEST {
        return true;
    }
    punycode::decode(encoded).is_some_and(|decoded| {
        !decoded.is_ascii()
            && !decoded.contains(is_no_letter)
            && punycode::encode(&decoded).as_deref() == Some(encoded)
    })
}

/// Whether a character is mapped to another, or forbidden, as far as that can be told without tables.
fn is_no_letter(c: char) -> bool {
    let is_private = matches!(c, '\u{e000}'..='\u{f8ff}' | '\u{f0000}'..);
    let is_noncharacter = matches!(c, '\u{fdd0}'..='\u{fdef}') || u32::from(c) & 0xfffe == 0xfffe;
    // Cherokee is the one script that is mapped to its capitals.
    let is_cherokee = matches!(c, '\u{13a0}'..='\u{13f5}');
    let is_upper_case = !is_cherokee && !c.to_lowercase().eq(std::iter::once(c));
    c.is_control() || c.is_whitespace() || is_private || is_noncharacter || is_upper_case
}

#[cfg(test)]
mod tests {
    use super::{is_sound, punycode};

    #[test]
    fn names_that_people_have() {
        for label in ["example", "xn", "x--a", "xn--rsum-bpad", "xn--bcher-kva", "xn--fa-hia"] {
            assert!(is_sound(label), "{label}");
        }
    }

    #[test]
    fn what_encodes_nothing() {
        for label in ["xn--", "xn--a", "xn--abc-", "xn--a-", "xn--99999999", "xn--rsum-bpa_"] {
            assert!(!is_sound(label), "{label}");
        }
        // Browsers write `É` as `é`.
        let capital = punycode::encode("rÉsumÉ").unwrap();
        assert!(!is_sound(&format!("xn--{capital}")));
    }

    #[test]
    fn what_is_no_letter() {
        for c in ['\u{85}', '\u{a0}', '\u{e000}', '\u{fdd0}', '\u{fffe}', '\u{1ffff}', 'É'] {
            assert!(super::is_no_letter(c), "{c:?}");
        }
        for c in ['é', 'Ꭰ', 'א', '\u{fffd}'] {
            assert!(!super::is_no_letter(c), "{c:?}");
        }
    }

    /// What is longer is reported as that, and nothing else is said of it.
    #[test]
    fn what_is_as_long_as_can_be_is_decoded() {
        let label = |length: usize| format!("xn--{}-", "a".repeat(length - 5));
        assert!(!is_sound(&label(63)));
        assert!(is_sound(&label(64)));
        assert!(is_sound(&label(65)));
    }

    #[test]
    fn no_letter_is_refused_that_browsers_take() {
        for c in
            ('\u{80}'..=char::MAX).filter(|&c| super::is_no_letter(c)).filter(|&c| c < '\u{20000}')
        {
            let label = format!("xn--{}", punycode::encode(&c.to_string()).unwrap());
            assert!(!is_sent(&label), "{c:?} {label}");
        }
    }

    fn is_sent(label: &str) -> bool {
        let host = format!("{label}.example");
        url::Url::parse(&format!("https://{host}")).is_ok_and(|url| url.host_str() == Some(&host))
    }

    /// Whatever is refused here, browsers refuse too; they know more reasons to.
    #[test]
    fn nothing_is_refused_that_browsers_take() {
        let letters = b"abcdefghijklmnopqrstuvwxyz0123456789-";
        let mut state = 1_u64;
        let mut roll = |sides: usize| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            usize::try_from(state >> 33).unwrap() % sides
        };
        let (mut sound, mut unsound) = (0, 0);
        for _ in 0..20_000 {
            let length = 1 + roll(9);
            let text: String =
                (0..length).map(|_| char::from(letters[roll(letters.len())])).collect();
            let label = format!("xn--{text}");
            assert!(is_sound(&label) || !is_sent(&label), "{label}");
            if is_sound(&label) { sound += 1 } else { unsound += 1 }
        }
        assert!(sound > 100 && unsound > 100, "{sound} {unsound}");
    }
}
