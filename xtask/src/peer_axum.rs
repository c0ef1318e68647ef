//! `xtask peer-axum [DIR]`: what the same framework does when it has nothing to do. One route with one tiny JSON, and one for
//! each file of a directory, answered from memory.

use std::fs;
use std::io::Write as _;
use std::path::Path;

use axum::Router;
use axum::body::Bytes;
use axum::http::header::CONTENT_TYPE;
use axum::routing::get;
use axum::serve::ListenerExt as _;
use tokio::net::TcpListener;

pub(crate) fn run(arguments: &[String]) -> anyhow::Result<()> {
    anyhow::ensure!(
        arguments.len() <= 1,
        "peer-axum takes a directory or nothing: it listens until it is ended"
    );
    let dir = arguments.first().map(Path::new);
    tokio::runtime::Builder::new_multi_thread().enable_all().build()?.block_on(serve(dir))
}

async fn serve(dir: Option<&Path>) -> anyhow::Result<()> {
    let answer = || async { ([(CONTENT_TYPE, "application/json")], r#"{"listed":false}"#) };
    let mut router = Router::new().route("/api/v1/lookup", get(answer));
    for entry in dir.map(fs::read_dir).transpose()?.into_iter().flatten() {
        let entry = entry?;
        let body = Bytes::from(fs::read(entry.path())?);
        let answer = move || async move { ([(CONTENT_TYPE, "text/html; charset=utf-8")], body) };
        router = router.route(&format!("/{}", entry.file_name().to_string_lossy()), get(answer));
    }
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    println!("listening on http://{}", listener.local_addr()?);
    std::io::stdout().flush()?;
    let listener = listener.tap_io(|stream| {
        // As our own server does; without it the peer is no quicker.
        let _ = stream.set_nodelay(true);
    });
    axum::serve(listener, router).await?;
    Ok(())
}
