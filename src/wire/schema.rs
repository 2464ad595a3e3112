//! The schemas of the formats, and the check of a document against one.

use std::sync::LazyLock;

use jsonschema::error::{TypeKind, ValidationErrorKind};
use jsonschema::{ValidationError, Validator};
use schemars::JsonSchema;
use schemars::generate::SchemaSettings;
use serde_json::Value;

use super::document::Node;
use super::problem::{E0107, E0108, E0201, E0202, E0203, E0204, E0205, E0206, E0207, Problems};
use super::shape::{DayFile, PlanFile, PolicyFile, RegionFile, VERSION};

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

/// The JSON schema (draft 2020-12) of a format. Events get theirs with the live service.
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

/// Is the document of this format and version? If not, nothing in it means what it seems to.
pub(super) fn is_of_format(document: &Value, format: Format, problems: &mut Problems) -> bool {
    let root = Node::root(document);
    if let Some(found) = root.text("format")
        && found != format.name()
    {
        let cause = format!("the file is of the format {found:.100?}, not {:?}", format.name());
        let action = format!("Give a file of the format {:?}", format.name());
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

/// Reports every place where the document has not the shape of the format.
pub(super) fn check(document: &Value, format: Format, problems: &mut Problems) {
    static VALIDATORS: LazyLock<[Validator; 4]> = LazyLock::new(|| {
        Format::ALL.map(|format| {
            // The schemas are ours and fixed; a test builds all of them.
            jsonschema::validator_for(&schema(format)).expect("our own schemas are valid")
        })
    });
    for error in VALIDATORS[format as usize].iter_errors(document) {
        report(&error, problems);
    }
}

fn report(error: &ValidationError, problems: &mut Problems) {
    let path = error.instance_path().as_str().to_owned();
    let beside = |field: &str| {
        let field = field.replace('~', "~0").replace('/', "~1");
        format!("{path}/{field}")
    };
    let found = shortened(error.instance());
    let bounds = |bound: &str, limit: &dyn std::fmt::Display| {
        let cause = format!("{found} is out of bounds: {bound} {limit}");
        (E0205, cause, format!("Write a number that is {bound} {limit}"))
    };
    let (code, cause, action) = match error.kind() {
        ValidationErrorKind::AdditionalProperties { unexpected } => {
            for field in unexpected {
                let action = "Remove it, or correct its spelling";
                problems.add(E0203, beside(field), "no such field is known here", action);
            }
            return;
        }
        ValidationErrorKind::Required { property } => {
            let field = property.as_str().unwrap_or_default();
            problems.add(E0202, beside(field), "the field is missing", "Add it");
            return;
        }
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
        ValidationErrorKind::Minimum { limit } => bounds("at least", limit),
        ValidationErrorKind::Maximum { limit } => bounds("at most", limit),
        ValidationErrorKind::Pattern { pattern } => {
            let cause = format!("{found} has not the form {pattern}");
            (E0206, cause, "Write it in that form: 2026-03-09T08:00:00+01:00, 08:00".to_owned())
        }
        ValidationErrorKind::MinLength { limit } => {
            let cause = format!("{found} is shorter than {limit}");
            (E0206, cause, format!("Write at least {limit} characters"))
        }
        ValidationErrorKind::MaxLength { limit } => {
            let cause = format!("{found} is longer than {limit}");
            (E0206, cause, format!("Write at most {limit} characters"))
        }
        ValidationErrorKind::MinItems { limit } => {
            let cause = format!("there are fewer than {limit}");
            (E0207, cause, format!("Give at least {limit}"))
        }
        ValidationErrorKind::MaxItems { limit } => {
            let cause = format!("there are more than {limit}");
            (E0207, cause, format!("Give at most {limit}"))
        }
        // Our schemas hold no other keywords; should one slip in, it is still reported.
        _ => (E0201, shortened(&Value::String(error.to_string())), "Correct the value".to_owned()),
    };
    problems.add(code, path, cause, action);
}

/// A value as it stands in the file, cut short.
fn shortened(value: &Value) -> String {
    match value {
        Value::Array(items) => format!("a list of {}", items.len()),
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
    fn every_schema_can_be_checked_against() {
        for format in Format::ALL {
            let mut problems = Problems::default();
            check(&Value::Null, format, &mut problems);
            let list = problems.into_list();
            assert_eq!(list.len(), 1, "{list:?}");
            assert_eq!((list[0].code, list[0].path.as_str()), (E0201, ""));
        }
    }
}
