//! What every page has around it: who is signed in, where they are, and in which words.

use std::borrow::Borrow;
use std::sync::Arc;

use blocklist::Serial;
use store::Role;

use super::assets::Urls;
use super::markup::{Markup, escaped};
use super::nav::{Badge, Page};
use super::preferences::Theme;
use super::view::{Language, View, Zone};
use super::words::Common;

/// Who is signed in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Who {
    /// Their name.
    pub(crate) name: String,
    /// What they may do.
    pub(crate) role: Role,
}

/// The frame of a page.
#[derive(Clone, Debug)]
pub(crate) struct Shell {
    /// Nobody before signing in.
    pub(crate) who: Option<Who>,
    /// What values are shown by.
    pub(crate) view: View,
    /// Dark or light.
    pub(crate) theme: Theme,
    /// What forms carry, so that no page of others can send them.
    pub(crate) csrf: String,
    /// Path and query of the page, to come back to: where it can be read, also when it answers a form.
    pub(crate) path: String,
    /// The turn of changes before the page was made: what comes after it, the page is told.
    pub(crate) turn: u64,
    /// Its line in the navigation.
    pub(crate) page: Page,
    /// What waits where.
    pub(crate) badges: Vec<Badge>,
    /// The program's version.
    pub(crate) version: &'static str,
    /// The live publication.
    pub(crate) serial: Option<Serial>,
    /// Where style, script and font are.
    pub(crate) assets: Arc<Urls>,
}

impl Shell {
    /// The words that all pages share.
    pub(crate) fn words(&self) -> &'static Common {
        Common::of(self.view.language)
    }

    /// The places of the navigation.
    #[expect(clippy::unused_self, reason = "a template has the frame and no types")]
    pub(crate) fn pages(&self) -> [Page; 9] {
        Page::ALL
    }

    /// A place's name.
    pub(crate) fn name(&self, page: impl Borrow<Page>) -> &'static str {
        page.borrow().name(self.view.language)
    }

    /// What waits at a place.
    pub(crate) fn badge(&self, page: impl Borrow<Page>) -> Option<&Badge> {
        self.badges.iter().find(|badge| badge.page == *page.borrow() && badge.count > 0)
    }

    /// What the role of whoever is signed in is called.
    pub(crate) fn role(&self) -> &'static str {
        let words = self.words();
        self.who.as_ref().map_or("", |who| match who.role {
            Role::Viewer => words.viewer,
            Role::Operator => words.operator,
            Role::Admin => words.admin,
        })
    }

    /// Whether whoever is signed in may do at least this. What they may not do is not offered; the handler refuses it all
    /// the same.
    pub(crate) fn may(&self, role: impl Borrow<Role>) -> bool {
        self.who.as_ref().is_some_and(|who| who.role >= *role.borrow())
    }

    /// The hidden field that every form with `method="post"` carries.
    pub(crate) fn csrf_field(&self) -> Markup {
        Markup::trusted(format!("<input type=\"hidden\" name=\"csrf\" value=\"{}\">", escaped(&self.csrf)))
    }

    /// The search box, for a page that fills the block `head` itself.
    pub(crate) fn search(&self) -> Markup {
        let words = self.words();
        Markup::trusted(format!(
            "<form role=\"search\" class=\"search\" action=\"/ip\"><input id=\"search\" type=\"search\" name=\"q\" \
             placeholder=\"{}\" aria-label=\"{}\" autocomplete=\"off\" spellcheck=\"false\"></form>",
            escaped(words.search_hint),
            escaped(words.search)
        ))
    }

    /// The switches: what is sent, what is shown, whether it is on.
    pub(crate) fn languages(&self) -> [(&'static str, &'static str, bool); 2] {
        let korean = self.view.language == Language::Korean;
        [("ko", "KO", korean), ("en", "EN", !korean)]
    }

    /// The same for the zone.
    pub(crate) fn zones(&self) -> [(&'static str, &'static str, bool); 2] {
        let kst = self.view.zone == Zone::Kst;
        [("kst", "KST", kst), ("utc", "UTC", !kst)]
    }

    /// The same for the theme.
    pub(crate) fn themes(&self) -> [(&'static str, &'static str, bool); 3] {
        let words = self.words();
        [
            (Theme::System, words.theme_system),
            (Theme::Dark, words.theme_dark),
            (Theme::Light, words.theme_light),
        ]
        .map(|(theme, name)| (theme.name(), name, self.theme == theme))
    }
}
