//! One's own account, and what is shown once.

use blocklist::Time;
use store::Role;

use super::{Common, plural, words};
use crate::pages::view::View;

words! {
    /// What the pages of one's own account say.
    pub(crate) Account {
        me: "내 정보", "You";
        name: "계정", "Account";
        role: "권한", "Role";
        last: "마지막 로그인", "Last sign-in";
        password: "비밀번호", "Password";
        change_password: "비밀번호 바꾸기", "Change the password";
        set_at: "바꾼 때", "Set";

        codes: "일회용 코드", "One-time codes";
        codes_on: "사용 중", "on";
        codes_off: "사용 안 함", "off";
        codes_hint: "로그인할 때 비밀번호와 함께 인증 앱의 6자리 코드를 묻습니다. 비밀번호가 새어도 계정이 열리지 않습니다.", "Signing in then asks for six digits of an app beside the password, so a password that leaks opens nothing.";
        codes_set_up: "일회용 코드 설정", "Set up one-time codes";
        codes_manage: "일회용 코드 관리", "Manage one-time codes";
        codes_must: "이 권한은 일회용 코드를 꼭 써야 합니다. 설정해야 계속할 수 있습니다.", "Your role has to use one-time codes. Set them up to go on.";
        codes_need: "휴대전화에 인증 앱이 필요합니다. 시간만 맞으면 인터넷 없이도 됩니다.", "This takes an authenticator app on a telephone. It needs the right time and no network.";
        draw: "시작", "Begin";
        scan: "인증 앱으로 그림을 찍거나 아래 글자를 입력한 뒤, 앱에 나오는 6자리를 넣으세요.", "Point the app at the picture, or type the letters into it; then type the six digits that it shows.";
        picture: "인증 앱으로 찍는 QR 코드", "QR code for the app";
        secret: "직접 입력할 글자", "Letters to type";
        code: "앱에 나온 6자리", "The six digits";
        confirm: "확인", "Confirm";
        code_wrong: "코드가 맞지 않습니다. 휴대전화의 시각이 맞는지 보고 새 코드를 입력하세요.", "This code is not right. See that the telephone has the right time, and type the next one.";
        recovery: "복구 코드", "Recovery codes";
        recovery_says: "휴대전화를 잃어버렸을 때 6자리 대신 쓰는 코드입니다. 하나를 한 번만 쓸 수 있습니다.", "These do in the place of the six digits when the telephone is lost. Each is good once.";
        recovery_keep: "지금만 보입니다. 인쇄하거나 적어서 안전한 곳에 두세요.", "They are shown this once. Print them, or write them down, and keep them somewhere safe.";
        recovery_done: "보관했습니다. 계속", "They are kept. Go on";
        recovery_renew: "복구 코드 새로 만들기", "New recovery codes";
        recovery_renew_says: "전에 만든 복구 코드는 모두 쓸 수 없게 됩니다.", "All recovery codes made before are good no more.";
        codes_remove: "일회용 코드 없애기", "Remove one-time codes";
        codes_remove_says: "비밀번호만으로 로그인하게 됩니다. 복구 코드도 함께 없어집니다. 다시 설정할 수 있습니다.", "The password alone then opens the account, and the recovery codes are gone. They can be set up again.";
        your_password: "지금 비밀번호", "Present password";
        password_wrong: "비밀번호가 맞지 않습니다.", "The password is not right.";
        password_needed: "비밀번호를 입력하세요.", "Type your password.";

        sessions: "로그인한 곳", "Where you are signed in";
        this_one: "지금 이 화면", "this one";
        waits: "코드 입력 대기", "waits for a code";
        address: "주소", "Address";
        program: "프로그램", "Program";
        since: "로그인", "Since";
        seen: "마지막 사용", "Last used";
        end: "끊기", "End";
        end_others: "다른 곳 모두 끊기", "End all others";
        end_others_says: "지금 이 화면만 남고, 다른 곳에서는 다시 로그인해야 합니다.", "Only this one stays; everywhere else you have to sign in again.";

        tokens: "내 토큰", "Your tokens";
        tokens_hint: "프로그램이 API를 쓸 때 비밀번호 대신 보내는 값입니다. 계정이 닫히면 함께 끝납니다.", "What programs send to the API in the place of a password. They end with the account.";
        tokens_empty: "토큰이 없습니다.", "There is no token.";
        token_name: "이름", "Name";
        token_name_hint: "어디에 쓰는지 알 수 있는 이름을 붙이세요.", "Say what it is for.";
        token_name_wrong: "1~63자 한 줄로 적어 주세요.", "One line of 1 to 63 characters.";
        token_taken: "같은 이름의 토큰이 이미 있습니다.", "There is a token of this name.";
        token_role: "권한", "Role";
        token_above: "내 권한보다 높을 수 없습니다.", "It cannot do more than you may.";
        token_until: "종료일", "End";
        token_until_hint: "비워 두면 끝이 없습니다.", "Empty is without an end.";
        token_bad_end: "날짜는 2026-12-31처럼 적습니다.", "Write a day as 2026-12-31.";
        token_past: "이미 지난 날짜입니다.", "It has passed.";
        token_make: "토큰 만들기", "Make a token";
        token_made: "토큰을 만들었습니다.", "The token is made.";
        token_used: "마지막 사용", "Last used";
        token_from: "쓸 수 있는 곳", "Good from";
        token_over: "끝남", "ended";
        token_revoke: "회수", "Take back";
        token_revoke_says: "이 토큰을 쓰는 프로그램은 바로 거절됩니다.", "Programs that send it are refused at once.";
        token_revoke_undo: "되돌릴 수 없습니다. 새 토큰을 만들어 바꿔 넣어야 합니다.", "This cannot be undone: a new token has to be made and put in its place.";
        anywhere: "어디서나", "anywhere";

        once: "지금만 보입니다. 저장하지 않으므로 다시 볼 수 없습니다.", "It is shown this once. It is not kept and cannot be shown again.";
        go_on: "계속", "Go on";
        done_password: "비밀번호를 바꿨습니다. 다른 곳의 로그인은 모두 끊었습니다.", "The password is changed. Everywhere else you are signed out.";
        done_codes_removed: "일회용 코드를 없앴습니다.", "One-time codes are removed.";
        done_ended: "로그인을 끊었습니다.", "The session has ended.";
        done_others: "다른 곳의 로그인을 모두 끊었습니다.", "All other sessions have ended.";
        done_revoked: "토큰을 회수했습니다.", "The token is taken back.";
    }
}

