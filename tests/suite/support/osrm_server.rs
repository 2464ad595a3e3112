//! A real osrm-routed, started by the tests themselves on a small extract.
//!
//! `make osrm` fetches the programs into `target/osrm`; `ROND_OSRM_DIR` names another folder. Where
//! they are missing, tests that need them say so and pass.

use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// How often the server is knocked at before it counts as not coming.
const KNOCKS_MAX: usize = 600;

/// A running server; it ends with the value.
pub struct OsrmServer {
    child: Child,
    /// Where it listens.
    pub at: SocketAddr,
}

impl OsrmServer {
    /// A server on the extract's roads, whose tables are limited as by `--max-table-size`; nothing
    /// when the programs or the extract are not there.
    pub fn start(extract: &str, table_size_max: usize) -> Option<OsrmServer> {
        let programs = programs()?;
        let data = prepared(&programs, extract)?;
        // Another program may take a free port before the server does: then another one.
        (0..3).find_map(|_| {
            let at = free_port();
            let child = Command::new(programs.join("bin/osrm-routed"))
                .arg(&data)
                .args(["-a", "MLD", "-i", "127.0.0.1", "-t", "1", "-l", "ERROR"])
                .args(["-p", &at.port().to_string()])
                .args(["--max-table-size", &table_size_max.to_string()])
                .stdout(Stdio::null())
                .stderr(Stdio::null())
                .spawn()
                .expect("a program that is there runs");
            let mut server = OsrmServer { child, at };
            server.comes_up().then_some(server)
        })
    }

    /// Its address, as the program is given it.
    pub fn address(&self) -> String {
        format!("http://{}", self.at)
    }

    fn comes_up(&mut self) -> bool {
        for _ in 0..KNOCKS_MAX {
            if TcpStream::connect(self.at).is_ok() {
                return true;
            }
            if self.child.try_wait().is_ok_and(|status| status.is_some()) {
                return false;
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        false
    }
}

impl Drop for OsrmServer {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A port on which nobody listens.
pub fn free_port() -> SocketAddr {
    TcpListener::bind("127.0.0.1:0")
        .and_then(|listener| listener.local_addr())
        .expect("there is a free port")
}

fn programs() -> Option<PathBuf> {
    let top = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folder = std::env::var("ROND_OSRM_DIR")
        .map_or_else(|_| top.join("target/osrm"), PathBuf::from)
        .join("osrm");
    if !folder.join("bin/osrm-routed").exists() {
        eprintln!("SKIPPED: no OSRM in {}; run `make osrm`", folder.display());
        return None;
    }
    Some(folder)
}

/// The prepared extract, made once.
fn prepared(programs: &Path, extract: &str) -> Option<PathBuf> {
    static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());
    let _alone = ONE_AT_A_TIME.lock().unwrap_or_else(PoisonError::into_inner);
    let root = std::env::var("ROND_BENCH").unwrap_or_else(|_| "../shared/bench".to_owned());
    let given = Path::new(&root).join(format!("roads/{extract}.osm.pbf"));
    if !given.exists() {
        eprintln!("SKIPPED: no extract {}; set ROND_BENCH", given.display());
        return None;
    }
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("osrm").join(extract);
    let data = folder.join(format!("{extract}.osrm"));
    if folder.join("whole").exists() {
        return Some(data);
    }
    std::fs::create_dir_all(&folder).expect("the target folder can be written");
    let copy = folder.join(format!("{extract}.osm.pbf"));
    // What was given may be read-only, and so would its copy be.
    let pbf = std::fs::read(&given).expect("an extract that is there can be read");
    std::fs::write(&copy, pbf).expect("the target folder can be written");
    let profile = programs.join("share/profiles/car.lua");
    let run = |program: &str, arguments: &[&Path]| {
        let output = Command::new(programs.join("bin").join(program))
            .args(arguments)
            .args(["-l", "ERROR"])
            .output()
            .expect("a program that is there runs");
        assert!(output.status.success(), "{program}: {output:?}");
    };
    run("osrm-extract", &[Path::new("-p"), &profile, &copy]);
    run("osrm-partition", &[&data]);
    run("osrm-customize", &[&data]);
    std::fs::write(folder.join("whole"), "").expect("the target folder can be written");
    Some(data)
}
