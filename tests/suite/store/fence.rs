//! There is one writer, and who it is.

use rond::store::{Micros, Seq, Snapshot, Store, StoreError};

use super::{batch, ids_of};
use crate::support::place::on_both_engines;

#[test]
fn an_older_writer_never_writes_again() {
    on_both_engines("older_writer", async |place| {
        let older = Store::open(&place.address()).await.expect("an empty place");
        older.append(&batch(&["a"])).await.expect("it is the only one");
        let newer = Store::open(&place.address()).await.expect("a newer writer may come");
        for _ in 0..2 {
            assert_eq!(older.append(&batch(&["b"])).await, Err(StoreError::Fenced));
        }
        let snapshot = Snapshot { seq: Seq(1), format: 1, body: Vec::new() };
        assert_eq!(older.save_snapshot(&snapshot).await, Err(StoreError::Fenced));
        assert_eq!(older.forget_answers(Micros(0)).await, Err(StoreError::Fenced));
        assert_eq!(older.health().await, Err(StoreError::Fenced));
        assert!(StoreError::Fenced.is_fatal() && !StoreError::Fenced.may_retry());
        assert_eq!(newer.append(&batch(&["b"])).await, Ok(Seq(2)));
        assert_eq!(ids_of(&older).await, ["a", "b"], "it may still read");
        older.close().await;
        newer.close().await;
    });
}

#[test]
fn two_writers_at_once_never_mix_their_records() {
    on_both_engines("two_writers", async |place| {
        let older = Store::open(&place.address()).await.expect("an empty place");
        let writes = tokio::spawn(async move {
            let mut stored = 0;
            // Far more than it has time for: a fence that does not hold must not hang the test.
            while stored < 20_000 {
                match older.append(&batch(&[&format!("older-{stored}")])).await {
                    Ok(_) => stored += 1,
                    Err(StoreError::Fenced) => break,
                    Err(other) => panic!("{other}"),
                }
            }
            older.close().await;
            stored
        });
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        let newer = Store::open(&place.address()).await.expect("a newer writer may come");
        for number in 0..20 {
            newer.append(&batch(&[&format!("newer-{number}")])).await.expect("it is the newest");
        }
        let stored = writes.await.expect("the older writer ends by itself");
        let ids = ids_of(&newer).await;
        let first = ids.iter().position(|id| id.starts_with("newer")).expect("there are some");
        assert_eq!(
            first, stored,
            "what the older writer was told is stored comes first, all of it"
        );
        assert!(ids[first..].iter().all(|id| id.starts_with("newer")), "{ids:?}");
        newer.close().await;
    });
}

#[test]
fn writers_of_one_store_wait_for_one_another() {
    on_both_engines("one_store", async |place| {
        let store = std::sync::Arc::new(Store::open(&place.address()).await.expect("empty"));
        let writes: Vec<_> = (0..40)
            .map(|number| {
                let store = store.clone();
                tokio::spawn(async move {
                    let (one, two) = (format!("{number}-1"), format!("{number}-2"));
                    store.append(&batch(&[&one, &two])).await
                })
            })
            .collect();
        for write in writes {
            write.await.expect("no panic").expect("each has its turn");
        }
        let ids = ids_of(&store).await;
        assert_eq!(ids.len(), 80);
        for pair in ids.chunks(2) {
            assert_eq!(pair[0].strip_suffix("-1"), pair[1].strip_suffix("-2"), "a batch was torn");
        }
    });
}
