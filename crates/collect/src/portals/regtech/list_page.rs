//! REGTECH's list page: the portal's own count, and its rows when the workbook cannot be had.

use std::collections::HashSet;

use jiff::civil::Date;
use scraper::{ElementRef, Html, Selector};

use super::super::{Desk, Session, page};
use super::{LIST_PAGE, post};
use crate::collector::Step;
use crate::parse::Parser;
use crate::{Choice, Column, Columns, Failure, Field, Options, Parsed, Trouble};

/// The most bytes of one page.
const PAGE: u64 = 16 << 20;
/// The largest page the portal offers.
const SIZE: usize = 50;
/// More pages than a window can have; a portal that goes on for ever is stopped here.
const PAGES: usize = 4_000;

/// The columns that are needed, by their header.
const HEADERS: [&str; 5] = ["IP", "국가", "등록사유", "등록일", "해제일"];

/// One page: the portal's total, and the rows by [`HEADERS`].
struct Page {
    total: u64,
    rows: Vec<[String; 5]>,
}

/// The fields that both the page and the download take.
pub(super) fn fields(from: Date, to: Date) -> Vec<(&'static str, String)> {
    let day = |date: Date| date.strftime("%Y%m%d").to_string();
    let mut fields: Vec<(&str, String)> = Vec::with_capacity(16);
    for (name, value) in [("page", "0"), ("tabSort", "blacklist"), ("excelDownload", "blacklist,")] {
        fields.push((name, value.to_owned()));
    }
    for name in ["cveId", "ipId", "estId"] {
        fields.push((name, String::new()));
    }
    // With dashes the portal does not filter.
    fields.push(("startDate", day(from)));
    fields.push(("endDate", day(to)));
    for (name, value) in
        [("findCondition", "all"), ("findKeyword", ""), ("excelDown", "blacklist"), ("size", "10")]
    {
        fields.push((name, value.to_owned()));
    }
    fields
}

/// How many rows the portal counts in a window.
pub(crate) async fn count(desk: &Desk<'_>, session: &Session, window: (Date, Date)) -> Result<u64, Failure> {
    (desk.step)(Step::Count { from: window.0, to: window.1 });
    Ok(get(desk, session, window, 0, 10).await?.total)
}

/// Every row of a window, page by page.
pub(super) async fn read(
    desk: &Desk<'_>,
    session: &Session,
    window: (Date, Date),
) -> Result<Parsed, Failure> {
    let mut known: HashSet<[String; 5]> = HashSet::new();
    let mut rows: Vec<[String; 5]> = Vec::new();
    let mut total = 0;
    for number in 0..PAGES {
        (desk.step)(Step::Page { number: number + 1 });
        let page = get(desk, session, window, number, SIZE).await?;
        total = page.total;
        let before = rows.len();
        rows.extend(page.rows.into_iter().filter(|row| known.insert(row.clone())));
        // The portal was seen to give the same page for every number.
        if rows.len() as u64 >= total || rows.len() == before {
            break;
        }
    }
    if rows.len() as u64 != total {
        let words = format!("the page counts {total}, and its pages hold {} different rows", rows.len());
        return Err(Failure::new(Trouble::CountMismatch).with(words));
    }
    parse(desk.options, &rows)
}

/// Rows of the page, through the same checks as every table.
fn parse(options: &Options, rows: &[[String; 5]]) -> Result<Parsed, Failure> {
    let quote = |cell: &String| format!("\"{}\"", cell.replace('"', "\"\""));
    let mut text = HEADERS.join(",") + "\n";
    for row in rows {
        text.push_str(&row.iter().map(quote).collect::<Vec<_>>().join(","));
        text.push('\n');
    }
    let fields = [Field::Address, Field::Country, Field::Reason, Field::Detected, Field::Until];
    let columns = HEADERS.iter().zip(fields).fold(Columns::default(), |columns, (header, field)| {
        columns.with(field, Column::Name((*header).to_owned()))
    });
    let options = Options { columns, ..options.clone() };
    let mut parsed = crate::parse(Choice::Is(Parser::Csv), &mut text.as_bytes(), &options)?;
    parsed.parser = Parser::Regtech;
    Ok(parsed)
}

async fn get(
    desk: &Desk<'_>,
    session: &Session,
    (from, to): (Date, Date),
    number: usize,
    size: usize,
) -> Result<Page, Failure> {
    let mut form = fields(from, to);
    for (name, value) in &mut form {
        match *name {
            "page" => *value = number.to_string(),
            "size" => *value = size.to_string(),
            _ => {}
        }
    }
    let request = post(desk, LIST_PAGE, LIST_PAGE, session)?.limit(PAGE).in_memory().repeatable();
    let request = form.iter().fold(request, |request, (name, value)| request.field(name, value));
    let mut answer = desk.network.send(&request).await?;
    if answer.status.is_redirection() {
        return Err(Failure::new(Trouble::SessionLost));
    }
    if !answer.status.is_success() {
        let words = format!("the list page answered {}", answer.status.as_u16());
        return Err(Failure::new(Trouble::HttpStatus).with(words));
    }
    let body = answer.body.bytes()?;
    if page::is_login(&body) {
        return Err(Failure::new(Trouble::SessionLost));
    }
    let Ok(text) = std::str::from_utf8(&body) else {
        return Err(Failure::new(Trouble::FormChanged).with("the list page is not UTF-8"));
    };
    look(text).ok_or_else(|| page::failure(&body))?
}

