//! Directories (LDAP version 3, Active Directory): who is this, is that his password, who is still there.
//!
//! - [`Settings`]: where it is and how people are found in it;
//! - [`find`], [`is_password`]: a sign-in by search and bind; [`all`]: everybody, page by page;
//! - [`trial`]: each step with its outcome, for whoever sets it up.
//!
//! Invariants: what a person types goes into a filter escaped; an empty password is never sent (a directory takes it for an
//! anonymous bind and says yes); secrets travel under TLS, in the clear only to this machine or where the settings say so;
//! the addresses called are those that `outside` has looked at.
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::indexing_slicing))]

mod connect;
mod entry;
mod settings;

pub use connect::{all, find, is_password, trial};
pub use entry::Entry;
pub use settings::{Security, Settings};

/// The steps of a conversation, in their order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// The name resolves and somebody answers there.
    Reach,
    /// TLS, with a certificate that fits.
    Encrypt,
    /// The service account signs in.
    Bind,
    /// The base exists and people are found.
    Search,
    /// Each of them has what is asked for: id, address, name.
    Read,
}

impl Step {
    pub const ALL: [Step; 5] = [Step::Reach, Step::Encrypt, Step::Bind, Step::Search, Step::Read];
    pub fn key(self) -> &'static str {
        match self {
            Step::Reach => "reach",
            Step::Encrypt => "encrypt",
            Step::Bind => "bind",
            Step::Search => "search",
            Step::Read => "read",
        }
    }
}

/// The step that failed, with words for the log and for an administrator.
#[derive(Clone, Debug)]
pub struct Failed {
    pub step: Step,
    pub why: String,
}

impl Failed {
    pub(crate) fn at(step: Step, why: impl std::fmt::Display) -> Failed {
        Failed { step, why: why.to_string() }
    }
}

impl From<Failed> for kernel::Fault {
    fn from(f: Failed) -> kernel::Fault {
        let issue = kernel::Issue::new("", format!("ldap-failed-{}", f.step.key()));
        kernel::Fault { detail: format!("directory, {}: {}", f.step.key(), f.why), ..kernel::Fault::issue(issue) }
    }
}
