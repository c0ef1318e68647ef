//! What sources can be: the kinds with their settings, and public lists as ready settings.

use std::collections::BTreeMap;

use axum::Json;
use collect::catalogue::{TEMPLATES, Template};
use collect::source::kind::CredentialUse;
use collect::source::{KINDS, KindInfo, SETTINGS, Settings};
use serde::Serialize;
use utoipa::ToSchema;

/// The kinds of sources.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Kinds {
    /// Each with its settings.
    pub kinds: Vec<KindShown>,
}

/// A kind of sources.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct KindShown {
    /// Its name.
    pub kind: &'static str,
    /// What it reads, in English.
    pub english: &'static str,
    /// What it reads, in Korean.
    pub korean: &'static str,
    /// `never`, `as_set` (where the setting `auth` says so) or `login`.
    pub credential: &'static str,
    /// The settings that its sources have.
    pub settings: Vec<SettingShown>,
}

/// A setting of a kind.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SettingShown {
    /// Its name.
    pub name: &'static str,
    /// What it means, in English.
    pub english: &'static str,
    /// What it means, in Korean.
    pub korean: &'static str,
    /// What holds where nothing is set; empty is absent.
    pub default: String,
}

/// Public lists.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Templates {
    /// Nothing of them is collected until somebody adds it.
    pub templates: Vec<TemplateShown>,
}

/// A public list that can be added as a source.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct TemplateShown {
    /// What `template` names, and the source's name unless another is given.
    pub template: &'static str,
    /// How it is read.
    pub kind: &'static str,
    /// Its name as the publisher writes it.
    pub title: &'static str,
    /// Who publishes it.
    pub publisher: &'static str,
    /// The page that tells about it.
    pub home: &'static str,
    /// The settings that it sets.
    pub settings: BTreeMap<&'static str, &'static str>,
    /// The form of its address where every customer has one of their own: `url` has to be given then.
    pub own_url: Option<&'static str>,
    /// Whether it cannot be read before a credential is set.
    pub needs_credential: bool,
    /// What it lists.
    pub about: Words,
    /// What the publisher asks for.
    pub terms: Words,
}

/// A text in both languages.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Words {
    /// English.
    pub english: &'static str,
    /// Korean.
    pub korean: &'static str,
}

/// The kinds of sources and their settings.
#[utoipa::path(get, path = "/api/v1/source-kinds", tag = "collect", responses((status = 200, body = Kinds)))]
pub(crate) async fn kinds() -> Json<Kinds> {
    Json(Kinds { kinds: KINDS.iter().map(kind).collect() })
}

/// Public lists that can be added as sources.
#[utoipa::path(get, path = "/api/v1/source-templates", tag = "collect", responses((status = 200, body = Templates)))]
pub(crate) async fn templates() -> Json<Templates> {
    Json(Templates { templates: TEMPLATES.iter().map(template).collect() })
}

fn kind(info: &KindInfo) -> KindShown {
    let defaults = Settings::of(info.kind);
    let settings = SETTINGS.iter().filter(|setting| setting.applies_to(info.kind));
    KindShown {
        kind: info.name,
        english: info.english,
        korean: info.korean,
        credential: match info.credential {
            CredentialUse::Never => "never",
            CredentialUse::AsSet => "as_set",
            CredentialUse::Login => "login",
        },
        settings: settings
            .map(|setting| SettingShown {
                name: setting.name,
                english: setting.english,
                korean: setting.korean,
                default: setting.show(&defaults),
            })
            .collect(),
    }
}

fn template(template: &Template) -> TemplateShown {
    let words = |words: collect::catalogue::Words| Words { english: words.english, korean: words.korean };
    TemplateShown {
        template: template.id,
        kind: template.kind.name(),
        title: template.title,
        publisher: template.publisher,
        home: template.home,
        settings: template.settings.iter().copied().collect(),
        own_url: template.own_url,
        needs_credential: template.needs_credential(),
        about: words(template.about),
        terms: words(template.terms),
    }
}
