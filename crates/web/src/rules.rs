//! Administration: what the company asks of those who sign in, and who has a second step.

use crate::address::address;
use crate::admin::{guard, page};
use crate::refusal::{Reply, not_found};
use crate::sent::Sent;
use crate::sign::{loose, with_status};
use crate::visit::{Shown, Visit};
use axum::extract::Path;
use axum::response::Response;
use engine::settings::{Second, SignIn};
use engine::{Count, Query, Settings};
use kernel::{Cell, ColumnType, Fault, FaultKind, Issue, Outcome};
use maud::{Markup, Render, html};
use std::collections::HashMap;
use ui::button::button;
use ui::record::padded_block;
use ui::table::plain_table;
use uuid::Uuid;

/// `GET /admin/sign-in`
pub async fn show(visit: Visit) -> Reply {
    guard(&visit)?;
    let rules = visit.company.settings().sign_in.clone();
    Ok(draw(&visit, &rules, &rules.from.join("\n"), None).await?)
}

async fn draw(visit: &Visit, rules: &SignIn, from: &str, fault: Option<&Fault>) -> Outcome<Response> {
    let none = Shown::default();
    let cx = visit.cx(&none);
    let number = |name: &'static str, word: &'static str, value: i64, min: i64, max: i64| {
        html! { label class="pair-label" { span { (cx.t(word)) } input class="input" type="number" name=(name) value=(value) min=(min) max=(max) dir="ltr" required; } }
    };
    let second = [(Second::Nobody, "nobody", "sign-rules-nobody"), (Second::Administrators, "administrators", "sign-rules-administrators"), (Second::Everybody, "everybody", "sign-rules-everybody")];
    let shortest = i64::try_from(rules.shortest).unwrap_or(10);
    let form = html! {
        form class="stack" method="post" action="/admin/sign-in" {
            (loose(fault, &[], &cx))
            div class="pair" {
                label class="pair-label" { span { (cx.t("sign-rules-second")) }
                    select class="select" name="second" { @for (rule, key, word) in second { option value=(key) selected[rule == rules.second] { (cx.t(word)) } } } }
                (number("shortest", "sign-rules-shortest", shortest, 10, 64))
                (number("idle_days", "sign-rules-idle", rules.idle_days, 1, 365))
                (number("longest_days", "sign-rules-longest", rules.longest_days, 1, 365))
            }
            label class="pair-label" { span { (cx.t("sign-rules-from")) }
                textarea class="input" name="from" rows="4" dir="ltr" spellcheck="false" { (from) } }
            p class="field-help" { (cx.tf("sign-rules-from-help", &[("ip", visit.who.origin.ip.as_str().into())])) }
            label class="check" { input type="checkbox" name="only_sso" value="1" checked[rules.only_sso]; span { (cx.t("sso-only-rule")) } }
            p class="field-help" { (cx.t("sso-only-rule-help")) }
            div { (button(cx.t("save")).primary().submit().render()) }
        }
    };
    let body = html! {
        (padded_block(&cx.t("sign-rules"), None, &html! {}, &form))
        (padded_block(&cx.t("sso-title"), None, &html! {}, &crate::providers::list(visit, &cx).await?))
        (padded_block(&cx.t("sign-people"), None, &html! {}, &people(visit).await?))
    };
    Ok(page(visit, "sign-in", &body, &cx))
}

