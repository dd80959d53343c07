//! Lists: filter, sort, keyset paging, count. One query for the rows, whatever the size of the table.

use crate::arms::Arms;
use crate::load::{Titles, and_rule};
use crate::record_sql::{Columns, from, mask};
use crate::search::Seen;
use crate::{Actor, Company};
use kernel::{Cell, Column, ColumnType, Fault, Field, Issue, Object, Outcome, Record, Verb, expr::Expr};
use std::sync::Arc;
use store::{Conn, Sql};

/// One sort key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sort {
    pub field: String,
    pub descending: bool,
}

impl Sort {
    /// `name,-ordered_at`
    pub fn parse(text: &str) -> Vec<Sort> {
        text.split(',')
            .map(str::trim)
            .filter(|s| !s.is_empty())
            .map(|s| Sort { field: s.trim_start_matches('-').to_owned(), descending: s.starts_with('-') })
            .collect()
    }
    pub fn show(sorts: &[Sort]) -> String {
        sorts.iter().map(|s| format!("{}{}", if s.descending { "-" } else { "" }, s.field)).collect::<Vec<_>>().join(",")
    }
}

/// How the rows are to be counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Count {
    Exact,
    /// Exact up to 10,000, "more than" beyond: what a list shows without being asked.
    #[default]
    Estimate,
    None,
}

/// A count, and whether there are more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Counted {
    pub n: i64,
    pub exact: bool,
}

const CAP: i64 = 10_000;
/// Rows of a usual page, and the one that tells whether there are more.
const PAGE: u64 = 51;

/// What a list is asked for.
#[derive(Clone, Debug, Default)]
pub struct Query {
    pub object: String,
    pub filter: Option<Expr>,
    /// Empty: the object's default.
    pub sort: Vec<Sort>,
    /// Empty: all fields.
    pub fields: Vec<String>,
    /// 1–500; 0 means 50.
    pub limit: usize,
    /// Cursor of an earlier page: rows after it …
    pub after: Option<String>,
    /// … or the page before it.
    pub before: Option<String>,
    pub count: Count,
    /// The trash instead of the living.
    pub trash: bool,
    /// Words that must be found in the record.
    pub search: Option<String>,
    /// Only rows on which the actor may do this; reading when none.
    pub verb: Option<Verb>,
}

impl Query {
    pub fn new(object: impl Into<String>) -> Self {
        Query { object: object.into(), ..Query::default() }
    }
    #[must_use]
    pub fn filter(mut self, filter: Expr) -> Self {
        self.filter = Some(match self.filter.take() {
            Some(f) => f.and(filter),
            None => filter,
        });
        self
    }
    #[must_use]
    pub fn sort(mut self, sort: &str) -> Self {
        self.sort = Sort::parse(sort);
        self
    }
    #[must_use]
    pub fn limit(mut self, limit: usize) -> Self {
        self.limit = limit;
        self
    }
}

/// A page of a list.
#[derive(Clone, Debug, Default)]
pub struct Listing {
    pub records: Vec<Record>,
    pub titles: Titles,
    pub next: Option<String>,
    pub prev: Option<String>,
    pub count: Option<Counted>,
}

/// How the rows of a list are read.
enum Way {
    /// In one go; on SQLite by the index of the list's order, where one is named.
    Whole(Option<String>),
    /// Part by part of the rule, merged in the order of the list; owners by the named index.
    Merged(Arms, String),
}

/// A sort key resolved to its column.
struct Key {
    column: Column,
    descending: bool,
    /// Null never occurs, so paging needs no second part for it.
    filled: bool,
}

impl Company {
    /// A page of a list. Where it shows personal values, it is noted who looked.
    ///
    /// # Errors
    /// Unknown or withheld fields in filter or sort, a cursor that does not belong to this sort, no permission (as not found).
    pub async fn list(&self, actor: &Actor, query: &Query) -> Outcome<Listing> {
        let mut conn = self.db().read().await?;
        let listing = self.list_in(&mut conn, actor, query).await?;
        drop(conn);
        self.note_listed(actor, self.registry().object(&query.object)?, query, &listing.records);
        if self.reads_full() {
            self.flush_reads().await?;
        }
        Ok(listing)
    }

