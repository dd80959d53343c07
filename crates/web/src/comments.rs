//! Comments of a record: how a thread looks, and everything that can be done with it.

use crate::refusal::{Reply, not_found};
use crate::sent::Sent;
use crate::visit::{Shown, Visit};
use axum::extract::Path;
use engine::comments::mention::{self, Part};
use engine::comments::{Comment, REACTIONS};
use engine::{Company, NewComment};
use kernel::{Fault, Object, Record};
use maud::{Markup, html};
use ui::button::{button, icon_button};
use ui::cx::ViewCx;
use ui::icon::icon;
use ui::mark::avatar;
use ui::timeline::{Composer, composer};
use uuid::Uuid;

/// Where people are found to mention.
pub const LOOKUP: &str = "/-/mention";

/// A comment with its replies.
pub fn thread(visit: &Visit, object: &Object, record: &Record, comments: &[Comment], cx: &ViewCx<'_>) -> Markup {
    let Some(first) = comments.first() else { return html! {} };
    let here = format!("/{}/{}/comments", object.key, record.id);
    let replies = comments.get(1..).unwrap_or_default();
    let body = html! {
        (one(visit, &here, first, cx))
        @if !replies.is_empty() { ol class="replies" { @for r in replies {
            li class="reply" id={ "comment-" (r.id) } {
                (avatar(&name(r, cx), "sm"))
                div class="grow" {
                    div class="reply-head" { bdi class="strong" { (name(r, cx)) } " " time class="muted small" datetime=(r.at) title=(cx.datetime(r.at)) { (cx.relative(r.at)) } }
                    (one(visit, &here, r, cx))
                }
            }
        } } }
        details class="reply-box" {
            summary class="btn btn-ghost btn-sm" { (icon("undo-2")) (cx.t("web-comment-reply")) }
            (composer(&Composer { action: &here, lookup: LOOKUP, target: "#story", parent: Some(first.id.to_string()), text: "", said: &[], files: true, send: "web-comment-reply", placeholder: "web-comment-reply-here" }, cx))
        }
    };
    html! {
        @match &first.resolved {
            Some((_, by)) => details class="comment resolved" { summary { (icon("circle-check")) (cx.tf("web-comment-settled-by", &[("who", by.map(|b| cx.title_of(b)).unwrap_or_default().into())])) } (body) },
            None => div class="comment" { (body) },
        }
    }
}

fn name(c: &Comment, cx: &ViewCx<'_>) -> String {
    let name = c.author.map(|a| cx.title_of(a)).unwrap_or_default();
    if name.is_empty() { cx.t(if c.author.is_some() { "notice-somebody" } else { "web-system" }) } else { name.to_owned() }
}

/// The text with mentions as chips.
pub fn words(body: &str, cx: &ViewCx<'_>) -> Markup {
    html! { div class="prose comment-text" dir="auto" { @for part in mention::parts(body) {
        @match part {
            Part::Text(t) => (t),
            Part::Mention(kind, id) => {
                @let name = cx.title_of(id);
                @if name.is_empty() { span class="mention" { "@" (cx.t("notice-somebody")) } }
                @else { a class="mention" href=(cx.record_url(kind, id)) { "@" bdi { (name) } } }
            },
        }
    } } }
}

