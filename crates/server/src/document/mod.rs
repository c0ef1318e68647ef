//! The OpenAPI document: what the routes say of themselves, and what holds for all of them, said once.
//!
//! A route says its path, its shapes and the answers that are its own. What stands before every route ([`crate::guard`]) can
//! answer in its place, and asks by the table of rights who may: that is put in here, from that same table, so that the
//! document cannot say another thing than what is done.

mod entrance;

use axum::http::Method;
use utoipa::openapi::extensions::Extensions;
use utoipa::openapi::path::Operation;
use utoipa::openapi::{Components, OpenApi, PathItem, RefOr, Required, Schema};

use crate::guard;
use crate::router::table_of_contents;

/// The OpenAPI document of the routes. Each operation says in `x-needs` what it asks of whoever asks.
pub fn document() -> OpenApi {
    let mut document = table_of_contents().into_openapi();
    let mut components = document.components.take().unwrap_or_default();
    for (path, item) in &mut document.paths.paths {
        for (method, operation) in operations(item) {
            let need = guard::need(Some(path), &method);
            operation.extensions = Some(Extensions::builder().add("x-needs", need.word()).build());
            entrance::add(operation, need, path, &method);
            body_that_may_be_left_out(operation, &components);
        }
    }
    entrance::define(&mut components);
    document.components = Some(components);
    document
}

fn operations(item: &mut PathItem) -> impl Iterator<Item = (Method, &mut Operation)> {
    let all = [
        (Method::GET, &mut item.get),
        (Method::POST, &mut item.post),
        (Method::PUT, &mut item.put),
        (Method::PATCH, &mut item.patch),
        (Method::DELETE, &mut item.delete),
    ];
    all.into_iter().filter_map(|(method, operation)| Some((method, operation.as_mut()?)))
}

/// A body of which no member has to be there may be left out: an empty one counts as `{}` ([`crate::api::body::Json`]).
fn body_that_may_be_left_out(operation: &mut Operation, components: &Components) {
    let Some(RefOr::T(body)) = &mut operation.request_body else { return };
    let may = body.content.values().all(|content| {
        let RefOr::T(content) = content else { return false };
        let Some(RefOr::Ref(shape)) = &content.schema else { return false };
        let name = shape.ref_location.rsplit('/').next().unwrap_or_default();
        matches!(components.schemas.get(name), Some(RefOr::T(Schema::Object(object))) if object.required.is_empty())
    });
    if may {
        body.required = Some(Required::False);
    }
}
