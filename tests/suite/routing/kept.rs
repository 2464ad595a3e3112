//! Tables kept on disk for next time: whole or not at all, bounded, for the owner's eyes.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use rond::domain::{Instant, Point};
use rond::routing::{Cache, DiskCache, Kept, MemoryCache};
use rond::travel::{LegTable, StraightLine};

use super::points_in_lund;

/// A folder of its own for one test, empty at the start.
fn folder(test: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("kept").join(test);
    // It may be there from an earlier run, or not; nothing is in it in the end.
    let _ = fs::remove_dir_all(&folder);
    folder
}

fn kept(network: &str, points: &[Point]) -> Kept {
    let mut table = LegTable::ask(&StraightLine, points, points);
    table.set(0, 0, None);
    let (network, data) = (network.to_owned(), Some("2026-11-01".to_owned()));
    Kept { network, data, fetched: Instant(1_000), points: points.to_vec(), table }
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).expect("the folder was made").flatten();
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.path()).collect();
    files.sort();
    files
}

#[test]
fn what_is_kept_is_found_by_its_network_and_the_most_of_its_points() {
    let folder = folder("found");
    let points = points_in_lund(30, 1);
    let caches: [&dyn Cache; 2] = [&DiskCache::new(&folder, 1 << 20), &MemoryCache::new(1 << 20)];
    for cache in caches {
        let (few, other) = (kept("a", &points[..10]), kept("b", &points));
        let many = kept("a", &points[5..25]);
        for table in [&few, &many, &other] {
            cache.keep(table).expect("there is room");
        }
        assert_eq!(cache.best("a", &points), Some(many.clone()));
        assert_eq!(cache.best("a", &points[..7]), Some(few));
        assert_eq!(cache.best("b", &points), Some(other));
        assert_eq!(cache.best("c", &points), None);
        assert_eq!(cache.best("a", &points[27..]), None);
    }
}

#[test]
fn a_table_that_says_all_of_another_takes_its_place() {
    let folder = folder("superseded");
    let points = points_in_lund(12, 2);
    let (disk, memory) = (DiskCache::new(&folder, 1 << 20), MemoryCache::new(1 << 20));
    for count in [10, 11, 12, 12] {
        disk.keep(&kept("a", &points[..count])).expect("there is room");
        memory.keep(&kept("a", &points[..count])).expect("there is room");
    }
    assert_eq!((files(&folder).len(), memory.count()), (1, 1));
    assert_eq!(disk.best("a", &points[..3]), Some(kept("a", &points)));
}

#[test]
fn damaged_files_and_files_of_other_versions_are_passed_over() {
    let folder = folder("damaged");
    let points = points_in_lund(10, 3);
    let cache = DiskCache::new(&folder, 1 << 20);
    cache.keep(&kept("a", &points)).expect("there is room");
    let file = files(&folder).remove(0);
    let whole = fs::read(&file).expect("just written");
    for at in (0..whole.len()).step_by(7) {
        let mut damaged = whole.clone();
        damaged[at] ^= 0x10;
        fs::write(&file, &damaged).expect("can be written");
        assert_eq!(cache.best("a", &points), None, "byte {at}");
    }
    for length in [0, 5, 12, 30, whole.len() - 1] {
        fs::write(&file, &whole[..length]).expect("can be written");
        assert_eq!(cache.best("a", &points), None, "cut to {length}");
    }
    fs::write(&file, [&whole[..], b"x"].concat()).expect("can be written");
    assert_eq!(cache.best("a", &points), None, "more than whole");
    fs::write(&file, &whole).expect("can be written");
    assert!(cache.best("a", &points).is_some());
    fs::write(folder.join("note.txt"), "not ours").expect("can be written");
    assert!(cache.best("a", &points).is_some());
}

#[test]
fn the_longest_unused_go_when_there_is_no_room() {
    let folder = folder("bounded");
    let points = points_in_lund(40, 4);
    // A table of ten points is a little more than 800 bytes of legs.
    let cache = DiskCache::new(&folder, 2_500);
    let old = |network: &str, hours: u64| {
        cache.keep(&kept(network, &points[..10])).expect("there is room");
        let newest = files(&folder).into_iter().max_by_key(|path| {
            fs::metadata(path).and_then(|facts| facts.modified()).expect("a file")
        });
        let file = fs::File::options().append(true).open(newest.expect("a file")).expect("ours");
        file.set_modified(SystemTime::now() - Duration::from_secs(3600 * hours)).expect("ours");
    };
    old("a", 3);
    old("b", 2);
    assert!(cache.best("a", &points).is_some(), "used now");
    cache.keep(&kept("c", &points[..10])).expect("there is room");
    let there = ["a", "b", "c"].map(|network| cache.best(network, &points).is_some());
    assert_eq!(there, [true, false, true]);
    cache.keep(&kept("d", &points)).expect("more than ever fits is not kept");
    assert_eq!(cache.best("d", &points), None);
    assert!(cache.best("a", &points).is_some(), "nothing went for it");
}

#[cfg(unix)]
#[test]
fn where_people_live_is_for_the_owner_alone() {
    use std::os::unix::fs::PermissionsExt;
    let folder = folder("private");
    let cache = DiskCache::new(&folder, 1 << 20);
    cache.keep(&kept("a", &points_in_lund(5, 5))).expect("there is room");
    let mode = |path: &Path| fs::metadata(path).expect("there").permissions().mode() & 0o777;
    assert_eq!((mode(&folder), mode(&files(&folder)[0])), (0o700, 0o600));
}

#[test]
fn a_folder_that_cannot_be_is_an_error_and_nothing_more() {
    let folder = folder("no-folder");
    fs::create_dir_all(&folder).expect("the target folder can be written");
    fs::write(folder.join("file"), "").expect("can be written");
    let cache = DiskCache::new(folder.join("file/below"), 1 << 20);
    let points = points_in_lund(3, 6);
    assert!(cache.keep(&kept("a", &points)).is_err());
    assert_eq!(cache.best("a", &points), None);
}
