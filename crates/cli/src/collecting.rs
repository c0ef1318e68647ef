//! The collector, made of the settings: for the commands that reach out to a source, and for `serve`.

use std::env;
use std::fs::DirBuilder;
use std::os::unix::fs::DirBuilderExt;
use std::path::PathBuf;
use std::sync::Arc;

use collect::collector::{Collector, Program};
use collect::fetch::Network;
use collect::vault::{KeySource, Vault, place};
use secrecy::SecretString;
use server::OpenVault;
use store::Store;
use tokio_util::sync::CancellationToken;

use crate::config::VAULT_KEY;
use crate::context::Context;
use crate::failure::Failure;
use crate::signals;

/// The collector over a store; `cancel` ends what it fetches.
pub(crate) fn collector(context: &Context<'_>, store: Arc<Store>, cancel: CancellationToken) -> Collector {
    let config = context.config();
    let network = Network::new(spool(context), Arc::clone(&context.clock)).with_proxy(config.proxy.clone());
    let program = Program { limits: config.limits, rules: config.rules(), min_share: config.min_share };
    let (clock, random) = (Arc::clone(&context.clock), Arc::clone(&context.random));
    Collector::new(store, clock, random, network, open_vault(context), program, cancel)
}

/// What opens the keys that secrets are sealed with: those of sources, and those of one-time codes.
pub(crate) fn open_vault(context: &Context<'_>) -> OpenVault {
    let (keys, random) = (key_source(context), Arc::clone(&context.random));
    Box::new(move |create| {
        let source = KeySource { create, ..keys.clone() };
        Vault::open(&source, Arc::clone(&random))
    })
}

/// Where large downloads lie while they are read: on the disk of the data, for the system's own place is often memory.
fn spool(context: &Context<'_>) -> PathBuf {
    let own = context.data_dir().join("tmp");
    let made = DirBuilder::new().recursive(true).mode(0o700).create(&own);
    if made.is_ok() { own } else { env::temp_dir() }
}

/// Where the key of the vault is looked for.
fn key_source(context: &Context<'_>) -> KeySource {
    KeySource {
        credentials: env::var_os("CREDENTIALS_DIRECTORY").map(PathBuf::from),
        file: context.config().vault_key_file.clone(),
        value: env::var(VAULT_KEY).ok().map(SecretString::from),
        default_file: context.data_dir().join(place::FILE),
        create: false,
    }
}

/// Does what a command wants from a source, and lets a signal end it in good order.
pub(crate) fn run<T>(
    context: &Context<'_>,
    work: impl AsyncFnOnce(&Collector) -> Result<T, Failure>,
) -> Result<T, Failure> {
    let store = Arc::new(context.existing_store()?);
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| Failure::from_error(&error))?;
    runtime.block_on(async {
        let cancel = CancellationToken::new();
        let stop = signals::stop().map_err(|error| Failure::from_error(&error))?;
        let collector = collector(context, store, cancel.clone());
        let mut work = std::pin::pin!(work(&collector));
        tokio::select! {
            done = &mut work => done,
            () = stop => {
                cancel.cancel();
                work.await
            }
        }
    })
}
