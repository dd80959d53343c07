//! A mapping checked against the declarations and the headings of a file: what to evaluate for each line.

use super::beside::{self, Beside, What};
use super::mapping::{Assign, Blank, External, Mapping, Mode, Reference, Transform};
use crate::{Actor, Company};
use kernel::expr::{Expr, Typed, Wanted};
use kernel::parse::Ctx;
use kernel::{Fault, Field, Issue, Kind, Label, Object, Outcome, Registry};
use std::collections::HashMap;
use std::sync::Arc;

/// Where a cell's text comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    Column(usize),
    /// The number of the line.
    Row,
}

#[derive(Clone, Debug)]
pub(crate) enum Origin {
    Place(Place),
    Const(String),
    Expr(Box<Typed>),
}

/// What a text or value is written to.
#[derive(Clone, Debug)]
pub(crate) struct Setter {
    pub field: Field,
    /// Of a name, an amount or an address: only this part.
    pub part: Option<String>,
    pub from: Origin,
    pub transform: Vec<Transform>,
    /// What an issue of it is shown beside: the target as written.
    pub target: String,
}

/// How a record is found.
#[derive(Clone, Debug)]
pub(crate) enum Key {
    /// Each line makes a record of its own.
    None,
    External { system: String, places: Vec<Place> },
    /// The record's id here.
    Id(Place),
    /// These fields together.
    Fields(Vec<String>),
    /// An id, a code or a title, as one cell says.
    Words(Origin, Vec<Transform>),
}

/// The record of one object that a line makes or names.
#[derive(Clone, Debug)]
pub(crate) struct Node {
    /// `""` for the object of the import, else `order`, `order.party`.
    pub path: String,
    pub object: Arc<Object>,
    /// The reference field of the parent, and the parent's place among the nodes.
    pub parent: Option<(usize, Field)>,
    pub key: Key,
    pub create: bool,
    pub update: bool,
    pub setters: Vec<Setter>,
}

/// A compiled mapping. `nodes` are ordered so that each stands before those that refer to it; the last is the import's object.
pub(crate) struct Plan {
    pub mode: Mode,
    pub blank: Blank,
    pub alike: super::mapping::Alike,
    pub trusted: bool,
    pub ctx: Ctx,
    pub clean: HashMap<usize, Vec<Transform>>,
    pub nodes: Vec<Node>,
    /// Keys in other systems and parts of the import's own records.
    pub beside: Vec<Beside>,
}

/// What a line looks like to an expression: `c0` … texts, `n0` … numbers, `m0` … instants, `row`.
fn line_object(columns: usize) -> Object {
    let l = || Label::owned("عمود", "Column");
    let mut object = Object::new("line", "", l(), l());
    for i in 0..columns {
        object.fields.push(Field::new(format!("c{i}"), Kind::LongText, l()));
        object.fields.push(Field::new(format!("n{i}"), Kind::Decimal { scale: 6 }, l()));
        object.fields.push(Field::new(format!("m{i}"), Kind::DateTime, l()));
    }
    object.fields.push(Field::new("row", Kind::Integer, l()));
    object
}

struct Compiler<'a> {
    registry: Arc<Registry>,
    headings: &'a [String],
    mapping: &'a Mapping,
    actor: &'a Actor,
    nodes: Vec<Node>,
    beside: Vec<Beside>,
    issues: Vec<Issue>,
}

