//! Who has the page of a record open at this moment, in the memory of this node: nothing is stored, and it ends with
//! the connection.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::broadcast;
use uuid::Uuid;

/// Record (`party:ID`) → who is there, with how many pages, in the order they came.
type Seats = HashMap<String, BTreeMap<Uuid, usize>>;

struct Inner {
    seats: Mutex<Seats>,
    /// The records where somebody came or went.
    changes: broadcast::Sender<String>,
}

/// Handed to every request.
#[derive(Clone)]
pub struct Presence(Arc<Inner>);

impl Default for Presence {
    fn default() -> Self {
        Presence(Arc::new(Inner { seats: Mutex::default(), changes: broadcast::channel(256).0 }))
    }
}

impl Presence {
    /// Somebody opened a page; he has left when the seat is dropped.
    pub fn enter(&self, record: &str, user: Uuid) -> Seat {
        let mut seats = self.0.seats.lock().unwrap_or_else(PoisonError::into_inner);
        *seats.entry(record.to_owned()).or_default().entry(user).or_default() += 1;
        drop(seats);
        let seat = Seat { presence: self.clone(), record: record.to_owned(), user };
        seat.say();
        seat
    }
    /// The records where somebody came or went from now on.
    pub fn subscribe(&self) -> broadcast::Receiver<String> {
        self.0.changes.subscribe()
    }
}

/// A page of a record that somebody has open.
pub struct Seat {
    presence: Presence,
    record: String,
    user: Uuid,
}

impl Seat {
    /// The others who are there.
    pub fn others(&self) -> Vec<Uuid> {
        let seats = self.presence.0.seats.lock().unwrap_or_else(PoisonError::into_inner);
        seats.get(&self.record).into_iter().flat_map(|s| s.keys().copied()).filter(|u| *u != self.user).collect()
    }
    fn say(&self) {
        // Nobody listening is no error.
        let _ = self.presence.0.changes.send(self.record.clone());
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        let mut seats = self.presence.0.seats.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(there) = seats.get_mut(&self.record) {
            if let Some(n) = there.get_mut(&self.user) {
                *n -= 1;
                if *n == 0 {
                    there.remove(&self.user);
                }
            }
            if there.is_empty() {
                seats.remove(&self.record);
            }
        }
        drop(seats);
        self.say();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_come_and_go_with_their_last_page() {
        let presence = Presence::default();
        let (sara, omar) = (Uuid::from_u128(1), Uuid::from_u128(2));
        let mut changes = presence.subscribe();
        let first = presence.enter("party:1", sara);
        let second = presence.enter("party:1", omar);
        let again = presence.enter("party:1", omar);
        let elsewhere = presence.enter("party:2", omar);
        assert_eq!((first.others(), second.others()), (vec![omar], vec![sara]));
        drop(second);
        assert_eq!(first.others(), [omar], "a second page is still open");
        drop(again);
        assert!(first.others().is_empty());
        assert_eq!(std::iter::from_fn(|| changes.try_recv().ok()).filter(|r| r == "party:1").count(), 5);
        drop((first, elsewhere));
        assert!(presence.0.seats.lock().unwrap().is_empty());
    }
}
