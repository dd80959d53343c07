//! The engine of the import wizard: a file becomes staged lines, a mapping says what they mean, a check tries it without
//! keeping anything, a job does it in batches, and what it did can be taken back.
//!
//! Every step acts as the person who started it, with the rights he has at that moment.
//! - [`source`]: files as tables; [`mapping`]: the language of mappings; [`guess`]: the first proposal;
//! - `plan`, `line`, `find`, `apply`, `batch`, `save`: from a line to records; `run`: batches, stop, resume; `undo`; `stage`: the tables.

mod alike;
mod apply;
mod batch;
pub(crate) mod beside;
mod find;
pub mod guess;
mod line;
pub mod mapping;
mod plan;
mod run;
mod save;
pub mod source;
mod stage;
mod undo;

pub use beside::key_column;
pub use guess::Target;
pub use line::Line;
pub use mapping::{Alike, Assign, Blank, External, Mapping, Mode, Reference, Transform};
pub use run::BATCH;
pub use source::ReadOptions;
pub use stage::{BadLine, Counts, FileInfo, Import, State};

use crate::{Actor, Company, JobKind};
use kernel::{Capability, Fault, Issue, Outcome, Verb};
use stage::Row;
use store::queue::{self, NewJob};
use text::i18n;
use uuid::Uuid;

/// The largest file taken unless the caller says otherwise.
pub const MAX_FILE: usize = 100 * 1024 * 1024;
/// Lines stored in one transaction while a file is taken in.
const STAGE_BATCH: usize = 2_000;

/// A file that somebody wants to import.
#[derive(Clone, Debug, Default)]
pub struct NewImport {
    pub object: String,
    /// Of the file.
    pub name: String,
    pub bytes: Vec<u8>,
    pub read: ReadOptions,
    /// The largest file allowed; 0: [`MAX_FILE`].
    pub max_bytes: usize,
}

/// A column of the file with some of its cells.
#[derive(Clone, Debug, PartialEq)]
pub struct Column {
    pub name: String,
    pub samples: Vec<String>,
}

/// The kinds of jobs of this module; the runner knows them.
pub(crate) fn jobs() -> Vec<JobKind> {
    vec![
        JobKind { key: "import.run", run: |cx| Box::pin(async move { run::run(&cx.company, id_of(&cx)?, Some(&cx)).await.map(|_| ()) }) },
        JobKind { key: "import.check", run: |cx| Box::pin(async move { run::check(&cx.company, id_of(&cx)?, Some(&cx)).await.map(|_| ()) }) },
        JobKind { key: "import.undo", run: |cx| Box::pin(async move { undo::run(&cx.company, id_of(&cx)?, Some(&cx)).await.map(|_| ()) }) },
    ]
}

fn id_of(cx: &crate::JobCx) -> Outcome<Uuid> {
    let id = cx.job.payload.get("import").and_then(serde_json::Value::as_str).and_then(|t| t.parse().ok());
    id.ok_or_else(|| Fault::internal("an import job without its import"))
}

