//! `/p/privacy/preferences?t=…`: what may reach a person, by purpose and channel; and what he may ask about his data.
//!
//! Opening a page changes nothing: programs that look at links in letters open them too. The one-click address
//! (RFC 8058) takes a POST without cookie and says the same whatever it is sent twice.

use crate::export::{letter, link};
use crate::view::{spent, veiled, view};
use crate::settings::Privacy;
use base::consent::{self, Decision};
use base::ticket::Ticket;
use engine::{Answer, Company, Cx, Draft, Form, PageCx};
use futures::future::BoxFuture;
use kernel::expr::Expr;
use kernel::{Fault, FaultKind, Outcome, Record, Value};
use maud::{Markup, Render, html};
use std::collections::BTreeMap;
use store::Conn;
use store::queue::NewJob;
use ui::cx::{Titles, ViewCx};
use uuid::Uuid;

/// Said where the link was sent to an address that is no longer the person's.
const UNKNOWN: &str = "privacy-said-other-address";
/// Days in which a request must be confirmed by the mailed link.
const CONFIRM_DAYS: i64 = 7;

/// The purposes a person is asked about, in order.
pub(crate) async fn offered(company: &Company) -> Outcome<Vec<Record>> {
    let query = engine::Query { count: engine::Count::None, limit: 100, ..engine::Query::new("purpose") };
    let query = query.filter(Expr::parse("active == true && offered == true")?).sort("position");
    Ok(company.list(&company.system(), &query).await?.records)
}

/// The purpose of a letter by its code, offered or not.
async fn coded(company: &Company, code: &str) -> Outcome<Vec<Record>> {
    let is = Expr::Bin(kernel::expr::Op::Eq, Box::new(Expr::Path(vec!["code".into()])), Box::new(Expr::Lit(code.into())));
    let query = engine::Query { count: engine::Count::None, limit: 1, ..engine::Query::new("purpose") }.filter(is);
    Ok(company.list(&company.system(), &query).await?.records)
}

fn channels(purpose: &Record) -> Vec<String> {
    match purpose.get("channels") {
        Value::List(keys) => keys.clone(),
        _ => Vec::new(),
    }
}

/// (purpose, channel) → state that holds now, and since when.
pub(crate) async fn holding(conn: &mut Conn, now: jiff::Timestamp, party: Uuid) -> Outcome<BTreeMap<(Uuid, String), (String, jiff::Timestamp)>> {
    use kernel::{Cell, ColumnType};
    let mut sql = conn.sql();
    sql.push("SELECT purpose, channel, state, since, until FROM permission WHERE deleted_at IS NULL AND party = ").bind(party);
    let rows = conn.rows(&sql, &[ColumnType::Id, ColumnType::Text, ColumnType::Text, ColumnType::Int, ColumnType::Int]).await?;
    let one = |r: &Vec<Cell>| {
        let ended = r.get(4).and_then(Cell::int).is_some_and(|t| t <= now.as_microsecond());
        let state = if ended { "expired" } else { r.get(2)?.text()? };
        let since = jiff::Timestamp::from_microsecond(r.get(3)?.int()?).ok()?;
        Some(((r.first()?.id()?, r.get(1)?.text()?.to_owned()), (state.to_owned(), since)))
    };
    Ok(rows.iter().filter_map(one).collect())
}

/// A living party, read by the company's own hand; nobody who was erased, or an old letter would write his address down again.
async fn person(company: &Company, ticket: &Ticket) -> Outcome<Record> {
    let party = company.get(&company.system(), "party", ticket.id).await?;
    let mut conn = company.db().read().await?;
    if crate::retention::erased(&mut conn, "party", party.id).await? { Err(Fault::not_found()) } else { Ok(party) }
}

fn text(purpose: &Record, lang: &str) -> String {
    purpose.get(if lang == "ar" { "text_ar" } else { "text_en" }).text().unwrap_or_default().to_owned()
}

pub(crate) fn render(page: PageCx) -> BoxFuture<'static, Outcome<Answer>> {
    Box::pin(async move { show(&page, "").await })
}

