//! Which entries of a time line its reader may see, found in the quickest of three ways.
//!
//! On a line stand its own record and the records whose `timeline` reference leads to it.

use crate::load::and_rule;
use crate::{Actor, Company};
use kernel::{Expr, Kind, Object, Outcome, Registry, Verb};
use std::sync::Arc;
use store::{Conn, Sql};
use uuid::Uuid;

/// So few records are looked up one by one; where more may be seen, one of them comes soon on the way back in time.
const FEW: i64 = 2_000;

/// How entries are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Way {
    /// By time; what is not for the reader is left out afterwards.
    ByTime,
    /// By time; the database leaves out what is not for the reader.
    Sifted,
    /// From the few records that he may see.
    ByRecord,
}

impl Company {
    /// How to go on where the newest entries did not fill a page.
    pub(super) async fn way_on(&self, conn: &mut Conn, actor: &Actor, object: &str, id: Uuid) -> Outcome<Way> {
        let registry = self.registry();
        let mut few = 0;
        let mut whole = true;
        for (child, via) in belonging(&registry, object) {
            let Ok(rule) = actor.rule(child, &Verb::Read) else {
                whole = false;
                continue;
            };
            whole &= rule == Expr::always();
            let mut sql = conn.sql();
            sql.push("SELECT COUNT(*) FROM (SELECT 1 AS one");
            self.records_on(actor, child, &via, id, &rule, &mut sql)?;
            sql.push(&format!(" LIMIT {}) capped", FEW + 1));
            few += conn.int(&sql).await?.unwrap_or_default();
        }
        Ok(match (whole, few) {
            // Everything is for him; what was left out has gone to the trash.
            (true, _) => Way::ByTime,
            (false, n) if n <= FEW => Way::ByRecord,
            _ => Way::Sifted,
        })
    }

    /// Writes ` FROM … WHERE anchor = ?`; further conditions and the order may follow, on the columns of `sila_timeline`.
    pub(super) fn line(&self, actor: &Actor, object: &str, id: Uuid, way: Way, sql: &mut Sql) -> Outcome<()> {
        let registry = self.registry();
        match way {
            Way::ByTime => {
                sql.push(" FROM sila_timeline WHERE anchor = ").bind(id);
            }
            Way::Sifted => {
                sql.push(" FROM sila_timeline WHERE anchor = ").bind(id).push(" AND (record_id = ").bind(id);
                for (child, _) in belonging(&registry, object) {
                    let Ok(rule) = actor.rule(child, &Verb::Read) else { continue };
                    sql.push(" OR (object = ").bind(child.key.as_str()).push(" AND EXISTS (SELECT 1 FROM ").ident(&child.key);
                    sql.push(" t WHERE t.\"id\" = record_id AND t.\"deleted_at\" IS NULL");
                    and_rule(self, actor, child, "t", &rule, sql)?;
                    sql.push("))");
                }
                sql.push(")");
            }
            Way::ByRecord => {
                let columns = "l.id, l.anchor, l.at, l.kind, l.object, l.record_id, l.actor, l.data";
                sql.push(" FROM (SELECT ").push(columns).push(" FROM sila_timeline l WHERE l.object = ").bind(object);
                sql.push(" AND l.record_id = ").bind(id);
                for (child, via) in belonging(&registry, object) {
                    let Ok(rule) = actor.rule(child, &Verb::Read) else { continue };
                    sql.push(" UNION ALL SELECT ").push(columns).push(" FROM (SELECT t.\"id\"");
                    self.records_on(actor, child, &via, id, &rule, sql)?;
                    // In this order: the few records first.
                    sql.push(") few CROSS JOIN sila_timeline l WHERE l.object = ").bind(child.key.as_str());
                    sql.push(" AND l.record_id = few.\"id\"");
                    if child.key == object {
                        sql.push(" AND l.record_id <> ").bind(id);
                    }
                }
                sql.push(") line WHERE anchor = ").bind(id);
            }
        }
        Ok(())
    }

    /// Writes ` FROM child t WHERE …`: the living records that belong to `id` and are for the actor.
    fn records_on(&self, actor: &Actor, child: &Object, via: &[&str], id: Uuid, rule: &Expr, sql: &mut Sql) -> Outcome<()> {
        sql.push(" FROM ").ident(&child.key).push(" t WHERE t.\"deleted_at\" IS NULL AND (");
        for (i, field) in via.iter().enumerate() {
            sql.push(if i == 0 { "t." } else { " OR t." }).ident(field).push(" = ").bind(id);
        }
        sql.push(")");
        and_rule(self, actor, child, "t", rule, sql)
    }
}

/// The objects whose records stand on the line of an `object`, with the references that bring them there.
fn belonging<'a>(registry: &'a Registry, object: &'a str) -> Vec<(&'a Arc<Object>, Vec<&'a str>)> {
    let mut all: Vec<(&Arc<Object>, Vec<&str>)> = Vec::new();
    let single = |f: &kernel::Field| f.timeline && matches!(f.kind, Kind::Ref { .. });
    for (child, via) in registry.children(object).filter(|(_, via)| single(via)) {
        match all.iter_mut().find(|(o, _)| o.key == child.key) {
            Some((_, fields)) => fields.push(&via.key),
            None => all.push((child, vec![&via.key])),
        }
    }
    all
}
