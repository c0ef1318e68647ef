//! Why a run ended without taking anything: one table of causes, with what to do about each in both languages.
//!
//! The class of a cause says what may happen next without a person: the same try again later ([`Class::Retry`]), nothing
//! but a new look at the next scheduled time ([`Class::Content`], [`Class::Wait`]), or nothing at all until a person has
//! acted ([`Class::Person`]). Portals lock accounts, so whatever a portal says against a login is of the last class.

use std::fmt::{self, Display, Formatter};

use serde::{Deserialize, Serialize};

/// What may happen next without a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    /// The content never came; the same may succeed later. The run is `failed`.
    Retry,
    /// Something came that is not believed. The run is `refused`; the next one looks again.
    Content,
    /// Something is in the way that a new look at the next scheduled time does not make worse. The run is `failed`.
    Wait,
    /// Only a person can end it; no run starts by itself until then. The run is `failed`.
    Person,
}

/// What is known of a cause.
#[derive(Debug)]
pub struct TroubleInfo {
    /// The cause.
    pub trouble: Trouble,
    /// Its name in tables, JSON and manuals; never changes once published.
    pub id: &'static str,
    /// What may happen next.
    pub class: Class,
    /// What happened, in English.
    pub english: &'static str,
    /// What happened, in Korean.
    pub korean: &'static str,
    /// What to do, in English.
    pub english_hint: &'static str,
    /// What to do, in Korean.
    pub korean_hint: &'static str,
}