fn one(visit: &Visit, here: &str, c: &Comment, cx: &ViewCx<'_>) -> Markup {
    let mine = c.author == Some(visit.actor.id);
    let place = format!("{here}/{}", c.id);
    let said: Vec<(String, String)> = mention::mentioned([c.body.as_str()])
        .iter()
        .flat_map(|(kind, ids)| ids.iter().map(move |id| (format!("{kind}:{id}"), format!("@{}", cx.title_of(*id)))))
        .collect();
    let text = mention::plain(&c.body, &names(c, cx), cx.lang(), "");
    html! {
        (words(&c.body, cx))
        @if !c.files.is_empty() { div class="comment-files" { @for f in &c.files {
            a class="chip chip-line" href=(cx.file_url(f.file.id)) { (icon("paperclip")) bdi class="clip" { (f.file.name) } span class="muted" { (cx.bytes(f.file.size)) } }
        } } }
        div class="comment-foot" {
            (reactions(visit, &place, c, cx))
            @if c.edited_at.is_some() { a class="muted small" href={ (place) "/wordings" } { (cx.t("web-comment-edited")) } }
            span class="comment-do" {
                @if c.parent.is_none() {
                    form method="post" action={ (place) "/resolve" } hx-post={ (place) "/resolve" } hx-target="#story" hx-select="#story" hx-swap="outerHTML" {
                        @if c.resolved.is_some() { input type="hidden" name="open" value="1"; }
                        (icon_button(if c.resolved.is_some() { "rotate-ccw" } else { "circle-check" }, cx.t(if c.resolved.is_some() { "web-comment-open-again" } else { "web-comment-settle" })).small().submit())
                    }
                }
                @if mine {
                    details class="edit-box" {
                        summary class="btn btn-ghost btn-icon btn-sm" aria-label=(cx.t("edit")) { (icon("pencil")) }
                        (composer(&Composer { action: &format!("{place}/edit"), lookup: LOOKUP, target: "#story", parent: None, text: &text, said: &said, files: false, send: "save", placeholder: "ui-write-comment" }, cx))
                    }
                }
                @if mine || visit.actor.must_administer().is_ok() {
                    form method="post" action={ (place) "/delete" } data-confirm=(cx.t("web-comment-delete-ask")) { (icon_button("trash-2", cx.t("delete")).small().submit()) }
                }
            }
        }
    }
}

fn names(c: &Comment, cx: &ViewCx<'_>) -> engine::load::Titles {
    let ids = mention::mentioned([c.body.as_str()]);
    ids.values().flatten().map(|id| (*id, kernel::Name::new(cx.title_of(*id), cx.title_of(*id)))).collect()
}

fn reactions(visit: &Visit, place: &str, c: &Comment, cx: &ViewCx<'_>) -> Markup {
    let action = format!("{place}/react");
    let form = |inside: Markup| html! { form class="reactions" method="post" action=(action) hx-post=(action) hx-target="#story" hx-select="#story" hx-swap="outerHTML" { (inside) } };
    html! {
        @if !c.reactions.is_empty() { (form(html! { @for r in &c.reactions {
            @let who: Vec<&str> = r.by.iter().map(|u| cx.title_of(*u)).filter(|n| !n.is_empty()).collect();
            button class="reaction" type="submit" name="emoji" value=(r.emoji) aria-pressed=(if r.by.contains(&visit.actor.id) { "true" } else { "false" }) title=(who.join(cx.locale.pick("، ", ", "))) { (r.emoji) " " (cx.num(i64::try_from(r.by.len()).unwrap_or(0))) }
        } })) }
        details class="react-box" {
            summary class="btn btn-ghost btn-icon btn-sm" aria-label=(cx.t("web-comment-react")) { (icon("smile-plus")) }
            (form(html! { @for e in REACTIONS { button class="reaction" type="submit" name="emoji" value=(e) { (e) } } }))
        }
    }
}

type Place3 = Path<(String, String, String)>;

fn ids(id: &str, comment: &str) -> Result<(Uuid, Uuid), Fault> {
    id.parse().and_then(|i| Ok((i, comment.parse()?))).map_err(|_: uuid::Error| Fault::not_found())
}

/// The time line again for a script; the record page otherwise.
async fn story(visit: &Visit, key: &str, id: Uuid, said: &str) -> Reply {
    if visit.scripted { crate::story::piece(visit, key, id, None).await } else { Ok(visit.go(&format!("/{key}/{id}#story"), said)) }
}

