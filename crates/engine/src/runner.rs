//! Does the queued work: claims jobs, runs them side by side, keeps their leases, tries failed ones again.
//!
//! Any number of nodes may run one on the same database. A job is done by one of them at a time; when its node dies,
//! the lease runs out and another one takes it over. With [`JobCx::finish`] inside the job's own transaction its effect
//! and its acknowledgement are one: done exactly once. Without, the job is acknowledged after it returned: at least once.

use crate::module::Standing;
use crate::{Company, Cx, JobKind};
use futures::FutureExt;
use futures::future::BoxFuture;
use kernel::{Fault, FaultKind, Outcome};
use std::collections::HashMap;
use std::panic::AssertUnwindSafe;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use store::queue::{self, Job, Progress, State};
use tokio::sync::broadcast::error::RecvError;
use tokio::sync::{broadcast, watch};
use tokio::task::{JoinHandle, JoinSet};

/// How a node works.
#[derive(Clone, Debug)]
pub struct Options {
    /// Jobs at the same time.
    pub concurrency: usize,
    /// A job whose node has not been heard of for so long is somebody else's.
    pub lease: Duration,
    /// Longest pause between looks at the queue when no notice came.
    pub poll: Duration,
    /// How long running jobs may take to come to an end when the node stops.
    pub grace: Duration,
    /// Names the node in the queue; unique among those alive.
    pub node: String,
    /// Fire schedules too.
    pub schedules: bool,
}

impl Default for Options {
    fn default() -> Self {
        Options {
            concurrency: 4,
            lease: Duration::from_secs(60),
            poll: Duration::from_secs(5),
            grace: Duration::from_secs(20),
            node: format!("{}-{}", std::process::id(), uuid::Uuid::new_v4().simple()),
            schedules: true,
        }
    }
}

/// How often the audit is sealed: as long a change could be undone unnoticed by whoever reaches the database.
const SEAL: Duration = Duration::from_secs(20);

/// What a job gets to work with.
pub struct JobCx {
    pub company: Company,
    pub job: Job,
    shared: Arc<Shared>,
    closing: watch::Receiver<bool>,
}

/// What a running job and its keeper tell each other.
#[derive(Default)]
struct Shared {
    progress: Mutex<Progress>,
    /// Somebody asked this job to stop.
    asked: AtomicBool,
    /// The job acknowledged itself in a transaction of its own.
    finished: AtomicBool,
    /// The job came to rest before its end because it was asked to.
    paused: AtomicBool,
    result: Mutex<Option<String>>,
}

impl JobCx {
    /// For running a job's body outside the queue (command line, tests).
    pub fn detached(company: Company, job: Job) -> JobCx {
        JobCx { company, job, shared: Arc::default(), closing: watch::channel(false).1 }
    }

    /// Says how far the work is; stored with the next heartbeat, so it may be called as often as one likes.
    pub fn progress(&self, done: i64, total: Option<i64>, text: Option<String>) {
        *self.shared.progress.lock().unwrap_or_else(PoisonError::into_inner) = Progress { done, total, text };
    }

    /// A person asked the job to stop, or the node is going down: come to rest at the next good place, and say so with [`JobCx::pause`].
    pub fn should_stop(&self) -> bool {
        self.asked() || *self.closing.borrow()
    }
    /// A person asked the job to stop.
    pub fn asked(&self) -> bool {
        self.shared.asked.load(Ordering::Relaxed)
    }

    /// Marks the work as not done yet: after `Ok` the job is stopped (a person asked) or goes back to the queue (the node is going down).
    pub fn pause(&self) {
        self.shared.paused.store(true, Ordering::Relaxed);
    }

    /// A line for the person who looks at the finished job.
    pub fn result(&self, text: impl Into<String>) {
        *self.shared.result.lock().unwrap_or_else(PoisonError::into_inner) = Some(text.into());
    }

    /// Acknowledges the job in the transaction of its effect: both are stored, or neither.
    ///
    /// # Errors
    /// Conflict: another node has the job by now; roll back.
    pub async fn finish(&self, cx: &mut Cx) -> Outcome<()> {
        let result = self.shared.result.lock().unwrap_or_else(PoisonError::into_inner).clone();
        queue::finish(&mut cx.tx, &self.job, result.as_deref()).await?;
        self.shared.finished.store(true, Ordering::Relaxed);
        Ok(())
    }
}

