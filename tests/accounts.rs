//! Accounts with the real program: the first start, passwords and tokens by the command line, and a running server that
//! takes back at once what was taken back.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests only")]

mod support;

use std::process::Output;

use serde_json::Value;
use support::http::Answer;
use support::program::Program;
use support::server::Server;

/// Not a secret: the tests' own.
const PASSWORD: &str = "corner lamp seven otter";

/// With a publication, so that a server of it becomes ready.
fn program() -> Program {
    let program = Program::new();
    program.import(&program.write("list.txt", "9.1.2.3\n"), "ours");
    program
}

fn code(output: &Output) -> i32 {
    output.status.code().unwrap()
}

fn error(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

fn add(program: &Program, name: &str, role: &str) {
    let output =
        program.given(&format!("{PASSWORD}\n"), &["user", "add", name, "--role", role, "--file", "-"]);
    assert!(output.status.success(), "{}", error(&output));
}

#[test]
fn the_first_start_shows_a_password_once_and_the_log_never() {
    let program = program();
    let server = Server::start_with(&program, &[("LC_ALL", "C.UTF-8")], "log");
    let place = format!("sign in at http://{}/ as admin with the one-time password ", server.address());
    let said = server.stop_and_hear();
    let password = said.strip_prefix(&place).unwrap_or_else(|| panic!("{said}")).lines().next().unwrap();
    assert!(password.split('-').all(|group| group.len() == 4) && password.len() == 19, "{said}");
    assert!(said.contains("blacklist user password admin --one-time"), "{said}");
    let log = std::fs::read_to_string(program.path("log")).unwrap();
    assert!(log.contains("publication is live") && !log.contains(password), "{log}");

    let admin = &program.json(&["user", "list"])[0];
    assert_eq!((&admin["name"], &admin["role"]), (&"admin".into(), &"admin".into()));
    assert_eq!(admin["must_change"], true);
    let record = &program.json(&["audit", "list", "--action", "user"])[0];
    assert_eq!((&record["action"], &record["by"]), (&"user.add".into(), &"blacklist".into()));

    let server = Server::start_with(&program, &[], "log");
    assert_eq!(server.stop_and_hear(), "");
    assert_eq!(program.json(&["user", "show", "admin"])["password_at"], admin["password_at"]);
}

#[test]
fn the_first_start_speaks_the_language_of_the_machine() {
    let program = program();
    let server = Server::start_with(&program, &[("BLACKLIST_LANG", "ko")], "log");
    let said = server.stop_and_hear();
    assert!(said.contains("일회용 비밀번호") && said.lines().count() == 3, "{said}");
}

#[test]
fn where_there_is_an_account_the_first_start_makes_none() {
    let program = program();
    add(&program, "kim", "admin");
    let server = Server::start_with(&program, &[], "log");
    assert_eq!(server.stop_and_hear(), "");
    assert_eq!(program.json(&["user", "list"]).as_array().unwrap().len(), 1);
}

#[test]
fn a_token_opens_the_api_of_a_running_server_until_it_is_taken_back() {
    let program = program();
    add(&program, "kim", "operator");
    let server = Server::start_with(&program, &[("BLACKLIST_ACCOUNTS__LOCAL_ROLE", "none")], "log");
    let ask = |headers: &[(&str, &str)]| server.ask("GET", "/api/v1/stats", headers).status;
    assert_eq!(ask(&[]), 401, "a program on this machine may do nothing here");
    assert_eq!(server.ask("GET", "/feeds/default/plain", &[]).status, 200, "feeds have rules of their own");

    let siem = program.run(&["token", "add", "siem", "--user", "kim", "--role", "viewer"]);
    let bearer = format!("Bearer {}", siem.trim());
    assert!(siem.starts_with("bl_") && siem.lines().count() == 1, "standard output holds the token alone");
    assert_eq!(ask(&[("Authorization", &bearer)]), 200);
    assert_eq!(ask(&[("X-Api-Key", siem.trim())]), 200);
    assert_eq!(ask(&[("X-Api-Key", "bl_nobodys")]), 401);
    let block = |token: &str| {
        let headers = [("X-Api-Key", token), ("Content-Type", "application/json")];
        let body = r#"{"listings":["7.7.7.7"],"for":"4h","reason":"c2"}"#;
        server.send("POST", "/api/v1/listings", &headers, body).status
    };
    assert_eq!(block(siem.trim()), 403, "a viewer blocks nothing");
    let soar = program.json(&["token", "add", "soar", "--user", "kim", "--role", "operator"]);
    assert!((200..300).contains(&block(soar["token"].as_str().unwrap())), "an operator does");
    let record = program.json(&["audit", "list", "--by", "kim (soar)"]);
    assert_eq!(record[0]["address"], "127.0.0.1", "{record}");

    let far =
        program.json(&["token", "add", "far", "--user", "kim", "--role", "viewer", "--from", "10.0.0.0/8"]);
    assert_eq!(ask(&[("X-Api-Key", far["token"].as_str().unwrap())]), 401, "not good from here");

    program.run(&["token", "revoke", "siem"]);
    assert_eq!(ask(&[("Authorization", &bearer)]), 401);
    add(&program, "lee", "admin");
    program.run(&["user", "set", "kim", "--disable"]);
    assert_eq!(ask(&[("X-Api-Key", soar["token"].as_str().unwrap())]), 401);

    let tries = program.json(&["user", "attempts", "--address", "127.0.0.1", "--result", "wrong"]);
    assert_eq!((&tries[0]["kind"], &tries[0]["face"]), (&"token".into(), &"api".into()), "{tries}");
    let told = program.run(&["token", "list", "--all"]) + &program.run(&["audit", "list"]);
    assert!(told.contains(&siem[..7]) && !told.contains(siem.trim()), "{told}");
    assert!(!std::fs::read_to_string(program.path("log")).unwrap().contains(siem.trim()));
}

/// What a browser or a program that signs in keeps: the cookie, and what it brings back when it changes something.
struct SignedIn {
    cookie: String,
    answer: Value,
}

impl SignedIn {
    fn send(&self, server: &Server, method: &str, path: &str, body: &str) -> Answer {
        let token = self.answer["csrf_token"].as_str().unwrap();
        let headers =
            [("Cookie", &*self.cookie), ("X-CSRF-Token", token), ("Content-Type", "application/json")];
        server.send(method, path, &headers, body)
    }
}

/// The status when nobody was let in.
fn sign_in(server: &Server, name: &str, password: &str) -> Result<SignedIn, u16> {
    let body = serde_json::json!({"name": name, "password": password}).to_string();
    let answer = server.send("POST", "/api/v1/session", &[("Content-Type", "application/json")], &body);
    if answer.status != 200 {
        return Err(answer.status);
    }
    let cookie = answer.header("set-cookie").split(';').next().unwrap().to_owned();
    Ok(SignedIn { cookie, answer: serde_json::from_str(answer.text()).unwrap() })
}

#[test]
fn the_password_of_the_first_start_opens_the_way_to_another_and_nothing_else() {
    let program = program();
    let mut command = program.command(&["serve", "--listen", "127.0.0.1:0"]);
    command.env("BLACKLIST_ACCOUNTS__LOCAL_ROLE", "none");
    let mut server = Server::spawn(command);
    let line = server.next_line();
    let password = line.trim().rsplit(' ').next().unwrap().to_owned();
    assert_eq!(sign_in(&server, "admin", PASSWORD).err(), Some(401));
    let admin = sign_in(&server, "Admin", &password).unwrap();
    assert_eq!((&admin.answer["role"], &admin.answer["pending"]), (&"admin".into(), &"password".into()));
    let stats = || admin.send(&server, "GET", "/api/v1/stats", "").status;
    assert_eq!(stats(), 403, "not before there is another password");
    let change = serde_json::json!({"current": password, "new": PASSWORD}).to_string();
    let changed = admin.send(&server, "POST", "/api/v1/session/password", &change);
    assert_eq!(changed.status, 200, "{}", changed.text());
    assert_eq!(stats(), 200);
    assert_eq!(sign_in(&server, "admin", &password).err(), Some(401), "it was good once");

    let sessions = program.json(&["user", "sessions", "admin"]);
    assert_eq!((sessions.as_array().unwrap().len(), &sessions[0]["address"]), (1, &"127.0.0.1".into()));
    assert_eq!(program.json(&["user", "end-sessions", "admin"])["ended"], 1);
    assert_eq!(stats(), 401, "signed out at once");
    sign_in(&server, "admin", PASSWORD).unwrap();
    program.run(&["user", "password", "admin", "--one-time"]);
    assert_eq!(program.json(&["user", "sessions"]), Value::Array(Vec::new()));
    assert_eq!(sign_in(&server, "admin", PASSWORD).err(), Some(401));
}

#[test]
fn who_fails_too_often_waits_until_the_command_line_unlocks_the_account() {
    let program = program();
    add(&program, "kim", "viewer");
    let server = Server::start(&program);
    // The first waits are short, and a slow machine may outlast them; they become longer.
    let tried = (0..40).find(|_| sign_in(&server, "kim", "wrong and wrong again").err() == Some(429));
    assert!(tried.is_some_and(|heard| heard >= 5), "{tried:?}");
    let of_kim = || {
        let locks = program.json(&["user", "locks"]);
        let of_kim = |lock: &&Value| lock["key"].as_str().unwrap().starts_with("kim");
        locks.as_array().unwrap().iter().filter(of_kim).count()
    };
    assert_eq!(of_kim(), 2, "the pair with the address, and the account");
    assert_eq!(program.json(&["user", "unlock", "kim"])["counters"], 2);
    assert_eq!(of_kim(), 0);
    sign_in(&server, "kim", PASSWORD).unwrap();
    let tries = program.json(&["user", "attempts", "--account", "kim"]);
    let results: Vec<&str> =
        tries.as_array().unwrap().iter().map(|row| row["result"].as_str().unwrap()).collect();
    assert_eq!((results[0], results.contains(&"locked")), ("ok", true), "{tries}");
}

#[test]
fn failures_from_an_address_are_counted_shown_and_forgotten() {
    let program = program();
    let server = Server::start(&program);
    for n in 0..3 {
        let token = format!("bl_wrong{n}");
        assert_eq!(server.ask("GET", "/api/v1/stats", &[("X-Api-Key", &token)]).status, 401);
    }
    let locks = program.json(&["user", "locks"]);
    assert_eq!((&locks[0]["kind"], &locks[0]["failures"]), (&"address".into(), &3.into()), "{locks}");
    assert_eq!(program.json(&["user", "unlock", "--address", "127.0.0.1"])["counters"], 1);
    assert_eq!(program.json(&["user", "locks"]), Value::Array(Vec::new()));
    assert_eq!(program.json(&["audit", "list", "--action", "user.unlock"])[0]["target"], "127.0.0.1");
    assert_eq!(code(&program.output(&["user", "unlock", "nobody"])), 1);
    assert_eq!(code(&program.output(&["user", "unlock", "--address", "somewhere"])), 2);
    assert_eq!(code(&program.output(&["user", "unlock"])), 2);
}

#[test]
fn a_password_is_never_an_argument_and_a_weak_or_used_one_is_refused() {
    let program = program();
    add(&program, "kim", "viewer");
    assert_eq!(code(&program.output(&["user", "password", "kim", PASSWORD])), 2);
    let asked = program.output(&["user", "password", "kim"]);
    assert!(code(&asked) == 2 && error(&asked).contains("--one-time"), "{}", error(&asked));
    let set = |text: &str| program.given(text, &["user", "password", "kim", "--file", "-"]);
    for (bad, why) in [
        ("short", "at least 12"),
        ("password1234", "tried first"),
        ("rain-and-kim-and-rain", "name of the account"),
        (PASSWORD, "used before"),
    ] {
        let refused = set(bad);
        let told = error(&refused);
        assert!(code(&refused) == 2 && told.contains(why) && !told.contains(bad), "{told}");
    }
    assert_eq!(code(&set("seven otters cross")), 0);
    assert!(error(&set(PASSWORD)).contains("used before"), "the one before it too");
    let drawn = program.json(&["user", "password", "kim", "--one-time"]);
    assert_eq!(
        (drawn["one_time_password"].as_str().unwrap().len(), &drawn["must_change"]),
        (19, &true.into())
    );
    assert!(drawn["password_until"].is_string(), "{drawn}");
    let longer = [("BLACKLIST_ACCOUNTS__PASSWORD_LENGTH", "30")];
    let mut command = program.command(&["user", "password", "kim", "--file"]);
    command.arg(program.write("password", PASSWORD)).envs(longer);
    let refused = command.output().unwrap();
    assert!(code(&refused) == 2 && error(&refused).contains("at least 30"), "{}", error(&refused));
}

#[test]
fn the_last_admin_stays_and_others_are_changed_closed_and_removed() {
    let program = program();
    add(&program, "kim", "admin");
    for args in [
        &["user", "remove", "kim", "--yes"][..],
        &["user", "set", "kim", "--disable"],
        &["user", "set", "kim", "--role", "viewer"],
    ] {
        let refused = program.output(args);
        let told = error(&refused);
        assert!(
            code(&refused) == 3 && told.contains("last open account") && told.contains("hint:"),
            "{told}"
        );
    }
    let again = program.output(&["user", "add", "kim", "--role", "viewer", "--one-time"]);
    assert!(code(&again) == 3 && again.stdout.is_empty(), "no password for an account that is not made");
    program.run(&["user", "add", "lee", "--role", "viewer", "--one-time"]);
    assert_eq!(code(&program.output(&["user", "set", "lee"])), 2, "nothing to change is wrong usage");
    assert_eq!(code(&program.output(&["user", "set", "lee", "--enable", "--disable"])), 2);
    program.run(&["user", "set", "lee", "--role", "admin"]);
    assert!(program.run(&["user", "set", "kim", "--disable"]).contains("disabled"));
    program.run(&["user", "set", "kim", "--enable"]);
    let asked = program.output(&["user", "remove", "kim"]);
    assert!(code(&asked) == 2 && error(&asked).contains("--yes"), "{}", error(&asked));
    program.run(&["user", "remove", "kim", "--yes"]);
    assert_eq!(code(&program.output(&["user", "show", "kim"])), 1);
    let again = program.output(&["user", "add", "kim", "--role", "viewer", "--one-time"]);
    assert!(code(&again) == 3 && error(&again).contains("never given twice"), "{}", error(&again));
    assert_eq!(program.json(&["user", "codes", "lee", "--remove"])["removed"], false);
    assert_eq!(program.json(&["user", "end-sessions", "lee"])["ended"], 0);
    let above = program.output(&["token", "add", "x", "--user", "nobody", "--role", "viewer"]);
    assert_eq!((code(&above), above.stdout.is_empty()), (1, true));
    let past = ["token", "add", "x", "--user", "lee", "--role", "viewer", "--until", "2020-01-01"];
    assert_eq!(code(&program.output(&past)), 2);
}

#[test]
fn a_record_that_somebody_changed_is_told_from_a_whole_one() {
    let program = program();
    program.run(&["user", "add", "kim", "--role", "viewer", "--one-time", "--note", "ticket 4711"]);
    add(&program, "lee", "viewer");
    let (exit, whole) = program.answer(&["audit", "verify"]);
    assert_eq!((exit, &whole["state"]), (0, &"whole".into()), "{whole}");
    // As by hand in the file of the database; the last command that closed it left nothing beside it.
    let path = program.data().join("blacklist.db");
    let mut bytes = std::fs::read(&path).unwrap();
    let place = bytes.windows(11).position(|window| window == b"ticket 4711").unwrap();
    bytes[place + 7] = b'5';
    std::fs::write(&path, bytes).unwrap();
    let (exit, broken) = program.answer(&["audit", "verify"]);
    assert_eq!((exit, &broken["state"]), (1, &"broken".into()), "{broken}");
    let entry = broken["id"].as_i64().unwrap();
    let told = program.json(&["audit", "list", "--target", "kim"]);
    assert_eq!(told[0]["id"].as_i64(), Some(entry), "{told}");
}