/// Mentions that reached nobody because they may not see the record, said in a sentence.
async fn untold(visit: &Visit, untold: &[Uuid]) -> Result<Option<String>, Fault> {
    if untold.is_empty() {
        return Ok(None);
    }
    let mut conn = visit.company.db().read().await?;
    let wanted = std::collections::BTreeMap::from([("user".to_owned(), untold.iter().copied().collect())]);
    let titles = visit.company.titles(&mut conn, &visit.actor, &wanted).await?;
    let names: Vec<&str> = titles.values().map(|n| n.get(visit.actor.lang())).collect();
    let n = i64::try_from(untold.len()).unwrap_or(0);
    Ok(Some(text::i18n::t_for(&visit.actor.locale, "web-comment-untold", &[("n", n.into()), ("who", names.join(visit.actor.locale.pick("، ", ", ")).into())])))
}

/// `POST /{object}/{id}/comments`: `body`, `mention` (`user:ID`, several), `parent`, `file` (several).
pub async fn write(visit: Visit, Path((key, id)): Path<(String, String)>, sent: Sent) -> Reply {
    visit.object(&key)?;
    let id = crate::merging::meant(&visit, &key, &id).await?;
    let new = new_comment(&visit, &visit.company, &sent).await?;
    let done = visit.company.comment(&visit.actor, &key, id, new).await?;
    let warn = untold(&visit, &done.untold).await?;
    if visit.scripted || warn.is_some() {
        return crate::story::piece(&visit, &key, id, warn.as_deref()).await;
    }
    Ok(visit.go(&format!("/{key}/{id}#story"), ""))
}

async fn new_comment(visit: &Visit, company: &Company, sent: &Sent) -> Result<NewComment, Fault> {
    let chosen: Vec<&str> = sent.all("mention").collect();
    let body = company.bind_mentions(&visit.actor, sent.get("body"), &chosen).await?;
    let parent = Some(sent.get("parent")).filter(|p| !p.is_empty()).map(|p| p.parse().map_err(|_| Fault::not_found())).transpose()?;
    let uploads: Vec<_> = sent.files.iter().filter(|f| f.part == "file" && !(f.name.is_empty() && f.bytes.is_empty())).take(10).collect();
    for f in &uploads {
        engine::files::examine(&f.name, &f.bytes)?;
    }
    let mut files = Vec::new();
    for f in uploads {
        files.push(company.keep(&f.name, &f.bytes).await?);
    }
    Ok(NewComment { body, parent, files })
}

/// `POST /{object}/{id}/comments/{comment}/{verb}`: `edit`, `delete`, `resolve`, `react`.
pub async fn act(visit: Visit, Path((key, id, comment, verb)): Path<(String, String, String, String)>, sent: Sent) -> Reply {
    visit.object(&key)?;
    let (id, comment) = ids(&id, &comment)?;
    let (company, actor) = (&visit.company, &visit.actor);
    match verb.as_str() {
        "edit" => {
            let chosen: Vec<&str> = sent.all("mention").collect();
            let body = company.bind_mentions(actor, sent.get("body"), &chosen).await?;
            let done = company.edit_comment(actor, &key, id, comment, &body).await?;
            if let Some(warn) = untold(&visit, &done.untold).await? {
                return crate::story::piece(&visit, &key, id, Some(&warn)).await;
            }
            story(&visit, &key, id, "web-said-saved").await
        }
        "delete" => {
            company.delete_comment(actor, &key, id, comment).await?;
            story(&visit, &key, id, "web-said-deleted").await
        }
        "resolve" => {
            company.resolve_comment(actor, &key, id, comment, sent.get("open") != "1").await?;
            story(&visit, &key, id, "").await
        }
        "react" => {
            company.react(actor, &key, id, comment, sent.get("emoji")).await?;
            story(&visit, &key, id, "").await
        }
        _ => Err(not_found()),
    }
}

