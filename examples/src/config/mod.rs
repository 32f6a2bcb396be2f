//! An API that learns its origins where it is deployed: from a file, from variables that override
//! it, and from a variable that is named above a handler.
//!
//! ```text
//! PUT /articles/{id}   the policy of `[cors]` in the file
//! GET /front           the origins of FRONT_ORIGINS
//! GET /live            the origins of `live` in the file, which is read again at `SIGHUP`
//! ```

mod arguments;
mod live;
pub mod on_actix;
pub mod on_axum;
mod settings;

pub use arguments::Arguments;
pub use live::reload_at_hangup;
pub use settings::{Mistakes, Settings};
