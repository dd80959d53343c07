//! The way of a quote to the customer: a link that opens this one quote, the paper as a file on it, a letter with both.

use crate::paper;
use crate::quote::KEY;
use crate::view::text;
use base::ticket::{Ticket, public};
use engine::{Company, JobCx, Query};
use futures::future::BoxFuture;
use kernel::uuid::Uuid;
use kernel::{Expr, Fault, Outcome, Record};
use serde_json::{Value as Json, json};
use store::queue::NewJob;
use text::Lang;
use text::i18n::{Arg, t_for_plain};

pub const JOB: &str = "quotes.send";
/// The daily job that ends offers whose day has passed.
pub const EXPIRE: &str = "quotes.expire";
/// What links of quotes are for, among the links of a company.
pub const TICKET: &str = "quote";

/// The address at which the customer finds the quote.
///
/// # Errors
/// The database.
pub async fn link(company: &Company, quote: &Record, lang: Lang) -> Outcome<String> {
    let ticket = Ticket::new(company, TICKET, quote.id, text(quote, "sent_to"), base::ticket::DAYS).sign(company).await?;
    Ok(public(company, &format!("/p/quotes/quote?t={ticket}&lang={}", lang.code())))
}

/// Prints the quote, keeps the paper on it, and hands the letter to the mail.
pub fn run(job: JobCx) -> BoxFuture<'static, Outcome<()>> {
    Box::pin(async move {
        let company = job.company.clone();
        let said = |key: &str| job.job.payload.get(key).and_then(Json::as_str).unwrap_or_default().to_owned();
        let id: Uuid = said("quote").parse().map_err(|_| Fault::internal("a job without a quote"))?;
        let system = company.system();
        let Ok(quote) = company.get(&system, KEY, id).await else { return Ok(()) };
        // Revised or answered before the letter left: nobody is written to about what no longer holds.
        if text(&quote, "status") != "sent" {
            return Ok(());
        }
        let (name, bytes) = paper::pdf(&company, id).await?;
        let kept = company.keep(&name, &bytes).await?;
        let lang = paper::lang(&company, &quote);
        let link = link(&company, &quote, lang).await?;
        let mut cx = company.write(&system).await?;
        let file = cx.attach(KEY, id, &kept).await?;
        if !said("to").is_empty() {
            let mut letter = letter(&company, &quote, &said("to"), &said("message"), &link);
            if let Json::Object(map) = &mut letter {
                map.insert("files".into(), json!([{"object": KEY, "record": id, "file": file.id}]));
            }
            store::queue::enqueue(&mut cx.tx, &NewJob::new("mail.send", letter)).await?;
        }
        job.finish(&mut cx).await?;
        cx.commit().await
    })
}

/// In the language of the quote; in both, one after the other.
fn letter(company: &Company, quote: &Record, to: &str, message: &str, link: &str) -> Json {
    let settings = company.settings();
    let first = paper::lang(company, quote);
    let langs = if text(quote, "language") == "both" { vec![Lang::Ar, Lang::En] } else { vec![first] };
    let mut lines: Vec<String> = Some(message.trim().to_owned()).filter(|m| !m.is_empty()).into_iter().collect();
    let say = |lang: Lang, key: &str| {
        let locale = text::Locale { lang, ..settings.locale() };
        let until = quote.get("valid_until").date().map(|d| text::calendar::format_date(d, &locale, text::calendar::DateStyle::Long)).unwrap_or_default();
        let args = [("company", Arg::from(settings.name.get(lang.code()))), ("number", text(quote, "number").into()), ("date", Arg::Owned(until))];
        t_for_plain(&locale, key, &args)
    };
    for lang in &langs {
        lines.push(say(*lang, "quotes-mail-text"));
    }
    lines.push(link.to_owned());
    for lang in &langs {
        lines.push(say(*lang, "quotes-mail-until"));
    }
    json!({"to": to, "subject": say(first, "quotes-mail-subject"), "lines": lines, "lang": first})
}

/// Ends what no longer holds, each in its own transaction: one that cannot be ended does not keep the others.
pub fn expire(job: JobCx) -> BoxFuture<'static, Outcome<()>> {
    Box::pin(async move {
        let company = job.company.clone();
        let system = company.system();
        let today = text::calendar::local_date(company.now(), &company.settings().locale());
        loop {
            let over = Expr::parse(&format!("status == \"sent\" && valid_until < date(\"{today}\")"))?;
            let query = Query { count: engine::Count::None, ..Query::new(KEY).filter(over).sort("valid_until").limit(200) };
            let found = company.list(&system, &query).await?.records;
            let mut ended = 0;
            for quote in &found {
                match company.dispatch(&system, KEY, quote.id, "expire", None, engine::Input::new()).await {
                    Ok(_) => ended += 1,
                    Err(fault) if fault.status() >= 500 => return Err(fault),
                    // Answered in this very moment.
                    Err(_) => {}
                }
            }
            if ended == 0 {
                return Ok(());
            }
        }
    })
}
