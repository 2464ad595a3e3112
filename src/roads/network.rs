//! The network as it lies in its file.

use std::fs::File;
use std::ops::Range;
use std::path::Path;
use std::sync::{Arc, Mutex};

use serde_json::Value;

use super::RoadsError;
use super::climb::{Arcs, Places};
use super::file::{self, Section};
use super::hierarchy::{Prices, ShapeView};
use super::snap::{Grid, Known};
use crate::domain::Point;

/// A road network, ready to be asked. Opening reads the file once, to check it; after that only
/// what is asked for.
pub struct RoadNetwork {
    backing: Arc<Backing>,
    sections: Vec<Range<usize>>,
    about: About,
    /// What plans made with it say.
    pub(super) profile: String,
    /// Date and checksum of the file; none at another pace, which no table may be kept for.
    pub(super) data: Option<String>,
    /// Prices in place of those of the file.
    anew: Option<Anew>,
    /// Memory that searches have used and will use again.
    pub(super) places: Mutex<Vec<Places>>,
    /// Where points asked for before are.
    pub(super) known: Mutex<Known>,
}

struct Anew {
    edge_costs: Vec<u64>,
    prices: Prices,
}

enum Backing {
    Mapped(memmap2::Mmap),
    Owned(Vec<u64>),
}

/// What a network is.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct About {
    /// What it is called: the name of the extract's file.
    pub name: String,
    /// The name of the file that it was made from.
    pub source: String,
    /// The date of the data (RFC 3339), when known.
    pub data_date: Option<String>,
    /// To be shown wherever times or lines of the network are shown.
    pub attribution: String,
    /// How many segments of road.
    pub segments: u64,
    /// How many edges: segments one way round.
    pub edges: u64,
    /// How many turns.
    pub turns: u64,
    /// How many shortcuts and turns the hierarchy has.
    pub arcs: u64,
    /// Metres of road.
    pub metres: u64,
    /// Of the file.
    pub(super) grid: Grid,
}

impl RoadNetwork {
    /// Opens a file that `rond roads import` has written, and checks all of it.
    pub fn open(path: &Path) -> Result<RoadNetwork, RoadsError> {
        let file = File::open(path)?;
        if file.metadata()?.len() == 0 {
            return Err(RoadsError::CutOff { found: 0, expected: 32 });
        }
        RoadNetwork::checked(Backing::Mapped(map(&file)?))
    }

    /// The network of these bytes of a file, checked.
    pub fn of_bytes(bytes: &[u8]) -> Result<RoadNetwork, RoadsError> {
        let mut words = vec![0_u64; bytes.len().div_ceil(8)];
        let place: &mut [u8] = bytemuck::cast_slice_mut(&mut words);
        place[..bytes.len()].copy_from_slice(bytes);
        // Padding would be taken for trailing bytes.
        file::sections(bytes)?;
        RoadNetwork::checked(Backing::Owned(words))
    }

    fn checked(backing: Backing) -> Result<RoadNetwork, RoadsError> {
        let sections = file::sections(backing.bytes())?;
        let about = &backing.bytes()[sections[Section::About as usize].clone()];
        let about = About::of_json(about).ok_or(RoadsError::Damaged)?;
        let network = RoadNetwork {
            backing: Arc::new(backing),
            sections,
            profile: format!("roads-{}", about.name),
            data: None,
            about,
            anew: None,
            places: Mutex::default(),
            known: Mutex::default(),
        };
        if !network.is_whole() {
            return Err(RoadsError::Damaged);
        }
        let date = network.data_date().unwrap_or("an unknown day");
        let data = format!("{date}, {:08x}", network.checksum());
        Ok(RoadNetwork { data: Some(data), ..network })
    }

    /// Do the sections fit together?
    fn is_whole(&self) -> bool {
        let edges = self.about.edges as usize;
        let segments = self.about.segments as usize;
        let long = |section, count: usize, bytes: usize| self.bytes(section).len() == count * bytes;
        long(Section::EdgeCost, edges, 8)
            && long(Section::EdgeSegment, edges, 4)
            && long(Section::Parent, edges, 4)
            && [Section::TurnFirst, Section::UpFirst, Section::DownFirst]
                .into_iter()
                .all(|section| long(section, edges + 1, 4))
            && long(Section::SegmentEdges, segments, 8)
            && long(Section::ShapeFirst, segments + 1, 4)
            && long(Section::TurnTo, self.about.turns as usize, 4)
            && long(Section::TurnCost, self.about.turns as usize, 8)
            && self.bytes(Section::UpCost).len() == 2 * self.bytes(Section::UpOther).len()
            && self.bytes(Section::DownCost).len() == 2 * self.bytes(Section::DownOther).len()
    }

