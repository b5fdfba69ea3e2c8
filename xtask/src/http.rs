//! Just enough HTTP/1.1 for loopback: the token server answers with it, the measuring link
//! forwards with it.

use std::io;
use std::io::BufRead;
use std::io::Read;
use std::io::Write;

/// The first line and the headers of a message.
#[derive(Debug, Clone)]
pub(crate) struct Head {
    first_line: String,
    headers: Vec<(String, String)>,
}

/// How the end of a body is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Framing {
    /// By a length, zero when there is no body.
    Length(u64),
    /// By a chunk of length zero.
    Chunked,
    /// By the end of the connection.
    UntilClose,
}

impl Head {
    /// Reads a head; `None` at the end of the connection.
    pub(crate) fn read(reader: &mut impl BufRead) -> io::Result<Option<Self>> {
        let Some(first_line) = read_line(reader)? else {
            return Ok(None);
        };
        let mut headers = Vec::new();
        while let Some(line) = read_line(reader)? {
            if line.is_empty() {
                return Ok(Some(Self { first_line, headers }));
            }
            let (name, value) = line.split_once(':').unwrap_or((&line, ""));
            headers.push((name.to_ascii_lowercase(), value.trim().to_owned()));
        }
        Err(io::ErrorKind::UnexpectedEof.into())
    }

    /// The word of the first line at this position: method, target and version, or version and
    /// status.
    pub(crate) fn word(&self, position: usize) -> &str {
        self.first_line.split(' ').nth(position).unwrap_or("")
    }

    /// The value of the first header of this lower-case name.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(header, _)| header == name)
            .map(|(_, value)| value.as_str())
    }

    /// How the body of a request ends.
    pub(crate) fn request_framing(&self) -> Framing {
        self.framing().unwrap_or(Framing::Length(0))
    }

    /// How the body of the response to a request of `method` ends.
    pub(crate) fn response_framing(&self, method: &str) -> Framing {
        let status = self.word(1);
        if method == "HEAD" || status == "204" || status == "304" || status.starts_with('1') {
            return Framing::Length(0);
        }
        self.framing().unwrap_or(Framing::UntilClose)
    }

    /// Writes the head as it was read, except for the headers' letter case.
    pub(crate) fn write(&self, writer: &mut impl Write) -> io::Result<()> {
        write!(writer, "{}\r\n", self.first_line)?;
        for (name, value) in &self.headers {
            write!(writer, "{name}: {value}\r\n")?;
        }
        writer.write_all(b"\r\n")?;
        writer.flush()
    }

    fn framing(&self) -> Option<Framing> {
        if self
            .header("transfer-encoding")
            .is_some_and(|value| value.eq_ignore_ascii_case("chunked"))
        {
            return Some(Framing::Chunked);
        }
        let length = self.header("content-length")?.parse().ok()?;
        Some(Framing::Length(length))
    }
}

/// Copies a body and returns the number of its bytes on the wire.
pub(crate) fn copy_body(
    reader: &mut impl BufRead,
    writer: &mut impl Write,
    framing: Framing,
) -> io::Result<u64> {
    let copied = match framing {
        Framing::Length(length) => io::copy(&mut reader.take(length), writer)?,
        Framing::UntilClose => io::copy(reader, writer)?,
        Framing::Chunked => copy_chunks(reader, writer)?,
    };
    writer.flush()?;
    Ok(copied)
}

fn copy_chunks(reader: &mut impl BufRead, writer: &mut impl Write) -> io::Result<u64> {
    let mut total = 0;
    loop {
        let size_line = read_line(reader)?.ok_or(io::ErrorKind::UnexpectedEof)?;
        let digits = size_line.split(';').next().unwrap_or("").trim();
        let size = u64::from_str_radix(digits, 16).map_err(|_| io::ErrorKind::InvalidData)?;
        write!(writer, "{size_line}\r\n")?;
        // The line end after the data, and for the last chunk the one after no trailers.
        total += io::copy(&mut reader.by_ref().take(size + 2), writer)?;
        if size == 0 {
            return Ok(total);
        }
    }
}

