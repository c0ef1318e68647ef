//! Every fault of the table shows as its name says, at every portal that has it.
//!
//! The match below has no arm for "the others": a fault that is new does not compile until somebody says how it shows.

use portal_sim::{Fault, Portal, Sim};

use crate::client::{Got, send};
use crate::visitor::{PASSWORD, Regtech, Secudium, cells, part, sim};
use crate::wire;

#[tokio::test]
async fn every_fault_shows_as_its_name_says() {
    for fault in Fault::ALL.iter().copied() {
        for portal in Portal::ALL.into_iter().filter(|portal| fault.portals().covers(*portal)) {
            let sim = sim().await;
            shows(&sim, fault, portal).await;
            let struck = sim.journal().iter().any(|entry| entry.faults.contains(&fault.name()));
            assert!(struck || fault == Fault::SlowTls, "{} is in the journal", fault.name());
        }
    }
}

async fn shows(sim: &Sim, fault: Fault, portal: Portal) {
    match fault {
        Fault::WrongPassword => refuses(sim, fault, portal, "E00010201", "login.failed", 1).await,
        Fault::LoginE00010002 => refuses(sim, fault, portal, "E00010002", "", 1).await,
        Fault::LoginE00010201 => refuses(sim, fault, portal, "E00010201", "", 1).await,
        Fault::LoginE00010203 => refuses(sim, fault, portal, "E00010203", "", 0).await,
        Fault::LoginE00010204 => refuses(sim, fault, portal, "E00010204", "", 0).await,
        Fault::LoginE00010205 => refuses(sim, fault, portal, "E00010205", "", 0).await,
        Fault::LoginE00010206 => refuses(sim, fault, portal, "E00010206", "", 0).await,
        Fault::LoginE00010207 => refuses(sim, fault, portal, "E00010207", "", 0).await,
        Fault::LoginE00010209 => refuses(sim, fault, portal, "E00010209", "", 0).await,
        Fault::FiveStrikeLock => {
            refuses(sim, fault, portal, "E00010204", "account.locked", 0).await;
            sim.faults().off(fault);
            assert!(sim.is_locked(portal));
            sim.advance(jiff::SignedDuration::from_mins(10));
            assert!(!sim.is_locked(portal));
        }
        Fault::OtpAsked => match portal {
            Portal::Regtech => regtech_asks_for_digits(sim).await,
            Portal::Secudium => secudium_asks_for_digits(sim).await,
        },
        Fault::AlreadyLogin => {
            sim.faults().on(fault);
            assert_eq!(Secudium::login(sim, &[]).await.json()["response"]["code"], "already.login");
            let taken = Secudium::login(sim, &[("is_expire", "Y")]).await.json();
            assert_eq!(taken["response"]["error"], false);
        }
        Fault::FormChanged => {
            sim.faults().on(fault);
            let form = send(&sim.url(portal), ("GET", "/login/loginForm"), &[], "").await;
            assert!(form.text().contains("loginToken") && !form.text().contains("name=\"username\""));
            let got = Regtech::arrive(sim).await.step2(PASSWORD).await;
            assert!(got.header("location").contains("error=true"));
            assert_eq!(sim.refused_passwords(portal), 0);
        }
        Fault::SessionLost | Fault::SessionLostRedirect => session_ends(sim, fault).await,
        Fault::JwtExpired => {
            sim.faults().on(fault);
            let visitor = Regtech::log_in(sim).await;
            assert_eq!(sim.open_sessions(portal), 0);
            assert_eq!(visitor.download().await.status, 302);
        }
        Fault::TokenTakenOver => {
            let visitor = Secudium::log_in(sim).await;
            sim.faults().on_for(fault, 1);
            let got = visitor.board().await;
            assert_eq!((got.status, &got.json()["response"]["code"]), (401, &"session.expired".into()));
            assert_eq!(visitor.board().await.status, 401, "it stays so");
            assert_eq!(Secudium::login(sim, &[]).await.json()["response"]["code"], "already.login");
        }
        Fault::OneSheet
        | Fault::ThreeSheets
        | Fault::ZeroSheets
        | Fault::InlineWrongDimension
        | Fault::TruncatedZip
        | Fault::ZipBomb
        | Fault::HeaderRenamed
        | Fault::ColumnMoved
        | Fault::ColumnMissing
        | Fault::XlsInstead
        | Fault::BadRows
        | Fault::FileIsHtml => workbook(sim, fault, portal).await,
        Fault::WindowRefused => {
            sim.faults().on(fault);
            let visitor = Regtech::log_in(sim).await;
            let months = visitor.try_download("20260820", "20261120").await.unwrap();
            assert!(months.status == 200 && months.text().contains("3개월"));
            let less = visitor.try_download("20260821", "20261120").await.unwrap();
            assert!(less.body.starts_with(b"PK"));
        }
        Fault::WindowIgnored => {
            sim.faults().on(fault);
            let rows = cells(
                &Regtech::log_in(sim).await.try_download("20261120", "20261120").await.unwrap().body,
                1,
            );
            assert!(rows[1..].iter().any(|row| row[3].as_str() < "2026-01-01"));
        }
        Fault::SamePage => {
            sim.faults().on(fault);
            let visitor = Regtech::log_in(sim).await;
            let first = visitor.list(0, "20260901", "20261120").await.body;
            assert_eq!(visitor.list(3, "20260901", "20261120").await.body, first);
        }
        Fault::CountWrong => counts(sim, fault, portal, |right, wrong| wrong == right + 1_000).await,
        Fault::ZeroRows => {
            counts(sim, fault, portal, |right, wrong| right > 10 && wrong == 0).await;
            if portal == Portal::Regtech {
                sim.faults().on(fault);
                assert_eq!(cells(&Regtech::log_in(sim).await.download().await.body, 1).len(), 1);
            }
        }
        Fault::Stale => stale(sim, portal).await,
        Fault::ControlCharacters => {
            let visitor = Secudium::log_in(sim).await;
            sim.faults().on(fault);
            let body = visitor.board().await.body;
            assert!(body.contains(&1) && body.contains(&b'\n'));
            assert!(serde_json::from_slice::<serde_json::Value>(&body).is_err());
        }
        Fault::EucKr => {
            let visitor = match portal {
                Portal::Regtech => None,
                Portal::Secudium => Some(Secudium::log_in(sim).await),
            };
            sim.faults().on(fault);
            let got = match visitor {
                None => home(sim, portal).await,
                Some(visitor) => visitor.board().await,
            };
            assert!(got.header("content-type").ends_with("charset=EUC-KR"));
            assert!(std::str::from_utf8(&got.body).is_err());
            // 금융 and 목록
            let word: &[u8] =
                if portal == Portal::Regtech { b"\xb1\xdd\xc0\xb6" } else { b"\xb8\xf1\xb7\xcf" };
            assert!(got.body.windows(4).any(|four| four == word));
        }
        Fault::Maintenance => {
            sim.faults().on(fault);
            let got = home(sim, portal).await;
            assert!(got.status == 200 && got.text().contains("점검") && !got.is_login_page());
        }
        Fault::TooManyRequests => {
            sim.faults().on(fault);
            let got = home(sim, portal).await;
            assert_eq!((got.status, got.header("retry-after")), (429, ""));
        }
        Fault::TooManyRequestsRetryAfter => {
            sim.faults().on(fault);
            let got = home(sim, portal).await;
            assert_eq!((got.status, got.header("retry-after")), (429, "30"));
        }
        Fault::Unavailable => {
            sim.faults().on(fault);
            assert_eq!(home(sim, portal).await.status, 503);
        }
        Fault::Stall => {
            sim.faults().on(fault);
            wire::stalls(sim, portal).await;
        }
        Fault::EarlyEnd => {
            sim.faults().on(fault);
            wire::ends_early(sim, portal).await;
        }
        Fault::Reset => {
            sim.faults().on(fault);
            wire::resets(sim, portal).await;
        }
        // tls.rs: this one needs a simulation with TLS.
        Fault::SlowTls => {}
    }
}

