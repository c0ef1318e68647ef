//! Why something was refused, in words: one line a reason, by its name and never by the text of the problem.
//!
//! A problem without a name is shown with its own text, which is English; [`of`] says so, and the page marks it.

use collect::source::SETTINGS;
use store::CredentialKind;

use super::{Allow, Login, account, allow, login, words};
use crate::api::problem::Problem;
use crate::api::reason::Reason;
use crate::auth::Weak;
use crate::pages::view::{Language, View};

words! {
    /// A sentence a reason; `{}` is what was asked, or a limit.
    pub(super) Refusals {
        source_exists: "'{}' 수집처가 이미 있습니다. 다른 이름을 쓰세요.", "There is a source '{}' already. Take another name.";
        no_source: "'{}' 수집처가 없습니다. 그 사이 삭제되었을 수 있습니다.", "There is no source '{}'. It may have been removed meanwhile.";
        source_name: "수집처 이름은 소문자, 숫자와 . _ - 로 63자까지이고, 소문자나 숫자로 시작합니다.", "A source's name is small letters, digits and . _ -, at most 63, a letter or digit first.";
        name_by_hand: "'manual'은 직접 차단한 등재에 쓰는 이름입니다. 다른 이름을 쓰세요.", "The name 'manual' belongs to what people block by hand. Take another one.";
        name_of_page: "'{}' 이름은 화면 주소로 쓰고 있습니다. 다른 이름을 쓰세요.", "The name '{}' is that of a page. Take another one.";
        unknown_kind: "그런 종류의 수집처나 공개 목록이 없습니다.", "There is no such kind of source, and no such public list.";
        settings_unreadable: "저장된 설정을 읽을 수 없습니다. 설정을 고친 뒤 다시 시도하세요.", "The settings that are kept cannot be read. Mend them, then try again.";
        run_under_way: "'{}' 수집이 진행 중입니다. 끝난 뒤 다시 시도하세요.", "A run of '{}' is under way. Try again when it has ended.";
        nothing_runs: "이 서버에서 진행 중인 '{}' 수집이 없습니다. 명령으로 시작한 수집은 그 창에서 Ctrl-C로 멈춥니다.", "No run of '{}' is under way here. One that a command started is ended by Ctrl-C there.";
        run_is_kept: "'{}' 수집은 읽기를 마치고 저장하는 중이라 중단할 수 없습니다. 곧 끝납니다.", "The run of '{}' has read everything and is being kept, so it cannot be cancelled. It ends in a moment.";
        upload_gone: "올린 파일이 남아 있지 않습니다. 10분이 지났거나 이미 가져왔거나 다른 파일을 올렸습니다. 파일을 다시 고르세요.", "The file does not wait any more: ten minutes are over, it was imported, or another was sent. Choose it again.";
        uploads_full: "확인을 기다리는 파일이 너무 많습니다. 잠시 뒤 다시 올리세요.", "Too many files wait to be decided on. Try again in a few minutes.";
        nothing_to_fetch: "이 종류의 수집처는 직접 가져오지 않습니다. 파일로 가져오거나 직접 차단하세요.", "Nothing is fetched for this kind of source. Import a file, or block by hand.";
        nothing_collects: "이 프로세스는 수집을 하지 않습니다. 수집하는 서버에서 하세요.", "This process collects nothing. Do it at the server that collects.";
        days: "그 날짜로는 수집할 수 없습니다. 시작일은 종료일보다 늦을 수 없고, 종료일은 오늘까지입니다.", "These days cannot be fetched: the first is not after the last, and the last is not after today.";
        no_days: "날짜는 포털 수집처에만 지정할 수 있습니다.", "Only portals are asked for days.";
        stopping: "프로그램이 종료하는 중입니다. 다시 시작한 뒤 시도하세요.", "The program is stopping. Try again when it has started.";
        no_credential: "저장된 자격 증명이 없습니다.", "There is no credential.";
        takes_no_credential: "이 수집처는 자격 증명을 받지 않습니다. URL 수집처라면 auth 설정을 먼저 정하세요.", "This source takes no credential. For a URL, set 'auth' first.";
        takes_login: "이 수집처는 사용자 이름과 비밀번호를 받습니다. 둘 다 입력하세요.", "This source takes a user name and a password. Give both.";
        takes_token: "이 수집처는 토큰 하나를 받습니다. 사용자 이름은 비워 두세요.", "This source takes one token. Leave the user name empty.";
        rejected_before: "포털이 거절한 것과 같은 자격 증명이라 다시 보내지 않습니다. 비밀번호를 확인해 새로 입력하세요.", "The portal refused this very credential, so it is not sent again. Check the password and type it anew.";
        no_portal: "일회용 코드와 세션은 포털 수집처에만 씁니다.", "Only portals have codes and sessions.";
        no_code: "받은 코드를 입력하세요.", "Type the code that came.";
        username: "사용자 이름이 비었거나 쓸 수 없는 글자가 있습니다.", "The user name is empty, too long or holds a control character.";
        secret: "비밀번호나 토큰이 비었거나 줄바꿈 같은 글자가 있습니다.", "The password or token is empty, too long or holds a control character such as a line end.";
        last_day: "만료일은 2026-12-31처럼 적습니다.", "Write the last day as 2026-12-31.";
        consumer_exists: "'{}' 장비가 이미 있습니다. 다른 이름을 쓰세요.", "There is a device '{}' already. Take another name.";
        no_consumer: "그런 장비가 없습니다. 그 사이 삭제되었을 수 있습니다.", "There is no such device. It may have been removed meanwhile.";
        address_taken: "{}: 이미 '{}' 장비의 신뢰 주소입니다.", "{} is a trusted address of '{}' already.";
        address_twice: "{}: 같은 주소가 두 번 있습니다.", "{} is given twice.";
        address_too_wide: "{}: 장비 주소로는 너무 넓습니다. /{}까지 쓸 수 있습니다.", "{} is too wide for the address of a device: at most /{}.";
        old_days: "이전 비밀값을 더 쓰는 기간은 0~366일입니다.", "The old secret can be good for 0 to 366 days more.";
        which_secret: "어느 비밀값을 취소할지 고르세요.", "Say which secrets: the old one or all.";
        feed_exists: "'{}' 피드가 이미 있습니다. 다른 이름을 쓰세요.", "There is a feed '{}' already. Take another name.";
        no_feed: "그런 피드가 없습니다. 그 사이 삭제되었을 수 있습니다.", "There is no such feed. It may have been removed meanwhile.";
        feed_is_read: "이 피드를 받는 장비가 있습니다({}). 먼저 다른 피드로 바꾸세요.", "Devices read this feed ({}). Set another feed for them first.";
        default_feed: "default 피드는 삭제할 수 없습니다. 내용은 바꿀 수 있습니다.", "The feed 'default' is always there; what it shows can be changed.";
        settings: "설정값의 모양이 맞지 않습니다.", "The settings are not understood.";
        too_many: "{}개까지만 둘 수 있습니다. 쓰지 않는 것을 먼저 정리하세요.", "There can be {} at most. Remove what is not used first.";
        no_allow: "그런 허용 항목이 없습니다. 그 사이 없앴을 수 있습니다.", "There is no such allow entry. It may have been removed meanwhile.";
        own_exists: "{}: 이미 자사 대역으로 등록되어 있습니다.", "{} is an own network already.";
        no_own: "{}: 자사 대역 목록에 없습니다.", "{} is no own network.";
        no_known_good: "그런 정상 목록이 없습니다.", "There is no such known-good list.";
        known_good_name: "목록 이름은 소문자, 숫자와 . _ - 로 63자까지입니다.", "The name of a list is small letters, digits and . _ -, at most 63.";
        objections: "막을 수 없는 주소가 있어 아무것도 바꾸지 않았습니다.", "Something stands against an address, and nothing was changed.";
        too_long: "한 번에 {}건까지 처리합니다. 더 많으면 파일로 가져오세요.", "At most {} at once. Import a file with more.";
        end_of_listing: "종료 시각은 목록에서 고르거나 2026-12-31처럼 적습니다.", "The end is one of the spans, or a day as 2026-12-31.";
        no_publication: "그런 게시본이 없거나 보관 기간이 지났습니다.", "There is no such publication, or it is not kept any more.";
        nothing_left: "그 게시본에는 지금 게시할 수 있는 것이 없습니다. 모두 끝났거나 보호 대상입니다.", "Nothing of that publication is left: all of it has ended or is protected by now.";
        not_pinned: "되돌려 고정한 게시본이 없습니다. 이미 게시가 이어지고 있습니다.", "No publication is held by a rollback; the list goes on already.";
        pinned: "되돌린 게시본에 고정되어 있습니다. 고정을 먼저 푸세요.", "A publication that was brought back is held. Let the list go on first.";
        undecided: "보류된 게시 후보가 결정을 기다립니다. 먼저 승인하거나 거절하세요.", "A held candidate waits for an answer. Approve or reject it first.";
        needs_second: "두 사람의 승인이 필요해 혼자서는 강제할 수 없습니다.", "Two people must agree, so nobody can force it alone.";
        no_held: "그런 게시 후보가 없습니다.", "There is no such candidate.";
        held_is_over: "이미 결정된 게시 후보입니다. 목록에서 지금 상태를 확인하세요.", "This candidate was decided on already. See how it stands now.";
        candidate_changed: "그 사이 게시 후보가 바뀌었습니다. 다시 확인한 뒤 결정하세요.", "The candidate has changed meanwhile. Look at it again, then decide.";
        no_user: "그런 계정이 없습니다. 그 사이 삭제되었을 수 있습니다.", "There is no such account. It may have been removed meanwhile.";
        user_exists: "이미 썼거나 쓰고 있는 이름입니다. 한 번 쓴 이름은 다시 쓰지 않습니다.", "There is, or was, an account of that name: a name is never given twice.";
        user_name: "계정 이름은 소문자, 숫자와 . _ - 로 63자까지이고, 소문자나 숫자로 시작합니다.", "A name is small letters, digits and . _ -, at most 63, a letter or digit first.";
        user_closed: "닫힌 계정입니다. 먼저 다시 여세요.", "The account is closed. Open it first.";
        last_admin: "열려 있는 마지막 관리자 계정입니다. 다른 관리자를 먼저 만드세요.", "This is the last open admin. Make another one first.";
        totp_not_pending: "확인을 기다리는 일회용 코드 설정이 없습니다. 처음부터 다시 설정하세요.", "No secret for one-time codes waits for its first code. Draw one first.";
        totp_is_set: "일회용 코드를 이미 쓰고 있습니다. 바꾸려면 먼저 끄세요.", "One-time codes are set up already. Take them away first.";
        no_totp: "이 계정은 일회용 코드를 쓰지 않습니다.", "This account uses no one-time codes.";
        no_token: "그런 토큰이 없거나 이미 폐기했습니다.", "There is no such token, or it was revoked already.";
        token_exists: "같은 이름의 토큰이 있습니다. 먼저 폐기하거나 다른 이름을 쓰세요.", "There is a token of that name. Revoke it first, or take another name.";
        token_name: "토큰 이름은 1~63자이고, 앞뒤에 빈칸을 둘 수 없습니다.", "The name of a token is 1 to 63 characters, no space at an end.";
        token_end: "토큰의 만료 시각이 이미 지났습니다.", "The end of the token has passed already.";
        role_above: "토큰의 권한은 소유자의 권한({})까지입니다.", "A token may do no more than its owner: {}.";
        no_session: "그런 세션이 없거나 이미 끝났습니다.", "There is no such session, or it has ended already.";
        no_address: "IP 주소가 아닙니다.", "That is no address.";
        sign_in: "로그인하세요.", "Sign in.";
        session_over: "세션이 끝났습니다. 다시 로그인하세요.", "The session has ended. Sign in again.";
        not_encrypted: "암호화되지 않은 연결에서는 로그인할 수 없습니다. https://로 접속하세요.", "Nobody signs in over a connection that is not encrypted. Use https://.";
        type_again: "비밀번호를 확인한 지 오래되었습니다. 비밀번호를 다시 입력하세요.", "The password was typed too long ago. Type it again.";
        crowded: "로그인 시도가 몰려 있습니다. 몇 초 뒤 다시 시도하세요.", "Too many people try to sign in. Try again in a few seconds.";
        role: "{} 권한이 필요합니다.", "This needs the role {}.";
        note: "메모는 한 줄, {}자까지 적습니다.", "A note is one line of at most {} characters.";
        note_needed: "사유를 적으세요.", "Say why in the note.";
        form_token: "지금 세션에서 연 화면이 아닙니다. 화면을 새로 열고 다시 보내세요.", "The form is not from a page of this session. Open the page again and send it anew.";
        form: "입력 항목이 빠졌거나 쓸 수 없는 값이 있습니다. 화면을 새로 열고 다시 보내세요.", "A field of the form is missing, or holds what it cannot. Open the page again and send it anew.";
        too_large: "보낸 내용이 너무 큽니다. {}까지 받습니다.", "That is too much: at most {}.";
        other_site: "다른 사이트에서 온 요청이라 받지 않았습니다. 이 서버의 화면에서 다시 보내세요.", "This came from another site. Send it from a page of this server.";
        too_many_requests: "요청이 너무 잦습니다. 잠시 뒤 다시 시도하세요.", "Too many requests come from this address. Wait a moment.";
        store: "저장소가 지금 응답하지 않습니다. 잠시 뒤 다시 시도하세요.", "The store cannot answer now. Try again in a moment.";
        no_path: "API 경로는 모두 /api/v1/openapi.json에 있습니다.", "All paths of the API stand in /api/v1/openapi.json.";
        nobody: "주소로 바로 여는 화면이 아닙니다. 해당 화면의 단추를 쓰세요.", "This address is not opened by itself. Use the button on its page.";
        own_account: "로그인한 사람이 자기 계정에만 할 수 있습니다.", "Only somebody who signed in does this, for their own account.";
        host: "이 서버가 모르는 이름으로 접속했습니다. 주소창에 IP를 쓰거나 설정 server.names에 이름을 추가하세요.", "The server is not known by that name. Use its IP, or add the name to server.names.";
        no_run: "그런 수집 실행 기록이 없습니다.", "There is no such run.";
        no_make: "그런 장비 종류가 없습니다.", "There is no such make of device.";
        nothing_yet: "아직 게시된 것이 없습니다. 첫 수집이 끝나면 게시됩니다.", "Nothing is published yet. The first run that takes something in publishes it.";
        no_key: "이 프로세스에는 비밀값을 여는 키가 없습니다.", "This process has no key for secrets.";
        fault: "서버에서 처리하지 못했습니다. 원인은 로그에 오류 번호와 함께 있습니다.", "This failed in the server. The log has the cause under the error id.";
        setting: "'{}' 설정에 쓸 수 없는 값입니다.", "The setting '{}' has a value that it cannot have.";
        source_setting: "'{}' 설정이 비었거나 쓸 수 없는 값입니다: {}", "The setting '{}' is empty, or has a value that it cannot have: {}";
        source_setting_unknown: "'{}' 설정은 이 종류의 수집처에 없습니다.", "This kind of source has no setting '{}'.";
    }
}

