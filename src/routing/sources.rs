//! The chain of sources: OSRM, then road networks, then the straight line, each for the places that
//! no better one serves.

use std::cell::RefCell;
use std::collections::BTreeMap;

use super::cache::{Cache, Kept};
use super::chain::{Answer, Chain};
use super::growth::{Overlap, grown};
use super::osrm::{Answered, Osrm, OsrmError, OsrmSettings};
use super::{NOT_KEPT, TOO_MANY};
use crate::domain::{Instant, Place, Point, Provenance, Why};
use crate::travel::{EVERY_LEG_MAX, LegTable, Matrix, StraightLine, TravelModel};

/// What OSRM's roads are made of.
const OSM_ATTRIBUTION: &str = "© OpenStreetMap contributors (ODbL)";
/// Places of a kept table whose legs are asked for once more, to see that the server still has the
/// same roads.
const PROBED: usize = 4;
/// The network under which tables of several sources are kept.
const MIXED: &str = "mixed table";

/// Which sources there are.
#[derive(Default)]
pub struct SourceSettings {
    /// A routing server, asked first.
    pub osrm: Option<OsrmSettings>,
    /// Road networks, the best first. The straight line comes after them, always.
    pub networks: Vec<Box<dyn TravelModel + Send + Sync>>,
    /// Where tables are kept for next time.
    pub cache: Option<Box<dyn Cache + Send + Sync>>,
}

/// The chain of sources for one run. A server that fails once counts as down until the end of it.
pub struct Sources {
    osrm: Option<Osrm>,
    networks: Vec<Box<dyn TravelModel + Send + Sync>>,
    cache: Option<Box<dyn Cache + Send + Sync>>,
    down: RefCell<Option<Why>>,
    notes: RefCell<Vec<String>>,
}

impl Sources {
    /// The chain. Nothing is asked yet; an address that is none is the only fault.
    pub fn new(settings: SourceSettings) -> Result<Sources, OsrmError> {
        Ok(Sources {
            osrm: settings.osrm.map(Osrm::new).transpose()?,
            networks: settings.networks,
            cache: settings.cache,
            down: RefCell::new(None),
            notes: RefCell::new(Vec::new()),
        })
    }

    /// The legs between the places. There is always an answer; its provenance says how good.
    pub fn table(&self, places: &[Place], now: Instant) -> Matrix {
        let mut positions = BTreeMap::new();
        let mut points = Vec::new();
        for place in places {
            positions.entry(place.point).or_insert_with(|| {
                points.push(place.point);
                points.len() - 1
            });
        }
        if places.len() > EVERY_LEG_MAX {
            return self.table_of_many(places);
        }
        let mut chain = Chain::new(points);
        self.ask_osrm(&mut chain, now);
        for network in &self.networks {
            self.ask_network(&mut chain, network.as_ref(), now);
        }
        if !chain.left().is_empty() || places.is_empty() {
            let answer = self.answer_of(&chain, &StraightLine, now);
            chain.take(answer, true);
        }
        let (table, provenance) = chain.finished(places, |point| positions[&point]);
        let matrix = Matrix::of_table(table, provenance);
        self.keep_mixed(&matrix, places, now);
        matrix
    }

    /// The legs that a plan was made with, if they can be had again; else those of today, with
    /// another fingerprint.
    pub fn table_of(&self, places: &[Place], now: Instant, made_with: &Provenance) -> Matrix {
        self.table_again(places, made_with).unwrap_or_else(|| self.table(places, now))
    }

    /// What has to be told besides the provenance: tables that could not be kept.
    pub fn notes(&self) -> Vec<String> {
        self.notes.borrow().clone()
    }

    /// Only near legs: no server is asked for a thousand million of them.
    fn table_of_many(&self, places: &[Place]) -> Matrix {
        let best = self.networks.first().map(|network| network.as_ref() as &dyn TravelModel);
        let matrix = Matrix::of_places(best.unwrap_or(&StraightLine), places);
        let why = self.osrm.as_ref().map(|_| Why {
            code: TOO_MANY.to_owned(),
            text: format!("{} places are too many to ask OSRM for", places.len()),
        });
        matrix.with_provenance(|provenance| provenance.served[0].why = why)
    }

