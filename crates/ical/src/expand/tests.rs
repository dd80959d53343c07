use super::*;

fn days(rule: &str, start: &str, zone: &str, from: &str, to: &str) -> Vec<String> {
    let (rule, zone) = (Rule::parse(rule).unwrap(), TimeZone::get(zone).unwrap());
    let series = Series { rule: &rule, start: start.parse().unwrap(), zone: &zone };
    series.between(from.parse().unwrap(), to.parse().unwrap(), 1_000).iter().map(|t| t.to_zoned(zone.clone()).datetime().to_string()).collect()
}

/// Six occurrences each of rules of all shapes, as python-dateutil 2.9 has them (`rules.txt`).
#[test]
fn rules_of_all_shapes_agree_with_another_program() {
    let utc = TimeZone::UTC;
    let mut n = 0;
    for line in include_str!("rules.txt").lines() {
        let (text, want) = line.split_once('|').unwrap();
        let rule = Rule::parse(text).unwrap();
        let want: Vec<&str> = want.split(' ').collect();
        let start: Date = want[0].parse().unwrap();
        let series = Series { rule: &rule, start: start.at(9, 0, 0, 0), zone: &utc };
        let first = instant(series.start, &utc);
        let got: Vec<String> = series.between(first, Timestamp::MAX, 6).iter().map(|t| t.to_zoned(utc.clone()).date().to_string()).collect();
        assert_eq!(got, want, "{text}");
        // Looked at from the middle, the same days come, without walking there from the first.
        let middle: Date = want[3].parse().unwrap();
        let later: Vec<String> =
            series.between(instant(middle.at(0, 0, 0, 0), &utc), Timestamp::MAX, 3).iter().map(|t| t.to_zoned(utc.clone()).date().to_string()).collect();
        assert_eq!(later, want[3..], "{text} from the middle");
        n += 1;
    }
    assert!(n > 150);
}

#[test]
fn local_time_stays_when_the_clocks_change() {
    // Cairo goes to summer time on the last Friday of April.
    let cairo = days("FREQ=DAILY;COUNT=4", "2026-04-22T09:00:00", "Africa/Cairo", "2026-01-01T00:00:00Z", "2027-01-01T00:00:00Z");
    assert_eq!(cairo, ["2026-04-22T09:00:00", "2026-04-23T09:00:00", "2026-04-24T09:00:00", "2026-04-25T09:00:00"]);
    let rule = Rule::parse("FREQ=DAILY").unwrap();
    let instants = |zone: &str, start: &str| -> Vec<String> {
        let zone = TimeZone::get(zone).unwrap();
        let start: DateTime = start.parse().unwrap();
        let series = Series { rule: &rule, start, zone: &zone };
        series.between(instant(start, &zone), Timestamp::MAX, 3).iter().map(ToString::to_string).collect()
    };
    assert_eq!(instants("Africa/Cairo", "2026-04-23T09:00:00"), ["2026-04-23T07:00:00Z", "2026-04-24T06:00:00Z", "2026-04-25T06:00:00Z"]);
    // Casablanca goes back an hour for Ramadan 1447 on Sunday 15 February 2026.
    assert_eq!(instants("Africa/Casablanca", "2026-02-14T09:00:00"), ["2026-02-14T08:00:00Z", "2026-02-15T09:00:00Z", "2026-02-16T09:00:00Z"]);
    // An hour that does not exist is moved behind the gap.
    assert_eq!(instants("Africa/Cairo", "2026-04-23T00:30:00")[1], "2026-04-23T22:30:00Z");
}

