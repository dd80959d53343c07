//! Which value survives.

use crate::Actor;
use indexmap::IndexMap;
use kernel::{Address, Field, Kind, Name, Object, Record, Value};
use std::cmp::Reverse;

/// From where a field of the merged record comes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    Survivor,
    Loser,
    /// Both, where a field can hold both.
    Both,
}

impl Side {
    pub fn key(self) -> &'static str {
        match self {
            Side::Survivor => "survivor",
            Side::Loser => "loser",
            Side::Both => "both",
        }
    }
    pub fn parse(text: &str) -> Option<Side> {
        [Side::Survivor, Side::Loser, Side::Both].into_iter().find(|s| s.key() == text)
    }
}

/// The field holds values of its own, for which a side can be chosen.
pub fn has_choice(f: &Field) -> bool {
    !f.kind.computed() && !f.system && !matches!(f.kind, Kind::Sequence { .. })
}

/// Both values fit into the field together.
pub fn can_both(f: &Field) -> bool {
    matches!(f.kind, Kind::MultiChoice { .. } | Kind::Refs { .. } | Kind::LongText | Kind::Name)
}

/// The side taken where nobody says: what is filled; lists and notes together; the fuller name and address; else the survivor's.
pub fn usual(f: &Field, survivor: &Value, loser: &Value) -> Side {
    if loser.is_blank() || survivor == loser {
        return Side::Survivor;
    }
    if survivor.is_blank() {
        return Side::Loser;
    }
    match (survivor, loser) {
        (Value::Ids(_), Value::Ids(_)) | (Value::List(_), Value::List(_)) => Side::Both,
        (Value::Text(_), Value::Text(_)) if matches!(f.kind, Kind::LongText) => Side::Both,
        (Value::Name(a), Value::Name(b)) => {
            if (a.ar.is_empty() && !b.ar.is_empty()) || (a.latin.is_empty() && !b.latin.is_empty()) { Side::Both } else if name_size(b) > name_size(a) { Side::Loser } else { Side::Survivor }
        }
        (Value::Address(a), Value::Address(b)) => if filled(b) > filled(a) { Side::Loser } else { Side::Survivor },
        _ => Side::Survivor,
    }
}

fn name_size(n: &Name) -> usize {
    n.ar.split_whitespace().count() + n.latin.split_whitespace().count()
}
fn filled(a: &Address) -> usize {
    a.parts().count()
}

/// Both values in one; the survivor's first.
fn together(a: &Value, b: &Value) -> Value {
    match (a, b) {
        (Value::Ids(x), Value::Ids(y)) => Value::Ids(joined(x, y)),
        (Value::List(x), Value::List(y)) => Value::List(joined(x, y)),
        (Value::Text(x), Value::Text(y)) if x.contains(y.as_str()) => Value::Text(x.clone()),
        (Value::Text(x), Value::Text(y)) => Value::Text(format!("{x}\n\n{y}")),
        // The fuller form in each script.
        (Value::Name(x), Value::Name(y)) => {
            let longer = |p: &str, q: &str| if q.split_whitespace().count() > p.split_whitespace().count() { q.to_owned() } else { p.to_owned() };
            Value::Name(Name { ar: longer(&x.ar, &y.ar), latin: longer(&x.latin, &y.latin) })
        }
        (a, b) => if a.is_blank() { b.clone() } else { a.clone() },
    }
}

fn joined<T: Clone + PartialEq>(x: &[T], y: &[T]) -> Vec<T> {
    let mut all = x.to_vec();
    all.extend(y.iter().filter(|v| !x.contains(v)).cloned());
    all
}

/// The survivor with the chosen values. A choice about a field the actor may not see or change does not count.
pub fn merged(object: &Object, actor: &Actor, survivor: &Record, loser: &Record, choices: &IndexMap<String, Side>) -> Record {
    let mut after = survivor.clone();
    for f in object.fields.iter().filter(|f| has_choice(f)) {
        let (a, b) = (survivor.get(&f.key), loser.get(&f.key));
        let free = f.writable() && (actor.is_system() || actor.policy.writes(&object.key, &f.key));
        let side = choices.get(&f.key).copied().filter(|_| free).unwrap_or_else(|| usual(f, a, b));
        let value = match side {
            Side::Survivor => continue,
            Side::Loser => b.clone(),
            Side::Both => together(a, b),
        };
        after.values.insert(f.key.clone(), value);
    }
    after
}

/// Which of two should stay unless somebody says otherwise: the one that knows more, then the older.
pub fn fuller<'a>(object: &Object, a: &'a Record, b: &'a Record) -> (&'a Record, &'a Record) {
    let size = |r: &Record| object.fields.iter().filter(|f| has_choice(f) && !r.get(&f.key).is_blank()).count();
    if (Reverse(size(a)), a.id) <= (Reverse(size(b)), b.id) { (a, b) } else { (b, a) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use kernel::label;

    #[test]
    fn cust_1_the_usual_choice() {
        let field = |kind| Field::new("x", kind, label("س", "X"));
        let name = |ar: &str, latin: &str| Value::Name(Name::new(ar, latin));
        let text = |t: &str| Value::Text(t.into());
        assert_eq!(usual(&field(Kind::Phone), &text("1"), &Value::Null), Side::Survivor);
        assert_eq!(usual(&field(Kind::Phone), &Value::Null, &text("1")), Side::Loser);
        assert_eq!(usual(&field(Kind::Phone), &text("2"), &text("1")), Side::Survivor);
        assert_eq!(usual(&field(Kind::LongText), &text("2"), &text("1")), Side::Both);
        assert_eq!(usual(&field(Kind::Name), &name("خالد العتيبي", ""), &name("خالد سعد العتيبي", "")), Side::Loser);
        assert_eq!(usual(&field(Kind::Name), &name("خالد العتيبي", ""), &name("", "Khalid Al-Otaibi")), Side::Both);
        assert_eq!(together(&name("خالد العتيبي", ""), &name("", "Khalid Al-Otaibi")), name("خالد العتيبي", "Khalid Al-Otaibi"));
        assert_eq!(together(&text("ملاحظة"), &text("ملاحظة")), text("ملاحظة"));
    }
}
