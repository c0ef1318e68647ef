//! `/account/code`: one-time codes of one's own: set up, new recovery codes, taken away.
//!
//! The page has no navigation, because it is also for those who may go nowhere before they have codes. The secret stands on
//! the answer that draws it and on those after a wrong code, and never on one that is asked for by its address; recovery codes
//! stand on one answer alone.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use secrecy::zeroize::Zeroizing;
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;

use super::own;
use crate::App;
use crate::api::problem::Problem;
use crate::auth::{Drawn, NotIn, Pending};
use crate::client::Client;
use crate::pages::assets::Urls;
use crate::pages::error::lead_to;
use crate::pages::form::Posted;
use crate::pages::login::place;
use crate::pages::parts::Field;
use crate::pages::words::Account;
use crate::pages::{Markup, Page, Theme, View, Visit, respond, words};

#[derive(Template)]
#[template(path = "account/code.html")]
struct CodePage {
    view: View,
    theme: Theme,
    assets: Arc<Urls>,
    t: &'static Account,
    title: &'static str,
    csrf: String,
    /// It has to be done before anything else: the only other way is out.
    must: bool,
    leave: &'static str,
    back: &'static str,
    step: Step,
}

/// What the page shows.
enum Step {
    /// Before anything was drawn.
    Begin(Vec<Field>),
    /// The secret, as picture and as text, and the form for its first code.
    Drawn { picture: Markup, text: Zeroizing<String>, code: Field },
    /// The recovery codes, this once.
    Recovery(Vec<Zeroizing<String>>),
    /// Codes are asked for: what can be done with them.
    On { left: String, renew: Field, remove: Field },
}

/// A password.
#[derive(Deserialize)]
pub(crate) struct Password {
    #[serde(default)]
    password: SecretString,
}

/// A code.
#[derive(Deserialize)]
pub(crate) struct Code {
    #[serde(default)]
    code: Zeroizing<String>,
}

/// Which form of the page was not taken, and why.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    Draw,
    Renew,
    Remove,
}

/// Where somebody has to go who is not so far yet.
fn elsewhere(visit: &Visit) -> Option<Response> {
    let first = visit.identity.pending.filter(|pending| *pending != Pending::Enrol);
    first.map(|pending| lead_to(pending.path()))
}

/// The page.
pub(crate) async fn page(State(app): State<Arc<App>>, visit: Visit) -> Result<Response, Problem> {
    match elsewhere(&visit) {
        Some(answer) => Ok(answer),
        None => look(&app, &visit, None).await,
    }
}

/// The page as it is asked for by its address, with what is wrong with one of its forms.
async fn look(app: &App, visit: &Visit, wrong: Option<(Form, String)>) -> Result<Response, Problem> {
    let t = Account::of(visit.view.language);
    let name = own(visit)?;
    let user = app.ask_store(move |store| store.user(&name)?.ok_or(store::Error::NoUser(name))).await?;
    let status = if wrong.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let wrong = |form: Form| wrong.as_ref().filter(|(of, _)| *of == form).map(|(_, says)| says.clone());
    let password = || Field::password("password", t.your_password, "current-password").required();
    let step = if user.totp {
        Step::On {
            left: words::account::recovery_left(visit.view, user.recovery_codes),
            renew: password().wrong(wrong(Form::Renew)),
            // Two fields of one page have two names.
            remove: Field::password("present", t.your_password, "current-password")
                .required()
                .wrong(wrong(Form::Remove)),
        }
    } else {
        let is_fresh = visit.identity.session().is_some_and(|session| app.is_fresh(session));
        let asks = !is_fresh || wrong(Form::Draw).is_some();
        Step::Begin(asks.then(|| password().focused().wrong(wrong(Form::Draw))).into_iter().collect())
    };
    show(app, visit, step, status)
}

fn show(app: &App, visit: &Visit, step: Step, status: StatusCode) -> Result<Response, Problem> {
    let t = Account::of(visit.view.language);
    let shell = visit.shell(app, Page::Account);
    let page = CodePage {
        view: visit.view,
        theme: shell.theme,
        assets: shell.assets,
        t,
        title: if matches!(step, Step::Recovery(_)) { t.recovery } else { t.codes },
        csrf: shell.csrf,
        must: visit.identity.pending == Some(Pending::Enrol),
        leave: visit.common().log_out,
        back: visit.common().back,
        step,
    };
    respond::with_status(app, status, &page)
}

