//! The program as it is distributed: on Linux one static file at a fixed address, elsewhere a release build.

use std::path::{Path, PathBuf};

use crate::failure::{Failure, Result};
use crate::paths;
use crate::process::{self, Run};

/// Builds the program and copies it to `target/dist`.
pub(crate) fn run() -> Result<()> {
    let built = build()?;
    let directory = paths::target().join("dist");
    fs_err::create_dir_all(&directory)?;
    let program = directory.join(paths::executable("skeg"));
    fs_err::copy(&built, &program)?;
    let size = fs_err::metadata(&program)?.len();
    println!("{} ({size} bytes)", program.display());
    process::program(&program).arg("version").run()
}

/// The program to measure or compare: the one that was named, or the one that would be distributed.
pub(crate) fn named_or_built(named: Option<&Path>) -> Result<PathBuf> {
    match named {
        Some(program) => Ok(std::path::absolute(program)?),
        None => build(),
    }
}

/// Builds the program and says where it is. Where no target for static programs can be had, it is built for the
/// host, and that is said; continuous integration fails then.
pub(crate) fn build() -> Result<PathBuf> {
    let target = installed_target()?;
    let mut arguments = vec!["build", "--release", "--locked", "--package", "skeg"];
    let mut directory = paths::target();
    if let Some(target) = target {
        arguments.extend(["--target", target]);
        directory = directory.join(target);
    }
    process::cargo().args(arguments).run()?;
    let program = directory.join("release").join(paths::executable("skeg"));
    if target.is_some() {
        check_static(&program)?;
    }
    Ok(program)
}

/// The target whose programs need nothing of the system but its kernel, with its standard library installed.
fn installed_target() -> Result<Option<&'static str>> {
    let target = match (std::env::consts::OS, std::env::consts::ARCH) {
        ("linux", "x86_64") => "x86_64-unknown-linux-musl",
        ("linux", "aarch64") => "aarch64-unknown-linux-musl",
        _ => return Ok(None),
    };
    let library = process::program("rustc")
        .args(["--print", "target-libdir", "--target", target])
        .capture()?;
    if Path::new(library.trim()).is_dir() {
        return Ok(Some(target));
    }
    match process::program("rustup").args(["target", "add", target]).run() {
        Ok(()) => Ok(Some(target)),
        Err(failure) if process::is_ci() => Err(failure),
        Err(failure) => {
            println!("NOT STATIC: {failure}; building for this machine alone");
            Ok(None)
        }
    }
}

/// Fails when the program asks for a dynamic linker: a segment of type `PT_INTERP` in its ELF header.
fn check_static(program: &Path) -> Result<()> {
    let bytes = fs_err::read(program)?;
    match program_header_types(&bytes) {
        Some(types) if !types.contains(&PT_INTERP) => Ok(()),
        Some(_) => Err(Failure::new(format!("{} is not static", program.display()))),
        None => Err(Failure::new(format!(
            "{} is not a 64-bit ELF file",
            program.display()
        ))),
    }
}

const PT_INTERP: u32 = 3;

/// The types of the segments of a 64-bit little-endian ELF file (`e_phoff`, `e_phentsize`, `e_phnum`).
fn program_header_types(elf: &[u8]) -> Option<Vec<u32>> {
    if !elf.starts_with(b"\x7fELF\x02\x01") {
        return None;
    }
    let half = |at: usize| Some(u16::from_le_bytes(elf.get(at..at + 2)?.try_into().ok()?));
    let offset = u64::from_le_bytes(elf.get(32..40)?.try_into().ok()?);
    let (size, count) = (usize::from(half(54)?), usize::from(half(56)?));
    (0..count)
        .map(|index| {
            let at = usize::try_from(offset).ok()? + index * size;
            Some(u32::from_le_bytes(elf.get(at..at + 4)?.try_into().ok()?))
        })
        .collect()
}
