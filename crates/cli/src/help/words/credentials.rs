//! The words of `credential`.

use super::{Words, argument, command};

pub(super) const WORDS: &[Words] = &[
    command(
        "credential",
        "What the sources log in with: kept sealed, never shown",
        "수집처의 자격 증명을 관리합니다. 암호화하여 보관하며 표시하지 않습니다",
        "",
    ),
    command(
        "credential list",
        "List the credentials: when each was accepted, when it ends",
        "자격 증명 목록(마지막 확인, 만료일)",
        "blacklist credential list",
    ),
    command(
        "credential set",
        "Keep a credential, sealed. The secret is asked for, or read from a file",
        "자격 증명을 암호화하여 보관합니다. 비밀 값은 물어보거나 파일에서 읽습니다",
        "blacklist credential set regtech --username operator\n\
         blacklist credential set regtech --username operator --file - --expires 2027-01-31 --remind 30",
    ),
    argument("credential set name@", "The source", "수집처 이름"),
    argument(
        "credential set username@",
        "The user name [default: asked for]",
        "사용자 이름 [기본값: 물어봄]",
    ),
    argument(
        "credential set file@",
        "Read the password or token from a file; '-' is standard input",
        "비밀번호나 토큰을 파일에서 읽음. '-'는 표준 입력",
    ),
    argument("credential set expires@", "The last day it is good", "마지막 유효일"),
    argument(
        "credential set remind@",
        "So many days before, it is said to end soon [default: 14]",
        "만료 며칠 전부터 알릴지 [기본값: 14]",
    ),
    command(
        "credential verify",
        "Log in once and see whether rows can be read; exit code 1 when the portal says no",
        "실제로 한 번 로그인하여 확인합니다. 포털이 거부하면 종료 코드 1",
        "blacklist credential verify regtech",
    ),
    argument("credential verify name@", "The source", "수집처 이름"),
    command(
        "credential otp",
        "Have a one-time code sent where it is needed, and type it in",
        "필요하면 인증 번호를 받아 입력합니다",
        "blacklist credential otp regtech\nblacklist credential otp regtech --file -",
    ),
    argument("credential otp name@", "The source", "수집처 이름"),
    argument(
        "credential otp file@",
        "Read the code from a file; '-' is standard input",
        "인증 번호를 파일에서 읽음. '-'는 표준 입력",
    ),
    command(
        "credential session",
        "Take over the session of a browser in which a person has logged in",
        "사람이 로그인한 브라우저의 세션을 넘겨받습니다",
        "blacklist credential session regtech",
    ),
    argument("credential session name@", "The source", "수집처 이름"),
    argument(
        "credential session file@",
        "Read the value of the session from a file; '-' is standard input",
        "세션 값을 파일에서 읽음. '-'는 표준 입력",
    ),
    command(
        "credential remove",
        "Forget a credential and its session",
        "자격 증명과 세션을 지웁니다",
        "blacklist credential remove regtech --yes",
    ),
    argument("credential remove name@", "The source", "수집처 이름"),
    argument("credential remove yes@", "Do it", "확인(실제로 지움)"),
    command(
        "credential rotate-key",
        "Seal every credential with another key, all of them or none",
        "모든 자격 증명을 새 키로 다시 암호화합니다(전부 아니면 그대로)",
        "blacklist credential rotate-key\nblacklist credential rotate-key --new-key-file /root/new.key",
    ),
    argument(
        "credential rotate-key new_key_file@",
        "The file with the new key [default: one is made]",
        "새 키 파일 [기본값: 새로 만듦]",
    ),
];
