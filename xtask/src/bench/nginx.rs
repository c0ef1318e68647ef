//! nginx as the peer: files in a directory, on a free port of the loopback, a configuration of its own.

use std::fs;
use std::path::Path;
use std::thread::available_parallelism;

use anyhow::Context as _;

use super::ask;
use super::guard::{self, Guard};

/// Where the files lie below its directory.
pub(crate) const FILES: &str = "nginx/files";

/// Whether nginx keeps files open between requests.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Files {
    /// Opened and closed for each request: the default, which sees a new file at once.
    Opened,
    /// Kept open (`open_file_cache`): quicker, and a new file is seen when the old one is looked at again.
    Kept,
}

/// Starts nginx over `dir/nginx/files`, which is there already: `sendfile`, no log, connections that live on, and a
/// worker for each core, as our server has a thread for each.
pub(crate) fn start(program: &Path, dir: &Path, files: Files) -> anyhow::Result<(Guard, String)> {
    let (name, cache) = match files {
        Files::Opened => ("opened", ""),
        Files::Kept => ("kept", "  open_file_cache max=16;\n"),
    };
    let home = dir.join("nginx");
    let home_text = home.to_str().context("the temporary directory has no name in UTF-8")?;
    let workers = available_parallelism().map_or(1, usize::from);
    let address = format!("127.0.0.1:{}", guard::free_port()?);
    let bodies: String = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
        .map(|name| format!("  {name}_temp_path {home_text}/{name};\n"))
        .concat();
    let config = format!(
        "daemon off;
worker_processes {workers};
pid {home_text}/{name}.pid;
error_log {home_text}/{name}.log;
events {{ worker_connections 1024; }}
http {{
{bodies}  access_log off;
  default_type text/plain;
  sendfile on;
  tcp_nopush on;
{cache}  keepalive_requests 1000000000;
  gzip_static on;
  server {{
    listen {address};
    root {home_text}/files;
  }}
}}
"
    );
    let file = home.join(format!("{name}.conf"));
    fs::write(&file, config)?;
    let mut command = guard::bound(program);
    command.arg("-e").arg(home.join(format!("{name}.log"))).arg("-p").arg(&home).arg("-c").arg(&file);
    let mut nginx = Guard::spawn(&mut command)?;
    ask::wait_for_200(&mut nginx, &address, "/plain")?;
    Ok((nginx, address))
}
