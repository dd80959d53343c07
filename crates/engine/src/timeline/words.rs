//! Searching in a time line. It is walked, and what the reader sees of each entry is looked at: so a value that is
//! withheld from him cannot be found by its words, and every spelling is found.

use super::{Entry, Timeline};
use crate::{Actor, Company};
use kernel::{Object, Outcome, Record, Value};
use serde_json::Value as Json;
use std::collections::HashSet;
use store::Conn;
use uuid::Uuid;

/// Entries per round, and the most rounds of one call: 5,000 entries.
pub(super) const STEP: usize = 500;
pub(super) const ROUNDS: usize = 10;

impl Company {
    /// Of the entries from `known` on, keeps those with all the words.
    pub(super) async fn keep_found(&self, conn: &mut Conn, actor: &Actor, out: &mut Timeline, known: usize, terms: &[String]) -> Outcome<()> {
        let registry = self.registry();
        let comments: Vec<Uuid> = out.entries.iter().skip(known).filter_map(Entry::comment).collect();
        let threads = self.threads(conn, &comments).await?;
        let names = self.mention_names(conn, actor, threads.values().flatten().map(|c| c.body.as_str())).await?;
        let mut found = HashSet::new();
        for e in out.entries.iter().skip(known) {
            let mut words = Vec::new();
            if let (Some(object), Some(record)) = (registry.find(&e.object), out.records.get(&e.record_id)) {
                match e.kind.as_str() {
                    "updated" => strings(&e.data, &mut words),
                    "comment" => {
                        let thread = e.comment().and_then(|c| threads.get(&c)).into_iter().flatten();
                        words.extend(thread.map(|c| crate::comments::mention::plain(&c.body, &names, actor.lang(), "")));
                    }
                    _ => record_words(object, record, &mut words),
                }
            }
            strings(e.data.get("name").unwrap_or(&Json::Null), &mut words);
            let text = text::search::document(&words.iter().map(String::as_str).collect::<Vec<_>>());
            if terms.iter().all(|t| text.contains(t.as_str())) {
                found.insert(e.id);
            }
        }
        let mut n = 0;
        out.entries.retain(|e| {
            n += 1;
            n <= known || found.contains(&e.id)
        });
        Ok(())
    }
}

/// The text values of a record, which is masked for its reader already.
fn record_words(object: &Object, record: &Record, words: &mut Vec<String>) {
    for f in &object.fields {
        match record.get(&f.key) {
            Value::Text(t) => {
                words.push(kernel::parse::strip_tags(t));
                let option = f.kind.options().iter().find(|o| o.key == *t);
                words.extend(option.into_iter().flat_map(|o| [o.label.get("ar").to_owned(), o.label.get("en").to_owned()]));
            }
            Value::Name(n) => words.extend([n.ar.clone(), n.latin.clone()]),
            Value::Address(a) => words.extend(a.parts().map(str::to_owned)),
            _ => {}
        }
    }
}

fn strings(json: &Json, words: &mut Vec<String>) {
    match json {
        Json::String(t) => words.push(kernel::parse::strip_tags(t)),
        Json::Array(list) => list.iter().for_each(|j| strings(j, words)),
        Json::Object(map) => map.values().for_each(|j| strings(j, words)),
        _ => {}
    }
}