    /// What the network is.
    pub fn about(&self) -> &About {
        &self.about
    }

    /// What the network is called.
    pub fn name(&self) -> &str {
        &self.about.name
    }

    /// What tells this network from any other: the checksum of its file. The same network at
    /// another pace has the same.
    pub fn checksum(&self) -> u32 {
        file::checksum(self.backing.bytes())
    }

    /// The date of the data (RFC 3339), when known.
    pub fn data_date(&self) -> Option<&str> {
        self.about.data_date.as_deref()
    }

    /// To be shown wherever times or lines of the network are shown.
    pub fn attribution(&self) -> &str {
        &self.about.attribution
    }

    /// The corners of the box that the roads lie in: south-west and north-east.
    pub fn corners(&self) -> Option<[Point; 2]> {
        let (mut least, mut most) = (*self.points().first()?, *self.points().first()?);
        for point in self.points() {
            least = [0, 1].map(|axis| least[axis].min(point[axis]));
            most = [0, 1].map(|axis| most[axis].max(point[axis]));
        }
        let corner =
            |[lat, lon]: [i32; 2]| Point::from_degrees(f64::from(lat) / 1e7, f64::from(lon) / 1e7);
        Some([corner(least)?, corner(most)?])
    }

    fn bytes(&self, section: Section) -> &[u8] {
        &self.backing.bytes()[self.sections[section as usize].clone()]
    }

    fn numbers(&self, section: Section) -> &[u32] {
        bytemuck::cast_slice(self.bytes(section))
    }

    fn longs(&self, section: Section) -> &[u64] {
        bytemuck::cast_slice(self.bytes(section))
    }

    pub(super) fn grid(&self) -> Grid {
        self.about.grid
    }

    /// The pieces of road near a cell.
    pub(super) fn pieces(&self, cell: usize) -> &[u32] {
        let first = self.numbers(Section::GridFirst);
        &self.numbers(Section::GridPiece)[first[cell] as usize..first[cell + 1] as usize]
    }

    /// The points of all segments.
    pub(super) fn points(&self) -> &[[i32; 2]] {
        bytemuck::cast_slice(self.bytes(Section::Points))
    }

    /// Where the points of a segment are.
    pub(super) fn shape(&self, segment: u32) -> Range<usize> {
        let first = self.numbers(Section::ShapeFirst);
        first[segment as usize] as usize..first[segment as usize + 1] as usize
    }

    pub(super) fn segment_of_piece(&self, piece: usize) -> u32 {
        let first = self.numbers(Section::ShapeFirst);
        (first.partition_point(|&at| at as usize <= piece) - 1) as u32
    }

    /// The edges of a segment, along and against.
    pub(super) fn edges_of(&self, segment: u32) -> [u32; 2] {
        let edges = self.numbers(Section::SegmentEdges);
        [edges[segment as usize * 2], edges[segment as usize * 2 + 1]]
    }

    /// The segment of an edge, and whether the edge goes against it.
    pub(super) fn segment_of(&self, edge: u32) -> (u32, bool) {
        let number = self.numbers(Section::EdgeSegment)[edge as usize];
        (number / 2, number % 2 == 1)
    }

    pub(super) fn edge_costs(&self) -> &[u64] {
        match &self.anew {
            Some(anew) => &anew.edge_costs,
            None => self.longs(Section::EdgeCost),
        }
    }

    /// The turns from an edge: the edge turned into, and what the turn and driving that edge cost.
    pub(super) fn turns_from(&self, edge: u32) -> impl Iterator<Item = (u32, u64)> {
        let first = self.numbers(Section::TurnFirst);
        let own = first[edge as usize] as usize..first[edge as usize + 1] as usize;
        let (to, cost) = (self.numbers(Section::TurnTo), self.longs(Section::TurnCost));
        let edge_costs = self.edge_costs();
        own.map(move |at| (to[at], cost[at] + edge_costs[to[at] as usize]))
    }

