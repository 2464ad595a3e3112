//! The table that planning reads.

use super::clustered::Clustered;
use super::leg_table::LegTable;
use crate::domain::{Metres, Point, Provenance, Seconds, Served, TableFingerprint};

/// From one place to another.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Leg {
    /// Driving time.
    pub seconds: Seconds,
    /// Road length.
    pub metres: Metres,
}

impl Leg {
    /// From a place to itself.
    pub const NONE: Leg = Leg { seconds: Seconds::ZERO, metres: Metres(0) };
}

/// Something that knows how long legs take.
pub trait TravelModel: Sync {
    /// What the model is called, shown with every plan that used it.
    fn profile(&self) -> &str;

    /// The leg from `from` to `to`; `None` when there is no way. Need not be the same both ways. A
    /// point has no leg even to itself when the model knows no road near it.
    fn leg(&self, from: Point, to: Point) -> Option<Leg>;

    /// Every leg from each of `from` to each of `to`, row by row. Models that know a faster way
    /// than one leg at a time have their own.
    fn legs(&self, from: &[Point], to: &[Point]) -> Vec<Option<Leg>> {
        from.iter().flat_map(|&from| to.iter().map(move |&to| self.leg(from, to))).collect()
    }

    /// How many rows to ask for in one go: enough to share work, few enough to share among threads.
    fn rows_at_once(&self) -> usize {
        64
    }

    /// Date and fingerprint of what the model was made from, if anything: another text, other legs.
    fn data(&self) -> Option<&str> {
        None
    }

    /// What must be shown wherever its legs are.
    fn attribution(&self) -> Option<&str> {
        None
    }
}

/// A model that is shared.
impl<T: TravelModel + ?Sized> TravelModel for &T {
    fn profile(&self) -> &str {
        (**self).profile()
    }

    fn leg(&self, from: Point, to: Point) -> Option<Leg> {
        (**self).leg(from, to)
    }

    fn legs(&self, from: &[Point], to: &[Point]) -> Vec<Option<Leg>> {
        (**self).legs(from, to)
    }

    fn rows_at_once(&self) -> usize {
        (**self).rows_at_once()
    }

    fn data(&self) -> Option<&str> {
        (**self).data()
    }

    fn attribution(&self) -> Option<&str> {
        (**self).attribution()
    }
}

/// Legs between all places of a world, by position in its `places`.
#[derive(Clone, Debug)]
pub struct Matrix {
    provenance: Provenance,
    size: usize,
    cells: Cells,
}

#[derive(Clone, Debug)]
enum Cells {
    /// All of them, and their numbers added up.
    Every {
        table: LegTable,
        sum: u64,
    },
    Clustered(Box<Clustered>),
}

/// With more places than this, [`Matrix::build`] keeps only the legs between neighbourhoods that
/// are near each other, and works out the others: see [`Clustered`].
pub const EVERY_LEG_MAX: usize = 12_000;

impl Matrix {
    /// Every leg between these points, as the model has them. A leg from a place to itself takes no
    /// time. Beyond [`EVERY_LEG_MAX`] points, far legs are bounded from above instead.
    pub fn build(model: &dyn TravelModel, points: &[Point]) -> Matrix {
        if points.len() > EVERY_LEG_MAX {
            return Matrix::of_neighbourhoods(model, points);
        }
        let table = LegTable::ask(model, points, points);
        let count = points.len();
        Matrix::of_table(table, |fingerprint| provenance(model, fingerprint, count))
    }

    /// Only near legs are kept, whatever the number of points.
    pub fn of_neighbourhoods(model: &dyn TravelModel, points: &[Point]) -> Matrix {
        let clustered = Clustered::build(model, points);
        let provenance = provenance(model, clustered.fingerprint(), points.len());
        Matrix { provenance, size: points.len(), cells: Cells::Clustered(Box::new(clustered)) }
    }

