//! Writing: a new letter, an answer, a draft that goes on; templates, files, sending now or later.

use super::{asked_id, own_boxes, refusal, text, view};
use crate::outbox::{self, Answering};
use crate::template;
use engine::{Answer, Draft, Form, Input, PageCx, Query};
use futures::future::BoxFuture;
use kernel::{Fault, FaultKind, Outcome, Record, Value};
use maud::{Markup, Render, html};
use ui::button::button;
use ui::cx::ViewCx;
use uuid::Uuid;

/// What stands in the form.
#[derive(Clone, Debug, Default)]
struct Sheet {
    draft: Option<Uuid>,
    reply: Option<Uuid>,
    how: String,
    mailbox: Option<Uuid>,
    to: String,
    cc: String,
    bcc: String,
    subject: String,
    body: String,
    party: Option<Uuid>,
    about: String,
    tracked: bool,
    missing: Vec<String>,
}

pub fn render(page: PageCx) -> BoxFuture<'static, Outcome<Answer>> {
    Box::pin(async move {
        let sheet = begin(&page).await?;
        show(&page, &sheet, None).await
    })
}

async fn begin(page: &PageCx) -> Outcome<Sheet> {
    let boxes = own_boxes(page).await?;
    let mailbox = asked_id(page, "box").or(boxes.first().map(|b| b.id));
    let mut sheet = Sheet { mailbox, to: page.param("to").to_owned(), party: asked_id(page, "party"), about: page.param("about").to_owned(), how: page.param("how").to_owned(), ..Sheet::default() };
    if let Some(id) = asked_id(page, "draft") {
        let d = page.company.get(&page.actor, "mail", id).await?;
        let own = |key: &str| text(&d, key).to_owned();
        sheet = Sheet { draft: Some(id), mailbox: d.get("mailbox").id(), to: own("to"), cc: own("cc"), bcc: own("bcc"), subject: own("subject"), body: own("body"), party: d.get("party").id(), about: own("about"), tracked: d.get("tracked").bool() == Some(true), ..Sheet::default() };
    } else if let Some(id) = asked_id(page, "reply") {
        let parent = page.company.get(&page.actor, "mail", id).await?;
        let mailbox = page.company.get(&page.actor, "mailbox", parent.get("mailbox").id().unwrap_or_default()).await?;
        let titles = ui::Titles::new();
        // The letter's language, not the reader's: his customer reads it.
        let arabic = outbox::is_rtl(text(&parent, "body")) || outbox::is_rtl(text(&parent, "subject"));
        let locale = text::locale::Locale { lang: if arabic { text::Lang::Ar } else { text::Lang::En }, ..page.actor.locale.clone() };
        let cx = ViewCx { locale: &locale, ..view(page, &titles) };
        let who = if text(&parent, "from_name").is_empty() { text(&parent, "from_address") } else { text(&parent, "from_name") };
        let at = parent.get("at").datetime().map(|t| cx.datetime(t)).unwrap_or_default();
        let head = cx.tf("mail-wrote", &[("who", who.into()), ("at", at.into())]).replace(['\u{2068}', '\u{2069}'], "");
        let d = outbox::answer(&parent, &mailbox, Answering::parse(&sheet.how), &head);
        let own = |key: &str| d.values.get(key).and_then(Value::text).unwrap_or_default().to_owned();
        let body = format!("{}{}", signature(&mailbox, arabic), own("body"));
        sheet = Sheet { reply: Some(id), mailbox: Some(mailbox.id), to: own("to"), cc: own("cc"), subject: own("subject"), body, party: parent.get("party").id(), about: own("about"), ..sheet };
    } else if let Some(m) = boxes.iter().find(|b| Some(b.id) == sheet.mailbox) {
        sheet.body = signature(m, page.actor.lang() == "ar");
    }
    Ok(sheet)
}

/// What a mailbox puts below its letters, after two lines to write on.
fn signature(mailbox: &Record, arabic: bool) -> String {
    let words = text(mailbox, if arabic { "signature_ar" } else { "signature_en" });
    if words.is_empty() { String::new() } else { format!("\n\n-- \n{words}") }
}

async fn show(page: &PageCx, s: &Sheet, fault: Option<Fault>) -> Outcome<Answer> {
    let boxes = own_boxes(page).await?;
    if boxes.is_empty() {
        return Ok(super::no_box(page, "mail-write"));
    }
    let templates = page.company.list(&page.actor, &Query::new("mail_template").limit(100)).await.map(|l| l.records).unwrap_or_default();
    let titles = ui::Titles::new();
    let cx = view(page, &titles);
    let title = cx.t(if s.reply.is_some() { "mail-reply" } else { "mail-write" });
    let body = sheet(&cx, page, s, &boxes, &templates, fault.as_ref());
    Ok(Answer::Html(ui::shell::simple_page(&title, "", &html! {}, &body).into_string(), fault))
}

