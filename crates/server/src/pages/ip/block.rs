//! `/ip/block`: one address or ten thousand lines are blocked by hand. First what would change and which lines are refused,
//! then the deed.
//!
//! Lines that are no addresses are left out and told with their number. What stands against an address that is one (it is
//! protected, or very wide) stops the whole order, as it does everywhere: a person decides about it.

use std::collections::BTreeMap;
use std::sync::Arc;

use askama::Template;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use blocklist::{Batch, Details, Record, Time, details};
use prefix::{ListReader, Prefix};
use serde::Deserialize;
use store::{ByHand, Error, Objections, Preview};

use super::end;
use super::sure::{SurePage, code, counts, warnings};
use crate::App;
use crate::api::problem::Problem;
use crate::pages::error::lead_to;
use crate::pages::form::Posted;
use crate::pages::parts::{Changes, Confirm, Field};
use crate::pages::words::IpOne;
use crate::pages::{Page, Shell, View, Visit, respond, words};

/// The most lines of one form.
pub(crate) const MAX_LINES: u64 = 10_000;
/// So many lines of one cause are shown.
const SHOWN_LINES: usize = 20;
/// So much of a line is shown, in characters.
const SHOWN_TEXT: usize = 80;

#[derive(Template)]
#[template(path = "ip/block.html")]
struct BlockPage {
    shell: Shell,
    t: &'static IpOne,
    fields: Vec<Field>,
    refused: Vec<Cause>,
}

/// Why lines are refused: in words, how many, and the first with their number.
pub(super) struct Cause {
    pub(super) says: String,
    pub(super) count: u64,
    pub(super) lines: Vec<(u64, String)>,
}

/// What was typed.
#[derive(Clone, Debug, Default, Deserialize)]
pub(crate) struct Typed {
    #[serde(default)]
    lines: String,
    #[serde(default)]
    span: String,
    #[serde(default)]
    date: String,
    /// The end that was shown on the page between, in seconds.
    until: Option<i64>,
    #[serde(default)]
    reason: String,
    #[serde(default)]
    category: String,
    #[serde(default)]
    note: String,
    anyway: Option<String>,
    wide: Option<String>,
    confirmed: Option<String>,
}

/// Which addresses the form begins with.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Asked {
    #[serde(default)]
    lines: String,
}

