//! The names of archive entries, made safe.
//!
//! Helm 4.3.1 (`pkg/chart/loader/archive`) drops the first component of every name, whatever it is, and
//! refuses names that would leave the chart. The refusals here are the same and a few more.

use skeg_go::path::clean;

use crate::error::UnsafeName;

/// The path of an entry inside its chart, always with `/`: `templates/a.yaml` for
/// `demo/templates/a.yaml`.
///
/// A name with backslashes comes from an archive made on Windows and is split at them.
pub(super) fn path_in_chart(name: &str) -> Result<String, UnsafeName> {
    if name.contains('\0') {
        return Err(UnsafeName::Illegal);
    }
    let has_backslash = name.contains('\\');
    if has_backslash && name.contains('/') {
        return Err(UnsafeName::Illegal);
    }
    let separator = if has_backslash { '\\' } else { '/' };

    let mut components = name.split(separator);
    let base = components.next().unwrap_or_default();
    if base.is_empty() {
        return Err(UnsafeName::Absolute);
    }
    if is_drive(base) {
        return Err(UnsafeName::Illegal);
    }

    let mut kept = Vec::new();
    for (index, component) in components.enumerate() {
        match component {
            "" if index == 0 && name.len() > base.len() + 1 => return Err(UnsafeName::Absolute),
            "" | "." => {}
            ".." => return Err(UnsafeName::ParentDirectory),
            component => kept.push(component),
        }
    }
    check_kept(base, &kept)?;
    Ok(kept.join("/"))
}

/// The path of an entry inside its chart with the refusals of Helm and no others.
pub(super) fn path_as_helm(name: &str) -> Result<String, UnsafeName> {
    let separator = if name.contains('\\') { '\\' } else { '/' };
    let (base, rest) = name.split_once(separator).unwrap_or((name, ""));
    let rest = rest.replace('\\', "/");
    if rest.starts_with('/') {
        return Err(UnsafeName::Absolute);
    }
    let path = String::from_utf8_lossy(&clean(rest.as_bytes())).into_owned();
    if path == "." {
        return Err(UnsafeName::OutsideBase);
    }
    if path.starts_with("..") {
        return Err(UnsafeName::ParentDirectory);
    }
    if path.contains('\0') || path.split_once('/').is_some_and(|(first, _)| is_drive(first)) {
        return Err(UnsafeName::Illegal);
    }
    if base == "Chart.yaml" {
        return Err(UnsafeName::ChartYamlAsDirectory);
    }
    Ok(path)
}

fn check_kept(base: &str, kept: &[&str]) -> Result<(), UnsafeName> {
    let Some(first) = kept.first() else {
        return Err(UnsafeName::OutsideBase);
    };
    if first.starts_with("..") {
        return Err(UnsafeName::ParentDirectory);
    }
    if is_drive(first) && kept.len() > 1 {
        return Err(UnsafeName::Illegal);
    }
    if base == "Chart.yaml" {
        return Err(UnsafeName::ChartYamlAsDirectory);
    }
    if base == ".." {
        return Err(UnsafeName::ParentDirectory);
    }
    Ok(())
}

/// Whether a component is a Windows drive, such as `c:`.
fn is_drive(component: &str) -> bool {
    let bytes = component.as_bytes();
    bytes.len() == 2 && bytes[0].is_ascii_alphabetic() && bytes[1] == b':'
}

#[cfg(test)]
mod tests {
    use super::{path_as_helm, path_in_chart};

    #[track_caller]
    fn check(name: &str, expected: &str) {
        let actual = path_in_chart(name).map_err(|unsafe_name| unsafe_name.to_string());
        assert_eq!(actual.unwrap_or_else(|text| text), expected, "{name:?}");
    }

    #[track_caller]
    fn check_as_helm(name: &str, expected: &str) {
        let actual = path_as_helm(name).map_err(|unsafe_name| unsafe_name.to_string());
        assert_eq!(actual.unwrap_or_else(|text| text), expected, "{name:?}");
    }

    #[test]
    fn helm_takes_what_stays_in_the_chart() {
        check_as_helm("demo/Chart.yaml", "Chart.yaml");
        check_as_helm("/etc/passwd", "etc/passwd");
        check_as_helm("../demo", "demo");
        check_as_helm("demo/a/../b", "b");
        check_as_helm("demo/templates//a.yaml", "templates/a.yaml");
        check_as_helm("demo\\templates\\a.yaml", "templates/a.yaml");
        check_as_helm("demo/a\\b", "b");
        check_as_helm("c:\\windows\\a", "windows/a");
    }

    #[test]
    fn helm_refuses_what_leaves_the_chart() {
        const PARENT: &str = "chart illegally references parent directory";
        const OUTSIDE: &str = "chart illegally contains content outside the base directory";
        check_as_helm("demo/../etc/passwd", PARENT);
        check_as_helm("demo/a/../../../etc", PARENT);
        check_as_helm("demo\\..\\..\\etc", PARENT);
        check_as_helm("demo/..hidden", PARENT);
        check_as_helm("demo//etc/passwd", "chart illegally contains absolute paths");
        check_as_helm("\\\\host\\share", "chart illegally contains absolute paths");
        check_as_helm("demo/c:/windows", "chart contains illegally named files");
        check_as_helm("Chart.yaml", OUTSIDE);
        check_as_helm("demo/.", OUTSIDE);
        check_as_helm("", OUTSIDE);
        check_as_helm("Chart.yaml/x", "chart yaml not in base directory");
    }

    #[test]
    fn drops_the_base_directory() {
        check("demo/Chart.yaml", "Chart.yaml");
        check("./Chart.yaml", "Chart.yaml");
        check("./demo/Chart.yaml", "demo/Chart.yaml");
        check("demo/templates//a.yaml", "templates/a.yaml");
        check("demo/./a", "a");
        check("demo\\templates\\a.yaml", "templates/a.yaml");
        check("demo/c:", "c:");
        check("demo/a..b/..c", "a..b/..c");
    }

    #[test]
    fn refuses_names_that_leave_the_chart() {
        const PARENT: &str = "chart illegally references parent directory";
        const ABSOLUTE: &str = "chart illegally contains absolute paths";
        const NAMED: &str = "chart contains illegally named files";
        check("demo/../etc/passwd", PARENT);
        check("demo/a/../../../etc", PARENT);
        check("demo/a/../b", PARENT);
        check("demo/..hidden", PARENT);
        check("demo\\..\\..\\etc", PARENT);
        check("../demo", PARENT);
        check("../Chart.yaml", PARENT);
        check("/etc/passwd", ABSOLUTE);
        check("demo//etc/passwd", ABSOLUTE);
        check("\\\\host\\share", ABSOLUTE);
        check("demo/c:/windows", NAMED);
        check("c:\\windows\\a", NAMED);
        check("demo/a\\b", NAMED);
        check("demo/a\0b", NAMED);
    }

    #[test]
    fn refuses_names_outside_of_a_base_directory() {
        check(
            "Chart.yaml",
            "chart illegally contains content outside the base directory",
        );
        check(
            "demo/.",
            "chart illegally contains content outside the base directory",
        );
        check("Chart.yaml/x", "chart yaml not in base directory");
        check("", "chart illegally contains absolute paths");
    }
}
