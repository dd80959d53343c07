//! The chain: what a row commits to, and the sealer.

use crate::Company;
use kernel::{Cell, ColumnType, Outcome};
use serde_json::{Map, Value as Json};
use sha2::{Digest, Sha256};
use store::{Conn, Sql};
use uuid::Uuid;

/// A row that comes so much later than it says is taken for slipped in: no transaction lasts so long. Microseconds.
pub(crate) const LATE: i64 = 15 * 60 * 1_000_000;
/// Rows sealed at a time.
const CHUNK: usize = 2_000;
/// Whose turn it is: the row of this counter is held until the sealer commits, on whichever node.
const TURN: &str = "audit.sealer";

pub(crate) type Hash = [u8; 32];

/// The newest seal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Head {
    pub seq: i64,
    /// Hexadecimal.
    pub hash: String,
    pub sealed_at: jiff::Timestamp,
}

/// Changes, or reads: each in its table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Class {
    Change,
    Read,
}

impl Class {
    pub const ALL: [Class; 2] = [Class::Change, Class::Read];
    pub(crate) fn key(self) -> &'static str {
        match self {
            Class::Change => "c",
            Class::Read => "r",
        }
    }
    pub(crate) fn of(key: &str) -> Option<Class> {
        Class::ALL.into_iter().find(|c| c.key() == key)
    }
    pub fn table(self) -> &'static str {
        match self {
            Class::Change => "sila_audit",
            Class::Read => "sila_read",
        }
    }
}

/// A row as the chain sees it.
#[derive(Clone, Debug)]
pub(crate) struct Row {
    pub class: Class,
    pub id: Uuid,
    pub at: i64,
    pub actor: Option<Uuid>,
    pub object: String,
    pub record: Uuid,
    pub rev: i64,
    pub verb: String,
    /// JSON, as stored.
    pub values: Option<String>,
    pub cause: String,
    pub request: String,
    pub behalf: Option<Uuid>,
    pub seen_as: Option<Uuid>,
    pub salt: Option<String>,
}

/// ` SELECT … FROM table a`: the columns of [`Row`].
pub(crate) fn select(class: Class, sql: &mut Sql) {
    sql.push(match class {
        Class::Change => {
            "SELECT a.id, a.at, a.actor, a.object, a.record_id, a.rev, a.verb, a.changes, a.cause, a.request_id, a.behalf, a.seen_as, a.salt \
             FROM sila_audit a"
        }
        Class::Read => {
            "SELECT a.id, a.at, a.actor, a.object, a.record_id, 0, a.verb, a.detail, '', a.request_id, a.behalf, a.seen_as, a.salt \
             FROM sila_read a"
        }
    });
}

pub(crate) const TYPES: &[ColumnType] = {
    use ColumnType::{Id, Int, Text};
    &[Id, Int, Id, Text, Id, Int, Text, Text, Text, Text, Id, Id, Text]
};

impl Row {
    pub fn read(class: Class, row: &[Cell]) -> Option<Row> {
        let text = |i: usize| row.get(i).and_then(Cell::text).map(str::to_owned);
        let id = |i: usize| row.get(i).and_then(Cell::id);
        Some(Row {
            class,
            id: id(0)?,
            at: row.get(1)?.int()?,
            actor: id(2),
            object: text(3)?,
            record: id(4)?,
            rev: row.get(5)?.int().unwrap_or_default(),
            verb: text(6)?,
            values: text(7),
            cause: text(8).unwrap_or_default(),
            request: text(9).unwrap_or_default(),
            behalf: id(10),
            seen_as: id(11),
            salt: text(12),
        })
    }

    /// What the row stands for: every column, and of each value a salted hash.
    pub fn commitment(&self) -> Hash {
        let id = |id: Option<Uuid>| id.map_or_else(Vec::new, |id| id.as_bytes().to_vec());
        let mut hash = Sha256::new();
        hash.update(b"sila-audit-1");
        for part in [
            self.class.key().as_bytes(),
            self.id.as_bytes(),
            &self.at.to_be_bytes(),
            &id(self.actor),
            &id(self.seen_as),
            &id(self.behalf),
            self.object.as_bytes(),
            self.record.as_bytes(),
            &self.rev.to_be_bytes(),
            self.verb.as_bytes(),
            self.cause.as_bytes(),
            self.request.as_bytes(),
        ] {
            piece(&mut hash, part);
        }
        let mut leaves = self.leaves();
        leaves.sort();
        for (key, leaf) in leaves {
            piece(&mut hash, key.as_bytes());
            hash.update(leaf);
        }
        hash.finalize().into()
    }

    /// The values by key; a value that is no object stands under the empty key.
    pub fn map(&self) -> Map<String, Json> {
        match self.values.as_deref().map(serde_json::from_str::<Json>) {
            None => Map::new(),
            Some(Ok(Json::Object(map))) => map,
            Some(Ok(other)) => Map::from_iter([(String::new(), other)]),
            // Somebody's hand: it counts as the text it is.
            Some(Err(_)) => Map::from_iter([(String::new(), Json::String(self.values.clone().unwrap_or_default()))]),
        }
    }

