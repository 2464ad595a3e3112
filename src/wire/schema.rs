//! The schemas of the formats, and the check of a document against one.

mod event;

use std::collections::BTreeSet;
use std::fmt::Display;
use std::sync::OnceLock;

use jsonschema::error::{TypeKind, ValidationErrorKind};
use jsonschema::{ValidationError, Validator};
use schemars::JsonSchema;
use schemars::generate::SchemaSettings;
use serde_json::Value;

use super::document::Node;
use super::moment::TIME_PATTERN;
use super::problem::{
    E0107, E0108, E0201, E0202, E0203, E0204, E0205, E0206, E0207, PROBLEMS_MAX, Problems,
};
use super::shape::{DayFile, PlanFile, PolicyFile, RegionFile, SnapshotFile, VERSION};

pub(super) use event::{Form, NOT_REPORTED};
pub use event::{event_schema, report_schema, reports_schema};

/// The kinds of file.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Format {
    /// `rond-day`: what is to be planned.
    Day,
    /// `rond-plan`: who goes where, when.
    Plan,
    /// `rond-policy`: what is agreed on.
    Policy,
    /// `rond-region`: municipalities and delregioner.
    Region,
}

impl Format {
    /// Every format.
    pub const ALL: [Format; 4] = [Format::Day, Format::Plan, Format::Policy, Format::Region];

    /// The value of the field `format` in such a file.
    pub fn name(self) -> &'static str {
        match self {
            Format::Day => "rond-day",
            Format::Plan => "rond-plan",
            Format::Policy => "rond-policy",
            Format::Region => "rond-region",
        }
    }
}

/// The JSON schema (draft 2020-12) of a format.
pub fn schema(format: Format) -> Value {
    match format {
        Format::Day => schema_of::<DayFile>(),
        Format::Plan => schema_of::<PlanFile>(),
        Format::Policy => schema_of::<PolicyFile>(),
        Format::Region => schema_of::<RegionFile>(),
    }
}

fn schema_of<T: JsonSchema>() -> Value {
    SchemaSettings::draft2020_12().into_generator().into_root_schema_for::<T>().into()
}

/// Is the document of the format of this name, and of our version? If not, nothing in it means what
/// it seems to.
pub(super) fn is_of_format(document: &Value, name: &str, problems: &mut Problems) -> bool {
    let root = Node::root(document);
    if let Some(found) = root.text("format")
        && found != name
    {
        let cause = format!("the file is of the format {found:.100?}, not {name:?}");
        let action = format!("Give a file of the format {name:?}");
        problems.add(E0107, "/format", cause, action);
        return false;
    }
    if let Some(found) = root.whole("version")
        && found != i64::from(VERSION)
    {
        let cause = format!("the file is of version {found}; this program knows {VERSION}");
        problems.add(E0108, "/version", cause, "Use a newer program, or write version 1");
        return false;
    }
    true
}

/// A list with no more items than this is read and checked even if it is too long.
const READABLE_ITEMS_MAX: usize = 1_000;

/// A schema, and the check that is made of it. Making one takes far longer than checking a small
/// document, so each is made once.
pub(super) struct Checker {
    schema: Value,
    validator: Validator,
}

impl Checker {
    /// The check against one of our own schemas.
    fn new(schema: Value) -> Checker {
        // The schemas are ours and fixed; tests build all of them.
        let validator = jsonschema::validator_for(&schema).expect("our own schemas are valid");
        Checker { schema, validator }
    }

