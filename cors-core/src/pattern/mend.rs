//! The edit that mends a pattern, found by trying the usual ones.
//!
//! What is proposed as a whole pattern has been judged and passes.

use super::{
    edits::{Edit, KINDS},
    judge::{Detail, Question, examine},
    objection::{Objection, ObjectionKind},
};

/// How many patterns are tried.
const MAX_TRIED: usize = 24;

/// How many sites are few enough to be declared beside an edit.
const FEW_SITES: usize = 4;

/// Above this length of pattern nothing is tried, to keep refusals cheap.
const MAX_LENGTH: usize = 300;

/// Puts the best edit that was found into the objections.
pub(super) fn propose(question: &Question<'_>, mut objections: Vec<Objection>) -> Vec<Objection> {
    let mended = find(question, &objections);
    for objection in &mut objections {
        match objection.kind {
            ObjectionKind::Syntax | ObjectionKind::TooComplex | ObjectionKind::Site => continue,
            _ => {}
        }
        if let Some((edit, declare)) = &mended {
            objection.range = objection.range.take().or_else(|| edit.range.clone());
            let Edit { text, what, .. } = edit;
            objection.fix = if !declare.is_empty() {
                format!("{what}: write `{text}` and {}", declaration(declare))
            } else if is_short(&objection.declare) {
                // The list to paste stays, for it may be what was meant.
                format!("{what}: write `{text}`; or {}", declaration(&objection.declare))
            } else {
                format!("{what}: write `{text}`")
            };
        } else if objection.fix.is_empty() {
            objection.fix = match objection.declare.as_slice() {
                [] => usual(objection.kind).to_owned(),
                sites => declaration(sites),
            };
        }
    }
    objections
}

/// Whether sites are some, and few enough to be declared beside something else.
fn is_short(declare: &[String]) -> bool {
    (1..=FEW_SITES).contains(&declare.len())
}

/// The advice to declare sites.
fn declaration(sites: &[String]) -> String {
    format!("declare `sites = {sites:?}`, if all of them are yours")
}

/// What helps most often, for want of an edit that is known to help.
fn usual(kind: ObjectionKind) -> &'static str {
    match kind {
        ObjectionKind::BareSuffix => "spell out the name below the suffix that is yours",
        ObjectionKind::DotlessHost => {
            "spell out the whole domain, with its dots escaped as `\\.`, or name a host that has none in \
             `origins`"
        }
        _ => "spell out the origins that you mean",
    }
}

/// An edit after which the pattern passes, perhaps with sites that have to be declared.
fn find(question: &Question<'_>, objections: &[Objection]) -> Option<(Edit, Vec<String>)> {
    let fixed = [ObjectionKind::Syntax, ObjectionKind::TooComplex];
    let hopeless = objections.iter().any(|objection| fixed.contains(&objection.kind));
    if hopeless || question.pattern.len() > MAX_LENGTH {
        return None;
    }
    let mut with_declaration = None;
    let mut tried = vec![question.pattern.to_owned()];
    for edit in candidates(question) {
        if tried.len() > MAX_TRIED {
            break;
        }
        if tried.contains(&edit.text) {
            continue;
        }
        tried.push(edit.text.clone());
        let pattern = &edit.text;
        match examine(&Question { pattern, ..*question }, Detail::DECIDE) {
            Ok(_) => return Some((edit, Vec::new())),
            Err(objections) => {
                if let [only] = objections.as_slice()
                    && only.kind == ObjectionKind::UndeclaredSites
                    && is_short(&only.declare)
                    && with_declaration.is_none()
                {
                    with_declaration = Some((edit, only.declare.clone()));
                }
            }
        }
    }
    with_declaration
}

/// Single edits first, then more and more of them together.
fn candidates(question: &Question<'_>) -> Vec<Edit> {
    let mut edits: Vec<Edit> = KINDS.iter().flat_map(|kind| kind(question.pattern)).collect();
    let mut sum = Edit { text: question.pattern.to_owned(), what: String::new(), range: None };
    for kind in KINDS {
        for (index, edit) in kind(&sum.text).into_iter().enumerate() {
            let what = match sum.what.as_str() {
                "" => edit.what,
                before => format!("{before}, {}", edit.what),
            };
            let both = Edit { text: edit.text, what, range: None };
            if index == 0 {
                edits.push(both.clone());
                sum = both;
            } else {
                edits.push(both);
            }
        }
    }
    edits
}
