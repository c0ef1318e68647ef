//! Which parts of the archive are the sheets and the shared strings (ECMA-376 part 2: relationships).

use std::collections::HashMap;
use std::io::BufReader;

use quick_xml::events::Event;

use super::super::xml::{Xml, attribute, bad};
use super::zipped::{self, Archive};
use crate::ParseError;
use crate::workbook::MAX_SHEETS;

/// The parts of a workbook, by their number in the archive.
pub(super) struct Parts {
    pub(super) sheets: Vec<(String, usize)>,
    pub(super) strings: Option<usize>,
    pub(super) from_1904: bool,
}

pub(super) fn find(archive: &mut Archive) -> Result<Parts, ParseError> {
    let index = names(archive);
    let root = relations(archive, &index, "_rels/.rels", "")?;
    let workbook = root.into_values().find(|relation| relation.kind == "officeDocument").map(|r| r.target);
    let workbook = workbook.unwrap_or_else(|| "xl/workbook.xml".into());
    let Some(&part) = index.get(&workbook.to_lowercase()) else {
        let found = if index.contains_key("mimetype") {
            "an OpenDocument file"
        } else {
            "a zip archive that holds no workbook"
        };
        return Err(ParseError::Format { found });
    };
    if workbook.to_lowercase().ends_with(".bin") {
        return Err(ParseError::Format { found: "a binary workbook (xlsb)" });
    }
    let (folder, file) = workbook.rsplit_once('/').unwrap_or(("", &workbook));
    let beside =
        if folder.is_empty() { format!("_rels/{file}.rels") } else { format!("{folder}/_rels/{file}.rels") };
    let relations = relations(archive, &index, &beside, folder)?;
    let strings = relations.values().find(|relation| relation.kind == "sharedStrings");
    let strings = strings.and_then(|relation| index.get(&relation.target.to_lowercase())).copied();
    let (listed, from_1904) = listed(archive, part)?;
    let mut sheets = Vec::new();
    for (name, id) in listed {
        let Some(relation) = relations.get(&id) else {
            return Err(bad(format!("sheet '{}' has no part", crate::text::short(&name))));
        };
        // A chart has no cells.
        if relation.kind != "worksheet" {
            continue;
        }
        let part = index.get(&relation.target.to_lowercase());
        let part =
            part.ok_or_else(|| bad(format!("the part of sheet '{}' is missing", crate::text::short(&name))))?;
        // One part under many names would be read as often.
        if sheets.iter().any(|(_, other)| other == part) {
            return Err(bad("two sheets of one part"));
        }
        sheets.push((name, *part));
        if sheets.len() > MAX_SHEETS {
            return Err(bad(format!("more than {MAX_SHEETS} sheets")));
        }
    }
    Ok(Parts { sheets, strings, from_1904 })
}

/// The parts by name. Names are compared without case, and some writers put backslashes.
fn names(archive: &Archive) -> HashMap<String, usize> {
    let key = |raw: &[u8]| String::from_utf8_lossy(raw).replace('\\', "/").to_lowercase();
    archive.file_names_raw().enumerate().map(|(at, raw)| (key(raw), at)).collect()
}

struct Relation {
    /// The last word of the type.
    kind: String,
    /// The part's name.
    target: String,
}

/// The relations of a part by id; none if it has no such file.
fn relations(
    archive: &mut Archive,
    index: &HashMap<String, usize>,
    file: &str,
    folder: &str,
) -> Result<HashMap<String, Relation>, ParseError> {
    let mut found = HashMap::new();
    let Some(&part) = index.get(&file.to_lowercase()) else { return Ok(found) };
    let mut xml = Xml::new(BufReader::new(archive.by_index(part).map_err(zipped::error)?));
    loop {
        match xml.next()? {
            Event::Start(start) if start.local_name().as_ref() == "Relationship" => {
                let kind = attribute(&start, "Type")?.unwrap_or_default().into_owned();
                let kind = kind.rsplit('/').next().unwrap_or_default().to_owned();
                let target = resolve(folder, &attribute(&start, "Target")?.unwrap_or_default());
                found.insert(
                    attribute(&start, "Id")?.unwrap_or_default().into_owned(),
                    Relation { kind, target },
                );
            }
            Event::Eof => return Ok(found),
            _ => {}
        }
    }
}

/// The name of a part, from a target that may be relative to a folder.
fn resolve(folder: &str, target: &str) -> String {
    let mut steps: Vec<&str> = if target.starts_with('/') { Vec::new() } else { folder.split('/').collect() };
    for step in target.split('/') {
        match step {
            "" | "." => {}
            ".." => {
                steps.pop();
            }
            step => steps.push(step),
        }
    }
    steps.retain(|step| !step.is_empty());
    steps.join("/")
}

/// The sheets that the workbook lists: name and relation; and whether days count from 1904.
fn listed(archive: &mut Archive, part: usize) -> Result<(Vec<(String, String)>, bool), ParseError> {
    let mut xml = Xml::new(BufReader::new(archive.by_index(part).map_err(zipped::error)?));
    let (mut sheets, mut from_1904) = (Vec::new(), false);
    loop {
        match xml.next()? {
            Event::Start(start) => match start.local_name().as_ref() {
                "sheet" => {
                    // `id` is the relation; `sheetId`, the other number, is not needed.
                    sheets.push((
                        attribute(&start, "name")?.unwrap_or_default().into_owned(),
                        attribute(&start, "id")?.unwrap_or_default().into_owned(),
                    ));
                }
                "workbookPr" => {
                    if let Some(value) = attribute(&start, "date1904")? {
                        from_1904 = matches!(&*value, "1" | "true");
                    }
                }
                _ => {}
            },
            Event::Eof => return Ok((sheets, from_1904)),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::resolve;

    #[test]
    fn targets_are_names_inside_the_archive() {
        assert_eq!(resolve("xl", "worksheets/sheet1.xml"), "xl/worksheets/sheet1.xml");
        assert_eq!(resolve("xl", "/xl/sheet.xml"), "xl/sheet.xml");
        assert_eq!(resolve("xl", "../../../etc/passwd"), "etc/passwd");
        assert_eq!(resolve("", "xl/workbook.xml"), "xl/workbook.xml");
    }
}
