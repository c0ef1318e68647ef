//! `/api/v1/import`: a file as one run of its source. The page `/collect/upload` asks here too.
//!
//! The body is the file itself, read whole into memory within a limit; nothing lies on a disk in between. **Failure.** What
//! cannot be read is 422 with the cause and changes nothing; what is not credible is a refused run, which the answer shows.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Json;
use axum::extract::{Request, State};
use blocklist::policy::MANUAL;
use blocklist::{Batch, Mode, SourceName};
use collect::Choice;
use collect::collector::{Upload, UploadError};
use serde::{Deserialize, Serialize};
use store::{ImportedRun, Run};
use utoipa::{IntoParams, ToSchema};

use super::body;
use super::changed::Effect;
use super::problem::Problem;
use super::query::{self, Query};
use super::reason::Reason;
use super::schema;
use crate::App;
use crate::auth::{Identity, Who};

/// The largest file that is taken over the wire; a larger one is imported by the command line.
pub(crate) const MAX_BYTES: usize = 32 << 20;
/// The longest name of a file that a run shows, in characters.
const MAX_NAME: usize = 200;
/// So many refused rows of each cause are shown.
const EXAMPLES: usize = 5;

/// How a file is read.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct ImportQuery {
    /// Of which source; made when it is new.
    #[param(pattern = "^[a-z0-9][a-z0-9._-]{0,62}$")]
    pub(crate) source: String,
    /// `auto`, which looks at the content, or the name of a parser.
    pub(crate) parser: Option<String>,
    /// `add`, or `full`: what the file does not have is withdrawn.
    pub(crate) mode: Option<String>,
    /// 0 to 1: a full list with less than this share of what was there is refused; else what the configuration says.
    #[param(minimum = 0, maximum = 1)]
    pub(crate) min_share: Option<f64>,
    /// The file's name, for the run; `-` where nothing is said.
    #[param(max_length = 200)]
    pub(crate) name: Option<String>,
    /// `true`: says what would come of it and changes nothing.
    #[serde(default)]
    pub(crate) dry_run: bool,
    /// Who does this; `api` where nothing is said.
    #[param(min_length = 1, max_length = 100, format = "line")]
    pub(crate) by: Option<String>,
    /// Why, for the record.
    #[param(min_length = 1, max_length = 1_000, format = "line")]
    pub(crate) note: Option<String>,
}

/// What came of a file.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Imported {
    /// The run; of what was only tried, as it would be kept.
    #[schema(value_type = schema::Run)]
    pub(crate) run: Run,
    /// Refused rows by cause, with the first of each.
    pub(crate) refusals: BTreeMap<String, Vec<Example>>,
    /// What was noticed and cost no row.
    pub(crate) notes: Vec<String>,
    /// What came of it in the list.
    #[serde(flatten)]
    pub(crate) effect: Effect,
}

/// A refused row.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct Example {
    /// Which line, from 1.
    pub(crate) line: u64,
    /// The start of its text.
    pub(crate) text: String,
}