async fn home(sim: &Sim, portal: Portal) -> Got {
    let path = if portal == Portal::Regtech { "/login/loginForm" } else { "/login" };
    send(&sim.url(portal), ("GET", path), &[], "").await
}

/// The right password is refused with a code, and counts as so many failures.
async fn refuses(sim: &Sim, fault: Fault, portal: Portal, regtech: &str, secudium: &str, failures: u64) {
    sim.faults().on(fault);
    let code = match portal {
        Portal::Regtech => {
            let got = Regtech::arrive(sim).await.step1(PASSWORD).await;
            assert_eq!(got.status, 404);
            assert_ne!(got.json()["message"], "");
            assert_eq!(got.json()["code"], regtech, "{}", fault.name());
            got
        }
        Portal::Secudium => {
            let got = Secudium::login(sim, &[]).await;
            assert_eq!(got.json()["response"]["code"], secudium);
            got
        }
    };
    assert!(!code.text().contains(PASSWORD));
    assert_eq!(sim.refused_passwords(portal), failures, "{}", fault.name());
    let entry = sim.journal().pop().unwrap();
    assert!(entry.login_attempt && entry.failed_login);
}

async fn regtech_asks_for_digits(sim: &Sim) {
    sim.faults().on(Fault::OtpAsked);
    let mut visitor = Regtech::arrive(sim).await;
    assert_eq!(visitor.step1(PASSWORD).await.status, 200);
    assert!(visitor.step2(PASSWORD).await.header("location").contains("error=true"));
    assert_eq!(sim.otp(Portal::Regtech), None);
    let fields = |digits: &str| {
        crate::visitor::form(&[("memberId", "demo"), ("memberPw", PASSWORD), ("smsKey", digits)])
    };
    let page = "/login/loginForm";
    assert_eq!(visitor.post("/member/smsKeySend", page, &fields("")).await.status, 200);
    let digits = sim.otp(Portal::Regtech).unwrap();
    assert_eq!(digits.len(), 6);
    let wrong = if digits == "000000" { "000001" } else { "000000" };
    assert_eq!(visitor.post("/member/smsKeyConfirm", page, &fields(wrong)).await.status, 404);
    sim.advance(jiff::SignedDuration::from_secs(181));
    assert_eq!(visitor.post("/member/smsKeyConfirm", page, &fields(&digits)).await.status, 404, "too late");
    visitor.post("/member/smsKeySend", page, &fields("")).await;
    let digits = sim.otp(Portal::Regtech).unwrap();
    assert_eq!(visitor.post("/member/smsKeyConfirm", page, &fields(&digits)).await.status, 200);
    let mut other = Regtech::arrive(sim).await;
    assert!(other.step2(PASSWORD).await.header("location").contains("error=true"), "another session");
    visitor.step2(PASSWORD).await;
    assert_eq!(visitor.download().await.status, 200);
}

