//! The table that every tab is: tabs, filters, lines or counts by cause, and the way on.

use askama::Template;
use axum::response::Response;
use blocklist::Time;
use store::Role;

use super::{Asked, Found};
use crate::App;
use crate::api::problem::Problem;
use crate::pages::csv::csv;
use crate::pages::parts::{self, Column, Empty, Field, Head, Notice, Pager, Tabs};
use crate::pages::words::Logs;
use crate::pages::{Level, Markup, Page, Shell, View, Visit, respond, words};

/// So many seconds may two entries lie in the wrong order.
pub(super) const SLACK: i64 = 600;

/// Which tab.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tab {
    Runs,
    Pulls,
    Program,
    Audit,
    Attempts,
}

impl Tab {
    const ALL: [Self; 5] = [Self::Runs, Self::Pulls, Self::Program, Self::Audit, Self::Attempts];

    fn path(self) -> &'static str {
        match self {
            Self::Runs => "/logs/runs",
            Self::Pulls => "/logs/pulls",
            Self::Program => "/logs/program",
            Self::Audit => "/logs/audit",
            Self::Attempts => "/logs/attempts",
        }
    }

    fn name(self, t: &Logs) -> &'static str {
        match self {
            Self::Runs => t.runs,
            Self::Pulls => t.pulls,
            Self::Program => t.program,
            Self::Audit => t.audit,
            Self::Attempts => t.attempts,
        }
    }

    /// The name of its file.
    fn file(self) -> &'static str {
        match self {
            Self::Runs => "runs",
            Self::Pulls => "pulls",
            Self::Program => "program",
            Self::Audit => "changes",
            Self::Attempts => "sign-ins",
        }
    }

    /// What its live part follows.
    fn topic(self) -> &'static str {
        match self {
            Self::Runs => "runs",
            Self::Pulls => "devices",
            _ => "",
        }
    }

    /// Who may look at it.
    fn needs(self) -> Role {
        match self {
            Self::Runs | Self::Pulls | Self::Program => Role::Viewer,
            Self::Audit => Role::Operator,
            Self::Attempts => Role::Admin,
        }
    }

    /// Whether it can be counted by cause.
    fn is_grouped(self) -> bool {
        matches!(self, Self::Runs | Self::Pulls | Self::Attempts)
    }
}

/// A cell: what is shown, and whether it is a number or a long text.
pub(super) struct Cell {
    shown: Markup,
    class: &'static str,
}

impl Cell {
    pub(super) fn of(shown: Markup) -> Self {
        Self { shown, class: "keep" }
    }

    pub(super) fn text(text: impl std::fmt::Display) -> Self {
        Self::of(Markup::text(text))
    }

    pub(super) fn number(shown: Markup) -> Self {
        Self { shown, class: "num" }
    }

    pub(super) fn long(shown: Markup) -> Self {
        Self { shown, class: "wrap" }
    }
}

/// A tab, put together by whoever knows its entries.
pub(super) struct Table<'a, T> {
    pub(super) tab: Tab,
    pub(super) columns: Vec<Column>,
    pub(super) filters: Vec<Field>,
    pub(super) notices: Vec<Notice>,
    /// More that stands above the table.
    pub(super) above: Markup,
    pub(super) cells: &'a dyn Fn(&T) -> Vec<Cell>,
    pub(super) file_head: &'a [&'a str],
    pub(super) file_row: &'a dyn Fn(&T) -> Vec<String>,
    /// What a group is called, and the filter that shows its lines.
    pub(super) group: &'a dyn Fn(&str) -> (String, &'static str),
}

