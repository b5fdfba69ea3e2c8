//! A web server that hands out the files of a directory: a classic repository on loopback.

use std::io::BufReader;
use std::io::Write;
use std::net::TcpListener;
use std::net::TcpStream;
use std::path::Path;
use std::path::PathBuf;
use std::sync::Arc;
use std::thread;

use crate::failure::Result;
use crate::http::Head;

/// A server of files; its threads end with the process.
pub(crate) struct FileServer {
    address: String,
}

impl FileServer {
    /// Starts on a free loopback port.
    pub(crate) fn start(directory: &Path) -> Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0")?;
        let address = listener.local_addr()?.to_string();
        let directory: Arc<PathBuf> = Arc::new(directory.to_path_buf());
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let directory = Arc::clone(&directory);
                thread::spawn(move || {
                    // A client that goes away mid-request is its own affair.
                    let _served = serve(stream, &directory);
                });
            }
        });
        Ok(Self { address })
    }

    /// `127.0.0.1:PORT`.
    pub(crate) fn address(&self) -> &str {
        &self.address
    }
}

/// Answers request after request on one connection. Addresses with `..` lead nowhere.
fn serve(stream: TcpStream, directory: &Path) -> Result<()> {
    stream.set_nodelay(true)?;
    let mut reader = BufReader::new(stream);
    while let Some(head) = Head::read(&mut reader)? {
        let path = head.word(1).trim_start_matches('/');
        let found = if path.contains("..") {
            None
        } else {
            fs_err::read(directory.join(path)).ok()
        };
        let (status, body) = match found {
            Some(body) => ("200 OK", body),
            None => ("404 Not Found", Vec::new()),
        };
        let answer = format!("HTTP/1.1 {status}\r\ncontent-length: {}\r\n\r\n", body.len());
        reader.get_mut().write_all(&[answer.as_bytes(), &body].concat())?;
    }
    Ok(())
}
