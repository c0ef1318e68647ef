//! The first steps of a new house.

use super::{plural, words};
use crate::pages::view::View;

words! {
    /// What the pages of the first steps say.
    pub(crate) Start {
        title: "처음 설정", "First steps";
        steps: "처음 설정 단계", "The first steps";
        leave: "처음 설정 그만두기", "Leave the first steps";
        later: "나중에 하기", "Later";
        save_next: "저장하고 다음", "Save and go on";
        is_done: "완료", "done";
        to_do: "할 일", "to do";

        view: "언어와 시각", "Language and clock";
        view_says: "고른 값은 이 계정에 저장되어 어느 브라우저에서 로그인해도 같습니다. 나중에 메뉴 아래에서 언제든 바꿀 수 있습니다.", "Your choice is kept with this account, so every browser shows the same. It can be changed below the menu at any time.";
        language: "언어 (Language)", "Language";
        clock: "시각", "Clock";
        kst: "한국 시각(KST)", "Korean time (KST)";
        utc: "세계 협정시(UTC)", "Universal time (UTC)";

        own: "자사 대역", "Own networks";
        own_says: "여기 등록한 대역은 어떤 수집처가 올려도 절대 게시하지 않습니다. 사설 대역과 함께 회사의 공인 대역을 꼭 넣으세요.", "What you name here is never published, whichever source lists it. Beside private space, name the public networks of your firm.";
        own_known: "이미 보호하는 대역", "Protected already";
        own_is_server: "이 서버의 주소", "this server";
        own_all: "자사 대역 관리", "Manage own networks";
        own_proposed: "등록할 대역", "Proposed";
        own_private: "사설 대역", "private space";
        own_server: "이 서버의 공인 주소가 속한 대역 · 회사 대역이면 선택", "around this server's public address: tick it if it is your firm's";
        own_reader: "지금 접속한 공인 주소 · 회사 주소면 선택", "the public address you come from: tick it if it is your firm's";
        own_more: "회사의 공인 대역", "Public networks of your firm";
        own_more_hint: "IP, 대역(CIDR), 범위(a-b)를 한 줄에 하나씩. 없으면 비워 두세요.", "Addresses, prefixes or ranges (a-b), one a line; nothing if there are none.";
        own_too_wide: "너무 넓은 대역입니다. 정말 맞으면 허용목록의 자사 대역 화면에서 등록하세요.", "Very wide. If it is meant, name it at Own networks of the allow list.";
        own_add: "자사 대역 등록", "Name own networks";
        own_undo: "허용목록의 자사 대역에서 삭제하면 되돌아갑니다.", "Removing it at Own networks undoes this.";

        source: "첫 수집처", "The first source";
        source_says: "악성 IP를 어디서 받아 올지 고르세요. 등록하면 바로 한 번 수집하고, 그다음부터는 정해진 시각마다 저절로 수집합니다.", "Choose where listings come from. It is run once now, and by itself from then on.";
        regtech_says: "금융보안원 레그테크. 회원사 계정으로 엑셀 파일을 받습니다.", "The portal of the Financial Security Institute; with the account of your firm.";
        secudium_says: "SK쉴더스 SECUDIUM. 게시판의 파일을 받습니다.", "The portal of SK Shieldus; with the account of your firm.";
        public: "공개 목록", "A public list";
        public_short: "Spamhaus DROP, blocklist.de, Feodo Tracker 등. 대부분 계정이 필요 없습니다.", "Spamhaus DROP, blocklist.de, Feodo Tracker and others; most need no account.";
        public_says: "인터넷에 접속할 수 있어야 합니다. 이용 조건을 읽고 고르세요.", "This server has to reach the internet. Read the terms before you choose.";
        files: "파일", "A file";
        files_short: "이 서버의 폴더에 넣어 둔 파일을 읽습니다. 인터넷이 없어도 됩니다.", "Reads files from a folder of this server; needs no internet.";
        files_says: "폴더에 텍스트, CSV, JSON, 엑셀 파일을 넣어 두면 읽습니다. 파일 하나만 바로 넣으려면 서버에서 blacklist import 파일 --source 이름 을 실행해도 됩니다.", "Text, CSV, JSON or workbooks in the folder are read. For a single file there is also the command: blacklist import FILE --source NAME.";
        path: "폴더의 절대 경로", "The folder, as an absolute path";
        path_hint: "프로그램이 읽을 수 있어야 합니다.", "The program has to be able to read it.";
        list: "목록", "List";
        about: "내용", "What it lists";
        terms: "이용 조건", "Terms";
        username: "사용자 이름", "User name";
        password: "비밀번호", "Password";
        secret_hint: "암호화해서 보관하고 다시 보여 주지 않습니다.", "Kept encrypted and never shown again.";
        portal: "포털 주소", "Address of the portal";
        portal_hint: "보통 그대로 둡니다.", "Usually left as it is.";
        run_now: "등록하고 지금 수집", "Add and run now";
        credential_again: "자격 증명을 다시 입력", "Type the credential again";
        watch_hint: "끝날 때까지 기다리지 않고 다음으로 가도 수집은 계속됩니다.", "It goes on when you do, too.";
        nothing_came: "받을 것이 없었습니다. 폴더라면 파일을 넣고 다시 수집하세요.", "There was nothing to take. If it is a folder, put a file into it and run it again.";
        look_again: "다시 보기", "Look again";
        another: "다른 수집처 추가", "Another source";
        all_of_it: "수집처 설정 전체", "All of its settings";

        device: "첫 장비", "The first device";
        device_says: "차단 목록을 받아 갈 장비의 제품을 고르면 그대로 붙여 넣을 설정을 만들어 줍니다.", "Choose what reads the list, and get the exact configuration to paste into it.";
        device_there: "등록한 장비", "Devices";
        make_it: "등록하고 설정 받기", "Add it and get the configuration";
        paste: "장비에 그대로 붙여 넣으세요", "Paste this into the device";
        pasted: "붙여 넣었습니다, 다음", "Pasted, go on";

        end: "완료", "Done";
        all_done: "모두 마쳤습니다. 이제 저절로 돌아갑니다.", "All of it is done, and runs by itself now.";
        not_yet: "지금 상태", "How it stands";
        end_hint: "이 화면은 설정의 처음 설정에서 언제든 다시 열 수 있습니다.", "Settings leads back here at any time.";
        what: "항목", "What";
        state: "상태", "State";
        now: "지금", "Now";
        source_now: "수집처", "Source";
        device_now: "장비", "Device";
        publication: "게시본", "Publication";
        look: "보기", "Look";
        do_it: "하러 가기", "Do it";
        review: "확인", "Review";
        no_source: "아직 수집처가 없습니다.", "There is no source yet.";
        no_device: "아직 장비가 없습니다.", "There is no device yet.";
        no_publication: "수집한 것이 아직 없습니다. 첫 수집이 끝나면 안전 게이트를 거쳐 게시됩니다.", "Nothing is collected yet. What the first run brings goes through the gate and is published.";
        is_held: "보류", "held";
        held_says: "안전 게이트가 목록을 보류했습니다. 확인하고 승인하면 게시됩니다.", "The gate holds the list. Look at it and approve, and it is published.";
        is_served: "게시 중", "served";
        is_waiting: "대기", "waits";
        is_reading: "수신 중", "reads";
        is_silent: "아직 안 받음", "not yet";
        to_dashboard: "대시보드로", "To the dashboard";
        another_device: "다른 장비 추가", "Another device";
    }
}

