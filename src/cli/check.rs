//! `rond check`: the plain rules on any plan, wherever it came from.

use std::path::PathBuf;

use clap::Args;

use super::failure::Failure;
use super::print::check_page;
use super::travel::TravelArguments;
use super::{Answer, files, json};
use crate::rules::{self, Verdict};

/// What `rond check` is asked.
#[derive(Args)]
pub struct CheckArguments {
    /// The day file
    #[arg(value_name = "DAY.json")]
    day: PathBuf,
    /// The plan file
    #[arg(value_name = "PLAN.json")]
    plan: PathBuf,
    /// Print JSON instead of text
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    travel: TravelArguments,
}

/// Judges the plan. An illegal one is the answer no.
pub fn run(arguments: &CheckArguments) -> Result<Answer, Failure> {
    let world = files::read_day(&arguments.day)?;
    let plan = files::read_plan(&arguments.plan, &world)?;
    let travel = arguments.travel.table_of(&world, &plan)?;
    let audit = rules::audit(&world, &travel, &plan);
    let promises = rules::promises(&world, &travel, &plan);
    let page = if arguments.json {
        json::audit_answer(&world, &travel, &plan, &audit, &promises)
    } else {
        check_page(&world, &travel, &plan, &audit, &promises)
    };
    files::print(&page)?;
    Ok(if audit.verdict == Verdict::Illegal { Answer::No } else { Answer::Done })
}
