//! Accounts of a portal, and the lock after five failures.

use std::fmt;

use jiff::{SignedDuration, Timestamp};

/// Failures in a row that lock an account.
pub const STRIKES: u32 = 5;
/// How long it stays locked, in minutes of simulated time.
pub const LOCK_MINUTES: i64 = 10;

/// An account. Its password is never printed.
#[derive(Clone)]
pub struct Account {
    /// What is typed as id.
    pub name: String,
    password: String,
    strikes: u32,
    /// All refused passwords, ever.
    refused: u64,
    locked_until: Option<Timestamp>,
}

impl fmt::Debug for Account {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { name, strikes, refused, locked_until, .. } = self;
        write!(out, "Account {{ {name:?}, strikes: {strikes}, refused: {refused}, until: {locked_until:?} }}")
    }
}

/// Why a login is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// Nobody of that name.
    Unknown,
    /// A wrong password; it was counted.
    Wrong,
    /// The account is locked, whatever the password is.
    Locked,
}

/// The accounts of one portal.
#[derive(Debug, Default)]
pub(crate) struct Accounts(Vec<Account>);

impl Accounts {
    /// Adds an account, or gives one a new password.
    pub(crate) fn set(&mut self, name: &str, password: &str) {
        self.0.retain(|account| account.name != name);
        self.0.push(Account {
            name: name.to_owned(),
            password: password.to_owned(),
            strikes: 0,
            refused: 0,
            locked_until: None,
        });
    }

    /// Judges a login. With `wrong`, the password is wrong whatever it is.
    pub(crate) fn check(
        &mut self,
        name: &str,
        password: &str,
        now: Timestamp,
        wrong: bool,
    ) -> Result<(), Refusal> {
        let account = self.0.iter_mut().find(|account| account.name == name).ok_or(Refusal::Unknown)?;
        match account.locked_until {
            Some(until) if now < until => return Err(Refusal::Locked),
            Some(_) => (account.locked_until, account.strikes) = (None, 0),
            None => {}
        }
        if wrong || account.password != password {
            account.strike(now);
            return Err(Refusal::Wrong);
        }
        account.strikes = 0;
        Ok(())
    }

    /// Counts a failure that the portal told of without looking at the password.
    pub(crate) fn strike(&mut self, name: &str, now: Timestamp) {
        if let Some(account) = self.0.iter_mut().find(|account| account.name == name) {
            account.strike(now);
        }
    }

    /// Locks an account from now on, unless it is locked already.
    pub(crate) fn lock(&mut self, name: &str, now: Timestamp) {
        if let Some(account) = self.0.iter_mut().find(|account| account.name == name)
            && account.locked_until.is_none_or(|until| until <= now)
        {
            account.lock(now);
        }
    }

    pub(crate) fn unlock(&mut self) {
        for account in &mut self.0 {
            (account.locked_until, account.strikes) = (None, 0);
        }
    }

    pub(crate) fn is_locked(&self, now: Timestamp) -> bool {
        self.0.iter().any(|account| account.locked_until.is_some_and(|until| now < until))
    }

    /// How many passwords were ever refused.
    pub(crate) fn refused(&self) -> u64 {
        self.0.iter().map(|account| account.refused).sum()
    }

    pub(crate) fn names(&self) -> Vec<String> {
        self.0.iter().map(|account| account.name.clone()).collect()
    }
}

impl Account {
    fn strike(&mut self, now: Timestamp) {
        self.strikes += 1;
        self.refused += 1;
        if self.strikes >= STRIKES {
            self.lock(now);
        }
    }

    fn lock(&mut self, now: Timestamp) {
        self.locked_until = now.checked_add(SignedDuration::from_mins(LOCK_MINUTES)).ok();
    }
}
