//! The configuration files of the registries, and the arguments that name them.

use std::path::Path;
use std::path::PathBuf;

use serde_json::Value;
use serde_json::json;

use crate::failure::Failure;
use crate::failure::Result;
use crate::peers::Peer;

use super::Authentication;
use super::Setup;
use super::USER;
use super::certificate::Authority;
use super::token::ISSUER;
use super::token::SERVICE;
use super::token::TokenServer;

/// The bcrypt hash of [`super::PASSWORD`], made once with `htpasswd -nbB -C 5`.
const PASSWORD_HASH: &str = "$2y$05$abcdefghijklmnopqrstuucJNoj1zsjPrqk/a2HjbuRSfW87b9Cb2";

/// Where a registry keeps its content. Only distribution can do without a directory.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Storage {
    Directory,
    Memory,
}

/// All that a registry's configuration is made of.
pub(super) struct Config<'a> {
    pub(super) setup: Setup,
    pub(super) storage: Storage,
    pub(super) directory: &'a Path,
    pub(super) address: &'a str,
    pub(super) authority: Option<&'a Authority>,
    pub(super) token_server: Option<&'a TokenServer>,
}

impl Config<'_> {
    /// Writes the file and returns the arguments the registry is started with.
    pub(super) fn write(&self) -> Result<Vec<String>> {
        let (name, value, command) = match self.setup.peer {
            Peer::Distribution | Peer::DebianRegistry => ("config.yml", self.distribution()?, vec!["serve"]),
            Peer::Zot => ("config.json", self.zot()?, vec!["serve"]),
            other => {
                let message = format!("`{}` is no registry", other.name());
                return Err(Failure::new(message));
            }
        };
        let path = self.directory.join(name);
        // JSON is YAML, so one writer serves both.
        fs_err::write(&path, format!("{value:#}\n"))?;
        let mut arguments: Vec<String> = command.into_iter().map(str::to_owned).collect();
        arguments.push(path.display().to_string());
        Ok(arguments)
    }

    fn distribution(&self) -> Result<Value> {
        let mut config = json!({
            "version": "0.1",
            "log": {"level": "warn", "accesslog": {"disabled": false}},
            "storage": {
                "filesystem": {"rootdirectory": self.storage()},
                "delete": {"enabled": true},
            },
            "http": {"addr": self.address, "secret": "only-for-tests"},
        });
        if self.storage == Storage::Memory {
            config["storage"] = json!({"inmemory": {}, "delete": {"enabled": true}});
        }
        if let Some(authority) = self.authority {
            config["http"]["tls"] = json!({
                "certificate": authority.certificate(),
                "key": authority.key(),
            });
        }
        match (self.setup.authentication, self.token_server) {
            (Authentication::Htpasswd, _) => {
                config["auth"] = json!({"htpasswd": {
                    "realm": "skeg-test",
                    "path": self.htpasswd()?,
                }});
            }
            (Authentication::Token, Some(server)) => {
                config["auth"] = json!({"token": {
                    "realm": server.realm(),
                    "service": SERVICE,
                    "issuer": ISSUER,
                    "rootcertbundle": server.certificate(),
                }});
            }
            _ => {}
        }
        Ok(config)
    }

    fn zot(&self) -> Result<Value> {
        let (host, port) = self.address.rsplit_once(':').unwrap_or((self.address, ""));
        let mut config = json!({
            "storage": {"rootDirectory": self.storage(), "dedupe": false, "gc": false},
            "http": {"address": host, "port": port},
            "log": {"level": "warn"},
        });
        if let Some(authority) = self.authority {
            config["http"]["tls"] = json!({
                "cert": authority.certificate(),
                "key": authority.key(),
            });
        }
        match (self.setup.authentication, self.token_server) {
            (Authentication::Htpasswd, _) => {
                config["http"]["auth"] = json!({"htpasswd": {"path": self.htpasswd()?}});
            }
            (Authentication::Token, Some(server)) => {
                config["http"]["auth"] = json!({"bearer": {
                    "realm": server.realm(),
                    "service": SERVICE,
                    "cert": server.certificate(),
                }});
            }
            _ => {}
        }
        Ok(config)
    }

    fn storage(&self) -> PathBuf {
        self.directory.join("storage")
    }

    fn htpasswd(&self) -> Result<PathBuf> {
        let path = self.directory.join("htpasswd");
        fs_err::write(&path, format!("{USER}:{PASSWORD_HASH}\n"))?;
        Ok(path)
    }
}
