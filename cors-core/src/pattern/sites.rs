//! Who owns the hosts that a pattern reaches: a walk over the labels from right to left.
//!
//! The walk keeps the set of states that the automaton may be in at a place in the host, together
//! with the name to the right of it. As long as that name has no owner, being a public suffix or
//! nothing yet, all labels that may stand to its left are listed. If there is no end of them, then
//! there is no end of the owners either, because each label occurs in some origin that is matched.
//! As soon as a name has one owner, what stands to its left does not matter, unless the list has
//! rules below it.

use super::{
    dfa::{Dfa, Sources, State},
    origins::{at_host_start, in_host, in_port},
};
use crate::origin::suffix::Node;

/// How many labels are listed in one place, beyond which a pattern counts as open.
const MAX_LABELS: usize = 256;

/// How many steps the walk takes in all, beyond which it reports an open place and stops.
const MAX_STEPS: usize = 100_000;

/// The host `localhost` and what is below it, on which a browser always finds its own machine.
pub(super) const LOCALHOST: &str = "localhost";

/// A set of states, in ascending order.
pub(super) type Set = Vec<State>;

/// What the walk found. Everything that it could not finish is in `open`.
#[derive(Debug, Default)]
pub(super) struct Reach {
    /// Registrable domains, and `localhost` where names below it are reached.
    pub(super) sites: Vec<Place>,
    /// Public suffixes and dotless hosts, `localhost` excepted.
    pub(super) bare: Vec<Place>,
    /// Names below which the owners have no end, or too many to list.
    pub(super) open: Vec<Place>,
    /// Public suffixes below which all names could be listed.
    pub(super) listed: Vec<Place>,
    /// Whether the host `localhost` itself is reached.
    pub(super) localhost: bool,
}

/// A place in a host that the walk reports.
#[derive(Clone, Debug)]
pub(super) struct Place {
    /// The name that is reported.
    pub(super) name: String,
    /// What has been read, which is the name, or longer; it starts with a dot if one was read.
    pub(super) read: String,
    /// The states in which the automaton may be to the left of it.
    pub(super) states: Set,
    /// Whether what stands there is known to have no end; else it was only too much to list.
    pub(super) endless: bool,
}

/// Which labels may stand in a place.
enum Labels {
    All(Vec<(String, Set)>),
    /// More than were asked for.
    TooMany,
    Endless,
}

/// An automaton read backwards, as far as the host goes.
pub(super) struct Backwards<'a> {
    dfa: &'a Dfa,
    sources: Sources,
    ends: Set,
}

impl<'a> Backwards<'a> {
    /// Expects an automaton that accepts nothing but named hosts.
    pub(super) fn new(dfa: &'a Dfa) -> Self {
        let is_part = |state| {
            let output = dfa.output(state);
            in_host(output) || at_host_start(output)
        };
        let goes_on = |target| !in_port(dfa.output(target));
        let sources = Sources::new(dfa, |state, target| is_part(state) && goes_on(target));
        let ends_here = |state: &State| {
            let output = dfa.output(*state);
            let is_last = in_host(output) && output & super::origins::ACCEPTS != 0;
            let has_port = || dfa.row(*state).iter().any(|(_, target)| !goes_on(*target));
            is_part(*state) && (is_last || has_port())
        };
        let ends = dfa.states().filter(ends_here).collect();
        let mut backwards = Self { dfa, sources, ends };
        let before_dot = backwards.read(&backwards.ends, b'.');
        backwards.ends.extend(before_dot);
        backwards.ends.sort_unstable();
        backwards.ends.dedup();
        backwards
    }

    /// The states in which a host may end, or may be before its trailing dot.
    pub(super) fn ends(&self) -> &Set {
        &self.ends
    }

    /// The states in which a byte leads into the set.
    pub(super) fn read(&self, set: &[State], byte: u8) -> Set {
        self.read_class(set, self.dfa.classes.of(byte))
    }

    fn read_class(&self, set: &[State], class: usize) -> Set {
        let mut found = Set::new();
        for &state in set {
            found.extend(self.sources.of_class(state, class).iter().map(|(_, source)| *source));
        }
        // No state is a source twice, as a byte leads from it to one state only.
        found.sort_unstable();
        found
    }

    pub(super) fn read_all(&self, set: &[State], text: &str) -> Set {
        let bytes = text.bytes().rev();
        bytes.fold(set.to_vec(), |set, byte| self.read(&set, byte))
    }

