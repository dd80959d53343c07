//! Countries as choices, by ISO 3166-1 code in small letters; `zz` where it is not known.

use kernel::{Choice, Tone, label};

pub fn options() -> Vec<Choice> {
    [
        ("sa", label("السعودية", "Saudi Arabia")),
        ("ae", label("الإمارات", "United Arab Emirates")),
        ("kw", label("الكويت", "Kuwait")),
        ("qa", label("قطر", "Qatar")),
        ("bh", label("البحرين", "Bahrain")),
        ("om", label("عُمان", "Oman")),
        ("ye", label("اليمن", "Yemen")),
        ("eg", label("مصر", "Egypt")),
        ("sd", label("السودان", "Sudan")),
        ("ly", label("ليبيا", "Libya")),
        ("tn", label("تونس", "Tunisia")),
        ("dz", label("الجزائر", "Algeria")),
        ("ma", label("المغرب", "Morocco")),
        ("mr", label("موريتانيا", "Mauritania")),
        ("iq", label("العراق", "Iraq")),
        ("jo", label("الأردن", "Jordan")),
        ("lb", label("لبنان", "Lebanon")),
        ("sy", label("سوريا", "Syria")),
        ("ps", label("فلسطين", "Palestine")),
        ("so", label("الصومال", "Somalia")),
        ("dj", label("جيبوتي", "Djibouti")),
        ("km", label("جزر القمر", "Comoros")),
        ("tr", label("تركيا", "Turkey")),
        ("gb", label("المملكة المتحدة", "United Kingdom")),
        ("ie", label("أيرلندا", "Ireland")),
        ("fr", label("فرنسا", "France")),
        ("de", label("ألمانيا", "Germany")),
        ("nl", label("هولندا", "Netherlands")),
        ("be", label("بلجيكا", "Belgium")),
        ("ch", label("سويسرا", "Switzerland")),
        ("at", label("النمسا", "Austria")),
        ("es", label("إسبانيا", "Spain")),
        ("pt", label("البرتغال", "Portugal")),
        ("it", label("إيطاليا", "Italy")),
        ("us", label("الولايات المتحدة", "United States")),
        ("ca", label("كندا", "Canada")),
        ("cn", label("الصين", "China")),
        ("in", label("الهند", "India")),
        ("pk", label("باكستان", "Pakistan")),
        ("my", label("ماليزيا", "Malaysia")),
        ("id", label("إندونيسيا", "Indonesia")),
        ("zz", label("غير محدد", "Unspecified")),
    ]
    .map(|(key, label)| Choice::new(key, label, Tone::Neutral))
    .into()
}
