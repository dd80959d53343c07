//! Whom a party is tied to, as a small drawing on its page: what it is to others on one side, what others are to it on
//! the other; and the tree of a group of companies with what each branch and all of it brings.
//!
//! Drawn by the server, mirrored for readers of Arabic. Each tie is a link with a name of its own; on a narrow screen
//! the same ties stand as a list.

use crate::relationship::inverse;
use crate::view::view;
use engine::load::title_of;
use engine::{Count, PageCx, Panel, Query};
use futures::future::BoxFuture;
use kernel::uuid::Uuid;
use kernel::{Expr, Label, Money, Outcome, Record, Value, Verb, label};
use maud::{Markup, html};
use std::collections::{BTreeMap, BTreeSet};
use ui::cx::{Titles, ViewCx};

pub fn panels() -> Vec<Panel> {
    vec![
        Panel { object: "party", key: "network", label: label("شبكة العلاقات", "Relationships at a glance"), render: network },
        Panel { object: "party", key: "group", label: label("شجرة المجموعة", "Group of companies"), render: group },
    ]
}

/// Ties drawn on one side.
const DRAWN: usize = 7;
/// Records of the tree.
const BRANCHES: usize = 80;
/// Levels of the tree, up and down.
const LEVELS: usize = 8;

/// One tie to another party.
struct Tie {
    other: Uuid,
    name: String,
    /// Works at, employs …
    what: String,
    /// The role in it, and whether he is the one to call first.
    role: String,
    primary: bool,
    over: bool,
}

fn network(page: PageCx, id: Uuid) -> BoxFuture<'static, Outcome<String>> {
    Box::pin(async move {
        let registry = page.company.registry();
        let Some(object) = registry.find("relationship") else { return Ok(String::new()) };
        let party = page.company.get(&page.actor, "party", id).await?;
        let lang = page.actor.lang();
        let (mut to, mut from) = (Vec::new(), Vec::new());
        if page.actor.may(object, &Verb::Read) && ["party", "other", "kind"].iter().all(|f| page.actor.sees("relationship", f)) {
            let either = Expr::path("party").eq(Expr::lit(id)).or(Expr::path("other").eq(Expr::lit(id)));
            let query = Query { count: Count::None, ..Query::new("relationship").filter(either).limit(60) };
            let found = page.company.list(&page.actor, &query).await?;
            let day = page.company.env(&page.actor).today;
            for r in &found.records {
                let out = r.get("party").id() == Some(id);
                let Some(other) = r.get(if out { "other" } else { "party" }).id() else { continue };
                // Whom the reader may not see has no name here.
                let Some(name) = found.titles.get(&other) else { continue };
                let kind = r.get("kind").text().unwrap_or_default();
                let said = object.get("kind").and_then(|f| f.kind.options().iter().find(|o| o.key == kind)).map(|o| o.label.clone());
                let what = if out { said.unwrap_or_default() } else { inverse(kind) };
                let tie = Tie {
                    other,
                    name: name.get(lang).to_owned(),
                    what: what.get(lang).to_owned(),
                    role: r.get("role").text().unwrap_or_default().to_owned(),
                    primary: r.get("primary").bool() == Some(true),
                    over: r.get("until").date().is_some_and(|d| d < day),
                };
                if out { to.push(tie) } else { from.push(tie) }
            }
        }
        let (above, below) = kin(&page, &party).await?;
        to.splice(0..0, above);
        from.extend(below);
        if to.is_empty() && from.is_empty() {
            return Ok(String::new());
        }
        for side in [&mut to, &mut from] {
            side.sort_by_key(|t| (t.over, !t.primary));
        }
        let titles = Titles::new();
        let cx = view(&page, &titles);
        let name = party.get("name").name().map(|n| n.get(lang).to_owned()).unwrap_or_default();
        let body = html! {
            div class="network" {
                (drawing(&name, &to, &from, &cx))
                div class="network-list" { (listed(&to, &cx)) (listed(&from, &cx)) }
            }
        };
        Ok(body.into_string())
    })
}