    /// One place more, after all others: the model is asked for its row and its column, and nothing
    /// else is touched. `points` are those of the places so far. Where only near legs are kept, all
    /// is built anew.
    pub fn add_place(&mut self, model: &dyn TravelModel, points: &[Point], new: Point) {
        assert_eq!(points.len(), self.size, "the points of the table's places");
        let Cells::Every { table, sum } = &mut self.cells else {
            *self = Matrix::of_neighbourhoods(model, &[points, &[new]].concat());
            return;
        };
        let mut row = model.legs(&[new], points);
        row.push(Some(Leg::NONE));
        table.add_place(&row, &model.legs(points, &[new]));
        *sum = sum.wrapping_add(table.sum_of_last());
        self.provenance.fingerprint = table.fingerprint_of(*sum);
        self.size += 1;
        if let Some(rest) = self.provenance.served.iter_mut().find(|of| of.places.is_empty()) {
            rest.count += 1;
        }
    }

    /// Moves all legs once, so that [`Matrix::add_place`] need not: for a service, before the first
    /// request.
    pub fn make_room(&mut self) {
        if let Cells::Every { table, .. } = &mut self.cells {
            table.make_room();
        }
    }

    /// A square table that was filled elsewhere; `provenance` is given its fingerprint.
    pub fn of_table(
        mut table: LegTable,
        provenance: impl FnOnce(TableFingerprint) -> Provenance,
    ) -> Matrix {
        let size = table.rows();
        assert_eq!(size, table.columns(), "a table of the same places both ways");
        (0..size).for_each(|place| table.set(place, place, Some(Leg::NONE)));
        let sum = table.sum();
        let provenance = provenance(table.fingerprint_of(sum));
        Matrix { provenance, size, cells: Cells::Every { table, sum } }
    }

    /// The legs of the places of a world, in their order.
    pub fn of_places(model: &dyn TravelModel, places: &[crate::domain::Place]) -> Matrix {
        let points: Vec<Point> = places.iter().map(|place| place.point).collect();
        Matrix::build(model, &points)
    }

    /// The name of what filled it.
    pub fn profile(&self) -> &str {
        &self.provenance.profile
    }

    /// Where its legs came from.
    pub fn provenance(&self) -> &Provenance {
        &self.provenance
    }

    /// The same legs, with more to say of where they came from.
    pub fn with_provenance(mut self, change: impl FnOnce(&mut Provenance)) -> Matrix {
        change(&mut self.provenance);
        self
    }

    /// How many places it covers.
    pub fn size(&self) -> usize {
        self.size
    }

    /// How many bytes its legs take.
    pub fn bytes(&self) -> usize {
        match &self.cells {
            Cells::Every { table, .. } => table.bytes(),
            Cells::Clustered(clustered) => clustered.bytes(),
        }
    }

    /// The leg between two places, by position; `None` when there is no way.
    pub fn leg(&self, from: usize, to: usize) -> Option<Leg> {
        match &self.cells {
            Cells::Every { table, .. } => table.leg(from, to),
            Cells::Clustered(clustered) => clustered.leg(from, to),
        }
    }

    /// Every leg, row by row; nothing when far legs are not kept.
    pub fn table(&self) -> Option<&LegTable> {
        match &self.cells {
            Cells::Every { table, .. } => Some(table),
            Cells::Clustered(_) => None,
        }
    }
}

fn provenance(model: &dyn TravelModel, fingerprint: TableFingerprint, count: usize) -> Provenance {
    let mut provenance = Provenance::of_one(model.profile(), fingerprint, count);
    let served: &mut Served = &mut provenance.served[0];
    served.data = model.data().map(str::to_owned);
    served.attribution = model.attribution().map(str::to_owned);
    provenance
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::travel::StraightLine;

    #[test]
    fn a_place_added_later_is_as_good_as_one_from_the_start() {
        let point = |at: i32| Point::from_degrees(55.5 + 0.01 * f64::from(at), 13.2);
        let points: Vec<Point> = (0..80).map(|at| point(at).expect("on the globe")).collect();
        let mut matrix = Matrix::build(&StraightLine, &points[..1]);
        matrix.make_room();
        for count in 1..points.len() {
            matrix.add_place(&StraightLine, &points[..count], points[count]);
        }
        let whole = Matrix::build(&StraightLine, &points);
        assert_eq!(matrix.provenance(), whole.provenance());
        assert_eq!(matrix.table(), whole.table());
    }
}
