//! Tables of text: columns as wide as what stands in them, empty columns left out.

use super::ink::{Ink, Tone};

/// On which side of its column a cell stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Side {
    /// Words.
    Left,
    /// Numbers.
    Right,
}

/// A piece of text and what it means.
#[derive(Clone, Debug, Default)]
pub struct Cell {
    text: String,
    tone: Tone,
}

/// Text as it is.
pub fn cell(text: impl Into<String>) -> Cell {
    Cell { text: text.into(), tone: Tone::Plain }
}

/// Text that means something.
pub fn toned(tone: Tone, text: impl Into<String>) -> Cell {
    Cell { text: text.into(), tone }
}

/// Rows under headings.
#[derive(Debug)]
pub struct Table {
    columns: Vec<(&'static str, Side)>,
    rows: Vec<Vec<Cell>>,
}

impl Table {
    /// A table with these columns and no rows.
    pub fn new(columns: &[(&'static str, Side)]) -> Table {
        Table { columns: columns.to_vec(), rows: Vec::new() }
    }

    /// Adds a row with one cell per column.
    pub fn add(&mut self, row: Vec<Cell>) {
        assert_eq!(row.len(), self.columns.len(), "a cell per column");
        self.rows.push(row);
    }

    /// Has it no rows?
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// The table as lines, each begun by `indent`.
    pub fn lines(&self, ink: Ink, indent: &str) -> String {
        let widths: Vec<usize> = (0..self.columns.len()).map(|at| self.width(at)).collect();
        let heading: Vec<Cell> =
            self.columns.iter().map(|(name, _)| toned(Tone::Faint, *name)).collect();
        let mut text = String::new();
        for row in std::iter::once(&heading).chain(&self.rows) {
            text.push_str(indent);
            text.push_str(self.line(row, &widths, ink).trim_end());
            text.push('\n');
        }
        text
    }

    /// How wide a column must be: not at all when nothing stands in it.
    fn width(&self, at: usize) -> usize {
        let widest = self.rows.iter().map(|row| row[at].text.chars().count()).max().unwrap_or(0);
        if widest == 0 { 0 } else { widest.max(self.columns[at].0.chars().count()) }
    }

    fn line(&self, row: &[Cell], widths: &[usize], ink: Ink) -> String {
        let mut line = String::new();
        for (at, cell) in row.iter().enumerate().filter(|(at, _)| widths[*at] > 0) {
            let blank = " ".repeat(widths[at] - cell.text.chars().count().min(widths[at]));
            let text = ink.paint(cell.tone, &cell.text);
            match self.columns[at].1 {
                Side::Left if blank.is_empty() => line.push_str(&text),
                Side::Left => line.extend([text.as_str(), blank.as_str()]),
                Side::Right => line.extend([blank.as_str(), text.as_str()]),
            }
            line.push_str("  ");
        }
        line
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_line_up_and_empty_ones_are_left_out() {
        let mut table =
            Table::new(&[("who", Side::Left), ("nothing", Side::Left), ("min", Side::Right)]);
        table.add(vec![cell("läkarbil"), cell(""), cell("7")]);
        table.add(vec![toned(Tone::Bad, "nurse"), cell(""), cell("120")]);
        let text = table.lines(Ink::plain(), "  ");
        assert_eq!(text, "  who       min\n  läkarbil    7\n  nurse     120\n");
    }
}
