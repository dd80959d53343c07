use super::*;
use crate::expr::Expr;
use crate::{Field, Kind, Object, Value, label};
use std::collections::BTreeSet;
use uuid::Uuid;

fn object(owner: Option<&str>) -> Object {
    let l = || label("اسم", "Name");
    let o = Object::new("order", "m", l(), l()).field(Field::new("owner", Kind::to("user"), l()));
    Object { owner: owner.map(String::from), ..o }
}

fn policy(grants: Vec<Grant>) -> Policy {
    Policy::of(&[Role { key: "r".into(), label: label("دور", "Role"), grants, admin: false }])
}

/// The rule as text; `-` for none at all.
fn rule(policy: &Policy, object: &Object, verb: &Verb) -> String {
    policy.rule(object, verb).unwrap().map_or("-".into(), |e| e.to_string())
}

#[test]
fn rules_are_the_union_of_grants_and_never_wider_than_reading() {
    let (own, team, all) = (RowRule::Own, RowRule::Team, RowRule::All);
    let big = || RowRule::Where("rev > 5".into());
    let update = || Verb::Update;
    let mine = "owner == me()";
    for (grants, verb, want) in [
        (vec![], Verb::Read, "-"),
        (vec![Grant::read("order", all.clone())], Verb::Read, "true"),
        (vec![Grant::read("party", all.clone())], Verb::Read, "-"),
        (vec![Grant::read("*", own.clone())], Verb::Read, mine),
        (vec![Grant::read("order", team)], Verb::Read, "owner == me() || in_my_teams(owner)"),
        (vec![Grant::read("order", own.clone()), Grant::read("*", own.clone())], Verb::Read, mine),
        (vec![Grant::read("order", own.clone()), Grant::read("*", big())], Verb::Read, "owner == me() || rev > 5"),
        (vec![Grant::read("order", own.clone()), Grant::read("*", all.clone())], Verb::Read, "true"),
        (vec![Grant::read("order", all.clone())], update(), "-"),
        (vec![Grant::new("order", [update()], all.clone())], update(), "-"),
        (vec![Grant::read("order", own.clone()), Grant::new("order", [update()], all.clone())], update(), mine),
        (
            vec![Grant::read("order", own.clone()), Grant::new("order", [update()], big())],
            update(),
            "owner == me() && rev > 5",
        ),
        (vec![Grant::full("order", own.clone())], Verb::Act("confirm".into()), mine),
        (vec![Grant::read("order", own)], Verb::Act("confirm".into()), "-"),
    ] {
        assert_eq!(rule(&policy(grants.clone()), &object(Some("owner")), &verb), want, "{grants:?} {verb:?}");
    }
    // Nobody owns it: only a rule for all rows reaches it.
    assert_eq!(rule(&policy(vec![Grant::full("order", RowRule::Own)]), &object(None), &Verb::Read), "-");
    // A rule that cannot be read allows nothing.
    let broken = policy(vec![Grant::read("order", RowRule::Where("owner ==".into()))]);
    assert!(broken.rule(&object(Some("owner")), &Verb::Read).is_err());
    assert!(!broken.may(&object(Some("owner")), &Verb::Read));
}

#[test]
fn what_is_private_stays_private_for_administrators_too() {
    let private = object(Some("owner")).visible("rev > 5");
    let mut admin = policy(vec![Grant::full("*", RowRule::All)]);
    admin.admin = true;
    assert_eq!(rule(&admin, &private, &Verb::Read), "rev > 5");
    assert_eq!(
        rule(&policy(vec![Grant::full("order", RowRule::Own)]), &private, &Verb::Update),
        "rev > 5 && owner == me()"
    );
    assert_eq!(rule(&Policy::system(), &private, &Verb::Read), "true");
}

#[test]
fn the_mildest_mask_counts() {
    let hidden = || Grant::read("order", RowRule::Own).mask("owner", Mask::Hidden);
    let read_only = || Grant::read("*", RowRule::All).mask("owner", Mask::ReadOnly);
    let masked = || Grant::read("order", RowRule::All).mask("owner", Mask::Masked);
    for (grants, mask) in [
        (vec![], None),
        (vec![hidden()], Some(Mask::Hidden)),
        (vec![hidden(), masked()], Some(Mask::Masked)),
        (vec![hidden(), read_only()], Some(Mask::ReadOnly)),
        (vec![hidden(), Grant::read("order", RowRule::Own)], None),
    ] {
        assert_eq!(policy(grants.clone()).mask("order", "owner"), mask, "{grants:?}");
    }
    let p = policy(vec![read_only()]);
    assert!(p.sees("order", "owner") && !p.writes("order", "owner") && p.writes("order", "name"));
    assert!(!policy(vec![masked()]).sees("order", "owner"));
}

