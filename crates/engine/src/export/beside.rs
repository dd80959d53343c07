//! The columns of an export of whole records beside their own fields: keys in other systems, and parts beside the primary
//! one, a column for each system and type that is in use. An import reads them again.

use super::{Column, Out, part_cell};
use crate::import::beside::{List, key_column, lists};
use crate::record_sql::{Columns, from, mask};
use crate::{Actor, Company};
use kernel::{Cell, ColumnType, Object, Outcome, Record, Value, Verb};
use std::collections::BTreeMap;
use store::Conn;
use uuid::Uuid;

/// Where the cells of a column come from.
#[derive(Clone, Debug)]
pub(super) enum Source {
    /// The keys in this system.
    Keys(String),
    /// The parts of this type in the list at this place; of an address one piece.
    Parts { list: usize, sort: String, piece: Option<String> },
}

/// What an export has beside the fields.
#[derive(Default)]
pub(super) struct Besides {
    lists: Vec<List>,
    pub columns: Vec<(Source, crate::import::Target)>,
}

/// The keys and parts of the records of one page.
#[derive(Default)]
pub(super) struct Page {
    keys: BTreeMap<Uuid, Vec<crate::external::External>>,
    /// By list, then by record.
    parts: Vec<BTreeMap<Uuid, Vec<Record>>>,
}

impl Besides {
    /// Of an object, as far as the actor may take it along.
    pub async fn of(company: &Company, actor: &Actor, object: &Object) -> Outcome<Besides> {
        let registry = company.registry();
        let mut all = Besides::default();
        for system in company.external_systems(&object.key).await? {
            all.columns.push((Source::Keys(system.clone()), key_column(&system)));
        }
        let mine = |l: &List| actor.may(&l.object, &Verb::Export) && [&l.value, &l.sort].iter().all(|f| actor.sees(&l.object.key, &f.key));
        all.lists = lists(&registry, object).into_iter().filter(mine).collect();
        let mut conn = company.db().read().await?;
        for (at, list) in all.lists.iter().enumerate() {
            let used = types_in_use(&mut conn, list).await?;
            for option in list.types().iter().filter(|o| used.contains(&o.key)) {
                for target in list.columns(option) {
                    let piece = target.path.splitn(3, '.').nth(2).map(str::to_owned);
                    all.columns.push((Source::Parts { list: at, sort: option.key.clone(), piece }, target));
                }
            }
        }
        Ok(all)
    }

    /// What the records of a page have.
    pub async fn page(&self, company: &Company, actor: &Actor, object: &Object, records: &[Record]) -> Outcome<Page> {
        let ids: Vec<Uuid> = records.iter().map(|r| r.id).collect();
        let mut page = Page::default();
        if self.columns.is_empty() || ids.is_empty() {
            return Ok(page);
        }
        let mut conn = company.db().read().await?;
        if self.columns.iter().any(|(s, _)| matches!(s, Source::Keys(_))) {
            page.keys = crate::external::of(&mut conn, &object.key, &ids).await?;
        }
        for list in &self.lists {
            page.parts.push(parts(company, &mut conn, actor, list, &ids).await?);
        }
        Ok(page)
    }

    pub fn cells(&self, page: &Page, id: Uuid, columns: &[Column<'_>]) -> Vec<Out> {
        columns.iter().filter_map(|c| c.beside.as_ref()).map(|s| self.cell(page, id, s)).collect()
    }

    fn cell(&self, page: &Page, id: Uuid, source: &Source) -> Out {
        let joined = |all: Vec<String>| if all.is_empty() { Out::Blank } else { Out::Text(all.join("; ")) };
        match source {
            Source::Keys(system) => joined(page.keys.get(&id).into_iter().flatten().filter(|k| k.system == *system).map(|k| k.key.clone()).collect()),
            Source::Parts { list: at, sort, piece } => {
                let (Some(list), Some(found)) = (self.lists.get(*at), page.parts.get(*at)) else { return Out::Blank };
                let first = list.types().first().map(|o| o.key.as_str());
                let of_type = |r: &&Record| r.get(&list.sort.key).text() == Some(sort.as_str());
                // The primary one stands in the record's own column; here only for a type it does not get by itself.
                let told = |r: &&Record| r.get(&list.primary.flag).bool() != Some(true) || Some(sort.as_str()) != first;
                let mut own = found.get(&id).into_iter().flatten().filter(of_type).filter(told);
                match piece {
                    Some(piece) => own.next().map_or(Out::Blank, |r| part_cell(r.get(&list.value.key), piece)),
                    None => joined(own.map(|r| kernel::parse::to_text(&list.value.kind, r.get(&list.value.key))).collect()),
                }
            }
        }
    }
}

async fn types_in_use(conn: &mut Conn, list: &List) -> Outcome<Vec<String>> {
    let Some(column) = list.sort.columns().into_iter().next() else { return Ok(Vec::new()) };
    let mut sql = conn.sql();
    sql.push("SELECT DISTINCT ").ident(&column.name).push(" FROM ").ident(&list.object.key).push(" WHERE deleted_at IS NULL");
    let rows = conn.rows(&sql, &[ColumnType::Text]).await?;
    Ok(rows.iter().filter_map(|r| r.first().and_then(Cell::text)).map(str::to_owned).collect())
}

/// The parts of some records that the actor may export, in the order they were made.
async fn parts(company: &Company, conn: &mut Conn, actor: &Actor, list: &List, ids: &[Uuid]) -> Outcome<BTreeMap<Uuid, Vec<Record>>> {
    let rule = actor.rule(&list.object, &Verb::Export)?;
    let columns = Columns::all(&list.object);
    let mut found: BTreeMap<Uuid, Vec<Record>> = BTreeMap::new();
    for chunk in ids.chunks(500) {
        let mut sql = conn.sql();
        sql.push("SELECT ");
        columns.write(&mut sql, "t");
        from(&mut sql, &list.object, "t");
        sql.push(" WHERE t.\"deleted_at\" IS NULL AND t.").ident(&list.primary.via).push(" IN ").bind_list(chunk.iter().map(|id| Cell::Id(*id)));
        crate::load::and_rule(company, actor, &list.object, "t", &rule, &mut sql)?;
        sql.push(" ORDER BY t.\"id\"");
        for mut record in conn.rows(&sql, &columns.types).await?.iter().filter_map(|r| columns.record(r)) {
            mask(actor, &mut record);
            if let Value::Id(owner) = record.get(&list.primary.via) {
                found.entry(*owner).or_default().push(record);
            }
        }
    }
    Ok(found)
}
