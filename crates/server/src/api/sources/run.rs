//! Start a run of a source, or see what one would do.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::LOCATION;
use axum::response::{IntoResponse, Response};
use blocklist::SourceName;
use collect::collector::{CollectError, Collected, Order, Step};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use store::{Ordered, Run};
use tokio::sync::{Notify, oneshot};
use utoipa::ToSchema;

use crate::App;
use crate::api::body::{self, Form, Named};
use crate::api::problem::Problem;
use crate::api::reason::Reason;
use crate::api::schema;
use crate::auth::Identity;

/// Which days a portal is asked for. Other sources take no days.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RunOrder {
    /// The first, `YYYY-MM-DD`; where nothing is said, what the source's settings say.
    #[schema(value_type = Option<String>, format = Date)]
    pub(crate) since: Option<Date>,
    /// The last; today where nothing is said.
    #[schema(value_type = Option<String>, format = Date)]
    pub(crate) until: Option<Date>,
}

impl Form for RunOrder {
    const LOOKS: &'static str = r#"{"since":"YYYY-MM-DD","until":"YYYY-MM-DD"}, each optional"#;
}

impl RunOrder {
    fn by_person(&self) -> Order {
        Order { since: self.since, until: self.until, ..Order::by_person() }
    }
}

/// A run has begun, or is about to end.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Started {
    /// Of which source.
    #[schema(value_type = String)]
    source: SourceName,
    /// Where `running` says what it is doing.
    look: String,
    /// Where it stands when it has ended.
    runs: String,
}

impl Started {
    /// Where one looks for the run of a source, and what is told of it.
    pub(super) fn of(source: SourceName) -> (String, Self) {
        let look = format!("/api/v1/sources/{source}");
        (look.clone(), Self { runs: format!("/api/v1/runs?source={source}"), look, source })
    }
}

/// What a run would do.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Preview {
    /// The run as it would be kept, which has no number; `null` when there is nothing to take.
    #[schema(value_type = Option<schema::Run>)]
    pub(crate) run: Option<Run>,
    /// What was noticed and cost no row.
    notes: Vec<String>,
}

/// Starts a run and does not wait for its end.
#[utoipa::path(
    post, path = "/api/v1/sources/{name}/run", tag = "collect", params(("name" = String, Path, description = "Its name")),
    request_body(content = RunOrder, content_type = "application/json"),
    responses(
        (status = 202, body = Started),
        (status = 400, description = "The body is not understood", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "Not from here", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "No such source", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "A run is under way, or something stands against it: `cause` says what", body = Problem, content_type = "application/problem+json"),
        (status = 503, description = "Nothing is collected, or the store cannot answer", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn run(
    State(app): State<Arc<App>>,
    identity: Identity,
    Named(name): Named,
    body::Json(asked): body::Json<RunOrder>,
) -> Result<Response, Problem> {
    let collector = app.collector_or_503()?;
    app.ordered(&name, Ordered::Run, &identity).await?;
    let (source, order) = (name.clone(), asked.by_person());
    let begun = Arc::new(Notify::new());
    let first_step = Arc::clone(&begun);
    let (tell, told) = oneshot::channel();
    app.start(async move {
        let watch = |_: Step| first_step.notify_one();
        let ended = collector.drain(&source, &order, &watch).await;
        // Nobody waits any more; what is not in the store is told by the log.
        if let Err(Err(error)) = tell.send(ended) {
            let error: &dyn std::error::Error = &error;
            tracing::error!(source = %source, error, "a run could not be kept");
        }
    });
    tokio::select! {
        biased;
        ended = told => {
            let ended = ended.map_err(|error| app.incident("the run broke off", &error))?;
            stopped_at_once(&app, &name, ended)?;
        }
        // Once it does something, there is nothing left that would keep it from being a run.
        () = begun.notified() => {}
    }
    let (look, started) = Started::of(name);
    Ok((StatusCode::ACCEPTED, [(LOCATION, look)], Json(started)).into_response())
}

/// A run that ended before its first step may be none at all: another is under way, or a person has to act first.
fn stopped_at_once(
    app: &App,
    name: &SourceName,
    ended: Result<Vec<Collected>, CollectError>,
) -> Result<(), Problem> {
    match ended.map_err(|error| app.not_tried(error))?.first() {
        Some(Collected::Busy) => Err(busy(name)),
        Some(Collected::Failed { run: None, failure }) => {
            Err(Problem::conflict(failure.to_string()).with_trouble(failure.trouble))
        }
        _ => Ok(()),
    }
}

/// Fetches and reads as a run would, and changes nothing.
#[utoipa::path(
    post, path = "/api/v1/sources/{name}/test", tag = "collect", params(("name" = String, Path, description = "Its name")),
    request_body(content = RunOrder, content_type = "application/json"),
    responses(
        (status = 200, body = Preview),
        (status = 400, description = "The body is not understood", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "Not from here", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "No such source", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "A run is under way, or nothing is fetched for it", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "A run would take nothing: `cause` says why", body = Problem, content_type = "application/problem+json"),
        (status = 503, description = "Nothing is collected, or the store cannot answer", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn test(
    State(app): State<Arc<App>>,
    Named(name): Named,
    body::Json(asked): body::Json<RunOrder>,
) -> Result<Json<Preview>, Problem> {
    let collector = app.collector_or_503()?;
    let (source, order) = (name.clone(), Order { dry_run: true, ..asked.by_person() });
    let tried = app.see_through(async move { collector.collect(&source, &order, &|_| {}).await }).await?;
    match tried.map_err(|error| app.not_tried(error))? {
        Collected::Run { run, notes, .. } => {
            Ok(Json(Preview { run: Some(run), notes: notes.iter().map(ToString::to_string).collect() }))
        }
        Collected::Nothing => Ok(Json(Preview { run: None, notes: Vec::new() })),
        Collected::Failed { failure, .. } => Err(app.failed(&failure)),
        Collected::Busy => Err(busy(&name)),
    }
}

impl App {
    /// Writes down what somebody orders at a source.
    pub(in crate::api) async fn ordered(
        &self,
        name: &SourceName,
        ordered: Ordered,
        identity: &Identity,
    ) -> Result<(), Problem> {
        let (name, who) = (name.clone(), identity.plain());
        self.ask_store(move |store| store.note_order(&name, ordered, &who.actor())).await
    }
}

/// That a run is under way.
pub(super) fn busy(name: &SourceName) -> Problem {
    let detail = format!("a run of '{name}' is under way; try again when it has ended");
    Problem::conflict(detail).because(Reason::RunUnderWay(name.to_string()))
}
