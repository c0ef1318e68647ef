//! Every format over the same three prefixes, byte for byte.
//!
//! The files stand in `tests/golden`, one for each case that a format can meet; a new row of the table has none and
//! fails until they are written. To write them anew: `UPDATE_GOLDEN=1 cargo test -p formats --test golden`, then look
//! at what changed.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a failed test panics")]

mod sample;

use std::fs;
use std::path::{Path, PathBuf};

use blocklist::{Publication, Selection, View};
use formats::{FORMATS, Format, FormatError, Options};
use prefix::Family;

struct Case {
    name: &'static str,
    selection: Selection,
    options: Options,
    hostile: bool,
}

fn cases() -> Vec<Case> {
    let all = Selection::default();
    let case = |name, selection| Case { name, selection, options: Options::default(), hostile: false };
    vec![
        case("all", all),
        case("v4", Selection { family: Some(Family::V4), ..all }),
        case("v6", Selection { family: Some(Family::V6), ..all }),
        case("merged", Selection { merge: true, ..all }),
        case("page", Selection { limit: Some(2), page: 1, ..all }),
        Case { options: Options { comments: true }, ..case("comments", all) },
        Case { hostile: true, ..case("hostile", all) },
    ]
}

fn file(format: &Format, case: &Case) -> PathBuf {
    let name = format!("{}-{}.{}", format.name, case.name, format.extension);
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden").join(name)
}

/// What the format must do with the case, by its row of the table.
fn expected_refusal(format: &Format, case: &Case) -> Option<FormatError> {
    if case.options.comments && !format.comments {
        Some(FormatError::NoComments(format.name))
    } else if case.selection.merge && format.shows_origin {
        Some(FormatError::MergedHasNoOrigin(format.name))
    } else {
        None
    }
}

#[test]
fn every_format_writes_its_golden_files() {
    let update = std::env::var_os("UPDATE_GOLDEN").is_some();
    let (plain, hostile) =
        (sample::publication(sample::Texts::Tame), sample::publication(sample::Texts::Hostile));
    let mut wrong = Vec::new();
    for format in FORMATS {
        for case in cases() {
            let publication: &Publication = if case.hostile { &hostile } else { &plain };
            let rendered = format.render(&View::new(publication, case.selection), &case.options);
            if let Some(refusal) = expected_refusal(format, &case) {
                assert_eq!(rendered, Err(refusal), "{format:?} {}", case.name);
                continue;
            }
            let body = rendered.unwrap_or_else(|error| panic!("{format:?} {}: {error}", case.name));
            assert_eq!(
                body.len(),
                body.capacity(),
                "{format:?} {}: a body holds no more than itself",
                case.name
            );
            let path = file(format, &case);
            if update {
                fs::write(&path, &body).unwrap();
            } else if fs::read(&path).ok().as_deref() != Some(&body) {
                wrong.push(format!(
                    "{}\n--- written now:\n{}",
                    path.display(),
                    String::from_utf8_lossy(&body)
                ));
            }
        }
    }
    assert!(
        wrong.is_empty(),
        "{}\nThese golden files are missing or differ. If the new bytes are right: \
         UPDATE_GOLDEN=1 cargo test -p formats --test golden",
        wrong.join("\n")
    );
}

#[test]
fn no_golden_file_is_left_over() {
    let wanted: Vec<PathBuf> = FORMATS
        .iter()
        .flat_map(|format| cases().into_iter().map(move |case| (format, case)))
        .filter(|(format, case)| expected_refusal(format, case).is_none())
        .map(|(format, case)| file(format, &case))
        .collect();
    for entry in fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden")).unwrap() {
        let path = entry.unwrap().path();
        assert!(wanted.contains(&path), "{} belongs to no format and case", path.display());
    }
}

#[test]
fn no_body_has_a_carriage_return_or_a_blank_line_or_an_unended_last_line() {
    let publication = sample::publication(sample::Texts::Hostile);
    for format in FORMATS {
        let body =
            format.render(&View::new(&publication, Selection::default()), &Options::default()).unwrap();
        let text = String::from_utf8(body).unwrap();
        assert!(!text.contains('\r') && !text.contains("\n\n") && text.ends_with('\n'), "{format:?}: {text}");
    }
}
