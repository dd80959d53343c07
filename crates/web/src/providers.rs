//! Administration: where people have an account with which they may sign in. The form: [`crate::provider_form`].

use crate::admin::guard;
use crate::provider_form::{Said, draw, kind, typed};
use crate::refusal::Reply;
use crate::sent::Sent;
use crate::visit::Visit;
use auth::Secret;
use auth::sso::{self, Oidc, Provider, Way};
use axum::extract::Path;
use auth::sso::ldap::Settings;
use kernel::{FaultKind, Outcome};
use maud::{Markup, Render, html};
use ui::button::button;
use ui::cx::ViewCx;
use ui::mark::chip_line;

/// The list on the page of the rules.
pub async fn list(visit: &Visit, cx: &ViewCx<'_>) -> Outcome<Markup> {
    let all = sso::list(&visit.company, &visit.actor).await?;
    let place = |p: &Provider| match &p.way {
        Way::Oidc(oidc) => oidc.issuer.clone(),
        Way::Ldap(s) => s.host.clone(),
    };
    let rows: Vec<Vec<Markup>> = all
        .iter()
        .map(|p| {
            vec![
                html! { a href={ "/admin/sign-in/providers/" (p.key) } { bdi { (cx.label(&p.label)) } } },
                html! { (cx.t(if kind(p) == "oidc" { "sso-kind-oidc" } else { "sso-kind-ldap" })) " " span class="muted small ltr" { (place(p)) } },
                html! { (chip_line(&cx.t(if p.active { "sso-active" } else { "sso-inactive-short" }))) },
            ]
        })
        .collect();
    Ok(html! {
        p class="soft" { (cx.t("sso-providers-text")) }
        @if !rows.is_empty() { (ui::table::plain_table(&[(cx.t("sso-provider"), false), (cx.t("sso-kind"), false), (cx.t("sso-state"), false)], &rows)) }
        div class="cluster" {
            (button(cx.t("sso-add-oidc")).icon("plus").href("/admin/sign-in/providers/new").render())
            (button(cx.t("ldap-add")).icon("plus").href("/admin/sign-in/providers/new?kind=ldap").render())
        }
    })
}

/// A key nobody has yet: it stands in the address that is registered with the provider before anything is saved.
async fn fresh_key(visit: &Visit, stem: &str) -> Outcome<String> {
    let all = sso::list(&visit.company, &visit.actor).await?;
    let taken = |key: &str| all.iter().any(|p| p.key == key);
    Ok((1..).map(|n| if n == 1 { stem.to_owned() } else { format!("{stem}-{n}") }).find(|k| !taken(k)).unwrap_or_default())
}

/// `GET /admin/sign-in/providers/{key}`; `new` for one to be made, `?kind=ldap` for a directory.
pub async fn edit(visit: Visit, Path(key): Path<String>) -> Reply {
    guard(&visit)?;
    let new = key == "new";
    let provider = if new {
        let (way, stem) = if visit.param("kind") == "ldap" { (Way::Ldap(Settings::default()), "directory") } else { (Way::Oidc(Oidc::default()), "sso") };
        Provider { key: fresh_key(&visit, stem).await?, active: true, way, ..Provider::default() }
    } else {
        sso::get(&visit.company, &visit.actor, &key).await?
    };
    Ok(draw(&visit, &provider, new, &Said::default()).await?)
}

/// `POST /admin/sign-in/providers/{key}`: saves, or asks the provider whether it is there.
pub async fn save(visit: Visit, Path(key): Path<String>, sent: Sent) -> Reply {
    guard(&visit)?;
    let new = key == "new";
    let provider = typed(&sent, if new { sent.get("key") } else { &key });
    let secret = Some(sent.get("secret")).filter(|s| !s.trim().is_empty()).map(Secret::new);
    if sent.get("do") == "probe" {
        return probe(&visit, &provider, new, secret.as_ref()).await;
    }
    match sso::save(&visit.company, &visit.actor, provider.clone(), secret.as_ref(), new).await {
        Ok(_) => Ok(visit.go("/admin/sign-in", "web-said-saved")),
        Err(fault) if fault.kind == FaultKind::Invalid => Ok(draw(&visit, &provider, new, &Said { fault: Some(&fault), ..Said::default() }).await?),
        Err(fault) => Err(fault.into()),
    }
}

async fn probe(visit: &Visit, provider: &Provider, new: bool, secret: Option<&Secret>) -> Reply {
    let answer = match &provider.way {
        Way::Oidc(oidc) => sso::flow::probe(&visit.company, &visit.actor, oidc).await.map(|_| None),
        Way::Ldap(s) => sso::ldap::trial(&visit.company, &visit.actor, &provider.key, s, secret).await.map(Some),
    };
    Ok(match answer {
        Ok(None) => draw(visit, provider, new, &Said { answered: true, ..Said::default() }).await?,
        Ok(Some(trial)) => draw(visit, provider, new, &Said { trial: Some(&trial), ..Said::default() }).await?,
        Err(fault) if fault.kind == FaultKind::Invalid => draw(visit, provider, new, &Said { fault: Some(&fault), ..Said::default() }).await?,
        Err(fault) => return Err(fault.into()),
    })
}

/// `POST /admin/sign-in/providers/{key}/sync`
pub async fn sync(visit: Visit, Path(key): Path<String>) -> Reply {
    guard(&visit)?;
    sso::ldap::sync_soon(&visit.company, &visit.actor, &key).await?;
    Ok(visit.go(&format!("/admin/sign-in/providers/{key}"), "ldap-said-sync"))
}

/// `POST /admin/sign-in/providers/{key}/delete`
pub async fn delete(visit: Visit, Path(key): Path<String>) -> Reply {
    guard(&visit)?;
    match sso::remove(&visit.company, &visit.actor, &key).await {
        Ok(()) => Ok(visit.go("/admin/sign-in", "web-said-deleted")),
        Err(fault) if fault.kind == FaultKind::Invalid => {
            let provider = sso::get(&visit.company, &visit.actor, &key).await?;
            Ok(draw(&visit, &provider, false, &Said { fault: Some(&fault), ..Said::default() }).await?)
        }
        Err(fault) => Err(fault.into()),
    }
}
