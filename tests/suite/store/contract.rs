//! What both engines promise.

use rond::store::item::{BATCH_MAX, BODY_MAX, KEY_MAX};
use rond::store::{Batch, CODES, Micros, Record, Seq, Snapshot, Store, StoreError};

use super::{all_of, answer, batch, event, ids_of};
use crate::support::place::{Place, on_both_engines, run};

async fn opened(place: &Place) -> Store {
    Store::open(&place.address()).await.expect("an empty place can be opened")
}

fn snapshot(seq: i64, body: &[u8]) -> Snapshot {
    Snapshot { seq: Seq(seq), format: 7, body: body.to_vec() }
}

#[test]
fn what_was_stored_is_there_in_order_also_when_opened_again() {
    on_both_engines("what_was_stored", async |place| {
        let store = opened(place).await;
        assert_eq!(store.last_seq().await, Ok(Seq::ZERO));
        assert_eq!(store.append(&batch(&["c", "a"])).await, Ok(Seq(2)));
        let answered = Batch { records: vec![event("b")], answers: vec![answer("b", 5)] };
        assert_eq!(store.append(&answered).await, Ok(Seq(3)));
        store.close().await;

        let store = opened(place).await;
        assert_eq!(ids_of(&store).await, ["c", "a", "b"]);
        let third = Record { seq: Seq(3), event: event("b") };
        assert_eq!(store.find("b").await, Ok(Some(third.clone())));
        assert_eq!(store.find("d").await, Ok(None));
        assert_eq!(store.read_from(Seq(2), 10).await, Ok(vec![third]));
        assert_eq!(store.read_from(Seq(0), 2).await.map(|records| records.len()), Ok(2));
        assert_eq!(store.answer_of("b").await, Ok(Some(answer("b", 5))));
        assert_eq!(store.health().await, Ok(()));
        store.close().await;
    });
}

#[test]
fn a_batch_with_a_known_event_in_its_middle_leaves_nothing_behind() {
    on_both_engines("known_event", async |place| {
        let store = opened(place).await;
        store.append(&batch(&["known"])).await.expect("new");
        let again = Err(StoreError::DuplicateEvent { event_id: "known".to_owned() });
        assert_eq!(store.append(&batch(&["x", "known", "y"])).await, again);
        let twice = Err(StoreError::DuplicateEvent { event_id: "z".to_owned() });
        assert_eq!(store.append(&batch(&["z", "z"])).await, twice);
        assert_eq!(ids_of(&store).await, ["known"]);
        assert_eq!(store.append(&batch(&["y", "x"])).await, Ok(Seq(3)));
        assert_eq!(ids_of(&store).await, ["known", "y", "x"]);
        store.close().await;
    });
}

#[test]
fn a_key_is_answered_once_and_its_event_goes_with_it() {
    on_both_engines("answers", async |place| {
        let store = opened(place).await;
        let only = Batch { records: Vec::new(), answers: vec![answer("old", 1), answer("new", 9)] };
        assert_eq!(store.append(&only).await, Ok(Seq::ZERO));
        let again = Batch {
            records: vec![event("e")],
            answers: vec![answer("other", 9), answer("new", 10)],
        };
        let refused = Err(StoreError::DuplicateAnswer { key: "new".to_owned() });
        assert_eq!(store.append(&again).await, refused);
        assert_eq!(store.find("e").await, Ok(None));
        assert_eq!(store.answer_of("other").await, Ok(None));
        store.forget_answers(Micros(9)).await.expect("answers can be forgotten");
        assert_eq!(store.answer_of("old").await, Ok(None));
        assert_eq!(store.answer_of("new").await, Ok(Some(answer("new", 9))));
        store.close().await;
    });
}