/// A refusal as a page says it.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Refused {
    /// What stands against it.
    pub(crate) says: String,
    /// What to do about it, where that is not in the sentence.
    pub(crate) todo: &'static str,
    /// Whether it is in the language of the page.
    pub(crate) is_said: bool,
}

/// A problem in words.
pub(crate) fn of(view: View, problem: &Problem) -> Refused {
    let said = |says| Refused { says, todo: "", is_said: true };
    match problem.reason() {
        None => Refused { is_said: view.language == Language::English, ..said(problem.detail().to_owned()) },
        Some(Reason::Trouble(trouble)) => {
            let info = trouble.info();
            let todo = view.pick(info.korean_hint, info.english_hint);
            Refused { todo, ..said(view.pick(info.korean, info.english).to_owned()) }
        }
        // Which value would do, and what failed, is in the problem's own words alone.
        Some(Reason::SourceSetting(_) | Reason::Setting(_) | Reason::Fault)
            if view.language == Language::English =>
        {
            said(problem.detail().to_owned())
        }
        Some(reason) => said(sentence(view, reason)),
    }
}

fn sentence(view: View, reason: &Reason) -> String {
    let w = Refusals::of(view.language);
    let count = |number: &usize| view.number(*number as u64);
    match reason {
        Reason::Trouble(trouble) => view.pick(trouble.info().korean, trouble.info().english).into(),
        Reason::Weak(weak) => password(view, *weak),
        Reason::Allow(one) => format!("{}: {}", one.prefix, allow::refused(view, &one.cause).1),
        Reason::SourceSetting(name) => source_setting(view, name),
        Reason::Setting(key) => fill(w.setting, &[key]),
        Reason::OtherCredential(CredentialKind::Login) => w.takes_login.into(),
        Reason::OtherCredential(CredentialKind::Token) => w.takes_token.into(),
        Reason::OwnTooWide(prefix) => format!("{prefix}: {}", Allow::of(view.language).too_wide),
        Reason::Locked(until) => login::locked(view, *until),
        Reason::SourceExists(name) => fill(w.source_exists, &[name]),
        Reason::NoSource(name) => fill(w.no_source, &[name]),
        Reason::RunUnderWay(name) => fill(w.run_under_way, &[name]),
        Reason::NameOfPage(name) => fill(w.name_of_page, &[name]),
        Reason::NothingRuns(name) => fill(w.nothing_runs, &[name]),
        Reason::RunIsKept(name) => fill(w.run_is_kept, &[name]),
        Reason::ConsumerExists(name) => fill(w.consumer_exists, &[name]),
        Reason::AddressTaken((prefix, whose)) => fill(w.address_taken, &[&prefix.to_string(), whose]),
        Reason::AddressTwice(prefix) => fill(w.address_twice, &[&prefix.to_string()]),
        Reason::AddressTooWide((prefix, widest)) => {
            fill(w.address_too_wide, &[&prefix.to_string(), &widest.to_string()])
        }
        Reason::FeedExists(name) => fill(w.feed_exists, &[name]),
        Reason::FeedIsRead(readers) => fill(w.feed_is_read, &[readers]),
        Reason::TooMany(most) => fill(w.too_many, &[&count(most)]),
        Reason::OwnExists(prefix) => fill(w.own_exists, &[&prefix.to_string()]),
        Reason::NoOwn(prefix) => fill(w.no_own, &[&prefix.to_string()]),
        Reason::TooLong(most) => fill(w.too_long, &[&count(most)]),
        Reason::RoleAbove(most) => fill(w.role_above, &[account::role(view, *most)]),
        Reason::Role(role) => fill(w.role, &[account::role(view, *role)]),
        Reason::Note(most) => fill(w.note, &[&count(most)]),
        Reason::TooLarge(most) => fill(w.too_large, &[&view.bytes(*most as u64)]),
        Reason::SourceName => w.source_name.into(),
        Reason::NameByHand => w.name_by_hand.into(),
        Reason::UnknownKind => w.unknown_kind.into(),
        Reason::SettingsUnreadable => w.settings_unreadable.into(),
        Reason::UploadGone => w.upload_gone.into(),
        Reason::UploadsFull => w.uploads_full.into(),
        Reason::NothingToFetch => w.nothing_to_fetch.into(),
        Reason::NothingCollects => w.nothing_collects.into(),
        Reason::Days => w.days.into(),
        Reason::NoDays => w.no_days.into(),
        Reason::Stopping => w.stopping.into(),
        Reason::NoCredential => w.no_credential.into(),
        Reason::TakesNoCredential => w.takes_no_credential.into(),
        Reason::RejectedBefore => w.rejected_before.into(),
        Reason::NoPortal => w.no_portal.into(),
        Reason::NoCode => w.no_code.into(),
        Reason::Username => w.username.into(),
        Reason::Secret => w.secret.into(),
        Reason::LastDay => w.last_day.into(),
        Reason::NoConsumer => w.no_consumer.into(),
        Reason::OldDays => w.old_days.into(),
        Reason::WhichSecret => w.which_secret.into(),
        Reason::NoFeed => w.no_feed.into(),
        Reason::DefaultFeed => w.default_feed.into(),
        Reason::Settings => w.settings.into(),
        Reason::NoAllow => w.no_allow.into(),
        Reason::NoKnownGood => w.no_known_good.into(),
        Reason::KnownGoodName => w.known_good_name.into(),
        Reason::Objections => w.objections.into(),
        Reason::EndOfListing => w.end_of_listing.into(),
        Reason::NoPublication => w.no_publication.into(),
        Reason::NothingLeft => w.nothing_left.into(),
        Reason::NotPinned => w.not_pinned.into(),
        Reason::Pinned => w.pinned.into(),
        Reason::Undecided => w.undecided.into(),
        Reason::NeedsSecond => w.needs_second.into(),
        Reason::NoHeld => w.no_held.into(),
        Reason::HeldIsOver => w.held_is_over.into(),
        Reason::CandidateChanged => w.candidate_changed.into(),
        Reason::NoUser => w.no_user.into(),
        Reason::UserExists => w.user_exists.into(),
        Reason::UserName => w.user_name.into(),
        Reason::UserClosed => w.user_closed.into(),
        Reason::LastAdmin => w.last_admin.into(),
        Reason::TotpNotPending => w.totp_not_pending.into(),
        Reason::TotpIsSet => w.totp_is_set.into(),
        Reason::NoTotp => w.no_totp.into(),
        Reason::NoToken => w.no_token.into(),
        Reason::TokenExists => w.token_exists.into(),
        Reason::TokenName => w.token_name.into(),
        Reason::TokenEnd => w.token_end.into(),
        Reason::NoSession => w.no_session.into(),
        Reason::NoAddress => w.no_address.into(),
        Reason::SignIn => w.sign_in.into(),
        Reason::SessionOver => w.session_over.into(),
        Reason::NotEncrypted => w.not_encrypted.into(),
        Reason::TypeAgain => w.type_again.into(),
        Reason::Crowded => w.crowded.into(),
        Reason::NoteNeeded => w.note_needed.into(),
        Reason::FormToken => w.form_token.into(),
        Reason::Form => w.form.into(),
        Reason::OtherSite => w.other_site.into(),
        Reason::TooManyRequests => w.too_many_requests.into(),
        Reason::Store => w.store.into(),
        Reason::NoPath => w.no_path.into(),
        Reason::Nobody => w.nobody.into(),
        Reason::OwnAccount => w.own_account.into(),
        Reason::Host => w.host.into(),
        Reason::NoRun => w.no_run.into(),
        Reason::NoMake => w.no_make.into(),
        Reason::NothingYet => w.nothing_yet.into(),
        Reason::NoKey => w.no_key.into(),
        Reason::Fault => w.fault.into(),
    }
}

