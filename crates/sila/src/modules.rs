//! The modules of this program, in the order of the navigation. A later one may extend objects and roles of those before it.

use engine::Module;

pub fn all() -> Vec<Module> {
    vec![base::module(), mailbox::module(), activity::module(), sales::module(), commerce::module(), quotes::module(), insight::module(), privacy::module(), automation::module()]
}