impl Company {
    /// Takes a file in: its lines are stored and wait for a mapping, which is guessed.
    ///
    /// # Errors
    /// Too large; invalid: no table; not found or forbidden: no right to import into the object.
    pub async fn stage_import(&self, actor: &Actor, new: NewImport) -> Outcome<Import> {
        let registry = self.registry();
        let object = registry.object(&new.object)?;
        actor.rule(object, &Verb::Import)?;
        if !object.can(Capability::Import) {
            return Err(Fault::invalid("object", "import-not-possible"));
        }
        source::check_size(new.bytes.len(), if new.max_bytes == 0 { MAX_FILE } else { new.max_bytes })?;
        let (bytes, read) = (new.bytes, new.read.clone());
        let table = tokio::task::spawn_blocking(move || source::read(&bytes, &read)).await.map_err(Fault::internal)??;
        let count = |n: usize| i64::try_from(n).unwrap_or(i64::MAX);
        let some: Vec<Vec<String>> = table.lines.iter().take(200).map(|l| l.cells.clone()).collect();
        let mapping = guess::guess(self, actor, &new.object, &table.headings, &some)?;
        let mut import = Import {
            id: Uuid::now_v7(),
            object: new.object,
            name: new.name.chars().take(200).collect(),
            mapping,
            state: State::Staging,
            total: count(table.lines.len() + table.bad.len()),
            counts: Counts { failed: count(table.bad.len()), ..Counts::default() },
            file: FileInfo {
                read: new.read,
                headings: table.headings,
                encoding: table.encoding,
                delimiter: table.delimiter,
                sheet: table.sheet,
                sheets: table.sheets,
                lossy: table.lossy,
                broken: count(table.bad.len()),
                ..FileInfo::default()
            },
            at: self.now(),
            by: (!actor.is_system()).then_some(actor.id),
            error: None,
        };
        let mut tx = self.db().write().await?;
        stage::insert(&mut tx, &import).await?;
        tx.commit().await?;
        for lines in table.lines.chunks(STAGE_BATCH) {
            let mut tx = self.db().write().await?;
            stage::put_rows(&mut tx, import.id, &lines.iter().map(Row::new).collect::<Vec<_>>()).await?;
            tx.commit().await?;
        }
        for bad in table.bad.chunks(STAGE_BATCH) {
            let mut tx = self.db().write().await?;
            let rows: Vec<Row<'_>> = bad.iter().map(|(l, i)| Row::failed(l, std::slice::from_ref(i))).collect();
            stage::put_rows(&mut tx, import.id, &rows).await?;
            tx.commit().await?;
        }
        let mut tx = self.db().write().await?;
        import.state = State::Ready;
        stage::update(&mut tx, &import).await?;
        tx.commit().await?;
        Ok(import)
    }

    /// An import of the actor's own; administrators see all.
    ///
    /// # Errors
    /// Not found.
    pub async fn import(&self, actor: &Actor, id: Uuid) -> Outcome<Import> {
        let mut conn = self.db().read().await?;
        let import = stage::load(&mut conn, id).await?;
        if import.by == Some(actor.id) || actor.policy.admin { Ok(import) } else { Err(Fault::not_found()) }
    }

    /// The latest imports the actor may see, of one object or all.
    ///
    /// # Errors
    /// The database.
    pub async fn imports(&self, actor: &Actor, object: Option<&str>, limit: usize) -> Outcome<Vec<Import>> {
        let mut conn = self.db().read().await?;
        stage::list(&mut conn, object, (!actor.policy.admin).then_some(actor.id), limit).await
    }

    /// The columns of the file with up to five different cells of each.
    ///
    /// # Errors
    /// Not found.
    pub async fn import_columns(&self, actor: &Actor, id: Uuid) -> Outcome<Vec<Column>> {
        let import = self.import(actor, id).await?;
        let mut conn = self.db().read().await?;
        let lines = stage::next_lines(&mut conn, id, 0, 100).await?;
        let samples = |i: usize| {
            let mut seen: Vec<String> = Vec::new();
            for cell in lines.iter().filter_map(|l| l.cells.get(i)).map(|c| line::trimmed(c)).filter(|c| !c.is_empty()) {
                let short: String = cell.chars().take(60).collect();
                if seen.len() < 5 && !seen.contains(&short) {
                    seen.push(short);
                }
            }
            seen
        };
        Ok(import.file.headings.iter().enumerate().map(|(i, name)| Column { name: name.clone(), samples: samples(i) }).collect())
    }

    /// What the columns of a file for this object can go to.
    ///
    /// # Errors
    /// Not found; forbidden.
    pub fn import_targets(&self, actor: &Actor, object: &str) -> Outcome<Vec<Target>> {
        guess::targets(self, actor, object)
    }

