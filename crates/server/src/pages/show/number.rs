//! Numbers, shares and sizes.

use std::borrow::Borrow;

use super::super::view::View;

/// The units of sizes from 1,024 bytes on.
const UNITS: [&str; 4] = ["KiB", "MiB", "GiB", "TiB"];

/// `26,624`.
pub(crate) fn thousands(number: u64) -> String {
    let digits = number.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// What can be counted, as a value or as the reference that a template hands over.
pub(crate) trait Count {
    /// How many.
    fn count(&self) -> u64;
}

macro_rules! counts {
    ($($kind:ty),*) => {
        $(
            impl Count for $kind {
                fn count(&self) -> u64 {
                    // A number of things in memory fits.
                    u64::try_from(*self).unwrap_or(u64::MAX)
                }
            }
        )*
    };
}
counts!(u64, u32, u16, usize);

impl<C: Count + ?Sized> Count for &C {
    fn count(&self) -> u64 {
        (**self).count()
    }
}

#[expect(
    clippy::unused_self,
    reason = "a template asks the view for every value, also for those that all read alike"
)]
impl View {
    /// `26,624`.
    pub(crate) fn number(self, number: impl Count) -> String {
        thousands(number.count())
    }

    /// With its sign: `+131`, `−88`, `0`. The minus is the sign of that name, as wide as the plus.
    pub(crate) fn signed(self, number: impl Borrow<i64>) -> String {
        let number = *number.borrow();
        let sign = match number {
            1.. => "+",
            0 => "",
            _ => "−",
        };
        format!("{sign}{}", thousands(number.unsigned_abs()))
    }

    /// A size in memory or on disk: `512 B`, `1.5 KiB`.
    pub(crate) fn bytes(self, bytes: impl Count) -> String {
        let bytes = bytes.count();
        let mut size = bytes as f64 / 1024.0;
        let mut units = UNITS.iter();
        let mut unit = units.next();
        while size >= 1024.0 && units.len() > 0 {
            size /= 1024.0;
            unit = units.next();
        }
        match unit {
            Some(unit) if bytes >= 1024 => format!("{size:.1} {unit}"),
            _ => format!("{bytes} B"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::KOREAN;
    use super::*;

    #[test]
    fn thousands_are_parted_from_the_right() {
        let shown = [0, 999, 1_000, 26_624, 1_234_567, u64::MAX].map(thousands);
        assert_eq!(shown, ["0", "999", "1,000", "26,624", "1,234,567", "18,446,744,073,709,551,615"]);
        assert_eq!(
            [131_i64, 0, -88, i64::MIN].map(|n| KOREAN.signed(n)),
            ["+131", "0", "−88", "−9,223,372,036,854,775,808"]
        );
    }

    #[test]
    fn sizes_take_the_unit_that_leaves_few_digits() {
        let shown = [0_u64, 1_023, 1_024, 1_536, 5 << 20, 3 << 30, u64::MAX].map(|bytes| KOREAN.bytes(bytes));
        assert_eq!(shown, ["0 B", "1023 B", "1.0 KiB", "1.5 KiB", "5.0 MiB", "3.0 GiB", "16777216.0 TiB"]);
    }
}
