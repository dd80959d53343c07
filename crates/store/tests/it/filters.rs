//! A filter accepts in the database the rows it accepts in memory: random rows, random conditions, both databases.

use kernel::expr::{Env, Scope, Wanted, check_expr, holds};
use kernel::jiff::tz::TimeZone;
use kernel::jiff::{Timestamp, civil};
use kernel::rust_decimal::Decimal;
use kernel::{
    Address, Cell, Choice, ColumnType, Expr, Field, Kind, Money, Name, Object, Record, Registry, Tone, Value, label,
};
use std::collections::{BTreeMap, BTreeSet};
use store::{Allow, Db, desired, filter, insert_many, migrate};
use uuid::Uuid;

fn registry() -> Registry {
    let l = || label("اسم", "Name");
    let choices = |keys: &[&str]| keys.iter().map(|k| Choice::new(*k, l(), Tone::Neutral)).collect::<Vec<_>>();
    let mut r = Registry::new();
    r.add_object(Object::new("user", "base", l(), l()).field(Field::new("name", Kind::Name, l())));
    r.add_object(
        Object::new("party", "base", l(), l())
            .field(Field::new("name", Kind::Name, l()))
            .field(Field::new("address", Kind::Address, l()))
            .field(Field::new("owner", Kind::to("user"), l()))
            .field(Field::new("parent", Kind::to("party"), l()).reverse("members", l()))
            .field(Field::new("email", Kind::Email, l()))
            .field(Field::new("born", Kind::Date, l())),
    );
    r.add_object(
        Object::new("order", "commerce", l(), l())
            .title("code")
            .field(Field::new("code", Kind::code(), l()))
            .field(Field::new("subject", Kind::text(), l()))
            .field(Field::new("body", Kind::RichText, l()))
            .field(Field::new("party", Kind::to("party"), l()).reverse("orders", l()))
            .field(Field::new("owner", Kind::to("user"), l()).reverse("owned", l()))
            .field(Field::new("total", Kind::Money, l()))
            .field(Field::new("paid", Kind::Money, l()))
            .field(Field::new("weight", Kind::Decimal { scale: 3 }, l()))
            .field(Field::new("count", Kind::Integer, l()))
            .field(Field::new("share", Kind::Percent, l()))
            .field(Field::new("open", Kind::Bool, l()))
            .field(Field::new("due", Kind::Date, l()))
            .field(Field::new("ordered_at", Kind::DateTime, l()))
            .field(Field::new("took", Kind::Duration, l()))
            .field(Field::new("status", Kind::Choice { options: choices(&["new", "done"]) }, l()))
            .field(Field::new("tags", Kind::MultiChoice { options: choices(&["vip", "late"]) }, l()))
            .field(Field::new("watchers", Kind::Refs { object: "user".into() }, l()).reverse("watching", l())),
    );
    r.add_object(
        Object::new("line", "commerce", l(), l())
            .title("code")
            .field(Field::new("code", Kind::code(), l()))
            .field(Field::new("order", Kind::to("order"), l()).reverse("lines", l()))
            .field(Field::new("quantity", Kind::Integer, l()))
            .field(Field::new("price", Kind::Money, l())),
    );
    r
}

/// xorshift64*: the same rows and conditions at every run.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33) % sides
    }
    fn of<'a, T>(&mut self, all: &'a [T]) -> &'a T {
        &all[usize::try_from(self.roll(all.len() as u64)).unwrap()]
    }
    fn between(&mut self, low: i64, high: i64) -> i64 {
        low + i64::try_from(self.roll(u64::try_from(high - low + 1).unwrap())).unwrap()
    }
    fn one_in(&mut self, n: u64) -> bool {
        self.roll(n) == 0
    }
}

const WORDS: [&str; 14] = [
    "أحمد",
    "احمد سالم",
    "مكتبة النور",
    "Al Noor",
    "al-noor 50%",
    "SO_1",
    "so-1",
    "Straße",
    "ÉCOLE",
    "٠٥٠",
    "050 x",
    "a\"b'c\\",
    "z",
    "والعملاء",
];
const CITIES: [&str; 4] = ["الرياض", "جدة", "Cairo", "CAIRO"];
const CURRENCIES: [&str; 4] = ["SAR", "KWD", "JPY", "USD"];

