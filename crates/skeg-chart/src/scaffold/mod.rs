//! New charts: the built-in scaffold, or a copy of a starter chart.

mod create;
mod error;
mod files;

pub use create::{CreatedChart, create_chart, create_chart_from_starter};
pub use error::CreateError;
