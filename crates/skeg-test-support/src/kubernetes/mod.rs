//! A real Kubernetes API server from outside: a client for tests, and a proxy that counts, delays and fails requests.
//!
//! The server itself is started by `cargo xtask cluster`, which writes the [`Kubeconfig`].

mod body;
mod client;
mod kubeconfig;
mod proxy;
mod upstream;

pub use client::{ApiAnswer, ApiClient};
pub use kubeconfig::Kubeconfig;
pub use proxy::{ApiProxy, ApiProxyBuilder};
