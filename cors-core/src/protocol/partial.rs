//! The part of a rejected preflight that would have been allowed, where a program explains its
//! rejections.
//!
//! Browsers show a front-end developer only the first check that fails. A response
//! that allows what the policy allows, and no more, makes that the check that matters: the
//! console then names the method or the header, instead of a missing origin.

use crate::header::value::{Value, Wire};
use crate::origin::set::Origins;
use crate::policy::Policy;
use crate::protocol::preflight::is_safelisted_method;
use crate::protocol::rejection::Rejection;
use crate::protocol::request::{RequestHead, RequestHeader};
use crate::protocol::requested_headers::names;

/// What the response to a rejected preflight contains.
#[derive(Debug)]
pub(crate) struct Partial<V> {
    /// `None` where any origin is allowed.
    pub(crate) origin: Option<V>,
    pub(crate) credentials: bool,
    /// The method, and the allowed ones of the requested headers, where the method is allowed.
    pub(crate) method: Option<(V, Value)>,
}

impl Policy {
    /// What is allowed of a rejected preflight, where a browser then names what is not; `None`
    /// for a rejected origin, and for what is no preflight.
    ///
    /// It allows nothing that the policy does not. It does reveal that the origin is allowed.
    #[cold]
    pub(crate) fn partial<H: RequestHead>(
        &self,
        rejection: Rejection,
        head: &H,
    ) -> Option<Partial<H::Value>> {
        let method = head.line(RequestHeader::AccessControlRequestMethod)?;
        let method = match rejection {
            // Browsers send these whatever methods the response lists.
            Rejection::Method if is_safelisted_method(method.as_bytes()) => return None,
            Rejection::Method => None,
            Rejection::Header => Some((method.clone(), self.allowed_names(head)?)),
            Rejection::Origin
            | Rejection::NotLoaded
            | Rejection::NotSelected
            | Rejection::Unknown
            | Rejection::Enforced
            | Rejection::Nested
            | Rejection::Withheld => return None,
        };
        let origin = match &self.parts().origins {
            Origins::Any => None,
            origins => {
                let set = origins.set()?;
                Some(head.line(RequestHeader::Origin).and_then(|it| set.admit(it))?)
            }
        };
        Some(Partial { origin, credentials: self.parts().switches.credentials, method })
    }

    /// The requested names that are allowed, as a list; `None` where none is rejected, for
    /// then it is the list as a whole that is, and no browser sends one like that.
    fn allowed_names<H: RequestHead>(&self, head: &H) -> Option<Value> {
        let (allowed, rejected): (Vec<&[u8]>, Vec<&[u8]>) =
            names(head).partition(|name| self.parts().headers.allows(name));
        if rejected.is_empty() {
            return None;
        }
        // A header may have this name, and in the response it would mean all of them.
        let allowed: Vec<&[u8]> = allowed.into_iter().filter(|name| *name != b"*").collect();
        Value::from_text(String::from_utf8(allowed.join(&b", "[..])).ok()?)
    }
}