async fn secudium_asks_for_digits(sim: &Sim) {
    sim.faults().on(Fault::OtpAsked);
    assert_eq!(Secudium::login(sim, &[]).await.json()["response"]["code"], "otp.required");
    let digits = sim.otp(Portal::Secudium).unwrap();
    let got = Secudium::login(sim, &[("otp_value", &digits)]).await.json();
    assert_eq!(got["response"]["code"], "otp.required", "is_otp is N");
    let digits = sim.otp(Portal::Secudium).unwrap();
    let got = Secudium::login(sim, &[("is_otp", "Y"), ("otp_value", &digits)]).await.json();
    assert_eq!(got["response"]["error"], false);
    assert_eq!(sim.refused_passwords(Portal::Secudium), 0);
}

async fn session_ends(sim: &Sim, fault: Fault) {
    let visitor = Regtech::log_in(sim).await;
    sim.faults().on_for(fault, 1);
    let got = visitor.download().await;
    if fault == Fault::SessionLost {
        assert!(got.status == 200 && got.is_login_page());
    } else {
        assert_eq!((got.status, got.header("location")), (302, "/login/loginForm"));
    }
    assert_eq!(sim.open_sessions(Portal::Regtech), 0);
    assert_eq!(visitor.download().await.status, 302, "it stays so");
}

