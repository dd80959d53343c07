//! How much discount a role may give by itself.

use engine::{Actor, Count, Cx, Draft, Query};
use kernel::object::Capability;
use kernel::rust_decimal::Decimal;
use kernel::{Fault, Field, Issue, Kind, Object, Outcome, Value, label};

pub const KEY: &str = "discount_limit";
/// What sellers may give in a new company.
const SELLER: i64 = 20;

pub fn object() -> Object {
    Object::new(KEY, "quotes", label("حد خصم", "Discount limit"), label("حدود الخصم", "Discount limits"))
        .icon("percent")
        .title("role")
        .sort("role")
        .without(&[Capability::Timeline, Capability::Comments, Capability::Files])
        .field(
            Field::new("role", Kind::Code { max: 60 }, label("الدور", "Role"))
                .required()
                .unique()
                .help(label("رمز الدور كما في صفحة الأدوار: seller. الدور الذي لا حد له هنا بلا حد.", "The key of the role as on the page of roles: seller. A role without a limit here has none.")),
        )
        .field(Field::new("limit", Kind::Percent, label("أعلى خصم", "Highest discount")).required().list())
}

/// The limits a new company begins with.
///
/// # Errors
/// The database.
pub async fn seed(cx: &mut Cx) -> Outcome<()> {
    if limits(cx).await?.is_empty() {
        cx.save(KEY, Draft::new().set("role", base::roles::SELLER).set("limit", Decimal::from(SELLER))).await?;
    }
    Ok(())
}

async fn limits(cx: &mut Cx) -> Outcome<Vec<(String, Decimal)>> {
    let (company, system) = (cx.company.clone(), cx.company.system());
    let query = Query { count: Count::None, ..Query::new(KEY).limit(500) };
    let all = company.list_in(&mut cx.tx, &system, &query).await?.records;
    let one = |r: &kernel::Record| match r.get("limit") {
        Value::Decimal(limit) => Some((r.get("role").text()?.to_owned(), *limit)),
        _ => None,
    };
    Ok(all.iter().filter_map(one).collect())
}

/// The most the actor may give; none: as much as he likes. The mildest of his roles counts.
fn of(actor: &Actor, limits: &[(String, Decimal)]) -> Option<Decimal> {
    if actor.is_system() || actor.policy.admin {
        return None;
    }
    let own: Option<Vec<Decimal>> = actor.roles.iter().map(|role| limits.iter().find(|(r, _)| r == role).map(|(_, l)| *l)).collect();
    own.and_then(|all| all.into_iter().max())
}

/// Refuses discounts above the actor's limit. What somebody with a higher limit gave may stay as it is.
///
/// # Errors
/// Invalid, with the limit and the line.
pub async fn check(cx: &mut Cx, given: &[(String, Decimal, Decimal)]) -> Outcome<()> {
    let Some(limit) = of(&cx.actor.clone(), &limits(cx).await?) else { return Ok(()) };
    let over = given.iter().find(|(_, before, now)| *now > limit && now > before);
    match over {
        Some((line, _, now)) => Err(Fault::issue(
            Issue::new("discount_rate", "quotes-above-limit").arg("limit", limit.normalize()).arg("found", now.normalize()).arg("line", line),
        )),
        None => Ok(()),
    }
}