    /// Each class that leads into the set, with the states where it does.
    pub(super) fn steps(&self, set: &[State]) -> Vec<(usize, Set)> {
        let mut sources: Vec<(usize, State)> = Vec::new();
        for &state in set {
            sources.extend_from_slice(self.sources.of(state));
        }
        // Those of one state are sorted already.
        if set.len() > 1 {
            sources.sort_unstable();
        }
        let of_class = sources.chunk_by(|(a, _), (b, _)| a == b);
        of_class
            .filter_map(|row| {
                let (class, _) = row.first()?;
                Some((*class, row.iter().map(|(_, source)| *source).collect()))
            })
            .collect()
    }

    /// The bytes of a class.
    pub(super) fn members(&self, class: usize) -> &[u8] {
        self.dfa.classes.members(class)
    }

    /// Whether the host may start here.
    pub(super) fn starts(&self, set: &[State]) -> bool {
        set.iter().any(|&state| at_host_start(self.dfa.output(state)))
    }

    /// Whether a label may start here.
    pub(super) fn label_starts(&self, set: &[State]) -> bool {
        self.starts(set) || !self.read(set, b'.').is_empty()
    }

    /// All labels that may end here, unless they are more than `limit`.
    fn labels(&self, end: &Set, limit: usize, budget: &mut Budget) -> Labels {
        let dot = self.dfa.classes.of(b'.');
        let mut found = Vec::new();
        // Depth first, so that a set of states that comes back on the way to itself is noticed: it
        // can come back any number of times, and all that is read on the way is part of a label.
        let mut path: Vec<Branch> = vec![Branch::new(end.clone(), self.steps(end), dot)];
        let mut label = Vec::new();
        while let Some(branch) = path.last_mut() {
            let Some((set, byte)) = branch.next(&self.dfa.classes) else {
                path.pop();
                label.pop();
                continue;
            };
            let set = set.clone();
            // A label longer than there are states has gone through some state twice.
            let repeats = path.len() > self.dfa.len() || path.iter().any(|one| one.set == set);
            if repeats {
                return Labels::Endless;
            }
            if !budget.spend() {
                return Labels::TooMany;
            }
            label.push(byte);
            if self.label_starts(&set) {
                if found.len() == limit {
                    return Labels::TooMany;
                }
                let text = label.iter().rev().map(|&byte| char::from(byte)).collect();
                found.push((text, set.clone()));
            }
            let steps = self.steps(&set);
            path.push(Branch::new(set, steps, dot));
        }
        Labels::All(found)
    }
}

/// The steps from one set of states that have still to be followed.
struct Branch {
    set: Set,
    steps: Vec<(usize, Set)>,
    step: usize,
    member: usize,
}

impl Branch {
    fn new(set: Set, mut steps: Vec<(usize, Set)>, dot: usize) -> Self {
        steps.retain(|(class, _)| *class != dot);
        Self { set, steps, step: 0, member: 0 }
    }

    /// The next byte to follow, with the states that it is read in.
    fn next(&mut self, classes: &super::dfa::Classes) -> Option<(&Set, u8)> {
        loop {
            let (class, _) = self.steps.get(self.step)?;
            if let Some(&byte) = classes.members(*class).get(self.member) {
                self.member += 1;
                return self.steps.get(self.step).map(|(_, set)| (set, byte));
            }
            self.step += 1;
            self.member = 0;
        }
    }
}

/// What is left of the steps that a walk may take.
struct Budget(usize);

impl Budget {
    fn spend(&mut self) -> bool {
        let left = self.0.checked_sub(1);
        self.0 = left.unwrap_or(0);
        left.is_some()
    }
}

/// Finds the owners of all hosts that an automaton accepts.
///
/// Expects one that accepts nothing but named hosts.
/// The walk ends when it has found so many open places, as one is enough to refuse.
pub(super) fn reach(backwards: &Backwards<'_>, enough: usize) -> Reach {
    let mut walk = Walk { backwards, enough, found: Reach::default(), budget: Budget(MAX_STEPS) };
    walk.level(&Name::default(), backwards.ends());
    let mut found = walk.found;
    for places in [&mut found.sites, &mut found.bare, &mut found.open, &mut found.listed] {
        places.sort_by(|a, b| (&a.name, &a.read).cmp(&(&b.name, &b.read)));
        places.dedup_by(|new, kept| new.name == kept.name);
    }
    found
}

struct Walk<'a> {
    backwards: &'a Backwards<'a>,
    enough: usize,
    found: Reach,
    budget: Budget,
}

/// The part of a host that has been read.
#[derive(Clone, Default)]
struct Name {
    text: String,
    /// Where it is in the list; nowhere if no rule is at it or below it.
    node: Option<Node>,
    /// Its registrable domain, or none while it is a public suffix.
    owner: Option<String>,
}

