//! Every component on sample data, one page per subject, in both languages.
//!
//! `cargo run -p sila-ui --example gallery -- web/dist OUT` writes OUT/{ar,en}-{list,record,form,dashboard,board,…}.html
//! with style sheet and scripts taken from the built front end; open them with any static server.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

extern crate sila_ui as ui;

mod sample;

use kernel::{Issue, Tone, Value, label, uuid::Uuid};
use maud::{Markup, Render, html};
use sample::Sample;
use std::path::Path;
use ui::chart::{self, Datum, HBar, HeatCell, ParetoItem, Series, Slice, Tile};
use ui::mark::{Empty, Mood};
use ui::table::{Column, Pager, Row, Table, Total};
use ui::{Assets, Density, Shell, Theme, Titles, ViewCx, button, icon_button};

fn main() {
    let mut args = std::env::args().skip(1);
    let dist = args.next().unwrap_or_else(|| "web/dist".into());
    let out = args.next().unwrap_or_else(|| "target/gallery".into());
    std::fs::create_dir_all(&out).unwrap();
    let manifest = std::fs::read_to_string(Path::new(&dist).join("manifest.json")).unwrap_or_default();
    let assets = Assets::from_manifest(&manifest, "/");
    for locale in [text::Locale::ar("SA"), text::Locale::en("SA")] {
        for digits in [text::Digits::Latn, text::Digits::Arab] {
            if digits == text::Digits::Arab && locale.lang == text::Lang::En {
                continue;
            }
            let hijri = digits == text::Digits::Arab;
            let locale = locale.clone().with_digits(digits).with_calendar(if hijri {
                text::Calendar::Hijri
            } else {
                text::Calendar::Gregorian
            });
            let s = Sample::new(locale.lang.code());
            let titles: Titles = s.titles.clone();
            let tag = if hijri { "ar-hijri" } else { locale.lang.code() };
            for (name, path, body) in pages() {
                let cx = ViewCx {
                    locale: &locale,
                    theme: Theme::Auto,
                    density: Density::Normal,
                    path,
                    now: "2026-11-23T06:30:00Z".parse().unwrap(),
                    titles: &titles,
                };
                let user = ui::UserInfo {
                    name: s.pick("سارة المطيري", "Sara Al-Mutairi").into(),
                    email: "sara@example.com".into(),
                };
                let nav = s.nav();
                let create = s.create();
                let account = s.account();
                let shell = Shell {
                    assets: &assets,
                    company: s.pick("تجارة الخليج", "Gulf Trading"),
                    nav: &nav,
                    user: &user,
                    create: &create,
                    rail: false,
                    unread: 3,
                    live: "",
                    account: &account,
                };
                let main = body(&s, &cx);
                let page = if name == "gate" {
                    ui::gate(&cx, &assets, s.pick("تسجيل الدخول", "Sign in"), false, &main)
                } else {
                    ui::page(&cx, &shell, s.pick("العملاء", "Customers"), &main)
                };
                std::fs::write(Path::new(&out).join(format!("{tag}-{name}.html")), page.into_string()).unwrap();
            }
        }
    }
}