/// The parent above and the members below, as ties.
async fn kin(page: &PageCx, party: &Record) -> Outcome<(Vec<Tie>, Vec<Tie>)> {
    if !page.actor.sees("party", "parent") {
        return Ok((Vec::new(), Vec::new()));
    }
    let registry = page.company.registry();
    let object = registry.object("party")?;
    let lang = page.actor.lang();
    let tie = |r: &Record, what: Label| Tie {
        other: r.id,
        name: title_of(object, r).get(lang).to_owned(),
        what: what.get(lang).to_owned(),
        role: r.get("job_title").text().unwrap_or_default().to_owned(),
        primary: false,
        over: false,
    };
    let above = match party.get("parent").id() {
        Some(id) => page.company.get(&page.actor, "party", id).await.ok().map(|r| tie(&r, label("الجهة الأم", "Parent organisation"))),
        None => None,
    };
    let members = Query { count: Count::None, ..Query::new("party").filter(Expr::path("parent").eq(Expr::lit(party.id))).limit(20) };
    let below = page.company.list(&page.actor, &members).await?.records;
    let what = |r: &Record| if r.get("kind").text() == Some("person") { label("من منسوبيها", "Member") } else { label("فرع أو شركة تابعة", "Branch or subsidiary") };
    Ok((above.into_iter().collect(), below.iter().map(|r| tie(r, what(r))).collect()))
}

const WIDTH: i32 = 760;
const BOX: i32 = 220;
const ROW: i32 = 62;
const TALL: i32 = 48;

/// Left edge of a box that stands `x` from the start of the line.
fn place(x: i32, rtl: bool) -> i32 {
    if rtl { WIDTH - x - BOX } else { x }
}

fn drawing(name: &str, to: &[Tie], from: &[Tie], cx: &ViewCx<'_>) -> Markup {
    let rtl = cx.lang() == "ar";
    let rows = i32::try_from(to.len().min(DRAWN).max(from.len().min(DRAWN)).max(1)).unwrap_or(1);
    let height = rows * ROW + 8;
    let middle = height / 2;
    let centre = (WIDTH - BOX) / 2;
    let ties = |side: &[Tie], start: bool| {
        let n = i32::try_from(side.len().min(DRAWN)).unwrap_or_default();
        let top = (height - n * ROW) / 2;
        html! { @for (i, t) in side.iter().take(DRAWN).enumerate() {
            @let y = top + i32::try_from(i).unwrap_or_default() * ROW + (ROW - TALL) / 2;
            @let x = place(if start { 0 } else { WIDTH - BOX }, rtl);
            (wire(x, y + TALL / 2, place(centre, rtl), middle, t.over))
            (node(t, x, y, cx))
        } }
    };
    html! {
        svg class="network-map" viewBox={ "0 0 " (WIDTH) " " (height) } role="group" aria-label=(cx.tf("base-network-of", &[("name", name.into())])) {
            (ties(from, true))
            (ties(to, false))
            rect class="network-centre" x=(place(centre, rtl)) y=(middle - TALL / 2) width=(BOX) height=(TALL) rx="10" {}
            text class="network-name" x=(place(centre, rtl) + BOX / 2) y=(middle + 5) text-anchor="middle" { (short(name, 24)) }
        }
    }
}

/// A curve from the edge of a box to that of the middle one.
fn wire(x: i32, y: i32, centre: i32, middle: i32, over: bool) -> Markup {
    let (a, b) = if x < centre { (x + BOX, centre) } else { (x, centre + BOX) };
    let half = (a + b) / 2;
    html! { path class={ "network-wire" @if over { " over" } } d={ "M" (a) " " (y) " C" (half) " " (y) " " (half) " " (middle) " " (b) " " (middle) } {} }
}

fn node(t: &Tie, x: i32, y: i32, cx: &ViewCx<'_>) -> Markup {
    let what = told(t);
    html! {
        a href=(cx.record_url("party", t.other)) aria-label={ (what) ": " (t.name) } {
            title { (what) ": " (t.name) }
            rect class={ "network-box" @if t.over { " over" } @if t.primary { " primary" } } x=(x) y=(y) width=(BOX) height=(TALL) rx="10" {}
            text class="network-name" x=(x + BOX / 2) y=(y + 20) text-anchor="middle" { (short(&t.name, 26)) }
            text class="network-what" x=(x + BOX / 2) y=(y + 37) text-anchor="middle" { (short(&what, 34)) }
        }
    }
}

fn told(t: &Tie) -> String {
    if t.role.is_empty() { t.what.clone() } else { format!("{} · {}", t.what, t.role) }
}

fn short(text: &str, most: usize) -> String {
    if text.chars().count() <= most { text.to_owned() } else { text.chars().take(most - 1).chain(['…']).collect() }
}

fn listed(ties: &[Tie], cx: &ViewCx<'_>) -> Markup {
    html! { @if !ties.is_empty() { ul { @for t in ties {
        li { a href=(cx.record_url("party", t.other)) { bdi { (t.name) } } span class="muted small" { (told(t)) @if t.primary { " · " (cx.t("base-primary-contact")) } } }
    } } } }
}

