//! Moving what points to the loser, and the book of every cell that a merge changes.
//!
//! Plain references are moved in one statement for each column, and the ids of the moved rows are kept. Where more than a
//! reference can change (the survivor itself, parts, what is unique for each owner, what modules derive) the rows are
//! read before and after, and the book gets the differences.

use crate::Cx;
use kernel::{Cell, ColumnType, Field, Fault, Kind, Object, Outcome, Record, Value, Verb};
use serde_json::{Value as Json, json};
use std::collections::BTreeMap;
use std::sync::Arc;
use uuid::Uuid;

const TABLE: &str = "sila_merge_row";
const COLUMNS: [&str; 7] = ["merge_id", "tbl", "col", "row_id", "key", "before", "after"];
/// Facts about what happened keep the id it happened to; the rest of these tables is kept by other means.
const STAY: &[&str] = &["sila_audit", "sila_read", "sila_seal", "sila_event", "sila_link", "sila_search", "sila_match_key", "sila_run_touch"];
/// Marks a row that the merge made.
pub(crate) const MADE: &str = "+";

pub(crate) struct Journal {
    id: Uuid,
    rows: Vec<Vec<Cell>>,
}

/// Rows of one table as they were before.
pub(crate) struct Image {
    object: Arc<Object>,
    /// Owners, by any of these references; empty: the records themselves.
    vias: Vec<String>,
    owners: Vec<Uuid>,
    columns: Vec<(String, ColumnType)>,
    rows: BTreeMap<Uuid, Vec<Cell>>,
}

pub(crate) fn cell_json(cell: &Cell) -> String {
    match cell {
        Cell::Null => Json::Null,
        Cell::Int(n) => json!(n),
        Cell::Text(t) => json!(t),
        Cell::Id(id) => json!({ "id": id }),
        Cell::Bytes(b) => json!({"hex": b.iter().map(|x| format!("{x:02x}")).collect::<String>()}),
    }
    .to_string()
}

pub(crate) fn cell_of(json: &Json) -> Cell {
    match json {
        Json::Number(n) => n.as_i64().map_or(Cell::Null, Cell::Int),
        Json::String(t) => Cell::Text(t.clone()),
        Json::Object(o) => match (o.get("id").and_then(Json::as_str), o.get("hex").and_then(Json::as_str)) {
            (Some(id), _) => id.parse().map_or(Cell::Null, Cell::Id),
            (_, Some(hex)) => Cell::Bytes((0..hex.len()).step_by(2).filter_map(|i| u8::from_str_radix(hex.get(i..i + 2)?, 16).ok()).collect()),
            _ => Cell::Null,
        },
        _ => Cell::Null,
    }
}

/// References of `child` to `object`.
fn refs<'a>(child: &'a Object, object: &'a str) -> impl Iterator<Item = &'a Field> {
    child.fields.iter().filter(move |f| matches!(f.kind, Kind::Ref { .. }) && f.kind.target() == Some(object))
}

/// More than its reference can change when the owner does.
fn delicate(cx: &Cx, child: &Object, object: &str) -> bool {
    let vias: Vec<&str> = refs(child, object).map(|f| f.key.as_str()).collect();
    !vias.is_empty()
        && (vias.len() > 1
            || child.fields.iter().any(|f| f.cascade && vias.contains(&f.key.as_str()))
            || child.unique.iter().any(|set| set.iter().any(|k| vias.contains(&k.as_str())))
            || cx.company.watches(&child.key))
}

fn physical(object: &Object) -> Vec<(String, ColumnType)> {
    let mut columns: Vec<(String, ColumnType)> = vec![
        ("deleted_at".into(), ColumnType::Int),
        ("updated_at".into(), ColumnType::Int),
        ("updated_by".into(), ColumnType::Id),
    ];
    let stored = object.fields.iter().filter(|f| !matches!(f.kind, Kind::Rollup { .. }));
    columns.extend(stored.flat_map(Field::columns).map(|c| (c.name, c.ty)));
    columns
}

