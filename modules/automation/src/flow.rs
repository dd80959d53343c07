//! A rule as it is written down: what starts it, under which condition, and what is done then.

use indexmap::IndexMap;
use kernel::uuid::Uuid;
use serde::{Deserialize, Serialize};

/// The whole of a rule. Conditions and values are expressions over the record the rule is about.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Flow {
    /// Key of the object whose records the rule is about.
    pub object: String,
    pub trigger: Trigger,
    /// Empty: always.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub when: String,
    #[serde(default)]
    pub steps: Vec<Step>,
}

/// What starts a rule.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "on", rename_all = "snake_case")]
pub enum Trigger {
    Created,
    /// One of these fields; any when none is named.
    Changed {
        #[serde(default)]
        fields: Vec<String>,
    },
    /// The record comes to meet the condition, which it did not meet before.
    Becomes,
    /// After an action ran.
    Acted { action: String },
    /// Before an action: it is held until what the rule demands is there.
    Before { action: String },
    /// So many days after a date (before it when negative), at eight in the morning of the company; of a moment: to the second.
    Due { field: String, days: i64 },
    /// By the calendar, for each record that meets the condition. Five fields, in the company's zone.
    Every { cron: String },
    /// A button on the record's page, and the API's `start`.
    Button { label: Words },
}

impl Trigger {
    pub fn key(&self) -> &'static str {
        match self {
            Trigger::Created => "created",
            Trigger::Changed { .. } => "changed",
            Trigger::Becomes => "becomes",
            Trigger::Acted { .. } => "acted",
            Trigger::Before { .. } => "before",
            Trigger::Due { .. } => "due",
            Trigger::Every { .. } => "every",
            Trigger::Button { .. } => "button",
        }
    }
    pub const KEYS: [&'static str; 8] = ["created", "changed", "becomes", "acted", "before", "due", "every", "button"];
}

/// What the maker of a rule says to people, in both languages.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Words {
    pub ar: String,
    #[serde(default)]
    pub en: String,
}

impl Words {
    pub fn new(ar: &str, en: &str) -> Words {
        Words { ar: ar.into(), en: en.into() }
    }
    /// In this language, else in the other.
    pub fn get(&self, lang: &str) -> &str {
        let (own, other) = if lang == "ar" { (&self.ar, &self.en) } else { (&self.en, &self.ar) };
        if own.is_empty() { other } else { own }
    }
    pub fn is_empty(&self) -> bool {
        self.ar.is_empty() && self.en.is_empty()
    }
}

/// Values of fields, each an expression.
pub type Values = IndexMap<String, String>;

/// One step.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "do", rename_all = "snake_case", deny_unknown_fields)]
pub enum Step {
    Create {
        object: String,
        values: Values,
    },
    Update {
        values: Values,
    },
    /// A task or an appointment about the record.
    Activity {
        kind: String,
        subject: Words,
        owner: Who,
        /// Colleagues who take part.
        #[serde(default)]
        with: Vec<Who>,
        /// Days from now until it is due.
        days: i64,
        /// Minutes before.
        #[serde(default)]
        remind: Option<i64>,
    },
    Notify {
        to: Vec<Who>,
        text: Words,
    },
    /// The chain of those who must approve. Before an action it holds the action; elsewhere the run waits for the decision.
    Approval {
        levels: Vec<Level>,
    },
    /// The field keeps its value until this is done.
    Demand {
        field: String,
        /// Empty: until the activity of this rule is done.
        #[serde(default)]
        until: String,
        /// What is allowed all the same, asked of the record as it is to be.
        #[serde(default)]
        unless: String,
        say: Words,
    },
    Wait {
        hours: i64,
    },
    /// Until this holds, at most so long.
    Until {
        when: String,
        hours: i64,
        /// Goes on when the time is over; else the run ends there.
        #[serde(default)]
        anyway: bool,
    },
    Branch {
        when: String,
        then: Vec<Step>,
        #[serde(default)]
        otherwise: Vec<Step>,
    },
    /// Tells another system: a POST of these values as JSON.
    Call {
        url: String,
        values: Values,
    },
    Act {
        action: String,
        #[serde(default)]
        values: Values,
    },
}

