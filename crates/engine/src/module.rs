//! What a module contributes: a list, made by one function, no link-time registration.

pub use crate::runner::JobCx;
use crate::{Actor, Company, Cx};
use futures::future::BoxFuture;
use indexmap::IndexMap;
use kernel::{Field, Label, Object, Outcome, Record, Role, Value};
use serde_json::Value as Json;
use uuid::Uuid;

/// A module: its objects, roles, actions, jobs, schedules and pages.
#[derive(Default)]
pub struct Module {
    pub key: &'static str,
    pub label: Label,
    pub icon: &'static str,
    pub objects: Vec<Object>,
    /// Fields this module gives to objects of modules before it (sales figures of a party).
    pub extends: Vec<(&'static str, Vec<Field>)>,
    /// A role that a module before it has declared gains these grants.
    pub roles: Vec<Role>,
    pub actions: Vec<Action>,
    pub jobs: Vec<JobKind>,
    pub schedules: Vec<Schedule>,
    pub pages: Vec<Page>,
    pub panels: Vec<Panel>,
}

/// The parsed input of an action, by field key.
pub type Input = IndexMap<String, Value>;

/// What an action did, for the person and the program that called it.
#[derive(Clone, Debug, Default)]
pub struct Done {
    /// Key of the sentence to show; empty for the general one.
    pub message: String,
    /// Where to go next (object, id); the record itself when none.
    pub goto: Option<(String, Uuid)>,
    /// More for the API.
    pub data: Json,
}

/// The body of an action. It runs inside the one transaction.
pub type ActionFn = for<'a> fn(&'a mut Cx, Record, Input) -> BoxFuture<'a, Outcome<Done>>;

/// A named verb of an object: gives the button, the dialog, `POST /api/v1/{object}/{id}/{key}` and the permission.
#[derive(Clone)]
pub struct Action {
    pub object: &'static str,
    pub key: &'static str,
    pub label: Label,
    pub icon: &'static str,
    /// Input, described as fields: form, validation and OpenAPI are derived from them.
    pub input: Vec<Field>,
    /// Offered and allowed only while this holds for the record.
    pub guard: Option<&'static str>,
    /// Asked to confirm, shown in red.
    pub danger: bool,
    pub run: ActionFn,
}

/// Durable work: runs after commit, retried, at least once, with its effect and its acknowledgement in one transaction where it writes.
pub struct JobKind {
    pub key: &'static str,
    pub run: fn(JobCx) -> BoxFuture<'static, Outcome<()>>,
}

/// A job that is started by the calendar. `cron` has five fields, in the company's zone.
pub struct Schedule {
    pub key: &'static str,
    pub cron: &'static str,
    pub job: &'static str,
}

/// What a module's page gets.
pub struct PageCx {
    pub company: Company,
    pub actor: Actor,
    pub path: String,
    pub query: Vec<(String, String)>,
}

/// A page of a module's own at `/{module}/{key}`; `home` pages stand on `/`.
pub struct Page {
    pub module: &'static str,
    pub key: &'static str,
    pub label: Label,
    pub icon: &'static str,
    pub home: bool,
    /// Returns the HTML inside the shell.
    pub render: fn(PageCx) -> BoxFuture<'static, Outcome<String>>,
}

/// A block on the record page of an object: what a module knows about the record beyond its fields.
pub struct Panel {
    pub object: &'static str,
    pub key: &'static str,
    pub label: Label,
    /// Returns the HTML inside the block for a record the actor may read; empty when there is nothing to say.
    pub render: fn(PageCx, Uuid) -> BoxFuture<'static, Outcome<String>>,
}
