//! To whom and to what a letter belongs: by any address of a party, by the tag of a record, by the conversation it is part of.

use engine::{Cx, Draft, Query};
use kernel::expr::Expr;
use kernel::{Cell, ColumnType, Fault, Outcome, Record, Value};
use mail::Message;
use mail::ids;
use mail::message::Person;
use std::collections::{BTreeSet, HashMap, HashSet};
use uuid::Uuid;

/// Providers whose domain says nothing of where somebody works.
const PUBLIC: &[&str] = &[
    "gmail.com", "googlemail.com", "outlook.com", "outlook.sa", "hotmail.com", "live.com", "msn.com", "yahoo.com", "ymail.com", "icloud.com", "me.com", "aol.com",
    "zoho.com", "zohomail.com", "proton.me", "protonmail.com", "gmx.com", "mail.com", "yandex.com",
];

/// Who is who, for the letters of one transaction.
#[derive(Debug, Default)]
pub struct Directory {
    parties: HashMap<String, Uuid>,
    /// Addresses and domains that are ours.
    own: HashSet<String>,
    tags: HashMap<String, (String, Uuid)>,
    /// The customer of a conversation.
    threads: HashMap<String, Uuid>,
}

/// What a letter belongs to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Belongs {
    pub party: Option<Uuid>,
    /// `order/0190…`
    pub about: Option<String>,
}

fn everybody(m: &Message) -> impl Iterator<Item = &Person> {
    std::iter::once(&m.from).chain(&m.reply_to).chain(&m.to).chain(&m.cc).chain(&m.bcc)
}

fn tag_of(m: &Message) -> Option<String> {
    ids::tag_in(&m.subject).or_else(|| m.to.iter().chain(&m.cc).find_map(|p| ids::tag_of_address(&p.address)))
}

impl Directory {
    /// Looks up everything the letters name, in a few statements.
    ///
    /// # Errors
    /// The database.
    pub async fn load(cx: &mut Cx, letters: &[&Message], threads: &[String]) -> Outcome<Directory> {
        let mut d = Directory::default();
        let mut sql = cx.tx.sql();
        sql.push("SELECT address FROM mailbox WHERE deleted_at IS NULL");
        for r in cx.tx.rows(&sql, &[ColumnType::Text]).await? {
            let Some(address) = r.first().and_then(Cell::text).map(str::to_lowercase) else { continue };
            if let Some((_, domain)) = address.rsplit_once('@')
                && !PUBLIC.contains(&domain)
            {
                d.own.insert(domain.to_owned());
            }
            d.own.insert(address);
        }
        let addresses: BTreeSet<&str> = letters.iter().flat_map(|m| everybody(m)).map(|p| p.address.as_str()).filter(|a| !a.is_empty() && !d.is_own(a)).collect();
        let addresses: Vec<&str> = addresses.into_iter().collect();
        for chunk in addresses.chunks(400) {
            d.parties_of(cx, chunk).await?;
        }
        let tags: BTreeSet<String> = letters.iter().filter_map(|m| tag_of(m)).collect();
        if !tags.is_empty() {
            let mut sql = cx.tx.sql();
            sql.push("SELECT tag, object, record_id FROM sila_mail_tag WHERE tag IN ").bind_list(tags.iter().map(|t| t.as_str().into()));
            for r in cx.tx.rows(&sql, &[ColumnType::Text, ColumnType::Text, ColumnType::Id]).await? {
                if let (Some(tag), Some(object), Some(id)) = (r.first().and_then(Cell::text), r.get(1).and_then(Cell::text), r.get(2).and_then(Cell::id)) {
                    d.tags.insert(tag.to_owned(), (object.to_owned(), id));
                }
            }
        }
        let threads: BTreeSet<&String> = threads.iter().collect();
        let threads: Vec<&String> = threads.into_iter().collect();
        for chunk in threads.chunks(400) {
            let mut sql = cx.tx.sql();
            sql.push("SELECT thread, party FROM mail WHERE deleted_at IS NULL AND party IS NOT NULL AND thread IN ");
            sql.bind_list(chunk.iter().map(|t| t.as_str().into())).push(" ORDER BY at");
            for r in cx.tx.rows(&sql, &[ColumnType::Text, ColumnType::Id]).await? {
                if let (Some(thread), Some(party)) = (r.first().and_then(Cell::text), r.get(1).and_then(Cell::id)) {
                    d.threads.entry(thread.to_owned()).or_insert(party);
                }
            }
        }
        Ok(d)
    }

