//! A form on the web, territories and routing rules of the demo company; before its customers, so that each finds his
//! territory when he is made.

use super::people::Staff;
use engine::{Company, Draft, Query};
use kernel::{Expr, Name, Outcome, Value};
use uuid::Uuid;

/// Name in Arabic and English, condition, whether it is part of the one before.
const TERRITORIES: [(&str, &str, &str, bool); 4] = [
    ("بريطانيا", "United Kingdom", "address.country == \"GB\"", false),
    ("منشآت بريطانيا", "UK organisations", "address.country == \"GB\" && kind == \"organisation\"", true),
    ("غرب أوروبا", "Western Europe", "address.country in [\"FR\", \"DE\", \"NL\", \"BE\", \"CH\", \"IE\", \"AT\"]", false),
    ("جنوب أوروبا", "Southern Europe", "address.country in [\"ES\", \"PT\", \"IT\", \"GR\", \"CY\", \"MT\"]", false),
];

pub async fn make(company: &Company, staff: &Staff) -> Outcome<()> {
    let system = company.system();
    if !company.list(&system, &Query::new("territory").limit(1)).await?.records.is_empty() {
        return Ok(());
    }
    let sellers: Vec<Uuid> = staff.iter().filter(|(p, _)| p.role == "seller").map(|(_, id)| *id).collect();
    let team = company.list(&system, &Query::new("team").limit(1)).await?.records.first().map(|t| t.id);
    let newsletter = company.list(&system, &Query::new("purpose").filter(Expr::path("code").eq(Expr::lit("newsletter"))).limit(1)).await?.records.first().map(|p| p.id);
    let mut cx = company.write(&system).await?;
    cx.cause = super::MARK.into();
    cx.retold = true;
    let mut before = None;
    for (n, (ar, en, condition, part)) in TERRITORIES.iter().enumerate() {
        let draft = Draft::new().set("name", Name::new(*ar, *en)).set("condition", *condition).set("owner", sellers.get(n % sellers.len().max(1)).copied());
        let draft = draft.set("position", i64::try_from(n).unwrap_or(0)).set("team", team).set("parent", if *part { before } else { None });
        before = Some(cx.save("territory", draft).await?.record().id);
    }
    let rule = |ar, en, position: i64, way: &str| Draft::new().set("name", Name::new(ar, en)).set("position", position).set("way", way);
    cx.save("lead_route", rule("من منطقة لها مسؤول", "From a territory with an owner", 1, "territory")).await?;
    if team.is_some() {
        cx.save("lead_route", rule("كل من بقي، بالدور", "Everybody else, in turn", 2, "turn").set("team", team)).await?;
    }
    let form = Draft::new()
        .set("name", Name::new("اطلب عرض سعر", "Ask for a quotation"))
        .set("code", "quotation")
        .set("intro_ar", "أخبرنا بما تحتاج إليه لمتجرك ونعود إليك في يوم العمل نفسه.")
        .set("intro_en", "Tell us what your shop needs; we come back to you within the working day.")
        .set("campaign", "الموقع");
    let form = cx.save("web_form", form).await?.record().id;
    if newsletter.is_some() {
        let ask = Draft::new().set("form", form).set("purpose", newsletter).set("channels", Value::List(vec!["email".into()]));
        cx.save("web_form_consent", ask).await?;
    }
    cx.commit().await
}
