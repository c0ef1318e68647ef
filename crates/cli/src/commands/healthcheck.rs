//! `healthcheck`: asks the running server whether it is fit to serve, for containers and service managers.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use serde_json::json;

use crate::args::Healthcheck;
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;

/// The most bytes of an answer that are read.
const MOST: u64 = 64 << 10;

pub(super) fn run(args: &Healthcheck, context: &Context<'_>) -> Result<Exit, Failure> {
    let config = context.config();
    let Some(address) = args.listen.or(config.listen.first().copied()) else {
        return Err(Failure::usage("server.listen names no address"));
    };
    let tls = config.tls_files()?;
    let plain = tls.is_none() || config.front.plain_on_loopback && address.ip().is_loopback();
    let wait = Duration::from_secs(args.timeout.max(1));
    // The address is a number: no name is looked up, so this works in a container that holds nothing but the program.
    let asked = TcpStream::connect_timeout(&address, wait).and_then(|mut stream| {
        stream.set_read_timeout(Some(wait))?;
        stream.set_write_timeout(Some(wait))?;
        let request = format!("GET /readyz HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n");
        let answer = if let Some(files) = tls.filter(|_| !plain) {
            server::ask_over_tls(stream, &files.certificate, request.as_bytes(), MOST)?
        } else {
            stream.write_all(request.as_bytes())?;
            let mut answer = Vec::new();
            stream.take(MOST).read_to_end(&mut answer)?;
            answer
        };
        Ok(String::from_utf8_lossy(&answer).into_owned())
    });
    let answer = asked.map_err(|error| {
        let mut failure = Failure::new(Exit::No, format!("nothing answers on {address}"));
        failure.causes.push(error.to_string());
        failure.hint(
            "is `blacklist serve` running, and does it listen there? Where clients show certificates, tls.plain_on_loopback lets this machine ask without",
        )
    })?;
    let status = answer.split(' ').nth(1).unwrap_or_default();
    let healthy = status == "200";
    context.output.answer(
        &json!({"healthy": healthy, "address": address.to_string(), "status": status}),
        || {
            if healthy {
                format!("{address} is ready")
            } else {
                format!("{address} answers {status}: not ready")
            }
        },
    )?;
    Ok(if healthy { Exit::Done } else { Exit::No })
}
