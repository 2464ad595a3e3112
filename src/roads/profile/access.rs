//! Who may drive where.

use super::tags::{self, Tags};

/// From the most special to the most general: the first that is there counts.
pub const HIERARCHY: [&str; 4] = ["motorcar", "motor_vehicle", "vehicle", "access"];

/// Words that let a car in.
const OPEN: [&str; 7] =
    ["yes", "motorcar", "motor_vehicle", "vehicle", "permissive", "designated", "hov"];

/// Words that let in only those who have business there: a way in or out, not a way through.
const RESTRICTED: [&str; 7] =
    ["private", "delivery", "destination", "customers", "permit", "residents", "unknown"];

/// Words that keep a car out, unless they also are [`RESTRICTED`].
const CLOSED: [&str; 20] = [
    "no",
    "agricultural",
    "forestry",
    "emergency",
    "psv",
    "taxi",
    "share_taxi",
    "minibus",
    "bus",
    "foot",
    "emergency_vehicle",
    "restricted",
    "military",
    "official",
    "customers",
    "private",
    "delivery",
    "destination",
    "permit",
    "residents",
];

/// What a word of access means for a car.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Access {
    /// A word that says nothing of cars.
    Other,
    /// Not at all.
    Closed,
    /// Only as the first or last stretch of a drive.
    Restricted,
    /// Yes.
    Open,
}

/// The meaning of a value; of several (`no;destination`) the most open.
pub fn access(value: &str) -> Access {
    value.split(';').map(|word| access_of_word(word.trim())).max().unwrap_or(Access::Other)
}

fn access_of_word(word: &str) -> Access {
    if OPEN.contains(&word) {
        Access::Open
    } else if RESTRICTED.contains(&word) {
        Access::Restricted
    } else if CLOSED.contains(&word) {
        Access::Closed
    } else {
        Access::Other
    }
}

/// May a car of ordinary size pass, along and against the way? 2 m high, 1.9 m wide, 4.8 m long,
/// 2 t.
pub fn fits(tags: &Tags<'_>) -> [bool; 2] {
    let height = tags.both_ways(&["maxheight:physical", "maxheight"]).map(|value| match value? {
        "default" | "none" | "no-sign" | "unsigned" => None,
        value => tags::metres(value),
    });
    let measured = |keys: &[&str]| tags.both_ways(keys).map(|value| tags::metres(value?));
    let width = measured(&["maxwidth:physical", "maxwidth", "width", "est_width"]);
    let length = measured(&["maxlength"]);
    let weight =
        tags.both_ways(&["maxweightrating", "maxweight"]).map(|value| tags::kilograms(value?));
    [0, 1].map(|side| {
        height[side].is_none_or(|metres| metres >= 2.0)
            && width[side].is_none_or(|metres| metres > 1.9)
            && length[side].is_none_or(|metres| metres >= 4.8)
            && weight[side].is_none_or(|kilograms| kilograms >= 2_000.0)
    })
}

#[cfg(test)]
mod tests {
    use super::{Access, access};

    #[test]
    fn of_several_words_the_most_open_counts() {
        assert_eq!(access("no;destination"), Access::Restricted);
        assert_eq!(access("private"), Access::Restricted);
        assert_eq!(access("no"), Access::Closed);
        assert_eq!(access("permissive"), Access::Open);
        assert_eq!(access("dismount"), Access::Other);
    }
}
