//! Every setting, one table: it reads and checks, shows, explains, and is what the manual is written from.

use super::values::{
    address, auth, columns, file, flag, mode, optional, pattern, read, share, show, show_auth, show_columns,
    show_flag, show_mode, show_option, show_path, text, token, up_to, window,
};
use super::{Kind, Settings};

/// One setting.
pub struct Setting {
    /// Its name.
    pub name: &'static str,
    /// The kinds that have it; empty is all that are fetched.
    pub kinds: &'static [Kind],
    /// What it means, in English.
    pub english: &'static str,
    /// What it means, in Korean.
    pub korean: &'static str,
    pub(super) get: fn(&Settings) -> String,
    pub(super) set: fn(&mut Settings, &str) -> Result<(), String>,
}

impl std::fmt::Debug for Setting {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name)
    }
}

impl Setting {
    /// Whether sources of this kind have it.
    pub fn applies_to(&self, kind: Kind) -> bool {
        kind.is_fetched() && (self.kinds.is_empty() || self.kinds.contains(&kind))
    }

    /// Its value as text; empty is absent.
    pub fn show(&self, settings: &Settings) -> String {
        (self.get)(settings)
    }
}

pub(super) const PORTALS: &[Kind] = &[Kind::Regtech, Kind::Secudium];
const HTTP: &[Kind] = &[Kind::Url, Kind::Taxii, Kind::Misp];
pub(super) const NET: &[Kind] = &[Kind::Regtech, Kind::Secudium, Kind::Url, Kind::Taxii, Kind::Misp];
const PARSED: &[Kind] = &[Kind::Url, Kind::Directory];

macro_rules! setting {
    ($name:literal, $kinds:expr, $field:ident, $read:expr, $show:expr, $english:literal, $korean:literal) => {
        Setting {
            name: $name,
            kinds: $kinds,
            english: $english,
            korean: $korean,
            get: |settings| $show(&settings.$field),
            set: |settings, text| {
                settings.$field = $read(text)?;
                Ok(())
            },
        }
    };
}

