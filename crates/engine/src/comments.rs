//! What people write to each other on a record.

use crate::side::TIMELINE;
use crate::{Actor, Company, Cx};
use kernel::{Capability, Cell, ColumnType, Fault, Issue, Outcome};
use serde_json::json;
use uuid::Uuid;

/// A comment. Plain text; its direction is that of its first strong letter.
#[derive(Clone, Debug, PartialEq)]
pub struct Comment {
    pub id: Uuid,
    pub at: jiff::Timestamp,
    pub author: Option<Uuid>,
    pub body: String,
    pub edited_at: Option<jiff::Timestamp>,
}

const MAX: usize = 10_000;

impl Company {
    /// The comments of a record, oldest first.
    ///
    /// # Errors
    /// Not found.
    pub async fn comments(&self, actor: &Actor, object: &str, id: Uuid) -> Outcome<Vec<Comment>> {
        let mut conn = self.db().read().await?;
        self.get_in(&mut conn, actor, object, id).await?;
        let mut sql = conn.sql();
        sql.push("SELECT id, at, author, body, edited_at FROM sila_comment WHERE deleted_at IS NULL AND object = ").bind(object);
        sql.push(" AND record_id = ").bind(id).push(" ORDER BY at, id LIMIT 1000");
        let types = [ColumnType::Id, ColumnType::Int, ColumnType::Id, ColumnType::Text, ColumnType::Int];
        let at = |c: Option<&Cell>| c.and_then(Cell::int).and_then(|i| jiff::Timestamp::from_microsecond(i).ok());
        let rows = conn.rows(&sql, &types).await?;
        Ok(rows
            .iter()
            .filter_map(|r| {
                Some(Comment {
                    id: r.first()?.id()?,
                    at: at(r.get(1))?,
                    author: r.get(2)?.id(),
                    body: r.get(3)?.text()?.to_owned(),
                    edited_at: at(r.get(4)),
                })
            })
            .collect())
    }

    /// Writes a comment; whoever may read the record may.
    ///
    /// # Errors
    /// Not found; invalid: empty or over 10,000 characters.
    pub async fn comment(&self, actor: &Actor, object: &str, id: Uuid, body: &str) -> Outcome<Uuid> {
        let mut cx = self.write(actor).await?;
        let comment = cx.comment(object, id, body).await?;
        cx.commit().await?;
        Ok(comment)
    }

    /// Takes a comment back: its author or an administrator.
    ///
    /// # Errors
    /// Not found.
    pub async fn delete_comment(&self, actor: &Actor, object: &str, id: Uuid, comment: Uuid) -> Outcome<()> {
        let mut cx = self.write(actor).await?;
        self.get_in(&mut cx.tx, actor, object, id).await?;
        let mut sql = cx.tx.sql();
        sql.push("UPDATE sila_comment SET deleted_at = ").bind(cx.now).push(" WHERE id = ").bind(comment);
        sql.push(" AND object = ").bind(object).push(" AND record_id = ").bind(id).push(" AND deleted_at IS NULL");
        if actor.must_administer().is_err() {
            sql.push(" AND author = ").bind(actor.id);
        }
        if cx.tx.exec(&sql).await? == 0 {
            return Err(Fault::not_found());
        }
        let mut sql = cx.tx.sql();
        sql.push("DELETE FROM sila_timeline WHERE kind = 'comment' AND record_id = ").bind(id);
        sql.push(" AND data LIKE ").bind(format!("%{comment}%"));
        cx.tx.exec(&sql).await?;
        cx.tx.notify(format!("{object}:{id}"));
        cx.commit().await
    }
}

impl Cx {
    /// The same inside a transaction that is already open.
    ///
    /// # Errors
    /// See [`Company::comment`].
    pub async fn comment(&mut self, object: &str, id: Uuid, body: &str) -> Outcome<Uuid> {
        let body = body.trim();
        if body.is_empty() {
            return Err(Fault::invalid("body", "value-required"));
        }
        if body.chars().count() > MAX {
            return Err(Fault::issue(Issue::new("body", "value-too-long").arg("max", MAX).arg("length", body.chars().count())));
        }
        let declared = self.object(object)?;
        if !declared.can(Capability::Comments) {
            return Err(Fault::not_found());
        }
        let (company, actor) = (self.company.clone(), self.actor.clone());
        company.get_in(&mut self.tx, &actor, object, id).await?;
        let comment = self.new_id();
        let row = vec![comment.into(), object.into(), id.into(), self.now.into(), crate::side::actor_cell(self), body.into()];
        store::insert_many(&mut self.tx, "sila_comment", &["id", "object", "record_id", "at", "author", "body"], vec![row]).await?;
        let data = json!({"comment": comment, "body": body}).to_string();
        let row = vec![
            self.new_id().into(),
            id.into(),
            self.now.into(),
            "comment".into(),
            object.into(),
            id.into(),
            crate::side::actor_cell(self),
            data.into(),
        ];
        store::insert_many(&mut self.tx, "sila_timeline", TIMELINE, vec![row]).await?;
        self.tx.notify(format!("{object}:{id}"));
        Ok(comment)
    }
}
