//! What people write to each other on a record: comments with mentions, replies, reactions, files.
//!
//! Text is plain, with mentions by id ([`mention`]); the direction is that of its first strong letter. Whoever may read
//! the record may comment; only authors change their words, and what they said before is kept.

pub mod mention;
mod write;

pub use write::{Commented, NewComment};

use crate::files::Stored;
use crate::{Actor, Company};
use kernel::{Cell, ColumnType, Outcome};
use std::collections::{BTreeMap, HashMap};
use uuid::Uuid;

/// The reactions there are: agreed, thanks, well done, seen, a question.
pub const REACTIONS: [&str; 6] = ["👍", "🙏", "🎉", "❤️", "👀", "❓"];

/// One reaction and who gave it, in the order they came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reaction {
    pub emoji: String,
    pub by: Vec<Uuid>,
}

/// A comment.
#[derive(Clone, Debug, PartialEq)]
pub struct Comment {
    pub id: Uuid,
    pub at: jiff::Timestamp,
    pub author: Option<Uuid>,
    /// With mentions as `@[user:ID]`.
    pub body: String,
    pub edited_at: Option<jiff::Timestamp>,
    /// The comment it answers; there is one level.
    pub parent: Option<Uuid>,
    /// The matter of the thread is settled: when and by whom.
    pub resolved: Option<(jiff::Timestamp, Option<Uuid>)>,
    pub reactions: Vec<Reaction>,
    pub files: Vec<Stored>,
}

/// An earlier wording.
#[derive(Clone, Debug, PartialEq)]
pub struct Wording {
    pub at: jiff::Timestamp,
    pub body: String,
}

const COLUMNS: &str = "SELECT id, at, author, body, edited_at, parent, resolved_at, resolved_by FROM sila_comment WHERE deleted_at IS NULL AND ";
const TYPES: [ColumnType; 8] = [
    ColumnType::Id,
    ColumnType::Int,
    ColumnType::Id,
    ColumnType::Text,
    ColumnType::Int,
    ColumnType::Id,
    ColumnType::Int,
    ColumnType::Id,
];

fn moment(cell: Option<&Cell>) -> Option<jiff::Timestamp> {
    cell.and_then(Cell::int).and_then(|i| jiff::Timestamp::from_microsecond(i).ok())
}

fn comment(r: &[Cell]) -> Option<Comment> {
    Some(Comment {
        id: r.first()?.id()?,
        at: moment(r.get(1))?,
        author: r.get(2)?.id(),
        body: r.get(3)?.text()?.to_owned(),
        edited_at: moment(r.get(4)),
        parent: r.get(5)?.id(),
        resolved: moment(r.get(6)).map(|at| (at, r.get(7).and_then(Cell::id))),
        reactions: Vec::new(),
        files: Vec::new(),
    })
}

impl Company {
    /// The comments of a record, oldest first.
    ///
    /// # Errors
    /// Not found.
    pub async fn comments(&self, actor: &Actor, object: &str, id: Uuid) -> Outcome<Vec<Comment>> {
        let mut conn = self.db().read().await?;
        self.get_in(&mut conn, actor, object, id).await?;
        let mut sql = conn.sql();
        sql.push(COLUMNS).push("object = ").bind(object).push(" AND record_id = ").bind(id).push(" ORDER BY at, id LIMIT 1000");
        let rows = conn.rows(&sql, &TYPES).await?;
        let mut found: Vec<Comment> = rows.iter().filter_map(|r| comment(r)).collect();
        self.dress(&mut conn, &mut found).await?;
        Ok(found)
    }

    /// These comments with their replies, by id of the first of each thread, oldest first. The caller has made sure
    /// that their records may be read.
    pub(crate) async fn threads(&self, conn: &mut store::Conn, ids: &[Uuid]) -> Outcome<HashMap<Uuid, Vec<Comment>>> {
        let mut threads: HashMap<Uuid, Vec<Comment>> = HashMap::new();
        if ids.is_empty() {
            return Ok(threads);
        }
        let list = || ids.iter().map(|id| Cell::Id(*id));
        let mut sql = conn.sql();
        sql.push(COLUMNS).push("(id IN ").bind_list(list()).push(" OR parent IN ").bind_list(list()).push(") ORDER BY at, id");
        let mut found: Vec<Comment> = conn.rows(&sql, &TYPES).await?.iter().filter_map(|r| comment(r)).collect();
        self.dress(conn, &mut found).await?;
        for c in found {
            threads.entry(c.parent.unwrap_or(c.id)).or_default().push(c);
        }
        Ok(threads)
    }

