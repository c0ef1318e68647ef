//! `blacklist serve` on a free port, ended with SIGTERM when the test lets go of it.

use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::process::{Child, ChildStdout, Command, ExitStatus};
use std::time::{Duration, Instant};

use super::http::{self, Answer};
use super::program::Program;

/// How long the server may take to become ready and to end. A bound against hanging, not a measure of anything.
const PATIENCE: Duration = Duration::from_mins(1);

/// A running server.
pub(crate) struct Server {
    child: Child,
    address: String,
    // Held open: a server that writes to a closed pipe would end.
    stdout: BufReader<ChildStdout>,
}

impl Server {
    /// Starts the program's server on a free port and waits until it is fit to serve.
    pub(crate) fn start(program: &Program) -> Self {
        Self::spawn(program.command(&["serve", "--listen", "127.0.0.1:0"]))
    }

    /// The same with settings in its environment, and its log in a file.
    pub(crate) fn start_with(program: &Program, settings: &[(&str, &str)], log: &str) -> Self {
        let mut command = program.command(&["serve", "--listen", "127.0.0.1:0"]);
        command.envs(settings.iter().copied()).stderr(File::create(program.path(log)).unwrap());
        Self::spawn(command)
    }

    /// The first start in an empty data directory: it lives, and has nothing to serve yet.
    pub(crate) fn start_empty(program: &Program, settings: &[(&str, &str)], log: &str) -> Self {
        let mut command = program.command(&["serve", "--listen", "127.0.0.1:0"]);
        command.envs(settings.iter().copied()).stderr(File::create(program.path(log)).unwrap());
        Self::spawn_until(command, "/healthz")
    }

    /// The same for a command that ends in `serve` (under a tracer, for example). Its first line of output says where it listens.
    pub(crate) fn spawn(command: Command) -> Self {
        Self::spawn_until(command, "/readyz")
    }

    fn spawn_until(mut command: Command, answers: &str) -> Self {
        let mut child = command.stdout(std::process::Stdio::piped()).spawn().unwrap();
        let mut stdout = BufReader::new(child.stdout.take().unwrap());
        let mut line = String::new();
        stdout.read_line(&mut line).unwrap();
        let Some(address) = line.trim().strip_prefix("listening on http://") else {
            let _ = child.kill();
            panic!("the first line of serve is {line:?}, not where it listens ({:?})", child.wait());
        };
        let server = Self { address: address.to_owned(), child, stdout };
        let began = Instant::now();
        while !server.try_get(answers).is_ok_and(|answer| answer.status == 200) {
            assert!(began.elapsed() < PATIENCE, "the server does not become ready");
            std::thread::sleep(Duration::from_millis(10));
        }
        server
    }

    /// `127.0.0.1:PORT`
    pub(crate) fn address(&self) -> &str {
        &self.address
    }

    /// GET that may fail on the socket.
    pub(crate) fn try_get(&self, path: &str) -> std::io::Result<Answer> {
        http::request(&self.address, "GET", path, &[])
    }

    /// A request with headers.
    pub(crate) fn ask(&self, method: &str, path: &str, headers: &[(&str, &str)]) -> Answer {
        http::request(&self.address, method, path, headers).unwrap()
    }

    /// GET of a page that must be there.
    pub(crate) fn get(&self, path: &str) -> Answer {
        let answer = self.ask("GET", path, &[]);
        assert_eq!(answer.status, 200, "GET {path}: {}", String::from_utf8_lossy(&answer.body));
        answer
    }

    /// A request with headers and a body.
    pub(crate) fn send(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> Answer {
        http::send(&self.address, method, path, headers, body).unwrap()
    }

    /// The next line of its standard output, which has to come.
    pub(crate) fn next_line(&mut self) -> String {
        let mut line = String::new();
        self.stdout.read_line(&mut line).unwrap();
        line
    }

    /// SIGTERM, and what it wrote to standard output below the line that says where it listens.
    pub(crate) fn stop_and_hear(mut self) -> String {
        self.end().expect("the server does not end on SIGTERM");
        let mut said = String::new();
        self.stdout.read_to_string(&mut said).unwrap();
        said
    }

    /// SIGTERM, and how it ended.
    pub(crate) fn stop(mut self) -> ExitStatus {
        self.end().expect("the server does not end on SIGTERM")
    }

    fn end(&mut self) -> Option<ExitStatus> {
        if let Ok(Some(status)) = self.child.try_wait() {
            return Some(status);
        }
        super::terminate(&self.child);
        let began = Instant::now();
        while began.elapsed() < PATIENCE {
            if let Ok(Some(status)) = self.child.try_wait() {
                return Some(status);
            }
            std::thread::sleep(Duration::from_millis(5));
        }
        let _ = self.child.kill();
        let _ = self.child.wait();
        None
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.end();
    }
}
