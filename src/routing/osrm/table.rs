//! A table in blocks: as large as the server allows, several under way at a time.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::Arc;

use tokio::task::JoinSet;

use super::answer::{self, Block, TOO_BIG, without_road};
use super::block_size::BlockSize;
use super::error::OsrmError;
use super::question::BlockQuestion;
use super::{Shared, in_time};
use crate::domain::Point;
use crate::travel::{Leg, LegTable};

/// Points of one question: more would make an address longer than servers read.
const POINTS_MAX: usize = 800;

/// The legs asked for.
#[derive(Clone, PartialEq, Debug)]
pub struct Answered {
    /// From each of the first points to each of the second. A point has a leg to itself, of no
    /// length, unless it has no road near it.
    pub table: LegTable,
    /// Points with no road near them; their legs are unknown.
    pub without_road: BTreeSet<Point>,
    /// Of the server's roads, if it says.
    pub data_version: Option<String>,
}

/// A table that is being asked for.
pub(super) struct Asking<'a> {
    shared: Arc<Shared>,
    from: &'a [Point],
    to: &'a [Point],
    blocks: BlockSize,
    answer: Answered,
}

/// Positions in `from` and `to`.
#[derive(Clone, Debug)]
struct Piece {
    rows: Vec<usize>,
    columns: Vec<usize>,
    with_waypoints: bool,
}

