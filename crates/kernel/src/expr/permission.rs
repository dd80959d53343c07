//! `may_contact(channel, purpose)`: written out over the party's `permissions`, so that both back ends have it.

use super::{Expr, Op};
use crate::fault::{Fault, Issue, Outcome};
use crate::value::Value;

/// `exists(permissions, channel == … && purpose.code == … && state == "given" && (until == null || until > now()))`
pub(super) fn in_force(args: &[Expr]) -> Outcome<Expr> {
    let [channel @ Expr::Lit(Value::Text(_)), purpose @ Expr::Lit(Value::Text(_))] = args else {
        let wrong = Issue::new("", "expr-argument").arg("name", "may_contact").arg("position", 1).arg("wanted", "\"email\"").arg("type", "?");
        return Err(Fault::issue(wrong));
    };
    let path = |names: &[&str]| Box::new(Expr::Path(names.iter().map(|n| (*n).to_owned()).collect()));
    let is = |names: &[&str], value: Expr| Expr::Bin(Op::Eq, path(names), Box::new(value));
    let later = Expr::Bin(Op::Gt, path(&["until"]), Box::new(Expr::Call("now".into(), Vec::new())));
    let cond = is(&["channel"], channel.clone())
        .and(is(&["purpose", "code"], purpose.clone()))
        .and(is(&["state"], Expr::Lit(Value::from("given"))))
        .and(is(&["until"], Expr::Lit(Value::Null)).or(later));
    Ok(Expr::Exists("permissions".into(), Some(Box::new(cond))))
}
