//! The versions that a chart's dependencies were resolved to: `Chart.lock`, or `requirements.lock` of a `v1`
//! chart.

use skeg_values::{Map, StructReader, Value, yaml};

use crate::dependency::Dependency;
use crate::error::{DecodeDocumentError, LoadLockError};

/// The time that Go writes where there is none.
const ZERO_TIME: &str = "0001-01-01T00:00:00Z";

/// A lock file.
///
/// ```
/// use skeg_chart::Lock;
///
/// let lock = Lock::parse(b"digest: sha256:00\ngenerated: 2020-01-01T00:00:00.50Z\n")?;
/// assert_eq!(lock.digest(), "sha256:00");
/// assert_eq!(
///     lock.to_yaml(),
///     "dependencies: null\ndigest: sha256:00\ngenerated: \"2020-01-01T00:00:00.5Z\"\n"
/// );
/// # Ok::<(), skeg_chart::DecodeDocumentError>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Lock {
    generated: String,
    digest: String,
    dependencies: Option<Vec<Dependency>>,
}

impl Lock {
    /// Reads a lock file.
    pub fn parse(content: &[u8]) -> Result<Self, DecodeDocumentError> {
        let value = yaml::decode_for_struct(content)?;
        let mut reader = StructReader::new(&value, "v2.Lock")?;
        let generated = reader.string("generated");
        let digest = reader.string("digest");
        let dependencies = reader.structs("dependencies", "v2.Dependency", Dependency::read);
        reader.finish()?;
        Ok(Self {
            generated: normalize_time(&generated)?,
            digest,
            dependencies: value
                .get("dependencies")
                .filter(|list| !list.is_null())
                .map(|_| dependencies.into_iter().flatten().collect()),
        })
    }

    /// Reads the lock files that a chart has, and takes one.
    ///
    /// Helm 4.3.1: of two the one that comes later in the order of names, whatever the chart's `apiVersion`.
    pub(crate) fn load(
        chart_lock: Option<&[u8]>,
        requirements_lock: Option<&[u8]>,
    ) -> Result<Option<Self>, LoadLockError> {
        let parse = |file, content: Option<&[u8]>| {
            let lock = content.map(Self::parse).transpose();
            lock.map_err(|source| LoadLockError { file, source })
        };
        let chart_lock = parse("Chart.lock", chart_lock)?;
        let requirements_lock = parse("requirements.lock", requirements_lock)?;
        Ok(requirements_lock.or(chart_lock))
    }

    /// When the file was made, in the form of RFC 3339.
    pub fn generated(&self) -> &str {
        &self.generated
    }

    /// The hash of the dependencies that `Chart.yaml` declares.
    pub fn digest(&self) -> &str {
        &self.digest
    }

    /// The dependencies, each with its one version.
    pub fn dependencies(&self) -> &[Dependency] {
        self.dependencies.as_deref().unwrap_or_default()
    }

    /// Whether there is a list of dependencies at all, which an empty list is, too: in JSON it is `[]`, and not `null`.
    pub fn has_list(&self) -> bool {
        self.dependencies.is_some()
    }

    /// The lock file as `helm package` writes it.
    pub fn to_yaml(&self) -> String {
        let dependencies = self.dependencies.as_ref().map(|dependencies| {
            let items: Vec<Value> = dependencies.iter().map(Dependency::to_value).collect();
            Value::List(items)
        });
        let mut map = Map::new();
        map.insert("dependencies", dependencies.unwrap_or_default());
        map.insert("digest", self.digest.as_str());
        map.insert("generated", self.generated.as_str());
        yaml::encode(&map.into())
    }
}

