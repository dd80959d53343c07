//! What a module contributes: a list, made by one function, no link-time registration.

pub use crate::runner::JobCx;
use crate::{Actor, Company, Cx};
use futures::future::BoxFuture;
use indexmap::IndexMap;
use kernel::{Fault, Field, Label, Object, Outcome, Record, Registry, Role, Value};
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
    pub standing: Vec<Standing>,
    pub pages: Vec<Page>,
    pub panels: Vec<Panel>,
    /// What stands in a form beside a chosen record of an object: a customer's credit while his order is written.
    pub glances: Vec<Panel>,
    pub notices: Vec<NoticeKind>,
    /// What the company's privacy statement has to say of what this module does.
    pub clauses: Vec<Clause>,
    pub watches: Vec<Watch>,
    /// What a new company begins with beside declarations (purposes of contact): run once, as the system.
    pub seed: Option<SeedFn>,
    pub cards: Vec<TimelineCard>,
    pub quick: Vec<QuickAction>,
    pub prepares: Vec<Prepare>,
    pub gates: Vec<Gate>,
    pub recipes: Vec<Recipe>,
    pub calendars: Vec<crate::calendar::Calendar>,
    pub dav: Vec<crate::dav::Source>,
}

/// How the entries of an object look on time lines: the snippet of a mail, who took part in a meeting. Without one the
/// first list fields of the record are shown. Where several modules draw the same object, see [`Card::over`].
pub struct TimelineCard {
    pub object: &'static str,
    /// Cards for the records of one page, all of which the reader may read, by id; those without one look as usual.
    /// One call per page, so that what is looked up is looked up once.
    pub render: fn(PageCx, Vec<Record>) -> BoxFuture<'static, Outcome<std::collections::HashMap<Uuid, Card>>>,
}

/// One entry, drawn by its module.
#[derive(Clone, Debug, Default)]
pub struct Card {
    /// A name of the icon set; empty: that of the object.
    pub icon: String,
    /// HTML beside the title in the line; empty: the first list fields.
    pub line: String,
    /// HTML below the line.
    pub body: String,
    /// HTML that unfolds.
    pub more: String,
    pub actions: Vec<CardAction>,
}

impl Card {
    /// What a further module draws of the same record: its parts take the place of those before, its actions come first.
    /// So the letter stands instead of the note about it.
    #[must_use]
    pub fn over(self, before: Card) -> Card {
        let part = |new: String, old: String| if new.is_empty() { old } else { new };
        Card {
            icon: part(self.icon, before.icon),
            line: part(self.line, before.line),
            body: part(self.body, before.body),
            more: part(self.more, before.more),
            actions: self.actions.into_iter().chain(before.actions).collect(),
        }
    }
}

/// Something to do from an entry: reply to a mail, move a meeting.
#[derive(Clone, Debug)]
pub struct CardAction {
    pub label: Label,
    pub icon: &'static str,
    /// An address of ours.
    pub href: String,
}

/// Something to do at the top of a time line: log a call, write a mail.
#[derive(Clone)]
pub struct QuickAction {
    /// Whose time line.
    pub object: &'static str,
    pub label: Label,
    pub icon: &'static str,
    /// An address of ours; none where the reader may not or the record is not fit for it.
    pub href: fn(&Actor, &Registry, &Record) -> Option<String>,
}

/// As the object of a [`Gate`], [`Watch`] or [`Panel`]: every object somebody made a rule for (a row of `sila_rule`),
/// those made at run time too. Other objects are not asked about, so that they pay nothing.
pub const RULED: &str = "*";

/// What is asked before something happens to records of an object, whichever way it comes: page, board, API, assistant,
/// mass edit. What is told of the past (an import, a merge) is not asked about. A refusal is a fault whose issue says
/// what is missing and, with [`kernel::Issue::next`], what to do about it.
#[derive(Clone, Copy)]
pub struct Gate {
    /// Or [`RULED`].
    pub object: &'static str,
    /// Before records are changed.
    pub change: Option<GateChangeFn>,
    /// Before an action runs.
    pub action: Option<GateActionFn>,
    /// After an action ran, in the same transaction.
    pub acted: Option<GateActionFn>,
}

