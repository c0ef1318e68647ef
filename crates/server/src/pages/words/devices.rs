//! Who reads what.

use blocklist::Time;
use store::{ConsumerRow, PullRow};

use super::{plural, words};
use crate::figures::{DeviceStanding, standing};
use crate::pages::Level;
use crate::pages::show::thousands;
use crate::pages::view::View;

words! {
    /// What the pages of feeds and devices say.
    pub(crate) Devices {
        devices: "장비", "Devices";
        feeds: "피드", "Feeds";
        add: "장비 추가", "Add a device";
        add_feed: "피드 추가", "Add a feed";
        search: "이름, 제품, 피드, 주소, 메모", "Name, make, feed, address, note";
        empty: "등록한 장비가 없습니다.", "There is no device yet.";
        empty_hint: "장비를 추가하면 그 제품에 그대로 붙여 넣을 설정을 만들어 줍니다.", "Add one, and the configuration to paste into it is made for you.";
        none_found: "조건에 맞는 장비가 없습니다.", "No device fits.";
        device: "장비", "Device";
        make: "제품", "Make";
        model: "모델", "Model";
        feed: "피드", "Feed";
        any_feed: "모든 피드", "any feed";
        state: "상태", "State";
        holds: "게시본", "Holds";
        behind: "뒤처짐", "Behind";
        last: "마지막 수신", "Last pull";
        from: "주소", "From";
        agent: "클라이언트", "Client";
        cap: "최대 항목 수", "Cap";
        cut: "잘린 항목", "Cut";
        note: "메모", "Note";
        format: "형식", "Format";
        holdings: "받아 간 목록", "What it holds";
        no_holdings: "아직 받아 간 적이 없습니다. 아래 설정을 장비에 넣었는지, 수신 기록에 401이 있는지 보십시오.", "It has read nothing yet. See whether the configuration below is in the device, and whether its pulls show 401.";
        pulls: "최근 수신 20건", "Last twenty pulls";
        no_pulls: "수신 기록이 없습니다.", "No pulls.";
        time: "시각", "Time";
        answer: "응답", "Answer";
        size: "크기", "Size";
        settings: "설정", "Settings";
        added: "등록", "Added";
        changed_at: "변경", "Changed";
        addresses: "주소", "Addresses";
        addresses_hint: "장비가 읽으러 오는 주소. 한 줄에 하나씩. 이 주소는 차단 목록에 오르지 않습니다.", "Where it reads from, one a line. These never get onto the block list.";
        trusted: "신뢰하는 주소", "Trusted addresses";
        trusted_hint: "여기서 오면 비밀키를 묻지 않습니다. 아무것도 보낼 수 없는 장비에만, 내부망에서만 쓰십시오.", "Whoever comes from here is asked for no secret: for devices that can send nothing, and inside only.";
        is_trusted: "비밀키 없이 허용", "trusted without a secret";
        needs_secret: "비밀키 필요", "needs a secret";
        no_addresses: "정한 주소가 없습니다.", "No address is named.";
        save_addresses: "주소 저장", "Save addresses";
        secrets: "비밀키", "Secrets";
        no_secrets: "비밀키가 없습니다.", "There is no secret.";
        made_at: "만든 때", "Made";
        valid_until: "유효 기한", "Valid until";
        newest: "교체 전까지", "until it is changed";
        rotate: "새 비밀키 만들기", "Make a new secret";
        overlap: "이전 비밀키를 남겨 둘 날수", "Days that the old secret stays valid";
        overlap_hint: "그동안 장비의 설정을 바꾸십시오. 0이면 바로 끊깁니다.", "Time to change the device. With 0 the old one is refused at once.";
        revoke_old: "이전 비밀키 폐기", "Revoke old secrets";
        revoke_all: "비밀키 모두 폐기", "Revoke all secrets";
        revoke_old_says: "새 비밀키로 바뀐 이전 비밀키를 바로 폐기합니다. 아직 옛 값을 쓰는 장비는 401을 받습니다.", "Secrets that were followed by a newer one are refused at once: a device that still sends one gets 401.";
        revoke_all_says: "이 장비의 비밀키를 모두 폐기합니다. 장비는 바로 401을 받고, PAN-OS는 401을 받으면 목록 적용을 멈춥니다.", "All secrets of this device are refused at once. It gets 401, on which PAN-OS stops enforcing its list.";
        revoke_undo: "되돌릴 수 없습니다. 새 비밀키를 만들어 장비에 넣어야 합니다.", "It cannot be undone: make a new secret and bring it to the device.";
        once: "비밀키는 이 화면에서 한 번만 보입니다", "The secret is shown here once";
        once_more: "저장소에는 해시만 남습니다. 지금 장비에 넣거나 비밀번호 보관함에 옮기십시오. 이 화면을 새로 고치면 비밀키가 또 만들어집니다.", "Only its hash is kept. Bring it to the device or into a password safe now. Loading this page again makes another one.";
        secret: "비밀키", "Secret";
        user: "사용자 이름", "User";
        old_until: "이전 비밀키 유효 기한", "The old secret is valid until";
        to_device: "장비 화면으로", "To the device";
        enable: "사용", "Switch on";
        disable: "사용 중지", "Switch off";
        disable_says: "이 장비는 피드를 읽지 못하고 401을 받습니다. PAN-OS는 401을 받으면 목록 적용을 멈추니, 장비에서 목록을 먼저 빼십시오.", "It may read nothing any more and gets 401, on which PAN-OS stops enforcing its list: take the list out of the device first.";
        disable_undo: "다시 사용으로 바꾸면 같은 비밀키로 읽습니다.", "Switched on again, it reads with the same secret.";
        remove: "장비 삭제", "Remove the device";
        remove_says: "이 장비는 더 이상 피드를 읽지 못하고, 비밀키와 주소가 지워집니다. 주소는 더 이상 보호되지 않습니다. 수신 기록은 남습니다.", "It may read nothing any more; its secrets and addresses are forgotten, and the addresses are protected no longer. Its pulls are kept.";
        remove_undo: "같은 이름으로 다시 등록할 수 있지만 비밀키는 새로 만들어야 합니다.", "It can be added again under the same name, with a new secret.";
        recipe: "장비에 넣을 설정", "What goes into the device";
        recipe_hint: "비밀키 자리는 비워 두었습니다. 새 비밀키를 만들면 값이 들어간 설정이 한 번 나옵니다.", "The place of the secret is empty. A new secret is shown once inside this configuration.";
        secret_place: "<비밀키>", "<secret>";
        server: "장비가 보는 서버 주소", "This server as the device sees it";
        server_hint: "지금 브라우저가 쓰는 주소입니다. 장비가 다른 이름이나 포트로 접속하면 고치십시오.", "What this browser uses. Change it where the device takes another name or port.";
        bad_server: "https://이름:포트처럼 적어 주세요.", "Write it as https://name:port.";
        unencrypted: "암호화되지 않은 주소(http)입니다. 비밀키와 목록이 그대로 보입니다.", "The address is not encrypted (http): secret and list can be read on the way.";
        show: "다시 만들기", "Show";
        step_make: "1/3 제품 고르기", "1/3 Choose the make";
        step_set: "2/3 이름과 피드", "2/3 Name and feed";
        step_done: "3/3 장비에 넣기", "3/3 Into the device";
        reads: "읽는 형식", "Reads";
        limit: "제조사 한도", "Maker's limit";
        no_limit: "알려진 한도 없음", "none known";
        name: "이름", "Name";
        name_hint: "영문자, 숫자, . _ -. 장비가 사용자 이름으로 보냅니다.", "Letters, digits, . _ -. The device sends it as its user name.";
        name_taken: "이 이름은 화면 주소로 쓰여 만들 수 없습니다.", "Pages have this name; take another.";
        make_it: "만들기", "Make it";
        cap_preset: "제조사가 밝힌 한도를 넣었습니다.", "What the maker says it takes.";
        shows: "담는 것", "Shows";
        everything: "게시본 전체", "everything";
        entries: "지금 항목 수", "Entries now";
        readers: "읽는 장비", "Readers";
        no_readers: "읽는 장비가 없습니다.", "No device reads it.";
        limited: "이 피드만", "this feed only";
        formats: "형식", "Formats";
        meaning: "설명", "Meaning";
        address: "주소", "Address";
        feed_name_hint: "영문 소문자, 숫자, . _ -. 주소에 그대로 들어갑니다.", "Small letters, digits, . _ -. It stands in addresses as it is.";
        feed_hint: "장비마다 다른 목록이 필요할 때만 나누십시오. default는 늘 있고 지울 수 없습니다.", "Part them only when devices need different lists. default is always there.";
        feed_change_hint: "바꾸면 장비는 다음 수신 때 새 내용을 받습니다. 피드를 줄이는 것은 안전 게이트가 묻지 않습니다.", "A change reaches devices with their next pull. The gate does not ask about a feed that is made shorter.";
        remove_feed: "피드 삭제", "Remove the feed";
        remove_feed_says: "이 피드의 주소로 읽는 장비는 404를 받습니다. 이 피드만 읽도록 정한 장비가 있으면 지울 수 없습니다.", "Whoever reads it by its address gets 404. It cannot be removed while a device is limited to it.";
        remove_feed_undo: "같은 이름과 설정으로 다시 만들 수 있습니다.", "It can be made again with the same name and settings.";
        unread: "아직 읽은 장비가 없어 세지 않았습니다", "not counted before somebody reads it";
        done_changed: "바꿨습니다. 장비는 다음 수신 때 반영합니다.", "Changed. It counts from the next pull.";
        done_addresses: "주소를 바꿨습니다. 차단 목록에 있던 주소라면 바로 빠지고, 안전 게이트가 확인을 요청할 수 있습니다.", "The addresses are changed. One that was listed is out at once, and the gate may ask.";
        done_enabled: "장비를 다시 사용합니다.", "The device may read again.";
        done_disabled: "장비 사용을 중지했습니다.", "The device may read nothing now.";
        done_removed: "장비를 삭제했습니다.", "The device is removed.";
        done_revoked: "비밀키를 폐기했습니다.", "The secrets are revoked.";
        done_feed_added: "피드를 만들었습니다.", "The feed is made.";
        done_feed_removed: "피드를 삭제했습니다.", "The feed is removed.";
    }
}

