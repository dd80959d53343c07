//! Conditions on what a record is linked with: lists of references, children, what a reference leads to.

use super::fragment::{Alias, Fragment, Named, sql};
use super::{Compiler, no_sql_form, truth};
use kernel::expr::{Leaf, Node, Path, Typed};
use kernel::{Cell, Kind, Outcome, Value};

impl Compiler<'_> {
    pub(super) fn has(&mut self, args: &[Typed], at: &Alias) -> Outcome<Fragment> {
        let [list, item] = args else { return Ok(truth(false)) };
        let known = self.known(item);
        if let Some(Value::Id(target)) = &known
            && let Node::Path(Path { hops, leaf: Leaf::Field { object, field, kind: Kind::Refs { object: of }, .. } }) = &list.node
            && hops.is_empty()
            && of != "user"
        {
            // A person of a customer stands in few records among many: they are found by the index of links. A user may
            // stand in most, and is asked for in rules beside other ways to see a record: there each row is looked into.
            return Ok(sql!(
                at, ".\"id\" IN (SELECT record_id FROM sila_link WHERE object = ", Cell::from(object.as_str()), " AND field = ", Cell::from(field.as_str()),
                " AND target_id = ", Cell::Id(*target), ")"
            ));
        }
        let item = match known {
            Some(Value::Text(key)) => key,
            Some(Value::Id(id)) => id.to_string(),
            Some(_) => return Ok(truth(false)),
            None => return Err(no_sql_form("has(…, …)")),
        };
        let list = self.value(list, at)?.main;
        Ok(self.has_inside(list, format!("|{item}|")))
    }

    pub(super) fn exists(&mut self, child: &str, via: &str, many: bool, cond: Option<&Typed>, at: &Alias) -> Outcome<Fragment> {
        let c = self.alias();
        let mut all = if many {
            let link = self.alias();
            sql!(
                "EXISTS (SELECT 1 FROM sila_link ",
                &link,
                " JOIN ",
                Named(child),
                " ",
                &c,
                " ON ",
                &c,
                ".\"id\" = ",
                &link,
                ".record_id WHERE ",
                &link,
                ".object = ",
                Cell::from(child),
                " AND ",
                &link,
                ".field = ",
                Cell::from(via),
                " AND ",
                &link,
                ".target_id = ",
                at,
                ".\"id\" AND ",
                &c,
                ".\"deleted_at\" IS NULL"
            )
        } else {
            sql!(
                "EXISTS (SELECT 1 FROM ",
                Named(child),
                " ",
                &c,
                " WHERE ",
                &c,
                ".",
                Named(via),
                " = ",
                at,
                ".\"id\" AND ",
                &c,
                ".\"deleted_at\" IS NULL"
            )
        };
        if let Some(rule) = self.rule(child, &c)? {
            all.add(sql!(" AND ", rule));
        }
        if let Some(cond) = cond {
            all.add(sql!(" AND ", self.condition(cond, &c)?));
        }
        all.add(")");
        Ok(all)
    }

    /// A condition on what a reference leads to, as `EXISTS`: databases turn it into a join.
    pub(super) fn through(&mut self, path: &Path, inner: &Typed, at: &Alias) -> Outcome<Fragment> {
        let (tables, wheres, last) = self.walk(&path.hops, at)?;
        let condition = self.condition(inner, &last)?;
        Ok(sql!("EXISTS (SELECT 1 FROM ", tables, " WHERE ", wheres, " AND ", condition, ")"))
    }
}
