//! The lines of a quote where a seller works on them: products in, quantities and discounts changed in place, the sums
//! beside them as the server has them. Works as one plain form; with scripts each change is saved as it is made.

use crate::letterhead::Letterhead;
use crate::paper::{Offer, tax_label};
use crate::quote::KEY;
use crate::view::{decimal, parts, text, view};
use crate::{bundle, line, outgoing, tax, total};
use engine::{Answer, Cx, Draft, Form, PageCx, Panel};
use futures::future::BoxFuture;
use kernel::parse::{Ctx, from_text};
use kernel::rust_decimal::Decimal;
use kernel::uuid::Uuid;
use kernel::{Expr, Fault, FaultKind, Field, Issue, Kind, Outcome, Record, Value, Verb, label};
use maud::{Markup, Render, html};
use serde_json::Value as Json;
use ui::cx::{Titles, ViewCx};
use ui::mark::{Mood, flash};

pub fn panel() -> Panel {
    Panel { object: KEY, key: "lines", label: label("بنود العرض", "Lines"), render }
}

/// What the desk shows of a quote to this reader.
struct Desk {
    offer: Offer,
    rates: Vec<Record>,
    open: bool,
    link: Option<String>,
}

impl Desk {
    async fn load(page: &PageCx, id: Uuid) -> Outcome<Desk> {
        let (company, actor) = (&page.company, &page.actor);
        let quote = company.get(actor, KEY, id).await?;
        let registry = company.registry();
        let lines = registry.object(line::KEY)?;
        let open = text(&quote, "status") == "draft" && company.may_on(actor, &quote, &Verb::Update).await? && actor.may(lines, &Verb::Update);
        let query = engine::Query { count: engine::Count::None, ..engine::Query::new(line::KEY).filter(Expr::path("quote").eq(Expr::lit(id))).sort("position").limit(crate::quote::MOST_LINES) };
        let lines = company.list(actor, &query).await?.records;
        let priced = total::price(&quote, &lines)?;
        let offer = Offer { quote, lines, priced, party: None, contact: None, reasons: Vec::new(), head: Letterhead::default() };
        let rates = if open { rates(page).await? } else { Vec::new() };
        let link = match text(&offer.quote, "status") {
            "sent" if company.may_on(actor, &offer.quote, &Verb::Update).await? => Some(outgoing::link(company, &offer.quote, crate::paper::lang(company, &offer.quote)).await?),
            _ => None,
        };
        Ok(Desk { offer, rates, open, link })
    }
}

/// The rates of the company's country, for choosing.
async fn rates(page: &PageCx) -> Outcome<Vec<Record>> {
    let country = page.company.settings().country.clone();
    let query = engine::Query { count: engine::Count::None, ..engine::Query::new(tax::KEY).filter(Expr::path("country").eq(Expr::lit(country.as_str()))).sort("-rate").limit(50) };
    Ok(page.company.list(&page.company.system(), &query).await?.records)
}

fn render(page: PageCx, id: Uuid) -> BoxFuture<'static, Outcome<String>> {
    Box::pin(async move {
        let registry = page.company.registry();
        if registry.find(line::KEY).is_none_or(|o| !page.actor.may(o, &Verb::Read)) {
            return Ok(String::new());
        }
        let desk = Desk::load(&page, id).await?;
        let titles = Titles::new();
        let cx = view(&page, &titles);
        Ok(whole(&cx, &page, &desk, None, None).into_string())
    })
}

