//! Settings, the accounts of people, and what is locked.

use blocklist::setting::Kind;
use store::History;

use super::{plural, words};
use crate::pages::view::View;

words! {
    /// What the pages of the settings say.
    pub(crate) Settings {
        overview: "개요", "Overview";
        users: "계정 관리", "Accounts";
        locks: "로그인 잠금", "Locks";
        start: "처음 설정", "First steps";
        program: "프로그램", "Program";
        version: "버전", "Version";
        publication: "게시본", "Publication";
        nothing_yet: "아직 없음", "none yet";
        history: "보관", "Kept";
        policy_hint: "모든 수집처에 적용하는 게시 규칙입니다.", "The rules for all sources.";
        source_hint: "이 수집처에만 적용합니다. 전체 규칙과 이 규칙을 모두 통과한 등재만 게시합니다.", "For this source alone; its listings have to pass these and the rules for all.";
        history_title: "게시본 보관", "How long publications are kept";
        history_hint: "두 조건 중 하나라도 맞으면 보관합니다. 보관 중인 게시본으로만 되돌릴 수 있습니다.", "What one of the two keeps is kept. Only what is kept can be brought back.";
        history_says: "지금 게시본은 바뀌지 않습니다. 줄이면 그보다 오래된 게시본은 내용이 지워집니다.", "The present list stays as it is. With less, the content of older publications is forgotten.";
        history_undo: "내용이 지워진 게시본으로는 되돌릴 수 없습니다.", "What is forgotten cannot be brought back.";
        gate_says: "지금 게시본은 바뀌지 않습니다. 보류 중인 후보가 있으면 새 한도로 다시 판정합니다.", "The present list stays as it is. What is held is judged again by the new limits.";
        rules_undo: "같은 화면에서 되돌릴 수 있습니다. 이전 값은 감사 로그에 남습니다.", "The same page sets it back; the record keeps what was there before.";
        why: "사유", "Why";
        why_hint: "감사 로그에 남습니다.", "For the record.";
        change: "바꾸기", "Change";
        change_policy: "정책 바꾸기", "Change the policy";
        change_gate: "안전 게이트 바꾸기", "Change the gate";
        give_rules: "따로 정하기:", "Give rules to:";
        see_first: "바뀌는 것 미리 보기", "See what changes";
        sure_title: "미리 보기", "what changes";
        set_rules: "적용", "Set it";
        switched_off: "이 검사를 더는 하지 않습니다", "this is checked no more";
        would_hold: "이대로 적용하면 안전 게이트가 다음 게시를 보류합니다.", "The gate would hold the list that follows:";
        changed_meanwhile: "그사이 값이 바뀌었습니다. 지금 값을 확인하고 다시 적으세요.", "Somebody changed it meanwhile. Look at what holds now, and type again.";
        both: "IPv4와 IPv6", "IPv4 and IPv6";
        policy_of: "수집처별 규칙", "Rules of single sources";
        policy_of_none: "수집처별로 따로 정한 규칙이 없습니다.", "No source has rules of its own.";
        gate_hint: "이 한도를 넘는 게시 후보는 사람이 결정할 때까지 보류합니다.", "What goes beyond these is held until a person decides.";
        setting: "항목", "Setting";
        value: "값", "Value";
        default: "기본값", "Default";
        meaning: "설명", "Meaning";
        off: "끔", "off";
        on: "켬", "on";

        name: "계정", "Account";
        name_hint: "영문 소문자, 숫자, . _ - 로 1~63자", "1 to 63 of a-z, digits, . _ -";
        name_wrong: "영문 소문자나 숫자로 시작하고 소문자, 숫자, . _ - 만 쓸 수 있습니다(63자까지).", "A letter or digit first, then a-z, digits, . _ - (63 at most).";
        name_taken: "이 이름은 이미 썼습니다. 삭제한 계정의 이름도 다시 쓸 수 없습니다.", "There is, or was, an account of this name; names are not given again.";
        role: "권한", "Role";
        state: "상태", "State";
        open: "사용 중", "open";
        closed: "닫힘", "closed";
        first_password: "새 비밀번호를 정해야 함", "has to set a password";
        last: "마지막 로그인", "Last sign-in";
        never: "없음", "never";
        codes: "일회용 코드", "One-time codes";
        codes_on: "사용", "on";
        codes_off: "안 씀", "off";
        locked: "잠금 해제 시각", "Locked until";
        created: "등록", "Added";
        add: "계정 추가", "Add an account";
        add_hint: "일회용 비밀번호를 만들어 한 번 보여 줍니다. 본인에게 안전하게 전하세요.", "A one-time password is drawn and shown once. Hand it over safely.";
        made: "계정을 만들었습니다.", "The account is made.";
        one_time: "일회용 비밀번호", "One-time password";
        set_role: "권한 바꾸기", "Change the role";
        set_role_hint: "권한을 낮추면 그 계정의 로그인이 모두 끊깁니다.", "With less than before all its sessions end.";
        close: "계정 닫기", "Close the account";
        close_says: "로그인이 모두 끊기고 토큰이 모두 회수됩니다.", "All its sessions end and all its tokens are taken back.";
        close_undo: "다시 열 수 있지만 회수한 토큰은 돌아오지 않습니다.", "It can be opened again; the tokens do not come back.";
        reopen: "계정 열기", "Open the account";
        new_password: "일회용 비밀번호 만들기", "New one-time password";
        new_password_says: "지금 비밀번호는 바로 쓸 수 없게 되고 로그인이 모두 끊깁니다.", "The present password is good no more, and all its sessions end.";
        no_undo: "되돌릴 수 없습니다.", "This cannot be undone.";
        no_codes: "일회용 코드 없애기", "Remove one-time codes";
        no_codes_says: "휴대전화를 잃어버린 사람을 위한 것입니다. 비밀번호만으로 로그인하게 됩니다.", "For somebody who lost the telephone. The password alone then opens the account.";
        no_codes_undo: "본인이 다시 설정할 수 있습니다.", "They can set them up again.";
        unlock: "잠금 해제", "Unlock";
        remove: "계정 삭제", "Remove the account";
        remove_says: "로그인이 모두 끊기고 토큰이 회수됩니다. 한 일의 기록은 남습니다.", "Its sessions end and its tokens are taken back. The record of what it did is kept.";
        remove_undo: "되돌릴 수 없고 같은 이름을 다시 쓸 수 없습니다. 잠시 막으려면 계정 닫기를 쓰세요.", "This cannot be undone, and the name is never given again. To keep somebody out for a while, close the account.";
        tokens: "토큰", "Tokens";
        keys: "로그인", "Signing in";
        tokens_hint: "프로그램이 API를 쓸 때 보내는 값입니다. 각자 계정 화면에서 만듭니다.", "What programs send to the API. Everybody makes their own on the page of their account.";
        token_holds: "사용 중", "holds";
        token_revoked: "회수함", "taken back";
        sessions: "로그인 현황", "Sessions";
        sessions_none: "로그인한 사람이 없습니다.", "Nobody is signed in.";
        end_session: "로그인 끊기", "End the session";
        end_session_says: "이 로그인이 바로 끊깁니다.", "This session ends at once.";
        end_session_undo: "다시 로그인할 수 있습니다. 아예 막으려면 계정을 닫으세요.", "They can sign in again. To keep them out, close the account.";

        locks_none: "지금 잠긴 것이 없습니다.", "Nothing is locked now.";
        locks_hint: "비밀번호나 코드를 여러 번 틀리면 잠시 잠기고, 시간이 지나면 저절로 풀립니다.", "Who fails too often waits for a while; locks open by themselves.";
        kind: "종류", "Kind";
        kind_account: "계정", "account";
        kind_address: "주소", "address";
        kind_pair: "계정과 주소", "account and address";
        key: "대상", "Which";
        failures: "실패", "Failures";
        last_failure: "마지막 실패", "Last failure";
        until: "잠금", "Locked";
        counting: "세는 중", "counted";
        nobody: "없는 계정", "no account";

        done_same: "바뀐 것이 없습니다.", "Nothing was different.";
        done_set: "적용했습니다. 게시본은 그대로입니다.", "It is set; the list stays as it is.";
        done_published: "적용했습니다. 새 게시본이 나갔습니다.", "It is set, and a new publication is out.";
        done_held: "적용했습니다. 안전 게이트가 다음 게시를 보류했으니 게시·보류에서 확인하세요.", "It is set. The gate holds the list that follows: see Publications.";
        done_role: "권한을 바꿨습니다.", "The role is changed.";
        done_closed: "계정을 닫았습니다.", "The account is closed.";
        done_opened: "계정을 열었습니다.", "The account is open.";
        done_codes: "일회용 코드를 없앴습니다.", "One-time codes are removed.";
        done_unlocked: "잠금을 해제했습니다.", "Unlocked.";
        done_ended: "로그인을 끊었습니다.", "The session has ended.";
        done_revoked: "토큰을 회수했습니다.", "The token is taken back.";
        done_removed: "계정을 삭제했습니다.", "The account is removed.";
    }
}

/// How long publications are kept.
pub(crate) fn kept(view: View, history: History) -> String {
    let (days, least) = (view.number(u64::from(history.days)), view.number(u64::from(history.least)));
    view.pick(
        format!("게시본 {days}일, 적어도 {least}개"),
        format!("publications for {}, at least {least}", plural(u64::from(history.days), "day", "days")),
    )
}

/// "250건 중 100건".
pub(crate) fn rows(view: View, shown: usize, of: usize) -> String {
    let (some, all) = (view.number(shown as u64), view.number(of as u64));
    view.pick(format!("{all}건 중 {some}건"), format!("{some} of {all}"))
}

/// A value of a setting, with the words for on and off.
pub(crate) fn value(view: View, kind: Kind, value: String) -> String {
    let words = Settings::of(view.language);
    match (kind, value.as_str()) {
        (Kind::Family, "off") => words.both.to_owned(),
        (Kind::Family, family) => format!("IPv{family}"),
        (_, "off") => words.off.to_owned(),
        (Kind::Flag, "on") => words.on.to_owned(),
        _ => value,
    }
}
