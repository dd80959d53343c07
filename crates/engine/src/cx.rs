//! The one write transaction of a request, and who acts in it.

use crate::{Actor, Company};
use kernel::{Fault, Outcome, Registry};
use serde_json::Value as Json;
use std::sync::Arc;
use store::{Tx, queue::NewJob};
use uuid::Uuid;

/// Company, actor and transaction. There is no HTTP client in it: the outside world is reached by a job.
pub struct Cx {
    pub company: Company,
    pub actor: Actor,
    pub tx: Tx,
    pub registry: Arc<Registry>,
    /// The moment of the whole change.
    pub now: jiff::Timestamp,
    /// Why: `import <id>`, `merge <id>` …; goes into the audit rows, with the action that runs.
    pub cause: String,
    /// What is written was decided before it came here, as in an import or a merge: it needs no action, and is no news to anybody.
    pub retold: bool,
    /// The action that runs now: object and key.
    pub(crate) acting: Option<(&'static str, &'static str)>,
    /// Records the actor reaches only for a colleague who is away, and for whom.
    pub(crate) behalf: std::collections::HashMap<Uuid, Uuid>,
    /// Events so far; written at commit.
    pub(crate) events: Vec<crate::side::Event>,
    /// Both sides of a mirrored value are being made equal: what is saved meanwhile is not mirrored again.
    pub(crate) mirroring: bool,
    /// Every record that is changed, where somebody wants to know.
    pub(crate) trace: Option<Vec<crate::propose::touch::Touch>>,
    /// What is done now follows from something else, with the company's own rights.
    pub(crate) derived: bool,
    /// The rules that led to this change, the first one first: a rule that comes to itself again is stopped.
    pub led_by: Vec<Uuid>,
    /// The active web hooks and the rules in force, read when the first change asks for them.
    pub(crate) listeners: Option<crate::side::Listeners>,
}

impl Cx {
    pub(crate) fn new(company: Company, actor: Actor, tx: Tx) -> Self {
        let registry = company.registry();
        let now = company.now();
        let behalf = std::collections::HashMap::new();
        Cx {
            company, actor, tx, registry, now, behalf,
            cause: String::new(), retold: false, acting: None, events: Vec::new(), mirroring: false, trace: None, derived: false, led_by: Vec::new(), listeners: None,
        }
    }

    /// Why, for the audit: `import <id>`, `action order.place`, `run <id> token <id>; action order.place`.
    pub(crate) fn reason(&self) -> String {
        let action = self.acting.as_ref().map(|(object, key)| format!("action {object}.{key}"));
        [Some(self.cause.clone()).filter(|c| !c.is_empty()), action].into_iter().flatten().collect::<Vec<_>>().join("; ")
    }

    /// Durable work to do after commit.
    pub async fn enqueue(&mut self, kind: &str, payload: Json) -> Outcome<Uuid> {
        store::queue::enqueue(&mut self.tx, &NewJob::new(kind, payload)).await
    }

    /// Writes what is left (events, web hooks), commits, and wakes the pages that show the changed records.
    pub async fn commit(mut self) -> Outcome<()> {
        crate::side::flush(&mut self).await?;
        self.tx.commit().await
    }

    /// Gives everything up; the same as dropping it.
    pub async fn rollback(self) -> Outcome<()> {
        self.tx.rollback().await
    }

    /// The declaration of an object.
    ///
    /// # Errors
    /// Not found.
    pub fn object(&self, key: &str) -> Outcome<Arc<kernel::Object>> {
        self.registry.object(key).cloned()
    }

    /// The same person with the company's own rights, for what follows from his change and is not his to decide.
    pub(crate) fn elevated(&self) -> Actor {
        Actor { policy: Arc::new(kernel::Policy::system()), scopes: None, ..self.actor.clone() }
    }

    /// Does what follows from a change with the company's own rights; audit and history still name the person.
    ///
    /// # Errors
    /// Those of `work`.
    pub async fn follow<T>(&mut self, work: impl for<'a> FnOnce(&'a mut Cx) -> futures::future::BoxFuture<'a, Outcome<T>>) -> Outcome<T> {
        let elevated = self.elevated();
        let person = std::mem::replace(&mut self.actor, elevated);
        let derived = std::mem::replace(&mut self.derived, true);
        let result = work(self).await;
        self.derived = derived;
        self.actor = person;
        result
    }

    /// Time-ordered id for a new row.
    pub fn new_id(&self) -> Uuid {
        Uuid::now_v7()
    }
}

impl Company {
    /// As [`transact`].
    ///
    /// # Errors
    /// As [`transact`].
    pub async fn transact<T, F>(&self, actor: &Actor, work: F) -> Outcome<T>
    where
        F: for<'a> FnMut(&'a mut Cx) -> futures::future::BoxFuture<'a, Outcome<T>>,
    {
        transact(self, actor, work).await
    }
}

/// Runs `work` in a transaction and commits; the whole is run again when the database asks for it (serialisation, deadlock).
///
/// # Errors
/// Those of `work`; after five attempts the last one.
pub async fn transact<T, F>(company: &Company, actor: &Actor, mut work: F) -> Outcome<T>
where
    F: for<'a> FnMut(&'a mut Cx) -> futures::future::BoxFuture<'a, Outcome<T>>,
{
    let mut last = Fault::unavailable("no attempt");
    for attempt in 0..5_u64 {
        if attempt > 0 {
            // Those who got into each other's way do not meet again at once.
            tokio::time::sleep(std::time::Duration::from_millis(4 << attempt)).await;
        }
        let mut cx = company.write(actor).await?;
        let result = match work(&mut cx).await {
            Ok(v) => cx.commit().await.map(|()| v),
            Err(f) => Err(f),
        };
        match result {
            Err(f) if store::is_retryable(&f) => last = f,
            other => return other,
        }
    }
    Err(last)
}
