//! The process is killed in the middle of its work, again and again.
//!
//! The child is this very binary, told by its environment to append until it is killed.

use std::io::{BufRead, BufReader, Write};
use std::process::{Child, Command, Stdio};

use rond::store::{Batch, Store, StoreError};

use super::{answer, event, ids_of};
use crate::support::place::{Place, on_both_engines, run};

const ADDRESS: &str = "ROND_STORE_TEST_ADDRESS";
const NAME: &str = "ROND_STORE_TEST_NAME";
const CYCLES: usize = 20;
/// Events of a batch: a torn one would show.
const TOGETHER: usize = 3;

#[test]
fn nothing_acknowledged_is_lost_and_nothing_is_there_twice_when_killed() {
    on_both_engines("killed", async |place| {
        let mut before = 0;
        for cycle in 0..CYCLES {
            let acknowledged = killed_after(place, &format!("cycle{cycle}"), 1 + cycle * 7 % 30);
            let store = Store::open(&place.address()).await.expect("it opens after any crash");
            let ids = ids_of(&store).await;
            let stored = ids.len() - before;
            assert_eq!(stored % TOGETHER, 0, "half a batch was stored");
            let batches = stored / TOGETHER;
            // One more may have been stored just before its answer.
            assert!(
                (acknowledged..=acknowledged + 1).contains(&batches),
                "{acknowledged} batches were acknowledged, {batches} are there"
            );
            let expected: Vec<String> = (0..stored).map(|n| id_of(cycle, n)).collect();
            assert_eq!(ids[before..], expected);
            if batches > 0 {
                let key = id_of(cycle, stored - TOGETHER);
                let kept = store.answer_of(&key).await.expect("answers can be read");
                assert!(kept.is_some(), "a record without its answer: {key}");
            }
            before = ids.len();
            store.close().await;
        }
        if let Place::Sqlite(_) = place {
            let integrity = place.ask("SELECT integrity_check FROM pragma_integrity_check").await;
            assert_eq!(integrity, "ok");
        }
    });
}

fn id_of(cycle: usize, number: usize) -> String {
    format!("cycle{cycle}-{number}")
}

/// Starts a child, kills it after it has acknowledged so many batches, and counts all that it did.
fn killed_after(place: &Place, name: &str, batches: usize) -> usize {
    let mut child = start(Command::new(this_binary()), place, name);
    let output = child.stdout.take().expect("the child's output is kept");
    let mut acknowledged = 0;
    for line in BufReader::new(output).lines() {
        // What a killed process wrote before is still in the pipe; half a line is none.
        let Ok(line) = line else { break };
        acknowledged += usize::from(line.ends_with("stored."));
        if acknowledged == batches {
            child.kill().expect("a child can be killed");
        }
        assert!(!line.contains("failed"), "{line}");
    }
    child.wait().expect("a killed child ends");
    assert!(acknowledged >= batches, "the child ended by itself");
    acknowledged
}

fn this_binary() -> std::path::PathBuf {
    std::env::current_exe().expect("a test has a binary")
}

fn start(mut command: Command, place: &Place, name: &str) -> Child {
    command
        .args(["--exact", "store::crash::the_child_appends_until_it_ends", "--nocapture"])
        .env(ADDRESS, place.address())
        .env(NAME, name)
        .stdout(Stdio::piped())
        .spawn()
        .expect("the test's own binary can be started")
}

/// Does nothing unless it is the child.
#[test]
fn the_child_appends_until_it_ends() {
    let (Ok(address), Ok(name)) = (std::env::var(ADDRESS), std::env::var(NAME)) else { return };
    run(async {
        let store = Store::open(&address).await.expect("the parent has made a place");
        for first in (0..).step_by(TOGETHER) {
            let batch = Batch {
                records: (first..first + TOGETHER).map(|n| event(&format!("{name}-{n}"))).collect(),
                answers: vec![answer(&format!("{name}-{first}"), 1)],
            };
            match store.append(&batch).await {
                Ok(_) => say("stored."),
                Err(failure) => {
                    say(&format!("failed with {}, fatal: {}", failure.code(), failure.is_fatal()));
                    // The cause may be gone by now; the store must not try again all the same.
                    let again = store.append(&batch).await;
                    say(if again == Err(failure) { "refused again." } else { "went on." });
                    return;
                }
            }
        }
    });
}

fn say(line: &str) {
    let mut output = std::io::stdout().lock();
    // Nobody may be there to read it any more.
    drop(writeln!(output, "{line}").and_then(|()| output.flush()));
}

/// A file that may not grow any more is how an ordinary user gets a write error.
#[test]
fn a_disk_that_fails_ends_the_writer_and_loses_nothing() {
    let place = Place::sqlite();
    let mut shell = Command::new("sh");
    shell.args(["-c", "trap '' XFSZ; ulimit -f 400; exec \"$0\" \"$@\""]).arg(this_binary());
    let mut child = start(shell, &place, "cycle0");
    let output = BufReader::new(child.stdout.take().expect("the child's output is kept"));
    let lines: Vec<String> = output.lines().map_while(Result::ok).collect();
    child.wait().expect("it ends by itself");
    let says = |text: &str| lines.iter().filter(|line| line.contains(text)).count();
    let code = StoreError::Broken { cause: String::new() }.code();
    assert_eq!(says(&format!("failed with {code}, fatal: true")), 1, "{:?}", lines.last());
    assert_eq!(says("refused again."), 1, "it tried again after the disk had failed");
    let acknowledged = says("stored.");
    assert!(acknowledged > 0);
    run(async {
        let store = Store::open(&place.address()).await.expect("the disk is whole again");
        let batches = ids_of(&store).await.len() / TOGETHER;
        assert!((acknowledged..=acknowledged + 1).contains(&batches), "{batches}");
        store.close().await;
    });
}
