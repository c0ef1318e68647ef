//! REGTECH when nothing goes wrong, and when a client does not behave.

use portal_sim::Portal;

use crate::client::send;
use crate::visitor::{DOWNLOAD, LIST, PASSWORD, Regtech, cells, form, part, sim};

#[tokio::test]
async fn the_login_page_is_as_long_and_as_odd_as_the_portals() {
    let sim = sim().await;
    let got = send(&sim.url(Portal::Regtech), ("GET", "/login/loginForm"), &[], "").await;
    let page = got.text();
    assert!((66 << 10..77 << 10).contains(&page.len()), "{}", page.len());
    assert!(page.starts_with("\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n<!DOCTYPE html>\r\n"));
    assert!(!page.replace("\r\n", "").contains('\n'));
    assert!(page.contains("<title>금융보안 레그테크 포털</title>") && got.is_login_page());
    let fields: Vec<_> = page.split("name=\"").skip(1).map(|rest| rest.split('"').next().unwrap()).collect();
    let at = fields.iter().position(|field| *field == "login_error").unwrap();
    let wanted = ["login_error", "txId", "token", "memberId", "smsTimeExcess", "username", "password"];
    assert_eq!(fields[at..at + 7], wanted);
    let front = got.cookie("regtech-front").unwrap();
    assert!(
        front.len() == 32 && front.bytes().all(|byte| byte.is_ascii_digit() || byte.is_ascii_uppercase())
    );
}

#[tokio::test]
async fn a_login_gives_a_token_and_the_workbook_of_a_window_holds_its_truth() {
    let sim = sim().await;
    let visitor = Regtech::log_in(&sim).await;
    let token: Vec<_> = visitor.va.strip_prefix("Bearer").unwrap().split('.').collect();
    assert_eq!(token.len(), 3);
    let got = visitor.try_download("20261101", "20261120").await.unwrap();
    assert_eq!(got.status, 200);
    assert_eq!(got.header("content-disposition"), "attachment; filename=\"fctiList_20261120090000.xlsx\"");
    let sheet = part(&got.body, "xl/worksheets/sheet1.xml").unwrap();
    assert!(sheet.contains("<dimension ref=\"A1\"/>") && sheet.contains("t=\"inlineStr\""));
    let truth = sim.world().truth_at(sim.seoul()).into_iter();
    let truth: Vec<_> = truth
        .filter(|row| row.detected >= jiff::civil::date(2026, 11, 1))
        .map(|row| {
            let until = row.until.unwrap().to_string();
            vec![row.address, row.country.into(), row.reason.into(), row.detected.to_string(), until]
        })
        .collect();
    let rows = cells(&got.body, 1);
    assert_eq!(rows[0], ["IP", "국가", "등록사유", "등록일", "해제일"]);
    assert!(truth.len() > 50);
    assert_eq!(rows[1..], truth);
    let entry = sim.journal().pop().unwrap();
    assert_eq!(entry.window, Some(("20261101".into(), "20261120".into())));
    assert_eq!(sim.open_sessions(Portal::Regtech), 1);
    send(&visitor.base, ("GET", "/login/logout"), &[("Cookie", format!("regtech-va={}", visitor.va))], "")
        .await;
    assert_eq!(sim.open_sessions(Portal::Regtech), 0);
    assert_eq!(visitor.download().await.status, 302);
}

