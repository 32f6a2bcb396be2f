//! Finite automata written out as tables: what every stage of the proof works on.

use std::collections::VecDeque;

/// A state of a [`Dfa`]; state 0 is dead, and the start is any other or 0 if nothing is accepted.
pub(super) type State = u16;

/// The state that no string leads out of to acceptance.
pub(super) const DEAD: State = 0;

/// How the bytes of ASCII fall into classes that an automaton doesn't tell apart.
#[derive(Clone, Debug)]
pub(super) struct Classes {
    of: Vec<u8>,
    members: Vec<Vec<u8>>,
}

impl Classes {
    /// Groups the bytes that have the same key; bytes without a key are in class 0, which is dead.
    pub(super) fn group<K: PartialEq>(key: impl Fn(u8) -> Option<K>) -> Self {
        let mut keys = Vec::new();
        let mut classes = Self { of: vec![0; 128], members: vec![Vec::new()] };
        for byte in 0..128 {
            let Some(new) = key(byte) else { continue };
            let found = keys.iter().position(|known| *known == new);
            let class = 1 + found.unwrap_or(keys.len());
            if found.is_none() {
                keys.push(new);
                classes.members.push(Vec::new());
            }
            if let (Some(of), Some(members), Ok(class)) = (
                classes.of.get_mut(usize::from(byte)),
                classes.members.get_mut(class),
                u8::try_from(class),
            ) {
                *of = class;
                members.push(byte);
            }
        }
        classes
    }

    /// The class of a byte, 0 for a byte that no accepted string contains.
    pub(super) fn of(&self, byte: u8) -> usize {
        self.of.get(usize::from(byte)).map_or(0, |&class| class.into())
    }

    /// The bytes of a class in ascending order.
    pub(super) fn members(&self, class: usize) -> &[u8] {
        self.members.get(class).map_or(&[], Vec::as_slice)
    }

    /// The classes other than 0, each with one of its bytes.
    pub(super) fn representatives(&self) -> impl Iterator<Item = (usize, u8)> + '_ {
        let classes = self.members.iter().enumerate();
        classes.filter_map(|(class, members)| Some((class, *members.first()?)))
    }

    /// How many classes there are, class 0 included.
    pub(super) fn len(&self) -> usize {
        self.members.len()
    }
}

/// A deterministic automaton over ASCII. Each state has an output, 0 where it doesn't accept.
///
/// Most states of a pattern read few classes, so only what does not lead to the dead state is kept: every
/// stage goes through all transitions, and all of them run unoptimised inside a macro.
#[derive(Clone, Debug)]
pub(super) struct Dfa {
    pub(super) classes: Classes,
    rows: Rows,
    outputs: Vec<u16>,
    start: State,
}

/// Pairs of a class and a state, some for each state of an automaton.
#[derive(Clone, Debug)]
struct Rows {
    pairs: Vec<(usize, State)>,
    /// Where the pairs of each state end.
    ends: Vec<usize>,
}

impl Rows {
    fn of(&self, state: State) -> &[(usize, State)] {
        let end = |state: usize| self.ends.get(state).copied();
        let state = usize::from(state);
        let start = state.checked_sub(1).map_or(Some(0), end);
        let range = start.zip(end(state)).map(|(start, end)| start..end);
        range.and_then(|range| self.pairs.get(range)).unwrap_or(&[])
    }
}

/// The transitions of an automaton the other way round.
pub(super) struct Sources(Rows);

impl Sources {
    /// Those that are kept, given the states that they lead from and to.
    pub(super) fn new(dfa: &Dfa, keep: impl Fn(State, State) -> bool) -> Self {
        let mut ends = vec![0; dfa.len()];
        for state in dfa.states() {
            for &(_, target) in dfa.row(state) {
                if let Some(count) = ends.get_mut(usize::from(target)) {
                    *count += usize::from(keep(state, target));
                }
            }
        }
        let mut sum = 0;
        for end in &mut ends {
            sum += *end;
            *end = sum;
        }
        let mut pairs = vec![(0, DEAD); sum];
        // Filled from behind, which leaves the ends where the rows start.
        let mut free = ends.clone();
        for state in dfa.states().rev() {
            for &(class, target) in dfa.row(state) {
                if let Some(free) = free.get_mut(usize::from(target))
                    && keep(state, target)
                {
                    *free -= 1;
                    if let Some(pair) = pairs.get_mut(*free) {
                        *pair = (class, state);
                    }
                }
            }
        }
        let mut start = 0;
        for &end in &ends {
            if let Some(row @ [_, _, ..]) = pairs.get_mut(start..end) {
                row.sort_unstable();
            }
            start = end;
        }
        Self(Rows { pairs, ends })
    }

