//! What the pages say on which a file is sent.

use super::words;
use crate::pages::view::View;

words! {
    /// A file as one run of a source.
    pub(crate) Upload {
        title: "파일 올리기", "Upload a file";
        about: "목록 파일을 한 수집처의 수집 실행으로 읽습니다. 먼저 무엇이 바뀌는지 보여 주고, 확인한 뒤에 반영합니다.", "The file is read as one run of a source. First you see what would change; only then is it taken.";
        file: "파일", "File";
        file_hint: "텍스트, CSV, JSON, STIX, 포털 엑셀. gzip과 zip도 됩니다. 32 MiB까지이며 더 크면 blacklist import를 쓰세요.", "Text, CSV, JSON, STIX, a portal's workbook, also in gzip or zip: at most 32 MiB. For more, blacklist import.";
        no_file: "파일을 고르세요.", "Choose a file.";
        source: "수집처", "Source";
        new_source: "새 수집처", "A new one";
        name: "새 수집처 이름", "Name of the new source";
        name_hint: "위에서 새 수집처를 골랐을 때만 씁니다. 소문자, 숫자, . _ -", "Only for a new source: small letters, digits, . _ -";
        name_needed: "새 수집처의 이름을 적거나 위에서 고르세요.", "Give the new source a name, or choose one above.";
        name_twice: "위에서 고른 수집처와 새 이름 가운데 하나만 쓰세요.", "Either the source above, or a new name.";
        parser: "읽는 방법", "Parser";
        auto: "내용을 보고 정함", "by its content";
        mode: "파일의 뜻", "What it is";
        add: "추가: 파일에 없는 등재는 그대로 둠", "An addition: what it does not have stays";
        full: "전체 목록: 파일에 없는 등재는 철회", "The whole list: what it does not have is withdrawn";
        look: "먼저 보기", "See what changes";
        keep: "반영하기", "Import";
        again: "다른 파일 고르기", "Another file";
        read: "읽은 결과", "What was read";
        parsed_as: "읽은 방법", "Read as";
        accepted: "받아들인 행", "Rows accepted";
        refused: "거부한 행", "Rows refused";
        listings: "등재", "Listings";
        line: "줄", "line";
        notes: "참고", "Notes";
        list_after: "차단 목록의 변화", "What changes in the list";
        not_credible: "이대로는 반영되지 않습니다", "It would not be taken";
        not_credible_hint: "받아들인 행이 없거나, 전체 목록이 너무 많이 줄었습니다. 파일을 확인하고, 일부만 든 파일이면 추가로 올리세요.", "No row was accepted, or a whole list lost more than it may. Look at the file; if it is only a part, send it as an addition.";
        held: "반영하면 안전 게이트가 게시를 보류합니다", "The gate would hold the list that follows";
        undo: "되돌리려면 이 수집처의 등재를 빼거나 이전 게시본으로 되돌립니다.", "To undo it, remove these listings, or roll back to an earlier publication.";
        waits: "파일은 10분간 보관됩니다.", "The file is kept for ten minutes.";
        done: "파일을 반영했습니다.", "The file is imported.";
        done_refused: "파일을 반영하지 않았습니다. 까닭은 아래 실행에 있습니다.", "The file was not taken. The run below says why.";
    }
}

/// "신규 3 · 변경 0 · 그대로 12 · 철회 1".
pub(crate) fn listings(view: View, [new, changed, unchanged, withdrawn]: [u64; 4]) -> String {
    let [new, changed, unchanged, withdrawn] =
        [new, changed, unchanged, withdrawn].map(|count| view.number(count));
    view.pick(
        format!("신규 {new} · 변경 {changed} · 그대로 {unchanged} · 철회 {withdrawn}"),
        format!("{new} new · {changed} changed · {unchanged} unchanged · {withdrawn} withdrawn"),
    )
}

/// "feed.csv를 partner에 반영하면".
pub(crate) fn what(view: View, file: &str, source: &str) -> String {
    view.pick(format!("{file} → {source}"), format!("{file} into {source}"))
}
