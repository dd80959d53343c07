//! Saved views: a named filter, sort and set of columns of a list, private or shared.

use crate::{Actor, Company};
use kernel::{Cell, ColumnType, Fault, Issue, Label, Outcome, Verb};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// How a list is to be shown.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Config {
    /// An expression; empty for everything.
    pub filter: String,
    /// `name,-ordered_at`
    pub sort: String,
    /// Field keys; empty for the object's own.
    pub columns: Vec<String>,
    /// `list`, `board` or `calendar`.
    pub layout: String,
}

#[derive(Clone, Debug, PartialEq)]
pub struct View {
    pub id: Uuid,
    pub object: String,
    /// `None`: the company's.
    pub owner: Option<Uuid>,
    pub shared: bool,
    pub name: Label,
    pub config: Config,
    pub position: i64,
    pub is_default: bool,
}

const COLUMNS: &[&str] = &["id", "object", "owner", "shared", "name", "config", "position", "is_default"];

impl Company {
    /// The views of an object that the actor may use: his own and shared ones, in their order.
    ///
    /// # Errors
    /// Not found.
    pub async fn views(&self, actor: &Actor, object: &str) -> Outcome<Vec<View>> {
        let registry = self.registry();
        actor.rule(registry.object(object)?, &Verb::Read)?;
        let mut conn = self.db().read().await?;
        let mut sql = conn.sql();
        sql.push("SELECT id, object, owner, shared, name, config, position, is_default FROM sila_view WHERE object = ").bind(object);
        sql.push(" AND (shared = 1 OR owner = ").bind(actor.id).push(") ORDER BY position, id");
        let types = [
            ColumnType::Id,
            ColumnType::Text,
            ColumnType::Id,
            ColumnType::Int,
            ColumnType::Text,
            ColumnType::Text,
            ColumnType::Int,
            ColumnType::Int,
        ];
        Ok(conn.rows(&sql, &types).await?.iter().filter_map(|r| view(r)).collect())
    }

    /// Makes or changes a view. A shared one is for managers of the company (administrators) only.
    ///
    /// # Errors
    /// Invalid: filter, sort or columns that do not fit the object or are withheld from the actor. Not found: somebody else's view.
    pub async fn save_view(&self, actor: &Actor, view: &View) -> Outcome<()> {
        let registry = self.registry();
        let object = registry.object(&view.object)?;
        if view.name.is_empty() {
            return Err(Fault::invalid("name", "value-required"));
        }
        if view.shared {
            actor.must_administer()?;
        }
        if !view.config.filter.trim().is_empty() {
            kernel::expr::check(&registry, object, &view.config.filter, kernel::expr::Wanted::Condition)?;
            self.may_filter(actor, object, &kernel::Expr::parse(&view.config.filter)?)?;
        }
        for name in view.config.columns.iter().chain(crate::Sort::parse(&view.config.sort).iter().map(|s| &s.field)) {
            if object.get(name).is_none() || !actor.sees(&object.key, name) {
                return Err(Fault::issue(Issue::new("columns", "expr-unknown-field").arg("name", name)));
            }
        }
        let mut cx = self.write(actor).await?;
        if let Some(owner) = owner_of(&mut cx.tx, view.id).await? {
            self.owns(actor, owner)?;
        }
        let mut sql = cx.tx.sql();
        sql.push("DELETE FROM sila_view WHERE id = ").bind(view.id);
        cx.tx.exec(&sql).await?;
        let json = |v: Result<String, serde_json::Error>| v.map(Cell::Text).map_err(Fault::internal);
        let row = vec![
            view.id.into(),
            view.object.as_str().into(),
            actor.id.into(),
            view.shared.into(),
            json(serde_json::to_string(&view.name))?,
            json(serde_json::to_string(&view.config))?,
            view.position.into(),
            view.is_default.into(),
        ];
        store::insert_many(&mut cx.tx, "sila_view", COLUMNS, vec![row]).await?;
        cx.commit().await
    }

    /// # Errors
    /// Not found: somebody else's view.
    pub async fn delete_view(&self, actor: &Actor, id: Uuid) -> Outcome<()> {
        let mut cx = self.write(actor).await?;
        let owner = owner_of(&mut cx.tx, id).await?.ok_or_else(Fault::not_found)?;
        self.owns(actor, owner)?;
        let mut sql = cx.tx.sql();
        sql.push("DELETE FROM sila_view WHERE id = ").bind(id);
        cx.tx.exec(&sql).await?;
        cx.commit().await
    }

    fn owns(&self, actor: &Actor, owner: Uuid) -> Outcome<()> {
        if owner == actor.id || actor.must_administer().is_ok() { Ok(()) } else { Err(Fault::not_found()) }
    }
}

async fn owner_of(tx: &mut store::Tx, id: Uuid) -> Outcome<Option<Uuid>> {
    let mut sql = tx.sql();
    sql.push("SELECT owner FROM sila_view WHERE id = ").bind(id);
    Ok(tx.row(&sql, &[ColumnType::Id]).await?.map(|r| r.first().and_then(Cell::id).unwrap_or_default()))
}

fn view(row: &[Cell]) -> Option<View> {
    let text = |i: usize| row.get(i).and_then(Cell::text).unwrap_or_default();
    Some(View {
        id: row.first()?.id()?,
        object: text(1).to_owned(),
        owner: row.get(2)?.id(),
        shared: row.get(3)?.int() == Some(1),
        name: serde_json::from_str(text(4)).ok()?,
        config: serde_json::from_str(text(5)).unwrap_or_default(),
        position: row.get(6)?.int().unwrap_or_default(),
        is_default: row.get(7)?.int() == Some(1),
    })
}