fn user(n: u64) -> Uuid {
    Uuid::from_u128(0x1000 + u128::from(n))
}
fn party(n: u64) -> Uuid {
    Uuid::from_u128(0x2000 + u128::from(n))
}

fn money(d: &mut Dice) -> Money {
    let currency = *d.of(&CURRENCIES);
    Money::new(d.between(-3, 3) * 50 + d.between(0, 2), currency)
}
fn day(d: &mut Dice) -> civil::Date {
    civil::date(2026, 1, 29).checked_add(kernel::jiff::Span::new().days(d.between(-2, 4))).unwrap()
}
/// Near midnight of Riyadh, so that days matter.
fn instant(d: &mut Dice) -> Timestamp {
    let midnight = day(d).to_zoned(zone()).unwrap().timestamp().as_microsecond();
    Timestamp::from_microsecond(midnight + d.between(-2, 2) * 1_500_000 + d.between(0, 1)).unwrap()
}
fn zone() -> TimeZone {
    TimeZone::get("Asia/Riyadh").unwrap()
}

fn value(d: &mut Dice, kind: &Kind) -> Value {
    if d.one_in(5) {
        return Value::Null;
    }
    match kind {
        Kind::Name => match d.roll(3) {
            0 => Name::new(*d.of(&WORDS), "").into(),
            1 => Name::new("", *d.of(&WORDS)).into(),
            _ => Name::new(*d.of(&WORDS), *d.of(&WORDS)).into(),
        },
        Kind::Address => Address { city: (*d.of(&CITIES)).into(), ..Address::default() }.into(),
        Kind::RichText => format!("<p>{} <b>{}</b></p>", d.of(&WORDS), d.of(&WORDS)).into(),
        Kind::Money => money(d).into(),
        Kind::Decimal { scale } => Decimal::new(d.between(-9, 9) * 125, (*scale).into()).into(),
        Kind::Percent => Decimal::new(d.between(-3, 3) * 50, 2).into(),
        Kind::Integer => d.between(-4, 4).into(),
        Kind::Bool => d.one_in(2).into(),
        Kind::Date => day(d).into(),
        Kind::DateTime => instant(d).into(),
        Kind::Duration => Value::Duration(d.between(-3, 3) * 43_200),
        Kind::Choice { options } => d.of(options).key.as_str().into(),
        Kind::MultiChoice { options } => {
            let keys: Vec<String> = options.iter().filter(|_| d.one_in(2)).map(|o| o.key.clone()).collect();
            if keys.is_empty() { Value::Null } else { Value::List(keys) }
        }
        Kind::Ref { object } => match object.as_str() {
            "user" => user(d.roll(4)).into(),
            "party" => party(d.roll(6)).into(),
            _ => Uuid::from_u128(0x3000 + u128::from(d.roll(40))).into(),
        },
        Kind::Refs { .. } => Value::Ids((0..4).map(user).filter(|_| d.one_in(2)).collect()),
        _ => (*d.of(&WORDS)).into(),
    }
}

/// All records by object and id.
#[derive(Default)]
struct World {
    records: BTreeMap<(String, Uuid), Record>,
    trashed: BTreeSet<Uuid>,
}

impl World {
    fn new(registry: &Registry, d: &mut Dice) -> World {
        let mut world = World::default();
        for (object, base, count) in
            [("user", 0x1000, 4), ("party", 0x2000, 6), ("order", 0x3000, 40), ("line", 0x4000, 60)]
        {
            for n in 0..count {
                let mut record = Record::new(object, Uuid::from_u128(base + n));
                for field in &registry.object(object).unwrap().fields {
                    record.set(field.key.clone(), value(d, &field.kind));
                }
                if object != "user" && object != "party" && d.one_in(8) {
                    world.trashed.insert(record.id);
                }
                world.records.insert((object.into(), record.id), record);
            }
        }
        world
    }
    fn of<'a>(&'a self, object: &'a str) -> impl Iterator<Item = &'a Record> {
        self.records.values().filter(move |r| r.object == object)
    }
}

/// A record that finds its neighbours.
struct Node<'a> {
    registry: &'a Registry,
    world: &'a World,
    record: &'a Record,
    lists: BTreeMap<String, Vec<Node<'a>>>,
}