    /// Says what the columns mean. The mapping is checked as a whole.
    ///
    /// # Errors
    /// Invalid: all that does not fit, each with its target or column; forbidden; an import that is under way or over.
    pub async fn map_import(&self, actor: &Actor, id: Uuid, mapping: Mapping) -> Outcome<Import> {
        let import = self.import(actor, id).await?;
        if mapping.object != import.object {
            return Err(Fault::invalid("object", "import-other-object"));
        }
        plan::Plan::compile(self, actor, &mapping, &import.file.headings)?;
        self.change(id, |i| {
            if i.state.active() || i.counts.done() > i.file.broken {
                return Err(Fault::invalid("", "import-not-now"));
            }
            i.mapping = mapping.clone();
            i.file.checked = None;
            Ok(())
        })
        .await
    }

    async fn change(&self, id: Uuid, mut with: impl FnMut(&mut Import) -> Outcome<()>) -> Outcome<Import> {
        let mut tx = self.db().write().await?;
        let mut import = stage::lock(&mut tx, id).await?;
        with(&mut import)?;
        stage::update(&mut tx, &import).await?;
        tx.commit().await?;
        Ok(import)
    }

    /// Tries the import without keeping anything: counts what it would do, notes what is wrong ([`Company::import_bad_lines`]).
    ///
    /// # Errors
    /// As [`Company::map_import`].
    pub async fn check_import(&self, actor: &Actor, id: Uuid) -> Outcome<Counts> {
        self.import(actor, id).await?;
        Box::pin(run::check(self, id, None)).await
    }

    /// The same as a job, for large files; its result stands in `file.checked`.
    ///
    /// # Errors
    /// Not found.
    pub async fn queue_import_check(&self, actor: &Actor, id: Uuid) -> Outcome<Uuid> {
        self.import(actor, id).await?;
        let mut tx = self.db().write().await?;
        let job = queue::enqueue(&mut tx, &job_of("import.check", id, actor)).await?;
        tx.commit().await?;
        Ok(job)
    }

    /// Starts the import, or goes on with a stopped or failed one behind what is done. Returns the job.
    ///
    /// # Errors
    /// Not found; invalid: it is under way or over; a mapping that does not fit; forbidden.
    pub async fn start_import(&self, actor: &Actor, id: Uuid) -> Outcome<Uuid> {
        let import = self.import(actor, id).await?;
        plan::Plan::compile(self, actor, &import.mapping, &import.file.headings)?;
        let mut tx = self.db().write().await?;
        let mut import = stage::lock(&mut tx, id).await?;
        // One whose job died for good with its node is taken up again too.
        let left = matches!(import.state, State::Queued | State::Running | State::Stopping) && !stage::has_job(&mut tx, id).await?;
        if !left && !matches!(import.state, State::Ready | State::Stopped | State::Failed) {
            return Err(Fault::invalid("", "import-not-now"));
        }
        import.state = State::Queued;
        import.error = None;
        stage::update(&mut tx, &import).await?;
        let job = queue::enqueue(&mut tx, &job_of("import.run", id, actor)).await?;
        tx.commit().await?;
        Ok(job)
    }

    /// Runs the import here and now, to its end: for the command line and for small files.
    ///
    /// # Errors
    /// As [`Company::start_import`]; the database.
    pub async fn run_import(&self, actor: &Actor, id: Uuid) -> Outcome<Import> {
        self.import(actor, id).await?;
        Box::pin(run::run(self, id, None)).await
    }

    /// Asks a running import to stop after the batch at hand; a queued one does not begin.
    ///
    /// # Errors
    /// Not found; invalid: it is not under way.
    pub async fn stop_import(&self, actor: &Actor, id: Uuid) -> Outcome<Import> {
        self.import(actor, id).await?;
        let mut tx = self.db().write().await?;
        let mut import = stage::lock(&mut tx, id).await?;
        let worked_on = stage::has_job(&mut tx, id).await?;
        import.state = match import.state {
            State::Queued => State::Stopped,
            State::Running | State::Stopping => if worked_on { State::Stopping } else { State::Stopped },
            State::Stopped => State::Stopped,
            _ => return Err(Fault::invalid("", "import-not-now")),
        };
        stage::update(&mut tx, &import).await?;
        tx.commit().await?;
        Ok(import)
    }