    /// The check of a format.
    pub(super) fn of_format(format: Format) -> &'static Checker {
        static CHECKERS: [OnceLock<Checker>; Format::ALL.len()] =
            [const { OnceLock::new() }; Format::ALL.len()];
        CHECKERS[format as usize].get_or_init(|| Checker::new(schema(format)))
    }

    /// The check of a snapshot: of its shape, without any bounds. What is in it has been let in.
    pub(super) fn of_snapshot() -> &'static Checker {
        static CHECKER: OnceLock<Checker> = OnceLock::new();
        CHECKER.get_or_init(|| {
            let mut schema = schema_of::<SnapshotFile>();
            leave_out_bounds(&mut schema);
            Checker::new(schema)
        })
    }

    /// Are the lists of the document hardly longer than the schema allows? If not, it isn't read
    /// further: a fault per item would say nothing more, and take more memory than it is worth.
    pub(super) fn is_of_bounded_size(&self, document: &Value, problems: &mut Problems) -> bool {
        let mut too_long = Vec::new();
        find_too_long(document, &self.schema, &self.schema, String::new(), &mut too_long);
        for (path, count, items_max) in &too_long {
            let cause = format!("there are {count} items, more than {items_max}");
            let action = "Keep within the bound; split the file by delregion or by week";
            problems.add(E0207, path, cause, action);
        }
        too_long.is_empty()
    }

    /// Reports every place where the document has not the shape of the schema.
    pub(super) fn check(&self, document: &Value, problems: &mut Problems) {
        let errors = self.validator.iter_errors(document);
        let errors: Vec<ValidationError> = errors.take(ERRORS_MAX).collect();
        // A value of the wrong type breaks other rules too, and once is enough.
        let is_type =
            |error: &ValidationError| matches!(error.kind(), ValidationErrorKind::Type { .. });
        let mistyped = errors.iter().filter(|error| is_type(error));
        let mistyped: BTreeSet<&str> =
            mistyped.map(|error| error.instance_path().as_str()).collect();
        for error in &errors {
            if is_type(error) || !mistyped.contains(error.instance_path().as_str()) {
                report(error, problems);
            }
        }
    }
}

/// Takes the bounds of lists, texts and numbers out of a schema.
fn leave_out_bounds(schema: &mut Value) {
    const BOUNDS: [&str; 6] =
        ["minItems", "maxItems", "minLength", "maxLength", "minimum", "maximum"];
    let Value::Object(fields) = schema else { return };
    fields.retain(|keyword, _| !BOUNDS.contains(&keyword.as_str()));
    for (keyword, value) in fields {
        match (keyword.as_str(), value) {
            ("properties" | "$defs", Value::Object(inner)) => {
                inner.values_mut().for_each(leave_out_bounds);
            }
            ("items" | "additionalProperties", inner) => leave_out_bounds(inner),
            _ => {}
        }
    }
}

/// The lists that are too long: path, length and bound of each.
fn find_too_long(
    value: &Value,
    schema: &Value,
    root: &Value,
    path: String,
    found: &mut Vec<(String, usize, usize)>,
) {
    let schema = match schema["$ref"].as_str() {
        // Every reference in our schemas is to one of their own definitions.
        Some(reference) => root.pointer(reference.trim_start_matches('#')).unwrap_or(schema),
        None => schema,
    };
    match value {
        Value::Array(items) => {
            let items_max = schema["maxItems"].as_u64().unwrap_or(u64::MAX) as usize;
            if items.len() > items_max.max(READABLE_ITEMS_MAX) {
                found.push((path, items.len(), items_max));
                return;
            }
            for (at, item) in items.iter().enumerate().filter(|(_, item)| !is_plain(item)) {
                find_too_long(item, &schema["items"], root, format!("{path}/{at}"), found);
            }
        }
        Value::Object(_) => {
            for (name, field) in schema["properties"].as_object().into_iter().flatten() {
                if let Some(inner) = value.get(name).filter(|inner| !is_plain(inner)) {
                    find_too_long(inner, field, root, format!("{path}/{name}"), found);
                }
            }
        }
        _ => {}
    }
}

/// Holds the value nothing else?
fn is_plain(value: &Value) -> bool {
    !value.is_array() && !value.is_object()
}

/// A file of noise in the form of JSON may have a fault per byte: so many are looked at.
const ERRORS_MAX: usize = 20 * PROBLEMS_MAX;

fn report(error: &ValidationError, problems: &mut Problems) {
    let path = error.instance_path().as_str().to_owned();
    let beside = |field: &str| {
        let field = field.replace('~', "~0").replace('/', "~1");
        format!("{path}/{field}")
    };
    match error.kind() {
        ValidationErrorKind::AdditionalProperties { unexpected } => {
            for field in unexpected {
                let action = "Remove it, or correct its spelling";
                problems.add(E0203, beside(field), "no such field is known here", action);
            }
        }
        ValidationErrorKind::Required { property } => {
            let field = property.as_str().unwrap_or_default();
            problems.add(E0202, beside(field), "the field is missing", "Add it");
        }
        _ => {
            let (code, cause, action) = fault_of_value(error);
            problems.add(code, path, cause, action);
        }
    }
}