impl Image {
    async fn read(&self, cx: &mut Cx) -> Outcome<BTreeMap<Uuid, Vec<Cell>>> {
        let mut sql = cx.tx.sql();
        sql.push("SELECT t.\"id\"");
        for (name, _) in &self.columns {
            sql.push(", t.").ident(name);
        }
        crate::record_sql::from(&mut sql, &self.object, "t");
        sql.push(" WHERE ");
        let owners = || self.owners.iter().map(|id| Cell::Id(*id));
        if self.vias.is_empty() {
            sql.push("t.\"id\" IN ").bind_list(owners());
        }
        for (i, via) in self.vias.iter().enumerate() {
            sql.push(if i == 0 { "t." } else { " OR t." }).ident(via).push(" IN ").bind_list(owners());
        }
        let types: Vec<ColumnType> = std::iter::once(ColumnType::Id).chain(self.columns.iter().map(|(_, t)| *t)).collect();
        let rows = cx.tx.rows(&sql, &types).await?;
        Ok(rows.into_iter().filter_map(|mut r| Some((r.first()?.id()?, r.split_off(1)))).collect())
    }
}

/// The survivor, and the rows of which more than a reference may change, as they are now.
pub(crate) async fn images(cx: &mut Cx, object: &Arc<Object>, two: &[Uuid; 2]) -> Outcome<Vec<Image>> {
    let [survivor, _] = two;
    let mut all = vec![Image { object: object.clone(), vias: Vec::new(), owners: vec![*survivor], columns: physical(object), rows: BTreeMap::new() }];
    let registry = cx.registry.clone();
    for child in registry.objects().filter(|c| c.key != object.key && delicate(cx, c, &object.key)) {
        let vias = refs(child, &object.key).map(|f| f.key.clone()).collect();
        all.push(Image { object: child.clone(), vias, owners: two.to_vec(), columns: physical(child), rows: BTreeMap::new() });
    }
    for image in &mut all {
        image.rows = image.read(cx).await?;
    }
    Ok(all)
}

/// Rows of the loser that cannot stand beside one of the survivor go out of sight: the same number twice, a second row
/// where each owner has one, a relationship of the two with each other.
pub(crate) async fn set_aside(cx: &mut Cx, object: &Object, survivor: Uuid, loser: Uuid) -> Outcome<()> {
    let registry = cx.registry.clone();
    let children: Vec<Arc<Object>> = registry.objects().filter(|c| c.key != object.key && delicate(cx, c, &object.key)).cloned().collect();
    for child in &children {
        let vias: Vec<&Field> = refs(child, &object.key).collect();
        for via in &vias {
            let mut sets: Vec<Vec<&str>> = child.unique.iter().filter(|s| s.contains(&via.key)).map(|s| s.iter().map(String::as_str).filter(|k| *k != via.key).collect()).collect();
            if via.cascade {
                sets.extend(child.fields.iter().filter(|f| matches!(f.kind, Kind::Phone | Kind::Email)).map(|f| vec![f.key.as_str()]));
            }
            for set in sets {
                let columns: Vec<String> = set.iter().filter_map(|k| child.get(k)).filter_map(|f| f.columns().into_iter().next()).map(|c| c.name).collect();
                let mut sql = cx.tx.sql();
                sql.push("UPDATE ").ident(&child.key).push(" SET deleted_at = ").bind(cx.now).push(" WHERE deleted_at IS NULL AND ");
                sql.ident(&via.key).push(" = ").bind(loser).push(" AND EXISTS (SELECT 1 FROM ").ident(&child.key);
                sql.push(" o WHERE o.deleted_at IS NULL AND o.").ident(&via.key).push(" = ").bind(survivor);
                for c in &columns {
                    sql.push(" AND o.").ident(c).push(" = ").ident(&child.key).push(".").ident(c);
                }
                sql.push(")");
                cx.tx.exec(&sql).await?;
            }
            for other in vias.iter().filter(|o| o.key != via.key) {
                let mut sql = cx.tx.sql();
                sql.push("UPDATE ").ident(&child.key).push(" SET deleted_at = ").bind(cx.now).push(" WHERE deleted_at IS NULL AND ");
                sql.ident(&via.key).push(" = ").bind(loser).push(" AND ").ident(&other.key).push(" = ").bind(survivor);
                cx.tx.exec(&sql).await?;
            }
        }
    }
    Ok(())
}

