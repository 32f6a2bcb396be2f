//! The catalogue: every rule once, with the text that all surfaces print.

use std::fmt;
use std::str::FromStr;

use super::name::UnknownName;

/// Declares the rules: one variant, one stable identifier, one entry of the catalogue.
macro_rules! rules {
    ($($variant:ident $id:literal {
        refuses: $refuses:literal,
        why: $why:literal,
        fix: $fix:literal,
        see: $see:literal,
    })*) => {
        /// A rule that every policy obeys, whether it was declared by the attribute or
        /// built at run time.
        ///
        /// # Examples
        ///
        /// ```
        /// use cors_core::Rule;
        ///
        /// let rule = Rule::OriginAnyWithCredentials;
        /// assert_eq!(rule.as_str(), "origin-any-with-credentials");
        /// assert_eq!("origin-any-with-credentials".parse(), Ok(rule));
        /// assert!(rule.see().starts_with("https://"));
        /// ```
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum Rule {
            $(
                #[doc = concat!($refuses, "\n\n**Why:** ", $why, "\n\n**Fix:** ", $fix, "\n\n**See:** <", $see, ">")]
                $variant,
            )*
        }

        impl Rule {
            /// Every rule, in the order of the catalogue.
            pub const ALL: &[Self] = &[$(Self::$variant,)*];

            /// The stable identifier that messages show in brackets.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $id,)* }
            }

            /// What is an error by the rule.
            #[must_use]
            pub const fn refuses(self) -> &'static str {
                match self { $(Self::$variant => $refuses,)* }
            }

            /// The attack, or the silent failure, behind the rule.
            #[must_use]
            pub const fn why(self) -> &'static str {
                match self { $(Self::$variant => $why,)* }
            }

            /// What to do instead.
            #[must_use]
            pub const fn fix(self) -> &'static str {
                match self { $(Self::$variant => $fix,)* }
            }

            /// The section of a standard, or the advisory, that the rule comes from.
            #[must_use]
            pub const fn see(self) -> &'static str {
                match self { $(Self::$variant => $see,)* }
            }
        }
    };
}

