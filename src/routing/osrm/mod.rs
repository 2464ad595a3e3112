//! A client of an OSRM routing server, for plain functions to call.
//!
//! Flows in: points. Flows out: tables and routes, or one [`OsrmError`] that says what went wrong.
//! Large tables are asked for in blocks, several at a time; what may pass is tried again after a
//! short wait; and no server is waited for longer than its answers are worth ([`patience`]).
//!
//! Privacy: addresses asked for hold coordinates of homes. They go to the configured server and
//! nowhere else: no proxy, no redirect, and no error shows them. OSRM itself writes every one of
//! them to its log unless it is started with `-l ERROR`.

mod answer;
mod block_size;
mod error;
mod patience;
mod question;
mod table;

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use rand::{RngExt, SeedableRng};
use rand_pcg::Pcg32;
use reqwest::{Client, Url};
use tokio::runtime::Runtime;

pub use answer::Route;
pub use error::OsrmError;
pub use table::Answered;

use crate::domain::Point;
use block_size::BlockSize;
use patience::Patience;
use question::route_path;

/// Legs a second that even a slow server answers: so much longer it is waited for.
const LEGS_A_SECOND_LEAST: u32 = 60_000;
/// The first wait before a question is asked again; each is twice the one before, and all of them
/// are up to half as long or half as long again.
const FIRST_WAIT: Duration = Duration::from_millis(50);
/// No answer of ours is larger.
const ANSWER_BYTES_MAX: usize = 64 << 20;

/// Where the server is and how it is asked.
#[derive(Clone, Debug)]
pub struct OsrmSettings {
    /// Such as `http://127.0.0.1:5000`.
    pub address: String,
    /// The name of the profile in addresses asked for.
    pub profile: String,
    /// How far from a road a place may be, in metres.
    pub radius: u32,
    /// How long it may take beyond what its answers are worth, before it is given up.
    pub patience: Duration,
    /// How often the same question is asked before a fault counts.
    pub attempts: u32,
    /// Questions under way at a time.
    pub at_once: usize,
    /// Of the random part of waits.
    pub seed: u64,
}

impl OsrmSettings {
    /// A server at this address, asked in the usual way.
    pub fn at(address: impl Into<String>) -> OsrmSettings {
        OsrmSettings {
            address: address.into(),
            profile: "driving".to_owned(),
            radius: 1_000,
            patience: Duration::from_millis(1_200),
            attempts: 3,
            at_once: 2,
            seed: 1,
        }
    }
}

/// A client of one server.
pub struct Osrm {
    shared: Arc<Shared>,
    runtime: Runtime,
    /// How much the server is asked for at a time, as far as is known what it can do.
    blocks: Mutex<BlockSize>,
}

/// What questions under way share.
struct Shared {
    client: Client,
    base: Url,
    settings: OsrmSettings,
    dice: Mutex<Pcg32>,
    questions: AtomicUsize,
}

impl Osrm {
    /// A client; nothing is asked yet.
    pub fn new(settings: OsrmSettings) -> Result<Osrm, OsrmError> {
        let bad = |why: &str| OsrmError::BadAddress(why.to_owned());
        let mut base = Url::parse(&settings.address).map_err(|error| bad(&error.to_string()))?;
        if !matches!(base.scheme(), "http" | "https") || base.host().is_none() {
            return Err(bad("it does not start with http:// or https:// and a host"));
        }
        if base.query().is_some() || base.fragment().is_some() {
            return Err(bad("it ends with more than a path"));
        }
        if !base.path().ends_with('/') {
            base.set_path(&format!("{}/", base.path()));
        }
        // Fails when one is installed already, which is as good.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = Client::builder()
            .user_agent(concat!("rond/", env!("CARGO_PKG_VERSION")))
            .no_proxy()
            .redirect(reqwest::redirect::Policy::none())
            .build()
            .map_err(|error| bad(&error.without_url().to_string()))?;
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .map_err(|_| OsrmError::NotThere)?;
        let dice = Mutex::new(Pcg32::seed_from_u64(settings.seed));
        let shared = Shared { client, base, settings, dice, questions: AtomicUsize::new(0) };
        let blocks = Mutex::new(BlockSize::at_first());
        Ok(Osrm { shared: Arc::new(shared), runtime, blocks })
    }

    /// What stored answers of this server are kept under.
    pub fn name(&self) -> String {
        let base = &self.shared.base;
        let settings = &self.shared.settings;
        let host = base.host_str().unwrap_or_default();
        let port = base.port_or_known_default().unwrap_or_default();
        format!("osrm {host}:{port}{} {} {} m", base.path(), settings.profile, settings.radius)
    }

    /// Every leg from each of `from` to each of `to`.
    pub fn legs(&self, from: &[Point], to: &[Point]) -> Result<Answered, OsrmError> {
        let mut blocks = self.blocks.lock().unwrap_or_else(PoisonError::into_inner);
        let mut asking = table::Asking::new(Arc::clone(&self.shared), from, to, *blocks);
        let result = self.runtime.block_on(asking.run());
        *blocks = asking.blocks();
        result.map(|()| asking.into_answer())
    }

