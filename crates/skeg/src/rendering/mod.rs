//! What all commands that render have in common: the chart, and the program behind the templates.

mod chart;
mod post_renderer;

pub(crate) use self::chart::{LoadManner, load, load_complete};
pub(crate) use self::post_renderer::{PostRendererArgs, Program};
