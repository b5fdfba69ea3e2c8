//! One entry of `auths`: the fields of a login and what they mean.

use base64::Engine as _;
use base64::alphabet::STANDARD as ALPHABET;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use serde::Deserialize;
use serde_json::value::RawValue;

use crate::{Credential, Secret};

/// Reads base64 as Go's decoder does (bits left over are ignored), and without its padding too.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &ALPHABET,
    GeneralPurposeConfig::new()
        .with_decode_allow_trailing_bits(true)
        .with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// The fields that carry a login, in the order in which ORAS writes them.
pub(crate) const LOGIN_FIELDS: [&str; 5] = ["auth", "identitytoken", "registrytoken", "username", "password"];

/// The login that an entry of `auths` carries.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct AuthEntry {
    auth: Option<String>,
    identitytoken: Option<String>,
    registrytoken: Option<String>,
    username: Option<String>,
    password: Option<String>,
}

/// Why an entry cannot be used. It never quotes the entry, which holds secrets.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum EntryProblem {
    /// It is no object, or a field of it is no string.
    #[error("it is not an object of strings")]
    Type,
    /// `auth` is not base64.
    #[error("its `auth` is not base64")]
    Base64,
    /// `auth` is no text once decoded.
    #[error("its `auth` is not text")]
    Text,
    /// `auth` has no `:` once decoded.
    #[error("its `auth` has no colon between user and password")]
    Colon,
    /// There is a user, but neither a password nor a token.
    #[error("it has a user but no password")]
    Password,
}

impl AuthEntry {
    pub(crate) fn parse(entry: &RawValue) -> Result<Self, EntryProblem> {
        // A derived reader takes a list for an object too.
        if entry.get().starts_with('[') {
            return Err(EntryProblem::Type);
        }
        let entry: Option<Self> = serde_json::from_str(entry.get()).map_err(|_| EntryProblem::Type)?;
        Ok(entry.unwrap_or_default())
    }

    /// The entry as a login writes it; `None` for an anonymous credential.
    pub(crate) fn from_credential(credential: &Credential) -> Option<Self> {
        let mut entry = Self::default();
        match credential {
            Credential::Anonymous => return None,
            Credential::Basic { username, password } => {
                entry.auth = Some(BASE64.encode(format!("{username}:{}", password.expose())));
            }
            Credential::IdentityToken(token) => entry.identitytoken = Some(token.expose().clone()),
            Credential::RegistryToken(token) => entry.registrytoken = Some(token.expose().clone()),
        }
        Some(entry)
    }

    /// The fields that have a value, for writing.
    pub(crate) fn fields(&self) -> impl Iterator<Item = (&'static str, &str)> {
        let values = [
            &self.auth,
            &self.identitytoken,
            &self.registrytoken,
            &self.username,
            &self.password,
        ];
        LOGIN_FIELDS
            .into_iter()
            .zip(values)
            .filter_map(|(name, value)| Some((name, value.as_deref()?)))
    }

    /// The credential of the entry; `None` if it is a mere marker, as Docker leaves one for a login kept by a helper.
    ///
    /// Docker and ORAS: `auth` wins over `username` and `password`. A registry token comes before an identity token,
    /// and both before a password, as ORAS uses them.
    pub(crate) fn credential(self) -> Result<Option<Credential>, EntryProblem> {
        if let Some(token) = non_empty(self.registrytoken) {
            return Ok(Some(Credential::RegistryToken(token.into())));
        }
        if let Some(token) = non_empty(self.identitytoken) {
            return Ok(Some(Credential::IdentityToken(token.into())));
        }
        let (username, password) = match non_empty(self.auth) {
            Some(auth) => decode_auth(&auth)?,
            None => (
                self.username.unwrap_or_default(),
                self.password.unwrap_or_default(),
            ),
        };
        match (username.is_empty(), password.is_empty()) {
            (true, true) => Ok(None),
            (false, true) => Err(EntryProblem::Password),
            (_, false) => Ok(Some(Credential::Basic {
                username,
                password: Secret::new(password),
            })),
        }
    }
}

