//! The tables Sila keeps beside the objects' own, declared as text so that they can be read at a glance.

use crate::schema::{Index, Schema, Table, TableColumn};
use kernel::ColumnType;

/// Every system table. A changed line here is applied at the next start.
pub fn tables() -> Schema {
    Schema { tables: DECLARED.iter().map(parse).collect() }
}

struct Declared {
    name: &'static str,
    /// `name:type`, `?` when it may be null; types text, int, id, bytes. The key's columns come first, before `|`.
    columns: &'static str,
    /// Indexes `a,b`, unique ones begin with `!`.
    indexes: &'static [&'static str],
    clustered: bool,
}

const fn table(name: &'static str, columns: &'static str, indexes: &'static [&'static str]) -> Declared {
    Declared { name, columns, indexes, clustered: false }
}
/// A narrow table read by its key: SQLite keeps the rows in the key's order.
const fn narrow(name: &'static str, columns: &'static str, indexes: &'static [&'static str]) -> Declared {
    Declared { name, columns, indexes, clustered: true }
}

const DECLARED: &[Declared] = &[
    // The database itself.
    narrow("sila_meta", "key:text | value:text", &[]),
    narrow("sila_step", "module:text name:text | at:int", &[]),
    narrow("sila_counter", "key:text | value:int", &[]),
    narrow("sila_setting", "owner:text key:text | value:text", &[]),
    // Declarations made at run time.
    narrow("sila_object", "key:text | definition:text", &[]),
    narrow("sila_field", "object:text key:text | definition:text", &[]),
    narrow("sila_role", "key:text | definition:text", &[]),
    table(
        "sila_view",
        "id:id | object:text owner:id? shared:int name:text config:text position:int is_default:int",
        &["object,position"],
    ),
    // What happened: append-only, kept in the order in which they are read.
    narrow(
        "sila_audit",
        "object:text record_id:id at:int id:id | actor:id? rev:int verb:text changes:text? cause:text? request_id:text? \
         behalf:id? seen_as:id? salt:text?",
        &["at,id", "actor,at"],
    ),
    // Who looked at personal data: kept shorter than changes.
    narrow(
        "sila_read",
        "object:text record_id:id at:int id:id | actor:id? verb:text detail:text? request_id:text? behalf:id? seen_as:id? salt:text?",
        &["at,id", "actor,at"],
    ),
    // The chain over both, in the order of sealing: `class` c for changes, r for reads.
    narrow(
        "sila_seal",
        "seq:int | row_id:id class:text at:int sealed_at:int commitment:bytes hash:bytes",
        &["!row_id"],
    ),
    narrow("sila_event", "at:int id:id | kind:text object:text record_id:id? actor:id? data:text?", &[]),
    narrow(
        "sila_timeline",
        "anchor:id at:int id:id | kind:text object:text record_id:id actor:id? data:text?",
        &["object,record_id"],
    ),
    table(
        "sila_comment",
        "id:id | object:text record_id:id at:int author:id? body:text edited_at:int? deleted_at:int? parent:id? resolved_at:int? resolved_by:id?",
        &["object,record_id,at,id", "parent"],
    ),
    narrow("sila_comment_edit", "comment:id at:int | body:text", &[]),
    narrow("sila_reaction", "comment:id emoji:text user_id:id | at:int", &[]),
    narrow("sila_follow", "object:text record_id:id user_id:id | yes:int at:int", &["user_id"]),
    table(
        "sila_file",
        "id:id | object:text record_id:id? field:text? name:text media:text size:int sha256:text at:int by:id? deleted_at:int? comment:id? \
         first:id? version:int? note:text? superseded_at:int? held_by:id? held_at:int?",
        &["object,record_id,at,id", "sha256", "comment", "first"],
    ),
    // What waits for a person: `n` times the same within a short while is one row. `app`: shown in the notification centre;
    // `digest`: waits for the next letter.
    table(
        "sila_notice",
        "id:id | user_id:id at:int kind:text object:text record_id:id actor:id? data:text? n:int app:int digest:int seen_at:int? read_at:int?",
        &["user_id,at,id", "user_id,seen_at", "record_id,user_id", "digest,user_id"],
    ),
    // Browsers that are pushed to, with their keys.
    table(
        "sila_push",
        "id:id | user_id:id endpoint:text p256dh:text auth:text agent:text? at:int last_ok:int?",
        &["!endpoint", "user_id"],
    ),
    // Relations between records.
    narrow("sila_link", "object:text field:text record_id:id target_id:id |", &["target_id,object,field", "record_id"]),
    narrow("sila_external", "object:text system:text key:text | record_id:id", &["object,record_id"]),
    // What calendar and address book programs call a record, and what they wrote that no field holds.
    narrow("sila_dav", "object:text record_id:id | name:text? uid:text? extra:text?", &["object,name", "object,uid"]),
    // What a person's programs were last told of a collection: a change gives a higher number, a loss stays noted.
    narrow("sila_dav_told", "user_id:id collection:text name:text | etag:text seq:int gone:int", &["user_id,collection,seq"]),
    narrow("sila_team_member", "team_id:id user_id:id |", &["user_id"]),
    narrow("sila_user_role", "user_id:id role:text |", &["role"]),
    // Who was erased, as salted hashes: what a restored backup must erase again.
    narrow("sila_erased", "hash:text | object:text at:int", &[]),
    // Records that could be the same one: keys under which they meet, pairs to look at, merges and all they changed.
    narrow("sila_match_key", "hash:int record_id:id |", &["record_id"]),
    narrow(
        "sila_match_pair",
        "object:text a:id b:id | score:int evidence:text state:text at:int by:id? via:id?",
        &["object,state,score", "b"],
    ),
    table(
        "sila_merge",
        "id:id | object:text survivor:id loser:id at:int by:id? undone_at:int? undone_by:id?",
        &["survivor,at", "loser,at"],
    ),
    narrow("sila_merge_row", "merge_id:id tbl:text col:text row_id:id key:text | before:text? after:text?", &[]),
    // One record for one person or team (`with_id`), on a level: 1 to read, 2 to comment, 3 to change.
    table(
        "sila_share",
        "id:id | object:text record_id:id with_id:id team:int level:int until_at:int? note:text? at:int by:id? revoked_at:int?",
        &["with_id,object,record_id", "record_id,at"],
    ),
    // Rights of one who is away: `objects` empty means all of them.
    table(
        "sila_delegation",
        "id:id | from_id:id to_id:id objects:text from_at:int until_at:int reason:text at:int by:id? ended_at:int?",
        &["to_id,until_at", "from_id,until_at"],
    ),
    // What assistants propose and have changed: runs (one per session of a token), proposals with their steps and preview,
    // and of each record a run changed what it held before and after.
    table(
        "sila_run",
        "id:id | token:id user_id:id session:text client:text at:int last_at:int writes:int undone_at:int? undone_by:id?",
        &["token,session,last_at", "user_id,last_at", "last_at"],
    ),
    table(
        "sila_proposal",
        "id:id | run:id token:id user_id:id at:int expires_at:int state:text mark:text note:text? steps:text? preview:text? \
         outcome:text? decided_at:int? decided_by:id?",
        &["user_id,state,at", "run,state", "expires_at"],
    ),
    narrow(
        "sila_run_touch",
        "run:id n:int | proposal:id object:text record_id:id verb:text derived:int was:text? now:text?",
        &["record_id"],
    ),
    // Work.
    table(
        "sila_job",
        "id:id | kind:text key:text? live_key:text? payload:text state:text rank:int? due_at:int? at:int started_at:int? \
         finished_at:int? attempts:int max_attempts:int node:text? stop:int progress_done:int progress_total:int? \
         progress_text:text? error:text? result:text? priority:int actor:id?",
        &["rank,due_at,id", "!live_key", "kind,at,id", "finished_at"],
    ),
    narrow(
        "sila_schedule",
        "key:text | cron:text kind:text payload:text next_at:int last_at:int? active:int",
        &["next_at"],
    ),
    table(
        "sila_import",
        "id:id | object:text name:text mapping:text state:text total:int done:int created:int updated:int \
         unchanged:int failed:int options:text file_id:id? at:int by:id? error:text?",
        &["at,id", "object,at"],
    ),
    narrow(
        "sila_import_row",
        "import_id:id n:int | data:text state:text error:text? record_id:id? action:text? before:text?",
        &["import_id,state,n"],
    ),
    // Rules people made about objects: in which version they are in force, every version, their runs with what each step did.
    // `mark`: the occasion, where one occasion must give one run; `chain`: the rules that led to it.
    narrow("sila_rule", "object:text id:id | version:int", &["id"]),
    narrow("sila_rule_version", "rule_id:id version:int | flow:text owner:id? hourly:int at:int by:id?", &[]),
    table(
        "sila_rule_run",
        "id:id | rule_id:id version:int object:text record_id:id state:text pc:int due_at:int? wakes:int waits:text? made:text? \
         who:id? chain:text mark:text? why:text? at:int ended_at:int? error:text?",
        &["rule_id,at,id", "record_id,state", "state,due_at", "!rule_id,mark"],
    ),
    narrow("sila_rule_log", "run_id:id n:int | at:int pc:int what:text data:text?", &[]),
    // The outside world.
    narrow(
        "sila_idempotency",
        "actor:id key:text | request_hash:text status:int headers:text body:text at:int",
        &["at"],
    ),
    table(
        "sila_webhook",
        "id:id | url:text secret:text events:text object:text? filter:text? active:int at:int by:id?",
        &[],
    ),
    table(
        "sila_delivery",
        "id:id | webhook:id event:id status:text attempts:int last_error:text? at:int next_at:int? response_code:int?",
        &["webhook,at,id", "event"],
    ),
    // Mail: sealed secrets of mailboxes; which message ids belong to which conversation; what `[#TAG]` stands for.
    narrow("sila_mail_secret", "mailbox_id:id name:text | sealed:text", &[]),
    narrow("sila_mail_ref", "mailbox_id:id ref:text | thread:text", &["mailbox_id,thread"]),
    narrow("sila_mail_tag", "tag:text | object:text record_id:id at:int", &["object,record_id"]),
    // Sign-in.
    table(
        "sila_session",
        "id:id | token_hash:text user_id:id at:int last_seen:int expires_at:int ip:text? agent:text? revoked_at:int? viewing:id?",
        &["!token_hash", "user_id,at", "expires_at"],
    ),
    table("sila_credential", "user_id:id | password_hash:text changed_at:int", &[]),
    table(
        "sila_token",
        "id:id | user_id:id name:text token_hash:text scopes:text at:int last_used:int? expires_at:int? revoked_at:int? limits:text?",
        &["!token_hash", "user_id,at"],
    ),
    // Second factors: seeds of one-time codes (sealed), passkeys (public keys), found again by credential id.
    table("sila_factor", "id:id | user_id:id kind:text name:text data:text lookup:text? at:int last_used:int? step:int", &["user_id", "!lookup"]),
    narrow("sila_recovery", "user_id:id mark:text | used_at:int?", &[]),
    // One step of a sign-in that has more than one: answered once, within minutes.
    table("sila_challenge", "token_hash:text | purpose:text user_id:id? data:text expires_at:int", &["expires_at"]),
    // Who somebody is elsewhere: OpenID Connect subject, entry of a directory, SCIM id.
    narrow("sila_identity", "provider:text subject:text | user_id:id at:int last_used:int?", &["user_id"]),
    // Where else people have accounts; the secret is sealed. Which session came from there: `hint` is a sealed ID token.
    table("sila_provider", "key:text | active:int config:text secret:text? at:int", &[]),
    narrow("sila_sso_session", "session_id:id | provider:text realm:text subject:text sid:text? hint:text?", &["realm,subject", "realm,sid"]),
    narrow("sila_attempt", "key:text | at:int count:int until:int?", &["at"]),
    table("sila_reset", "token_hash:text | user_id:id expires_at:int used_at:int?", &["user_id"]),
];

