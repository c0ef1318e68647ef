//! The workbook, and the rows that a window holds.

use std::sync::Arc;

use bytes::Bytes;

use super::pages;
use super::window::Window;
use crate::books::{self, Wanted};
use crate::dataset::{Row, plus_days};
use crate::fault::Fault;
use crate::http::{Answer, Form};
use crate::visit::Visit;
use crate::workbook::Sheets;

/// How old the newest row of a stale portal is, in days.
pub(crate) const STALE_DAYS: i64 = 31;

/// The workbook of a window.
pub(super) fn answer(visit: &mut Visit) -> Answer {
    let form = visit.request.form();
    visit.window = Some((form.get("startDate").to_owned(), form.get("endDate").to_owned()));
    let window = Window::of(&form);
    if let Some(refusal) = refuse_window(visit, window) {
        return refusal;
    }
    let (key, rows) = keyed_rows(visit, window);
    let sheets = sheets(visit, &form);
    let wanted = Wanted::of(visit, sheets);
    let day = window.end.unwrap_or_else(|| visit.sim.clock.seoul().date());
    let book =
        visit.sim.books.book(&format!("regtech {key}"), &wanted, |wanted| books::regtech(&rows, wanted, day));
    let name = visit.sim.clock.seoul().strftime("fctiList_%Y%m%d%H%M%S").to_string();
    book.map_or_else(
        |_| Answer::html(500, pages::page("", "<p>처리 중 오류가 발생하였습니다.</p>")),
        |book: Bytes| Answer::file(&format!("{name}.{}", wanted.extension()), book),
    )
}

/// The rows of a window at this moment, as the faults let them be.
pub(super) fn rows(visit: &mut Visit, window: Window) -> Arc<Vec<Row>> {
    keyed_rows(visit, window).1
}

fn keyed_rows(visit: &mut Visit, window: Window) -> (String, Arc<Vec<Row>>) {
    let now = visit.sim.clock.seoul();
    let open = window.is_open() | visit.strikes(Fault::WindowIgnored);
    let none = visit.strikes(Fault::ZeroRows);
    let stale = visit.strikes(Fault::Stale);
    let minute = now.strftime("%F %R");
    let key = format!("{minute} {:?} {:?} {open} {none} {stale}", window.start, window.end);
    let rows = visit.sim.books.rows(&key, || {
        let mut rows = match (none, open) {
            (true, _) => Vec::new(),
            (false, true) => visit.sim.world.archive(now),
            (false, false) => visit.sim.world.export(now, window.start, window.end),
        };
        if stale {
            let newest = plus_days(now.date(), -STALE_DAYS);
            rows.retain(|row| row.detected <= newest);
        }
        rows
    });
    (key, rows)
}

/// The page with which a long window is refused, while the portal checks it.
pub(super) fn refuse_window(visit: &mut Visit, window: Window) -> Option<Answer> {
    if window.is_short() || !visit.strikes(Fault::WindowRefused) {
        return None;
    }
    let script =
        "<script>alert('조회 기간은 3개월 이내로 설정해 주시기 바랍니다.'); history.back();</script>\n";
    Some(Answer::html(200, pages::page(script, "")))
}

/// One sheet, or three when all three kinds are asked for.
fn sheets(visit: &mut Visit, form: &Form) -> Sheets {
    if visit.strikes(Fault::ZeroSheets) {
        Sheets::None
    } else if visit.strikes(Fault::OneSheet) {
        Sheets::One
    } else if visit.strikes(Fault::ThreeSheets) || form.count("excelDown") == 3 {
        Sheets::Three
    } else {
        Sheets::One
    }
}
