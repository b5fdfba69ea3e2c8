//! The functions that make keys and certificates.

use std::any::Any;
use std::net::IpAddr;

use skeg_go::{CallError, GoMap, GoObject, GoValue};

use super::key_pool::KeyPool;
use super::pem;
use super::private_key::PrivateKey;
use super::random::Fill;
use super::x509::{Authority, Template};
use crate::arguments::{bytes, int};

/// The name of the type of certificates.
pub(super) const TYPE_NAME: &str = "sprig.certificate";

/// `sprig.certificate`: a certificate and its private key, both as text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Certificate {
    certificate: Vec<u8>,
    key: Vec<u8>,
}

impl GoObject for Certificate {
    fn type_name(&self) -> &'static str {
        TYPE_NAME
    }

    fn field(&self, name: &str) -> Option<GoValue> {
        match name {
            "Cert" => Some(GoValue::from(self.certificate.clone())),
            "Key" => Some(GoValue::from(self.key.clone())),
            _ => None,
        }
    }

    fn to_text(&self) -> String {
        let [certificate, key] = [&self.certificate, &self.key].map(|text| String::from_utf8_lossy(text));
        format!("{{{certificate} {key}}}")
    }

    fn to_json(&self) -> GoValue {
        let fields = [("Cert", self.certificate.clone()), ("Key", self.key.clone())];
        GoValue::from(GoMap::from_iter(fields))
    }

    fn is_equal(&self, other: &dyn GoObject) -> bool {
        other.as_any().downcast_ref() == Some(self)
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

/// What making certificates needs besides arguments.
#[derive(Clone)]
pub(super) struct Maker {
    pub(super) keys: KeyPool,
    pub(super) fill: Fill,
    pub(super) now: fn() -> i128,
}

type Outcome = Result<GoValue, CallError>;

impl Maker {
    /// `genPrivateKey`: a key of a kind, or text that says why there is none.
    pub(super) fn private_key(&self, arguments: &[GoValue]) -> GoValue {
        let kind = bytes(arguments, 0);
        let key = match kind {
            b"" | b"rsa" => Some(PrivateKey::Rsa(self.keys.large_key())),
            b"dsa" => Some(PrivateKey::dsa(self.fill)),
            b"ecdsa" => PrivateKey::elliptic(),
            b"ed25519" => Some(PrivateKey::ed25519(self.fill)),
            _ => return GoValue::from([b"Unknown type ", kind].concat()),
        };
        GoValue::from(key.map_or_else(
            || "failed to generate private key: no random bytes".to_owned(),
            |key| key.to_pem(),
        ))
    }

    /// `genCA`
    pub(super) fn authority(&self, arguments: &[GoValue]) -> Outcome {
        self.authority_of(arguments, || Ok(self.new_key()))
    }

    /// `genCAWithKey`
    pub(super) fn authority_with_key(&self, arguments: &[GoValue]) -> Outcome {
        self.authority_of(arguments, || given_key(arguments, 2))
    }

    fn authority_of(
        &self,
        arguments: &[GoValue],
        key: impl FnOnce() -> Result<PrivateKey, CallError>,
    ) -> Outcome {
        let key = key()?;
        let mut template = self.template(bytes(arguments, 0), &[], &[], int(arguments, 1))?;
        template.is_authority = true;
        certificate(template.sign_itself(&key, self.fill), &key)
    }

    /// `genSelfSignedCert`
    pub(super) fn self_signed(&self, arguments: &[GoValue]) -> Outcome {
        self.self_signed_of(arguments, || Ok(self.new_key()))
    }

    /// `genSelfSignedCertWithKey`
    pub(super) fn self_signed_with_key(&self, arguments: &[GoValue]) -> Outcome {
        self.self_signed_of(arguments, || given_key(arguments, 4))
    }

    fn self_signed_of(
        &self,
        arguments: &[GoValue],
        key: impl FnOnce() -> Result<PrivateKey, CallError>,
    ) -> Outcome {
        let key = key()?;
        let template = self.template_of(arguments)?;
        certificate(template.sign_itself(&key, self.fill), &key)
    }

    /// `genSignedCert`
    pub(super) fn signed(&self, arguments: &[GoValue]) -> Outcome {
        self.signed_of(arguments, || Ok(self.new_key()))
    }

    /// `genSignedCertWithKey`
    pub(super) fn signed_with_key(&self, arguments: &[GoValue]) -> Outcome {
        self.signed_of(arguments, || given_key(arguments, 5))
    }

    fn signed_of(
        &self,
        arguments: &[GoValue],
        key: impl FnOnce() -> Result<PrivateKey, CallError>,
    ) -> Outcome {
        let key = key()?;
        let parent = arguments.get(4).and_then(GoValue::as_object::<Certificate>);
        let (parent, parent_key) = parent.map_or((&[][..], &[][..]), |parent| {
            (parent.certificate.as_slice(), parent.key.as_slice())
        });
        let block = pem::decode(parent).ok_or_else(|| CallError::new("unable to decode certificate"))?;
        let authority = Authority::read(&block.bytes).map_err(|error| {
            CallError::new(format!(
                "error parsing certificate: decodedSignerCert.Bytes: {error}"
            ))
        })?;
        let signer = PrivateKey::from_pem(parent_key)
            .map_err(|error| CallError::new(format!("error parsing private key: {error}")))?;
        let template = self.template_of(arguments)?;
        certificate(template.sign(&key, &authority, &signer, self.fill), &key)
    }

    /// `buildCustomCert`
    pub(super) fn custom(arguments: &[GoValue]) -> Outcome {
        let decode = |index, error: &str| {
            skeg_go::base64::decode(bytes(arguments, index)).map_err(|_| CallError::new(error))
        };
        let certificate = decode(0, "unable to decode base64 certificate")?;
        let key = decode(1, "unable to decode base64 private key")?;
        let block =
            pem::decode(&certificate).ok_or_else(|| CallError::new("unable to decode certificate"))?;
        Authority::read(&block.bytes).map_err(|error| {
            CallError::new(format!("error parsing certificate: decodedCert.Bytes: {error}"))
        })?;
        PrivateKey::from_pem(&key)
            .map_err(|error| CallError::new(format!("error parsing private key: {error}")))?;
        Ok(GoValue::object(Certificate { certificate, key }))
    }

    fn new_key(&self) -> PrivateKey {
        PrivateKey::Rsa(self.keys.common_key())
    }

    /// What the first four arguments of most functions say.
    fn template_of(&self, arguments: &[GoValue]) -> Result<Template, CallError> {
        let (addresses, names) = (list(arguments, 1), list(arguments, 2));
        self.template(bytes(arguments, 0), addresses, names, int(arguments, 3))
    }

    fn template(
        &self,
        common_name: &[u8],
        addresses: &[GoValue],
        names: &[GoValue],
        days: i64,
    ) -> Result<Template, CallError> {
        const NANOSECONDS_OF_A_DAY: i64 = 86_400_000_000_000;
        const NANOSECONDS: i128 = 1_000_000_000;

        let addresses = addresses.iter().map(address).collect::<Result<_, _>>()?;
        let names = names.iter().map(name).collect::<Result<_, _>>()?;
        let mut serial = [0; 16];
        (self.fill)(&mut serial);
        let now = (self.now)();
        // Go's durations overflow silently.
        let lifetime = days.wrapping_mul(NANOSECONDS_OF_A_DAY);
        let seconds = |time: i128| i64::try_from(time.div_euclid(NANOSECONDS)).unwrap_or(i64::MAX);
        Ok(Template {
            serial,
            common_name: common_name.to_vec(),
            addresses,
            names,
            not_before: seconds(now),
            not_after: seconds(now + i128::from(lifetime)),
            is_authority: false,
        })
    }
}

fn given_key(arguments: &[GoValue], index: usize) -> Result<PrivateKey, CallError> {
    PrivateKey::from_pem(bytes(arguments, index))
        .map_err(|error| CallError::new(format!("parsing private key: {error}")))
}

fn certificate(der: Result<Vec<u8>, String>, key: &PrivateKey) -> Outcome {
    let der = der.map_err(|error| CallError::new(format!("error creating certificate: {error}")))?;
    Ok(GoValue::object(Certificate {
        certificate: pem::encode("CERTIFICATE", &der).into_bytes(),
        key: key.to_pem().into_bytes(),
    }))
}

fn address(value: &GoValue) -> Result<IpAddr, CallError> {
    let Some(text) = value.as_string() else {
        return Err(CallError::new(format!(
            "error parsing ip: {} is not a string",
            shown(value)
        )));
    };
    text.to_str()
        .and_then(|text| text.parse().ok())
        .ok_or_else(|| CallError::new(format!("error parsing ip: {}", text.to_lossy())))
}

fn name(value: &GoValue) -> Result<Vec<u8>, CallError> {
    value
        .as_string()
        .map(|text| text.as_bytes().to_vec())
        .ok_or_else(|| {
            CallError::new(format!(
                "error processing alternate dns name: {} is not a string",
                shown(value)
            ))
        })
}

/// The elements of a list; none of `nil`.
fn list(arguments: &[GoValue], index: usize) -> &[GoValue] {
    let list = arguments.get(index).and_then(GoValue::as_list);
    list.map_or(&[], |list| list.items())
}

/// What `%v` prints of what stands in such lists by mistake.
fn shown(value: &GoValue) -> String {
    match value {
        GoValue::Nil => "<nil>".to_owned(),
        GoValue::Bool(value) => value.to_string(),
        GoValue::Int(_, value) => value.to_string(),
        GoValue::Uint(_, value) => value.to_string(),
        GoValue::Float(value) => skeg_go::number::format_f64(*value),
        GoValue::String(text) => text.to_lossy().into_owned(),
        GoValue::List(items) => {
            let items: Vec<String> = items.iter().map(shown).collect();
            format!("[{}]", items.join(" "))
        }
        GoValue::Map(map) => {
            let entries: Vec<String> = map
                .entries()
                .iter()
                .map(|(key, value)| format!("{}:{}", key.to_lossy(), shown(value)))
                .collect();
            format!("map[{}]", entries.join(" "))
        }
        GoValue::Object(object) => object.to_text(),
    }
}
