//! Registry hosts: the name and port in front of a reference.

use std::fmt;
use std::net::{IpAddr, Ipv6Addr};
use std::str::FromStr;

/// A registry's host name or address, with its port if one is written: `ghcr.io`, `[::1]:5000`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RegistryHost {
    text: String,
    /// Where the `:` of the port stands in `text`.
    port_at: Option<usize>,
}

/// Why a text is no registry host.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("invalid registry \"{0}\"")]
pub struct ParseHostError(pub(crate) String);

impl RegistryHost {
    /// Parses `host`, `host:port`, `[ipv6]` or `[ipv6]:port`; the host name is put in lower case.
    ///
    /// # Errors
    /// The text is empty, has a path or a user in it, or a port that is no number below 65536.
    pub fn parse(text: &str) -> Result<Self, ParseHostError> {
        let error = || ParseHostError(text.to_owned());
        let (name_length, port) = if let Some(rest) = text.strip_prefix('[') {
            let (address, port) = rest.split_once(']').ok_or_else(error)?;
            address.parse::<Ipv6Addr>().map_err(|_| error())?;
            (address.len() + 2, port)
        } else {
            let length = text.find(':').unwrap_or(text.len());
            if !is_host_name(&text[..length]) {
                return Err(error());
            }
            (length, &text[length..])
        };
        let port_at = match port.strip_prefix(':') {
            Some(digits) if is_port(digits) => Some(name_length),
            None if port.is_empty() => None,
            _ => return Err(error()),
        };
        Ok(Self {
            text: text.to_ascii_lowercase(),
            port_at,
        })
    }

    /// The host as it was written, in lower case.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The host without port; an IPv6 address stands in its brackets.
    pub fn hostname(&self) -> &str {
        &self.text[..self.port_at.unwrap_or(self.text.len())]
    }

    /// The port, if one is written.
    pub fn port(&self) -> Option<u16> {
        self.text[self.port_at? + 1..].parse().ok()
    }

    /// Tells whether the host is this machine by its name or address alone (`localhost`, `127.0.0.0/8`, `[::1]`).
    pub fn is_loopback(&self) -> bool {
        let name = self.hostname();
        if name == "localhost" || name.ends_with(".localhost") {
            return true;
        }
        let address = name.trim_start_matches('[').trim_end_matches(']');
        address.parse().is_ok_and(|address: IpAddr| address.is_loopback())
    }

    /// The host that answers the API requests: `registry-1.docker.io` for `docker.io`, the host itself for all others.
    pub fn api_host(&self) -> &str {
        match self.as_str() {
            "docker.io" | "index.docker.io" => "registry-1.docker.io",
            other => other,
        }
    }
}

fn is_host_name(name: &str) -> bool {
    let is_label = |label: &str| {
        !label.is_empty()
            && label
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_')
    };
    name.len() <= 253 && name.strip_suffix('.').unwrap_or(name).split('.').all(is_label)
}

fn is_port(digits: &str) -> bool {
    digits.bytes().all(|byte| byte.is_ascii_digit()) && digits.parse::<u16>().is_ok()
}

impl fmt::Display for RegistryHost {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl FromStr for RegistryHost {
    type Err = ParseHostError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::parse(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, hostname: &str, port: Option<u16>, is_loopback: bool) {
        let host = RegistryHost::parse(text).unwrap();
        assert_eq!(
            (host.hostname(), host.port(), host.is_loopback()),
            (hostname, port, is_loopback)
        );
    }

    #[test]
    fn hosts_are_taken_apart() {
        check("ghcr.io", "ghcr.io", None, false);
        check("GHCR.io", "ghcr.io", None, false);
        check("registry.example:5000", "registry.example", Some(5000), false);
        check("my_host.", "my_host.", None, false);
        check("localhost:5000", "localhost", Some(5000), true);
        check("a.localhost", "a.localhost", None, true);
        check("127.0.0.2", "127.0.0.2", None, true);
        check("[::1]:5000", "[::1]", Some(5000), true);
        check("[2001:db8::1]", "[2001:db8::1]", None, false);
    }

    #[test]
    fn malformed_hosts_are_refused() {
        for text in [
            "", ":5000", "a:", "a:x", "a:70000", "a:+1", "a/b", "user@a", "[::1", "[zz]", "[::1]x", "a..b",
            "a b", "::1",
        ] {
            let error = RegistryHost::parse(text).unwrap_err();
            assert_eq!(error.to_string(), format!("invalid registry \"{text}\""));
        }
    }

    #[test]
    fn docker_hub_has_an_api_host_of_its_own() {
        assert_eq!(
            RegistryHost::parse("docker.io").unwrap().api_host(),
            "registry-1.docker.io"
        );
        assert_eq!(RegistryHost::parse("quay.io").unwrap().api_host(), "quay.io");
    }
}