    pub async fn list_in(&self, conn: &mut Conn, actor: &Actor, query: &Query) -> Outcome<Listing> {
        let registry = self.registry();
        let object = registry.object(&query.object)?;
        let fields = self.wanted(actor, object, &query.fields)?;
        let keys = self.keys(actor, object, &query.sort)?;
        let columns = Columns::new(object, fields);
        let mut types = columns.types.clone();
        types.extend(keys.iter().map(|k| k.column.ty));
        let limit = if query.limit == 0 { 50 } else { query.limit.min(500) };
        let backwards = query.before.is_some();
        let cursor = match query.before.as_ref().or(query.after.as_ref()) {
            Some(text) => Some(decode(text, &keys)?),
            None => None,
        };

        let count = match query.count {
            Count::None => None,
            how => Some(self.count_in(conn, actor, query, how).await?),
        };
        let way = self.way(conn, actor, object, query, &keys, count).await?;

        let mut rows = Vec::new();
        for part in parts(&keys, cursor.as_ref(), backwards) {
            let mut sql = conn.sql();
            sql.push("SELECT ");
            columns.write(&mut sql, "t");
            key_columns(&mut sql, &keys, ", ");
            let wanted = limit + 1 - rows.len();
            match &way {
                Way::Whole(index) => {
                    self.rows_from(actor, object, query, None, index.as_deref(), &mut sql)?;
                    part.write(&mut sql, &keys, cursor.as_ref(), backwards);
                    order(&mut sql, &keys, backwards, |sql, _, k| {
                        sql.push("t.").ident(&k.column.name);
                    });
                    sql.push(&format!(" LIMIT {wanted}"));
                }
                Way::Merged(arms, index) => {
                    // PostgreSQL reads a part in its index's order only where that part is told how few of it are wanted.
                    let each = conn.dialect() == store::Dialect::Postgres;
                    sql.push(" FROM (");
                    for (i, rule) in arms.each().enumerate() {
                        sql.push(if i == 0 { "" } else { " UNION ALL " });
                        sql.push(if each { "SELECT * FROM (SELECT " } else { "SELECT " });
                        key_columns(&mut sql, &keys, "");
                        let owner = i < arms.owners.len();
                        self.rows_from(actor, object, query, Some(&rule), owner.then_some(index.as_str()), &mut sql)?;
                        part.write(&mut sql, &keys, cursor.as_ref(), backwards);
                        if each {
                            order(&mut sql, &keys, backwards, |sql, _, k| {
                                sql.push("t.").ident(&k.column.name);
                            });
                            sql.push(&format!(" LIMIT {wanted}) part{i}"));
                        }
                    }
                    order(&mut sql, &keys, backwards, |sql, i, _| {
                        sql.push(&(i + 1).to_string());
                    });
                    sql.push(&format!(" LIMIT {wanted}) hit JOIN ")).ident(&object.key);
                    sql.push(" t ON t.\"id\" = hit.\"id\"");
                    order(&mut sql, &keys, backwards, |sql, _, k| {
                        sql.push("t.").ident(&k.column.name);
                    });
                }
            }
            rows.extend(conn.rows(&sql, &types).await?);
            if rows.len() > limit {
                break;
            }
        }
        let more = rows.len() > limit;
        rows.truncate(limit);
        if backwards {
            rows.reverse();
        }
        let width = columns.types.len();
        let mark = |row: Option<&Vec<Cell>>| row.map(|r| encode(r.get(width..).unwrap_or_default()));
        let next = if backwards || more { mark(rows.last()) } else { None };
        let prev = if if backwards { more } else { cursor.is_some() } { mark(rows.first()) } else { None };
        let mut records: Vec<Record> = rows.iter().filter_map(|r| columns.record(r)).collect();
        for r in &mut records {
            mask(actor, r);
        }
        let titles = self.titles_of(conn, actor, &records).await?;
        Ok(Listing { records, titles, next, prev, count })
    }

