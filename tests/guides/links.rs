//! The links between the pages of this repository lead somewhere.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use crate::anchor;

/// Every page, by its path from the root.
fn pages(root: &Path) -> BTreeMap<PathBuf, String> {
    let folders = [".", "docs", "tests", "cors-core", "cors-macros", "cors-axum", "cors-actix"];
    let mut pages = BTreeMap::new();
    for folder in folders {
        for file in fs::read_dir(root.join(folder)).unwrap() {
            let path = file.unwrap().path();
            if path.extension().is_some_and(|it| it == "md") {
                let text = fs::read_to_string(&path).unwrap();
                pages.insert(path.canonicalize().unwrap(), text);
            }
        }
    }
    pages
}

/// What stands in the parentheses of `[text](target)`, outside of code.
fn targets(page: &str) -> impl Iterator<Item = &str> {
    let prose = page.split("```").step_by(2);
    prose.flat_map(|it| it.split("](").skip(1)).filter_map(|it| it.split([')', ' ']).next())
}

fn anchors(page: &str) -> Vec<String> {
    let prose = page.split("```").step_by(2);
    let headings = prose.flat_map(str::lines).filter(|line| line.starts_with('#'));
    headings.map(|it| anchor(it.trim_start_matches('#').trim())).collect()
}

#[test]
fn every_link_between_pages_leads_somewhere() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().canonicalize().unwrap();
    let pages = pages(&root);
    let (mut followed, mut broken) = (0, Vec::new());
    for (path, page) in &pages {
        for target in targets(page).filter(|it| !it.contains("://")) {
            followed += 1;
            let (file, fragment) = target.split_once('#').unwrap_or((target, ""));
            let file = if file.is_empty() { path.clone() } else { path.with_file_name(file) };
            let found = file.canonicalize().is_ok_and(|file| {
                fragment.is_empty()
                    || pages
                        .get(&file)
                        .is_some_and(|it| anchors(it).iter().any(|it| it == fragment))
            });
            if !found {
                broken.push(format!("{}: {target}", path.display()));
            }
        }
    }
    assert!(followed > 60, "{followed}");
    assert!(broken.is_empty(), "{broken:#?}");
}

/// A page that is read where the rest of the repository is not has absolute links only.
#[test]
fn what_is_published_alone_has_no_link_out_of_its_package() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().canonicalize().unwrap();
    for (path, page) in pages(&root) {
        if path.components().any(|it| it.as_os_str().to_string_lossy().starts_with("cors-")) {
            let relative: Vec<&str> =
                targets(&page).filter(|it| !it.contains("://") && !it.starts_with('#')).collect();
            assert!(relative.is_empty(), "{}: {relative:?}", path.display());
        }
    }
}
