//! The form that sets up a provider: what all kinds share, and what each has of its own.

use crate::admin::page;
use crate::sent::Sent;
use crate::sign::{loose, with_status};
use crate::visit::{Shown, Visit};
use auth::sso::{self, Group, Oidc, People, Provider, Suffices, Way};
use axum::response::Response;
use auth::sso::ldap::{Failed, Security, Settings, Step};
use engine::{Count, Query};
use kernel::{Fault, Issue, Label, Outcome};
use maud::{Markup, Render, html};
use ui::button::button;
use ui::cx::ViewCx;
use ui::mark::{Mood, flash};
use ui::record::padded_block;
use uuid::Uuid;

/// What the page shows besides the form.
#[derive(Default)]
pub struct Said<'a> {
    pub fault: Option<&'a Fault>,
    /// The provider answered to the settings that were typed.
    pub answered: bool,
    /// What a directory said: how many people and one of them, or the step that failed.
    pub trial: Option<&'a Result<(usize, String), Failed>>,
}

/// The kind in the address of a new one and in its form.
pub fn kind(p: &Provider) -> &'static str {
    match p.way {
        Way::Oidc(_) => "oidc",
        Way::Ldap(_) => "ldap",
    }
}

pub async fn draw(visit: &Visit, p: &Provider, new: bool, said: &Said<'_>) -> Outcome<Response> {
    let none = Shown::default();
    let cx = visit.cx(&none);
    let issues = said.fault.map(|f| f.issues.as_slice()).unwrap_or_default();
    let has_secret = !new && sso::has_secret(&visit.company, &visit.actor, &p.key).await?;
    let teams = visit.company.list(&visit.actor, &Query { count: Count::None, ..Query::new("team").limit(500) }).await?;
    let teams: Vec<(Uuid, String)> = teams.records.iter().map(|t| (t.id, t.get("name").name().map(|n| n.get(cx.lang()).to_owned()).unwrap_or_default())).collect();
    let form = Form { visit, issues, cx: &cx };
    let address = format!("/admin/sign-in/providers/{}", if new { "new" } else { &p.key });
    let body = html! {
        form class="stack sso-form" method="post" action=(address) {
            (loose(said.fault, FIELDS, &cx))
            @if said.answered { (flash(Mood::Good, &html! { p { (cx.t("sso-answered")) } })) }
            @if let Some(trial) = said.trial { (steps(trial, &cx)) }
            input type="hidden" name="kind" value=(kind(p));
            @if new { input type="hidden" name="key" value=(p.key); }
            div class="pair" { (form.line("label.ar", "sso-label-ar", &p.label.ar, "", "rtl")) (form.line("label.en", "sso-label-en", &p.label.en, "", "ltr")) }
            @match &p.way { Way::Oidc(oidc) => { (form.oidc_there(&p.key, oidc, has_secret)) } Way::Ldap(s) => { (form.ldap_there(s, has_secret)) } }
            h3 { (cx.t("sso-who")) }
            (form.line("domains", "sso-domains", &p.people.domains.join(" "), if kind(p) == "oidc" { "sso-domains-help" } else { "ldap-domains-help" }, "ltr"))
            label class="check" { input type="checkbox" name="create" value="1" checked[p.people.create]; span { (cx.t("sso-create")) } }
            fieldset class="check-list" { legend { (cx.t("sso-roles")) }
                div class="options" { @for r in visit.registry.roles() { label class="option" {
                    input type="checkbox" name="roles" value=(r.key) checked[p.people.roles.contains(&r.key)]; span class="chip" { (cx.label(&r.label)) } } } } }
            (form.groups(&p.people.groups, &teams))
            @match &p.way { Way::Oidc(oidc) => { (form.oidc_more(oidc)) } Way::Ldap(s) => { (form.ldap_more(s)) } }
            label class="check" { input type="checkbox" name="active" value="1" checked[p.active]; span { (cx.t(if kind(p) == "oidc" { "sso-show-button" } else { "ldap-active" })) } }
            div class="cluster" {
                (button(cx.t("save")).primary().submit().render())
                (button(cx.t("sso-probe")).submit().attr("name", "do").attr("value", "probe").render())
                (button(cx.t("ui-cancel")).ghost().href("/admin/sign-in").render())
                @if !new { (button(cx.t("sso-remove")).danger().opens_dialog("remove-provider").render()) }
            }
        }
        @if !new {
            (ui::overlay::confirm(&cx, "remove-provider", &cx.t("sso-remove"), &cx.t("sso-remove-ask"), &format!("{address}/delete"), &cx.t("sso-remove")))
            @if kind(p) == "ldap" && p.active { form class="cluster" method="post" action={ (address) "/sync" } {
                (button(cx.t("ldap-sync")).icon("rotate-ccw").submit()) span class="field-help" { (cx.t("ldap-sync-help")) }
            } }
        }
    };
    let title = if new { cx.t(if kind(p) == "oidc" { "sso-add-oidc" } else { "ldap-add" }) } else { cx.label(&p.label).to_owned() };
    let response = page(visit, "sign-in", &padded_block(&title, None, &html! {}, &body), &cx);
    Ok(match said.fault {
        Some(fault) => with_status(response, fault),
        None => response,
    })
}

