//! A token server as registries expect one: an account in, a signed token out.
//!
//! Spec: distribution, "Token Authentication Specification" (GET) and "Oauth2 Token
//! Authentication" (POST). Tokens are ES256 with the certificate in the header (`x5c`), which
//! both registries of the tests can check.

use std::io::BufReader;
use std::io::Read;
use std::io::Write;
use std::net::TcpListener;
use std::net::TcpStream;
use std::path::Path;
use std::path::PathBuf;
use std::sync::Arc;
use std::thread;
use std::time::SystemTime;
use std::time::UNIX_EPOCH;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use rcgen::CertificateParams;
use rcgen::KeyPair;
use ring::rand::SystemRandom;
use ring::signature::ECDSA_P256_SHA256_FIXED_SIGNING;
use ring::signature::EcdsaKeyPair;
use rustls::ServerConfig;
use rustls::ServerConnection;
use rustls::StreamOwned;
use serde_json::Value;
use serde_json::json;

use crate::failure::Context;
use crate::failure::Failure;
use crate::failure::Result;
use crate::http::Framing;
use crate::http::Head;
use crate::http::form_pairs;

use super::PASSWORD;
use super::USER;
use super::certificate::Authority;

/// Who signs, as both sides must be told.
pub(super) const ISSUER: &str = "skeg-test-issuer";

/// Whom the tokens are for.
pub(super) const SERVICE: &str = "skeg-test-registry";

const LARGEST_FORM: u64 = 64 * 1024;

/// A token server; its threads end with the process.
pub(super) struct TokenServer {
    realm: String,
    certificate: PathBuf,
}

impl TokenServer {
    /// Starts on a free loopback port; speaks TLS when there is an authority.
    pub(super) fn start(directory: &Path, authority: Option<&Authority>) -> Result<Self> {
        let signer = Arc::new(Signer::create()?);
        let certificate = directory.join("token-issuer.pem");
        fs_err::write(&certificate, &signer.certificate_pem)?;
        let tls = authority.map(Authority::server_config).transpose()?;
        let listener = TcpListener::bind("127.0.0.1:0")?;
        let scheme = if tls.is_some() { "https" } else { "http" };
        // By name: careful clients follow no realm to a loopback address that is not the registry's.
        let realm = format!("{scheme}://localhost:{}/token", listener.local_addr()?.port());
        thread::spawn(move || accept(&listener, &signer, tls.as_ref()));
        Ok(Self { realm, certificate })
    }

    /// The address a registry sends clients to.
    pub(super) fn realm(&self) -> &str {
        &self.realm
    }

    /// The certificate a registry checks tokens with.
    pub(super) fn certificate(&self) -> &Path {
        &self.certificate
    }
}

fn accept(listener: &TcpListener, signer: &Arc<Signer>, tls: Option<&Arc<ServerConfig>>) {
    for stream in listener.incoming().flatten() {
        let signer = Arc::clone(signer);
        let tls = tls.cloned();
        thread::spawn(move || {
            // A client that goes away mid-request is its own affair.
            let _served = match tls {
                Some(config) => serve_tls(stream, config, &signer),
                None => serve(stream, &signer),
            };
        });
    }
}

fn serve_tls(stream: TcpStream, config: Arc<ServerConfig>, signer: &Signer) -> Result<()> {
    let mut stream = StreamOwned::new(ServerConnection::new(config)?, stream);
    serve(&mut stream, signer)?;
    stream.conn.send_close_notify();
    stream.flush()?;
    Ok(())
}

fn serve(stream: impl Read + Write, signer: &Signer) -> Result<()> {
    let mut reader = BufReader::new(stream);
    let Some(head) = Head::read(&mut reader)? else {
        return Ok(());
    };
    let mut form = String::new();
    if let Framing::Length(length) = head.request_framing() {
        reader
            .by_ref()
            .take(length.min(LARGEST_FORM))
            .read_to_string(&mut form)?;
    }
    let (status, body) = answer(&TokenRequest::parse(&head, &form), signer)?;
    let body = body.to_string();
    let stream = reader.get_mut();
    write!(
        stream,
        "HTTP/1.1 {status}\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\
         connection: close\r\n\r\n{body}",
        body.len()
    )?;
    stream.flush()?;
    Ok(())
}

/// What a client asked for, by either of the two ways.
struct TokenRequest {
    account: Option<(String, String)>,
    scopes: Vec<String>,
}

impl TokenRequest {
    fn parse(head: &Head, form: &str) -> Self {
        let query = head.word(1).split_once('?').map_or("", |(_, query)| query);
        let pairs = if head.word(0) == "POST" {
            form_pairs(form)
        } else {
            form_pairs(query)
        };
        let value = |wanted: &str| {
            pairs
                .iter()
                .find(|(name, _)| name == wanted)
                .map(|(_, value)| value.clone())
        };
        let account = basic_account(head).or_else(|| Some((value("username")?, value("password")?)));
        let scopes = pairs
            .iter()
            .filter(|(name, _)| name == "scope")
            .flat_map(|(_, scopes)| scopes.split(' ').map(str::to_owned))
            .collect();
        Self { account, scopes }
    }
}

fn basic_account(head: &Head) -> Option<(String, String)> {
    let (scheme, encoded) = head.header("authorization")?.split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let decoded = String::from_utf8(STANDARD.decode(encoded).ok()?).ok()?;
    let (user, password) = decoded.split_once(':')?;
    Some((user.to_owned(), password.to_owned()))
}

