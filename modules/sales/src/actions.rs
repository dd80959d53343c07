//! How an opportunity ends, and begins again.

use crate::opportunity::{KEY, STEP, lost_reasons, won_reasons};
use crate::pipeline::stages;
use engine::{Action, Count, Cx, Done, Draft, Input, Query};
use futures::future::BoxFuture;
use kernel::uuid::Uuid;
use kernel::{Expr, Fault, Field, Kind, Outcome, Record, Value, label};
use serde_json::json;

pub fn all() -> Vec<Action> {
    let note = || Field::new("result_note", Kind::LongText, label("ما تعلمناه", "What we learned"));
    vec![
        Action {
            object: KEY,
            key: "win",
            label: label("فوز", "Won"),
            icon: "circle-check",
            input: vec![
                Field::new("won_reason", won_reasons(), label("سبب الفوز", "Reason of the win")).required(),
                Field::new("amount", Kind::Money, label("القيمة النهائية", "Final amount"))
                    .help(label("إن تُركت فارغة بقيت القيمة المتوقعة.", "The expected amount stays, if left empty.")),
                note(),
            ],
            guard: Some("status == \"open\""),
            danger: false,
            run: win,
        },
        Action {
            object: KEY,
            key: "lose",
            label: label("خسارة", "Lost"),
            icon: "circle-x",
            input: vec![
                Field::new("lost_reason", lost_reasons(), label("سبب الخسارة", "Reason of the loss")).required(),
                Field::new("lost_to", Kind::to(crate::competitor::KEY), label("ذهبت إلى", "Lost to")),
                note(),
            ],
            guard: Some("status == \"open\""),
            danger: true,
            run: lose,
        },
        Action {
            object: KEY,
            key: "reopen",
            label: label("إعادة فتح", "Reopen"),
            icon: "rotate-ccw",
            input: vec![Field::new("reason", Kind::text(), label("السبب", "Reason")).required()],
            guard: Some("status != \"open\""),
            danger: false,
            run: reopen,
        },
    ]
}

fn given(input: &Input, key: &str) -> Value {
    input.get(key).cloned().unwrap_or_default()
}

fn win<'a>(cx: &'a mut Cx, deal: Record, input: Input) -> BoxFuture<'a, Outcome<Done>> {
    Box::pin(async move {
        let mut draft = Draft::of(deal.id).set("won_reason", given(&input, "won_reason")).set("result_note", given(&input, "result_note"));
        if let Some(amount) = input.get("amount").filter(|a| !a.is_blank()) {
            draft = draft.set("amount", amount.clone());
        }
        let reason = input.get("won_reason").and_then(Value::text).unwrap_or_default().to_owned();
        ended(cx, &deal, "won", draft, "opportunity.won", &reason).await
    })
}

fn lose<'a>(cx: &'a mut Cx, deal: Record, input: Input) -> BoxFuture<'a, Outcome<Done>> {
    Box::pin(async move {
        let draft = ["lost_reason", "lost_to", "result_note"].iter().fold(Draft::of(deal.id), |d, key| d.set(key, given(&input, key)));
        let reason = input.get("lost_reason").and_then(Value::text).unwrap_or_default().to_owned();
        ended(cx, &deal, "lost", draft, "opportunity.lost", &reason).await
    })
}

async fn ended(cx: &mut Cx, deal: &Record, kind: &str, draft: Draft, event: &str, reason: &str) -> Outcome<Done> {
    let pipeline = deal.get("pipeline").id();
    let stage = stages(cx).await?.into_iter().find(|s| Some(s.pipeline) == pipeline && s.kind == kind);
    let stage = stage.ok_or_else(|| Fault::invalid("", "sales-no-end"))?;
    let saved = cx.save(KEY, draft.set("stage", stage.id).set("status", kind).trusted()).await?.into_record();
    cx.event(event, &saved, json!({ "reason": reason })).await?;
    Ok(Done { message: format!("sales-{}", event.replace('.', "-")), ..Done::default() })
}

/// Back to the open stage it was in last.
fn reopen<'a>(cx: &'a mut Cx, deal: Record, input: Input) -> BoxFuture<'a, Outcome<Done>> {
    Box::pin(async move {
        let all = stages(cx).await?;
        let open: Vec<Uuid> = all.iter().filter(|s| s.open() && Some(s.pipeline) == deal.get("pipeline").id()).map(|s| s.id).collect();
        let (company, system) = (cx.company.clone(), cx.company.system());
        let query = Query { count: Count::None, ..Query::new(STEP).filter(Expr::path("opportunity").eq(Expr::lit(deal.id))).sort("-at,-created_at").limit(100) };
        let been = company.list_in(&mut cx.tx, &system, &query).await?.records;
        let stood = |r: &Record, field: &str| r.get(field).id().filter(|id| open.contains(id));
        let before = been.iter().find(|r| r.get("stage") == deal.get("stage")).and_then(|r| stood(r, "from_stage"));
        let last = before.or_else(|| been.iter().find_map(|r| stood(r, "stage")));
        let stage = last.or(open.first().copied()).ok_or_else(|| Fault::invalid("", "sales-no-stage"))?;
        let saved = cx.save(KEY, Draft::of(deal.id).set("stage", stage).set("status", "open").trusted()).await?.into_record();
        let reason = input.get("reason").and_then(Value::text).unwrap_or_default();
        cx.event("opportunity.reopened", &saved, json!({ "reason": reason })).await?;
        Ok(Done { message: "sales-opportunity-reopened".into(), ..Done::default() })
    })
}
