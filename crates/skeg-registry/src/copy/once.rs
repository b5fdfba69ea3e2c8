//! Work that is done once for each digest, however many ask for it at the same time.

use std::collections::HashMap;
use std::future::Future;
use std::sync::{Arc, Mutex};

use skeg_oci::Digest;
use tokio::sync::OnceCell;

/// What was done for which digest.
#[derive(Debug, Default)]
pub(super) struct Once {
    done: Mutex<HashMap<Digest, Arc<OnceCell<()>>>>,
}

impl Once {
    /// Does the work, or waits for whoever does it. Work that failed is done again for the next who asks.
    pub(super) async fn run<E>(
        &self,
        digest: &Digest,
        work: impl Future<Output = Result<(), E>>,
    ) -> Result<(), E> {
        let cell = Arc::clone(self.cells().entry(digest.clone()).or_default());
        cell.get_or_try_init(|| work).await?;
        Ok(())
    }

    fn cells(&self) -> std::sync::MutexGuard<'_, HashMap<Digest, Arc<OnceCell<()>>>> {
        self.done
            .lock()
            .expect("because nothing panics while it holds the lock")
    }
}
