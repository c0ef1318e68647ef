//! Randomness that is handed in: keys and nonces from the system, and a repeatable one for tests.

use std::sync::Mutex;
use std::sync::PoisonError;

/// The system gave no randomness. Nothing can be sealed until it does; trying again later may succeed.
#[derive(Debug, thiserror::Error)]
#[error("the system gives no randomness")]
pub struct RandomError(#[source] getrandom::Error);

/// Where random bytes come from.
pub trait Random: Send + Sync {
    /// Fills all of `bytes`.
    fn fill(&self, bytes: &mut [u8]) -> Result<(), RandomError>;

    /// A number from 0 to `bound` - 1, each equally likely; 0 where the bound is 0.
    fn below(&self, bound: u64) -> Result<u64, RandomError> {
        // Numbers at the top that would make the low results likelier are thrown away; at most half of them are.
        let fair = u64::MAX - u64::MAX % bound.max(1);
        loop {
            let mut bytes = [0; 8];
            self.fill(&mut bytes)?;
            let number = u64::from_le_bytes(bytes);
            if number < fair {
                return Ok(number % bound.max(1));
            }
        }
    }
}

/// The system's randomness, good for keys.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemRandom;

impl Random for SystemRandom {
    fn fill(&self, bytes: &mut [u8]) -> Result<(), RandomError> {
        getrandom::fill(bytes).map_err(RandomError)
    }
}

/// The same sequence for the same seed (`SplitMix64`), for tests and simulations. Whoever knows one output knows all:
/// never for keys or nonces of real secrets.
#[derive(Debug)]
pub struct SeededRandom(Mutex<u64>);

impl SeededRandom {
    /// Begins the sequence of the seed.
    pub fn new(seed: u64) -> Self {
        Self(Mutex::new(seed))
    }
}

impl Random for SeededRandom {
    fn fill(&self, bytes: &mut [u8]) -> Result<(), RandomError> {
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        for chunk in bytes.chunks_mut(8) {
            *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
            chunk.copy_from_slice(&mix(*state).to_le_bytes()[..chunk.len()]);
        }
        Ok(())
    }
}

/// The output function of `SplitMix64`.
fn mix(state: u64) -> u64 {
    let z = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_gives_the_published_sequence() {
        let random = SeededRandom::new(1_234_567);
        let mut bytes = [0; 16];
        random.fill(&mut bytes).unwrap();
        // The first outputs of the reference implementation (prng.di.unimi.it/splitmix64.c) for this seed.
        assert_eq!(u64::from_le_bytes(bytes[..8].try_into().unwrap()), 6_457_827_717_110_365_317);
        assert_eq!(u64::from_le_bytes(bytes[8..].try_into().unwrap()), 3_203_168_211_198_807_973);
    }

    #[test]
    fn numbers_stay_below_their_bound_and_reach_all_of_it() {
        let random = SeededRandom::new(7);
        let mut seen = [0_u32; 5];
        for _ in 0..5_000 {
            seen[usize::try_from(random.below(5).unwrap()).unwrap()] += 1;
        }
        assert!(seen.iter().all(|count| (800..1_200).contains(count)), "{seen:?}");
        assert_eq!(random.below(0).unwrap(), 0);
        assert_eq!(random.below(1).unwrap(), 0);
        assert!(random.below((1 << 63) + 1).unwrap() <= 1 << 63);
    }

    #[test]
    fn the_system_gives_other_bytes_each_time() {
        let (mut one, mut other) = ([0; 32], [0; 32]);
        SystemRandom.fill(&mut one).unwrap();
        SystemRandom.fill(&mut other).unwrap();
        assert_ne!(one, other);
    }
}
