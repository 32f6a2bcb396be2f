//! The compiler, called with the dependencies that cargo has built for this test.

use std::env;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

use cargo_metadata::camino::Utf8Path;
use cargo_metadata::{Artifact, Message, MetadataCommand, NodeDep, PackageId};
use tempfile::TempDir;

use crate::workspace;

pub(crate) struct Compiler {
    arguments: Vec<OsString>,
    programs: TempDir,
}

pub(crate) struct Output {
    pub(crate) success: bool,
    pub(crate) stderr: String,
}

impl Compiler {
    pub(crate) fn new() -> Self {
        let mut arguments: Vec<OsString> =
            ["--edition=2024", "--crate-type=bin", "--color=never", "--diagnostic-width=140"]
                .map(OsString::from)
                .into();
        let built = Built::find();
        let folder = built.target.join(&built.profile).join("deps");
        arguments.extend(["-L".into(), pair("dependency", &folder)]);
        let artifacts = built.artifacts();
        for dependency in dependencies() {
            let file = dependency.file(&artifacts);
            arguments.extend(["--extern".into(), pair(&dependency.name, file.as_std_path())]);
        }
        Self { arguments, programs: TempDir::new().unwrap() }
    }

    /// Compiles without generating code.
    pub(crate) fn check(&self, file: &Path) -> Output {
        self.compile(file, "metadata")
    }

    /// Compiles, and runs what has compiled without a word.
    pub(crate) fn run(&self, file: &Path) -> Output {
        let compiled = self.compile(file, "link");
        if !compiled.success || !compiled.stderr.is_empty() {
            return compiled;
        }
        let program = self.programs.path().join(file.file_stem().unwrap());
        output(&mut Command::new(program))
    }

    fn compile(&self, file: &Path, emit: &str) -> Output {
        let rustc = env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
        let mut command = Command::new(rustc);
        // From where cargo compiles, so that messages show the source of the adapters.
        command.current_dir(workspace()).arg(file).args(&self.arguments);
        output(command.arg("--emit").arg(emit).arg("--out-dir").arg(self.programs.path()))
    }
}

fn output(command: &mut Command) -> Output {
    let output = command.output().unwrap_or_else(|error| panic!("{command:?}: {error}"));
    Output { success: output.status.success(), stderr: String::from_utf8(output.stderr).unwrap() }
}

/// `left=right`.
fn pair(left: &str, right: &Path) -> OsString {
    let mut pair = OsString::from(left);
    pair.push("=");
    pair.push(right);
    pair
}

/// Where cargo has put what this test was built from.
struct Built {
    target: PathBuf,
    profile: OsString,
}

impl Built {
    /// This program is `target/PROFILE/deps/ui-HASH`.
    fn find() -> Self {
        let program = env::current_exe().unwrap();
        let profile = program.ancestors().nth(2).unwrap();
        Self {
            target: profile.parent().unwrap().to_owned(),
            profile: profile.file_name().unwrap().to_owned(),
        }
    }

    /// What this test was built from. Cargo builds nothing for that, if the test was built together
    /// with the workspace: otherwise some dependencies may have other features.
    fn artifacts(&self) -> Vec<Artifact> {
        let mut command = Command::new(env::var_os("CARGO").unwrap());
        command.args(["test", "--workspace", "--test=ui", "--no-run", "--locked"]);
        command.args(["--quiet", "--message-format=json", "--target-dir"]).arg(&self.target);
        if self.profile != "debug" {
            command.arg("--profile").arg(&self.profile);
        }
        let output = command.output().unwrap();
        let errors = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{errors}");
        let messages = Message::parse_stream(output.stdout.as_slice()).map(Result::unwrap);
        let artifacts = messages.filter_map(|message| match message {
            Message::CompilerArtifact(it) if is_library(&it) => Some(it),
            _ => None,
        });
        artifacts.collect()
    }
}

fn is_library(artifact: &Artifact) -> bool {
    let target = &artifact.target;
    !artifact.profile.test && (target.is_lib() || target.is_rlib())
}

/// A direct dependency of this package.
struct Dependency {
    package: PackageId,
    /// What code calls it.
    name: String,
    features: Vec<String>,
}

fn dependencies() -> Vec<Dependency> {
    let mut command = MetadataCommand::new();
    let metadata = command.other_options(["--locked".to_owned()]).exec().unwrap();
    let own = metadata.packages.iter().find(|it| it.name == env!("CARGO_PKG_NAME")).unwrap();
    let node = metadata.resolve.as_ref().unwrap().nodes.iter().find(|it| it.id == own.id).unwrap();
    let dependency = |node: &NodeDep| {
        let package = &metadata[&node.pkg].name;
        let declared = own.dependencies.iter().find(|it| it.name == **package).unwrap();
        Dependency {
            package: node.pkg.clone(),
            name: node.name.clone(),
            features: declared.features.clone(),
        }
    };
    node.deps.iter().map(dependency).collect()
}

impl Dependency {
    /// A package that macros are built with too is there twice. The copy of the macros has not all
    /// features that are declared here.
    fn file<'a>(&self, artifacts: &'a [Artifact]) -> &'a Utf8Path {
        let mut files = artifacts
            .iter()
            .filter(|it| it.package_id == self.package)
            .filter(|it| self.features.iter().all(|feature| it.features.contains(feature)))
            .flat_map(|it| &it.filenames)
            .filter(|it| it.extension() == Some("rlib"));
        let (file, second) = (files.next(), files.next());
        assert!(second.is_none(), "declare a feature by which {second:?} is not {file:?}");
        file.unwrap_or_else(|| panic!("{} was not built", self.name))
    }
}
