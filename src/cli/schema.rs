//! `rond schema`: the formats, as JSON schemas.

use clap::{Args, ValueEnum};

use super::failure::Failure;
use super::{Answer, files};
use crate::api;
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
    /// What happens while a plan goes on
    Event,
    /// The service over HTTP, as an OpenAPI document
    Api,
}

/// Prints the schema.
pub fn run(arguments: &SchemaArguments) -> Result<Answer, Failure> {
    let schema = match arguments.format {
        Format::Day => wire::schema(wire::Format::Day),
        Format::Plan => wire::schema(wire::Format::Plan),
        Format::Policy => wire::schema(wire::Format::Policy),
        Format::Region => wire::schema(wire::Format::Region),
        Format::Event => wire::event_schema(),
        Format::Api => api::document(),
    };
    files::print(&format!("{schema:#}\n"))?;
    Ok(Answer::Done)
}
