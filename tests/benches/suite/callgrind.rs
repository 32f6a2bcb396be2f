//! Instructions and calls of the allocator, as callgrind counts them.
//!
//! The program starts itself under valgrind. Every answer is taken inside [`counted`], the only
//! function that is counted, and [`end_of_cell`] has callgrind write down what was counted
//! since the last time: one run of valgrind is enough for every cell.

use std::collections::{BTreeMap, HashMap};
use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::{env, fs, io, thread};

use super::Serve;
use super::cells::{self, Row};

/// Answers that a number is the mean of.
const ANSWERS: u64 = 16;

/// Processes that everything is counted in. The frameworks' maps hash with another seed in each,
/// and where two names collide, an answer costs a hundred instructions more.
const RUNS: usize = 3;

/// Answers before the first that counts: what is initialised once costs no request anything.
const WARM_UP: usize = 8;

/// What tells the program that it runs under valgrind.
const CHILD: &str = "--under-valgrind";

/// What one answer costs.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Deserialize, serde::Serialize)]
pub(crate) struct Cost {
    pub(crate) instructions: i64,
    /// Calls of `malloc`, `calloc` and `realloc`.
    pub(crate) allocations: i64,
}

impl Cost {
    /// The lower of each number.
    fn min(self, other: Self) -> Self {
        Self {
            instructions: self.instructions.min(other.instructions),
            allocations: self.allocations.min(other.allocations),
        }
    }
}

/// The cells of a table, by row and column.
pub(crate) type Cells<T> = BTreeMap<String, BTreeMap<String, T>>;

/// Whether this process is the one that is counted.
pub(crate) fn is_child() -> bool {
    env::args().any(|argument| argument == CHILD)
}

/// Answers everything, for valgrind to look at.
pub(crate) fn answer_all() {
    for Row { mut stack, asks } in cells::all() {
        for ask in asks {
            for _ in 0..WARM_UP {
                stack.serve.prepare(&ask);
                stack.serve.answer();
            }
            for _ in 0..ANSWERS {
                stack.serve.prepare(&ask);
                counted(&mut *stack.serve);
            }
            end_of_cell();
            println!("{}\t{}", stack.name, ask.name);
        }
    }
}

/// The function that is counted.
#[inline(never)]
fn counted(serve: &mut dyn Serve) {
    serve.answer();
    // Without something to do afterwards this would be a jump, and no call to count.
    black_box(());
}

/// The function after which callgrind writes a file.
#[inline(never)]
fn end_of_cell() {
    black_box(());
}

/// Counts every cell, and takes the lowest number of several runs; `None` where there is no
/// valgrind.
pub(crate) fn count_all(directory: &Path) -> io::Result<Option<Cells<Cost>>> {
    if valgrind(&["--version".to_owned()]).is_err() {
        return Ok(None);
    }
    let directories: Vec<PathBuf> =
        (0..RUNS).map(|run| directory.join(format!("run-{run}"))).collect();
    // Side by side: instructions are the same, however many processors share the work.
    let runs: Vec<io::Result<Cells<Cost>>> = thread::scope(|scope| {
        let runs = directories.iter().map(|directory| scope.spawn(|| count_once(directory)));
        let runs: Vec<_> = runs.collect();
        let lost = |_| Err(io::Error::other("a run ended with a panic"));
        runs.into_iter().map(|run| run.join().unwrap_or_else(lost)).collect()
    });
    let mut lowest = Cells::new();
    for run in runs {
        for (row, columns) in run? {
            let known: &mut BTreeMap<String, Cost> = lowest.entry(row).or_default();
            for (column, cost) in columns {
                known.entry(column).and_modify(|it| *it = it.min(cost)).or_insert(cost);
            }
        }
    }
    Ok(Some(lowest))
}

fn valgrind(arguments: &[String]) -> io::Result<Output> {
    let mut command = Command::new("valgrind");
    command.args(arguments).stdin(Stdio::null()).stderr(Stdio::inherit());
    // More free pieces of each size than an answer leaves: otherwise it depends on how the heap lies
    // whether one is given back to it, which costs 200 instructions.
    command.env("GLIBC_TUNABLES", "glibc.malloc.tcache_count=1000");
    command.output()
}

fn count_once(directory: &Path) -> io::Result<Cells<Cost>> {
    fs::create_dir_all(directory)?;
    let out = directory.join("cells");
    let this = env::current_exe()?;
    let child = valgrind(&[
        "--quiet".to_owned(),
        "--tool=callgrind".to_owned(),
        "--toggle-collect=*callgrind::counted".to_owned(),
        "--dump-after=*callgrind::end_of_cell".to_owned(),
        // The calls of a function that count are those of its first instruction.
        "--dump-instr=yes".to_owned(),
        "--compress-pos=no".to_owned(),
        format!("--callgrind-out-file={}", out.display()),
        this.display().to_string(),
        CHILD.to_owned(),
    ])?;
    if !child.status.success() {
        return Err(io::Error::other(format!("valgrind ended with {}", child.status)));
    }
    let mut cells = Cells::new();
    for (number, line) in (1..).zip(String::from_utf8_lossy(&child.stdout).lines()) {
        let file = numbered(&out, number);
        let Some((row, column)) = line.split_once('\t') else { continue };
        let cost = read(&fs::read_to_string(&file)?)
            .ok_or_else(|| io::Error::other(format!("{} counts nothing", file.display())))?;
        cells.entry(row.to_owned()).or_default().insert(column.to_owned(), cost);
        fs::remove_file(&file)?;
    }
    Ok(cells)
}

fn numbered(path: &Path, number: usize) -> PathBuf {
    path.with_extension(number.to_string())
}

/// Reads a file of callgrind:
///
/// ```text
/// fn=(12) malloc
/// 0x4a0 0 16
/// 0x4a4 0 16
/// calls=16 0x520 0
/// 0x4a8 0 1600
/// summary: 1632
/// ```
fn read(text: &str) -> Option<Cost> {
    let mut names: HashMap<&str, &str> = HashMap::new();
    // For each function of the allocator, its first instruction and how often that ran.
    let mut entries: BTreeMap<&str, (u64, i64)> = BTreeMap::new();
    let mut function = "";
    let mut instructions = 0;
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        if let Some(total) = line.strip_prefix("summary: ") {
            instructions = total.trim().parse().ok()?;
        } else if let Some(name) = line.strip_prefix("fn=") {
            function = learn(&mut names, name);
        } else if let Some(name) = line.strip_prefix("cfn=") {
            learn(&mut names, name);
        } else if line.starts_with("calls=") {
            // What the callee cost is no instruction of this function.
            lines.next();
        } else if let Some(place) = line.strip_prefix("0x")
            && ["malloc", "calloc", "realloc", "posix_memalign"].contains(&function)
        {
            let mut columns = place.split(' ');
            let address = u64::from_str_radix(columns.next()?, 16).ok()?;
            let count = columns.nth(1)?.parse().ok()?;
            let entry = entries.entry(function).or_insert((address, count));
            *entry = (*entry).min((address, count));
        }
    }
    let answers = i64::try_from(ANSWERS).ok()?;
    let allocations = entries.values().map(|(_, count)| count).sum::<i64>();
    (instructions > 0).then_some(Cost {
        instructions: instructions / answers,
        allocations: allocations / answers,
    })
}

/// A name stands behind its number the first time, and never again.
fn learn<'a>(names: &mut HashMap<&'a str, &'a str>, text: &'a str) -> &'a str {
    match text.split_once(' ') {
        Some((number, name)) => {
            names.insert(number, name);
            name
        }
        None => names.get(text).copied().unwrap_or_default(),
    }
}
