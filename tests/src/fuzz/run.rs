//! Making requests, comparing the answers, reporting.

use std::collections::BTreeMap;
use std::io;
use std::panic::catch_unwind;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::random::Random;
use super::{Area, Difference, Oracle, shrink, typed};

/// Requests that are sent at once.
const BATCH: u64 = 128;

/// Differences of one area that are shown.
const SHOWN: usize = 10;

/// How often Go is asked again for an answer that is not ours.
const ASKED_AGAIN: usize = 32;

/// How many smaller requests are tried to find the smallest with a difference.
const SHRINKING_STEPS: usize = 60;

/// What to do.
#[derive(Debug)]
pub struct Run {
    /// The program over the Go libraries.
    pub oracle: Oracle,
    /// The seed of the first request; the others follow.
    pub seed: u64,
    /// How long each area takes.
    pub time: Duration,
    /// Where differences are written.
    pub directory: PathBuf,
}

impl Run {
    /// Compares in one area; returns the report, and how many differences there are.
    ///
    /// # Errors
    /// The oracle has ended, or a file cannot be written.
    pub fn area(&mut self, area: &Area) -> io::Result<(String, usize)> {
        let start = Instant::now();
        let mut known: BTreeMap<&'static str, usize> = BTreeMap::new();
        let (mut seed, mut different, mut errors) = (self.seed, 0, 0);
        let mut report = String::new();
        while start.elapsed() < self.time {
            let requests: Vec<Value> = (seed..seed + BATCH).map(|seed| request(area, seed)).collect();
            let Ok(answers) = self.oracle.ask(&requests) else {
                // A map in itself, over which Go's stack overflows, or a template that does not end.
                *known
                    .entry("requests lost with the end of a Go program")
                    .or_default() += requests.len();
                self.oracle.restart()?;
                seed += BATCH;
                continue;
            };
            errors += answers
                .iter()
                .filter(|theirs| theirs.get("error").is_some())
                .count();
            for ((request, theirs), seed) in requests.into_iter().zip(answers).zip(seed..) {
                let Some(difference) = compare(area, request, theirs) else {
                    continue;
                };
                let mut reason = (area.known)(&difference);
                if reason.is_none() && self.is_drawn_by_lot(&difference)? {
                    reason = Some("Go answers this way and that");
                }
                if let Some(reason) = reason {
                    *known.entry(reason).or_default() += 1;
                    continue;
                }
                different += 1;
                if different <= SHOWN {
                    report += &self.show(area, seed, difference)?;
                }
            }
            seed += BATCH;
        }
        let known: Vec<String> = known
            .iter()
            .map(|(reason, count)| format!(", {count} known ({reason})"))
            .collect();
        let (name, requests, known) = (area.name, seed - self.seed, known.concat());
        let summary = format!(
            "{name}: {requests} requests ({errors} answered by errors), {different} differences{known}\n"
        );
        Ok((report + &summary, different))
    }

    /// Whether Go gives our answer too, or others, when it is asked again: keys whose order goes round in a circle come out
    /// as the order of Go's maps has it.
    fn is_drawn_by_lot(&mut self, difference: &Difference) -> io::Result<bool> {
        let again = vec![difference.request.clone(); ASKED_AGAIN];
        let Ok(answers) = self.oracle.ask(&again) else {
            self.oracle.restart()?;
            return Ok(false);
        };
        Ok(answers.iter().any(|answer| *answer != difference.theirs))
    }

    /// Writes a difference down, and its smallest form.
    fn show(&mut self, area: &Area, seed: u64, difference: Difference) -> io::Result<String> {
        let Difference {
            request,
            ours,
            theirs,
        } = self.shrink(area, difference)?;
        let fixture =
            json!({ "area": area.name, "seed": seed, "request": request, "ours": ours, "theirs": theirs });
        fs_err::create_dir_all(&self.directory)?;
        let path = self.directory.join(format!("{}-{seed}.json", area.name));
        fs_err::write(&path, format!("{fixture:#}\n"))?;
        Ok(format!(
            "{}, seed {seed}:\n  asked  {request}\n  ours   {ours}\n  theirs {theirs}\n",
            area.name
        ))
    }

    fn shrink(&mut self, area: &Area, mut difference: Difference) -> io::Result<Difference> {
        for _ in 0..SHRINKING_STEPS {
            let requests = shrink::smaller(&difference.request);
            let requests = &requests[..requests.len().min(400)];
            let Ok(answers) = self.oracle.ask(requests) else {
                self.oracle.restart()?;
                break;
            };
            let smaller = requests.iter().zip(answers).find_map(|(request, theirs)| {
                let smaller = compare(area, request.clone(), theirs)?;
                (area.known)(&smaller).is_none().then_some(smaller)
            });
            match smaller {
                Some(smaller) => difference = smaller,
                None => break,
            }
        }
        Ok(difference)
    }
}

fn request(area: &Area, seed: u64) -> Value {
    let mut request = (area.generate)(&mut Random::new(seed));
    request["area"] = Value::from(area.name);
    request
}

/// The difference, if there is one; a request that the oracle does not understand makes none.
fn compare(area: &Area, request: Value, theirs: Value) -> Option<Difference> {
    if theirs.get("refused").is_some() {
        return None;
    }
    let ours = catch_unwind(|| (area.answer)(&request)).unwrap_or_else(|_| json!("our code panicked"));
    (ours != theirs && ours != as_message(&theirs)).then_some(Difference {
        request,
        ours,
        theirs,
    })
}

/// The answer with its message as text: ours are, where Go's are bytes.
fn as_message(answer: &Value) -> Value {
    match answer.get("error") {
        Some(message) => typed::failed(&String::from_utf8_lossy(&typed::bytes(message))),
        None => answer.clone(),
    }
}
