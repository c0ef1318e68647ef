//! What can go wrong with a portal, each fault by name: one table, from which the enum, its names and the control API come.

use crate::Portal;

/// The portals that have a fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Where {
    /// REGTECH alone.
    Regtech,
    /// SECUDIUM alone.
    Secudium,
    /// Both.
    Both,
}

impl Where {
    /// Whether a portal has the fault.
    pub const fn covers(self, portal: Portal) -> bool {
        matches!(
            (self, portal),
            (Self::Both, _) | (Self::Regtech, Portal::Regtech) | (Self::Secudium, Portal::Secudium)
        )
    }
}

macro_rules! faults {
    ($($variant:ident $name:literal $portals:ident $meaning:literal,)+) => {
        /// What can go wrong with a portal.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Fault {
            $(#[doc = $meaning] $variant,)+
        }

        impl Fault {
            /// Every fault, in the order of the table.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// Its name, in `snake_case`.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name),+ }
            }

            /// The portals that have it.
            pub const fn portals(self) -> Where {
                match self { $(Self::$variant => Where::$portals),+ }
            }

            /// What it means, in a line.
            pub const fn meaning(self) -> &'static str {
                match self { $(Self::$variant => $meaning),+ }
            }
        }
    };
}

faults! {
    // Login.
    WrongPassword "wrong_password" Both "Every password is wrong, and counts as a failure.",
    LoginE00010002 "login_e00010002" Regtech "Step 1 says wrong id or password, and counts a failure.",
    LoginE00010201 "login_e00010201" Regtech "Step 1 says wrong id or password, and counts a failure.",
    LoginE00010203 "login_e00010203" Regtech "Step 1 says that the e-mail address is not confirmed.",
    LoginE00010204 "login_e00010204" Regtech "Step 1 says that the account is locked for ten minutes.",
    LoginE00010205 "login_e00010205" Regtech "Step 1 has a message for a person.",
    LoginE00010206 "login_e00010206" Regtech "Step 1 says that the account is dormant.",
    LoginE00010207 "login_e00010207" Regtech "Step 1 says that more consent is needed.",
    LoginE00010209 "login_e00010209" Regtech "Step 1 says that the account is locked until a check by telephone.",
    FiveStrikeLock "five_strike_lock" Both "The next login finds the account locked; ten minutes from then it really is.",
    OtpAsked "otp_asked" Both "A password is not enough: six digits are asked for.",
    AlreadyLogin "already_login" Secudium "Somebody else is logged in with the account.",
    FormChanged "form_changed" Regtech "The login form has other fields, and a login without them fails.",
    // Sessions.
    SessionLost "session_lost" Regtech "The session ends: the login page with status 200 instead of what was asked for.",
    SessionLostRedirect "session_lost_redirect" Regtech "The session ends: a redirect to the login page.",
    JwtExpired "jwt_expired" Regtech "A login gives a token that ended an hour ago.",
    TokenTakenOver "token_taken_over" Secudium "Somebody takes the session over: 401 from then on.",
    // Workbooks.
    OneSheet "one_sheet" Regtech "The list's sheet alone, whatever was asked for.",
    ThreeSheets "three_sheets" Regtech "Three sheets, whatever was asked for.",
    ZeroSheets "zero_sheets" Both "A valid archive without any sheet.",
    InlineWrongDimension "inline_wrong_dimension" Secudium "Inline strings and the dimension A1, as REGTECH always writes.",
    TruncatedZip "truncated_zip" Both "The workbook breaks off, and the length says so.",
    ZipBomb "zip_bomb" Both "The sheet unpacks to 4 GB of zeros.",
    HeaderRenamed "header_renamed" Both "The last header has another name.",
    ColumnMoved "column_moved" Both "The columns stand in another order.",
    ColumnMissing "column_missing" Both "The last column is gone.",
    XlsInstead "xls_instead" Both "A workbook of the legacy format (SECUDIUM's, of 2026-11-20, from either portal).",
    BadRows "bad_rows" Both "Rows of every bad kind among the good ones, and 30,000 duplicates.",
    FileIsHtml "file_is_html" Secudium "A page that says sorry instead of the file, with status 200.",
    // What the portal shows.
    WindowRefused "window_refused" Regtech "A window of three months or more is refused by a page with status 200.",
    WindowIgnored "window_ignored" Regtech "The window of dates is ignored: everything that ever was comes.",
    SamePage "same_page" Regtech "The list gives its first page for every number.",
    CountWrong "count_wrong" Both "The total that is stated is 1,000 too many.",
    ZeroRows "zero_rows" Both "Nothing is listed, where thousands were.",
    Stale "stale" Both "Nothing is newer than 30 days.",
    ControlCharacters "control_characters" Secudium "Raw control characters in the strings of the JSON.",
    EucKr "euc_kr" Both "Pages and JSON are in EUC-KR and say so.",
    Maintenance "maintenance" Both "A page that tells of maintenance, with status 200, for everything.",
    // The wire.
    TooManyRequests "too_many_requests" Both "429.",
    TooManyRequestsRetryAfter "too_many_requests_retry_after" Both "429 with Retry-After: 30.",
    Unavailable "unavailable" Both "503.",
    Stall "stall" Both "Half of the body comes, then nothing more, and the connection stays.",
    EarlyEnd "early_end" Both "The connection ends after half of the body that was announced.",
    Reset "reset" Both "The connection is reset instead of an answer.",
    SlowTls "slow_tls" Both "TLS takes its time before it answers a hello (nothing, where there is no TLS).",
}

impl Fault {
    /// The fault of a name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|fault| fault.name() == name)
    }
}
