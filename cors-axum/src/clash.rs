//! Two routers with lists that serve one path, with the places of their handlers.
//!
//! Lists that meet refuse that by themselves. Routers are axum's: it panics, and names the path
//! alone. But what it does before shows who met. It clones what the first router has on the
//! path and, as that and the second's both answer `OPTIONS`, drops both, one right after the
//! other; then the rest of the second router; then it panics, and drops what it had cloned.
//! Whoever sees that can name them. Without unwinding, nobody does.

use std::cell::{Cell, RefCell};
use std::io::{self, Write};
use std::sync::Arc;
use std::thread;

use crate::siblings::Siblings;

thread_local! {
    static MADE: Cell<u64> = const { Cell::new(0) };
    static DROPPED: RefCell<Option<Dropped>> = const { RefCell::new(None) };
}

/// The clones that a thread made of what answers `OPTIONS`; what is none, or need not be told
/// apart, is number 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Number(u64);

impl Number {
    pub(crate) const NONE: Self = Self(0);

    fn newest() -> Self {
        Self(MADE.get())
    }

    /// Another clone.
    pub(crate) fn next() -> Self {
        MADE.set(MADE.get().wrapping_add(1));
        Self::newest()
    }
}

/// The handlers of a path, as their list has it.
#[derive(Debug, Clone)]
pub(crate) struct Place {
    path: Arc<str>,
    siblings: Siblings,
}

impl Place {
    pub(crate) fn new(path: &str, siblings: Siblings) -> Self {
        Self { path: path.into(), siblings }
    }

    /// Whether both can lie at one path: either router may have been nested before.
    fn may_meet(&self, other: &Self) -> bool {
        self.path.ends_with(&*other.path) || other.path.ends_with(&*self.path)
    }
}

/// What was dropped since the newest clone.
enum Dropped {
    /// The last.
    One { newest: Number, number: Number, place: Place },
    /// That clone, and what was merged into it.
    Pair { newest: Number, of_clone: Place, other: Place },
}

/// Called when what answers `OPTIONS` in a router is dropped and was never asked anything.
pub(crate) fn dropped(number: Number, place: &Place) {
    // Where even the thread is at its end, there is nothing to remember.
    let _ = DROPPED.try_with(|dropped| {
        let Ok(mut dropped) = dropped.try_borrow_mut() else { return };
        let newest = Number::newest();
        if thread::panicking() {
            if let Some(Dropped::Pair { newest: then, of_clone, other }) = &*dropped
                && *then == newest
                && of_clone.siblings.is(&place.siblings)
            {
                name(&of_clone.siblings, &other.siblings);
                *dropped = None;
            }
            return;
        }
        *dropped = Some(match dropped.take() {
            Some(Dropped::One { newest: then, number: first, place: earlier })
                if then == newest
                    && (first == newest) != (number == newest)
                    && earlier.may_meet(place) =>
            {
                let place = place.clone();
                let (of_clone, other) =
                    if first == newest { (earlier, place) } else { (place, earlier) };
                Dropped::Pair { newest, of_clone, other }
            }
            Some(pair @ Dropped::Pair { newest: then, .. }) if then == newest => pair,
            _ => Dropped::One { newest, number, place: place.clone() },
        });
    });
}

/// Says behind axum's panic what it leaves out: around what tests capture, for a standard error
/// that is closed must not turn the panic into an abort.
fn name(one: &Siblings, other: &Siblings) {
    let _ = writeln!(
        io::stderr(),
        "cors: two routers with annotated handlers serve that path: {one} in one, {other} in the \
         other\nhelp: each would answer its preflights, so bring them together while they are \
         lists: `routes![...].merge(routes![...])`"
    );
}
