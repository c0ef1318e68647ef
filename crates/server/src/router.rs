//! Every route, and the document that names them, from one registration.

use std::sync::Arc;

use axum::Router;
use axum::http::Method;
use utoipa::OpenApi;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::api::feeds as api_feeds;
use crate::api::{
    allow, consumers, credentials, deciding, import, kinds, known_good, listings, lookup, openapi, own,
    publications, pulls, runs, session, signed_in, sources, stats, tokens, tries, users,
};
use crate::{App, auth, feeds, guard, health, metrics, pages};

/// Each route beside what the document says of it.
pub(crate) fn table_of_contents() -> OpenApiRouter<Arc<App>> {
    OpenApiRouter::with_openapi(openapi::Document::openapi())
        // For devices
        .routes(routes!(feeds::feed))
        .routes(routes!(feeds::feed_by_token))
        .routes(routes!(feeds::changes::changes))
        .routes(routes!(feeds::changes::changes_by_token))
        // Questions to the live publication
        .routes(routes!(lookup::lookup))
        .routes(routes!(lookup::bulk))
        .routes(routes!(stats::stats))
        // What the store keeps
        .routes(routes!(
            listings::listings,
            listings::change::block,
            listings::change::edit,
            listings::change::remove
        ))
        .routes(routes!(runs::runs))
        .routes(routes!(runs::run))
        .routes(routes!(publications::publications))
        .routes(routes!(publications::publication))
        .routes(routes!(deciding::back::diff))
        .routes(routes!(deciding::record::audit))
        .routes(routes!(deciding::record::verify))
        // What people decide
        .routes(routes!(deciding::policy::policy, deciding::policy::set_policy))
        .routes(routes!(deciding::policy::gate, deciding::policy::set_gate))
        .routes(routes!(deciding::held::list))
        .routes(routes!(deciding::held::one))
        .routes(routes!(deciding::held::approve))
        .routes(routes!(deciding::held::reject))
        .routes(routes!(deciding::back::rollback))
        .routes(routes!(deciding::back::release))
        .routes(routes!(deciding::publish::publish))
        .routes(routes!(deciding::record::hits))
        // Where listings come from
        .routes(routes!(sources::sources, sources::change::add))
        .routes(routes!(sources::source, sources::change::change, sources::change::remove))
        .routes(routes!(sources::run::run))
        .routes(routes!(sources::cancel::cancel))
        .routes(routes!(sources::run::test))
        .routes(routes!(import::import))
        .routes(routes!(kinds::kinds))
        .routes(routes!(kinds::templates))
        .routes(routes!(credentials::credentials))
        .routes(routes!(credentials::put, credentials::remove))
        .routes(routes!(credentials::account::verify))
        .routes(routes!(credentials::account::otp))
        .routes(routes!(credentials::account::session))
        // What must never be served
        .routes(routes!(allow::entries, allow::change::add))
        .routes(routes!(allow::due))
        .routes(routes!(allow::entry, allow::change::change, allow::change::remove))
        .routes(routes!(own::networks, own::add, own::remove))
        .routes(routes!(known_good::lists))
        .routes(routes!(known_good::list, known_good::load, known_good::change, known_good::remove))
        // Who reads
        .routes(routes!(api_feeds::feeds, api_feeds::add))
        .routes(routes!(api_feeds::feed, api_feeds::change, api_feeds::remove))
        .routes(routes!(consumers::consumers, consumers::change::add))
        .routes(routes!(consumers::consumer, consumers::change::change, consumers::change::remove))
        .routes(routes!(consumers::secret::rotate, consumers::secret::revoke))
        .routes(routes!(pulls::pulls))
        // Who may do what
        .routes(routes!(session::who, session::sign_in, session::sign_out))
        .routes(routes!(session::code::send))
        .routes(routes!(session::enrol::setup))
        .routes(routes!(session::enrol::confirm))
        .routes(routes!(session::enrol::recovery))
        .routes(routes!(session::enrol::remove))
        .routes(routes!(session::password::change))
        .routes(routes!(users::users, users::change::add))
        .routes(routes!(users::user, users::change::change, users::change::remove))
        .routes(routes!(users::keys::password))
        .routes(routes!(users::keys::no_code))
        .routes(routes!(users::keys::unlock))
        .routes(routes!(signed_in::sessions))
        .routes(routes!(signed_in::end))
        .routes(routes!(tokens::tokens, tokens::add))
        .routes(routes!(tokens::revoke))
        .routes(routes!(tries::attempts))
        .routes(routes!(tries::locks, tries::unlock))
        // For those who watch over the program
        .routes(routes!(health::healthz))
        .routes(routes!(health::readyz))
        .routes(routes!(metrics::metrics))
        .routes(routes!(openapi::openapi))
}

/// The routes of an app, ready to be served or to be asked one by one in a test.
pub fn router(app: &Arc<App>) -> Router {
    let (routes, _) = table_of_contents().split_for_parts();
    let routes = routes.merge(pages::router(app));
    routes
        .fallback(pages::error::no_such_path)
        .layer(guard::Guard(Arc::clone(app)))
        .with_state(Arc::clone(app))
}

/// What a route, with the names of its parameters in braces, asks of whoever asks: `nothing`, `feed` (the secret of a consumer
/// or a trusted address), `anybody` who is known, `viewer`, `operator`, `admin`, or `nobody`.
pub fn needs(route: &str, method: &Method) -> &'static str {
    guard::need(Some(route), method).word()
}

/// The paths of the pages that can be read by somebody.
pub fn page_paths() -> impl Iterator<Item = &'static str> {
    let readable = |(_, read, _): &&(_, auth::Need, _)| *read != auth::Need::Nobody;
    pages::rights::RIGHTS.iter().filter(readable).map(|(path, ..)| *path)
}

/// Every path of the tables of rights: those of the API, and those of the pages.
pub fn rights() -> impl Iterator<Item = &'static str> {
    auth::RIGHTS.iter().chain(pages::rights::RIGHTS).map(|(path, ..)| *path)
}
