//! Versions of Kubernetes: two or more numbers, and whatever follows them.

use skeg_go::quote::quote;

/// A version of Kubernetes.
///
/// ```
/// use skeg_engine::KubeVersion;
///
/// let version = KubeVersion::parse("1.33.4-gke.1245000")?;
/// assert_eq!(version.version(), "v1.33.4-gke.1245000");
/// assert_eq!(version.normalized(), "v1.33.4");
/// assert_eq!((version.major(), version.minor()), ("1", "33"));
/// # Ok::<(), skeg_engine::ParseKubeVersionError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KubeVersion {
    version: String,
    normalized: String,
    major: String,
    minor: String,
}

/// A text that is no version of Kubernetes.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ParseKubeVersionError {
    /// It does not begin with a number.
    #[error("could not parse {} as version", quote(.text))]
    NotAVersion {
        /// The text.
        text: String,
    },
    /// It has one number only.
    #[error("illegal version string {}", quote(.text))]
    TooShort {
        /// The text.
        text: String,
    },
    /// Its first number begins with a zero.
    #[error("illegal zero-prefixed version component {} in {}", quote(.component), quote(.text))]
    LeadingZero {
        /// The number.
        component: String,
        /// The text.
        text: String,
    },
    /// One of its numbers has more than 64 bits.
    #[error(
        "illegal non-numeric version component {} in {}: strconv.ParseUint: parsing {}: value out of range",
        quote(.component), quote(.text), quote(.component)
    )]
    TooLarge {
        /// The number.
        component: String,
        /// The text.
        text: String,
    },
}

impl KubeVersion {
    /// The version that a server says it has, word by word. Helm 4.3.1 holds it against charts as it is.
    pub fn of_server(version: &str, major: &str, minor: &str) -> Self {
        Self {
            version: version.to_owned(),
            normalized: version.to_owned(),
            major: major.to_owned(),
            minor: minor.to_owned(),
        }
    }

    /// Reads a version, with or without a `v` in front.
    pub fn parse(text: &str) -> Result<Self, ParseKubeVersionError> {
        let owned = || text.to_owned();
        let numbers =
            leading_numbers(text).ok_or_else(|| ParseKubeVersionError::NotAVersion { text: owned() })?;
        let components: Vec<&str> = numbers.split('.').collect();
        if components.len() < 2 {
            return Err(ParseKubeVersionError::TooShort { text: owned() });
        }
        if components[0].starts_with('0') && components[0] != "0" {
            let component = components[0].to_owned();
            return Err(ParseKubeVersionError::LeadingZero {
                component,
                text: owned(),
            });
        }
        let mut parsed = Vec::with_capacity(components.len());
        for component in components {
            let number: u64 = component.parse().map_err(|_| ParseKubeVersionError::TooLarge {
                component: component.to_owned(),
                text: owned(),
            })?;
            parsed.push(number.to_string());
        }
        Ok(Self {
            version: if text.starts_with('v') {
                owned()
            } else {
                format!("v{text}")
            },
            normalized: format!("v{}", parsed.join(".")),
            major: parsed[0].clone(),
            minor: parsed[1].clone(),
        })
    }

    /// The version as it was written, with a `v` in front.
    pub fn version(&self) -> &str {
        &self.version
    }

    /// The numbers alone, with a `v` in front: what constraints are held against.
    pub fn normalized(&self) -> &str {
        &self.normalized
    }

    /// The first number.
    pub fn major(&self) -> &str {
        &self.major
    }

    /// The second number.
    pub fn minor(&self) -> &str {
        &self.minor
    }
}

impl Default for KubeVersion {
    fn default() -> Self {
        Self {
            version: "v1.37.0".to_owned(),
            normalized: "v1.37.0".to_owned(),
            major: "1".to_owned(),
            minor: "37".to_owned(),
        }
    }
}

/// The dotted numbers at the beginning; `None` if there are none, or a line break follows.
fn leading_numbers(text: &str) -> Option<&str> {
    let text = text.trim_start_matches(['\t', '\n', '\u{c}', '\r', ' ']);
    let text = text.strip_prefix('v').unwrap_or(text);
    let digits = |text: &str| text.bytes().take_while(u8::is_ascii_digit).count();
    let mut end = digits(text);
    if end == 0 {
        return None;
    }
    while text[end..].starts_with('.') {
        match digits(&text[end + 1..]) {
            0 => break,
            length => end += 1 + length,
        }
    }
    (!text[end..].contains('\n')).then(|| &text[..end])
}

#[cfg(test)]
mod tests {
    use super::KubeVersion;

    /// What Helm 4.3.1 makes of `--kube-version`.
    #[track_caller]
    fn check(text: &str, expected: &str) {
        let actual = match KubeVersion::parse(text) {
            Ok(version) => format!(
                "{{{} {} {} {}}}",
                version.version, version.normalized, version.major, version.minor
            ),
            Err(error) => error.to_string(),
        };
        assert_eq!(actual, expected, "{text:?}");
    }

    #[test]
    fn versions() {
        check("1.2", "{v1.2 v1.2 1 2}");
        check("v1.2.3-gke", "{v1.2.3-gke v1.2.3 1 2}");
        check("1.2.3.4", "{v1.2.3.4 v1.2.3.4 1 2}");
        check("1.2.x", "{v1.2.x v1.2 1 2}");
        check("1.02", "{v1.02 v1.2 1 2}");
        check("1.20-a+b", "{v1.20-a+b v1.20 1 20}");
        check("1.2 ", "{v1.2  v1.2 1 2}");
        check(" 1.2", "{v 1.2 v1.2 1 2}");
        check("1.2.", "{v1.2. v1.2 1 2}");
        check("1.2a", "{v1.2a v1.2 1 2}");
        check("99999999999.1", "{v99999999999.1 v99999999999.1 99999999999 1}");
    }

    #[test]
    fn texts_that_are_no_versions() {
        check("x", r#"could not parse "x" as version"#);
        check("", r#"could not parse "" as version"#);
        check("-1.2", r#"could not parse "-1.2" as version"#);
        check("V1.2", r#"could not parse "V1.2" as version"#);
        check("vv1.2", r#"could not parse "vv1.2" as version"#);
        check("1", r#"illegal version string "1""#);
        check(
            "01.2",
            r#"illegal zero-prefixed version component "01" in "01.2""#,
        );
        check(
            "99999999999999999999999.1",
            "illegal non-numeric version component \"99999999999999999999999\" in \"99999999999999999999999.1\": \
             strconv.ParseUint: parsing \"99999999999999999999999\": value out of range",
        );
    }
}
