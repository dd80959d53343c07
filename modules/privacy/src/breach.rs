//! The register of breaches, with the clock of the law.

use crate::settings::Privacy;
use engine::{Action, Cx, Done, Draft, Input};
use futures::future::BoxFuture;
use kernel::{Capability, Choice, Field, Kind, Object, Outcome, Record, Tone, label};

pub fn object() -> Object {
    let choices = |list: &[(&str, kernel::Label, Tone)]| Kind::Choice { options: list.iter().map(|(k, l, t)| Choice::new(*k, l.clone(), *t)).collect() };
    let states = choices(&[
        ("open", label("قيد التحقيق", "Being looked into"), Tone::Warn),
        ("contained", label("تم احتواؤه", "Contained"), Tone::Info),
        ("closed", label("مغلق", "Closed"), Tone::Good),
    ]);
    let risks = choices(&[
        ("low", label("منخفض", "Low"), Tone::Good),
        ("medium", label("متوسط", "Medium"), Tone::Warn),
        ("high", label("مرتفع", "High"), Tone::Bad),
    ]);
    let notice = label("الإبلاغ", "Notices");
    Object::new("breach", "privacy", label("حادثة تسرّب", "Breach"), label("سجل حوادث التسرّب", "Breaches"))
        .icon("triangle-alert")
        .title("subject")
        .stage("status")
        .calendar("notify_by")
        .happened("discovered_at")
        .owner("owner")
        .sort("-discovered_at")
        .without(&[Capability::Import])
        .field(Field::new("subject", Kind::text(), label("الحادثة", "What happened")).required())
        .field(Field::new("status", states, label("الحالة", "Status")).default_expr("\"open\"").list())
        .field(Field::new("discovered_at", Kind::DateTime, label("اكتُشفت في", "Discovered")).required().default_expr("now()").list())
        .field(Field::new("risk", risks, label("الخطر على الأشخاص", "Risk to people")).default_expr("\"medium\"").list())
        .field(Field::new("people", Kind::Integer, label("عدد المتأثرين", "People affected")))
        .field(Field::new("data", Kind::LongText, label("البيانات المتأثرة", "Data concerned")))
        .field(Field::new("effects", Kind::LongText, label("العواقب المحتملة", "Likely effects")))
        .field(Field::new("measures", Kind::LongText, label("الإجراءات المتخذة", "Measures taken")))
        .field(Field::new("owner", Kind::to("user"), label("المسؤول", "Owner")).default_expr("me()").reverse("breaches", label("حوادث التسرّب", "Breaches")))
        .field(Field::new("notify_by", Kind::DateTime, label("آخر موعد لإبلاغ الجهة المختصة", "Authority must know by")).readonly().section(notice.clone()).list())
        .field(Field::new("authority_told_at", Kind::DateTime, label("أُبلغت الجهة المختصة في", "Authority told")).readonly().section(notice.clone()))
        .field(Field::new("people_told_at", Kind::DateTime, label("أُبلغ المتأثرون في", "People told")).readonly().section(notice))
}

pub fn actions() -> Vec<Action> {
    let told = |key, l, guard, run| Action { object: "breach", key, label: l, icon: "check", input: Vec::new(), guard: Some(guard), danger: false, run };
    vec![
        told("tell_authority", label("أُبلغت الجهة المختصة", "Authority told"), "authority_told_at == null", tell_authority),
        told("tell_people", label("أُبلغ المتأثرون", "People told"), "people_told_at == null", tell_people),
    ]
}

fn tell_authority<'a>(cx: &'a mut Cx, breach: Record, _: Input) -> BoxFuture<'a, Outcome<Done>> {
    Box::pin(async move {
        cx.save("breach", Draft::of(breach.id).trusted().set("authority_told_at", cx.now)).await?;
        Ok(Done::default())
    })
}

fn tell_people<'a>(cx: &'a mut Cx, breach: Record, _: Input) -> BoxFuture<'a, Outcome<Done>> {
    Box::pin(async move {
        cx.save("breach", Draft::of(breach.id).trusted().set("people_told_at", cx.now)).await?;
        Ok(Done::default())
    })
}

/// Sets and moves the clock with the moment of discovery.
pub fn begin<'a>(cx: &'a mut Cx, changes: &'a [(Option<Record>, Option<Record>)]) -> BoxFuture<'a, Outcome<()>> {
    Box::pin(async move {
        for (before, after) in changes {
            let Some(breach) = after else { continue };
            if before.as_ref().is_some_and(|b| b.get("discovered_at") == breach.get("discovered_at")) {
                continue;
            }
            let law = Privacy::load(&cx.company).await?.law(&cx.company);
            let by = breach.get("discovered_at").datetime().unwrap_or(cx.now) + jiff::SignedDuration::from_hours(law.breach_hours);
            cx.save("breach", Draft::of(breach.id).trusted().set("notify_by", by)).await?;
        }
        Ok(())
    })
}
