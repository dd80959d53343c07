//! The pages: every list, form, record page, board, calendar, trash, search, import and export, derived from the
//! registry of a company. Knows no module.
//!
//! - [`site`], [`visit`], [`frame`]: what a request carries, and what surrounds every request;
//! - [`refusal`], [`fault_page`]: faults on their way to the person;
//! - [`sent`], [`address`], [`cookies`], [`assets`]: HTTP in and out;
//! - [`list`] with [`views`], [`cells`], [`mass`], [`sums`]; [`board`], [`calendar`], [`trash`];
//! - [`record`] with [`actions`], [`related`], [`files`], [`document`], [`history`]; its time line: [`story`], [`happening`], [`comments`];
//! - [`form`] with [`conflict`]; [`parts`] of form and record;
//! - [`duplicates`], [`merging`]: records that could be the same one;
//! - [`search`], [`live`] with [`presence`], [`notices`] with [`ways`], [`pages`], [`menu`];
//! - [`access`]: who sees a record and why, view as; [`absence`], [`roles`], [`audit`];
//! - [`import`], [`export`]; [`sign`], [`second`], [`sso`] with [`providers`] and [`provider_form`], [`setup`], [`me`], [`admin`], [`settings`], [`rules`].
//!
//! Every page works as plain GET and POST; scripts only make it quicker.
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::indexing_slicing))]

mod absence;
mod access;
mod actions;
mod address;
mod admin;
mod assets;
mod assistants;
mod audit;
mod board;
mod calendar;
mod cells;
mod comments;
mod conflict;
mod cookies;
mod document;
mod duplicates;
mod export;
mod external;
mod fault_page;
mod files;
mod form;
mod frame;
mod glance;
mod happening;
mod history;
mod import;
mod list;
mod live;
mod mass;
mod me;
mod menu;
mod merging;
mod notices;
mod pages;
mod parts;
mod presence;
mod provider_form;
mod providers;
mod record;
mod refusal;
mod related;
mod roles;
mod rules;
mod search;
mod second;
mod sent;
mod settings;
mod setup;
mod sign;
mod site;
mod sso;
mod stages;
mod story;
mod sums;
mod trash;
mod views;
mod visit;
mod ways;

pub use site::{Options, Site};

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::{get, post};
use tower_http::CompressionLevel;
use tower_http::compression::CompressionLayer;
use tower_http::compression::predicate::{DefaultPredicate, NotForContentType, Predicate};

/// The pages of one company.
pub fn router(company: engine::Company, options: Options) -> Router {
    let upload_limit = options.upload_limit;
    let site = Site::new(company, options);
    // Event streams must not wait in a compressor.
    let worth = DefaultPredicate::new().and(NotForContentType::new("text/event-stream"));
    let pages = Router::new()
        .merge(account())
        .merge(everywhere())
        .merge(administration())
        .merge(objects())
        .fallback(async || refusal::not_found())
        .layer(axum::middleware::from_fn_with_state(site.clone(), frame::frame));
    Router::new()
        .route("/assets/{file}", get(assets::serve))
        .route("/favicon.ico", get(assets::icon))
        .route("/sw.js", get(assets::worker))
        .route("/robots.txt", get(async || "User-agent: *\nDisallow: /\n"))
        .merge(pages)
        // A little above the limit of the files themselves, so that our own, worded limit answers first.
        .layer(DefaultBodyLimit::max(upload_limit + (1 << 20)))
        .layer(CompressionLayer::new().gzip(true).quality(CompressionLevel::Fastest).compress_when(worth))
        .with_state(site)
}

fn account() -> Router<Site> {
    Router::new()
        .route("/setup", get(setup::form).post(setup::run))
        .route("/sign-in", get(sign::form).post(sign::sign_in))
        .route("/sign-in/second", post(second::second))
        .route("/sign-in/enrol", post(second::enrol))
        .route("/sign-in/passkey/options", post(second::passkey_options))
        .route("/sign-in/passkey", post(second::passkey_sign_in))
        .route("/sign-in/door", get(sso::door).post(sso::through))
        .route("/sign-in/with/{key}", get(sso::go))
        .route("/sign-in/with/{key}/back", get(sso::back))
        .route("/sign-in/with/{key}/signed-out", post(sso::signed_out))
        .route("/me/accounts/untie", post(sso::untie))
        .route("/me/accounts/{key}", post(sso::tie))
        .route("/me/app", get(second::app_form).post(second::app))
        .route("/me/passkeys/options", post(second::new_passkey_options))
        .route("/me/passkeys", post(second::new_passkey))
        .route("/me/factors/{id}/remove", post(second::remove))
        .route("/me/codes", post(second::codes))
        .route("/sign-out", post(sign::sign_out))
        .route("/-/sign-out", post(sign::sign_out))
        .route("/forgot", get(sign::forgot).post(sign::send_reset))
        .route("/reset", get(sign::reset_form).post(sign::reset))
        .route("/me", get(me::page))
        .route("/me/password", post(me::password))
        .route("/me/sessions/{id}/revoke", post(me::revoke_session))
        .route("/me/tokens", post(me::make_token))
        .route("/me/tokens/{id}/revoke", post(me::revoke_token))
        .route("/me/absence", get(absence::own).post(absence::hand_own))
        .route("/me/absence/{id}/end", post(absence::end))
        .route("/assistants", get(assistants::page))
        .route("/assistants/proposals/{id}/{verb}", post(assistants::decide))
        .route("/assistants/runs/{id}/undo", post(assistants::undo))
        .route("/-/view-as", post(access::view_as))
        .route("/-/view-as/stop", post(access::stop))
        .route("/-/preferences", post(me::preferences))
}

