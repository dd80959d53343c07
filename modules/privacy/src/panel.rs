//! On the party's page: what we may do, since when and why; with the action that changes it.

use crate::preferences::{holding, offered};
use crate::view::view;
use base::consent::{self, Decision};
use engine::{Action, Cx, Done, Input, PageCx};
use futures::future::BoxFuture;
use kernel::{Fault, Field, Kind, Outcome, Record, Tone, Value, Verb, label};
use maud::html;
use ui::cx::Titles;
use uuid::Uuid;

pub fn actions() -> Vec<Action> {
    let states = vec![
        kernel::Choice::new("given", label("موافق", "Agrees"), Tone::Good),
        kernel::Choice::new("refused", label("يرفض", "Refuses"), Tone::Bad),
        kernel::Choice::new("withdrawn", label("سحب موافقته", "Has withdrawn"), Tone::Bad),
    ];
    let sources = vec![
        kernel::Choice::new("call", label("مكالمة", "Call"), Tone::Neutral),
        kernel::Choice::new("visit", label("حضوريًا", "In person"), Tone::Neutral),
        kernel::Choice::new("mail", label("بريد", "Mail"), Tone::Neutral),
        kernel::Choice::new("form", label("نموذج ورقي", "Paper form"), Tone::Neutral),
    ];
    vec![Action {
        object: "party",
        key: "set_consent",
        label: label("تسجيل قرار تواصل", "Record a contact decision"),
        icon: "shield",
        input: vec![
            Field::new("purpose", Kind::to("purpose"), label("الغرض", "Purpose")).required(),
            Field::new("channel", Kind::Choice { options: base::purpose::channels() }, label("القناة", "Channel")).required(),
            Field::new("state", Kind::Choice { options: states }, label("القرار", "Decision")).required(),
            Field::new("source", Kind::Choice { options: sources }, label("كيف وصل؟", "How did it come?")).required(),
            Field::new("words", Kind::LongText, label("ما قاله أو وقّعه", "What was said or signed")),
        ],
        guard: None,
        danger: false,
        run: set_consent,
    }]
}

fn set_consent<'a>(cx: &'a mut Cx, party: Record, input: Input) -> BoxFuture<'a, Outcome<Done>> {
    Box::pin(async move {
        let text = |key: &str| input.get(key).and_then(Value::text).unwrap_or_default().to_owned();
        let purpose = input.get("purpose").and_then(Value::id).ok_or_else(|| Fault::invalid("purpose", "value-required"))?;
        let channel = text("channel");
        if text("state") == "given" && channel == "email" {
            let asked = cx.company.get_in(&mut cx.tx, &cx.company.system(), "purpose", purpose).await?;
            if asked.get("double_opt_in").bool() == Some(true) {
                return crate::preferences::ask_to_confirm(cx, &party, &asked, &text("source"), &text("words")).await;
            }
        }
        let d = Decision {
            party: party.id,
            purpose,
            channel,
            state: text("state"),
            source: text("source"),
            text_shown: text("words"),
            ..Decision::default()
        };
        consent::record(cx, d).await?;
        Ok(Done { message: "privacy-said-recorded".into(), ..Done::default() })
    })
}

pub(crate) fn render(page: PageCx, id: Uuid) -> BoxFuture<'static, Outcome<String>> {
    Box::pin(async move {
        let registry = page.company.registry();
        if !registry.find("permission").is_some_and(|o| page.actor.may(o, &Verb::Read)) {
            return Ok(String::new());
        }
        // Under the reader's own rule: who does not see the party learns nothing.
        page.company.get(&page.actor, "party", id).await?;
        let titles = Titles::new();
        let cx = view(&page, &titles);
        let purposes = offered(&page.company).await?;
        let mut conn = page.company.db().read().await?;
        let states = holding(&mut conn, page.company.now(), id).await?;
        let hold = crate::erasure::held(&mut conn, page.company.now(), id).await?;
        drop(conn);
        let all = base::purpose::channels();
        let body = html! { div class="stack" {
            @if let Some(number) = &hold { p class="small" { (ui::icon("lock")) " " (cx.tf("privacy-hold-here", &[("name", number.clone().into())])) } }
            dl class="pv-panel" { @for p in &purposes {
                div {
                    dt { bdi { (p.get("name").name().map(|n| n.get(cx.lang()).to_owned()).unwrap_or_default()) } }
                    dd { @if let Value::List(keys) = p.get("channels") { @for key in keys {
                        @if let Some(channel) = all.iter().find(|c| c.key == *key) {
                            @let state = states.get(&(p.id, key.clone()));
                            @let (tone, word) = match state.map(|(s, _)| s.as_str()) {
                                Some("given") => (Tone::Good, "privacy-may"),
                                Some("pending") => (Tone::Warn, "privacy-may-pending"),
                                Some(_) => (Tone::Bad, "privacy-may-not"),
                                None => (Tone::Neutral, "privacy-never-asked"),
                            };
                            span class="pv-may" title={ (cx.t(word)) @if let Some((_, since)) = state { " · " (cx.date(cx.civil(*since))) } } {
                                (ui::mark::chip(cx.label(&channel.label), tone))
                                span class="visually-hidden" { (cx.t(word)) }
                            }
                        }
                    } } }
                }
            } }
            p class="small soft" { (cx.t("privacy-panel-legend")) " " a href={ "/consent?filter=" (ui::cx::percent_encode(&format!("party == \"{id}\""))) } { (cx.t("privacy-panel-ledger")) } }
        } };
        Ok(body.into_string())
    })
}