/// The page again, or the problem: what came of a password.
async fn refused(app: &App, visit: &Visit, form: Form, not: NotIn) -> Result<Response, Problem> {
    let says = match not {
        NotIn::Problem(problem) => return Err(problem),
        NotIn::Locked(until) => words::login::locked(visit.view, until),
        NotIn::Wrong | NotIn::Expired | NotIn::Weak(_) => {
            Account::of(visit.view.language).password_wrong.to_owned()
        }
    };
    look(app, visit, Some((form, says))).await
}

/// Draws a secret and shows it.
pub(crate) async fn draw(
    State(app): State<Arc<App>>,
    visit: Visit,
    client: Client,
    headers: HeaderMap,
    Posted(typed): Posted<Password>,
) -> Result<Response, Problem> {
    if let Some(answer) = elsewhere(&visit) {
        return Ok(answer);
    }
    let password = Some(typed.password).filter(|password| !password.expose_secret().is_empty());
    let is_fresh = visit.identity.session().is_some_and(|session| app.is_fresh(session));
    if password.is_none() && !is_fresh {
        let says = Account::of(visit.view.language).password_needed.to_owned();
        return look(&app, &visit, Some((Form::Draw, says))).await;
    }
    match app.draw_codes(&visit.identity, password, place(&client, &headers)).await {
        Ok(drawn) => show(&app, &visit, shown(visit.view, &drawn, None), StatusCode::OK),
        Err(not) => refused(&app, &visit, Form::Draw, not).await,
    }
}

fn shown(view: View, drawn: &Drawn, wrong: Option<&'static str>) -> Step {
    let t = Account::of(view.language);
    // A page is HTML: the picture's own head, which is one of XML, has no place in it.
    let picture = drawn.picture.find("<svg").map_or("", |start| &drawn.picture[start..]);
    let code = Field::line("code", t.code).autocomplete("one-time-code").required().focused().wrong(wrong);
    Step::Drawn { picture: Markup::trusted(picture), text: drawn.text.clone(), code }
}

/// Takes the first code: from now on codes are asked for. The answer shows the recovery codes.
pub(crate) async fn confirm(
    State(app): State<Arc<App>>,
    visit: Visit,
    Posted(typed): Posted<Code>,
) -> Result<Response, Problem> {
    if let Some(answer) = elsewhere(&visit) {
        return Ok(answer);
    }
    match app.confirm_codes(&visit.identity, &typed.code).await {
        Ok(codes) => show(&app, &visit, Step::Recovery(codes), StatusCode::OK),
        Err(NotIn::Problem(problem)) => Err(problem),
        Err(_) => {
            let wrong = Account::of(visit.view.language).code_wrong;
            match app.drawn_codes(&visit.identity).await {
                Ok(Some(drawn)) => {
                    let step = shown(visit.view, &drawn, Some(wrong));
                    show(&app, &visit, step, StatusCode::UNPROCESSABLE_ENTITY)
                }
                // Meanwhile it was confirmed elsewhere.
                Ok(None) => Ok(lead_to("/account/code")),
                Err(not) => refused(&app, &visit, Form::Draw, not).await,
            }
        }
    }
}

/// Makes new recovery codes and shows them.
pub(crate) async fn recovery(
    State(app): State<Arc<App>>,
    visit: Visit,
    client: Client,
    headers: HeaderMap,
    Posted(typed): Posted<Password>,
) -> Result<Response, Problem> {
    match app.renew_recovery(&visit.identity, typed.password, place(&client, &headers)).await {
        Ok(codes) => show(&app, &visit, Step::Recovery(codes), StatusCode::OK),
        Err(not) => refused(&app, &visit, Form::Renew, not).await,
    }
}

/// The password, in the second form of the page.
#[derive(Deserialize)]
pub(crate) struct Present {
    #[serde(default)]
    present: SecretString,
}

/// Takes codes away.
pub(crate) async fn remove(
    State(app): State<Arc<App>>,
    visit: Visit,
    client: Client,
    headers: HeaderMap,
    Posted(typed): Posted<Present>,
) -> Result<Response, Problem> {
    match app.remove_codes(&visit.identity, typed.present, place(&client, &headers)).await {
        Ok(_) => Ok(lead_to("/account?done=codes-removed")),
        Err(not) => refused(&app, &visit, Form::Remove, not).await,
    }
}
