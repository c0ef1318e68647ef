//! An import killed at any moment leaves the old list or the new one, whole, and a store that goes on.
//!
//! Two full lists A and B take turns. Each import is killed with SIGKILL after a share of the time an import takes. Half of
//! the shares are spread evenly over the whole of it, each moved by a seeded random amount, so that no phase of an import is left
//! out; the other half lies in its last tenth, where the store is written and the list published. The time an import takes is
//! corrected as the kills show it, and an attempt whose import ended before its kill is repeated: only kills that landed count.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stderr, reason = "a test")]

mod support;

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::process::Stdio;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use support::program::Program;
use support::server::Server;
use support::synthetic::{self, Random};

const SOURCE: &str = "turns";
/// Entries both lists share, and entries of only one of them: a twentieth leaves and comes, which no gate takes for a jump.
const COMMON: usize = 19_000;
const OWN: usize = 1_000;

/// The two lists, and which of them the store holds.
struct Turns {
    program: Program,
    files: [PathBuf; 2],
    sets: [BTreeSet<String>; 2],
    /// Index of the list that is in.
    now: usize,
    /// How many runs the store holds.
    runs: u64,
    /// How long an import takes, as last seen.
    takes: Duration,
}

impl Turns {
    fn new(random: &mut Random) -> Self {
        let program = Program::new();
        let common = synthetic::hosts(random, 45, COMMON);
        let sets = [46, 47].map(|first| {
            common.iter().cloned().chain(synthetic::hosts(random, first, OWN)).collect::<BTreeSet<String>>()
        });
        let files = [0, 1].map(|one| {
            let lines: Vec<String> = sets[one].iter().cloned().collect();
            program.write(["a.txt", "b.txt"][one], synthetic::text(&lines))
        });
        program.import(&files[0], SOURCE);
        let mut turns = Self { program, files, sets, now: 0, runs: 1, takes: Duration::ZERO };
        // Twice each way; the longest counts, so that the last kills come as late as an import can end.
        for _ in 0..4 {
            let began = Instant::now();
            turns.import_whole();
            turns.takes = turns.takes.max(began.elapsed());
        }
        turns
    }

    /// An import of the other list that nobody disturbs: it must be taken.
    fn import_whole(&mut self) {
        let other = 1 - self.now;
        let run = self.program.import(&self.files[other], SOURCE);
        assert_eq!(run["withdrawn"].as_u64(), Some(OWN as u64), "{run}");
        self.now = other;
        self.runs += 1;
    }

    /// Starts an import of the other list and kills it after `share` of the time an import takes.
    /// Says whether it was killed; if not, it had ended before, with success.
    fn kill_import(&mut self, share: f64) -> bool {
        let file = self.files[1 - self.now].to_str().unwrap();
        let mut command = self.program.command(&["import", file, "--source", SOURCE, "--mode", "full"]);
        let began = Instant::now();
        let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        let moment = self.takes.mul_f64(share);
        while began.elapsed() < moment {
            if let Some(status) = child.try_wait().unwrap() {
                assert!(status.success(), "an import that nobody killed ended with {status}");
                return false;
            }
            std::thread::sleep(Duration::from_micros(200).min(moment.saturating_sub(began.elapsed())));
        }
        child.kill().unwrap();
        // It may have ended between the last look and the kill: then it has an exit code.
        let status = child.wait().unwrap();
        assert!(status.code().is_none_or(|code| code == 0), "the import ended with {status}");
        status.code().is_none()
    }

    /// Which list this text is, the whole of it and nothing else; fails when it is neither.
    fn which(&self, text: &str, what: &str) -> usize {
        assert!(text.ends_with('\n'), "{what}: the last line is cut");
        let lines: BTreeSet<String> = text.lines().map(str::to_owned).collect();
        assert_eq!(lines.len(), text.lines().count(), "{what}: a line comes twice");
        self.sets.iter().position(|set| *set == lines).unwrap_or_else(|| {
            let missing = self.sets.iter().map(|set| set.difference(&lines).count()).collect::<Vec<_>>();
            panic!("{what}: {} lines that are neither list; of A and B are missing {missing:?}", lines.len())
        })
    }

