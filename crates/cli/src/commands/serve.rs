//! `serve`: collect, publish and serve until stopped.
//!
//! Ten tasks under one cancellation: the HTTP server, the watch over its certificate, the watch over publications (whoever
//! makes them: this process or an `import` beside it), the publisher of what time alone changes, the timer that starts runs
//! as they are due, the table of feeds and consumers, the log of what they read, the figures of the dashboard, what tells open
//! pages of changes, and what forgets the traces of sessions. Without a database the last good publication is still served,
//! and the log says what is missing.

mod doors;

use std::io::IsTerminal;
use std::sync::Arc;

use collect::collector::timer;
use server::{App, Budget};
use store::{PublicationFiles, Store};
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;
use tracing_subscriber::EnvFilter;

use crate::args::Serve;
use crate::config::{LogFormat, LogLevel};
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::{collecting, first_account, housekeeping, publisher, signals};

use doors::Doors;

pub(super) fn run(args: &Serve, context: &Context<'_>) -> Result<Exit, Failure> {
    start_log(context);
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|error| Failure::from_error(&error))?;
    runtime.block_on(serve(args, context))
}

async fn serve(args: &Serve, context: &Context<'_>) -> Result<Exit, Failure> {
    let doors = Doors::open(args, context).await?;
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
    let Doors { listeners, front } = doors;
    let app =
        app.with_accounts(context.config().accounts.clone()).with_vault(collecting::open_vault(context));
    let app = Arc::new(app.with_names(context.config().names.iter().cloned()).with_front(front.clone()));
    if store.is_some() {
        // Before the first reader comes: nobody shall hear that he is not known because nobody looked yet.
        app.refresh_access().await;
    }
    doors::warn_of_strangers(&listeners, &front, context.config().accounts.unencrypted);

    let stop = signals::stop().map_err(|error| Failure::from_error(&error))?;
    let told = Arc::new(Notify::new());
    let hangup = signals::on_hangup(Arc::clone(&told)).map_err(|error| Failure::from_error(&error))?;
    let hangup = tokio::spawn(hangup);
    let tls = front.tls.clone().map(|tls| {
        let clock = Arc::clone(&context.clock);
        tokio::spawn(server::follow_tls(tls, clock, server::TLS_POLL, told, cancel.clone()))
    });
    let url = doors::announce(&listeners, &front)?;
    let watch = match &store {
        Some(store) => {
            tokio::spawn(server::watch(Arc::clone(&app), Arc::clone(store), server::POLL, cancel.clone()))
        }
        None => tokio::spawn(server::watch(Arc::clone(&app), files, server::POLL, cancel.clone())),
    };
    let access = tokio::spawn(server::follow_access(Arc::clone(&app), server::ACCESS_POLL, cancel.clone()));
    let figures = tokio::spawn(server::keep_figures(Arc::clone(&app), cancel.clone()));
    let events = tokio::spawn(server::follow_events(Arc::clone(&app), cancel.clone()));
    // Ends after the server, whose last reads it writes down.
    let served = CancellationToken::new();
    let pulls = tokio::spawn(server::keep_pulls(Arc::clone(&app), server::KEEP_PULLS, served.clone()));
    let timer = collector.filter(|_| context.config().collect_enabled).map(|it| tokio::spawn(timer::run(it)));
    let publisher =
        store.clone().map(|store| tokio::spawn(publisher::run(Arc::clone(&app), store, cancel.clone())));
    let housekeeping = store.clone().map(|store| tokio::spawn(housekeeping::run(store, cancel.clone())));
    let http = tokio::spawn(server::run(listeners, Arc::clone(&app), cancel.clone()));
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
    if let Some(tls) = tls {
        let _ = tls.await;
    }
    hangup.abort();
    let _ = watch.await;
    let _ = figures.await;
    let _ = events.await;
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
