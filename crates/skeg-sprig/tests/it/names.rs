//! Which functions there are.
