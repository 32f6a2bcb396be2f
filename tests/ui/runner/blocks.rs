//! The blocks of the documentation that show what does not compile.
//!
//! Each names its errors in comments: `// error: TEXT [RULE]`, where the compiler's message contains the
//! text and the rule, or `// error[CODE]: TEXT` with any text. It has no other errors.

use std::fs;
use std::path::{Path, PathBuf};

use tempfile::Builder;

use crate::{COMPILER, entries, workspace};

pub(crate) struct Block {
    /// Its file and line.
    place: String,
    code: String,
}

/// The blocks of all guides, `README.md` files and documentation comments.
pub(crate) fn of_the_documentation() -> Vec<Block> {
    let workspace = workspace();
    let mut files = Vec::new();
    let mut folders = vec![workspace.to_owned(), workspace.join("docs")];
    for name in ["cors-core", "cors-macros", "cors-axum", "cors-actix", "examples"] {
        folders.push(workspace.join(name));
        collect(&workspace.join(name).join("src"), &mut files);
    }
    for folder in folders {
        files.extend(entries(&folder).filter(|file| is(file, "md")));
    }
    files.sort();
    files.iter().flat_map(|file| of_file(workspace, file)).collect()
}

fn is(file: &Path, extension: &str) -> bool {
    file.extension().is_some_and(|it| it == extension)
}

/// The Rust files of a folder and of those in it.
fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in entries(folder) {
        if entry.is_dir() {
            collect(&entry, files);
        } else if is(&entry, "rs") {
            files.push(entry);
        }
    }
}

fn of_file(workspace: &Path, file: &Path) -> Vec<Block> {
    let text = fs::read_to_string(file).unwrap();
    let shown = file.strip_prefix(workspace).unwrap().display();
    let mut lines = text.lines().map(|line| documentation(line, is(file, "rs"))).zip(1..);
    let mut blocks = Vec::new();
    while let Some((line, number)) = lines.next() {
        let Some(flags) = line.strip_prefix("```") else { continue };
        let block = lines.by_ref().map(|(line, _)| line).take_while(|line| *line != "```");
        let code: Vec<&str> = block.map(|line| line.strip_prefix("# ").unwrap_or(line)).collect();
        if flags.split(',').any(|flag| flag == "compile_fail") {
            blocks.push(Block { place: format!("{shown}:{number}"), code: code.join("\n") });
        }
    }
    blocks
}

/// The line, or what is documentation of it in Rust.
fn documentation(line: &str, is_rust: bool) -> &str {
    if !is_rust {
        return line;
    }
    let line = line.trim_start();
    let text = line.strip_prefix("///").or_else(|| line.strip_prefix("//!")).unwrap_or_default();
    text.strip_prefix(' ').unwrap_or(text)
}

impl Block {
    /// What is wrong with it, if it has an error that it does not name, or not the one that it names.
    pub(crate) fn objection(&self) -> Option<String> {
        let compiled = self.compiled();
        let names: Vec<&str> =
            self.code.lines().filter_map(|line| Some(line.split_once("// error")?.1)).collect();
        let diagnostics = compiled.split("\n\n");
        let errors: Vec<&str> = diagnostics
            .filter(|it| it.starts_with("error") && !it.starts_with("error: aborting"))
            .collect();
        let is_named = |error: &&str| names.iter().any(|name| is_of(error, name));
        let has_error = |name: &&str| errors.iter().any(|error| is_of(error, name));
        let right =
            !errors.is_empty() && errors.iter().all(is_named) && names.iter().all(has_error);
        (!right).then(|| format!("{} names {names:?}, and its errors are\n{compiled}", self.place))
    }

    /// What the compiler says of it, as the body of a function, which `rustdoc` makes of it as well.
    fn compiled(&self) -> String {
        let file = Builder::new().prefix("block").suffix(".rs").tempfile().unwrap();
        let code = &self.code;
        let program = if code.contains("fn main()") {
            code.clone()
        } else if code.ends_with("(())") {
            format!(
                "fn main() {{ fn run() -> Result<(), impl std::fmt::Debug> {{\n{code}\n}} run().unwrap() }}"
            )
        } else {
            format!("fn main() {{\n{code}\n}}")
        };
        fs::write(file.path(), program).unwrap();
        COMPILER.check(file.path()).stderr
    }
}

/// Whether an error is the one that a comment names behind `// error`.
fn is_of(error: &str, name: &str) -> bool {
    let Some(name) = name.strip_prefix(": ") else {
        let code = name.split(':').next().unwrap();
        return error.starts_with(&format!("error{code}"));
    };
    let (text, rule) = name.split_once(" [").unwrap_or((name, ""));
    error.contains(text) && error.contains(rule)
}
