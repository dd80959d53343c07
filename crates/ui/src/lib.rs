//! The components every page is made of: maud functions over kernel types. No IO, no server, no clock.
//!
//! Contents:
//! - [`cx`]: the reader (language, digits, calendar, theme, titles of referenced records);
//! - [`shell`]: the frame of a page, pages outside the frame, page heads;
//! - [`button`], [`mark`], [`icon`], [`overlay`]: the small parts;
//! - [`cell`] and [`input`]: how a value of each kind is shown and filled in;
//! - [`form`], [`table`], [`filter`], [`board`], [`month`], [`record`], [`timeline`], [`trash`], [`import`]: the pages' bodies;
//! - [`conditions`]: rows of the filter builder as expressions, and expressions in words;
//! - [`chart`]: charts as SVG.
//!
//! Behaviour lives in `web/src`, found by `data-…` attributes; styles in `web/css`, found by class. Every component
//! says in its documentation which addresses it expects from the server.
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::indexing_slicing))]

pub mod board;
pub mod button;
pub mod cell;
pub mod chart;
pub mod conditions;
pub mod country;
pub mod cx;
pub mod filter;
pub mod form;
pub mod icon;
pub mod import;
pub mod input;
pub mod mark;
pub mod month;
pub mod overlay;
pub mod part;
pub mod planner;
pub mod record;
pub mod shell;
pub mod table;
pub mod timeline;
pub mod trash;

pub use button::{Button, button, icon_button};
pub use cx::{Density, Theme, Titles, ViewCx};
pub use icon::icon;
pub use shell::{Assets, NavGroup, NavItem, Shell, UserInfo, gate, page};