impl Plan {
    /// # Errors
    /// Invalid: every part of the mapping that does not fit, each with its target or column as field.
    pub fn compile(company: &Company, actor: &Actor, mapping: &Mapping, headings: &[String]) -> Outcome<Plan> {
        let registry = company.registry();
        let object = registry.object(&mapping.object)?.clone();
        if mapping.trusted {
            actor.must_administer()?;
        }
        let mut c = Compiler { registry, headings, mapping, actor, nodes: Vec::new(), beside: Vec::new(), issues: Vec::new() };
        c.nodes.push(Node {
            path: String::new(),
            object,
            parent: None,
            key: Key::None,
            create: mapping.mode != Mode::Update,
            update: mapping.mode != Mode::Create,
            setters: Vec::new(),
        });
        for assign in &mapping.fields {
            if let Err(issue) = c.assign(assign) {
                let field = if issue.field.is_empty() { assign.target.clone() } else { issue.field.clone() };
                c.issues.push(Issue { field, ..issue });
            }
        }
        c.keys();
        let mut clean = HashMap::new();
        for (column, transforms) in &mapping.clean {
            match c.place(column) {
                Ok(Place::Column(i)) => {
                    clean.insert(i, transforms.clone());
                }
                Ok(Place::Row) => {}
                Err(issue) => c.issues.push(issue),
            }
        }
        for path in mapping.references.keys() {
            if !c.nodes.iter().any(|n| n.path == *path) {
                c.issues.push(Issue::new(path.clone(), "import-unused-reference").arg("name", path));
            }
        }
        if c.issues.is_empty() && c.nodes.len() == 1 && c.beside.is_empty() && c.nodes.iter().all(|n| n.setters.is_empty()) {
            c.issues.push(Issue::new("", "import-nothing-mapped"));
        }
        let ctx = context(company, actor, mapping, &mut c.issues);
        Fault::check(c.issues)?;
        Ok(Plan { mode: mapping.mode, blank: mapping.blank, alike: mapping.alike, trusted: mapping.trusted, ctx, clean, nodes: ordered(c.nodes), beside: c.beside })
    }

    /// The tables that grow with an import by this plan.
    pub fn tables(&self) -> Vec<&str> {
        let mut tables: Vec<&str> = self.nodes.iter().map(|n| n.object.key.as_str()).collect();
        tables.extend(self.beside.iter().filter_map(|b| if let What::Part { list, .. } = &b.what { Some(list.object.key.as_str()) } else { None }));
        tables.extend(["sila_external", "sila_search", "sila_timeline", "sila_import_row"]);
        tables.sort_unstable();
        tables.dedup();
        tables
    }

    pub fn root(&self) -> Option<&Node> {
        self.nodes.last()
    }
}

fn context(company: &Company, actor: &Actor, mapping: &Mapping, issues: &mut Vec<Issue>) -> Ctx {
    let settings = company.settings();
    let pick = |given: &str, own: &str| if given.is_empty() { own.to_owned() } else { given.to_owned() };
    let zone = pick(&mapping.zone, &settings.zone);
    let tz = jiff::tz::TimeZone::get(&zone).unwrap_or_else(|_| {
        issues.push(Issue::new("zone", "import-unknown-zone").arg("name", &zone));
        jiff::tz::TimeZone::UTC
    });
    let currency = pick(&mapping.currency, &settings.currency);
    if !text::money::is_code(&currency) {
        issues.push(Issue::new("currency", "value-unknown-currency"));
    }
    Ctx { country: pick(&mapping.country, &settings.country), currency, lang: actor.locale.lang, zone: tz }
}

/// Deepest first, so that every record is there before it is referred to; the root comes last.
fn ordered(nodes: Vec<Node>) -> Vec<Node> {
    let depth = |n: &Node| if n.path.is_empty() { 0 } else { n.path.matches('.').count() + 1 };
    let mut order: Vec<usize> = (0..nodes.len()).collect();
    order.sort_by_key(|i| std::cmp::Reverse(nodes.get(*i).map_or(0, depth)));
    let mut place = vec![0; nodes.len()];
    for (new, old) in order.iter().enumerate() {
        if let Some(p) = place.get_mut(*old) {
            *p = new;
        }
    }
    let mut slots: Vec<Option<Node>> = nodes.into_iter().map(Some).collect();
    order
        .into_iter()
        .filter_map(|old| slots.get_mut(old).and_then(Option::take))
        .map(|mut n| {
            if let Some((parent, _)) = &mut n.parent {
                *parent = place.get(*parent).copied().unwrap_or_default();
            }
            n
        })
        .collect()
}

