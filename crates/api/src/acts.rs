//! Verbs: the actions of the modules, and bringing back or removing what lies in the trash.

use crate::json;
use crate::once::{Reply, once};
use crate::params::{Params, Payload, id};
use crate::problem::Answer;
use crate::records::{answer, meant, shown};
use crate::request::Ctx;
use axum::extract::Path;
use kernel::{Fault, Verb};
use serde_json::{Value as Json, json};
use text::i18n;

/// `POST /{object}/{id}/{action}`
pub(crate) async fn act(ctx: Ctx, Path((object, asked, action)): Path<(String, String, String)>, params: Params, payload: Payload) -> Answer {
    params.only(&[])?;
    let registry = ctx.company.registry();
    let declared = registry.object(&object)?.clone();
    let record = id(&asked)?;
    let expected = payload.if_match()?;
    let body = payload.object()?;
    let result = match action.as_str() {
        "restore" | "purge" => {
            ctx.actor.rule(&declared, &Verb::Delete)?;
            crate::params::done(&body, &[])?;
            let purge = action == "purge";
            once(&ctx, &payload, |cx| {
                let declared = declared.clone();
                Box::pin(async move {
                    if purge {
                        cx.purge(&declared.key, record).await?;
                        return Ok(Reply::new(204, Json::Null));
                    }
                    cx.restore(&declared.key, record).await?;
                    Ok(Reply::new(200, shown(cx, &declared, record, 0).await?))
                })
            })
            .await
        }
        _ => {
            ctx.actor.rule(&declared, &Verb::Read)?;
            let act = ctx.company.action(&object, &action).ok_or_else(Fault::not_found)?;
            ctx.actor.rule(&declared, &Verb::Act(action.clone()))?;
            let record = meant(&ctx, &object, &asked).await?;
            ctx.company.get(&ctx.actor, &object, record).await?;
            let input = json::input(&ctx, &action, &act.input, &body)?;
            let lang = ctx.lang;
            once(&ctx, &payload, |cx| {
                let (declared, action, input) = (declared.clone(), action.clone(), input.clone());
                Box::pin(async move {
                    let done = cx.act(&declared.key, record, &action, expected, input).await?;
                    let after = shown(cx, &declared, record, 0).await?;
                    let message = if i18n::has(&done.message) { i18n::t(lang, &done.message) } else { done.message };
                    let goto = done.goto.map(|(object, id)| json!({"object": object, "id": id}));
                    Ok(Reply::new(200, json!({"message": message, "goto": goto, "data": done.data, "record": after})))
                })
            })
            .await
        }
    };
    answer(&ctx, &object, record, expected.is_some(), result).await
}
