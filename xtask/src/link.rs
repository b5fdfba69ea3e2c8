//! A link to a registry with the conditions of a far one: answers come late, too many requests are refused, bodies
//! break off. Every request is written down.

use std::io;
use std::io::BufReader;
use std::io::Read;
use std::io::Write;
use std::net::Shutdown;
use std::net::SocketAddr;
use std::net::TcpListener;
use std::net::TcpStream;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::MutexGuard;
use std::thread;
use std::time::Duration;
use std::time::Instant;

use crate::failure::Result;
use crate::http::Framing;
use crate::http::Head;
use crate::http::copy_body;

/// What a link does to those who use it.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Conditions {
    /// By how much the first answer on a connection is late twice, and every other once: the round trip.
    pub(crate) latency: Duration,
    /// How many requests are let through in each window; the others are answered with 429.
    pub(crate) limit: Option<Limit>,
    /// How many of the bodies of at least [`CUTTABLE`] bytes break off, one after the other.
    pub(crate) cuts: usize,
}

/// So many requests in each window of time.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Limit {
    pub(crate) requests: usize,
    pub(crate) window: Duration,
}

/// Bodies below this are never cut.
pub(crate) const CUTTABLE: u64 = 256 * 1024;

/// Answers below this are written at once.
const SMALL: u64 = 64 * 1024;

/// One request.
#[derive(Debug, Clone, Copy)]
struct Exchange {
    started: Instant,
    finished: Instant,
    received: u64,
    refused: bool,
}

/// What went through the link.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Traffic {
    /// The number of requests.
    pub(crate) requests: usize,
    /// The most of them that had to wait for one another.
    pub(crate) round_trips: usize,
    /// The most of them that waited for an answer at the same time.
    pub(crate) at_once: usize,
    /// The requests that were answered with 429.
    pub(crate) refused: usize,
    /// The connections that were made.
    pub(crate) connections: usize,
    /// The bytes of all response bodies.
    pub(crate) received: u64,
}

/// A running link; its threads end with the process.
pub(crate) struct Link {
    address: SocketAddr,
    shared: Arc<Shared>,
}

struct Shared {
    upstream: String,
    conditions: Conditions,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    exchanges: Vec<Exchange>,
    connections: usize,
    /// The requests let through in the window that began then.
    admitted: usize,
    window: Option<Instant>,
    cuts: usize,
}

impl Link {
    /// Starts on a free loopback port before `upstream`.
    pub(crate) fn start(upstream: &str, conditions: Conditions) -> Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0")?;
        let address = listener.local_addr()?;
        let shared = Arc::new(Shared {
            upstream: upstream.to_owned(),
            conditions,
            state: Mutex::default(),
        });
        let served = Arc::clone(&shared);
        thread::spawn(move || {
            for client in listener.incoming().flatten() {
                let served = Arc::clone(&served);
                // A broken connection is the client's affair: it reports it.
                thread::spawn(move || served.forward(&client));
            }
        });
        Ok(Self { address, shared })
    }

    /// Where clients connect.
    pub(crate) fn address(&self) -> String {
        self.address.to_string()
    }

    /// What went through since this was last asked.
    pub(crate) fn take_traffic(&self) -> Traffic {
        let mut state = self.shared.state();
        let taken = std::mem::take(&mut state.exchanges);
        Traffic {
            requests: taken.len(),
            round_trips: longest_chain(&taken),
            at_once: most_at_once(&taken),
            refused: taken.iter().filter(|exchange| exchange.refused).count(),
            connections: std::mem::take(&mut state.connections),
            received: taken.iter().map(|exchange| exchange.received).sum(),
        }
    }
}