#[test]
fn the_first_snapshot_stays_and_of_the_others_the_newest_three() {
    on_both_engines("snapshots", async |place| {
        let store = opened(place).await;
        assert_eq!(store.latest_snapshot().await, Ok(None));
        store.save_snapshot(&snapshot(0, &[0, 159, 146])).await.expect("the first");
        for seq in 1..=6 {
            store.append(&batch(&[&format!("e{seq}")])).await.expect("new");
            store.save_snapshot(&snapshot(seq, b"state")).await.expect("of what is there");
        }
        store.save_snapshot(&snapshot(6, b"better")).await.expect("the newest may be made again");
        assert_eq!(store.latest_snapshot().await, Ok(Some(snapshot(6, b"better"))));
        assert!(matches!(
            store.save_snapshot(&snapshot(0, b"other")).await,
            Err(StoreError::Refused { .. })
        ));
        assert!(matches!(
            store.save_snapshot(&snapshot(7, b"of records to come")).await,
            Err(StoreError::Refused { .. })
        ));
        assert_eq!(store.first_snapshot().await, Ok(Some(snapshot(0, &[0, 159, 146]))));
        store.close().await;
        assert_eq!(place.ask("SELECT COUNT(*) FROM snapshot WHERE seq IN (0, 4, 5, 6)").await, "4");
        assert_eq!(place.ask("SELECT COUNT(*) FROM snapshot").await, "4");
    });
}

#[test]
fn too_much_is_refused_and_the_most_is_taken() {
    on_both_engines("bounds", async |place| {
        let store = opened(place).await;
        let names: Vec<String> = (0..=BATCH_MAX).map(|number| format!("e{number}")).collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let mut long = batch(&["long"]);
        long.records[0].body = "x".repeat(BODY_MAX + 1);
        let mut nul = batch(&["nul"]);
        nul.records[0].body = "a\0b".to_owned();
        for wrong in [batch(&names), batch(&[&"k".repeat(KEY_MAX + 1)]), batch(&[""]), long, nul] {
            let outcome = store.append(&wrong).await;
            assert!(matches!(outcome, Err(StoreError::Refused { .. })), "{outcome:?}");
        }
        assert_eq!(store.append(&batch(&names[1..])).await, Ok(Seq(BATCH_MAX as i64)));
        let mut most = batch(&[&"k".repeat(KEY_MAX)]);
        most.records[0].body = "x".repeat(BODY_MAX);
        store.append(&most).await.expect("the most that is taken");
        assert_eq!(all_of(&store).await.len(), BATCH_MAX + 1);
        store.close().await;
    });
}

#[test]
fn whoever_reads_a_log_of_long_records_gets_it_in_pieces() {
    run(async {
        let store = Store::open("sqlite::memory:").await.expect("memory is there");
        for half in 0..2 {
            let mut long = Batch::default();
            for number in 0..40 {
                let mut record = event(&format!("e{half}-{number}"));
                record.body = "x".repeat(BODY_MAX);
                long.records.push(record);
            }
            store.append(&long).await.expect("within the bounds");
        }
        let first = store.read_from(Seq::ZERO, 1_000).await.expect("the log can be read");
        assert_eq!(first.len(), 64);
        assert_eq!(ids_of(&store).await.len(), 80);
        store.close().await;
    });
}

#[test]
fn whoever_opened_it_to_read_changes_nothing_and_fences_nobody_off() {
    on_both_engines("to_read", async |place| {
        let not_there = Store::open_to_read(&place.address()).await.map(drop);
        assert!(not_there.is_err(), "there is nothing to read yet");
        let store = opened(place).await;
        store.append(&batch(&["a"])).await.expect("new");
        let reader = Store::open_to_read(&place.address()).await.expect("a log is there");
        assert!(matches!(reader.append(&batch(&["b"])).await, Err(StoreError::Refused { .. })));
        assert_eq!(store.append(&batch(&["c"])).await, Ok(Seq(2)));
        assert_eq!(ids_of(&reader).await, ["a", "c"]);
        reader.close().await;
        store.close().await;
    });
}