    fn ask_osrm(&self, chain: &mut Chain, now: Instant) {
        let Some(osrm) = &self.osrm else { return };
        let points = chain.points().to_vec();
        let kept = self.cache.as_ref().and_then(|cache| cache.best(&osrm.name(), &points));
        let down = self.down.borrow().clone();
        let result = match down {
            Some(why) => Err(why),
            None => self.osrm_answer(osrm, &points, kept.as_ref(), now).map_err(|error| {
                let why = Why { code: error.code().to_owned(), text: error.to_string() };
                *self.down.borrow_mut() = Some(why.clone());
                why
            }),
        };
        match (result, kept) {
            (Ok(answer), _) => chain.take(answer, false),
            (Err(why), Some(kept)) => chain.take(stored(&kept, &points, why), false),
            (Err(why), None) => chain.pass_over(why),
        }
    }

    /// What OSRM says now; of what is kept, only rows and columns of new places are asked for.
    fn osrm_answer(
        &self,
        osrm: &Osrm,
        points: &[Point],
        kept: Option<&Kept>,
        now: Instant,
    ) -> Result<Answer, OsrmError> {
        let mut fetched = now;
        let mut data = None;
        let known = match kept {
            Some(kept) if still_holds(osrm, kept, points)? => Some(kept),
            _ => None,
        };
        let mut ask = |from: &[Point], to: &[Point]| {
            let Answered { table, data_version, .. } = osrm.legs(from, to)?;
            data = data_version;
            Ok(table)
        };
        let table = match known {
            Some(kept) => {
                fetched = kept.fetched;
                let table = grown(kept, points, &mut ask)?;
                data = data.or_else(|| kept.data.clone());
                table
            }
            None => ask(points, points)?,
        };
        let is_new = known.is_none_or(|kept| !Overlap::new(kept, points).missing.is_empty());
        if is_new {
            self.keep(Kept {
                network: osrm.name(),
                data: data.clone(),
                fetched,
                points: points.to_vec(),
                table: table.clone(),
            });
        }
        Ok(Answer {
            source: "osrm".to_owned(),
            data,
            fetched: Some(fetched),
            stored: None,
            attribution: Some(OSM_ATTRIBUTION.to_owned()),
            rows: table,
            columns: None,
        })
    }

    fn ask_network(&self, chain: &mut Chain, network: &dyn TravelModel, now: Instant) {
        if !chain.left().is_empty() {
            let answer = self.answer_of(chain, network, now);
            chain.take(answer, false);
        }
    }

    fn answer_of(&self, chain: &Chain, model: &dyn TravelModel, now: Instant) -> Answer {
        let points = chain.points();
        let left: Vec<Point> = chain.left().iter().map(|&at| points[at]).collect();
        let are_all_left = left.len() == points.len();
        let rows = match model.data() {
            Some(data) if are_all_left => self.network_table(model, data, points, now),
            _ => LegTable::ask(model, &left, points),
        };
        Answer {
            source: model.profile().to_owned(),
            data: model.data().map(str::to_owned),
            fetched: None,
            stored: None,
            attribution: model.attribution().map(str::to_owned),
            rows,
            columns: (!are_all_left).then(|| LegTable::ask(model, points, &left)),
        }
    }

    /// A network's whole table, with what is kept of it.
    fn network_table(
        &self,
        model: &dyn TravelModel,
        data: &str,
        points: &[Point],
        now: Instant,
    ) -> LegTable {
        let ask = |from: &[Point], to: &[Point]| Ok(LegTable::ask(model, from, to));
        let network = format!("{} {data}", model.profile());
        let Some(cache) = &self.cache else { return LegTable::ask(model, points, points) };
        let kept = cache.best(&network, points);
        let table = match &kept {
            Some(kept) => grown(kept, points, ask),
            None => ask(points, points),
        };
        let table: LegTable =
            table.unwrap_or_else(|never: std::convert::Infallible| match never {});
        if kept.is_none_or(|kept| !Overlap::new(&kept, points).missing.is_empty()) {
            self.keep(Kept {
                network,
                data: Some(data.to_owned()),
                fetched: now,
                points: points.to_vec(),
                table: table.clone(),
            });
        }
        table
    }

