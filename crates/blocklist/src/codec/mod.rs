//! A publication as bytes: what is hashed, and what lies on disk.
//!
//! ```text
//! magic      8   "blpub" 0 0 2, the last byte is the version of this layout
//! kind       8   0: full, 1: delta
//! serial     8
//! published  8   i64, seconds since 1970
//! changed    8   i64
//! length     8   of the body
//! hash      32   of the content
//! basis     32   of the content that a delta applies to; zeros in a full one
//! check     32   SHA-256 of the body of a delta; zeros in a full one, whose chunks make up `hash`
//! seal      32   SHA-256 of all before it
//! body           full: for each chunk its key, its length and the chunk
//!                delta: for each chunk that changed its key, the prefixes whose listings go, and the listings that come
//! ```
//!
//! A delta holds listings, not only prefixes: replayed on its basis it gives the very content, which its hash proves.
//! Nothing is trusted on the way in: seal and hashes are checked first, then every length and position.

mod chunk;
mod delta;

use std::sync::Arc;

use sha2::{Digest, Sha256};

pub(crate) use self::chunk::{decode_chunk, encode_chunk};
use crate::content::Content;
use crate::{ChunkKey, Hash, Head, Serial, Time};

const MAGIC: [u8; 8] = *b"blpub\0\0\x02";
/// Bytes before the body.
pub const HEAD_LEN: usize = 6 * 8 + 4 * 32;

/// Why bytes are no publication.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Malformed {
    /// Too short, another kind of file, or a layout of another version.
    #[error("not a publication file of this version")]
    Magic,
    /// The head was changed or torn.
    #[error("the head of the publication does not match its seal")]
    Seal,
    /// The content was changed or torn.
    #[error("the content of the publication does not match its hash")]
    Hash,
    /// The hash is right, but the content does not follow the layout.
    #[error("the content of the publication cannot be read")]
    Content,
    /// A delta that applies to another content than the one at hand.
    #[error("the publication is a change to another one than the one before it")]
    Basis,
}

/// A publication file, read and checked as far as it can be by itself.
#[derive(Debug)]
pub enum File<'a> {
    /// The whole content.
    Full(Head, Content),
    /// What changed since the publication before.
    Change(Head, Change<'a>),
}

/// The body of a delta.
#[derive(Debug)]
pub struct Change<'a> {
    /// The hash of the content that it applies to.
    pub basis: Hash,
    /// What the content is afterwards.
    hash: Hash,
    body: &'a [u8],
}

impl Change<'_> {
    /// The content after the change, proved by its hash.
    pub fn apply(&self, before: &Content) -> Result<Content, Malformed> {
        replay(before, std::slice::from_ref(self))
    }
}

