//! Two routers that serve one path, with the places of their handlers.
//!
//! Lists that meet refuse that by themselves. Routers are axum's: it panics, and names the path
//! alone. But what it does before shows who met. It clones what the first router has on the
//! path and, as that and the second's both answer `OPTIONS`, drops both, one right after the
//! other; then it panics, and drops what it had cloned. Whoever sees that can name them.

use std::cell::{Cell, RefCell};
use std::io::{self, Write};
use std::thread;

use crate::siblings::Siblings;

thread_local! {
    static MADE: Cell<u64> = const { Cell::new(0) };
    static DROPPED: RefCell<Option<Dropped>> = const { RefCell::new(None) };
}

/// The clones of what answers `OPTIONS`, numbered; what is no clone is number 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Number(u64);

impl Number {
    pub(crate) const ORIGINAL: Self = Self(0);

    /// The number of the newest clone of this thread.
    fn newest() -> Self {
        Self(MADE.get())
    }

    /// Another clone.
    pub(crate) fn next() -> Self {
        MADE.set(MADE.get().wrapping_add(1));
        Self::newest()
    }
}

/// What was dropped last, since the newest clone.
enum Dropped {
    One { newest: Number, number: Number, siblings: Siblings },
    Pair { newest: Number, of_clone: Siblings, other: Siblings },
}

impl Dropped {
    /// Whether it is what axum dropped when it could not merge into these.
    fn is_because_of(&self, siblings: &Siblings, now: Number) -> bool {
        matches!(self, Self::Pair { newest, of_clone, .. }
            if *newest == now && of_clone.is(siblings))
    }
}

/// Called when what answers `OPTIONS` is dropped and was never asked anything.
pub(crate) fn dropped(number: Number, siblings: &Siblings) {
    // Where even the thread is at its end, there is nothing to remember.
    let _ = DROPPED.try_with(|dropped| {
        let Ok(mut dropped) = dropped.try_borrow_mut() else { return };
        let newest = Number::newest();
        if thread::panicking() {
            let met = dropped.take_if(|it| it.is_because_of(siblings, newest));
            if let Some(Dropped::Pair { of_clone, other, .. }) = met {
                name(&of_clone, &other);
            }
            return;
        }
        let before = dropped.take();
        let siblings = siblings.clone();
        *dropped = Some(match before {
            Some(Dropped::One { newest: then, number: first, siblings: earlier })
                if then == newest && (first == newest) != (number == newest) =>
            {
                let (of_clone, other) =
                    if first == newest { (earlier, siblings) } else { (siblings, earlier) };
                Dropped::Pair { newest, of_clone, other }
            }
            _ => Dropped::One { newest, number, siblings },
        });
    });
}

/// Says behind axum's panic what it leaves out.
fn name(one: &Siblings, other: &Siblings) {
    // A standard error that is closed must not turn the panic into an abort.
    let _ = writeln!(
        io::stderr(),
        "cors: two routers with annotated handlers serve that path: {one} in one, {other} in the \
         other\nhelp: each would answer its preflights, so bring them together while they are \
         lists: `routes![...].merge(routes![...])`"
    );
}
