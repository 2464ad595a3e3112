//! A disk that is soon full.

use std::path::{Path, PathBuf};
use std::process::Command;

/// A small disk in memory, gone when dropped.
pub struct SmallDisk(PathBuf);

impl SmallDisk {
    /// A disk of so many megabytes; nothing when this user may not mount one, and then the test
    /// says what it skips.
    pub fn mounted(at: &Path, megabytes: usize) -> Option<SmallDisk> {
        let size = format!("size={megabytes}m");
        let mount =
            Command::new("mount").args(["-t", "tmpfs", "-o", &size, "tmpfs"]).arg(at).output();
        if mount.is_ok_and(|output| output.status.success()) {
            return Some(SmallDisk(at.to_owned()));
        }
        eprintln!("SKIPPED: a full disk: this user may not mount one");
        None
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        let unmount = Command::new("umount").arg("--lazy").arg(&self.0).status();
        if !unmount.is_ok_and(|status| status.success()) {
            eprintln!("a disk of a test is left over: {}", self.0.display());
        }
    }
}
