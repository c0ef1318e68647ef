//! `serve`: collect, publish and serve until stopped.
//!
//! Four tasks under one cancellation: the HTTP server, the watch over publications on disk (whoever writes them: this
//! process or an `import` beside it), the publisher that takes out what ends at the second it ends, and the timer that
//! starts runs as they are due. Without a database the last good publication is still served, and the log says what is
//! missing.

use std::io::IsTerminal;
use std::sync::Arc;
use std::time::Duration;

use blocklist::Time;
use collect::collector::timer;
use server::{App, Budget};
use store::{PublicationFiles, Published, Store};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use tracing_subscriber::EnvFilter;

use crate::args::Serve;
use crate::config::{LogFormat, LogLevel};
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::output::write_out;
use crate::{collecting, signals};

/// How often the publisher looks whether something has ended.
const LOOK: Duration = Duration::from_millis(250);
/// At every so many looks it shows a publication that was committed and not shown.
const FINISH_EVERY: u32 = 20;
/// How long it waits after the store said no.
const RETRY: Duration = Duration::from_secs(5);

pub(super) fn run(args: &Serve, context: &Context<'_>) -> Result<Exit, Failure> {
    start_log(context);
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|error| Failure::from_error(&error))?;
    runtime.block_on(serve(args, context))
}

async fn serve(args: &Serve, context: &Context<'_>) -> Result<Exit, Failure> {
    let address = args.listen.unwrap_or(context.config().listen);
    // The port before the store: a second server on the same port must not touch anything.
    let listener = server::bind(address).await.map_err(|error| bind_failure(&error))?;
    let store = open_store(context);
    let dir = Store::publications_dir(context.data_dir());
    let files = PublicationFiles::open(&dir)?;
    let cancel = CancellationToken::new();
    let collector =
        store.clone().map(|store| Arc::new(collecting::collector(context, store, cancel.clone())));
    let mut app =
        App::new(store.clone(), Arc::clone(&context.clock), Budget::default(), env!("CARGO_PKG_VERSION"));
    if let Some(collector) = &collector {
        app = app.with_collector(Arc::clone(collector));
    }
    let app = Arc::new(app.with_names(context.config().names.iter().cloned()));
    if store.is_some() {
        // Before the first reader comes: nobody shall hear that he is not known because nobody looked yet.
        app.refresh_access().await;
    }
    warn_of_strangers(&listener);

    let stop = signals::stop().map_err(|error| Failure::from_error(&error))?;
    announce(&listener)?;
    let watch = match &store {
        Some(store) => {
            tokio::spawn(server::watch(Arc::clone(&app), Arc::clone(store), server::POLL, cancel.clone()))
        }
        None => tokio::spawn(server::watch(Arc::clone(&app), files, server::POLL, cancel.clone())),
    };
    let access = tokio::spawn(server::follow_access(Arc::clone(&app), server::ACCESS_POLL, cancel.clone()));
    // Ends after the server, whose last reads it writes down.
    let served = CancellationToken::new();
    let pulls = tokio::spawn(server::keep_pulls(Arc::clone(&app), server::KEEP_PULLS, served.clone()));
    let timer = collector.filter(|_| context.config().collect_enabled).map(|it| tokio::spawn(timer::run(it)));
    let publisher =
        store.map(|store| tokio::spawn(publish_what_ended(Arc::clone(&app), store, cancel.clone())));
    let http = tokio::spawn(server::run(listener, Arc::clone(&app), cancel.clone()));

    stop.await;
    tracing::info!("stopping");
    cancel.cancel();
    let _ = http.await;
    served.cancel();
    let _ = pulls.await;
    let _ = access.await;
    let _ = watch.await;
    if let Some(publisher) = publisher {
        let _ = publisher.await;
    }
    // Last, for it waits for runs that are in the middle of their transaction.
    if let Some(timer) = timer {
        let _ = timer.await;
    }
    Ok(Exit::Done)
}

/// Opens the store. One that cannot be opened is no reason not to serve the last good publication.
fn open_store(context: &Context<'_>) -> Option<Arc<Store>> {
    match context.store() {
        Ok(store) => Some(Arc::new(store)),
        Err(failure) => {
            tracing::error!(causes = ?failure.causes, "{}; serving the last good publication alone", failure.what);
            None
        }
    }
}

