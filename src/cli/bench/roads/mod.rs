//! `rond bench roads`: an embedded road network against an OSRM server, and against the clock.
//!
//! Read in this order: [`places`] (where is asked), [`agreement`] (how far apart the two are),
//! [`speed`] (how fast the network is), [`page`] (how that is told).

mod agreement;
mod page;
mod places;
mod speed;

use std::io::IsTerminal;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};
use serde::Serialize;

use super::super::failure::Failure;
use super::super::files;
use crate::roads::RoadNetwork;
use crate::routing::{Osrm, OsrmError, OsrmSettings};
use agreement::Agreement;
use speed::Speed;

/// What stands below the help.
pub const FIGURES: &str = "Points are drawn in the box that the roads lie in and kept when a road \
    is within 300 m. An error is that of our time against OSRM's after our times were divided by \
    one number, the median of ours ÷ OSRM's; both tell whole seconds, OSRM's rounded up. The \
    server must have the same extract, and sees the points drawn. Exit codes: 0 done · 1 a leg \
    asked for by itself differs from that of the table · 2 the network or the server cannot be \
    used";

/// Seconds that the server may be silent. A plan would not wait so long; figures do.
const PATIENCE: Duration = Duration::from_secs(60);

/// `rond bench roads`.
#[derive(Clone, Debug, Args)]
pub struct RoadsArguments {
    /// A road network made by `rond roads import`
    #[arg(value_name = "FILE.roads")]
    network: PathBuf,
    /// An OSRM server on the same extract, such as http://127.0.0.1:5000
    #[arg(long, value_name = "URL")]
    osrm: Option<String>,
    /// Random pairs at least, asked for in tables of 24 × 24
    #[arg(long, default_value_t = 18_000, value_parser = clap::value_parser!(u32).range(1..))]
    pairs: u32,
    /// Places of the table that is timed
    #[arg(long, default_value_t = 1_000, value_parser = clap::value_parser!(u32).range(2..))]
    places: u32,
    /// Places of the matrix that one more is put into
    #[arg(long, default_value_t = 5_000, value_parser = clap::value_parser!(u32).range(2..=12_000))]
    matrix: u32,
    /// Seed of the points
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Print one line of JSON instead of a table
    #[arg(long)]
    json: bool,
}

/// The answer: one line.
#[derive(Debug, Serialize)]
struct Report {
    network: String,
    data_date: Option<String>,
    road_metres: u64,
    attribution: String,
    seed: u64,
    agreement: Agreement,
    speed: Speed,
}

/// Runs `rond bench roads`.
pub fn run(arguments: &RoadsArguments) -> ExitCode {
    let bar = Bar::begin();
    let report = measured(arguments, &bar);
    bar.end();
    match report.and_then(|report| print(&report, arguments.json).map(|()| report)) {
        Ok(report) if report.speed.one_to_one_differing > 0 => ExitCode::from(1),
        Ok(_) => ExitCode::SUCCESS,
        Err(failure) => {
            failure.report();
            failure.exit_code()
        }
    }
}

fn measured(arguments: &RoadsArguments, bar: &Bar) -> Result<Report, Failure> {
    let path = &arguments.network;
    let network = RoadNetwork::open(path);
    let network = network.map_err(|error| Failure::Roads { path: path.clone(), error })?;
    let osrm = arguments
        .osrm
        .as_ref()
        .map(|address| Osrm::new(OsrmSettings { patience: PATIENCE, ..OsrmSettings::at(address) }));
    let osrm = osrm.transpose().map_err(of_osrm)?;
    let about = network.about();
    Ok(Report {
        network: about.name.clone(),
        data_date: about.data_date.clone(),
        road_metres: about.metres,
        attribution: about.attribution.clone(),
        seed: arguments.seed,
        agreement: agreement::measure(&network, osrm.as_ref(), arguments, bar)?,
        speed: speed::measure(&network, osrm.as_ref(), arguments, bar)?,
    })
}

fn of_osrm(error: OsrmError) -> Failure {
    Failure::Travel { code: error.code(), cause: error.to_string() }
}

fn print(report: &Report, json: bool) -> Result<(), Failure> {
    let text = if json {
        // Nothing in a report has keys that are not text, which alone could fail.
        serde_json::to_string(report).unwrap_or_default() + "\n"
    } else {
        page::page(report)
    };
    files::print(&text)
}

/// The progress line; nothing when nobody looks.
struct Bar(ProgressBar);

impl Bar {
    const STEPS: u64 = 1_000;

    fn begin() -> Bar {
        if !std::io::stderr().is_terminal() {
            return Bar(ProgressBar::hidden());
        }
        let bar = ProgressBar::new(Bar::STEPS);
        if let Ok(style) = ProgressStyle::with_template("{bar:30} {percent} % {elapsed} {wide_msg}")
        {
            bar.set_style(style);
        }
        bar.enable_steady_tick(Duration::from_millis(500));
        Bar(bar)
    }

    fn show(&self, share: f64, what: &'static str) {
        self.0.set_position((share * Bar::STEPS as f64) as u64);
        self.0.set_message(what);
    }

    fn end(self) {
        self.0.finish_and_clear();
    }
}
