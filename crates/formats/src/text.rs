//! Small writers beside those of the prefixes: straight into the body, without a text in between.

use std::io::Write;

use blocklist::Time;

/// The longest text of an IPv4 network.
pub(crate) const NET4_BYTES: usize = "255.255.255.255/32".len();

/// What writes itself.
pub(crate) fn display(body: &mut Vec<u8>, what: impl std::fmt::Display) {
    // A vector takes all it is given.
    let _ = write!(body, "{what}");
}

/// A decimal number.
pub(crate) fn number(body: &mut Vec<u8>, value: u64) {
    match u8::try_from(value) {
        Ok(digit @ 0..10) => body.push(b'0' + digit),
        _ => display(body, value),
    }
}

/// A time as RFC 3339 in UTC, the same text that [`Time`] displays. Formats that show dates write millions of them, and
/// the general way takes most of a microsecond each.
pub(crate) fn time(body: &mut Vec<u8>, time: Time) {
    let (days, second) = (time.unix().div_euclid(86_400), time.unix().rem_euclid(86_400));
    // The proleptic Gregorian calendar, counted from 0000-03-01 so that the leap day is the last day of a year.
    let shifted = days + 719_468;
    let era = shifted.div_euclid(146_097);
    let day_of_era = shifted.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    if !(0..9_999).contains(&year) {
        // Beyond what a calendar library takes for a date, it says how it writes that.
        return display(body, time);
    }
    let mut text = *b"0000-00-00T00:00:00Z";
    let mut pair = |at: usize, value: i64| {
        text[at] = b'0' + (value / 10) as u8;
        text[at + 1] = b'0' + (value % 10) as u8;
    };
    pair(0, year / 100);
    pair(2, year % 100);
    pair(5, month);
    pair(8, day);
    pair(11, second / 3_600);
    pair(14, second / 60 % 60);
    pair(17, second % 60);
    body.extend_from_slice(&text);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(write: impl FnOnce(&mut Vec<u8>)) -> String {
        let mut body = Vec::new();
        write(&mut body);
        String::from_utf8(body).unwrap()
    }

    #[test]
    fn times_are_written_as_they_display() {
        let mut moments = vec![
            -1,
            0,
            951_782_399,
            951_782_400,
            951_868_800,
            4_107_542_399,
            -62_135_596_801,
            253_370_764_799,
        ];
        // Steps of a prime number of seconds walk through days, leap years and times of day.
        moments.extend((0..20_000).map(|n| -5_000_000_000 + n * 1_299_709));
        moments.extend([i64::MIN + 1, i64::MAX, 253_370_764_800, 253_402_300_799, 253_402_300_800]);
        for unix in moments {
            let moment = Time::from_unix(unix);
            assert_eq!(written(|body| time(body, moment)), moment.to_string(), "{unix}");
        }
    }

    #[test]
    fn numbers_are_decimal() {
        for value in [0, 7, 10, 99, 100, 255, 256, u64::MAX] {
            assert_eq!(written(|body| number(body, value)), value.to_string());
        }
    }
}
