//! Every route, and the document that names them, from one registration.

use std::sync::Arc;

use axum::Router;
use utoipa::OpenApi;
use utoipa::openapi::OpenApi as OpenApiDocument;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::api::feeds as api_feeds;
use crate::api::{
    allow, consumers, credentials, deciding, kinds, known_good, listings, lookup, openapi, own, publications,
    pulls, runs, sources, stats,
};
use crate::{App, feeds, guard, health, metrics, pages};

fn table_of_contents() -> OpenApiRouter<Arc<App>> {
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
        .routes(routes!(sources::run::test))
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

/// The OpenAPI document of the routes.
pub fn document() -> OpenApiDocument {
    table_of_contents().into_openapi()
}
