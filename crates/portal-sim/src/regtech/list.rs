//! The list page.

use std::fmt::Write;

use super::window::Window;
use super::{download, pages};
use crate::dataset::Seed;
use crate::fault::Fault;
use crate::http::Answer;
use crate::visit::Visit;

/// A page of the list, newest first.
pub(super) fn answer(visit: &mut Visit) -> Answer {
    let form = visit.request.form();
    visit.window = Some((form.get("startDate").to_owned(), form.get("endDate").to_owned()));
    let window = Window::of(&form);
    if let Some(refusal) = download::refuse_window(visit, window) {
        return refusal;
    }
    let rows = download::rows(visit, window);
    let size = match form.get("size") {
        "30" => 30,
        "50" => 50,
        _ => 10,
    };
    let mut number: usize = form.get("page").parse().unwrap_or(0);
    if visit.strikes(Fault::SamePage) {
        number = 0;
    }
    let extra = if visit.strikes(Fault::CountWrong) { 1_000 } else { 0 };
    let mut lines = String::new();
    for row in rows.iter().skip(number.saturating_mul(size)).take(size) {
        let mut seed =
            Seed(row.address.bytes().fold(7, |sum: u64, byte| sum.wrapping_mul(31) ^ u64::from(byte)));
        let until = row.until.map(|day| day.to_string()).unwrap_or_default();
        let (uuid, reads) = (format!("{:016x}{:016x}", seed.number(), seed.number()), seed.below(90));
        let _ = write!(
            lines,
            r#"        <tr>
            <td>{}</td>
            <td>{}</td>
            <td class="tal"><a href="javascript:goView('{}-{}-{}-{}-{}','blacklist')">{}</a></td>
            <td>{}</td>
            <td>{until}</td>
            <td>{reads}</td>
        </tr>
"#,
            row.address,
            row.country,
            &uuid[..8],
            &uuid[8..12],
            &uuid[12..16],
            &uuid[16..20],
            &uuid[20..],
            escape(row.reason),
            row.detected
        );
    }
    if lines.is_empty() {
        lines = "        <tr>\n            <td colspan=\"6\">데이터가 없습니다.</td>\n        </tr>\n".into();
    }
    let total = thousands(rows.len() + extra);
    let body = format!(
        r#"<h1>요주의 IP</h1>
<div class="total">
    <span class="total_num">총
        <em>
            {total}
        </em>
        건</span>
</div>
<div class="tbl typeL">
    <table>
        <caption>요주의 IP 목록</caption>
        <thead>
            <th>IP</th>
            <th>국가</th>
            <th>등록사유</th>
            <th>등록일</th>
            <th>해제일</th>
            <th>조회수</th>
        </thead>
        <tbody>
{lines}        </tbody>
    </table>
</div>
"#
    );
    Answer::html(200, pages::page("", &body))
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&#034;")
}

fn thousands(number: usize) -> String {
    let digits = number.to_string();
    let mut out = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}