async fn workbook(sim: &Sim, fault: Fault, portal: Portal) {
    let (book, sheet) = match portal {
        Portal::Regtech => {
            let visitor = Regtech::log_in(sim).await;
            sim.faults().on(fault);
            (visitor.download().await.body, "xl/worksheets/sheet1.xml")
        }
        Portal::Secudium => {
            let visitor = Secudium::log_in(sim).await;
            sim.faults().on(fault);
            (visitor.file(sim).await.body, "xl/sharedStrings.xml")
        }
    };
    let last = if portal == Portal::Regtech { "해제일" } else { "URL" };
    let last = if portal == Portal::Regtech { entities(last) } else { last.into() };
    let text = || part(&book, sheet).unwrap();
    match fault {
        Fault::OneSheet => assert!(part(&book, "xl/worksheets/sheet2.xml").is_none()),
        Fault::ThreeSheets => assert_eq!(cells(&book, 2)[0][0], "IP"),
        Fault::ZeroSheets => assert!(part(&book, "xl/worksheets/sheet1.xml").is_none()),
        Fault::InlineWrongDimension => {
            let text = part(&book, "xl/worksheets/sheet1.xml").unwrap();
            assert!(text.contains("inlineStr") && text.contains("<dimension ref=\"A1\"/>"));
        }
        Fault::TruncatedZip => {
            assert!(book.starts_with(b"PK") && zip::ZipArchive::new(std::io::Cursor::new(&book)).is_err());
        }
        Fault::ZipBomb => assert!(book.starts_with(b"PK") && book.len() > 1 << 20 && book.len() < 8 << 20),
        Fault::HeaderRenamed => {
            let other = if portal == Portal::Regtech {
                entities("해제 예정일")
            } else {
                "해제 예정일".into()
            };
            assert!(
                text().contains(&format!("<t>{other}</t>")) && !text().contains(&format!("<t>{last}</t>"))
            );
        }
        Fault::ColumnMissing => assert!(!text().contains(&format!("<t>{last}</t>"))),
        Fault::ColumnMoved => {
            let first = if portal == Portal::Regtech { entities("등록사유") } else { "심각도".into() };
            let found = text().split("<t>").nth(1).unwrap().split("</t>").next().unwrap().to_owned();
            assert_eq!(found, first);
        }
        Fault::XlsInstead => assert!(book.starts_with(&[0xd0, 0xcf, 0x11, 0xe0])),
        Fault::BadRows => {
            for bad in ["999.1.1.1", "0.0.0.0/0", "10.0.0.1", "0001-01-01"] {
                assert!(text().contains(bad), "{bad}");
            }
            let rows = part(&book, "xl/worksheets/sheet1.xml").unwrap().matches("<row ").count();
            assert!(rows > 30_000, "{rows}");
        }
        Fault::FileIsHtml => assert!(book.starts_with(b"<html>")),
        _ => panic!("{} is not about workbooks", fault.name()),
    }
}

/// Text as REGTECH writes it.
fn entities(text: &str) -> String {
    text.chars().map(|c| if c.is_ascii() { c.to_string() } else { format!("&#{};", c as u32) }).collect()
}

/// What the portal says there is, without and with the fault.
async fn counts(sim: &Sim, fault: Fault, portal: Portal, expected: fn(u64, u64) -> bool) {
    let mut told = Vec::new();
    match portal {
        Portal::Regtech => {
            let visitor = Regtech::log_in(sim).await;
            for on in [false, true] {
                if on {
                    sim.faults().on(fault);
                }
                let page = visitor.list(0, "20260901", "20261120").await.text();
                let total = page.split("<em>").nth(1).unwrap().split("</em>").next().unwrap();
                told.push(total.trim().replace(',', "").parse().unwrap());
            }
        }
        Portal::Secudium => {
            let visitor = Secudium::log_in(sim).await;
            for on in [false, true] {
                if on {
                    sim.faults().on(fault);
                }
                told.push(visitor.board().await.json()["total_count"].as_u64().unwrap());
            }
        }
    }
    assert!(expected(told[0], told[1]), "{}: {told:?}", fault.name());
}

async fn stale(sim: &Sim, portal: Portal) {
    sim.faults().on(Fault::Stale);
    match portal {
        Portal::Regtech => {
            let rows = cells(&Regtech::log_in(sim).await.download().await.body, 1);
            assert!(rows.len() > 10);
            assert!(rows[1..].iter().all(|row| row[3].as_str() <= "2026-10-21"));
        }
        Portal::Secudium => {
            let visitor = Secudium::log_in(sim).await;
            let board = visitor
                .get("/isap-api/secinfo/list/black_ip?sdate=2026-10-01&edate=2026-11-20&count=100")
                .await;
            let rows = board.json()["rows"].as_array().unwrap().clone();
            assert!(!rows.is_empty());
            assert!(rows.iter().all(|row| row["data"][4].as_str().unwrap() < "2026-10-22"));
        }
    }
}