#[tokio::test]
async fn the_pages_of_the_list_are_the_workbook() {
    let sim = sim().await;
    let visitor = Regtech::log_in(&sim).await;
    let rows = cells(&visitor.try_download("20261101", "20261120").await.unwrap().body, 1);
    let first = visitor.list(0, "20261101", "20261120").await.text();
    let total = first.split("<span class=\"total_num\">").nth(1).unwrap().split("</span>").next().unwrap();
    let total: String = total.chars().filter(char::is_ascii_digit).collect();
    assert_eq!(total.parse::<usize>().unwrap(), rows.len() - 1);
    assert!(first.contains("<caption>요주의 IP 목록</caption>") && first.contains("<th>조회수</th>"));
    assert!(first.contains("javascript:goView('") && first.contains("smsPopup"));
    let mut listed = Vec::new();
    for page in 0.. {
        let text = visitor.list(page, "20261101", "20261120").await.text();
        if text.contains("데이터가 없습니다") {
            break;
        }
        let found = text
            .split("<tr>")
            .skip(1)
            .map(|row| row.split("<td>").nth(1).unwrap().split("</td>").next().unwrap().to_owned());
        listed.extend(found);
    }
    let addresses: Vec<_> = rows[1..].iter().map(|row| row[0].clone()).collect();
    assert_eq!(listed, addresses);
}

#[tokio::test]
async fn dates_with_dashes_do_not_filter() {
    let sim = sim().await;
    let visitor = Regtech::log_in(&sim).await;
    let some = cells(&visitor.try_download("20261101", "20261120").await.unwrap().body, 1).len();
    let all = cells(&visitor.try_download("2026-11-01", "2026-11-20").await.unwrap().body, 1).len();
    assert!(all > 10 * some, "{all} {some}");
}

#[tokio::test]
async fn all_three_sheets_come_when_they_are_asked_for() {
    let sim = sim().await;
    let visitor = Regtech::log_in(&sim).await;
    let body = form(&[
        ("excelDownload", "security,blacklist,weakpoint,"),
        ("startDate", "20261101"),
        ("endDate", "20261120"),
        ("excelDown", "security"),
        ("excelDown", "blacklist"),
        ("excelDown", "weakpoint"),
    ]);
    let book = visitor.post(DOWNLOAD, LIST, &body).await.body;
    assert_eq!(cells(&book, 1)[0][0], "유형");
    assert_eq!(cells(&book, 2)[0][0], "IP");
    assert_eq!(cells(&book, 3)[0][0], "CVE");
}

#[tokio::test]
async fn a_client_that_does_not_look_like_the_portals_own_pages_is_refused() {
    let sim = sim().await;
    let visitor = Regtech::log_in(&sim).await;
    let login = form(&[("memberId", "demo"), ("memberPw", PASSWORD)]);
    assert_eq!(send(&visitor.base, ("POST", "/member/findOneMember"), &[], &login).await.status, 403);
    assert_eq!(visitor.post("/login/addLogin", LIST, &login).await.status, 403);
    assert_eq!(visitor.post(DOWNLOAD, "/elsewhere", "").await.status, 403);
    assert_eq!(sim.refused_passwords(Portal::Regtech), 0);
}

#[tokio::test]
async fn who_is_not_logged_in_ends_at_the_login_page() {
    let sim = sim().await;
    let visitor = Regtech::arrive(&sim).await;
    let got = visitor.download().await;
    assert_eq!((got.status, got.header("location")), (302, "/login/loginForm"));
}

#[tokio::test]
async fn a_token_ends_after_a_day() {
    let sim = sim().await;
    let visitor = Regtech::log_in(&sim).await;
    sim.advance(jiff::SignedDuration::from_hours(23));
    assert_eq!(visitor.download().await.status, 200);
    sim.advance(jiff::SignedDuration::from_hours(2));
    assert_eq!(visitor.download().await.status, 302);
    assert_eq!(sim.open_sessions(Portal::Regtech), 0);
}

#[tokio::test]
async fn a_pasted_token_is_enough() {
    let sim = sim().await;
    let visitor = Regtech::log_in(&sim).await;
    let mut other = Regtech::arrive(&sim).await;
    other.va.clone_from(&visitor.va);
    assert_eq!(other.download().await.status, 200);
}

#[tokio::test]
async fn the_same_seed_gives_the_same_bytes() {
    let (one, two) = (sim().await, sim().await);
    let (first, second) = (Regtech::log_in(&one).await, Regtech::log_in(&two).await);
    assert_eq!(first.va, second.va);
    assert_eq!(first.download().await.body, second.download().await.body);
}