/// Each step with its outcome; what the directory said stands beside the one that failed.
fn steps(trial: &Result<(usize, String), Failed>, cx: &ViewCx<'_>) -> Markup {
    let failed = trial.as_ref().err();
    let position = |step: Step| Step::ALL.iter().position(|s| *s == step);
    html! {
        ol class="sso-steps" { @for step in Step::ALL {
            @let state = match failed { Some(f) if f.step == step => "bad", Some(f) if position(step) > position(f.step) => "open", _ => "good" };
            li data-state=(state) {
                (ui::icon::icon_sm(match state { "good" => "circle-check", "bad" => "circle-alert", _ => "clock" }))
                div {
                    span { (cx.t(&format!("ldap-step-{}", step.key()))) }
                    @if let Some(f) = failed.filter(|f| f.step == step) {
                        p class="field-error" { (cx.t(&format!("ldap-failed-{}", step.key()))) }
                        p class="small muted ltr" { bdi { (f.why) } }
                    }
                }
            }
        } }
        @if let Ok((count, name)) = trial { (flash(Mood::Good, &html! { p { (cx.tf("ldap-found", &[("count", i64::try_from(*count).unwrap_or_default().into()), ("name", name.as_str().into())])) } })) }
    }
}

/// Fields whose issues stand beside them; others stand above the form.
const FIELDS: &[&str] = &[
    "label.ar", "label.en", "issuer", "client", "domains", "scopes", "mail", "name", "groups_claim", "host", "port", "bind", "base", "filter", "id", "member_of", "group_base", "secret",
];

struct Form<'a> {
    visit: &'a Visit,
    issues: &'a [Issue],
    cx: &'a ViewCx<'a>,
}

fn error(id: &str, issue: Option<&str>) -> Markup {
    html! { @if let Some(text) = issue { p class="field-error" id={ (id) "-error" } { (ui::icon::icon_sm("circle-alert")) span { (text) } } } }
}

