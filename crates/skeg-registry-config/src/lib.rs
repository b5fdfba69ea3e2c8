//! What holds for which registry, and where that is written.
//!
//! Three kinds of files are understood: skeg's own ([`RegistryConfig::read`]), the `registries.conf` of podman, skopeo
//! and buildah ([`RegistryConfig::read_containers`]), and directories of certificates as Docker and the containers
//! tools have them ([`RegistryConfig::read_certificates`]). What was read first wins; within one file the longest
//! prefix does, for each setting on its own.
//!
//! ```
//! use skeg_oci::{RegistryHost, RepositoryName};
//! use skeg_registry_config::RegistryConfig;
//!
//! let mut config = RegistryConfig::default();
//! config.parse(
//!     "skeg.toml".as_ref(),
//!     r#"
//!         [[registry]]
//!         prefix = "registry.example/charts"
//!         mirrors = [{ location = "cache.internal/charts" }]
//!     "#,
//! )?;
//! let host = RegistryHost::parse("registry.example")?;
//! let effective = config.effective(&host, Some(&RepositoryName::parse("charts/app")?));
//! let mirror = &effective.mirrors[0];
//! assert_eq!(mirror.value.place.to_string(), "cache.internal/charts/app");
//! assert_eq!(mirror.origin.to_string(), "skeg.toml:2");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! Not here: the environment and the places of files, which the caller knows, and connections.

mod certificates;
mod config;
mod containers;
mod effective;
mod error;
mod file;
mod origin;
mod place;
mod settings;

pub use config::RegistryConfig;
pub use effective::{Effective, Sourced};
pub use error::{ConfigError, ParsePlaceError};
pub use origin::Origin;
pub use place::{Place, Prefix};
pub use settings::{Mirror, Settings};
