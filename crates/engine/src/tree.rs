//! References that make a tree: nobody stands above himself, however long the way and whoever writes at the same time.

use crate::Cx;
use kernel::{Cell, ColumnType, Fault, Issue, Object, Outcome, Record};
use std::collections::BTreeSet;
use uuid::Uuid;

/// A company with more levels than this has a fault in its data.
const DEEPEST: usize = 100;

/// Who is hung below whom: field, record, what now stands above it.
pub(crate) fn moves<'a>(object: &Object, changes: impl Iterator<Item = (Option<&'a Record>, &'a Record)> + Clone) -> Vec<(String, Uuid, Uuid)> {
    let mut moves = Vec::new();
    for f in object.fields.iter().filter(|f| f.tree) {
        moves.extend(changes.clone().filter_map(|(before, after)| {
            let to = after.get(&f.key).id()?;
            (before.and_then(|b| b.get(&f.key).id()) != Some(to)).then(|| (f.key.clone(), after.id, to))
        }));
    }
    moves
}

/// Refuses changes that close a loop. The rows are written already: on PostgreSQL each step up waits for whoever is
/// writing that row, so of two savers who close a loop together the second one sees it.
pub(crate) async fn no_loops(cx: &mut Cx, object: &Object, moves: Vec<(String, Uuid, Uuid)>) -> Outcome<()> {
    for (field, from, to) in moves {
        climb(cx, object, &field, from, to).await?;
    }
    Ok(())
}

async fn climb(cx: &mut Cx, object: &Object, field: &str, from: Uuid, to: Uuid) -> Outcome<()> {
    let refuse = |key: &str| Err(Fault::issue(Issue::new(field, key)));
    let mut seen = BTreeSet::new();
    let mut at = to;
    loop {
        if at == from {
            return refuse(if seen.is_empty() { "tree-own-parent" } else { "tree-loop" });
        }
        if !seen.insert(at) || seen.len() > DEEPEST {
            return refuse("tree-loop");
        }
        let mut sql = cx.tx.sql();
        sql.push("SELECT t.").ident(field).push(" FROM ").ident(&object.key).push(" t WHERE t.\"id\" = ").bind(at);
        if sql.dialect() == store::Dialect::Postgres {
            sql.push(" FOR UPDATE OF t");
        }
        match cx.tx.row(&sql, &[ColumnType::Id]).await?.and_then(|r| r.first().and_then(Cell::id)) {
            Some(above) => at = above,
            None => return Ok(()),
        }
    }
}