impl<'a> Asking<'a> {
    pub(super) fn new(
        shared: Arc<Shared>,
        from: &'a [Point],
        to: &'a [Point],
        blocks: BlockSize,
    ) -> Asking<'a> {
        let table = LegTable::new(from.len(), to.len());
        let answer = Answered { table, without_road: BTreeSet::new(), data_version: None };
        Asking { shared, from, to, blocks, answer }
    }

    /// What has been found of how much the server can be asked for.
    pub(super) fn blocks(&self) -> BlockSize {
        self.blocks
    }

    pub(super) fn into_answer(mut self) -> Answered {
        let off_road = |point: &Point| self.answer.without_road.contains(point);
        for (row, from) in self.from.iter().enumerate() {
            for (column, to) in self.to.iter().enumerate() {
                if off_road(from) || off_road(to) {
                    self.answer.table.set(row, column, None);
                } else if from == to {
                    self.answer.table.set(row, column, Some(Leg::NONE));
                }
            }
        }
        self.answer
    }

    /// Asks until all is answered. The first columns come first and tell where each row's point is
    /// on the road; points that are nowhere near one are left out of the rest.
    pub(super) async fn run(&mut self) -> Result<(), OsrmError> {
        let mut first = VecDeque::from([Piece {
            rows: (0..self.from.len()).collect(),
            columns: (0..self.to.len()).collect(),
            with_waypoints: true,
        }]);
        let mut patience = self.shared.patience();
        let mut rest = VecDeque::new();
        let mut is_first = true;
        while is_first || !rest.is_empty() {
            let mut waiting =
                if is_first { std::mem::take(&mut first) } else { std::mem::take(&mut rest) };
            is_first = false;
            let mut under_way = JoinSet::new();
            loop {
                while under_way.len() < self.shared.settings.at_once.max(1)
                    && let Some(piece) = self.next(&mut waiting, &mut rest)
                {
                    under_way.spawn(ask(Arc::clone(&self.shared), self.points_of(&piece), piece));
                }
                let next = async { Ok(under_way.join_next().await) };
                let Some(done) = in_time(patience.ends(), next).await? else { break };
                // A question can only fail to come back by a defect of ours.
                let (piece, points, block) =
                    done.unwrap_or_else(|error| std::panic::resume_unwind(error.into_panic()));
                match block {
                    Ok(block) => {
                        patience.answered(block.legs.len());
                        self.take(&piece, block);
                    }
                    Err(error) => {
                        self.learn(&piece, &points, error)?;
                        waiting.push_front(piece);
                    }
                }
            }
        }
        Ok(())
    }

    /// The next piece that is no larger than the server allows; what is cut off waits. Only first
    /// columns are asked where their rows are, and all else waits for them in `rest`.
    fn next(&self, waiting: &mut VecDeque<Piece>, rest: &mut VecDeque<Piece>) -> Option<Piece> {
        loop {
            let mut piece = waiting.pop_front()?;
            piece.rows.retain(|&row| !self.answer.without_road.contains(&self.from[row]));
            piece.columns.retain(|&column| !self.answer.without_road.contains(&self.to[column]));
            let rows_max = self.blocks.side();
            if piece.rows.len() > rows_max {
                let below = piece.rows.split_off(rows_max);
                waiting.push_front(Piece { rows: below, ..piece.clone() });
            }
            if piece.rows.is_empty() || piece.columns.is_empty() {
                continue;
            }
            let columns_max =
                (self.blocks.legs() / piece.rows.len()).min(POINTS_MAX - piece.rows.len()).max(1);
            if piece.columns.len() > columns_max {
                let beside = piece.columns.split_off(columns_max);
                let beside =
                    Piece { rows: piece.rows.clone(), columns: beside, with_waypoints: false };
                if piece.with_waypoints {
                    rest.push_back(beside)
                } else {
                    waiting.push_front(beside)
                }
            }
            // One coordinate is no question, and needs no answer.
            if self.points_of(&piece).len() > 1 {
                return Some(piece);
            }
        }
    }

    /// Every point of a piece, once, those of its rows first.
    fn points_of(&self, piece: &Piece) -> Points {
        let mut points = Points::default();
        points.from = piece.rows.iter().map(|&row| points.position(self.from[row])).collect();
        points.to = piece.columns.iter().map(|&column| points.position(self.to[column])).collect();
        points
    }

    fn take(&mut self, piece: &Piece, block: Block) {
        self.blocks.answered(block.legs.len());
        let mut legs = block.legs.into_iter();
        for &row in &piece.rows {
            for &column in &piece.columns {
                self.answer.table.set(row, column, legs.next().flatten());
            }
        }
        let radius = f64::from(self.shared.settings.radius);
        for (&row, off) in piece.rows.iter().zip(block.snapped.into_iter().flatten()) {
            if off > radius {
                self.answer.without_road.insert(self.from[row]);
            }
        }
        self.answer.data_version = self.answer.data_version.take().or(block.data_version);
    }

    /// What a refusal says of the server or of a point, so that the piece can be asked otherwise.
    fn learn(&mut self, piece: &Piece, points: &Points, error: OsrmError) -> Result<(), OsrmError> {
        if let Some(Some(position)) = without_road(&error)
            && let Some(&point) = points.all.get(position)
        {
            self.answer.without_road.insert(point);
            return Ok(());
        }
        match &error {
            OsrmError::Refused { code, .. }
                if code == TOO_BIG
                    && self.blocks.refused(piece.rows.len() * piece.columns.len()) =>
            {
                tracing::debug!("OSRM allows fewer: blocks of {} now", self.blocks.side());
                Ok(())
            }
            _ => Err(error),
        }
    }
}

/// The points of a question, and where rows and columns are among them.
#[derive(Default)]
struct Points {
    all: Vec<Point>,
    positions: BTreeMap<Point, usize>,
    from: Vec<usize>,
    to: Vec<usize>,
}

impl Points {
    fn position(&mut self, point: Point) -> usize {
        let next = self.all.len();
        let position = *self.positions.entry(point).or_insert(next);
        if position == next {
            self.all.push(point);
        }
        position
    }

    fn len(&self) -> usize {
        self.all.len()
    }
}

async fn ask(
    shared: Arc<Shared>,
    points: Points,
    piece: Piece,
) -> (Piece, Points, Result<Block, OsrmError>) {
    let question = BlockQuestion {
        points: &points.all,
        from: &points.from,
        to: &points.to,
        with_waypoints: piece.with_waypoints,
        radius: shared.settings.radius,
    };
    let path = question.path(&shared.settings.profile);
    let (rows, columns) = (piece.rows.len(), piece.columns.len());
    let block = shared
        .ask(path, |status, text| answer::block(status, text, rows, columns, piece.with_waypoints))
        .await;
    (piece, points, block)
}
