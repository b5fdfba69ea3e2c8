//! What Helm checks before it renders.

use skeg_chart::Chart;

use crate::error::RenderErrorKind;

/// The longest name that a release may have.
const MAX_RELEASE_NAME: usize = 53;

/// Whether a chart may be installed: library charts may not.
pub(crate) fn check_installable(chart: &Chart) -> Result<(), RenderErrorKind> {
    match chart.metadata().chart_type() {
        "" | "application" => Ok(()),
        chart_type => Err(RenderErrorKind::NotInstallable {
            chart_type: chart_type.to_owned(),
        }),
    }
}

/// Whether all charts that the chart declares are inside it.
pub(crate) fn check_dependencies(chart: &Chart) -> Result<(), RenderErrorKind> {
    let has = |name: &str| {
        let mut subcharts = chart.subcharts().iter();
        subcharts.any(|subchart| subchart.metadata().name() == name)
    };
    let declared = chart.metadata().dependencies().iter();
    let names: Vec<String> = declared
        .map(skeg_chart::Dependency::name)
        .filter(|name| !has(name))
        .map(str::to_owned)
        .collect();
    if names.is_empty() {
        return Ok(());
    }
    Err(RenderErrorKind::MissingDependencies { names })
}

/// Whether a release may have this name.
///
/// ```
/// assert!(skeg_engine::is_release_name("my-app.v2"));
/// assert!(!skeg_engine::is_release_name("My-App"));
/// ```
pub fn is_release_name(name: &str) -> bool {
    let is_inner = |byte: u8| byte == b'-' || is_outer(byte);
    let is_segment = |segment: &str| {
        let bytes = segment.as_bytes();
        let ends = [bytes.first(), bytes.last()];
        ends.into_iter()
            .all(|byte| byte.is_some_and(|&byte| is_outer(byte)))
            && bytes.iter().all(|&byte| is_inner(byte))
    };
    name.len() <= MAX_RELEASE_NAME && name.split('.').all(is_segment)
}

fn is_outer(byte: u8) -> bool {
    byte.is_ascii_lowercase() || byte.is_ascii_digit()
}

#[cfg(test)]
mod tests {
    use super::is_release_name;

    #[track_caller]
    fn check(name: &str, expected: bool) {
        assert_eq!(is_release_name(name), expected, "{name:?}");
    }

    #[test]
    fn release_names() {
        check("a", true);
        check("0", true);
        check("release-name", true);
        check("a.b-c.d", true);
        check(&"a".repeat(53), true);
        check(&"a".repeat(54), false);
        check("", false);
        check("A", false);
        check("-a", false);
        check("a-", false);
        check("a..b", false);
        check("a.", false);
        check("a_b", false);
        check("é", false);
    }
}
