//! A page with every part, for tests and for looking at. It has no route.

use askama::Template;
use blocklist::Time;
use prefix::Prefix;
use store::Role;

use super::assets::Assets;
use super::show::tests::KOREAN;
use super::{Badge, Level, Page, Shell, Theme, View, Who, show};

#[derive(Template)]
#[template(path = "styleguide.html")]
struct Styleguide {
    shell: Shell,
    address: Prefix,
    at: Time,
}

fn shell(view: View, theme: Theme) -> Shell {
    Shell {
        who: Some(Who { name: "night-op".into(), role: Role::Operator }),
        view,
        theme,
        csrf: "token".into(),
        path: "/ip?q=1".into(),
        page: Page::Ip,
        badges: vec![
            Badge { page: Page::Collect, count: 1, level: Level::Warn },
            Badge { page: Page::Devices, count: 2, level: Level::Bad },
            Badge { page: Page::Logs, count: 0, level: Level::Plain },
        ],
        version: "2.0.0",
        serial: Some(blocklist::Serial(812)),
        assets: Assets::new().urls(),
    }
}

fn page(view: View, theme: Theme) -> String {
    let at = view.now.plus_seconds(-180);
    let page = Styleguide { shell: shell(view, theme), address: "198.51.100.0/24".parse().unwrap(), at };
    page.render().unwrap()
}

#[test]
fn the_page_has_nothing_inline_that_its_policy_would_stop() {
    let page = page(*KOREAN, Theme::Dark);
    for stopped in ["style=", "<style", "onclick", "javascript:", "<script>"] {
        assert!(!page.contains(stopped), "{stopped}");
    }
}
