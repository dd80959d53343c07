//! Sila at work: a [`Company`] with its [`Registry`](kernel::Registry), and everything that is done in it.
//!
//! - reading: [`query`] (lists), [`load`] (one record), [`search`], [`timeline`], [`history`]; each takes an [`Actor`];
//! - writing: [`Company::write`] opens the one transaction and hands out a [`Cx`]; [`save`], [`trash`], [`dispatch`] work in it;
//! - kept up in the same transaction: [`rollup`]s, formulas ([`compute`]), search rows, time line, audit, events, jobs;
//! - [`runner`], [`schedule`]: queued work and work by the calendar; [`import`], [`export`]: files in and out;
//! - [`notify`]: what people are told of;
//! - [`forget`]: erasing a person, proving it, and erasing again after a restore;
//! - [`duplicates`], [`merge`](mod@merge): records that could be the same one, and making them one (and two again);
//! - [`external`]: what records are called in other systems;
//! - [`module`]: what a module contributes ([`calendar`] pages and [`dav`] collections among it); [`custom`]: objects and fields made at run time.
//! - [`propose`]: what assistants want to change, confirmed by a person, taken back as a whole;
//! - [`access`]: shares, delegation, view as, explain; [`audit`]: who did and who looked, in a chain;
//! - [`module`]: what a module contributes; [`custom`]: objects and fields made at run time.
//!
//! Invariant: no function here gives out a row without an actor's rule in the SQL that fetched it.
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::indexing_slicing))]

pub mod access;
pub mod actor;
mod arms;
pub mod calendar;
pub mod audit;
pub mod comments;
pub mod company;
pub mod compute;
pub mod custom;
pub mod cx;
pub mod dav;
pub mod dispatch;
pub mod draft;
pub mod duplicates;
pub mod export;
pub mod external;
pub mod files;
pub mod fit;
pub mod forget;
pub mod follow;
pub mod history;
pub mod import;
pub mod load;
pub mod merge;
pub mod module;
pub mod notify;
pub mod part;
pub mod propose;
pub mod query;
pub mod record_sql;
mod rich;
pub mod roles;
pub mod rollup;
pub mod runner;
pub mod save;
pub mod schedule;
pub mod seal;
pub mod search;
pub mod settings;
pub mod side;
pub mod timeline;
pub mod trash;
pub mod sums;
mod tree;
pub mod users;
pub mod views;

pub use actor::{Actor, Limits, Token};
pub use company::{Clock, Company, Opened};
pub use cx::Cx;
pub use comments::NewComment;
pub use draft::{Draft, Saved};
pub use module::{Action, Answer, Card, CardAction, Clause, Done, Form, Gate, Input, JobCx, JobKind, Module, NoticeKind, Page, PageCx, Panel, Place, Prepare, QuickAction, Recipe, Schedule, Standing, TimelineCard, Upload, Watch, WatchFn};
pub use notify::Notice;
pub use export::{ExportOptions, FileFormat};
pub use query::{Count, Counted, Listing, Query, Sort};
pub use runner::{Runner, RunnerHandle};
pub use settings::Settings;
