//! Who may come in: users with tokens, one with a certificate, and the kubeconfig that knows them all.

use std::fmt::Write;
use std::str::FromStr;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;
use serde_json::json;
use skeg_test_support::Kubeconfig;

use crate::failure::Result;
use crate::server::Authority;

/// The group that may do everything.
const MASTERS: &str = "system:masters";

/// The context of a user with a client certificate instead of a token; all rights.
const CERTIFICATE: &str = "certificate";

/// Someone with a token, `loopback-NAME`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct User {
    name: String,
    groups: Vec<String>,
}

impl User {
    fn new(name: &str, groups: &[&str]) -> Self {
        Self {
            name: name.to_owned(),
            groups: groups.iter().map(|&group| group.to_owned()).collect(),
        }
    }

    fn token(&self) -> String {
        format!("loopback-{}", self.name)
    }

    /// The line of the token file. Quotes cannot be part of what is in it.
    fn line(&self) -> String {
        let (name, token, groups) = (&self.name, self.token(), self.groups.join(","));
        format!("{token},{name},{name},\"{groups}\"")
    }
}

impl FromStr for User {
    type Err = String;

    fn from_str(text: &str) -> std::result::Result<Self, String> {
        let (name, groups) = text.split_once(':').unwrap_or((text, ""));
        let groups: Vec<&str> = groups.split(',').filter(|group| !group.is_empty()).collect();
        let is_plain = |word: &str| !word.contains(['"', ',', ' ', '\n']);
        if name.is_empty() || !is_plain(name) || !groups.iter().all(|group| is_plain(group)) {
            return Err(format!("`{text}` is not NAME or NAME:GROUP,GROUP"));
        }
        Ok(Self::new(name, &groups))
    }
}

/// The users every cluster has, and those asked for.
pub(super) fn users(more: &[User]) -> Vec<User> {
    let mut users = vec![User::new("admin", &[MASTERS]), User::new("joe", &[])];
    users.extend_from_slice(more);
    users
}

/// The content of the API server's token file.
pub(super) fn token_file(users: &[User]) -> String {
    users.iter().fold(String::new(), |mut text, user| {
        writeln!(text, "{}", user.line()).expect("because a string takes any text");
        text
    })
}

/// The kubeconfig of a server, with a context for each user and one for the certificate.
pub(super) fn kubeconfig(server: &str, authority: &Authority, users: &[User]) -> Result<Kubeconfig> {
    let (certificate, key) = authority.client("certified", MASTERS)?;
    let mut entries: Vec<(String, Value)> = users
        .iter()
        .map(|user| (user.name.clone(), json!({"token": user.token()})))
        .collect();
    let certified = json!({
        "client-certificate-data": STANDARD.encode(certificate),
        "client-key-data": STANDARD.encode(key),
    });
    entries.push((CERTIFICATE.to_owned(), certified));
    Ok(Kubeconfig::new(server, Some(&authority.pem()?), &entries))
}

/// The names of the contexts.
pub(super) fn contexts(users: &[User]) -> Vec<String> {
    let names = users.iter().map(|user| user.name.clone());
    names.chain([CERTIFICATE.to_owned()]).collect()
}

#[cfg(test)]
mod tests {
    use super::User;
    use super::token_file;
    use super::users;

    #[track_caller]
    fn check(text: &str, line: Option<&str>) {
        let parsed = text.parse::<User>().ok().map(|user| user.line());
        assert_eq!(parsed.as_deref(), line, "{text}");
    }

    #[test]
    fn users_have_names_and_groups() {
        check("ada", Some("loopback-ada,ada,ada,\"\""));
        check("ada:one", Some("loopback-ada,ada,ada,\"one\""));
        check("ada:one,two", Some("loopback-ada,ada,ada,\"one,two\""));
        check("ada:a:b", Some("loopback-ada,ada,ada,\"a:b\""));
        check("", None);
        check(":one", None);
        check("a b", None);
        check("a\"b", None);
        check("ada:o\"ne", None);
    }

    #[test]
    fn there_are_always_an_administrator_and_a_nobody() {
        let file = token_file(&users(&[]));
        assert_eq!(
            file,
            "loopback-admin,admin,admin,\"system:masters\"\nloopback-joe,joe,joe,\"\"\n"
        );
    }
}
