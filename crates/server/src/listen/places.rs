//! Places for connections: so many at once, and so many from one address.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};

use prefix::Prefix;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::client::reach;
use crate::front::{Front, Limits};

/// The places. An address is counted while it has a connection, so there are at most as many counts as connections.
pub(super) struct Places {
    free: Arc<Semaphore>,
    taken: Mutex<HashMap<Prefix, usize>>,
    limits: Limits,
}

impl Places {
    pub(super) fn new(limits: Limits) -> Arc<Self> {
        let free = Arc::new(Semaphore::new(limits.connections));
        Arc::new(Self { free, taken: Mutex::default(), limits })
    }

    /// Waits for a free place.
    pub(super) async fn free(&self) -> Option<OwnedSemaphorePermit> {
        Arc::clone(&self.free).acquire_owned().await.ok()
    }

    /// Gives a free place to an address, unless it has enough of them.
    pub(super) fn give(
        self: &Arc<Self>,
        place: OwnedSemaphorePermit,
        peer: IpAddr,
        front: &Front,
    ) -> Option<Place> {
        let peer = peer.to_canonical();
        if crate::client::holds(&front.trusted_proxies, peer) {
            return Some(Place { place, counted: None });
        }
        let peer = reach(peer);
        let mut taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        let count = taken.entry(peer).or_default();
        if *count >= self.limits.connections_per_address {
            return None;
        }
        *count += 1;
        Some(Place { place, counted: Some((Arc::clone(self), peer)) })
    }
}

/// A taken place; it is free again when this is dropped.
pub(super) struct Place {
    #[expect(dead_code, reason = "held for as long as the connection lives")]
    place: OwnedSemaphorePermit,
    counted: Option<(Arc<Places>, Prefix)>,
}

impl Drop for Place {
    fn drop(&mut self) {
        let Some((places, peer)) = &self.counted else { return };
        let mut taken = places.taken.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = taken.get_mut(peer) {
            *count -= 1;
            if *count == 0 {
                taken.remove(peer);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn an_address_has_its_places_a_network_of_ipv6_too_and_a_trusted_proxy_any_number() {
        let limits = Limits { connections: 100, connections_per_address: 2, ..Limits::default() };
        let front = Front { trusted_proxies: vec!["10.0.0.1".parse().unwrap()], limits, ..Front::default() };
        let places = Places::new(limits);
        let take =
            async |peer: &str| places.give(places.free().await.unwrap(), peer.parse().unwrap(), &front);
        let held = [take("192.0.2.1").await.unwrap(), take("::ffff:192.0.2.1").await.unwrap()];
        assert!(take("192.0.2.1").await.is_none());
        let others = [take("192.0.2.2").await.unwrap(), take("2001:db8:1:2::3").await.unwrap()];
        let neighbour = take("2001:db8:1:2:3::4").await.unwrap();
        assert!(take("2001:db8:1:2::9").await.is_none());
        assert!(take("2001:db8:1:3::9").await.is_some());
        let mut proxy = Vec::new();
        for _ in 0..5 {
            proxy.push(take("10.0.0.1").await.unwrap());
        }
        drop(held);
        let again = take("192.0.2.1").await;
        assert!(again.is_some(), "what was let go is free");
        drop((others, neighbour, proxy, again));
        assert!(places.taken.lock().unwrap().is_empty());
        assert_eq!(places.free.available_permits(), 100);
    }
}
