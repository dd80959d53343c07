//! What can be done with a letter, a mailbox and a row of the ledger: buttons, endpoints and permissions in one.

use crate::{access, link, outbox, proof, sync};
use engine::{Action, Cx, Done, Draft, Input};
use futures::future::BoxFuture;
use kernel::{Field, Kind, Outcome, Record, Value, label};
use serde_json::json;

type Ran<'a> = BoxFuture<'a, Outcome<Done>>;

fn said(key: &str) -> Done {
    Done { message: key.into(), ..Done::default() }
}

pub fn actions() -> Vec<Action> {
    let of = |object, key, l, icon, guard, run| Action { object, key, label: l, icon, input: Vec::new(), guard, danger: false, run };
    let with = |a: Action, input: Vec<Field>| Action { input, ..a };
    vec![
        with(
            of("mail", "send", label("إرسال", "Send"), "send", Some("state == \"draft\""), send),
            vec![Field::new("at", Kind::DateTime, label("في وقت لاحق", "Later, at"))],
        ),
        of("mail", "undo", label("تراجع عن الإرسال", "Undo sending"), "undo-2", Some("state == \"queued\""), undo),
        with(
            of("mail", "reply", label("رد سريع", "Quick reply"), "message-square", Some("state == \"received\""), reply),
            vec![
                Field::new("body", Kind::LongText, label("النص", "Text")).required(),
                Field::new("all", Kind::Bool, label("إلى الجميع", "To everybody")),
            ],
        ),
        of("mail", "done", label("إنهاء", "Mark as done"), "check", Some("status == \"open\" && direction == \"in\""), done),
        of("mail", "reopen", label("إعادة فتح", "Reopen"), "rotate-ccw", Some("status == \"done\" && direction == \"in\""), reopen),
        with(
            of("mail", "assign", label("إسناد", "Assign"), "user-plus", Some("direction == \"in\""), assign),
            vec![Field::new("user", Kind::to("user"), label("إلى", "To")).required()],
        ),
        with(
            of("mail", "link", label("ربط بعميل", "Link to a customer"), "link", Some("state != \"draft\""), to_party),
            vec![Field::new("party", Kind::to("party"), label("العميل", "Customer")).required()],
        ),
        of("mail", "unlink", label("فك الربط", "Unlink"), "x", Some("party != null && state != \"draft\""), unlink),
        of("mail", "again", label("إرسال مرة أخرى", "Send again"), "redo-2", Some("state in [\"unsure\", \"failed\", \"bounced\"]"), again),
        of("mail", "sent", label("أُرسلت فعلًا", "It was sent"), "check", Some("state == \"unsure\""), was_sent),
        with(
            of("mailbox", "secret", label("بيانات الدخول", "Sign-in data"), "key-round", None, secret),
            vec![
                Field::new("password", Kind::Text { max: 500 }, label("كلمة المرور", "Password")),
                Field::new("client_secret", Kind::Text { max: 500 }, label("سر تطبيق OAuth2", "OAuth2 client secret")),
                Field::new("refresh_token", Kind::Text { max: 4000 }, label("رمز تجديد OAuth2", "OAuth2 refresh token")),
            ],
        ),
        of("mailbox", "sync", label("مزامنة الآن", "Synchronise now"), "refresh-cw", Some("active == true"), synchronise),
        of("mailbox", "prove", label("مطابقة الآن", "Reconcile now"), "circle-check", Some("active == true"), prove),
        of("mail_entry", "retry", label("إعادة المحاولة", "Try again"), "refresh-cw", Some("state == \"failed\""), retry),
    ]
}

fn send<'a>(cx: &'a mut Cx, letter: Record, input: Input) -> Ran<'a> {
    Box::pin(async move {
        let at = input.get("at").and_then(Value::datetime);
        outbox::queue(cx, &letter, at).await?;
        Ok(said(if at.is_some() { "mail-said-later" } else { "mail-said-queued" }))
    })
}

fn undo<'a>(cx: &'a mut Cx, letter: Record, _: Input) -> Ran<'a> {
    Box::pin(async move {
        cx.save("mail", Draft::of(letter.id).trusted().rev(letter.rev).set("state", "draft").set("due_at", Value::Null)).await?;
        Ok(said("mail-said-undone"))
    })
}