fn parse(d: &Declared) -> Table {
    let (key, rest) = d.columns.split_once('|').unwrap_or(("", d.columns));
    let column = |word: &str| {
        let (name, ty) = word.split_once(':').unwrap_or((word, "text"));
        let nullable = ty.ends_with('?');
        let ty = match ty.trim_end_matches('?') {
            "int" => ColumnType::Int,
            "id" => ColumnType::Id,
            "bytes" => ColumnType::Bytes,
            _ => ColumnType::Text,
        };
        TableColumn { name: name.to_owned(), ty, nullable }
    };
    let primary_key: Vec<String> = key.split_whitespace().map(|w| column(w).name).collect();
    let columns = key.split_whitespace().chain(rest.split_whitespace()).map(column).collect();
    let indexes = d
        .indexes
        .iter()
        .map(|text| {
            let unique = text.starts_with('!');
            let columns: Vec<String> = text.trim_start_matches('!').split(',').map(str::to_owned).collect();
            let parts: Vec<&str> = columns.iter().map(String::as_str).collect();
            let name = crate::schema::index_name(if unique { "uq" } else { "ix" }, d.name, &parts);
            Index { name, columns, unique, living_only: false, trash_only: false, filled_only: false }
        })
        .collect();
    Table { name: d.name.to_owned(), columns, primary_key, indexes, clustered: d.clustered }
}