impl<'a> Node<'a> {
    fn new(registry: &'a Registry, world: &'a World, record: &'a Record, deep: u8) -> Node<'a> {
        let mut lists: BTreeMap<String, Vec<Node<'a>>> = BTreeMap::new();
        if deep > 0 {
            for (child, via) in registry.children(&record.object) {
                let mine =
                    world.of(&child.key).filter(|c| !world.trashed.contains(&c.id)).filter(|c| match c.get(&via.key) {
                        Value::Id(id) => *id == record.id,
                        Value::Ids(ids) => ids.contains(&record.id),
                        _ => false,
                    });
                lists.insert(via.reverse.clone(), mine.map(|c| Node::new(registry, world, c, deep - 1)).collect());
            }
        }
        Node { registry, world, record, lists }
    }
}

impl Scope for Node<'_> {
    fn get(&self, path: &[&str]) -> Value {
        let [first, rest @ ..] = path else { return Value::Null };
        let value = Scope::get(self.record, &[first]);
        if rest.is_empty() {
            return value;
        }
        let target = self.registry.object(&self.record.object).unwrap().get(first).and_then(|f| f.kind.target());
        match (value, target) {
            (Value::Id(id), Some(target)) => {
                let record = &self.world.records[&(target.to_owned(), id)];
                Node { registry: self.registry, world: self.world, record, lists: BTreeMap::new() }.get(rest)
            }
            _ => Value::Null,
        }
    }
    fn children(&self, list: &str) -> Vec<&dyn Scope> {
        self.lists.get(list).into_iter().flatten().map(|n| n as &dyn Scope).collect()
    }
}

/// Writes random conditions over `order`, well typed.
struct Writer<'a>(&'a mut Dice);

