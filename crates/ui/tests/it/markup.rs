//! What a person typed cannot break out of the markup, and what they may not see is not there.

use super::kinds::{field, with_cx};
use kernel::{Kind, Value, uuid::Uuid};
use std::path::Path;
use text::Locale;

#[test]
fn typed_text_is_escaped_everywhere() {
    let evil = "\"><script>alert(1)</script>";
    with_cx(&Locale::ar("SA"), |cx| {
        for kind in Kind::samples().into_iter().filter(|k| !matches!(k, Kind::RichText)) {
            let f = field(kind);
            let v: Value = evil.into();
            for html in [
                ui::cell::cell(&f, &v, cx).0,
                ui::cell::detail(&f, &v, cx).0,
                ui::input::field_row(&f, &v, Some(evil), cx).0,
            ] {
                assert!(!html.contains("<script"), "{}: {html}", f.kind.key());
            }
        }
        let chips = ui::filter::filter_chip(
            &ui::filter::FilterChip { field: evil.into(), op: evil.into(), value: evil.into(), without: evil.into() },
            cx,
        )
        .0;
        assert!(!chips.contains("<script"));
        assert!(
            !ui::shell::crumbs(cx, &[(evil.into(), evil.into()), (evil.into(), evil.into())]).0.contains("<script")
        );
    });
}

#[test]
fn only_web_addresses_become_links() {
    with_cx(&Locale::ar("SA"), |cx| {
        let html = ui::cell::cell(&field(Kind::Url), &"javascript:alert(1)".into(), cx).0;
        assert!(!html.contains("href"), "{html}");
    });
}

#[test]
fn a_reference_that_may_not_be_seen_gives_no_link() {
    with_cx(&Locale::ar("SA"), |cx| {
        let html = ui::cell::cell(&field(Kind::to("party")), &Uuid::from_u128(99).into(), cx).0;
        assert!(!html.contains("href") && html.contains("لا تملك صلاحية"), "{html}");
    });
}

#[test]
fn a_page_says_its_language_direction_and_theme() {
    let page = |locale: &Locale| {
        with_cx(locale, |cx| {
            let assets = ui::Assets::default();
            let user = ui::UserInfo { name: "سارة".into(), email: "s@example.com".into() };
            let nav = [ui::NavGroup {
                label: kernel::Label::default(),
                items: vec![ui::NavItem {
                    label: kernel::label("العملاء", "Customers"),
                    href: "/party".into(),
                    icon: "users".into(),
                    count: None,
                }],
            }];
            let shell = ui::Shell {
                assets: &assets,
                company: "تجارة",
                nav: &nav,
                user: &user,
                create: &[],
                rail: false,
                unread: 0,
                live: "",
                account: &[],
            };
            ui::page(cx, &shell, "العملاء", &maud::html! {}).0
        })
    };
    let ar = page(&Locale::ar("SA"));
    assert!(ar.contains("<html lang=\"ar\" dir=\"rtl\"") && ar.contains("aria-current=\"page\""));
    let en = page(&Locale::en("SA"));
    assert!(en.contains("<html lang=\"en\" dir=\"ltr\"") && en.contains("Customers"));
}

#[test]
fn style_sheets_know_no_left_and_right() {
    const PHYSICAL: [&str; 12] = [
        "margin-left",
        "margin-right",
        "padding-left",
        "padding-right",
        "border-left",
        "border-right",
        "text-align: left",
        "text-align: right",
        "float: left",
        "float: right",
        " left:",
        " right:",
    ];
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../web/css");
    for entry in std::fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        let css = std::fs::read_to_string(&path).unwrap();
        for p in PHYSICAL {
            assert!(!css.contains(p), "{} says {p}", path.display());
        }
    }
}

#[test]
fn time_runs_with_the_line_of_reading() {
    use ui::chart::{Bars, Datum, Series, bars};
    let labels = ["1".to_owned(), "2".to_owned()];
    let series = [Series::new("s", "1", vec![Datum::new(5.0, "5").href("/a"), Datum::new(10.0, "10").href("/b")])];
    let xs = |locale: &Locale| {
        let html = with_cx(locale, |cx| {
            bars(
                &Bars {
                    title: "t",
                    labels: &labels,
                    series: &series,
                    stacked: false,
                    height: 200.0,
                    axis: &|v| v.to_string(),
                },
                cx,
            )
            .0
        });
        assert!(html.contains("href=\"/a\"") && html.contains("<table"));
        html.split("class=\"datum")
            .skip(1)
            .map(|r| r.split(" x=\"").nth(1).unwrap().split('"').next().unwrap().parse::<f64>().unwrap())
            .collect::<Vec<_>>()
    };
    let (ltr, rtl) = (xs(&Locale::en("SA")), xs(&Locale::ar("SA")));
    assert!(ltr[0] < ltr[1] && rtl[0] > rtl[1], "{ltr:?} {rtl:?}");
}

#[test]
fn nothing_to_draw_draws_nothing_odd() {
    use ui::chart::{Lines, donut, heatmap, lines, pareto, spark};
    with_cx(&Locale::ar("SA"), |cx| {
        let axis = |v: f64| v.to_string();
        let all = [
            lines(&Lines { title: "t", labels: &[], series: &[], area: true, height: 200.0, axis: &axis }, cx).0,
            pareto("t", &[], 200.0, &axis, cx).0,
            donut("t", &[], "0", "x", cx).0,
            heatmap("t", "", &[], &[]).0,
            spark(&[], "1", cx).0,
        ];
        for html in all {
            assert!(!html.contains("NaN") && !html.contains("inf"), "{html}");
        }
    });
}
