//! Confirming and rejecting.

use super::trial::{changed_since, mark, perform};
use super::{Proposal, State, acting, may_confirm, stored, touch::{as_left, merged}};
use crate::{Actor, Company, Cx};
use kernel::{Fault, FaultKind, Issue, Outcome};
use uuid::Uuid;

/// A proposal that is done.
#[derive(Clone, Debug)]
pub struct Confirmed {
    pub proposal: Proposal,
    /// It had been done before: nothing was done twice.
    pub before: bool,
}

impl Company {
    /// Does what a proposal proposes. Asked twice, the second time finds it done.
    ///
    /// # Errors
    /// Not found: no such proposal, or somebody else's. Forbidden: a token that only proposes. Invalid: it was rejected,
    /// has expired, or its token has ended. Conflict: what it was based on has changed (with what), or its effect would
    /// be another; it is out of date then and nothing is done.
    pub async fn confirm_proposal(&self, actor: &Actor, id: Uuid) -> Outcome<Confirmed> {
        let proposal = self.proposal(actor, id).await?;
        if !may_confirm(actor) {
            return Err(Fault { issues: vec![Issue::new("", "propose-person-confirms")], ..Fault::forbidden() });
        }
        let mut conn = self.db().read().await?;
        let scopes = stored::scopes_of(&mut conn, proposal.token, self.now()).await?;
        drop(conn);
        let who = match scopes {
            Some(scopes) => acting(actor, &scopes),
            None if proposal.state == State::Open => return Err(Fault::invalid("", "propose-token-ended")),
            None => actor.clone(),
        };
        let done = self
            .transact(&who, |cx| {
                let proposal = proposal.clone();
                Box::pin(async move { Box::pin(done(cx, proposal)).await })
            })
            .await;
        match done {
            Err(fault) if matches!(fault.kind, FaultKind::Conflict | FaultKind::NotFound | FaultKind::Forbidden | FaultKind::Invalid) => {
                let now = self.proposal(actor, id).await?;
                if now.state != State::Open {
                    return Err(fault);
                }
                self.out_of_date(actor, &who, &proposal, fault).await
            }
            other => other,
        }
    }

    /// Notes that a proposal no longer fits, and says why.
    async fn out_of_date(&self, actor: &Actor, who: &Actor, proposal: &Proposal, fault: Fault) -> Outcome<Confirmed> {
        let mut issues = vec![Issue::new("", "propose-out-of-date")];
        let since = changed_since(self, who, &proposal.steps).await?;
        issues.extend(if since.is_empty() { fault.issues } else { since });
        let id = proposal.id;
        self.transact(actor, |cx| Box::pin(async move { decide(cx, id, "stale").await.map(|_| ()) })).await?;
        Err(Fault { issues, ..Fault::conflict() })
    }

    /// Turns a proposal down (the person), or takes it back (the token that made it). Asked twice, it stays so.
    ///
    /// # Errors
    /// Not found; invalid: it is done.
    pub async fn reject_proposal(&self, actor: &Actor, id: Uuid) -> Outcome<Proposal> {
        let proposal = self.proposal(actor, id).await?;
        if actor.viewer.is_some() || (actor.scopes.is_some() && !super::may_propose(actor)) {
            return Err(Fault::forbidden());
        }
        self.transact(actor, |cx| Box::pin(async move { decide(cx, id, "rejected").await.map(|_| ()) })).await?;
        let now = self.proposal(actor, proposal.id).await?;
        if now.state == State::Done { Err(Fault::invalid("", "propose-done")) } else { Ok(now) }
    }
}

/// Decides an open proposal; whether it was open.
async fn decide(cx: &mut Cx, id: Uuid, state: &str) -> Outcome<bool> {
    let mut sql = cx.tx.sql();
    sql.push("UPDATE sila_proposal SET state = ").bind(state).push(", decided_at = ").bind(cx.now).push(", decided_by = ").bind(cx.actor.id);
    sql.push(" WHERE state = 'open' AND id = ").bind(id);
    let open = cx.tx.exec(&sql).await? > 0;
    cx.tx.notify(crate::notify::topic(cx.actor.id));
    Ok(open)
}

/// In one transaction: of two who confirm at once the second waits here and finds it done.
async fn done(cx: &mut Cx, proposal: Proposal) -> Outcome<Confirmed> {
    let open = decide(cx, proposal.id, "done").await?;
    let (now, actor) = (cx.now, cx.actor.clone());
    // The person's own row, whichever of his tokens asks: the door was passed above.
    let current = stored::of(&mut cx.tx, &Actor { token: None, ..actor }, proposal.id, now).await?;
    if !open {
        return match current.state {
            State::Done => Ok(Confirmed { proposal: current, before: true }),
            State::Rejected => Err(Fault::invalid("", "propose-rejected")),
            _ => Err(Fault::invalid("", "propose-was-out-of-date")),
        };
    }
    if current.expires_at <= now {
        return Err(Fault::invalid("", "propose-expired"));
    }
    cx.cause = format!("run {} token {}", current.run, current.token);
    cx.trace();
    let mut steps = current.steps.clone();
    perform(cx, &mut steps).await?;
    let mut touches = cx.trace.take().unwrap_or_default();
    if mark(cx, &merged(&touches)) != current.mark {
        return Err(Fault { issues: vec![Issue::new("", "propose-other-effect")], ..Fault::conflict() });
    }
    as_left(cx, &mut touches).await?;
    stored::keep_touches(cx, current.run, current.id, &touches).await?;
    let made: Vec<(String, Uuid)> = touches.iter().filter(|t| t.before.is_none() && !t.derived).map(|t| (t.object.clone(), t.id)).collect();
    let mut sql = cx.tx.sql();
    sql.push("UPDATE sila_proposal SET outcome = ").bind(serde_json::to_string(&made).map_err(Fault::internal)?);
    sql.push(" WHERE id = ").bind(current.id);
    cx.tx.exec(&sql).await?;
    let mut sql = cx.tx.sql();
    sql.push("UPDATE sila_run SET last_at = ").bind(now).push(" WHERE id = ").bind(current.run);
    cx.tx.exec(&sql).await?;
    Ok(Confirmed { proposal: Proposal { state: State::Done, decided_at: Some(now), made, ..current }, before: false })
}
