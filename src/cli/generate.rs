//! `rond generate`: a made-up day or week, for trying things out. Nobody in it is real.

use std::path::PathBuf;

use clap::{ArgGroup, Args};
use jiff::civil::Date;

use super::failure::Failure;
use super::print::words;
use super::{Answer, files};
use crate::domain::{DelregionId, Region, World};
use crate::simulate::{self, GenerateError, GenerateRequest};
use crate::wire;

/// What `rond generate` is asked.
#[derive(Args)]
#[command(group = ArgGroup::new("where").required(true).args(["delregion", "all"]))]
pub struct GenerateArguments {
    /// A delregion, such as Sydost; may be given several times
    #[arg(long, value_name = "NAME")]
    delregion: Vec<String>,
    /// All delregioner
    #[arg(long)]
    all: bool,
    /// The first day, such as 2026-09-14
    #[arg(long, value_name = "D")]
    date: Date,
    /// How many days
    #[arg(long, value_name = "N", default_value_t = 1)]
    days: u16,
    /// Seed: the same seed gives the same days
    #[arg(long, value_name = "K")]
    seed: u64,
    /// Times the need of the published figures: 2 is twice as many patients
    #[arg(long, value_name = "X", default_value_t = 1.0)]
    scale: f64,
    /// Per cent of the crews' hours that the work should fill: the higher the tighter
    #[arg(long, value_name = "P", default_value_t = 60)]
    load: u32,
    /// Write the day file
    #[arg(long, value_name = "DAY.json")]
    out: PathBuf,
}

/// Generates, writes the file and says what is in it.
pub fn run(arguments: &GenerateArguments) -> Result<Answer, Failure> {
    let facts = wire::shipped_region_facts();
    let request = GenerateRequest {
        delregioner: arguments.delregion.iter().map(DelregionId::new).collect(),
        first_date: arguments.date,
        days: arguments.days,
        // Numbers outside the bounds stay outside: casting stops at the ends.
        scale_percent: (arguments.scale * 100.0).round() as u32,
        load_percent: arguments.load,
        seed: arguments.seed,
    };
    let generated = simulate::generate(facts, wire::shipped_policy(), &request)
        .map_err(|error| Failure::Input(cause(&facts.region, &error)))?;
    // The generator draws every id from its own lists; a test reads what it writes.
    let world = World::new(generated).expect("generated facts hang together");
    files::write(&arguments.out, &wire::write_day(&world))?;
    let joint = world.visits.iter().filter(|visit| !visit.meetings.is_empty()).count();
    files::print(&format!(
        "{}: {} ({joint} joint), {}, {}, from {}\n",
        arguments.out.display(),
        words::count(world.visits.len(), "visit"),
        words::count(world.crews.len(), "crew"),
        words::count(world.crews.iter().map(|crew| crew.shifts.len()).sum(), "shift"),
        words::day_and_clock(&world, world.as_of),
    ))?;
    Ok(Answer::Done)
}

fn cause(region: &Region, error: &GenerateError) -> String {
    match error {
        GenerateError::UnknownDelregion(name) => {
            let known: std::collections::BTreeSet<&str> =
                region.municipalities.values().map(|entry| entry.delregion.as_str()).collect();
            let known: Vec<&str> = known.into_iter().collect();
            format!("there is no delregion {name}; there are {}", known.join(", "))
        }
        GenerateError::OutOfBounds { what, bounds: (least, greatest) } if *what == "scale" => {
            let (least, greatest) = (f64::from(*least) / 100.0, f64::from(*greatest) / 100.0);
            format!("--scale must lie between {least} and {greatest}")
        }
        GenerateError::OutOfBounds { what, bounds: (least, greatest) } => {
            format!("--{what} must lie between {least} and {greatest}")
        }
        GenerateError::NoFigures(municipality) => {
            format!("the region's figures lack the municipality {municipality}")
        }
        GenerateError::PolicyLacks(what) => format!("the policy lacks {what}"),
    }
}
