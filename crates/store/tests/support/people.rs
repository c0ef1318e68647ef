//! People in a store of a test.

use blocklist::Hash;
use secrecy::SecretString;
use store::{Actor, Role, SessionRow, UserName};

use super::{Bench, START};

pub const BOSS: Actor<'static> = Actor { address: None, by: "boss", note: None };

pub fn user(name: &str) -> UserName {
    name.parse().unwrap()
}

pub fn hash(text: &str) -> Hash {
    Hash::of(text.as_bytes())
}

pub fn phc(text: &str) -> SecretString {
    SecretString::from(format!("$argon2id$test${text}"))
}

/// A store with the admin `boss` and the operator `kim`.
pub fn staffed() -> Bench {
    let bench = Bench::new();
    add(&bench, "boss", Role::Admin);
    add(&bench, "kim", Role::Operator);
    bench
}

pub fn add(bench: &Bench, name: &str, role: Role) {
    bench.store.add_user(&user(name), role, &phc(name), false, None, &BOSS).unwrap();
}

/// A session of twelve hours, open.
pub fn sign_in(bench: &Bench, name: &str, cookie: &str, address: &str) -> SessionRow {
    let end = blocklist::Time::from_unix(START + 12 * 3600);
    let address = Some(address.parse().unwrap());
    bench.store.open_session(&hash(cookie), &user(name), false, end, address, Some("a browser")).unwrap()
}

/// What people did, the oldest first, as `by action target`.
pub fn told(bench: &Bench) -> Vec<String> {
    let rows = bench.store.audit(&store::AuditQuery::newest(1000)).unwrap().into_iter().rev();
    rows.map(|row| format!("{} {} {}", row.by, row.action, row.target)).collect()
}
