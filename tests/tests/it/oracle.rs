//! skeg beside what helm was recorded to do: the same streams, exit codes and files, but for the
//! differences of `tests/data/oracle/DIFFERENCES.md`.

use std::collections::BTreeMap;

use skeg_test_support::FakeRegistry;
use skeg_tests::Program;
use skeg_tests::oracle::Case;
use skeg_tests::oracle::Difference;
use skeg_tests::oracle::Differences;
use skeg_tests::oracle::Record;
use skeg_tests::oracle::run_case;

/// What stands where a person still has to write why.
const NO_REASON: &str = "(the reason)";

#[test]
fn skeg_does_what_helm_was_recorded_to_do() {
    let differences = Differences::read();
    let records = run_all();
    if skeg_tests::variable("SKEG_ORACLE_ACCEPT").is_some() {
        return accept(&records, &differences);
    }
    let problems: Vec<String> = records
        .into_iter()
        .filter_map(|(case, record)| problem(&case, &record, differences.get(case.name())))
        .collect();
    assert!(
        problems.is_empty(),
        "{} cases; what is on purpose goes into DIFFERENCES.md with its reason: run again with \
         SKEG_ORACLE_ACCEPT=1, then write the reasons\n\n{}",
        problems.len(),
        problems.join("\n")
    );
}

#[test]
fn every_difference_is_of_a_case_and_has_a_reason() {
    let cases = Case::all();
    let differences = Differences::read();
    for name in differences.cases() {
        assert!(cases.iter().any(|case| case.name() == name), "{name} is no case");
        let difference = differences.get(name).expect("because it was just listed");
        assert!(!difference.reason.is_empty(), "{name} has no reason");
        assert!(difference.reason != NO_REASON, "{name} has no reason yet");
        assert!(!difference.streams.is_empty(), "{name} says not what skeg does");
    }
}

/// Writes what skeg does now into `DIFFERENCES.md`; the reasons that are there stay.
fn accept(records: &[(Case, Record)], known: &Differences) {
    let sections: Vec<String> = records
        .iter()
        .filter_map(|(case, record)| {
            let streams = differing(case, record);
            let known = known.get(case.name()).map(|difference| difference.reason.clone());
            let reason = known.unwrap_or_else(|| NO_REASON.to_owned());
            (!streams.is_empty()).then(|| Differences::section(case.name(), &Difference { reason, streams }))
        })
        .collect();
    Differences::replace(&sections).expect("because the checkout can be written");
}

/// The streams in which skeg is not as recorded.
fn differing(case: &Case, record: &Record) -> BTreeMap<String, String> {
    Record::read(case)
        .streams()
        .zip(record.streams())
        .filter(|((_, helm), (_, skeg))| helm != skeg)
        .map(|(_, (stream, skeg))| (stream.to_owned(), skeg.to_owned()))
        .collect()
}

/// Runs every case, several at once, each beside a registry of its own.
fn run_all() -> Vec<(Case, Record)> {
    let skeg = Program::under_test(env!("CARGO_BIN_EXE_skeg-under-test"));
    let cases = Case::all();
    let size = cases.len().div_ceil(8).max(1);
    std::thread::scope(|scope| {
        let workers: Vec<_> = cases
            .chunks(size)
            .map(|cases| scope.spawn(|| cases.iter().map(|case| run(case, &skeg)).collect::<Vec<_>>()))
            .collect();
        workers
            .into_iter()
            .flat_map(|worker| {
                worker
                    .join()
                    .expect("because a case that cannot be set up is a failure")
            })
            .collect()
    })
}

fn run(case: &Case, skeg: &Program) -> (Case, Record) {
    let registry = FakeRegistry::start();
    (case.clone(), run_case(case, skeg, registry.host()))
}

/// What is wrong with a case, as a section of `DIFFERENCES.md` that would make it right.
fn problem(case: &Case, record: &Record, known: Option<&Difference>) -> Option<String> {
    let recorded = Record::read(case);
    let differing = differing(case, record);
    let expected = known
        .map(|difference| difference.streams.clone())
        .unwrap_or_default();
    if differing == expected {
        return None;
    }
    if differing.is_empty() {
        return Some(format!(
            "## {}\n\nThe difference has gone: take it out.\n",
            case.name()
        ));
    }
    let mut text = Differences::section(
        case.name(),
        &Difference {
            reason: NO_REASON.to_owned(),
            streams: differing.clone(),
        },
    );
    for stream in differing.keys() {
        let helm = recorded.stream(stream).unwrap_or_default();
        text.push_str(
            &[
                "
(helm's ",
                stream,
                ":
",
                helm,
                ")
",
            ]
            .concat(),
        );
    }
    Some(text)
}
