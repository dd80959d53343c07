//! One's own account: how to read, the password, sessions, API tokens.

use crate::cookies;
use crate::refusal::{Reply, not_found};
use crate::sent::Sent;
use crate::sign::{Box_, box_, loose, with_status};
use crate::visit::{Shown, Visit};
use auth::{Secret, session, token};
use axum::extract::Path;
use axum::http::header;
use axum::response::Response;
use engine::users::Prefs;
use kernel::{Fault, FaultKind};
use maud::{Markup, html};
use ui::button::button;
use ui::cx::ViewCx;
use ui::mark::{Mood, chip_line, flash};
use ui::record::padded_block;

/// IANA zones offered in forms: those of the Arab world first, then others of business; `now` is always there.
pub fn zones(now: &str) -> Vec<String> {
    const USUAL: &[&str] = &[
        "Asia/Riyadh", "Asia/Dubai", "Asia/Kuwait", "Asia/Qatar", "Asia/Bahrain", "Asia/Muscat", "Asia/Aden", "Asia/Baghdad", "Asia/Amman",
        "Asia/Beirut", "Asia/Damascus", "Asia/Hebron", "Africa/Cairo", "Africa/Khartoum", "Africa/Tripoli", "Africa/Tunis", "Africa/Algiers",
        "Africa/Casablanca", "Africa/Nouakchott", "Africa/Mogadishu", "Africa/Djibouti", "Indian/Comoro", "Europe/Istanbul", "Europe/London",
        "Europe/Paris", "Europe/Berlin", "Asia/Karachi", "Asia/Kolkata", "Asia/Singapore", "America/New_York", "America/Los_Angeles", "UTC",
    ];
    let mut zones: Vec<String> = USUAL.iter().map(|z| (*z).to_owned()).collect();
    if !now.is_empty() && !zones.iter().any(|z| z == now) {
        zones.insert(0, now.to_owned());
    }
    zones
}

pub fn remember_density(visit: &Visit, response: &mut Response, density: &str) {
    let value = ui::Density::parse(density).key();
    response.headers_mut().append(header::SET_COOKIE, cookies::set(&visit.site, cookies::DENSITY, value, cookies::YEAR));
}

/// `POST /-/preferences`: one or all of language, digits, calendar, months, theme, density, zone; then back.
pub async fn preferences(visit: Visit, sent: Sent) -> Reply {
    let mut prefs = visit.company.prefs(visit.actor.id).await?;
    let one_of = |name: &str, allowed: &[&str]| Some(sent.get(name)).filter(|v| sent.has(name) && allowed.contains(v)).map(str::to_owned);
    let mut set = |slot: fn(&mut Prefs) -> &mut String, value: Option<String>| {
        if let Some(v) = value {
            *slot(&mut prefs) = v;
        }
    };
    set(|p| &mut p.lang, one_of("lang", &["ar", "en"]));
    set(|p| &mut p.digits, one_of("digits", &["latn", "arab"]));
    set(|p| &mut p.calendar, one_of("calendar", &["gregorian", "hijri"]));
    set(|p| &mut p.months, one_of("months", &["gulf", "levant", "maghreb", "morocco"]));
    set(|p| &mut p.theme, one_of("theme", &["light", "dark", "auto"]));
    set(|p| &mut p.density, one_of("density", &["compact", "normal", "roomy"]));
    if sent.has("zone") && (sent.get("zone").is_empty() || jiff::tz::TimeZone::get(sent.get("zone")).is_ok()) {
        sent.get("zone").clone_into(&mut prefs.zone);
    }
    visit.company.save_prefs(&visit.actor, &prefs).await?;
    let said = if sent.get("back") == "/me" { "web-said-saved" } else { "" };
    let mut response = visit.back(sent.get("back"), "/", said);
    remember_density(&visit, &mut response, &prefs.density);
    Ok(response)
}

fn picker(name: &str, word: &str, now: &str, options: &[(&str, String)], cx: &ViewCx<'_>) -> Markup {
    html! {
        label class="pair-label" { span { (cx.t(word)) }
            select class="select" name=(name) { @for (value, shown) in options { option value=(value) selected[*value == now] { (shown) } } } }
    }
}

