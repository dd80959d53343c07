//! How many requests a token may make: a bucket that fills steadily, in this node's memory.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Instant;
use uuid::Uuid;

/// Requests per second in the long run, and at once after a pause.
#[derive(Clone, Copy, Debug)]
pub struct Rate {
    pub per_second: f64,
    pub burst: f64,
}

impl Default for Rate {
    /// Generous: it stops runaway loops, not busy integrations.
    fn default() -> Self {
        Rate::limit(200)
    }
}

impl Rate {
    /// `per_second` in the long run, five times as many at once; 0: no limit.
    pub fn limit(per_second: u32) -> Self {
        let per_second = if per_second == 0 { f64::MAX } else { f64::from(per_second) };
        Rate { per_second, burst: per_second * 5.0 }
    }
}

struct Bucket {
    left: f64,
    at: Instant,
}

/// Buckets by user, or by whatever else asks.
pub struct Buckets {
    rate: Rate,
    buckets: Mutex<HashMap<Uuid, Bucket>>,
}

/// More than this many buckets and full ones are dropped.
const MANY: usize = 10_000;

impl Buckets {
    pub fn new(rate: Rate) -> Self {
        Buckets { rate, buckets: Mutex::new(HashMap::new()) }
    }

    /// Takes one request; `Err` holds the seconds until the next is possible.
    pub fn take(&self, who: Uuid) -> Result<(), i64> {
        self.take_at(who, self.rate)
    }

    /// The same where each has a rate of its own.
    pub fn take_at(&self, who: Uuid, rate: Rate) -> Result<(), i64> {
        let now = Instant::now();
        let mut buckets = self.buckets.lock().unwrap_or_else(PoisonError::into_inner);
        if buckets.len() > MANY {
            buckets.retain(|_, b| b.left + now.duration_since(b.at).as_secs_f64() * rate.per_second < rate.burst);
        }
        let bucket = buckets.entry(who).or_insert(Bucket { left: rate.burst, at: now });
        bucket.left = (bucket.left + now.duration_since(bucket.at).as_secs_f64() * rate.per_second).min(rate.burst);
        bucket.at = now;
        if bucket.left >= 1.0 {
            bucket.left -= 1.0;
            return Ok(());
        }
        #[allow(clippy::cast_possible_truncation)]
        Err(((1.0 - bucket.left) / rate.per_second.max(0.001)).ceil().max(1.0) as i64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_burst_then_a_wait_and_others_are_not_touched() {
        let buckets = Buckets::new(Rate { per_second: 0.1, burst: 3.0 });
        let (a, b) = (Uuid::from_u128(1), Uuid::from_u128(2));
        assert!((0..3).all(|_| buckets.take(a).is_ok()));
        assert_eq!(buckets.take(a), Err(10));
        assert!(buckets.take(b).is_ok());
    }
}
