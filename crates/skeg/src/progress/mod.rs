//! Progress of transfers: bars on a terminal for whatever takes longer than a second, and notices.

mod overall;

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::{Duration, Instant};

use indicatif::{MultiProgress, ProgressBar, ProgressDrawTarget, ProgressStyle};
use skeg_oci::Descriptor;
use skeg_oci_client::{Direction, Notice, RetryNotice, TransferId, TransferReporter};

pub(crate) use self::overall::Overall;
use crate::printer::Printer;

/// A transfer that is over before this shows no bar.
const QUIET_TIME: Duration = Duration::from_secs(1);

/// How many bars there are at most; further transfers go on without one.
const MOST_BARS: usize = 8;

/// Shows transfers to a person, and prints notices in any case.
pub(crate) struct ProgressReporter {
    printer: Arc<Printer>,
    bars: Option<MultiProgress>,
    transfers: Mutex<HashMap<u64, Transfer>>,
    next_id: AtomicU64,
    seen: Mutex<Vec<String>>,
    overall: OnceLock<Arc<Overall>>,
}

struct Transfer {
    label: String,
    size: u64,
    direction: Direction,
    bytes: u64,
    started: Instant,
    bar: Option<ProgressBar>,
}

impl ProgressReporter {
    pub(crate) fn new(printer: Arc<Printer>, shows_bars: bool) -> Self {
        let bars =
            shows_bars.then(|| MultiProgress::with_draw_target(ProgressDrawTarget::stderr_with_hz(10)));
        Self {
            printer,
            bars,
            transfers: Mutex::default(),
            next_id: AtomicU64::new(1),
            seen: Mutex::default(),
            overall: OnceLock::new(),
        }
    }

    /// The progress of all that the command copies, which is shown from the first call on.
    pub(crate) fn overall(&self) -> Arc<Overall> {
        let overall = self
            .overall
            .get_or_init(|| Arc::new(Overall::new(self.bars.clone())));
        Arc::clone(overall)
    }

    /// Prints a line above the bars, once however often it is said.
    fn say_once(&self, text: &str, print: fn(&Printer, &str)) {
        let mut seen = lock(&self.seen);
        if seen.iter().any(|earlier| earlier == text) {
            return;
        }
        seen.push(text.to_owned());
        self.say(text, print);
    }

    fn say(&self, text: &str, print: fn(&Printer, &str)) {
        match &self.bars {
            Some(bars) => bars.suspend(|| print(&self.printer, text)),
            None => print(&self.printer, text),
        }
    }
}

impl TransferReporter for ProgressReporter {
    fn on_transfer_start(&self, direction: Direction, blob: &Descriptor) -> TransferId {
        let id = self.next_id.fetch_add(1, Ordering::Relaxed);
        let verb = match direction {
            Direction::Fetch => "pulling",
            Direction::Push => "pushing",
        };
        let label = format!("{verb} {}", &blob.digest.hex()[..12]);
        let transfer = Transfer {
            label,
            size: blob.size,
            direction,
            bytes: 0,
            started: Instant::now(),
            bar: None,
        };
        lock(&self.transfers).insert(id, transfer);
        TransferId(id)
    }

    fn on_transfer_progress(&self, id: TransferId, bytes: u64) {
        if self.bars.is_none() && self.overall.get().is_none() {
            return;
        }
        let mut transfers = lock(&self.transfers);
        let shown = transfers.values().filter(|other| other.bar.is_some()).count();
        let Some(transfer) = transfers.get_mut(&id.0) else {
            return;
        };
        let earlier = std::mem::replace(&mut transfer.bytes, bytes);
        if let Some(overall) = self
            .overall
            .get()
            .filter(|_| transfer.direction == Direction::Push)
        {
            overall.note_sent(earlier, bytes);
        }
        let Some(bars) = &self.bars else { return };
        let is_new = transfer.bar.is_none();
        if is_new && (shown >= MOST_BARS || transfer.started.elapsed() < QUIET_TIME) {
            return;
        }
        let bar = transfer
            .bar
            .get_or_insert_with(|| bars.add(new_bar(&transfer.label, transfer.size)));
        bar.set_position(bytes);
    }

    fn on_transfer_complete(&self, id: TransferId) {
        if let Some(bar) = lock(&self.transfers)
            .remove(&id.0)
            .and_then(|transfer| transfer.bar)
        {
            bar.finish_and_clear();
        }
    }

    fn on_retry(&self, retry: &RetryNotice<'_>) {
        let seconds = retry.delay.as_secs_f64();
        let text = format!("{}: trying {} again in {seconds:.1} s", retry.reason, retry.host);
        self.say(&text, Printer::warning);
    }

    fn on_notice(&self, notice: &Notice) {
        match notice {
            Notice::PlainHttp { .. } => self.say_once(&notice.to_string(), Printer::note),
            _ => self.say_once(&notice.to_string(), Printer::warning),
        }
    }
}

fn new_bar(label: &str, size: u64) -> ProgressBar {
    let style = ProgressStyle::with_template("{msg} {bar:30} {bytes}/{total_bytes} {bytes_per_sec} {eta}");
    let style = style.expect("because the template is well-formed");
    ProgressBar::new(size)
        .with_message(label.to_owned())
        .with_style(style)
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
