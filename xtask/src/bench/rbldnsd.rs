//! rbldnsd as the peer: a DNS server for block lists that holds its list in memory.

use std::fs;
use std::net::{Ipv4Addr, UdpSocket};
use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Context as _, bail};

use super::guard::{self, Guard, PATIENCE};

/// The zone, as labels of a DNS name.
const ZONE: &[u8] = b"\x02bl\x04test\0";

/// Writes the list as rbldnsd reads it: the address and text of every answer, then the entries.
pub(crate) fn zone(path: &Path, list: &Path) -> anyhow::Result<()> {
    let mut text = b":127.0.0.2:listed\n".to_vec();
    text.extend(fs::read(list)?);
    Ok(fs::write(path, text)?)
}

/// Starts it over the file in `dir`; seconds from the start until it says that `listed` is.
pub(crate) fn first_answer(program: &Path, file: &Path, listed: u32) -> anyhow::Result<f64> {
    let file = file.to_str().context("the temporary directory has no name in UTF-8")?;
    let port = guard::free_port()?;
    let socket = UdpSocket::bind("127.0.0.1:0")?;
    socket.connect(("127.0.0.1", port))?;
    socket.set_read_timeout(Some(Duration::from_millis(1)))?;
    let question = question(listed);
    let began = Instant::now();
    let mut command = guard::bound(program);
    // Without -u it wants a user of its own when root starts it. `ip4tset` is its quickest set for single addresses.
    command.args(["-n", "-u", "nobody", "-b", &format!("127.0.0.1/{port}")]);
    let mut server = Guard::spawn(command.arg(format!("bl.test:ip4tset:{file}")))?;
    let mut answer = [0; 512];
    while began.elapsed() < PATIENCE {
        // It listens before it has read its list: a question of that time is answered late, and one before it refused.
        if socket.send(&question).is_ok()
            && let Ok(length) = socket.recv(&mut answer)
        {
            let seconds = began.elapsed().as_secs_f64();
            let answer = &answer[..length];
            // Same id, no error, at least one record.
            if answer.get(..2) == Some(&question[..2]) && answer[3] % 16 == 0 && answer[7] > 0 {
                return Ok(seconds);
            }
            bail!("rbldnsd does not know a listed address: {answer:?}");
        }
        server.still_runs()?;
        std::thread::sleep(Duration::from_micros(200));
    }
    bail!("rbldnsd does not become ready")
}

/// "A of d.c.b.a.bl.test".
fn question(address: u32) -> Vec<u8> {
    let mut question = vec![0x2a, 0x2a, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0];
    for part in Ipv4Addr::from(address).octets().into_iter().rev() {
        let text = part.to_string();
        question.push(text.len() as u8);
        question.extend(text.bytes());
    }
    question.extend(ZONE);
    question.extend([0, 1, 0, 1]);
    question
}