    /// Where many rows fit, a page of them stands near the beginning of the list: its order is walked. SQLite does not
    /// think of the limit; left alone it sorts every fitting row for the sake of fifty.
    async fn way(&self, conn: &mut Conn, actor: &Actor, object: &Object, query: &Query, keys: &[Key], count: Option<Counted>) -> Outcome<Way> {
        if query.trash || query.search.is_some() {
            return Ok(Way::Whole(None));
        }
        let columns: Vec<&str> = keys.iter().map(|k| k.column.name.as_str()).collect();
        let rule = actor.rule(object, query.verb.as_ref().unwrap_or(&Verb::Read))?;
        let arms = if rule == Expr::always() { None } else { Arms::of(object, &rule, &self.env(actor)) };
        let by_owner = arms.and_then(|arms| {
            let columns: Vec<&str> = std::iter::once(arms.field.as_str()).chain(columns.iter().copied()).collect();
            store::schema::sort_index(object, &columns).map(|index| Way::Merged(arms, index))
        });
        let way = match by_owner {
            Some(way) => way,
            None => match store::schema::sort_index(object, &columns) {
                Some(index) => Way::Whole(Some(index)),
                None => return Ok(Way::Whole(None)),
            },
        };
        if conn.dialect() == store::Dialect::Postgres {
            return Ok(way);
        }
        let all = query.filter.is_none()
            && match &way {
                Way::Whole(_) => rule == Expr::always(),
                Way::Merged(arms, _) => arms.common == Expr::always(),
            };
        if all {
            return Ok(way);
        }
        // Walking meets `rows / fitting` rows for each that is shown; fetching and sorting all touches `fitting` rows.
        let rows = conn.about(&object.key).await?;
        let owned = if matches!(way, Way::Merged(..)) { rows / 8 } else { rows };
        let enough = i64::try_from((owned.unsigned_abs() * PAGE).isqrt()).unwrap_or(CAP).min(CAP);
        let fitting = match count {
            Some(c) => c.n,
            None => self.counted(conn, actor, query, Some(enough)).await?.n,
        };
        Ok(if fitting >= enough { way } else { Way::Whole(None) })
    }

    /// How many rows the query has for this actor.
    pub async fn count(&self, actor: &Actor, query: &Query, how: Count) -> Outcome<Counted> {
        let mut conn = self.db().read().await?;
        self.count_in(&mut conn, actor, query, how).await
    }

    async fn count_in(&self, conn: &mut Conn, actor: &Actor, query: &Query, how: Count) -> Outcome<Counted> {
        self.counted(conn, actor, query, (how != Count::Exact).then_some(CAP)).await
    }

    /// At most `cap` rows are counted.
    async fn counted(&self, conn: &mut Conn, actor: &Actor, query: &Query, cap: Option<i64>) -> Outcome<Counted> {
        let registry = self.registry();
        let object = registry.object(&query.object)?;
        let mut sql = conn.sql();
        match cap {
            None => {
                sql.push("SELECT COUNT(*)");
                self.rows_where(actor, object, query, &mut sql)?;
            }
            Some(cap) => {
                sql.push("SELECT COUNT(*) FROM (SELECT 1 AS one");
                self.rows_where(actor, object, query, &mut sql)?;
                sql.push(&format!(" LIMIT {}) capped", cap + 1));
            }
        }
        let n = conn.int(&sql).await?.unwrap_or_default();
        Ok(match cap {
            Some(cap) if n > cap => Counted { n: cap, exact: false },
            _ => Counted { n, exact: true },
        })
    }

    /// Writes ` FROM object t WHERE …` with trash, row rule, filter and search: the one way to the rows of an object.
    /// Modules that aggregate in plain SQL begin with it, so that no figure knows more than its reader.
    pub fn rows_where(&self, actor: &Actor, object: &Object, query: &Query, sql: &mut Sql) -> Outcome<()> {
        self.rows_from(actor, object, query, None, None, sql)
    }

