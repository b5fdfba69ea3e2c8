//! Test harness: fake registry with faults and a request log, isolated command context, chart builder.
