//! What a pattern admits: which sites, which addresses, which schemes, and what is wrong with them.

use std::borrow::Cow;

use super::{
    dfa::{DEAD, Dfa, State},
    judge::{Detail, Question},
    objection::{Objection, ObjectionKind},
    origins::{
        ACCEPTS, ADDRESS_4, ADDRESS_6, CUSTOM, DOMAIN, FILE, INSECURE, NULL, at_host_start,
        in_host, in_port,
    },
    sites::{self, Backwards, LOCALHOST, Place, Reach},
    slip,
    witness::{Witnesses, is_plain},
};
use crate::declaration::spec::Danger;
use crate::origin::suffix::{DATE, Node, registrable_domain};

/// How many addresses, and how many hosts of other schemes, count as spelled out.
const MAX_EXPLICIT: usize = 16;

/// How many sites are listed for pasting.
const MAX_LISTED: usize = 32;

/// What there is to say about the origins that a pattern admits.
#[derive(Default)]
pub(super) struct Findings {
    pub(super) objections: Vec<Objection>,
    pub(super) sites: Vec<String>,
    pub(super) hosts: Vec<String>,
    pub(super) open: Vec<String>,
    pub(super) dangers: Vec<Danger>,
}

impl Findings {
    pub(super) fn new(admitted: &Dfa, question: &Question<'_>, detail: Detail) -> Self {
        let mut findings = Self::default();
        let kinds = admitted.states().fold([false; 8], |mut kinds, state| {
            let output = admitted.output(state);
            if let Some(kind) = kinds.get_mut(usize::from(output & ACCEPTS)) {
                *kind = true;
            }
            kinds
        });
        let has = |kind: u16| kinds.get(usize::from(kind)) == Some(&true);
        let is_one_kind = kinds.iter().skip(1).filter(|has| **has).count() == 1;
        let of_kind = |kind| {
            if is_one_kind {
                return Cow::Borrowed(admitted);
            }
            Cow::Owned(admitted.restrict(|output| output & ACCEPTS == kind))
        };
        if has(DOMAIN) {
            findings.domains(&of_kind(DOMAIN), question, detail);
        }
        if has(NULL) {
            findings.object(null_origin(question), question);
        }
        if has(FILE) {
            findings.object(local_files(), question);
        }
        if has(ADDRESS_4) || has(ADDRESS_6) {
            let addresses =
                admitted.restrict(|output| matches!(output & ACCEPTS, ADDRESS_4 | ADDRESS_6));
            findings.addresses(&addresses);
        }
        if has(CUSTOM) {
            findings.custom_schemes(&of_kind(CUSTOM), question);
        }
        if question.credentials {
            findings.insecure(admitted, question);
        }
        findings
    }

    /// Objects, unless the policy names the danger that covers it.
    fn object(&mut self, objection: Objection, question: &Question<'_>) {
        match objection.danger {
            Some(danger) if question.allowed.contains(&danger) => self.dangers.push(danger),
            _ => self.objections.push(objection),
        }
    }