/// `GET /{object}/{id}/comments/{comment}/wordings`: what it said before.
pub async fn wordings(visit: Visit, Path((key, id, comment)): Place3) -> Reply {
    let object = visit.object(&key)?;
    let (id, comment) = ids(&id, &comment)?;
    let record = visit.company.get(&visit.actor, &key, id).await?;
    let all = visit.company.comments(&visit.actor, &key, id).await?;
    let now = all.iter().find(|c| c.id == comment).ok_or_else(not_found)?;
    let before = visit.company.wordings(&visit.actor, &key, id, comment).await?;
    let mut conn = visit.company.db().read().await?;
    let names = visit.company.mention_names(&mut conn, &visit.actor, before.iter().map(|w| w.body.as_str()).chain([now.body.as_str()])).await?;
    drop(conn);
    let titles = Shown::of(&names, visit.actor.lang());
    let cx = visit.cx(&titles);
    let title = cx.t("web-comment-wordings");
    let current = (now.edited_at.unwrap_or(now.at), now.body.clone());
    let rows: Vec<(kernel::jiff::Timestamp, String)> = std::iter::once(current).chain(before.into_iter().rev().map(|w| (w.at, w.body))).collect();
    let body = html! { div class="stack" {
        @for (at, text) in &rows { div class="comment" { time class="muted small" datetime=(at) { (cx.datetime(*at)) } (words(text, &cx)) } }
        div { (button(cx.t("web-back")).href(format!("/{key}/{id}#comment-{comment}"))) }
    } };
    Ok(visit.page(&title, &ui::shell::simple_page(&title, &crate::list::title(&object, &record, cx.lang()), &html! {}, &body)))
}

/// `GET /-/mention?q=…&at=/party/ID`: people and teams by name in either script; who may not see the record is marked.
pub async fn lookup(visit: Visit) -> Reply {
    let none = Shown::default();
    let cx = visit.cx(&none);
    let typed = visit.param("q");
    let mut place = visit.param("at").split('/').filter(|p| !p.is_empty());
    let at = place.next().map(str::to_owned).zip(place.next().and_then(|i| i.parse::<Uuid>().ok()));
    let mut found = Vec::new();
    for kind in mention::KINDS {
        if visit.registry.find(kind).is_none_or(|o| !visit.actor.may(o, &kernel::Verb::Read)) {
            continue;
        }
        for hit in visit.company.lookup(&visit.actor, kind, typed, 6).await? {
            if hit.record.get("active").bool() != Some(false) {
                found.push((kind, hit));
            }
        }
    }
    let mut blind = Vec::new();
    if let Some((object, record)) = &at {
        for (_, hit) in found.iter().filter(|(kind, _)| *kind == "user") {
            let reader = visit.company.load_actor(hit.id).await?;
            let reads = match reader {
                Some(reader) => visit.company.get(&reader, object, *record).await.is_ok(),
                None => false,
            };
            if !reads {
                blind.push(hit.id);
            }
        }
    }
    Ok(visit.piece(html! {
        @for (kind, hit) in &found {
            @let name = hit.title.get(cx.lang());
            div class="listbox-option" role="option" data-value={ (kind) ":" (hit.id) } data-title=(name) {
                @if *kind == "team" { (icon("users")) } @else { (avatar(name, "sm")) }
                bdi class="clip" { (name) }
                @if blind.contains(&hit.id) { small class="muted" { (cx.t("web-mention-blind")) } }
                @else if *kind == "team" { small class="muted" { (cx.t("web-mention-team")) } }
            }
        }
        @if found.is_empty() { p class="listbox-note" { (cx.t("ui-nothing-found")) } }
    }))
}

/// `POST /{object}/{id}/follow`: `yes=1` or `yes=0`.
pub async fn follow(visit: Visit, Path((key, id)): Path<(String, String)>, sent: Sent) -> Reply {
    visit.object(&key)?;
    let id: Uuid = id.parse().map_err(|_| not_found())?;
    let yes = sent.get("yes") != "0";
    visit.company.follow(&visit.actor, &key, id, yes).await?;
    Ok(visit.go(&format!("/{key}/{id}"), if yes { "web-said-following" } else { "web-said-not-following" }))
}