    /// Adds reactions and files.
    async fn dress(&self, conn: &mut store::Conn, comments: &mut [Comment]) -> Outcome<()> {
        if comments.is_empty() {
            return Ok(());
        }
        let ids = || comments.iter().map(|c| Cell::Id(c.id));
        let mut sql = conn.sql();
        sql.push("SELECT comment, emoji, user_id FROM sila_reaction WHERE comment IN ").bind_list(ids()).push(" ORDER BY at");
        let mut reactions: HashMap<Uuid, Vec<Reaction>> = HashMap::new();
        for r in conn.rows(&sql, &[ColumnType::Id, ColumnType::Text, ColumnType::Id]).await? {
            let (Some(c), Some(emoji), Some(user)) = (r.first().and_then(Cell::id), r.get(1).and_then(Cell::text), r.get(2).and_then(Cell::id)) else { continue };
            let list = reactions.entry(c).or_default();
            match list.iter_mut().find(|x| x.emoji == emoji) {
                Some(x) => x.by.push(user),
                None => list.push(Reaction { emoji: emoji.to_owned(), by: vec![user] }),
            }
        }
        let mut files = crate::files::of_comments(conn, ids().collect()).await?;
        for c in comments {
            c.reactions = reactions.remove(&c.id).unwrap_or_default();
            c.files = files.remove(&c.id).unwrap_or_default();
        }
        Ok(())
    }

    /// What a comment said before it was changed, oldest first.
    ///
    /// # Errors
    /// Not found.
    pub async fn wordings(&self, actor: &Actor, object: &str, id: Uuid, comment: Uuid) -> Outcome<Vec<Wording>> {
        let mut conn = self.db().read().await?;
        self.get_in(&mut conn, actor, object, id).await?;
        let mut sql = conn.sql();
        sql.push("SELECT e.at, e.body FROM sila_comment_edit e JOIN sila_comment c ON c.id = e.comment WHERE c.deleted_at IS NULL AND c.id = ");
        sql.bind(comment).push(" AND c.object = ").bind(object).push(" AND c.record_id = ").bind(id).push(" ORDER BY e.at");
        let rows = conn.rows(&sql, &[ColumnType::Int, ColumnType::Text]).await?;
        Ok(rows.iter().filter_map(|r| Some(Wording { at: moment(r.first())?, body: r.get(1)?.text()?.to_owned() })).collect())
    }

    /// The texts of living comments as they are read, cut to what a notice shows. The caller has made sure of their records.
    pub(crate) async fn comment_texts(&self, conn: &mut store::Conn, actor: &Actor, ids: impl Iterator<Item = Uuid>) -> Outcome<BTreeMap<Uuid, String>> {
        let ids: Vec<Cell> = ids.map(Cell::Id).collect();
        if ids.is_empty() {
            return Ok(BTreeMap::new());
        }
        let mut sql = conn.sql();
        sql.push("SELECT id, body FROM sila_comment WHERE deleted_at IS NULL AND id IN ").bind_list(ids);
        let rows = conn.rows(&sql, &[ColumnType::Id, ColumnType::Text]).await?;
        let bodies: Vec<(Uuid, String)> = rows.iter().filter_map(|r| Some((r.first()?.id()?, r.get(1)?.text()?.to_owned()))).collect();
        let names = self.mention_names(conn, actor, bodies.iter().map(|(_, b)| b.as_str())).await?;
        let somebody = text::i18n::t(actor.locale.lang, "notice-somebody");
        let shown = |b: &str| mention::plain(b, &names, actor.lang(), &somebody).chars().take(240).collect();
        Ok(bodies.into_iter().map(|(id, b)| (id, shown(&b))).collect())
    }
}
