//! What the pages are made of, as a browser asks for it.

mod support;

use axum::http::StatusCode;
use support::Rig;

const BROWSER: [(&str, &str); 1] = [("accept", "text/html,application/xhtml+xml,*/*;q=0.8")];

/// The addresses of style, script and icon, as a page names them.
fn assets(page: &str) -> Vec<String> {
    let quoted = page.split('"').filter(|part| part.starts_with("/assets/"));
    quoted.map(str::to_owned).collect()
}

#[tokio::test]
async fn a_path_that_is_not_there_is_a_page_for_people_and_a_problem_for_programs() {
    let rig = Rig::empty();
    let page = rig.ask("GET", "/no-such", &BROWSER).await;
    assert_eq!(page.status, StatusCode::NOT_FOUND);
    assert_eq!(page.header("content-type"), "text/html; charset=utf-8");
    let policy = page.header("content-security-policy");
    for part in ["default-src 'none'", "script-src 'self';", "form-action 'self'", "frame-ancestors 'none'"] {
        assert!(policy.contains(part), "{part} in {policy}");
    }
    assert!(page.text().contains("이 주소에는 페이지가 없습니다."), "{}", page.text());
    let english = [BROWSER[0], ("cookie", "blacklist-view=en.utc.light")];
    let page = rig.ask("GET", "/no-such", &english).await;
    assert!(page.text().contains("There is no page at this address."), "{}", page.text());
    assert!(page.text().contains("lang=\"en\" data-theme=\"light\""), "{}", page.text());
    rig.get("/no-such").await.problem(404);
    rig.ask("GET", "/api/v1/no-such", &BROWSER).await.problem(404);
}

#[tokio::test]
async fn what_a_page_names_is_there_for_a_year_and_packed_for_who_takes_it() {
    let rig = Rig::empty();
    let page = rig.ask("GET", "/no-such", &BROWSER).await;
    let assets = assets(page.text());
    assert_eq!(assets.len(), 3, "{assets:?}");
    for url in assets {
        let plain = rig.get(&url).await;
        assert_eq!(plain.status, StatusCode::OK, "{url}");
        assert_eq!(plain.header("cache-control"), "public, max-age=31536000, immutable");
        assert_eq!(plain.header("x-content-type-options"), "nosniff");
        let kind = match url.rsplit('.').next() {
            Some("css") => "text/css; charset=utf-8",
            Some("js") => "text/javascript; charset=utf-8",
            _ => "image/svg+xml",
        };
        assert_eq!(plain.header("content-type"), kind, "{url}");
        let packed = rig.ask("GET", &url, &[("accept-encoding", "gzip")]).await;
        assert_eq!(packed.header("content-encoding"), "gzip");
        let mut unpacked = String::new();
        std::io::Read::read_to_string(&mut flate2::read::GzDecoder::new(&*packed.body), &mut unpacked)
            .unwrap();
        assert_eq!(unpacked, plain.text(), "{url}");
    }
    let gone = rig.get("/assets/app-0000000000000000.css").await;
    assert_eq!(gone.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn the_style_sheet_names_a_font_that_is_there() {
    let rig = Rig::empty();
    let page = rig.ask("GET", "/no-such", &BROWSER).await;
    let style = assets(page.text()).into_iter().find(|url| url.contains(".css")).unwrap();
    let style = rig.get(&style).await;
    let font = assets(style.text()).into_iter().find(|url| url.contains(".woff2")).unwrap();
    let font = rig.get(&font).await;
    assert_eq!(font.header("content-type"), "font/woff2");
    assert!(font.body.starts_with(b"wOF2"));
    assert!(font.body.len() < 700_000, "{} bytes", font.body.len());
}

#[tokio::test]
async fn a_switch_keeps_the_choice_and_goes_back_to_the_page() {
    let rig = Rig::empty();
    let answer = rig
        .ask("GET", "/preferences?set=en&next=/ip%3Fq%3D1", &[("cookie", "blacklist-view=ko.utc.dark")])
        .await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    assert_eq!(answer.header("location"), "/ip?q=1");
    assert!(answer.header("set-cookie").starts_with("blacklist-view=en.utc.dark; Path=/;"), "{answer:?}");
    let elsewhere = rig.get("/preferences?set=en&next=//evil.example").await;
    assert_eq!(elsewhere.header("location"), "/");
}
