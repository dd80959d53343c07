//! On a form: its address and how it is embedded. On a submission: what was written. On a lead: where he came from.

use super::{form, submission};
use crate::lead;
use crate::view::view;
use engine::{PageCx, Panel};
use futures::future::BoxFuture;
use kernel::uuid::Uuid;
use kernel::{Outcome, Value, label};
use maud::{Markup, html};
use ui::cx::Titles;

pub fn all() -> Vec<Panel> {
    vec![
        Panel { object: form::KEY, key: "address", label: label("عنوانه وتضمينه", "Address and embedding"), render: address },
        Panel { object: submission::KEY, key: "content", label: label("ما كُتب", "What was written"), render: content },
        Panel { object: lead::KEY, key: "came", label: label("من أين جاء", "Where it came from"), render: came },
    ]
}

fn address(page: PageCx, id: Uuid) -> BoxFuture<'static, Outcome<String>> {
    Box::pin(async move {
        let record = page.company.get(&page.actor, form::KEY, id).await?;
        let titles = Titles::new();
        let cx = view(&page, &titles);
        let lang = record.get("lang").text().map(|l| format!("&lang={l}")).unwrap_or_default();
        let path = format!("/p/sales/form?f={}{lang}", record.get("code").text().unwrap_or_default());
        let whole = base::ticket::public(&page.company, &path);
        let title = record.get("name").name().map(|n| n.get(cx.lang()).to_owned()).unwrap_or_default();
        let snippet = html! { iframe src=(whole) title=(title) width="100%" height="760" style="border:0" loading="lazy" {} };
        let embeds = record.get("sites").text().is_some();
        Ok(html! {
            p { a href=(path) target="_blank" { bdi dir="ltr" { (whole) } } }
            @if record.get("active").bool() != Some(true) { p class="muted" { (cx.t("sales-form-closed")) } }
            @if embeds {
                p class="muted small" { (cx.t("sales-form-embed")) }
                pre class="wf-code" dir="ltr" tabindex="0" { code { (snippet.into_string()) } }
            } @else { p class="muted small" { (cx.t("sales-form-embed-none")) } }
        }
        .into_string())
    })
}

fn content(page: PageCx, id: Uuid) -> BoxFuture<'static, Outcome<String>> {
    Box::pin(async move {
        let record = page.company.get(&page.actor, submission::KEY, id).await?;
        if record.get("status").text() != Some("held") || !page.actor.sees(submission::KEY, "data") {
            return Ok(String::new());
        }
        let registry = page.company.registry();
        let object = registry.object(lead::KEY)?;
        let titles = Titles::new();
        let cx = view(&page, &titles);
        let said = submission::content(&record);
        let rows: Vec<(String, String)> = said.answers.iter().filter_map(|(k, v)| Some((cx.label(&object.get(k)?.label).to_owned(), v.clone()))).collect();
        Ok(facts(&rows).into_string())
    })
}

fn came(page: PageCx, id: Uuid) -> BoxFuture<'static, Outcome<String>> {
    Box::pin(async move {
        let record = page.company.get(&page.actor, lead::KEY, id).await?;
        if !page.actor.sees(lead::KEY, "came") {
            return Ok(String::new());
        }
        let titles = Titles::new();
        let cx = view(&page, &titles);
        let Value::Json(serde_json::Value::Object(map)) = record.get("came") else { return Ok(String::new()) };
        let rows: Vec<(String, String)> =
            map.iter().filter_map(|(k, v)| Some((cx.t(&format!("sales-came-{}", k.replace('_', "-"))), v.as_str()?.to_owned()))).collect();
        Ok(facts(&rows).into_string())
    })
}

fn facts(rows: &[(String, String)]) -> Markup {
    html! { dl class="wf-facts" { @for (name, value) in rows { div { dt { (name) } dd dir="auto" { (value) } } } } }
}