/// Gets what is (nothing for a new record) and what is to be.
pub type GateChangeFn = for<'a> fn(&'a mut Cx, &'a [(Option<&'a Record>, &'a Record)]) -> BoxFuture<'a, Outcome<()>>;
/// Gets the record as it stood before the action, and the action's key.
pub type GateActionFn = for<'a> fn(&'a mut Cx, &'a Record, &'a str) -> BoxFuture<'a, Outcome<()>>;

/// What a company begins with about an object that another module brings, perhaps only later: laid down once, at the
/// first start at which the company is ready for it.
#[derive(Clone, Copy)]
pub struct Recipe {
    pub key: &'static str,
    pub ready: fn(&Company) -> bool,
    pub seed: SeedFn,
}

/// What must follow in the same transaction when records of an object change: a state derived from facts.
#[derive(Clone, Copy)]
pub struct Watch {
    pub object: &'static str,
    pub run: WatchFn,
}

/// Gets what was and what is: nothing before for a new record, nothing after for one that is being deleted by itself
/// (not with the record it is part of). Roll-ups that move by themselves are a change too. A fault refuses the whole change.
pub type WatchFn = for<'a> fn(&'a mut Cx, &'a [(Option<Record>, Option<Record>)]) -> BoxFuture<'a, Outcome<()>>;

/// A kind of notice a module sends with [`Cx::notify`]. Its sentence is the Fluent key `notice-{key}` (dots become
/// hyphens) with `$who` (who did it), `$title` (the record), `$n` (how often) and the scalars of the notice's data.
#[derive(Clone, Debug)]
pub struct NoticeKind {
    /// `mention`, `mail.alarm`
    pub key: &'static str,
    /// In the preferences.
    pub label: Label,
    pub icon: &'static str,
    /// Where it goes for people who have not chosen.
    pub mail: crate::notify::Mail,
    pub push: bool,
}

/// A part of the privacy statement, for everybody to read.
#[derive(Clone, Debug)]
pub struct Clause {
    pub heading: Label,
    pub text: Label,
}

/// See [`Module::seed`].
pub type SeedFn = for<'a> fn(&'a mut Cx) -> BoxFuture<'a, Outcome<()>>;

/// What follows from other fields of a record before it is checked and stored: values filled in, contradictions refused.
#[derive(Clone, Copy)]
pub struct Prepare {
    pub object: &'static str,
    pub run: PrepareFn,
}

/// Gets what was (nothing for a new record) and what is to be, which it may change.
pub type PrepareFn = for<'a> fn(&'a mut Cx, Option<&'a Record>, &'a mut Record) -> BoxFuture<'a, Outcome<()>>;

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

/// What goes on as long as a node does its work: listening at a server that says when something comes. It changes nothing
/// itself but puts jobs into the queue, since every node has one. It is dropped when the node stops.
#[derive(Clone, Copy)]
pub struct Standing {
    pub key: &'static str,
    pub run: fn(Company) -> BoxFuture<'static, ()>,
}

/// A job that is started by the calendar. `cron` has five fields, in the company's zone.
pub struct Schedule {
    pub key: &'static str,
    pub cron: &'static str,
    pub job: &'static str,
}

/// What a module's page gets.
#[derive(Clone)]
pub struct PageCx {
    pub company: Company,
    /// Somebody without any right on a public page.
    pub actor: Actor,
    pub path: String,
    pub query: Vec<(String, String)>,
    /// Where the request came from: the client's address and `User-Agent`; empty when unknown.
    pub ip: String,
    pub agent: String,
}

impl PageCx {
    /// The last value of a name in the query string; empty when absent.
    pub fn param(&self, name: &str) -> &str {
        self.query.iter().rev().find(|(n, _)| n == name).map_or("", |(_, v)| v.as_str())
    }
}

/// One uploaded file, not yet looked at.
#[derive(Clone, Debug)]
pub struct Upload {
    /// Name of the form's part.
    pub part: String,
    /// As the sender calls it; only ever shown, never used as a path.
    pub name: String,
    pub bytes: Vec<u8>,
}

/// What a form sent: its parts in order, and its files.
#[derive(Clone, Debug, Default)]
pub struct Form {
    pub pairs: Vec<(String, String)>,
    pub files: Vec<Upload>,
}

