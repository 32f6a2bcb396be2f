//! The usual edits: from the text of a pattern to others that may be what was meant.
//!
//! They work on the text and know little of its meaning, which is why every result is judged.

use std::ops::Range;

/// A changed pattern.
#[derive(Clone, Debug)]
pub(super) struct Edit {
    pub(super) text: String,
    /// What has been changed, as advice.
    pub(super) what: String,
    /// Where, if it is one place.
    pub(super) range: Option<Range<usize>>,
}

/// Makes the edits of one kind, none if the pattern gives no occasion.
pub(super) type Kind = fn(&str) -> Vec<Edit>;

/// All kinds, in the order in which they are tried.
pub(super) const KINDS: [Kind; 10] =
    [anchors, dots, separators, junctions, null, secure, lower_case, scheme, user, tails];

/// A piece of a regular expression, as far as the edits care.
#[derive(Clone, Debug)]
struct Token<'a> {
    range: Range<usize>,
    text: &'a str,
    /// `*`, `+?`, `{2,3}` or nothing.
    quantifier: &'a str,
}

impl Token<'_> {
    fn end(&self) -> usize {
        self.range.end + self.quantifier.len()
    }

    fn is_letter(&self) -> bool {
        self.text.len() == 1 && self.text.bytes().all(|byte| byte.is_ascii_alphanumeric())
    }

    /// Whether it stands for several texts.
    fn is_loose(&self) -> bool {
        let class = self.text == "." || self.text.starts_with('[');
        class || matches!(self.text, r"\w" | r"\d" | r"\S" | r"\W" | r"\D")
    }

    fn is_group(&self) -> bool {
        self.text.starts_with('(') && self.text.ends_with(')')
    }
}

/// Cuts a pattern into escapes, classes, groups with all that is in them, and single characters.
fn tokens(pattern: &str) -> Vec<Token<'_>> {
    let mut tokens = Vec::new();
    let mut at = 0;
    while let Some(rest) = pattern.get(at..).filter(|rest| !rest.is_empty()) {
        let length = atom(rest);
        let text = rest.get(..length).unwrap_or(rest);
        let quantifier = quantifier(rest.get(length..).unwrap_or(""));
        let token = Token { range: at..at + text.len(), text, quantifier };
        at = token.end();
        tokens.push(token);
    }
    tokens
}

/// How long the first piece is, in bytes.
fn atom(rest: &str) -> usize {
    let mut depth = 0_usize;
    let mut in_class = 0_usize;
    let mut escaped = false;
    for (at, character) in rest.char_indices() {
        let end = at + character.len_utf8();
        if escaped {
            escaped = false;
        } else {
            match character {
                '\\' => {
                    escaped = true;
                    continue;
                }
                '[' => in_class += 1,
                ']' => in_class = in_class.saturating_sub(1),
                '(' if in_class == 0 => depth += 1,
                ')' if in_class == 0 => depth = depth.saturating_sub(1),
                _ => {}
            }
        }
        if depth == 0 && in_class == 0 {
            return end;
        }
    }
    rest.len()
}

fn quantifier(rest: &str) -> &str {
    let length = match rest.bytes().next() {
        Some(b'*' | b'+' | b'?') => 1,
        Some(b'{') => rest.find('}').map_or(0, |end| end + 1),
        _ => return "",
    };
    let lazy = rest.get(length..).is_some_and(|rest| rest.starts_with('?'));
    rest.get(..length + usize::from(lazy)).unwrap_or("")
}

/// The pattern with one range replaced.
fn replaced(pattern: &str, range: Range<usize>, with: &str) -> Option<String> {
    let (before, after) = (pattern.get(..range.start)?, pattern.get(range.end..)?);
    Some(format!("{before}{with}{after}"))
}