impl Form<'_> {
    fn line(&self, name: &str, word: &str, value: &str, help: &str, dir: &str) -> Markup {
        let cx = self.cx;
        let issue = self.issue(name);
        let id = format!("f-{}", name.replace('.', "-"));
        html! {
            div class={ "field" @if issue.is_some() { " has-error" } } {
                label class="field-label" for=(id) { (cx.t(word)) }
                input class="input" id=(id) name=(name) value=(value) dir=(dir) maxlength="500" autocomplete="off" spellcheck="false"
                    aria-invalid=[issue.as_ref().map(|_| "true")] aria-describedby=[issue.as_ref().map(|_| format!("{id}-error"))];
                @if !help.is_empty() { p class="field-help" { (cx.t(help)) } }
                (error(&id, issue.as_deref()))
            }
        }
    }

    fn issue(&self, field: &str) -> Option<String> {
        self.issues.iter().find(|i| i.field == field).map(|i| self.cx.issue(i))
    }

    fn secret(&self, word: &str, kept: bool) -> Markup {
        let issue = self.issue("secret");
        html! { div class={ "field" @if issue.is_some() { " has-error" } } {
            label class="field-label" for="f-secret" { (self.cx.t(word)) }
            // As for a new password: browsers then do not fill in the administrator's own.
            input class="input" id="f-secret" type="password" name="secret" dir="ltr" autocomplete="new-password" maxlength="2000" placeholder=[kept.then(|| self.cx.t("sso-secret-kept"))]
                aria-invalid=[issue.as_ref().map(|_| "true")] aria-describedby=[issue.as_ref().map(|_| "f-secret-error")];
            (error("f-secret", issue.as_deref()))
        } }
    }

    fn oidc_there(&self, key: &str, oidc: &Oidc, kept: bool) -> Markup {
        let cx = self.cx;
        let [back, home, signed_out] = crate::sso::registered(self.visit, key);
        html! {
            h3 { (cx.t("sso-there")) }
            p class="field-help" { (cx.t("sso-register")) }
            dl class="sso-addresses" {
                dt { (cx.t("sso-redirect")) } dd { code class="ltr" data-copy { (back) } }
                dt { (cx.t("sso-after-leaving")) } dd { code class="ltr" data-copy { (home) } }
                dt { (cx.t("sso-back-channel")) } dd { code class="ltr" data-copy { (signed_out) } }
            }
            (self.line("issuer", "sso-issuer", &oidc.issuer, "sso-issuer-help", "ltr"))
            div class="pair" { (self.line("client", "sso-client-id", &oidc.client, "", "ltr")) (self.secret("sso-secret", kept)) }
        }
    }

    fn oidc_more(&self, oidc: &Oidc) -> Markup {
        let cx = self.cx;
        let suffices = [(Suffices::No, "no", "sso-second-no"), (Suffices::Shown, "shown", "sso-second-shown"), (Suffices::Yes, "yes", "sso-second-yes")];
        html! {
            label class="pair-label" { span { (cx.t("sso-second")) }
                select class="select" name="second" { @for (rule, key, word) in suffices { option value=(key) selected[rule == oidc.second] { (cx.t(word)) } } } }
            details open[self.any(&["mail", "name", "scopes", "groups_claim"])] {
                summary class="small" { (cx.t("sso-more")) }
                div class="stack" {
                    div class="pair" { (self.line("scopes", "sso-scopes", &oidc.scopes, "", "ltr")) (self.line("mail", "sso-claim-mail", &oidc.mail, "", "ltr")) }
                    div class="pair" { (self.line("name", "sso-claim-name", &oidc.name, "", "ltr")) (self.line("groups_claim", "sso-claim-groups", &oidc.groups, "", "ltr")) }
                    label class="check" { input type="checkbox" name="trust_mail" value="1" checked[oidc.trust_mail]; span { (cx.t("sso-trust-mail")) } }
                    p class="field-help" { (cx.t("sso-trust-mail-help")) }
                }
            }
        }
    }

    fn ldap_there(&self, s: &Settings, kept: bool) -> Markup {
        let cx = self.cx;
        let ways = [(Security::Tls, "tls", "ldap-tls"), (Security::StartTls, "starttls", "ldap-starttls"), (Security::Plain, "plain", "ldap-plain")];
        let port = if s.port == 0 { String::new() } else { s.port.to_string() };
        html! {
            h3 { (cx.t("ldap-there")) }
            div class="pair" { (self.line("host", "ldap-host", &s.host, "", "ltr")) (self.line("port", "ldap-port", &port, "", "ltr")) }
            label class="pair-label" { span { (cx.t("ldap-security")) }
                select class="select" name="security" { @for (way, key, word) in ways { option value=(key) selected[way == s.security] { (cx.t(word)) } } } }
            div class="pair" { (self.line("bind", "ldap-bind", &s.bind, "ldap-bind-help", "ltr")) (self.secret("ldap-secret", kept)) }
            (self.line("base", "ldap-base", &s.base, "ldap-base-help", "ltr"))
            (self.line("filter", "ldap-filter", &s.filter, "ldap-filter-help", "ltr"))
        }
    }

    fn ldap_more(&self, s: &Settings) -> Markup {
        let cx = self.cx;
        html! { details open[self.any(&["id", "mail", "name", "member_of", "group_base"]) || s.in_the_clear] {
            summary class="small" { (cx.t("ldap-more")) }
            div class="stack" {
                div class="pair" { (self.line("id", "ldap-id", &s.id, "ldap-id-help", "ltr")) (self.line("mail", "sso-claim-mail", &s.mail, "", "ltr")) }
                div class="pair" { (self.line("name", "sso-claim-name", &s.name, "", "ltr")) (self.line("member_of", "sso-claim-groups", &s.member_of, "", "ltr")) }
                (self.line("group_base", "ldap-group-base", &s.group_base, "ldap-group-base-help", "ltr"))
                label class="pair-label" { span { (cx.t("ldap-authority")) }
                    textarea class="input" name="authority" rows="4" dir="ltr" spellcheck="false" placeholder="-----BEGIN CERTIFICATE-----" { (s.authority) } }
                p class="field-help" { (cx.t("ldap-authority-help")) }
                label class="check" { input type="checkbox" name="in_the_clear" value="1" checked[s.in_the_clear]; span { (cx.t("ldap-in-the-clear")) } }
            }
        } }
    }

    fn any(&self, fields: &[&str]) -> bool {
        self.issues.iter().any(|i| fields.contains(&i.field.as_str()))
    }

    /// Group → role and team; three empty lines for more.
    fn groups(&self, lines: &[Group], teams: &[(Uuid, String)]) -> Markup {
        let cx = self.cx;
        let empty = Group::default();
        html! {
            fieldset class="check-list" { legend { (cx.t("sso-groups")) }
                p class="field-help" { (cx.t("sso-groups-help")) }
                div class="stack sso-groups" { @for g in lines.iter().chain([&empty; 3]) {
                    div class="sso-group" {
                        input class="input" name="group" value=(g.group) dir="auto" maxlength="300" placeholder=(cx.t("sso-group")) aria-label=(cx.t("sso-group"));
                        select class="select" name="group_role" aria-label=(cx.t("sso-group-role-label")) {
                            option value="" { (cx.t("sso-group-role")) }
                            @for r in self.visit.registry.roles() { option value=(r.key) selected[r.key == g.role] { (cx.label(&r.label)) } } }
                        select class="select" name="group_team" aria-label=(cx.t("sso-group-team-label")) {
                            option value="" { (cx.t("sso-group-team")) }
                            @for (id, name) in teams { option value=(id) selected[Some(*id) == g.team] { (name) } } }
                    }
                } }
            }
        }
    }
}

