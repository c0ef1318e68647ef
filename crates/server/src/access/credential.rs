//! What a reader presents: the secret of a consumer, in one of the forms that devices can send. It is hashed where it is
//! found and never kept.

use std::fmt::{self, Debug, Formatter};

use axum::http::header::{AUTHORIZATION, HeaderMap};
use base64::Engine;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use sha2::{Digest, Sha256};

/// The field of devices that have no other.
const API_KEY: &str = "x-api-key";
/// The longest credential that is looked at, in bytes as sent.
const MAX_BYTES: usize = 1_024;

/// Some devices leave the padding out.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &base64::alphabet::STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// What a reader presents.
pub(crate) enum Presented {
    /// Nothing.
    Nothing,
    /// Something that can be no credential.
    Malformed,
    /// A secret, by its SHA-256.
    Secret {
        /// The name that came with it, where the form has one.
        user: Option<Box<str>>,
        /// The hash of the secret.
        digest: [u8; 32],
    },
}

impl Presented {
    /// What the request presents. A token in the path counts first, then `Authorization`, then `X-Api-Key`: what stands first
    /// has to be right.
    pub(crate) fn of(token: Option<&str>, headers: &HeaderMap) -> Self {
        if let Some(token) = token {
            return Self::secret(None, token.as_bytes());
        }
        let mut fields = headers.get_all(AUTHORIZATION).iter();
        if let Some(field) = fields.next() {
            return if fields.next().is_some() {
                Self::Malformed
            } else {
                Self::authorization(field.as_bytes())
            };
        }
        let mut keys = headers.get_all(API_KEY).iter();
        match (keys.next(), keys.next()) {
            (None, _) => Self::Nothing,
            (Some(key), None) => Self::secret(None, key.as_bytes().trim_ascii()),
            (Some(_), Some(_)) => Self::Malformed,
        }
    }

    /// Whether nothing is presented.
    pub(crate) fn is_none(&self) -> bool {
        matches!(self, Self::Nothing)
    }

    /// The name that came with a secret.
    pub(crate) fn user(&self) -> Option<&str> {
        match self {
            Self::Secret { user, .. } => user.as_deref(),
            Self::Nothing | Self::Malformed => None,
        }
    }

    fn authorization(field: &[u8]) -> Self {
        let (scheme, rest) = field.split_at(field.iter().position(|&b| b == b' ').unwrap_or(field.len()));
        let rest = rest.trim_ascii();
        if scheme.eq_ignore_ascii_case(b"bearer") {
            return Self::secret(None, rest);
        }
        if !scheme.eq_ignore_ascii_case(b"basic") || rest.len() > MAX_BYTES {
            return Self::Malformed;
        }
        let Ok(decoded) = BASE64.decode(rest) else { return Self::Malformed };
        let Some(colon) = decoded.iter().position(|&b| b == b':') else { return Self::Malformed };
        match std::str::from_utf8(&decoded[..colon]) {
            Ok(user) => Self::secret(Some(user.into()), &decoded[colon + 1..]),
            Err(_) => Self::Malformed,
        }
    }

    fn secret(user: Option<Box<str>>, secret: &[u8]) -> Self {
        if secret.is_empty() || secret.len() > MAX_BYTES {
            return Self::Malformed;
        }
        Self::Secret { user, digest: Sha256::digest(secret).into() }
    }
}

/// Not even the hash.
impl Debug for Presented {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Nothing => "nothing",
            Self::Malformed => "malformed",
            Self::Secret { .. } => "a secret",
        })
    }
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    fn of(fields: &[(&'static str, &str)]) -> Presented {
        let mut headers = HeaderMap::new();
        for (name, value) in fields {
            headers.append(*name, HeaderValue::from_str(value).unwrap());
        }
        Presented::of(None, &headers)
    }

    fn is_abc(presented: &Presented, name: Option<&str>) -> bool {
        let wanted: [u8; 32] = Sha256::digest(b"abc").into();
        matches!(presented, Presented::Secret { user, digest } if *digest == wanted && user.as_deref() == name)
    }

    #[test]
    fn each_form_gives_the_same_hash() {
        assert!(!is_abc(&of(&[("authorization", "Basic Zncz4YWJj")]), None));
        assert!(is_abc(&of(&[("authorization", "Basic ZnczOmFiYw==")]), Some("fw3")));
        assert!(is_abc(&of(&[("authorization", "bAsIc   ZnczOmFiYw")]), Some("fw3")), "without padding");
        assert!(is_abc(&of(&[("authorization", "Bearer abc")]), None));
        assert!(is_abc(&of(&[("x-api-key", " abc ")]), None));
        assert!(is_abc(&Presented::of(Some("abc"), &HeaderMap::new()), None));
    }

    #[test]
    fn what_stands_first_counts_and_what_can_be_none_is_malformed() {
        assert!(of(&[]).is_none());
        assert!(is_abc(&of(&[("authorization", "Bearer abc"), ("x-api-key", "x")]), None));
        for bad in [
            &[("authorization", "Digest abc")][..],
            &[("authorization", "Basic !!")],
            &[("authorization", "Basic YWJj")],
            &[("authorization", "Basic")],
            &[("authorization", "Bearer ")],
            &[("authorization", "")],
            &[("authorization", "Bearer abc"), ("authorization", "Bearer abc")],
            &[("x-api-key", "")],
            &[("x-api-key", "abc"), ("x-api-key", "abc")],
            &[("x-api-key", &"a".repeat(1_025))],
        ] {
            assert!(matches!(of(bad), Presented::Malformed), "{bad:?}");
        }
    }

    #[test]
    fn it_cannot_be_printed() {
        assert_eq!(format!("{:?}", of(&[("authorization", "Bearer abc")])), "a secret");
    }
}