/// Of the numbers of both the one whose value the survivor shows is the primary, and no other.
pub(crate) async fn one_primary(cx: &mut Cx, object: &Object, after: &Record, loser: Uuid) -> Outcome<()> {
    let registry = cx.registry.clone();
    for child in registry.objects() {
        let Some(p) = child.primary.as_ref() else { continue };
        let mine = child.get(&p.via).is_some_and(|f| f.kind.target() == Some(object.key.as_str()));
        let (Some(field), Some(shown)) = (child.get(&p.field), object.get(&p.mirrors)) else { continue };
        let value = shown.kind.encode(after.get(&p.mirrors)).into_iter().next().unwrap_or(Cell::Null);
        let Some(column) = field.columns().into_iter().next().filter(|_| mine && !value.is_null()) else { continue };
        let two = || [Cell::Id(after.id), Cell::Id(loser)];
        let mut sql = cx.tx.sql();
        sql.push("UPDATE ").ident(&child.key).push(" SET ").ident(&p.flag).push(" = CASE WHEN ").ident(&column.name).push(" = ").bind(value.clone());
        sql.push(" THEN ").bind(1).push(" ELSE ").bind(0).push(" END WHERE deleted_at IS NULL AND ").ident(&p.via).push(" IN ").bind_list(two());
        // Only where one of them has the value: otherwise the record shows something its parts do not have.
        sql.push(" AND EXISTS (SELECT 1 FROM ").ident(&child.key).push(" o WHERE o.deleted_at IS NULL AND o.").ident(&p.via).push(" IN ").bind_list(two());
        sql.push(" AND o.").ident(&column.name).push(" = ").bind(value).push(")");
        cx.tx.exec(&sql).await?;
    }
    Ok(())
}

/// Tells modules that derive something from the moved rows.
pub(crate) async fn tell_watchers(cx: &mut Cx, child: &Arc<Object>, ids: &[Uuid], loser: Uuid, survivor: Uuid, object: &str) -> Outcome<()> {
    let company = cx.company.clone();
    let now = company.some(&mut cx.tx, &company.system(), child, ids, &Verb::Read, false).await?;
    let vias: Vec<String> = refs(child, object).map(|f| f.key.clone()).collect();
    let changes = now
        .into_iter()
        .map(|after| {
            let mut before: Record = after.clone();
            for via in vias.iter().filter(|v| after.get(v).id() == Some(survivor)) {
                before.set(via.clone(), loser);
            }
            (Some(before), Some(after))
        })
        .collect();
    cx.watched(&child.key, changes).await
}

impl Journal {
    pub fn new(id: Uuid) -> Self {
        Journal { id, rows: Vec::new() }
    }

    fn note(&mut self, table: &str, column: &str, row: Uuid, key: String, before: Option<String>, after: Option<String>) {
        self.rows.push(vec![self.id.into(), table.into(), column.into(), row.into(), key.into(), before.into(), after.into()]);
    }

    /// Writes the survivor; returns its new revision: above that of the loser too, so that no form of the loser that was
    /// opened before fits the survivor by chance.
    pub async fn survivor(&mut self, cx: &mut Cx, object: &Object, before: &Record, after: &mut Record, loser: &Record) -> Outcome<i64> {
        let by = crate::side::actor_cell(cx);
        let rev = before.rev.max(loser.rev) + 1;
        let mut sql = cx.tx.sql();
        sql.push("UPDATE ").ident(&object.key).push(" SET rev = ").bind(rev).push(", updated_at = ").bind(cx.now).push(", updated_by = ").bind(by);
        for f in object.fields.iter().filter(|f| before.get(&f.key) != after.get(&f.key)) {
            for (column, cell) in f.columns().iter().zip(f.kind.encode(after.get(&f.key))) {
                sql.push(", ").ident(&column.name).push(" = ").bind(cell);
            }
        }
        sql.push(" WHERE \"id\" = ").bind(after.id).push(" AND rev = ").bind(before.rev).push(" AND deleted_at IS NULL");
        if cx.tx.exec(&sql).await? == 0 {
            return Err(Fault::conflict());
        }
        after.rev = rev;
        after.set("rev", rev);
        after.set("updated_at", cx.now);
        for f in object.fields.iter().filter(|f| matches!(f.kind, Kind::Refs { .. }) && before.get(&f.key) != after.get(&f.key)) {
            relink(cx, &object.key, &f.key, after.id, after.get(&f.key)).await?;
        }
        Ok(after.rev)
    }

