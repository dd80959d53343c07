//! Reasons in sentences: which role, whose record, which team, shared or handed over by whom.

use super::explain::Reason;
use super::share::{Share, mask_key};
use super::{Delegation, delegate};
use crate::{Actor, Company};
use kernel::policy::{Clause, Parts, Why};
use kernel::{Cell, ColumnType, Label, Name, Object, Outcome, RowRule, Verb};
use std::collections::HashMap;
use std::sync::Arc;
use store::Conn;
use text::i18n::Arg;
use text::locale::Lang;
use uuid::Uuid;

/// What the sentences need to know about a record and a person.
pub(super) struct Teller {
    who: Actor,
    object: Arc<Object>,
    verb: Verb,
    company: Company,
    /// The owner, by the declared path; none where nobody owns it.
    owner: Option<Uuid>,
    shares: Vec<Share>,
    /// By the references they come through.
    parents: HashMap<String, Vec<Share>>,
    delegations: Vec<Delegation>,
    names: HashMap<Uuid, Name>,
}

type Words = Vec<(&'static str, Label)>;

impl Teller {
    pub async fn new(company: &Company, conn: &mut Conn, who: &Actor, object: &Arc<Object>, record: Option<Uuid>, verb: &Verb) -> Outcome<Teller> {
        let mut teller = Teller {
            who: who.clone(),
            object: object.clone(),
            verb: verb.clone(),
            company: company.clone(),
            owner: None,
            shares: Vec::new(),
            parents: HashMap::new(),
            delegations: Vec::new(),
            names: HashMap::new(),
        };
        for handed in who.policy.handed() {
            teller.delegations.extend(delegate::find(conn, handed.id).await?);
        }
        if let Some(id) = record {
            teller.look(conn, id).await?;
        }
        let mut people: Vec<Uuid> = teller.owner.into_iter().chain(who.viewer.iter().map(|v| v.id)).collect();
        people.extend(teller.delegations.iter().map(|d| d.from));
        people.extend(teller.shares.iter().chain(teller.parents.values().flatten()).filter_map(|s| s.by));
        for id in people {
            teller.name(conn, id).await?;
        }
        Ok(teller)
    }

    /// The owner and the shares of the record, and of those it belongs to.
    async fn look(&mut self, conn: &mut Conn, id: Uuid) -> Outcome<()> {
        let (company, system) = (self.company.clone(), self.company.system());
        self.shares = company.shares_in(conn, &self.object.key, id).await?;
        let Some(path) = self.object.owner.clone() else { return Ok(()) };
        let (mut object, mut at) = (self.object.clone(), id);
        let mut walked = String::new();
        for step in path.split('.') {
            if step == "id" {
                self.owner = Some(at);
                return Ok(());
            }
            let found = company.some(conn, &system, &object, &[at], &Verb::Read, false).await?;
            let next = found.first().and_then(|r| r.get(step).id());
            let (Some(next), Some(target)) = (next, object.get(step).and_then(|f| f.kind.target())) else { return Ok(()) };
            if target == "user" {
                self.owner = Some(next);
                return Ok(());
            }
            walked = if walked.is_empty() { step.to_owned() } else { format!("{walked}.{step}") };
            self.parents.insert(walked.clone(), company.shares_in(conn, target, next).await?);
            object = company.registry().object(target)?.clone();
            at = next;
        }
        Ok(())
    }

    async fn name(&mut self, conn: &mut Conn, id: Uuid) -> Outcome<()> {
        if self.names.contains_key(&id) {
            return Ok(());
        }
        let mut sql = conn.sql();
        sql.push("SELECT name, name_lat FROM \"user\" WHERE id = ").bind(id);
        if let Some(row) = conn.row(&sql, &[ColumnType::Text; 2]).await? {
            let text = |i: usize| row.get(i).and_then(Cell::text).unwrap_or_default().to_owned();
            self.names.insert(id, Name::new(text(0), text(1)));
        }
        Ok(())
    }

    fn person(&self, id: Option<Uuid>) -> Label {
        match id.and_then(|id| self.names.get(&id)) {
            Some(name) => Label { ar: name.get("ar").to_owned().into(), en: name.get("en").to_owned().into() },
            None => both(|lang| text::i18n::t_plain(lang, "access-somebody", &[])),
        }
    }

    fn verb_word(&self) -> Label {
        match &self.verb {
            Verb::Act(key) => match self.company.action(&self.object.key, key) {
                Some(action) => action.label.clone(),
                None if key == "view_as" => both(|lang| text::i18n::t_plain(lang, "access-verb-view_as", &[])),
                None => Label { ar: key.clone().into(), en: key.clone().into() },
            },
            verb => both(|lang| text::i18n::t_plain(lang, &format!("access-verb-{}", verb.key()), &[])),
        }
    }

    fn role(&self, key: &str) -> Label {
        self.company.registry().role(key).map_or_else(|| Label { ar: key.to_owned().into(), en: key.to_owned().into() }, |r| r.label.clone())
    }

    /// The sentence of `key`, with the words that most sentences use and `more`.
    fn say(&self, key: &'static str, holds: bool, more: Words) -> Reason {
        let name = |lang: Lang| self.who.name.get(lang.code()).to_owned();
        let verb = self.verb_word();
        let sentence = both(|lang| {
            let mut args: Vec<(&str, Arg<'_>)> = vec![
                ("person", Arg::Owned(name(lang))),
                ("verb", Arg::Owned(verb.get(lang.code()).to_owned())),
                ("objects", Arg::Owned(self.object.plural.get(lang.code()).to_owned())),
            ];
            args.extend(more.iter().map(|(k, label)| (*k, Arg::Owned(label.get(lang.code()).to_owned()))));
            text::i18n::t_plain(lang, key, &args)
        });
        Reason { key, sentence, holds, under: Vec::new() }
    }

    pub fn plain(&self, key: &'static str, holds: bool) -> Reason {
        self.say(key, holds, Vec::new())
    }

    pub fn verdict(&self, allowed: bool) -> Label {
        self.plain(if allowed { "access-may" } else { "access-may-not" }, allowed).sentence
    }

    /// Fields that are withheld, although the record is seen.
    pub fn masks(&self) -> Vec<Reason> {
        let mut reasons = Vec::new();
        for field in &self.object.fields {
            let Some(mask) = self.who.policy.mask(&self.object.key, &field.key) else { continue };
            let roles = self.who.policy.masking(&self.object.key, &field.key);
            let role = roles.first().map(|(r, _)| self.role(r)).unwrap_or_default();
            let key = match mask_key(mask) {
                "hidden" => "access-field-hidden",
                "masked" => "access-field-masked",
                _ => "access-field-readonly",
            };
            reasons.push(self.say(key, true, vec![("field", field.label.clone()), ("role", role)]));
        }
        reasons
    }

    /// The parts, in the order in which they are asked.
    pub async fn parts(&mut self, conn: &mut Conn, parts: &Parts, record: bool, answers: &mut (dyn Iterator<Item = bool> + Send)) -> Outcome<Vec<Reason>> {
        let mut reasons = Vec::new();
        if parts.allowed.is_empty() {
            reasons.push(self.plain("access-no-role", false));
        }
        for clause in &parts.allowed {
            let holds = if record { answers.next().unwrap_or(false) } else { true };
            reasons.push(self.clause(conn, &clause.why, holds, record).await?);
        }
        if let Some(readable) = &parts.readable {
            let under = self.readable(conn, readable, record, answers).await?;
            let holds = under.iter().any(|r| r.holds);
            if !holds {
                reasons.push(Reason { under, ..self.plain("access-not-readable", false) });
            }
        }
        if parts.visible.is_some() {
            let holds = if record { answers.next().unwrap_or(false) } else { true };
            if record {
                reasons.push(self.plain(if holds { "access-visible" } else { "access-private" }, holds));
            }
        }
        if let Some(viewer) = &parts.viewer {
            let known: Vec<bool> = answers.collect();
            let holds = viewer.1.rule().is_some() && (!record || viewer.1.decide(&mut known.into_iter()));
            let name = vec![("viewer", self.person(Some(viewer.0)))];
            reasons.push(self.say(if holds { "access-viewer-sees" } else { "access-viewer-sees-not" }, holds, name));
        }
        // What speaks for it first.
        reasons.sort_by_key(|r| !r.holds);
        Ok(reasons)
    }

    async fn readable(&mut self, conn: &mut Conn, clauses: &[Clause], record: bool, answers: &mut (dyn Iterator<Item = bool> + Send)) -> Outcome<Vec<Reason>> {
        let mut under = Vec::new();
        for clause in clauses {
            let holds = if record { answers.next().unwrap_or(false) } else { true };
            let verb = std::mem::replace(&mut self.verb, Verb::Read);
            under.push(self.clause(conn, &clause.why, holds, record).await?);
            self.verb = verb;
        }
        Ok(under)
    }

    async fn clause(&mut self, conn: &mut Conn, why: &Why, holds: bool, record: bool) -> Outcome<Reason> {
        match why {
            Why::Role { role, rows } => {
                let who = self.who.id;
                self.granted(conn, role, rows, who, holds, record).await
            }
            Why::Shared { level, of } => Ok(self.shared(*level, of.as_deref(), holds)),
            Why::Handed { id, from, why } => {
                let under = match &**why {
                    Why::Role { role, rows } => vec![self.granted(conn, role, rows, *from, holds, record).await?],
                    _ => Vec::new(),
                };
                let delegation = self.delegations.iter().find(|d| d.id == *id);
                let until = delegation.map(|d| self.day(d.until_at)).unwrap_or_default();
                let reason = delegation.map(|d| d.reason.clone()).unwrap_or_default();
                let reason = Label { ar: reason.clone().into(), en: reason.into() };
                let words = vec![("from", self.person(Some(*from))), ("until", until), ("reason", reason)];
                Ok(Reason { under, ..self.say(if holds { "access-handed" } else { "access-handed-not" }, holds, words) })
            }
        }
    }

    /// What a role grants, and whether the record is one of its rows as `whom` asks.
    async fn granted(&mut self, conn: &mut Conn, role: &str, rows: &RowRule, whom: Uuid, holds: bool, record: bool) -> Outcome<Reason> {
        let mut words: Words = vec![("role", self.role(role))];
        if !record {
            words.push(("rows", self.rows_word(rows)));
            return Ok(self.say("access-role-some", true, words));
        }
        words.push(("owner", self.owner.map_or_else(Label::default, |o| self.person(Some(o)))));
        let key = match (rows, holds) {
            (RowRule::All, _) => "access-role-all",
            (RowRule::Own, true) => "access-role-own",
            (RowRule::Team | RowRule::TeamBelow, true) if self.owner == Some(whom) => "access-role-own",
            (RowRule::Own | RowRule::Team | RowRule::TeamBelow, false) if self.owner.is_none() => "access-role-no-owner",
            (RowRule::Own, false) => "access-role-own-not",
            (RowRule::Team, false) => "access-role-team-not",
            (RowRule::TeamBelow, false) => "access-role-below-not",
            (RowRule::Team | RowRule::TeamBelow, true) => match self.common_team(conn, whom).await? {
                Some(team) => {
                    words.push(("team", team));
                    "access-role-team"
                }
                None => "access-role-below",
            },
            (RowRule::Scope(key), _) => {
                let scope = self.object.scopes.iter().find(|s| s.key == *key).map(|s| s.label.clone()).unwrap_or_default();
                words.push(("scope", scope));
                if holds { "access-role-scope" } else { "access-role-scope-not" }
            }
            (RowRule::Where(text), _) => {
                words.push(("condition", Label { ar: text.clone().into(), en: text.clone().into() }));
                if holds { "access-role-where" } else { "access-role-where-not" }
            }
        };
        Ok(self.say(key, holds, words))
    }

    fn rows_word(&self, rows: &RowRule) -> Label {
        let key = match rows {
            RowRule::All => "access-rows-all",
            RowRule::Own => "access-rows-own",
            RowRule::Team => "access-rows-team",
            RowRule::TeamBelow => "access-rows-team-below",
            RowRule::Scope(key) => return self.object.scopes.iter().find(|s| s.key == *key).map(|s| s.label.clone()).unwrap_or_default(),
            RowRule::Where(text) => return Label { ar: text.clone().into(), en: text.clone().into() },
        };
        both(|lang| text::i18n::t_plain(lang, key, &[]))
    }

    /// A team in which both the owner and `whom` are.
    async fn common_team(&mut self, conn: &mut Conn, whom: Uuid) -> Outcome<Option<Label>> {
        let Some(owner) = self.owner else { return Ok(None) };
        let mut sql = conn.sql();
        sql.push("SELECT t.name, t.name_lat FROM team t JOIN sila_team_member a ON a.team_id = t.id JOIN sila_team_member b ON b.team_id = t.id");
        sql.push(" WHERE t.deleted_at IS NULL AND a.user_id = ").bind(owner).push(" AND b.user_id = ").bind(whom).push(" ORDER BY t.id LIMIT 1");
        if self.company.registry().find("team").is_none() {
            return Ok(None);
        }
        let row = conn.row(&sql, &[ColumnType::Text; 2]).await?;
        Ok(row.map(|r| {
            let text = |i: usize| r.get(i).and_then(Cell::text).unwrap_or_default().to_owned();
            let name = Name::new(text(0), text(1));
            Label { ar: name.get("ar").to_owned().into(), en: name.get("en").to_owned().into() }
        }))
    }

    fn shared(&self, level: i64, of: Option<&str>, holds: bool) -> Reason {
        let shares = match of {
            None => Some(&self.shares),
            Some(path) => self.parents.get(path),
        };
        let found = shares.into_iter().flatten().find(|s| s.level as i64 >= level && (s.with == self.who.id || s.team));
        let Some(share) = found.filter(|_| holds) else { return self.plain("access-not-shared", holds) };
        let word = both(|lang| text::i18n::t_plain(lang, &format!("access-level-{}", share.level.key()), &[]));
        let words = vec![("by", self.person(share.by)), ("level", word), ("until", share.until.map(|u| self.day(u)).unwrap_or_default())];
        self.say(if share.until.is_some() { "access-shared-until" } else { "access-shared" }, true, words)
    }

    /// A day in the company's zone, as people of each language write it.
    fn day(&self, at: jiff::Timestamp) -> Label {
        let settings = self.company.settings();
        let zone = jiff::tz::TimeZone::get(&settings.zone).unwrap_or(jiff::tz::TimeZone::UTC);
        let day = at.to_zoned(zone).date();
        both(|lang| {
            let locale = text::locale::Locale { lang, ..settings.locale() };
            text::calendar::format_date(day, &locale, text::calendar::DateStyle::Medium)
        })
    }
}

fn both(say: impl Fn(Lang) -> String) -> Label {
    Label { ar: say(Lang::Ar).into(), en: say(Lang::En).into() }
}