    /// Takes back what the import did, as a job. Returns the job.
    ///
    /// # Errors
    /// Not found; invalid: it has not ended.
    pub async fn undo_import(&self, actor: &Actor, id: Uuid) -> Outcome<Uuid> {
        self.import(actor, id).await?;
        let mut tx = self.db().write().await?;
        let mut import = stage::lock(&mut tx, id).await?;
        let left = import.state == State::Undoing && !stage::has_job(&mut tx, id).await?;
        if !left && !matches!(import.state, State::Done | State::Stopped | State::Failed) {
            return Err(Fault::invalid("", "import-not-now"));
        }
        import.state = State::Undoing;
        stage::update(&mut tx, &import).await?;
        let job = queue::enqueue(&mut tx, &job_of("import.undo", id, actor)).await?;
        tx.commit().await?;
        Ok(job)
    }

    /// The same here and now.
    ///
    /// # Errors
    /// As [`Company::undo_import`]; the database.
    pub async fn run_import_undo(&self, actor: &Actor, id: Uuid) -> Outcome<Import> {
        self.import(actor, id).await?;
        Box::pin(undo::run(self, id, None)).await
    }

    /// Lines that failed, or would fail as the last check says, after line `after` of the file's count.
    ///
    /// # Errors
    /// Not found.
    pub async fn import_bad_lines(&self, actor: &Actor, id: Uuid, after: i64, limit: usize) -> Outcome<Vec<BadLine>> {
        self.import(actor, id).await?;
        let mut conn = self.db().read().await?;
        stage::bad_lines(&mut conn, id, after, limit).await
    }

    /// The lines that failed as a CSV file in the actor's language: as they came, with their number and the reason, to be mended and imported again.
    ///
    /// # Errors
    /// Not found.
    pub async fn import_error_file(&self, actor: &Actor, id: Uuid) -> Outcome<Vec<u8>> {
        let import = self.import(actor, id).await?;
        let lang = actor.locale.lang;
        let mut csv = crate::export::CsvFile::new(true);
        let mut head = import.file.headings.clone();
        head.push(i18n::t(lang, "import-error-line"));
        head.push(i18n::t(lang, "import-error-reason"));
        csv.row(&head)?;
        let mut after = 0;
        loop {
            let mut conn = self.db().read().await?;
            let bad = stage::bad_lines(&mut conn, id, after, 500).await?;
            let Some(last) = bad.last().map(|b| b.n) else { break };
            after = last;
            for b in bad {
                let mut cells = b.cells;
                cells.resize(import.file.headings.len(), String::new());
                cells.push(b.at.to_string());
                cells.push(reasons(&b.issues, lang));
                csv.row(&cells)?;
            }
        }
        csv.finish()
    }

    /// Removes an import that is not under way: its lines and the way to undo it; the records stay.
    ///
    /// # Errors
    /// Not found; invalid: it is under way.
    pub async fn forget_import(&self, actor: &Actor, id: Uuid) -> Outcome<()> {
        self.import(actor, id).await?;
        let mut tx = self.db().write().await?;
        let import = stage::lock(&mut tx, id).await?;
        if import.state.active() && import.state != State::Staging {
            return Err(Fault::invalid("", "import-not-now"));
        }
        stage::delete(&mut tx, id).await?;
        tx.commit().await
    }
}

fn job_of(kind: &str, import: Uuid, actor: &Actor) -> NewJob {
    let job = NewJob::new(kind, serde_json::json!({ "import": import })).key(format!("import:{import}")).max_attempts(5);
    if actor.is_system() { job } else { job.actor(actor.id) }
}

/// All reasons in one cell.
fn reasons(issues: &[Issue], lang: text::Lang) -> String {
    let one = |i: &Issue| {
        let args: Vec<(&str, i18n::Arg<'_>)> = i.args.iter().map(|(k, v)| (k.as_str(), i18n::Arg::from(v.as_str()))).collect();
        let text = i18n::t_plain(lang, &i.key, &args);
        if i.field.is_empty() { text } else { format!("{}: {text}", i.field) }
    };
    issues.iter().map(one).collect::<Vec<_>>().join("; ")
}
