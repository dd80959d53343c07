//! Who may see and do what, beyond roles: one record shared, rights handed over during an absence, pages seen as a
//! colleague sees them, and why somebody may or may not.
//!
//! Roles and what is here together make the one [`Policy`](kernel::Policy) of an [`Actor`](crate::Actor); every
//! statement is compiled from it, and [`explain`] takes it apart again.

pub mod delegate;
pub mod explain;
mod reasons;
pub mod share;
pub mod view;

pub use delegate::{Delegation, NewDelegation};
pub use explain::{Explained, Reason, Seer};
pub use share::{Level, NewShare, Share};
pub use view::Viewer;
