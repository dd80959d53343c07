//! One company: database, registry, settings, files, clock. No global state: everything hangs on it.

use crate::{Actor, Cx, Module, Settings};
use arc_swap::ArcSwap;
use kernel::{Fault, Outcome, Registry, expr::Env};
use std::any::{Any, TypeId};
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use store::Db;

/// Where "now" comes from; tests set it.
#[derive(Clone, Debug, Default)]
pub struct Clock(Arc<std::sync::atomic::AtomicI64>);

impl Clock {
    /// The machine's clock (microseconds resolution, as stored).
    pub fn now(&self) -> jiff::Timestamp {
        let fixed = self.0.load(std::sync::atomic::Ordering::Relaxed);
        let micros = if fixed == 0 { jiff::Timestamp::now().as_microsecond() } else { fixed };
        jiff::Timestamp::from_microsecond(micros).unwrap_or(jiff::Timestamp::UNIX_EPOCH)
    }
    /// Stops the clock at `at`.
    pub fn set(&self, at: jiff::Timestamp) {
        self.0.store(at.as_microsecond(), std::sync::atomic::Ordering::Relaxed);
    }
}

struct Inner {
    db: Db,
    dir: PathBuf,
    clock: Clock,
    modules: Vec<Module>,
    registry: ArcSwap<Registry>,
    settings: ArcSwap<Settings>,
    /// Looks at personal data that wait to be written down.
    reads: crate::audit::reads::Waiting,
    /// See [`Company::kept`].
    kept: Mutex<HashMap<TypeId, Arc<dyn Any + Send + Sync>>>,
}

/// A handle to a company; cheap to clone.
#[derive(Clone)]
pub struct Company(Arc<Inner>);

/// What opening changed in the database.
#[derive(Debug, Default)]
pub struct Opened {
    /// Statements that were run to bring the tables up to the declarations, in words.
    pub applied: Vec<String>,
}

impl Company {
    /// Opens a company: checks the declarations, brings the tables up to them (additions only), loads settings.
    ///
    /// # Errors
    /// Declarations that contradict each other; the database. What is in the tables and no longer declared is left alone.
    pub async fn open(db: Db, dir: &Path, modules: Vec<Module>) -> Outcome<(Company, Opened)> {
        let mut registry = declared(&modules);
        let mut conn = db.read().await?;
        crate::custom::extend(&mut conn, &mut registry).await?;
        registry.inherit_scopes();
        let settings = Settings::load(&mut conn).await?;
        drop(conn);
        registry.check()?;
        let plan = store::migrate::apply(&db, &store::desired(&registry), store::Allow::Keep).await?;
        let applied = plan.show(db.dialect()).lines().map(str::to_owned).collect();
        let company = Company(Arc::new(Inner {
            db,
            dir: dir.to_owned(),
            clock: Clock::default(),
            modules,
            registry: ArcSwap::from_pointee(registry),
            settings: ArcSwap::from_pointee(settings),
            reads: crate::audit::reads::Waiting::default(),
            kept: Mutex::default(),
        }));
        company.seed().await?;
        Ok((company, Opened { applied }))
    }

    /// Lets each module lay down what a company begins with, once.
    async fn seed(&self) -> Outcome<()> {
        let own = self.modules().iter().filter_map(|m| Some((m.key, "seed", m.seed?)));
        let recipes = self.modules().iter().flat_map(|m| m.recipes.iter().filter(|r| (r.ready)(self)).map(|r| (m.key, r.key, r.seed)));
        for (module, name, seed) in own.chain(recipes) {
            let mut conn = self.db().read().await?;
            let mut sql = conn.sql();
            sql.push("SELECT 1 FROM sila_step WHERE name = ").bind(name).push(" AND module = ").bind(module);
            let done = conn.int(&sql).await?.is_some();
            drop(conn);
            if done {
                continue;
            }
            let mut cx = self.write(&self.system()).await?;
            let row = vec![module.into(), name.into(), cx.now.into()];
            // Of two nodes that start together the second finds the row.
            if store::insert_missing(&mut cx.tx, "sila_step", &["module", "name", "at"], vec![row]).await? == 1 {
                cx.cause = "seed".into();
                seed(&mut cx).await?;
                cx.commit().await?;
            }
        }
        Ok(())
    }

