//! A quote on paper: Arabic, English or both.

use crate::letterhead::Letterhead;
use crate::quote::KEY;
use crate::view::{decimal, parts, text};
use crate::{outgoing, tax, total};
use engine::{Company, Query};
use kernel::rust_decimal::Decimal;
use kernel::uuid::Uuid;
use kernel::{Expr, Fault, Label, Money, Name, Outcome, Record, Value, label};
use pricing::Priced;
use print::{Block, Calendars, Column, Document, Fact, Piece, Table, Text, Total};
use text::{Lang, Locale, i18n};

/// A quote with everything that is said of it outside.
pub struct Offer {
    pub quote: Record,
    pub lines: Vec<Record>,
    pub priced: Priced,
    pub party: Option<Record>,
    pub contact: Option<Record>,
    /// Why zero-rated or exempt, by category.
    pub reasons: Vec<Name>,
    pub head: Letterhead,
}

impl Offer {
    /// Reads a quote by the company's own hand; the caller has made sure that he may show it.
    ///
    /// # Errors
    /// Not found.
    pub async fn load(company: &Company, id: Uuid) -> Outcome<Offer> {
        let system = company.system();
        let quote = company.get(&system, KEY, id).await?;
        let query = Query { count: engine::Count::None, ..Query::new(crate::line::KEY).filter(Expr::path("quote").eq(Expr::lit(id))).sort("position").limit(crate::quote::MOST_LINES) };
        let lines = company.list(&system, &query).await?.records;
        let priced = total::price(&quote, &lines)?;
        let mut people = Vec::new();
        for field in ["party", "contact"] {
            people.push(match quote.get(field).id() {
                Some(party) => company.get(&system, "party", party).await.ok(),
                None => None,
            });
        }
        let contact = people.pop().flatten();
        let party = people.pop().flatten();
        let mut reasons: Vec<Name> = Vec::new();
        for id in lines.iter().filter(|l| matches!(text(l, "tax_category"), "zero" | "exempt")).filter_map(|l| l.get("tax").id()) {
            let Ok(rate) = company.get(&system, tax::KEY, id).await else { continue };
            if let Some(reason) = rate.get("reason").name().filter(|n| !n.is_empty() && !reasons.contains(n)) {
                reasons.push(reason.clone());
            }
        }
        Ok(Offer { quote, lines, priced, party, contact, reasons, head: Letterhead::load(company).await? })
    }

    pub fn currency(&self) -> &str {
        total::currency(&self.quote)
    }
    pub fn money(&self, minor: i64) -> Money {
        Money::new(minor, self.currency())
    }
    /// Lines in the sum, or optional ones that are not.
    pub fn counted(&self, counted: bool) -> impl Iterator<Item = (&Record, &pricing::PricedLine)> {
        self.lines.iter().zip(&self.priced.lines).filter(move |(l, _)| total::counted(l) == counted)
    }
    /// What the total is in words, as on a cheque.
    pub fn words(&self, lang: Lang) -> Option<String> {
        let words = ::text::spelled::money(self.priced.totals.payable, self.currency(), lang)?;
        let said = i18n::t_plain(lang, "quotes-in-words", &[("words", words.as_str().into())]);
        let mut letters = said.chars();
        Some(letters.next().map(|first| first.to_uppercase().collect::<String>() + letters.as_str()).unwrap_or_default())
    }
}

/// The language of the paper; the first one where it is in both.
pub fn lang(company: &Company, quote: &Record) -> Lang {
    Lang::parse(text(quote, "language")).unwrap_or_else(|| company.settings().lang())
}

/// The PDF and its name.
///
/// # Errors
/// Not found; a document that cannot be set.
pub async fn pdf(company: &Company, id: Uuid) -> Outcome<(String, Vec<u8>)> {
    let offer = Offer::load(company, id).await?;
    let lang = lang(company, &offer.quote);
    let link = match text(&offer.quote, "status") {
        "draft" | "superseded" => None,
        _ => Some(outgoing::link(company, &offer.quote, lang).await?),
    };
    let signature = match offer.quote.get("signature") {
        Value::File(file) => company.file(&company.system(), KEY, id, file.id).await.ok().map(|(_, bytes)| bytes),
        _ => None,
    };
    let document = document(company, &offer, link.as_deref(), signature);
    let name = format!("{}.pdf", text(&offer.quote, "number"));
    Ok((name, print::print(document, print::Limits::default()).await.map_err(Fault::internal)?.bytes))
}

/// A sentence of ours as a label.
fn sentence(key: &str) -> Label {
    Label::owned(i18n::t(Lang::Ar, key), i18n::t(Lang::En, key))
}