async fn show(page: &PageCx, said: &str) -> Outcome<Answer> {
    let titles = Titles::new();
    let cx = view(page, &titles);
    let token = page.param("t");
    let ticket = match Ticket::open(&page.company, "pref", token).await {
        Ok(ticket) if person(&page.company, &ticket).await.is_ok() => ticket,
        Ok(_) | Err(Fault { kind: FaultKind::NotFound, .. }) => return Ok(Answer::Html(spent(&cx).into_string(), Some(Fault::not_found()))),
        Err(fault) => return Err(fault),
    };
    let purposes = offered(&page.company).await?;
    let mut conn = page.company.db().read().await?;
    let states = holding(&mut conn, page.company.now(), ticket.id).await?;
    let requests = open_requests(&mut conn, ticket.id).await?;
    drop(conn);
    let privacy = Privacy::load(&page.company).await?;
    let body = html! {
        div class="pv-page" {
            h1 { (cx.t("privacy-preferences")) }
            p class="soft" { (cx.tf("privacy-preferences-for", &[("address", veiled(&ticket.address).into()), ("company", ours(&cx, &privacy, page).into())])) }
            @if !said.is_empty() { (ui::mark::flash(if said == UNKNOWN { ui::mark::Mood::Warn } else { ui::mark::Mood::Good }, &html! { (cx.t(said)) })) }
            form method="post" action=(here(page, "preferences")) class="pv-form" {
                @for p in &purposes { (purpose_card(&cx, p, &states)) }
                div class="pv-actions" {
                    (ui::button(cx.t("privacy-save-choices")).primary().large().submit().attr("name", "do").attr("value", "save").render())
                    (ui::button(cx.t("privacy-stop-all")).large().submit().attr("name", "do").attr("value", "none").render())
                }
            }
            (rights(&cx, page, &requests))
            p class="pv-foot" { a href=(cx.with_query("/p/privacy/statement", &[("lang", cx.lang())])) { (cx.t("privacy-statement")) } }
        }
    };
    Ok(body.into_string().into())
}

/// What the company is called; the product where it has no name yet.
fn ours(cx: &ViewCx<'_>, privacy: &Privacy, page: &PageCx) -> String {
    let name = privacy.controller_name(&page.company, cx.lang());
    if name.is_empty() { cx.t("ui-product") } else { name }
}

/// The address of a page of this module with the same ticket and language.
pub(crate) fn here(page: &PageCx, key: &str) -> String {
    format!("/p/privacy/{key}?t={}&lang={}", ui::cx::percent_encode(page.param("t")), page.actor.lang())
}

fn purpose_card(cx: &ViewCx<'_>, p: &Record, states: &BTreeMap<(Uuid, String), (String, jiff::Timestamp)>) -> Markup {
    let name = p.get("name").name().map(|n| n.get(cx.lang()).to_owned()).unwrap_or_default();
    let all = base::purpose::channels();
    html! {
        fieldset class="pv-purpose" {
            legend { (name) }
            p class="soft small" { (text(p, cx.lang())) }
            div class="pv-channels" {
                @for key in channels(p) {
                    @if let Some(channel) = all.iter().find(|c| c.key == key) {
                        @let state = states.get(&(p.id, key.clone()));
                        label class="pv-channel" {
                            span { (cx.label(&channel.label)) @if let Some((s, since)) = state { span class="muted small" { " · " (cx.tf(if s == "given" { "privacy-since" } else { "privacy-not-since" }, &[("date", cx.date(cx.civil(*since)).into())])) } } }
                            input class="switch" type="checkbox" role="switch" name="on" value={ (p.id) ":" (key) } checked[state.is_some_and(|(s, _)| s == "given")];
                        }
                    }
                }
            }
        }
    }
}

