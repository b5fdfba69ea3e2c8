//! A server that answers what it is told to, one connection after the other.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;

use skeg_cluster::{Cluster, ClusterSettings, KubeconfigFiles, WarningSink};

/// An answer: the status line and headers, and the body.
#[derive(Clone, Debug)]
pub(crate) struct Reply {
    head: String,
    body: String,
}

impl Reply {
    pub(crate) fn json(status: u16, body: &str) -> Self {
        Self {
            head: format!("HTTP/1.1 {status} X\r\nContent-Type: application/json\r\n"),
            body: body.to_owned(),
        }
    }

    pub(crate) fn header(mut self, header: &str) -> Self {
        self.head.push_str(header);
        self.head.push_str("\r\n");
        self
    }

    /// The connection ends without an answer.
    pub(crate) fn hang_up() -> Self {
        Self {
            head: String::new(),
            body: String::new(),
        }
    }
}

/// A server, and what it was asked.
pub(crate) struct Server {
    pub(crate) address: String,
    pub(crate) requests: Arc<Mutex<Vec<String>>>,
}

impl Server {
    /// Answers by the request, `METHOD PATH`, and by how many have been before it.
    pub(crate) fn start(answer: impl Fn(&str, usize) -> Reply + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("because a port is free");
        let address = listener.local_addr().expect("because it is bound");
        let requests = Arc::new(Mutex::new(Vec::new()));
        let seen = Arc::clone(&requests);
        let answer = Arc::new(answer);
        thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                let (seen, answer) = (Arc::clone(&seen), Arc::clone(&answer));
                thread::spawn(move || serve(stream, &seen, answer.as_ref()));
            }
        });
        Self {
            address: format!("http://{address}"),
            requests,
        }
    }

    pub(crate) fn requests(&self) -> Vec<String> {
        self.requests
            .lock()
            .expect("because no test panics with it")
            .clone()
    }

    /// A client of it.
    pub(crate) async fn cluster(&self, warnings: Arc<Warnings>) -> Cluster {
        let settings = ClusterSettings {
            kubeconfig: KubeconfigFiles::List(Vec::new()),
            api_server: Some(self.address.clone()),
            user_agent: "test".to_owned(),
            ..ClusterSettings::default()
        };
        let cluster = Cluster::connect(&settings, warnings).await;
        cluster.expect("because an address is enough")
    }
}

fn serve(stream: TcpStream, seen: &Mutex<Vec<String>>, answer: &dyn Fn(&str, usize) -> Reply) {
    let mut reader = BufReader::new(stream);
    loop {
        let mut length = 0;
        let mut first = String::new();
        loop {
            let mut line = String::new();
            if reader.read_line(&mut line).unwrap_or(0) == 0 {
                return;
            }
            if first.is_empty() {
                line.trim_end().trim_end_matches(" HTTP/1.1").clone_into(&mut first);
            }
            if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length:") {
                length = value.trim().parse().unwrap_or(0);
            }
            if line == "\r\n" {
                break;
            }
        }
        let mut body = vec![0; length];
        if reader.read_exact(&mut body).is_err() {
            return;
        }
        let count = {
            let mut seen = seen.lock().expect("because no test panics with it");
            seen.push(first.clone());
            seen.len() - 1
        };
        let reply = answer(&first, count);
        if reply.head.is_empty() {
            return;
        }
        let Reply { head, body } = reply;
        let text = format!("{head}Content-Length: {}\r\n\r\n{body}", body.len());
        if reader.get_mut().write_all(text.as_bytes()).is_err() {
            return;
        }
    }
}

/// What the server warned of.
#[derive(Debug, Default)]
pub(crate) struct Warnings(Mutex<Vec<String>>);

impl Warnings {
    pub(crate) fn all(&self) -> Vec<String> {
        self.0.lock().expect("because no test panics with it").clone()
    }
}

impl WarningSink for Warnings {
    fn warn(&self, text: &str) {
        self.0
            .lock()
            .expect("because no test panics with it")
            .push(text.to_owned());
    }
}