impl Writer<'_> {
    fn quoted(&mut self, all: &[&str]) -> String {
        Expr::lit(*self.0.of(all)).to_string()
    }
    fn pick(&mut self, all: &[&str]) -> String {
        (*self.0.of(all)).to_owned()
    }
    fn number(&mut self, deep: u8) -> String {
        if deep == 0 || self.0.one_in(3) {
            return match self.0.roll(6) {
                0 => self.0.between(-3, 3).to_string(),
                1 => Decimal::new(self.0.between(-9, 9) * 125, 3).to_string(),
                2 => self.pick(&["len(code)", "len(tags)", "len(watchers)", "len(subject)"]),
                3 => self.pick(&["year(due)", "month(due)", "year(party.born)", "rev"]),
                4 => self.pick(&["total.amount", "paid.amount", "share"]),
                _ => self.pick(&["count", "weight"]),
            };
        }
        let (a, b) = (self.number(deep - 1), self.number(deep - 1));
        match self.0.roll(9) {
            0 => format!("({a} + {b})"),
            1 => format!("({a} - {b})"),
            2 => format!("({a} * {})", self.pick(&["2", "-3", "0.5", "0.25"])),
            3 => format!("-({a})"),
            4 => format!("abs({a})"),
            5 => format!("round({a}, {})", self.0.roll(3)),
            6 => format!("{}({a}, {b})", self.pick(&["min", "max", "coalesce"])),
            7 => format!("percent({a}, {})", self.pick(&["50", "12.5", "-10"])),
            _ => format!("({} ? {a} : {b})", self.condition(deep - 1)),
        }
    }
    fn money(&mut self, deep: u8) -> String {
        if deep == 0 || self.0.one_in(2) {
            return match self.0.roll(3) {
                0 => Expr::lit(money(self.0)).to_string(),
                _ => self.pick(&["total", "paid"]),
            };
        }
        let (a, b) = (self.money(deep - 1), self.money(deep - 1));
        match self.0.roll(7) {
            0 => format!("({a} + {b})"),
            1 => format!("({a} - {b})"),
            2 => format!("({a} * {})", self.number(deep - 1)),
            3 => format!("{}({a}, {b})", self.pick(&["min", "max", "coalesce"])),
            4 => format!("abs({a})"),
            5 => format!("-({a})"),
            _ => format!("({} ? {a} : {b})", self.condition(deep - 1)),
        }
    }
    fn text(&mut self, deep: u8) -> String {
        if deep == 0 || self.0.one_in(2) {
            return match self.0.roll(4) {
                0 => self.quoted(&WORDS),
                1 => self.pick(&["party.name.ar", "party.name.latin", "party.parent.email", "total.currency"]),
                2 => self.pick(&["party.address.city", "party.email"]),
                _ => self.pick(&["code", "subject", "body"]),
            };
        }
        let (a, b) = (self.text(deep - 1), self.text(deep - 1));
        match self.0.roll(3) {
            0 => format!("lower({a})"),
            1 => format!("coalesce({a}, {b})"),
            _ => format!("({} ? {a} : {b})", self.condition(deep - 1)),
        }
    }
    fn date(&mut self) -> String {
        match self.0.roll(6) {
            0 => format!("date(\"{}\")", day(self.0)),
            1 => "today()".into(),
            2 => format!("(due + days({}))", self.0.between(-3, 3)),
            3 => "party.born".into(),
            4 => format!("min(due, date(\"{}\"))", day(self.0)),
            _ => "due".into(),
        }
    }
    fn date_time(&mut self) -> String {
        match self.0.roll(5) {
            0 => format!("datetime(\"{}\")", instant(self.0)),
            1 => "now()".into(),
            2 => format!("(ordered_at + {})", self.duration(0)),
            _ => "ordered_at".into(),
        }
    }
    fn duration(&mut self, deep: u8) -> String {
        match self.0.roll(if deep == 0 { 3 } else { 6 }) {
            0 => format!("hours({})", self.0.between(-36, 36)),
            1 | 2 => "took".into(),
            3 => format!("({} - {})", self.date(), self.date()),
            4 => format!("({} - {})", self.date_time(), self.date_time()),
            _ => format!("({} + {} * 2)", self.duration(0), self.duration(0)),
        }
    }
    fn user(&mut self) -> String {
        match self.0.roll(4) {
            0 => "me()".into(),
            1 => format!("id(\"{}\")", user(self.0.roll(4))),
            _ => self.pick(&["owner", "party.owner", "party.parent.owner"]),
        }
    }
    fn line(&mut self) -> String {
        match self.0.roll(5) {
            0 => format!("quantity {} {}", self.sign(), self.0.between(-3, 3)),
            1 => format!("price {} {}", self.sign(), Expr::lit(money(self.0))),
            2 => format!("order.weight {} quantity", self.sign()),
            3 => format!("contains(code, {}) || order.party.owner == me()", self.quoted(&WORDS)),
            _ => "price == null".into(),
        }
    }
    fn sign(&mut self) -> String {
        self.pick(&["==", "!=", "<", "<=", ">", ">="])
    }
    fn condition(&mut self, deep: u8) -> String {
        if deep > 0 && self.0.one_in(3) {
            let (a, b) = (self.condition(deep - 1), self.condition(deep - 1));
            return match self.0.roll(5) {
                0 => format!("({a} && {b})"),
                1 => format!("({a} || {b})"),
                2 => format!("!({a})"),
                3 => format!("(({a}) {} ({b}))", self.pick(&["==", "!="])),
                _ => format!("({a} ? {b} : {})", self.condition(deep - 1)),
            };
        }
        let deep = deep.saturating_sub(1).min(2);
        match self.0.roll(20) {
            0 => format!("{} {} {}", self.number(deep), self.sign(), self.number(deep)),
            1 => format!("{} {} {}", self.money(deep), self.sign(), self.money(deep)),
            2 => format!("{} {} {}", self.money(deep), self.sign(), self.number(deep)),
            3 => format!("{} {} {}", self.text(deep), self.sign(), self.text(deep)),
            4 => format!("{} {} {}", self.date(), self.sign(), self.date()),
            5 => format!("{} {} {}", self.date_time(), self.sign(), self.date_time()),
            6 => format!("{} {} \"{}\"", self.date_time(), self.sign(), day(self.0)),
            7 => format!("{} {} {}", self.duration(1), self.sign(), self.duration(1)),
            8 => format!("{} {} {}", self.user(), self.pick(&["==", "!="]), self.user()),
            9 => {
                let user = self.user();
                if self.0.one_in(2) {
                    format!("({user} == me() || in_my_teams({user}))")
                } else {
                    format!("in_my_teams({user})")
                }
            }
            10 => {
                let list = self.pick(&["party.name", "subject", "body", "code", "status", "party.email"]);
                let function = self.pick(&["contains", "starts_with"]);
                format!(
                    "{function}({list}, {})",
                    self.quoted(&[
                        "ا",
                        "أحم",
                        "noor",
                        "SO",
                        "so-",
                        "",
                        "50",
                        "%",
                        "_",
                        "٥",
                        "e",
                        "عملاء",
                        "a\"b",
                        "straße"
                    ])
                )
            }
            11 => self.pick(&[
                "has(tags, \"vip\")",
                "has(watchers, me())",
                "has(tags, 'late')",
                "open",
                "party.id == party",
            ]),
            12 => {
                let field = self.pick(&[
                    "party",
                    "party.name",
                    "party.address",
                    "total",
                    "due",
                    "open",
                    "tags",
                    "party.owner.name",
                    "took",
                    "watchers",
                    "code",
                    "party.address.city",
                ]);
                format!("{field} {} null", self.pick(&["==", "!="]))
            }
            13 => format!("is_blank({})", self.pick(&["party.name", "subject", "total", "tags", "party.address"])),
            14 => {
                let not = self.pick(&["", "not "]);
                format!("{} {not}in [{}, {}, null]", self.text(deep), self.text(deep), self.text(0))
            }
            15 => format!("{} in [{}, {}, 1.5]", self.number(deep), self.number(0), self.number(0)),
            16 => format!("party.name {} {}", self.pick(&["==", "!="]), self.text(0)),
            17 => format!("exists(lines, {})", self.line()),
            18 => format!("status {} \"{}\"", self.sign(), self.pick(&["new", "done"])),
            _ => format!("ordered_at in [\"{}\", datetime(\"{}\")]", day(self.0), instant(self.0)),
        }
    }
}