/// Reads the page. `None` when it is another page altogether.
fn look(text: &str) -> Option<Result<Page, Failure>> {
    let changed = |what: String| Some(Err(Failure::new(Trouble::FormChanged).with(what)));
    let html = Html::parse_document(text);
    let total = select(&html, "span.total_num em").next()?;
    let digits: String = words(total).chars().filter(|c| *c != ',').collect();
    let Ok(total) = digits.parse::<u64>() else {
        return changed(format!("the count is \"{}\"", crate::text::short(&digits)));
    };
    let headers: Vec<String> = select(&html, "div.tbl.typeL table thead th").map(words).collect();
    let places: Option<Vec<usize>> =
        HEADERS.iter().map(|wanted| headers.iter().position(|header| header == wanted)).collect();
    let Some(places) = places else {
        let found: Vec<String> = headers.iter().map(|header| crate::text::short(header)).collect();
        return changed(format!("the list has the columns {}", found.join(", ")));
    };
    let cell = Selector::parse("td").ok()?;
    let mut rows = Vec::new();
    for row in select(&html, "div.tbl.typeL table tbody tr") {
        let cells: Vec<String> = row.select(&cell).map(words).collect();
        // The one cell that says there is nothing.
        if cells.len() == 1 && total == 0 {
            continue;
        }
        if cells.len() != headers.len() {
            return changed(format!("a row of {} cells under {} headers", cells.len(), headers.len()));
        }
        let mut taken: [String; 5] = Default::default();
        for (slot, place) in taken.iter_mut().zip(&places) {
            slot.clone_from(&cells[*place]);
        }
        rows.push(taken);
    }
    Some(Ok(Page { total, rows }))
}

fn select<'a>(html: &'a Html, selector: &str) -> impl Iterator<Item = ElementRef<'a>> {
    let selector = Selector::parse(selector).ok();
    let found: Vec<ElementRef<'a>> =
        selector.map(|selector| html.select(&selector).collect()).unwrap_or_default();
    found.into_iter()
}

/// An element's text, white space folded.
fn words(element: ElementRef<'_>) -> String {
    let text: String = element.text().collect();
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    const ROW: &str = "<tr><td>45.9.20.1</td><td>US</td><td><a href=\"javascript:goView('u','blacklist')\">사유 \"하나\"</a></td>\
        <td>2026-11-01</td><td>2027-01-30</td><td>3</td></tr>";

    fn page(total: &str, rows: &str) -> String {
        format!(
            "<span class=\"total_num\">총 <em>\n  {total}  </em> 건</span><div class=\"tbl typeL\"><table><caption>요주의 IP 목록</caption>\
             <thead><th>IP</th><th>국가</th><th>등록사유</th><th>등록일</th><th>해제일</th><th>조회수</th></thead>\
             <tbody>{rows}</tbody></table></div>"
        )
    }

    #[test]
    fn count_and_rows_are_read_from_the_page() {
        let read = look(&page("5,231", ROW)).unwrap().unwrap();
        assert_eq!(read.total, 5_231);
        assert_eq!(read.rows, [["45.9.20.1", "US", "사유 \"하나\"", "2026-11-01", "2027-01-30"]]);
        let parsed = parse(&Options::default(), &read.rows).unwrap();
        assert_eq!((parsed.batch.accepted, parsed.parser), (1, Parser::Regtech));
        assert_eq!(parsed.batch.records[0].until.unwrap().to_seoul(), "2027-01-31 00:00");
        let nothing = look(&page("0", "<tr><td colspan=\"6\">데이터가 없습니다</td></tr>")).unwrap().unwrap();
        assert_eq!((nothing.total, nothing.rows.len()), (0, 0));
    }

    #[test]
    fn a_page_of_another_shape_is_noticed() {
        let renamed = page("1", ROW).replace("해제일", "종료일");
        assert_eq!(look(&renamed).unwrap().err().unwrap().trouble, Trouble::FormChanged);
        let short = page("1", "<tr><td>45.9.20.1</td></tr>");
        assert_eq!(look(&short).unwrap().err().unwrap().trouble, Trouble::FormChanged);
        assert!(look("<html>점검 중</html>").is_none());
    }

    #[test]
    fn dates_are_sent_without_dashes() {
        let date = jiff::civil::date;
        let fields = fields(date(2026, 9, 1), date(2026, 11, 23));
        assert!(
            fields.contains(&("startDate", "20260901".into()))
                && fields.contains(&("endDate", "20261123".into()))
        );
    }
}