fn rights(cx: &ViewCx<'_>, page: &PageCx, requests: &[(String, String, String)]) -> Markup {
    let ask = [("access", "privacy-ask-copy", "privacy-ask-copy-text", "download"), ("correction", "privacy-ask-correct", "privacy-ask-correct-text", "pencil"), ("erasure", "privacy-ask-erase", "privacy-ask-erase-text", "trash-2")];
    html! {
        section class="pv-rights" {
            h2 { (cx.t("privacy-my-data")) }
            @for (kind, title, text, icon) in ask {
                @let open = requests.iter().find(|(k, ..)| k == kind);
                form method="post" action=(here(page, "preferences")) class="pv-right" {
                    span class="pv-right-icon" { (ui::icon(icon)) }
                    div class="grow" {
                        h3 { (cx.t(title)) }
                        p class="soft small" { @match open {
                            Some((_, number, status)) => (cx.tf(if status == "verifying" { "privacy-request-waits" } else { "privacy-request-open" }, &[("number", number.clone().into())])),
                            None => (cx.t(text)),
                        } }
                    }
                    @let word = cx.t(if open.is_some_and(|(.., s)| s == "verifying") { "privacy-send-again" } else { "privacy-ask" });
                    (ui::button(word.as_str()).submit().disabled(open.is_some_and(|(.., s)| s != "verifying")).attr("name", "request").attr("value", kind).attr("aria-label", format!("{word}: {}", cx.t(title))).render())
                }
            }
        }
    }
}

/// (kind, number, status) of what is not answered yet.
async fn open_requests(conn: &mut Conn, party: Uuid) -> Outcome<Vec<(String, String, String)>> {
    use kernel::{Cell, ColumnType};
    let mut sql = conn.sql();
    sql.push("SELECT kind, number, status FROM privacy_request WHERE deleted_at IS NULL AND status NOT IN ('done', 'refused') AND party = ").bind(party);
    sql.push(" ORDER BY received_at");
    let rows = conn.rows(&sql, &[ColumnType::Text; 3]).await?;
    let t = |r: &Vec<Cell>, i: usize| r.get(i).and_then(Cell::text).unwrap_or_default().to_owned();
    Ok(rows.iter().map(|r| (t(r, 0), t(r, 1), t(r, 2))).collect())
}

/// The decisions that withdraw everything offered (or one purpose), on all its channels.
///
/// # Errors
/// The database.
pub async fn withdrawals(cx: &mut Cx, party: Uuid, purpose: &str) -> Outcome<Vec<Decision>> {
    let purposes = if purpose.is_empty() { offered(&cx.company).await? } else { coded(&cx.company, purpose).await? };
    let states = holding(&mut cx.tx, cx.now, party).await?;
    let mut all = Vec::new();
    for p in &purposes {
        for channel in channels(p) {
            // A refusal of what was never asked is worth a fact too: it keeps the answer from being asked again.
            let state = if states.get(&(p.id, channel.clone())).is_some_and(|(s, _)| s == "given" || s == "pending") { "withdrawn" } else { "refused" };
            let known = states.get(&(p.id, channel.clone())).is_some_and(|(s, _)| matches!(s.as_str(), "withdrawn" | "refused"));
            if !known {
                all.push(Decision { party, purpose: p.id, channel, state: state.into(), ..Decision::default() });
            }
        }
    }
    Ok(all)
}

pub(crate) fn post(page: PageCx, form: Form) -> BoxFuture<'static, Outcome<Answer>> {
    Box::pin(async move {
        let ticket = match Ticket::open(&page.company, "pref", page.param("t")).await {
            Ok(t) => t,
            Err(_) => return show(&page, "").await,
        };
        person(&page.company, &ticket).await?;
        let kind = form.get("request").to_owned();
        if !kind.is_empty() {
            let said = if ask(&page, &ticket, &kind).await? { "privacy-said-mailed" } else { UNKNOWN };
            return show(&page, said).await;
        }
        let purposes = offered(&page.company).await?;
        let none = form.get("do") == "none";
        let on: Vec<String> = if none { Vec::new() } else { form.all("on").map(str::to_owned).collect() };
        let system = page.company.system();
        page.company
            .transact(&system, |cx| {
                let (purposes, on, ticket, page) = (purposes.clone(), on.clone(), ticket.clone(), page_proof(&page));
                Box::pin(async move {
                    let states = holding(&mut cx.tx, cx.now, ticket.id).await?;
                    for p in &purposes {
                        for channel in channels(p) {
                            let now = states.get(&(p.id, channel.clone())).map(|(s, _)| s.as_str());
                            let wanted = on.contains(&format!("{}:{channel}", p.id));
                            let state = match (wanted, now) {
                                (true, Some("given")) | (false, None | Some("refused" | "withdrawn" | "expired")) => continue,
                                (true, _) => "given",
                                (false, _) => "withdrawn",
                            };
                            let d = Decision { party: ticket.id, purpose: p.id, channel, state: state.into(), source: "preferences".into(), address: ticket.address.clone(), ..Decision::default() };
                            let shown = text(p, &page.lang);
                            let version = format!("{} r{}", p.get("code").text().unwrap_or_default(), p.rev);
                            consent::record(cx, Decision { text_shown: shown, text_version: version, ip: page.ip.clone(), agent: page.agent.clone(), ..d }).await?;
                        }
                    }
                    Ok(())
                })
            })
            .await?;
        show(&page, if none { "privacy-said-stopped" } else { "privacy-said-saved" }).await
    })
}

