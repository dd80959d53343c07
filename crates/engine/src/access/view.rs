//! Seeing the pages as a colleague sees them: read-only, and never more than the viewer may see himself.

use crate::side::{self, Audit};
use crate::{Actor, Company};
use kernel::{Fault, Issue, Name, Outcome, Verb};
use serde_json::Value as Json;
use std::sync::Arc;
use uuid::Uuid;

/// Who looks as another actor.
#[derive(Clone, Debug, PartialEq)]
pub struct Viewer {
    pub id: Uuid,
    pub name: Name,
}

impl Company {
    /// The actor that shows `viewer` what `user` sees. Nothing can be written as him.
    ///
    /// # Errors
    /// Not found: no such active user, or no right to look as him; invalid: himself, or somebody with more rights.
    pub async fn view_as(&self, viewer: &Actor, user: Uuid) -> Outcome<Actor> {
        if viewer.viewer.is_some() || viewer.is_system() {
            return Err(Fault::forbidden());
        }
        if viewer.id == user {
            return Err(Fault::invalid("user", "access-view-himself"));
        }
        let mut conn = self.db().read().await?;
        if viewer.must_administer().is_err() {
            let registry = self.registry();
            let object = registry.object("user")?;
            if self.allowed(&mut conn, viewer, object, &[user], &Verb::view_as()).await?.is_empty() {
                return Err(Fault::not_found());
            }
        }
        let seen = self.load_actor_in(&mut conn, user).await?.ok_or_else(Fault::not_found)?;
        if seen.policy.admin && !viewer.policy.admin {
            return Err(Fault::issue(Issue::new("user", "access-view-more-rights").arg("name", seen.name.get(viewer.lang()))));
        }
        let policy = seen.policy.as_ref().clone().viewed_by(viewer.id, viewer.policy.own());
        Ok(Actor {
            policy: Arc::new(policy),
            viewer: Some(Viewer { id: viewer.id, name: viewer.name.clone() }),
            // What he sees is the colleague's; how it is said is the viewer's, who reads it.
            locale: viewer.locale.clone(),
            theme: viewer.theme.clone(),
            scopes: viewer.scopes.clone(),
            token: viewer.token.clone(),
            request: viewer.request.clone(),
            ..seen
        })
    }

    /// Writes down that `viewer` begins (or ends) to look as `user`.
    ///
    /// # Errors
    /// The database.
    pub async fn note_view_as(&self, viewer: &Actor, user: Uuid, begins: bool) -> Outcome<()> {
        let mut cx = self.write(viewer).await?;
        let verb = if begins { "view_as" } else { "view_as_ended" };
        side::audit(&mut cx, vec![Audit { object: "user".into(), record: user, rev: 0, verb: verb.into(), changes: Json::Null }]).await?;
        cx.commit().await
    }
}