    /// Moves every reference to the loser, of every object. Returns the moved rows of those that modules watch.
    pub async fn references(&mut self, cx: &mut Cx, object: &Object, survivor: Uuid, loser: Uuid) -> Outcome<Vec<(Arc<Object>, Vec<Uuid>)>> {
        let registry = cx.registry.clone();
        let mut watched = Vec::new();
        for (child, via) in registry.children(&object.key) {
            if matches!(via.kind, Kind::Refs { .. }) {
                self.lists(cx, child, via, survivor, loser).await?;
                continue;
            }
            if cx.is_watched(&child.key).await? {
                let mut sql = cx.tx.sql();
                sql.push("SELECT \"id\" FROM ").ident(&child.key).push(" WHERE ").ident(&via.key).push(" = ").bind(loser);
                let rows = cx.tx.rows(&sql, &[ColumnType::Id]).await?;
                let ids: Vec<Uuid> = rows.iter().filter_map(|r| r.first().and_then(Cell::id)).collect();
                if !ids.is_empty() {
                    watched.push((child.clone(), ids));
                }
            }
            self.shift(cx, &child.key, &via.key, None, survivor, loser, child.key == object.key).await?;
        }
        Ok(watched)
    }

    /// One column of a table with ids: what points to the loser points to the survivor.
    #[allow(clippy::too_many_arguments)]
    async fn shift(&mut self, cx: &mut Cx, table: &str, column: &str, object: Option<&str>, survivor: Uuid, loser: Uuid, own: bool) -> Outcome<()> {
        let narrow = |sql: &mut store::Sql| {
            sql.push(" WHERE ").ident(column).push(" = ").bind(loser);
            if let Some(object) = object {
                sql.push(" AND object = ").bind(object);
            }
            if own {
                sql.push(" AND \"id\" <> ").bind(survivor).push(" AND \"id\" <> ").bind(loser);
            }
        };
        let mut sql = cx.tx.sql();
        sql.push("INSERT INTO ").ident(TABLE).push(" (merge_id, tbl, col, row_id, key) SELECT ").bind(self.id).push(", ").bind(table);
        sql.push(", ").bind(column).push(", \"id\", '' FROM ").ident(table);
        narrow(&mut sql);
        if cx.tx.exec(&sql).await? == 0 {
            return Ok(());
        }
        let mut sql = cx.tx.sql();
        sql.push("UPDATE ").ident(table).push(" SET ").ident(column).push(" = ").bind(survivor);
        narrow(&mut sql);
        cx.tx.exec(&sql).await.map(|_| ())
    }

    /// Lists of references.
    async fn lists(&mut self, cx: &mut Cx, child: &Object, via: &Field, survivor: Uuid, loser: Uuid) -> Outcome<()> {
        let mut sql = cx.tx.sql();
        sql.push("SELECT record_id FROM sila_link WHERE object = ").bind(child.key.as_str()).push(" AND field = ").bind(via.key.as_str());
        sql.push(" AND target_id = ").bind(loser).push(" AND record_id <> ").bind(survivor).push(" AND record_id <> ").bind(loser);
        let rows = cx.tx.rows(&sql, &[ColumnType::Id]).await?;
        let columns = via.columns();
        let (Some(column), Some(_)) = (columns.first(), rows.first()) else { return Ok(()) };
        for id in rows.iter().filter_map(|r| r.first().and_then(Cell::id)) {
            let mut sql = cx.tx.sql();
            sql.push("SELECT ").ident(&column.name).push(" FROM ").ident(&child.key).push(" WHERE \"id\" = ").bind(id);
            let Some(cells) = cx.tx.row(&sql, &[column.ty]).await? else { continue };
            let Value::Ids(list) = via.kind.decode(&cells) else { continue };
            let mut moved: Vec<Uuid> = Vec::new();
            for target in list.into_iter().map(|t| if t == loser { survivor } else { t }) {
                if !moved.contains(&target) {
                    moved.push(target);
                }
            }
            let value = Value::Ids(moved);
            let after = via.kind.encode(&value).into_iter().next().unwrap_or(Cell::Null);
            let mut sql = cx.tx.sql();
            sql.push("UPDATE ").ident(&child.key).push(" SET ").ident(&column.name).push(" = ").bind(after.clone()).push(" WHERE \"id\" = ").bind(id);
            cx.tx.exec(&sql).await?;
            relink(cx, &child.key, &via.key, id, &value).await?;
            self.note(&child.key, &column.name, id, String::new(), cells.first().map(cell_json), Some(cell_json(&after)));
        }
        Ok(())
    }