/// What the form says.
pub fn typed(sent: &Sent, key: &str) -> Provider {
    let text = |name: &str| sent.get(name).trim().to_owned();
    let groups = sent.all("group").zip(sent.all("group_role")).zip(sent.all("group_team"));
    let groups = groups
        .map(|((group, role), team)| Group { group: group.trim().to_owned(), role: role.to_owned(), team: team.parse().ok() })
        .filter(|g| *g != Group::default())
        .collect();
    let way = match sent.get("kind") {
        "ldap" => Way::Ldap(Settings {
            host: text("host"),
            port: text::digits::to_ascii(sent.get("port")).trim().parse().unwrap_or_default(),
            security: match sent.get("security") {
                "starttls" => Security::StartTls,
                "plain" => Security::Plain,
                _ => Security::Tls,
            },
            in_the_clear: sent.get("in_the_clear") == "1",
            authority: text("authority"),
            bind: text("bind"),
            base: text("base"),
            filter: text("filter"),
            id: text("id"),
            mail: text("mail"),
            name: text("name"),
            member_of: text("member_of"),
            group_base: text("group_base"),
        }),
        _ => Way::Oidc(Oidc {
            issuer: text("issuer"),
            client: text("client"),
            scopes: text("scopes"),
            mail: text("mail"),
            name: text("name"),
            groups: text("groups_claim"),
            trust_mail: sent.get("trust_mail") == "1",
            second: match sent.get("second") {
                "shown" => Suffices::Shown,
                "yes" => Suffices::Yes,
                _ => Suffices::No,
            },
        }),
    };
    Provider {
        key: key.to_owned(),
        active: sent.get("active") == "1",
        label: Label::owned(text("label.ar"), text("label.en")),
        people: People {
            domains: sent.get("domains").split([' ', ',', '،', '\n']).map(str::to_owned).filter(|d| !d.is_empty()).collect(),
            create: sent.get("create") == "1",
            roles: sent.all("roles").map(str::to_owned).filter(|r| !r.is_empty()).collect(),
            groups,
        },
        way,
    }
}
