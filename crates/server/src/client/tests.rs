use axum::http::{HeaderMap, HeaderName, HeaderValue};

use super::*;

const PROXIES: &str = "10.0.0.0/8 2001:db8:a::/48 127.0.0.1";

/// A request from a peer with these fields, written `name: value`; `proxies` are those that are trusted.
fn client(peer: &str, proxies: &str, fields: &[&str]) -> (Client, Told) {
    let mut headers = HeaderMap::new();
    for field in fields {
        let (name, value) = field.split_once(": ").unwrap();
        headers.append(HeaderName::try_from(name).unwrap(), HeaderValue::from_str(value).unwrap());
    }
    let trusted: Vec<Prefix> = proxies.split_whitespace().map(|text| text.parse().unwrap()).collect();
    let peer = SocketAddr::new(peer.parse().unwrap(), 50_000);
    Client::of_connection(peer, false).settle(&headers, true, &trusted)
}

fn address(client: &Client) -> String {
    client.address.unwrap().to_string()
}

#[test]
fn what_others_than_trusted_proxies_say_is_passed_over() {
    for peer in ["192.0.2.7", "2001:db8::7", "::ffff:192.0.2.7"] {
        for proxies in ["", PROXIES] {
            for field in [
                "x-forwarded-for: 9.9.9.9",
                "x-forwarded-for: garbage",
                "forwarded: for=9.9.9.9;proto=https",
                "x-forwarded-proto: https",
                "x-real-ip: 127.0.0.1",
                "via: 1.1 proxy",
            ] {
                let (found, told) = client(peer, proxies, &[field]);
                assert_eq!(address(&found), peer.trim_start_matches("::ffff:"), "{field}");
                assert_eq!((found.secure, found.local, found.via_proxy), (false, false, false), "{field}");
                assert!(found.is_exact());
                assert_eq!(told, Told::Understood, "{field}");
            }
        }
    }
}

#[test]
fn a_program_on_this_machine_is_local_unless_something_says_that_a_proxy_brought_it() {
    for peer in ["127.0.0.1", "127.8.9.10", "::1", "::ffff:127.0.0.1"] {
        for proxies in ["", PROXIES] {
            let (found, _) = client(peer, proxies, &["accept: */*", "x-api-key: k", "user-agent: curl"]);
            assert!(found.local && !found.via_proxy && found.is_exact(), "{peer}");
        }
        for field in [
            "x-forwarded-for: 192.0.2.7",
            "x-forwarded-proto: https",
            "x-forwarded-host: bl.example",
            "x-forwarded: for=1.2.3.4",
            "x-real-ip: 192.0.2.7",
            "forwarded: for=192.0.2.7",
            "via: 1.1 proxy",
        ] {
            let (found, told) = client(peer, "", &[field]);
            assert!(!found.local && found.via_proxy && !found.is_exact() && !found.secure, "{peer} {field}");
            assert!(found.address.unwrap().is_loopback(), "{peer} {field}");
            assert_eq!(told, Told::Understood);
        }
    }
}

#[test]
fn a_request_from_this_machine_under_another_name_was_brought() {
    let connection = Client::of_connection("127.0.0.1:5".parse().unwrap(), false);
    let (found, _) = connection.settle(&HeaderMap::new(), false, &[]);
    assert!(!found.local && found.via_proxy && !found.is_exact());
}

#[test]
fn the_rightmost_address_that_is_no_trusted_proxy_is_whoever_asks() {
    for (fields, wanted) in [
        (&["x-forwarded-for: 192.0.2.7"] as &[&str], "192.0.2.7"),
        (&["x-forwarded-for: 1.1.1.1, 192.0.2.7"], "192.0.2.7"),
        (&["x-forwarded-for: 1.1.1.1, 192.0.2.7, 10.0.0.9"], "192.0.2.7"),
        (
            &["x-forwarded-for: 1.1.1.1", "x-forwarded-for: 192.0.2.7", "x-forwarded-for: 10.0.0.9"],
            "192.0.2.7",
        ),
        (&["x-forwarded-for: garbage, 127.0.0.1, 192.0.2.7,, 10.0.0.9,"], "192.0.2.7"),
        (&["x-forwarded-for: 192.0.2.7:4711"], "192.0.2.7"),
        (&["x-forwarded-for: ::ffff:192.0.2.7"], "192.0.2.7"),
        (&["x-forwarded-for: 2001:db8::7"], "2001:db8::7"),
        (&["x-forwarded-for: [2001:db8::7]"], "2001:db8::7"),
        (&["x-forwarded-for: [2001:db8::7]:4711"], "2001:db8::7"),
        (&["x-forwarded-for: 10.1.1.1, 10.2.2.2"], "10.1.1.1"),
        (&["forwarded: for=192.0.2.7"], "192.0.2.7"),
        (&["forwarded: For=\"192.0.2.7:4711\";By=10.0.0.1;Host=bl.example"], "192.0.2.7"),
        (&["forwarded: for=1.1.1.1, for=\"[2001:db8::7]:1\" , for=10.0.0.3"], "2001:db8::7"),
        (&["forwarded: for=_hidden, for=192.0.2.7", "forwarded: for=10.0.0.3"], "192.0.2.7"),
        (&["forwarded: for=192.0.2.7", "x-forwarded-for: 1.1.1.1, 192.0.2.7"], "192.0.2.7"),
    ] {
        for peer in ["10.0.0.1", "2001:db8:a::1", "127.0.0.1"] {
            let (found, told) = client(peer, PROXIES, fields);
            assert_eq!((address(&found).as_str(), told), (wanted, Told::Understood), "{peer} {fields:?}");
            assert!(found.is_exact() && found.via_proxy && !found.local, "{peer} {fields:?}");
        }
    }
}

