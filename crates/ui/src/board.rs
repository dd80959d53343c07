//! The board: a column per stage, cards that are dragged or moved with the keyboard.

use crate::cx::ViewCx;
use crate::mark::{count, hue};
use kernel::Tone;
use maud::{Markup, html};

/// A card. `facts` are small ready pieces (owner, date, chips).
#[derive(Clone, Debug)]
pub struct Card {
    pub id: String,
    pub rev: i64,
    pub title: String,
    pub href: String,
    /// The figure that counts: an amount, formatted.
    pub value: Option<String>,
    pub facts: Vec<Markup>,
    /// Longer here than it should be.
    pub late: bool,
}

#[derive(Clone, Debug)]
pub struct BoardColumn {
    pub key: String,
    pub label: String,
    pub tone: Tone,
    /// All cards of the column, also those not shown.
    pub count: i64,
    /// Formatted sum of the column.
    pub sum: Option<String>,
    pub cards: Vec<Card>,
    /// Address of the list with the rest.
    pub more: Option<String>,
}

/// `movable` cards are posted to `/{object}/{id}/move` with `to` (column key), `rev`, and `before` (id of the next card, or empty).
pub fn board(object: &str, columns: &[BoardColumn], movable: bool, cx: &ViewCx<'_>) -> Markup {
    html! {
        div class="board" data-board=(object) role="group" aria-label=(cx.t("ui-board")) {
            @for c in columns {
                section class="board-column" data-column=(c.key) aria-label=(c.label) {
                    header class="board-head" data-hue=(hue(c.tone)) {
                        h2 { bdi class="clip" { (c.label) } (count(&cx.num(c.count))) }
                        @if let Some(sum) = &c.sum { span class="board-sum fig" { (sum) } }
                    }
                    div class="board-cards" {
                        @for k in &c.cards { (card(k, columns, c, movable, cx)) }
                        @if c.cards.is_empty() { p class="board-empty" { (cx.t("ui-column-empty")) } }
                        @if let Some(href) = &c.more { a class="small" href=(href) { (cx.t("ui-show-all")) } }
                    }
                }
            }
            p class="visually-hidden" aria-live="assertive" data-board-say {}
            p class="visually-hidden" id="board-help" { (cx.t("ui-board-help")) }
        }
    }
}

fn card(k: &Card, columns: &[BoardColumn], here: &BoardColumn, movable: bool, cx: &ViewCx<'_>) -> Markup {
    html! {
        article class="card" data-card=(k.id) data-rev=(k.rev) draggable=[movable.then_some("true")] data-late[k.late] {
            a class="card-title" href=(k.href) draggable="false" aria-describedby=[movable.then_some("board-help")] { bdi { (k.title) } }
            @if k.value.is_some() || !k.facts.is_empty() || k.late {
                div class="card-facts" {
                    @if let Some(v) = &k.value { span class="card-value fig" { (v) } }
                    @for f in &k.facts { (f) }
                    @if k.late { (crate::mark::chip(&cx.t("ui-card-late"), Tone::Warn)) }
                }
            }
            @if movable {
                // Without scripts and pointer the same move is a form.
                noscript { form method="post" action={ (k.href) "/move" } style="position:relative" {
                    input type="hidden" name="rev" value=(k.rev);
                    select name="to" class="select select-sm" aria-label=(cx.t("ui-move-to")) { @for c in columns { option value=(c.key) selected[c.key == here.key] { (c.label) } } }
                    button class="btn btn-sm" { (cx.t("ui-move")) }
                } }
            }
        }
    }
}
