//! Working time: how late it is after so many minutes of work.

use kernel::jiff::civil::Date;
use kernel::jiff::tz::TimeZone;
use kernel::jiff::{Timestamp, ToSpan};
use std::collections::HashSet;

/// Days nobody looks further ahead.
const FURTHEST: i32 = 400;

/// When people work.
#[derive(Clone, Debug)]
pub struct Hours {
    pub zone: TimeZone,
    /// Minutes after midnight.
    pub opens: i64,
    pub closes: i64,
    /// Bit 0 = Monday … bit 6 = Sunday.
    pub weekend: u8,
    pub closed: HashSet<Date>,
}

impl Hours {
    fn works_on(&self, day: Date) -> bool {
        self.weekend >> day.weekday().to_monday_zero_offset() & 1 == 0 && !self.closed.contains(&day)
    }

    /// The minute of the day, as an instant.
    fn at(&self, day: Date, minute: i64) -> Option<Timestamp> {
        let span = minute.clamp(0, 24 * 60).minutes();
        day.at(0, 0, 0, 0).checked_add(span).ok()?.to_zoned(self.zone.clone()).ok().map(|z| z.timestamp())
    }

    /// `from` and so many minutes of working time; where nobody ever works, so many minutes by the clock.
    pub fn after(&self, from: Timestamp, minutes: i64) -> Timestamp {
        let mut left = minutes.max(0).saturating_mul(60);
        let mut day = from.to_zoned(self.zone.clone()).date();
        for _ in 0..FURTHEST {
            if self.works_on(day)
                && let (Some(opens), Some(closes)) = (self.at(day, self.opens), self.at(day, self.closes))
            {
                let begin = from.max(opens);
                let room = closes.as_second().saturating_sub(begin.as_second());
                if room > 0 && left <= room {
                    return begin.saturating_add(left.seconds()).unwrap_or(begin);
                }
                left -= room.max(0);
            }
            day = day.saturating_add(1.day());
        }
        from.saturating_add(minutes.max(0).minutes()).unwrap_or(from)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mkt_11_the_clock_runs_in_working_time() {
        let riyadh = Hours {
            zone: TimeZone::get("Asia/Riyadh").unwrap(),
            opens: 8 * 60,
            closes: 17 * 60,
            // Friday and Saturday.
            weekend: 0b011_0000,
            closed: HashSet::from(["2026-03-02".parse().unwrap()]),
        };
        let due = |from: &str, minutes| riyadh.after(from.parse().unwrap(), minutes).to_string();
        // Sunday 1 March, nine: at one in the afternoon.
        assert_eq!(due("2026-03-01T06:00:00Z", 240), "2026-03-01T10:00:00Z");
        // Three in the afternoon: two hours are left, Monday is a holiday, the rest on Tuesday morning.
        assert_eq!(due("2026-03-01T12:00:00Z", 240), "2026-03-03T07:00:00Z");
        // In the night, and on Friday: from the next opening.
        assert_eq!(due("2026-02-28T23:00:00Z", 30), "2026-03-01T05:30:00Z");
        assert_eq!(due("2026-03-06T09:00:00Z", 30), "2026-03-08T05:30:00Z");
        // To the minute of closing.
        assert_eq!(due("2026-03-01T13:00:00Z", 60), "2026-03-01T14:00:00Z");
        let never = Hours { weekend: 0b111_1111, ..riyadh.clone() };
        assert_eq!(never.after("2026-03-06T09:00:00Z".parse().unwrap(), 30).to_string(), "2026-03-06T09:30:00Z");
    }
}