    /// Everything that must hold after a kill. Afterwards `now` is the list that the store and the feed hold.
    fn check(&mut self) {
        let program = &self.program;
        let check = program.output(&["db", "check"]);
        assert!(check.status.success(), "db check: {}", String::from_utf8_lossy(&check.stderr));
        let feed = self.which(&program.plain(), "the exported feed");
        assert_eq!(program.active(SOURCE), (COMMON + OWN) as u64, "active listings of the source");
        // A run is in the store when its listings are, and not otherwise.
        let runs = self.runs + u64::from(feed != self.now);
        assert_eq!(
            program.runs(),
            runs,
            "runs, for {}",
            if feed == self.now { "the old list" } else { "the new one" }
        );
        // The feed is published from the listings; an entry of only one list shows which of them those are.
        let mark = self.sets[feed].difference(&self.sets[1 - feed]).next().unwrap();
        let answer = program.json(&["check", mark]);
        assert_eq!(answer["listed"], true, "the feed holds {mark}, the listings do not: {answer}");
        let other = self.sets[1 - feed].difference(&self.sets[feed]).next().unwrap();
        assert_eq!(
            program.output(&["check", other]).status.code(),
            Some(1),
            "{other} is listed, and not in the feed"
        );
        (self.now, self.runs) = (feed, runs);
    }
}

/// What `kills` landed kills left, spread over an import; `after` is asked after each of them.
fn spread(turns: &mut Turns, random: &mut Random, kills: usize, mut after: impl FnMut(&mut Turns)) {
    let (mut old, mut new, mut missed) = (0, 0, 0);
    let mut order: Vec<usize> = (0..kills).collect();
    for last in (1..kills).rev() {
        order.swap(last, random.below(last as u64 + 1) as usize);
    }
    for place in order {
        // The place keeps its share of the import until a kill has landed there.
        let mut landed = false;
        for _ in 0..40 {
            let before = turns.now;
            let share = if place % 2 == 0 {
                (place as f64 + 2.0 * random.share()) / kills as f64
            } else {
                0.9 + 0.1 * random.share()
            };
            landed = turns.kill_import(share);
            // Steers the end of the measured time to where imports really end, on a machine that is now quick, now slow.
            if !landed {
                turns.takes = turns.takes.mul_f64(0.98);
            } else if share > 0.9 && turns.now == before {
                turns.takes = turns.takes.mul_f64(1.02);
            }
            after(turns);
            match (landed, turns.now == before) {
                (true, true) => old += 1,
                (true, false) => new += 1,
                (false, _) => missed += 1,
            }
            assert!(landed || turns.now != before, "an import that ended by itself changed nothing");
            if landed {
                break;
            }
        }
        assert!(landed, "no kill landed at place {place} of {kills} in 40 attempts");
    }
    eprintln!(
        "{kills} kills over {:?}: the old list stayed {old} times, the new one was in {new} times; {missed} attempts came too late",
        turns.takes
    );
}

#[test]
fn a_hundred_kills_leave_the_old_list_or_the_new_one() {
    let seed = 20_251;
    eprintln!("seed {seed}");
    let mut random = Random::new(seed);
    let mut turns = Turns::new(&mut random);
    spread(&mut turns, &mut random, 100, Turns::check);
    turns.import_whole();
    turns.check();
}

#[test]
fn a_server_that_reads_beside_killed_imports_serves_the_old_list_or_the_new_one() {
    let seed = 20_252;
    eprintln!("seed {seed}");
    let mut random = Random::new(seed);
    let mut turns = Turns::new(&mut random);
    let server = Server::start(&turns.program);
    let sets = turns.sets.clone();
    let stop = AtomicBool::new(false);

    std::thread::scope(|scope| {
        // A device that never stops asking, also in the middle of an import.
        let reader = scope.spawn(|| {
            let mut reads = 0;
            while !stop.load(Ordering::Relaxed) {
                let answer = server.get("/feeds/default/plain");
                let lines: BTreeSet<String> = answer.text().lines().map(str::to_owned).collect();
                assert!(sets.contains(&lines), "served in the middle: {} lines, neither list", lines.len());
                reads += 1;
            }
            reads
        });
        // Stops the reader also when a check below fails, or the scope would wait for ever.
        let guard = StopOnDrop(&stop);
        spread(&mut turns, &mut random, 25, |turns| {
            turns.which(server.get("/feeds/default/plain").text(), "the served feed");
            turns.check();
        });
        drop(guard);
        let reads: usize = reader.join().unwrap();
        assert!(reads > 0);
        eprintln!("{reads} feeds were read meanwhile");
    });
    assert!(server.stop().success());
}

struct StopOnDrop<'a>(&'a AtomicBool);

impl Drop for StopOnDrop<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}