    /// Writes the condition that a living row of `object` fulfils when this actor may read it: a column beside rows that
    /// are read for somebody else, to tell which of them may be named.
    ///
    /// # Errors
    /// Not found: he may read none.
    pub fn readable_sql(&self, actor: &Actor, object: &Object, alias: &str, sql: &mut Sql) -> Outcome<()> {
        let rule = actor.rule(object, &Verb::Read)?;
        sql.push("(1 = 1");
        and_rule(self, actor, object, alias, &rule, sql)?;
        sql.push(")");
        Ok(())
    }

    /// `part`: one part of the actor's rule instead of the whole.
    fn rows_from(&self, actor: &Actor, object: &Object, query: &Query, part: Option<&Expr>, walk: Option<&str>, sql: &mut Sql) -> Outcome<()> {
        let verb = query.verb.as_ref().unwrap_or(if query.trash { &Verb::Delete } else { &Verb::Read });
        let rule = actor.rule(object, verb)?;
        let rule = part.unwrap_or(&rule);
        from(sql, object, "t");
        if let Some(index) = walk {
            sql.walking(index);
        }
        let typed = query.search.as_deref().unwrap_or_default();
        let search = store::search::Query::parse(typed);
        let seen = Seen::of(actor, &self.registry(), object);
        if !search.is_empty() && seen.indexed() {
            sql.push(" JOIN (");
            let within = self.readable(actor, object, rule);
            let deep = *rule != Expr::always() && !query.trash;
            store::search::matching(sql, &object.key, &search, seen == Seen::Titles, deep.then_some(&within))?;
            sql.push(") found ON found.record_id = t.\"id\"");
        }
        sql.push(if query.trash { " WHERE t.\"deleted_at\" IS NOT NULL" } else { " WHERE t.\"deleted_at\" IS NULL" });
        if query.trash && object.can(kernel::Capability::Duplicates) {
            // What went into another record is not in the trash: it comes back by undoing the merge.
            sql.push(" AND NOT EXISTS (SELECT 1 FROM sila_merge m WHERE m.loser = t.\"id\" AND m.undone_at IS NULL)");
        }
        and_rule(self, actor, object, "t", rule, sql)?;
        if !search.is_empty() && !seen.indexed() {
            and_rule(self, actor, object, "t", &seen.condition(object, typed), sql)?;
        }
        if let Some(filter) = &query.filter {
            self.may_filter(actor, object, filter)?;
            // What the filter asks of other records, it asks only of those the actor may see.
            let reach = |other: &Object| {
                let rule = actor.rule(other, &Verb::Read).unwrap_or_else(|_| Expr::never());
                Ok((rule != Expr::always()).then_some(rule))
            };
            sql.push(" AND (");
            store::filter::compile_within(&self.registry(), object, "t", filter, &self.env(actor), &reach, sql)?;
            sql.push(")");
        }
        Ok(())
    }

    /// # Errors
    /// A filter that reads a field the actor may not see would tell him its value: the field counts as unknown.
    pub(crate) fn may_filter(&self, actor: &Actor, object: &Object, filter: &Expr) -> Outcome<()> {
        let registry = self.registry();
        for (o, f) in kernel::expr::fields_used(filter, &registry, object)? {
            let readable = registry.find(&o).is_some_and(|obj| actor.may(obj, &Verb::Read));
            if !readable || !actor.sees(&o, &f) {
                return Err(Fault::issue(Issue::new("filter", "expr-unknown-field").arg("name", f)));
            }
        }
        Ok(())
    }