impl Rule {
    /// Whether a policy means the same without what violates the rule, so that it may be left out
    /// with a warning ([`PolicySpec::build_tolerant`](crate::PolicySpec::build_tolerant)).
    ///
    /// What allows an owner that the declaration does not name is not harmless, and neither is what was
    /// meant to allow an origin and does not, such as an origin that cannot be read: without it a
    /// front end would be broken without a word.
    ///
    /// # Examples
    ///
    /// ```
    /// use cors_core::Rule;
    ///
    /// assert!(Rule::HeaderForbidden.is_harmless());
    /// assert!(!Rule::OriginPath.is_harmless());
    /// ```
    #[must_use]
    pub const fn is_harmless(self) -> bool {
        match self {
            Self::OriginDuplicate
            | Self::PatternDuplicate
            | Self::SiteDuplicate
            | Self::SiteUnneeded
            | Self::MethodForbidden
            | Self::MethodDuplicate
            | Self::MethodNotServed
            | Self::HeaderForbidden
            | Self::HeaderDuplicate
            | Self::HeaderAnyBesideOthers
            | Self::ExposeSetCookie
            | Self::ExposeAnyBesideOthers
            | Self::ExposeDuplicate
            | Self::MaxAgeTooLong
            | Self::MaxAgeNegative
            | Self::DangerUnneeded => true,
            Self::EnvMissing
            | Self::EnvName
            | Self::OriginNone
            | Self::OriginAnyWithCredentials
            | Self::OriginAnyBesideOthers
            | Self::OriginPath
            | Self::OriginQuery
            | Self::OriginFragment
            | Self::OriginUserInfo
            | Self::OriginWhiteSpace
            | Self::OriginPattern
            | Self::OriginSchemeMissing
            | Self::OriginSchemeCase
            | Self::OriginSchemeFile
            | Self::OriginSchemeInvalid
            | Self::OriginHostMissing
            | Self::OriginHostCase
            | Self::OriginHostCharacter
            | Self::OriginHostUnicode
            | Self::OriginHostLong
            | Self::OriginLabelEmpty
            | Self::TooLarge
            | Self::OriginLabelLong
            | Self::OriginLabelHyphen
            | Self::OriginLabelPunycode
            | Self::OriginDefaultPort
            | Self::OriginPort
            | Self::OriginIpv4
            | Self::OriginIpv6
            | Self::OriginNull
            | Self::OriginNullWithCredentials
            | Self::OriginInsecureWithCredentials
            | Self::WildcardPartialLabel
            | Self::WildcardNotLeftmost
            | Self::WildcardScheme
            | Self::WildcardEveryHost
            | Self::WildcardPort
            | Self::WildcardOnAddress
            | Self::WildcardPublicSuffix
            | Self::PatternSyntax
            | Self::PatternUnanchored
            | Self::PatternNeverMatches
            | Self::PatternOpenSites
            | Self::PatternUndeclaredSites
            | Self::PatternBareSuffix
            | Self::PatternDotlessHost
            | Self::PatternNullOrigin
            | Self::PatternAddress
            | Self::PatternCustomScheme
            | Self::PatternInsecure
            | Self::PatternTooComplex
            | Self::SiteInvalid
            | Self::MethodNone
            | Self::MethodAny
            | Self::MethodToken
            | Self::MethodCase
            | Self::HeaderToken
            | Self::ExposeToken
            | Self::ExposeAnyWithCredentials
            | Self::MaxAgeFormat
            | Self::EnforceAnyOrigin
            | Self::PreflightStatus
            | Self::PrivateNetworkAnyOrigin => false,
        }
    }
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl FromStr for Rule {
    type Err = UnknownName;

    fn from_str(text: &str) -> Result<Self, UnknownName> {
        let found = Self::ALL.iter().copied().find(|rule| rule.as_str() == text);
        found.ok_or_else(|| UnknownName::new("rule", text))
    }
}

rules! {
    OriginNone "origin-none" {
        refuses: "A policy without any origin.",
        why: "a policy that allows no origin has the effect of no policy: browsers block every cross-origin response",
        fix: "Name the origins of your front ends, or write `\"*\"` for public data.",
        see: "https://fetch.spec.whatwg.org/#cors-check",
    }
    EnvMissing "env-missing" {
        refuses: "An environment variable without any origin, where the declaration takes origins from it without `optional`.",
        why: "a deployment that forgets the variable would run with a policy that allows no origin, and the first to notice would be the users of the front end",
        fix: "Set the variable, or declare `env(\"NAME\", optional)` if no origin is to be allowed without it.",
        see: "https://12factor.net/config",
    }
    EnvName "env-name" {
        refuses: "The name of an environment variable that no variable can have.",
        why: "no operating system can set a variable whose name is empty, or has a `=` or a NUL in it, so its origins would always be missing",
        fix: "Write the name of the variable, such as `env(\"FRONT_ORIGINS\")`.",
        see: "https://pubs.opengroup.org/onlinepubs/9799919799/basedefs/V1_chap08.html",
    }
    OriginAnyWithCredentials "origin-any-with-credentials" {
        refuses: "`*` together with credentials.",
        why: "browsers reject `*` on requests with credentials, and a server that reflects every origin instead lets any site read what only the signed-in user may see",
        fix: "List the origins that may use credentials, or leave `credentials` out.",
        see: "https://fetch.spec.whatwg.org/#cors-protocol-and-credentials",
    }
    OriginAnyBesideOthers "origin-any-beside-others" {
        refuses: "`*` beside other origins.",
        why: "`*` allows every site to read the response, so the other origins look like a limit that does not exist",
        fix: "Write `\"*\"` alone, or list the origins without it.",
        see: "https://fetch.spec.whatwg.org/#http-access-control-allow-origin",
    }
    OriginPath "origin-path" {
        refuses: "An origin with a path; a trailing slash is one.",
        why: "a browser sends only scheme, host and port in `Origin`, so an entry with a path would never match",
        fix: "Write the origin alone, without anything behind the host and port.",
        see: "https://fetch.spec.whatwg.org/#origin-header",
    }
    OriginQuery "origin-query" {
        refuses: "An origin with a query.",
        why: "a browser sends only scheme, host and port in `Origin`, so an entry with a query would never match",
        fix: "Write the origin alone, without anything behind the host and port.",
        see: "https://fetch.spec.whatwg.org/#origin-header",
    }
    OriginFragment "origin-fragment" {
        refuses: "An origin with a fragment.",
        why: "a browser sends only scheme, host and port in `Origin`, so an entry with a fragment would never match",
        fix: "Write the origin alone, without anything behind the host and port.",
        see: "https://fetch.spec.whatwg.org/#origin-header",
    }
    OriginUserInfo "origin-user-info" {
        refuses: "An origin with a user name or password.",
        why: "a browser never sends user info in `Origin`, so the entry would never match, and a password in it would be published with the source",
        fix: "Write the origin without the part before the `@`.",
        see: "https://fetch.spec.whatwg.org/#origin-header",
    }
    OriginWhiteSpace "origin-white-space" {
        refuses: "An origin with white space or control characters, or several origins in one literal.",
        why: "a browser sends `Origin` without white space, so the entry would never match",
        fix: "Write one origin per element, without white space.",
        see: "https://fetch.spec.whatwg.org/#origin-header",
    }
    OriginPattern "origin-pattern" {
        refuses: "A regular expression where an origin belongs.",
        why: "origins are compared byte by byte, so a regular expression would never match, and one that is nearly right allows origins of attackers",
        fix: "Write each origin in full; for subdomains write `https://*.example.com`, for ports `https://example.com:*`.",
        see: "https://fetch.spec.whatwg.org/#cors-check",
    }
    OriginSchemeMissing "origin-scheme-missing" {
        refuses: "An origin without a scheme.",
        why: "a browser sends the scheme in `Origin`, so the entry would never match, and guessing it could allow pages without TLS",
        fix: "Write the origin with its scheme, such as `https://app.example.com`.",
        see: "https://fetch.spec.whatwg.org/#origin-header",
    }
    OriginSchemeCase "origin-scheme-case" {
        refuses: "An origin with upper-case letters in its scheme.",
        why: "a browser sends the scheme in lower case, so the entry would never match",
        fix: "Write the scheme in lower case.",
        see: "https://url.spec.whatwg.org/#concept-url-scheme",
    }
    OriginSchemeFile "origin-scheme-file" {
        refuses: "An origin with the scheme `file`; `file://` itself is allowed if `dangerously_allow(local_files)` names the danger.",
        why: "browsers give a page from a file the origin `null`, and where a webview sends `file://` instead, every file on the device has that origin, also one that came by mail or was downloaded",
        fix: "Serve the page over HTTP, such as from `http://localhost:3000`, or let the app register a scheme of its own; for a webview that sends `file://`, write `file://` and `dangerously_allow(local_files)`.",
        see: "https://html.spec.whatwg.org/multipage/browsers.html#concept-origin",
    }
    OriginSchemeInvalid "origin-scheme-invalid" {
        refuses: "An origin with a scheme that no page has, such as `mailto`, `blob`, `data`, `ws` or `chrome`.",
        why: "pages of such a scheme do not exist, or have the origin of another page or `null`, so the entry would never match",
        fix: "Write `https://`, or the scheme that your application registers with the browser engine, such as `capacitor://`.",
        see: "https://url.spec.whatwg.org/#concept-url-origin",
    }
    OriginHostMissing "origin-host-missing" {
        refuses: "An origin without a host.",
        why: "every origin that a browser sends has a host, so the entry would never match",
        fix: "Write the host behind the scheme, such as `https://app.example.com`.",
        see: "https://fetch.spec.whatwg.org/#origin-header",
    }
    OriginHostCase "origin-host-case" {
        refuses: "An origin with upper-case letters in its host.",
        why: "a browser sends the host in lower case, so the entry would never match",
        fix: "Write the host in lower case.",
        see: "https://url.spec.whatwg.org/#concept-domain-to-ascii",
    }
    OriginHostCharacter "origin-host-character" {
        refuses: "An origin with a character that no host name has.",
        why: "no such host can be registered, so the entry would match no page",
        fix: "Write the host with letters, digits, hyphens, underscores and dots alone.",
        see: "https://url.spec.whatwg.org/#forbidden-domain-code-point",
    }
    OriginHostUnicode "origin-host-unicode" {
        refuses: "An origin with a host in Unicode.",
        why: "a browser sends the host in its ASCII form, which starts with `xn--`, so the entry would never match",
        fix: "Copy the `xn--` form of the host from the address bar of a browser.",
        see: "https://url.spec.whatwg.org/#concept-domain-to-ascii",
    }
    OriginHostLong "origin-host-long" {
        refuses: "An origin with a host of more than 253 octets.",
        why: "the DNS cannot carry such a name, so the entry would match no page",
        fix: "Write a host of 253 octets or less.",
        see: "https://www.rfc-editor.org/rfc/rfc1035#section-2.3.4",
    }
    OriginLabelEmpty "origin-label-empty" {
        refuses: "An origin with an empty label in its host.",
        why: "the DNS has no empty label inside a name, so the entry would match no page",
        fix: "Write the host with one dot between two labels.",
        see: "https://www.rfc-editor.org/rfc/rfc1034#section-3.1",
    }
    TooLarge "too-large" {
        refuses: "A string, or a list of names or patterns, that is larger than any policy needs.",
        why: "a policy may contain input of others, such as tenants, and the work and memory that it costs must be bounded",
        fix: "Write what is meant: strings of at most 4096 octets, lists of at most 1024 names and 32 patterns; origins may be as many as there are.",
        see: "https://www.rfc-editor.org/rfc/rfc1035#section-2.3.4",
    }
    OriginLabelLong "origin-label-long" {
        refuses: "An origin with a label of more than 63 octets in its host.",
        why: "the DNS cannot carry such a label, so the entry would match no page",
        fix: "Write labels of 63 octets or less.",
        see: "https://www.rfc-editor.org/rfc/rfc1035#section-2.3.4",
    }
    OriginLabelHyphen "origin-label-hyphen" {
        refuses: "An origin with a registered name that starts or ends with a hyphen. Names below one may.",
        why: "no registry hands out such a name, so the entry would match no page",
        fix: "Remove the hyphen at the start or the end of the label.",
        see: "https://www.rfc-editor.org/rfc/rfc1123#section-2",
    }
    OriginLabelPunycode "origin-label-punycode" {
        refuses: "An origin with a label that starts with `xn--` and encodes no name.",
        why: "a URL with such a host is invalid in browsers, so no page has this origin",
        fix: "Copy the `xn--` form of the host from the address bar of a browser.",
        see: "https://www.unicode.org/reports/tr46/#Validity_Criteria",
    }
    OriginDefaultPort "origin-default-port" {
        refuses: "An origin that spells out the default port of its scheme.",
        why: "a browser leaves the default port out of `Origin`, so the entry would never match",
        fix: "Write the origin without the port.",
        see: "https://url.spec.whatwg.org/#default-port",
    }
    OriginPort "origin-port" {
        refuses: "An origin with a port that is empty, 0, above 65535, not a number, or that has a leading zero.",
        why: "a browser sends a port as a plain decimal number, so the entry would never match",
        fix: "Write a port from 1 to 65535 without leading zeros, `:*` for any port, or no port for the default one.",
        see: "https://url.spec.whatwg.org/#concept-url-port",
    }
    OriginIpv4 "origin-ipv4" {
        refuses: "An origin with an IPv4 address that is not in dotted-quad form.",
        why: "a browser sends an IPv4 address as four decimal numbers, and reads any host that ends in a number as such an address, so the entry would never match",
        fix: "Write the address as four decimal numbers from 0 to 255, such as `127.0.0.1`.",
        see: "https://url.spec.whatwg.org/#concept-ipv4-parser",
    }
    OriginIpv6 "origin-ipv6" {
        refuses: "An origin with an IPv6 address that is not in its compressed form, or whose brackets do not fit.",
        why: "a browser sends an IPv6 address compressed and in brackets, so the entry would never match",
        fix: "Write the address in brackets and compressed, such as `http://[::1]`.",
        see: "https://url.spec.whatwg.org/#concept-ipv6-serializer",
    }
    OriginNull "origin-null" {
        refuses: "`null` as an origin, unless `dangerously_allow(null_origin)` names the danger.",
        why: "any site can open a frame with the origin `null` (`<iframe sandbox>`), so allowing `null` allows every site",
        fix: "Remove `null`, or opt in with `dangerously_allow(null_origin)`.",
        see: "https://html.spec.whatwg.org/multipage/browsers.html#concept-origin-opaque",
    }
    OriginNullWithCredentials "origin-null-with-credentials" {
        refuses: "`null` as an origin together with credentials; no danger permits it.",
        why: "any site can open a frame with the origin `null` (`<iframe sandbox>`) and read the responses with the cookies of your users",
        fix: "Remove `null`, or leave `credentials` out.",
        see: "https://html.spec.whatwg.org/multipage/browsers.html#concept-origin-opaque",
    }
    OriginDuplicate "origin-duplicate" {
        refuses: "The same origin twice.",
        why: "an origin that is listed twice is probably a slip, and removing one of the two later would not remove the origin",
        fix: "Remove one of them.",
        see: "https://fetch.spec.whatwg.org/#cors-check",
    }
    OriginInsecureWithCredentials "origin-insecure-with-credentials" {
        refuses: "An origin without TLS together with credentials, unless `dangerously_allow(insecure_origins)` names the danger; the own machine is exempt.",
        why: "an attacker on the network path can serve a page from this origin, and that page reads the responses with the cookies of your users",
        fix: "Write the `https://` origin, leave `credentials` out, or opt in with `dangerously_allow(insecure_origins)`.",
        see: "https://www.w3.org/TR/secure-contexts/#is-origin-trustworthy",
    }
    WildcardPartialLabel "wildcard-partial-label" {
        refuses: "A wildcard in a part of a label, such as `https://*example.com`.",
        why: "a name that only contains yours can be anyone's: `https://evil-example.com`",
        fix: "Write `https://*.example.com` for all subdomains, or each host as an origin of its own.",
        see: "https://url.spec.whatwg.org/#host-miscellaneous",
    }
    WildcardNotLeftmost "wildcard-not-leftmost" {
        refuses: "A wildcard behind the first label, such as `https://example.*` or `https://api.*.example.com`.",
        why: "the last labels of a name decide who owns it, so `https://example.*` would match `https://example.evil.com`",
        fix: "Write `https://*.example.com` for all subdomains, or each host as an origin of its own.",
        see: "https://url.spec.whatwg.org/#host-miscellaneous",
    }
    WildcardScheme "wildcard-scheme" {
        refuses: "A wildcard as the scheme, or behind a scheme other than `http` and `https`.",
        why: "a page of another scheme is another origin: `http://example.com` can be forged by anyone on the network path",
        fix: "Write the scheme in full, and wildcards behind `http` and `https` only.",
        see: "https://fetch.spec.whatwg.org/#origin-header",
    }
    WildcardEveryHost "wildcard-every-host" {
        refuses: "A wildcard in place of the whole host, such as `https://*`.",
        why: "it would match `https://evil.com`, and every other site",
        fix: "List the hosts, or write `\"*\"` as the only origin for public data.",
        see: "https://fetch.spec.whatwg.org/#cors-protocol-and-credentials",
    }
    WildcardPort "wildcard-port" {
        refuses: "A wildcard in a part of the port, such as `:80*`.",
        why: "a prefix of digits would match ports of unrelated services",
        fix: "Write `:*` for any port, or one port in full.",
        see: "https://url.spec.whatwg.org/#concept-url-port",
    }
    WildcardOnAddress "wildcard-on-address" {
        refuses: "A wildcard in front of an IP address.",
        why: "an address has no subdomains, so the entry would never match",
        fix: "Write the address without the wildcard.",
        see: "https://url.spec.whatwg.org/#host-representation",
    }
    WildcardPublicSuffix "wildcard-public-suffix" {
        refuses: "Subdomains of a public suffix together with credentials, unless `dangerously_allow(public_suffix_subdomains)` names the danger.",
        why: "anyone can register a name below a public suffix and read the responses with the cookies of your users",
        fix: "Write the domain that is yours, such as `https://*.example.co.uk` instead of `https://*.co.uk`, or opt in with `dangerously_allow(public_suffix_subdomains)`.",
        see: "https://publicsuffix.org/learn/",
    }
    PatternSyntax "pattern-syntax" {
        refuses: "An origin pattern that is no regular expression, or one with look-around or Unicode classes.",
        why: "only a pattern that becomes an automaton can be proved safe",
        fix: "Write a regular expression in the syntax of the `regex` crate, over ASCII.",
        see: "https://docs.rs/regex/latest/regex/#syntax",
    }
    PatternUnanchored "pattern-unanchored" {
        refuses: "An origin pattern that is not anchored at both ends of every alternative.",
        why: "without `$`, `^https://example\\.com` matches `https://example.com.evil.com`; without `^`, a pattern may begin in the middle of an origin",
        fix: "Begin with `^`, end with `$`, and put alternatives into a group between them.",
        see: "https://www.cve.org/CVERecord?id=CVE-2026-37737",
    }
    PatternNeverMatches "pattern-never-matches" {
        refuses: "An origin pattern that no origin of a browser can match. One that matches a single text breaks the rule that the text breaks in `origins`.",
        why: "browsers send origins in lower case, without path and default port, so the pattern would never match",
        fix: "Write the pattern for what browsers send.",
        see: "https://html.spec.whatwg.org/multipage/browsers.html#ascii-serialisation-of-an-origin",
    }
    PatternOpenSites "pattern-open-sites" {
        refuses: "An origin pattern that reaches hosts of owners without end: names below a public suffix together with credentials or `sites`, unless `dangerously_allow(public_suffix_subdomains)` names the danger; and what looks like a slip (a missing anchor, an unescaped dot, no dot before the domain), always.",
        why: "anyone can register one of the names that it leaves open, and read the responses",
        fix: "Spell out the registrable domain, with `\\.` before it if subdomains are meant.",
        see: "https://www.cve.org/CVERecord?id=CVE-2019-25211",
    }
    PatternUndeclaredSites "pattern-undeclared-sites" {
        refuses: "Origin patterns that reach several registrable domains, or one outside the declared ones.",
        why: "a pattern can reach a neighbour's domain by accident, as `example\\.(com|net)` does if only one of them is yours",
        fix: "Declare `sites` with every registrable domain that is meant.",
        see: "https://publicsuffix.org/learn/",
    }
    PatternBareSuffix "pattern-bare-suffix" {
        refuses: "An origin pattern that reaches a public suffix itself, and does not spell it out alone.",
        why: "a public suffix is run by a registry or a hosting company, not by you",
        fix: "Require a name of your own before the suffix.",
        see: "https://publicsuffix.org/learn/",
    }
    PatternDotlessHost "pattern-dotless-host" {
        refuses: "An origin pattern that reaches a host without a dot other than `localhost`, and does not spell it out alone.",
        why: "a name without a dot has no owner: any machine that answers for it in a local network is that origin",
        fix: "Escape the dots of the host as `\\.`.",
        see: "https://url.spec.whatwg.org/#concept-host",
    }
    PatternNullOrigin "pattern-null-origin" {
        refuses: "An origin pattern that matches `null`, unless `dangerously_allow(null_origin)` names the danger; with credentials, always.",
        why: "any page can make a frame whose origin is `null` (`<iframe sandbox>`), and read the responses",
        fix: "Take `null` out of the pattern.",
        see: "https://html.spec.whatwg.org/multipage/browsers.html#concept-origin-opaque",
    }
    PatternAddress "pattern-address" {
        refuses: "An origin pattern that reaches more IP addresses than a few explicit ones.",
        why: "addresses have no owner that could be checked, and change hands",
        fix: "Spell out the addresses that are meant.",
        see: "https://url.spec.whatwg.org/#concept-ipv4",
    }
    PatternCustomScheme "pattern-custom-scheme" {
        refuses: "An origin pattern that reaches hosts of schemes other than `https` and `http` without spelling them out, unless it spells the schemes out and `dangerously_allow(any_extension)` names the danger.",
        why: "any extension that a user installs, or any app that uses the scheme, can be the origin",
        fix: "Begin with `^https://`, or spell the scheme and the host out; for extensions whose host is random, write `dangerously_allow(any_extension)`.",
        see: "https://url.spec.whatwg.org/#concept-url-origin",
    }
    PatternInsecure "pattern-insecure" {
        refuses: "An origin pattern that reaches origins without TLS, together with credentials, unless `dangerously_allow(insecure_origins)` names the danger.",
        why: "an attacker on the network path can be an `http` origin, and act with the user's cookies",
        fix: "Allow `https` only.",
        see: "https://w3c.github.io/webappsec-secure-contexts/",
    }
    PatternTooComplex "pattern-too-complex" {
        refuses: "An origin pattern that needs too many states to be proved safe, or patterns that need too many together.",
        why: "a pattern that is not proved safe could allow any origin, and all patterns of a policy are one automaton, so that no list of them makes requests slow",
        fix: "Write it with fewer counted repetitions, or as several patterns; write fewer of those that count behind a `*` or `+`.",
        see: "https://docs.rs/regex/latest/regex/#untrusted-input",
    }
    PatternDuplicate "pattern-duplicate" {
        refuses: "The same origin pattern twice.",
        why: "a list with duplicates hides what was meant by the second entry",
        fix: "Remove one of them.",
        see: "https://fetch.spec.whatwg.org/#cors-check",
    }
    SiteInvalid "site-invalid" {
        refuses: "A site that is not a registrable domain: a public suffix, a subdomain, an address, a URL.",
        why: "only a registrable domain has one owner, and owners are what patterns are limited to",
        fix: "Write the registrable domain, such as `example.com`.",
        see: "https://url.spec.whatwg.org/#host-registrable-domain",
    }
    SiteDuplicate "site-duplicate" {
        refuses: "The same site twice.",
        why: "a list with duplicates hides what was meant by the second entry",
        fix: "Remove one of them.",
        see: "https://url.spec.whatwg.org/#host-registrable-domain",
    }
    SiteUnneeded "site-unneeded" {
        refuses: "`sites` without origin patterns.",
        why: "it limits nothing, but looks like a limit",
        fix: "Remove `sites`.",
        see: "https://url.spec.whatwg.org/#host-registrable-domain",
    }
    MethodNone "method-none" {
        refuses: "An empty list of methods.",
        why: "a policy without methods would reject every preflight",
        fix: "Leave `methods` out: then the policy is for whatever the route serves.",
        see: "https://fetch.spec.whatwg.org/#http-access-control-allow-methods",
    }
    MethodAny "method-any" {
        refuses: "`*` as a method.",
        why: "no request has the method `*`, and in a response browsers take `*` for a wildcard or, with credentials, for a name",
        fix: "Leave `methods` out: then the policy is for whatever the route serves.",
        see: "https://fetch.spec.whatwg.org/#http-access-control-allow-methods",
    }
    MethodToken "method-token" {
        refuses: "A method that is not a token.",
        why: "no HTTP request can have such a method",
        fix: "Write the name of one method, such as `\"PUT\"`.",
        see: "https://www.rfc-editor.org/rfc/rfc9110#section-9.1",
    }
    MethodForbidden "method-forbidden" {
        refuses: "`CONNECT`, `TRACE` and `TRACK`.",
        why: "browsers forbid this method to scripts, because its response could show cookies and credentials to the script",
        fix: "Remove it from the list.",
        see: "https://fetch.spec.whatwg.org/#forbidden-method",
    }
    MethodCase "method-case" {
        refuses: "A method that differs only in case from a standard one.",
        why: "methods have case, and browsers send most of them as they are written: a `patch` reaches no route for `PATCH`",
        fix: "Write the method in upper case, here and in the script.",
        see: "https://fetch.spec.whatwg.org/#concept-method-normalize",
    }
    MethodDuplicate "method-duplicate" {
        refuses: "The same method twice.",
        why: "a method that is listed twice is probably a slip, and removing one of the two later would not remove the method",
        fix: "Remove one of them.",
        see: "https://fetch.spec.whatwg.org/#http-access-control-allow-methods",
    }
    MethodNotServed "method-not-served" {
        refuses: "A method that the route does not serve.",
        why: "the preflight would allow a method to which the route then responds with 404 or 405",
        fix: "Remove it, or let the route serve it.",
        see: "https://fetch.spec.whatwg.org/#cors-preflight-fetch",
    }
    HeaderToken "header-token" {
        refuses: "A request header whose name is not a token.",
        why: "no HTTP request can have such a header",
        fix: "Write the name alone, such as `\"content-type\"`.",
        see: "https://www.rfc-editor.org/rfc/rfc9110#section-5.1",
    }
    HeaderForbidden "header-forbidden" {
        refuses: "A request header that no script can set, such as `Cookie`, `Host`, `Origin`, `Sec-*`, `Proxy-*`.",
        why: "scripts cannot set this header and no preflight requests it, so allowing it changes nothing; for cookies there is `credentials`",
        fix: "Remove it from the list.",
        see: "https://fetch.spec.whatwg.org/#forbidden-request-header",
    }
    HeaderDuplicate "header-duplicate" {
        refuses: "The same request header twice, in whatever case.",
        why: "a header that is listed twice is probably a slip, and removing one of the two later would not remove the header",
        fix: "Remove one of them.",
        see: "https://fetch.spec.whatwg.org/#http-access-control-allow-headers",
    }
    HeaderAnyBesideOthers "header-any-beside-others" {
        refuses: "A request header beside `*`, other than `authorization`.",
        why: "`*` allows every request header but `authorization`, so the other names look like a limit that does not exist",
        fix: "Write `\"*\"` alone or with `\"authorization\"`, or list the headers without it.",
        see: "https://fetch.spec.whatwg.org/#cors-non-wildcard-request-header-name",
    }
    ExposeToken "expose-token" {
        refuses: "A response header whose name is not a token.",
        why: "no HTTP response can have such a header",
        fix: "Write the name alone, such as `\"etag\"`.",
        see: "https://www.rfc-editor.org/rfc/rfc9110#section-5.1",
    }
    ExposeSetCookie "expose-set-cookie" {
        refuses: "`Set-Cookie` or `Set-Cookie2` as an exposed header.",
        why: "browsers hide this header from scripts in every case, because a script that reads cookies can steal the session",
        fix: "Remove it from the list.",
        see: "https://fetch.spec.whatwg.org/#forbidden-response-header-name",
    }
    ExposeAnyWithCredentials "expose-any-with-credentials" {
        refuses: "`*` as an exposed header together with credentials.",
        why: "with credentials browsers read `*` as the name of a header, so that no header would be exposed",
        fix: "List the headers that scripts may read.",
        see: "https://fetch.spec.whatwg.org/#cors-protocol-and-credentials",
    }
    ExposeAnyBesideOthers "expose-any-beside-others" {
        refuses: "A response header beside `*`.",
        why: "`*` exposes every response header, so the other names look like a limit that does not exist",
        fix: "Write `\"*\"` alone, or list the headers without it.",
        see: "https://fetch.spec.whatwg.org/#http-access-control-expose-headers",
    }
    ExposeDuplicate "expose-duplicate" {
        refuses: "The same response header twice, in whatever case.",
        why: "a header that is listed twice is probably a slip, and removing one of the two later would not hide the header",
        fix: "Remove one of them.",
        see: "https://fetch.spec.whatwg.org/#http-access-control-expose-headers",
    }
    MaxAgeTooLong "max-age-too-long" {
        refuses: "A `max_age` of more than 86400 seconds.",
        why: "no browser caches a preflight that long: Firefox caps at 86400 seconds, Chromium at 7200, Safari at 600",
        fix: "Write `86400` or less.",
        see: "https://fetch.spec.whatwg.org/#http-access-control-max-age",
    }
    MaxAgeNegative "max-age-negative" {
        refuses: "A negative `max_age`.",
        why: "browsers ignore a negative value and cache the preflight for 5 seconds, instead of not at all",
        fix: "Write `0` to keep browsers from caching the preflight.",
        see: "https://fetch.spec.whatwg.org/#http-access-control-max-age",
    }
    MaxAgeFormat "max-age-format" {
        refuses: "A `max_age` that is not a number, or has a unit that does not exist.",
        why: "a time that can be read in two ways would be cached too long or not at all",
        fix: "Write seconds, or a whole number with one of the units `s`, `m`, `h`, `d`, such as `\"2h\"`.",
        see: "https://fetch.spec.whatwg.org/#http-access-control-max-age",
    }
    EnforceAnyOrigin "enforce-any-origin" {
        refuses: "`enforce` together with `*`, or with an origin that anyone can have, such as `https://*.github.io`, unless its danger is named.",
        why: "`enforce` rejects requests of origins that are not allowed, and where anyone can have an allowed origin it protects nothing",
        fix: "Remove `enforce`, or list the origins that are allowed.",
        see: "https://fetch.spec.whatwg.org/#cors-check",
    }
    PreflightStatus "preflight-status" {
        refuses: "A status for preflights that is not from 200 to 299.",
        why: "a preflight is allowed only if its response has an ok status (200 to 299), so every request that needs one would fail",
        fix: "Write a status from 200 to 299, or leave it out for 204.",
        see: "https://fetch.spec.whatwg.org/#cors-preflight-fetch-0",
    }
    PrivateNetworkAnyOrigin "private-network-any-origin" {
        refuses: "`private_network` together with `*`, or with an origin that anyone can have, such as `https://*.github.io`, unless its danger is named.",
        why: "any page on the public internet could find and use this server in the private network of its visitors",
        fix: "List the origins that may reach the private network.",
        see: "https://wicg.github.io/private-network-access/#cors-preflight",
    }
    DangerUnneeded "danger-unneeded" {
        refuses: "A `dangerously_allow` that nothing needs, or that is named twice.",
        why: "with a danger that nothing needs, an unsafe origin that is added later would compile without an error",
        fix: "Remove it.",
        see: "https://fetch.spec.whatwg.org/#basic-safe-cors-protocol-setup",
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;
    use std::fmt::Write as _;

    use super::Rule;

    const CATALOGUE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/RULES.md");

    /// The catalogue as a page.
    fn render() -> String {
        let mut page = String::from(
            "# The rules\n\n\
             Every policy obeys these rules, whether the attribute declares it or the builder\n\
             makes it at run time. Messages show the identifier of a rule in brackets.\n\n\
             This page is generated from `src/declaration/rule.rs`; after a change there write it anew with\n\
             `RULES_BLESS=1 cargo test -p cors-policy-core`.\n",
        );
        for rule in Rule::ALL {
            write!(
                page,
                "\n## {}\n\n{}\n\n**Why:** {}.\n\n**Fix:** {}\n\n**See:** <{}>\n",
                rule.as_str(),
                rule.refuses(),
                rule.why(),
                rule.fix(),
                rule.see(),
            )
            .unwrap();
        }
        page
    }

    #[test]
    fn catalogue_is_generated_from_the_rules() {
        let expected = render();
        if std::env::var_os("RULES_BLESS").is_some() {
            std::fs::write(CATALOGUE, &expected).unwrap();
        }
        let found = std::fs::read_to_string(CATALOGUE).unwrap_or_default();
        assert!(
            found.replace("\r\n", "\n") == expected,
            "RULES.md is stale; run `RULES_BLESS=1 cargo test -p cors-policy-core`"
        );
    }

    #[test]
    fn identifiers_are_stable_names() {
        let mut seen = HashSet::new();
        for rule in Rule::ALL {
            let id = rule.as_str();
            assert!(seen.insert(id), "{id} twice");
            assert!(id.split('-').all(|word| !word.is_empty()), "{id}");
            assert!(
                id.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-'),
                "{id}"
            );
            let variant: String = format!("{rule:?}").to_lowercase();
            assert_eq!(id.replace('-', ""), variant);
        }
    }

    #[test]
    fn texts_read_alike() {
        for rule in Rule::ALL {
            let id = rule.as_str();
            assert!(rule.refuses().ends_with('.'), "{id}");
            assert!(rule.fix().ends_with('.'), "{id}");
            assert!(!rule.why().ends_with('.'), "{id}");
            assert!(!rule.why().starts_with(char::is_uppercase), "{id}");
            assert!(rule.see().starts_with("https://"), "{id}");
        }
    }
}
