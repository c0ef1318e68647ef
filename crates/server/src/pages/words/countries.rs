//! Countries, as every page names them.

use blocklist::Country;

use crate::pages::View;
use crate::search::country::names;

/// "US 미국"; of a country without a name, the code alone.
pub(crate) fn country(view: View, code: &str) -> String {
    match Country::new(code).and_then(names) {
        Some((korean, english)) => format!("{code} {}", view.pick(korean, english)),
        None => code.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pages::show::tests::{ENGLISH, KOREAN};

    #[test]
    fn a_country_is_its_code_and_its_name_and_others_are_their_code() {
        assert_eq!(country(*KOREAN, "US"), "US 미국");
        assert_eq!(country(*ENGLISH, "KR"), "KR South Korea");
        assert_eq!(country(*ENGLISH, "XQ"), "XQ");
    }
}