/// How a device stands, in a word.
pub(crate) fn state(view: View, row: &ConsumerRow) -> (String, Level) {
    let (standing, level) = standing(row, view.now);
    let behind = row.holdings.first().map_or(0, |last| last.behind);
    let word = |korean: &str, english: &str| view.pick(korean, english).to_owned();
    let word = match (standing, behind) {
        (DeviceStanding::Off, _) => word("사용 중지", "off"),
        (DeviceStanding::New, _) => word("받아 간 적 없음", "never"),
        (DeviceStanding::Late | DeviceStanding::Silent, _) => {
            let since = row.holdings.first().map_or(row.created_at, |last| last.at);
            silent(view, since)
        }
        (DeviceStanding::Fine, 0) => word("최신", "current"),
        (DeviceStanding::Fine, behind) => {
            view.pick(format!("{} 뒤", thousands(behind)), format!("{} behind", thousands(behind)))
        }
    };
    (word, level)
}

/// "3시간째 조용함"
fn silent(view: View, since: Time) -> String {
    let hours = view.now.unix().saturating_sub(since.unix()).max(0) / 3_600;
    match hours {
        ..48 => view.pick(format!("{hours}시간째 수신 없음"), format!("silent for {hours} h")),
        _ => view.pick(format!("{}일째 수신 없음", hours / 24), format!("silent for {} d", hours / 24)),
    }
}

