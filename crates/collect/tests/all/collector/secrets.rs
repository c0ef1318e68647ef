//! No password, token or session in anything that is kept or printed.

use std::fs;
use std::path::Path;

use base64::Engine;
use collect::collector::Collected;
use portal_sim::{Fault, Portal};

use super::{Bench, NAME, PASSWORD};

fn files(dir: &Path, out: &mut Vec<(String, Vec<u8>)>) {
    for entry in fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files(&path, out);
        } else if path.is_file() {
            out.push((path.display().to_string(), fs::read(&path).unwrap()));
        }
    }
}

#[tokio::test]
async fn nothing_on_disk_and_nothing_printed_holds_a_secret() {
    for portal in Portal::ALL {
        let bench = Bench::new(portal).await;
        bench.good().await;
        let mut printed = vec![format!("{:?} {:?}", bench.collect().await, bench.verify().await)];
        for fault in [Fault::WrongPassword, Fault::SessionLost, Fault::TokenTakenOver, Fault::Reset] {
            bench.sim.faults().clear();
            bench.sim.end_sessions(portal);
            bench.next_day();
            bench.sim.faults().on(fault);
            let collected = bench.collect().await;
            if let Collected::Failed { failure, .. } = &collected {
                printed.push(failure.to_string());
            }
            printed.push(format!("{collected:?}"));
            bench.credential(PASSWORD);
        }
        printed.push(serde_json::to_string(&bench.collector.views().unwrap()).unwrap());
        printed.push(format!("{:?}", bench.store.credentials().unwrap()));
        let printed = printed.join(" ");
        let encoded = base64::engine::general_purpose::STANDARD.encode(PASSWORD);
        let form = PASSWORD.replace(':', "%3A").replace('&', "%26");
        let secrets = [PASSWORD, &encoded, &form, "Bearer", "regtech-va="];
        for secret in secrets {
            assert!(!printed.contains(secret), "{portal:?}: {secret} was printed");
        }
        let mut all = Vec::new();
        files(bench.dir.path(), &mut all);
        assert!(all.iter().any(|(name, _)| name.ends_with("blacklist.db")));
        for (name, bytes) in &all {
            for secret in secrets.iter().map(|secret| secret.as_bytes()).chain([NAME.as_bytes()]) {
                assert!(memchr::memmem::find(bytes, secret).is_none(), "{portal:?}: a secret in {name}");
            }
        }
    }
}