fn whole(cx: &ViewCx<'_>, page: &PageCx, desk: &Desk, sent: Option<&Form>, fault: Option<&Fault>) -> Markup {
    let quote = &desk.offer.quote;
    let address = format!("/quotes/lines?id={}", quote.id);
    html! {
        div id="quote-desk" class="qd" data-quote-desk=(quote.rev) {
            @if let Some(fault) = fault { (flash(Mood::Bad, &html! { @if fault.issues.is_empty() { (cx.t(fault.title_key())) } @for i in &fault.issues { (cx.issue(i)) " " } })) }
            @if desk.open {
                form method="post" action=(address) class="qd-form" hx-post=(address) hx-trigger="change, submit" hx-target="#quote-desk" hx-swap="outerMorph" hx-sync="this:queue last" hx-vals="{\"piece\":\"1\"}" {
                    input type="hidden" name="_rev" value=(quote.rev);
                    // The first button is the one that Enter presses.
                    button type="submit" name="do" value="save" class="visually-hidden" tabindex="-1" { (cx.t("save")) }
                    @if !desk.offer.lines.is_empty() { (table(cx, desk, sent)) }
                    (add(cx, desk, fault.is_some()))
                    (foot(cx, page, desk, sent))
                }
            } @else {
                @if !desk.offer.lines.is_empty() { (table(cx, desk, None)) }
                (foot(cx, page, desk, None))
            }
            div class="qd-tools" {
                (ui::button(cx.t("quotes-download")).icon("download").small().href(format!("/quotes/pdf?id={}", quote.id)).attr("download", "").render())
                @if let Some(link) = &desk.link {
                    (ui::button(cx.t("quotes-open-page")).icon("eye").small().href(local(link)).render())
                    label class="qd-link" { span class="muted small" { (cx.t("quotes-link")) } input class="input input-sm" type="text" readonly dir="ltr" value=(link); }
                }
                @if let Some(at) = quote.get("seen_at").datetime() {
                    p class="muted small" { (cx.tf("quotes-seen", &[("count", quote.get("seen_count").int().unwrap_or(1).into()), ("when", cx.relative(at).into())])) }
                }
            }
        }
    }
}

/// The path of an address of ours.
fn local(link: &str) -> String {
    link.find("/p/").and_then(|at| link.get(at..)).unwrap_or(link).to_owned()
}

fn number(cx: &ViewCx<'_>, d: Decimal, least: u8) -> String {
    let (n, scale) = parts(d, least);
    text::number::format_scaled(n, scale, cx.locale)
}

/// As it is typed: without grouping.
fn plain(d: Decimal) -> String {
    d.normalize().to_string()
}

fn table(cx: &ViewCx<'_>, desk: &Desk, sent: Option<&Form>) -> Markup {
    let head = |word: &str, figures: bool| html! { th scope="col" class=[figures.then_some("num")] { (cx.t(word)) } };
    html! {
        div class="table-scroll qd-scroll" { table class="table qd-table" {
            thead { tr {
                (head("quotes-description", false)) (head("quotes-quantity", true)) (head("quotes-price", true)) (head("quotes-discount-percent", true)) (head("quotes-tax", false)) (head("quotes-amount", true))
                @if desk.open { th scope="col" { span class="visually-hidden" { (cx.t("ui-remove")) } } }
            } }
            tbody { @for (i, (l, p)) in desk.offer.lines.iter().zip(&desk.offer.priced.lines).enumerate() { @if desk.open { (open_row(cx, desk, i, l, p, sent)) } @else { (shut_row(cx, desk, l, p)) } } }
        } }
    }
}

/// Marks beside a description: optional, chosen, part of another product.
fn marks(cx: &ViewCx<'_>, l: &Record) -> Markup {
    let is = |f: &str| l.get(f).bool() == Some(true);
    html! {
        @if is("included") { " " span class="muted small" { (cx.t("quotes-included")) } }
        @if is("optional") { " " (ui::mark::chip(&cx.t(if is("chosen") { "quotes-chosen" } else { "quotes-optional" }), if is("chosen") { kernel::Tone::Good } else { kernel::Tone::Info })) }
    }
}

fn shut_row(cx: &ViewCx<'_>, desk: &Desk, l: &Record, p: &pricing::PricedLine) -> Markup {
    let exponent = text::money::exponent(desk.offer.currency());
    html! { tr data-id=(l.id) {
        td data-label=(cx.t("quotes-description")) { bdi { (text(l, "description")) } (marks(cx, l)) (why(cx, desk, l, p)) }
        td class="num fig" data-label=(cx.t("quotes-quantity")) { (number(cx, decimal(l, "quantity"), 0)) @if !text(l, "unit").is_empty() { " " bdi class="muted small" { (text(l, "unit")) } } }
        td class="num fig" data-label=(cx.t("quotes-price")) { (number(cx, decimal(l, "price"), exponent)) }
        td class="num fig" data-label=(cx.t("quotes-discount-percent")) { @if p.discount > 0 { (cx.money(&desk.offer.money(-p.discount))) } }
        td data-label=(cx.t("quotes-tax")) { (cx.percent(decimal(l, "tax_percent"))) }
        td class="num fig strong" data-label=(cx.t("quotes-amount")) { (cx.money(&desk.offer.money(p.shown + p.share))) }
    } }
}

