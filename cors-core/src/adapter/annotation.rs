//! What `#[cors(...)]` records of a handler.

use std::fmt;
use std::panic::Location;
use std::sync::OnceLock;

use super::endpoint::Endpoint;
use super::reference::PolicyRef;
use crate::data::{Malformed, Mounted, Reader};

/// An annotated handler: its routes, and itself with its policy.
#[derive(Debug)]
pub struct Annotation {
    /// The routes.
    pub routes: Vec<Mounted>,
    /// The handler with its policy.
    pub endpoint: Endpoint,
}

/// Where an annotation is kept from when the handler is first registered on: a `static` of the handler,
/// so that a request reads it without a reference count.
#[derive(Debug)]
pub struct Kept(OnceLock<Box<dyn Keep>>);

/// The compiler proves for every `static` that its type is `Sync`. For a trait object that takes one step;
/// for an [`Annotation`] it took a fifth of the time that a handler costs.
trait Keep: fmt::Debug + Send + Sync {
    fn annotation(&self) -> &Annotation;
}

impl Keep for Annotation {
    fn annotation(&self) -> &Annotation {
        self
    }
}

impl Kept {
    /// Nothing yet.
    #[expect(clippy::declare_interior_mutable_const, reason = "each `static` begins with its own")]
    pub const EMPTY: Self = Self(OnceLock::new());

    /// A handler with a policy of its own. `handler` is its path in the program, `data` are its routes and
    /// the policy; it was declared where this is called.
    #[track_caller]
    #[inline]
    pub fn own(&'static self, handler: &'static str, data: &'static [u8]) -> &'static Annotation {
        self.keep(handler, data, own)
    }

    /// The same, and the policy that is to come.
    #[track_caller]
    #[inline]
    pub fn own_beside(
        &'static self,
        handler: &'static str,
        data: &'static [u8],
        candidate: PolicyRef,
    ) -> &'static Annotation {
        self.keep(handler, data, |from| Ok(own(from)?.with_candidate(candidate)))
    }

    /// A handler whose policy is elsewhere; `data` are its routes.
    #[track_caller]
    #[inline]
    pub fn elsewhere(
        &'static self,
        handler: &'static str,
        data: &'static [u8],
        policy: PolicyRef,
    ) -> &'static Annotation {
        self.keep(handler, data, |_| Ok(policy))
    }

    /// The same, and the policy that is to come.
    #[track_caller]
    #[inline]
    pub fn elsewhere_beside(
        &'static self,
        handler: &'static str,
        data: &'static [u8],
        policy: PolicyRef,
        candidate: PolicyRef,
    ) -> &'static Annotation {
        self.keep(handler, data, |_| Ok(policy.with_candidate(candidate)))
    }

    #[track_caller]
    #[inline]
    fn keep(
        &'static self,
        handler: &'static str,
        data: &'static [u8],
        policy: impl FnOnce(&mut Reader) -> Result<PolicyRef, Malformed>,
    ) -> &'static Annotation {
        match self.0.get() {
            Some(kept) => kept.annotation(),
            None => self.read(handler, data, policy),
        }
    }

    #[track_caller]
    #[cold]
    fn read(
        &'static self,
        handler: &'static str,
        data: &'static [u8],
        policy: impl FnOnce(&mut Reader) -> Result<PolicyRef, Malformed>,
    ) -> &'static Annotation {
        let location = Location::caller();
        let read = || Box::new(read(handler, location, data, policy)) as Box<dyn Keep>;
        self.0.get_or_init(read).annotation()
    }
}

/// Reads an annotation. Panics where the bytes are not what the macro of this version writes.
#[expect(clippy::panic, reason = "no handler may be registered without its policy")]
fn read(
    handler: &'static str,
    location: &Location<'_>,
    data: &'static [u8],
    policy: impl FnOnce(&mut Reader) -> Result<PolicyRef, Malformed>,
) -> Annotation {
    let location = format!("{}:{}", location.file(), location.line());
    let read = || {
        let mut from = Reader::new(data);
        let (routes, policy) = (from.routes()?, policy(&mut from)?);
        from.end().map(|()| (routes, policy))
    };
    let Ok((routes, policy)) = read() else {
        panic!("the attribute at {location} was expanded by another version of `cors-macros`")
    };
    Annotation { routes, endpoint: Endpoint::new(handler, location, policy) }
}

/// The policy in the bytes. It is never freed, as the `static` that refers to it is not.
fn own(from: &mut Reader) -> Result<PolicyRef, Malformed> {
    from.policy().map(|policy| PolicyRef::from_static(Box::leak(Box::new(policy))))
}
