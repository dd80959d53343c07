//! `/sales/first-touch`: how quickly leads are touched, by owner, of those that came within the last days; each figure opens
//! its list.

use crate::lead::KEY;
use crate::view::{list, percent_of, view};
use engine::{Page, PageCx, Place, Query};
use futures::future::BoxFuture;
use kernel::expr::Op;
use kernel::jiff::SignedDuration;
use kernel::uuid::Uuid;
use kernel::{Expr, Outcome, Value, Verb, label};
use maud::html;
use std::collections::{BTreeMap, BTreeSet};
use ui::cx::Titles;

const DAYS: i64 = 30;
const STATES: [&str; 4] = ["met", "missed", "running", "held"];

pub fn page() -> Page {
    Page::new("sales", "first-touch", label("سرعة أول تواصل", "Speed of the first touch"), "clock", render)
        .at(Place::Hidden)
        .may(|actor, registry| registry.find(KEY).is_some_and(|o| actor.may(o, &Verb::Read)))
}

fn render(page: PageCx) -> BoxFuture<'static, Outcome<engine::Answer>> {
    Box::pin(async move {
        let (company, actor) = (&page.company, &page.actor);
        let registry = company.registry();
        let object = registry.object(KEY)?;
        let since = company.now().saturating_sub(SignedDuration::from_hours(24 * DAYS)).unwrap_or_default();
        let recent = || Expr::path("created_at").cmp(Op::Ge, Expr::lit(since));
        let mut by: BTreeMap<Option<Uuid>, [i64; 4]> = BTreeMap::new();
        for (n, state) in STATES.iter().enumerate() {
            let query = Query::new(KEY).filter(recent().and(Expr::path("touch_state").eq(Expr::lit(*state))));
            for group in company.groups(actor, &query, "owner", &[]).await? {
                if let Some(cell) = by.entry(group.value.id()).or_default().get_mut(n) {
                    *cell = group.count;
                }
            }
        }
        let touched = object.get("touch_time").into_iter().collect::<Vec<_>>();
        let query = Query::new(KEY).filter(recent().and(Expr::parse("touch_time != null")?));
        let mut times: BTreeMap<Option<Uuid>, i64> = BTreeMap::new();
        for group in company.groups(actor, &query, "owner", &touched).await? {
            let sum = group.sums.iter().find(|(f, _)| f == "touch_time").and_then(|(_, v)| v.int());
            times.extend(sum.map(|s| (group.value.id(), s / group.count.max(1))));
        }
        let wanted = BTreeMap::from([("user".to_owned(), by.keys().flatten().copied().collect::<BTreeSet<_>>())]);
        let mut conn = company.db().read().await?;
        let titles: Titles = company.titles(&mut conn, actor, &wanted).await?.into_iter().map(|(id, n)| (id, n.get(actor.lang()).to_owned())).collect();
        drop(conn);
        let cx = view(&page, &titles);
        let title = cx.t("sales-first-touch");
        let behind = |owner: Option<Uuid>, state: &str| list(&cx, KEY, &recent().and(Expr::path("touch_state").eq(Expr::lit(state))).and(Expr::path("owner").eq(Expr::lit(Value::from(owner)))));
        let body = if by.is_empty() {
            ui::mark::empty(ui::mark::Empty::Quiet, &cx.t("sales-first-touch-none"), &cx.t("sales-first-touch-none-text"), &html! {})
        } else {
            html! { div class="table-wrap" { table class="grid territories" {
                thead { tr {
                    th scope="col" { (cx.t("sales-territory-owner")) }
                    @for state in STATES { th scope="col" class="num" { (cx.t(&format!("sales-first-touch-{state}"))) } }
                    th scope="col" class="num" { (cx.t("sales-first-touch-share")) }
                    th scope="col" class="num" { (cx.t("sales-first-touch-mean")) }
                } }
                tbody { @for (owner, counts) in &by { tr {
                    th scope="row" { @match owner { Some(id) => bdi { (cx.title_of(*id)) }, None => span class="muted" { (cx.t("sales-first-touch-nobody")) } } }
                    @for (state, n) in STATES.iter().zip(counts) { td class="num" { a href=(behind(*owner, state)) { (cx.num(*n)) } } }
                    @let [met, missed, ..] = *counts;
                    td class="num" { @if let Some(share) = percent_of(met, met + missed) { (cx.percent(share)) } }
                    td class="num" { @if let Some(mean) = times.get(owner) { (cx.duration(*mean)) } }
                } } }
            } } }
        };
        Ok(ui::shell::simple_page(&title, &cx.tf("sales-first-touch-about", &[("count", DAYS.into())]), &html! {}, &body).into_string().into())
    })
}
