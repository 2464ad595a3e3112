//! How fast: class, limit, surface.

use super::tags::Tags;

/// A limit is driven at this share of it, on the mean.
const OF_THE_LIMIT: f64 = 0.8;

/// km/h of a class of road where no limit is known.
pub fn of_class(highway: &str) -> Option<f64> {
    Some(match highway {
        "motorway" => 90.0,
        "trunk" => 85.0,
        "primary" => 65.0,
        "secondary" => 55.0,
        "motorway_link" => 45.0,
        "trunk_link" | "tertiary" => 40.0,
        "primary_link" => 30.0,
        "secondary_link" | "unclassified" | "residential" => 25.0,
        "tertiary_link" | "winter_road" => 20.0,
        "service" | "ice_road" => 15.0,
        "living_street" => 10.0,
        _ => return None,
    })
}

/// km/h by the limits of a way, along and against it.
pub fn by_limit(tags: &Tags<'_>) -> [Option<f64>; 2] {
    let keys = ["maxspeed:advisory", "maxspeed", "source:maxspeed", "maxspeed:type"];
    tags.both_ways(&keys).map(|value| {
        let limit = limit(value?)?;
        (limit > 0.0).then_some(limit * OF_THE_LIMIT)
    })
}

/// `50`, `30 mph`, `SE:urban`, `none`.
fn limit(value: &str) -> Option<f64> {
    let digits = value.find(|c: char| !c.is_ascii_digit()).unwrap_or(value.len());
    if let Ok(number) = value[..digits].parse::<f64>() {
        let miles = value.contains("mph") || value.contains("mp/h");
        return Some(if miles { number * 1.609 } else { number });
    }
    named_limit(&value.to_lowercase())
}

fn named_limit(value: &str) -> Option<f64> {
    let mile = 1.609;
    Some(match value {
        "none" | "bg:motorway" | "pl:motorway" => 140.0,
        "be:motorway" | "ch:motorway" | "pl:expressway" => 120.0,
        "ar:rural" | "by:motorway" | "no:motorway" | "ru:motorway" => 110.0,
        "at:rural" | "at:trunk" | "ch:trunk" | "de:rural" | "nl:trunk" | "ph:motorway"
        | "pl:rural" | "ro:trunk" | "za:rural" => 100.0,
        "es:trunk" => 90.0,
        "ca-on:rural" | "ch:rural" | "dk:rural" | "fr:rural" | "nl:rural" | "no:rural"
        | "ph:rural" => 80.0,
        "be-vlg:rural" | "be-bru:rural" => 70.0,
        "by:urban" | "ru:urban" | "za:urban" => 60.0,
        "ar:urban" | "ph:urban" => 40.0,
        "be-bru:urban" => 30.0,
        "lv:living_street" | "ru:living_street" => 20.0,
        "de:living_street" => 7.0,
        "de:motorway" => 0.0,
        "gb:nsl_single" | "uk:nsl_single" => 60.0 * mile,
        "gb:nsl_dual" | "uk:nsl_dual" | "gb:motorway" | "uk:motorway" => 70.0 * mile,
        other => return usual_limit(other),
    })
}

/// `xx:urban` of any country.
fn usual_limit(value: &str) -> Option<f64> {
    let (country, class) = value.split_once(':')?;
    let ends_in_letters =
        country.len() >= 2 && country.bytes().rev().take(2).all(|byte| byte.is_ascii_alphabetic());
    let class: String = class.chars().take_while(char::is_ascii_alphabetic).collect();
    match class.as_str() {
        "urban" if ends_in_letters => Some(50.0),
        "rural" if ends_in_letters => Some(90.0),
        "trunk" if ends_in_letters => Some(110.0),
        "motorway" if ends_in_letters => Some(130.0),
        _ => None,
    }
}

/// The most that the ground allows, km/h.
pub fn of_ground(tags: &Tags<'_>) -> Option<f64> {
    let surface = tags.get("surface").and_then(|value| {
        Some(match value {
            "cement" | "compacted" | "fine_gravel" => 80.0,
            "paving_stones" | "metal" | "bricks" => 60.0,
            "grass" | "wood" | "sett" | "grass_paver" | "gravel" | "unpaved" | "ground"
            | "dirt" | "pebblestone" | "tartan" => 40.0,
            "cobblestone" | "clay" | "snow" => 30.0,
            "earth" | "stone" | "rocky" | "sand" | "ice" => 20.0,
            "laterite" => 15.0,
            "mud" => 10.0,
            _ => return None,
        })
    });
    let track = tags.get("tracktype").and_then(|value| {
        Some(match value {
            "grade1" => 60.0,
            "grade2" => 40.0,
            "grade3" => 30.0,
            "grade4" => 25.0,
            "grade5" => 20.0,
            _ => return None,
        })
    });
    let smoothness = tags.get("smoothness").and_then(|value| {
        Some(match value {
            "intermediate" => 80.0,
            "bad" => 40.0,
            "very_bad" => 20.0,
            "horrible" => 10.0,
            "very_horrible" => 5.0,
            "impassable" => 0.0,
            _ => return None,
        })
    });
    [surface, track, smoothness].into_iter().flatten().reduce(f64::min)
}

#[cfg(test)]
mod tests {
    use super::{by_limit, limit};
    use crate::roads::profile::Tags;

    #[test]
    fn limits_are_read_in_every_usual_form() {
        assert_eq!(limit("50"), Some(50.0));
        assert_eq!(limit("30 mph"), Some(48.269_999_999_999_996));
        assert_eq!(limit("SE:urban"), Some(50.0));
        assert_eq!(limit("DK:rural"), Some(80.0));
        assert_eq!(limit("SE:rural"), Some(90.0));
        assert_eq!(limit("signals"), None);
    }

    #[test]
    fn a_limit_is_driven_at_four_fifths() {
        let tags = Tags(vec![("maxspeed", "50"), ("maxspeed:backward", "100")]);
        assert_eq!(by_limit(&tags), [Some(40.0), Some(80.0)]);
    }
}
