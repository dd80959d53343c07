//! Taking the personal values out of one record, and removing one.

use super::circle::stands;
use super::{Fate, Member};
use crate::compute::Rules;
use crate::{Cx, rollup, side};
use kernel::{Capability, Field, Kind, Name, Object, Outcome, Sensitivity, Value};

/// What stands in place of a name. The same words for everybody, so that they say nothing.
pub const NAME: (&str, &str) = ("عميل محذوف", "Erased customer");
/// In place of another title.
const TITLE: &str = "محذوف · Erased";

/// The object keeps accounts: its numbers and descriptions must stay readable.
pub fn is_book(object: &Object) -> bool {
    object.fields.iter().any(|f| *f.kind.stored() == Kind::Money)
}

/// Whether an erasure empties the field. What can identify goes; amounts, states, dates and links stay, unless they are
/// declared personal. Codes and short texts of the books (number of an order, what was sold) stay as well.
pub fn blanked(object: &Object, f: &Field, fate: Fate) -> bool {
    let personal = f.sensitivity != Sensitivity::Open;
    match &f.kind {
        Kind::Formula { .. } | Kind::Rollup { .. } | Kind::Sequence { .. } => false,
        Kind::Name | Kind::Email | Kind::Phone | Kind::Address | Kind::Url | Kind::LongText | Kind::RichText | Kind::File | Kind::Image | Kind::Json => true,
        Kind::Text { .. } | Kind::Code { .. } => personal || fate == Fate::Subject || !is_book(object),
        Kind::Date => personal || fate == Fate::Subject,
        Kind::Ref { object: target } => personal && target != "party" && target != "user",
        Kind::Integer
        | Kind::Decimal { .. }
        | Kind::Percent
        | Kind::Money
        | Kind::Bool
        | Kind::DateTime
        | Kind::Duration
        | Kind::Choice { .. }
        | Kind::MultiChoice { .. }
        | Kind::Refs { .. } => personal,
    }
}

fn left(object: &Object, f: &Field, fate: Fate) -> Value {
    let names = f.key == object.title || f.required;
    match &f.kind {
        Kind::Name if fate == Fate::Subject && names => Value::Name(Name::new(NAME.0, NAME.1)),
        Kind::Name if names => Value::Name(Name::new("محذوف", "Erased")),
        Kind::Text { .. } | Kind::LongText | Kind::RichText if names => TITLE.into(),
        _ => Value::Null,
    }
}

/// Empties a record in place: no rules of forms, no audit values, the same id.
pub(super) async fn record(cx: &mut Cx, member: &Member) -> Outcome<()> {
    let object = cx.object(&member.object)?;
    let Some((before, living)) = stands(&mut cx.tx, &object, member.id, true).await? else { return Ok(()) };
    let mut after = before.clone();
    for f in object.fields.iter().filter(|f| blanked(&object, f, member.fate)) {
        after.set(f.key.clone(), left(&object, f, member.fate));
    }
    let registry = cx.registry.clone();
    let env = cx.company.env(&cx.company.system());
    Rules::of(&registry, &object)?.formulas(&mut after, &env);
    let mut sql = cx.tx.sql();
    sql.push("UPDATE ").ident(&object.key).push(" SET rev = rev + 1, updated_at = ").bind(cx.now).push(", updated_by = NULL");
    for f in object.fields.iter().filter(|f| before.get(&f.key) != after.get(&f.key) || blanked(&object, f, member.fate)) {
        for (column, cell) in f.columns().iter().zip(f.kind.encode(after.get(&f.key))) {
            sql.push(", ").ident(&column.name).push(" = ").bind(cell);
        }
    }
    sql.push(" WHERE \"id\" = ").bind(member.id);
    cx.tx.exec(&sql).await?;
    after.rev = before.rev + 1;
    if living {
        if object.can(Capability::Search) {
            store::search::put_many(&mut cx.tx, &[side::doc(&object, &after)]).await?;
        }
        rollup::propagate(cx, &object, &[(Some(&before), Some(&after))]).await?;
        cx.signal(&object, std::iter::once(&after));
    }
    Ok(())
}

/// Removes a part of the person for good.
pub(super) async fn remove(cx: &mut Cx, member: &Member) -> Outcome<()> {
    let object = cx.object(&member.object)?;
    let Some((before, living)) = stands(&mut cx.tx, &object, member.id, true).await? else { return Ok(()) };
    if living {
        if object.can(Capability::Search) {
            store::search::remove_many(&mut cx.tx, &object.key, &[member.id]).await?;
        }
        rollup::propagate(cx, &object, &[(Some(&before), None)]).await?;
    }
    cx.erase(&object, vec![member.id]).await
}

/// The audit says that it was done, and by which request; nothing else.
pub(super) async fn told(cx: &mut Cx, member: &Member) -> Outcome<()> {
    let audit = side::Audit { object: member.object.clone(), record: member.id, rev: 0, verb: "erased".into(), changes: serde_json::Value::Null };
    side::audit(cx, vec![audit]).await
}