/// Anchors around all of it.
fn anchors(pattern: &str) -> Vec<Edit> {
    let all = tokens(pattern);
    let flags = all.first().filter(|token| {
        let flag = |byte: u8| byte.is_ascii_lowercase() || byte == b'-';
        let inside = token.text.strip_prefix("(?").and_then(|text| text.strip_suffix(')'));
        inside.is_some_and(|flags| flags.bytes().all(flag))
    });
    let (flags, body) =
        pattern.split_at_checked(flags.map_or(0, Token::end)).unwrap_or(("", pattern));
    let branches: Vec<&str> = tokens(body)
        .split(|token| token.text == "|")
        .map(|branch| {
            let bounds = branch.first().zip(branch.last());
            let text = bounds.and_then(|(first, last)| body.get(first.range.start..last.end()));
            let text = text.unwrap_or("");
            let text = text.strip_prefix('^').unwrap_or(text);
            match text.strip_suffix('$') {
                Some(text) if !text.ends_with('\\') => text,
                _ => text,
            }
        })
        .collect();
    let port = if pattern.ends_with(':') { "[0-9]+" } else { "" };
    let (inside, what) = match branches.as_slice() {
        [only] => (
            (*only).to_owned(),
            match (body.starts_with('^'), body.ends_with('$')) {
                (true, _) => "add `$`",
                (_, true) => "add `^`",
                _ => "add `^` and `$`",
            },
        ),
        _ => (format!("(?:{})", branches.join("|")), "anchor all alternatives, as a group"),
    };
    vec![Edit { text: format!("{flags}^{inside}{port}$"), what: what.to_owned(), range: None }]
}

/// `\.` instead of each `.` that stands alone.
fn dots(pattern: &str) -> Vec<Edit> {
    let is_dot = |token: &&Token<'_>| token.text == "." && token.quantifier.is_empty();
    let all = tokens(pattern);
    let dots: Vec<Range<usize>> = all.iter().filter(is_dot).map(|dot| dot.range.clone()).collect();
    let mut text = pattern.to_owned();
    for dot in dots.iter().rev() {
        text = replaced(&text, dot.clone(), r"\.").unwrap_or(text);
    }
    let (what, range) = match dots.as_slice() {
        [] => return Vec::new(),
        [only] => (r"escape the dot as `\.`", Some(only.clone())),
        _ => (r"escape the dots as `\.`", None),
    };
    vec![Edit { text, what: what.to_owned(), range }]
}

/// `\.` instead of a class such as `[.-]`.
fn separators(pattern: &str) -> Vec<Edit> {
    let all = tokens(pattern);
    let classes = all.iter().filter(|token| {
        let short = token.text.len() <= 6 && !token.text.starts_with("[^");
        token.text.starts_with('[')
            && token.text.contains('.')
            && short
            && token.quantifier.is_empty()
    });
    let edit = |token: &Token<'_>| {
        Some(Edit {
            text: replaced(pattern, token.range.clone(), r"\.")?,
            what: format!(r"write `\.` instead of `{}`", token.text),
            range: Some(token.range.clone()),
        })
    };
    classes.filter_map(edit).collect()
}

/// A dot between what may be anything and the name that follows it.
fn junctions(pattern: &str) -> Vec<Edit> {
    let all = tokens(pattern);
    let mut edits = Vec::new();
    for (index, token) in all.iter().enumerate() {
        let loose = token.is_loose() || (token.is_group() && !token.text.ends_with(r"\.)"));
        let mut after =
            all.iter().skip(index + 1).skip_while(|token| token.text == r"\b").peekable();
        let start = after.peek().map(|token| token.range.start);
        let name: String =
            after.take_while(|token| token.is_letter()).map(|token| token.text).collect();
        let Some(start) = start.filter(|_| loose && !name.is_empty()) else {
            continue;
        };
        let text = token.text;
        let with = match token.quantifier.trim_end_matches('?') {
            "*" => format!(r"(?:{text}+\.)?"),
            "" if token.quantifier == "?" => format!(r"(?:{text}\.)?"),
            _ => format!(r"{text}{}\.", token.quantifier),
        };
        edits.extend(replaced(pattern, token.range.start..start, &with).map(|text| Edit {
            text,
            what: format!(r"put `\.` before `{name}`"),
            range: Some(token.range.start..token.end()),
        }));
    }
    edits
}

