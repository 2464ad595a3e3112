//! What can go wrong with a road network, typed, each with what to do.

use std::fmt;
use std::io;

use crate::domain::Metres;

/// Why a network cannot be imported, opened or written.
#[derive(Debug)]
pub enum RoadsError {
    /// The system does not let us read.
    System(io::Error),
    /// The system does not let us write the network.
    NotWritten(io::Error),
    /// The file to import is no OpenStreetMap extract in the `.osm.pbf` format, or is cut off.
    NotOpenStreetMap(String),
    /// The extract holds no road that a car can drive on.
    NoRoads,
    /// The extract spans more than a network can.
    TooLarge {
        /// Kilometres from corner to corner.
        kilometres: u64,
    },
    /// The file is no network of ours.
    NotRoads,
    /// The file is a network of another version.
    OtherVersion {
        /// The version of the file.
        found: u32,
        /// The version that this program reads.
        known: u32,
    },
    /// The file is shorter than it says, or has trailing bytes.
    CutOff {
        /// Bytes there are.
        found: u64,
        /// Bytes there should be.
        expected: u64,
    },
    /// What was read is not what was written.
    Damaged,
}

impl RoadsError {
    /// The code of docs/errors.md.
    pub fn code(&self) -> &'static str {
        match self {
            RoadsError::System(_) | RoadsError::NotWritten(_) => "E0800",
            RoadsError::NotOpenStreetMap(_) => "E0801",
            RoadsError::NoRoads => "E0802",
            RoadsError::TooLarge { .. } => "E0803",
            RoadsError::NotRoads => "E0804",
            RoadsError::OtherVersion { .. } => "E0805",
            RoadsError::CutOff { .. } => "E0806",
            RoadsError::Damaged => "E0807",
        }
    }
}

impl fmt::Display for RoadsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: ", self.code())?;
        match self {
            RoadsError::System(error) | RoadsError::NotWritten(error) => {
                write!(f, "{error}; check that the file is there and may be used")
            }
            RoadsError::NotOpenStreetMap(cause) => write!(
                f,
                "not a whole OpenStreetMap extract ({cause}); give an .osm.pbf file, and fetch it \
                 again if it was cut off"
            ),
            RoadsError::NoRoads => f.write_str(
                "no road that a car can drive on; check that the extract covers the region and was \
                 not filtered",
            ),
            RoadsError::TooLarge { kilometres } => write!(
                f,
                "the extract spans {kilometres} km, a network at most {}; cut the region out with \
                 'osmium extract'",
                super::import::SPAN_MOST_KM
            ),
            RoadsError::NotRoads => {
                f.write_str("not a road network of rond; make one with 'rond roads import'")
            }
            RoadsError::OtherVersion { found, known } => write!(
                f,
                "a road network of version {found}, this program reads {known}; import it again"
            ),
            RoadsError::CutOff { found, expected } => write!(
                f,
                "the file has {found} bytes and should have {expected}; copy or import it again"
            ),
            RoadsError::Damaged => f.write_str(
                "the file has changed since it was written (its checksum differs); copy or import \
                 it again",
            ),
        }
    }
}

impl std::error::Error for RoadsError {}

impl From<io::Error> for RoadsError {
    fn from(error: io::Error) -> RoadsError {
        RoadsError::System(error)
    }
}

/// Why a point has no place on the network: the nearest road is too far away.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct NotSnapped {
    /// How far a road may be.
    pub limit: Metres,
}

impl fmt::Display for NotSnapped {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "no road within {} m", self.limit.0)
    }
}

/// Why there is no route.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum NoRoute {
    /// The start is too far from any road.
    From(NotSnapped),
    /// The destination is too far from any road.
    To(NotSnapped),
    /// Roads lead from neither to the other.
    Unreachable,
}

impl fmt::Display for NoRoute {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            NoRoute::From(away) => write!(f, "the start has {away}"),
            NoRoute::To(away) => write!(f, "the destination has {away}"),
            NoRoute::Unreachable => f.write_str("no road leads there"),
        }
    }
}

/// The part of `docs/errors.md` that tells of road networks.
pub const ERRORS_SECTION: &str = "
# What can be wrong with a road network

Files of `rond roads`: the extract that is imported and the network that is made of it. The exit
code is 2.

| code | cause | action |
|---|---|---|
| E0800 | The system does not let the file be read or written | Check that it may be used |
| E0801 | Not a whole OpenStreetMap extract | Give an .osm.pbf file, not cut off |
| E0802 | No road that a car can drive on | Check that the extract covers the region, unfiltered |
| E0803 | The extract spans more than a network can | Cut the region out with `osmium extract` |
| E0804 | The file is not a road network of rond | Make one with `rond roads import` |
| E0805 | The network is of another version | Import it again |
| E0806 | The network is shorter or longer than it says | Copy or import it again |
| E0807 | The network has changed since it was written | Copy or import it again |
";
