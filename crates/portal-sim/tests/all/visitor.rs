//! Somebody who visits the portals as a careful client would.

use std::io::{Cursor, Read};

use portal_sim::{Portal, Sim, SimOptions};

use crate::client::{Got, send, try_send};

pub(crate) const NAME: &str = "demo";
pub(crate) const PASSWORD: &str = "right horse & battery";
pub(crate) const LIST: &str = "/fcti/securityAdvisory/advisoryList";
pub(crate) const DOWNLOAD: &str = "/fcti/securityAdvisory/advisoryListDownloadXlsx";

/// A small simulation with one account, at 2026-11-20 09:00 in Asia/Seoul.
pub(crate) async fn sim() -> Sim {
    let accounts = vec![(NAME.into(), PASSWORD.into())];
    Sim::start(SimOptions { accounts, ..SimOptions::default() }).await.unwrap()
}

pub(crate) fn form(fields: &[(&str, &str)]) -> String {
    form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish()
}

const FORM: &str = "application/x-www-form-urlencoded";

/// A visitor of REGTECH.
pub(crate) struct Regtech {
    pub(crate) base: String,
    pub(crate) front: String,
    pub(crate) va: String,
}

impl Regtech {
    /// Reads the login form.
    pub(crate) async fn arrive(sim: &Sim) -> Self {
        let base = sim.url(Portal::Regtech);
        let got = send(&base, ("GET", "/login/loginForm"), &[], "").await;
        let front = got.cookie("regtech-front").unwrap_or_default();
        Self { base, front, va: String::new() }
    }

    /// Logs in, and is in.
    pub(crate) async fn log_in(sim: &Sim) -> Self {
        let mut visitor = Self::arrive(sim).await;
        assert_eq!(visitor.step1(PASSWORD).await.status, 200);
        let got = visitor.step2(PASSWORD).await;
        assert_eq!(got.status, 302);
        assert!(visitor.va.starts_with("Bearer"), "{got:?}");
        visitor
    }

    fn headers(&self, page: &str) -> Vec<(&'static str, String)> {
        vec![
            ("Content-Type", FORM.into()),
            ("Cookie", format!("regtech-front={}; regtech-va={}", self.front, self.va)),
            ("Origin", self.base.clone()),
            ("Referer", format!("{}{page}", self.base)),
            ("X-Requested-With", "XMLHttpRequest".into()),
        ]
    }

    pub(crate) async fn post(&self, path: &str, page: &str, body: &str) -> Got {
        send(&self.base, ("POST", path), &self.headers(page), body).await
    }

    pub(crate) async fn step1(&self, password: &str) -> Got {
        let body = form(&[("memberId", NAME), ("memberPw", password)]);
        self.post("/member/findOneMember", "/login/loginForm", &body).await
    }

    pub(crate) async fn step2(&mut self, password: &str) -> Got {
        let body = form(&[
            ("username", NAME),
            ("password", password),
            ("login_error", ""),
            ("txId", ""),
            ("token", ""),
            ("memberId", ""),
            ("smsTimeExcess", "N"),
        ]);
        let got = self.post("/login/addLogin", "/login/loginForm", &body).await;
        self.va = got.cookie("regtech-va").unwrap_or_default();
        got
    }

    pub(crate) async fn try_download(&self, start: &str, end: &str) -> std::io::Result<Got> {
        try_send(&self.base, ("POST", DOWNLOAD), &self.headers(LIST), &window(start, end)).await
    }

    /// The workbook of 80 days up to the simulated today.
    pub(crate) async fn download(&self) -> Got {
        self.try_download("20260901", "20261120").await.unwrap()
    }

    pub(crate) async fn list(&self, page: usize, start: &str, end: &str) -> Got {
        let body = window(start, end).replace("page=0", &format!("page={page}"));
        self.post(LIST, LIST, &body).await
    }
}

fn window(start: &str, end: &str) -> String {
    form(&[
        ("page", "0"),
        ("tabSort", "blacklist"),
        ("excelDownload", "blacklist,"),
        ("cveId", ""),
        ("ipId", ""),
        ("estId", ""),
        ("startDate", start),
        ("endDate", end),
        ("findCondition", "all"),
        ("findKeyword", ""),
        ("excelDown", "blacklist"),
        ("size", "10"),
    ])
}

/// A visitor of SECUDIUM.
pub(crate) struct Secudium {
    pub(crate) base: String,
    pub(crate) token: String,
}

impl Secudium {
    pub(crate) async fn login(sim: &Sim, changed: &[(&str, &str)]) -> Got {
        let mut fields = vec![
            ("lang", "ko"),
            ("is_otp", "N"),
            ("is_expire", "N"),
            ("login_name", NAME),
            ("password", PASSWORD),
            ("otp_value", ""),
        ];
        for field in &mut fields {
            field.1 = changed.iter().find(|(name, _)| *name == field.0).map_or(field.1, |(_, value)| value);
        }
        let headers = [("Content-Type", FORM.into()), ("X-Requested-With", "XMLHttpRequest".into())];
        let base = sim.url(Portal::Secudium);
        send(&base, ("POST", "/isap-api/loginProcess"), &headers, &form(&fields)).await
    }

    /// Logs in, and is in.
    pub(crate) async fn log_in(sim: &Sim) -> Self {
        let got = Self::login(sim, &[]).await.json();
        let token = got["response"]["token"].as_str().unwrap().to_owned();
        Self { base: sim.url(Portal::Secudium), token }
    }

    pub(crate) async fn get(&self, path: &str) -> Got {
        send(&self.base, ("GET", path), &[("X-Auth-Token", self.token.clone())], "").await
    }

    pub(crate) async fn board(&self) -> Got {
        self.get("/isap-api/secinfo/list/black_ip?sdate=2026-10-20&edate=2026-11-20&dateKey=i.reg_date&count=100&filter=")
            .await
    }

    /// The newest post's workbook, the token in the query as a link has it.
    pub(crate) async fn file(&self, sim: &Sim) -> Got {
        let now = sim.seoul();
        let post = sim.world().posts(now, sim.world().begin(), now.date()).remove(0);
        let query =
            form(&[("X-Auth-Token", &self.token), ("serverFileName", &post.uuid), ("fileName", &post.file)]);
        send(&self.base, ("GET", &format!("/isap-api/file/SECINFO/download?{query}")), &[], "").await
    }
}

/// A part of a workbook as text; nothing when it is not there.
pub(crate) fn part(book: &[u8], name: &str) -> Option<String> {
    let mut archive = zip::ZipArchive::new(Cursor::new(book)).unwrap();
    let mut text = String::new();
    archive.by_name(name).ok()?.read_to_string(&mut text).unwrap();
    Some(text)
}

/// The rows of REGTECH's list, the header first.
pub(crate) fn cells(book: &[u8], sheet: usize) -> Vec<Vec<String>> {
    let text = part(book, &format!("xl/worksheets/sheet{sheet}.xml")).unwrap();
    let rows = text.split("<row ").skip(1);
    rows.map(|row| row.split("<c ").skip(1).map(cell).collect()).collect()
}

/// A cell's text, its numeric entities resolved.
fn cell(text: &str) -> String {
    let inner = text.split("<t>").nth(1).and_then(|rest| rest.split("</t>").next()).unwrap_or_default();
    let mut out = String::new();
    let mut rest = inner;
    while let Some((before, after)) = rest.split_once("&#") {
        let (number, after) = after.split_once(';').unwrap();
        out += before;
        out.push(char::from_u32(number.parse().unwrap()).unwrap());
        rest = after;
    }
    out + rest
}