/// `GET /me`
pub async fn page(visit: Visit) -> Reply {
    show(&visit, None, None).await
}

/// Browsers make passkeys for names, not for bare addresses.
fn place(visit: &Visit) -> bool {
    auth::passkey::Place::of(&visit.company, &visit.host).is_some()
}

/// The page, with what was wrong with a form on it, or a token that was just made.
async fn show(visit: &Visit, fault: Option<&Fault>, made: Option<&Secret>) -> Reply {
    let none = Shown::default();
    let cx = visit.cx(&none);
    let prefs = visit.company.prefs(visit.actor.id).await?;
    let sessions = session::list(&visit.company, &visit.actor, visit.actor.id).await?;
    let tokens = token::list(&visit.company, &visit.actor, visit.actor.id).await?;
    let factors = auth::factor::list(&visit.company, &visit.actor, visit.actor.id).await?;
    let current = visit.who.session.as_ref().map(|(id, _)| *id);
    let issues = fault.map(|f| f.issues.as_slice()).unwrap_or_default();
    let zone = if prefs.zone.is_empty() { visit.actor.locale.tz.clone() } else { prefs.zone.clone() };
    let months = match visit.actor.locale.months {
        text::MonthNames::Gulf => "gulf",
        text::MonthNames::Levant => "levant",
        text::MonthNames::Maghreb => "maghreb",
        text::MonthNames::Morocco => "morocco",
    };
    let reading = html! {
        form class="stack" method="post" action="/-/preferences" {
            input type="hidden" name="back" value="/me";
            div class="pair" {
                (picker("lang", "ui-language", cx.lang(), &[("ar", "العربية".into()), ("en", "English".into())], &cx))
                (picker("theme", "ui-theme", cx.theme.key(), &[("auto", cx.t("ui-theme-auto")), ("light", cx.t("ui-theme-light")), ("dark", cx.t("ui-theme-dark"))], &cx))
                (picker("calendar", "ui-calendar", cx.calendar_code(), &[("gregorian", cx.t("ui-gregorian")), ("hijri", cx.t("ui-hijri"))], &cx))
                (picker("digits", "ui-digits", cx.digits_code(), &[("latn", "0123456789".into()), ("arab", "٠١٢٣٤٥٦٧٨٩".into())], &cx))
                (picker("months", "web-months", months, &[("gulf", "يناير، فبراير، مارس".into()), ("levant", "كانون الثاني، شباط، آذار".into()), ("maghreb", "جانفي، فيفري، مارس".into()), ("morocco", "يناير، فبراير، … يوليوز، غشت".into())], &cx))
                (picker("density", "ui-density", cx.density.key(), &[("compact", cx.t("ui-density-compact")), ("normal", cx.t("ui-density-normal")), ("roomy", cx.t("ui-density-roomy"))], &cx))
                label class="pair-label" { span { (cx.t("web-zone")) } select class="select" name="zone" { @for z in zones(&zone) { option value=(z) selected[z == zone] { (z) } } } }
            }
            div { (button(cx.t("save")).primary().submit()) }
        }
    };
    let password = html! {
        form class="stack" method="post" action="/me/password" {
            (loose(fault.filter(|f| !of_factors(f) && f.issues.iter().all(|i| !matches!(i.field.as_str(), "name" | "scopes" | "expires_at"))), &["old", "password"], &cx))
            div class="pair" {
                (box_(&Box_ { name: "old", word: "web-password-old", kind: "password", value: "", complete: "current-password" }, issues, &cx))
                (box_(&Box_ { name: "password", word: "web-password-new", kind: "password", value: "", complete: "new-password" }, issues, &cx))
            }
            p class="field-help" { (cx.t("web-password-others")) }
            div { (button(cx.t("web-password-change")).submit()) }
        }
    };
    let session_rows: Vec<Vec<Markup>> = sessions
        .iter()
        .map(|s| {
            vec![
                html! { bdi class="clip" { (device(&s.agent, &cx)) } @if Some(s.id) == current { " " (chip_line(&cx.t("web-session-this"))) } },
                html! { span class="ltr" { (s.ip) } },
                html! { (cx.relative(s.last_seen)) },
                html! { @if Some(s.id) != current { form method="post" action={ "/me/sessions/" (s.id) "/revoke" } { (button(cx.t("web-session-end")).small().submit()) } } },
            ]
        })
        .collect();
    let session_block = html! {
        (ui::table::plain_table(&[(cx.t("web-device"), false), (cx.t("web-ip"), false), (cx.t("web-last-used"), false), (cx.t("ui-actions"), false)], &session_rows))
    };
    let token_rows: Vec<Vec<Markup>> = tokens
        .iter()
        .map(|t| {
            vec![
                html! { bdi { (t.name) } },
                html! { @for s in &t.scopes { (chip_line(s)) " " } },
                html! { @if let Some(at) = t.last_used { (cx.relative(at)) } @else { span class="muted" { (cx.t("web-never")) } } },
                html! { @if let Some(at) = t.expires_at { (cx.date(cx.civil(at))) } @else { span class="muted" { (cx.t("web-never-expires")) } } },
                html! { form method="post" action={ "/me/tokens/" (t.id) "/revoke" } data-confirm=(cx.t("web-token-revoke-ask")) { (button(cx.t("web-token-revoke")).small().submit()) } },
            ]
        })
        .collect();
    let token_block = html! {
        @if let Some(secret) = made {
            (flash(Mood::Good, &html! { p { (cx.t("web-token-once")) } code class="ltr token-once" data-copy { (secret.reveal()) } }))
        }
        @if !token_rows.is_empty() {
            (ui::table::plain_table(&[(cx.t("web-token-name"), false), (cx.t("web-token-scopes"), false), (cx.t("web-last-used"), false), (cx.t("web-token-until"), false), (cx.t("ui-actions"), false)], &token_rows))
        }
        form class="stack" method="post" action="/me/tokens" id="tokens" {
            (loose(fault.filter(|f| f.issues.iter().any(|i| matches!(i.field.as_str(), "name" | "scopes" | "expires_at"))), &[], &cx))
            div class="pair" {
                label class="pair-label" { span { (cx.t("web-token-name")) } input class="input" name="name" maxlength="100" required dir="auto"; }
                label class="pair-label" { span { (cx.t("web-token-scopes")) }
                    select class="select" name="scopes" {
                        option value="read" { (cx.t("web-scope-read")) } option value="write" { (cx.t("web-scope-write")) }
                        option value="propose" selected[visit.param("scope") == "propose"] { (cx.t("web-scope-propose")) }
                        option value="confirm" { (cx.t("web-scope-confirm")) }
                        option value="dav" selected[visit.param("scope") == "dav"] { (cx.t("web-scope-dav")) }
                        @if visit.actor.must_administer().is_ok() { option value="admin" { (cx.t("web-scope-admin")) } }
                    } }
                label class="pair-label" { span { (cx.t("web-token-until")) } input class="input" type="date" name="until" dir="ltr"; }
            }
            div { (button(cx.t("web-token-make")).icon("key-round").submit()) }
        }
    };
    let others = html! {
        @if sessions.len() > 1 { form method="post" action="/me/sessions/others/revoke" { (button(cx.t("web-sessions-end-others")).small().submit()) } }
    };
    let (offered, tied) = (auth::sso::offered(&visit.company).await?, auth::sso::link::list(&visit.company, &visit.actor, visit.actor.id).await?);
    let body = html! { div class="stack account" {
        (padded_block(&cx.t("web-reading"), None, &html! {}, &reading))
        (padded_block(&cx.t("web-password"), None, &html! {}, &password))
        (padded_block(&cx.t("sign-factors"), None, &html! {}, &crate::second::block(&factors, place(visit), fault.filter(of_factors), &cx)))
        @if let Some(accounts) = crate::sso::block(&offered.buttons, &tied, &cx) { (padded_block(&cx.t("sso-accounts"), None, &html! {}, &accounts)) }
        (padded_block(&cx.t("web-sessions"), None, &others, &session_block))
        (padded_block(&cx.t("web-tokens"), None, &html! {}, &token_block))
    } };
    let name = visit.actor.name.get(cx.lang());
    Ok(visit.page(&cx.t("web-account"), &ui::shell::simple_page(&cx.t("web-account"), name, &html! {}, &body)))
}

