//! The addresses of this machine. Whatever a source says, a server that is on its own list cuts itself off.

use std::collections::BTreeSet;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use nix::ifaddrs::getifaddrs;
use prefix::{Net, Prefix};

/// Every address of every interface, but for those that mean something on one machine or cable only.
pub(crate) fn own() -> std::io::Result<Vec<Prefix>> {
    let found: BTreeSet<Prefix> = getifaddrs()?
        .filter_map(|interface| {
            let address = interface.address?;
            let v4 = address.as_sockaddr_in().map(|address| IpAddr::V4(address.ip()));
            let v6 = || address.as_sockaddr_in6().map(|address| IpAddr::V6(address.ip()));
            v4.or_else(v6)
        })
        .filter_map(|address| host(address.to_canonical()))
        .collect();
    Ok(found.into_iter().collect())
}

/// The address as a prefix, if it can be reached from another network.
fn host(address: IpAddr) -> Option<Prefix> {
    match address {
        IpAddr::V4(address) if is_far_v4(address) => Some(Net::host(u32::from(address)).into()),
        IpAddr::V6(address) if is_far_v6(address) => Some(Net::host(u128::from(address)).into()),
        _ => None,
    }
}

fn is_far_v4(address: Ipv4Addr) -> bool {
    !(address.is_loopback() || address.is_link_local() || address.is_unspecified() || address.is_multicast())
}

fn is_far_v6(address: Ipv6Addr) -> bool {
    !(address.is_loopback()
        || address.is_unicast_link_local()
        || address.is_unspecified()
        || address.is_multicast())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_means_something_on_one_cable_only_is_left_out() {
        let kept = |text: &str| host(text.parse().unwrap()).map(|prefix| prefix.to_string());
        for near in ["127.0.0.1", "169.254.7.7", "0.0.0.0", "::1", "fe80::1", "::", "ff02::1"] {
            assert_eq!(kept(near), None, "{near}");
        }
        for far in ["10.1.2.3", "45.9.20.1", "fd00::1", "2a00::1"] {
            assert_eq!(kept(far).as_deref(), Some(far));
        }
    }

    #[test]
    fn this_machine_can_be_asked() {
        assert!(own().unwrap().iter().all(|prefix| prefix.is_host()));
    }
}