/// Checks an RFC 3339 time and drops zeros at the end of its fraction, as Go does when it reads and prints one.
fn normalize_time(text: &str) -> Result<String, DecodeDocumentError> {
    if text.is_empty() {
        return Ok(ZERO_TIME.to_owned());
    }
    let invalid = || DecodeDocumentError::Time {
        text: text.to_owned(),
    };
    let (whole, rest) = text.split_at_checked(19).ok_or_else(invalid)?;
    if !is_date_and_time(whole) {
        return Err(invalid());
    }
    let (fraction, zone) = match rest.strip_prefix(['.', ',']) {
        Some(rest) => rest.split_at(rest.find(|c: char| !c.is_ascii_digit()).ok_or_else(invalid)?),
        None => ("", rest),
    };
    let has_empty_fraction = fraction.is_empty() && rest != zone;
    if has_empty_fraction || !is_zone(zone) {
        return Err(invalid());
    }
    let fraction = fraction[..fraction.len().min(9)].trim_end_matches('0');
    let point = if fraction.is_empty() { "" } else { "." };
    let zone = if zone == "+00:00" { "Z" } else { zone };
    Ok(format!("{whole}{point}{fraction}{zone}"))
}

/// Whether a text is `YYYY-MM-DDThh:mm:ss` with every number in its range.
fn is_date_and_time(text: &str) -> bool {
    let shape = |(byte, form): (u8, u8)| match form {
        b'0' => byte.is_ascii_digit(),
        _ => byte == form,
    };
    if !text.bytes().zip(*b"0000-00-00T00:00:00").all(shape) {
        return false;
    }
    let number = |at: std::ops::Range<usize>| text[at].parse::<u32>().unwrap_or(u32::MAX);
    let (year, month) = (number(0..4), number(5..7));
    let is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let days = match month {
        2 if is_leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => 0,
    };
    (1..=days).contains(&number(8..10)) && number(11..13) < 24 && number(14..16) < 60 && number(17..19) < 60
}

/// Whether a text is `Z` or an offset such as `+02:00`; Go 1.27 takes an hour of 24.
fn is_zone(text: &str) -> bool {
    let [b'+' | b'-', hour @ .., b':', minute_tens, minute_ones] = text.as_bytes() else {
        return text == "Z";
    };
    let number = |digits: &[u8]| {
        let text = str::from_utf8(digits).ok()?;
        text.bytes()
            .all(|byte| byte.is_ascii_digit())
            .then(|| text.parse::<u8>().ok())?
    };
    hour.len() == 2
        && number(hour).is_some_and(|hour| hour <= 24)
        && number(&[*minute_tens, *minute_ones]).is_some_and(|minute| minute <= 60)
}

#[cfg(test)]
mod tests {
    use super::normalize_time;

    #[track_caller]
    fn check(text: &str, expected: Option<&str>) {
        assert_eq!(normalize_time(text).ok().as_deref(), expected, "{text}");
    }

    /// The expectations were taken from Helm 4.3.1, which packages a chart with such a lock file.
    #[test]
    fn times_are_read_as_go_reads_them() {
        check("", Some("0001-01-01T00:00:00Z"));
        check("2020-01-01T00:00:00Z", Some("2020-01-01T00:00:00Z"));
        check(
            "2020-01-01T00:00:00.1200+02:00",
            Some("2020-01-01T00:00:00.12+02:00"),
        );
        check("2020-01-01T00:00:00,5Z", Some("2020-01-01T00:00:00.5Z"));
        check("2020-01-01T00:00:00.000Z", Some("2020-01-01T00:00:00Z"));
        check("2020-01-01", None);
        check("2020-01-01T00:00:00", None);
        check("2020-01-01 00:00:00Z", None);
        check("2020-1-1T00:00:00Z", None);
        check("2020-13-01T00:00:00Z", None);
        check("2020-02-30T00:00:00Z", None);
        check("2020-01-01t00:00:00z", None);
        check("2020-01-01T00:00:00.Z", None);
        check("2020-01-01T00:00:00+2:00", None);
        check("2020-01-01T00:00:00é", None);
        check("é", None);
        check("foo", None);
    }
}