/// Code, cause and action of a fault of one value.
fn fault_of_value(error: &ValidationError) -> (&'static str, String, String) {
    let found = shortened(error.instance());
    let out_of_bounds = |code, bound: &str, limit: &dyn Display, what: &str| {
        (
            code,
            format!("{found} is not {bound} {limit}{what}"),
            format!("Keep {bound} {limit}{what}"),
        )
    };
    match error.kind() {
        ValidationErrorKind::Type { kind } => {
            let wanted = match kind {
                TypeKind::Single(wanted) => wanted.to_string(),
                TypeKind::Multiple(_) => "value of another type".to_owned(),
            };
            let cause = format!("{found} is not of the type {wanted}");
            (E0201, cause, format!("Write a value of the type {wanted}"))
        }
        ValidationErrorKind::Enum { options } => {
            (E0204, format!("{found} is none of {options}"), format!("Write one of {options}"))
        }
        ValidationErrorKind::Constant { expected_value } => {
            (E0204, format!("{found} is not {expected_value}"), format!("Write {expected_value}"))
        }
        ValidationErrorKind::Pattern { pattern } => {
            let cause = format!("{found} has not the form {pattern}");
            let example =
                if pattern == TIME_PATTERN { "2026-03-09T08:00:00+01:00" } else { "08:00" };
            (E0206, cause, format!("Write it in the form {example}"))
        }
        ValidationErrorKind::Minimum { limit } => out_of_bounds(E0205, "at least", limit, ""),
        ValidationErrorKind::Maximum { limit } => out_of_bounds(E0205, "at most", limit, ""),
        ValidationErrorKind::MinLength { limit } => {
            out_of_bounds(E0206, "at least", limit, " characters long")
        }
        ValidationErrorKind::MaxLength { limit } => {
            out_of_bounds(E0206, "at most", limit, " characters long")
        }
        ValidationErrorKind::MinItems { limit } => {
            out_of_bounds(E0207, "at least", limit, " items long")
        }
        ValidationErrorKind::MaxItems { limit } => {
            out_of_bounds(E0207, "at most", limit, " items long")
        }
        // Our schemas hold no other keywords; should one slip in, it is still reported.
        _ => (E0201, shortened(&Value::String(error.to_string())), "Correct the value".to_owned()),
    }
}

/// A value as it stands in the file, cut short.
fn shortened(value: &Value) -> String {
    match value {
        Value::Array(items) => format!("a list of {} items", items.len()),
        Value::Object(_) => "an object".to_owned(),
        Value::String(text) if text.chars().count() > 60 => {
            format!("\"{}…\"", text.chars().take(60).collect::<String>())
        }
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::shape::EVENT_KINDS;

    /// Keywords whose errors `report` puts into words of its own, and those that make none.
    const KEYWORDS: &[&str] = &[
        "$schema",
        "$defs",
        "$ref",
        "title",
        "description",
        "default",
        "format",
        "type",
        "const",
        "enum",
        "properties",
        "required",
        "additionalProperties",
        "items",
        "minItems",
        "maxItems",
        "minimum",
        "maximum",
        "minLength",
        "maxLength",
        "pattern",
    ];

    fn keywords(schema: &Value, unknown: &mut Vec<String>) {
        let Some(fields) = schema.as_object() else { return };
        for (keyword, value) in fields {
            if !KEYWORDS.contains(&keyword.as_str()) {
                unknown.push(keyword.clone());
            }
            match keyword.as_str() {
                "properties" | "$defs" => {
                    for inner in value.as_object().into_iter().flat_map(|map| map.values()) {
                        keywords(inner, unknown);
                    }
                }
                "items" => keywords(value, unknown),
                _ => {}
            }
        }
    }

    #[test]
    fn schemas_hold_only_keywords_whose_errors_have_words() {
        for format in Format::ALL {
            let mut unknown = Vec::new();
            keywords(&schema(format), &mut unknown);
            assert_eq!(unknown, Vec::<String>::new(), "{format:?}");
        }
    }

    #[test]
    fn schemas_of_events_hold_only_keywords_whose_errors_have_words() {
        let mut unknown = Vec::new();
        for schema in EVENT_KINDS.map(report_schema) {
            keywords(&schema, &mut unknown);
        }
        for kind in event_schema()["oneOf"].as_array().into_iter().flatten() {
            keywords(kind, &mut unknown);
        }
        keywords(&serde_json::json!({ "$defs": event_schema()["$defs"] }), &mut unknown);
        assert_eq!(unknown, Vec::<String>::new());
    }

    #[test]
    fn every_schema_can_be_checked_against() {
        for format in Format::ALL {
            let mut problems = Problems::default();
            Checker::of_format(format).check(&Value::Null, &mut problems);
            let list = problems.into_list();
            assert_eq!(list.len(), 1, "{list:?}");
            assert_eq!((list[0].code, list[0].path.as_str()), (E0201, ""));
        }
    }
}