async fn fill(db: &Db, registry: &Registry, world: &World, teams: &[(Uuid, Uuid)]) {
    migrate::apply(db, &desired(registry), Allow::Nothing).await.unwrap();
    let mut tx = db.write().await.unwrap();
    let id = |id: Uuid| Cell::Id(id);
    for object in registry.objects() {
        let mut columns: Vec<String> = ["id", "rev", "created_at", "updated_at", "deleted_at"].map(String::from).into();
        columns.extend(object.fields.iter().flat_map(|f| f.columns()).map(|c| c.name));
        let columns: Vec<&str> = columns.iter().map(String::as_str).collect();
        let rows = world.of(&object.key).map(|r| {
            let deleted = if world.trashed.contains(&r.id) { Cell::Int(5) } else { Cell::Null };
            let mut row = vec![id(r.id), Cell::Int(r.rev), Cell::Int(1), Cell::Int(1), deleted];
            row.extend(object.fields.iter().flat_map(|f| f.kind.encode(r.get(&f.key))));
            row
        });
        insert_many(&mut tx, &object.key, &columns, rows.collect()).await.unwrap();
    }
    let members = teams.iter().map(|(team, user)| vec![id(*team), id(*user)]).collect();
    insert_many(&mut tx, "sila_team_member", &["team_id", "user_id"], members).await.unwrap();
    let links = world.of("order").flat_map(|o| match o.get("watchers") {
        Value::Ids(ids) => {
            ids.iter().map(|u| vec![Cell::from("order"), Cell::from("watchers"), id(o.id), id(*u)]).collect::<Vec<_>>()
        }
        _ => Vec::new(),
    });
    insert_many(&mut tx, "sila_link", &["object", "field", "record_id", "target_id"], links.collect()).await.unwrap();
    tx.commit().await.unwrap();
}

/// The living records of `object` that the database accepts; none when the condition has no SQL form.
async fn accepted(db: &Db, registry: &Registry, object: &str, expr: &Expr, env: &Env) -> Option<BTreeSet<Uuid>> {
    let mut sql = db.sql();
    sql.push("SELECT t.\"id\" FROM ").ident(object).push(" t WHERE t.\"deleted_at\" IS NULL AND ");
    match filter::compile(registry, registry.object(object).unwrap(), "t", expr, env, &mut sql) {
        Ok(()) => {}
        Err(f) if f.issues[0].key == "expr-not-in-filter" => return None,
        Err(f) => panic!("{expr}: {f}"),
    }
    let rows = db.read().await.unwrap().rows(sql.once(), &[ColumnType::Id]).await;
    let rows = rows.unwrap_or_else(|f| panic!("{expr}\n{}\n{:?}\n{f}", sql.text(), sql.args()));
    Some(rows.into_iter().map(|r| r[0].id().unwrap()).collect())
}