/// What proves a decision made on a page.
#[derive(Clone)]
struct Proof {
    ip: String,
    agent: String,
    lang: String,
}

fn page_proof(page: &PageCx) -> Proof {
    Proof { ip: page.ip.clone(), agent: page.agent.clone(), lang: page.actor.lang().to_owned() }
}

/// The address is one that is kept for the person today. An old letter in a mailbox that has passed to somebody else
/// must not open his data.
async fn his(company: &Company, ticket: &Ticket) -> Outcome<bool> {
    let registry = company.registry();
    let mut conn = company.db().read().await?;
    let members = engine::forget::circle(&mut conn, &registry, "party", ticket.id, &engine::forget::Fates::new()).await?;
    let marks = engine::forget::of_record(company, &mut conn, &members).await?;
    Ok(marks.iter().any(|m| m.text.eq_ignore_ascii_case(&ticket.address)))
}

/// Notes a request that waits for the mailed link, or sends the link of the waiting one again (at most once in ten
/// minutes). False: the address is not the person's any more, and nothing was noted.
async fn ask(page: &PageCx, ticket: &Ticket, kind: &str) -> Outcome<bool> {
    if !matches!(kind, "access" | "correction" | "erasure") || !ticket.address.contains('@') {
        return Err(Fault::new(FaultKind::BadRequest));
    }
    let company = &page.company;
    if !his(company, ticket).await? {
        return Ok(false);
    }
    let lang = page.actor.locale.lang;
    let mut cx = company.write(&company.system()).await?;
    let mut sql = cx.tx.sql();
    sql.push("SELECT id FROM privacy_request WHERE deleted_at IS NULL AND status NOT IN ('done', 'refused') AND party = ").bind(ticket.id);
    sql.push(" AND kind = ").bind(kind).push(" ORDER BY received_at LIMIT 1");
    let known = cx.tx.row(&sql, &[kernel::ColumnType::Id]).await?.and_then(|r| r.first().and_then(kernel::Cell::id));
    let request = match known {
        Some(id) => company.get_in(&mut cx.tx, &company.system(), "privacy_request", id).await?,
        None => {
            let draft = Draft::new().trusted().set("kind", kind).set("party", ticket.id).set("source", "preferences").set("address", ticket.address.as_str());
            cx.save("privacy_request", draft.set("status", "verifying").set("owner", Value::Null)).await?.into_record()
        }
    };
    if request.get("status").text() == Some("verifying") {
        // The link goes to the address the ticket was sent to, whoever holds the ticket now.
        let to = link(company, &request, CONFIRM_DAYS, lang).await;
        let letter = letter(company, &ticket.address, lang, "privacy-mail-confirm-subject", &["privacy-mail-confirm-text"], &to?, "privacy-mail-confirm-ignore");
        let slot = cx.now.as_second() / 600;
        store::queue::enqueue(&mut cx.tx, &NewJob::new("mail.send", letter).key(format!("privacy:{}:{slot}", request.id))).await?;
    }
    cx.commit().await?;
    Ok(true)
}