    fn domains(&mut self, domains: &Dfa, question: &Question<'_>, detail: Detail) {
        let backwards = Backwards::new(domains);
        // A name below a suffix may have any owner, which matters to cookies and to `sites`.
        let minds_strangers = question.credentials || !question.sites.is_empty();
        let danger = Danger::PublicSuffixSubdomains;
        let enough = match (minds_strangers && !question.allowed.contains(&danger), detail.explain)
        {
            // What may be accepted has to be looked at as a whole.
            (false, _) => usize::MAX,
            (true, true) => 16,
            (true, false) => 1,
        };
        let reach = sites::reach(&backwards, enough);
        let witnesses = Witnesses::new(domains, &backwards);
        let explain = detail.explain;

        let slips = slip::among(&backwards, &reach.open);
        let nearest =
            |places: &[&Place]| places.iter().copied().min_by_key(|it| it.name.len()).cloned();
        let all: Vec<&Place> = reach.open.iter().collect();
        let objectionable = if slips.is_empty() && !minds_strangers {
            None
        } else {
            nearest(if slips.is_empty() { &all } else { &slips })
        };
        let objections_before = self.objections.len();
        if let Some(place) = &objectionable {
            let (witness, other) =
                if explain { strangers(&witnesses, place, question.sites) } else { (None, None) };
            let because = open_because(place, other.as_deref());
            let objection = Objection::new(ObjectionKind::OpenSites, because)
                .with_witness(witness)
                .with_fix(open_fix(place))
                .covered_by(slips.is_empty().then_some(danger));
            self.object(objection, question);
        }
        let is_open = self.objections.len() > objections_before;
        if !is_open {
            self.open.extend(reach.open.iter().map(|place| place.name.clone()));
        }
        let is_declared = |site: &Place| question.sites.contains(&site.name.as_str());
        let crowds = if is_open { Vec::new() } else { crowds(&backwards, &reach, is_declared) };
        let is_crowd = !crowds.is_empty();
        let mut sites = reach.sites;
        if is_crowd && (!minds_strangers || question.allowed.contains(&danger)) {
            let is_crowded =
                |site: &Place| crowds.iter().any(|suffix| is_right_below(site, suffix));
            sites.retain(|site| is_declared(site) || !is_crowded(site));
            self.open.extend(crowds.into_iter().map(|suffix| suffix.name));
            self.dangers.extend(minds_strangers.then_some(danger));
        }
        // One text is what it says, and only `sites` may say otherwise.
        let is_meant = detail.is_one_text && question.sites.is_empty();
        if is_meant {
            let bare = reach.bare.iter().filter_map(|place| witnesses.at(place));
            self.hosts.extend(bare.map(|origin| without_port(&origin).to_owned()));
        }
        // Where any top-level domain will do, the bare ones among the hosts are no news.
        if !is_meant && reach.open.first().is_none_or(|place| !place.name.is_empty()) {
            for kind in [ObjectionKind::BareSuffix, ObjectionKind::DotlessHost] {
                let places = reach.bare.iter();
                // Where every name below a suffix is allowed, the suffix itself adds no danger.
                let places = places.filter(|place| !self.open.contains(&place.name));
                let places = places.filter(|place| bare_kind(&place.name) == kind);
                if let Some(place) =
                    places.min_by_key(|place| (!is_plain(&place.name), place.name.len()))
                {
                    let objection = Objection::new(kind, bare_because(kind, &place.name));
                    let witness = explain.then(|| witnesses.at(place)).flatten();
                    self.objections.push(objection.with_witness(witness));
                }
            }
        }
        if !is_open && !is_meant {
            let covers = (is_crowd && minds_strangers).then_some(danger);
            self.undeclared(&sites, &witnesses, question, explain, covers);
        }
        self.sites.extend(sites.into_iter().map(|place| place.name));
        if reach.localhost && !self.sites.iter().any(|site| site == LOCALHOST) {
            self.sites.push(LOCALHOST.to_owned());
        }
        self.sites.sort();
    }

