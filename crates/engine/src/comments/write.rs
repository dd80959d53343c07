//! Writing, changing, answering, settling, reacting.

use super::mention;
use crate::files::Kept;
use crate::side::{TIMELINE, actor_cell};
use crate::{Actor, Company, Cx, Notice};
use kernel::{Capability, Cell, ColumnType, Fault, Issue, Outcome, Verb};
use serde_json::json;
use std::collections::BTreeSet;
use uuid::Uuid;

const MAX: usize = 10_000;

/// What is to be said.
#[derive(Clone, Debug, Default)]
pub struct NewComment {
    /// With mentions as `@[user:ID]`; see [`mention::bind`].
    pub body: String,
    /// The comment it answers.
    pub parent: Option<Uuid>,
    pub files: Vec<Kept>,
}

/// What became of it.
#[derive(Clone, Debug, Default)]
pub struct Commented {
    pub id: Uuid,
    /// People who were mentioned and may not read the record: they were told nothing.
    pub untold: Vec<Uuid>,
}

fn checked(body: &str, may_be_empty: bool) -> Outcome<&str> {
    let body = body.trim();
    if body.is_empty() && !may_be_empty {
        return Err(Fault::invalid("body", "value-required"));
    }
    let length = body.chars().count();
    if length > MAX {
        return Err(Fault::issue(Issue::new("body", "value-too-long").arg("max", MAX).arg("length", length)));
    }
    Ok(body)
}

impl Company {
    /// Writes a comment; whoever may read the record may.
    ///
    /// # Errors
    /// Not found; invalid: empty or over 10,000 characters.
    pub async fn comment(&self, actor: &Actor, object: &str, id: Uuid, new: NewComment) -> Outcome<Commented> {
        crate::cx::transact(self, actor, |cx| {
            let (object, new) = (object.to_owned(), new.clone());
            Box::pin(async move { cx.comment_with(&object, id, new).await })
        })
        .await
    }

