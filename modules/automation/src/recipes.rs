//! Rules a company begins with. They name objects of other modules by key alone, and are laid down once the objects are there.
//!
//! They have no owner, so they act with the company's own rights, and their errors go to the administrators.

use crate::flow::{Flow, Level, Step, Trigger, Who, Words};
use crate::rule;
use engine::{Company, Cx, Query, Recipe};
use futures::future::BoxFuture;
use kernel::expr::Op;
use kernel::{Expr, Name, Outcome, Record};

pub fn all() -> Vec<Recipe> {
    vec![
        Recipe { key: "recipe.rfp_review", ready: |c| has(c, "opportunity", &["stage", "amount", "status"]) && has(c, "pipeline_stage", &["name", "kind"]) && has(c, "activity", &["kind"]), seed: rfp },
        Recipe { key: "recipe.discount", ready: |c| has(c, "quote", &["discount_percent"]) && c.action("quote", "send").is_some(), seed: discount },
    ]
}

fn has(company: &Company, object: &str, fields: &[&str]) -> bool {
    let registry = company.registry();
    registry.find(object).is_some_and(|o| fields.iter().all(|f| o.get(f).is_some()))
}

async fn keep(cx: &mut Cx, name: Name, note: &str, flow: &Flow) -> Outcome<()> {
    let draft = rule::draft(name, note, flow)?.set("active", true).set("owner", kernel::Value::Null);
    cx.save(rule::KEY, draft).await.map(|_| ())
}

/// Asked for a proposal worth more than 50,000: a review meeting with the manager, and the stage is not left before it.
fn rfp<'a>(cx: &'a mut Cx) -> BoxFuture<'a, Outcome<()>> {
    Box::pin(async move {
        let (company, system) = (cx.company.clone(), cx.company.system());
        let stages = company.list_in(&mut cx.tx, &system, &Query::new("pipeline_stage").limit(200)).await?.records;
        let named = |r: &&Record| r.get("name").name().is_some_and(|n| n.latin == "Request for proposal");
        let Some(stage) = stages.iter().find(named) else { return Ok(()) };
        let when = Expr::path("stage").eq(Expr::lit(stage.id)).and(Expr::path("amount").cmp(Op::Gt, Expr::lit(50_000)));
        let flow = Flow {
            object: "opportunity".into(),
            trigger: Trigger::Becomes,
            when: when.to_string(),
            steps: vec![
                Step::Activity {
                    kind: "meeting".into(),
                    subject: Words::new("اجتماع مراجعة العرض مع المدير", "Review meeting with the manager before the proposal"),
                    owner: Who::Owner,
                    with: vec![Who::Manager],
                    days: 2,
                    remind: Some(1_440),
                },
                Step::Notify {
                    to: vec![Who::Owner],
                    text: Words::new("طلب عرض كبير: اعقد اجتماع المراجعة مع المدير قبل الانتقال إلى المرحلة التالية.", "A large request for proposal: hold the review meeting with the manager before the next stage."),
                },
                Step::Demand {
                    field: "stage".into(),
                    until: String::new(),
                    unless: "status == \"lost\"".into(),
                    say: Words::new("قيمة هذه الفرصة تتجاوز 50,000: يُعقد اجتماع مراجعة مع المدير قبل مغادرة مرحلة طلب العرض.", "This deal is above 50,000: a review meeting with the manager comes before it leaves the stage."),
                },
            ],
        };
        let note = "لا يُقدَّم عرض كبير قبل أن يراجعه مدير.";
        keep(cx, Name::new("مراجعة العروض الكبيرة", "Review of large proposals"), note, &flow).await
    })
}

/// More than ten per cent off: the manager approves before the quote goes out.
fn discount<'a>(cx: &'a mut Cx) -> BoxFuture<'a, Outcome<()>> {
    Box::pin(async move {
        let flow = Flow {
            object: "quote".into(),
            trigger: Trigger::Before { action: "send".into() },
            when: "discount_percent > 10".into(),
            steps: vec![Step::Approval { levels: vec![Level { who: vec![Who::Manager], all: false, hours: Some(24), then: vec![Who::Role("manager".into())] }] }],
        };
        let note = "خصم يتجاوز 10٪ لا يخرج إلى العميل قبل موافقة المدير.";
        keep(cx, Name::new("الموافقة على الخصم الكبير", "Approval of large discounts"), note, &flow).await
    })
}
