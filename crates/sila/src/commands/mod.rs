//! What the commands do. Results go to standard output, everything else to standard error.

pub mod access;
pub mod audit;
pub mod carry;
pub mod company;
pub mod doctor;
pub mod exchange;
pub mod migrate;
pub mod object;
pub mod privacy;
pub mod run;
pub mod token;
pub mod user;

use crate::cli::{Command, PrivacyCommand};
use crate::place::Place;
use engine::{Actor, Company};
use kernel::{Fault, FaultKind, Issue, Outcome};
use std::net::SocketAddr;
use text::locale::Lang;

/// Runs one command.
///
/// # Errors
/// Whatever was refused; [`complaint`] says it.
pub async fn run(command: Command) -> Outcome<()> {
    match command {
        Command::Serve { place, listen } => serve(&place, listen).await,
        Command::Demo { place, listen, no_serve } => {
            crate::demo::make(&place, listen).await?;
            if no_serve { Ok(()) } else { serve(&place, listen).await }
        }
        Command::Migrate { place, apply, lose } => migrate::run(&place, apply, lose).await,
        Command::Company { place, name_ar, name, currency, country, zone, lang } => {
            company::run(&place, company::Wanted { name_ar, name, currency, country, zone, lang }).await
        }
        Command::User { command } => user::run(command).await,
        Command::Token { command } => token::run(command).await,
        Command::Import { place, object, file, map, dry_run, user } => {
            exchange::import(&place, &object, &file, map.as_deref(), dry_run, user.as_deref()).await
        }
        Command::Export { place, object, file, filter, user } => {
            exchange::export(&place, &object, &file, filter.as_deref(), user.as_deref()).await
        }
        Command::Backup { place, to } => carry::backup(&place, &to).await,
        Command::Restore { place, from, erased } => carry::restore(&place, &from, erased.as_deref()).await,
        Command::Move { from, to } => carry::move_to(&from, &to).await,
        Command::Doctor { place, fix } => doctor::run(&place, fix).await,
        Command::Access { command } => access::run(command).await,
        Command::Run { command } => run::run(command).await,
        Command::Audit { command } => audit::run(command).await,
        Command::Object { command } => object::run(command).await,
        Command::Privacy { command: PrivacyCommand::Scan { place, party, words } } => privacy::scan(&place, party.as_deref(), &words).await,
        Command::Privacy { command: PrivacyCommand::Link { place, party } } => privacy::link(&place, &party).await,
    }
}

async fn serve(place: &Place, listen: Option<SocketAddr>) -> Outcome<()> {
    let (mut config, company, opened) = place.open().await?;
    crate::telemetry::logs(&config);
    for line in &opened.applied {
        tracing::info!(change = line, "database brought up to the program");
    }
    if let Some(listen) = listen {
        config.listen = listen;
    }
    privacy::erase_again(&company).await?;
    eprintln!("{}", say(&format!("صلة تعمل على http://{}", config.listen), &format!("Sila is at http://{}", config.listen)));
    crate::serve::run(company, &config, crate::serve::asked_to_stop()).await
}

/// The language of the terminal: Arabic where the environment says so (`LANG=ar_SA.UTF-8`), else English.
pub fn lang() -> Lang {
    ["LC_ALL", "LC_MESSAGES", "LANG"]
        .iter()
        .find_map(|name| std::env::var(name).ok().filter(|v| !v.is_empty()))
        .and_then(|v| Lang::parse(&v))
        .unwrap_or(Lang::En)
}

/// One of two sentences, in the language of the terminal.
pub fn say<'a>(ar: &'a str, en: &'a str) -> &'a str {
    lang().pick(ar, en)
}

/// What went wrong, for the person at the terminal: here, unlike on a page, with the technical detail.
pub fn complaint(fault: &Fault) -> String {
    let lang = lang();
    let mut out = format!("sila: {}", text::i18n::t_plain(lang, fault.title_key(), &[]));
    for issue in &fault.issues {
        let args: Vec<_> = issue.args.iter().map(|(k, v)| (k.as_str(), text::i18n::Arg::from(v.as_str()))).collect();
        let sentence = text::i18n::t_plain(lang, &issue.key, &args);
        out.push_str("\n  ");
        if !issue.field.is_empty() {
            out.push_str(&issue.field);
            out.push_str(": ");
        }
        out.push_str(&sentence);
    }
    if !fault.detail.is_empty() {
        out.push_str("\n  ");
        out.push_str(&fault.detail);
    }
    out
}

/// The user with this address, as an actor; the system when none is named.
///
/// # Errors
/// Invalid: there is no such active user.
pub async fn acting(company: &Company, email: Option<&str>) -> Outcome<Actor> {
    let Some(email) = email else { return Ok(company.system()) };
    let id = user::by_email(company, email).await?;
    company.load_actor(id).await?.ok_or_else(|| no_such_user(email))
}

pub(crate) fn no_such_user(email: &str) -> Fault {
    let said = format!("{}: {email}", say("لا يوجد مستخدم مفعّل بهذا البريد", "no active user has this address"));
    Fault { detail: said, ..Fault::new(FaultKind::NotFound) }
}

/// Something the person typed that cannot be read.
pub(crate) fn unreadable(what: &std::path::Path, why: impl std::fmt::Display) -> Fault {
    Fault { detail: format!("{}: {why}", what.display()), ..Fault::new(FaultKind::BadRequest) }
}

/// Issues on lines of their own.
pub(crate) fn show_issue(issue: &Issue) -> String {
    let args: Vec<_> = issue.args.iter().map(|(k, v)| (k.as_str(), text::i18n::Arg::from(v.as_str()))).collect();
    format!("{}: {}", issue.field, text::i18n::t_plain(lang(), &issue.key, &args))
}
