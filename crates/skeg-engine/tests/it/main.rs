//! Charts, values, and what Helm 4.3.1 makes of them.

mod deep;
mod recorded;
mod support;
