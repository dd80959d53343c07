//! Entries of a time line as they are shown: who did what, with what unfolds below it.

use crate::visit::Visit;
use engine::Card;
use engine::timeline::{Entry, Timeline};
use kernel::{Field, Object, Record, Value, parse};
use maud::{Markup, PreEscaped, html};
use serde_json::Value as Json;
use std::collections::HashMap;
use ui::cx::ViewCx;
use ui::timeline::{Happening, diff};
use uuid::Uuid;

/// What all entries of a page share.
pub struct Telling<'a> {
    pub visit: &'a Visit,
    pub object: &'a Object,
    pub record: &'a Record,
    pub line: &'a Timeline,
    pub cards: &'a HashMap<Uuid, Card>,
    pub cx: &'a ViewCx<'a>,
}

/// Changes by one person of one record that follow each other within this time are one entry.
const RUN: i64 = 3_600;

impl Telling<'_> {
    /// The entries in order, runs of small changes as one.
    pub fn all(&self) -> Vec<Happening> {
        let mut out = Vec::new();
        let entries = &self.line.entries;
        let mut i = 0;
        while let Some(e) = entries.get(i) {
            let run = entries.iter().skip(i).take_while(|n| n.kind == "updated" && self.same_run(e, n)).count().max(1);
            let part = entries.get(i..i + run).unwrap_or_default();
            out.extend(if run > 1 { self.run(part) } else { self.one(e) });
            i += run;
        }
        out
    }

    fn same_run(&self, first: &Entry, next: &Entry) -> bool {
        first.kind == "updated"
            && (first.record_id, first.actor) == (next.record_id, next.actor)
            && first.at.as_second() - next.at.as_second() <= RUN
            && self.cx.civil(first.at) == self.cx.civil(next.at)
    }

    fn who(&self, id: Option<Uuid>) -> Markup {
        let name = id.map(|id| self.cx.title_of(id).to_owned()).filter(|n| !n.is_empty());
        html! { bdi class="strong" { (name.unwrap_or_else(|| self.cx.t("web-system"))) } }
    }

    /// Several changes: of each field what it was before the first and what it is after the last.
    fn run(&self, part: &[Entry]) -> Option<Happening> {
        let newest = part.first()?;
        let declared = self.visit.registry.find(&newest.object)?;
        let mut all: Vec<(Field, Value, Value)> = Vec::new();
        for e in part.iter().rev() {
            for (f, before, after) in changes(self.visit, declared, &e.data) {
                match all.iter_mut().find(|(known, ..)| known.key == f.key) {
                    Some((_, _, last)) => *last = after,
                    None => all.push((f, before, after)),
                }
            }
        }
        all.retain(|(_, a, b)| a != b);
        if all.is_empty() {
            return None;
        }
        let refs: Vec<(&Field, Value, Value)> = all.iter().map(|(f, a, b)| (f, a.clone(), b.clone())).collect();
        let said = self.cx.tf("web-did-change-fields", &[("n", i64::try_from(refs.len()).unwrap_or(0).into())]);
        let line = html! { (self.who(newest.actor)) " " (said) @if newest.record_id != self.record.id { " " (self.link(declared, newest)) } };
        let few = refs.len() <= 2;
        let mut h = Happening::new(newest.at, "pencil", "grey", line);
        if few { h.detail = Some(diff(&refs, self.cx)) } else { h.more = Some(diff(&refs, self.cx)) }
        Some(h)
    }

    fn link(&self, declared: &Object, e: &Entry) -> Markup {
        let title = self.line.records.get(&e.record_id).map(|r| crate::list::title(declared, r, self.cx.lang())).unwrap_or_default();
        html! { a href=(self.cx.record_url(&e.object, e.record_id)) { bdi { (title) } } }
    }

    fn one(&self, e: &Entry) -> Option<Happening> {
        let cx = self.cx;
        let about = self.line.records.get(&e.record_id)?;
        let declared = self.visit.registry.find(&e.object)?;
        let own = e.record_id == self.record.id;
        let who = self.who(e.actor);
        let link = self.link(declared, e);
        let did = |word: &str| html! { (who) " " (cx.t(word)) @if !own { " " (link) } };
        Some(match e.kind.as_str() {
            "comment" => {
                let thread = self.line.threads.get(&e.comment()?)?;
                let mut h = Happening::new(e.at, "message-square", "amber", html! { (who) " " (cx.t("web-did-comment")) });
                h.detail = Some(crate::comments::thread(self.visit, self.object, self.record, thread, cx));
                h.anchor = format!("comment-{}", e.comment()?);
                h
            }
            "file" => {
                let name = e.data.get("name").and_then(Json::as_str).unwrap_or_default();
                let id = e.data.get("file").and_then(Json::as_str).and_then(|i| i.parse::<Uuid>().ok());
                let file = html! { @if let Some(id) = id { a href=(cx.file_url(id)) { bdi { (name) } } } @else { bdi { (name) } } };
                let version = e.data.get("version").and_then(Json::as_i64).unwrap_or(1);
                let word = if version > 1 { "web-did-file-version" } else { "web-did-file" };
                let line = html! { (who) " " (cx.t(word)) " " (file) @if version > 1 { " " span class="muted" { (cx.tf("web-file-version", &[("n", version.into())])) } } };
                Happening::new(e.at, "paperclip", "grey", line)
            }
            "created" if own => Happening::new(e.at, &declared.icon, "teal", did("web-did-create")),
            "created" => self.card(e, declared, about, &link),
            "updated" => {
                let changes = changes(self.visit, declared, &e.data);
                if changes.is_empty() {
                    return None;
                }
                let refs: Vec<(&Field, Value, Value)> = changes.iter().map(|(f, a, b)| (f, a.clone(), b.clone())).collect();
                Happening::new(e.at, "pencil", "grey", did("web-did-change")).detail(Some(diff(&refs, cx)))
            }
            "deleted" => Happening::new(e.at, "trash-2", "red", did("web-did-delete")),
            "restored" => Happening::new(e.at, "rotate-ccw", "green", did("web-did-restore")),
            "merged" | "unmerged" => {
                let changes = changes(self.visit, declared, e.data.get("changes").unwrap_or(&Json::Null));
                let refs: Vec<(&Field, Value, Value)> = changes.iter().map(|(f, a, b)| (f, a.clone(), b.clone())).collect();
                let word = if e.kind == "merged" { "merge-did" } else { "merge-did-undo" };
                Happening::new(e.at, "merge", "blue", did(word)).detail((!refs.is_empty()).then(|| diff(&refs, cx)))
            }
            other => {
                let verb = other.rsplit('.').next().unwrap_or(other);
                let key = format!("{}-{}", declared.module, other.replace(['.', '_'], "-"));
                let action = self.visit.company.actions(&e.object).find(|a| other.ends_with(a.key) || a.key.starts_with(verb) || verb.starts_with(a.key));
                let words = if text::i18n::has(&key) { cx.t(&key) } else { action.map_or_else(|| other.to_owned(), |a| cx.label(&a.label).to_owned()) };
                Happening::new(e.at, action.map_or("zap", |a| a.icon), "blue", html! { (who) " · " (words) @if !own { " " (link) } })
            }
        })
    }

    /// A record that came: as its module draws it, or with its first fields; the others unfold.
    fn card(&self, e: &Entry, declared: &Object, about: &Record, link: &Markup) -> Happening {
        let cx = self.cx;
        let none = Card::default();
        let card = self.cards.get(&e.record_id).unwrap_or(&none);
        let small = if card.line.is_empty() { subtitle(self.visit, declared, about, cx) } else { html! { (PreEscaped(&card.line)) } };
        let who = e.actor.map(|id| cx.title_of(id)).filter(|n| !n.is_empty());
        let line = html! {
            (cx.label(&declared.label)) " " (link) @if !small.0.is_empty() { " · " (small) }
            @if let Some(who) = who { " " span class="muted" { "· " bdi { (who) } } }
        };
        let mut h = Happening::new(e.at, if card.icon.is_empty() { declared.icon.as_str() } else { card.icon.as_str() }, "teal", line);
        h.detail = (!card.body.is_empty()).then(|| html! { (PreEscaped(&card.body)) });
        h.more = if card.more.is_empty() { self.fields(declared, about) } else { Some(html! { (PreEscaped(&card.more)) }) };
        h.actions = card.actions.iter().map(|a| (cx.label(&a.label).to_owned(), a.icon, a.href.clone())).collect();
        h
    }

    /// What the reader may see of a record beside its title, unfolded.
    fn fields(&self, declared: &Object, about: &Record) -> Option<Markup> {
        let seen = |f: &&Field| f.key != declared.title && self.visit.actor.sees(&declared.key, &f.key) && !about.get(&f.key).is_blank();
        let own = |f: &&Field| !f.timeline && !matches!(f.kind, kernel::Kind::File | kernel::Kind::Image | kernel::Kind::Json);
        let shown: Vec<&Field> = declared.fields.iter().filter(seen).filter(own).take(12).collect();
        (!shown.is_empty()).then(|| {
            html! { dl class="facts timeline-facts" { @for f in shown { div class={ "fact" @if ui::input::is_wide(&f.kind) { " wide" } } {
                dt { (self.cx.label(&f.label)) } dd { (ui::cell::detail(f, about.get(&f.key), self.cx)) }
            } } } }
        })
    }
}

