//! Settings of the company and its way of sending mail.

use crate::params::{self, Params, Payload};
use crate::problem::Answer;
use crate::request::Ctx;
use auth::mail::Transport;
use axum::response::IntoResponse;
use engine::Settings;
use kernel::{Fault, Issue, Outcome};
use serde_json::{Map, Value as Json, json};

async fn shown(ctx: &Ctx) -> Outcome<Json> {
    let mail = Transport::load(&ctx.company).await?;
    let mut json = serde_json::to_value(&*ctx.company.settings()).map_err(Fault::internal)?;
    if let Json::Object(map) = &mut json {
        // The address holds a password: only whether there is one.
        map.insert("mail".into(), json!({"from": mail.from, "configured": !mail.url.is_empty()}));
    }
    Ok(json)
}

/// `GET /admin/settings`
pub(crate) async fn get(ctx: Ctx, params: Params) -> Answer {
    ctx.actor.must_administer()?;
    params.only(&[])?;
    Ok(axum::Json(shown(&ctx).await?).into_response())
}

/// `PATCH /admin/settings`
pub(crate) async fn update(ctx: Ctx, params: Params, payload: Payload) -> Answer {
    ctx.actor.must_administer()?;
    params.only(&[])?;
    let mut body = payload.object()?;
    let mail: Option<Map<String, Json>> = params::take(&mut body, "mail")?;
    let current = serde_json::to_value(&*ctx.company.settings()).map_err(Fault::internal)?;
    let Json::Object(mut full) = current else { return Err(Fault::internal("settings are not an object").into()) };
    let known: Vec<String> = full.keys().cloned().chain(["mail".to_owned()]).collect();
    params::done(
        &body.iter().filter(|(k, _)| !full.contains_key(*k)).map(|(k, v)| (k.clone(), v.clone())).collect(),
        &known.iter().map(String::as_str).collect::<Vec<_>>(),
    )?;
    let changed = !body.is_empty();
    full.extend(body);
    let settings: Settings =
        serde_json::from_value(Json::Object(full)).map_err(|e| Fault::issue(Issue::new("", "api-bad-shape").arg("why", e)))?;
    check(&settings)?;
    if settings.sign_in.only_sso && !ctx.company.settings().sign_in.only_sso {
        auth::sso::may_be_only(&ctx.company).await?;
    }
    if let Some(mut mail) = mail {
        let old = Transport::load(&ctx.company).await?;
        let new = Transport {
            url: params::take(&mut mail, "url")?.unwrap_or(old.url),
            from: params::take(&mut mail, "from")?.unwrap_or(old.from),
        };
        params::done(&mail, &["url", "from"])?;
        new.save(&ctx.company, &ctx.actor).await?;
    }
    if changed {
        ctx.company.save_settings(&ctx.actor, settings).await?;
    }
    Ok(axum::Json(shown(&ctx).await?).into_response())
}

fn check(s: &Settings) -> Outcome<()> {
    let mut issues = Vec::new();
    if s.name.is_empty() {
        issues.push(Issue::new("name", "value-required"));
    }
    if text::money::currency(&s.currency).is_none() {
        issues.push(Issue::new("currency", "value-unknown-currency"));
    }
    if s.country.len() != 2 || !s.country.bytes().all(|b| b.is_ascii_uppercase()) {
        issues.push(Issue::new("country", "auth-unknown-country"));
    }
    if jiff::tz::TimeZone::get(&s.zone).is_err() {
        issues.push(Issue::new("zone", "auth-unknown-zone"));
    }
    if !matches!(s.lang.as_str(), "ar" | "en") {
        issues.push(Issue::new("lang", "api-bad-lang"));
    }
    if !s.url.is_empty() && !s.url.starts_with("https://") && !s.url.starts_with("http://") {
        issues.push(Issue::new("url", "value-not-url"));
    }
    let rules = &s.sign_in;
    let blocks = rules.from.iter().filter(|b| auth::network::Block::parse(b).is_none());
    issues.extend(blocks.map(|b| Issue::new("sign_in.from", "auth-bad-block").arg("name", b)));
    let shortest = i64::try_from(rules.shortest).unwrap_or(i64::MAX);
    for (field, value, min, max) in
        [("sign_in.shortest", shortest, 10, 64), ("sign_in.idle_days", rules.idle_days, 1, 365), ("sign_in.longest_days", rules.longest_days, 1, 365)]
    {
        if !(min..=max).contains(&value) {
            issues.push(Issue::new(field, "auth-number-range").arg("min", min).arg("max", max));
        }
    }
    issues.extend(Settings::misfit_reads_kept(s.reads_kept));
    Fault::check(issues)
}
