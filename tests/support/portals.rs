//! What a program collects from: the simulated portals in this process, and a small server of one document.
//! Beside the rest of what is shared, so that only the tests that need the portals are linked with them.
#![allow(dead_code, reason = "each test file compiles this for itself and uses a part")]
#![allow(clippy::unwrap_used, reason = "tests only")]

use std::io::{Read, Write};
use std::net::TcpListener;

use portal_sim::{Portal, Sim, SimOptions};

use crate::support::program::Program;

/// Not a secret: the simulated portals' own.
pub(crate) const USER: &str = "operator1";
/// Not a secret either.
pub(crate) const PASSWORD: &str = "Kestrel-7:open&shut";

/// Both portals at the time of the machine, as long as this lives.
pub(crate) struct Portals {
    pub(crate) sim: Sim,
    _runtime: tokio::runtime::Runtime,
}

impl Portals {
    pub(crate) fn start() -> Self {
        let runtime =
            tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        let options = SimOptions {
            now: jiff::Timestamp::now(),
            running: true,
            accounts: vec![(USER.to_owned(), PASSWORD.to_owned())],
            ..SimOptions::default()
        };
        let sim = runtime.block_on(Sim::start(options)).unwrap();
        Self { sim, _runtime: runtime }
    }

    /// Adds the portal REGTECH to a program, with a password.
    pub(crate) fn add(&self, program: &Program, password: &str) {
        let url = format!("url={}", self.sim.url(Portal::Regtech));
        program.run(&["source", "add", "regtech", "--kind", "regtech", &url]);
        let set = ["credential", "set", "regtech", "--username", USER, "--file", "-"];
        let output = program.given(&format!("{password}\n"), &set);
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }
}

/// Answers every request with the same text, to the end of the test's process. Returns its address.
pub(crate) fn document(text: &'static str) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}/list.txt", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let mut head = [0; 4096];
            let _ = stream.read(&mut head);
            let answer = format!(
                "HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{text}",
                text.len()
            );
            let _ = stream.write_all(answer.as_bytes());
        }
    });
    address
}

/// Takes every connection and never answers. Returns its address.
pub(crate) fn silence() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}/", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        let held: Vec<_> = listener.incoming().collect();
        drop(held);
    });
    address
}

/// An address where nobody listens.
pub(crate) fn nobody() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    format!("http://{}/", listener.local_addr().unwrap())
}
