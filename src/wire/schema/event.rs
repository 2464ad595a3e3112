//! The schemas of events, kind by kind: a document is checked against that of its own kind, so that
//! every fault has a place and a reason.

use std::sync::OnceLock;

use schemars::generate::SchemaSettings;
use schemars::{JsonSchema, SchemaGenerator};
use serde_json::{Map, Value, json};

use super::Checker;
use crate::wire::shape::{EVENT_KINDS, HeadFile, fields_of};

/// What is written down of every event when it comes in, and so is not for its caller to say.
const STAMPED: [&str; 3] = ["id", "recorded_at", "by"];
/// What a report may leave out.
const FILLED_IN: [&str; 1] = ["valid_at"];
/// What the visit of a report may leave out.
const FILLED_IN_VISIT: [&str; 2] = ["id", "requested_at"];
/// Events that nobody reports: the service itself makes them.
pub(in crate::wire) const NOT_REPORTED: [&str; 2] = ["improved", "tick"];

/// In which form an event comes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(in crate::wire) enum Form {
    /// As it stands in the log.
    Logged,
    /// As it is reported, with its kind.
    Reported,
    /// As it is reported where the kind is known already.
    ReportedOfKind,
}

const FORM_COUNT: usize = 3;

/// The JSON schema (draft 2020-12) of an event as it stands in the log: one shape per kind.
pub fn event_schema() -> Value {
    one_of("rond-event", &EVENT_KINDS, Form::Logged)
}

/// The JSON schema of a report of this kind, for a place that takes no other kind: neither the kind
/// nor what is written down when it comes in is in it. What nobody reports has the schema that
/// nothing fits, `false`.
pub fn report_schema(kind: &str) -> Value {
    whole(kind, Form::ReportedOfKind).unwrap_or(Value::Bool(false))
}

/// The JSON schema of a report of any kind that is reported; its field `kind` says which.
pub fn reports_schema() -> Value {
    one_of("rond-report", &EVENT_KINDS, Form::Reported)
}

impl Checker {
    /// The check of an event of this kind in this form; nothing when there is no such kind.
    pub(in crate::wire) fn of_event(kind: &str, form: Form) -> Option<&'static Checker> {
        type Row = [OnceLock<Checker>; EVENT_KINDS.len()];
        static CHECKERS: [Row; FORM_COUNT] =
            [const { [const { OnceLock::new() }; EVENT_KINDS.len()] }; FORM_COUNT];
        let at = EVENT_KINDS.into_iter().position(|known| known == kind)?;
        let schema = || whole(kind, form).unwrap_or(Value::Bool(false));
        Some(CHECKERS[form as usize][at].get_or_init(|| Checker::new(schema())))
    }
}

const DRAFT: &str = "https://json-schema.org/draft/2020-12/schema";

/// The schema of one kind with all that it refers to.
fn whole(kind: &str, form: Form) -> Option<Value> {
    let mut generator = SchemaSettings::draft2020_12().into_generator();
    let mut schema = Map::new();
    schema.insert("$schema".to_owned(), DRAFT.into());
    schema.extend(object_of(kind, form, &mut generator)?);
    schema.insert("$defs".to_owned(), definitions(generator, form));
    Some(Value::Object(schema))
}

/// The schema of a document that is of one of these kinds.
fn one_of(title: &str, kinds: &[&str], form: Form) -> Value {
    let mut generator = SchemaSettings::draft2020_12().into_generator();
    let shapes: Vec<Map<String, Value>> =
        kinds.iter().filter_map(|kind| object_of(kind, form, &mut generator)).collect();
    json!({
        "$schema": DRAFT,
        "title": title,
        "description": "Something that happened; the field `kind` says what.",
        "oneOf": shapes,
        "$defs": definitions(generator, form),
    })
}

/// The shape of one kind: the fields of every event and its own.
fn object_of(
    kind: &str,
    form: Form,
    generator: &mut SchemaGenerator,
) -> Option<Map<String, Value>> {
    let is_report = form != Form::Logged;
    if is_report && NOT_REPORTED.contains(&kind) {
        return None;
    }
    let own = fields_of(kind, generator)?.to_value();
    let head = HeadFile::json_schema(generator).to_value();
    let mut properties = Map::new();
    let mut required = Vec::new();
    if form != Form::ReportedOfKind {
        properties.insert("kind".to_owned(), json!({ "const": kind }));
        required.push(Value::from("kind"));
    }
    for part in [head, own.clone()] {
        if let Some(Value::Object(fields)) = part.get("properties") {
            properties.extend(fields.clone());
        }
        if let Some(Value::Array(fields)) = part.get("required") {
            required.extend(fields.iter().cloned());
        }
    }
    if is_report {
        properties.retain(|name, _| !STAMPED.contains(&name.as_str()));
        leave_out(&mut required, &STAMPED);
        leave_out(&mut required, &FILLED_IN);
    }
    let mut schema = Map::new();
    schema.insert("title".to_owned(), kind.into());
    if let Some(description) = own.get("description") {
        schema.insert("description".to_owned(), description.clone());
    }
    schema.insert("type".to_owned(), "object".into());
    schema.insert("properties".to_owned(), Value::Object(properties));
    schema.insert("required".to_owned(), Value::Array(required));
    schema.insert("additionalProperties".to_owned(), Value::Bool(false));
    Some(schema)
}

/// All that the shapes made so far refer to.
fn definitions(mut generator: SchemaGenerator, form: Form) -> Value {
    let mut definitions = generator.take_definitions(true);
    if form != Form::Logged
        && let Some(required) =
            definitions.get_mut("Visit").and_then(|visit| visit.get_mut("required"))
        && let Some(required) = required.as_array_mut()
    {
        leave_out(required, &FILLED_IN_VISIT);
    }
    Value::Object(definitions)
}

fn leave_out(required: &mut Vec<Value>, names: &[&str]) {
    required.retain(|field| !names.iter().any(|name| field == name));
}
