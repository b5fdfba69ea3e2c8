//! A proxy before the registry that writes down every request and delays every answer.

use std::io;
use std::io::BufReader;
use std::net::SocketAddr;
use std::net::TcpListener;
use std::net::TcpStream;
use std::sync::Arc;
use std::sync::Mutex;
use std::thread;
use std::time::Duration;
use std::time::Instant;

use crate::failure::Result;
use crate::http::Framing;
use crate::http::Head;
use crate::http::copy_body;

/// Long enough that requests sent side by side are seen side by side.
const DELAY: Duration = Duration::from_millis(40);

/// One request.
#[derive(Debug, Clone, Copy)]
struct Exchange {
    started: Instant,
    finished: Instant,
    received: u64,
}

/// What went through the proxy.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Traffic {
    /// The number of requests.
    pub(super) requests: usize,
    /// The most of them that had to wait for one another.
    pub(super) round_trips: usize,
    /// The bytes of all response bodies.
    pub(super) received: u64,
}

/// A running proxy; its threads end with the process.
pub(super) struct Proxy {
    address: SocketAddr,
    exchanges: Arc<Mutex<Vec<Exchange>>>,
}

impl Proxy {
    /// Starts on a free loopback port before `upstream`.
    pub(super) fn start(upstream: &str) -> Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0")?;
        let address = listener.local_addr()?;
        let exchanges = Arc::new(Mutex::new(Vec::new()));
        let log = Arc::clone(&exchanges);
        let upstream = upstream.to_owned();
        thread::spawn(move || {
            for client in listener.incoming().flatten() {
                let (upstream, log) = (upstream.clone(), Arc::clone(&log));
                // A broken connection is the client's affair: it reports it.
                thread::spawn(move || forward(&client, &upstream, &log));
            }
        });
        Ok(Self { address, exchanges })
    }

    /// Where clients connect.
    pub(super) fn address(&self) -> String {
        self.address.to_string()
    }

    /// What went through since this was last asked.
    pub(super) fn take_traffic(&self) -> Traffic {
        let mut exchanges = self.exchanges.lock().expect("because no holder panics");
        let taken = std::mem::take(&mut *exchanges);
        Traffic {
            requests: taken.len(),
            round_trips: longest_chain(&taken),
            received: taken.iter().map(|exchange| exchange.received).sum(),
        }
    }
}

/// The largest number of requests of which none overlaps another: by earliest end, greedily.
fn longest_chain(exchanges: &[Exchange]) -> usize {
    let mut exchanges = exchanges.to_vec();
    exchanges.sort_by_key(|exchange| exchange.finished);
    let mut last: Option<Instant> = None;
    let mut length = 0;
    for exchange in exchanges {
        if last.is_none_or(|end| exchange.started >= end) {
            last = Some(exchange.finished);
            length += 1;
        }
    }
    length
}

fn forward(client: &TcpStream, upstream: &str, log: &Mutex<Vec<Exchange>>) -> io::Result<()> {
    let server = TcpStream::connect(upstream)?;
    client.set_nodelay(true)?;
    server.set_nodelay(true)?;
    let mut from_client = BufReader::new(client);
    let mut from_server = BufReader::new(&server);
    while let Some(request) = Head::read(&mut from_client)? {
        let started = Instant::now();
        request.write(&mut &server)?;
        copy_body(&mut from_client, &mut &server, request.request_framing())?;
        let Some(response) = Head::read(&mut from_server)? else {
            return Ok(());
        };
        thread::sleep(DELAY);
        let framing = response.response_framing(request.word(0));
        response.write(&mut &*client)?;
        let received = copy_body(&mut from_server, &mut &*client, framing)?;
        let exchange = Exchange {
            started,
            finished: Instant::now(),
            received,
        };
        log.lock().expect("because no holder panics").push(exchange);
        if framing == Framing::UntilClose {
            break;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::time::Duration;
    use std::time::Instant;

    use super::Exchange;
    use super::longest_chain;

    #[track_caller]
    fn check(spans: &[(u64, u64)], expected: usize) {
        let zero = Instant::now();
        let exchanges: Vec<Exchange> = spans
            .iter()
            .map(|&(started, finished)| Exchange {
                started: zero + Duration::from_millis(started),
                finished: zero + Duration::from_millis(finished),
                received: 0,
            })
            .collect();
        assert_eq!(longest_chain(&exchanges), expected);
    }

    #[test]
    fn counts_what_waits_for_one_another() {
        check(&[], 0);
        check(&[(0, 10)], 1);
        check(&[(0, 10), (0, 10), (1, 9)], 1);
        check(&[(0, 10), (10, 20), (20, 30)], 3);
        check(&[(0, 10), (0, 30), (11, 20), (12, 21), (31, 40)], 3);
    }
}
