//! SECUDIUM's board: about one post a day, each with a workbook of about 113 rows.

use std::collections::HashSet;

use jiff::civil::{Date, DateTime};

use super::addresses::{self, REGTECH, SECUDIUM};
use super::{CATEGORIES, SEVERITIES, World, plus_days};
use crate::dataset::{COUNTRIES, Row};
use crate::reasons::reason;

/// One post.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Post {
    /// Its number on the board; later posts have greater ones.
    pub id: i64,
    /// What names its file on the server.
    pub uuid: String,
    /// Its title.
    pub title: String,
    /// The file's name.
    pub file: String,
    /// The day of the post and of its rows.
    pub day: Date,
    /// The rows of its workbook. They have no end.
    pub rows: Vec<Row>,
}

impl World {
    /// The posts of the days from `start` to `end`, both included, that are there at a moment; newest first.
    pub fn posts(&self, now: DateTime, start: Date, end: Date) -> Vec<Post> {
        let mut posts = Vec::new();
        let mut day = end.min(now.date());
        while day >= start.max(self.begin) {
            // One day in ten has none, one in ten has two.
            let count = match self.numbers("posts", addresses::number(day), 0).below(10) {
                0 => 0,
                1 => 2,
                _ => 1,
            };
            posts.extend((0..count).rev().map(|number| self.post(day, number)));
            day = plus_days(day, -1);
        }
        posts
    }

    fn post(&self, day: Date, number: u64) -> Post {
        let mut seed = self.numbers("post", addresses::number(day), number);
        let (high, low) = (seed.number(), seed.number());
        let uuid = format!(
            "{:08x}-{:04x}-4{:03x}-{:04x}-{:012x}",
            high >> 32,
            high >> 16 & 0xffff,
            high & 0xfff,
            low >> 48 & 0x3fff | 0x8000,
            low & 0xffff_ffff_ffff
        );
        let count = ((80 + seed.below(67)) / self.size.divisor()).max(1);
        let mut known = HashSet::new();
        let mut rows: Vec<Row> = (0..count).map(|at| self.post_row(day, number * 256 + at)).collect();
        rows.retain(|row| known.insert(row.address.clone()));
        let short = day.strftime("%y%m%d");
        let suffix = if number == 0 { String::new() } else { format!("_{}", number + 1) };
        Post {
            id: addresses::number(day) * 2 + number as i64,
            uuid,
            title: format!("[{short}] 유해 IP 목록 공유{suffix}"),
            file: format!("black_ip_{short}{suffix}.xlsx"),
            day,
            rows,
        }
    }

    fn post_row(&self, day: Date, at: u64) -> Row {
        let mut seed = self.numbers("post row", addresses::number(day), at);
        // One in ten is also in REGTECH's list of the day, as both portals do see the same attackers.
        let shared = seed.below(10) == 0 && at < self.count(day);
        let portal = if shared { REGTECH } else { SECUDIUM };
        Row {
            address: self.addresses.of(portal, day, at).to_string(),
            country: seed.pick(&COUNTRIES),
            reason: reason(seed.number()),
            category: seed.pick(&CATEGORIES),
            severity: seed.pick(&SEVERITIES),
            detected: day,
            until: None,
        }
    }
}
