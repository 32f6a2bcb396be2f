//! A second look at requests whose preflights another policy may have answered.
//!
//! A policy further out that cannot see a handler (it stands behind a service, or behind
//! something that eats preflights) answers preflights in its place. The handler's own policy
//! then was never asked, and what it would have refused must not run.

use crate::header::value::Wire;
use crate::origin::set::Origins;
use crate::policy::Policy;
use crate::protocol::decide::{Actual, Decision, Reader, Refusal};
use crate::protocol::request::{RequestHead, RequestHeader};
use crate::protocol::surround::is_unasked;

impl Policy {
    /// Decides like [`Policy::decide`], knowing what stands around: inside of another policy,
    /// which may have answered the preflight, a request that takes one, and that this policy
    /// would have refused, is refused now.
    ///
    /// What takes a preflight is what the browser says in [`Sec-Fetch-Mode`][1]; where it
    /// does not, a method or a `Content-Type` that is not [safelisted][2]. Which header
    /// names a preflight asked for cannot be told from the request.
    ///
    /// [1]: https://www.w3.org/TR/fetch-metadata/#sec-fetch-mode-header
    /// [2]: https://fetch.spec.whatwg.org/#cors-safelisted-method
    ///
    /// # Examples
    ///
    /// ```
    /// use cors_core::{Decision, Policy, Refusal, Surround};
    /// # use cors_core::{RequestHead, RequestHeader, Value, Wire};
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
    ///
    /// let outer = Policy::builder().origins(["*"]).build()?;
    /// let policy = Policy::builder().origins(["https://app.example.com"]).build()?;
    /// let head = Head("PUT", vec![("origin", Line("https://evil.example.net".into()))]);
    /// // Its own preflight would have stopped it.
    /// assert!(matches!(policy.decide_here(&head, None), Decision::Actual(_)));
    /// let _surround = Surround::enter(Some(&outer));
    /// let decision = policy.decide_here(&head, None);
    /// assert!(matches!(decision, Decision::Refused(Refusal::Unasked)));
    /// # Ok::<(), cors_core::Violations>(())
    /// ```
    #[inline]
    pub fn decide_here<H: RequestHead>(
        &self,
        head: &H,
        served: Option<&[&str]>,
    ) -> Decision<H::Value> {
        if is_unasked(self) {
            return self.decide_unasked(head, served);
        }
        self.decide(head, served)
    }

    /// Decides where another policy may have answered the preflight.
    #[cold]
    fn decide_unasked<H: RequestHead>(
        &self,
        head: &H,
        served: Option<&[&str]>,
    ) -> Decision<H::Value> {
        let decision = self.decide(head, served);
        let Decision::Actual(Actual { reader, .. }) = &decision else { return decision };
        let is_refused = match reader {
            Reader::Nobody => false,
            Reader::Withheld | Reader::Outside => true,
            Reader::Everybody | Reader::One(_) => {
                !is_safelisted_method(head.method().as_bytes())
                    && !self.admits_method(head.method().as_bytes(), served)
            }
        };
        if is_refused && takes_preflight(head) {
            return Decision::Refused(Refusal::Unasked);
        }
        decision
    }

    /// Whether it is the origin of a request that the policy refuses.
    pub(crate) fn refuses_origin_of(&self, head: &impl RequestHead) -> bool {
        match &self.origins {
            Origins::Any => false,
            Origins::Nobody => true,
            Origins::These(origins) => {
                head.line(RequestHeader::Origin).and_then(|it| origins.admit(it)).is_none()
            }
        }
    }
}

/// Whether a page needs a preflight to send this, as far as the request shows.
fn takes_preflight(head: &impl RequestHead) -> bool {
    let Some(origin) = head.lines(RequestHeader::Origin).next() else { return false };
    // No page can set these, and browsers send both or none.
    if let Some(mode) = head.line(RequestHeader::SecFetchMode) {
        let is_own = head
            .line(RequestHeader::SecFetchSite)
            .is_some_and(|site| site.as_bytes() == b"same-origin");
        return mode.as_bytes() == b"cors" && !is_own;
    }
    let is_simple = is_safelisted_method(head.method().as_bytes())
        && head.lines(RequestHeader::ContentType).all(|it| is_safelisted_type(it.as_bytes()));
    !is_simple && !is_own_host(origin.as_bytes(), head)
}

/// Whether a page may send a method [without asking][1].
///
/// [1]: https://fetch.spec.whatwg.org/#cors-safelisted-method
pub(crate) fn is_safelisted_method(method: &[u8]) -> bool {
    matches!(method, b"GET" | b"HEAD" | b"POST")
}

/// Fetch, [CORS-safelisted request-header](https://fetch.spec.whatwg.org/#cors-safelisted-request-header).
fn is_safelisted_type(value: &[u8]) -> bool {
    let essence = value.split(|byte| *byte == b';').next().unwrap_or_default().trim_ascii();
    ["application/x-www-form-urlencoded", "multipart/form-data", "text/plain"]
        .iter()
        .any(|it| essence.eq_ignore_ascii_case(it.as_bytes()))
}

/// Whether a page is on the host that it asks. Servers on plain `http`, and old browsers,
/// have no better word for it.
fn is_own_host(origin: &[u8], head: &impl RequestHead) -> bool {
    let host = ["http://", "https://"].iter().find_map(|it| origin.strip_prefix(it.as_bytes()));
    host.zip(head.line(RequestHeader::Host))
        .is_some_and(|(host, own)| own.as_bytes().eq_ignore_ascii_case(host))
}
