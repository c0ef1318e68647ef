//! What people do, by the id of the action in the record of changes.

use crate::pages::View;

/// Each action there is: its id, what it is called in Korean and in English.
const WORDS: &[(&str, &str, &str)] = &[
    ("allow.add", "허용 추가", "allow entry added"),
    ("allow.remove", "허용 삭제", "allow entry removed"),
    ("allow.set", "허용 변경", "allow entry changed"),
    ("consumer.add", "장비 추가", "device added"),
    ("consumer.remove", "장비 삭제", "device removed"),
    ("consumer.revoke", "장비 인증값 폐기", "device's secret taken back"),
    ("consumer.rotate", "장비 인증값 교체", "device's secret changed"),
    ("consumer.set", "장비 변경", "device changed"),
    ("credential.otp", "포털 인증 코드 입력", "code for a portal sent"),
    ("credential.remove", "자격 증명 삭제", "credential removed"),
    ("credential.session", "포털 세션 입력", "session of a portal given"),
    ("credential.set", "자격 증명 저장", "credential set"),
    ("credential.verify", "자격 증명 확인", "credential tried"),
    ("feed.add", "피드 추가", "feed added"),
    ("feed.remove", "피드 삭제", "feed removed"),
    ("feed.set", "피드 변경", "feed changed"),
    ("first_steps.leave", "처음 설정 그만두기", "first steps left"),
    ("gate.set", "안전 게이트 변경", "gate changed"),
    ("held.approve", "보류 승인", "held candidate approved"),
    ("held.reject", "보류 반려", "held candidate rejected"),
    ("history.set", "보관 기간 변경", "history changed"),
    ("known_good.load", "정상 목록 불러오기", "known-good list loaded"),
    ("known_good.remove", "정상 목록 삭제", "known-good list removed"),
    ("known_good.set", "정상 목록 변경", "known-good list changed"),
    ("listing.add", "수동 차단", "blocked by hand"),
    ("listing.end", "종료 시각 변경", "end of a listing changed"),
    ("listing.remove", "등재 제거", "listing removed"),
    ("listing.restore", "등재 복원", "listing restored"),
    ("listing.set", "등재 내용 변경", "listing changed"),
    ("own.add", "자사 대역 추가", "own network added"),
    ("own.remove", "자사 대역 삭제", "own network removed"),
    ("policy.set", "정책 변경", "policy changed"),
    ("publication.force", "강제 게시", "published over the gate"),
    ("publication.release", "게시본 고정 해제", "publication let go"),
    ("publication.rollback", "게시본 되돌리기", "publication rolled back"),
    ("session.end", "로그인 끊기", "session ended"),
    ("source.add", "수집처 추가", "source added"),
    ("source.cancel", "수집 중단", "run cancelled"),
    ("source.disable", "자동 수집 끄기", "source switched off"),
    ("source.enable", "자동 수집 켜기", "source switched on"),
    ("source.import", "파일 가져오기", "file imported"),
    ("source.remove", "수집처 삭제", "source removed"),
    ("source.run", "수집 시작", "run started"),
    ("source.set", "수집처 변경", "source changed"),
    ("token.add", "토큰 만들기", "token made"),
    ("token.revoke", "토큰 회수", "token taken back"),
    ("user.add", "계정 추가", "account added"),
    ("user.password", "비밀번호 변경", "password changed"),
    ("user.remove", "계정 삭제", "account removed"),
    ("user.set", "계정 변경", "account changed"),
    ("user.totp", "일회용 코드 변경", "one-time codes changed"),
    ("user.unlock", "로그인 잠금 해제", "lock opened"),
];

/// What an action is called; the id itself where a later program wrote one that this program does not know.
pub(crate) fn name(view: View, id: &str) -> String {
    let known = WORDS.iter().find(|(known, ..)| *known == id);
    known.map_or(id, |(_, korean, english)| view.pick(korean, english)).to_owned()
}

/// Ids and names of all, sorted by id: what belongs together stands together.
pub(crate) fn all(view: View) -> impl Iterator<Item = (&'static str, &'static str)> {
    WORDS.iter().map(move |(id, korean, english)| (*id, view.pick(*korean, *english)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_action_of_the_record_has_a_name_and_no_other_has() {
        let named: Vec<&str> = WORDS.iter().map(|(id, ..)| *id).collect();
        assert_eq!(named, store::ACTIONS);
    }
}
