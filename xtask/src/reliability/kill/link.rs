//! A slow line to a registry, so that there is time to be killed in; it counts what goes over it.

use std::io::{self, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::Duration;

use crate::failure::Result;

/// How much is passed on at once.
const BLOCK: usize = 16 * 1024;

/// How slow a line is, for each connection.
#[derive(Debug, Clone, Copy)]
pub(super) struct Pace {
    /// So many bytes pass in a second.
    pub(super) bytes_per_second: u32,
    /// A message that fills no block is so late.
    pub(super) delay: Duration,
}

/// A running line; its threads end with the process.
pub(super) struct Link {
    address: SocketAddr,
    received: Arc<AtomicU64>,
}

impl Link {
    /// Starts on a free loopback port before `upstream`.
    pub(super) fn start(upstream: &str, pace: Pace) -> Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0")?;
        let address = listener.local_addr()?;
        let received = Arc::new(AtomicU64::new(0));
        let count = Arc::clone(&received);
        let upstream = upstream.to_owned();
        thread::spawn(move || {
            for client in listener.incoming().flatten() {
                // A connection that cannot be made is seen by the client: it is closed.
                let _refused = connect(client, &upstream, pace, &count);
            }
        });
        Ok(Self { address, received })
    }

    /// Where clients connect.
    pub(super) fn address(&self) -> String {
        self.address.to_string()
    }

    /// The bytes that came from the registry since this was last asked, heads included.
    pub(super) fn take_received(&self) -> u64 {
        self.received.swap(0, Ordering::Relaxed)
    }
}

fn connect(client: TcpStream, upstream: &str, pace: Pace, received: &Arc<AtomicU64>) -> io::Result<()> {
    let server = TcpStream::connect(upstream)?;
    client.set_nodelay(true)?;
    server.set_nodelay(true)?;
    let (from_client, to_server) = (client.try_clone()?, server.try_clone()?);
    let received = Arc::clone(received);
    let uncounted = AtomicU64::new(0);
    // Broken connections are what this is for.
    thread::spawn(move || drop(pass(from_client, to_server, pace, &uncounted)));
    thread::spawn(move || drop(pass(server, client, pace, &received)));
    Ok(())
}

fn pass(mut from: TcpStream, mut to: TcpStream, pace: Pace, count: &AtomicU64) -> io::Result<()> {
    let mut block = vec![0; BLOCK];
    let result = loop {
        let length = match from.read(&mut block) {
            Ok(0) => break Ok(()),
            Ok(length) => length,
            Err(error) => break Err(error),
        };
        thread::sleep(pace.time_of(length));
        if let Err(error) = to.write_all(&block[..length]) {
            break Err(error);
        }
        count.fetch_add(length as u64, Ordering::Relaxed);
    };
    if result.is_ok() {
        return to.shutdown(Shutdown::Write);
    }
    // Whichever side is still there is to see it.
    let _gone = from.shutdown(Shutdown::Both);
    let _gone = to.shutdown(Shutdown::Both);
    result
}

impl Pace {
    fn time_of(self, length: usize) -> Duration {
        let share = f64::from(u32::try_from(length).unwrap_or(u32::MAX)) / f64::from(self.bytes_per_second);
        let time = Duration::from_secs_f64(share);
        if length < BLOCK { time + self.delay } else { time }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_pass_and_are_counted() {
        let server = TcpListener::bind("127.0.0.1:0").unwrap();
        let pace = Pace {
            bytes_per_second: 100_000_000,
            delay: Duration::ZERO,
        };
        let link = Link::start(&server.local_addr().unwrap().to_string(), pace).unwrap();
        let mut client = TcpStream::connect(link.address()).unwrap();
        let (mut accepted, _) = server.accept().unwrap();
        client.write_all(b"question").unwrap();
        client.shutdown(Shutdown::Write).unwrap();
        let mut text = String::new();
        accepted.read_to_string(&mut text).unwrap();
        assert_eq!(text, "question");
        accepted.write_all(&vec![7; 100_000]).unwrap();
        drop(accepted);
        let mut answer = Vec::new();
        client.read_to_end(&mut answer).unwrap();
        assert_eq!(answer.len(), 100_000);
        assert_eq!((link.take_received(), link.take_received()), (100_000, 0));
    }

    #[test]
    fn short_messages_are_late_and_long_ones_slow() {
        let pace = Pace {
            bytes_per_second: 16_384_000,
            delay: Duration::from_millis(5),
        };
        assert_eq!(pace.time_of(BLOCK), Duration::from_millis(1));
        assert!(pace.time_of(1) >= pace.delay);
    }
}
