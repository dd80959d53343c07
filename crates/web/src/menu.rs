//! The navigation, derived from the objects and pages of the modules and what the reader may do.

use crate::visit::Visit;
use engine::Place;
use kernel::{Capability, Label, Verb, label};
use ui::shell::{NavGroup, NavItem};

fn item(label: &Label, href: impl Into<String>, icon: &str) -> NavItem {
    NavItem { label: label.clone(), href: href.into(), icon: icon.to_owned(), count: None }
}

/// Navigation, what the create button offers, links of the user menu.
pub fn menus(visit: &Visit) -> (Vec<NavGroup>, Vec<NavItem>, Vec<NavItem>) {
    let actor = &visit.actor;
    let mut nav = vec![NavGroup { label: Label::default(), items: vec![item(&label("الرئيسية", "Home"), "/", "house")] }];
    let mut create = Vec::new();
    for module in visit.company.modules() {
        let mut items: Vec<NavItem> = module
            .pages
            .iter()
            .filter(|p| p.place == Place::Menu && p.open_to(actor, &visit.registry))
            .map(|p| item(&p.label, format!("/{}/{}", p.module, p.key), p.icon))
            .collect();
        let objects = visit.registry.objects().filter(|o| o.module == module.key && o.can(Capability::Menu));
        for o in objects.filter(|o| actor.may(o, &Verb::Read)) {
            items.push(item(&o.plural, format!("/{}", o.key), &o.icon));
            if actor.may(o, &Verb::Create) {
                create.push(item(&o.label, format!("/{}/new", o.key), &o.icon));
            }
        }
        if !items.is_empty() {
            nav.push(NavGroup { label: module.label.clone(), items });
        }
    }
    // Objects made at run time under a module that is no module of the program.
    let known: Vec<&str> = visit.company.modules().iter().map(|m| m.key).collect();
    let own = visit.registry.objects().filter(|o| !known.contains(&o.module.as_str()) && o.can(Capability::Menu));
    let mut items = Vec::new();
    for o in own.filter(|o| actor.may(o, &Verb::Read)) {
        items.push(item(&o.plural, format!("/{}", o.key), &o.icon));
        if actor.may(o, &Verb::Create) {
            create.push(item(&o.label, format!("/{}/new", o.key), &o.icon));
        }
    }
    if !items.is_empty() {
        nav.push(NavGroup { label: label("كائنات الشركة", "Own objects"), items });
    }
    let mut account = vec![item(&label("حسابي وتفضيلاتي", "Account and preferences"), "/me", "user")];
    account.push(item(&label("التفويض عند الغياب", "Delegation during absence"), "/me/absence", "user-plus"));
    // In sight only while something waits.
    let waiting = (visit.who.waiting > 0).then(|| text::number::format_integer(visit.who.waiting, &actor.locale));
    let assistants = item(&label("المساعدات الذكية", "Assistants"), "/assistants", "plug");
    if let (Some(n), Some(first)) = (waiting, nav.first_mut()) {
        first.items.push(NavItem { count: Some(n), ..assistants.clone() });
    }
    account.push(assistants);
    if actor.must_administer().is_ok() {
        account.push(item(&label("إدارة النظام", "Administration"), "/admin", "shield"));
    }
    if visit.registry.objects().any(|o| o.can(Capability::Import) && actor.may(o, &Verb::Import)) {
        account.push(item(&label("استيراد بيانات", "Import data"), "/import", "upload"));
    }
    (nav, create, account)
}
