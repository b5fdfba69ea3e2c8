//! What is said while an operation is under way: on a terminal one line that changes, in a pipe a line now and then.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use skeg_release::{Event, Observer, Outcome, Pending};

use crate::context::Context;
use crate::printer::Printer;

/// How long nothing is said in a pipe, and how often afterwards.
const PERIOD: Duration = Duration::from_secs(10);
/// How many objects are named in a line.
const MOST_NAMED: usize = 4;

/// Tells a person what happens.
pub(crate) struct Narrator {
    printer: Arc<Printer>,
    shows_steps: bool,
    is_quiet: bool,
    /// The line on a terminal.
    line: Option<ProgressBar>,
    /// When something was said in a pipe, since the beginning of the wait.
    last_said: Mutex<Duration>,
}

impl Narrator {
    pub(crate) fn new(context: &Context) -> Self {
        let is_quiet = !context.shows_progress();
        let is_live = context.printer().is_interactive() && !is_quiet;
        let line = is_live.then(|| {
            let line = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr_with_hz(10));
            let style = ProgressStyle::with_template("{spinner} {wide_msg}");
            line.set_style(style.expect("because the template is written here"));
            line
        });
        Self {
            printer: context.shared_printer(),
            shows_steps: context.globals().debug,
            is_quiet,
            line,
            last_said: Mutex::default(),
        }
    }

    fn step(&self, text: &str) {
        if self.shows_steps {
            self.printer.status(text);
        } else if let Some(line) = &self.line {
            line.set_message(text.to_owned());
            line.tick();
        }
    }

    fn waiting(&self, pending: &[Pending], elapsed: Duration) {
        if self.is_quiet || pending.is_empty() {
            return;
        }
        let text = describe(pending, elapsed);
        if let Some(line) = &self.line {
            line.set_message(text);
            line.tick();
            return;
        }
        let mut last_said = self.last_said.lock().unwrap_or_else(PoisonError::into_inner);
        if elapsed < *last_said {
            *last_said = Duration::ZERO;
        }
        if elapsed >= *last_said + PERIOD {
            *last_said = elapsed;
            self.printer.status(text);
        }
    }

    /// Takes the line off the terminal while something else is said.
    fn aside(&self, say: impl FnOnce()) {
        match &self.line {
            Some(line) => line.suspend(say),
            None => say(),
        }
    }
}

impl Drop for Narrator {
    fn drop(&mut self) {
        if let Some(line) = &self.line {
            line.finish_and_clear();
        }
    }
}

/// `waiting for 2 objects (12s): Deployment/web (Replicas: 0/1), …`
fn describe(pending: &[Pending], elapsed: Duration) -> String {
    let named: Vec<String> = pending
        .iter()
        .take(MOST_NAMED)
        .map(|one| match one.reason.as_str() {
            "" => one.object.clone(),
            reason => format!("{} ({reason})", one.object),
        })
        .collect();
    let more = if pending.len() > MOST_NAMED { ", …" } else { "" };
    let objects = if pending.len() == 1 { "object" } else { "objects" };
    let (count, seconds) = (pending.len(), elapsed.as_secs());
    format!(
        "waiting for {count} {objects} ({seconds}s): {}{more}",
        named.join(", ")
    )
}

impl Observer for Narrator {
    fn observe(&self, event: &Event) {
        match event {
            Event::Applying { count } => self.step(&format!("applying {count} objects")),
            Event::Applied { object, outcome } => {
                let done = match outcome {
                    Outcome::Created => "created",
                    Outcome::Updated => "updated",
                    Outcome::Deleted => "deleted",
                    Outcome::Kept => "kept",
                };
                self.step(&format!("{done} {object}"));
            }
            Event::Hook { event, object } => self.step(&format!("running hook {event}: {object}")),
            Event::Ready { object } => self.step(&format!("ready: {object}")),
            Event::Waiting { pending, elapsed } => self.waiting(pending, *elapsed),
            Event::Log { text } => self.aside(|| self.printer.status_bytes(text)),
            Event::Warning { text, fields } => self.aside(|| self.printer.warning_about(text, fields)),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(pending: &[(&str, &str)], expected: &str) {
        let pending: Vec<Pending> = pending
            .iter()
            .map(|(object, reason)| Pending {
                object: (*object).to_owned(),
                reason: (*reason).to_owned(),
            })
            .collect();
        assert_eq!(describe(&pending, Duration::from_secs(12)), expected);
    }

    #[test]
    fn waits_are_described() {
        check(
            &[("Deployment/web", "Replicas: 0/1")],
            "waiting for 1 object (12s): Deployment/web (Replicas: 0/1)",
        );
        check(
            &[
                ("Job/a", ""),
                ("Job/b", ""),
                ("Job/c", ""),
                ("Job/d", ""),
                ("Job/e", ""),
            ],
            "waiting for 5 objects (12s): Job/a, Job/b, Job/c, Job/d, …",
        );
    }
}
