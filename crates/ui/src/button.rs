//! Buttons and links that look like buttons.

use crate::icon::icon;
use maud::{Escaper, Markup, PreEscaped, Render, html};
use std::fmt::Write as _;

/// How much a button asks for attention. At most one [`Weight::Primary`] per view.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Weight {
    Primary,
    #[default]
    Plain,
    Ghost,
    Danger,
}

/// A button under construction: `button("حفظ").primary().submit()`. With `href` it is a link.
#[derive(Clone, Debug, Default)]
pub struct Button {
    label: String,
    icon: Option<String>,
    end_icon: Option<&'static str>,
    href: Option<String>,
    weight: Weight,
    size: &'static str,
    icon_only: bool,
    submit: bool,
    disabled: bool,
    keys: Option<&'static str>,
    attrs: String,
}

pub fn button(label: impl Into<String>) -> Button {
    Button { label: label.into(), ..Button::default() }
}

/// A square button with only an icon; `label` is its name for screen readers and its tooltip.
pub fn icon_button(icon: &str, label: impl Into<String>) -> Button {
    let label = label.into();
    Button { icon: Some(icon.to_owned()), icon_only: true, weight: Weight::Ghost, label, ..Button::default() }
}

#[allow(clippy::must_use_candidate, clippy::return_self_not_must_use)]
impl Button {
    pub fn icon(mut self, name: &str) -> Self {
        self.icon = Some(name.to_owned());
        self
    }
    pub fn end_icon(mut self, name: &'static str) -> Self {
        self.end_icon = Some(name);
        self
    }
    pub fn href(mut self, href: impl Into<String>) -> Self {
        self.href = Some(href.into());
        self
    }
    pub fn weight(mut self, weight: Weight) -> Self {
        self.weight = weight;
        self
    }
    pub fn primary(self) -> Self {
        self.weight(Weight::Primary)
    }
    pub fn ghost(self) -> Self {
        self.weight(Weight::Ghost)
    }
    pub fn danger(self) -> Self {
        self.weight(Weight::Danger)
    }
    pub fn small(mut self) -> Self {
        self.size = "btn-sm";
        self
    }
    pub fn large(mut self) -> Self {
        self.size = "btn-lg";
        self
    }
    /// Full width.
    pub fn block(mut self) -> Self {
        self.size = "btn-lg btn-block";
        self
    }
    pub fn submit(mut self) -> Self {
        self.submit = true;
        self
    }
    pub fn disabled(mut self, disabled: bool) -> Self {
        self.disabled = disabled;
        self
    }
    /// The keyboard shortcut shown beside the label.
    pub fn keys(mut self, keys: &'static str) -> Self {
        self.keys = Some(keys);
        self
    }
    /// A further attribute; `name` is ours, `value` is escaped.
    pub fn attr(mut self, name: &str, value: impl AsRef<str>) -> Self {
        self.attrs.push(' ');
        self.attrs.push_str(name);
        self.attrs.push_str("=\"");
        // Writing into a String cannot fail.
        let _ = Escaper::new(&mut self.attrs).write_str(value.as_ref());
        self.attrs.push('"');
        self
    }
    /// Opens the popover or menu with this id.
    pub fn opens(self, id: &str) -> Self {
        self.attr("popovertarget", id).attr("aria-haspopup", "true")
    }
    /// Opens the `<dialog>` with this id.
    pub fn opens_dialog(self, id: &str) -> Self {
        self.attr("command", "show-modal").attr("commandfor", id).attr("aria-haspopup", "dialog")
    }
    /// Closes the `<dialog>` with this id.
    pub fn closes_dialog(self, id: &str) -> Self {
        self.attr("command", "close").attr("commandfor", id)
    }

    fn class(&self) -> String {
        let mut class = String::from("btn");
        class.push_str(match self.weight {
            Weight::Primary => " btn-primary",
            Weight::Plain => "",
            Weight::Ghost => " btn-ghost",
            Weight::Danger => " btn-danger",
        });
        if self.icon_only {
            class.push_str(" btn-icon");
        }
        if !self.size.is_empty() {
            class.push(' ');
            class.push_str(self.size);
        }
        class
    }

    fn inside(&self) -> Markup {
        html! {
            @if let Some(name) = &self.icon { (icon(name)) }
            @if !self.icon_only { span class="btn-label" { (self.label) } }
            @if let Some(name) = self.end_icon { (icon(name)) }
            @if let Some(keys) = self.keys { span class="kbd" aria-hidden="true" data-keys=(keys) {} }
        }
    }
}

impl Render for Button {
    fn render(&self) -> Markup {
        let mut me = self.clone();
        if me.icon_only {
            let label = me.label.clone();
            me = me.attr("aria-label", &label).attr("data-tip", &label);
        }
        let tag = if me.href.is_some() { "a" } else { "button" };
        if let Some(href) = me.href.clone() {
            let name = if me.disabled { "data-href" } else { "href" };
            me = me.attr(name, href);
            if me.disabled {
                me = me.attr("role", "link").attr("aria-disabled", "true");
            }
        } else {
            let kind = if me.submit { "submit" } else { "button" };
            me = me.attr("type", kind);
            if me.disabled {
                me = me.attr("disabled", "");
            }
        }
        let (class, inside) = (me.class(), me.inside().into_string());
        PreEscaped(format!("<{tag} class=\"{class}\"{}>{inside}</{tag}>", me.attrs))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_and_links() {
        let b = button("<حفظ>").primary().attr("data-x", "\"&").submit().render().into_string();
        assert_eq!(
            b,
            "<button class=\"btn btn-primary\" data-x=\"&quot;&amp;\" type=\"submit\"><span class=\"btn-label\">&lt;حفظ&gt;</span></button>"
        );
        let off = button("x").href("/a").disabled(true).render().into_string();
        assert!(off.contains("aria-disabled") && !off.contains(" href="));
        assert!(icon_button("x", "إغلاق").render().into_string().contains("aria-label=\"إغلاق\""));
    }
}