    pub fn db(&self) -> &Db {
        &self.0.db
    }
    /// The folder of files and settings.
    pub fn dir(&self) -> &Path {
        &self.0.dir
    }
    pub fn clock(&self) -> &Clock {
        &self.0.clock
    }
    pub fn now(&self) -> jiff::Timestamp {
        self.0.clock.now()
    }
    pub fn modules(&self) -> &[Module] {
        &self.0.modules
    }
    /// The declarations in force now; custom objects come and go while the program runs.
    pub fn registry(&self) -> Arc<Registry> {
        self.0.registry.load_full()
    }
    pub(crate) fn set_registry(&self, registry: Registry) {
        self.0.registry.store(Arc::new(registry));
    }
    pub fn settings(&self) -> Arc<Settings> {
        self.0.settings.load_full()
    }
    pub(crate) fn set_settings(&self, settings: Settings) {
        self.0.settings.store(Arc::new(settings));
    }
    pub(crate) fn reads(&self) -> &crate::audit::reads::Waiting {
        &self.0.reads
    }
    /// What a module keeps in memory for this company, such as rules that were read and checked: made empty when it is
    /// first asked for. Nothing may hang on it: another node has its own.
    pub fn kept<T: Any + Default + Send + Sync>(&self) -> Arc<T> {
        let mut all = self.0.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let found = all.entry(TypeId::of::<T>()).or_insert_with(|| Arc::new(T::default())).clone();
        drop(all);
        found.downcast().unwrap_or_default()
    }
    pub fn system(&self) -> Actor {
        Actor::system(self.settings().locale())
    }

    /// What expressions need to know: now, today in the company's zone, the actor.
    pub fn env(&self, actor: &Actor) -> Env {
        let zone = jiff::tz::TimeZone::get(&self.settings().zone).unwrap_or(jiff::tz::TimeZone::UTC);
        let teammates = actor.teammates.clone();
        Env { teammates, ..Env::new(self.now(), zone, (!actor.is_system()).then_some(actor.id)) }
    }

    /// Opens the one write transaction of a request. Hold it briefly; never over the network.
    pub async fn write(&self, actor: &Actor) -> Outcome<Cx> {
        if actor.viewer.is_some() {
            return Err(Fault { issues: vec![kernel::Issue::new("", "access-view-read-only")], ..Fault::forbidden() });
        }
        let tx = self.db().write().await?;
        Ok(Cx::new(self.clone(), actor.clone(), tx))
    }

    pub fn action(&self, object: &str, key: &str) -> Option<&crate::Action> {
        self.modules().iter().flat_map(|m| &m.actions).find(|a| a.object == object && a.key == key)
    }
    pub fn actions<'a>(&'a self, object: &'a str) -> impl Iterator<Item = &'a crate::Action> {
        self.modules().iter().flat_map(|m| &m.actions).filter(move |a| a.object == object)
    }

    /// Whether a module has declared a watch of this object.
    pub(crate) fn watches(&self, object: &str) -> bool {
        self.modules().iter().flat_map(|m| &m.watches).any(|w| w.object == object)
    }

    /// Takes over changed custom declarations from the database (another node made them).
    pub async fn reload(&self) -> Outcome<()> {
        let mut registry = declared(self.modules());
        let mut conn = self.db().read().await?;
        crate::custom::extend(&mut conn, &mut registry).await?;
        registry.inherit_scopes();
        let settings = Settings::load(&mut conn).await?;
        registry.check().map_err(|f| Fault::internal(format!("declarations in the database: {f}")))?;
        self.set_registry(registry);
        self.set_settings(settings);
        Ok(())
    }
}

/// What code and database declare together, checked.
///
/// # Errors
/// Declarations that contradict each other; the database.
pub async fn declarations(db: &Db, modules: &[Module]) -> Outcome<Registry> {
    let mut registry = declared(modules);
    let mut conn = db.read().await?;
    crate::custom::extend(&mut conn, &mut registry).await?;
    registry.inherit_scopes();
    registry.check()?;
    Ok(registry)
}

/// What the code declares, before run-time objects and fields are added.
pub fn declared(modules: &[Module]) -> Registry {
    let mut registry = Registry::new();
    for m in modules {
        registry.modules.insert(m.key.to_owned(), m.label.clone());
        for o in &m.objects {
            registry.add_object(o.clone());
        }
        for (object, fields) in &m.extends {
            // An object whose module is switched off has nothing to extend.
            let Some(known) = registry.find(object) else { continue };
            let mut extended = kernel::Object::clone(known);
            extended.fields.extend(fields.iter().cloned());
            registry.add_object(extended);
        }
        for r in &m.roles {
            let mut role = r.clone();
            if let Some(known) = registry.role(&r.key) {
                role.grants.splice(0..0, known.grants.iter().cloned());
                role.admin |= known.admin;
                role.label.clone_from(&known.label);
            }
            registry.add_role(role);
        }
    }
    registry
}
