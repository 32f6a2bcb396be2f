//! Prints what pages can do by one lock of policies that they could not do by another:
//! `policy-diff before.snap after.snap`. It ends with an error if that is more, so that a pull
//! request that widens a policy is not merged before a review.

use std::process::ExitCode;

use examples::lock;

fn main() -> ExitCode {
    let files: Vec<_> = std::env::args_os().skip(1).collect();
    let [before, after] = files.as_slice() else {
        eprintln!("usage: policy-diff BEFORE AFTER");
        return ExitCode::FAILURE;
    };
    examples::exit_code(lock::compare(before.as_ref(), after.as_ref()).and_then(|diff| {
        print!("{diff}");
        if diff.only_narrows() { Ok(()) } else { Err("the policies are wider".into()) }
    }))
}
