//! A piece of SQL that can be repeated and nested before it is numbered into a statement.

use crate::sql::Sql;
use kernel::Cell;
use std::borrow::Cow;

#[derive(Clone, Debug)]
enum Piece {
    /// Written by a programmer.
    Text(Cow<'static, str>),
    /// A name from the registry.
    Name(String),
    Value(Cell),
}

#[derive(Clone, Debug, Default)]
pub(super) struct Fragment(Vec<Piece>);

impl Fragment {
    pub fn add(&mut self, part: impl Part) {
        part.add_to(self);
    }
    pub fn write(&self, sql: &mut Sql) {
        for piece in &self.0 {
            match piece {
                Piece::Text(t) => sql.push(t),
                Piece::Name(n) => sql.ident(n),
                Piece::Value(v) => sql.bind(v.clone()),
            };
        }
    }
    /// `parts` with `separator` between them.
    pub fn joined(parts: Vec<Fragment>, separator: &'static str) -> Fragment {
        let mut all = Fragment::default();
        for (i, part) in parts.into_iter().enumerate() {
            if i > 0 {
                all.add(separator);
            }
            all.add(part);
        }
        all
    }
}

/// What [`sql!`] puts together.
pub(super) trait Part {
    fn add_to(self, to: &mut Fragment);
}

/// SQL text. Only a programmer's words are `'static`: nothing that came from outside can be pushed by accident.
impl Part for &'static str {
    fn add_to(self, to: &mut Fragment) {
        to.0.push(Piece::Text(Cow::Borrowed(self)));
    }
}
impl Part for Fragment {
    fn add_to(self, to: &mut Fragment) {
        to.0.extend(self.0);
    }
}
impl Part for &Fragment {
    fn add_to(self, to: &mut Fragment) {
        to.0.extend(self.0.iter().cloned());
    }
}
impl Part for Cell {
    fn add_to(self, to: &mut Fragment) {
        to.0.push(Piece::Value(self));
    }
}

/// A table or column of the registry, quoted.
pub(super) struct Named<'a>(pub &'a str);
impl Part for Named<'_> {
    fn add_to(self, to: &mut Fragment) {
        to.0.push(Piece::Name(self.0.to_owned()));
    }
}

/// The alias of a table, chosen by the compiler or its caller.
#[derive(Clone, Debug)]
pub(super) struct Alias(pub String);
impl Part for &Alias {
    fn add_to(self, to: &mut Fragment) {
        to.0.push(Piece::Text(Cow::Owned(self.0.clone())));
    }
}

/// A factor written into the text: a power of ten.
pub(super) struct Factor(pub u32);
impl Part for Factor {
    fn add_to(self, to: &mut Fragment) {
        to.0.push(Piece::Text(Cow::Owned(format!("1{}", "0".repeat(self.0 as usize)))));
    }
}

macro_rules! sql {
    ($($part:expr),* $(,)?) => {{
        let mut all = $crate::filter::fragment::Fragment::default();
        $( all.add($part); )*
        all
    }};
}
pub(super) use sql;
