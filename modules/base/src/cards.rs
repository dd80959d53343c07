//! How contacts stand on the time line of a customer, and what can be done there.

use engine::{Actor, Card, CardAction, PageCx, QuickAction, TimelineCard};
use futures::future::BoxFuture;
use kernel::uuid::Uuid;
use kernel::{Outcome, Record, Registry, Value, Verb, label};
use std::collections::{BTreeMap, BTreeSet, HashMap};

pub fn cards() -> Vec<TimelineCard> {
    vec![TimelineCard { object: "interaction", render: |cx, records| -> BoxFuture<'static, Outcome<HashMap<Uuid, Card>>> { Box::pin(interactions(cx, records)) } }]
}

/// A call, a meeting or a note is written down from where the customer is.
pub fn quick() -> Vec<QuickAction> {
    vec![
        QuickAction { object: "party", label: label("تسجيل مكالمة", "Log a call"), icon: "phone", href: |a, r, p| new(a, r, p, "call") },
        QuickAction { object: "party", label: label("تسجيل اجتماع", "Log a meeting"), icon: "users", href: |a, r, p| new(a, r, p, "meeting") },
        QuickAction { object: "party", label: label("ملاحظة", "Note"), icon: "pencil", href: |a, r, p| new(a, r, p, "other") },
    ]
}

fn new(actor: &Actor, registry: &Registry, party: &Record, channel: &str) -> Option<String> {
    let object = registry.find("interaction").filter(|o| actor.may(o, &Verb::Create))?;
    Some(format!("/{}/new?party={}&channel={channel}", object.key, party.id))
}

/// Channel and direction in the line, what was said below it, who took part and what follows when unfolded.
async fn interactions(cx: PageCx, records: Vec<Record>) -> Outcome<HashMap<Uuid, Card>> {
    let registry = cx.company.registry();
    let object = registry.object("interaction")?;
    let lang = cx.actor.lang();
    let mut people: BTreeMap<String, BTreeSet<Uuid>> = BTreeMap::new();
    for r in &records {
        for (field, target) in [("colleagues", "user"), ("contacts", "party")] {
            if let Value::Ids(ids) = r.get(field) {
                people.entry(target.into()).or_default().extend(ids);
            }
        }
    }
    let mut conn = cx.company.db().read().await?;
    let names = cx.company.titles(&mut conn, &cx.actor, &people).await?;
    drop(conn);
    let choice = |r: &Record, key: &str| {
        let options = object.get(key).map(|f| f.kind.options()).unwrap_or_default();
        r.get(key).text().and_then(|t| options.iter().find(|o| o.key == t)).map(|o| (o.key.clone(), o.label.get(lang).to_owned()))
    };
    let mut cards = HashMap::new();
    for r in &records {
        let channel = choice(r, "channel").unwrap_or_default();
        let mut line: Vec<String> = [channel.1, choice(r, "direction").map(|d| d.1).unwrap_or_default(), choice(r, "outcome").map(|o| o.1).unwrap_or_default()].into();
        line.retain(|w| !w.is_empty());
        let notes = r.get("notes").text().unwrap_or_default();
        let body = maud::html! { @if !notes.is_empty() { p class="clip-lines" dir="auto" { (short(notes)) } } };
        let took_part: Vec<&str> = ["colleagues", "contacts"]
            .iter()
            .filter_map(|f| if let Value::Ids(ids) = r.get(f) { Some(ids) } else { None })
            .flatten()
            .filter_map(|id| names.get(id).map(|n| n.get(lang)))
            .collect();
        let next = r.get("next_action").text().unwrap_or_default();
        let comma = cx.actor.locale.pick("، ", ", ");
        let more = maud::html! {
            @if notes.chars().count() > SHORT { p class="prose" dir="auto" style="white-space:pre-line" { (notes) } }
            @if !took_part.is_empty() { p { span class="muted" { (text::i18n::t(cx.actor.locale.lang, "base-took-part")) " " } @for (i, n) in took_part.iter().enumerate() { @if i > 0 { (comma) } bdi { (n) } } } }
            @if !next.is_empty() { p { span class="muted" { (text::i18n::t(cx.actor.locale.lang, "base-next-step")) " " } bdi { (next) } } }
        };
        let mut actions = Vec::new();
        if !next.is_empty() && cx.actor.may(object, &Verb::Update) {
            actions.push(CardAction { label: label("تعديل المتابعة", "Change the follow-up"), icon: "pencil", href: format!("/interaction/{}/edit", r.id) });
        }
        cards.insert(r.id, Card { icon: interaction_icon(&channel.0).into(), line: maud::html! { (line.join(" · ")) }.into_string(), body: body.into_string(), more: more.into_string(), actions });
    }
    Ok(cards)
}

const SHORT: usize = 220;

fn short(text: &str) -> String {
    if text.chars().count() <= SHORT { text.to_owned() } else { text.chars().take(SHORT).chain(['…']).collect() }
}

fn interaction_icon(channel: &str) -> &'static str {
    match channel {
        "call" => "phone",
        "meeting" | "visit" => "users",
        "mail" | "letter" | "fax" => "mail",
        _ => "message-square",
    }
}