/// The living records of `object`, with what they lead to.
fn living<'a>(registry: &'a Registry, world: &'a World, object: &'a str) -> Vec<Node<'a>> {
    let records = world.of(object).filter(|r| !world.trashed.contains(&r.id));
    records.map(|r| Node::new(registry, world, r, 2)).collect()
}

fn chosen(nodes: &[Node<'_>], registry: &Registry, object: &str, expr: &Expr, env: &Env) -> BTreeSet<Uuid> {
    let typed = check_expr(registry, registry.object(object).unwrap(), expr, Wanted::Condition)
        .unwrap_or_else(|f| panic!("{expr}: {f}"));
    nodes.iter().filter(|n| holds(&typed, *n, env)).map(|n| n.record.id).collect()
}

#[tokio::test]
async fn the_database_accepts_what_memory_accepts() {
    crate::both(|db| async move {
        let registry = registry();
        let mut dice = Dice(0x5EED_0F51_1A00_0001);
        let world = World::new(&registry, &mut dice);
        let teams: Vec<(Uuid, Uuid)> =
            [(1, 0), (1, 1), (2, 2), (3, 0)].map(|(t, u)| (Uuid::from_u128(t), user(u))).into();
        fill(&db, &registry, &world, &teams).await;
        let env = Env {
            teammates: Some([user(0), user(1)].into()),
            ..Env::new("2026-01-29T21:30:00Z".parse().unwrap(), zone(), Some(user(0)))
        };
        // Where the engine did not look them up, the database asks the table of teams itself.
        let unknown = Env { teammates: None, ..env.clone() };
        let orders = living(&registry, &world, "order");
        let (mut compared, mut some, mut refused) = (0, 0, 0);
        for n in 0..3000 {
            let deep = u8::try_from(dice.roll(5)).unwrap();
            let text = Writer(&mut dice).condition(deep);
            let expr = Expr::parse(&text).unwrap_or_else(|f| panic!("{text}: {f}"));
            let asked = if n % 2 == 0 { &env } else { &unknown };
            let Some(stored) = accepted(&db, &registry, "order", &expr, asked).await else {
                refused += 1;
                continue;
            };
            let memory = chosen(&orders, &registry, "order", &expr, &env);
            let wrong = stored.symmetric_difference(&memory).collect::<Vec<_>>();
            assert!(wrong.is_empty(), "{text}\nnot the same: {wrong:?}; {} of memory", memory.len());
            compared += 1;
            some += u32::from(!memory.is_empty());
        }
        // The conditions are worth something: most can run, and they accept some rows, not all or none.
        assert!(compared > 2000 && some > compared / 3, "{compared} compared, {some} accepted rows, {refused} refused");
        for (object, text) in [
            ("user", "exists(watching)"),
            ("user", "exists(watching, status == 'new' && exists(lines))"),
            ("user", "exists(owned, total > 0) && !exists(owned, open)"),
            ("party", "exists(members, exists(orders, open)) || parent.parent.name != null"),
        ] {
            let expr = Expr::parse(text).unwrap();
            let stored = accepted(&db, &registry, object, &expr, &env).await.unwrap();
            let memory = chosen(&living(&registry, &world, object), &registry, object, &expr, &env);
            assert_eq!(stored, memory, "{text}");
        }
        // Nobody signed in: nothing is his.
        let nobody = Env { me: None, teammates: None, ..env };
        for text in
            ["owner == me()", "in_my_teams(owner)", "owner == me() || in_my_teams(owner)", "has(watchers, me())"]
        {
            let stored = accepted(&db, &registry, "order", &Expr::parse(text).unwrap(), &nobody).await.unwrap();
            assert!(stored.is_empty(), "{text}");
        }
    })
    .await;
}
