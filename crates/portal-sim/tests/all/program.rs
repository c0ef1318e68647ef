//! The program: its addresses on standard output, its end on a signal.

use std::io::{BufRead, BufReader, Read};
use std::process::{Command, Stdio};

use crate::client::send;

fn program() -> Command {
    Command::new(env!("CARGO_BIN_EXE_portal-sim"))
}

#[tokio::test]
async fn it_prints_three_addresses_and_ends_on_a_signal() {
    let mut command = program();
    command.args(["--size", "small", "--seed", "7"]).env("PORTAL_SIM_PASSWORD", "a password of the test");
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let mut urls = Vec::new();
    for name in ["regtech", "secudium", "control"] {
        let line = lines.next().unwrap().unwrap();
        urls.push(line.strip_prefix(&format!("{name} ")).unwrap().to_owned());
    }
    assert_eq!(send(&urls[0], ("GET", "/login/loginForm"), &[], "").await.status, 200);
    assert_eq!(send(&urls[1], ("GET", "/login"), &[], "").await.status, 200);
    let accounts = send(&urls[2], ("GET", "/accounts"), &[], "").await.json();
    assert_eq!(accounts[0]["names"][0], "demo");
    let status = Command::new("kill").args(["-TERM", &child.id().to_string()]).status().unwrap();
    assert!(status.success());
    assert!(child.wait().unwrap().success());
    let mut told = String::new();
    child.stderr.take().unwrap().read_to_string(&mut told).unwrap();
    assert_eq!(told, "");
}

#[test]
fn wrong_arguments_and_addresses_of_others_are_refused() {
    for arguments in
        [vec!["--size", "huge"], vec!["--regtech", "0.0.0.0:80"], vec!["--nonsense", "1"], vec!["--seed"]]
    {
        let output = program().args(&arguments).output().unwrap();
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert!(String::from_utf8(output.stderr).unwrap().contains("usage: portal-sim"));
    }
    assert!(program().arg("--help").output().unwrap().status.success());
}