/// The first filled list fields of a record beside its title.
fn subtitle(visit: &Visit, object: &Object, record: &Record, cx: &ViewCx<'_>) -> Markup {
    let fields: Vec<(String, Value)> = engine::search::subtitle(object, record);
    html! { @for (i, (key, value)) in fields.iter().enumerate() {
        @if let Some(f) = object.get(key).filter(|f| visit.actor.sees(&object.key, &f.key)) { @if i > 0 { " · " } (ui::cell::cell(f, value, cx)) }
    } }
}

/// Changed fields with their values before and after, those the reader may see.
pub fn changes(visit: &Visit, object: &Object, data: &Json) -> Vec<(Field, Value, Value)> {
    let Json::Object(map) = data else { return Vec::new() };
    let ctx = visit.ctx();
    map.iter()
        .filter_map(|(key, pair)| {
            if let Some(system) = key.strip_prefix("external.") {
                let at = |i: usize| pair.get(i).and_then(Json::as_str).map_or(Value::Null, Value::from);
                return Some((Field::new(key.clone(), kernel::Kind::text(), crate::external::label(system)), at(0), at(1)));
            }
            let f = object.get(key).filter(|f| visit.actor.sees(&object.key, &f.key))?;
            let at = |i: usize| parse::from_json(f.kind.stored(), pair.get(i).unwrap_or(&Json::Null), &ctx).unwrap_or_default();
            Some((f.clone(), at(0), at(1)))
        })
        .collect()
}