fn sheet(cx: &ViewCx<'_>, page: &PageCx, s: &Sheet, boxes: &[Record], templates: &[Record], fault: Option<&Fault>) -> Markup {
    let hidden = |name: &str, id: Option<Uuid>| html! { @if let Some(id) = id { input type="hidden" name=(name) value=(id); } };
    // Receivers run from left to right, whatever their names: otherwise the brackets of addresses turn round.
    let line = |name: &str, label: &str, value: &str| {
        let (dir, mode) = if name == "subject" { ("auto", "text") } else { ("ltr", "email") };
        html! { label class="mail-field" { span { (cx.t(label)) } input class="input" type="text" name=(name) value=(value) dir=(dir) autocomplete="off" inputmode=(mode); } }
    };
    html! {
        form class="mail-sheet" method="post" action="/mail/write" enctype="multipart/form-data" {
            (refusal(cx, fault))
            @if !s.missing.is_empty() { p class="mail-remote" role="status" { (cx.tf("mail-missing", &[("places", s.missing.join("، ").into())])) } }
            (hidden("draft", s.draft)) (hidden("reply", s.reply)) (hidden("party", s.party))
            input type="hidden" name="how" value=(s.how);
            input type="hidden" name="about" value=(s.about);
            label class="mail-field" { span { (cx.t("mail-from")) } select class="select" name="mailbox" required {
                @for b in boxes { option value=(b.id) selected[s.mailbox == Some(b.id)] { (text(b, "name")) " <" (text(b, "address")) ">" } }
            } }
            (line("to", "mail-to", &s.to))
            details class="mail-more-to" open[!s.cc.is_empty() || !s.bcc.is_empty()] { summary { (cx.t("mail-more-receivers")) }
                (line("cc", "mail-cc", &s.cc)) (line("bcc", "mail-bcc", &s.bcc))
            }
            (line("subject", "mail-subject", &s.subject))
            @if !templates.is_empty() { div class="mail-field" {
                span { (cx.t("mail-template")) }
                div class="mail-template" {
                    select class="select" name="template" aria-label=(cx.t("mail-template")) { @for t in templates { option value=(t.id) { (text(t, "name")) } } }
                    select class="select" name="language" aria-label=(cx.t("mail-language")) { option value="ar" { (cx.t("mail-arabic")) } option value="en" selected[page.actor.lang() == "en"] { (cx.t("mail-english")) } }
                    (button(cx.t("mail-use-template")).submit().attr("name", "do").attr("value", "template").render())
                }
            } }
            label class="mail-field mail-body" { span class="visually-hidden" { (cx.t("mail-text")) } textarea class="textarea" name="body" rows="14" dir="auto" { (s.body) } }
            label class="btn btn-ghost btn-sm composer-file mail-add" { (ui::icon::icon("paperclip")) span class="clip" data-file-names { (cx.t("mail-add-files")) } input class="visually-hidden" type="file" name="file" multiple; }
            div {
                label class="check" { input type="checkbox" name="tracked" value="1" checked[s.tracked]; span { (cx.t("mail-track")) } }
                p class="muted small" { (cx.t("mail-track-text")) }
            }
            div class="mail-foot" {
                (button(cx.t("mail-send")).primary().submit().attr("name", "do").attr("value", "send").render())
                (button(cx.t("mail-save-draft")).submit().attr("name", "do").attr("value", "draft").render())
                label class="mail-later" { span { (cx.t("mail-later")) } input class="input" type="datetime-local" name="at" aria-label=(cx.t("mail-later")); }
            }
        }
    }
}

pub fn post(page: PageCx, form: Form) -> BoxFuture<'static, Outcome<Answer>> {
    Box::pin(async move {
        let id = |name: &str| form.get(name).parse::<Uuid>().ok();
        let own = |name: &str| form.get(name).replace("\r\n", "\n");
        let mut s = Sheet {
            draft: id("draft"),
            reply: id("reply"),
            how: own("how"),
            mailbox: id("mailbox"),
            to: own("to"),
            cc: own("cc"),
            bcc: own("bcc"),
            subject: own("subject"),
            body: own("body"),
            party: id("party"),
            about: own("about"),
            tracked: form.get("tracked") == "1",
            missing: Vec::new(),
        };
        if form.get("do") == "template" {
            if let Some(t) = id("template") {
                use_template(&page, &mut s, t, form.get("language")).await?;
            }
            return show(&page, &s, None).await;
        }
        match keep(&page, &s, &form).await {
            Ok((_, false)) => Ok(Answer::Go { to: "/mail/inbox?view=draft".into(), said: "mail-said-draft" }),
            Ok((letter, true)) => Ok(Answer::Go { to: format!("/mail/{letter}"), said: "mail-said-queued" }),
            Err(fault) if matches!(fault.kind, FaultKind::Invalid | FaultKind::TooLarge) => show(&page, &s, Some(fault)).await,
            Err(fault) => Err(fault),
        }
    })
}