    /// Comments, files, time line, external ids and whatever else hangs on a record by (object, id).
    pub async fn hanging(&mut self, cx: &mut Cx, object: &Object, survivor: Uuid, loser: Uuid) -> Outcome<()> {
        self.shift(cx, "sila_timeline", "anchor", None, survivor, loser, false).await?;
        for table in store::system::tables().tables {
            let has = |name: &str| table.columns.iter().any(|c| c.name == name);
            if !has("object") || !has("record_id") || STAY.contains(&table.name.as_str()) {
                continue;
            }
            if has("id") {
                self.shift(cx, &table.name, "record_id", Some(&object.key), survivor, loser, false).await?;
            } else {
                self.keyed(cx, &table, object, survivor, loser).await?;
            }
        }
        Ok(())
    }

    /// Rows without an id of their own: one that the survivor has too goes, the others move.
    async fn keyed(&mut self, cx: &mut Cx, table: &store::Table, object: &Object, survivor: Uuid, loser: Uuid) -> Outcome<()> {
        let names: Vec<&str> = table.columns.iter().map(|c| c.name.as_str()).collect();
        let types: Vec<ColumnType> = table.columns.iter().map(|c| c.ty).collect();
        let mut sql = cx.tx.sql();
        sql.push("SELECT ").idents(names.iter().copied()).push(" FROM ").ident(&table.name).push(" WHERE object = ").bind(object.key.as_str());
        sql.push(" AND record_id = ").bind(loser);
        for row in cx.tx.rows(&sql, &types).await? {
            let mut sql = cx.tx.sql();
            sql.push("DELETE FROM ").ident(&table.name).push(" WHERE record_id = ").bind(loser).push(" AND object = ").bind(object.key.as_str());
            for (name, cell) in names.iter().zip(&row).filter(|(n, _)| table.primary_key.iter().any(|k| k == *n) && !matches!(**n, "object" | "record_id")) {
                sql.push(" AND ").ident(name).push(" = ").bind(cell.clone());
            }
            cx.tx.exec(&sql).await?;
            let moved: Vec<Cell> = names.iter().zip(&row).map(|(n, c)| if *n == "record_id" { survivor.into() } else { c.clone() }).collect();
            let kept = store::insert_missing(&mut cx.tx, &table.name, &names, vec![moved]).await? > 0;
            let image: Vec<Json> = row.iter().map(|c| serde_json::from_str(&cell_json(c)).unwrap_or_default()).collect();
            self.note(&table.name, "record_id", Uuid::nil(), Json::Array(image).to_string(), Some(if kept { "moved" } else { "dropped" }.to_owned()), None);
        }
        Ok(())
    }

    /// Compares the images with what is there now.
    pub async fn differences(&mut self, cx: &mut Cx, images: Vec<Image>) -> Outcome<()> {
        for image in images {
            let now = image.read(cx).await?;
            let moved = |a: &Cell, b: &Cell| image.vias.is_empty() || (a.id().is_some() && b.id().is_some());
            for (id, cells) in &now {
                let Some(before) = image.rows.get(id) else {
                    self.note(&image.object.key, MADE, *id, String::new(), None, None);
                    continue;
                };
                for ((name, _), (a, b)) in image.columns.iter().zip(before.iter().zip(cells)) {
                    // A moved reference stands in the book already.
                    let known = image.vias.contains(name) && moved(a, b);
                    if a != b && !known {
                        self.note(&image.object.key, name, *id, String::new(), Some(cell_json(a)), Some(cell_json(b)));
                    }
                }
            }
        }
        Ok(())
    }

    pub async fn close(&mut self, cx: &mut Cx) -> Outcome<()> {
        store::insert_many(&mut cx.tx, TABLE, &COLUMNS, std::mem::take(&mut self.rows)).await
    }
}

/// Makes the index of a list of references true to the list.
pub(crate) async fn relink(cx: &mut Cx, object: &str, field: &str, record: Uuid, value: &Value) -> Outcome<()> {
    let mut sql = cx.tx.sql();
    sql.push("DELETE FROM sila_link WHERE object = ").bind(object).push(" AND field = ").bind(field).push(" AND record_id = ").bind(record);
    cx.tx.exec(&sql).await?;
    let Value::Ids(ids) = value else { return Ok(()) };
    let ids: std::collections::BTreeSet<Uuid> = ids.iter().copied().collect();
    let rows = ids.into_iter().map(|id| vec![object.into(), field.into(), record.into(), id.into()]).collect();
    store::insert_many(&mut cx.tx, "sila_link", &["object", "field", "record_id", "target_id"], rows).await
}