    /// A table of several sources is kept as it is: no source could make it again.
    fn keep_mixed(&self, matrix: &Matrix, places: &[Place], now: Instant) {
        let provenance = matrix.provenance();
        if let (true, Some(table)) = (provenance.served.len() > 1, matrix.table()) {
            self.keep(Kept {
                network: format!("{MIXED} {}", provenance.fingerprint),
                data: None,
                fetched: now,
                points: places.iter().map(|place| place.point).collect(),
                table: table.clone(),
            });
        }
    }

    fn table_again(&self, places: &[Place], made_with: &Provenance) -> Option<Matrix> {
        let points: Vec<Point> = places.iter().map(|place| place.point).collect();
        if points.len() > EVERY_LEG_MAX {
            return None;
        }
        let is_it = |matrix: &Matrix| matrix.provenance().fingerprint == made_with.fingerprint;
        let of_kept = |network: &str| {
            let kept = self.cache.as_ref()?.best(network, &points)?;
            let overlap = Overlap::new(&kept, &points);
            if !overlap.missing.is_empty() {
                return None;
            }
            let provenance = made_with.clone();
            let matrix = Matrix::of_table(overlap.table(&kept), |fingerprint| Provenance {
                fingerprint,
                ..provenance
            });
            is_it(&matrix).then_some(matrix)
        };
        let server = self.osrm.as_ref().map(Osrm::name);
        let mixed = format!("{MIXED} {}", made_with.fingerprint);
        let from_store = server.iter().chain([&mixed]).find_map(|network| of_kept(network));
        from_store.or_else(|| {
            // What is worked out on the spot can be worked out again.
            let straight = &StraightLine as &dyn TravelModel;
            let networks = self.networks.iter().map(|network| network.as_ref() as &dyn TravelModel);
            let named =
                networks.chain([straight]).find(|model| model.profile() == made_with.profile)?;
            let matrix = Matrix::build(named, &points);
            let provenance = made_with.clone();
            is_it(&matrix).then(|| matrix.with_provenance(|of_it| *of_it = provenance))
        })
    }

    fn keep(&self, kept: Kept) {
        let Some(cache) = &self.cache else { return };
        if let Err(error) = cache.keep(&kept) {
            self.notes.borrow_mut().push(format!("{NOT_KEPT}: travel times are not kept: {error}"));
        }
    }
}

/// Does the server still say what it said? A few legs are enough: other roads change most.
fn still_holds(osrm: &Osrm, kept: &Kept, points: &[Point]) -> Result<bool, OsrmError> {
    let overlap = Overlap::new(kept, points);
    let step = overlap.known.len().div_ceil(PROBED).max(1);
    let probed: Vec<Point> = overlap.known.iter().step_by(step).map(|&at| points[at]).collect();
    let answered = osrm.legs(&probed, &probed)?;
    let of_probed = Overlap::new(kept, &probed).table(kept);
    let is_same_version = answered.data_version.is_none() || answered.data_version == kept.data;
    Ok(answered.table == of_probed && is_same_version)
}

/// What a kept table says while its server is down.
fn stored(kept: &Kept, points: &[Point], why: Why) -> Answer {
    let overlap = Overlap::new(kept, points);
    Answer {
        source: "osrm".to_owned(),
        data: kept.data.clone(),
        fetched: Some(kept.fetched),
        stored: Some(why),
        attribution: Some(OSM_ATTRIBUTION.to_owned()),
        rows: overlap.table(kept),
        columns: None,
    }
}
