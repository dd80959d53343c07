//! The stages of an object as the columns of its board and the path on its record page: the options of a choice, or the
//! records of another object, in its order and under the reader's rule.

use crate::visit::Visit;
use engine::load::title_of;
use engine::{Count, Query};
use kernel::{Choice, Expr, Field, Kind, Label, Name, Object, Outcome, Record, Tone, Value, Verb};
use std::sync::Arc;
use uuid::Uuid;

/// The most stages of one board.
const MOST: usize = 60;

/// What a board is of: its field and what stands in the columns. The key of an option that is a record is its id.
pub struct Stages {
    pub field: Field,
    pub options: Vec<Choice>,
    pub group: Option<Group>,
}

/// Stages that belong to several things (pipelines), of which a board shows one at a time.
pub struct Group {
    /// Of the record and of its stage.
    pub field: String,
    pub now: Uuid,
    pub each: Vec<(Uuid, Name)>,
}

impl Stages {
    /// For the reader, of the group with this id, or of the first; nothing where the object has no stages or he does not see them.
    ///
    /// # Errors
    /// The database.
    pub async fn of(visit: &Visit, object: &Object, group: Option<Uuid>) -> Outcome<Option<Stages>> {
        let Some(field) = object.stage.as_deref().and_then(|s| object.get(s)).filter(|f| visit.actor.sees(&object.key, &f.key)) else { return Ok(None) };
        let Kind::Ref { object: target } = &field.kind else {
            return Ok(Some(Stages { field: field.clone(), options: field.kind.options().to_vec(), group: None }));
        };
        let target = visit.registry.object(target)?.clone();
        if !visit.actor.may(&target, &Verb::Read) {
            return Ok(None);
        }
        let shared = target.fields.iter().find(|f| matches!(f.kind, Kind::Ref { .. }) && object.get(&f.key).is_some_and(|own| own.kind == f.kind));
        let group = match shared {
            Some(shared) => Group::of(visit, shared, group).await?,
            None => None,
        };
        let mut query = Query { count: Count::None, ..Query::new(target.key.clone()).limit(MOST) };
        if let Some(g) = &group {
            query = query.filter(Expr::path(&g.field).eq(Expr::lit(g.now)));
        }
        let found = visit.company.list(&visit.actor, &query).await?.records;
        let options = found.iter().map(|r| option(&target, r)).collect();
        Ok(Some(Stages { field: field.clone(), options, group }))
    }

    /// The group a record stands in.
    pub fn group_of(visit: &Visit, object: &Object, record: &Record) -> Option<Uuid> {
        let target = object.stage.as_deref().and_then(|s| object.get(s)).and_then(|f| f.kind.target()).and_then(|t| visit.registry.find(t))?;
        let shared = target.fields.iter().find(|f| matches!(f.kind, Kind::Ref { .. }) && object.get(&f.key).is_some_and(|own| own.kind == f.kind))?;
        record.get(&shared.key).id()
    }

    /// A record stands in this column.
    pub fn is(&self, option: &Choice) -> Expr {
        let value = match (&self.field.kind, option.key.parse::<Uuid>()) {
            (Kind::Ref { .. }, Ok(id)) => Expr::lit(id),
            _ => Expr::lit(option.key.as_str()),
        };
        Expr::path(&self.field.key).eq(value)
    }

    /// All records of the board.
    pub fn all(&self) -> Option<Expr> {
        self.group.as_ref().map(|g| Expr::path(&g.field).eq(Expr::lit(g.now)))
    }
}

impl Group {
    async fn of(visit: &Visit, shared: &Field, wanted: Option<Uuid>) -> Outcome<Option<Group>> {
        let Some(object) = shared.kind.target().and_then(|t| visit.registry.find(t)).filter(|o| visit.actor.may(o, &Verb::Read)).map(Arc::clone) else { return Ok(None) };
        let query = Query { count: Count::None, ..Query::new(object.key.clone()).limit(MOST) };
        let each: Vec<(Uuid, Name)> = visit.company.list(&visit.actor, &query).await?.records.iter().map(|r| (r.id, title_of(&object, r))).collect();
        let now = wanted.filter(|w| each.iter().any(|(id, _)| id == w)).or_else(|| each.first().map(|(id, _)| *id));
        Ok(now.map(|now| Group { field: shared.key.clone(), now, each }))
    }
}

/// A stage that is a record has the colour of its first choice that has colours.
fn option(target: &Object, record: &Record) -> Choice {
    let name = title_of(target, record);
    let coloured = target.fields.iter().find(|f| f.kind.options().iter().any(|o| o.tone != Tone::Neutral));
    let chosen = coloured.and_then(|f| f.kind.options().iter().find(|o| record.get(&f.key).text() == Some(&o.key)));
    Choice::new(record.id.to_string(), Label::owned(name.get("ar"), name.get("en")), chosen.map_or(Tone::Neutral, |o| o.tone))
}

/// The key of the option a record has.
pub fn key_of(value: &Value) -> String {
    match value {
        Value::Text(key) => key.clone(),
        Value::Id(id) => id.to_string(),
        _ => String::new(),
    }
}
