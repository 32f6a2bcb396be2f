//! The encoding of Unicode labels in the DNS, RFC 3492.

const BASE: u32 = 36;
const T_MIN: u32 = 1;
const T_MAX: u32 = 26;
const SKEW: u32 = 38;
const DAMP: u32 = 700;
const INITIAL_BIAS: u32 = 72;
const INITIAL_N: u32 = 128;

/// The form in which a label is probably sent: in lower case, and with `xn--` where it has
/// letters outside ASCII.
///
/// Browsers map labels by tables of their own (UTS 46) before they encode them. For the
/// letters of [`maps_to_lower_case`] that mapping is known to be the lower-case letter; for
/// everything else the character is returned that stands in the way of telling.
pub(crate) fn probable_label(label: &str) -> Result<String, char> {
    if label.is_ascii() {
        return Ok(label.to_ascii_lowercase());
    }
    // A label of both directions is one that browsers refuse, or nearly.
    let mixed = |c: &char| label.contains(is_right_to_left) && !is_right_to_left(*c);
    if let Some(c) = label.chars().find(mixed) {
        return Err(c);
    }
    let mut lower = String::with_capacity(label.len());
    for c in label.chars() {
        let mut mapped = c.to_lowercase();
        match (mapped.next(), mapped.next()) {
            (Some(one), None) if c.is_ascii() || maps_to_lower_case(c) => lower.push(one),
            _ => return Err(c),
        }
    }
    let first = label.chars().find(|c| !c.is_ascii()).unwrap_or_default();
    encode(&lower).map(|encoded| format!("xn--{encoded}")).ok_or(first)
}

fn is_right_to_left(c: char) -> bool {
    matches!(c, '\u{590}'..='\u{8ff}')
}

/// Letters without a compatibility mapping, a composition or a decomposition that would
/// change them: what they become is their own lower-case form.
fn maps_to_lower_case(c: char) -> bool {
    c.is_alphabetic()
        && matches!(c,
            // Latin, without ligatures and digraphs, long s and modifiers.
            'À'..='ı' | 'Ĵ'..='ľ' | 'Ł'..='ň' | 'Ŋ'..='ž' | 'ƀ'..='ǃ' | 'Ǎ'..='ǰ' | 'Ǵ'..='ɏ'
            | 'Ḁ'..='ẙ' | 'Ạ'..='ỿ'
            // Greek without its variants, Cyrillic, Armenian, Georgian.
            | 'Ά' | 'Έ'..='ώ' | 'Ѐ'..='ԯ' | 'Ա'..='ֆ' | 'ა'..='ჺ'
            // Hebrew, Arabic, Devanagari, Thai.
            | 'א'..='ת' | 'ء'..='ي' | 'अ'..='ह' | 'ก'..='ะ' | 'เ'..='ๆ'
            // Kana, ideographs, Hangul.
            | 'ぁ'..='ゖ' | 'ァ'..='ヺ' | 'ー' | '㐀'..='䶿' | '一'..='鿿' | '가'..='힣'
        )
}

/// Encodes a label, without the `xn--` in front.
///
/// `None` where the arithmetic of the RFC would overflow, which no label of a length that
/// the DNS allows comes near.
///
/// <https://www.rfc-editor.org/rfc/rfc3492#section-6.3>
pub(crate) fn encode(label: &str) -> Option<String> {
    let mut out: String = label.chars().filter(char::is_ascii).collect();
    let basic = u32::try_from(out.len()).ok()?;
    let total = u32::try_from(label.chars().count()).ok()?;
    if basic > 0 {
        out.push('-');
    }

    let mut n = INITIAL_N;
    let mut delta = 0_u32;
    let mut bias = INITIAL_BIAS;
    let mut handled = basic;
    while handled < total {
        let next = label.chars().map(u32::from).filter(|&c| c >= n).min()?;
        delta = delta.checked_add((next - n).checked_mul(handled + 1)?)?;
        n = next;
        for c in label.chars().map(u32::from) {
            if c < n {
                delta = delta.checked_add(1)?;
            } else if c == n {
                push_number(&mut out, delta, bias)?;
                bias = adapt(delta, handled + 1, handled == basic);
                delta = 0;
                handled += 1;
            }
        }
        delta = delta.checked_add(1)?;
        n = n.checked_add(1)?;
    }
    Some(out)
}

/// Writes one delta as a variable-length integer.
fn push_number(out: &mut String, delta: u32, bias: u32) -> Option<()> {
    let mut rest = delta;
    let mut k = BASE;
    loop {
        let t = k.saturating_sub(bias).clamp(T_MIN, T_MAX);
        if rest < t {
            out.push(digit(rest)?);
            return Some(());
        }
        out.push(digit(t + (rest - t) % (BASE - t))?);
        rest = (rest - t) / (BASE - t);
        k = k.checked_add(BASE)?;
    }
}

