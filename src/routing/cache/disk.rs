//! Tables kept in a folder, one file each.

use std::fs::{self, File};
use std::io::{self, BufReader, Write};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use super::file::{Head, checksum, read_head, read_legs, written};
use super::{Cache, Kept, shared};
use crate::domain::Point;

/// How many bytes a folder holds when nobody says.
pub const BYTES_MAX: u64 = 1 << 30;
/// How files of kept tables end.
const ENDING: &str = "legs";

/// Tables in a folder, up to so many bytes. Damaged files and those of other versions are passed
/// over; whoever comes first writes, and nobody reads what is half written.
#[derive(Debug)]
pub struct DiskCache {
    folder: PathBuf,
    bytes_max: u64,
}

impl DiskCache {
    /// The folder; it is made when the first table is kept.
    pub fn new(folder: impl Into<PathBuf>, bytes_max: u64) -> DiskCache {
        DiskCache { folder: folder.into(), bytes_max }
    }

    /// The files of a network, with what stands at their head.
    fn of_network(&self, network: &str) -> Vec<(PathBuf, Head)> {
        let start = format!("{:016x}-", checksum(network.as_bytes()));
        let files = self.files().into_iter().filter(|path| name(path).starts_with(&start));
        let heads = files.filter_map(|path| {
            let head = read_head(&mut BufReader::new(File::open(&path).ok()?)).ok()?;
            (head.network == network).then_some((path, head))
        });
        heads.collect()
    }

    /// Every file of a kept table, in the order of their names.
    fn files(&self) -> Vec<PathBuf> {
        let entries = fs::read_dir(&self.folder).into_iter().flatten().flatten();
        let mut files: Vec<PathBuf> = entries.map(|entry| entry.path()).collect();
        files.retain(|path| path.extension().is_some_and(|ending| ending == ENDING));
        files.sort();
        files
    }

    /// Drops the longest unused until what is left fits beside `bytes` more.
    fn make_room(&self, bytes: u64) {
        let mut files: Vec<(SystemTime, PathBuf, u64)> = self
            .files()
            .into_iter()
            .filter_map(|path| {
                let facts = fs::metadata(&path).ok()?;
                Some((facts.modified().ok()?, path, facts.len()))
            })
            .collect();
        files.sort();
        let mut taken: u64 = files.iter().map(|(_, _, bytes)| bytes).sum();
        for (_, path, size) in files {
            if taken + bytes <= self.bytes_max {
                break;
            }
            // Another run may have dropped it just now.
            let _ = fs::remove_file(path);
            taken -= size;
        }
    }

    fn write(&self, name: &str, text: &[u8]) -> io::Result<()> {
        make_folder(&self.folder)?;
        let unfinished = self.folder.join(format!(".{name}.{}", std::process::id()));
        let result = for_owner_only(&unfinished).and_then(|mut file| {
            file.write_all(text)?;
            file.sync_all()?;
            fs::rename(&unfinished, self.folder.join(name))
        });
        if result.is_err() {
            // It may not even be there.
            let _ = fs::remove_file(&unfinished);
        }
        result
    }
}

impl Cache for DiskCache {
    fn best(&self, network: &str, points: &[Point]) -> Option<Kept> {
        let mut files: Vec<(usize, PathBuf)> = self
            .of_network(network)
            .into_iter()
            .map(|(path, head)| (shared(points, &head.points), path))
            .collect();
        files.retain(|(shared, _)| *shared > 0);
        files.sort();
        files.into_iter().rev().find_map(|(_, path)| {
            let file = File::open(&path).ok()?;
            let mut reader = BufReader::new(&file);
            let kept = read_head(&mut reader).and_then(|head| read_legs(&mut reader, head));
            match kept {
                Ok(kept) => {
                    // Used now: others go first. Where it cannot be said, it goes by its age.
                    let _ = File::options()
                        .append(true)
                        .open(&path)
                        .and_then(|file| file.set_modified(SystemTime::now()));
                    Some(kept)
                }
                Err(error) => {
                    tracing::warn!("{}: {error}", path.display());
                    None
                }
            }
        })
    }

    fn keep(&self, kept: &Kept) -> io::Result<()> {
        let text = written(kept);
        if text.len() as u64 > self.bytes_max {
            return Ok(());
        }
        let points: Vec<u8> = kept
            .points
            .iter()
            .flat_map(|point| [point.lat(), point.lon()])
            .flat_map(|degrees| degrees.to_bits().to_le_bytes())
            .collect();
        let network = checksum(kept.network.as_bytes());
        let name = format!("{network:016x}-{:016x}.{ENDING}", checksum(&points));
        let mut older = self.of_network(&kept.network);
        older.retain(|(path, head)| {
            shared(&head.points, &kept.points) == head.points.len() && !path.ends_with(&name)
        });
        self.make_room(text.len() as u64);
        self.write(&name, &text)?;
        for (path, _) in older {
            // What it said stands in the new one; another run may have dropped it just now.
            let _ = fs::remove_file(path);
        }
        Ok(())
    }
}

fn name(path: &Path) -> &str {
    path.file_name().and_then(|name| name.to_str()).unwrap_or_default()
}

#[cfg(unix)]
fn make_folder(folder: &Path) -> io::Result<()> {
    use std::os::unix::fs::DirBuilderExt;
    fs::DirBuilder::new().recursive(true).mode(0o700).create(folder)
}

#[cfg(unix)]
fn for_owner_only(path: &Path) -> io::Result<File> {
    use std::os::unix::fs::OpenOptionsExt;
    File::options().write(true).create(true).truncate(true).mode(0o600).open(path)
}

#[cfg(not(unix))]
fn make_folder(folder: &Path) -> io::Result<()> {
    fs::create_dir_all(folder)
}

#[cfg(not(unix))]
fn for_owner_only(path: &Path) -> io::Result<File> {
    File::create(path)
}
