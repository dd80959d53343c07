//! PLT-5: what is asked before a change or an action, on every way it can come; objects without rules are not asked about.

use crate::fixture::{actor, save};
use engine::module::RULED;
use engine::{Action, Actor, Company, Cx, Done, Draft, Gate, Input, Module, Watch};
use futures::future::BoxFuture;
use kernel::*;
use std::sync::atomic::{AtomicUsize, Ordering};
use uuid::Uuid;

/// What the gate and the watch of one company were asked.
#[derive(Default)]
struct Asked {
    changes: AtomicUsize,
    watched: AtomicUsize,
}

fn change<'a>(cx: &'a mut Cx, changes: &'a [(Option<&'a Record>, &'a Record)]) -> BoxFuture<'a, Outcome<()>> {
    Box::pin(async move {
        cx.company.kept::<Asked>().changes.fetch_add(1, Ordering::Relaxed);
        let leaves = |(b, a): &(Option<&Record>, &Record)| b.is_some_and(|b| b.get("stage").text() == Some("held") && a.get("stage").text() != Some("held"));
        if changes.iter().any(leaves) {
            return Err(Fault::issue(Issue::new("stage", "value-locked").next("/visit/new", "cancel")));
        }
        Ok(())
    })
}

fn action<'a>(_: &'a mut Cx, record: &'a Record, key: &'a str) -> BoxFuture<'a, Outcome<()>> {
    Box::pin(async move { if key == "send" && record.get("stage").text() == Some("held") { Err(Fault::invalid("", "value-locked")) } else { Ok(()) } })
}

fn acted<'a>(cx: &'a mut Cx, record: &'a Record, _: &'a str) -> BoxFuture<'a, Outcome<()>> {
    Box::pin(async move { cx.save("deal", Draft::of(record.id).set("note", "أُرسل")).await.map(|_| ()) })
}

fn watched<'a>(cx: &'a mut Cx, _: &'a [(Option<Record>, Option<Record>)]) -> BoxFuture<'a, Outcome<()>> {
    Box::pin(async move {
        cx.company.kept::<Asked>().watched.fetch_add(1, Ordering::Relaxed);
        Ok(())
    })
}

fn send<'a>(cx: &'a mut Cx, deal: Record, _: Input) -> BoxFuture<'a, Outcome<Done>> {
    Box::pin(async move {
        cx.save("deal", Draft::of(deal.id).set("stage", "sent")).await?;
        Ok(Done::default())
    })
}

fn deal(key: &str) -> Object {
    let stages = ["new", "held", "sent"].map(|k| Choice::new(k, label("مرحلة", "Stage"), Tone::Neutral));
    Object::new(key, "base", label("صفقة", "Deal"), label("صفقات", "Deals"))
        .field(Field::new("name", Kind::text(), label("الاسم", "Name")).required())
        .field(Field::new("stage", Kind::Choice { options: stages.into() }, label("المرحلة", "Stage")).default_expr("\"new\""))
        .field(Field::new("note", Kind::text(), label("ملاحظة", "Note")))
}

async fn company(url: &str) -> (Company, Actor) {
    let user = Object::new("user", "base", label("مستخدم", "User"), label("المستخدمون", "Users"))
        .field(Field::new("name", Kind::Name, label("الاسم", "Name")).required())
        .field(Field::new("email", Kind::Email, label("البريد", "E-mail")).required().unique())
        .field(Field::new("active", Kind::Bool, label("نشط", "Active")).default_expr("true"));
    let role = Role { key: "admin".into(), label: label("دور", "Role"), grants: vec![Grant::full("*", RowRule::All)], admin: true };
    let module = Module {
        key: "base",
        objects: vec![user, deal("deal"), deal("free")],
        roles: vec![role],
        actions: vec![Action { object: "deal", key: "send", label: label("إرسال", "Send"), icon: "send", input: Vec::new(), guard: None, danger: false, run: send }],
        gates: vec![Gate { object: RULED, change: Some(change), action: Some(action), acted: Some(acted) }],
        watches: vec![Watch { object: RULED, run: watched }],
        ..Module::default()
    };
    let db = store::Db::open(url, &store::Options::default()).await.unwrap();
    let company = Company::open(db, &std::env::temp_dir(), vec![module]).await.unwrap().0;
    let mut tx = company.db().write().await.unwrap();
    let row = vec!["deal".into(), Uuid::from_u128(7).into(), 1.into()];
    store::insert_many(&mut tx, "sila_rule", &["object", "id", "version"], vec![row]).await.unwrap();
    tx.commit().await.unwrap();
    let admin = actor(&company, "admin", "admin").await;
    (company, admin)
}

#[tokio::test]
async fn plt_5_gates_hold_changes_and_actions_of_objects_with_rules() {
    testdb::both(async |url| {
        let (company, admin) = company(&url).await;
        let held = save(&company, &admin, "deal", Draft::new().set("name", "توريد").set("stage", "held")).await.unwrap();
        let id = held.id;

        let fault = save(&company, &admin, "deal", Draft::of(id).set("stage", "sent")).await.unwrap_err();
        assert_eq!(fault.issues[0].offered(), Some(("/visit/new", "cancel")));
        assert!(company.dispatch(&admin, "deal", id, "send", None, Input::new()).await.is_err());
        assert_eq!(company.get(&admin, "deal", id).await.unwrap().rev, 1, "nothing was changed");

        // Another field may change; what is told of the past is not asked about.
        save(&company, &admin, "deal", Draft::of(id).set("note", "بانتظار الاجتماع")).await.unwrap();
        let mut cx = company.write(&admin).await.unwrap();
        cx.retold = true;
        cx.save("deal", Draft::of(id).set("stage", "new")).await.unwrap();
        cx.commit().await.unwrap();

        // The action runs, and what follows it is in the same transaction.
        company.dispatch(&admin, "deal", id, "send", None, Input::new()).await.unwrap();
        let now = company.get(&admin, "deal", id).await.unwrap();
        assert_eq!((now.get("stage").text(), now.get("note").text()), (Some("sent"), Some("أُرسل")));
    })
    .await;
}

#[tokio::test]
async fn objects_without_rules_are_not_asked_about() {
    testdb::both(async |url| {
        let (company, admin) = company(&url).await;
        save(&company, &admin, "free", Draft::new().set("name", "حر").set("stage", "held")).await.unwrap();
        let asked = company.kept::<Asked>();
        assert_eq!((asked.changes.load(Ordering::Relaxed), asked.watched.load(Ordering::Relaxed)), (0, 0));
        save(&company, &admin, "deal", Draft::new().set("name", "توريد")).await.unwrap();
        assert_eq!((asked.changes.load(Ordering::Relaxed), asked.watched.load(Ordering::Relaxed)), (1, 1));
    })
    .await;
}