fn reply<'a>(cx: &'a mut Cx, parent: Record, input: Input) -> Ran<'a> {
    Box::pin(async move {
        let how = if input.get("all").and_then(Value::bool) == Some(true) { outbox::Answering::All } else { outbox::Answering::Sender };
        let (company, actor) = (cx.company.clone(), cx.actor.clone());
        let mailbox = company.get_in(&mut cx.tx, &actor, "mailbox", parent.get("mailbox").id().unwrap_or_default()).await?;
        let body = input.get("body").and_then(Value::text).unwrap_or_default().to_owned();
        let draft = outbox::answer(&parent, &mailbox, how, "");
        let quoted = draft.values.get("body").and_then(Value::text).unwrap_or_default().to_owned();
        let draft = draft.set("body", format!("{body}{quoted}"));
        let made = cx.save("mail", draft).await?.into_record();
        outbox::queue(cx, &made, None).await?;
        Ok(Done { message: "mail-said-queued".into(), goto: Some(("mail".into(), made.id)), data: json!({"id": made.id}) })
    })
}

fn done<'a>(cx: &'a mut Cx, letter: Record, _: Input) -> Ran<'a> {
    Box::pin(async move {
        cx.save("mail", Draft::of(letter.id).set("status", "done")).await?;
        Ok(said("mail-said-done"))
    })
}

fn reopen<'a>(cx: &'a mut Cx, letter: Record, _: Input) -> Ran<'a> {
    Box::pin(async move {
        cx.save("mail", Draft::of(letter.id).set("status", "open")).await?;
        Ok(Done::default())
    })
}

fn assign<'a>(cx: &'a mut Cx, letter: Record, input: Input) -> Ran<'a> {
    Box::pin(async move {
        let user = input.get("user").cloned().unwrap_or_default();
        cx.save("mail", Draft::of(letter.id).set("assignee", user.clone())).await?;
        if let Some(user) = user.id() {
            cx.notify(engine::Notice { user, kind: "assigned", object: "mail", record: letter.id, data: serde_json::Value::Null }).await?;
        }
        Ok(Done::default())
    })
}

fn to_party<'a>(cx: &'a mut Cx, letter: Record, input: Input) -> Ran<'a> {
    Box::pin(async move {
        let (company, actor) = (cx.company.clone(), cx.actor.clone());
        let party = input.get("party").and_then(Value::id).unwrap_or_default();
        company.get_in(&mut cx.tx, &actor, "party", party).await?;
        link::relink(cx, &letter, Some(party)).await?;
        Ok(said("mail-said-linked"))
    })
}

fn unlink<'a>(cx: &'a mut Cx, letter: Record, _: Input) -> Ran<'a> {
    Box::pin(async move {
        link::relink(cx, &letter, None).await?;
        Ok(said("mail-said-unlinked"))
    })
}

fn again<'a>(cx: &'a mut Cx, letter: Record, _: Input) -> Ran<'a> {
    Box::pin(async move {
        outbox::queue(cx, &letter, None).await?;
        Ok(said("mail-said-queued"))
    })
}

fn was_sent<'a>(cx: &'a mut Cx, letter: Record, _: Input) -> Ran<'a> {
    Box::pin(async move {
        let now = cx.now;
        cx.save("mail", Draft::of(letter.id).trusted().set("state", "sent").set("sent_at", now).set("error", Value::Null)).await?;
        Ok(Done::default())
    })
}

fn secret<'a>(cx: &'a mut Cx, mailbox: Record, input: Input) -> Ran<'a> {
    Box::pin(async move {
        for name in [access::PASSWORD, access::CLIENT_SECRET, access::REFRESH_TOKEN] {
            if let Some(value) = input.get(name).and_then(Value::text) {
                access::keep_secret(cx, mailbox.id, name, value).await?;
            }
        }
        Ok(said("mail-said-secret"))
    })
}

fn synchronise<'a>(cx: &'a mut Cx, mailbox: Record, _: Input) -> Ran<'a> {
    Box::pin(async move {
        store::queue::enqueue(&mut cx.tx, &sync::job(mailbox.id)).await?;
        Ok(said("mail-said-sync"))
    })
}

fn prove<'a>(cx: &'a mut Cx, mailbox: Record, _: Input) -> Ran<'a> {
    Box::pin(async move {
        cx.enqueue(proof::JOB, json!({"mailbox": mailbox.id})).await?;
        Ok(said("mail-said-sync"))
    })
}

fn retry<'a>(cx: &'a mut Cx, entry: Record, _: Input) -> Ran<'a> {
    Box::pin(async move {
        cx.save("mail_entry", Draft::of(entry.id).trusted().set("attempts", 0).set("next_try", Value::Null)).await?;
        if let Some(mailbox) = entry.get("mailbox").id() {
            store::queue::enqueue(&mut cx.tx, &sync::job(mailbox)).await?;
        }
        Ok(said("mail-said-sync"))
    })
}
