//! The release program is one file that loads nothing. A static program built with glibc can still load libraries at run time:
//! a name looked up through the C library makes it open the host's `libnss_*` and a second `libc.so`, which has crashed programs
//! on other distributions. So it is watched under strace on a host whose nsswitch.conf asks for such a module.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stderr, reason = "a test")]

mod support;

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use support::program::Program;
use support::server::Server;
use support::{skip, synthetic, works};

/// The program that the build script made, when it did.
fn program(test: &str) -> Option<Program> {
    let path = std::env::var_os("BLACKLIST_STATIC_BINARY").map(PathBuf::from);
    match path {
        None => skip(test, "BLACKLIST_STATIC_BINARY names no release program (make test sets it)"),
        Some(path) if path.is_file() => return Some(Program::of(&path)),
        Some(path) => panic!("BLACKLIST_STATIC_BINARY names {}, which is not there", path.display()),
    }
    None
}

#[test]
fn the_file_asks_for_no_loader_and_no_library() {
    let name = "static_binary::the_file_asks_for_no_loader_and_no_library";
    let Some(program) = program(name) else { return };
    if !works("readelf", &["--version"]) {
        return skip(name, "readelf is missing");
    }
    for (table, forbidden) in [("-lW", "INTERP"), ("-dW", "NEEDED")] {
        let output = Command::new("readelf").arg(table).arg(program.binary()).output().unwrap();
        assert!(output.status.success());
        let text = String::from_utf8_lossy(&output.stdout);
        assert!(!text.contains(forbidden), "readelf {table}: {text}");
    }
}

#[test]
fn no_command_opens_a_library_of_the_host() {
    let name = "static_binary::no_command_opens_a_library_of_the_host";
    let Some(program) = program(name) else { return };
    if !works("unshare", &["-m", "true"]) {
        return skip(name, "no right to make a mount namespace (needs root)");
    }
    if !works("strace", &["-o", "/dev/null", "true"]) {
        return skip(name, "strace is missing, or tracing is forbidden");
    }
    if !Path::new("/etc/nsswitch.conf").exists() || !Path::new("/etc/hosts").exists() {
        return skip(name, "no /etc/nsswitch.conf or no /etc/hosts to put another one over");
    }
    program.write("nsswitch.conf", "passwd: compat files\ngroup: compat files\nhosts: compat files dns\n");
    program.write("hosts", "127.0.0.1 localhost feeds.example\n");
    // No question leaves this machine.
    program.write("resolv.conf", "nameserver 127.0.0.1\noptions timeout:1 attempts:1\n");
    let list = synthetic::mixed(7);
    let file = program.write("list.txt", synthetic::text(&list));

    let trace = program.path("import.trace");
    let import = ["import", file.to_str().unwrap(), "--source", "synthetic", "--mode", "full"];
    let output = traced(&program, &trace, &import).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    opened_nothing(&trace);

    // A name that this machine knows by itself, one of its hosts file, and one that nobody knows.
    let port = list_server(synthetic::text(&list));
    for (source, host, exit) in
        [("own", "localhost", 0), ("hosts", "feeds.example", 0), ("nobody", "nobody.invalid", 3)]
    {
        let url = format!("url=http://{host}:{port}/list.txt");
        program.run(&["source", "add", source, "--kind", "url", &url, "retries=0"]);
        let trace = program.path(&format!("collect-{source}.trace"));
        let output = traced(&program, &trace, &["collect", source]).output().unwrap();
        assert_eq!(output.status.code(), Some(exit), "{host}: {}", String::from_utf8_lossy(&output.stderr));
        opened_nothing(&trace);
    }

    let trace = program.path("serve.trace");
    let server = Server::spawn(traced(&program, &trace, &["serve", "--listen", "127.0.0.1:0"]));
    assert!(!server.get("/feeds/default/plain").body.is_empty());
    server.get("/metrics");

    let healthcheck = program.path("healthcheck.trace");
    let output =
        traced(&program, &healthcheck, &["healthcheck", "--listen", server.address()]).output().unwrap();
    assert!(output.status.success(), "healthcheck: {}", String::from_utf8_lossy(&output.stderr));
    opened_nothing(&healthcheck);

    assert!(server.stop().success(), "serve did not end cleanly");
    opened_nothing(&trace);
}

/// A web server that answers every request with a list; its port.
fn list_server(text: String) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let mut request = BufReader::new(stream.try_clone().unwrap()).lines();
            while request.next().is_some_and(|line| !line.unwrap().is_empty()) {}
            let answer = format!(
                "HTTP/1.1 200 OK\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{text}",
                text.len()
            );
            stream.write_all(answer.as_bytes()).unwrap();
        }
    });
    port
}

/// The program's command, under strace, with the hostile nsswitch.conf and the other files written for it in the place of the
/// host's.
/// strace makes itself a grandchild (`-D`), so the process started here is the program and takes the signals sent to it.
fn traced(program: &Program, trace: &Path, args: &[&str]) -> Command {
    let plain = program.command(args);
    let script = "for file in nsswitch.conf hosts resolv.conf; do \
                  [ ! -e /etc/$file ] || mount --bind \"$1/$file\" /etc/$file; done; trace=$2; shift 2; \
                  exec strace -D -f -q -e trace=open,openat,openat2,execve -e signal=none -o \"$trace\" \"$@\"";
    let mut command = Command::new("unshare");
    command.args(["-m", "sh", "-euc", script, "sh"]).arg(program.path("")).arg(trace);
    command.arg(plain.get_program()).args(plain.get_args());
    for (name, _) in plain.get_envs().filter(|(_, value)| value.is_none()) {
        command.env_remove(name);
    }
    command
}

/// Reads the trace when it is whole, and fails when a library was asked for, found or not.
fn opened_nothing(trace: &Path) {
    let began = Instant::now();
    let mut text = String::new();
    while !ended(&text) {
        assert!(began.elapsed() < Duration::from_secs(20), "the trace does not end: {text:.400}");
        std::thread::sleep(Duration::from_millis(20));
        text = std::fs::read_to_string(trace).unwrap_or_default();
    }
    assert!(text.contains("open"), "the trace shows no open at all, so it proves nothing: {text:.400}");
    let loaded: Vec<&str> = text
        .lines()
        .filter(|line| ["libnss_", "libc.so", "ld-linux", "ld.so"].iter().any(|name| line.contains(name)))
        .collect();
    assert!(loaded.is_empty(), "libraries of the host: {loaded:#?}");
}

/// Has the process of the first line ended? The other lines may be those of its threads.
fn ended(trace: &str) -> bool {
    let Some(first) = trace.split_whitespace().next() else { return false };
    trace
        .lines()
        .any(|line| line.split_whitespace().next() == Some(first) && line.contains("+++ exited with"))
}