fn everywhere() -> Router<Site> {
    Router::new()
        .route("/", get(pages::home))
        .route("/search", get(search::page))
        .route("/-/search", get(search::page))
        .route("/-/palette", get(search::palette))
        .route("/-/lookup/{object}", get(search::lookup))
        .route("/-/names", get(search::names))
        .route("/-/mention", get(comments::lookup))
        .route("/-/live", get(live::stream))
        .route("/-/notifications", get(notices::page))
        .route("/-/notifications/bell", get(notices::bell))
        .route("/-/notifications/seen", post(notices::seen))
        .route("/-/notifications/read", post(notices::read))
        .route("/-/notifications/settings", get(ways::page).post(ways::save))
        .route("/-/notifications/devices", post(ways::subscribe))
        .route("/-/notifications/devices/remove", post(ways::unsubscribe))
        .route("/-/files/{file}", get(files::download))
        .route("/import", get(import::start))
        .route("/p/{module}/{page}", get(pages::public).post(pages::public_post))
}

fn administration() -> Router<Site> {
    Router::new()
        .route("/admin", get(admin::index))
        .route("/admin/users", get(admin::users).post(admin::add_user))
        .route("/admin/users/{id}", post(admin::change_user))
        .route("/admin/roles", get(roles::list))
        .route("/admin/roles/{key}", get(roles::edit).post(roles::save))
        .route("/admin/roles/{key}/delete", post(roles::delete))
        .route("/admin/access", get(absence::explain))
        .route("/admin/delegations", get(absence::all).post(absence::hand_any))
        .route("/admin/delegations/{id}/end", post(absence::end))
        .route("/admin/audit", get(audit::show))
        .route("/admin/audit/export", get(audit::export))
        .route("/admin/teams", get(admin::teams))
        .route("/admin/teams/{id}", post(admin::change_team))
        .route("/admin/objects", get(admin::objects))
        .route("/admin/objects/{object}", get(admin::object))
        .route("/admin/jobs", get(admin::jobs))
        .route("/admin/webhooks", get(admin::webhooks))
        .route("/admin/settings", get(settings::show).post(settings::save))
        .route("/admin/sign-in", get(rules::show).post(rules::save))
        .route("/admin/sign-in/{user}/reset", post(rules::reset))
        .route("/admin/sign-in/{user}/untie", post(rules::untie))
        .route("/admin/sign-in/providers/{key}", get(providers::edit).post(providers::save))
        .route("/admin/sign-in/providers/{key}/sync", post(providers::sync))
        .route("/admin/sign-in/providers/{key}/delete", post(providers::delete))
        .route("/admin/mail", post(settings::save_mail))
}

fn objects() -> Router<Site> {
    Router::new()
        .route("/{object}", get(list::list))
        .route("/{object}/new", get(form::new).post(form::create))
        .route("/{object}/when", post(form::when))
        .route("/{object}/likely", post(duplicates::likely))
        .route("/{object}/duplicates", get(duplicates::queue))
        .route("/{object}/duplicates/decide", post(duplicates::decide))
        .route("/{object}/duplicates/sweep", post(duplicates::sweep))
        .route("/{object}/duplicates/bulk", post(duplicates::bulk))
        .route("/{object}/duplicates/stop", post(duplicates::stop))
        .route("/{object}/board", get(board::page))
        .route("/{object}/calendar", get(calendar::page).post(calendar::moved))
        .route("/{object}/trash", get(trash::page))
        .route("/{object}/columns", post(views::columns))
        .route("/{object}/views", post(views::save))
        .route("/{object}/views/{view}/delete", post(views::delete))
        .route("/{object}/mass/{what}", post(mass::run))
        .route("/{object}/export", get(export::download))
        .route("/{object}/import", get(import::upload_form).post(import::upload))
        .route("/{object}/import/sample", get(import::sample))
        .route("/{object}/import/{job}", get(import::show))
        .route("/{object}/import/{job}/errors", get(import::errors))
        .route("/{object}/import/{job}/{step}", post(import::step))
        .route("/{object}/{id}", get(record::page).post(pages::module_post))
        .route("/{object}/{id}/access", get(access::page))
        .route("/{object}/{id}/shares", post(access::share))
        .route("/{object}/{id}/shares/{share}/revoke", post(access::revoke))
        .route("/{object}/{id}/edit", get(form::edit).post(form::update))
        .route("/{object}/{id}/cell/{field}", get(cells::edit).post(cells::save))
        .route("/{object}/{id}/move", post(board::step))
        .route("/{object}/{id}/rows/{list}", post(parts::save))
        .route("/{object}/{id}/delete", post(record::delete))
        .route("/{object}/{id}/glance", get(glance::piece))
        .route("/{object}/{id}/keys", post(external::add))
        .route("/{object}/{id}/keys/remove", post(external::remove))
        .route("/{object}/{id}/merge", get(merging::page).post(merging::run))
        .route("/{object}/{id}/unmerge", post(merging::undo))
        .route("/{object}/{id}/restore", post(trash::restore))
        .route("/{object}/{id}/purge", post(trash::purge))
        .route("/{object}/{id}/do/{action}", get(actions::ask).post(actions::run))
        .route("/{object}/{id}/months", get(story::months))
        .route("/{object}/{id}/follow", post(comments::follow))
        .route("/{object}/{id}/comments", post(comments::write))
        .route("/{object}/{id}/comments/{comment}/wordings", get(comments::wordings))
        .route("/{object}/{id}/comments/{comment}/{verb}", post(comments::act))
        .route("/{object}/{id}/files", post(files::upload))
        .route("/{object}/{id}/files/{file}", get(document::page))
        .route("/{object}/{id}/files/{file}/{verb}", post(document::act))
}
