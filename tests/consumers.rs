//! Feeds and consumers with the real program: from this machine, and from others in a network namespace of its own.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stderr, reason = "a test")]

mod support;

use support::program::Program;
use support::server::Server;
use support::{in_namespace, no_namespace_for, skip, works};

const NAME: &str = "consumers::other_machines_read_with_a_credential_alone_and_no_secret_is_logged";

fn program() -> Program {
    let program = Program::new();
    let list = "9.1.2.3\n9.1.3.0/24\n11.0.0.1\n2a00::1\n";
    program.import(&program.write("list.txt", list), "ours");
    program
}

#[test]
fn a_feed_is_added_changed_exported_and_served_by_a_server_that_runs() {
    let program = program();
    let server = Server::start(&program);
    program.run(&["feed", "add", "v4", "family=4", "cap=2"]);
    let list = || server.get("/feeds/v4/plain").text().to_owned();
    assert_eq!(list(), "9.1.2.3\n9.1.3.0/24\n");
    assert_eq!(program.run(&["export", "--format", "plain", "--feed", "v4"]), list());
    program.run(&["feed", "set", "v4", "cap=off"]);
    let wanted = "9.1.2.3\n9.1.3.0/24\n11.0.0.1\n";
    // Followed about every second.
    while list() != wanted {
        std::thread::sleep(std::time::Duration::from_millis(50));
    }
    assert_eq!(program.run(&["export", "--format", "plain", "--feed", "v4"]), wanted);
    assert!(program.run(&["feed", "list"]).contains("family=4"));
    program.run(&["feed", "remove", "v4"]);
    let (exit, answer) = program.answer(&["export", "--format", "plain", "--feed", "v4"]);
    assert!(exit != 0 && answer["error"]["what"].as_str().unwrap().contains("'v4'"), "{answer}");
    let (exit, _) = program.answer(&["feed", "remove", "default"]);
    assert_ne!(exit, 0);
}

#[test]
fn a_secret_is_printed_once_and_reads_from_the_moment_it_is_made() {
    let program = program();
    let server = Server::start(&program);
    program.run(&["consumer", "add", "FW-3", "vendor=fortigate", "cap=3"]);
    let secret = program.run(&["consumer", "rotate", "FW-3"]);
    let secret = secret.trim();
    let ask = |secret: &str| server.ask("GET", "/feeds/default/plain", &[("X-Api-Key", secret)]);
    let answer = ask(secret);
    assert_eq!((answer.status, answer.header("x-entries-served")), (200, "3"));
    let next = program.json(&["consumer", "rotate", "FW-3", "--old-valid", "1"]);
    assert_eq!(ask(secret).status, 200);
    assert_eq!(ask(next["secret"].as_str().unwrap()).status, 200);
    assert_eq!(program.json(&["consumer", "revoke", "FW-3", "--old"])["secrets"], 1);
    assert_eq!(program.json(&["consumer", "disable", "FW-3"])["enabled"], false);
    while ask(next["secret"].as_str().unwrap()).status == 200 {
        std::thread::sleep(std::time::Duration::from_millis(50));
    }
    assert_eq!(ask(secret).status, 401);
    // On its end the server writes down what was read.
    server.stop();
    let pulls = program.json(&["consumer", "pulls", "FW-3", "--status", "200"]);
    assert!(pulls.as_array().unwrap().len() >= 3, "{pulls}");
    let list = program.run(&["consumer", "list"]);
    assert!(
        list.starts_with("FW-3 holds serial 1, the current one, last seen") && list.contains("disabled"),
        "{list}"
    );
    program.import(&program.write("list.txt", "9.1.2.3\n9.1.3.0/24\n11.0.0.1\n12.0.0.1\n2a00::1\n"), "ours");
    assert!(program.run(&["consumer", "list"]).contains("holds serial 1, one behind"));
    let told = program.run(&["consumer", "show", "FW-3"]) + &program.run(&["audit", "list"]);
    assert!(told.contains(&secret[..4]) || told.contains(&next["hint"].as_str().unwrap().to_owned()));
    assert!(!told.contains(secret) && !told.contains(next["secret"].as_str().unwrap()));
    program.run(&["consumer", "remove", "FW-3", "--yes"]);
    assert!(program.run(&["consumer", "list"]).contains("no consumer"));
}