macro_rules! troubles {
    ($($(#[doc = $doc:literal])+ $variant:ident $id:literal $class:ident $en:literal $ko:literal $en_hint:literal $ko_hint:literal;)+) => {
        /// The cause of a run that took nothing.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum Trouble {
            $($(#[doc = $doc])+ $variant,)+
        }

        /// Every cause.
        pub const TROUBLES: &[TroubleInfo] = &[
            $(TroubleInfo {
                trouble: Trouble::$variant,
                id: $id,
                class: Class::$class,
                english: $en,
                korean: $ko,
                english_hint: $en_hint,
                korean_hint: $ko_hint,
            },)+
        ];

        impl Trouble {
            /// The cause's row of the table.
            pub fn info(self) -> &'static TroubleInfo {
                &TROUBLES[self as usize]
            }
        }
    };
}

troubles! {
    // --- the way there
    /// No connection: refused, no route, broken off before the answer began.
    Unreachable "unreachable" Retry
        "the server cannot be reached" "서버에 연결할 수 없음"
        "check address, firewall and proxy of this machine; it is tried again by itself"
        "주소와 이 서버의 방화벽·프록시를 확인하십시오. 자동으로 다시 시도합니다";
    /// The name has no address.
    NameUnknown "name_unknown" Retry
        "the server's name cannot be resolved" "서버 이름을 찾을 수 없음(DNS)"
        "check the name and the DNS servers of this machine"
        "서버 이름과 이 서버의 DNS 설정을 확인하십시오";
    /// The certificate is not trusted, or the handshake failed.
    Tls "tls" Retry
        "no trusted TLS connection" "신뢰할 수 있는 TLS 연결을 맺지 못함"
        "if a device in between opens TLS, or the server has a private certificate, name its authority by ca_file; verification cannot be switched off"
        "중간 장비가 TLS를 열어 보거나 사설 인증서를 쓰면 ca_file에 인증기관 인증서를 지정하십시오. 검증을 끌 수는 없습니다";
    /// No answer, or no further byte of it, in time.
    Timeout "timeout" Retry
        "the server did not answer in time" "서버가 제시간에 응답하지 않음"
        "it is tried again by itself; for a slow server raise timeout"
        "자동으로 다시 시도합니다. 서버가 느리면 timeout 값을 늘리십시오";
    /// The body ended before its length.
    BrokenOff "broken_off" Retry
        "the answer broke off" "응답이 중간에 끊김"
        "it is tried again by itself; nothing of the half answer was taken"
        "자동으로 다시 시도합니다. 끊긴 응답은 전혀 반영하지 않았습니다";
    /// 5xx.
    ServerError "server_error" Retry
        "the server answered with an error of its own" "서버가 오류로 응답함"
        "it is tried again by itself; if it stays so, ask who runs the server"
        "자동으로 다시 시도합니다. 계속되면 서버 운영 기관에 문의하십시오";
    /// 429.
    RateLimited "rate_limited" Retry
        "the server asks for fewer requests" "서버가 요청 횟수를 제한함"
        "it is tried again when the server allows; a longer schedule or min_interval keeps it from happening"
        "서버가 허용하는 때에 다시 시도합니다. schedule이나 min_interval을 늘리면 줄어듭니다";
    /// A page of HTML in the place of data.
    Maintenance "maintenance" Retry
        "a web page came in the place of the data" "데이터 대신 웹 페이지가 옴"
        "open the address in a browser: it is most often a maintenance page; it is tried again by itself"
        "브라우저로 열어 보십시오. 대개 점검 안내 페이지입니다. 자동으로 다시 시도합니다";
    /// The portal ended the session twice in one run.
    SessionLost "session_lost" Retry
        "the portal ended the session in the middle" "포털이 수집 도중 세션을 끊음"
        "someone else may be using the account; it is tried again by itself"
        "같은 계정을 다른 사람이 쓰고 있을 수 있습니다. 자동으로 다시 시도합니다";
    /// The program was told to stop.
    Interrupted "interrupted" Retry
        "stopped before the end" "끝나기 전에 중지됨"
        "nothing was changed; the next run takes it all"
        "바뀐 것은 없으며 다음 실행에서 모두 수집합니다";
    /// A person told the run to end.
    Cancelled "cancelled" Wait
        "a person cancelled the run" "사람이 수집을 중단함"
        "nothing was changed; the next run takes it all"
        "바뀐 것은 없으며 다음 실행에서 모두 수집합니다";
    /// A file or the store could not be written.
    Local "local" Retry
        "this machine could not keep the data" "이 서버에 데이터를 저장하지 못함"
        "check the disk and the database: blacklist db check"
        "디스크와 데이터베이스를 확인하십시오: blacklist db check";

    // --- what came
    /// 4xx other than those with a meaning of their own.
    HttpStatus "http_status" Content
        "the server refused the request" "서버가 요청을 거부함"
        "check the address and, if one is needed, the credential"
        "주소를 확인하고, 인증이 필요한 곳이면 자격 증명도 확인하십시오";
    /// A redirect that is not followed: too many, to plain HTTP, or into private space.
    Redirect "redirect" Content
        "a redirect that is not followed" "따라가지 않는 리다이렉트"
        "if the new address is right, set it as url"
        "새 주소가 맞다면 url에 직접 지정하십시오";
    /// More bytes than allowed.
    TooLarge "too_large" Content
        "the answer is larger than allowed" "응답이 허용된 크기보다 큼"
        "if it is right, raise max_bytes"
        "정상이라면 max_bytes를 늘리십시오";
    /// The parser refused the content whole.
    Unreadable "unreadable" Content
        "the content could not be read" "내용을 읽을 수 없음"
        "look at what the source sends; source test shows it without changing anything"
        "수집처가 보내는 내용을 확인하십시오. source test는 아무것도 바꾸지 않고 보여 줍니다";
    /// The table has other columns.
    HeaderChanged "header_changed" Content
        "the table has other columns than before" "표의 제목 줄이 바뀜"
        "the source has changed its table: compare the headers; a source of kind url or directory can be told the columns, for a portal the program has to be updated"
        "수집처가 표 형식을 바꾸었습니다. 제목 줄을 비교하십시오. url·directory 수집처는 columns로 열을 지정하고, 포털이면 프로그램을 갱신해야 합니다";
    /// A form or page has another shape.
    FormChanged "form_changed" Content
        "a page of the portal has another shape than before" "포털 화면의 구성이 바뀜"
        "nothing was sent; the program has to be updated to the new page"
        "아무것도 전송하지 않았습니다. 새 화면에 맞춰 프로그램을 갱신해야 합니다";
    /// The portal's count and the rows that came disagree.
    CountMismatch "count_mismatch" Content
        "the portal's own count and the rows that came disagree" "포털이 표시한 건수와 받은 행 수가 다름"
        "it is looked at again at the next run; if it stays so, compare in a browser"
        "다음 실행에서 다시 확인합니다. 계속되면 브라우저에서 비교하십시오";
    /// Rows outside of the dates that were asked for.
    WindowIgnored "window_ignored" Content
        "rows came from outside the dates asked for" "요청한 기간 밖의 행이 옴"
        "the portal has changed how it filters; compare in a browser"
        "포털의 기간 조회 방식이 바뀐 것입니다. 브라우저에서 비교하십시오";
    /// The portal refused the dates.
    WindowRefused "window_refused" Content
        "the portal refused the dates asked for" "포털이 요청한 기간을 거부함"
        "make window smaller"
        "window를 줄이십시오";
    /// Nothing where there was something.
    ZeroRows "zero_rows" Content
        "not one row, where there were some before" "이전에는 있던 행이 하나도 없음"
        "compare in a browser; the list that is there stays"
        "브라우저에서 비교하십시오. 기존 목록은 그대로 유지됩니다";
    /// Nothing new for longer than the source ever pauses.
    Stale "stale" Content
        "the newest row is older than expected" "가장 최근 등록일이 예상보다 오래됨"
        "check in a browser whether the portal has newer rows; if the pause is right, raise newest_within"
        "포털에 더 최근 행이 있는지 확인하십시오. 정상적인 공백이면 newest_within을 늘리십시오";
    /// A full list that lost more than it may, or holds nothing that can be listed.
    NotCredible "not_credible" Content
        "the content is not credible" "내용을 신뢰할 수 없음"
        "compare with the source; min_share sets how much a full list may lose"
        "수집처와 비교하십시오. 전체 목록이 얼마나 줄어도 되는지는 min_share로 정합니다";
    /// A setting is missing or contradicts another.
    Settings "settings" Content
        "the settings of the source are incomplete" "수집처 설정이 완전하지 않음"
        "see source show, and source settings for what each means"
        "source show로 확인하십시오. 각 설정의 뜻은 source settings에 있습니다";

    /// What a person pasted is no session, or none any more.
    SessionNotTaken "session_not_taken" Content
        "the pasted session was not taken" "붙여 넣은 세션 값을 쓸 수 없음"
        "log in with a browser just before, and copy the value of the cookie regtech-va (REGTECH) or of X-Auth-Token (SECUDIUM)"
        "브라우저로 방금 로그인한 뒤 쿠키 regtech-va(REGTECH) 또는 X-Auth-Token(SECUDIUM)의 값을 복사하십시오";

    // --- what only a person can end
    /// No credential is kept.
    CredentialMissing "credential_missing" Wait
        "there is no credential for this source" "이 수집처의 자격 증명이 없음"
        "set one: blacklist credential set NAME"
        "등록하십시오: blacklist credential set NAME";
    /// The key that opens the credentials is missing or another.
    VaultLocked "vault_locked" Wait
        "the credential cannot be opened with this key" "이 키로는 자격 증명을 열 수 없음"
        "bring back the key it was sealed with, then: blacklist credential verify NAME; or set the credential again"
        "암호화에 쓴 키를 되돌려 놓은 뒤 실행하십시오: blacklist credential verify NAME. 키가 없으면 자격 증명을 다시 등록하십시오";
    /// Wrong id or password.
    CredentialRejected "credential_rejected" Person
        "the id or password was rejected" "아이디 또는 비밀번호가 거부됨"
        "set the right one: blacklist credential set NAME; until then nothing is sent again, so that the account is not locked"
        "올바른 값으로 다시 등록하십시오: blacklist credential set NAME. 계정이 잠기지 않도록 그때까지 다시 보내지 않습니다";
    /// A login was sent and no answer came.
    LoginUnknown "login_unknown" Person
        "a login was sent and its answer never came" "로그인을 보냈으나 응답을 받지 못함"
        "check the portal in a browser, then: blacklist credential verify NAME"
        "브라우저에서 포털을 확인한 뒤 실행하십시오: blacklist credential verify NAME";
    /// The portal asks for a second factor.
    OtpNeeded "otp_needed" Person
        "the portal asks for a one-time code" "포털이 추가 인증 번호를 요구함"
        "type it in: blacklist credential otp NAME; or paste a browser's session: blacklist credential session NAME"
        "인증 번호를 입력하십시오: blacklist credential otp NAME. 또는 브라우저의 세션 값을 붙여 넣으십시오: blacklist credential session NAME";
    /// The account is locked for some time.
    Locked "locked" Person
        "the portal has locked the account for some time" "포털이 계정을 일시적으로 잠금"
        "find out who typed wrong passwords; after the lock: blacklist credential verify NAME"
        "누가 비밀번호를 잘못 입력했는지 확인하고, 잠금이 풀린 뒤 실행하십시오: blacklist credential verify NAME";
    /// Locked until the person proves who they are.
    IdentityCheck "identity_check" Person
        "the account is locked until its owner proves their identity by phone" "휴대전화 본인 확인 전까지 계정이 잠김"
        "log in with a browser and pass the check, then: blacklist credential verify NAME"
        "브라우저로 로그인하여 본인 확인을 마친 뒤 실행하십시오: blacklist credential verify NAME";
    /// The account was not used for long.
    Dormant "dormant" Person
        "the portal has put the account to rest" "포털이 계정을 휴면으로 전환함"
        "log in with a browser and wake it, then: blacklist credential verify NAME"
        "브라우저로 로그인하여 휴면을 해제한 뒤 실행하십시오: blacklist credential verify NAME";
    /// Terms have to be agreed to.
    ConsentNeeded "consent_needed" Person
        "the portal asks for a further consent" "포털이 추가 동의를 요구함"
        "log in with a browser and decide, then: blacklist credential verify NAME"
        "브라우저로 로그인하여 동의 여부를 정한 뒤 실행하십시오: blacklist credential verify NAME";
    /// The e-mail address is not confirmed.
    EmailUnconfirmed "email_unconfirmed" Person
        "the e-mail address of the account is not confirmed" "계정의 이메일 인증이 끝나지 않음"
        "confirm it by the portal's e-mail, then: blacklist credential verify NAME"
        "포털이 보낸 메일로 인증한 뒤 실행하십시오: blacklist credential verify NAME";
    /// Something else the portal says to a login.
    PortalMessage "portal_message" Person
        "the portal refused the login with a message" "포털이 안내 문구와 함께 로그인을 거부함"
        "do what the message says, then: blacklist credential verify NAME"
        "안내대로 조치한 뒤 실행하십시오: blacklist credential verify NAME";
    /// Somebody is logged in with the one session the account has.
    AlreadyLoggedIn "already_logged_in" Wait
        "somebody is logged in with this account, and it has one session only" "같은 계정으로 이미 로그인한 사람이 있음(계정당 세션 하나)"
        "it is tried again at the next scheduled time; take_over=yes would end their session each time"
        "다음 예약 시각에 다시 시도합니다. take_over=yes로 두면 매번 그 사람의 세션을 끊습니다";
}

impl Trouble {
    /// Its name in tables, JSON and manuals.
    pub fn id(self) -> &'static str {
        self.info().id
    }

    /// The cause of this name.
    pub fn from_id(id: &str) -> Option<Self> {
        TROUBLES.iter().find(|info| info.id == id).map(|info| info.trouble)
    }

    /// What may happen next.
    pub fn class(self) -> Class {
        self.info().class
    }

    /// Only a person can end it.
    pub fn needs_person(self) -> bool {
        self.class() == Class::Person
    }
}

impl Display for Trouble {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.pad(self.info().english)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_follows_the_causes_and_speaks_both_languages() {
        let korean = |text: &str| text.chars().any(|c| ('가'..='힣').contains(&c));
        for (at, info) in TROUBLES.iter().enumerate() {
            assert_eq!(info.trouble as usize, at);
            assert_eq!(serde_json::to_value(info.trouble).unwrap(), info.id);
            assert!(korean(info.korean) && korean(info.korean_hint), "{}", info.id);
            assert!(info.english.is_ascii() && info.english_hint.is_ascii(), "{}", info.id);
        }
    }
}
