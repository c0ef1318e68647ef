//! SECUDIUM's board: which posts there are, and the file of each.

use jiff::civil::Date;
use scraper::{Html, Selector};
use serde::Deserialize;

use super::super::{Desk, Session, page};
use super::{get, send};
use crate::collector::Step;
use crate::{Failure, Trouble};

/// The most bytes of the board's answer.
const BOARD: u64 = 32 << 20;
/// Posts that are asked for at once.
const COUNT: usize = 100;

/// A post with a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Post {
    pub(super) id: String,
    pub(super) uuid: String,
    pub(super) name: String,
}

/// What the board holds of some days.
#[derive(Debug, Default)]
pub(super) struct Board {
    pub(super) posts: Vec<Post>,
    pub(super) without_file: u64,
}

#[derive(Deserialize)]
struct Answer {
    total_count: u64,
    rows: Vec<Row>,
}

#[derive(Deserialize)]
struct Row {
    id: serde_json::Value,
    data: Vec<serde_json::Value>,
}

/// How many posts the board has of a window.
pub(crate) async fn count(desk: &Desk<'_>, session: &Session, window: (Date, Date)) -> Result<u64, Failure> {
    Ok(ask(desk, session, window).await?.total_count)
}

/// The posts of a window. When the portal holds more than it gives at once, the window is halved.
pub(super) async fn read(desk: &Desk<'_>, session: &Session, window: (Date, Date)) -> Result<Board, Failure> {
    let mut board = Board::default();
    let mut windows = vec![window];
    while let Some((from, to)) = windows.pop() {
        let read = ask(desk, session, (from, to)).await?;
        let rows = read.rows.len() as u64;
        if rows > read.total_count || (rows < read.total_count && from == to) {
            let words =
                format!("{from} to {to}: the board counts {}, and gives {rows} posts", read.total_count);
            return Err(Failure::new(Trouble::CountMismatch).with(words));
        }
        if rows < read.total_count {
            let (older, newer) = halves(from, to);
            windows.extend([older, newer]);
            continue;
        }
        for row in read.rows {
            match post(&row)? {
                Some(post) if !board.posts.contains(&post) => board.posts.push(post),
                Some(_) => {}
                None => board.without_file += 1,
            }
        }
    }
    if board.posts.is_empty() && board.without_file > 0 {
        let words = format!("{} posts and not one file", board.without_file);
        return Err(Failure::new(Trouble::FormChanged).with(words));
    }
    Ok(board)
}

async fn ask(desk: &Desk<'_>, session: &Session, (from, to): (Date, Date)) -> Result<Answer, Failure> {
    (desk.step)(Step::Count { from, to });
    let mut url = desk.address("/isap-api/secinfo/list/black_ip")?;
    url.query_pairs_mut()
        .append_pair("sdate", &from.to_string())
        .append_pair("edate", &to.to_string())
        .append_pair("dateKey", "i.reg_date")
        .append_pair("count", &COUNT.to_string())
        .append_pair("filter", "");
    let mut answer = send(desk, &get(desk, session, url)?.limit(BOARD)).await?;
    let body = answer.body.bytes()?;
    if page::is_html(&body) {
        return Err(page::failure(&body));
    }
    serde_json::from_slice(&without_controls(&body)).map_err(|error| {
        Failure::new(Trouble::FormChanged).with("the board is no JSON as known").because(error)
    })
}

fn halves(from: Date, to: Date) -> ((Date, Date), (Date, Date)) {
    let days = (to - from).get_days().max(1);
    let middle = from.saturating_add(jiff::Span::new().days(i64::from(days / 2)));
    ((from, middle), (middle.tomorrow().unwrap_or(to), to))
}

/// The post of a row, if it has a file. The file stands in the sixth cell as `download("<uuid>","<name>")`.
fn post(row: &Row) -> Result<Option<Post>, Failure> {
    let Some(cell) = row.data.get(5).and_then(serde_json::Value::as_str) else {
        let words = format!("a row of the board with {} cells", row.data.len());
        return Err(Failure::new(Trouble::FormChanged).with(words));
    };
    let Some((uuid, name)) = file_in(cell) else { return Ok(None) };
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
    if uuid.is_empty() || uuid.len() > 64 || !uuid.bytes().all(plain) || name.len() > 255 {
        return Err(Failure::new(Trouble::FormChanged).with("the name of a file on the board"));
    }
    let id = match &row.id {
        serde_json::Value::String(id) => crate::text::short(id),
        other => other.to_string(),
    };
    Ok(Some(Post { id, uuid, name }))
}

fn file_in(cell: &str) -> Option<(String, String)> {
    let html = Html::parse_fragment(cell);
    let every = Selector::parse("*").ok()?;
    let call = html
        .select(&every)
        .flat_map(|element| element.value().attrs())
        .find_map(|(_, value)| value.split_once("download(").map(|(_, rest)| rest.to_owned()))?;
    let mut texts = call.split(['"', '\'']).skip(1).step_by(2).map(str::to_owned);
    Some((texts.next()?, texts.next()?))
}

/// JSON of the portal may hold bare control characters inside texts; as spaces they do no harm anywhere.
pub(super) fn without_controls(body: &[u8]) -> Vec<u8> {
    body.iter().map(|&byte| if byte < b' ' { b' ' } else { byte }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_of_a_post_is_found_however_its_quotes_are_written() {
        for cell in [
            r##"<a href="#" onclick='download("0a1b-22","20261123 목록.xlsx")'>받기</a>"##,
            r#"<div><button onclick="javascript:download(&quot;0a1b-22&quot;,&quot;20261123 목록.xlsx&quot;);"></button></div>"#,
            r#"<a href="javascript:download('0a1b-22', '20261123 목록.xlsx')">x</a>"#,
        ] {
            assert_eq!(file_in(cell), Some(("0a1b-22".into(), "20261123 목록.xlsx".into())), "{cell}");
        }
        assert_eq!(file_in("공지 10.1.2.3"), None);
    }

    #[test]
    fn a_name_that_is_a_path_and_a_row_of_another_shape_are_refused() {
        let row =
            |cell: &str| Row { id: 1.into(), data: ["", "", "", "", "", cell].map(Into::into).to_vec() };
        let path = row(r#"<a onclick='download("../../etc","a")'></a>"#);
        assert_eq!(post(&path).unwrap_err().trouble, Trouble::FormChanged);
        assert!(post(&Row { id: 1.into(), data: vec![] }).is_err());
        assert_eq!(post(&row("<b>공지</b>")).unwrap(), None);
    }

    #[test]
    fn halves_cover_a_window_and_control_characters_are_spaces() {
        let date = jiff::civil::date;
        assert_eq!(
            halves(date(2026, 1, 1), date(2026, 1, 2)),
            ((date(2026, 1, 1), date(2026, 1, 1)), (date(2026, 1, 2), date(2026, 1, 2)))
        );
        let (older, newer) = halves(date(2026, 1, 1), date(2026, 3, 30));
        assert_eq!((older.0, newer.1), (date(2026, 1, 1), date(2026, 3, 30)));
        assert_eq!(older.1.tomorrow().unwrap(), newer.0);
        let text = serde_json::from_slice::<String>(&without_controls(b"\"a\tb\x01\"")).unwrap();
        assert_eq!(text, "a b ");
    }
}