    /// The classes that lead to a state, each with a state that it leads from, in ascending order.
    pub(super) fn of(&self, state: State) -> &[(usize, State)] {
        self.0.of(state)
    }

    /// Those of one class.
    pub(super) fn of_class(&self, state: State, class: usize) -> &[(usize, State)] {
        let row = self.of(state);
        let row = row.get(row.partition_point(|(of, _)| *of < class)..).unwrap_or(&[]);
        row.get(..row.partition_point(|(of, _)| *of == class)).unwrap_or(&[])
    }
}

/// An automaton given by its steps, whose states are numbers below `keys`; number 0 is dead.
pub(super) struct Outline<S, O> {
    pub(super) classes: Classes,
    pub(super) keys: usize,
    pub(super) start: usize,
    pub(super) step: S,
    pub(super) output: O,
}

impl Dfa {
    /// Writes out what can be reached, or gives up above `limit` states.
    pub(super) fn explore<S, O>(outline: &Outline<S, O>, limit: usize) -> Option<Self>
    where
        S: Fn(usize, u8) -> usize,
        O: Fn(usize) -> u16,
    {
        let representatives: Vec<(usize, u8)> = outline.classes.representatives().collect();
        // A table instead of a hash map: this loop runs unoptimised inside a macro.
        let mut numbers = vec![DEAD; outline.keys];
        let mut found = vec![0, outline.start];
        *numbers.get_mut(outline.start)? = 1;
        let mut rows = Rows { pairs: Vec::new(), ends: vec![0] };
        let mut outputs = vec![0];
        let mut next = 1;
        while let Some(&key) = found.get(next) {
            next += 1;
            outputs.push((outline.output)(key));
            for &(class, byte) in &representatives {
                let target = (outline.step)(key, byte);
                if target == 0 {
                    continue;
                }
                let number = numbers.get_mut(target)?;
                if *number == DEAD {
                    if found.len() > limit {
                        return None;
                    }
                    *number = State::try_from(found.len()).ok()?;
                    found.push(target);
                }
                rows.pairs.push((class, *number));
            }
            rows.ends.push(rows.pairs.len());
        }
        let start = 1;
        let classes = outline.classes.clone();
        let whole = Self { classes, rows, outputs, start };
        Some(whole.trim())
    }

    /// How many states there are, the dead one included.
    pub(super) fn len(&self) -> usize {
        self.outputs.len()
    }

    pub(super) fn start(&self) -> State {
        self.start
    }

    /// Whether nothing is accepted.
    pub(super) fn is_empty(&self) -> bool {
        self.start == DEAD
    }

    pub(super) fn output(&self, state: State) -> u16 {
        self.outputs.get(usize::from(state)).copied().unwrap_or(0)
    }

    pub(super) fn states(
        &self,
    ) -> impl DoubleEndedIterator<Item = State> + ExactSizeIterator + use<> {
        // `explore` gives each state a number that fits.
        1..State::try_from(self.len()).unwrap_or(State::MAX)
    }

    /// The classes that a state reads, in ascending order, each with the state that it leads to.
    pub(super) fn row(&self, state: State) -> &[(usize, State)] {
        self.rows.of(state)
    }

    pub(super) fn step(&self, state: State, byte: u8) -> State {
        self.step_class(state, self.classes.of(byte))
    }

    fn step_class(&self, state: State, class: usize) -> State {
        let row = self.row(state);
        let found = row.binary_search_by_key(&class, |(class, _)| *class).ok();
        found.and_then(|found| row.get(found)).map_or(DEAD, |(_, target)| *target)
    }

