//! Checks Helm charts with the rules and words of `helm lint`, and says where.