/// The quote as a document.
pub fn document(company: &Company, offer: &Offer, link: Option<&str>, signature: Option<Vec<u8>>) -> Document {
    let settings = company.settings();
    let lang = lang(company, &offer.quote);
    let both = text(&offer.quote, "language") == "both";
    let locale = Locale { lang, ..settings.locale() };
    let mut blocks = vec![top(offer, lang), Block::Table(lines(offer, true, totals(offer, &locale)))];
    let langs = if both { vec![Lang::Ar, Lang::En] } else { vec![lang] };
    blocks.extend(langs.iter().filter_map(|l| offer.words(*l)).map(|w| Block::Paragraph(Text::strong(w))));
    if offer.counted(false).next().is_some() {
        blocks.push(Block::Heading { level: 2, text: sentence("quotes-options"), count: None });
        blocks.push(Block::Table(lines(offer, false, Vec::new())));
    }
    for reason in &offer.reasons {
        blocks.push(Block::Paragraph(Text::soft(reason.get(lang.code()))));
    }
    let terms = match text(&offer.quote, "terms") {
        "" => offer.head.said("terms", lang),
        own => own.to_owned(),
    };
    if !terms.is_empty() {
        blocks.push(Block::Heading { level: 2, text: label("الشروط", "Terms"), count: None });
        blocks.push(Block::Paragraph(Text::words(terms)));
    }
    if text(&offer.quote, "status") == "accepted" {
        let when = offer.quote.get("answered_at").datetime().map(|at| ::text::calendar::local_date(at, &locale));
        let mut said = Text::words(i18n::t(lang, "quotes-accepted-by")).and(Piece::Words(" ".into())).and(Piece::Strong(text(&offer.quote, "accepted_by").into()));
        if let Some(day) = when {
            said = said.and(Piece::Words(" · ".into())).and(Piece::Day(day, Calendars::Both));
        }
        blocks.push(Block::Note(said));
        blocks.extend(signature.map(|bytes| Block::Picture { bytes, height: 18 }));
    }
    if let Some(link) = link {
        let beside = Text::words(i18n::t(lang, "quotes-scan"));
        blocks.push(Block::Qr { text: link.to_owned(), beside });
    }
    let contacts = [Text::phone(offer.head.get("phone")), Text::code(offer.head.get("email")), Text::code(offer.head.get("website"))];
    let filled = ["phone", "email", "website"].map(|k| !offer.head.get(k).is_empty());
    let mut heads: Vec<Text> = Vec::new();
    let address = offer.head.said("address", lang);
    heads.extend(Some(address).filter(|a| !a.is_empty()).map(Text::words));
    for (key, word) in [("tax_number", "quotes-tax-number"), ("register_number", "quotes-register-number")] {
        if !offer.head.get(key).is_empty() {
            heads.push(Text::soft(format!("{} ", i18n::t(lang, word))).and(Piece::Code(offer.head.get(key).into())));
        }
    }
    Document {
        title: label("عرض سعر", "Quotation"),
        number: text(&offer.quote, "number").to_owned(),
        locale,
        both,
        letterhead: print::Letterhead {
            name: settings.name.get(lang.code()).to_owned(),
            lines: heads,
            contacts: contacts.into_iter().zip(filled).filter(|(_, f)| *f).map(|(t, _)| t).collect(),
        },
        blocks,
        foot: Text::words(settings.name.get(lang.code())),
        made: offer.quote.get("sent_at").datetime(),
    }
}

/// To whom, and from when until when.
fn top(offer: &Offer, lang: Lang) -> Block {
    let mut to = vec![Block::Heading { level: 2, text: label("مقدم إلى", "For"), count: None }];
    if let Some(party) = &offer.party {
        let name = party.get("name").name().map(|n| n.get(lang.code()).to_owned()).unwrap_or_default();
        to.push(Block::Paragraph(Text::strong(name)));
        let contact = offer.contact.as_ref().and_then(|c| c.get("name").name()).map(|n| n.get(lang.code()).to_owned());
        to.extend(contact.map(|c| Block::Paragraph(Text::words(c))));
        if let Value::Address(address) = party.get("address") {
            let written: Vec<&str> = [&address.street, &address.district, &address.city, &address.postcode].into_iter().map(String::as_str).filter(|p| !p.is_empty()).collect();
            to.push(Block::Paragraph(Text::words(written.join(lang.pick("، ", ", ")))));
        }
        if !text(party, "tax_number").is_empty() {
            to.push(Block::Paragraph(Text::soft(format!("{} ", i18n::t(lang, "quotes-tax-number"))).and(Piece::Code(text(party, "tax_number").into()))));
        }
    }
    let day = |field: &str| offer.quote.get(field).date().map(|d| Text::day(d, Calendars::Both));
    let mut facts = Vec::new();
    facts.extend(day("issued_on").map(|d| Fact::new(label("التاريخ", "Date"), d)));
    facts.extend(day("valid_until").map(|d| Fact::new(label("صالح حتى", "Valid until"), d)));
    if !text(&offer.quote, "subject").is_empty() {
        facts.push(Fact::new(label("الموضوع", "Subject"), Text::words(text(&offer.quote, "subject"))));
    }
    let currency = ::text::money::currency_name(offer.currency(), lang);
    facts.push(Fact::new(label("العملة", "Currency"), Text::words(currency)));
    Block::Sides(to, vec![Block::Facts(facts)])
}

