//! Whose record it is: teams, what stands below them, shares. Each is one set that does not depend on the row, so
//! that an index on the owner (or the primary key) serves the rule, also beside others under OR.

use super::fragment::{Alias, Fragment, Named, sql};
use super::{Compiler, truth};
use kernel::expr::{Node, Typed};
use kernel::{Cell, Outcome, Value};
use kernel::uuid::Uuid;

impl Compiler<'_> {
    /// The person a rule names, else the acting user.
    pub(super) fn who(&self, named: Option<&Typed>) -> Option<Uuid> {
        match named.map(|n| &n.node) {
            Some(Node::Lit(Value::Ids(ids))) => ids.first().copied(),
            _ => self.env.me,
        }
    }

    /// The members of the teams of `me`, the leads and members of those he leads and of all teams below them.
    pub(super) fn colleagues_below(&self, me: Uuid) -> Fragment {
        let mates = sql!(
            "SELECT mate.user_id FROM sila_team_member mate JOIN sila_team_member mine ",
            "ON mine.team_id = mate.team_id WHERE mine.user_id = ",
            Cell::Id(me)
        );
        let declared = self.registry.find("team").is_some_and(|t| t.get("lead").is_some() && t.get("parent").is_some());
        if !declared {
            return mates;
        }
        // A circle of teams ends by itself: UNION keeps each once.
        sql!(
            "WITH RECURSIVE below(id, lead) AS (SELECT id, lead FROM team WHERE deleted_at IS NULL AND lead = ",
            Cell::Id(me),
            " UNION SELECT c.id, c.lead FROM team c JOIN below b ON c.parent = b.id WHERE c.deleted_at IS NULL) ",
            mates,
            " UNION ALL SELECT m.user_id FROM sila_team_member m JOIN below ON below.id = m.team_id",
            " UNION ALL SELECT below.lead FROM below WHERE below.lead IS NOT NULL"
        )
    }

    /// `shared_with_me(id, level)`: the ids of what is shared with the person or a team of his, today.
    pub(super) fn shared(&mut self, args: &[Typed], at: &Alias) -> Outcome<Fragment> {
        let [record, level, rest @ ..] = args else { return Ok(truth(false)) };
        let (Some(me), Node::Lit(Value::Int(level)), kernel::expr::Type::Id(object)) = (self.who(rest.first()), &level.node, &record.ty) else {
            return Ok(truth(false));
        };
        let id = self.value(record, at)?.main;
        Ok(sql!(
            id,
            " IN (SELECT share.record_id FROM sila_share share WHERE share.object = ",
            Cell::from(object.as_str()),
            " AND share.level >= ",
            Cell::Int(*level),
            " AND share.revoked_at IS NULL AND (share.until_at IS NULL OR share.until_at > ",
            Cell::Int(self.env.now.as_microsecond()),
            ") AND (share.with_id = ",
            Cell::Id(me),
            " OR share.with_id IN (SELECT mine.team_id FROM sila_team_member mine WHERE mine.user_id = ",
            Cell::Id(me),
            ")))"
        ))
    }

    /// `exists(…, user == me())`: the few children that name one person are found first, and the rows by them.
    pub(super) fn found_by_children(&mut self, child: &str, via: &str, cond: &Typed, one: Fragment) -> Outcome<Fragment> {
        let c = self.alias();
        let mut all = sql!(one, " IN (SELECT ", &c, ".", Named(via), " FROM ", Named(child), " ", &c, " WHERE ", &c, ".\"deleted_at\" IS NULL");
        if let Some(rule) = self.rule(child, &c)? {
            all.add(sql!(" AND ", rule));
        }
        all.add(sql!(" AND ", &c, ".", Named(via), " IS NOT NULL AND ", self.condition(cond, &c)?, ")"));
        Ok(all)
    }
}

/// `me()` as nobody in particular, or a person by his id.
pub(super) fn person(e: &Typed) -> Option<Option<Uuid>> {
    match &e.node {
        Node::Call(kernel::expr::Func::Me, _) => Some(None),
        Node::Lit(Value::Id(id)) => Some(Some(*id)),
        _ => None,
    }
}

/// The condition names one record of another object: few children fit it.
pub(super) fn names_one(cond: &Typed, known: &impl Fn(&Typed) -> bool) -> bool {
    use kernel::expr::{Leaf, Op, Path, Type};
    let own = |e: &Typed| matches!(&e.node, Node::Path(Path { hops, leaf: Leaf::Field { .. } }) if hops.is_empty()) && matches!(e.ty, Type::Id(_));
    match &cond.node {
        Node::Bin(Op::And, l, r) => names_one(l, known) || names_one(r, known),
        Node::Bin(Op::Eq, l, r) => (own(l) && known(r)) || (own(r) && known(l)),
        _ => false,
    }
}
