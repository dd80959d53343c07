//! Tools that want to change something. Nothing changes by them alone: a proposal is tried out and shown, and a person
//! confirms it; only a token that was expressly made so confirms itself.

use crate::asked::Asked;
use engine::propose::{NewProposal, Proposal, State, Step, may_confirm};
use kernel::{Fault, Field, Outcome, Value};
use serde::Deserialize;
use serde_json::{Value as Json, json};
use ui::cell::plain;
use ui::cx::{Density, Theme, Titles, ViewCx};
use uuid::Uuid;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Propose {
    changes: Vec<Step>,
    #[serde(default)]
    reason: String,
}

pub(crate) async fn propose(asked: &Asked, q: Propose) -> Outcome<Json> {
    let new = NewProposal { steps: q.changes, note: q.reason, session: asked.session.clone(), client: asked.client.clone() };
    let proposal = asked.ctx.company.propose(&asked.ctx.actor, new).await?;
    shown(asked, &proposal).await
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct One {
    proposal: String,
}

impl One {
    fn id(&self) -> Outcome<Uuid> {
        self.proposal.trim().parse().map_err(|_| Fault::not_found())
    }
}

pub(crate) async fn proposal(asked: &Asked, q: One) -> Outcome<Json> {
    let proposal = asked.ctx.company.proposal(&asked.ctx.actor, q.id()?).await?;
    shown(asked, &proposal).await
}

pub(crate) async fn confirm(asked: &Asked, q: One) -> Outcome<Json> {
    let done = asked.ctx.company.confirm_proposal(&asked.ctx.actor, q.id()?).await?;
    shown(asked, &done.proposal).await
}

pub(crate) async fn reject(asked: &Asked, q: One) -> Outcome<Json> {
    let proposal = asked.ctx.company.reject_proposal(&asked.ctx.actor, q.id()?).await?;
    shown(asked, &proposal).await
}

/// A proposal with its preview in the person's language, and what has to happen now.
async fn shown(asked: &Asked, p: &Proposal) -> Outcome<Json> {
    let next = match p.state {
        State::Open if may_confirm(&asked.ctx.actor) => "mcp-next-confirm",
        State::Open => "mcp-next-person",
        State::Done => "mcp-next-done",
        State::Rejected => "mcp-next-rejected",
        State::Stale | State::Expired => "mcp-next-again",
    };
    let made: Vec<Json> = p.made.iter().map(|(object, id)| json!({"object": object, "id": id, "uri": crate::resources::uri(object, *id)})).collect();
    Ok(json!({
        "proposal": p.id, "run": p.run, "state": p.state.key(), "expires_at": p.expires_at.to_string(),
        "preview": preview(asked, p).await?, "next": asked.t(next), "made": made,
    }))
}

/// A line for each record that would change, and one for each of its fields.
async fn preview(asked: &Asked, p: &Proposal) -> Outcome<String> {
    let (company, actor) = (&asked.ctx.company, &asked.ctx.actor);
    let registry = company.registry();
    let named = company.titles_of_previews(actor, std::iter::once(&p.preview)).await?;
    let titles: Titles = named.iter().map(|(id, name)| (*id, name.get(actor.lang()).to_owned())).collect();
    let cx = ViewCx { locale: &actor.locale, theme: Theme::Auto, density: Density::Normal, path: "", now: company.now(), titles: &titles };
    let mut lines = Vec::new();
    for (object, action, title) in &p.preview.acts {
        let label = company.action(object, action).map_or_else(|| action.clone(), |a| asked.label(&a.label));
        lines.push(asked.tf("mcp-line-act", &[("action", label.into()), ("title", title.get(actor.lang()).into())]));
    }
    for d in &p.preview.differences {
        let Some(object) = registry.find(&d.object) else { continue };
        let key = match (d.verb.as_str(), d.derived) {
            (_, true) => "mcp-line-follows",
            ("created", _) => "mcp-line-created",
            ("deleted", _) => "mcp-line-deleted",
            _ => "mcp-line-updated",
        };
        lines.push(asked.tf(key, &[("object", asked.label(&object.label).into()), ("title", d.title.get(actor.lang()).into())]));
        if d.verb != "deleted" {
            lines.extend(d.values(company, actor, object).iter().map(|v| field(asked, v, &cx)));
        }
    }
    if p.preview.more > 0 {
        lines.push(asked.tf("mcp-more", &[("n", i64::try_from(p.preview.more).unwrap_or(i64::MAX).into())]));
    }
    Ok(lines.join("\n"))
}

fn field(asked: &Asked, (f, before, after): &(&Field, Value, Value), cx: &ViewCx<'_>) -> String {
    let text = |v: &Value| plain(&f.kind, v, cx);
    let label = asked.label(&f.label);
    match (before.is_blank(), after.is_blank()) {
        (true, _) => asked.tf("mcp-line-set", &[("field", label.into()), ("after", text(after).into())]),
        (_, true) => asked.tf("mcp-line-emptied", &[("field", label.into()), ("before", text(before).into())]),
        _ => asked.tf("mcp-line-field", &[("field", label.into()), ("before", text(before).into()), ("after", text(after).into())]),
    }
}