    fn undeclared(
        &mut self,
        reached: &[Place],
        witnesses: &Witnesses<'_>,
        question: &Question<'_>,
        explain: bool,
        covered_by: Option<Danger>,
    ) {
        let declared = |place: &&Place| question.sites.contains(&place.name.as_str());
        let outside: Vec<&Place> = reached.iter().filter(|place| !declared(place)).collect();
        let single = reached.len() == 1 && outside.iter().all(|place| place.name != LOCALHOST);
        if outside.is_empty() || (question.sites.is_empty() && single) {
            return;
        }
        let because = if question.sites.is_empty() {
            let names: Vec<&str> = reached.iter().map(|place| place.name.as_str()).collect();
            format!("the pattern reaches {}, and no `sites` are declared", listed(&names))
        } else {
            let names: Vec<&str> = outside.iter().map(|place| place.name.as_str()).collect();
            format!("the pattern reaches {}, and `sites` says otherwise", listed(&names))
        };
        // A name that the author wrote out is less telling than one that slipped in.
        let written = question.pattern.replace('\\', "");
        let slipped = |place: &&&Place| is_plain(&place.name) && !written.contains(&place.name);
        let plain = |place: &&&Place| is_plain(&place.name);
        let mut telling = outside.iter().rfind(plain).or(outside.first());
        if reached.iter().any(|place| written.contains(&place.name)) {
            telling = outside.iter().find(slipped).or(telling);
        }
        let witness = telling.filter(|_| explain).and_then(|place| witnesses.at(place));
        let mut objection = Objection::new(ObjectionKind::UndeclaredSites, because)
            .with_witness(witness)
            .covered_by(covered_by);
        let declared = question.sites.iter().copied();
        let all = declared.chain(outside.iter().map(|place| place.name.as_str()));
        let all: Vec<String> = all.map(str::to_owned).collect();
        let danger = Danger::PublicSuffixSubdomains;
        if !self.open.is_empty() && !question.allowed.contains(&danger) {
            // Declared sites would be a limit that the open names are outside of.
            objection.fix = format!(
                "narrow the pattern down, or declare all sites and write `dangerously_allow({danger})` \
                 for the names below `{}`",
                self.open.first().map_or("", String::as_str),
            );
        } else if all.len() <= MAX_LISTED {
            objection.declare = all;
        } else {
            objection.fix =
                format!("narrow the pattern down, or declare all {} of them in `sites`", all.len());
        }
        self.objections.push(objection);
    }

    /// Objects to addresses, unless they are a few.
    fn addresses(&mut self, addresses: &Dfa) {
        if let Some(hosts) = all_hosts(addresses, MAX_EXPLICIT) {
            self.hosts.extend(hosts);
            return;
        }
        let telling =
            ["https://6.6.6.6", "http://6.6.6.6", "https://[2001:db8::1]", "http://[2001:db8::1]"];
        let because = format!(
            "the pattern reaches more than {MAX_EXPLICIT} addresses, which have no owner to check"
        );
        self.objections.push(
            Objection::new(ObjectionKind::Address, because)
                .with_witness(starting_with(addresses, &telling))
                .with_fix("spell out the few addresses that you mean"),
        );
    }

    /// Objects to hosts of other schemes, unless they are a few.
    fn custom_schemes(&mut self, hosts: &Dfa, question: &Question<'_>) {
        if let Some(hosts) = all_hosts(hosts, MAX_EXPLICIT) {
            self.hosts.extend(hosts);
            return;
        }
        let telling = ["evil://example.com", "evilhttps://www", "evil"];
        let witness = starting_with(hosts, &telling);
        let objection = match all_schemes(hosts, MAX_EXPLICIT).as_deref() {
            Some([first, ..]) => Objection::new(
                ObjectionKind::CustomScheme,
                format!(
                    "the pattern leaves open which host of `{first}` it is, so it may be an \
                     extension or an app of anyone"
                ),
            )
            .with_fix(format!("spell out the host that is yours behind `{first}`"))
            .covered_by(Some(Danger::AnyExtension)),
            _ => Objection::new(
                ObjectionKind::CustomScheme,
                "the pattern reaches origins of schemes other than `https` and `http` that it \
                 doesn't spell out",
            )
            .with_fix("spell out the scheme and the host, such as `capacitor://localhost`"),
        };
        self.object(objection.with_witness(witness), question);
    }

    fn insecure(&mut self, admitted: &Dfa, question: &Question<'_>) {
        let is_insecure = |output: u16| output & INSECURE != 0;
        let accepts_one = |state| accepts(admitted, state) && is_insecure(admitted.output(state));
        if !admitted.states().any(accepts_one) {
            return;
        }
        let insecure = admitted.restrict(is_insecure);
        let evil = "http://evil.com";
        let witness = if accepts(&insecure, insecure.run(insecure.start(), evil)) {
            Some(evil.to_owned())
        } else {
            starting_with(&insecure, &["http://www."])
        };
        let because = "with credentials, an attacker on the network path can answer as an `http` origin \
                       and act as the user";
        let objection = Objection::new(ObjectionKind::Insecure, because).with_witness(witness);
        let objection = objection.with_fix("write `https` instead of `http`");
        self.object(objection.covered_by(Some(Danger::InsecureOrigins)), question);
    }
}

