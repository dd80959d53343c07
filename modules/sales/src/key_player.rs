//! People on the customer's side of a deal: what they decide, how much they weigh, and whether they are for us.

use kernel::object::Capability;
use kernel::{Choice, Field, Kind, Object, Tone, label};

pub const KEY: &str = "key_player";

pub fn object() -> Object {
    use Capability::{Comments, Files, Menu, Search, Timeline};
    let roles = [
        Choice::new("decides", label("صاحب القرار", "Decides"), Tone::Accent),
        Choice::new("pays", label("يعتمد الصرف", "Approves the money"), Tone::Accent),
        Choice::new("advises", label("مؤثر في القرار", "Influences"), Tone::Info),
        Choice::new("uses", label("المستفيد", "Will use it"), Tone::Info),
        Choice::new("champion", label("نصيرنا لديهم", "Our champion"), Tone::Good),
        Choice::new("guards", label("حارس البوابة", "Gatekeeper"), Tone::Warn),
        Choice::new("contact", label("جهة الاتصال", "Contact"), Tone::Neutral),
    ];
    let weights = [
        Choice::new("high", label("كبير", "High"), Tone::Accent),
        Choice::new("medium", label("متوسط", "Medium"), Tone::Neutral),
        Choice::new("low", label("محدود", "Low"), Tone::Neutral),
    ];
    let attitudes = [
        Choice::new("for", label("معنا", "For us"), Tone::Good),
        Choice::new("neutral", label("محايد", "Neutral"), Tone::Neutral),
        Choice::new("against", label("ضدنا", "Against us"), Tone::Bad),
        Choice::new("unknown", label("لا نعرف بعد", "Not known yet"), Tone::Warn),
    ];
    Object::new(KEY, "sales", label("صاحب قرار أو تأثير", "Key player"), label("أصحاب القرار والتأثير", "Key players"))
        .icon("users")
        .title("note")
        .owner("opportunity.owner")
        .sort("role")
        .without(&[Menu, Search, Timeline, Comments, Files])
        .unique_together(&["opportunity", "party"])
        .field(
            Field::new("opportunity", Kind::to(crate::opportunity::KEY), label("الفرصة", "Opportunity"))
                .required()
                .inline()
                .reverse(crate::pipeline::KEY_PLAYERS, label("أصحاب القرار والتأثير", "Key players"))
                .list(),
        )
        .field(
            Field::new("party", Kind::to("party"), label("الشخص", "Person"))
                .required()
                .cascade()
                .reverse("deals", label("فرص له فيها كلمة", "Deals they have a say in"))
                .list(),
        )
        .field(Field::new("role", Kind::Choice { options: roles.into() }, label("دوره في القرار", "Part in the decision")).required().default_expr("\"advises\"").list())
        .field(Field::new("influence", Kind::Choice { options: weights.into() }, label("التأثير", "Influence")).required().default_expr("\"medium\"").list())
        .field(Field::new("attitude", Kind::Choice { options: attitudes.into() }, label("موقفه", "Attitude")).required().default_expr("\"unknown\"").list())
        .field(Field::new("note", Kind::text(), label("ملاحظة", "Note")).list())
}
