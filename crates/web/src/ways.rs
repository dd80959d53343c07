//! How a person is told: each kind on which ways, quiet hours, the digest, the devices that are pushed to.

use crate::refusal::Reply;
use crate::sent::Sent;
use crate::visit::{Shown, Visit};
use engine::notify::{Channels, Digest, Mail, NoticePrefs};
use kernel::{Fault, Issue};
use maud::{Markup, html};
use ui::button::button;
use ui::cx::ViewCx;
use ui::record::padded_block;

const PLACE: &str = "/-/notifications/settings";

fn clock(minutes: i16) -> String {
    format!("{:02}:{:02}", minutes / 60, minutes % 60)
}

fn minutes(text: &str) -> Option<i16> {
    let (hour, minute) = text.split_once(':')?;
    let (hour, minute): (i16, i16) = (hour.parse().ok()?, minute.get(..2).unwrap_or(minute).parse().ok()?);
    ((0..24).contains(&hour) && (0..60).contains(&minute)).then_some(hour * 60 + minute)
}

/// `GET /-/notifications/settings`
pub async fn page(visit: Visit) -> Reply {
    let none = Shown::default();
    let cx = visit.cx(&none);
    let prefs = visit.company.notice_prefs(&visit.actor).await?;
    let kinds = visit.company.notice_kinds();
    let mail = |m: Mail| match m {
        Mail::Off => "web-notices-mail-off",
        Mail::Now => "web-notices-mail-now",
        Mail::Digest => "web-notices-mail-digest",
    };
    let heads = [(cx.t("web-notices-kind"), false), (cx.t("web-notices-app"), false), (cx.t("web-notices-mail"), false), (cx.t("web-notices-push"), false)];
    let rows: Vec<Vec<Markup>> = kinds
        .iter()
        .map(|k| {
            let now = prefs.channels(k.key, &kinds);
            let label = cx.label(&k.label);
            let tick = |way: &str, word: &str, on: bool| html! { input class="switch" type="checkbox" name={ (k.key) ":" (way) } value="1" checked[on] aria-label={ (label) ": " (cx.t(word)) }; };
            vec![
                html! { span class="cluster" { (ui::icon::icon(k.icon)) (label) } input type="hidden" name="kind" value=(k.key); },
                tick("app", "web-notices-app", now.app),
                html! { select class="select select-sm" name={ (k.key) ":mail" } aria-label={ (label) ": " (cx.t("web-notices-mail")) } { @for m in Mail::ALL { option value=(m.key()) selected[m == now.mail] { (cx.t(mail(m))) } } } },
                tick("push", "web-notices-push", now.push),
            ]
        })
        .collect();
    let time = |name: &str, word: &str, at: i16| html! { label class="pair-label" { span { (cx.t(word)) } input class="input" type="time" dir="ltr" name=(name) value=(clock(at)); } };
    let hour = i16::from(prefs.hour) * 60;
    let when = html! {
        div class="pair" {
            label class="pair-label" { span { (cx.t("web-notices-digest")) } select class="select" name="digest" {
                option value="daily" selected[prefs.digest == Digest::Daily] { (cx.t("web-notices-daily")) }
                option value="hourly" selected[prefs.digest == Digest::Hourly] { (cx.t("web-notices-hourly")) }
            } }
            label class="pair-label" { span { (cx.t("web-notices-hour")) } select class="select" name="hour" { @for h in 0..24_i16 {
                option value=(h) selected[h * 60 == hour] { (text::calendar::format_time(kernel::jiff::civil::time(i8::try_from(h).unwrap_or(0), 0, 0, 0), cx.locale)) }
            } } }
            (time("quiet_from", "web-notices-quiet-from", prefs.quiet_from)) (time("quiet_until", "web-notices-quiet-until", prefs.quiet_until))
        }
        p class="field-help" { (cx.t("web-notices-quiet-text")) }
        label class="check" { input class="switch" type="checkbox" name="quiet_weekend" value="1" checked[prefs.quiet_weekend]; (cx.t("web-notices-quiet-weekend")) }
    };
    let form = html! { form class="stack" id="ways" method="post" action=(PLACE) {
        (padded_block(&cx.t("web-notices-ways"), None, &html! {}, &ui::table::plain_table(&heads, &rows)))
        (padded_block(&cx.t("web-notices-when"), None, &html! {}, &html! { div class="stack" { (when) } }))
        div { (button(cx.t("save")).primary().submit()) }
    } };
    let body = html! { div class="stack account" { (form) (devices(&visit, &cx).await?) } };
    let back = ui::shell::back_button(&cx, "/-/notifications");
    Ok(visit.page(&cx.t("web-notices-settings"), &ui::shell::simple_page(&cx.t("web-notices-settings"), "", &back, &body)))
}

