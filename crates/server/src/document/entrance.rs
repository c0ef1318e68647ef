//! What stands before the routes, in the words of OpenAPI: with what somebody shows who they are, and how they are refused.

use axum::http::Method;
use utoipa::openapi::path::Operation;
use utoipa::openapi::security::{
    ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityRequirement, SecurityScheme,
};
use utoipa::openapi::{Components, ContentBuilder, Ref, RefOr, ResponseBuilder};

use crate::auth::{self, Need, QUESTIONS};
use crate::guard::FORM_TOKEN;

/// The schemes by their names in the document.
const TOKEN: &str = "token";
const KEY: &str = "key";
const SESSION: &str = "session";
const FORM: &str = "form_token";
const READER: &str = "reader";

/// What can be answered before a route is reached: the status, its name in the document, and why.
const ANSWERS: [(&str, &str, &str); 7] = [
    ("400", "BadRequest", "The request is not understood"),
    ("401", "Unauthorized", "Nobody is known by what was presented"),
    (
        "403",
        "Forbidden",
        "Whoever asks may not do this, or not over this connection, or not from that web page",
    ),
    ("415", "UnsupportedMediaType", "The body is of another type"),
    ("421", "MisdirectedRequest", "The request names another host"),
    ("429", "TooManyRequests", "Too much came from this address, or too many tries failed there"),
    ("503", "ServiceUnavailable", "There is no answer now; a little later there may be"),
];

/// Says of an operation with what it is asked for and how it is refused. What the route itself says of a status stays.
pub(super) fn add(operation: &mut Operation, need: Need, path: &str, method: &Method) {
    let writes = auth::writes(method) && !QUESTIONS.contains(&path);
    operation.security = Some(match need {
        Need::Nothing => Vec::new(),
        // Without anything: from a trusted address.
        Need::Feed => vec![SecurityRequirement::default(), one(READER), one(TOKEN), one(KEY)],
        Need::Anybody | Need::Role(_) | Need::Nobody => {
            let session = if writes { one(SESSION).add(FORM, NO_SCOPES) } else { one(SESSION) };
            vec![one(TOKEN), one(KEY), session]
        }
    });
    for (status, name, _) in ANSWERS {
        let can_be = match status {
            "401" => !matches!(need, Need::Nothing | Need::Feed),
            "403" => writes || !matches!(need, Need::Nothing | Need::Feed),
            "415" => writes,
            "429" => need != Need::Feed,
            "503" => need != Need::Nothing,
            _ => true,
        };
        if can_be {
            let answer = || RefOr::Ref(Ref::from_response_name(name));
            operation.responses.responses.entry(status.to_owned()).or_insert_with(answer);
        }
    }
}

/// Defines the schemes and the answers that operations name.
pub(super) fn define(components: &mut Components) {
    let bearer =
        "A token of an account, as `Authorization: Bearer TOKEN`; for feeds also the secret of a consumer.";
    let key = "The same in a field of its own.";
    let session = "What POST /api/v1/session sets; over TLS its name is __Host-blacklist_session.";
    let form = "With a session: the csrf_token that GET /api/v1/session says.";
    let reader = "The name and the secret of a consumer.";
    let http = |scheme, what: &str| {
        SecurityScheme::Http(HttpBuilder::new().scheme(scheme).description(Some(what)).build())
    };
    let named = ApiKeyValue::with_description::<&str>;
    let schemes = [
        (TOKEN, http(HttpAuthScheme::Bearer, bearer)),
        (KEY, SecurityScheme::ApiKey(ApiKey::Header(named("X-Api-Key", key)))),
        (SESSION, SecurityScheme::ApiKey(ApiKey::Cookie(named(auth::COOKIE_NAME, session)))),
        (FORM, SecurityScheme::ApiKey(ApiKey::Header(named(FORM_TOKEN, form)))),
        (READER, http(HttpAuthScheme::Basic, reader)),
    ];
    for (name, scheme) in schemes {
        components.add_security_scheme(name, scheme);
    }
    for (_, name, what) in ANSWERS {
        let problem = ContentBuilder::new().schema(Some(Ref::from_schema_name("Problem"))).build();
        let answer =
            ResponseBuilder::new().description(what).content("application/problem+json", problem).build();
        components.responses.insert(name.to_owned(), RefOr::T(answer));
    }
}

const NO_SCOPES: [&str; 0] = [];

fn one(scheme: &str) -> SecurityRequirement {
    SecurityRequirement::new(scheme, NO_SCOPES)
}