#[test]
fn what_cannot_be_read_is_the_proxy_itself_whom_nobody_trusts_for_its_address() {
    for fields in [
        &["x-forwarded-for: 192.0.2.7, garbage"] as &[&str],
        &["x-forwarded-for: 192.0.2.7, unknown, 10.0.0.9"],
        &["x-forwarded-for: 192.0.2.07"],
        &["x-forwarded-for: 192.0.2.7 10.0.0.9"],
        &["x-forwarded-for: 192.0.2.0/24"],
        &["x-forwarded-proto: ftp"],
        &["forwarded: for=unknown"],
        &["forwarded: for=_hidden;proto=https"],
        &["forwarded: proto=https"],
        &["forwarded: for"],
        &["forwarded: for=192.0.2.7;for=192.0.2.8"],
        &["forwarded: for=192.0.2.7;proto=https;proto=http"],
        &["forwarded: for=\"192.0.2.7"],
        &["forwarded: for=192.0.2.7\""],
        &["forwarded: for=\"192.0.2.\\7\""],
        // What somebody asked for as a host, in the hope that it is read as the next member.
        &["forwarded: for=192.0.2.7;host=\"a,for=9.9.9.9\""],
        &["forwarded: for=192.0.2.7;host=\"a,for=9.9.9.9;b=\"\""],
        // An open quote to the left swallows what the proxy added.
        &["forwarded: for=\", for=192.0.2.7"],
        // One form is of the proxy, the other of whoever asks.
        &["forwarded: for=9.9.9.9", "x-forwarded-for: 192.0.2.7"],
        &["forwarded: for=192.0.2.7;proto=https", "x-forwarded-for: 192.0.2.7", "x-forwarded-proto: http"],
    ] {
        let (found, told) = client("10.0.0.1", PROXIES, fields);
        assert_eq!((address(&found).as_str(), told), ("10.0.0.1", Told::Unreadable), "{fields:?}");
        assert!(!found.is_exact() && !found.secure && found.via_proxy && !found.local, "{fields:?}");
    }
}

#[test]
fn a_proxy_that_says_nothing_is_nobody_in_particular() {
    for fields in [&[] as &[&str], &["via: 1.1 proxy"], &["x-real-ip: 192.0.2.7"], &["x-forwarded-for: "]] {
        let (found, told) = client("10.0.0.1", PROXIES, fields);
        assert_eq!((address(&found).as_str(), told), ("10.0.0.1", Told::Understood), "{fields:?}");
        assert!(!found.is_exact() && found.via_proxy, "{fields:?}");
    }
    // Or that speaks for its own machine.
    let (found, _) = client("10.0.0.1", PROXIES, &["x-forwarded-for: 127.0.0.1"]);
    assert!(!found.is_exact() && !found.local);
}

#[test]
fn encrypted_is_what_a_trusted_proxy_was_asked_over_tls_or_what_came_so_itself() {
    for (fields, wanted) in [
        (&["x-forwarded-for: 192.0.2.7"] as &[&str], false),
        (&["x-forwarded-for: 192.0.2.7", "x-forwarded-proto: https"], true),
        (&["x-forwarded-for: 192.0.2.7", "x-forwarded-proto: HTTPS"], true),
        (&["x-forwarded-proto: http"], false),
        (&["x-forwarded-proto: https, http"], false),
        (&["x-forwarded-proto: https", "x-forwarded-proto: http"], false),
        (&["forwarded: for=192.0.2.7;proto=https"], true),
        (&["forwarded: for=192.0.2.7;proto=https, for=10.0.0.3;proto=http"], true),
        (&["forwarded: for=192.0.2.7;proto=http, for=10.0.0.3;proto=https"], false),
        (&["forwarded: for=1.1.1.1;proto=https, for=192.0.2.7"], false),
    ] {
        assert_eq!(client("10.0.0.1", PROXIES, fields).0.secure, wanted, "{fields:?}");
    }
    let trusted = ["10.0.0.1".parse().unwrap()];
    let mut headers = HeaderMap::new();
    let over_tls = |headers: &HeaderMap| {
        Client::of_connection("10.0.0.1:5".parse().unwrap(), true).settle(headers, true, &trusted).0.secure
    };
    assert!(over_tls(&headers));
    headers.insert("x-forwarded-proto", HeaderValue::from_static("http"));
    assert!(!over_tls(&headers), "the first part of the way is not encrypted");
}
