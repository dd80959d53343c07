use kernel::FaultKind;
use std::path::Path;
use store::files;
use testdb::TempFolder;

fn drafts(dir: &Path) -> usize {
    std::fs::read_dir(dir.join("files")).unwrap().filter(|f| f.as_ref().unwrap().path().is_file()).count()
}

#[tokio::test]
async fn contents_are_kept_once() {
    let folder = TempFolder::new();
    let dir = folder.path();
    let whole = files::put(dir, "عقد".as_bytes()).await.unwrap();
    let mut upload = files::upload(dir, 100).await.unwrap();
    upload.write(&"عقد".as_bytes()[..3]).await.unwrap();
    upload.write(&"عقد".as_bytes()[3..]).await.unwrap();
    let stored = upload.finish().await.unwrap();
    assert_eq!((&stored.sha256, stored.size, stored.head.as_slice()), (&whole, 6, "عقد".as_bytes()));
    assert_eq!(files::get(dir, &whole).await.unwrap(), "عقد".as_bytes());
    assert_eq!(drafts(dir), 0);
    files::remove(dir, &whole).await.unwrap();
    files::remove(dir, &whole).await.unwrap();
    assert_eq!(files::get(dir, &whole).await.unwrap_err().kind, FaultKind::NotFound);
    for bad in ["", "../../etc/passwd", "ab", &"../".repeat(22)[..64]] {
        assert_eq!(files::get(dir, bad).await.unwrap_err().kind, FaultKind::NotFound);
    }
}

#[tokio::test]
async fn too_much_is_refused_and_leaves_nothing() {
    let folder = TempFolder::new();
    let mut upload = files::upload(folder.path(), 10).await.unwrap();
    upload.write(&[0; 10]).await.unwrap();
    assert_eq!(upload.write(&[0]).await.unwrap_err().kind, FaultKind::TooLarge);
    drop(upload);
    assert_eq!(drafts(folder.path()), 0);
}
