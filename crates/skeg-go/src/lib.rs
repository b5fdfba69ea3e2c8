//! What is Go's own and nobody else's: Masterminds semver, JSON as Go writes it, quoting, number formatting.