#[derive(Template)]
#[template(path = "logs/list.html")]
struct ListPage {
    shell: Shell,
    t: &'static Logs,
    tabs: Tabs,
    path: &'static str,
    topic: &'static str,
    filters: Vec<Field>,
    notices: Vec<Notice>,
    above: Markup,
    head: Head,
    names: Vec<&'static str>,
    rows: Vec<Vec<Cell>>,
    groups: Vec<Group>,
    grouping: Option<(&'static str, String)>,
    is_grouped: bool,
    empty: Empty,
    pager: Pager,
}

/// A count by cause.
struct Group {
    name: String,
    href: String,
    count: u64,
    last: Time,
}

impl<T> Table<'_, T> {
    /// The page, or the file.
    pub(super) fn show(
        self,
        app: &App,
        visit: &Visit,
        asked: &Asked,
        found: &Found<T>,
    ) -> Result<Response, Problem> {
        if asked.is_file {
            let rows = found.rows.iter().map(self.file_row);
            return Ok(csv(self.tab.file(), self.file_head, rows));
        }
        let (view, t) = (visit.view, Logs::of(visit.view.language));
        let shell = visit.shell(app, Page::Logs);
        let address = asked.address.clone();
        let tabs = Tab::ALL.into_iter().filter(|tab| shell.may(tab.needs()));
        let tabs = tabs.map(|tab| parts::Tab {
            name: tab.name(t).into(),
            href: tab.path().into(),
            count: String::new(),
            is_open: tab == self.tab,
        });
        let count = if asked.is_grouped {
            found.groups.values().map(|group| group.0).sum()
        } else {
            found.rows.len() as u64
        };
        let says = words::logs::scanned(view, count, found.scanned as u64, found.next.is_none());
        let next = found.next.map(|next| next.to_string());
        let grouping = self.tab.is_grouped().then(|| {
            if asked.is_grouped {
                (t.by_line, address.clone().without("group").without("after").to_string())
            } else {
                (t.by_cause, address.clone().without("after").with("group", "cause").to_string())
            }
        });
        let group = |(key, (count, last)): (&String, &(u64, Time))| self.one(asked, key, *count, *last);
        let mut groups: Vec<Group> = found.groups.iter().map(group).collect();
        groups.sort_by_key(|group| std::cmp::Reverse(group.count));
        let mut notices = self.notices;
        notices.extend(asked.bad_time.then(|| Notice {
            level: Level::Warn,
            says: t.bad_time.into(),
            more: Markup::default(),
        }));
        let page = ListPage {
            tabs: Tabs { label: shell.name(Page::Logs).into(), tabs: tabs.collect() },
            path: self.tab.path(),
            topic: self.tab.topic(),
            filters: usual(view, t, asked).into_iter().chain(self.filters).collect(),
            notices,
            above: self.above,
            names: self.columns.iter().map(|column| column.name).collect(),
            head: Head { columns: self.columns, sort: None, address: address.clone() },
            rows: found.rows.iter().map(self.cells).collect(),
            groups,
            grouping,
            is_grouped: asked.is_grouped,
            empty: Empty { says: t.nothing.into(), hint: t.nothing_hint.into(), act: None },
            pager: Pager::of(visit.common(), says, &address, next.as_deref())
                .with_csv(address.clone().without("group").with("format", "csv")),
            shell,
            t,
        };
        respond::html(app, &page)
    }

    fn one(&self, asked: &Asked, key: &str, count: u64, last: Time) -> Group {
        let (name, filter) = (self.group)(key);
        let href = asked.address.clone().without("group").without("after").with(filter, key).to_string();
        Group { name, href, count, last }
    }
}

/// The filters that every tab has.
fn usual(view: View, t: &Logs, asked: &Asked) -> [Field; 3] {
    let value = |key: &str| asked.address.get(key).unwrap_or("").to_owned();
    [
        Field::typed("q", t.search, "search").value(value("q")),
        Field::typed("since", view.in_zone(t.since), "datetime-local").value(value("since")),
        Field::typed("until", view.in_zone(t.until), "datetime-local").value(value("until")),
    ]
}

/// A link.
pub(super) fn link(href: &str, text: impl std::fmt::Display) -> Markup {
    use crate::pages::markup::escaped;
    Markup::trusted(format!("<a href=\"{}\">{}</a>", escaped(href), escaped(text)))
}

/// A dash where there is nothing.
pub(super) fn or_dash(text: Option<&str>) -> Markup {
    Markup::text(text.unwrap_or("–"))
}

/// A moment in a row: the exact one, for who compares lines.
pub(super) fn moment(view: View, at: Time) -> Markup {
    view.at(at)
}