/// The public suffixes below which several names are reached that may be meant, and not all are
/// declared: what may be said of all names below a suffix may be said of some.
fn crowds(
    backwards: &Backwards<'_>,
    reach: &Reach,
    is_declared: impl Fn(&Place) -> bool,
) -> Vec<Place> {
    let is_crowded = |suffix: &&Place| {
        let names = || reach.sites.iter().filter(|site| is_right_below(site, suffix));
        names().nth(1).is_some() && !names().all(&is_declared)
    };
    slip::not_among(backwards, &reach.listed).into_iter().filter(is_crowded).cloned().collect()
}

/// Whether a site is one label below a suffix.
fn is_right_below(site: &Place, suffix: &Place) -> bool {
    site.name.split_once('.').is_some_and(|(_, rest)| rest == suffix.name)
}

fn accepts(dfa: &Dfa, state: State) -> bool {
    dfa.output(state) & ACCEPTS != 0
}

/// An origin that starts with one of these texts, else the shortest.
fn starting_with(dfa: &Dfa, texts: &[&str]) -> Option<String> {
    let complete = |text: &&str| {
        let state = dfa.run(dfa.start(), text);
        let rest = (state != DEAD).then(|| dfa.shortest(state, |state| accepts(dfa, state)))??;
        Some(format!("{text}{rest}"))
    };
    texts.iter().chain(&[""]).find_map(complete)
}

fn null_origin(question: &Question<'_>) -> Objection {
    Objection::new(ObjectionKind::NullOrigin, "any page can send `null`, from a sandboxed frame")
        .with_witness(Some("null".to_owned()))
        .with_fix("take `null` out of the pattern")
        .covered_by((!question.credentials).then_some(Danger::NullOrigin))
}

fn local_files() -> Objection {
    let because = "every file on the device has the origin `file://`, in the webviews that send it";
    Objection::new(ObjectionKind::LocalFiles, because)
        .with_witness(Some("file://".to_owned()))
        .with_fix("take `file://` out of the pattern")
        .covered_by(Some(Danger::LocalFiles))
}

/// An origin of a stranger. If it does not look like one, one of another owner beside it.
fn strangers(
    witnesses: &Witnesses<'_>,
    place: &Place,
    declared: &[&str],
) -> (Option<String>, Option<String>) {
    let mut except: Vec<String> = declared.iter().map(|&site| site.to_owned()).collect();
    let first = witnesses.open(place, &except);
    let host = first.as_deref().and_then(host_of);
    match host.and_then(registrable_domain) {
        Some(site) if declared.is_empty() && !site.contains("evil") => {
            except.push(site.to_owned());
            match witnesses.open(place, &except) {
                Some(second) if Some(&second) != first.as_ref() => (Some(second), first),
                _ => (first, None),
            }
        }
        _ => (first, None),
    }
}

fn host_of(origin: &str) -> Option<&str> {
    let (_, host) = origin.split_once("://")?;
    host.split(':').next()
}

fn open_because(place: &Place, other: Option<&str>) -> String {
    let name = &place.name;
    let mut because = match (name.is_empty(), place.endless) {
        (true, true) => "the pattern leaves open in which top-level domain a host ends".to_owned(),
        (true, false) => "the pattern reaches more hosts than can be listed".to_owned(),
        (false, true) => format!(
            "the pattern leaves open which name is below `{name}`, where anyone can get one \
             (public suffix list of {DATE})"
        ),
        (false, false) => format!(
            "the pattern reaches more names than can be listed below `{name}`, where anyone can get \
             one (public suffix list of {DATE})"
        ),
    };
    if let Some(other) = other {
        because.push_str(", and also admits `");
        because.push_str(other);
        because.push_str("` of another owner");
    }
    because
}

