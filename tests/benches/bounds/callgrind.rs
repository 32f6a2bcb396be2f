//! Instructions, as callgrind counts them: the machine may be busy, they are the same.
//!
//! The program starts itself under valgrind. Lists are built there without being counted, which
//! would take minutes; [`counted`] is the only function that is.

use std::hint::black_box;
use std::path::Path;
use std::process::{Command, Stdio};
use std::{env, fs, io, process};

/// Answers that a number is the mean of, and those before the first that counts.
const ANSWERS: u64 = 8;
const WARM_UP: usize = 4;

/// What tells the program that it runs under valgrind.
const CHILD: &str = "--under-valgrind";

/// Whether this process is the one that is counted.
pub(super) fn is_child() -> bool {
    env::args().any(|argument| argument == CHILD)
}

/// Has callgrind count, or go on without counting, which is ten times as fast.
pub(super) fn switch(is_on: bool) -> io::Result<()> {
    let state = if is_on { "--instr=on" } else { "--instr=off" };
    let id = process::id().to_string();
    let mut control = Command::new("callgrind_control");
    let status = control.args([state, &id]).stdout(Stdio::null()).stderr(Stdio::null()).status()?;
    if status.success() { Ok(()) } else { Err(io::Error::other("callgrind is out of reach")) }
}

/// Has callgrind count what this takes.
pub(super) fn count(mut answer: impl FnMut()) {
    for _ in 0..WARM_UP {
        answer();
    }
    for _ in 0..ANSWERS {
        counted(&mut answer);
    }
    end_of_cell();
}

/// The function that is counted.
#[inline(never)]
fn counted(answer: &mut dyn FnMut()) {
    answer();
    // Without something to do afterwards this would be a jump, and no call to count.
    black_box(());
}

/// The function after which callgrind writes a file.
#[inline(never)]
fn end_of_cell() {
    black_box(());
}

/// Starts the program once more, and reads its lines, each with the counts that stand behind it;
/// `None` where there is no valgrind.
pub(super) fn run() -> io::Result<Option<impl FnMut() -> io::Result<f64>>> {
    let version = Command::new("valgrind").arg("--version").stdout(Stdio::null()).status();
    if version.is_err() {
        return Ok(None);
    }
    let directory = tempfile::tempdir()?;
    let out = directory.path().join("cells");
    let status = Command::new("valgrind")
        .args(["--quiet", "--tool=callgrind", "--instr-atstart=no"])
        .args(["--toggle-collect=*callgrind::counted", "--dump-after=*callgrind::end_of_cell"])
        .arg(format!("--callgrind-out-file={}", out.display()))
        .arg(env::current_exe()?)
        .arg(CHILD)
        .status()?;
    if !status.success() {
        return Err(io::Error::other(format!("valgrind ended with {status}")));
    }
    let mut number = 0;
    Ok(Some(move || {
        number += 1;
        read(&directory.path().join("cells"), number)
    }))
}

#[allow(clippy::cast_precision_loss, reason = "counts are shown")]
fn read(out: &Path, number: u32) -> io::Result<f64> {
    let file = out.with_extension(number.to_string());
    let text = fs::read_to_string(&file)?;
    fs::remove_file(&file)?;
    let total = text.lines().find_map(|line| line.strip_prefix("summary: ")?.trim().parse().ok());
    let total: u64 = total.ok_or_else(|| io::Error::other("nothing was counted"))?;
    Ok(total as f64 / ANSWERS as f64)
}