type Body = fn(&Sample, &ViewCx<'_>) -> Markup;

fn pages() -> Vec<(&'static str, &'static str, Body)> {
    vec![
        ("list", "/party", list),
        ("empty", "/party", empty),
        ("record", "/party/1", record),
        ("form", "/party/new", form),
        ("conflict", "/party/1/edit", conflict),
        ("dashboard", "/", dashboard),
        ("board", "/deal", board),
        ("calendar", "/task", calendar),
        ("import", "/party/import", import),
        ("trash", "/-/trash", trash),
        ("parts", "/-/parts", parts),
        ("gate", "/-/sign-in", gate),
    ]
}

fn list(s: &Sample, cx: &ViewCx<'_>) -> Markup {
    let object = s.party();
    let total = cx.money(&kernel::Money::new(123_169_907, "SAR"));
    let fields = object.list_fields();
    let columns: Vec<Column<'_>> = fields
        .iter()
        .map(|f| Column {
            editable: f.writable(),
            total: (f.key == "revenue").then(|| total.clone()),
            ..Column::new(f)
        })
        .collect();
    let titles: Vec<String> =
        s.records.iter().map(|r| r.get("name").name().unwrap().get(cx.lang()).to_owned()).collect();
    let rows: Vec<Row<'_>> =
        s.records.iter().zip(&titles).map(|(record, title)| Row { record, title, group: None }).collect();
    let table = Table {
        object: &object,
        columns: &columns,
        rows: &rows,
        sort: "-revenue",
        selectable: true,
        sort_url: &|k| format!("?sort={k}"),
    };
    let tab = |ar: &str, en: &str, current: bool, n: Option<i64>| ui::filter::ViewTab {
        label: s.pick(ar, en).into(),
        href: "#".into(),
        current,
        count: n.map(|n| cx.num(n)),
    };
    let chips = [ui::filter::FilterChip {
        field: s.pick("المدينة", "City").into(),
        op: cx.t("ui-op-is"),
        value: s.pick("جدة", "Jeddah").into(),
        without: "#".into(),
    }];
    let start = ui::filter::quick_find("/party", "", &[], cx);
    let all: Vec<&kernel::Field> = object.fields.iter().collect();
    let picker: Vec<(&kernel::Field, bool)> = object.fields.iter().map(|f| (f, f.in_list)).collect();
    let end = html! {
        (ui::filter::layout_switch(&[("list", "ui-layout-list", "#".into(), true), ("square-kanban", "ui-layout-board", "#".into(), false), ("calendar", "ui-layout-calendar", "#".into(), false)], cx))
        (ui::table::column_picker("columns", "#", &picker, cx))
        (ui::table::export_menu("export", "#", "#", cx))
    };
    let actions = html! { (button(s.pick("استيراد", "Import")).icon("upload")) (button(s.pick("عميل جديد", "New customer")).icon("plus").primary()) };
    ui::table::list_region(&html! {
        (ui::shell::page_head(s.pick("العملاء", "Customers"), &cx.num(4372), &actions))
        (ui::filter::view_tabs(&[tab("الكل", "All", true, Some(4372)), tab("الأكثر شراءً", "Top buyers", false, Some(120)), tab("لم يشتروا منذ 90 يومًا", "Quiet for 90 days", false, Some(862)), tab("عملائي", "Mine", false, None)], Some("save-view"), cx))
        (ui::filter::toolbar(&start, &chips, &ui::filter::filter_builder("filters", "/party", &all, "", &[], cx), &end, cx))
        (ui::table::table(&table, cx))
        (ui::table::mass_bar("/party/mass", &html! { (button(s.pick("تعيين مسؤول", "Assign")).icon("user").small()) (button(s.pick("حذف", "Delete")).icon("trash-2").small()) }, cx))
        (ui::table::pager(&Pager { first: Some(1), shown: s.records.len() as i64, total: Total::Exact(4372), previous: None, next: Some("?after=x"), count_href: None }, cx))
    })
}

fn empty(s: &Sample, cx: &ViewCx<'_>) -> Markup {
    let actions = html! { (button(s.pick("عميل جديد", "New customer")).icon("plus").primary()) (button(s.pick("استيراد من ملف", "Import a file")).icon("upload")) };
    ui::table::list_region(&html! {
        (ui::shell::page_head(s.pick("العملاء", "Customers"), &cx.num(0), &html! {}))
        (ui::mark::empty(Empty::List, s.pick("لا عملاء بعد", "No customers yet"), s.pick("أضف أول عميل، أو استورد قائمتك من ملف Excel أو CSV؛ نطابق الأعمدة ونتحقق من المكرر قبل الكتابة.", "Add the first one, or import your list from Excel or CSV; columns are matched and duplicates found before anything is written."), &actions))
    })
}

fn record(s: &Sample, cx: &ViewCx<'_>) -> Markup {
    let object = s.party();
    let r = &s.records[0];
    let name = r.get("name").name().unwrap();
    let other = if cx.lang() == "ar" { &name.latin } else { &name.ar };
    let head = ui::record::Head {
        title: name.get(cx.lang()),
        other,
        person: true,
        tags: html! { (ui::mark::chip(s.pick("عميل مميّز", "Champion"), Tone::Good)) (ui::mark::chip_line(s.pick("جملة", "Wholesale"))) span class="muted small" { (s.pick("منذ", "since")) " " (cx.date("2024-02-11".parse().unwrap())) } },
        actions: html! { (button(s.pick("طلب جديد", "New order")).icon("plus").primary()) (button(s.pick("تعديل", "Edit")).icon("pencil")) (icon_button("ellipsis", cx.t("ui-actions")).opens("more")) (ui::overlay::menu_end("more", &html! { (ui::overlay::MenuItem::link("merge", s.pick("دمج مع عميل آخر", "Merge"), "#").render()) (ui::overlay::MenuItem::link("history", s.pick("سجل التغييرات", "History"), "#").render()) div class="menu-sep" {} (ui::overlay::MenuItem::link("trash-2", s.pick("حذف", "Delete"), "#").danger().render()) })) },
        crumbs: ui::shell::crumbs(
            cx,
            &[(s.pick("العملاء", "Customers").into(), "/party".into()), (name.get(cx.lang()).into(), String::new())],
        ),
    };
    let order = s.order();
    let fields: Vec<&kernel::Field> = order.list_fields();
    let titles: Vec<String> = s.orders.iter().map(|r| r.get("number").text().unwrap().to_owned()).collect();
    let rows: Vec<Row<'_>> =
        s.orders.iter().zip(&titles).map(|(record, title)| Row { record, title, group: None }).collect();
    let at = |t: &str| t.parse().unwrap();
    let who = |n: &str| html! { b { bdi { (n) } } };
    let items = [
        ui::timeline::Happening::new(at("2026-11-23T05:40:00Z"), "message-square", "teal", html! { (who(s.pick("سارة المطيري", "Sara Al-Mutairi"))) " " (s.pick("علّقت", "commented")) })
            .detail(Some(html! { div class="comment" { div class="prose comment-text" dir="auto" { (s.pick(
                "طلب تسعيرة لـ 400 كرتون مع التوصيل إلى جدة قبل نهاية الشهر.\nرقم الطلب القديم SO-00412.",
                "Asked for a quote on 400 cartons delivered to Jeddah before the end of the month.",
            )) } } })),
        ui::timeline::Happening::new(at("2026-11-22T11:05:00Z"), "shopping-cart", "green", html! { (s.pick("طلب", "Order")) " " a href="#" class="ltr" { "SO-00537" } " · " bdi { (cx.money(&kernel::Money::new(1_284_050, "SAR"))) } }),
        ui::timeline::Happening::new(at("2026-11-22T08:12:00Z"), "phone", "blue", html! { (s.pick("مكالمة صادرة", "Outgoing call")) " · " (cx.duration(312)) }),
        ui::timeline::Happening::new(at("2026-11-18T09:30:00Z"), "pencil", "grey", html! { (who(s.pick("خالد الحربي", "Khalid Al-Harbi"))) " " (s.pick("عدّل السجل", "changed the record")) }).detail(Some(ui::timeline::diff(
            &[
                (object.get("city").unwrap(), s.pick("الرياض", "Riyadh").into(), s.pick("جدة", "Jeddah").into()),
                (object.get("credit").unwrap(), Value::Null, kernel::Money::new(5_000_000, "SAR").into()),
            ],
            cx,
        ))),
        ui::timeline::Happening::new(at("2026-11-18T07:01:00Z"), "undo-2", "orange", html! { (s.pick("مرتجع", "Return")) " " a href="#" class="ltr" { "RT-00031" } " · " bdi { (cx.money(&kernel::Money::new(-84_000, "SAR"))) } }),
    ];
    let main = html! {
        (ui::record::summary(&[
            (s.pick("إجمالي المشتريات", "Total bought").into(), cx.money_short(48_231_905, "SAR"), String::new()),
            (s.pick("الطلبات", "Orders").into(), cx.num(87), String::new()),
            (s.pick("متوسط الطلب", "Average order").into(), cx.money_short(554_390, "SAR"), String::new()),
            (s.pick("آخر شراء", "Last bought").into(), cx.relative("2026-11-22T11:05:00Z".parse().unwrap()), String::new()),
        ]))
        (ui::record::block(s.pick("الطلبات", "Orders"), Some(&cx.num(87)), &html! { (button(cx.t("ui-show-all")).small().ghost()) }, &ui::table::related_table(&order, &fields, &rows, cx)))
        (ui::record::padded_block(s.pick("ما حدث", "Timeline"), None, &html! {}, &html! { (ui::timeline::composer_with_mark("سارة", &ui::timeline::Composer { action: "#", lookup: "#", target: "#t", parent: None, text: "", said: &[], files: true, send: "ui-comment", placeholder: "ui-write-comment" }, cx)) (ui::timeline::timeline(&items, Some("#"), cx)) }))
    };
    let sections = ui::form::sections(object.fields.iter().filter(|f| f.key != "name"));
    let side = html! {
        (ui::record::facts(&sections, r, Some("/party/1"), cx))
        details class="section" open { summary { (s.pick("الملفات", "Files")) } (ui::timeline::attachments(&[ui::timeline::Attachment { name: s.pick("السجل التجاري.pdf", "Registration.pdf").into(), href: "#".into(), size: 482_113, note: s.pick("سارة", "Sara").into(), remove: Some("#".into()) }], Some("#"), cx)) }
    };
    ui::record::record_page(&head, &main, &side)
}

fn form(s: &Sample, cx: &ViewCx<'_>) -> Markup {
    let object = s.every_kind();
    let sections = ui::form::sections(&object.fields);
    let mut values = s.every_value();
    values.insert("email".into(), Value::Text("sara@".into()));
    let issues = [Issue::new("email", "ui-not-saved")];
    let f = ui::form::Form {
        action: "#",
        sections: &sections,
        values: &values,
        issues: &issues,
        rev: Some(3),
        cancel: "/party",
        verb: s.pick("حفظ", "Save").into(),
        again: true,
        parts: html! {},
    };
    ui::shell::simple_page(s.pick("عميل جديد", "New customer"), "", &html! {}, &ui::form::form(&f, cx))
}

fn conflict(s: &Sample, cx: &ViewCx<'_>) -> Markup {
    let object = s.party();
    let rows = [
        ui::form::Conflict {
            field: object.get("city").unwrap(),
            base: s.pick("الرياض", "Riyadh").into(),
            theirs: s.pick("جدة", "Jeddah").into(),
            yours: s.pick("الدمام", "Dammam").into(),
        },
        ui::form::Conflict {
            field: object.get("credit").unwrap(),
            base: kernel::Money::new(5_000_000, "SAR").into(),
            theirs: kernel::Money::new(8_000_000, "SAR").into(),
            yours: kernel::Money::new(5_000_000, "SAR").into(),
        },
        ui::form::Conflict {
            field: object.get("class").unwrap(),
            base: "new".into(),
            theirs: "new".into(),
            yours: "vip".into(),
        },
    ];
    let body = ui::form::conflict_form("#", s.pick("خالد الحربي", "Khalid Al-Harbi"), 4, &rows, &[], "#", cx);
    ui::shell::simple_page(s.pick("حفظان في وقت واحد", "Two saves at once"), "", &html! {}, &body)
}

fn dashboard(s: &Sample, cx: &ViewCx<'_>) -> Markup {
    let months: Vec<String> = (0..13_i64)
        .map(|i| {
            let d = kernel::jiff::civil::date(2025, 11, 1).saturating_add(kernel::jiff::ToSpan::months(i));
            text::calendar::month_name(d, cx.locale).to_owned()
        })
        .collect();
    let revenue = [74, 83, 46, 51, 62, 58, 71, 69, 73, 66, 95, 108, 62];
    let money = |k: i64| cx.money_short(k * 100_000, "SAR");
    let axis = |v: f64| cx.money_short((v * 100.0) as i64, "").trim().to_owned();
    let datum = |v: i64| Datum::new((v * 1000) as f64, money(v)).href("/order");
    let this = Series::new(s.pick("الإيراد", "Revenue"), "1", revenue.iter().map(|v| datum(*v)).collect());
    let counts = |v: &[i64]| v.iter().map(|n| Datum::new(*n as f64, cx.num(*n)).href("/party")).collect::<Vec<_>>();
    let new = Series::new(
        s.pick("جدد", "New"),
        "2",
        counts(&[948, 362, 417, 380, 440, 304, 289, 236, 269, 192, 358, 379, 324]),
    );
    let back = Series::new(
        s.pick("عائدون", "Returning"),
        "1",
        counts(&[0, 604, 366, 378, 510, 561, 625, 692, 699, 689, 764, 912, 1020]),
    );
    let number_axis = |v: f64| cx.num(v as i64);
    let products = [
        ("كيس جامبو أحمر منقّط", "Jumbo bag red retrospot", 1_842),
        ("حامل كيك بثلاث طبقات", "Regency cakestand 3 tier", 1_610),
        ("علبة غداء بنقشة التفاح", "Apple lunch box", 1_204),
        ("مصباح عيد مضيء", "Light-up holiday lamp", 968),
        ("طقم شاي من البورسلين", "Porcelain tea set", 871),
        ("إطار صورة خشبي أبيض", "White wooden frame", 655),
    ];
    let bars: Vec<HBar> = products
        .iter()
        .map(|(ar, en, v)| HBar {
            label: s.pick(ar, en).into(),
            datum: Datum::new(*v as f64, cx.money_short(v * 10_000, "SAR")).href("#"),
        })
        .collect();
    let tenths: Vec<ParetoItem> = [612, 204, 128, 92, 67, 48, 34, 24, 15, 8]
        .iter()
        .enumerate()
        .map(|(i, v)| ParetoItem { label: cx.num(i as i64 + 1), datum: datum(*v) })
        .collect();
    let rfm: Vec<(String, Vec<HeatCell>)> = (0..5_i64)
        .map(|r| {
            (
                cx.num(5 - r),
                (0..5_i64)
                    .map(|c| {
                        let v = ((5 - r) * (c + 1) * 17 + (r * c * 29) % 90) % 460 + 12;
                        HeatCell {
                            value: v as f64,
                            shown: cx.num(v),
                            small: String::new(),
                            tip: format!("{} {}", cx.num(v), s.pick("عميلًا", "customers")),
                            href: Some("/party".into()),
                        }
                    })
                    .collect(),
            )
        })
        .collect();
    let slices = [
        ("السعودية", "Saudi Arabia", "1", 58),
        ("الإمارات", "UAE", "2", 21),
        ("الكويت", "Kuwait", "3", 12),
        ("غيرها", "Others", "soft", 9),
    ]
    .map(|(ar, en, c, v)| Slice { label: s.pick(ar, en).into(), colour: c, datum: datum(v) });
    let spark = |v: &[f64]| Some(chart::spark(v, "1", cx));
    let tile = |ar: &str, en: &str, value: String, up: Option<bool>, pct: i64, v: &[f64]| {
        chart::tile(&Tile {
            name: s.pick(ar, en).into(),
            value,
            small: String::new(),
            foot: Some(ui::mark::trend(up, &cx.percent(kernel::rust_decimal::Decimal::new(pct, 1)))),
            spark: spark(v),
            href: Some("#".into()),
        })
    };
    let segments = html! { span class="segment" { button aria-pressed="false" { (s.pick("شهر", "Month")) } button aria-pressed="true" { (s.pick("سنة", "Year")) } } };
    html! {
        div class="page" {
            (ui::shell::page_head(s.pick("صباح الخير يا سارة", "Good morning, Sara"), &cx.date(cx.today()), &segments))
            div class="dash" {
                (tile("الإيراد هذا الشهر", "Revenue this month", cx.money_short(62_400_000, "SAR"), Some(true), 124, &[4.0, 5.0, 4.5, 6.0, 7.0, 6.5, 9.0]))
                (tile("الطلبات", "Orders", cx.num(1_284), Some(true), 31, &[5.0, 6.0, 5.0, 7.0, 6.0, 8.0, 8.5]))
                (tile("عملاء جدد", "New customers", cx.num(324), Some(false), 145, &[9.0, 7.0, 6.0, 6.5, 5.0, 4.0, 4.5]))
                (tile("المرتجعات", "Returns", cx.percent(kernel::rust_decimal::Decimal::new(23, 1)), None, 0, &[3.0, 3.0, 3.2, 3.1, 3.0, 2.9, 3.0]))
                (chart::chart_block(8, s.pick("الإيراد حسب الشهر", "Revenue by month"), s.pick("صافي بعد المرتجعات", "Net of returns"), &html! {}, &chart::bars(&chart::Bars { title: s.pick("الإيراد حسب الشهر", "Revenue by month"), labels: &months, series: std::slice::from_ref(&this), stacked: false, height: 260.0, axis: &axis }, cx)))
                (chart::chart_block(4, s.pick("أكثر المنتجات مبيعًا", "Top products"), "", &html! {}, &chart::hbars(s.pick("أكثر المنتجات مبيعًا", "Top products"), &bars, "1")))
                (chart::chart_block(6, s.pick("عملاء جدد وعائدون", "New and returning customers"), "", &html! {}, &chart::bars(&chart::Bars { title: s.pick("عملاء جدد وعائدون", "New and returning"), labels: &months, series: &[back.clone(), new.clone()], stacked: true, height: 260.0, axis: &number_axis }, cx)))
                (chart::chart_block(6, s.pick("منحنى باريتو", "Pareto curve"), s.pick("العملاء في عشرة أعشار من الأكثر شراءً", "Customers in tenths, largest first"), &html! {}, &chart::pareto(s.pick("الإيراد", "Revenue"), &tenths, 260.0, &axis, cx)))
                (chart::chart_block(5, s.pick("الحداثة والتكرار", "Recency and frequency"), s.pick("عدد العملاء في كل خانة", "Customers in each cell"), &html! {}, &chart::heatmap(s.pick("الحداثة والتكرار", "Recency and frequency"), s.pick("حداثة ↓ تكرار ←", "R ↓ F →"), &(1..=5).map(|i| cx.num(i)).collect::<Vec<_>>(), &rfm)))
                (chart::chart_block(7, s.pick("الاتجاه", "Trend"), "", &html! {}, &chart::lines(&chart::Lines { title: s.pick("الاتجاه", "Trend"), labels: &months, series: &[back, new], area: true, height: 260.0, axis: &number_axis }, cx)))
                (chart::chart_block(6, s.pick("حسب البلد", "By country"), "", &html! {}, &chart::donut(s.pick("حسب البلد", "By country"), &slices, &cx.money_short(100_000_000, ""), s.pick("الإجمالي", "Total"), cx)))
                (chart::chart_block(6, s.pick("مجمّعة", "Grouped"), "", &html! {}, &chart::bars(&chart::Bars { title: "x", labels: &months[..6], series: &[Series::new(s.pick("هذا العام", "This year"), "1", revenue[6..12].iter().map(|v| datum(*v)).collect()), Series::new(s.pick("العام الماضي", "Last year"), "soft", revenue[..6].iter().map(|v| datum(*v)).collect())], stacked: false, height: 220.0, axis: &axis }, cx)))
            }
        }
    }
}

fn board(s: &Sample, cx: &ViewCx<'_>) -> Markup {
    let card = |n: u128, ar: &str, en: &str, sar: i64, who: &str, late: bool| ui::board::Card {
        id: Uuid::from_u128(n).to_string(),
        rev: 1,
        title: s.pick(ar, en).into(),
        href: "/deal/1".into(),
        value: Some(cx.money(&kernel::Money::new(sar * 100, "SAR"))),
        facts: vec![html! { bdi { (s.pick("شركة النور", "Al Noor Co.")) } }, ui::mark::avatar(who, "sm")],
        late,
    };
    let column = |key: &str, ar: &str, en: &str, tone, count, sum: i64, cards| ui::board::BoardColumn {
        key: key.into(),
        label: s.pick(ar, en).into(),
        tone,
        count,
        sum: (sum > 0).then(|| cx.money_short(sum * 100, "SAR")),
        cards,
        more: None,
    };
    let columns = [
        column(
            "new",
            "جديدة",
            "New",
            Tone::Info,
            3,
            182_000,
            vec![
                card(1, "توريد أدوات مكتبية للوزارة", "Office supplies for the ministry", 92_000, "خالد الحربي", false),
                card(2, "عقد صيانة سنوي", "Annual maintenance", 48_000, "سارة المطيري", true),
                card(3, "تجهيز معرض الرياض", "Riyadh showroom fit-out", 42_000, "نورة العتيبي", false),
            ],
        ),
        column(
            "talk",
            "تفاوض",
            "Negotiation",
            Tone::Warn,
            2,
            310_500,
            vec![
                card(4, "شاشات عرض للفروع", "Displays for branches", 210_500, "سارة المطيري", false),
                card(5, "ترقية نظام المخزون", "Stock system upgrade", 100_000, "خالد الحربي", false),
            ],
        ),
        column(
            "offer",
            "عرض سعر",
            "Proposal",
            Tone::Accent,
            1,
            75_250,
            vec![card(6, "زي موحّد لـ 120 موظفًا", "Uniforms for 120 staff", 75_250, "نورة العتيبي", false)],
        ),
        column(
            "won",
            "مكسوبة",
            "Won",
            Tone::Good,
            12,
            1_204_000,
            vec![card(7, "توريد قرطاسية الفصل الدراسي", "School term stationery", 64_000, "سارة المطيري", false)],
        ),
        column("lost", "خاسرة", "Lost", Tone::Bad, 0, 0, vec![]),
    ];
    html! { div class="page page-fixed" {
        (ui::shell::page_head(s.pick("الفرص", "Opportunities"), &cx.num(18), &html! { (button(s.pick("فرصة جديدة", "New opportunity")).icon("plus").primary()) }))
        (ui::board::board("deal", &columns, true, cx))
    } }
}

fn calendar(s: &Sample, cx: &ViewCx<'_>) -> Markup {
    let entry = |d: &str, ar: &str, en: &str, tone| {
        let at = format!("{d}T09:00:00Z").parse().unwrap();
        ui::planner::Item { title: s.pick(ar, en).into(), href: "#".into(), start: at, end: at, hue: ui::mark::hue(tone), ..Default::default() }
    };
    let mut entries = vec![
        entry("2026-11-03", "زيارة المورّد", "Supplier visit", Tone::Info),
        entry("2026-11-17", "تجديد العقد", "Contract renewal", Tone::Warn),
    ];
    for i in 0..6 {
        entries.push(entry(
            "2026-11-23",
            if i % 2 == 0 { "متابعة عرض السعر" } else { "مكالمة" },
            if i % 2 == 0 { "Follow up quote" } else { "Call" },
            if i % 2 == 0 { Tone::Accent } else { Tone::Good },
        ));
    }
    html! { div class="page page-fixed" {
        (ui::shell::page_head(s.pick("المهام", "Tasks"), "", &html! {}))
        (ui::month::month(cx.today(), &entries, &[], &std::collections::BTreeSet::new(), &|d| format!("?day={d}"), cx))
    } }
}

fn import(s: &Sample, cx: &ViewCx<'_>) -> Markup {
    use ui::import::{BadRow, Counts, FileColumn, Running, Step};
    let object = s.party();
    let fields: Vec<&kernel::Field> = object.fields.iter().filter(|f| f.writable()).collect();
    let columns = [
        FileColumn {
            name: "اسم العميل".into(),
            samples: vec!["أحمد العتيبي".into(), "مكتبة الأمل".into()],
            field: Some("name".into()),
        },
        FileColumn { name: "Phone".into(), samples: vec!["0501234567".into()], field: Some("phone".into()) },
        FileColumn { name: "ملاحظات".into(), samples: vec![], field: None },
    ];
    let counts = Counts { rows: 34_766, created: 33_120, updated: 1_343, unchanged: 0, failed: 303 };
    let bad =
        [BadRow {
            line: 18, text: "أحمد · 05012 · جدة".into(), issues: vec![Issue::new("phone", "ui-not-saved")]
        }];
    let run = Running {
        done_rows: 21_500,
        counts,
        done: false,
        stopped: false,
        poll: "#",
        stop: "#",
        resume: "#",
        undo: None,
        list: "#",
    };
    ui::shell::simple_page(
        s.pick("استيراد العملاء", "Import customers"),
        "",
        &html! {},
        &html! { div class="stack" style="--gap:4rem" {
            (ui::import::wizard(Step::Upload, &ui::import::upload_step("#", "#", cx), cx))
            (ui::import::wizard(Step::Map, &ui::import::mapping_step("#", &columns, &fields, &html! {}, "#", cx), cx))
            (ui::import::wizard(Step::Check, &ui::import::check_step("#", counts, &bad, Some("#"), "#", cx), cx))
            (ui::import::wizard(Step::Run, &ui::import::run_step(&run, &[], None, cx), cx))
        } },
    )
}

fn trash(s: &Sample, cx: &ViewCx<'_>) -> Markup {
    let d = |ar: &str, en: &str| ui::trash::Deleted {
        title: s.pick(ar, en).into(),
        what: s.pick("عميل", "Customer").into(),
        by: s.pick("خالد الحربي", "Khalid Al-Harbi").into(),
        at: "2026-11-20T08:00:00Z".parse().unwrap(),
        restore: "#".into(),
        purge: Some("#".into()),
    };
    html! { div class="page page-fixed" { (ui::shell::page_head(s.pick("سلة المهملات", "Trash"), "", &html! {})) (ui::trash::trash(&[d("مكتبة الأمل", "Al Amal Books"), d("أحمد العتيبي", "Ahmed Al-Otaibi")], cx)) } }
}

fn parts(s: &Sample, cx: &ViewCx<'_>) -> Markup {
    let tones = [Tone::Neutral, Tone::Info, Tone::Good, Tone::Warn, Tone::Bad, Tone::Accent];
    let foot = html! { (button(cx.t("ui-cancel")).closes_dialog("d1")) (button(s.pick("حفظ", "Save")).primary()) };
    ui::shell::simple_page(
        s.pick("الأجزاء", "Parts"),
        "",
        &html! {},
        &html! { div class="stack" style="--gap:2rem" {
            div class="cluster" { (button(s.pick("أساسي", "Primary")).primary().icon("plus")) (button(s.pick("عادي", "Plain"))) (button(s.pick("خفيف", "Ghost")).ghost()) (button(s.pick("حذف", "Delete")).danger().icon("trash-2")) (button(s.pick("معطّل", "Disabled")).disabled(true)) (icon_button("settings", s.pick("إعدادات", "Settings"))) (button("Ctrl").small().keys("K")) }
            div class="cluster" { @for t in tones { (ui::mark::chip(s.pick("حالة", "State"), t)) } (ui::mark::chip_line(s.pick("وسم", "Tag"))) (ui::mark::count("12")) (ui::mark::avatar("سارة المطيري", "")) (ui::mark::avatar_square("شركة النور", "lg")) (ui::mark::trend(Some(true), "12%")) }
            (ui::record::stage_path(s.party().get("class").unwrap().kind.options(), "active", Some("#"), cx))
            @for m in [Mood::Info, Mood::Good, Mood::Warn, Mood::Bad] { (ui::mark::flash(m, &html! { (s.pick("حُفظ السجل ويمكنك التراجع خلال دقيقة.", "The record was saved; you can undo for a minute.")) })) }
            (ui::mark::progress(62.0, "x")) (ui::mark::skeleton(3))
            (ui::record::tabs(&[(s.pick("نظرة عامة", "Overview").into(), "#".into(), true, None), (s.pick("الطلبات", "Orders").into(), "#".into(), false, Some(cx.num(87)))], "tabs"))
            div class="cluster" { (button(s.pick("حوار", "Dialog")).opens_dialog("d1")) (button(s.pick("درج", "Drawer")).opens_dialog("d2")) (button(s.pick("قائمة", "Menu")).opens("m1")) (button(s.pick("تأكيد", "Confirm")).opens_dialog("d3")) }
            (ui::overlay::dialog(cx, "d1", s.pick("حفظ العرض", "Save view"), false, &html! { p class="soft" { (s.pick("سيظهر لكل من في فريقك.", "Everyone in your team will see it.")) } }, &foot))
            (ui::overlay::drawer(cx, "d2", s.pick("الإشعارات", "Notifications"), &ui::mark::empty(Empty::Quiet, s.pick("لا جديد", "Nothing new"), "", &html! {}), &html! {}))
            (ui::overlay::confirm(cx, "d3", s.pick("حذف العميل؟", "Delete customer?"), s.pick("سينتقل إلى سلة المهملات.", "It goes to the trash."), "#", s.pick("حذف", "Delete")))
            (ui::overlay::menu("m1", &html! { (ui::overlay::MenuItem::link("copy", s.pick("نسخ", "Copy"), "#").render()) (ui::overlay::MenuItem::link("trash-2", s.pick("حذف", "Delete"), "#").danger().render()) }))
            div style="position:relative;block-size:12rem;display:flex;border:1px solid var(--line)" { (ui::mark::empty(Empty::Search, s.pick("لا نتائج", "No results"), "", &html! { (button(cx.t("ui-clear-all")).small()) })) }
            (ui::table::skeleton_table(5, 4))
            div class="stack" { (ui::mark::toast(Mood::Good, s.pick("حُفظ", "Saved"), "", &[], Some((s.pick("تراجع", "Undo"), "#")))) (ui::mark::toast(Mood::Bad, s.pick("لم يُحفظ", "Not saved"), s.pick("رقم الهاتف ناقص.", "The phone number is too short."), &[], None)) }
            div class="dialog" style="display:flex;flex-direction:column;position:relative" { (ui::overlay::palette_results(cx, &[(s.pick("العملاء", "Customers").into(), vec![ui::overlay::PaletteItem { icon: "users".into(), title: s.pick("أحمد العتيبي", "Ahmed Al-Otaibi").into(), hint: s.pick("عميل", "Customer").into(), href: "#".into() }])])) }
        } },
    )
}

fn gate(s: &Sample, cx: &ViewCx<'_>) -> Markup {
    let f = kernel::Field::new("email", kernel::Kind::Email, label("البريد الإلكتروني", "E-mail")).required();
    let p = kernel::Field::new("password", kernel::Kind::text(), label("كلمة المرور", "Password")).required();
    html! {
        h1 { (s.pick("أهلًا بعودتك", "Welcome back")) }
        p class="soft small" style="margin-block-end:var(--s-7)" { (s.pick("سجّل الدخول إلى حساب شركتك.", "Sign in to your company.")) }
        form class="stack" style="--gap:var(--s-6)" { (ui::input::field_row(&f, &Value::Null, None, cx)) (ui::input::field_row(&p, &Value::Null, None, cx)) (button(s.pick("دخول", "Sign in")).primary().block().submit()) }
    }
}
