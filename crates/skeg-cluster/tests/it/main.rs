//! Tests of the client of clusters.