impl Name {
    fn node(&self) -> Option<Node> {
        if self.text.is_empty() { Some(Node::root()) } else { self.node }
    }

    /// The name with one more label on its left.
    fn with(&self, label: &str) -> Self {
        let node = self.node();
        let child = node.and_then(|node| node.step(label));
        let text =
            if self.text.is_empty() { label.to_owned() } else { format!("{label}.{}", self.text) };
        if child.is_some_and(Node::is_exception) || text == LOCALHOST {
            // No rule counts below either of them.
            let owner = Some(text.clone());
            return Self { text, node: None, owner };
        }
        let is_suffix = self.text.is_empty()
            || child.is_some_and(Node::is_rule)
            || node.is_some_and(Node::has_wildcard);
        let owner = match &self.owner {
            _ if is_suffix => None,
            Some(owner) => Some(owner.clone()),
            None => Some(text.clone()),
        };
        Self { text, node: child, owner }
    }

    /// The name with the dot on its left, if there is one.
    fn behind_dot(&self) -> String {
        let dot = if self.text.is_empty() { "" } else { "." };
        format!("{dot}{}", self.text)
    }

    /// Whether the list has rules for names one label longer or more.
    fn has_rules_below(&self) -> bool {
        let node = self.node();
        node.is_some_and(|node| node.has_wildcard() || node.children().next().is_some())
    }
}

impl Walk<'_> {
    /// Goes on to the left of a name, from the states behind the dot.
    ///
    /// A call goes deeper only below names that the list has rules for, or has one label left.
    fn level(&mut self, name: &Name, states: &Set) {
        if self.found.open.len() >= self.enough {
            return;
        }
        let wildcard = name.node().is_some_and(Node::has_wildcard);
        let place = |endless| Place {
            name: name.text.clone(),
            read: name.behind_dot(),
            states: states.clone(),
            endless,
        };
        match &name.owner {
            Some(owner) if !wildcard => self.known_rules(name, owner, states),
            owner => match self.backwards.labels(states, MAX_LABELS, &mut self.budget) {
                Labels::TooMany => self.found.open.push(place(false)),
                Labels::Endless => self.found.open.push(place(true)),
                Labels::All(labels) => {
                    if owner.is_none() {
                        self.found.listed.push(place(false));
                    }
                    for (label, states) in labels {
                        self.label(&name.with(&label), &states);
                    }
                }
            },
        }
    }

    /// Below a name with an owner only the labels that the list names can change anything.
    fn known_rules(&mut self, name: &Name, owner: &str, states: &Set) {
        let mut known = Vec::new();
        let children = || name.node().into_iter().flat_map(Node::children);
        // The suffixes nearest by come first: they make the better examples.
        let near = children().filter(|(_, node)| node.is_rule());
        let far = children().filter(|(_, node)| !node.is_rule());
        for (label, _) in near.chain(far) {
            if self.found.open.len() >= self.enough {
                return;
            }
            known.push(label);
            let states = self.backwards.read_all(states, label);
            if !states.is_empty() && self.backwards.label_starts(&states) {
                self.label(&name.with(label), &states);
            }
        }
        let labels = self.backwards.labels(states, known.len(), &mut self.budget);
        let others = match labels {
            Labels::TooMany | Labels::Endless => true,
            Labels::All(labels) => labels.iter().any(|(label, _)| !known.contains(&label.as_str())),
        };
        if others {
            self.site(owner, name.behind_dot(), states);
        }
    }

    /// Records a name that a host may be or may end in; `states` are those at its left edge.
    fn label(&mut self, name: &Name, states: &Set) {
        if self.backwards.starts(states) {
            match &name.owner {
                _ if name.text == LOCALHOST => self.found.localhost = true,
                Some(owner) => self.site(owner, name.text.clone(), states),
                None => self.found.bare.push(Place {
                    name: name.text.clone(),
                    read: name.text.clone(),
                    states: states.clone(),
                    endless: false,
                }),
            }
        }
        let behind_dot = self.backwards.read(states, b'.');
        if behind_dot.is_empty() {
            return;
        }
        match &name.owner {
            Some(owner) if !name.has_rules_below() => {
                self.site(owner, name.behind_dot(), &behind_dot);
            }
            _ => self.level(name, &behind_dot),
        }
    }

    fn site(&mut self, owner: &str, read: String, states: &Set) {
        self.found.sites.push(Place {
            name: owner.to_owned(),
            read,
            states: states.clone(),
            endless: false,
        });
    }
}
