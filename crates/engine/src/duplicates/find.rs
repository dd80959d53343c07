//! Likely duplicates of a draft or of a record.

use super::facts::{profiles, tell};
use crate::{Actor, Company};
use kernel::{Capability, Cell, ColumnType, Fault, Name, Object, Outcome, Record, Verb};
use matching::{Key, KeyKind, Match, Profile, Verdict, compare};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use store::Conn;
use uuid::Uuid;

/// A record the reader may see that could be the same.
#[derive(Clone, Debug)]
pub struct Candidate {
    pub id: Uuid,
    pub title: Name,
    pub matched: Match,
}

impl Candidate {
    /// The evidence leaves no doubt.
    pub fn certain(&self) -> bool {
        self.matched.verdict == Verdict::Same
    }
}

/// What was found.
#[derive(Clone, Debug, Default)]
pub struct Found {
    /// The likeliest first.
    pub candidates: Vec<Candidate>,
    /// There are records out of the reader's sight that are plainly the same: how many is not said.
    pub elsewhere: bool,
}

/// The most records looked at for one draft.
const LOOKED_AT: usize = 200;

/// # Errors
/// Invalid: the object does not look for duplicates.
pub fn must_find(object: &Object) -> Outcome<()> {
    if object.can(Capability::Duplicates) { Ok(()) } else { Err(Fault::invalid("object", "duplicates-not-here")) }
}

impl Company {
    /// Likely duplicates of what somebody is about to save. `own`: the record that is being edited.
    ///
    /// # Errors
    /// Not found; forbidden: who may neither create nor change such records has no reason to ask; invalid: no duplicates are looked for.
    pub async fn duplicates_of_draft(&self, actor: &Actor, object: &str, draft: &Record, own: Option<Uuid>) -> Outcome<Found> {
        let mut conn = self.db().read().await?;
        self.duplicates_of_draft_in(&mut conn, actor, object, draft, own).await
    }

    /// The same on a connection that is already open (inside a transaction it sees its changes).
    ///
    /// # Errors
    /// As [`Company::duplicates_of_draft`].
    pub async fn duplicates_of_draft_in(&self, conn: &mut Conn, actor: &Actor, object: &str, draft: &Record, own: Option<Uuid>) -> Outcome<Found> {
        let registry = self.registry();
        let object = registry.object(object)?;
        actor.rule(object, &Verb::Read)?;
        must_find(object)?;
        if !actor.may(object, &Verb::Create) && !actor.may(object, &Verb::Update) {
            return Err(Fault::forbidden());
        }
        let mut profile = Profile::default();
        // What he typed himself he knows; what is masked for him is compared only where nothing is told of it.
        tell(&mut profile, object, draft, &|_| true);
        // Its kind is the form's first choice until somebody thinks of it: a company is warned of though "person" still stands there.
        profile.sort.clear();
        self.likely(conn, actor, object, &profile, own).await
    }

    /// Likely duplicates of a record.
    ///
    /// # Errors
    /// Not found; invalid: no duplicates are looked for.
    pub async fn duplicates_of(&self, actor: &Actor, object: &str, id: Uuid) -> Outcome<Found> {
        let registry = self.registry();
        let object = registry.object(object)?;
        let mut conn = self.db().read().await?;
        self.get_in(&mut conn, actor, &object.key, id).await?;
        must_find(object)?;
        let profile = profiles(self, &mut conn, actor, object, &[id]).await?.remove(&id).unwrap_or_default();
        let mut found = self.likely(&mut conn, actor, object, &profile, Some(id)).await?;
        let distinct = super::pairs::distinct_from(&mut conn, &object.key, id).await?;
        found.candidates.retain(|c| !distinct.contains(&c.id));
        Ok(found)
    }

    async fn likely(&self, conn: &mut Conn, actor: &Actor, object: &Object, profile: &Profile, own: Option<Uuid>) -> Outcome<Found> {
        let (near, shared) = neighbours(conn, &profile.keys(&object.key), own).await?;
        if near.is_empty() {
            return Ok(Found::default());
        }
        let ids: Vec<Uuid> = near.into_iter().collect();
        let visible = self.allowed(conn, actor, object, &ids, &Verb::Read).await?;
        let count = |k: Key| shared.get(&k).copied().unwrap_or(1);
        let mut found = Found::default();
        let seen: Vec<Uuid> = visible.iter().copied().collect();
        let theirs = profiles(self, conn, actor, object, &seen).await?;
        for (id, other) in &theirs {
            let matched = compare(&object.key, profile, other, &count);
            if matched.verdict >= Verdict::Maybe {
                found.candidates.push(Candidate { id: *id, title: Name::default(), matched });
            }
        }
        let hidden: Vec<Uuid> = ids.iter().filter(|id| !visible.contains(id)).copied().collect();
        if !hidden.is_empty() {
            let others = profiles(self, conn, &self.system(), object, &hidden).await?;
            found.elsewhere = others.values().any(|other| {
                let m = compare(&object.key, profile, other, &count);
                // Two independent pieces at least: nobody finds out by trying whether one number is known here.
                m.verdict == Verdict::Same && m.evidence.iter().filter(|e| e.points > 15).count() >= 2
            });
        }
        found.candidates.sort_by_key(|c| (std::cmp::Reverse(c.matched.score), c.id));
        found.candidates.truncate(20);
        let titles = super::facts::titles(self, conn, actor, &object.key, found.candidates.iter().map(|c| c.id)).await?;
        for c in &mut found.candidates {
            c.title = titles.get(&c.id).cloned().unwrap_or_default();
        }
        Ok(found)
    }
}

/// Records that share keys worth a look, and how many hold each key (counted a little beyond the crowd).
pub(crate) async fn neighbours(conn: &mut Conn, keys: &[Key], own: Option<Uuid>) -> Outcome<(BTreeSet<Uuid>, HashMap<Key, u32>)> {
    let mut shared: HashMap<Key, u32> = HashMap::new();
    let mut met: BTreeMap<Uuid, (u8, bool)> = BTreeMap::new();
    let mut blocks: BTreeMap<Key, Vec<Uuid>> = BTreeMap::new();
    for chunk in keys.chunks(40) {
        let mut sql = conn.sql();
        for (i, key) in chunk.iter().enumerate() {
            sql.push(if i == 0 { "" } else { " UNION ALL " });
            sql.push("SELECT hash, record_id FROM (SELECT hash, record_id FROM sila_match_key WHERE hash = ").bind(key.0);
            sql.push(&format!(" LIMIT {}) b{i}", key.kind().crowd() + 2));
        }
        for row in conn.rows(&sql, &[ColumnType::Int, ColumnType::Id]).await? {
            if let (Some(hash), Some(id)) = (row.first().and_then(Cell::int), row.get(1).and_then(Cell::id)) {
                blocks.entry(Key(hash)).or_default().push(id);
            }
        }
    }
    for (key, block) in blocks {
        let others = block.iter().filter(|id| Some(**id) != own).count();
        let holders = u32::try_from(others).unwrap_or(u32::MAX).saturating_add(1);
        shared.insert(key, holders);
        if holders > key.kind().crowd() {
            continue;
        }
        for id in block.into_iter().filter(|id| Some(*id) != own) {
            let entry = met.entry(id).or_default();
            entry.0 |= key.kind().bit();
            entry.1 |= holders <= key.kind().few();
        }
    }
    let near: BTreeSet<Uuid> = met.into_iter().filter(|(_, (bits, few))| *few || KeyKind::worth(*bits)).map(|(id, _)| id).take(LOOKED_AT).collect();
    Ok((near, shared))
}