impl Compiler<'_> {
    fn place(&self, column: &str) -> Result<Place, Issue> {
        if column == "#row" {
            return Ok(Place::Row);
        }
        self.headings
            .iter()
            .position(|h| h == column)
            .or_else(|| self.headings.iter().position(|h| h.trim().eq_ignore_ascii_case(column.trim())))
            .map(Place::Column)
            .ok_or_else(|| Issue::new(column, "import-unknown-column").arg("name", column))
    }

    fn from(&self, assign: &Assign) -> Result<Origin, Issue> {
        match (&assign.column, &assign.expr, &assign.value) {
            (Some(column), None, None) => Ok(Origin::Place(self.place(column)?)),
            (None, Some(expr), None) => {
                let line = line_object(self.headings.len());
                let parsed = Expr::parse(expr).and_then(|e| {
                    let e = self.columns(&e).map_err(Fault::issue)?;
                    kernel::expr::check_expr(&self.registry, &line, &e, Wanted::Any)
                });
                parsed.map(|e| Origin::Expr(Box::new(e))).map_err(|f| {
                    f.issues.into_iter().next().unwrap_or_else(|| Issue::new(assign.target.clone(), "import-bad-mapping"))
                })
            }
            (None, None, Some(value)) => Ok(Origin::Const(value.clone())),
            _ => Err(Issue::new(assign.target.clone(), "import-one-source")),
        }
    }

    /// `col("Name")`, `num("Name")`, `moment("Name")` and `row()` become the fields of the line.
    fn columns(&self, e: &Expr) -> Result<Expr, Issue> {
        let all = |items: &[Expr]| items.iter().map(|i| self.columns(i)).collect::<Result<Vec<_>, _>>();
        let boxed = |e: &Expr| self.columns(e).map(Box::new);
        Ok(match e {
            Expr::Call(name, args) if name == "row" && args.is_empty() => Expr::path("row"),
            Expr::Call(name, args) if matches!(name.as_str(), "col" | "num" | "moment") => {
                let [Expr::Lit(kernel::Value::Text(column))] = args.as_slice() else {
                    return Err(Issue::new("", "import-column-name").arg("name", name));
                };
                match self.place(column)? {
                    Place::Row => Expr::path("row"),
                    Place::Column(i) => {
                        let letter = name.chars().next().unwrap_or('c');
                        Expr::Path(vec![format!("{letter}{i}")])
                    }
                }
            }
            Expr::Path(names) => {
                return Err(Issue::new("", "import-no-field-here").arg("name", names.join(".")));
            }
            Expr::Lit(_) => e.clone(),
            Expr::Not(e) => Expr::Not(boxed(e)?),
            Expr::Neg(e) => Expr::Neg(boxed(e)?),
            Expr::Bin(op, a, b) => Expr::Bin(*op, boxed(a)?, boxed(b)?),
            Expr::In(e, items) => Expr::In(boxed(e)?, all(items)?),
            Expr::If(a, b, c) => Expr::If(boxed(a)?, boxed(b)?, boxed(c)?),
            Expr::Call(name, args) => Expr::Call(name.clone(), all(args)?),
            Expr::Exists(list, _) => return Err(Issue::new("", "import-no-field-here").arg("name", list)),
        })
    }

    fn assign(&mut self, assign: &Assign) -> Result<(), Issue> {
        let unknown = || Issue::new(assign.target.clone(), "import-unknown-target").arg("name", &assign.target);
        let from = self.from(assign)?;
        let names: Vec<&str> = assign.target.split('.').collect();
        if let Some(what) = self.nodes.first().and_then(|n| beside::meaning(&self.registry, &n.object, &names)) {
            return self.beside(what, from, assign);
        }
        let mut node = 0;
        let mut rest = names.as_slice();
        loop {
            let object = self.nodes.get(node).map(|n| n.object.clone()).ok_or_else(unknown)?;
            let (name, after) = rest.split_first().ok_or_else(unknown)?;
            match (*name, after) {
                ("external_id", []) => return self.own_key(node, |system, place| Key::External { system, places: vec![place] }, &from),
                ("id", []) => return self.own_key(node, |_, place| Key::Id(place), &from),
                _ => {}
            }
            let hidden = self.actor.mask(&object.key, name) == Some(kernel::Mask::Hidden);
            let field = object.fields.iter().find(|f| f.key == *name && !hidden).cloned().ok_or_else(unknown)?;
            match (&field.kind, after) {
                (Kind::Ref { object: target } | Kind::Refs { object: target }, []) => {
                    let child = self.child(node, &field, target)?;
                    self.writable(&object, &field)?;
                    if let Some(n) = self.nodes.get_mut(child)
                        && matches!(n.key, Key::None)
                    {
                        n.key = Key::Words(from, assign.transform.clone());
                        // Found by a word, made only where the mapping says so.
                        n.create = self.mapping.references.get(&n.path).is_some_and(|r| r.create);
                    }
                    return Ok(());
                }
                (Kind::Ref { object: target }, _) => {
                    self.writable(&object, &field)?;
                    node = self.child(node, &field, target)?;
                    rest = after;
                }
                (kind, after) => {
                    let part = match after {
                        [] => None,
                        [part] if has_part(kind, part) => Some((*part).to_owned()),
                        _ => return Err(unknown()),
                    };
                    self.writable(&object, &field)?;
                    let target = assign.target.clone();
                    let setter = Setter { field, part, from, transform: assign.transform.clone(), target };
                    let n = self.nodes.get_mut(node).ok_or_else(unknown)?;
                    if n.setters.iter().any(|s| s.target == setter.target) {
                        return Err(Issue::new(assign.target.clone(), "import-target-twice").arg("name", &assign.target));
                    }
                    n.setters.push(setter);
                    return Ok(());
                }
            }
        }
    }

    /// A key in another system, or a part of the record.
    fn beside(&mut self, what: What, from: Origin, assign: &Assign) -> Result<(), Issue> {
        if let What::Part { list, .. } = &what
            && !(self.actor.may(&list.object, &kernel::Verb::Create) && self.actor.policy.writes(&list.object.key, &list.value.key))
        {
            return Err(Issue::new(assign.target.clone(), "import-not-writable").arg("name", &assign.target));
        }
        if self.beside.iter().any(|b| b.target == assign.target) {
            return Err(Issue::new(assign.target.clone(), "import-target-twice").arg("name", &assign.target));
        }
        self.beside.push(Beside { what, from, transform: assign.transform.clone(), target: assign.target.clone() });
        Ok(())
    }

    fn writable(&self, object: &Object, field: &Field) -> Result<(), Issue> {
        let own = field.writable() || (self.mapping.trusted && !field.kind.computed() && !field.system);
        if own && self.actor.policy.writes(&object.key, &field.key) {
            Ok(())
        } else {
            Err(Issue::new(field.key.clone(), "import-not-writable").arg("name", &field.key))
        }
    }

    /// A target `….external_id` or `….id`: the column is the record's key.
    fn own_key(&mut self, node: usize, key: impl Fn(String, Place) -> Key, from: &Origin) -> Result<(), Issue> {
        let Origin::Place(place) = from else { return Err(Issue::new("", "import-key-needs-column")) };
        let system = self.mapping.external.as_ref().map_or_else(|| "import".to_owned(), |e| e.system.clone());
        if let Some(n) = self.nodes.get_mut(node) {
            n.key = key(system, *place);
        }
        Ok(())
    }

    fn child(&mut self, parent: usize, via: &Field, target: &str) -> Result<usize, Issue> {
        let base = self.nodes.get(parent).map(|n| n.path.clone()).unwrap_or_default();
        let path = if base.is_empty() { via.key.clone() } else { format!("{base}.{}", via.key) };
        if let Some(i) = self.nodes.iter().position(|n| n.path == path) {
            return Ok(i);
        }
        let unknown = || Issue::new(path.clone(), "import-unknown-target").arg("name", &path);
        if path.matches('.').count() > 3 {
            return Err(unknown());
        }
        let object = self.registry.find(target).filter(|o| self.actor.may(o, &kernel::Verb::Read)).cloned().ok_or_else(unknown)?;
        let options = self.mapping.references.get(&path).cloned().unwrap_or_default();
        self.nodes.push(Node {
            path,
            object,
            parent: Some((parent, via.clone())),
            key: Key::None,
            create: options.create,
            update: options.update,
            setters: Vec::new(),
        });
        Ok(self.nodes.len() - 1)
    }

    /// Decides for each node how its record is found.
    fn keys(&mut self) {
        for i in 0..self.nodes.len() {
            let Some(node) = self.nodes.get(i) else { continue };
            let path = node.path.clone();
            let (match_on, external) = if path.is_empty() {
                (self.mapping.match_on.clone(), self.mapping.external.clone())
            } else {
                let r: Option<&Reference> = self.mapping.references.get(&path);
                (r.map(|r| r.match_on.clone()).unwrap_or_default(), r.and_then(|r| r.external.clone()))
            };
            let found = self.key(node, &match_on, external.as_ref());
            match found {
                Ok(Some(key)) => {
                    if let Some(n) = self.nodes.get_mut(i) {
                        n.key = key;
                    }
                }
                Ok(None) => {}
                Err(issue) => self.issues.push(issue),
            }
            let Some(node) = self.nodes.get(i) else { continue };
            if matches!(node.key, Key::None) && (!path.is_empty() || self.mapping.mode == Mode::Update) {
                self.issues.push(Issue::new(path.clone(), "import-needs-key").arg("name", node.object.label.get(self.actor.lang())));
            }
        }
    }

    fn key(&self, node: &Node, match_on: &[String], external: Option<&External>) -> Result<Option<Key>, Issue> {
        if let [only] = match_on
            && only == "id"
        {
            return match node.key {
                Key::Id(_) => Ok(None),
                _ => Err(Issue::new(node.path.clone(), "import-key-needs-column")),
            };
        }
        if !match_on.is_empty() && match_on != ["external"] {
            for name in match_on {
                // Whether a line finds its record would tell a withheld value.
                if !self.actor.sees(&node.object.key, name) {
                    return Err(Issue::new(name.clone(), "import-key-not-mapped").arg("name", name));
                }
                let reference = self.nodes.iter().any(|n| {
                    n.parent.as_ref().is_some_and(|(p, f)| f.key == *name && self.nodes.get(*p).is_some_and(|p| p.path == node.path))
                });
                if !reference && !node.setters.iter().any(|s| s.field.key == *name) {
                    return Err(Issue::new(name.clone(), "import-key-not-mapped").arg("name", name));
                }
                if node.setters.iter().any(|s| s.field.key == *name && s.part.is_some()) {
                    return Err(Issue::new(name.clone(), "import-key-is-part").arg("name", name));
                }
            }
            return Ok(Some(Key::Fields(match_on.to_vec())));
        }
        if let Some(external) = external {
            let places = external.columns.iter().map(|c| self.place(c)).collect::<Result<Vec<_>, _>>()?;
            if places.is_empty() || external.system.is_empty() {
                return Err(Issue::new(node.path.clone(), "import-key-needs-column"));
            }
            return Ok(Some(Key::External { system: external.system.clone(), places }));
        }
        if !matches!(node.key, Key::None) || node.path.is_empty() {
            return Ok(None);
        }
        // A referenced record without a word on how to find it: by its unique field, else by its title.
        let whole = |f: &Field| self.actor.sees(&node.object.key, &f.key) && node.setters.iter().any(|s| s.field.key == f.key && s.part.is_none());
        let by = node.object.fields.iter().find(|f| f.unique && whole(f)).or_else(|| node.object.title_field().filter(|f| whole(f)));
        Ok(by.map(|f| Key::Fields(vec![f.key.clone()])))
    }
}

pub(crate) fn has_part(kind: &Kind, part: &str) -> bool {
    match kind {
        Kind::Name => matches!(part, "ar" | "latin"),
        Kind::Money => matches!(part, "amount" | "currency"),
        Kind::Address => ADDRESS_PARTS.contains(&part),
        _ => false,
    }
}

pub(crate) const ADDRESS_PARTS: [&str; 6] = ["street", "district", "city", "region", "postcode", "country"];
