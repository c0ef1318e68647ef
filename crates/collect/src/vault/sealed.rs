//! Sealing: XChaCha20-Poly1305, with a random nonce of 24 bytes, bound to where the row belongs.
//!
//! ```text
//! bytes = format (1) | nonce (24) | ciphertext and tag (length of the plain text + 16)
//! ```
//!
//! What the row is bound to is authenticated and not kept: a row that was moved to another owner, version or table
//! does not open. The nonce is long enough to be drawn at random for any number of rows, so no counter has to survive.

use chacha20poly1305::XNonce;
use chacha20poly1305::aead::{Aead, Payload};
use zeroize::Zeroizing;

use store::Sealed;

use super::VaultError;
use super::key::Key;
use crate::random::Random;

/// The most that is sealed in one row: a session with its cookies is a few KB.
pub const MAX_PLAIN: usize = 64 << 10;

const FORMAT: u8 = 1;
const NONCE: usize = 24;
const TAG: usize = 16;

/// Where a sealed row belongs.
#[derive(Clone, Copy, Debug)]
pub struct Binding<'a> {
    /// The table that keeps it.
    pub table: &'a str,
    /// Whose it is: the name of a source or an account.
    pub owner: &'a str,
    /// Its version: an old row that is put back does not open as the new one.
    pub version: u32,
}

impl Binding<'_> {
    /// Every part with its length in front, so that no two bindings are the same bytes.
    fn bytes(&self, key_id: &str) -> Vec<u8> {
        let version = self.version.to_le_bytes();
        let parts: [&[u8]; 5] = [
            b"blacklist sealed row 1",
            self.table.as_bytes(),
            self.owner.as_bytes(),
            &version,
            key_id.as_bytes(),
        ];
        let mut bytes = Vec::new();
        for part in parts {
            bytes.extend_from_slice(&(part.len() as u64).to_le_bytes());
            bytes.extend_from_slice(part);
        }
        bytes
    }
}

pub(super) fn seal(
    key: &Key,
    binding: &Binding<'_>,
    plain: &[u8],
    random: &dyn Random,
) -> Result<Sealed, VaultError> {
    let too_large = || VaultError::TooLarge { bytes: plain.len() };
    if plain.len() > MAX_PLAIN {
        return Err(too_large());
    }
    let mut nonce = [0; NONCE];
    random.fill(&mut nonce)?;
    let bound = binding.bytes(key.id());
    // The cipher fails for inputs of many gigabytes only.
    let text = key
        .cipher()
        .encrypt(&XNonce::from(nonce), Payload { msg: plain, aad: &bound })
        .map_err(|_| too_large())?;
    let bytes = [&[FORMAT], &nonce[..], &text].concat();
    Ok(Sealed { key_id: key.id().to_owned(), bytes })
}

pub(super) fn unseal(key: &Key, binding: &Binding<'_>, row: &[u8]) -> Result<Zeroizing<Vec<u8>>, VaultError> {
    let (&format, rest) = row.split_first().ok_or(VaultError::Tampered)?;
    if format != FORMAT {
        return Err(VaultError::Format { format });
    }
    let (nonce, text) = rest.split_first_chunk::<NONCE>().ok_or(VaultError::Tampered)?;
    if text.len() > MAX_PLAIN + TAG {
        return Err(VaultError::Tampered);
    }
    let bound = binding.bytes(key.id());
    let plain = key.cipher().decrypt(&XNonce::from(*nonce), Payload { msg: text, aad: &bound });
    plain.map(Zeroizing::new).map_err(|_| VaultError::Tampered)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::random::SeededRandom;

    fn key(seed: u64) -> Key {
        Key::make(&SeededRandom::new(seed)).unwrap()
    }

    #[test]
    fn no_two_bindings_are_the_same_bytes() {
        let (a, ab, b) = ("a", "ab", "b");
        let binding = |table, owner, version| Binding { table, owner, version };
        let all = [
            binding("t", a, 1),
            binding("ta", b, 1),
            binding("t", ab, 1),
            binding("", ab, 1),
            binding("t", a, 256),
            binding("t", a, 1 << 16),
        ];
        for (at, one) in all.iter().enumerate() {
            for other in &all[at + 1..] {
                assert_ne!(one.bytes("k"), other.bytes("k"));
            }
            assert_ne!(one.bytes("k"), one.bytes("k1"));
        }
    }

    #[test]
    fn the_same_text_is_never_sealed_to_the_same_bytes() {
        let (key, random) = (key(1), SeededRandom::new(5));
        let binding = Binding { table: "credentials", owner: "a", version: 1 };
        let one = seal(&key, &binding, b"same", &random).unwrap();
        let other = seal(&key, &binding, b"same", &random).unwrap();
        assert_ne!(one.bytes, other.bytes);
        assert!(matches!(
            seal(&key, &binding, &vec![0; MAX_PLAIN + 1], &random),
            Err(VaultError::TooLarge { .. })
        ));
    }

    #[test]
    fn a_row_of_a_newer_format_is_told_from_a_changed_one() {
        let binding = Binding { table: "credentials", owner: "a", version: 1 };
        assert!(matches!(unseal(&key(1), &binding, &[2; 60]), Err(VaultError::Format { format: 2 })));
        for cut in [&[][..], &[1], &[1; 25], &[1; 40]] {
            assert!(matches!(unseal(&key(1), &binding, cut), Err(VaultError::Tampered)));
        }
    }

    proptest! {
        #[test]
        fn what_was_sealed_opens_where_it_belongs_and_nowhere_else(
            plain in prop::collection::vec(any::<u8>(), 0..200),
            version in any::<u32>(),
            bit in any::<prop::sample::Index>(),
        ) {
            let random = SeededRandom::new(3);
            let binding = Binding { table: "credentials", owner: "one", version };
            let row = seal(&key(1), &binding, &plain, &random).unwrap();
            prop_assert_eq!(&**unseal(&key(1), &binding, &row.bytes).unwrap(), &plain[..]);
            for moved in [
                Binding { owner: "two", ..binding },
                Binding { version: version.wrapping_add(1), ..binding },
                Binding { table: "sessions", ..binding },
            ] {
                prop_assert!(matches!(unseal(&key(1), &moved, &row.bytes), Err(VaultError::Tampered)));
            }
            prop_assert!(unseal(&key(2), &binding, &row.bytes).is_err());
            let bit = bit.index(row.bytes.len() * 8);
            let mut changed = row.bytes.clone();
            changed[bit / 8] ^= 1 << (bit % 8);
            prop_assert!(unseal(&key(1), &binding, &changed).is_err());
            let cut = &row.bytes[..bit / 8];
            prop_assert!(matches!(unseal(&key(1), &binding, cut), Err(VaultError::Tampered)));
        }
    }
}