async fn devices(visit: &Visit, cx: &ViewCx<'_>) -> Result<Markup, Fault> {
    let known = push::devices(&visit.company, &visit.actor).await?;
    let key = push::public_key(&visit.company).await?;
    let rows: Vec<Vec<Markup>> = known
        .iter()
        .map(|d| {
            vec![
                html! { bdi class="clip" { (crate::me::device(&d.agent, cx)) } },
                html! { (cx.relative(d.at)) },
                html! { @if let Some(at) = d.last_ok { (cx.relative(at)) } @else { span class="muted" { (cx.t("web-never")) } } },
                html! { form method="post" action="/-/notifications/devices/remove" { input type="hidden" name="which" value=(d.id); (button(cx.t("ui-remove")).small().submit()) } },
            ]
        })
        .collect();
    let heads = [(cx.t("web-device"), false), (cx.t("web-notices-device-since"), false), (cx.t("web-notices-device-last"), false), (cx.t("ui-actions"), false)];
    Ok(padded_block(&cx.t("web-notices-devices"), None, &html! {}, &html! { div class="stack" {
        p class="muted small" { (cx.t("web-notices-devices-text")) }
        div data-push-key=(key) data-refused=(cx.t("web-notices-device-refused")) data-unable=(cx.t("web-notices-device-unable")) {
            button class="btn" type="button" data-push-on hidden { (ui::icon::icon("bell")) (cx.t("web-notices-device-on")) }
            button class="btn" type="button" data-push-off hidden { (ui::icon::icon("bell-off")) (cx.t("web-notices-device-off")) }
            p class="muted small" data-push-say role="status" {}
        }
        @if rows.is_empty() { p class="muted" { (cx.t("web-notices-device-none")) } } @else { (ui::table::plain_table(&heads, &rows)) }
    } }))
}

/// `POST /-/notifications/settings`
pub async fn save(visit: Visit, sent: Sent) -> Reply {
    let known = visit.company.notice_kinds();
    let mut prefs = NoticePrefs { kinds: visit.company.notice_prefs(&visit.actor).await?.kinds, ..NoticePrefs::default() };
    for key in sent.all("kind").filter(|k| known.iter().any(|n| n.key == *k)) {
        let on = |way: &str| sent.get(&format!("{key}:{way}")) == "1";
        let mail = Mail::parse(sent.get(&format!("{key}:mail"))).unwrap_or_default();
        prefs.kinds.insert(key.to_owned(), Channels { app: on("app"), mail, push: on("push") });
    }
    prefs.digest = if sent.get("digest") == "hourly" { Digest::Hourly } else { Digest::Daily };
    let mut issues = Vec::new();
    match sent.get("hour").parse::<i8>() {
        Ok(h) if (0..24).contains(&h) => prefs.hour = h,
        _ => issues.push(Issue::new("hour", "value-not-choice")),
    }
    for (name, slot) in [("quiet_from", &mut prefs.quiet_from), ("quiet_until", &mut prefs.quiet_until)] {
        match minutes(sent.get(name)) {
            Some(m) => *slot = m,
            None => issues.push(Issue::new(name, "value-required")),
        }
    }
    Fault::check(issues)?;
    prefs.quiet_weekend = sent.get("quiet_weekend") == "1";
    visit.company.save_notice_prefs(&visit.actor, &prefs).await?;
    Ok(visit.go(PLACE, "web-said-saved"))
}

/// `POST /-/notifications/devices`: a browser subscribes (`endpoint`, `p256dh`, `auth`).
pub async fn subscribe(visit: Visit, sent: Sent) -> Reply {
    let part = |name: &str| sent.get(name).to_owned();
    let s = push::Subscription { endpoint: part("endpoint"), p256dh: part("p256dh"), auth: part("auth"), agent: visit.who.origin.agent.clone() };
    push::subscribe(&visit.company, &visit.actor, &s).await?;
    Ok(visit.go(PLACE, "web-said-device-on"))
}

/// `POST /-/notifications/devices/remove`: `which` is an id or an endpoint.
pub async fn unsubscribe(visit: Visit, sent: Sent) -> Reply {
    push::unsubscribe(&visit.company, &visit.actor, sent.get("which")).await?;
    Ok(visit.go(PLACE, "web-said-device-off"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clock_times() {
        assert_eq!((minutes("07:05"), minutes("23:59:00"), minutes("24:00"), minutes("x")), (Some(425), Some(1439), None, None));
        assert_eq!(clock(425), "07:05");
    }
}
