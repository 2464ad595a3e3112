//! Why a visit has the crews that it has, and who else could come.

use schemars::JsonSchema;
use serde::Serialize;

use crate::replan::rolling::{Could, ExplainedPart};

/// Why a visit has the crews that it has, and who else could come.
#[derive(Serialize, JsonSchema)]
pub(in crate::api) struct Explained {
    visit: String,
    /// Its parts that have not begun.
    parts: Vec<Part>,
}

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "ExplainedPart")]
struct Part {
    part: usize,
    role: String,
    /// Who gives it now.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String")]
    crew: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String")]
    shift: Option<String>,
    /// Every crew that has the role.
    crews: Vec<Crew>,
}

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "ExplainedCrew")]
struct Crew {
    crew: String,
    /// `possible`, `no_place_in_this_plan` or `proven_impossible`.
    could: &'static str,
    /// What the plan would cost with the visit there, less what it would cost without it, per tier.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Vec<i64>")]
    tiers: Option<Vec<i64>>,
    /// The rule in the way.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String")]
    rule: Option<&'static str>,
    /// What is in the way, in Swedish.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String")]
    sv: Option<String>,
    /// The same in English.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String")]
    en: Option<String>,
}

impl Explained {
    pub(in crate::api) fn of(visit: &str, parts: &[ExplainedPart]) -> Explained {
        let part = |part: &ExplainedPart| Part {
            part: part.part,
            role: part.role.to_string(),
            crew: part.given_by.as_ref().map(|(crew, _)| crew.to_string()),
            shift: part.given_by.as_ref().map(|(_, shift)| shift.to_string()),
            crews: part.crews.iter().map(|(crew, could)| Crew::of(crew.as_str(), could)).collect(),
        };
        Explained { visit: visit.to_owned(), parts: parts.iter().map(part).collect() }
    }
}

impl Crew {
    fn of(crew: &str, could: &Could) -> Crew {
        let plain = |could| Crew {
            crew: crew.to_owned(),
            could,
            tiers: None,
            rule: None,
            sv: None,
            en: None,
        };
        match could {
            Could::Yes(tiers) => Crew { tiers: Some(tiers.to_vec()), ..plain("possible") },
            Could::NoPlaceInThisPlan => plain("no_place_in_this_plan"),
            Could::ProvenImpossible(obstacle) => Crew {
                rule: Some(obstacle.rule),
                sv: Some(obstacle.sentence_sv.clone()),
                en: Some(obstacle.sentence_en.clone()),
                ..plain("proven_impossible")
            },
        }
    }
}
