//! Read tracking: whether a letter was opened, where its writer asked for it. A picture of one point lies on our own
//! server, under an address that only we can make up; nobody else takes part, and nothing but the moment is kept.

use engine::{Answer, Clause, Company, Draft, PageCx};
use futures::future::BoxFuture;
use kernel::{Outcome, Record, label};
use uuid::Uuid;

const PURPOSE: &str = "mail.opened";
/// A program that fetches without end writes no more than so often.
const MOST: i64 = 99;
/// One transparent point (GIF89a).
const POINT: &[u8] = b"GIF89a\x01\x00\x01\x00\x80\x00\x00\x00\x00\x00\x00\x00\x00\x21\xf9\x04\x01\x00\x00\x00\x00\x2c\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02\x44\x01\x00\x3b";

pub fn clause() -> Clause {
    Clause {
        heading: label("تتبّع قراءة رسائلنا", "Read tracking of our letters"),
        text: label(
            "قد تحمل رسالة منا صورة صغيرة من خادمنا نعرف بها متى فُتحت الرسالة وكم مرة. لا نفعل ذلك إلا في رسالة اختار كاتبها ذلك، ولا نحفظ معه عنوان جهازك ولا مكانك، ولا يشارك فيه طرف آخر. وإن منع برنامج بريدك عرض الصور فلن نعرف.",
            "A letter from us may carry a small picture of our own server by which we learn when it was opened, and how often. We do so only where its writer chose it for that letter; we keep neither the address of your device nor your place, and no third party takes part. If your mail program does not show pictures, we do not learn of it.",
        ),
    }
}

/// The address of the picture of a letter; empty where it is not tracked.
///
/// # Errors
/// The key file.
pub fn pixel(company: &Company, letter: &Record) -> Outcome<String> {
    let url = company.settings().url.trim_end_matches('/').to_owned();
    if letter.get("tracked").bool() != Some(true) || url.is_empty() {
        return Ok(String::new());
    }
    let mark = company.key()?.mark(PURPOSE, &letter.id.to_string());
    Ok(format!("{url}/p/mail/opened?k={}.{mark}", letter.id))
}

/// `GET /p/mail/opened?k=`: the picture, whoever asks, so that nobody learns which letters there are.
pub fn render(page: PageCx) -> BoxFuture<'static, Outcome<Answer>> {
    Box::pin(async move {
        let known = page.param("k").split_once('.').and_then(|(id, mark)| Some((id.parse::<Uuid>().ok()?, mark.to_owned())));
        if let Some((id, mark)) = known
            && page.company.key()?.is_mark(PURPOSE, &id.to_string(), &mark)
            && let Err(fault) = note(&page.company, id).await
        {
            tracing::info!(mail = %id, %fault, "not noted as opened");
        }
        Ok(Answer::File { name: "point.gif".into(), media: "image/gif".into(), bytes: POINT.to_vec() })
    })
}

async fn note(company: &Company, id: Uuid) -> Outcome<()> {
    company
        .transact(&company.system(), |cx| {
            Box::pin(async move {
                let (company, system) = (cx.company.clone(), cx.company.system());
                let letter = company.get_in(&mut cx.tx, &system, "mail", id).await?;
                let opens = letter.get("opens").int().unwrap_or_default();
                if letter.get("tracked").bool() != Some(true) || opens >= MOST {
                    return Ok(());
                }
                // No news to whoever follows the letter.
                cx.retold = true;
                let now = cx.now;
                let first = letter.get("opened_at").datetime().unwrap_or(now);
                cx.save("mail", Draft::of(id).trusted().set("opens", opens + 1).set("opened_at", first)).await.map(|_| ())
            })
        })
        .await
}
