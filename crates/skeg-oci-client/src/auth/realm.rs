//! Which token services a registry may send us to. No IO.
//!
//! A credential goes where the realm points, so a registry must not be able to point it to plain HTTP, or make us knock on
//! the doors of the network that we are in.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use url::{Host, Url};

/// Checks that the registry at `registry` may name `realm` as its token service.
///
/// # Errors
///
/// What is wrong with the realm, as a phrase.
pub(crate) fn check_realm(realm: &Url, registry: &Url) -> Result<(), &'static str> {
    match realm.scheme() {
        "https" => {}
        "http" if registry.scheme() == "http" => {}
        "http" => return Err("it is plain HTTP, and the registry is not"),
        _ => return Err("it is no HTTP address"),
    }
    if !realm.username().is_empty() || realm.password().is_some() {
        return Err("it holds a user name");
    }
    let Some(host) = realm.host() else {
        return Err("it has no host");
    };
    if realm.host() == registry.host() {
        return Ok(());
    }
    let from = registry.host().map_or(Reach::Public, |host| reach(&host));
    match reach(&host) {
        Reach::Public => Ok(()),
        Reach::LinkLocal => Err("it is a link-local address"),
        Reach::Loopback if from == Reach::Loopback => Ok(()),
        Reach::Loopback => Err("it is an address of this machine"),
        Reach::Private if from != Reach::Public => Ok(()),
        Reach::Private => Err("it is an address of a private network"),
    }
}

/// From where a host can be reached, by its text alone.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Reach {
    Public,
    Private,
    LinkLocal,
    Loopback,
}

fn reach(host: &Host<&str>) -> Reach {
    match host {
        Host::Domain(name) => {
            let name = name.trim_end_matches('.');
            if name == "localhost" || name.ends_with(".localhost") {
                Reach::Loopback
            } else {
                Reach::Public
            }
        }
        Host::Ipv4(address) => reach_of_address(IpAddr::V4(*address)),
        Host::Ipv6(address) => reach_of_address(IpAddr::V6(*address)),
    }
}

fn reach_of_address(address: IpAddr) -> Reach {
    match address.to_canonical() {
        IpAddr::V4(address) => reach_of_v4(address),
        IpAddr::V6(address) => reach_of_v6(address),
    }
}

fn reach_of_v4(address: Ipv4Addr) -> Reach {
    if address.is_loopback() || address.is_unspecified() {
        Reach::Loopback
    } else if address.is_link_local() || address.is_multicast() || address.is_broadcast() {
        Reach::LinkLocal
    } else if address.is_private() {
        Reach::Private
    } else {
        Reach::Public
    }
}

fn reach_of_v6(address: Ipv6Addr) -> Reach {
    if address.is_loopback() || address.is_unspecified() {
        Reach::Loopback
    } else if address.is_unicast_link_local() || address.is_multicast() {
        Reach::LinkLocal
    } else if address.is_unique_local() {
        Reach::Private
    } else {
        Reach::Public
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(registry: &str, realm: &str, expected: Result<(), &'static str>) {
        let registry = Url::parse(registry).unwrap();
        let realm = Url::parse(realm).unwrap();
        assert_eq!(check_realm(&realm, &registry), expected);
    }

    #[test]
    fn ordinary_realms() {
        check(
            "https://registry-1.docker.io/",
            "https://auth.docker.io/token",
            Ok(()),
        );
        check("https://a.example/", "https://a.example/token", Ok(()));
        check("http://a.example/", "http://b.example/token", Ok(()));
        check("http://a.example/", "https://b.example/token", Ok(()));
        check("http://127.0.0.1:5000/", "http://127.0.0.1:5001/token", Ok(()));
        check("http://localhost:5000/", "http://127.0.0.1:5001/token", Ok(()));
        check("https://10.0.0.1/", "https://10.0.0.1/token", Ok(()));
        check("https://10.0.0.1/", "https://10.0.0.2/token", Ok(()));
    }

    #[test]
    fn case_15_realms_that_are_refused() {
        let public = "https://registry.example/";
        check(
            public,
            "http://auth.example/token",
            Err("it is plain HTTP, and the registry is not"),
        );
        check(public, "file:///etc/passwd", Err("it is no HTTP address"));
        check(public, "ftp://a/b", Err("it is no HTTP address"));
        check(
            public,
            "https://169.254.169.254/latest",
            Err("it is a link-local address"),
        );
        check(public, "https://[fe80::1]/", Err("it is a link-local address"));
        check(
            public,
            "https://127.0.0.1/",
            Err("it is an address of this machine"),
        );
        check(
            public,
            "https://2130706433/",
            Err("it is an address of this machine"),
        );
        check(
            public,
            "https://0.0.0.0/",
            Err("it is an address of this machine"),
        );
        check(
            public,
            "https://localhost/",
            Err("it is an address of this machine"),
        );
        check(
            public,
            "https://[::ffff:127.0.0.1]/",
            Err("it is an address of this machine"),
        );
        check(
            public,
            "https://192.168.0.1/",
            Err("it is an address of a private network"),
        );
        check(
            public,
            "https://[fd00::1]/",
            Err("it is an address of a private network"),
        );
        check(public, "https://u:p@auth.example/", Err("it holds a user name"));
        check(
            "https://10.0.0.1/",
            "https://127.0.0.1/",
            Err("it is an address of this machine"),
        );
        check(
            "https://127.0.0.1/",
            "https://169.254.169.254/",
            Err("it is a link-local address"),
        );
    }
}
