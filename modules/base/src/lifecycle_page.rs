//! The rule of the life cycle, for administrators: after how long a customer is dormant, lost, loyal.

use crate::lifecycle::{AsOf, Rule};
use crate::view::view;
use engine::{Answer, Form, Page, PageCx, Place};
use futures::future::BoxFuture;
use kernel::{Fault, FaultKind, Outcome, label};
use maud::{Markup, Render, html};
use ui::button::button;
use ui::cx::{Titles, ViewCx};

pub fn page() -> Page {
    Page::new("base", "lifecycle", label("دورة حياة العميل", "Customer life cycle"), "trending-up", render).at(Place::Admin).post(post)
}

fn render(page: PageCx) -> BoxFuture<'static, Outcome<Answer>> {
    Box::pin(async move {
        let mut conn = page.company.db().read().await?;
        let rule = Rule::load(&mut conn).await?;
        Ok(show(&page, &rule, None).into())
    })
}

fn post(page: PageCx, form: Form) -> BoxFuture<'static, Outcome<Answer>> {
    Box::pin(async move {
        let number = |name: &str| text::digits::to_ascii(form.get(name).trim()).parse().unwrap_or(-1);
        let rule = Rule {
            dormant_days: number("dormant_days"),
            lost_days: number("lost_days"),
            loyal_orders: number("loyal_orders"),
            hold_days: number("hold_days"),
            as_of: if form.get("as_of") == "last_order" { AsOf::LastOrder } else { AsOf::Now },
        };
        match rule.save(&page.company, &page.actor).await {
            Ok(()) => Ok(Answer::Go { to: "/base/lifecycle".into(), said: "base-rule-saved" }),
            Err(fault) if fault.kind == FaultKind::Invalid => Ok(Answer::Html(show(&page, &rule, Some(&fault)), Some(fault))),
            Err(fault) => Err(fault),
        }
    })
}

fn show(page: &PageCx, rule: &Rule, fault: Option<&Fault>) -> String {
    let titles = Titles::new();
    let cx = view(page, &titles);
    let line = |name: &'static str, word: &'static str, value: i64| -> Markup {
        let issue = fault.and_then(|f| f.issues.iter().find(|i| i.field == name)).map(|i| cx.issue(i));
        html! {
            label class="pair-label" {
                span { (cx.t(word)) }
                input class="input" type="text" inputmode="numeric" dir="ltr" name=(name) value=[(value >= 0).then_some(value)] maxlength="4" required aria-invalid=[issue.as_ref().map(|_| "true")];
                @if let Some(issue) = &issue { span class="field-error" role="alert" { (issue) } }
            }
        }
    };
    let form = html! {
        form class="stack" method="post" action="/base/lifecycle" {
            p class="soft" { (cx.t("base-rule-about")) }
            div class="pair" {
                (line("dormant_days", "base-rule-dormant", rule.dormant_days))
                (line("lost_days", "base-rule-lost", rule.lost_days))
                (line("loyal_orders", "base-rule-loyal", rule.loyal_orders))
                (line("hold_days", "base-rule-hold", rule.hold_days))
                label class="pair-label" {
                    span { (cx.t("base-rule-as-of")) }
                    select class="select" name="as_of" {
                        option value="now" selected[rule.as_of == AsOf::Now] { (cx.t("base-rule-now")) }
                        option value="last_order" selected[rule.as_of == AsOf::LastOrder] { (cx.t("base-rule-last-order")) }
                    }
                }
            }
            div { (button(cx.t("save")).primary().submit().render()) }
        }
    };
    let title = page_title(&cx);
    ui::shell::simple_page(&title, "", &html! {}, &ui::record::padded_block(&title, None, &html! {}, &form)).into_string()
}

fn page_title(cx: &ViewCx<'_>) -> String {
    cx.label(&page().label).to_owned()
}
