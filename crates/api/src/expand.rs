//! `expand=party,order.party`: the records that references point to, inside the answer.

use crate::json;
use crate::request::{Ctx, unreadable};
use engine::{Count, Query};
use futures::future::BoxFuture;
use indexmap::IndexMap;
use kernel::{Expr, Fault, FaultKind, Issue, Object, Outcome, Value};
use serde_json::{Map, Value as Json, json};
use std::collections::BTreeSet;
use uuid::Uuid;

/// How many references deep.
const DEPTH: usize = 3;
const MOST: usize = 10;

/// First reference → what to expand beyond it.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Tree(IndexMap<String, Tree>);

impl Tree {
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// # Errors
/// Bad request: too many or too deep paths, a name that is no reference the actor may see.
pub(crate) fn parse(ctx: &Ctx, object: &Object, paths: &[String]) -> Outcome<Tree> {
    let registry = ctx.company.registry();
    if paths.len() > MOST {
        return Err(unreadable(Issue::new("expand", "value-too-many").arg("max", MOST)));
    }
    let mut tree = Tree::default();
    for path in paths {
        let names: Vec<&str> = path.split('.').collect();
        if names.len() > DEPTH {
            return Err(unreadable(Issue::new("expand", "value-too-deep").arg("max", DEPTH)));
        }
        let mut at = &mut tree;
        let mut home = object;
        for name in names {
            let unknown = || {
                let issue = Issue::new("expand", "expr-unknown-field").arg("name", name).arg("object", &home.key);
                unreadable(issue.arg("suggestion", "none"))
            };
            let field = home.get(name).filter(|f| ctx.actor.sees(&home.key, &f.key)).ok_or_else(unknown)?;
            let target = field.kind.target().and_then(|t| registry.find(t)).ok_or_else(unknown)?;
            home = target;
            at = at.0.entry(name.to_owned()).or_default();
        }
    }
    Ok(tree)
}

/// Adds `_expand: {reference: record | [records] | null}` to each of `data`. A record the actor may not see is null.
pub(crate) fn fill<'a>(ctx: &'a Ctx, object: &'a Object, data: &'a mut [Json], tree: &'a Tree) -> BoxFuture<'a, Outcome<()>> {
    Box::pin(async move {
        let registry = ctx.company.registry();
        for (name, beyond) in &tree.0 {
            let Some(target) = object.get(name).and_then(|f| f.kind.target()).and_then(|t| registry.find(t)) else { continue };
            let wanted: BTreeSet<Uuid> = data.iter().flat_map(|d| ids(d.get(name))).collect();
            let mut found = load(ctx, target, &wanted).await?;
            fill(ctx, target, &mut found, beyond).await?;
            let by_id: Map<String, Json> =
                found.into_iter().filter_map(|r| Some((r.get("id")?.as_str()?.to_owned(), r))).collect();
            let one = |id: &Uuid| by_id.get(&id.to_string()).cloned().unwrap_or(Json::Null);
            for d in data.iter_mut() {
                let value = d.get(name);
                let records = ids(value);
                let expanded = match value {
                    Some(Json::Array(_)) => Json::Array(records.iter().map(one).filter(|r| !r.is_null()).collect()),
                    _ => records.first().map_or(Json::Null, one),
                };
                if let Json::Object(map) = d
                    && let Json::Object(inner) = map.entry("_expand").or_insert_with(|| json!({}))
                {
                    inner.insert(name.clone(), expanded);
                }
            }
        }
        Ok(())
    })
}

fn ids(value: Option<&Json>) -> Vec<Uuid> {
    let one = |j: &Json| j.as_str().and_then(|t| t.parse().ok());
    match value {
        Some(Json::Array(items)) => items.iter().filter_map(one).collect(),
        Some(j) => one(j).into_iter().collect(),
        None => Vec::new(),
    }
}

async fn load(ctx: &Ctx, target: &Object, wanted: &BTreeSet<Uuid>) -> Outcome<Vec<Json>> {
    let wanted: Vec<Uuid> = wanted.iter().copied().collect();
    let mut found = Vec::with_capacity(wanted.len());
    for chunk in wanted.chunks(200) {
        let list = chunk.iter().map(|id| Expr::lit(Value::Id(*id))).collect();
        let filter = Expr::In(Box::new(Expr::path("id")), list);
        let query = Query { filter: Some(filter), limit: 500, count: Count::None, ..Query::new(target.key.clone()) };
        match ctx.company.list(&ctx.actor, &query).await {
            Ok(page) => found.extend(page.records.iter().map(|r| json::record(target, r))),
            // An object he may not read at all.
            Err(Fault { kind: FaultKind::NotFound, .. }) => return Ok(Vec::new()),
            Err(fault) => return Err(fault),
        }
    }
    Ok(found)
}