/// `GET /p/privacy/unsubscribe?t=…`: where a person comes who follows the header's link by hand.
pub(crate) fn unsubscribe(page: PageCx) -> BoxFuture<'static, Outcome<Answer>> {
    Box::pin(async move {
        let titles = Titles::new();
        let cx = view(&page, &titles);
        let body = match Ticket::open(&page.company, "pref", page.param("t")).await {
            Err(_) => return Ok(Answer::Html(spent(&cx).into_string(), Some(Fault::not_found()))),
            Ok(ticket) => html! {
                div class="pv-page" {
                    h1 { (cx.t("privacy-unsubscribe")) }
                    p class="soft" { (cx.tf("privacy-unsubscribe-text", &[("address", veiled(&ticket.address).into())])) }
                    form method="post" action=(here(&page, "unsubscribe")) { (ui::button(cx.t("privacy-unsubscribe")).primary().block().submit().render()) }
                    p class="pv-foot" { a href=(here(&page, "preferences")) { (cx.t("privacy-choose-instead")) } }
                }
            },
        };
        Ok(body.into_string().into())
    })
}

/// `POST /p/privacy/unsubscribe?t=…`: the mail program's button, or the page's.
pub(crate) fn one_click(page: PageCx, form: Form) -> BoxFuture<'static, Outcome<Answer>> {
    Box::pin(async move {
        let titles = Titles::new();
        let cx = view(&page, &titles);
        let Ok(ticket) = Ticket::open(&page.company, "pref", page.param("t")).await else {
            return Ok(Answer::Html(spent(&cx).into_string(), Some(Fault::not_found())));
        };
        let source = if form.get("List-Unsubscribe") == "One-Click" { "one_click" } else { "preferences" };
        let system = page.company.system();
        if person(&page.company, &ticket).await.is_ok() {
            page.company
                .transact(&system, |cx| {
                    let (ticket, proof) = (ticket.clone(), page_proof(&page));
                    Box::pin(async move {
                        for d in withdrawals(cx, ticket.id, &ticket.purpose).await? {
                            let d = Decision { source: source.into(), address: ticket.address.clone(), ip: proof.ip.clone(), agent: proof.agent.clone(), ..d };
                            consent::record(cx, d).await?;
                        }
                        Ok(())
                    })
                })
                .await?;
        }
        let body = html! {
            div class="pv-page" {
                h1 { (cx.t("privacy-unsubscribed")) }
                p class="soft" { (cx.tf("privacy-unsubscribed-text", &[("address", veiled(&ticket.address).into())])) }
                p class="pv-foot" { a href=(here(&page, "preferences")) { (cx.t("privacy-choose-instead")) } }
            }
        };
        Ok(body.into_string().into())
    })
}

/// Notes a consent that waits, and writes to the person's address for the confirmation (double opt-in).
///
/// # Errors
/// Invalid: the person has no address. Those of saving.
pub(crate) async fn ask_to_confirm(cx: &mut Cx, party: &Record, purpose: &Record, source: &str, words: &str) -> Outcome<engine::Done> {
    let address = party.get("email").text().unwrap_or_default().to_owned();
    if !address.contains('@') {
        return Err(Fault::issue(kernel::Issue::new("channel", "privacy-no-address")));
    }
    let d = Decision { party: party.id, purpose: purpose.id, channel: "email".into(), state: "pending".into(), source: source.into(), address: address.clone(), ..Decision::default() };
    consent::record(cx, Decision { text_shown: words.to_owned(), ..d }).await?;
    let code = purpose.get("code").text().unwrap_or_default();
    store::queue::enqueue(&mut cx.tx, &NewJob::new(LETTER, serde_json::json!({"party": party.id, "address": address, "purpose": code}))).await?;
    Ok(engine::Done { message: "privacy-said-pending".into(), ..engine::Done::default() })
}

/// The job that writes the letter of a double opt-in; the link is made outside the transaction that asked for it.
pub(crate) const LETTER: &str = "privacy.confirm";

