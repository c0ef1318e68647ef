//! What a run under way is doing, in a few words.

use collect::collector::Step;

use crate::events::Phase;
use crate::pages::View;

/// "게시물 3/5 받는 중", "fetching post 3 of 5".
pub(crate) fn of(view: View, phase: &Phase) -> String {
    let step = match phase {
        Phase::Started => return view.pick("시작하는 중", "starting").into(),
        Phase::Ending => return view.pick("중단하는 중", "ending").into(),
        Phase::Ended => return view.pick("끝남", "ended").into(),
        Phase::At(step) => step,
    };
    match step {
        Step::LogIn => view.pick("로그인하는 중", "signing in").into(),
        Step::Count { from, to } => {
            view.pick(format!("{from} ~ {to} 건수 확인 중"), format!("counting {from} to {to}"))
        }
        Step::Download { from, to } => {
            view.pick(format!("{from} ~ {to} 받는 중"), format!("fetching {from} to {to}"))
        }
        Step::Page { number } => view.pick(format!("{number}쪽 읽는 중"), format!("reading page {number}")),
        Step::Post { number, of } => {
            view.pick(format!("게시물 {number}/{of} 받는 중"), format!("fetching post {number} of {of}"))
        }
        Step::Fetch { what } => view.pick(format!("{what} 받는 중"), format!("fetching {what}")),
        Step::Read { bytes } => {
            let size = view.bytes(*bytes);
            view.pick(format!("{size} 읽는 중"), format!("reading {size}"))
        }
        Step::Keep { rows } => {
            let rows = view.number(*rows);
            view.pick(format!("{rows}행 저장 중"), format!("keeping {rows} rows"))
        }
    }
}
