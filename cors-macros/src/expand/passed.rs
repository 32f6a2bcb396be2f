//! The order of `#[cors]` and the attributes of other macros.

use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use quote::{ToTokens as _, quote};
use syn::parse::Parser as _;
use syn::punctuated::Punctuated;
use syn::{Attribute, LitStr, Token};

use crate::crate_path::CratePath;
use crate::function::{Function, is_cors, is_inert};
use crate::route::is_route;

/// What the arguments begin with after a move.
const PASSED: &str = "__passed";

/// The attributes of other macros behind which this one has moved, by their paths.
///
/// One that is still there was not expanded, because the compiler cannot find it: moving behind it
/// again would never end.
#[derive(Default)]
pub(super) struct Passed(Vec<LitStr>);

impl Passed {
    /// Takes them off the front of the arguments, where [`Self::behind_other_macros`] writes them.
    pub(super) fn take(args: &TokenStream) -> (Self, TokenStream) {
        let mut tokens = args.clone().into_iter();
        match (tokens.next(), tokens.next()) {
            (Some(TokenTree::Ident(name)), Some(TokenTree::Group(paths))) if name == PASSED => {
                let read = Punctuated::<LitStr, Token![,]>::parse_terminated;
                let paths = read.parse2(paths.stream()).unwrap_or_default();
                (Self(paths.into_iter().collect()), tokens.collect())
            }
            _ => (Self::default(), args.clone()),
        }
    }

    /// The function, unless there are attributes of other macros between this one and the route
    /// attribute: then the item with this one behind them. They read the route attribute and the
    /// function's name, which are gone afterwards.
    pub(super) fn behind_other_macros(
        &self,
        path: &CratePath,
        args: &TokenStream,
        mut function: Function,
    ) -> Result<Function, TokenStream> {
        let Some(last) = self.last_above(&function) else { return Ok(function) };
        let cors = path.attribute();
        let below = function.attributes.split_off(last + 1);
        let above = std::mem::replace(&mut function.attributes, below);
        let paths = above.iter().filter(|it| is_other(it)).map(path_of);
        let passed = Ident::new(PASSED, Span::call_site());
        Err(quote! { #(#above)* #[#cors(#passed(#(#paths),*) #args)] #function })
    }

    /// The last attribute that this one has to move behind.
    fn last_above(&self, function: &Function) -> Option<usize> {
        let first = function.attributes.iter().position(is_route)?;
        let has_passed = |it: &Attribute| {
            let path = path_of(it);
            self.0.iter().any(|passed| passed.value() == path)
        };
        let is_next = |it: &Attribute| is_other(it) && !has_passed(it);
        function.attributes.iter().take(first).rposition(is_next)
    }
}

/// Whether an attribute is of another macro.
fn is_other(attribute: &Attribute) -> bool {
    !is_inert(attribute) && !is_cors(attribute)
}

fn path_of(attribute: &Attribute) -> String {
    attribute.path().to_token_stream().to_string()
}
