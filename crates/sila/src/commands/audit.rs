//! `sila audit …`: is the chain sound, what is in it, what was its head.

use super::{say, unreadable};
use crate::cli::AuditCommand;
use engine::audit::{Filter, Report, anchor};
use engine::{Actor, Company};
use kernel::{Fault, FaultKind, Outcome};
use std::io::Write;
use std::path::Path;

pub async fn run(command: AuditCommand) -> Outcome<()> {
    match command {
        AuditCommand::Verify { place, anchors } => {
            let (_, company, _) = place.open().await?;
            let result = verify(&company, anchors.as_deref()).await;
            company.db().close().await;
            result
        }
        AuditCommand::Head { place } => {
            let (_, company, _) = place.open().await?;
            match company.anchor_audit().await? {
                Some(head) => println!("{} {}", head.seq, head.hash),
                None => eprintln!("{}", say("سجل التدقيق فارغ", "the audit is empty")),
            }
            company.db().close().await;
            Ok(())
        }
        AuditCommand::Export { place, file } => {
            let (_, company, _) = place.open().await?;
            let count = export(&company, &company.system(), &file).await?;
            eprintln!("{}: {count}", say("سطور مكتوبة", "lines written"));
            company.db().close().await;
            Ok(())
        }
    }
}

async fn verify(company: &Company, anchors: Option<&Path>) -> Outcome<()> {
    let known = match anchors {
        Some(path) => anchor::parse(&std::fs::read_to_string(path).map_err(|e| unreadable(path, e))?),
        None => company.audit_anchors().await?,
    };
    let report: Report = company.verify_audit(&known).await?;
    println!(
        "{}: {}, {}: {}, {}: {}, {}: {}, {}: {}",
        say("أختام", "seals"),
        report.sealed,
        say("أسطر لم تُختم بعد", "not sealed yet"),
        report.open,
        say("اطلاعات انتهت مدتها", "reads past their time"),
        report.retired,
        say("قيم مُحيت بحق", "values forgotten"),
        report.forgotten,
        say("رؤوس مدوّنة", "heads written down"),
        known.len(),
    );
    if let Some(head) = &report.head {
        println!("{} {} {}", say("الرأس", "head"), head.seq, head.hash);
    }
    for f in &report.findings {
        let seq = f.seq.map_or_else(|| "-".to_owned(), |s| s.to_string());
        let row = f.row.map(|r| r.to_string()).unwrap_or_default();
        let at = f.at.map(|t| t.to_string()).unwrap_or_default();
        println!("{}\t{seq}\t{at}\t{row}\t{}", f.what.key(), f.about);
    }
    if report.findings.is_empty() {
        println!("{}", say("السلسلة سليمة.", "The chain is sound."));
        return Ok(());
    }
    let said = say("السلسلة غير سليمة", "the chain is not sound");
    Err(Fault { detail: format!("{said}: {}", report.findings.len()), ..Fault::new(FaultKind::Conflict) })
}

/// Every line as JSON, the newest first.
async fn export(company: &Company, actor: &Actor, file: &Path) -> Outcome<usize> {
    let out = std::fs::File::create_new(file).map_err(|e| unreadable(file, e))?;
    let mut out = std::io::BufWriter::new(out);
    let (mut count, mut before) = (0, None);
    loop {
        let page = company.audit_log(actor, &Filter::default(), before.as_deref(), 1_000).await?;
        for e in &page.entries {
            let line = e.to_json().to_string();
            out.write_all(line.as_bytes()).and_then(|()| out.write_all(b"\n")).map_err(|e| unreadable(file, e))?;
            count += 1;
        }
        match page.next {
            Some(next) => before = Some(next),
            None => break,
        }
    }
    out.flush().map_err(|e| unreadable(file, e))?;
    Ok(count)
}