pub(crate) fn send_letter(job: engine::JobCx) -> BoxFuture<'static, Outcome<()>> {
    Box::pin(async move {
        let company = job.company.clone();
        let text = |key: &str| job.job.payload.get(key).and_then(|v| v.as_str()).unwrap_or_default().to_owned();
        let party: Uuid = text("party").parse().map_err(|_| Fault::not_found())?;
        let ticket = Ticket::new(&company, "confirm", party, &text("address"), CONFIRM_DAYS).purpose(&text("purpose")).sign(&company).await?;
        let lang = company.settings().lang();
        let link = base::ticket::public(&company, &format!("/p/privacy/confirm?t={ticket}&lang={}", lang.code()));
        let letter = letter(&company, &text("address"), lang, "privacy-mail-opt-in-subject", &["privacy-mail-opt-in-text"], &link, "privacy-mail-confirm-ignore");
        let mut cx = company.write(&company.system()).await?;
        store::queue::enqueue(&mut cx.tx, &NewJob::new("mail.send", letter)).await?;
        job.finish(&mut cx).await?;
        cx.commit().await
    })
}

/// The purpose a confirmation is for; none when the link is none or the purpose is gone.
async fn to_confirm(page: &PageCx) -> Outcome<Option<(Ticket, Record)>> {
    let Ok(ticket) = Ticket::open(&page.company, "confirm", page.param("t")).await else { return Ok(None) };
    let purposes = offered(&page.company).await?;
    Ok(purposes.into_iter().find(|p| p.get("code").text() == Some(ticket.purpose.as_str())).map(|p| (ticket, p)))
}

/// `GET /p/privacy/confirm?t=…`: a button; looking confirms nothing.
pub(crate) fn confirm(page: PageCx) -> BoxFuture<'static, Outcome<Answer>> {
    Box::pin(async move {
        let titles = Titles::new();
        let cx = view(&page, &titles);
        let Some((ticket, purpose)) = to_confirm(&page).await? else { return Ok(Answer::Html(spent(&cx).into_string(), Some(Fault::not_found()))) };
        let name = purpose.get("name").name().map(|n| n.get(cx.lang()).to_owned()).unwrap_or_default();
        let body = html! {
            div class="pv-page" {
                h1 { (name) }
                p { (text(&purpose, cx.lang())) }
                p class="soft small" { (veiled(&ticket.address)) }
                form method="post" action=(here(&page, "confirm")) { (ui::button(cx.t("privacy-opt-in")).primary().block().submit().render()) }
            }
        };
        Ok(body.into_string().into())
    })
}

/// `POST /p/privacy/confirm?t=…`
pub(crate) fn confirmed(page: PageCx, _: Form) -> BoxFuture<'static, Outcome<Answer>> {
    Box::pin(async move {
        let titles = Titles::new();
        let cx = view(&page, &titles);
        let Some((ticket, purpose)) = to_confirm(&page).await? else { return Ok(Answer::Html(spent(&cx).into_string(), Some(Fault::not_found()))) };
        let system = page.company.system();
        if person(&page.company, &ticket).await.is_ok() {
            page.company
                .transact(&system, |cx| {
                    let (ticket, proof, purpose) = (ticket.clone(), page_proof(&page), purpose.clone());
                    Box::pin(async move {
                        // Only what still waits is confirmed: an old letter does not undo a later withdrawal.
                        let states = holding(&mut cx.tx, cx.now, ticket.id).await?;
                        if states.get(&(purpose.id, "email".into())).is_none_or(|(s, _)| s != "pending") {
                            return Ok(());
                        }
                        let d = Decision { party: ticket.id, purpose: purpose.id, channel: "email".into(), state: "given".into(), source: "mail".into(), ..Decision::default() };
                        let (shown, version) = (text(&purpose, &proof.lang), format!("{} r{}", ticket.purpose, purpose.rev));
                        let d = Decision { address: ticket.address, text_shown: shown, text_version: version, ip: proof.ip, agent: proof.agent, ..d };
                        consent::record(cx, d).await.map(|_| ())
                    })
                })
                .await?;
        }
        let body = html! { div class="pv-page" { h1 { (cx.t("privacy-opted-in")) } p class="soft" { (cx.t("privacy-opted-in-text")) } } };
        Ok(body.into_string().into())
    })
}
