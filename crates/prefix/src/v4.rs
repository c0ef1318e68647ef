//! IPv4 text to number, all parts at once.
//!
//! A loop over the bytes guesses wrong where each part ends, at 22 ns an address on random data; finding the four ends
//! at once with arithmetic on whole words takes half. It also needs no end of the line beforehand.

/// In each byte the highest bit, and the character `0`.
const HIGH: u64 = 0x8080_8080_8080_8080;
const ZEROS: u64 = 0x3030_3030_3030_3030;

/// What [`leading`] wants to see: the longest text, `255.255.255.255`, the byte that ends it, and three that a read of
/// four at the last place touches.
pub(crate) const WINDOW: usize = 20;

/// One bit for each byte of eight that is no decimal digit.
#[inline]
fn ends(text: u64) -> u32 {
    // Digits become 0 to 9; adding 0x76 carries into the highest bit from 10 on. Bytes over 0x7f have it already.
    let digits = text ^ ZEROS;
    let other = (((digits & !HIGH) + 0x7676_7676_7676_7676) | digits) & HIGH;
    // Gathers the eight bits in the uppermost byte.
    ((other >> 7).wrapping_mul(0x0102_0408_1020_4080) >> 56) as u32
}

/// The least that the digits of a part are, one a byte, when it does not begin with a zero, by how many there are; more
/// than any for none.
const LEAST: [i32; 4] = [1 << 30, 0, 1 << 8, 1 << 16];
/// The most: the digits of 255.
const MOST: i32 = 0x02_05_05;

/// Reads an address whose bytes that are no digits are those of `left`; gives the number and its length in bytes.
/// `four` are the four bytes from a place on, the first lowermost.
///
/// Nothing is decided before the end: what is wrong with a part leaves a bit, and whatever else comes of it is dropped.
#[inline(always)]
#[expect(
    clippy::inline_always,
    reason = "the caller knows how the four bytes come; a call costs a tenth of it all"
)]
fn read(mut left: u32, four: impl Fn(u32) -> u32) -> Option<(u32, usize)> {
    let mut addr = 0;
    let mut start = 0_u32;
    let (mut counts, mut bounds, mut dots) = (0, 0, 0);
    for part in 0..4 {
        let end = left.trailing_zeros();
        left &= left.wrapping_sub(1);
        let count = end.wrapping_sub(start);
        let bytes = four(start) ^ ZEROS as u32;
        // Up to three digits and what ends them, in the order of writing: the end lowermost, zeros before the digits.
        let shift = 24_u32.wrapping_sub(count.wrapping_mul(8));
        let ordered = bytes.swap_bytes().wrapping_shr(shift);
        let digits = (ordered >> 8) as i32;
        counts |= count;
        bounds |= (MOST - digits) | digits.wrapping_sub(LEAST[count as usize & 3]);
        if part < 3 {
            dots |= ordered ^ u32::from(b'.' ^ b'0');
        }
        // Three digits in the order of memory, by 1, 10 and 100: hundreds, tens and ones meet in the third byte, and what
        // stands below it does not carry.
        let value = bytes.wrapping_shl(shift).wrapping_mul(0x64_0a_01) >> 16 & 0xff;
        addr = addr << 8 | value;
        start = end.wrapping_add(1);
    }
    let good = counts < 4 && bounds >= 0 && dots as u8 == 0;
    good.then_some((addr, start.wrapping_sub(1) as usize))
}

/// Reads the address that `text` begins with: its number, and how many bytes it took. The byte after it is no digit and
/// else not looked at.
#[inline]
pub(crate) fn leading(text: &[u8; WINDOW]) -> Option<(u32, usize)> {
    let [low, high] = [0, 8].map(|at| {
        let mut eight = [0; 8];
        eight.copy_from_slice(&text[at..at + 8]);
        u64::from_le_bytes(eight)
    });
    read(ends(low) | ends(high) << 8, |at| {
        let at = at as usize & 15;
        u32::from_le_bytes([text[at], text[at + 1], text[at + 2], text[at + 3]])
    })
}

/// Reads a text that is an address and nothing else.
#[inline]
pub(crate) fn whole(text: &[u8]) -> Option<u32> {
    // Two reads that overlap, put together in registers: a copy of unknown length costs more than all the rest.
    let len = text.len();
    let word = match (text.first_chunk(), text.last_chunk()) {
        (Some(first), Some(last)) if len < 16 => {
            let last = u128::from(u64::from_le_bytes(*last)) << (len * 8 - 64);
            u128::from(u64::from_le_bytes(*first)) | last
        }
        _ => match (text.first_chunk(), text.last_chunk()) {
            (Some(first), Some(last)) if len == 7 => {
                u128::from(u32::from_le_bytes(*first)) | u128::from(u32::from_le_bytes(*last)) << 24
            }
            _ => return None,
        },
    };
    // The zeros behind the text are no digits.
    let left = ends(word as u64) | ends((word >> 64) as u64) << 8;
    let four = |at: u32| word.wrapping_shr(at.wrapping_mul(8)) as u32;
    read(left, four).and_then(|(addr, used)| (used == len).then_some(addr))
}