async fn use_template(page: &PageCx, s: &mut Sheet, id: Uuid, lang: &str) -> Outcome<()> {
    let t = page.company.get(&page.actor, "mail_template", id).await?;
    let lang = if lang == "en" { "en" } else { "ar" };
    let subject = template::fill(&page.company, &page.actor, text(&t, &format!("subject_{lang}")), lang, s.party).await?;
    let body = template::fill(&page.company, &page.actor, text(&t, &format!("body_{lang}")), lang, s.party).await?;
    if s.reply.is_none() && !subject.text.is_empty() {
        s.subject = subject.text;
    }
    s.body = format!("{}\n{}", body.text, s.body.trim_start());
    s.missing = subject.missing.into_iter().chain(body.missing).collect();
    s.missing.dedup();
    Ok(())
}

/// Stores the letter with its files and, where asked for, puts it into the queue: all in one transaction.
async fn keep(page: &PageCx, s: &Sheet, form: &Form) -> Outcome<(Uuid, bool)> {
    let mut files = Vec::new();
    for f in form.files.iter().filter(|f| f.part == "file" && !f.bytes.is_empty()) {
        files.push(page.company.keep(&f.name, &f.bytes).await?);
    }
    let parent = match s.reply {
        Some(id) => Some(page.company.get(&page.actor, "mail", id).await?),
        None => None,
    };
    let sending = form.get("do") == "send" || form.get("do").is_empty();
    let zone = jiff::tz::TimeZone::get(&page.actor.locale.tz).unwrap_or(jiff::tz::TimeZone::UTC);
    let at = Some(form.get("at")).filter(|t| !t.is_empty()).map(|t| t.parse::<jiff::civil::DateTime>().ok().and_then(|t| t.to_zoned(zone.clone()).ok()).map(|z| z.timestamp()).ok_or_else(|| Fault::invalid("at", "value-required"))).transpose()?;
    let blank = |t: &str| if t.trim().is_empty() { Value::Null } else { Value::from(t) };
    let mut draft = Draft::new().set("to", blank(&s.to)).set("cc", blank(&s.cc)).set("bcc", blank(&s.bcc)).set("subject", blank(&s.subject)).set("body", blank(&s.body)).set("mailbox", s.mailbox).set("tracked", s.tracked);
    draft.id = s.draft;
    if let Some(party) = s.party {
        page.company.get(&page.actor, "party", party).await?;
    }
    let about = s.about.split_once('/').and_then(|(o, id)| Some((o.to_owned(), id.parse::<Uuid>().ok()?)));
    if let Some((object, id)) = &about {
        page.company.get(&page.actor, object, *id).await?;
    }
    page.company
        .transact(&page.actor, |cx| {
            let (draft, files, parent, about, how, party) = (draft.clone(), files.clone(), parent.clone(), about.clone(), s.how.clone(), s.party);
            Box::pin(async move {
                let mut letter = cx.save("mail", draft).await?.into_record();
                let mut more = Draft::of(letter.id).trusted();
                if party.is_some() {
                    more = more.set("party", party);
                }
                if let Some(parent) = parent.filter(|_| Answering::parse(&how) != Answering::Forward) {
                    more = outbox::joined(more, &parent);
                }
                if let Some((object, id)) = about {
                    let tag = crate::link::tag(cx, &object, id).await?;
                    let subject = text(&letter, "subject").to_owned();
                    more = more.set("about", format!("{object}/{id}"));
                    if !subject.contains(&tag) {
                        more = more.set("subject", format!("{subject} [#{tag}]"));
                    }
                }
                if !more.values.is_empty() {
                    letter = cx.save("mail", more).await?.into_record();
                }
                for f in &files {
                    cx.attach("mail", letter.id, f).await?;
                }
                if sending {
                    let mut input = Input::new();
                    if let Some(at) = at {
                        input.insert("at".into(), Value::from(at));
                    }
                    cx.act("mail", letter.id, "send", None, input).await?;
                }
                Ok((letter.id, sending))
            })
        })
        .await
}
