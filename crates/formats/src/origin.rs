//! What the formats that show where entries come from have in common.

use blocklist::{Details, Entry, View};

use crate::FormatError;

/// The entries of a view with their origin, for the format of this name.
pub(crate) fn entries<'v, 'a>(
    view: &'v View<'a>,
    format: &'static str,
) -> Result<impl Iterator<Item = Entry<'a>> + use<'v, 'a>, FormatError> {
    view.entries().ok_or(FormatError::MergedHasNoOrigin(format))
}

/// The text of the details that were written last. Details are shared by many listings, and neighbours mostly have the
/// same: then quoting them again is copying.
#[derive(Default)]
pub(crate) struct Memo<'a> {
    last: Option<&'a Details>,
    text: Vec<u8>,
}

impl<'a> Memo<'a> {
    /// Appends the text of `details`, made by `write` when they are not those of the time before.
    pub(crate) fn put(
        &mut self,
        body: &mut Vec<u8>,
        details: &'a Details,
        write: impl FnOnce(&mut Vec<u8>, &Details),
    ) {
        if !self.last.is_some_and(|last| std::ptr::eq(last, details)) {
            self.text.clear();
            write(&mut self.text, details);
            self.last = Some(details);
        }
        body.extend_from_slice(&self.text);
    }
}
