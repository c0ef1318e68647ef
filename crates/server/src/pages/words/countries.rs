//! Names of the countries that lists name most. Of all others the code says enough.

use crate::pages::View;

/// The code, in Korean, in English; by code.
const NAMES: [(&str, &str, &str); 64] = [
    ("AE", "아랍에미리트", "UAE"),
    ("AR", "아르헨티나", "Argentina"),
    ("AT", "오스트리아", "Austria"),
    ("AU", "호주", "Australia"),
    ("BD", "방글라데시", "Bangladesh"),
    ("BE", "벨기에", "Belgium"),
    ("BG", "불가리아", "Bulgaria"),
    ("BR", "브라질", "Brazil"),
    ("BY", "벨라루스", "Belarus"),
    ("CA", "캐나다", "Canada"),
    ("CH", "스위스", "Switzerland"),
    ("CL", "칠레", "Chile"),
    ("CN", "중국", "China"),
    ("CO", "콜롬비아", "Colombia"),
    ("CZ", "체코", "Czechia"),
    ("DE", "독일", "Germany"),
    ("DK", "덴마크", "Denmark"),
    ("EE", "에스토니아", "Estonia"),
    ("EG", "이집트", "Egypt"),
    ("ES", "스페인", "Spain"),
    ("FI", "핀란드", "Finland"),
    ("FR", "프랑스", "France"),
    ("GB", "영국", "United Kingdom"),
    ("GR", "그리스", "Greece"),
    ("HK", "홍콩", "Hong Kong"),
    ("HU", "헝가리", "Hungary"),
    ("ID", "인도네시아", "Indonesia"),
    ("IE", "아일랜드", "Ireland"),
    ("IL", "이스라엘", "Israel"),
    ("IN", "인도", "India"),
    ("IQ", "이라크", "Iraq"),
    ("IR", "이란", "Iran"),
    ("IT", "이탈리아", "Italy"),
    ("JP", "일본", "Japan"),
    ("KP", "북한", "North Korea"),
    ("KR", "대한민국", "South Korea"),
    ("KZ", "카자흐스탄", "Kazakhstan"),
    ("LT", "리투아니아", "Lithuania"),
    ("LU", "룩셈부르크", "Luxembourg"),
    ("LV", "라트비아", "Latvia"),
    ("MD", "몰도바", "Moldova"),
    ("MX", "멕시코", "Mexico"),
    ("MY", "말레이시아", "Malaysia"),
    ("NG", "나이지리아", "Nigeria"),
    ("NL", "네덜란드", "Netherlands"),
    ("NO", "노르웨이", "Norway"),
    ("PA", "파나마", "Panama"),
    ("PH", "필리핀", "Philippines"),
    ("PK", "파키스탄", "Pakistan"),
    ("PL", "폴란드", "Poland"),
    ("PT", "포르투갈", "Portugal"),
    ("RO", "루마니아", "Romania"),
    ("RU", "러시아", "Russia"),
    ("SA", "사우디아라비아", "Saudi Arabia"),
    ("SC", "세이셸", "Seychelles"),
    ("SE", "스웨덴", "Sweden"),
    ("SG", "싱가포르", "Singapore"),
    ("TH", "태국", "Thailand"),
    ("TR", "튀르키예", "Türkiye"),
    ("TW", "대만", "Taiwan"),
    ("UA", "우크라이나", "Ukraine"),
    ("US", "미국", "United States"),
    ("VN", "베트남", "Vietnam"),
    ("ZA", "남아프리카공화국", "South Africa"),
];

/// "US 미국"; of a country without a name here, the code alone.
pub(crate) fn country(view: View, code: &str) -> String {
    match NAMES.binary_search_by_key(&code, |(known, ..)| known) {
        Ok(at) => format!("{code} {}", view.pick(NAMES[at].1, NAMES[at].2)),
        Err(_) => code.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pages::show::tests::{ENGLISH, KOREAN};

    #[test]
    fn every_country_in_the_table_is_found_and_others_are_their_code() {
        assert!(NAMES.is_sorted_by_key(|(code, ..)| *code));
        assert!(NAMES.iter().all(|(code, ..)| country(*KOREAN, code).len() > 3));
        assert_eq!(country(*KOREAN, "US"), "US 미국");
        assert_eq!(country(*ENGLISH, "KR"), "KR South Korea");
        assert_eq!(country(*ENGLISH, "ZZ"), "ZZ");
    }
}