fn digit(value: u32) -> Option<char> {
    let byte = u8::try_from(value).ok()?;
    match byte {
        0..=25 => Some(char::from(b'a' + byte)),
        26..=35 => Some(char::from(b'0' + (byte - 26))),
        _ => None,
    }
}

/// Decodes a label, without the `xn--` in front.
///
/// <https://www.rfc-editor.org/rfc/rfc3492#section-6.2>
pub(crate) fn decode(encoded: &str) -> Option<String> {
    let (basic, digits) = encoded.rsplit_once('-').unwrap_or(("", encoded));
    let mut output: Vec<char> = basic.chars().collect();
    let (mut n, mut i, mut bias) = (INITIAL_N, 0_u32, INITIAL_BIAS);
    let mut digits = digits.bytes().peekable();
    while digits.peek().is_some() {
        let before = i;
        let mut weight = 1_u32;
        let mut k = BASE;
        loop {
            let digit = value(digits.next()?)?;
            i = i.checked_add(digit.checked_mul(weight)?)?;
            let t = k.saturating_sub(bias).clamp(T_MIN, T_MAX);
            if digit < t {
                break;
            }
            weight = weight.checked_mul(BASE - t)?;
            k += BASE;
        }
        let length = u32::try_from(output.len()).ok()?.checked_add(1)?;
        bias = adapt(i - before, length, before == 0);
        n = n.checked_add(i / length)?;
        i %= length;
        output.insert(usize::try_from(i).ok()?, char::from_u32(n)?);
        i += 1;
    }
    Some(output.into_iter().collect())
}

fn value(digit: u8) -> Option<u32> {
    match digit {
        b'a'..=b'z' => Some(u32::from(digit - b'a')),
        b'0'..=b'9' => Some(u32::from(digit - b'0') + 26),
        _ => None,
    }
}

/// <https://www.rfc-editor.org/rfc/rfc3492#section-6.1>
fn adapt(delta: u32, points: u32, first: bool) -> u32 {
    let mut delta = if first { delta / DAMP } else { delta / 2 };
    delta += delta / points;
    let mut k = 0;
    while delta > ((BASE - T_MIN) * T_MAX) / 2 {
        delta /= BASE - T_MIN;
        k += BASE;
    }
    k + (BASE - T_MIN + 1) * delta / (delta + SKEW)
}

#[cfg(test)]
mod tests {
    use super::{adapt, decode, encode};

    #[track_caller]
    fn case(label: &str, expected: &str) {
        assert_eq!(encode(label).as_deref(), Some(expected), "{label}");
        assert_eq!(decode(expected).as_deref(), Some(label), "{label}");
    }

    /// Section 7.1 of the RFC; its mixed-case annotations are left out, as in the DNS.
    #[test]
    fn vectors_of_rfc_3492() {
        case("ليهمابتكلموشعربي؟", "egbpdaj6bu4bxfgehfvwxn");
        case("他们为什么不说中文", "ihqwcrb4cv8a8dqg056pqjye");
        case("他們爲什麽不說中文", "ihqwctvzc91f659drss3x8bo0yb");
        case("pročprostěnemluvíčesky", "proprostnemluvesky-uyb24dma41a");
        case("למההםפשוטלאמדבריםעברית", "4dbcagdahymbxekheh6e0a7fei0b");
        case("почемужеонинеговорятпорусски", "b1abfaaepdrnnbgefbadotcwatmq2g4l");
        case("3年b組金八先生", "3b-ww4c5e180e575a65lsy2b");
        case("安室奈美恵-with-super-monkeys", "-with-super-monkeys-pc58ag80a8qai00g7n9n");
        case("ひとつ屋根の下2", "2-u9tlzr9756bt3uc0v");
        case("majiでkoiする5秒前", "majikoi5-783gue6qz075azm5e");
        case("パフィーdeルンバ", "de-jg4avhby1noc0d");
        case("そのスピードで", "d9juau41awczczp");
    }

    /// The threshold of the RFC's loop is 455.
    #[test]
    fn bias_on_both_sides_of_the_threshold() {
        assert_eq!(adapt(910, 1000, false), 36 * 455 / (455 + 38));
        assert_eq!(adapt(912, 1000, false), 36 + 36 * 13 / (13 + 38));
    }

    #[test]
    fn hosts_that_people_write() {
        case("résumé", "rsum-bpad");
        case("bücher", "bcher-kva");
        case("faß", "fa-hia");
        case("münchen", "mnchen-3ya");
    }
}
