//! `rond schema`: the formats, as JSON schemas.

use clap::{Args, ValueEnum};

use super::failure::Failure;
use super::{Answer, files};
use crate::wire;

/// What `rond schema` is asked.
#[derive(Args)]
pub struct SchemaArguments {
    /// The format
    format: Format,
}

#[derive(Clone, Copy, ValueEnum)]
enum Format {
    /// What is to be planned
    Day,
    /// Who goes where, when
    Plan,
    /// What is agreed on
    Policy,
    /// Municipalities and delregioner
    Region,
}

/// Prints the schema.
pub fn run(arguments: &SchemaArguments) -> Result<Answer, Failure> {
    let format = match arguments.format {
        Format::Day => wire::Format::Day,
        Format::Plan => wire::Format::Plan,
        Format::Policy => wire::Format::Policy,
        Format::Region => wire::Format::Region,
    };
    files::print(&format!("{:#}\n", wire::schema(format)))?;
    Ok(Answer::Done)
}