/// Every setting, in the order in which help shows them.
pub const SETTINGS: &[Setting] = &[
    setting!(
        "url",
        NET,
        url,
        optional(address),
        show_option,
        "Address of the portal, document, TAXII collection or MISP feed. Plain http with a credential only to this machine itself.",
        "포털, 문서, TAXII 컬렉션, MISP 피드의 주소. 자격 증명을 보내는 평문 http는 이 서버 자신에게만 허용합니다."
    ),
    setting!(
        "path",
        &[Kind::Directory],
        path,
        optional(file),
        show_path,
        "The directory that is watched, as an absolute path.",
        "감시할 디렉터리의 절대 경로."
    ),
    setting!(
        "pattern",
        &[Kind::Directory],
        pattern,
        pattern,
        Clone::clone,
        "Which files are taken: * is any text, ? any character.",
        "가져올 파일 이름. *는 아무 글자열, ?는 아무 한 글자."
    ),
    setting!(
        "settle",
        &[Kind::Directory],
        settle,
        read,
        show,
        "A file is taken when it has not changed for so long.",
        "이 시간 동안 변하지 않은 파일만 완성된 것으로 보고 가져옵니다."
    ),
    setting!(
        "schedule",
        &[],
        schedule,
        read,
        show,
        "When it runs: an interval such as 1h, a cron expression such as '10 6,18 * * *', or never.",
        "실행 시점: 1h 같은 간격, '10 6,18 * * *' 같은 cron 식, 또는 never."
    ),
    setting!("zone", &[], zone, read, show, "Time zone of the cron expression.", "cron 식의 시간대."),
    setting!(
        "jitter",
        &[],
        jitter,
        read,
        show,
        "Runs start up to so much later, at random.",
        "실행 시각을 이 범위 안에서 무작위로 늦춥니다."
    ),
    setting!(
        "catch_up",
        &[],
        catch_up,
        flag,
        show_flag,
        "Whether a run that was missed while the program stood still is made up for.",
        "프로그램이 멈춰 있던 동안 놓친 실행을 시작 후 보충할지 여부."
    ),
    setting!(
        "min_interval",
        &[],
        min_interval,
        read,
        show,
        "Runs by the timetable never start closer together than this.",
        "예약 실행 사이의 최소 간격."
    ),
    setting!(
        "retries",
        NET,
        retries,
        up_to::<5>,
        show,
        "How often one request is tried again within a run, 0 to 5. A login never is.",
        "한 번의 실행 안에서 요청을 다시 시도하는 횟수(0~5). 로그인은 다시 시도하지 않습니다."
    ),
    setting!(
        "freshness",
        &[],
        freshness,
        read,
        show,
        "After so long without a good run the source counts as stale.",
        "이 시간 동안 성공한 수집이 없으면 오래된 것으로 표시합니다."
    ),
    setting!(
        "mode",
        PARSED,
        mode,
        mode,
        show_mode,
        "full: what the content no longer has is withdrawn. add: it stays until its end.",
        "full: 내용에서 빠진 것은 철회합니다. add: 종료일까지 그대로 둡니다."
    ),
    setting!(
        "min_share",
        PARSED,
        min_share,
        optional(share),
        show_option,
        "A full list with less than this share (0 to 1) of what was there is refused; empty is the program's setting.",
        "전체 목록이 기존의 이 비율(0~1)보다 적으면 거부합니다. 비워 두면 프로그램 설정을 따릅니다."
    ),
    setting!(
        "parser",
        PARSED,
        parser,
        read,
        show,
        "Which parser reads it; auto finds out.",
        "읽는 방법. auto는 내용을 보고 정합니다."
    ),
    setting!(
        "columns",
        PARSED,
        columns,
        columns,
        show_columns,
        "Which column means what: address=ip,reason=3; - is a column that is not read.",
        "열의 뜻: address=ip,reason=3 처럼 지정합니다. -는 읽지 않는 열입니다."
    ),
    setting!(
        "items",
        PARSED,
        items,
        optional(text),
        show_option,
        "Where in a JSON document the array is: data.items.",
        "JSON 문서에서 배열이 있는 자리: data.items."
    ),
    setting!(
        "reason",
        &[Kind::Url, Kind::Directory, Kind::Taxii, Kind::Misp],
        reason,
        optional(text),
        show_option,
        "The reason of entries that give none.",
        "사유가 없는 항목에 붙일 사유."
    ),
    setting!(
        "category",
        &[Kind::Url, Kind::Directory, Kind::Taxii, Kind::Misp],
        category,
        optional(text),
        show_option,
        "The category of entries that give none.",
        "분류가 없는 항목에 붙일 분류."
    ),
    setting!(
        "confidence",
        &[Kind::Url, Kind::Directory, Kind::Taxii, Kind::Misp],
        confidence,
        optional(up_to::<100>),
        show_option,
        "The confidence of entries that give none, 0 to 100.",
        "신뢰도가 없는 항목에 붙일 신뢰도(0~100)."
    ),
    setting!(
        "auth",
        HTTP,
        auth,
        auth,
        show_auth,
        "How it says who it is: none, basic, header or query. The secret is set by credential set.",
        "인증 방법: none, basic, header, query. 비밀 값은 credential set으로 등록합니다."
    ),
    setting!(
        "auth_name",
        HTTP,
        auth_name,
        token,
        Clone::clone,
        "The header or query parameter that carries the token.",
        "토큰을 싣는 헤더 또는 쿼리 매개변수의 이름."
    ),
    setting!(
        "ca_file",
        NET,
        ca_file,
        optional(file),
        show_path,
        "A certificate authority (PEM) that is trusted beside the public ones.",
        "공인 인증기관에 더해 신뢰할 인증기관 인증서(PEM) 파일."
    ),
    setting!(
        "proxy",
        NET,
        proxy,
        optional(address),
        show_option,
        "Proxy for this source, such as http://proxy:3128; empty is the program's setting.",
        "이 수집처에 쓸 프록시(http://proxy:3128). 비워 두면 프로그램 설정을 따릅니다."
    ),
    setting!(
        "timeout",
        NET,
        timeout,
        read,
        show,
        "How long one answer may take as a whole.",
        "응답 하나를 다 받기까지의 제한 시간."
    ),
    setting!(
        "max_bytes",
        NET,
        max_bytes,
        read,
        show,
        "The most bytes of one answer.",
        "응답 하나의 최대 크기(바이트)."
    ),
    setting!(
        "redirects",
        HTTP,
        redirects,
        up_to::<10>,
        show,
        "How many redirects are followed, 0 to 10.",
        "따라갈 리다이렉트 횟수(0~10)."
    ),
    setting!(
        "history",
        PORTALS,
        history,
        read,
        show,
        "How far back the first collection goes.",
        "첫 수집에서 거슬러 올라갈 기간."
    ),
    setting!(
        "overlap",
        PORTALS,
        overlap,
        read,
        show,
        "How far a later collection looks back over the last good one.",
        "다음 수집부터 지난 성공 시점보다 더 거슬러 조회할 기간."
    ),
    setting!(
        "window",
        PORTALS,
        window,
        window,
        show,
        "The longest span of dates that is asked for at once, at most 89d.",
        "한 번에 조회할 최대 기간(89d 이하)."
    ),
    setting!(
        "newest_within",
        PORTALS,
        newest_within,
        read,
        show,
        "The run is refused when the newest row is older than this.",
        "가장 최근 등록일이 이보다 오래되면 수집을 거부합니다."
    ),
    setting!(
        "list_page",
        &[Kind::Regtech],
        list_page,
        flag,
        show_flag,
        "Whether the list page is read when the workbook cannot be had.",
        "엑셀 파일을 받을 수 없을 때 목록 화면을 대신 읽을지 여부."
    ),
    setting!(
        "take_over",
        &[Kind::Secudium],
        take_over,
        flag,
        show_flag,
        "Whether a login ends the session of somebody who uses the same account.",
        "같은 계정을 쓰는 사람의 세션을 끊고 로그인할지 여부."
    ),
];
