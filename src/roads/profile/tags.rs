//! Tags of a thing of OpenStreetMap.

/// The tags of a node, way or relation.
#[derive(Default)]
pub struct Tags<'a>(pub Vec<(&'a str, &'a str)>);

impl<'a> Tags<'a> {
    /// The value of a key.
    pub fn get(&self, key: &str) -> Option<&'a str> {
        self.0.iter().find(|(own, _)| *own == key).map(|(_, value)| *value)
    }

    /// Does the key have this value?
    pub fn is(&self, key: &str, value: &str) -> bool {
        self.get(key) == Some(value)
    }

    /// The value of the first of these keys that is there.
    pub fn first_of(&self, keys: &[&str]) -> Option<&'a str> {
        keys.iter().find_map(|key| self.get(key))
    }

    /// The value along the way and the one against it: of the first key that says something of that
    /// way round (`key:forward`), or of both (`key`).
    pub fn both_ways(&self, keys: &[&str]) -> [Option<&'a str>; 2] {
        ["forward", "backward"].map(|side| {
            keys.iter().find_map(|key| self.of_side(key, side).or_else(|| self.get(key)))
        })
    }

    fn of_side(&self, key: &str, side: &str) -> Option<&'a str> {
        self.0
            .iter()
            .find(|(own, _)| {
                own.strip_prefix(key)
                    .and_then(|rest| rest.strip_prefix(':'))
                    .is_some_and(|rest| rest == side)
            })
            .map(|(_, value)| *value)
    }
}

/// The first number in a text: `3.5 m`, `ca 2,2`.
pub fn first_number(text: &str) -> Option<f64> {
    let start = text.find(|c: char| c.is_ascii_digit())?;
    let mut seen_point = false;
    let digits: String = text[start..]
        .chars()
        .map(|c| if c == ',' { '.' } else { c })
        .take_while(|c| {
            c.is_ascii_digit() || (*c == '.' && !std::mem::replace(&mut seen_point, true))
        })
        .collect();
    digits.trim_end_matches('.').parse().ok()
}

/// Metres of a tag such as `maxheight`: `2.1`, `2.1 m`, `6'7"`.
pub fn metres(text: &str) -> Option<f64> {
    let number = first_number(text)?;
    let Some(at) = text.find('\'') else { return Some(number) };
    let inches = number * 12.0 + first_number(&text[at..]).map_or(0.0, f64::trunc);
    Some(inches * 0.0254)
}

/// Kilograms of a tag such as `maxweight`; tonnes unless it says otherwise.
pub fn kilograms(text: &str) -> Option<f64> {
    let number = first_number(text)?;
    Some(if text.contains("lbs") {
        number * 0.453_592_37
    } else if text.contains("kg") {
        number
    } else {
        number * 1000.0
    })
}

/// Seconds of a `duration`: `00:20`, `01:10:30`, `PT25M`, or minutes.
pub fn duration_seconds(text: &str) -> Option<f64> {
    if let Some(iso) = text.strip_prefix('P') {
        return iso_seconds(iso);
    }
    let parts: Option<Vec<f64>> = text.split(':').map(|part| part.parse().ok()).collect();
    match parts?.as_slice() {
        [minutes] => Some(minutes * 60.0),
        [hours, minutes] => Some(hours * 3600.0 + minutes * 60.0),
        [hours, minutes, seconds] => Some(hours * 3600.0 + minutes * 60.0 + seconds),
        _ => None,
    }
}

fn iso_seconds(text: &str) -> Option<f64> {
    let (mut total, mut number, mut of_day) = (0.0, String::new(), false);
    for c in text.chars() {
        let unit = match c {
            'T' => {
                of_day = true;
                continue;
            }
            'D' => 86_400.0,
            'H' if of_day => 3600.0,
            'M' if of_day => 60.0,
            'S' if of_day => 1.0,
            c if c.is_ascii_digit() || c == '.' => {
                number.push(c);
                continue;
            }
            _ => return None,
        };
        total += number.parse::<f64>().ok()? * unit;
        number.clear();
    }
    (number.is_empty() && total > 0.0).then_some(total)
}

#[cfg(test)]
mod tests {
    use super::{Tags, duration_seconds, first_number, kilograms, metres};

    #[test]
    fn one_way_round_may_differ_from_the_other() {
        let tags = Tags(vec![("maxspeed", "50"), ("maxspeed:backward", "30")]);
        assert_eq!(tags.both_ways(&["maxspeed"]), [Some("50"), Some("30")]);
    }

    #[test]
    fn numbers_are_found_however_they_are_written() {
        assert_eq!(first_number("ca 2,2 m"), Some(2.2));
        assert_eq!(first_number("2."), Some(2.0));
        assert_eq!(first_number("none"), None);
        assert!(metres("6'7\"").is_some_and(|m| (m - 2.006_6).abs() < 1e-9));
        assert_eq!(kilograms("3.5"), Some(3500.0));
        assert_eq!(kilograms("1500 kg"), Some(1500.0));
    }

    #[test]
    fn durations_are_read_in_every_usual_form() {
        assert_eq!(duration_seconds("00:20"), Some(1200.0));
        assert_eq!(duration_seconds("20"), Some(1200.0));
        assert_eq!(duration_seconds("01:00:30"), Some(3630.0));
        assert_eq!(duration_seconds("PT1H5M"), Some(3900.0));
        assert_eq!(duration_seconds("soon"), None);
    }
}