    /// Every turn: from, to, and what the turn itself costs.
    pub(super) fn turns(&self) -> impl Iterator<Item = (u32, u32, u64)> {
        let first = self.numbers(Section::TurnFirst);
        let (to, cost) = (self.numbers(Section::TurnTo), self.longs(Section::TurnCost));
        let from = (0..).zip(first.windows(2));
        from.flat_map(move |(from, pair)| {
            (pair[0] as usize..pair[1] as usize).map(move |at| (from, to[at], cost[at]))
        })
    }

    /// The same network with other prices.
    pub(super) fn priced(&self, edge_costs: Vec<u64>, prices: Prices) -> RoadNetwork {
        RoadNetwork {
            backing: Arc::clone(&self.backing),
            sections: self.sections.clone(),
            profile: self.profile.clone(),
            about: self.about.clone(),
            data: None,
            anew: Some(Anew { edge_costs, prices }),
            places: Mutex::default(),
            known: Mutex::default(),
        }
    }

    pub(super) fn hierarchy(&self) -> ShapeView<'_> {
        ShapeView {
            parent: self.numbers(Section::Parent),
            up_first: self.numbers(Section::UpFirst),
            up_other: self.numbers(Section::UpOther),
            down_first: self.numbers(Section::DownFirst),
            down_other: self.numbers(Section::DownOther),
        }
    }

    pub(super) fn up(&self) -> Arcs<'_> {
        Arcs {
            first: self.numbers(Section::UpFirst),
            other: self.numbers(Section::UpOther),
            cost: match &self.anew {
                Some(anew) => &anew.prices.up_cost,
                None => self.longs(Section::UpCost),
            },
        }
    }

    pub(super) fn down(&self) -> Arcs<'_> {
        Arcs {
            first: self.numbers(Section::DownFirst),
            other: self.numbers(Section::DownOther),
            cost: match &self.anew {
                Some(anew) => &anew.prices.down_cost,
                None => self.longs(Section::DownCost),
            },
        }
    }

    /// The lowest edge on the way of each shortcut: of those up, and of those down.
    pub(super) fn vias(&self) -> [&[u32]; 2] {
        match &self.anew {
            Some(Anew { prices, .. }) => [&prices.up_via, &prices.down_via],
            None => [self.numbers(Section::UpVia), self.numbers(Section::DownVia)],
        }
    }
}

impl Backing {
    fn bytes(&self) -> &[u8] {
        match self {
            Backing::Mapped(map) => map,
            Backing::Owned(words) => bytemuck::cast_slice(words),
        }
    }
}

/// The file as memory.
#[allow(unsafe_code)]
fn map(file: &File) -> Result<memmap2::Mmap, RoadsError> {
    // SAFETY: the map is read only, and our own writer never changes a file in place: it renames a
    // new one over the old, which leaves the old one as it is for those who have it open. Should
    // somebody else change or cut the file meanwhile, numbers change under us or the system ends
    // the process; no reference handed out outlives the map, and every bit pattern is a value of
    // the types that the bytes are read as.
    Ok(unsafe { memmap2::Mmap::map(file)? })
}

impl About {
    /// As it stands in the file.
    pub(super) fn json(&self) -> Value {
        serde_json::json!({
            "name": self.name,
            "source": self.source,
            "data_date": self.data_date,
            "attribution": self.attribution,
            "profile": "car",
            "segments": self.segments,
            "edges": self.edges,
            "turns": self.turns,
            "arcs": self.arcs,
            "metres": self.metres,
            "grid": {
                "origin": self.grid.origin,
                "step": self.grid.step,
                "rows": self.grid.rows,
                "columns": self.grid.columns,
            },
        })
    }

    fn of_json(bytes: &[u8]) -> Option<About> {
        let value: Value = serde_json::from_slice(bytes).ok()?;
        let text = |key: &str| value[key].as_str().map(str::to_owned);
        let number = |key: &str| value[key].as_u64();
        let pair = |key: &str| {
            let of = |at: usize| i32::try_from(value["grid"][key][at].as_i64()?).ok();
            Some([of(0)?, of(1)?])
        };
        let size = |key: &str| u32::try_from(value["grid"][key].as_u64()?).ok();
        Some(About {
            name: text("name")?,
            source: text("source")?,
            data_date: text("data_date"),
            attribution: text("attribution")?,
            segments: number("segments")?,
            edges: number("edges")?,
            turns: number("turns")?,
            arcs: number("arcs")?,
            metres: number("metres")?,
            grid: Grid {
                origin: pair("origin")?,
                step: pair("step")?,
                rows: size("rows")?,
                columns: size("columns")?,
            },
        })
    }
}
