//! Integration tests of the program: command lines, and everything that comes back from them.

mod bad_input;
mod cache;
mod cache_kill;
mod capabilities;
mod classic_repository;
mod completion;
mod copy;
mod create;
mod credentials;
mod dependency;
mod dependency_bad;
mod dependency_classic;
mod dependency_kill;
mod diff;
mod env;
mod environment;
#[cfg(unix)]
mod hostile_templates;
mod interrupt;
mod lint;
mod looking;
mod migrate;
mod offline;
mod output;
mod package;
#[cfg(unix)]
mod post_renderer;
mod pull;
mod push;
mod push_classic;
mod push_remotes;
mod push_tags;
mod redaction;
mod references;
mod registries;
mod registry;
mod release_records;
mod remote;
mod repo;
mod repo_index_from;
mod show;
mod streams;
mod support;
mod template;
#[cfg(target_os = "linux")]
mod terminal;
mod transport;
mod usage;
mod version;
mod writing;

#[test]
fn no_test_file_is_forgotten() {
    skeg_test_support::no_forgotten_files(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it"));
}
