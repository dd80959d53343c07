//! `sila company`: what the company says of itself.

use crate::place::Place;
use engine::{Company, Settings, rollup};
use kernel::{Fault, Issue, Outcome};

/// What is to be changed; the rest stays.
#[derive(Debug, Default)]
pub struct Wanted {
    pub name_ar: Option<String>,
    pub name: Option<String>,
    pub currency: Option<String>,
    pub country: Option<String>,
    pub zone: Option<String>,
    pub lang: Option<String>,
}

pub async fn run(place: &Place, wanted: Wanted) -> Outcome<()> {
    let (config, company, _) = place.open().await?;
    crate::telemetry::logs(&config);
    change(&company, wanted).await?;
    let s = company.settings();
    println!("name_ar: {}\nname: {}\ncurrency: {}\ncountry: {}\nzone: {}\nlang: {}", s.name.ar, s.name.latin, s.currency, s.country, s.zone, s.lang);
    company.db().close().await;
    Ok(())
}

/// Changes the settings; with another currency the sums of money are made anew at once.
///
/// # Errors
/// Invalid: a currency, country, zone or language that does not exist.
pub async fn change(company: &Company, wanted: Wanted) -> Outcome<()> {
    let old = company.settings();
    let mut new = Settings::clone(&old);
    let set = |slot: &mut String, value: Option<String>| {
        if let Some(v) = value {
            *slot = v.trim().to_owned();
        }
    };
    set(&mut new.name.ar, wanted.name_ar);
    set(&mut new.name.latin, wanted.name);
    set(&mut new.currency, wanted.currency.map(|c| c.to_ascii_uppercase()));
    set(&mut new.country, wanted.country.map(|c| c.to_ascii_uppercase()));
    set(&mut new.zone, wanted.zone);
    set(&mut new.lang, wanted.lang);
    let mut issues = Vec::new();
    if text::money::currency(&new.currency).is_none() {
        issues.push(Issue::new("currency", "value-unknown-currency"));
    }
    if new.country.len() != 2 || !new.country.bytes().all(|b| b.is_ascii_uppercase()) {
        issues.push(Issue::new("country", "auth-unknown-country"));
    }
    if jiff::tz::TimeZone::get(&new.zone).is_err() {
        issues.push(Issue::new("zone", "auth-unknown-zone"));
    }
    if text::locale::Lang::parse(&new.lang).is_none() {
        issues.push(Issue::new("lang", "value-not-choice"));
    }
    Fault::check(issues)?;
    if new == *old {
        return Ok(());
    }
    let sums = new.currency != old.currency;
    company.save_settings(&company.system(), new).await?;
    if sums {
        rollup::rebuild_all(company).await?;
    }
    Ok(())
}
