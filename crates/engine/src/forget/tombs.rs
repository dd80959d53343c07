//! Who was erased: salted hashes, in the database and in `erased.jsonl` beside it. A backup made before an erasure does not
//! know of it; the list that stayed behind does, so after a restore the erasure is done again.

use super::{Fates, erase};
use crate::{Company, settings};
use kernel::{Cell, ColumnType, Fault, Outcome};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use store::{Conn, Tx};
use uuid::Uuid;

/// The list beside the database.
pub const FILE: &str = "erased.jsonl";

/// One line of the list.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Tomb {
    /// The company's; the same on every line of one company.
    pub salt: String,
    /// SHA-256 of salt, object and id, hexadecimal.
    pub hash: String,
    pub object: String,
    /// Microseconds since 1970 UTC.
    pub at: i64,
}

fn hash(salt: &str, object: &str, id: Uuid) -> String {
    let mut sha = Sha256::new();
    sha.update(salt.as_bytes());
    sha.update([0]);
    sha.update(object.as_bytes());
    sha.update([0]);
    sha.update(id.as_bytes());
    hex::encode(sha.finalize())
}

/// The company's salt; a restored database takes over the one of the list.
async fn salt(tx: &mut Tx, dir: &Path) -> Outcome<String> {
    if let Some(salt) = settings::get(tx, "company", "erasure.salt").await? {
        return Ok(salt);
    }
    let known = listed(dir).await?.into_iter().next().map(|t| t.salt);
    let salt = known.unwrap_or_else(|| format!("{}{}", Uuid::new_v4().simple(), Uuid::new_v4().simple()));
    settings::put(tx, "company", "erasure.salt", &salt).await?;
    Ok(salt)
}

/// Writes down that a record is being erased, in the database and in the list.
pub(super) async fn bury(company: &Company, object: &str, id: Uuid) -> Outcome<()> {
    let mut tx = company.db().write().await?;
    let salt = salt(&mut tx, company.dir()).await?;
    let row = vec![hash(&salt, object, id).into(), object.into(), company.now().into()];
    store::insert_missing(&mut tx, "sila_erased", &["hash", "object", "at"], vec![row]).await?;
    tx.commit().await?;
    mirror(company).await
}

/// Brings the list up to what the database knows; lines of earlier databases stay.
///
/// # Errors
/// The database, the disk.
pub async fn mirror(company: &Company) -> Outcome<()> {
    let mut conn = company.db().read().await?;
    let mut all: BTreeSet<Tomb> = stored(&mut conn).await?.into_iter().collect();
    drop(conn);
    all.extend(listed(company.dir()).await?);
    write(company.dir(), &all).await
}

async fn stored(conn: &mut Conn) -> Outcome<Vec<Tomb>> {
    let Some(salt) = settings::get(conn, "company", "erasure.salt").await? else { return Ok(Vec::new()) };
    let mut sql = conn.sql();
    sql.push("SELECT hash, object, at FROM sila_erased");
    let rows = conn.rows(&sql, &[ColumnType::Text, ColumnType::Text, ColumnType::Int]).await?;
    let tomb = |r: &Vec<Cell>| Some(Tomb { salt: salt.clone(), hash: r.first()?.text()?.into(), object: r.get(1)?.text()?.into(), at: r.get(2)?.int()? });
    Ok(rows.iter().filter_map(tomb).collect())
}

/// The lines of the list in a folder; none when there is no list.
///
/// # Errors
/// Bad request: a line that is none.
pub async fn listed(dir: &Path) -> Outcome<Vec<Tomb>> {
    read(&dir.join(FILE)).await
}

/// As [`listed`], of a file.
///
/// # Errors
/// Bad request: a line that is none.
pub async fn read(file: &Path) -> Outcome<Vec<Tomb>> {
    let Ok(text) = tokio::fs::read_to_string(file).await else { return Ok(Vec::new()) };
    let line = |l: &str| serde_json::from_str(l).map_err(|e| Fault { detail: format!("{}: {e}", file.display()), ..Fault::new(kernel::FaultKind::BadRequest) });
    text.lines().filter(|l| !l.trim().is_empty()).map(line).collect()
}

/// Adds lines to the list in a folder.
///
/// # Errors
/// The disk.
pub async fn add(dir: &Path, tombs: Vec<Tomb>) -> Outcome<()> {
    let mut all: BTreeSet<Tomb> = listed(dir).await?.into_iter().collect();
    all.extend(tombs);
    write(dir, &all).await
}

async fn write(dir: &Path, all: &BTreeSet<Tomb>) -> Outcome<()> {
    if all.is_empty() {
        return Ok(());
    }
    let mut text = String::new();
    for tomb in all {
        text.push_str(&serde_json::to_string(tomb).map_err(Fault::internal)?);
        text.push('\n');
    }
    let draft = dir.join(format!("{FILE}.part"));
    tokio::fs::write(&draft, text).await.map_err(Fault::internal)?;
    tokio::fs::rename(&draft, dir.join(FILE)).await.map_err(Fault::internal)
}

/// Records that are on the list and whose erasure this database knows nothing of: it was restored.
///
/// # Errors
/// The database, the list.
pub async fn due(company: &Company) -> Outcome<Vec<(String, Uuid)>> {
    let mut by_object: BTreeMap<String, Vec<Tomb>> = BTreeMap::new();
    let mut conn = company.db().read().await?;
    let known = stored(&mut conn).await?;
    let listed = listed(company.dir()).await?;
    let hashes: BTreeSet<&str> = known.iter().map(|t| t.hash.as_str()).collect();
    if listed.iter().all(|t| hashes.contains(t.hash.as_str())) {
        // It knows of every one, and finishes by itself what it has begun.
        return Ok(Vec::new());
    }
    for tomb in known.iter().chain(&listed).cloned() {
        by_object.entry(tomb.object.clone()).or_default().push(tomb);
    }
    let registry = company.registry();
    let mut due = Vec::new();
    for (object, tombs) in by_object {
        if registry.find(&object).is_none() {
            continue;
        }
        let salts: BTreeSet<&str> = tombs.iter().map(|t| t.salt.as_str()).collect();
        let hashes: BTreeSet<&str> = tombs.iter().map(|t| t.hash.as_str()).collect();
        let mut sql = conn.sql();
        sql.push("SELECT t.\"id\" FROM ").ident(&object).push(" t WHERE NOT EXISTS (SELECT 1 FROM sila_audit a WHERE a.object = ").bind(object.as_str());
        sql.push(" AND a.record_id = t.\"id\" AND a.verb = 'erased') ORDER BY t.\"id\"");
        let rows = conn.rows(&sql, &[ColumnType::Id]).await?;
        let ids = rows.iter().filter_map(|r| r.first().and_then(Cell::id));
        due.extend(ids.filter(|id| salts.iter().any(|salt| hashes.contains(hash(salt, &object, *id).as_str()))).map(|id| (object.clone(), id)));
    }
    Ok(due)
}

/// Erases again what a restored database has brought back; how many people.
///
/// # Errors
/// Those of [`erase`].
pub async fn again(company: &Company, fates: &Fates) -> Outcome<usize> {
    let due = due(company).await?;
    for (object, id) in &due {
        erase(company, object, *id, fates, |_, _| {}).await?;
    }
    if !due.is_empty() {
        store::scan::wipe(company.db()).await?;
    }
    mirror(company).await?;
    Ok(due.len())
}
