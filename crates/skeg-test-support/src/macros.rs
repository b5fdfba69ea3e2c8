//! The snapshot assertion of command tests.

use crate::command::TestCommand;
use crate::output::CommandOutput;

/// Compares a command's output with an inline snapshot.
///
/// Takes a [`TestCommand`], which it runs, or a
/// [`CommandOutput`]. The text is the output's `Display` after the
/// context's filters. `INSTA_UPDATE=new` and the like work as with any insta snapshot.
///
/// ```
/// # #[cfg(unix)] {
/// use skeg_test_support::{TestContext, skeg_snapshot};
///
/// let context = TestContext::new("/bin/sh");
/// skeg_snapshot!(context.command(["-c", "echo $HOME; exit 3"]), @r"
/// [TMP]/home
/// [exit status: 3]
/// ");
/// # }
/// ```
#[macro_export]
macro_rules! skeg_snapshot {
    ($output:expr, @$expected:literal $(,)?) => {{
        let output = $crate::IntoOutput::into_output($output);
        $crate::insta::assert_snapshot!(output.filtered(), @$expected);
    }};
}

/// What [`skeg_snapshot!`](crate::skeg_snapshot) accepts.
pub trait IntoOutput {
    /// The output, after running what has to be run.
    fn into_output(self) -> CommandOutput;
}

impl IntoOutput for CommandOutput {
    fn into_output(self) -> CommandOutput {
        self
    }
}

impl IntoOutput for &CommandOutput {
    fn into_output(self) -> CommandOutput {
        self.clone()
    }
}

impl IntoOutput for TestCommand {
    fn into_output(self) -> CommandOutput {
        self.run()
    }
}
