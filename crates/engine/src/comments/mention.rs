//! Mentions in a text: people and teams, kept by id (`@[user:ID]`), so that a changed name is right everywhere.

use crate::{Actor, Company};
use kernel::{Cell, ColumnType, Name, Outcome};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use uuid::Uuid;

/// A piece of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part<'a> {
    Text(&'a str),
    /// `user` or `team`, and its id.
    Mention(&'a str, Uuid),
}

/// Objects that can be mentioned.
pub const KINDS: [&str; 2] = ["user", "team"];

/// Takes a text apart.
pub fn parts(body: &str) -> Vec<Part<'_>> {
    let mut out = Vec::new();
    let mut from = 0;
    for (at, _) in body.match_indices("@[") {
        let Some((inside, end)) = body.get(at + 2..).and_then(|rest| rest.find(']').and_then(|e| Some((rest.get(..e)?, at + 3 + e)))) else { continue };
        let Some((kind, id)) = inside.split_once(':') else { continue };
        let (Some(kind), Ok(id)) = (KINDS.iter().find(|k| **k == kind), id.parse::<Uuid>()) else { continue };
        if at < from {
            continue;
        }
        if let Some(text) = body.get(from..at).filter(|t| !t.is_empty()) {
            out.push(Part::Text(text));
        }
        out.push(Part::Mention(kind, id));
        from = end;
    }
    if let Some(text) = body.get(from..).filter(|t| !t.is_empty()) {
        out.push(Part::Text(text));
    }
    out
}

/// How a mention is written.
pub fn written(kind: &str, id: Uuid) -> String {
    format!("@[{kind}:{id}]")
}

/// The ids a text mentions, by object.
pub fn mentioned<'a>(bodies: impl IntoIterator<Item = &'a str>) -> BTreeMap<String, BTreeSet<Uuid>> {
    let mut all: BTreeMap<String, BTreeSet<Uuid>> = BTreeMap::new();
    for body in bodies {
        for part in parts(body) {
            if let Part::Mention(kind, id) = part {
                all.entry(kind.to_owned()).or_default().insert(id);
            }
        }
    }
    all
}

/// The text as it is read aloud: names in place of ids; `somebody` for whom the reader may not know.
pub fn plain(body: &str, names: &HashMap<Uuid, Name>, lang: &str, somebody: &str) -> String {
    let mut out = String::with_capacity(body.len());
    for part in parts(body) {
        match part {
            Part::Text(t) => out.push_str(t),
            Part::Mention(_, id) => {
                out.push('@');
                out.push_str(names.get(&id).map(|n| n.get(lang)).filter(|n| !n.is_empty()).unwrap_or(somebody));
            }
        }
    }
    out
}

/// `@name` of the chosen becomes a mention, the longest names first. Names stand alone: `@سارة` is not found in `@سارةx`.
pub fn bind(text: &str, chosen: &[(String, Uuid, Name)]) -> String {
    let mut words: Vec<(String, String)> = Vec::new();
    for (kind, id, name) in chosen {
        for shown in [&name.ar, &name.latin] {
            if !shown.is_empty() {
                words.push((format!("@{shown}"), written(kind, *id)));
            }
        }
    }
    words.sort_by_key(|(w, _)| std::cmp::Reverse(w.len()));
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('@') {
        let (before, here) = rest.split_at(at);
        out.push_str(before);
        let whole = |w: &str| here.strip_prefix(w).is_some_and(|after| !after.starts_with(char::is_alphanumeric));
        match words.iter().find(|(w, _)| whole(w)) {
            Some((w, token)) => {
                out.push_str(token);
                rest = here.get(w.len()..).unwrap_or_default();
            }
            None => {
                out.push('@');
                rest = here.get(1..).unwrap_or_default();
            }
        }
    }
    out.push_str(rest);
    out
}

impl Company {
    /// A typed text with its mentions bound: those chosen from the list (`user:ID`), and `@address@example.com` of colleagues.
    ///
    /// # Errors
    /// The database.
    pub async fn bind_mentions(&self, actor: &Actor, text: &str, chosen: &[&str]) -> Outcome<String> {
        let mut wanted: BTreeMap<String, BTreeSet<Uuid>> = BTreeMap::new();
        for one in chosen.iter().take(50) {
            if let Some((kind, id)) = one.split_once(':')
                && let (true, Ok(id)) = (KINDS.contains(&kind), id.parse())
            {
                wanted.entry(kind.to_owned()).or_default().insert(id);
            }
        }
        let mut conn = self.db().read().await?;
        let titles = self.titles(&mut conn, actor, &wanted).await?;
        drop(conn);
        let mut known: Vec<(String, Uuid, Name)> = wanted
            .iter()
            .flat_map(|(kind, ids)| ids.iter().map(|id| (kind.clone(), *id)))
            .filter_map(|(kind, id)| Some((kind, id, titles.get(&id)?.clone())))
            .collect();
        for word in text.split_whitespace().filter_map(|w| w.strip_prefix('@')).filter(|w| w.contains('@')).take(20) {
            let address = word.trim_end_matches(['.', ',', '،', ':', ';', ')']);
            if let Some(id) = self.user_by_email(address).await? {
                known.push(("user".into(), id, Name::new("", address)));
            }
        }
        Ok(bind(text, &known))
    }

    /// The names behind the mentions of texts, for their reader.
    ///
    /// # Errors
    /// The database.
    pub async fn mention_names<'a>(&self, conn: &mut store::Conn, actor: &Actor, bodies: impl IntoIterator<Item = &'a str>) -> Outcome<crate::load::Titles> {
        let wanted = mentioned(bodies);
        if wanted.is_empty() { Ok(HashMap::new()) } else { self.titles(conn, actor, &wanted).await }
    }
}

/// The people behind mentions: those named, and the members of teams that are named.
pub(crate) async fn people(conn: &mut store::Conn, body: &str) -> Outcome<BTreeSet<Uuid>> {
    let mut all = mentioned([body]);
    let mut people = all.remove("user").unwrap_or_default();
    if let Some(teams) = all.remove("team") {
        let mut sql = conn.sql();
        sql.push("SELECT user_id FROM sila_team_member WHERE team_id IN ").bind_list(teams.into_iter().map(Cell::Id));
        people.extend(conn.rows(&sql, &[ColumnType::Id]).await?.iter().filter_map(|r| r.first().and_then(Cell::id)));
    }
    Ok(people)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_become_ids_and_names_again() {
        let (a, b) = (Uuid::from_u128(1), Uuid::from_u128(2));
        let chosen = vec![("user".to_owned(), a, Name::new("سارة", "Sara")), ("user".to_owned(), b, Name::new("سارة العتيبي", "Sara Alotaibi"))];
        let body = bind("شكرًا @سارة العتيبي، و@Sara أيضًا. @سارةx لا", &chosen);
        assert_eq!(body, format!("شكرًا {}، و{} أيضًا. @سارةx لا", written("user", b), written("user", a)));
        let names = HashMap::from([(a, Name::new("سارة", "Sara")), (b, Name::new("سارة الشمري", "Sara Alshammari"))]);
        assert_eq!(plain(&body, &names, "ar", "؟"), "شكرًا @سارة الشمري، و@سارة أيضًا. @سارةx لا");
        assert_eq!(plain(&body, &HashMap::new(), "en", "a colleague"), "شكرًا @a colleague، و@a colleague أيضًا. @سارةx لا");
        assert_eq!(parts("@[user:nobody] @[x"), [Part::Text("@[user:nobody] @[x")]);
        assert_eq!(mentioned([body.as_str()])["user"].len(), 2);
    }
}
