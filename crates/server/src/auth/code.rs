//! One-time codes (RFC 6238: SHA-1, six digits, thirty seconds, one step of grace) and recovery codes.
//!
//! A secret is sealed by the vault's key before it is kept. The step of a code that was taken is written down by the store, so
//! that no code opens twice.

use blocklist::{Hash, Time};
use collect::random::{Random, RandomError};
use qrcode::render::svg;
use qrcode::{EcLevel, QrCode};
use secrecy::zeroize::Zeroizing;
use totp_rs::{Builder, Totp, TotpError};

/// Bytes of a secret: what RFC 4226 asks for.
const SECRET: usize = 20;
/// Recovery codes that are made at a time.
pub(crate) const RECOVERY_CODES: usize = 10;
/// Letters and digits that nobody takes for another.
const LETTERS: &[u8; 31] = b"abcdefghjkmnpqrstuvwxyz23456789";
/// What telephones show beside the name.
const ISSUER: &str = "blacklist";

/// A secret of one-time codes.
pub(crate) struct CodeSecret(Zeroizing<Vec<u8>>);

impl CodeSecret {
    /// A new one.
    pub(crate) fn draw(random: &dyn Random) -> Result<Self, RandomError> {
        let mut bytes = Zeroizing::new(vec![0; SECRET]);
        random.fill(&mut bytes)?;
        Ok(Self(bytes))
    }

    /// One that was kept.
    pub(crate) fn from_bytes(bytes: Zeroizing<Vec<u8>>) -> Self {
        Self(bytes)
    }

    /// To be sealed.
    pub(crate) fn bytes(&self) -> &[u8] {
        &self.0
    }

    fn totp(&self, name: &str) -> Result<Totp, TotpError> {
        let builder = Builder::new().with_secret(self.0.to_vec()).with_issuer(Some(ISSUER));
        builder.with_account_name(name).build()
    }

    /// The step whose code this is, if it is one of now.
    pub(crate) fn step_of(&self, code: &str, now: Time) -> Option<u64> {
        let code: String = code.chars().filter(|c| !c.is_whitespace()).collect();
        let totp = self.totp("").ok()?;
        totp.check(&code, u64::try_from(now.unix()).ok()?)
    }

    /// What is typed into a telephone that has no camera, in groups of four.
    pub(crate) fn text(&self, name: &str) -> Option<Zeroizing<String>> {
        let text = Zeroizing::new(self.totp(name).ok()?.secret().to_base32());
        let groups: Vec<&str> =
            text.as_bytes().chunks(4).filter_map(|four| std::str::from_utf8(four).ok()).collect();
        Some(Zeroizing::new(groups.join(" ")))
    }

    /// What a telephone reads with its camera: an SVG picture, dark on white whatever the page looks like.
    pub(crate) fn picture(&self, name: &str) -> Option<Zeroizing<String>> {
        let url = Zeroizing::new(self.totp(name).ok()?.to_url().ok()?);
        let code = QrCode::with_error_correction_level(url.as_bytes(), EcLevel::M).ok()?;
        Some(Zeroizing::new(code.render::<svg::Color<'_>>().min_dimensions(220, 220).build()))
    }
}

/// New recovery codes: 62 bits each, in two groups of letters that nobody takes for another.
pub(crate) fn recovery_codes(random: &dyn Random) -> Result<Vec<Zeroizing<String>>, RandomError> {
    let code = |_| -> Result<Zeroizing<String>, RandomError> {
        let mut text = Zeroizing::new(String::with_capacity(14));
        for place in 0..12 {
            if place == 6 {
                text.push('-');
            }
            let at = random.below(LETTERS.len() as u64)? as usize;
            text.push(char::from(LETTERS[at]));
        }
        Ok(text)
    };
    (0..RECOVERY_CODES).map(code).collect()
}

/// As a recovery code is kept. A plain hash is enough: 59 bits are not guessed over a network that counts tries, and who has
/// the database has no use for them.
pub(crate) fn recovery_hash(typed: &str) -> Hash {
    let plain: String = typed.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect();
    Hash::of(plain.as_bytes())
}

#[cfg(test)]
mod tests {
    use collect::random::SeededRandom;

    use super::*;

    #[test]
    fn a_code_is_good_for_its_step_and_the_ones_beside_it() {
        // RFC 6238, appendix B: at 59 s the eight digits are 94287082.
        let secret = CodeSecret::from_bytes(Zeroizing::new(b"12345678901234567890".to_vec()));
        let step = |code: &str, at| secret.step_of(code, Time::from_unix(at));
        assert_eq!(step("287082", 59), Some(1));
        assert_eq!(step(" 287 082 ", 89), Some(1));
        assert_eq!(step("287082", 90), None);
        for bad in ["", "28708", "2870822", "287083", "abcdef", "２８７０８２"] {
            assert_eq!(step(bad, 59), None, "{bad}");
        }
    }

    #[test]
    fn a_telephone_gets_the_name_and_the_secret() {
        let secret = CodeSecret::draw(&SeededRandom::new(7)).unwrap();
        assert_eq!(secret.bytes().len(), SECRET);
        let text = secret.text("kim").unwrap();
        assert_eq!(text.replace(' ', "").len(), 32);
        assert!(secret.picture("kim").unwrap().contains("<svg"));
    }

    #[test]
    fn recovery_codes_differ_and_are_read_as_people_type_them() {
        let codes = recovery_codes(&SeededRandom::new(7)).unwrap();
        assert_eq!(codes.len(), RECOVERY_CODES);
        let hashes: std::collections::BTreeSet<_> = codes.iter().map(|code| recovery_hash(code).0).collect();
        assert_eq!(hashes.len(), RECOVERY_CODES);
        let typed = codes[0].to_uppercase().replace('-', " ");
        assert_eq!(recovery_hash(&typed), recovery_hash(&codes[0]));
    }
}
