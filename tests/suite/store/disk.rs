//! The disk is full, read-only or damaged.

use rond::store::{Seq, Store, StoreError};

use super::{batch, event, ids_of};
use crate::support::place::{Place, run};
use crate::support::small_disk::SmallDisk;

#[test]
fn a_full_disk_refuses_what_it_cannot_store_and_takes_it_once_there_is_room() {
    let place = Place::sqlite();
    let Place::Sqlite(folder) = &place else { return };
    let Some(_disk) = SmallDisk::mounted(folder, 2) else { return };
    let ballast = folder.join("ballast");
    std::fs::write(&ballast, vec![1; 600_000]).expect("there is room for it");
    run(async {
        let store = Store::open(&place.address()).await.expect("there is room for it");
        let mut stored = 0;
        let long = |number: i64| {
            let mut long = batch(&[&format!("e{number}")]);
            long.records[0].body = "x".repeat(20_000);
            long
        };
        let failure = loop {
            match store.append(&long(stored)).await {
                Ok(seq) => {
                    stored += 1;
                    assert_eq!(seq, Seq(stored));
                }
                Err(failure) => break failure,
            }
        };
        assert!(matches!(failure, StoreError::Full { .. }), "{failure:?}");
        assert!(failure.may_retry() && !failure.is_fatal());
        assert!(stored > 10);
        assert_eq!(ids_of(&store).await.len() as i64, stored, "it can be read, and holds no more");
        std::fs::remove_file(&ballast).expect("it was written before");
        assert_eq!(store.append(&long(stored)).await, Ok(Seq(stored + 1)));
        store.close().await;
        let store = Store::open(&place.address()).await.expect("there is room for it");
        assert_eq!(ids_of(&store).await.len() as i64, stored + 1);
        store.close().await;
    });
}

#[test]
fn a_damaged_file_is_noticed_and_not_written_to() {
    let place = Place::sqlite();
    let Place::Sqlite(folder) = &place else { return };
    let file = folder.join("log.db");
    run(async {
        let store = Store::open(&place.address()).await.expect("an empty place");
        let names: Vec<String> = (0..1_000).map(|number| format!("e{number}")).collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        store.append(&batch(&names)).await.expect("new");
        store.close().await;

        let mut bytes = std::fs::read(&file).expect("it is closed");
        // All but the pages with the tables' definitions and heads.
        let from = 12 * 4096;
        assert!(bytes.len() > from + 4096);
        bytes[from..].fill(0xa5);
        std::fs::write(&file, &bytes).expect("it is closed");

        let store = Store::open(&place.address()).await.expect("its head is whole");
        let failure = store.read_from(Seq(0), 1_000).await.expect_err("its pages are not");
        assert!(matches!(failure, StoreError::Broken { .. }), "{failure:?}");
        assert!(failure.is_fatal() && !failure.may_retry());
        let last: Vec<_> = (0..2).map(|number| event(&format!("new{number}"))).collect();
        let more = rond::store::Batch { records: last, answers: Vec::new() };
        for _ in 0..2 {
            let failure = store.append(&more).await.expect_err("the index is damaged");
            assert!(failure.is_fatal(), "{failure:?}");
        }
        store.close().await;
    });
}
