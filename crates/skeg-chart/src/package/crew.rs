//! The threads that compress the blocks of one stream.
//!
//! Block `n` belongs to thread `n` modulo their number, so results come back in order without any
//! sorting, and at most two blocks for each thread are under way.

use std::io;
use std::num::NonZeroUsize;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread::{self, JoinHandle};

use flate2::Compression;

use super::deflate::{Block, Compressed, Position, compress};

/// More threads than this are not used. Each costs about 3 MiB where the allocator is glibc's,
/// which reuses the compressor's aligned memory only after several rounds (measured).
const MOST_THREADS: usize = 4;

/// Blocks under way for each thread: one being compressed and one waiting, or waited for.
const BLOCKS_PER_THREAD: usize = 2;

/// Threads at work on a stream. They end when it is dropped.
pub(super) struct Crew {
    workers: Vec<Worker>,
    submitted: usize,
    collected: usize,
}

impl Crew {
    /// Starts the threads.
    pub(super) fn start(threads: NonZeroUsize, level: Compression) -> io::Result<Self> {
        let workers = (0..threads.get().min(MOST_THREADS))
            .map(|_| Worker::start(level))
            .collect::<io::Result<_>>()?;
        Ok(Self {
            workers,
            submitted: 0,
            collected: 0,
        })
    }

    /// Whether a block must be collected before the next is submitted.
    pub(super) fn is_busy(&self) -> bool {
        self.submitted - self.collected >= self.workers.len() * BLOCKS_PER_THREAD
    }

    /// Gives the stream's next block to a thread.
    pub(super) fn submit(&mut self, block: Block, position: Position) -> io::Result<()> {
        let worker = &self.workers[self.submitted % self.workers.len()];
        worker.jobs.send((block, position)).map_err(|_| worker_lost())?;
        self.submitted += 1;
        Ok(())
    }

    /// Waits for the oldest block under way; `None` when there is none.
    pub(super) fn collect(&mut self) -> io::Result<Option<Compressed>> {
        if self.collected == self.submitted {
            return Ok(None);
        }
        let worker = &self.workers[self.collected % self.workers.len()];
        let done = worker.results.recv().map_err(|_| worker_lost())?;
        self.collected += 1;
        Ok(Some(done))
    }

    /// Ends the threads and waits for them.
    pub(super) fn dismiss(self) -> io::Result<()> {
        for Worker {
            jobs,
            results,
            thread,
        } in self.workers
        {
            drop((jobs, results));
            thread.join().map_err(|_| worker_lost())?;
        }
        Ok(())
    }
}

struct Worker {
    jobs: SyncSender<(Block, Position)>,
    results: Receiver<Compressed>,
    thread: JoinHandle<()>,
}

impl Worker {
    fn start(level: Compression) -> io::Result<Self> {
        let (jobs, inbox) = sync_channel(BLOCKS_PER_THREAD);
        let (outbox, results) = sync_channel(BLOCKS_PER_THREAD);
        let work = move || {
            for (block, position) in inbox {
                if outbox.send(compress(block, level, position)).is_err() {
                    return;
                }
            }
        };
        let thread = thread::Builder::new().name("compress".to_owned()).spawn(work)?;
        Ok(Self {
            jobs,
            results,
            thread,
        })
    }
}

fn worker_lost() -> io::Error {
    io::Error::other("a compression thread ended early")
}