    pub(super) fn run(&self, from: State, text: &str) -> State {
        text.bytes().fold(from, |state, byte| self.step(state, byte))
    }

    /// Keeps the strings whose output passes, by clearing the other outputs.
    ///
    /// States are not renumbered, and those that lead nowhere any more become dead.
    pub(super) fn restrict(&self, keep: impl Fn(u16) -> bool) -> Self {
        let mut kept = self.clone();
        for output in &mut kept.outputs {
            if !keep(*output) {
                // What is above the kind says where in an origin a state is; it stays.
                *output &= !super::origins::ACCEPTS;
            }
        }
        kept.trim()
    }

    /// Takes out every transition to a state from which nothing can be accepted any more.
    fn trim(mut self) -> Self {
        let sources = Sources::new(&self, |_, _| true);
        let mut alive = vec![false; self.len()];
        let accepts = |state: &State| self.output(*state) & super::origins::ACCEPTS != 0;
        let mut queue: Vec<State> = self.states().filter(accepts).collect();
        let mut count = 0;
        while let Some(state) = queue.pop() {
            match alive.get_mut(usize::from(state)) {
                Some(alive) if !*alive => *alive = true,
                _ => continue,
            }
            count += 1;
            queue.extend(sources.of(state).iter().map(|(_, source)| *source));
        }
        if count == self.states().len() {
            return self;
        }
        let is_alive = |state: State| alive.get(usize::from(state)) == Some(&true);
        let mut rows = Rows { pairs: Vec::new(), ends: vec![0] };
        for state in self.states() {
            let row = self.row(state).iter().filter(|(_, target)| is_alive(*target));
            rows.pairs.extend(row);
            rows.ends.push(rows.pairs.len());
        }
        self.rows = rows;
        if !is_alive(self.start) {
            self.start = DEAD;
        }
        self
    }

    /// The shortest string that leads from a state to one that is wanted.
    ///
    /// Among the bytes of a class the one that a reader expects is taken, see [`readable`].
    pub(super) fn shortest(&self, from: State, wanted: impl Fn(State) -> bool) -> Option<String> {
        let mut came = vec![None; self.len()];
        let mut queue = VecDeque::from([from]);
        let mut goal = wanted(from).then_some(from);
        let representatives = self.readable_representatives();
        while goal.is_none() {
            let state = queue.pop_front()?;
            for &(class, byte) in &representatives {
                let target = self.step_class(state, class);
                if target == DEAD || target == from {
                    continue;
                }
                if let Some(came @ None) = came.get_mut(usize::from(target)) {
                    *came = Some((state, byte));
                    queue.push_back(target);
                    if wanted(target) {
                        goal = Some(target);
                        break;
                    }
                }
            }
        }
        let mut bytes = Vec::new();
        let mut state = goal?;
        while state != from {
            let (before, byte) = came.get(usize::from(state)).copied().flatten()?;
            bytes.push(byte);
            state = before;
        }
        bytes.reverse();
        String::from_utf8(bytes).ok()
    }

    /// The classes with their most readable byte, in the order of readability.
    fn readable_representatives(&self) -> Vec<(usize, u8)> {
        let mut best: Vec<(usize, u8)> = (1..self.classes.len())
            .filter_map(|class| Some((class, readable(self.classes.members(class))?)))
            .collect();
        best.sort_by_key(|&(_, byte)| readability(byte));
        best
    }
}

/// The byte of a class that is best shown to a reader: a letter, else a digit, else what there is.
pub(super) fn readable(members: &[u8]) -> Option<u8> {
    members.iter().copied().min_by_key(|&byte| readability(byte))
}

fn readability(byte: u8) -> (u8, u8) {
    let rank = match byte {
        b'a'..=b'z' => 0,
        b'A'..=b'Z' => 1,
        b'0'..=b'9' => 2,
        b'-' => 3,
        b'.' => 4,
        b'!'..=b'~' => 5,
        _ => 6,
    };
    (rank, byte)
}
