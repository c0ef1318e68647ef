//! A vault key: 32 bytes, their text form, and an id that tells keys apart without telling anything of them.

use std::fmt::{self, Debug, Formatter};

use base64::Engine;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use chacha20poly1305::{KeyInit, XChaCha20Poly1305};
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use crate::random::{Random, RandomError};

/// What the line of a key file begins with.
const HEAD: &str = "blacklist-vault-key-1 ";

/// The longest text of a key, with room for white space around it.
pub(super) const MAX_TEXT: usize = 256;

const LENGTH: usize = 32;

const BASE64: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// A key. Its bytes stand in one place on the heap and are overwritten when it is dropped.
pub(super) struct Key {
    id: String,
    bytes: Box<Zeroizing<[u8; LENGTH]>>,
}

impl Key {
    /// A new one.
    pub(super) fn make(random: &dyn Random) -> Result<Self, RandomError> {
        let mut bytes = Box::new(Zeroizing::new([0; LENGTH]));
        random.fill(&mut **bytes)?;
        Ok(Self::of(bytes))
    }

    /// Reads the line of a key file, or 32 bytes in base64 or hex, white space around them not counted. `raw` allows
    /// the 32 bytes themselves too, as systemd can hand them over.
    pub(super) fn read(text: &[u8], raw: bool) -> Option<Self> {
        let mut bytes = Box::new(Zeroizing::new([0; LENGTH]));
        if raw && text.len() == LENGTH {
            bytes.copy_from_slice(text);
        } else {
            let text = text.trim_ascii();
            let text = text.strip_prefix(HEAD.as_bytes()).map_or(text, <[u8]>::trim_ascii);
            if text.len() == 2 * LENGTH {
                for (byte, pair) in bytes.iter_mut().zip(text.chunks_exact(2)) {
                    *byte = (digit(pair[0])? << 4) | digit(pair[1])?;
                }
            } else {
                // One byte more than a key, so that what is too long is seen to be.
                let mut decoded = Zeroizing::new([0; LENGTH + 1]);
                if BASE64.decode_slice(text, &mut *decoded).ok()? != LENGTH {
                    return None;
                }
                bytes.copy_from_slice(&decoded[..LENGTH]);
            }
        }
        // An emptied or zeroed file, or a row of spaces, is no key.
        let same = bytes.iter().all(|byte| *byte == bytes[0]);
        (!same).then(|| Self::of(bytes))
    }

    fn of(bytes: Box<Zeroizing<[u8; LENGTH]>>) -> Self {
        let hash =
            Sha256::new().chain_update(b"blacklist vault key id").chain_update(bytes.as_slice()).finalize();
        let id = hash.iter().take(8).fold(String::new(), |id, byte| id + &format!("{byte:02x}"));
        Self { id, bytes }
    }

    /// The first 16 hex digits of the SHA-256 of a fixed text and the key.
    pub(super) fn id(&self) -> &str {
        &self.id
    }

    /// The line of a key file.
    pub(super) fn to_line(&self) -> Zeroizing<String> {
        // With room for all of it, so that no half of a key stays behind where the text grew.
        let mut line = Zeroizing::new(String::with_capacity(MAX_TEXT));
        line.push_str(HEAD);
        BASE64.encode_string(self.bytes.as_slice(), &mut line);
        line.push('\n');
        line
    }

    pub(super) fn cipher(&self) -> XChaCha20Poly1305 {
        XChaCha20Poly1305::new((&**self.bytes).into())
    }
}

impl Debug for Key {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "Key({})", self.id)
    }
}

fn digit(byte: u8) -> Option<u8> {
    Some(char::from(byte).to_digit(16)? as u8)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::SeededRandom;

    #[test]
    fn a_key_reads_back_in_each_of_its_forms_under_one_id() {
        let key = Key::make(&SeededRandom::new(1)).unwrap();
        let line = key.to_line();
        let base64 = line.strip_prefix(HEAD).unwrap();
        let hex = key.bytes.iter().fold(String::new(), |hex, byte| hex + &format!("{byte:02X}"));
        let unpadded = base64.trim_end().trim_end_matches('=');
        for text in [&**line, base64, unpadded, &hex, &hex.to_lowercase(), &format!(" {hex}\r\n")] {
            assert_eq!(Key::read(text.as_bytes(), false).unwrap().id(), key.id());
        }
        assert_eq!(Key::read(&**key.bytes, true).unwrap().id(), key.id());
        assert!(key.id().len() == 16 && key.id().bytes().all(|byte| byte.is_ascii_hexdigit()));
        assert_ne!(Key::make(&SeededRandom::new(2)).unwrap().id(), key.id());
    }

    #[test]
    fn what_is_no_key_is_not_taken_for_one() {
        let raw = [b'x'; 31].into_iter().chain([b'y']).collect::<Vec<u8>>();
        assert!(Key::read(&raw, false).is_none());
        for bad in
            ["", "blacklist-vault-key-1 ", "blacklist-vault-key-2 AAAA", &"0".repeat(64), &"z1".repeat(32)]
        {
            assert!(Key::read(bad.as_bytes(), true).is_none(), "{bad}");
        }
        assert!(Key::read(&[0; 32], true).is_none());
        assert!(Key::read("AB".repeat(60).as_bytes(), true).is_none());
    }

    #[test]
    fn a_key_is_never_printed() {
        let key = Key::make(&SeededRandom::new(1)).unwrap();
        assert_eq!(format!("{key:?}"), format!("Key({})", key.id()));
    }
}
