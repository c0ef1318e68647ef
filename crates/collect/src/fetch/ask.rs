//! What all fetching needs, and the requests that follow from it.

use std::fmt::Write as _;

use ::url::Url;
use blocklist::Time;
use reqwest::header::HeaderName;
use sha2::{Digest as _, Sha256};
use tokio_util::sync::CancellationToken;

use super::network::{Network, Request};
use crate::source::{Auth, Settings, SourceState};
use crate::vault::Credential;
use crate::{Failure, Options, Trouble};

/// What all fetching needs.
#[derive(Clone, Copy, Debug)]
pub struct Ask<'a> {
    /// The way out.
    pub network: &'a Network,
    /// The settings of the source.
    pub settings: &'a Settings,
    /// Where it stands. Its validators must be those of the input that the store still holds: whoever finds that the
    /// store has another one leaves them out.
    pub state: &'a SourceState,
    /// The credential of the source, if it has one.
    pub credential: Option<&'a Credential>,
    /// How the content is read: limits and rules of the program; columns, items and defaults of the settings.
    pub options: &'a Options,
    /// The time of the run.
    pub now: Time,
    /// Stops it.
    pub cancel: &'a CancellationToken,
}

impl Ask<'_> {
    /// The address of the source.
    pub(super) fn url(&self) -> Result<Url, Failure> {
        let url = self.settings.url.clone();
        url.ok_or_else(|| Failure::new(Trouble::Settings).with("url has to be given"))
    }

    /// A GET as the settings want it, with the credential where they want it.
    pub(super) fn get(&self, url: Url) -> Result<Request, Failure> {
        let settings = self.settings;
        let request =
            Request::get(url).as_set(settings).redirects(settings.redirects).cancel(self.cancel.clone());
        match (settings.auth, self.credential) {
            (Auth::None, _) => Ok(request),
            (_, None) => Err(Failure::new(Trouble::CredentialMissing)),
            (Auth::Basic, Some(Credential::Login { username, password })) => {
                request.basic(username, password)
            }
            // The token is sent as it is kept: some servers want `Bearer` before it, others the bare token.
            (Auth::Header, Some(Credential::Token(token))) => {
                let name = HeaderName::try_from(settings.auth_name.as_str())
                    .map_err(|_| Failure::new(Trouble::Settings).with("auth_name is no name of a header"))?;
                request.secret_header(name, token)
            }
            (Auth::Query, Some(Credential::Token(token))) => {
                Ok(request.secret_query(settings.auth_name.as_str(), token.clone()))
            }
            (Auth::Basic, Some(Credential::Token(_))) => Err(Failure::new(Trouble::Settings)
                .with("auth=basic takes a user name and password, not a token")),
            (Auth::Header | Auth::Query, Some(Credential::Login { .. })) => {
                Err(Failure::new(Trouble::Settings)
                    .with("auth=header and auth=query take a token, not a login"))
            }
        }
    }

    /// All that decides, beside the bytes, what is made of them. The version is in it: a better parser reads anew.
    pub(super) fn recipe(&self) -> [u8; 32] {
        let mut text = String::from(env!("CARGO_PKG_VERSION"));
        // `Debug` of these is complete, and quotes its texts so that no two recipes are written alike.
        let _ = write!(text, " {:?} {:?} {:?}", self.settings.mode, self.settings.parser, self.options);
        Sha256::digest(text.as_bytes()).into()
    }
}