fn lines(offer: &Offer, counted: bool, totals: Vec<Total>) -> Table {
    let exponent = ::text::money::exponent(offer.currency());
    let number = |d: Decimal, least: u8| {
        let (n, scale) = parts(d, least);
        Text::from(Piece::Number(n, scale))
    };
    let lowered = offer.counted(counted).any(|(_, p)| p.discount > 0);
    let inclusive = offer.quote.get("inclusive").bool() == Some(true);
    let mut columns = vec![
        Column::figures(label("م", "No.")),
        Column::words(label("البيان", "Description")),
        Column::figures(label("الكمية", "Quantity")),
        Column::figures(label("سعر الوحدة", "Unit price")),
    ];
    if lowered {
        columns.push(Column::figures(label("الخصم", "Discount")));
    }
    columns.push(Column::figures(label("الضريبة", "Tax")));
    columns.push(Column::figures(if inclusive { label("القيمة شاملة الضريبة", "Amount with tax") } else { label("القيمة", "Amount") }));
    let row = |(i, (l, p)): (usize, (&Record, &pricing::PricedLine))| {
        let mut what = Text::words(text(l, "description"));
        if l.get("included").bool() == Some(true) {
            what = what.and(Piece::Soft(format!("\n{}", i18n::t(lang_of(offer), "quotes-included"))));
        }
        let unit = text(l, "unit");
        let mut quantity = number(decimal(l, "quantity"), 0);
        if !unit.is_empty() {
            quantity = quantity.and(Piece::Words(" ".into())).and(Piece::Soft(unit.to_owned()));
        }
        let mut cells = vec![Text::number(i64::try_from(i + 1).unwrap_or_default()), what, quantity, number(decimal(l, "price"), exponent)];
        if lowered {
            let (rate, scale) = parts(decimal(l, "discount_rate"), 0);
            cells.push(match p.discount {
                0 => Text::default(),
                _ if rate != 0 => Piece::Percent(rate, scale).into(),
                amount => Piece::Number(-amount, exponent).into(),
            });
        }
        let (rate, scale) = parts(decimal(l, "tax_percent"), 0);
        cells.push(Piece::Percent(rate, scale).into());
        cells.push(Piece::Number(p.shown + p.share, exponent).into());
        cells
    };
    Table { columns, rows: offer.counted(counted).enumerate().map(row).collect(), totals }
}

fn lang_of(offer: &Offer) -> Lang {
    Lang::parse(text(&offer.quote, "language")).unwrap_or(Lang::Ar)
}

/// How the sum comes about, step by step.
fn totals(offer: &Offer, locale: &Locale) -> Vec<Total> {
    let t = &offer.priced.totals;
    let row = |label, minor: i64, grand| Total { label, value: Text::money(offer.money(minor)), grand };
    let mut all = vec![row(label("مجموع البنود", "Sum of lines"), t.list - t.line_discounts, false)];
    if t.discount > 0 {
        all.push(row(label("خصم على العرض", "Discount"), -t.discount, false));
    }
    all.push(row(label("الصافي قبل الضريبة", "Net before tax"), t.net, false));
    for g in &offer.priced.groups {
        all.push(row(tax_label(offer, g, locale), g.amount, false));
    }
    if t.rounding != 0 {
        all.push(row(label("فرق التقريب", "Rounding"), t.rounding, false));
    }
    all.push(row(label("الإجمالي", "Total"), t.payable, true));
    all
}

/// «ضريبة القيمة المضافة 15%», with what it is taken of where there are several.
pub fn tax_label(offer: &Offer, group: &pricing::Group, locale: &Locale) -> Label {
    let (rate, scale) = parts(group.tax.rate, 0);
    let said = |lang: Lang| {
        let own = Locale { lang, ..locale.clone() };
        let rate = ::text::number::format_percent(rate, scale, &own);
        let base = ::text::number::format_scaled(group.base, ::text::money::exponent(offer.currency()), &own);
        let key = match (group.tax.category.as_str(), offer.priced.groups.len() > 1) {
            ("exempt", _) => "quotes-tax-exempt",
            (_, false) => "quotes-tax-line",
            (_, true) => "quotes-tax-line-of",
        };
        i18n::t_for(&own, key, &[("rate", rate.as_str().into()), ("base", base.as_str().into())])
    };
    Label::owned(said(Lang::Ar), said(Lang::En))
}