fn read_line(reader: &mut impl BufRead) -> io::Result<Option<String>> {
    let mut line = Vec::new();
    reader.take(64 * 1024).read_until(b'\n', &mut line)?;
    if line.is_empty() {
        return Ok(None);
    }
    while line.ends_with(b"\n") || line.ends_with(b"\r") {
        line.pop();
    }
    Ok(Some(String::from_utf8_lossy(&line).into_owned()))
}

/// The pairs of a query or a form, decoded.
pub(crate) fn form_pairs(text: &str) -> Vec<(String, String)> {
    text.split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            (percent_decode(name), percent_decode(value))
        })
        .collect()
}

fn percent_decode(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&first, tail)) = rest.split_first() {
        let decoded = (first == b'%').then(|| hex_pair(tail)).flatten();
        bytes.push(match (decoded, first) {
            (None, b'+') => b' ',
            (decoded, byte) => decoded.unwrap_or(byte),
        });
        rest = if decoded.is_some() { &tail[2..] } else { tail };
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

fn hex_pair(digits: &[u8]) -> Option<u8> {
    let pair = std::str::from_utf8(digits.get(..2)?).ok()?;
    u8::from_str_radix(pair, 16).ok()
}

#[cfg(test)]
mod tests {
    use super::Framing;
    use super::Head;
    use super::copy_body;
    use super::form_pairs;

    fn head(text: &str) -> Head {
        Head::read(&mut text.as_bytes())
            .expect("because memory can be read")
            .expect("because the text is not empty")
    }

    #[track_caller]
    fn check_pairs(text: &str, expected: &[(&str, &str)]) {
        let expected: Vec<(String, String)> = expected
            .iter()
            .map(|&(name, value)| (name.to_owned(), value.to_owned()))
            .collect();
        assert_eq!(form_pairs(text), expected);
    }

    #[test]
    fn decodes_forms() {
        check_pairs("", &[]);
        check_pairs("a=1&b=2", &[("a", "1"), ("b", "2")]);
        check_pairs("scope=a%3Ab+c", &[("scope", "a:b c")]);
        check_pairs("broken=%zz%4", &[("broken", "%zz%4")]);
        check_pairs("alone", &[("alone", "")]);
    }

    #[test]
    fn knows_where_bodies_end() {
        let request = head("PUT /v2/ HTTP/1.1\r\nContent-Length: 12\r\n\r\n");
        assert_eq!(request.request_framing(), Framing::Length(12));
        assert_eq!(request.word(0), "PUT");
        let request = head("GET /v2/ HTTP/1.1\r\n\r\n");
        assert_eq!(request.request_framing(), Framing::Length(0));
        let response = head("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
        assert_eq!(response.response_framing("GET"), Framing::Chunked);
        assert_eq!(response.response_framing("HEAD"), Framing::Length(0));
        let response = head("HTTP/1.1 200 OK\r\n\r\n");
        assert_eq!(response.response_framing("GET"), Framing::UntilClose);
    }

    #[test]
    fn rejects_a_head_cut_short() {
        let cut = Head::read(&mut "GET / HTTP/1.1\r\nHost: a\r\n".as_bytes());
        assert!(cut.is_err());
        let none = Head::read(&mut "".as_bytes()).expect("because an end is no error");
        assert!(none.is_none());
    }

    #[test]
    fn copies_chunks_unchanged() {
        let body = "5\r\nhello\r\n0\r\n\r\nnext";
        let mut copy = Vec::new();
        copy_body(&mut body.as_bytes(), &mut copy, Framing::Chunked)
            .expect("because the chunks are complete");
        assert_eq!(copy, b"5\r\nhello\r\n0\r\n\r\n");
        let nonsense = copy_body(&mut "zz\r\n".as_bytes(), &mut copy, Framing::Chunked);
        assert!(nonsense.is_err());
    }
}