/// Reads a file as one run of a source: all of it or nothing. The body is the file as it is, at most 32 MiB.
#[utoipa::path(
    post, path = "/api/v1/import", tag = "collect", params(ImportQuery),
    request_body(content = Vec<u8>, content_type = "application/octet-stream"),
    responses(
        (status = 200, body = Imported),
        (status = 400, description = "The query is not understood", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "Not from here", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "The name belongs to what people block by hand", body = Problem, content_type = "application/problem+json"),
        (status = 413, description = "The file is too large", body = Problem, content_type = "application/problem+json"),
        (status = 415, description = "The body is no file", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "The file cannot be read: `cause` says why", body = Problem, content_type = "application/problem+json"),
        (status = 503, description = "Nothing is collected, or the store cannot answer", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn import(
    State(app): State<Arc<App>>,
    identity: Identity,
    Query(asked): Query<ImportQuery>,
    request: Request,
) -> Result<Json<Imported>, Problem> {
    let who = identity.who(asked.by.as_deref(), asked.note.as_deref())?;
    // What is asked is known to be right before the file is read.
    let upload = upload(&asked, &[])?;
    let bytes = body::read(request, MAX_BYTES, too_large).await?;
    let upload = Upload { bytes: bytes.as_ref().into(), ..upload };
    if asked.dry_run {
        app.try_upload(upload).await.map(|tried| Json(Imported::tried(tried)))
    } else {
        let (done, notes, refusals) = app.keep_upload(upload, who).await?;
        let effect = Effect::done(&done.published);
        Ok(Json(Imported { run: done.run, refusals, notes, effect }))
    }
}

/// A file with what is to be made of it, or what is wrong with that.
pub(crate) fn upload(asked: &ImportQuery, bytes: &[u8]) -> Result<Upload, Problem> {
    let source = asked.source.trim().parse::<SourceName>();
    let source = source.map_err(|bad| Problem::bad_request(bad.to_string()).because(Reason::SourceName))?;
    if source.as_str() == MANUAL {
        let detail =
            "the source 'manual' holds what people block by hand; a list of others has a name of its own";
        return Err(Problem::conflict(detail).because(Reason::NameByHand));
    }
    let parser: Option<Choice> = query::value("parser", asked.parser.as_deref(), "auto or a parser's name")?;
    let mode = match asked.mode.as_deref() {
        None | Some("add") => Mode::Add,
        Some("full") => Mode::Full,
        Some(_) => return Err(Problem::bad_request("'mode' is add or full")),
    };
    if asked.min_share.is_some_and(|share| !(0.0..=1.0).contains(&share)) {
        return Err(Problem::bad_request("'min_share' is a number from 0 to 1"));
    }
    // A browser may send a whole path, and anybody anything: it is shown, and never a path of this machine.
    let name = asked.name.as_deref().unwrap_or_default();
    let name = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let name: String = name.chars().filter(|c| !c.is_control()).take(MAX_NAME).collect();
    Ok(Upload {
        source,
        parser: parser.unwrap_or_default(),
        mode,
        min_share: asked.min_share,
        input: if name.trim().is_empty() { "-".to_owned() } else { name },
        bytes: bytes.into(),
    })
}

/// That a file is larger than it may be.
pub(crate) fn too_large() -> Problem {
    let detail = format!("a file has at most {MAX_BYTES} bytes here; `blacklist import` takes more");
    Problem::too_large(detail).because(Reason::TooLarge(MAX_BYTES))
}

impl Imported {
    /// Of a file that was only looked at.
    fn tried(tried: collect::collector::Tried) -> Self {
        let mut run = tried.run;
        // The number that it would get may be another's by then.
        run.run = store::RunId(0);
        Self {
            run,
            refusals: examples(&tried.batch),
            notes: tried.notes.iter().map(ToString::to_string).collect(),
            effect: Effect::tried(tried.preview),
        }
    }
}

/// The first refused rows of each cause.
pub(crate) fn examples(batch: &Batch) -> BTreeMap<String, Vec<Example>> {
    let of_cause = |cause| {
        let rows = batch.refused.iter().filter(|row| row.cause == cause).take(EXAMPLES);
        rows.map(|row| Example { line: row.line, text: row.text.to_string() }).collect()
    };
    batch.refusals.keys().map(|&cause| (cause.id().to_owned(), of_cause(cause))).collect()
}

/// A run that was kept, what was noticed, and the first refused rows.
type Kept = (ImportedRun, Vec<String>, BTreeMap<String, Vec<Example>>);

impl App {
    /// Says what would come of a file.
    pub(crate) async fn try_upload(&self, upload: Upload) -> Result<collect::collector::Tried, Problem> {
        let collector = self.collector_or_503()?;
        let tried = tokio::task::spawn_blocking(move || collector.try_upload(&upload)).await;
        let tried = tried.map_err(|error| self.incident("the file could not be looked at", &error))?;
        tried.map_err(|error| self.not_uploaded(&error))
    }

    /// Keeps a file as a run. It comes to its end also when whoever sent it has gone.
    pub(crate) async fn keep_upload(&self, upload: Upload, who: Who) -> Result<Kept, Problem> {
        let collector = self.collector_or_503()?;
        let work = move || {
            let (done, notes) = collector.keep_upload(&upload, &who.actor())?;
            let mut refusals: BTreeMap<String, Vec<Example>> =
                done.run.refusals.keys().map(|cause| (cause.clone(), Vec::new())).collect();
            for row in collector.store().rejected_rows(done.run.run, usize::MAX)? {
                let shown = refusals.entry(row.cause).or_default();
                if shown.len() < EXAMPLES {
                    shown.push(Example { line: row.line, text: row.text });
                }
            }
            tracing::info!(source = %done.run.source, run = done.run.run.0, rows = done.run.rows, "imported");
            Ok((done, notes.iter().map(ToString::to_string).collect(), refusals))
        };
        let kept = self.see_through(async { tokio::task::spawn_blocking(work).await }).await?;
        let kept = kept.map_err(|error| self.incident("the file could not be kept", &error))?;
        kept.map_err(|error: UploadError| self.not_uploaded(&error))
    }

    fn not_uploaded(&self, error: &UploadError) -> Problem {
        match error {
            UploadError::Unread(failure) => self.failed(failure),
            UploadError::Store(error) => self.store_problem(error),
        }
    }
}
