//! Noticing that nothing moves any more.

use std::future::Future;
use std::pin::pin;
use std::sync::Mutex;
use std::time::Duration;

use tokio::time::Instant;

/// When a request last made progress, shared between its body and the one who waits for the response.
#[derive(Debug)]
pub(crate) struct Activity {
    state: Mutex<State>,
}

#[derive(Clone, Copy, Debug)]
struct State {
    last: Instant,
    is_sent: bool,
}

/// How long a request may stand still.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Patience {
    /// While its body is being sent.
    pub(crate) sending: Duration,
    /// From then on.
    pub(crate) waiting: Duration,
}

/// It stood still for so long.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Stalled(pub(crate) Duration);

impl Activity {
    pub(crate) fn new() -> Self {
        Self {
            state: Mutex::new(State {
                last: Instant::now(),
                is_sent: false,
            }),
        }
    }

    /// Notes that some of the body went out.
    pub(crate) fn touch(&self) {
        self.change(|state| state.last = Instant::now());
    }

    /// Notes that all of the body went out.
    pub(crate) fn finish(&self) {
        self.change(|state| {
            state.last = Instant::now();
            state.is_sent = true;
        });
    }

    /// Waits for `future` as long as the request makes progress.
    pub(crate) async fn watch<T>(
        &self,
        patience: Patience,
        future: impl Future<Output = T>,
    ) -> Result<T, Stalled> {
        let mut future = pin!(future);
        loop {
            let (deadline, _) = self.deadline(patience);
            if let Ok(output) = tokio::time::timeout_at(deadline, &mut future).await {
                return Ok(output);
            }
            let (deadline, limit) = self.deadline(patience);
            if deadline <= Instant::now() {
                return Err(Stalled(limit));
            }
        }
    }

    fn deadline(&self, patience: Patience) -> (Instant, Duration) {
        let state = self.change(|state| *state);
        let limit = if state.is_sent {
            patience.waiting
        } else {
            patience.sending
        };
        (state.last + limit, limit)
    }

    fn change<T>(&self, change: impl FnOnce(&mut State) -> T) -> T {
        let mut state = self
            .state
            .lock()
            .expect("because nothing panics while it holds the lock");
        change(&mut state)
    }
}
