//! Words that are tried first, in order: what people choose, what this program is called, and Korean words as they are typed
//! on the Latin keys. Written with letters for the digits that stand for letters.

/// The words, sorted.
pub(super) const COMMON: &[&str] = &[
    "abc", "access", "account", "admin", "administrator", "airgap", "apple", "asdf", "asdfgh", "bank", "baseball",
    "batman", "blacklist", "blocklist", "changeme", "charlie", "cisco", "company", "computer", "default", "dhrxhqlqjs",
    "dkagh", "dkssud", "dkssudgktpdy", "dragon", "firewall", "football", "fortigate", "fortinet", "freedom", "fsec",
    "gksrnr", "google", "guest", "hello", "iloveyou", "inew", "infosec", "iqwe", "korea", "letmein", "linux", "login",
    "manager", "master", "michael", "minwon", "monkey", "mustang", "network", "oper", "operator", "oracle", "paloalto",
    "pass", "passwd", "password", "passwort", "postgres", "princess", "public", "qhdks", "qkrtmdgus", "qlalf",
    "qlalfqjsgh", "qwer", "qwert", "qwerty", "qwertyuiop", "rhksflwk", "rladudtn", "rmadbd", "root", "samsung", "secret",
    "secudium", "security", "seoul", "server", "service", "shadow", "soc", "spring", "summer", "sunshine", "super",
    "superman", "superuser", "system", "temp", "test", "tester", "tkfkdgo", "toor", "trustno", "user", "viewer", "welcome",
    "whatever", "whdgns", "winter", "zxcv", "zxcvbn",
];