#[test]
fn months_and_years_of_the_hijri_calendar() {
    let first_of_ramadan = "RSCALE=ISLAMIC-UMALQURA;FREQ=YEARLY;BYMONTH=9;BYMONTHDAY=1";
    let got = days(first_of_ramadan, "2026-02-18T08:00:00", "Asia/Riyadh", "2026-01-01T00:00:00Z", "2030-01-01T00:00:00Z");
    assert_eq!(got, ["2026-02-18T08:00:00", "2027-02-08T08:00:00", "2028-01-28T08:00:00", "2029-01-16T08:00:00"]);
    // Rent on the first of each Hijri month.
    let rent = days("RSCALE=ISLAMIC-UMALQURA;FREQ=MONTHLY;BYMONTHDAY=1", "2026-02-18T08:00:00", "Asia/Riyadh", "2026-02-01T00:00:00Z", "2026-06-01T00:00:00Z");
    assert_eq!(rent, ["2026-02-18T08:00:00", "2026-03-20T08:00:00", "2026-04-18T08:00:00", "2026-05-18T08:00:00"]);
    // Without a part, the Hijri day of the first one: the same as naming it.
    let plain = days("RSCALE=ISLAMIC-UMALQURA;FREQ=YEARLY", "2026-02-18T08:00:00", "Asia/Riyadh", "2026-01-01T00:00:00Z", "2030-01-01T00:00:00Z");
    assert_eq!(plain, got);
    // The thirtieth, or the last day where the month has twenty-nine.
    let last = |skip: &str| {
        let rule = format!("RSCALE=ISLAMIC-UMALQURA;FREQ=MONTHLY;BYMONTHDAY=30{skip}");
        days(&rule, "2026-03-19T08:00:00", "Asia/Riyadh", "2026-03-01T00:00:00Z", "2026-09-01T00:00:00Z")
    };
    let lengths: Vec<u8> = (9..=12).map(|m| text::calendar::hijri_month_length(1447, m).unwrap()).collect();
    assert!(lengths.contains(&29) && lengths.contains(&30), "{lengths:?}");
    assert!(last(";SKIP=BACKWARD").len() > last("").len());
}

#[test]
fn bombs_end_soon() {
    let began = std::time::Instant::now();
    for rule in [
        "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=31",
        "FREQ=YEARLY;BYWEEKNO=53;BYMONTH=6",
        "FREQ=DAILY;INTERVAL=1000;BYMONTH=2;BYMONTHDAY=30;COUNT=5000",
        "FREQ=YEARLY;INTERVAL=1000",
        "RSCALE=ISLAMIC-UMALQURA;FREQ=MONTHLY;BYMONTHDAY=31;COUNT=5000",
    ] {
        let got = days(rule, "2026-01-05T09:00:00", "Asia/Riyadh", "2026-01-01T00:00:00Z", "9000-01-01T00:00:00Z");
        assert_eq!(got.first().map(String::as_str), Some("2026-01-05T09:00:00"), "{rule}");
    }
    // Daily for two thousand years, looked at in its last one.
    let rule = Rule::parse("FREQ=DAILY").unwrap();
    let zone = TimeZone::get("Asia/Riyadh").unwrap();
    let series = Series { rule: &rule, start: "0100-01-01T09:00:00".parse().unwrap(), zone: &zone };
    assert_eq!(series.between("2026-01-01T00:00:00Z".parse().unwrap(), "2026-01-08T00:00:00Z".parse().unwrap(), 100).len(), 7);
    assert!(began.elapsed() < std::time::Duration::from_secs(5), "{:?}", began.elapsed());
}

#[test]
fn the_end_of_a_series() {
    let zone = TimeZone::get("Asia/Riyadh").unwrap();
    let last = |rule: &str| {
        let rule = Rule::parse(rule).unwrap();
        Series { rule: &rule, start: "2026-01-05T09:00:00".parse().unwrap(), zone: &zone }.last().map(|t| t.to_string())
    };
    assert_eq!(last("FREQ=WEEKLY"), None);
    assert_eq!(last("FREQ=WEEKLY;COUNT=3").as_deref(), Some("2026-01-19T06:00:00Z"));
    assert_eq!(last("FREQ=WEEKLY;UNTIL=20260119").as_deref(), Some("2026-01-19T06:00:00Z"));
    assert_eq!(last("FREQ=WEEKLY;UNTIL=20260119T055959Z").as_deref(), Some("2026-01-12T06:00:00Z"));
    assert_eq!(last("FREQ=WEEKLY;UNTIL=20250119").as_deref(), Some("2026-01-05T06:00:00Z"));
    assert_eq!(last("FREQ=YEARLY;UNTIL=25000101").as_deref(), Some("2499-01-05T06:00:00Z"));
}
