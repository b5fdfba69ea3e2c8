//! A pseudo-terminal for programs that behave otherwise before a person.

use std::fs::File;
use std::io;
use std::os::fd::OwnedFd;
use std::process::{Command, Stdio};

use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};

/// The side of the person: what is written to it is typed, what is read from it is shown.
#[derive(Debug)]
pub(crate) struct Terminal {
    person: OwnedFd,
    program: File,
}

impl Terminal {
    /// Opens a new one.
    pub(crate) fn open() -> io::Result<Self> {
        let person = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY)?;
        grantpt(&person)?;
        unlockpt(&person)?;
        let name = ptsname(&person, Vec::new())?;
        let name = name.to_str().map_err(io::Error::other)?;
        let program = fs_err::OpenOptions::new().read(true).write(true).open(name)?;
        Ok(Self {
            person,
            program: program.into_parts().0,
        })
    }

    /// Gives it to a program: as all of its streams, or with a pipe as standard output.
    pub(crate) fn attach(&self, command: &mut Command, pipes_output: bool) -> io::Result<()> {
        let stdio = || self.program.try_clone().map(Stdio::from);
        let output = if pipes_output { Stdio::piped() } else { stdio()? };
        command.stdin(stdio()?).stdout(output).stderr(stdio()?);
        Ok(())
    }

    /// The keyboard and the screen. Reading ends when the program and all that it started are gone.
    pub(crate) fn into_person(self) -> io::Result<(File, File)> {
        let keyboard = self.person.try_clone()?;
        Ok((keyboard.into(), self.person.into()))
    }
}
