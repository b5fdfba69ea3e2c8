//! The charts that are measured with: made anew each time, the same bytes each time.

use std::io::BufWriter;
use std::io::Write;
use std::path::Path;
use std::path::PathBuf;

use crate::failure::Result;
use crate::process;
use crate::process::Run;

/// The archive of the small chart.
pub(super) const SMALL: &str = "small-1.0.0.tgz";

/// The archive of the large chart.
pub(super) const LARGE: &str = "random-1.0.0.tgz";

const MEGABYTE: usize = 1_000_000;

/// Charts as directories and archives, and in the registry below `stored/`.
pub(super) struct Inputs {
    directory: PathBuf,
}

impl Inputs {
    /// Makes the charts, packages them with helm and pushes them to the registry at `address`.
    pub(super) fn create(directory: &Path, helm: &Path, address: &str) -> Result<Self> {
        let inputs = Self {
            directory: directory.to_path_buf(),
        };
        for (name, size, kind) in [
            ("small", 1_000, Kind::Text),
            ("megabyte", MEGABYTE, Kind::Random),
            ("random", 90 * MEGABYTE, Kind::Random),
            ("text", 60 * MEGABYTE, Kind::Text),
        ] {
            inputs.write_chart(name, size, kind)?;
        }
        super::rendering::create(directory)?;
        super::index::create(directory)?;
        inputs
            .isolate(process::program(helm).args(["create", "scaffold"]))
            .capture()?;
        fs_err::create_dir_all(directory.join("packaged"))?;
        let remote = format!("oci://{address}/stored");
        for name in ["small", "megabyte", "random"] {
            let archive = format!("{name}-1.0.0.tgz");
            for arguments in [
                vec!["package", name],
                vec!["push", &archive, &remote, "--plain-http"],
            ] {
                inputs.isolate(process::program(helm).args(arguments)).capture()?;
            }
        }
        Ok(inputs)
    }

    /// Runs a command where the charts are and where no configuration of the machine reaches it.
    pub(super) fn isolate<'a>(
        &self,
        command: &'a mut std::process::Command,
    ) -> &'a mut std::process::Command {
        process::isolate(command, &self.directory.join("home")).current_dir(&self.directory)
    }

    /// Takes away what skeg has condensed of the index, as if `repo update` of helm had brought a new one.
    pub(super) fn renew_index(&self) -> Result<()> {
        super::index::renew(&self.directory)
    }

    fn write_chart(&self, name: &str, size: usize, kind: Kind) -> Result<()> {
        let chart = self.directory.join(name);
        fs_err::create_dir_all(chart.join("files"))?;
        let metadata = format!("apiVersion: v2\nname: {name}\nversion: 1.0.0\n");
        fs_err::write(chart.join("Chart.yaml"), metadata)?;
        fs_err::write(chart.join("values.yaml"), "replicas: 1\n")?;
        let mut file = BufWriter::new(fs_err::File::create(chart.join("files/data"))?);
        kind.write(&mut file, size)?;
        file.flush()?;
        Ok(())
    }
}

/// What a file is made of.
#[derive(Clone, Copy)]
enum Kind {
    /// Bytes that do not compress.
    Random,
    /// Words, like those of a long manifest.
    Text,
}

impl Kind {
    fn write(self, to: &mut impl Write, size: usize) -> Result<()> {
        let mut random = Random(0x9e37_79b9_7f4a_7c15);
        let mut written = 0;
        while written < size {
            let piece = match self {
                Self::Random => random.next().to_le_bytes().to_vec(),
                Self::Text => random.word().as_bytes().to_vec(),
            };
            let piece = &piece[..piece.len().min(size - written)];
            to.write_all(piece)?;
            written += piece.len();
        }
        Ok(())
    }
}

/// Marsaglia's xorshift: the same numbers everywhere.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn word(&mut self) -> String {
        const WORDS: [&str; 8] = [
            "metadata:",
            "name:",
            "replicas:",
            "image:",
            "registry/",
            "port:",
            "env:",
            "value",
        ];
        let number = self.next();
        let word = WORDS[usize::try_from(number % 8).expect("because it is below 8")];
        let end = if number & 0x100 == 0 { '\n' } else { ' ' };
        format!("{word} {}{end}", (number >> 9) % 10_000)
    }
}