type Body = fn(JobCx) -> BoxFuture<'static, Outcome<()>>;

/// The kinds of a company: its modules', the engine's own, and those of the program around it.
fn kinds(company: &Company, extra: &[JobKind]) -> HashMap<&'static str, Body> {
    let mut own = crate::import::jobs();
    own.extend(crate::schedule::jobs());
    own.extend(crate::notify::jobs());
    own.extend(crate::duplicates::jobs());
    company.modules().iter().flat_map(|m| &m.jobs).chain(&own).chain(extra).map(|k| (k.key, k.run)).collect()
}

/// Does queued work until it is told to stop.
pub struct Runner;

/// A runner at work.
pub struct RunnerHandle {
    closing: watch::Sender<bool>,
    task: JoinHandle<()>,
}

impl RunnerHandle {
    /// Takes no more jobs, gives running ones the time of grace, gives unfinished ones back to the queue, and ends.
    pub async fn stop(self) {
        self.closing.send_replace(true);
        if let Err(error) = self.task.await
            && !error.is_cancelled()
        {
            tracing::error!(%error, "job runner ended badly");
        }
    }
    /// Ends at once, as if the node had died: transactions roll back, leases run out.
    pub fn abort(self) {
        self.task.abort();
    }
}

impl Runner {
    pub fn start(company: Company, extra: Vec<JobKind>, options: Options) -> RunnerHandle {
        let (closing, closed) = watch::channel(false);
        let node = Node { kinds: kinds(&company, &extra), company, options, closing: closed, active: Arc::default() };
        // The runner is the one place of the program that starts tasks.
        #[allow(clippy::disallowed_methods)]
        let task = tokio::spawn(node.run());
        RunnerHandle { closing, task }
    }
}

struct Node {
    company: Company,
    kinds: HashMap<&'static str, Body>,
    options: Options,
    closing: watch::Receiver<bool>,
    /// The jobs that run here now.
    active: Arc<Mutex<HashMap<uuid::Uuid, Job>>>,
}

impl Node {
    async fn run(mut self) {
        let mut notices = self.company.db().subscribe();
        let mut running: JoinSet<()> = JoinSet::new();
        let mut standing: JoinSet<()> = JoinSet::new();
        if self.options.schedules {
            for one in self.company.modules().iter().flat_map(|m| &m.standing) {
                standing.spawn(stand(self.company.clone(), *one));
            }
        }
        if self.options.schedules
            && let Err(error) = crate::schedule::sync(&self.company).await
        {
            tracing::error!(%error, "schedules not brought up to date");
        }
        let mut sealed = tokio::time::Instant::now();
        while !*self.closing.borrow() {
            let pause = match self.fill(&mut running).await {
                Ok(pause) => pause,
                Err(error) => {
                    tracing::warn!(%error, "queue not read, trying again");
                    self.options.poll.min(Duration::from_secs(1))
                }
            };
            if let Err(error) = self.company.flush_reads().await {
                tracing::warn!(%error, "reads not written down, trying again");
            }
            if self.options.schedules && sealed.elapsed() >= SEAL {
                if let Err(error) = self.company.seal_audit().await {
                    tracing::warn!(%error, "audit not sealed, trying again");
                }
                sealed = tokio::time::Instant::now();
            }
            let full = running.len() >= self.options.concurrency;
            tokio::select! {
                _ = self.closing.changed() => {}
                Some(ended) = running.join_next(), if !running.is_empty() => report(ended),
                () = wanted(&mut notices), if !full => {}
                () = tokio::time::sleep(pause), if !full => {}
            }
        }
        standing.shutdown().await;
        let grace = tokio::time::sleep(self.options.grace);
        tokio::pin!(grace);
        while !running.is_empty() {
            tokio::select! {
                Some(ended) = running.join_next() => report(ended),
                () = &mut grace => {
                    tracing::warn!(jobs = running.len(), "jobs did not come to an end in time, given back");
                    running.shutdown().await;
                    let left = std::mem::take(&mut *self.active.lock().unwrap_or_else(PoisonError::into_inner));
                    for job in left.values() {
                        if let Err(error) = queue::give_back(self.company.db(), job).await {
                            tracing::warn!(job = %job.id, %error, "not given back, its lease will run out");
                        }
                    }
                }
            }
        }
    }