    fn leaves(&self) -> Vec<(String, Hash)> {
        let salts = Salts::read(self.salt.as_deref().unwrap_or_default());
        let map = self.map();
        let kept = map.iter().map(|(key, value)| (key.clone(), salts.leaf(key, value)));
        let gone = salts.forgotten().filter(|(key, _)| !map.contains_key(*key)).map(|(key, leaf)| (key.clone(), leaf));
        kept.chain(gone).collect()
    }
}

/// Length first, so that no two rows read the same.
fn piece(hash: &mut Sha256, part: &[u8]) {
    hash.update((part.len() as u64).to_be_bytes());
    hash.update(part);
}

/// What the hashes of a row's values are salted with: one salt for all, or, after some were forgotten, one for each
/// that is left and the hash of each that is gone. (One salt for all would still give away what was forgotten.)
pub(crate) enum Salts {
    One(String),
    Each(Map<String, Json>),
}

impl Salts {
    pub fn read(text: &str) -> Salts {
        match serde_json::from_str(text) {
            Ok(Json::Object(map)) => Salts::Each(map),
            _ => Salts::One(text.to_owned()),
        }
    }
    pub fn of(&self, key: &str) -> String {
        match self {
            Salts::One(salt) => hex(&Sha256::new_with_prefix(salt).chain_update(key).finalize()),
            Salts::Each(map) => map.get(key).and_then(Json::as_str).and_then(|s| s.strip_prefix("s:")).unwrap_or_default().to_owned(),
        }
    }
    pub fn leaf(&self, key: &str, value: &Json) -> Hash {
        Sha256::new_with_prefix(self.of(key)).chain_update(value.to_string()).finalize().into()
    }
    /// Keys whose values are gone, with their hashes.
    pub fn forgotten(&self) -> impl Iterator<Item = (&String, Hash)> {
        let map = match self {
            Salts::One(_) => None,
            Salts::Each(map) => Some(map),
        };
        map.into_iter().flatten().filter_map(|(key, v)| Some((key, unhex(v.as_str()?.strip_prefix("h:")?)?)))
    }
}

/// The seal over a row.
#[derive(Clone, Debug)]
pub(crate) struct Seal {
    pub seq: i64,
    pub row: Uuid,
    pub class: Class,
    pub at: i64,
    pub sealed_at: i64,
    pub commitment: Vec<u8>,
    pub hash: Vec<u8>,
}

impl Seal {
    pub const SELECT: &'static str = "SELECT seq, row_id, class, at, sealed_at, commitment, hash FROM sila_seal";
    pub const TYPES: &'static [ColumnType] = {
        use ColumnType::{Bytes, Id, Int, Text};
        &[Int, Id, Text, Int, Int, Bytes, Bytes]
    };
    pub fn read(row: &[Cell]) -> Option<Seal> {
        let bytes = |i: usize| match row.get(i) {
            Some(Cell::Bytes(b)) => b.clone(),
            _ => Vec::new(),
        };
        Some(Seal {
            seq: row.first()?.int()?,
            row: row.get(1)?.id()?,
            class: Class::of(row.get(2)?.text()?)?,
            at: row.get(3)?.int()?,
            sealed_at: row.get(4)?.int()?,
            commitment: bytes(5),
            hash: bytes(6),
        })
    }
    /// The hash that the seal must have after one with the hash `before`.
    pub fn over(&self, before: &[u8]) -> Hash {
        let mut hash = Sha256::new();
        hash.update(b"sila-seal-1");
        for part in [before, &self.seq.to_be_bytes(), self.class.key().as_bytes(), &self.at.to_be_bytes(), &self.sealed_at.to_be_bytes(), self.row.as_bytes(), &self.commitment] {
            piece(&mut hash, part);
        }
        hash.finalize().into()
    }
}

