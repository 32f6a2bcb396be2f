//! The smallest automaton, and its form as the table that a policy carries.

use super::dfa::{DEAD, Dfa, Sources, State};
use super::origins::ACCEPTS;
use crate::origin::automaton::{Automaton, MAX_TABLE};

/// The states of an automaton, grouped by what they accept from there on (Hopcroft's algorithm).
pub(super) struct Partition {
    blocks: Vec<Vec<State>>,
    block_of: Vec<usize>,
}

impl Partition {
    /// Puts two states into one block if no string leads to different outputs from them.
    pub(super) fn new(dfa: &Dfa, output: impl Fn(u16) -> u16) -> Self {
        let mut partition = Self::by_output(dfa, output);
        let sources = Sources::new(dfa, |_, _| true);
        // The dead state never has to tell others apart: two states that differ in what leads them
        // there also differ in what leads them elsewhere.
        let mut is_pending = vec![true; partition.blocks.len()];
        let mut pending: Vec<usize> = (1..is_pending.len()).collect();
        while let Some(splitter) = pending.pop() {
            if let Some(is_pending) = is_pending.get_mut(splitter) {
                *is_pending = false;
            }
            let mut leading: Vec<(usize, State)> = Vec::new();
            for &state in partition.blocks.get(splitter).into_iter().flatten() {
                leading.extend_from_slice(sources.of(state));
            }
            leading.sort_unstable();
            for of_class in leading.chunk_by(|(a, _), (b, _)| a == b) {
                // Most of the time: one state, which nothing is left to be told apart from.
                if let [(_, state)] = of_class
                    && partition.size(partition.block(*state)) == 1
                {
                    continue;
                }
                let touched = of_class.iter().map(|(_, state)| *state).collect();
                for (old, new) in partition.split(touched) {
                    is_pending.push(false);
                    let old_is_pending = is_pending.get(old) == Some(&true);
                    let smaller_is_new = partition.size(new) <= partition.size(old);
                    let add = if old_is_pending || smaller_is_new { new } else { old };
                    if let Some(is_pending @ false) = is_pending.get_mut(add) {
                        *is_pending = true;
                        pending.push(add);
                    }
                }
            }
        }
        partition
    }

    /// Block 0 is the dead state alone.
    fn by_output(dfa: &Dfa, output: impl Fn(u16) -> u16) -> Self {
        let mut blocks = vec![vec![DEAD]];
        let mut block_of = vec![0; dfa.len()];
        let mut outputs = Vec::new();
        for state in dfa.states() {
            let output = output(dfa.output(state));
            let found = outputs.iter().position(|known| *known == output);
            let block = 1 + found.unwrap_or(outputs.len());
            if found.is_none() {
                outputs.push(output);
                blocks.push(Vec::new());
            }
            if let Some(members) = blocks.get_mut(block) {
                members.push(state);
            }
            if let Some(of) = block_of.get_mut(usize::from(state)) {
                *of = block;
            }
        }
        Self { blocks, block_of }
    }

    /// Divides every block into the states that are among the touched and those that are not.
    ///
    /// Returns which block was divided, and which new block has the touched.
    fn split(&mut self, mut touched: Vec<State>) -> Vec<(usize, usize)> {
        touched.sort_unstable_by_key(|&state| (self.block(state), state));
        touched.dedup();
        let mut divided = Vec::new();
        for group in touched.chunk_by(|&a, &b| self.block(a) == self.block(b)) {
            let Some(old) = group.first().map(|&state| self.block(state)) else {
                continue;
            };
            if group.len() < self.size(old) {
                divided.push((old, group.to_vec()));
            }
        }
        let mut result = Vec::new();
        for (old, group) in divided {
            let new = self.blocks.len();
            for &state in &group {
                if let Some(of) = self.block_of.get_mut(usize::from(state)) {
                    *of = new;
                }
            }
            if let Some(members) = self.blocks.get_mut(old) {
                members.retain(|state| group.binary_search(state).is_err());
            }
            self.blocks.push(group);
            result.push((old, new));
        }
        result
    }