    /// Starts what is due; returns how long the queue may be left alone.
    async fn fill(&self, running: &mut JoinSet<()>) -> Outcome<Duration> {
        if self.options.schedules {
            crate::schedule::fire(&self.company).await?;
        }
        let names: Vec<&str> = self.kinds.keys().copied().collect();
        while running.len() < self.options.concurrency {
            let claimed = queue::claim(self.company.db(), &names, &self.options.node, self.options.lease).await?;
            let Some(job) = claimed else { break };
            let Some(body) = self.kinds.get(job.kind.as_str()).copied() else { continue };
            let (company, closing, lease) = (self.company.clone(), self.closing.clone(), self.options.lease);
            let active = self.active.clone();
            active.lock().unwrap_or_else(PoisonError::into_inner).insert(job.id, job.clone());
            running.spawn(async move {
                let id = job.id;
                Box::pin(perform(company, body, job, lease, closing)).await;
                active.lock().unwrap_or_else(PoisonError::into_inner).remove(&id);
            });
        }
        let mut conn = self.company.db().read().await?;
        let mut next = queue::next_due(&mut conn).await?;
        if self.options.schedules {
            next = [next, crate::schedule::next_due(&mut conn).await?].into_iter().flatten().min();
        }
        let now = self.company.now().as_microsecond();
        let until = next.map_or(self.options.poll, |at| {
            Duration::from_micros(u64::try_from(at.saturating_sub(now)).unwrap_or(0)).max(Duration::from_millis(50))
        });
        Ok(until.min(self.options.poll))
    }
}

/// A fault of ours in what stands does not end it.
async fn stand(company: Company, standing: Standing) {
    while let Err(panic) = AssertUnwindSafe((standing.run)(company.clone())).catch_unwind().await {
        tracing::error!(key = standing.key, words = words(panic.as_ref()), "standing work ended badly, begun again in a minute");
        tokio::time::sleep(Duration::from_secs(60)).await;
    }
}

/// Resolves when a committed transaction put a job into the queue, or notices were lost.
async fn wanted(notices: &mut broadcast::Receiver<String>) {
    loop {
        match notices.recv().await {
            Ok(notice) if notice == "job" => return,
            Ok(_) => {}
            Err(RecvError::Lagged(_)) => return,
            Err(RecvError::Closed) => return std::future::pending().await,
        }
    }
}

fn report(ended: Result<(), tokio::task::JoinError>) {
    if let Err(error) = ended
        && !error.is_cancelled()
    {
        tracing::error!(%error, "the keeper of a job ended badly");
    }
}

/// Runs one claimed job to its end and writes down how it ended.
async fn perform(company: Company, body: Body, job: Job, lease: Duration, closing: watch::Receiver<bool>) -> Option<State> {
    let shared = Arc::new(Shared::default());
    let began = std::time::Instant::now();
    let cx = JobCx { company: company.clone(), job: job.clone(), shared: shared.clone(), closing: closing.clone() };
    let work = AssertUnwindSafe(async move { body(cx).await }).catch_unwind();
    // Side by side, not one in a branch of the other: the job may hold the one writer that the heartbeat waits for.
    let result = tokio::select! {
        result = work => result.unwrap_or_else(|panic| Err(Fault::internal(format!("panic: {}", words(panic.as_ref()))))),
        () = keep(&company, &job, &shared, lease) => {
            tracing::warn!(job = %job.id, kind = job.kind, "another node has the job, given up");
            return None;
        }
    };
    let ended = settle(&company, &job, &shared, &closing, result).await;
    let ms = u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX);
    match ended {
        Ok(state) => {
            tracing::info!(job = %job.id, kind = job.kind, state = state.key(), ms, "job ended");
            Some(state)
        }
        Err(error) => {
            tracing::warn!(job = %job.id, kind = job.kind, %error, "end of a job not written down");
            None
        }
    }
}

