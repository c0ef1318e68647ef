//! No failure shows a secret, however it is printed.

use std::fmt::Write as _;
use std::time::Duration;

use collect::Trouble;
use collect::fetch::network::{Request, Statuses};
use reqwest::header::HeaderName;
use tokio::net::TcpListener;
use url::Url;

use crate::support::{Net, Server, Step, answer};

const TOKEN: &str = "t0k3n";

/// A request with the secret everywhere a secret may be.
fn laden(url: &Url) -> Request {
    let secret = || TOKEN.to_owned().into();
    let mut url = url.clone();
    url.set_query(Some("apikey=t0k3n"));
    Request::get(url)
        .timeout(Duration::from_millis(300))
        .limit(100)
        .secret_query("key", secret())
        .secret_header(HeaderName::from_static("x-key"), &secret())
        .unwrap()
}

#[tokio::test]
async fn no_failure_shows_a_secret() {
    let server = Server::start(|asked| match asked.target().split('?').next().unwrap() {
        "/reset" => vec![Step::Reset],
        "/stall" => vec![Step::Stall],
        "/garbage" => vec![Step::Send(b"t0k3n t0k3n\r\n\r\n".into())],
        "/large" => answer(200, &[], vec![b' '; 101]),
        "/away" => answer(302, &[("location", "ftp://t0k3n@127.0.0.1/?t0k3n#t0k3n")], TOKEN),
        path => answer(path[1..].parse().unwrap(), &[("retry-after", TOKEN), ("set-cookie", TOKEN)], TOKEN),
    })
    .await;
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let nobody: Url = format!("http://{}/", listener.local_addr().unwrap()).parse().unwrap();
    drop(listener);
    let unknown: Url = "http://nothing.invalid/".parse().unwrap();
    let mut tls = server.url("/");
    tls.set_scheme("https").unwrap();
    let mut urls = vec![nobody, unknown, tls];
    let paths = ["/reset", "/stall", "/garbage", "/large", "/away", "/500", "/401", "/404", "/429", "/302"];
    urls.extend(paths.map(|path| server.url(path)));
    for url in urls {
        let request = laden(&url).redirects(u8::from(url.path() == "/away"));
        let failure = Net::new().network.send(&request).await.unwrap_err();
        let mut texts = format!("{failure} {failure:?} {failure:#?} {request:?}");
        let mut cause: Option<&dyn std::error::Error> = Some(&failure);
        while let Some(error) = cause {
            write!(texts, "{error} {error:?}").unwrap();
            cause = error.source();
        }
        assert!(!texts.contains(TOKEN), "{url}: {texts}");
        assert!(texts.contains(url.host_str().unwrap()), "{url}: {texts}");
    }
}

#[tokio::test]
async fn an_answer_is_printed_without_what_it_holds() {
    let server = Server::always(200, &[("set-cookie", TOKEN)], TOKEN).await;
    let answer = Net::new().network.send(&laden(&server.url("/")).statuses(Statuses::All)).await.unwrap();
    assert!(!format!("{answer:?}").contains(TOKEN));
    assert!(!answer.url.as_str().contains("key=t0k3n&"), "{}", answer.url);
}

#[tokio::test]
async fn a_credential_that_is_refused_needs_a_person() {
    for status in [401, 403] {
        let server = Server::always(status, &[], "").await;
        let error = Net::new().network.send(&laden(&server.url("/")).retries(3)).await.unwrap_err();
        assert_eq!((error.trouble, server.asked().len()), (Trouble::CredentialRejected, 1));
    }
}

#[test]
fn a_credential_that_no_header_can_hold_is_refused_unseen() {
    let url: Url = "https://feeds.example/".parse().unwrap();
    let secret = "t0k3n\r\nhost: other".to_owned().into();
    let error = Request::get(url).secret_header(HeaderName::from_static("x-key"), &secret).unwrap_err();
    assert_eq!(error.trouble, Trouble::Settings);
    assert!(!format!("{error} {error:?}").contains(TOKEN));
}
