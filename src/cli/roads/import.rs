//! `rond roads import`: from an extract to a network.

use std::path::PathBuf;

use clap::Args;

use super::super::failure::Failure;
use super::super::progress::bar;
use super::super::{Answer, files};
use super::faulty;
use super::info::page;
use crate::roads::RoadsError;
use crate::roads::import::{Stage, import};

/// What `rond roads import` is asked.
#[derive(Args)]
pub struct ImportArguments {
    /// An OpenStreetMap extract
    #[arg(value_name = "FILE.osm.pbf")]
    extract: PathBuf,
    /// Where the network goes
    #[arg(long, value_name = "X.roads")]
    out: PathBuf,
}

/// Steps of the bar.
const STEPS: u64 = 1_000;

/// Makes the network and says what it is.
pub fn run(arguments: &ImportArguments) -> Result<Answer, Failure> {
    let bar = bar(STEPS);
    let mut show = |stage: Stage, share: f64| {
        let (from, width, what) = part(stage);
        bar.set_position(((from + width * share.clamp(0.0, 1.0)) * STEPS as f64) as u64);
        bar.set_message(what);
    };
    let made = import(&arguments.extract, &arguments.out, &mut show);
    bar.finish_and_clear();
    let about = made.map_err(|error| match error {
        RoadsError::NotWritten(error) => Failure::unwritable(&arguments.out)(error),
        other => faulty(&arguments.extract)(other),
    })?;
    files::print(&format!("{}\n{}", arguments.out.display(), page(&about)))?;
    Ok(Answer::Done)
}

/// Where a stage begins on the bar, how much of it it takes, and what it is called.
fn part(stage: Stage) -> (f64, f64, &'static str) {
    match stage {
        Stage::Ways => (0.0, 0.15, "reading ways"),
        Stage::Points => (0.15, 0.1, "reading points"),
        Stage::Streets => (0.25, 0.1, "finding junctions"),
        Stage::Order => (0.35, 0.4, "ordering"),
        Stage::Contract => (0.75, 0.2, "contracting"),
        Stage::Write => (0.95, 0.05, "writing"),
    }
}