fn open_row(cx: &ViewCx<'_>, desk: &Desk, i: usize, l: &Record, p: &pricing::PricedLine, sent: Option<&Form>) -> Markup {
    let name = |field: &str| format!("{}.{field}", l.id);
    let typed = |field: &str, stored: String| sent.filter(|f| f.has(&name(field))).map_or(stored, |f| f.get(&name(field)).to_owned());
    let shown = |field: &str| if l.get(field).is_null() { String::new() } else { plain(decimal(l, field)) };
    let id = |field: &str| format!("l{}-{field}", l.id.simple());
    let labelled = |word: &str| format!("{} {}", cx.t(word), i + 1);
    let number_box = |field: &str, word: &str, value: String, autofocus: bool| html! {
        input class="input input-sm fig" type="text" inputmode="decimal" dir="ltr" id=(id(field)) name=(name(field)) value=(value) aria-label=(labelled(word)) autofocus[autofocus];
    };
    let newest = sent.is_some_and(|f| f.get("_new") == l.id.to_string());
    html! { tr data-id=(l.id) id={ "l" (l.id.simple()) } {
        td data-label=(cx.t("quotes-description")) class="qd-what" {
            input type="hidden" name=(name("rev")) value=(l.rev);
            input class="input input-sm" type="text" dir="auto" id=(id("description")) name=(name("description")) maxlength="500" value=(typed("description", text(l, "description").to_owned())) aria-label=(labelled("quotes-description"));
            span class="qd-under" {
                label class="check small" { input type="checkbox" id=(id("optional")) name=(name("optional")) value="1" checked[l.get("optional").bool() == Some(true)]; span { (cx.t("quotes-optional")) } }
                @if l.get("included").bool() == Some(true) { span class="muted small" { (cx.t("quotes-included")) } }
                (why(cx, desk, l, p))
            }
        }
        td class="num" data-label=(cx.t("quotes-quantity")) { (number_box("quantity", "quotes-quantity", typed("quantity", shown("quantity")), newest)) @if !text(l, "unit").is_empty() { bdi class="muted small qd-unit" { (text(l, "unit")) } } }
        td class="num" data-label=(cx.t("quotes-price")) { (number_box("price", "quotes-price", typed("price", shown("price")), false)) }
        td class="num" data-label=(cx.t("quotes-discount-percent")) {
            (number_box("discount_rate", "quotes-discount-percent", typed("discount_rate", shown("discount_rate")), false))
            @if let Some(m) = l.get("discount_amount").money().filter(|m| m.minor != 0) { span class="muted small" { "−" (cx.money(m)) } }
        }
        td data-label=(cx.t("quotes-tax")) {
            select class="select select-sm" id=(id("tax")) name=(name("tax")) aria-label=(labelled("quotes-tax")) {
                @if l.get("tax").is_null() { option value="" { "—" } }
                @if let Some(now) = l.get("tax").id().filter(|now| !desk.rates.iter().any(|r| r.id == *now)) { option value=(now) selected { (cx.percent(decimal(l, "tax_percent"))) } }
                @for r in &desk.rates { option value=(r.id) selected[l.get("tax").id() == Some(r.id)] { (cx.percent(decimal(r, "rate"))) @if decimal(r, "rate").is_zero() { " " (r.get("name").name().map(|n| n.get(cx.lang()).to_owned()).unwrap_or_default()) } } }
            }
        }
        td class="num fig strong" data-label=(cx.t("quotes-amount")) { (cx.money(&desk.offer.money(p.shown + p.share))) }
        td class="qd-off" { (ui::button::icon_button("x", format!("{} {}", cx.t("ui-remove"), text(l, "description"))).small().submit().attr("name", "remove").attr("value", l.id.to_string()).render()) }
    } }
}

