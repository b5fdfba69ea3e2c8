//! Unit tests of metadata; expectations were taken from Helm 4.3.1.
