//! Tables for people, as Helm prints them: columns as wide as their widest cell, with a tab between them.

use crate::context::Context;
use crate::error::CommandError;

/// A table of which the first row is the heading.
pub(crate) struct Table<const N: usize> {
    rows: Vec<[String; N]>,
    /// Wider cells are cut off; zero is no limit.
    max_width: usize,
    /// Whether the last column is filled up too.
    is_padded: bool,
}

impl<const N: usize> Table<N> {
    pub(crate) fn new(heading: [&str; N]) -> Self {
        Self {
            rows: vec![heading.map(str::to_owned)],
            max_width: 0,
            is_padded: false,
        }
    }

    pub(crate) fn max_width(mut self, max_width: usize) -> Self {
        self.max_width = max_width;
        self
    }

    /// A table whose last column is filled up with blanks too, as in Helm.
    pub(crate) fn padded(mut self) -> Self {
        self.is_padded = true;
        self
    }

    /// Takes the heading away.
    pub(crate) fn without_heading(mut self) -> Self {
        self.rows.clear();
        self
    }

    /// Adds a row. Line ends and other control characters become blanks: what a registry sends is one line.
    pub(crate) fn row(&mut self, cells: [&str; N]) {
        let blank = |c: char| if c.is_control() { ' ' } else { c };
        self.rows
            .push(cells.map(|cell| cell.chars().map(blank).collect::<String>()));
    }

    /// Prints all rows. The last column has no blanks behind it.
    pub(crate) fn print(&self, context: &Context) -> Result<(), CommandError> {
        self.print_each(context, str::trim_end)
    }

    /// Prints all rows, the last column as wide as the others, as Helm does.
    pub(crate) fn print_padded(&self, context: &Context) -> Result<(), CommandError> {
        self.print_each(context, |line| line)
    }

    fn print_each(&self, context: &Context, finish: fn(&str) -> &str) -> Result<(), CommandError> {
        let widths: Vec<usize> = (0..N).map(|column| self.width(column)).collect();
        for row in &self.rows {
            let cells = row.iter().zip(&widths).map(|(cell, &width)| fit(cell, width));
            let line = cells.collect::<Vec<_>>().join("\t");
            let line = if self.is_padded { &line } else { finish(&line) };
            context.printer().line(line)?;
        }
        Ok(())
    }

    fn width(&self, column: usize) -> usize {
        let widest = self.rows.iter().map(|row| row[column].chars().count()).max();
        match (widest.unwrap_or_default(), self.max_width) {
            (widest, 0) => widest,
            (widest, limit) => widest.min(limit),
        }
    }
}

/// Helm 4.3.1: a cell that is too wide ends with three dots.
fn fit(cell: &str, width: usize) -> String {
    if cell.chars().count() <= width {
        return format!("{cell:width$}");
    }
    let kept: String = cell.chars().take(width.saturating_sub(3)).collect();
    let dots: String = "...".chars().take(width).collect();
    format!("{kept}{dots}")
}

/// A number of bytes for people: `1.5 MiB`.
pub(crate) fn size(bytes: u64) -> String {
    indicatif::BinaryBytes(bytes).to_string()
}

#[cfg(test)]
mod tests {
    use super::fit;

    #[test]
    fn cells_fit_their_column() {
        assert_eq!(fit("ab", 4), "ab  ");
        assert_eq!(fit("abcdef", 5), "ab...");
        assert_eq!(fit("äöüß", 4), "äöüß");
        assert_eq!(fit("abcdef", 2), "..");
    }
}