/// What a role is called.
pub(crate) fn role(view: View, role: Role) -> &'static str {
    let words = Common::of(view.language);
    match role {
        Role::Viewer => words.viewer,
        Role::Operator => words.operator,
        Role::Admin => words.admin,
    }
}

/// What a role may do.
pub(crate) fn may(view: View, role: Role) -> &'static str {
    match role {
        Role::Viewer => view.pick("모든 화면을 봅니다.", "Sees every page."),
        Role::Operator => view.pick(
            "보고, 직접 차단·허용하고, 보류를 결정하고, 수집을 시작합니다.",
            "Sees everything, blocks and allows, decides what is held, starts runs.",
        ),
        Role::Admin => view.pick(
            "모든 일을 하고 수집처, 장비, 설정, 계정을 관리합니다.",
            "Does everything, and sets up sources, devices, settings and accounts.",
        ),
    }
}

/// How many recovery codes are left.
pub(crate) fn recovery_left(view: View, left: u64) -> String {
    view.pick(
        format!("복구 코드 {left}개 남음"),
        format!("{} left", plural(left, "recovery code", "recovery codes")),
    )
}

/// Until when a password that was drawn is good.
pub(crate) fn good_until(view: View, until: Time) -> String {
    let clock = view.exact(until);
    view.pick(
        format!("{clock}까지 한 번 로그인할 수 있고, 그때 새 비밀번호를 정하게 됩니다."),
        format!("It is good until {clock}, and opens nothing but the way to another password."),
    )
}
