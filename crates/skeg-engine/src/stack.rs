//! A thread with room for deeply nested templates.

use std::cell::Cell;
use std::panic::resume_unwind;
use std::sync::Mutex;
use std::thread;

/// The sizes that are tried; only what is used takes memory.
const SIZES: [usize; 3] = [1 << 30, 256 << 20, 64 << 20];

/// What is left for everything but the nesting itself.
const MARGIN: usize = 8 << 20;

/// What templates may use on any other thread.
const SMALL: usize = 1 << 20;

thread_local! {
    static AVAILABLE: Cell<usize> = const { Cell::new(SMALL) };
}

/// Does some work on a thread of its own, on which templates nest as deeply as they do in Helm: 1000 times for
/// each name. Elsewhere they end in an error earlier.
///
/// ```
/// assert_eq!(skeg_engine::on_render_stack(|| 1 + 1), 2);
/// ```
pub fn on_render_stack<T: Send>(work: impl FnOnce() -> T + Send) -> T {
    let work = Mutex::new(Some(work));
    let take = &|| {
        let mut work = work.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        work.take()
            .expect("because the work is taken by the one thread that starts")
    };
    thread::scope(|scope| {
        for size in SIZES {
            let builder = thread::Builder::new().stack_size(size);
            let started = builder.spawn_scoped(scope, move || {
                AVAILABLE.set(size - MARGIN);
                take()()
            });
            if let Ok(thread) = started {
                return thread.join().unwrap_or_else(|panic| resume_unwind(panic));
            }
        }
        take()()
    })
}

/// The bytes of stack that templates may use on this thread.
pub(crate) fn available() -> usize {
    AVAILABLE.get()
}
