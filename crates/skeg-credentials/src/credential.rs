//! What a client proves its identity with.

use std::fmt;

use crate::Secret;

/// A credential for one registry.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Credential {
    /// Nothing is known: requests go out without a credential.
    #[default]
    Anonymous,
    /// A user name and its password (or an access token in the password's place).
    Basic {
        /// The user name; may be empty, as some registries expect beside a token.
        username: String,
        /// The password.
        password: Secret<String>,
    },
    /// An OAuth2 refresh token, exchanged for an access token (`identitytoken`, or a helper's user `<token>`).
    IdentityToken(Secret<String>),
    /// An access token, sent as it is (`registrytoken`).
    RegistryToken(Secret<String>),
}

/// The kind of a [`Credential`], which may be shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum CredentialKind {
    /// A user name and a password.
    Basic,
    /// An OAuth2 refresh token.
    IdentityToken,
    /// An access token.
    RegistryToken,
}

impl Credential {
    /// Makes a [`Credential::Basic`].
    pub fn basic(username: impl Into<String>, password: impl Into<Secret<String>>) -> Self {
        Self::Basic {
            username: username.into(),
            password: password.into(),
        }
    }

    /// Tells whether there is no credential.
    pub fn is_anonymous(&self) -> bool {
        self.kind().is_none()
    }

    /// The credential's kind; `None` for [`Credential::Anonymous`].
    pub fn kind(&self) -> Option<CredentialKind> {
        match self {
            Self::Anonymous => None,
            Self::Basic { .. } => Some(CredentialKind::Basic),
            Self::IdentityToken(_) => Some(CredentialKind::IdentityToken),
            Self::RegistryToken(_) => Some(CredentialKind::RegistryToken),
        }
    }

    /// The user name of a [`Credential::Basic`].
    pub fn username(&self) -> Option<&str> {
        match self {
            Self::Basic { username, .. } => Some(username),
            _ => None,
        }
    }
}

impl fmt::Display for CredentialKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Basic => "password",
            Self::IdentityToken => "identity token",
            Self::RegistryToken => "registry token",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_output_holds_no_secret() {
        for credential in [
            Credential::basic("me", "hunter2"),
            Credential::IdentityToken("hunter2".into()),
            Credential::RegistryToken("hunter2".into()),
        ] {
            let text = format!("{credential:?}");
            assert!(!text.contains("hunter2"), "{text}");
            assert!(text.contains("[REDACTED]"), "{text}");
        }
    }
}