/// A browser's name for itself, shortened to program and system.
pub fn device(agent: &str, cx: &ViewCx<'_>) -> String {
    let find = |all: &[(&str, &'static str)]| all.iter().find(|(mark, _)| agent.contains(mark)).map(|(_, name)| *name);
    let program = find(&[("Edg/", "Edge"), ("OPR/", "Opera"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari"), ("curl/", "curl")]);
    let system = find(&[("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"), ("Mac OS", "macOS"), ("Linux", "Linux")]);
    match (program, system) {
        (Some(p), Some(s)) => format!("{p} · {s}"),
        (Some(one), None) | (None, Some(one)) => one.to_owned(),
        (None, None) if agent.is_empty() => cx.t("unknown"),
        (None, None) => agent.chars().take(40).collect(),
    }
}

/// What the block of second factors says: a wrong password before a removal, or a rule of the company.
fn of_factors(fault: &&Fault) -> bool {
    fault.issues.iter().any(|i| matches!(i.key.as_str(), "auth-factor-demanded" | "auth-factor-none") || (i.field == "password" && i.key == "auth-old-wrong"))
}

pub async fn again(visit: &Visit, fault: Fault) -> Reply {
    if !matches!(fault.kind, FaultKind::Invalid | FaultKind::Throttled) {
        return Err(fault.into());
    }
    Ok(with_status(show(visit, Some(&fault), None).await?, &fault))
}

/// `POST /me/password`
pub async fn password(visit: Visit, sent: Sent) -> Reply {
    let keep = visit.who.session.as_ref().map(|(id, _)| *id);
    let (old, new) = (Secret::new(sent.get("old")), Secret::new(sent.get("password")));
    match auth::change_password(&visit.company, &visit.actor, &old, &new, keep).await {
        Ok(()) => Ok(visit.go("/me", "web-said-password-set")),
        Err(fault) => again(&visit, fault).await,
    }
}

/// `POST /me/sessions/{id}/revoke`; `others` ends all but this one.
pub async fn revoke_session(visit: Visit, Path(id): Path<String>) -> Reply {
    let me = visit.actor.id;
    if id == "others" {
        let keep = visit.who.session.as_ref().map(|(id, _)| *id);
        session::revoke_others(&visit.company, &visit.actor, me, keep).await?;
    } else {
        session::revoke(&visit.company, &visit.actor, me, id.parse().map_err(|_| not_found())?).await?;
    }
    Ok(visit.go("/me", "web-said-session-ended"))
}

/// `POST /me/tokens`: the token is shown once, on the page that answers.
pub async fn make_token(visit: Visit, sent: Sent) -> Reply {
    let scopes: Vec<String> = sent.all("scopes").map(str::to_owned).collect();
    let until = match sent.get("until") {
        "" => None,
        day => {
            let day = kernel::parse::iso_date(day).ok_or_else(|| Fault::invalid("expires_at", "value-not-date"))?;
            let end = day.tomorrow().ok().and_then(|d| d.to_zoned(visit.ctx().zone).ok());
            end.map(|z| z.timestamp())
        }
    };
    match token::create(&visit.company, &visit.actor, visit.actor.id, sent.get("name"), &scopes, until).await {
        Ok((secret, _)) => show(&visit, None, Some(&secret)).await,
        Err(fault) => again(&visit, fault).await,
    }
}

/// `POST /me/tokens/{id}/revoke`
pub async fn revoke_token(visit: Visit, Path(id): Path<String>) -> Reply {
    token::revoke(&visit.company, &visit.actor, visit.actor.id, id.parse().map_err(|_| not_found())?).await?;
    Ok(visit.go("/me", "web-said-token-ended"))
}
