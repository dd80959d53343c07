//! `sila backup`, `restore` and `move`: a company carried elsewhere, whole.

use super::{say, unreadable};
use crate::place::Place;
use kernel::{Fault, Outcome};
use std::path::Path;
use store::copy::{self, Progress};
use store::{Db, Options};

/// The database in the folder of a backup; beside it `files` and `sila.toml`.
const DATABASE: &str = "sila.db";

/// `table 3/40 party: 1500`
fn told(p: &Progress<'_>) {
    if p.rows == 0 || p.rows.is_multiple_of(10_000) {
        eprintln!("{}/{} {}: {}", p.number, p.tables, p.table, p.rows);
    }
}

pub async fn backup(place: &Place, to: &Path) -> Outcome<()> {
    if to.exists() {
        return Err(unreadable(to, say("موجود من قبل؛ اختر مجلدًا جديدًا", "is there already; name a new folder")));
    }
    let config = place.config()?;
    let db = place.db(&config).await?;
    std::fs::create_dir_all(to).map_err(|e| unreadable(to, e))?;
    copy::backup(&db, &to.join(DATABASE), told).await?;
    // Contents are never changed once written, so they may be copied after the database.
    let files = copy_folder(&place.data.join("files"), &to.join("files"))?;
    for name in ["sila.toml", engine::forget::tombs::FILE] {
        let file = place.data.join(name);
        if file.is_file() {
            std::fs::copy(&file, to.join(name)).map_err(|e| unreadable(&file, e))?;
        }
    }
    db.close().await;
    println!("{}", to.display());
    eprintln!("{} ({files} {})", say("اكتملت النسخة الاحتياطية.", "The backup is complete."), say("ملفات", "files"));
    Ok(())
}

pub async fn restore(place: &Place, from: &Path, erased: Option<&Path>) -> Outcome<()> {
    let config = place.config()?;
    let db = place.db(&config).await?;
    // Whoever was erased after the backup was made must not come back with it.
    super::privacy::gather(&place.data, from, erased).await?;
    let copied = copy::restore(&from.join(DATABASE), &db, told).await?;
    copy_folder(&from.join("files"), &place.data.join("files"))?;
    db.close().await;
    let (_, company, _) = place.open().await?;
    let again = super::privacy::erase_again(&company).await?;
    company.db().close().await;
    if again > 0 {
        eprintln!("{}: {again}", say("أشخاص مُحوا ثانية", "people erased again"));
    }
    eprintln!("{} {}", copied.rows(), say("صفًّا استُعيدت.", "rows restored."));
    Ok(())
}

pub async fn move_to(from: &str, to: &str) -> Outcome<()> {
    if from == to {
        let detail = say("المصدر والهدف واحد", "source and target are the same").to_owned();
        return Err(Fault { detail, ..Fault::new(kernel::FaultKind::BadRequest) });
    }
    // Opening a source that is not there would make an empty one.
    if let Some(path) = from.strip_prefix("sqlite://").map(Path::new)
        && !path.is_file()
    {
        return Err(unreadable(path, say("لا يوجد", "is not there")));
    }
    let options = Options::default();
    let (source, target) = (Db::open(from, &options).await?, Db::open(to, &options).await?);
    let copied = copy::move_all(&source, &target, told).await?;
    source.close().await;
    target.close().await;
    eprintln!("{} {}", copied.rows(), say("صفًّا نُقلت. الملفات تبقى في مجلد البيانات.", "rows moved. Files stay in the data folder."));
    Ok(())
}

/// Copies what is not there yet; how many files.
fn copy_folder(from: &Path, to: &Path) -> Outcome<u64> {
    if !from.is_dir() {
        return Ok(0);
    }
    std::fs::create_dir_all(to).map_err(|e| unreadable(to, e))?;
    let mut copied = 0;
    for entry in std::fs::read_dir(from).map_err(|e| unreadable(from, e))? {
        let entry = entry.map_err(|e| unreadable(from, e))?;
        let (source, target) = (entry.path(), to.join(entry.file_name()));
        if source.is_dir() {
            copied += copy_folder(&source, &target)?;
        } else if !target.exists() {
            std::fs::copy(&source, &target).map_err(|e| unreadable(&source, e))?;
            copied += 1;
        }
    }
    Ok(copied)
}
