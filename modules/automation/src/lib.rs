//! Rules that people make without code: what happens when something happens, what must be done first, who must agree.
//!
//! - [`flow`]: a rule as it is written down; [`check`]: whether it can be kept; [`rule`]: its object and versions; [`book`]: in the form in which it runs;
//! - [`trigger`]: what starts runs; [`runs`]: their rows; [`work`]: runs at work, exactly once; [`steps`]: what steps do; [`people`]: whom they mean;
//! - [`gate`]: what is held back; [`approval`]: who must agree;
//! - `edit`, `sheet`: making rules without code; [`pages`]: rules, their runs, asking, deciding;
//! - [`trial`]: a look beforehand; [`recipes`]: what a company begins with;
//! - [`facts`]: what a rule sees of a record.
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::indexing_slicing))]

use engine::module::RULED;
use engine::notify::Mail;
use engine::{Action, Cx, Done, Gate, Input, JobKind, Module, NoticeKind, Panel, Prepare, Schedule, Watch};
use futures::future::BoxFuture;
use kernel::{Fault, Field, Kind, Outcome, Record, Value, label};

pub mod approval;
pub mod book;
pub mod check;
mod edit;
pub mod facts;
pub mod flow;
pub mod gate;
pub mod pages;
mod people;
mod recipes;
mod sheet;
pub mod rule;
pub mod runs;
mod steps;
pub mod trial;
pub mod trigger;
mod view;
pub mod work;

pub fn module() -> Module {
    let notice = |key, l, icon, mail| NoticeKind { key, label: l, icon, mail, push: true };
    Module {
        key: "automation",
        label: label("الأتمتة والموافقات", "Automation"),
        icon: "zap",
        objects: vec![rule::object(), approval::object(), approval::vote()],
        roles: rule::roles().into_iter().chain(approval::roles()).collect(),
        actions: approval::actions().into_iter().chain([start()]).collect(),
        jobs: vec![JobKind { key: runs::JOB, run: work::job }, JobKind { key: "automation.tick", run: work::tick }],
        schedules: vec![Schedule { key: "automation.tick", cron: "* * * * *", job: "automation.tick" }],
        notices: vec![
            notice("automation.told", label("خبر من قاعدة عمل", "A rule tells me something"), "zap", Mail::Digest),
            notice("automation.approve", label("موافقة تنتظر قراري", "An approval waits for my decision"), "circle-check", Mail::Now),
            notice("automation.decided", label("حُسم طلب موافقة قدمته", "What I asked for was decided"), "circle-check", Mail::Digest),
            notice("automation.failed", label("تعثرت قاعدة عمل", "A rule of mine failed"), "triangle-alert", Mail::Digest),
            notice("automation.stopped", label("أُوقفت قاعدة عمل", "A rule of mine was stopped"), "triangle-alert", Mail::Now),
        ],
        watches: vec![rule::watch(), approval::watch(), Watch { object: RULED, run: trigger::changed }],
        prepares: vec![Prepare { object: rule::KEY, run: rule::prepare }, Prepare { object: approval::KEY, run: approval::prepare }],
        gates: vec![
            Gate { object: RULED, change: Some(gate::change), action: Some(gate::action), acted: Some(trigger::acted) },
            Gate { object: approval::VOTE, change: None, action: Some(approval::told), acted: None },
        ],
        recipes: recipes::all(),
        pages: pages::all(),
        panels: vec![
            Panel { object: rule::KEY, key: "flow", label: label("سير القاعدة", "How it goes"), render: pages::rule_panel },
            Panel { object: rule::KEY, key: "runs", label: label("آخر مرات التنفيذ", "Last runs"), render: pages::runs_panel },
            Panel { object: approval::VOTE, key: "question", label: label("المطلوب", "What is asked"), render: pages::vote_panel },
            Panel { object: approval::KEY, key: "question", label: label("المطلوب", "What is asked"), render: pages::approval_panel },
            Panel { object: RULED, key: "rules", label: label("قواعد وموافقات", "Rules and approvals"), render: pages::record_panel },
        ],
        ..Module::default()
    }
}

/// The button of a rule, for other systems too: a token with the scope `automation:start` starts the rule for a record.
fn start() -> Action {
    Action {
        object: rule::KEY,
        key: "start",
        label: label("تشغيل على سجل", "Start for a record"),
        icon: "zap",
        input: vec![Field::new("record", Kind::Code { max: 120 }, label("عنوان السجل", "Address of the record")).required()],
        guard: Some("active"),
        danger: false,
        run: started,
    }
}

fn started<'a>(cx: &'a mut Cx, rule: Record, input: Input) -> BoxFuture<'a, Outcome<Done>> {
    Box::pin(async move {
        let (object, id) = facts::about(input.get("record").and_then(Value::text).unwrap_or_default())?;
        if rule.get("about").text() != Some(object.as_str()) {
            return Err(Fault::invalid("record", "value-no-such-record"));
        }
        trigger::press(cx, rule.id, id).await?;
        Ok(Done { message: "automation-said-started".into(), ..Done::default() })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn declarations_fit_together() {
        let registry = engine::company::declared(&[base::module(), module()]);
        registry.check().unwrap();
        for action in &module().actions {
            let object = registry.object(action.object).unwrap();
            if let Some(guard) = action.guard {
                kernel::expr::check(&registry, object, guard, kernel::expr::Wanted::Condition).unwrap();
            }
        }
    }
}