/// How the price came to be, step by step.
fn why(cx: &ViewCx<'_>, desk: &Desk, l: &Record, p: &pricing::PricedLine) -> Markup {
    let source = l.get("trace").to_json();
    let from = match source.pointer("/source/list") {
        Some(Json::String(_)) => Some("quotes-why-list"),
        Some(Json::Null) if !l.get("listed").is_null() => Some("quotes-why-product"),
        _ => None,
    };
    let listed = (!l.get("listed").is_null()).then(|| number(cx, decimal(l, "listed"), text::money::exponent(desk.offer.currency())));
    let word = |rule: &str| match rule {
        "quantity" => "quotes-why-own",
        "line_discount" => "quotes-why-line-discount",
        "discount" => "quotes-why-discount",
        "tax_out" => "quotes-why-tax-out",
        _ => "quotes-why-tax",
    };
    let money = |n: i64| cx.money(&desk.offer.money(n));
    html! { details class="qd-why" {
        summary class="small" { (cx.t("quotes-why")) }
        ol class="small" {
            @if let (Some(from), Some(listed)) = (from, listed) { li { (cx.tf(from, &[("price", listed.into())])) } }
            @for s in p.trace.iter().filter(|s| s.before != s.after) { li { (cx.t(word(s.rule))) " " span class="fig nowrap" { bdi { (money(s.before)) } " ← " bdi { (money(s.after)) } } } }
        }
    } }
}

/// The beginning of the name of the box that finds products.
const ADD: &str = "add-";

/// A box that finds products; what is none becomes a line in words.
fn add(cx: &ViewCx<'_>, desk: &Desk, refused: bool) -> Markup {
    // A fresh box after each line, or refusal: the one that was used keeps what was chosen in it.
    let key = format!("{ADD}{}{}", desk.offer.lines.len(), if refused { "again" } else { "" });
    let field = Field::new(key.as_str(), Kind::to("product"), label("أضف منتجًا", "Add a product"));
    html! {
        div class="qd-add" id={ "qd-" (key) } {
            div class="qd-find" { label class="visually-hidden" for={ "f-" (key) } { (cx.label(&field.label)) } (ui::input::input(&field, &Value::Null, None, cx)) }
            (ui::button(cx.t("quotes-add-line")).icon("plus").small().submit().attr("name", "do").attr("value", "add").render())
        }
        @if desk.offer.lines.is_empty() { p class="muted small" { (cx.t("quotes-no-lines")) } }
    }
}

/// Discount on all, and the sums.
fn foot(cx: &ViewCx<'_>, page: &PageCx, desk: &Desk, sent: Option<&Form>) -> Markup {
    let (offer, quote) = (&desk.offer, &desk.offer.quote);
    let t = &offer.priced.totals;
    let row = |word: String, minor: i64| html! { div { dt { (word) } dd class="fig" { (cx.money(&offer.money(minor))) } } };
    let sees = |field: &str| page.actor.sees(KEY, field) && !quote.get(field).is_null();
    let typed = sent.filter(|f| f.has("discount_rate")).map_or_else(|| if quote.get("discount_rate").is_null() { String::new() } else { plain(decimal(quote, "discount_rate")) }, |f| f.get("discount_rate").to_owned());
    html! {
        div class="qd-foot" {
            div class="qd-aside" {
                @if desk.open {
                    label class="pair-label" { span { (cx.t("quotes-discount-on-all")) } input class="input input-sm fig" type="text" inputmode="decimal" dir="ltr" id="qd-discount" name="discount_rate" value=(typed); }
                }
                @if sees("margin") && sees("margin_percent") { p class="small" { span class="muted" { (cx.t("quotes-margin")) } " " span class="fig strong" { (quote.get("margin").money().map(|m| cx.money(m)).unwrap_or_default()) } " " span class="fig muted" { (cx.percent(decimal(quote, "margin_percent"))) } } }
                @if !decimal(quote, "discount_percent").is_zero() { p class="small" { span class="muted" { (cx.t("quotes-highest-discount")) } " " span class="fig strong" { (cx.percent(decimal(quote, "discount_percent"))) } } }
            }
            dl class="qt-sums" {
                (row(cx.t("quotes-sum"), t.list - t.line_discounts))
                @if t.discount > 0 { (row(cx.t("quotes-discount"), -t.discount)) }
                (row(cx.t("quotes-net"), t.net))
                @for g in &offer.priced.groups { (row(cx.label(&tax_label(offer, g, cx.locale)).to_owned(), g.amount)) }
                @if t.rounding != 0 { (row(cx.t("quotes-rounding"), t.rounding)) }
                div class="qt-total" { dt { (cx.t("quotes-total")) } dd class="fig" data-total=(t.payable) { (cx.money(&offer.money(t.payable))) } }
            }
        }
    }
}