    /// Takes a comment back with its replies: its author or an administrator.
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
        sql.push("UPDATE sila_comment SET deleted_at = ").bind(cx.now).push(" WHERE deleted_at IS NULL AND parent = ").bind(comment);
        cx.tx.exec(&sql).await?;
        let mut sql = cx.tx.sql();
        sql.push("UPDATE sila_file SET deleted_at = ").bind(cx.now).push(" WHERE deleted_at IS NULL AND comment IN (SELECT id FROM sila_comment WHERE id = ");
        sql.bind(comment).push(" OR parent = ").bind(comment).push(")");
        cx.tx.exec(&sql).await?;
        let mut sql = cx.tx.sql();
        sql.push("DELETE FROM sila_timeline WHERE kind = 'comment' AND anchor = ").bind(id);
        sql.push(" AND data LIKE ").bind(format!("%{comment}%"));
        cx.tx.exec(&sql).await?;
        cx.tx.notify(format!("{object}:{id}"));
        cx.commit().await
    }

    /// Changes one's own words; what was said before is kept. People who are newly mentioned are told.
    ///
    /// # Errors
    /// Not found: no such comment, or somebody else's. Invalid: as for a new one.
    pub async fn edit_comment(&self, actor: &Actor, object: &str, id: Uuid, comment: Uuid, body: &str) -> Outcome<Commented> {
        let body = checked(body, false)?;
        let mut cx = self.write(actor).await?;
        self.get_in(&mut cx.tx, actor, object, id).await?;
        let mut sql = cx.tx.sql();
        sql.push("SELECT body, COALESCE(edited_at, at) FROM sila_comment WHERE deleted_at IS NULL AND id = ").bind(comment).push(" AND author = ").bind(actor.id);
        sql.push(" AND object = ").bind(object).push(" AND record_id = ").bind(id);
        let row = cx.tx.row(&sql, &[ColumnType::Text, ColumnType::Int]).await?.ok_or_else(Fault::not_found)?;
        let (before, at) = (row.first().and_then(Cell::text).unwrap_or_default().to_owned(), row.get(1).and_then(Cell::int).unwrap_or_default());
        if before == body {
            cx.rollback().await?;
            return Ok(Commented { id: comment, untold: Vec::new() });
        }
        let row = vec![comment.into(), at.into(), before.as_str().into()];
        store::rows::upsert_many(&mut cx.tx, "sila_comment_edit", &["comment", "at", "body"], &["comment", "at"], vec![row]).await?;
        let mut sql = cx.tx.sql();
        sql.push("UPDATE sila_comment SET body = ").bind(body).push(", edited_at = ").bind(cx.now).push(" WHERE id = ").bind(comment);
        cx.tx.exec(&sql).await?;
        let known = mention::people(&mut cx.tx, &before).await?;
        let fresh: BTreeSet<Uuid> = mention::people(&mut cx.tx, body).await?.difference(&known).copied().collect();
        let untold = cx.tell_mentioned(object, id, comment, &fresh).await?;
        cx.tx.notify(format!("{object}:{id}"));
        cx.commit().await?;
        Ok(Commented { id: comment, untold })
    }

    /// Settles the matter of a thread, or opens it again; whoever may comment may.
    ///
    /// # Errors
    /// Not found: no such comment, or a reply.
    pub async fn resolve_comment(&self, actor: &Actor, object: &str, id: Uuid, comment: Uuid, resolved: bool) -> Outcome<()> {
        let mut cx = self.write(actor).await?;
        self.get_in(&mut cx.tx, actor, object, id).await?;
        let mut sql = cx.tx.sql();
        sql.push("UPDATE sila_comment SET resolved_at = ").bind(if resolved { Cell::from(cx.now) } else { Cell::Null });
        sql.push(", resolved_by = ").bind(if resolved { actor_cell(&cx) } else { Cell::Null });
        sql.push(" WHERE deleted_at IS NULL AND parent IS NULL AND id = ").bind(comment).push(" AND object = ").bind(object).push(" AND record_id = ").bind(id);
        if cx.tx.exec(&sql).await? == 0 {
            return Err(Fault::not_found());
        }
        cx.tx.notify(format!("{object}:{id}"));
        cx.commit().await
    }

    /// Gives a reaction, or takes the same one back.
    ///
    /// # Errors
    /// Not found; invalid: not one of [`super::REACTIONS`].
    pub async fn react(&self, actor: &Actor, object: &str, id: Uuid, comment: Uuid, emoji: &str) -> Outcome<()> {
        if !super::REACTIONS.contains(&emoji) {
            return Err(Fault::invalid("emoji", "value-not-choice"));
        }
        let mut cx = self.write(actor).await?;
        self.get_in(&mut cx.tx, actor, object, id).await?;
        let mut sql = cx.tx.sql();
        sql.push("SELECT COUNT(*) FROM sila_comment WHERE deleted_at IS NULL AND id = ").bind(comment).push(" AND object = ").bind(object).push(" AND record_id = ").bind(id);
        if cx.tx.int(&sql).await? != Some(1) {
            return Err(Fault::not_found());
        }
        let mut sql = cx.tx.sql();
        sql.push("DELETE FROM sila_reaction WHERE comment = ").bind(comment).push(" AND emoji = ").bind(emoji).push(" AND user_id = ").bind(actor.id);
        if cx.tx.exec(&sql).await? == 0 {
            let row = vec![comment.into(), emoji.into(), actor.id.into(), cx.now.into()];
            store::insert_many(&mut cx.tx, "sila_reaction", &["comment", "emoji", "user_id", "at"], vec![row]).await?;
        }
        cx.tx.notify(format!("{object}:{id}"));
        cx.commit().await
    }
}

impl Cx {
    /// A plain comment inside a transaction that is already open.
    ///
    /// # Errors
    /// See [`Company::comment`].
    pub async fn comment(&mut self, object: &str, id: Uuid, body: &str) -> Outcome<Uuid> {
        Ok(self.comment_with(object, id, NewComment { body: body.to_owned(), ..NewComment::default() }).await?.id)
    }

