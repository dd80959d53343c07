//! Who asks, through which token, in which session.

use api::request::Ctx;
use axum::http::request::Parts;
use engine::Token;
use kernel::{Fault, FaultKind, Issue, Outcome};
use rmcp::RoleServer;
use rmcp::model::JsonObject;
use rmcp::service::RequestContext;
use serde::de::DeserializeOwned;
use std::sync::Arc;
use text::i18n::{self, Arg};

/// One request of an assistant.
#[derive(Clone)]
pub(crate) struct Asked {
    pub ctx: Ctx,
    pub token: Arc<Token>,
    /// Empty where the client knows no sessions.
    pub session: String,
    /// What the client calls itself.
    pub client: String,
}

impl Asked {
    pub fn of(context: &RequestContext<RoleServer>) -> Outcome<Asked> {
        let nobody = || Fault::new(FaultKind::Unauthenticated);
        let parts = context.extensions.get::<Parts>().ok_or_else(nobody)?;
        let ctx = parts.extensions.get::<Ctx>().cloned().ok_or_else(nobody)?;
        let token = ctx.actor.token.clone().ok_or_else(nobody)?;
        let session = crate::door::session(&parts.headers).unwrap_or_default().to_owned();
        let client = context.client_info().map_or_else(String::new, |c| c.title.unwrap_or(c.name));
        Ok(Asked { ctx, token, session, client: client.chars().take(100).collect() })
    }

    pub fn t(&self, key: &str) -> String {
        i18n::t(self.ctx.lang, key)
    }
    pub fn tf(&self, key: &str, args: &[(&str, Arg<'_>)]) -> String {
        i18n::t_plain(self.ctx.lang, key, args)
    }
    /// Words of ours in the caller's language.
    pub fn label(&self, label: &kernel::Label) -> String {
        label.get(self.ctx.lang.code()).to_owned()
    }
    /// Records of one answer: what is wished for, within the limit of the token.
    pub fn rows(&self, wished: Option<usize>, usual: usize) -> usize {
        let most = usize::try_from(self.token.limits.rows).unwrap_or(usize::MAX);
        wished.unwrap_or(usual).clamp(1, most.max(1))
    }
}

/// The arguments of a call.
///
/// # Errors
/// Bad request: what is missing, unknown or of another type.
pub(crate) fn arguments<T: DeserializeOwned>(arguments: Option<JsonObject>) -> Outcome<T> {
    serde_json::from_value(arguments.unwrap_or_default().into()).map_err(|e| {
        let issue = Issue::new("", "api-bad-shape").arg("why", e);
        Fault { issues: vec![issue], ..Fault::new(FaultKind::BadRequest) }
    })
}
