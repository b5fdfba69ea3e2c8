//! A program that runs while a test does something to it.

use std::process::Child;
use std::process::Command;

use crate::outcome::Outcome;

/// A program that was started and may be ended; it is ended when dropped. What it prints is read when it has ended, so it must
/// not print much.
#[derive(Debug)]
pub struct RunningProgram {
    line: String,
    child: Option<Child>,
}

impl RunningProgram {
    pub(crate) fn new(line: String, child: Child) -> Self {
        Self {
            line,
            child: Some(child),
        }
    }

    /// Sends the interrupt of Ctrl-C.
    ///
    /// # Panics
    ///
    /// When it has ended.
    #[expect(
        clippy::disallowed_methods,
        reason = "sending a signal otherwise needs unsafe code"
    )]
    pub fn interrupt(&self) {
        let child = self.child.as_ref().expect("because only waiting takes it");
        let status = Command::new("/bin/kill")
            .args(["-INT", &child.id().to_string()])
            .status()
            .expect("because every Unix has /bin/kill");
        assert!(status.success(), "`{}` has ended", self.line);
    }

    /// Ends it at once, as a crash would.
    pub fn kill(&mut self) {
        // One that has ended already is as good.
        drop(self.child.as_mut().map(Child::kill));
    }

    /// Whether it has ended.
    pub fn has_ended(&mut self) -> bool {
        let child = self.child.as_mut().expect("because only waiting takes it");
        child.try_wait().is_ok_and(|status| status.is_some())
    }

    /// Waits for its end.
    ///
    /// # Panics
    ///
    /// When it cannot be waited for.
    pub fn wait(mut self) -> Outcome {
        let child = self.child.take().expect("because only waiting takes it");
        let output = child
            .wait_with_output()
            .expect("because a started program can be waited for");
        Outcome::new(std::mem::take(&mut self.line), output)
    }
}

impl Drop for RunningProgram {
    fn drop(&mut self) {
        if let Some(mut child) = self.child.take() {
            // Nothing can be done about one that cannot be ended.
            drop(child.kill());
            drop(child.wait());
        }
    }
}