/// Why a password is not taken.
fn password(view: View, weak: Weak) -> String {
    let words = Login::of(view.language);
    match weak {
        Weak::Short(least) => login::at_least(view, least),
        Weak::Long => login::too_long(view).to_owned(),
        Weak::Common => words.common.to_owned(),
        Weak::Name => words.has_name.to_owned(),
        Weak::Used => words.used.to_owned(),
    }
}

/// A setting of a source with what it means.
fn source_setting(view: View, name: &str) -> String {
    let w = Refusals::of(view.language);
    match SETTINGS.iter().find(|setting| setting.name == name) {
        Some(known) => fill(w.source_setting, &[name, view.pick(known.korean, known.english)]),
        None => fill(w.source_setting_unknown, &[name]),
    }
}

/// A sentence with its gaps filled, in order; what fills one is never looked at for another.
fn fill(sentence: &str, values: &[&str]) -> String {
    let mut values = values.iter();
    let mut parts = sentence.split("{}");
    let mut filled = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        filled.push_str(values.next().copied().unwrap_or_default());
        filled.push_str(part);
    }
    filled
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use blocklist::Time;
    use collect::TROUBLES;

    use super::*;
    use crate::pages::Zone;

    fn view(language: Language) -> View {
        View { language, zone: Zone::Kst, now: Time::from_unix(0) }
    }

    #[test]
    fn no_two_reasons_share_an_id() {
        let troubles = TROUBLES.iter().map(|info| info.id);
        let all: Vec<&str> = Reason::TABLE.iter().copied().chain(troubles).collect();
        let different: BTreeSet<&str> = all.iter().copied().collect();
        assert_eq!(different.len(), all.len(), "{all:?}");
    }

    #[test]
    fn both_languages_say_what_was_asked() {
        for [_, korean, english] in Refusals::all() {
            assert_eq!(korean.matches("{}").count(), english.matches("{}").count(), "{korean} / {english}");
        }
    }

    #[test]
    fn a_gap_is_filled_with_what_was_asked_whatever_that_holds() {
        let reason = Reason::AddressTaken(("9.0.0.0/24".parse().unwrap(), "{}<b>".into()));
        assert_eq!(
            sentence(view(Language::English), &reason),
            "9.0.0.0/24 is a trusted address of '{}<b>' already."
        );
    }

    #[test]
    fn what_has_no_name_is_said_in_its_own_words_and_marked_where_they_are_foreign() {
        let problem = Problem::conflict("this and that");
        assert!(!of(view(Language::Korean), &problem).is_said);
        assert_eq!(
            of(view(Language::English), &problem),
            Refused { says: "this and that".into(), todo: "", is_said: true }
        );
        let problem = problem.because(Reason::SourceSetting("url".into()));
        let korean = of(view(Language::Korean), &problem);
        assert!(korean.is_said && korean.says.starts_with("'url' 설정이"), "{korean:?}");
        assert_eq!(of(view(Language::English), &problem).says, "this and that");
    }
}