/// Splits `base64(user:password)` at the first colon.
///
/// Docker and Podman: NUL bytes behind the password do not count. Go's decoder skips line breaks.
fn decode_auth(auth: &str) -> Result<(String, String), EntryProblem> {
    let auth: String = auth.chars().filter(|c| !matches!(c, '\r' | '\n')).collect();
    let decoded = BASE64.decode(auth.trim()).map_err(|_| EntryProblem::Base64)?;
    let decoded = String::from_utf8(decoded).map_err(|_| EntryProblem::Text)?;
    let (username, password) = decoded.split_once(':').ok_or(EntryProblem::Colon)?;
    Ok((username.to_owned(), password.trim_end_matches('\0').to_owned()))
}

fn non_empty(field: Option<String>) -> Option<String> {
    field.filter(|value| !value.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn credential(entry: &str) -> Result<Option<Credential>, EntryProblem> {
        let raw = RawValue::from_string(entry.to_owned()).unwrap();
        AuthEntry::parse(&raw)?.credential()
    }

    #[track_caller]
    fn check(entry: &str, expected: Credential) {
        assert_eq!(credential(entry), Ok(Some(expected)));
    }

    #[track_caller]
    fn check_problem(entry: &str, expected: EntryProblem) {
        assert_eq!(credential(entry), Err(expected));
    }

    #[test]
    fn entries_of_all_tools_are_read() {
        check(r#"{"auth":"dTpw"}"#, Credential::basic("u", "p"));
        check(r#"{"auth":"dTpwOnE="}"#, Credential::basic("u", "p:q"));
        check(r#"{"auth":"dTpwOnE"}"#, Credential::basic("u", "p:q"));
        check(r#"{"auth":"dTpw\nOnE=\r\n"}"#, Credential::basic("u", "p:q"));
        check(r#"{"auth":"dTpwAAA="}"#, Credential::basic("u", "p"));
        check(r#"{"auth":"OnRva2Vu"}"#, Credential::basic("", "token"));
        check(r#"{"username":"u","password":"p"}"#, Credential::basic("u", "p"));
        check(
            r#"{"auth":"dTpw","username":"x","password":"y"}"#,
            Credential::basic("u", "p"),
        );
        check(
            r#"{"auth":"","username":"x","password":"y"}"#,
            Credential::basic("x", "y"),
        );
        check(
            r#"{"auth":"dTo=","identitytoken":"t"}"#,
            Credential::IdentityToken("t".into()),
        );
        check(
            r#"{"auth":"dTpw","identitytoken":"t","registrytoken":"r"}"#,
            Credential::RegistryToken("r".into()),
        );
        check(
            r#"{"auth":"dTpw","email":null,"serveraddress":"x","n":[1]}"#,
            Credential::basic("u", "p"),
        );
    }

    #[test]
    fn markers_carry_nothing() {
        for entry in [
            "{}",
            "null",
            r#"{"auth":""}"#,
            r#"{"email":"me"}"#,
            r#"{"auth":null}"#,
            r#"{"auth":"Og=="}"#,
        ] {
            assert_eq!(credential(entry), Ok(None), "{entry}");
        }
    }

    #[test]
    fn broken_entries_say_what_is_wrong() {
        check_problem("[]", EntryProblem::Type);
        check_problem(r#""dTpw""#, EntryProblem::Type);
        check_problem(r#"{"auth":7}"#, EntryProblem::Type);
        check_problem(r#"{"auth":"dTp@"}"#, EntryProblem::Base64);
        check_problem(r#"{"auth":"//79"}"#, EntryProblem::Text);
        check_problem(r#"{"auth":"dXA="}"#, EntryProblem::Colon);
        check_problem(r#"{"auth":"dTo="}"#, EntryProblem::Password);
        check_problem(r#"{"username":"u"}"#, EntryProblem::Password);
    }

    #[test]
    fn what_is_written_is_read_again() {
        for expected in [
            Credential::basic("u", "p:ä\n"),
            Credential::basic("", "p"),
            Credential::IdentityToken("t".into()),
            Credential::RegistryToken("r".into()),
        ] {
            let entry = AuthEntry::from_credential(&expected).unwrap();
            assert_eq!(entry.credential(), Ok(Some(expected)));
        }
        assert!(AuthEntry::from_credential(&Credential::Anonymous).is_none());
    }
}
