//! A page with every part, for the tests and for looking at. It has no route.

mod sample;

use askama::Template;
use blocklist::Time;
use prefix::Prefix;

use super::chart::{Timeline, Trend};
use super::parts::{
    BarList, Confirm, Empty, Field, Figures, Flow, Head, Node, Notice, Pager, Step, Tabs, Verdict,
};
use super::show::tests::{ENGLISH, KOREAN};
use super::{Level, Markup, Shell, Theme, View, show};

#[derive(Template)]
#[template(path = "styleguide.html")]
struct Styleguide<'a> {
    shell: &'a Shell,
    verdict: Verdict,
    figures: Figures,
    sources: Vec<Node>,
    inward: Flow,
    outward: Flow,
    devices: Vec<Node>,
    trend: Trend,
    map: String,
    links: Markup,
    bars: BarList,
    timeline: Timeline,
    tabs: Tabs,
    head: Head,
    pager: Pager,
    steps: Vec<Step>,
    notice: Notice,
    empty: Empty,
    fields: Vec<Field>,
    confirm: Confirm<'a>,
    address: Prefix,
    at: Time,
}

fn page(view: View, theme: Theme) -> String {
    let shell = sample::shell(view, theme);
    // An address that changes with every line of the style sheet would be noise in the golden file.
    let page = sample::page(&shell).render().unwrap();
    [(&shell.assets.style, "app.css"), (&shell.assets.script, "app.js"), (&shell.assets.font, "font.woff2")]
        .into_iter()
        .fold(page, |page, (url, name)| page.replace(url.as_str(), &format!("/assets/{name}")))
}

#[test]
fn every_part_is_the_one_that_was_looked_at() {
    insta::assert_snapshot!(page(*KOREAN, Theme::System));
}

#[test]
fn in_english_the_frame_has_no_korean_and_the_choices_are_pressed() {
    let page = page(*ENGLISH, Theme::Light);
    assert!(page.starts_with("<!doctype html>\n<html lang=\"en\" data-theme=\"light\">"), "{page}");
    for on in ["en", "utc", "light"] {
        assert!(page.contains(&format!("value=\"{on}\" aria-pressed=\"true\"")), "{on}");
    }
    let frame = &page[..page.find("<main").unwrap()];
    assert!(!frame.contains(|c: char| ('가'..='힣').contains(&c)), "{frame}");
}

#[test]
fn nothing_is_inline_that_the_policy_would_stop() {
    let page = page(*KOREAN, Theme::Dark);
    for stopped in
        ["style=", "<style", "onclick", "onsubmit", "javascript:", "<script>", "http://", "https://"]
    {
        assert!(!page.contains(stopped), "{stopped}");
    }
}

#[test]
fn no_id_stands_twice_and_every_label_has_its_field() {
    let page = page(*KOREAN, Theme::Dark);
    let values = |name: &str| -> Vec<String> {
        let start = format!(" {name}=\"");
        let parts = page.split(&start).skip(1);
        parts.map(|part| part.split('"').next().unwrap().to_owned()).collect()
    };
    let mut ids = values("id");
    let count = ids.len();
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), count);
    let named = [values("for"), values("aria-describedby"), values("aria-labelledby")].concat();
    assert!(
        named.iter().flat_map(|ids| ids.split(' ')).all(|id| ids.iter().any(|known| known == id)),
        "{named:?}"
    );
}

#[test]
fn what_somebody_typed_is_text() {
    let mut shell = sample::shell(*KOREAN, Theme::Dark);
    let bad = "\"><script>alert(1)</script>";
    shell.path = bad.into();
    shell.csrf = bad.into();
    if let Some(who) = &mut shell.who {
        who.name = bad.into();
    }
    let page = sample::page(&shell).render().unwrap();
    assert!(!page.contains("<script>"), "{page}");
}