/// "5단계 중 2단계"
pub(crate) fn so_far(view: View, at: usize, of: usize) -> String {
    view.pick(format!("{of}단계 중 {at}단계"), format!("Step {at} of {of}"))
}

/// "1,204행 받음, 3행 거부"
pub(crate) fn came(view: View, accepted: u64, refused: u64) -> String {
    let (good, bad) = (view.number(accepted), view.number(refused));
    match refused {
        0 => view.pick(format!("{good}행 받음"), plural(accepted, "row taken", "rows taken")),
        _ => view.pick(
            format!("{good}행 받음, {bad}행 거부"),
            format!("{}, {bad} refused", plural(accepted, "row taken", "rows taken")),
        ),
    }
}

/// "대역 4개를 절대 게시하지 않습니다."
pub(crate) fn networks(view: View, count: usize) -> String {
    let number = view.number(count as u64);
    match count {
        0 => view.pick("등록한 자사 대역이 없습니다.", "No own network is named.").into(),
        _ => view.pick(
            format!("대역 {number}개를 절대 게시하지 않습니다."),
            format!("{} never published.", plural(count as u64, "network is", "networks are")),
        ),
    }
}

/// "regtech: 등재 18,742건, 다음 수집 02:00"
pub(crate) fn source(view: View, name: &str, active: u64, next: Option<&str>) -> String {
    let listed = view.number(active);
    let text = view.pick(
        format!("{name}: 등재 {listed}건"),
        format!("{name}: {}", plural(active, "listing", "listings")),
    );
    match next {
        Some(next) => view.pick(format!("{text}, 다음 수집 {next}"), format!("{text}, next run {next}")),
        None => text,
    }
}

/// "#1, 18,742건"
pub(crate) fn publication(view: View, serial: u64, entries: u64) -> String {
    let number = view.number(entries);
    view.pick(format!("#{serial}, {number}건"), format!("#{serial}, {}", plural(entries, "entry", "entries")))
}

/// "FW-1: 2분 전에 받아 감"
pub(crate) fn device(view: View, name: &str, pulled: Option<&str>) -> String {
    match pulled {
        Some(at) => view.pick(format!("{name}: {at}에 받아 갔습니다."), format!("{name}: read it {at}.")),
        None => view.pick(
            format!("{name}: 아직 받아 간 적이 없습니다. 설정을 넣으면 몇 분 안에 바뀝니다."),
            format!("{name}: has read nothing yet; this changes minutes after the configuration is in it."),
        ),
    }
}