/// What is wrong with which field.
type Wrong = Option<(&'static str, String)>;

/// The lines, read.
#[derive(Default)]
struct Lines {
    batch: Batch,
    /// In which line a prefix stands.
    at: BTreeMap<Prefix, u64>,
    causes: Vec<Cause>,
}

/// The empty form.
pub(crate) async fn form(
    State(app): State<Arc<App>>,
    visit: Visit,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    show(&app, &visit, &Typed { lines: asked.lines, ..Typed::default() }, None, Vec::new())
}

#[expect(clippy::needless_pass_by_value, reason = "what is wrong is made for this page alone")]
fn show(
    app: &App,
    visit: &Visit,
    typed: &Typed,
    wrong: Wrong,
    refused: Vec<Cause>,
) -> Result<Response, Problem> {
    let t = IpOne::of(visit.view.language);
    let is_good = wrong.is_none() && refused.is_empty();
    let status = if is_good { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let of = |name: &str| wrong.as_ref().filter(|(field, _)| *field == name).map(|(_, says)| says.clone());
    let [span, date] = end::fields(visit.view, &typed.span, &typed.date, of("date").as_deref());
    let fields = vec![
        Field::text("lines", t.lines)
            .value(&typed.lines)
            .hint(t.lines_hint)
            .wrong(of("lines"))
            .required()
            .focused(),
        span,
        date,
        Field::line("reason", t.reason).value(&typed.reason).wrong(of("reason")).required(),
        Field::line("category", t.category).value(&typed.category),
        Field::line("note", t.note).value(&typed.note).hint(t.note_hint),
        Field::tick("anyway", t.anyway, typed.anyway.is_some()),
        Field::tick("wide", t.wide, typed.wide.is_some()),
    ];
    let page = BlockPage { shell: visit.shell(app, Page::Ip), t, fields, refused };
    respond::with_status(app, status, &page)
}

/// Takes the form.
pub(crate) async fn block(
    State(app): State<Arc<App>>,
    visit: Visit,
    Posted(typed): Posted<Typed>,
) -> Result<Response, Problem> {
    let view = visit.view;
    let (lines, until) = match read(view, &typed, app.now()) {
        Ok(read) => read,
        Err((wrong, causes)) => return show(&app, &visit, &typed, wrong, causes),
    };
    let note = Some(typed.note.trim()).filter(|note| !note.is_empty());
    let who = visit.identity.who(None, note)?;
    let (anyway, wide, confirmed) = (typed.anyway.is_some(), typed.wide.is_some(), typed.confirmed.is_some());
    let Lines { batch, at, causes } = lines;
    let only = match batch.records.as_slice() {
        [record] => Some(record.prefix),
        _ => None,
    };
    let done = app.ask_store(move |store| {
        let new = ByHand { batch: &batch, input: "page", anyway, wide };
        let done = if confirmed {
            store.block(&new, &who.actor()).map(|done| Err(code("blocked", &done.published)))
        } else {
            store.preview_block(&new).map(|(run, preview)| Ok((run.new, run.changed, run.unchanged, preview)))
        };
        match done {
            Err(Error::Objections(objections)) => Ok(Err(objections)),
            done => done.map(Ok),
        }
    });
    match done.await? {
        Ok(Ok((new, changed, unchanged, preview))) => {
            sure(&app, &visit, &typed, until, ([new, changed, unchanged], &preview), causes)
        }
        Ok(Err(code)) => Ok(lead_to(&match only {
            Some(prefix) => format!("/ip/{prefix}?done={code}"),
            None => format!("/ip?state=manual&done={code}"),
        })),
        Err(objections) => {
            let wrong = ("lines", words::ip_one::objected(view, objections.count));
            show(&app, &visit, &typed, Some(wrong), by_cause(view, &objections, &at))
        }
    }
}

type Unread = (Wrong, Vec<Cause>);

fn read(view: View, typed: &Typed, now: Time) -> Result<(Lines, Option<Time>), Unread> {
    let t = IpOne::of(view.language);
    let wrong = |field, says: &str| (Some((field, says.to_owned())), Vec::new());
    let until = match typed.until {
        Some(until) => Some(Time::from_unix(until)),
        None => end::read(view, &typed.span, &typed.date, now).map_err(|()| wrong("date", t.bad_end))?,
    };
    let reason = details::text(&typed.reason).ok_or_else(|| wrong("reason", t.reason_needed))?;
    let mut lines = Lines::default();
    let details = lines.batch.details.intern(Details {
        reason: Some(reason),
        category: details::text(&typed.category),
        ..Details::default()
    });
    let mut refused: BTreeMap<prefix::Refusal, Cause> = BTreeMap::new();
    let text = typed.lines.replace("\r\n", "\n");
    let mut reader = ListReader::new(text.as_bytes());
    loop {
        let row = reader.next_row().map_err(|_| wrong("lines", t.no_list))?;
        let Some(row) = row else { break };
        match row.parsed {
            Ok(parsed) => {
                lines.batch.accept(parsed.host_bits);
                for prefix in parsed.entry.prefixes() {
                    lines.at.entry(prefix).or_insert(row.line);
                    lines.batch.records.push(Record { prefix, details, detected: None, until });
                }
            }
            Err(refusal) => {
                let says = || words::cause::cause(view, refusal.into());
                let cause = refused.entry(refusal).or_insert_with(|| Cause::new(says()));
                cause.add(row.line, &String::from_utf8_lossy(row.text));
            }
        }
    }
    let count = reader.lines();
    lines.causes = refused.into_values().collect();
    if count > MAX_LINES {
        return Err((Some(("lines", words::ip_one::too_long(view))), Vec::new()));
    }
    if lines.batch.records.is_empty() {
        return Err((Some(("lines", t.no_lines.to_owned())), lines.causes));
    }
    Ok((lines, until))
}

impl Cause {
    fn new(says: String) -> Self {
        Self { says, count: 0, lines: Vec::new() }
    }

    fn add(&mut self, line: u64, text: &str) {
        self.count += 1;
        if self.lines.len() < SHOWN_LINES {
            self.lines.push((line, text.chars().take(SHOWN_TEXT).collect()));
        }
    }
}

fn by_cause(view: View, objections: &Objections, at: &BTreeMap<Prefix, u64>) -> Vec<Cause> {
    let mut causes: BTreeMap<String, Cause> = BTreeMap::new();
    for objection in &objections.first {
        let says = words::ip_one::unfit(view, &objection.why);
        let line = at.get(&objection.prefix).copied().unwrap_or(0);
        causes
            .entry(says.clone())
            .or_insert_with(|| Cause::new(says))
            .add(line, &objection.prefix.to_string());
    }
    causes.into_values().collect()
}

fn sure(
    app: &App,
    visit: &Visit,
    typed: &Typed,
    until: Option<Time>,
    (run, preview): ([u64; 3], &Preview),
    refused: Vec<Cause>,
) -> Result<Response, Problem> {
    let (view, t) = (visit.view, IpOne::of(visit.view.language));
    let shell = visit.shell(app, Page::Ip);
    let mut fields: Vec<(String, String)> = [
        ("lines", &typed.lines),
        ("span", &typed.span),
        ("date", &typed.date),
        ("reason", &typed.reason),
        ("category", &typed.category),
        ("note", &typed.note),
    ]
    .map(|(name, value)| (name.to_owned(), value.clone()))
    .into();
    fields.extend(until.map(|until| ("until".to_owned(), until.unix().to_string())));
    fields.extend(typed.anyway.clone().map(|anyway| ("anyway".to_owned(), anyway)));
    fields.extend(typed.wide.clone().map(|wide| ("wide".to_owned(), wide)));
    let page = SurePage {
        shell: &shell,
        t,
        title: t.block,
        notices: warnings(view, preview),
        confirm: Confirm {
            shell: &shell,
            says: words::ip_one::would_block(view, run, until, counts(preview)),
            undo: t.block_undo.into(),
            action: "/ip/block".into(),
            fields,
            button: t.block.into(),
            back: "/ip".into(),
        },
        changes: Changes::of(view, &preview.delta),
        refused,
    };
    respond::html(app, &page)
}
