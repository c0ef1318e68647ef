//! The known-good lists that come with the program, so that also a machine without any network protects what everybody
//! uses.
//!
//! They are of our own making, as of 2026-11-23, from what the operators themselves publish: the pages of Google Public
//! DNS, Cloudflare 1.1.1.1, Quad9 and `OpenDNS`; the resolvers that KT, SK Broadband and LG U+ name to their customers;
//! the root hints of IANA (`named.root`). Whoever wants more loads a file: `blacklist known-good load`.

use prefix::Prefix;

/// A list that comes with the program.
#[derive(Debug)]
pub struct Shipped {
    /// Its name.
    pub name: &'static str,
    /// What it holds.
    pub description: &'static str,
    /// The day as of which it is right.
    pub version: &'static str,
    /// Its addresses.
    pub addresses: &'static [&'static str],
}

impl Shipped {
    /// Its addresses, in order.
    pub fn prefixes(&self) -> Vec<Prefix> {
        // A test holds every one of them to be an address.
        let mut prefixes: Vec<Prefix> = self.addresses.iter().filter_map(|text| text.parse().ok()).collect();
        prefixes.sort_unstable();
        prefixes
    }
}

/// All of them.
pub const SHIPPED: &[Shipped] = &[
    Shipped {
        name: "public-resolvers",
        description: "DNS resolvers that anybody may use: Google, Cloudflare, Quad9, OpenDNS, KT, SK Broadband, LG U+",
        version: "2026-11-23",
        addresses: &[
            // Google
            "8.8.8.8",
            "8.8.4.4",
            "2001:4860:4860::8888",
            "2001:4860:4860::8844",
            // Cloudflare
            "1.1.1.1",
            "1.0.0.1",
            "2606:4700:4700::1111",
            "2606:4700:4700::1001",
            // Quad9
            "9.9.9.9",
            "149.112.112.112",
            "2620:fe::fe",
            "2620:fe::9",
            // OpenDNS
            "208.67.222.222",
            "208.67.220.220",
            "2620:119:35::35",
            "2620:119:53::53",
            // KT
            "168.126.63.1",
            "168.126.63.2",
            // SK Broadband
            "219.250.36.130",
            "210.220.163.82",
            // LG U+
            "164.124.101.2",
            "203.248.252.2",
        ],
    },
    Shipped {
        name: "dns-root-servers",
        description: "The root servers of the DNS, a to m",
        version: "2026-11-23",
        addresses: &[
            "198.41.0.4",
            "2001:503:ba3e::2:30",
            "170.247.170.2",
            "2801:1b8:10::b",
            "192.33.4.12",
            "2001:500:2::c",
            "199.7.91.13",
            "2001:500:2d::d",
            "192.203.230.10",
            "2001:500:a8::e",
            "192.5.5.241",
            "2001:500:2f::f",
            "192.112.36.4",
            "2001:500:12::d0d",
            "198.97.190.53",
            "2001:500:1::53",
            "192.36.148.17",
            "2001:7fe::53",
            "192.58.128.30",
            "2001:503:c27::2:30",
            "193.0.14.129",
            "2001:7fd::1",
            "199.7.83.42",
            "2001:500:9f::42",
            "202.12.27.33",
            "2001:dc3::35",
        ],
    },
];

#[cfg(test)]
mod tests {
    use prefix::prefix::Family;

    use super::*;

    #[test]
    fn every_address_is_one_and_stands_once() {
        for list in SHIPPED {
            let mut prefixes = list.prefixes();
            prefixes.dedup();
            assert_eq!(prefixes.len(), list.addresses.len(), "{}", list.name);
            let public =
                |prefix: &Prefix| prefix.is_host() && prefix::Rules::default().admit(*prefix).is_ok();
            assert!(prefixes.iter().all(public), "{}", list.name);
        }
    }

    #[test]
    fn the_thirteen_root_servers_have_an_address_of_each_family() {
        let roots = SHIPPED.iter().find(|list| list.name == "dns-root-servers").unwrap().prefixes();
        let of = |family| roots.iter().filter(|prefix| prefix.family() == family).count();
        assert_eq!((of(Family::V4), of(Family::V6)), (13, 13));
    }
}
