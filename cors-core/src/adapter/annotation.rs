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

/// Where it is kept from when the handler is first registered: a `static` of the handler, so that a
/// request finds it without counting who else does.
#[derive(Debug)]
pub struct Kept(OnceLock<Box<dyn Keep>>);

/// What the compiler proves of every `static`, that threads may share it, it proves of this type once.
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

    /// A handler with a policy of its own, by the module that it is in; `data` is its name, its
    /// routes and the policy. It was declared where this is called.
    #[track_caller]
    pub fn own(&'static self, module: &str, data: &'static [u8]) -> &'static Annotation {
        self.keep(module, data, own)
    }

    /// The same, and the policy that is to come.
    #[track_caller]
    pub fn own_beside(
        &'static self,
        module: &str,
        data: &'static [u8],
        candidate: PolicyRef,
    ) -> &'static Annotation {
        self.keep(module, data, |from| Ok(own(from)?.with_candidate(candidate)))
    }

    /// A handler whose policy is elsewhere; `data` is its name and its routes.
    #[track_caller]
    pub fn elsewhere(
        &'static self,
        module: &str,
        data: &'static [u8],
        policy: PolicyRef,
    ) -> &'static Annotation {
        self.keep(module, data, |_| Ok(policy))
    }

    #[track_caller]
    fn keep(
        &'static self,
        module: &str,
        data: &'static [u8],
        policy: impl FnOnce(&mut Reader) -> Result<PolicyRef, Malformed>,
    ) -> &'static Annotation {
        let location = Location::caller();
        let read = || Box::new(read(module, location, data, policy)) as Box<dyn Keep>;
        self.0.get_or_init(read).annotation()
    }
}

/// Panics where it is not what the macro of this version writes: there is no policy to fall back on
/// that is the right one.
#[expect(clippy::panic, reason = "no handler may be registered without its policy")]
fn read(
    module: &str,
    location: &Location<'_>,
    data: &'static [u8],
    policy: impl FnOnce(&mut Reader) -> Result<PolicyRef, Malformed>,
) -> Annotation {
    let location = format!("{}:{}", location.file(), location.line());
    let read = || {
        let mut from = Reader::new(data);
        let (name, routes, policy) = (from.text()?, from.routes()?, policy(&mut from)?);
        from.end().map(|()| (name, routes, policy))
    };
    let Ok((name, routes, policy)) = read() else {
        panic!("the attribute at {location} was expanded by another version of `cors-macros`")
    };
    Annotation { routes, endpoint: Endpoint::new(format!("{module}::{name}"), location, policy) }
}

/// The policy that is recorded, which like its bytes is there as long as the program.
fn own(from: &mut Reader) -> Result<PolicyRef, Malformed> {
    from.policy().map(|policy| PolicyRef::from_static(Box::leak(Box::new(policy))))
}
