//! A refusal in words, for logs and for the front-end developer who looks into the
//! network tab.

use crate::decide::{Refusal, USUAL_METHODS};
use crate::policy::{AllowedHeaders, Policy};
use crate::request::{RequestHead, RequestHeader};
use crate::value::Wire;

/// How much of a value that came from outside is repeated, in bytes.
const LONGEST_QUOTE: usize = 120;

/// How many configured values are listed before the rest is counted.
const LONGEST_LIST: usize = 8;

impl Policy {
    /// Says why a request was refused, and what to change where.
    ///
    /// What the request carried is escaped and cut, so that the text can stand in a log or
    /// in a body. It names configured origins: meant for debug builds and for operators,
    /// not for the public.
    ///
    /// # Examples
    ///
    /// ```
    /// # use cors_core::{Decision, Policy, RequestHead, RequestHeader, Value, Wire};
    /// # #[derive(Clone)]
    /// # struct Line(String);
    /// # impl Wire for Line {
    /// #     fn from_value(value: &Value) -> Self { Self(value.as_str().to_owned()) }
    /// #     fn as_bytes(&self) -> &[u8] { self.0.as_bytes() }
    /// # }
    /// # struct Head(&'static str, Vec<(&'static str, Line)>);
    /// # impl RequestHead for Head {
    /// #     type Value = Line;
    /// #     fn method(&self) -> &str { self.0 }
    /// #     fn lines(&self, name: RequestHeader) -> impl Iterator<Item = &Line> {
    /// #         self.1.iter().filter(move |(n, _)| *n == name.name()).map(|(_, line)| line)
    /// #     }
    /// # }
    /// let policy = Policy::builder().origins(["https://app.example.com"]).build()?;
    /// let head = Head("OPTIONS", vec![
    ///     ("origin", Line("https://app.example.com".into())),
    ///     ("access-control-request-method", Line("put".into())),
    /// ]);
    /// let Decision::Refused(refusal) = policy.decide(&head, Some(&["PUT"])) else { panic!() };
    /// assert_eq!(
    ///     policy.explain(refusal, &head, Some(&["PUT"])),
    ///     "the method `put` is not allowed here, but `PUT` is: browsers send a method in \
    ///      the case that the page wrote, so write `PUT` in the page",
    /// );
    /// # Ok::<(), cors_core::Violations>(())
    /// ```
    #[must_use]
    pub fn explain<H: RequestHead>(
        &self,
        refusal: Refusal,
        head: &H,
        served: Option<&[&str]>,
    ) -> String {
        match refusal {
            Refusal::Origin | Refusal::Enforced => self.explain_origin(head),
            Refusal::Method => self.explain_method(head, served),
            Refusal::Header => self.explain_headers(head),
        }
    }

    fn explain_origin<H: RequestHead>(&self, head: &H) -> String {
        let Some(origin) = head.line(RequestHeader::Origin) else {
            return "the request has more than one `Origin` line, which no browser sends".into();
        };
        format!(
            "the origin `{}` is not allowed here; the policy of this route allows {}: if the \
             page should be allowed, add its origin to `origins`",
            quote(origin.as_bytes()),
            list(self.origins())
        )
    }

    fn explain_method<H: RequestHead>(&self, head: &H, served: Option<&[&str]>) -> String {
        let Some(method) = head.line(RequestHeader::AccessControlRequestMethod) else {
            return "the request has more than one `Access-Control-Request-Method` line, which \
                    no browser sends"
                .into();
        };
        let allowed: Vec<&str> = match (&self.methods, served) {
            (None, served) => served.unwrap_or(&USUAL_METHODS).to_vec(),
            (Some(declared), served) => declared
                .iter()
                .map(AsRef::as_ref)
                .filter(|method| served.is_none_or(|served| served.contains(method)))
                .collect(),
        };
        let asked = quote(method.as_bytes());
        let same = |it: &&&str| it.as_bytes().eq_ignore_ascii_case(method.as_bytes());
        if let Some(method) = allowed.iter().find(same) {
            return format!(
                "the method `{asked}` is not allowed here, but `{method}` is: browsers send a \
                 method in the case that the page wrote, so write `{method}` in the page"
            );
        }
        format!(
            "the method `{asked}` is not allowed here; the policy of this route allows {}",
            list(allowed.into_iter().map(str::to_owned))
        )
    }

    fn explain_headers<H: RequestHead>(&self, head: &H) -> String {
        let names = match &self.headers {
            AllowedHeaders::These(names) => names,
            AllowedHeaders::Any => {
                return "one of the requested headers is not allowed here: browsers leave \
                        `authorization` out of `*`, so write `headers = [\"*\", \
                        \"authorization\"]` if the page may send it"
                    .into();
            }
            AllowedHeaders::AnyAndAuthorization => {
                return "the list of requested headers is malformed or too long".into();
            }
        };
        let lines = head.lines(RequestHeader::AccessControlRequestHeaders).map(Wire::as_bytes);
        let unknown = lines
            .flat_map(|line| line.split(|byte| *byte == b','))
            .map(<[u8]>::trim_ascii)
            .filter(|name| !name.is_empty())
            .find(|name| !names.iter().any(|it| it.as_bytes().eq_ignore_ascii_case(name)));
        let Some(name) = unknown else {
            return "the list of requested headers is longer than any that a browser sends".into();
        };
        format!(
            "the request header `{}` is not allowed here; the policy of this route allows {}: \
             if the page may send it, add it to `headers`",
            quote(name),
            list(names.iter().map(ToString::to_string))
        )
    }
}

/// Bytes from outside, harmless to print: control characters escaped, the end cut off.
fn quote(bytes: &[u8]) -> String {
    match bytes.split_at_checked(LONGEST_QUOTE) {
        Some((start, rest)) if !rest.is_empty() => format!("{}…", start.escape_ascii()),
        _ => bytes.escape_ascii().to_string(),
    }
}

/// Values from the policy, the first few by name.
fn list(values: impl Iterator<Item = String>) -> String {
    let mut values = values.map(|value| format!("`{value}`"));
    let named: Vec<String> = values.by_ref().take(LONGEST_LIST).collect();
    match (named.is_empty(), values.count()) {
        (true, _) => "none".to_owned(),
        (false, 0) => named.join(", "),
        (false, more) => format!("{} and {more} more", named.join(", ")),
    }
}