    /// Writes a comment and tells whom it concerns: the mentioned, the others of the thread, the followers.
    ///
    /// # Errors
    /// See [`Company::comment`]; not found also when the comment that is answered is gone.
    pub async fn comment_with(&mut self, object: &str, id: Uuid, new: NewComment) -> Outcome<Commented> {
        let body = checked(&new.body, !new.files.is_empty())?;
        let declared = self.object(object)?;
        if !declared.can(Capability::Comments) {
            return Err(Fault::not_found());
        }
        let (company, actor) = (self.company.clone(), self.actor.clone());
        let record = company.some(&mut self.tx, &actor, &declared, &[id], &Verb::Read, false).await?.pop().ok_or_else(Fault::not_found)?;
        // Whoever reads it by his role; a share may be for reading alone.
        if company.allowed(&mut self.tx, &actor, &declared, &[id], &Verb::Comment).await?.is_empty() {
            return Err(Fault::forbidden());
        }
        self.note_behalf(&declared, &[id], &Verb::Comment).await?;
        self.hold(object, id).await?;
        let parent = match new.parent {
            Some(parent) => Some(self.first_of_thread(object, id, parent).await?),
            None => None,
        };
        let comment = self.new_id();
        let row = vec![comment.into(), object.into(), id.into(), self.now.into(), actor_cell(self), body.into(), parent.into()];
        store::insert_many(&mut self.tx, "sila_comment", &["id", "object", "record_id", "at", "author", "body", "parent"], vec![row]).await?;
        for kept in &new.files {
            self.keep_file(object, id, kept, Some(comment)).await?;
        }
        if parent.is_none() {
            // The words stay with the comment, where they can change.
            let data = json!({"comment": comment}).to_string();
            let row = vec![self.new_id().into(), id.into(), self.now.into(), "comment".into(), object.into(), id.into(), actor_cell(self), data.into()];
            store::insert_many(&mut self.tx, "sila_timeline", TIMELINE, vec![row]).await?;
        }
        let mentioned = mention::people(&mut self.tx, body).await?;
        let untold = self.tell_mentioned(object, id, comment, &mentioned).await?;
        let mut told = mentioned;
        if let Some(parent) = parent {
            let others = self.of_thread(parent).await?;
            for user in others.difference(&told).copied().collect::<Vec<_>>() {
                self.notify(Notice { user, kind: "reply", object, record: id, data: json!({"comment": comment}) }).await?;
            }
            told.extend(others);
        }
        self.tell_followers(&declared, &record, "comment", &json!({"comment": comment}), &told).await?;
        self.follow_by_deed(object, id).await?;
        self.tx.notify(format!("{object}:{id}"));
        Ok(Commented { id: comment, untold })
    }

    /// The comment a reply hangs on: the one that is answered, or the one that one answers.
    async fn first_of_thread(&mut self, object: &str, id: Uuid, comment: Uuid) -> Outcome<Uuid> {
        let mut sql = self.tx.sql();
        sql.push("SELECT COALESCE(parent, id) FROM sila_comment WHERE deleted_at IS NULL AND id = ").bind(comment);
        sql.push(" AND object = ").bind(object).push(" AND record_id = ").bind(id);
        self.tx.row(&sql, &[ColumnType::Id]).await?.and_then(|r| r.first().and_then(Cell::id)).ok_or_else(Fault::not_found)
    }

    /// Who has written in a thread.
    async fn of_thread(&mut self, parent: Uuid) -> Outcome<BTreeSet<Uuid>> {
        let mut sql = self.tx.sql();
        sql.push("SELECT DISTINCT author FROM sila_comment WHERE deleted_at IS NULL AND (id = ").bind(parent).push(" OR parent = ").bind(parent).push(")");
        Ok(self.tx.rows(&sql, &[ColumnType::Id]).await?.iter().filter_map(|r| r.first().and_then(Cell::id)).collect())
    }

    /// Tells the mentioned; gives back those who may not read the record.
    async fn tell_mentioned(&mut self, object: &str, id: Uuid, comment: Uuid, people: &BTreeSet<Uuid>) -> Outcome<Vec<Uuid>> {
        let mut untold = Vec::new();
        for user in people {
            let told = self.notify(Notice { user: *user, kind: "mention", object, record: id, data: json!({"comment": comment}) }).await?;
            if !told && *user != self.actor.id {
                untold.push(*user);
            }
        }
        Ok(untold)
    }
}