/// `GET /quotes/lines?id=…`: to the quote; the desk stands on its page.
pub fn lines(page: PageCx) -> BoxFuture<'static, Outcome<Answer>> {
    Box::pin(async move {
        let id: Uuid = page.param("id").parse().map_err(|_| Fault::not_found())?;
        page.company.get(&page.actor, KEY, id).await?;
        Ok(Answer::Go { to: format!("/quote/{id}"), said: "" })
    })
}

/// `GET /quotes/pdf?id=…`
pub fn pdf(page: PageCx) -> BoxFuture<'static, Outcome<Answer>> {
    Box::pin(async move {
        let id: Uuid = page.param("id").parse().map_err(|_| Fault::not_found())?;
        page.company.get(&page.actor, KEY, id).await?;
        let (name, bytes) = crate::paper::pdf(&page.company, id).await?;
        Ok(Answer::File { name, media: "application/pdf".into(), bytes })
    })
}

/// `POST /quotes/lines?id=…`: what changed is saved, then the desk comes again.
pub fn post(page: PageCx, mut form: Form) -> BoxFuture<'static, Outcome<Answer>> {
    Box::pin(async move {
        let id: Uuid = page.param("id").parse().map_err(|_| Fault::not_found())?;
        let scripted = form.has("piece");
        let done = save(&page, id, &form).await;
        let fault = match done {
            Ok(new) => {
                form = Form::default();
                form.pairs.extend(new.map(|id| ("_new".to_owned(), id.to_string())));
                None
            }
            Err(fault) if matches!(fault.kind, FaultKind::Invalid | FaultKind::Conflict) => Some(fault),
            Err(fault) => return Err(fault),
        };
        let desk = Desk::load(&page, id).await?;
        let titles = Titles::new();
        let cx = view(&page, &titles);
        let inside = whole(&cx, &page, &desk, Some(&form), fault.as_ref());
        if scripted {
            return Ok(Answer::Piece(inside.into_string()));
        }
        match fault {
            None => Ok(Answer::Go { to: format!("/quote/{id}"), said: "" }),
            Some(fault) => {
                let number = text(&desk.offer.quote, "number").to_owned();
                let head = ui::shell::crumbs(&cx, &[(cx.t("quotes-many"), "/quote".into()), (number.clone(), format!("/quote/{id}"))]);
                let body = html! { (head) div class="block-body" { (inside) } };
                Ok(Answer::Html(ui::shell::simple_page(&number, "", &html! {}, &body).into_string(), Some(fault)))
            }
        }
    })
}

/// How what people type here is read.
fn ctx(page: &PageCx, currency: &str) -> Ctx {
    let settings = page.company.settings();
    Ctx { country: settings.country.clone(), currency: currency.to_owned(), lang: page.actor.locale.lang, ..Ctx::default() }
}

/// Fields of a line that are typed here, with the object's kinds.
const TYPED: [&str; 5] = ["description", "quantity", "price", "discount_rate", "tax"];

/// The drafts of lines that were changed, with the revision that was seen.
fn changed(page: &PageCx, quote: &Record, lines: &[Record], form: &Form) -> Outcome<Vec<Draft>> {
    let registry = page.company.registry();
    let object = registry.object(line::KEY)?;
    let ctx = ctx(page, total::currency(quote));
    let mut drafts = Vec::new();
    let mut issues = Vec::new();
    for l in lines {
        let name = |field: &str| format!("{}.{field}", l.id);
        if !form.has(&name("rev")) {
            continue;
        }
        let mut draft = Draft::of(l.id);
        draft.rev = form.get(&name("rev")).parse().ok();
        for key in TYPED {
            let Some(field) = object.get(key).filter(|_| form.has(&name(key))) else { continue };
            match from_text(&field.kind, form.get(&name(key)), &ctx) {
                Ok(value) if kernel::parse::fit(&field.kind, value.clone()) != *l.get(key) => draft = draft.set(key, value),
                Ok(_) => {}
                Err(issue) => issues.push(Issue { field: key.into(), ..issue }),
            }
        }
        let optional = form.get(&name("optional")) == "1";
        if l.get("optional").bool().unwrap_or_default() != optional {
            draft = draft.set("optional", optional);
        }
        if !draft.values.is_empty() {
            drafts.push(draft);
        }
    }
    Fault::check(issues)?;
    Ok(drafts)
}

