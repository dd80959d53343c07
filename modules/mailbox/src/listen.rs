//! New letters at once: at each mailbox one connection is open over which the server says that something came (IMAP
//! IDLE). It only asks for a round of [`crate::sync`]; the round of every minute stays, for servers that say nothing, for
//! other folders, and for the time in which a connection is down.

use crate::{access, sync};
use engine::Company;
use futures::future::{AbortHandle, BoxFuture, abortable};
use futures::stream::{FuturesUnordered, StreamExt};
use kernel::{Outcome, Record};
use std::collections::HashMap;
use std::time::Duration;
use store::queue::{self, State};
use uuid::Uuid;

/// How soon a mailbox that was added or changed is listened to.
const LOOK: Duration = Duration::from_secs(30);
/// A connection that the way between lost silently shows itself after so long.
const QUIET: Duration = Duration::from_secs(9 * 60);
/// While a round is under way that may have looked into the folder already.
const AGAIN: Duration = Duration::from_secs(2);
const FIRST_PAUSE: Duration = Duration::from_secs(5);
const LONGEST_PAUSE: Duration = Duration::from_secs(15 * 60);
/// A server that cannot say anything may learn it.
const DEAF: Duration = Duration::from_secs(3_600);

/// Listens to all mailboxes in use. Never ends.
pub fn run(company: Company) -> BoxFuture<'static, ()> {
    Box::pin(async move {
        let mut ears = FuturesUnordered::new();
        let mut known: HashMap<Uuid, (String, AbortHandle)> = HashMap::new();
        let mut look = tokio::time::interval(LOOK);
        loop {
            tokio::select! {
                _ = look.tick() => {}
                Some(_) = ears.next(), if !ears.is_empty() => continue,
            }
            let all = match access::active(&company).await {
                Ok(all) => all,
                Err(fault) => {
                    tracing::warn!(%fault, "the mailboxes cannot be read, trying again");
                    continue;
                }
            };
            known.retain(|id, (place, ear)| {
                let stays = all.iter().any(|m| m.id == *id && access::place(m) == *place);
                if !stays {
                    ear.abort();
                }
                stays
            });
            for mailbox in &all {
                known.entry(mailbox.id).or_insert_with(|| {
                    let (ear, handle) = abortable(ear(company.clone(), mailbox.id));
                    ears.push(ear);
                    (access::place(mailbox), handle)
                });
            }
        }
    })
}

/// Listens to one mailbox, again and again.
async fn ear(company: Company, id: Uuid) {
    let mut pause = FIRST_PAUSE;
    loop {
        let wait = match hear(&company, id, &mut pause).await {
            Ok(()) => DEAF,
            Err(fault) => {
                // What is in the way stands on the mailbox by the round of each minute.
                tracing::debug!(mailbox = %id, %fault, "not listening, again later");
                let wait = pause;
                pause = (pause * 2).min(LONGEST_PAUSE);
                wait
            }
        };
        tokio::time::sleep(wait).await;
    }
}

/// Listens as long as the connection holds; `Ok`: the server has nothing to say by itself. `pause`: before the next try,
/// short again once listening has worked.
async fn hear(company: &Company, id: Uuid, pause: &mut Duration) -> Outcome<()> {
    let mailbox: Record = company.get(&company.system(), "mailbox", id).await?;
    let mut session = access::imap(company, &mailbox).await?;
    if !session.has("IDLE") {
        session.close().await;
        return Ok(());
    }
    session.select("INBOX", false).await?;
    // What came while nobody listened.
    let mut news = true;
    loop {
        if news {
            news = !asked(company, id).await?;
        }
        news |= session.idle(if news { AGAIN } else { QUIET }).await?;
        *pause = FIRST_PAUSE;
    }
}

/// Asks for a round. False: one is under way, which may have looked already, so that it is to be asked for again.
async fn asked(company: &Company, id: Uuid) -> Outcome<bool> {
    let mut cx = company.write(&company.system()).await?;
    let job = queue::enqueue(&mut cx.tx, &sync::job(id)).await?;
    let state = queue::get(&mut cx.tx, job).await?.map(|j| j.state);
    cx.commit().await?;
    Ok(state == Some(State::Waiting))
}