async fn settle(company: &Company, job: &Job, shared: &Shared, closing: &watch::Receiver<bool>, result: Outcome<()>) -> Outcome<State> {
    let db = company.db();
    match result {
        Ok(()) if shared.finished.load(Ordering::Relaxed) => {
            let mut conn = db.read().await?;
            let now = queue::get(&mut conn, job.id).await?;
            drop(conn);
            if now.is_some_and(|j| j.state == State::Running && j.attempts == job.attempts) {
                return queue::fail(db, job, "the job acknowledged itself and did not commit", false).await;
            }
            Ok(State::Done)
        }
        Ok(()) if shared.paused.load(Ordering::Relaxed) && !shared.asked.load(Ordering::Relaxed) && *closing.borrow() => {
            queue::give_back(db, job).await?;
            Ok(State::Waiting)
        }
        Ok(()) => {
            let mut tx = db.write().await?;
            let result = shared.result.lock().unwrap_or_else(PoisonError::into_inner).clone();
            let state = if shared.paused.load(Ordering::Relaxed) {
                queue::stopped(&mut tx, job, result.as_deref()).await?;
                State::Stopped
            } else {
                queue::finish(&mut tx, job, result.as_deref()).await?;
                State::Done
            };
            tx.commit().await?;
            Ok(state)
        }
        Err(fault) => {
            // What was asked wrongly stays wrong; what did not answer may answer later.
            use FaultKind::{BadRequest, Forbidden, Invalid, NotFound, TooLarge, Unauthenticated};
            let for_good = matches!(fault.kind, BadRequest | Forbidden | Invalid | NotFound | TooLarge | Unauthenticated);
            tracing::warn!(job = %job.id, kind = job.kind, attempt = job.attempts, error = %fault, "job failed");
            queue::fail(db, job, &fault.to_string(), for_good).await
        }
    }
}

/// Renews the lease and stores the progress until the job is somebody else's.
async fn keep(company: &Company, job: &Job, shared: &Shared, lease: Duration) {
    const LOOK: Duration = Duration::from_millis(500);
    let mut told = Progress::default();
    let mut renewed = tokio::time::Instant::now();
    loop {
        tokio::time::sleep(LOOK.min(lease / 3)).await;
        let progress = shared.progress.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let due = renewed.elapsed() >= lease / 3;
        if !due && progress == told && renewed.elapsed() < Duration::from_secs(2) {
            continue;
        }
        if !due && progress == told {
            // Between renewals only look whether somebody wants it to stop.
            match stop_asked(company, job).await {
                Ok(asked) => shared.asked.fetch_or(asked, Ordering::Relaxed),
                Err(_) => continue,
            };
            continue;
        }
        match queue::heartbeat(company.db(), job, lease, &progress).await {
            Ok(asked) => {
                shared.asked.fetch_or(asked, Ordering::Relaxed);
                told = progress;
                renewed = tokio::time::Instant::now();
            }
            // Acknowledged in its own transaction a moment ago: it is about to return.
            Err(fault) if fault.kind == FaultKind::Conflict && shared.finished.load(Ordering::Relaxed) => {}
            Err(fault) if fault.kind == FaultKind::Conflict => return,
            Err(error) => tracing::warn!(job = %job.id, %error, "lease not renewed"),
        }
    }
}

async fn stop_asked(company: &Company, job: &Job) -> Outcome<bool> {
    let mut conn = company.db().read().await?;
    Ok(queue::get(&mut conn, job.id).await?.is_some_and(|j| j.stop))
}

fn words(panic: &(dyn std::any::Any + Send)) -> String {
    panic
        .downcast_ref::<&str>()
        .map(|s| (*s).to_owned())
        .or_else(|| panic.downcast_ref::<String>().cloned())
        .unwrap_or_else(|| "without words".to_owned())
}

/// Does everything that is due now, one after the other, and returns how many jobs ran: for tests and the command line.
///
/// # Errors
/// The database. A failing job is no error; the queue keeps it.
pub async fn run_due(company: &Company, extra: &[JobKind]) -> Outcome<usize> {
    let kinds = kinds(company, extra);
    let names: Vec<&str> = kinds.keys().copied().collect();
    let options = Options::default();
    let (_open, closing) = watch::channel(false);
    let mut done = 0;
    while let Some(job) = queue::claim(company.db(), &names, &options.node, options.lease).await? {
        let Some(body) = kinds.get(job.kind.as_str()).copied() else { continue };
        Box::pin(perform(company.clone(), body, job, options.lease, closing.clone())).await;
        done += 1;
    }
    Ok(done)
}
