//! The board of posts.

use jiff::civil::Date;
use serde_json::{Value, json};

use crate::dataset::plus_days;
use crate::fault::Fault;
use crate::http::{Answer, Content};
use crate::visit::Visit;
use crate::world::{HISTORY, Post};

/// How old the newest post of a stale board is, in days.
const STALE_DAYS: i64 = 31;
/// Posts on a page when nobody says how many.
const COUNT: usize = 15;

/// The posts of the days that are asked for, newest first, as many as a page holds.
pub(super) fn answer(visit: &mut Visit) -> Answer {
    let request = visit.request;
    visit.window = Some((request.asked("sdate").to_owned(), request.asked("edate").to_owned()));
    let now = visit.sim.clock.seoul();
    let start = request.asked("sdate").parse().unwrap_or(plus_days(now.date(), -HISTORY));
    let mut end: Date = request.asked("edate").parse().unwrap_or(now.date());
    if visit.strikes(Fault::Stale) {
        end = end.min(plus_days(now.date(), -STALE_DAYS));
    }
    let mut posts = visit.sim.world.posts(now, start, end);
    if visit.strikes(Fault::ZeroRows) {
        posts.clear();
    }
    let total = posts.len() + if visit.strikes(Fault::CountWrong) { 1_000 } else { 0 };
    posts.truncate(request.asked("count").parse().unwrap_or(COUNT));
    let rows: Vec<Value> = posts.iter().map(row).collect();
    let mut answer = Answer::json(200, &json!({ "total_count": total, "rows": rows }));
    if visit.strikes(Fault::ControlCharacters)
        && let Content::Text(_, json) = &mut answer.content
    {
        // The portal copies what people typed: line ends and a stray control character.
        *json = json.replace("목록 공유", "목록\r\n\t공유\u{1}");
    }
    answer
}

fn row(post: &Post) -> Value {
    let file = format!(
        r##"<a href="#" onclick='download("{}","{}");return false;'><img src="/images/file.gif" alt="첨부"></a>"##,
        post.uuid, post.file
    );
    let time = format!("{} 09:00:00.0", post.day);
    // An address of the portal's own network stands in every row: it is nobody's attack.
    let internal = format!("10.{}.{}.{}", post.id % 200, post.id % 250, 1 + post.id % 240);
    json!({
        "id": post.id,
        "data": [post.id.to_string(), "Black IP", post.title, "관제센터", time, file, internal, "12"],
        "userData": {},
    })
}