/// Without `null`.
fn null(pattern: &str) -> Vec<Edit> {
    let edit = |part: &str| {
        let start = pattern.find(part)?;
        Some(Edit {
            text: replaced(pattern, start..start + part.len(), "")?,
            what: "take `null` out".to_owned(),
            range: Some(start..start + part.len()),
        })
    };
    ["|null", "null|"].into_iter().filter_map(edit).collect()
}

/// `https` only.
fn secure(pattern: &str) -> Vec<Edit> {
    let edit = |part: &str| {
        let start = pattern.find(part)?;
        Some(Edit {
            text: pattern.replace(part, "https:"),
            what: "allow `https` only".to_owned(),
            range: Some(start..start + part.len() - 1),
        })
    };
    ["https?:", "http:", "(http|https):", "(https|http):", "(?:http|https):"]
        .into_iter()
        .filter_map(edit)
        .collect()
}

/// Lower case, except in escapes and in the flags and names of groups.
fn lower_case(pattern: &str) -> Vec<Edit> {
    let (mut before, mut is_flag) = (' ', false);
    let mut lower = |character: char| {
        let keep = before == '\\' || is_flag;
        is_flag = (is_flag || (before == '(' && character == '?')) && !":)>".contains(character);
        // What is escaped escapes nothing.
        before = if before == '\\' { ' ' } else { character };
        if keep { character } else { character.to_ascii_lowercase() }
    };
    let text: String = pattern.chars().map(&mut lower).collect();
    if text == pattern {
        return Vec::new();
    }
    vec![Edit { text, what: "write it in lower case".to_owned(), range: None }]
}

/// With the scheme that is missing.
fn scheme(pattern: &str) -> Vec<Edit> {
    if pattern.contains("//") || pattern.contains(r"\/\/") {
        return Vec::new();
    }
    let body = pattern.strip_prefix('^').unwrap_or(pattern);
    vec![Edit {
        text: format!("^https://{body}"),
        what: "start with the scheme".to_owned(),
        range: None,
    }]
}

/// Without a user name.
fn user(pattern: &str) -> Vec<Edit> {
    let edit = || {
        let at = pattern.find('@')?;
        let start = pattern.get(..at)?.rfind('/')? + 1;
        Some(Edit {
            text: replaced(pattern, start..at + 1, "")?,
            what: "take the user name out".to_owned(),
            range: Some(start..at + 1),
        })
    };
    edit().into_iter().collect()
}

/// Without what may follow the name: `.*`, a path, the scheme's own port.
fn tails(pattern: &str) -> Vec<Edit> {
    let mut all = tokens(pattern);
    let dollar = all.last().is_some_and(|token| token.text == "$");
    if dollar {
        all.pop();
    }
    let end = all.last().map_or(0, Token::end);
    let mut edits = Vec::new();
    for port in [":443", ":80"] {
        if let Some(start) = end.checked_sub(port.len())
            && pattern.get(start..end) == Some(port)
        {
            edits.extend(cut(pattern, start..end, "take the scheme's own port out"));
        }
    }
    while let Some(token) = all.pop() {
        let loose = (token.is_loose() || token.is_group()) && !token.quantifier.is_empty();
        if !loose && token.text != "/" && token.text != r"\/" {
            break;
        }
        edits.extend(cut(pattern, token.range.start..end, "end with the name"));
    }
    edits
}

fn cut(pattern: &str, range: Range<usize>, what: &str) -> Option<Edit> {
    Some(Edit {
        text: replaced(pattern, range.clone(), "")?,
        what: what.to_owned(),
        range: Some(range),
    })
}
