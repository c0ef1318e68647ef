//! `serve`: collect, publish and serve until stopped.
//!
//! Seven tasks under one cancellation: the HTTP server, the watch over publications (whoever makes them: this process or an
//! `import` beside it), the publisher of what time alone changes, the timer that starts runs as they are due, the table of
//! feeds and consumers, the log of what they read, and what forgets the traces of sessions. Without a database the last
//! good publication is still served, and the log says what is missing.

use std::io::IsTerminal;
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;

use collect::collector::timer;
use server::{App, Budget};
use store::{PublicationFiles, Store};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use tracing_subscriber::EnvFilter;

use crate::args::Serve;
use crate::config::{LogFormat, LogLevel};
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::output::write_out;
use crate::{collecting, first_account, housekeeping, publisher, signals};

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
    let app =
        app.with_accounts(context.config().accounts.clone()).with_vault(collecting::open_vault(context));
    let app = Arc::new(app.with_names(context.config().names.iter().cloned()));
    if store.is_some() {
        // Before the first reader comes: nobody shall hear that he is not known because nobody looked yet.
        app.refresh_access().await;
    }
    warn_of_strangers(&listener, context.config().accounts.unencrypted);

    let stop = signals::stop().map_err(|error| Failure::from_error(&error))?;
    let url = announce(&listener)?;
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
        store.clone().map(|store| tokio::spawn(publisher::run(Arc::clone(&app), store, cancel.clone())));
    let housekeeping = store.clone().map(|store| tokio::spawn(housekeeping::run(store, cancel.clone())));
    let http = tokio::spawn(server::run([listener], Arc::clone(&app), cancel.clone()));
    if let Some(store) = store {
        first_account::greet(store, app.now(), Arc::clone(&context.random), &url, context.language).await;
    }

    stop.await;
    tracing::info!("stopping");
    cancel.cancel();
    let _ = http.await;
    served.cancel();
    let _ = pulls.await;
    let _ = access.await;
    let _ = watch.await;
    for task in [publisher, housekeeping].into_iter().flatten() {
        let _ = task.await;
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

/// Says what listening beyond this machine means.
fn warn_of_strangers(listener: &TcpListener, unencrypted: bool) {
    let address = listener.local_addr();
    if !address.is_ok_and(|address| !address.ip().to_canonical().is_loopback()) {
        return;
    }
    if unencrypted {
        tracing::warn!(
            "other machines can sign in, send tokens and read feeds, all of it unencrypted: passwords, tokens and lists can be \
             read on the way (accounts.unencrypted)"
        );
    } else {
        tracing::warn!(
            "other machines can read feeds with the secret of a consumer; secrets and lists go over the network unencrypted. \
             Nobody signs in over such a connection: that needs an encrypted one"
        );
    }
}

/// The first line on stdout says where, because port 0 takes whatever is free. Hands back where a browser on this machine
/// finds it: an address that stands for all of them is none to type.
fn announce(listener: &TcpListener) -> Result<String, Failure> {
    let address = listener.local_addr().map_err(|error| Failure::from_error(&error))?;
    write_out(format!("listening on http://{address}\n").as_bytes())?;
    let home = match address {
        SocketAddr::V4(it) if it.ip().is_unspecified() => (Ipv4Addr::LOCALHOST, it.port()).into(),
        SocketAddr::V6(it) if it.ip().is_unspecified() => (Ipv6Addr::LOCALHOST, it.port()).into(),
        other => other,
    };
    Ok(format!("http://{home}"))
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
