//! A raw HTTP/1.1 client: one request per connection, and the response exactly as it came.

use std::io::{self, ErrorKind, Read, Write};
use std::net::TcpStream;
use std::time::Duration;

/// A time in which a loopback server that is going to answer has answered.
pub(crate) const PATIENCE: Duration = Duration::from_millis(300);

/// How the connection ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum End {
    Closed,
    Reset,
    /// Nothing more came within [`PATIENCE`].
    Silent,
}

/// A response taken apart, complete or not.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: Option<u16>,
    pub(crate) headers: Vec<(String, String)>,
    /// The bytes after the head, undecoded.
    pub(crate) body: Vec<u8>,
    pub(crate) end: End,
}

impl Answer {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.as_str())
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    #[track_caller]
    pub(crate) fn expect(self, status: u16) -> Self {
        assert_eq!(self.status, Some(status), "{}", self.text());
        self
    }
}

/// A request under construction.
#[derive(Debug, Clone)]
pub(crate) struct Call {
    method: String,
    target: String,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
}

pub(crate) fn call(method: &str, target: &str) -> Call {
    Call {
        method: method.to_owned(),
        target: target.to_owned(),
        headers: Vec::new(),
        body: Vec::new(),
    }
}

impl Call {
    pub(crate) fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    pub(crate) fn body(mut self, body: impl Into<Vec<u8>>) -> Self {
        self.body = body.into();
        self
    }

    /// Sends the request to `host:port` and reads until the connection ends or falls silent.
    pub(crate) fn send(&self, host: &str) -> Answer {
        let stream = TcpStream::connect(host).expect("because the server listens");
        stream
            .set_read_timeout(Some(PATIENCE))
            .expect("because the timeout is not zero");
        self.send_on(stream, host)
    }

    /// Sends the request on an open stream.
    pub(crate) fn send_on(&self, mut stream: impl Read + Write, host: &str) -> Answer {
        // The server may refuse the request before it was written whole.
        drop(stream.write_all(&self.encode(host)));
        drop(stream.flush());
        read_answer(&mut stream)
    }

    fn encode(&self, host: &str) -> Vec<u8> {
        let mut lines = vec![
            format!("{} {} HTTP/1.1", self.method, self.target),
            format!("host: {host}"),
            "connection: close".to_owned(),
        ];
        if matches!(self.method.as_str(), "PUT" | "POST" | "PATCH") {
            lines.push(format!("content-length: {}", self.body.len()));
        }
        let headers = self.headers.iter();
        lines.extend(headers.map(|(name, value)| format!("{name}: {value}")));
        let mut bytes = (lines.join("\r\n") + "\r\n\r\n").into_bytes();
        bytes.extend_from_slice(&self.body);
        bytes
    }
}

pub(crate) fn get(host: &str, target: &str) -> Answer {
    call("GET", target).send(host)
}

pub(crate) fn read_answer(stream: &mut impl Read) -> Answer {
    let mut bytes = Vec::new();
    let end = loop {
        let mut buffer = [0; 16 * 1024];
        match stream.read(&mut buffer) {
            Ok(0) => break End::Closed,
            Ok(count) => bytes.extend_from_slice(&buffer[..count]),
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => break end_of(&error),
        }
    };
    parse(&bytes, end)
}

fn end_of(error: &io::Error) -> End {
    match error.kind() {
        ErrorKind::WouldBlock | ErrorKind::TimedOut => End::Silent,
        ErrorKind::ConnectionReset | ErrorKind::BrokenPipe => End::Reset,
        _ => End::Closed,
    }
}

fn parse(bytes: &[u8], end: End) -> Answer {
    let split = bytes.windows(4).position(|window| window == b"\r\n\r\n");
    let Some(split) = split else {
        return Answer {
            status: None,
            headers: Vec::new(),
            body: bytes.to_vec(),
            end,
        };
    };
    let head = String::from_utf8_lossy(&bytes[..split]).into_owned();
    let mut lines = head.lines();
    let status = lines.next().and_then(|line| line.split(' ').nth(1)?.parse().ok());
    let headers = lines
        .filter_map(|line| line.split_once(':'))
        .map(|(name, value)| (name.to_lowercase(), value.trim().to_owned()))
        .collect();
    Answer {
        status,
        headers,
        body: bytes[split + 4..].to_vec(),
        end,
    }
}
