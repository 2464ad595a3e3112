//! `rond roads`: the embedded road network.

mod import;
mod info;
mod route;

use std::path::{Path, PathBuf};

use clap::Subcommand;

use super::Answer;
use super::failure::Failure;
use crate::roads::{RoadNetwork, RoadsError};

/// What `rond roads` is asked.
#[derive(Subcommand)]
pub enum RoadsCommand {
    /// Make a road network of an OpenStreetMap extract; once, or when the map has changed
    Import(import::ImportArguments),
    /// Say what a road network is made from and how large it is
    Info(info::InfoArguments),
    /// The fastest way from one point to another; exit 1 when there is none
    Route(route::RouteArguments),
}

/// Does it.
pub fn run(command: &RoadsCommand) -> Result<Answer, Failure> {
    match command {
        RoadsCommand::Import(arguments) => import::run(arguments),
        RoadsCommand::Info(arguments) => info::run(arguments),
        RoadsCommand::Route(arguments) => route::run(arguments),
    }
}

/// The network of a file.
fn open(path: &Path) -> Result<RoadNetwork, Failure> {
    RoadNetwork::open(path).map_err(faulty(path))
}

fn faulty(path: &Path) -> impl FnOnce(RoadsError) -> Failure {
    let path: PathBuf = path.to_owned();
    move |error| Failure::Roads { path, error }
}