    fn wanted<'a>(&self, actor: &Actor, object: &'a Arc<Object>, names: &[String]) -> Outcome<Vec<&'a Field>> {
        if names.is_empty() {
            return Ok(object.all_fields().collect());
        }
        names
            .iter()
            .map(|n| {
                object
                    .get(n)
                    .filter(|_| actor.mask(&object.key, n) != Some(kernel::Mask::Hidden))
                    .ok_or_else(|| Fault::issue(Issue::new("fields", "expr-unknown-field").arg("name", n)))
            })
            .collect()
    }

    fn keys(&self, actor: &Actor, object: &Object, sort: &[Sort]) -> Outcome<Vec<Key>> {
        // The object's own order, as far as the actor may know it.
        let mut default = Sort::parse(&object.sort);
        default.retain(|s| actor.sees(&object.key, &s.field));
        let sort = if sort.is_empty() { &default } else { sort };
        let mut keys = Vec::new();
        for s in sort {
            let unknown = || Fault::issue(Issue::new("sort", "expr-unknown-field").arg("name", &s.field));
            let f = object.get(&s.field).filter(|f| actor.sees(&object.key, &f.key)).ok_or_else(unknown)?;
            let column = f
                .kind
                .sort_column(&f.key, actor.lang())
                .ok_or_else(|| Fault::issue(Issue::new("sort", "sort-not-possible").arg("name", &s.field)))?;
            let filled = (f.required && f.when.is_none()) || f.system;
            keys.push(Key { column, descending: s.descending, filled });
        }
        let descending = keys.last().is_none_or(|k| k.descending);
        keys.push(Key { column: Column::new("id", ColumnType::Id), descending, filled: true });
        Ok(keys)
    }
}

/// `t."name", t."id"`, each behind `before` the first time.
fn key_columns(sql: &mut Sql, keys: &[Key], before: &str) {
    for (i, k) in keys.iter().enumerate() {
        sql.push(if i == 0 { before } else { ", " }).push("t.").ident(&k.column.name);
    }
}

/// Null sorts before everything going up and after everything going down, on both databases.
fn order(sql: &mut Sql, keys: &[Key], backwards: bool, name: impl Fn(&mut Sql, usize, &Key)) {
    // Spelled out for PostgreSQL even where there is no null: its indexes are made so. The primary key is not.
    let postgres = sql.dialect() == store::Dialect::Postgres && keys.len() > 1;
    for (i, k) in keys.iter().enumerate() {
        let down = k.descending != backwards;
        sql.push(if i == 0 { " ORDER BY " } else { ", " });
        name(sql, i, k);
        sql.push(match (down, postgres) {
            (false, false) => "",
            (true, false) => " DESC",
            (false, true) => " NULLS FIRST",
            (true, true) => " DESC NULLS LAST",
        });
    }
}

/// A page is read in one part, or in two where nulls begin or end: each part is one index range.
enum Part {
    All,
    /// Rows beyond the cursor, by comparing the whole key at once (first key not null).
    Beyond,
    /// Rows beyond the cursor among those whose first key is null.
    NullBeyond,
    /// All rows whose first key is null, or is not.
    Null,
    NotNull,
    /// Mixed directions or nulls further on: spelled out key by key.
    Spelled,
}

fn parts(keys: &[Key], cursor: Option<&Vec<Cell>>, backwards: bool) -> Vec<Part> {
    let (Some(cursor), Some(first)) = (cursor, keys.first()) else { return vec![Part::All] };
    let simple = keys.iter().all(|k| k.descending == first.descending) && keys.iter().skip(1).all(|k| k.filled);
    if !simple {
        return vec![Part::Spelled];
    }
    let down = first.descending != backwards;
    let null = cursor.first().is_none_or(Cell::is_null);
    match (null, down) {
        (false, false) => vec![Part::Beyond],
        (false, true) if first.filled => vec![Part::Beyond],
        (false, true) => vec![Part::Beyond, Part::Null],
        (true, false) => vec![Part::NullBeyond, Part::NotNull],
        (true, true) => vec![Part::NullBeyond],
    }
}

impl Part {
    fn write(&self, sql: &mut Sql, keys: &[Key], cursor: Option<&Vec<Cell>>, backwards: bool) {
        let (Some(first), Some(cursor)) = (keys.first(), cursor) else { return };
        let compare = if first.descending != backwards { " < " } else { " > " };
        match self {
            Part::All => {}
            Part::Null => {
                sql.push(" AND t.").ident(&first.column.name).push(" IS NULL");
            }
            Part::NotNull => {
                sql.push(" AND t.").ident(&first.column.name).push(" IS NOT NULL");
            }
            Part::Beyond => tuple(sql, keys, cursor, compare),
            Part::NullBeyond => {
                sql.push(" AND t.").ident(&first.column.name).push(" IS NULL");
                tuple(sql, keys.get(1..).unwrap_or_default(), cursor.get(1..).unwrap_or_default(), compare);
            }
            Part::Spelled => spelled(sql, keys, cursor, backwards),
        }
    }
}

