//! Sprig's template functions, with the results and errors of sprig 3.3.0.
