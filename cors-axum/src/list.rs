//! What `routes!` and `methods!` list, before it is known which state the handlers share.

use std::marker::PhantomData;

use crate::endpoint::{Annotated, Routed, Welded};
use crate::handler::{Function, Typed, guarded};
use crate::routes::Routes;

/// A name of a list: what the attribute made of it, and the function.
#[derive(Debug)]
pub struct Listed<E, H> {
    handler: H,
    endpoint: PhantomData<fn() -> E>,
}

/// A handler whose route attributes name its paths.
pub fn route<W, H>(_: W, handler: H) -> Listed<W::Endpoint, H>
where
    W: Welded<Endpoint: Routed>,
{
    Listed { handler, endpoint: PhantomData }
}

/// A handler whose path is named elsewhere.
pub fn method<W: Welded, H>(_: W, handler: H) -> Listed<W::Endpoint, H> {
    Listed { handler, endpoint: PhantomData }
}

/// One name, or a pair of lists. `T` are the types of their extractors.
pub trait List<T, S> {
    /// Adds them to others, in their order.
    #[track_caller]
    fn add_to(self, routes: &mut Routes<S>);
}

impl<S> List<(), S> for () {
    fn add_to(self, _: &mut Routes<S>) {}
}

impl<E, H, T, S> List<T, S> for Listed<E, H>
where
    E: Annotated,
    E::Arguments: Shape<T>,
    Typed<E, H, T>: Function<S>,
    H: Clone + 'static,
    T: 'static,
    S: Clone + Send + Sync + 'static,
{
    fn add_to(self, routes: &mut Routes<S>) {
        routes.add_annotated(guarded(Typed::<E, H, T>::new(self.handler)));
    }
}

impl<A, B, T, U, S> List<(T, U), S> for (A, B)
where
    A: List<T, S>,
    B: List<U, S>,
{
    fn add_to(self, routes: &mut Routes<S>) {
        let (first, second) = self;
        first.add_to(routes);
        second.add_to(routes);
    }
}

/// `T` of axum's `Handler<T, S>` for functions of so many arguments. Without this bound the compiler tries
/// axum's implementations for every number of arguments, for each function, and again whenever a type of
/// the list is inferred.
pub trait Shape<T> {}

/// For a function whose arguments the attribute cannot count.
#[derive(Debug)]
pub enum Unknown {}

impl<T> Shape<T> for Unknown {}

impl Shape<((),)> for () {}

/// One `()` for each argument.
macro_rules! shapes {
    ($first:ident $($rest:ident)*) => {
        impl<M, $first, $($rest),*> Shape<(M, $first, $($rest),*)> for (shapes!(@ $first), $(shapes!(@ $rest)),*) {}
        shapes! { $($rest)* }
    };
    (@ $one:ident) => { () };
    () => {};
}

shapes! { A B C D E F G H I J K L N O P Q }

/// The list of all of them.
#[track_caller]
pub fn list<L, T, S>(handlers: L) -> Routes<S>
where
    L: List<T, S>,
    S: Clone + Send + Sync + 'static,
{
    let mut routes = Routes::new();
    handlers.add_to(&mut routes);
    routes
}