impl Shared {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().expect("because no holder panics")
    }

    fn forward(&self, client: &TcpStream) -> io::Result<()> {
        self.state().connections += 1;
        let server = TcpStream::connect(&self.upstream)?;
        client.set_nodelay(true)?;
        server.set_nodelay(true)?;
        thread::sleep(self.conditions.latency);
        let mut from_client = BufReader::new(client);
        let mut from_server = BufReader::new(&server);
        while let Some(request) = Head::read(&mut from_client)? {
            let started = Instant::now();
            let mut exchange = Exchange {
                started,
                finished: started,
                received: 0,
                refused: self.is_refused(started),
            };
            let goes_on = if exchange.refused {
                self.refuse(&request, &mut from_client, client, &mut exchange)?
            } else {
                request.write(&mut &server)?;
                copy_body(&mut from_client, &mut &server, request.request_framing())?;
                self.answer(&request, &mut from_server, client, &mut exchange)?
            };
            self.state().exchanges.push(exchange);
            if !goes_on {
                client.shutdown(Shutdown::Both)?;
                break;
            }
        }
        Ok(())
    }

    /// Passes one answer on. Tells whether the connection can be used again.
    fn answer(
        &self,
        request: &Head,
        from_server: &mut BufReader<&TcpStream>,
        mut client: &TcpStream,
        exchange: &mut Exchange,
    ) -> io::Result<bool> {
        let Some(response) = Head::read(from_server)? else {
            return Ok(false);
        };
        thread::sleep(self.conditions.latency);
        let framing = response.response_framing(request.word(0));
        if let Framing::Length(length @ 0..SMALL) = framing {
            let mut answer = Vec::new();
            response.write(&mut answer)?;
            exchange.received = io::copy(&mut from_server.take(length), &mut answer)?;
            // The client may ask again before the thread that wrote the answer looks at the clock.
            exchange.finished = Instant::now();
            client.write_all(&answer)?;
            return Ok(true);
        }
        response.write(&mut client)?;
        if let Framing::Length(length) = framing
            && self.is_cut(length)
        {
            exchange.received = io::copy(&mut from_server.take(length / 3), &mut client)?;
            exchange.finished = Instant::now();
            return Ok(false);
        }
        exchange.received = copy_body(from_server, &mut client, framing)?;
        exchange.finished = Instant::now();
        Ok(framing != Framing::UntilClose)
    }

    fn refuse(
        &self,
        request: &Head,
        from_client: &mut BufReader<&TcpStream>,
        mut client: &TcpStream,
        exchange: &mut Exchange,
    ) -> io::Result<bool> {
        copy_body(from_client, &mut io::sink(), request.request_framing())?;
        thread::sleep(self.conditions.latency);
        exchange.finished = Instant::now();
        client.write_all(b"HTTP/1.1 429 Too Many Requests\r\nContent-Length: 0\r\n\r\n")?;
        Ok(true)
    }

    fn is_refused(&self, now: Instant) -> bool {
        let Some(limit) = self.conditions.limit else {
            return false;
        };
        let mut state = self.state();
        if state.window.is_none_or(|began| now >= began + limit.window) {
            state.window = Some(now);
            state.admitted = 0;
        }
        if state.admitted == limit.requests {
            return true;
        }
        state.admitted += 1;
        false
    }

    fn is_cut(&self, length: u64) -> bool {
        let mut state = self.state();
        let cut = length >= CUTTABLE && state.cuts < self.conditions.cuts;
        state.cuts += usize::from(cut);
        cut
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

/// The largest number of requests that overlap at one moment.
fn most_at_once(exchanges: &[Exchange]) -> usize {
    let mut moments: Vec<(Instant, bool)> = exchanges
        .iter()
        .flat_map(|exchange| [(exchange.started, true), (exchange.finished, false)])
        .collect();
    // At the same moment ends come first.
    moments.sort_unstable();
    let (mut open, mut most) = (0_usize, 0);
    for (_, begins) in moments {
        open = if begins { open + 1 } else { open.saturating_sub(1) };
        most = most.max(open);
    }
    most
}

#[cfg(test)]
mod tests {
    use std::time::Duration;
    use std::time::Instant;

    use super::Exchange;
    use super::longest_chain;
    use super::most_at_once;

    #[track_caller]
    fn check(spans: &[(u64, u64)], chain: usize, at_once: usize) {
        let zero = Instant::now();
        let exchanges: Vec<Exchange> = spans
            .iter()
            .map(|&(started, finished)| Exchange {
                started: zero + Duration::from_millis(started),
                finished: zero + Duration::from_millis(finished),
                received: 0,
                refused: false,
            })
            .collect();
        assert_eq!(longest_chain(&exchanges), chain);
        assert_eq!(most_at_once(&exchanges), at_once);
    }

    #[test]
    fn counts_what_waits_for_one_another_and_what_does_not() {
        check(&[], 0, 0);
        check(&[(0, 10)], 1, 1);
        check(&[(0, 10), (0, 10), (1, 9)], 1, 3);
        check(&[(0, 10), (10, 20), (20, 30)], 3, 1);
        check(&[(0, 10), (0, 30), (11, 20), (12, 21), (31, 40)], 3, 3);
    }
}
