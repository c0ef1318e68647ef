//! The workbook of a post.

use jiff::civil::Date;

use crate::books::{self, Wanted};
use crate::fault::Fault;
use crate::http::Answer;
use crate::visit::Visit;
use crate::workbook::Sheets;

/// The file that `serverFileName` names.
pub(super) fn answer(visit: &mut Visit) -> Answer {
    let uuid = visit.request.asked("serverFileName");
    let now = visit.sim.clock.seoul();
    let posts = visit.sim.world.posts(now, visit.sim.world.begin(), now.date());
    let Some(post) = posts.into_iter().find(|post| post.uuid == uuid) else { return sorry() };
    if visit.strikes(Fault::FileIsHtml) {
        return sorry();
    }
    let sheets = if visit.strikes(Fault::ZeroSheets) { Sheets::None } else { Sheets::One };
    let wanted = Wanted::of(visit, sheets);
    let day: Date = post.day;
    let key = format!("secudium {uuid}");
    let book = visit.sim.books.book(&key, &wanted, |wanted| books::secudium(&post.rows, wanted, day));
    let name = post.file.trim_end_matches("xlsx").to_owned() + wanted.extension();
    book.map_or_else(|_| sorry(), |book| Answer::file(&name, book))
}

/// What the portal says when there is no such file, with status 200.
fn sorry() -> Answer {
    Answer::html(200, "<html><body><script>alert('파일을 찾을 수 없습니다.');</script></body></html>".into())
}
