//! One request, and each way in which it may go wrong.

use std::time::Duration;

use collect::fetch::network::answer::IN_MEMORY;
use collect::fetch::network::{Names, Request, Statuses};
use collect::trouble::Class;
use collect::{Failure, Trouble};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use crate::support::{Net, Server, Step, answer, dns};

async fn fails(script: impl Fn() -> Vec<Step> + Send + Sync + 'static) -> Failure {
    let server = Server::start(move |_| script()).await;
    let request = Request::get(server.url("/list")).limit(1_000);
    Net::new().network.send(&request).await.unwrap_err()
}

fn head(headers: &str) -> Step {
    Step::Send(format!("HTTP/1.1 200 OK\r\n{headers}\r\n").into_bytes())
}

#[tokio::test]
async fn a_body_comes_as_it_was_sent() {
    let server = Server::always(200, &[("etag", "\"a\"")], "198.51.100.7\n").await;
    let mut answer = Net::new().network.send(&Request::get(server.url("/list?a=b"))).await.unwrap();
    assert_eq!((answer.status.as_u16(), answer.body.len()), (200, 13));
    assert_eq!(&*answer.body.bytes().unwrap(), b"198.51.100.7\n");
    assert_eq!(answer.header(&reqwest::header::ETAG), Some("\"a\""));
    let asked = &server.asked()[0];
    assert_eq!(asked.line, "GET /list?a=b HTTP/1.1");
    assert!(asked.header("user-agent").unwrap().starts_with("blacklist/"));
    for unwanted in ["accept-encoding", "cookie", "referer", "authorization"] {
        assert_eq!(asked.header(unwanted), None, "{unwanted}");
    }
}

#[tokio::test]
async fn a_form_is_sent_as_browsers_send_it() {
    let server = Server::always(200, &[], "").await;
    let secret = "p&=+ 가%".to_owned().into();
    let request = Request::post(server.url("/login")).field("id", "a b").secret_field("pw", &secret);
    Net::new().network.send(&request).await.unwrap();
    let asked = &server.asked()[0];
    assert_eq!(asked.line, "POST /login HTTP/1.1");
    assert_eq!(asked.header("content-type"), Some("application/x-www-form-urlencoded"));
    assert_eq!(asked.body, "id=a+b&pw=p%26%3D%2B+%EA%B0%80%25");
}

#[tokio::test]
async fn a_large_body_lies_in_a_file_without_a_name_and_a_secret_one_does_not() {
    let size = IN_MEMORY + 12_345;
    let body = || (0..IN_MEMORY + 12_345).map(|n| (n % 251) as u8).collect::<Vec<u8>>();
    let server = Server::start(move |_| answer(200, &[], body())).await;
    let net = Net::new();
    let request = Request::get(server.url("/")).limit(size);
    let mut answer = net.network.send(&request).await.unwrap();
    assert!(answer.body.is_on_disk());
    assert_eq!(std::fs::read_dir(net.spool()).unwrap().count(), 0);
    assert_eq!(answer.body.len(), size);
    assert!(*answer.body.bytes().unwrap() == body());
    let secret = net.network.send(&request.in_memory()).await.unwrap();
    assert!(!secret.body.is_on_disk());
}

#[tokio::test]
async fn a_directory_that_is_not_there_is_trouble_of_this_machine() {
    let server = Server::start(|_| answer(200, &[], vec![b' '; IN_MEMORY as usize + 1])).await;
    let net = Net::new();
    std::fs::remove_dir(net.spool()).unwrap();
    let error = net.network.send(&Request::get(server.url("/"))).await.unwrap_err();
    assert_eq!(error.trouble, Trouble::Local);
}

#[tokio::test]
async fn nobody_at_the_port_is_unreachable() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap()).parse().unwrap();
    drop(listener);
    let error = Net::new().network.send(&Request::get(url)).await.unwrap_err();
    assert_eq!(error.trouble, Trouble::Unreachable);
    assert!(error.detail.contains("refused"), "{error}");
}

#[tokio::test]
async fn a_name_is_asked_of_dns_and_an_unknown_one_is_told_from_a_silent_server() {
    let server = Server::always(200, &[], "found").await;
    let names = Names::from_server(dns::start("feeds.test").await);
    let network = Net::new().network.with_names(names);
    let url = |host: &str| format!("http://{host}:{}/", server.address.port()).parse().unwrap();
    let found = network.send(&Request::get(url("feeds.test"))).await.unwrap();
    assert_eq!(found.body.len(), 5);
    let error = network.send(&Request::get(url("nothing.test"))).await.unwrap_err();
    assert_eq!(error.trouble, Trouble::NameUnknown);
    assert!(error.detail.contains("knows no address"), "{error}");
    let localhost = network.send(&Request::get(server.other_origin("/"))).await.unwrap();
    assert_eq!(localhost.body.len(), 5);
}

