//! One address from text, and a list read line by line, against `Ipv4Addr` of std.

use std::hint::black_box;
use std::net::Ipv4Addr;
use std::time::Instant;

use prefix::parse::Parsed;
use prefix::{ListReader, parse, write};

use super::data;
use super::report::{Goal, Report};

const COUNT: usize = 1_000_000;
const ROUNDS: usize = 15;

pub(crate) fn run(report: &mut Report) -> anyhow::Result<()> {
    let hosts: Vec<prefix::Net4> = data::distinct(COUNT).into_iter().map(prefix::Net4::host).collect();
    let text = data::text(&hosts);
    let lines: Vec<&[u8]> = text.split(|&byte| byte == b'\n').filter(|line| !line.is_empty()).collect();
    let std = || {
        Ok(per_line(|| {
            lines
                .iter()
                .filter_map(|line| Ipv4Addr::parse_ascii_line(line))
                .map(u32::from)
                .fold(0, u32::wrapping_add)
        }))
    };
    report.compare(
        "parse, one address, vs std",
        "ns",
        ROUNDS,
        Goal::AtMost(0.29),
        || {
            Ok(per_line(|| {
                lines
                    .iter()
                    .filter_map(|line| parse(line).ok())
                    .filter_map(|parsed| match parsed.entry {
                        prefix::Entry::Prefix(prefix) => prefix.v4(),
                        _ => None,
                    })
                    .fold(0, |sum, net| sum.wrapping_add(net.first()))
            }))
        },
        std,
    )?;
    report.compare(
        "parse, a list with its line ends, vs std",
        "ns",
        ROUNDS,
        Goal::AtMost(0.29),
        || {
            Ok(per_line(|| {
                let mut sum = 0u32;
                let read = ListReader::new(&text[..]).for_each(|row| {
                    if let Ok(Parsed { entry: prefix::Entry::Prefix(prefix), .. }) = row.parsed {
                        sum = sum.wrapping_add(prefix.v4().map_or(0, prefix::Net4::first));
                    }
                });
                read.map_or(0, |_| sum)
            }))
        },
        std,
    )?;
    let mut out = Vec::with_capacity(text.len() + 64);
    let mut other = Vec::with_capacity(text.len() + 64);
    report.compare(
        "write, one address a line, vs std",
        "ns",
        ROUNDS,
        Goal::AtMost(0.3),
        || {
            Ok(per_line(|| {
                out.clear();
                for net in &hosts {
                    write::push_net(&mut out, *net);
                    out.push(b'\n');
                }
                out.len() as u32
            }))
        },
        || {
            Ok(per_line(|| {
                other.clear();
                for net in &hosts {
                    // Writing to a vector does not fail.
                    let _ = std::io::Write::write_fmt(
                        &mut other,
                        format_args!("{}\n", Ipv4Addr::from(net.first())),
                    );
                }
                other.len() as u32
            }))
        },
    )
}

/// Nanoseconds a line of one walk over all.
fn per_line(mut walk: impl FnMut() -> u32) -> f64 {
    let began = Instant::now();
    black_box(walk());
    began.elapsed().as_secs_f64() * 1e9 / COUNT as f64
}

/// std reads text, so bytes are first known to be UTF-8, as any caller of it has to.
trait ParseLine: Sized {
    fn parse_ascii_line(line: &[u8]) -> Option<Self>;
}

impl ParseLine for Ipv4Addr {
    fn parse_ascii_line(line: &[u8]) -> Option<Self> {
        std::str::from_utf8(line).ok()?.parse().ok()
    }
}
