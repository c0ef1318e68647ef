//! The first steps of a new house.

use super::words;
use crate::pages::view::View;

words! {
    /// What the page of the first steps says.
    pub(crate) Start {
        title: "시작하기", "First steps";
        lead: "아래 다섯 가지를 마치면 방화벽이 차단 목록을 받기 시작합니다. 순서는 바꿔도 되고, 설정에서 다시 열 수 있습니다.", "After these five the firewalls have a block list. Their order is free, and Settings leads back here.";
        all_done: "모두 마쳤습니다.", "All of it is done.";
        done: "완료", "done";
        todo: "할 일", "to do";
        view: "언어와 시간대", "Language and time zone";
        view_says: "이 브라우저에서 볼 언어와 시간대를 고릅니다.", "Choose what this browser shows.";
        own: "자사 대역 등록", "Your own networks";
        own_says: "회사가 쓰는 공인 대역을 등록하면 어떤 수집처가 올려도 게시하지 않습니다.", "Name the networks of your firm: they are never served, whichever source lists them.";
        own_act: "네트워크 등록", "Name networks";
        source: "첫 수집처", "The first source";
        source_says: "포털, 공개 목록, 파일 폴더에서 악성 IP를 받아 옵니다.", "A portal, a public list or a folder, from where listings come.";
        source_act: "수집처 추가", "Add a source";
        device: "첫 장비", "The first device";
        device_says: "차단 목록을 받아갈 방화벽을 등록하고, 장비에 붙여 넣을 설정을 받습니다.", "Add the firewall that reads the list, and get the lines to paste into it.";
        device_act: "장비 추가", "Add a device";
        publication: "첫 게시본 확인", "The first publication";
        publication_says: "수집이 끝나면 안전 게이트를 거쳐 게시됩니다. 첫 목록이 보류되면 보고 승인하세요.", "What was collected goes through the gate and is published. If it is held, look at it and approve.";
        publication_act: "게시본 보기", "See publications";
    }
}

/// How far it is.
pub(crate) fn so_far(view: View, done: usize, of: usize) -> String {
    view.pick(format!("{of}단계 중 {done}단계 완료"), format!("{done} of {of} steps done"))
}
