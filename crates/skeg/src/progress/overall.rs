//! How far a command is that copies many versions: as a bar for a person, and in words when it is stopped.

use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use indicatif::{MultiProgress, ProgressBar, ProgressStyle};

use super::{QUIET_TIME, lock};
use crate::table::size;

/// What was asked for, what is done, and what was sent for it.
pub(crate) struct Overall {
    bars: Option<MultiProgress>,
    started: Instant,
    counts: Mutex<Counts>,
    sent: AtomicU64,
}

#[derive(Default)]
struct Counts {
    wanted: u64,
    done: u64,
    bar: Option<ProgressBar>,
}

impl Overall {
    pub(super) fn new(bars: Option<MultiProgress>) -> Self {
        Self {
            bars,
            started: Instant::now(),
            counts: Mutex::default(),
            sent: AtomicU64::new(0),
        }
    }

    /// So many more are to be copied.
    pub(crate) fn expect(&self, count: usize) {
        lock(&self.counts).wanted += count as u64;
        self.show();
    }

    /// One is at its destination, now or before.
    pub(crate) fn finish_one(&self) {
        lock(&self.counts).done += 1;
        self.show();
    }

    /// A transfer has come from `earlier` to `now` bytes, which may be back.
    pub(super) fn note_sent(&self, earlier: u64, now: u64) {
        if now >= earlier {
            self.sent.fetch_add(now - earlier, Ordering::Relaxed);
        } else {
            self.sent.fetch_sub(earlier - now, Ordering::Relaxed);
        }
        self.show();
    }

    /// What is done, for somebody who has stopped the command.
    pub(crate) fn when_stopped(&self) -> String {
        let Counts { wanted, done, .. } = *lock(&self.counts);
        let sent = size(self.sent.load(Ordering::Relaxed));
        let done = match wanted {
            0 => "nothing was copied yet".to_owned(),
            _ => format!("{done} of {wanted} versions are at their destination, {sent} were sent"),
        };
        format!("{done}; run the same command again, and it goes on from there")
    }

    /// The bar says nothing where there is one version, or all is done at once.
    fn show(&self) {
        let Some(bars) = &self.bars else { return };
        let mut counts = lock(&self.counts);
        if counts.wanted < 2 || counts.bar.is_none() && self.started.elapsed() < QUIET_TIME {
            return;
        }
        let (wanted, done) = (counts.wanted, counts.done);
        let bar = counts.bar.get_or_insert_with(|| bars.insert(0, new_bar()));
        bar.set_length(wanted);
        bar.set_position(done);
        bar.set_message(size(self.sent.load(Ordering::Relaxed)));
    }
}

impl Drop for Overall {
    fn drop(&mut self) {
        if let Some(bar) = lock(&self.counts).bar.take() {
            bar.finish_and_clear();
        }
    }
}

fn new_bar() -> ProgressBar {
    let style = ProgressStyle::with_template("copying {bar:30} {pos}/{len} versions, {msg} sent {eta}");
    let style = style.expect("because the template is well-formed");
    ProgressBar::new(0).with_style(style)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(work: impl Fn(&Overall), expected: &str) {
        let overall = Overall::new(None);
        work(&overall);
        let text = overall.when_stopped();
        assert_eq!(
            text,
            format!("{expected}; run the same command again, and it goes on from there")
        );
    }

    #[test]
    fn what_is_done_is_told() {
        check(|_| {}, "nothing was copied yet");
        check(
            |overall| {
                overall.expect(3);
                overall.finish_one();
                overall.note_sent(0, 4096);
                overall.note_sent(4096, 1024);
                overall.expect(2);
            },
            "1 of 5 versions are at their destination, 1.00 KiB were sent",
        );
    }
}
