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
#[derive(Clone, Debug)]
pub(super) struct Dfa {
    pub(super) classes: Classes,
    rows: Vec<State>,
    outputs: Vec<u16>,
    start: State,
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
        let stride = outline.classes.len();
        // A table instead of a hash map: this loop runs unoptimised inside a macro.
        let mut numbers = vec![DEAD; outline.keys];
        let mut found = vec![0, outline.start];
        *numbers.get_mut(outline.start)? = 1;
        let mut rows = vec![DEAD; stride];
        let mut outputs = vec![0];
        let mut next = 1;
        while let Some(&key) = found.get(next) {
            next += 1;
            outputs.push((outline.output)(key));
            let row = rows.len();
            rows.resize(row + stride, DEAD);
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
                *rows.get_mut(row + class)? = *number;
            }
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

    pub(super) fn states(&self) -> impl Iterator<Item = State> + use<> {
        (1..self.len()).filter_map(|state| State::try_from(state).ok())
    }

    /// The transitions of a state, one for each class.
    pub(super) fn row(&self, state: State) -> &[State] {
        let stride = self.classes.len();
        let start = usize::from(state) * stride;
        self.rows.get(start..start + stride).unwrap_or(&[])
    }

    pub(super) fn step(&self, state: State, byte: u8) -> State {
        let row = self.row(state);
        row.get(self.classes.of(byte)).copied().unwrap_or(DEAD)
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

    /// Sends every transition to the dead state from which nothing can be accepted any more.
    fn trim(mut self) -> Self {
        let mut sources = vec![Vec::new(); self.len()];
        for state in self.states() {
            for &target in self.row(state) {
                if let Some(sources) = sources.get_mut(usize::from(target))
                    && target != DEAD
                    && sources.last() != Some(&state)
                {
                    sources.push(state);
                }
            }
        }
        let mut alive = vec![false; self.len()];
        let accepts = |state: &State| self.output(*state) & super::origins::ACCEPTS != 0;
        let mut queue: Vec<State> = self.states().filter(accepts).collect();
        while let Some(state) = queue.pop() {
            match alive.get_mut(usize::from(state)) {
                Some(alive) if !*alive => *alive = true,
                _ => continue,
            }
            queue.extend(sources.get(usize::from(state)).into_iter().flatten());
        }
        let is_alive = |state: State| alive.get(usize::from(state)) == Some(&true);
        for target in &mut self.rows {
            if !is_alive(*target) {
                *target = DEAD;
            }
        }
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
                let target = self.row(state).get(class).copied().unwrap_or(DEAD);
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