    /// The address on the party itself goes before those of its list; of several parties the elder one has it.
    async fn parties_of(&mut self, cx: &mut Cx, addresses: &[&str]) -> Outcome<()> {
        let list = || addresses.iter().map(|a| Cell::from(*a));
        let mut sql = cx.tx.sql();
        sql.push("SELECT email, id FROM party WHERE deleted_at IS NULL AND email IN ").bind_list(list());
        sql.push(" UNION ALL SELECT e.email, e.party FROM party_email e JOIN party p ON p.id = e.party WHERE e.deleted_at IS NULL AND p.deleted_at IS NULL AND e.email IN ");
        sql.bind_list(list());
        for r in cx.tx.rows(&sql, &[ColumnType::Text, ColumnType::Id]).await? {
            if let (Some(email), Some(id)) = (r.first().and_then(Cell::text), r.get(1).and_then(Cell::id)) {
                self.parties.entry(email.to_lowercase()).or_insert(id);
            }
        }
        Ok(())
    }

    /// An address of a colleague or of one of our mailboxes: never a customer.
    pub fn is_own(&self, address: &str) -> bool {
        let domain = address.rsplit_once('@').map_or("", |(_, d)| d);
        self.own.contains(address) || self.own.contains(domain)
    }

    /// # Errors
    /// The database.
    pub async fn belongs(&self, cx: &mut Cx, m: &Message, thread: &str, outgoing: bool) -> Outcome<Belongs> {
        let order: Vec<&Person> = if outgoing {
            m.to.iter().chain(&m.cc).chain(&m.bcc).collect()
        } else {
            std::iter::once(&m.from).chain(&m.reply_to).chain(&m.to).chain(&m.cc).collect()
        };
        let by_address = order.iter().find_map(|p| self.parties.get(&p.address).copied());
        let mut out = Belongs { party: by_address, about: None };
        if let Some((object, id)) = tag_of(m).and_then(|t| self.tags.get(&t)) {
            if object == "party" {
                out.party = Some(*id);
            } else {
                out.about = Some(format!("{object}/{id}"));
                if out.party.is_none() {
                    out.party = party_of(cx, object, *id).await?;
                }
            }
        }
        out.party = out.party.or_else(|| self.threads.get(thread).copied());
        Ok(out)
    }
}

/// The customer of a record of any object that has one.
///
/// # Errors
/// The database.
pub async fn party_of(cx: &mut Cx, object: &str, id: Uuid) -> Outcome<Option<Uuid>> {
    let (company, system) = (cx.company.clone(), cx.company.system());
    match company.get_in(&mut cx.tx, &system, object, id).await {
        Ok(record) if object == "party" => Ok(Some(record.id)),
        Ok(record) => Ok(record.get("party").id()),
        Err(f) if f.kind == kernel::FaultKind::NotFound => Ok(None),
        Err(f) => Err(f),
    }
}

/// The tag that stands for a record in subjects (`[#K7M2P9QX]`); made at the first need.
///
/// # Errors
/// The database.
pub async fn tag(cx: &mut Cx, object: &str, record: Uuid) -> Outcome<String> {
    let mut sql = cx.tx.sql();
    sql.push("SELECT tag FROM sila_mail_tag WHERE object = ").bind(object).push(" AND record_id = ").bind(record);
    if let Some(tag) = cx.tx.text(&sql).await? {
        return Ok(tag);
    }
    for _ in 0..5 {
        let mut bytes = [0_u8; ids::TAG_LENGTH];
        rand::fill(&mut bytes);
        let letter = |b: &u8| ids::TAG_LETTERS.get(usize::from(*b) % ids::TAG_LETTERS.len()).copied().map_or('X', char::from);
        let tag: String = bytes.iter().map(letter).collect();
        let row = vec![tag.as_str().into(), object.into(), record.into(), cx.now.into()];
        if store::insert_missing(&mut cx.tx, "sila_mail_tag", &["tag", "object", "record_id", "at"], vec![row]).await? == 1 {
            return Ok(tag);
        }
    }
    Err(Fault::internal("no free tag was found"))
}

