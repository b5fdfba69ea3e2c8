//! Text in aligned columns, as the tab writer of kubectl lays it out.

/// The least width of a column.
const LEAST: usize = 6;
/// What is between a cell and the next.
const PADDING: usize = 3;

/// Lays out lines, some at a time. A column is never narrower than it was.
#[derive(Debug, Default)]
pub(super) struct Layout {
    /// The widths of the columns so far.
    widths: Vec<usize>,
}

impl Layout {
    /// Lines of cells as text. The last cell of a line belongs to no column; lines that follow each other and have a
    /// cell in a column share its width.
    pub(super) fn align(&mut self, lines: &[Vec<String>]) -> String {
        let columns = lines.iter().map(|line| line.len().saturating_sub(1)).max();
        let columns = columns.unwrap_or_default();
        if self.widths.len() < columns {
            self.widths.resize(columns, LEAST);
        }
        let mut widths: Vec<Vec<usize>> = lines.iter().map(|_| Vec::new()).collect();
        for column in 0..columns {
            self.set_widths(lines, &mut widths, column);
        }
        let mut text = String::new();
        for (line, widths) in lines.iter().zip(&widths) {
            for (at, cell) in line.iter().enumerate() {
                text.push_str(cell);
                let padding = widths.get(at).map(|width| width.saturating_sub(width_of(cell)));
                text.extend(std::iter::repeat_n(' ', padding.unwrap_or_default()));
            }
            text.push('\n');
        }
        text
    }

    fn set_widths(&mut self, lines: &[Vec<String>], widths: &mut [Vec<usize>], column: usize) {
        let mut start = 0;
        while start < lines.len() {
            let has_cell = |line: &&Vec<String>| column + 1 < line.len();
            let length = lines[start..].iter().take_while(has_cell).count();
            let block = &lines[start..start + length];
            let widest = block.iter().map(|line| width_of(&line[column]) + PADDING).max();
            let width = self.widths[column].max(widest.unwrap_or_default());
            self.widths[column] = width;
            for widths in &mut widths[start..start + length] {
                widths.push(width);
            }
            start += length.max(1);
        }
    }
}

fn width_of(cell: &str) -> usize {
    cell.chars().count()
}
