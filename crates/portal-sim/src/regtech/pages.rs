//! REGTECH's pages: CRLF, ten blank lines, then the document.

use std::fmt::Write;

/// The login form's fields, in order: five hidden, two that are typed.
pub(super) const FIELDS: [&str; 7] =
    ["login_error", "txId", "token", "memberId", "smsTimeExcess", "username", "password"];

/// The login page's size in bytes is at least this; the portal's has 66 to 77 KB.
const LOGIN_BYTES: usize = 69 << 10;

/// The pop-up of the second factor. It is in every page, logged in or not, so it proves nothing.
const SMS: &str = r#"<div id="smsPopup" class="layer_popup" style="display:none;">
    <h2>휴대전화 문자 인증</h2>
    <p>등록된 휴대전화로 발송된 인증번호 6자리를 입력해 주세요. 유효시간은 180초입니다.</p>
    <input type="text" id="smsKey" name="smsKey" maxlength="6" title="인증번호"/>
    <button type="button" onclick="smsKeySend();">인증번호 발송</button>
    <button type="button" onclick="smsKeyConfirm();">확인</button>
</div>
"#;

/// A page around a body.
pub(super) fn page(head: &str, body: &str) -> String {
    let page = format!(
        r#"<!DOCTYPE html>
<html lang="ko">
<head>
<meta charset="UTF-8"/>
<title>금융보안 레그테크 포털</title>
{head}</head>
<body>
<div id="wrap">
{body}
{SMS}</div>
</body>
</html>
"#
    );
    // Templates that only declare something leave their line ends behind.
    "\r\n".repeat(10) + &page.replace('\n', "\r\n")
}

/// What comes after a login, and whoever asks for it.
pub(super) fn main_page() -> String {
    page(
        "",
        "<h1>금융보안 레그테크 포털</h1>\n<p>공지사항이 없습니다.</p>\n<a href=\"/login/logout\">로그아웃</a>",
    )
}

/// The login page; with `changed`, after the portal was rebuilt.
pub(super) fn login_page(changed: bool) -> String {
    let mut form = String::from(
        "<form id=\"loginForm\" name=\"loginForm\" method=\"post\" action=\"/login/addLogin\">\n",
    );
    for (at, field) in FIELDS.iter().enumerate() {
        let (name, kind) = match (changed, *field) {
            (true, "txId") => ("loginToken", "hidden"),
            (true, "username") => ("userId", "text"),
            (_, "username") => ("username", "text"),
            (_, "password") => ("password", "password"),
            (_, field) => (field, "hidden"),
        };
        let value = if name == "smsTimeExcess" { "N" } else { "" };
        let _ = writeln!(form, "    <input type=\"{kind}\" id=\"f{at}\" name=\"{name}\" value=\"{value}\"/>");
    }
    form.push_str("    <button type=\"button\" onclick=\"fnLogin();\">로그인</button>\n</form>\n");
    let menu = menu(LOGIN_BYTES);
    page(SCRIPT, &format!("{menu}{form}"))
}

const SCRIPT: &str = r"<script>
function fnLogin() {
    $.ajax({ url: '/member/findOneMember', type: 'POST', data: { memberId: $('#f5').val(), memberPw: $('#f6').val() },
        success: function () { /* openCertPopup(); */ $('#loginForm').submit(); },
        error: function (xhr) { fnLoginError(JSON.parse(xhr.responseText)); } });
}
</script>
";

/// The menu that makes the page as long as the portal's.
fn menu(bytes: usize) -> String {
    const ITEMS: [&str; 6] =
        ["규제 동향 조회", "보안 권고문", "요주의 IP", "취약점 정보", "자율 점검 관리", "교육 자료실"];
    let mut menu = String::from("<ul class=\"gnb\">\n");
    let mut at = 0;
    while menu.len() < bytes {
        let _ = writeln!(menu, "    <li><a href=\"#menu{at}\" class=\"depth2\">{}</a></li>", ITEMS[at % 6]);
        at += 1;
    }
    menu.push_str("</ul>\n");
    menu
}