/// What a pull was answered with.
pub(crate) fn answered(view: View, pull: &PullRow) -> (String, Level) {
    let (word, level) = match pull.status {
        200 => (view.pick("전송", "sent"), Level::Ok),
        304 => (view.pick("변경 없음", "not changed"), Level::Ok),
        401 => (view.pick("비밀키 틀림", "not known"), Level::Bad),
        403 => (view.pick("다른 피드", "another feed"), Level::Bad),
        404 => (view.pick("없는 피드·형식", "no such feed"), Level::Bad),
        503 => (view.pick("서버 준비 안 됨", "not ready"), Level::Warn),
        _ => (view.pick("거부", "refused"), Level::Warn),
    };
    (format!("{} {word}", pull.status), level)
}

/// What a setting is called on a form.
pub(crate) fn setting(view: View, key: &'static str) -> &'static str {
    match key {
        "feed" => view.pick("읽을 피드", "Feed"),
        "vendor" => view.pick("제품", "Make"),
        "model" => view.pick("모델", "Model"),
        "cap" => view.pick("최대 항목 수", "Cap"),
        "note" => view.pick("메모", "Note"),
        "sources" => view.pick("수집처", "Sources"),
        "min_confidence" => view.pick("최소 신뢰도", "Least confidence"),
        "confidence_required" => view.pick("신뢰도 없는 등재 제외", "Leave out those without confidence"),
        "categories" => view.pick("분류", "Categories"),
        "family" => view.pick("IP 버전", "Family"),
        "merge" => view.pick("이웃 대역 합치기", "Join neighbours"),
        other => other,
    }
}

/// "12대 중 3대".
pub(crate) fn shown(view: View, shown: usize, of: usize) -> String {
    let (some, all) = (view.number(shown as u64), view.number(of as u64));
    view.pick(format!("{all}대 중 {some}대"), format!("{some} of {}", plural(of as u64, "device", "devices")))
}

/// "131,072건".
pub(crate) fn entries(view: View, count: u64) -> String {
    view.pick(format!("{}건", thousands(count)), plural(count, "entry", "entries"))
}

/// Which line is no address.
pub(crate) fn no_address(view: View, line: &str) -> String {
    let line: String = line.chars().take(80).collect();
    view.pick(format!("IP나 대역이 아닙니다: {line}"), format!("no address: {line}"))
}