/// Saves what was changed; the line that was added, if one was.
async fn save(page: &PageCx, id: Uuid, form: &Form) -> Outcome<Option<Uuid>> {
    let added = wanted(page, form).await?;
    page.company
        .transact(&page.actor, |cx| {
            let (page, form, added) = (page.clone(), form.clone(), added.clone());
            Box::pin(async move {
                let actor = cx.actor.clone();
                let company = cx.company.clone();
                let quote = company.get_in(&mut cx.tx, &actor, KEY, id).await?;
                let lines = total::lines(cx, id).await?;
                let removed: Option<Uuid> = form.get("remove").parse().ok().filter(|r| lines.iter().any(|l| l.id == *r));
                let drafts = changed(&page, &quote, &lines, &form)?;
                cx.save_many(line::KEY, drafts.into_iter().filter(|d| d.id != removed).collect()).await?;
                if form.has("discount_rate") {
                    let rate = from_text(&Kind::Percent, form.get("discount_rate"), &ctx(&page, total::currency(&quote))).map_err(|i| Fault::issue(Issue { field: "discount_rate".into(), ..i }))?;
                    if rate != *quote.get("discount_rate") {
                        cx.save(KEY, Draft::of(id).set("discount_rate", rate)).await?;
                    }
                }
                if let Some(removed) = removed {
                    cx.delete(line::KEY, removed, None).await?;
                }
                match &added {
                    Some(what) => add_line(cx, &quote, what).await.map(Some),
                    None => Ok(None),
                }
            })
        })
        .await
}

#[derive(Clone)]
enum What {
    Product(Uuid),
    Words(String),
}

/// What is to be added: a product that was chosen, or typed so that it is found; other words as they are.
async fn wanted(page: &PageCx, form: &Form) -> Outcome<Option<What>> {
    let sent = |text: bool| form.pairs.iter().filter(move |(name, _)| name.starts_with(ADD) && name.ends_with(".text") == text).map(|(_, value)| value.trim());
    if let Some(id) = sent(false).find_map(|id| id.parse::<Uuid>().ok()) {
        return Ok(Some(What::Product(id)));
    }
    let typed = sent(true).next().unwrap_or_default();
    // While somebody is still typing, nothing is added.
    if typed.is_empty() || form.get("do") != "add" {
        return Ok(None);
    }
    let hits = page.company.lookup(&page.actor, "product", typed, 2).await.unwrap_or_default();
    Ok(Some(match hits.as_slice() {
        [one] => What::Product(one.id),
        [first, second] if first.rank < second.rank => What::Product(first.id),
        _ => What::Words(typed.to_owned()),
    }))
}

/// A line, with the parts and options of its product.
async fn add_line(cx: &mut Cx, quote: &Record, what: &What) -> Outcome<Uuid> {
    let draft = Draft::new().set("quote", quote.id);
    let product = match what {
        What::Words(words) => {
            let draft = draft.set("description", words.as_str()).set("price", Decimal::ZERO);
            return Ok(cx.save(line::KEY, draft).await?.record().id);
        }
        What::Product(product) => *product,
    };
    let main = cx.save(line::KEY, draft.clone().set("product", product)).await?.record().id;
    for part in bundle::of(cx, product).await? {
        let own = draft.clone().set("product", part.get("part").clone()).set("quantity", part.get("quantity").clone());
        let own = if part.get("optional").bool() == Some(true) { own.set("optional", true) } else { own.set("included", true).set("price", Decimal::ZERO).trusted() };
        cx.save(line::KEY, own).await?;
    }
    Ok(main)
}
