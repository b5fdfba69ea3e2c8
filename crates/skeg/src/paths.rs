//! Where Helm's files are: the same places for skeg, so that the two share logins, repositories and caches.

use std::path::{Component, Path, PathBuf};

use crate::env::{Environment, EnvironmentVariable};

/// The directories of Helm on this machine.
///
/// Helm 4.3.1: `HELM_*_HOME`, then `XDG_*_HOME/helm`, then the habit of the operating system.
#[derive(Clone, Debug)]
pub(crate) struct HelmPaths {
    /// Cached files.
    pub(crate) cache: PathBuf,
    /// Configuration files.
    pub(crate) config: PathBuf,
    /// Data files.
    pub(crate) data: PathBuf,
    /// The user's home directory, if it is known.
    pub(crate) home: Option<PathBuf>,
}

impl HelmPaths {
    /// Finds the directories by the environment.
    pub(crate) fn new(environment: &Environment) -> Self {
        let home = home_directory(environment);
        let base = home.clone().unwrap_or_default();
        let place = |helm, xdg, default: PathBuf| {
            let path = |variable| environment.get_os(variable).map(PathBuf::from);
            path(helm).unwrap_or_else(|| path(xdg).unwrap_or(default).join("helm"))
        };
        let defaults = OperatingSystemDefaults::new(&base, environment);
        Self {
            cache: place(
                EnvironmentVariable::CACHE_HOME,
                EnvironmentVariable::XDG_CACHE_HOME,
                defaults.cache,
            ),
            config: place(
                EnvironmentVariable::CONFIG_HOME,
                EnvironmentVariable::XDG_CONFIG_HOME,
                defaults.config,
            ),
            data: place(
                EnvironmentVariable::DATA_HOME,
                EnvironmentVariable::XDG_DATA_HOME,
                defaults.data,
            ),
            home,
        }
    }
}

/// The path without `.` components and doubled separators, as Helm prints paths; `.` itself becomes empty.
pub(crate) fn clean(path: &Path) -> PathBuf {
    path.components()
        .filter(|part| *part != Component::CurDir)
        .collect()
}

struct OperatingSystemDefaults {
    cache: PathBuf,
    config: PathBuf,
    data: PathBuf,
}

impl OperatingSystemDefaults {
    #[cfg(target_os = "macos")]
    fn new(home: &Path, _environment: &Environment) -> Self {
        let library = home.join("Library");
        Self {
            cache: library.join("Caches"),
            config: library.join("Preferences"),
            data: library,
        }
    }

    #[cfg(windows)]
    fn new(home: &Path, environment: &Environment) -> Self {
        let path = |variable| {
            environment
                .get_os(variable)
                .map_or_else(|| home.to_owned(), PathBuf::from)
        };
        let app_data = path(EnvironmentVariable::APP_DATA);
        Self {
            cache: path(EnvironmentVariable::TEMP),
            config: app_data.clone(),
            data: app_data,
        }
    }

    #[cfg(not(any(target_os = "macos", windows)))]
    fn new(home: &Path, _environment: &Environment) -> Self {
        Self {
            cache: home.join(".cache"),
            config: home.join(".config"),
            data: home.join(".local").join("share"),
        }
    }
}

fn home_directory(environment: &Environment) -> Option<PathBuf> {
    let variable = if cfg!(windows) {
        EnvironmentVariable::USER_PROFILE
    } else {
        EnvironmentVariable::HOME
    };
    environment.get_os(variable).map(PathBuf::from)
}

#[cfg(all(test, not(any(target_os = "macos", windows))))]
mod tests {
    use super::*;

    #[test]
    fn helm_variables_win_over_xdg_and_home() {
        let paths = HelmPaths::new(&Environment::from_iter([
            ("HOME", "/home/me"),
            ("XDG_CONFIG_HOME", "/xdg"),
            ("HELM_CACHE_HOME", "/cache"),
        ]));
        assert_eq!(paths.cache, Path::new("/cache"));
        assert_eq!(paths.config, Path::new("/xdg/helm"));
        assert_eq!(paths.data, Path::new("/home/me/.local/share/helm"));
    }
}