async fn people(visit: &Visit) -> Outcome<Markup> {
    let none = Shown::default();
    let cx = visit.cx(&none);
    let list = visit.company.list(&visit.actor, &Query { count: Count::None, ..Query::new("user").limit(500) }).await?;
    let mut conn = visit.company.db().read().await?;
    let mut sql = conn.sql();
    sql.push("SELECT user_id, kind, COUNT(*) FROM sila_factor GROUP BY user_id, kind ORDER BY user_id, kind");
    let mut factors: HashMap<Uuid, Vec<String>> = HashMap::new();
    for row in conn.rows(&sql, &[ColumnType::Id, ColumnType::Text, ColumnType::Int]).await? {
        if let (Some(user), Some(kind)) = (row.first().and_then(Cell::id), row.get(1).and_then(Cell::text)) {
            factors.entry(user).or_default().push(kind.to_owned());
        }
    }
    let mut sql = conn.sql();
    sql.push("SELECT user_id, provider FROM sila_identity ORDER BY user_id, at");
    let mut accounts: HashMap<Uuid, Vec<String>> = HashMap::new();
    for row in conn.rows(&sql, &[ColumnType::Id, ColumnType::Text]).await? {
        if let (Some(user), Some(realm)) = (row.first().and_then(Cell::id), row.get(1).and_then(Cell::text)) {
            accounts.entry(user).or_default().push(realm.to_owned());
        }
    }
    let mut sql = conn.sql();
    sql.push("SELECT user_id, MAX(last_seen) FROM sila_session GROUP BY user_id");
    let last: HashMap<Uuid, jiff::Timestamp> = conn
        .rows(&sql, &[ColumnType::Id, ColumnType::Int])
        .await?
        .iter()
        .filter_map(|r| Some((r.first()?.id()?, jiff::Timestamp::from_microsecond(r.get(1)?.int()?).ok()?)))
        .collect();
    let rows: Vec<Vec<Markup>> = list
        .records
        .iter()
        .map(|u| {
            let own = factors.get(&u.id).cloned().unwrap_or_default();
            let elsewhere = accounts.get(&u.id).map(Vec::as_slice).unwrap_or_default();
            let id = format!("reset-{}", u.id);
            vec![
                html! { a href=(cx.record_url("user", u.id)) { bdi { (u.get("name").name().map(|n| n.get(cx.lang()).to_owned()).unwrap_or_default()) } } },
                html! { @if own.is_empty() { span class="muted" { (cx.t("sign-person-none")) } }
                    @for kind in &own { (ui::mark::chip_line(&cx.t(if kind == "app" { "sign-app" } else { "sign-passkey" }))) " " } },
                html! { @if elsewhere.is_empty() { span class="muted" { "–" } }
                    @for (i, realm) in elsewhere.iter().enumerate() {
                        @let dialog = format!("untie-{i}-{}", u.id);
                        @let to = address(&format!("/admin/sign-in/{}/untie", u.id), &[("realm", realm)]);
                        div class="cluster" { (crate::sso::realm(realm, &cx)) (button(cx.t("sso-untie")).small().opens_dialog(&dialog).render()) }
                        (ui::overlay::confirm(&cx, &dialog, &cx.t("sso-untie"), &cx.t("sso-untie-other-ask"), &to, &cx.t("sso-untie")))
                    } },
                html! { @match last.get(&u.id) { Some(at) => { (cx.relative(*at)) } None => { span class="muted" { (cx.t("web-never")) } } } },
                html! { @if !own.is_empty() {
                    (button(cx.t("sign-reset")).small().opens_dialog(&id).render())
                    (ui::overlay::confirm(&cx, &id, &cx.t("sign-reset"), &cx.t("sign-reset-ask"), &format!("/admin/sign-in/{}/reset", u.id), &cx.t("sign-reset")))
                } },
            ]
        })
        .collect();
    Ok(plain_table(&[(cx.t("sign-person"), false), (cx.t("sign-person-factors"), false), (cx.t("sso-accounts"), false), (cx.t("sign-person-last"), false), (cx.t("ui-actions"), false)], &rows))
}

/// `POST /admin/sign-in`
pub async fn save(visit: Visit, sent: Sent) -> Reply {
    guard(&visit)?;
    let mut issues = Vec::new();
    let mut number = |name: &str, min: i64, max: i64| {
        let typed = text::digits::to_ascii(sent.get(name));
        typed.trim().parse::<i64>().ok().filter(|n| (min..=max).contains(n)).unwrap_or_else(|| {
            issues.push(Issue::new(name, "auth-number-range").arg("min", min).arg("max", max));
            min
        })
    };
    let (shortest, idle_days, longest_days) = (number("shortest", 10, 64), number("idle_days", 1, 365), number("longest_days", 1, 365));
    let from: Vec<String> = sent.get("from").split(['\n', ',', '،']).map(|l| text::digits::to_ascii(l.trim())).filter(|l| !l.is_empty()).collect();
    issues.extend(auth::network::check(&from, &visit.who.origin.ip));
    let rules = SignIn {
        second: match sent.get("second") {
            "administrators" => Second::Administrators,
            "everybody" => Second::Everybody,
            _ => Second::Nobody,
        },
        shortest: usize::try_from(shortest).unwrap_or(10),
        from,
        idle_days,
        longest_days,
        only_sso: sent.get("only_sso") == "1",
    };
    if rules.only_sso && !visit.company.settings().sign_in.only_sso
        && let Err(fault) = auth::sso::may_be_only(&visit.company).await
    {
        issues.extend(fault.issues);
    }
    if let Err(fault) = Fault::check(issues) {
        return Ok(with_status(draw(&visit, &rules, sent.get("from"), Some(&fault)).await?, &fault));
    }
    let settings = Settings { sign_in: rules, ..Settings::clone(&visit.company.settings()) };
    visit.company.save_settings(&visit.actor, settings).await?;
    Ok(visit.go("/admin/sign-in", "web-said-saved"))
}

/// `POST /admin/sign-in/{user}/untie?realm=`
pub async fn untie(visit: Visit, Path(user): Path<String>) -> Reply {
    guard(&visit)?;
    let user = user.parse().map_err(|_| not_found())?;
    match auth::sso::link::untie(&visit.company, &visit.actor, user, visit.param("realm")).await {
        Ok(()) => Ok(visit.go("/admin/sign-in", "sso-said-untied")),
        Err(fault) if fault.kind == FaultKind::Invalid => {
            let rules = visit.company.settings().sign_in.clone();
            Ok(with_status(draw(&visit, &rules, &rules.from.join("\n"), Some(&fault)).await?, &fault))
        }
        Err(fault) => Err(fault.into()),
    }
}

/// `POST /admin/sign-in/{user}/reset`
pub async fn reset(visit: Visit, Path(user): Path<String>) -> Reply {
    guard(&visit)?;
    auth::factor::reset(&visit.company, &visit.actor, user.parse().map_err(|_| not_found())?).await?;
    Ok(visit.go("/admin/sign-in", "sign-said-reset"))
}