impl Form {
    /// The last part of that name; empty when there is none.
    pub fn get(&self, name: &str) -> &str {
        self.pairs.iter().rev().find(|(n, _)| n == name).map_or("", |(_, v)| v.as_str())
    }
    pub fn has(&self, name: &str) -> bool {
        self.pairs.iter().any(|(n, _)| n == name)
    }
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.pairs.iter().filter(move |(n, _)| n == name).map(|(_, v)| v.as_str())
    }
    /// The revision the form was made from.
    pub fn rev(&self) -> Option<i64> {
        let rev = self.get("_rev");
        (if rev.is_empty() { self.get("rev") } else { rev }).parse().ok()
    }
    pub fn take_file(&mut self, part: &str) -> Option<Upload> {
        let at = self.files.iter().position(|f| f.part == part)?;
        Some(self.files.remove(at))
    }
}

/// What a module's page answers.
#[derive(Debug)]
pub enum Answer {
    /// HTML inside the frame. Where a form did not fit, the fault gives the status; the page itself says what is wrong.
    Html(String, Option<Fault>),
    /// HTML of a public page that the pages of these sites (`https://example.com`) may show inside their own; with none
    /// it stands by itself alone.
    Framed { html: String, sites: Vec<String>, fault: Option<Fault> },
    /// A piece of a page for a script, without the frame.
    Piece(String),
    /// Another address of ours, which says the sentence (empty: nothing).
    Go { to: String, said: &'static str },
    /// A file to keep.
    File { name: String, media: String, bytes: Vec<u8> },
}

impl From<String> for Answer {
    fn from(html: String) -> Self {
        Answer::Html(html, None)
    }
}

/// Where a module's page stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Place {
    /// `/{module}/{key}`, in the navigation.
    #[default]
    Menu,
    /// `/{module}/{key}`, reached from other pages.
    Hidden,
    /// `/`.
    Home,
    /// `/{module}/{key}`, listed under administration, for administrators alone.
    Admin,
    /// `/p/{module}/{key}`, for anybody, signed in or not, without the frame: it must check a secret of its own.
    Public,
}

/// A page of a module's own.
#[derive(Clone)]
pub struct Page {
    pub module: &'static str,
    pub key: &'static str,
    pub label: Label,
    pub icon: &'static str,
    pub place: Place,
    /// Whom the page is for; others get "not found" and no entry in the navigation.
    pub may: fn(&Actor, &Registry) -> bool,
    pub render: fn(PageCx) -> BoxFuture<'static, Outcome<Answer>>,
    /// Takes what a form on the page sends (`POST` to the page's address). Writes from another origin never get here.
    pub post: Option<fn(PageCx, Form) -> BoxFuture<'static, Outcome<Answer>>>,
}

impl Page {
    pub fn new(module: &'static str, key: &'static str, label: Label, icon: &'static str, render: fn(PageCx) -> BoxFuture<'static, Outcome<Answer>>) -> Self {
        Page { module, key, label, icon, place: Place::Menu, may: |_, _| true, render, post: None }
    }
    #[must_use]
    pub fn at(mut self, place: Place) -> Self {
        self.place = place;
        self
    }
    #[must_use]
    pub fn may(mut self, may: fn(&Actor, &Registry) -> bool) -> Self {
        self.may = may;
        self
    }
    #[must_use]
    pub fn post(mut self, post: fn(PageCx, Form) -> BoxFuture<'static, Outcome<Answer>>) -> Self {
        self.post = Some(post);
        self
    }
    /// Whether this reader gets the page.
    pub fn open_to(&self, actor: &Actor, registry: &Registry) -> bool {
        (self.place != Place::Admin || actor.must_administer().is_ok()) && (self.may)(actor, registry)
    }
}

/// A block on the record page of an object (or of all, with [`RULED`]): what a module knows about the record beyond its fields.
pub struct Panel {
    pub object: &'static str,
    pub key: &'static str,
    pub label: Label,
    /// Returns the HTML inside the block for a record the actor may read; empty when there is nothing to say.
    pub render: fn(PageCx, Uuid) -> BoxFuture<'static, Outcome<String>>,
}