/// ` AND (t.a, t.id) > (?, ?)`
fn tuple(sql: &mut Sql, keys: &[Key], cells: &[Cell], compare: &str) {
    sql.push(" AND (");
    for (i, k) in keys.iter().enumerate() {
        sql.push(if i == 0 { "t." } else { ", t." }).ident(&k.column.name);
    }
    sql.push(")").push(compare);
    sql.bind_list(cells.iter().cloned());
}

/// ` AND ((a > ?) OR (a = ? AND b > ?) OR …)`, with nulls in their place.
fn spelled(sql: &mut Sql, keys: &[Key], cursor: &[Cell], backwards: bool) {
    sql.push(" AND (");
    for i in 0..keys.len() {
        sql.push(if i == 0 { "(" } else { " OR (" });
        for (j, (k, c)) in keys.iter().zip(cursor).take(i + 1).enumerate() {
            if j > 0 {
                sql.push(" AND ");
            }
            let down = k.descending != backwards;
            sql.push("(t.").ident(&k.column.name);
            match (j == i, c.is_null(), down) {
                (false, true, _) => sql.push(" IS NULL"),
                (false, false, _) => sql.push(" = ").bind(c.clone()),
                (true, true, false) => sql.push(" IS NOT NULL"),
                (true, true, true) => sql.push(" IS NULL AND 1 = 0"),
                (true, false, false) => sql.push(" > ").bind(c.clone()),
                (true, false, true) => {
                    sql.push(" < ").bind(c.clone()).push(" OR t.").ident(&k.column.name).push(" IS NULL")
                }
            };
            sql.push(")");
        }
        sql.push(")");
    }
    sql.push(")");
}

/// A cursor: the sort key of a row as opaque text.
fn encode(key: &[Cell]) -> String {
    let mut out = String::new();
    for cell in key {
        match cell {
            Cell::Null => out.push('n'),
            Cell::Int(i) => out.push_str(&format!("i{i}")),
            Cell::Text(t) => out.push_str(&format!("t{}", hex(t.as_bytes()))),
            Cell::Id(id) => out.push_str(&format!("u{}", id.simple())),
            Cell::Bytes(b) => out.push_str(&format!("b{}", hex(b))),
        }
        out.push('.');
    }
    out
}

fn decode(text: &str, keys: &[Key]) -> Outcome<Vec<Cell>> {
    let wrong = || Fault::invalid("after", "cursor-not-for-this-list");
    let cells: Option<Vec<Cell>> = text
        .split_terminator('.')
        .map(|part| {
            let mut chars = part.chars();
            let tag = chars.next()?;
            let rest = chars.as_str();
            Some(match tag {
                'n' => Cell::Null,
                'i' => Cell::Int(rest.parse().ok()?),
                't' => Cell::Text(String::from_utf8(unhex(rest)?).ok()?),
                'u' => Cell::Id(rest.parse().ok()?),
                'b' => Cell::Bytes(unhex(rest)?),
                _ => return None,
            })
        })
        .collect();
    let cells = cells.ok_or_else(wrong)?;
    let fits = |(c, k): (&Cell, &Key)| match c {
        Cell::Null => !k.filled,
        Cell::Int(_) => k.column.ty == ColumnType::Int,
        Cell::Text(_) => k.column.ty == ColumnType::Text,
        Cell::Id(_) => k.column.ty == ColumnType::Id,
        Cell::Bytes(_) => k.column.ty == ColumnType::Bytes,
    };
    if cells.len() == keys.len() && cells.iter().zip(keys).all(fits) { Ok(cells) } else { Err(wrong()) }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}

fn unhex(text: &str) -> Option<Vec<u8>> {
    if !text.len().is_multiple_of(2) || !text.is_ascii() {
        return None;
    }
    (0..text.len()).step_by(2).map(|i| text.get(i..i + 2).and_then(|h| u8::from_str_radix(h, 16).ok())).collect()
}
