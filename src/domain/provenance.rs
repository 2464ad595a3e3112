//! Where travel times came from: which source served which places, from when, and why not a better
//! one. Carried by the table, written into the plan, shown with it.

use std::fmt;

use super::ids::PlaceId;
use super::time::Instant;

/// Where the travel times of a table came from.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Provenance {
    /// A short name: that of the only source, or `mixed`.
    pub profile: String,
    /// Of every leg of the table: another fingerprint, other travel times.
    pub fingerprint: TableFingerprint,
    /// The sources, the best first; never empty.
    pub served: Vec<Served>,
}

/// What one source served. A leg is as good as the worse of its two places: it comes from the later
/// source of the two.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Served {
    /// The source: `osrm`, `straight-line`, …
    pub source: String,
    /// Of what date or version its roads are, if it says so.
    pub data: Option<String>,
    /// When the oldest of its legs was asked for; nothing for what is worked out on the spot.
    pub fetched: Option<Instant>,
    /// Legs kept from an earlier answer, because the source does not answer now.
    pub is_stored: bool,
    /// How many places.
    pub count: usize,
    /// Which; empty for the source that serves all the rest.
    pub places: Vec<PlaceId>,
    /// Why no better source serves them, or why they are stored ones; nothing when there is no
    /// better one.
    pub why: Option<Why>,
    /// What must be shown wherever the times are.
    pub attribution: Option<String>,
}

/// Why a better source did not serve.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Why {
    /// As in `docs/errors.md`.
    pub code: String,
    /// In a few words.
    pub text: String,
}

/// A number made of every leg of a table.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct TableFingerprint(pub u64);

impl TableFingerprint {
    /// Reads what `Display` writes.
    pub fn parse(text: &str) -> Option<TableFingerprint> {
        let is_ours = text.len() == 16 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
        is_ours.then(|| u64::from_str_radix(text, 16).ok().map(TableFingerprint))?
    }
}

impl fmt::Display for TableFingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:016x}", self.0)
    }
}

impl Provenance {
    /// All places served by one source that needs nobody else.
    pub fn of_one(source: &str, fingerprint: TableFingerprint, count: usize) -> Provenance {
        Provenance {
            profile: source.to_owned(),
            fingerprint,
            served: vec![Served {
                source: source.to_owned(),
                data: None,
                fetched: None,
                is_stored: false,
                count,
                places: Vec::new(),
                why: None,
                attribution: None,
            }],
        }
    }

    /// The source that serves a place.
    pub fn source_of(&self, place: &PlaceId) -> &Served {
        let named = self.served.iter().find(|served| served.places.contains(place));
        let rest = self.served.iter().find(|served| served.places.is_empty());
        named.or(rest).unwrap_or(&self.served[0])
    }

    /// The source of a leg: that of its place which is served later in the list.
    pub fn source_of_leg(&self, from: &PlaceId, to: &PlaceId) -> &Served {
        let position = |place: &PlaceId| {
            let source = self.source_of(place);
            self.served.iter().position(|served| std::ptr::eq(served, source)).unwrap_or(0)
        };
        &self.served[position(from).max(position(to))]
    }

    /// Is any part of it not what the best source would say now?
    pub fn is_degraded(&self) -> bool {
        self.served.iter().any(|served| served.why.is_some())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fingerprint_is_read_as_it_is_written() {
        let fingerprint = TableFingerprint(0x00ab_cdef_0123_4567);
        assert_eq!(TableFingerprint::parse(&fingerprint.to_string()), Some(fingerprint));
        for wrong in ["", "12", "+123456789abcdef", "0123456789abcdeg"] {
            assert_eq!(TableFingerprint::parse(wrong), None, "{wrong}");
        }
    }
}
