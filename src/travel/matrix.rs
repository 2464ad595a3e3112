//! The table that planning reads.

use crate::domain::{Metres, Point, Seconds};

/// From one place to another.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Leg {
    /// Driving time.
    pub seconds: Seconds,
    /// Road length.
    pub metres: Metres,
}

/// Something that knows how long legs take.
pub trait TravelModel: Sync {
    /// What the model is called, shown with every plan that used it.
    fn profile(&self) -> &str;

    /// The leg from `from` to `to`; `None` when there is no way. Need not be the same both ways.
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
}

/// Legs between all places of a world, by position in its `places`.
#[derive(Clone, Debug)]
pub struct Matrix {
    profile: String,
    size: usize,
    seconds: Vec<u32>,
    metres: Vec<u32>,
}

const UNREACHABLE: u32 = u32::MAX;

impl Matrix {
    /// Every leg between these points, as the model has them. A leg from a place to itself takes no
    /// time. Legs longer than 136 years do not occur: they count as unreachable.
    pub fn build(model: &dyn TravelModel, points: &[Point]) -> Matrix {
        use rayon::prelude::*;
        let size = points.len();
        let mut seconds = vec![UNREACHABLE; size * size];
        let mut metres = vec![UNREACHABLE; size * size];
        let rows_at_once = model.rows_at_once().max(1);
        let block = (size * rows_at_once).max(1);
        seconds.par_chunks_mut(block).zip(metres.par_chunks_mut(block)).enumerate().for_each(
            |(index, (seconds, metres))| {
                let first = index * rows_at_once;
                let rows = &points[first..(first + rows_at_once).min(size)];
                for (at, leg) in model.legs(rows, points).into_iter().enumerate() {
                    let stays = first + at / size == at % size;
                    let leg = if stays {
                        Some(Leg { seconds: Seconds::ZERO, metres: Metres(0) })
                    } else {
                        leg
                    };
                    if let Some(leg) = leg {
                        seconds[at] = u32::try_from(leg.seconds.0).unwrap_or(UNREACHABLE);
                        metres[at] = u32::try_from(leg.metres.0).unwrap_or(UNREACHABLE);
                    }
                }
            },
        );
        Matrix { profile: model.profile().to_owned(), size, seconds, metres }
    }

    /// The legs of the places of a world, in their order.
    pub fn of_places(model: &dyn TravelModel, places: &[crate::domain::Place]) -> Matrix {
        let points: Vec<Point> = places.iter().map(|place| place.point).collect();
        Matrix::build(model, &points)
    }

    /// The name of the model that filled it.
    pub fn profile(&self) -> &str {
        &self.profile
    }

    /// How many places it covers.
    pub fn size(&self) -> usize {
        self.size
    }

    /// The leg between two places, by position; `None` when there is no way.
    pub fn leg(&self, from: usize, to: usize) -> Option<Leg> {
        let at = from * self.size + to;
        let seconds = self.seconds[at];
        (seconds != UNREACHABLE).then(|| Leg {
            seconds: Seconds(i64::from(seconds)),
            metres: Metres(i64::from(self.metres[at])),
        })
    }
}
