//! `healthcheck`: asks the running server whether it is fit to serve, for containers and service managers.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use serde_json::json;

use crate::args::Healthcheck;
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;

pub(super) fn run(args: &Healthcheck, context: &Context<'_>) -> Result<Exit, Failure> {
    let address = args.listen.unwrap_or(context.config().listen);
    let wait = Duration::from_secs(args.timeout.max(1));
    // The address is a number: no name is looked up, so this works in a container that holds nothing but the program.
    let asked = TcpStream::connect_timeout(&address, wait).and_then(|mut stream| {
        stream.set_read_timeout(Some(wait))?;
        stream.set_write_timeout(Some(wait))?;
        write!(stream, "GET /readyz HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n")?;
        let mut answer = String::new();
        stream.take(64 * 1024).read_to_string(&mut answer)?;
        Ok(answer)
    });
    let answer = asked.map_err(|error| {
        let mut failure = Failure::new(Exit::No, format!("nothing answers on {address}"));
        failure.causes.push(error.to_string());
        failure.hint("is `blacklist serve` running, and does it listen there?")
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
