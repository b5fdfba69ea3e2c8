//! One 512-byte tar header block, and the records that extend it.
//!
//! Formats: POSIX ustar and pax (IEEE Std 1003.1, "pax - portable archive interchange"), GNU tar's
//! long names and base-256 numbers, and the old Unix form.

/// The size of a tar block.
pub(super) const BLOCK: usize = 512;

/// A header block as it stands in the archive.
pub(super) struct HeaderBlock(pub(super) [u8; BLOCK]);

/// What a header announces, by its type flag.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    File,
    Directory,
    /// Records for the next entry.
    PaxRecords,
    /// Records for the whole archive; nothing in them concerns a chart.
    PaxGlobal,
    /// The name of the next entry.
    GnuLongName,
    /// The link target of the next entry.
    GnuLongLink,
    /// A link, a device or a pipe: never with content.
    Special(&'static str),
    /// Something else that a chart cannot hold.
    Other(&'static str),
}

impl HeaderBlock {
    /// Whether this is one of the two empty blocks that end an archive.
    pub(super) fn is_zero(&self) -> bool {
        self.0.iter().all(|&byte| byte == 0)
    }

    /// Whether the sum of the header's bytes is the one written in it, taken as unsigned or signed.
    pub(super) fn has_valid_checksum(&self) -> bool {
        let Some(expected) = octal(&self.0[148..156]) else {
            return false;
        };
        let (mut unsigned, mut signed) = (0_i64, 0_i64);
        for (index, &byte) in self.0.iter().enumerate() {
            let byte = if (148..156).contains(&index) { b' ' } else { byte };
            unsigned += i64::from(byte);
            signed += i64::from(byte.cast_signed());
        }
        i64::try_from(expected).is_ok_and(|expected| expected == unsigned || expected == signed)
    }

    pub(super) fn kind(&self) -> Kind {
        match self.0[156] {
            b'0' | b'7' | 0 => Kind::File,
            b'1' => Kind::Special("a hard link"),
            b'2' => Kind::Special("a symbolic link"),
            b'3' => Kind::Special("a character device"),
            b'4' => Kind::Special("a block device"),
            b'5' => Kind::Directory,
            b'6' => Kind::Special("a named pipe"),
            b'L' => Kind::GnuLongName,
            b'K' => Kind::GnuLongLink,
            b'S' => Kind::Other("a sparse file"),
            b'g' => Kind::PaxGlobal,
            b'x' => Kind::PaxRecords,
            _ => Kind::Other("of an unknown type"),
        }
    }

    /// The name, with ustar's prefix in front of it.
    pub(super) fn name(&self) -> Vec<u8> {
        let name = until_zero(&self.0[..100]);
        if &self.0[257..263] != b"ustar\0" {
            return name.to_vec();
        }
        let prefix = until_zero(&self.0[345..500]);
        if prefix.is_empty() {
            return name.to_vec();
        }
        [prefix, b"/", name].concat()
    }

    /// The size of the content; `None` if the field is malformed or negative.
    pub(super) fn size(&self) -> Option<u64> {
        u64::try_from(number(&self.0[124..136])?).ok()
    }

    /// The modification time in Unix seconds; `None` if the field is malformed.
    pub(super) fn modified(&self) -> Option<i64> {
        number(&self.0[136..148])
    }
}

/// The pax records and GNU long names that came before an entry's own header.
#[derive(Default)]
pub(super) struct Extension {
    pub(super) name: Option<Vec<u8>>,
    pub(super) size: Option<u64>,
    pub(super) modified: Option<i64>,
    pub(super) is_sparse: bool,
}

impl Extension {
    /// Takes in `LENGTH KEY=VALUE\n` records; `None` if they are malformed.
    pub(super) fn add_pax_records(&mut self, mut records: &[u8]) -> Option<()> {
        while !records.is_empty() {
            let space = records.iter().position(|&byte| byte == b' ')?;
            let length: usize = str::from_utf8(&records[..space]).ok()?.parse().ok()?;
            let record = records.get(space + 1..length)?.strip_suffix(b"\n")?;
            let equals = record.iter().position(|&byte| byte == b'=')?;
            self.add_pax_record(&record[..equals], &record[equals + 1..])?;
            records = &records[length..];
        }
        Some(())
    }

    /// An empty value keeps what the header says, as in Go's archive/tar.
    fn add_pax_record(&mut self, key: &[u8], value: &[u8]) -> Option<()> {
        match key {
            _ if value.is_empty() => {}
            b"path" => self.name = Some(value.to_vec()),
            b"size" => {
                let size: i64 = str::from_utf8(value).ok()?.parse().ok()?;
                self.size = Some(u64::try_from(size).ok()?);
            }
            b"mtime" => self.modified = Some(decimal_time(str::from_utf8(value).ok()?)?),
            _ if key.starts_with(b"GNU.sparse.") => self.is_sparse = true,
            _ => {}
        }
        Some(())
    }
}

/// The bytes before the first zero.
pub(super) fn until_zero(field: &[u8]) -> &[u8] {
    let end = field.iter().position(|&byte| byte == 0);
    &field[..end.unwrap_or(field.len())]
}

/// A numeric field: octal text, or GNU's two's complement when the first bit is set.
fn number(field: &[u8]) -> Option<i64> {
    if field[0] & 0x80 == 0 {
        return i64::try_from(octal(field)?).ok();
    }
    let is_negative = field[0] & 0x40 != 0;
    let first = if is_negative { field[0] } else { field[0] & 0x7f };
    let start = i128::from(first.cast_signed());
    let value = field[1..]
        .iter()
        .fold(start, |value, &byte| (value << 8) | i128::from(byte));
    i64::try_from(value).ok()
}

/// Octal digits between optional spaces and zeros; an empty field is 0.
fn octal(field: &[u8]) -> Option<u64> {
    let text = str::from_utf8(field).ok()?.trim_matches([' ', '\0']);
    let text = text.split('\0').next().unwrap_or(text);
    if text.is_empty() {
        return Some(0);
    }
    if !text.bytes().all(|byte| (b'0'..=b'7').contains(&byte)) {
        return None;
    }
    u64::from_str_radix(text, 8).ok()
}

/// A pax time: seconds with an optional fraction, rounded down.
fn decimal_time(text: &str) -> Option<i64> {
    let (seconds, fraction) = text.split_once('.').unwrap_or((text, ""));
    if !fraction.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let whole: i64 = seconds.parse().ok()?;
    let is_below = seconds.starts_with('-') && fraction.bytes().any(|digit| digit != b'0');
    whole.checked_sub(i64::from(is_below))
}
