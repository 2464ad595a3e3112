//! The event log: one contract for both engines, and what happens to it in the world.

mod contract;
mod crash;
mod disk;
mod fence;
mod torn_link;

use rond::store::{Answer, Batch, Micros, NewRecord, Record, Seq, Store};

fn event(event_id: &str) -> NewRecord {
    NewRecord {
        event_id: event_id.to_owned(),
        recorded_at: Micros(1_764_000_000_000_001),
        kind: "requested".to_owned(),
        body: format!("{{\"of\":\"{event_id}\",\"at\":\"Ängelholm\"}}"),
    }
}

fn batch(event_ids: &[&str]) -> Batch {
    Batch { records: event_ids.iter().map(|id| event(id)).collect(), answers: Vec::new() }
}

fn answer(key: &str, made_at: i64) -> Answer {
    Answer {
        key: key.to_owned(),
        request_hash: vec![0, 255, 7],
        status: 201,
        body: format!("answer to {key}"),
        made_at: Micros(made_at),
    }
}

/// The whole log.
async fn all_of(store: &Store) -> Vec<Record> {
    let mut all: Vec<Record> = Vec::new();
    loop {
        let after = all.last().map_or(Seq::ZERO, |record| record.seq);
        let more = store.read_from(after, 1_000).await.expect("the log can be read");
        if more.is_empty() {
            return all;
        }
        all.extend(more);
    }
}

/// The event ids of the whole log; positions must be gapless.
async fn ids_of(store: &Store) -> Vec<String> {
    let all = all_of(store).await;
    assert!((1..).zip(&all).all(|(seq, record)| record.seq == Seq(seq)), "positions have gaps");
    assert_eq!(store.last_seq().await, Ok(Seq(all.len() as i64)));
    all.into_iter().map(|record| record.event.event_id).collect()
}
