//! Where the commands take travel times from, and how far that is told.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use clap::Args;

use super::failure::Failure;
use crate::domain::{Instant, Plan, Seconds, World};
use crate::live::TravelSource;
use crate::replan::rolling::Roads;
use crate::roads::RoadNetwork;
use crate::routing::cache::BYTES_MAX;
use crate::routing::{DiskCache, OsrmSettings, SourceSettings, Sources};
use crate::travel::{CoarseRoads, Matrix, TravelModel};

/// Flags of every command that needs travel times.
#[derive(Clone, Debug, Args)]
#[command(next_help_heading = "Travel times")]
pub struct TravelArguments {
    /// Roads made by `rond roads import`, for the places that no OSRM server serves
    #[arg(long, value_name = "FILE.roads", env = "ROND_ROADS")]
    roads: Option<PathBuf>,
    /// Ask this OSRM server, such as http://127.0.0.1:5000; it sees where the places are
    #[arg(long, value_name = "URL", env = "ROND_OSRM", hide_env_values = true)]
    osrm: Option<String>,
    /// Seconds that OSRM may cost beyond what its answers are worth
    #[arg(long, value_name = "S", env = "ROND_OSRM_PATIENCE", default_value_t = 1.2)]
    #[arg(value_parser = super::plan::positive, requires = "osrm")]
    osrm_patience: f64,
    /// Keep tables in this folder, and use those kept there
    #[arg(long, value_name = "DIR", env = "ROND_TRAVEL_CACHE")]
    travel_cache: Option<PathBuf>,
}

impl TravelArguments {
    /// The legs of a world. What has to be known of them besides their provenance is said on
    /// standard error.
    pub fn table(&self, world: &World) -> Result<Matrix, Failure> {
        self.table_from(|sources| sources.table(&world.places, now()))
    }

    /// The legs that a plan was made with, if they can be had again; else those of today.
    pub fn table_of(&self, world: &World, plan: &Plan) -> Result<Matrix, Failure> {
        self.table_from(|sources| match &plan.travel {
            Some(made_with) => sources.table_of(&world.places, now(), made_with),
            None => sources.table(&world.places, now()),
        })
    }

    fn table_from(&self, ask: impl FnOnce(&Sources) -> Matrix) -> Result<Matrix, Failure> {
        let sources = Sources::new(SourceSettings {
            osrm: self.osrm.as_ref().map(|address| OsrmSettings {
                patience: Duration::from_secs_f64(self.osrm_patience),
                // Not all who find a server busy shall come back at the same moment.
                seed: u64::from(std::process::id()),
                ..OsrmSettings::at(address)
            }),
            networks: self.networks()?,
            cache: self.travel_cache.as_ref().map(|folder| {
                let cache = DiskCache::new(folder, BYTES_MAX);
                Box::new(cache) as Box<dyn crate::routing::Cache + Send + Sync>
            }),
        })
        .map_err(|error| Failure::Travel { code: error.code(), cause: error.to_string() })?;
        let table = ask(&sources);
        for note in sources.notes() {
            eprintln!("rond: {note}");
        }
        Ok(table)
    }

    /// Road networks, the best first: each takes the places that no better source serves.
    fn networks(&self) -> Result<Vec<Box<dyn TravelModel + Send + Sync>>, Failure> {
        let mut networks: Vec<Box<dyn TravelModel + Send + Sync>> = Vec::new();
        if let Some(path) = &self.roads {
            let opened = RoadNetwork::open(path);
            networks.push(Box::new(
                opened.map_err(|error| Failure::Roads { path: path.clone(), error })?,
            ));
        }
        networks.push(Box::new(CoarseRoads::skane()));
        Ok(networks)
    }
}

/// The roads of a service: the same every time it is started, so that a plan is taken up as it was.
#[derive(Clone, Debug, Args)]
#[command(next_help_heading = "Travel times")]
pub struct RoadsArgument {
    /// Roads made by `rond roads import`; without them the approximate roads of Skåne
    #[arg(long, value_name = "FILE.roads", env = "ROND_ROADS")]
    roads: Option<PathBuf>,
}

impl RoadsArgument {
    /// Where a service takes driving times from.
    pub fn source(&self) -> Result<TravelSource, Failure> {
        let approximate = CoarseRoads::skane();
        let roads: Roads = match &self.roads {
            None => Arc::new(approximate),
            Some(path) => {
                let opened = RoadNetwork::open(path);
                Arc::new(opened.map_err(|error| Failure::Roads { path: path.clone(), error })?)
            }
        };
        Ok(Arc::new(move |world: &World| {
            let mut matrix = Matrix::of_places(&*roads, &world.places);
            matrix.make_room();
            Ok((matrix, roads.clone()))
        }))
    }
}

/// The moment that answers of a server are dated with; nothing else depends on it.
fn now() -> Instant {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    // Before 1970 is as good as then.
    let seconds = since.map_or(0, |since| since.as_secs());
    Instant(0) + Seconds(i64::try_from(seconds).unwrap_or(0))
}
