//! What every page and panel of a module begins with: the reader's view.

use engine::PageCx;
use ui::cx::{Density, Theme, Titles, ViewCx};

/// The reader's view of a module's page; titles of records are looked up apart.
pub fn view<'a>(page: &'a PageCx, titles: &'a Titles) -> ViewCx<'a> {
    ViewCx {
        locale: &page.actor.locale,
        theme: Theme::parse(&page.actor.theme),
        density: Density::default(),
        path: &page.path,
        now: page.company.now(),
        titles,
    }
}
