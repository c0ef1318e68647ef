//! The words by which a field is known in a header or a JSON object, as [`crate::text::header`] writes them.

use crate::options::Field;
use crate::text;

/// The words of a field, the surest first.
pub(super) fn of(field: Field) -> &'static [&'static str] {
    match field {
        Field::Address => &[
            "ip",
            "ipaddress",
            "ipaddr",
            "ipv4",
            "ipv6",
            "address",
            "prefix",
            "cidr",
            "network",
            "netblock",
            "subnet",
            "iprange",
            "range",
            "srcip",
            "sourceip",
            "attackerip",
            "attackip",
            "dstip",
            "indicator",
            "ioc",
            "host",
            "아이피",
            "ip주소",
            "공격ip",
            "공격자ip",
            "출발지ip",
            "유해ip",
            "차단ip",
            "대역",
            "ip대역",
            "주소",
            "startip",
            "ipstart",
            "startaddress",
            "rangestart",
            "firstip",
            "시작ip",
        ],
        Field::Reason => &[
            "reason",
            "description",
            "comment",
            "note",
            "threat",
            "malware",
            "등록사유",
            "사유",
            "차단사유",
            "탐지명",
            "공격종류",
            "공격명",
            "설명",
            "비고",
        ],
        Field::Country => &["country", "countrycode", "cc", "geo", "국가", "국가코드", "공격국가"],
        Field::Category => &["category", "type", "attacktype", "tag", "분류", "유형", "공격유형", "구분"],
        Field::Severity => &["severity", "level", "risk", "심각도", "위험도", "등급"],
        Field::Detected => &[
            "detected",
            "detectedat",
            "detectiondate",
            "detectiontime",
            "firstseen",
            "firstseenutc",
            "created",
            "createdat",
            "date",
            "timestamp",
            "lastreportedat",
            "등록일",
            "등록일자",
            "탐지일",
            "탐지일시",
            "탐지시간",
            "탐지일자",
        ],
        Field::Until => &[
            "until",
            "validuntil",
            "expires",
            "expiresat",
            "expiry",
            "expirydate",
            "enddate",
            "removaldate",
            "해제일",
            "해제일자",
            "만료일",
            "종료일",
        ],
        Field::Confidence => &["confidence", "confidencelevel", "score", "abuseconfidencescore", "신뢰도"],
        Field::Last => &["endip", "ipend", "endaddress", "rangeend", "lastip", "종료ip", "끝ip"],
    }
}

/// Whether a name says that it is the first address of a range.
pub(super) fn begins_range(name: &str) -> bool {
    let name = text::header(name);
    ["startip", "ipstart", "startaddress", "rangestart", "firstip", "시작ip"].contains(&name.as_str())
}

/// The places of the names that are the field's surest word among them: empty when no name is one of its words.
pub(super) fn find<'a>(field: Field, names: impl Iterator<Item = &'a str>) -> Vec<usize> {
    let names: Vec<String> = names.map(text::header).collect();
    for word in of(field) {
        let hits = names.iter().enumerate().filter(|(_, name)| name == word);
        let hits: Vec<usize> = hits.map(|(at, _)| at).collect();
        if !hits.is_empty() {
            return hits;
        }
    }
    Vec::new()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_are_written_as_headers_are_compared() {
        for field in Field::ALL {
            for word in of(field) {
                assert_eq!(text::header(word), *word);
                assert_eq!(find(field, ["x", word].into_iter()), [1]);
            }
        }
    }

    #[test]
    fn no_word_means_two_fields() {
        let mut all: Vec<&str> = Field::ALL.iter().flat_map(|field| of(*field)).copied().collect();
        let count = all.len();
        all.sort_unstable();
        all.dedup();
        assert_eq!(all.len(), count);
    }
}
