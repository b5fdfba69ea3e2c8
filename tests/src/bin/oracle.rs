//! Runs the real helm over every case, to write what it does or to compare: the working part of
//! `cargo xtask oracle`, which starts the registry.
#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "it reports to a terminal"
)]

use std::process::ExitCode;

use skeg_tests::Program;
use skeg_tests::oracle::Case;
use skeg_tests::oracle::Record;
use skeg_tests::oracle::run_case;
use skeg_tests::variable;

fn main() -> ExitCode {
    let (Some(helm), Some(host), Some(version)) = (
        variable("SKEG_ORACLE_HELM"),
        variable("SKEG_LIVE_HOST"),
        variable("SKEG_ORACLE_VERSION"),
    ) else {
        eprintln!("error: run `cargo xtask oracle record` or `cargo xtask oracle check`");
        return ExitCode::FAILURE;
    };
    let helm = Program::new("helm", helm);
    let prefix = std::env::args().nth(2).unwrap_or_default();
    let mut cases = Case::all();
    cases.retain(|case| case.name().starts_with(&prefix));
    match std::env::args().nth(1).as_deref() {
        Some("record") => record(&cases, &helm, &host, &version),
        Some("check") => check(&cases, &helm, &host),
        _ => {
            eprintln!("error: expected `record` or `check`");
            ExitCode::FAILURE
        }
    }
}

fn record(cases: &[Case], helm: &Program, host: &str, version: &str) -> ExitCode {
    for case in cases {
        if let Err(error) = run_case(case, helm, host).write(case) {
            eprintln!("error: {error}");
            return ExitCode::FAILURE;
        }
    }
    if let Err(error) = fs_err::write(Case::root().join("VERSION"), format!("{version}\n")) {
        eprintln!("error: {error}");
        return ExitCode::FAILURE;
    }
    println!("recorded {} cases", cases.len());
    ExitCode::SUCCESS
}

fn check(cases: &[Case], helm: &Program, host: &str) -> ExitCode {
    let mut changed = 0;
    for case in cases {
        let (recorded, now) = (Record::read(case), run_case(case, helm, host));
        for ((stream, was), (_, is)) in recorded.streams().zip(now.streams()) {
            if was != is {
                changed += 1;
                eprintln!("{}/{stream}: recorded\n{was}now\n{is}", case.name());
            }
        }
    }
    println!("{} cases, {changed} streams changed", cases.len());
    if changed == 0 {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}
