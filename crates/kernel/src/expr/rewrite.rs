//! Expressions seen from elsewhere: by another person, or through a reference.

use super::Expr;
use crate::value::Value;
use uuid::Uuid;

impl Expr {
    /// The condition as it is for `who`, whoever acts: `me()` is he, his teams and what is shared with him are meant.
    /// The person stands as a list of one, which no text can be parsed into: nobody asks about others by typing.
    #[must_use]
    pub fn seen_by(&self, who: Uuid) -> Expr {
        match self {
            Expr::Call(name, args) if name == "me" && args.is_empty() => Expr::Lit(Value::Id(who)),
            Expr::Call(name, args)
                if matches!(name.as_str(), "in_my_teams" | "in_my_teams_below" | "shared_with_me") =>
            {
                let mut args: Vec<Expr> = args.iter().map(|a| a.seen_by(who)).collect();
                if !matches!(args.last(), Some(Expr::Lit(Value::Ids(_)))) {
                    args.push(Expr::Lit(Value::Ids(vec![who])));
                }
                Expr::Call(name.clone(), args)
            }
            other => other.rebuilt(&|e| e.seen_by(who)),
        }
    }

    /// What the condition says of the record that `reference` leads to: `owner == me()` becomes `order.owner == me()`.
    #[must_use]
    pub fn through(&self, reference: &str) -> Expr {
        match self {
            Expr::Path(path) => Expr::Path(std::iter::once(reference.to_owned()).chain(path.iter().cloned()).collect()),
            // What is asked of the members of a list is asked of them.
            Expr::Exists(list, cond) => Expr::Exists(format!("{reference}.{list}"), cond.clone()),
            other => other.rebuilt(&|e| e.through(reference)),
        }
    }

    /// The same node with each direct part replaced.
    fn rebuilt(&self, part: &impl Fn(&Expr) -> Expr) -> Expr {
        let boxed = |e: &Expr| Box::new(part(e));
        match self {
            Expr::Lit(_) | Expr::Path(_) | Expr::Exists(_, None) => self.clone(),
            Expr::Not(e) => Expr::Not(boxed(e)),
            Expr::Neg(e) => Expr::Neg(boxed(e)),
            Expr::Exists(list, Some(e)) => Expr::Exists(list.clone(), Some(boxed(e))),
            Expr::Bin(op, a, b) => Expr::Bin(*op, boxed(a), boxed(b)),
            Expr::In(e, items) => Expr::In(boxed(e), items.iter().map(part).collect()),
            Expr::If(a, b, c) => Expr::If(boxed(a), boxed(b), boxed(c)),
            Expr::Call(name, args) => Expr::Call(name.clone(), args.iter().map(part).collect()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn conditions_through_a_reference() {
        for (own, through) in [
            ("owner == me() || in_my_teams(owner)", "order.owner == me() || in_my_teams(order.owner)"),
            ("exists(account_members, user == me())", "exists(order.account_members, user == me())"),
            ("shared_with_me(id, 1) && !(rev > 5)", "shared_with_me(order.id, 1) && !(order.rev > 5)"),
        ] {
            assert_eq!(Expr::parse(own).unwrap().through("order").to_string(), through);
        }
    }

    #[test]
    fn conditions_of_somebody_else() {
        let who = Uuid::from_u128(7);
        let seen = Expr::parse("owner == me() || in_my_teams(owner)").unwrap().seen_by(who);
        let Expr::Bin(_, mine, teams) = &seen else { panic!("{seen}") };
        assert_eq!(mine.to_string(), format!("owner == id(\"{who}\")"));
        assert_eq!(
            **teams,
            Expr::Call("in_my_teams".into(), vec![Expr::path("owner"), Expr::Lit(Value::Ids(vec![who]))])
        );
        // Whoever looks on after that, it stays his.
        assert_eq!(seen.seen_by(Uuid::from_u128(8)), seen);
    }
}