#[tokio::test]
async fn a_server_that_goes_silent_is_given_up() {
    let error = fails(|| vec![head("content-length: 10\r\n"), Step::Send(b"123".into()), Step::Stall]).await;
    assert_eq!(error.trouble, Trouble::Timeout);
    assert!(error.detail.contains("further byte"), "{error}");
}

#[tokio::test]
async fn drop_by_drop_does_not_outlast_the_time_for_the_whole() {
    let server = Server::start(|_| {
        let drops =
            (0..1_000).flat_map(|_| [Step::Send(b"1".into()), Step::Pause(Duration::from_millis(20))]);
        std::iter::once(head("content-length: 1000\r\n")).chain(drops).collect()
    })
    .await;
    for url in [server.url("/"), server.url("/again")] {
        let request = Request::get(url).timeout(Duration::from_millis(300));
        let error = Net::new().network.send(&request).await.unwrap_err();
        assert_eq!(error.trouble, Trouble::Timeout);
        assert!(error.detail.contains("whole answer"), "{error}");
    }
}

#[tokio::test]
async fn no_answer_at_all_is_given_up() {
    let server = Server::start(|_| vec![Step::Stall]).await;
    let request = Request::get(server.url("/")).timeout(Duration::from_millis(200));
    let error = Net::new().network.send(&request).await.unwrap_err();
    assert_eq!(error.trouble, Trouble::Timeout);
}

#[tokio::test]
async fn half_an_answer_is_none() {
    for script in [
        (|| vec![head("content-length: 10\r\n"), Step::Send(b"12345".into())]) as fn() -> Vec<Step>,
        || vec![head("content-length: 10\r\n"), Step::Send(b"12345".into()), Step::Reset],
        || vec![head("transfer-encoding: chunked\r\n"), Step::Send(b"5\r\n12345\r\n".into())],
        || vec![Step::Send(b"HTTP/1.1 200 OK\r\ncontent-le".into())],
        || vec![Step::Reset],
        || vec![],
        || vec![Step::Send(b"220 mail.example ESMTP\r\n".into())],
    ] {
        let error = fails(script).await;
        assert_eq!(error.trouble, Trouble::BrokenOff, "{error}");
        assert_eq!(error.trouble.class(), Class::Retry);
    }
}

#[tokio::test]
async fn too_much_is_refused_before_it_comes_and_while_it_comes() {
    // Nothing but the head is ever sent: the declared length is enough.
    let declared = fails(|| vec![head("content-length: 1001\r\n"), Step::Stall]).await;
    assert_eq!(declared.trouble, Trouble::TooLarge);
    let endless = fails(|| {
        let chunk = Step::Send(format!("200\r\n{}\r\n", "x".repeat(512)).into_bytes());
        let again = || Step::Send(format!("200\r\n{}\r\n", "x".repeat(512)).into_bytes());
        vec![head("transfer-encoding: chunked\r\n"), chunk, again(), Step::Stall]
    })
    .await;
    assert_eq!(endless.trouble, Trouble::TooLarge);
    let server = Server::always(200, &[], &"x".repeat(1_000)).await;
    Net::new().network.send(&Request::get(server.url("/")).limit(1_000)).await.unwrap();
}

#[tokio::test]
async fn each_status_has_its_cause() {
    for (status, trouble) in [
        (500, Trouble::ServerError),
        (503, Trouble::ServerError),
        (429, Trouble::RateLimited),
        (404, Trouble::HttpStatus),
        (401, Trouble::HttpStatus),
        (403, Trouble::HttpStatus),
        (206, Trouble::HttpStatus),
        (302, Trouble::Redirect),
    ] {
        let error = fails(move || answer(status, &[], "")).await;
        assert_eq!(error.trouble, trouble, "{status}");
        assert!(error.detail.contains(&status.to_string()), "{error}");
    }
}

#[tokio::test]
async fn whoever_looks_at_statuses_itself_gets_them() {
    let server = Server::start(|asked| answer(asked.target()[1..].parse().unwrap(), &[], "said why")).await;
    let network = Net::new().network;
    let ask = |status: &str, statuses| Request::post(server.url(status)).statuses(statuses);
    for status in ["/302", "/401", "/404"] {
        let answer = network.send(&ask(status, Statuses::Explained)).await.unwrap();
        assert_eq!(answer.body.len(), 8, "{status}");
    }
    let error = network.send(&ask("/503", Statuses::Explained)).await.unwrap_err();
    assert_eq!(error.trouble, Trouble::ServerError);
    assert_eq!(network.send(&ask("/503", Statuses::All)).await.unwrap().status.as_u16(), 503);
}

#[tokio::test]
async fn a_cancelled_request_ends_at_once() {
    let server = Server::start(|_| vec![Step::Stall]).await;
    let cancel = CancellationToken::new();
    let request = Request::get(server.url("/")).cancel(cancel.clone());
    let network = Net::new().network;
    let sent = tokio::spawn(async move { network.send(&request).await });
    while server.asked().is_empty() {
        tokio::task::yield_now().await;
    }
    cancel.cancel();
    assert_eq!(sent.await.unwrap().unwrap_err().trouble, Trouble::Interrupted);
}
