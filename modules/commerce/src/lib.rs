//! What is sold, and to whom: products, orders and returns with their lines, and what they sum up to on a party.
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::indexing_slicing))]

use engine::Module;
use kernel::object::Declared;
use kernel::{Agg, Field, Grant, Kind, Label, Mask, Role, RowRule, Verb, label};

pub mod order;
pub mod order_line;
pub mod product;

use order::Order;
use order_line::OrderLine;
use product::Product;

pub fn module() -> Module {
    Module {
        key: "commerce",
        label: label("المبيعات", "Sales"),
        icon: "shopping-cart",
        objects: vec![Order::object(), Product::object(), OrderLine::object()],
        extends: vec![("party", trade())],
        roles: roles(),
        actions: order::actions(),
        ..Module::default()
    }
}

/// Heading of the sales figures on a party.
const TRADE: Label = label("التعامل التجاري", "Trade");
/// Orders that count: neither drafts nor cancelled.
const SALES: &str = "kind == \"sale\" && status in [\"placed\", \"shipped\", \"done\"]";
const RETURNS: &str = "kind == \"return\" && status in [\"placed\", \"shipped\", \"done\"]";

/// What the orders of a party sum up to.
fn trade() -> Vec<Field> {
    let of_orders = |key: &str, l, agg, field: Option<&str>, filter: &str, result| {
        let kind = Kind::Rollup {
            object: "order".into(),
            via: "party".into(),
            agg,
            field: field.map(str::to_owned),
            filter: Some(filter.to_owned()),
            result: Box::new(result),
        };
        Field::new(key, kind, l).section(TRADE)
    };
    vec![
        of_orders("orders_count", label("عدد الطلبات", "Orders"), Agg::Count, None, SALES, Kind::Integer).list(),
        of_orders("revenue", label("المبيعات", "Sales"), Agg::Sum, Some("total"), SALES, Kind::Money).list().indexed(),
        of_orders("returns_count", label("عدد المرتجعات", "Returns"), Agg::Count, None, RETURNS, Kind::Integer),
        of_orders("returned", label("قيمة المرتجعات", "Returned"), Agg::Sum, Some("total"), RETURNS, Kind::Money),
        Field::new(
            "net_revenue",
            Kind::Formula { expr: "revenue + returned".into(), result: Box::new(Kind::Money) },
            label("صافي المبيعات", "Net sales"),
        )
        .section(TRADE),
        of_orders("first_order_at", label("أول طلب", "First order"), Agg::Min, Some("ordered_at"), SALES, Kind::DateTime)
            .indexed(),
        of_orders("last_order_at", label("آخر طلب", "Last order"), Agg::Max, Some("ordered_at"), SALES, Kind::DateTime)
            .list()
            .indexed(),
    ]
}

/// What the roles of `base` may do with the objects of this module.
fn roles() -> Vec<Role> {
    let gains = |key: &str, grants| Role { key: key.to_owned(), label: Label::default(), grants, admin: false };
    let work = || [Verb::Read, Verb::Create, Verb::Update, Verb::Export];
    // What an article costs the company is for those who manage.
    let product = |verbs: &[Verb]| Grant::new("product", verbs.iter().cloned(), RowRule::All).mask("cost", Mask::Hidden);
    let read_all = || ["order", "order_line"].map(|o| Grant::read(o, RowRule::All)).into_iter().chain([product(&[Verb::Read])]).collect();
    vec![
        gains("manager", ["order", "order_line", "product"].map(|o| Grant::full(o, RowRule::All)).into()),
        gains(
            "seller",
            vec![
                Grant { all_actions: true, ..Grant::new("order", work(), RowRule::Team) },
                Grant::new("order_line", work().into_iter().chain([Verb::Delete]), RowRule::Team),
                product(&[Verb::Read, Verb::Export]),
            ],
        ),
        gains("agent", read_all()),
        gains("viewer", read_all()),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use kernel::Registry;

    #[test]
    fn declarations_fit_together() {
        let mut registry = Registry::new();
        let (base, own) = (base::module(), module());
        base.objects.into_iter().chain(own.objects).for_each(|o| registry.add_object(o));
        for (object, fields) in own.extends {
            let mut extended = kernel::Object::clone(registry.object(object).unwrap());
            extended.fields.extend(fields);
            registry.add_object(extended);
        }
        registry.check().unwrap();
        for action in &own.actions {
            let object = registry.object(action.object).unwrap();
            if let Some(guard) = action.guard {
                kernel::expr::check(&registry, object, guard, kernel::expr::Wanted::Condition).unwrap();
            }
        }
    }

    #[test]
    fn roles_extend_those_of_base() {
        let known: Vec<String> = base::roles::roles().into_iter().map(|r| r.key).collect();
        for role in module().roles {
            assert!(known.contains(&role.key), "{}", role.key);
        }
    }
}
