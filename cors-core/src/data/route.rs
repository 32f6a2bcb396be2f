//! Routes as bytes.

use super::{Malformed, Reader, Writer};

/// A route of an annotated handler.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mounted<T = &'static str> {
    /// Empty where it is named elsewhere.
    pub path: T,
    /// At least one.
    pub methods: Vec<T>,
    /// Of the resource, where the framework has such names.
    pub name: T,
    /// Whether a guard chooses which requests it serves.
    pub is_guarded: bool,
}

impl Writer {
    /// The routes of a handler.
    pub fn routes(&mut self, routes: &[Mounted<String>]) {
        self.list(routes.iter(), |to, Mounted { path, methods, name, is_guarded }| {
            to.text(path);
            to.list(methods.iter(), |to, method| to.text(method));
            to.text(name);
            to.flag(*is_guarded);
        });
    }
}

impl Reader {
    /// The routes of a handler.
    pub(crate) fn routes(&mut self) -> Result<Vec<Mounted>, Malformed> {
        self.list(|from| {
            Ok(Mounted {
                path: from.text()?,
                methods: from.list(Self::text)?,
                name: from.text()?,
                is_guarded: from.flag()?,
            })
        })
    }
}