#[test]
fn a_log_of_a_newer_program_is_refused() {
    on_both_engines("newer", async |place| {
        opened(place).await.close().await;
        let newer = "INSERT INTO _sqlx_migrations
            (version, description, installed_on, success, checksum, execution_time)
            SELECT 9999, 'newer', installed_on, success, checksum, 0 FROM _sqlx_migrations";
        place.run(newer).await.expect("a row as the newer program writes it");
        let refused = Some(StoreError::Version { found: 9999, known: 1 });
        assert_eq!(Store::open(&place.address()).await.err(), refused);
        assert_eq!(Store::open_to_read(&place.address()).await.err(), refused);
        assert_eq!(place.ask("SELECT epoch FROM head").await, "1", "it was fenced off");
    });
}

#[test]
fn somebody_elses_database_is_left_alone() {
    on_both_engines("foreign", async |place| {
        place.run("CREATE TABLE journal (text TEXT)").await.expect("an empty place");
        let file = |place: &Place| match place {
            Place::Sqlite(folder) => std::fs::read(folder.join("log.db")).ok(),
            Place::Postgres(_) => None,
        };
        let before = file(place);
        let refused = Store::open(&place.address()).await.err();
        assert!(matches!(refused, Some(StoreError::Foreign { .. })), "{refused:?}");
        assert!(file(place) == before, "the file was changed");
    });
}

#[test]
fn the_log_cannot_be_changed_past_the_store() {
    on_both_engines("append_only", async |place| {
        let store = opened(place).await;
        store.append(&batch(&["a", "b"])).await.expect("new");
        assert!(place.run("UPDATE log SET body = 'forged' WHERE seq = 1").await.is_err());
        assert!(place.run("DELETE FROM log").await.is_err());
        assert_eq!(all_of(&store).await[0].event, event("a"));
        store.close().await;
    });
}

#[test]
fn a_server_that_may_lose_records_is_refused() {
    let Some(place) = Place::postgres("a_server_that_may_lose_records") else { return };
    let address = format!("{}&options=-c%20synchronous_commit%3Doff", place.address());
    let refused = run(Store::open(&address)).err();
    assert!(matches!(refused, Some(StoreError::Setting { .. })), "{refused:?}");
}

#[test]
fn an_address_that_leads_nowhere_says_so_and_keeps_its_password() {
    let outcome = |address: &str| run(Store::open(address)).err().expect("nothing is there");
    for none in ["", "log.db", "mysql://localhost/x", "postgres://[half"] {
        assert_eq!(outcome(none), StoreError::Address, "{none}");
    }
    let nobody = outcome("postgres://rond:secret@127.0.0.1:9/rond");
    assert!(matches!(nobody, StoreError::Unavailable { .. }), "{nobody:?}");
    assert!(nobody.may_retry() && !nobody.to_string().contains("secret"));
    let folder = outcome("sqlite:/nowhere/at/all/log.db");
    assert!(matches!(folder, StoreError::Unavailable { .. }), "{folder:?}");
}

#[test]
fn every_failure_has_its_row_in_the_table_of_codes() {
    let text = String::new;
    let failures = [
        StoreError::Unexpected { cause: text() },
        StoreError::Address,
        StoreError::Unavailable { cause: text() },
        StoreError::Full { cause: text() },
        StoreError::ReadOnly { cause: text() },
        StoreError::TimedOut,
        StoreError::Unknown { cause: text() },
        StoreError::DuplicateEvent { event_id: text() },
        StoreError::DuplicateAnswer { key: text() },
        StoreError::Fenced,
        StoreError::Foreign { found: text() },
        StoreError::Version { found: 2, known: 1 },
        StoreError::Setting { what: text() },
        StoreError::Refused { what: text() },
        StoreError::Broken { cause: text() },
    ];
    let codes: Vec<&str> = failures.iter().map(StoreError::code).collect();
    let rows: Vec<&str> = CODES.iter().map(|entry| entry.code).collect();
    assert_eq!(codes, rows);
    for (failure, entry) in failures.iter().zip(CODES) {
        assert!(failure.to_string().starts_with(entry.cause));
        assert!(!(failure.is_fatal() && failure.may_retry()), "{failure:?}");
    }
}
