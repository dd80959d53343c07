//! How long what is kept: changes for good, reads for as long as the company says.

use super::{Audit, audit};
use crate::Company;
use kernel::{Fault, Outcome};
use serde_json::json;
use uuid::Uuid;

impl Company {
    /// Removes reads that are older than the company keeps them, and says so in the chain: their seals stay, and a
    /// line covers that their rows are gone. How many.
    ///
    /// # Errors
    /// The database.
    pub async fn retire_reads(&self) -> Outcome<u64> {
        let months = self.settings().reads_kept.max(1);
        let today = self.env(&self.system()).today;
        let first = today.checked_sub(jiff::Span::new().months(months)).map_err(Fault::internal)?;
        let before = first.to_zoned(jiff::tz::TimeZone::UTC).map_err(Fault::internal)?.timestamp().as_microsecond();
        self.seal_audit().await?;
        let mut cx = self.write(&self.system()).await?;
        let mut sql = cx.tx.sql();
        // What is not sealed stays: a gap would be taken for a theft.
        sql.push("DELETE FROM sila_read WHERE at < ").bind(before);
        sql.push(" AND EXISTS (SELECT 1 FROM sila_seal s WHERE s.row_id = sila_read.id)");
        let rows = cx.tx.exec(&sql).await?;
        if rows > 0 {
            let changes = json!({"class": "r", "before": before, "rows": rows});
            audit(&mut cx, vec![Audit { object: "audit".into(), record: Uuid::nil(), rev: 0, verb: "retired".into(), changes }]).await?;
        }
        cx.commit().await?;
        Ok(rows)
    }
}