/// The content after some changes, each to the outcome of the one before; proved by the hash of the last. Costs one making
/// of each chunk that any of them touches, however many they are: changes of a few listings here and there touch every
/// chunk, and to make all of them for each change took a second a change with a million listings.
pub fn replay(before: &Content, changes: &[Change<'_>]) -> Result<Content, Malformed> {
    let mut hash = before.hash();
    for change in changes {
        if change.basis != hash {
            return Err(Malformed::Basis);
        }
        hash = change.hash;
    }
    let bodies: Vec<_> = changes.iter().map(|change| change.body).collect();
    let after = delta::replay(before, &bodies).ok_or(Malformed::Content)?;
    if after.hash() == hash { Ok(after) } else { Err(Malformed::Hash) }
}

/// Writes a whole content.
pub fn encode_full(head: &Head, content: &Content) -> Vec<u8> {
    let mut out = Vec::with_capacity(HEAD_LEN + content.size() + 8 * content.chunks().len());
    out.resize(HEAD_LEN, 0);
    for chunk in content.chunks() {
        put_u32(&mut out, chunk.key().number() as usize);
        put_u32(&mut out, chunk.size());
        out.extend_from_slice(&encode_chunk(chunk));
    }
    put_head(&mut out, head, Hash::ZERO, 0);
    out
}

/// Writes what changed from `before` to `after`.
pub fn encode_delta(head: &Head, before: &Content, after: &Content) -> Vec<u8> {
    let mut out = vec![0; HEAD_LEN];
    delta::put(&mut out, before, after);
    put_head(&mut out, head, before.hash(), 1);
    out
}

fn put_head(out: &mut [u8], head: &Head, basis: Hash, kind: u64) {
    let (top, body) = out.split_at_mut(HEAD_LEN);
    let check = if kind == 0 { Hash::ZERO } else { Hash::of(body) };
    let words = [
        MAGIC,
        kind.to_le_bytes(),
        head.serial.0.to_le_bytes(),
        head.published_at.unix().to_le_bytes(),
        head.changed_at.unix().to_le_bytes(),
        (body.len() as u64).to_le_bytes(),
    ];
    let mut bytes = words.concat();
    for hash in [head.hash, basis, check] {
        bytes.extend_from_slice(&hash.0);
    }
    let seal = Sha256::digest(&bytes);
    bytes.extend_from_slice(&seal);
    top.copy_from_slice(&bytes);
}

/// Reads a file and checks it.
pub fn decode(bytes: &[u8]) -> Result<File<'_>, Malformed> {
    let (top, body) =
        bytes.split_at_checked(HEAD_LEN).filter(|(top, _)| top[..8] == MAGIC).ok_or(Malformed::Magic)?;
    if Sha256::digest(&top[..HEAD_LEN - 32])[..] != top[HEAD_LEN - 32..] {
        return Err(Malformed::Seal);
    }
    let word = |at: usize| -> [u8; 8] { std::array::from_fn(|i| top[8 * at + i]) };
    let hash = |at: usize| Hash(std::array::from_fn(|i| top[48 + 32 * at + i]));
    if body.len() as u64 != u64::from_le_bytes(word(5)) {
        return Err(Malformed::Hash);
    }
    let head = Head {
        serial: Serial(u64::from_le_bytes(word(2))),
        published_at: Time::from_unix(i64::from_le_bytes(word(3))),
        changed_at: Time::from_unix(i64::from_le_bytes(word(4))),
        hash: hash(0),
    };
    match u64::from_le_bytes(word(1)) {
        0 => {
            let content = decode_full(body)?;
            if content.hash() != head.hash {
                return Err(Malformed::Hash);
            }
            Ok(File::Full(head, content))
        }
        1 if Hash::of(body) == hash(2) => {
            Ok(File::Change(head, Change { basis: hash(1), hash: head.hash, body }))
        }
        1 => Err(Malformed::Hash),
        _ => Err(Malformed::Content),
    }
}

/// A changed byte makes a chunk unreadable or gives it another hash; which of the two is told alike.
fn decode_full(body: &[u8]) -> Result<Content, Malformed> {
    let mut input = Input(body);
    let mut chunks = Vec::new();
    while !input.0.is_empty() {
        let chunk = (|| {
            let key = ChunkKey::from_number(input.u32()?)?;
            let len = input.u32()? as usize;
            decode_chunk(key, input.take(len)?)
        })();
        chunks.push(Arc::new(chunk.ok_or(Malformed::Hash)?));
    }
    Content::from_chunks(chunks).ok_or(Malformed::Hash)
}

fn put_u32(out: &mut Vec<u8>, value: usize) {
    out.extend_from_slice(&(value as u32).to_le_bytes());
}

/// Length in two bytes, then the text; nothing that is kept is longer.
fn put_text(out: &mut Vec<u8>, text: &str) {
    out.extend_from_slice(&(text.len() as u16).to_le_bytes());
    out.extend_from_slice(text.as_bytes());
}

struct Input<'a>(&'a [u8]);

impl<'a> Input<'a> {
    fn take(&mut self, len: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(len)?;
        self.0 = rest;
        Some(taken)
    }

    fn array<const N: usize>(&mut self) -> Option<[u8; N]> {
        self.take(N)?.try_into().ok()
    }

    fn u32(&mut self) -> Option<u32> {
        self.array().map(u32::from_le_bytes)
    }

    fn text(&mut self) -> Option<&'a str> {
        let len = u16::from_le_bytes(self.array()?);
        std::str::from_utf8(self.take(len.into())?).ok()
    }
}