#[test]
fn other_machines_read_with_a_credential_alone_and_no_secret_is_logged() {
    if let Some(why) = no_namespace_for("ip", &["link"]) {
        return skip(NAME, &why);
    }
    if !works("curl", &["--version"]) {
        return skip(NAME, "curl is missing");
    }
    let program = program();
    program.run(&["consumer", "add", "FW-3"]);
    program.run(&["consumer", "add", "mail", "--trusted", "10.77.0.9"]);
    let secret = program.run(&["consumer", "rotate", "FW-3"]).trim().to_owned();
    let script = SCRIPT
        .replace("BINARY", program.binary().to_str().unwrap())
        .replace("SECRET", &secret)
        .replace("LOG", program.path("log").to_str().unwrap());
    let said = in_namespace(&script, &program.data());
    let said: Vec<&str> = said.lines().filter(|line| line.contains('=')).collect();
    assert_eq!(
        said,
        [
            "healthz=200",
            "none=401",
            "basic=200",
            "bearer=200",
            "key=200",
            "url=200",
            "wrong=401",
            "wrong-url=401",
            "changes=200",
            "trusted=200",
            "trusted-by-another-name=421",
            "api=401",
            "write=401",
            "metrics=401",
            "docs=401",
            "loopback=200",
        ]
    );
    let log = std::fs::read_to_string(program.path("log")).unwrap();
    assert!(log.contains("publication is live"), "{log}");
    for hidden in [secret.as_str(), "wrongtoken"] {
        assert!(!log.contains(hidden), "a secret is in the log");
    }
    let pulls = program.run(&["consumer", "pulls", "--limit", "100"]);
    assert!(pulls.contains("10.77.0.7") && pulls.contains("FW-3") && pulls.contains("401"), "{pulls}");
    assert!(!pulls.contains(&secret) && !pulls.contains("wrongtoken"), "{pulls}");
    let list = program.run(&["consumer", "list"]);
    assert!(list.contains("FW-3 holds serial") && list.contains("mail holds serial"), "{list}");
}

/// Addresses of the loopback device that are no loopback addresses: to the server they are other machines.
const SCRIPT: &str = r#"
ip link set lo up
for n in 1 7 9; do ip addr add 10.77.0.$n/32 dev lo; done
"BINARY" --data-dir "$1" -vv serve --listen 0.0.0.0:2542 >/dev/null 2>"LOG" &
server=$!
url=http://10.77.0.1:2542
for n in $(seq 600); do
    [ "$(curl -s -o /dev/null -w '%{http_code}' $url/readyz)" = 200 ] && break
    sleep 0.1
done
ask() { name=$1; shift; printf '%s=' "$name"; curl -s -o /dev/null -w '%{http_code}\n' "$@"; }
from7() { name=$1; shift; ask "$name" --interface 10.77.0.7 "$@"; }
feed=$url/feeds/default/plain
from7 healthz $url/healthz
from7 none $feed
from7 basic -u FW-3:SECRET $feed
from7 bearer -H 'Authorization: Bearer SECRET' $feed
from7 key -H 'X-Api-Key: SECRET' $feed
from7 url $url/t/SECRET/feeds/default/plain
from7 wrong -u FW-3:wrongtoken $feed
from7 wrong-url $url/t/wrongtoken/feeds/default/plain
from7 changes "$url/t/SECRET/feeds/default/changes?since=1"
ask trusted --interface 10.77.0.9 $feed
ask trusted-by-another-name --interface 10.77.0.9 -H 'Host: evil.example' $feed
from7 api -u FW-3:SECRET $url/api/v1/consumers
from7 write -u FW-3:SECRET -X DELETE $url/api/v1/consumers/FW-3
from7 metrics $url/metrics
from7 docs $url/api/v1/openapi.json
ask loopback http://127.0.0.1:2542/feeds/default/plain
kill $server
wait $server || true
"#;
