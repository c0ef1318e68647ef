//! Credentials set and forgotten, and the key they are sealed with changed.

use std::sync::Arc;

use blocklist::SourceName;
use jiff::civil::Date;
use store::{Actor, CredentialKind, NewCredential, Removed, SealedRow};

use super::{CollectError, Collector, Misfit, Source, Watch};
use crate::portals::{By, CREDENTIALS, regtech};
use crate::source::Kind;
use crate::vault::{BadCredential, Binding, Credential, NewKey, Rotated, Vault, VaultError};
use crate::{Failure, Options, Trouble};

/// Why a credential was not kept, or the key not changed.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// It cannot be tried at all.
    #[error(transparent)]
    Collect(#[from] CollectError),
    /// It is none.
    #[error(transparent)]
    Bad(#[from] BadCredential),
    /// It cannot be sealed or opened.
    #[error(transparent)]
    Vault(#[from] VaultError),
}

impl From<store::Error> for KeyError {
    fn from(error: store::Error) -> Self {
        Self::Collect(error.into())
    }
}

impl From<KeyError> for Failure {
    fn from(error: KeyError) -> Self {
        match error {
            KeyError::Vault(error) => error.into(),
            KeyError::Collect(CollectError::Store(error)) => error.into(),
            other => Self::new(Trouble::Local).because(other),
        }
    }
}

impl Collector {
    /// The vault, opened anew: another process may have changed the key. What a crash left of a change is finished.
    pub(super) fn vault(&self) -> Result<Vault, KeyError> {
        let sealed = !self.store.keys_in_use()?.is_empty();
        let mut vault = (self.open_vault)(!sealed)?;
        // Read after the vault was opened, as it asks for.
        let used = self.store.keys_in_use()?;
        vault.settle(used.iter().map(String::as_str))?;
        Ok(vault)
    }

    /// How a source is read.
    pub fn kind(&self, name: &SourceName) -> Result<Kind, CollectError> {
        Ok(self.source(name)?.kind)
    }

    /// Which credential a source takes, if any.
    pub fn credential_wanted(&self, name: &SourceName) -> Result<Option<CredentialKind>, CollectError> {
        Ok(self.source(name)?.credential_kind())
    }

    /// Keeps a credential, sealed. Returns its version. What stood against the one before stands no longer.
    pub fn set_credential(
        &self,
        name: &SourceName,
        credential: &Credential,
        expires_on: Option<Date>,
        remind_days: Option<u32>,
        actor: &Actor<'_>,
    ) -> Result<u32, KeyError> {
        let _claim = self.claim(name)?;
        let source = self.source(name)?;
        let wanted = source
            .credential_kind()
            .ok_or_else(|| CollectError::Order(Misfit::TakesNoCredential(name.clone())))?;
        if wanted != credential.kind() {
            let source_name = name.clone();
            return Err(CollectError::Order(Misfit::OtherCredential { source_name, wanted }).into());
        }
        let plain = credential.to_json()?;
        if let Some(row) = self
            .store
            .credential(name)?
            .filter(|row| row.rejected_by.as_deref() == Some(Trouble::CredentialRejected.id()))
        {
            let binding = Binding { table: CREDENTIALS, owner: name.as_str(), version: row.version };
            // One that cannot be opened any more cannot be compared, and is replaced.
            if self.vault()?.unseal(&binding, &row.sealed).is_ok_and(|before| *before == *plain) {
                return Err(CollectError::Order(Misfit::RejectedBefore).into());
            }
        }
        let new = NewCredential { kind: credential.kind(), expires_on, remind_days };
        let version = self.store.put_credential(name, &new, actor, |version| {
            // Opened inside the transaction: a key that is changed at the same time changes before or after it.
            let binding = Binding { table: CREDENTIALS, owner: name.as_str(), version };
            Ok::<_, KeyError>(self.vault()?.seal(&binding, &plain)?)
        })?;
        self.free(&source)?;
        Ok(version)
    }

    /// Forgets a credential and its session. Returns whether there was one.
    pub async fn remove_credential(
        &self,
        name: &SourceName,
        actor: &Actor<'_>,
        watch: Watch<'_>,
    ) -> Result<bool, CollectError> {
        let _claim = self.claim(name)?;
        let source = self.source(name)?;
        self.log_out(&source, watch).await;
        Ok(self.store.remove_credential(name, actor)?)
    }

    /// Removes a source: its listings are taken out, its credential is forgotten, its history stays.
    pub async fn remove_source(
        &self,
        name: &SourceName,
        actor: &Actor<'_>,
        watch: Watch<'_>,
    ) -> Result<Removed, CollectError> {
        let _claim = self.claim(name)?;
        let source = self.source(name)?;
        self.log_out(&source, watch).await;
        let (store, name) = (Arc::clone(&self.store), name.clone());
        let (by, note, address) = (actor.by.to_owned(), actor.note.map(str::to_owned), actor.address);
        self.blocking(move || store.remove_source(&name, &Actor { by: &by, note: note.as_deref(), address }))
            .await
    }

    /// Ends the session at the portal, where it has a way to. That the portal does not answer holds nothing up: the session
    /// ends by itself.
    pub(super) async fn log_out(&self, source: &Source, watch: Watch<'_>) {
        if source.kind != Kind::Regtech || !matches!(self.store.portal_session(&source.name), Ok(Some(_))) {
            return;
        }
        let Ok(vault) = self.vault() else { return };
        let account = self.account(&vault, source, By::Person);
        if let Ok(Some(session)) = account.session() {
            let options = Options::default();
            let ended = regtech::log_out(&self.desk(source, &account, &options, watch), &session).await;
            if let Err(failure) = ended {
                tracing::debug!(source = %source.name, "no answer to the end of the session: {failure}");
            }
        }
    }

    /// Changes the key and seals every row anew, in one transaction: all of them or none.
    pub fn rotate_key(&self, new: NewKey<'_>) -> Result<Rotated, KeyError> {
        let mut vault = self.vault()?;
        vault.rotate(new, |ring| {
            let reseal = |row: &SealedRow| {
                let binding = Binding { table: row.table, owner: &row.owner, version: row.version };
                let plain = ring.unseal(&binding, &row.sealed)?;
                Ok::<_, KeyError>(ring.seal(&binding, &plain)?)
            };
            self.store.reseal(reseal).map(drop)
        })
    }
}