/// Publishes once, for what may have changed while nothing served (a setting, a restored database, an end that passed),
/// and then at each second at which a listing of the live publication ends.
async fn publish_what_ended(app: Arc<App>, store: Arc<Store>, cancel: CancellationToken) {
    let mut first = true;
    // The last good publication first: reading it is what devices wait for.
    let patience = tokio::time::Instant::now() + RETRY;
    while app.live().is_none() && store.has_published() && tokio::time::Instant::now() < patience {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    let mut looks = 0u32;
    // A gate that holds the candidate would hold it again each quarter of a second.
    let mut held: Option<Time> = None;
    loop {
        let end = app.live().and_then(|live| live.publication().next_end());
        let ended = end.is_some_and(|end| end <= app.now()) && held != end;
        let mut wait = LOOK;
        if first || ended {
            let store = Arc::clone(&store);
            let publish = move || if first { store.publish() } else { store.publish_ended() };
            match tokio::task::spawn_blocking(publish).await {
                Ok(Ok(published)) => {
                    first = false;
                    held = report(&published, end);
                }
                Ok(Err(error)) => {
                    tracing::error!(%error, "cannot publish; the last good publication goes on");
                    wait = RETRY;
                }
                Err(error) => {
                    tracing::error!(%error, "publishing broke off");
                    wait = RETRY;
                }
            }
        }
        // A command that was killed after its commit left a publication to be shown.
        looks = looks.wrapping_add(1);
        if looks.is_multiple_of(FINISH_EVERY) {
            let store = Arc::clone(&store);
            if let Ok(Err(error)) = tokio::task::spawn_blocking(move || store.finish_publication()).await {
                tracing::error!(%error, "cannot show the last publication");
            }
        }
        tokio::select! {
            () = cancel.cancelled() => return,
            () = tokio::time::sleep(wait) => {}
        }
    }
}

/// Logs what came of it; the end that is held now.
fn report(published: &Published, end: Option<Time>) -> Option<Time> {
    match published {
        Published::New(row) => {
            tracing::info!(serial = row.serial.0, added = row.added, removed = row.removed, "published");
            None
        }
        Published::Same(_) => None,
        Published::Held { last: None, .. } => end,
        Published::Held { reasons, .. } => {
            for reason in reasons {
                tracing::warn!("the gate holds the next publication: {reason}");
            }
            end
        }
    }
}

/// Says what listening beyond this machine means.
fn warn_of_strangers(listener: &TcpListener) {
    let address = listener.local_addr();
    if address.is_ok_and(|address| !address.ip().to_canonical().is_loopback()) {
        tracing::warn!(
            "other machines can read feeds with the secret of a consumer; secrets and lists go over the network unencrypted"
        );
    }
}

/// The first line on stdout says where, because port 0 takes whatever is free.
fn announce(listener: &TcpListener) -> Result<(), Failure> {
    let address = listener.local_addr().map_err(|error| Failure::from_error(&error))?;
    write_out(format!("listening on http://{address}\n").as_bytes())
}

fn bind_failure(error: &server::ListenError) -> Failure {
    let failure = Failure::from_error(error);
    match error {
        server::ListenError::Bind { cause, .. } if cause.kind() == std::io::ErrorKind::AddrInUse => failure
            .hint("another program has that port, perhaps a second `blacklist serve`; --listen 127.0.0.1:PORT takes another"),
        server::ListenError::Bind { .. } => failure,
    }
}

fn start_log(context: &Context<'_>) {
    let config = context.config();
    let level = match (config.log_level, context.output.verbosity()) {
        (_, 2..) => "trace",
        (_, 1) | (LogLevel::Debug, 0) => "debug",
        (LogLevel::Info, 0) => "info",
        (LogLevel::Warn, 0) => "warn",
        (LogLevel::Error, 0) => "error",
    };
    let json = match config.log_format {
        LogFormat::Json => true,
        LogFormat::Text => false,
        LogFormat::Auto => !std::io::stderr().is_terminal(),
    };
    let builder =
        tracing_subscriber::fmt().with_env_filter(EnvFilter::new(level)).with_writer(std::io::stderr);
    // A second start in one process, as in a test, keeps the first log.
    let _ = if json {
        builder.json().flatten_event(true).try_init()
    } else {
        builder.with_ansi(std::io::stderr().is_terminal()).try_init()
    };
}