/// A branch of the tree with what it brings by itself.
struct Branch {
    record: Record,
    own: Option<Money>,
}

fn group(page: PageCx, id: Uuid) -> BoxFuture<'static, Outcome<String>> {
    Box::pin(async move {
        if !page.actor.sees("party", "parent") {
            return Ok(String::new());
        }
        let mut top = page.company.get(&page.actor, "party", id).await?;
        for _ in 0..LEVELS {
            let Some(above) = top.get("parent").id() else { break };
            // What stands above and may not be seen is not there.
            let Ok(found) = page.company.get(&page.actor, "party", above).await else { break };
            top = found;
        }
        let (tree, root) = branches(&page, top).await?;
        // People with their employer are no group: there are other companies in it.
        if tree.values().filter(|b| b.record.get("kind").text() == Some("organisation")).count() < 2 {
            return Ok(String::new());
        }
        let titles = Titles::new();
        let cx = view(&page, &titles);
        let mut below: BTreeMap<Uuid, Vec<Uuid>> = BTreeMap::new();
        for (child, b) in &tree {
            if let Some(parent) = b.record.get("parent").id().filter(|p| tree.contains_key(p) && *child != root) {
                below.entry(parent).or_default().push(*child);
            }
        }
        let body = html! { ul class="tree" { (branch(root, id, &tree, &below, &cx, 0)) } };
        Ok(body.into_string())
    })
}

async fn branches(page: &PageCx, top: Record) -> Outcome<(BTreeMap<Uuid, Branch>, Uuid)> {
    let money = page.actor.sees("party", "revenue");
    let make = |record: Record| Branch { own: record.get("revenue").money().filter(|_| money).cloned(), record };
    let root = top.id;
    let mut tree = BTreeMap::from([(root, make(top))]);
    let mut level = vec![root];
    for _ in 0..LEVELS {
        let under = level.iter().map(|id| Expr::path("parent").eq(Expr::lit(*id))).reduce(Expr::or);
        let Some(under) = under.filter(|_| tree.len() < BRANCHES) else { break };
        let query = Query { count: Count::None, ..Query::new("party").filter(under).limit(BRANCHES) };
        let found = page.company.list(&page.actor, &query).await?.records;
        level = found.iter().map(|r| r.id).filter(|id| !tree.contains_key(id)).collect();
        tree.extend(found.into_iter().map(|r| (r.id, make(r))));
    }
    Ok((tree, root))
}

/// All that a branch and those below it bring.
fn rolled(id: Uuid, tree: &BTreeMap<Uuid, Branch>, below: &BTreeMap<Uuid, Vec<Uuid>>, seen: &mut BTreeSet<Uuid>) -> Option<Money> {
    if !seen.insert(id) {
        return None;
    }
    let own = tree.get(&id).and_then(|b| b.own.clone());
    below.get(&id).into_iter().flatten().fold(own, |sum, child| match (sum, rolled(*child, tree, below, seen)) {
        (Some(a), Some(b)) if a.currency == b.currency => Some(Money::new(a.minor.saturating_add(b.minor), a.currency)),
        (a, b) => a.or(b),
    })
}

fn branch(id: Uuid, here: Uuid, tree: &BTreeMap<Uuid, Branch>, below: &BTreeMap<Uuid, Vec<Uuid>>, cx: &ViewCx<'_>, level: usize) -> Markup {
    let Some(b) = tree.get(&id).filter(|_| level <= LEVELS) else { return html! {} };
    let name = match b.record.get("name") {
        Value::Name(n) => n.get(cx.lang()).to_owned(),
        _ => String::new(),
    };
    let children = below.get(&id);
    let all = children.and_then(|_| rolled(id, tree, below, &mut BTreeSet::new()));
    html! {
        li {
            div class="tree-row" aria-current=[(id == here).then_some("page")] {
                a href=(cx.record_url("party", id)) { bdi { (name) } }
                @if let Some(job) = b.record.get("job_title").text() { span class="muted small" { (job) } }
                span class="tree-figures" {
                    @if let Some(own) = b.own.as_ref().filter(|m| m.minor != 0 || children.is_none()) { span class="fig muted" title=(cx.t("base-tree-own")) { (cx.money(own)) } }
                    @if let Some(all) = &all { strong class="fig" title=(cx.t("base-tree-all")) { (cx.money(all)) } }
                }
            }
            @if let Some(children) = children { ul { @for c in children { (branch(*c, here, tree, below, cx, level + 1)) } } }
        }
    }
}