    fn block(&self, state: State) -> usize {
        self.block_of.get(usize::from(state)).copied().unwrap_or(0)
    }

    fn size(&self, block: usize) -> usize {
        self.blocks.get(block).map_or(0, Vec::len)
    }
}

/// The minimal automaton as rows, the start in row 1 and the accepting rows last.
pub(super) struct Minimal {
    /// The class of each byte.
    pub(super) classes: Vec<u8>,
    pub(super) stride: usize,
    pub(super) rows: Vec<State>,
    /// One for each row.
    #[cfg(test)]
    pub(super) outputs: Vec<u16>,
    pub(super) first_accepting: usize,
}

/// Merges the states that behave alike, then the classes that do; `None` if a number overflows.
pub(super) fn minimize(dfa: &Dfa, output: impl Fn(u16) -> u16) -> Option<Minimal> {
    let partition = Partition::new(dfa, &output);
    let output_of = |block: usize| {
        let state = partition.blocks.get(block).and_then(|members| members.first());
        state.map_or(0, |&state| output(dfa.output(state)))
    };
    let start = partition.block(dfa.start());
    let accepts = |&block: &usize| output_of(block) & ACCEPTS != 0;
    // In the order in which a search from the start meets them, however they were found.
    let mut is_met = vec![false; partition.blocks.len()];
    for block in [0, start] {
        *is_met.get_mut(block)? = true;
    }
    let mut others = Vec::new();
    for block in dfa.states().map(|state| partition.block(state)) {
        if let Some(is_met @ false) = is_met.get_mut(block) {
            *is_met = true;
            others.push(block);
        }
    }
    let mut order = vec![0, start];
    order.extend(others.iter().filter(|block| !accepts(block)));
    let first_accepting = order.len();
    order.extend(others.iter().filter(|block| accepts(block)));
    if accepts(&start) {
        // No origin is empty. A table could not say so, as its start does not accept.
        return None;
    }
    let mut number_of = vec![DEAD; partition.blocks.len()];
    for (number, &block) in order.iter().enumerate().skip(1) {
        *number_of.get_mut(block)? = State::try_from(number).ok()?;
    }

    let mut columns = vec![vec![DEAD; order.len()]; dfa.classes.len()];
    for (row, block) in order.iter().enumerate() {
        let state = partition.blocks.get(*block)?.first()?;
        for &(class, target) in dfa.row(*state) {
            let number = number_of.get(partition.block(target))?;
            *columns.get_mut(class)?.get_mut(row)? = *number;
        }
    }
    let mut distinct: Vec<&Vec<State>> = Vec::new();
    let mut merged = Vec::new();
    for column in &columns {
        let found = distinct.iter().position(|known| *known == column);
        merged.push(u8::try_from(found.unwrap_or(distinct.len())).ok()?);
        if found.is_none() {
            distinct.push(column);
        }
    }
    let classes = (0..128).filter_map(|byte| merged.get(dfa.classes.of(byte)).copied());
    let mut rows = Vec::with_capacity(order.len() * distinct.len());
    for row in 0..order.len() {
        for column in &distinct {
            rows.push(*column.get(row)?);
        }
    }
    Some(Minimal {
        classes: classes.collect(),
        stride: distinct.len(),
        rows,
        #[cfg(test)]
        outputs: order.iter().map(|&block| output_of(block)).collect(),
        first_accepting,
    })
}

/// The table that a policy carries, or `None` if it would be too large.
pub(super) fn table(dfa: &Dfa) -> Option<Automaton> {
    table_of(dfa, MAX_TABLE)
}

/// A table of so many bytes at most.
pub(super) fn table_of(dfa: &Dfa, most: usize) -> Option<Automaton> {
    let minimal = minimize(dfa, |output| u16::from(output & ACCEPTS != 0))?;
    let table =
        Automaton::owned(minimal.classes, minimal.rows, minimal.stride, minimal.first_accepting);
    (table.size() <= most).then_some(table)
}
