//! SECUDIUM when nothing goes wrong.

use jiff::SignedDuration;
use portal_sim::Portal;

use crate::client::send;
use crate::visitor::{NAME, Secudium, part, sim};

#[tokio::test]
async fn a_login_gives_a_token_and_the_board_leads_to_files() {
    let sim = sim().await;
    let page = send(&sim.url(Portal::Secudium), ("GET", "/login"), &[], "").await;
    assert!(page.cookie("JSESSIONID").is_some());
    let visitor = Secudium::log_in(&sim).await;
    let token: Vec<_> = visitor.token.split(':').collect();
    assert_eq!(token[0], NAME);
    assert!(token[1].bytes().all(|byte| byte.is_ascii_digit()) && token[2].len() == 64);
    let board = visitor.board().await.json();
    let now = sim.seoul();
    let posts = sim.world().posts(now, jiff::civil::date(2026, 10, 20), now.date());
    assert_eq!(board["total_count"], posts.len());
    let (row, post) = (&board["rows"][0], &posts[0]);
    assert_eq!(row["id"], post.id);
    let html = row["data"][5].as_str().unwrap();
    assert!(html.contains(&format!("download(\"{}\",\"{}\")", post.uuid, post.file)), "{html}");
    assert!(row["data"].as_array().unwrap().iter().any(|cell| cell.as_str().unwrap().starts_with("10.")));
    let file = visitor.file(&sim).await;
    assert_eq!(file.status, 200);
    let strings = part(&file.body, "xl/sharedStrings.xml").unwrap();
    assert!(strings.contains("<t>공격 IP</t>"));
    assert!(post.rows.iter().all(|row| strings.contains(&format!("<t>{}</t>", row.address))));
    let workbook = part(&file.body, "xl/workbook.xml").unwrap();
    assert!(workbook.contains(&format!("name=\"{}\"", post.day.strftime("%y%m%d"))), "{workbook}");
}

#[tokio::test]
async fn a_page_of_the_board_holds_as_many_posts_as_were_asked_for() {
    let sim = sim().await;
    let visitor = Secudium::log_in(&sim).await;
    let board =
        visitor.get("/isap-api/secinfo/list/black_ip?sdate=2026-10-01&edate=2026-11-20&count=5").await.json();
    assert_eq!(board["rows"].as_array().unwrap().len(), 5);
    assert!(board["total_count"].as_u64().unwrap() > 20);
}

#[tokio::test]
async fn an_account_has_one_session_and_a_take_over_ends_it() {
    let sim = sim().await;
    let first = Secudium::log_in(&sim).await;
    let refused = Secudium::login(&sim, &[]).await.json();
    assert_eq!(refused["response"]["code"], "already.login");
    assert_eq!(first.board().await.status, 200);
    let taken = Secudium::login(&sim, &[("is_expire", "Y")]).await.json();
    assert_eq!(taken["response"]["error"], false);
    assert_eq!(first.board().await.status, 401);
    assert_eq!(sim.open_sessions(Portal::Secudium), 1);
    assert_eq!(sim.refused_passwords(Portal::Secudium), 0);
}

#[tokio::test]
async fn a_session_that_is_not_used_ends() {
    let sim = sim().await;
    let visitor = Secudium::log_in(&sim).await;
    sim.advance(SignedDuration::from_mins(29));
    assert_eq!(visitor.board().await.status, 200);
    sim.advance(SignedDuration::from_mins(30));
    assert_eq!(visitor.board().await.status, 401);
    Secudium::log_in(&sim).await;
}

#[tokio::test]
async fn somebody_else_who_logs_in_is_met_at_the_next_request() {
    let sim = sim().await;
    let visitor = Secudium::log_in(&sim).await;
    sim.somebody_logs_in(NAME);
    assert_eq!(visitor.board().await.status, 401);
    assert_eq!(Secudium::login(&sim, &[]).await.json()["response"]["code"], "already.login");
    sim.end_sessions(Portal::Secudium);
    Secudium::log_in(&sim).await;
}