/// The contact on a customer's time line that a letter of a mailbox makes.
pub fn contact(mailbox: &Record, subject: &str, direction: &str, at: jiff::Timestamp, party: Uuid, thread: &str, privacy: &str, fallback: &str) -> Draft {
    let members = match mailbox.get("members") {
        Value::Ids(ids) => Value::Ids(ids.clone()),
        _ => Value::Null,
    };
    Draft::new()
        .trusted()
        .set("subject", mail::message::line(if subject.trim().is_empty() { fallback } else { subject }, 300))
        .set("channel", "mail")
        .set("direction", direction)
        .set("at", at)
        .set("party", party)
        .set("owner", mailbox.get("owner").clone())
        .set("colleagues", members)
        .set("privacy", if privacy == "private" { "private" } else { "shared" })
        .set("thread", thread)
}

/// The contact is as private as the most open of its letters.
///
/// # Errors
/// The database.
pub fn watch<'a>(cx: &'a mut Cx, changes: &'a [(Option<Record>, Option<Record>)]) -> futures::future::BoxFuture<'a, Outcome<()>> {
    Box::pin(async move {
        for (before, after) in changes {
            let (Some(before), Some(after)) = (before, after) else { continue };
            let Some(contact) = after.get("interaction").id().filter(|_| before.get("privacy") != after.get("privacy")) else { continue };
            let mut sql = cx.tx.sql();
            sql.push("SELECT COUNT(*) FROM mail WHERE deleted_at IS NULL AND privacy <> 'private' AND interaction = ").bind(contact);
            let open = cx.tx.int(&sql).await?.unwrap_or_default() > 0;
            let actor = std::mem::replace(&mut cx.actor, cx.company.system());
            let saved = cx.save("interaction", Draft::of(contact).trusted().set("privacy", if open { "shared" } else { "private" })).await;
            cx.actor = actor;
            saved?;
        }
        Ok(())
    })
}

/// Links a letter to a customer, moves it to another, or (none) unlinks it: the contact follows.
///
/// # Errors
/// Not found; the database.
pub async fn relink(cx: &mut Cx, letter: &Record, party: Option<Uuid>) -> Outcome<()> {
    let (company, actor) = (cx.company.clone(), cx.actor.clone());
    let system = company.system();
    let fallback = text::i18n::t(company.settings().lang(), "mail-no-subject");
    // The contact is the machine's record of the letter: made and removed with the link, whoever makes it.
    cx.actor = system.clone();
    let result = async {
        let text = |key: &str| letter.get(key).text().unwrap_or_default().to_owned();
        let mut draft = Draft::of(letter.id).trusted().set("party", party);
        match (letter.get("interaction").id(), party) {
            (Some(id), Some(p)) => {
                cx.save("interaction", Draft::of(id).trusted().set("party", p)).await?;
            }
            (Some(id), None) => {
                draft = draft.set("interaction", Value::Null);
                cx.save("mail", draft.clone()).await?;
                let filter = Expr::parse(&format!("interaction == id(\"{id}\")"))?;
                if company.list_in(&mut cx.tx, &system, &Query::new("mail").filter(filter).limit(1)).await?.records.is_empty() {
                    cx.delete("interaction", id, None).await?;
                }
            }
            (None, Some(p)) => {
                let mailbox = match letter.get("mailbox").id() {
                    Some(id) => company.get_in(&mut cx.tx, &system, "mailbox", id).await?,
                    None => return Err(Fault::not_found()),
                };
                let at = letter.get("at").datetime().unwrap_or(cx.now);
                let c = contact(&mailbox, &text("subject"), &text("direction"), at, p, &text("thread"), &text("privacy"), &fallback);
                let made = cx.save("interaction", c).await?.record().id;
                draft = draft.set("interaction", made);
            }
            (None, None) => {}
        }
        cx.save("mail", draft).await.map(|_| ())
    }
    .await;
    cx.actor = actor;
    result
}
