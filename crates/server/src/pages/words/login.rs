//! Signing in, one-time codes, and setting a password.

use blocklist::Time;

use super::words;
use crate::pages::view::View;

words! {
    /// What the pages around signing in say.
    pub(crate) Login {
        title: "로그인", "Sign in";
        name: "계정", "Account";
        password: "비밀번호", "Password";
        enter: "로그인", "Sign in";
        wrong: "계정 또는 비밀번호가 맞지 않습니다.", "The account or the password is not right.";
        expired: "일회용 비밀번호의 사용 기한이 지났습니다. 관리자에게 새로 요청하세요.", "This one-time password was not used in time. Ask an admin for another.";
        first: "처음 접속이라면 서버를 시작할 때 화면에 나온 admin의 일회용 비밀번호를 입력하세요.", "The first time, use the one-time password of admin that the server showed when it started.";
        lost: "일회용 비밀번호를 잃어버렸다면 서버에서 blacklist user password admin --one-time 을 실행하세요.", "If it is lost, run blacklist user password admin --one-time on the server.";
        plain: "이 연결은 암호화되어 있지 않습니다. 같은 네트워크의 누구나 비밀번호를 볼 수 있습니다.", "This connection is not encrypted: anybody on the way can read the password.";

        code_title: "일회용 코드", "One-time code";
        code: "인증 앱의 6자리 코드", "The six digits of the app";
        code_hint: "휴대전화가 없다면 복구 코드를 입력하세요. 복구 코드는 한 번만 쓸 수 있습니다.", "Without the telephone, a recovery code does too. Each is good once.";
        code_wrong: "코드가 맞지 않습니다. 새 코드가 나오면 다시 입력하세요.", "This code is not right. Wait for the next one.";

        new_title: "새 비밀번호", "New password";
        must: "다른 사람이 정한 비밀번호입니다. 계속하려면 본인만 아는 비밀번호로 바꾸세요.", "Somebody else set this password. Choose one that only you know to go on.";
        current: "지금 비밀번호", "Present password";
        new: "새 비밀번호", "New password";
        again: "새 비밀번호 확인", "New password again";
        not_same: "두 번 입력한 비밀번호가 다릅니다.", "The two are not the same.";
        current_wrong: "지금 비밀번호가 맞지 않습니다.", "The present password is not right.";
        common: "누구나 먼저 시도하는 비밀번호입니다. 서로 관계없는 단어 여러 개가 좋습니다.", "This is among the passwords that are tried first. Several words that do not belong together are better.";
        has_name: "비밀번호에 계정 이름을 넣을 수 없습니다.", "The password must not hold the name of the account.";
        used: "전에 쓴 비밀번호입니다.", "This password was used before.";
        change: "바꾸기", "Change";
        advice: "긴 문장이 좋습니다. 특수문자나 대문자 규칙은 없습니다.", "A long sentence is best. There are no rules about signs and capitals.";
    }
}

/// Too many tries: none is heard before then.
pub(crate) fn locked(view: View, until: Time) -> String {
    let clock = view.exact(until);
    view.pick(
        format!(
            "여러 번 틀려서 {clock}까지 로그인할 수 없습니다. 급하면 다른 관리자에게 잠금 해제를 요청하세요."
        ),
        format!("Too many tries: the next is heard at {clock}. An admin can unlock sooner."),
    )
}

/// How long a password is at least.
pub(crate) fn at_least(view: View, characters: usize) -> String {
    view.pick(format!("{characters}자 이상이어야 합니다."), format!("At least {characters} characters."))
}

/// How long a password is at most.
pub(crate) fn too_long(view: View) -> &'static str {
    view.pick("너무 깁니다. 256자까지 쓸 수 있습니다.", "Too long: at most 256 characters.")
}