impl Step {
    pub fn key(&self) -> &'static str {
        match self {
            Step::Create { .. } => "create",
            Step::Update { .. } => "update",
            Step::Activity { .. } => "activity",
            Step::Notify { .. } => "notify",
            Step::Approval { .. } => "approval",
            Step::Demand { .. } => "demand",
            Step::Wait { .. } => "wait",
            Step::Until { .. } => "until",
            Step::Branch { .. } => "branch",
            Step::Call { .. } => "call",
            Step::Act { .. } => "act",
        }
    }
    pub const KEYS: [&'static str; 11] = ["activity", "notify", "update", "create", "approval", "demand", "wait", "until", "branch", "act", "call"];
}

/// One level of an approval.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Level {
    pub who: Vec<Who>,
    /// All of them; else whoever decides first.
    #[serde(default)]
    pub all: bool,
    /// Hours until those in `then` are asked as well.
    #[serde(default)]
    pub hours: Option<i64>,
    #[serde(default)]
    pub then: Vec<Who>,
}

/// A person, said by what he is to the record: `owner`, `actor`, `manager`, `field:PATH`, `user:ID`, `role:KEY`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Who {
    /// Of the record.
    Owner,
    /// Whose change started the rule, or who asks.
    Actor,
    /// Lead of a team of the record's owner; where that is he himself, of the team above it.
    Manager,
    Field(String),
    User(Uuid),
    Role(String),
}

impl TryFrom<String> for Who {
    type Error = String;
    fn try_from(text: String) -> Result<Self, String> {
        let unknown = || format!("who: {text}");
        Ok(match text.split_once(':') {
            Some(("field", path)) if !path.is_empty() => Who::Field(path.to_owned()),
            Some(("user", id)) => Who::User(id.parse().map_err(|_| unknown())?),
            Some(("role", key)) if !key.is_empty() => Who::Role(key.to_owned()),
            None if text == "owner" => Who::Owner,
            None if text == "actor" => Who::Actor,
            None if text == "manager" => Who::Manager,
            _ => return Err(unknown()),
        })
    }
}

impl From<Who> for String {
    fn from(who: Who) -> String {
        match who {
            Who::Owner => "owner".into(),
            Who::Actor => "actor".into(),
            Who::Manager => "manager".into(),
            Who::Field(path) => format!("field:{path}"),
            Who::User(id) => format!("user:{id}"),
            Who::Role(key) => format!("role:{key}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_flow_is_read_and_written_the_same() {
        let flow = Flow {
            object: "opportunity".into(),
            trigger: Trigger::Becomes,
            when: "amount > 50000".into(),
            steps: vec![
                Step::Activity { kind: "meeting".into(), subject: Words::new("اجتماع مراجعة", "Review meeting"), owner: Who::Owner, with: vec![Who::Manager], days: 3, remind: Some(1_440) },
                Step::Branch { when: "attention".into(), then: vec![Step::Wait { hours: 2 }], otherwise: Vec::new() },
                Step::Approval { levels: vec![Level { who: vec![Who::Role("manager".into())], all: true, hours: Some(24), then: vec![Who::User(Uuid::from_u128(7))] }] },
            ],
        };
        let json = serde_json::to_value(&flow).unwrap();
        assert_eq!(serde_json::from_value::<Flow>(json.clone()).unwrap(), flow);
        assert_eq!(json["steps"][0]["with"][0], "manager");
        assert!(serde_json::from_value::<Flow>(serde_json::json!({"object": "x", "trigger": {"on": "never"}})).is_err());
        assert!(Who::try_from("user:nobody".to_owned()).is_err());
    }
}