fn open_fix(place: &Place) -> String {
    if place.name.is_empty() {
        return "spell out the whole domain, and end the pattern with `$`".to_owned();
    }
    format!(
        "spell out which name below `{}` is yours, with `\\.` before it if subdomains are meant",
        place.name
    )
}

/// An origin without the port, if it has one.
fn without_port(origin: &str) -> &str {
    let end = origin.trim_end_matches(|c: char| c.is_ascii_digit());
    end.strip_suffix(':').unwrap_or(origin)
}

/// Whether the list of suffixes knows a name, which is one below which names are handed out.
fn is_listed(name: &str) -> bool {
    name.contains('.') || Node::root().step(name).is_some()
}

/// A name without a dot that no list knows is an intranet's business, and not a suffix.
fn bare_kind(name: &str) -> ObjectionKind {
    if is_listed(name) { ObjectionKind::BareSuffix } else { ObjectionKind::DotlessHost }
}

fn bare_because(kind: ObjectionKind, name: &str) -> String {
    if kind == ObjectionKind::BareSuffix {
        format!(
            "the pattern reaches `{name}`, a public suffix (list of {DATE}), which is no site of yours"
        )
    } else {
        format!("the pattern reaches the host `{name}`, which has no dot and so no owner")
    }
}

/// Names in backticks, the first of them if they are many.
fn listed(names: &[&str]) -> String {
    const SHOWN: usize = 6;
    let mut text = match names.len() {
        1 => "the site ".to_owned(),
        count => format!("{count} sites, "),
    };
    for (index, name) in names.iter().take(SHOWN).enumerate() {
        text.push_str(if index == 0 { "`" } else { ", `" });
        text.push_str(name);
        text.push('`');
    }
    if names.len() > SHOWN {
        text.push_str(" and more");
    }
    text
}

/// All hosts with their schemes, or `None` if they are more than `limit`.
fn all_hosts(dfa: &Dfa, limit: usize) -> Option<Vec<String>> {
    all_texts(dfa, limit, |state| {
        let output = dfa.output(state);
        let has_port = dfa.row(state).iter().any(|&(_, to)| in_port(dfa.output(to)));
        let ends = has_port || output & ACCEPTS != 0;
        let is_host = ends && (in_host(output) || at_host_start(output));
        if is_host { Piece::Whole } else { Piece::Part }
    })
}

/// All schemes with their `://`, or `None` if they are more than `limit`.
fn all_schemes(dfa: &Dfa, limit: usize) -> Option<Vec<String>> {
    all_texts(
        dfa,
        limit,
        |state| {
            if at_host_start(dfa.output(state)) { Piece::Last } else { Piece::Part }
        },
    )
}

/// What a text is for a list of texts.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Piece {
    /// The beginning of others.
    Part,
    /// One of the list, and perhaps the beginning of others.
    Whole,
    /// One of the list, and of no interest beyond.
    Last,
}

/// All texts before the port that are pieces of the wanted kind, unless they are more than `limit`.
fn all_texts(dfa: &Dfa, limit: usize, piece: impl Fn(State) -> Piece) -> Option<Vec<String>> {
    let mut texts = Vec::new();
    let mut front = vec![(dfa.start(), String::new())];
    // Each text in front goes on to some other, and no two to the same one: more texts in front than
    // the limit are as good as too many. A text longer than there are states goes on without end.
    for _ in 0..=dfa.len() {
        let mut next = Vec::new();
        for (state, text) in front {
            let piece = piece(state);
            if piece != Piece::Part {
                texts.push(text.clone());
            }
            if piece == Piece::Last {
                continue;
            }
            for &(class, target) in dfa.row(state) {
                if in_port(dfa.output(target)) {
                    continue;
                }
                for &byte in dfa.classes.members(class) {
                    let mut text = text.clone();
                    text.push(char::from(byte));
                    next.push((target, text));
                }
            }
            if texts.len() + next.len() > limit {
                return None;
            }
        }
        if next.is_empty() {
            return Some(texts);
        }
        front = next;
    }
    None
}
