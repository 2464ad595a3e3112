//! Files in and out, and standard output.

use std::fs;
use std::io::{self, Write};
use std::path::Path;

use super::failure::Failure;
use crate::domain::{Plan, World};
use crate::wire;

/// The day of a file. What was read but should be known is said on standard error.
pub fn read_day(path: &Path) -> Result<World, Failure> {
    let text = read(path)?;
    let day = wire::read_day(&text)
        .map_err(|problems| Failure::Faulty { path: path.to_owned(), problems })?;
    for note in &day.notes {
        eprintln!("rond: {}: {note}", path.display());
    }
    Ok(day.world)
}

/// The plan of a file, for this world.
pub fn read_plan(path: &Path, world: &World) -> Result<Plan, Failure> {
    let text = read(path)?;
    wire::read_plan(&text, world)
        .map_err(|problems| Failure::Faulty { path: path.to_owned(), problems })
}

fn read(path: &Path) -> Result<Vec<u8>, Failure> {
    fs::read(path).map_err(|error| Failure::Unreadable { path: path.to_owned(), error })
}

/// Writes a file, and the folders on the way to it.
pub fn write(path: &Path, text: &str) -> Result<(), Failure> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    let written = folder.map_or(Ok(()), fs::create_dir_all).and_then(|()| fs::write(path, text));
    written.map_err(Failure::unwritable(path))
}

/// Writes to standard output. A reader that has seen enough (`rond plan … | head`) is no fault.
pub fn print(text: &str) -> Result<(), Failure> {
    let mut out = io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            Err(Failure::unwritable(Path::new("standard output"))(error))
        }
        _ => Ok(()),
    }
}
