//! The configurations of nginx in the manuals, run before a server with the keys that stand beside them: a device gets its feed by its
//! secret, and nobody is taken for a program on this machine.

use std::collections::BTreeSet;
use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use crate::page::{ADDRESS, Page, pages, read};
use crate::support;
use crate::support::program::Program;
use crate::support::server::Server;

#[test]
fn the_web_server_of_the_manuals_brings_no_stranger_in() {
    let name = "the_web_server_of_the_manuals_brings_no_stranger_in";
    for (tool, argument) in [("nginx", "-v"), ("curl", "--version"), ("openssl", "version")] {
        if !support::works(tool, &[argument]) {
            return support::skip(name, &format!("{tool} is missing"));
        }
    }
    let program = Program::new();
    program.import(&program.write("list.txt", "1.2.3.4\n"), "one");
    program.run(&["consumer", "add", "FW-3"]);
    let secret = program.json(&["consumer", "rotate", "FW-3"])["secret"].as_str().unwrap().to_owned();
    let mut pages = BTreeSet::new();
    for page in pages_with("nginx") {
        // The keys of the page itself, but for where it listens.
        let block = |info: &str, part: &str| {
            let all = Page::parse(&read(&page)).0.blocks.into_iter();
            all.filter(|block| block.info == info)
                .map(|block| block.text)
                .find(|text| text.contains(part))
                .unwrap()
        };
        let keys = block("toml", "trusted_proxies").replace(&format!("listen = \"{ADDRESS}\""), "");
        let config = program.write("proxied.toml", keys);
        let mut serve =
            program.command(&["--config", config.to_str().unwrap(), "serve", "--listen", "127.0.0.1:0"]);
        serve.stderr(Stdio::null());
        let server = Server::spawn(serve);
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let dir = program.path("nginx");
        let site = block("nginx", "proxy_pass")
            .replace(ADDRESS, server.address())
            .replace("listen 443", &format!("listen 127.0.0.1:{port}"))
            .replace("allow 198.51.100.0/24", "allow 127.0.0.1")
            .replace("/etc/nginx", dir.to_str().unwrap());
        let _web_server = WebServer::start(&dir, &site);
        let ask = |path: &str, more: &[&str]| {
            let url = format!("https://bl.example.com:{port}{path}");
            let known = format!("bl.example.com:{port}:127.0.0.1");
            let fixed = [
                "-sk",
                "--noproxy",
                "*",
                "-o",
                "/dev/null",
                "-w",
                "%{http_code}",
                "--retry",
                "20",
                "--retry-connrefused",
            ];
            let asked =
                Command::new("curl").args(fixed).args(["--resolve", &known, &url]).args(more).output();
            String::from_utf8(asked.unwrap().stdout).unwrap()
        };
        let basic = format!("FW-3:{secret}");
        assert_eq!(ask("/feeds/default/plain", &["-u", &basic]), "200", "{page}");
        assert_eq!(ask("/feeds/default/plain", &[]), "401", "{page}");
        let forged = ["-H", "X-Forwarded-For: 127.0.0.1", "-H", "Forwarded: for=127.0.0.1"];
        assert_eq!(ask("/feeds/default/plain", &forged), "401", "{page}");
        // Not passed on, or not for strangers.
        assert!(["404", "401"].contains(&ask("/api/v1/consumers", &[]).as_str()), "{page}");
        assert_eq!(server.stop().code(), Some(0));
        pages.insert(page);
    }
    assert!(
        pages.contains("docs/en/quick-start.md") && pages.contains("docs/en/tls-and-proxies.md"),
        "{pages:?}"
    );
}

/// The English pages with a block of this kind; those of the other language are the same.
fn pages_with(info: &str) -> impl Iterator<Item = String> {
    let has = move |page: &String| Page::parse(&read(page)).0.blocks.iter().any(|block| block.info == info);
    pages("en").into_iter().map(|page| format!("docs/en/{page}")).filter(has)
}

/// An nginx with one site, and a certificate that it signed itself. It ends with the test.
struct WebServer(Child);

impl WebServer {
    fn start(dir: &Path, site: &str) -> Self {
        std::fs::create_dir_all(dir).unwrap();
        let file = |name: &str| dir.join(name).to_str().unwrap().to_owned();
        let (key, certificate, conf) = (file("bl.key"), file("bl.crt"), file("nginx.conf"));
        let args = ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=bl.example.com"];
        let made = Command::new("openssl").args(args).args(["-keyout", &key, "-out", &certificate]).output();
        assert!(made.unwrap().status.success());
        let own = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
            .map(|part| format!("{part}_temp_path {};", file(part)))
            .join("\n");
        let whole = format!(
            "daemon off; pid {};\nevents {{}}\nhttp {{ access_log off;\n{own}\n{site}}}\n",
            file("pid")
        );
        std::fs::write(&conf, whole).unwrap();
        let command = |more: &[&str]| {
            let mut command = Command::new("nginx");
            command.args(["-e", "stderr", "-c", &conf]).args(more).stdout(Stdio::null());
            command
        };
        let tested = command(&["-t"]).output().unwrap();
        assert!(tested.status.success(), "{site}\n{}", String::from_utf8_lossy(&tested.stderr));
        Self(command(&[]).stderr(Stdio::null()).spawn().unwrap())
    }
}

impl Drop for WebServer {
    fn drop(&mut self) {
        // The one that was started ends its workers when it is asked to, and would not when it is killed.
        support::terminate(&self.0);
        let _ = self.0.wait();
    }
}