impl Company {
    /// Seals what was written since the last time; how many rows. Another sealer, here or on another node, waits.
    ///
    /// # Errors
    /// The database.
    pub async fn seal_audit(&self) -> Outcome<usize> {
        self.flush_reads().await?;
        let mut conn = self.db().read().await?;
        let since = last(&mut conn).await?.map_or(i64::MIN, |l| l.at.saturating_sub(LATE));
        let mut idle = true;
        for class in Class::ALL {
            idle = idle && unsealed(&mut conn, class, (since, Uuid::nil()), 1).await?.is_empty();
        }
        drop(conn);
        if idle {
            return Ok(0);
        }
        let mut tx = self.db().write().await?;
        store::counter::next(&mut tx, TURN).await?;
        let last = last(&mut tx).await?;
        let sealed_at = self.now().as_microsecond();
        let since = last.as_ref().map_or(i64::MIN, |l| l.at.saturating_sub(LATE));
        let (mut seq, mut before) = last.map_or((0, Vec::new()), |l| (l.seq, l.hash));
        let mut from = (since, Uuid::nil());
        let mut count = 0;
        loop {
            let mut rows = Vec::new();
            for class in Class::ALL {
                rows.extend(unsealed(&mut tx, class, from, CHUNK).await?);
            }
            rows.sort_by_key(|r| (r.at, r.id));
            // Both tables have given at most a chunk: beyond it one may know rows that the other did not get to.
            rows.truncate(CHUNK);
            let Some(end) = rows.last() else { break };
            from = (end.at, end.id);
            count += rows.len();
            let mut cells = Vec::with_capacity(rows.len());
            for row in &rows {
                seq += 1;
                let mut seal = Seal { seq, row: row.id, class: row.class, at: row.at, sealed_at, commitment: row.commitment().to_vec(), hash: Vec::new() };
                seal.hash = seal.over(&before).to_vec();
                before.clone_from(&seal.hash);
                cells.push(vec![
                    seal.seq.into(),
                    seal.row.into(),
                    seal.class.key().into(),
                    seal.at.into(),
                    seal.sealed_at.into(),
                    Cell::Bytes(seal.commitment),
                    Cell::Bytes(seal.hash),
                ]);
            }
            store::insert_many(&mut tx, "sila_seal", &["seq", "row_id", "class", "at", "sealed_at", "commitment", "hash"], cells).await?;
        }
        if count == 0 {
            return tx.rollback().await.map(|()| 0);
        }
        tx.commit().await?;
        Ok(count)
    }

    /// The newest seal; none where nothing is sealed yet.
    ///
    /// # Errors
    /// The database.
    pub async fn audit_head(&self) -> Outcome<Option<Head>> {
        let mut conn = self.db().read().await?;
        let found = last(&mut conn).await?;
        Ok(found.and_then(|s| Some(Head { seq: s.seq, hash: hex(&s.hash), sealed_at: jiff::Timestamp::from_microsecond(s.sealed_at).ok()? })))
    }
}

pub(crate) async fn last(conn: &mut Conn) -> Outcome<Option<Seal>> {
    let mut sql = conn.sql();
    sql.push(Seal::SELECT).push(" ORDER BY seq DESC LIMIT 1");
    Ok(conn.row(&sql, Seal::TYPES).await?.and_then(|r| Seal::read(&r)))
}

async fn unsealed(conn: &mut Conn, class: Class, from: (i64, Uuid), limit: usize) -> Outcome<Vec<Row>> {
    let mut sql = conn.sql();
    select(class, &mut sql);
    sql.push(" WHERE (a.at, a.id) > ").bind_list([Cell::Int(from.0), Cell::Id(from.1)]);
    sql.push(" AND NOT EXISTS (SELECT 1 FROM sila_seal s WHERE s.row_id = a.id)");
    sql.push(&format!(" ORDER BY a.at, a.id LIMIT {limit}"));
    Ok(conn.rows(&sql, TYPES).await?.iter().filter_map(|r| Row::read(class, r)).collect())
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}

pub(crate) fn unhex(text: &str) -> Option<Hash> {
    let bytes: Option<Vec<u8>> = (0..text.len()).step_by(2).map(|i| u8::from_str_radix(text.get(i..i + 2)?, 16).ok()).collect();
    bytes?.try_into().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(values: &str) -> Row {
        Row {
            class: Class::Change,
            id: Uuid::from_u128(1),
            at: 5,
            actor: None,
            object: "party".into(),
            record: Uuid::from_u128(2),
            rev: 1,
            verb: "updated".into(),
            values: Some(values.into()),
            cause: String::new(),
            request: String::new(),
            behalf: None,
            seen_as: None,
            salt: Some("abc".into()),
        }
    }

    #[test]
    fn a_commitment_covers_each_column_and_value() {
        let base = row(r#"{"email":["أ","ب"],"note":[null,"x"]}"#).commitment();
        let others: [fn(&mut Row); 8] = [
            |r| r.values = Some(r#"{"email":["أ","ت"],"note":[null,"x"]}"#.into()),
            |r| r.values = Some(r#"{"email":["أ","ب"]}"#.into()),
            |r| r.actor = Some(Uuid::nil()),
            |r| r.behalf = Some(Uuid::from_u128(3)),
            |r| r.at = 6,
            |r| r.verb = "created".into(),
            |r| r.salt = Some("abd".into()),
            |r| (r.object, r.verb) = ("partyu".into(), "pdated".into()),
        ];
        for other in others {
            let mut changed = row(r#"{"email":["أ","ب"],"note":[null,"x"]}"#);
            other(&mut changed);
            assert_ne!(changed.commitment(), base, "{changed:?}");
        }
        // The order in which the values stand says nothing.
        assert_eq!(row(r#"{"note":[null,"x"],"email":["أ","ب"]}"#).commitment(), base);
    }
}