#[test]
fn scopes_are_named_conditions_of_the_object() {
    let scoped = object(Some("owner")).scope("big", label("كبيرة", "Big"), "rev > 5");
    let p = policy(vec![Grant::read("*", RowRule::Scope("big".into())), Grant::read("order", RowRule::TeamBelow)]);
    assert_eq!(rule(&p, &scoped, &Verb::Read), "rev > 5 || (owner == me() || in_my_teams_below(owner))");
    // An object without the scope has no such rows.
    assert_eq!(rule(&policy(vec![Grant::read("*", RowRule::Scope("big".into()))]), &object(None), &Verb::Read), "-");
}

#[test]
fn a_share_opens_records_and_no_verbs() {
    let shares = || Shares::from([("order".to_owned(), 2)]);
    let p = policy(vec![Grant::new("order", [Verb::Read, Verb::Update], RowRule::Own)]).sharing(shares());
    assert_eq!(rule(&p, &object(Some("owner")), &Verb::Read), "owner == me() || shared_with_me(id, 1)");
    let comment = rule(&p, &object(Some("owner")), &Verb::Comment);
    assert_eq!(comment, "(owner == me() || shared_with_me(id, 1)) && (owner == me() || shared_with_me(id, 2))");
    // Nothing is shared to be changed.
    assert!(!rule(&p, &object(Some("owner")), &Verb::Update).contains(", 3"));
    // Whose roles do not know the object sees nothing of it.
    assert_eq!(
        rule(&policy(vec![Grant::read("party", RowRule::All)]).sharing(shares()), &object(None), &Verb::Read),
        "-"
    );
    // What belongs to a shared record is seen with it.
    let line = Object { key: "line".into(), ..object(Some("owner")) }.field(Field::new(
        "order",
        Kind::to("order"),
        label("طلب", "Order"),
    ));
    let line = Object { owner: Some("order.owner".into()), ..line };
    let p = policy(vec![Grant::read("*", RowRule::Own)]).sharing(shares());
    assert_eq!(rule(&p, &line, &Verb::Read), "order.owner == me() || shared_with_me(order.id, 1)");
}

#[test]
fn what_is_handed_over_is_asked_as_the_one_who_is_away() {
    let role = |key: &str, admin, grants| Role { key: key.into(), label: label("دور", "Role"), grants, admin };
    let (away, id) = (Uuid::from_u128(7), Uuid::from_u128(1));
    let theirs = [
        role("seller", false, vec![Grant::read("order", RowRule::Own).mask("name", Mask::Masked)]),
        role("admin", true, vec![Grant::full("*", RowRule::All)]),
    ];
    let own = policy(vec![Grant::read("order", RowRule::Where("rev > 5".into())).mask("owner", Mask::Hidden)]);
    let p = own.clone().standing_in(id, away, None, &theirs);
    let o = object(Some("owner")).visible("rev > 1 || owner == me()");
    // Roles that administer are not handed on; what is private is asked of the actor himself.
    let want = format!("(rev > 1 || owner == me()) && (rev > 5 || owner == id(\"{away}\"))");
    assert_eq!(rule(&p, &o, &Verb::Read), want);
    assert!(!p.admin && rule(&p, &o, &Verb::Update) == "-");
    // Each mask of either holds where both reach the object: no field is seen in a row where neither would see it.
    assert_eq!((p.mask("order", "name"), p.mask("order", "owner")), (Some(Mask::Masked), Some(Mask::Hidden)));
    assert_eq!(rule(&p.own(), &o, &Verb::Read), rule(&own, &o, &Verb::Read));
    let others = own.standing_in(id, away, Some(BTreeSet::from(["party".to_owned()])), &theirs);
    assert_eq!(rule(&others.own(), &o, &Verb::Read), rule(&others, &o, &Verb::Read));
}

#[test]
fn a_viewer_sees_no_more_than_he_may() {
    let viewer = Uuid::from_u128(9);
    let lead = policy(vec![Grant::read("order", RowRule::Own).mask("name", Mask::Hidden)]);
    let p = policy(vec![Grant::read("order", RowRule::All).mask("owner", Mask::Masked)]).viewed_by(viewer, lead);
    let o = object(Some("owner")).visible("rev > 1 || owner == me()");
    let me = Expr::Lit(Value::Id(viewer));
    assert_eq!(
        rule(&p, &o, &Verb::Read),
        format!("(rev > 1 || owner == me()) && ((rev > 1 || owner == {me}) && owner == {me})")
    );
    assert_eq!((p.mask("order", "name"), p.mask("order", "owner")), (Some(Mask::Hidden), Some(Mask::Masked)));
    let mut admin = policy(vec![]);
    admin.admin = true;
    assert!(!admin.viewed_by(viewer, policy(vec![])).admin);
}
