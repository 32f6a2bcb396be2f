//! The part of a refused preflight that would have been allowed, for debug builds.
//!
//! Browsers tell a front-end developer no more than the first check that fails. An answer
//! that allows what the policy allows, and no more, makes that the check that matters: the
//! console then names the method or the header, instead of a missing origin.

use crate::header::value::{Value, Wire};
use crate::origin::set::Origins;
use crate::policy::{AllowedHeaders, Policy};
use crate::protocol::decide::Refusal;
use crate::protocol::nested::is_safelisted_method;
use crate::protocol::request::{RequestHead, RequestHeader};
use crate::protocol::respond::{ResponseHeader, ResponseHeaders, STAR, TRUE, put};

impl Policy {
    /// Writes what is allowed of a refused preflight, where a browser then names what is not;
    /// the status of such an answer is 200. Returns whether it did: a refused origin, and
    /// whatever is no preflight, gets nothing but what [`Policy::write_refusal`] writes.
    ///
    /// It allows nothing that the policy does not. It does tell a page that its origin is
    /// allowed, so adapters write it in debug builds only.
    ///
    /// # Examples
    ///
    /// See the adapters: an answer to `PUT` from an allowed origin, where only `GET` is
    /// served, names the origin and no method, and the console of the page says `Method PUT is
    /// not allowed by Access-Control-Allow-Methods in preflight response`.
    #[must_use]
    pub fn write_partial<H, R>(&self, refusal: Refusal, head: &H, headers: &mut R) -> bool
    where
        R: ResponseHeaders,
        H: RequestHead<Value = R::Value>,
    {
        let Some(method) = head.line(RequestHeader::AccessControlRequestMethod) else {
            return false;
        };
        let names = match refusal {
            // Browsers send these whatever the answer says of methods.
            Refusal::Method if is_safelisted_method(method.as_bytes()) => return false,
            Refusal::Method => None,
            Refusal::Header => match self.split_names(head) {
                Some(names) => Some(names),
                None => return false,
            },
            Refusal::Origin | Refusal::Enforced | Refusal::Unasked | Refusal::Withheld => {
                return false;
            }
        };
        let name = ResponseHeader::AccessControlAllowOrigin;
        match &self.origins {
            Origins::Nobody => return false,
            Origins::Any => put(headers, name, &STAR),
            Origins::These(origins) => {
                let origin = head.line(RequestHeader::Origin).and_then(|it| origins.admit(it));
                let Some(origin) = origin else { return false };
                headers.append(name, origin);
            }
        }
        if self.switches.credentials {
            put(headers, ResponseHeader::AccessControlAllowCredentials, &TRUE);
        }
        if let Some(names) = names {
            headers.append(ResponseHeader::AccessControlAllowMethods, method.clone());
            if !names.as_str().is_empty() {
                put(headers, ResponseHeader::AccessControlAllowHeaders, &names);
            }
        }
        true
    }

    /// The requested names that are allowed, as a list; `None` where none is refused, for
    /// then it is the list as a whole that is, and no browser sends one like that.
    fn split_names<H: RequestHead>(&self, head: &H) -> Option<Value> {
        let asked: Vec<&[u8]> = head
            .lines(RequestHeader::AccessControlRequestHeaders)
            .flat_map(|line| line.as_bytes().split(|byte| *byte == b','))
            .map(<[u8]>::trim_ascii)
            .collect();
        let is = |name: &[u8], other: &str| other.as_bytes().eq_ignore_ascii_case(name);
        let (allowed, refused): (Vec<&[u8]>, Vec<&[u8]>) = asked
            .into_iter()
            .filter(|name| !name.is_empty())
            .partition(|name| match &self.headers {
                AllowedHeaders::These(names) => names.iter().any(|it| is(name, it)),
                AllowedHeaders::Any => !is(name, "authorization"),
                AllowedHeaders::AnyAndAuthorization => true,
            });
        if refused.is_empty() {
            return None;
        }
        // A header may have this name, and in the answer it would stand for all of them.
        let allowed: Vec<&[u8]> = allowed.into_iter().filter(|name| *name != b"*").collect();
        Value::from_text(String::from_utf8(allowed.join(&b", "[..])).ok()?)
    }
}