fn answer(request: &TokenRequest, signer: &Signer) -> Result<(&'static str, Value)> {
    let known = request
        .account
        .as_ref()
        .is_some_and(|(user, password)| user == USER && password == PASSWORD);
    if !known {
        let error = json!({"errors": [{"code": "UNAUTHORIZED", "message": "unknown account"}]});
        return Ok(("401 Unauthorized", error));
    }
    let token = signer.token(&request.scopes)?;
    Ok((
        "200 OK",
        json!({"token": token, "access_token": token, "expires_in": 300}),
    ))
}

/// A key, and its certificate, that tokens are signed with.
struct Signer {
    key: EcdsaKeyPair,
    random: SystemRandom,
    certificate_pem: String,
    certificate_base64: String,
}

impl Signer {
    fn create() -> Result<Self> {
        let pair = KeyPair::generate_for(&rcgen::PKCS_ECDSA_P256_SHA256)?;
        let certificate = CertificateParams::new(vec![ISSUER.to_owned()])?.self_signed(&pair)?;
        let random = SystemRandom::new();
        let key = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &pair.serialize_der(), &random)
            .context("the token key")?;
        Ok(Self {
            key,
            random,
            certificate_pem: certificate.pem(),
            certificate_base64: STANDARD.encode(certificate.der()),
        })
    }

    fn token(&self, scopes: &[String]) -> Result<String> {
        let header = json!({"typ": "JWT", "alg": "ES256", "x5c": [self.certificate_base64]});
        let now = unix_time()?;
        let claims = json!({
            "iss": ISSUER,
            "sub": USER,
            "aud": SERVICE,
            "nbf": now - 60,
            "iat": now,
            "exp": now + 300,
            "jti": format!("{now}"),
            "access": scopes.iter().filter_map(|scope| access(scope)).collect::<Vec<_>>(),
        });
        let signed = format!("{}.{}", encode(&header), encode(&claims));
        let signature = self
            .key
            .sign(&self.random, signed.as_bytes())
            .map_err(|_| Failure::new("the token key cannot sign"))?;
        Ok(format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature.as_ref())))
    }
}

fn encode(value: &Value) -> String {
    URL_SAFE_NO_PAD.encode(value.to_string())
}

/// `repository:charts/demo:pull,push` as an entry of the token's `access`.
fn access(scope: &str) -> Option<Value> {
    let (kind, rest) = scope.split_once(':')?;
    let (name, actions) = rest.rsplit_once(':')?;
    let actions: Vec<&str> = actions.split(',').collect();
    Some(json!({"type": kind, "name": name, "actions": actions}))
}

#[expect(
    clippy::disallowed_methods,
    reason = "a token carries the time it was made at"
)]
fn unix_time() -> Result<u64> {
    Ok(SystemTime::now().duration_since(UNIX_EPOCH)?.as_secs())
}

#[cfg(test)]
mod tests {
    use super::PASSWORD;
    use super::Signer;
    use super::TokenRequest;
    use super::USER;
    use super::access;
    use super::answer;
    use crate::http::Head;
    use base64::Engine;
    use base64::engine::general_purpose::STANDARD;

    #[track_caller]
    fn check(head: &str, form: &str, status: &str, scopes: &[&str]) {
        let head = Head::read(&mut head.as_bytes())
            .expect("because memory can be read")
            .expect("because there is a head");
        let request = TokenRequest::parse(&head, form);
        let signer = Signer::create().expect("because a key can be made");
        let (answered, _) = answer(&request, &signer).expect("because signing works");
        assert_eq!(answered, status);
        assert_eq!(request.scopes, scopes);
    }

    #[test]
    fn knows_one_account_by_either_way() {
        let basic = STANDARD.encode(format!("{USER}:{PASSWORD}"));
        check(
            &format!(
                "GET /token?service=s&scope=repository:a:pull&scope=repository:b:pull,push \
                 HTTP/1.1\r\nAuthorization: Basic {basic}\r\n\r\n"
            ),
            "",
            "200 OK",
            &["repository:a:pull", "repository:b:pull,push"],
        );
        check(
            "POST /token HTTP/1.1\r\n\r\n",
            &format!("grant_type=password&username={USER}&password={PASSWORD}&scope=repository%3Aa%3Apull"),
            "200 OK",
            &["repository:a:pull"],
        );
    }

    #[test]
    fn refuses_everybody_else() {
        check("GET /token HTTP/1.1\r\n\r\n", "", "401 Unauthorized", &[]);
        check(
            "GET /token HTTP/1.1\r\nAuthorization: Basic bm9ib2R5OmhlcmU=\r\n\r\n",
            "",
            "401 Unauthorized",
            &[],
        );
        check(
            "GET /token HTTP/1.1\r\nAuthorization: Basic %%%\r\n\r\n",
            "",
            "401 Unauthorized",
            &[],
        );
    }

    #[test]
    fn grants_what_the_scope_says() {
        let granted = access("repository:host:5000/a:pull,push").expect("because it is a scope");
        assert_eq!(
            granted.to_string(),
            r#"{"type":"repository","name":"host:5000/a","actions":["pull","push"]}"#
        );
        assert!(access("nonsense").is_none());
    }
}
