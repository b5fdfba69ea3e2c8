//! Tables of releases as Helm prints them, with cells of several lines and with colours.
//!
//! gosuri/uitable 0.0.4: a column is as wide as its widest line, all columns are filled up, and a cell whose lines are together
//! wider than the column is cut off.

use crate::context::Context;
use crate::error::CommandError;

/// A table of which all rows have as many cells.
#[derive(Default)]
pub(crate) struct Grid {
    rows: Vec<Vec<Cell>>,
}

/// A text, and the codes that switch its colour on and off.
#[derive(Clone, Debug, Default)]
pub(crate) struct Cell {
    text: String,
    colour: Option<(&'static str, &'static str)>,
}

impl Cell {
    /// A cell without colour. Control characters but for line ends become blanks.
    pub(crate) fn plain(text: impl AsRef<str>) -> Self {
        let blank = |c: char| if c.is_control() && c != '\n' { ' ' } else { c };
        Self {
            text: text.as_ref().chars().map(blank).collect(),
            colour: None,
        }
    }

    /// A cell in a colour, such as `36`.
    pub(crate) fn painted(text: impl AsRef<str>, colour: Option<&'static str>) -> Self {
        Self {
            colour: colour.map(|colour| (colour, "0")),
            ..Self::plain(text)
        }
    }

    /// A heading.
    pub(crate) fn bold(text: &str) -> Self {
        Self {
            colour: Some(("1", "22")),
            ..Self::plain(text)
        }
    }

    fn width(&self) -> usize {
        let widths = self.text.split('\n').map(width);
        widths.max().unwrap_or_default()
    }
}

impl Grid {
    /// Adds a row.
    pub(crate) fn row(&mut self, cells: impl IntoIterator<Item = Cell>) {
        self.rows.push(cells.into_iter().collect());
    }

    /// Prints all rows; an empty line if there are none.
    pub(crate) fn print(&self, context: &Context) -> Result<(), CommandError> {
        let text = self.text(context.printer().colours_data());
        Ok(context.printer().line(text)?)
    }

    fn text(&self, has_colours: bool) -> String {
        let columns = self.rows.first().map_or(0, Vec::len);
        let column_width = |column: usize| {
            let cells = self.rows.iter().filter_map(|row| row.get(column));
            cells.map(Cell::width).max().unwrap_or_default()
        };
        let widths: Vec<usize> = (0..columns).map(column_width).collect();
        let mut lines = Vec::new();
        for row in &self.rows {
            let texts = row
                .iter()
                .zip(&widths)
                .map(|(cell, &width)| cut(&cell.text, width));
            let texts: Vec<String> = texts.collect();
            let height = texts
                .iter()
                .map(|text| text.split('\n').count())
                .max()
                .unwrap_or_default();
            for line in 0..height {
                let cells = row.iter().zip(&texts).zip(&widths).map(|((cell, text), &width)| {
                    let text = text.split('\n').nth(line).unwrap_or_default();
                    pad(text, width, cell.colour.filter(|_| has_colours))
                });
                lines.push(cells.collect::<Vec<_>>().join("\t"));
            }
        }
        lines.join("\n")
    }
}

fn width(text: &str) -> usize {
    text.chars().filter(|c| *c != '\n').count()
}

/// Cuts a text off that is wider than its column, counting all of its lines together.
fn cut(text: &str, column: usize) -> String {
    if width(text) <= column {
        return text.to_owned();
    }
    let mut kept = String::new();
    let mut count = 0;
    for c in text.chars() {
        kept.push(c);
        let own = usize::from(c != '\n');
        if count + own + 3 >= column {
            break;
        }
        count += own;
    }
    kept + "..."
}

fn pad(text: &str, column: usize, colour: Option<(&str, &str)>) -> String {
    let blanks = " ".repeat(column.saturating_sub(width(text)));
    match colour.filter(|_| !text.is_empty()) {
        Some((on, off)) => format!("\x1b[{on}m{text}\x1b[{off}m{blanks}"),
        None => format!("{text}{blanks}"),
    }
}

#[cfg(test)]
mod tests {
    use super::{Cell, Grid};

    #[track_caller]
    fn check(rows: &[[&str; 2]], expected: &str) {
        let mut grid = Grid::default();
        for row in rows {
            grid.row(row.map(Cell::plain));
        }
        assert_eq!(grid.text(false), expected);
    }

    // The expectations were printed by Helm 4.3.1.
    #[test]
    fn columns_are_filled_up() {
        check(&[], "");
        check(&[["A", "LONG"], ["bcd", "e"]], "A  \tLONG\nbcd\te   ");
        check(&[["a\x1b[31m", "b"]], "a [31m\tb");
    }

    #[test]
    fn cells_of_several_lines_are_cut_off() {
        check(
            &[["A", "DESCRIPTION"], ["1", "line one\nline two is longer"]],
            "A\tDESCRIPTION       \n1\tline one          \n \tline tw...        ",
        );
    }

    #[test]
    fn colours_take_no_room() {
        let mut grid = Grid::default();
        grid.row([Cell::bold("AB"), Cell::plain("C")]);
        grid.row([Cell::painted("def", Some("36")), Cell::painted("", Some("31"))]);
        assert_eq!(grid.text(true), "\x1b[1mAB\x1b[22m \tC\n\x1b[36mdef\x1b[0m\t ");
    }
}
