//! Header values that are ready to send.

use std::borrow::Cow;
use std::sync::Arc;

/// A header value, ready to send in every version of `http` that the build serves.
///
/// A static one is built at compile time: sending it copies a pointer, it neither checks
/// nor allocates.
///
/// # Examples
///
/// ```
/// use cors_core::adapter::Value;
///
/// static STAR: Value = Value::from_static("*");
/// assert_eq!(STAR.as_str(), "*");
/// ```
#[derive(Debug, Clone)]
pub struct Value {
    text: Cow<'static, str>,
    #[cfg(feature = "http1")]
    http1: http::HeaderValue,
    #[cfg(feature = "http02")]
    http02: http02::HeaderValue,
}

impl Value {
    /// A value known at compile time.
    ///
    /// # Panics
    ///
    /// If `text` holds anything but visible ASCII; in a `static`, that is a compile error.
    #[must_use]
    pub const fn from_static(text: &'static str) -> Self {
        Self {
            text: Cow::Borrowed(text),
            #[cfg(feature = "http1")]
            http1: http::HeaderValue::from_static(text),
            #[cfg(feature = "http02")]
            http02: http02::HeaderValue::from_static(text),
        }
    }

    /// A value made at run time, or `None` where it can't stand in a header.
    pub(crate) fn from_text(text: String) -> Option<Self> {
        if !is_visible(&text) {
            return None;
        }
        Some(Self {
            #[cfg(feature = "http1")]
            http1: http::HeaderValue::from_str(&text).ok()?,
            #[cfg(feature = "http02")]
            http02: http02::HeaderValue::from_str(&text).ok()?,
            text: Cow::Owned(text),
        })
    }

    /// The value as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }
}

/// Whether a text can stand in a header as it is.
fn is_visible(text: &str) -> bool {
    text.bytes().all(|byte| (b' '..=b'~').contains(&byte))
}

/// How long a text is whose check costs a response less than a copy of what was checked: any
/// `Access-Control-Max-Age`.
const SHORT: usize = 8;

/// A header value of a policy.
///
/// A policy of the program holds a short one as text: header values that the compiler has to build
/// cost a program with many policies seconds of each build, and a few bytes cost a response less.
#[derive(Debug, Clone)]
pub enum ValueRef {
    /// A short text of the program, which the macro has checked.
    Text(&'static str),
    /// Of the program.
    Program(&'static Value),
    /// Made at run time.
    Shared(Arc<Value>),
}

impl ValueRef {
    /// A text of the program, or `None` where it can't stand in a header.
    pub(crate) fn of_program(text: &'static str) -> Option<Self> {
        let make = || match text.len() {
            ..=SHORT => Self::Text(text),
            _ => Self::Shared(Arc::new(Value::from_static(text))),
        };
        is_visible(text).then(make)
    }

    /// A value made at run time, or `None` where it can't stand in a header.
    pub(crate) fn from_text(text: String) -> Option<Self> {
        Value::from_text(text).map(|value| Self::Shared(Arc::new(value)))
    }

    /// The value as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match self {
            Self::Text(text) => text,
            Self::Program(value) => value.as_str(),
            Self::Shared(value) => value.as_str(),
        }
    }

    /// The value as it is sent.
    #[inline]
    pub(crate) fn to_wire<V: Wire>(&self) -> V {
        match self {
            Self::Text(text) => V::from_static(text),
            Self::Program(value) => V::from_value(value),
            Self::Shared(value) => V::from_value(value),
        }
    }
}

/// A header value as a framework puts it on the wire.
///
/// Implemented for `http::HeaderValue` (features `http1` and `http02`); anything else that
/// carries header values implements it in a few lines.
///
/// # Examples
///
/// ```
/// use cors_core::adapter::{Value, Wire};
///
/// #[derive(Clone)]
/// struct Line(String);
///
/// impl Wire for Line {
///     fn from_value(value: &Value) -> Self {
///         Self(value.as_str().to_owned())
///     }
///     fn as_bytes(&self) -> &[u8] {
///         self.0.as_bytes()
///     }
/// }
///
/// assert_eq!(Line::from_value(&Value::from_static("*")).as_bytes(), b"*");
/// ```
pub trait Wire: Clone {
    /// A copy of `value`, without any check.
    fn from_value(value: &Value) -> Self;

    /// A text of the program that is visible ASCII.
    #[must_use]
    fn from_static(text: &'static str) -> Self {
        Self::from_value(&Value::from_static(text))
    }

    /// The bytes of the value.
    fn as_bytes(&self) -> &[u8];
}

#[cfg(feature = "http1")]
impl Wire for http::HeaderValue {
    #[inline]
    fn from_value(value: &Value) -> Self {
        value.http1.clone()
    }

    #[inline]
    fn from_static(text: &'static str) -> Self {
        Self::from_static(text)
    }

    #[inline]
    fn as_bytes(&self) -> &[u8] {
        self.as_bytes()
    }
}

#[cfg(feature = "http02")]
impl Wire for http02::HeaderValue {
    #[inline]
    fn from_value(value: &Value) -> Self {
        value.http02.clone()
    }

    #[inline]
    fn from_static(text: &'static str) -> Self {
        Self::from_static(text)
    }

    #[inline]
    fn as_bytes(&self) -> &[u8] {
        self.as_bytes()
    }
}