    /// The way from one point to another; `None` when there is none, or when one of them has no
    /// road near it.
    pub fn route(&self, from: Point, to: Point) -> Result<Option<Route>, OsrmError> {
        let settings = &self.shared.settings;
        let patience = self.shared.patience();
        let path = route_path(&settings.profile, [from, to], settings.radius);
        let asked = self.shared.ask(path, answer::route);
        let answer = self.runtime.block_on(in_time(patience.ends(), asked));
        let is_near = |snapped: &[f64]| snapped.iter().all(|off| *off <= settings.radius.into());
        match answer {
            Ok((route, snapped)) => Ok(is_near(&snapped).then_some(route)),
            Err(OsrmError::Refused { code, .. }) if code == "NoRoute" || code == "NoSegment" => {
                Ok(None)
            }
            Err(error) => Err(error),
        }
    }

    /// How many questions were put on the wire.
    pub fn questions(&self) -> usize {
        self.shared.questions.load(Ordering::Relaxed)
    }
}

/// What comes of it before the moment, or that it took too long.
async fn in_time<T>(
    ends: Instant,
    asked: impl Future<Output = Result<T, OsrmError>>,
) -> Result<T, OsrmError> {
    tokio::time::timeout_at(ends.into(), asked).await.unwrap_or(Err(OsrmError::TimedOut))
}

impl Shared {
    fn patience(&self) -> Patience {
        let per_leg = Duration::from_secs(1) / LEGS_A_SECOND_LEAST;
        Patience::begin(self.settings.patience, per_leg)
    }

    /// Asks, and again while the fault may pass.
    async fn ask<T>(
        &self,
        path: String,
        read: impl Fn(u16, &[u8]) -> Result<T, OsrmError>,
    ) -> Result<T, OsrmError> {
        let mut wait = FIRST_WAIT;
        let mut attempt = 1;
        loop {
            let answer = self.ask_once(&path).await;
            match answer.and_then(|(status, text)| read(status, &text)) {
                Err(error) if error.may_pass() && attempt < self.settings.attempts => {
                    tracing::debug!("{error}; attempt {attempt}");
                    tokio::time::sleep(self.uneven(wait)).await;
                    wait *= 2;
                    attempt += 1;
                }
                result => return result,
            }
        }
    }

    async fn ask_once(&self, path: &str) -> Result<(u16, Vec<u8>), OsrmError> {
        self.questions.fetch_add(1, Ordering::Relaxed);
        let address = self.base.join(path).map_err(|_| OsrmError::NotThere)?;
        let mut answer = self.client.get(address).send().await.map_err(|error| fault(&error))?;
        let status = answer.status().as_u16();
        let mut text = Vec::new();
        while let Some(piece) = answer.chunk().await.map_err(|_| OsrmError::CutOff)? {
            if text.len() + piece.len() > ANSWER_BYTES_MAX {
                return Err(OsrmError::TooLarge);
            }
            text.extend_from_slice(&piece);
        }
        Ok((status, text))
    }

    fn uneven(&self, wait: Duration) -> Duration {
        let mut dice = self.dice.lock().unwrap_or_else(PoisonError::into_inner);
        wait.mul_f64(dice.random_range(0.5..1.5))
    }
}

/// Which fault it is. Its own text would show the address asked for, and so where people live.
fn fault(error: &reqwest::Error) -> OsrmError {
    if error.is_timeout() {
        OsrmError::TimedOut
    } else if error.is_connect() || error.is_builder() {
        OsrmError::NotThere
    } else {
        OsrmError::CutOff
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_that_is_none_is_said_at_once() {
        let made = |address: &str| Osrm::new(OsrmSettings::at(address)).map(|osrm| osrm.name());
        for wrong in ["", "localhost:5000", "ftp://a", "http://", "http://a/?b=c", "/tmp"] {
            assert_eq!(made(wrong).map_err(|error| error.code()), Err("E0701"), "{wrong}");
        }
        assert_eq!(made("http://a:5000").as_deref(), Ok("osrm a:5000/ driving 1000 m"));
        assert_eq!(made("https://u:p@a/car").as_deref(), Ok("osrm a:443/car/ driving 1000 m"));
    }

    #[test]
    fn nobody_there_is_said_and_tried_a_few_times() {
        // A port that was free a moment ago.
        let port = std::net::TcpListener::bind("127.0.0.1:0")
            .and_then(|listener| listener.local_addr())
            .expect("a port")
            .port();
        let osrm = Osrm::new(OsrmSettings::at(format!("http://127.0.0.1:{port}"))).expect("whole");
        let points = [55.7, 55.8].map(|lat| Point::from_degrees(lat, 13.2).expect("on the globe"));
        assert_eq!(osrm.legs(&points, &points).err(), Some(OsrmError::NotThere));
        assert_eq!(osrm.questions(), 3);
        assert_eq!(osrm.route(points[0], points[1]), Err(OsrmError::NotThere));
    }
}
