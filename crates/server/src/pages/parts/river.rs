//! The lines of the river: each card of a side is joined to the publication in the middle.

use std::fmt::{self, Display, Formatter};

use super::is_markup;
use crate::pages::Level;

/// Which side of the publication.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Side {
    /// Sources, at the left.
    Sources,
    /// Devices, at the right.
    Devices,
}

/// The lines of a side, from the top; a broken thing breaks its line.
#[derive(Clone, Debug)]
pub(crate) struct Flow {
    /// Where.
    pub(crate) side: Side,
    /// How each card is.
    pub(crate) levels: Vec<Level>,
}

impl Display for Flow {
    fn fmt(&self, out: &mut Formatter<'_>) -> fmt::Result {
        const HEIGHT: f64 = 300.0;
        const MIDDLE: f64 = HEIGHT / 2.0;
        write!(
            out,
            "<svg class=\"flow\" viewBox=\"0 0 100 {HEIGHT}\" preserveAspectRatio=\"none\" aria-hidden=\"true\">"
        )?;
        for (place, level) in self.levels.iter().enumerate() {
            let y = HEIGHT * (place as f64 + 0.5) / self.levels.len() as f64;
            let (from, to) = if self.side == Side::Sources { (y, MIDDLE) } else { (MIDDLE, y) };
            write!(
                out,
                "<path class=\"{}\" d=\"M0 {from:.1}C50 {from:.1} 50 {to:.1} 100 {to:.1}\"/>",
                level.class()
            )?;
        }
        out.write_str("</svg>")
    }
}

is_markup!(Flow);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_card_has_a_line_from_its_middle_to_the_publication() {
        let flow = Flow { side: Side::Sources, levels: vec![Level::Ok, Level::Bad] }.to_string();
        assert!(flow.contains("class=\"ok\" d=\"M0 75.0C50 75.0 50 150.0 100 150.0\""), "{flow}");
        assert!(flow.contains("class=\"bad\" d=\"M0 225.0C"), "{flow}");
        let back = Flow { side: Side::Devices, levels: vec![Level::Ok] }.to_string();
        assert!(back.contains("M0 150.0C50 150.0 50 150.0 100 150.0"), "{back}");
    }
}
