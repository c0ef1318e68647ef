//! `credential verify`, `otp` and `session`: what a person does at an account.

use std::path::Path;

use blocklist::SourceName;
use collect::Failure as SourceFailure;
use collect::collector::{Collector, Verified, Word};
use collect::source::Kind;
use serde_json::json;
use store::Ordered;

use crate::context::Context;
use crate::exit::Exit;
use crate::failure::{Failure, cause_text};
use crate::language::Language;
use crate::output::grouped;
use crate::{actor, collecting, progress, secret};

pub(super) fn verify(name: &SourceName, context: &Context<'_>) -> Result<Exit, Failure> {
    let line = progress::steps(name.as_str(), context.output);
    let tried = collecting::run(context, async |collector| {
        ordered(collector, name, Ordered::Verify)?;
        Ok(collector.verify(name, &|step| line.set_message(step.to_string())).await?)
    });
    line.finish_and_clear();
    tell(name, tried?, context)
}

pub(super) fn otp(name: &SourceName, file: Option<&Path>, context: &Context<'_>) -> Result<Exit, Failure> {
    let tried = collecting::run(context, async |collector| {
        if collector.kind(name)? == Kind::Regtech && !collector.waits_for_code(name)? {
            // Digits that are handed over answer a code that was sent before, never one that is sent now.
            if file.is_some() {
                return Err(Failure::new(Exit::No, format!("no code is under way for '{name}'"))
                    .hint(format!("have one sent first: blacklist credential otp {name}")));
            }
            ordered(collector, name, Ordered::Otp)?;
            let sent = collector.word(name, Word::Send, &|_| {}).await?;
            // Without anybody to ask, the digits come by a second call.
            if sent.is_err() || !secret::is_interactive() {
                return Ok(sent);
            }
            context.output.note("the portal has sent a code to the phone of the account");
        }
        let code = secret::read("code", file, context.output)?;
        ordered(collector, name, Ordered::Otp)?;
        Ok(collector.word(name, Word::Code(&code), &|_| {}).await?)
    })?;
    tell(name, tried, context)
}

pub(super) fn session(
    name: &SourceName,
    file: Option<&Path>,
    context: &Context<'_>,
) -> Result<Exit, Failure> {
    let tried = collecting::run(context, async |collector| {
        collector.kind(name)?;
        let value = secret::read("session", file, context.output)?;
        ordered(collector, name, Ordered::Session)?;
        Ok(collector.word(name, Word::Session(&value), &|_| {}).await?)
    })?;
    tell(name, tried, context)
}

/// Writes down what somebody orders at a source that is there.
fn ordered(collector: &Collector, name: &SourceName, ordered: Ordered) -> Result<(), Failure> {
    collector.kind(name)?;
    Ok(collector.store().note_order(name, ordered, &actor::of_process().actor())?)
}

/// Says what the credential is good for; a portal that turns it away is the answer "no".
fn tell(
    name: &SourceName,
    tried: Result<Verified, SourceFailure>,
    context: &Context<'_>,
) -> Result<Exit, Failure> {
    let verified = tried.map_err(|failure| {
        let exit = if failure.trouble.needs_person() { Exit::No } else { Exit::Failed };
        let told = Failure::of_source(name, &failure, context.language);
        let cause = cause_text(&failure, context.language);
        let answer = json!({
            "source": name, "ok": false, "cause_id": failure.trouble, "cause": cause, "hint": told.hint,
        });
        Failure { exit, ..told }.answer(answer)
    })?;
    let answer = json!({
        "source": name, "ok": true, "code_sent": verified.code_sent, "rows": verified.rows,
        "session_until": verified.session_until,
    });
    context.output.answer(&answer, || words(&verified, context.language))?;
    Ok(Exit::Done)
}

fn words(verified: &Verified, language: Language) -> String {
    let name = &verified.source;
    let korean = language == Language::Korean;
    if verified.code_sent {
        let next = format!("blacklist credential otp {name} --file -");
        return if korean {
            format!("{name}: 인증 번호를 보냈습니다. 다음을 실행하십시오: {next}")
        } else {
            format!("{name}: a code was sent; next: {next}")
        };
    }
    let mut text = match (verified.rows, korean) {
        (Some(rows), false) => format!("{name}: it works; {} rows can be read", grouped(rows)),
        (Some(rows), true) => format!("{name}: 정상입니다. 읽을 수 있는 행: {}", grouped(rows)),
        (None, false) => format!("{name}: it works; there is nothing to read just now"),
        (None, true) => format!("{name}: 정상입니다. 지금은 읽을 것이 없습니다"),
    };
    if let Some(until) = verified.session_until {
        let until = until.to_seoul();
        text.push_str(if korean { "\n세션 만료(KST): " } else { "\nsession until (KST): " });
        text.push_str(&until);
    }
    text
}
