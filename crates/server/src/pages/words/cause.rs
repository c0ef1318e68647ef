//! Why a row is refused.

use blocklist::Cause;
use prefix::Refusal;

use crate::pages::view::View;

/// A cause by its id, as it is kept; one that is not known is shown as it is.
pub(crate) fn by_id(view: View, id: &str) -> String {
    Cause::all().find(|cause| cause.id() == id).map_or_else(|| id.to_owned(), |known| cause(view, known))
}

/// A cause.
pub(crate) fn cause(view: View, cause: Cause) -> String {
    let korean = match cause {
        Cause::Address(refusal) => address(refusal),
        Cause::NoAddress => "주소가 없는 행",
        Cause::Date => "읽을 수 없는 날짜",
        Cause::EndBeforeDetected => "종료일이 탐지일보다 앞섬",
        Cause::Shape => "다른 행과 모양이 다름",
        Cause::Pattern => "주소만 고르는 패턴이 아님",
    };
    view.pick(korean.to_owned(), cause.to_string())
}

fn address(refusal: Refusal) -> &'static str {
    match refusal {
        Refusal::NotAnAddress => "IP 주소가 아님",
        Refusal::Name => "주소가 아니라 이름(도메인)",
        Refusal::Url => "주소가 아니라 URL",
        Refusal::Short => "IPv4 주소는 네 자리여야 함",
        Refusal::Octet => "255를 넘는 자리",
        Refusal::LeadingZero => "0으로 시작하는 자리(8진수로 읽힐 수 있음)",
        Refusal::Form => "16진수나 한 숫자로 쓴 주소",
        Refusal::Port => "포트가 붙은 주소",
        Refusal::Zone => "존 ID가 붙은 주소",
        Refusal::Length => "잘못된 대역 길이",
        Refusal::RangeFamily => "IPv4와 IPv6를 섞은 범위",
        Refusal::RangeOrder => "끝이 시작보다 앞선 범위",
        Refusal::Special => "특수 대역(사설, 루프백, 멀티캐스트 등)을 포함",
        Refusal::TooWide => "/8(IPv6 /19)보다 넓음",
        Refusal::LongLine => "64 KiB가 넘는 줄",
        Refusal::NotText => "글자가 아님",
    }
}
