//! Compares our crates with the Go libraries behind Helm: the working part of `cargo xtask fuzz`, which builds the
//! program over those libraries.
#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "it reports to a terminal"
)]

use std::io;
use std::path::PathBuf;
use std::process::ExitCode;
use std::thread;
use std::time::Duration;

use skeg_tests::fuzz::{ALL, Area, Oracle, Run};

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [oracle, directory, seconds, seed, areas @ ..] = arguments.as_slice() else {
        eprintln!("error: run `cargo xtask fuzz`");
        return ExitCode::FAILURE;
    };
    let (Ok(seconds), Ok(seed)) = (seconds.parse(), seed.parse()) else {
        eprintln!("error: seconds and seed are numbers");
        return ExitCode::FAILURE;
    };
    let chosen: Vec<&'static Area> = match chosen(areas) {
        Ok(chosen) => chosen,
        Err(name) => {
            let names: Vec<&str> = ALL.iter().map(|area| area.name).collect();
            eprintln!("error: no area is `{name}`; there are {}", names.join(", "));
            return ExitCode::FAILURE;
        }
    };
    let (oracle, directory) = (PathBuf::from(oracle), PathBuf::from(directory));
    let compare = move || -> io::Result<usize> {
        let mut run = Run {
            oracle: Oracle::start(&oracle)?,
            seed,
            time: Duration::from_secs(seconds) / u32::try_from(chosen.len()).unwrap_or(1),
            directory,
        };
        let mut different = 0;
        for area in chosen {
            let (report, differences) = run.area(area)?;
            print!("{report}");
            different += differences;
        }
        Ok(different)
    };
    // A panic is an answer.
    std::panic::set_hook(Box::new(|_| {}));
    // Templates recurse.
    let thread = thread::Builder::new().stack_size(1 << 30).spawn(compare);
    match thread.map(thread::JoinHandle::join) {
        Ok(Ok(Ok(0))) => ExitCode::SUCCESS,
        Ok(Ok(Ok(_)) | Err(_)) => ExitCode::FAILURE,
        Ok(Ok(Err(error))) | Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

/// The areas of these names, or all.
fn chosen(names: &[String]) -> Result<Vec<&'static Area>, &String> {
    if names.is_empty() {
        return Ok(ALL.iter().collect());
    }
    let find = |name: &String| ALL.iter().find(|area| area.name == name.as_str());
    names.iter().map(|name| find(name).ok_or(name)).collect()
}
