//! `rond roads info`: what a network is.

use std::path::PathBuf;

use clap::Args;
use serde_json::json;

use super::super::failure::Failure;
use super::super::{Answer, files};
use super::open;
use crate::roads::About;

/// What `rond roads info` is asked.
#[derive(Args)]
pub struct InfoArguments {
    /// A road network
    #[arg(value_name = "X.roads")]
    network: PathBuf,
    /// Print JSON instead of text
    #[arg(long)]
    json: bool,
}

/// Says it.
pub fn run(arguments: &InfoArguments) -> Result<Answer, Failure> {
    let network = open(&arguments.network)?;
    let about = network.about();
    files::print(&if arguments.json { answer(about) } else { page(about) })?;
    Ok(Answer::Done)
}

/// For people.
pub fn page(about: &About) -> String {
    format!(
        "{} · {}\nmade from   {}\ndata of     {}\nroads       {} km in {} segments\n\
         network     {} edges, {} turns, {} arcs\n",
        about.name,
        about.attribution,
        about.source,
        about.data_date.as_deref().unwrap_or("unknown date"),
        about.metres / 1_000,
        about.segments,
        about.edges,
        about.turns,
        about.arcs,
    )
}

fn answer(about: &About) -> String {
    let answer = json!({
        "name": about.name,
        "source": about.source,
        "data_date": about.data_date,
        "attribution": about.attribution,
        "road_metres": about.metres,
        "segments": about.segments,
        "edges": about.edges,
        "turns": about.turns,
        "arcs": about.arcs,
    });
    format!("{answer:#}\n")
}
